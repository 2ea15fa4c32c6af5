//! docs/database.md is what the migrations make. `BLESS=1` writes it anew; the sentence about each table is kept, and a new
//! table needs one.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use crate::helpers::database::TestDatabase;

const HEAD: &str = "\
# The database

What the migrations make, for those who write a report, look for a fault, or change the program. A test compares this page with
a database that has just been migrated (`BLESS=1 cargo test schema_document` writes it anew; then say what a new table is for).

- **What is decided is decided from `events` and `texts`** (and `installation_events`). They are only added to: the application's
  account may not change or remove a row, and triggers refuse it to everybody. Most other tables are projections of them, for lists,
  search and constraints ([architecture.md](architecture.md)).
- **Texts that may have to be forgotten** are in `texts` alone. Elsewhere a `bytea` column such as `name`, `reason` or `body` has the
  commitment, SHA-256(salt ‖ text), with which `texts` is joined.
- Moments are `timestamptz` in UTC. Ids are UUIDs of version 7, whose order is that in which they were made.
- No column has an evidence file: those are in the evidence store, by their SHA-256.
";

const UNDESCRIBED: &str = "(say what it is for)";

#[derive(Default)]
struct Table {
    /// Name, type, and whether it may be null.
    columns: Vec<(String, String, bool)>,
    primary_key: Vec<String>,
    /// Column, and the table that it refers to.
    references: Vec<(String, String)>,
}

async fn read_tables() -> BTreeMap<String, Table> {
    let database = TestDatabase::make().await;
    let db = database.owner_pool();
    let mut tables = BTreeMap::<String, Table>::new();
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT relname::text, attname::text, format_type(atttypid, atttypmod), NOT attnotnull
         FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '_sqlx_migrations'
           AND attnum > 0 AND NOT attisdropped
         ORDER BY relname, attnum",
    )
    .fetch_all(&db)
    .await
    .unwrap();
    for (table, column, kind, null) in columns {
        tables.entry(table).or_default().columns.push((column, kind, null));
    }
    let keys: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT conrelid::regclass::text, contype::text, attname::text, nullif(confrelid, 0)::regclass::text
         FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS keys (attnum, position)
         JOIN pg_attribute USING (attnum)
         WHERE contype IN ('p', 'f') AND attrelid = conrelid AND connamespace = 'public'::regnamespace
           AND conrelid <> '_sqlx_migrations'::regclass
         ORDER BY conrelid::regclass::text, conname, position",
    )
    .fetch_all(&db)
    .await
    .unwrap();
    for (table, kind, column, refers_to) in keys {
        let table = tables.get_mut(&table).unwrap();
        match refers_to {
            Some(other) => table.references.push((column, other)),
            None if kind == "p" => table.primary_key.push(column),
            None => {}
        }
    }
    tables
}

/// The sentences about the tables in the page as it is.
fn read_descriptions(page: &str) -> BTreeMap<&str, &str> {
    let parts = page.split("\n### `").skip(1);
    parts
        .filter_map(|part| Some((part.split_once("`\n\n")?.0, part.split_once("`\n\n")?.1.split_once("\n\n")?.0)))
        .collect()
}

fn write_page(tables: &BTreeMap<String, Table>, descriptions: &BTreeMap<&str, &str>) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n## What refers to what\n\nWithout the references to `users`, which most tables have.\n\n```mermaid\nerDiagram\n");
    for (name, table) in tables {
        for (column, other) in table.references.iter().filter(|(_, other)| other != "users") {
            writeln!(page, "    {other} ||--o{{ {name} : {column}").unwrap();
        }
    }
    page.push_str("```\n\n## The tables\n");
    for (name, table) in tables {
        let description = descriptions.get(name.as_str()).unwrap_or(&UNDESCRIBED);
        write!(page, "\n### `{name}`\n\n{description}\n\n| column | type | |\n|---|---|---|\n").unwrap();
        for (column, kind, null) in &table.columns {
            let mut notes = Vec::new();
            if table.primary_key.contains(column) {
                notes.push("primary key".to_owned());
            }
            if *null {
                notes.push("may be null".to_owned());
            }
            notes.extend(
                table.references.iter().filter(|(of, _)| of == column).map(|(_, other)| format!("→ `{other}`")),
            );
            writeln!(page, "| `{column}` | {kind} | {} |", notes.join(", ")).unwrap();
        }
    }
    page
}

#[tokio::test]
async fn schema_document_is_what_the_migrations_make() {
    let tables = read_tables().await;
    assert!(tables.len() > 30 && tables.contains_key("events"), "the schema was read: {:?}", tables.keys());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/database.md");
    let stored = fs::read_to_string(&path).unwrap_or_default();
    let page = write_page(&tables, &read_descriptions(&stored));
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == page, "docs/database.md is not what the migrations make; BLESS=1 writes it anew");
    assert!(!stored.contains(UNDESCRIBED), "docs/database.md has a table without a sentence about it");
}

//! Lists take the same time however many launches there are: no statement of theirs reads a whole table that grows.

use sqlx::{AssertSqlSafe, Row as _};

use crate::helpers::Launch;

/// The tables that the test fills, and that grow with every launch.
const GROWING: [&str; 6] = ["launches", "launch_summaries", "launch_holders", "launch_tags", "items", "texts"];

const LISTS: [&str; 16] = [
    "/",
    "/launches",
    "/launches?show=all",
    "/launches?show=all&after={launch}",
    "/launches?sort=verdict",
    "/launches?sort=verdict&show=all&after={launch}",
    "/launches?sort=progress&show=all",
    "/launches?sort=changed&show=all",
    "/launches?verdict=no_go",
    "/launches?verdict=go&show=all&sort=changed",
    "/launches?whose=mine",
    "/launches?whose=owned&show=all",
    "/launches?tag=tag+7&show=all",
    "/launches?q=launch+33&show=all",
    "/launches?view=board",
    "/launches/calendar?month=2099-02",
];

/// Makes thousands of launches like this one: rows without histories, which the lists do not read. So many that reading
/// some of them by an index is cheaper than reading all, by any estimate.
async fn multiply(launch: &Launch) {
    for statement in [
        "INSERT INTO users SELECT (jsonb_populate_record(NULL::users, to_jsonb(u) || jsonb_build_object(
             'id', gen_random_uuid(), 'email', 'person' || n || '@example.org'))).*
         FROM (SELECT * FROM users ORDER BY id LIMIT 1) u, generate_series(1, 60) n",
        "INSERT INTO launches SELECT (jsonb_populate_record(NULL::launches, to_jsonb(l) || jsonb_build_object(
             'id', gen_random_uuid(), 'seq', 1, 'restricted', n % 20 = 0,
             'name', '\\x' || encode(sha256(n::text::bytea), 'hex'),
             'stage', (ARRAY['preparing', 'go', 'held', 'launched', 'closed', 'cancelled'])[1 + n % 6],
             'owner_id', (ARRAY(SELECT id FROM users WHERE email LIKE 'person%' ORDER BY id))[1 + n % 50],
             'target_at', l.target_at + n * interval '1 hour', 'changed_at', l.changed_at + n * interval '1 second'))).*
         FROM launches l, generate_series(1, 12000) n",
        "INSERT INTO texts (launch_id, seq, commitment, salt, field, thing, value)
         SELECT id, 1, name, name, 'name', id, 'Launch ' || row_number() OVER () FROM launches WHERE seq = 1",
        "INSERT INTO items SELECT (jsonb_populate_record(NULL::items, to_jsonb(i) || jsonb_build_object(
             'id', gen_random_uuid(), 'launch_id', l.id, 'assignee_id', l.owner_id))).*
         FROM launches l, (SELECT * FROM items ORDER BY position LIMIT 2) i WHERE l.seq = 1",
        "INSERT INTO launch_holders SELECT id, 'security', owner_id FROM launches WHERE seq = 1",
        "INSERT INTO launch_tags SELECT id, 1, 'tag ' || n % 100, 'tag ' || n % 100
         FROM (SELECT id, row_number() OVER () AS n FROM launches WHERE seq = 1) l",
        "UPDATE launch_summaries SET seq = 1, computed_at = now(), holds_until = NULL, total = 100,
             verdict = (ARRAY['no_go', 'conditional_go', 'go'])[1 + abs(hashtext(launch_id::text)) % 3],
             resolved = abs(hashtext(launch_id::text)) % 100
         WHERE seq = 0",
        "ANALYZE",
    ] {
        sqlx::query(statement).execute(&launch.app.owner).await.unwrap();
    }
}

#[tokio::test]
async fn lists_of_launches_read_no_whole_table() {
    let launch = Launch::payments().make().await;
    multiply(&launch).await;
    for list in LISTS {
        let address = list.replace("{launch}", &launch.id.to_string());
        let answer = launch.member.get(&address).await;
        assert_eq!(answer.status, 200, "{address}: {:?}", answer.texts("main p"));
    }
    let db = &launch.app.state.db;
    // All connections at once, since each has prepared some of the statements.
    let mut connections = Vec::new();
    for _ in 0..db.size() {
        connections.push(db.acquire().await.unwrap());
    }
    let (mut found, mut read) = (Vec::new(), 0);
    for connection in &mut connections {
        // The plan for any values, which does not depend on those of this test.
        sqlx::query("SET plan_cache_mode = force_generic_plan").execute(&mut **connection).await.unwrap();
        // A page's few rows are found by an index. Where a table is as small as here, reading and hashing all of it may be
        // estimated as cheaper.
        for join in ["hashjoin", "mergejoin"] {
            sqlx::query(AssertSqlSafe(format!("SET enable_{join} = off"))).execute(&mut **connection).await.unwrap();
        }
        let prepared = "SELECT name, statement, coalesce(array_length(parameter_types, 1), 0) AS parameters
                        FROM pg_prepared_statements WHERE statement ~ 'launch' AND statement ~ '^\\s*(SELECT|WITH)'";
        for row in sqlx::query(prepared).fetch_all(&mut **connection).await.unwrap() {
            let (name, statement): (String, String) = (row.get("name"), row.get("statement"));
            let nulls = vec!["NULL"; usize::try_from(row.get::<i32, _>("parameters")).unwrap()].join(", ");
            let execute = if nulls.is_empty() { name } else { format!("{name}({nulls})") };
            let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE {execute}"));
            let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut **connection).await.unwrap();
            read += 1;
            let is_whole = |line: &String| {
                GROWING.iter().any(|table| line.contains("Seq Scan on") && line.contains(&format!(" on {table} ")))
            };
            if plan.iter().any(is_whole) {
                found.push(format!("{statement}\n{}", plan.join("\n")));
            }
        }
    }
    assert!(read >= LISTS.len(), "only {read} statements were explained");
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

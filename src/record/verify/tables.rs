//! Compares the tables of the installation with the audit log: accounts and their rights, invitations, the versions of
//! the statements, checklists, the key, and the built-in roles.
//!
//! What no entry contains can't be compared: hashes of passwords and of recovery codes, addresses, secrets of second
//! factors, personal settings, drafts, and queued mail.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use sqlx::{PgPool, types::Json};

use super::{
    VerificationProblem,
    account_tables::{
        RENEWAL_KEY, RENEWALS_MIGRATION, expected_address_change_counts, expected_confirmation_counts,
        expected_invitations, expected_renewals, expected_reset_counts, expected_users, load_address_change_counts,
        load_confirmation_counts, load_invitations, load_renewals, load_reset_counts, load_users,
    },
    key_periods::KeyPeriods,
    published_tables::{
        expected_checklists, expected_statements, expected_versions, items_differ, load_checklists, load_statements,
        load_versions,
    },
    row_difference::{JsonRow, describe_difference, json_rows, to_rows},
};
use crate::{
    db::migration_time,
    domain::{
        ids::ChecklistVersionId, installation_replay::InstallationReplay, key::PublicKey, key_chain::KeyChain,
        time::Moment,
    },
};

#[derive(Debug, Default)]
pub(super) struct TableComparison {
    pub(super) problems: Vec<VerificationProblem>,
    pub(super) notes: Vec<String>,
    /// The checklist versions whose row or content is not what was published.
    pub(super) altered_versions: BTreeSet<ChecklistVersionId>,
}

/// The source of the expected rows, as problems name it.
const LOG_SOURCE: &str = "the audit log";

/// The built-in roles with their titles, in order.
const BUILT_IN_ROLES: [(&str, &str); 4] =
    [("tech_lead", "Tech lead"), ("operations", "Operations"), ("security", "Security"), ("product", "Product")];

/// Compares the table of keys with the trusted key, and with the audit log if that log is intact.
pub(super) async fn compare_keys(
    db: &PgPool,
    (key, keys): (&PublicKey, &KeyPeriods),
    replay: Option<&InstallationReplay>,
) -> Result<Vec<VerificationProblem>, sqlx::Error> {
    let mut comparison = TableComparison::default();
    if let Some(problem) = &keys.problem {
        comparison.add_problem("keys", problem.clone());
    }
    let mut actual = load_keys(db).await?;
    if replay.is_none() {
        actual.iter_mut().for_each(|row| drop(row.remove("registered_at")));
    }
    comparison.compare_table("keys", &["public_key"], actual, expected_keys(keys.chain(), replay), "the key");
    if let Some(replay) = replay {
        comparison.check_logged_keys(key, keys.chain(), replay);
    }
    Ok(comparison.problems)
}

/// Compares all tables except the keys.
pub(super) async fn compare_tables(
    db: &PgPool,
    replay: &InstallationReplay,
    entry_count: i64,
) -> Result<TableComparison, sqlx::Error> {
    let mut comparison = TableComparison::default();
    comparison.compare_table("users", &["id"], load_users(db).await?, expected_users(replay), LOG_SOURCE);
    comparison.compare_table(
        "invitations",
        &["id"],
        load_invitations(db, replay).await?,
        expected_invitations(replay),
        LOG_SOURCE,
    );
    comparison.compare_table(
        "password_resets",
        &["user_id"],
        load_reset_counts(db).await?,
        expected_reset_counts(replay),
        LOG_SOURCE,
    );
    comparison.compare_table(
        "address_changes",
        &["user_id"],
        load_address_change_counts(db).await?,
        expected_address_change_counts(replay),
        LOG_SOURCE,
    );
    let confirmation_key = &["user_id", "how", "made_by", "confirmed_by", "confirmed_at"];
    comparison.compare_table(
        "way_in_renewals",
        confirmation_key,
        load_confirmation_counts(db).await?,
        expected_confirmation_counts(replay),
        LOG_SOURCE,
    );
    let table_made_at = migration_time(db, RENEWALS_MIGRATION).await?;
    let actual = load_renewals(db).await?;
    let expected = expected_renewals(replay, &actual, table_made_at);
    comparison.compare_table("way_in_renewals", RENEWAL_KEY, actual, expected, LOG_SOURCE);
    comparison.compare_table(
        "settings",
        &["singleton"],
        load_settings(db).await?,
        expected_settings(replay),
        LOG_SOURCE,
    );
    comparison.compare_table(
        "installation_log",
        &["singleton"],
        load_log_size(db).await?,
        to_rows([json!({ "singleton": true, "size": entry_count })]),
        LOG_SOURCE,
    );
    comparison.compare_table(
        "statements",
        &["version"],
        load_statements(db).await?,
        expected_statements(replay),
        LOG_SOURCE,
    );
    comparison.compare_table(
        "checklists",
        &["id"],
        load_checklists(db).await?,
        expected_checklists(replay),
        LOG_SOURCE,
    );
    comparison.compare_versions(load_versions(db).await?, replay);
    if comparison.altered_versions.is_empty() && items_differ(db).await? {
        comparison.add_problem(
            "checklist_items",
            "it does not hold the items of the checklist versions, by which they are searched".to_owned(),
        );
    }
    comparison.compare_roles(load_roles(db).await?);
    Ok(comparison)
}

impl TableComparison {
    fn add_problem(&mut self, table: &str, description: String) {
        self.problems.push(VerificationProblem { subject: format!("The table {table}"), description });
    }

    fn compare_table(
        &mut self,
        table: &str,
        key_columns: &[&str],
        actual: Vec<JsonRow>,
        expected: Vec<JsonRow>,
        source: &str,
    ) {
        if let Some(difference) = describe_difference(key_columns, actual, expected, source) {
            self.add_problem(table, difference);
        }
    }

    /// Checks that the log registers no other key.
    fn check_logged_keys(&mut self, trusted: &PublicKey, keys: &KeyChain, replay: &InstallationReplay) {
        let others = replay.keys.iter().map(|logged| &logged.key).filter(|key| keys.number_of(key).is_none());
        let others: Vec<String> = others.map(ToString::to_string).collect();
        if !others.is_empty() {
            let others = others.join(", ");
            self.add_problem("keys", format!("the audit log registers another key than {trusted}: {others}"));
        } else if !replay.keys.is_empty() && !logs_keys(keys, replay) {
            self.add_problem(
                "keys",
                "the audit log has another order of its keys, or other statements of them".to_owned(),
            );
        }
    }

    /// Each altered version is reported separately; the launches made from it are not.
    fn compare_versions(&mut self, actual: Vec<JsonRow>, replay: &InstallationReplay) {
        let mut actual: BTreeMap<String, JsonRow> =
            actual.into_iter().filter_map(|row| Some((row.get("id")?.as_str()?.to_owned(), row))).collect();
        for (id, expected) in expected_versions(replay) {
            let row: Vec<JsonRow> = actual.remove(&id.to_string()).into_iter().collect();
            if let Some(difference) = describe_difference(&["id"], row, expected, LOG_SOURCE) {
                let version = &replay.versions[&id];
                let subject = format!("Version {} of the checklist {:?}", version.number, version.name.as_str());
                self.problems.push(VerificationProblem { subject, description: difference });
                self.altered_versions.insert(id);
            }
        }
        for (id, _) in actual {
            self.altered_versions.extend(id.parse::<ChecklistVersionId>().ok());
            self.add_problem("checklist_versions", format!("there is a row {id}, which {LOG_SOURCE} does not have"));
        }
    }

    /// No log contains roles: the built-in ones are known, and others are only mentioned in a note.
    fn compare_roles(&mut self, actual: Vec<JsonRow>) {
        let is_built_in = |row: &JsonRow| BUILT_IN_ROLES.iter().any(|(slug, _)| row.get("slug") == Some(&json!(slug)));
        let (built_in, added): (Vec<_>, Vec<_>) = actual.into_iter().partition(is_built_in);
        let expected = BUILT_IN_ROLES
            .iter()
            .zip(1..)
            .map(|((slug, title), position): (_, i32)| json!({ "slug": slug, "title": title, "position": position }));
        self.compare_table("roles", &["slug"], built_in, to_rows(expected), "the list of built-in roles");
        if !added.is_empty() {
            let slugs: Vec<String> = added.iter().filter_map(|row| row.get("slug")).map(ToString::to_string).collect();
            let (count, names) = (slugs.len(), slugs.join(", "));
            self.notes
                .push(format!("the table roles has {count} besides the built-in ones, which are in no log: {names}"));
        }
    }
}

/// Whether the audit log has the same keys in the same order, with the same statements.
fn logs_keys(keys: &KeyChain, replay: &InstallationReplay) -> bool {
    let statements = std::iter::once(None).chain(keys.statements().iter().map(|signed| Some(signed.to_string())));
    replay.keys.len() == keys.keys().count()
        && replay
            .keys
            .iter()
            .zip(keys.keys().zip(statements))
            .all(|(logged, (key, statement))| logged.key == *key && logged.statement == statement)
}

async fn load_keys(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT encode(public_key, 'hex') AS "key!", number, installation_id, vkey, registered_at AS "at: Moment", statement FROM keys"#
    );
    let rows = rows.fetch_all(db).await?;
    Ok(to_rows(rows.into_iter().map(|row| {
        json!({
            "public_key": row.key, "number": row.number, "installation_id": row.installation_id, "vkey": row.vkey,
            "registered_at": row.at, "statement": row.statement,
        })
    })))
}

fn expected_keys(keys: &KeyChain, replay: Option<&InstallationReplay>) -> Vec<JsonRow> {
    let statements = std::iter::once(None).chain(keys.statements().iter().map(Some));
    to_rows(keys.keys().zip(statements).zip(1..).map(|((key, statement), number): (_, i32)| {
        let mut row = json!({
            "public_key": hex::encode(key.as_bytes()), "number": number, "installation_id": key.installation(),
            "vkey": key.to_string(), "statement": statement.map(ToString::to_string),
        });
        if let Some(replay) = replay {
            row["registered_at"] = json!(replay.keys.iter().find(|logged| logged.key == *key).map(|logged| logged.at));
        }
        row
    }))
}

async fn load_settings(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(db, "SELECT singleton, second_factor FROM settings")
}

fn expected_settings(replay: &InstallationReplay) -> Vec<JsonRow> {
    to_rows([json!({ "singleton": true, "second_factor": replay.second_factor.slug() })])
}

async fn load_log_size(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(db, "SELECT singleton, size FROM installation_log")
}

async fn load_roles(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(db, "SELECT slug, title, position FROM roles")
}

//! Compares the tables of the installation with the audit log: accounts and their rights, invitations, the versions of
//! the statements, checklists, the key, and the built-in roles.
//!
//! What no entry contains can't be compared: hashes of passwords and of recovery codes, addresses, secrets of second
//! factors, personal settings, drafts, and queued mail.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use sqlx::{PgPool, types::Json};

use super::{
    VerificationProblem,
    row_difference::{Columns, describe_difference},
};
use crate::{
    db::migration_time,
    domain::{
        canonical,
        checklist::Checklist,
        ids::{ChecklistVersionId, UserId},
        installation_replay::{
            InstallationReplay, RecordedAccount, RecordedConfirmation, RecordedRenewal, RecordedReset,
        },
        key::PublicKey,
        launch::{
            credential_renewal::RenewalKind,
            event::{SignatureMeaning, Vote},
        },
        statement::StatementTexts,
        text::StatementText,
        time::Moment,
    },
};

/// The result of comparing the tables.
#[derive(Debug, Default)]
pub(super) struct TableComparison {
    pub(super) problems: Vec<VerificationProblem>,
    pub(super) notes: Vec<String>,
    /// The checklist versions whose row or content is not what was published.
    pub(super) altered_versions: BTreeSet<ChecklistVersionId>,
}

/// The source of the expected rows, as problems name it.
const LOG_SOURCE: &str = "the installation's log";

/// The built-in roles with their titles, in order.
const BUILT_IN_ROLES: [(&str, &str); 4] =
    [("tech_lead", "Tech lead"), ("operations", "Operations"), ("security", "Security"), ("product", "Product")];

/// Compares the table of keys with the key, and with the audit log if that log is intact.
pub(super) async fn compare_keys(
    db: &PgPool,
    key: &PublicKey,
    replay: Option<&InstallationReplay>,
) -> Result<Vec<VerificationProblem>, sqlx::Error> {
    let mut comparison = TableComparison::default();
    let mut actual = load_keys(db).await?;
    if replay.is_none() {
        actual.iter_mut().for_each(|row| drop(row.remove("registered_at")));
    }
    comparison.compare_table("keys", &["public_key"], actual, expected_keys(key, replay), "the key");
    if let Some(replay) = replay {
        comparison.check_no_other_key(key, replay);
    }
    Ok(comparison.problems)
}

/// Compares all tables except the keys.
pub(super) async fn compare_tables(
    db: &PgPool,
    replay: &InstallationReplay,
    entries: i64,
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
        expected_address_changes(replay),
        LOG_SOURCE,
    );
    let confirmation = &["user_id", "how", "made_by", "confirmed_by", "confirmed_at"];
    comparison.compare_table(
        "way_in_renewals",
        confirmation,
        load_confirmation_counts(db).await?,
        expected_confirmation_counts(replay),
        LOG_SOURCE,
    );
    let since = migration_time(db, RENEWALS_MIGRATION).await?;
    let actual = load_renewals(db).await?;
    let expected = expected_renewals(replay, &actual, since);
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
        to_columns([json!({ "singleton": true, "size": entries })]),
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
        comparison.problems(
            "checklist_items",
            "it does not hold the items of the checklist versions, by which they are searched".to_owned(),
        );
    }
    comparison.compare_roles(load_roles(db).await?);
    Ok(comparison)
}

impl TableComparison {
    fn problems(&mut self, table: &str, description: String) {
        self.problems.push(VerificationProblem { subject: format!("The table {table}"), description });
    }

    fn compare_table(&mut self, table: &str, key: &[&str], actual: Vec<Columns>, expected: Vec<Columns>, source: &str) {
        if let Some(difference) = describe_difference(key, actual, expected, source) {
            self.problems(table, difference);
        }
    }

    /// Checks that the log registers no other key.
    fn check_no_other_key(&mut self, key: &PublicKey, replay: &InstallationReplay) {
        let others: Vec<String> =
            replay.keys.iter().filter(|(other, _)| other != key).map(|(other, _)| other.to_string()).collect();
        if !others.is_empty() {
            let description = format!("the installation's log tells of another key than {key}: {}", others.join(", "));
            self.problems("keys", description);
        }
    }

    /// Each altered version is reported separately; the launches made from it are not.
    fn compare_versions(&mut self, actual: Vec<Columns>, replay: &InstallationReplay) {
        let expected = replay.versions.iter().map(|(id, version)| {
            let hash = version.hash.to_string();
            let row = json!({
                "id": id, "checklist_id": version.checklist, "number": version.number, "name": version.name,
                "items": version.items, "hash": hash, "SHA-256 of content": hash,
                "published_by": version.published.0, "published_at": version.published.1,
            });
            (*id, to_columns([row]))
        });
        let mut actual: BTreeMap<String, Columns> =
            actual.into_iter().filter_map(|row| Some((row.get("id")?.as_str()?.to_owned(), row))).collect();
        for (id, expected) in expected {
            let row: Vec<Columns> = actual.remove(&id.to_string()).into_iter().collect();
            if let Some(difference) = describe_difference(&["id"], row, expected, LOG_SOURCE) {
                let version = &replay.versions[&id];
                let with = format!("Version {} of the checklist {:?}", version.number, version.name.as_str());
                self.problems.push(VerificationProblem { subject: with, description: difference });
                self.altered_versions.insert(id);
            }
        }
        for (id, _) in actual {
            self.altered_versions.extend(id.parse::<ChecklistVersionId>().ok());
            self.problems("checklist_versions", format!("there is a row {id}, and {LOG_SOURCE} tells of none"));
        }
    }

    /// No log contains roles: the built-in ones are known, and others are only mentioned in a note.
    fn compare_roles(&mut self, actual: Vec<Columns>) {
        let shipped = |row: &Columns| BUILT_IN_ROLES.iter().any(|(slug, _)| row.get("slug") == Some(&json!(slug)));
        let (own, added): (Vec<_>, Vec<_>) = actual.into_iter().partition(shipped);
        let expected = BUILT_IN_ROLES
            .iter()
            .zip(1..)
            .map(|((slug, title), position): (_, i32)| json!({ "slug": slug, "title": title, "position": position }));
        self.compare_table("roles", &["slug"], own, to_columns(expected), "what signoff ships with");
        if !added.is_empty() {
            let named: Vec<String> = added.iter().filter_map(|row| row.get("slug")).map(ToString::to_string).collect();
            let (count, names) = (named.len(), named.join(", "));
            self.notes
                .push(format!("the table roles has {count} besides those that ship, of which no log tells: {names}"));
        }
    }
}

fn to_columns(rows: impl IntoIterator<Item = Value>) -> Vec<Columns> {
    rows.into_iter()
        .filter_map(|row| match row {
            Value::Object(columns) => Some(columns),
            _ => None,
        })
        .collect()
}

/// The rows of a query, each as a JSON object.
macro_rules! json_rows {
    ($db:expr, $query:literal) => {
        sqlx::query_scalar!("SELECT to_jsonb(r) AS \"row!: Json<Columns>\" FROM (" + $query + ") r")
            .fetch_all($db)
            .await
            .map(|rows| rows.into_iter().map(|row| row.0).collect::<Vec<Columns>>())
    };
}

async fn load_keys(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT encode(public_key, 'hex') AS "key!", number, installation_id, vkey, registered_at AS "at: Moment" FROM keys"#
    );
    let row = |key: String, number: i32, installation: uuid::Uuid, vkey: String, at: Moment| json!({ "public_key": key, "number": number, "installation_id": installation, "vkey": vkey, "registered_at": at });
    let rows = rows.fetch_all(db).await?;
    Ok(to_columns(rows.into_iter().map(|it| row(it.key, it.number, it.installation_id, it.vkey, it.at))))
}

fn expected_keys(key: &PublicKey, replay: Option<&InstallationReplay>) -> Vec<Columns> {
    let mut row = json!({
        "public_key": hex::encode(key.as_bytes()), "number": 1, "installation_id": key.installation(), "vkey": key.to_string(),
    });
    if let Some(replay) = replay {
        let at = replay.keys.iter().find(|(registered, _)| registered == key).map(|(_, at)| *at);
        row["registered_at"] = json!(at);
    }
    to_columns([row])
}

async fn load_users(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT id, name, former_names, roles, active, EXISTS (SELECT FROM second_factors f WHERE f.user_id = users.id) AS second_factor
         FROM users"
    )
}

fn expected_users(replay: &InstallationReplay) -> Vec<Columns> {
    to_columns(replay.accounts.iter().map(|(id, account)| {
        json!({
            "id": id, "name": account.name, "former_names": account.former_names, "roles": account.roles.slugs(),
            "active": account.active, "second_factor": account.second_factor,
        })
    }))
}

/// An invitation that was superseded by a newer one has no entry about its end, so `withdrawn` is compared only for
/// invitations that the log reports as withdrawn.
async fn load_invitations(db: &PgPool, replay: &InstallationReplay) -> Result<Vec<Columns>, sqlx::Error> {
    let rows = json_rows!(
        db,
        "SELECT id, name, roles, used_at IS NOT NULL AS used, superseded_at IS NOT NULL AS withdrawn, invited_by,
                to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS created_at
         FROM invitations"
    )?;
    let replaced = |row: &Columns| {
        let id = row.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        !id.and_then(|id| replay.invitations.get(&id)).is_some_and(|invitation| invitation.withdrawn)
    };
    Ok(rows
        .into_iter()
        .map(|mut row| {
            if replaced(&row) {
                row.insert("withdrawn".to_owned(), Value::Bool(false));
            }
            row
        })
        .collect())
}

fn expected_invitations(replay: &InstallationReplay) -> Vec<Columns> {
    to_columns(replay.invitations.iter().map(|(id, invitation)| {
        json!({
            "id": id, "name": invitation.name, "roles": invitation.roles.slugs(), "used": invitation.used, "withdrawn": invitation.withdrawn,
            "invited_by": invitation.invited.0, "created_at": invitation.invited.1,
        })
    }))
}

async fn load_address_change_counts(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT user_id, count(*) AS \"number of rows\", count(used_at) AS \"number of used rows\"
         FROM address_changes GROUP BY user_id"
    )
}

fn expected_address_changes(replay: &InstallationReplay) -> Vec<Columns> {
    let counts = |(id, account): (&UserId, &RecordedAccount)| {
        let (rows, used) = (account.address_request_count, account.address_change_count);
        json!({ "user_id": id, "number of rows": rows, "number of used rows": used })
    };
    to_columns(replay.accounts.iter().filter(|(_, account)| account.address_request_count > 0).map(counts))
}

async fn load_reset_counts(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(db, "SELECT user_id, count(*) AS \"number of rows\" FROM password_resets GROUP BY user_id")
}

fn expected_reset_counts(replay: &InstallationReplay) -> Vec<Columns> {
    let accounts_with_resets = replay.accounts.iter().filter(|(_, account)| account.reset_count > 0);
    to_columns(
        accounts_with_resets.map(|(id, account)| json!({ "user_id": id, "number of rows": account.reset_count })),
    )
}

/// Confirmations of renewals by an admin; a confirmation ends the user's waiting period. An entry does not name its row, so
/// that equal rows are counted.
async fn load_confirmation_counts(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT user_id, how, made_by, confirmed_by,
                to_char(confirmed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS confirmed_at,
                count(*) AS \"number of rows\"
         FROM way_in_renewals WHERE confirmed_at IS NOT NULL
         GROUP BY user_id, how, made_by, confirmed_by, confirmed_at"
    )
}

fn expected_confirmation_counts(replay: &InstallationReplay) -> Vec<Columns> {
    let mut counts: BTreeMap<(UserId, &RecordedConfirmation), i64> = BTreeMap::new();
    for (user, account) in &replay.accounts {
        account
            .confirmed_renewals
            .iter()
            .for_each(|confirmation| *counts.entry((*user, confirmation)).or_default() += 1);
    }
    to_columns(counts.into_iter().map(|((user, confirmation), count)| {
        json!({
            "user_id": user, "how": confirmation.how, "made_by": confirmation.made_by, "confirmed_by": confirmation.by,
            "confirmed_at": confirmation.at, "number of rows": count,
        })
    }))
}

/// The migration that made the table of renewals. Renewals recorded before this migration may have no row.
const RENEWALS_MIGRATION: i64 = 20_261_127_024_700;

/// The columns by which an entry and a row are of the same renewal.
const RENEWAL_KEY: &[&str] = &["user_id", "how", "made_by", "made_at"];

async fn load_renewals(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT user_id, how, made_by,
                to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS made_at,
                to_char(renewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS renewed_at
         FROM way_in_renewals"
    )
}

/// The rows that the log demands, and those of the actual ones that it allows: a link that somebody made at the command
/// line has the same entry as one that was sent by mail, which has no row. `since` is when the table was made.
fn expected_renewals(replay: &InstallationReplay, actual: &[Columns], since: Option<Moment>) -> Vec<Columns> {
    let mut all = Vec::new();
    for (user, account) in &replay.accounts {
        let mut uses: Vec<&RecordedReset> = account.resets.iter().collect();
        let mut rows: Vec<(&RecordedRenewal, Value)> = Vec::new();
        for renewal in &account.renewals {
            let mut row = json!({
                "user_id": user, "how": renewal.how, "made_by": renewal.made_by, "made_at": renewal.made_at, "renewed_at": null,
            });
            let held =
                actual.iter().find(|held| RENEWAL_KEY.iter().all(|column| held.get(*column) == row.get(*column)));
            if held.is_none() && !(renewal.is_certain && since.is_none_or(|since| renewal.made_at >= since)) {
                continue;
            }
            if renewal.how == RenewalKind::SecondFactorRemoved {
                row["renewed_at"] = json!(renewal.made_at);
            } else if let Some(held) = held.and_then(|held| held.get("renewed_at")) {
                let explains = |used: &&RecordedReset| {
                    json!(used.at) == *held && (used.link_made_by == renewal.made_by || used.link_made_by.is_none())
                };
                if let Some(at) = uses.iter().position(explains) {
                    row["renewed_at"] = json!(uses.remove(at).at);
                }
            }
            rows.push((renewal, row));
        }
        // An admin's link was used, but no row matched by time: its row must have `renewed_at`.
        for used in uses.into_iter().filter(|used| used.link_made_by.is_some()) {
            let is_open = |(renewal, row): &&mut (&RecordedRenewal, Value)| {
                renewal.how == RenewalKind::ResetLink
                    && renewal.made_by == used.link_made_by
                    && row["renewed_at"].is_null()
            };
            if let Some((_, row)) = rows.iter_mut().find(is_open) {
                row["renewed_at"] = json!(used.at);
            }
        }
        all.extend(rows.into_iter().map(|(_, row)| row));
    }
    to_columns(all)
}

async fn load_settings(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(db, "SELECT singleton, second_factor FROM settings")
}

fn expected_settings(replay: &InstallationReplay) -> Vec<Columns> {
    to_columns([json!({ "singleton": true, "second_factor": replay.second_factor.slug() })])
}

async fn load_log_size(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(db, "SELECT singleton, size FROM installation_log")
}

async fn load_statements(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT version, go_approval, go_review, go_responsibility, no_go_approval, no_go_review, no_go_responsibility,
                  published_by, published_at AS "published_at: Moment"
           FROM statements"#
    );
    let rows = rows.fetch_all(db).await?;
    Ok(to_columns(rows.into_iter().map(|row| {
        let text = |vote, meaning| match (vote, meaning) {
            (Vote::Go, SignatureMeaning::Approval) => &row.go_approval,
            (Vote::Go, SignatureMeaning::Review) => &row.go_review,
            (Vote::Go, SignatureMeaning::Responsibility) => &row.go_responsibility,
            (Vote::NoGo, SignatureMeaning::Approval) => &row.no_go_approval,
            (Vote::NoGo, SignatureMeaning::Review) => &row.no_go_review,
            (Vote::NoGo, SignatureMeaning::Responsibility) => &row.no_go_responsibility,
        };
        let wording = StatementTexts::try_from_fn(|vote, meaning| StatementText::new(text(vote, meaning)));
        json!({
            "version": row.version, "hash of its texts": wording.ok().map(|wording| wording.hash()),
            "published_by": row.published_by, "published_at": row.published_at,
        })
    })))
}

fn expected_statements(replay: &InstallationReplay) -> Vec<Columns> {
    to_columns(replay.statements.iter().map(|(version, (hash, (by, at)))| {
        json!({ "version": version, "hash of its texts": hash, "published_by": by, "published_at": at })
    }))
}

async fn load_checklists(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT id, archived_at IS NOT NULL AS archived FROM checklists c
         WHERE EXISTS (SELECT FROM checklist_versions v WHERE v.checklist_id = c.id)"
    )
}

fn expected_checklists(replay: &InstallationReplay) -> Vec<Columns> {
    to_columns(replay.checklists.iter().map(|(id, archived)| json!({ "id": id, "archived": archived })))
}

async fn load_versions(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT id, checklist_id, number, name, items, encode(hash, 'hex') AS hash,
                encode(sha256(content), 'hex') AS \"SHA-256 of content\", published_by,
                to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS published_at
         FROM checklist_versions"
    )
}

/// Whether the searchable items differ from those of the checklist versions, whose content has been found unaltered.
async fn items_differ(db: &PgPool) -> Result<bool, sqlx::Error> {
    let mut versions = sqlx::query!(
        r#"SELECT v.content, (SELECT coalesce(json_object_agg(i.key, i.said), '{}') FROM checklist_items i
                              WHERE i.version_id = v.id) AS "said!: Json<BTreeMap<String, String>>"
           FROM checklist_versions v"#
    )
    .fetch(db);
    while let Some(version) = versions.try_next().await? {
        let checklist: Checklist =
            canonical::from_bytes(&version.content).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let expected = checklist.items().map(|(_, _, item)| (item.key.to_string(), item.searchable_text()));
        if version.said.0 != expected.collect() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn load_roles(db: &PgPool) -> Result<Vec<Columns>, sqlx::Error> {
    json_rows!(db, "SELECT slug, title, position FROM roles")
}

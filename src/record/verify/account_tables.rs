//! The rows of accounts, invitations, reset links, other addresses and renewals: as they are, and as the audit log has
//! them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::{PgPool, types::Json};

use super::row_difference::{JsonRow, json_rows, to_rows};
use crate::domain::{
    ids::UserId,
    installation_replay::{InstallationReplay, RecordedAccount, RecordedConfirmation, RecordedRenewal, RecordedReset},
    launch::credential_renewal::RenewalKind,
    time::Moment,
};

pub(super) async fn load_users(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT id, name, former_names, roles, active, EXISTS (SELECT FROM second_factors f WHERE f.user_id = users.id) AS second_factor
         FROM users"
    )
}

pub(super) fn expected_users(replay: &InstallationReplay) -> Vec<JsonRow> {
    to_rows(replay.accounts.iter().map(|(id, account)| {
        json!({
            "id": id, "name": account.name, "former_names": account.former_names, "roles": account.roles.slugs(),
            "active": account.active, "second_factor": account.second_factor,
        })
    }))
}

/// An invitation that was superseded by a newer one has no entry about its end, so `withdrawn` is compared only for
/// invitations that the log reports as withdrawn.
pub(super) async fn load_invitations(db: &PgPool, replay: &InstallationReplay) -> Result<Vec<JsonRow>, sqlx::Error> {
    let rows = json_rows!(
        db,
        "SELECT id, name, roles, used_at IS NOT NULL AS used, superseded_at IS NOT NULL AS withdrawn, invited_by,
                to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS created_at
         FROM invitations"
    )?;
    let is_not_withdrawn_in_log = |row: &JsonRow| {
        let id = row.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        !id.and_then(|id| replay.invitations.get(&id)).is_some_and(|invitation| invitation.withdrawn)
    };
    Ok(rows
        .into_iter()
        .map(|mut row| {
            if is_not_withdrawn_in_log(&row) {
                row.insert("withdrawn".to_owned(), Value::Bool(false));
            }
            row
        })
        .collect())
}

pub(super) fn expected_invitations(replay: &InstallationReplay) -> Vec<JsonRow> {
    to_rows(replay.invitations.iter().map(|(id, invitation)| {
        json!({
            "id": id, "name": invitation.name, "roles": invitation.roles.slugs(), "used": invitation.used, "withdrawn": invitation.withdrawn,
            "invited_by": invitation.invited.0, "created_at": invitation.invited.1,
        })
    }))
}

pub(super) async fn load_address_change_counts(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT user_id, count(*) AS \"number of rows\", count(used_at) AS \"number of used rows\"
         FROM address_changes GROUP BY user_id"
    )
}

pub(super) fn expected_address_change_counts(replay: &InstallationReplay) -> Vec<JsonRow> {
    let counts = |(id, account): (&UserId, &RecordedAccount)| {
        let (rows, used) = (account.address_request_count, account.address_change_count);
        json!({ "user_id": id, "number of rows": rows, "number of used rows": used })
    };
    to_rows(replay.accounts.iter().filter(|(_, account)| account.address_request_count > 0).map(counts))
}

pub(super) async fn load_reset_counts(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(db, "SELECT user_id, count(*) AS \"number of rows\" FROM password_resets GROUP BY user_id")
}

pub(super) fn expected_reset_counts(replay: &InstallationReplay) -> Vec<JsonRow> {
    let accounts_with_resets = replay.accounts.iter().filter(|(_, account)| account.reset_count > 0);
    to_rows(accounts_with_resets.map(|(id, account)| json!({ "user_id": id, "number of rows": account.reset_count })))
}

/// Confirmations of renewals by an admin; a confirmation ends the user's waiting period. An entry does not name its row, so
/// that equal rows are counted.
pub(super) async fn load_confirmation_counts(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT user_id, how, made_by, confirmed_by,
                to_char(confirmed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS confirmed_at,
                count(*) AS \"number of rows\"
         FROM way_in_renewals WHERE confirmed_at IS NOT NULL OR confirmed_by IS NOT NULL
         GROUP BY user_id, how, made_by, confirmed_by, confirmed_at"
    )
}

pub(super) fn expected_confirmation_counts(replay: &InstallationReplay) -> Vec<JsonRow> {
    let mut counts: BTreeMap<(UserId, &RecordedConfirmation), i64> = BTreeMap::new();
    for (user, account) in &replay.accounts {
        account
            .confirmed_renewals
            .iter()
            .for_each(|confirmation| *counts.entry((*user, confirmation)).or_default() += 1);
    }
    to_rows(counts.into_iter().map(|((user, confirmation), count)| {
        json!({
            "user_id": user, "how": confirmation.how, "made_by": confirmation.made_by, "confirmed_by": confirmation.by,
            "confirmed_at": confirmation.at, "number of rows": count,
        })
    }))
}

/// The migration that made the table of renewals. Renewals recorded before this migration may have no row.
pub(super) const RENEWALS_MIGRATION: i64 = 20_261_127_024_700;

/// The columns by which an entry and a row are of the same renewal.
pub(super) const RENEWAL_KEY: &[&str] = &["user_id", "how", "made_by", "made_at"];

pub(super) async fn load_renewals(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT user_id, how, made_by,
                to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS made_at,
                to_char(renewed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS renewed_at
         FROM way_in_renewals"
    )
}

/// The rows that must be there according to the log, and those of the actual ones that it permits: a link that was made at
/// the command line has the same entry as one that was sent by mail, and only the former has a row. `table_made_at` is when
/// the migration made the table; earlier renewals may have no row.
pub(super) fn expected_renewals(
    replay: &InstallationReplay,
    actual: &[JsonRow],
    table_made_at: Option<Moment>,
) -> Vec<JsonRow> {
    let mut all = Vec::new();
    for (user, account) in &replay.accounts {
        let mut unmatched_resets: Vec<&RecordedReset> = account.resets.iter().collect();
        let mut rows: Vec<(&RecordedRenewal, Value)> = Vec::new();
        for renewal in &account.renewals {
            let mut row = json!({
                "user_id": user, "how": renewal.how, "made_by": renewal.made_by, "made_at": renewal.made_at, "renewed_at": null,
            });
            let is_this_one =
                |other: &&JsonRow| RENEWAL_KEY.iter().all(|column| other.get(*column) == row.get(*column));
            let stored = actual.iter().find(is_this_one);
            let has_row = renewal.is_certain && table_made_at.is_none_or(|made_at| renewal.made_at >= made_at);
            if stored.is_none() && !has_row {
                continue;
            }
            if renewal.how == RenewalKind::SecondFactorRemoved {
                row["renewed_at"] = json!(renewal.made_at);
            } else if let Some(renewed_at) = stored.and_then(|stored| stored.get("renewed_at")) {
                let is_use_of_link = |reset: &&RecordedReset| {
                    json!(reset.at) == *renewed_at
                        && (reset.link_made_by == renewal.made_by || reset.link_made_by.is_none())
                };
                if let Some(index) = unmatched_resets.iter().position(is_use_of_link) {
                    row["renewed_at"] = json!(unmatched_resets.remove(index).at);
                }
            }
            rows.push((renewal, row));
        }
        // An admin's link was used, but no row matched by time: its row must have `renewed_at`.
        for reset in unmatched_resets.into_iter().filter(|reset| reset.link_made_by.is_some()) {
            let is_unused_link = |(renewal, row): &&mut (&RecordedRenewal, Value)| {
                renewal.how == RenewalKind::ResetLink
                    && renewal.made_by == reset.link_made_by
                    && row["renewed_at"].is_null()
            };
            if let Some((_, row)) = rows.iter_mut().find(is_unused_link) {
                row["renewed_at"] = json!(reset.at);
            }
        }
        all.extend(rows.into_iter().map(|(_, row)| row));
    }
    to_rows(all)
}

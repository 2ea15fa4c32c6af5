//! Verifies the audit log.

use std::collections::BTreeMap;

use sqlx::PgPool;

use super::{
    checkpoints::{ExpectedCheckpoint, find_missing, find_unexplained},
    key_periods::KeyPeriods,
    log::{EventColumns, LogReport, check_canonical_json, describe_unreadable, verify_log},
};
use crate::{
    domain::{
        canonical::{self, Sha256Hash},
        checkpoint::{CheckpointCause, LogId},
        ids::{LaunchId, UserId},
        installation::{ExportFormat, InstallationEvent},
        installation_replay::InstallationReplay,
        key_chain::{SignedKeyStatement, Succession},
        merkle::proof::TreeHead,
    },
    record::installation_log::InstallationEntry,
};

/// What the audit log says about a launch.
#[derive(Debug, Clone, Default)]
pub struct LoggedLaunch {
    /// The number of the newest event that is mentioned.
    pub length: i64,
    /// The launch's daily checkpoints, the oldest first.
    pub daily_heads: Vec<DailyHead>,
    /// The checkpoints that its entries explain: daily ones and those of exports.
    pub expected_checkpoints: Vec<ExpectedCheckpoint>,
}

/// A daily checkpoint of a launch, according to the audit log.
#[derive(Debug, Clone, Copy)]
pub struct DailyHead {
    /// The index of the entry.
    pub index: i64,
    pub head: TreeHead,
}

/// The result of verifying the audit log.
#[derive(Debug, Clone)]
pub struct InstallationLogReport {
    pub log: LogReport,
    /// Accounts, rights and checklists according to the log.
    pub replay: InstallationReplay,
    /// The launches according to the log.
    pub launches: BTreeMap<LaunchId, LoggedLaunch>,
}

/// Verifies the audit log, also against heads of it from elsewhere.
pub async fn verify_installation_log(
    db: &PgPool,
    keys: &KeyPeriods,
    heads: &[(TreeHead, String)],
) -> Result<InstallationLogReport, sqlx::Error> {
    let mut launches: BTreeMap<LaunchId, LoggedLaunch> = BTreeMap::new();
    let mut replay = InstallationReplay::default();
    let mut exports = Vec::new();
    let heads = [heads, &keys.logged_heads()].concat();
    let mut checked = verify_log(db, LogId::Installation, keys, &heads, |row| {
        check_canonical_json(row)?;
        let entry: InstallationEntry =
            canonical::from_bytes(&row.bytes).map_err(|error| describe_unreadable(row.number, &error.to_string()))?;
        entry_columns(&entry).compare_row(row, "subject_id")?;
        check_key_entry(&entry)?;
        replay.apply(entry.actor.as_ref().map(|actor| actor.id), entry.at, &entry.event);
        exports.extend(export_checkpoint(&entry));
        add_launch_entry(&entry, &mut launches);
        Ok(())
    })
    .await?;
    if !checked.has_no_events {
        let people = replay.accounts.keys().copied().collect();
        let whole = checked.problems.is_empty();
        checked.problems.extend(find_missing(&checked.stored_checkpoints, &exports));
        if whole {
            checked.problems.extend(find_unexplained(
                LogId::Installation,
                &checked.stored_checkpoints,
                &exports,
                &people,
            ));
        }
    }
    Ok(InstallationLogReport { log: checked, replay, launches })
}

/// A statement about a key is logged in the entry after the state of the log that it names.
fn check_key_entry(entry: &InstallationEntry) -> Result<(), String> {
    let (InstallationEvent::KeyRotated { key, statement } | InstallationEvent::KeyReplaced { key, statement }) =
        &entry.event
    else {
        return Ok(());
    };
    let signed = statement.parse::<SignedKeyStatement>().ok();
    let is_rotation = matches!(entry.event, InstallationEvent::KeyRotated { .. });
    let fits = signed.is_some_and(|signed| {
        let statement = signed.unverified_statement();
        let log = statement.log.size + 1;
        statement.new == *key
            && log == entry.index.unsigned_abs()
            && is_rotation == (statement.succession == Succession::Rotated)
    });
    if fits {
        Ok(())
    } else {
        Err(format!("the statement about a key in entry {} belongs to another entry", entry.index))
    }
}

fn entry_columns(entry: &InstallationEntry) -> EventColumns<'_> {
    EventColumns {
        number: entry.index,
        at: entry.at,
        kind: entry.event.kind(),
        actor: entry.actor.as_ref().map(|actor| actor.id.uuid()),
        subject: entry.event.subject().map(UserId::uuid),
        launch: entry.launch.map(|(launch, _)| launch.uuid()),
        launch_seq: entry.launch.map(|(_, seq)| seq),
    }
}

/// The checkpoint that is made when the log is exported: it ends with the entry about the export.
fn export_checkpoint(entry: &InstallationEntry) -> Option<ExpectedCheckpoint> {
    let InstallationEvent::LogExported { .. } = entry.event else { return None };
    let words = format!("when the log was exported (entry {})", entry.index);
    let (size, at, witness) = (entry.index, entry.at, entry.actor.clone());
    Some(ExpectedCheckpoint { size, cause: CheckpointCause::Export, at, description: words, witness })
}

fn add_launch_entry(entry: &InstallationEntry, launches: &mut BTreeMap<LaunchId, LoggedLaunch>) {
    let Some((launch, length)) = entry.launch else { return };
    let (index, at) = (entry.index, entry.at);
    let of = launches.entry(launch).or_default();
    of.length = of.length.max(length);
    match &entry.event {
        InstallationEvent::LaunchCheckpointed { size, root } => {
            of.daily_heads.push(DailyHead { index, head: to_head(*size, *root) });
            let words = format!("for the day (entry {index} of the audit log)");
            of.expected_checkpoints.push(ExpectedCheckpoint {
                size: *size,
                cause: CheckpointCause::Daily,
                at,
                description: words,
                witness: None,
            });
        }
        InstallationEvent::HistoryExported { form, events } => {
            let form: ExportFormat = *form;
            let words = format!("when it was exported as {} (entry {index} of the audit log)", form.label());
            let witness = entry.actor.clone();
            of.expected_checkpoints.push(ExpectedCheckpoint {
                size: *events,
                cause: CheckpointCause::Export,
                at,
                description: words,
                witness,
            });
        }
        _ => {}
    }
}

const fn to_head(size: i64, root: Sha256Hash) -> TreeHead {
    TreeHead { size: size.unsigned_abs(), root }
}

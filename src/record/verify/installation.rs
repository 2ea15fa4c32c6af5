//! The installation's log.

use std::collections::BTreeMap;

use sqlx::PgPool;

use super::{
    checkpoints::{CheckpointReason, missing, unexplained},
    log::{Checked, Said, canonical_json, log, unreadable},
};
use crate::{
    domain::{
        canonical::{self, Sha256Hash},
        checkpoint::{Cause, LogId},
        ids::{LaunchId, UserId},
        installation::{HistoryForm, InstallationEvent},
        installation_replay::InstallationReplay,
        key::PublicKey,
        merkle::proof::Head,
    },
    record::installation::Entry,
};

/// What the installation's log tells of a launch.
#[derive(Debug, Clone, Default)]
pub struct LaunchInLog {
    /// The newest event that is told of.
    pub length: i64,
    /// Its daily checkpoints.
    pub daily: Vec<DailyHead>,
    /// The checkpoints that were made when its history was taken away, and for the day.
    pub reasons: Vec<CheckpointReason>,
}

/// A launch's checkpoint of the day, as the installation's log tells of it.
#[derive(Debug, Clone, Copy)]
pub struct DailyHead {
    /// In which entry.
    pub index: i64,
    /// What it says of the launch's log.
    pub head: Head,
}

/// What the installation's log comes to.
#[derive(Debug, Clone)]
pub struct InstallationChecked {
    /// The log itself.
    pub checked: Checked,
    /// What it tells of accounts, rights and checklists.
    pub replay: InstallationReplay,
    /// What it tells of launches.
    pub launches: BTreeMap<LaunchId, LaunchInLog>,
}

/// Verifies the installation's log, with heads of it from elsewhere.
///
/// # Errors
/// When the database fails.
pub async fn installation(
    db: &PgPool,
    key: &PublicKey,
    heads: &[(Head, String)],
) -> Result<InstallationChecked, sqlx::Error> {
    let mut launches: BTreeMap<LaunchId, LaunchInLog> = BTreeMap::new();
    let mut replay = InstallationReplay::default();
    let mut exports = Vec::new();
    let mut checked = log(db, LogId::Installation, key, heads, |row| {
        canonical_json(row)?;
        let entry: Entry = canonical::read(&row.bytes).map_err(|error| unreadable(row.number, &error.to_string()))?;
        said(&entry).compare(row, "subject_id")?;
        replay.apply(entry.actor.as_ref().map(|actor| actor.id), entry.at, &entry.event);
        exports.extend(export(&entry));
        note_launch(&entry, &mut launches);
        Ok(())
    })
    .await?;
    if !checked.gone {
        let people = replay.accounts.keys().copied().collect();
        let whole = checked.wrong.is_empty();
        checked.wrong.extend(missing(&checked.stored, &exports));
        if whole {
            checked.wrong.extend(unexplained(LogId::Installation, &checked.stored, &exports, &people));
        }
    }
    Ok(InstallationChecked { checked, replay, launches })
}

fn said(entry: &Entry) -> Said<'_> {
    Said {
        number: entry.index,
        at: entry.at,
        kind: entry.event.kind(),
        actor: entry.actor.as_ref().map(|actor| actor.id.uuid()),
        subject: entry.event.subject().map(UserId::uuid),
        launch: entry.launch.map(|(launch, _)| launch.uuid()),
        launch_seq: entry.launch.map(|(_, seq)| seq),
    }
}

/// The checkpoint that is made when the log is taken away: it ends with the entry that says so.
fn export(entry: &Entry) -> Option<CheckpointReason> {
    let InstallationEvent::LogExported { .. } = entry.event else { return None };
    let words = format!("when the log was taken away (entry {})", entry.index);
    let (size, at, witness) = (entry.index, entry.at, entry.actor.clone());
    Some(CheckpointReason { size, cause: Cause::Export, at, words, witness })
}

fn note_launch(entry: &Entry, launches: &mut BTreeMap<LaunchId, LaunchInLog>) {
    let Some((launch, length)) = entry.launch else { return };
    let (index, at) = (entry.index, entry.at);
    let of = launches.entry(launch).or_default();
    of.length = of.length.max(length);
    match &entry.event {
        InstallationEvent::LaunchCheckpointed { size, root } => {
            of.daily.push(DailyHead { index, head: head(*size, *root) });
            let words = format!("for the day (entry {index} of the installation's log)");
            of.reasons.push(CheckpointReason { size: *size, cause: Cause::Daily, at, words, witness: None });
        }
        InstallationEvent::HistoryExported { form, events } => {
            let form: HistoryForm = *form;
            let words = format!("when it was taken away as {} (entry {index} of the installation's log)", form.words());
            let witness = entry.actor.clone();
            of.reasons.push(CheckpointReason { size: *events, cause: Cause::Export, at, words, witness });
        }
        _ => {}
    }
}

const fn head(size: i64, root: Sha256Hash) -> Head {
    Head { size: size.unsigned_abs(), root }
}

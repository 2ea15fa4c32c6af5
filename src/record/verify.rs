//! Verifying what the database holds: logs against their trees and checkpoints, and everything else against the logs.
//!
//! A log is read from its first event to its last, a page at a time, and its tree is made anew; nothing that is stored is
//! believed, and the key is given by the caller. What is wrong is said in sentences that name the event, or the row and its
//! column.

mod checkpoints;
mod installation;
mod launch;
mod log;
mod rows;
mod summary;
mod tables;

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use sqlx::PgPool;

pub use self::{
    checkpoints::CheckpointReason,
    installation::installation,
    launch::{Files, launch},
    log::{Checked, log, root_at},
};
use self::{
    installation::LaunchInLog,
    launch::{Known, launch_with},
};
use crate::{
    blobs::Blobs,
    domain::{
        checkpoint::LogId,
        ids::{EvidenceId, LaunchId},
        key::PublicKey,
        merkle::proof::Head,
    },
};

/// Something that is wrong, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// `The installation's log`, a launch, or a table.
    pub with: String,
    /// What.
    pub what: String,
}

/// A checkpoint that was kept elsewhere, known to be signed with the installation's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldHead {
    /// Of which log.
    pub log: LogId,
    /// What it says of it.
    pub head: Head,
    /// The words for it: `the checkpoint in day.checkpoint`.
    pub from: String,
}

/// How far a log is known to be what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The log.
    pub log: LogId,
    /// How many events it has.
    pub size: i64,
    /// How many of them the newest checkpoint in the database covers.
    pub signed: i64,
    /// How many of them a checkpoint covers that is held elsewhere; 0 when none does.
    pub held: i64,
    /// The words for that checkpoint.
    pub by: String,
}

/// What a whole installation comes to.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    /// How many launches there are.
    pub launches: usize,
    /// How many events, of all logs.
    pub events: i64,
    /// How many checkpoints.
    pub checkpoints: usize,
    /// How far each log is known, the installation's first.
    pub reach: Vec<Reach>,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
    /// What is not wrong, and is said all the same.
    pub notes: Vec<String>,
}

/// Verifies everything: the installation's log and the tables that it tells of, every launch, those too that the
/// installation's log tells of and that are gone.
///
/// # Errors
/// When the database or the evidence store fails.
pub async fn everything(db: &PgPool, blobs: &Blobs, key: &PublicKey, held: &[HeldHead]) -> anyhow::Result<Everything> {
    let mut all = Everything::default();
    let found = installation(db, key, &heads_of(held, LogId::Installation)).await?;
    let whole = found.checked.wrong.is_empty();
    let reach = Reach {
        log: LogId::Installation,
        size: found.checked.size,
        signed: found.checked.checkpoints.last().map_or(0, |kept| kept.size),
        ..held_of(held, LogId::Installation)
    };
    all.add("The installation's log", &found.checked, reach.clone());
    all.wrong.extend(tables::compare_keys(db, key, whole.then_some(&found.replay)).await?);
    let mut known = Known::default();
    if whole {
        // With entries missing or altered, each table would only be found to differ from them.
        let compared = tables::compare(db, &found.replay, found.checked.size).await?;
        all.wrong.extend(compared.wrong);
        all.notes.extend(compared.notes);
        known =
            Known { altered_versions: compared.altered_versions, people: found.replay.accounts.into_keys().collect() };
    } else {
        all.notes.push("the tables of the installation were not compared with its log, since that is wrong".to_owned());
    }
    let mut ids: BTreeSet<LaunchId> = launch::all(db).await?.into_iter().collect();
    ids.extend(found.launches.keys());
    ids.extend(held.iter().filter_map(|held| match held.log {
        LogId::Launch(launch) => Some(launch),
        LogId::Installation => None,
    }));
    let mut files = BTreeSet::new();
    for id in ids {
        let of = found.launches.get(&id).cloned().unwrap_or_default();
        let in_log = whole.then_some(&of);
        verify_launch(&mut all, (db, blobs, key), id, (&of, in_log), held, (&known, &reach), &mut files).await?;
    }
    if all.wrong.is_empty() {
        all.notes.extend(unnamed_files(blobs, &files).await?);
    }
    Ok(all)
}

/// Verifies a launch with what the installation's log tells of it.
async fn verify_launch(
    all: &mut Everything,
    (db, blobs, key): (&PgPool, &Blobs, &PublicKey),
    id: LaunchId,
    (of, in_log): (&LaunchInLog, Option<&LaunchInLog>),
    held: &[HeldHead],
    (known, installation): (&Known, &Reach),
    files: &mut BTreeSet<EvidenceId>,
) -> anyhow::Result<()> {
    let log = LogId::Launch(id);
    let told = of.daily.iter().map(|daily| (daily.head, format!("entry {} of the installation's log", daily.index)));
    let heads: Vec<(Head, String)> = told.chain(heads_of(held, log)).collect();
    let found = launch_with(db, (blobs, Files::Read), key, id, (in_log, known), &heads).await?;
    files.extend(found.files);
    let mut checked = found.checked;
    let length = of.length;
    if checked.gone {
        let kept = checked.checkpoints.last().map(|kept| (kept.size.unsigned_abs(), "its checkpoint"));
        let longest = heads.iter().map(|(head, from)| (head.size, from.as_str())).chain(kept).max();
        checked.wrong = vec![match (length, longest) {
            (0, Some((size, from))) => format!("it is gone: none of its events is there, and {from} covers {size}"),
            (0, None) => "it is gone: none of its events is there, and other rows of it are".to_owned(),
            (length, _) => format!("it is gone: the installation's log tells of {length} events of it"),
        }];
    } else if checked.wrong.is_empty() && checked.size < length {
        let size = checked.size;
        checked.wrong.push(format!("it has {size} events, and the installation's log tells of {length}"));
    }
    let own = held_of(held, log);
    // What a held checkpoint of the installation's log covers says how long each launch was, and its root.
    let through = of.daily.iter().filter(|daily| daily.index <= installation.held).max_by_key(|daily| daily.head.size);
    let through = through.map(|daily| Reach {
        held: daily.head.size.cast_signed(),
        by: format!("{} through entry {} of the installation's log", installation.by, daily.index),
        ..own.clone()
    });
    let reach = through.into_iter().chain([own]).max_by_key(|reach| reach.held).unwrap_or_else(|| held_of(&[], log));
    let signed = checked.checkpoints.last().map_or(0, |kept| kept.size);
    all.launches += 1;
    all.add(&format!("Launch {id}"), &checked, Reach { size: checked.size, signed, ..reach });
    Ok(())
}

fn heads_of(held: &[HeldHead], log: LogId) -> Vec<(Head, String)> {
    held.iter().filter(|held| held.log == log).map(|held| (held.head, held.from.clone())).collect()
}

/// How far the checkpoints of a log itself reach that are held elsewhere.
fn held_of(held: &[HeldHead], log: LogId) -> Reach {
    let longest = held.iter().filter(|held| held.log == log).max_by_key(|held| held.head.size);
    let (held, by) = longest.map_or((0, String::new()), |held| (held.head.size.cast_signed(), held.from.clone()));
    Reach { log, size: 0, signed: 0, held, by }
}

impl Everything {
    fn add(&mut self, with: &str, checked: &Checked, reach: Reach) {
        self.events += checked.size;
        self.checkpoints += checked.checkpoints.len();
        self.reach.push(reach);
        let wrong = checked.wrong.iter().map(|what| Wrong { with: with.to_owned(), what: what.clone() });
        self.wrong.extend(wrong);
    }
}

/// How many stray files are named.
const NAMED: usize = 5;

/// The files of the evidence store that no event names: what an upload left, or somebody put there.
async fn unnamed_files(blobs: &Blobs, named: &BTreeSet<EvidenceId>) -> anyhow::Result<Option<String>> {
    let ids: BTreeSet<EvidenceId> = blobs.ids().map_ok(|file| file.id).try_collect().await?;
    let stray: Vec<String> = ids.difference(named).map(ToString::to_string).collect();
    Ok((!stray.is_empty()).then(|| {
        let more = if stray.len() > NAMED { ", …" } else { "" };
        format!(
            "{} of the files in the evidence store belong to no event: uploads under way, what one left behind, or put there \
             by somebody ({}{more})",
            stray.len(),
            stray[..stray.len().min(NAMED)].join(", ")
        )
    }))
}

//! The stored checkpoints of a log: each is signed by the installation's key and explained by an event, and none is
//! missing.

use std::collections::BTreeSet;

use super::key_periods::KeyPeriods;
use crate::{
    domain::{
        checkpoint::{Checkpoint, CheckpointCause, LogId, SignedCheckpoint},
        ids::UserId,
        launch::event::{PersonRef, Seq},
        merkle::proof::TreeHead,
        time::Moment,
    },
    record::checkpoints::{Delivery, UnverifiedCheckpoint, checkpoint_origin},
};

/// A checkpoint that must exist, because an event or entry was made in the same transaction.
#[derive(Debug, Clone)]
pub struct ExpectedCheckpoint {
    pub size: i64,
    pub cause: CheckpointCause,
    pub at: Moment,
    /// The occasion, as it follows "made": `with event 12 (signed)`.
    pub description: String,
    /// The person who received it.
    pub witness: Option<PersonRef>,
}

impl ExpectedCheckpoint {
    /// The checkpoint of a launch's event, for the kinds that have one.
    pub(super) fn from_event(seq: Seq, at: Moment, cause: CheckpointCause, kind: &str) -> Self {
        Self { size: seq, cause, at, description: format!("with event {seq} ({kind})"), witness: None }
    }
}

/// The heads of the stored checkpoints that are signed by a key that was in use and match their rows, and the problems
/// of the others. `stored` begins with the smallest.
///
/// Two logs have no common order but that of clocks, and those of two servers differ. So a key is in use in a launch
/// until a later key has signed there, as in a bundle; the audit log itself names the entry at which a key begins.
pub(super) fn find_valid_heads(
    keys: &KeyPeriods,
    log: LogId,
    stored: &[UnverifiedCheckpoint],
) -> (Vec<TreeHead>, Vec<String>) {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    // Only what is signed counts: a row alone makes no key the newest.
    let mut newest_key = 1;
    for row in stored {
        match read_head(keys, log, row, newest_key) {
            Ok((number, head)) => {
                newest_key = newest_key.max(number);
                good.push(head);
            }
            Err(why) => wrong.push(format!("its checkpoint at event {} is not one of this log: {why}", row.size)),
        }
    }
    let more = wrong.len().saturating_sub(MAX_NAMED_CHECKPOINTS);
    if more > 0 {
        wrong.truncate(MAX_NAMED_CHECKPOINTS);
        wrong.push(format!("so it is with {more} more of its checkpoints"));
    }
    (good, wrong)
}

/// How many wrong checkpoints of a log are named.
const MAX_NAMED_CHECKPOINTS: usize = 3;

/// The number of the key that signed a checkpoint, and its head. `newest_key` is the newest that signed a smaller one.
fn read_head(
    keys: &KeyPeriods,
    log: LogId,
    row: &UnverifiedCheckpoint,
    newest_key: u32,
) -> Result<(u32, TreeHead), String> {
    let Some((number, key)) = keys.find(&row.public_key) else {
        return Err("it is kept as signed with another key than the installation's".to_owned());
    };
    let was_in_use = match log {
        LogId::Installation => keys.could_sign_log(number, row.size),
        LogId::Launch(_) => number >= newest_key,
    };
    if !was_in_use {
        return Err(format!("it is signed with key {number}, which was not in use then"));
    }
    let note: SignedCheckpoint = row.text.parse().map_err(|why| format!("its text was changed ({why})"))?;
    let checkpoint: Checkpoint = note.verify(key).map_err(|why| format!("{why}"))?;
    if checkpoint.origin != checkpoint_origin(key, log) {
        return Err(format!("it was made of the log {}", checkpoint.origin.log));
    }
    if checkpoint.head.size.cast_signed() != row.size {
        return Err(format!("it was made at event {}", checkpoint.head.size));
    }
    if row.root != checkpoint.head.root.to_bytes() {
        return Err("the root beside its text is not the one that was signed".to_owned());
    }
    Ok((number, checkpoint.head))
}

/// The problems of checkpoints that should exist and do not.
pub(super) fn find_missing(stored: &[UnverifiedCheckpoint], reasons: &[ExpectedCheckpoint]) -> Vec<String> {
    let stored_sizes: BTreeSet<i64> = stored.iter().map(|row| row.size).collect();
    let mut lost = BTreeSet::new();
    let missing = reasons.iter().filter(|reason| !stored_sizes.contains(&reason.size) && lost.insert(reason.size));
    let words = |reason: &ExpectedCheckpoint| {
        format!("its checkpoint at event {}, made {}, is missing: it was removed", reason.size, reason.description)
    };
    missing.map(words).collect()
}

/// The problems of stored checkpoints and witnesses that no event explains, and of witnesses that are not recorded.
/// `people` are the existing accounts.
pub(super) fn find_unexplained(
    log: LogId,
    stored: &[UnverifiedCheckpoint],
    reasons: &[ExpectedCheckpoint],
    people: &BTreeSet<UserId>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in stored {
        let own: Vec<&ExpectedCheckpoint> = reasons.iter().filter(|reason| reason.size == row.size).collect();
        // No log contains that the daily checkpoint of the audit log was made.
        let is_unlogged = log == LogId::Installation && row.cause == Some(CheckpointCause::Daily);
        if !is_unlogged && !own.iter().any(|reason| Some(reason.cause) == row.cause && reason.at == row.at) {
            wrong.push(format!(
                "its checkpoint at event {} is stored as made {} on {}, which is in no log",
                row.size,
                row.cause.map_or("for a reason that does not exist".into(), CheckpointCause::label),
                row.at
            ));
        }
        for witness in &row.witnesses {
            let is_explained = match witness.delivery {
                None => false,
                Some(Delivery::Export) => own.iter().any(|reason| {
                    let noted = reason.witness.as_ref();
                    reason.at == witness.at
                        && noted.is_some_and(|it| it.id == witness.user && it.name.as_str() == witness.name)
                }),
                // Receipts are of signatures. No log contains that somebody downloaded one.
                Some(Delivery::Receipt) => {
                    own.iter().any(|reason| reason.cause == CheckpointCause::Signature)
                        && people.contains(&witness.user)
                }
            };
            if !is_explained {
                wrong.push(format!(
                    "{:?} is noted as having its checkpoint at event {} since {}, which is in no log",
                    witness.name, row.size, witness.at
                ));
            }
        }
        for reason in own {
            let Some(who) = &reason.witness else { continue };
            if !row.witnesses.iter().any(|witness| witness.user == who.id) {
                wrong.push(format!(
                    "{:?} has its checkpoint at event {}, made {}, and is not noted as having it",
                    who.name.as_str(),
                    row.size,
                    reason.description
                ));
            }
        }
    }
    wrong
}

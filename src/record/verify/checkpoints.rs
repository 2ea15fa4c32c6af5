//! The checkpoints that are kept of a log: signed by the installation's key, each explained by an event, and none missing.

use std::collections::BTreeSet;

use crate::{
    domain::{
        checkpoint::{Cause, Checkpoint, LogId, SignedCheckpoint},
        ids::UserId,
        key::PublicKey,
        launch::event::{PersonRef, Seq},
        merkle::proof::Head,
        time::Moment,
    },
    record::checkpoints::{Delivery, StoredCheckpoint, origin},
};

/// Why a checkpoint has to be there: an event or an entry in whose transaction it was made.
#[derive(Debug, Clone)]
pub struct CheckpointReason {
    /// Of which size.
    pub size: i64,
    /// With which cause.
    pub cause: Cause,
    /// When.
    pub at: Moment,
    /// What was done, after "made": `with event 12 (signed)`.
    pub words: String,
    /// To whom it was delivered.
    pub witness: Option<PersonRef>,
}

impl CheckpointReason {
    /// That of an event of a launch, for the kinds that have one.
    pub(super) fn of_event(seq: Seq, at: Moment, cause: Cause, kind: &str) -> Self {
        Self { size: seq, cause, at, words: format!("with event {seq} ({kind})"), witness: None }
    }
}

/// What of the kept checkpoints is signed by the key and says what its row says, and what is wrong with the others.
pub(super) fn believable(key: &PublicKey, log: LogId, stored: &[StoredCheckpoint]) -> (Vec<Head>, Vec<String>) {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for row in stored {
        match read(key, log, row) {
            Ok(head) => good.push(head),
            Err(why) => wrong.push(format!("its checkpoint at event {} is not one of this log: {why}", row.size)),
        }
    }
    let more = wrong.len().saturating_sub(NAMED);
    if more > 0 {
        wrong.truncate(NAMED);
        wrong.push(format!("so it is with {more} more of its checkpoints"));
    }
    (good, wrong)
}

/// How many wrong checkpoints of a log are named.
const NAMED: usize = 3;

fn read(key: &PublicKey, log: LogId, row: &StoredCheckpoint) -> Result<Head, String> {
    if row.public_key != key.bytes() {
        return Err("it is kept as signed with another key than the installation's".to_owned());
    }
    let note: SignedCheckpoint = row.text.parse().map_err(|why| format!("its text was changed ({why})"))?;
    let said: Checkpoint = note.verified(key).map_err(|why| format!("{why}"))?;
    if said.origin != origin(key, log) {
        return Err(format!("it was made of the log {}", said.origin.log));
    }
    if said.head.size.cast_signed() != row.size {
        return Err(format!("it was made at event {}", said.head.size));
    }
    if row.root != said.head.root.bytes() {
        return Err("the root beside its text is not the one that was signed".to_owned());
    }
    Ok(said.head)
}

/// What is missing of the checkpoints that had to be made.
pub(super) fn missing(stored: &[StoredCheckpoint], reasons: &[CheckpointReason]) -> Vec<String> {
    let there: BTreeSet<i64> = stored.iter().map(|row| row.size).collect();
    let mut lost = BTreeSet::new();
    let missing = reasons.iter().filter(|reason| !there.contains(&reason.size) && lost.insert(reason.size));
    let words = |reason: &CheckpointReason| {
        format!("its checkpoint at event {}, made {}, is missing: it was removed", reason.size, reason.words)
    };
    missing.map(words).collect()
}

/// What of the kept checkpoints and of the people noted as having them no event explains, and who is not noted. `people` are the
/// accounts that there are.
pub(super) fn unexplained(
    log: LogId,
    stored: &[StoredCheckpoint],
    reasons: &[CheckpointReason],
    people: &BTreeSet<UserId>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in stored {
        let own: Vec<&CheckpointReason> = reasons.iter().filter(|reason| reason.size == row.size).collect();
        // That the day's checkpoint of the installation's log was made is in no log.
        let untold = log == LogId::Installation && row.cause == Cause::Daily;
        if !untold && !own.iter().any(|reason| reason.cause == row.cause && reason.at == row.at) {
            wrong.push(format!(
                "its checkpoint at event {} is kept as made {} on {}, and no log tells of that",
                row.size,
                row.cause.words(),
                row.at
            ));
        }
        for witness in &row.witnesses {
            let told = match witness.delivery {
                Delivery::Export => own.iter().any(|reason| {
                    let noted = reason.witness.as_ref();
                    reason.at == witness.at
                        && noted.is_some_and(|it| it.id == witness.user && it.name.as_str() == witness.name)
                }),
                // Receipts are of signatures. That somebody took one is in no log.
                Delivery::Receipt => {
                    own.iter().any(|reason| reason.cause == Cause::Signature) && people.contains(&witness.user)
                }
            };
            if !told {
                wrong.push(format!(
                    "{:?} is noted as having its checkpoint at event {} since {}, and no log tells of that",
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
                    reason.words
                ));
            }
        }
    }
    wrong
}

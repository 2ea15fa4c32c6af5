//! A history held against the rules: each event has to be what [`decide`] makes of the launch before it.
//!
//! From an event follows which command it answered; that command is decided once more, on the state that the events before
//! it made, and has to yield that very event: its actor allowed, its stage right, its `old` as it was, its digest and its
//! finding as they are computed anew. So there is no second telling of the rules, and a new rule is replayed as soon as it
//! is decided by.
//!
//! What a launch's log does not say is assumed in its favour:
//!
//! - the account of whoever acts, or is named, was active, had the installation role that the act takes, and had not to
//!   wait after others renewed its way in;
//! - the proof of who signs was the one that is recorded, and the credentials had not changed since;
//! - texts are what their commitments commit to, and have the lengths that forms allow;
//! - the page that somebody acted on was not stale (the version of an item, the base of the notes);
//! - evidence used again was chosen among those of the same origin, whichever explains the days.
//!
//! Days are reckoned with the time zone database that this program brings; a history from before a change of a zone's past
//! could differ in the minutes around a midnight that moved.
//!
//! **Histories stay valid.** A rule that becomes stricter for what people ask must not refuse what was accepted before: it
//! is left out where [`decide`] decides something again. So far no rule has changed since launches could be made.
//!
//! [`decide`]: super::decide::decide

mod reconstructed_command;

use std::{collections::HashMap, sync::Arc};

use self::reconstructed_command::reconstruct_command;
use super::{
    apply::ApplyError,
    command::{Conflict, DecidedChanges, Refusal},
    decide,
    event::{Change, Event, EvidenceContent, Policy, Redaction},
    redaction::{self, RedactionError},
    state::{ChecklistVersion, LaunchState, Stage},
    texts::{Commitment, TextField},
};
use crate::domain::{canonical::Sha256Hash, exact_json};

/// Why an event can't have come about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// It does not fit the launch at all.
    #[error("{0}")]
    Apply(#[from] ApplyError),
    /// Its time is before that of the previous event.
    #[error("it is said to be earlier than the event before it")]
    TimeGoesBack,
    /// The rules refuse it.
    #[error("the rules refuse it: {0}")]
    Refused(String),
    /// Everything was as it says already.
    #[error("nothing would have changed")]
    NothingChanged,
    /// The rules yield an event that differs from it in this member.
    #[error("by the rules its member `{0}` has another value")]
    Differs(String),
    /// It says that bytes with this SHA-256 have another size than an event before it says.
    #[error("it says that the file {sha256} has {found} bytes, and an earlier event says that it has {earlier}")]
    OtherSize {
        /// The SHA-256 of the bytes.
        sha256: Sha256Hash,
        /// How many there are by the earlier event.
        earlier: u64,
        /// How many there are by this one.
        found: u64,
    },
    /// It redacts a text that no event before it names.
    #[error("it redacts a text that no event before it names")]
    UnknownText,
    /// It redacts a text and says that it was entered in another field than it was.
    #[error("it redacts a text as {declared}, and it was entered as {entered}", declared = .declared.description(), entered = .entered.description())]
    OtherField {
        /// What the event says.
        declared: TextField,
        /// Where the text was entered.
        entered: TextField,
    },
}

/// A launch in the course of its history, each event of which is held against the rules. Each event takes time of its
/// own alone: the launch as it stood at a decision is had by following behind, not by copying.
#[derive(Debug, Clone)]
pub struct LaunchReplay {
    state: LaunchState,
    /// The launch as it stood when GO was declared while it is in force; as it stands otherwise. Nothing any more once
    /// the launch has happened.
    state_at_decision: Option<Box<LaunchState>>,
    /// The events since that decision.
    events_after_decision: Vec<Event>,
    /// In which field each text was entered.
    fields_by_text: HashMap<Commitment, TextField>,
    /// How many bytes each file has.
    sizes: HashMap<Sha256Hash, u64>,
}

impl LaunchReplay {
    /// Begins with the first event and the checklist version that is at hand for it.
    ///
    /// # Errors
    /// [`ReplayError`] when it is no first event, names another version, or could not have made a launch.
    pub fn begin(event: &Event, version: Arc<ChecklistVersion>) -> Result<Self, ReplayError> {
        let state = LaunchState::create(event, version)?;
        if let Change::LaunchCreated { owner, policy, .. } = &event.change {
            if *owner != event.actor {
                return Err(ReplayError::Differs("data.owner".to_owned()));
            }
            if policy.slip_days > Policy::MAX_SLIP_DAYS {
                return Err(ReplayError::Differs("data.policy.slip_days".to_owned()));
            }
        }
        let (behind, since) = (Some(Box::new(state.clone())), Vec::new());
        let mut replay = Self {
            state,
            state_at_decision: behind,
            events_after_decision: since,
            fields_by_text: HashMap::new(),
            sizes: HashMap::new(),
        };
        replay.note_fields(event);
        Ok(replay)
    }

    /// The launch after the events so far. Its texts are not known.
    #[must_use]
    pub const fn state(&self) -> &LaunchState {
        &self.state
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// [`ReplayError`] says what it breaks; nothing more is to be taken then.
    pub fn apply_event(&mut self, event: &Event) -> Result<(), ReplayError> {
        self.state.check_is_next(event)?;
        if event.at < self.state.last_at {
            return Err(ReplayError::TimeGoesBack);
        }
        match &event.change {
            Change::Redacted { what, .. } => self.check_redaction(event, *what)?,
            Change::Launched { launched_at, .. } => {
                self.apply_events_after_decision(|later| later.at <= *launched_at)?;
                let past = self.state_at_decision.as_deref().cloned().map(Arc::new);
                check_same_event(event, decide_from_event(&self.state, event, past)?)?;
            }
            _ => check_same_event(event, decide_from_event(&self.state, event, None)?)?,
        }
        self.hold_size(&event.change)?;
        self.state.apply(event)?;
        self.note_fields(event);
        self.advance_state_at_decision(event)
    }

    /// Notes in which field each text was entered: where it is named first.
    fn note_fields(&mut self, event: &Event) {
        for (text, field, _) in event.change.event_texts(event.launch) {
            self.fields_by_text.entry(text).or_insert(field);
        }
    }

    /// Bytes with one SHA-256 have one size.
    fn hold_size(&mut self, change: &Change) -> Result<(), ReplayError> {
        let Change::EvidenceAttached { content: EvidenceContent::File { sha256, size, .. }, .. } = change else {
            return Ok(());
        };
        let (sha256, size) = (*sha256, *size);
        let earlier = *self.sizes.entry(sha256).or_insert(size);
        if earlier == size { Ok(()) } else { Err(ReplayError::OtherSize { sha256, earlier, found: size }) }
    }

    /// Keeps the launch of the last decision in reach.
    fn advance_state_at_decision(&mut self, event: &Event) -> Result<(), ReplayError> {
        match self.state.stage {
            Stage::Go(_) if !matches!(event.change, Change::GoDeclared { .. }) => {
                self.events_after_decision.push(event.clone())
            }
            Stage::Go(_) | Stage::Preparing | Stage::Held { .. } => {
                self.apply_events_after_decision(|_| true)?;
                if let Some(behind) = &mut self.state_at_decision {
                    behind.apply(event)?;
                }
            }
            // No decision is made any more.
            Stage::Launched(_) | Stage::Closed { .. } | Stage::Cancelled { .. } => {
                (self.state_at_decision, self.events_after_decision) = (None, Vec::new());
            }
        }
        Ok(())
    }

    /// Lets the launch that follows behind take what has happened since, as long as that is wanted.
    fn apply_events_after_decision(&mut self, is_included: impl Fn(&Event) -> bool) -> Result<(), ReplayError> {
        let count = self.events_after_decision.iter().take_while(|event| is_included(event)).count();
        if let Some(behind) = &mut self.state_at_decision {
            for event in self.events_after_decision.drain(..count) {
                behind.apply(&event)?;
            }
        }
        Ok(())
    }

    fn check_redaction(&self, event: &Event, what: Redaction) -> Result<(), ReplayError> {
        if let Redaction::Text { commitment, field: declared } = what {
            let entered = *self.fields_by_text.get(&commitment).ok_or(ReplayError::UnknownText)?;
            if declared != entered {
                return Err(ReplayError::OtherField { declared, entered });
            }
        }
        redaction::check_redaction(&self.state, what)
            .map_err(|why: RedactionError| ReplayError::Refused(why.to_string()))?;
        // What else is in the event is its actor, moment and reason, of which there is no rule.
        if event.v == 1 { Ok(()) } else { Err(ReplayError::Differs("v".to_owned())) }
    }
}

/// What the rules make of the command that an event answered.
fn decide_from_event(
    state: &LaunchState,
    event: &Event,
    past: Option<Arc<LaunchState>>,
) -> Result<DecidedChanges, ReplayError> {
    let (command, context) = reconstruct_command(state, event, past).ok_or(ApplyError::NotThisLaunch(event.seq))?;
    decide::decide_replayed(state, command, &context).map_err(|refusal| ReplayError::Refused(describe_refusal(refusal)))
}

/// Checks that the event is the one that the rules decide.
fn check_same_event(event: &Event, decided: DecidedChanges) -> Result<(), ReplayError> {
    let [expected] = decided.events.as_slice() else { return Err(ReplayError::NothingChanged) };
    if expected == event {
        return Ok(());
    }
    let json = |event: &Event| serde_json::to_value(event).unwrap_or_default();
    let difference = exact_json::find_difference(&json(event), &json(expected));
    Err(ReplayError::Differs(difference.map_or_else(String::new, |difference| difference.member_path().to_owned())))
}

/// A refusal as a sentence about an event.
fn describe_refusal(refusal: Refusal) -> String {
    match refusal {
        Refusal::NotFound => "it names what is not there, or what its actor could not see".to_owned(),
        Refusal::Forbidden(why) | Refusal::Conflict(Conflict::Stage(why) | Conflict::Other(why)) => why.into_owned(),
        Refusal::Invalid(_, why) => why.into_owned(),
        Refusal::Unproven => "nobody proved who they are".to_owned(),
        Refusal::Conflict(Conflict::Waiting(_)) => "its signer's way in was renewed after it".to_owned(),
        Refusal::Conflict(Conflict::StaleItem(_) | Conflict::ChangedSince(_)) => {
            "what it changes was changed since".to_owned()
        }
        Refusal::Conflict(Conflict::StaleScope(role)) => {
            format!("its digest is not that of the scope of {role} as the events before it leave it")
        }
        Refusal::Conflict(Conflict::NotReady(reasons)) => {
            format!("readiness finds {} reasons against it at that moment", reasons.len())
        }
        Refusal::Conflict(Conflict::Conditions(_)) => {
            "the conditions that it rests on are not those that were acknowledged".to_owned()
        }
    }
}

#[cfg(test)]
mod costs;
#[cfg(test)]
mod tests;

//! Destroying what has to be forgotten: the event that says so.
//!
//! It is no [`super::command::Command`]: no role in a launch entitles to it and no page asks for it. Whoever runs the
//! installation does it, under a database login of its own, at any stage of a launch's life.

use super::{
    event::{Change, Event, PersonRef, Redaction},
    state::LaunchState,
    texts::{Field, NewText, Place, Text},
};
use crate::domain::{ids::RequestId, time::Moment};

/// Why nothing was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRedacted {
    /// The launch has no such text or file.
    #[error("the launch has no such text or file")]
    Unknown,
    /// It was destroyed before.
    #[error("it was redacted before")]
    Already,
    /// It says why something else was destroyed, and nothing else would.
    #[error("it says why something was redacted, and has to stay")]
    Reason,
}

/// The event that something is destroyed, and why, as a text of its own. That a text is there is looked up where texts
/// are kept, since a launch's state does not have them all.
///
/// # Errors
/// [`NotRedacted`] when there is nothing to destroy.
pub fn redact(
    state: &LaunchState,
    what: Redaction,
    reason: NewText,
    actor: PersonRef,
    request: RequestId,
    now: Moment,
) -> Result<(Event, Text), NotRedacted> {
    check(state, what)?;
    let text = Text::commit(Place { field: Field::RedactionReason, thing: state.id.uuid() }, reason);
    let change = Change::Redacted { what, reason: text.commitment };
    let at = now.max(state.last_at);
    Ok((Event { v: 1, launch: state.id, seq: state.seq + 1, actor, at, request, change }, text))
}

/// Whether something may be destroyed, as far as the state tells.
///
/// # Errors
/// [`NotRedacted`] when it may not.
pub(super) fn check(state: &LaunchState, what: Redaction) -> Result<(), NotRedacted> {
    match what {
        Redaction::Text { field: Field::RedactionReason, .. } => return Err(NotRedacted::Reason),
        Redaction::Text { commitment, .. } if state.current.is_destroyed(&commitment) => {
            return Err(NotRedacted::Already);
        }
        Redaction::Text { .. } => {}
        Redaction::File { sha256 } => match state.current.has_file(&sha256) {
            None => return Err(NotRedacted::Unknown),
            Some(false) => return Err(NotRedacted::Already),
            Some(true) => {}
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        canonical::Sha256Hash,
        digest::digest,
        ids::RequestId,
        launch::{
            event::EvidenceContent,
            fixture::{ANA, TECH_LEAD, World, role},
            texts::Salt,
        },
        text::PersonName,
    };

    fn tried(world: &World, what: Redaction) -> Result<(Event, Text), NotRedacted> {
        let actor = PersonRef { id: ANA, name: PersonName::new("Ana Sousa").unwrap() };
        let reason = NewText { value: "a name of a customer".to_owned(), salt: Salt([9; 32]) };
        redact(&world.state, what, reason, actor, RequestId(uuid::Uuid::nil()), world.now)
    }

    #[test]
    fn a_text_is_forgotten_and_nothing_hashed_changes() {
        let mut world = World::new();
        world.does(
            ANA,
            world.mark_because("required-tech", crate::domain::launch::event::ItemState::Blocked, Some("Mr X")),
        );
        let commitment = world.state.items.iter().find_map(|item| item.standing.reason).unwrap();
        let before = digest(&world.state, &role(TECH_LEAD));
        let what = Redaction::Text { commitment, field: Field::ItemReason };
        let (event, text) = tried(&world, what).unwrap();
        world.state.texts.insert(text);
        world.state.apply(&event).unwrap();
        assert_eq!(world.state.text(&commitment), "[redacted]");
        assert_eq!(digest(&world.state, &role(TECH_LEAD)), before);
        assert_eq!(tried(&world, what), Err(NotRedacted::Already));
        let why = world.state.redactions[0].ended.reason;
        let why = Redaction::Text { commitment: why, field: Field::RedactionReason };
        assert_eq!(tried(&world, why), Err(NotRedacted::Reason));
    }

    #[test]
    fn a_file_is_destroyed_wherever_it_was_attached_and_may_come_again() {
        let mut world = World::new();
        let attach = |world: &mut World| {
            let file = world.file("report.txt", "all well");
            world.does(ANA, world.attach_this("required-tech", file, None, None));
            world.does(ANA, world.use_again("required-tech", "required-sec"));
        };
        attach(&mut world);
        let sha256 = world.state.evidence.values().find_map(|evidence| match evidence.content {
            EvidenceContent::File { sha256, .. } => Some(sha256),
            _ => None,
        });
        let what = Redaction::File { sha256: sha256.unwrap() };
        world.state.apply(&tried(&world, what).unwrap().0).unwrap();
        assert!(world.state.evidence.values().all(|evidence| evidence.redacted.is_some()));
        assert_eq!(tried(&world, what), Err(NotRedacted::Already));
        assert_eq!(tried(&world, Redaction::File { sha256: Sha256Hash([0; 32]) }), Err(NotRedacted::Unknown));
    }
}

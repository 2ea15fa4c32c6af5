//! Redaction: the event that records the destruction of a text or a file.
//!
//! This is not a [`super::command::Command`]: no role in a launch has the right, and no page offers it. The operator of
//! the installation does it, with a separate database login, in any stage of a launch.

use super::{
    event::{Change, Event, PersonRef, Redaction},
    state::LaunchState,
    texts::{NewText, Text, TextField, TextLocation},
};
use crate::domain::{ids::RequestId, time::Moment};

/// Why a redaction was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedactionError {
    #[error("the launch has no such text or file")]
    Unknown,
    #[error("it was redacted before")]
    AlreadyRedacted,
    /// The text is the reason of another redaction, and such reasons have to stay.
    #[error("it says why something was redacted, and has to stay")]
    RedactionReason,
}

/// The event of a redaction, and its reason as a new text. The caller has to check that the text exists, because a
/// launch's state does not contain all texts.
pub fn decide_redaction(
    state: &LaunchState,
    redaction: Redaction,
    reason: NewText,
    actor: PersonRef,
    request: RequestId,
    now: Moment,
) -> Result<(Event, Text), RedactionError> {
    check_redaction(state, redaction)?;
    let text = Text::commit(TextLocation { field: TextField::RedactionReason, subject_id: state.id.uuid() }, reason);
    let change = Change::Redacted { what: redaction, reason: text.commitment };
    let at = now.max(state.last_at);
    Ok((Event { v: 1, launch: state.id, seq: state.seq + 1, actor, at, request, change }, text))
}

/// Checks whether the text or file may be redacted, as far as the state shows.
pub(super) fn check_redaction(state: &LaunchState, redaction: Redaction) -> Result<(), RedactionError> {
    match redaction {
        Redaction::Text { field: TextField::RedactionReason, .. } => return Err(RedactionError::RedactionReason),
        Redaction::Text { commitment, .. } if state.current.is_destroyed(&commitment) => {
            return Err(RedactionError::AlreadyRedacted);
        }
        Redaction::Text { .. } => {}
        Redaction::File { sha256 } => match state.current.has_file(&sha256) {
            None => return Err(RedactionError::Unknown),
            Some(false) => return Err(RedactionError::AlreadyRedacted),
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

    fn try_redaction(world: &World, redaction: Redaction) -> Result<(Event, Text), RedactionError> {
        let actor = PersonRef { id: ANA, name: PersonName::new("Ana Sousa").unwrap() };
        let reason = NewText { value: "a name of a customer".to_owned(), salt: Salt([9; 32]) };
        decide_redaction(&world.state, redaction, reason, actor, RequestId(uuid::Uuid::nil()), world.now)
    }

    #[test]
    fn redaction_of_a_text_changes_nothing_hashed() {
        let mut world = World::new();
        world.run_ok(
            ANA,
            world.mark_because("required-tech", crate::domain::launch::event::ItemState::Blocked, Some("Mr X")),
        );
        let commitment = world.state.items.iter().find_map(|item| item.status.reason).unwrap();
        let before = digest(&world.state, &role(TECH_LEAD));
        let redaction = Redaction::Text { commitment, field: TextField::ItemReason };
        let (event, text) = try_redaction(&world, redaction).unwrap();
        world.state.texts.insert(text);
        world.state.apply(&event).unwrap();
        assert_eq!(world.state.text(&commitment), "[redacted]");
        assert_eq!(digest(&world.state, &role(TECH_LEAD)), before);
        assert_eq!(try_redaction(&world, redaction), Err(RedactionError::AlreadyRedacted));
        let why = world.state.redactions[0].attribution.reason;
        let why = Redaction::Text { commitment: why, field: TextField::RedactionReason };
        assert_eq!(try_redaction(&world, why), Err(RedactionError::RedactionReason));
    }

    #[test]
    fn redaction_of_a_file_marks_all_evidence_that_has_it() {
        let mut world = World::new();
        let attach = |world: &mut World| {
            let file = world.file_content("report.txt", "all well");
            world.run_ok(ANA, world.attach_content("required-tech", file, None, None));
            world.run_ok(ANA, world.reuse_evidence("required-tech", "required-sec"));
        };
        attach(&mut world);
        let sha256 = world.state.evidence.values().find_map(|evidence| match evidence.content {
            EvidenceContent::File { sha256, .. } => Some(sha256),
            _ => None,
        });
        let redaction = Redaction::File { sha256: sha256.unwrap() };
        world.state.apply(&try_redaction(&world, redaction).unwrap().0).unwrap();
        assert!(world.state.evidence.values().all(|evidence| evidence.redacted.is_some()));
        assert_eq!(try_redaction(&world, redaction), Err(RedactionError::AlreadyRedacted));
        assert_eq!(
            try_redaction(&world, Redaction::File { sha256: Sha256Hash([0; 32]) }),
            Err(RedactionError::Unknown)
        );
    }
}

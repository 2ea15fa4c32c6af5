//! What the installation's log tells of a launch, in words.

use super::EventInWords;
use crate::{
    domain::{
        installation::{InstallationEvent, NotSigned},
        launch::state::LaunchState,
    },
    launch_page::words,
};

/// An entry of the installation's log that is about a launch, in words that begin after the actor's name.
#[must_use]
pub fn entry_in_words(state: &LaunchState, event: &InstallationEvent) -> EventInWords {
    EventInWords::verb(match event {
        InstallationEvent::ProofRefused { .. } => "gave a wrong password; nothing was signed".to_owned(),
        InstallationEvent::ProofsRefused { count, .. } => {
            format!("gave a wrong password for the {count}th time within the hour; nothing was signed")
        }
        InstallationEvent::SigningRefused { role, why } => {
            let role = role.as_ref().map_or_else(String::new, |role| format!(" as {}", state.role_title(role)));
            let why = match why {
                NotSigned::NotHolder => "they do not hold the role",
                NotSigned::ChangedScope => "its scope had changed since the page was made",
                NotSigned::ChangedStatement => "what signers declare had been reworded since the page was made",
            };
            format!("was refused to sign{role}: {why}")
        }
        InstallationEvent::SigningsRefused { count } => {
            format!("was refused to sign for the {count}th time within the hour")
        }
        InstallationEvent::HistoryExported { form, events } => {
            format!(
                "took the history away as {}, {}",
                form.words(),
                words::count(usize::try_from(*events).unwrap_or_default(), "event")
            )
        }
        other => other.kind().replace('_', " "),
    })
}

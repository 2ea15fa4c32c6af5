//! What the installation's log tells, in words: of a launch, and of who may come in.

use super::EventInWords;
use crate::{
    domain::{
        installation::{Credential, InstallationEvent, NotSigned, Purpose, SecondFactorPolicy},
        launch::state::LaunchState,
        role::InstallationRoles,
    },
    launch_page::words,
};

/// An entry of the installation's log that is about a launch, in words that begin after the actor's name.
#[must_use]
pub fn entry_in_words(state: &LaunchState, event: &InstallationEvent) -> EventInWords {
    EventInWords::verb(match event {
        InstallationEvent::ProofRefused { credential: Credential::Password, .. } => {
            "gave a wrong password; nothing was signed".to_owned()
        }
        InstallationEvent::ProofRefused { credential: Credential::Code, .. } => {
            "gave a wrong code; nothing was signed".to_owned()
        }
        InstallationEvent::ProofsRefused { count, .. } => {
            format!("gave a wrong password or code for the {count}th time within the hour; nothing was signed")
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

/// An entry of the security log, in words that begin after the actor's name; `whom` is whose account it is about, where
/// that is another's.
#[must_use]
pub fn security_in_words(event: &InstallationEvent, whom: Option<&str>) -> String {
    let of = whom.map_or_else(|| "their own".to_owned(), |name| format!("{name}’s"));
    let who = whom.unwrap_or("themselves");
    let roles = |roles: &InstallationRoles| {
        roles.iter().map(|role| role.title().to_lowercase()).collect::<Vec<_>>().join(" and ")
    };
    match event {
        InstallationEvent::SetUp { .. } => "made the first account, an admin’s".to_owned(),
        InstallationEvent::AccountMade { name, roles: given, .. } => {
            format!("made an account for {name}, as {}", roles(given))
        }
        InstallationEvent::Invited { name, roles: given, .. } => format!("invited {name} as {}", roles(given)),
        InstallationEvent::InvitationWithdrawn { .. } => "withdrew an invitation".to_owned(),
        InstallationEvent::InvitationUsed { roles: given, .. } => {
            format!("came in by an invitation, as {}", roles(given))
        }
        InstallationEvent::RolesChanged { from, to, .. } => {
            format!("changed {of} roles from {} to {}", roles(from), roles(to))
        }
        InstallationEvent::Deactivated { .. } => format!("deactivated {who}"),
        InstallationEvent::Reactivated { .. } => format!("reactivated {who}"),
        InstallationEvent::PasswordChanged { .. } => "changed their password".to_owned(),
        InstallationEvent::SessionsEnded { .. } => "ended all their other sessions".to_owned(),
        InstallationEvent::SessionEnded { .. } => "ended one of their sessions".to_owned(),
        InstallationEvent::SignedIn { method, .. } => format!("signed in with {}", method.words()),
        InstallationEvent::SignedOut { .. } => "signed out".to_owned(),
        InstallationEvent::SecondFactorSetUp { .. } => "set up a second factor".to_owned(),
        InstallationEvent::SecondFactorRemoved { .. } => format!("took away {of} second factor"),
        InstallationEvent::RecoveryCodesMade { .. } => "had new recovery codes made".to_owned(),
        InstallationEvent::SecondFactorPolicyChanged { to: SecondFactorPolicy::LeadsAndAdmins, .. } => {
            "made a second factor mandatory for leads and admins, which had been optional".to_owned()
        }
        InstallationEvent::SecondFactorPolicyChanged { to: SecondFactorPolicy::Optional, .. } => {
            "made a second factor optional, which had been mandatory for leads and admins".to_owned()
        }
        InstallationEvent::ResetMade { .. } => format!("had a link made to choose {of} password anew"),
        InstallationEvent::PasswordReset { .. } => "chose a new password by a link".to_owned(),
        InstallationEvent::ProofRefused { purpose, credential, .. } => {
            let what = match credential {
                Credential::Password => "password",
                Credential::Code => "code",
            };
            let whose = whom.map_or_else(String::new, |name| format!(" for {name}"));
            format!("gave a wrong {what}{whose} {}", at_what(*purpose))
        }
        InstallationEvent::ProofsRefused { purpose, count, .. } => {
            let whose = whom.map_or_else(String::new, |name| format!(" for {name}"));
            format!("gave a wrong password or code{whose} {}, the {count}th within the hour", at_what(*purpose))
        }
        InstallationEvent::SigningRefused { role, why } => {
            let role =
                role.as_ref().map_or_else(String::new, |role| format!(" as {}", role.as_str().replace('_', " ")));
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
        InstallationEvent::EvidenceExported { pieces, files } => {
            format!("took all evidence of a launch away: {pieces} pieces, {files} files")
        }
        InstallationEvent::HistoryExported { form, .. } => format!("took a history away as {}", form.words()),
        InstallationEvent::StatementPublished { .. }
        | InstallationEvent::ChecklistPublished { .. }
        | InstallationEvent::ChecklistArchived { .. }
        | InstallationEvent::ChecklistRestored { .. }
        | InstallationEvent::KeyRegistered { .. }
        | InstallationEvent::LaunchCheckpointed { .. } => event.kind().replace('_', " "),
    }
}

/// What somebody was about to do.
const fn at_what(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "to sign in",
        Purpose::Confirm => "to change their account",
        Purpose::Sign => "to sign a launch or decide on it",
    }
}

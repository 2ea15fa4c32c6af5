//! Describes the entries of the audit log.

use std::{borrow::Cow, collections::HashMap};

use super::EventDescription;
use crate::{
    domain::{
        ids::{ChecklistId, InvitationId, UserId},
        installation::{
            Credential, InstallationEvent, ProofPurpose, RejectionReason, SecondFactorPolicy, SigningRefusalReason,
        },
        launch::{state::LaunchState, texts::Commitment},
        plural::{count_with_noun, first_events},
        role::{InstallationRole, InstallationRoles},
        text::isolate_direction as isolate,
    },
    presentation::renewals,
    record::installation_log::InstallationEntry,
};

/// Current names of the things that entries name only by their ids.
#[derive(Debug, Clone, Default)]
pub struct LogNames {
    pub people: HashMap<UserId, String>,
    /// Checklists, by their newest version.
    pub checklists: HashMap<ChecklistId, String>,
    /// Names of the people who were invited.
    pub invitations: HashMap<InvitationId, String>,
    /// The addresses of refused sign-in attempts, if they may be shown and are still stored.
    pub addresses: HashMap<Commitment, String>,
}

impl LogNames {
    fn person(&self, id: UserId) -> Cow<'_, str> {
        self.people.get(&id).map_or("someone".into(), |name| isolate(name))
    }

    fn checklist(&self, id: ChecklistId) -> Cow<'_, str> {
        self.checklists.get(&id).map_or("a checklist".into(), |name| isolate(name))
    }

    fn invitation(&self, id: InvitationId) -> Cow<'_, str> {
        self.invitations.get(&id).map_or("someone".into(), |name| isolate(name))
    }

    /// The possessive form of a person from the actor's view: `their`, or `Ana’s`.
    fn possessive(&self, entry: &InstallationEntry, user: UserId) -> String {
        if is_own(entry, user) { "their".to_owned() } else { format!("{}’s", self.person(user)) }
    }
}

/// Whether the actor changed their own account.
fn is_own(entry: &InstallationEntry, user: UserId) -> bool {
    entry.actor.as_ref().is_some_and(|actor| actor.id == user)
}

/// Describes an entry of the audit log, beginning after the actor's name; `launch` is the one that it is about, if
/// known.
#[must_use]
pub fn describe_entry(launch: Option<&LaunchState>, names: &LogNames, entry: &InstallationEntry) -> EventDescription {
    use InstallationEvent as Event;
    let verb = |words: String| EventDescription::verb(words);
    match &entry.event {
        Event::SetUp { name, .. } => {
            verb(format!("set the installation up, with {} as its first admin", isolate(name)))
        }
        Event::AccountMade { name, roles, .. } => {
            with_roles(verb(format!("made an account for {}", isolate(name))), None, roles)
        }
        Event::Invited { name, roles, .. } => with_roles(verb(format!("invited {}", isolate(name))), None, roles),
        Event::InvitationWithdrawn { invitation } => {
            verb(format!("withdrew the invitation of {}", names.invitation(*invitation)))
        }
        Event::InvitationUsed { name, roles, .. } => {
            with_roles(verb(format!("took up an invitation: {} has an account", isolate(name))), None, roles)
        }
        Event::RolesChanged { user, from, to } => {
            with_roles(verb(format!("changed what {} may do", names.person(*user))), Some(from), to)
        }
        Event::Deactivated { user } => verb(format!("deactivated {} account", names.possessive(entry, *user))),
        Event::Reactivated { user } => verb(format!("reactivated {} account", names.possessive(entry, *user))),
        Event::PasswordChanged { user } => verb(format!("changed {} password", names.possessive(entry, *user))),
        Event::SessionsEnded { user } => {
            let other = if is_own(entry, *user) { "other " } else { "" };
            verb(format!("ended {} {other}sessions", names.possessive(entry, *user)))
        }
        Event::SessionEnded { user } => verb(format!("ended one of {} sessions", names.possessive(entry, *user))),
        Event::SignedIn { method, .. } => verb(format!("signed in with {}", method.label())),
        Event::SignedOut { .. } => verb("signed out".to_owned()),
        Event::SecondFactorSetUp { .. } => verb("set up a second factor".to_owned()),
        Event::SecondFactorRemoved { user } => {
            verb(format!("took {} second factor away", names.possessive(entry, *user)))
        }
        Event::RecoveryCodesMade { .. } => verb("had new recovery codes made".to_owned()),
        Event::SecondFactorPolicyChanged { to: SecondFactorPolicy::LeadsAndAdmins, .. } => {
            verb("made a second factor mandatory for leads and admins, which had been optional".to_owned())
        }
        Event::SecondFactorPolicyChanged { to: SecondFactorPolicy::Optional, .. } => {
            verb("made a second factor optional, which had been mandatory for leads and admins".to_owned())
        }
        Event::ResetMade { user } => {
            verb(format!("had a link made to choose {} password anew", names.possessive(entry, *user)))
        }
        Event::PasswordReset { by: Some(by), .. } => {
            verb(format!("chose a new password by a link of {}", isolate(&by.name)))
        }
        Event::PasswordReset { by: None, .. } => verb("chose a new password by a link".to_owned()),
        Event::RenewalConfirmed { user, how, by } => {
            let by = by.as_ref().map(|by| by.name.as_str());
            verb(format!(
                "confirmed that {} had asked for {}",
                names.person(*user),
                renewals::describe_renewal_action(*how, by)
            ))
        }
        Event::RenewalSeen { .. } => verb("has seen what others renewed of their way in".to_owned()),
        Event::ProofRefused { user, purpose, credential, address } => {
            let what = match credential {
                Credential::Password => "password",
                Credential::Code => "code",
            };
            let address = address.as_ref().and_then(|address| names.addresses.get(address));
            let from = address.map_or_else(String::new, |address| format!(", from {address}"));
            verb(format!("gave a wrong {what}{}{from}", describe_proof_purpose(names, *user, *purpose)))
        }
        Event::ProofsRefused { user, purpose, count } => {
            let what = describe_proof_purpose(names, *user, *purpose);
            verb(format!("gave a wrong password or code for the {count}th time within the hour{what}"))
        }
        Event::SigningRefused { role, why } => {
            let title =
                |role| launch.map_or_else(|| format!("{role}"), |state| isolate(state.role_title(role)).into_owned());
            let role = role.as_ref().map_or_else(String::new, |role| format!(" as {}", title(role)));
            let why = match why {
                SigningRefusalReason::NotHolder => "they do not hold the role",
                SigningRefusalReason::ChangedScope => "its scope had changed since the page was made",
                SigningRefusalReason::RenewedWayIn => "another had renewed their way in too short a while ago",
                SigningRefusalReason::ChangedStatement => {
                    "what signers declare had been reworded since the page was made"
                }
            };
            verb(format!("was refused to sign{role}: {why}"))
        }
        Event::SigningsRefused { count } => verb(format!("was refused to sign for the {count}th time within the hour")),
        Event::LaunchRefused { asked } => {
            verb(format!("asked for a launch, or a part of one, that is not there or not theirs to know of ({asked})"))
        }
        Event::LaunchesRefused { count } => verb(format!(
            "asked for the {count}th time within the hour for launches that are not there or not theirs to know of"
        )),
        Event::RequestRefused { why, what } => {
            verb(format!("was turned away from {what}: {}", describe_rejection(*why)))
        }
        Event::RequestsRefused { why, count } => {
            verb(format!("was turned away for the {count}th time within the hour: {}", describe_rejection(*why)))
        }
        Event::StatementPublished { version, hash } => EventDescription {
            detail: "their hash".to_owned(),
            sha256: Some(*hash),
            ..verb(format!("published version {version} of what signers declare"))
        },
        Event::ChecklistPublished { number, name, items, .. } => {
            let items = count_with_noun(usize::try_from(*items).unwrap_or_default(), "item");
            verb(format!("published version {number} of the checklist {}, {items}", isolate(name)))
        }
        Event::ChecklistArchived { checklist } => {
            verb(format!("put the checklist {} away", names.checklist(*checklist)))
        }
        Event::ChecklistRestored { checklist } => {
            verb(format!("brought the checklist {} back", names.checklist(*checklist)))
        }
        Event::EvidenceExported { pieces, files } => {
            let pieces = count_with_noun(*pieces, "piece");
            verb(format!("took the evidence away, {pieces} with {}", count_with_noun(*files as usize, "file")))
        }
        Event::HistoryExported { form, events } => {
            let events = count_with_noun(usize::try_from(*events).unwrap_or_default(), "event");
            verb(format!("took the history away as {}, {events}", form.label()))
        }
        Event::LogExported { form } => verb(format!("took the installation’s log away as {}", form.label())),
        Event::KeyRegistered { key } => {
            verb(format!("met the key that signs its checkpoints for the first time: {key}"))
        }
        Event::LaunchCheckpointed { size, root } => EventDescription {
            detail: "they hash to".to_owned(),
            sha256: Some(*root),
            ..verb(format!("covered {} with the checkpoint of the day", first_events(*size)))
        },
    }
}

/// What a wrong password or code was given for.
fn describe_proof_purpose(names: &LogNames, user: Option<UserId>, purpose: ProofPurpose) -> String {
    match (purpose, user) {
        (ProofPurpose::SignIn, Some(user)) => format!(" to sign in as {}", names.person(user)),
        (ProofPurpose::SignIn, None) => " to sign in, for an account that there is not".to_owned(),
        (ProofPurpose::Confirm, _) => " in their account; nothing was changed".to_owned(),
        (ProofPurpose::Sign, _) => "; nothing was signed".to_owned(),
        (ProofPurpose::Administer, _) => " to change people, rights or policy; nothing was changed".to_owned(),
    }
}

const fn describe_rejection(why: RejectionReason) -> &'static str {
    match why {
        RejectionReason::NotAllowed => "they may not do it",
        RejectionReason::FromElsewhere => "it did not come from a page of this site",
        RejectionReason::WrongHost => "it was meant for a site of another name",
        RejectionReason::TooOften => "it was tried too often",
    }
}

fn with_roles(words: EventDescription, old: Option<&InstallationRoles>, new: &InstallationRoles) -> EventDescription {
    let said = |roles: &InstallationRoles| roles.iter().map(InstallationRole::title).collect::<Vec<_>>().join(", ");
    words.with_value_change("May", old.map(said), Some(said(new)))
}

//! What the installation's log tells, in words.

use std::{borrow::Cow, collections::HashMap};

use super::EventInWords;
use crate::{
    domain::{
        ids::{ChecklistId, InvitationId, UserId},
        installation::{Credential, InstallationEvent, NotSigned, Purpose, SecondFactorPolicy, TurnedAway},
        launch::{state::LaunchState, texts::Commitment},
        role::{InstallationRole, InstallationRoles},
        text::isolate_direction as isolate,
    },
    launch_page::{way_in, words::count},
    record::installation::Entry,
};

/// What the things are called that entries name by their ids alone: as they are called now.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// People.
    pub people: HashMap<UserId, String>,
    /// Checklists, by their newest version.
    pub checklists: HashMap<ChecklistId, String>,
    /// Whom invitations were made out to.
    pub invitations: HashMap<InvitationId, String>,
    /// The addresses that refused attempts to sign in came from, where they may be shown and are still kept.
    pub addresses: HashMap<Commitment, String>,
}

impl Names {
    fn person(&self, id: UserId) -> Cow<'_, str> {
        self.people.get(&id).map_or("someone".into(), |name| isolate(name))
    }

    fn checklist(&self, id: ChecklistId) -> Cow<'_, str> {
        self.checklists.get(&id).map_or("a checklist".into(), |name| isolate(name))
    }

    fn invited(&self, id: InvitationId) -> Cow<'_, str> {
        self.invitations.get(&id).map_or("someone".into(), |name| isolate(name))
    }

    /// Somebody's, as who did it says it: `their`, or `Ana's`.
    fn whose(&self, entry: &Entry, user: UserId) -> String {
        if is_own(entry, user) { "their".to_owned() } else { format!("{}’s", self.person(user)) }
    }
}

/// Whether somebody did it to their own account.
fn is_own(entry: &Entry, user: UserId) -> bool {
    entry.actor.as_ref().is_some_and(|actor| actor.id == user)
}

/// An entry of the installation's log, in words that begin after the actor's name; `launch` is the one that it is about,
/// where it is known.
#[must_use]
pub fn entry_in_words(launch: Option<&LaunchState>, names: &Names, entry: &Entry) -> EventInWords {
    use InstallationEvent as Event;
    let verb = |words: String| EventInWords::verb(words);
    match &entry.event {
        Event::SetUp { name, .. } => {
            verb(format!("set the installation up, with {} as its first admin", isolate(name)))
        }
        Event::AccountMade { name, roles, .. } => {
            may(verb(format!("made an account for {}", isolate(name))), None, roles)
        }
        Event::Invited { name, roles, .. } => may(verb(format!("invited {}", isolate(name))), None, roles),
        Event::InvitationWithdrawn { invitation } => {
            verb(format!("withdrew the invitation of {}", names.invited(*invitation)))
        }
        Event::InvitationUsed { name, roles, .. } => {
            may(verb(format!("took up an invitation: {} has an account", isolate(name))), None, roles)
        }
        Event::RolesChanged { user, from, to } => {
            may(verb(format!("changed what {} may do", names.person(*user))), Some(from), to)
        }
        Event::Deactivated { user } => verb(format!("deactivated {} account", names.whose(entry, *user))),
        Event::Reactivated { user } => verb(format!("reactivated {} account", names.whose(entry, *user))),
        Event::PasswordChanged { user } => verb(format!("changed {} password", names.whose(entry, *user))),
        Event::SessionsEnded { user } => {
            let other = if is_own(entry, *user) { "other " } else { "" };
            verb(format!("ended {} {other}sessions", names.whose(entry, *user)))
        }
        Event::SessionEnded { user } => verb(format!("ended one of {} sessions", names.whose(entry, *user))),
        Event::SignedIn { method, .. } => verb(format!("signed in with {}", method.words())),
        Event::SignedOut { .. } => verb("signed out".to_owned()),
        Event::SecondFactorSetUp { .. } => verb("set up a second factor".to_owned()),
        Event::SecondFactorRemoved { user } => verb(format!("took {} second factor away", names.whose(entry, *user))),
        Event::RecoveryCodesMade { .. } => verb("had new recovery codes made".to_owned()),
        Event::SecondFactorPolicyChanged { to: SecondFactorPolicy::LeadsAndAdmins, .. } => {
            verb("made a second factor mandatory for leads and admins, which had been optional".to_owned())
        }
        Event::SecondFactorPolicyChanged { to: SecondFactorPolicy::Optional, .. } => {
            verb("made a second factor optional, which had been mandatory for leads and admins".to_owned())
        }
        Event::ResetMade { user } => {
            verb(format!("had a link made to choose {} password anew", names.whose(entry, *user)))
        }
        Event::PasswordReset { by: Some(by), .. } => {
            verb(format!("chose a new password by a link of {}", isolate(&by.name)))
        }
        Event::PasswordReset { by: None, .. } => verb("chose a new password by a link".to_owned()),
        Event::RenewalConfirmed { user, how, by } => {
            let by = by.as_ref().map(|by| by.name.as_str());
            verb(format!("confirmed that {} had asked for {}", names.person(*user), way_in::done(*how, by)))
        }
        Event::RenewalSeen { .. } => verb("has seen what others renewed of their way in".to_owned()),
        Event::ProofRefused { user, purpose, credential, address } => {
            let what = match credential {
                Credential::Password => "password",
                Credential::Code => "code",
            };
            let address = address.as_ref().and_then(|address| names.addresses.get(address));
            let from = address.map_or_else(String::new, |address| format!(", from {address}"));
            verb(format!("gave a wrong {what}{}{from}", asked(names, *user, *purpose)))
        }
        Event::ProofsRefused { user, purpose, count } => {
            let what = asked(names, *user, *purpose);
            verb(format!("gave a wrong password or code for the {count}th time within the hour{what}"))
        }
        Event::SigningRefused { role, why } => {
            let title =
                |role| launch.map_or_else(|| format!("{role}"), |state| isolate(state.role_title(role)).into_owned());
            let role = role.as_ref().map_or_else(String::new, |role| format!(" as {}", title(role)));
            let why = match why {
                NotSigned::NotHolder => "they do not hold the role",
                NotSigned::ChangedScope => "its scope had changed since the page was made",
                NotSigned::RenewedWayIn => "another had renewed their way in too short a while ago",
                NotSigned::ChangedStatement => "what signers declare had been reworded since the page was made",
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
        Event::RequestRefused { why, what } => verb(format!("was turned away from {what}: {}", turned_away(*why))),
        Event::RequestsRefused { why, count } => {
            verb(format!("was turned away for the {count}th time within the hour: {}", turned_away(*why)))
        }
        Event::StatementPublished { version, hash } => EventInWords {
            detail: "their hash".to_owned(),
            sha256: Some(*hash),
            ..verb(format!("published version {version} of what signers declare"))
        },
        Event::ChecklistPublished { number, name, items, .. } => {
            let items = count(usize::try_from(*items).unwrap_or_default(), "item");
            verb(format!("published version {number} of the checklist {}, {items}", isolate(name)))
        }
        Event::ChecklistArchived { checklist } => {
            verb(format!("put the checklist {} away", names.checklist(*checklist)))
        }
        Event::ChecklistRestored { checklist } => {
            verb(format!("brought the checklist {} back", names.checklist(*checklist)))
        }
        Event::EvidenceExported { pieces, files } => {
            let pieces = pieces_of(*pieces);
            verb(format!("took the evidence away, {pieces} with {}", count(*files as usize, "file")))
        }
        Event::HistoryExported { form, events } => {
            let events = count(usize::try_from(*events).unwrap_or_default(), "event");
            verb(format!("took the history away as {}, {events}", form.words()))
        }
        Event::LogExported { form } => verb(format!("took the installation’s log away as {}", form.words())),
        Event::KeyRegistered { key } => {
            verb(format!("met the key that signs its checkpoints for the first time: {key}"))
        }
        Event::LaunchCheckpointed { size, root } => EventInWords {
            detail: "they hash to".to_owned(),
            sha256: Some(*root),
            ..verb(format!("covered events 1 to {size} with the checkpoint of the day"))
        },
    }
}

fn pieces_of(number: u32) -> String {
    if number == 1 { "1 piece".to_owned() } else { format!("{number} pieces") }
}

/// What a wrong password was given for.
fn asked(names: &Names, user: Option<UserId>, purpose: Purpose) -> String {
    match (purpose, user) {
        (Purpose::SignIn, Some(user)) => format!(" to sign in as {}", names.person(user)),
        (Purpose::SignIn, None) => " to sign in, for an account that there is not".to_owned(),
        (Purpose::Confirm, _) => " in their account; nothing was changed".to_owned(),
        (Purpose::Sign, _) => "; nothing was signed".to_owned(),
        (Purpose::Administer, _) => " to change people, rights or policy; nothing was changed".to_owned(),
    }
}

/// Why a request was turned away.
const fn turned_away(why: TurnedAway) -> &'static str {
    match why {
        TurnedAway::NotAllowed => "they may not do it",
        TurnedAway::FromElsewhere => "it did not come from a page of this site",
        TurnedAway::WrongHost => "it was meant for a site of another name",
        TurnedAway::TooOften => "it was tried too often",
    }
}

fn may(words: EventInWords, old: Option<&InstallationRoles>, new: &InstallationRoles) -> EventInWords {
    let said = |roles: &InstallationRoles| roles.iter().map(InstallationRole::title).collect::<Vec<_>>().join(", ");
    words.value("May", old.map(said), Some(said(new)))
}

//! What happened, in words: one sentence for each kind of event, with old and new values and the reason.
//!
//! The sentence begins after the actor's name and is made of parts, so that the history can link the item and an
//! item's own page can leave it out: *verb* [*said*] [*thing* (*detail*)] [*joint* *item*] [*tail*], as
//! `templates/launch_page/_event.html` puts them together. Names are those the event was written with; texts are
//! as they are known today, so that what was redacted reads `[redacted]`.

mod of_installation;
mod of_items;
mod of_launches;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use of_installation::{Names, entry_in_words};
use of_items::{assigned, attached, marked, signed, thing, waiver_decided};
use of_launches::{condition, created, details_changed, finding, policy_values};

use super::words;
use crate::{
    domain::{
        canonical::Sha256Hash,
        ids::{CommentId, ItemId},
        launch::{
            event::{Change, Event, EvidenceContent, Redaction, Vote},
            state::LaunchState,
            texts::Commitment,
        },
        text::isolate_direction as isolate,
        time::{Moment, Zone},
    },
    web::time::exact,
};

/// Something the sentence names, with the page it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is called.
    pub text: String,
    /// Its page; empty where it has none.
    pub href: String,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    /// What changed, as a label; empty where the sentence says it.
    pub what: String,
    /// What it was; nothing where it was not set.
    pub old: Option<String>,
    /// What it is; nothing where it is no longer set.
    pub new: Option<String>,
}

/// An event in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventInWords {
    /// What was done, after the actor's name: `marked`, `attached`, `asked for a waiver until 3 Dec 2026`.
    pub verb: String,
    /// Go or no-go, where that was said.
    pub said: Option<Vote>,
    /// What it was done to, besides the item: a file, a link.
    pub thing: Option<Link>,
    /// More about the thing: its size.
    pub detail: String,
    /// The SHA-256 of a file.
    pub sha256: Option<Sha256Hash>,
    /// The word between what was done and the item: `on`, `to`, or empty.
    pub joint: &'static str,
    /// The item.
    pub item: Option<Link>,
    /// What follows: `as Tech lead`.
    pub tail: String,
    /// Old and new values.
    pub changes: Vec<ValueChange>,
    /// Why, or whatever else was written with it.
    pub reason: Option<String>,
}

impl EventInWords {
    /// The sentence, as plain text: without old and new values, which stand beside it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut sentence = self.verb.clone();
        let mut add = |word: &str| {
            if !word.is_empty() {
                sentence.push(' ');
                sentence.push_str(word);
            }
        };
        add(self.said.map_or("", words::vote));
        add(self.thing.as_ref().map_or("", |thing| thing.text.as_str()));
        if let Some(item) = &self.item {
            add(self.joint);
            add(&item.text);
        }
        add(&self.tail);
        sentence
    }

    /// The old values, or the new ones, a line each, with what each is a value of where there is more to it than the
    /// sentence.
    #[must_use]
    pub fn values(&self, side: impl Fn(&ValueChange) -> Option<&str>) -> String {
        let line = |change: &ValueChange| {
            let value = side(change)?;
            Some(if change.what.is_empty() { value.to_owned() } else { format!("{}: {value}", change.what) })
        };
        self.changes.iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }

    fn verb(verb: impl Into<String>) -> Self {
        Self { verb: verb.into(), ..Self::default() }
    }

    fn on(mut self, state: &LaunchState, joint: &'static str, item: ItemId) -> Self {
        let text = state.item(item).map_or("an item", |item| state.definition(item).title.as_str()).to_owned();
        (self.joint, self.item) = (joint, Some(Link { text, href: words::item_href(item) }));
        self
    }

    fn because(mut self, state: &LaunchState, reason: Option<&Commitment>) -> Self {
        self.reason = reason.map(|reason| state.text(reason).to_owned());
        self
    }

    /// Notes a value where it changed.
    fn value(self, what: impl Into<String>, old: Option<String>, new: Option<String>) -> Self {
        if old == new { self } else { self.text(what, old, new) }
    }

    /// Notes a text that changed, though today both may read `[redacted]`; nothing where there is nothing to show.
    fn text(mut self, what: impl Into<String>, old: Option<String>, new: Option<String>) -> Self {
        if old.is_some() || new.is_some() {
            self.changes.push(ValueChange { what: what.into(), old, new });
        }
        self
    }
}

/// The bodies of comments, which a launch's state does not keep: those that a page has read.
pub type Bodies = HashMap<Commitment, String>;

/// The bodies in rows of commitments and values, as the database gives them.
pub fn bodies_in(rows: impl Iterator<Item = (Vec<u8>, String)>) -> Bodies {
    rows.filter_map(|(commitment, value)| Some((Commitment(commitment.try_into().ok()?), value))).collect()
}

/// An event in words, without the bodies of comments.
#[must_use]
pub fn event_in_words(state: &LaunchState, event: &Event) -> EventInWords {
    in_words(state, event, None)
}

/// An event in words; `bodies` are those of the comments that the page's events name ([`bodies_named`]), as far as
/// they are still there.
#[must_use]
pub fn event_in_words_with(state: &LaunchState, event: &Event, bodies: &Bodies) -> EventInWords {
    in_words(state, event, Some(bodies))
}

/// The bodies of comments that an event names, to be read for [`event_in_words_with`].
pub fn bodies_named(event: &Event) -> impl Iterator<Item = Commitment> + use<> {
    let (one, other) = match &event.change {
        Change::CommentAdded { body, .. } => (Some(*body), None),
        Change::CommentEdited { old, new, .. } => (Some(*old), Some(*new)),
        _ => (None, None),
    };
    one.into_iter().chain(other)
}

/// That a comment was hidden, or shown again, and whose it is.
fn hidden(state: &LaunchState, verb: &str, comment: CommentId) -> EventInWords {
    let author = state.comments.get(&comment).map_or("somebody", |comment| state.person(comment.by));
    EventInWords::verb(format!("{verb} a comment of {author}"))
}

fn in_words(state: &LaunchState, event: &Event, bodies: Option<&Bodies>) -> EventInWords {
    let verb = |verb: &str| EventInWords::verb(verb);
    let body = |of: &Commitment| bodies.map(|bodies| bodies.get(of).map_or("[redacted]", String::as_str).to_owned());
    match &event.change {
        Change::LaunchCreated { details, policy, owner, restricted, .. } => created(state, details, policy)
            .value("Owner", None, Some(owner.name.to_string()))
            .value("Restricted", None, restricted.then(|| "yes".to_owned())),
        Change::DetailsChanged { old, new } => details_changed(state, old, new),
        Change::PolicyChanged { old, new } => policy_values(verb("changed the rules"), Some(old), new),
        Change::RestrictionChanged { new: true, .. } => verb("restricted the launch to the people named on it"),
        Change::RestrictionChanged { new: false, .. } => verb("opened the launch to everyone"),
        Change::NotesChanged { old, new } => {
            verb("rewrote the notes").text("", text(state, old.as_ref()), text(state, new.as_ref()))
        }
        Change::OwnerChanged { old, new, reason } => verb("gave the launch away")
            .value("Owner", Some(old.name.to_string()), Some(new.name.to_string()))
            .because(state, reason.as_ref()),
        Change::HolderAdded { role, person } => EventInWords::verb(format!(
            "made {} a holder of {}",
            isolate(&person.name),
            isolate(state.role_title(role))
        )),
        Change::HolderRemoved { role, person } => {
            EventInWords::verb(format!("took {} off {}", isolate(&person.name), isolate(state.role_title(role))))
        }
        Change::ParticipantAdded { person } => {
            EventInWords::verb(format!("named {} as participant", isolate(&person.name)))
        }
        Change::ParticipantRemoved { person } => {
            EventInWords::verb(format!("took {} off the participants", isolate(&person.name)))
        }
        Change::ItemMarked { item, old, new } => {
            let joint = if old.state == new.state { "on" } else { "" };
            marked(state, old, new).on(state, joint, *item)
        }
        Change::AgreementGiven { item, reason } => {
            verb("agreed to “not applicable”").on(state, "of", *item).because(state, reason.as_ref())
        }
        Change::AgreementRefused { item, reason } => {
            verb("refused “not applicable”").on(state, "of", *item).because(state, Some(reason))
        }
        Change::ItemAssigned { item, old, new } => {
            let (words, joint) = assigned(old, new);
            words.on(state, joint, *item)
        }
        Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source } => {
            let words = attached(state, *evidence, content).on(state, "to", *item);
            let from = source.and_then(|source| state.evidence.get(&source)).and_then(|found| state.item(found.item));
            let words = words.value("Used again from", None, from.map(|item| state.definition(item).title.to_string()));
            words.value("Observed on", None, Some(words::day(*observed_on))).value(
                "Valid until",
                None,
                valid_until.map(words::day),
            )
        }
        Change::EvidenceWithdrawn { item, evidence, reason } => {
            let thing = state.evidence.get(evidence).map(|found| thing(state, *evidence, &found.content));
            let words = EventInWords { thing, ..verb("withdrew") };
            words.on(state, "from", *item).because(state, Some(reason))
        }
        Change::EvidenceRequested { item, text, .. } => {
            verb("asked for more evidence").on(state, "on", *item).because(state, Some(text))
        }
        Change::EvidenceRequestAnswered { item, text, .. } => {
            verb("answered a request for evidence").on(state, "on", *item).because(state, Some(text))
        }
        Change::CommentAdded { item, body: new, .. } => {
            EventInWords { reason: body(new), ..verb("commented").on(state, "on", *item) }
        }
        Change::CommentEdited { item, old, new, .. } => {
            verb("rewrote a comment").on(state, "on", *item).text("", body(old), body(new))
        }
        Change::CommentDeleted { item, .. } => verb("deleted a comment").on(state, "on", *item),
        Change::CommentHidden { item, comment } => hidden(state, "hid", *comment).on(state, "on", *item),
        Change::CommentShown { item, comment } => hidden(state, "showed again", *comment).on(state, "on", *item),
        Change::WaiverAsked { item, reason, control, expires_on, .. } => {
            EventInWords::verb(format!("asked for a waiver until {}", words::day(*expires_on)))
                .on(state, "on", *item)
                .value("Instead", None, text(state, Some(control)))
                .because(state, Some(reason))
        }
        Change::WaiverApproved { item, waiver, reason } => {
            waiver_decided(state, "approved", *waiver).on(state, "on", *item).because(state, reason.as_ref())
        }
        Change::WaiverRefused { item, waiver, reason } => {
            waiver_decided(state, "refused", *waiver).on(state, "on", *item).because(state, Some(reason))
        }
        Change::WaiverRevoked { item, waiver, reason } => {
            waiver_decided(state, "revoked", *waiver).on(state, "on", *item).because(state, Some(reason))
        }
        Change::Signed(record) => signed(state, record),
        Change::SignatureWithdrawn { signature, role, comment, .. } => {
            let said = state.signature(*signature).map_or("signature", |found| words::vote(found.record.verdict));
            EventInWords::verb(format!("withdrew their {said} as {}", isolate(state.role_title(role))))
                .because(state, Some(comment))
        }
        Change::SignaturesAsked { roles } => {
            let titles: Vec<_> = roles.iter().map(|role| isolate(state.role_title(role))).collect();
            EventInWords::verb(format!("asked for the signatures of {}", titles.join(", ")))
        }
        Change::GoDeclared { found, acknowledged, .. } => {
            let words = EventInWords { said: Some(Vote::Go), ..verb("declared") };
            let words = finding(words, found);
            acknowledged.iter().fold(words, |words, id| {
                words.value("Condition acknowledged", None, Some(condition(state, &found.conditions, id)))
            })
        }
        Change::Held { reason } => verb("put the launch on hold").because(state, Some(reason)),
        Change::Resumed { reason } => verb("took preparation up again").because(state, reason.as_ref()),
        Change::Reopened { reason } => {
            verb("took the decision back and reopened the launch").because(state, Some(reason))
        }
        Change::Launched { launched_at, found } => {
            finding(EventInWords::verb(format!("recorded the launch at {}", exact(*launched_at, state.zone()))), found)
        }
        Change::Closed { settlements } => {
            let found = state.stage.launched().map_or(&[][..], |launched| &launched.found.conditions);
            settlements.iter().fold(verb("closed the launch"), |words, settled| {
                let what = format!("Settled: {}", condition(state, found, &settled.condition));
                words.value(what, None, text(state, Some(&settled.note)))
            })
        }
        Change::Cancelled { reason } => verb("called the launch off").because(state, Some(reason)),
        Change::Redacted { what: Redaction::Text { field, .. }, reason } => {
            EventInWords::verb(format!("redacted {}", field.words())).because(state, Some(reason))
        }
        Change::Redacted { what: Redaction::File { sha256 }, reason } => {
            let name = state.evidence.values().find_map(|evidence| match &evidence.content {
                EvidenceContent::File { name, sha256: of, .. } if of == sha256 => Some(state.text(name).to_owned()),
                _ => None,
            });
            let thing = name.map(|text| Link { text, href: String::new() });
            EventInWords { thing, sha256: Some(*sha256), ..verb("redacted the file") }.because(state, Some(reason))
        }
    }
}

fn text(state: &LaunchState, commitment: Option<&Commitment>) -> Option<String> {
    commitment.map(|commitment| state.text(commitment).to_owned())
}

/// The day an event belongs to, in the zone of who reads: `Monday 23 November 2026`.
#[must_use]
pub fn day_of(at: Moment, zone: &Zone) -> String {
    at.local(zone).strftime("%A %-d %B %Y").to_string()
}

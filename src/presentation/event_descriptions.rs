//! Describes events: one sentence for each kind of event, with old and new values and the reason.
//!
//! The sentence begins after the actor's name and consists of parts, so that the history can link the item and an
//! item's own page can omit it: *verb* [*vote*] [*thing* (*detail*)] [*preposition* *item*] [*tail*], as
//! `templates/presentation/_event.html` combines them. Names are those with which the event was written; texts are the
//! current ones, so a redacted text reads `[redacted]`.

mod installation_events;
mod item_events;
mod launch_events;

#[cfg(test)]
mod tests;

pub use installation_events::{LogNames, describe_entry};
use item_events::{
    describe_assignment, describe_attachment, describe_marking, describe_signature, describe_waiver_decision,
    evidence_link,
};
use launch_events::{condition_text, describe_creation, describe_details_change, with_policy_values, with_readiness};

use super::formatting;
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
    record::texts::LoadedTexts,
    web::time::exact,
};

/// Something that the sentence names, with its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionLink {
    pub text: String,
    /// Empty if it has no page.
    pub href: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    /// Label of the value; empty if the sentence names it.
    pub what: String,
    /// `None` if it was not set.
    pub old: Option<String>,
    /// `None` if it is no longer set.
    pub new: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventDescription {
    /// What was done, after the actor's name: `marked`, `attached`, `asked for a waiver until 3 Dec 2026`.
    pub verb: String,
    pub vote: Option<Vote>,
    /// What it was done to, besides the item: a file, a link.
    pub thing: Option<DescriptionLink>,
    /// More about the thing: its size.
    pub detail: String,
    pub sha256: Option<Sha256Hash>,
    /// Word between the action and the item: `on`, `to`, or empty.
    pub preposition: &'static str,
    pub item: Option<DescriptionLink>,
    /// End of the sentence: `as Tech lead`.
    pub tail: String,
    pub changes: Vec<ValueChange>,
    /// The reason, or another text that was written with the event.
    pub reason: Option<String>,
}

impl EventDescription {
    /// The sentence as plain text, without old and new values, which are shown beside it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut sentence = self.verb.clone();
        let mut add = |word: &str| {
            if !word.is_empty() {
                sentence.push(' ');
                sentence.push_str(word);
            }
        };
        add(self.vote.map_or("", formatting::vote_label));
        add(self.thing.as_ref().map_or("", |thing| thing.text.as_str()));
        if let Some(item) = &self.item {
            add(self.preposition);
            add(&item.text);
        }
        add(&self.tail);
        sentence
    }

    /// The old values or the new ones, one per line, with the label of each value that has one.
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

    fn on_item(mut self, state: &LaunchState, joint: &'static str, item: ItemId) -> Self {
        let text = state.item(item).map_or("an item", |item| state.definition(item).title.as_str()).to_owned();
        (self.preposition, self.item) = (joint, Some(DescriptionLink { text, href: formatting::item_href(item) }));
        self
    }

    fn with_reason(mut self, state: &LaunchState, reason: Option<&Commitment>) -> Self {
        self.reason = reason.map(|reason| state.text(reason).to_owned());
        self
    }

    /// Adds a value if it changed.
    fn with_value_change(self, what: impl Into<String>, old: Option<String>, new: Option<String>) -> Self {
        if old == new { self } else { self.optional_text(what, old, new) }
    }

    /// Adds a text that changed, even if both now read `[redacted]`; nothing if there is nothing to show.
    fn optional_text(mut self, what: impl Into<String>, old: Option<String>, new: Option<String>) -> Self {
        if old.is_some() || new.is_some() {
            self.changes.push(ValueChange { what: what.into(), old, new });
        }
        self
    }
}

/// Describes an event, without the bodies of comments.
#[must_use]
pub fn describe_event(state: &LaunchState, event: &Event) -> EventDescription {
    describe_change(state, event, None)
}

/// Describes an event; `bodies` are those of the comments that the page's events name ([`named_comment_bodies`]), as
/// far as they still exist.
#[must_use]
pub fn describe_event_with_bodies(state: &LaunchState, event: &Event, bodies: &LoadedTexts) -> EventDescription {
    describe_change(state, event, Some(bodies))
}

/// The comment bodies that an event names, to be loaded for [`describe_event_with_bodies`].
pub fn named_comment_bodies(event: &Event) -> impl Iterator<Item = Commitment> + use<> {
    let (one, other) = match &event.change {
        Change::CommentAdded { body, .. } => (Some(*body), None),
        Change::CommentEdited { old, new, .. } => (Some(*old), Some(*new)),
        _ => (None, None),
    };
    one.into_iter().chain(other)
}

/// Describes that a comment was hidden or shown again, with its author.
fn describe_comment_hiding(state: &LaunchState, verb: &str, comment: CommentId) -> EventDescription {
    let author = state.comments.get(&comment).map_or("somebody", |comment| state.person_name(comment.by));
    EventDescription::verb(format!("{verb} a comment of {author}"))
}

fn describe_change(state: &LaunchState, event: &Event, bodies: Option<&LoadedTexts>) -> EventDescription {
    let verb = |verb: &str| EventDescription::verb(verb);
    let body = |of: &Commitment| bodies.map(|bodies| bodies.get(of).map_or("[redacted]", String::as_str).to_owned());
    match &event.change {
        Change::LaunchCreated { details, policy, owner, restricted, .. } => describe_creation(state, details, policy)
            .with_value_change("Owner", None, Some(owner.name.to_string()))
            .with_value_change("Restricted", None, restricted.then(|| "yes".to_owned())),
        Change::DetailsChanged { old, new } => describe_details_change(state, old, new),
        Change::PolicyChanged { old, new } => with_policy_values(verb("changed the rules"), Some(old), new),
        Change::RestrictionChanged { new: true, .. } => verb("restricted the launch to the people named on it"),
        Change::RestrictionChanged { new: false, .. } => verb("opened the launch to everyone"),
        Change::NotesChanged { old, new } => {
            verb("rewrote the notes").optional_text("", text(state, old.as_ref()), text(state, new.as_ref()))
        }
        Change::OwnerChanged { old, new, reason } => verb("gave the launch away")
            .with_value_change("Owner", Some(old.name.to_string()), Some(new.name.to_string()))
            .with_reason(state, reason.as_ref()),
        Change::HolderAdded { role, person } => EventDescription::verb(format!(
            "made {} a holder of {}",
            isolate(&person.name),
            isolate(state.role_title(role))
        )),
        Change::HolderRemoved { role, person } => {
            EventDescription::verb(format!("took {} off {}", isolate(&person.name), isolate(state.role_title(role))))
        }
        Change::ParticipantAdded { person } => {
            EventDescription::verb(format!("named {} as participant", isolate(&person.name)))
        }
        Change::ParticipantRemoved { person } => {
            EventDescription::verb(format!("took {} off the participants", isolate(&person.name)))
        }
        Change::ItemMarked { item, old, new } => {
            let joint = if old.state == new.state { "on" } else { "" };
            describe_marking(state, old, new).on_item(state, joint, *item)
        }
        Change::AgreementGiven { item, reason } => {
            verb("agreed to “not applicable”").on_item(state, "of", *item).with_reason(state, reason.as_ref())
        }
        Change::AgreementRefused { item, reason } => {
            verb("refused “not applicable”").on_item(state, "of", *item).with_reason(state, Some(reason))
        }
        Change::ItemAssigned { item, old, new } => {
            let (words, joint) = describe_assignment(old, new);
            words.on_item(state, joint, *item)
        }
        Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source } => {
            let words = describe_attachment(state, *evidence, content).on_item(state, "to", *item);
            let from = source.and_then(|source| state.evidence.get(&source)).and_then(|found| state.item(found.item));
            let words = words.with_value_change(
                "Used again from",
                None,
                from.map(|item| state.definition(item).title.to_string()),
            );
            words.with_value_change("Observed on", None, Some(formatting::format_day(*observed_on))).with_value_change(
                "Valid until",
                None,
                valid_until.map(formatting::format_day),
            )
        }
        Change::EvidenceWithdrawn { item, evidence, reason } => {
            let thing = state.evidence.get(evidence).map(|found| evidence_link(state, *evidence, &found.content));
            let words = EventDescription { thing, ..verb("withdrew") };
            words.on_item(state, "from", *item).with_reason(state, Some(reason))
        }
        Change::EvidenceRequested { item, text, .. } => {
            verb("asked for more evidence").on_item(state, "on", *item).with_reason(state, Some(text))
        }
        Change::EvidenceRequestAnswered { item, text, .. } => {
            verb("answered a request for evidence").on_item(state, "on", *item).with_reason(state, Some(text))
        }
        Change::CommentAdded { item, body: new, .. } => {
            EventDescription { reason: body(new), ..verb("commented").on_item(state, "on", *item) }
        }
        Change::CommentEdited { item, old, new, .. } => {
            verb("rewrote a comment").on_item(state, "on", *item).optional_text("", body(old), body(new))
        }
        Change::CommentDeleted { item, .. } => verb("deleted a comment").on_item(state, "on", *item),
        Change::CommentHidden { item, comment } => {
            describe_comment_hiding(state, "hid", *comment).on_item(state, "on", *item)
        }
        Change::CommentShown { item, comment } => {
            describe_comment_hiding(state, "showed again", *comment).on_item(state, "on", *item)
        }
        Change::WaiverAsked { item, reason, control, expires_on, .. } => {
            EventDescription::verb(format!("asked for a waiver until {}", formatting::format_day(*expires_on)))
                .on_item(state, "on", *item)
                .with_value_change("Instead", None, text(state, Some(control)))
                .with_reason(state, Some(reason))
        }
        Change::WaiverApproved { item, waiver, reason } => describe_waiver_decision(state, "approved", *waiver)
            .on_item(state, "on", *item)
            .with_reason(state, reason.as_ref()),
        Change::WaiverRefused { item, waiver, reason } => describe_waiver_decision(state, "refused", *waiver)
            .on_item(state, "on", *item)
            .with_reason(state, Some(reason)),
        Change::WaiverRevoked { item, waiver, reason } => describe_waiver_decision(state, "revoked", *waiver)
            .on_item(state, "on", *item)
            .with_reason(state, Some(reason)),
        Change::Signed(record) => describe_signature(state, record),
        Change::SignatureWithdrawn { signature, role, comment, .. } => {
            let said =
                state.signature(*signature).map_or("signature", |found| formatting::vote_label(found.record.verdict));
            EventDescription::verb(format!("withdrew their {said} as {}", isolate(state.role_title(role))))
                .with_reason(state, Some(comment))
        }
        Change::SignaturesAsked { roles } => {
            let titles: Vec<_> = roles.iter().map(|role| isolate(state.role_title(role))).collect();
            EventDescription::verb(format!("asked for the signatures of {}", titles.join(", ")))
        }
        Change::GoDeclared { found, acknowledged, .. } => {
            let words = EventDescription { vote: Some(Vote::Go), ..verb("declared") };
            let words = with_readiness(words, found);
            acknowledged.iter().fold(words, |words, id| {
                words.with_value_change(
                    "Condition acknowledged",
                    None,
                    Some(condition_text(state, &found.conditions, id)),
                )
            })
        }
        Change::Held { reason } => verb("put the launch on hold").with_reason(state, Some(reason)),
        Change::Resumed { reason } => verb("took preparation up again").with_reason(state, reason.as_ref()),
        Change::Reopened { reason } => {
            verb("took the decision back and reopened the launch").with_reason(state, Some(reason))
        }
        Change::Launched { launched_at, found } => with_readiness(
            EventDescription::verb(format!("recorded the launch at {}", exact(*launched_at, state.zone()))),
            found,
        ),
        Change::Closed { settlements } => {
            let found = state.stage.launched().map_or(&[][..], |launched| &launched.readiness.conditions);
            settlements.iter().fold(verb("closed the launch"), |words, settled| {
                let what = format!("Settled: {}", condition_text(state, found, &settled.condition));
                words.with_value_change(what, None, text(state, Some(&settled.note)))
            })
        }
        Change::Cancelled { reason } => verb("called the launch off").with_reason(state, Some(reason)),
        Change::Redacted { what: Redaction::Text { field, .. }, reason } => {
            EventDescription::verb(format!("redacted {}", field.description())).with_reason(state, Some(reason))
        }
        Change::Redacted { what: Redaction::File { sha256 }, reason } => {
            let name = state.evidence.values().find_map(|evidence| match &evidence.content {
                EvidenceContent::File { name, sha256: of, .. } if of == sha256 => Some(state.text(name).to_owned()),
                _ => None,
            });
            let thing = name.map(|text| DescriptionLink { text, href: String::new() });
            EventDescription { thing, sha256: Some(*sha256), ..verb("redacted the file") }
                .with_reason(state, Some(reason))
        }
    }
}

fn text(state: &LaunchState, commitment: Option<&Commitment>) -> Option<String> {
    commitment.map(|commitment| state.text(commitment).to_owned())
}

/// The day of an event in the reader's zone: `Monday 23 November 2026`.
#[must_use]
pub fn format_weekday(at: Moment, zone: &Zone) -> String {
    at.to_local(zone).strftime("%A %-d %B %Y").to_string()
}

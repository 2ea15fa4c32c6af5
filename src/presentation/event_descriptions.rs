//! Describes events: one sentence for each kind of event, with old and new values and the reason.
//!
//! The sentence begins after the actor's name. It has links to what it names, and a second form for the page of an item, which
//! does not name the item again. Names are those with which the event was written; texts are the current ones, so a
//! redacted text reads `[redacted]`.

mod changed_values;
mod installation_events;
mod reasons;
mod sentence;
mod sentences;

#[cfg(test)]
mod tests;

pub use installation_events::{LogNames, describe_entry};
pub use sentence::{DescriptionLink, EventSentence, SentenceTag};

use std::borrow::Cow;

use sentence::SentencePart;

use super::formatting;
use crate::{
    domain::{
        canonical::Sha256Hash,
        launch::{
            event::{Change, Event, EvidenceContent, ItemState, Redaction},
            state::LaunchState,
            texts::Commitment,
        },
    },
    record::texts::LoadedTexts,
    texts,
    web::byte_size::format_bytes,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    /// Label of the value; empty if the sentence names it.
    pub label: Cow<'static, str>,
    /// `None` if it was not set.
    pub old: Option<String>,
    /// `None` if it is no longer set.
    pub new: Option<String>,
    /// The old and the new state, if the values are states of an item.
    pub states: Option<(ItemState, ItemState)>,
}

impl ValueChange {
    /// A value that differs.
    fn of_value(label: Cow<'static, str>, old: Option<String>, new: Option<String>) -> Option<Self> {
        if old == new { None } else { Self::of_text(label, old, new) }
    }

    /// A text that differs, even if both now read `[redacted]`; nothing if there is nothing to show.
    fn of_text(label: Cow<'static, str>, old: Option<String>, new: Option<String>) -> Option<Self> {
        (old.is_some() || new.is_some()).then_some(Self { label, old, new, states: None })
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventDescription {
    /// What was done, after the actor's name.
    pub full: EventSentence,
    /// The same for a page that is about the item already.
    pub short: EventSentence,
    /// More about a file: its size.
    pub detail: String,
    pub sha256: Option<Sha256Hash>,
    pub changes: Vec<ValueChange>,
    /// The reason, or another text that was written with the event.
    pub reason: Option<String>,
}

impl EventDescription {
    /// The sentence as plain text, without old and new values, which are shown beside it.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.full.to_plain_text()
    }

    /// The old values or the new ones, one per line, with the label of each value that has one.
    #[must_use]
    pub fn values(&self, side: impl Fn(&ValueChange) -> Option<&str>) -> String {
        let line = |change: &ValueChange| {
            let value = side(change)?;
            Some(if change.label.is_empty() { value.to_owned() } else { format!("{}: {value}", change.label) })
        };
        self.changes.iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }

    /// Describes what is about no item.
    fn new(text: &str, names: &[SentencePart]) -> Self {
        let full = EventSentence::new(text, None, names);
        Self { short: full.clone(), full, ..Self::default() }
    }
}

/// Describes an event, without the bodies of comments.
#[must_use]
pub fn describe_event(state: &LaunchState, event: &Event) -> EventDescription {
    describe_change(state, &event.change, None)
}

/// Describes an event; `bodies` are those of the comments that the page's events name ([`named_comment_bodies`]), as
/// far as they still exist.
#[must_use]
pub fn describe_event_with_bodies(state: &LaunchState, event: &Event, bodies: &LoadedTexts) -> EventDescription {
    describe_change(state, &event.change, Some(bodies))
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

fn describe_change(state: &LaunchState, change: &Change, bodies: Option<&LoadedTexts>) -> EventDescription {
    let item = change.item().map(|id| DescriptionLink {
        text: state.item(id).map_or_else(texts::an_item, |item| state.definition(item).title.to_string().into()).into(),
        href: formatting::item_href(id),
    });
    let names = sentences::names(state, change);
    let full = EventSentence::new(&sentences::full_text(state, change), item.as_ref(), &names);
    let short = sentences::short_text(state, change).map(|text| EventSentence::new(&text, None, &names));
    let (detail, sha256) = match change {
        Change::EvidenceAttached { content: EvidenceContent::File { sha256, size, .. }, .. } => {
            (format_bytes(*size), Some(*sha256))
        }
        Change::Redacted { what: Redaction::File { sha256 }, .. } => (String::new(), Some(*sha256)),
        _ => (String::new(), None),
    };
    EventDescription {
        short: short.unwrap_or_else(|| full.clone()),
        full,
        detail,
        sha256,
        changes: changed_values::list_changes(state, change, bodies),
        reason: reasons::reason(state, change, bodies),
    }
}

fn text(state: &LaunchState, commitment: Option<&Commitment>) -> Option<String> {
    commitment.map(|commitment| state.text(commitment).to_owned())
}

/// The body of a comment; `None` if no bodies are shown.
fn body(bodies: Option<&LoadedTexts>, of: &Commitment) -> Option<String> {
    bodies.map(|bodies| bodies.get(of).cloned().unwrap_or_else(|| texts::text_is_redacted().into_owned()))
}

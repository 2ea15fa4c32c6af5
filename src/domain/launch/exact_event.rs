//! An event read strictly, as who verifies reads it: `docs/audit-format.md` member by member.
//!
//! [`Event::from_bytes`] is for reading what was accepted before; this is for judging what somebody hands in. That an event is
//! written back to its very bytes proves its members and spellings ([`exact_json::from_exact_bytes`]); what is left is which values a
//! member may have, where its type alone would take more. The rules here are those that every stored event was made
//! under: a stricter rule for what people type never reaches them.

use super::{
    event::{Assignment, Change, Event, EvidenceContent, PersonRef, ReadinessSnapshot, Seq},
    state::MAX_TAGS,
};
use crate::domain::{
    exact_json::{self, ExactJsonError},
    readiness::{ConditionId, ConditionKind, Verdict},
    text::{PersonName, StatementText, Tag, Title},
    time::{Day, LocalTime, Moment},
};

/// The first integer that RFC 8785 can't be trusted with: 2^53.
const INTEGER_LIMIT: u64 = 1 << 53;

impl Event {
    /// Reads an event from bytes that have to be exactly as this program writes it.
    ///
    /// # Errors
    /// [`ExactJsonError`] names the member that is wrong.
    pub fn from_exact_bytes(bytes: &[u8]) -> Result<Self, ExactJsonError> {
        let event: Self = exact_json::from_exact_bytes(bytes)?;
        let mut values = ValueChecker(None);
        values.require("v", event.v == 1);
        values.require("seq", is_valid_seq(event.seq));
        values.check_moment("at", event.at);
        values.check_person("actor", &event.actor);
        values.check_change(&event.change);
        if let Change::Signed(record) = &event.change {
            values.require("data.renewed", record.renewed.iter().all(|renewed| renewed.at <= event.at));
        }
        values.0.map_or(Ok(event), |member| Err(ExactJsonError::Value(member.to_owned())))
    }
}

/// The first member with a value that it can't have.
struct ValueChecker(Option<&'static str>);

impl ValueChecker {
    fn require(&mut self, member: &'static str, holds: bool) {
        if !holds {
            self.0.get_or_insert(member);
        }
    }

    fn check_moment(&mut self, member: &'static str, at: Moment) {
        let zone = crate::domain::time::Zone::UTC;
        self.require(member, (1970..=9998).contains(&at.to_local(&zone).year()));
    }

    fn check_day(&mut self, member: &'static str, day: Option<Day>) {
        self.require(member, day.is_none_or(|day| (1900..=9999).contains(&day.0.year())));
    }

    fn check_target(&mut self, member: &'static str, target: &LocalTime) {
        self.require(member, (1970..=9990).contains(&target.local.year()));
    }

    fn check_person(&mut self, member: &'static str, person: &PersonRef) {
        self.require(member, is_stored_line(person.name.as_str(), PersonName::MAX));
    }

    fn check_change(&mut self, change: &Change) {
        match change {
            Change::LaunchCreated { details, owner, .. } => {
                self.check_target("data.details.target", &details.target);
                self.check_person("data.owner", owner);
            }
            Change::DetailsChanged { old, new } => {
                self.check_target("data.old.target", &old.target);
                self.check_target("data.new.target", &new.target);
            }
            Change::TagsChanged { old, new } => {
                for tags in [old, new] {
                    let is_tag = |tag: &Tag| is_stored_line(tag.as_str(), Tag::MAX);
                    self.require("data.new", tags.len() <= MAX_TAGS && tags.iter().all(is_tag));
                }
            }
            Change::OwnerChanged { old, new, .. } => {
                self.check_person("data.old", old);
                self.check_person("data.new", new);
            }
            Change::HolderAdded { person, .. }
            | Change::HolderRemoved { person, .. }
            | Change::ParticipantAdded { person }
            | Change::ParticipantRemoved { person } => self.check_person("data.person", person),
            Change::ItemAssigned { old, new, .. } => {
                self.check_assignment("data.old", old);
                self.check_assignment("data.new", new);
            }
            Change::EvidenceAttached { content, observed_on, valid_until, .. } => {
                self.check_day("data.observed_on", Some(*observed_on));
                self.check_day("data.valid_until", *valid_until);
                if let EvidenceContent::File { size, media_type, .. } = content {
                    self.require("data.content.size", *size < INTEGER_LIMIT);
                    self.require("data.content.media_type", is_media_type(media_type));
                }
            }
            Change::WaiverAsked { expires_on, .. } => self.check_day("data.expires_on", Some(*expires_on)),
            Change::Signed(record) => {
                self.check_person("data.signer", &record.signer);
                self.require("data.email", is_email_address(record.email.as_str()));
                self.require("data.role_title", is_stored_line(record.role_title.as_str(), Title::MAX));
                self.require("data.statement_version", record.statement_version >= 1);
                self.require("data.statement", is_stored_text(&record.statement, StatementText::MAX));
                self.require("data.saw", is_valid_seq(record.saw));
                self.check_moment("data.proved_at", record.proved_at);
                self.require(
                    "data.renewed",
                    record.renewed.len() <= 10 && record.renewed.is_sorted_by_key(|renewed| renewed.at),
                );
                for renewed in &record.renewed {
                    self.check_moment("data.renewed.at", renewed.at);
                    // The database refuses it too: who confirms is another admin than who did it, and than the signer.
                    let others = renewed.by.iter().map(|by| by.id).chain([record.signer.id]);
                    let confirmed_by = renewed.confirmed_by.as_ref().map(|admin| admin.id);
                    self.require(
                        "data.renewed.confirmed_by",
                        others.into_iter().all(|other| confirmed_by != Some(other)),
                    );
                    for admin in renewed.by.iter().chain(&renewed.confirmed_by) {
                        self.check_person("data.renewed", admin);
                    }
                }
            }
            Change::SignatureWithdrawn { proved_at, .. } => self.check_moment("data.proved_at", *proved_at),
            Change::GoDeclared { found: snapshot, acknowledged, saw, proved_at } => {
                self.check_readiness(snapshot);
                acknowledged.iter().for_each(|id| self.check_condition("data.acknowledged", id));
                self.require("data.saw", saw.is_none_or(is_valid_seq));
                self.check_moment("data.proved_at", *proved_at);
            }
            Change::Launched { launched_at, found: snapshot } => {
                self.check_moment("data.launched_at", *launched_at);
                self.check_readiness(snapshot);
            }
            Change::Closed { settlements } => {
                settlements.iter().for_each(|settled| self.check_condition("data.settlements", &settled.condition));
            }
            Change::PolicyChanged { .. }
            | Change::RestrictionChanged { .. }
            | Change::NotesChanged { .. }
            | Change::ItemMarked { .. }
            | Change::AgreementGiven { .. }
            | Change::AgreementRefused { .. }
            | Change::EvidenceWithdrawn { .. }
            | Change::EvidenceRequested { .. }
            | Change::EvidenceRequestAnswered { .. }
            | Change::CommentAdded { .. }
            | Change::CommentEdited { .. }
            | Change::CommentDeleted { .. }
            | Change::CommentHidden { .. }
            | Change::CommentShown { .. }
            | Change::WaiverApproved { .. }
            | Change::WaiverRefused { .. }
            | Change::WaiverRevoked { .. }
            | Change::SignaturesAsked { .. }
            | Change::Held { .. }
            | Change::Resumed { .. }
            | Change::Reopened { .. }
            | Change::Cancelled { .. }
            | Change::Redacted { .. } => {}
        }
    }

    /// An id of a condition is `waiver:<id>` or `advisory:<id>:<lack>`.
    fn check_condition(&mut self, member: &'static str, id: &ConditionId) {
        let is_id = |text: &str| text.parse().is_ok_and(|id: uuid::Uuid| id.to_string() == text);
        let parts: Vec<&str> = id.0.split(':').collect();
        self.require(
            member,
            match parts.as_slice() {
                ["waiver", waiver] => is_id(waiver),
                ["advisory", item, "open" | "blocked" | "no_evidence"] => is_id(item),
                _ => false,
            },
        );
    }

    fn check_assignment(&mut self, member: &'static str, assignment: &Assignment) {
        self.check_day(member, assignment.due);
        if let Some(assignee) = &assignment.assignee {
            self.check_person(member, assignee);
        }
    }

    /// GO is declared only without reasons against it, so the list of them is empty.
    fn check_readiness(&mut self, readiness: &ReadinessSnapshot) {
        self.require("data.found.reasons", readiness.reasons.is_empty());
        let verdict = if readiness.conditions.is_empty() { Verdict::Go } else { Verdict::ConditionalGo };
        self.require("data.found.verdict", readiness.verdict == verdict);
        for condition in &readiness.conditions {
            self.check_condition("data.found.conditions", &condition.id);
            if let ConditionKind::Waiver { expires_on, .. } = condition.kind {
                self.check_day("data.found.conditions", Some(expires_on));
            }
        }
    }
}

fn is_valid_seq(seq: Seq) -> bool {
    seq >= 1 && seq.unsigned_abs() < INTEGER_LIMIT
}

/// Whether a text has a length that is allowed, no character that is never stored, and no white space around it.
fn is_stored_text(text: &str, max: usize) -> bool {
    let never = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    !text.is_empty() && text.trim() == text && text.chars().count() <= max && !text.chars().any(never)
}

fn is_stored_line(text: &str, max: usize) -> bool {
    is_stored_text(text, max) && !text.contains(['\n', '\t'])
}

fn is_email_address(text: &str) -> bool {
    let around = text.split_once('@');
    let one = around.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    one && text.len() <= 254 && is_stored_line(text, 254) && !text.contains(char::is_whitespace)
}

/// `type/subtype`, of the characters that names of RFC 6838 are made of here.
fn is_media_type(text: &str) -> bool {
    let name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".+-_".contains(c));
    text.len() <= 127 && text.split_once('/').is_some_and(|(kind, subtype)| name(kind) && name(subtype))
}

#[cfg(test)]
mod tests;

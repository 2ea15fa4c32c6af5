//! An event read strictly, as who verifies reads it: `docs/audit-format.md` member by member.
//!
//! [`Event::read`] is for reading what was accepted before; this is for judging what somebody hands in. That an event is
//! written back to its very bytes proves its members and spellings ([`exact::read`]); what is left is which values a
//! member may have, where its type alone would take more. The rules here are those that every stored event was made
//! under: a stricter rule for what people type never reaches them.

use super::event::{Assignment, Change, Event, EvidenceContent, Finding, PersonRef, Seq};
use crate::domain::{
    exact::{self, NotExact},
    readiness::{ConditionId, ConditionKind, Verdict},
    text::{PersonName, StatementText, Title},
    time::{Day, LocalTime, Moment},
};

/// The first integer that RFC 8785 can't be trusted with: 2^53.
const TOO_LARGE: u64 = 1 << 53;

impl Event {
    /// Reads an event from bytes that have to be exactly as this program writes it.
    ///
    /// # Errors
    /// [`NotExact`] names the member that is wrong.
    pub fn read_exact(bytes: &[u8]) -> Result<Self, NotExact> {
        let event: Self = exact::read(bytes)?;
        let mut values = Values(None);
        values.hold("v", event.v == 1);
        values.hold("seq", is_number(event.seq));
        values.moment("at", event.at);
        values.person("actor", &event.actor);
        values.change(&event.change);
        if let Change::Signed(record) = &event.change {
            values.hold("data.renewed", record.renewed.iter().all(|renewed| renewed.at <= event.at));
        }
        values.0.map_or(Ok(event), |member| Err(NotExact::Value(member.to_owned())))
    }
}

/// The first member whose value is none that it may have.
struct Values(Option<&'static str>);

impl Values {
    fn hold(&mut self, member: &'static str, holds: bool) {
        if !holds {
            self.0.get_or_insert(member);
        }
    }

    fn moment(&mut self, member: &'static str, at: Moment) {
        let zone = crate::domain::time::Zone::UTC;
        self.hold(member, (1970..=9998).contains(&at.local(&zone).year()));
    }

    fn day(&mut self, member: &'static str, day: Option<Day>) {
        self.hold(member, day.is_none_or(|day| (1900..=9999).contains(&day.0.year())));
    }

    fn target(&mut self, member: &'static str, target: &LocalTime) {
        self.hold(member, (1970..=9990).contains(&target.local.year()));
    }

    fn person(&mut self, member: &'static str, person: &PersonRef) {
        self.hold(member, is_line(person.name.as_str(), PersonName::MAX));
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::LaunchCreated { details, owner, .. } => {
                self.target("data.details.target", &details.target);
                self.person("data.owner", owner);
            }
            Change::DetailsChanged { old, new } => {
                self.target("data.old.target", &old.target);
                self.target("data.new.target", &new.target);
            }
            Change::OwnerChanged { old, new, .. } => {
                self.person("data.old", old);
                self.person("data.new", new);
            }
            Change::HolderAdded { person, .. }
            | Change::HolderRemoved { person, .. }
            | Change::ParticipantAdded { person }
            | Change::ParticipantRemoved { person } => self.person("data.person", person),
            Change::ItemAssigned { old, new, .. } => {
                self.assignment("data.old", old);
                self.assignment("data.new", new);
            }
            Change::EvidenceAttached { content, observed_on, valid_until, .. } => {
                self.day("data.observed_on", Some(*observed_on));
                self.day("data.valid_until", *valid_until);
                if let EvidenceContent::File { size, media_type, .. } = content {
                    self.hold("data.content.size", *size < TOO_LARGE);
                    self.hold("data.content.media_type", is_media_type(media_type));
                }
            }
            Change::WaiverAsked { expires_on, .. } => self.day("data.expires_on", Some(*expires_on)),
            Change::Signed(record) => {
                self.person("data.signer", &record.signer);
                self.hold("data.email", is_address(record.email.as_str()));
                self.hold("data.role_title", is_line(record.role_title.as_str(), Title::MAX));
                self.hold("data.statement_version", record.statement_version >= 1);
                self.hold("data.statement", is_text(&record.statement, StatementText::MAX));
                self.hold("data.saw", is_number(record.saw));
                self.moment("data.proved_at", record.proved_at);
                self.hold(
                    "data.renewed",
                    record.renewed.len() <= 10 && record.renewed.is_sorted_by_key(|renewed| renewed.at),
                );
                for renewed in &record.renewed {
                    self.moment("data.renewed.at", renewed.at);
                    // The database refuses it too: who confirms is another admin than who did it, and than the signer.
                    let others = renewed.by.iter().map(|by| by.id).chain([record.signer.id]);
                    let confirmed_by = renewed.confirmed_by.as_ref().map(|admin| admin.id);
                    self.hold("data.renewed.confirmed_by", others.into_iter().all(|other| confirmed_by != Some(other)));
                    for admin in renewed.by.iter().chain(&renewed.confirmed_by) {
                        self.person("data.renewed", admin);
                    }
                }
            }
            Change::SignatureWithdrawn { proved_at, .. } => self.moment("data.proved_at", *proved_at),
            Change::GoDeclared { found, acknowledged, saw, proved_at } => {
                self.finding(found);
                acknowledged.iter().for_each(|id| self.condition("data.acknowledged", id));
                self.hold("data.saw", saw.is_none_or(is_number));
                self.moment("data.proved_at", *proved_at);
            }
            Change::Launched { launched_at, found } => {
                self.moment("data.launched_at", *launched_at);
                self.finding(found);
            }
            Change::Closed { settlements } => {
                settlements.iter().for_each(|settled| self.condition("data.settlements", &settled.condition));
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

    /// `waiver:<id>` or `advisory:<id>:<lack>`.
    fn condition(&mut self, member: &'static str, id: &ConditionId) {
        let is_id = |text: &str| text.parse().is_ok_and(|id: uuid::Uuid| id.to_string() == text);
        let parts: Vec<&str> = id.0.split(':').collect();
        self.hold(
            member,
            match parts.as_slice() {
                ["waiver", waiver] => is_id(waiver),
                ["advisory", item, "open" | "blocked" | "no_evidence"] => is_id(item),
                _ => false,
            },
        );
    }

    fn assignment(&mut self, member: &'static str, assignment: &Assignment) {
        self.day(member, assignment.due);
        if let Some(assignee) = &assignment.assignee {
            self.person(member, assignee);
        }
    }

    /// A launch goes ahead only with nothing in its way, so there is no reason to tell of.
    fn finding(&mut self, found: &Finding) {
        self.hold("data.found.reasons", found.reasons.is_empty());
        let verdict = if found.conditions.is_empty() { Verdict::Go } else { Verdict::ConditionalGo };
        self.hold("data.found.verdict", found.verdict == verdict);
        for condition in &found.conditions {
            self.condition("data.found.conditions", &condition.id);
            if let ConditionKind::Waiver { expires_on, .. } = condition.kind {
                self.day("data.found.conditions", Some(expires_on));
            }
        }
    }
}

fn is_number(seq: Seq) -> bool {
    seq >= 1 && seq.unsigned_abs() < TOO_LARGE
}

/// Whether a text has a length that is allowed, no character that is never stored, and no white space around it.
fn is_text(text: &str, max: usize) -> bool {
    let never = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    !text.is_empty() && text.trim() == text && text.chars().count() <= max && !text.chars().any(never)
}

fn is_line(text: &str, max: usize) -> bool {
    is_text(text, max) && !text.contains(['\n', '\t'])
}

fn is_address(text: &str) -> bool {
    let around = text.split_once('@');
    let one = around.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    one && text.len() <= 254 && is_line(text, 254) && !text.contains(char::is_whitespace)
}

/// `type/subtype`, of the characters that names of RFC 6838 are made of here.
fn is_media_type(text: &str) -> bool {
    let name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".+-_".contains(c));
    text.len() <= 127 && text.split_once('/').is_some_and(|(kind, subtype)| name(kind) && name(subtype))
}

#[cfg(test)]
mod tests;

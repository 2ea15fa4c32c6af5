//! Compares a launch at two moments: everything about it that differs.

use std::borrow::Cow;

use super::{DiffLine, agreement_author, content_name, describe_item_state, named, waiver_decider};
use crate::{
    domain::{
        digest::digest,
        ids::UserId,
        launch::{
            changed_thing::ChangedThing,
            event::{Assignment, ItemState},
            state::{Agreement, Comment, Evidence, Item, LaunchState, Signature, Waiver, WaiverStatus},
            texts::Commitment,
        },
        readiness::{SignatureStatus, compute_readiness, signature_status},
        role::RoleSlug,
        time::Moment,
    },
    presentation::{formatting, renewals},
    texts::{self, PersonLabel},
    web::time::format_local_time,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchDifference {
    /// The launch itself: its stage and verdict, its settings, its people.
    pub launch: Vec<DiffLine>,
    /// Signatures that were given or ended, and requests for signatures.
    pub signatures: Vec<DiffLine>,
    /// The items, by section of the checklist.
    pub sections: Vec<DifferenceSection>,
}

/// A section of the checklist in which something differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferenceSection {
    /// The titles of the part and the section.
    pub place: String,
    /// In the checklist's order.
    pub lines: Vec<DiffLine>,
}

impl LaunchDifference {
    #[must_use]
    pub fn count(&self) -> usize {
        let items: usize = self.sections.iter().map(|section| section.lines.len()).sum();
        self.launch.len() + self.signatures.len() + items
    }
}

/// Compares two moments of a launch, the earlier one first. Each is evaluated as of its own newest event. Texts and
/// names come from the later one, which has everything that the earlier one had.
#[must_use]
pub fn compare_launches(old: &LaunchState, new: &LaunchState) -> LaunchDifference {
    let mut lines = DiffLineBuilder { state: new, lines: Vec::new() };
    lines.add_launch(old, new);
    let launch = std::mem::take(&mut lines.lines);
    lines.add_signatures(old, new);
    let signatures = std::mem::take(&mut lines.lines);
    let mut sections: Vec<DifferenceSection> = Vec::new();
    // A launch's checklist never changes, so both have the same items in the same order.
    for (before, after) in
        old.items.iter().zip(&new.items).filter(|(before, after)| before.changed_seq != after.changed_seq)
    {
        lines.add_item(old, before, after);
        let item_lines = std::mem::take(&mut lines.lines);
        let place = formatting::describe_place(new, after);
        match sections.last_mut() {
            _ if item_lines.is_empty() => {}
            Some(section) if section.place == place => section.lines.extend(item_lines),
            _ => sections.push(DifferenceSection { place, lines: item_lines }),
        }
    }
    LaunchDifference { launch, signatures, sections }
}

struct DiffLineBuilder<'a> {
    state: &'a LaunchState,
    lines: Vec<DiffLine>,
}

impl DiffLineBuilder<'_> {
    fn push_if_different(&mut self, subject: &str, what: Cow<'static, str>, old: Option<String>, new: Option<String>) {
        if old != new {
            self.push(subject, what, old, new);
        }
    }

    fn push(&mut self, subject: &str, aspect: Cow<'static, str>, old: Option<String>, new: Option<String>) {
        let (subject, href) = (subject.to_owned(), String::new());
        self.lines.push(DiffLine { subject, item: None, href, aspect, old, new, states: None, by: None });
    }

    /// Sets who changed the lines from `from` on, and when.
    fn set_author(&mut self, from: usize, by: Option<(UserId, Moment)>) {
        let by = named(self.state, by);
        for line in &mut self.lines[from..] {
            line.by.clone_from(&by);
        }
    }

    /// Adds the difference of a thing that one event replaces, with who changed it last.
    fn replaced(&mut self, thing: &ChangedThing, subject: &str, old: Option<String>, new: Option<String>) {
        let from = self.lines.len();
        self.push_if_different(subject, "".into(), old, new);
        self.set_author(from, self.state.last_change(thing));
    }

    /// Like [`Self::replaced`], for a text: two different texts may both read as redacted now.
    fn replaced_text(&mut self, thing: &ChangedThing, subject: &str, old: Option<Commitment>, new: Option<Commitment>) {
        if old != new {
            let text = |commitment: Option<Commitment>| commitment.map(|it| self.state.text(&it).to_owned());
            let (old, new) = (text(old), text(new));
            self.push(subject, "".into(), old, new);
            self.set_author(self.lines.len() - 1, self.state.last_change(thing));
        }
    }

    fn add_launch(&mut self, old: &LaunchState, new: &LaunchState) {
        self.replaced(&ChangedThing::Stage, &texts::launch_stages(), stage_label(old), stage_label(new));
        // The verdict is computed, so nobody made it.
        let (before, after) = (describe_verdict(old), describe_verdict(new));
        self.push_if_different(&texts::verdict_of_launch(), "".into(), Some(before), Some(after));
        self.replaced_text(&ChangedThing::Name, &texts::launch_name(), Some(old.details.name), Some(new.details.name));
        let (before, after) = (old.details.summary, new.details.summary);
        self.replaced_text(&ChangedThing::Summary, &texts::summary_of_launch(), before, after);
        let target = |state: &LaunchState| Some(format_local_time(&state.details.target));
        self.replaced(&ChangedThing::Target, &texts::launch_target(), target(old), target(new));
        let days = |state: &LaunchState| Some(state.policy.slip_days.to_string());
        self.replaced(&ChangedThing::SlipDays, &texts::grace_period_in_days(), days(old), days(new));
        let one_role =
            |state: &LaunchState| Some(formatting::yes_or_no(state.policy.separation_of_duties).into_owned());
        let subject = texts::one_person_signs_in_one_role();
        self.replaced(&ChangedThing::SeparationOfDuties, &subject, one_role(old), one_role(new));
        let restricted = |state: &LaunchState| Some(formatting::yes_or_no(state.restricted).into_owned());
        self.replaced(&ChangedThing::Restriction, &texts::restricted_launch(), restricted(old), restricted(new));
        let tags = |state: &LaunchState| formatting::join_tags(&state.tags);
        self.replaced(&ChangedThing::Tags, &texts::tags_of_launch(), tags(old), tags(new));
        self.replaced_text(&ChangedThing::Notes, &texts::launch_notes(), old.notes, new.notes);
        let owner = |state: &LaunchState| Some(state.person_label(state.owner).to_string());
        self.replaced(&ChangedThing::Owner, &texts::owner_of_launch(), owner(old), owner(new));
        self.add_people(old, new);
    }

    /// Holders of roles and participants: who was added or removed.
    fn add_people(&mut self, old: &LaunchState, new: &LaunchState) {
        for (role, _) in new.assignable_roles() {
            let holds = |state: &LaunchState, id| state.holders_of(&role).any(|holder| holder == id);
            let title = texts::diff_holders_of_role(new.role_title(&role));
            for gone in old.holders_of(&role).filter(|id| !holds(new, *id)) {
                let thing = ChangedThing::Holder(role.clone(), gone);
                self.replaced(&thing, &title, Some(old.member_label(gone).to_string()), None);
            }
            for come in new.holders_of(&role).filter(|id| !holds(old, *id)) {
                let thing = ChangedThing::Holder(role.clone(), come);
                self.replaced(&thing, &title, None, Some(new.member_label(come).to_string()));
            }
        }
        for gone in old.participants.difference(&new.participants) {
            let name = Some(old.member_label(*gone).to_string());
            self.replaced(&ChangedThing::Participant(*gone), &texts::diff_participants(), name, None);
        }
        for come in new.participants.difference(&old.participants) {
            let name = Some(new.member_label(*come).to_string());
            self.replaced(&ChangedThing::Participant(*come), &texts::diff_participants(), None, name);
        }
    }

    fn add_signatures(&mut self, old: &LaunchState, new: &LaunchState) {
        for after in &new.signatures {
            let earlier = old.signature(after.record.id);
            let before = earlier.map(|signature| describe_signature(old, signature));
            let role = self.state.role_title(&after.record.role).into_owned();
            let from = self.lines.len();
            self.push_if_different(&role, "".into(), before, Some(describe_signature(new, after)));
            // Nobody is named for a signature that only became stale.
            let made = earlier.is_none().then_some((after.record.signer.id, after.at));
            let withdrawn = after.withdrawn.as_ref().map(|ended| (ended.by, ended.at));
            self.set_author(from, withdrawn.or(made));
        }
        let request_of = |state: &LaunchState, role: &RoleSlug| {
            state.signature_requests.get(role).map(|_| texts::diff_asked_to_sign().into_owned())
        };
        for required in &new.version.checklist.required_roles {
            let thing = ChangedThing::SignatureRequest(required.role.clone());
            let (before, after) = (request_of(old, &required.role), request_of(new, &required.role));
            self.replaced(&thing, required.title.as_str(), before, after);
        }
    }

    fn add_item(&mut self, old: &LaunchState, before: &Item, after: &Item) {
        let new = self.state;
        let title = new.definition(after).title.to_string();
        if before.status != after.status {
            let describe = |state: &LaunchState, item: &Item| {
                Some(describe_item_state(state, item.status.state, item.status.reason))
            };
            self.push(&title, "".into(), describe(old, before), describe(new, after));
            let (state_before, state_after) = (before.status.state, after.status.state);
            if let Some(line) = self.lines.last_mut().filter(|_| state_before != state_after) {
                line.states = Some((state_before, state_after));
            }
            self.set_author(self.lines.len() - 1, after.last_marked);
        }
        let from = self.lines.len();
        let (agreed_before, agreed_after) = (describe_agreement(old, before), describe_agreement(new, after));
        self.push_if_different(&title, texts::diff_of_agreement(), agreed_before, agreed_after);
        self.set_author(from, agreement_author(after).or(after.last_marked));
        let from = self.lines.len();
        self.push_if_different(
            &title,
            texts::diff_of_assignee(),
            assignee_name(&before.assignment),
            assignee_name(&after.assignment),
        );
        self.set_author(from, new.last_change(&ChangedThing::Assignee(after.id)));
        let from = self.lines.len();
        let due = |assignment: &Assignment| assignment.due.map(formatting::format_day);
        self.push_if_different(&title, texts::due(), due(&before.assignment), due(&after.assignment));
        self.set_author(from, new.last_change(&ChangedThing::DueDay(after.id)));
        for waiver in new.waivers_of(after) {
            let was = old.waivers.get(&waiver.id).map(|waiver| describe_waiver(old, waiver));
            let from = self.lines.len();
            self.push_if_different(&title, texts::diff_of_waiver(), was, Some(describe_waiver(new, waiver)));
            self.set_author(from, waiver_decider(waiver).or(Some((waiver.by, waiver.at))));
        }
        for evidence in new.evidence_of(after) {
            let was = old.evidence.get(&evidence.id).map(|evidence| describe_evidence(old, evidence));
            let from = self.lines.len();
            self.push_if_different(&title, texts::diff_of_evidence(), was, Some(describe_evidence(new, evidence)));
            let withdrawn = evidence.withdrawn.as_ref().map(|ended| (ended.by, ended.at));
            self.set_author(from, withdrawn.or(Some((evidence.by, evidence.at))));
        }
        for request in after.evidence_requests.iter().filter_map(|id| new.evidence_requests.get(id)) {
            let describe = |state: &LaunchState| {
                let request = state.evidence_requests.get(&request.id)?;
                let question = state.text(&request.text);
                let description = match request.answer {
                    Some(answer) => texts::diff_request_answered(question, state.text(&answer.reason)),
                    None => texts::diff_request_not_answered(question),
                };
                Some(description.into_owned())
            };
            let from = self.lines.len();
            self.push_if_different(&title, texts::diff_of_evidence_request(), describe(old), describe(new));
            let answered = request.answer.as_ref().map(|answer| (answer.by, answer.at));
            self.set_author(from, answered.or(Some((request.by, request.at))));
        }
        let from = self.lines.len();
        let (commented_before, commented_after) = (describe_comments(old, before), describe_comments(new, after));
        self.push_if_different(&title, texts::diff_of_comments(), commented_before, commented_after);
        self.set_author(
            from,
            after.comments.iter().filter_map(|id| new.comments.get(id)).map(last_change_of).max_by_key(|(_, at)| *at),
        );
        for line in self.lines.iter_mut().filter(|line| line.item.is_none()) {
            line.item = Some(after.id);
        }
    }
}

fn stage_label(state: &LaunchState) -> Option<String> {
    Some(state.stage.name().label().into_owned())
}

/// The verdict as pages showed it at that moment, with the number of reasons or conditions.
fn describe_verdict(state: &LaunchState) -> String {
    let readiness = compute_readiness(state, state.last_at);
    let (verdict, reasons, conditions) = match state.stage.launched() {
        Some(launched) => {
            (launched.readiness.verdict, launched.readiness.reasons.len(), launched.readiness.conditions.len())
        }
        None => (readiness.verdict, readiness.reasons.len(), readiness.conditions.len()),
    };
    formatting::verdict_with_counts(verdict, reasons, conditions).into_owned()
}

fn describe_agreement(state: &LaunchState, item: &Item) -> Option<String> {
    let description = match item.agreement {
        Agreement::None if item.status.state == ItemState::NotApplicable => texts::diff_nobody_has_agreed(),
        Agreement::None => return None,
        Agreement::Given { by, .. } => texts::diff_agreed_to_by(state.member_label(by)),
        Agreement::Refused { by, .. } => texts::diff_refused_by(state.member_label(by)),
    };
    Some(description.into_owned())
}

fn assignee_name(assignment: &Assignment) -> Option<String> {
    assignment.assignee.as_ref().map(|person| PersonLabel::of_member(person.name.as_str()).to_string())
}

fn describe_evidence(state: &LaunchState, evidence: &Evidence) -> String {
    let name = content_name(state, &evidence.content);
    match &evidence.withdrawn {
        Some(ended) => texts::diff_evidence_withdrawn_because(name, state.text(&ended.reason)).into_owned(),
        None => name.to_owned(),
    }
}

fn describe_waiver(state: &LaunchState, waiver: &Waiver) -> String {
    let until = formatting::format_day(waiver.expires_on);
    let description = match waiver.status {
        WaiverStatus::Asked => texts::diff_waiver_asked_for_by(state.member_label(waiver.by), until),
        WaiverStatus::Approved { by, .. } => texts::diff_waiver_approved_by(state.member_label(by), until),
        WaiverStatus::Refused(ended) => texts::diff_refused_by(state.member_label(ended.by)),
        WaiverStatus::Revoked(ended) => texts::diff_waiver_revoked_by(state.member_label(ended.by)),
    };
    description.into_owned()
}

/// Who changed a comment last, and when: its author, or who hid it. Who showed a hidden one again is only in the
/// history.
fn last_change_of(comment: &Comment) -> (UserId, Moment) {
    let own = comment.deleted_at.or(comment.edited_at).unwrap_or(comment.at);
    comment.hidden.filter(|(_, at)| *at > own).unwrap_or((comment.by, own))
}

fn describe_comments(state: &LaunchState, item: &Item) -> Option<String> {
    let is_present =
        |id| state.comments.get(id).is_some_and(|comment| comment.deleted_at.is_none() && comment.hidden.is_none());
    let edited = |id| state.comments.get(id).is_some_and(|comment| comment.edited_at.is_some());
    let count = item.comments.iter().filter(|id| is_present(id)).count();
    let edited = item.comments.iter().filter(|id| is_present(id) && edited(id)).count();
    (count > 0).then(|| match edited {
        0 => count.to_string(),
        edited => texts::diff_comments_and_edited(count, edited).into_owned(),
    })
}

fn signer_label(signature: &Signature) -> PersonLabel<'_> {
    PersonLabel::of_member(signature.record.signer.name.as_str())
}

fn describe_signature(state: &LaunchState, signature: &Signature) -> String {
    let record = &signature.record;
    let description = texts::diff_vote_by(formatting::vote_label(record.verdict), signer_label(signature));
    let description = match renewals::describe_renewals(&record.renewed) {
        renewed if renewed.is_empty() => description,
        renewed => texts::diff_with_note_in_brackets(description, renewed),
    };
    let ended = match (signature.withdrawn, signature.lifted_by, signature.superseded) {
        (Some(_), ..) => texts::diff_vote_withdrawn(description),
        (None, Some(by), _) => match state.signature(by) {
            Some(by) => texts::diff_vote_lifted_by(description, signer_label(by)),
            None => texts::diff_vote_lifted(description),
        },
        (None, None, true) => texts::diff_vote_replaced(description),
        (None, None, false) => match signature_status(state, signature, &digest(state, &record.role)) {
            SignatureStatus::Stale => texts::diff_vote_stale(description),
            SignatureStatus::NotHolder => texts::diff_vote_of_no_holder(description),
            _ => description,
        },
    };
    ended.into_owned()
}

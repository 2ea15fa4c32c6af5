//! A launch at one moment against the same launch at another: everything about it that differs.

use super::{DiffLine, agreed, answered, content_named, local, named, standing};
use crate::{
    domain::{
        digest::digest,
        ids::{SignatureId, UserId},
        launch::{
            event::{Assignment, ItemState},
            last_changes::ChangedThing,
            state::{Agreement, Comment, Evidence, Item, LaunchState, Signature, Waiver, WaiverStatus},
            texts::Commitment,
        },
        readiness::{SignatureStatus, Verdict, readiness, status},
        role::RoleSlug,
        time::Moment,
    },
    launch_page::{way_in, words},
};

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The launch itself: its stage and verdict, its settings, its people.
    pub launch: Vec<DiffLine>,
    /// Who signed, or no longer does.
    pub signatures: Vec<DiffLine>,
    /// The items, by where they stand.
    pub sections: Vec<Section>,
}

/// A section of the checklist in which something differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Part and section.
    pub place: String,
    /// What differs there, in the checklist's order.
    pub lines: Vec<DiffLine>,
}

impl Compared {
    /// How many things differ.
    #[must_use]
    pub fn count(&self) -> usize {
        let items: usize = self.sections.iter().map(|section| section.lines.len()).sum();
        self.launch.len() + self.signatures.len() + items
    }
}

/// What differs between two moments of a launch, the earlier first. Each is judged as of its own newest event. Texts and
/// names are told with the words of the later one, which has all that the earlier had.
#[must_use]
pub fn compare(old: &LaunchState, new: &LaunchState) -> Compared {
    let mut lines = Lines { state: new, found: Vec::new() };
    lines.launch(old, new);
    let launch = std::mem::take(&mut lines.found);
    lines.signatures(old, new);
    let signatures = std::mem::take(&mut lines.found);
    let mut sections: Vec<Section> = Vec::new();
    // A launch's checklist never changes, so both have the same items in the same order.
    for (before, after) in old.items.iter().zip(&new.items).filter(|(before, after)| differ(old, new, before, after)) {
        lines.item(old, before, after);
        let found = std::mem::take(&mut lines.found);
        let place = words::place(new, after);
        match sections.last_mut() {
            _ if found.is_empty() => {}
            Some(section) if section.place == place => section.lines.extend(found),
            _ => sections.push(Section { place, lines: found }),
        }
    }
    Compared { launch, signatures, sections }
}

/// Whether an item differs in itself, in its evidence or in its waivers.
fn differ(old: &LaunchState, new: &LaunchState, before: &Item, after: &Item) -> bool {
    before != after
        || !old.evidence_of(before).eq(new.evidence_of(after))
        || !old.waivers_of(before).eq(new.waivers_of(after))
        || before.requests.iter().any(|id| old.requests.get(id) != new.requests.get(id))
        || before.comments.iter().any(|id| old.comments.get(id) != new.comments.get(id))
}

/// Lines in the making.
struct Lines<'a> {
    state: &'a LaunchState,
    found: Vec<DiffLine>,
}

impl Lines<'_> {
    /// Notes what differs, unless it does not.
    fn differs(&mut self, subject: &str, what: &'static str, old: Option<String>, new: Option<String>) {
        if old != new {
            self.push(subject, what, old, new);
        }
    }

    fn push(&mut self, subject: &str, what: &'static str, old: Option<String>, new: Option<String>) {
        let (subject, href) = (subject.to_owned(), String::new());
        self.found.push(DiffLine { subject, item: None, href, what, old, new, by: None });
    }

    /// Says of the lines from `from` on who made it so, and when.
    fn by(&mut self, from: usize, by: Option<(UserId, Moment)>) {
        let by = named(self.state, by);
        for line in &mut self.found[from..] {
            line.by.clone_from(&by);
        }
    }

    /// Notes what differs of a thing that one event replaces, with who changed it last.
    fn replaced(&mut self, thing: &ChangedThing, subject: &str, old: Option<String>, new: Option<String>) {
        let from = self.found.len();
        self.differs(subject, "", old, new);
        self.by(from, self.state.last_change(thing));
    }

    /// As [`Self::replaced`], of a text: two that differ may today both read as redacted.
    fn replaced_text(&mut self, thing: &ChangedThing, subject: &str, old: Option<Commitment>, new: Option<Commitment>) {
        if old != new {
            let text = |commitment: Option<Commitment>| commitment.map(|it| self.state.text(&it).to_owned());
            let (old, new) = (text(old), text(new));
            self.push(subject, "", old, new);
            self.by(self.found.len() - 1, self.state.last_change(thing));
        }
    }

    fn launch(&mut self, old: &LaunchState, new: &LaunchState) {
        self.replaced(&ChangedThing::Stage, "Stage", stage(old), stage(new));
        // Nobody makes the verdict: it is computed.
        self.differs("Verdict", "", Some(verdict(old)), Some(verdict(new)));
        self.replaced_text(&ChangedThing::Name, "Name", Some(old.details.name), Some(new.details.name));
        self.replaced_text(&ChangedThing::Summary, "Summary", old.details.summary, new.details.summary);
        let target = |state: &LaunchState| Some(local(&state.details.target));
        self.replaced(&ChangedThing::Target, "Target", target(old), target(new));
        let days = |state: &LaunchState| Some(state.policy.slip_days.to_string());
        self.replaced(&ChangedThing::SlipDays, "Days the target may pass", days(old), days(new));
        let one_role = |state: &LaunchState| yes(state.policy.separation_of_duties);
        self.replaced(&ChangedThing::SeparationOfDuties, "One role a person", one_role(old), one_role(new));
        self.replaced(&ChangedThing::Restriction, "Restricted", yes(old.restricted), yes(new.restricted));
        self.replaced_text(&ChangedThing::Notes, "Notes", old.notes, new.notes);
        let owner = |state: &LaunchState| Some(state.person(state.owner).to_owned());
        self.replaced(&ChangedThing::Owner, "Owner", owner(old), owner(new));
        self.people(old, new);
    }

    /// Holders of roles and participants: who came, who went.
    fn people(&mut self, old: &LaunchState, new: &LaunchState) {
        for (role, _) in new.roles() {
            let holds = |state: &LaunchState, id| state.holders_of(&role).any(|holder| holder == id);
            let title = format!("Holders of {}", new.role_title(&role));
            for gone in old.holders_of(&role).filter(|id| !holds(new, *id)) {
                let thing = ChangedThing::Holder(role.clone(), gone);
                self.replaced(&thing, &title, Some(old.person(gone).to_owned()), None);
            }
            for come in new.holders_of(&role).filter(|id| !holds(old, *id)) {
                let thing = ChangedThing::Holder(role.clone(), come);
                self.replaced(&thing, &title, None, Some(new.person(come).to_owned()));
            }
        }
        for gone in old.participants.difference(&new.participants) {
            let name = Some(old.person(*gone).to_owned());
            self.replaced(&ChangedThing::Participant(*gone), "Participants", name, None);
        }
        for come in new.participants.difference(&old.participants) {
            let name = Some(new.person(*come).to_owned());
            self.replaced(&ChangedThing::Participant(*come), "Participants", None, name);
        }
    }

    fn signatures(&mut self, old: &LaunchState, new: &LaunchState) {
        for after in &new.signatures {
            let earlier = old.signature(after.record.id);
            let before = earlier.map(|signature| signature_said(old, signature));
            let role = self.state.role_title(&after.record.role).to_owned();
            let from = self.found.len();
            self.differs(&role, "", before, Some(signature_said(new, after)));
            // A signature that only went stale was changed by nobody who is to be named here.
            let made = earlier.is_none().then_some((after.record.signer.id, after.at));
            let withdrawn = after.withdrawn.as_ref().map(|ended| (ended.by, ended.at));
            self.by(from, withdrawn.or(made));
        }
        let asked = |state: &LaunchState, role: &RoleSlug| state.asked.get(role).map(|_| "asked to sign".to_owned());
        for required in &new.version.checklist.required_roles {
            let thing = ChangedThing::SignatureRequest(required.role.clone());
            let (before, after) = (asked(old, &required.role), asked(new, &required.role));
            self.replaced(&thing, required.title.as_str(), before, after);
        }
    }

    fn item(&mut self, old: &LaunchState, before: &Item, after: &Item) {
        let new = self.state;
        let title = new.definition(after).title.to_string();
        if before.standing != after.standing {
            let said =
                |state: &LaunchState, item: &Item| Some(standing(state, item.standing.state, item.standing.reason));
            self.push(&title, "", said(old, before), said(new, after));
            self.by(self.found.len() - 1, after.marked);
        }
        let from = self.found.len();
        self.differs(&title, "agreement", agreement(old, before), agreement(new, after));
        self.by(from, agreed(after).or(after.marked));
        let from = self.found.len();
        self.differs(&title, "assigned to", assignee(&before.assignment), assignee(&after.assignment));
        self.by(from, new.last_change(&ChangedThing::Assignee(after.id)));
        let from = self.found.len();
        let due = |assignment: &Assignment| assignment.due.map(words::day);
        self.differs(&title, "due", due(&before.assignment), due(&after.assignment));
        self.by(from, new.last_change(&ChangedThing::DueDay(after.id)));
        for waiver in new.waivers_of(after) {
            let was = old.waivers.get(&waiver.id).map(|waiver| waiver_said(old, waiver));
            let from = self.found.len();
            self.differs(&title, "waiver", was, Some(waiver_said(new, waiver)));
            self.by(from, answered(waiver).or(Some((waiver.by, waiver.at))));
        }
        for evidence in new.evidence_of(after) {
            let was = old.evidence.get(&evidence.id).map(|evidence| evidence_said(old, evidence));
            let from = self.found.len();
            self.differs(&title, "evidence", was, Some(evidence_said(new, evidence)));
            let withdrawn = evidence.withdrawn.as_ref().map(|ended| (ended.by, ended.at));
            self.by(from, withdrawn.or(Some((evidence.by, evidence.at))));
        }
        for request in after.requests.iter().filter_map(|id| new.requests.get(id)) {
            let said = |state: &LaunchState| {
                let request = state.requests.get(&request.id)?;
                let answer = request.answer.map_or("not answered yet", |answer| state.text(&answer.reason));
                Some(format!("{}: {answer}", state.text(&request.text)))
            };
            let from = self.found.len();
            self.differs(&title, "evidence asked for", said(old), said(new));
            let answered = request.answer.as_ref().map(|answer| (answer.by, answer.at));
            self.by(from, answered.or(Some((request.by, request.at))));
        }
        let from = self.found.len();
        self.differs(&title, "comments", comments(old, before), comments(new, after));
        self.by(
            from,
            after.comments.iter().filter_map(|id| new.comments.get(id)).map(last_change_of).max_by_key(|(_, at)| *at),
        );
        for line in self.found.iter_mut().filter(|line| line.item.is_none()) {
            line.item = Some(after.id);
        }
    }
}

fn stage(state: &LaunchState) -> Option<String> {
    Some(state.stage.name().word().to_owned())
}

fn yes(yes: bool) -> Option<String> {
    Some(if yes { "yes" } else { "no" }.to_owned())
}

/// The verdict as pages show it at that moment, with how much was in the way.
fn verdict(state: &LaunchState) -> String {
    let found = readiness(state, state.last_at);
    let (verdict, reasons, conditions) = match state.stage.launched() {
        Some(launched) => (launched.found.verdict, launched.found.reasons.len(), launched.found.conditions.len()),
        None => (found.verdict, found.reasons.len(), found.conditions.len()),
    };
    match verdict {
        Verdict::Go => verdict.word().to_owned(),
        Verdict::ConditionalGo => format!("{}, {}", verdict.word(), words::count(conditions, "condition")),
        Verdict::NoGo => format!("{}, {} in the way", verdict.word(), words::count(reasons, "thing")),
    }
}

fn agreement(state: &LaunchState, item: &Item) -> Option<String> {
    match item.agreement {
        Agreement::None if item.standing.state == ItemState::NotApplicable => Some("nobody has agreed".to_owned()),
        Agreement::None => None,
        Agreement::Given { by, .. } => Some(format!("agreed to by {}", state.person(by))),
        Agreement::Refused { by, .. } => Some(format!("refused by {}", state.person(by))),
    }
}

fn assignee(assignment: &Assignment) -> Option<String> {
    assignment.assignee.as_ref().map(|person| person.name.to_string())
}

fn evidence_said(state: &LaunchState, evidence: &Evidence) -> String {
    let name = content_named(state, &evidence.content);
    match &evidence.withdrawn {
        Some(ended) => format!("{name}, withdrawn: {}", state.text(&ended.reason)),
        None => name.to_owned(),
    }
}

fn waiver_said(state: &LaunchState, waiver: &Waiver) -> String {
    let until = words::day(waiver.expires_on);
    match waiver.status {
        WaiverStatus::Asked => format!("asked for by {}, until {until}", state.person(waiver.by)),
        WaiverStatus::Approved { by, .. } => format!("approved by {}, until {until}", state.person(by)),
        WaiverStatus::Refused(ended) => format!("refused by {}", state.person(ended.by)),
        WaiverStatus::Revoked(ended) => format!("revoked by {}", state.person(ended.by)),
    }
}

/// Who changed a comment last, and when: its author, or who hid it. Who showed a hidden one again is in the history alone.
fn last_change_of(comment: &Comment) -> (UserId, Moment) {
    let own = comment.deleted_at.or(comment.edited_at).unwrap_or(comment.at);
    comment.hidden.filter(|(_, at)| *at > own).unwrap_or((comment.by, own))
}

fn comments(state: &LaunchState, item: &Item) -> Option<String> {
    let there =
        |id| state.comments.get(id).is_some_and(|comment| comment.deleted_at.is_none() && comment.hidden.is_none());
    let edited = |id| state.comments.get(id).is_some_and(|comment| comment.edited_at.is_some());
    let count = item.comments.iter().filter(|id| there(id)).count();
    let edited = item.comments.iter().filter(|id| there(id) && edited(id)).count();
    (count > 0).then(|| match edited {
        0 => count.to_string(),
        edited => format!("{count}, {edited} of them rewritten"),
    })
}

fn signature_said(state: &LaunchState, signature: &Signature) -> String {
    let record = &signature.record;
    let mut said = format!("{} by {}", words::vote(record.verdict), record.signer.name);
    if !record.renewed.is_empty() {
        said = format!("{said} ({})", way_in::marks(&record.renewed));
    }
    let signer = |id: SignatureId| state.signature(id).map_or("another", |it| it.record.signer.name.as_str());
    match (signature.withdrawn, signature.lifted_by, signature.superseded) {
        (Some(_), ..) => format!("{said}, withdrawn"),
        (None, Some(by), _) => format!("{said}, lifted by {}", signer(by)),
        (None, None, true) => format!("{said}, replaced by a later one"),
        (None, None, false) => match status(state, signature, &digest(state, &record.role)) {
            SignatureStatus::Stale => format!("{said}, stale"),
            SignatureStatus::NotHolder => format!("{said}, no longer a holder"),
            _ => said,
        },
    }
}

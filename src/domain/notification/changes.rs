//! What the events of one change bring: the difference that they make together, so that a bulk change is one cause of each
//! item, and what was done and undone in one change is none.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cause, Mention, NotificationReason,
    cause::{Audience, people},
};
use crate::domain::{
    canonical::Sha256Hash,
    checklist::Importance,
    digest::digest,
    ids::{ItemId, UserId, WaiverId},
    launch::{
        event::{Change, Event, ItemState, Vote},
        state::{Agreement, Item, LaunchState},
    },
    readiness::{SignatureStatus, has_go_that_counts, signature_status},
    role::RoleSlug,
};

/// Finds what events bring that changed a launch from `before` (`None` for a new one) to `after`.
#[must_use]
pub fn find_causes(
    before: Option<&LaunchState>,
    events: &[Event],
    after: &LaunchState,
    mentions: &[Mention],
) -> Vec<Cause> {
    let Some(last) = events.last() else { return Vec::new() };
    let change = RecordedChange { before, after, last };
    let mut causes = Vec::new();
    change.add_people(&mut causes);
    let mut assigned = BTreeMap::new();
    let mut marked = BTreeMap::new();
    for event in events {
        match &event.change {
            Change::ItemAssigned { item, .. } => {
                assigned.insert(*item, event);
            }
            Change::ItemMarked { item, .. } => {
                marked.insert(*item, event);
            }
            _ => causes.extend(change.causes_of(event)),
        }
    }
    assigned.into_iter().for_each(|(item, event)| change.add_assignment(item, event, &mut causes));
    for (item, event) in marked {
        change.add_mark(item, event, &mut causes);
    }
    change.add_resolved_roles(events, &mut causes);
    change.add_stale_signatures(events, &mut causes);
    for mention in mentions {
        add_mention(mention, events, &mut causes);
    }
    causes
}

struct RecordedChange<'a> {
    before: Option<&'a LaunchState>,
    after: &'a LaunchState,
    last: &'a Event,
}

impl RecordedChange<'_> {
    fn item_before(&self, item: ItemId) -> Option<&Item> {
        self.before.and_then(|state| state.item(item))
    }

    /// Adds who was given the launch, a role or a part in it, and from whom it was taken.
    fn add_people(&self, causes: &mut Vec<Cause>) {
        use NotificationReason as Reason;
        let cause = |reason, user| Cause::of_event(reason, self.last, people([user])).without_item();
        let (old, new) = (self.before.map(|state| state.owner), self.after.owner);
        if old != Some(new) {
            causes.push(cause(Reason::OwnershipGiven, new));
            causes.extend(old.map(|old| cause(Reason::OwnershipTaken, old)));
        }
        let (old, new) = (self.before.map(list_holders).unwrap_or_default(), list_holders(self.after));
        let added = new.difference(&old).map(|(role, user)| (Reason::RoleAdded, role, *user));
        let removed = old.difference(&new).map(|(role, user)| (Reason::RoleRemoved, role, *user));
        causes.extend(added.chain(removed).map(|(reason, role, user)| cause(reason, user).about_role(role)));
        let none = BTreeSet::new();
        let (old, new) = (self.before.map_or(&none, |state| &state.participants), &self.after.participants);
        causes.extend(new.difference(old).map(|user| cause(Reason::ParticipantAdded, *user)));
        causes.extend(old.difference(new).map(|user| cause(Reason::ParticipantRemoved, *user)));
    }

    fn add_assignment(&self, id: ItemId, event: &Event, causes: &mut Vec<Cause>) {
        let assignee = |item: &Item| item.assignment.assignee.as_ref().map(|person| person.id);
        let old = self.item_before(id).and_then(assignee);
        let new = self.after.item(id).and_then(assignee);
        if old != new {
            let cause = |reason| move |user| Cause::of_event(reason, event, people([user]));
            causes.extend(new.map(cause(NotificationReason::Assigned)));
            causes.extend(old.map(cause(NotificationReason::Unassigned)));
        }
    }

    fn add_mark(&self, id: ItemId, event: &Event, causes: &mut Vec<Cause>) {
        let Some(item) = self.after.item(id) else { return };
        let old = self.item_before(id).map_or(ItemState::Open, |item| item.status.state);
        let new = item.status.state;
        if self.needs_agreement(item) && !self.item_before(id).is_some_and(|item| self.needs_agreement(item)) {
            let approvers = list_approvers(self.after, item).into_iter().filter(|user| *user != event.actor.id);
            causes.push(Cause::of_event(NotificationReason::AgreementAsked, event, people(approvers)));
        }
        if old == new {
            return;
        }
        let mut except = BTreeSet::new();
        if old == ItemState::Blocked || new == ItemState::Blocked {
            except = list_own_people(self.after, item);
            except.insert(self.after.owner);
            let blocked = new == ItemState::Blocked;
            let reason = if blocked { NotificationReason::Blocked } else { NotificationReason::Unblocked };
            causes.push(Cause::of_event(reason, event, Audience::People(except.clone())));
        }
        causes.push(Cause::of_event(NotificationReason::Marked, event, Audience::ItemWatchers { except }));
    }

    fn needs_agreement(&self, item: &Item) -> bool {
        self.after.definition(item).importance == Importance::Critical
            && item.status.state == ItemState::NotApplicable
            && item.agreement == Agreement::None
    }

    /// The causes of an event that does not depend on the others of the change.
    fn causes_of(&self, event: &Event) -> Vec<Cause> {
        use NotificationReason as Reason;
        let state = self.after;
        let cause = |reason, audience| vec![Cause::of_event(reason, event, audience)];
        let involved = |reason| cause(reason, Audience::Involved);
        let about = |mut causes: Vec<Cause>, thing| {
            causes.iter_mut().for_each(|cause| cause.facts.thing = Some(thing));
            causes
        };
        match &event.change {
            Change::AgreementGiven { item, .. } => cause(Reason::AgreementGiven, people(self.marker_of(*item))),
            Change::AgreementRefused { item, .. } => cause(Reason::AgreementRefused, people(self.marker_of(*item))),
            Change::EvidenceRequested { item, evidence_request, .. } => {
                let responsible =
                    state.item(*item).map(|item| list_responsible_people(state, item)).unwrap_or_default();
                about(cause(Reason::EvidenceAsked, Audience::People(responsible)), evidence_request.uuid())
            }
            Change::EvidenceRequestAnswered { evidence_request, .. } => {
                let by = state.evidence_requests.get(evidence_request).map(|request| request.by);
                about(cause(Reason::EvidenceAnswered, people(by)), evidence_request.uuid())
            }
            Change::CommentAdded { comment, .. } => {
                let watchers = Audience::ItemWatchers { except: BTreeSet::new() };
                about(cause(Reason::Commented, watchers), comment.uuid())
            }
            Change::WaiverAsked { item, waiver, .. } => {
                let approvers = state.item(*item).map(|item| list_approvers(state, item)).unwrap_or_default();
                let approvers = approvers.into_iter().filter(|user| *user != event.actor.id);
                about(cause(Reason::WaiverAsked, people(approvers)), waiver.uuid())
            }
            Change::WaiverApproved { item, waiver, .. } => {
                about(cause(Reason::WaiverApproved, self.waiver_people(*item, *waiver)), waiver.uuid())
            }
            Change::WaiverRefused { item, waiver, .. } => {
                about(cause(Reason::WaiverRefused, self.waiver_people(*item, *waiver)), waiver.uuid())
            }
            Change::WaiverRevoked { item, waiver, .. } => {
                about(cause(Reason::WaiverRevoked, self.waiver_people(*item, *waiver)), waiver.uuid())
            }
            Change::Signed(record) if record.verdict == Vote::NoGo => {
                let holders = state.holders.values().flatten().copied().chain([state.owner]);
                let causes = cause(Reason::Objected, people(holders)).into_iter();
                about(causes.map(|cause| cause.about_role(&record.role)).collect(), record.id.uuid())
            }
            Change::SignaturesAsked { roles } => {
                let open_roles = roles.iter().filter(|role| !has_go_that_counts(state, role, &digest(state, role)));
                let cause = |role| {
                    let holders = people(state.holders_of(role));
                    Cause::of_event(Reason::SignatureAsked, event, holders).about_role(role)
                };
                open_roles.map(cause).collect()
            }
            Change::GoDeclared { .. } => involved(Reason::GoDeclared),
            Change::Held { .. } => involved(Reason::Held),
            Change::Resumed { .. } => involved(Reason::Resumed),
            Change::Reopened { .. } => involved(Reason::Reopened),
            Change::Launched { .. } => involved(Reason::Launched),
            Change::Closed { .. } => involved(Reason::Closed),
            Change::Cancelled { .. } => involved(Reason::Cancelled),
            // The first ones are found by the difference that they make.
            Change::LaunchCreated { .. }
            | Change::OwnerChanged { .. }
            | Change::HolderAdded { .. }
            | Change::HolderRemoved { .. }
            | Change::ParticipantAdded { .. }
            | Change::ParticipantRemoved { .. }
            | Change::ItemAssigned { .. }
            | Change::ItemMarked { .. }
            | Change::DetailsChanged { .. }
            | Change::PolicyChanged { .. }
            | Change::RestrictionChanged { .. }
            | Change::TagsChanged { .. }
            | Change::NotesChanged { .. }
            | Change::EvidenceAttached { .. }
            | Change::EvidenceWithdrawn { .. }
            | Change::CommentEdited { .. }
            | Change::CommentDeleted { .. }
            | Change::CommentHidden { .. }
            | Change::CommentShown { .. }
            | Change::Signed(_)
            | Change::SignatureWithdrawn { .. }
            | Change::Redacted { .. } => Vec::new(),
        }
    }

    fn marker_of(&self, item: ItemId) -> Option<UserId> {
        self.after.item(item).and_then(|item| item.last_marked).map(|(by, _)| by)
    }

    /// Whoever asked for a waiver, and whose item it is.
    fn waiver_people(&self, item: ItemId, waiver: WaiverId) -> Audience {
        let own = self.after.item(item).map(|item| list_own_people(self.after, item)).unwrap_or_default();
        people(own.into_iter().chain(self.after.waivers.get(&waiver).map(|waiver| waiver.by)))
    }

    /// Adds the roles of which all items before the decision became resolved.
    fn add_resolved_roles(&self, events: &[Event], causes: &mut Vec<Cause>) {
        let resolves =
            |event: &&Event| matches!(event.change, Change::ItemMarked { .. } | Change::WaiverApproved { .. });
        let (Some(before), Some(event)) = (self.before, events.iter().rfind(resolves)) else { return };
        let old = list_unresolved_roles(before, event);
        let new = list_unresolved_roles(self.after, event);
        for role in old.difference(&new).copied() {
            let holders = people(self.after.holders_of(role));
            let cause = Cause::of_event(NotificationReason::RoleResolved, event, holders).without_item();
            causes.push(cause.about_role(role));
        }
    }

    /// Adds the signatures that counted and are stale now.
    fn add_stale_signatures(&self, events: &[Event], causes: &mut Vec<Cause>) {
        let (Some(before), Some(event)) = (self.before, events.iter().rfind(|event| is_material(&event.change))) else {
            return;
        };
        let mut digests: BTreeMap<&RoleSlug, (Sha256Hash, Sha256Hash)> = BTreeMap::new();
        for signature in before.newest_signatures() {
            let (record, role) = (&signature.record, &signature.record.role);
            if record.verdict != Vote::Go || !signature.is_in_effect() {
                continue;
            }
            let (old, new) = digests.entry(role).or_insert_with(|| (digest(before, role), digest(self.after, role)));
            let counted = signature_status(before, signature, old) == SignatureStatus::Counts;
            let now = self.after.signature(record.id).map(|signature| signature_status(self.after, signature, new));
            if counted && now == Some(SignatureStatus::Stale) {
                let signer = people([record.signer.id]);
                let cause = Cause::of_event(NotificationReason::SignatureStale, event, signer).without_item();
                causes.push(cause.about_role(role).about_thing(record.id.uuid()));
            }
        }
    }
}

impl Cause {
    fn without_item(self) -> Self {
        Self { item: None, ..self }
    }
}

/// Adds a mention, instead of the cause of the same comment.
fn add_mention(mention: &Mention, events: &[Event], causes: &mut Vec<Cause>) {
    let Some(event) = events.iter().find(|event| event.seq == mention.seq) else { return };
    for cause in causes.iter_mut().filter(|cause| cause.seq == Some(event.seq)) {
        if let (NotificationReason::Commented, Audience::ItemWatchers { except }) = (cause.reason, &mut cause.audience)
        {
            except.insert(mention.user);
        }
    }
    let mut cause = Cause::of_event(NotificationReason::Mentioned, event, people([mention.user]));
    if let Some(comment) = mention.comment {
        cause.facts.thing = Some(comment.uuid());
        cause.occasion = Some(format!("mentioned:{comment}"));
    }
    causes.push(cause);
}

/// Whether an event may change what signatures are bound to.
const fn is_material(change: &Change) -> bool {
    matches!(
        change,
        Change::DetailsChanged { .. }
            | Change::PolicyChanged { .. }
            | Change::ItemMarked { .. }
            | Change::AgreementGiven { .. }
            | Change::AgreementRefused { .. }
            | Change::EvidenceAttached { .. }
            | Change::EvidenceWithdrawn { .. }
            | Change::WaiverApproved { .. }
            | Change::WaiverRevoked { .. }
    )
}

fn list_holders(state: &LaunchState) -> BTreeSet<(RoleSlug, UserId)> {
    let holders = state.holders.iter();
    holders.flat_map(|(role, holders)| holders.iter().map(|user| (role.clone(), *user))).collect()
}

/// The roles with an item before the decision that is not resolved.
fn list_unresolved_roles<'a>(state: &'a LaunchState, event: &Event) -> BTreeSet<&'a RoleSlug> {
    let unresolved = state.before_items().filter(|(item, _)| !state.is_resolved(item, event.at));
    unresolved.filter_map(|(_, definition)| definition.role.as_ref()).collect()
}

/// Whose item it is: its assignee, or the holders of its role if it has none.
pub(super) fn list_own_people(state: &LaunchState, item: &Item) -> BTreeSet<UserId> {
    match (&item.assignment.assignee, &state.definition(item).role) {
        (Some(assignee), _) => BTreeSet::from([assignee.id]),
        (None, Some(role)) => state.holders_of(role).collect(),
        (None, None) => BTreeSet::new(),
    }
}

/// Whose item it is; the owner of the launch if it is nobody's.
pub(super) fn list_responsible_people(state: &LaunchState, item: &Item) -> BTreeSet<UserId> {
    let own = list_own_people(state, item);
    if own.is_empty() { BTreeSet::from([state.owner]) } else { own }
}

/// Who may agree to exceptions of an item.
fn list_approvers(state: &LaunchState, item: &Item) -> BTreeSet<UserId> {
    let holders = state.holders.values().flatten().copied();
    holders.filter(|user| state.may_approve_exceptions(*user, item)).collect()
}

//! Data of the forms by which an item is marked, agreed to and assigned.

use std::borrow::Cow;

use super::{
    availability::{approving_role, is_available},
    form_input::{ItemPageForm, ItemPageInput},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checklist::Importance,
        ids::UserId,
        launch::{
            access::{Act, ActGroup},
            changed_thing::ChangedThing,
            event::{ItemState, Seq},
            state::{Agreement, Item},
        },
        time::Moment,
    },
    presentation::{
        formatting,
        item_facts::{ShownState, box_class},
    },
    texts::{self, Markup},
    web::chrome::Chrome,
};

pub(super) struct ItemStateView {
    pub displayed_state: ShownState,
    /// The class of its box.
    pub class: &'static str,
    pub stored: ItemState,
    pub version: i64,
    pub critical: bool,
    pub waived_until: String,
    /// Who marked it, and when.
    pub marked: Option<(String, Moment)>,
    pub reason: String,
    pub can_mark: bool,
}

impl ItemStateView {
    pub(super) fn new(access: &LaunchAccess, item: &Item) -> Self {
        let state = &*access.launch;
        let waiver = state.waiver_in_force(item, access.now);
        Self {
            displayed_state: ShownState::new(state, item, access.now),
            class: box_class(state, item, state.definition(item), access.now),
            stored: item.status.state,
            version: item.version,
            critical: state.definition(item).importance == Importance::Critical,
            waived_until: waiver.map_or_else(String::new, |waiver| formatting::format_day(waiver.expires_on)),
            marked: item.last_marked.map(|(by, at)| (state.person_name(by).to_owned(), at)),
            reason: item.status.reason.map_or_else(String::new, |reason| state.text(&reason).to_owned()),
            can_mark: is_available(access, item, &Act::Mark(item.id), ActGroup::Prepare),
        }
    }

    /// State as a heading, with the waiver if there is one.
    pub(super) fn label(&self) -> Cow<'static, str> {
        match (self.waived_until.as_str(), self.stored) {
            ("", ItemState::Open) => texts::item_is_open(),
            ("", ItemState::Done) => texts::item_is_done(),
            ("", ItemState::NotApplicable) => texts::item_is_not_applicable(),
            ("", ItemState::Blocked) => texts::item_is_blocked(),
            // A waiver is in force for these two states only.
            (day, ItemState::Blocked) => texts::blocked_item_is_waived_until(day),
            (day, _) => texts::open_item_is_waived_until(day),
        }
    }

    /// Who marked the item, when and why.
    pub(super) fn describe_marking(&self, chrome: &Chrome) -> Option<Markup> {
        let (by, at) = self.marked.as_ref()?;
        let (by, at) = (chrome.person(by), chrome.time(at));
        Some(match (self.stored, self.reason.as_str()) {
            (ItemState::Open, "") => texts::set_back_to_open_by(by, at),
            (ItemState::Open, reason) => texts::set_back_to_open_by_because(by, at, reason),
            (ItemState::Done, "") => texts::marked_done_by(by, at),
            (ItemState::Done, reason) => texts::marked_done_by_because(by, at, reason),
            (ItemState::NotApplicable, "") => texts::marked_not_applicable_by(by, at),
            (ItemState::NotApplicable, reason) => texts::marked_not_applicable_by_because(by, at, reason),
            (ItemState::Blocked, "") => texts::marked_blocked_by(by, at),
            (ItemState::Blocked, reason) => texts::marked_blocked_by_because(by, at, reason),
        })
    }

    /// Whether it is done, and does not count until its evidence is there.
    pub(super) fn lacks_evidence_to_count(&self) -> bool {
        self.class == "done lacking"
    }

    /// The states to choose from, each with its word.
    pub(super) fn choices() -> [(ItemState, Cow<'static, str>); 4] {
        [
            (ItemState::Open, texts::mark_as_open()),
            (ItemState::Done, texts::mark_as_done()),
            (ItemState::Blocked, texts::mark_as_blocked()),
            (ItemState::NotApplicable, texts::mark_as_not_applicable()),
        ]
    }
}

/// Agreement that a critical item is not applicable.
pub(super) struct ItemAgreementView {
    /// Whether the answer was yes, who gave it, when, and the reason.
    pub answer: Option<(bool, String, Moment, String)>,
    pub can_answer: bool,
    /// The role of which a holder can answer; `None` for any signing role.
    pub role: Option<String>,
}

impl ItemAgreementView {
    /// `None` for an item that needs no agreement.
    pub(super) fn new(access: &LaunchAccess, item: &Item) -> Option<Self> {
        let state = &*access.launch;
        let definition = state.definition(item);
        let needed = definition.importance == Importance::Critical && item.status.state == ItemState::NotApplicable;
        let answer = match &item.agreement {
            Agreement::None => None,
            Agreement::Given { by, at, reason } => {
                let reason = reason.map_or_else(String::new, |reason| state.text(&reason).to_owned());
                Some((true, state.person_name(*by).to_owned(), *at, reason))
            }
            Agreement::Refused { by, at, reason } => {
                Some((false, state.person_name(*by).to_owned(), *at, state.text(reason).to_owned()))
            }
        };
        needed.then(|| Self {
            answer,
            can_answer: is_available(access, item, &Act::Agree(item.id), ActGroup::Prepare),
            role: approving_role(state, item),
        })
    }

    /// The answer, who gave it, when and why.
    pub(super) fn describe_answer(&self, chrome: &Chrome) -> Option<Markup> {
        let (agreed, by, at, reason) = self.answer.as_ref()?;
        let (by, at) = (chrome.person(by), chrome.time(at));
        Some(match (agreed, reason.as_str()) {
            (true, "") => texts::agreed_by(by, at),
            (true, reason) => texts::agreed_by_because(by, at, reason),
            (false, reason) => texts::agreement_refused_by(by, at, reason),
        })
    }
}

pub(super) struct ItemAssignmentView {
    pub assignee: Option<(UserId, String)>,
    pub due: String,
    /// The newest event that changed the assignment.
    pub seq: Seq,
    pub members: Vec<(UserId, String)>,
    pub can_assign: bool,
}

impl ItemAssignmentView {
    pub(super) fn new(access: &LaunchAccess, item: &Item, mut members: Vec<(UserId, String)>) -> Self {
        let assignee = item.assignment.assignee.as_ref().map(|person| (person.id, person.name.to_string()));
        // An assignee who is no longer a member stays selected until somebody chooses another.
        members.extend(
            assignee
                .iter()
                .filter(|(id, _)| !members.iter().any(|(member, _)| member == id))
                .cloned()
                .collect::<Vec<_>>(),
        );
        Self {
            due: item.assignment.due.map_or_else(String::new, |day| day.to_string()),
            seq: access.launch.newest_change(&[ChangedThing::Assignee(item.id), ChangedThing::DueDay(item.id)]),
            can_assign: is_available(access, item, &Act::Assign(item.id), ActGroup::Collaborate),
            assignee,
            members,
        }
    }

    /// Whether a member is selected: by the input if there is any, else as stored.
    pub(super) fn is_chosen(&self, input: &ItemPageInput, id: &UserId) -> bool {
        let now = self.assignee.as_ref().map_or_else(String::new, |(id, _)| id.to_string());
        input.value_or(ItemPageForm::Assignment, "assignee", &now) == id.to_string()
    }
}

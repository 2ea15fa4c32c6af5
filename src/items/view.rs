//! The item page, as its templates ask for it. Evidence, waivers and comments have views of their own.

use askama::Template;

use super::{
    comments::view::CommentView,
    evidence::view::{EvidenceBlock, Standing},
    typed::{At, Typed},
    waivers::view::WaiverBlock,
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checklist::{Importance, Phase},
        ids::{ItemId, LaunchId, UserId},
        launch::{
            access::{Act, Work, stage_allows},
            event::{Event, ItemState, Seq},
            last_changes::ChangedThing,
            state::{Agreement, Item, LaunchState, StageName},
        },
        time::Moment,
    },
    launch_page::{
        item_facts::{due_day, is_late, shown_state},
        words,
        words_of_events::{EventInWords, event_in_words},
    },
    web::{
        markdown::{self, SafeHtml},
        page::Chrome,
    },
};

/// An item's page.
#[derive(Template)]
#[template(path = "items/show.html")]
pub(super) struct ItemPage {
    pub chrome: Chrome,
    pub place: Place,
    pub mark: StateView,
    pub agreement: Option<AgreementView>,
    pub evidence: EvidenceBlock,
    pub waivers: WaiverBlock,
    pub comments: Vec<CommentView>,
    pub can_comment: bool,
    pub assignment: AssignmentView,
    pub history: History,
    /// A number for the forms that make something, so that one sent twice makes it once.
    pub once: String,
    pub typed: Typed,
}

impl ItemPage {
    /// Whether the page has the form that somebody typed into: meanwhile it may no longer be theirs to send.
    fn has_typed_form(&self) -> bool {
        match self.typed.place() {
            At::Nowhere => true,
            At::State => self.mark.can_mark,
            At::Agreement => self.agreement.as_ref().is_some_and(|agreement| agreement.can_answer),
            At::Assignment => self.assignment.can_assign,
            At::Attach | At::Again => self.evidence.can_attach,
            At::Withdrawal(id) => self.evidence.list.iter().any(|evidence| evidence.id == id && evidence.can_withdraw),
            At::Request => self.evidence.can_request,
            At::Answer(id) => self.evidence.requests.iter().any(|request| request.id == id && request.can_answer),
            At::AskWaiver => self.waivers.can_ask,
            At::Decision(id) => self.waivers.list.iter().any(|waiver| waiver.id == id && waiver.can_decide),
            At::Revocation(id) => self.waivers.list.iter().any(|waiver| waiver.id == id && waiver.can_revoke),
            At::Comment => self.can_comment,
            At::Edit(id) => self.comments.iter().any(|comment| comment.id == id && comment.can_edit),
        }
    }
}

/// Whether the reader may do something on an item, and the launch's stage lets them now; `before` is the group of
/// acts it belongs to on an item before the decision.
pub(super) fn offers(access: &LaunchAccess, item: &Item, act: &Act, before: Work) -> bool {
    let work = if access.launch.definition(item).phase.is_before() { before } else { Work::Follow };
    stage_allows(&access.launch.stage, work) && access.can(act)
}

/// What the item is, and where in the launch it stands.
pub(super) struct Place {
    pub launch_id: LaunchId,
    /// The newest event that the page is made from.
    pub seq: Seq,
    pub launch_href: String,
    pub launch: String,
    pub part: Option<(String, String)>,
    pub section: String,
    pub id: ItemId,
    pub title: String,
    pub under: String,
    pub importance: &'static str,
    pub role: String,
    pub phase: &'static str,
    pub due: String,
    pub late: bool,
    pub evidence_required: bool,
    pub guidance: Option<SafeHtml>,
    /// Why nothing can be changed; empty while something can.
    pub frozen: &'static str,
}

impl Place {
    pub(super) fn new(access: &LaunchAccess, item: &Item) -> Self {
        let (state, now) = (&*access.launch, access.now);
        let definition = state.definition(item);
        let (part, section) = state.place(item);
        let launch_href = format!("/launches/{}", state.id);
        Self {
            part: part.title.as_ref().map(|title| (format!("{launch_href}#part-{}", item.at.0 + 1), title.to_string())),
            section: section.title.as_ref().map_or_else(String::new, ToString::to_string),
            launch_id: state.id,
            seq: state.seq,
            launch_href,
            launch: state.name().to_owned(),
            id: item.id,
            title: definition.title.to_string(),
            under: definition.under.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › "),
            importance: definition.importance.slug(),
            role: definition.role.as_ref().map_or_else(String::new, |role| state.role_title(role).to_owned()),
            phase: match definition.phase {
                Phase::Before => "",
                Phase::After(window) => match window.hours() {
                    24 => "within 24 hours after the launch",
                    168 => "within 7 days after the launch",
                    _ => "within 30 days after the launch",
                },
            },
            due: due_day(state, item).map_or_else(String::new, words::day),
            late: !state.is_resolved(item, now) && is_late(state, item, definition, now),
            evidence_required: definition.evidence_required,
            guidance: definition.guidance.as_ref().map(|guidance| markdown::render(guidance.as_str())),
            frozen: frozen(state, definition.phase),
        }
    }
}

/// Why the stage lets nobody mark the item, as a sentence.
fn frozen(state: &LaunchState, phase: Phase) -> &'static str {
    match (state.stage.name(), phase.is_before()) {
        (StageName::Preparing | StageName::Held, true) | (StageName::Launched, false) => "",
        (StageName::Preparing | StageName::Held | StageName::Go, false) => {
            "This item belongs after the launch; it unlocks when the launch is recorded."
        }
        (StageName::Go, true) => "GO is declared, so this is frozen. The owner can reopen the launch.",
        (StageName::Launched, true) => "The launch has happened, so what came before it is settled.",
        (StageName::Closed, _) => "This launch is closed; it is read-only.",
        (StageName::Cancelled, _) => "This launch is cancelled; it is read-only.",
    }
}

/// An item's state with who, when and why.
pub(super) struct StateView {
    /// As it is drawn: the stored one, or `waived`.
    pub shown: &'static str,
    pub stored: ItemState,
    pub version: i64,
    pub critical: bool,
    pub waived_until: String,
    /// `Marked done by`, with the name and the moment.
    pub marked: Option<(&'static str, String, Moment)>,
    pub reason: String,
    pub can_mark: bool,
}

impl StateView {
    pub(super) fn new(access: &LaunchAccess, item: &Item) -> Self {
        let state = &*access.launch;
        let waiver = state.waived_by(item, access.now);
        let verb = match item.standing.state {
            ItemState::Open => "Set back to open by",
            ItemState::Done => "Marked done by",
            ItemState::NotApplicable => "Marked not applicable by",
            ItemState::Blocked => "Marked blocked by",
        };
        Self {
            shown: shown_state(state, item, access.now),
            stored: item.standing.state,
            version: item.version,
            critical: state.definition(item).importance == Importance::Critical,
            waived_until: waiver.map_or_else(String::new, |waiver| words::day(waiver.expires_on)),
            marked: item.marked.map(|(by, at)| (verb, state.person(by).to_owned(), at)),
            reason: item.standing.reason.map_or_else(String::new, |reason| state.text(&reason).to_owned()),
            can_mark: offers(access, item, &Act::Mark(item.id), Work::Prepare),
        }
    }

    /// The state in words, as a heading.
    fn word(&self) -> String {
        match (self.waived_until.is_empty(), self.stored) {
            (false, stored) => format!("Waived until {}, {}", self.waived_until, stored.word()),
            (true, ItemState::Open) => "Open".to_owned(),
            (true, ItemState::Done) => "Done".to_owned(),
            (true, ItemState::NotApplicable) => "Not applicable".to_owned(),
            (true, ItemState::Blocked) => "Blocked".to_owned(),
        }
    }

    fn is_done(&self) -> bool {
        self.stored == ItemState::Done
    }

    fn is_open(&self) -> bool {
        self.stored == ItemState::Open
    }
}

/// How it stands with agreement that a critical item does not apply.
pub(super) struct AgreementView {
    /// Who agreed (true) or refused, when, and what they wrote.
    pub answer: Option<(bool, String, Moment, String)>,
    pub can_answer: bool,
    /// Who can, in words.
    pub who: String,
}

impl AgreementView {
    /// Nothing for an item that needs none.
    pub(super) fn new(access: &LaunchAccess, item: &Item) -> Option<Self> {
        let state = &*access.launch;
        let definition = state.definition(item);
        let needed = definition.importance == Importance::Critical && item.standing.state == ItemState::NotApplicable;
        let answer = match &item.agreement {
            Agreement::None => None,
            Agreement::Given { by, at, reason } => {
                let reason = reason.map_or_else(String::new, |reason| state.text(&reason).to_owned());
                Some((true, state.person(*by).to_owned(), *at, reason))
            }
            Agreement::Refused { by, at, reason } => {
                Some((false, state.person(*by).to_owned(), *at, state.text(reason).to_owned()))
            }
        };
        needed.then(|| Self {
            answer,
            can_answer: offers(access, item, &Act::Agree(item.id), Work::Prepare),
            who: who_excepts(state, item),
        })
    }
}

/// Who may agree to exceptions of an item, in words.
pub(super) fn who_excepts(state: &LaunchState, item: &Item) -> String {
    let role = state.definition(item).role.as_ref().filter(|role| state.holders_of(role).next().is_some());
    role.map_or_else(
        || "a holder of any signing role".to_owned(),
        |role| format!("a holder of {}", state.role_title(role)),
    )
}

/// Who sees to the item.
pub(super) struct AssignmentView {
    pub assignee: Option<(UserId, String)>,
    pub is_deactivated: bool,
    pub due: String,
    /// The newest event that changed the assignment.
    pub seq: Seq,
    pub members: Vec<(UserId, String)>,
    pub can_assign: bool,
}

impl AssignmentView {
    pub(super) fn new(
        access: &LaunchAccess,
        item: &Item,
        mut members: Vec<(UserId, String)>,
        is_deactivated: bool,
    ) -> Self {
        let assignee = item.assignment.assignee.as_ref().map(|person| (person.id, person.name.to_string()));
        // Who has left since stays chosen until somebody chooses otherwise.
        members.extend(
            assignee
                .iter()
                .filter(|(id, _)| !members.iter().any(|(known, _)| known == id))
                .cloned()
                .collect::<Vec<_>>(),
        );
        Self {
            due: item.assignment.due.map_or_else(String::new, |day| day.to_string()),
            seq: access.launch.newest_change(&[ChangedThing::Assignee(item.id), ChangedThing::DueDay(item.id)]),
            can_assign: offers(access, item, &Act::Assign(item.id), Work::Accompany),
            assignee,
            is_deactivated,
            members,
        }
    }

    /// Whether a member is the one chosen: as typed, else as it is.
    fn is_chosen(&self, typed: &Typed, id: &UserId) -> bool {
        let now = self.assignee.as_ref().map_or_else(String::new, |(id, _)| id.to_string());
        typed.value_or(At::Assignment, "assignee", &now) == id.to_string()
    }
}

/// An item's own history.
pub(super) struct History {
    pub lines: Vec<HistoryLine>,
    /// Where all of it is.
    pub href: String,
    pub more: bool,
}

/// An event of the item.
pub(super) struct HistoryLine {
    pub seq: i64,
    pub kind: &'static str,
    pub at: Moment,
    pub who: String,
    pub words: EventInWords,
}

impl History {
    pub(super) fn new(access: &LaunchAccess, item: &Item, events: &[Event], most: i64) -> Self {
        let state = &*access.launch;
        let line = |event: &Event| HistoryLine {
            seq: event.seq,
            kind: event.change.kind(),
            at: event.at,
            who: event.actor.name.to_string(),
            words: event_in_words(state, event),
        };
        Self {
            lines: events.iter().map(line).collect(),
            href: format!("/launches/{}/history?item={}", state.id, item.id),
            more: events.len() as i64 == most,
        }
    }
}

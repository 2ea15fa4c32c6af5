//! Data of the item page's templates. Evidence, waivers and comments have view modules of their own.

use std::borrow::Cow;

use askama::Template;

use super::{
    comments::view::CommentView,
    evidence::{status::EvidenceStatus, view::EvidenceBlock},
    form_input::{ItemPageForm, ItemPageInput},
    state_view::{ItemAgreementView, ItemAssignmentView, ItemStateView},
    waivers::view::WaiverBlock,
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checklist::Phase,
        ids::{ItemId, LaunchId},
        launch::{
            event::{Event, ItemState, Seq},
            state::{Item, LaunchState, StageName},
        },
        time::Moment,
    },
    presentation::{
        event_descriptions::{EventDescription, describe_event},
        formatting,
        item_facts::{due_day, is_late},
    },
    texts::{self},
    web::{
        chrome::Chrome,
        markdown::{self, SafeHtml},
    },
};

#[derive(Template)]
#[template(path = "items/show.html")]
pub(super) struct LaunchItemPage {
    pub chrome: Chrome,
    pub place: ItemHeading,
    pub mark: ItemStateView,
    pub agreement: Option<ItemAgreementView>,
    pub evidence: EvidenceBlock,
    pub waivers: WaiverBlock,
    pub comments: Vec<CommentView>,
    pub can_comment: bool,
    pub assignment: ItemAssignmentView,
    pub history: ItemHistory,
    /// Idempotency key for the forms that create something.
    pub once: String,
    pub input: ItemPageInput,
}

impl LaunchItemPage {
    /// What is wrong with the form that comes back, beside its fields; all of it, if the page no longer has the form.
    fn problem(&self) -> Option<Cow<'_, str>> {
        if let Some(problem) = &self.input.problem {
            return Some(problem.into());
        }
        let unplaced = self.input.errors.iter().filter(|_| !self.has_typed_form());
        let sentences: Vec<_> = unplaced.map(|(_, sentence)| sentence).collect();
        (!sentences.is_empty()).then(|| sentences.join(" ").into())
    }

    /// Whether a state is selected: by the input if there is any, else as stored.
    fn is_state_chosen(&self, state: &ItemState) -> bool {
        self.input.value_or(ItemPageForm::State, "state", self.mark.stored.slug()) == state.slug()
    }

    /// The link and the note that were typed for evidence: one of them, unless a program sent both.
    fn typed_evidence(&self) -> String {
        let typed = ["url", "note"].map(|field| self.input.value(ItemPageForm::AttachEvidence, field));
        typed.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// What is wrong with the link or the note.
    fn evidence_error(&self) -> Option<&str> {
        ["url", "note"].into_iter().find_map(|field| self.input.error(ItemPageForm::AttachEvidence, field))
    }

    fn has_evidence_date_error(&self) -> bool {
        let mut dates = ["observed_on", "valid_until"].into_iter();
        dates.any(|field| self.input.error(ItemPageForm::AttachEvidence, field).is_some())
    }

    /// The comments and events of the item, oldest first.
    fn stream(&self) -> Vec<StreamEntry<'_>> {
        let comments = self.comments.iter().map(StreamEntry::Comment);
        let mut entries: Vec<_> = comments.chain(self.history.lines.iter().map(StreamEntry::Event)).collect();
        entries.sort_by_key(StreamEntry::at);
        entries
    }

    /// Whether the page has the form that the input is for; the reader may have lost the right to it meanwhile.
    fn has_typed_form(&self) -> bool {
        match self.input.current_form() {
            ItemPageForm::None => true,
            ItemPageForm::State => self.mark.can_mark,
            ItemPageForm::Agreement => self.agreement.as_ref().is_some_and(|agreement| agreement.can_answer),
            ItemPageForm::Assignment => self.assignment.can_assign,
            ItemPageForm::AttachEvidence | ItemPageForm::ReuseEvidence => self.evidence.can_attach,
            ItemPageForm::WithdrawEvidence(id) => {
                self.evidence.list.iter().any(|evidence| evidence.id == id && evidence.can_withdraw)
            }
            ItemPageForm::RequestEvidence => self.evidence.can_request,
            ItemPageForm::AnswerRequest(id) => {
                self.evidence.requests.iter().any(|request| request.id == id && request.can_answer)
            }
            ItemPageForm::AskWaiver => self.waivers.can_ask,
            ItemPageForm::DecideWaiver(id) => {
                self.waivers.list.iter().any(|waiver| waiver.id == id && waiver.can_decide)
            }
            ItemPageForm::RevokeWaiver(id) => {
                self.waivers.list.iter().any(|waiver| waiver.id == id && waiver.can_revoke)
            }
            ItemPageForm::Comment => self.can_comment,
            ItemPageForm::EditComment(id) => self.comments.iter().any(|comment| comment.id == id && comment.can_edit),
        }
    }
}

pub(super) struct ItemHeading {
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
    pub phase: Cow<'static, str>,
    pub due: String,
    pub late: bool,
    pub evidence_required: bool,
    pub guidance: Option<SafeHtml>,
    /// Why the stage allows no change of the item's state; empty if it does.
    pub frozen: Cow<'static, str>,
}

impl ItemHeading {
    pub(super) fn new(access: &LaunchAccess, item: &Item) -> Self {
        let (state, now) = (&*access.launch, access.now);
        let definition = state.definition(item);
        let (part, section) = state.part_and_section(item);
        let launch_href = format!("/launches/{}", state.id);
        Self {
            part: part
                .title
                .as_ref()
                .map(|title| (format!("{launch_href}#part-{}", item.position.0 + 1), title.to_string())),
            section: section.title.as_ref().map_or_else(String::new, ToString::to_string),
            launch_id: state.id,
            seq: state.seq,
            launch_href,
            launch: state.name().to_owned(),
            id: item.id,
            title: definition.shown_title(),
            under: definition.under.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › "),
            importance: definition.importance.slug(),
            role: formatting::role_of_item(state, definition),
            phase: match definition.phase {
                Phase::Before => Cow::Borrowed(""),
                Phase::After(window) => match window.hours() {
                    24 => texts::within_24_hours_after_launch(),
                    168 => texts::within_7_days_after_launch(),
                    _ => texts::within_30_days_after_launch(),
                },
            },
            due: due_day(state, item).map_or_else(String::new, formatting::format_day),
            late: !state.is_resolved(item, now) && is_late(state, item, definition, now),
            evidence_required: definition.evidence_required,
            guidance: definition.guidance.as_ref().map(|guidance| markdown::render(guidance.as_str())),
            frozen: frozen_reason(state, definition.phase),
        }
    }
}

/// Sentence that explains why the stage lets nobody mark the item; empty if it does.
fn frozen_reason(state: &LaunchState, phase: Phase) -> Cow<'static, str> {
    match (state.stage.name(), phase.is_before()) {
        (StageName::Preparing | StageName::Held, true) | (StageName::Launched, false) => Cow::Borrowed(""),
        (StageName::Preparing | StageName::Held | StageName::Go, false) => texts::item_belongs_after_launch(),
        (StageName::Go, true) => texts::locked_while_go_is_declared(),
        (StageName::Launched, true) => texts::locked_since_launch_has_happened(),
        (StageName::Closed, _) => texts::launch_is_closed(),
        (StageName::Cancelled, _) => texts::launch_is_cancelled(),
    }
}

/// An entry of the stream of comments and events.
enum StreamEntry<'a> {
    Comment(&'a CommentView),
    Event(&'a ItemHistoryRow),
}

impl StreamEntry<'_> {
    const fn at(&self) -> Moment {
        match self {
            Self::Comment(comment) => comment.at,
            Self::Event(line) => line.at,
        }
    }
}

/// The item's events, without those of its comments, which are shown themselves.
pub(super) struct ItemHistory {
    pub lines: Vec<ItemHistoryRow>,
    /// Address of the item's full history.
    pub href: String,
    pub more: bool,
}

pub(super) struct ItemHistoryRow {
    pub seq: i64,
    pub kind: &'static str,
    pub at: Moment,
    pub who: String,
    pub words: EventDescription,
}

impl ItemHistory {
    pub(super) fn new(access: &LaunchAccess, item: &Item, events: &[Event], limit: i64) -> Self {
        let state = &*access.launch;
        let line = |event: &Event| ItemHistoryRow {
            seq: event.seq,
            kind: event.change.kind(),
            at: event.at,
            who: event.actor.name.to_string(),
            words: describe_event(state, event),
        };
        Self {
            lines: events.iter().filter(|event| !event.change.kind().starts_with("comment_")).map(line).collect(),
            href: format!("/launches/{}/history?item={}", state.id, item.id),
            more: events.len() as i64 == limit,
        }
    }
}

//! POST: changing many items at once, all or none, and undoing that.
//!
//! One request is one transaction with an event for each item that changes. If one item cannot be changed, none is, and
//! the page names each such item; no selection or input is lost.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    checklist_page::NotesView,
    pages::{self, ChecklistPageQuery},
    selection::{BlockingItem, BulkForm, BulkSelection, Selection},
};
use crate::{
    access::{launch_access::LaunchAccess, return_path::ReturnPath, store::load_members},
    domain::{
        checklist::MAX_ITEMS,
        ids::{ItemId, LaunchId, UserId},
        launch::{
            access::Act,
            command::{Command, Conflict, Refusal},
            event::{Event, ItemState, Seq},
            state::LaunchState,
        },
        text::Prose,
        time::Day,
    },
    presentation::{formatting, refusal::describe_conflict},
    record::{CommandRefusals, ExecuteError, events::load_events_at_same_moment},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, Path, Query, UnreadForm},
        idempotency::new_text,
        response::{SeeOther, render_with_status},
        time::parse_day,
    },
};

#[derive(Debug, Clone)]
enum BulkChange {
    Mark(ItemState, Option<Prose>),
    Assign(Option<UserId>),
    Due(Option<Day>),
}

impl BulkChange {
    /// Parses the form. Errors are added at a field, or under `act` if they are about the form as a whole.
    fn from_form(form: &BulkForm, errors: &mut FieldErrors) -> Option<Self> {
        match form.act.as_str() {
            "assign" => {
                let assignee = match form.assignee.get() {
                    None => Err(texts::choose_somebody_or_nobody()),
                    Some("") => Ok(None),
                    Some(id) => id.parse::<UserId>().map(Some).map_err(|_| texts::choose_an_active_member()),
                };
                errors.check("assignee", assignee).map(Self::Assign)
            }
            "due" => {
                let due = form.due.get().ok_or_else(texts::choose_a_day_or_leave_it_empty).and_then(parse_day);
                errors.check("due", due).map(Self::Due)
            }
            act => {
                let state = ItemState::ALL.into_iter().find(|state| state.slug() == act);
                let state = errors.check("act", state.ok_or_else(texts::choose_a_change_of_items));
                let reason = errors.check("reason", Prose::optional(&form.reason));
                state.zip(reason).map(|(state, reason)| Self::Mark(state, reason))
            }
        }
    }

    fn to_command(&self, item: ItemId, version: i64) -> Command {
        match self {
            Self::Mark(state, reason) => {
                Command::Mark { item, state: *state, reason: reason.clone().map(new_text), version }
            }
            Self::Assign(assignee) => Command::SetAssignee { item, assignee: *assignee },
            Self::Due(due) => Command::SetDue { item, due: *due },
        }
    }

    /// Whether the items stay selected, since more than one such change may be wanted for them.
    const fn keeps_selection(&self) -> bool {
        match self {
            Self::Assign(_) | Self::Due(_) => true,
            Self::Mark(..) => false,
        }
    }

    /// Notice such as `12 items are done now.`
    fn notice(&self, changed: usize, state: &LaunchState) -> Cow<'static, str> {
        match self {
            _ if changed == 0 => texts::no_selected_item_changed(),
            Self::Mark(ItemState::Open, _) => texts::items_are_open_now(changed),
            Self::Mark(ItemState::Done, _) => texts::items_are_done_now(changed),
            Self::Mark(ItemState::NotApplicable, _) => texts::items_are_not_applicable_now(changed),
            Self::Mark(ItemState::Blocked, _) => texts::items_are_blocked_now(changed),
            Self::Assign(None) => texts::items_are_assigned_to_nobody_now(changed),
            Self::Assign(Some(who)) => texts::items_are_assigned_to_now(changed, state.member_label(*who)),
            Self::Due(None) => texts::items_are_without_due_date_now(changed),
            Self::Due(Some(day)) => texts::items_are_due_on_now(changed, formatting::format_day(*day)),
        }
    }
}

/// The selected items, each once, with the versions they had on the page.
fn parse_selected_items(form: &BulkForm) -> Option<BTreeMap<ItemId, i64>> {
    let read = |sent: &String| {
        let (id, version) = sent.split_once('.')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    form.item.iter().map(read).collect()
}

pub(super) async fn change_items(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::Participate)?;
    let form: BulkForm = sent.read_form().await?;
    let items = parse_selected_items(&form).ok_or(Error::NotFound)?;
    if items.keys().any(|item| access.launch.item(*item).is_none()) {
        return Err(Error::NotFound);
    }
    let mut errors = FieldErrors::new();
    let wish = BulkChange::from_form(&form, &mut errors);
    let mut selecting = BulkSelection {
        selection: Selection::Items(items.iter().map(|(item, version)| (*item, Some(*version))).collect()),
        form,
        errors,
        ..BulkSelection::new(Selection::default(), Vec::new())
    };
    if items.is_empty() {
        selecting.problem = Some(texts::select_an_item_first().into_owned());
    }
    let Some(wish) = wish.filter(|_| !items.is_empty()) else {
        return selecting.render_page(&state, &access, &page, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    // In the checklist's order, so that the history has it too.
    let ordered: Vec<_> =
        access.launch.items.iter().filter_map(|item| Some((item.id, *items.get(&item.id)?))).collect();
    let commands = ordered.iter().map(|(item, version)| wish.to_command(*item, *version)).collect();
    match state.record.execute(&state.db, access.requester(None), access.launch.id, commands).await {
        Ok(done) => {
            let mut to = return_path(access.launch.id, &selecting.form.next);
            if wish.keeps_selection() {
                to = to.with_parameter("select", &Selection::to_parameter(&items, &access.launch.items));
            }
            let message = wish.notice(done.events.len(), &done.state);
            Ok(SeeOther::to(to.path()).with_success(message).with_undo(undo_href(&done.events, &to)).into_response())
        }
        Err(ExecuteError::Failed(fault)) => Err(fault.into()),
        Err(ExecuteError::Refused(refusals)) => {
            let access = access.reload(&state).await?;
            let of = |at: usize| ordered.get(at).map(|(item, _)| *item);
            let status = selecting.record_refusals(&access.launch, &refusals, of)?;
            selecting.render_page(&state, &access, &page, status).await
        }
    }
}

impl BulkSelection {
    /// Adds each refusal: at a field if that is invalid, else at its item.
    fn record_refusals(
        &mut self,
        state: &LaunchState,
        refusals: &CommandRefusals,
        of: impl Fn(usize) -> Option<ItemId>,
    ) -> Result<StatusCode, Error> {
        for (at, refusal) in refusals.iter() {
            let why = match refusal {
                Refusal::NotFound | Refusal::Unproven => return Err(Error::NotFound),
                Refusal::Forbidden(why) => return Err(Error::Forbidden(why.clone())),
                Refusal::Invalid(field, message) => {
                    self.errors.add(field, message);
                    continue;
                }
                Refusal::Conflict(Conflict::StaleItem(id)) => {
                    self.selection.forget_version(*id);
                    describe_concurrent_change(state, *id)
                }
                Refusal::Conflict(conflict) => describe_conflict(state, conflict),
            };
            match of(at).and_then(|id| state.item(id)) {
                Some(item) => {
                    let title = state.definition(item).shown_title();
                    self.blocking_items.push(BlockingItem { item: item.id, title, why });
                }
                None => self.problem = Some(why),
            }
        }
        if self.blocking_items.is_empty() {
            let conflict = self.problem.is_some();
            return Ok(if conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY });
        }
        let number = self.blocking_items.len();
        self.problem = Some(texts::selected_items_in_the_way(number).into_owned());
        Ok(StatusCode::CONFLICT)
    }

    /// Shows the page with the selection and the input. Members are loaded only here, since a successful change shows
    /// none.
    async fn render_page(
        mut self,
        state: &AppState,
        access: &LaunchAccess,
        page: &PageContext,
        status: StatusCode,
    ) -> Result<Response, Error> {
        if let (None, Some(sentence)) = (&self.problem, self.errors.get("act")) {
            self.problem = Some(sentence.to_owned());
        }
        self.members = load_members(&state.db).await?;
        let query = ChecklistPageQuery::from_path(ReturnPath::new(&self.form.next).path());
        render_with_status(
            status,
            &pages::checklist_page(state, access, page, &query, NotesView::new(access).await?, Some(self)),
        )
    }
}

fn describe_concurrent_change(state: &LaunchState, id: ItemId) -> String {
    let marked = state.item(id).and_then(|item| Some((item.status.state, item.last_marked?.0)));
    let text = match marked.map(|(to, by)| (to, state.member_label(by))) {
        None => texts::changed_meanwhile(),
        Some((ItemState::Open, name)) => texts::changed_meanwhile_to_open(name),
        Some((ItemState::Done, name)) => texts::changed_meanwhile_to_done(name),
        Some((ItemState::NotApplicable, name)) => texts::changed_meanwhile_to_not_applicable(name),
        Some((ItemState::Blocked, name)) => texts::changed_meanwhile_to_blocked(name),
    };
    text.into_owned()
}

/// The page to return to; the launch's own if the form names none.
fn return_path(launch: LaunchId, next: &str) -> ReturnPath {
    if next.is_empty() { ReturnPath::new(&format!("/launches/{launch}")) } else { ReturnPath::new(next) }
}

/// Address that undoes these changes and redirects to `next`; `None` if nothing changed.
fn undo_href(events: &[Event], next: &ReturnPath) -> Option<String> {
    let first = events.first()?;
    let next: String = url::form_urlencoded::byte_serialize(next.path().as_bytes()).collect();
    Some(format!("/launches/{}/events/{}/undo?next={next}", first.launch, first.seq))
}

/// `seq` is the first of the events to undo.
#[derive(Debug, Deserialize)]
pub(super) struct UndoPath {
    seq: Seq,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UndoQuery {
    next: String,
}

/// `POST /launches/{id}/events/{seq}/undo`: undoes what the reader changed in the request whose first event this is.
pub(super) async fn undo_changes(
    State(state): State<AppState>,
    access: LaunchAccess,
    Path(UndoPath { seq }): Path<UndoPath>,
    Query(on): Query<UndoQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    access.check_permission(&Act::Participate)?;
    let launch = access.launch.id;
    let events = load_events_at_same_moment(&state.db, launch, seq, MAX_ITEMS as i64).await?;
    let request = events.first().ok_or(Error::NotFound)?.request;
    let mut events: Vec<Event> = events.into_iter().take_while(|event| event.request == request).collect();
    // Changes are undone in reverse order.
    events.reverse();
    let items: Vec<Option<ItemId>> = events.iter().map(|event| event.change.item()).collect();
    let commands = events.into_iter().map(|event| Command::UndoItemChange { event: Box::new(event) }).collect();
    let next = return_path(launch, &on.next);
    match state.record.execute(&state.db, access.requester(None), launch, commands).await {
        Ok(done) => {
            let message = match done.events.len() {
                0 => texts::it_was_undone_already(),
                number => texts::items_are_undone(number),
            };
            Ok(SeeOther::to(next.path())
                .with_success(message)
                .with_undo(undo_href(&done.events, &next))
                .into_response())
        }
        Err(ExecuteError::Failed(fault)) => Err(fault.into()),
        Err(ExecuteError::Refused(refusals)) => {
            let access = access.reload(&state).await?;
            let these = items.iter().flatten().map(|item| (*item, None)).collect();
            let mut selecting = BulkSelection::new(Selection::Items(these), Vec::new());
            selecting.form.next = next.path().to_owned();
            let status = selecting.record_refusals(&access.launch, &refusals, |at| items.get(at).copied().flatten())?;
            selecting.render_page(&state, &access, &page, status).await
        }
    }
}

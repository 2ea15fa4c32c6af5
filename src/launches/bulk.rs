//! POST: many items at once, all or none, and taking that back.
//!
//! One request is one transaction with an event for each item that changes. What stands in the way of one item
//! stands in the way of all, and the page names each such item; nothing that was selected or typed is lost.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    pages::{self, WantedItems},
    selection::{BulkForm, Hindrance, Selecting, Selection},
    show::NotesView,
    store,
};
use crate::{
    access::{launch_access::LaunchAccess, next::Next, store::members},
    domain::{
        checklist::MAX_ITEMS,
        ids::{ItemId, UserId},
        launch::{
            access::Act,
            command::{Command, Conflict, Refusal},
            event::{Event, ItemState, Seq},
            state::LaunchState,
        },
        text::Prose,
        time::Day,
    },
    launch_page::{
        outcome::sentence,
        texts::{day, new_text},
        words,
    },
    record::{Fault, NotDone, Refusals},
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Path, Query, Sent},
        page::{Page, SeeOther, html_with},
    },
};

/// What is to become of the selected items.
#[derive(Debug, Clone)]
enum Wish {
    Mark(ItemState, Option<Prose>),
    Assign(Option<UserId>),
    Due(Option<Day>),
}

impl Wish {
    /// Reads it; the sentence at a field, or, under `act`, about the form as a whole.
    fn read(form: &BulkForm, errors: &mut FieldErrors) -> Option<Self> {
        match form.act.as_str() {
            "assign" => {
                let assignee = match form.assignee.sent() {
                    None => Err("Choose somebody, or nobody."),
                    Some("") => Ok(None),
                    Some(id) => id.parse::<UserId>().map(Some).map_err(|_| "Choose an active member."),
                };
                errors.take("assignee", assignee).map(Self::Assign)
            }
            "due" => {
                let due = form.due.sent().ok_or("Choose a day, or leave it empty.").and_then(day);
                errors.take("due", due).map(Self::Due)
            }
            act => {
                let state = ItemState::ALL.into_iter().find(|state| state.slug() == act);
                let state = errors.take("act", state.ok_or("Choose what is to become of the selected items."));
                let reason = errors.take("reason", Prose::optional(&form.reason));
                state.zip(reason).map(|(state, reason)| Self::Mark(state, reason))
            }
        }
    }

    fn command(&self, item: ItemId, version: i64) -> Command {
        match self {
            Self::Mark(state, reason) => {
                Command::Mark { item, state: *state, reason: reason.clone().map(new_text), version }
            }
            Self::Assign(assignee) => Command::AssignTo { item, assignee: *assignee },
            Self::Due(due) => Command::SetDue { item, due: *due },
        }
    }

    /// `12 items are done.`
    fn told(&self, changed: usize, state: &LaunchState) -> String {
        let items = words::count(changed, "item");
        let are = if changed == 1 { "is" } else { "are" };
        match self {
            _ if changed == 0 => "There was nothing to change: the selected items are so already.".to_owned(),
            Self::Mark(to, _) => format!("{items} {are} {} now.", to.word()),
            Self::Assign(None) => format!("{items} {are} assigned to nobody now."),
            Self::Assign(Some(who)) => format!("{items} {are} assigned to {} now.", state.person(*who)),
            Self::Due(None) => format!("{items} {are} without a due date now."),
            Self::Due(Some(day)) => format!("{items} {are} due on {} now.", words::day(*day)),
        }
    }
}

/// Reads the selected items, each once, with the versions they had on the page.
fn selected(form: &BulkForm) -> Option<BTreeMap<ItemId, i64>> {
    let read = |sent: &String| {
        let (id, version) = sent.split_once('.')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    form.item.iter().map(read).collect()
}

/// `POST /launches/{id}/items`.
pub(super) async fn change(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::TakePart)?;
    let form: BulkForm = sent.form().await?;
    let items = selected(&form).ok_or(Error::NotFound)?;
    if items.keys().any(|item| access.launch.item(*item).is_none()) {
        return Err(Error::NotFound);
    }
    let mut errors = FieldErrors::new();
    let wish = Wish::read(&form, &mut errors);
    let mut selecting = Selecting {
        selection: Selection::These(items.keys().copied().collect()),
        form,
        errors,
        ..Selecting::new(Selection::default(), Vec::new())
    };
    if items.is_empty() {
        selecting.problem = Some("Select at least one item first.".to_owned());
    }
    let Some(wish) = wish.filter(|_| !items.is_empty()) else {
        return selecting.back(&state, &access, &page, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    // In the order of the checklist, as the history then tells it.
    let ordered: Vec<_> =
        access.launch.items.iter().filter_map(|item| Some((item.id, *items.get(&item.id)?))).collect();
    let commands = ordered.iter().map(|(item, version)| wish.command(*item, *version)).collect();
    match state.record.execute(&state.db, access.asker(None), access.launch.id, commands).await {
        Ok(done) => {
            let to = Next::new(&selecting.form.next);
            let told = wish.told(done.events.len(), &done.state);
            Ok(SeeOther::to(to.path()).good(told).with_undo(undo_of(&done.events, &to)).into_response())
        }
        Err(NotDone::Fault(fault)) => Err(fault.into()),
        Err(NotDone::Refused(refusals)) => {
            let access = access.again(&state).await?;
            let of = |at: usize| ordered.get(at).map(|(item, _)| *item);
            let status = selecting.refused(&access.launch, &refusals, of)?;
            selecting.back(&state, &access, &page, status).await
        }
    }
}

impl Selecting {
    /// Notes why it was not done: at a field where that is what is wrong, else item by item.
    fn refused(
        &mut self,
        state: &LaunchState,
        refusals: &Refusals,
        of: impl Fn(usize) -> Option<ItemId>,
    ) -> Result<StatusCode, Error> {
        for (at, refusal) in refusals.iter() {
            let why = match refusal {
                Refusal::NotFound | Refusal::Unproven => return Err(Error::NotFound),
                Refusal::Forbidden(why) => return Err(Error::Forbidden((*why).into())),
                Refusal::Invalid(field, message) => {
                    self.errors.add(field, message);
                    continue;
                }
                Refusal::Conflict(Conflict::StaleItem(id)) => meanwhile(state, *id),
                Refusal::Conflict(conflict) => sentence(state, conflict),
            };
            match of(at).and_then(|id| state.item(id)) {
                Some(item) => {
                    let title = state.definition(item).title.to_string();
                    self.hindrances.push(Hindrance { item: item.id, title, why });
                }
                None => self.problem = Some(why),
            }
        }
        if self.hindrances.is_empty() {
            let conflict = self.problem.is_some();
            return Ok(if conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY });
        }
        let number = self.hindrances.len();
        let stand = if number == 1 { "stands" } else { "stand" };
        self.problem =
            Some(format!("Nothing was changed: {} {stand} in the way.", words::count(number, "selected item")));
        Ok(StatusCode::CONFLICT)
    }

    /// The page again, with the selection and all that was typed. Whom one may assign to is asked only now: a form that
    /// is taken shows nobody.
    async fn back(
        mut self,
        state: &AppState,
        access: &LaunchAccess,
        page: &Page,
        status: StatusCode,
    ) -> Result<Response, Error> {
        if let (None, Some(sentence)) = (&self.problem, self.errors.get("act")) {
            self.problem = Some(sentence.to_owned());
        }
        self.members = members(&state.db).await?;
        let wanted = WantedItems::of(Next::new(&self.form.next).path());
        html_with(status, &pages::checklist(state, access, page, &wanted, NotesView::new(access).await?, Some(self)))
    }
}

/// What somebody else did to an item meanwhile.
fn meanwhile(state: &LaunchState, id: ItemId) -> String {
    let marked = state.item(id).and_then(|item| Some((item.standing.state, item.marked?.0)));
    marked.map_or_else(
        || "it was changed meanwhile".to_owned(),
        |(to, by)| format!("it was changed meanwhile; {} has marked it {}", state.person(by), to.word()),
    )
}

/// The address that takes these changes back and goes on to a page; nothing, when nothing changed.
fn undo_of(events: &[Event], next: &Next) -> Option<String> {
    let first = events.first()?;
    let next: String = url::form_urlencoded::byte_serialize(next.path().as_bytes()).collect();
    Some(format!("/launches/{}/events/{}/undo?next={next}", first.launch, first.seq))
}

/// The first of the events to take back.
#[derive(Debug, Deserialize)]
pub(super) struct First {
    seq: Seq,
}

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct On {
    next: String,
}

/// `POST /launches/{id}/events/{seq}/undo`: takes back what the reader changed in the request that this event is the
/// first of.
pub(super) async fn undo(
    State(state): State<AppState>,
    access: LaunchAccess,
    Path(First { seq }): Path<First>,
    Query(on): Query<On>,
    page: Page,
) -> Result<Response, Error> {
    access.may(&Act::TakePart)?;
    let launch = access.launch.id;
    let stored = store::events_of_one_moment(&state.db, launch, seq, MAX_ITEMS as i64).await?;
    let read = |bytes: &Vec<u8>| Event::read(bytes).map_err(|error| Fault::Unreadable(launch, error.to_string()));
    let events = stored.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let request = events.first().ok_or(Error::NotFound)?.request;
    let mut events: Vec<Event> = events.into_iter().take_while(|event| event.request == request).collect();
    // The last first, as everything is taken back.
    events.reverse();
    let items: Vec<Option<ItemId>> = events.iter().map(|event| event.change.item()).collect();
    let commands = events.into_iter().map(|event| Command::Undo { event: Box::new(event) }).collect();
    let next = Next::new(&on.next);
    match state.record.execute(&state.db, access.asker(None), launch, commands).await {
        Ok(done) => {
            let told = match done.events.len() {
                0 => "It was undone already.".to_owned(),
                number => format!("Undone: {} as before.", words::count(number, "item")),
            };
            Ok(SeeOther::to(next.path()).good(told).with_undo(undo_of(&done.events, &next)).into_response())
        }
        Err(NotDone::Fault(fault)) => Err(fault.into()),
        Err(NotDone::Refused(refusals)) => {
            let access = access.again(&state).await?;
            let these: BTreeSet<ItemId> = items.iter().copied().flatten().collect();
            let mut selecting = Selecting::new(Selection::These(these), Vec::new());
            selecting.form.next = next.path().to_owned();
            let status = selecting.refused(&access.launch, &refusals, |at| items.get(at).copied().flatten())?;
            selecting.back(&state, &access, &page, status).await
        }
    }
}

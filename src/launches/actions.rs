//! POST: making a launch, writing its notes.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    pages::{self, WantedItems},
    show::NotesView,
    store,
    view::New,
};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess},
    domain::{
        ids::{ChecklistVersionId, LaunchId, UserId},
        launch::{
            access::Act,
            command::{Command, NewLaunch},
            event::Policy,
        },
        role::InstallationRole,
        text::{Markdown, Prose, Title},
        time::{LocalTime, Zone},
    },
    launch_page::{
        outcome::{Refused, plainly, refused},
        texts::{new_text, told_once},
    },
    record::{NotDone, execute::Asker},
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Sent, Toggle},
        page::{Nav, Page, SeeOther, html_with},
    },
};

/// The form for a new launch, as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewForm {
    pub name: String,
    pub summary: String,
    pub checklist: String,
    pub target: String,
    pub zone: String,
    pub restricted: Toggle,
    pub once: String,
}

impl NewForm {
    /// The id of the launch: made from its maker, the number that the form carries and all that it says, so that the
    /// form sent twice makes one launch, and one that says something else makes another.
    fn id(&self, maker: UserId, restricted: bool) -> LaunchId {
        let restricted = if restricted { "restricted" } else { "" };
        let said = [&*self.name, &*self.summary, &*self.checklist, &*self.target, &*self.zone, restricted];
        told_once(maker, maker.uuid(), &self.once, &said.map(|text| text.trim().as_bytes()))
    }
}

/// `POST /launches`.
pub(super) async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    if !user.is(InstallationRole::Member) {
        return Err(Error::Forbidden("Only members make launches.".into()));
    }
    let form: NewForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let name = errors.take("name", Title::new(&form.name));
    let summary = errors.take("summary", Prose::optional(&form.summary));
    let zone: Option<Zone> = errors.take("zone", form.zone.parse());
    let target = zone.and_then(|zone| errors.take("target", LocalTime::parse(&form.target, zone)));
    let version = match form.checklist.parse::<ChecklistVersionId>() {
        Ok(id) => state.record.version_by_id(&state.db, id).await?,
        Err(_) => None,
    };
    match &version {
        None => errors.add("checklist", "Choose a checklist."),
        Some(version) if store::is_archived(&state.db, version.of).await? => {
            errors.add("checklist", "This checklist is archived, and no launch is made from it. Choose another.");
        }
        Some(_) => {}
    }
    let restricted = errors.take("restricted", form.restricted.read()).map(|chosen| chosen.unwrap_or(false));
    let asker = Asker { user: user.id, request: page.request_id, now: state.clock.now(), proof: None };
    if let (Some(name), Some(summary), Some(target), Some(version), Some(restricted), true) =
        (name, summary, target, version, restricted, errors.is_empty())
    {
        let ambiguous = target.is_ambiguous();
        let new = NewLaunch {
            id: form.id(user.id, restricted),
            name: new_text(name),
            summary: summary.map(new_text),
            target,
            policy: Policy::default(),
            restricted,
            version,
        };
        match state.record.create(&state.db, asker, new).await {
            Ok(done) => {
                let told = if ambiguous {
                    "The launch is made. Clocks show its target time twice that day; the earlier one is meant."
                } else {
                    "The launch is made. Name the holders of its roles next."
                };
                return Ok(SeeOther::to(format!("/launches/{}/settings", done.state.id)).good(told).into_response());
            }
            Err(NotDone::Fault(fault)) => return Err(fault.into()),
            Err(NotDone::Refused(refusals)) => {
                return Err(match refusals.into_first() {
                    crate::domain::launch::command::Refusal::Forbidden(why) => Error::Forbidden(why.into()),
                    _ => Error::NotFound,
                });
            }
        }
    }
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &New {
            chrome: page.chrome(&state, "New launch", Nav::Launches),
            form,
            errors,
            offered: store::offered(&state.db).await?,
            zones: Zone::names(),
        },
    )
}

/// The notes, as they were sent. A form without them is refused, since they would be erased.
#[derive(Debug, Deserialize)]
pub(super) struct NotesForm {
    notes: String,
    seq: Option<i64>,
}

/// `POST /launches/{id}/notes`.
pub(super) async fn write_notes(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::WriteNotes)?;
    let form: NotesForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let parsed = errors.take("notes", Markdown::optionally_entered(&form.notes));
    let mut view = NotesView::new(&access).await?;
    let status = match parsed {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(notes) => {
            let command = Command::WriteNotes { notes: notes.map(new_text), base: form.seq };
            let not_done =
                match state.record.execute(&state.db, access.asker(None), access.launch.id, vec![command]).await {
                    Ok(_) => {
                        let to = format!("/launches/{}#notes", access.launch.id);
                        return Ok(SeeOther::to(to).good("The notes are saved.").into_response());
                    }
                    Err(not_done) => not_done,
                };
            match refused(&access.launch, not_done)? {
                Refused::Fields(_) => return Err(Error::NotFound),
                Refused::Conflict(sentence, _) => {
                    view.problem = Some(sentence);
                    view.theirs = Some(view.text.clone());
                    StatusCode::CONFLICT
                }
            }
        }
    };
    view.error = errors.get("notes").map(str::to_owned);
    view.text = form.notes;
    html_with(status, &pages::checklist(&state, &access, &page, &WantedItems::default(), view, None))
}

/// Does one command that is asked for with a mere button, and goes on to a page.
pub(super) async fn run(
    state: &AppState,
    access: &LaunchAccess,
    command: Command,
    to: String,
    told: &str,
) -> Result<Response, Error> {
    match state.record.execute(&state.db, access.asker(None), access.launch.id, vec![command]).await {
        Ok(_) => Ok(SeeOther::to(to).good(told).into_response()),
        Err(not_done) => plainly(&access.launch, not_done),
    }
}

//! POST: creating a launch, and writing its notes.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    checklist_page::NotesView,
    forms::NewLaunchForm,
    pages::{self, ChecklistPageQuery},
    store,
    view::NewLaunchPage,
};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess},
    domain::{
        ids::ChecklistVersionId,
        launch::{
            access::Act,
            command::{Command, Conflict, NewLaunch, Refusal},
            event::Policy,
        },
        role::InstallationRole,
        text::{Markdown, Prose, Title},
        time::{LocalTime, Zone},
    },
    presentation::refusal::{FormRefusal, to_form_refusal},
    record::{ExecuteError, execute::Requester},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, UnreadForm},
        form_base::FormBase,
        idempotency::{SentIdempotencyKey, new_text},
        response::{SeeOther, render_with_status},
    },
};

/// `POST /launches`: makes a launch from a checklist version, owned by the person who sends the form.
pub(super) async fn create_launch(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    if !user.has_role(InstallationRole::Member) {
        return Err(Error::Forbidden(texts::only_members_make_launches()));
    }
    let mut form: NewLaunchForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let mut conflict = None;
    let key = errors.check("once", form.once.parse());
    let name = errors.check("name", Title::new(&form.name));
    let summary = errors.check("summary", Prose::optional(&form.summary));
    let zone: Option<Zone> = errors.check("zone", form.zone.parse());
    let target = zone.and_then(|zone| errors.check("target", LocalTime::parse(&form.target, zone)));
    let version = match form.checklist.parse::<ChecklistVersionId>() {
        Ok(id) => state.record.load_version(&state.db, id).await?,
        Err(_) => None,
    };
    match &version {
        None => errors.add("checklist", texts::choose_a_checklist()),
        Some(version) if store::is_archived(&state.db, version.checklist_id).await? => {
            errors.add("checklist", texts::checklist_is_archived_choose_another());
        }
        Some(_) => {}
    }
    let restricted = errors.check("restricted", form.restricted.parse()).map(|chosen| chosen.unwrap_or(false));
    let asker = Requester { user: user.id, request: page.request_id, now: state.clock.now(), proof: None };
    if let (Some(name), Some(summary), Some(target), Some(version), Some(restricted), Some(key), true) =
        (name, summary, target, version, restricted, key, errors.is_empty())
    {
        let ambiguous = target.is_ambiguous();
        let new = NewLaunch {
            id: form.launch_id(user.id, key, restricted),
            name: new_text(name),
            summary: summary.map(new_text),
            target,
            policy: Policy::default(),
            restricted,
            version,
        };
        match state.record.create(&state.db, asker, new).await {
            Ok(done) => {
                let message =
                    if ambiguous { texts::launch_is_made_at_ambiguous_time() } else { texts::launch_is_made() };
                return Ok(SeeOther::to(format!("/launches/{}/settings", done.state.id))
                    .with_success(message)
                    .into_response());
            }
            Err(ExecuteError::Failed(fault)) => return Err(fault.into()),
            Err(ExecuteError::Refused(refusals)) => match refusals.into_first() {
                Refusal::Conflict(Conflict::Other(why)) => conflict = Some(why),
                Refusal::Forbidden(why) => return Err(Error::Forbidden(why)),
                _ => return Err(Error::NotFound),
            },
        }
    }
    let status = if conflict.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    form.once = if conflict.is_some() { SentIdempotencyKey::generate() } else { form.once.or_generate() };
    render_with_status(
        status,
        &NewLaunchPage {
            chrome: page.chrome(&state, texts::make_a_launch(), Nav::Launches),
            form,
            problem: conflict.or_else(|| errors.get("once").map(|sentence| sentence.to_owned().into())),
            errors,
            offered: store::load_offered_versions(&state.db).await?,
            zones: Zone::all_names(),
        },
    )
}

/// A form without notes is refused, since it would erase them.
#[derive(Debug, Deserialize)]
pub(super) struct NotesForm {
    notes: String,
    #[serde(default)]
    seq: FormBase,
}

/// `POST /launches/{id}/notes`.
pub(super) async fn write_notes(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::WriteNotes)?;
    let form: NotesForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let parsed = errors.check("notes", Markdown::optional_from_input(&form.notes));
    let command = parsed
        .zip(form.seq.number())
        .map(|(notes, seq)| Command::WriteNotes { notes: notes.map(new_text) }.unless_changed_since(seq));
    let Some(command) = command else {
        let problem = form.seq.number().is_none().then(|| texts::form_has_no_base().into_owned());
        let view = NotesView::new(&access).await?.with_input(form.notes, &form.seq, &errors);
        let view = NotesView { problem, ..view };
        return render_notes(&state, &access, &page, StatusCode::UNPROCESSABLE_ENTITY, view);
    };
    let launch = access.launch.id;
    let not_done = match state.record.execute(&state.db, access.requester(None), launch, vec![command]).await {
        Ok(_) => {
            let to = format!("/launches/{launch}#notes");
            return Ok(SeeOther::to(to).with_success(texts::notes_are_saved()).into_response());
        }
        Err(not_done) => not_done,
    };
    let access = access.reload(&state).await?;
    let FormRefusal::Conflict(sentence, conflict) = to_form_refusal(&access.launch, not_done)? else {
        return Err(Error::NotFound);
    };
    let mut view = NotesView::new(&access).await?;
    view.problem = Some(sentence);
    let base = if conflict.says_what_changed() {
        view.stored_text = Some(view.text.clone());
        FormBase::default()
    } else {
        form.seq
    };
    render_notes(&state, &access, &page, StatusCode::CONFLICT, view.with_input(form.notes, &base, &errors))
}

/// The launch's page with the notes as they were typed.
fn render_notes(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    status: StatusCode,
    view: NotesView,
) -> Result<Response, Error> {
    render_with_status(status, &pages::checklist_page(state, access, page, &ChecklistPageQuery::default(), view, None))
}

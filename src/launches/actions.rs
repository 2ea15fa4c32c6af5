//! POST: writing the notes of a launch.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    checklist_page::NotesView,
    pages::{self, ChecklistPageQuery},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        launch::{access::Act, command::Command},
        text::Markdown,
    },
    presentation::refusal::{FormRefusal, to_form_refusal},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, UnreadForm},
        form_base::FormBase,
        idempotency::new_text,
        response::{SeeOther, render_with_status},
    },
};

/// A form without notes is refused, since it would erase them.
#[derive(Debug, Deserialize)]
pub(super) struct NotesForm {
    notes: String,
    #[serde(default)]
    seq: FormBase,
}

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

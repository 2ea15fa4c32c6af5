//! The handler of every form of the editor.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    current::CurrentDraft,
    execute::{DraftEditor, RejectedCommand, execute},
    form::{DraftAddress, DraftForm, DraftInput, OpenPage, OpenRow, WHOLE_DRAFT},
    page::{ShownForm, render_page},
    parse::SentDraftForm,
    redirect::DraftAnswer,
    refusal::DraftRefusal,
};
use crate::{
    access::{Admin, CurrentUser},
    domain::checklist_draft::DraftEditError,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{Path, UnreadForm},
        route::{Right, Route},
    },
};

pub(super) fn edit_route(path: &'static str, form: DraftForm) -> Route {
    let handler =
        async move |State(state): State<AppState>,
                    Admin(admin): Admin,
                    Path(address): Path<DraftAddress>,
                    page: PageContext,
                    unread: UnreadForm| edit(&state, &admin, form, address, &page, unread).await;
    Route::post(path, Right::Admin, handler)
}

/// Reads a form, executes its command on the draft, and answers with a redirect, or with the page and the form again.
async fn edit(
    state: &AppState,
    admin: &CurrentUser,
    form: DraftForm,
    address: DraftAddress,
    page: &PageContext,
    unread: UnreadForm,
) -> Result<Response, Error> {
    let current = CurrentDraft::load(state, address.id).await?;
    let input: DraftInput = unread.read_form().await?;
    let node = form.target(address.node, &input)?;
    let mut sent = SentDraftForm { removal: address.removal.into(), ..SentDraftForm::new(form, node, input) };
    if !form.is_target_in(&current.draft, node) {
        let refusal = if current.archived { DraftRefusal::Archived } else { DraftEditError::NotInDraft.into() };
        return show_refusal(state, page, sent, RejectedCommand { current, refusal }).await;
    }
    let roles = current.load_roles(state).await?;
    let Some(command) = sent.parse(&current, &roles, admin.id)? else {
        let status = if sent.has_error() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let open = form.page(&current.draft, node, &sent.input);
        return render_page(state, page, current, open, show(sent), status).await;
    };
    let editor = DraftEditor { admin, request: page.request_id };
    match execute(state, editor, address.id, command, &sent.input).await? {
        Ok(outcome) => {
            let answer = DraftAnswer::new(&sent, &current, &outcome);
            let Some(since) = sent.input.since.filter(|_| outcome.published.is_none()) else {
                return Ok(answer.into_redirect().into_response());
            };
            let shown = ShownForm { sent: None, notice: answer.notice, since: Some(since) };
            render_page(state, page, outcome.current, OpenPage::Outline(OpenRow::Nothing), shown, StatusCode::OK).await
        }
        Err(rejected) => show_refusal(state, page, sent, rejected).await,
    }
}

fn show(sent: SentDraftForm) -> ShownForm {
    ShownForm { since: sent.input.since, sent: Some(sent), notice: None }
}

/// The page with a form that was refused. If what the form is about is no longer in the draft, its text is offered for
/// something new.
async fn show_refusal(
    state: &AppState,
    page: &PageContext,
    mut sent: SentDraftForm,
    RejectedCommand { current, refusal }: RejectedCommand,
) -> Result<Response, Error> {
    let (form, draft) = (sent.form, &current.draft);
    let is_lost = !form.is_target_in(draft, sent.node);
    if is_lost && !draft.was_removed(sent.node) && !sent.input.has_text_of_earlier_draft(draft) {
        return Err(Error::NotFound);
    }
    if !is_lost {
        sent.refuse(&refusal);
        let open = form.page(draft, sent.node, &sent.input);
        return render_page(state, page, current, open, show(sent), refusal.into_status()?).await;
    }
    let refusal = if current.archived { DraftRefusal::Archived } else { DraftEditError::Removed.into() };
    sent.refuse(&refusal);
    let open = if form.is_item_form() {
        if !current.archived {
            sent.problem = Some(texts::typed_for_what_is_gone().into_owned());
        }
        OpenPage::LostInput
    } else {
        // A heading is offered for a new part.
        (sent.form, sent.node) = (DraftForm::AddPart, WHOLE_DRAFT);
        OpenPage::Outline(OpenRow::Nothing)
    };
    render_page(state, page, current, open, show(sent), StatusCode::CONFLICT).await
}

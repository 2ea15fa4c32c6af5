//! A section of a draft, with its items.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    DraftContext, DraftEditRejected, apply_edit,
    forms::{DraftItemForm, DraftPlaceForm, DraftTitleForm, parse_seen_version},
    outline,
    removed_target::{self, render_removed_target},
    rows,
    view::{DraftHeadView, DraftItemChoices, DraftOutlineInput, DraftSectionPage},
};
use crate::{
    access::Admin,
    ambient,
    domain::{
        checklist_draft::DraftEdit,
        ids::{ChecklistId, NodeId},
        text::Title,
    },
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::{FieldErrors, Path, UnreadForm},
        idempotency::idempotent_id,
        markdown,
        page::{Nav, PageContext, SeeOther, render_with_status},
    },
};

/// What the page shows instead of the draft's own values: the input, and what is wrong with it.
#[derive(Debug, Default)]
struct DraftSectionPageInput {
    status: StatusCode,
    fields: Option<DraftItemForm>,
    errors: FieldErrors,
    /// The heading as it was typed, and what is wrong with it.
    heading: Option<(String, String)>,
    problem: Option<String>,
}

/// `GET /checklists/{id}/draft/sections/{node}`.
pub(super) async fn show_section(
    State(state): State<AppState>,
    _: Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?.require_not_archived()?;
    render_section(&state, &page, desk, node, DraftSectionPageInput::default()).await
}

async fn render_section(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    node: NodeId,
    sending: DraftSectionPageInput,
) -> Result<Response, Error> {
    if desk.draft.section(node).is_none() {
        return Err(Error::NotFound);
    }
    let roles = desk.load_roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    run_blocking(move || {
        let draft = &desk.draft;
        let Some((part, section)) = draft.section(node) else { return Err(Error::NotFound) };
        let all = rows::list_sections(draft);
        let at = all.iter().position(|(id, _)| *id == node).unwrap_or(0);
        let DraftSectionPageInput { status, fields, errors, heading, problem } = sending;
        let mut fields = fields.unwrap_or_else(DraftItemForm::empty);
        if fields.once.is_empty() {
            fields.once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
        }
        let preview = fields.is_preview().then(|| markdown::render(&fields.guidance));
        let known = section.title.as_ref().map_or_else(String::new, ToString::to_string);
        let (heading, heading_error) = heading.map_or((known.clone(), None), |(typed, why)| (typed, Some(why)));
        render_with_status(
            status,
            &DraftSectionPage {
                chrome,
                head: DraftHeadView::new(&desk),
                id: node,
                title: rows::section_title(section),
                heading_now: (heading_error.is_some() && heading != known && !known.is_empty()).then_some(known),
                heading,
                heading_error,
                part: rows::part_title(draft, part),
                part_id: part.id,
                parts: rows::number_equal_names(
                    draft.parts.iter().map(|part| (part.id, rows::part_title(draft, part))).collect(),
                ),
                items: rows::item_rows(draft, section),
                fields,
                choices: DraftItemChoices::new(roles),
                errors,
                preview,
                problem,
                before: at.checked_sub(1).map(|before| all[before].clone()),
                after: all.get(at + 1).cloned(),
            },
        )
    })
    .await?
}

/// Renders the page again, with the refusal of a button at the top.
pub(super) async fn render_refusal(
    state: &AppState,
    page: &PageContext,
    DraftEditRejected { draft_context: desk, refusal: why }: DraftEditRejected,
    node: NodeId,
) -> Result<Response, Error> {
    let status = why.status()?;
    let problem = Some(why.to_string());
    render_section(
        state,
        page,
        desk,
        node,
        DraftSectionPageInput { status, problem, ..DraftSectionPageInput::default() },
    )
    .await
}

/// Loads the draft, if this section is or was in it.
async fn load_draft_with_section(state: &AppState, id: ChecklistId, node: NodeId) -> Result<DraftContext, Error> {
    let desk = DraftContext::load(state, id).await?;
    let is_there = desk.draft.section(node).is_some() || desk.draft.was_removed(node);
    if is_there { Ok(desk) } else { Err(Error::NotFound) }
}

fn redirect_to_section(id: ChecklistId, node: NodeId) -> SeeOther {
    SeeOther::to(format!("/checklists/{id}/draft/sections/{node}"))
}

/// `POST /checklists/{id}/draft/sections/{node}/title`.
pub(super) async fn rename_section(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = load_draft_with_section(&state, id, node).await?;
    let form: DraftTitleForm = sent.read_form().await?;
    let title = match Title::new(&form.title) {
        Ok(title) => title,
        Err(why) => {
            let heading = Some((form.title, why.to_string()));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return render_section(
                &state,
                &page,
                desk,
                node,
                DraftSectionPageInput { status, heading, ..DraftSectionPageInput::default() },
            )
            .await;
        }
    };
    match apply_edit(&state, &admin, id, DraftEdit::Rename { node, title }, parse_seen_version(&form.version)).await? {
        Ok(_) => Ok(redirect_to_section(id, node).with_success("The section has another heading.").into_response()),
        Err(DraftEditRejected { draft_context: desk, refusal: why }) => {
            let status = why.status()?;
            if desk.draft.section(node).is_none() {
                return render_outline_refusal(&state, &page, DraftEditRejected { draft_context: desk, refusal: why })
                    .await;
            }
            let heading = Some((form.title, why.to_string()));
            render_section(
                &state,
                &page,
                desk,
                node,
                DraftSectionPageInput { status, heading, ..DraftSectionPageInput::default() },
            )
            .await
        }
    }
}

/// `POST /checklists/{id}/draft/sections/{node}/part`: moves the section to the end of another part.
pub(super) async fn move_section(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    load_draft_with_section(&state, id, node).await?;
    let form: DraftPlaceForm = sent.read_form().await?;
    let part: NodeId = form.to.parse().map_err(|_| Error::NotFound)?;
    match apply_edit(&state, &admin, id, DraftEdit::MoveTo { node, to: part }, 0).await? {
        Ok(_) => Ok(redirect_to_section(id, node).with_success("The section is in another part.").into_response()),
        Err(not_changed) if not_changed.draft_context.draft.section(node).is_none() => {
            render_outline_refusal(&state, &page, not_changed).await
        }
        Err(not_changed) => render_refusal(&state, &page, not_changed, node).await,
    }
}

/// Renders the outline instead, if the section was removed.
async fn render_outline_refusal(
    state: &AppState,
    page: &PageContext,
    not_changed: DraftEditRejected,
) -> Result<Response, Error> {
    outline::render_refusal(state, page, not_changed, None, None, DraftOutlineInput::default()).await
}

/// `POST /checklists/{id}/draft/sections/{node}/items`.
pub(super) async fn add_item(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let is_there = desk.draft.section(node).is_some();
    let (desk, form) = match removed_target::read_item_form(&state, &page, desk, (node, is_there), sent).await? {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let mut errors = FieldErrors::new();
    let fields = form.parse(&desk.load_roles(&state).await?, &mut errors);
    let Some(fields) = fields.filter(|_| !form.is_preview()) else {
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let sending = DraftSectionPageInput { status, fields: Some(form), errors, ..DraftSectionPageInput::default() };
        return render_section(&state, &page, desk, node, sending).await;
    };
    let title = fields.title.clone();
    let made = idempotent_id(admin.id, node.uuid(), &form.once, &form.idempotency_content().map(str::as_bytes));
    match apply_edit(
        &state,
        &admin,
        id,
        DraftEdit::AddItem { id: made, section: node, fields },
        parse_seen_version(&form.version),
    )
    .await?
    {
        Ok(_) => {
            let to = SeeOther::to(format!("/checklists/{id}/draft/sections/{node}#f-title"));
            Ok(to.with_success(format!("“{title}” is added.")).into_response())
        }
        Err(DraftEditRejected { draft_context: desk, .. }) if desk.draft.section(node).is_none() => {
            render_removed_target(&state, &page, desk, form).await
        }
        Err(DraftEditRejected { draft_context: desk, refusal: why }) => {
            let (status, (errors, problem)) = (why.status()?, why.to_form_errors());
            // The item that this form made was removed since. Sent again, the form makes another, so it gets a new
            // idempotency key.
            let again = DraftItemForm { once: String::new(), ..form };
            let sending = DraftSectionPageInput {
                status,
                fields: Some(again),
                errors,
                problem,
                ..DraftSectionPageInput::default()
            };
            render_section(&state, &page, desk, node, sending).await
        }
    }
}

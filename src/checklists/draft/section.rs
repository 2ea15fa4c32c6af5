//! A section of a draft, with its items.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    Desk, NotChanged, change,
    forms::{ItemForm, PlaceForm, TitleForm, seen},
    gone::{self, gone},
    outline, rows,
    view::{Choices, Head, SectionPage, Typed},
};
use crate::{
    access::Admin,
    ambient,
    domain::{
        checklist_draft::Edit,
        ids::{ChecklistId, NodeId},
        text::Title,
    },
    launch_page::texts::told_once,
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::{FieldErrors, Path, Sent},
        markdown,
        page::{Nav, Page, SeeOther, html_with},
    },
};

/// What of the page differs from the draft as it is: what was typed, and what is wrong with it.
#[derive(Debug, Default)]
struct Sending {
    status: StatusCode,
    fields: Option<ItemForm>,
    errors: FieldErrors,
    /// The heading that was typed, and what is wrong with it.
    heading: Option<(String, String)>,
    problem: Option<String>,
}

/// `GET /checklists/{id}/draft/sections/{node}`.
pub(super) async fn show(
    State(state): State<AppState>,
    _: Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: Page,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?.in_use()?;
    section(&state, &page, desk, node, Sending::default()).await
}

/// The page of a section that is there.
async fn section(state: &AppState, page: &Page, desk: Desk, node: NodeId, sending: Sending) -> Result<Response, Error> {
    if desk.draft.section(node).is_none() {
        return Err(Error::NotFound);
    }
    let roles = desk.roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    apart(move || {
        let draft = &desk.draft;
        let Some((part, section)) = draft.section(node) else { return Err(Error::NotFound) };
        let all = rows::sections(draft);
        let at = all.iter().position(|(id, _)| *id == node).unwrap_or(0);
        let Sending { status, fields, errors, heading, problem } = sending;
        let mut fields = fields.unwrap_or_else(ItemForm::empty);
        if fields.once.is_empty() {
            fields.once = ambient::opaque_id::<uuid::Uuid>().to_string();
        }
        let preview = fields.is_preview().then(|| markdown::render(&fields.guidance));
        let known = section.title.as_ref().map_or_else(String::new, ToString::to_string);
        let (heading, heading_error) = heading.map_or((known.clone(), None), |(typed, why)| (typed, Some(why)));
        html_with(
            status,
            &SectionPage {
                chrome,
                head: Head::new(&desk),
                id: node,
                title: rows::section_title(section),
                heading_now: (heading_error.is_some() && heading != known && !known.is_empty()).then_some(known),
                heading,
                heading_error,
                part: rows::part_title(draft, part),
                part_id: part.id,
                parts: draft.parts.iter().map(|part| (part.id, rows::part_title(draft, part))).collect(),
                items: rows::items(draft, section),
                fields,
                choices: Choices::new(roles),
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

/// The page again, with what was in the way of a button on top.
pub(super) async fn refused(
    state: &AppState,
    page: &Page,
    NotChanged { desk, why }: NotChanged,
    node: NodeId,
) -> Result<Response, Error> {
    let status = why.status()?;
    let problem = Some(why.to_string());
    section(state, page, desk, node, Sending { status, problem, ..Sending::default() }).await
}

/// The draft, if this section is or was in it.
async fn there(state: &AppState, id: ChecklistId, node: NodeId) -> Result<Desk, Error> {
    let desk = Desk::open(state, id).await?;
    let is_there = desk.draft.section(node).is_some() || desk.draft.was_removed(node);
    if is_there { Ok(desk) } else { Err(Error::NotFound) }
}

fn to(id: ChecklistId, node: NodeId) -> SeeOther {
    SeeOther::to(format!("/checklists/{id}/draft/sections/{node}"))
}

/// `POST /checklists/{id}/draft/sections/{node}/title`.
pub(super) async fn entitle(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = there(&state, id, node).await?;
    let form: TitleForm = sent.form().await?;
    let title = match Title::new(&form.title) {
        Ok(title) => title,
        Err(why) => {
            let heading = Some((form.title, why.to_string()));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return section(&state, &page, desk, node, Sending { status, heading, ..Sending::default() }).await;
        }
    };
    match change(&state, &admin, id, Edit::Entitle { node, title }, seen(&form.version)).await? {
        Ok(_) => Ok(to(id, node).good("The section has another heading.").into_response()),
        Err(NotChanged { desk, why }) => {
            let status = why.status()?;
            if desk.draft.section(node).is_none() {
                return elsewhere(&state, &page, NotChanged { desk, why }).await;
            }
            let heading = Some((form.title, why.to_string()));
            section(&state, &page, desk, node, Sending { status, heading, ..Sending::default() }).await
        }
    }
}

/// `POST /checklists/{id}/draft/sections/{node}/part`: moves it to the end of another part.
pub(super) async fn move_to(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    there(&state, id, node).await?;
    let form: PlaceForm = sent.form().await?;
    let part: NodeId = form.to.parse().map_err(|_| Error::NotFound)?;
    match change(&state, &admin, id, Edit::MoveTo { node, to: part }, 0).await? {
        Ok(_) => Ok(to(id, node).good("The section is in another part.").into_response()),
        Err(not_changed) if not_changed.desk.draft.section(node).is_none() => {
            elsewhere(&state, &page, not_changed).await
        }
        Err(not_changed) => refused(&state, &page, not_changed, node).await,
    }
}

/// The outline, where the section was removed.
async fn elsewhere(state: &AppState, page: &Page, not_changed: NotChanged) -> Result<Response, Error> {
    outline::refused(state, page, not_changed, None, None, Typed::default()).await
}

/// `POST /checklists/{id}/draft/sections/{node}/items`.
pub(super) async fn add_item(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let is_there = desk.draft.section(node).is_some();
    let (desk, form) = match gone::read(&state, &page, desk, (node, is_there), sent).await? {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let mut errors = FieldErrors::new();
    let fields = form.parse(&desk.roles(&state).await?, &mut errors);
    let Some(fields) = fields.filter(|_| !form.is_preview()) else {
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let sending = Sending { status, fields: Some(form), errors, ..Sending::default() };
        return section(&state, &page, desk, node, sending).await;
    };
    let title = fields.title.clone();
    let made = told_once(admin.id, node.uuid(), &form.once, &form.content().map(str::as_bytes));
    match change(&state, &admin, id, Edit::AddItem { id: made, section: node, fields }, seen(&form.version)).await? {
        Ok(_) => {
            let to = SeeOther::to(format!("/checklists/{id}/draft/sections/{node}#f-title"));
            Ok(to.good(format!("“{title}” is added.")).into_response())
        }
        Err(NotChanged { desk, .. }) if desk.draft.section(node).is_none() => gone(&state, &page, desk, form).await,
        Err(NotChanged { desk, why }) => {
            let (status, (errors, problem)) = (why.status()?, why.told());
            // What came of the form was removed since: sent again, it is to make another.
            let again = ItemForm { once: String::new(), ..form };
            let sending = Sending { status, fields: Some(again), errors, problem, ..Sending::default() };
            section(&state, &page, desk, node, sending).await
        }
    }
}

//! An item of a draft.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    Desk, NotChanged, Why, change,
    forms::{ItemForm, PlaceForm, seen},
    gone::{self, gone},
    rows,
    view::{Choices, Head, ItemPage},
};
use crate::{
    access::Admin,
    checklists::comparison,
    domain::{
        checklist::Phase,
        checklist_draft::{DraftItem, Edit, EditError, KeyFrom, Nesting},
        ids::{ChecklistId, NodeId},
    },
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
    problem: Option<String>,
    /// Whether somebody else changed the item meanwhile.
    is_stale: bool,
}

/// `GET /checklists/{id}/draft/items/{node}`.
pub(super) async fn show(
    State(state): State<AppState>,
    _: Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: Page,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?.in_use()?;
    item(&state, &page, desk, node, Sending::default()).await
}

/// The page of an item that is there.
async fn item(state: &AppState, page: &Page, desk: Desk, node: NodeId, sending: Sending) -> Result<Response, Error> {
    let roles = desk.roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    apart(move || {
        let draft = &desk.draft;
        let Some((part, section, known)) = draft.item(node) else { return Err(Error::NotFound) };
        let Sending { status, fields, errors, problem, is_stale } = sending;
        let now = match &fields {
            Some(typed) if is_stale => differing(typed, known, &roles),
            Some(_) | None => Vec::new(),
        };
        let fields = fields.unwrap_or_else(|| ItemForm::of(known));
        let all: Vec<&DraftItem> = draft.items().collect();
        let at = all.iter().position(|item| item.id == node).unwrap_or(0);
        let link = |item: &&DraftItem| (item.id, item.item.title.to_string());
        let sections = rows::sections(draft);
        html_with(
            status,
            &ItemPage {
                chrome,
                head: Head::new(&desk),
                id: node,
                title: known.item.title.to_string(),
                key: known.item.key.to_string(),
                is_published: known.key_from == KeyFrom::Published,
                under: rows::under(&known.item.under),
                section: section.id,
                section_title: rows::path(draft, part, section),
                preview: fields.is_preview().then(|| markdown::render(&fields.guidance)),
                fields,
                choices: Choices::new(roles),
                errors,
                problem,
                now,
                sections: sections.into_iter().map(|(id, name)| (id, name, id == section.id)).collect(),
                nestings: rows::nestings(section, known),
                before: at.checked_sub(1).and_then(|before| all.get(before)).map(link),
                after: all.get(at + 1).map(link),
            },
        )
    })
    .await?
}

/// What an item says otherwise than was typed, field by field.
fn differing(typed: &ItemForm, known: &DraftItem, roles: &super::Roles) -> Vec<(&'static str, String)> {
    let kept = ItemForm::of(known);
    let role = |slug: &str| {
        let known = roles.iter().find(|(role, _)| role.as_str() == slug);
        known.map_or_else(|| "nobody in particular".to_owned(), |(_, title)| title.clone())
    };
    let evidence = |form: &ItemForm| if form.needs_evidence() { "required" } else { "not required" };
    let phase = |phase: Phase| comparison::phase(phase).to_owned();
    let ends = |text: &str| text.replace("\r\n", "\n");
    [
        ("Title", kept.title != typed.title.trim(), kept.title.clone()),
        ("Importance", kept.importance != typed.importance, kept.importance.clone()),
        ("Due", kept.phase != typed.phase, phase(known.item.phase)),
        ("Role", kept.role != typed.role, role(&kept.role)),
        ("Evidence", kept.needs_evidence() != typed.needs_evidence(), evidence(&kept).to_owned()),
        ("Guidance", kept.guidance != ends(&typed.guidance).trim(), kept.guidance.clone()),
        ("Key", kept.key != typed.key.trim(), kept.key.clone()),
    ]
    .into_iter()
    .filter(|(_, differs, _)| *differs)
    .map(|(field, _, value)| (field, if value.is_empty() { "empty".to_owned() } else { value }))
    .collect()
}

/// `POST /checklists/{id}/draft/items/{node}`.
pub(super) async fn save(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let is_there = desk.draft.item(node).is_some();
    let (desk, form) = match gone::read(&state, &page, desk, (node, is_there), sent).await? {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let mut errors = FieldErrors::new();
    let form = match desk.draft.item(node) {
        Some((_, _, known)) => form.with_evidence_of(known),
        None => form,
    };
    let fields = form.parse(&desk.roles(&state).await?, &mut errors);
    let Some(fields) = fields.filter(|_| !form.is_preview()) else {
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let sending = Sending { status, fields: Some(form), errors, ..Sending::default() };
        return item(&state, &page, desk, node, sending).await;
    };
    match change(&state, &admin, id, Edit::EditItem { item: node, fields }, seen(&form.version)).await? {
        Ok(desk) => Ok(after(&desk, node, &form).into_response()),
        Err(NotChanged { desk, .. }) if desk.draft.item(node).is_none() => gone(&state, &page, desk, form).await,
        Err(NotChanged { desk, why }) => {
            let (status, (errors, problem)) = (why.status()?, why.told());
            let is_stale = why == Why::Edit(EditError::Stale);
            item(&state, &page, desk, node, Sending { status, fields: Some(form), errors, problem, is_stale }).await
        }
    }
}

/// Where one goes on after saving an item: to its section, or to the next item.
fn after(desk: &Desk, node: NodeId, form: &ItemForm) -> SeeOther {
    let base = format!("/checklists/{}/draft", desk.id);
    let next = (form.then == "next").then(|| {
        let mut rest = desk.draft.items().skip_while(|item| item.id != node).skip(1);
        rest.next().map(|item| item.id)
    });
    let to = match (next.flatten(), desk.draft.item(node)) {
        (Some(next), _) => format!("{base}/items/{next}"),
        (None, Some((_, section, _))) => format!("{base}/sections/{}#node-{node}", section.id),
        (None, None) => base,
    };
    let title = desk.draft.item(node).map_or_else(String::new, |(_, _, item)| item.item.title.to_string());
    SeeOther::to(to).good(format!("“{title}” is saved."))
}

/// `POST /checklists/{id}/draft/items/{node}/place`: another section, or what it is nested in.
pub(super) async fn place(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    if desk.draft.item(node).is_none() {
        return Err(if desk.draft.was_removed(node) {
            Error::Conflict(EditError::Removed.to_string().into())
        } else {
            Error::NotFound
        });
    }
    let form: PlaceForm = sent.form().await?;
    let edit = match (form.to.as_str(), form.nesting.as_str()) {
        (to, "") if !to.is_empty() => to.parse().ok().map(|to| Edit::MoveTo { node, to }),
        ("", nesting) => nesting_of(nesting).map(|nesting| Edit::Nest { item: node, nesting }),
        _ => None,
    };
    let Some(edit) = edit else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let errors = FieldErrors::one("to", "Choose one of these.");
        return item(&state, &page, desk, node, Sending { status, errors, ..Sending::default() }).await;
    };
    match change(&state, &admin, id, edit, 0).await? {
        Ok(_) => {
            let to = SeeOther::to(format!("/checklists/{id}/draft/items/{node}"));
            Ok(to.good("It has another place.").into_response())
        }
        Err(NotChanged { desk, why }) => {
            let status = why.status()?;
            let mut sending = Sending { status, ..Sending::default() };
            match &why {
                Why::Edit(error) if error.field().is_some() => sending.errors = FieldErrors::one("to", error),
                Why::Archived | Why::Edit(_) => sending.problem = Some(why.to_string()),
            }
            item(&state, &page, desk, node, sending).await
        }
    }
}

/// What a form names to nest an item in.
fn nesting_of(value: &str) -> Option<Nesting> {
    match value.split_once(':') {
        None => (value == "nothing").then_some(Nesting::Nothing),
        Some(("in", node)) => node.parse().ok().map(Nesting::In),
        Some(("beside", node)) => node.parse().ok().map(Nesting::Beside),
        Some(_) => None,
    }
}

//! An item of a draft.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    DraftContext, DraftEditRefusal, DraftEditRejected, apply_edit,
    forms::{DraftItemForm, DraftPlaceForm, parse_seen_version},
    removed_target::{self, render_removed_target},
    rows,
    view::{DraftHeadView, DraftItemChoices, DraftItemPage},
};
use crate::{
    access::Admin,
    checklists::comparison,
    domain::{
        checklist::Phase,
        checklist_draft::{DraftEdit, DraftEditError, DraftItem, ItemNesting, KeyFrom},
        ids::{ChecklistId, NodeId},
    },
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::{FieldErrors, Path, UnreadForm},
        markdown,
        page::{Nav, PageContext, SeeOther, render_with_status},
    },
};

/// What the page shows instead of the draft's own values: the input, and what is wrong with it.
#[derive(Debug, Default)]
struct DraftItemPageInput {
    status: StatusCode,
    fields: Option<DraftItemForm>,
    errors: FieldErrors,
    problem: Option<String>,
    /// Whether somebody else changed the item meanwhile.
    is_stale: bool,
}

/// `GET /checklists/{id}/draft/items/{node}`.
pub(super) async fn show_item(
    State(state): State<AppState>,
    _: Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?.require_not_archived()?;
    render_item(&state, &page, desk, node, DraftItemPageInput::default()).await
}

async fn render_item(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    node: NodeId,
    sending: DraftItemPageInput,
) -> Result<Response, Error> {
    let roles = desk.load_roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    run_blocking(move || {
        let draft = &desk.draft;
        let Some((part, section, known)) = draft.item(node) else { return Err(Error::NotFound) };
        let DraftItemPageInput { status, fields, errors, problem, is_stale } = sending;
        let now = match &fields {
            Some(typed) if is_stale => list_differing_fields(typed, known, &roles),
            Some(_) | None => Vec::new(),
        };
        let fields = fields.unwrap_or_else(|| DraftItemForm::from_item(known));
        let all: Vec<&DraftItem> = draft.items().collect();
        let at = all.iter().position(|item| item.id == node).unwrap_or(0);
        let link = |item: &&DraftItem| (item.id, item.item.title.to_string());
        let sections = rows::list_sections(draft);
        render_with_status(
            status,
            &DraftItemPage {
                chrome,
                head: DraftHeadView::new(&desk),
                id: node,
                title: known.item.title.to_string(),
                key: known.item.key.to_string(),
                is_published: known.key_from == KeyFrom::Published,
                under: rows::format_nesting(&known.item.under),
                section: section.id,
                section_title: rows::section_path(draft, part, section),
                preview: fields.is_preview().then(|| markdown::render(&fields.guidance)),
                fields,
                choices: DraftItemChoices::new(roles),
                errors,
                problem,
                now,
                sections: sections.into_iter().map(|(id, name)| (id, name, id == section.id)).collect(),
                nestings: rows::nesting_choices(section, known),
                before: at.checked_sub(1).and_then(|before| all.get(before)).map(link),
                after: all.get(at + 1).map(link),
            },
        )
    })
    .await?
}

/// The fields in which the item differs from the input, with the item's values.
fn list_differing_fields(
    typed: &DraftItemForm,
    known: &DraftItem,
    roles: &super::DraftRoleChoices,
) -> Vec<(&'static str, String)> {
    let kept = DraftItemForm::from_item(known);
    let role = |slug: &str| {
        let known = roles.iter().find(|(role, _)| role.as_str() == slug);
        known.map_or_else(|| "nobody in particular".to_owned(), |(_, title)| title.clone())
    };
    let evidence = |form: &DraftItemForm| if form.needs_evidence() { "required" } else { "not required" };
    let phase = |phase: Phase| comparison::phase_label(phase).to_owned();
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
pub(super) async fn save_item(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let is_there = desk.draft.item(node).is_some();
    let (desk, form) = match removed_target::read_item_form(&state, &page, desk, (node, is_there), sent).await? {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    let mut errors = FieldErrors::new();
    let form = match desk.draft.item(node) {
        Some((_, _, known)) => form.with_evidence_default(known),
        None => form,
    };
    let fields = form.parse(&desk.load_roles(&state).await?, &mut errors);
    let Some(fields) = fields.filter(|_| !form.is_preview()) else {
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let sending = DraftItemPageInput { status, fields: Some(form), errors, ..DraftItemPageInput::default() };
        return render_item(&state, &page, desk, node, sending).await;
    };
    match apply_edit(&state, &admin, id, DraftEdit::EditItem { item: node, fields }, parse_seen_version(&form.version))
        .await?
    {
        Ok(desk) => Ok(redirect_after_save(&desk, node, &form).into_response()),
        Err(DraftEditRejected { draft_context: desk, .. }) if desk.draft.item(node).is_none() => {
            render_removed_target(&state, &page, desk, form).await
        }
        Err(DraftEditRejected { draft_context: desk, refusal: why }) => {
            let (status, (errors, problem)) = (why.status()?, why.to_form_errors());
            let is_stale = why == DraftEditRefusal::Edit(DraftEditError::Stale);
            render_item(
                &state,
                &page,
                desk,
                node,
                DraftItemPageInput { status, fields: Some(form), errors, problem, is_stale },
            )
            .await
        }
    }
}

/// Redirects to the item's section or to the next item.
fn redirect_after_save(desk: &DraftContext, node: NodeId, form: &DraftItemForm) -> SeeOther {
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
    SeeOther::to(to).with_success(format!("“{title}” is saved."))
}

/// `POST /checklists/{id}/draft/items/{node}/place`: moves an item to another section, or changes what it is nested in.
pub(super) async fn place_item(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, node)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    if desk.draft.item(node).is_none() {
        return Err(if desk.draft.was_removed(node) {
            Error::Conflict(DraftEditError::Removed.to_string().into())
        } else {
            Error::NotFound
        });
    }
    let form: DraftPlaceForm = sent.read_form().await?;
    let edit = match (form.to.as_str(), form.nesting.as_str()) {
        (to, "") if !to.is_empty() => to.parse().ok().map(|to| DraftEdit::MoveTo { node, to }),
        ("", nesting) => parse_nesting(nesting).map(|nesting| DraftEdit::Nest { item: node, nesting }),
        _ => None,
    };
    let Some(edit) = edit else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let errors = FieldErrors::single("to", "Choose one of these.");
        return render_item(
            &state,
            &page,
            desk,
            node,
            DraftItemPageInput { status, errors, ..DraftItemPageInput::default() },
        )
        .await;
    };
    match apply_edit(&state, &admin, id, edit, 0).await? {
        Ok(_) => {
            let to = SeeOther::to(format!("/checklists/{id}/draft/items/{node}"));
            Ok(to.with_success("It has another place.").into_response())
        }
        Err(DraftEditRejected { draft_context: desk, refusal: why }) => {
            let status = why.status()?;
            let mut sending = DraftItemPageInput { status, ..DraftItemPageInput::default() };
            match &why {
                DraftEditRefusal::Edit(error) if error.field().is_some() => {
                    sending.errors = FieldErrors::single("to", error)
                }
                DraftEditRefusal::Archived | DraftEditRefusal::Edit(_) => sending.problem = Some(why.to_string()),
            }
            render_item(&state, &page, desk, node, sending).await
        }
    }
}

/// Parses the form's choice of what to nest an item in.
fn parse_nesting(value: &str) -> Option<ItemNesting> {
    match value.split_once(':') {
        None => (value == "nothing").then_some(ItemNesting::TopLevel),
        Some(("in", node)) => node.parse().ok().map(ItemNesting::Inside),
        Some(("beside", node)) => node.parse().ok().map(ItemNesting::Beside),
        Some(_) => None,
    }
}

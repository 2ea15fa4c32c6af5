//! Edits that need only a button: moving one place up or down, removing, and restoring.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{
    DraftContext, DraftEditRejected, apply_edit,
    forms::parse_seen_version,
    outline::{self, redirect_to_outline},
    rows::{part_title, section_title},
    section,
    view::DraftOutlineInput,
};
use crate::{
    access::Admin,
    domain::{
        checklist_draft::{ChecklistDraft, DraftEdit, MoveDirection},
        ids::{ChecklistId, NodeId},
    },
    state::AppState,
    web::{
        Error,
        form::{Path, UnreadForm},
        page::{PageContext, SeeOther},
    },
};

/// The button that was pressed; its value is a node's id.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DraftButtonForm {
    up: String,
    down: String,
    node: String,
    version: String,
}

/// `POST /checklists/{id}/draft/order`: moves a part, section or item one place `up` or `down`.
pub(super) async fn move_node(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let form: DraftButtonForm = sent.read_form().await?;
    let (node, step) = match (form.up.as_str(), form.down.as_str()) {
        (up, "") if !up.is_empty() => (up, MoveDirection::Up),
        ("", down) if !down.is_empty() => (down, MoveDirection::Down),
        _ => return Err(Error::Unprocessable("Something is moved either up or down.".into())),
    };
    let node = require_node(&desk, node)?;
    match apply_edit(&state, &admin, id, DraftEdit::MoveOneStep(node, step), parse_seen_version(&form.version)).await? {
        Ok(desk) => Ok(redirect_to_node(&desk, node).into_response()),
        Err(not_changed) => render_refusal(&state, &page, not_changed, section_of_item(&desk.draft, node)).await,
    }
}

/// `POST /checklists/{id}/draft/removals`.
pub(super) async fn remove_node(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let form: DraftButtonForm = sent.read_form().await?;
    let node = require_node(&desk, &form.node)?;
    let section = section_of_item(&desk.draft, node);
    match apply_edit(&state, &admin, id, DraftEdit::Remove(node), parse_seen_version(&form.version)).await? {
        Ok(_) => {
            let title = node_title(&desk.draft, node).unwrap_or_else(|| "It".to_owned());
            let told = format!("“{title}” is removed. Until the draft is published, its page can bring it back.");
            let to = section.map_or_else(|| redirect_to_outline(id, None), |section| redirect_to_section(id, section));
            Ok(to.with_success(told).into_response())
        }
        Err(not_changed) => render_refusal(&state, &page, not_changed, section).await,
    }
}

/// `POST /checklists/{id}/draft/restorations`.
pub(super) async fn restore_node(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let form: DraftButtonForm = sent.read_form().await?;
    let node = require_node(&desk, &form.node)?;
    match apply_edit(&state, &admin, id, DraftEdit::Restore(node), parse_seen_version(&form.version)).await? {
        Ok(desk) => {
            let title = node_title(&desk.draft, node).unwrap_or_else(|| "It".to_owned());
            Ok(redirect_to_node(&desk, node).with_success(format!("“{title}” is back.")).into_response())
        }
        Err(not_changed) => render_refusal(&state, &page, not_changed, None).await,
    }
}

/// Parses a node's id, and requires that the node is or was in the draft.
fn require_node(desk: &DraftContext, node: &str) -> Result<NodeId, Error> {
    let node: NodeId = node.parse().map_err(|_| Error::NotFound)?;
    let is_there = node_title(&desk.draft, node).is_some() || desk.draft.was_removed(node);
    if is_there { Ok(node) } else { Err(Error::NotFound) }
}

fn node_title(draft: &ChecklistDraft, node: NodeId) -> Option<String> {
    let item = draft.item(node).map(|(_, _, item)| item.item.title.to_string());
    let section = || draft.section(node).map(|(_, section)| section_title(section));
    let part = || draft.part(node).map(|part| part_title(draft, part));
    item.or_else(section).or_else(part)
}

/// The section of an item; `None` for a part or a section.
fn section_of_item(draft: &ChecklistDraft, node: NodeId) -> Option<NodeId> {
    draft.item(node).map(|(_, section, _)| section.id)
}

fn redirect_to_section(id: ChecklistId, section: NodeId) -> SeeOther {
    SeeOther::to(format!("/checklists/{id}/draft/sections/{section}"))
}

/// Redirects to the node's place on its page.
fn redirect_to_node(desk: &DraftContext, node: NodeId) -> SeeOther {
    match section_of_item(&desk.draft, node) {
        Some(section) => SeeOther::to(format!("/checklists/{}/draft/sections/{section}#node-{node}", desk.id)),
        None => redirect_to_outline(desk.id, Some(node)),
    }
}

/// Renders the page of the button again, with the refusal at the top.
async fn render_refusal(
    state: &AppState,
    page: &PageContext,
    not_changed: DraftEditRejected,
    section: Option<NodeId>,
) -> Result<Response, Error> {
    match section.filter(|section| not_changed.draft_context.draft.section(*section).is_some()) {
        Some(section) => section::render_refusal(state, page, not_changed, section).await,
        None => outline::render_refusal(state, page, not_changed, None, None, DraftOutlineInput::default()).await,
    }
}

//! Moving one place up or down, removing, and bringing back: what takes no more than a button.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{
    Desk, NotChanged, change,
    forms::seen,
    outline::{self, back},
    rows::{part_title, section_title},
    section,
    view::Typed,
};
use crate::{
    access::Admin,
    domain::{
        checklist_draft::{ChecklistDraft, Edit, Step},
        ids::{ChecklistId, NodeId},
    },
    state::AppState,
    web::{
        Error,
        form::{Path, Sent},
        page::{Page, SeeOther},
    },
};

/// Which button was pressed, by what stands in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ButtonForm {
    up: String,
    down: String,
    node: String,
    version: String,
}

/// `POST /checklists/{id}/draft/order`: a part, section or item one place `up` or `down`.
pub(super) async fn step(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let form: ButtonForm = sent.form().await?;
    let (node, step) = match (form.up.as_str(), form.down.as_str()) {
        (up, "") if !up.is_empty() => (up, Step::Up),
        ("", down) if !down.is_empty() => (down, Step::Down),
        _ => return Err(Error::Unprocessable("Something is moved either up or down.".into())),
    };
    let node = there(&desk, node)?;
    match change(&state, &admin, id, Edit::Step(node, step), seen(&form.version)).await? {
        Ok(desk) => Ok(place_of(&desk, node).into_response()),
        Err(not_changed) => refused(&state, &page, not_changed, section_of(&desk.draft, node)).await,
    }
}

/// `POST /checklists/{id}/draft/removals`.
pub(super) async fn remove(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let form: ButtonForm = sent.form().await?;
    let node = there(&desk, &form.node)?;
    let section = section_of(&desk.draft, node);
    match change(&state, &admin, id, Edit::Remove(node), seen(&form.version)).await? {
        Ok(_) => {
            let title = title_of(&desk.draft, node).unwrap_or_else(|| "It".to_owned());
            let told = format!("“{title}” is removed. Until the draft is published, its page can bring it back.");
            let to = section.map_or_else(|| back(id, None), |section| to_section(id, section));
            Ok(to.good(told).into_response())
        }
        Err(not_changed) => refused(&state, &page, not_changed, section).await,
    }
}

/// `POST /checklists/{id}/draft/restorations`.
pub(super) async fn bring_back(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let form: ButtonForm = sent.form().await?;
    let node = there(&desk, &form.node)?;
    match change(&state, &admin, id, Edit::BringBack(node), seen(&form.version)).await? {
        Ok(desk) => {
            let title = title_of(&desk.draft, node).unwrap_or_else(|| "It".to_owned());
            Ok(place_of(&desk, node).good(format!("“{title}” is back.")).into_response())
        }
        Err(not_changed) => refused(&state, &page, not_changed, None).await,
    }
}

/// The thing of this id, if it is or was in the draft.
fn there(desk: &Desk, node: &str) -> Result<NodeId, Error> {
    let node: NodeId = node.parse().map_err(|_| Error::NotFound)?;
    let is_there = title_of(&desk.draft, node).is_some() || desk.draft.was_removed(node);
    if is_there { Ok(node) } else { Err(Error::NotFound) }
}

/// What a part, section or item is called.
fn title_of(draft: &ChecklistDraft, node: NodeId) -> Option<String> {
    let item = draft.item(node).map(|(_, _, item)| item.item.title.to_string());
    let section = || draft.section(node).map(|(_, section)| section_title(section));
    let part = || draft.part(node).map(|part| part_title(draft, part));
    item.or_else(section).or_else(part)
}

/// The section that an item is in; nothing for a part or a section.
fn section_of(draft: &ChecklistDraft, node: NodeId) -> Option<NodeId> {
    draft.item(node).map(|(_, section, _)| section.id)
}

fn to_section(id: ChecklistId, section: NodeId) -> SeeOther {
    SeeOther::to(format!("/checklists/{id}/draft/sections/{section}"))
}

/// The page that something stands on, at its place.
fn place_of(desk: &Desk, node: NodeId) -> SeeOther {
    match section_of(&desk.draft, node) {
        Some(section) => SeeOther::to(format!("/checklists/{}/draft/sections/{section}#node-{node}", desk.id)),
        None => back(desk.id, Some(node)),
    }
}

/// The page that the button stood on, with what was in its way on top.
async fn refused(
    state: &AppState,
    page: &Page,
    not_changed: NotChanged,
    section: Option<NodeId>,
) -> Result<Response, Error> {
    match section.filter(|section| not_changed.desk.draft.section(*section).is_some()) {
        Some(section) => section::refused(state, page, not_changed, section).await,
        None => outline::refused(state, page, not_changed, None, None, Typed::default()).await,
    }
}

//! The outline of a draft: its name, the roles that must sign, and its parts and sections.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    DraftContext, DraftEditRefusal, DraftEditRejected, apply_edit,
    forms::{DraftDescriptionForm, DraftRoleForm, DraftTitleForm, parse_seen_version},
    rows,
    view::{DraftHeadView, DraftOutlineInput, DraftOutlinePage},
};
use crate::{
    access::{Admin, CurrentUser},
    ambient,
    domain::{
        checklist::RequiredRole,
        checklist_draft::{DraftEdit, DraftEditError, MoveDirection},
        ids::{ChecklistId, NodeId},
        markdown_checklist::role_from_name,
        role::RoleSlug,
        text::{Markdown, Title},
    },
    presentation::formatting::count_with_noun,
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::{FieldErrors, OptionalText, Path, UnreadForm},
        idempotency::idempotent_id,
        page::{Nav, PageContext, SeeOther, render_with_status},
    },
};

/// `GET /checklists/{id}/draft`.
pub(super) async fn show_outline(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?.require_not_archived()?;
    render_outline(&state, &page, desk, StatusCode::OK, None, None, DraftOutlineInput::default()).await
}

/// Renders the page with the input of one of its forms.
async fn render_outline(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    status: StatusCode,
    about: Option<DraftDescriptionForm>,
    role: Option<DraftRoleForm>,
    typed: DraftOutlineInput,
) -> Result<Response, Error> {
    let roles = desk.load_roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    run_blocking(move || {
        let draft = &desk.draft;
        let kept = DraftDescriptionForm {
            name: draft.name.to_string(),
            introduction: OptionalText::new(draft.introduction.as_ref().map_or_else(String::new, ToString::to_string)),
            version: String::new(),
        };
        let sections: usize = draft.parts.iter().map(|part| part.sections.len()).sum();
        let counts = [(draft.parts.len(), "part"), (sections, "section"), (draft.items().count(), "item")];
        let is_stale = about.is_some() && status == StatusCode::CONFLICT;
        let signs = |role: &RoleSlug| draft.required_roles.iter().any(|required| required.role == *role);
        render_with_status(
            status,
            &DraftOutlinePage {
                chrome,
                head: DraftHeadView::new(&desk),
                counts: counts.map(|(number, noun)| count_with_noun(number, noun)).join(", "),
                about_now: is_stale.then(|| kept.clone()),
                about: about.unwrap_or(kept),
                required: rows::required_role_rows(draft),
                role: role.unwrap_or_default(),
                offered: roles.into_iter().filter(|(role, _)| !signs(role)).collect(),
                parts: rows::part_rows(draft),
                removed: rows::removed_rows(draft),
                once: ambient::new_opaque_id::<uuid::Uuid>().to_string(),
                typed,
            },
        )
    })
    .await?
}

/// Renders the page again after a refusal, shown at the field or at the top.
pub(super) async fn render_refusal(
    state: &AppState,
    page: &PageContext,
    DraftEditRejected { draft_context: desk, refusal: why }: DraftEditRejected,
    about: Option<DraftDescriptionForm>,
    role: Option<DraftRoleForm>,
    mut typed: DraftOutlineInput,
) -> Result<Response, Error> {
    let status = why.status()?;
    (typed.errors, typed.problem) = why.to_form_errors();
    render_outline(state, page, desk, status, about, role, typed).await
}

async fn render_invalid_form(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    about: Option<DraftDescriptionForm>,
    role: Option<DraftRoleForm>,
    typed: DraftOutlineInput,
) -> Result<Response, Error> {
    render_outline(state, page, desk, StatusCode::UNPROCESSABLE_ENTITY, about, role, typed).await
}

/// Redirects to the changed node in the outline.
pub(super) fn redirect_to_outline(id: ChecklistId, node: Option<NodeId>) -> SeeOther {
    let anchor = node.map_or_else(String::new, |node| format!("#node-{node}"));
    SeeOther::to(format!("/checklists/{id}/draft{anchor}"))
}

/// `POST /checklists/{id}/draft/about`.
pub(super) async fn save_description(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let form: DraftDescriptionForm = sent.read_form().await?;
    let mut typed = DraftOutlineInput { form: "about".to_owned(), ..DraftOutlineInput::default() };
    let name = typed.errors.check("name", Title::new(&form.name));
    let introduction = match form.introduction.get() {
        Some(text) => typed.errors.check("introduction", Markdown::optional_from_input(text)),
        None => Some(desk.draft.introduction.clone()),
    };
    let Some((name, introduction)) = name.zip(introduction) else {
        return render_invalid_form(&state, &page, desk, Some(form), None, typed).await;
    };
    let edit = DraftEdit::SetDescription { name, introduction };
    match apply_edit(&state, &admin, id, edit, parse_seen_version(&form.version)).await? {
        Ok(_) => Ok(redirect_to_outline(id, None).with_success("Saved.").into_response()),
        Err(not_changed) => render_refusal(&state, &page, not_changed, Some(form), None, typed).await,
    }
}

/// `POST /checklists/{id}/draft/roles`: edits the roles that must sign.
pub(super) async fn edit_required_roles(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let form: DraftRoleForm = sent.read_form().await?;
    let mut typed = DraftOutlineInput { form: "roles".to_owned(), ..DraftOutlineInput::default() };
    let edit = match form.action.as_str() {
        "add" => {
            parse_required_role(&form, &desk.load_roles(&state).await?, &mut typed.errors).map(DraftEdit::RequireRole)
        }
        "remove" | "up" | "down" => {
            let role = form.role.parse::<RoleSlug>().ok();
            let role = role.filter(|role| desk.draft.required_roles.iter().any(|known| known.role == *role));
            let wanted = match form.action.as_str() {
                "remove" => DraftEdit::RemoveRole,
                "up" => |role| DraftEdit::MoveRole(role, MoveDirection::Up),
                _ => |role| DraftEdit::MoveRole(role, MoveDirection::Down),
            };
            if role.is_none() {
                typed.problem = Some("This role does not sign.".to_owned());
            }
            role.map(wanted)
        }
        _ => return Err(Error::Unprocessable("A role is either added, removed, or moved up or down.".into())),
    };
    let Some(edit) = edit else { return render_invalid_form(&state, &page, desk, None, Some(form), typed).await };
    match apply_edit(&state, &admin, id, edit, parse_seen_version(&form.version)).await? {
        Ok(_) => Ok(SeeOther::to(format!("/checklists/{id}/draft#roles")).into_response()),
        Err(not_changed) => render_refusal(&state, &page, not_changed, None, Some(form), typed).await,
    }
}

/// The role that a form adds: an existing one by its slug, or a new one by its title.
fn parse_required_role(
    form: &DraftRoleForm,
    known: &super::DraftRoleChoices,
    errors: &mut FieldErrors,
) -> Option<RequiredRole> {
    if form.role.is_empty() {
        let title = errors.check("title", Title::new(&form.title))?;
        let role = errors.check("title", role_from_name(title.as_str()).ok_or("No role can be named so."))?;
        return Some(RequiredRole { role, title });
    }
    let found = known.iter().find(|(role, _)| role.as_str() == form.role);
    let (role, title) = errors.check("role", found.ok_or("Choose one of these."))?;
    // A role that only an item names has no title yet.
    let title = if form.title.trim().is_empty() { title.as_str() } else { form.title.as_str() };
    let title = errors.check("title", Title::new(title))?;
    Some(RequiredRole { role: role.clone(), title })
}

/// `POST /checklists/{id}/draft/parts`.
pub(super) async fn add_part(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    let form: DraftTitleForm = sent.read_form().await?;
    let made = |title: Title| {
        let node = idempotent_id(admin.id, id.uuid(), &form.once, &[b"part", title.as_str().as_bytes()]);
        (node, DraftEdit::AddPart { id: node, title })
    };
    apply_title_edit(&state, &admin, &page, desk, "parts".to_owned(), &form, made).await
}

/// `POST /checklists/{id}/draft/parts/{node}/sections`.
pub(super) async fn add_section(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, part)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = load_draft_with_part(&state, id, part).await?;
    let form: DraftTitleForm = sent.read_form().await?;
    let made = |title: Title| {
        let node = idempotent_id(admin.id, part.uuid(), &form.once, &[b"section", title.as_str().as_bytes()]);
        (node, DraftEdit::AddSection { id: node, part, title })
    };
    apply_title_edit(&state, &admin, &page, desk, format!("{part}/sections"), &form, made).await
}

/// `POST /checklists/{id}/draft/parts/{node}/title`.
pub(super) async fn rename_part(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, part)): Path<(ChecklistId, NodeId)>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let desk = load_draft_with_part(&state, id, part).await?;
    let form: DraftTitleForm = sent.read_form().await?;
    let made = |title: Title| (part, DraftEdit::Rename { node: part, title });
    apply_title_edit(&state, &admin, &page, desk, format!("{part}/title"), &form, made).await
}

/// Loads the draft, if this part is or was in it.
async fn load_draft_with_part(state: &AppState, id: ChecklistId, part: NodeId) -> Result<DraftContext, Error> {
    let desk = DraftContext::load(state, id).await?;
    let is_there = desk.draft.part(part).is_some() || desk.draft.was_removed(part);
    if is_there { Ok(desk) } else { Err(Error::NotFound) }
}

/// Applies the edit that `made` builds from the form's heading, and redirects to the node with that heading.
async fn apply_title_edit(
    state: &AppState,
    admin: &CurrentUser,
    page: &PageContext,
    desk: DraftContext,
    name: String,
    form: &DraftTitleForm,
    made: impl FnOnce(Title) -> (NodeId, DraftEdit),
) -> Result<Response, Error> {
    let mut typed = DraftOutlineInput { form: name, title: form.title.clone(), ..DraftOutlineInput::default() };
    let Some(title) = typed.errors.check("title", Title::new(&form.title)) else {
        return render_invalid_form(state, page, desk, None, None, typed).await;
    };
    let (node, edit) = made(title);
    match apply_edit(state, admin, desk.id, edit, parse_seen_version(&form.version)).await? {
        Ok(desk) => {
            // After adding a part, the outline shows it; after adding a section, work continues on its page.
            let is_section = desk.draft.section(node).is_some();
            let to = if is_section { format!("/checklists/{}/draft/sections/{node}", desk.id) } else { String::new() };
            let answer = if is_section { SeeOther::to(to) } else { redirect_to_outline(desk.id, Some(node)) };
            Ok(answer.into_response())
        }
        Err(not_changed) => {
            if not_changed.refusal == DraftEditRefusal::Edit(DraftEditError::Stale) {
                typed.now = not_changed
                    .draft_context
                    .draft
                    .part(node)
                    .map(|part| rows::part_title(&not_changed.draft_context.draft, part));
            }
            render_refusal(state, page, not_changed, None, None, typed).await
        }
    }
}

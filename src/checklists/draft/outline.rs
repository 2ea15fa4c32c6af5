//! The outline of a draft: what it is called, who must sign, and its parts and sections.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    Desk, NotChanged, Why, change,
    forms::{AboutForm, RoleForm, TitleForm, seen},
    rows,
    view::{Head, Outline, Typed},
};
use crate::{
    access::{Admin, CurrentUser},
    ambient,
    domain::{
        checklist::RequiredRole,
        checklist_draft::{Edit, EditError, Step},
        ids::{ChecklistId, NodeId},
        markdown_checklist::role_of,
        role::RoleSlug,
        text::{Markdown, Title},
    },
    launch_page::{texts::told_once, words::count},
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::{FieldErrors, Path, Sent, Sometimes},
        page::{Nav, Page, SeeOther, html_with},
    },
};

/// `GET /checklists/{id}/draft`.
pub(super) async fn show(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?.in_use()?;
    outline(&state, &page, desk, StatusCode::OK, None, None, Typed::default()).await
}

/// The page, with what a form on it brought.
async fn outline(
    state: &AppState,
    page: &Page,
    desk: Desk,
    status: StatusCode,
    about: Option<AboutForm>,
    role: Option<RoleForm>,
    typed: Typed,
) -> Result<Response, Error> {
    let roles = desk.roles(state).await?;
    let chrome = page.chrome(state, format!("Draft · {}", desk.name()), Nav::Checklists);
    apart(move || {
        let draft = &desk.draft;
        let kept = AboutForm {
            name: draft.name.to_string(),
            introduction: Sometimes::new(draft.introduction.as_ref().map_or_else(String::new, ToString::to_string)),
            version: String::new(),
        };
        let sections: usize = draft.parts.iter().map(|part| part.sections.len()).sum();
        let counts = [(draft.parts.len(), "part"), (sections, "section"), (draft.items().count(), "item")];
        let is_stale = about.is_some() && status == StatusCode::CONFLICT;
        let signs = |role: &RoleSlug| draft.required_roles.iter().any(|required| required.role == *role);
        html_with(
            status,
            &Outline {
                chrome,
                head: Head::new(&desk),
                counts: counts.map(|(number, noun)| count(number, noun)).join(", "),
                about_now: is_stale.then(|| kept.clone()),
                about: about.unwrap_or(kept),
                required: rows::required(draft),
                role: role.unwrap_or_default(),
                offered: roles.into_iter().filter(|(role, _)| !signs(role)).collect(),
                parts: rows::parts(draft),
                removed: rows::removed(draft),
                once: ambient::opaque_id::<uuid::Uuid>().to_string(),
                typed,
            },
        )
    })
    .await?
}

/// The page again after a change was refused: at the field, or on top.
pub(super) async fn refused(
    state: &AppState,
    page: &Page,
    NotChanged { desk, why }: NotChanged,
    about: Option<AboutForm>,
    role: Option<RoleForm>,
    mut typed: Typed,
) -> Result<Response, Error> {
    let status = why.status()?;
    (typed.errors, typed.problem) = why.told();
    outline(state, page, desk, status, about, role, typed).await
}

/// A form whose fields are wrong.
async fn invalid(
    state: &AppState,
    page: &Page,
    desk: Desk,
    about: Option<AboutForm>,
    role: Option<RoleForm>,
    typed: Typed,
) -> Result<Response, Error> {
    outline(state, page, desk, StatusCode::UNPROCESSABLE_ENTITY, about, role, typed).await
}

/// Back to the outline, at what was changed.
pub(super) fn back(id: ChecklistId, node: Option<NodeId>) -> SeeOther {
    let anchor = node.map_or_else(String::new, |node| format!("#node-{node}"));
    SeeOther::to(format!("/checklists/{id}/draft{anchor}"))
}

/// `POST /checklists/{id}/draft/about`.
pub(super) async fn describe(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let form: AboutForm = sent.form().await?;
    let mut typed = Typed { form: "about".to_owned(), ..Typed::default() };
    let name = typed.errors.take("name", Title::new(&form.name));
    let introduction = match form.introduction.sent() {
        Some(text) => typed.errors.take("introduction", Markdown::optionally_entered(text)),
        None => Some(desk.draft.introduction.clone()),
    };
    let Some((name, introduction)) = name.zip(introduction) else {
        return invalid(&state, &page, desk, Some(form), None, typed).await;
    };
    let edit = Edit::Describe { name, introduction };
    match change(&state, &admin, id, edit, seen(&form.version)).await? {
        Ok(_) => Ok(back(id, None).good("Saved.").into_response()),
        Err(not_changed) => refused(&state, &page, not_changed, Some(form), None, typed).await,
    }
}

/// `POST /checklists/{id}/draft/roles`: who must sign.
pub(super) async fn roles(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let form: RoleForm = sent.form().await?;
    let mut typed = Typed { form: "roles".to_owned(), ..Typed::default() };
    let edit = match form.action.as_str() {
        "add" => required_role(&form, &desk.roles(&state).await?, &mut typed.errors).map(Edit::RequireRole),
        "remove" | "up" | "down" => {
            let role = form.role.parse::<RoleSlug>().ok();
            let role = role.filter(|role| desk.draft.required_roles.iter().any(|known| known.role == *role));
            let wanted = match form.action.as_str() {
                "remove" => Edit::ReleaseRole,
                "up" => |role| Edit::StepRole(role, Step::Up),
                _ => |role| Edit::StepRole(role, Step::Down),
            };
            if role.is_none() {
                typed.problem = Some("This role does not sign.".to_owned());
            }
            role.map(wanted)
        }
        _ => return Err(Error::Unprocessable("A role is either added, removed, or moved up or down.".into())),
    };
    let Some(edit) = edit else { return invalid(&state, &page, desk, None, Some(form), typed).await };
    match change(&state, &admin, id, edit, seen(&form.version)).await? {
        Ok(_) => Ok(SeeOther::to(format!("/checklists/{id}/draft#roles")).into_response()),
        Err(not_changed) => refused(&state, &page, not_changed, None, Some(form), typed).await,
    }
}

/// The role that a form adds: one that is known, or one by its name.
fn required_role(form: &RoleForm, known: &super::Roles, errors: &mut FieldErrors) -> Option<RequiredRole> {
    if form.role.is_empty() {
        let title = errors.take("title", Title::new(&form.title))?;
        let role = errors.take("title", role_of(title.as_str()).ok_or("No role can be named so."))?;
        return Some(RequiredRole { role, title });
    }
    let found = known.iter().find(|(role, _)| role.as_str() == form.role);
    let (role, title) = errors.take("role", found.ok_or("Choose one of these."))?;
    // A role that only an item names has no other name yet.
    let title = if form.title.trim().is_empty() { title.as_str() } else { form.title.as_str() };
    let title = errors.take("title", Title::new(title))?;
    Some(RequiredRole { role: role.clone(), title })
}

/// `POST /checklists/{id}/draft/parts`.
pub(super) async fn add_part(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    let form: TitleForm = sent.form().await?;
    let made = |title: Title| {
        let node = told_once(admin.id, id.uuid(), &form.once, &[b"part", title.as_str().as_bytes()]);
        (node, Edit::AddPart { id: node, title })
    };
    headed(&state, &admin, &page, desk, "parts".to_owned(), &form, made).await
}

/// `POST /checklists/{id}/draft/parts/{node}/sections`.
pub(super) async fn add_section(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, part)): Path<(ChecklistId, NodeId)>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = part_there(&state, id, part).await?;
    let form: TitleForm = sent.form().await?;
    let made = |title: Title| {
        let node = told_once(admin.id, part.uuid(), &form.once, &[b"section", title.as_str().as_bytes()]);
        (node, Edit::AddSection { id: node, part, title })
    };
    headed(&state, &admin, &page, desk, format!("{part}/sections"), &form, made).await
}

/// `POST /checklists/{id}/draft/parts/{node}/title`.
pub(super) async fn entitle_part(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path((id, part)): Path<(ChecklistId, NodeId)>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let desk = part_there(&state, id, part).await?;
    let form: TitleForm = sent.form().await?;
    let made = |title: Title| (part, Edit::Entitle { node: part, title });
    headed(&state, &admin, &page, desk, format!("{part}/title"), &form, made).await
}

/// The draft, if this part is or was in it.
async fn part_there(state: &AppState, id: ChecklistId, part: NodeId) -> Result<Desk, Error> {
    let desk = Desk::open(state, id).await?;
    let is_there = desk.draft.part(part).is_some() || desk.draft.was_removed(part);
    if is_there { Ok(desk) } else { Err(Error::NotFound) }
}

/// Makes the edit that comes of a form with a heading, and goes to what has it.
async fn headed(
    state: &AppState,
    admin: &CurrentUser,
    page: &Page,
    desk: Desk,
    name: String,
    form: &TitleForm,
    made: impl FnOnce(Title) -> (NodeId, Edit),
) -> Result<Response, Error> {
    let mut typed = Typed { form: name, title: form.title.clone(), ..Typed::default() };
    let Some(title) = typed.errors.take("title", Title::new(&form.title)) else {
        return invalid(state, page, desk, None, None, typed).await;
    };
    let (node, edit) = made(title);
    match change(state, admin, desk.id, edit, seen(&form.version)).await? {
        Ok(desk) => {
            // A part is ready to take items, a section is where one goes on.
            let is_section = desk.draft.section(node).is_some();
            let to = if is_section { format!("/checklists/{}/draft/sections/{node}", desk.id) } else { String::new() };
            let answer = if is_section { SeeOther::to(to) } else { back(desk.id, Some(node)) };
            Ok(answer.into_response())
        }
        Err(not_changed) => {
            if not_changed.why == Why::Edit(EditError::Stale) {
                typed.now =
                    not_changed.desk.draft.part(node).map(|part| rows::part_title(&not_changed.desk.draft, part));
            }
            refused(state, page, not_changed, None, None, typed).await
        }
    }
}

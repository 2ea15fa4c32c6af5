//! Makes a checklist: from nothing, from a starter, or from a copy of a published version. It begins as a draft, which its
//! admins edit and publish.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    draft::store::save_draft,
    starters::{STARTERS, StarterChecklist},
    store,
};
use crate::{
    access::{Admin, CurrentUser},
    domain::{
        checklist::Checklist,
        checklist_draft::ChecklistDraft,
        ids::ChecklistId,
        text::{Markdown, TextError, Title},
    },
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Query, UnreadForm},
        idempotency::{SentIdempotencyKey, idempotent_id},
        response::{SeeOther, render_with_status},
    },
};

/// The start that a form names for an empty draft.
const NOTHING: &str = "nothing";
/// The start that a form names for a copy.
const COPY: &str = "copy";
/// The version of a new checklist's first draft.
const FIRST_DRAFT: i64 = 1;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewChecklistForm {
    once: SentIdempotencyKey,
    name: String,
    purpose: String,
    /// `nothing`, `copy`, or the slug of a starter.
    start: String,
    /// The version to copy: its checklist and number, as `{id}/{number}`.
    copy: String,
}

/// The address of the page may name the version to copy.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewChecklistQuery {
    copy: String,
}

/// A starter, or a version to copy, as it is offered.
struct ChecklistStart {
    value: String,
    label: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "checklists/new.html")]
struct NewChecklistPage {
    chrome: Chrome,
    form: NewChecklistForm,
    errors: FieldErrors,
    starters: Vec<ChecklistStart>,
    /// The versions to copy.
    versions: Vec<ChecklistStart>,
}

impl NewChecklistPage {
    fn is_start(&self, value: &str) -> bool {
        self.form.start == value
    }

    fn is_copied(&self, value: &str) -> bool {
        self.form.copy == value
    }
}

pub(super) async fn show_new_checklist(
    State(state): State<AppState>,
    _: Admin,
    Query(query): Query<NewChecklistQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let start = if query.copy.is_empty() { NOTHING } else { COPY };
    let once = SentIdempotencyKey::generate();
    let form = NewChecklistForm { once, start: start.to_owned(), copy: query.copy, ..NewChecklistForm::default() };
    render_form(&state, &page, form, FieldErrors::new()).await
}

async fn render_form(
    state: &AppState,
    page: &PageContext,
    form: NewChecklistForm,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let chrome = page.chrome(state, texts::new_checklist(), Nav::Checklists);
    let mut versions: Vec<ChecklistStart> = store::list_checklists(&state.db)
        .await?
        .into_iter()
        .filter(|row| row.archived_at.is_none())
        .map(|row| to_copied_version(row.id, &row.name, row.number))
        .collect();
    if !versions.iter().any(|version| version.value == form.copy)
        && let Some((id, number)) = parse_copied_version(&form.copy)
        && let Some(version) = super::load_version(&state.db, &state.record, id, Some(number)).await?
    {
        versions.push(to_copied_version(id, version.checklist.name.as_str(), number));
    }
    let starters = run_blocking(|| STARTERS.into_iter().map(to_start).collect::<Result<Vec<_>, TextError>>()).await?;
    let starters = starters.map_err(|error| Error::Fault(error.into()))?;
    let form = NewChecklistForm { once: form.once.or_generate(), ..form };
    render_with_status(status, &NewChecklistPage { chrome, form, errors, starters, versions })
}

fn to_start(starter: StarterChecklist) -> Result<ChecklistStart, TextError> {
    let checklist = starter.read()?;
    let roles: Vec<&str> = checklist.required_roles.iter().map(|role| role.title.as_str()).collect();
    let hint = texts::starter_has(checklist.items().count(), roles.join(", ")).into_owned();
    Ok(ChecklistStart { value: starter.slug.to_owned(), label: checklist.name.to_string(), hint })
}

fn to_copied_version(id: ChecklistId, name: &str, number: i32) -> ChecklistStart {
    let label = texts::name_and_version(name, number).into_owned();
    ChecklistStart { value: format!("{id}/{number}"), label, hint: String::new() }
}

fn parse_copied_version(sent: &str) -> Option<(ChecklistId, i32)> {
    let (id, number) = sent.split_once('/')?;
    Some((id.parse().ok()?, number.parse().ok()?))
}

/// `POST /checklists/new`: makes the checklist and its draft. Sent twice, it makes them once.
pub(super) async fn create_checklist(
    State(state): State<AppState>,
    Admin(admin): Admin,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let form: NewChecklistForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let key = errors.check("once", form.once.parse());
    let content = read_content(&state, &form, &mut errors).await?;
    let (Some(key), Some(content), true) = (key, content, errors.is_empty()) else {
        return render_form(&state, &page, form, errors).await;
    };
    let sent_content = [form.name.as_bytes(), form.purpose.as_bytes(), form.start.as_bytes(), form.copy.as_bytes()];
    let id: ChecklistId = idempotent_id(admin.id, admin.id.uuid(), key, &sent_content);
    let is_new = save_first_draft(&state, &admin, id, content).await?;
    let to = if is_new { format!("/checklists/{id}/draft") } else { format!("/checklists/{id}") };
    Ok(SeeOther::to(to).with_success(texts::draft_is_made()).into_response())
}

/// What the draft begins with; `None` when a field is wrong.
async fn read_content(
    state: &AppState,
    form: &NewChecklistForm,
    errors: &mut FieldErrors,
) -> Result<Option<Checklist>, Error> {
    let name = errors.check("name", Title::optional(&form.name)).flatten();
    let purpose = errors.check("purpose", Markdown::optional(&form.purpose)).flatten();
    let source = match form.start.as_str() {
        NOTHING | "" => name.clone().map(Checklist::empty),
        COPY => {
            let version = match parse_copied_version(&form.copy) {
                Some((id, number)) => super::load_version(&state.db, &state.record, id, Some(number)).await?,
                None => None,
            };
            if version.is_none() {
                errors.add("copy", texts::choose_a_version_to_copy());
            }
            version.map(|version| Checklist { name: copy_name(&version.checklist.name), ..version.checklist.clone() })
        }
        slug => {
            let starter = STARTERS.into_iter().find(|starter| starter.slug == slug);
            if starter.is_none() {
                errors.add("start", texts::choose_one_of_these());
            }
            starter.map(StarterChecklist::read).transpose().map_err(|error| Error::Fault(error.into()))?
        }
    };
    if matches!(form.start.as_str(), NOTHING | "") && name.is_none() && !errors.has("name") {
        errors.add("name", texts::give_the_checklist_a_name());
    }
    Ok(source.map(|source| Checklist {
        name: name.unwrap_or(source.name),
        introduction: purpose.or(source.introduction),
        ..source
    }))
}

/// The name of a copy, if none is typed.
fn copy_name(name: &Title) -> Title {
    Title::new(&texts::copy_of_checklist(name.as_str())).unwrap_or_else(|_| name.clone())
}

/// Saves the draft of a checklist that is made with it. Gives whether it is new.
async fn save_first_draft(
    state: &AppState,
    admin: &CurrentUser,
    id: ChecklistId,
    content: Checklist,
) -> Result<bool, Error> {
    let draft = run_blocking(move || serde_json::to_vec(&ChecklistDraft::from_version(id, &content, 0, FIRST_DRAFT)));
    let draft = draft.await?.map_err(|error| Error::Fault(error.into()))?;
    let now = state.clock.now();
    let mut tx = state.db.begin().await?;
    let is_new = store::insert_checklist(&mut tx, id, now).await?;
    if is_new {
        save_draft(&mut tx, id, FIRST_DRAFT, &draft, admin.id, now).await?;
        tx.commit().await?;
    }
    Ok(is_new)
}

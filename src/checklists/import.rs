//! Imports a checklist: the form, the preview, and publishing what it shows.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    preview::ChecklistImportPreview,
    publish::{PublishError, PublishRequest, PublishTarget, PublishableChecklist, publish},
    read_import::{ImportedChecklist, name_from_file, read_checklist},
    store::load_roles,
    upload::{ChecklistUpload, MAX_FORM_BYTES, UploadedText},
    view::{ChecklistImportPage, ImportTargetView},
};
use crate::{
    access::{Admin, CurrentUser},
    domain::{
        checklist::RequiredRole,
        ids::{ChecklistId, ChecklistVersionId},
        launch::state::ChecklistVersion,
        text::Title,
    },
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Chrome, Nav, PageContext},
        form::{Query, UnreadForm},
        idempotency::{IdempotencyKey, idempotent_id},
        response::{SeeOther, render_with_status},
    },
};

/// The existing checklist that gets a new version, if any.
#[derive(Debug, Deserialize)]
pub(super) struct ChecklistImportQuery {
    #[serde(default)]
    checklist: String,
}

/// `GET /checklists/import`: the form for a new checklist, or for a new version of one.
pub(super) async fn show_import(
    State(state): State<AppState>,
    _: Admin,
    Query(query): Query<ChecklistImportQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let target = load_import_target(&state, &query.checklist).await?;
    let import =
        ChecklistImportPage::empty(import_chrome(&page, &state), target.as_ref().map(|target| target.view.clone()));
    render_with_status(StatusCode::OK, &import)
}

fn import_chrome(page: &PageContext, state: &AppState) -> Chrome {
    page.chrome(state, texts::import_a_checklist(), Nav::Checklists)
}

/// The existing checklist that gets a new version.
struct ImportTarget {
    id: ChecklistId,
    view: ImportTargetView,
    newest: std::sync::Arc<ChecklistVersion>,
}

/// Loads the checklist that a form names; `None` if it names none.
async fn load_import_target(state: &AppState, sent: &str) -> Result<Option<ImportTarget>, Error> {
    if sent.is_empty() {
        return Ok(None);
    }
    let id: ChecklistId = sent.parse().map_err(|_| Error::NotFound)?;
    let newest = super::load_version(&state.db, &state.record, id, None).await?.ok_or(Error::NotFound)?;
    let target = ImportTargetView { id, name: newest.checklist.name.to_string(), next_number: newest.number + 1 };
    Ok(Some(ImportTarget { id, view: target, newest }))
}

/// The result of processing a form, which happens on a blocking thread.
struct ImportOutcome {
    page: ChecklistImportPage,
    /// The content to publish; `None` when something is wrong.
    publishable: Option<PublishableChecklist>,
    too_large: bool,
}

/// `POST /checklists/import`: shows how the file was understood, or publishes it.
pub(super) async fn import_checklist(
    State(state): State<AppState>,
    Admin(admin): Admin,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let mut upload = ChecklistUpload::read(sent.read_multipart(MAX_FORM_BYTES as u64).await?).await?;
    let publishing = match upload.step.as_str() {
        "" | "preview" => false,
        "publish" => true,
        _ => return Err(Error::Unprocessable(texts::preview_or_publish_import())),
    };
    let target = load_import_target(&state, &upload.checklist).await?;
    let of = target.as_ref().map(|target| target.id);
    let key = upload.once.parse();
    let chrome = import_chrome(&page, &state);
    let roles = list_roles(&state).await?;
    let ImportOutcome { page: mut import, publishable: draft, too_large } = run_blocking(move || {
        let brought = upload.take_text();
        build_import_page(upload, brought, chrome, target, (&roles, publishing))
    })
    .await?;
    let mut status = match (&draft, too_large) {
        (_, true) => StatusCode::PAYLOAD_TOO_LARGE,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (Some(_), false) => StatusCode::OK,
    };
    if let (Some(draft), Ok(key), true) = (draft, key, publishing) {
        let ids = ImportIds::new(&admin, key, of, &draft);
        let done = publish(
            &state.db,
            PublishRequest {
                content: draft,
                version_id: ids.version,
                target: of.map_or(PublishTarget::NewChecklist(ids.checklist), PublishTarget::ExistingChecklist),
                publisher: Some(admin.to_person_ref()),
                request: page.request_id,
                now: state.clock.now(),
            },
        )
        .await;
        match done {
            Ok(published) => {
                let notice = if published.is_new {
                    texts::new_version_published(published.number)
                } else {
                    texts::is_this_version_already(published.number)
                };
                return Ok(SeeOther::to(published.href()).with_success(notice).into_response());
            }
            Err(PublishError::NotFound) => return Err(Error::NotFound),
            Err(PublishError::Database(error)) => return Err(error.into()),
            Err(conflict @ (PublishError::Archived | PublishError::SameAsOlder(_))) => {
                import.problem = Some(conflict.to_string());
                status = StatusCode::CONFLICT;
            }
        }
    }
    run_blocking(move || render_with_status(status, &import)).await?
}

/// The ids of what a form makes. They are derived from the sender, the form's idempotency key and its content, so that
/// a form sent twice makes it once, and a form with other content makes another.
struct ImportIds {
    checklist: ChecklistId,
    version: ChecklistVersionId,
}

impl ImportIds {
    fn new(admin: &CurrentUser, key: IdempotencyKey, of: Option<ChecklistId>, draft: &PublishableChecklist) -> Self {
        let of = of.map_or(admin.id.uuid(), |of| of.uuid());
        let id = |label: &[u8]| idempotent_id::<Uuid>(admin.id, of, key, &[label, &draft.hash().0]);
        Self { checklist: ChecklistId(id(b"checklist")), version: ChecklistVersionId(id(b"version")) }
    }
}

async fn list_roles(state: &AppState) -> Result<Vec<RequiredRole>, sqlx::Error> {
    let role = |(slug, title): (String, String)| {
        Some(RequiredRole { role: slug.parse().ok()?, title: Title::stored(&title).ok()? })
    };
    Ok(load_roles(&state.db).await?.into_iter().filter_map(role).collect())
}

/// Parses the uploaded text, applies what was chosen besides, and builds the page, with the content to publish.
fn build_import_page(
    upload: ChecklistUpload,
    brought: UploadedText,
    chrome: Chrome,
    import_target: Option<ImportTarget>,
    (roles, publishing): (&[RequiredRole], bool),
) -> ImportOutcome {
    let UploadedText { text, file_name, mut errors, too_large } = brought;
    let (target, newest) = import_target.map(|import_target| (import_target.view, import_target.newest)).unzip();
    let mut import = ChecklistImportPage::empty(chrome, target);
    errors.check("once", upload.once.parse());
    import.once = upload.once.or_generate();
    import.name.clone_from(&upload.name);
    import.own_signers.clone_from(&upload.choices.own_signers);
    let mut draft = None;
    if errors.is_empty() {
        let before = newest.as_ref().map(|newest| &newest.checklist);
        let chosen = errors.check("name", Title::optional(&upload.name)).flatten();
        // A text without a title gets the name of the existing checklist, or of the file.
        let fallback =
            before.map(|before| before.name.clone()).or_else(|| file_name.as_deref().and_then(name_from_file));
        if let Some(mut understood) = errors.check("name", read_checklist(&text, chosen, fallback)) {
            upload.choices.apply(&mut understood.parsed.checklist, roles, &mut errors);
            let ImportedChecklist { parsed: reading, has_name: named } = &understood;
            if *named && !errors.has("name") {
                import.name = reading.checklist.name.to_string();
            } else if publishing {
                errors.add("name", texts::checklist_needs_a_name());
            }
            let checklist = &reading.checklist;
            let is_unsigned = checklist.required_roles.is_empty() && checklist.items().next().is_some();
            if publishing && is_unsigned && !upload.choices.unsigned.is_on() {
                errors.add("unsigned", texts::nobody_must_sign_is_that_meant());
            }
            import.choices = upload.choices.view(checklist, roles);
            import.preview = Some(ChecklistImportPreview::new(reading, before, roles));
            draft = errors.check("file", understood.to_publishable());
        }
    }
    if !errors.is_empty() {
        draft = None;
    }
    // A text that is too large could not be sent back with the form either.
    import.markdown = if too_large { String::new() } else { text };
    import.errors = errors;
    ImportOutcome { page: import, publishable: draft, too_large }
}

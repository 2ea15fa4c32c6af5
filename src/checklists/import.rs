//! Importing: the form, the preview, and publishing what it shows.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    preview::Preview,
    publish::{Draft, NotPublished, Of, Publishing, publish},
    understand::{Understood, name_of_file, understand},
    upload::{Brought, MOST_FORM_BYTES, Upload},
    view::{Import, Target},
};
use crate::{
    access::{Admin, CurrentUser},
    ambient,
    domain::{
        ids::{ChecklistId, ChecklistVersionId},
        launch::state::ChecklistVersion,
        text::Title,
    },
    launch_page::texts::told_once,
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::{Query, Sent},
        page::{Chrome, Nav, Page, SeeOther, html_with},
    },
};

/// Which checklist a version is imported of.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    checklist: String,
}

/// `GET /checklists/import`.
pub(super) async fn form(
    State(state): State<AppState>,
    _: Admin,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let known = known(&state, &wanted.checklist).await?;
    let mut import = Import::empty(chrome(&page, &state), known.as_ref().map(|known| known.target.clone()));
    import.once = ambient::opaque_id::<Uuid>().to_string();
    html_with(StatusCode::OK, &import)
}

fn chrome(page: &Page, state: &AppState) -> Chrome {
    page.chrome(state, "Import a checklist", Nav::Checklists)
}

/// The checklist that a version is imported of, with its newest version.
struct Known {
    id: ChecklistId,
    target: Target,
    newest: std::sync::Arc<ChecklistVersion>,
}

/// The checklist that a form names; nothing when it names none.
async fn known(state: &AppState, sent: &str) -> Result<Option<Known>, Error> {
    if sent.is_empty() {
        return Ok(None);
    }
    let id: ChecklistId = sent.parse().map_err(|_| Error::NotFound)?;
    let newest = super::version(&state.db, &state.record, id, None).await?.ok_or(Error::NotFound)?;
    let target = Target { id, name: newest.checklist.name.to_string(), next: newest.number + 1 };
    Ok(Some(Known { id, target, newest }))
}

/// What is made of a form, off the threads that answer requests.
struct Made {
    import: Import,
    /// What can be published; nothing when something is wrong.
    draft: Option<Draft>,
    too_large: bool,
}

/// `POST /checklists/import`.
pub(super) async fn import(
    State(state): State<AppState>,
    Admin(admin): Admin,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    let mut upload = Upload::read(sent.multipart(MOST_FORM_BYTES as u64).await?).await?;
    let publishing = match upload.step.as_str() {
        "" | "preview" => false,
        "publish" => true,
        _ => return Err(Error::Unprocessable("An import is either previewed or published.".into())),
    };
    let known = known(&state, &upload.checklist).await?;
    let of = known.as_ref().map(|known| known.id);
    let once = upload.once.clone();
    let chrome = chrome(&page, &state);
    let Made { mut import, draft, too_large } = apart(move || {
        let brought = upload.brought();
        make(upload, brought, chrome, known, publishing)
    })
    .await?;
    let mut status = match (&draft, too_large) {
        (_, true) => StatusCode::PAYLOAD_TOO_LARGE,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (Some(_), false) => StatusCode::OK,
    };
    if let Some(draft) = draft.filter(|_| publishing) {
        let ids = Ids::new(&admin, &once, of, &draft);
        let done = publish(
            &state.db,
            Publishing {
                draft,
                version: ids.version,
                of: of.map_or(Of::New(ids.checklist), Of::Existing),
                by: Some(admin.named()),
                request: page.request_id,
                now: state.clock.now(),
            },
        )
        .await;
        match done {
            Ok(published) => {
                let told = if published.new {
                    format!("Version {} is published. Launches can be made from it.", published.number)
                } else {
                    format!("This is version {} already; nothing had to be published.", published.number)
                };
                return Ok(SeeOther::to(published.href()).good(told).into_response());
            }
            Err(NotPublished::NotFound) => return Err(Error::NotFound),
            Err(NotPublished::Database(error)) => return Err(error.into()),
            Err(conflict @ (NotPublished::Archived | NotPublished::Older(_))) => {
                import.problem = Some(conflict.to_string());
                status = StatusCode::CONFLICT;
            }
        }
    }
    apart(move || html_with(status, &import)).await?
}

/// The ids of what a form makes, made from who sends it, the number it carries and the content it brings, so that the
/// form sent twice makes it once, and one with another content makes another.
struct Ids {
    checklist: ChecklistId,
    version: ChecklistVersionId,
}

impl Ids {
    fn new(admin: &CurrentUser, once: &str, of: Option<ChecklistId>, draft: &Draft) -> Self {
        let of = of.map_or(admin.id.uuid(), |of| of.uuid());
        let id = |what: &[u8]| told_once::<Uuid>(admin.id, of, once, &[what, &draft.hash().0]);
        Self { checklist: ChecklistId(id(b"checklist")), version: ChecklistVersionId(id(b"version")) }
    }
}

/// Reads what was brought and makes the page of it, with what can be published.
fn make(upload: Upload, brought: Brought, chrome: Chrome, known: Option<Known>, publishing: bool) -> Made {
    let Brought { text, file_name, mut errors, too_large } = brought;
    let (target, newest) = known.map(|known| (known.target, known.newest)).unzip();
    let mut import = Import::empty(chrome, target);
    import.once = if upload.once.is_empty() { ambient::opaque_id::<Uuid>().to_string() } else { upload.once };
    import.name.clone_from(&upload.name);
    let mut draft = None;
    if errors.is_empty() {
        let before = newest.as_ref().map(|newest| &newest.checklist);
        let chosen = errors.take("name", Title::optional(&upload.name)).flatten();
        // Where the text has no title: what the checklist is called, or its file.
        let fallback = before.map(|before| before.name.clone()).or_else(|| file_name.as_deref().and_then(name_of_file));
        if let Some(understood) = errors.take("name", understand(&text, chosen, fallback)) {
            let Understood { reading, named } = &understood;
            if *named && !errors.has("name") {
                import.name = reading.checklist.name.to_string();
            } else if publishing {
                errors.add("name", "Give the checklist a name; its text has none.");
            }
            import.preview = Some(Preview::new(reading, before));
            draft = errors.take("file", understood.draft());
        }
    }
    if !errors.is_empty() {
        draft = None;
    }
    // Too large a text would not come back by the form either.
    import.markdown = if too_large { String::new() } else { text };
    import.errors = errors;
    Made { import, draft, too_large }
}

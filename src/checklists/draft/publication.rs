//! Publishing a draft: what it changes of the newest version, item by item, and then the version.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    Desk,
    forms::seen,
    store,
    view::{Head, Publication},
};
use crate::{
    access::{Admin, CurrentUser},
    ambient,
    checklists::{
        self,
        comparison::Comparison,
        publish::{Draft, NotPublished, Of, Published, Publishing, publish_in},
    },
    domain::{
        checklist_draft::{ChecklistDraft, Fault},
        ids::{ChecklistId, ChecklistVersionId, RequestId},
    },
    launch_page::texts::told_once,
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::{Path, Sent},
        page::{Nav, Page, SeeOther, html_with},
    },
};

/// `GET /checklists/{id}/draft/publication`.
pub(super) async fn ask(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?.in_use()?;
    publication(&state, &page, desk, StatusCode::OK, None, String::new()).await
}

async fn publication(
    state: &AppState,
    page: &Page,
    desk: Desk,
    status: StatusCode,
    problem: Option<String>,
    once: String,
) -> Result<Response, Error> {
    let newest = desk.newest(state).await?;
    let chrome = page.chrome(state, format!("Publish · {}", desk.name()), Nav::Checklists);
    apart(move || {
        let checklist = desk.draft.checklist();
        let fault = |fault: &Fault| (fault.to_string(), mend(&desk, fault));
        html_with(
            status,
            &Publication {
                chrome,
                head: Head::new(&desk),
                comparison: Comparison::between(&newest, &checklist),
                faults: desk.draft.faults().iter().map(fault).collect(),
                is_same: newest == checklist,
                once: if once.is_empty() { ambient::opaque_id::<uuid::Uuid>().to_string() } else { once },
                problem,
            },
        )
    })
    .await?
}

/// Where a fault is mended.
fn mend(desk: &Desk, fault: &Fault) -> Option<String> {
    let base = format!("/checklists/{}/draft", desk.id);
    match fault {
        Fault::EmptyPart(part, _) => Some(format!("{base}#node-{part}")),
        Fault::EmptySection(section, _) => Some(format!("{base}/sections/{section}")),
        Fault::Whole(_) => None,
    }
}

/// What was looked at before it was published.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PublicationForm {
    version: String,
    newest: String,
    once: String,
}

/// Why a draft was not published.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("There is nothing to publish: nobody has changed anything since version {0}.")]
    NoDraft(i32),
    #[error("Nothing differs from version {0}, so there is nothing to publish.")]
    Same(i32),
    #[error("The draft was changed since you looked. This is what it changes now; publish it if it still holds.")]
    Changed,
    #[error(
        "Version {0} was published since you looked. This is what the draft changes of it; publish it if it still holds."
    )]
    Overtaken(i32),
    #[error("The draft can’t be published as it is.")]
    Faulty,
    #[error(transparent)]
    Not(#[from] NotPublished),
}

/// `POST /checklists/{id}/draft/publication`: the version, its event and the end of the draft in one transaction.
pub(super) async fn publish(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    Desk::open(&state, id).await?;
    let form: PublicationForm = sent.form().await?;
    let refusal = match published(&state, &admin, id, &form, page.request_id).await? {
        Ok(published) => {
            let told = format!("Version {} is published. Launches can be made from it.", published.number);
            return Ok(SeeOther::to(published.href()).good(told).into_response());
        }
        Err(Refusal::Not(NotPublished::NotFound)) => return Err(Error::NotFound),
        Err(Refusal::Not(NotPublished::Database(error))) => return Err(error.into()),
        Err(Refusal::Not(NotPublished::Archived)) => return Err(Error::Conflict(super::ARCHIVED.into())),
        Err(refusal) => refusal,
    };
    let status = match refusal {
        Refusal::Faulty => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NoDraft(_) | Refusal::Same(_) | Refusal::Changed | Refusal::Overtaken(_) | Refusal::Not(_) => {
            StatusCode::CONFLICT
        }
    };
    let desk = Desk::open(&state, id).await?;
    publication(&state, &page, desk, status, Some(refusal.to_string()), form.once).await
}

async fn published(
    state: &AppState,
    admin: &CurrentUser,
    id: ChecklistId,
    form: &PublicationForm,
    request: RequestId,
) -> Result<Result<Published, Refusal>, Error> {
    let version: ChecklistVersionId =
        told_once(admin.id, id.uuid(), &form.once, &[b"version", form.version.as_bytes(), form.newest.as_bytes()]);
    let mut tx = state.db.begin().await?;
    let archived = checklists::store::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let known = checklists::store::numbers(&mut tx, id).await?;
    if let Some(again) = known.iter().find(|known| known.id == version) {
        return Ok(Ok(Published { checklist: id, number: again.number, new: false }));
    }
    let desk = Desk::open_on(state, &mut tx, id).await?;
    if archived {
        return Ok(Err(NotPublished::Archived.into()));
    }
    if desk.saved.is_none() {
        return Ok(Err(Refusal::NoDraft(desk.newest_number)));
    }
    if desk.newest_number.to_string() != form.newest {
        return Ok(Err(Refusal::Overtaken(desk.newest_number)));
    }
    if desk.draft.version != seen(&form.version) {
        return Ok(Err(Refusal::Changed));
    }
    let draft = desk.draft;
    let Some(content) = apart(move || content(&draft)).await? else { return Ok(Err(Refusal::Faulty)) };
    let now = state.clock.now();
    let publishing =
        Publishing { draft: content, version, of: Of::Existing(id), by: Some(admin.named()), request, now };
    let published = match publish_in(&mut tx, publishing).await {
        Ok(published) if !published.new => return Ok(Err(Refusal::Same(published.number))),
        Ok(published) => published,
        Err(not_published) => return Ok(Err(not_published.into())),
    };
    store::end(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Ok(published))
}

/// What is published of a draft; nothing when something keeps it from that.
fn content(draft: &ChecklistDraft) -> Option<Draft> {
    if draft.faults().is_empty() { Draft::new(&draft.checklist()).ok() } else { None }
}

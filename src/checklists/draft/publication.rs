//! Publishes a draft, after showing what it changes in the newest version, item by item.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    DraftContext,
    forms::parse_seen_version,
    store,
    view::{DraftHeadView, DraftPublicationPage},
};
use crate::{
    access::{Admin, CurrentUser},
    ambient,
    checklists::{
        self,
        comparison::ChecklistComparisonView,
        publish::{
            PublishError, PublishRequest, PublishTarget, PublishableChecklist, PublishedVersion, publish_in_transaction,
        },
    },
    domain::{
        checklist_draft::{ChecklistDraft, DraftFault},
        ids::{ChecklistId, ChecklistVersionId, RequestId},
    },
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::{Path, UnreadForm},
        idempotency::idempotent_id,
        page::{Nav, PageContext, SeeOther, render_with_status},
    },
};

/// `GET /checklists/{id}/draft/publication`.
pub(super) async fn show_publication(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?.require_not_archived()?;
    render_publication(&state, &page, desk, StatusCode::OK, None, String::new()).await
}

async fn render_publication(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    status: StatusCode,
    problem: Option<String>,
    once: String,
) -> Result<Response, Error> {
    let newest = desk.newest(state).await?;
    let chrome = page.chrome(state, format!("Publish · {}", desk.name()), Nav::Checklists);
    run_blocking(move || {
        let checklist = desk.draft.checklist();
        let fault = |fault: &DraftFault| (fault.to_string(), link_to_fix(&desk, fault));
        render_with_status(
            status,
            &DraftPublicationPage {
                chrome,
                head: DraftHeadView::new(&desk),
                comparison: ChecklistComparisonView::compare(&newest, &checklist),
                faults: desk.draft.faults().iter().map(fault).collect(),
                is_same: newest == checklist,
                once: if once.is_empty() { ambient::new_opaque_id::<uuid::Uuid>().to_string() } else { once },
                problem,
            },
        )
    })
    .await?
}

fn link_to_fix(desk: &DraftContext, fault: &DraftFault) -> Option<String> {
    let base = format!("/checklists/{}/draft", desk.id);
    match fault {
        DraftFault::EmptyPart(part, _) => Some(format!("{base}#node-{part}")),
        DraftFault::EmptySection(section, _) => Some(format!("{base}/sections/{section}")),
        DraftFault::Checklist(_) => None,
    }
}

/// The draft that the confirmation page showed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DraftPublicationForm {
    version: String,
    newest: String,
    once: String,
}

#[derive(Debug, thiserror::Error)]
enum DraftPublishRefusal {
    #[error("There is nothing to publish: nobody has changed anything since version {0}.")]
    NothingChanged(i32),
    #[error("Nothing differs from version {0}, so there is nothing to publish.")]
    SameContent(i32),
    #[error("The draft was changed since you looked. This is what it changes now; publish it if it still holds.")]
    DraftChanged,
    #[error(
        "Version {0} was published since you looked. This is what the draft changes of it; publish it if it still holds."
    )]
    NewerVersionPublished(i32),
    #[error("The draft can’t be published as it is.")]
    Unpublishable,
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// `POST /checklists/{id}/draft/publication`: adds the version and its event and ends the draft, in one transaction.
pub(super) async fn publish_draft(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    DraftContext::load(&state, id).await?;
    let form: DraftPublicationForm = sent.read_form().await?;
    let refusal = match try_publish_draft(&state, &admin, id, &form, page.request_id).await? {
        Ok(published) => {
            let told = format!("Version {} is published. Launches can be made from it.", published.number);
            return Ok(SeeOther::to(published.href()).with_success(told).into_response());
        }
        Err(DraftPublishRefusal::Publish(PublishError::NotFound)) => return Err(Error::NotFound),
        Err(DraftPublishRefusal::Publish(PublishError::Database(error))) => return Err(error.into()),
        Err(DraftPublishRefusal::Publish(PublishError::Archived)) => {
            return Err(Error::Conflict(super::ARCHIVED_MESSAGE.into()));
        }
        Err(refusal) => refusal,
    };
    let status = match refusal {
        DraftPublishRefusal::Unpublishable => StatusCode::UNPROCESSABLE_ENTITY,
        DraftPublishRefusal::NothingChanged(_)
        | DraftPublishRefusal::SameContent(_)
        | DraftPublishRefusal::DraftChanged
        | DraftPublishRefusal::NewerVersionPublished(_)
        | DraftPublishRefusal::Publish(_) => StatusCode::CONFLICT,
    };
    let desk = DraftContext::load(&state, id).await?;
    render_publication(&state, &page, desk, status, Some(refusal.to_string()), form.once).await
}

async fn try_publish_draft(
    state: &AppState,
    admin: &CurrentUser,
    id: ChecklistId,
    form: &DraftPublicationForm,
    request: RequestId,
) -> Result<Result<PublishedVersion, DraftPublishRefusal>, Error> {
    let version: ChecklistVersionId =
        idempotent_id(admin.id, id.uuid(), &form.once, &[b"version", form.version.as_bytes(), form.newest.as_bytes()]);
    let mut tx = state.db.begin().await?;
    let archived = checklists::store::lock_checklist(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let known = checklists::store::list_version_numbers(&mut tx, id).await?;
    if let Some(again) = known.iter().find(|known| known.id == version) {
        return Ok(Ok(PublishedVersion { checklist: id, number: again.number, is_new: false }));
    }
    let desk = DraftContext::load_in(state, &mut tx, id).await?;
    if archived {
        return Ok(Err(PublishError::Archived.into()));
    }
    if desk.last_saved.is_none() {
        return Ok(Err(DraftPublishRefusal::NothingChanged(desk.newest_number)));
    }
    if desk.newest_number.to_string() != form.newest {
        return Ok(Err(DraftPublishRefusal::NewerVersionPublished(desk.newest_number)));
    }
    if desk.draft.version != parse_seen_version(&form.version) {
        return Ok(Err(DraftPublishRefusal::DraftChanged));
    }
    let draft = desk.draft;
    let Some(content) = run_blocking(move || to_publishable(&draft)).await? else {
        return Ok(Err(DraftPublishRefusal::Unpublishable));
    };
    let now = state.clock.now();
    let publishing = PublishRequest {
        content,
        version_id: version,
        target: PublishTarget::ExistingChecklist(id),
        publisher: Some(admin.to_person_ref()),
        request,
        now,
    };
    let published = match publish_in_transaction(&mut tx, publishing).await {
        Ok(published) if !published.is_new => return Ok(Err(DraftPublishRefusal::SameContent(published.number))),
        Ok(published) => published,
        Err(not_published) => return Ok(Err(not_published.into())),
    };
    store::delete_draft(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Ok(published))
}

/// The draft's content; `None` if something prevents its publication.
fn to_publishable(draft: &ChecklistDraft) -> Option<PublishableChecklist> {
    if draft.faults().is_empty() { PublishableChecklist::new(&draft.checklist()).ok() } else { None }
}

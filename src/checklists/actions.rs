//! POST: archives a checklist, or restores it.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::store;
use crate::{
    access::Admin,
    domain::{ids::ChecklistId, installation::InstallationEvent},
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{Path, Toggle, UnreadForm},
        response::SeeOther,
    },
};

#[derive(Debug, Deserialize)]
struct ArchiveForm {
    #[serde(default)]
    archived: Toggle,
}

/// `POST /checklists/{id}/archive`. Repeating it changes nothing.
pub(super) async fn set_archived(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    // Read before anything is locked, since a slow client would hold the lock.
    let form: ArchiveForm = sent.read_form().await?;
    let mut tx = AuditedTransaction::begin(&state.db).await?;
    let archived = store::lock_checklist(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let archive = form.archived.parse_required();
    let archive = archive.map_err(|_| Error::Unprocessable(texts::choose_archive_or_restore()))?;
    let now = state.clock.now();
    if archive != archived {
        let changed = store::set_archived(&mut tx, id, archive.then_some(now)).await?;
        if changed != 1 {
            return Err(Error::fault("a checklist that is locked was not there to be changed"));
        }
        let event = if archive {
            InstallationEvent::ChecklistArchived { checklist: id }
        } else {
            InstallationEvent::ChecklistRestored { checklist: id }
        };
        admin.append_event(&mut tx, &event, page.request_id, now).await?;
        tx.commit().await?;
    }
    let notice = if archive { texts::checklist_is_archived_now() } else { texts::checklist_is_restored_now() };
    Ok(SeeOther::to(format!("/checklists/{id}")).with_success(notice).into_response())
}

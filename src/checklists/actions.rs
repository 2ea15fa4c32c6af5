//! POST: putting a checklist away, and bringing it back.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::store;
use crate::{
    access::Admin,
    domain::{ids::ChecklistId, installation::InstallationEvent},
    record::installation,
    state::AppState,
    web::{
        Error,
        form::{Path, Sent, Toggle},
        page::{Page, SeeOther},
    },
};

#[derive(Debug, Deserialize)]
struct ArchiveForm {
    #[serde(default)]
    archived: Toggle,
}

/// `POST /checklists/{id}/archive`. Asked for again, it is as it is, and nothing happens.
pub(super) async fn archive(
    State(state): State<AppState>,
    Admin(admin): Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    // Read before anything is locked, since a slow client would keep it locked.
    let form: ArchiveForm = sent.form().await?;
    let mut tx = state.db.begin().await?;
    let archived = store::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let wanted = form.archived.required();
    let wanted = wanted.map_err(|_| Error::Unprocessable("A checklist is either archived or not.".into()))?;
    let now = state.clock.now();
    if wanted != archived {
        let changed = store::set_archived(&mut tx, id, wanted.then_some(now)).await?;
        if changed != 1 {
            return Err(Error::fault("a checklist that is locked was not there to be changed"));
        }
        let event = if wanted {
            InstallationEvent::ChecklistArchived { checklist: id }
        } else {
            InstallationEvent::ChecklistRestored { checklist: id }
        };
        installation::append(&mut tx, Some(&admin.named()), &event, None, page.request_id, now).await?;
        tx.commit().await?;
    }
    let told = if wanted {
        "The checklist is archived: no launch is made from it any more."
    } else {
        "The checklist is back: launches can be made from it."
    };
    Ok(SeeOther::to(format!("/checklists/{id}")).good(told).into_response())
}

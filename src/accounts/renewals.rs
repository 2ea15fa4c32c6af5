//! The person's acknowledgement that they have seen renewals of their credentials by others.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};
use serde::Deserialize;

use crate::{
    access::{CurrentUser, return_path::ReturnPath},
    domain::{ids::RenewalId, installation::InstallationEvent},
    record::{installation_log::AuditedTransaction, renewals},
    state::AppState,
    texts,
    web::{Error, chrome::PageContext, form::Form, response::SeeOther},
};

/// What the notice showed when it was rendered.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RenewalAcknowledgementForm {
    /// Renewals by links that were not used at that time.
    made: Vec<String>,
    /// Renewals that had happened by that time.
    renewed: Vec<String>,
}

/// `POST /account/renewals/acknowledgement`. A link that was used after the notice was rendered is reported again.
pub(super) async fn acknowledge(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    headers: HeaderMap,
    Form(form): Form<RenewalAcknowledgementForm>,
) -> Result<Response, Error> {
    let ids = |texts: &[String]| texts.iter().map(|text| text.parse()).collect::<Result<Vec<RenewalId>, _>>();
    let (Ok(made), Ok(renewed)) = (ids(&form.made), ids(&form.renewed)) else {
        return Err(Error::Unprocessable(texts::not_what_notice_showed()));
    };
    let at = state.clock.now();
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    if renewals::record_seen(&mut transaction, user.id, (&made, &renewed), at).await? > 0 {
        let event = InstallationEvent::RenewalSeen { user: user.id };
        user.append_event(&mut transaction, &event, page.request_id, at).await?;
        transaction.commit().await?;
    }
    let from = headers.get(header::REFERER).and_then(|from| url::Url::parse(from.to_str().ok()?).ok());
    let back =
        from.map_or_else(|| ReturnPath::new("/account"), |from| ReturnPath::new(&from[url::Position::BeforePath..]));
    Ok(SeeOther::to(back.path()).into_response())
}

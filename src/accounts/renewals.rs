//! What others renewed of one's own way in: that one has seen it.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};
use serde::Deserialize;

use crate::{
    access::{CurrentUser, next::Next},
    domain::{ids::RenewalId, installation::InstallationEvent},
    record::{self, renewals},
    state::AppState,
    web::{
        Error,
        form::Form,
        page::{Page, SeeOther},
    },
};

/// What the notice showed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    /// Links that were not used by then.
    made: Vec<String>,
    /// What was renewed by then.
    renewed: Vec<String>,
}

/// `POST /account/renewals/acknowledgement`. What was used after the notice was shown is told anew.
pub(super) async fn acknowledge(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    headers: HeaderMap,
    Form(shown): Form<Shown>,
) -> Result<Response, Error> {
    let ids = |texts: &[String]| texts.iter().map(|text| text.parse()).collect::<Result<Vec<RenewalId>, _>>();
    let (Ok(made), Ok(renewed)) = (ids(&shown.made), ids(&shown.renewed)) else {
        return Err(Error::Unprocessable("This is not what the notice showed.".into()));
    };
    let at = state.clock.now();
    let mut transaction = state.db.begin().await?;
    if renewals::note_seen(&mut transaction, user.id, (&made, &renewed), at).await? > 0 {
        let event = InstallationEvent::RenewalSeen { user: user.id };
        record::installation::append(&mut transaction, Some(&user.named()), &event, None, page.request_id, at).await?;
        transaction.commit().await?;
    }
    let from = headers.get(header::REFERER).and_then(|from| url::Url::parse(from.to_str().ok()?).ok());
    let back = from.map_or_else(|| Next::new("/account"), |from| Next::new(&from[url::Position::BeforePath..]));
    Ok(SeeOther::to(back.path()).into_response())
}

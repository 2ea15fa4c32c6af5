//! POST: a new address of the person's calendar, and its removal.

use axum::extract::State;

use super::{feed_address, store};
use crate::{
    access::{CurrentUser, token::Token},
    domain::installation::InstallationEvent,
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts,
    web::{Error, request::RequestNumber, response::SeeOther},
};

/// `POST /account/calendar`. The address is shown once.
pub(super) async fn make_address(
    State(state): State<AppState>,
    RequestNumber(request): RequestNumber,
    user: CurrentUser,
) -> Result<SeeOther, Error> {
    let (token, now) = (Token::generate(), state.clock.now());
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    store::replace_address(&mut transaction, user.id, token.hash(), now).await?;
    user.append_event(&mut transaction, &InstallationEvent::CalendarAddressMade { user: user.id }, request, now)
        .await?;
    transaction.commit().await?;
    let to = SeeOther::to("/account/calendar").with_success(texts::calendar_address_made());
    Ok(to.with_link(feed_address(&state, &token)))
}

pub(super) async fn remove_address(
    State(state): State<AppState>,
    RequestNumber(request): RequestNumber,
    user: CurrentUser,
) -> Result<SeeOther, Error> {
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    if store::delete_address(&mut transaction, user.id).await? {
        let event = InstallationEvent::CalendarAddressRemoved { user: user.id };
        user.append_event(&mut transaction, &event, request, state.clock.now()).await?;
        transaction.commit().await?;
    }
    Ok(SeeOther::to("/account/calendar").with_success(texts::calendar_address_removed()))
}

//! Requests for another address that an admin confirms, where the server sends no mail.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use sqlx::PgConnection;

use super::{account_recovery::refuse_while_waiting, store, view::AddressRequestRow};
use crate::{
    access::{
        Admin,
        address_change::{change_address, find_other_with},
        store::{find_account, load_known_people, with_address},
    },
    domain::{
        ids::{AddressChangeId, UserId},
        text::Email,
    },
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts,
    web::{Error, chrome::PageContext, form::Path, response::SeeOther},
};

/// The requests that wait. Where mail is sent there are none, and no query.
pub(super) async fn load_address_requests(
    state: &AppState,
    conn: &mut PgConnection,
    me: UserId,
    has_other_admin: bool,
) -> Result<Vec<AddressRequestRow>, sqlx::Error> {
    if state.config.mail.is_some() {
        return Ok(Vec::new());
    }
    let open = store::load_address_requests(conn, state.clock.now()).await?;
    let known = if open.is_empty() { Vec::new() } else { load_known_people(conn).await? };
    let row = |request: store::AddressRequest| {
        let other = Email::new(&request.new).ok().and_then(|new| find_other_with(&known, request.user, &new));
        AddressRequestRow {
            id: request.id,
            name: request.name,
            old: request.old,
            new: request.new,
            at: request.at,
            other: other.map(|other| with_address(other.name.as_str(), &other.email)),
            can_confirm: request.user != me || !has_other_admin,
        }
    };
    Ok(open.into_iter().map(row).collect())
}

/// `POST /admin/address-changes/{id}/confirmation`: the admin knows that the address belongs to the person.
pub(super) async fn confirm(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(id): Path<AddressChangeId>,
) -> Result<Response, Error> {
    refuse_while_waiting(&state, &by)?;
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let Some((user, email)) = store::use_address_request(&mut transaction, id, state.clock.now()).await? else {
        return Err(Error::NotFoundBecause(texts::address_request_is_not_open()));
    };
    if user == by.id && store::has_other_admin(&mut transaction, by.id).await? {
        return Err(Error::Forbidden(texts::another_admin_confirms_your_address()));
    }
    let account =
        find_account(&mut transaction, user).await?.filter(|account| account.active).ok_or(Error::NotFound)?;
    change_address(&mut transaction, &state, &account, &email, &by.to_person_ref(), page.request_id).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").with_success(texts::address_confirmed(&account.name, &email)).into_response())
}

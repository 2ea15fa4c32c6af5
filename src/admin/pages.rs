//! What is shown.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    store,
    view::{InviteForm, People},
    ways_in,
};
use crate::{
    access::Admin,
    domain::ids::UserId,
    state::AppState,
    web::{
        Error,
        page::{self, Nav, Page},
    },
};

pub(super) async fn people(State(state): State<AppState>, page: Page, admin: Admin) -> Result<Response, Error> {
    people_page(&state, &page, &admin, StatusCode::OK, InviteForm::default(), None).await
}

/// The page, also as it comes back when something on it was wrong.
pub(super) async fn people_page(
    state: &AppState,
    page: &Page,
    Admin(me): &Admin,
    status: StatusCode,
    invite: InviteForm,
    trouble: Option<(UserId, String)>,
) -> Result<Response, Error> {
    let mut conn = state.db.acquire().await?;
    let people = store::people(&mut conn).await?;
    let invitations = store::invitations(&mut conn).await?;
    let renewals = ways_in::waiting(state, &mut conn, me, &people).await?;
    drop(conn);
    let chrome = page.chrome(state, "People", Nav::Admin);
    page::html_with(status, &People { chrome, people, invitations, renewals, me: me.id, invite, trouble })
}

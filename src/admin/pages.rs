//! The page of people and invitations.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    account_recovery, store,
    view::{InviteFormView, PeoplePage, RefusedPersonForm},
};
use crate::{
    access::Admin,
    domain::installation::InstallationEventKind,
    record::installation_log,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        response,
    },
};

pub(super) async fn show_people(
    State(state): State<AppState>,
    page: PageContext,
    admin: Admin,
) -> Result<Response, Error> {
    render_people(&state, &page, &admin, StatusCode::OK, InviteFormView::default(), None).await
}

/// Renders the page, also after a form with errors.
pub(super) async fn render_people(
    state: &AppState,
    page: &PageContext,
    Admin(me): &Admin,
    status: StatusCode,
    invite: InviteFormView,
    refused: Option<RefusedPersonForm>,
) -> Result<Response, Error> {
    let mut conn = state.db.acquire().await?;
    let people = store::load_people(&mut conn).await?;
    let role_changes = installation_log::load_newest_indexes(&mut *conn, InstallationEventKind::RolesChanged).await?;
    let invitations = store::load_invitations(&mut conn).await?;
    let renewals = account_recovery::load_waiting_renewals(state, &mut conn, me, &people).await?;
    drop(conn);
    let chrome = page.chrome(state, texts::people(), Nav::Admin);
    response::render_with_status(
        status,
        &PeoplePage { chrome, people, role_changes, invitations, renewals, me: me.id, invite, refused },
    )
}

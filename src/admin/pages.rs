//! The page of people and invitations.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    account_recovery, address_changes,
    invitation_links::find_new_links,
    store::{self, UserRow},
    view::{InviteFormView, PeoplePage, RefusedPersonForm},
};
use crate::{
    access::Admin,
    domain::{installation::InstallationEventKind, role::InstallationRole},
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
    let is_other_admin = |it: &UserRow| it.id != me.id && it.active && it.roles.contains(InstallationRole::Admin);
    let has_other_admin = people.iter().any(is_other_admin);
    let address_requests = address_changes::load_address_requests(state, &mut conn, me.id, has_other_admin).await?;
    let chrome = page.chrome(state, texts::people(), Nav::Admin);
    let new_links = match chrome.flash.as_ref().and_then(|flash| flash.link.as_deref()) {
        Some(address) => find_new_links(state, &mut conn, me, address).await?,
        None => Vec::new(),
    };
    drop(conn);
    response::render_with_status(
        status,
        &PeoplePage {
            chrome,
            people,
            role_changes,
            invitations,
            renewals,
            address_requests,
            me: me.id,
            invite,
            refused,
            new_links,
        },
    )
}

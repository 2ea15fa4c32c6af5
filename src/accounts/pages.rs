//! What is shown.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    store,
    view::{AccountPage, Join, Joining, SessionRow},
};
use crate::{
    access::{CurrentUser, session, token::Token},
    launch_page::way_in,
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Path},
        page::{self, Nav, Page},
        renewed::RenewedNotice,
    },
};

/// What is said of a one-time address that does not work, or no longer: why is not told, since it would say who has
/// an account.
pub(super) const NO_INVITATION: &str = "This invitation does not work: it was used already, has expired, or a newer \
    one was made. If you have an account, sign in; otherwise ask your admin for a new invitation.";
pub(super) const NO_SETUP: &str = "This address does not work: the first admin has been made already, or the server \
    was started again and printed a newer one.";

pub(super) async fn setup(
    State(state): State<AppState>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let hash = Token::read(&token).ok_or(Error::Missing(NO_SETUP.into()))?.hash();
    if !store::is_setup_token(&mut *state.db.acquire().await?, hash).await? {
        return Err(Error::Missing(NO_SETUP.into()));
    }
    let chrome = page.chrome(&state, "Make the first admin", Nav::None);
    page::html(&Join {
        chrome,
        action: format!("/setup/{token}"),
        kind: Joining::FirstAdmin,
        name: String::new(),
        email: String::new(),
        errors: FieldErrors::new(),
    })
}

pub(super) async fn invitation(
    State(state): State<AppState>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let hash = Token::read(&token).ok_or(Error::Missing(NO_INVITATION.into()))?.hash();
    let found = store::open_invitation(&mut *state.db.acquire().await?, hash, state.clock.now()).await?;
    let invitation = found.ok_or(Error::Missing(NO_INVITATION.into()))?;
    let chrome = page.chrome(&state, "Welcome", Nav::None);
    page::html(&Join {
        chrome,
        action: format!("/invitations/{token}"),
        kind: Joining::Invited,
        name: invitation.name.to_string(),
        email: invitation.email.to_string(),
        errors: FieldErrors::new(),
    })
}

pub(super) async fn account(State(state): State<AppState>, page: Page, user: CurrentUser) -> Result<Response, Error> {
    account_page(&state, &page, &user, StatusCode::OK, user.zone().to_string(), FieldErrors::new()).await
}

/// The account's page, also as it comes back when something on it was wrong.
pub(super) async fn account_page(
    state: &AppState,
    page: &Page,
    user: &CurrentUser,
    status: StatusCode,
    zone: String,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let sessions = session::list(&state.redis, user, state.clock.now()).await?;
    let sessions = sessions
        .into_iter()
        .map(|(key, session)| SessionRow { key, session, is_this: key == user.session() })
        .collect();
    let waiting = user.way_in().waiting(state.clock.now(), None);
    let view = AccountPage {
        chrome: page.chrome(state, "Your account", Nav::Account),
        name: user.name.to_string(),
        email: user.email.to_string(),
        roles: user.roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", "),
        second_factor: user.second_factor,
        zone,
        sessions,
        renewed: user.renewals().iter().map(|renewal| RenewedNotice::new(renewal, &user.zone()).sentence).collect(),
        waiting: waiting.map_or_else(String::new, |waiting| way_in::waiting(&waiting, &user.zone())),
        errors,
    };
    page::html_with(status, &view)
}

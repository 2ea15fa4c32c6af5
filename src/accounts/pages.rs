//! GET handlers: joining, and the account page.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    one_time_address::{find_invitation, find_setup},
    store,
    view::{AccountPage, JoinKind, JoinPage, RefusedForm, SessionRow},
};
use crate::{
    access::{CurrentUser, account, session},
    presentation::renewals,
    state::AppState,
    texts::{self, Language},
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, Path},
        renewal_notice::RenewalNotice,
        response,
        viewer::ColorScheme,
    },
};

pub(super) async fn show_setup(
    State(state): State<AppState>,
    page: PageContext,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    find_setup(&state, &token).await?;
    let chrome = page.chrome(&state, texts::create_admin_account(), Nav::None);
    response::render(&JoinPage {
        chrome,
        action: format!("/setup/{token}"),
        kind: JoinKind::FirstAdmin,
        name: String::new(),
        email: String::new(),
        errors: FieldErrors::new(),
    })
}

pub(super) async fn show_invitation(
    State(state): State<AppState>,
    page: PageContext,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let (_, invitation) = find_invitation(&state, &token).await?;
    let chrome = page.chrome(&state, texts::welcome(), Nav::None);
    response::render(&JoinPage {
        chrome,
        action: format!("/invitations/{token}"),
        kind: JoinKind::Invited,
        name: invitation.name.to_string(),
        email: invitation.email.to_string(),
        errors: FieldErrors::new(),
    })
}

pub(super) async fn show_account(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
) -> Result<Response, Error> {
    render_account(&state, &page, &user, StatusCode::OK, None).await
}

/// Renders the account page, also after a form with errors.
pub(super) async fn render_account(
    state: &AppState,
    page: &PageContext,
    user: &CurrentUser,
    status: StatusCode,
    refused: Option<RefusedForm>,
) -> Result<Response, Error> {
    let requested = store::load_requested_address(&mut *state.db.acquire().await?, user.id, state.clock.now()).await?;
    let sessions = session::list(&state.redis, user, state.clock.now()).await?;
    let sessions = sessions
        .into_iter()
        .map(|(key, session)| SessionRow { key, session, is_this: key == user.session() })
        .collect();
    let waiting = user.way_in().waiting_period(state.clock.now(), None);
    let view = AccountPage {
        chrome: page.chrome(state, texts::your_account_title(), Nav::Account),
        name: user.name.to_string(),
        email: user.email.to_string(),
        roles: account::describe_roles(&user.roles),
        second_factor: user.second_factor,
        zone: user.zone().to_string(),
        scheme: user.scheme.map_or("system", ColorScheme::slug),
        requested,
        sends_mail: state.config.mail.is_some(),
        language: user.language.map_or("", Language::tag),
        sessions,
        renewed: user.renewals().iter().map(|renewal| RenewalNotice::new(renewal, &user.zone()).sentence).collect(),
        waiting: waiting.map_or_else(String::new, |waiting| renewals::explain_waiting_period(&waiting, &user.zone())),
        refused,
    };
    response::render_with_status(status, &view)
}

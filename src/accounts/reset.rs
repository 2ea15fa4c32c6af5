//! A forgotten password: asking for a link by mail, and choosing a new one with it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;
use tracing::Instrument as _;

use super::store::{self, UsedReset};
use crate::{
    access::{
        password,
        rate_limit::{self, Bucket},
        reset::{self, Maker},
        store::{account_at, supersede_resets},
        token::Token,
        visitor::Visitor,
    },
    domain::{ids::RequestId, installation::InstallationEvent, launch::event::PersonRef, text::Email},
    mail::{self, About},
    record::{self, renewals},
    state::AppState,
    web::{
        Error,
        address::ClientAddress,
        form::{FieldErrors, Form, Path},
        page::{self, Chrome, Nav, Page, SeeOther},
    },
};

/// What is said of a link that does not work, or no longer: why is not told, since it would say who has an account.
const GONE: &str = "This address does not work: it was used already, has expired, or the password was changed otherwise. Ask for \
    another where you sign in, or ask an admin of yours.";

#[derive(Template)]
#[template(path = "accounts/forgotten.html")]
struct Forgotten {
    chrome: Chrome,
    /// Whether mail is sent at all.
    mails: bool,
    email: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct Reset {
    chrome: Chrome,
    action: String,
    email: String,
    errors: FieldErrors,
}

/// `GET /forgotten-password`
pub(super) async fn forgotten(State(state): State<AppState>, page: Page) -> Result<Response, Error> {
    forgotten_page(&state, &page, StatusCode::OK, String::new(), FieldErrors::new())
}

fn forgotten_page(
    state: &AppState,
    page: &Page,
    status: StatusCode,
    email: String,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let chrome = page.chrome(state, "A forgotten password", Nav::None);
    page::html_with(status, &Forgotten { chrome, mails: state.config.mail.is_some(), email, errors })
}

#[derive(Deserialize)]
pub(super) struct ForgottenForm {
    #[serde(default)]
    email: String,
}

/// `POST /forgotten-password`. Whether somebody has an account under the address is told neither by the answer nor by how
/// long it takes: it is looked up after the answer.
pub(super) async fn ask(
    State(state): State<AppState>,
    page: Page,
    visitor: Visitor,
    Form(form): Form<ForgottenForm>,
) -> Result<Response, Error> {
    if state.config.mail.is_none() {
        return Err(Error::Conflict("This installation sends no mail. An admin of yours can make you a link.".into()));
    }
    rate_limit::charge_anyhow(&state.redis, &Bucket::forgotten(visitor.address), state.clock.now()).await?;
    let email = match Email::new(&form.email) {
        Ok(email) => email,
        Err(wrong) => {
            let errors = FieldErrors::one("email", wrong);
            return forgotten_page(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, form.email, errors);
        }
    };
    let (later, request) = (state.clone(), page.request_id);
    let work = async move {
        if let Err(error) = write_to(&later, &email, request).await {
            tracing::error!(?error, "a letter about a forgotten password could not be written");
        }
    };
    state.tasks.spawn(work.in_current_span());
    let said = "If somebody has an account under this address, a letter with a link is on its way to them.";
    Ok(SeeOther::to("/login").good(said).into_response())
}

/// Puts a letter with a link into the outbox, if there is anybody to write to and they were not written to too often.
async fn write_to(state: &AppState, email: &Email, request: RequestId) -> Result<(), Error> {
    let mut transaction = state.db.begin().await?;
    let Some(account) = account_at(&mut transaction, email).await? else { return Ok(()) };
    let bucket = Bucket::reset_mail(account.id);
    if rate_limit::charge_anyhow(&state.redis, &bucket, state.clock.now()).await.is_err() {
        return Ok(());
    }
    let link = reset::make(&mut transaction, state, &account, Maker::Mail, request).await?;
    let about = About::Reset { link: &link.address };
    mail::post(&mut transaction, state, (&account.name, &account.email), about, Some(link.until)).await?;
    Ok(transaction.commit().await?)
}

/// `GET /password-resets/{token}`
pub(super) async fn show(
    State(state): State<AppState>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let gone = || Error::Missing(GONE.into());
    let hash = Token::read(&token).ok_or_else(gone)?.hash();
    let now = state.clock.now();
    let open = store::open_reset(&mut *state.db.acquire().await?, hash, now).await?.ok_or_else(gone)?;
    reset_page(&state, &page, StatusCode::OK, (&token, &open), FieldErrors::new())
}

fn reset_page(
    state: &AppState,
    page: &Page,
    status: StatusCode,
    (token, open): (&str, &store::OpenReset),
    errors: FieldErrors,
) -> Result<Response, Error> {
    let chrome = page.chrome(state, "Choose a new password", Nav::None);
    let action = format!("/password-resets/{token}");
    page::html_with(status, &Reset { chrome, action, email: open.email.to_string(), errors })
}

#[derive(Deserialize)]
pub(super) struct ResetForm {
    #[serde(default)]
    password: String,
}

/// `POST /password-resets/{token}`. It signs nobody in: who has a second factor shows it where it is always shown.
pub(super) async fn choose(
    State(state): State<AppState>,
    page: Page,
    ClientAddress(from): ClientAddress,
    Path(token): Path<String>,
    Form(form): Form<ResetForm>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    rate_limit::charge_anyhow(&state.redis, &Bucket::one_time_address(from), now).await?;
    let gone = || Error::Missing(GONE.into());
    let hash = Token::read(&token).ok_or_else(gone)?.hash();
    let open = store::open_reset(&mut *state.db.acquire().await?, hash, now).await?.ok_or_else(gone)?;
    let known = [open.name.as_str(), open.email.as_str(), state.config.public_url.host()];
    let new = match password::choose(&form.password, &known).await? {
        Ok(new) => new,
        Err(weak) => {
            let errors = FieldErrors::one("password", weak);
            return reset_page(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, (&token, &open), errors);
        }
    };
    let mut transaction = state.db.begin().await?;
    // The account first, as whoever makes another link does, so that neither waits for the other in a circle.
    if !store::reset_password(&mut transaction, open.user, new.as_str()).await? {
        return Err(gone());
    }
    let Some(UsedReset { renewal }) = store::use_reset(&mut transaction, hash, now).await? else { return Err(gone()) };
    supersede_resets(&mut transaction, open.user, now).await?;
    let made_by = match renewal {
        Some(id) => renewals::note_use(&mut transaction, id, now).await?,
        None => None,
    };
    let about = match renewal {
        Some(_) => About::PasswordReset { by: made_by.as_ref().map(|by| &by.name) },
        None => About::PasswordChanged,
    };
    mail::post(&mut transaction, &state, (&open.name, &open.email), about, None).await?;
    let actor = PersonRef { id: open.user, name: open.name.clone() };
    let event = InstallationEvent::PasswordReset { user: open.user, by: made_by };
    record::installation::append(&mut transaction, Some(&actor), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/login")
        .good("Your password is changed, and every session is ended. Sign in with it.")
        .into_response())
}

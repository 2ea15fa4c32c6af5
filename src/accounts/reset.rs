//! A forgotten password: asking for a link by mail, and choosing a new password with it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    one_time_address::{find_reset, reset_gone},
    store::{self, UsedReset},
};
use crate::{
    access::{
        password,
        rate_limit::{self, Bucket},
        reset_link::{self, ResetLinkMaker},
        store::{find_account_by_email, supersede_resets},
        visitor::Visitor,
    },
    domain::{ids::RequestId, installation::InstallationEvent, launch::event::PersonRef, text::Email},
    mail::{self, MailTopic},
    record::{self, installation_log::AuditedTransaction, renewals},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        client_address::ClientAddress,
        form::{FieldErrors, Form, Path},
        response::{self, SeeOther},
    },
};

#[derive(Template)]
#[template(path = "accounts/forgotten.html")]
struct ForgottenPasswordPage {
    chrome: Chrome,
    /// Whether this installation sends mail.
    mails: bool,
    email: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    chrome: Chrome,
    action: String,
    email: String,
    errors: FieldErrors,
}

/// `GET /forgotten-password`: the form that requests a password reset link by mail.
pub(super) async fn show_forgotten(State(state): State<AppState>, page: PageContext) -> Result<Response, Error> {
    render_forgotten(&state, &page, StatusCode::OK, String::new(), FieldErrors::new())
}

fn render_forgotten(
    state: &AppState,
    page: &PageContext,
    status: StatusCode,
    email: String,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let chrome = page.chrome(state, texts::forgotten_password(), Nav::None);
    response::render_with_status(
        status,
        &ForgottenPasswordPage { chrome, mails: state.config.mail.is_some(), email, errors },
    )
}

#[derive(Deserialize)]
pub(super) struct ForgottenPasswordForm {
    #[serde(default)]
    email: String,
}

/// `POST /forgotten-password`. Neither the response nor its duration reveals whether there is an account with the
/// address: it is looked up after the response.
pub(super) async fn send_reset_link(
    State(state): State<AppState>,
    page: PageContext,
    visitor: Visitor,
    Form(form): Form<ForgottenPasswordForm>,
) -> Result<Response, Error> {
    if state.config.mail.is_none() {
        return Err(Error::Conflict(texts::no_mail_ask_admin_for_link()));
    }
    rate_limit::charge_with_fallback(&state.redis, &Bucket::forgotten_password(visitor.address), state.clock.now())
        .await?;
    let email = match Email::new(&form.email) {
        Ok(email) => email,
        Err(wrong) => {
            let errors = FieldErrors::single("email", wrong);
            return render_forgotten(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, form.email, errors);
        }
    };
    let (later, request) = (state.clone(), page.request_id);
    let work = async move {
        if let Err(error) = mail_reset_link(&later, &email, request).await {
            tracing::error!(?error, "a mail about a forgotten password could not be written");
        }
    };
    state.finish_later(work);
    Ok(SeeOther::to("/login").with_success(texts::reset_mail_may_be_on_its_way()).into_response())
}

/// Puts a mail with a link into the queue, if there is such an account and it did not get too many.
async fn mail_reset_link(state: &AppState, email: &Email, request: RequestId) -> Result<(), Error> {
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let Some(account) = find_account_by_email(&mut transaction, email).await? else { return Ok(()) };
    let bucket = Bucket::reset_mail(account.id);
    if rate_limit::charge_with_fallback(&state.redis, &bucket, state.clock.now()).await.is_err() {
        return Ok(());
    }
    let link = reset_link::create_reset_link(&mut transaction, state, &account, ResetLinkMaker::Mail, request).await?;
    let about = MailTopic::ResetLink { link: &link.address };
    mail::enqueue(&mut transaction, state, (&account.name, &account.email), about, Some(link.expires_at)).await?;
    Ok(transaction.commit().await?)
}

pub(super) async fn show_reset(
    State(state): State<AppState>,
    page: PageContext,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let (_, open) = find_reset(&state, &token).await?;
    render_reset(&state, &page, StatusCode::OK, (&token, &open), FieldErrors::new())
}

fn render_reset(
    state: &AppState,
    page: &PageContext,
    status: StatusCode,
    (token, open): (&str, &store::OpenReset),
    errors: FieldErrors,
) -> Result<Response, Error> {
    let chrome = page.chrome(state, texts::choose_new_password(), Nav::None);
    let action = format!("/password-resets/{token}");
    response::render_with_status(status, &ResetPage { chrome, action, email: open.email.to_string(), errors })
}

#[derive(Deserialize)]
pub(super) struct ResetForm {
    #[serde(default)]
    password: String,
}

/// `POST /password-resets/{token}`. It signs nobody in: the second factor is asked for at sign-in, as always.
pub(super) async fn reset_password(
    State(state): State<AppState>,
    page: PageContext,
    ClientAddress(from): ClientAddress,
    Path(token): Path<String>,
    Form(form): Form<ResetForm>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    rate_limit::charge_with_fallback(&state.redis, &Bucket::one_time_address(from), now).await?;
    let (hash, open) = find_reset(&state, &token).await?;
    let personal = [open.name.as_str(), open.email.as_str(), state.config.public_url.host()];
    let new = match password::check_and_hash(&form.password, &personal).await? {
        Ok(new) => new,
        Err(weak) => {
            let errors = FieldErrors::single("password", weak);
            return render_reset(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, (&token, &open), errors);
        }
    };
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    // The account is locked first, as when a link is created, to avoid a deadlock.
    if !store::reset_password(&mut transaction, open.user, new.as_str()).await? {
        return Err(reset_gone());
    }
    let Some(UsedReset { renewal }) = store::use_reset(&mut transaction, hash, now).await? else {
        // The form was sent twice at once, or the link has just ended in another way.
        drop(transaction);
        return Err(find_reset(&state, &token).await.err().unwrap_or_else(reset_gone));
    };
    supersede_resets(&mut transaction, open.user, now).await?;
    let made_by = match renewal {
        Some(id) => renewals::record_use(&mut transaction, id, now).await?,
        None => None,
    };
    let about = match renewal {
        Some(_) => MailTopic::PasswordReset { by: made_by.as_ref().map(|by| &by.name) },
        None => MailTopic::PasswordChanged,
    };
    mail::enqueue(&mut transaction, &state, (&open.name, &open.email), about, None).await?;
    let actor = PersonRef { id: open.user, name: open.name.clone() };
    let event = InstallationEvent::PasswordReset { user: open.user, by: made_by };
    record::installation_log::append_event(&mut transaction, Some(&actor), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/login").with_success(texts::password_changed_sign_in()).into_response())
}

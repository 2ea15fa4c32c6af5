//! A person's own address: the request for another one, and its confirmation by the link that was sent to it.
//!
//! The answer to a request is the same whether or not somebody else has the address: only the mail to that address
//! differs.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    name::refuse_while_waiting,
    one_time_address::{find_address_change, why_address_change_is_gone},
    pages::render_account,
    store::{self, NewAddressChange},
    view::RefusedForm,
};
use crate::{
    access::{
        CurrentUser,
        address_change::{change_address, find_other_with},
        proof::{ProofInput, verify_form_proof},
        rate_limit::{self, Bucket},
        store::load_known_people,
        token::Token,
    },
    ambient,
    domain::{installation::InstallationEvent, text::Email, time::Moment},
    mail::{self, MailTopic},
    record::installation_log::AuditedTransaction,
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

/// The lifetime of a link that was sent to the new address: a day.
const MAILED_LIFETIME_SECONDS: i64 = 86_400;

/// The lifetime of a request that an admin confirms: seven days.
const ADMIN_LIFETIME_SECONDS: i64 = 7 * 86_400;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AddressForm {
    email: String,
    password: String,
    code: String,
}

/// `POST /account/address`: mails a link to the new address, which counts once the link is used.
pub(super) async fn request_address(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Form(form): Form<AddressForm>,
) -> Result<Response, Error> {
    refuse_while_waiting(&state, &user)?;
    let mut errors = FieldErrors::new();
    let mut email = errors.check("email", Email::new_for_account(&form.email));
    if email.as_ref() == Some(&user.email) {
        errors.add("email", texts::this_is_your_address());
        email = None;
    }
    let input = ProofInput { password: &form.password, code: if email.is_some() { &form.code } else { "" } };
    let proof = verify_form_proof(&state, &user, input, page.request_id, &mut errors).await?;
    let (Some(email), Some(proof)) = (email, proof) else {
        let refused = RefusedForm { form: "address", typed: form.email, errors };
        return render_account(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await;
    };
    let now = state.clock.now();
    if let Err(wait) = rate_limit::charge_with_fallback(&state.redis, &Bucket::address_change(user.id), now).await {
        let errors = FieldErrors::single("email", texts::tried_too_often_try_in(wait.seconds));
        let refused = RefusedForm { form: "address", typed: form.email, errors };
        return render_account(&state, &page, &user, StatusCode::TOO_MANY_REQUESTS, Some(refused)).await;
    }
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    if !store::is_credential_version(&mut transaction, user.id, proof.credential_version).await? {
        return Err(Error::Conflict(texts::account_changed_meanwhile()));
    }
    insert_request(&mut transaction, &state, &user, &email, now).await?;
    let event = InstallationEvent::AddressChangeRequested { user: user.id };
    user.append_event(&mut transaction, &event, page.request_id, now).await?;
    transaction.commit().await?;
    let text = match state.config.mail {
        Some(_) => texts::address_link_is_on_its_way(&email),
        None => texts::admin_has_to_confirm_address(&email),
    };
    Ok(SeeOther::to("/account").with_success(text).into_response())
}

/// Stores the request, and sends the link to the new address, or, if that is not free, a mail that says so.
async fn insert_request(
    transaction: &mut AuditedTransaction,
    state: &AppState,
    user: &CurrentUser,
    email: &Email,
    now: Moment,
) -> Result<(), Error> {
    let token = state.config.mail.is_some().then(Token::generate);
    let lasts = if token.is_some() { MAILED_LIFETIME_SECONDS } else { ADMIN_LIFETIME_SECONDS };
    let expires_at = now.plus_seconds(lasts);
    let known = load_known_people(transaction).await?;
    let is_free = find_other_with(&known, user.id, email).is_none();
    let id = ambient::new_id();
    let hash = token.as_ref().map(Token::hash);
    let new = NewAddressChange { id, user: user.id, email, token: hash, at: now, expires_at };
    store::insert_address_change(transaction, new).await?;
    let Some(token) = token else { return Ok(()) };
    let link = state.config.public_url.with_path(&format!("/account/address/{}", token.to_text()));
    let about = if is_free { MailTopic::AddressLink { link: &link } } else { MailTopic::AddressIsNotFree };
    mail::enqueue(transaction, state, (&user.name, email), about, Some(expires_at)).await
}

#[derive(Template)]
#[template(path = "accounts/new_address.html")]
struct NewAddressPage {
    chrome: Chrome,
    action: String,
    old: String,
    new: String,
}

/// `GET /account/address/{token}`: in a session of the person who asked for it.
pub(super) async fn show_new_address(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let (_, new) = find_address_change(&state, &user, &token).await?;
    let chrome = page.chrome(&state, texts::new_address(), Nav::Account);
    let action = format!("/account/address/{token}");
    response::render(&NewAddressPage { chrome, action, old: user.email.to_string(), new: new.to_string() })
}

pub(super) async fn confirm_address(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    ClientAddress(from): ClientAddress,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    rate_limit::charge_with_fallback(&state.redis, &Bucket::one_time_address(from), now).await?;
    let (hash, _) = find_address_change(&state, &user, &token).await?;
    refuse_while_waiting(&state, &user)?;
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let Some(email) = store::use_address_change(&mut transaction, user.id, hash, now).await? else {
        return Err(why_address_change_is_gone(&mut transaction, &user, hash).await?);
    };
    change_address(&mut transaction, &state, &user, &email, &user.to_person_ref(), page.request_id).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/account").with_success(texts::address_changed(&email)).into_response())
}

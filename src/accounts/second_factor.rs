//! A person's own second factor: setting it up, new recovery codes, and turning it off.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    access::{
        CurrentUser,
        account::Account,
        proof::{ProofInput, verify_form_proof},
        return_path::ReturnPath,
        second_factor::{self as factor, Enrolment, RecoveryCodes},
        session_cookies,
        store::renew_credentials,
        visitor::Visitor,
    },
    domain::installation::InstallationEvent,
    mail::{self, MailTopic},
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Form, Query},
        response::{self, SeeOther},
    },
};

const PAGE_PATH: &str = "/account/second-factor";

#[derive(Template)]
#[template(path = "accounts/second_factor.html")]
struct SecondFactorPage {
    chrome: Chrome,
    email: String,
    /// The secret to enter into an app, or the status of the second factor.
    enrolment_status: SecondFactorStatus,
    /// Whether the installation requires one of this person.
    owes: bool,
    /// Where the person was going, as it was sent; it is validated before the redirect.
    next: String,
    trouble: Option<Cow<'static, str>>,
    errors: FieldErrors,
}

enum SecondFactorStatus {
    /// The person has none and is setting one up.
    Enrolling(EnrolmentView),
    /// The person has one, and this number of unused recovery codes.
    Enrolled(i64),
    /// The operator has configured no key, so there can be none.
    Unavailable,
}

/// A secret to enter into an app.
struct EnrolmentView {
    sealed: String,
    text: String,
    picture: factor::QrCodeImage,
}

impl SecondFactorPage {
    /// The SVG view box: the QR code with the required margin of four modules on each side.
    fn view_box(width: &usize) -> String {
        format!("-4 -4 {0} {0}", width + 8)
    }
}

#[derive(Template)]
#[template(path = "accounts/recovery_codes.html")]
struct RecoveryCodesPage {
    chrome: Chrome,
    codes: Vec<String>,
    next: String,
    /// Whether the second factor was just set up, too.
    fresh: bool,
}

#[derive(Deserialize)]
pub(super) struct SecondFactorQuery {
    #[serde(default)]
    next: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Query(coming): Query<SecondFactorQuery>,
) -> Result<Response, Error> {
    let form = SecondFactorForm { next: coming.next, ..SecondFactorForm::default() };
    render_page(&state, &page, &user, (StatusCode::OK, None), &form, FieldErrors::new()).await
}

/// The fields of all forms of the page; each form sends only some of them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SecondFactorForm {
    /// The new secret, encrypted by the server: it is stored only after a code proves that the app has it.
    secret: String,
    password: String,
    code: String,
    next: String,
}

impl SecondFactorForm {
    fn proof_input(&self) -> ProofInput<'_> {
        ProofInput { password: &self.password, code: &self.code }
    }
}

/// Renders the page, after an error with the same secret, since an app may already have it.
async fn render_page(
    state: &AppState,
    page: &PageContext,
    user: &CurrentUser,
    (status, trouble): (StatusCode, Option<Cow<'static, str>>),
    form: &SecondFactorForm,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let now = state.clock.now();
    let enrolment_status = match factor::encryption_key(state) {
        _ if user.second_factor => {
            SecondFactorStatus::Enrolled(factor::count_recovery_codes(&mut *state.db.acquire().await?, user.id).await?)
        }
        Ok(key) => {
            let existing = Enrolment::decrypt(key, user, &form.secret, now);
            let new = existing.unwrap_or_else(|| Enrolment::generate(now));
            let picture = new.to_qr_code(state.config.public_url.host(), user)?;
            SecondFactorStatus::Enrolling(EnrolmentView {
                sealed: new.encrypt(key, user)?,
                text: new.secret.to_base32_groups(),
                picture,
            })
        }
        Err(_) => SecondFactorStatus::Unavailable,
    };
    let view = SecondFactorPage {
        chrome: page.chrome(state, texts::second_factor(), Nav::Account),
        email: user.email.to_string(),
        enrolment_status,
        owes: user.owes_second_factor,
        next: form.next.clone(),
        trouble,
        errors,
    };
    response::render_with_status(status, &view)
}

/// `POST /account/second-factor`: confirms the secret with a code.
pub(super) async fn set_up(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    visitor: Visitor,
    Form(form): Form<SecondFactorForm>,
) -> Result<Response, Error> {
    if user.second_factor {
        return Err(Error::Conflict(texts::second_factor_exists_already()));
    }
    let (key, now) = (factor::encryption_key(&state)?, state.clock.now());
    let Some(setting_up) = Enrolment::decrypt(key, &user, &form.secret, now) else {
        let trouble = (StatusCode::UNPROCESSABLE_ENTITY, Some(texts::enrolment_too_old()));
        return render_page(&state, &page, &user, trouble, &form, FieldErrors::new()).await;
    };
    let code: String = form.code.chars().filter(|c| !c.is_whitespace()).collect();
    let mut errors = FieldErrors::new();
    let step = setting_up.secret.find_step(&code, now);
    let step = errors.check("code", step.ok_or_else(texts::not_the_code_of_secret));
    let proof = verify_form_proof(&state, &user, form.proof_input(), page.request_id, &mut errors).await?;
    let (Some(step), Some(proof)) = (step, proof) else {
        return render_page(&state, &page, &user, (StatusCode::UNPROCESSABLE_ENTITY, None), &form, errors).await;
    };
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let versions = renew_credentials(&mut transaction, user.id, Some(proof.credential_version)).await?;
    let codes = match versions {
        Some(_) => factor::store_enrolment(&mut transaction, key, user.id, (&setting_up.secret, step), now).await?,
        None => None,
    };
    let (Some((credential_version, session_epoch)), Some(codes)) = (versions, codes) else {
        return Err(Error::Conflict(texts::second_factor_changed_meanwhile()));
    };
    let event = InstallationEvent::SecondFactorSetUp { user: user.id };
    user.append_event(&mut transaction, &event, page.request_id, now).await?;
    mail::enqueue(&mut transaction, &state, (&user.name, &user.email), MailTopic::SecondFactorSetUp, None).await?;
    transaction.commit().await?;
    let account = Account { credential_version, session_epoch, ..Account::clone(&user) };
    let response = render_recovery_codes(&state, &page, &codes, &form, true)?;
    session_cookies::start_session(&state, &visitor, &account, response).await
}

/// `POST /account/second-factor/recovery-codes`: shows new codes; the earlier ones end.
pub(super) async fn renew_recovery_codes(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Form(form): Form<SecondFactorForm>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    require_second_factor(&user)?;
    if verify_form_proof(&state, &user, form.proof_input(), page.request_id, &mut errors).await?.is_none() {
        return render_page(&state, &page, &user, (StatusCode::UNPROCESSABLE_ENTITY, None), &form, errors).await;
    }
    let now = state.clock.now();
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let codes = factor::regenerate_recovery_codes(&mut transaction, user.id).await?;
    let event = InstallationEvent::RecoveryCodesMade { user: user.id };
    user.append_event(&mut transaction, &event, page.request_id, now).await?;
    transaction.commit().await?;
    render_recovery_codes(&state, &page, &codes, &form, false)
}

/// `POST /account/second-factor/removal`: ends the other sessions, too.
pub(super) async fn remove(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    visitor: Visitor,
    Form(form): Form<SecondFactorForm>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    require_second_factor(&user)?;
    let Some(proof) = verify_form_proof(&state, &user, form.proof_input(), page.request_id, &mut errors).await? else {
        return render_page(&state, &page, &user, (StatusCode::UNPROCESSABLE_ENTITY, None), &form, errors).await;
    };
    let now = state.clock.now();
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let versions = renew_credentials(&mut transaction, user.id, Some(proof.credential_version)).await?;
    let removed = factor::remove(&mut transaction, user.id).await?;
    let (Some((credential_version, session_epoch)), true) = (versions, removed) else {
        return Err(Error::Conflict(texts::second_factor_changed_meanwhile()));
    };
    let event = InstallationEvent::SecondFactorRemoved { user: user.id };
    user.append_event(&mut transaction, &event, page.request_id, now).await?;
    mail::enqueue(&mut transaction, &state, (&user.name, &user.email), MailTopic::SecondFactorTurnedOff, None).await?;
    transaction.commit().await?;
    let account = Account { credential_version, session_epoch, ..Account::clone(&user) };
    let to = SeeOther::to(PAGE_PATH).with_success(texts::second_factor_turned_off());
    session_cookies::start_session(&state, &visitor, &account, to).await
}

fn require_second_factor(user: &CurrentUser) -> Result<(), Error> {
    if user.second_factor { Ok(()) } else { Err(Error::Conflict(texts::no_second_factor())) }
}

fn render_recovery_codes(
    state: &AppState,
    page: &PageContext,
    codes: &RecoveryCodes,
    form: &SecondFactorForm,
    fresh: bool,
) -> Result<Response, Error> {
    let next = if form.next.is_empty() { "/account".to_owned() } else { ReturnPath::new(&form.next).path().to_owned() };
    let chrome = page.chrome(state, texts::recovery_codes(), Nav::Account);
    Ok(response::render(&RecoveryCodesPage { chrome, codes: codes.to_grouped_strings(), next, fresh })?.into_response())
}

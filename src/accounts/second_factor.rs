//! One's own second factor: setting it up, new recovery codes, and turning it off.

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
        enter,
        next::Next,
        proof::{self, Typed, Unproven},
        second_factor::{self as factor, RecoveryCodes, SettingUp},
        store::renew_credentials,
        visitor::Visitor,
    },
    domain::{
        installation::{InstallationEvent, Purpose},
        launch::command::Proof,
    },
    mail::{self, About},
    record,
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Form, Query},
        page::{self, Chrome, Nav, Page, SeeOther},
    },
};

const HERE: &str = "/account/second-factor";

/// What was changed at another browser meanwhile.
const MEANWHILE: &str = "Your second factor or password was changed elsewhere meanwhile. Look at your account again.";

#[derive(Template)]
#[template(path = "accounts/second_factor.html")]
struct SecondFactorPage {
    chrome: Chrome,
    email: String,
    /// What there is to see: the secret to take over, or how things stand.
    shown: Shown,
    /// Whether the installation demands one.
    owes: bool,
    /// Where they were going, as it was sent: looked at once they go.
    next: String,
    trouble: Option<&'static str>,
    errors: FieldErrors,
}

/// What the page is about.
enum Shown {
    /// There is none yet, and this is to become it.
    New(New),
    /// There is one, with so many recovery codes left.
    Have(i64),
    /// There can be none.
    NoKey,
}

/// A secret for an app to take over.
struct New {
    sealed: String,
    text: String,
    picture: factor::Picture,
}

impl SecondFactorPage {
    /// The picture's width with the margin that it needs, four modules on each side.
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
    /// Whether the second factor is new as well.
    fresh: bool,
}

#[derive(Deserialize)]
pub(super) struct Coming {
    #[serde(default)]
    next: String,
}

/// `GET /account/second-factor`
pub(super) async fn show(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    Query(coming): Query<Coming>,
) -> Result<Response, Error> {
    let form = FactorForm { next: coming.next, ..FactorForm::default() };
    again(&state, &page, &user, (StatusCode::OK, None), &form, FieldErrors::new()).await
}

/// The forms of the page; not every field is in each.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct FactorForm {
    /// The secret, sealed.
    secret: String,
    password: String,
    code: String,
    next: String,
}

impl FactorForm {
    fn typed(&self) -> Typed<'_> {
        Typed { password: &self.password, code: &self.code }
    }
}

/// The page, also as it comes back: with the same secret, since an app may have taken it over.
async fn again(
    state: &AppState,
    page: &Page,
    user: &CurrentUser,
    (status, trouble): (StatusCode, Option<&'static str>),
    form: &FactorForm,
    errors: FieldErrors,
) -> Result<Response, Error> {
    let now = state.clock.now();
    let shown = match factor::key(state) {
        _ if user.second_factor => {
            Shown::Have(factor::count_recovery_codes(&mut *state.db.acquire().await?, user.id).await?)
        }
        Ok(key) => {
            let there = SettingUp::open(key, user, &form.secret, now);
            let new = there.unwrap_or_else(|| SettingUp::draw(now));
            let picture = new.picture(state.config.public_url.host(), user)?;
            Shown::New(New { sealed: new.sealed(key, user)?, text: new.secret.text(), picture })
        }
        Err(_) => Shown::NoKey,
    };
    let view = SecondFactorPage {
        chrome: page.chrome(state, "Second factor", Nav::Account),
        email: user.email.to_string(),
        shown,
        owes: user.owes_second_factor,
        next: form.next.clone(),
        trouble,
        errors,
    };
    page::html_with(status, &view)
}

/// `POST /account/second-factor`: confirms the secret with a code.
pub(super) async fn set_up(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    visitor: Visitor,
    Form(form): Form<FactorForm>,
) -> Result<Response, Error> {
    let wrong = (StatusCode::UNPROCESSABLE_ENTITY, None);
    if user.second_factor {
        return Err(Error::Conflict("You have a second factor already.".into()));
    }
    let (key, now) = (factor::key(&state)?, state.clock.now());
    let Some(setting_up) = SettingUp::open(key, &user, &form.secret, now) else {
        let trouble =
            Some("This page was open for too long. Take over the new secret below, and delete the one before.");
        return again(&state, &page, &user, (wrong.0, trouble), &form, FieldErrors::new()).await;
    };
    let code: String = form.code.chars().filter(|c| !c.is_whitespace()).collect();
    let mut errors = FieldErrors::new();
    let step = setting_up.secret.step_of(&code, now);
    let step = errors.take("code", step.ok_or("This is not the code that the app shows for this secret now."));
    let proof = prove(&state, &user, &form, &page, &mut errors).await?;
    let (Some(step), Some(proof)) = (step, proof) else {
        return again(&state, &page, &user, wrong, &form, errors).await;
    };
    let mut transaction = state.db.begin().await?;
    let versions = renew_credentials(&mut transaction, user.id, Some(proof.credential_version)).await?;
    let codes = match versions {
        Some(_) => factor::set_up(&mut transaction, key, user.id, (&setting_up.secret, step), now).await?,
        None => None,
    };
    let (Some((credential_version, session_epoch)), Some(codes)) = (versions, codes) else {
        return Err(Error::Conflict(MEANWHILE.into()));
    };
    let event = InstallationEvent::SecondFactorSetUp { user: user.id };
    record::installation::append(&mut transaction, Some(&user.named()), &event, None, page.request_id, now).await?;
    mail::post(&mut transaction, &state, (&user.name, &user.email), About::SecondFactorSetUp, None).await?;
    transaction.commit().await?;
    let account = Account { credential_version, session_epoch, ..Account::clone(&user) };
    let shown = codes_page(&state, &page, &codes, &form, true)?;
    enter::enter(&state, &visitor, &account, shown).await
}

/// `POST /account/second-factor/recovery-codes`
pub(super) async fn renew(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    Form(form): Form<FactorForm>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    has_one(&user)?;
    if prove(&state, &user, &form, &page, &mut errors).await?.is_none() {
        return again(&state, &page, &user, (StatusCode::UNPROCESSABLE_ENTITY, None), &form, errors).await;
    }
    let now = state.clock.now();
    let mut transaction = state.db.begin().await?;
    let codes = factor::renew_recovery_codes(&mut transaction, user.id).await?;
    let event = InstallationEvent::RecoveryCodesMade { user: user.id };
    record::installation::append(&mut transaction, Some(&user.named()), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    codes_page(&state, &page, &codes, &form, false)
}

/// `POST /account/second-factor/removal`
pub(super) async fn remove(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    visitor: Visitor,
    Form(form): Form<FactorForm>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    has_one(&user)?;
    let Some(proof) = prove(&state, &user, &form, &page, &mut errors).await? else {
        return again(&state, &page, &user, (StatusCode::UNPROCESSABLE_ENTITY, None), &form, errors).await;
    };
    let now = state.clock.now();
    let mut transaction = state.db.begin().await?;
    let versions = renew_credentials(&mut transaction, user.id, Some(proof.credential_version)).await?;
    let removed = factor::remove(&mut transaction, user.id).await?;
    let (Some((credential_version, session_epoch)), true) = (versions, removed) else {
        return Err(Error::Conflict(MEANWHILE.into()));
    };
    let event = InstallationEvent::SecondFactorRemoved { user: user.id };
    record::installation::append(&mut transaction, Some(&user.named()), &event, None, page.request_id, now).await?;
    mail::post(&mut transaction, &state, (&user.name, &user.email), About::SecondFactorTurnedOff, None).await?;
    transaction.commit().await?;
    let account = Account { credential_version, session_epoch, ..Account::clone(&user) };
    let said = "Your second factor is off, and your other sessions are ended.";
    enter::enter(&state, &visitor, &account, SeeOther::to(HERE).good(said)).await
}

fn has_one(user: &CurrentUser) -> Result<(), Error> {
    if user.second_factor { Ok(()) } else { Err(Error::Conflict("You have no second factor.".into())) }
}

/// Password, and code of who has a second factor; what is wrong goes to its field.
async fn prove(
    state: &AppState,
    user: &CurrentUser,
    form: &FactorForm,
    page: &Page,
    errors: &mut FieldErrors,
) -> Result<Option<Proof>, Error> {
    let proved = proof::prove(state, user, form.typed(), page.request_id, (Purpose::Confirm, None)).await?;
    Ok(proved.map_err(|Unproven { field, sentence }| errors.add(field, sentence)).ok())
}

fn codes_page(
    state: &AppState,
    page: &Page,
    codes: &RecoveryCodes,
    form: &FactorForm,
    fresh: bool,
) -> Result<Response, Error> {
    let next = if form.next.is_empty() { "/account".to_owned() } else { Next::new(&form.next).path().to_owned() };
    let chrome = page.chrome(state, "Recovery codes", Nav::Account);
    Ok(page::html(&RecoveryCodesPage { chrome, codes: codes.texts(), next, fresh })?.into_response())
}

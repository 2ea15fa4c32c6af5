//! What is done: coming in for the first time, and one's own password, zone and sessions.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{
    pages::{NO_INVITATION, NO_SETUP, account_page},
    store::{self, NewAccount},
    view::{Join, Joining},
};
use crate::{
    access::{
        CurrentUser,
        account::Account,
        enter, password,
        proof::{self, Typed, Unproven},
        rate_limit::{self, Bucket},
        session::{self, SessionKey},
        store::{end_sessions, people_named_like, supersede_resets, with_address},
        token::Token,
        visitor::Visitor,
    },
    ambient,
    domain::{
        installation::{InstallationEvent, Purpose},
        launch::event::PersonRef,
        role::{InstallationRole, InstallationRoles},
        text::{Email, PersonName, resembles},
        time::Zone,
    },
    mail::{self, About},
    record,
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Form, Path},
        page::{self, Nav, Page, SeeOther},
    },
};

#[derive(Deserialize)]
pub(super) struct JoinForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// What a [`JoinForm`] holds when it is right.
struct Joined {
    name: PersonName,
    email: Email,
    password_hash: password::Hash,
}

/// Reads the form of whoever comes in for the first time, or answers what is wrong with it.
async fn read_join(
    state: &AppState,
    form: &JoinForm,
    email: Option<&Email>,
) -> Result<Result<Joined, FieldErrors>, Error> {
    let mut errors = FieldErrors::new();
    let name = errors.take("name", PersonName::new(&form.name));
    let email = match email {
        Some(email) => Some(email.clone()),
        None => errors.take("email", Email::of_new_person(&form.email)),
    };
    let site = state.config.public_url.host();
    let known = [form.name.as_str(), email.as_ref().map_or("", Email::as_str), site];
    let password_hash = errors.take("password", password::choose(&form.password, &known).await?);
    Ok(match (name, email, password_hash) {
        (Some(name), Some(email), Some(password_hash)) => Ok(Joined { name, email, password_hash }),
        _ => Err(errors),
    })
}

pub(super) async fn set_up(
    State(state): State<AppState>,
    page: Page,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<JoinForm>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    rate_limit::charge_anyhow(&state.redis, &Bucket::one_time_address(visitor.address), now).await?;
    let gone = || Error::Missing(NO_SETUP.into());
    let hash = Token::read(&token).ok_or_else(gone)?.hash();
    if !store::is_setup_token(&mut *state.db.acquire().await?, hash).await? {
        return Err(gone());
    }
    let joined = match read_join(&state, &form, None).await? {
        Ok(joined) => joined,
        Err(errors) => {
            let chrome = page.chrome(&state, "Make the first admin", Nav::None);
            let JoinForm { name, email, password: _ } = form;
            let action = format!("/setup/{token}");
            let view = Join { chrome, action, kind: Joining::FirstAdmin, name, email, errors };
            return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
    };
    let roles = InstallationRoles::new([InstallationRole::Admin, InstallationRole::Member])
        .map_err(|_| Error::fault("an admin may be a member"))?;
    let mut transaction = state.db.begin().await?;
    if !store::use_setup_token(&mut transaction, hash).await? {
        return Err(gone());
    }
    let new = new_account(&joined, &roles, now);
    let account = store::make_account(&mut transaction, new).await?.ok_or_else(gone)?;
    let event = InstallationEvent::SetUp { user: account.id, name: account.name.clone() };
    let actor = named(&account);
    record::installation::append(&mut transaction, Some(&actor), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    let to = SeeOther::to("/").good("Welcome. Invite your people next, under Admin.");
    enter::enter(&state, &visitor, &account, to).await
}

pub(super) async fn accept_invitation(
    State(state): State<AppState>,
    page: Page,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<JoinForm>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    rate_limit::charge_anyhow(&state.redis, &Bucket::one_time_address(visitor.address), now).await?;
    let gone = || Error::Missing(NO_INVITATION.into());
    let hash = Token::read(&token).ok_or_else(gone)?.hash();
    let shown = store::open_invitation(&mut *state.db.acquire().await?, hash, now).await?.ok_or_else(gone)?;
    let again = |errors| {
        let chrome = page.chrome(&state, "Welcome", Nav::None);
        let (name, email) = (form.name.clone(), shown.email.to_string());
        let action = format!("/invitations/{token}");
        let view = Join { chrome, action, kind: Joining::Invited, name, email, errors };
        page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &view)
    };
    let joined = match read_join(&state, &form, Some(&shown.email)).await? {
        Ok(joined) => joined,
        Err(errors) => return again(errors),
    };
    let mut transaction = state.db.begin().await?;
    let invitation = store::use_invitation(&mut transaction, hash, now).await?.ok_or_else(gone)?;
    let joined = match name_among(&mut transaction, joined, Some(&invitation.name)).await? {
        Ok(joined) => joined,
        Err(sentence) => {
            // The transaction is undone, so that the invitation is still open.
            drop(transaction);
            let mut errors = FieldErrors::new();
            errors.add("name", sentence);
            return again(errors);
        }
    };
    let new = new_account(&joined, &invitation.roles, now);
    let account = store::make_account(&mut transaction, new).await?.ok_or_else(gone)?;
    let event = InstallationEvent::InvitationUsed {
        invitation: invitation.id,
        user: account.id,
        name: account.name.clone(),
        roles: account.roles.clone(),
    };
    let actor = named(&account);
    record::installation::append(&mut transaction, Some(&actor), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    enter::enter(&state, &visitor, &account, SeeOther::to("/").good("Welcome. Your account is ready.")).await
}

/// The name under which somebody is to be known. One that looks like another person's is taken only where an admin has
/// seen it, which is when the invitation was made out to it; then the address stands beside it, wherever it is shown.
async fn name_among(
    conn: &mut PgConnection,
    joined: Joined,
    invited_as: Option<&PersonName>,
) -> Result<Result<Joined, String>, Error> {
    if people_named_like(conn, &joined.name).await?.is_empty() {
        return Ok(Ok(joined));
    }
    if invited_as.is_none_or(|invited_as| !resembles(invited_as, &joined.name)) {
        return Ok(Err(
            "Somebody here has a name that looks like this one. Add what tells you apart, such as a second \
                       name, or ask for an invitation that is made out to this name."
                .to_owned(),
        ));
    }
    let name = with_address(joined.name.as_str(), joined.email.as_str());
    Ok(match PersonName::stored(&name) {
        Ok(name) => Ok(Joined { name, ..joined }),
        Err(_) => {
            Err("Somebody here has a name that looks like this one, and with your address beside it this one is \
                       too long. Choose a shorter form of it."
                .to_owned())
        }
    })
}

fn new_account<'a>(
    joined: &'a Joined,
    roles: &'a InstallationRoles,
    at: crate::domain::time::Moment,
) -> NewAccount<'a> {
    let Joined { name, email, password_hash } = joined;
    NewAccount { id: ambient::new_id(), email, name, roles, password_hash: password_hash.as_str(), at }
}

fn named(account: &Account) -> PersonRef {
    PersonRef { id: account.id, name: account.name.clone() }
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    new_password: String,
}

pub(super) async fn change_password(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    visitor: Visitor,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    let known = [user.name.as_str(), user.email.as_str(), state.config.public_url.host()];
    // What costs little comes first, and hashing the new one last: before that, a limit has counted the try. A code proves
    // something once, so that it is not spent on a password that is not taken.
    let taken = errors.take("new_password", password::check(&form.new_password, &known).await?).is_some();
    let typed = Typed { password: &form.password, code: if taken { &form.code } else { "" } };
    let proved = proof::prove(&state, &user, typed, page.request_id, (Purpose::Confirm, None)).await?;
    let proof = proved.map_err(|Unproven { field, sentence }| errors.add(field, sentence)).ok();
    let new = match &proof {
        Some(_) if taken => errors.take("new_password", password::choose(&form.new_password, &known).await?),
        Some(_) | None => None,
    };
    let (Some(new), Some(proof)) = (new, proof) else {
        let zone = user.zone().to_string();
        return account_page(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, zone, errors).await;
    };
    let mut transaction = state.db.begin().await?;
    let versions = store::replace_password(&mut transaction, user.id, proof.credential_version, new.as_str()).await?;
    let Some((credential_version, session_epoch)) = versions else {
        return Err(Error::Conflict("Your password was changed elsewhere meanwhile. Sign in again.".into()));
    };
    let event = InstallationEvent::PasswordChanged { user: user.id };
    let now = state.clock.now();
    supersede_resets(&mut transaction, user.id, now).await?;
    record::installation::append(&mut transaction, Some(&user.named()), &event, None, page.request_id, now).await?;
    mail::post(&mut transaction, &state, (&user.name, &user.email), About::PasswordChanged, None).await?;
    transaction.commit().await?;
    let account = Account { credential_version, session_epoch, ..Account::clone(&user) };
    let to = SeeOther::to("/account").good("Your password is changed, and your other sessions are ended.");
    enter::enter(&state, &visitor, &account, to).await
}

#[derive(Deserialize)]
pub(super) struct ZoneForm {
    #[serde(default)]
    zone: String,
}

pub(super) async fn change_zone(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    Form(form): Form<ZoneForm>,
) -> Result<Response, Error> {
    match form.zone.parse::<Zone>() {
        Ok(zone) => {
            store::set_zone(&mut *state.db.acquire().await?, user.id, &zone).await?;
            Ok(SeeOther::to("/account").good(format!("Times are shown in {zone} now.")).into_response())
        }
        Err(wrong) => {
            let errors = FieldErrors::one("zone", wrong);
            account_page(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, form.zone, errors).await
        }
    }
}

pub(super) async fn end_other_sessions(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    visitor: Visitor,
) -> Result<Response, Error> {
    let mut transaction = state.db.begin().await?;
    let session_epoch = end_sessions(&mut transaction, user.id).await?;
    let event = InstallationEvent::SessionsEnded { user: user.id };
    let now = state.clock.now();
    record::installation::append(&mut transaction, Some(&user.named()), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    let account = Account { session_epoch, ..Account::clone(&user) };
    let to = SeeOther::to("/account").good("Your other sessions are ended.");
    enter::go_on(&state, &visitor, (&user, &account), to).await
}

pub(super) async fn end_session(
    State(state): State<AppState>,
    page: Page,
    user: CurrentUser,
    visitor: Visitor,
    Path(key): Path<SessionKey>,
) -> Result<Response, Error> {
    if key == user.session() {
        return enter::leave(&state, &visitor, Some(&user)).await;
    }
    let own = session::list(&state.redis, &user, state.clock.now()).await?;
    if !own.iter().any(|(known, _)| *known == key) {
        return Err(Error::NotFound);
    }
    session::end(&state.redis, user.id, key).await?;
    let event = InstallationEvent::SessionEnded { user: user.id };
    record::installation::tell(&state.db, Some(&user.named()), &event, page.request_id, state.clock.now()).await?;
    Ok(SeeOther::to("/account").good("That session is ended.").into_response())
}

//! POST handlers: the first sign-up, and a person's own password, zone and sessions.

use std::borrow::Cow;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{
    one_time_address::{find_invitation, find_setup, invitation_gone, invitation_used, setup_gone},
    pages::render_account,
    store::{self, NewAccount},
    view::{JoinKind, JoinPage, RefusedForm},
};
use crate::{
    access::{
        CurrentUser,
        account::Account,
        password,
        proof::{ProofInput, verify_form_proof},
        rate_limit::{self, Bucket},
        session::{self, SessionKey},
        session_cookies,
        store::{end_sessions, find_account_by_email, find_people_named_like, supersede_resets, with_address},
        visitor::Visitor,
    },
    ambient,
    domain::{
        installation::InstallationEvent,
        launch::event::PersonRef,
        role::{InstallationRole, InstallationRoles},
        text::{Email, PersonName, resembles},
        time::Zone,
    },
    mail::{self, MailTopic},
    record::{self, installation_log::AuditedTransaction},
    state::AppState,
    texts::{self, Language},
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, Form, Path},
        response::{self, SeeOther},
        viewer::ColorScheme,
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

/// The validated values of a [`JoinForm`].
struct NewMember {
    name: PersonName,
    email: Email,
    password_hash: password::HashedPassword,
}

/// Reads the form of whoever comes in for the first time, or answers what is wrong with it.
async fn parse_join(
    state: &AppState,
    form: &JoinForm,
    email: Option<&Email>,
) -> Result<Result<NewMember, FieldErrors>, Error> {
    let mut errors = FieldErrors::new();
    let name = errors.check("name", PersonName::new(&form.name));
    let email = match email {
        Some(email) => Some(email.clone()),
        None => errors.check("email", Email::new_for_account(&form.email)),
    };
    let site = state.config.public_url.host();
    let personal = [form.name.as_str(), email.as_ref().map_or("", Email::as_str), site];
    let password_hash = errors.check("password", password::check_and_hash(&form.password, &personal).await?);
    Ok(match (name, email, password_hash) {
        (Some(name), Some(email), Some(password_hash)) => Ok(NewMember { name, email, password_hash }),
        _ => Err(errors),
    })
}

pub(super) async fn set_up(
    State(state): State<AppState>,
    page: PageContext,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<JoinForm>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    rate_limit::charge_with_fallback(&state.redis, &Bucket::one_time_address(visitor.address), now).await?;
    let hash = find_setup(&state, &token).await?;
    let joined = match parse_join(&state, &form, None).await? {
        Ok(joined) => joined,
        Err(errors) => {
            let chrome = page.chrome(&state, texts::create_admin_account(), Nav::None);
            let JoinForm { name, email, password: _ } = form;
            let action = format!("/setup/{token}");
            let view = JoinPage { chrome, action, kind: JoinKind::FirstAdmin, name, email, errors };
            return response::render_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
    };
    let roles = InstallationRoles::new([InstallationRole::Admin, InstallationRole::Member])
        .map_err(|_| Error::fault("an admin may be a member"))?;
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    if !store::use_setup_token(&mut transaction, hash).await? {
        return Err(setup_gone());
    }
    let new = to_new_account(&joined, &roles, now);
    let account = store::insert_account(&mut transaction, new).await?.ok_or_else(setup_gone)?;
    let event = InstallationEvent::SetUp { user: account.id, name: account.name.clone() };
    let actor = to_person_ref(&account);
    record::installation_log::append_event(&mut transaction, Some(&actor), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    let to = SeeOther::to("/").with_success(texts::welcome_invite_people());
    session_cookies::start_session(&state, &visitor, &account, to).await
}

pub(super) async fn accept_invitation(
    State(state): State<AppState>,
    page: PageContext,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<JoinForm>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    rate_limit::charge_with_fallback(&state.redis, &Bucket::one_time_address(visitor.address), now).await?;
    let (hash, open_invitation) = find_invitation(&state, &token).await?;
    let again = |errors| {
        let chrome = page.chrome(&state, texts::welcome(), Nav::None);
        let (name, email) = (form.name.clone(), open_invitation.email.to_string());
        let action = format!("/invitations/{token}");
        let view = JoinPage { chrome, action, kind: JoinKind::Invited, name, email, errors };
        response::render_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
    };
    let joined = match parse_join(&state, &form, Some(&open_invitation.email)).await? {
        Ok(joined) => joined,
        Err(errors) => return again(errors),
    };
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let Some(invitation) = store::use_invitation(&mut transaction, hash, now).await? else {
        // The form was sent twice at once, and the other request has just used the invitation.
        return match find_account_by_email(&mut transaction, &open_invitation.email).await? {
            Some(_) => Err(invitation_used()),
            None => Err(invitation_gone()),
        };
    };
    let joined = match require_distinct_name(&mut transaction, joined, Some(&invitation.name)).await? {
        Ok(joined) => joined,
        Err(sentence) => {
            // The transaction is rolled back, so that the invitation stays open.
            drop(transaction);
            let mut errors = FieldErrors::new();
            errors.add("name", sentence);
            return again(errors);
        }
    };
    let new = to_new_account(&joined, &invitation.roles, now);
    let account = store::insert_account(&mut transaction, new).await?.ok_or_else(invitation_gone)?;
    let event = InstallationEvent::InvitationUsed {
        invitation: invitation.id,
        user: account.id,
        name: account.name.clone(),
        roles: account.roles.clone(),
    };
    let actor = to_person_ref(&account);
    record::installation_log::append_event(&mut transaction, Some(&actor), &event, None, page.request_id, now).await?;
    transaction.commit().await?;
    session_cookies::start_session(
        &state,
        &visitor,
        &account,
        SeeOther::to("/").with_success(texts::welcome_account_ready()),
    )
    .await
}

/// The name for a new account. A name that looks like another person's is accepted only if an admin has seen it,
/// because the invitation was made out to it; the address is then appended, wherever the name is shown.
async fn require_distinct_name(
    conn: &mut PgConnection,
    joined: NewMember,
    invited_as: Option<&PersonName>,
) -> Result<Result<NewMember, Cow<'static, str>>, Error> {
    if find_people_named_like(conn, &joined.name).await?.is_empty() {
        return Ok(Ok(joined));
    }
    if invited_as.is_none_or(|invited_as| !resembles(invited_as, &joined.name)) {
        return Ok(Err(texts::name_looks_like_another()));
    }
    let name = with_address(joined.name.as_str(), joined.email.as_str());
    Ok(match PersonName::stored(&name) {
        Ok(name) => Ok(NewMember { name, ..joined }),
        Err(_) => Err(texts::name_with_address_too_long()),
    })
}

fn to_new_account<'a>(
    joined: &'a NewMember,
    roles: &'a InstallationRoles,
    at: crate::domain::time::Moment,
) -> NewAccount<'a> {
    let NewMember { name, email, password_hash } = joined;
    NewAccount { id: ambient::new_id(), email, name, roles, password_hash: password_hash.as_str(), at }
}

fn to_person_ref(account: &Account) -> PersonRef {
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
    page: PageContext,
    user: CurrentUser,
    visitor: Visitor,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    let personal = [user.name.as_str(), user.email.as_str(), state.config.public_url.host()];
    // What costs little comes first, and hashing the new one last: before that, a limit has counted the try. A code proves
    // something once, so that it is not spent on a password that is not taken.
    let taken = errors.check("new_password", password::check_strength(&form.new_password, &personal).await?).is_some();
    let input = ProofInput { password: &form.password, code: if taken { &form.code } else { "" } };
    let proof = verify_form_proof(&state, &user, input, page.request_id, &mut errors).await?;
    let new = match &proof {
        Some(_) if taken => {
            errors.check("new_password", password::check_and_hash(&form.new_password, &personal).await?)
        }
        Some(_) | None => None,
    };
    let (Some(new), Some(proof)) = (new, proof) else {
        let refused = RefusedForm { form: "password", typed: String::new(), errors };
        return render_account(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await;
    };
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let versions = store::replace_password(&mut transaction, user.id, proof.credential_version, new.as_str()).await?;
    let Some((credential_version, session_epoch)) = versions else {
        return Err(Error::Conflict(texts::password_changed_meanwhile()));
    };
    let event = InstallationEvent::PasswordChanged { user: user.id };
    let now = state.clock.now();
    supersede_resets(&mut transaction, user.id, now).await?;
    user.append_event(&mut transaction, &event, page.request_id, now).await?;
    mail::enqueue(&mut transaction, &state, (&user.name, &user.email), MailTopic::PasswordChanged, None).await?;
    transaction.commit().await?;
    let account = Account { credential_version, session_epoch, ..Account::clone(&user) };
    let to = SeeOther::to("/account").with_success(texts::password_changed());
    session_cookies::start_session(&state, &visitor, &account, to).await
}

#[derive(Deserialize)]
pub(super) struct LanguageForm {
    /// A tag, or `browser` for the language that the browser prefers.
    #[serde(default)]
    language: String,
}

pub(super) async fn change_language(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Form(form): Form<LanguageForm>,
) -> Result<Response, Error> {
    let language = Language::from_tag(&form.language);
    if language.is_none() && form.language != "browser" {
        let errors = FieldErrors::single("language", texts::choose_a_language());
        let refused = RefusedForm { form: "language", typed: form.language, errors };
        return render_account(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await;
    }
    store::set_language(&mut *state.db.acquire().await?, user.id, language).await?;
    // The notice is in the language that was chosen, too.
    if let Some(language) = language {
        language.set_current();
    }
    Ok(SeeOther::to("/account").with_success(texts::language_changed()).into_response())
}

#[derive(Deserialize)]
pub(super) struct SchemeForm {
    /// `light`, `dark`, or `system` for the colours of the system.
    #[serde(default)]
    scheme: String,
}

pub(super) async fn change_scheme(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Form(form): Form<SchemeForm>,
) -> Result<Response, Error> {
    let scheme = ColorScheme::from_slug(&form.scheme);
    if scheme.is_none() && form.scheme != "system" {
        let errors = FieldErrors::single("scheme", texts::choose_a_scheme());
        let refused = RefusedForm { form: "scheme", typed: form.scheme, errors };
        return render_account(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await;
    }
    store::set_scheme(&mut *state.db.acquire().await?, user.id, scheme).await?;
    Ok(SeeOther::to("/account").with_success(texts::scheme_changed()).into_response())
}

#[derive(Deserialize)]
pub(super) struct ZoneForm {
    #[serde(default)]
    zone: String,
}

pub(super) async fn change_zone(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Form(form): Form<ZoneForm>,
) -> Result<Response, Error> {
    match form.zone.parse::<Zone>() {
        Ok(zone) => {
            store::set_zone(&mut *state.db.acquire().await?, user.id, &zone).await?;
            Ok(SeeOther::to("/account").with_success(texts::zone_changed(zone)).into_response())
        }
        Err(wrong) => {
            let refused = RefusedForm { form: "zone", typed: form.zone, errors: FieldErrors::single("zone", wrong) };
            render_account(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await
        }
    }
}

pub(super) async fn end_other_sessions(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    visitor: Visitor,
) -> Result<Response, Error> {
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let session_epoch = end_sessions(&mut transaction, user.id).await?;
    let event = InstallationEvent::SessionsEnded { user: user.id };
    let now = state.clock.now();
    user.append_event(&mut transaction, &event, page.request_id, now).await?;
    transaction.commit().await?;
    let account = Account { session_epoch, ..Account::clone(&user) };
    let to = SeeOther::to("/account").with_success(texts::other_sessions_ended());
    session_cookies::continue_session(&state, &visitor, (&user, &account), to).await
}

pub(super) async fn end_session(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    visitor: Visitor,
    Path(key): Path<SessionKey>,
) -> Result<Response, Error> {
    if key == user.session() {
        return session_cookies::sign_out(&state, &visitor, Some(&user)).await;
    }
    let own = session::list(&state.redis, &user, state.clock.now()).await?;
    if !own.iter().any(|(own_key, _)| *own_key == key) {
        return Err(Error::NotFound);
    }
    session::end(&state.redis, user.id, key).await?;
    let event = InstallationEvent::SessionEnded { user: user.id };
    record::installation_log::record_event(
        &state.db,
        Some(&user.to_person_ref()),
        &event,
        page.request_id,
        state.clock.now(),
    )
    .await?;
    Ok(SeeOther::to("/account").with_success(texts::session_ended()).into_response())
}

//! What is done.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;
use sqlx::{Postgres, Transaction};

use super::{
    pages::people_page,
    store::{self, NewInvitation, Standing},
    view::InviteForm,
};
use crate::{
    access::{
        Admin, enter,
        store::{account, end_sessions, people_named_like, people_with_address_like, with_address},
        token::Token,
        visitor::Visitor,
    },
    ambient,
    domain::{
        ids::{InvitationId, UserId},
        installation::InstallationEvent,
        role::{InstallationRole, InstallationRoles},
        text::{Email, PersonName},
    },
    mail::{self, About},
    record,
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Form, Path},
        page::{Page, SeeOther},
    },
};

/// Seconds an invitation lasts: seven days.
const INVITATION_LASTS: i64 = 7 * 86_400;

const LAST_ADMIN: &str = "There would be no admin left. Make somebody else an admin first.";
const OWN_RIGHTS: &str = "Nobody gives themselves a right while there is another admin. Ask one of them.";
/// Reads the roles that were chosen, or says what is wrong with them.
fn read_roles(slugs: &[String]) -> Result<InstallationRoles, &'static str> {
    if slugs.iter().all(|slug| slug.is_empty()) {
        return Err("Choose at least one role.");
    }
    if slugs.iter().any(|slug| slug.parse::<InstallationRole>().is_err()) {
        return Err("One of these roles does not exist. Choose member, admin or auditor.");
    }
    InstallationRoles::from_slugs(slugs)
        .map_err(|_| "Auditor stands alone: who judges the record takes no part in it. Choose it without another role.")
}

#[derive(Deserialize)]
pub(super) struct Invite {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    roles: Vec<String>,
    /// That the admin has seen whom the name resembles.
    #[serde(default)]
    name_seen: Option<String>,
}

pub(super) async fn invite(
    State(state): State<AppState>,
    page: Page,
    admin: Admin,
    Form(form): Form<Invite>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    let name = errors.take("name", PersonName::new(&form.name));
    let email = errors.take("email", Email::of_new_person(&form.email));
    let roles = errors.take("roles", read_roles(&form.roles));
    let mut transaction = state.db.begin().await?;
    if let Some(email) = &email
        && store::has_account(&mut transaction, email).await?
    {
        errors.add("email", "Somebody has an account under this address already.");
    }
    let mut resembling = Vec::new();
    if let (Some(name), None) = (&name, &form.name_seen) {
        let people = people_named_like(&mut transaction, name).await?;
        resembling = people.iter().map(|(name, email)| with_address(name.as_str(), email)).collect();
    }
    if let Some(first) = resembling.first() {
        errors.add(
            "name",
            format!("This name looks like that of {first}. Choose another, or say below that it is right."),
        );
    }
    if let (Some(email), None) = (&email, &form.name_seen) {
        let people = people_with_address_like(&mut transaction, email).await?;
        let people = people.iter().map(|(name, email)| with_address(name.as_str(), email));
        let known = resembling.len();
        resembling.extend(people);
        if let Some(first) = resembling.get(known) {
            let sentence =
                format!("This looks like the address of {first}. Correct it, or say below that it is right.");
            errors.add("email", sentence);
        }
    }
    let (Some(name), Some(email), Some(roles), true) = (name, email, roles, errors.is_empty()) else {
        drop(transaction);
        let Invite { name, email, roles, name_seen: _ } = form;
        let again = InviteForm { name, email, roles, resembling, errors };
        return people_page(&state, &page, &admin, StatusCode::UNPROCESSABLE_ENTITY, again, None).await;
    };
    let token = Token::draw();
    let id = ambient::new_id();
    let at = state.clock.now();
    let expires_at = at.plus_seconds(INVITATION_LASTS);
    let Admin(by) = &admin;
    let new =
        NewInvitation { id, token: token.hash(), email: &email, name: &name, roles: &roles, by: by.id, at, expires_at };
    store::invite(&mut transaction, new).await?;
    let link = state.config.public_url.with_path(&format!("/invitations/{}", token.text()));
    let about = About::Invitation { by: &by.name, link: &link };
    mail::post(&mut transaction, &state, (&name, &email), about, Some(expires_at)).await?;
    let text = format!(
        "{name} is invited.{} Give them this address; it is shown only now, and works once, for seven days.",
        if state.config.mail.is_some() { " A letter is on its way. Or:" } else { "" }
    );
    let event = InstallationEvent::Invited { invitation: id, name, roles };
    record::installation::append(&mut transaction, Some(&by.named()), &event, None, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").good(text).with_link(link).into_response())
}

pub(super) async fn withdraw_invitation(
    State(state): State<AppState>,
    page: Page,
    Admin(by): Admin,
    Path(id): Path<InvitationId>,
) -> Result<Response, Error> {
    let at = state.clock.now();
    let mut transaction = state.db.begin().await?;
    if !store::withdraw_invitation(&mut transaction, id, at).await? {
        return Err(Error::Missing("This invitation is not open: it was used, withdrawn or replaced.".into()));
    }
    let event = InstallationEvent::InvitationWithdrawn { invitation: id };
    record::installation::append(&mut transaction, Some(&by.named()), &event, None, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").good("The invitation is withdrawn.").into_response())
}

#[derive(Deserialize)]
pub(super) struct Roles {
    #[serde(default)]
    roles: Vec<String>,
}

pub(super) async fn change_roles(
    State(state): State<AppState>,
    page: Page,
    admin: Admin,
    visitor: Visitor,
    Path(user): Path<UserId>,
    Form(form): Form<Roles>,
) -> Result<Response, Error> {
    let done = change(&state, &page, &admin, user, |standing| {
        let to = read_roles(&form.roles).map_err(|sentence| (StatusCode::UNPROCESSABLE_ENTITY, sentence))?;
        if standing.roles == to {
            return Ok(None);
        }
        let gains = to.iter().any(|role| !standing.roles.has(role));
        if user == admin.0.id && gains && standing.another_admin {
            return Err((StatusCode::FORBIDDEN, OWN_RIGHTS));
        }
        let leaves = standing.active && standing.roles.has(InstallationRole::Admin);
        if leaves && !to.has(InstallationRole::Admin) && !standing.another_admin {
            return Err((StatusCode::CONFLICT, LAST_ADMIN));
        }
        Ok(Some(InstallationEvent::RolesChanged { user, from: standing.roles.clone(), to }))
    })
    .await?;
    let Admin(me) = &admin;
    if user != me.id || done.status() != StatusCode::SEE_OTHER {
        return Ok(done);
    }
    // Their own sessions ended with it; the one at hand goes on under a new secret.
    let now = account(&mut *state.db.acquire().await?, user).await?.ok_or(Error::NotFound)?;
    enter::go_on(&state, &visitor, (me, &now), done).await
}

/// `POST /admin/people/{id}/sessions/revocation`: everywhere that somebody is signed in, for a device that was lost.
pub(super) async fn end_all_sessions(
    State(state): State<AppState>,
    page: Page,
    admin: Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    change(&state, &page, &admin, user, |_| {
        if user == admin.0.id {
            return Err((StatusCode::CONFLICT, "End your own under your account."));
        }
        Ok(Some(InstallationEvent::SessionsEnded { user }))
    })
    .await
}

pub(super) async fn deactivate(
    State(state): State<AppState>,
    page: Page,
    admin: Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    change(&state, &page, &admin, user, |standing| {
        let last = standing.roles.has(InstallationRole::Admin) && !standing.another_admin;
        match standing.active {
            false => Ok(None),
            true if last => Err((StatusCode::CONFLICT, LAST_ADMIN)),
            true => Ok(Some(InstallationEvent::Deactivated { user })),
        }
    })
    .await
}

pub(super) async fn reactivate(
    State(state): State<AppState>,
    page: Page,
    admin: Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    change(&state, &page, &admin, user, |standing| {
        Ok((!standing.active).then_some(InstallationEvent::Reactivated { user }))
    })
    .await
}

/// Changes a person as the rule says, on what they are under the lock: nothing (it is so already), an event, or a
/// sentence that stands against it, shown beside them with its status.
async fn change(
    state: &AppState,
    page: &Page,
    admin: &Admin,
    user: UserId,
    rule: impl FnOnce(&Standing) -> Result<Option<InstallationEvent>, (StatusCode, &'static str)>,
) -> Result<Response, Error> {
    let mut transaction = state.db.begin().await?;
    let standing = store::lock_standing(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    let event = match rule(&standing) {
        Ok(Some(event)) => event,
        Ok(None) => return Ok(SeeOther::to("/admin").into_response()),
        Err((status, against)) => {
            drop(transaction);
            let trouble = Some((user, against.to_owned()));
            return people_page(state, page, admin, status, InviteForm::default(), trouble).await;
        }
    };
    let said = apply(&mut transaction, &standing.name, &event).await?;
    let Admin(by) = admin;
    let at = state.clock.now();
    record::installation::append(&mut transaction, Some(&by.named()), &event, None, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").good(said).into_response())
}

/// Puts the event into the person's row, and says so.
async fn apply(
    transaction: &mut Transaction<'_, Postgres>,
    name: &str,
    event: &InstallationEvent,
) -> Result<String, Error> {
    match event {
        InstallationEvent::RolesChanged { user, to, .. } => {
            store::set_roles(transaction, *user, to).await?;
            Ok(format!("{name} is now: {}.", super::view::in_words(to)))
        }
        InstallationEvent::Deactivated { user } => {
            store::set_active(transaction, *user, false).await?;
            Ok(format!("{name} can no longer sign in. What they did and signed stands."))
        }
        InstallationEvent::Reactivated { user } => {
            store::set_active(transaction, *user, true).await?;
            Ok(format!("{name} can sign in again."))
        }
        InstallationEvent::SessionsEnded { user } => {
            end_sessions(transaction, *user).await?;
            Ok(format!("All sessions of {name} are ended."))
        }
        _ => Err(Error::fault("an event that changes no person")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_roles_are_refused_with_what_is_wrong() {
        for (roles, said) in [
            (&[][..], "at least one"),
            (&[""], "at least one"),
            (&["member", "auditor"], "stands alone"),
            (&["juggler"], "does not exist"),
            (&["member", ""], "does not exist"),
        ] {
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            assert!(read_roles(&roles).is_err_and(|sentence| sentence.contains(said)), "{roles:?}");
        }
        assert!(read_roles(&["member".to_owned(), "admin".to_owned()]).is_ok());
    }
}

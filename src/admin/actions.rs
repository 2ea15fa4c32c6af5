//! POST handlers for people.

use std::borrow::Cow;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{
    pages::render_people,
    stale_form,
    store::{self, LockedPerson},
    view::{InviteFormView, RefusedPersonForm},
};
use crate::{
    access::{
        Admin,
        account::describe_roles,
        session_cookies,
        store::{end_sessions, find_account},
        visitor::Visitor,
    },
    domain::{
        ids::UserId,
        installation::{InstallationEvent, InstallationEventKind},
        role::{InstallationRole, InstallationRoles},
    },
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{Form, Path},
        form_base::FormBase,
        response::SeeOther,
    },
};

/// Reads the roles that were chosen, or says what is wrong with them.
pub(super) fn read_roles(slugs: &[String]) -> Result<InstallationRoles, Cow<'static, str>> {
    if slugs.iter().all(|slug| slug.is_empty()) {
        return Err(texts::choose_a_role());
    }
    if slugs.iter().any(|slug| slug.parse::<InstallationRole>().is_err()) {
        return Err(texts::no_such_role());
    }
    InstallationRoles::from_slugs(slugs).map_err(|_| texts::auditor_has_no_other_role())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PersonRolesForm {
    roles: Vec<String>,
    /// The index of the newest change of the person's roles on the page.
    seq: FormBase,
}

pub(super) async fn change_roles(
    State(state): State<AppState>,
    page: PageContext,
    admin: Admin,
    visitor: Visitor,
    Path(user): Path<UserId>,
    Form(form): Form<PersonRolesForm>,
) -> Result<Response, Error> {
    let chosen = read_roles(&form.roles);
    let done = change_person(&state, &page, &admin, (user, Some(form)), |person| {
        let to = chosen.map_err(|sentence| (StatusCode::UNPROCESSABLE_ENTITY, sentence))?;
        if person.roles == to {
            return Ok(None);
        }
        let gains = to.iter().any(|role| !person.roles.contains(role));
        if user == admin.0.id && gains && person.has_other_admin {
            return Err((StatusCode::FORBIDDEN, texts::no_right_for_oneself()));
        }
        let leaves = person.active && person.roles.contains(InstallationRole::Admin);
        if leaves && !to.contains(InstallationRole::Admin) && !person.has_other_admin {
            return Err((StatusCode::CONFLICT, texts::no_admin_would_be_left()));
        }
        Ok(Some(InstallationEvent::RolesChanged { user, from: person.roles.clone(), to }))
    })
    .await?;
    let Admin(me) = &admin;
    if user != me.id || done.status() != StatusCode::SEE_OTHER {
        return Ok(done);
    }
    // The change ended all of the admin's own sessions; this one continues with a new secret.
    let describe_change = find_account(&mut *state.db.acquire().await?, user).await?.ok_or(Error::NotFound)?;
    session_cookies::continue_session(&state, &visitor, (me, &describe_change), done).await
}

/// `POST /admin/people/{id}/sessions/revocation`: ends all sessions of a person, for example after a device was lost.
pub(super) async fn end_all_sessions(
    State(state): State<AppState>,
    page: PageContext,
    admin: Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    change_person(&state, &page, &admin, (user, None), |_| {
        if user == admin.0.id {
            return Err((StatusCode::CONFLICT, texts::end_own_sessions_under_account()));
        }
        Ok(Some(InstallationEvent::SessionsEnded { user }))
    })
    .await
}

pub(super) async fn deactivate(
    State(state): State<AppState>,
    page: PageContext,
    admin: Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    change_person(&state, &page, &admin, (user, None), |person| {
        let last = person.roles.contains(InstallationRole::Admin) && !person.has_other_admin;
        match person.active {
            false => Ok(None),
            true if last => Err((StatusCode::CONFLICT, texts::no_admin_would_be_left())),
            true => Ok(Some(InstallationEvent::Deactivated { user })),
        }
    })
    .await
}

pub(super) async fn reactivate(
    State(state): State<AppState>,
    page: PageContext,
    admin: Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    change_person(&state, &page, &admin, (user, None), |person| {
        Ok((!person.active).then_some(InstallationEvent::Reactivated { user }))
    })
    .await
}

/// Changes a person by a rule, which decides on their locked row: an event, nothing if there is nothing to change, or a
/// status with a sentence why not, which is shown next to the person, with the roles that were chosen. Roles that
/// somebody changed since the page was made are not replaced.
async fn change_person(
    state: &AppState,
    page: &PageContext,
    admin: &Admin,
    (user, mut form): (UserId, Option<PersonRolesForm>),
    rule: impl FnOnce(&LockedPerson) -> Result<Option<InstallationEvent>, (StatusCode, Cow<'static, str>)>,
) -> Result<Response, Error> {
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let person = store::lock_person_and_admins(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    let decided = match rule(&person) {
        Ok(None) => return Ok(SeeOther::to("/admin").into_response()),
        Ok(Some(event)) => check_roles_form(&mut transaction, &person, (user, form.as_mut())).await?.map(|()| event),
        Err((status, against)) => Err((status, against.into_owned())),
    };
    let event = match decided {
        Ok(event) => event,
        Err((status, problem)) => {
            drop(transaction);
            let (roles, base) = form.map(|form| (form.roles, form.seq)).unzip();
            let refused = RefusedPersonForm { user, problem, roles, base: base.unwrap_or_default() };
            return render_people(state, page, admin, status, InviteFormView::default(), Some(refused)).await;
        }
    };
    let message = apply_event(&mut transaction, &person.name, &event).await?;
    let Admin(by) = admin;
    let at = state.clock.now();
    by.append_event(&mut transaction, &event, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").with_success(message).into_response())
}

/// Checks that nobody has changed the person's roles since the page that a form was made from.
async fn check_roles_form(
    transaction: &mut PgConnection,
    person: &LockedPerson,
    (user, form): (UserId, Option<&mut PersonRolesForm>),
) -> Result<Result<(), (StatusCode, String)>, Error> {
    let Some(form) = form else { return Ok(Ok(())) };
    let checked =
        stale_form::check_not_stale(transaction, &mut form.seq, InstallationEventKind::RolesChanged, Some(user))
            .await?;
    let describe_change = |name: &str| texts::roles_changed_meanwhile(name, describe_roles(&person.roles));
    Ok(checked.map_err(|stale| (stale.status(), stale.message(describe_change))))
}

/// Applies the event to the person's row and returns the sentence for the notice.
async fn apply_event(
    transaction: &mut PgConnection,
    name: &str,
    event: &InstallationEvent,
) -> Result<Cow<'static, str>, Error> {
    match event {
        InstallationEvent::RolesChanged { user, to, .. } => {
            store::set_roles(transaction, *user, to).await?;
            Ok(texts::roles_changed(name, describe_roles(to)))
        }
        InstallationEvent::Deactivated { user } => {
            store::set_active(transaction, *user, false).await?;
            Ok(texts::person_deactivated(name))
        }
        InstallationEvent::Reactivated { user } => {
            store::set_active(transaction, *user, true).await?;
            Ok(texts::person_reactivated(name))
        }
        InstallationEvent::SessionsEnded { user } => {
            end_sessions(transaction, *user).await?;
            Ok(texts::all_sessions_ended(name))
        }
        _ => Err(Error::fault("an event that changes no person")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_roles_are_refused_with_what_is_wrong() {
        for (roles, expected) in [
            (&[][..], "at least one"),
            (&[""], "at least one"),
            (&["member", "auditor"], "no other role"),
            (&["juggler"], "does not exist"),
            (&["member", ""], "does not exist"),
        ] {
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            assert!(read_roles(&roles).is_err_and(|sentence| sentence.contains(expected)), "{roles:?}");
        }
        assert!(read_roles(&["member".to_owned(), "admin".to_owned()]).is_ok());
    }
}

//! Account recovery by an admin: a password reset link, the removal of a second factor, and the confirmation by another
//! admin that the person had asked for it.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use sqlx::PgConnection;

use super::{store::UserRow, view::RenewalRow};
use crate::{
    access::{
        Admin, CurrentUser,
        reset_link::{self, ResetLinkMaker},
        second_factor::{self, NoSecondFactor},
        store::find_account,
    },
    domain::{
        ids::{RenewalId, UserId},
        installation::InstallationEvent,
    },
    presentation::renewals::{describe_renewal_action, explain_waiting_period},
    record::{
        installation_log::AuditedTransaction,
        renewals::{self, Renewal},
    },
    state::AppState,
    texts,
    web::{Error, chrome::PageContext, form::Path, response::SeeOther},
};

/// `POST /admin/people/{id}/password-reset`: a link with which the person chooses a new password; it is shown once.
pub(super) async fn make_reset_link(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    refuse_while_waiting(&state, &by)?;
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let person = find_account(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    if !person.active {
        return Err(Error::Conflict(texts::deactivated_needs_no_reset()));
    }
    let maker = by.to_person_ref();
    let link = reset_link::create_reset_link(
        &mut transaction,
        &state,
        &person,
        ResetLinkMaker::Admin(&maker),
        page.request_id,
    )
    .await?;
    transaction.commit().await?;
    let message = match waiting_hours(&state) {
        None => texts::reset_link_made(&person.name),
        Some(hours) => texts::reset_link_made_with_waiting_period(hours, &person.name),
    };
    Ok(SeeOther::to("/admin").with_success(message).with_link(link.address).into_response())
}

/// `POST /admin/people/{id}/second-factor/removal`: for people who lost their second factor and their recovery codes.
pub(super) async fn remove_second_factor(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    if user == by.id {
        return Err(Error::Conflict(texts::remove_own_under_account()));
    }
    refuse_while_waiting(&state, &by)?;
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let person = find_account(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    let by = by.to_person_ref();
    let removed = second_factor::remove_for(&mut transaction, &state, &person, Some(&by), page.request_id).await?;
    removed.map_err(|NoSecondFactor| Error::Conflict(texts::they_have_no_second_factor()))?;
    transaction.commit().await?;
    let message = match waiting_hours(&state) {
        None => texts::second_factor_removed(&person.name),
        Some(hours) => texts::second_factor_removed_with_waiting_period(hours, &person.name),
    };
    Ok(SeeOther::to("/admin").with_success(message).into_response())
}

/// `POST /admin/renewals/{id}/confirmation`: another admin confirms that the person had asked for it, so that they can
/// sign, approve and decide at once.
pub(super) async fn confirm(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(id): Path<RenewalId>,
) -> Result<Response, Error> {
    let at = state.clock.now();
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let all = renewals::find_renewals(&mut *transaction, None, at).await?;
    let renewal = all.into_iter().find(|renewal| renewal.id == id).ok_or(Error::NotFound)?;
    if renewal.user == by.id {
        return Err(Error::Forbidden(texts::own_renewal_needs_another_admin()));
    }
    if is_made_by(&renewal, by.id) {
        return Err(Error::Forbidden(texts::own_act_needs_another_admin()));
    }
    refuse_while_waiting(&state, &by)?;
    let person = find_account(&mut transaction, renewal.user).await?.ok_or(Error::NotFound)?;
    let message = texts::renewal_confirmed(&person.name);
    if renewal.confirmed_by.as_ref().is_some_and(|confirmer| confirmer.id == by.id) {
        return Ok(SeeOther::to("/admin").with_success(message).into_response());
    }
    let waits = renewals::waiting_until(&renewal, state.config.reset_hold_seconds, at).is_some();
    if !(waits || renewal.renewed_at.is_none())
        || !renewals::record_confirmation(&mut transaction, id, by.id, at).await?
    {
        return Err(Error::Conflict(texts::renewal_needs_no_confirmation()));
    }
    let event = InstallationEvent::RenewalConfirmed { user: renewal.user, how: renewal.kind, by: renewal.made_by };
    by.append_event(&mut transaction, &event, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").with_success(message).into_response())
}

/// The unconfirmed renewals that make somebody wait, or will when the link is used.
pub(super) async fn load_waiting_renewals(
    state: &AppState,
    conn: &mut PgConnection,
    me: &CurrentUser,
    people: &[UserRow],
) -> Result<Vec<RenewalRow>, sqlx::Error> {
    let (now, wait) = (state.clock.now(), state.config.reset_hold_seconds);
    if wait == 0 {
        return Ok(Vec::new());
    }
    let all = renewals::find_renewals(conn, None, now).await?;
    let open = |renewal: &Renewal| {
        let usable = renewal.renewed_at.is_none()
            && now.seconds_since(renewal.made_at) < reset_link::HANDED_OVER_LIFETIME_SECONDS;
        renewal.confirmed_by.is_none() && (usable || renewals::waiting_until(renewal, wait, now).is_some())
    };
    let row = |renewal: Renewal| {
        let person = people.iter().find(|person| person.id == renewal.user)?;
        Some(RenewalRow {
            id: renewal.id,
            name: person.name.clone(),
            description: describe_renewal_action(renewal.kind, renewal.made_by.as_ref().map(|by| by.name.as_str())),
            made_at: renewal.made_at,
            until: renewals::waiting_until(&renewal, wait, now),
            can_confirm: renewal.user != me.id && !is_made_by(&renewal, me.id),
        })
    };
    Ok(all.into_iter().filter(open).filter_map(row).collect())
}

fn is_made_by(renewal: &Renewal, admin: UserId) -> bool {
    renewal.made_by.as_ref().is_some_and(|by| by.id == admin)
}

/// Refuses an admin whose own credentials somebody else renewed recently: an intruder in that account would otherwise
/// act as two admins.
pub(super) fn refuse_while_waiting(state: &AppState, by: &CurrentUser) -> Result<(), Error> {
    match by.way_in().waiting_period(state.clock.now(), None) {
        Some(waiting) => Err(Error::Conflict(explain_waiting_period(&waiting, &by.zone()).into())),
        None => Ok(()),
    }
}

/// The waiting period that follows, in hours; `None` where it is switched off.
fn waiting_hours(state: &AppState) -> Option<i64> {
    Some(state.config.reset_hold_seconds / 3_600).filter(|hours| *hours > 0)
}

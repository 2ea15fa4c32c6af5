//! Account recovery by an admin: a password reset link, the removal of a second factor, and the confirmation by another
//! admin that the person had asked for it.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use sqlx::PgConnection;

use super::{store::PersonRow, view::RenewalRow};
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
        plural::count_with_noun,
    },
    presentation::renewals::{describe_renewal_action, explain_waiting_period},
    record::renewals::{self, Renewal},
    state::AppState,
    web::{
        Error,
        form::Path,
        page::{PageContext, SeeOther},
    },
};

/// `POST /admin/people/{id}/password-reset`: a link with which the person chooses a new password; it is shown once.
pub(super) async fn make_reset_link(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    refuse_while_waiting(&state, &by)?;
    let mut transaction = state.db.begin().await?;
    let person = find_account(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    if !person.active {
        return Err(Error::Conflict("Who is deactivated can't sign in, whatever their password.".into()));
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
    let said = format!(
        "With this address {} chooses a new password. It is shown only now, and works once, for a day. Their second \
         factor, if they have one, stays. They are told that you made it{}.",
        person.name,
        waiting_sentence(&state)
    );
    Ok(SeeOther::to("/admin").with_success(said).with_link(link.address).into_response())
}

/// `POST /admin/people/{id}/second-factor/removal`: for people who lost their second factor and their recovery codes.
pub(super) async fn remove_second_factor(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    if user == by.id {
        return Err(Error::Conflict("Turn your own off under your account, with password and code.".into()));
    }
    refuse_while_waiting(&state, &by)?;
    let mut transaction = state.db.begin().await?;
    let person = find_account(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    let by = by.to_person_ref();
    let removed = second_factor::remove_for(&mut transaction, &state, &person, Some(&by), page.request_id).await?;
    removed.map_err(|NoSecondFactor| Error::Conflict("They have no second factor.".into()))?;
    transaction.commit().await?;
    let said = format!(
        "The second factor of {} is taken away, and their sessions are ended. They are told that you did it{}.",
        person.name,
        waiting_sentence(&state)
    );
    Ok(SeeOther::to("/admin").with_success(said).into_response())
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
    let mut transaction = state.db.begin().await?;
    let all = renewals::find_renewals(&mut *transaction, None, at).await?;
    let renewal = all.into_iter().find(|renewal| renewal.id == id).ok_or(Error::NotFound)?;
    if renewal.user == by.id {
        return Err(Error::Forbidden("This is your own way in. Another admin has to confirm that you asked.".into()));
    }
    if is_made_by(&renewal, by.id) {
        return Err(Error::Forbidden("You did this. Another admin has to confirm that they asked for it.".into()));
    }
    refuse_while_waiting(&state, &by)?;
    let person = find_account(&mut transaction, renewal.user).await?.ok_or(Error::NotFound)?;
    let said = format!("You confirmed that {} had asked for it. They sign, approve and decide again.", person.name);
    if renewal.confirmed_by.as_ref().is_some_and(|known| known.id == by.id) {
        return Ok(SeeOther::to("/admin").with_success(said).into_response());
    }
    let waits = renewals::waiting_until(&renewal, state.config.reset_hold_seconds, at).is_some();
    if !(waits || renewal.renewed_at.is_none())
        || !renewals::record_confirmation(&mut transaction, id, by.id, at).await?
    {
        return Err(Error::Conflict("Nobody waits for this any more: it was confirmed, or the time is over.".into()));
    }
    let event = InstallationEvent::RenewalConfirmed { user: renewal.user, how: renewal.kind, by: renewal.made_by };
    by.append_event(&mut transaction, &event, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").with_success(said).into_response())
}

/// The unconfirmed renewals that make somebody wait, or will when the link is used.
pub(super) async fn load_waiting_renewals(
    state: &AppState,
    conn: &mut PgConnection,
    me: &CurrentUser,
    people: &[PersonRow],
) -> Result<Vec<RenewalRow>, sqlx::Error> {
    let (now, wait) = (state.clock.now(), state.config.reset_hold_seconds);
    if wait == 0 {
        return Ok(Vec::new());
    }
    let found = renewals::find_renewals(conn, None, now).await?;
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
            what: describe_renewal_action(renewal.kind, renewal.made_by.as_ref().map(|by| by.name.as_str())),
            made_at: renewal.made_at,
            until: renewals::waiting_until(&renewal, wait, now),
            can_confirm: renewal.user != me.id && !is_made_by(&renewal, me.id),
        })
    };
    Ok(found.into_iter().filter(open).filter_map(row).collect())
}

fn is_made_by(renewal: &Renewal, admin: UserId) -> bool {
    renewal.made_by.as_ref().is_some_and(|by| by.id == admin)
}

/// Refuses an admin whose own credentials somebody else renewed recently: an intruder in that account would otherwise
/// act as two admins.
fn refuse_while_waiting(state: &AppState, by: &CurrentUser) -> Result<(), Error> {
    match by.way_in().waiting_period(state.clock.now(), None) {
        Some(waiting) => Err(Error::Conflict(explain_waiting_period(&waiting, &by.zone()).into())),
        None => Ok(()),
    }
}

/// The end of the notice: the waiting period that follows.
fn waiting_sentence(state: &AppState) -> String {
    match state.config.reset_hold_seconds / 3_600 {
        0 => String::new(),
        hours => format!(
            ", and can't sign, approve or decide for {} unless another admin confirms it",
            count_with_noun(hours, "hour")
        ),
    }
}

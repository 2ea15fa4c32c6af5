//! Renewing somebody's way in for them: a link to a new password, the removal of a second factor; and another admin's word
//! that they had asked for it.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use sqlx::PgConnection;

use super::{store::PersonRow, view::RenewalRow};
use crate::{
    access::{
        Admin, CurrentUser,
        reset::{self, Maker},
        second_factor::{self, NotRemoved},
        store::account,
    },
    domain::{
        ids::{RenewalId, UserId},
        installation::InstallationEvent,
    },
    launch_page::way_in,
    record::{
        self,
        renewals::{self, Renewal},
    },
    state::AppState,
    web::{
        Error,
        form::Path,
        page::{Page, SeeOther},
    },
};

/// `POST /admin/people/{id}/password-reset`: a link with which somebody chooses a new password, shown once.
pub(super) async fn make_reset(
    State(state): State<AppState>,
    page: Page,
    Admin(by): Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    refuse_while_waiting(&state, &by)?;
    let mut transaction = state.db.begin().await?;
    let person = account(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    if !person.active {
        return Err(Error::Conflict("Who is deactivated can't sign in, whatever their password.".into()));
    }
    let maker = by.named();
    let link = reset::make(&mut transaction, &state, &person, Maker::Admin(&maker), page.request_id).await?;
    transaction.commit().await?;
    let said = format!(
        "With this address {} chooses a new password. It is shown only now, and works once, for a day. Their second \
         factor, if they have one, stays. They are told that you made it{}.",
        person.name,
        waits(&state)
    );
    Ok(SeeOther::to("/admin").good(said).with_link(link.address).into_response())
}

/// `POST /admin/people/{id}/second-factor/removal`: for who has lost theirs, and the recovery codes too.
pub(super) async fn remove_second_factor(
    State(state): State<AppState>,
    page: Page,
    Admin(by): Admin,
    Path(user): Path<UserId>,
) -> Result<Response, Error> {
    if user == by.id {
        return Err(Error::Conflict("Turn your own off under your account, with password and code.".into()));
    }
    refuse_while_waiting(&state, &by)?;
    let mut transaction = state.db.begin().await?;
    let person = account(&mut transaction, user).await?.ok_or(Error::NotFound)?;
    let by = by.named();
    let removed =
        second_factor::remove_of_another(&mut transaction, &state, &person, Some(&by), page.request_id).await?;
    removed.map_err(|NotRemoved| Error::Conflict("They have no second factor.".into()))?;
    transaction.commit().await?;
    let said = format!(
        "The second factor of {} is taken away, and their sessions are ended. They are told that you did it{}.",
        person.name,
        waits(&state)
    );
    Ok(SeeOther::to("/admin").good(said).into_response())
}

/// `POST /admin/renewals/{id}/confirmation`: another admin confirms that the person had asked for it, so that they sign,
/// approve and decide at once.
pub(super) async fn confirm(
    State(state): State<AppState>,
    page: Page,
    Admin(by): Admin,
    Path(id): Path<RenewalId>,
) -> Result<Response, Error> {
    let at = state.clock.now();
    let mut transaction = state.db.begin().await?;
    let all = renewals::find(&mut *transaction, None, at).await?;
    let renewal = all.into_iter().find(|renewal| renewal.id == id).ok_or(Error::NotFound)?;
    if renewal.user == by.id {
        return Err(Error::Forbidden("This is your own way in. Another admin has to confirm that you asked.".into()));
    }
    if is_by(&renewal, by.id) {
        return Err(Error::Forbidden("You did this. Another admin has to confirm that they asked for it.".into()));
    }
    refuse_while_waiting(&state, &by)?;
    let person = account(&mut transaction, renewal.user).await?.ok_or(Error::NotFound)?;
    let said = format!("You confirmed that {} had asked for it. They sign, approve and decide again.", person.name);
    if renewal.confirmed_by.as_ref().is_some_and(|known| known.id == by.id) {
        return Ok(SeeOther::to("/admin").good(said).into_response());
    }
    let waits = renewals::until(&renewal, state.config.reset_hold_seconds, at).is_some();
    if !(waits || renewal.renewed_at.is_none()) || !renewals::note_confirmation(&mut transaction, id, by.id, at).await?
    {
        return Err(Error::Conflict("Nobody waits for this any more: it was confirmed, or the time is over.".into()));
    }
    let event = InstallationEvent::RenewalConfirmed { user: renewal.user, how: renewal.how, by: renewal.by };
    record::installation::append(&mut transaction, Some(&by.named()), &event, None, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").good(said).into_response())
}

/// What is not confirmed yet and makes somebody wait, or will once a link is used, for the page.
pub(super) async fn waiting(
    state: &AppState,
    conn: &mut PgConnection,
    me: &CurrentUser,
    people: &[PersonRow],
) -> Result<Vec<RenewalRow>, sqlx::Error> {
    let (now, wait) = (state.clock.now(), state.config.reset_hold_seconds);
    if wait == 0 {
        return Ok(Vec::new());
    }
    let found = renewals::find(conn, None, now).await?;
    let open = |renewal: &Renewal| {
        let usable = renewal.renewed_at.is_none() && now.seconds_since(renewal.made_at) < reset::HANDED_OVER;
        renewal.confirmed_by.is_none() && (usable || renewals::until(renewal, wait, now).is_some())
    };
    let row = |renewal: Renewal| {
        let person = people.iter().find(|person| person.id == renewal.user)?;
        Some(RenewalRow {
            id: renewal.id,
            name: person.name.clone(),
            what: way_in::done(renewal.how, renewal.by.as_ref().map(|by| by.name.as_str())),
            made_at: renewal.made_at,
            until: renewals::until(&renewal, wait, now),
            can_confirm: renewal.user != me.id && !is_by(&renewal, me.id),
        })
    };
    Ok(found.into_iter().filter(open).filter_map(row).collect())
}

fn is_by(renewal: &Renewal, admin: UserId) -> bool {
    renewal.by.as_ref().is_some_and(|by| by.id == admin)
}

/// Refuses an admin whose own way in another renewed a short while ago: one who came in as them would otherwise be two
/// admins at once.
fn refuse_while_waiting(state: &AppState, by: &CurrentUser) -> Result<(), Error> {
    match by.way_in().waiting(state.clock.now(), None) {
        Some(waiting) => Err(Error::Conflict(way_in::waiting(&waiting, &by.zone()).into())),
        None => Ok(()),
    }
}

/// What follows, for who did it.
fn waits(state: &AppState) -> String {
    match state.config.reset_hold_seconds / 3_600 {
        0 => String::new(),
        hours => format!(", and can't sign, approve or decide for {hours} hours unless another admin confirms it"),
    }
}

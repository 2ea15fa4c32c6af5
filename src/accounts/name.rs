//! A person's own name.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{pages::render_account, view::RefusedForm};
use crate::{
    access::{
        CurrentUser,
        proof::{ProofInput, verify_form_proof},
        rate_limit::{self, Bucket},
        store::{load_known_people, set_name},
    },
    domain::{installation::InstallationEvent, text::PersonName},
    mail::{self, MailTopic},
    presentation::renewals::explain_waiting_period,
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, Form},
        response::SeeOther,
    },
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NameForm {
    name: String,
    password: String,
    code: String,
}

/// `POST /account/name`. What was done and signed keeps the name under which it was.
pub(super) async fn change_name(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
    Form(form): Form<NameForm>,
) -> Result<Response, Error> {
    if form.name.trim() == user.name.as_str() {
        return Ok(SeeOther::to("/account").with_success(texts::this_is_your_name()).into_response());
    }
    refuse_while_waiting(&state, &user)?;
    let mut errors = FieldErrors::new();
    let mut name = errors.check("name", PersonName::new(&form.name));
    // What costs little comes first: a code proves something once, and is not spent on a name that is not accepted.
    if let Some(new) = &name
        && resembles_another(&mut *state.db.begin().await?, &user, new).await?
    {
        errors.add("name", texts::name_is_not_distinct());
        name = None;
    }
    let input = ProofInput { password: &form.password, code: if name.is_some() { &form.code } else { "" } };
    let proof = verify_form_proof(&state, &user, input, page.request_id, &mut errors).await?;
    let (Some(name), Some(proof)) = (name, proof) else {
        let refused = RefusedForm { form: "name", typed: form.name, errors };
        return render_account(&state, &page, &user, StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await;
    };
    let now = state.clock.now();
    if let Err(wait) = rate_limit::charge_with_fallback(&state.redis, &Bucket::name_change(user.id), now).await {
        let errors = FieldErrors::single("name", texts::tried_too_often_try_in(wait.seconds));
        let refused = RefusedForm { form: "name", typed: form.name, errors };
        return render_account(&state, &page, &user, StatusCode::TOO_MANY_REQUESTS, Some(refused)).await;
    }
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    if resembles_another(&mut transaction, &user, &name).await? {
        return Err(Error::Conflict(texts::name_is_not_distinct()));
    }
    let is_set = set_name(&mut transaction, user.id, (&user.name, &name)).await?;
    if !is_set || !super::store::is_credential_version(&mut transaction, user.id, proof.credential_version).await? {
        return Err(Error::Conflict(texts::account_changed_meanwhile()));
    }
    let event = InstallationEvent::NameChanged { user: user.id, from: user.name.clone(), to: name.clone() };
    user.append_event(&mut transaction, &event, page.request_id, now).await?;
    mail::enqueue(&mut transaction, &state, (&name, &user.email), MailTopic::NameChanged, None).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/account").with_success(texts::your_name_changed(&name)).into_response())
}

/// Whether somebody else has, or had, a name that looks like this one.
async fn resembles_another(conn: &mut PgConnection, user: &CurrentUser, name: &PersonName) -> Result<bool, Error> {
    let known = load_known_people(conn).await?;
    Ok(known.iter().any(|person| person.id != user.id && person.is_named_like(name)))
}

/// Refuses while the account waits after a renewal by somebody else: whoever came in by it could hide who they are.
pub(super) fn refuse_while_waiting(state: &AppState, user: &CurrentUser) -> Result<(), Error> {
    match user.way_in().waiting_period(state.clock.now(), None) {
        Some(waiting) => Err(Error::Conflict(explain_waiting_period(&waiting, &user.zone()).into())),
        None => Ok(()),
    }
}

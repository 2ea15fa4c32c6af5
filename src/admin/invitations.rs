//! Invitations: of several people at once, their links, and what is still open.
//!
//! A list is taken as a whole or not at all: with a wrong line, or with a question that the admin has not confirmed,
//! nobody is invited, and the form comes back as it was typed.

use std::borrow::Cow;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    actions::read_roles,
    invitation_links::to_links,
    invitation_list::{ListedPerson, MOST_PEOPLE, parse_list},
    invitation_review::{ListReview, review_list},
    pages::render_people,
    store::{self, NewInvitation},
    view::InviteFormView,
};
use crate::{
    access::{
        Admin, CurrentUser,
        rate_limit::{self, Bucket},
        store::load_known_people,
        token::Token,
    },
    ambient,
    domain::{
        ids::InvitationId,
        installation::InstallationEvent,
        role::InstallationRoles,
        text::{Email, PersonName},
    },
    mail::{self, MailTopic},
    record::installation_log::AuditedTransaction,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, Form, Path},
        response::SeeOther,
    },
};

/// The lifetime of an invitation: seven days.
const INVITATION_SECONDS: i64 = 7 * 86_400;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InviteForm {
    /// The people, as [`parse_list`] reads them.
    people: String,
    /// One person, from a program that sends the name and the address on their own.
    name: String,
    email: String,
    /// The roles that each of them will have.
    roles: Vec<String>,
    /// The people, as `name <address>`, about whom the admin has confirmed what the form asked.
    confirmed: Vec<String>,
}

impl InviteForm {
    fn list_people(&mut self) -> Vec<ListedPerson> {
        if !self.people.trim().is_empty() || (self.name.is_empty() && self.email.is_empty()) {
            return parse_list(&self.people);
        }
        self.people = format!("{} <{}>", self.name.trim(), self.email.trim());
        let name = PersonName::new(&self.name).map_err(|error| Cow::from(error.to_string()));
        let email = Email::new_for_account(&self.email).map_err(|error| Cow::from(error.to_string()));
        let person = name.and_then(|name| Ok((name, email?)));
        vec![ListedPerson { line: 1, typed: self.people.clone(), person }]
    }
}

pub(super) async fn invite(
    State(state): State<AppState>,
    page: PageContext,
    admin: Admin,
    Form(mut form): Form<InviteForm>,
) -> Result<Response, Error> {
    let mut errors = FieldErrors::new();
    let listed = form.list_people();
    let roles = errors.check("roles", read_roles(&form.roles));
    if listed.is_empty() {
        errors.add("people", texts::list_names_nobody());
    }
    if listed.len() > MOST_PEOPLE {
        errors.add("people", texts::list_is_too_long(MOST_PEOPLE));
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if errors.is_empty()
        && let Err(wait) = charge_for_each(&state, &admin.0, listed.len()).await
    {
        status = StatusCode::TOO_MANY_REQUESTS;
        errors.add("people", texts::tried_too_often_try_in(wait.seconds));
    }
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let review = if errors.has("people") {
        ListReview::default()
    } else {
        review_form(&state, &mut transaction, listed, &form.confirmed).await?
    };
    if let Some(problem) = review.sentence() {
        errors.add("people", problem);
    }
    let (Some(roles), true) = (roles, errors.is_empty()) else {
        drop(transaction);
        let ListReview { problems, questions, .. } = review;
        let again = InviteFormView { people: form.people, roles: form.roles, problems, questions, errors };
        return render_people(&state, &page, &admin, status, again, None).await;
    };
    let mut tokens = Vec::new();
    for (name, email) in &review.people {
        tokens.push(create_invitation(&mut transaction, &state, &page, &admin, (name, email, &roles)).await?);
    }
    transaction.commit().await?;
    let mailed = state.config.mail.is_some();
    let text = match (review.people.as_slice(), mailed) {
        ([(name, _)], true) => texts::invited_by_mail(name),
        ([(name, _)], false) => texts::invited_without_mail(name),
        (all, true) => texts::several_invited_by_mail(all.len()),
        (all, false) => texts::several_invited_without_mail(all.len()),
    };
    Ok(SeeOther::to("/admin").with_success(text).with_link(to_links(&state, &tokens)).into_response())
}

/// Counts each invitation of a list as a change; the first was counted with the request.
async fn charge_for_each(state: &AppState, by: &CurrentUser, count: usize) -> Result<(), rate_limit::RetryAfter> {
    let bucket = Bucket::changes(by.id, state.config.limits.changes_per_minute);
    for _ in 1..count {
        rate_limit::charge_with_fallback(&state.redis, &bucket, state.clock.now()).await?;
    }
    Ok(())
}

/// Compares the list with who has an account or an invitation. The addresses are locked until the transaction ends, in
/// one order, so that two admins who invite the same people at once wait for each other.
async fn review_form(
    state: &AppState,
    transaction: &mut AuditedTransaction,
    listed: Vec<ListedPerson>,
    confirmed: &[String],
) -> Result<ListReview, Error> {
    let mut addresses: Vec<String> =
        listed.iter().filter_map(|it| Some(it.person.as_ref().ok()?.1.as_str().to_owned())).collect();
    addresses.sort_unstable();
    store::lock_addresses(transaction, &addresses).await?;
    let known = load_known_people(transaction).await?;
    let open = store::find_open_addresses(transaction, &addresses, state.clock.now()).await?;
    Ok(review_list(listed, &known, &open, confirmed))
}

/// Creates an invitation in place of an earlier one to the same address, and sends it if mail is configured.
async fn create_invitation(
    transaction: &mut AuditedTransaction,
    state: &AppState,
    page: &PageContext,
    Admin(by): &Admin,
    (name, email, roles): (&PersonName, &Email, &InstallationRoles),
) -> Result<Token, Error> {
    let (token, id) = (Token::generate(), ambient::new_id());
    let at = state.clock.now();
    let expires_at = at.plus_seconds(INVITATION_SECONDS);
    let new = NewInvitation { id, token: token.hash(), email, name, roles, invited_by: by.id, at, expires_at };
    store::insert_invitation(transaction, new).await?;
    let link = to_links(state, std::slice::from_ref(&token));
    let about = MailTopic::Invitation { by: &by.name, link: &link };
    mail::enqueue(transaction, state, (name, email), about, Some(expires_at)).await?;
    let event = InstallationEvent::Invited { invitation: id, name: name.clone(), roles: roles.clone() };
    by.append_event(transaction, &event, page.request_id, at).await?;
    Ok(token)
}

/// `POST /admin/invitations/{id}/link`: a new link for somebody who still has to accept, in place of the earlier one.
pub(super) async fn renew_link(
    State(state): State<AppState>,
    page: PageContext,
    admin: Admin,
    Path(id): Path<InvitationId>,
) -> Result<Response, Error> {
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let Some(open) = store::lock_invitation(&mut transaction, id).await? else {
        return Err(Error::NotFoundBecause(texts::invitation_is_not_open()));
    };
    if open.has_account {
        return Err(Error::Conflict(texts::address_has_account()));
    }
    let new = (&open.name, &open.email, &open.roles);
    let token = create_invitation(&mut transaction, &state, &page, &admin, new).await?;
    transaction.commit().await?;
    let text = match state.config.mail {
        Some(_) => texts::new_link_mailed(&open.name),
        None => texts::new_link_made(&open.name),
    };
    Ok(SeeOther::to("/admin").with_success(text).with_link(to_links(&state, &[token])).into_response())
}

pub(super) async fn withdraw_invitation(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Path(id): Path<InvitationId>,
) -> Result<Response, Error> {
    let at = state.clock.now();
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    if !store::withdraw_invitation(&mut transaction, id, at).await? {
        return Err(Error::NotFoundBecause(texts::invitation_is_not_open()));
    }
    let event = InstallationEvent::InvitationWithdrawn { invitation: id };
    by.append_event(&mut transaction, &event, page.request_id, at).await?;
    transaction.commit().await?;
    Ok(SeeOther::to("/admin").with_success(texts::invitation_withdrawn()).into_response())
}

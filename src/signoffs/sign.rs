//! POST: signing, and withdrawing a signature.

use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse as _, Response},
};
use http::{header, request::Parts};

use super::{
    difference::{DiffLine, lines},
    forms::{Entered, Problem, Returned, SignForm, Which, WithdrawalForm, needed},
    pages::{self, told},
};
use crate::{
    access::{
        launch_access::{LaunchAccess, PartAccess},
        proof,
    },
    domain::{
        canonical::Sha256Hash,
        digest::scope,
        ids::SignatureId,
        launch::{
            access::Act,
            command::{Command, Conflict, NewSignature, Proof},
            event::{Meaning, Seq, Vote},
            state::LaunchState,
        },
        role::RoleSlug,
        statement::{self, statement},
        text::Prose,
    },
    launch_page::{
        outcome::{Refused, refused},
        texts::{new_text, told_once},
    },
    state::AppState,
    web::{
        Error,
        address::ClientAddress,
        form::{FieldErrors, Sent},
        page::{Page, SeeOther},
    },
};

/// The most characters that are kept of what a browser calls itself.
const USER_AGENT: usize = 500;

/// Where a signature comes from, as it is recorded with it.
pub(super) struct Origin {
    address: String,
    user_agent: String,
}

impl FromRequestParts<AppState> for Origin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let named = parts.headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let kept = named.iter().flat_map(|name| name.chars()).filter(|c| !c.is_control()).take(USER_AGENT);
        Ok(Self { address: address.to_string(), user_agent: kept.collect() })
    }
}

/// `POST /launches/{id}/signatures`.
pub(super) async fn sign(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    origin: Origin,
    sent: Sent,
) -> Result<Response, Error> {
    may_sign_at_all(&access)?;
    let form: SignForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let Some(role) = errors.take("role", role(&access.launch, &form.role)) else {
        let returned =
            Returned { problem: Some(told("This launch has no such role.")), ..entered(Which::Unknown, &form, errors) };
        return pages::returned(&state, &access, &page, returned).await;
    };
    access.may(&Act::Sign(role.clone()))?;
    let which = Which::Sign(role.clone());
    let Some(new) = read(&access, &form, role.clone(), origin, &mut errors) else {
        return pages::returned(&state, &access, &page, entered(which, &form, errors)).await;
    };
    let Some(proof) = prove(&state, &access, &page, &form.password, &mut errors).await? else {
        return pages::returned(&state, &access, &page, entered(which, &form, errors)).await;
    };
    let (verdict, digest, saw) = (new.verdict, new.digest, new.saw);
    let command = Command::Sign(Box::new(new));
    let not_done =
        match state.record.execute(&state.db, access.asker(Some(proof)), access.launch.id, vec![command]).await {
            Ok(done) => {
                let said = match verdict {
                    Vote::Go => format!("You signed GO as {}.", done.state.role_title(&role)),
                    Vote::NoGo => format!(
                        "You signed NO-GO as {}. It stands until you withdraw it or sign go.",
                        done.state.role_title(&role)
                    ),
                };
                return Ok(SeeOther::to(format!("{}#role-{role}", pages::address(&access))).good(said).into_response());
            }
            Err(not_done) => not_done,
        };
    let access = access.again(&state).await?;
    let returned = match refused(&access.launch, not_done)? {
        Refused::Fields(errors) => entered(which, &form, errors),
        Refused::Conflict(sentence, conflict) => {
            let mut problem = Problem::new(&access.launch, sentence, &conflict);
            if let Conflict::StaleScope(role) = &conflict {
                problem.difference = since_shown(&state, &access.launch, role, digest, saw).await?;
            }
            Returned { problem: Some(problem), ..entered(which, &form, FieldErrors::new()) }
        }
    };
    pages::returned(&state, &access, &page, returned).await
}

/// Whether the person holds any role here, asked before the form is read, which says in which role they want to sign.
fn may_sign_at_all(access: &LaunchAccess) -> Result<(), Error> {
    let mut answer = Err(Error::Forbidden("This launch has no role that signs.".into()));
    for (role, _) in access.launch.roles() {
        answer = access.may(&Act::Sign(role));
        if answer.is_ok() {
            break;
        }
    }
    answer
}

fn role(launch: &LaunchState, slug: &str) -> Result<RoleSlug, &'static str> {
    let role = slug.parse::<RoleSlug>().ok();
    let role = role.filter(|role| launch.roles().iter().any(|(known, _)| known == role));
    role.ok_or("This launch has no such role.")
}

/// The signature that is asked for; nothing when a field is wrong, which `errors` tells.
fn read(
    access: &LaunchAccess,
    form: &SignForm,
    role: RoleSlug,
    origin: Origin,
    errors: &mut FieldErrors,
) -> Option<NewSignature> {
    let verdict = errors.take("verdict", vote(&form.verdict).ok_or("Sign either go or no-go."));
    let meaning = errors.take("meaning", meaning(&form.meaning).ok_or("Choose what your signature means."));
    let comment = errors.take("comment", Prose::optional(&form.comment));
    let digest = form.digest.parse::<Sha256Hash>();
    let digest = errors.take("digest", digest.map_err(|_| "The digest of what you sign is missing or damaged."));
    let saw = errors.take("seq", seq(&form.seq));
    let lifts = match form.lifts.as_str() {
        "" => Some(None),
        id => errors.take("lifts", id.parse().map(Some).map_err(|_| "This is not a signature.")),
    };
    let (verdict, meaning) = (verdict?, meaning?);
    // The same form with another word in it is another signature.
    let content = [&form.role, &form.verdict, &form.meaning, &form.comment, &form.digest, &form.lifts];
    Some(NewSignature {
        id: told_once(access.user.id, access.launch.id.uuid(), &form.once, &content.map(String::as_bytes)),
        role,
        verdict,
        meaning,
        statement_version: statement::VERSION,
        statement: statement(verdict, meaning).to_owned(),
        comment: comment?.map(new_text),
        digest: digest?,
        saw: saw?,
        lifts: lifts?,
        address: new_text(origin.address),
        user_agent: new_text(origin.user_agent),
    })
}

fn vote(word: &str) -> Option<Vote> {
    [Vote::Go, Vote::NoGo].into_iter().find(|vote| vote.slug() == word)
}

/// What a signature means; approval, where nothing was said.
fn meaning(word: &str) -> Option<Meaning> {
    if word.is_empty() { Some(Meaning::Approval) } else { Meaning::ALL.into_iter().find(|m| m.slug() == word) }
}

/// The newest event on the page that a form stood on, where it was said.
pub(super) fn seq(text: &str) -> Result<Option<Seq>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| "This is not the number of an event."),
    }
}

/// Checks the password; nothing when it is missing or wrong, which `errors` tells.
pub(super) async fn prove(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    password: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Proof>, Error> {
    if password.is_empty() {
        errors.add("password", "Type your password again: this is signed with it.");
        return Ok(None);
    }
    let proof = proof::prove(state, &access.user, password, page.request_id).await?;
    Ok(errors.take("password", proof.ok_or(proof::WRONG)))
}

/// The form as it comes back. The password does not.
fn entered(which: Which, form: &SignForm, errors: FieldErrors) -> Returned {
    let entered = Entered {
        errors,
        text: form.comment.clone(),
        meaning: meaning(&form.meaning),
        lifts: form.lifts.clone(),
        ..Entered::default()
    };
    Returned::fields(which, entered)
}

/// What changed in a role's scope since the page was made that showed this digest: known when the page says which
/// event it showed, and that event's scope has this digest indeed.
async fn since_shown(
    state: &AppState,
    launch: &LaunchState,
    role: &RoleSlug,
    shown: Sha256Hash,
    saw: Option<Seq>,
) -> Result<Vec<DiffLine>, Error> {
    let Some(saw) = saw else { return Ok(Vec::new()) };
    let past = state.record.as_of(&state.db, launch.id, saw).await?;
    let old = past.map(|past| scope(&past, role)).filter(|scope| scope.digest() == shown);
    Ok(old.map_or_else(Vec::new, |old| lines(launch, &old, &scope(launch, role))))
}

/// `POST /signatures/{id}/withdrawal`.
pub(super) async fn withdraw(
    State(state): State<AppState>,
    PartAccess { access, id, .. }: PartAccess<SignatureId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::WithdrawSignature(id))?;
    let form: WithdrawalForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let comment = errors.take("comment", needed(&form.comment, "Say why you withdraw it."));
    let proof = match comment {
        Some(_) => prove(&state, &access, &page, &form.password, &mut errors).await?,
        None => None,
    };
    let back = |errors| {
        Returned::fields(Which::Withdraw(id), Entered { errors, text: form.comment.clone(), ..Entered::default() })
    };
    let (Some(comment), Some(proof)) = (comment, proof) else {
        return pages::returned(&state, &access, &page, back(errors)).await;
    };
    let command = Command::WithdrawSignature { signature: id, comment: new_text(comment) };
    let not_done =
        match state.record.execute(&state.db, access.asker(Some(proof)), access.launch.id, vec![command]).await {
            Ok(_) => {
                let said = "Your signature is withdrawn. It stays in the record, with your reason.";
                return Ok(SeeOther::to(pages::address(&access)).good(said).into_response());
            }
            Err(not_done) => not_done,
        };
    let access = access.again(&state).await?;
    let returned = pages::sort(&access.launch, not_done, back)?;
    pages::returned(&state, &access, &page, returned).await
}

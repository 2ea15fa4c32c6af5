//! POST: signing, and withdrawing a signature.

use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse as _, Response},
};
use http::{header, request::Parts};

use super::{
    forms::{Entered, Problem, Returned, SignForm, Which, WithdrawalForm, needed},
    pages::{self, told},
};
use crate::{
    access::{
        launch_access::{LaunchAccess, PartAccess},
        proof::{self, Typed, Unproven},
        refusals::{self, Asked, What},
    },
    domain::{
        canonical::Sha256Hash,
        digest::scope,
        ids::SignatureId,
        installation::{NotSigned, Purpose},
        launch::{
            access::Act,
            command::{Command, Conflict, NewSignature, Proof, Refusal},
            event::{Meaning, Seq, Vote},
            state::{LaunchState, Signature},
        },
        role::RoleSlug,
        text::Prose,
    },
    launch_page::{
        difference::{DiffLine, lines},
        outcome::{Refused, refused},
        texts::{new_text, told_once},
    },
    record::{self, NotDone, statements::Version},
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
    if let Err(error) = may_sign_at_all(&access) {
        tell(&state, &access, &page, None, NotSigned::NotHolder).await?;
        return Ok(refusals::told(error));
    }
    let form: SignForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let Some(role) = errors.take("role", role(&access.launch, &form.role)) else {
        let returned =
            Returned { problem: Some(told("This launch has no such role.")), ..entered(Which::Unknown, &form, errors) };
        return pages::returned(&state, &access, &page, returned).await;
    };
    if let Err(error) = access.may(&Act::Sign(role.clone())) {
        tell(&state, &access, &page, Some(role), NotSigned::NotHolder).await?;
        return Ok(refusals::told(error));
    }
    let which = Which::Sign(role.clone());
    let statements = record::statements::current(&state.db).await?;
    let Some(new) = read(&access, &form, role.clone(), &statements, origin, &mut errors) else {
        return pages::returned(&state, &access, &page, entered(which, &form, errors)).await;
    };
    let sent_before = access.launch.signature(new.id).is_some_and(Signature::stands);
    if access.user.second_factor && sent_before {
        // The same form, sent twice. Its code is used up, and nothing is to be done that it would prove.
        return Ok(signed(&access, &role, new.verdict));
    }
    let proof = match prove(&state, &access, &page, form.typed(), &mut errors).await? {
        Proved::Yes(proof) => proof,
        proved @ (Proved::No | Proved::Wait(_)) => {
            let returned = proved.returned(entered(which, &form, errors));
            return pages::returned(&state, &access, &page, returned).await;
        }
    };
    // A form that is sent again has its signature, whatever was reworded since.
    let reworded = access.launch.signature(new.id).is_none()
        && !form.statement.trim().is_empty()
        && form.statement.trim() != statements.number.to_string();
    if reworded {
        tell(&state, &access, &page, Some(role), NotSigned::ChangedStatement).await?;
        let problem = Some(told(
            "What signers declare was reworded since you opened this page, so nothing was signed. Read it again below, \
             then sign.",
        ));
        let returned = Returned { problem, ..entered(which, &form, FieldErrors::new()) };
        return pages::returned(&state, &access, &page, returned).await;
    }
    let (verdict, digest, saw) = (new.verdict, new.digest, new.saw);
    let command = Command::Sign(Box::new(new));
    let not_done =
        match state.record.execute(&state.db, access.asker(Some(proof)), access.launch.id, vec![command]).await {
            Ok(done) if done.events.is_empty() && !sent_before => return Ok(signed_before(&access, &role, verdict)),
            Ok(_) => return Ok(signed(&access, &role, verdict)),
            Err(not_done) => not_done,
        };
    let access = access.again(&state).await?;
    if let Some(why) = why(&not_done) {
        tell(&state, &access, &page, Some(role), why).await?;
    }
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

/// Leads to the role's block, where the signature stands now.
fn signed(access: &LaunchAccess, role: &RoleSlug, verdict: Vote) -> Response {
    let title = access.launch.role_title(role);
    let said = match verdict {
        Vote::Go => format!("You signed GO as {title}."),
        Vote::NoGo => format!("You signed NO-GO as {title}. It stands until you withdraw it or sign go."),
    };
    SeeOther::to(format!("{}#role-{role}", pages::address(access))).good(said).into_response()
}

/// As [`signed`], where a signature with the same verdict on the same scope stood already and nothing was recorded.
fn signed_before(access: &LaunchAccess, role: &RoleSlug, verdict: Vote) -> Response {
    let word = match verdict {
        Vote::Go => "GO",
        Vote::NoGo => "NO-GO",
    };
    let said = format!(
        "You had signed {word} as {} already, and that signature stands: nothing was added to it.",
        access.launch.role_title(role)
    );
    SeeOther::to(format!("{}#role-{role}", pages::address(access))).good(said).into_response()
}

/// Why the record refused a signature, where the installation's log is told of it.
fn why(not_done: &NotDone) -> Option<NotSigned> {
    let NotDone::Refused(refusals) = not_done else { return None };
    refusals.iter().find_map(|(_, refusal)| match refusal {
        Refusal::Forbidden(_) => Some(NotSigned::NotHolder),
        Refusal::Conflict(Conflict::StaleScope(_)) => Some(NotSigned::ChangedScope),
        Refusal::Conflict(Conflict::Waiting(_)) => Some(NotSigned::RenewedWayIn),
        Refusal::NotFound | Refusal::Invalid(..) | Refusal::Unproven | Refusal::Conflict(_) => None,
    })
}

/// Tells the installation's log that the person was refused a signature on this launch.
async fn tell(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    role: Option<RoleSlug>,
    why: NotSigned,
) -> Result<(), Error> {
    let actor = access.user.named();
    let about = Some((access.launch.id, access.launch.seq));
    let asked = Asked {
        user: Some(access.user.id),
        actor: Some(&actor),
        about,
        request: page.request_id,
        address: None,
        now: access.now,
    };
    refusals::tell(state, asked, What::Signature(role, why)).await
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
    statements: &Version,
    origin: Origin,
    errors: &mut FieldErrors,
) -> Option<NewSignature> {
    let verdict = errors.take("verdict", vote(&form.verdict).ok_or("Sign either go or no-go."));
    let meaning = match form.meaning.sent() {
        None => verdict.map(|verdict| meaning_left_out(access, form, &role, verdict)),
        Some(word) => errors.take("meaning", meaning(word).ok_or("Choose what your signature means.")),
    };
    let comment = errors.take("comment", Prose::optional(&form.comment));
    let digest = form.digest.parse::<Sha256Hash>();
    let digest = errors.take("digest", digest.map_err(|_| "The digest of what you sign is missing or damaged."));
    let saw = errors.take("seq", seq(&form.seq));
    let version = form.statement.trim();
    let known = version.is_empty() || version.parse::<u32>().is_ok();
    let known = errors.take("statement", known.then_some(()).ok_or("This is not a version of what signers declare."));
    let lifts = match form.lifts.as_str() {
        "" => Some(None),
        id => errors.take("lifts", id.parse().map(Some).map_err(|_| "This is not a signature.")),
    };
    let (verdict, meaning, ()) = (verdict?, meaning?, known?);
    // The same form with another word in it is another signature.
    let content = [&*form.role, &form.verdict, form.meaning.shown(), &form.comment, &form.digest, &form.lifts];
    Some(NewSignature {
        id: told_once(access.user.id, access.launch.id.uuid(), &form.once, &content.map(str::as_bytes)),
        role,
        verdict,
        meaning,
        statement_version: statements.number,
        statement: statements.wording.text(verdict, meaning).to_string(),
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

fn meaning(word: &str) -> Option<Meaning> {
    Meaning::ALL.into_iter().find(|meaning| meaning.slug() == word)
}

/// What a signature means whose form says nothing of it: what the same signature means that is there already, or approval.
fn meaning_left_out(access: &LaunchAccess, form: &SignForm, role: &RoleSlug, verdict: Vote) -> Meaning {
    let newest = access.launch.newest_signature(access.user.id, role);
    let same = newest.filter(|signature| {
        let record = &signature.record;
        signature.stands() && record.verdict == verdict && record.digest.to_string() == form.digest
    });
    same.map_or(Meaning::Approval, |signature| signature.record.meaning)
}

/// The newest event on the page that a form stood on, where it was said.
pub(super) fn seq(text: &str) -> Result<Option<Seq>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| "This is not the number of an event."),
    }
}

/// What came of asking for a password again.
pub(super) enum Proved {
    Yes(Proof),
    /// It is missing or wrong, which the errors tell.
    No,
    /// It was tried too often, which the errors tell: so many seconds until it may be tried again.
    Wait(u64),
}

impl Proved {
    /// The form as it comes back: told to wait, when it has to.
    pub(super) fn returned(&self, form: Returned) -> Returned {
        match self {
            Self::Wait(wait) => Returned { wait: Some(*wait), ..form },
            Self::Yes(_) | Self::No => form,
        }
    }
}

/// Checks the password, and the code of who has a second factor.
pub(super) async fn prove(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    typed: Typed<'_>,
    errors: &mut FieldErrors,
) -> Result<Proved, Error> {
    if typed.password.is_empty() {
        errors.add("password", "Type your password again: this is signed with it.");
        return Ok(Proved::No);
    }
    let for_this = (Purpose::Sign, Some((access.launch.id, access.launch.seq)));
    match proof::prove(state, &access.user, typed, page.request_id, for_this).await {
        Ok(Ok(proof)) => Ok(Proved::Yes(proof)),
        Ok(Err(Unproven { field, sentence })) => {
            errors.add(field, sentence);
            Ok(Proved::No)
        }
        Err(Error::TooManyRequests { retry_after }) => {
            errors.add("password", format!("It was tried too often. Try again in {retry_after} seconds."));
            Ok(Proved::Wait(retry_after))
        }
        Err(error) => Err(error),
    }
}

/// The form as it comes back. Password and code do not.
fn entered(which: Which, form: &SignForm, errors: FieldErrors) -> Returned {
    let entered = Entered {
        errors,
        text: form.comment.clone(),
        meaning: form.meaning.sent().and_then(meaning),
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
    let proved = match comment {
        Some(_) => prove(&state, &access, &page, form.typed(), &mut errors).await?,
        None => Proved::No,
    };
    let back = |errors| {
        Returned::fields(Which::Withdraw(id), Entered { errors, text: form.comment.clone(), ..Entered::default() })
    };
    let (Some(comment), Proved::Yes(proof)) = (comment, &proved) else {
        return pages::returned(&state, &access, &page, proved.returned(back(errors))).await;
    };
    let command = Command::WithdrawSignature { signature: id, comment: new_text(comment) };
    let not_done =
        match state.record.execute(&state.db, access.asker(Some(proof.clone())), access.launch.id, vec![command]).await
        {
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

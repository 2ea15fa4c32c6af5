//! POST: signing, and withdrawing a signature.

use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse as _, Response},
};
use http::{header, request::Parts};

use super::{
    forms::{GoNoGoForm, GoNoGoInput, GoNoGoProblem, ReturnedForm, SignForm, SignatureWithdrawalForm, required_text},
    pages::{self, to_problem},
};
use crate::{
    access::{
        launch_access::{LaunchAccess, LaunchChildAccess},
        proof::{self, ProofFailure, ProofInput},
        refusals::{self, RefusalContext, RefusalKind},
    },
    domain::{
        canonical::Sha256Hash,
        digest::build_scope,
        ids::SignatureId,
        installation::{ProofPurpose, SigningRefusalReason},
        launch::{
            access::Act,
            command::{Command, Conflict, NewSignature, Proof, Refusal},
            event::{Seq, SignatureMeaning, Vote},
            state::{LaunchState, Signature},
        },
        plural::count_with_noun,
        role::RoleSlug,
        text::Prose,
    },
    presentation::{
        difference::{DiffLine, describe_scope_difference},
        refusal::{FormRefusal, to_form_refusal},
    },
    record::{self, ExecuteError, statements::StatementVersion},
    state::AppState,
    web::{
        Error,
        client_address::ClientAddress,
        form::{FieldErrors, UnreadForm},
        idempotency::{idempotent_id, new_text},
        page::{PageContext, SeeOther},
    },
};

/// Maximum number of characters stored of the browser's `User-Agent`.
const MAX_USER_AGENT_CHARS: usize = 500;

/// Where a signature comes from; this is recorded with it.
pub(super) struct RequestOrigin {
    address: String,
    user_agent: String,
}

impl FromRequestParts<AppState> for RequestOrigin {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let named = parts.headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let kept = named.iter().flat_map(|name| name.chars()).filter(|c| !c.is_control()).take(MAX_USER_AGENT_CHARS);
        Ok(Self { address: address.to_string(), user_agent: kept.collect() })
    }
}

/// `POST /launches/{id}/signatures`.
pub(super) async fn sign(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    origin: RequestOrigin,
    sent: UnreadForm,
) -> Result<Response, Error> {
    if let Err(error) = check_holds_any_role(&access) {
        record_signing_refusal(&state, &access, &page, None, SigningRefusalReason::NotHolder).await?;
        return Ok(refusals::mark_refusal_recorded(error));
    }
    let form: SignForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let Some(role) = errors.check("role", parse_role(&access.launch, &form.role)) else {
        let returned = ReturnedForm {
            problem: Some(to_problem("This launch has no such role.")),
            ..to_returned_form(GoNoGoForm::Unknown, &form, errors)
        };
        return pages::render_returned_form(&state, &access, &page, returned).await;
    };
    if let Err(error) = access.check_permission(&Act::Sign(role.clone())) {
        record_signing_refusal(&state, &access, &page, Some(role), SigningRefusalReason::NotHolder).await?;
        return Ok(refusals::mark_refusal_recorded(error));
    }
    let which = GoNoGoForm::Sign(role.clone());
    let statements = record::statements::load_current_version(&state.db).await?;
    let Some(new) = parse_signature(&access, &form, role.clone(), &statements, origin, &mut errors) else {
        return pages::render_returned_form(&state, &access, &page, to_returned_form(which, &form, errors)).await;
    };
    let sent_before = access.launch.signature(new.id).is_some_and(Signature::is_in_effect);
    if access.user.second_factor && sent_before {
        // The same form was sent twice. Its code is used up, and there is nothing to do for which a proof is needed.
        return Ok(signed_response(&access, &role, new.verdict));
    }
    let proof = match check_proof(&state, &access, &page, form.typed(), &mut errors).await? {
        SigningProof::Proved(proof) => proof,
        proved @ (SigningProof::Failed | SigningProof::RateLimited(_)) => {
            let returned = proved.add_retry_after(to_returned_form(which, &form, errors));
            return pages::render_returned_form(&state, &access, &page, returned).await;
        }
    };
    // A form that is sent again has its signature, even if the statements were reworded since.
    let reworded = access.launch.signature(new.id).is_none()
        && !form.statement.trim().is_empty()
        && form.statement.trim() != statements.number.to_string();
    if reworded {
        record_signing_refusal(&state, &access, &page, Some(role), SigningRefusalReason::ChangedStatement).await?;
        let problem = Some(to_problem(
            "What signers declare was reworded since you opened this page, so nothing was signed. Read it again below, \
             then sign.",
        ));
        let returned = ReturnedForm { problem, ..to_returned_form(which, &form, FieldErrors::new()) };
        return pages::render_returned_form(&state, &access, &page, returned).await;
    }
    let (verdict, digest, saw) = (new.verdict, new.digest, new.saw);
    let command = Command::Sign(Box::new(new));
    let not_done =
        match state.record.execute(&state.db, access.requester(Some(proof)), access.launch.id, vec![command]).await {
            Ok(done) if done.events.is_empty() && !sent_before => {
                return Ok(already_signed_response(&access, &role, verdict));
            }
            Ok(_) => return Ok(signed_response(&access, &role, verdict)),
            Err(not_done) => not_done,
        };
    let access = access.reload(&state).await?;
    if let Some(why) = to_refusal_reason(&not_done) {
        record_signing_refusal(&state, &access, &page, Some(role), why).await?;
    }
    let returned = match to_form_refusal(&access.launch, not_done)? {
        FormRefusal::Fields(errors) => to_returned_form(which, &form, errors),
        FormRefusal::Conflict(sentence, conflict) => {
            let mut problem = GoNoGoProblem::new(&access.launch, sentence, &conflict);
            if let Conflict::StaleScope(role) = &conflict {
                problem.difference = load_scope_changes(&state, &access.launch, role, digest, saw).await?;
            }
            ReturnedForm { problem: Some(problem), ..to_returned_form(which, &form, FieldErrors::new()) }
        }
    };
    pages::render_returned_form(&state, &access, &page, returned).await
}

/// Redirects to the role's block, where the signature is shown.
fn signed_response(access: &LaunchAccess, role: &RoleSlug, verdict: Vote) -> Response {
    let title = access.launch.role_title(role);
    let said = match verdict {
        Vote::Go => format!("You signed GO as {title}."),
        Vote::NoGo => format!("You signed NO-GO as {title}. It stands until you withdraw it or sign go."),
    };
    SeeOther::to(format!("{}#role-{role}", pages::page_href(access))).with_success(said).into_response()
}

/// Like [`signed_response`], if a signature with the same verdict on the same scope already existed and nothing was
/// recorded.
fn already_signed_response(access: &LaunchAccess, role: &RoleSlug, verdict: Vote) -> Response {
    let word = match verdict {
        Vote::Go => "GO",
        Vote::NoGo => "NO-GO",
    };
    let said = format!(
        "You had signed {word} as {} already, and that signature stands: nothing was added to it.",
        access.launch.role_title(role)
    );
    SeeOther::to(format!("{}#role-{role}", pages::page_href(access))).with_success(said).into_response()
}

/// Why the record refused a signature, if the audit log records that refusal.
fn to_refusal_reason(not_done: &ExecuteError) -> Option<SigningRefusalReason> {
    let ExecuteError::Refused(refusals) = not_done else { return None };
    refusals.iter().find_map(|(_, refusal)| match refusal {
        Refusal::Forbidden(_) => Some(SigningRefusalReason::NotHolder),
        Refusal::Conflict(Conflict::StaleScope(_)) => Some(SigningRefusalReason::ChangedScope),
        Refusal::Conflict(Conflict::Waiting(_)) => Some(SigningRefusalReason::RenewedWayIn),
        Refusal::NotFound | Refusal::Invalid(..) | Refusal::Unproven | Refusal::Conflict(_) => None,
    })
}

/// Records in the audit log that the person was refused a signature on this launch.
async fn record_signing_refusal(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    role: Option<RoleSlug>,
    why: SigningRefusalReason,
) -> Result<(), Error> {
    let actor = access.user.to_person_ref();
    let about = Some((access.launch.id, access.launch.seq));
    let asked = RefusalContext {
        user: Some(access.user.id),
        actor: Some(&actor),
        about,
        request: page.request_id,
        address: None,
        now: access.now,
    };
    refusals::record_refusal(state, asked, RefusalKind::Signature(role, why)).await
}

/// Checks whether the person holds any role here, before the form is read, which names the role.
fn check_holds_any_role(access: &LaunchAccess) -> Result<(), Error> {
    let mut answer = Err(Error::Forbidden("This launch has no role that signs.".into()));
    for (role, _) in access.launch.assignable_roles() {
        answer = access.check_permission(&Act::Sign(role));
        if answer.is_ok() {
            break;
        }
    }
    answer
}

fn parse_role(launch: &LaunchState, slug: &str) -> Result<RoleSlug, &'static str> {
    let role = slug.parse::<RoleSlug>().ok();
    let role = role.filter(|role| launch.assignable_roles().iter().any(|(known, _)| known == role));
    role.ok_or("This launch has no such role.")
}

/// Parses the signature; `None` if a field is invalid, with the message in `errors`.
fn parse_signature(
    access: &LaunchAccess,
    form: &SignForm,
    role: RoleSlug,
    statements: &StatementVersion,
    origin: RequestOrigin,
    errors: &mut FieldErrors,
) -> Option<NewSignature> {
    let verdict = errors.check("verdict", parse_vote(&form.verdict).ok_or("Sign either go or no-go."));
    let meaning = match form.meaning.get() {
        None => verdict.map(|verdict| meaning_left_out(access, form, &role, verdict)),
        Some(word) => errors.check("meaning", parse_meaning(word).ok_or("Choose what your signature means.")),
    };
    let comment = errors.check("comment", Prose::optional(&form.comment));
    let digest = form.digest.parse::<Sha256Hash>();
    let digest = errors.check("digest", digest.map_err(|_| "The digest of what you sign is missing or damaged."));
    let saw = errors.check("seq", parse_seen_seq(&form.seq));
    let version = form.statement.trim();
    let known = version.is_empty() || version.parse::<u32>().is_ok();
    let known = errors.check("statement", known.then_some(()).ok_or("This is not a version of what signers declare."));
    let lifts = match form.lifts.as_str() {
        "" => Some(None),
        id => errors.check("lifts", id.parse().map(Some).map_err(|_| "This is not a signature.")),
    };
    let (verdict, meaning, ()) = (verdict?, meaning?, known?);
    // The same form with another word in it is another signature.
    let content = [&*form.role, &form.verdict, form.meaning.text_or_empty(), &form.comment, &form.digest, &form.lifts];
    Some(NewSignature {
        id: idempotent_id(access.user.id, access.launch.id.uuid(), &form.once, &content.map(str::as_bytes)),
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

fn parse_vote(word: &str) -> Option<Vote> {
    [Vote::Go, Vote::NoGo].into_iter().find(|vote| vote.slug() == word)
}

fn parse_meaning(word: &str) -> Option<SignatureMeaning> {
    SignatureMeaning::ALL.into_iter().find(|meaning| meaning.slug() == word)
}

/// What a signature means whose form says nothing of it: what the same signature means that is there already, or approval.
fn meaning_left_out(access: &LaunchAccess, form: &SignForm, role: &RoleSlug, verdict: Vote) -> SignatureMeaning {
    let newest = access.launch.newest_signature(access.user.id, role);
    let same = newest.filter(|signature| {
        let record = &signature.record;
        signature.is_in_effect() && record.verdict == verdict && record.digest.to_string() == form.digest
    });
    same.map_or(SignatureMeaning::Approval, |signature| signature.record.meaning)
}

/// The newest event on the page that had the form, if the form names it.
pub(super) fn parse_seen_seq(text: &str) -> Result<Option<Seq>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| "This is not the number of an event."),
    }
}

/// Result of asking for the password again.
pub(super) enum SigningProof {
    Proved(Proof),
    /// The password or the code is missing or wrong; the message is in the errors.
    Failed,
    /// Too many attempts; seconds until the next one. The message is in the errors.
    RateLimited(u64),
}

impl SigningProof {
    /// The form to show again, with the waiting time if there is one.
    pub(super) fn add_retry_after(&self, form: ReturnedForm) -> ReturnedForm {
        match self {
            Self::RateLimited(wait) => ReturnedForm { retry_after: Some(*wait), ..form },
            Self::Proved(_) | Self::Failed => form,
        }
    }
}

/// Checks the password, and the code if the person has a second factor.
pub(super) async fn check_proof(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    typed: ProofInput<'_>,
    errors: &mut FieldErrors,
) -> Result<SigningProof, Error> {
    if typed.password.is_empty() {
        errors.add("password", "Type your password again: this is signed with it.");
        return Ok(SigningProof::Failed);
    }
    let for_this = (ProofPurpose::Sign, Some((access.launch.id, access.launch.seq)));
    match proof::verify_proof(state, &access.user, typed, page.request_id, for_this).await {
        Ok(Ok(proof)) => Ok(SigningProof::Proved(proof)),
        Ok(Err(ProofFailure { field, sentence })) => {
            errors.add(field, sentence);
            Ok(SigningProof::Failed)
        }
        Err(Error::TooManyRequests { retry_after }) => {
            errors.add(
                "password",
                format!("It was tried too often. Try again in {}.", count_with_noun(retry_after, "second")),
            );
            Ok(SigningProof::RateLimited(retry_after))
        }
        Err(error) => Err(error),
    }
}

/// The form to show again, without password and code.
fn to_returned_form(which: GoNoGoForm, form: &SignForm, errors: FieldErrors) -> ReturnedForm {
    let entered = GoNoGoInput {
        errors,
        text: form.comment.clone(),
        meaning: form.meaning.get().and_then(parse_meaning),
        lifts: form.lifts.clone(),
        ..GoNoGoInput::default()
    };
    ReturnedForm::with_input(which, entered)
}

/// What changed in a role's scope since the page that showed this digest. This is known if the form names the event
/// that the page showed, and the scope at that event has this digest.
async fn load_scope_changes(
    state: &AppState,
    launch: &LaunchState,
    role: &RoleSlug,
    shown: Sha256Hash,
    saw: Option<Seq>,
) -> Result<Vec<DiffLine>, Error> {
    let Some(saw) = saw else { return Ok(Vec::new()) };
    let past = state.record.load_as_of(&state.db, launch.id, saw).await?;
    let old = past.map(|past| build_scope(&past, role)).filter(|scope| scope.digest() == shown);
    Ok(old.map_or_else(Vec::new, |old| describe_scope_difference(launch, &old, &build_scope(launch, role))))
}

/// `POST /signatures/{id}/withdrawal`.
pub(super) async fn withdraw_signature(
    State(state): State<AppState>,
    LaunchChildAccess { access, id, .. }: LaunchChildAccess<SignatureId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::WithdrawSignature(id))?;
    let form: SignatureWithdrawalForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let comment = errors.check("comment", required_text(&form.comment, "Say why you withdraw it."));
    let proved = match comment {
        Some(_) => check_proof(&state, &access, &page, form.typed(), &mut errors).await?,
        None => SigningProof::Failed,
    };
    let back = |errors| {
        ReturnedForm::with_input(
            GoNoGoForm::Withdraw(id),
            GoNoGoInput { errors, text: form.comment.clone(), ..GoNoGoInput::default() },
        )
    };
    let (Some(comment), SigningProof::Proved(proof)) = (comment, &proved) else {
        return pages::render_returned_form(&state, &access, &page, proved.add_retry_after(back(errors))).await;
    };
    let command = Command::WithdrawSignature { signature: id, comment: new_text(comment) };
    let not_done = match state
        .record
        .execute(&state.db, access.requester(Some(proof.clone())), access.launch.id, vec![command])
        .await
    {
        Ok(_) => {
            let said = "Your signature is withdrawn. It stays in the record, with your reason.";
            return Ok(SeeOther::to(pages::page_href(&access)).with_success(said).into_response());
        }
        Err(not_done) => not_done,
    };
    let access = access.reload(&state).await?;
    let returned = pages::to_returned_form(&access.launch, not_done, back)?;
    pages::render_returned_form(&state, &access, &page, returned).await
}

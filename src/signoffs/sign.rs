//! POST: signing.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};

use super::{
    forms::{GoNoGoForm, GoNoGoInput, GoNoGoProblem, ReturnedForm, ShownToSigner, SignForm},
    pages::{self, to_problem},
    signature_input::{parse_meaning, parse_signature, parse_vote},
    signing_proof::{SigningProof, check_proof},
};
use crate::{
    access::{
        launch_access::LaunchAccess,
        refusals::{self, RefusalContext, RefusalKind},
    },
    domain::{
        canonical::Sha256Hash,
        digest::{self, build_scope},
        installation::SigningRefusalReason,
        launch::{
            access::Act,
            command::{Command, Conflict, NewSignature, Proof, Refusal},
            event::{Seq, Vote},
            state::{LaunchState, Signature},
        },
        role::RoleSlug,
    },
    presentation::{
        difference::{DiffLine, describe_scope_difference},
        refusal::{FormRefusal, describe_conflict, to_form_refusal},
    },
    record::{self, ExecuteError},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, UnreadForm},
        form_base::FormBase,
        request_origin::RequestOrigin,
        response::SeeOther,
    },
};

pub(super) async fn sign(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    origin: RequestOrigin,
    sent: UnreadForm,
) -> Result<Response, Error> {
    let mut attempt = SigningAttempt { state, access, page };
    match attempt.run(origin, sent).await {
        Ok(signed) => Ok(attempt.success_response(&signed)),
        Err(not_signed) => attempt.refusal_response(not_signed).await,
    }
}

struct SigningAttempt {
    state: AppState,
    access: LaunchAccess,
    page: PageContext,
}

/// A role, and whether the person may sign in it.
type CheckedRole = (RoleSlug, Result<(), Error>);

/// A signature that is recorded, by this request or an earlier one.
struct SignedRole {
    role: RoleSlug,
    verdict: Vote,
    /// Whether another signature with the same verdict on the same scope existed, so that nothing was recorded.
    was_signed: bool,
}

/// Why nothing was signed.
struct NotSigned {
    /// What the audit log records of it, if it does.
    refused: Option<(Option<RoleSlug>, SigningRefusalReason)>,
    answer: NotSignedAnswer,
}

enum NotSignedAnswer {
    Error(Error),
    /// The form comes back.
    Form(Box<ReturnedForm>),
}

impl NotSigned {
    fn form(returned: ReturnedForm) -> Self {
        Self { refused: None, answer: NotSignedAnswer::Form(Box::new(returned)) }
    }

    fn not_holder(role: Option<RoleSlug>, error: Error) -> Self {
        Self { refused: Some((role, SigningRefusalReason::NotHolder)), answer: NotSignedAnswer::Error(error) }
    }
}

impl From<Error> for NotSigned {
    fn from(error: Error) -> Self {
        Self { refused: None, answer: NotSignedAnswer::Error(error) }
    }
}

impl SigningAttempt {
    async fn run(&mut self, origin: RequestOrigin, sent: UnreadForm) -> Result<SignedRole, NotSigned> {
        let checked = self.authorise()?;
        let form: SignForm = sent.read_form().await?;
        let role = Self::read_role(&form, checked)?;
        let statements = record::statements::load_current_version(&self.state.db).await.map_err(Error::from)?;
        let mut errors = FieldErrors::new();
        let new = parse_signature(&self.access, &form, role.clone(), &statements, origin, &mut errors)
            .ok_or_else(|| NotSigned::form(to_returned_form(role.clone(), &form, errors)))?;
        let sent_before = self.access.launch.signature(new.id).is_some_and(Signature::is_in_effect);
        if self.access.user.second_factor && sent_before {
            // The same form was sent twice. Its code is used up, and there is nothing to do that needs a proof.
            return Ok(SignedRole { role, verdict: new.verdict, was_signed: false });
        }
        let proof = self.prove(&role, &form).await?;
        self.compare_statement(&form, &new, statements.number)?;
        self.record(&form, new, proof, sent_before).await
    }

    /// Whether the person may sign in each role, before the form is read, which names one. Somebody who may sign in none
    /// is refused.
    fn authorise(&self) -> Result<Vec<CheckedRole>, NotSigned> {
        let roles = self.access.launch.assignable_roles().into_iter();
        let checked = roles.map(|(role, _)| {
            let allowed = self.access.check_permission(&Act::Sign(role.clone()));
            (role, allowed)
        });
        let mut checked: Vec<_> = checked.collect();
        if checked.iter().any(|(_, allowed)| allowed.is_ok()) {
            return Ok(checked);
        }
        let refused = checked.pop().and_then(|(_, allowed)| allowed.err());
        let refused = refused.unwrap_or(Error::Forbidden(texts::launch_has_no_role_that_signs()));
        Err(NotSigned::not_holder(None, refused))
    }

    /// The role that the form names, if the person may sign in it.
    fn read_role(form: &SignForm, checked: Vec<CheckedRole>) -> Result<RoleSlug, NotSigned> {
        let named = form.role.parse::<RoleSlug>().ok();
        let Some((role, allowed)) = checked.into_iter().find(|(role, _)| named.as_ref() == Some(role)) else {
            let sentence = texts::launch_has_no_such_role();
            let returned = with_entered(GoNoGoForm::Unknown, form, FieldErrors::single("role", &sentence));
            return Err(NotSigned::form(ReturnedForm { problem: Some(to_problem(sentence)), ..returned }));
        };
        match allowed {
            Ok(()) => Ok(role),
            Err(refused) => Err(NotSigned::not_holder(Some(role), refused)),
        }
    }

    async fn prove(&self, role: &RoleSlug, form: &SignForm) -> Result<Proof, NotSigned> {
        let mut errors = FieldErrors::new();
        match check_proof(&self.state, &self.access, &self.page, form.proof_input(), &mut errors).await? {
            SigningProof::Proved(proof) => Ok(proof),
            failed @ (SigningProof::Failed | SigningProof::RateLimited(_)) => {
                Err(NotSigned::form(failed.add_retry_after(to_returned_form(role.clone(), form, errors))))
            }
        }
    }

    /// Refuses a form with another statement than the current one. A form that is sent again has its signature, even if
    /// the statements were reworded since.
    fn compare_statement(&self, form: &SignForm, new: &NewSignature, current: u32) -> Result<(), NotSigned> {
        let shown_version = form.statement.trim();
        if shown_version.is_empty()
            || shown_version == current.to_string()
            || self.access.launch.signature(new.id).is_some()
        {
            return Ok(());
        }
        let problem = to_problem(texts::statement_was_reworded());
        let returned = to_returned_form(new.role.clone(), form, FieldErrors::new());
        Err(NotSigned {
            refused: Some((Some(new.role.clone()), SigningRefusalReason::ChangedStatement)),
            ..NotSigned::form(ReturnedForm { problem: Some(problem), ..returned })
        })
    }

    async fn record(
        &mut self,
        form: &SignForm,
        new: NewSignature,
        proof: Proof,
        sent_before: bool,
    ) -> Result<SignedRole, NotSigned> {
        let (role, verdict) = (new.role.clone(), new.verdict);
        let (launch, by) = (self.access.launch.id, self.access.requester(Some(proof)));
        let executed = self.state.record.execute(&self.state.db, by, launch, vec![Command::Sign(Box::new(new))]).await;
        let not_done = match executed {
            Ok(done) => {
                return Ok(SignedRole { role, verdict, was_signed: done.events.is_empty() && !sent_before });
            }
            Err(not_done) => not_done,
        };
        self.access = self.access.reload(&self.state).await?;
        let refused = to_refusal_reason(&not_done).map(|why| (Some(role.clone()), why));
        let answer = match to_form_refusal(&self.access.launch, not_done) {
            Err(error) => NotSignedAnswer::Error(error),
            Ok(FormRefusal::Fields(errors)) => NotSignedAnswer::Form(Box::new(to_returned_form(role, form, errors))),
            Ok(FormRefusal::Conflict(sentence, conflict)) => {
                let problem = GoNoGoProblem::new(&self.access.launch, sentence, &conflict);
                let returned = to_returned_form(role, form, FieldErrors::new());
                NotSignedAnswer::Form(Box::new(ReturnedForm { problem: Some(problem), ..returned }))
            }
        };
        Err(NotSigned { refused, answer })
    }

    /// Redirects to the role's block, where the signature is shown.
    fn success_response(&self, signed: &SignedRole) -> Response {
        let SignedRole { role, verdict, was_signed } = signed;
        let title = self.access.launch.role_title(role);
        let message = match (was_signed, verdict) {
            (false, Vote::Go) => texts::you_signed_go(title),
            (false, Vote::NoGo) => texts::you_signed_no_go(title),
            (true, Vote::Go) => texts::you_had_signed_go(title),
            (true, Vote::NoGo) => texts::you_had_signed_no_go(title),
        };
        let block = format!("{}#role-{role}", pages::page_href(&self.access));
        SeeOther::to(block).with_success(message).into_response()
    }

    /// Records the refusal in the audit log, if it is one of those, and answers with the error or the form.
    async fn refusal_response(&self, not_signed: NotSigned) -> Result<Response, Error> {
        let recorded = not_signed.refused.is_some();
        if let Some((role, why)) = not_signed.refused {
            let actor = self.access.user.to_person_ref();
            let context = RefusalContext {
                user: Some(self.access.user.id),
                actor: Some(&actor),
                launch_position: Some((self.access.launch.id, self.access.launch.seq)),
                request: self.page.request_id,
                client_ip: None,
                now: self.access.now,
            };
            refusals::record_refusal(&self.state, context, RefusalKind::Signature(role, why)).await?;
        }
        match not_signed.answer {
            NotSignedAnswer::Error(error) if recorded => Ok(refusals::mark_refusal_recorded(error)),
            NotSignedAnswer::Error(error) => Err(error),
            NotSignedAnswer::Form(form) => {
                let form = self.add_changes(*form).await?;
                pages::render_returned_form(&self.state, &self.access, &self.page, form).await
            }
        }
    }

    /// Adds to a form that comes back, for whatever reason, what was changed of the role's scope and of the statement
    /// since its page was made. Only what is named here is new in the form.
    async fn add_changes(&self, mut returned: ReturnedForm) -> Result<ReturnedForm, Error> {
        let GoNoGoForm::Sign(role) = &returned.form else { return Ok(returned) };
        let (launch, shown) = (&*self.access.launch, &mut returned.input.shown);
        let mut problem = returned.problem.take().unwrap_or_default();
        if let Some(digest) = shown.digest.read().filter(|shown| *shown != digest::digest(launch, role)) {
            problem.add_sentence(&describe_conflict(launch, &Conflict::StaleScope(role.clone())));
            let saw = shown.seq.read().filter(|saw| (1..=launch.seq).contains(saw));
            problem.difference = load_scope_changes(&self.state, launch, role, digest, saw).await?;
            shown.digest.forget();
            shown.seq.forget();
        }
        let current = record::statements::load_current_version(&self.state.db).await?.number;
        if shown.statement.read::<u32>().is_some_and(|shown| shown != current) {
            problem.add_sentence(&texts::statement_was_reworded());
            shown.statement.forget();
        }
        returned.problem = Some(problem).filter(|problem| !problem.sentence.is_empty());
        Ok(returned)
    }
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

/// The form to show again, without password and code.
fn to_returned_form(role: RoleSlug, form: &SignForm, errors: FieldErrors) -> ReturnedForm {
    with_entered(GoNoGoForm::Sign(role), form, errors)
}

fn with_entered(which: GoNoGoForm, form: &SignForm, errors: FieldErrors) -> ReturnedForm {
    let entered = GoNoGoInput {
        errors,
        text: form.comment.clone(),
        shown: ShownToSigner {
            digest: FormBase::new(form.digest.clone()),
            seq: FormBase::new(form.seq.clone()),
            statement: FormBase::new(form.statement.trim().to_owned()),
        },
        vote: parse_vote(&form.verdict),
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

//! POST: the owner's decisions, and the launch's lifecycle.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};

use super::{
    forms::{GoNoGoForm, GoNoGoInput, LaunchDecisionForm, LifecycleForm, ReturnedForm, ShownToSigner, required_text},
    pages::{self, to_problem},
    signature_input::parse_seen_seq,
    signing_proof::{SigningProof, check_proof},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        launch::{
            access::Act,
            command::{Command, LaunchMoment, Proof},
            texts::NewText,
        },
        readiness::ConditionId,
        text::Prose,
        time::{LocalTime, Zone},
    },
    presentation::refusal::to_error_page,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{FieldErrors, UnreadForm},
        form_base::FormBase,
        idempotency::new_text,
        response::SeeOther,
        time::exact,
    },
};

pub(super) async fn request_signatures(State(state): State<AppState>, access: LaunchAccess) -> Result<Response, Error> {
    access.check_permission(&Act::AskSignatures)?;
    match state.record.execute(&state.db, access.requester(None), access.launch.id, vec![Command::AskSignatures]).await
    {
        Ok(done) => {
            let earlier = done.state.newest_signature_request().filter(|_| done.events.is_empty());
            let message = match earlier {
                Some((by, at)) => {
                    texts::signatures_were_asked_already(done.state.person_label(by), exact(at, &access.user.zone()))
                }
                None => texts::signatures_are_asked(),
            };
            Ok(SeeOther::to(pages::page_href(&access)).with_success(message).into_response())
        }
        Err(not_done) => to_error_page(&access.launch, not_done),
    }
}

pub(super) async fn decide_launch(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::Decide)?;
    let form: LaunchDecisionForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let (which, message) = match form.decision.as_str() {
        "go" => (GoNoGoForm::DeclareGo, texts::go_is_declared()),
        "hold" => (GoNoGoForm::Hold, texts::launch_is_on_hold()),
        "resume" => (GoNoGoForm::Resume, texts::launch_is_back_in_preparation()),
        "reopen" => (GoNoGoForm::Reopen, texts::launch_is_reopened()),
        _ => (GoNoGoForm::Unknown, Cow::Borrowed("")),
    };
    let command = to_command(&which, &form, &mut errors);
    let entered = GoNoGoInput {
        text: form.reason.clone(),
        acknowledged: form.acknowledge.clone(),
        shown: ShownToSigner { seq: FormBase::new(form.seq.clone()), ..ShownToSigner::default() },
        ..GoNoGoInput::default()
    };
    let back = |errors| ReturnedForm::with_input(which.clone(), GoNoGoInput { errors, ..entered.clone() });
    let Some(command) = command else {
        let problem = (which == GoNoGoForm::Unknown).then(|| to_problem(texts::choose_a_decision()));
        let returned = ReturnedForm { problem, ..back(errors) };
        return pages::render_returned_form(&state, &access, &page, returned).await;
    };
    // Declaring GO is signed; the other decisions check a password only if one is given.
    let is_proof_due = which == GoNoGoForm::DeclareGo || !form.password.is_empty();
    let proof = match is_proof_due {
        true => match check_proof(&state, &access, &page, form.proof_input(), &mut errors).await? {
            SigningProof::Proved(proof) => Some(proof),
            proved @ (SigningProof::Failed | SigningProof::RateLimited(_)) => {
                return pages::render_returned_form(&state, &access, &page, proved.add_retry_after(back(errors))).await;
            }
        },
        false => None,
    };
    execute_and_redirect(&state, &access, &page, (command, proof), message, back).await
}

/// Parses the decision; `None` if a field is invalid, with the message in `errors`.
fn to_command(which: &GoNoGoForm, form: &LaunchDecisionForm, errors: &mut FieldErrors) -> Option<Command> {
    match which {
        GoNoGoForm::DeclareGo => {
            let acknowledged = form.acknowledge.iter().cloned().map(ConditionId).collect();
            errors.check("seq", parse_seen_seq(&form.seq)).map(|saw| Command::DeclareGo { acknowledged, saw })
        }
        GoNoGoForm::Hold => take_reason(&form.reason, errors).map(|reason| Command::Hold { reason }),
        GoNoGoForm::Resume => {
            let reason = errors.check("reason", Prose::optional(&form.reason));
            reason.map(|reason| Command::Resume { reason: reason.map(new_text) })
        }
        GoNoGoForm::Reopen => take_reason(&form.reason, errors).map(|reason| Command::Reopen { reason }),
        GoNoGoForm::Sign(_)
        | GoNoGoForm::Withdraw(_)
        | GoNoGoForm::Launch
        | GoNoGoForm::Close
        | GoNoGoForm::Cancel
        | GoNoGoForm::Unknown => None,
    }
}

fn take_reason(text: &str, errors: &mut FieldErrors) -> Option<NewText> {
    errors.check("reason", required_text(text, texts::say_why())).map(new_text)
}

pub(super) async fn advance_stage(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ManageLifecycle)?;
    let form: LifecycleForm = sent.read_form().await?;
    let mut errors = FieldErrors::new();
    let (which, message, command) = match form.step.as_str() {
        "launch" => {
            let at = errors.check("at", parse_launch_moment(&form.at, access.launch.zone()));
            (GoNoGoForm::Launch, texts::launch_is_recorded(), at.map(|at| Command::Launch { at, past: None }))
        }
        "close" => (GoNoGoForm::Close, texts::launch_was_closed(), closing_command(&form, &mut errors)),
        "cancel" => {
            let cancel = take_reason(&form.reason, &mut errors).map(|reason| Command::Cancel { reason });
            (GoNoGoForm::Cancel, texts::launch_was_cancelled(), cancel)
        }
        _ => (GoNoGoForm::Unknown, Cow::Borrowed(""), None),
    };
    let notes = form.condition.into_iter().zip(form.note).collect();
    let entered = GoNoGoInput { text: form.reason, at: form.at, notes, ..GoNoGoInput::default() };
    let back = |errors| ReturnedForm::with_input(which.clone(), GoNoGoInput { errors, ..entered.clone() });
    match command {
        Some(command) => execute_and_redirect(&state, &access, &page, (command, None), message, back).await,
        None => {
            let problem = (which == GoNoGoForm::Unknown).then(|| to_problem(texts::choose_a_next_step()));
            pages::render_returned_form(&state, &access, &page, ReturnedForm { problem, ..back(errors) }).await
        }
    }
}

/// Time of the launch, as typed in the launch's zone; `None` if empty.
fn parse_launch_moment(text: &str, zone: &Zone) -> Result<Option<LaunchMoment>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let local = LocalTime::parse(text, zone.clone()).map_err(|bad| bad.to_string())?;
    Ok(Some(LaunchMoment { at: local.to_moment(), to_the_minute: text.matches(':').count() < 2 }))
}

/// Closes the launch, with a note for each condition.
fn closing_command(form: &LifecycleForm, errors: &mut FieldErrors) -> Option<Command> {
    if form.condition.len() != form.note.len() {
        errors.add("condition", texts::every_condition_needs_a_note());
        return None;
    }
    let mut settlements = BTreeMap::new();
    for (condition, note) in form.condition.iter().zip(&form.note) {
        let note = errors.check("note", required_text(note, texts::say_how_it_was_settled()))?;
        settlements.insert(ConditionId(condition.clone()), new_text(note));
    }
    Some(Command::Close { settlements })
}

/// Executes a command of a form on the page; if it is refused, shows the form again with the launch's current state.
async fn execute_and_redirect(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    (command, proof): (Command, Option<Proof>),
    message: Cow<'static, str>,
    back: impl Fn(FieldErrors) -> ReturnedForm,
) -> Result<Response, Error> {
    match state.record.execute(&state.db, access.requester(proof), access.launch.id, vec![command]).await {
        Ok(_) => Ok(SeeOther::to(pages::page_href(access)).with_success(message).into_response()),
        Err(not_done) => {
            let access = access.reload(state).await?;
            let returned = pages::to_returned_form(&access.launch, not_done, back)?;
            pages::render_returned_form(state, &access, page, returned).await
        }
    }
}

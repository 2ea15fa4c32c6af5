//! POST: what the owner decides, and the launch's life.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};

use super::{
    forms::{DecisionForm, Entered, LifecycleForm, Returned, Which, needed},
    pages::{self, told},
    sign::{Proved, prove, seq},
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
    launch_page::{outcome::plainly, texts::new_text},
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Sent},
        page::{Page, SeeOther},
    },
};

/// `POST /launches/{id}/signature-requests`.
pub(super) async fn ask(State(state): State<AppState>, access: LaunchAccess) -> Result<Response, Error> {
    access.may(&Act::AskSignatures)?;
    match state.record.execute(&state.db, access.asker(None), access.launch.id, vec![Command::AskSignatures]).await {
        Ok(_) => {
            let said = "Asked. Whoever holds a role that has not signed is told on their start page.";
            Ok(SeeOther::to(pages::address(&access)).good(said).into_response())
        }
        Err(not_done) => plainly(&access.launch, not_done),
    }
}

/// `POST /launches/{id}/decision`.
pub(super) async fn decide(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::Decide)?;
    let form: DecisionForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let (which, said) = match form.decision.as_str() {
        "go" => (Which::Go, "GO is declared."),
        "hold" => (Which::Hold, "The launch is on hold."),
        "resume" => (Which::Resume, "Preparation goes on."),
        "reopen" => (Which::Reopen, "The launch is open again, and the decision taken back."),
        _ => (Which::Unknown, ""),
    };
    let command = decision(&which, &form, &mut errors);
    let entered = Entered { text: form.reason.clone(), acknowledged: form.acknowledge.clone(), ..Entered::default() };
    let back = |errors| Returned::fields(which.clone(), Entered { errors, ..entered.clone() });
    let Some(command) = command else {
        let problem = (which == Which::Unknown).then(|| told("Decide go, hold, resume or reopen."));
        let returned = Returned { problem, ..back(errors) };
        return pages::returned(&state, &access, &page, returned).await;
    };
    // Declaring GO is signed; for the others a password is checked where one was given.
    let wanted = which == Which::Go || !form.password.is_empty();
    let proof = match wanted {
        true => match prove(&state, &access, &page, form.typed(), &mut errors).await? {
            Proved::Yes(proof) => Some(proof),
            proved @ (Proved::No | Proved::Wait(_)) => {
                return pages::returned(&state, &access, &page, proved.returned(back(errors))).await;
            }
        },
        false => None,
    };
    submit(&state, &access, &page, (command, proof), said, back).await
}

/// The decision that is asked for; nothing when a field is wrong, which `errors` tells.
fn decision(which: &Which, form: &DecisionForm, errors: &mut FieldErrors) -> Option<Command> {
    match which {
        Which::Go => {
            let acknowledged = form.acknowledge.iter().cloned().map(ConditionId).collect();
            errors.take("seq", seq(&form.seq)).map(|saw| Command::DeclareGo { acknowledged, saw })
        }
        Which::Hold => reason(&form.reason, errors).map(|reason| Command::Hold { reason }),
        Which::Resume => {
            let reason = errors.take("reason", Prose::optional(&form.reason));
            reason.map(|reason| Command::Resume { reason: reason.map(new_text) })
        }
        Which::Reopen => reason(&form.reason, errors).map(|reason| Command::Reopen { reason }),
        Which::Sign(_) | Which::Withdraw(_) | Which::Launch | Which::Close | Which::Cancel | Which::Unknown => None,
    }
}

/// A reason that has to be given.
fn reason(text: &str, errors: &mut FieldErrors) -> Option<NewText> {
    errors.take("reason", needed(text, "Say why.")).map(new_text)
}

/// `POST /launches/{id}/lifecycle`.
pub(super) async fn live(
    State(state): State<AppState>,
    access: LaunchAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    access.may(&Act::Live)?;
    let form: LifecycleForm = sent.form().await?;
    let mut errors = FieldErrors::new();
    let (which, said, command) = match form.step.as_str() {
        "launch" => {
            let said = "The launch is recorded. What follows it is unlocked, with its due times.";
            let at = errors.take("at", moment(&form.at, access.launch.zone()));
            (Which::Launch, said, at.map(|at| Command::Launch { at, past: None }))
        }
        "close" => (Which::Close, "The launch is closed.", settlements(&form, &mut errors)),
        "cancel" => {
            let cancel = reason(&form.reason, &mut errors).map(|reason| Command::Cancel { reason });
            (Which::Cancel, "The launch is cancelled.", cancel)
        }
        _ => (Which::Unknown, "", None),
    };
    let notes = form.condition.into_iter().zip(form.note).collect();
    let entered = Entered { text: form.reason, at: form.at, notes, ..Entered::default() };
    let back = |errors| Returned::fields(which.clone(), Entered { errors, ..entered.clone() });
    match command {
        Some(command) => submit(&state, &access, &page, (command, None), said, back).await,
        None => {
            let problem = (which == Which::Unknown).then(|| told("The next step is launch, close or cancel."));
            pages::returned(&state, &access, &page, Returned { problem, ..back(errors) }).await
        }
    }
}

/// The moment of launch as it was typed, in the launch's zone; nothing where it was left empty.
fn moment(text: &str, zone: &Zone) -> Result<Option<LaunchMoment>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let local = LocalTime::parse(text, zone.clone()).map_err(|bad| bad.to_string())?;
    Ok(Some(LaunchMoment { at: local.moment(), to_the_minute: text.matches(':').count() < 2 }))
}

/// Closing, with a note for each condition.
fn settlements(form: &LifecycleForm, errors: &mut FieldErrors) -> Option<Command> {
    if form.condition.len() != form.note.len() {
        errors.add("condition", "Each condition comes with its note.");
        return None;
    }
    let mut settlements = BTreeMap::new();
    for (condition, note) in form.condition.iter().zip(&form.note) {
        let note = errors.take("note", needed(note, "Say how it was settled."))?;
        settlements.insert(ConditionId(condition.clone()), new_text(note));
    }
    Some(Command::Close { settlements })
}

/// Does a command of a form on the page; when it is refused, the form comes back with the launch as it is now.
async fn submit(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    (command, proof): (Command, Option<Proof>),
    said: &str,
    back: impl Fn(FieldErrors) -> Returned,
) -> Result<Response, Error> {
    match state.record.execute(&state.db, access.asker(proof), access.launch.id, vec![command]).await {
        Ok(_) => Ok(SeeOther::to(pages::address(access)).good(said).into_response()),
        Err(not_done) => {
            let access = access.again(state).await?;
            let returned = pages::sort(&access.launch, not_done, back)?;
            pages::returned(state, &access, page, returned).await
        }
    }
}

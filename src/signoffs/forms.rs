//! The forms of the go/no-go page as they are sent, and as they come back.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    access::proof::Typed,
    domain::{
        ids::SignatureId,
        launch::{command::Conflict, event::Meaning, state::LaunchState},
        role::RoleSlug,
        text::{BadText, Prose},
    },
    launch_page::{
        difference::DiffLine,
        words::{self, ConditionLine, ReasonLine},
    },
    web::form::{FieldErrors, Sometimes},
};

/// A signature, as it was sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignForm {
    pub role: String,
    pub verdict: String,
    pub meaning: Sometimes,
    pub comment: String,
    pub digest: String,
    pub seq: String,
    pub statement: String,
    pub lifts: String,
    pub once: String,
    pub password: String,
    pub code: String,
}

/// A withdrawal, as it was sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct WithdrawalForm {
    pub comment: String,
    pub password: String,
    pub code: String,
}

/// A decision, as it was sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionForm {
    pub decision: String,
    pub reason: String,
    pub acknowledge: Vec<String>,
    pub seq: String,
    pub password: String,
    pub code: String,
}

/// A step of the launch's life, as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LifecycleForm {
    pub step: String,
    pub at: String,
    pub reason: String,
    pub condition: Vec<String>,
    pub note: Vec<String>,
}

macro_rules! typed {
    ($($form:ty),+) => {$(
        impl $form {
            /// What it brings to prove who sends it.
            pub(super) fn typed(&self) -> Typed<'_> {
                Typed { password: &self.password, code: &self.code }
            }
        }
    )+};
}

typed!(SignForm, WithdrawalForm, DecisionForm);

/// A text that has to be given; `say` is the sentence where it was not.
pub(super) fn needed(text: &str, say: &str) -> Result<Prose, String> {
    Prose::new(text).map_err(|bad| if bad == BadText::Empty { say.to_owned() } else { bad.to_string() })
}

/// Which form of the page it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    Sign(RoleSlug),
    Withdraw(SignatureId),
    Go,
    Hold,
    Resume,
    Reopen,
    Launch,
    Close,
    Cancel,
    /// None of them: what was sent does not say.
    Unknown,
}

/// What a form holds when it comes back: what was typed, and what is wrong with it. Nothing, when it is fresh.
#[derive(Debug, Clone, Default)]
pub(super) struct Entered {
    pub errors: FieldErrors,
    /// Whether it came back, so that nothing may be put in its place while the page brings itself up to date.
    pub returned: bool,
    /// A comment or a reason.
    pub text: String,
    pub meaning: Option<Meaning>,
    pub lifts: String,
    pub at: String,
    pub acknowledged: Vec<String>,
    /// The notes, by the conditions that they settle.
    pub notes: BTreeMap<String, String>,
}

impl Entered {
    /// Whether a meaning is the one chosen; approval is, while none was.
    pub(super) fn means(&self, meaning: &Meaning) -> bool {
        self.meaning.unwrap_or(Meaning::Approval) == *meaning
    }

    pub(super) fn acknowledges(&self, condition: &str) -> bool {
        self.acknowledged.iter().any(|id| id == condition)
    }

    pub(super) fn note(&self, condition: &str) -> &str {
        self.notes.get(condition).map_or("", String::as_str)
    }

    pub(super) fn error(&self, field: &str) -> Option<&str> {
        self.errors.get(field)
    }
}

/// A form that comes back, and what is wrong beyond its fields.
#[derive(Debug, Clone)]
pub(super) struct Returned {
    pub which: Which,
    pub entered: Entered,
    pub problem: Option<Problem>,
    /// Seconds until it may be tried again, when it was tried too often.
    pub wait: Option<u64>,
}

impl Returned {
    /// The form with these messages at its fields.
    pub(super) fn fields(which: Which, entered: Entered) -> Self {
        let entered = Entered { returned: true, ..entered };
        Self { which, entered, problem: None, wait: None }
    }
}

/// Why something could not be done as things stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Problem {
    pub sentence: String,
    /// What stood in the way of what was asked for.
    pub reasons: Vec<ReasonLine>,
    /// The conditions that there are, when others were acknowledged.
    pub conditions: Vec<ConditionLine>,
    /// What changed since the page was made.
    pub difference: Vec<DiffLine>,
}

impl Problem {
    pub(super) fn new(state: &LaunchState, sentence: String, conflict: &Conflict) -> Self {
        let mut problem = Self { sentence, ..Self::default() };
        match conflict {
            Conflict::NotReady(reasons) => {
                problem.reasons = reasons.iter().map(|reason| words::reason(state, reason)).collect();
            }
            Conflict::Conditions(conditions) => {
                problem.conditions = conditions.iter().map(|condition| words::condition(state, condition)).collect();
            }
            Conflict::Stage(_)
            | Conflict::StaleItem(_)
            | Conflict::StaleNotes
            | Conflict::ChangedSince(_)
            | Conflict::StaleScope(_)
            | Conflict::Waiting(_)
            | Conflict::Other(_) => {}
        }
        problem
    }
}

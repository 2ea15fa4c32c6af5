//! The forms of the go/no-go page, as they are submitted and as they are shown again.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;

use crate::{
    access::proof::ProofInput,
    domain::{
        ids::SignatureId,
        launch::{
            command::Conflict,
            event::{Seq, SignatureMeaning, Vote},
            state::LaunchState,
        },
        role::RoleSlug,
        text::{Prose, TextError},
    },
    presentation::{
        difference::DiffLine,
        formatting::{self, ConditionRow, ReasonRow},
    },
    web::{
        form::{FieldErrors, OptionalText},
        form_base::FormBase,
        idempotency::SentIdempotencyKey,
    },
};

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignForm {
    pub role: String,
    pub verdict: String,
    pub meaning: OptionalText,
    /// What a NO-GO means; the page's form asks for the meaning of a GO only.
    pub no_go_meaning: String,
    pub comment: String,
    pub digest: String,
    pub seq: String,
    pub statement: String,
    pub lifts: String,
    pub once: SentIdempotencyKey,
    pub password: String,
    pub code: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SignatureWithdrawalForm {
    pub comment: String,
    pub password: String,
    pub code: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchDecisionForm {
    pub decision: String,
    pub reason: String,
    pub acknowledge: Vec<String>,
    pub seq: String,
    pub password: String,
    pub code: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LifecycleForm {
    pub step: String,
    pub at: String,
    pub reason: String,
    pub condition: Vec<String>,
    pub note: Vec<String>,
}

macro_rules! impl_proof_input {
    ($($form:ty),+) => {$(
        impl $form {
            /// Credentials that prove who sends the form.
            pub(super) fn proof_input(&self) -> ProofInput<'_> {
                ProofInput { password: &self.password, code: &self.code }
            }
        }
    )+};
}

impl_proof_input!(SignForm, SignatureWithdrawalForm, LaunchDecisionForm);

/// A required text; `say` is the message if it is empty.
pub(super) fn required_text(text: &str, say: Cow<'static, str>) -> Result<Prose, Cow<'static, str>> {
    Prose::new(text).map_err(|bad| if bad == TextError::Empty { say } else { bad.to_string().into() })
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GoNoGoForm {
    Sign(RoleSlug),
    Withdraw(SignatureId),
    DeclareGo,
    Hold,
    Resume,
    Reopen,
    Launch,
    Close,
    Cancel,
    /// None of them: what was sent names no form.
    Unknown,
}

/// Input and errors of a form that is shown again; empty for a fresh form.
#[derive(Debug, Clone, Default)]
pub(super) struct GoNoGoInput {
    pub errors: FieldErrors,
    /// Whether the form is shown again, so that a refresh of the page must not replace it.
    pub returned: bool,
    /// The comment of a signature, or the reason of another form.
    pub text: String,
    pub shown: ShownToSigner,
    pub vote: Option<Vote>,
    pub meaning: Option<SignatureMeaning>,
    pub lifts: String,
    pub at: String,
    pub acknowledged: Vec<String>,
    /// The notes, by the conditions that they settle.
    pub notes: BTreeMap<String, String>,
}

/// What the page of a form showed of what is signed or decided, as the form says it.
#[derive(Debug, Clone, Default)]
pub(super) struct ShownToSigner {
    pub digest: FormBase,
    /// The number of the newest event that the page knew.
    pub seq: FormBase,
    /// The version of the statements.
    pub statement: FormBase,
}

impl GoNoGoInput {
    /// The newest event that a form names: in a form that comes back, the one that it was sent with.
    pub(super) fn newest_event(&self, newest: &Seq) -> Seq {
        self.shown.seq.read().filter(|seq| (1..=*newest).contains(seq)).unwrap_or(*newest)
    }

    /// Whether a meaning is selected; approval is the default.
    pub(super) fn has_meaning(&self, meaning: &SignatureMeaning) -> bool {
        self.meaning.unwrap_or(SignatureMeaning::Approval) == *meaning
    }

    pub(super) fn has_vote(&self, slug: &str) -> bool {
        self.vote.is_some_and(|vote| vote.slug() == slug)
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

/// A form to show again, and what is wrong beyond its fields.
#[derive(Debug, Clone)]
pub(super) struct ReturnedForm {
    pub form: GoNoGoForm,
    pub input: GoNoGoInput,
    pub problem: Option<GoNoGoProblem>,
    /// Seconds until the next attempt, after too many attempts.
    pub retry_after: Option<u64>,
}

impl ReturnedForm {
    /// A form with errors at its fields only.
    pub(super) fn with_input(which: GoNoGoForm, entered: GoNoGoInput) -> Self {
        let entered = GoNoGoInput { returned: true, ..entered };
        Self { form: which, input: entered, problem: None, retry_after: None }
    }
}

/// Why the launch's current state does not allow the action.
#[derive(Debug, Clone, Default)]
pub(super) struct GoNoGoProblem {
    pub sentence: String,
    /// The reasons why the launch is not ready.
    pub reasons: Vec<ReasonRow>,
    /// The current conditions, if others were acknowledged.
    pub conditions: Vec<ConditionRow>,
    /// What changed since the page was made.
    pub difference: Vec<DiffLine>,
}

impl GoNoGoProblem {
    pub(super) fn new(state: &LaunchState, sentence: String, conflict: &Conflict) -> Self {
        let mut problem = Self { sentence, ..Self::default() };
        match conflict {
            Conflict::NotReady(reasons) => {
                problem.reasons = reasons.iter().map(|reason| formatting::describe_reason(state, reason)).collect();
            }
            Conflict::Conditions(conditions) => {
                problem.conditions =
                    conditions.iter().map(|condition| formatting::describe_condition(state, condition)).collect();
            }
            Conflict::Stage(_)
            | Conflict::StaleItem(_)
            | Conflict::ChangedSince(_)
            | Conflict::StaleScope(_)
            | Conflict::Waiting(_)
            | Conflict::Other(_) => {}
        }
        problem
    }

    /// Adds a sentence, unless the text has it already.
    pub(super) fn add_sentence(&mut self, sentence: &str) {
        if !self.sentence.contains(sentence) {
            let joint = if self.sentence.is_empty() { "" } else { " " };
            self.sentence = format!("{}{joint}{sentence}", self.sentence);
        }
    }
}

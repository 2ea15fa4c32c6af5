//! Data of the go/no-go page: the verdict, the decisions, the reasons and the conditions.

use std::borrow::Cow;

use askama::Template;

use super::{
    blocking_reasons::BlockingReasons,
    checkpoint::CheckpointView,
    forms::{GoNoGoForm, GoNoGoInput, GoNoGoProblem, ReturnedForm},
    owner::OwnerPanel,
    printed_sheet::PrintedPart,
    shown_readiness::shown_readiness,
    sign_form::SignFormView,
    signatures::SignatureBlock,
    since_last_visit::{ChangesSinceVisit, GoNoGoReader},
};
use crate::{
    access::store::FormerMembers,
    domain::{
        ids::LaunchId,
        launch::{
            decision_name::DecisionName,
            event::{ReadinessSnapshot, Seq},
            state::{Decision, LaunchState, Stage},
        },
        readiness::{Condition, ConditionKind, Readiness, ReadinessRule},
        time::{Moment, Zone},
    },
    presentation::{
        formatting::{self, ConditionRow, ReasonRow},
        head::{HeadAction, LaunchHead},
    },
    texts::{self, Markup},
    web::{
        chrome::Chrome,
        time::{exact, format_to_the_second},
    },
};

#[derive(Template)]
#[template(path = "signoffs/go_no_go.html")]
pub(super) struct GoNoGoPage {
    pub chrome: Chrome,
    pub head: LaunchHead,
    /// Address that loads the current page, with the changes since the same event.
    pub refresh: String,
    pub problem: Option<GoNoGoProblem>,
    /// Input of a form that is no longer offered.
    pub entered_text: Option<String>,
    pub computed: VerdictView,
    /// Time of the readiness: now, or on a page of the past the time of its last event.
    pub judged_at: Moment,
    /// The decision that the launch is at.
    pub decided: Option<LaunchDecisionRow>,
    /// The decisions that led to it, the newest last.
    pub earlier_decisions: Vec<LaunchDecisionRow>,
    pub revoked_go: Option<RevokedGoRow>,
    pub reasons: BlockingReasons,
    pub since: Option<ChangesSinceVisit>,
    pub blocks: Vec<SignatureBlock>,
    /// The holders who can no longer sign.
    pub former: FormerMembers,
    pub conditions: Vec<ConditionView>,
    pub signing: Vec<SignFormView>,
    pub why_not_sign: Option<Cow<'static, str>>,
    /// Email address of the signer, for password managers.
    pub account: String,
    /// Whether a code is required besides the password.
    pub second_factor: bool,
    pub owner: OwnerPanel,
    /// Warnings for the owner.
    pub alarms: Vec<String>,
    /// The signers, and whether they have opened the page; for the owner.
    pub readers: Vec<GoNoGoReader>,
    pub parts: Vec<PrintedPart>,
    pub checkpoint: Option<CheckpointView>,
}

impl GoNoGoPage {
    fn is_about_state(line: &ReasonRow) -> bool {
        line.rule == ReadinessRule::Items
    }

    fn rule_label(line: &ReasonRow) -> (Cow<'static, str>, &'static str) {
        match line.rule {
            ReadinessRule::Objection => (texts::rule_objection(), "no-go"),
            ReadinessRule::Signatures => (texts::rule_signature(), "sign"),
            ReadinessRule::Evidence => (texts::rule_evidence(), "clip"),
            ReadinessRule::Justification => (texts::rule_agreement(), "dash"),
            ReadinessRule::Window => (texts::rule_target(), "clock"),
            ReadinessRule::Items => (texts::rule_item(), if line.critical { "critical" } else { "checklist" }),
        }
    }

    /// A time on the printed sheet: to the second, in UTC.
    fn format_utc(at: &Moment) -> String {
        format_to_the_second(*at, &Zone::UTC)
    }
}

/// What the reader can do on the page, for its head: sign in the roles in which nothing of theirs stands, and decide.
pub(super) fn list_head_actions(signing: &[SignFormView], owner: &OwnerPanel) -> Vec<HeadAction> {
    let due = signing.iter().filter(|form| form.signed.as_ref().is_none_or(|signed| !signed.is_current));
    let sign = due.map(|form| HeadAction {
        href: format!("#sign-{}", form.role),
        label: texts::sign_as(&form.title),
        icon: "sign",
    });
    let decide = (owner.declare.is_some() || owner.launch.is_some() || owner.resume.is_some() || owner.close.is_some())
        .then(|| HeadAction { href: "#owner".to_owned(), label: texts::decide_here(), icon: "go" });
    sign.chain(decide).collect()
}

pub(super) struct VerdictView {
    pub slug: &'static str,
    pub seq: Seq,
    /// When it may next change without an event.
    pub holds_until: Option<String>,
    /// Time of the launch, if the verdict is a fact of that moment.
    pub found_at: Option<String>,
}

impl VerdictView {
    pub(super) fn new(launch: &LaunchState, readiness: &Readiness) -> Self {
        let launched = launch.stage.launched();
        let ahead = launched.is_none();
        Self {
            slug: shown_readiness(launch, readiness).verdict.slug(),
            seq: launched.map_or(launch.seq, |launched| launched.seq),
            holds_until: readiness.valid_until.filter(|_| ahead).map(|until| exact(until, launch.zone())),
            found_at: launched.map(|launched| exact(launched.at, launch.zone())),
        }
    }
}

/// A decision, which is a fact independent of the current verdict.
pub(super) struct LaunchDecisionRow {
    decision: DecisionView,
    /// The name of the person who decided.
    by: String,
    at: Moment,
}

enum DecisionView {
    /// With the readiness at that moment, in words.
    Go {
        seq: Seq,
        readiness: Cow<'static, str>,
    },
    Launched {
        seq: Seq,
        readiness: Cow<'static, str>,
    },
    Held {
        reason: String,
    },
    Cancelled {
        reason: String,
    },
    Closed,
}

impl LaunchDecisionRow {
    fn name(&self) -> DecisionName {
        match self.decision {
            DecisionView::Go { .. } => DecisionName::Go,
            DecisionView::Launched { .. } => DecisionName::Launched,
            DecisionView::Held { .. } => DecisionName::Held,
            DecisionView::Cancelled { .. } => DecisionName::Cancelled,
            DecisionView::Closed => DecisionName::Closed,
        }
    }

    /// Who decided it, when and why.
    fn describe(&self, chrome: &Chrome, launch: &LaunchId) -> Markup {
        let (by, at, launch) = (chrome.person(&self.by), chrome.exact_time(&self.at), launch.to_string());
        match &self.decision {
            DecisionView::Go { seq, readiness } => texts::decision_go(by, at, launch, seq, readiness),
            DecisionView::Launched { seq, readiness } => texts::decision_launched(by, at, launch, seq, readiness),
            DecisionView::Held { reason } => texts::decision_hold(by, at, reason),
            DecisionView::Cancelled { reason } => texts::decision_cancelled(by, at, reason),
            DecisionView::Closed => texts::decision_closed(by, at),
        }
    }
}

/// The decisions in order; empty if there are none.
pub(super) fn build_decisions(launch: &LaunchState) -> Vec<LaunchDecisionRow> {
    let line = |decision, by, at| LaunchDecisionRow { decision, by: launch.person_name(by).to_owned(), at };
    let go = |decision: &Decision| {
        let readiness = describe_readiness_at_go(&decision.readiness);
        line(DecisionView::Go { seq: decision.seq, readiness }, decision.by, decision.at)
    };
    let launched = launch.stage.launched().map(|launched| {
        let readiness = texts::readiness_then(count_readiness(&launched.readiness));
        line(DecisionView::Launched { seq: launched.seq, readiness }, launched.by, launched.at)
    });
    let text = |reason| launch.text(reason).to_owned();
    let last = match &launch.stage {
        Stage::Held { by, at, reason } => Some(line(DecisionView::Held { reason: text(reason) }, *by, *at)),
        Stage::Cancelled { by, at, reason } => Some(line(DecisionView::Cancelled { reason: text(reason) }, *by, *at)),
        Stage::Closed { by, at, .. } => Some(line(DecisionView::Closed, *by, *at)),
        Stage::Preparing | Stage::Go(_) | Stage::Launched(_) => None,
    };
    launch.stage.decision().map(go).into_iter().chain(launched).chain(last).collect()
}

/// A GO that was taken back, and why.
pub(super) struct RevokedGoRow {
    seq: Seq,
    declared_at: Moment,
    by: String,
    at: Moment,
    reason: String,
}

impl RevokedGoRow {
    fn describe(&self, chrome: &Chrome, launch: &LaunchId) -> Markup {
        let (declared, at) = (chrome.exact_time(&self.declared_at), chrome.exact_time(&self.at));
        texts::go_was_taken_back(launch.to_string(), self.seq, declared, chrome.person(&self.by), at, &self.reason)
    }
}

/// The newest GO, if it was taken back and nothing more was declared.
pub(super) fn build_revoked_go(launch: &LaunchState) -> Option<RevokedGoRow> {
    let revoked = launch.revoked_go.as_ref()?;
    Some(RevokedGoRow {
        seq: revoked.go.seq,
        declared_at: revoked.go.at,
        by: launch.person_name(revoked.revocation.by).to_owned(),
        at: revoked.revocation.at,
        reason: launch.text(&revoked.revocation.reason).to_owned(),
    })
}

/// Its conditions, if there are some, were acknowledged.
fn describe_readiness_at_go(readiness: &ReadinessSnapshot) -> Cow<'static, str> {
    let counted = count_readiness(readiness);
    match readiness.conditions.is_empty() {
        true => texts::readiness_then(counted),
        false => texts::readiness_then_acknowledged(counted),
    }
}

fn count_readiness(readiness: &ReadinessSnapshot) -> Cow<'static, str> {
    formatting::verdict_with_counts(readiness.verdict, readiness.reasons.len(), readiness.conditions.len())
}

/// A condition, and how it is handled.
pub(super) struct ConditionView {
    pub line: ConditionRow,
    pub expires: String,
    /// For a waiver: what is done instead.
    pub control: String,
    /// Whether GO was declared with it acknowledged.
    pub acknowledged: bool,
    /// How it was settled.
    pub settled: String,
}

pub(super) fn build_conditions(launch: &LaunchState, readiness: &Readiness) -> Vec<ConditionView> {
    let acknowledged = launch.stage.decision().map_or(&[][..], |decision| &decision.readiness.conditions);
    let settlements = match &launch.stage {
        Stage::Closed { settlements, .. } => settlements.as_slice(),
        _ => &[],
    };
    let view = |condition: &Condition| {
        let line = formatting::describe_condition(launch, condition);
        let waiver = match condition.kind {
            ConditionKind::Waiver { waiver, .. } => launch.waivers.get(&waiver),
            ConditionKind::Advisory { .. } => None,
        };
        let settled = settlements.iter().find(|settled| settled.condition == condition.id);
        ConditionView {
            expires: line.expires_on.map_or_else(String::new, formatting::format_day),
            control: waiver.map_or_else(String::new, |waiver| launch.text(&waiver.control).to_owned()),
            acknowledged: acknowledged.iter().any(|other| other.id == condition.id),
            settled: settled.map_or_else(String::new, |settled| launch.text(&settled.note).to_owned()),
            line,
        }
    };
    shown_readiness(launch, readiness).conditions.iter().map(view).collect()
}

/// A form that should be shown again but is no longer offered: its input, so that it is not lost, and its errors.
#[derive(Default)]
pub(super) struct UnofferedForm {
    pub entered_text: Option<String>,
    pub problem: Option<GoNoGoProblem>,
}

impl UnofferedForm {
    pub(super) fn new(
        returned: &ReturnedForm,
        signing: &[SignFormView],
        owner: &OwnerPanel,
        blocks: &[SignatureBlock],
    ) -> Self {
        let offered = match &returned.form {
            GoNoGoForm::Sign(role) => signing.iter().any(|form| form.role == *role),
            GoNoGoForm::Withdraw(id) => blocks.iter().flat_map(|block| &block.signed).any(|it| it.id == *id && it.own),
            GoNoGoForm::DeclareGo => owner.declare.is_some(),
            GoNoGoForm::Hold => owner.hold.is_some(),
            GoNoGoForm::Resume => owner.resume.is_some(),
            GoNoGoForm::Reopen => owner.reopen.is_some(),
            GoNoGoForm::Launch => owner.launch.is_some(),
            GoNoGoForm::Close => owner.close.is_some(),
            GoNoGoForm::Cancel => owner.cancel.is_some(),
            GoNoGoForm::Unknown => false,
        };
        if offered {
            return Self::default();
        }
        let entered = &returned.input;
        let texts = std::iter::once(&entered.text).chain(entered.notes.values()).filter(|text| !text.trim().is_empty());
        let text = texts.cloned().collect::<Vec<_>>().join("\n\n");
        let wrong = entered.errors.iter().map(|(_, sentence)| sentence).collect::<Vec<_>>().join(" ");
        Self {
            entered_text: (!text.is_empty()).then_some(text),
            problem: (!wrong.is_empty()).then(|| GoNoGoProblem { sentence: wrong, ..GoNoGoProblem::default() }),
        }
    }
}

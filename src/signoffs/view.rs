//! Data of the go/no-go page: the verdict, the decisions, the reasons and the conditions.

use std::borrow::Cow;

use askama::Template;

use super::{
    checkpoint::CheckpointView,
    forms::{GoNoGoForm, GoNoGoInput, GoNoGoProblem, ReturnedForm},
    owner::OwnerPanel,
    printed_sheet::PrintedPart,
    signatures::{SignFormView, SignatureBlock},
    since_last_visit::{ChangesSinceVisit, GoNoGoReader},
};
use crate::{
    access::{
        launch_access::{LaunchAccess, PastLaunch},
        store::FormerMembers,
    },
    domain::{
        ids::LaunchId,
        launch::{
            access::Act,
            decision_name::DecisionName,
            event::{ReadinessSnapshot, Seq},
            state::{Decision, LaunchState, Stage},
        },
        readiness::{Condition, ConditionKind, Readiness, ReadinessRule, Reason, SignatureProblem, Verdict},
        time::{Moment, Zone},
    },
    presentation::{
        formatting::{self, ConditionRow, ReasonRow},
        head::LaunchHead,
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
    pub reasons: Vec<ReasonRow>,
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
    /// Number of unfolded reasons; the rest is folded.
    const MAX_UNFOLDED_REASONS: usize = 20;

    fn first_reasons(&self) -> &[ReasonRow] {
        &self.reasons[..self.reasons.len().min(Self::MAX_UNFOLDED_REASONS)]
    }

    fn more_reasons(&self) -> &[ReasonRow] {
        &self.reasons[self.reasons.len().min(Self::MAX_UNFOLDED_REASONS)..]
    }

    fn is_about_state(line: &ReasonRow) -> bool {
        line.rule == ReadinessRule::Items
    }

    /// Label of the rule, and its icon.
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

/// Readiness as the page shows it: the current one or, once launched, the one at the launch.
pub(super) struct ShownReadiness<'a> {
    pub verdict: Verdict,
    pub reasons: &'a [Reason],
    pub conditions: &'a [Condition],
}

/// `readiness` is the current readiness.
pub(super) fn shown_readiness<'a>(launch: &'a LaunchState, readiness: &'a Readiness) -> ShownReadiness<'a> {
    match launch.stage.launched().map(|launched| &launched.readiness) {
        Some(ReadinessSnapshot { verdict, reasons, conditions }) => {
            ShownReadiness { verdict: *verdict, reasons, conditions }
        }
        None => ShownReadiness {
            verdict: readiness.verdict,
            reasons: &readiness.reasons,
            conditions: &readiness.conditions,
        },
    }
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

/// Reasons in the order in which to fix them: objections; a target that has to be moved; the items, critical ones
/// first; and signatures last, since fixing the others may change what they cover.
pub(super) fn sorted_reasons(launch: &LaunchState, reasons: &[Reason], former: &FormerMembers) -> Vec<ReasonRow> {
    let mut lines: Vec<_> =
        reasons.iter().map(|reason| formatting::describe_reason_with_accounts(launch, reason, former)).collect();
    lines.sort_by_key(|line| match line.rule {
        ReadinessRule::Objection => 0,
        ReadinessRule::Window => 1,
        ReadinessRule::Signatures => 4,
        ReadinessRule::Items | ReadinessRule::Evidence | ReadinessRule::Justification => 3 - u8::from(line.critical),
    });
    lines
}

/// The reasons as this page shows them: a reason that can be fixed on this page links to the place on it.
pub(super) fn build_reasons(
    access: &LaunchAccess,
    readiness: &Readiness,
    signing: &[SignFormView],
    former: &FormerMembers,
) -> Vec<ReasonRow> {
    let shown_reasons = shown_readiness(&access.launch, readiness).reasons;
    let mut lines = sorted_reasons(&access.launch, shown_reasons, former);
    let stale = |role| {
        shown_reasons.iter().find_map(|reason| match reason {
            Reason::Signatures { role: of, lack: SignatureProblem::Stale, signature: Some(id) } if of == role => {
                Some(*id)
            }
            _ => None,
        })
    };
    for line in lines.iter_mut().filter(|line| line.rule == ReadinessRule::Signatures) {
        let Some(role) = &line.role else { continue };
        if line.href.ends_with("#holders") {
            if !access.is_allowed(&Act::ManageHolders) {
                line.action_label = texts::see_who_holds_the_role();
            }
        } else if let Some(id) = stale(role) {
            (line.href, line.action_label) = (format!("#difference-{id}"), texts::see_the_difference());
        } else if signing.iter().any(|form| form.can_go && form.role == *role) {
            (line.href, line.action_label) = (format!("#sign-{role}"), texts::sign_for_role());
        }
    }
    if let Some(past) = access.past() {
        for line in &mut lines {
            link_to_past(line, past);
        }
    }
    lines
}

/// In the past nothing can be fixed, so the row links to where the reason can be seen.
fn link_to_past(line: &mut ReasonRow, past: PastLaunch) {
    if let Some(item) = line.item {
        line.href = formatting::item_href_at(Some(past), item);
    } else if !line.href.starts_with('#') {
        line.href = line.role.as_ref().map_or_else(|| past.address(), |role| format!("#role-{role}"));
    }
    line.action_label = texts::see_reason();
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

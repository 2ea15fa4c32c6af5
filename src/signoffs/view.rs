//! What the page is given: the verdict, the decisions, the reasons and the conditions.

use std::collections::BTreeSet;

use askama::Template;

use super::{
    checkpoint::CheckpointView,
    forms::{Entered, Problem, Returned, Which},
    owner::Owner,
    seen::{Reader, Since},
    sheet::SheetPart,
    signatures::{Block, Signing},
};
use crate::{
    access::{launch_access::LaunchAccess, past::Past},
    domain::{
        ids::{LaunchId, UserId},
        launch::{
            access::Act,
            event::{Finding, Seq},
            state::{Decision, LaunchState, Stage},
        },
        readiness::{Condition, ConditionKind, Readiness, Reason, SignatureLack, Verdict},
        time::{Moment, Zone},
    },
    launch_page::{
        head::Head,
        words::{self, ConditionLine, ReasonLine},
    },
    web::{page::Chrome, time::exact},
};

/// The go/no-go page.
#[derive(Template)]
#[template(path = "signoffs/go_no_go.html")]
pub(super) struct GoNoGo {
    pub chrome: Chrome,
    pub head: Head,
    /// Where the page is had anew, as it stands by then, with what changed since the same event.
    pub refresh: String,
    pub problem: Option<Problem>,
    /// What somebody typed into a form that is not offered any more.
    pub kept: Option<String>,
    pub computed: VerdictView,
    /// When readiness was judged: now, or at the time of the event after which the launch stood so.
    pub judged_at: Moment,
    pub decisions: Vec<DecisionLine>,
    pub reasons: Vec<ReasonLine>,
    pub since: Option<Since>,
    pub blocks: Vec<Block>,
    /// The holders who can't sign in any more.
    pub deactivated: BTreeSet<UserId>,
    pub conditions: Vec<ConditionView>,
    pub signing: Vec<Signing>,
    pub why_not_sign: Option<String>,
    /// The address of who signs, for password managers.
    pub account: String,
    /// Whether they are asked for a code besides their password.
    pub second_factor: bool,
    pub owner: Owner,
    /// What the owner is warned of.
    pub alarms: Vec<String>,
    /// Who signs, and whether they have opened the page; for the owner.
    pub readers: Vec<Reader>,
    pub parts: Vec<SheetPart>,
    /// The newest checkpoint.
    pub checkpoint: Option<CheckpointView>,
}

impl GoNoGo {
    /// How many reasons stand open; the rest folds away.
    const OPEN: usize = 20;

    fn first_reasons(&self) -> &[ReasonLine] {
        &self.reasons[..self.reasons.len().min(Self::OPEN)]
    }

    fn more_reasons(&self) -> &[ReasonLine] {
        &self.reasons[self.reasons.len().min(Self::OPEN)..]
    }

    /// The rule in a word, with its icon.
    fn rule(line: &ReasonLine) -> (&'static str, &'static str) {
        match line.rule {
            "objection" => ("Objection", "no-go"),
            "signatures" => ("Signature", "sign"),
            "evidence" => ("Evidence", "clip"),
            "justification" => ("Justification", "dash"),
            "window" => ("Target", "clock"),
            _ => ("Item", if line.critical { "critical" } else { "checklist" }),
        }
    }

    /// A moment on a sheet of paper: to the second, in UTC.
    fn utc(at: &Moment) -> String {
        to_the_second(*at, &Zone::UTC)
    }
}

/// `23 Nov 2026, 10:41:07 Europe/Lisbon`.
pub(super) fn to_the_second(at: Moment, zone: &Zone) -> String {
    format!("{} {}", at.local(zone).strftime("%-d %b %Y, %H:%M:%S"), zone.name())
}

/// Verdict, reasons and conditions as the page shows them: as they are now, or, once launched, as found then.
pub(super) struct Shown<'a> {
    pub verdict: Verdict,
    pub reasons: &'a [Reason],
    pub conditions: &'a [Condition],
}

/// What is to be shown of a launch of which this was found now.
pub(super) fn shown<'a>(launch: &'a LaunchState, found: &'a Readiness) -> Shown<'a> {
    match launch.stage.launched().map(|launched| &launched.found) {
        Some(Finding { verdict, reasons, conditions }) => Shown { verdict: *verdict, reasons, conditions },
        None => Shown { verdict: found.verdict, reasons: &found.reasons, conditions: &found.conditions },
    }
}

/// The verdict, with what it was computed from.
pub(super) struct VerdictView {
    pub slug: &'static str,
    pub seq: Seq,
    /// When it may next change by itself.
    pub holds_until: Option<String>,
    /// The moment of launch, of which it is a fact.
    pub found_at: Option<String>,
}

impl VerdictView {
    pub(super) fn new(launch: &LaunchState, found: &Readiness) -> Self {
        let launched = launch.stage.launched();
        let ahead = launched.is_none();
        Self {
            slug: shown(launch, found).verdict.slug(),
            seq: launched.map_or(launch.seq, |launched| launched.seq),
            holds_until: found.holds_until.filter(|_| ahead).map(|until| exact(until, launch.zone())),
            found_at: launched.map(|launched| exact(launched.at, launch.zone())),
        }
    }
}

/// Something that was decided, a fact apart from the verdict.
pub(super) struct DecisionLine {
    pub word: &'static str,
    /// `declared by Ana Okafor`.
    pub said: String,
    pub at: Moment,
    pub seq: Option<Seq>,
    pub reason: String,
    /// What readiness found at that moment.
    pub found: String,
}

/// What was decided, in order; nothing while nothing is.
pub(super) fn decisions(launch: &LaunchState) -> Vec<DecisionLine> {
    let line = |word, verb: &str, by, at, seq| DecisionLine {
        word,
        said: format!("{verb} by {}", launch.person(by)),
        at,
        seq,
        reason: String::new(),
        found: String::new(),
    };
    let go = |decision: &Decision| DecisionLine {
        found: finding(&decision.found, "acknowledged"),
        ..line("GO", "declared", decision.by, decision.at, Some(decision.seq))
    };
    let launched = launch.stage.launched().map(|launched| DecisionLine {
        found: finding(&launched.found, "at the launch"),
        ..line("LAUNCHED", "recorded", launched.by, launched.at, Some(launched.seq))
    });
    let reason = |reason| launch.text(reason).to_owned();
    let last = match &launch.stage {
        Stage::Held { by, at, reason: why } => {
            Some(DecisionLine { reason: reason(why), ..line("HOLD", "declared", *by, *at, None) })
        }
        Stage::Cancelled { by, at, reason: why } => {
            Some(DecisionLine { reason: reason(why), ..line("CANCELLED", "called off", *by, *at, None) })
        }
        Stage::Closed { by, at, .. } => Some(line("CLOSED", "closed", *by, *at, None)),
        Stage::Preparing | Stage::Go(_) | Stage::Launched(_) => None,
    };
    launch.stage.decision().map(go).into_iter().chain(launched).chain(last).collect()
}

fn finding(found: &Finding, conditions: &str) -> String {
    match found.conditions.len() {
        0 => format!("The verdict then was {}.", found.verdict.word()),
        number => {
            format!(
                "The verdict then was {}, with {} {conditions}.",
                found.verdict.word(),
                words::count(number, "condition")
            )
        }
    }
}

/// Reasons in words, in the order of what to fix first: what a person objects to; a target that has to be moved; then
/// the items, the critical ones first; and signatures last, since what is fixed before may be what they are about.
pub(super) fn in_order(launch: &LaunchState, reasons: &[Reason], deactivated: &BTreeSet<UserId>) -> Vec<ReasonLine> {
    let mut lines: Vec<_> = reasons.iter().map(|reason| words::reason_given(launch, reason, deactivated)).collect();
    lines.sort_by_key(|line| match line.rule {
        "objection" => 0,
        "window" => 1,
        "signatures" => 4,
        _ if line.critical => 2,
        _ => 3,
    });
    lines
}

/// The reasons as this page shows them: what is mended here leads there.
pub(super) fn reasons(
    access: &LaunchAccess,
    found: &Readiness,
    signing: &[Signing],
    deactivated: &BTreeSet<UserId>,
) -> Vec<ReasonLine> {
    let shown = shown(&access.launch, found).reasons;
    let mut lines = in_order(&access.launch, shown, deactivated);
    let stale = |role| {
        shown.iter().find_map(|reason| match reason {
            Reason::Signatures { role: of, lack: SignatureLack::Stale, signature: Some(id) } if of == role => Some(*id),
            _ => None,
        })
    };
    for line in lines.iter_mut().filter(|line| line.rule == "signatures") {
        let Some(role) = &line.role else { continue };
        if line.href.ends_with("#holders") {
            if !access.can(&Act::ManageHolders) {
                line.mend = "See who holds it";
            }
        } else if let Some(id) = stale(role) {
            (line.href, line.mend) = (format!("#difference-{id}"), "See the difference");
        } else if signing.iter().any(|form| form.can_go && form.role == *role) {
            (line.href, line.mend) = (format!("#sign-{role}"), "Sign");
        }
    }
    if let Some(past) = access.past() {
        for line in &mut lines {
            of_the_past(line, past);
        }
    }
    lines
}

/// What stood in the way is not mended any more: the line leads to where it is seen.
fn of_the_past(line: &mut ReasonLine, past: Past) {
    if let Some(item) = line.item {
        line.href = words::item_href_at(Some(past), item);
    } else if !line.href.starts_with('#') {
        line.href = line.role.as_ref().map_or_else(|| past.address(), |role| format!("#role-{role}"));
    }
    line.mend = "See";
}

/// A condition, with what is done about it.
pub(super) struct ConditionView {
    pub line: ConditionLine,
    pub expires: String,
    /// What is done instead, of a waiver.
    pub control: String,
    /// Whether GO was declared with it acknowledged.
    pub acknowledged: bool,
    /// How it was settled.
    pub settled: String,
}

/// The conditions that the launch rests on.
pub(super) fn conditions(launch: &LaunchState, found: &Readiness) -> Vec<ConditionView> {
    let acknowledged = launch.stage.decision().map_or(&[][..], |decision| &decision.found.conditions);
    let settlements = match &launch.stage {
        Stage::Closed { settlements, .. } => settlements.as_slice(),
        _ => &[],
    };
    let view = |condition: &Condition| {
        let line = words::condition(launch, condition);
        let waiver = match condition.kind {
            ConditionKind::Waiver { waiver, .. } => launch.waivers.get(&waiver),
            ConditionKind::Advisory { .. } => None,
        };
        let settled = settlements.iter().find(|settled| settled.condition == condition.id);
        ConditionView {
            expires: line.expires_on.map_or_else(String::new, words::day),
            control: waiver.map_or_else(String::new, |waiver| launch.text(&waiver.control).to_owned()),
            acknowledged: acknowledged.iter().any(|known| known.id == condition.id),
            settled: settled.map_or_else(String::new, |settled| launch.text(&settled.note).to_owned()),
            line,
        }
    };
    shown(launch, found).conditions.iter().map(view).collect()
}

/// A form that came back and is not offered any more: what was typed into it, so that it isn't lost, and what was
/// wrong with it.
#[derive(Default)]
pub(super) struct Homeless {
    pub kept: Option<String>,
    pub wrong: Option<Problem>,
}

impl Homeless {
    pub(super) fn new(returned: &Returned, signing: &[Signing], owner: &Owner, blocks: &[Block]) -> Self {
        let offered = match &returned.which {
            Which::Sign(role) => signing.iter().any(|form| form.role == *role),
            Which::Withdraw(id) => blocks.iter().flat_map(|block| &block.signed).any(|it| it.id == *id && it.own),
            Which::Go => owner.declare.is_some(),
            Which::Hold => owner.hold.is_some(),
            Which::Resume => owner.resume.is_some(),
            Which::Reopen => owner.reopen.is_some(),
            Which::Launch => owner.launch.is_some(),
            Which::Close => owner.close.is_some(),
            Which::Cancel => owner.cancel.is_some(),
            Which::Unknown => false,
        };
        if offered {
            return Self::default();
        }
        let entered = &returned.entered;
        let typed = std::iter::once(&entered.text).chain(entered.notes.values()).filter(|text| !text.trim().is_empty());
        let typed = typed.cloned().collect::<Vec<_>>().join("\n\n");
        let wrong = entered.errors.iter().map(|(_, sentence)| sentence).collect::<Vec<_>>().join(" ");
        Self {
            kept: (!typed.is_empty()).then_some(typed),
            wrong: (!wrong.is_empty()).then(|| Problem { sentence: wrong, ..Problem::default() }),
        }
    }
}

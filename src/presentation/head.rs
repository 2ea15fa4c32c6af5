//! The head of every page of a launch: its name, target, owner and verdict.

use std::borrow::Cow;

use crate::{
    access::launch_access::{LaunchAccess, PastLaunch},
    domain::{
        ids::{ItemId, LaunchId},
        launch::{
            decision_name::DecisionName,
            state::{LaunchState, StageName},
        },
        readiness::{Readiness, ReadinessRule, Reason, SignatureProblem, Verdict, compute_readiness},
        time::Moment,
    },
    presentation::{formatting, renewals, tags::TagLink},
    texts::{self, Markup},
    web::time::{TimeTag, format_local_time_with_weekday},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Checklist,
    GoNoGo,
    Evidence,
    History,
    Settings,
}

impl Tab {
    /// End of the page's address, for the pages that also exist for the past.
    const fn path(self) -> &'static str {
        match self {
            Self::Checklist | Self::History | Self::Settings => "",
            Self::GoNoGo => "/go-no-go",
            Self::Evidence => "/evidence",
        }
    }
}

/// What `templates/presentation/_head.html` prints at the top of each page of a launch.
#[derive(Debug, Clone)]
pub struct LaunchHead {
    pub id: LaunchId,
    pub name: String,
    /// What the launch is about; empty if there is no summary.
    pub summary: String,
    /// The checklist version it was created from: `Production readiness v3`.
    pub checklist: String,
    /// Page of that version.
    pub checklist_href: String,
    pub target: Moment,
    /// The target as local time with its zone.
    pub target_local: String,
    /// Time to or since the target.
    pub countdown: String,
    pub owner: String,
    /// The current verdict; once launched, the verdict at the launch.
    pub verdict: Verdict,
    /// Short explanation of the verdict.
    pub summary_of_verdict: String,
    pub stage: StageName,
    pub decision: DecisionName,
    /// Whether only those concerned may see it.
    pub restricted: bool,
    pub tags: Vec<TagLink>,
    pub tab: Tab,
    /// Number of pieces of evidence that are not withdrawn.
    pub evidence: usize,
    /// Number of events in the history.
    pub events: i64,
    /// Set on a page of the past.
    pub past: Option<PastView>,
    /// Why the reader cannot sign, approve or decide now; usually empty.
    pub waiting: String,
    /// How fast items have to be resolved, and how fast they were lately; on the checklist page, while some are open.
    pub pace: Option<LaunchPace>,
    /// What the reader can do on this page.
    pub actions: Vec<HeadAction>,
}

#[derive(Debug, Clone)]
pub struct LaunchPace {
    pub text: String,
    /// Whether the target is missed at the pace of the last days.
    pub is_behind: bool,
}

/// A link to a form further down the page.
#[derive(Debug, Clone)]
pub struct HeadAction {
    pub href: String,
    pub label: Markup,
    pub icon: &'static str,
}

/// What a page of the past shows about itself.
#[derive(Debug, Clone)]
pub struct PastView {
    past: PastLaunch,
    pub at: TimeTag,
    /// The number of events that came after it.
    pub later: i64,
}

impl PastView {
    fn from_access(access: &LaunchAccess) -> Option<Self> {
        let past = access.past()?;
        Some(Self {
            past,
            at: TimeTag::format_exact(access.now, &access.user.zone()),
            later: past.newest_seq - past.seq,
        })
    }

    /// The last event of the launch on this page.
    #[must_use]
    pub const fn seq(&self) -> i64 {
        self.past.seq
    }

    /// The event before it; `None` for the first.
    #[must_use]
    pub fn before(&self) -> Option<i64> {
        (self.past.seq > 1).then(|| self.past.seq - 1)
    }

    /// The event after it; `None` for the newest.
    #[must_use]
    pub fn after(&self) -> Option<i64> {
        (self.past.seq < self.past.newest_seq).then(|| self.past.seq + 1)
    }
}

impl LaunchHead {
    #[must_use]
    pub fn new(access: &LaunchAccess, tab: Tab) -> Self {
        Self::with_readiness(access, &compute_readiness(&access.launch, access.now), tab)
    }

    /// The same, if readiness is already computed.
    #[must_use]
    pub fn with_readiness(access: &LaunchAccess, readiness: &Readiness, tab: Tab) -> Self {
        let waiting =
            access.waiting_period().map(|waiting| renewals::explain_waiting_period(&waiting, &access.user.zone()));
        Self {
            past: PastView::from_access(access),
            waiting: waiting.unwrap_or_default(),
            ..Self::without_viewer(&access.launch, readiness, access.now, tab)
        }
    }

    /// The current head, independent of the reader.
    #[must_use]
    pub fn without_viewer(state: &LaunchState, readiness: &Readiness, now: Moment, tab: Tab) -> Self {
        let (verdict, reasons, conditions) = match state.stage.launched() {
            Some(launched) => (launched.readiness.verdict, &launched.readiness.reasons, &launched.readiness.conditions),
            None => (readiness.verdict, &readiness.reasons, &readiness.conditions),
        };
        let version = &state.version;
        Self {
            id: state.id,
            name: state.name().to_owned(),
            summary: state.details.summary.map_or_else(String::new, |summary| state.text(&summary).to_owned()),
            checklist: texts::checklist_and_version(&version.checklist.name, version.number).into_owned(),
            checklist_href: format!("/checklists/{}/versions/{}", version.checklist_id, version.number),
            target: state.details.target.to_moment(),
            target_local: format_local_time_with_weekday(&state.details.target),
            countdown: formatting::format_countdown(state.details.target.to_moment(), now),
            owner: state.person_name(state.owner).to_owned(),
            verdict,
            summary_of_verdict: summarize_reasons(reasons, conditions.len()),
            stage: state.stage.name(),
            decision: state.stage.name().into(),
            restricted: state.restricted,
            tags: state.tags.iter().map(TagLink::new).collect(),
            tab,
            evidence: state.evidence.values().filter(|evidence| evidence.withdrawn.is_none()).count(),
            events: state.seq,
            past: None,
            waiting: String::new(),
            pace: None,
            actions: Vec::new(),
        }
    }

    /// Address of the checklist page, with which the addresses of the other pages begin; in the present or in the past.
    #[must_use]
    pub fn base_href(&self) -> String {
        let past = self.past.as_ref().map(|past| past.past.address());
        past.unwrap_or_else(|| format!("/launches/{}", self.id))
    }

    /// Address of another of these pages at the same moment.
    #[must_use]
    pub fn page_href(&self, name: &str) -> String {
        format!("{}/{name}", self.base_href())
    }

    /// Address of this page after another event.
    #[must_use]
    pub fn page_at_href(&self, seq: &i64) -> String {
        format!("/launches/{}/as-of/{seq}{}", self.id, self.tab.path())
    }

    /// Address of this page in the present.
    #[must_use]
    pub fn page_now_href(&self) -> String {
        format!("/launches/{}{}", self.id, self.tab.path())
    }

    /// Address of the history, up to this moment.
    #[must_use]
    pub fn history_href(&self) -> String {
        match &self.past {
            Some(past) => format!("/launches/{}/history?before={}", self.id, past.seq() + 1),
            None => format!("/launches/{}/history", self.id),
        }
    }

    /// Where an item can be read.
    #[must_use]
    pub fn item_href(&self, item: &ItemId) -> String {
        formatting::item_href_at(self.past.as_ref().map(|past| past.past), *item)
    }

    /// Where the row of an item leads; on a page of the past, to the item's history up to then.
    #[must_use]
    pub fn row_href(&self, item: &ItemId) -> String {
        match &self.past {
            Some(past) => format!("/launches/{}/history?item={item}&before={}", self.id, past.seq() + 1),
            None => formatting::item_href(*item),
        }
    }

    /// Where the evidence on an item can be read.
    #[must_use]
    pub fn evidence_href(&self, item: &ItemId) -> String {
        match &self.past {
            Some(_) => format!("{}#item-{item}", self.page_href("evidence")),
            None => format!("{}#evidence", formatting::item_href(*item)),
        }
    }

    #[must_use]
    pub fn is_current(&self, tab: &str) -> bool {
        let current = match self.tab {
            Tab::Checklist => "checklist",
            Tab::GoNoGo => "go_no_go",
            Tab::Evidence => "evidence",
            Tab::History => "history",
            Tab::Settings => "settings",
        };
        current == tab
    }

    /// Whether the launch is upcoming, so that the countdown has a meaning.
    #[must_use]
    pub const fn counts_down(&self) -> bool {
        matches!(self.stage, StageName::Preparing | StageName::Go | StageName::Held)
    }
}

/// `Blocked by 16 items, 2 signatures`.
fn summarize_reasons(reasons: &[Reason], conditions: usize) -> String {
    let count = |rules: &[ReadinessRule]| reasons.iter().filter(|reason| rules.contains(&reason.rule())).count();
    let items = count(&[ReadinessRule::Items, ReadinessRule::Evidence, ReadinessRule::Justification]);
    let objections = count(&[ReadinessRule::Objection]);
    // A NO-GO breaks two rules, and is counted once.
    let objected = |reason: &&Reason| matches!(reason, Reason::Signatures { lack: SignatureProblem::Objects, .. });
    let objected = if objections > 0 { reasons.iter().filter(objected).count() } else { 0 };
    let signatures = count(&[ReadinessRule::Signatures]) - objected;
    let parts: Vec<Cow<'static, str>> = [
        (items > 0).then(|| texts::blocking_items(items)),
        (signatures > 0).then(|| texts::blocking_signatures(signatures)),
        (objections > 0).then(|| texts::blocking_objections(objections)),
        (count(&[ReadinessRule::Window]) > 0).then(texts::blocking_target),
    ]
    .into_iter()
    .flatten()
    .collect();
    let summary = match parts.as_slice() {
        [] if conditions > 0 => texts::blocked_by_nothing_with_conditions(conditions),
        [] => texts::blocked_by_nothing(),
        parts => texts::blocked_by(parts.join(", ")),
    };
    summary.into_owned()
}

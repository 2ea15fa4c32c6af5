//! The head that every page of a launch has: what it is, when, whose, and the verdict.

use crate::{
    access::{launch_access::LaunchAccess, past::Past},
    domain::{
        ids::{ItemId, LaunchId},
        launch::state::{LaunchState, StageName},
        readiness::{Readiness, Reason, Verdict, readiness},
        time::Moment,
    },
    launch_page::{way_in, words},
    web::time::{exact, machine},
};

/// The pages of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The items.
    Checklist,
    /// The verdict and the signatures.
    GoNoGo,
    /// All evidence.
    Evidence,
    /// The history.
    History,
    /// The settings.
    Settings,
}

impl Tab {
    /// What the page's address ends with, of those that are also there as they stood.
    const fn path(self) -> &'static str {
        match self {
            Self::Checklist | Self::History | Self::Settings => "",
            Self::GoNoGo => "/go-no-go",
            Self::Evidence => "/evidence",
        }
    }
}

/// The head's data, for `templates/launch_page/_head.html`.
#[derive(Debug, Clone)]
pub struct Head {
    /// The launch.
    pub id: LaunchId,
    /// Its name.
    pub name: String,
    /// What it is about; empty where nobody said.
    pub summary: String,
    /// The checklist version it was made from: `Production readiness v3`.
    pub checklist: String,
    /// The page of that version.
    pub checklist_href: String,
    /// When it is meant to happen.
    pub target: Moment,
    /// That, as a local time with its zone.
    pub target_local: String,
    /// How far off that is.
    pub countdown: String,
    /// Who owns it.
    pub owner: String,
    /// The verdict: what readiness computes; once launched, what it found then.
    pub verdict: Verdict,
    /// What the verdict comes from, in a few words.
    pub summary_of_verdict: String,
    /// The stage.
    pub stage: StageName,
    /// Whether only those concerned may see it.
    pub restricted: bool,
    /// The page one is on.
    pub tab: Tab,
    /// How many pieces of evidence there are, without the withdrawn.
    pub evidence: usize,
    /// How many events the history has.
    pub events: i64,
    /// Whether this is the launch as it once stood.
    pub past: Option<PastView>,
    /// Why who reads can't sign, approve or decide now; empty for most.
    pub waiting: String,
}

/// What a page of the past says of itself.
#[derive(Debug, Clone)]
pub struct PastView {
    past: Past,
    /// When the event was, by the reader's clock, and for programs.
    pub exact: String,
    /// The same for programs.
    pub machine: String,
    /// `17 events came after it`; nothing did, where it is empty.
    pub later: String,
}

impl PastView {
    fn of(access: &LaunchAccess) -> Option<Self> {
        let past = access.past()?;
        let later = usize::try_from(past.newest - past.seq).unwrap_or_default();
        Some(Self {
            past,
            exact: exact(access.now, &access.user.zone()),
            machine: machine(access.now),
            later: if later == 0 { String::new() } else { format!("{} came after it", words::count(later, "event")) },
        })
    }

    /// The event after which the launch stood so.
    #[must_use]
    pub const fn seq(&self) -> i64 {
        self.past.seq
    }

    /// The event before it; nothing before the first.
    #[must_use]
    pub fn before(&self) -> Option<i64> {
        (self.past.seq > 1).then(|| self.past.seq - 1)
    }

    /// The event after it; nothing after the newest.
    #[must_use]
    pub fn after(&self) -> Option<i64> {
        (self.past.seq < self.past.newest).then(|| self.past.seq + 1)
    }
}

impl Head {
    /// The head of a launch's page now.
    #[must_use]
    pub fn new(access: &LaunchAccess, tab: Tab) -> Self {
        Self::of(access, &readiness(&access.launch, access.now), tab)
    }

    /// The same, where readiness has been computed already.
    #[must_use]
    pub fn of(access: &LaunchAccess, found: &Readiness, tab: Tab) -> Self {
        let waiting = access.waiting().map(|waiting| way_in::waiting(&waiting, &access.user.zone()));
        Self {
            past: PastView::of(access),
            waiting: waiting.unwrap_or_default(),
            ..Self::with(&access.launch, found, access.now, tab)
        }
    }

    /// The head as it is now, for nobody in particular.
    #[must_use]
    pub fn with(state: &LaunchState, found: &Readiness, now: Moment, tab: Tab) -> Self {
        let (verdict, reasons, conditions) = match state.stage.launched() {
            Some(launched) => (launched.found.verdict, &launched.found.reasons, &launched.found.conditions),
            None => (found.verdict, &found.reasons, &found.conditions),
        };
        let version = &state.version;
        Self {
            id: state.id,
            name: state.name().to_owned(),
            summary: state.details.summary.map_or_else(String::new, |summary| state.text(&summary).to_owned()),
            checklist: format!("{} v{}", version.checklist.name, version.number),
            checklist_href: format!("/checklists/{}/versions/{}", version.of, version.number),
            target: state.details.target.moment(),
            target_local: format!(
                "{} {}",
                state.details.target.local.strftime("%a %-d %b %Y, %H:%M"),
                state.details.target.zone
            ),
            countdown: words::countdown(state.details.target.moment(), now),
            owner: state.person(state.owner).to_owned(),
            verdict,
            summary_of_verdict: summary_of(reasons, conditions.len()),
            stage: state.stage.name(),
            restricted: state.restricted,
            tab,
            evidence: state.evidence.values().filter(|evidence| evidence.withdrawn.is_none()).count(),
            events: state.seq,
            past: None,
            waiting: String::new(),
        }
    }

    /// The address of the checklist, with which those of the other pages begin: now, or as they stood.
    #[must_use]
    pub fn base(&self) -> String {
        let past = self.past.as_ref().map(|past| past.past.address());
        past.unwrap_or_else(|| format!("/launches/{}", self.id))
    }

    /// The address of another of these pages at the same moment.
    #[must_use]
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.base())
    }

    /// The same page, as it stood after another event.
    #[must_use]
    pub fn page_at(&self, seq: &i64) -> String {
        format!("/launches/{}/as-of/{seq}{}", self.id, self.tab.path())
    }

    /// The same page as it is now.
    #[must_use]
    pub fn page_now(&self) -> String {
        format!("/launches/{}{}", self.id, self.tab.path())
    }

    /// The history, up to this moment.
    #[must_use]
    pub fn history(&self) -> String {
        match &self.past {
            Some(past) => format!("/launches/{}/history?before={}", self.id, past.seq() + 1),
            None => format!("/launches/{}/history", self.id),
        }
    }

    /// Where an item is to be read.
    #[must_use]
    pub fn item(&self, item: &ItemId) -> String {
        words::item_href_at(self.past.as_ref().map(|past| past.past), *item)
    }

    /// Where the row of an item leads: of the past, to what had happened to it by then.
    #[must_use]
    pub fn row(&self, item: &ItemId) -> String {
        match &self.past {
            Some(past) => format!("/launches/{}/history?item={item}&before={}", self.id, past.seq() + 1),
            None => words::item_href(*item),
        }
    }

    /// Where the evidence on an item is to be read.
    #[must_use]
    pub fn evidence_on(&self, item: &ItemId) -> String {
        match &self.past {
            Some(_) => format!("{}#item-{item}", self.page("evidence")),
            None => format!("{}#evidence", words::item_href(*item)),
        }
    }

    /// Whether one is on this page.
    #[must_use]
    pub fn is(&self, tab: &str) -> bool {
        let current = match self.tab {
            Tab::Checklist => "checklist",
            Tab::GoNoGo => "go_no_go",
            Tab::Evidence => "evidence",
            Tab::History => "history",
            Tab::Settings => "settings",
        };
        current == tab
    }

    /// Whether the countdown still means something.
    #[must_use]
    pub const fn counts_down(&self) -> bool {
        matches!(self.stage, StageName::Preparing | StageName::Go | StageName::Held)
    }

    /// The stage's word, where it is more than being prepared.
    #[must_use]
    pub fn stage_word(&self) -> &'static str {
        match self.stage {
            StageName::Preparing => "",
            other => other.word(),
        }
    }
}

/// `16 items and 2 signatures stand in the way`.
fn summary_of(reasons: &[Reason], conditions: usize) -> String {
    let count = |rules: &[&str]| reasons.iter().filter(|reason| rules.contains(&reason.rule())).count();
    let parts: Vec<String> = [
        (count(&["items", "evidence", "justification"]), "item"),
        (count(&["signatures"]), "signature"),
        (count(&["objection"]), "objection"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, noun)| words::count(number, noun))
    .chain((count(&["window"]) > 0).then(|| "a passed target".to_owned()))
    .collect();
    match parts.as_slice() {
        [] if conditions > 0 => format!("with {}", words::count(conditions, "condition")),
        [] => "nothing stands in the way".to_owned(),
        [one] if reasons.len() == 1 => format!("{one} stands in the way"),
        [one] => format!("{one} stand in the way"),
        [first @ .., last] => format!("{} and {last} stand in the way", first.join(", ")),
    }
}

//! The head that every page of a launch has: what it is, when, whose, and the verdict.

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::LaunchId,
        launch::state::{LaunchState, StageName},
        readiness::{Readiness, Reason, Verdict, readiness},
        time::Moment,
    },
    launch_page::words,
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
}

impl Head {
    /// The head of a launch's page now.
    #[must_use]
    pub fn new(access: &LaunchAccess, tab: Tab) -> Self {
        Self::with(&access.launch, &readiness(&access.launch, access.now), access.now, tab)
    }

    /// The same, where readiness has been computed already.
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

//! What the list's template is given.

use askama::Template;
use strum::IntoEnumIterator as _;

use super::list::{MOST_JUDGED, Show, Sort, Wanted, Whose};
use crate::{
    domain::{
        checklist::RequiredRole,
        ids::LaunchId,
        launch::state::{LaunchState, Stage, StageName},
        readiness::{Readiness, SignatureStatus, Verdict, readiness, status},
        time::Moment,
    },
    launch_page::words,
    web::page::Chrome,
};

/// The list of launches.
#[derive(Template)]
#[template(path = "launches/index.html")]
pub(super) struct Index {
    pub chrome: Chrome,
    pub wanted: Wanted,
    pub can_create: bool,
    pub launches: Vec<LaunchLine>,
    pub shows: Vec<Choice>,
    pub verdicts: Vec<Choice>,
    pub whose: Vec<Choice>,
    pub sorts: Vec<Choice>,
    /// The first page and the next one; empty where there is none.
    pub first: String,
    pub next: String,
    /// Whether there are launches that were not looked through.
    pub cut_off: bool,
}

/// One way to filter or sort: what a form sends for it, and its address.
pub(super) struct Choice {
    pub value: &'static str,
    pub word: &'static str,
    pub href: String,
    pub chosen: bool,
}

/// A launch in the list.
pub(super) struct LaunchLine {
    pub id: LaunchId,
    pub name: String,
    pub checklist: String,
    pub owner: String,
    pub restricted: bool,
    pub stage: &'static str,
    /// What readiness computes; once launched, what it found then; nothing for what was called off.
    pub verdict: Option<Verdict>,
    pub resolved: usize,
    pub total: usize,
    pub seals: Vec<Seal>,
    pub target_local: String,
    pub countdown: String,
    pub changed: Moment,
}

/// A required role and how its signature stands, in the list.
pub(super) struct Seal {
    pub role: String,
    pub signature: &'static str,
    pub word: &'static str,
}

impl Index {
    pub(super) fn new(
        chrome: Chrome,
        wanted: Wanted,
        launches: Vec<LaunchLine>,
        more: bool,
        cut_off: bool,
        can_create: bool,
    ) -> Self {
        let from_start = Wanted { after: None, ..wanted.clone() };
        let choice = |value: &'static str, word, to: Wanted| Choice {
            value,
            word,
            chosen: to == from_start,
            href: to.address(),
        };
        let shows = Show::iter().map(|show| choice(show.into(), show.word(), Wanted { show, ..from_start.clone() }));
        let any = choice("", "Any", Wanted { verdict: None, ..from_start.clone() });
        let verdicts = [Verdict::Go, Verdict::ConditionalGo, Verdict::NoGo].map(|verdict| {
            let word = match verdict {
                Verdict::Go => "GO",
                Verdict::ConditionalGo => "Conditional GO",
                Verdict::NoGo => "NO-GO",
            };
            choice(verdict.slug(), word, Wanted { verdict: Some(verdict), ..from_start.clone() })
        });
        let whose =
            Whose::iter().map(|whose| choice(whose.into(), whose.word(), Wanted { whose, ..from_start.clone() }));
        let sorts = Sort::iter().map(|sort| choice(sort.into(), sort.word(), Wanted { sort, ..from_start.clone() }));
        let next = Wanted { after: launches.last().map(|line| line.id), ..wanted.clone() };
        Self {
            shows: shows.collect(),
            verdicts: std::iter::once(any).chain(verdicts).collect(),
            whose: whose.collect(),
            sorts: sorts.collect(),
            first: if wanted.after.is_some() { from_start.address() } else { String::new() },
            next: if more { next.address() } else { String::new() },
            chrome,
            wanted,
            can_create,
            launches,
            cut_off,
        }
    }

    /// The address of the list sorted like this, and how it is sorted now, for a column's head.
    fn sorted(&self, by: &str) -> (&str, &'static str) {
        let choice = self.sorts.iter().find(|choice| choice.value == by);
        let descending = matches!(self.wanted.sort, Sort::Target) && self.wanted.show.newest_first();
        let how = match choice {
            Some(choice) if !choice.chosen => "",
            _ if descending => "descending",
            _ => "ascending",
        };
        (choice.map_or("", |choice| &choice.href), how)
    }

    /// The value of the stage in the form; empty for the usual one.
    fn show(&self) -> &'static str {
        if self.wanted.show == Show::default() { "" } else { self.wanted.show.into() }
    }

    /// Whether there is no launch ahead at all.
    fn is_beginning(&self) -> bool {
        self.wanted.show == Show::default() && !self.wanted.narrows()
    }

    const fn most_judged(&self) -> usize {
        MOST_JUDGED
    }
}

impl Show {
    const fn word(self) -> &'static str {
        match self {
            Self::Ahead => "Ahead",
            Self::Preparing => "In preparation",
            Self::Held => "On hold",
            Self::Go => "GO declared",
            Self::Launched => "Launched",
            Self::Closed => "Closed",
            Self::Cancelled => "Cancelled",
            Self::All => "All",
        }
    }
}

impl Whose {
    const fn word(self) -> &'static str {
        match self {
            Self::Everybodys => "Everybody's",
            Self::Mine => "Those I am part of",
            Self::Owned => "Those I own",
        }
    }
}

impl Sort {
    const fn word(self) -> &'static str {
        match self {
            Self::Target => "Target",
            Self::Name => "Name",
            Self::Verdict => "Verdict",
            Self::Progress => "Progress",
            Self::Changed => "Newest change",
        }
    }
}

impl LaunchLine {
    pub(super) fn new(state: &LaunchState, now: Moment) -> Self {
        let found = readiness(state, now);
        let (launched, stage) = (state.stage.launched(), state.stage.name());
        // What was called off counts down to nothing, and nothing is judged any more.
        let cancelled = matches!(state.stage, Stage::Cancelled { .. });
        let resolved: Vec<bool> = if launched.is_none() {
            state.before().map(|(item, _)| state.is_resolved(item, now)).collect()
        } else {
            state.defined().map(|(item, _)| state.is_resolved(item, now)).collect()
        };
        let target = &state.details.target;
        Self {
            id: state.id,
            name: state.name().to_owned(),
            checklist: format!("{} v{}", state.version.checklist.name, state.version.number),
            owner: state.person(state.owner).to_owned(),
            restricted: state.restricted,
            stage: if stage == StageName::Preparing { "" } else { stage.word() },
            verdict: launched.map_or((!cancelled).then_some(found.verdict), |launched| Some(launched.found.verdict)),
            resolved: resolved.iter().filter(|resolved| **resolved).count(),
            total: resolved.len(),
            seals: seals(state, &found),
            target_local: format!("{} {}", target.local.strftime("%a %-d %b %Y, %H:%M"), target.zone),
            countdown: if launched.is_none() && !cancelled {
                words::countdown(target.moment(), now)
            } else {
                String::new()
            },
            changed: state.last_at,
        }
    }

    /// The share that is resolved, in millionths.
    pub(super) fn share_resolved(&self) -> usize {
        self.resolved * 1_000_000 / self.total.max(1)
    }

    /// How many roles have a go that counts.
    fn signed(&self) -> usize {
        self.seals.iter().filter(|seal| seal.signature == "go").count()
    }
}

/// How each required role's signature stands.
fn seals(state: &LaunchState, found: &Readiness) -> Vec<Seal> {
    let seal = |required: &RequiredRole| {
        let digest = found.digests.get(&required.role);
        let signed = state.signatures.iter().filter(|signature| signature.record.role == required.role);
        let statuses: Vec<_> =
            signed.filter_map(|signature| digest.map(|digest| status(state, signature, digest))).collect();
        let (signature, word) = if statuses.contains(&SignatureStatus::Objects) {
            ("no_go", "no-go")
        } else if statuses.contains(&SignatureStatus::Counts) {
            ("go", "go")
        } else if statuses.contains(&SignatureStatus::Stale) {
            ("stale", "stale")
        } else if statuses.contains(&SignatureStatus::NotHolder) {
            ("none", "no longer counts, its signer holds the role no more")
        } else {
            ("none", "awaiting")
        };
        Seal { role: required.title.to_string(), signature, word }
    };
    state.version.checklist.required_roles.iter().map(seal).collect()
}

//! Data of the list's template.

use std::borrow::Cow;

use askama::Template;
use strum::IntoEnumIterator as _;

use super::list_query::{LaunchListFilter, LaunchSort, MAX_EVALUATED, OwnershipFilter, StageFilter};
use crate::{
    domain::{
        checklist::RequiredRole,
        ids::LaunchId,
        launch::{
            decision_name::DecisionName,
            state::{LaunchState, Stage},
        },
        readiness::{Readiness, SignatureStatus, Verdict, compute_readiness, signature_status},
        time::Moment,
    },
    presentation::{formatting, role_mark::RoleMark},
    texts,
    web::{chrome::Chrome, form::FieldErrors, time::format_local_time_with_weekday},
};

#[derive(Template)]
#[template(path = "launches/index.html")]
pub(super) struct LaunchListPage {
    pub chrome: Chrome,
    pub filter: LaunchListFilter,
    pub errors: FieldErrors,
    pub can_create: bool,
    pub launches: Vec<LaunchListRow>,
    pub shows: Vec<LaunchListChoice>,
    pub verdicts: Vec<LaunchListChoice>,
    pub whose: Vec<LaunchListChoice>,
    pub sorts: Vec<LaunchListChoice>,
    /// Addresses of the first page and the next one; empty if there is none.
    pub first: String,
    pub next: String,
    /// Whether some launches were not evaluated.
    pub cut_off: bool,
}

/// A filter or sort option: its form value and its address.
pub(super) struct LaunchListChoice {
    pub value: &'static str,
    pub word: Cow<'static, str>,
    pub href: String,
    pub chosen: bool,
}

pub(super) struct LaunchListRow {
    pub id: LaunchId,
    pub name: String,
    pub checklist: String,
    pub owner: String,
    pub restricted: bool,
    pub decision: DecisionName,
    /// Current readiness; once launched, the readiness at the launch; `None` if cancelled.
    pub verdict: Option<Verdict>,
    pub resolved: usize,
    pub total: usize,
    pub seals: Vec<RoleSealView>,
    pub target_local: String,
    pub countdown: String,
    pub changed: Moment,
}

/// A required role and the status of its signature.
pub(super) struct RoleSealView {
    pub role: String,
    pub mark: RoleMark,
    pub word: Cow<'static, str>,
}

impl LaunchListPage {
    pub(super) fn new(
        chrome: Chrome,
        filter: LaunchListFilter,
        launches: Vec<LaunchListRow>,
        more: bool,
        cut_off: bool,
        can_create: bool,
    ) -> Self {
        let from_start = LaunchListFilter { after: None, ..filter.clone() };
        let choice = |value: &'static str, word, to: LaunchListFilter| LaunchListChoice {
            value,
            word,
            chosen: to == from_start,
            href: to.to_href(),
        };
        let shows = StageFilter::iter()
            .map(|show| choice(show.into(), show.label(), LaunchListFilter { show, ..from_start.clone() }));
        let any = choice("", texts::any_verdict(), LaunchListFilter { verdict: None, ..from_start.clone() });
        let verdicts = [Verdict::Go, Verdict::ConditionalGo, Verdict::NoGo].map(|verdict| {
            choice(verdict.slug(), verdict.label(), LaunchListFilter { verdict: Some(verdict), ..from_start.clone() })
        });
        let whose = OwnershipFilter::iter()
            .map(|whose| choice(whose.into(), whose.label(), LaunchListFilter { whose, ..from_start.clone() }));
        let sorts = LaunchSort::iter()
            .map(|sort| choice(sort.into(), sort.label(), LaunchListFilter { sort, ..from_start.clone() }));
        let next = LaunchListFilter { after: launches.last().map(|line| line.id), ..filter.clone() };
        Self {
            shows: shows.collect(),
            verdicts: std::iter::once(any).chain(verdicts).collect(),
            whose: whose.collect(),
            sorts: sorts.collect(),
            first: if filter.after.is_some() { from_start.to_href() } else { String::new() },
            next: if more { next.to_href() } else { String::new() },
            chrome,
            filter,
            errors: FieldErrors::new(),
            can_create,
            launches,
            cut_off,
        }
    }

    /// Address of the list sorted by a column, and the current direction, for the column's head.
    fn sort_link(&self, by: &str) -> (&str, &'static str) {
        let choice = self.sorts.iter().find(|choice| choice.value == by);
        let descending = matches!(self.filter.sort, LaunchSort::Target) && self.filter.show.newest_first();
        let how = match choice {
            Some(choice) if !choice.chosen => "",
            _ if descending => "descending",
            _ => "ascending",
        };
        (choice.map_or("", |choice| &choice.href), how)
    }

    /// Form value of the stage filter; empty for the default.
    fn stage_value(&self) -> &'static str {
        if self.filter.show == StageFilter::default() { "" } else { self.filter.show.into() }
    }

    fn is_unfiltered(&self) -> bool {
        self.filter.show == StageFilter::default() && !self.filter.has_filters()
    }

    const fn max_evaluated(&self) -> usize {
        MAX_EVALUATED
    }
}

impl StageFilter {
    fn label(self) -> Cow<'static, str> {
        match self {
            Self::Ahead => texts::launches_ahead_only(),
            Self::Preparing => texts::launches_in_preparation(),
            Self::Held => texts::launches_on_hold(),
            Self::Go => texts::launches_with_go_declared(),
            Self::Launched => texts::launches_launched(),
            Self::Closed => texts::launches_closed(),
            Self::Cancelled => texts::launches_cancelled(),
            Self::All => texts::launches_of_every_stage(),
        }
    }
}

impl OwnershipFilter {
    fn label(self) -> Cow<'static, str> {
        match self {
            Self::Everybodys => texts::launches_of_everybody(),
            Self::Mine => texts::launches_i_am_part_of(),
            Self::Owned => texts::launches_i_own(),
        }
    }
}

impl LaunchSort {
    fn label(self) -> Cow<'static, str> {
        match self {
            Self::Target => texts::launch_target(),
            Self::Name => texts::launch_name(),
            Self::Verdict => texts::verdict_of_launch(),
            Self::Progress => texts::progress_of_launch(),
            Self::Changed => texts::newest_change(),
        }
    }
}

impl LaunchListRow {
    pub(super) fn new(state: &LaunchState, now: Moment) -> Self {
        let readiness = compute_readiness(state, now);
        let launched = state.stage.launched();
        // A cancelled launch has no countdown and no verdict.
        let cancelled = matches!(state.stage, Stage::Cancelled { .. });
        let resolved: Vec<bool> = if launched.is_none() {
            state.before_items().map(|(item, _)| state.is_resolved(item, now)).collect()
        } else {
            state.items_with_definitions().map(|(item, _)| state.is_resolved(item, now)).collect()
        };
        let target = &state.details.target;
        Self {
            id: state.id,
            name: state.name().to_owned(),
            checklist: texts::checklist_and_version(&state.version.checklist.name, state.version.number).into_owned(),
            owner: state.person_name(state.owner).to_owned(),
            restricted: state.restricted,
            decision: state.stage.name().into(),
            verdict: launched
                .map_or((!cancelled).then_some(readiness.verdict), |launched| Some(launched.readiness.verdict)),
            resolved: resolved.iter().filter(|resolved| **resolved).count(),
            total: resolved.len(),
            seals: role_seals(state, &readiness),
            target_local: format_local_time_with_weekday(target),
            countdown: if launched.is_none() && !cancelled {
                formatting::format_countdown(target.to_moment(), now)
            } else {
                String::new()
            },
            changed: state.last_at,
        }
    }

    /// Resolved share, in millionths.
    pub(super) fn share_resolved(&self) -> usize {
        self.resolved * 1_000_000 / self.total.max(1)
    }

    /// Number of roles with a GO that counts.
    fn signed_count(&self) -> usize {
        self.seals.iter().filter(|seal| seal.mark == RoleMark::Go).count()
    }
}

fn role_seals(state: &LaunchState, readiness: &Readiness) -> Vec<RoleSealView> {
    let seal = |required: &RequiredRole| {
        let digest = readiness.digests.get(&required.role);
        let signed = state.signatures.iter().filter(|signature| signature.record.role == required.role);
        let statuses: Vec<_> =
            signed.filter_map(|signature| digest.map(|digest| signature_status(state, signature, digest))).collect();
        let ranked =
            [SignatureStatus::Objects, SignatureStatus::Counts, SignatureStatus::Stale, SignatureStatus::NotHolder];
        let status = ranked.into_iter().find(|status| statuses.contains(status));
        let mark = RoleMark::from_status(status);
        let word = match mark {
            RoleMark::NoGo => texts::signature_of_role_no_go(),
            RoleMark::Go => texts::signature_of_role_go(),
            RoleMark::Stale => texts::signature_of_role_stale(),
            RoleMark::NoSignature if status.is_some() => texts::signature_of_role_not_holder(),
            RoleMark::NoSignature => texts::signature_of_role_awaited(),
        };
        RoleSealView { role: required.title.to_string(), mark, word }
    };
    state.version.checklist.required_roles.iter().map(seal).collect()
}

//! Data of the list's template.

use std::borrow::Cow;

use askama::Template;

use super::{
    list_frame::ListFrame,
    list_query::{LaunchListFilter, LaunchSort, MAX_EVALUATED},
};
use crate::{
    domain::{
        checklist::RequiredRole,
        ids::LaunchId,
        launch::{
            decision_name::DecisionName,
            state::{LaunchState, Stage, StageName},
        },
        readiness::{Readiness, SignatureStatus, Verdict, compute_readiness, signature_status},
        time::Moment,
    },
    presentation::{formatting, role_mark::RoleMark, tags::TagLink},
    texts,
    web::{chrome::Chrome, time::format_local_time_with_weekday},
};

#[derive(Template)]
#[template(path = "launches/index.html")]
pub(super) struct LaunchListPage {
    pub chrome: Chrome,
    pub frame: ListFrame,
    pub launches: Vec<LaunchListRow>,
    /// Addresses of the first page and the next one; empty if there is none.
    pub first: String,
    pub next: String,
    /// Whether some launches were not evaluated.
    pub cut_off: bool,
}

pub(super) struct LaunchListRow {
    pub id: LaunchId,
    pub name: String,
    pub checklist: String,
    pub owner: String,
    pub restricted: bool,
    pub tags: Vec<TagLink>,
    pub stage: StageName,
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
        frame: ListFrame,
        launches: Vec<LaunchListRow>,
        more: bool,
        cut_off: bool,
    ) -> Self {
        let filter = &frame.filter;
        let from_start = LaunchListFilter { after: None, ..filter.clone() };
        let next = LaunchListFilter { after: launches.last().map(|line| line.id), ..filter.clone() };
        Self {
            first: if filter.after.is_some() { from_start.to_href() } else { String::new() },
            next: if more { next.to_href() } else { String::new() },
            chrome,
            frame,
            launches,
            cut_off,
        }
    }

    const fn max_evaluated(&self) -> usize {
        MAX_EVALUATED
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
            tags: state.tags.iter().map(TagLink::new).collect(),
            stage: state.stage.name(),
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

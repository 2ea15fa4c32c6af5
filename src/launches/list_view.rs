//! Data of the list's template.

use std::borrow::Cow;

use askama::Template;

use super::{
    list_frame::ListFrame,
    list_query::{LaunchListFilter, LaunchSort},
    listed_launch::ListedLaunch,
};
use crate::{
    domain::{
        ids::LaunchId,
        launch::{decision_name::DecisionName, state::StageName},
        launch_summary::RoleSignature,
        readiness::Verdict,
        text::Tag,
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
    /// Whether the summaries of some launches are still out of date.
    pub is_incomplete: bool,
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
        is_incomplete: bool,
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
            is_incomplete,
        }
    }
}

impl LaunchListRow {
    pub(super) fn new(launch: &ListedLaunch, now: Moment) -> Self {
        let target = launch.target();
        let is_ahead = matches!(launch.stage, StageName::Preparing | StageName::Go | StageName::Held);
        let countdown = target.as_ref().filter(|_| is_ahead);
        Self {
            id: launch.id,
            name: launch.shown_name().to_owned(),
            checklist: texts::checklist_and_version(&launch.checklist, launch.number).into_owned(),
            owner: launch.owner.clone(),
            restricted: launch.restricted,
            tags: launch.tags.iter().filter_map(|tag| Tag::new(tag).ok()).map(|tag| TagLink::new(&tag)).collect(),
            stage: launch.stage,
            decision: launch.stage.into(),
            verdict: launch.verdict,
            resolved: usize::try_from(launch.resolved).unwrap_or_default(),
            total: usize::try_from(launch.total).unwrap_or_default(),
            seals: launch.signatures.iter().map(RoleSealView::new).collect(),
            target_local: target.as_ref().map(format_local_time_with_weekday).unwrap_or_default(),
            countdown: countdown
                .map(|target| formatting::format_countdown(target.to_moment(), now))
                .unwrap_or_default(),
            changed: launch.changed_at,
        }
    }

    /// Number of roles with a GO that counts.
    fn signed_count(&self) -> usize {
        self.seals.iter().filter(|seal| seal.mark == RoleMark::Go).count()
    }
}

impl RoleSealView {
    fn new(signature: &RoleSignature) -> Self {
        let mark = RoleMark::from_status(signature.status);
        let word = match mark {
            RoleMark::NoGo => texts::signature_of_role_no_go(),
            RoleMark::Go => texts::signature_of_role_go(),
            RoleMark::Stale => texts::signature_of_role_stale(),
            RoleMark::NoSignature if signature.status.is_some() => texts::signature_of_role_not_holder(),
            RoleMark::NoSignature => texts::signature_of_role_awaited(),
        };
        Self { role: signature.title.clone(), mark, word }
    }
}

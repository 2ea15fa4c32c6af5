//! What the slice's templates are given.

use askama::Template;

use super::store::Offered;
use crate::{
    domain::{
        ids::{LaunchId, UserId},
        launch::state::LaunchState,
        readiness::{Readiness, SignatureStatus, Verdict, readiness, status},
        time::Moment,
    },
    launch_page::{head::Head, words},
    web::{form::FieldErrors, page::Chrome},
};

/// The list of launches.
#[derive(Template)]
#[template(path = "launches/list.html")]
pub(super) struct List {
    pub chrome: Chrome,
    pub show: &'static str,
    pub query: String,
    pub can_create: bool,
    pub launches: Vec<LaunchLine>,
    pub most: bool,
}

/// A launch in the list.
pub(super) struct LaunchLine {
    pub id: LaunchId,
    pub name: String,
    pub checklist: String,
    pub owner: String,
    pub restricted: bool,
    pub stage: &'static str,
    pub verdict: Verdict,
    pub resolved: usize,
    pub total: usize,
    pub seals: Vec<Seal>,
    pub target: Moment,
    pub target_day: String,
    pub countdown: String,
}

/// A required role and how its signature stands, in the list.
pub(super) struct Seal {
    pub role: String,
    pub signature: &'static str,
    pub word: &'static str,
}

impl LaunchLine {
    pub(super) fn new(state: &LaunchState, now: Moment) -> Self {
        let found = readiness(state, now);
        let ahead = state.stage.launched().is_none();
        let counted: Vec<_> = if ahead {
            state.before().map(|(item, _)| state.is_resolved(item, now)).collect()
        } else {
            state.defined().map(|(item, _)| state.is_resolved(item, now)).collect()
        };
        let target = state.details.target.moment();
        Self {
            id: state.id,
            name: state.name().to_owned(),
            checklist: format!("{} v{}", state.version.checklist.name, state.version.number),
            owner: state.person(state.owner).to_owned(),
            restricted: state.restricted,
            stage: match state.stage.name() {
                crate::domain::launch::state::StageName::Preparing => "",
                other => other.word(),
            },
            verdict: state.stage.launched().map_or(found.verdict, |launched| launched.found.verdict),
            resolved: counted.iter().filter(|resolved| **resolved).count(),
            total: counted.len(),
            seals: seals(state, &found),
            target,
            target_day: state.details.target.local.strftime("%a %-d %b %Y").to_string(),
            countdown: if ahead { words::countdown(target, now) } else { String::new() },
        }
    }
}

/// How each required role's signature stands.
fn seals(state: &LaunchState, found: &Readiness) -> Vec<Seal> {
    let seal = |required: &crate::domain::checklist::RequiredRole| {
        let digest = found.digests.get(&required.role);
        let signed = state.signatures.iter().filter(|signature| signature.record.role == required.role);
        let statuses: Vec<_> =
            signed.filter_map(|signature| digest.map(|digest| status(state, signature, digest))).collect();
        let (signature, word) = if statuses.contains(&SignatureStatus::Objects) {
            ("no_go", "no-go")
        } else if statuses.contains(&SignatureStatus::Counts) {
            ("go", "go")
        } else if statuses.iter().any(|s| matches!(s, SignatureStatus::Stale | SignatureStatus::NotHolder)) {
            ("stale", "stale")
        } else {
            ("none", "awaiting")
        };
        Seal { role: required.title.to_string(), signature, word }
    };
    state.version.checklist.required_roles.iter().map(seal).collect()
}

/// The form for a new launch.
#[derive(Template)]
#[template(path = "launches/new.html")]
pub(super) struct New {
    pub chrome: Chrome,
    pub form: super::actions::NewForm,
    pub errors: FieldErrors,
    pub offered: Vec<Offered>,
    pub zones: Vec<String>,
}

impl New {
    /// Whether a version is the one chosen.
    pub(super) fn is_chosen(&self, version: &Offered) -> bool {
        self.form.checklist == version.id.to_string() || (self.form.checklist.is_empty() && self.offered.len() == 1)
    }
}

/// A role with its holders, on the settings page.
pub(super) struct RoleView {
    pub slug: String,
    pub title: String,
    pub required: bool,
    pub holders: Vec<(UserId, String)>,
}

/// Somebody to choose.
pub(super) struct Choice {
    pub id: UserId,
    pub name: String,
}

/// The settings of a launch.
#[derive(Template)]
#[template(path = "launches/settings.html")]
pub(super) struct Settings {
    pub chrome: Chrome,
    pub head: Head,
    pub details: super::settings::DetailsForm,
    pub policy: super::settings::PolicyForm,
    pub restricted: bool,
    pub roles: Vec<RoleView>,
    pub participants: Vec<(UserId, String)>,
    pub owner: UserId,
    pub members: Vec<Choice>,
    pub zones: Vec<String>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    pub transfer_to: String,
    pub transfer_reason: String,
    /// Whether the person may change what the owner changes.
    pub can_change: bool,
    /// Whether the stage lets name, target, rules and holders change.
    pub can_prepare: bool,
    /// Whether the stage lets people and ownership change.
    pub can_accompany: bool,
    pub can_transfer: bool,
    pub ambiguous: bool,
}

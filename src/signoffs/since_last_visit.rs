//! What changed since the reader's last visit, in the scopes that concern them; and, for the owner, which signers have
//! opened the page.

use std::collections::BTreeSet;

use super::store::ReadMark;
use crate::{
    access::{launch_access::LaunchAccess, store::FormerMembers},
    domain::{
        digest::{build_scope, compare_scopes},
        ids::UserId,
        launch::{
            access::Act,
            event::Seq,
            state::{LaunchState, StageName},
        },
        role::RoleSlug,
        time::Moment,
    },
    presentation::difference::{DiffLine, describe_scope_changes},
    record::scopes::PastScopes,
    texts,
};

pub(super) struct ChangesSinceVisit {
    /// The newest event that the reader had been shown.
    pub seq: Seq,
    /// Number of the roles in whose scopes changes are looked for; 0 means every role that signs.
    pub scopes: usize,
    /// The titles of these roles, as a list.
    pub roles: String,
    pub lines: Vec<DiffLine>,
}

impl ChangesSinceVisit {
    /// Number of unfolded changes; the rest is folded.
    const MAX_UNFOLDED: usize = 12;

    pub(super) fn first(&self) -> &[DiffLine] {
        &self.lines[..self.lines.len().min(Self::MAX_UNFOLDED)]
    }

    pub(super) fn more(&self) -> &[DiffLine] {
        &self.lines[self.lines.len().min(Self::MAX_UNFOLDED)..]
    }
}

/// Roles whose scopes concern the reader: the roles that they hold; for the owner, and for a reader who holds none,
/// every required role.
pub(super) fn concerned_roles(access: &LaunchAccess) -> Vec<RoleSlug> {
    let launch = &*access.launch;
    let held = launch
        .assignable_roles()
        .into_iter()
        .map(|(role, _)| role)
        .filter(|role| launch.holds_role(access.user.id, role));
    let held: Vec<_> = held.collect();
    if !held.is_empty() && !access.is_allowed(&Act::Decide) {
        return held;
    }
    launch.version.checklist.required_roles.iter().map(|required| required.role.clone()).collect()
}

/// The past scopes that [`find_changes`] needs; none if nothing has happened since.
pub(super) fn needed_scopes(access: &LaunchAccess, since: Option<Seq>) -> BTreeSet<(Seq, RoleSlug)> {
    let since = since.filter(|since| *since < access.launch.seq);
    since.into_iter().flat_map(|since| concerned_roles(access).into_iter().map(move |role| (since, role))).collect()
}

/// What changed since an event; `None` if nothing has happened since.
pub(super) fn find_changes(access: &LaunchAccess, since: Option<Seq>, past: &PastScopes) -> Option<ChangesSinceVisit> {
    let launch = &*access.launch;
    let seq = since.filter(|since| *since < launch.seq)?;
    let roles = concerned_roles(access);
    let mut changes = Vec::new();
    for role in &roles {
        let Some(then) = past.get(&(seq, role.clone())) else { continue };
        for change in compare_scopes(then, &build_scope(launch, role)) {
            // An item without a role that has to sign is in the scope of every role.
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    let named = named_scopes(launch, &roles);
    Some(ChangesSinceVisit {
        seq,
        scopes: named.len(),
        roles: named.join(", "),
        lines: describe_scope_changes(launch, changes),
    })
}

/// The titles of these roles; empty if they are all that sign.
fn named_scopes(launch: &LaunchState, roles: &[RoleSlug]) -> Vec<String> {
    if roles.len() == launch.version.checklist.required_roles.len() {
        return Vec::new();
    }
    roles.iter().map(|role| texts::isolate_direction(&launch.role_title(role)).into_owned()).collect()
}

/// Somebody who signs, and whether they have opened the page.
pub(super) struct GoNoGoReader {
    pub name: String,
    pub is_deactivated: bool,
    pub is_without_role: bool,
    pub roles: String,
    pub is_requested: bool,
    /// When they last opened it, and the newest event that it showed them.
    pub opened: Option<(Moment, Seq)>,
}

/// The holders of the required roles, for the owner while they can still sign GO; else empty.
pub(super) fn build_readers(access: &LaunchAccess, marks: &[ReadMark], former: &FormerMembers) -> Vec<GoNoGoReader> {
    let launch = &*access.launch;
    let ahead = matches!(launch.stage.name(), StageName::Preparing | StageName::Held);
    if !ahead || !access.is_allowed(&Act::Decide) {
        return Vec::new();
    }
    let mut holders: Vec<(UserId, Vec<RoleSlug>)> = Vec::new();
    for required in &launch.version.checklist.required_roles {
        for holder in launch.holders_of(&required.role) {
            match holders.iter_mut().find(|(other, _)| *other == holder) {
                Some((_, roles)) => roles.push(required.role.clone()),
                None => holders.push((holder, vec![required.role.clone()])),
            }
        }
    }
    let reader = |(id, roles): (UserId, Vec<RoleSlug>)| GoNoGoReader {
        name: launch.person_name(id).to_owned(),
        is_deactivated: former.deactivated.contains(&id),
        is_without_role: former.without_role.contains(&id),
        roles: roles
            .iter()
            .map(|role| texts::isolate_direction(&launch.role_title(role)).into_owned())
            .collect::<Vec<_>>()
            .join(", "),
        is_requested: roles.iter().any(|role| launch.signature_requests.contains_key(role)),
        opened: marks.iter().find(|mark| mark.user == id).map(|mark| (mark.at, mark.seq)),
    };
    holders.into_iter().map(reader).collect()
}

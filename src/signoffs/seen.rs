//! What has changed since somebody looked: the scopes that concern them, then and now; and, for the owner, who of those
//! that sign has opened the page.

use std::collections::BTreeSet;

use super::store::Mark;
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        digest::{difference, scope},
        ids::UserId,
        launch::{
            access::Act,
            event::Seq,
            state::{LaunchState, StageName},
        },
        role::RoleSlug,
        text::isolate_direction,
        time::Moment,
    },
    launch_page::difference::{DiffLine, of_changes},
    record::scopes::PastScopes,
};

/// What changed since the person last looked.
pub(super) struct Since {
    /// The newest event that they had been shown.
    pub seq: Seq,
    /// In what it is looked for: `the scope of Security`.
    pub within: String,
    pub lines: Vec<DiffLine>,
}

impl Since {
    /// How many changes stand open; the rest folds away.
    const OPEN: usize = 12;

    pub(super) fn first(&self) -> &[DiffLine] {
        &self.lines[..self.lines.len().min(Self::OPEN)]
    }

    pub(super) fn more(&self) -> &[DiffLine] {
        &self.lines[self.lines.len().min(Self::OPEN)..]
    }
}

/// The roles whose scopes concern a person: those that they hold; for the owner, and for whoever holds none, every role
/// that must sign.
pub(super) fn concerning(access: &LaunchAccess) -> Vec<RoleSlug> {
    let launch = &*access.launch;
    let held = launch.roles().into_iter().map(|(role, _)| role).filter(|role| launch.holds(access.user.id, role));
    let held: Vec<_> = held.collect();
    if !held.is_empty() && !access.can(&Act::Decide) {
        return held;
    }
    launch.version.checklist.required_roles.iter().map(|required| required.role.clone()).collect()
}

/// The past scopes that telling it takes; none when nothing has happened since.
pub(super) fn wanted(access: &LaunchAccess, since: Option<Seq>) -> BTreeSet<(Seq, RoleSlug)> {
    let since = since.filter(|since| *since < access.launch.seq);
    since.into_iter().flat_map(|since| concerning(access).into_iter().map(move |role| (since, role))).collect()
}

/// What changed since an event, when anything has happened since.
pub(super) fn since(access: &LaunchAccess, since: Option<Seq>, past: &PastScopes) -> Option<Since> {
    let launch = &*access.launch;
    let seq = since.filter(|since| *since < launch.seq)?;
    let roles = concerning(access);
    let mut changes = Vec::new();
    for role in &roles {
        let Some(then) = past.get(&(seq, role.clone())) else { continue };
        for change in difference(then, &scope(launch, role)) {
            // What nobody else signs for is in the scope of every role.
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    Some(Since { seq, within: within(launch, &roles), lines: of_changes(launch, changes) })
}

fn within(launch: &LaunchState, roles: &[RoleSlug]) -> String {
    let titles: Vec<_> = roles.iter().map(|role| launch.role_title(role)).collect();
    match titles.as_slice() {
        _ if titles.len() == launch.version.checklist.required_roles.len() => "what is signed".to_owned(),
        [one] => format!("the scope of {one}"),
        [first @ .., last] => format!("the scopes of {} and {last}", first.join(", ")),
        [] => "what is signed".to_owned(),
    }
}

/// Somebody who signs, and whether they have opened the page.
pub(super) struct Reader {
    pub name: String,
    pub is_deactivated: bool,
    /// The roles that they hold.
    pub roles: String,
    pub asked: bool,
    /// When they opened it, and the newest event that it showed them.
    pub opened: Option<(Moment, Seq)>,
}

/// The holders of the roles that must sign, for the owner, while there is something to sign.
pub(super) fn readers(access: &LaunchAccess, marks: &[Mark], deactivated: &BTreeSet<UserId>) -> Vec<Reader> {
    let launch = &*access.launch;
    let ahead = matches!(launch.stage.name(), StageName::Preparing | StageName::Held | StageName::Go);
    if !ahead || !access.can(&Act::Decide) {
        return Vec::new();
    }
    let mut holders: Vec<(UserId, Vec<RoleSlug>)> = Vec::new();
    for required in &launch.version.checklist.required_roles {
        for holder in launch.holders_of(&required.role) {
            match holders.iter_mut().find(|(known, _)| *known == holder) {
                Some((_, roles)) => roles.push(required.role.clone()),
                None => holders.push((holder, vec![required.role.clone()])),
            }
        }
    }
    let reader = |(id, roles): (UserId, Vec<RoleSlug>)| Reader {
        name: launch.person(id).to_owned(),
        is_deactivated: deactivated.contains(&id),
        roles: roles.iter().map(|role| isolate_direction(launch.role_title(role))).collect::<Vec<_>>().join(", "),
        asked: roles.iter().any(|role| launch.asked.contains_key(role)),
        opened: marks.iter().find(|mark| mark.user == id).map(|mark| (mark.at, mark.seq)),
    };
    holders.into_iter().map(reader).collect()
}

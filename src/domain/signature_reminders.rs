//! Reminders of signatures that were asked for and are missing.

use super::{
    ids::UserId,
    launch::state::LaunchState,
    notification::{Notification, NotificationFacts, NotificationReason},
    readiness::{Readiness, Reason},
    time::{Day, Moment},
};

/// A reminder for each holder of a role whose signature was asked for and is missing. One of a day (in the launch's zone) has
/// the same occasion as another of it, and is not written twice. `by` is the owner, who is not reminded; `None` where the
/// time reminds.
#[must_use]
pub fn signature_reminders(
    launch: &LaunchState,
    readiness: &Readiness,
    by: Option<UserId>,
    now: Moment,
) -> Vec<Notification> {
    let day = Day::from_moment(now, launch.zone());
    let roles = readiness.reasons.iter().filter_map(|reason| match reason {
        Reason::Signatures { role, .. } => Some(role).filter(|role| launch.signature_requests.contains_key(*role)),
        _ => None,
    });
    roles
        .flat_map(|role| launch.holders_of(role).map(move |holder| (role, holder)))
        .filter(|(_, holder)| Some(*holder) != by)
        .map(|(role, holder)| Notification {
            user: holder,
            reason: NotificationReason::SignatureReminded,
            actor: by,
            seq: None,
            item: None,
            role: Some(role.clone()),
            things: 1,
            facts: NotificationFacts::default(),
            occasion: Some(format!("remind:{}:{role}:{day}", launch.id)),
            merge_key: None,
            at: now,
        })
        .collect()
}

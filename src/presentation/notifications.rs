//! Describes notifications: a sentence, where it is, and where the person goes from it. The inbox and mails say the same.
//!
//! The sentence is made from the launch as it is now, in the language of the reader, for somebody who may see the launch.

use std::borrow::Cow;

use super::formatting;
use crate::{
    domain::{
        launch::state::{Item, LaunchState},
        notification::{NotificationReason, ReasonGroup, StoredNotification},
    },
    texts,
};

/// A notification in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationText {
    pub sentence: Cow<'static, str>,
    /// Part and section of the item; empty if it is not about one item.
    pub place: String,
    /// The path of the page that it is about.
    pub href: String,
}

/// Describes a notification about this launch.
#[must_use]
pub fn describe_notification(notification: &StoredNotification, state: &LaunchState) -> NotificationText {
    let item = notification.item.and_then(|item| state.item(item));
    NotificationText {
        sentence: describe(notification, state, item),
        place: item.map(|item| formatting::describe_place(state, item)).unwrap_or_default(),
        href: address(notification, state),
    }
}

/// The sentence about a launch that the person may not see any more, which names nothing of it.
#[must_use]
pub fn describe_hidden_notification(notification: &StoredNotification) -> Cow<'static, str> {
    if notification.reason.is_about_leaving() {
        texts::notification_taken_off_hidden_launch()
    } else {
        texts::notification_of_hidden_launch()
    }
}

/// The page that a notification leads to, with the place on it.
fn address(notification: &StoredNotification, state: &LaunchState) -> String {
    use NotificationReason as Reason;
    let launch = format!("/launches/{}", state.id);
    let Some(item) = notification.item else {
        return match notification.reason {
            Reason::Assigned | Reason::DueTomorrow | Reason::Overdue => format!("{launch}?show=mine"),
            Reason::RoleAdded
            | Reason::RoleResolved
            | Reason::SignatureAsked
            | Reason::SignatureReminded
            | Reason::SignatureStale
            | Reason::Objected => match &notification.role {
                Some(role) => format!("{launch}/go-no-go#role-{role}"),
                None => format!("{launch}/go-no-go"),
            },
            Reason::GoDeclared
            | Reason::Held
            | Reason::Resumed
            | Reason::Reopened
            | Reason::Launched
            | Reason::Closed
            | Reason::Cancelled
            | Reason::TargetNear
            | Reason::WindowClosing => format!("{launch}/go-no-go"),
            _ => launch,
        };
    };
    let part = match notification.reason {
        Reason::Mentioned | Reason::Commented if notification.facts.thing.is_some() => "#comments",
        Reason::Commented => "#comments",
        Reason::WaiverAsked
        | Reason::WaiverApproved
        | Reason::WaiverRefused
        | Reason::WaiverRevoked
        | Reason::WaiverLapsing => "#waivers",
        Reason::AgreementAsked | Reason::AgreementGiven | Reason::AgreementRefused => "#agreement",
        Reason::EvidenceAsked | Reason::EvidenceAnswered => "#requests",
        _ => "",
    };
    format!("{}{part}", formatting::item_href(item))
}

fn describe(notification: &StoredNotification, state: &LaunchState, item: Option<&Item>) -> Cow<'static, str> {
    use NotificationReason as Reason;
    let by = || match notification.actor {
        Some(actor) => state.person_label(actor).to_string(),
        None => texts::somebody().into_owned(),
    };
    let title = item.map(|item| state.definition(item).shown_title());
    let count = notification.things;
    let role = || notification.role.as_ref().map(|role| state.role_title(role).into_owned()).unwrap_or_default();
    let day = || notification.facts.day.map(formatting::format_day).unwrap_or_default();
    let is_today = notification.facts.days_left == Some(0);
    match (notification.reason, title) {
        (Reason::Assigned, Some(title)) => texts::notification_assigned(by(), title),
        (Reason::Assigned, None) => texts::notification_assigned_several(count, by()),
        (Reason::Unassigned, Some(title)) => texts::notification_unassigned(by(), title),
        (Reason::Unassigned, None) => texts::notification_unassigned_several(count, by()),
        (Reason::OwnershipGiven, _) => texts::notification_ownership_given(by()),
        (Reason::OwnershipTaken, _) => texts::notification_ownership_taken(by()),
        (Reason::RoleAdded, _) => texts::notification_role_added(by(), role()),
        (Reason::RoleRemoved, _) => texts::notification_role_removed(by(), role()),
        (Reason::ParticipantAdded, _) => texts::notification_participant_added(by()),
        (Reason::ParticipantRemoved, _) => texts::notification_participant_removed(by()),
        (Reason::Mentioned, Some(title)) => texts::notification_mentioned(by(), title),
        (Reason::Mentioned, None) => texts::notification_mentioned_in_launch(by()),
        (Reason::Commented, Some(title)) if count == 1 => texts::notification_commented(by(), title),
        (Reason::Commented, Some(title)) => texts::notification_commented_several(count, title),
        (Reason::Commented, None) => texts::notification_commented_on_several(count),
        (Reason::Blocked, Some(title)) => texts::notification_blocked(by(), title),
        (Reason::Blocked, None) => texts::notification_blocked_several(count, by()),
        (Reason::Unblocked, Some(title)) => texts::notification_unblocked(title, by()),
        (Reason::Unblocked, None) => texts::notification_unblocked_several(count, by()),
        (Reason::Marked, Some(title)) => texts::notification_marked(by(), title),
        (Reason::Marked, None) => texts::notification_marked_several(count, by()),
        (Reason::RoleResolved, _) => texts::notification_role_resolved(role()),
        (Reason::SignatureAsked, _) => texts::notification_signature_asked(by(), role()),
        (Reason::SignatureReminded, _) => texts::notification_signature_reminded(role()),
        (Reason::SignatureStale, _) => texts::notification_signature_stale(role(), by()),
        (Reason::Objected, _) => texts::notification_objected(by(), role()),
        (Reason::WaiverAsked, title) => texts::notification_waiver_asked(by(), title.unwrap_or_default()),
        (Reason::WaiverApproved, title) => texts::notification_waiver_approved(by(), title.unwrap_or_default()),
        (Reason::WaiverRefused, title) => texts::notification_waiver_refused(by(), title.unwrap_or_default()),
        (Reason::WaiverRevoked, title) => texts::notification_waiver_revoked(by(), title.unwrap_or_default()),
        (Reason::WaiverLapsing, Some(title)) if is_today => texts::notification_waiver_lapses_today(title),
        (Reason::WaiverLapsing, Some(title)) => texts::notification_waiver_lapses(title, day()),
        (Reason::WaiverLapsing, None) => texts::notification_waivers_lapse(count, day()),
        (Reason::AgreementAsked, Some(title)) => texts::notification_agreement_asked(by(), title),
        (Reason::AgreementAsked, None) => texts::notification_agreement_asked_several(count, by()),
        (Reason::AgreementGiven, title) => texts::notification_agreement_given(by(), title.unwrap_or_default()),
        (Reason::AgreementRefused, title) => texts::notification_agreement_refused(by(), title.unwrap_or_default()),
        (Reason::EvidenceAsked, title) => texts::notification_evidence_asked(by(), title.unwrap_or_default()),
        (Reason::EvidenceAnswered, title) => texts::notification_evidence_answered(by(), title.unwrap_or_default()),
        (Reason::EvidenceLapsing, Some(title)) if is_today => texts::notification_evidence_lapses_today(title),
        (Reason::EvidenceLapsing, Some(title)) => texts::notification_evidence_lapses(title, day()),
        (Reason::EvidenceLapsing, None) => texts::notification_evidence_of_several_lapses(count, day()),
        (Reason::GoDeclared, _) => texts::notification_go_declared(by()),
        (Reason::Held, _) => texts::notification_held(by()),
        (Reason::Resumed, _) => texts::notification_resumed(by()),
        (Reason::Reopened, _) => texts::notification_reopened(by()),
        (Reason::Launched, _) => texts::notification_launched(by()),
        (Reason::Closed, _) => texts::notification_closed(by()),
        (Reason::Cancelled, _) => texts::notification_cancelled(by()),
        (Reason::DueTomorrow, Some(title)) => texts::notification_due_tomorrow(title),
        (Reason::DueTomorrow, None) => texts::notification_due_tomorrow_several(count),
        (Reason::Overdue, Some(title)) => texts::notification_overdue(title, day()),
        (Reason::Overdue, None) => texts::notification_overdue_several(count, day()),
        (Reason::TargetNear, _) => {
            let days = notification.facts.days_left.unwrap_or(1);
            match notification.facts.missing.unwrap_or(0) {
                0 => texts::notification_target_near_ready(days),
                missing => texts::notification_target_near(days, missing),
            }
        }
        (Reason::WindowClosing, _) => texts::notification_window_closing(day()),
        (Reason::AfterItemsDue, Some(title)) if is_today => texts::notification_after_item_was_due(title),
        (Reason::AfterItemsDue, Some(title)) => texts::notification_after_item_due(title),
        (Reason::AfterItemsDue, None) if is_today => texts::notification_after_items_were_due(count),
        (Reason::AfterItemsDue, None) => texts::notification_after_items_due(count),
    }
}

/// What the settings and the mails call a group of reasons.
#[must_use]
pub fn describe_reason_group(group: ReasonGroup) -> Cow<'static, str> {
    match group {
        ReasonGroup::Assignments => texts::reasons_assignments(),
        ReasonGroup::Mentions => texts::reasons_mentions(),
        ReasonGroup::Comments => texts::reasons_comments(),
        ReasonGroup::Items => texts::reasons_items(),
        ReasonGroup::Signatures => texts::reasons_signatures(),
        ReasonGroup::Exceptions => texts::reasons_exceptions(),
        ReasonGroup::Evidence => texts::reasons_evidence(),
        ReasonGroup::Decisions => texts::reasons_decisions(),
        ReasonGroup::Dates => texts::reasons_dates(),
    }
}

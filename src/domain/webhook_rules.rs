//! Which events webhooks are notified of, the forms of their messages, and when a message is tried again.

use super::launch::event::{Change, ItemState};

/// A form of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString, strum::EnumIter, sqlx::Type)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum WebhookForm {
    Slack,
    /// Rocket.Chat reads the same form.
    Mattermost,
    /// Workflows of Microsoft Teams, with an adaptive card.
    Teams,
    Discord,
    /// JSON, signed as Standard Webhooks says.
    Standard,
}

/// The events that a webhook is notified of.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::EnumString, strum::EnumIter,
)]
#[strum(serialize_all = "snake_case")]
pub enum WebhookTopic {
    /// Created, another target or owner, and what the owner decides.
    Decisions,
    Signatures,
    /// Items that are blocked.
    Blocks,
    /// Waivers, and agreements that a critical item is not applicable.
    Exceptions,
    /// What auditors ask for, and the answers.
    EvidenceRequests,
}

impl WebhookForm {
    /// The name in the database and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl WebhookTopic {
    /// The name in the database and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The topic of a change, if it is of one.
    #[must_use]
    pub const fn of_change(change: &Change) -> Option<Self> {
        match change {
            Change::LaunchCreated { .. }
            | Change::DetailsChanged { .. }
            | Change::OwnerChanged { .. }
            | Change::GoDeclared { .. }
            | Change::Held { .. }
            | Change::Resumed { .. }
            | Change::Reopened { .. }
            | Change::Launched { .. }
            | Change::Closed { .. }
            | Change::Cancelled { .. } => Some(Self::Decisions),
            Change::Signed(_) | Change::SignatureWithdrawn { .. } | Change::SignaturesAsked { .. } => {
                Some(Self::Signatures)
            }
            Change::ItemMarked { new, .. } if matches!(new.state, ItemState::Blocked) => Some(Self::Blocks),
            Change::AgreementGiven { .. }
            | Change::AgreementRefused { .. }
            | Change::WaiverAsked { .. }
            | Change::WaiverApproved { .. }
            | Change::WaiverRefused { .. }
            | Change::WaiverRevoked { .. } => Some(Self::Exceptions),
            Change::EvidenceRequested { .. } | Change::EvidenceRequestAnswered { .. } => Some(Self::EvidenceRequests),
            _ => None,
        }
    }
}

/// How often a message is tried, for about a day.
pub const MAX_ATTEMPTS: i32 = 12;

/// Seconds until the next attempt after this number of failed ones: a minute, doubled up to four hours.
#[must_use]
pub fn retry_delay(attempts: i32) -> i64 {
    60 << attempts.saturating_sub(1).clamp(0, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_is_tried_for_about_a_day() {
        assert_eq!([1, 2, 9, 10, i32::MAX].map(retry_delay), [60, 120, 15_360, 15_360, 15_360]);
        let hours = (1..MAX_ATTEMPTS).map(retry_delay).sum::<i64>() / 3_600;
        assert!((16..=30).contains(&hours), "{hours}");
    }
}

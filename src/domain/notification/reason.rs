//! Why people are notified, and in which groups they choose how they hear of it.

/// Why a person is notified.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
    sqlx::Type,
)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NotificationReason {
    /// An item, or several, was assigned to the person.
    Assigned,
    /// An item, or several, was taken from the person.
    Unassigned,
    /// The person was made the owner.
    OwnershipGiven,
    /// The person is not the owner any more.
    OwnershipTaken,
    RoleAdded,
    RoleRemoved,
    ParticipantAdded,
    ParticipantRemoved,
    /// Somebody wrote the person's name with an `@`.
    Mentioned,
    /// A comment on what the person watches.
    Commented,
    /// An item of the person is blocked.
    Blocked,
    /// An item of the person is not blocked any more.
    Unblocked,
    /// An item, or several, that the person watches was marked.
    Marked,
    /// All items before the decision are resolved that belong to the person's role.
    RoleResolved,
    /// The owner asks for the person's signature.
    SignatureAsked,
    /// The owner, or the time, reminds the person of the signature.
    SignatureReminded,
    /// What the person signed has changed.
    SignatureStale,
    /// Somebody signed with an objection (`no_go`).
    Objected,
    /// A waiver waits for the person's answer.
    WaiverAsked,
    WaiverApproved,
    WaiverRefused,
    WaiverRevoked,
    /// The last day of a waiver is in seven days, or today.
    WaiverLapsing,
    /// A critical "not applicable" waits for the person's agreement.
    AgreementAsked,
    AgreementGiven,
    AgreementRefused,
    /// An auditor asks for evidence of an item of the person.
    EvidenceAsked,
    EvidenceAnswered,
    /// The last day of evidence is in seven days, or today.
    EvidenceLapsing,
    GoDeclared,
    Held,
    Resumed,
    /// The GO was undone.
    Reopened,
    Launched,
    Closed,
    Cancelled,
    /// An item of the person is due tomorrow.
    DueTomorrow,
    /// An item of the person was due and is not resolved.
    Overdue,
    /// The target is in seven days, or tomorrow.
    TargetNear,
    /// The days that the target may be in the past end tomorrow.
    WindowClosing,
    /// Items after the launch are due within a day, or were due.
    AfterItemsDue,
}

/// A group of reasons for which a person chooses how they hear of it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
    sqlx::Type,
)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ReasonGroup {
    /// Items, roles and ownership given to a person or taken from them.
    Assignments,
    Mentions,
    Comments,
    /// Changes of the states of items.
    Items,
    Signatures,
    /// Waivers, and agreements that a critical item is not applicable.
    Exceptions,
    Evidence,
    /// Decisions on the launch.
    Decisions,
    /// What is due, near or late.
    Dates,
}

/// When a mail says so. The inbox always does.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
    sqlx::Type,
)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MailDelivery {
    AtOnce,
    Hourly,
    Daily,
    Never,
}

impl NotificationReason {
    /// The name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    #[must_use]
    pub const fn group(self) -> ReasonGroup {
        match self {
            Self::Assigned
            | Self::Unassigned
            | Self::OwnershipGiven
            | Self::OwnershipTaken
            | Self::RoleAdded
            | Self::RoleRemoved
            | Self::ParticipantAdded
            | Self::ParticipantRemoved => ReasonGroup::Assignments,
            Self::Mentioned => ReasonGroup::Mentions,
            Self::Commented => ReasonGroup::Comments,
            Self::Blocked | Self::Unblocked | Self::Marked | Self::RoleResolved => ReasonGroup::Items,
            Self::SignatureAsked | Self::SignatureReminded | Self::SignatureStale | Self::Objected => {
                ReasonGroup::Signatures
            }
            Self::WaiverAsked
            | Self::WaiverApproved
            | Self::WaiverRefused
            | Self::WaiverRevoked
            | Self::WaiverLapsing
            | Self::AgreementAsked
            | Self::AgreementGiven
            | Self::AgreementRefused => ReasonGroup::Exceptions,
            Self::EvidenceAsked | Self::EvidenceAnswered | Self::EvidenceLapsing => ReasonGroup::Evidence,
            Self::GoDeclared
            | Self::Held
            | Self::Resumed
            | Self::Reopened
            | Self::Launched
            | Self::Closed
            | Self::Cancelled => ReasonGroup::Decisions,
            Self::DueTomorrow | Self::Overdue | Self::TargetNear | Self::WindowClosing | Self::AfterItemsDue => {
                ReasonGroup::Dates
            }
        }
    }

    /// Whether the person is asked to do something.
    #[must_use]
    pub const fn must_act(self) -> bool {
        matches!(
            self,
            Self::Assigned
                | Self::OwnershipGiven
                | Self::SignatureAsked
                | Self::SignatureReminded
                | Self::SignatureStale
                | Self::WaiverAsked
                | Self::AgreementAsked
                | Self::EvidenceAsked
                | Self::DueTomorrow
                | Self::Overdue
        )
    }

    /// Whether it still concerns somebody who may not see the launch any more: that they were taken off it.
    #[must_use]
    pub const fn is_about_leaving(self) -> bool {
        matches!(self, Self::OwnershipTaken | Self::RoleRemoved | Self::ParticipantRemoved)
    }
}

impl ReasonGroup {
    /// The name in the database and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// When a mail says so to whoever did not choose, where no admin chose either.
    #[must_use]
    pub const fn default_delivery(self) -> MailDelivery {
        match self {
            Self::Assignments | Self::Mentions | Self::Signatures | Self::Exceptions | Self::Evidence => {
                MailDelivery::AtOnce
            }
            Self::Decisions => MailDelivery::AtOnce,
            Self::Comments | Self::Dates => MailDelivery::Daily,
            Self::Items => MailDelivery::Never,
        }
    }
}

impl MailDelivery {
    /// The name in the database and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn reason_names_are_read_back_and_fit_their_column() {
        for reason in NotificationReason::iter() {
            assert_eq!(reason.name().parse(), Ok(reason));
            assert!(reason.name().len() <= 40);
        }
        for group in ReasonGroup::iter() {
            assert_eq!(group.name().parse(), Ok(group));
            assert!(NotificationReason::iter().any(|reason| reason.group() == group), "{group:?} has no reason");
        }
    }
}

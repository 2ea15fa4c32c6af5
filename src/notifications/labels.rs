//! What groups of reasons and deliveries are called.

use std::borrow::Cow;

use crate::{
    domain::notification::{MailDelivery, ReasonGroup},
    texts,
};

/// What belongs to a group.
pub(super) fn group_hint(group: ReasonGroup) -> Cow<'static, str> {
    match group {
        ReasonGroup::Assignments => texts::reasons_assignments_hint(),
        ReasonGroup::Mentions => texts::reasons_mentions_hint(),
        ReasonGroup::Comments => texts::reasons_comments_hint(),
        ReasonGroup::Items => texts::reasons_items_hint(),
        ReasonGroup::Signatures => texts::reasons_signatures_hint(),
        ReasonGroup::Exceptions => texts::reasons_exceptions_hint(),
        ReasonGroup::Evidence => texts::reasons_evidence_hint(),
        ReasonGroup::Decisions => texts::reasons_decisions_hint(),
        ReasonGroup::Dates => texts::reasons_dates_hint(),
    }
}

pub(super) fn delivery(delivery: MailDelivery) -> Cow<'static, str> {
    match delivery {
        MailDelivery::AtOnce => texts::mail_at_once(),
        MailDelivery::Hourly => texts::mail_hourly(),
        MailDelivery::Daily => texts::mail_daily(),
        MailDelivery::Never => texts::mail_never(),
    }
}

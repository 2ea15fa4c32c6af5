//! What follows when somebody's way in was renewed by another: by a link to a new password that an admin made, or by the
//! removal of their second factor.
//!
//! Whoever renewed it could have come in with it. So for a while ([`WayIn::wait`]) the account does nothing that others
//! rely on, and for [`MARKED_SECONDS`] each of its signatures says what was renewed, by whom and when. The waiting ends
//! early where another admin confirmed that the person had asked for it, and does not begin where a second factor from
//! before was kept: who has only the new password does not have that.

use serde::{Deserialize, Serialize};

use super::event::{PersonRef, ProofMethod};
use crate::domain::time::Moment;

/// Seconds for which signatures say that the way in was renewed: 30 days.
pub const MARKED_SECONDS: i64 = 30 * 86_400;

/// The most renewals that a signature tells of, the newest.
const MOST_MARKS: usize = 10;

/// What was renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RenewalKind {
    /// The password, by a link that somebody else made and could have used.
    ResetLink,
    /// The second factor was removed.
    SecondFactorRemoved,
}

/// That somebody's way in was renewed by another, as a signature records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewedWayIn {
    /// What was renewed.
    pub how: RenewalKind,
    /// The admin who made the link or removed the second factor; `None` at the server's command line.
    pub by: Option<PersonRef>,
    /// When: a link counts from its use.
    pub at: Moment,
    /// The other admin who confirmed that the person had asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<PersonRef>,
}

/// A person's way in, as far as others renewed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WayIn {
    /// What was renewed, the oldest first; what is older than [`MARKED_SECONDS`] may be left out.
    pub renewed: Vec<RenewedWayIn>,
    /// Since when they have the second factor that they have.
    pub second_factor_since: Option<Moment>,
    /// Seconds that they wait; 0 where the operator switched it off.
    pub wait: i64,
}

/// Why an account does nothing now that others rely on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPeriod {
    /// What was renewed.
    pub renewed: RenewedWayIn,
    /// When the waiting ends by itself.
    pub until: Moment,
}

impl WayIn {
    /// The waiting that lasts longest, where there is any. `proof`: how the person has just proved who they are, where
    /// that was asked; where it was not, a second factor was asked for when they signed in, since what renews a way in
    /// ends all sessions.
    #[must_use]
    pub fn waiting(&self, now: Moment, proof: Option<ProofMethod>) -> Option<WaitingPeriod> {
        let used = proof != Some(ProofMethod::Password);
        let kept = |renewed: &RenewedWayIn| used && self.second_factor_since.is_some_and(|since| since < renewed.at);
        self.renewed
            .iter()
            .filter(|renewed| renewed.confirmed_by.is_none() && !kept(renewed))
            .map(|renewed| WaitingPeriod { until: renewed.at.plus_seconds(self.wait), renewed: renewed.clone() })
            .filter(|waiting| waiting.until > now)
            .max_by_key(|waiting| waiting.until)
    }

    /// What a signature made now tells of it.
    #[must_use]
    pub fn marks(&self, now: Moment) -> Vec<RenewedWayIn> {
        let recent = |renewed: &&RenewedWayIn| now.seconds_since(renewed.at) < MARKED_SECONDS;
        let mut marks: Vec<_> = self.renewed.iter().filter(recent).cloned().collect();
        marks.drain(..marks.len().saturating_sub(MOST_MARKS));
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    fn start() -> Moment {
        "2026-11-02T15:00:00Z".parse().unwrap()
    }

    fn renewed(how: RenewalKind, at: Moment) -> RenewedWayIn {
        RenewedWayIn { how, by: None, at, confirmed_by: None }
    }

    fn way_in(second_factor_since: Option<i64>) -> WayIn {
        let renewed = vec![renewed(RenewalKind::ResetLink, start())];
        let since = second_factor_since.map(|seconds| start().plus_seconds(seconds));
        WayIn { renewed, second_factor_since: since, wait: 24 * HOUR }
    }

    #[test]
    fn a_renewed_way_in_waits_for_exactly_as_long_as_is_set() {
        let way_in = way_in(None);
        let until = |seconds| way_in.waiting(start().plus_seconds(seconds), None).map(|waiting| waiting.until);
        let end = start().plus_seconds(24 * HOUR);
        for (seconds, expected) in [(0, Some(end)), (24 * HOUR - 1, Some(end)), (24 * HOUR, None)] {
            assert_eq!(until(seconds), expected, "{seconds}");
        }
        assert_eq!(WayIn { wait: 0, ..way_in }.waiting(start(), None), None, "switched off");
        assert_eq!(WayIn::default().waiting(start(), None), None);
    }

    #[test]
    fn only_a_second_factor_from_before_that_was_used_ends_the_waiting() {
        use ProofMethod::{Password, PasswordAndRecoveryCode, PasswordAndTotp};
        for (since, proof, waits) in [
            (None, None, true),
            (None, Some(Password), true),
            (Some(-1), None, false),
            (Some(-1), Some(PasswordAndTotp), false),
            (Some(-1), Some(PasswordAndRecoveryCode), false),
            (Some(-1), Some(Password), true),
            (Some(0), Some(PasswordAndTotp), true),
            (Some(60), Some(PasswordAndTotp), true),
        ] {
            let found = way_in(since).waiting(start().plus_seconds(HOUR), proof).is_some();
            assert_eq!(found, waits, "{since:?} {proof:?}");
        }
    }

    #[test]
    fn each_renewal_has_to_be_confirmed_for_itself() {
        let bob = PersonRef { id: uuid::Uuid::from_u128(7).into(), name: "Bob".to_owned().try_into().unwrap() };
        let mut both = way_in(None);
        both.renewed.push(renewed(RenewalKind::SecondFactorRemoved, start().plus_seconds(60)));
        both.renewed[1].confirmed_by = Some(bob.clone());
        let now = start().plus_seconds(HOUR);
        assert_eq!(both.waiting(now, None).map(|waiting| waiting.renewed.how), Some(RenewalKind::ResetLink));
        both.renewed[0].confirmed_by = Some(bob);
        assert_eq!(both.waiting(now, None), None);
        assert_eq!(both.marks(now).len(), 2, "what was confirmed is told all the same");
    }

    #[test]
    fn signatures_tell_of_it_for_thirty_days_and_of_ten_renewals_at_the_most() {
        let one = way_in(None);
        assert_eq!(one.marks(start().plus_seconds(MARKED_SECONDS - 1)), one.renewed);
        assert_eq!(one.marks(start().plus_seconds(MARKED_SECONDS)), []);
        let many = WayIn {
            renewed: (0..12).map(|n| renewed(RenewalKind::ResetLink, start().plus_seconds(n))).collect(),
            ..WayIn::default()
        };
        assert_eq!(many.marks(start().plus_seconds(20)), many.renewed[2..]);
    }
}

//! The consequences when another person renewed somebody's credentials: with a link for a new password that an admin
//! created, or by removing the second factor.
//!
//! Whoever renewed the credentials could have signed in with them. So for some time
//! ([`CredentialRenewals::waiting_seconds`]) the account can't do anything that others rely on, and for
//! [`DISCLOSURE_SECONDS`] each of its signatures records what was renewed, by whom and when. The waiting period ends
//! early if another admin confirms that the person asked for the renewal. There is none if a second factor from before
//! the renewal is still in use, because a person who has only the new password does not have that factor.

use serde::{Deserialize, Serialize};

use super::person_ref::{PersonRef, ProofMethod};
use crate::domain::time::Moment;

/// How long signatures record a renewal: 30 days.
pub const DISCLOSURE_SECONDS: i64 = 30 * 86_400;

/// A signature records at most this many renewals, the newest ones.
const MAX_DISCLOSED_RENEWALS: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RenewalKind {
    /// The password, with a link that somebody else created and could have used.
    ResetLink,
    SecondFactorRemoved,
}

/// A renewal of somebody's credentials by another person, as signatures record it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRenewal {
    pub how: RenewalKind,
    /// The admin who created the link or removed the second factor. `None` for the server's command line.
    pub by: Option<PersonRef>,
    /// For a link, the time when it was used.
    pub at: Moment,
    /// The other admin who confirmed that the person had asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<PersonRef>,
}

/// The renewals of one person's credentials by others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CredentialRenewals {
    /// Oldest first. Renewals older than [`DISCLOSURE_SECONDS`] may be missing.
    pub renewals: Vec<CredentialRenewal>,
    /// When the person set up their current second factor.
    pub second_factor_since: Option<Moment>,
    /// The length of the waiting period in seconds; 0 if the operator switched it off.
    pub waiting_seconds: i64,
}

/// A waiting period in which an account can't do anything that others rely on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPeriod {
    pub renewal: CredentialRenewal,
    /// The end of the period, unless an admin confirms the renewal earlier.
    pub until: Moment,
}

impl CredentialRenewals {
    /// The waiting period that ends last, if there is one now. `proof` is how the person has just proved their
    /// identity. Where no proof was asked for, the second factor was used at sign-in, because a renewal ends all
    /// sessions.
    #[must_use]
    pub fn waiting_period(&self, now: Moment, proof: Option<ProofMethod>) -> Option<WaitingPeriod> {
        let used_second_factor = proof != Some(ProofMethod::Password);
        let is_vouched_for = |renewed: &CredentialRenewal| {
            used_second_factor && self.second_factor_since.is_some_and(|since| since < renewed.at)
        };
        self.renewals
            .iter()
            .filter(|renewed| renewed.confirmed_by.is_none() && !is_vouched_for(renewed))
            .map(|renewed| WaitingPeriod {
                until: renewed.at.plus_seconds(self.waiting_seconds),
                renewal: renewed.clone(),
            })
            .filter(|waiting| waiting.until > now)
            .max_by_key(|waiting| waiting.until)
    }

    /// The renewals that a signature made now has to record.
    #[must_use]
    pub fn renewals_to_disclose(&self, now: Moment) -> Vec<CredentialRenewal> {
        let recent = |renewed: &&CredentialRenewal| now.seconds_since(renewed.at) < DISCLOSURE_SECONDS;
        let mut marks: Vec<_> = self.renewals.iter().filter(recent).cloned().collect();
        marks.drain(..marks.len().saturating_sub(MAX_DISCLOSED_RENEWALS));
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

    fn test_renewal(how: RenewalKind, at: Moment) -> CredentialRenewal {
        CredentialRenewal { how, by: None, at, confirmed_by: None }
    }

    fn reset_link_renewals(second_factor_since: Option<i64>) -> CredentialRenewals {
        let renewed = vec![test_renewal(RenewalKind::ResetLink, start())];
        let since = second_factor_since.map(|seconds| start().plus_seconds(seconds));
        CredentialRenewals { renewals: renewed, second_factor_since: since, waiting_seconds: 24 * HOUR }
    }

    #[test]
    fn credential_renewal_waits_exactly_as_long_as_configured() {
        let way_in = reset_link_renewals(None);
        let until = |seconds| way_in.waiting_period(start().plus_seconds(seconds), None).map(|waiting| waiting.until);
        let end = start().plus_seconds(24 * HOUR);
        for (seconds, expected) in [(0, Some(end)), (24 * HOUR - 1, Some(end)), (24 * HOUR, None)] {
            assert_eq!(until(seconds), expected, "{seconds}");
        }
        assert_eq!(
            CredentialRenewals { waiting_seconds: 0, ..way_in }.waiting_period(start(), None),
            None,
            "switched off"
        );
        assert_eq!(CredentialRenewals::default().waiting_period(start(), None), None);
    }

    #[test]
    fn credential_renewal_waiting_ends_only_with_an_earlier_second_factor() {
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
            let is_waiting = reset_link_renewals(since).waiting_period(start().plus_seconds(HOUR), proof).is_some();
            assert_eq!(is_waiting, waits, "{since:?} {proof:?}");
        }
    }

    #[test]
    fn credential_renewal_needs_its_own_confirmation() {
        let bob = PersonRef { id: uuid::Uuid::from_u128(7).into(), name: "Bob".to_owned().try_into().unwrap() };
        let mut both = reset_link_renewals(None);
        both.renewals.push(test_renewal(RenewalKind::SecondFactorRemoved, start().plus_seconds(60)));
        both.renewals[1].confirmed_by = Some(bob.clone());
        let now = start().plus_seconds(HOUR);
        assert_eq!(both.waiting_period(now, None).map(|waiting| waiting.renewal.how), Some(RenewalKind::ResetLink));
        both.renewals[0].confirmed_by = Some(bob);
        assert_eq!(both.waiting_period(now, None), None);
        assert_eq!(both.renewals_to_disclose(now).len(), 2, "confirmed renewals are disclosed too");
    }

    #[test]
    fn credential_renewals_are_disclosed_for_thirty_days_and_ten_at_most() {
        let one = reset_link_renewals(None);
        assert_eq!(one.renewals_to_disclose(start().plus_seconds(DISCLOSURE_SECONDS - 1)), one.renewals);
        assert_eq!(one.renewals_to_disclose(start().plus_seconds(DISCLOSURE_SECONDS)), []);
        let many = CredentialRenewals {
            renewals: (0..12).map(|n| test_renewal(RenewalKind::ResetLink, start().plus_seconds(n))).collect(),
            ..CredentialRenewals::default()
        };
        assert_eq!(many.renewals_to_disclose(start().plus_seconds(20)), many.renewals[2..]);
    }
}

//! Describes credentials that somebody else renewed.

use crate::{
    domain::{
        launch::credential_renewal::{CredentialRenewal, RenewalKind, WaitingPeriod},
        time::Zone,
    },
    texts,
    web::time::exact,
};

/// What was renewed, by whom and when, as a signature shows it: `password reset with a link of Ann Admin on 23 Nov 2026,
/// 10:41 UTC`.
#[must_use]
pub fn describe_renewal(renewal: &CredentialRenewal, zone: &Zone) -> String {
    let at = exact(renewal.at, zone);
    let by = renewal.by.as_ref().map(|by| &by.name);
    let description = match (renewal.how, by) {
        (RenewalKind::ResetLink, Some(name)) => texts::password_reset_with_link_of(name, at),
        (RenewalKind::ResetLink, None) => texts::password_reset_with_operators_link(at),
        (RenewalKind::SecondFactorRemoved, Some(name)) => texts::second_factor_removed_by(name, at),
        (RenewalKind::SecondFactorRemoved, None) => texts::second_factor_removed_at_command_line(at),
    };
    match &renewal.confirmed_by {
        Some(by) => texts::renewal_confirmed_by(description, &by.name),
        None => description,
    }
    .into_owned()
}

/// All renewals that a signature discloses; usually empty.
#[must_use]
pub fn describe_renewals(all: &[CredentialRenewal]) -> String {
    all.iter().map(|renewal| describe_renewal(renewal, &Zone::UTC)).collect::<Vec<_>>().join("; ")
}

/// What was done, and by whom: `a reset link of Ann Admin`.
#[must_use]
pub fn describe_renewal_action(kind: RenewalKind, by: Option<&str>) -> String {
    let description = match (kind, by) {
        (RenewalKind::ResetLink, Some(name)) => texts::reset_link_of(name),
        (RenewalKind::ResetLink, None) => texts::operators_reset_link(),
        (RenewalKind::SecondFactorRemoved, Some(name)) => texts::removal_of_second_factor_by(name),
        (RenewalKind::SecondFactorRemoved, None) => texts::operators_removal_of_second_factor(),
    };
    description.into_owned()
}

/// Why somebody cannot sign, approve or decide now, until when, and what ends the waiting period earlier.
#[must_use]
pub fn explain_waiting_period(waiting: &WaitingPeriod, zone: &Zone) -> String {
    let by = waiting.renewal.by.as_ref().map(|by| &by.name);
    let (at, until) = (exact(waiting.renewal.at, zone), exact(waiting.until, zone));
    let explanation = match (waiting.renewal.how, by) {
        (RenewalKind::ResetLink, Some(name)) => texts::you_wait_after_reset_link(name, at, until),
        (RenewalKind::ResetLink, None) => texts::you_wait_after_operators_reset_link(at, until),
        (RenewalKind::SecondFactorRemoved, Some(name)) => texts::you_wait_after_removal(name, at, until),
        (RenewalKind::SecondFactorRemoved, None) => texts::you_wait_after_operators_removal(at, until),
    };
    explanation.into_owned()
}

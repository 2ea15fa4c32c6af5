//! Describes credentials that somebody else renewed.

use crate::{
    domain::{
        launch::credential_renewal::{CredentialRenewal, RenewalKind, WaitingPeriod},
        text::isolate_direction,
        time::Zone,
    },
    web::time::exact,
};

/// What was renewed, by whom and when, as a signature shows it: `way in renewed by a link of Ann Admin on 23 Nov 2026,
/// 10:41 UTC`.
#[must_use]
pub fn describe_renewal(renewed: &CredentialRenewal, zone: &Zone) -> String {
    let by = renewed.by.as_ref().map(|by| by.name.as_str());
    let what = describe_renewal_action(renewed.how, by);
    let confirmed = renewed.confirmed_by.as_ref().map_or_else(String::new, |by| format!(", confirmed by {}", by.name));
    format!("way in renewed by {what} on {}{confirmed}", exact(renewed.at, zone))
}

/// All renewals that a signature discloses; usually empty.
#[must_use]
pub fn describe_renewals(all: &[CredentialRenewal]) -> String {
    all.iter().map(|one| describe_renewal(one, &Zone::UTC)).collect::<Vec<_>>().join("; ")
}

/// What was done, and by whom: `a link of Ann Admin`.
#[must_use]
pub fn describe_renewal_action(how: RenewalKind, by: Option<&str>) -> String {
    match (how, by) {
        (RenewalKind::ResetLink, Some(name)) => format!("a link of {}", isolate_direction(name)),
        (RenewalKind::ResetLink, None) => "a link made at the server’s command line".to_owned(),
        (RenewalKind::SecondFactorRemoved, Some(name)) => {
            format!("the removal of the second factor by {}", isolate_direction(name))
        }
        (RenewalKind::SecondFactorRemoved, None) => {
            "the removal of the second factor at the server’s command line".to_owned()
        }
    }
}

/// Why somebody cannot sign, approve or decide now, until when, and what ends the waiting period earlier.
#[must_use]
pub fn explain_waiting_period(waiting: &WaitingPeriod, zone: &Zone) -> String {
    let by = waiting.renewal.by.as_ref().map(|by| by.name.as_str());
    format!(
        "Your way in was renewed by {} on {}. Until {} you can’t sign, approve or decide, so that nobody else can in your name. It ends earlier once \
         another admin confirms, under Admin, People, that you had asked for this.",
        describe_renewal_action(waiting.renewal.how, by),
        exact(waiting.renewal.at, zone),
        exact(waiting.until, zone)
    )
}

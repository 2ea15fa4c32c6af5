//! A way in that another renewed, in words.

use crate::{
    domain::{
        launch::way_in::{RenewalKind, RenewedWayIn, WaitingPeriod},
        text::isolate_direction,
        time::Zone,
    },
    web::time::exact,
};

/// What was renewed, by whom and when, as a signature shows it: `way in renewed by a link of Ann Admin on 23 Nov 2026,
/// 10:41 UTC`.
#[must_use]
pub fn renewed(renewed: &RenewedWayIn, zone: &Zone) -> String {
    let by = renewed.by.as_ref().map(|by| by.name.as_str());
    let what = done(renewed.how, by);
    let confirmed = renewed.confirmed_by.as_ref().map_or_else(String::new, |by| format!(", confirmed by {}", by.name));
    format!("way in renewed by {what} on {}{confirmed}", exact(renewed.at, zone))
}

/// All that a signature tells of it; empty for most.
#[must_use]
pub fn marks(all: &[RenewedWayIn]) -> String {
    all.iter().map(|one| renewed(one, &Zone::UTC)).collect::<Vec<_>>().join("; ")
}

/// What was done, and by whom: `a link of Ann Admin`.
#[must_use]
pub fn done(how: RenewalKind, by: Option<&str>) -> String {
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

/// Why somebody can't do now what others rely on, until when, and what would end the waiting.
#[must_use]
pub fn waiting(waiting: &WaitingPeriod, zone: &Zone) -> String {
    let by = waiting.renewed.by.as_ref().map(|by| by.name.as_str());
    format!(
        "Your way in was renewed by {} on {}. Until {} you can’t sign, approve or decide, so that nobody else can in your name. It ends earlier once \
         another admin confirms, under Admin, People, that you had asked for this.",
        done(waiting.renewed.how, by),
        exact(waiting.renewed.at, zone),
        exact(waiting.until, zone)
    )
}

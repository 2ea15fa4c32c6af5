//! Which readiness the go/no-go page shows: the current one or, once launched, the one at the launch.

use crate::domain::{
    launch::{event::ReadinessSnapshot, state::LaunchState},
    readiness::{Condition, Readiness, Reason, Verdict},
};

/// Readiness as the page shows it: the current one or, once launched, the one at the launch.
pub(super) struct ShownReadiness<'a> {
    pub verdict: Verdict,
    pub reasons: &'a [Reason],
    pub conditions: &'a [Condition],
}

/// `readiness` is the current readiness.
pub(super) fn shown_readiness<'a>(launch: &'a LaunchState, readiness: &'a Readiness) -> ShownReadiness<'a> {
    match launch.stage.launched().map(|launched| &launched.readiness) {
        Some(ReadinessSnapshot { verdict, reasons, conditions }) => {
            ShownReadiness { verdict: *verdict, reasons, conditions }
        }
        None => ShownReadiness {
            verdict: readiness.verdict,
            reasons: &readiness.reasons,
            conditions: &readiness.conditions,
        },
    }
}

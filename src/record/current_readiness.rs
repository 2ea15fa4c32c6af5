//! Readiness of current launches, computed once for as long as it holds.
//!
//! Readiness follows from a state and a moment alone, and says until when it holds. So it is the same for everybody who
//! looks at the same event before that moment. Only a page that looks at many launches at once asks here; a decision
//! computes it.

use std::sync::Arc;

use super::Record;
use crate::domain::{
    launch::{event::Seq, state::LaunchState},
    readiness::{Readiness, compute_readiness},
    time::Moment,
};

/// Readiness that was computed for an event and a moment.
#[derive(Debug, Clone)]
pub(super) struct CachedReadiness {
    seq: Seq,
    computed_at: Moment,
    readiness: Arc<Readiness>,
}

impl CachedReadiness {
    fn holds(&self, seq: Seq, now: Moment) -> bool {
        self.seq == seq && self.computed_at <= now && self.readiness.valid_until.is_none_or(|until| now < until)
    }

    /// The bytes it takes, roughly.
    pub(super) fn weight(&self) -> usize {
        500 + self.readiness.reasons.len() * 100 + self.readiness.conditions.len() * 200
    }
}

impl Record {
    /// The readiness of a state that was loaded as the current one.
    #[must_use]
    pub fn readiness(&self, state: &LaunchState, now: Moment) -> Arc<Readiness> {
        if let Some(cached) = self.readiness.get(&state.id).filter(|cached| cached.holds(state.seq, now)) {
            return cached.readiness;
        }
        let readiness = Arc::new(compute_readiness(state, now));
        let cached = CachedReadiness { seq: state.seq, computed_at: now, readiness: Arc::clone(&readiness) };
        self.readiness.insert(state.id, cached);
        readiness
    }
}

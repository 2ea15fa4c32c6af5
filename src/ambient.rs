//! The clock and randomness: the only place that reads them.
//!
//! All other code gets a [`Moment`], bytes or an id as an argument, so that any rule can be tested at any time.
//! Clippy's `disallowed-methods` enforces it.
#![expect(clippy::disallowed_methods, reason = "this is the one place they are allowed")]

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use uuid::Uuid;

use crate::domain::time::Moment;

/// The system's clock, or one that a test moves.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Seconds added to the system's time, shared by all clones.
    offset: Arc<AtomicI64>,
}

impl Clock {
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment::new(jiff::Timestamp::now()).plus_seconds(self.offset.load(Ordering::Relaxed))
    }

    /// Moves this clock and its clones forward (back if negative). For tests: the clock still runs, so that later
    /// events have later times.
    pub fn advance(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// A point on the monotonic clock, for measuring durations.
#[must_use]
pub fn monotonic_now() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// Random bytes from the thread's generator, which is cryptographically secure and seeded by the system.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}

/// A new identifier that sorts by its creation time (UUIDv7).
#[must_use]
pub fn new_id<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

/// A new identifier that reveals nothing, not even its creation time (UUIDv4).
#[must_use]
pub fn new_opaque_id<T: From<Uuid>>() -> T {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_advance_moves_its_clones_too() {
        let clock = Clock::default();
        let clone = clock.clone();
        let before = clone.now();
        clock.advance(3_600);
        assert!(clone.now().seconds_since(before) >= 3_600);
    }

    #[test]
    fn random_bytes_and_ids_differ() {
        assert_ne!(random_bytes::<32>(), random_bytes::<32>());
        assert_eq!(new_opaque_id::<Uuid>().get_version_num(), 4);
        assert_eq!(new_id::<Uuid>().get_version_num(), 7);
    }
}

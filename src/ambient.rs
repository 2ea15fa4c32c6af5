//! The clock and randomness: the one place that reads them.
//!
//! Everything else is handed a [`Moment`], bytes or an id, so that any rule can be tried at any time. Clippy's
//! `disallowed-methods` keeps it so.
#![expect(clippy::disallowed_methods, reason = "this is the one place they are allowed")]

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use uuid::Uuid;

use crate::domain::time::Moment;

/// Tells the time: the system's, or one that a test sets.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Seconds added to the system's time, shared by every clone.
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment::new(jiff::Timestamp::now()).plus_seconds(self.offset.load(Ordering::Relaxed))
    }

    /// Puts this clock and its clones forward (back, when negative). For tests: it still runs, so that what must
    /// come later does.
    pub fn advance(&self, seconds: i64) {
        self.offset.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// A point on the clock that only ever goes forward, for pauses.
#[must_use]
pub fn instant() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// So many random bytes from the thread's generator, which is cryptographically secure and seeded by the system.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}

/// A new identifier that sorts by the time it was made (UUIDv7).
#[must_use]
pub fn new_id<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

/// A new identifier that tells nothing, not even when it was made (UUIDv4).
#[must_use]
pub fn opaque_id<T: From<Uuid>>() -> T {
    uuid::Builder::from_random_bytes(random()).into_uuid().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_put_forward_takes_its_clones_along() {
        let clock = Clock::default();
        let clone = clock.clone();
        let before = clone.now();
        clock.advance(3_600);
        assert!(clone.now().seconds_since(before) >= 3_600);
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(random::<32>(), random::<32>());
        assert_eq!(opaque_id::<Uuid>().get_version_num(), 4);
        assert_eq!(new_id::<Uuid>().get_version_num(), 7);
    }
}

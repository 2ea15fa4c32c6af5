//! Figures out of many measurements.

use std::time::Duration;

/// How long something took, many times.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Sorts them; there is at least one.
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        assert!(!times.is_empty(), "nothing was measured");
        Self(times)
    }

    /// The time that half of them stay under.
    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// The time that 95 in a hundred stay under.
    pub(crate) fn most(&self) -> Duration {
        self.0[self.0.len() * 95 / 100]
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "median {}, 95 % under {} ({} times)", ms(self.median()), ms(self.most()), self.0.len())
    }
}

/// Milliseconds, for people.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

/// How many times as long.
pub(crate) fn ratio(now: &Times, before: &Times) -> f64 {
    now.median().as_secs_f64() / before.median().as_secs_f64()
}

//! Statistics over many measurements.

use std::time::Duration;

/// The durations of repeated runs.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Sorts them; there must be at least one.
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        assert!(!times.is_empty(), "nothing was measured");
        Self(times)
    }

    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// The 95th percentile.
    pub(crate) fn max(&self) -> Duration {
        self.0[self.0.len() * 95 / 100]
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "median {}, 95 % under {} ({} times)", ms(self.median()), ms(self.max()), self.0.len())
    }
}

pub(crate) fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

/// The ratio of the medians.
pub(crate) fn ratio(now: &Times, before: &Times) -> f64 {
    now.median().as_secs_f64() / before.median().as_secs_f64()
}

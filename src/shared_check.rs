//! A check that costs more than to be made for everybody who asks: its result is shared for some seconds.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use crate::ambient;

/// How old the findings of the last check of the stores may be.
pub const FINDINGS_LIFETIME: Duration = Duration::from_secs(3);

/// What a check of the stores found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFindings {
    /// The stores that do not answer and without which pages fail.
    pub down: Vec<&'static str>,
    /// What does not work although every page does.
    pub missing: Option<&'static str>,
}

#[derive(Debug)]
pub struct SharedCheck<T> {
    /// How old a result may be.
    lifetime: Duration,
    /// The latest result, and when the check ended.
    latest: Mutex<Option<(Instant, T)>>,
}

impl<T: Clone> SharedCheck<T> {
    #[must_use]
    pub fn new(lifetime: Duration) -> Self {
        Self { lifetime, latest: Mutex::new(None) }
    }

    /// The latest result, or if it is too old, that of `check`, which is not begun otherwise. Whoever asks while a
    /// check runs waits for its result.
    pub async fn share(&self, check: impl Future<Output = T>) -> T {
        let mut latest = self.latest.lock().await;
        if let Some((ended, result)) = &*latest
            && ambient::monotonic_now().duration_since(*ended) < self.lifetime
        {
            return result.clone();
        }
        let result = check.await;
        *latest = Some((ambient::monotonic_now(), result.clone()));
        result
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn check_is_made_once_for_all_who_ask_while_it_runs_and_soon_after() {
        let (shared, begun) = (SharedCheck::new(Duration::from_secs(10)), AtomicU32::new(0));
        let check = async || {
            let number = begun.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::task::yield_now().await;
            number
        };
        let results = tokio::join!(shared.share(check()), shared.share(check()), shared.share(check()));
        assert_eq!(results, (1, 1, 1));
        assert_eq!(shared.share(check()).await, 1);
        assert_eq!(begun.load(Ordering::SeqCst), 1, "the others were not begun");
    }

    #[tokio::test]
    async fn check_is_made_again_when_its_result_is_too_old() {
        let shared = SharedCheck::new(Duration::from_secs(10));
        assert_eq!(shared.share(async { 1 }).await, 1);
        let earlier = ambient::monotonic_now().checked_sub(shared.lifetime).unwrap();
        *shared.latest.lock().await = Some((earlier, 1));
        assert_eq!(shared.share(async { 2 }).await, 2);
    }
}

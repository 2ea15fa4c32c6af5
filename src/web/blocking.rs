//! CPU-heavy work, run on a blocking thread so that the threads that answer requests stay free.

use std::{
    sync::{Arc, LazyLock},
    thread::available_parallelism,
    time::Duration,
};

use tokio::{sync::Semaphore, time::timeout};

use super::Error;
use crate::texts::{self, Reader};

/// How long work waits for a permit.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// As many at once as there are processors (at least two). More would only make each of them slower and use more
/// memory.
pub(super) static PERMITS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(available_parallelism().map_or(2, |count| count.get().max(2)))));

/// Runs CPU-heavy work (parsing or rendering large input, evaluating many launches) on a blocking thread, so that other
/// requests are answered meanwhile. Work that has begun is finished and holds its permit until then, even when nobody
/// waits for it any more.
///
/// # Errors
/// [`Error::Unavailable`] when there is no permit within [`MAX_WAIT`]; [`Error::Fault`] when the work panics.
pub async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let turn = timeout(MAX_WAIT, Arc::clone(&PERMITS).acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(Error::Unavailable(texts::server_is_overloaded())) };
    let (span, reader) = (tracing::Span::current(), Reader::current());
    let work = move || {
        let result = span.in_scope(|| reader.sync_scope(work));
        drop(turn);
        result
    };
    Ok(tokio::task::spawn_blocking(work).await?)
}

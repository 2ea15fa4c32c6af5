//! Work that takes long, apart from the threads that answer requests.

use std::{
    sync::{Arc, LazyLock},
    thread::available_parallelism,
    time::Duration,
};

use tokio::{sync::Semaphore, time::timeout};

use super::Error;

/// How long work waits for its turn.
const MOST_WAIT: Duration = Duration::from_secs(10);

/// As many at once as there are processors to do it. More would only take longer, each of them, and the memory of all.
static TURNS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(available_parallelism().map_or(2, |count| count.get().max(2)))));

/// Does what keeps a processor busy (reading and rendering what may be large, judging many launches) on a thread of
/// its own, so that other requests go on meanwhile. Work that was begun is finished, and keeps its turn until then,
/// also when nobody waits for it any more.
///
/// # Errors
/// [`Error::Unavailable`] when it does not get its turn within [`MOST_WAIT`]; a fault when the work panics.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let turn = timeout(MOST_WAIT, Arc::clone(&TURNS).acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(Error::Unavailable("Too much is asked of this server at once.")) };
    let span = tracing::Span::current();
    let work = move || {
        let result = span.in_scope(work);
        drop(turn);
        result
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Fault(error.into()))
}

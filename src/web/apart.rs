//! Work that takes long, apart from the threads that answer requests.

use super::Error;

/// Does what keeps a processor busy (reading and rendering what may be large, judging many launches) on a thread of
/// its own, so that other requests go on meanwhile.
///
/// # Errors
/// When the work panics.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Fault(error.into()))
}

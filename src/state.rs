//! What every request can access: the settings, the stores, the clock, and the tasks that outlive a request.

use std::{ops::Deref, sync::Arc};

use sqlx::PgPool;
use tokio::task::JoinError;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;

use crate::{
    ambient::Clock,
    blobs::Blobs,
    config::Config,
    domain::{ids::UserId, key::PrivateKey},
    open_count::OpenCount,
    record::{Record, feed::LaunchFeed},
    redis::Redis,
    texts::Reader,
};

/// The state of the application. Clones share it.
#[derive(Clone)]
pub struct AppState(Arc<AppStateInner>);

pub struct AppStateInner {
    pub config: Config,
    /// PostgreSQL, the authoritative store.
    pub db: PgPool,
    /// Redis, for data that may be lost.
    pub redis: Redis,
    pub clock: Clock,
    pub blobs: Blobs,
    /// The only access to launches.
    pub record: Record,
    /// The latest changes of launches.
    pub feed: LaunchFeed,
    /// The event streams that each person has open in this process.
    pub open_streams: OpenCount<UserId>,
    /// The uploads that each person is sending to this process.
    pub open_uploads: OpenCount<UserId>,
    /// The tasks of [`AppState::finish`], for which the process waits before it ends.
    pub tasks: TaskTracker,
    /// Cancelled when the process is asked to stop. Everything that stays open for long, such as an event stream, then
    /// ends itself.
    pub stop: CancellationToken,
}

impl AppState {
    /// `key` signs the checkpoints.
    #[must_use]
    pub fn new(config: Config, db: PgPool, redis: Redis, clock: Clock, blobs: Blobs, key: Arc<PrivateKey>) -> Self {
        let wait = config.reset_hold_seconds;
        Self(Arc::new(AppStateInner {
            config,
            db,
            redis,
            clock,
            blobs,
            record: Record::new(key).with_waiting_period(wait),
            feed: LaunchFeed::default(),
            open_streams: OpenCount::default(),
            open_uploads: OpenCount::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }))
    }
}

impl AppState {
    /// Runs work to its end in a task of its own: axum drops a handler whose client leaves, and the work in it would
    /// stop halfway. The process waits for the task before it ends.
    ///
    /// # Errors
    /// When the work panics.
    pub async fn finish<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, JoinError> {
        self.tasks.spawn(Reader::current().scope(work).in_current_span()).await
    }

    /// Like [`Self::finish`], for work that the response does not wait for.
    pub fn finish_later(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(Reader::current().scope(work).in_current_span());
    }
}

impl Deref for AppState {
    type Target = AppStateInner;

    fn deref(&self) -> &AppStateInner {
        &self.0
    }
}

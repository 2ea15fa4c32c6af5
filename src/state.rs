//! What every request can access: the settings, the stores, the clock, and the tasks that outlive a request.

use std::{ops::Deref, sync::Arc};

use sqlx::PgPool;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;

use crate::{
    ambient::Clock,
    blobs::Blobs,
    config::Config,
    db_watch::{DatabaseSilent, DatabaseWatch},
    domain::{ids::UserId, key::PrivateKey},
    open_count::OpenCount,
    record::{Record, feed::LaunchFeed},
    redis::Redis,
    shared_check::{FINDINGS_LIFETIME, SharedCheck, StoreFindings},
    texts::Reader,
    traces,
};

/// The state of the application. Clones share it.
#[derive(Clone)]
pub struct AppState(Arc<AppStateInner>);

pub struct AppStateInner {
    pub config: Config,
    /// PostgreSQL, the authoritative store.
    pub db: PgPool,
    /// Watches whether PostgreSQL answers, so that nothing waits long for it when it does not.
    pub database_watch: DatabaseWatch,
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
    /// The check of the stores that `/readyz` answers with.
    pub store_check: SharedCheck<StoreFindings>,
    /// The tasks of [`AppState::finish`], for which the process waits before it ends.
    pub tasks: TaskTracker,
    /// Cancelled when the process is asked to stop, some time before `stop`: it still serves, and is not ready any more,
    /// so that a proxy sends its requests elsewhere.
    pub leaving: CancellationToken,
    /// Cancelled when the process stops. Everything that stays open for long, such as an event stream, then
    /// ends itself.
    pub stop: CancellationToken,
}

impl AppState {
    /// `key` signs the checkpoints.
    #[must_use]
    pub fn new(config: Config, db: PgPool, redis: Redis, clock: Clock, blobs: Blobs, key: Arc<PrivateKey>) -> Self {
        let record = Record::new(key).with_waiting_period(config.reset_hold_seconds).with_drill(config.drill);
        Self(Arc::new(AppStateInner {
            config,
            db,
            database_watch: DatabaseWatch::default(),
            redis,
            clock,
            blobs,
            record,
            feed: LaunchFeed::default(),
            open_streams: OpenCount::default(),
            open_uploads: OpenCount::default(),
            store_check: SharedCheck::new(FINDINGS_LIFETIME),
            tasks: TaskTracker::new(),
            leaving: CancellationToken::new(),
            stop: CancellationToken::new(),
        }))
    }
}

impl AppState {
    /// Runs work to its end in a task of its own: axum drops a handler whose client leaves, and the work in it would
    /// stop halfway. The process waits for the task before it ends.
    ///
    /// # Errors
    /// When the work panics, or the database stops answering.
    pub async fn finish<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, UnfinishedWork> {
        let watch = self.database_watch.clone();
        let work = Reader::current().scope(async move { watch.while_answering(work).await });
        Ok(self.tasks.spawn(traces::within_current_span(work.in_current_span())).await??)
    }

    /// Like [`Self::finish`], for work that the response does not wait for.
    pub fn finish_later(&self, work: impl Future<Output = ()> + Send + 'static) {
        let watch = self.database_watch.clone();
        let work = async move {
            if watch.while_answering(work).await.is_err() {
                tracing::error!("work after a response was given up: PostgreSQL does not answer");
            }
        };
        self.tasks.spawn(Reader::current().scope(work).in_current_span());
    }

    /// Runs work that does not need the database in a task of its own, so that it is also done while the database is
    /// silent. The process waits for the task before it ends.
    pub fn finish_without_database<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.tasks.spawn(work.in_current_span())
    }
}

/// Why work in a task of its own was not finished.
#[derive(Debug, thiserror::Error)]
pub enum UnfinishedWork {
    #[error("it panicked")]
    Panicked(#[from] JoinError),
    #[error(transparent)]
    DatabaseSilent(#[from] DatabaseSilent),
}

impl Deref for AppState {
    type Target = AppStateInner;

    fn deref(&self) -> &AppStateInner {
        &self.0
    }
}

//! What every request can reach: the settings, the stores, the clock, and the tasks that outlive a request.

use std::{ops::Deref, sync::Arc};

use sqlx::PgPool;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ambient::Clock,
    blobs::Blobs,
    config::Config,
    domain::{ids::UserId, key::PrivateKey},
    open_count::OpenCount,
    record::{Record, feed::Feed},
    redis::Redis,
};

/// The state of the application; a clone is another handle to the same.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// PostgreSQL: the truth.
    pub db: PgPool,
    /// Redis: what may be lost.
    pub redis: Redis,
    /// The time.
    pub clock: Clock,
    /// Evidence files.
    pub blobs: Blobs,
    /// The launches.
    pub record: Record,
    /// What has just changed of them.
    pub feed: Feed,
    /// The event streams that each person has open in this process.
    pub streams: OpenCount<UserId>,
    /// The uploads that each person is sending to this process.
    pub uploads: OpenCount<UserId>,
    /// What must be finished before the process ends, though the client may have left.
    pub tasks: TaskTracker,
    /// Cancelled when the process is asked to end: whatever stays open for long, such as an event stream, ends
    /// itself then.
    pub stop: CancellationToken,
}

impl AppState {
    /// The state over these stores, whose checkpoints are signed with this key.
    #[must_use]
    pub fn new(config: Config, db: PgPool, redis: Redis, clock: Clock, blobs: Blobs, key: Arc<PrivateKey>) -> Self {
        let wait = config.reset_hold_seconds;
        Self(Arc::new(Parts {
            config,
            db,
            redis,
            clock,
            blobs,
            record: Record::new(key).with_wait(wait),
            feed: Feed::default(),
            streams: OpenCount::default(),
            uploads: OpenCount::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

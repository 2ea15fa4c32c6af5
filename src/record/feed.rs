//! The feed: notifies open pages of changed launches.
//!
//! A change is announced with PostgreSQL's NOTIFY in the transaction that makes it. So it is announced exactly when it
//! is committed, whichever server process made it, and nothing has to be kept in step with the database; a message
//! contains only the launch. Redis channels would work as well while nothing fails, but a process that dies between
//! commit and publish would leave pages that are never updated.
//!
//! Each process has one listening connection, whatever the number of open pages. It loads a changed launch once and
//! passes the same value to all streams that watch it. Messages may be lost when that connection breaks, so every
//! watched launch is then loaded again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use sqlx::{
    Executor as _, PgConnection, PgPool,
    postgres::{PgListener, PgNotification, PgPoolOptions},
};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{
    Record, RecordError,
    inbox_feed::{self, InboxFeed},
};
use crate::{
    db_watch::DatabaseWatch,
    domain::{
        ids::LaunchId,
        launch::{event::Seq, state::LaunchState},
        time::Moment,
    },
};

/// The name of the NOTIFY channel.
const CHANNEL: &str = "signoff_launch_changed";

/// The suffix of a message after a redaction: nothing of the launch may stay in memory.
const FORGET_SUFFIX: &str = " forget";

const RETRY_DELAY: Duration = Duration::from_secs(1);

/// How often the listening connection is tested while no message comes.
const PROBE_INTERVAL: Duration = Duration::from_secs(2);

/// How long it may take to answer, or to be established.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// How often all watched launches are checked, whether or not there was a message.
const RECHECK_INTERVAL: Duration = Duration::from_secs(20);

/// How many messages are cached for pages that need the same one.
const MESSAGE_CACHE_SIZE: u64 = 256;

/// The launches that are watched in this process.
#[derive(Debug, Clone)]
pub struct LaunchFeed {
    /// The unread numbers, which the same connection hears of.
    pub inbox: InboxFeed,
    lock_senders: Arc<Mutex<WatchedLaunches>>,
    messages: Cache<StateTransition, Arc<str>>,
    expiries: Cache<(LaunchId, Seq), Option<Moment>>,
}

type WatchedLaunches = HashMap<LaunchId, watch::Sender<Arc<LaunchState>>>;

/// From one state of a launch to a later one.
type StateTransition = (LaunchId, Seq, Seq);

impl Default for LaunchFeed {
    fn default() -> Self {
        Self {
            inbox: InboxFeed::default(),
            lock_senders: Arc::default(),
            messages: Cache::new(MESSAGE_CACHE_SIZE),
            expiries: Cache::new(MESSAGE_CACHE_SIZE),
        }
    }
}

impl LaunchFeed {
    /// Watches a launch from this state on: the receiver always holds the newest known state.
    #[must_use]
    pub fn watch(&self, state: Arc<LaunchState>) -> watch::Receiver<Arc<LaunchState>> {
        let mut watched = self.watched();
        let sender = watched.entry(state.id).or_insert_with(|| watch::Sender::new(Arc::clone(&state)));
        let receiver = sender.subscribe();
        send_if_newer(sender, state);
        receiver
    }

    /// The number of watched launches.
    #[must_use]
    pub fn len(&self) -> usize {
        self.watched().len()
    }

    /// The number of open streams; a stream counts once for every launch that it follows.
    #[must_use]
    pub fn stream_count(&self) -> usize {
        self.watched().values().map(watch::Sender::receiver_count).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The message about what changed in a launch since an event: made once, however many pages get it.
    pub fn cached_message(&self, state: &LaunchState, since: Seq, make: impl FnOnce() -> String) -> Arc<str> {
        self.messages.get_with((state.id, since, state.seq), || make().into())
    }

    /// When the readiness of a launch may next change by itself: computed once, however many pages are open.
    pub fn cached_expiry(&self, state: &LaunchState, find: impl FnOnce() -> Option<Moment>) -> Option<Moment> {
        self.expiries.get_with((state.id, state.seq), find)
    }

    fn watched(&self) -> std::sync::MutexGuard<'_, WatchedLaunches> {
        self.lock_senders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The launches that somebody still watches; the others are dropped.
    fn watched_launches(&self) -> Vec<LaunchId> {
        let mut watched = self.watched();
        watched.retain(|_, sender| sender.receiver_count() > 0);
        watched.keys().copied().collect()
    }

    fn publish(&self, state: Arc<LaunchState>) {
        if let Some(sender) = self.watched().get(&state.id) {
            send_if_newer(sender, state);
        }
    }

    /// Listens until it is cancelled, and reconnects when the connection fails.
    pub async fn run(self, db: PgPool, watch: DatabaseWatch, record: Record, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let listening = self.listen(&db, &record);
            let failed = tokio::select! {
                () = stop.cancelled() => return,
                () = watch.silence() => Ok(()),
                failed = listening => failed,
                failed = self.recheck_periodically(&db, &record) => failed,
                error = self.inbox.count_after_changes(&db) => Err(error.into()),
            };
            if let Err(error) = failed {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "listening for changes failed; listening anew"
                );
            }
            tokio::time::sleep(RETRY_DELAY).await;
        }
    }

    async fn listen(&self, db: &PgPool, record: &Record) -> Result<(), RecordError> {
        // A connection of its own: a permanent listener would be missing from the pool that requests share.
        let own = PgPoolOptions::new().max_connections(1).acquire_timeout(ANSWER_LIMIT);
        let own = own.connect_lazy_with((*db.connect_options()).clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen_all([CHANNEL, inbox_feed::CHANNEL]).await?;
        loop {
            // Load what changed before listening began, or while the connection was lost.
            self.publish_newest(db, record, &self.watched_launches()).await?;
            self.inbox.note_change();
            // `None`: the connection was lost and re-established, and messages may have been lost with it.
            while let Some(message) = receive(&mut listener).await? {
                if message.channel() == inbox_feed::CHANNEL {
                    self.inbox.note_change();
                    continue;
                }
                let watched = self.watched_launches();
                let (launch, forget) = match message.payload().strip_suffix(FORGET_SUFFIX) {
                    Some(launch) => (launch, true),
                    None => (message.payload(), false),
                };
                let launch: Option<LaunchId> = launch.parse().ok();
                if let Some(launch) = launch.filter(|_| forget) {
                    record.evict_state(launch);
                    self.messages.invalidate_all();
                }
                let changed = launch.filter(|launch| watched.contains(launch));
                self.publish_newest(db, record, changed.as_slice()).await?;
            }
        }
    }

    /// Checks every watched launch from time to time: nothing announces a history that was cut or restored.
    async fn recheck_periodically(&self, db: &PgPool, record: &Record) -> Result<(), RecordError> {
        loop {
            tokio::time::sleep(RECHECK_INTERVAL).await;
            self.publish_newest(db, record, &self.watched_launches()).await?;
        }
    }

    async fn publish_newest(&self, db: &PgPool, record: &Record, launches: &[LaunchId]) -> Result<(), RecordError> {
        let mut launches = launches.to_vec();
        while !launches.is_empty() {
            match record.load_many(db, &launches).await {
                Ok(states) => {
                    states.into_values().for_each(|state| self.publish(state));
                    return Ok(());
                }
                // The streams of this launch end and are refused when their pages reconnect; the others continue.
                Err(RecordError::Contradiction(launch, _)) => {
                    drop(self.watched().remove(&launch));
                    launches.retain(|other| *other != launch);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

/// Waits for a message, and makes sure meanwhile that the connection is not lost: nothing else is ever sent on it.
async fn receive(listener: &mut PgListener) -> Result<Option<PgNotification>, sqlx::Error> {
    loop {
        if let Ok(received) = timeout(PROBE_INTERVAL, listener.try_recv()).await {
            return received;
        }
        let probe = timeout(ANSWER_LIMIT, listener.execute("SELECT 1")).await;
        probe.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
    }
}

/// Sends a state to the receivers, unless they have a newer one.
fn send_if_newer(sender: &watch::Sender<Arc<LaunchState>>, state: Arc<LaunchState>) {
    sender.send_if_modified(|current| {
        let newer = state.seq > current.seq;
        if newer {
            *current = state;
        }
        newer
    });
}

/// Notifies every process of a change, when the transaction commits.
pub(super) async fn notify_change(db: &mut PgConnection, launch: LaunchId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, launch.to_string()).execute(db).await.map(drop)
}

/// Notifies every process after a redaction to drop the launch from its caches.
pub(super) async fn notify_redaction(db: &mut PgConnection, launch: LaunchId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, format!("{launch}{FORGET_SUFFIX}")).execute(db).await.map(drop)
}

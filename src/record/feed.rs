//! The feed: what has just changed, for the pages that are open.
//!
//! A change is told with PostgreSQL's NOTIFY, in the transaction that makes it. So it is told exactly when it is
//! committed, by whichever server process made it, and there is nothing to keep in step with the database; a
//! message holds no more than which launch, and how far it is. Redis's channels would do as well while nothing goes
//! wrong, but a process that dies between commit and publish would leave pages that never hear of it.
//!
//! Each process has one listening connection, whatever the number of open pages. It loads a changed launch once and
//! hands the same value to all who watch it. Messages may be lost when that connection breaks, so it then looks
//! again at every launch that is watched.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use sqlx::{
    PgConnection, PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Fault, Record};
use crate::domain::{
    ids::LaunchId,
    launch::{event::Seq, state::LaunchState},
    time::Moment,
};

/// The channel's name.
const CHANNEL: &str = "signoff_launch_changed";

/// What a message ends with of a launch of which something was destroyed: nothing of it is to stay in memory.
const FORGET: &str = " forget";

/// How long to wait before listening anew, when that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// How often all launches that are watched are looked at, whether or not anything was told of them.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// How many messages are kept for pages that are about to be told the same.
const MESSAGES: u64 = 256;

/// The launches that are watched in this process.
#[derive(Debug, Clone)]
pub struct Feed {
    watched: Arc<Mutex<Watched>>,
    messages: Cache<Step, Arc<str>>,
    lapses: Cache<(LaunchId, Seq), Option<Moment>>,
}

type Watched = HashMap<LaunchId, watch::Sender<Arc<LaunchState>>>;

/// From one state of a launch to a later one.
type Step = (LaunchId, Seq, Seq);

impl Default for Feed {
    fn default() -> Self {
        Self { watched: Arc::default(), messages: Cache::new(MESSAGES), lapses: Cache::new(MESSAGES) }
    }
}

impl Feed {
    /// Watches a launch from this state on: the receiver always holds the newest that is known.
    #[must_use]
    pub fn watch(&self, state: Arc<LaunchState>) -> watch::Receiver<Arc<LaunchState>> {
        let mut watched = self.watched();
        let sender = watched.entry(state.id).or_insert_with(|| watch::Sender::new(Arc::clone(&state)));
        let receiver = sender.subscribe();
        hand_on(sender, state);
        receiver
    }

    /// How many launches are watched.
    #[must_use]
    pub fn len(&self) -> usize {
        self.watched().len()
    }

    /// How many streams are open, each counted for every launch that it follows.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.watched().values().map(watch::Sender::receiver_count).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is told of a step from one state to a later one: made once, however many pages are told.
    pub fn message(&self, from: &LaunchState, to: &LaunchState, make: impl FnOnce() -> String) -> Arc<str> {
        self.messages.get_with((to.id, from.seq, to.seq), || make().into())
    }

    /// When what is told of a launch may next change by itself: found once, however many pages are open.
    pub fn holds_until(&self, state: &LaunchState, find: impl FnOnce() -> Option<Moment>) -> Option<Moment> {
        self.lapses.get_with((state.id, state.seq), find)
    }

    fn watched(&self) -> std::sync::MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The launches that somebody still watches; the others are forgotten.
    fn still_watched(&self) -> Vec<LaunchId> {
        let mut watched = self.watched();
        watched.retain(|_, sender| sender.receiver_count() > 0);
        watched.keys().copied().collect()
    }

    fn publish(&self, state: Arc<LaunchState>) {
        if let Some(sender) = self.watched().get(&state.id) {
            hand_on(sender, state);
        }
    }

    /// Listens until told to stop, whatever becomes of the connection.
    pub async fn run(self, db: PgPool, record: Record, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let listening = self.listen(&db, &record);
            let failed = tokio::select! {
                () = stop.cancelled() => return,
                failed = listening => failed,
                failed = self.look_again(&db, &record) => failed,
            };
            if let Err(error) = failed {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "listening for changes failed; listening anew"
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn listen(&self, db: &PgPool, record: &Record) -> Result<(), Fault> {
        // A connection of its own: one that listens for ever would be missing among those that requests wait for.
        let own = PgPoolOptions::new().max_connections(1).connect_lazy_with((*db.connect_options()).clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        loop {
            // What was told before this, or while nobody listened, is looked up.
            self.catch_up(db, record, &self.still_watched()).await?;
            // Nothing: the connection was lost and made anew, and messages may have been lost with it.
            while let Some(message) = listener.try_recv().await? {
                let watched = self.still_watched();
                let (launch, forget) = match message.payload().strip_suffix(FORGET) {
                    Some(launch) => (launch, true),
                    None => (message.payload(), false),
                };
                let launch: Option<LaunchId> = launch.parse().ok();
                if let Some(launch) = launch.filter(|_| forget) {
                    record.forget(launch);
                    self.messages.invalidate_all();
                }
                let told = launch.filter(|launch| watched.contains(launch));
                self.catch_up(db, record, told.as_slice()).await?;
            }
        }
    }

    /// Looks at every launch that is watched from time to time: nobody tells of a history that was cut or restored.
    async fn look_again(&self, db: &PgPool, record: &Record) -> Result<(), Fault> {
        loop {
            tokio::time::sleep(LOOK_AGAIN).await;
            self.catch_up(db, record, &self.still_watched()).await?;
        }
    }

    async fn catch_up(&self, db: &PgPool, record: &Record, launches: &[LaunchId]) -> Result<(), Fault> {
        let mut launches = launches.to_vec();
        while !launches.is_empty() {
            match record.load_many(db, &launches).await {
                Ok(states) => {
                    states.into_values().for_each(|state| self.publish(state));
                    return Ok(());
                }
                // Its streams end, and are refused when their pages ask again; the others go on.
                Err(Fault::Contradicted(launch, _)) => {
                    drop(self.watched().remove(&launch));
                    launches.retain(|other| *other != launch);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

/// Hands a state on, unless a newer one has been already.
fn hand_on(sender: &watch::Sender<Arc<LaunchState>>, state: Arc<LaunchState>) {
    sender.send_if_modified(|known| {
        let newer = state.seq > known.seq;
        if newer {
            *known = state;
        }
        newer
    });
}

/// Tells every process of a change, once it is committed.
pub(super) async fn tell(db: &mut PgConnection, launch: LaunchId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, launch.to_string()).execute(db).await.map(drop)
}

/// Tells every process to drop what it keeps of a launch, once something of it is destroyed.
pub(super) async fn forget(db: &mut PgConnection, launch: LaunchId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, format!("{launch}{FORGET}")).execute(db).await.map(drop)
}

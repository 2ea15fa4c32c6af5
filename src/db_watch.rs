//! Whether PostgreSQL answers at all, and an end to everything that waits for it when it does not.
//!
//! A peer can vanish without closing its connections: a firewall drops the packets, the machine loses power, the process
//! hangs. A statement that is on its way then waits until TCP gives up, which takes a quarter of an hour, and holds its
//! connection of the pool so long; sqlx has no time limit for statements, and can't set one on its sockets. So one
//! connection beside the pool asks every second, and what is running is dropped when no answer comes. Dropping it is no
//! worse than the crash of the process, which every change has to survive anyway: its transaction is either committed or
//! not there.
//!
//! What was dropped leaves sessions in PostgreSQL, which does not notice that nobody reads their answers. They hold locks, and
//! whoever waits for one of those occupies the pool. So they are ended, and the pool's idle connections replaced, before
//! anything is begun again.
//!
//! Only silence counts. A database that refuses connections or statements answers, and each request gets its error.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, PgPool, postgres::PgConnectOptions};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::db;

/// How often the database is asked.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long an answer may take, over the usual connection and then over a new one, before the database counts as silent.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// Whether the database answers. Clones share it. Nothing is known before [`Self::run`] has begun; until then it counts
/// as answering.
#[derive(Debug, Clone)]
pub struct DatabaseWatch(watch::Sender<bool>);

/// The database does not answer, so that work was not begun, or was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("PostgreSQL does not answer")]
pub struct DatabaseSilent;

impl Default for DatabaseWatch {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl DatabaseWatch {
    /// Does the work while the database answers. The work is dropped as soon as it does not.
    pub async fn while_answering<T>(&self, work: impl Future<Output = T>) -> Result<T, DatabaseSilent> {
        tokio::select! {
            biased;
            () = self.silence() => Err(DatabaseSilent),
            done = work => Ok(done),
        }
    }

    /// Returns once the database does not answer.
    pub async fn silence(&self) {
        // It fails only when every sender is gone, and this is one.
        drop(self.0.subscribe().wait_for(|silent| *silent).await);
    }

    /// Asks until it is cancelled.
    pub async fn run(self, db: PgPool, stop: CancellationToken) {
        let options = (*db.connect_options()).clone();
        let mut connection = None;
        loop {
            let was_silent = *self.0.borrow();
            // An attempt that was not answered has taken longer.
            let pause = if was_silent { Duration::ZERO } else { INTERVAL };
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(pause) => {}
            }
            let mut answers = ping_database(&mut connection, &options).await;
            // The connection alone may be lost: a firewall forgets those that are idle for long.
            if !answers && !was_silent {
                answers = ping_database(&mut connection, &options).await;
            }
            match (was_silent, answers) {
                (false, false) => {
                    tracing::error!("PostgreSQL does not answer; what waited for it is given up");
                    self.0.send_replace(true);
                }
                (true, true) => {
                    let ended = clean_up(&mut connection, &db).await;
                    tracing::info!(ended, "PostgreSQL answers again");
                    self.0.send_replace(false);
                }
                (true, false) | (false, true) => {}
            }
        }
    }
}

/// Removes what silence has left; returns how many sessions were ended, if they could be.
async fn clean_up(connection: &mut Option<PgConnection>, db: &PgPool) -> Option<u64> {
    db::drop_idle_connections(db);
    let mut used = connection.take()?;
    // It is the first statement after silence: if it fails, or takes as long, the sessions end by their time limits.
    match timeout(ANSWER_LIMIT, db::end_lost_sessions(&mut used)).await {
        Ok(Ok(ended)) => {
            *connection = Some(used);
            Some(ended)
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "what lost sessions lock can't be freed");
            None
        }
        Err(_) => None,
    }
}

/// Whether anything comes back in time. A connection that is not good any more is dropped.
async fn ping_database(connection: &mut Option<PgConnection>, options: &PgConnectOptions) -> bool {
    let used = connection.take();
    let answer = timeout(ANSWER_LIMIT, async {
        let mut used = match used {
            Some(used) => used,
            None => PgConnection::connect_with(options).await?,
        };
        used.ping().await.map(|()| used)
    });
    match answer.await {
        Ok(answer) => {
            *connection = answer.ok();
            true
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_dropped_when_the_database_becomes_silent() {
        let watch = DatabaseWatch::default();
        assert_eq!(watch.while_answering(async { 7 }).await, Ok(7));
        let waiting = watch.while_answering(std::future::pending::<()>());
        let (waited, ()) = tokio::join!(waiting, async {
            watch.0.send_replace(true);
        });
        assert_eq!(waited, Err(DatabaseSilent));
        assert_eq!(watch.while_answering(async { 7 }).await, Err(DatabaseSilent), "nothing is begun");
        watch.0.send_replace(false);
        assert_eq!(watch.while_answering(async { 7 }).await, Ok(7));
    }
}

//! Whether PostgreSQL answers at all, and an end to everything that waits for it when it does not.
//!
//! A peer can vanish without closing its connections: a firewall drops the packets, the machine loses power, the process
//! hangs. A statement that is on its way then waits until TCP gives up, which takes a quarter of an hour, and holds its
//! connection of the pool so long; sqlx has no time limit for statements, and can't set one on its sockets. So one
//! connection beside the pool asks every second, and what is running is dropped when no answer comes. Dropping it is no
//! worse than the crash of the process, which every change has to survive anyway: its transaction is either committed or
//! not there.
//!
//! Only silence counts. A database that refuses connections or statements answers, and each request gets its error.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

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
    pub async fn run(self, options: PgConnectOptions, stop: CancellationToken) {
        let mut connection = None;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(INTERVAL) => {}
            }
            let mut answers = ping_database(&mut connection, &options).await;
            // The connection alone may be lost: a firewall forgets those that are idle for long.
            if !answers && !*self.0.borrow() {
                answers = ping_database(&mut connection, &options).await;
            }
            let changed = self.0.send_if_modified(|silent| std::mem::replace(silent, !answers) == answers);
            match (changed, answers) {
                (true, false) => tracing::error!("PostgreSQL does not answer; what waited for it is given up"),
                (true, true) => tracing::info!("PostgreSQL answers again"),
                (false, _) => {}
            }
        }
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

//! Tells open pages how many notifications their person has not read.
//!
//! A change of somebody's inbox is announced with NOTIFY in its transaction, without saying whose: a change of a launch may be that
//! of a thousand inboxes. Each process then counts once for all people who have a page open, and at most a few times a second.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{PgExecutor, PgPool};
use tokio::sync::{Notify, watch};

use crate::domain::{ids::UserId, notification::MAX_COUNTED};

/// The name of the NOTIFY channel.
pub(super) const CHANNEL: &str = "signoff_inbox_changed";

/// Minimum time between two counts.
const MIN_INTERVAL: Duration = Duration::from_millis(300);

/// The unread numbers of the people who have a page open in this process.
#[derive(Debug, Clone, Default)]
pub struct InboxFeed {
    senders: Arc<Mutex<HashMap<UserId, watch::Sender<i64>>>>,
    changed: Arc<Notify>,
}

impl InboxFeed {
    /// Watches the number of a person from this one on.
    #[must_use]
    pub fn watch(&self, user: UserId, unread: i64) -> watch::Receiver<i64> {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.entry(user).or_insert_with(|| watch::Sender::new(unread)).subscribe()
    }

    /// Has the numbers counted again.
    pub(super) fn note_change(&self) {
        self.changed.notify_one();
    }

    /// Counts after each change; returns when the database fails.
    pub(super) async fn count_after_changes(&self, db: &PgPool) -> sqlx::Error {
        loop {
            self.changed.notified().await;
            if let Err(error) = self.count(db).await {
                return error;
            }
            tokio::time::sleep(MIN_INTERVAL).await;
        }
    }

    async fn count(&self, db: &PgPool) -> Result<(), sqlx::Error> {
        let users = self.watched_people();
        if users.is_empty() {
            return Ok(());
        }
        let counts = count_unread(db, &users).await?;
        let senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        for (user, sender) in senders.iter() {
            let unread = counts.get(user).copied().unwrap_or(0);
            sender.send_if_modified(|known| std::mem::replace(known, unread) != unread);
        }
        Ok(())
    }

    /// The people for whom a page is open; the others are dropped.
    fn watched_people(&self) -> Vec<UserId> {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.retain(|_, sender| sender.receiver_count() > 0);
        senders.keys().copied().collect()
    }
}

/// The numbers of unread notifications of these people, as far as they are counted; people without one are missing.
async fn count_unread(db: impl PgExecutor<'_>, users: &[UserId]) -> Result<HashMap<UserId, i64>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT asked.id AS "user!: UserId", unread.number AS "number!"
           FROM unnest($1::uuid[]) AS asked (id), LATERAL (
               SELECT count(*) AS number FROM (
                   SELECT FROM notifications n WHERE n.user_id = asked.id AND n.read_at IS NULL LIMIT $2) counted) unread"#,
        users as &[UserId],
        MAX_COUNTED,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.user, row.number)).collect())
}

/// Announces, when the transaction commits, that somebody's inbox has changed.
///
/// # Errors
/// When the database fails.
pub async fn announce_inbox_change(db: impl PgExecutor<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, '')", CHANNEL).execute(db).await.map(drop)
}

//! A ledger of changes: what was acknowledged, compared with what the database holds afterwards.
//!
//! Success means committed and surviving; anything else means absent, or safe to repeat.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use signoff::ambient;
use sqlx::PgPool;
use uuid::Uuid;

use super::client::Client;

/// The statuses that a change may get while something is broken.
const REFUSALS: [u16; 3] = [429, 503, 507];

/// Between a change that was refused and the next.
const PAUSE: Duration = Duration::from_millis(100);

/// How often a change is repeated at most.
const MOST_REPETITIONS: usize = 100;

/// Comments on an item, each with a text and an idempotency key of its own.
pub(crate) struct Ledger {
    /// The address of the form.
    path: String,
    name: String,
    changes: Mutex<BTreeMap<String, LedgerEntry>>,
}

#[derive(Debug, Clone)]
struct LedgerEntry {
    once: String,
    outcome: ChangeOutcome,
}

/// What the client learned of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeOutcome {
    Acknowledged,
    /// It was refused with this status, to be tried again later.
    Refused(u16),
    /// The session was lost.
    SignedOut,
    /// There was no answer, or only a part of one.
    Unanswered,
}

impl Ledger {
    /// For comments that are sent to this address.
    pub(crate) fn of_comments(path: String) -> Self {
        let name = hex::encode(ambient::random_bytes::<4>());
        Self { path, name, changes: Mutex::default() }
    }

    /// Makes a new change.
    pub(crate) async fn change(&self, client: &Client) -> ChangeOutcome {
        let entry =
            LedgerEntry { once: ambient::new_opaque_id::<Uuid>().to_string(), outcome: ChangeOutcome::Unanswered };
        let body = {
            let mut changes = self.changes.lock().unwrap();
            let body = format!("ledger {} {}", self.name, changes.len());
            changes.insert(body.clone(), entry.clone());
            body
        };
        self.send(client, &body, &entry.once).await
    }

    async fn send(&self, client: &Client, body: &str, once: &str) -> ChangeOutcome {
        let form = client.form(&self.path, &[("body", body), ("once", once)]);
        let outcome = match form.header("sec-fetch-site", "same-origin").send().await {
            Err(_) => ChangeOutcome::Unanswered,
            Ok(answer) => {
                let status = answer.status().as_u16();
                let waits = answer.headers().contains_key("retry-after");
                let target = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
                match answer.text().await {
                    _ if target.is_some_and(|to| to.starts_with("/login")) => ChangeOutcome::SignedOut,
                    _ if status == 303 => ChangeOutcome::Acknowledged,
                    Err(_) => ChangeOutcome::Unanswered,
                    Ok(page) => {
                        assert!(REFUSALS.contains(&status) && waits, "{status}: {page}");
                        assert!(page.trim_end().ends_with("</html>"), "a whole page: {page}");
                        ChangeOutcome::Refused(status)
                    }
                }
            }
        };
        self.changes.lock().unwrap().get_mut(body).unwrap().outcome = outcome;
        outcome
    }

    /// Makes changes one after the other until `stop` is set.
    pub(crate) async fn change_until(&self, client: &Client, stop: &AtomicBool) {
        while !stop.load(Ordering::SeqCst) {
            if self.change(client).await != ChangeOutcome::Acknowledged {
                // So that a server that refuses at once is not flooded.
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Repeats every change that was not acknowledged, with its key, until each is.
    pub(crate) async fn repeat_rest(&self, client: &Client) {
        let all = self.changes.lock().unwrap().clone();
        for (body, entry) in all {
            let mut outcome = entry.outcome;
            for _ in 0..MOST_REPETITIONS {
                if outcome == ChangeOutcome::Acknowledged {
                    break;
                }
                outcome = self.send(client, &body, &entry.once).await;
                if outcome != ChangeOutcome::Acknowledged {
                    tokio::time::sleep(PAUSE).await;
                }
            }
            assert_eq!(outcome, ChangeOutcome::Acknowledged, "{body}, repeated");
        }
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.count(|outcome| outcome == ChangeOutcome::Acknowledged)
    }

    pub(crate) fn count(&self, of: impl Fn(ChangeOutcome) -> bool) -> usize {
        self.changes.lock().unwrap().values().filter(|entry| of(entry.outcome)).count()
    }

    /// Every acknowledged change is in the database exactly once, and every other at most once. Prints the figures.
    #[track_caller]
    pub(crate) fn compare(&self, stored: &BTreeMap<String, i64>, name: &str) {
        let changes = self.changes.lock().unwrap();
        let mut unknown_but_there = 0;
        for (body, entry) in &*changes {
            let times = stored.get(body).copied().unwrap_or_default();
            match entry.outcome {
                ChangeOutcome::Acknowledged => assert_eq!(times, 1, "{body} was acknowledged"),
                ChangeOutcome::Refused(_) | ChangeOutcome::SignedOut | ChangeOutcome::Unanswered => {
                    assert!(times <= 1, "{body} is there {times} times");
                    unknown_but_there += times;
                }
            }
        }
        assert_eq!(stored.keys().find(|body| !changes.contains_key(*body)), None);
        let acknowledged = changes.values().filter(|entry| entry.outcome == ChangeOutcome::Acknowledged).count();
        println!(
            "{name}: {} changes, {acknowledged} acknowledged and there, {} not acknowledged, of which {unknown_but_there} \
             are there all the same",
            changes.len(),
            changes.len() - acknowledged
        );
    }

    /// What the database holds of this ledger: how often each text is there.
    pub(crate) async fn stored(&self, owner: &PgPool) -> BTreeMap<String, i64> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT value, count(*) FROM texts WHERE value LIKE 'ledger ' || $1 || ' %' GROUP BY value")
                .bind(&self.name)
                .fetch_all(owner)
                .await
                .unwrap();
        rows.into_iter().collect()
    }
}

//! Sets the metrics whose values are in a store or in the memory of the process, when Prometheus reads them.

use std::{sync::Arc, time::Duration};

use sqlx::PgPool;

use crate::{
    db,
    domain::{job_rules::JobKind, time::Moment},
    folder_check::free_bytes,
    metrics::METRICS,
    object_location::ObjectLocation,
    queue::{self, JobCounts},
    record::{operations_status::load_statuses, store_sizes::load_sizes, verified_logs},
    shared_check::SharedCheck,
    state::{AppState, AppStateInner},
};

/// The stores are asked at most this often, however often the metrics are read.
const STORE_INTERVAL: Duration = Duration::from_secs(10);

/// How long the stores may take to answer.
const STORE_TIMEOUT: Duration = Duration::from_secs(3);

/// Collects metrics. Clones share the last collection.
#[derive(Clone)]
pub(super) struct MetricCollector {
    state: AppState,
    /// The collection of the values that are in the stores.
    stores: Arc<SharedCheck<()>>,
}

impl MetricCollector {
    pub(super) fn new(state: AppState) -> Self {
        METRICS.build_info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        Self { state, stores: Arc::new(SharedCheck::new(STORE_INTERVAL)) }
    }

    /// Sets all metrics to current values. Those of a store that does not answer stay as they are.
    pub(super) async fn collect(&self) {
        self.collect_from_memory();
        self.stores.share(self.collect_from_stores()).await;
    }

    async fn collect_from_stores(&self) {
        let database =
            tokio::time::timeout(STORE_TIMEOUT, collect_from_database(&self.state.db, self.state.clock.now()));
        let answered = matches!(database.await, Ok(Ok(())));
        METRICS.database_up.set(answered.into());
        let free = measure_free_bytes(self.state.config.evidence_location()).await;
        METRICS.evidence_free_bytes.set(free.unwrap_or(-1));
    }

    fn collect_from_memory(&self) {
        let AppStateInner { db, config, record, open_streams, open_uploads, .. } = &*self.state;
        let (all, idle) = (i64::from(db.size()), to_gauge(db.num_idle()));
        METRICS.database_connections.with_label_values(&["in_use"]).set((all - idle).max(0));
        METRICS.database_connections.with_label_values(&["idle"]).set(idle);
        METRICS.database_connections_max.set(config.database_connections.into());
        METRICS.cached_launches.set(to_gauge(record.cached_launches()));
        METRICS.live_streams.set(to_gauge(open_streams.total()));
        METRICS.open_uploads.set(to_gauge(open_uploads.total()));
    }
}

fn to_gauge(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

async fn collect_from_database(db: &PgPool, now: Moment) -> Result<(), sqlx::Error> {
    let mut connection = db.acquire().await?;
    let sizes = load_sizes(&mut *connection).await?;
    METRICS.database_bytes.set(sizes.database);
    METRICS.history_bytes.set(sizes.history);
    METRICS.evidence_bytes.set(sizes.evidence);
    set_job_counts(&queue::count_jobs(&mut *connection, now).await?, now);
    for status in load_statuses(&mut *connection).await? {
        let operation = [<&str>::from(status.name)];
        METRICS.last_run_time.with_label_values(&operation).set(to_seconds(status.at));
        METRICS.last_run_ok.with_label_values(&operation).set(status.ok.into());
        if let Some(at) = status.succeeded_at {
            METRICS.last_success_time.with_label_values(&operation).set(to_seconds(at));
        }
    }
    let verification = verified_logs::load_progress(&mut *connection).await?;
    METRICS.verification_problems.set(verification.problems);
    METRICS.verification_oldest_time.set(verification.oldest.map_or(0.0, to_seconds));
    let schema = db::schema_version(&mut connection).await?;
    METRICS.schema_info.reset();
    METRICS.schema_info.with_label_values(&[schema.to_string().as_str()]).set(1);
    Ok(())
}

fn set_job_counts(counts: &[JobCounts], now: Moment) {
    for kind in JobKind::ALL {
        let of_kind = counts.iter().find(|counts| counts.kind == kind);
        let oldest_due = of_kind.and_then(|counts| counts.oldest_due);
        let label = [kind.name()];
        METRICS.jobs_waiting.with_label_values(&label).set(of_kind.map_or(0, |counts| counts.waiting));
        METRICS.jobs_dead.with_label_values(&label).set(of_kind.map_or(0, |counts| counts.dead));
        let age = oldest_due.map_or(0, |due| now.seconds_since(due).max(0));
        METRICS.job_oldest_age.with_label_values(&label).set(age as f64);
    }
}

fn to_seconds(at: Moment) -> f64 {
    at.timestamp().as_millisecond() as f64 / 1_000.0
}

/// The bytes that are free on the disk of a store; `None` for a bucket, and for a folder that is missing or does not answer
/// in time.
async fn measure_free_bytes(store: ObjectLocation) -> Option<i64> {
    let ObjectLocation::Folder(folder) = store else { return None };
    let free = tokio::task::spawn_blocking(move || free_bytes(&folder));
    let free = tokio::time::timeout(STORE_TIMEOUT, free).await.ok()?.ok()?.ok()?;
    Some(to_gauge(free))
}

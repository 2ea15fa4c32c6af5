//! The summaries of launches that are out of date: their moment has passed, or an event was written without them.

use std::{collections::HashMap, sync::Arc};

use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};

use super::{Record, RecordError, rows::SummaryRow};
use crate::domain::{
    ids::LaunchId,
    launch::state::LaunchState,
    launch_summary::{LaunchSummary, summarize_launch},
    time::Moment,
};

impl Record {
    /// Computes at most `limit` of the summaries again that are out of date, those after `after` in the order of their
    /// ids. Returns those that it found. One statement if there is none, otherwise three. A launch that can't be loaded is
    /// left out: its own page says why.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_summaries(
        &self,
        db: &PgPool,
        now: Moment,
        after: Option<LaunchId>,
        limit: i64,
    ) -> Result<Vec<LaunchId>, sqlx::Error> {
        let ids = find_outdated(db, now, after, limit).await?;
        if !ids.is_empty() {
            let states = self.load_each(&mut *db.acquire().await?, &ids).await?;
            write_summaries(db, states.iter().map(|state| SummaryRow::from_state(state, now)).collect()).await?;
        }
        Ok(ids)
    }

    /// The summaries of launches now, computed from their states, without launches that can't be loaded. One statement;
    /// none for no launch.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn compute_summaries(
        &self,
        db: &PgPool,
        ids: &[LaunchId],
        now: Moment,
    ) -> Result<HashMap<LaunchId, LaunchSummary>, sqlx::Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let states = self.load_each(&mut *db.acquire().await?, ids).await?;
        Ok(states.into_iter().map(|state| (state.id, summarize_launch(&state, now))).collect())
    }

    /// The states of launches, without those that can't be loaded. One statement if all can.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_each(
        &self,
        conn: &mut PgConnection,
        ids: &[LaunchId],
    ) -> Result<Vec<Arc<LaunchState>>, sqlx::Error> {
        match self.load_many(&mut *conn, ids).await {
            Ok(states) => return Ok(states.into_values().collect()),
            Err(RecordError::Database(error)) => return Err(error),
            Err(_) => {}
        }
        let mut states = Vec::new();
        for id in ids {
            match self.load(&mut *conn, *id).await {
                Ok(state) => states.extend(state),
                Err(RecordError::Database(error)) => return Err(error),
                Err(error) => tracing::debug!(launch = %id, %error, "a launch is left out: it can't be loaded"),
            }
        }
        Ok(states)
    }
}

async fn find_outdated(
    db: impl PgExecutor<'_>,
    now: Moment,
    after: Option<LaunchId>,
    limit: i64,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT launch_id AS "id: LaunchId" FROM launch_summaries
           WHERE holds_until <= $1 AND ($2::uuid IS NULL OR launch_id > $2) ORDER BY launch_id LIMIT $3"#,
        now as Moment,
        after as _,
        limit,
    )
    .fetch_all(db)
    .await
}

/// Writes summaries, except of launches that have another event by now. A row that somebody else is writing is left to
/// them, so that nobody waits and two who write the same can't wait for each other.
async fn write_summaries(db: impl PgExecutor<'_>, rows: Vec<SummaryRow>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "WITH computed AS (SELECT * FROM jsonb_populate_recordset(NULL::launch_summaries, $1)),
         locked AS (
             SELECT s.launch_id FROM computed c
             JOIN launches l ON l.id = c.launch_id AND l.seq = c.seq
             JOIN launch_summaries s ON s.launch_id = l.id
             FOR SHARE OF l SKIP LOCKED FOR UPDATE OF s SKIP LOCKED
         )
         UPDATE launch_summaries s SET
            seq = c.seq, stage = c.stage, target_at = c.target_at, computed_at = c.computed_at,
            holds_until = c.holds_until, verdict = c.verdict, resolved = c.resolved, total = c.total,
            signatures = c.signatures
         FROM computed c JOIN locked ON locked.launch_id = c.launch_id WHERE s.launch_id = c.launch_id",
        Json(rows) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

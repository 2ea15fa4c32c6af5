//! Computes the summaries of launches again that are out of date. A list that needs them does not wait for this job: it
//! computes some itself before it answers.

use crate::state::AppState;

/// How many summaries are computed at once.
const BATCH_SIZE: i64 = 50;

pub(super) async fn run(state: &AppState) -> anyhow::Result<()> {
    let mut last = None;
    loop {
        let refreshed = state.record.refresh_summaries(&state.db, state.clock.now(), last, BATCH_SIZE).await?;
        last = refreshed.last().copied();
        if last.is_none() {
            return Ok(());
        }
    }
}

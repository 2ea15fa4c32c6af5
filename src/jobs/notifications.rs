//! Notifies people of what time alone brings, and deletes old notifications.

use crate::{record::notifications, state::AppState};

pub(super) async fn run(state: &AppState) -> anyhow::Result<()> {
    let now = state.clock.now();
    notifications::write_time_notifications(&state.record, &state.db, now).await?;
    notifications::delete_old_notifications(&state.db, now).await?;
    Ok(())
}

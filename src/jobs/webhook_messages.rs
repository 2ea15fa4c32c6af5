//! Sends the messages to webhooks that are due, and deletes old ones.

use crate::{state::AppState, webhooks};

pub(super) async fn run(state: &AppState) -> anyhow::Result<()> {
    webhooks::send_due_messages(state).await?;
    webhooks::delete_old_messages(state).await?;
    Ok(())
}

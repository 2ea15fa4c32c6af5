//! Puts the mails about notifications that are due into the queue.

use crate::{notification_mail, state::AppState};

pub(super) async fn run(state: &AppState) -> anyhow::Result<()> {
    notification_mail::queue_due_mails(state).await.map(drop)
}

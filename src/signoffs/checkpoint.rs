//! A launch's checkpoint as pages show it.

use std::borrow::Cow;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{checkpoint::LogId, launch::event::Seq, time::Moment},
    presentation::formatting::describe_witnesses,
    record::checkpoints::{self, StoredCheckpoint},
    state::AppState,
    texts,
};

pub(super) struct CheckpointView {
    /// Number of events that it covers.
    pub size: Seq,
    pub root: String,
    pub short: String,
    pub at: Moment,
    /// The witnesses; empty if there are none.
    pub witness: String,
    /// How many events came after it; empty if none did.
    pub later: Cow<'static, str>,
}

impl CheckpointView {
    /// `events` is the launch's current number of events.
    pub(super) fn new(checkpoint: &StoredCheckpoint, events: Seq) -> Self {
        Self {
            size: checkpoint.size,
            root: checkpoint.root.to_string(),
            short: checkpoint.root.short(),
            at: checkpoint.at,
            witness: describe_witnesses(&checkpoint.witnesses),
            later: match events - checkpoint.size {
                ..=0 => Cow::Borrowed(""),
                count => texts::events_came_after_checkpoint(count),
            },
        }
    }

    /// A checkpoint is *witnessed* once somebody outside has it, until then only *checkpointed*.
    pub(super) fn label(&self) -> Cow<'static, str> {
        if self.witness.is_empty() { texts::checkpoint_is_checkpointed() } else { texts::checkpoint_is_witnessed() }
    }
}

/// The newest checkpoint of the launch; on a page of the past, the newest that covers no later event.
pub(super) async fn load_newest_view(
    state: &AppState,
    access: &LaunchAccess,
) -> Result<Option<CheckpointView>, sqlx::Error> {
    let (log, seq) = (LogId::Launch(access.launch.id), access.launch.seq);
    let checkpoint = match access.past() {
        None => checkpoints::load_newest(&state.db, log).await?,
        Some(_) => checkpoints::load_newest_within(&state.db, log, seq).await?,
    };
    Ok(checkpoint.map(|checkpoint| CheckpointView::new(&checkpoint, seq)))
}

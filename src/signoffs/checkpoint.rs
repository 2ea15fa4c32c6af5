//! A checkpoint as pages show it.

use crate::{
    access::launch_access::LaunchAccess,
    domain::{checkpoint::LogId, launch::event::Seq, time::Moment},
    launch_page::words::{self, witnesses_in_words},
    record::checkpoints::{self, Kept},
    state::AppState,
};

/// A checkpoint of a launch.
pub(super) struct CheckpointView {
    /// How many events it covers.
    pub size: Seq,
    pub root: String,
    pub short: String,
    pub at: Moment,
    /// Who has it outside of here; empty, when nobody has.
    pub witness: String,
    /// What came after it; empty, when nothing did.
    pub later: String,
}

impl CheckpointView {
    /// A checkpoint of a launch that now has so many events.
    pub(super) fn new(kept: &Kept, events: Seq) -> Self {
        Self {
            size: kept.size,
            root: kept.root.to_string(),
            short: kept.root.short(),
            at: kept.at,
            witness: witnesses_in_words(&kept.witnesses),
            later: match usize::try_from(events - kept.size).unwrap_or_default() {
                0 => String::new(),
                count => format!("{} came after it.", words::count(count, "event")),
            },
        }
    }

    /// *Checkpointed* as long as it is only here, *witnessed* once somebody has it.
    pub(super) const fn word(&self) -> &'static str {
        if self.witness.is_empty() { "Checkpointed." } else { "Witnessed." }
    }
}

/// The newest checkpoint of a launch, or of what it was when it stood as it is looked at.
pub(super) async fn newest(state: &AppState, access: &LaunchAccess) -> Result<Option<CheckpointView>, sqlx::Error> {
    let (log, seq) = (LogId::Launch(access.launch.id), access.launch.seq);
    let kept = match access.past() {
        None => checkpoints::newest(&state.db, log).await?,
        Some(_) => checkpoints::newest_within(&state.db, log, seq).await?,
    };
    Ok(kept.map(|kept| CheckpointView::new(&kept, seq)))
}

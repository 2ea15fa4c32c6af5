//! The history of a launch as a log that has pages.

use sqlx::PgPool;

use crate::{
    domain::launch::state::LaunchState,
    log::{
        LogSource,
        event_kinds::{KindGroup, KindSet, LAUNCH_KIND_GROUPS, LAUNCH_LOG_KIND_GROUPS},
    },
    record::{
        RecordError,
        logs::{
            LogEntries, LogFilter,
            history::{HistoryCursor, load_history_page},
        },
    },
    texts,
};

const KIND_SETS: [KindSet; 1] = [KindSet { slug: "", word: texts::all_kinds, groups: None }];

#[derive(Debug, Clone, Copy)]
pub(super) struct HistorySource<'a>(pub &'a LaunchState);

impl LogSource for HistorySource<'_> {
    type Cursor = HistoryCursor;

    fn path(&self) -> String {
        format!("/launches/{}/history", self.0.id)
    }

    fn kind_groups(&self) -> impl Iterator<Item = &'static KindGroup> + Clone {
        LAUNCH_KIND_GROUPS.iter().chain(&LAUNCH_LOG_KIND_GROUPS)
    }

    fn kind_sets(&self) -> &'static [KindSet] {
        &KIND_SETS
    }

    fn launch(&self) -> Option<&LaunchState> {
        Some(self.0)
    }

    async fn load_entries(
        &self,
        db: &PgPool,
        filter: &LogFilter<HistoryCursor>,
        limit: i64,
    ) -> Result<LogEntries<HistoryCursor>, RecordError> {
        load_history_page(db, self.0.id, filter, limit).await
    }
}

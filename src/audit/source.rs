//! The log of the audit page: the histories of all launches and the audit log, merged and paginated.

use sqlx::PgPool;

use crate::{
    domain::launch::state::LaunchState,
    log::{
        LogSource,
        event_kinds::{INSTALLATION_KIND_GROUPS, KindGroup, KindSet, LAUNCH_KIND_GROUPS, LAUNCH_LOG_KIND_GROUPS},
    },
    record::{
        RecordError,
        logs::{
            LogEntries, LogFilter,
            audit::{AuditCursor, load_audit_page},
        },
    },
    texts,
};

/// Sign-ins and accounts are most of what happens, and seldom what is looked for.
const KIND_SETS: [KindSet; 3] = [
    KindSet { slug: "", word: texts::kinds_of_launches, groups: Some(&[&LAUNCH_KIND_GROUPS, &LAUNCH_LOG_KIND_GROUPS]) },
    KindSet { slug: "installation", word: texts::kinds_of_installation, groups: Some(&[&INSTALLATION_KIND_GROUPS]) },
    KindSet { slug: "all", word: texts::kinds_of_everything, groups: None },
];

#[derive(Debug, Clone, Copy)]
pub(super) struct AllLogsSource;

impl LogSource for AllLogsSource {
    type Cursor = AuditCursor;

    fn path(&self) -> String {
        "/audit".to_owned()
    }

    fn kind_groups(&self) -> impl Iterator<Item = &'static KindGroup> + Clone {
        LAUNCH_KIND_GROUPS.iter().chain(&LAUNCH_LOG_KIND_GROUPS).chain(&INSTALLATION_KIND_GROUPS)
    }

    fn kind_sets(&self) -> &'static [KindSet] {
        &KIND_SETS
    }

    fn launch(&self) -> Option<&LaunchState> {
        None
    }

    async fn load_entries(
        &self,
        db: &PgPool,
        filter: &LogFilter<AuditCursor>,
        limit: i64,
    ) -> Result<LogEntries<AuditCursor>, RecordError> {
        load_audit_page(db, filter, limit).await
    }
}

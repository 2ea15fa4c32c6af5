//! What the pages and exports of a log have in common: the query in the address, the page with its filters, and the
//! files as CSV and JSON Lines.
//!
//! The slices that show logs say what is different: [`LogSource`] is a log that has pages, and [`exports::LogExport`] one
//! that can be exported. `history` implements them for the events of a launch, `audit` for all logs together and for the
//! audit log.

pub mod event_kinds;
pub mod exports;
pub mod query;
pub mod rows;
pub mod view;

use std::{fmt, str::FromStr};

use sqlx::PgPool;

use self::event_kinds::{KindGroup, KindSet};
use crate::{
    domain::launch::state::LaunchState,
    record::{
        RecordError,
        logs::{LogEntries, LogFilter},
    },
};

/// A log that has pages.
pub trait LogSource: Sync {
    /// A place in the order of the log, as addresses write it.
    type Cursor: Copy + fmt::Display + FromStr + Send + Sync;

    /// Path of the log's newest page.
    fn path(&self) -> String;

    /// The kinds of its entries, in the groups and the order in which the page shows them.
    fn kind_groups(&self) -> impl Iterator<Item = &'static KindGroup> + Clone;

    /// The choices that stand before the groups. The first is shown without a filter.
    fn kind_sets(&self) -> &'static [KindSet];

    /// The launch whose history it is; `None` if it is of several launches, and then it is not filtered by item.
    fn launch(&self) -> Option<&LaunchState>;

    /// The newest entries that match a filter, at most `limit`.
    fn load_entries(
        &self,
        db: &PgPool,
        filter: &LogFilter<Self::Cursor>,
        limit: i64,
    ) -> impl Future<Output = Result<LogEntries<Self::Cursor>, RecordError>> + Send;
}

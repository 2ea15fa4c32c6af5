//! A launch in a list, on the board or in the calendar: what the tables have of it, and its summary.

use sqlx::types::Json;

use crate::{
    domain::{
        ids::LaunchId,
        launch::state::StageName,
        launch_summary::{LaunchSummary, RoleSignature},
        readiness::Verdict,
        time::{LocalTime, Moment},
    },
    state::AppState,
};

/// How many summaries that are out of date a request computes before its list is sorted or filtered by them.
const MAX_REFRESHED: i64 = 50;

#[derive(Debug, sqlx::FromRow)]
pub(super) struct ListedLaunch {
    pub id: LaunchId,
    /// `None` if it was redacted.
    pub name: Option<String>,
    pub checklist: String,
    /// The number of the checklist's version.
    pub number: i32,
    pub owner: String,
    pub restricted: bool,
    pub stage: StageName,
    pub tags: Vec<String>,
    /// The wall-clock time in the zone, such as `2026-12-01T09:00:00`.
    target_local: String,
    zone: String,
    pub changed_at: Moment,
    pub verdict: Option<Verdict>,
    pub resolved: i32,
    pub total: i32,
    pub signatures: Json<Vec<RoleSignature>>,
    /// Whether the stored summary does not hold any more.
    is_outdated: bool,
}

impl ListedLaunch {
    /// `None` for a stored value that no version of the program has stored.
    pub(super) fn target(&self) -> Option<LocalTime> {
        Some(LocalTime { local: self.target_local.parse().ok()?, zone: self.zone.parse().ok()? })
    }

    pub(super) fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or("[redacted]")
    }

    fn set_summary(&mut self, summary: LaunchSummary) {
        self.verdict = summary.verdict;
        self.resolved = i32::try_from(summary.resolved).unwrap_or(i32::MAX);
        self.total = i32::try_from(summary.total).unwrap_or(i32::MAX);
        self.signatures = Json(summary.signatures);
        self.is_outdated = false;
    }
}

/// Computes summaries that are out of date, before a list is sorted or filtered by them. Returns whether there may be more:
/// then the job computes them, soon. A database that takes no writes is read as it is.
pub(super) async fn refresh_summaries(state: &AppState, now: Moment) -> Result<bool, sqlx::Error> {
    match state.record.refresh_summaries(&state.db, now, None, MAX_REFRESHED).await {
        Ok(refreshed) => Ok(refreshed.len() as i64 == MAX_REFRESHED),
        Err(error) if is_read_only(&error) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Whether a write failed because the database takes none (read_only_sql_transaction): a standby, for example.
fn is_read_only(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "25006")
}

/// Computes the summaries that are out of date of the launches that are shown, so that what is shown is always what the
/// launch's own page says. Of a launch that can't be loaded nothing is shown but what the tables have; its own page says
/// why.
pub(super) async fn complete_summaries(
    state: &AppState,
    listed: &mut [ListedLaunch],
    now: Moment,
) -> Result<(), sqlx::Error> {
    let outdated: Vec<LaunchId> = listed.iter().filter(|launch| launch.is_outdated).map(|launch| launch.id).collect();
    let mut computed = state.record.compute_summaries(&state.db, &outdated, now).await?;
    for launch in listed.iter_mut().filter(|launch| launch.is_outdated) {
        launch.set_summary(computed.remove(&launch.id).unwrap_or_default());
    }
    Ok(())
}

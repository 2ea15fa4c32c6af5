//! Checks of how the installation is operated: from which database, and whether it is backed up.

use sqlx::PgPool;

use super::report::DoctorReport;
use crate::{
    ambient::Clock,
    config::Config,
    domain::time::Moment,
    record::{
        evidence_store::load_installation_id,
        operations_status::{OperationName, OperationStatus, load_statuses},
        served_database::{self, ServedDatabaseError},
    },
};

/// From this age on, the newest backup is too old. The alert SignoffBackupMissing has the same limit.
const MAX_BACKUP_AGE_HOURS: i64 = 26;

/// Checks that the database is the one that the installation is served from, and no copy of it.
pub(super) async fn check_served(config: &Config, database: &PgPool, report: &mut DoctorReport) {
    let check = "served database";
    if config.drill {
        report.warn(
            check,
            "this is a drill (SIGNOFF_DRILL): nothing is changed, signed or sent",
            "Remove the setting to serve the installation itself.",
        );
        return;
    }
    let installation = match load_installation_id(database).await {
        Ok(Some(installation)) => installation,
        Ok(None) => {
            report.ok(check, "the first start of the server takes it");
            return;
        }
        Err(error) => {
            report.fail(check, format!("it can't be read: {error}"), "See the log of PostgreSQL.");
            return;
        }
    };
    match served_database::check_no_copy(database, &config.checkpoint_dir, installation).await {
        Ok(()) => report.ok(check, "it is no copy, and contains the newest checkpoint"),
        Err(ServedDatabaseError::Failed(error)) => {
            report.fail(check, format!("it can't be compared: {error:#}"), "See the lines about the stores.");
        }
        Err(error) => report.fail(
            check,
            error.to_string(),
            "docs/backup.md says why a copy must not be served like the original.",
        ),
    }
}

/// Checks the last backup, as it was recorded in the database.
pub(super) async fn check_backup(config: &Config, database: &PgPool, clock: &Clock, report: &mut DoctorReport) {
    // A copy is not backed up.
    if config.drill {
        return;
    }
    match load_statuses(database).await {
        Ok(statuses) => {
            let last = statuses.iter().find(|status| status.name == OperationName::Backup);
            report_backup(last, clock.now(), report);
        }
        Err(error) => {
            report.fail("last backup", format!("it can't be read: {error}"), "See the log of PostgreSQL.");
        }
    }
}

fn report_backup(last: Option<&OperationStatus>, now: Moment, report: &mut DoctorReport) {
    let check = "last backup";
    let advice = "Turn on signoff-backup.timer, or run `signoff backup` every night (docs/backup.md).";
    let Some(OperationStatus { ok, detail, succeeded_at, .. }) = last else {
        report.warn(check, "none was made yet", advice);
        return;
    };
    let age = succeeded_at.map(|at| now.seconds_since(at) / 3_600);
    match age {
        _ if !ok => report.warn(check, format!("it failed: {detail}"), "Mend what it says, and back up once more."),
        Some(hours) if hours < MAX_BACKUP_AGE_HOURS => report.ok(check, format!("{hours} h ago: {detail}")),
        Some(hours) => report.warn(check, format!("{hours} h ago"), advice),
        None => report.warn(check, "none has succeeded yet", advice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit_of_the_last_backup_is_that_of_the_alert() {
        let rules = include_str!("../../../deploy/monitoring/alerts.yml");
        let rule = format!("{{operation=\"backup\"}} > {MAX_BACKUP_AGE_HOURS} * 3600");
        assert!(rules.contains(&rule), "{rule}");
    }

    #[test]
    fn last_backup_is_fresh_too_old_failed_or_missing() {
        let now = Clock::default().now();
        let ended = |ok: bool, hours: Option<i64>| OperationStatus {
            name: OperationName::Backup,
            at: now,
            ok,
            detail: "2026-11-27T023000Z".to_owned(),
            succeeded_at: hours.map(|hours| now.plus_seconds(-hours * 3_600)),
        };
        for (last, expected) in [
            (Some(ended(true, Some(25))), "ok       last backup: 25 h ago: 2026-11-27"),
            (Some(ended(true, Some(26))), "warning  last backup: 26 h ago"),
            (Some(ended(false, Some(1))), "warning  last backup: it failed: 2026-11-27"),
            (None, "warning  last backup: none was made yet"),
        ] {
            let mut report = DoctorReport::default();
            report_backup(last.as_ref(), now, &mut report);
            assert!(report.to_text().starts_with(expected), "{expected}: {}", report.to_text());
        }
    }
}

//! Which backups are kept, and for how long.

use std::collections::HashSet;

use super::manifest::BackupName;
use crate::domain::time::{DAY_SECONDS, Moment};

/// How long backups are retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Every backup is kept for this many days.
    pub days: u32,
    /// The newest backup of each of this many calendar months (UTC), the current one included, is retained.
    pub months: u32,
}

impl Retention {
    /// The backups that are no longer retained. `backups` is all that are complete, the oldest first, each with whether it
    /// has all its evidence. The newest of all, and the newest that has everything, are always retained.
    #[must_use]
    pub fn find_expired(self, backups: &[(BackupName, bool)], now: Moment) -> Vec<BackupName> {
        let mut retained = HashSet::new();
        retained.extend(backups.last().map(|(name, _)| *name));
        retained.extend(backups.iter().rev().find(|(_, whole)| *whole).map(|(name, _)| *name));
        let since = now.plus_seconds(-i64::from(self.days) * DAY_SECONDS);
        retained.extend(backups.iter().map(|(name, _)| *name).filter(|name| name.begun() >= since));
        let mut months = HashSet::new();
        let this_month = month_number(now);
        for (name, whole) in backups.iter().rev() {
            let month = month_number(name.begun());
            if *whole && this_month - month < i64::from(self.months) && months.insert(month) {
                retained.insert(*name);
            }
        }
        backups.iter().map(|(name, _)| *name).filter(|name| !retained.contains(name)).collect()
    }
}

/// The number of a calendar month, counted from the year 0.
fn month_number(at: Moment) -> i64 {
    let date = at.timestamp().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    i64::from(date.year()) * 12 + i64::from(date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expired(retention: Retention, backups: &[(&str, bool)], now: &str) -> Vec<String> {
        let backups: Vec<(BackupName, bool)> =
            backups.iter().map(|(name, whole)| (format!("{name}T023000Z").parse().unwrap(), *whole)).collect();
        let now = Moment::new(format!("{now}T03:00:00Z").parse().unwrap());
        retention.find_expired(&backups, now).iter().map(|name| name.to_string()[..10].to_owned()).collect()
    }

    #[test]
    fn retention_keeps_days_months_and_the_last_good_one() {
        let week = Retention { days: 7, months: 3 };
        let nightly = [
            ("2026-07-31", true),
            ("2026-09-29", true),
            ("2026-09-30", true),
            ("2026-10-30", true),
            ("2026-10-31", false),
            ("2026-11-10", true),
            ("2026-11-22", true),
            ("2026-11-23", true),
        ];
        // The newest of September, October (whole) and November are kept beside those of a week.
        assert_eq!(expired(week, &nightly, "2026-11-23"), ["2026-07-31", "2026-09-29", "2026-10-31", "2026-11-10"]);
        assert_eq!(expired(Retention { days: 30, months: 0 }, &nightly, "2026-11-23").len(), 3);
        // Nothing was backed up for years.
        let old = [("2020-01-01", true), ("2020-01-02", true), ("2020-01-03", false)];
        assert_eq!(expired(week, &old, "2026-11-23"), ["2020-01-01"]);
        assert_eq!(expired(week, &[], "2026-11-23"), Vec::<String>::new());
    }
}

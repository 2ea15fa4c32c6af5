//! The rules for removing files from the evidence store: when a process may remove any, how many at once, and how long
//! removed files can be restored.
//!
//! A file that no row references is either left over from a crash, or a sign that the database does not belong to the
//! store: it is empty, older, or another installation's. Leftovers of crashes are few, and files of a wrong database
//! are many. The rules distinguish the two by number.

use std::{fmt, time::Duration};

use super::time::Moment;

/// How long a process must run with a steady clock before it removes anything.
pub const MIN_STEADY_UPTIME: Duration = Duration::from_secs(24 * 3_600);

/// The minimum age in seconds of a file before it may be removed: longer than any upload may take.
pub const MIN_AGE_SECONDS: i64 = 24 * 3_600;

/// The number of seconds for which a removed file stays in the trash.
pub const TRASH_RETENTION_SECONDS: i64 = 30 * 24 * 3_600;

/// The maximum number of files that one sweep removes.
pub const MAX_REMOVED_PER_SWEEP: u64 = 10;

/// The clock has jumped if the wall clock and the process's own clock disagree by more seconds than this between two
/// readings. A clock that is slewed differs by at most a few seconds an hour.
const CLOCK_JUMP_SECONDS: i64 = 600;

/// The maximum number of files that one sweep may remove from a store of this size: one in a hundred, but at least one,
/// so that a small store loses the leftovers of a crash, and at most [`MAX_REMOVED_PER_SWEEP`].
#[must_use]
pub const fn max_removable(files: u64) -> u64 {
    match files / 100 {
        0 => 1,
        hundredth if hundredth > MAX_REMOVED_PER_SWEEP => MAX_REMOVED_PER_SWEEP,
        hundredth => hundredth,
    }
}

/// A store's files, compared with a database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreCounts {
    pub files: u64,
    /// The number of files that the database references.
    pub referenced: u64,
    /// The number of files that the database does not reference and that are older than [`MIN_AGE_SECONDS`].
    pub removable: u64,
}

/// Why a sweep removes nothing although some files are not referenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepRefusal {
    /// The database references no file of the store at all.
    NoneReferenced(StoreCounts),
    /// More files would be removed than one sweep may remove.
    TooMany(StoreCounts),
}

impl StoreCounts {
    /// Checks that a sweep may remove the unreferenced files.
    pub const fn check_sweep(self) -> Result<(), SweepRefusal> {
        if self.removable == 0 {
            Ok(())
        } else if self.referenced == 0 {
            Err(SweepRefusal::NoneReferenced(self))
        } else if self.removable > max_removable(self.files) {
            Err(SweepRefusal::TooMany(self))
        } else {
            Ok(())
        }
    }

    /// Whether a store without an owner mark clearly belongs to the database: the database references its files, except
    /// for so few that one sweep could remove them.
    #[must_use]
    pub const fn belongs_to_database(self) -> bool {
        self.referenced > 0 && self.files.saturating_sub(self.referenced) <= max_removable(self.files)
    }
}

impl fmt::Display for SweepRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoneReferenced(StoreCounts { files, .. }) => {
                write!(f, "the database names none of the {files} files in the evidence store")
            }
            Self::TooMany(StoreCounts { files, removable, .. }) => write!(
                f,
                "the database does not name {removable} of the {files} files in the evidence store, and a sweep removes at \
                 most {} of so many",
                max_removable(*files)
            ),
        }
    }
}

/// Tracks whether a process has run for [`MIN_STEADY_UPTIME`] with a steady wall clock, which means one that agrees
/// with the monotonic clock of the process. After a jump the time starts again, because the ages of files mean nothing
/// then.
#[derive(Debug, Clone, Copy)]
pub struct SteadyClock {
    last_reading: (Moment, Duration),
    steady_since: Duration,
}

impl SteadyClock {
    #[must_use]
    pub const fn new(now: Moment) -> Self {
        Self { last_reading: (now, Duration::ZERO), steady_since: Duration::ZERO }
    }

    /// Reads both clocks; `uptime` is the monotonic time since the start. Returns whether the clock has been steady
    /// long enough.
    pub fn update_and_check(&mut self, now: Moment, uptime: Duration) -> bool {
        let (before, then) = self.last_reading;
        let passed = i64::try_from(uptime.saturating_sub(then).as_secs()).unwrap_or(i64::MAX);
        if now.seconds_since(before).abs_diff(passed) > CLOCK_JUMP_SECONDS.unsigned_abs() {
            self.steady_since = uptime;
        }
        self.last_reading = (now, uptime);
        uptime.saturating_sub(self.steady_since) >= MIN_STEADY_UPTIME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweep_limit_is_one_percent_between_one_and_ten_files() {
        for (files, most) in
            [(0, 1), (1, 1), (99, 1), (100, 1), (199, 1), (200, 2), (999, 9), (1_000, 10), (1_099, 10), (1_000_000, 10)]
        {
            assert_eq!(max_removable(files), most, "{files}");
        }
    }

    #[test]
    fn sweep_above_its_limit_is_refused() {
        for (files, named, removable, allowed) in [
            (0, 0, 0, true),
            (40, 40, 0, true),
            // Recent files without a reference are uploads that are still running.
            (40, 0, 0, true),
            (41, 40, 1, true),
            (42, 40, 2, false),
            (1, 0, 1, false),
            (40, 0, 40, false),
            (40, 30, 10, false),
            (1_000, 990, 10, true),
            (1_001, 990, 11, false),
            (100_000, 99_990, 10, true),
            (100_000, 99_000, 1_000, false),
            (100_000, 0, 1, false),
        ] {
            let census = StoreCounts { files, referenced: named, removable };
            assert_eq!(census.check_sweep().is_ok(), allowed, "{census:?}");
        }
    }

    #[test]
    fn evidence_store_belongs_to_a_database_that_references_nearly_all_files() {
        for (files, named, belongs) in [
            (0, 0, false),
            (1, 0, false),
            (1, 1, true),
            (40, 39, true),
            (40, 38, false),
            (40, 0, false),
            (2_000, 1_990, true),
            (2_000, 1_989, false),
        ] {
            assert_eq!(
                StoreCounts { files, referenced: named, removable: 0 }.belongs_to_database(),
                belongs,
                "{named} of {files}"
            );
        }
    }

    #[test]
    fn steady_clock_is_steady_only_a_day_after_start_or_jump() {
        const HOUR: u64 = 3_600;
        let start = Moment::new("2026-11-23T00:00:00Z".parse().unwrap());
        // Hours since the start by the monotonic clock, hours by the wall clock, and whether the clock counts as
        // steady.
        for looks in [
            vec![(0, 0, false), (6, 6, false), (23, 23, false), (24, 24, true), (30, 30, true)],
            vec![(0, 9_000, false), (24, 9_024, true)],
            vec![(24, 24, true), (30, 8_760, false), (36, 8_766, false), (54, 8_784, true)],
            vec![(24, -500, false), (48, -476, true)],
            vec![(30, 30, true), (36, 12, false)],
        ] {
            let mut clock = SteadyClock::new(start);
            for (uptime, wall, steady) in looks.clone() {
                let now = start.plus_seconds(wall * HOUR.cast_signed());
                assert_eq!(
                    clock.update_and_check(now, Duration::from_secs(uptime * HOUR)),
                    steady,
                    "{uptime} of {looks:?}"
                );
            }
        }
    }
}

//! The rules by which files leave the evidence store: when a process may remove any, how many at once, and how long what
//! was removed is still there.
//!
//! A file that no row names is either what a crash left behind or a sign that the database is not the one that belongs to
//! the store: an empty one, an older one, another's. The first are few and the second are many, which is what these
//! rules go by.

use std::{fmt, time::Duration};

use super::time::Moment;

/// How long a process runs, with a steady clock, before it removes anything.
pub const FIRST_DAY: Duration = Duration::from_secs(24 * 3_600);

/// Seconds for which a file is left alone after it was stored: longer than any upload may take.
pub const LEAST_AGE: i64 = 24 * 3_600;

/// Seconds for which a removed file stays in the trash.
pub const TRASH_KEPT: i64 = 30 * 24 * 3_600;

/// The most files that one sweep removes.
pub const MOST_REMOVED: u64 = 10;

/// By how many seconds the wall clock may differ from the process's own between two looks before it has jumped. A clock
/// that is slewed differs by at most a few seconds an hour.
const JUMP: i64 = 600;

/// The most files that one sweep may remove from a store of this many: one in a hundred, but at least one, so that a small
/// store gets rid of what a crash leaves, and at most [`MOST_REMOVED`].
#[must_use]
pub const fn most_removed(files: u64) -> u64 {
    match files / 100 {
        0 => 1,
        hundredth if hundredth > MOST_REMOVED => MOST_REMOVED,
        hundredth => hundredth,
    }
}

/// What a store holds, compared with a database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// How many files there are.
    pub files: u64,
    /// How many of them the database names.
    pub named: u64,
    /// How many the database does not name and are older than [`LEAST_AGE`].
    pub removable: u64,
}

/// Why a sweep removes nothing, though the database does not name every file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepRefused {
    /// The database names no file of the store at all.
    NoneNamed(Census),
    /// More files would be removed than one sweep may.
    TooMany(Census),
}

impl Census {
    /// Whether a sweep may remove what is removable.
    ///
    /// # Errors
    /// Why it may not.
    pub const fn allow_sweep(self) -> Result<(), SweepRefused> {
        if self.removable == 0 {
            Ok(())
        } else if self.named == 0 {
            Err(SweepRefused::NoneNamed(self))
        } else if self.removable > most_removed(self.files) {
            Err(SweepRefused::TooMany(self))
        } else {
            Ok(())
        }
    }

    /// Whether a store that does not say whose it is plainly belongs to the database: the database names its files, all but
    /// so few that a sweep would remove them.
    #[must_use]
    pub const fn plainly_belongs(self) -> bool {
        self.named > 0 && self.files.saturating_sub(self.named) <= most_removed(self.files)
    }
}

impl fmt::Display for SweepRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoneNamed(Census { files, .. }) => {
                write!(f, "the database names none of the {files} files in the evidence store")
            }
            Self::TooMany(Census { files, removable, .. }) => write!(
                f,
                "the database does not name {removable} of the {files} files in the evidence store, and a sweep removes at \
                 most {} of so many",
                most_removed(*files)
            ),
        }
    }
}

/// Whether a process has run for [`FIRST_DAY`] with a steady clock: one that did not jump against the process's own,
/// which can't be set. After a jump the day begins anew, since ages of files mean nothing then.
#[derive(Debug, Clone, Copy)]
pub struct SteadyClock {
    last: (Moment, Duration),
    since: Duration,
}

impl SteadyClock {
    /// From the start of the process, at this moment.
    #[must_use]
    pub const fn start(now: Moment) -> Self {
        Self { last: (now, Duration::ZERO), since: Duration::ZERO }
    }

    /// Looks at both clocks, the second as the time since the start; answers whether the day is over.
    pub fn is_steady(&mut self, now: Moment, uptime: Duration) -> bool {
        let (before, then) = self.last;
        let passed = i64::try_from(uptime.saturating_sub(then).as_secs()).unwrap_or(i64::MAX);
        if now.seconds_since(before).abs_diff(passed) > JUMP.unsigned_abs() {
            self.since = uptime;
        }
        self.last = (now, uptime);
        uptime.saturating_sub(self.since) >= FIRST_DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_removes_at_most_one_in_a_hundred_and_ten() {
        for (files, most) in
            [(0, 1), (1, 1), (99, 1), (100, 1), (199, 1), (200, 2), (999, 9), (1_000, 10), (1_099, 10), (1_000_000, 10)]
        {
            assert_eq!(most_removed(files), most, "{files}");
        }
    }

    #[test]
    fn a_sweep_that_would_remove_more_than_it_may_removes_nothing() {
        for (files, named, removable, allowed) in [
            (0, 0, 0, true),
            (40, 40, 0, true),
            // Young files that nothing names yet are uploads on their way.
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
            let census = Census { files, named, removable };
            assert_eq!(census.allow_sweep().is_ok(), allowed, "{census:?}");
        }
    }

    #[test]
    fn a_store_belongs_where_nearly_all_of_its_files_are_named() {
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
            assert_eq!(Census { files, named, removable: 0 }.plainly_belongs(), belongs, "{named} of {files}");
        }
    }

    #[test]
    fn nothing_is_removed_in_the_first_day_nor_in_a_day_after_the_clock_jumped() {
        const HOUR: u64 = 3_600;
        let start = Moment::new("2026-11-23T00:00:00Z".parse().unwrap());
        // Hours since the start by the process's own clock, those by the wall clock, and whether the day is over.
        for looks in [
            vec![(0, 0, false), (6, 6, false), (23, 23, false), (24, 24, true), (30, 30, true)],
            vec![(0, 9_000, false), (24, 9_024, true)],
            vec![(24, 24, true), (30, 8_760, false), (36, 8_766, false), (54, 8_784, true)],
            vec![(24, -500, false), (48, -476, true)],
            vec![(30, 30, true), (36, 12, false)],
        ] {
            let mut clock = SteadyClock::start(start);
            for (uptime, wall, steady) in looks.clone() {
                let now = start.plus_seconds(wall * HOUR.cast_signed());
                assert_eq!(clock.is_steady(now, Duration::from_secs(uptime * HOUR)), steady, "{uptime} of {looks:?}");
            }
        }
    }
}

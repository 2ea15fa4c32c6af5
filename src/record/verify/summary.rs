//! The result of a verification in one sentence that claims no more than was verified.

use super::{InstallationReport, LogCoverage};
use crate::domain::checkpoint::LogId;

/// Up to this number of logs are named in the sentence itself.
const MAX_NAMED_LOGS: usize = 3;

impl InstallationReport {
    /// The last line: what is wrong, or how far the checkpoints from elsewhere reach. For events that they do not cover
    /// it says who could have forged them.
    #[must_use]
    pub fn summary(&self) -> String {
        match self.problems.len() {
            0 => {}
            1 => return "Altered: one thing is wrong; it is named above.".to_owned(),
            number => return format!("Altered: {number} things are wrong; they are named above."),
        }
        let covered: Vec<&LogCoverage> = self.coverage.iter().filter(|reach| reach.witnessed_size > 0).collect();
        if covered.is_empty() { self.summarise_without_witnesses() } else { self.summarise_with_witnesses(&covered) }
    }

    fn summarise_without_witnesses(&self) -> String {
        let open: i64 = self.coverage.iter().map(|reach| reach.size - reach.signed_size).sum();
        let open = match open {
            0 => String::new(),
            1 => " or changed the one event that no checkpoint covers".to_owned(),
            _ => format!(" or changed the {open} events that no checkpoint covers"),
        };
        format!(
            "Consistent: nothing contradicts the key and the checkpoints in this database. Whoever holds the key and the \
             database could have made all of it, and whoever has the database alone could have cut histories back to older \
             checkpoints{open}. A checkpoint that was kept elsewhere says more (--checkpoint)."
        )
    }

    fn summarise_with_witnesses(&self, covered: &[&LogCoverage]) -> String {
        let named: Vec<String> = match covered.len() {
            0..=MAX_NAMED_LOGS => covered.iter().map(|reach| describe_covered_events(reach)).collect(),
            _ => {
                let own = covered.iter().filter(|reach| reach.log == LogId::Installation);
                let launches = covered.iter().filter(|reach| reach.log != LogId::Installation).count();
                own.map(|reach| describe_covered_events(reach))
                    .chain([format!("the events of {launches} launches listed above")])
                    .collect()
            }
        };
        let after: i64 = covered.iter().map(|reach| reach.size - reach.witnessed_size).sum();
        let others = self.coverage.len() - covered.len();
        let after = match after {
            0 => None,
            1 => Some("The event after them".to_owned()),
            _ => Some(format!("The {after} events after them")),
        };
        let others = match others {
            0 => None,
            1 => Some("one log that they say nothing of".to_owned()),
            _ => Some(format!("{others} logs that they say nothing of")),
        };
        let rest = match (after, others) {
            (None, None) => "No event came after them".to_owned(),
            (Some(after), None) => format!("{after} are {CONSISTENT_WITH_DATABASE}"),
            (None, Some(others)) => format!("Besides, there are {others}: these are {CONSISTENT_WITH_DATABASE}"),
            (Some(after), Some(others)) => format!("{after}, and {others}, are {CONSISTENT_WITH_DATABASE}"),
        };
        format!(
            "Good, as far as the checkpoints held elsewhere reach: {} are as they were when those were made. {rest}.",
            named.join(", and ")
        )
    }
}

const CONSISTENT_WITH_DATABASE: &str = "consistent with the key and the checkpoints in this database, which whoever holds the key and the database could have made";

impl LogCoverage {
    /// A line about how far a checkpoint from elsewhere covers this log; `None` without one.
    #[must_use]
    pub fn to_line(&self) -> Option<String> {
        (self.witnessed_size > 0).then(|| format!("{}, by {}", describe_covered_events(self), self.witnessed_by))
    }
}

/// For example `events 1 to 24 of 36 of launch …`.
fn describe_covered_events(reach: &LogCoverage) -> String {
    let LogCoverage { log, size, witnessed_size: held, .. } = reach;
    match log {
        LogId::Installation => format!("entries 1 to {held} of {size} of the audit log"),
        LogId::Launch(launch) => format!("events 1 to {held} of {size} of launch {launch}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::VerificationProblem, *};
    use crate::domain::ids::LaunchId;

    fn reach(log: LogId, size: i64, signed: i64, held: i64) -> LogCoverage {
        LogCoverage {
            log,
            size,
            signed_size: signed,
            witnessed_size: held,
            witnessed_by: "the checkpoint in a file".to_owned(),
        }
    }

    fn launch(number: u128) -> LogId {
        LogId::Launch(LaunchId(uuid::Uuid::from_u128(number)))
    }

    #[test]
    fn summary_claims_no_more_than_the_witnessed_checkpoints_cover() {
        let summary =
            |reach: Vec<LogCoverage>| InstallationReport { coverage: reach, ..InstallationReport::default() }.summary();
        let nothing = summary(vec![reach(LogId::Installation, 9, 9, 0), reach(launch(1), 5, 3, 0)]);
        assert!(nothing.starts_with("Consistent: "), "{nothing}");
        assert!(nothing.contains("changed the 2 events that no checkpoint covers"), "{nothing}");
        let part = summary(vec![reach(LogId::Installation, 9, 9, 7), reach(launch(1), 5, 3, 0)]);
        assert!(part.contains("entries 1 to 7 of 9 of the audit log are as they were"), "{part}");
        assert!(
            part.contains("The 2 events after them, and one log that they say nothing of, are consistent"),
            "{part}"
        );
        let whole = summary(vec![reach(LogId::Installation, 9, 9, 9)]);
        assert!(whole.ends_with("No event came after them."), "{whole}");
        let many = summary((0..5).map(|number| reach(launch(number), 5, 5, 5)).collect());
        assert!(many.contains("the events of 5 launches listed above"), "{many}");
        for summary in [nothing, part, whole, many] {
            assert!(!summary.contains("nothing was altered"), "{summary}");
        }
        let wrong = vec![VerificationProblem { subject: "A launch".to_owned(), description: "it is gone".to_owned() }];
        let altered = InstallationReport {
            problems: wrong,
            coverage: vec![reach(launch(1), 5, 5, 5)],
            ..InstallationReport::default()
        };
        assert!(altered.summary().starts_with("Altered: "));
    }
}

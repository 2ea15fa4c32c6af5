//! What a verification comes to, in one sentence that says no more than what was found.

use super::{Everything, Reach};
use crate::domain::checkpoint::LogId;

/// Up to how many logs are named in the sentence itself.
const NAMED: usize = 3;

impl Everything {
    /// The last line: what is wrong, or how far the checkpoints reach that are held elsewhere. Of what they do not cover it
    /// says who could have made it.
    #[must_use]
    pub fn summary(&self) -> String {
        match self.wrong.len() {
            0 => {}
            1 => return "Altered: one thing is wrong; it is named above.".to_owned(),
            number => return format!("Altered: {number} things are wrong; they are named above."),
        }
        let covered: Vec<&Reach> = self.reach.iter().filter(|reach| reach.held > 0).collect();
        if covered.is_empty() { self.without_held() } else { self.with_held(&covered) }
    }

    fn without_held(&self) -> String {
        let open: i64 = self.reach.iter().map(|reach| reach.size - reach.signed).sum();
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

    fn with_held(&self, covered: &[&Reach]) -> String {
        let named: Vec<String> = match covered.len() {
            0..=NAMED => covered.iter().map(|reach| words(reach)).collect(),
            _ => {
                let own = covered.iter().filter(|reach| reach.log == LogId::Installation);
                let launches = covered.iter().filter(|reach| reach.log != LogId::Installation).count();
                own.map(|reach| words(reach))
                    .chain([format!("the events of {launches} launches listed above")])
                    .collect()
            }
        };
        let after: i64 = covered.iter().map(|reach| reach.size - reach.held).sum();
        let others = self.reach.len() - covered.len();
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
            (Some(after), None) => format!("{after} are {CONSISTENT}"),
            (None, Some(others)) => format!("Besides, there are {others}: these are {CONSISTENT}"),
            (Some(after), Some(others)) => format!("{after}, and {others}, are {CONSISTENT}"),
        };
        format!(
            "Good, as far as the checkpoints held elsewhere reach: {} are as they were when those were made. {rest}.",
            named.join(", and ")
        )
    }
}

const CONSISTENT: &str = "consistent with the key and the checkpoints in this database, which whoever holds the key and the database could have made";

impl Reach {
    /// How far a held checkpoint reaches in this log, as a line of its own; nothing, when none does.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        (self.held > 0).then(|| format!("{}, by {}", words(self), self.by))
    }
}

/// `events 1 to 24 of 36 of launch …`
fn words(reach: &Reach) -> String {
    let Reach { log, size, held, .. } = reach;
    match log {
        LogId::Installation => format!("entries 1 to {held} of {size} of the installation's log"),
        LogId::Launch(launch) => format!("events 1 to {held} of {size} of launch {launch}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Wrong, *};
    use crate::domain::ids::LaunchId;

    fn reach(log: LogId, size: i64, signed: i64, held: i64) -> Reach {
        Reach { log, size, signed, held, by: "the checkpoint in a file".to_owned() }
    }

    fn launch(number: u128) -> LogId {
        LogId::Launch(LaunchId(uuid::Uuid::from_u128(number)))
    }

    #[test]
    fn summary_claims_no_more_than_the_held_checkpoints_cover() {
        let summary = |reach: Vec<Reach>| Everything { reach, ..Everything::default() }.summary();
        let nothing = summary(vec![reach(LogId::Installation, 9, 9, 0), reach(launch(1), 5, 3, 0)]);
        assert!(nothing.starts_with("Consistent: "), "{nothing}");
        assert!(nothing.contains("changed the 2 events that no checkpoint covers"), "{nothing}");
        let part = summary(vec![reach(LogId::Installation, 9, 9, 7), reach(launch(1), 5, 3, 0)]);
        assert!(part.contains("entries 1 to 7 of 9 of the installation's log are as they were"), "{part}");
        assert!(
            part.contains("The 2 events after them, and one log that they say nothing of, are consistent"),
            "{part}"
        );
        let whole = summary(vec![reach(LogId::Installation, 9, 9, 9)]);
        assert!(whole.ends_with("No event came after them."), "{whole}");
        let many = summary((0..5).map(|number| reach(launch(number), 5, 5, 5)).collect());
        assert!(many.contains("the events of 5 launches listed above"), "{many}");
        for said in [nothing, part, whole, many] {
            assert!(!said.contains("nothing was altered"), "{said}");
        }
        let wrong = vec![Wrong { with: "A launch".to_owned(), what: "it is gone".to_owned() }];
        let altered = Everything { wrong, reach: vec![reach(launch(1), 5, 5, 5)], ..Everything::default() };
        assert!(altered.summary().starts_with("Altered: "));
    }
}

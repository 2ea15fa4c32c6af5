//! Which histories the nightly verification takes: in a week, each at least once.

use std::collections::BTreeMap;

use super::{ids::LaunchId, time::Moment};

/// A night takes one part of this many, so that a week covers all even if one night is missed.
const NIGHTS: usize = 6;

/// What was verified within this many seconds belongs to the same night: a verification that was interrupted goes on.
const NIGHT_SECONDS: i64 = 12 * 3_600;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastVerification {
    pub at: Moment,
    /// Whether it found a problem.
    pub failed: bool,
}

/// The launches to verify in this night: those in which a problem was found, and then those that were not verified for
/// longest. `launches` has all, with the last verification of each if there was one.
#[must_use]
pub fn choose_share(launches: &BTreeMap<LaunchId, Option<LastVerification>>, now: Moment) -> Vec<LaunchId> {
    let is_of_tonight = |last: &LastVerification| now.seconds_since(last.at) < NIGHT_SECONDS;
    let mut open: Vec<(Option<Moment>, LaunchId, bool)> = launches
        .iter()
        .filter(|(_, last)| !last.as_ref().is_some_and(is_of_tonight))
        .map(|(id, last)| (last.map(|last| last.at), *id, last.is_some_and(|last| last.failed)))
        .collect();
    let done = launches.len() - open.len();
    let share = launches.len().div_ceil(NIGHTS).saturating_sub(done);
    open.sort_by_key(|(at, id, failed)| (!failed, *at, *id));
    let failed = open.iter().filter(|(.., failed)| *failed).count();
    open.truncate(share.max(failed));
    open.into_iter().map(|(_, id, _)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn start() -> Moment {
        Moment::new("2026-11-23T01:30:00Z".parse().unwrap())
    }

    fn launches(number: u128) -> BTreeMap<LaunchId, Option<LastVerification>> {
        (0..number).map(|n| (LaunchId(uuid::Uuid::from_u128(n)), None)).collect()
    }

    fn verify(all: &mut BTreeMap<LaunchId, Option<LastVerification>>, now: Moment) -> usize {
        let share = choose_share(all, now);
        for id in &share {
            all.insert(*id, Some(LastVerification { at: now, failed: false }));
        }
        share.len()
    }

    #[test]
    fn every_history_is_verified_within_any_week_of_which_one_night_is_missed() {
        for number in [1, 5, 6, 7, 41, 100] {
            let mut all = launches(number);
            for night in (0..30).filter(|night| night % 7 != 3) {
                let now = start().plus_seconds(night * DAY);
                assert!(verify(&mut all, now) <= usize::try_from(number).unwrap().div_ceil(NIGHTS));
                if night >= 7 {
                    let oldest = all.values().map(|last| last.unwrap().at).min().unwrap();
                    assert!(now.seconds_since(oldest) <= 7 * DAY, "{number} launches, night {night}");
                }
            }
        }
        assert_eq!(choose_share(&launches(0), start()), []);
    }

    #[test]
    fn interrupted_night_is_finished_and_not_begun_again() {
        let mut all = launches(60);
        let ids = choose_share(&all, start());
        assert_eq!(ids.len(), 10);
        for id in &ids[..4] {
            all.insert(*id, Some(LastVerification { at: start(), failed: false }));
        }
        assert_eq!(choose_share(&all, start().plus_seconds(3_600)), ids[4..]);
        assert_eq!(verify(&mut all, start().plus_seconds(3_600)), 6);
        assert_eq!(verify(&mut all, start().plus_seconds(3_660)), 0);
    }

    #[test]
    fn history_with_a_problem_is_verified_every_night() {
        let mut all = launches(60);
        let ids: Vec<LaunchId> = all.keys().copied().take(20).collect();
        for id in &ids {
            all.insert(*id, Some(LastVerification { at: start(), failed: true }));
        }
        assert_eq!(choose_share(&all, start().plus_seconds(DAY)), ids);
    }
}

//! The burn-up: how many items were resolved at the end of each day, against the days left.
//!
//! It counts the items before the decision, since it is they that the target waits for. A day is one of the launch's
//! zone as it is now; it counts as it ended, and the last one as it is. An item is resolved when it is done, not
//! applicable or waived; a waiver holds through its last day, so that its item counts on that day and not on the next.
//!
//! It is made from what the state keeps of its past ([`Turn`]), so that no history is read for it, however long.

use std::collections::BTreeMap;

use crate::domain::{
    ids::WaiverId,
    launch::{
        state::{LaunchState, Stage},
        turn::{Turn, Turned},
    },
    time::{Day, Moment, Zone},
};

/// How a launch came to where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurnUp {
    /// How many items there are before the decision.
    pub total: usize,
    /// Each day from the one on which the launch was made, to the one it is, or on which it happened or was called off.
    /// Never empty.
    pub points: Vec<Point>,
    /// The day of the target.
    pub target: Day,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The day.
    pub day: Day,
    /// How many items were resolved when it ended.
    pub resolved: usize,
}

/// The burn-up of a launch, as of now.
#[must_use]
pub fn burn_up(state: &LaunchState, now: Moment) -> BurnUp {
    // From here on, the items before the decision don't change any more.
    let end = match &state.stage {
        Stage::Preparing | Stage::Go(_) | Stage::Held { .. } => now,
        Stage::Launched(launched) | Stage::Closed { launched, .. } => launched.at,
        Stage::Cancelled { at, .. } => *at,
    };
    let zone = state.zone();
    let mut count = Count::new(state);
    let mut turns = state.turns.iter().peekable();
    let mut points = Vec::new();
    let last = Day::of(end.max(state.created_at), zone);
    let days = Day::of(state.created_at, zone).0.series(jiff::Span::new().days(1)).take_while(|day| *day <= last.0);
    for day in days.map(Day) {
        let over = day.end(zone);
        while let Some(turn) = turns.next_if(|turn| turn.at < over && turn.at <= end) {
            count.turn(turn);
        }
        points.push(Point { day, resolved: count.resolved(over, end) });
    }
    BurnUp { total: state.before().count(), points, target: Day(state.details.target.local.date()) }
}

/// How many items are resolved, as of the turns taken so far.
struct Count<'a> {
    /// Whether each item is one before the decision.
    before: Vec<bool>,
    /// Whether each item is marked as resolved.
    marked: Vec<bool>,
    /// How many of those before the decision are.
    count: usize,
    /// The approved waivers of each item that has any, in the order approved, which is that in which they were asked
    /// for: no second one is asked for while one may yet be approved.
    waivers: BTreeMap<usize, Vec<(WaiverId, Day)>>,
    zone: &'a Zone,
}

impl<'a> Count<'a> {
    fn new(state: &'a LaunchState) -> Self {
        Self {
            before: state.defined().map(|(_, definition)| definition.phase.is_before()).collect(),
            marked: vec![false; state.items.len()],
            count: 0,
            waivers: BTreeMap::new(),
            zone: state.zone(),
        }
    }

    fn turn(&mut self, turn: &'a Turn) {
        match &turn.what {
            Turned::Zone(zone) => self.zone = zone,
            Turned::Marked { item, resolved } => {
                if self.before[*item] && self.marked[*item] != *resolved {
                    self.count = if *resolved { self.count + 1 } else { self.count - 1 };
                }
                self.marked[*item] = *resolved;
            }
            Turned::Waived { item, waiver, until } => {
                self.waivers.entry(*item).or_default().push((*waiver, *until));
            }
            Turned::Unwaived { item, waiver } => {
                if let Some(waivers) = self.waivers.get_mut(item) {
                    waivers.retain(|(known, _)| known != waiver);
                }
            }
        }
    }

    /// How many are resolved at the last instant before a day is over, or at the end of it all, if that is earlier.
    fn resolved(&self, over: Moment, end: Moment) -> usize {
        let waived = |(item, waivers): &(&usize, &Vec<(WaiverId, Day)>)| {
            let holds = |(_, until): &(WaiverId, Day)| {
                let lapses = until.end(self.zone);
                lapses >= over || lapses > end
            };
            self.before[**item] && !self.marked[**item] && waivers.last().is_some_and(holds)
        };
        self.count + self.waivers.iter().filter(waived).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::launch::{
        command::Command,
        event::ItemState::{Blocked, Done, NotApplicable, Open},
        fixture::*,
    };

    /// The days as `2026-11-02 0`.
    fn days(world: &World, now: &str) -> Vec<String> {
        let points = burn_up(&world.state, moment(now)).points;
        points.iter().map(|point| format!("{} {}", point.day, point.resolved)).collect()
    }

    #[test]
    fn it_goes_up_and_down_with_what_is_resolved() {
        let mut world = World::new();
        world.at("2026-11-03T12:00:00Z");
        world.does(ANA, world.mark("critical-tech", Done));
        world.does(ANA, world.mark("advisory-sec", Done));
        world.at("2026-11-04T12:00:00Z");
        world.does(ANA, world.mark("critical-tech", Open));
        world.does(ANA, world.mark("critical-tech", Blocked));
        world.does(ANA, world.mark("advisory-sec", NotApplicable));
        // Five in the morning there is still the evening before in New York.
        world.at("2026-11-06T04:00:00Z");
        world.does(ANA, world.mark("critical-tech", NotApplicable));
        assert_eq!(
            days(&world, "2026-11-06T12:00:00Z"),
            ["2026-11-02 0", "2026-11-03 2", "2026-11-04 1", "2026-11-05 2", "2026-11-06 2"]
        );
        let found = burn_up(&world.state, moment("2026-11-06T12:00:00Z"));
        assert_eq!((found.total, found.target), (world.state.before().count(), day("2026-12-01")));
    }

    #[test]
    fn a_waiver_counts_through_its_last_day() {
        let mut world = World::new();
        world.at("2026-11-03T12:00:00Z");
        world.waive("critical-tech", "2026-11-05", TECH2);
        assert_eq!(
            days(&world, "2026-11-07T12:00:00Z"),
            ["2026-11-02 0", "2026-11-03 1", "2026-11-04 1", "2026-11-05 1", "2026-11-06 0", "2026-11-07 0"]
        );
        // To the moment: midnight in New York.
        assert_eq!(days(&world, "2026-11-06T04:59:59Z").last().unwrap(), "2026-11-05 1");
        assert_eq!(days(&world, "2026-11-06T05:00:00Z").last().unwrap(), "2026-11-06 0");
        // Revoked, it no longer counts from that day on; the days before stay as they ended.
        world.at("2026-11-04T12:00:00Z");
        let waiver = *world.state.waivers.keys().next().unwrap();
        let reason = world.text("found another way");
        world.does(OWNER, Command::RevokeWaiver { waiver, reason });
        assert_eq!(
            days(&world, "2026-11-05T12:00:00Z"),
            ["2026-11-02 0", "2026-11-03 1", "2026-11-04 0", "2026-11-05 0"]
        );
    }

    #[test]
    fn it_ends_when_the_launch_happens_or_is_called_off() {
        let mut world = World::new();
        world.at("2026-11-03T12:00:00Z");
        let reason = world.text("no longer wanted");
        world.does(OWNER, Command::Cancel { reason });
        assert_eq!(days(&world, "2027-01-01T12:00:00Z"), ["2026-11-02 0", "2026-11-03 0"]);
        let launched = World::of(checklist::small(), false).launched();
        let found = burn_up(&launched.state, moment("2027-01-01T12:00:00Z"));
        assert_eq!(found.points.len(), 1);
        assert_eq!(found.points[0].resolved, found.total);
    }
}

//! The burn-up: how many items were resolved at the end of each day, compared with the days left.
//!
//! It counts the before-items, because they have to be resolved before the target. Days are those of the launch's
//! current zone. Each day has the count at its end, the last day the current count. An item is resolved when it is
//! done, not applicable or waived; a waiver is in force through its last day, so its item counts on that day and not on
//! the next.
//!
//! The numbers come from the changes that the state keeps ([`ResolutionChange`]), so no history has to be read, however
//! long it is.

use std::collections::BTreeMap;

use crate::domain::{
    ids::WaiverId,
    launch::{
        resolution_change::{ResolutionChange, ResolutionChangeKind},
        state::{LaunchState, Stage},
    },
    time::{Day, Moment, Zone},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurnUp {
    /// The number of before-items.
    pub total: usize,
    /// One point per day: from the day on which the launch was created to today, or to the day on which it was launched
    /// or cancelled. Never empty.
    pub points: Vec<BurnUpPoint>,
    pub target: Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurnUpPoint {
    pub day: Day,
    /// The number of items that were resolved at the end of the day.
    pub resolved: usize,
}

#[must_use]
pub fn compute_burn_up(state: &LaunchState, now: Moment) -> BurnUp {
    // From this moment on, before-items can't change any more.
    let end = match &state.stage {
        Stage::Preparing | Stage::Go(_) | Stage::Held { .. } => now,
        Stage::Launched(launched) | Stage::Closed { launch_record: launched, .. } => launched.at,
        Stage::Cancelled { at, .. } => *at,
    };
    let zone = state.zone();
    let mut count = ResolvedCounter::new(state);
    let mut turns = state.resolution_changes.iter().peekable();
    let mut points = Vec::new();
    let last = Day::from_moment(end.max(state.created_at), zone);
    let days =
        Day::from_moment(state.created_at, zone).0.series(jiff::Span::new().days(1)).take_while(|day| *day <= last.0);
    for day in days.map(Day) {
        let over = day.end(zone);
        while let Some(turn) = turns.next_if(|turn| turn.at < over && turn.at <= end) {
            count.apply_change(turn);
        }
        points.push(BurnUpPoint { day, resolved: count.count_resolved(over, end) });
    }
    BurnUp { total: state.before_items().count(), points, target: Day(state.details.target.local.date()) }
}

/// Counts the resolved items after the changes applied so far.
struct ResolvedCounter<'a> {
    /// For each item, whether it is a before-item.
    is_before_item: Vec<bool>,
    /// For each item, whether it is marked as resolved.
    is_marked_resolved: Vec<bool>,
    /// The number of before-items that are marked as resolved.
    marked_count: usize,
    /// The approved waivers of each item, in the order of approval. This is also the order in which they were asked
    /// for, because no second waiver can be asked for while the first may still be approved.
    waivers: BTreeMap<usize, Vec<(WaiverId, Day)>>,
    zone: &'a Zone,
}

impl<'a> ResolvedCounter<'a> {
    fn new(state: &'a LaunchState) -> Self {
        Self {
            is_before_item: state
                .items_with_definitions()
                .map(|(_, definition)| definition.phase.is_before())
                .collect(),
            is_marked_resolved: vec![false; state.items.len()],
            marked_count: 0,
            waivers: BTreeMap::new(),
            zone: state.zone(),
        }
    }

    fn apply_change(&mut self, turn: &'a ResolutionChange) {
        match &turn.kind {
            ResolutionChangeKind::ZoneChanged(zone) => self.zone = zone,
            ResolutionChangeKind::ItemMarked { item, resolved } => {
                if self.is_before_item[*item] && self.is_marked_resolved[*item] != *resolved {
                    self.marked_count = if *resolved { self.marked_count + 1 } else { self.marked_count - 1 };
                }
                self.is_marked_resolved[*item] = *resolved;
            }
            ResolutionChangeKind::WaiverApproved { item, waiver, until } => {
                self.waivers.entry(*item).or_default().push((*waiver, *until));
            }
            ResolutionChangeKind::WaiverRevoked { item, waiver } => {
                if let Some(waivers) = self.waivers.get_mut(item) {
                    waivers.retain(|(other, _)| other != waiver);
                }
            }
        }
    }

    /// The number of resolved items at the last instant before a day is over, or at the end of the burn-up if that is
    /// earlier.
    fn count_resolved(&self, over: Moment, end: Moment) -> usize {
        let waived = |(item, waivers): &(&usize, &Vec<(WaiverId, Day)>)| {
            let holds = |(_, until): &(WaiverId, Day)| {
                let lapses = until.end(self.zone);
                lapses >= over || lapses > end
            };
            self.is_before_item[**item] && !self.is_marked_resolved[**item] && waivers.last().is_some_and(holds)
        };
        self.marked_count + self.waivers.iter().filter(waived).count()
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

    /// The days in the form `2026-11-02 0`.
    fn describe_days(world: &World, now: &str) -> Vec<String> {
        let points = compute_burn_up(&world.state, moment(now)).points;
        points.iter().map(|point| format!("{} {}", point.day, point.resolved)).collect()
    }

    #[test]
    fn burn_up_follows_resolved_items_up_and_down() {
        let mut world = World::new();
        world.set_time("2026-11-03T12:00:00Z");
        world.run_ok(ANA, world.mark("critical-tech", Done));
        world.run_ok(ANA, world.mark("advisory-sec", Done));
        world.set_time("2026-11-04T12:00:00Z");
        world.run_ok(ANA, world.mark("critical-tech", Open));
        world.run_ok(ANA, world.mark("critical-tech", Blocked));
        world.run_ok(ANA, world.mark("advisory-sec", NotApplicable));
        // At 4:00 UTC it is still the evening before in New York.
        world.set_time("2026-11-06T04:00:00Z");
        world.run_ok(ANA, world.mark("critical-tech", NotApplicable));
        assert_eq!(
            describe_days(&world, "2026-11-06T12:00:00Z"),
            ["2026-11-02 0", "2026-11-03 2", "2026-11-04 1", "2026-11-05 2", "2026-11-06 2"]
        );
        let burn_up = compute_burn_up(&world.state, moment("2026-11-06T12:00:00Z"));
        assert_eq!((burn_up.total, burn_up.target), (world.state.before_items().count(), day("2026-12-01")));
    }

    #[test]
    fn burn_up_counts_a_waiver_through_its_last_day() {
        let mut world = World::new();
        world.set_time("2026-11-03T12:00:00Z");
        world.waive("critical-tech", "2026-11-05", TECH2);
        assert_eq!(
            describe_days(&world, "2026-11-07T12:00:00Z"),
            ["2026-11-02 0", "2026-11-03 1", "2026-11-04 1", "2026-11-05 1", "2026-11-06 0", "2026-11-07 0"]
        );
        // Exactly at midnight in New York.
        assert_eq!(describe_days(&world, "2026-11-06T04:59:59Z").last().unwrap(), "2026-11-05 1");
        assert_eq!(describe_days(&world, "2026-11-06T05:00:00Z").last().unwrap(), "2026-11-06 0");
        // A revoked waiver stops counting on that day; the days before do not change.
        world.set_time("2026-11-04T12:00:00Z");
        let waiver = *world.state.waivers.keys().next().unwrap();
        let reason = world.text("found another way");
        world.run_ok(OWNER, Command::RevokeWaiver { waiver, reason });
        assert_eq!(
            describe_days(&world, "2026-11-05T12:00:00Z"),
            ["2026-11-02 0", "2026-11-03 1", "2026-11-04 0", "2026-11-05 0"]
        );
    }

    #[test]
    fn burn_up_ends_at_launch_or_cancellation() {
        let mut world = World::new();
        world.set_time("2026-11-03T12:00:00Z");
        let reason = world.text("no longer wanted");
        world.run_ok(OWNER, Command::Cancel { reason });
        assert_eq!(describe_days(&world, "2027-01-01T12:00:00Z"), ["2026-11-02 0", "2026-11-03 0"]);
        let launched = World::from_version(checklist::small_version(), false).launched();
        let burn_up = compute_burn_up(&launched.state, moment("2027-01-01T12:00:00Z"));
        assert_eq!(burn_up.points.len(), 1);
        assert_eq!(burn_up.points[0].resolved, burn_up.total);
    }
}

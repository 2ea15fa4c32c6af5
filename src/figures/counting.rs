//! Counts: pure functions from the launches and the declared GOs to figures.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::store::DeclaredGo;
use crate::{
    domain::{
        ids::{ItemId, LaunchId},
        launch::{
            event::ItemState,
            state::{LaunchState, Stage},
        },
        readiness::{Reason, SignatureProblem, compute_readiness},
        role::RoleSlug,
        time::{DAY_SECONDS, Day, Moment, Zone},
    },
    texts,
};

/// The ages by which blocked items are counted, in days: each class ends before this age, and the last has no end.
pub(super) const AGE_LIMITS: [i64; 3] = [3, 7, 30];

/// How many days ahead a waiver runs out soon.
pub(super) const WAIVER_DAYS: i64 = 30;

/// The time from start to GO in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MonthOfGos {
    /// The first day of the month.
    pub month: Date,
    /// The median, in whole days.
    pub median_days: i64,
    pub launches: usize,
}

/// The median time from start to GO by the month of the GO, the newest month first; months without a GO are left out.
pub(super) fn count_gos_by_month(gos: &[DeclaredGo], zone: &Zone) -> Vec<MonthOfGos> {
    let mut months: BTreeMap<Date, Vec<i64>> = BTreeMap::new();
    for go in gos {
        let month = go.at.to_local(zone).date().first_of_month();
        months.entry(month).or_default().push(go.at.seconds_since(go.launch_made_at) / DAY_SECONDS);
    }
    let count = |(month, mut days): (Date, Vec<i64>)| {
        days.sort_unstable();
        let (low, high) = (days[(days.len() - 1) / 2], days[days.len() / 2]);
        MonthOfGos { month, median_days: i64::midpoint(low, high), launches: days.len() }
    };
    months.into_iter().rev().map(count).collect()
}

/// The blocked items of one part, by age: one number for each class of [`AGE_LIMITS`] and one for older ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BlockedInPart {
    pub part: String,
    pub by_age: [usize; AGE_LIMITS.len() + 1],
}

impl BlockedInPart {
    pub(super) fn total(&self) -> usize {
        self.by_age.iter().sum()
    }
}

/// A thing of a launch that somebody has to see to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PendingThing {
    pub launch: LaunchId,
    pub launch_name: String,
    /// The item's or the role's title.
    pub title: String,
    /// `None` for a signature.
    pub item: Option<ItemId>,
    pub role: Option<RoleSlug>,
    /// How many days it is late or stale, or until it runs out.
    pub days: i64,
}

/// What is open in the launches now.
#[derive(Debug, Default)]
pub(super) struct CurrentCounts {
    /// By part, the largest number first.
    pub blocked: Vec<BlockedInPart>,
    /// Signatures that are stale, by launch.
    pub stale: Vec<PendingThing>,
    /// Items past their day, the latest first.
    pub late: Vec<PendingThing>,
    /// Waivers that run out within [`WAIVER_DAYS`], the next first.
    pub waivers: Vec<PendingThing>,
}

pub(super) fn count_current<'a>(launches: impl Iterator<Item = &'a LaunchState>, now: Moment) -> CurrentCounts {
    let mut parts: BTreeMap<String, [usize; AGE_LIMITS.len() + 1]> = BTreeMap::new();
    let mut counts = CurrentCounts::default();
    for state in launches {
        count_items(state, now, &mut parts, &mut counts);
        if !matches!(state.stage, Stage::Launched(_)) {
            count_stale(state, now, &mut counts.stale);
        }
    }
    counts.blocked = parts.into_iter().map(|(part, by_age)| BlockedInPart { part, by_age }).collect();
    counts.blocked.sort_by_key(|part| std::cmp::Reverse(part.total()));
    counts.late.sort_by_key(|thing| std::cmp::Reverse(thing.days));
    counts.waivers.sort_by_key(|thing| thing.days);
    counts
}

fn count_items(
    state: &LaunchState,
    now: Moment,
    parts: &mut BTreeMap<String, [usize; AGE_LIMITS.len() + 1]>,
    counts: &mut CurrentCounts,
) {
    for (item, definition) in state.items_with_definitions() {
        let thing = |days| PendingThing {
            launch: state.id,
            launch_name: state.name().to_owned(),
            title: definition.title.to_string(),
            item: Some(item.id),
            role: None,
            days,
        };
        if let Some(waiver) = state.waiver_in_force(item, now) {
            let days = waiver.expires_on.end(state.zone()).seconds_since(now) / DAY_SECONDS;
            if days <= WAIVER_DAYS {
                counts.waivers.push(thing(days));
            }
        }
        if state.is_resolved(item, now) {
            continue;
        }
        if item.status.state == ItemState::Blocked {
            let (part, _) = state.part_and_section(item);
            let part =
                part.title.as_ref().map_or_else(|| texts::items_without_part().into_owned(), ToString::to_string);
            let since = item.last_marked.map_or(state.created_at, |(_, at)| at);
            let age = now.seconds_since(since) / DAY_SECONDS;
            let class = AGE_LIMITS.iter().position(|limit| age < *limit).unwrap_or(AGE_LIMITS.len());
            parts.entry(part).or_default()[class] += 1;
        }
        let due = item.assignment.due.map(|day| day.end(state.zone())).or_else(|| state.due_at(definition));
        if let Some(due) = due.filter(|due| *due <= now) {
            counts.late.push(thing(now.seconds_since(due) / DAY_SECONDS + 1));
        }
    }
}

fn count_stale(state: &LaunchState, now: Moment, stale: &mut Vec<PendingThing>) {
    for reason in compute_readiness(state, now).reasons {
        if let Reason::Signatures { role, lack: SignatureProblem::Stale, signature } = reason {
            let signed = signature.and_then(|id| state.signature(id)).map_or(now, |signature| signature.at);
            stale.push(PendingThing {
                launch: state.id,
                launch_name: state.name().to_owned(),
                title: state.role_title(&role).into_owned(),
                item: None,
                role: Some(role),
                days: now.seconds_since(signed) / DAY_SECONDS,
            });
        }
    }
}

/// The first day of the last twelve months, from which GOs are counted.
pub(super) fn first_month(now: Moment, zone: &Zone) -> Moment {
    let month = now.to_local(zone).date().first_of_month();
    Day(month.saturating_sub(jiff::Span::new().months(11))).start(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_to_go_is_the_median_of_each_month() {
        let go = |made: &str, at: &str| DeclaredGo { at: at.parse().unwrap(), launch_made_at: made.parse().unwrap() };
        let gos = [
            go("2026-10-01T00:00:00Z", "2026-10-11T12:00:00Z"),
            go("2026-10-01T00:00:00Z", "2026-10-31T12:00:00Z"),
            go("2026-10-01T00:00:00Z", "2026-10-03T12:00:00Z"),
            go("2026-11-01T00:00:00Z", "2026-11-01T12:00:00Z"),
            // In Lisbon it is November already.
            go("2026-10-20T00:00:00Z", "2026-11-01T00:30:00Z"),
        ];
        let zone: Zone = "Europe/Lisbon".parse().unwrap();
        let months: Vec<_> = count_gos_by_month(&gos, &zone)
            .into_iter()
            .map(|month| (month.month.to_string(), month.median_days, month.launches))
            .collect();
        assert_eq!(months, [("2026-11-01".to_owned(), 6, 2), ("2026-10-01".to_owned(), 10, 3)]);
        assert_eq!(count_gos_by_month(&[], &zone), []);
        let first = first_month("2026-11-27T12:00:00Z".parse().unwrap(), &Zone::UTC);
        assert_eq!(first.to_string(), "2025-12-01T00:00:00.000000Z");
    }
}

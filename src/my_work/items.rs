//! Open items: a person's own and those of their roles, by urgency.

use super::gather::Seen;
use crate::{
    domain::{
        checklist::{ChecklistItem, Importance},
        ids::{ItemId, LaunchId},
        launch::{
            access::{Act, may, stage_allows},
            event::ItemState,
            state::Item,
        },
        readiness::{Reason, judge_item},
        time::{Day, Moment, Zone},
    },
    launch_page::{item_facts::due_day, words},
};

/// The most items shown.
const MOST: usize = 50;

/// How many seconds ahead something is due soon: three days.
const SOON: i64 = 3 * 86_400;

/// An open item.
pub(super) struct ItemLine {
    pub id: ItemId,
    pub href: String,
    pub title: String,
    /// Of which launch, and where there.
    pub about: String,
    pub state: &'static str,
    pub critical: bool,
    pub importance: &'static str,
    pub version: i64,
    /// When it is due, in words; empty when no day is set.
    pub due: String,
    pub late: bool,
    /// What is wrong with one that is marked already.
    pub lack: &'static str,
    /// Who sees to it, when that is somebody else.
    pub with: Option<String>,
}

/// Items of a launch that are not shown.
pub(super) struct More {
    pub href: String,
    pub launch: String,
    pub count: usize,
}

/// How many there are.
#[derive(Default)]
pub(super) struct Counts {
    pub mine: usize,
    pub of_roles: usize,
    pub more: Vec<More>,
}

/// How urgent an item is: what compares less comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Urgency {
    when: When,
    importance: Importance,
    /// False for the person's own, which come before their roles'.
    of_role: bool,
    /// False unless somebody else sees to it.
    with_another: bool,
    due: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    Overdue,
    Soon,
    Later,
}

/// The open items of a person and their roles, the most urgent first, and how many there are in all. The launches come
/// with the nearest first, and items of one urgency stay in that order and the checklist's.
pub(super) fn open(launches: &[Seen<'_>]) -> (Vec<ItemLine>, Counts) {
    let mut counts = Counts::default();
    let mut all: Vec<(Urgency, usize, &Item)> = Vec::new();
    for (at, seen) in launches.iter().enumerate() {
        for (item, definition) in seen.state.defined() {
            let mine = item.assignment.assignee.as_ref().is_some_and(|person| person.id == seen.actor.id);
            let of_role = definition.role.as_ref().is_some_and(|role| seen.state.holds(seen.actor.id, role));
            if (mine || of_role) && can_work(seen, item) && is_open(seen, item, definition) {
                counts.mine += usize::from(mine);
                counts.of_roles += usize::from(!mine);
                all.push((urgency(seen, item, definition, mine), at, item));
            }
        }
    }
    all.sort_by_key(|(urgency, ..)| *urgency);
    let hidden = all.split_off(all.len().min(MOST));
    for (at, seen) in launches.iter().enumerate() {
        let of_launch: Vec<_> = hidden.iter().filter(|(_, of, _)| *of == at).collect();
        if let Some(count) = Some(of_launch.len()).filter(|count| *count > 0) {
            let mine = of_launch.iter().all(|(urgency, ..)| !urgency.of_role);
            counts.more.push(more(seen.state.id, seen.state.name(), count, mine));
        }
    }
    (all.into_iter().map(|(urgency, at, item)| line(&launches[at], item, urgency)).collect(), counts)
}

fn more(launch: LaunchId, name: &str, count: usize, mine: bool) -> More {
    let show = if mine { "mine" } else { "my_roles" };
    More { href: format!("/launches/{launch}?show={show}"), launch: name.to_owned(), count }
}

fn can_work(seen: &Seen<'_>, item: &Item) -> bool {
    stage_allows(&seen.state.stage, seen.kind_of(item)) && may(seen.state, seen.actor, &Act::Mark(item.id)).is_ok()
}

/// Whether something is left to do about an item: it is unresolved, or marked in a way that does not yet count. One
/// that waits for an agreement waits for others.
fn is_open(seen: &Seen<'_>, item: &Item, definition: &ChecklistItem) -> bool {
    !seen.state.is_resolved(item, seen.now) || !lack(seen, item, definition).is_empty()
}

/// What is wrong with an item that is marked done or not applicable.
fn lack(seen: &Seen<'_>, item: &Item, definition: &ChecklistItem) -> &'static str {
    match item.standing.state {
        ItemState::Done if definition.evidence_required && !seen.state.has_standing_evidence(item, seen.now) => {
            "evidence needed"
        }
        ItemState::NotApplicable => match judge_item(seen.state, item, definition, seen.now) {
            Some(Reason::Justification { refused: true, .. }) => "agreement refused",
            _ => "",
        },
        ItemState::Open | ItemState::Blocked | ItemState::Done => "",
    }
}

/// When an item is due by itself: at the end of its day, or of its window after the launch.
fn own_due(seen: &Seen<'_>, item: &Item, definition: &ChecklistItem) -> Option<Moment> {
    item.assignment.due.map(|day| day.end(seen.state.zone())).or_else(|| seen.state.due_at(definition))
}

fn urgency(seen: &Seen<'_>, item: &Item, definition: &ChecklistItem, mine: bool) -> Urgency {
    let own = own_due(seen, item, definition);
    // What has no day of its own has to be done by the target.
    let due = own.unwrap_or(seen.state.details.target.moment());
    let when = match own {
        Some(own) if own <= seen.now => When::Overdue,
        _ if due.seconds_since(seen.now) <= SOON => When::Soon,
        _ => When::Later,
    };
    let with_another = !mine && item.assignment.assignee.is_some();
    Urgency { when, importance: definition.importance, of_role: !mine, with_another, due }
}

fn line(seen: &Seen<'_>, item: &Item, urgency: Urgency) -> ItemLine {
    let (state, definition) = (seen.state, seen.state.definition(item));
    let day = due_day(state, item);
    let late = urgency.when == When::Overdue;
    ItemLine {
        id: item.id,
        href: words::item_href(item.id),
        title: definition.title.to_string(),
        about: [state.name(), &words::place(state, item)].map(str::to_owned).join(" · "),
        state: item.standing.state.slug(),
        critical: definition.importance == Importance::Critical,
        importance: definition.importance.slug(),
        version: item.version,
        due: day.map_or_else(String::new, |day| due(day, late, seen.now, state.zone())),
        late,
        lack: lack(seen, item, definition),
        with: item
            .assignment
            .assignee
            .as_ref()
            .filter(|person| person.id != seen.actor.id)
            .map(|person| person.name.to_string()),
    }
}

/// A day that something is due on, as seen from now: `3 days late`, `today`, `tomorrow`, `30 Nov 2026`.
fn due(day: Day, late: bool, now: Moment, zone: &Zone) -> String {
    let today = Day::of(now, zone);
    let days = today.0.until(day.0).map_or(0, |span| span.get_days());
    match (late, days) {
        (true, ..0) => format!("{} late", words::count(days.unsigned_abs() as usize, "day")),
        (true, _) => "late".to_owned(),
        (false, 0) => "today".to_owned(),
        (false, 1) => "tomorrow".to_owned(),
        (false, _) => words::day(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_days_are_told_from_today() {
        let zone: Zone = "Europe/Lisbon".parse().unwrap();
        let now: Moment = "2026-11-23T23:30:00Z".parse().unwrap();
        for (day, late, told) in [
            ("2026-11-20", true, "3 days late"),
            ("2026-11-22", true, "1 day late"),
            ("2026-11-23", true, "late"),
            ("2026-11-23", false, "today"),
            ("2026-11-24", false, "tomorrow"),
            ("2026-12-30", false, "30 Dec 2026"),
            ("2025-11-23", true, "365 days late"),
        ] {
            assert_eq!(due(day.parse().unwrap(), late, now, &zone), told, "{day}");
        }
    }

    #[test]
    fn what_is_overdue_comes_first_then_what_is_due_soon_then_what_is_critical() {
        let due: Moment = "2026-11-23T12:00:00Z".parse().unwrap();
        let base =
            Urgency { when: When::Later, importance: Importance::Required, of_role: false, with_another: false, due };
        let order = [
            Urgency { when: When::Overdue, importance: Importance::Advisory, ..base },
            Urgency { when: When::Soon, of_role: true, importance: Importance::Critical, ..base },
            Urgency { when: When::Soon, ..base },
            Urgency { importance: Importance::Critical, ..base },
            base,
            Urgency { due: due.plus_seconds(1), ..base },
            Urgency { of_role: true, ..base },
            Urgency { of_role: true, with_another: true, ..base },
            Urgency { importance: Importance::Advisory, ..base },
        ];
        assert!(order.is_sorted());
    }
}

//! Open items of a person and of their roles, by urgency.

use std::borrow::Cow;

use super::person_launch::PersonLaunch;
use crate::{
    domain::{
        checklist::{ChecklistItem, Importance},
        ids::{ItemId, LaunchId},
        launch::{
            access::{Act, check_access, stage_allows},
            event::ItemState,
            state::Item,
        },
        readiness::{Reason, find_item_reason},
        time::{Day, Moment, Zone},
    },
    presentation::{
        formatting,
        item_facts::{box_class, due_day},
    },
    texts,
};

/// Maximum number of items shown.
const MAX_ITEMS: usize = 50;

/// How many seconds ahead an item is due soon: three days.
const SOON_SECONDS: i64 = 3 * 86_400;

pub(super) struct OpenItemRow {
    pub id: ItemId,
    pub href: String,
    pub title: String,
    /// Which launch, and where in it.
    pub about: String,
    pub state: &'static str,
    /// The state as a word.
    pub state_label: Cow<'static, str>,
    /// The class of its box.
    pub class: &'static str,
    pub critical: bool,
    pub importance: &'static str,
    pub version: i64,
    /// When it is due, in words; empty when no day is set.
    pub due: Cow<'static, str>,
    pub late: bool,
    /// What is wrong with an item that is marked already.
    pub lack: Cow<'static, str>,
    /// The assignee, if that is somebody else.
    pub with: Option<String>,
}

impl OpenItemRow {
    /// State that a click sets.
    pub(super) fn next_state(&self) -> &'static str {
        if self.is_done() { ItemState::Open.slug() } else { ItemState::Done.slug() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.state == ItemState::Done.slug()
    }
}

pub(super) struct HiddenItems {
    pub href: String,
    pub launch: String,
    pub count: usize,
}

#[derive(Default)]
pub(super) struct OpenItemCounts {
    pub mine: usize,
    pub of_roles: usize,
    pub hidden_items: Vec<HiddenItems>,
}

/// How urgent an item is; the smallest value comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ItemUrgency {
    due_class: DueClass,
    importance: Importance,
    /// False for the person's own items, which come before their roles'.
    is_of_role: bool,
    /// Whether somebody else is the assignee.
    is_with_another: bool,
    due: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DueClass {
    Overdue,
    Soon,
    Later,
}

/// The open items of a person and their roles, the most urgent first, and how many there are in all. The launches are
/// sorted with the nearest first; items of equal urgency stay in that order and in the checklist's.
pub(super) fn collect_open_items(launches: &[PersonLaunch<'_>]) -> (Vec<OpenItemRow>, OpenItemCounts) {
    let mut counts = OpenItemCounts::default();
    let mut all: Vec<(ItemUrgency, usize, &Item)> = Vec::new();
    for (at, seen) in launches.iter().enumerate() {
        for (item, definition) in seen.state.items_with_definitions() {
            let mine = item.assignment.assignee.as_ref().is_some_and(|person| person.id == seen.actor.id);
            let of_role = definition.role.as_ref().is_some_and(|role| seen.state.holds_role(seen.actor.id, role));
            if (mine || of_role) && can_work(seen, item) && is_open(seen, item, definition) {
                counts.mine += usize::from(mine);
                counts.of_roles += usize::from(!mine);
                all.push((to_urgency(seen, item, definition, mine), at, item));
            }
        }
    }
    all.sort_by_key(|(urgency, ..)| *urgency);
    let hidden = all.split_off(all.len().min(MAX_ITEMS));
    for (at, seen) in launches.iter().enumerate() {
        let of_launch: Vec<_> = hidden.iter().filter(|(_, of, _)| *of == at).collect();
        if let Some(count) = Some(of_launch.len()).filter(|count| *count > 0) {
            let mine = of_launch.iter().all(|(urgency, ..)| !urgency.is_of_role);
            counts.hidden_items.push(to_hidden_items(seen.state.id, seen.state.name(), count, mine));
        }
    }
    (all.into_iter().map(|(urgency, at, item)| build_row(&launches[at], item, urgency)).collect(), counts)
}

fn to_hidden_items(launch: LaunchId, name: &str, count: usize, mine: bool) -> HiddenItems {
    let show = if mine { "mine" } else { "my_roles" };
    HiddenItems { href: format!("/launches/{launch}?show={show}"), launch: name.to_owned(), count }
}

fn can_work(seen: &PersonLaunch<'_>, item: &Item) -> bool {
    stage_allows(&seen.state.stage, seen.act_group(item))
        && check_access(seen.state, seen.actor, &Act::Mark(item.id)).is_ok()
}

/// Whether something is left to do for an item: it is unresolved, or marked in a way that does not count yet. An item
/// that waits for an agreement waits for other people.
fn is_open(seen: &PersonLaunch<'_>, item: &Item, definition: &ChecklistItem) -> bool {
    !seen.state.is_resolved(item, seen.now) || !describe_defect(seen, item, definition).is_empty()
}

/// What is wrong with an item that is marked done or not applicable.
fn describe_defect(seen: &PersonLaunch<'_>, item: &Item, definition: &ChecklistItem) -> Cow<'static, str> {
    match item.status.state {
        ItemState::Done if definition.evidence_required && !seen.state.has_valid_evidence(item, seen.now) => {
            texts::evidence_needed()
        }
        ItemState::NotApplicable => match find_item_reason(seen.state, item, definition, seen.now) {
            Some(Reason::Justification { refused: true, .. }) => texts::agreement_refused(),
            _ => Cow::default(),
        },
        ItemState::Open | ItemState::Blocked | ItemState::Done => Cow::default(),
    }
}

/// When an item itself is due: at the end of its day, or of its window after the launch.
fn own_due_moment(seen: &PersonLaunch<'_>, item: &Item, definition: &ChecklistItem) -> Option<Moment> {
    item.assignment.due.map(|day| day.end(seen.state.zone())).or_else(|| seen.state.due_at(definition))
}

fn to_urgency(seen: &PersonLaunch<'_>, item: &Item, definition: &ChecklistItem, mine: bool) -> ItemUrgency {
    let own = own_due_moment(seen, item, definition);
    // Without a day of its own, an item has to be done by the launch's target.
    let due = own.unwrap_or(seen.state.details.target.to_moment());
    let when = match own {
        Some(own) if own <= seen.now => DueClass::Overdue,
        _ if due.seconds_since(seen.now) <= SOON_SECONDS => DueClass::Soon,
        _ => DueClass::Later,
    };
    let with_another = !mine && item.assignment.assignee.is_some();
    ItemUrgency {
        due_class: when,
        importance: definition.importance,
        is_of_role: !mine,
        is_with_another: with_another,
        due,
    }
}

fn build_row(seen: &PersonLaunch<'_>, item: &Item, urgency: ItemUrgency) -> OpenItemRow {
    let (state, definition) = (seen.state, seen.state.definition(item));
    let day = due_day(state, item);
    let late = urgency.due_class == DueClass::Overdue;
    OpenItemRow {
        id: item.id,
        href: formatting::item_href(item.id),
        title: definition.shown_title(),
        about: [state.name(), &formatting::describe_place(state, item)].map(str::to_owned).join(" · "),
        state: item.status.state.slug(),
        state_label: item.status.state.label(),
        class: box_class(state, item, definition, seen.now),
        critical: definition.importance == Importance::Critical,
        importance: definition.importance.slug(),
        version: item.version,
        due: day.map_or_else(Cow::default, |day| format_due(day, late, seen.now, state.zone())),
        late,
        lack: describe_defect(seen, item, definition),
        with: item
            .assignment
            .assignee
            .as_ref()
            .filter(|person| person.id != seen.actor.id)
            .map(|person| person.name.to_string()),
    }
}

/// A due day relative to now: `3 days late`, `today`, `tomorrow`, `30 Nov 2026`.
fn format_due(day: Day, late: bool, now: Moment, zone: &Zone) -> Cow<'static, str> {
    let today = Day::from_moment(now, zone);
    let days = today.0.until(day.0).map_or(0, |span| span.get_days());
    match (late, days) {
        (true, ..0) => texts::days_late(days.unsigned_abs()),
        (true, _) => texts::late_today(),
        (false, 0) => texts::due_today(),
        (false, 1) => texts::due_tomorrow(),
        (false, _) => formatting::format_day(day).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_text_is_relative_to_today() {
        let zone: Zone = "Europe/Lisbon".parse().unwrap();
        let now: Moment = "2026-11-23T23:30:00Z".parse().unwrap();
        for (day, late, expected) in [
            ("2026-11-20", true, "3 days late"),
            ("2026-11-22", true, "1 day late"),
            ("2026-11-23", true, "late"),
            ("2026-11-23", false, "today"),
            ("2026-11-24", false, "tomorrow"),
            ("2026-12-30", false, "30 Dec 2026"),
            ("2025-11-23", true, "365 days late"),
        ] {
            assert_eq!(format_due(day.parse().unwrap(), late, now, &zone), expected, "{day}");
        }
    }

    #[test]
    fn item_urgency_sorts_overdue_then_soon_then_critical() {
        let due: Moment = "2026-11-23T12:00:00Z".parse().unwrap();
        let base = ItemUrgency {
            due_class: DueClass::Later,
            importance: Importance::Required,
            is_of_role: false,
            is_with_another: false,
            due,
        };
        let order = [
            ItemUrgency { due_class: DueClass::Overdue, importance: Importance::Advisory, ..base },
            ItemUrgency { due_class: DueClass::Soon, is_of_role: true, importance: Importance::Critical, ..base },
            ItemUrgency { due_class: DueClass::Soon, ..base },
            ItemUrgency { importance: Importance::Critical, ..base },
            base,
            ItemUrgency { due: due.plus_seconds(1), ..base },
            ItemUrgency { is_of_role: true, ..base },
            ItemUrgency { is_of_role: true, is_with_another: true, ..base },
            ItemUrgency { importance: Importance::Advisory, ..base },
        ];
        assert!(order.is_sorted());
    }
}

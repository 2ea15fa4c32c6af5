//! The dates of a launch that belong into a person's calendar: its target, the due days of the person's items, and the
//! ends of the windows after the launch.

use super::{
    stage::StageName,
    state::{Item, LaunchState},
};
use crate::domain::{
    checklist::{Phase, Window},
    ids::UserId,
    time::{Day, Moment},
};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CalendarDate<'a> {
    /// When the launch is planned; until it is launched.
    Target { at: Moment },
    /// The day through which an unresolved item of the person may be done.
    ItemDue { item: &'a Item, day: Day },
    /// When after-items are due, and how many of them are not resolved.
    WindowEnd { window: Window, at: Moment, unresolved: usize },
}

/// The dates of a launch that is not over, in the order of the checklist; none of a launch that is.
#[must_use]
pub fn collect_calendar_dates(launch: &LaunchState, person: UserId, now: Moment) -> Vec<CalendarDate<'_>> {
    let mut dates = Vec::new();
    match launch.stage.name() {
        StageName::Closed | StageName::Cancelled => return dates,
        StageName::Preparing | StageName::Go | StageName::Held => {
            dates.push(CalendarDate::Target { at: launch.details.target.to_moment() });
        }
        StageName::Launched => {}
    }
    dates.extend(launch.items.iter().filter_map(|item| {
        let is_own = item.assignment.assignee.as_ref().is_some_and(|assignee| assignee.id == person);
        let day = item.assignment.due.filter(|_| is_own && !launch.is_resolved(item, now))?;
        Some(CalendarDate::ItemDue { item, day })
    }));
    dates.extend(Window::ALL.into_iter().filter_map(|window| {
        let mut of_window =
            launch.after_items().filter(|(_, definition)| definition.phase == Phase::After(window)).peekable();
        let at = launch.due_at(of_window.peek()?.1)?;
        let unresolved = of_window.filter(|(item, _)| !launch.is_resolved(item, now)).count();
        (unresolved > 0).then_some(CalendarDate::WindowEnd { window, at, unresolved })
    }));
    dates
}

//! The data of the page's template: each figure as bars, and as a table.

use std::borrow::Cow;

use askama::Template;

use super::counting::{BlockedInPart, CurrentCounts, MonthOfGos, PendingThing};
use crate::{
    domain::ids::LaunchId,
    presentation::{formatting, tags::TagOption},
    texts,
    web::{chrome::Chrome, time::format_month},
};

/// Maximum number of bars and of rows of a figure.
const MAX_ROWS: usize = 20;

#[derive(Template)]
#[template(path = "figures/show.html")]
pub(super) struct FiguresPage {
    pub chrome: Chrome,
    pub tags: Vec<TagOption>,
    /// What the address asks for and the page does not know.
    pub problem: Option<Cow<'static, str>>,
    pub figures: Vec<Figure>,
    /// The number of launches that were read, if there are more.
    pub cut_off: Option<usize>,
}

pub(super) struct Figure {
    pub id: &'static str,
    pub title: Cow<'static, str>,
    pub explanation: Cow<'static, str>,
    /// What it says when there is nothing to count.
    pub empty: Cow<'static, str>,
    pub bars: Vec<FigureBar>,
    /// The meanings of the segments of the bars; empty if a bar has one segment.
    pub legend: Vec<Cow<'static, str>>,
    pub headings: Vec<Cow<'static, str>>,
    pub rows: Vec<FigureRow>,
    /// Number of rows that are not shown.
    pub more: usize,
}

/// A bar: its label, and its segments in hundredths of the width.
pub(super) struct FigureBar {
    pub label: String,
    pub value: String,
    pub segments: Vec<BarSegment>,
}

pub(super) struct BarSegment {
    pub x: String,
    pub width: String,
    /// The place of its class in the legend, from 1.
    pub class: usize,
}

pub(super) struct FigureRow {
    /// Where the thing of the first cell is; empty if nowhere.
    pub href: String,
    pub cells: Vec<String>,
}

/// The segments of a bar for these numbers, where `most` fills the width.
fn to_segments(numbers: &[usize], max: usize) -> Vec<BarSegment> {
    let share = |number: usize| number as f64 * 100.0 / max.max(1) as f64;
    let mut from = 0.0;
    let mut segments = Vec::new();
    for (number, class) in numbers.iter().zip(1..).filter(|(number, _)| **number > 0) {
        segments.push(BarSegment { x: format!("{from:.2}"), width: format!("{:.2}", share(*number)), class });
        from += share(*number);
    }
    segments
}

/// Bars with one segment each.
fn to_bars(values: Vec<(String, usize, String)>) -> Vec<FigureBar> {
    let max = values.iter().map(|(_, number, _)| *number).max().unwrap_or(0);
    let bar = |(label, number, value): (String, usize, String)| FigureBar {
        label,
        value,
        segments: to_segments(&[number], max),
    };
    values.into_iter().take(MAX_ROWS).map(bar).collect()
}

pub(super) fn build_figures(months: &[MonthOfGos], counts: &CurrentCounts) -> Vec<Figure> {
    vec![
        figure_of_gos(months),
        figure_of_blocked(&counts.blocked),
        Figure {
            id: "stale",
            title: texts::figure_stale_signatures(),
            explanation: texts::figure_stale_signatures_explained(),
            empty: texts::no_stale_signatures(),
            headings: vec![texts::signature_of_role_heading(), texts::launch(), texts::days_since_signed()],
            ..figure_of_things(&counts.stale)
        },
        Figure {
            id: "late",
            title: texts::figure_late_items(),
            explanation: texts::figure_late_items_explained(),
            empty: texts::no_late_items(),
            headings: vec![texts::item(), texts::launch(), texts::days_past_due()],
            ..figure_of_things(&counts.late)
        },
        Figure {
            id: "waivers",
            title: texts::figure_waivers(),
            explanation: texts::figure_waivers_explained(super::counting::WAIVER_DAYS),
            empty: texts::no_waivers_run_out(),
            headings: vec![texts::item(), texts::launch(), texts::days_left_of_waiver()],
            ..figure_of_things(&counts.waivers)
        },
    ]
}

fn figure_of_gos(months: &[MonthOfGos]) -> Figure {
    let days = |month: &MonthOfGos| usize::try_from(month.median_days).unwrap_or(0);
    let bars = months.iter().map(|month| {
        let value =
            texts::days_of_launches(texts::days_long(month.median_days), texts::number_of_launches(month.launches));
        (format_month(month.month), days(month), value.into_owned())
    });
    let row = |month: &MonthOfGos| FigureRow {
        href: String::new(),
        cells: vec![format_month(month.month), month.median_days.to_string(), month.launches.to_string()],
    };
    Figure {
        id: "gos",
        title: texts::figure_time_to_go(),
        explanation: texts::figure_time_to_go_explained(),
        empty: texts::no_go_in_a_year(),
        bars: to_bars(bars.collect()),
        legend: Vec::new(),
        headings: vec![texts::month_of_figure(), texts::median_days(), texts::launches()],
        rows: months.iter().map(row).collect(),
        more: 0,
    }
}

fn figure_of_blocked(parts: &[BlockedInPart]) -> Figure {
    let ages = [
        texts::blocked_under_3_days(),
        texts::blocked_under_7_days(),
        texts::blocked_under_30_days(),
        texts::blocked_for_longer(),
    ];
    let max = parts.iter().map(BlockedInPart::total).max().unwrap_or(0);
    let bar = |part: &BlockedInPart| FigureBar {
        label: part.part.clone(),
        value: part.total().to_string(),
        segments: to_segments(&part.by_age, max),
    };
    let row = |part: &BlockedInPart| FigureRow {
        href: String::new(),
        cells: std::iter::once(part.part.clone()).chain(part.by_age.iter().map(ToString::to_string)).collect(),
    };
    Figure {
        id: "blocked",
        title: texts::figure_blocked_items(),
        explanation: texts::figure_blocked_items_explained(),
        empty: texts::no_blocked_items(),
        bars: parts.iter().take(MAX_ROWS).map(bar).collect(),
        headings: std::iter::once(texts::part_of_checklist()).chain(ages.clone()).collect(),
        legend: ages.into(),
        rows: parts.iter().take(MAX_ROWS).map(row).collect(),
        more: parts.len().saturating_sub(MAX_ROWS),
    }
}

/// Bars by launch, and a row for each thing.
fn figure_of_things(things: &[PendingThing]) -> Figure {
    let mut launches: Vec<(LaunchId, &str, usize)> = Vec::new();
    for thing in things {
        match launches.iter_mut().find(|(launch, ..)| *launch == thing.launch) {
            Some((.., number)) => *number += 1,
            None => launches.push((thing.launch, &thing.launch_name, 1)),
        }
    }
    launches.sort_by_key(|(.., number)| std::cmp::Reverse(*number));
    let row = |thing: &PendingThing| FigureRow {
        href: match (&thing.item, &thing.role) {
            (Some(item), _) => formatting::item_href(*item),
            (None, Some(role)) => format!("/launches/{}/go-no-go#role-{role}", thing.launch),
            (None, None) => format!("/launches/{}", thing.launch),
        },
        cells: vec![thing.title.clone(), thing.launch_name.clone(), thing.days.to_string()],
    };
    Figure {
        id: "",
        title: Cow::default(),
        explanation: Cow::default(),
        empty: Cow::default(),
        bars: to_bars(
            launches.into_iter().map(|(_, name, number)| (name.to_owned(), number, number.to_string())).collect(),
        ),
        legend: Vec::new(),
        headings: Vec::new(),
        rows: things.iter().take(MAX_ROWS).map(row).collect(),
        more: things.len().saturating_sub(MAX_ROWS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_segments_follow_each_other_within_the_width() {
        let segments = to_segments(&[1, 0, 2, 1], 8);
        let places: Vec<_> = segments.iter().map(|part| (&*part.x, &*part.width, part.class)).collect();
        assert_eq!(places, [("0.00", "12.50", 1), ("12.50", "25.00", 3), ("37.50", "12.50", 4)]);
        assert!(to_segments(&[0], 0).is_empty());
    }
}

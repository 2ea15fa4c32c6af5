//! The burn-up on the checklist page: a chart, and the table of its data.
//!
//! The curve is drawn in a square of 100 by 100 that is stretched to the available space. Labels are placed outside the
//! stretched part, at percentages, so that they are not stretched.

use std::{borrow::Cow, fmt::Write as _};

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        burn_up::{BurnUp, BurnUpPoint, compute_burn_up},
        launch::state::StageName,
        time::Day,
    },
    presentation::{formatting, head::LaunchPace},
    texts,
};

/// Maximum number of days ahead in the chart: a more distant target would squeeze the past into a corner.
const MAX_DAYS_AHEAD: i64 = 400;

/// Maximum number of daily rows in the table; of more days, it lists the last of each week.
const MAX_DAILY_ROWS: usize = 35;

pub(super) struct BurnUpView {
    /// Short text: `12 of 48 resolved, 8 days left`.
    pub summary: String,
    /// Explanation: how many items are left for how many days, and the pace so far.
    pub meaning: String,
    /// `None` on the first day, which has no line to draw.
    pub picture: Option<BurnUpChart>,
    /// The table under the chart, the newest day first.
    pub rows: Vec<BurnUpRow>,
    /// Whether the rows are weeks.
    pub weekly: bool,
    pub zone: String,
    is_behind: bool,
    is_work_ahead: bool,
}

impl BurnUpView {
    /// What the head of the launch says of it, while there is something to resolve before the launch.
    pub(super) fn pace(&self) -> Option<LaunchPace> {
        self.is_work_ahead.then(|| LaunchPace { text: self.meaning.clone(), is_behind: self.is_behind })
    }
}

/// Coordinates are hundredths of the chart's width and height.
pub(super) struct BurnUpChart {
    pub title: String,
    /// SVG paths of the curve and of the area below it.
    pub curve: String,
    pub area: String,
    /// SVG path from the last day to the target; empty if there is nothing left to do.
    pub needed: String,
    /// Positions of the last day and the target.
    pub last_x: String,
    pub target_x: Option<String>,
    pub labels: Vec<ChartLabel>,
}

/// A label above or below the chart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ChartLabel {
    pub text: Cow<'static, str>,
    pub x: String,
    pub above: bool,
    pub strong: bool,
    /// Whether the label ends at `x` instead of beginning there, so that it stays within the chart.
    pub ends: bool,
}

pub(super) struct BurnUpRow {
    pub day: String,
    pub resolved: usize,
    pub left: usize,
}

/// `None` if the launch has no item before the decision.
pub(super) fn burn_up_view(access: &LaunchAccess) -> Option<BurnUpView> {
    let state = &access.launch;
    let burn_up = compute_burn_up(state, access.now);
    if burn_up.total == 0 {
        return None;
    }
    let stage = state.stage.name();
    let rows = table_rows(&burn_up);
    Some(BurnUpView {
        summary: describe_progress(&burn_up, stage),
        meaning: describe_pace(&burn_up, stage),
        picture: (burn_up.points.len() > 1).then(|| draw_chart(&burn_up, stage)),
        weekly: burn_up.points.len() > MAX_DAILY_ROWS,
        rows,
        zone: state.zone().to_string(),
        is_behind: is_behind(&burn_up),
        is_work_ahead: is_ahead(stage) && last_point(&burn_up).resolved < burn_up.total,
    })
}

/// Whether the target is missed at the pace of the last days; never on the first day, which has no pace yet.
fn is_behind(burn_up: &BurnUp) -> bool {
    let open = (burn_up.total - last_point(burn_up).resolved) as i64;
    match (days_between(last_point(burn_up).day, burn_up.target), count_lately_resolved(burn_up)) {
        (_, None) => false,
        (..=0, _) => open > 0,
        (left, Some((days, resolved))) => open * days as i64 > resolved * left,
    }
}

/// The number of days that are looked back on, at most seven, and by how much the resolved items have increased in them.
/// `None` on the first day.
fn count_lately_resolved(burn_up: &BurnUp) -> Option<(usize, i64)> {
    let back = (burn_up.points.len() - 1).min(7);
    let then = burn_up.points[burn_up.points.len() - 1 - back].resolved;
    (back > 0).then(|| (back, last_point(burn_up).resolved as i64 - then as i64))
}

fn last_point(burn_up: &BurnUp) -> BurnUpPoint {
    burn_up.points.last().copied().unwrap_or(BurnUpPoint { day: burn_up.target, resolved: 0 })
}

fn days_between(from: Day, to: Day) -> i64 {
    from.0.until(to.0).map_or(0, |span| span.get_days().into())
}

/// Whether the launch is upcoming, so that there are days left.
const fn is_ahead(stage: StageName) -> bool {
    matches!(stage, StageName::Preparing | StageName::Go | StageName::Held)
}

fn describe_progress(burn_up: &BurnUp, stage: StageName) -> String {
    let last = last_point(burn_up);
    let (resolved, total) = (last.resolved, burn_up.total);
    let text = match days_between(last.day, burn_up.target) {
        _ if !is_ahead(stage) => texts::resolved_of_total(resolved, total),
        0 => texts::burn_up_target_is_today(resolved, total),
        left if left > 0 => texts::burn_up_days_left(left, resolved, total),
        _ => texts::burn_up_target_has_passed(resolved, total),
    };
    text.into_owned()
}

/// Formats a number of tenths: `4.5`, `3`.
fn format_tenths(tenths: i64) -> String {
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, (tenths % 10).abs()) }
}

fn describe_pace(burn_up: &BurnUp, stage: StageName) -> String {
    let last = last_point(burn_up);
    let (resolved, total) = (last.resolved, burn_up.total);
    let text = match stage {
        StageName::Launched | StageName::Closed => texts::burn_up_when_launched(total, resolved),
        StageName::Cancelled => texts::burn_up_when_cancelled(total, resolved),
        StageName::Preparing | StageName::Go | StageName::Held => {
            texts::burn_up_two_sentences(describe_work_ahead(burn_up), describe_pace_lately(burn_up))
        }
    };
    text.into_owned()
}

fn describe_work_ahead(burn_up: &BurnUp) -> Cow<'static, str> {
    let last = last_point(burn_up);
    let open = burn_up.total - last.resolved;
    match (open, days_between(last.day, burn_up.target)) {
        (0, _) => texts::burn_up_every_item_is_resolved(),
        (_, left) if left > 0 => {
            texts::burn_up_items_in_days(open, left, format_tenths((open as i64 * 10 + left - 1) / left))
        }
        (_, 0) => texts::burn_up_items_today(open),
        _ => texts::burn_up_items_after_target(open),
    }
}

fn describe_pace_lately(burn_up: &BurnUp) -> Cow<'static, str> {
    let Some((back, change)) = count_lately_resolved(burn_up) else { return texts::burn_up_begins_tomorrow() };
    match change {
        ..0 => texts::burn_up_fewer_lately(back, -change),
        0 => texts::burn_up_none_lately(back),
        1.. => texts::burn_up_pace_lately(back, format_tenths(change * 10 / back as i64)),
    }
}

/// A share of `whole` in hundredths, with at most one decimal.
fn format_coordinate(part: i64, whole: i64) -> String {
    format_tenths(part * 1_000 / whole.max(1))
}

fn draw_chart(burn_up: &BurnUp, stage: StageName) -> BurnUpChart {
    let last = last_point(burn_up);
    let first = burn_up.points.first().map_or(last.day, |point| point.day);
    let past = days_between(first, last.day);
    let target = days_between(first, burn_up.target);
    let width = target.clamp(past, past + MAX_DAYS_AHEAD);
    let total = burn_up.total as i64;
    let x = |day: i64| format_coordinate(day, width);
    let y = |resolved: i64| format_coordinate(total - resolved, total);
    let mut curve = String::new();
    for (day, point) in burn_up.points.iter().enumerate() {
        // A point on the line between its neighbours need not be drawn.
        let same = |at: Option<&BurnUpPoint>| at.is_some_and(|other| other.resolved == point.resolved);
        let between = day > 0 && same(burn_up.points.get(day - 1)) && same(burn_up.points.get(day + 1));
        if !between {
            let pen = if day == 0 { 'M' } else { 'L' };
            // Writing to a string cannot fail.
            let _ = write!(curve, "{pen}{} {}", x(day as i64), y(point.resolved as i64));
        }
    }
    let area = format!("{curve}L{} 100L0 100Z", x(past));
    let open = total - last.resolved as i64;
    let needed = if is_ahead(stage) && open > 0 && target > past {
        // The line to a target beyond the chart is cut off at the chart's edge.
        let edge_y = format_coordinate(open * (target - width), total * (target - past));
        format!("M{} {}L{} {edge_y}", x(past), y(last.resolved as i64), x(width))
    } else {
        String::new()
    };
    BurnUpChart {
        title: texts::burn_up_title(formatting::format_day(first), formatting::format_day(last.day)).into_owned(),
        curve,
        area,
        needed,
        last_x: x(past),
        target_x: (target >= 0 && target <= width).then(|| x(target)),
        labels: chart_labels(burn_up, stage, (past, target, width)),
    }
}

/// Labels above: the last day and the number of items, on opposite sides. Labels below: the target, and the first day
/// if there is room for it.
fn chart_labels(burn_up: &BurnUp, stage: StageName, (past, target, width): (i64, i64, i64)) -> Vec<ChartLabel> {
    let resolved = last_point(burn_up).resolved;
    let resolved = match stage {
        StageName::Launched | StageName::Closed => texts::burn_up_resolved_at_launch(resolved),
        StageName::Cancelled => texts::burn_up_resolved_at_cancellation(resolved),
        StageName::Preparing | StageName::Go | StageName::Held => texts::burn_up_resolved_today(resolved),
    };
    let label = |text, day: i64, above, strong| {
        let x = format_coordinate(day, width);
        ChartLabel { text, x, above, strong, ends: day * 2 > width }
    };
    let last_day = label(resolved, past, true, true);
    let total = label(texts::burn_up_items(burn_up.total), if last_day.ends { 0 } else { width }, true, false);
    let day = formatting::format_day(burn_up.target);
    let day = if target > width { texts::burn_up_target_further_on(day) } else { texts::burn_up_target(day) };
    let target_day = label(day, target.clamp(0, width), false, false);
    let first = burn_up.points.first().filter(|_| target_day.ends);
    let first_day = first.map(|point| label(formatting::format_day(point.day).into(), 0, false, false));
    [last_day, total, target_day].into_iter().chain(first_day).collect()
}

/// One row for each day, or for the last day of each week if there are many; newest first.
fn table_rows(burn_up: &BurnUp) -> Vec<BurnUpRow> {
    let every = if burn_up.points.len() > MAX_DAILY_ROWS { 7 } else { 1 };
    let row = |point: &BurnUpPoint| BurnUpRow {
        day: formatting::format_day(point.day),
        resolved: point.resolved,
        left: burn_up.total - point.resolved,
    };
    burn_up.points.iter().rev().step_by(every).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A burn-up that begins on 1 November 2026.
    fn build_burn_up(total: usize, resolved: &[usize], target: &str) -> BurnUp {
        let first: Day = "2026-11-01".parse().unwrap();
        let days = first.0.series(jiff::Span::new().days(1)).map(Day);
        let points = days.zip(resolved).map(|(day, resolved)| BurnUpPoint { day, resolved: *resolved }).collect();
        BurnUp { total, points, target: target.parse().unwrap() }
    }

    #[test]
    fn burn_up_text_says_how_much_is_left_for_how_long() {
        use StageName::{Cancelled, Launched, Preparing};
        for (resolved, target, stage, short, long) in [
            (
                vec![0, 3, 6],
                "2026-11-07",
                Preparing,
                "6 of 20 resolved, 4 days left",
                "14 items to resolve in 4 days: 3.5 a day. In the last 2 days, 3 a day.",
            ),
            (
                vec![2],
                "2026-11-02",
                Preparing,
                "2 of 20 resolved, 1 day left",
                "18 items to resolve in 1 day: 18 a day. The line begins tomorrow.",
            ),
            (
                vec![9, 7],
                "2026-11-02",
                Preparing,
                "7 of 20 resolved, the target is today",
                "13 items to resolve today. In the last day, 2 fewer.",
            ),
            (
                vec![19, 19, 19],
                "2026-11-01",
                Preparing,
                "19 of 20 resolved, the target has passed",
                "1 item to resolve, and the target has passed. In the last 2 days, none.",
            ),
            (
                vec![0, 20],
                "2026-12-01",
                Preparing,
                "20 of 20 resolved, 29 days left",
                "Every item before the decision is resolved. In the last day, 20.",
            ),
            (
                vec![0, 19],
                "2026-12-01",
                Launched,
                "19 of 20 resolved",
                "Resolved when it was launched: 19 of 20 items before the decision.",
            ),
            (
                vec![0],
                "2026-12-01",
                Cancelled,
                "0 of 20 resolved",
                "Resolved when it was cancelled: 0 of 20 items before the decision.",
            ),
        ] {
            let burn_up = build_burn_up(20, &resolved, target);
            assert_eq!(
                (describe_progress(&burn_up, stage).as_str(), describe_pace(&burn_up, stage).as_str()),
                (short, long)
            );
        }
    }

    #[test]
    fn burn_up_is_behind_if_the_last_days_are_slower_than_the_days_left_allow() {
        for (resolved, target, expected) in [
            (vec![0], "2026-11-02", false),
            (vec![0, 5, 10], "2026-11-05", false),
            (vec![0, 4, 8], "2026-11-05", true),
            (vec![9, 7], "2026-11-30", true),
            (vec![19, 19, 19], "2026-11-01", true),
            (vec![0, 20, 20], "2026-11-03", false),
        ] {
            assert_eq!(is_behind(&build_burn_up(20, &resolved, target)), expected, "{resolved:?} until {target}");
        }
    }

    #[test]
    fn burn_up_curve_goes_from_first_day_to_last() {
        let drawn = draw_chart(&build_burn_up(10, &[0, 0, 0, 5, 4], "2026-11-11"), StageName::Preparing);
        assert_eq!(drawn.curve, "M0 100L20 100L30 50L40 60");
        assert_eq!(drawn.area, "M0 100L20 100L30 50L40 60L40 100L0 100Z");
        assert_eq!(drawn.needed, "M40 60L100 0");
        assert_eq!((drawn.last_x.as_str(), drawn.target_x.as_deref()), ("40", Some("100")));
        assert_eq!(
            label_texts(&drawn),
            ["40^ 4, today", "100^< 10 items", "100_< target 11 Nov 2026", "0_ 1 Nov 2026"]
        );
        // With a past target, the chart ends today and has no line to the target.
        let late = draw_chart(&build_burn_up(10, &[0, 5, 5], "2026-11-02"), StageName::Preparing);
        assert_eq!((late.last_x.as_str(), late.target_x.as_deref(), late.needed.as_str()), ("100", Some("50"), ""));
        assert_eq!(label_texts(&late), ["100^< 5, today", "0^ 10 items", "50_ target 2 Nov 2026"]);
        // A target before the launch was created, as when it is entered late, is not in the chart.
        assert_eq!(draw_chart(&build_burn_up(10, &[0, 5], "2026-10-02"), StageName::Preparing).target_x, None);
        // A distant target has an arrow, and the line to it is cut off.
        let far = draw_chart(&build_burn_up(10, &[0, 5], "2099-01-01"), StageName::Preparing);
        assert_eq!((far.target_x.as_deref(), far.needed.as_str()), (None, "M0.2 50L100 49.2"));
        assert_eq!(label_texts(&far)[2], "100_< target 1 Jan 2099 →");
    }

    /// Each label as text: its position, `^` above or `_` below, and `<` if it ends there.
    fn label_texts(picture: &BurnUpChart) -> Vec<String> {
        let word = |label: &ChartLabel| {
            let (above, ends) = (if label.above { '^' } else { '_' }, if label.ends { "<" } else { "" });
            format!("{}{above}{ends} {}", label.x, label.text)
        };
        picture.labels.iter().map(word).collect()
    }

    #[test]
    fn burn_up_table_of_a_long_time_lists_weeks() {
        let long: Vec<usize> = (0..100).collect();
        let rows = table_rows(&build_burn_up(100, &long, "2027-11-02"));
        assert_eq!((rows.len(), rows[0].resolved, rows[1].resolved, rows[1].left), (15, 99, 92, 8));
    }
}

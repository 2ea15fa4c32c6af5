//! The burn-up as the checklist page shows it: a picture, and the table behind it.
//!
//! The curve is drawn in a square of 100 by 100 that is stretched to the room there is; words stand outside the
//! stretched part, at percentages, so that they never are.

use std::fmt::Write as _;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        burn_up::{BurnUp, Point, burn_up},
        launch::state::StageName,
        time::Day,
    },
    launch_page::words,
};

/// The most days ahead that are drawn: a target farther off would press what has happened into a corner.
const FARTHEST: i64 = 400;

/// The most days that the table lists one by one; of more, it lists the last of each week.
const MOST_ROWS: usize = 35;

/// The burn-up.
pub(super) struct BurnUpView {
    /// In a few words: `12 of 48 resolved, 8 days left`.
    pub summary: String,
    /// What it means: how many are left for how many days, and how fast it went.
    pub meaning: String,
    /// The picture; nothing on the first day, of which there is no line to draw.
    pub picture: Option<Picture>,
    /// The days of the table, the newest first.
    pub rows: Vec<Row>,
    /// Whether the table lists weeks.
    pub weekly: bool,
    pub zone: String,
}

/// The picture. Coordinates are hundredths of its width and height.
pub(super) struct Picture {
    pub title: String,
    /// The curve, and the area below it.
    pub curve: String,
    pub area: String,
    /// The way from here to the target; empty where there is none to go.
    pub needed: String,
    /// Where the last day and the target are.
    pub last_x: String,
    pub target_x: Option<String>,
    /// What stands above and below it.
    pub labels: Vec<Label>,
}

/// Words above or below the picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub text: String,
    pub x: String,
    pub above: bool,
    pub strong: bool,
    /// Whether they end at this place, rather than begin there: so that they stay within the picture.
    pub ends: bool,
}

/// A day of the table.
pub(super) struct Row {
    pub day: String,
    pub resolved: usize,
    pub left: usize,
}

/// The burn-up of the launch that a person looks at; nothing where no item waits for the target.
pub(super) fn view(access: &LaunchAccess) -> Option<BurnUpView> {
    let state = &access.launch;
    let found = burn_up(state, access.now);
    if found.total == 0 {
        return None;
    }
    let stage = state.stage.name();
    let rows = rows(&found);
    Some(BurnUpView {
        summary: summary(&found, stage),
        meaning: meaning(&found, stage),
        picture: (found.points.len() > 1).then(|| picture(&found, stage)),
        weekly: found.points.len() > MOST_ROWS,
        rows,
        zone: state.zone().to_string(),
    })
}

/// The last day there is.
fn last(found: &BurnUp) -> Point {
    found.points.last().copied().unwrap_or(Point { day: found.target, resolved: 0 })
}

fn days_between(from: Day, to: Day) -> i64 {
    from.0.until(to.0).map_or(0, |span| span.get_days().into())
}

/// Whether the launch is still ahead, so that there are days left.
const fn is_ahead(stage: StageName) -> bool {
    matches!(stage, StageName::Preparing | StageName::Go | StageName::Held)
}

fn summary(found: &BurnUp, stage: StageName) -> String {
    let last = last(found);
    let resolved = format!("{} of {} resolved", last.resolved, found.total);
    match days_between(last.day, found.target) {
        _ if !is_ahead(stage) => resolved,
        0 => format!("{resolved}, the target is today"),
        left if left > 0 => format!("{resolved}, {} left", words::count(left.unsigned_abs() as usize, "day")),
        _ => format!("{resolved}, the target has passed"),
    }
}

/// A number of tenths, as people write it: `4.5`, `3`.
fn tenths(tenths: i64) -> String {
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, (tenths % 10).abs()) }
}

fn meaning(found: &BurnUp, stage: StageName) -> String {
    let last = last(found);
    let open = found.total - last.resolved;
    let how = match stage {
        StageName::Launched | StageName::Closed => "when it was launched",
        StageName::Cancelled => "when it was called off",
        StageName::Preparing | StageName::Go | StageName::Held => {
            let mut text = match (open, days_between(last.day, found.target)) {
                (0, _) => "Every item before the decision is resolved.".to_owned(),
                (_, left) if left > 0 => format!(
                    "{} to resolve in {}: {} a day.",
                    words::count(open, "item"),
                    words::count(left.unsigned_abs() as usize, "day"),
                    tenths((open as i64 * 10 + left - 1) / left),
                ),
                (_, 0) => format!("{} to resolve today.", words::count(open, "item")),
                _ => format!("{} to resolve, and the target has passed.", words::count(open, "item")),
            };
            let back = (found.points.len() - 1).min(7);
            if back == 0 {
                text.push_str(" The line begins tomorrow.");
            } else {
                let then = found.points[found.points.len() - 1 - back].resolved;
                let change = last.resolved as i64 - then as i64;
                let days = words::count(back, "day");
                // Writing to a text can't fail.
                let _ = match change {
                    ..0 => write!(text, " In the last {days}, {} fewer.", -change),
                    0 => write!(text, " In the last {days}, none."),
                    1.. => write!(text, " In the last {days}, {} a day.", tenths(change * 10 / back as i64)),
                };
            }
            return text;
        }
    };
    format!("{} of {} items before the decision were resolved {how}.", last.resolved, found.total)
}

/// A coordinate, in hundredths.
fn coordinate(part: i64, whole: i64) -> String {
    tenths(part * 1_000 / whole.max(1))
}

fn picture(found: &BurnUp, stage: StageName) -> Picture {
    let last = last(found);
    let first = found.points.first().map_or(last.day, |point| point.day);
    let past = days_between(first, last.day);
    let target = days_between(first, found.target);
    let width = target.clamp(past, past + FARTHEST);
    let total = found.total as i64;
    let x = |day: i64| coordinate(day, width);
    let y = |resolved: i64| coordinate(total - resolved, total);
    let mut curve = String::new();
    for (day, point) in found.points.iter().enumerate() {
        // What lies on the line between its neighbours need not be drawn.
        let same = |at: Option<&Point>| at.is_some_and(|other| other.resolved == point.resolved);
        let between = day > 0 && same(found.points.get(day - 1)) && same(found.points.get(day + 1));
        if !between {
            let pen = if day == 0 { 'M' } else { 'L' };
            let _ = write!(curve, "{pen}{} {}", x(day as i64), y(point.resolved as i64));
        }
    }
    let area = format!("{curve}L{} 100L0 100Z", x(past));
    let open = total - last.resolved as i64;
    let needed = if is_ahead(stage) && open > 0 && target > past {
        // Cut off where the picture ends, on the way to a target beyond it.
        let there = coordinate(open * (target - width), total * (target - past));
        format!("M{} {}L{} {there}", x(past), y(last.resolved as i64), x(width))
    } else {
        String::new()
    };
    Picture {
        title: format!("Items resolved by day, from {} to {}", words::day(first), words::day(last.day)),
        curve,
        area,
        needed,
        last_x: x(past),
        target_x: (target >= 0 && target <= width).then(|| x(target)),
        labels: labels(found, stage, (past, target, width)),
    }
}

/// The words: above, the last day and how many items there are, on opposite sides; below, the target, and the first day
/// where there is room for it.
fn labels(found: &BurnUp, stage: StageName, (past, target, width): (i64, i64, i64)) -> Vec<Label> {
    let what = match stage {
        StageName::Launched | StageName::Closed => "launched",
        StageName::Cancelled => "called off",
        StageName::Preparing | StageName::Go | StageName::Held => "today",
    };
    let label = |text, day: i64, above, strong| {
        let x = coordinate(day, width);
        Label { text, x, above, strong, ends: day * 2 > width }
    };
    let last_day = label(format!("{}, {what}", last(found).resolved), past, true, true);
    let total = label(words::count(found.total, "item"), if last_day.ends { 0 } else { width }, true, false);
    let day = words::day(found.target);
    let arrow = if target > width { " →" } else { "" };
    let target_day = label(format!("target {day}{arrow}"), target.clamp(0, width), false, false);
    let first = found.points.first().filter(|_| target_day.ends);
    let first_day = first.map(|point| label(words::day(point.day), 0, false, false));
    [last_day, total, target_day].into_iter().chain(first_day).collect()
}

/// Each day, or of many days the last of each week, the newest first.
fn rows(found: &BurnUp) -> Vec<Row> {
    let every = if found.points.len() > MOST_ROWS { 7 } else { 1 };
    let row = |point: &Point| Row {
        day: words::day(point.day),
        resolved: point.resolved,
        left: found.total - point.resolved,
    };
    found.points.iter().rev().step_by(every).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A burn-up from 1 November 2026 on.
    fn burn_up(total: usize, resolved: &[usize], target: &str) -> BurnUp {
        let first: Day = "2026-11-01".parse().unwrap();
        let days = first.0.series(jiff::Span::new().days(1)).map(Day);
        let points = days.zip(resolved).map(|(day, resolved)| Point { day, resolved: *resolved }).collect();
        BurnUp { total, points, target: target.parse().unwrap() }
    }

    #[test]
    fn it_says_how_much_is_left_for_how_long() {
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
                "13 items to resolve today. In the last 1 day, 2 fewer.",
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
                "Every item before the decision is resolved. In the last 1 day, 20 a day.",
            ),
            (
                vec![0, 19],
                "2026-12-01",
                Launched,
                "19 of 20 resolved",
                "19 of 20 items before the decision were resolved when it was launched.",
            ),
            (
                vec![0],
                "2026-12-01",
                Cancelled,
                "0 of 20 resolved",
                "0 of 20 items before the decision were resolved when it was called off.",
            ),
        ] {
            let found = burn_up(20, &resolved, target);
            assert_eq!((summary(&found, stage).as_str(), meaning(&found, stage).as_str()), (short, long));
        }
    }

    #[test]
    fn the_curve_goes_from_the_first_day_to_the_last() {
        let drawn = picture(&burn_up(10, &[0, 0, 0, 5, 4], "2026-11-11"), StageName::Preparing);
        assert_eq!(drawn.curve, "M0 100L20 100L30 50L40 60");
        assert_eq!(drawn.area, "M0 100L20 100L30 50L40 60L40 100L0 100Z");
        assert_eq!(drawn.needed, "M40 60L100 0");
        assert_eq!((drawn.last_x.as_str(), drawn.target_x.as_deref()), ("40", Some("100")));
        assert_eq!(words(&drawn), ["40^ 4, today", "100^< 10 items", "100_< target 11 Nov 2026", "0_ 1 Nov 2026"]);
        // A target behind: the picture ends today, and no way leads back.
        let late = picture(&burn_up(10, &[0, 5, 5], "2026-11-02"), StageName::Preparing);
        assert_eq!((late.last_x.as_str(), late.target_x.as_deref(), late.needed.as_str()), ("100", Some("50"), ""));
        assert_eq!(words(&late), ["100^< 5, today", "0^ 10 items", "50_ target 2 Nov 2026"]);
        // One before the launch was made, as when it is brought in late, is not in the picture.
        assert_eq!(picture(&burn_up(10, &[0, 5], "2026-10-02"), StageName::Preparing).target_x, None);
        // One far ahead is pointed at, and the way there is cut off.
        let far = picture(&burn_up(10, &[0, 5], "2099-01-01"), StageName::Preparing);
        assert_eq!((far.target_x.as_deref(), far.needed.as_str()), (None, "M0.2 50L100 49.2"));
        assert_eq!(words(&far)[2], "100_< target 1 Jan 2099 →");
    }

    /// The words in the picture: where, above or below, whether they end there.
    fn words(picture: &Picture) -> Vec<String> {
        let word = |label: &Label| {
            let (above, ends) = (if label.above { '^' } else { '_' }, if label.ends { "<" } else { "" });
            format!("{}{above}{ends} {}", label.x, label.text)
        };
        picture.labels.iter().map(word).collect()
    }

    #[test]
    fn a_long_time_is_listed_by_weeks() {
        let long: Vec<usize> = (0..100).collect();
        let rows = rows(&burn_up(100, &long, "2027-11-02"));
        assert_eq!((rows.len(), rows[0].resolved, rows[1].resolved, rows[1].left), (15, 99, 92, 8));
    }
}

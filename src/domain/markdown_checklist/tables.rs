//! Tables: which of them are tables of checks, and what their rows say.
//!
//! A table is one of checks when a cell begins with a box or holds nothing but a tick, when a column's header says so
//! ("Check", "Requirement"), or when it has a column for the status beside what it names. A header such as "Item" or
//! "Action" says so only beside a column for the status or the owner; and where columns count ("Passed", "Failed") or
//! measure ("Target", "Actual"), they are no status. Any other table informs, and is left out. Each row is one item, its
//! title from the column that names the check, its guidance from the rest; or it names the rows that follow.

use super::{
    boxes,
    cell_values::CellValue,
    definitions::LinkDefinitions,
    inline,
    item_text::ItemText,
    lines::SourceLine,
    table_columns::{CheckTableColumn, classify_columns, header_words, is_check_column, is_header_cell},
    table_grid::{TableRows, is_box, read_cell_box},
};

/// The most columns of a table of checks: a row's guidance names its columns, and a hostile table must not multiply.
const MAX_COLUMNS: usize = 40;
/// The most checks in the cells of one row: each has what the other columns say as its guidance.
const MAX_CHECKS: usize = 20;
/// The most characters of a header that its rows' guidance repeats.
const MAX_HEADER: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CheckRow {
    /// Its line, counted from the table's first.
    pub(super) line: usize,
    /// What names the check; may be empty.
    pub(super) title: String,
    pub(super) ticked: bool,
    /// What its other columns say.
    pub(super) guidance: String,
    /// How many boxes are in it.
    pub(super) boxes: usize,
    /// Whether one of its cells, other than the title's, holds several boxes.
    pub(super) has_choice: bool,
    /// Whether it names the rows that follow, and is no check itself.
    pub(super) is_group: bool,
    /// Whether it adds up the other rows.
    pub(super) is_total: bool,
}

/// The rows of a table, when it is one of checks. Within an item only boxes make it one: whatever else is there is
/// the item's guidance.
pub(super) fn read_checks(lines: &[SourceLine<'_>], in_item: bool) -> Option<Vec<CheckRow>> {
    let TableRows { header: (header_line, header), mut rows, is_header_drawn } = TableRows::split(lines)?;
    if header.len() > MAX_COLUMNS {
        return None;
    }
    // A table without a header of its own: its first row is one of the checks.
    let names_columns = header.iter().any(|cell| is_header_cell(cell));
    let headless = if is_header_drawn {
        !names_columns && header.iter().any(|cell| is_box(cell) || pieces(cell).len() > 1)
    } else {
        !names_columns || header.first().is_some_and(|cell| is_total(cell))
    };
    let header: Vec<String> = if headless {
        rows.insert(0, (header_line, header.clone()));
        vec![String::new(); header.len()]
    } else {
        header
    };
    let mut columns = classify_columns(&header);
    let holds_box = |cell: &String| is_box(cell) || pieces(cell).len() > 1;
    let boxed = rows.iter().filter(|(_, cells)| cells.iter().any(holds_box)).count();
    if is_legend(&header, &columns) || (boxed == 0 && is_history(&header, &columns)) {
        return None;
    }
    if boxed == 0 && !weigh_values(&mut columns, &rows) {
        return None;
    }
    let marked = || rows.iter().any(|(_, cells)| cells.iter().any(|cell| is_only_box(cell)));
    let name = find_title_column(&columns, &rows)?;
    if boxed == 0 && (in_item || !(is_check_column(&columns, name) || marked())) {
        return None;
    }
    let shape = Shape { ticks: column_of_ticks(&rows), header: &header, columns: &columns };
    let mut read: Vec<CheckRow> = rows.iter().map(|(line, cells)| read_row(*line, cells, name, &shape)).collect();
    let following = rows.iter().skip(1).map(Some).chain([None]);
    type NumberedRow = (usize, Vec<String>);
    let is_group = |((_, cells), next): (&NumberedRow, Option<&NumberedRow>)| {
        is_group_row(cells, header.len(), boxed * 2 > rows.len(), next.map(|(_, cells)| cells.as_slice()))
    };
    let groups: Vec<bool> = rows.iter().zip(following).map(is_group).collect();
    let lists: Vec<Vec<(usize, String)>> = rows.iter().map(|(_, cells)| checks_in(cells, name, &columns)).collect();
    // Where all rows look like groups, none is.
    if groups.contains(&false) {
        for ((row, is_group), (_, cells)) in read.iter_mut().zip(groups).zip(&rows).filter(|((_, is), _)| *is) {
            row.is_group = is_group;
            if row.title.is_empty() {
                row.title = cells.iter().find(|cell| !cell.is_empty()).cloned().unwrap_or_default();
            }
            let beside = cells.iter().filter(|cell| **cell != row.title && !is_label_of_row(cell));
            row.guidance = beside.map(String::as_str).collect::<Vec<_>>().join(" ");
        }
    }
    let mut all = Vec::with_capacity(read.len());
    for ((row_read, list), (line, cells)) in read.into_iter().zip(lists).zip(&rows) {
        if list.is_empty() {
            all.push(row_read);
        }
        let others: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(at, cell)| if list.iter().any(|(of, _)| *of == at) { String::new() } else { cell.clone() })
            .collect();
        for (at, check) in list {
            let mut cells = others.clone();
            cells[at] = check;
            all.push(read_row(*line, &cells, at, &shape));
        }
    }
    Some(all)
}

/// Whether a table's header has boxes that say more than that their column is for ticks.
pub(super) fn heads_with_boxes(header: &[String]) -> bool {
    header.iter().any(|cell| boxes::count_boxes(cell) > 0 && !is_only_box(cell))
}

/// The lines of a cell that begin with a box and say what is to be checked; nothing when they are answers to choose from.
fn pieces(cell: &str) -> Vec<String> {
    let lines = replace_line_break_tags(cell);
    let lines: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_check =
        |line: &&str| is_box(line) && read_cell_box(line).is_some_and(|(_, rest)| inline::has_letter_or_digit(rest));
    let is_answer = |line: &&str| {
        let text = read_cell_box(line).map_or("", |(_, rest)| rest);
        ItemText::read(text, &LinkDefinitions::new()).is_ok_and(|text| text.as_answer().is_some())
    };
    if lines.iter().all(is_check) && !lines.iter().any(is_answer) {
        lines.iter().map(|line| (*line).to_owned()).collect()
    } else {
        Vec::new()
    }
}

/// The checks that are in a row's cells, each with its column, where the row itself is not one: each line of a cell
/// that is a list of them, and each cell that has its own box beside its text.
fn checks_in(cells: &[String], name: usize, columns: &[CheckTableColumn]) -> Vec<(usize, String)> {
    let list =
        |(at, cell): (usize, &String)| pieces(cell).into_iter().map(move |piece| (at, piece)).collect::<Vec<_>>();
    let checks: Vec<(usize, String)> = cells.iter().enumerate().take(MAX_COLUMNS).flat_map(list).collect();
    let named = cells.get(name).is_some_and(|cell| !cell.is_empty() && read_cell_box(cell).is_none());
    let names_checks = matches!(columns.get(name), Some(CheckTableColumn::Check | CheckTableColumn::Task));
    let alone = checks.iter().all(|(at, _)| *at == name) && checks.len() < 2;
    if alone || (named && names_checks) || checks.len() > MAX_CHECKS { Vec::new() } else { checks }
}

/// The column that holds boxes and nothing beside them, when there is but one: whatever its header, it is where the
/// row is ticked.
fn column_of_ticks(rows: &[(usize, Vec<String>)]) -> Option<usize> {
    let mut column = None;
    for (at, cell) in rows.iter().flat_map(|(_, cells)| cells.iter().enumerate()) {
        if is_only_box(cell) && *column.get_or_insert(at) != at {
            return None;
        }
    }
    let empty =
        |at: &usize| rows.iter().filter_map(|(_, cells)| cells.get(*at)).any(|cell| is_only_box(cell) && is_box(cell));
    column.filter(empty)
}

/// Whether a table is the history of a document: who changed it, and when.
fn is_history(header: &[String], columns: &[CheckTableColumn]) -> bool {
    let has_header_of = |listed: &[&str]| {
        header.iter().any(|cell| header_words(cell).iter().any(|word| listed.contains(&word.as_str())))
    };
    !columns.iter().any(|column| matches!(column, CheckTableColumn::Check | CheckTableColumn::Task))
        && has_header_of(&["version", "revision", "rev", "author", "autor", "auteur"])
        && has_header_of(&["date", "datum", "fecha", "data", "when", "changed", "updated"])
}

/// Whether a table explains the marks or states that others use.
fn is_legend(header: &[String], columns: &[CheckTableColumn]) -> bool {
    const EXPLAINS: [&str; 7] = ["meaning", "means", "meanings", "legend", "bedeutung", "significado", "signification"];
    !columns.iter().any(|column| matches!(column, CheckTableColumn::Check | CheckTableColumn::Task))
        && header.iter().any(|cell| header_words(cell).iter().any(|word| EXPLAINS.contains(&word.as_str())))
}

/// Looks at the values of the columns that have the header of a status. A column of counts is a figure; shares and dates
/// are progress of something that is no check, unless another column names checks. Returns whether the table can still be
/// one of checks; a table of counts can't.
fn weigh_values(columns: &mut [CheckTableColumn], rows: &[(usize, Vec<String>)]) -> bool {
    let says_check = columns.iter().any(|column| matches!(column, CheckTableColumn::Check | CheckTableColumn::Task));
    for (at, column) in columns.iter_mut().enumerate().filter(|(_, column)| **column == CheckTableColumn::Status) {
        let own = rows.iter().filter(|(_, cells)| !cells.iter().any(|cell| is_total(cell)));
        let filled = own.filter_map(|(_, cells)| cells.get(at)).filter(|cell| !cell.is_empty());
        let values: Vec<Option<CellValue>> = filled.map(|cell| CellValue::read(cell)).collect();
        if values.is_empty() || values.contains(&None) {
            continue;
        }
        if values.iter().all(|value| *value == Some(CellValue::Count)) {
            return false;
        }
        if !says_check {
            *column = CheckTableColumn::Other;
        }
    }
    true
}

/// What a table's rows have in common.
struct Shape<'a> {
    header: &'a [String],
    columns: &'a [CheckTableColumn],
    /// The one column of boxes.
    ticks: Option<usize>,
}

/// The column that names the check: the first that says so and has text in it, else the first that may, else the first
/// with a name, else the first with any text.
fn find_title_column(columns: &[CheckTableColumn], rows: &[(usize, Vec<String>)]) -> Option<usize> {
    let speaks: Vec<bool> = (0..columns.len())
        .map(|at| {
            rows.iter().any(|(_, cells)| {
                cells.get(at).is_some_and(|cell| !cell.is_empty() && !is_only_box(cell) && boxes::count_boxes(cell) < 2)
            })
        })
        .collect();
    // "AC-1" names a check, but says less of it than the column beside.
    let numbers: Vec<bool> = (0..columns.len())
        .map(|at| rows.iter().filter_map(|(_, cells)| cells.get(at)).all(|cell| cell.is_empty() || is_number(cell)))
        .collect();
    let first = |kind| (0..columns.len()).find(|at| speaks[*at] && columns[*at] == kind);
    let worded = |kind| (0..columns.len()).find(|at| speaks[*at] && !numbers[*at] && columns[*at] == kind);
    [CheckTableColumn::Check, CheckTableColumn::Task, CheckTableColumn::Name].into_iter().find_map(worded).or_else(
        || {
            [
                CheckTableColumn::Check,
                CheckTableColumn::Task,
                CheckTableColumn::Name,
                CheckTableColumn::Other,
                CheckTableColumn::Description,
            ]
            .into_iter()
            .find_map(first)
        },
    )
}

/// Whether a cell is a number, such as `1.2` or `AC-1`, in bold or not.
fn is_number(cell: &str) -> bool {
    let cell = trim_bold(cell).trim_end_matches('.');
    !cell.contains(char::is_whitespace) && cell.ends_with(|c: char| c.is_numeric())
}

/// Whether a cell holds no more than the number or letter of its row.
fn is_label_of_row(cell: &str) -> bool {
    let text = trim_bold(cell);
    text.chars().count() < 2 || is_number(text)
}

/// Whether a row names those that follow, besides its number: its text is all bold and something beside it is empty, or
/// it is the one text of a row without a box where others have boxes, or where the next row's number continues its own.
fn is_group_row(cells: &[String], columns: usize, others_have_boxes: bool, next: Option<&[String]>) -> bool {
    let mut filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let has_room = filled.len() < cells.len().max(columns).max(2);
    let number = filled.first().filter(|first| filled.len() > 1 && is_number(first)).map(|first| trim_bold(first));
    if number.is_some() {
        filled.remove(0);
    }
    let Some(first) = filled.first() else { return false };
    if !inline::has_letter_or_digit(first)
        || cells.iter().any(|cell| read_cell_box(cell).is_some() || boxes::count_boxes(cell) > 0)
    {
        return false;
    }
    let is_alone = filled.len() == 1;
    let next_number = next.and_then(|cells| cells.iter().find(|cell| !cell.is_empty())).map(|cell| trim_bold(cell));
    let is_continued = number.zip(next_number).is_some_and(|(number, next)| {
        next.strip_prefix(number.trim_end_matches('.')).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1)
    });
    (filled.iter().all(|cell| is_bold(cell)) && has_room)
        || (is_alone && ((others_have_boxes && number.is_none()) || (is_continued && has_room)))
}

/// A cell without the marks of bold around it.
fn trim_bold(cell: &str) -> &str {
    cell.trim_matches(['*', '_'])
}

/// Whether the title of a row says that it adds up the others.
fn is_total(title: &str) -> bool {
    const TOTALS: &str = "total totals subtotal sub-total grand-total overall-total sum gesamt summe gesamtsumme somme \
        total-général totale totaal suma итого всего 合計 总计 合计 總計 합계 الإجمالي";
    let words = header_words(title).join("-");
    TOTALS.split_whitespace().any(|total| total == words)
}

fn is_bold(cell: &str) -> bool {
    [("**", "**"), ("__", "__"), ("<b>", "</b>"), ("<strong>", "</strong>")].iter().any(|(begin, end)| {
        cell.strip_prefix(begin)
            .and_then(|rest| rest.strip_suffix(end))
            .is_some_and(|inside| !inside.is_empty() && !inside.contains(begin))
    })
}

fn read_row(line: usize, cells: &[String], name: usize, shape: &Shape<'_>) -> CheckRow {
    let Shape { header, columns, ticks } = *shape;
    let mut title = cells.get(name).map_or("", String::as_str);
    let boxes = cells.iter().map(|cell| boxes::count_boxes(cell)).sum();
    let mut ticked = None;
    let mut has_choice = false;
    if let Some((own, rest)) = read_cell_box(title) {
        (ticked, title) = (Some(own), rest);
    }
    let mut described = Vec::new();
    let mut marked = Vec::new();
    let mut valued = Vec::new();
    for (at, cell) in cells.iter().enumerate().take(MAX_COLUMNS).filter(|(at, cell)| *at != name && !cell.is_empty()) {
        let called: String =
            header.get(at).map_or("", |name| name.trim_matches('*')).chars().take(MAX_HEADER).collect();
        let kind = columns.get(at).copied().unwrap_or(CheckTableColumn::Other);
        let mark = if cell.eq_ignore_ascii_case("x") { Some((true, "")) } else { read_cell_box(cell) };
        has_choice |= boxes::count_boxes(cell) > 1;
        if let Some((own, "")) = mark {
            if called.is_empty()
                || ticks == Some(at)
                || read_cell_box(&called).is_some()
                || matches!(kind, CheckTableColumn::Status | CheckTableColumn::Check)
            {
                ticked = ticked.or(Some(own));
            } else if own || is_box(cell) {
                // Levels, environments, teams: a mark there says for which the check is meant, so the column's name
                // is what has to be kept.
                marked.push(called);
            }
        } else if kind == CheckTableColumn::Description || called.is_empty() {
            described.push(replace_line_break_tags(cell));
        } else {
            valued.push(format!("{called}: {}", replace_line_break_tags(cell)));
        }
    }
    if !marked.is_empty() {
        described.push(marked.join(", "));
    }
    described.extend(valued);
    let guidance = described.join("\n\n");
    let is_total = boxes == 0 && is_total(title);
    CheckRow {
        line,
        title: title.to_owned(),
        ticked: ticked.unwrap_or(false),
        guidance,
        boxes,
        has_choice,
        is_group: false,
        is_total,
    }
}

/// Cells break lines with a tag, having no other way.
fn replace_line_break_tags(cell: &str) -> String {
    cell.replace("<br>", "  \n").replace("<br/>", "  \n").replace("<br />", "  \n")
}

/// Whether a cell holds a box or a tick and nothing else.
fn is_only_box(cell: &str) -> bool {
    read_cell_box(cell).is_some_and(|(_, rest)| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{super::table_grid::split_cells, *};

    fn read_table(table: &str) -> Option<Vec<CheckRow>> {
        let lines: Vec<SourceLine<'_>> = table.lines().map(SourceLine::new).collect();
        read_checks(&lines, false)
    }

    fn title_tick_guidance(table: &str) -> Vec<(String, bool, String)> {
        read_table(table).unwrap_or_default().into_iter().map(|row| (row.title, row.ticked, row.guidance)).collect()
    }

    fn expected_rows(items: &[(&str, bool, &str)]) -> Vec<(String, bool, String)> {
        items.iter().map(|(title, ticked, guidance)| ((*title).to_owned(), *ticked, (*guidance).to_owned())).collect()
    }

    #[test]
    fn table_levels_become_guidance() {
        let table = "| Check name | Short description | Basic | Full |\n|:--|:--|--|--|\n\
            | Unit test | It has tests. | :white_check_mark: | ✅ |\n| Trace | It is traced. |  | ✅ |";
        assert_eq!(
            title_tick_guidance(table),
            expected_rows(&[
                ("Unit test", false, "It has tests.\n\nBasic, Full"),
                ("Trace", false, "It is traced.\n\nFull")
            ])
        );
    }

    #[test]
    fn table_row_with_box_in_any_cell_is_check() {
        let own = "| Done | Task | Owner |\n|---|---|---|\n| [ ] | Rotate keys | Ana |\n| [x] | Cut DNS | |";
        assert_eq!(
            title_tick_guidance(own),
            expected_rows(&[("Rotate keys", false, "Owner: Ana"), ("Cut DNS", true, "")])
        );
        let within = "Area | Owner\n---|---\n[x] Keys rotated | Ana\n☐ DNS cut | Bo";
        assert_eq!(
            title_tick_guidance(within),
            expected_rows(&[("Keys rotated", true, "Owner: Ana"), ("DNS cut", false, "Owner: Bo")])
        );
        let headless = "| ☐ | Keys |\n|---|---|\n| ☑ | DNS |";
        assert_eq!(title_tick_guidance(headless), expected_rows(&[("Keys", false, ""), ("DNS", true, "")]));
    }

    #[test]
    fn table_cell_box_of_every_shape_is_read() {
        let table = "| Item | Dev | Live |\n|---|---|---|\n| - [ ] Logs | X | |\n| <input type=\"checkbox\" checked> Traces | | x |";
        assert_eq!(title_tick_guidance(table), expected_rows(&[("Logs", false, "Dev"), ("Traces", true, "Live")]));
    }

    #[test]
    fn table_with_status_column_is_table_of_checks() {
        let table = "| Area | Owner | Status |\n|---|---|---|\n| Backups | Ops | In progress |";
        assert_eq!(
            title_tick_guidance(table),
            expected_rows(&[("Backups", false, "Owner: Ops\n\nStatus: In progress")])
        );
    }

    #[test]
    fn table_that_informs_is_not_table_of_checks() {
        for table in [
            "| Name | Value |\n|---|---|\n| a | b |",
            "| Role | Name | Contact |\n|---|---|---|\n| Ops | Ana | a@b |",
            "| Severity | Response |\n|---|---|\n| 1 | 15 min |",
            "| Syntax | Meaning |\n|---|---|\n| `[ ]` | open |",
            "| Item | Details |\n|---|---|\n| Window | two hours |",
            "| Category | Passed | Failed | Total |\n|---|---|---|---|\n| Unit | 3 | 0 | 3 |",
            "| Check | Passed | Failed |\n|---|---|---|\n| Unit | 3 | 0 |",
            "| Metric | Target | Actual |\n|---|---|---|\n| p95 | 200 ms | ___ |",
            "| Condition | Action |\n|---|---|\n| Error rate >5% | Immediate rollback |",
            "| Level | Action |\n|---|---|\n| 1 | On-call |",
            "| Risk | Mitigation | Task |\n|---|---|---|\n| Fire | Sprinkler | see runbook |",
            "| Status | Meaning |\n|---|---|\n| Open | not begun |",
            "| Name | Decision |\n|---|---|\n| ___ | [ ] Yes [ ] No |",
            "| Version | Date | Author | Changes |\n|---|---|---|---|\n| 1.0 | 1 May | Ana | first |",
            "| Aufgabe | Beschreibung |\n|---|---|\n| Sichern | nachts |",
            "| Area | Done | Total |\n|---|---|---|\n| Backend | 3 | 4 |",
            "| Area | Owner | Done | Total |\n|---|---|---|---|\n| Backend | Ana | 3 | 4 |",
            "| Task group | Done | Open |\n|---|---|---|\n| Backend | 3 | 1,204 |",
            "| Area | Done | Open |\n|---|---|---|\n| Backend | **3** | 4 |",
            "| Suite | Status | Count |\n|---|---|---|\n| Unit | 12/12 | 12 |\n| Load | 3 of 4 | 4 |",
            "| Test | Passed |\n|---|---|\n| Unit | 12/12 |",
            "| Phase | % Complete |\n|---|---|\n| Design | 80% |\n| Build | 5 % |",
            "| Test | Result |\n|---|---|\n| p95 | 120 ms |",
            "| Milestone | Done | Date |\n|---|---|---|\n| Beta | 2026-05-01 | |\n| GA | | 1 July |",
            "| Milestone | Done |\n|---|---|\n| Beta | 1 May 2026 |\n| GA | 5/12/2026 |",
            "| Status | Meaning |\n|---|---|\n| [x] | done |\n| [ ] | open |",
            "| Meaning | Status |\n|---|---|\n| It was checked | done |",
            "| Symbol | Meaning |\n|---|---|\n| ☐ | It is not begun |",
        ] {
            assert_eq!(read_table(table), None, "{table}");
        }
    }

    #[test]
    fn table_with_weak_header_needs_status_owner_or_box() {
        for (table, title) in [
            ("| Item | Details | Owner |\n|---|---|---|\n| Window | two hours | Ops |", "Window"),
            ("| Action | Status |\n|---|---|\n| Cut DNS | |", "Cut DNS"),
            ("| Task | |\n|---|---|\n| Cut DNS | [ ] |", "Cut DNS"),
            ("| Metric | Target | Status |\n|---|---|---|\n| p95 | 200 ms | 🟢 |", "p95"),
            (
                "| Step | Expected result | Actual result | Pass/Fail |\n|---|---|---|---|\n| Sign in | Home | | |",
                "Sign in",
            ),
            ("| Requirement | Details |\n|---|---|\n| Logs kept | a year |", "Logs kept"),
            (
                "| Control | Requirement | Status |\n|---|---|---|\n| AC-1 | Access is reviewed | |",
                "Access is reviewed",
            ),
            ("| Check | Description | Status |\n|---|---|---|\n| TLS1.3 | On all hosts | |", "TLS1.3"),
            ("| 任务 | 状态 |\n|---|---|\n| 备份 | |", "备份"),
            ("| Status | Task |\n|---|---|\n| open | Cut DNS |", "Cut DNS"),
            ("| Task | Progress | Done |\n|---|---|---|\n| Cut DNS | | 80% |", "Cut DNS"),
            ("| Task | Done |\n|---|---|\n| Cut DNS | 2026-05-01 |", "Cut DNS"),
            ("| Check | Result |\n|---|---|\n| All tests pass | 12/12 |", "All tests pass"),
            ("| Milestone | Done | Date |\n|---|---|---|\n| Beta is out | | 1 May |", "Beta is out"),
            ("| Area | Status |\n|---|---|\n| Backups | 2 runs were fine, one is missing |", "Backups"),
        ] {
            assert_eq!(title_tick_guidance(table).first().map(|(title, ..)| title.as_str()), Some(title), "{table}");
        }
    }

    #[test]
    fn table_header_with_tick_is_no_check_header() {
        for header in ["✅", "☐", "[ ]", "Done"] {
            let table = format!("| {header} | Check | Owner |\n|---|---|---|\n| [ ] | Back up | Ops |");
            assert_eq!(title_tick_guidance(&table), expected_rows(&[("Back up", false, "Owner: Ops")]), "{header}");
        }
    }

    #[test]
    fn table_row_with_only_a_name_is_group() {
        let groups = |table: &str| -> Vec<(String, bool)> {
            read_table(table).unwrap_or_default().into_iter().map(|row| (row.title, row.is_group)).collect()
        };
        for (table, first, second) in [
            ("| ID | Name | Status |\n|---|---|---|\n| **A** | **Accounts** | |\n| A-1 | Names | |", true, false),
            ("| Check | Status |\n|---|---|\n| **Accounts** |\n| Names | |", true, false),
            ("| Check | Done |\n|---|---|\n| Accounts | |\n| Names | [ ] |\n| Keys | [ ] |", true, false),
            ("| Check | Done |\n|---|---|\n| **Accounts** | [ ] |\n| Names | [ ] |", false, false),
            ("| Check | Status |\n|---|---|\n| **Accounts** | |\n| **Names** | |", false, false),
            ("| Check | Status |\n|---|---|\n| Accounts | |\n| Names | |", false, false),
            ("| # | Check | Status |\n|---|---|---|\n| 1 | **Accounts** | |\n| 1.1 | Names | |", true, false),
            ("| # | Check | Status |\n|---|---|---|\n| **1.** | **Accounts** |\n| 1.1 | Names | |", true, false),
            ("| # | Check | Status |\n|---|---|---|\n| 1 | Accounts | |\n| 1.1 | Names | |", true, false),
            (
                "| # | Check | Done |\n|---|---|---|\n| A | Accounts | |\n| 2 | Names | [ ] |\n| 3 | Keys | [ ] |",
                false,
                false,
            ),
            ("| # | Check | Status |\n|---|---|---|\n| 1 | Accounts | |\n| 2 | Names | |", false, false),
            ("| # | Check |\n|---|---|\n| 1 | **Accounts** |\n| 2 | Names |", false, false),
        ] {
            let found = groups(table);
            assert_eq!((found[0].1, found[1].1), (first, second), "{table}");
        }
    }

    #[test]
    fn table_cell_with_several_boxes_is_choice() {
        let table = "| Check | Answer |\n|---|---|\n| Backups tested | [ ] Yes [ ] No |\n| Keys rotated | ☐ Yes ☐ No |";
        let found = read_table(table).expect("a table of checks");
        assert!(found.iter().all(|row| row.has_choice && !row.ticked));
    }

    #[test]
    fn table_cells_are_split_at_unescaped_bars() {
        assert_eq!(split_cells(r"| a \| b | c |"), ["a | b", "c"]);
        assert_eq!(split_cells("a | | c"), ["a", "", "c"]);
        assert_eq!(split_cells("|"), Vec::<String>::new());
    }
}

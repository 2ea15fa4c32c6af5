//! Tables: which of them are tables of checks, and what their rows say.
//!
//! A table is one of checks when a column's header says so ("Check", "Task", "Item"), when a cell holds nothing but a
//! box or a tick, or when it has a column for the status. Any other informs, and is left out. Each row is one item: its
//! title from the column that names the check, its guidance from the rest.

use super::{lines::Line, marks};

/// The most columns of a table of checks: a row's guidance names its columns, and a hostile table must not multiply.
const MAX_COLUMNS: usize = 40;
/// The most characters of a header that its rows' guidance repeats.
const MAX_HEADER: usize = 60;

/// One row of a table of checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line, counted from the table's first.
    pub(super) line: usize,
    /// What names the check; may be empty.
    pub(super) title: String,
    pub(super) ticked: bool,
    pub(super) guidance: String,
}

/// What a column holds, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// The check, said so.
    Check,
    /// A name, which many tables have that hold no checks.
    Name,
    Status,
    Description,
    /// A number, a person: never the check.
    Aside,
    Other,
}

/// The rows of a table, when it is one of checks. Within an item only boxes make it one: whatever else stands there is
/// the item's guidance.
pub(super) fn checks(lines: &[Line<'_>], in_item: bool) -> Option<Vec<Row>> {
    let header = cells(lines.first()?.body());
    if header.len() > MAX_COLUMNS {
        return None;
    }
    let mut rows: Vec<(usize, Vec<String>)> =
        lines.iter().enumerate().skip(2).map(|(at, line)| (at, cells(line.body()))).collect();
    // A table without a header of its own: its first row is one of the checks.
    let headless =
        header.iter().any(|cell| tick(cell).is_some_and(|(_, rest)| rest.is_empty() || cell.starts_with('[')));
    let header: Vec<String> = if headless {
        rows.insert(0, (0, header.clone()));
        vec![String::new(); header.len()]
    } else {
        header
    };
    let columns: Vec<Column> = header.iter().map(|header| column(header)).collect();
    let boxed = rows.iter().any(|(_, cells)| cells.iter().any(|cell| is_box(cell)));
    let marked = || rows.iter().any(|(_, cells)| cells.iter().any(|cell| is_mark(cell)));
    let name = name_column(&columns, &rows)?;
    let told = columns.get(name) == Some(&Column::Check) || columns.contains(&Column::Status);
    if !(boxed || (!in_item && (told || marked()))) {
        return None;
    }
    Some(rows.iter().map(|(line, cells)| row(*line, cells, name, &header, &columns)).collect())
}

/// The column that names the check: the first that says so and has text in it, else the first with a name, else the
/// first with any text.
fn name_column(columns: &[Column], rows: &[(usize, Vec<String>)]) -> Option<usize> {
    let speaks: Vec<bool> = (0..columns.len())
        .map(|at| rows.iter().any(|(_, cells)| cells.get(at).is_some_and(|cell| !cell.is_empty() && !is_mark(cell))))
        .collect();
    let first = |kind| (0..columns.len()).find(|at| speaks[*at] && columns[*at] == kind);
    [Column::Check, Column::Name, Column::Other, Column::Description].into_iter().find_map(first)
}

fn row(line: usize, cells: &[String], name: usize, header: &[String], columns: &[Column]) -> Row {
    let mut title = cells.get(name).map_or("", String::as_str);
    let mut ticked = None;
    if let Some((own, rest)) = tick(title) {
        (ticked, title) = (Some(own), rest);
    }
    let mut described = Vec::new();
    let mut marked = Vec::new();
    let mut valued = Vec::new();
    for (at, cell) in cells.iter().enumerate().take(MAX_COLUMNS).filter(|(at, cell)| *at != name && !cell.is_empty()) {
        let called: String = header.get(at).map_or("", String::as_str).chars().take(MAX_HEADER).collect();
        let kind = columns.get(at).copied().unwrap_or(Column::Other);
        let mark = if cell.eq_ignore_ascii_case("x") { Some((true, "")) } else { tick(cell) };
        if let Some((own, "")) = mark {
            if called.is_empty() || tick(&called).is_some() || matches!(kind, Column::Status | Column::Check) {
                ticked = ticked.or(Some(own));
            } else if own || is_box(cell) {
                // Levels, environments, teams: a mark there says for which the check is meant, so the column's name
                // is what has to be kept.
                marked.push(called);
            }
        } else if kind == Column::Description || called.is_empty() {
            described.push(with_line_breaks(cell));
        } else {
            valued.push(format!("{called}: {}", with_line_breaks(cell)));
        }
    }
    if !marked.is_empty() {
        described.push(marked.join(", "));
    }
    described.extend(valued);
    Row { line, title: title.to_owned(), ticked: ticked.unwrap_or(false), guidance: described.join("\n\n") }
}

/// The cells of a row. A bar behind a backslash is part of its cell.
fn cells(body: &str) -> Vec<String> {
    let body = body.strip_prefix('|').unwrap_or(body);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in body.chars() {
        match (c, cells.last_mut()) {
            ('|', _) if !escaped => cells.push(String::new()),
            (_, Some(cell)) => {
                if escaped && c == '|' {
                    cell.pop();
                }
                cell.push(c);
            }
            (_, None) => {}
        }
        escaped = c == '\\' && !escaped;
    }
    if cells.last().is_some_and(|last| last.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Cells break lines with a tag, having no other way.
fn with_line_breaks(cell: &str) -> String {
    cell.replace("<br>", "  \n").replace("<br/>", "  \n").replace("<br />", "  \n")
}

/// Reads a box at the beginning of a cell. Some write it as in a list, where no list can be.
fn tick(cell: &str) -> Option<(bool, &str)> {
    marks::tick(cell).or_else(|| {
        let opening = marks::opening(cell)?;
        opening.ticked.map(|ticked| (ticked, opening.text))
    })
}

/// Whether a cell is or begins with a box that is there to be ticked, and not a tick that only informs.
fn is_box(cell: &str) -> bool {
    !cell.starts_with(['✅', '✔', '✓', ':']) && tick(cell).is_some()
}

/// Whether a cell holds a box or a tick and nothing else.
fn is_mark(cell: &str) -> bool {
    tick(cell).is_some_and(|(_, rest)| rest.is_empty())
}

/// What a header's words say that its column holds, in the languages that checklists are most often found in.
fn column(header: &str) -> Column {
    const CHECK: &str = "check checkpoint checklist item task requirement control todo action criterion criteria prüfung \
        prüfpunkt aufgabe punkt tarea requisito comprobación tâche vérification exigence tarefa verificação attività \
        controllo taak задача проверка пункт требование";
    const CHECK_PARTS: [&str; 14] = [
        "检查",
        "檢查",
        "任务",
        "任務",
        "项目",
        "項目",
        "タスク",
        "確認",
        "항목",
        "작업",
        "مهمة",
        "بند",
        "فحص",
        "משימה",
    ];
    const NAME: &str = "name title step question test feature area topic was nombre nom nome titel titre название";
    const STATUS: &str = "status state done complete completed checked verified ready pass passed result progress ok \
        erledigt fertig estado hecho statut état fait stato fatto feito статус готово";
    const STATUS_PARTS: [&str; 9] = ["状态", "状況", "狀態", "ステータス", "完了", "상태", "الحالة", "סטטוס", "完成"];
    const DESCRIPTION: &str = "description detail guidance note comment explanation how verify verification what why \
        beschreibung descripción descrição descrizione описание";
    const ASIDE: &str = "no nr id ref number owner role responsible assignee who team contact approver person date due \
        priority severity verantwortlich responsable ответственный";

    let lower = header.to_lowercase().replace("to-do", "todo").replace("to do", "todo");
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says = |list: &str| {
        list.split_whitespace()
            .any(|known| words.iter().any(|word| *word == known || word.strip_suffix('s') == Some(known)))
    };
    let holds = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    if says(STATUS) || holds(&STATUS_PARTS) {
        Column::Status
    } else if says(CHECK) || holds(&CHECK_PARTS) {
        Column::Check
    } else if says(DESCRIPTION) {
        Column::Description
    } else if says(ASIDE) || lower == "#" || lower == "№" {
        Column::Aside
    } else if says(NAME) {
        Column::Name
    } else {
        Column::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(table: &str) -> Option<Vec<Row>> {
        let lines: Vec<Line<'_>> = table.lines().map(Line::new).collect();
        checks(&lines, false)
    }

    fn told(table: &str) -> Vec<(String, bool, String)> {
        rows(table).unwrap_or_default().into_iter().map(|row| (row.title, row.ticked, row.guidance)).collect()
    }

    fn expect(items: &[(&str, bool, &str)]) -> Vec<(String, bool, String)> {
        items.iter().map(|(title, ticked, guidance)| ((*title).to_owned(), *ticked, (*guidance).to_owned())).collect()
    }

    #[test]
    fn levels_stand_in_the_guidance() {
        let table = "| Check name | Short description | Basic | Full |\n|:--|:--|--|--|\n\
            | Unit test | It has tests. | :white_check_mark: | ✅ |\n| Trace | It is traced. |  | ✅ |";
        assert_eq!(
            told(table),
            expect(&[("Unit test", false, "It has tests.\n\nBasic, Full"), ("Trace", false, "It is traced.\n\nFull")])
        );
    }

    #[test]
    fn boxes_may_stand_anywhere_in_a_row() {
        let own = "| Done | Task | Owner |\n|---|---|---|\n| [ ] | Rotate keys | Ana |\n| [x] | Cut DNS | |";
        assert_eq!(told(own), expect(&[("Rotate keys", false, "Owner: Ana"), ("Cut DNS", true, "")]));
        let within = "Area | Owner\n---|---\n[x] Keys rotated | Ana\n☐ DNS cut | Bo";
        assert_eq!(told(within), expect(&[("Keys rotated", true, "Owner: Ana"), ("DNS cut", false, "Owner: Bo")]));
        let headless = "| ☐ | Keys |\n|---|---|\n| ☑ | DNS |";
        assert_eq!(told(headless), expect(&[("Keys", false, ""), ("DNS", true, "")]));
    }

    #[test]
    fn boxes_in_cells_are_written_in_many_ways() {
        let table = "| Item | Dev | Live |\n|---|---|---|\n| - [ ] Logs | X | |\n| <input type=\"checkbox\" checked> Traces | | x |";
        assert_eq!(told(table), expect(&[("Logs", false, "Dev"), ("Traces", true, "Live")]));
    }

    #[test]
    fn a_status_makes_it_a_table_of_checks() {
        let table = "| Area | Owner | Status |\n|---|---|---|\n| Backups | Ops | In progress |";
        assert_eq!(told(table), expect(&[("Backups", false, "Owner: Ops\n\nStatus: In progress")]));
    }

    #[test]
    fn a_table_that_informs_is_none_of_checks() {
        for table in [
            "| Name | Value |\n|---|---|\n| a | b |",
            "| Role | Name | Contact |\n|---|---|---|\n| Ops | Ana | a@b |",
            "| Severity | Response |\n|---|---|\n| 1 | 15 min |",
            "| Syntax | Meaning |\n|---|---|\n| `[ ]` | open |",
        ] {
            assert_eq!(rows(table), None, "{table}");
        }
    }

    #[test]
    fn cells_are_split_at_bars_that_are_not_escaped() {
        assert_eq!(cells(r"| a \| b | c |"), ["a | b", "c"]);
        assert_eq!(cells("a | | c"), ["a", "", "c"]);
        assert_eq!(cells("|"), Vec::<String>::new());
    }
}

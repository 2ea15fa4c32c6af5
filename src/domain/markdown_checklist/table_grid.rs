//! The rows of a table, whichever way it is drawn: with a delimiter row below its header, without one, or as a grid of
//! `+---+` lines, in which the text of a cell may go on over several lines.

use super::{boxes, line_shapes::is_delimiter_row, lines::SourceLine};

/// A table's header and rows, each with its line, counted from the table's first.
pub(super) struct TableRows {
    pub(super) header: (usize, Vec<String>),
    pub(super) rows: Vec<(usize, Vec<String>)>,
    /// Whether the header is one by the way the table is drawn, and not only its first row.
    pub(super) is_header_drawn: bool,
}

impl TableRows {
    /// Splits a table. Nothing when it has no line.
    pub(super) fn split(lines: &[SourceLine<'_>]) -> Option<Self> {
        let first = lines.first()?.body();
        let is_grid = is_grid_border(first);
        let is_header_drawn = is_grid || lines.get(1).is_some_and(|line| is_delimiter_row(line.body()));
        let mut rows = if is_grid { split_grid(lines) } else { split_lines(lines) };
        let header = if rows.is_empty() { (0, Vec::new()) } else { rows.remove(0) };
        Some(Self { header, rows, is_header_drawn })
    }
}

fn split_lines(lines: &[SourceLine<'_>]) -> Vec<(usize, Vec<String>)> {
    let is_row = |(at, line): &(usize, &SourceLine<'_>)| *at != 1 || !is_delimiter_row(line.body());
    lines.iter().enumerate().filter(is_row).map(|(at, line)| (at, split_cells(line.body()))).collect()
}

fn split_grid(lines: &[SourceLine<'_>]) -> Vec<(usize, Vec<String>)> {
    // With three borders or fewer nothing parts the rows, so that most lines are rows of their own.
    let parted = lines.iter().filter(|line| is_grid_border(line.body())).count() > 3;
    let last_border = lines.iter().rposition(|line| is_grid_border(line.body())).unwrap_or(0);
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    let mut begins = true;
    for (at, line) in lines.iter().enumerate() {
        if is_grid_border(line.body()) {
            begins = true;
            continue;
        }
        let cells = split_cells(line.body());
        let whole = !parted && !cells.iter().any(String::is_empty);
        // Without a border below it, the header is one line.
        begins |= rows.len() == 1 && at > last_border;
        match rows.last_mut() {
            Some((_, above)) if !(begins || whole || cells.iter().any(|cell| is_box(cell))) => join_cells(above, cells),
            _ => rows.push((at, cells)),
        }
        begins = false;
    }
    rows
}

fn join_cells(above: &mut Vec<String>, cells: Vec<String>) {
    above.resize(above.len().max(cells.len()), String::new());
    for (above, cell) in above.iter_mut().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        above.push_str(if above.is_empty() { "" } else { " " });
        above.push_str(&cell);
    }
}

/// Whether a line is a border of a grid: `+---+---+` or `+===+===+`.
pub(super) fn is_grid_border(body: &str) -> bool {
    body.len() > 2
        && body.starts_with('+')
        && body.ends_with('+')
        && body.contains(['-', '='])
        && body.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'=' | b':'))
}

/// Whether a line is one of a grid: a row, or a border, which a cell over several rows may interrupt.
pub(super) fn is_grid_line(body: &str) -> bool {
    body.starts_with('|') || (body.len() > 2 && body.starts_with('+') && body.ends_with(['+', '|']))
}

/// Whether a line is a row with a box in one of its cells.
pub(super) fn is_row_with_box(body: &str) -> bool {
    body.starts_with('|') && boxes::count_boxes(body) > 0 && split_cells(body).iter().any(|cell| is_box(cell))
}

/// The cells of a row. A bar behind a backslash is part of its cell.
pub(super) fn split_cells(body: &str) -> Vec<String> {
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

/// Reads a box at the beginning of a cell. Some write it as in a list, where no list can be.
pub(super) fn read_cell_box(cell: &str) -> Option<(bool, &str)> {
    boxes::read_box(cell).or_else(|| {
        let opening = boxes::read_opening(cell)?;
        opening.ticked.map(|ticked| (ticked, opening.text))
    })
}

/// Whether a cell is or begins with a box that is there to be ticked: not a tick that only informs, nor a choice.
pub(super) fn is_box(cell: &str) -> bool {
    !cell.starts_with(':')
        && boxes::read_lone_tick(cell).is_none()
        && read_cell_box(cell).is_some()
        && boxes::count_boxes(cell) < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(table: &str) -> Vec<(usize, String)> {
        let lines: Vec<SourceLine<'_>> = table.lines().map(SourceLine::new).collect();
        let TableRows { header, rows, .. } = TableRows::split(&lines).expect("a table");
        [header].into_iter().chain(rows).map(|(at, cells)| (at, cells.join("/"))).collect()
    }

    #[test]
    fn table_rows_of_every_drawing_are_split() {
        let expected = |rows: &[(usize, &str)]| -> Vec<(usize, String)> {
            rows.iter().map(|(at, row)| (*at, (*row).to_owned())).collect()
        };
        for (table, rows) in [
            ("|a|b|\n|-|-|\n|c|d|", vec![(0, "a/b"), (2, "c/d")]),
            ("|a|b|\n|c|d|", vec![(0, "a/b"), (1, "c/d")]),
            ("+-+-+\n|a|b|\n+=+=+\n|c|d|\n|e||\n+-+-+\n|f|g|\n+-+-+", vec![(1, "a/b"), (3, "c e/d"), (6, "f/g")]),
            ("+-+-+\n|a|b|\n+-+-+\n|c|d|\n|e|f|\n+-+-+", vec![(1, "a/b"), (3, "c/d"), (4, "e/f")]),
            ("+-+-+\n|a|b|\n|c||\n|d||", vec![(1, "a/b"), (2, "c d/")]),
            ("+-+\n+-+", vec![(0, "")]),
        ] {
            assert_eq!(split(table), expected(&rows), "{table}");
        }
    }
}

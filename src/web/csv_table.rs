//! Comma-separated values (RFC 4180) that a spreadsheet opens as text and never as formulas.

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::text::has_visible_character;

/// A table that is being written.
pub struct CsvTable(csv::Writer<Vec<u8>>);

/// Without a byte order mark, spreadsheets read the text in an old code page.
const BYTE_ORDER_MARK: &str = "\u{feff}";

impl CsvTable {
    pub fn new(headings: &[&str]) -> csv::Result<Self> {
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.into());
        let mut sheet = Self(writer);
        sheet.add_row(headings)?;
        Ok(sheet)
    }

    /// The continuation of a table whose beginning was sent already: it writes no headings.
    #[must_use]
    pub fn without_headings() -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    /// Fails if there are not as many cells as headings.
    pub fn add_row<C: AsRef<str>>(&mut self, cells: &[C]) -> csv::Result<()> {
        self.0.write_record(cells.iter().map(|cell| escape_formula(cell.as_ref())))
    }

    pub fn into_bytes(self) -> anyhow::Result<Vec<u8>> {
        Ok(self.0.into_inner().map_err(|error| error.into_error())?)
    }
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it, which says that it is text. Some take
/// the full-width forms of the signs for the signs themselves, and pass over quotation marks and what can't be seen before
/// them.
fn escape_formula(cell: &str) -> String {
    let passed_over = |c: char| {
        matches!(c, '"' | '\'' | '`' | '‘' | '’' | '“' | '”') || !has_visible_character(c.encode_utf8(&mut [0; 4]))
    };
    let first = cell.chars().nfkc().find(|c| !passed_over(*c));
    let formula = first.is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '\u{2212}'));
    let apostrophe = if formula || cell.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    format!("{apostrophe}{cell}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_row_with_too_few_cells_is_an_error() {
        assert!(CsvTable::new(&["name", "why"]).unwrap().add_row(&["one cell"]).is_err());
    }

    #[test]
    fn csv_cell_that_is_a_formula_is_marked_as_text() {
        for cell in [
            "=1",
            "+1",
            "-1",
            "@A1",
            "\t=1",
            "＝1+1",
            "＋1",
            "－1",
            "＠A1",
            "﹢1",
            "﹣1",
            "﹫A",
            "\u{2212}1",
            " =1",
            "\u{a0}=1",
            "\u{200b}=1",
            "\u{feff}@A1",
            "\u{3000}＝1",
            "\r=1",
            "\n=1",
            "\r\n+1",
            "\t\t@A1",
            "\"=1",
            "'=1",
            "\" \"=1",
            "“=1”",
            "＂＝1",
            "\u{fe66}1",
        ] {
            assert_eq!(escape_formula(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "a=1", "1-1", "ana@example.org", " word", "’", "（1）", "\"quoted\" = 1", "“1”", "1;2", "'"]
        {
            assert_eq!(escape_formula(cell), cell);
        }
    }

    #[test]
    fn csv_table_quotes_cells_and_has_no_formulas() {
        let mut sheet = CsvTable::new(&["name", "why"]).unwrap();
        for (name, why) in [("a,b", "she said \"no\""), ("=1+1", "@SUM(A1)"), ("-2", "+3"), ("\tx", "two\nlines")] {
            sheet.add_row(&[name, why]).unwrap();
        }
        let text = "\u{feff}name,why\r\n\"a,b\",\"she said \"\"no\"\"\"\r\n'=1+1,'@SUM(A1)\r\n'-2,'+3\r\n'\tx,\"two\nlines\"\r\n";
        assert_eq!(String::from_utf8(sheet.into_bytes().unwrap()).unwrap(), text);
    }
}

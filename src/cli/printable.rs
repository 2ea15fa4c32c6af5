//! Terminal output that repeats what somebody else wrote.

use std::fmt::{Display, Write as _};

/// Prints one line on standard output. Nothing in it can start another line, move the cursor, or hide or reverse the
/// text after it: a name in a bundle must not be able to look like the verdict on it.
pub(super) fn print_line(line: &dyn Display) {
    println!("{}", to_printable(&line.to_string()));
}

/// A text in which every control, format, direction and invisible character is written as its escape (`
/// `, `\u{202e}`).
pub(super) fn to_printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if c == ' ' || !(is_invisible(c) || is_unprintable(c)) {
            printable.push(c);
        } else if c.is_control() {
            printable.extend(c.escape_debug());
        } else {
            // Writing to a String does not fail.
            let _: Result<(), _> = write!(printable, "\\u{{{:x}}}", u32::from(c));
        }
    }
    printable
}

/// Whether the standard library escapes the character: controls, formats (also of direction), line separators, spaces
/// other than the ordinary one, and unassigned or private code points.
fn is_unprintable(c: char) -> bool {
    // Tested after another character, since combining marks are printable after one.
    let behind = ['x', c].iter().collect::<String>();
    !matches!(c, '"' | '\'' | '\\') && behind.escape_debug().count() > 2
}

/// Letters and marks without a visible shape (Unicode: default-ignorable, and the blank of Braille).
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_text_of_any_script_is_unchanged() {
        for text in [
            "Payments 2.0 – “go”",
            "C:\\logs \"x\" 'y'",
            "Zürich e\u{301}",
            "支払い",
            "भुगतान सेवा",
            "المدفوعات",
            "🦀 +1",
        ] {
            assert_eq!(to_printable(text), text);
        }
    }

    #[test]
    fn printable_text_that_could_mislead_is_escaped() {
        for (text, expected) in [
            ("X\nGood: nothing was altered\r\n", "X\\nGood: nothing was altered\\r\\n"),
            ("\x1b[8mhidden\x1b[2K\x07\x08", "\\u{1b}[8mhidden\\u{1b}[2K\\u{7}\\u{8}"),
            ("\u{9b}31m\u{85}", "\\u{9b}31m\\u{85}"),
            ("a\u{202e}b\u{2066}c\u{200f}d\u{61c}", "a\\u{202e}b\\u{2066}c\\u{200f}d\\u{61c}"),
            ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
            ("\u{200b}\u{feff}\u{ad}\u{2060}", "\\u{200b}\\u{feff}\\u{ad}\\u{2060}"),
            ("\u{3164}\u{115f}\u{fe0f}\u{e0041}", "\\u{3164}\\u{115f}\\u{fe0f}\\u{e0041}"),
            ("\u{a0}\u{3000}\u{e000}\u{ffff}\0", "\\u{a0}\\u{3000}\\u{e000}\\u{ffff}\\0"),
        ] {
            assert_eq!(to_printable(text), expected);
        }
    }
}

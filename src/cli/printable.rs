//! Lines for a terminal that repeat what somebody else wrote.

use std::fmt::{Display, Write as _};

/// Prints one line on standard output, in which nothing begins another, moves the cursor, hides or turns round what
/// follows: a name in a bundle must not be able to look like the verdict on it.
pub(super) fn print_line(line: &dyn Display) {
    println!("{}", printable(&line.to_string()));
}

/// A text with every control, format, direction and invisible character written as its escape (`\n`, `\u{202e}`).
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c == ' ' || !(is_invisible(c) || is_unprintable(c)) {
            shown.push(c);
        } else if c.is_control() {
            shown.extend(c.escape_debug());
        } else {
            // A String takes all that is written to it.
            let _: Result<(), _> = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
    }
    shown
}

/// Whether the standard library knows a character as one to be escaped: controls, formats (directions among them), what
/// separates lines, spaces other than the one, and code points that are no character or private.
fn is_unprintable(c: char) -> bool {
    // Behind another character, since marks that combine with one are for reading there.
    let behind = ['x', c].iter().collect::<String>();
    !matches!(c, '"' | '\'' | '\\') && behind.escape_debug().count() > 2
}

/// Letters and marks without a shape of their own (Unicode: default-ignorable, and the blank of Braille).
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
    fn text_of_any_script_is_printed_as_it_is() {
        for text in [
            "Payments 2.0 – “go”",
            "C:\\logs \"x\" 'y'",
            "Zürich e\u{301}",
            "支払い",
            "भुगतान सेवा",
            "المدفوعات",
            "🦀 +1",
        ] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn text_that_could_look_like_another_line_is_escaped() {
        for (text, shown) in [
            ("X\nGood: nothing was altered\r\n", "X\\nGood: nothing was altered\\r\\n"),
            ("\x1b[8mhidden\x1b[2K\x07\x08", "\\u{1b}[8mhidden\\u{1b}[2K\\u{7}\\u{8}"),
            ("\u{9b}31m\u{85}", "\\u{9b}31m\\u{85}"),
            ("a\u{202e}b\u{2066}c\u{200f}d\u{61c}", "a\\u{202e}b\\u{2066}c\\u{200f}d\\u{61c}"),
            ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
            ("\u{200b}\u{feff}\u{ad}\u{2060}", "\\u{200b}\\u{feff}\\u{ad}\\u{2060}"),
            ("\u{3164}\u{115f}\u{fe0f}\u{e0041}", "\\u{3164}\\u{115f}\\u{fe0f}\\u{e0041}"),
            ("\u{a0}\u{3000}\u{e000}\u{ffff}\0", "\\u{a0}\\u{3000}\\u{e000}\\u{ffff}\\0"),
        ] {
            assert_eq!(printable(text), shown);
        }
    }
}

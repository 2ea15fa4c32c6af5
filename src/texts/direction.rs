//! Text of both directions in a sentence of plain text.

use std::borrow::Cow;

/// Prepares a name for a sentence of plain text: a right-to-left name is put between U+2068 and U+2069, so that it does
/// not reorder the text around it (UAX 9, section 2.5). Other names, and what is isolated already, stay as they are.
///
/// The test is whether the name has a character of a block that is right-to-left by default (`DerivedBidiClass.txt`).
/// Arguments of texts without markup are prepared by the texts themselves.
#[must_use]
pub fn isolate_direction(name: &(impl AsRef<str> + ?Sized)) -> Cow<'_, str> {
    let name = name.as_ref();
    // The noncharacters U+FDD0 to U+FDEF have no direction.
    let from_right = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    let is_isolated = name.starts_with('\u{2068}') && name.ends_with('\u{2069}');
    if !is_isolated && name.chars().any(from_right) {
        Cow::Owned(format!("\u{2068}{name}\u{2069}"))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_to_left_name_in_plain_text_is_isolated() {
        for plain in ["Ana", "José", "山田", "7 (12)", "", "\u{fdd0}"] {
            assert_eq!(isolate_direction(plain), plain);
        }
        for name in ["\u{5d0}\u{5d1} (12)", "Ana \u{627}", "\u{7c1}", "\u{fb1d}", "\u{10900}", "\u{1e900}"] {
            assert_eq!(isolate_direction(name), format!("\u{2068}{name}\u{2069}"));
        }
        let isolated = isolate_direction("\u{5d0}").into_owned();
        assert_eq!(isolate_direction(&isolated), isolated);
    }
}

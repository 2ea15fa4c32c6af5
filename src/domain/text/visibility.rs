//! Whether a text shows anything. A reason that nobody can see is no reason.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::TextError;

/// Whether renderers show nothing at all for a character (`Default_Ignorable_Code_Point` of the Unicode Character
/// Database, and the format characters): zero-width spaces and joiners, fillers, variation selectors, tags.
pub(super) fn is_invisible(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) || category == GeneralCategory::Format
}

/// Whether a character is visible on its own. Not visible are spaces and separators, ignorable characters, combining
/// marks without a letter, and letters whose shape is blank.
fn is_visible(c: char) -> bool {
    /// Braille without dots, a musical note without a head, and what stands for an object that plain text does not have.
    /// Their category calls them symbols.
    const BLANK: [char; 3] = ['\u{2800}', '\u{1d159}', '\u{fffc}'];
    let unseen = match CodePointMapData::<GeneralCategory>::new().get(c) {
        GeneralCategory::SpaceSeparator
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::Surrogate
        | GeneralCategory::NonspacingMark
        | GeneralCategory::EnclosingMark => true,
        GeneralCategory::Unassigned
        | GeneralCategory::UppercaseLetter
        | GeneralCategory::LowercaseLetter
        | GeneralCategory::TitlecaseLetter
        | GeneralCategory::ModifierLetter
        | GeneralCategory::OtherLetter
        | GeneralCategory::SpacingMark
        | GeneralCategory::DecimalNumber
        | GeneralCategory::LetterNumber
        | GeneralCategory::OtherNumber
        | GeneralCategory::PrivateUse
        | GeneralCategory::DashPunctuation
        | GeneralCategory::OpenPunctuation
        | GeneralCategory::ClosePunctuation
        | GeneralCategory::ConnectorPunctuation
        | GeneralCategory::InitialPunctuation
        | GeneralCategory::FinalPunctuation
        | GeneralCategory::OtherPunctuation
        | GeneralCategory::MathSymbol
        | GeneralCategory::CurrencySymbol
        | GeneralCategory::ModifierSymbol
        | GeneralCategory::OtherSymbol => false,
    };
    !unseen && !is_invisible(c) && !BLANK.contains(&c)
}

#[must_use]
pub fn has_visible_character(text: &str) -> bool {
    text.chars().any(is_visible)
}

/// Refuses Markdown that renders to nothing: entities of invisible characters, link definitions, images (which are not
/// shown), links without text.
pub(super) fn check_markdown_is_visible(text: &str) -> Result<(), TextError> {
    let mut pictures = 0_usize;
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let shows = events.any(|event| match event {
        Event::Start(Tag::Image { .. }) => {
            pictures += 1;
            false
        }
        Event::End(TagEnd::Image) => {
            pictures = pictures.saturating_sub(1);
            false
        }
        Event::Rule => true,
        Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
            pictures == 0 && has_visible_character(&text)
        }
        _ => false,
    });
    if shows { Ok(()) } else { Err(TextError::Empty) }
}

#[cfg(test)]
mod tests {
    use super::{super::Markdown, *};

    #[test]
    fn visible_character_check_follows_unicode_categories() {
        for (c, seen) in [
            ('a', true),
            ('Ж', true),
            ('ع', true),
            ('字', true),
            ('ǅ', true),
            ('ʰ', true),
            ('7', true),
            ('Ⅷ', true),
            ('½', true),
            ('-', true),
            ('_', true),
            ('(', true),
            (')', true),
            ('«', true),
            ('»', true),
            ('!', true),
            ('+', true),
            ('€', true),
            ('^', true),
            ('✓', true),
            ('😀', true),
            ('\u{0903}', true),
            ('\u{e000}', true),
            (' ', false),
            ('\t', false),
            ('\n', false),
            ('\u{a0}', false),
            ('\u{2003}', false),
            ('\u{3000}', false),
            ('\u{2028}', false),
            ('\u{2029}', false),
            ('\u{ad}', false),
            ('\u{301}', false),
            ('\u{20dd}', false),
            ('\u{34f}', false),
            ('\u{61c}', false),
            ('\u{115f}', false),
            ('\u{1160}', false),
            ('\u{17b4}', false),
            ('\u{180e}', false),
            ('\u{200b}', false),
            ('\u{200d}', false),
            ('\u{200e}', false),
            ('\u{200f}', false),
            ('\u{2060}', false),
            ('\u{2064}', false),
            ('\u{206a}', false),
            ('\u{2800}', false),
            ('\u{3164}', false),
            ('\u{fe0f}', false),
            ('\u{feff}', false),
            ('\u{ffa0}', false),
            ('\u{fff9}', false),
            ('\u{1d159}', false),
            ('\u{fffc}', false),
            ('\u{fffd}', true),
            ('\u{1bca0}', false),
            ('\u{e0001}', false),
            ('\u{e0041}', false),
            ('\u{e0100}', false),
        ] {
            assert_eq!(has_visible_character(&format!(" {c}{c} ")), seen, "U+{:04X}", u32::from(c));
        }
        assert!(!has_visible_character("\u{200b}\u{2800}\u{3164}\u{fe0f}\u{301} "));
        assert!(has_visible_character("\u{200b}a"));
    }

    #[test]
    fn markdown_that_renders_to_nothing_is_refused_as_empty() {
        for (text, empty) in [
            ("&#8203;", true),
            ("&nbsp; &ZeroWidthSpace;", true),
            ("[a]: https://example.org", true),
            ("![a picture](https://example.org/a.png)", true),
            ("[](https://example.org)", true),
            ("**\u{200b}**", true),
            ("> \u{2800}", true),
            ("- ", true),
            ("```\n\u{3164}\n```", true),
            ("---", false),
            ("`x`", false),
            ("<!-- shown as it is typed -->", false),
            ("![a picture](https://example.org/a.png) and words", false),
        ] {
            assert_eq!(Markdown::new(text) == Err(TextError::Empty), empty, "{text:?}");
        }
    }
}

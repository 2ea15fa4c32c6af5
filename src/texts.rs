//! The texts of the interface, by key: what pages, forms, notices, refusals and mails say, in the language of the reader.
//!
//! `texts/en/*.ftl` contain them, one file for each module that uses them, and the other folders of `texts` their translations. The build makes a function of each key, so that
//! `sign_as = Sign as { $title }` is used as `texts::sign_as(title)`, in Rust and in templates; a key without a text and a text
//! that nothing uses fail the build. A text that contains a tag is [`Markup`]: it is not escaped, but its arguments are.
//!
//! A sentence is one text with arguments and is never assembled from pieces, so that it can be translated: `{ $count ->` has
//! its forms by number.
//!
//! Texts for programs and operators stand where they are written: log lines, output of commands, exports, bundles.

mod direction;
mod language;
mod reader;

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

use askama::filters::{Escaper, Html, HtmlSafe};

mod functions {
    #![deny(dead_code)]

    use super::*;

    include!(concat!(env!("OUT_DIR"), "/text_functions.rs"));
}

pub use direction::isolate_direction;
pub(crate) use functions::*;
pub use language::Language;
pub use reader::{FormerNames, PersonLabel, PersonMark, Reader};

/// The texts of the browser's scripts as a JSON object, for `static/js/texts.js`.
pub(crate) fn script_texts() -> Markup {
    Markup(Cow::Borrowed(match Language::current() {
        Language::English => include_str!(concat!(env!("OUT_DIR"), "/script_texts_en.json")),
        Language::German => include_str!(concat!(env!("OUT_DIR"), "/script_texts_de.json")),
    }))
}

/// A piece of HTML, in which everything that a person typed is escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markup(Cow<'static, str>);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// An argument of a text with markup.
pub trait ToMarkup {
    /// Appends the value, escaped unless it is markup itself.
    fn push_markup(&self, text: &mut String);
}

impl<T: ToMarkup + ?Sized> ToMarkup for &T {
    fn push_markup(&self, text: &mut String) {
        (**self).push_markup(text);
    }
}

impl ToMarkup for Markup {
    fn push_markup(&self, text: &mut String) {
        text.push_str(&self.0);
    }
}

impl ToMarkup for str {
    fn push_markup(&self, text: &mut String) {
        Html.write_escaped_str(text, self).expect("a string can be written to");
    }
}

impl ToMarkup for String {
    fn push_markup(&self, text: &mut String) {
        self.as_str().push_markup(text);
    }
}

impl ToMarkup for Cow<'_, str> {
    fn push_markup(&self, text: &mut String) {
        (**self).push_markup(text);
    }
}

/// A number that selects a plural form of a text.
pub trait Number: fmt::Display + ToMarkup {
    fn to_number(&self) -> i128;
}

impl<T: Number + ?Sized> Number for &T {
    fn to_number(&self) -> i128 {
        (**self).to_number()
    }
}

macro_rules! impl_for_numbers {
    ($($number:ty),*) => {
        $(impl ToMarkup for $number {
            fn push_markup(&self, text: &mut String) {
                push(text, self);
            }
        }

        impl Number for $number {
            fn to_number(&self) -> i128 {
                i128::try_from(*self).unwrap_or(i128::MAX)
            }
        })*
    };
}

impl_for_numbers!(u8, u16, u32, u64, usize, i16, i32, i64);

/// Appends an argument of a text without markup, so that it does not reorder the words around it.
fn push_isolated(text: &mut String, value: &dyn fmt::Display) {
    text.push_str(&isolate_direction(&value.to_string()));
}

fn push(text: &mut String, value: &dyn fmt::Display) {
    write!(text, "{value}").expect("a string can be written to");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_text_escapes_its_arguments_and_keeps_markup() {
        assert_eq!(signed_in_as("<b>&").to_string(), "Signed in as <b><bdi>&#60;b&#62;&#38;</bdi></b>");
        let name = Markup("<i>Ada</i>".into());
        assert_eq!(signed_in_as(name).to_string(), "Signed in as <b><bdi><i>Ada</i></bdi></b>");
    }

    #[test]
    fn plain_text_isolates_the_direction_of_its_arguments() {
        assert_eq!(your_account("<b>&"), "Your account, <b>&");
        assert_eq!(your_account("\u{5d0} 1"), "Your account, \u{2068}\u{5d0} 1\u{2069}");
    }

    #[test]
    fn script_texts_are_one_json_object_that_is_safe_in_html() {
        let json = script_texts().to_string();
        assert!(!json.contains(['<', '&']));
        assert!(serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&json).is_ok());
    }
}

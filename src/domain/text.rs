//! Types for text that people type. A text is cleaned and checked once, when it enters the program.
//!
//! Each type has two constructors. `new` is for newly typed text and applies every rule. `stored` is for text that was
//! accepted earlier, perhaps under older rules: a history stays readable when the rules become stricter.

mod emphasis;
mod person_name;
mod similarity;
mod visibility;

use std::{borrow::Cow, fmt};

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

pub use self::emphasis::strip_emphasis;
pub use self::{person_name::resembles, similarity::Trigrams, visibility::has_visible_character};
use super::markdown_limits::{self, MarkdownLimitError};
use crate::texts;

/// Why a text was refused. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The text has no visible character.
    #[error("{}", texts::text_is_empty())]
    Empty,
    #[error("{}", texts::text_is_too_long(.0))]
    TooLong(usize),
    /// The text contains a character that no text may contain, see `is_forbidden_character`.
    #[error("{}", texts::text_has_forbidden_character())]
    Character,
    /// A person's name contains a character that names do not need.
    #[error("{}", texts::name_has_forbidden_character())]
    NameCharacter,
    /// A single word in a name mixes letters of several scripts.
    #[error("{}", texts::name_mixes_alphabets())]
    MixedScripts,
    /// The Markdown is too expensive to show for its length.
    #[error(transparent)]
    Excess(#[from] MarkdownLimitError),
}

/// Characters that no text may contain: controls other than tab and line feed (PostgreSQL cannot store U+0000), and the
/// overrides and isolates that make text read differently from what it is (Unicode TR36).
pub(super) fn is_forbidden_character(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

fn clean_text(text: &str, lines: bool, max: usize) -> Result<String, TextError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().any(is_forbidden_character) || (!lines && text.contains(['\n', '\t'])) {
        return Err(TextError::Character);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(text.to_owned())
}

/// The normal form NFC of a text (UAX 15), in which a letter and its accent are one character where there is one.
#[must_use]
pub fn to_nfc(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect::<String>().into(),
    }
}

fn accept_any(_: &str) -> Result<(), TextError> {
    Ok(())
}

macro_rules! define_text_types {
    ($($(#[$doc:meta])* $name:ident($lines:literal, $max:literal, $check:path);)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The maximum number of characters (Unicode scalar values).
            pub const MAX: usize = $max;

            /// Accepts newly typed text: line ends become `\n`, surrounding white space is removed, and the text gets
            /// the normal form NFC (UAX 15), so that a search finds it however it is typed.
            ///
            /// # Errors
            /// [`TextError`] if the text has no visible character, is too long, or has a forbidden character.
            pub fn new(text: &str) -> Result<Self, TextError> {
                let Self(text) = Self::stored(&to_nfc(text))?;
                if !has_visible_character(&text) {
                    return Err(TextError::Empty);
                }
                $check(&text)?;
                Ok(Self(text))
            }

            /// Accepts text that was accepted before, when fewer rules applied.
            ///
            /// # Errors
            /// [`TextError`] if the text breaks a rule that has always applied.
            pub fn stored(text: &str) -> Result<Self, TextError> {
                clean_text(text, $lines, $max).map(Self)
            }

            /// As [`Self::new`], but an empty text gives `None`.
            pub fn optional(text: &str) -> Result<Option<Self>, TextError> {
                match Self::new(text) {
                    Err(TextError::Empty) => Ok(None),
                    other => other.map(Some),
                }
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::stored(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

define_text_types! {
    /// A title on one line: of a launch, a checklist, a part, a section or an item.
    Title(false, 300, accept_any);
    PersonName(false, 120, person_name::check_person_name);
    /// A few lines of text: a summary, a reason, a compensating control.
    Prose(true, 4_000, accept_any);
    /// The statement that a signer makes.
    StatementText(true, 1_000, accept_any);
    /// A longer text in Markdown: notes, comments, guidance.
    Markdown(true, 20_000, visibility::check_markdown_is_visible);
    SearchText(false, 200, accept_any);
    /// A word by which launches are found and grouped: a product, a team.
    Tag(false, 40, accept_any);
}

impl Tag {
    /// The tag in lower case: two tags that differ only in the case of letters are the same one.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl Markdown {
    /// Accepts newly typed text and checks that it is not too expensive to show. [`Self::new`] does not check this,
    /// because an import splits a longer text and reports itself which of the parts is refused.
    ///
    /// # Errors
    /// As [`Self::new`], and when the text exceeds a limit of [`markdown_limits::check_limits`].
    pub fn from_input(text: &str) -> Result<Self, TextError> {
        // The checks without parsing come first: parsing itself is too expensive for a text that fails them.
        markdown_limits::check_before_parsing(text)?;
        let markdown = Self::new(text)?;
        markdown_limits::check_limits(markdown.as_str())?;
        Ok(markdown)
    }

    /// As [`Self::from_input`], but an empty text gives `None`.
    pub fn optional_from_input(text: &str) -> Result<Option<Self>, TextError> {
        match Self::from_input(text) {
            Err(TextError::Empty) => Ok(None),
            other => other.map(Some),
        }
    }
}

/// A file's name as shown and sent: the last path component of what the browser sent, without characters that could
/// mislead and without path traversal. Never empty, at most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// Makes a valid name from any input.
    #[must_use]
    pub fn new(sent: &str) -> Self {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let allowed: String = last.nfc().filter(|c| !is_forbidden_character(*c) && !matches!(c, '\n' | '\t')).collect();
        let rest = allowed.trim_start_matches(|c: char| c == '.' || c.is_whitespace()).trim_end();
        if !has_visible_character(rest) {
            return Self("file".to_owned());
        }
        // One dot at the beginning is part of a name such as `.env`. Several could make a path to a parent folder.
        let cleaned = if allowed.trim_start().starts_with('.') { format!(".{rest}") } else { rest.to_owned() };
        let cleaned = cleaned.as_str();
        if cleaned.chars().count() <= 200 {
            return Self(cleaned.to_owned());
        }
        // A shortened name keeps its extension, because the extension shows the type of the file.
        let ending = cleaned.rsplit_once('.').map(|(_, e)| e).filter(|e| e.chars().count() <= 10).unwrap_or_default();
        let stem: String = cleaned.chars().take(199 - ending.chars().count()).collect();
        let stem = stem.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
        Self(if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, checked as far as possible without sending a mail: one `@` with something on both sides, no white
/// space, at most 254 bytes (RFC 5321). It is stored in lower case and in the normal form NFC (UAX 15), so that
/// different spellings of the same address are equal, including letters with separate accents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    pub fn new(text: &str) -> Result<Self, EmailError> {
        let text: String = text.trim().to_lowercase().nfc().collect();
        let (local, domain) = text.split_once('@').ok_or(EmailError)?;
        let plain = |s: &str| {
            !s.is_empty() && !s.chars().any(|c| c.is_whitespace() || is_forbidden_character(c) || "@<>,;\"".contains(c))
        };
        if plain(local) && plain(domain) && !domain.starts_with('.') && !domain.ends_with('.') && text.len() <= 254 {
            Ok(Self(text))
        } else {
            Err(EmailError)
        }
    }

    /// Accepts the address of a new account. Besides what [`Self::new`] refuses, it refuses invisible characters and
    /// compatibility variants of other characters, such as full-width letters (NFKC, UAX 15): a reader of a signer's
    /// address must be able to see whose it is.
    pub fn new_for_account(text: &str) -> Result<Self, EmailError> {
        let email = Self::new(text)?;
        let plain = email.0.nfkc().eq(email.0.chars()) && !email.0.chars().any(visibility::is_invisible);
        let parts = email.0.split(['@', '.', '-', '_', '+']);
        if plain && parts.into_iter().all(person_name::has_single_script) { Ok(email) } else { Err(EmailError) }
    }

    /// Whether it could be taken for another address (UTS 39, section 4): `1` for `l`, or letters of another alphabet.
    #[must_use]
    pub fn resembles(&self, other: &Self) -> bool {
        person_name::address_resembles(&self.0, &other.0)
    }

    /// The address, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", texts::not_an_email_address())]
pub struct EmailError;

/// A link given as evidence: an absolute `http` or `https` address of at most 2,000 characters, without a password in
/// it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebLink(String);

impl WebLink {
    /// The most characters, without spaces around them.
    pub const MAX: usize = 2_000;

    /// Reads a link.
    ///
    /// # Errors
    /// [`WebLinkError`] for any other scheme, a relative address, credentials within, or too long a text.
    pub fn new(text: &str) -> Result<Self, WebLinkError> {
        let text = text.trim();
        if text.chars().count() > Self::MAX {
            return Err(WebLinkError::TooLong);
        }
        let url = url::Url::parse(text).map_err(|_| WebLinkError::Form)?;
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if !web || url.password().is_some() || !url.username().is_empty() || text.chars().any(is_forbidden_character) {
            return Err(WebLinkError::Form);
        }
        Ok(Self(url.to_string()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebLinkError {
    /// Not an absolute address of the web, or one with a password.
    #[error("{}", texts::not_a_web_address())]
    Form,
    /// More than [`WebLink::MAX`] characters.
    #[error("{}", texts::text_is_too_long(WebLink::MAX))]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_trimmed_and_measured_in_characters_not_bytes() {
        assert_eq!(Prose::new("  a\r\nb \n").map(String::from), Ok("a\nb".to_owned()));
        assert_eq!(Prose::new(" \n\t"), Err(TextError::Empty));
        assert_eq!(Prose::optional(" "), Ok(None));
        assert!(Prose::new(&"ß".repeat(Prose::MAX)).is_ok());
        assert_eq!(Prose::new(&"a".repeat(Prose::MAX + 1)), Err(TextError::TooLong(Prose::MAX)));
    }

    #[test]
    fn text_with_forbidden_characters_is_refused() {
        let controls = (0..=0x1f_u8).chain(0x7f..=0x9f).map(char::from);
        let controls = controls.filter(|c| !matches!(c, '\t' | '\n' | '\r'));
        let turning = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for bad in controls.chain(turning).chain(['\u{feff}', '\u{fffe}', '\u{ffff}']) {
            let bad = format!("a{bad}b");
            assert_eq!(Prose::new(&bad), Err(TextError::Character), "{bad:?}");
            assert_eq!(Title::new(&bad), Err(TextError::Character), "{bad:?}");
            assert_eq!(PersonName::new(&bad), Err(TextError::Character), "{bad:?}");
            assert_eq!(Markdown::from_input(&bad).unwrap_err(), TextError::Character, "{bad:?}");
        }
        assert_eq!(Title::new("two\nlines"), Err(TextError::Character));
        assert!(Title::new("مراجعة الأمان").is_ok());
    }

    #[test]
    fn file_name_loses_folders_and_misleading_characters() {
        let long = format!("{}.pdf", "x".repeat(300));
        for (sent, name) in [
            ("report.pdf", "report.pdf"),
            ("C:\\Users\\a\\report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("", "file"),
            ("..", "file"),
            (".htaccess", ".htaccess"),
            ("a\u{202E}fdp.exe", "afdp.exe"),
            ("a\nb\0.txt", "ab.txt"),
        ] {
            assert_eq!(FileName::new(sent).as_str(), name, "{sent:?}");
        }
        let name = FileName::new(&long);
        assert_eq!(name.as_str().chars().count(), 200);
        assert!(name.as_str().ends_with(".pdf"));
    }

    #[test]
    fn email_and_web_link_in_other_forms_are_refused() {
        assert_eq!(Email::new(" Ana@Example.org ").map(|e| e.to_string()), Ok("ana@example.org".to_owned()));
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b@c", "a@.c", "<a@b>"] {
            assert_eq!(Email::new(bad), Err(EmailError), "{bad}");
            assert_eq!(Email::new_for_account(bad), Err(EmailError), "{bad}");
        }
        assert_eq!(Email::new("jose\u{301}@example.org"), Email::new("JOS\u{c9}@example.org"));
        for disguised in ["j\u{43e}nas@example.org", "\u{ff41}na@example.org", "an\u{200b}a@example.org"] {
            assert!(Email::new(disguised).is_ok(), "{disguised:?} may have an account already");
            assert_eq!(Email::new_for_account(disguised), Err(EmailError), "{disguised:?}");
        }
        for plain in ["jos\u{e9}@example.org", "\u{438}\u{432}\u{430}\u{43d}@example.org", "a.b-c+d@e.example"] {
            assert!(Email::new_for_account(plain).is_ok(), "{plain:?}");
        }
        let resemble = |one, other| Email::new(one).unwrap().resembles(&Email::new(other).unwrap());
        for other in ["a1an@example.org", "\u{430}lan@example.org", "alan@examp1e.org", "\u{ff41}lan@example.org"] {
            assert!(resemble("alan@example.org", other), "{other:?}");
        }
        for other in ["alan@example.org", "alana@example.org", "al\u{e1}n@example.org", "alan@example.com"] {
            assert!(!resemble("alan@example.org", other), "{other:?}");
        }
        assert!(WebLink::new("https://example.org/a?b=c").is_ok());
        assert_eq!(WebLink::new(&format!("https://example.org/{}", "a".repeat(2_000))), Err(WebLinkError::TooLong));
        for bad in ["javascript:alert(1)", "data:text/html,x", "/relative", "ftp://x", "https://u:p@x/", "//x"] {
            assert_eq!(WebLink::new(bad), Err(WebLinkError::Form), "{bad}");
        }
    }
}

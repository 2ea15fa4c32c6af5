//! Text that people type: cleaned and measured once, at the edge.
//!
//! Each type has two ways in. `new` is for what somebody types now, and applies every rule. `stored` is for what was
//! accepted earlier, perhaps under older rules: a history stays readable when the rules become stricter.

mod person_name;
mod visible;

use std::{borrow::Cow, fmt};

use unicode_normalization::UnicodeNormalization as _;

pub use self::{person_name::resembles, visible::has_visible_character};
use super::markdown_limits::{self, Excess};

/// Why a text was not taken. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// No character in it can be seen.
    #[error("This can't be empty.")]
    Empty,
    /// More characters than the field takes.
    #[error("This is too long: at most {0} characters.")]
    TooLong(usize),
    /// A character that text here never holds.
    #[error(
        "This has a character that can't be kept (a control character, or one that reverses the direction of text)."
    )]
    Character,
    /// A character that no name of a person needs.
    #[error("A name has letters, digits, spaces and the signs . , ' - only, and no invisible characters.")]
    NameCharacter,
    /// Letters of several scripts in one word of a name.
    #[error("A word of this name mixes letters of different alphabets that look alike.")]
    MixedScripts,
    /// Markdown that costs more to show than its length pays for.
    #[error(transparent)]
    Excess(#[from] Excess),
}

/// Whether a character is refused everywhere: controls other than tab and line feed (PostgreSQL cannot keep
/// U+0000), and the overrides and isolates that make text read differently from what it is (Unicode TR36).
pub(super) fn is_hostile(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

fn clean(text: &str, lines: bool, max: usize) -> Result<String, BadText> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(BadText::Empty);
    }
    if text.chars().any(is_hostile) || (!lines && text.contains(['\n', '\t'])) {
        return Err(BadText::Character);
    }
    if text.chars().count() > max {
        return Err(BadText::TooLong(max));
    }
    Ok(text.to_owned())
}

fn accept(_: &str) -> Result<(), BadText> {
    Ok(())
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($lines:literal, $max:literal, $check:path);)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The most characters (Unicode scalar values) it may have.
            pub const MAX: usize = $max;

            /// Reads what somebody typed: line ends become `\n`, white space around it goes.
            ///
            /// # Errors
            /// [`BadText`] when nothing in it can be seen, when it is too long, or has a character that is never kept.
            pub fn new(text: &str) -> Result<Self, BadText> {
                let Self(text) = Self::stored(text)?;
                if !has_visible_character(&text) {
                    return Err(BadText::Empty);
                }
                $check(&text)?;
                Ok(Self(text))
            }

            /// Reads what was accepted before, when fewer rules applied.
            ///
            /// # Errors
            /// [`BadText`] when it breaks a rule that has always applied.
            pub fn stored(text: &str) -> Result<Self, BadText> {
                clean(text, $lines, $max).map(Self)
            }

            /// As [`Self::new`], with nothing for an empty text.
            ///
            /// # Errors
            /// [`BadText`] when it is too long or has a character that is never kept.
            pub fn optional(text: &str) -> Result<Option<Self>, BadText> {
                match Self::new(text) {
                    Err(BadText::Empty) => Ok(None),
                    other => other.map(Some),
                }
            }

            /// The text.
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
            type Error = BadText;

            fn try_from(text: String) -> Result<Self, BadText> {
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

texts! {
    /// A title on one line: of a launch, a checklist, a part, a section or an item.
    Title(false, 300, accept);
    /// A person's name.
    PersonName(false, 120, person_name::check);
    /// A few lines of prose: a summary, a reason, a compensating control.
    Prose(true, 4_000, accept);
    /// What a signer declares.
    StatementText(true, 1_000, accept);
    /// A longer text in Markdown: notes, comments, guidance.
    Markdown(true, 20_000, visible::check_markdown);
    /// What somebody looks for.
    SearchText(false, 200, accept);
}

impl Markdown {
    /// Takes a text that somebody enters now, which must not cost too much to show. [`Self::new`] does not ask for that:
    /// an import takes texts out of a longer one, and then says which of them is refused.
    ///
    /// # Errors
    /// As [`Self::new`], and when showing it would cost too much ([`markdown_limits::check`]).
    pub fn entered(text: &str) -> Result<Self, BadText> {
        // First what can be told without parsing, which itself costs too much of such a text.
        markdown_limits::check_signs(text)?;
        let markdown = Self::new(text)?;
        markdown_limits::check(markdown.as_str())?;
        Ok(markdown)
    }

    /// As [`Self::entered`], with nothing for an empty text.
    ///
    /// # Errors
    /// As [`Self::entered`], but never that it is empty.
    pub fn optionally_entered(text: &str) -> Result<Option<Self>, BadText> {
        match Self::entered(text) {
            Err(BadText::Empty) => Ok(None),
            other => other.map(Some),
        }
    }
}

/// A file's name as shown and sent: the last part of what the browser gave, without what could mislead or climb
/// out of a folder. Never empty, at most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// Makes a name out of whatever a client sent.
    #[must_use]
    pub fn new(sent: &str) -> Self {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = last.chars().filter(|c| !is_hostile(*c) && !matches!(c, '\n' | '\t')).collect();
        let rest = kept.trim_start_matches(|c: char| c == '.' || c.is_whitespace()).trim_end();
        if !has_visible_character(rest) {
            return Self("file".to_owned());
        }
        // One dot at the beginning is part of a name such as `.env`; more of them would climb.
        let kept = if kept.trim_start().starts_with('.') { format!(".{rest}") } else { rest.to_owned() };
        let kept = kept.as_str();
        if kept.chars().count() <= 200 {
            return Self(kept.to_owned());
        }
        // A long name keeps its ending, by which people tell what it is.
        let ending = kept.rsplit_once('.').map(|(_, e)| e).filter(|e| e.chars().count() <= 10).unwrap_or_default();
        let stem: String = kept.chars().take(199 - ending.chars().count()).collect();
        let stem = stem.trim_end();
        Self(if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, as far as it can be told without sending to it: one `@` with something on both sides, no
/// white space, at most 254 bytes (RFC 5321). Kept in lower case and in the normal form NFC (UAX 15), since people type
/// it in any: the same letter with its accent apart is the same address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// [`NotAnEmail`] when it can't be one.
    pub fn new(text: &str) -> Result<Self, NotAnEmail> {
        let text: String = text.trim().to_lowercase().nfc().collect();
        let (local, domain) = text.split_once('@').ok_or(NotAnEmail)?;
        let plain =
            |s: &str| !s.is_empty() && !s.chars().any(|c| c.is_whitespace() || is_hostile(c) || "@<>,;\"".contains(c));
        if plain(local) && plain(domain) && !domain.starts_with('.') && !domain.ends_with('.') && text.len() <= 254 {
            Ok(Self(text))
        } else {
            Err(NotAnEmail)
        }
    }

    /// Reads the address of somebody who is to have an account. Besides what [`Self::new`] refuses, it has no character
    /// that can't be seen, and none that is another one in disguise, such as a full-width letter (NFKC, UAX 15):
    /// whoever reads the address of a signer has to see whose it is.
    ///
    /// # Errors
    /// [`NotAnEmail`] when it can't be one.
    pub fn of_new_person(text: &str) -> Result<Self, NotAnEmail> {
        let email = Self::new(text)?;
        let plain = email.0.nfkc().eq(email.0.chars()) && !email.0.chars().any(visible::is_ignorable);
        let parts = email.0.split(['@', '.', '-', '_', '+']);
        if plain && parts.into_iter().all(person_name::is_of_one_script) { Ok(email) } else { Err(NotAnEmail) }
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

/// Why an address was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not an e-mail address.")]
pub struct NotAnEmail;

/// A link given as evidence: an absolute `http` or `https` address of at most 2,000 characters, without a
/// password in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebLink(String);

impl WebLink {
    /// The most characters.
    pub const MAX: usize = 2_000;

    /// Reads a link.
    ///
    /// # Errors
    /// [`NotALink`] for any other scheme, a relative address, credentials within, or too long a text.
    pub fn new(text: &str) -> Result<Self, NotALink> {
        let text = text.trim();
        if text.chars().count() > Self::MAX {
            return Err(NotALink::TooLong);
        }
        let url = url::Url::parse(text).map_err(|_| NotALink::Form)?;
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if !web || url.password().is_some() || !url.username().is_empty() || text.chars().any(is_hostile) {
            return Err(NotALink::Form);
        }
        Ok(Self(url.to_string()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a link was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotALink {
    /// Not an absolute address of the web, or one with a password.
    #[error("This is not a web address. It begins with http:// or https://, and holds no password.")]
    Form,
    /// Too many characters.
    #[error("This is too long: at most {} characters.", WebLink::MAX)]
    TooLong,
}

/// A name as it is put into a sentence of plain text: one that runs from right to left stands between U+2068 and U+2069, so
/// that it reorders nothing around it (UAX 9, section 2.5). Other names are left as they are.
///
/// What counts are the blocks whose characters run from right to left by default (`DerivedBidiClass.txt`).
#[must_use]
pub fn isolate_direction(name: &(impl AsRef<str> + ?Sized)) -> Cow<'_, str> {
    let name = name.as_ref();
    let from_right = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if name.chars().any(from_right) { Cow::Owned(format!("\u{2068}{name}\u{2069}")) } else { Cow::Borrowed(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_trimmed_and_measured_in_characters() {
        assert_eq!(Prose::new("  a\r\nb \n").map(String::from), Ok("a\nb".to_owned()));
        assert_eq!(Prose::new(" \n\t"), Err(BadText::Empty));
        assert_eq!(Prose::optional(" "), Ok(None));
        assert!(Prose::new(&"ß".repeat(Prose::MAX)).is_ok());
        assert_eq!(Prose::new(&"a".repeat(Prose::MAX + 1)), Err(BadText::TooLong(Prose::MAX)));
    }

    #[test]
    fn hostile_characters_are_refused() {
        let controls = (0..=0x1f_u8).chain(0x7f..=0x9f).map(char::from);
        let controls = controls.filter(|c| !matches!(c, '\t' | '\n' | '\r'));
        let turning = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for bad in controls.chain(turning).chain(['\u{feff}', '\u{fffe}', '\u{ffff}']) {
            let bad = format!("a{bad}b");
            assert_eq!(Prose::new(&bad), Err(BadText::Character), "{bad:?}");
            assert_eq!(Title::new(&bad), Err(BadText::Character), "{bad:?}");
            assert_eq!(PersonName::new(&bad), Err(BadText::Character), "{bad:?}");
            assert_eq!(Markdown::entered(&bad).unwrap_err(), BadText::Character, "{bad:?}");
        }
        assert_eq!(Title::new("two\nlines"), Err(BadText::Character));
        assert!(Title::new("مراجعة الأمان").is_ok());
    }

    #[test]
    fn file_names_lose_what_misleads() {
        let long = format!("{}.pdf", "x".repeat(300));
        for (sent, kept) in [
            ("report.pdf", "report.pdf"),
            ("C:\\Users\\a\\report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("", "file"),
            ("..", "file"),
            (".htaccess", ".htaccess"),
            ("a\u{202E}fdp.exe", "afdp.exe"),
            ("a\nb\0.txt", "ab.txt"),
        ] {
            assert_eq!(FileName::new(sent).as_str(), kept, "{sent:?}");
        }
        let kept = FileName::new(&long);
        assert_eq!(kept.as_str().chars().count(), 200);
        assert!(kept.as_str().ends_with(".pdf"));
    }

    #[test]
    fn a_name_from_right_to_left_is_isolated_in_plain_text() {
        for plain in ["Ana", "José", "山田", "7 (12)", ""] {
            assert_eq!(isolate_direction(plain), plain);
        }
        for name in ["\u{5d0}\u{5d1} (12)", "Ana \u{627}", "\u{7c1}", "\u{fb1d}", "\u{10900}", "\u{1e900}"] {
            assert_eq!(isolate_direction(name), format!("\u{2068}{name}\u{2069}"));
        }
    }

    #[test]
    fn addresses_and_links() {
        assert_eq!(Email::new(" Ana@Example.org ").map(|e| e.to_string()), Ok("ana@example.org".to_owned()));
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b@c", "a@.c", "<a@b>"] {
            assert_eq!(Email::new(bad), Err(NotAnEmail), "{bad}");
            assert_eq!(Email::of_new_person(bad), Err(NotAnEmail), "{bad}");
        }
        assert_eq!(Email::new("jose\u{301}@example.org"), Email::new("JOS\u{c9}@example.org"));
        for disguised in ["j\u{43e}nas@example.org", "\u{ff41}na@example.org", "an\u{200b}a@example.org"] {
            assert!(Email::new(disguised).is_ok(), "{disguised:?} may have an account already");
            assert_eq!(Email::of_new_person(disguised), Err(NotAnEmail), "{disguised:?}");
        }
        for plain in ["jos\u{e9}@example.org", "\u{438}\u{432}\u{430}\u{43d}@example.org", "a.b-c+d@e.example"] {
            assert!(Email::of_new_person(plain).is_ok(), "{plain:?}");
        }
        let resemble = |one, other| Email::new(one).unwrap().resembles(&Email::new(other).unwrap());
        for other in ["a1an@example.org", "\u{430}lan@example.org", "alan@examp1e.org", "\u{ff41}lan@example.org"] {
            assert!(resemble("alan@example.org", other), "{other:?}");
        }
        for other in ["alan@example.org", "alana@example.org", "al\u{e1}n@example.org", "alan@example.com"] {
            assert!(!resemble("alan@example.org", other), "{other:?}");
        }
        assert!(WebLink::new("https://example.org/a?b=c").is_ok());
        assert_eq!(WebLink::new(&format!("https://example.org/{}", "a".repeat(2_000))), Err(NotALink::TooLong));
        for bad in ["javascript:alert(1)", "data:text/html,x", "/relative", "ftp://x", "https://u:p@x/", "//x"] {
            assert_eq!(WebLink::new(bad), Err(NotALink::Form), "{bad}");
        }
    }
}

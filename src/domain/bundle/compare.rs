//! Comparing `signatures.json` with what the events make of it, while it is read: whatever its size, nothing is kept of
//! it, and a member that is not expected, missing or there twice is found where it stands.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    io::{self, Read},
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{SignatureEntry, words_of};
use crate::domain::{
    canonical::Sha256Hash,
    launch::{event::Seq, texts::Commitment},
};

/// The longest string between two quotes, as it is written: more than a text's longest line.
const LONGEST_STRING: usize = 512 * 1024;
/// The longest number, or word, outside of strings.
const LONGEST_WORD: usize = 32;

/// The hashes of texts, as far as they are there: a text is compared without being kept.
pub(super) type TextHashes = HashMap<Commitment, Option<Sha256Hash>>;

/// Why `signatures.json` is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Difference {
    /// It can't be read.
    Unreadable(String),
    /// It is of other signatures: the first that differs is that of this event; none, when there is one too many.
    First(Option<Seq>),
}

/// Compares what is read with these entries, in which a commitment stands for each text.
///
/// # Errors
/// [`Difference`].
pub(super) fn compare(
    reader: impl Read,
    expected: impl Iterator<Item = SignatureEntry>,
    texts: &TextHashes,
) -> Result<(), Difference> {
    let mut first = None;
    let mut json =
        serde_json::Deserializer::from_reader(ShortTokens { reader, in_string: None, escaped: false, word: 0 });
    let compared = json.deserialize_seq(EachEntry { expected, texts, first: &mut first }).and_then(|()| json.end());
    compared.map_err(|error| match first {
        Some(first) if error.is_data() => Difference::First(first),
        _ => Difference::Unreadable(words_of(&error)),
    })
}

/// The list, in which each entry has to be the next that is expected.
struct EachEntry<'a, I> {
    expected: I,
    texts: &'a TextHashes,
    /// Set once the list has begun: which entry is being compared.
    first: &'a mut Option<Option<Seq>>,
}

impl<'de, I: Iterator<Item = SignatureEntry>> Visitor<'de> for EachEntry<'_, I> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of signatures")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for entry in self.expected {
            *self.first = Some(Some(entry.event));
            let value = serde_json::to_value(&entry).map_err(A::Error::custom)?;
            list.next_element_seed(Same { expected: Expected::Json(&value), texts: self.texts })?
                .ok_or_else(differs)?;
        }
        *self.first = Some(None);
        if list.next_element_seed(Refused)?.is_some() { Err(differs()) } else { Ok(()) }
    }
}

/// What is never there: nothing of it is read.
struct Refused;

impl<'de> DeserializeSeed<'de> for Refused {
    type Value = IgnoredAny;

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<IgnoredAny, D::Error> {
        Err(differs())
    }
}

fn differs<E: Error>() -> E {
    E::custom("it differs from the events")
}

/// What has to be read.
#[derive(Clone, Copy)]
enum Expected<'a> {
    Json(&'a Value),
    /// A string with this SHA-256.
    Text(Sha256Hash),
    /// `{"redacted": true}`
    Redacted,
}

/// A value that has to be the one that is expected.
#[derive(Clone, Copy)]
struct Same<'a> {
    expected: Expected<'a>,
    texts: &'a TextHashes,
}

impl<'a> Same<'a> {
    fn when<E: Error>(self, same: impl FnOnce(&Value) -> bool) -> Result<(), E> {
        match self.expected {
            Expected::Json(value) if same(value) => Ok(()),
            _ => Err(differs()),
        }
    }

    /// What a member has to be, and the name that it is known by.
    fn member(self, name: &str) -> Option<(&'a str, Self)> {
        let (known, expected) = match self.expected {
            Expected::Redacted if name == "redacted" => ("redacted", Expected::Json(&Value::Bool(true))),
            Expected::Json(Value::Object(members)) => {
                let (known, value) = members.get_key_value(name)?;
                (known.as_str(), self.text(known, value).unwrap_or(Expected::Json(value)))
            }
            _ => return None,
        };
        Some((known, Self { expected, ..self }))
    }

    /// The text that a comment is, which stands as its commitment in what is expected.
    fn text(self, member: &str, value: &Value) -> Option<Expected<'a>> {
        let commitment = value.as_str().filter(|_| member == "comment")?;
        let hash = commitment.parse().ok().and_then(|hash| self.texts.get(&Commitment(hash)).copied().flatten());
        Some(hash.map_or(Expected::Redacted, Expected::Text))
    }

    fn members(self) -> usize {
        match self.expected {
            Expected::Json(value) => value.as_object().map_or(0, serde_json::Map::len),
            Expected::Redacted => 1,
            Expected::Text(_) => 0,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Same<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Same<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what is in the events")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.when(Value::is_null)
    }

    fn visit_bool<E: Error>(self, found: bool) -> Result<(), E> {
        self.when(|value| *value == found)
    }

    fn visit_i64<E: Error>(self, found: i64) -> Result<(), E> {
        self.when(|value| *value == found)
    }

    fn visit_u64<E: Error>(self, found: u64) -> Result<(), E> {
        self.when(|value| *value == found)
    }

    // The numbers are whole, and written as such.
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(differs())
    }

    fn visit_str<E: Error>(self, found: &str) -> Result<(), E> {
        match self.expected {
            Expected::Text(hash) if Sha256Hash::of(found.as_bytes()) == hash => Ok(()),
            _ => self.when(|value| *value == found),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Expected::Json(Value::Array(expected)) = self.expected else { return Err(differs()) };
        for value in expected {
            list.next_element_seed(Same { expected: Expected::Json(value), ..self })?.ok_or_else(differs)?;
        }
        if list.next_element_seed(Refused)?.is_some() { Err(differs()) } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = object.next_key::<String>()? {
            let (name, member) = self.member(&name).ok_or_else(differs)?;
            if !seen.insert(name) {
                return Err(differs());
            }
            object.next_value_seed(member)?;
        }
        if seen.len() == self.members() { Ok(()) } else { Err(differs()) }
    }
}

/// JSON in which no string and no number is longer than any can be: they are what is held whole while it is read.
struct ShortTokens<R> {
    reader: R,
    /// How long the string is that was begun.
    in_string: Option<usize>,
    escaped: bool,
    /// How long the number or word is that was begun.
    word: usize,
}

impl<R: Read> Read for ShortTokens<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        for byte in &into[..read] {
            self.in_string = match (self.in_string, byte) {
                (None, b'"') => Some(0),
                (None, _) => None,
                (Some(_), b'"') if !self.escaped => None,
                (Some(LONGEST_STRING), _) => {
                    return Err(io::Error::other("it has a string that is longer than any can be"));
                }
                (Some(length), _) => Some(length + 1),
            };
            let in_word = self.in_string.is_none()
                && !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'"' | b'[' | b']' | b'{' | b'}');
            self.word = if in_word { self.word + 1 } else { 0 };
            if self.word > LONGEST_WORD {
                return Err(io::Error::other("it has a number that is longer than any can be"));
            }
            self.escaped = self.in_string.is_some() && *byte == b'\\' && !self.escaped;
        }
        Ok(read)
    }
}

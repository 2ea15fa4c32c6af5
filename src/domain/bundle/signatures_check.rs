//! Compares `signatures.json` with the signatures of the events while it reads the file, so that it needs no memory for it,
//! whatever its size. A member that is unexpected, missing or repeated is an error.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    io::{self, Read},
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::SignatureEntry;
use crate::domain::{
    canonical::Sha256Hash,
    exact_json::describe_json_error,
    launch::{event::Seq, texts::Commitment},
};

/// The longest string between two quotes, as it is written: more than a text's longest line.
const MAX_STRING_BYTES: usize = 512 * 1024;
/// The longest number, or word, outside of strings.
const MAX_WORD_BYTES: usize = 32;

/// The hashes of texts, as far as they are there: a text is compared without being kept.
pub(super) type TextHashes = HashMap<Commitment, Option<Sha256Hash>>;

/// Why `signatures.json` is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SignaturesMismatch {
    /// It can't be read.
    Unreadable(String),
    /// It is of other signatures: the first that differs is that of this event; none, when there is one too many.
    Differs(Option<Seq>),
}

/// Compares the file with these entries, which contain a commitment instead of each text.
///
/// # Errors
/// [`SignaturesMismatch`].
pub(super) fn compare_signatures(
    reader: impl Read,
    expected: impl Iterator<Item = SignatureEntry>,
    texts: &TextHashes,
) -> Result<(), SignaturesMismatch> {
    let mut first = None;
    let mut json = serde_json::Deserializer::from_reader(TokenLimitReader {
        reader,
        string_length: None,
        escaped: false,
        word_length: 0,
    });
    let compared =
        json.deserialize_seq(SignatureListVisitor { expected, texts, current: &mut first }).and_then(|()| json.end());
    compared.map_err(|error| match first {
        Some(first) if error.is_data() => SignaturesMismatch::Differs(first),
        _ => SignaturesMismatch::Unreadable(describe_json_error(&error)),
    })
}

/// The list, in which each entry has to be the next that is expected.
struct SignatureListVisitor<'a, I> {
    expected: I,
    texts: &'a TextHashes,
    /// Set once the list has begun: which entry is being compared.
    current: &'a mut Option<Option<Seq>>,
}

impl<'de, I: Iterator<Item = SignatureEntry>> Visitor<'de> for SignatureListVisitor<'_, I> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of signatures")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for entry in self.expected {
            *self.current = Some(Some(entry.event));
            let value = serde_json::to_value(&entry).map_err(A::Error::custom)?;
            list.next_element_seed(ExpectedJsonSeed { expected: ExpectedJson::Value(&value), texts: self.texts })?
                .ok_or_else(mismatch_error)?;
        }
        *self.current = Some(None);
        if list.next_element_seed(RejectedElement)?.is_some() { Err(mismatch_error()) } else { Ok(()) }
    }
}

/// What is never there: nothing of it is read.
struct RejectedElement;

impl<'de> DeserializeSeed<'de> for RejectedElement {
    type Value = IgnoredAny;

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<IgnoredAny, D::Error> {
        Err(mismatch_error())
    }
}

fn mismatch_error<E: Error>() -> E {
    E::custom("it differs from the events")
}

/// What has to be read.
#[derive(Clone, Copy)]
enum ExpectedJson<'a> {
    Value(&'a Value),
    /// A string with this SHA-256.
    Text(Sha256Hash),
    /// The object `{"redacted": true}`.
    Redacted,
}

/// Reads a value and compares it with the expected one.
#[derive(Clone, Copy)]
struct ExpectedJsonSeed<'a> {
    expected: ExpectedJson<'a>,
    texts: &'a TextHashes,
}

impl<'a> ExpectedJsonSeed<'a> {
    fn accept_if<E: Error>(self, same: impl FnOnce(&Value) -> bool) -> Result<(), E> {
        match self.expected {
            ExpectedJson::Value(value) if same(value) => Ok(()),
            _ => Err(mismatch_error()),
        }
    }

    /// What a member has to be, and the name that it is known by.
    fn expect_member(self, name: &str) -> Option<(&'a str, Self)> {
        let (key, expected) = match self.expected {
            ExpectedJson::Redacted if name == "redacted" => ("redacted", ExpectedJson::Value(&Value::Bool(true))),
            ExpectedJson::Value(Value::Object(members)) => {
                let (key, value) = members.get_key_value(name)?;
                (key.as_str(), self.expect_text(key, value).unwrap_or(ExpectedJson::Value(value)))
            }
            _ => return None,
        };
        Some((key, Self { expected, ..self }))
    }

    /// The text of a comment, of which the expected value has the commitment.
    fn expect_text(self, member: &str, value: &Value) -> Option<ExpectedJson<'a>> {
        let commitment = value.as_str().filter(|_| member == "comment")?;
        let hash = commitment.parse().ok().and_then(|hash| self.texts.get(&Commitment(hash)).copied().flatten());
        Some(hash.map_or(ExpectedJson::Redacted, ExpectedJson::Text))
    }

    /// How many members the object has that is expected; `None` if it is no object.
    fn member_count(self) -> Option<usize> {
        match self.expected {
            ExpectedJson::Value(value) => value.as_object().map(serde_json::Map::len),
            ExpectedJson::Redacted => Some(1),
            ExpectedJson::Text(_) => None,
        }
    }
}

impl<'de> DeserializeSeed<'de> for ExpectedJsonSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ExpectedJsonSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what is in the events")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.accept_if(Value::is_null)
    }

    fn visit_bool<E: Error>(self, actual: bool) -> Result<(), E> {
        self.accept_if(|value| *value == actual)
    }

    fn visit_i64<E: Error>(self, actual: i64) -> Result<(), E> {
        self.accept_if(|value| *value == actual)
    }

    fn visit_u64<E: Error>(self, actual: u64) -> Result<(), E> {
        self.accept_if(|value| *value == actual)
    }

    // The numbers are whole, and written as such.
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(mismatch_error())
    }

    fn visit_str<E: Error>(self, actual: &str) -> Result<(), E> {
        match self.expected {
            ExpectedJson::Text(hash) if Sha256Hash::compute(actual.as_bytes()) == hash => Ok(()),
            _ => self.accept_if(|value| *value == actual),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let ExpectedJson::Value(Value::Array(expected)) = self.expected else { return Err(mismatch_error()) };
        for value in expected {
            list.next_element_seed(ExpectedJsonSeed { expected: ExpectedJson::Value(value), ..self })?
                .ok_or_else(mismatch_error)?;
        }
        if list.next_element_seed(RejectedElement)?.is_some() { Err(mismatch_error()) } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = object.next_key::<String>()? {
            let (name, member) = self.expect_member(&name).ok_or_else(mismatch_error)?;
            if !seen.insert(name) {
                return Err(mismatch_error());
            }
            object.next_value_seed(member)?;
        }
        if self.member_count() == Some(seen.len()) { Ok(()) } else { Err(mismatch_error()) }
    }
}

/// JSON in which no string and no number is longer than any can be: they are what is held whole while it is read.
struct TokenLimitReader<R> {
    reader: R,
    /// How long the string is that was begun.
    string_length: Option<usize>,
    escaped: bool,
    /// How long the number or word is that was begun.
    word_length: usize,
}

impl<R: Read> Read for TokenLimitReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        for byte in &into[..read] {
            self.string_length = match (self.string_length, byte) {
                (None, b'"') => Some(0),
                (None, _) => None,
                (Some(_), b'"') if !self.escaped => None,
                (Some(MAX_STRING_BYTES), _) => {
                    return Err(io::Error::other("it has a string that is longer than any can be"));
                }
                (Some(length), _) => Some(length + 1),
            };
            let in_word = self.string_length.is_none()
                && !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'"' | b'[' | b']' | b'{' | b'}');
            self.word_length = if in_word { self.word_length + 1 } else { 0 };
            if self.word_length > MAX_WORD_BYTES {
                return Err(io::Error::other("it has a number that is longer than any can be"));
            }
            self.escaped = self.string_length.is_some() && *byte == b'\\' && !self.escaped;
        }
        Ok(read)
    }
}

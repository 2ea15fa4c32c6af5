//! The signatures of signed notes (C2SP signed-note): a text, an empty line, and a line for each signature of the text.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::key::{KeyHash, PrivateKey, PublicKey};

/// Longer notes are not parsed.
pub(super) const MAX_NOTE_BYTES: usize = 64 * 1_024;
pub(super) const MAX_SIGNATURES: usize = 16;

/// One signature line: the key and the signature's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteSignature {
    name: String,
    hash: KeyHash,
    bytes: Vec<u8>,
}

impl NoteSignature {
    pub(super) fn sign(key: &PrivateKey, text: &str) -> Self {
        let public = key.public_key();
        Self { name: public.name(), hash: public.hash(), bytes: key.sign(text.as_bytes()).to_vec() }
    }

    /// Whether it names this key.
    pub(super) fn names(&self, key: &PublicKey) -> bool {
        self.hash == key.hash() && self.name == key.name()
    }

    pub(super) fn is_valid(&self, key: &PublicKey, text: &str) -> bool {
        key.verifies(&self.bytes, text.as_bytes())
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = BASE64_STANDARD.decode(encoded).ok()?;
        let (hash, bytes) = bytes.split_first_chunk()?;
        if name.is_empty() || name.contains(|sign: char| sign.is_whitespace() || sign == '+') || bytes.is_empty() {
            return None;
        }
        Some(Self { name: name.to_owned(), hash: *hash, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = BASE64_STANDARD.encode([self.hash.as_slice(), &self.bytes].concat());
        writeln!(f, "— {} {encoded}", self.name)
    }
}

/// The signatures of lines that each end with a newline; `None` if there is none, there are too many, or one is malformed.
pub(super) fn parse_signatures(lines: &str) -> Option<Vec<NoteSignature>> {
    let lines = lines.strip_suffix('\n')?;
    let signatures: Option<Vec<_>> = lines.split('\n').take(MAX_SIGNATURES + 1).map(NoteSignature::parse).collect();
    signatures.filter(|signatures| signatures.len() <= MAX_SIGNATURES)
}

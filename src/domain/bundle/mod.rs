//! A bundle: everything about a launch in one ZIP archive, which can be verified with no server, no database and no
//! network. `docs/audit-format.md` is its specification; this is the part of it that needs no file.
//!
//! A bundle has one order, so that one pass suffices: what the history is measured against (key, checkpoints) comes
//! before the history, and what hangs on the history (texts, signatures, files) after it. [`BundleVerifier`] is fed the
//! entries piece by piece and keeps hashes and ids of them, never their content, but for what the last words need.

mod defect;
mod signatures;
mod signatures_check;
pub(super) mod spelling;
mod trust_anchors;
mod verified_bundle;
mod verifier;

#[cfg(test)]
mod tests;

use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};

use self::spelling::{WrittenAsObject, each_object, exactly, object};
pub use self::{
    defect::BundleDefect,
    signatures::{SignatureEntry, SignatureEntryText, to_signature_entries},
    trust_anchors::{HeldCheckpoint, HeldCheckpointError, TrustAnchors},
    verified_bundle::{KeyTrust, VerifiedBundle, VerifiedRedaction},
    verifier::{BundleEntryInput, BundleVerifier},
};
use super::{
    canonical::Sha256Hash,
    exact_json::describe_json_error,
    ids::{ChecklistId, ChecklistVersionId, InstallationId, LaunchId},
    launch::texts::Commitment,
    time::Moment,
};

/// The most events that a history may have: integers in JSON are below 2^53.
const MAX_EVENTS: i64 = (1 << 53) - 1;

/// What a bundle's first entry begins with.
pub const MANIFEST_FORMAT: &str = "signoff/bundle/v1";

/// What every bundle says of itself.
const MANIFEST_NOTE: &str = "The history of a launch, with what it takes to verify it without the server it comes from: `signoff \
                     verify THIS.zip --key KEY`, with a public key that you have from elsewhere. report.html is for \
                     reading, and is the one entry that is not verified.";

/// The first entry: what the bundle is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The identifier of the format: always `signoff/bundle/v1`.
    format: String,
    /// What this is, for who opens it.
    about: String,
    /// The installation it comes from.
    #[serde(deserialize_with = "exactly")]
    pub installation: InstallationId,
    #[serde(deserialize_with = "exactly")]
    pub launch: LaunchId,
    /// How many events there are.
    pub events: i64,
    /// The checklist version that the launch was made from.
    #[serde(deserialize_with = "object")]
    pub checklist: BundleChecklistRef,
}

/// Which version of which checklist. Its content is proven by its hash; its number is the installation's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleChecklistRef {
    #[serde(deserialize_with = "exactly")]
    pub id: ChecklistId,
    #[serde(deserialize_with = "exactly")]
    pub version: ChecklistVersionId,
    /// The number of the version, from 1, as the installation states it.
    pub number: i32,
}

impl Manifest {
    /// The manifest of a bundle with so many events.
    #[must_use]
    pub fn new(installation: InstallationId, launch: LaunchId, events: i64, checklist: BundleChecklistRef) -> Self {
        let (format, about) = (MANIFEST_FORMAT.to_owned(), MANIFEST_NOTE.to_owned());
        Self { format, about, installation, launch, events, checklist }
    }

    /// Reads one; nothing when this is no bundle of this form.
    ///
    /// # Errors
    /// [`BundleDefect`]: it is of no bundle of this form, or of one and not as it has to be.
    pub fn read(bytes: &[u8]) -> Result<Self, BundleDefect> {
        let not_a_bundle = |why: &str| BundleDefect::NotABundle(why.to_owned());
        let unreadable = |why| BundleDefect::Unreadable { name: BundleEntry::Manifest.name(), why };
        let json = std::str::from_utf8(bytes).is_ok() && serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
        if !json {
            return Err(not_a_bundle("bundle.json is not JSON"));
        }
        if !says_format(bytes) {
            return Err(not_a_bundle("bundle.json is none that this version of signoff knows"));
        }
        let manifest: Self = read_object(bytes).map_err(unreadable)?;
        if !(1..=MAX_EVENTS).contains(&manifest.events) || manifest.checklist.number < 1 {
            return Err(unreadable("its numbers can't be those of a launch".to_owned()));
        }
        Ok(manifest)
    }
}

/// Whether JSON is an object with a member `format` that is [`MANIFEST_FORMAT`]. It is read without the reader of this program's own
/// types, which ends at what it does not take (half of a surrogate pair, a number too large, values too deep).
fn says_format(json: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let (mut begin, mut name) = (0, &json[..0]);
    for (at, byte) in json.iter().enumerate() {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match (byte, depth) {
            (b'"', _) => in_string = true,
            (b'[', 0) => return false,
            (b'{', 0) => (depth, begin) = (1, at + 1),
            (b'{' | b'[', _) => depth += 1,
            (b':', 1) => (name, begin) = (&json[begin..at], at + 1),
            (b',' | b'}', 1) if is_format(name, &json[begin..at]) => return true,
            (b',', 1) => begin = at + 1,
            (b'}' | b']', _) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Whether a member, as it is written, is `format` with [`MANIFEST_FORMAT`] as its value.
fn is_format(name: &[u8], value: &[u8]) -> bool {
    let is = |json: &[u8], text: &str| serde_json::from_slice::<String>(json).is_ok_and(|value| value == text);
    is(name, "format") && is(value, MANIFEST_FORMAT)
}

/// Reads an object, or says in words why it is not the one that it has to be.
fn read_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map(|WrittenAsObject(value)| value).map_err(|error| describe_json_error(&error))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BundleEntry {
    /// `bundle.json`: the [`Manifest`], with the format of the bundle and what it is about.
    Manifest,
    /// `key.txt`: the installation's public key.
    Key,
    /// `keys.jsonl`: a [`BundleKeyLine`] for each key after the first. It is only there if there was another key before.
    EarlierKeys,
    /// `checkpoints.jsonl`: a [`BundleCheckpointLine`] for each checkpoint of the launch, by size.
    Checkpoints,
    /// `checklist.json`: the checklist version's canonical content.
    Checklist,
    /// `events.jsonl`: the bytes of each event as they are hashed, a line each.
    Events,
    /// `texts.jsonl`: a [`BundleTextLine`] for each text that is still there.
    Texts,
    /// `signatures.json`: the signatures, as the events have them.
    Signatures,
    /// `evidence/<sha256>`: a file, under the hash of its bytes.
    Evidence(Sha256Hash),
    /// `report.html`: the history as a page for people; no statement of the verifier rests on it.
    Report,
}

impl BundleEntry {
    /// Those that every bundle has, and has once.
    pub const REQUIRED: [Self; 8] = [
        Self::Manifest,
        Self::Key,
        Self::Checkpoints,
        Self::Checklist,
        Self::Events,
        Self::Texts,
        Self::Signatures,
        Self::Report,
    ];

    /// Its name in the archive.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Manifest => "bundle.json".to_owned(),
            Self::Key => "key.txt".to_owned(),
            Self::EarlierKeys => "keys.jsonl".to_owned(),
            Self::Checkpoints => "checkpoints.jsonl".to_owned(),
            Self::Checklist => "checklist.json".to_owned(),
            Self::Events => "events.jsonl".to_owned(),
            Self::Texts => "texts.jsonl".to_owned(),
            Self::Signatures => "signatures.json".to_owned(),
            Self::Evidence(sha256) => format!("evidence/{sha256}"),
            Self::Report => "report.html".to_owned(),
        }
    }

    /// The entry of this very name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let known = Self::REQUIRED.into_iter().chain([Self::EarlierKeys]).find(|entry| entry.name() == name);
        known.or_else(|| {
            let entry = Self::Evidence(name.strip_prefix("evidence/")?.parse().ok()?);
            (entry.name() == name).then_some(entry)
        })
    }
}

/// A line of `keys.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleKeyLine {
    /// The statement that joins a key to the one before it, as a signed note.
    pub statement: String,
}

/// A line of `checkpoints.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleCheckpointLine {
    /// The checkpoint as a signed note.
    pub note: String,
    /// Why it was made. The installation's word, as is all that follows.
    #[serde(deserialize_with = "exactly")]
    pub cause: super::checkpoint::CheckpointCause,
    #[serde(deserialize_with = "exactly")]
    pub at: Moment,
    /// To whom it was delivered.
    #[serde(deserialize_with = "each_object")]
    pub witnesses: Vec<BundleWitnessLine>,
}

/// Somebody to whom a checkpoint was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleWitnessLine {
    pub name: String,
    #[serde(deserialize_with = "exactly")]
    pub at: Moment,
}

/// A line of `texts.jsonl`. The events that contain its commitment show where the text belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleTextLine {
    /// The hash that the events contain instead of the text: SHA-256(salt ‖ UTF-8).
    #[serde(deserialize_with = "exactly")]
    pub commitment: Commitment,
    /// The salt: 32 bytes, written as a hash is.
    #[serde(deserialize_with = "exactly")]
    pub salt: Sha256Hash,
    pub value: String,
}

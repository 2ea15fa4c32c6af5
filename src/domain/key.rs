//! The installation's key: Ed25519 (RFC 8032), written as keys of signed notes are (C2SP signed-note).
//!
//! The key's name is `signoff/<installation id>`, so that the key file alone says which installation this is, and a
//! public key says whose it is. One key signs all logs of its installation: their origins begin with its name.

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};

use super::{canonical::Sha256Hash, ids::InstallationId};

/// What every name of a key begins with.
const PRODUCT: &str = "signoff/";
/// What a private key's text begins with, so that nobody takes it for anything else.
const PRIVATE: &str = "PRIVATE+KEY+";
/// The type of signature in a key's encoding and hash: Ed25519.
const ED25519: u8 = 1;
/// The longest text that can be a key.
const MOST_BYTES: usize = 200;

/// The first bytes of the hash of a key, which a signature names it by.
pub type KeyHash = [u8; 4];

/// An installation's public key. Its text is `signoff/<installation id>+<hash>+<base64>`, known as a *vkey*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey {
    installation: InstallationId,
    key: VerifyingKey,
}

impl PublicKey {
    /// The installation that it is the key of.
    #[must_use]
    pub const fn installation(&self) -> InstallationId {
        self.installation
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        name(self.installation)
    }

    /// The hash that signatures name it by: the beginning of SHA-256(name ‖ newline ‖ 0x01 ‖ key).
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        let [a, b, c, d, ..] =
            *Sha256Hash::of_parts(&[self.name().as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]).bytes();
        [a, b, c, d]
    }

    /// The 32 bytes of the key.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether it made this signature of these bytes. Signatures that other implementations may judge differently
    /// (small-order points, encodings that are not canonical) are refused.
    #[must_use]
    pub fn made(&self, signature: &[u8], bytes: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(bytes, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = BASE64_STANDARD.encode([&[ED25519], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{}+{encoded}", self.name(), hex::encode(self.hash()))
    }
}

/// Why a text is not a key of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// It has not the form at all.
    #[error("it does not have the form of a key")]
    Form,
    /// Its name is not that of an installation.
    #[error("its name is not that of a signoff installation")]
    Name,
    /// It is for signatures of another sort, or no key.
    #[error("it is no Ed25519 key")]
    Algorithm,
    /// Its hash is another's: something in it was changed.
    #[error("its hash does not fit it, so something in it was changed")]
    Hash,
}

impl FromStr for PublicKey {
    type Err = BadKey;

    /// Takes exactly what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (installation, hash, encoded) = parts(text)?;
        let key = VerifyingKey::from_bytes(&*decoded(encoded)?).map_err(|_| BadKey::Algorithm)?;
        // RFC 8032, 5.1.3, refuses a coordinate of 2^255 - 19 or more, which the library takes.
        let is_canonical = key.to_edwards().compress().as_bytes() == key.as_bytes();
        if key.is_weak() || !is_canonical {
            return Err(BadKey::Algorithm);
        }
        let key = Self { installation, key };
        if hex::encode(key.hash()) == hash { Ok(key) } else { Err(BadKey::Hash) }
    }
}

impl TryFrom<String> for PublicKey {
    type Error = BadKey;

    fn try_from(text: String) -> Result<Self, BadKey> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// An installation's key. It can't be copied, and nothing prints it but [`Self::to_text`], for its file; its bytes are
/// wiped from memory when it is dropped.
pub struct PrivateKey {
    installation: InstallationId,
    key: SigningKey,
}

impl PrivateKey {
    /// The key made from these random bytes.
    #[must_use]
    pub fn new(installation: InstallationId, seed: &Zeroizing<[u8; 32]>) -> Self {
        Self { installation, key: SigningKey::from_bytes(seed) }
    }

    /// Reads the text of a key's file: one line.
    ///
    /// # Errors
    /// [`BadKey`], which never repeats what was read.
    pub fn from_text(text: &str) -> Result<Self, BadKey> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let (installation, hash, encoded) = parts(text.strip_prefix(PRIVATE).ok_or(BadKey::Form)?)?;
        let key = Self::new(installation, &decoded(encoded)?);
        if hex::encode(key.public().hash()) == hash { Ok(key) } else { Err(BadKey::Hash) }
    }

    /// The text of its file.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([ED25519; 33]);
        bytes[1..].copy_from_slice(self.key.as_bytes());
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(*bytes));
        let public = self.public();
        Zeroizing::new(format!("{PRIVATE}{}+{}+{}\n", public.name(), hex::encode(public.hash()), *encoded))
    }

    /// The public key to it.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey { installation: self.installation, key: self.key.verifying_key() }
    }

    /// Its signature of these bytes: always the same one of the same bytes.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public())
    }
}

fn name(installation: InstallationId) -> String {
    format!("{PRODUCT}{installation}")
}

/// The installation, the hash and the encoded bytes of a key's text.
fn parts(text: &str) -> Result<(InstallationId, &str, &str), BadKey> {
    if text.len() > MOST_BYTES {
        return Err(BadKey::Form);
    }
    let (named, rest) = text.split_once('+').ok_or(BadKey::Form)?;
    let (hash, encoded) = rest.split_once('+').ok_or(BadKey::Form)?;
    Ok((installation_of(named).ok_or(BadKey::Name)?, hash, encoded))
}

/// The installation that a key's name names; none when it is not exactly how names are written.
#[must_use]
pub fn installation_of(named: &str) -> Option<InstallationId> {
    let installation = named.strip_prefix(PRODUCT)?.parse().ok()?;
    (name(installation) == named).then_some(installation)
}

/// The 32 bytes after the one that says what they are for.
fn decoded(encoded: &str) -> Result<Zeroizing<[u8; 32]>, BadKey> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(encoded).map_err(|_| BadKey::Form)?);
    match bytes.split_first() {
        Some((&ED25519, key)) => Ok(Zeroizing::new(key.try_into().map_err(|_| BadKey::Algorithm)?)),
        _ => Err(BadKey::Algorithm),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// A key for tests, another for each number.
    pub(crate) fn key(number: u8) -> PrivateKey {
        PrivateKey::new(InstallationId(Uuid::from_u128(number.into())), &Zeroizing::new([number; 32]))
    }

    /// RFC 8032, section 7.1, test 3.
    #[test]
    fn signatures_are_those_of_the_published_vector() {
        let mut seed = Zeroizing::new([0; 32]);
        let written = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";
        hex::decode_to_slice(written, seed.as_mut_slice()).unwrap();
        let key = PrivateKey::new(InstallationId(Uuid::nil()), &seed);
        let public = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
        assert_eq!(hex::encode(key.public().bytes()), public);
        let signature = "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
                         18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
        assert_eq!(hex::encode(key.sign(&[0xaf, 0x82])), signature);
        assert!(key.public().made(&hex::decode(signature).unwrap(), &[0xaf, 0x82]));
    }

    #[test]
    fn keys_read_back_what_they_write() {
        let key = key(7);
        let vkey = key.public().to_string();
        assert!(vkey.starts_with("signoff/00000000-0000-0000-0000-000000000007+"), "{vkey}");
        assert_eq!(vkey.parse(), Ok(key.public()));
        assert_eq!(serde_json::to_string(&key.public()).unwrap(), format!("\"{vkey}\""));
        let text = key.to_text();
        assert!(text.starts_with("PRIVATE+KEY+signoff/") && text.ends_with('\n'));
        assert_eq!(PrivateKey::from_text(&text).unwrap().public(), key.public());
        assert_eq!(PrivateKey::from_text(text.trim_end()).unwrap().public(), key.public());
    }

    #[test]
    fn nothing_prints_a_private_key() {
        let key = key(7);
        let told = format!("{key:?} {key:#?}");
        assert!(told.contains(&key.public().to_string()));
        for secret in [hex::encode([7; 32]), BASE64_STANDARD.encode([7; 32]), "7, 7, 7".to_owned()] {
            assert!(!told.contains(&secret), "{told}");
        }
    }

    #[test]
    fn what_is_not_exactly_a_key_is_refused() {
        let (private, public) = (key(7).to_text(), key(7).public().to_string());
        let other = BASE64_STANDARD.encode([&[ED25519], key(8).public().bytes().as_slice()].concat());
        let encoded = public.splitn(3, '+').nth(2).unwrap();
        let head = public.strip_suffix(&format!("+{encoded}")).unwrap();
        let weak = BASE64_STANDARD.encode([&[ED25519, 1][..], &[0; 31]].concat());
        let of_another_sort = BASE64_STANDARD.encode([&[4], key(7).public().bytes().as_slice()].concat());
        for (text, why) in [
            (String::new(), BadKey::Form),
            ("signoff".to_owned(), BadKey::Form),
            (head.to_owned(), BadKey::Form),
            (format!("{public}\n"), BadKey::Form),
            (format!(" {public}"), BadKey::Name),
            (public.replace("signoff/", "Signoff/"), BadKey::Name),
            (public.replace("0000-0000-0000-0000-", "0000000000000000"), BadKey::Name),
            (public.replace("000000000007", "000000000008"), BadKey::Hash),
            (format!("{head}+{other}"), BadKey::Hash),
            (public.to_uppercase(), BadKey::Name),
            (format!("{head}+{}", &encoded[..40]), BadKey::Algorithm),
            (format!("{head}+{of_another_sort}"), BadKey::Algorithm),
            (format!("{head}+{weak}"), BadKey::Algorithm),
            (format!("{head}+{}", "A".repeat(1_000)), BadKey::Form),
            ((*private).clone(), BadKey::Name),
        ] {
            assert_eq!(text.parse::<PublicKey>(), Err(why), "{text:?}");
        }
        for text in ["", "PRIVATE+KEY+", &public, &private.replace("000000000007", "000000000008"), &private[..90]] {
            assert!(PrivateKey::from_text(text).is_err(), "{text:?}");
        }
        assert!(PrivateKey::from_text(&format!("{}\n", *private)).is_err(), "one line, and no more");
    }

    /// RFC 8032 has one encoding of each point; the library takes a coordinate that is too large for the rest of it.
    #[test]
    fn key_whose_point_is_encoded_otherwise_than_it_has_to_be_is_refused() {
        let mut tried = 0;
        for (rest, sign) in (0..19_u8).flat_map(|rest| [(rest, 0), (rest, 0x80)]) {
            // 2^255 - 19 + rest, in little-endian order.
            let mut bytes = [0xff_u8; 32];
            (bytes[0], bytes[31]) = (0xed + rest, 0x7f | sign);
            let Ok(point) = VerifyingKey::from_bytes(&bytes) else { continue };
            tried += usize::from(!point.is_weak());
            let key = PublicKey { installation: InstallationId(Uuid::nil()), key: point };
            assert_eq!(key.to_string().parse::<PublicKey>(), Err(BadKey::Algorithm), "{rest} {sign}");
        }
        assert!(tried > 10, "{tried} points that only their encoding refuses");
    }

    /// Nor is a key what no point has as its coordinate.
    #[test]
    fn key_that_is_not_on_the_curve_is_refused() {
        let mut tried = 0;
        for byte in 0..=255_u8 {
            let mut bytes = [9; 32];
            (bytes[0], bytes[31]) = (byte, 0);
            if VerifyingKey::from_bytes(&bytes).is_ok() {
                continue;
            }
            tried += 1;
            let name = name(InstallationId(Uuid::nil()));
            let hash = Sha256Hash::of_parts(&[name.as_bytes(), b"\n", &[ED25519], &bytes]);
            let encoded = BASE64_STANDARD.encode([&[ED25519], bytes.as_slice()].concat());
            let text = format!("{name}+{}+{encoded}", hex::encode(&hash.bytes()[..4]));
            assert_eq!(text.parse::<PublicKey>(), Err(BadKey::Algorithm), "{text}");
        }
        assert!(tried > 50, "{tried}");
    }

    proptest! {
        #[test]
        fn nonsense_is_no_key(text in "\\PC{0,60}(\\+\\PC{0,20}){0,3}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(text.parse::<PublicKey>().is_err());
            let text = ["PRIVATE+KEY+", &text].concat();
            prop_assert!(PrivateKey::from_text(&text).is_err());
            prop_assert!(!key(1).public().made(&bytes, b"text"));
        }
    }
}

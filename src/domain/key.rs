//! The installation's key: Ed25519 (RFC 8032), in the format of the keys of signed notes (C2SP signed-note).
//!
//! The name of the key is `signoff/<installation id>`, so the key file alone identifies its installation, and so does a
//! public key. One key signs all logs of its installation: the origins of these logs begin with its name.

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};

use super::{canonical::Sha256Hash, ids::InstallationId};

/// The prefix of every key name.
const NAME_PREFIX: &str = "signoff/";
/// The prefix of a private key's text, so that nobody mistakes it for something else.
const PRIVATE_PREFIX: &str = "PRIVATE+KEY+";
/// The signature type in the encoding and in the hash of a key: Ed25519.
const ED25519_TYPE: u8 = 1;
/// The maximum length of a key's text.
const MAX_BYTES: usize = 200;

/// The first bytes of a key's hash. Signatures contain it to identify the key.
pub type KeyHash = [u8; 4];

/// An installation's public key. Its text, `signoff/<installation id>+<hash>+<base64>`, is known as a *vkey*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey {
    installation: InstallationId,
    key: VerifyingKey,
}

impl PublicKey {
    #[must_use]
    pub const fn installation(&self) -> InstallationId {
        self.installation
    }

    #[must_use]
    pub fn name(&self) -> String {
        name(self.installation)
    }

    /// The hash that identifies the key in signatures: the first bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key).
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        let [a, b, c, d, ..] =
            *Sha256Hash::compute_from_parts(&[self.name().as_bytes(), b"\n", &[ED25519_TYPE], self.key.as_bytes()])
                .to_bytes();
        [a, b, c, d]
    }

    /// The 32 raw bytes of the key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Verifies a signature over these bytes. It rejects signatures that other implementations may judge differently
    /// (small-order points, non-canonical encodings).
    #[must_use]
    pub fn verifies(&self, signature: &[u8], bytes: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(bytes, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = BASE64_STANDARD.encode([&[ED25519_TYPE], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{}+{encoded}", self.name(), hex::encode(self.hash()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyParseError {
    #[error("it does not have the form of a key")]
    Format,
    #[error("its name is not that of a signoff installation")]
    Name,
    /// It is for another signature algorithm, or it is not a valid key.
    #[error("it is no Ed25519 key")]
    Algorithm,
    /// The hash does not match the key, so something in the text was changed.
    #[error("its hash does not fit it, so something in it was changed")]
    Hash,
}

impl FromStr for PublicKey {
    type Err = KeyParseError;

    /// Accepts exactly the text that [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, KeyParseError> {
        let (installation, hash, encoded) = split_key_text(text)?;
        let key = VerifyingKey::from_bytes(&*decode_key_bytes(encoded)?).map_err(|_| KeyParseError::Algorithm)?;
        // RFC 8032, 5.1.3, refuses a coordinate of 2^255 - 19 or more, which the library takes.
        let is_canonical = key.to_edwards().compress().as_bytes() == key.as_bytes();
        if key.is_weak() || !is_canonical {
            return Err(KeyParseError::Algorithm);
        }
        let key = Self { installation, key };
        if hex::encode(key.hash()) == hash { Ok(key) } else { Err(KeyParseError::Hash) }
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyParseError;

    fn try_from(text: String) -> Result<Self, KeyParseError> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// An installation's private key. It can't be copied, and only [`Self::to_text`] prints it, for the key file. Its bytes
/// are wiped from memory when it is dropped.
pub struct PrivateKey {
    installation: InstallationId,
    key: SigningKey,
}

impl PrivateKey {
    #[must_use]
    pub fn new(installation: InstallationId, seed: &Zeroizing<[u8; 32]>) -> Self {
        Self { installation, key: SigningKey::from_bytes(seed) }
    }

    /// Reads the text of a key file: one line.
    ///
    /// # Errors
    /// [`KeyParseError`], which never repeats the text.
    pub fn from_text(text: &str) -> Result<Self, KeyParseError> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let (installation, hash, encoded) =
            split_key_text(text.strip_prefix(PRIVATE_PREFIX).ok_or(KeyParseError::Format)?)?;
        let key = Self::new(installation, &decode_key_bytes(encoded)?);
        if hex::encode(key.public_key().hash()) == hash { Ok(key) } else { Err(KeyParseError::Hash) }
    }

    /// The text of the key file.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([ED25519_TYPE; 33]);
        bytes[1..].copy_from_slice(self.key.as_bytes());
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(*bytes));
        let public = self.public_key();
        Zeroizing::new(format!("{PRIVATE_PREFIX}{}+{}+{}\n", public.name(), hex::encode(public.hash()), *encoded))
    }

    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey { installation: self.installation, key: self.key.verifying_key() }
    }

    /// Signs these bytes. The signature is deterministic.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public_key())
    }
}

fn name(installation: InstallationId) -> String {
    format!("{NAME_PREFIX}{installation}")
}

/// Splits a key's text into the installation, the hash and the encoded bytes.
fn split_key_text(text: &str) -> Result<(InstallationId, &str, &str), KeyParseError> {
    if text.len() > MAX_BYTES {
        return Err(KeyParseError::Format);
    }
    let (named, rest) = text.split_once('+').ok_or(KeyParseError::Format)?;
    let (hash, encoded) = rest.split_once('+').ok_or(KeyParseError::Format)?;
    Ok((parse_key_name(named).ok_or(KeyParseError::Name)?, hash, encoded))
}

/// The installation in a key's name, or `None` unless the name has exactly the form in which names are written.
#[must_use]
pub fn parse_key_name(named: &str) -> Option<InstallationId> {
    let installation = named.strip_prefix(NAME_PREFIX)?.parse().ok()?;
    (name(installation) == named).then_some(installation)
}

/// The 32 bytes that follow the type byte.
fn decode_key_bytes(encoded: &str) -> Result<Zeroizing<[u8; 32]>, KeyParseError> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(encoded).map_err(|_| KeyParseError::Format)?);
    match bytes.split_first() {
        Some((&ED25519_TYPE, key)) => Ok(Zeroizing::new(key.try_into().map_err(|_| KeyParseError::Algorithm)?)),
        _ => Err(KeyParseError::Algorithm),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// A key for tests, a different one for each number.
    pub(crate) fn test_key(number: u8) -> PrivateKey {
        PrivateKey::new(InstallationId(Uuid::from_u128(number.into())), &Zeroizing::new([number; 32]))
    }

    /// RFC 8032, section 7.1, test 3.
    #[test]
    fn key_signature_matches_rfc_8032_vector() {
        let mut seed = Zeroizing::new([0; 32]);
        let written = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";
        hex::decode_to_slice(written, seed.as_mut_slice()).unwrap();
        let key = PrivateKey::new(InstallationId(Uuid::nil()), &seed);
        let public = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
        assert_eq!(hex::encode(key.public_key().as_bytes()), public);
        let signature = "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
                         18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
        assert_eq!(hex::encode(key.sign(&[0xaf, 0x82])), signature);
        assert!(key.public_key().verifies(&hex::decode(signature).unwrap(), &[0xaf, 0x82]));
    }

    #[test]
    fn key_text_is_read_back_unchanged() {
        let key = test_key(7);
        let vkey = key.public_key().to_string();
        assert!(vkey.starts_with("signoff/00000000-0000-0000-0000-000000000007+"), "{vkey}");
        assert_eq!(vkey.parse(), Ok(key.public_key()));
        assert_eq!(serde_json::to_string(&key.public_key()).unwrap(), format!("\"{vkey}\""));
        let text = key.to_text();
        assert!(text.starts_with("PRIVATE+KEY+signoff/") && text.ends_with('\n'));
        assert_eq!(PrivateKey::from_text(&text).unwrap().public_key(), key.public_key());
        assert_eq!(PrivateKey::from_text(text.trim_end()).unwrap().public_key(), key.public_key());
    }

    #[test]
    fn private_key_debug_output_hides_the_secret() {
        let key = test_key(7);
        let output = format!("{key:?} {key:#?}");
        assert!(output.contains(&key.public_key().to_string()));
        for secret in [hex::encode([7; 32]), BASE64_STANDARD.encode([7; 32]), "7, 7, 7".to_owned()] {
            assert!(!output.contains(&secret), "{output}");
        }
    }

    #[test]
    fn key_text_in_any_other_form_is_refused() {
        let (private, public) = (test_key(7).to_text(), test_key(7).public_key().to_string());
        let other = BASE64_STANDARD.encode([&[ED25519_TYPE], test_key(8).public_key().as_bytes().as_slice()].concat());
        let encoded = public.splitn(3, '+').nth(2).unwrap();
        let head = public.strip_suffix(&format!("+{encoded}")).unwrap();
        let weak = BASE64_STANDARD.encode([&[ED25519_TYPE, 1][..], &[0; 31]].concat());
        let of_another_sort = BASE64_STANDARD.encode([&[4], test_key(7).public_key().as_bytes().as_slice()].concat());
        for (text, why) in [
            (String::new(), KeyParseError::Format),
            ("signoff".to_owned(), KeyParseError::Format),
            (head.to_owned(), KeyParseError::Format),
            (format!("{public}\n"), KeyParseError::Format),
            (format!(" {public}"), KeyParseError::Name),
            (public.replace("signoff/", "Signoff/"), KeyParseError::Name),
            (public.replace("0000-0000-0000-0000-", "0000000000000000"), KeyParseError::Name),
            (public.replace("000000000007", "000000000008"), KeyParseError::Hash),
            (format!("{head}+{other}"), KeyParseError::Hash),
            (public.to_uppercase(), KeyParseError::Name),
            (format!("{head}+{}", &encoded[..40]), KeyParseError::Algorithm),
            (format!("{head}+{of_another_sort}"), KeyParseError::Algorithm),
            (format!("{head}+{weak}"), KeyParseError::Algorithm),
            (format!("{head}+{}", "A".repeat(1_000)), KeyParseError::Format),
            ((*private).clone(), KeyParseError::Name),
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
            assert_eq!(key.to_string().parse::<PublicKey>(), Err(KeyParseError::Algorithm), "{rest} {sign}");
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
            let hash = Sha256Hash::compute_from_parts(&[name.as_bytes(), b"\n", &[ED25519_TYPE], &bytes]);
            let encoded = BASE64_STANDARD.encode([&[ED25519_TYPE], bytes.as_slice()].concat());
            let text = format!("{name}+{}+{encoded}", hex::encode(&hash.to_bytes()[..4]));
            assert_eq!(text.parse::<PublicKey>(), Err(KeyParseError::Algorithm), "{text}");
        }
        assert!(tried > 50, "{tried}");
    }

    proptest! {
        #[test]
        fn key_parser_refuses_random_text(text in "\\PC{0,60}(\\+\\PC{0,20}){0,3}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(text.parse::<PublicKey>().is_err());
            let text = ["PRIVATE+KEY+", &text].concat();
            prop_assert!(PrivateKey::from_text(&text).is_err());
            prop_assert!(!test_key(1).public_key().verifies(&bytes, b"text"));
        }
    }
}

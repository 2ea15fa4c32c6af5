//! Encrypts stored values that have to be read again but must be useless to somebody who reads the database: secrets of
//! second factors, mails in the queue, and addresses and secrets of webhooks. Only the configuration has the key.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce of 192 bits, which is unique without a counter.
//! The purpose and the owner's id are authenticated as well: a ciphertext moved to another row can't be decrypted.

use std::fmt;

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

use crate::ambient;

/// The first byte of an encrypted value, so that another format can follow.
const VERSION: u8 = 1;

const NONCE_BYTES: usize = 24;

/// The encryption key. It is never printed.
#[derive(Clone)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey([hidden])")
    }
}

/// What an encrypted value is for. A value encrypted for one purpose can't be decrypted for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPurpose {
    /// The second-factor secret of an account.
    SecondFactor,
    /// The same before it is confirmed, while the page that sets it up holds it.
    SecondFactorEnrolment,
    /// A mail in the queue.
    Mail,
    /// The address at which a person ends mails.
    Unsubscription,
    /// The address of a webhook, which lets whoever has it write there.
    WebhookAddress,
    /// The secret with which messages to a webhook are signed.
    WebhookSecret,
}

impl SecretPurpose {
    const fn tag(self) -> &'static str {
        match self {
            Self::SecondFactor => "signoff/second-factor/v1",
            Self::SecondFactorEnrolment => "signoff/second-factor-setting-up/v1",
            Self::Mail => "signoff/letter/v1",
            Self::Unsubscription => "signoff/unsubscription/v1",
            Self::WebhookAddress => "signoff/webhook-address/v1",
            Self::WebhookSecret => "signoff/webhook-secret/v1",
        }
    }
}

impl EncryptionKey {
    /// Parses 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text, key.as_mut_slice()).ok()?;
        Some(Self(key))
    }

    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_slice()))
    }

    /// Encrypts a value for a purpose, bound to the id of its owner.
    ///
    /// # Errors
    /// When it is longer than the cipher's limit of 256 GB.
    pub fn encrypt(&self, purpose: SecretPurpose, of: Uuid, open: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce = ambient::random_bytes::<NONCE_BYTES>();
        let bound = associated_data(purpose, of);
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: open, aad: &bound })
            .map_err(|_| anyhow::anyhow!("it can't be sealed"))?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts a value that [`Self::encrypt`] encrypted with this key, purpose and id; `None` for any other.
    #[must_use]
    pub fn decrypt(&self, purpose: SecretPurpose, of: Uuid, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().filter(|_| *version == VERSION)?;
        let bound = associated_data(purpose, of);
        let open = self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &bound });
        open.ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}

fn associated_data(purpose: SecretPurpose, of: Uuid) -> Vec<u8> {
    [purpose.tag().as_bytes(), of.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: &str) -> EncryptionKey {
        EncryptionKey::from_hex(&digit.repeat(64)).unwrap()
    }

    #[test]
    fn encrypted_value_decrypts_only_with_its_key_purpose_and_owner() {
        let (ana, ben) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = key("a").encrypt(SecretPurpose::SecondFactor, ana, b"the secret").unwrap();
        assert!(!sealed.windows(10).any(|part| part == b"the secret"));
        assert_eq!(key("a").decrypt(SecretPurpose::SecondFactor, ana, &sealed).unwrap().as_slice(), b"the secret");
        assert_ne!(
            key("a").encrypt(SecretPurpose::SecondFactor, ana, b"the secret").unwrap(),
            sealed,
            "a nonce of its own"
        );
        // A version, a nonce of 192 bits, and what XChaCha20-Poly1305 makes of it, with a tag of 128 bits.
        assert_eq!((sealed[0], sealed.len()), (VERSION, 1 + 24 + b"the secret".len() + 16));
        let cipher = XChaCha20Poly1305::new(&[0xaa; 32].into());
        let nonce: [u8; 24] = sealed[1..25].try_into().unwrap();
        let bound = [&b"signoff/second-factor/v1"[..], ana.as_bytes()].concat();
        let open = cipher.decrypt(&XNonce::from(nonce), Payload { msg: &sealed[25..], aad: &bound }).unwrap();
        assert_eq!(open, b"the secret");
        let other_version = [&[VERSION + 1], &sealed[1..]].concat();
        assert!(key("a").decrypt(SecretPurpose::SecondFactor, ana, &other_version).is_none(), "another version");
        assert!(key("b").decrypt(SecretPurpose::SecondFactor, ana, &sealed).is_none(), "another key");
        assert!(key("a").decrypt(SecretPurpose::SecondFactor, ben, &sealed).is_none(), "another's row");
        assert!(key("a").decrypt(SecretPurpose::SecondFactorEnrolment, ana, &sealed).is_none(), "another purpose");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key("a").decrypt(SecretPurpose::SecondFactor, ana, &changed).is_none(), "byte {at}");
            assert!(key("a").decrypt(SecretPurpose::SecondFactor, ana, &sealed[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn encryption_key_is_64_digits_and_is_not_printed() {
        for bad in ["", "a", &"a".repeat(63), &"a".repeat(65), &"g".repeat(64)] {
            assert!(EncryptionKey::from_hex(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{:?}", key("a")), "SealingKey([hidden])");
    }
}

//! What has to be read again and yet be of no use to who reads the database: secrets of second factors, letters on their
//! way. Encrypted with a key that only the configuration has.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce of 192 bits, which needs no counter to be unique.
//! What is sealed is bound to what it is for and to whose it is: moved to another row, it does not open.

use std::fmt;

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

use crate::ambient;

/// What a sealed thing begins with, so that another way of sealing can follow this one.
const VERSION: u8 = 1;

const NONCE: usize = 24;

/// The key. It is never printed.
#[derive(Clone)]
pub struct SealingKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey([hidden])")
    }
}

/// What a sealed thing is for. What was sealed for one does not open for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// The secret of a second factor, of an account.
    SecondFactor,
    /// The same before it is confirmed: held by the page of who sets it up.
    SettingUp,
    /// A letter in the outbox.
    Letter,
}

impl For {
    const fn tag(self) -> &'static str {
        match self {
            Self::SecondFactor => "signoff/second-factor/v1",
            Self::SettingUp => "signoff/second-factor-setting-up/v1",
            Self::Letter => "signoff/letter/v1",
        }
    }
}

impl SealingKey {
    /// Reads a key: 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text, key.as_mut_slice()).ok()?;
        Some(Self(key))
    }

    /// Seals something for a purpose, bound to the id of what it belongs to.
    ///
    /// # Errors
    /// When it is longer than the cipher takes, which is 256 GB.
    pub fn seal(&self, purpose: For, of: Uuid, open: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce = ambient::random::<NONCE>();
        let bound = bound(purpose, of);
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: open, aad: &bound })
            .map_err(|_| anyhow::anyhow!("it can't be sealed"))?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Self::seal`] sealed with this key, for this purpose and id; nothing else opens.
    #[must_use]
    pub fn open(&self, purpose: For, of: Uuid, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().filter(|_| *version == VERSION)?;
        let bound = bound(purpose, of);
        let open = self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &bound });
        open.ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}

fn bound(purpose: For, of: Uuid) -> Vec<u8> {
    [purpose.tag().as_bytes(), of.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: &str) -> SealingKey {
        SealingKey::from_hex(&digit.repeat(64)).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_for_the_same_thing_alone() {
        let (ana, ben) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = key("a").seal(For::SecondFactor, ana, b"the secret").unwrap();
        assert!(!sealed.windows(10).any(|part| part == b"the secret"));
        assert_eq!(key("a").open(For::SecondFactor, ana, &sealed).unwrap().as_slice(), b"the secret");
        assert_ne!(key("a").seal(For::SecondFactor, ana, b"the secret").unwrap(), sealed, "a nonce of its own");
        // A version, a nonce of 192 bits, and what XChaCha20-Poly1305 makes of it, with a tag of 128 bits.
        assert_eq!((sealed[0], sealed.len()), (VERSION, 1 + 24 + b"the secret".len() + 16));
        let cipher = XChaCha20Poly1305::new(&[0xaa; 32].into());
        let nonce: [u8; 24] = sealed[1..25].try_into().unwrap();
        let bound = [&b"signoff/second-factor/v1"[..], ana.as_bytes()].concat();
        let open = cipher.decrypt(&XNonce::from(nonce), Payload { msg: &sealed[25..], aad: &bound }).unwrap();
        assert_eq!(open, b"the secret");
        let other_version = [&[VERSION + 1], &sealed[1..]].concat();
        assert!(key("a").open(For::SecondFactor, ana, &other_version).is_none(), "another version");
        assert!(key("b").open(For::SecondFactor, ana, &sealed).is_none(), "another key");
        assert!(key("a").open(For::SecondFactor, ben, &sealed).is_none(), "another's row");
        assert!(key("a").open(For::SettingUp, ana, &sealed).is_none(), "another purpose");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key("a").open(For::SecondFactor, ana, &changed).is_none(), "byte {at}");
            assert!(key("a").open(For::SecondFactor, ana, &sealed[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn a_key_is_64_digits_and_is_not_printed() {
        for bad in ["", "a", &"a".repeat(63), &"a".repeat(65), &"g".repeat(64)] {
            assert!(SealingKey::from_hex(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{:?}", key("a")), "SealingKey([hidden])");
    }
}

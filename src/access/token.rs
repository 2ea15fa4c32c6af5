//! Secrets in cookies and one-time addresses: 256 random bits, of which only the hash is ever stored.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{ambient, domain::canonical::Sha256Hash};

/// A secret. It is never logged or stored.
pub struct Token([u8; 32]);

impl Token {
    /// A new one.
    #[must_use]
    pub fn draw() -> Self {
        Self(ambient::random())
    }

    /// Reads what [`Self::text`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Its text: 43 characters that stand in a cookie or an address as they are.
    #[must_use]
    pub fn text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The hash under which it is known. It needs no salt or slowness: there is nothing to guess.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::of(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_nothing_else_does() {
        let token = Token::draw();
        assert_eq!(token.text().len(), 43);
        assert_eq!(Token::read(&token.text()).unwrap().hash(), token.hash());
        for bad in ["", "x", &"A".repeat(42), &"A".repeat(44), &"A".repeat(4_000), "%%%", "\0"] {
            assert!(Token::read(bad).is_none(), "{bad}");
        }
    }
}

//! Secrets in cookies and one-time addresses: 256 random bits, of which only the hash is ever stored.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{ambient, domain::canonical::Sha256Hash};

/// A secret. It is never logged or stored.
pub struct Token([u8; 32]);

impl Token {
    #[must_use]
    pub fn generate() -> Self {
        Self(ambient::random_bytes())
    }

    /// Parses the output of [`Self::to_text`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// 43 characters that need no escaping in a cookie or an address.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The hash under which the secret is stored. It needs no salt or slow function: 256 random bits can't be guessed.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::compute(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_parses_its_own_text_and_nothing_else() {
        let token = Token::generate();
        assert_eq!(token.to_text().len(), 43);
        assert_eq!(Token::parse(&token.to_text()).unwrap().hash(), token.hash());
        for bad in ["", "x", &"A".repeat(42), &"A".repeat(44), &"A".repeat(4_000), "%%%", "\0"] {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
    }
}

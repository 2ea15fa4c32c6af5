//! The keys of an installation, one after the other, and the statements that join them.
//!
//! When a key is **rotated**, the old one and the new one sign the same statement: the old one that the new one is its
//! successor, the new one that it accepts. When a key was lost, the new one signs alone: the statement says that it
//! **replaced** the lost one, which anybody could say who makes a key. So a chain of keys is only as strong as its part
//! after the last replacement.
//!
//! ```text
//! signoff/<installation id>/keys
//! 2
//! rotated
//! signoff/<installation id>+<hash>+<the old key>
//! signoff/<installation id>+<hash>+<the new key>
//! 31
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — signoff/<installation id> <signature of the old key>
//! — signoff/<installation id> <signature of the new key>
//! ```
//!
//! The second line is the number of the new key. The last two are the size and root of the audit log before the entry with
//! the statement: they fix where it happened. No checkpoint begins like a statement, so neither can be taken for the other.

use std::{fmt, str::FromStr};

use super::{
    checkpoint::{Checkpoint, CheckpointSignatureError, SignedCheckpoint, encode_root, parse_root, parse_size},
    key::{PrivateKey, PublicKey},
    merkle::proof::TreeHead,
    signed_note::{MAX_NOTE_BYTES, NoteSignature, parse_signatures},
};

/// How a key came after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Succession {
    /// The old key has signed that this one follows it.
    Rotated,
    /// The old key was lost, and has signed nothing.
    Replaced,
}

impl Succession {
    const fn slug(self) -> &'static str {
        match self {
            Self::Rotated => "rotated",
            Self::Replaced => "replaced",
        }
    }
}

/// Says that a key follows another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatement {
    /// The number of the new key, from 2.
    pub number: u32,
    pub succession: Succession,
    pub old: PublicKey,
    pub new: PublicKey,
    /// The audit log before it.
    pub log: TreeHead,
}

impl KeyStatement {
    /// Signs a rotation with both keys.
    #[must_use]
    pub fn sign_rotation(number: u32, old: &PrivateKey, new: &PrivateKey, log: TreeHead) -> SignedKeyStatement {
        let (succession, old_key) = (Succession::Rotated, old.public_key());
        Self { number, succession, old: old_key, new: new.public_key(), log }.sign(&[old, new])
    }

    #[must_use]
    pub fn sign_replacement(number: u32, lost: PublicKey, new: &PrivateKey, log: TreeHead) -> SignedKeyStatement {
        Self { number, succession: Succession::Replaced, old: lost, new: new.public_key(), log }.sign(&[new])
    }

    fn sign(self, keys: &[&PrivateKey]) -> SignedKeyStatement {
        let text = self.to_string();
        let signatures = keys.iter().map(|key| NoteSignature::sign(key, &text)).collect();
        SignedKeyStatement { statement: self, signatures }
    }
}

impl fmt::Display for KeyStatement {
    /// The signed part: seven lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, succession, old, new, log } = self;
        writeln!(f, "{}/keys\n{number}\n{}\n{old}\n{new}", new.name(), succession.slug())?;
        writeln!(f, "{}\n{}", log.size, encode_root(log.root))
    }
}

/// A statement with its signatures, which are not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedKeyStatement {
    statement: KeyStatement,
    signatures: Vec<NoteSignature>,
}

impl SignedKeyStatement {
    /// The statement without any verification.
    #[must_use]
    pub const fn unverified_statement(&self) -> &KeyStatement {
        &self.statement
    }

    /// Verifies that exactly the keys have signed that have to, in their order.
    fn verify(&self) -> Result<&KeyStatement, KeyChainError> {
        let KeyStatement { succession, old, new, .. } = &self.statement;
        let signers: &[&PublicKey] = match succession {
            Succession::Rotated => &[old, new],
            Succession::Replaced => &[new],
        };
        let text = self.statement.to_string();
        let holds =
            |(signature, key): (&NoteSignature, &&PublicKey)| signature.names(key) && signature.is_valid(key, &text);
        let all = self.signatures.len() == signers.len() && self.signatures.iter().zip(signers).all(holds);
        if all { Ok(&self.statement) } else { Err(KeyChainError::Signature) }
    }
}

impl fmt::Display for SignedKeyStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.statement)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}

impl FromStr for SignedKeyStatement {
    type Err = KeyChainError;

    /// Accepts exactly the text that [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, KeyChainError> {
        let parse = || {
            let (signed, signatures) = text.split_once("\n\n").filter(|_| text.len() <= MAX_NOTE_BYTES)?;
            let lines: Vec<&str> = signed.split('\n').collect();
            let [_, number, succession, old, new, size, root] = lines[..] else { return None };
            let succession =
                [Succession::Rotated, Succession::Replaced].into_iter().find(|it| it.slug() == succession)?;
            let log = TreeHead { size: parse_size(size).ok()?, root: parse_root(root).ok()? };
            let (number, old, new) = (number.parse().ok()?, old.parse().ok()?, new.parse().ok()?);
            let statement = KeyStatement { number, succession, old, new, log };
            let signatures = parse_signatures(signatures)?;
            Some(Self { statement, signatures })
        };
        parse().filter(|parsed: &Self| parsed.to_string() == text).ok_or(KeyChainError::Format)
    }
}

/// Why a statement does not continue a chain of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyChainError {
    #[error("it does not have the form of a statement about keys")]
    Format,
    #[error("it is of another installation")]
    OtherInstallation,
    #[error("it does not have the next number")]
    Number,
    #[error("it does not follow from the key before it")]
    OtherKey,
    #[error("its new key was a key of this installation before")]
    KeyAgain,
    #[error("it was made of an earlier state of the audit log than the statement before it")]
    Order,
    /// A signature is missing, false, or of somebody else.
    #[error("it is not signed by the keys that have to sign it")]
    Signature,
    #[error("there are more statements than an installation makes")]
    TooMany,
}

/// What a chain of keys says of a key from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStanding {
    /// It is the newest key, or each key from it to the newest has signed the next one.
    Connected,
    /// It is the key with this number, which the next key replaced, or one before that.
    BeforeReplacement(u32),
    Unknown,
}

/// The keys of an installation, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChain {
    first: PublicKey,
    statements: Vec<SignedKeyStatement>,
}

impl KeyChain {
    /// How many statements are accepted: with a rotation a month, those of 80 years.
    const MAX_STATEMENTS: usize = 1_000;

    #[must_use]
    pub const fn new(first: PublicKey) -> Self {
        Self { first, statements: Vec::new() }
    }

    /// Adds the next key, after its statement was verified.
    ///
    /// # Errors
    /// [`KeyChainError`]: the statement does not continue this chain.
    pub fn extend(&mut self, signed: SignedKeyStatement) -> Result<(), KeyChainError> {
        let statement = signed.verify()?;
        if statement.new.installation() != self.first.installation()
            || statement.old.installation() != self.first.installation()
        {
            return Err(KeyChainError::OtherInstallation);
        }
        if statement.number != self.newest_number() + 1 {
            return Err(KeyChainError::Number);
        }
        if statement.old != *self.newest() {
            return Err(KeyChainError::OtherKey);
        }
        if self.number_of(&statement.new).is_some() {
            return Err(KeyChainError::KeyAgain);
        }
        let before = self.statements.last().map_or(0, |before| before.statement.log.size);
        if statement.log.size <= before {
            return Err(KeyChainError::Order);
        }
        if self.statements.len() == Self::MAX_STATEMENTS {
            return Err(KeyChainError::TooMany);
        }
        self.statements.push(signed);
        Ok(())
    }

    /// The statements, of which the first is about key 2.
    #[must_use]
    pub fn statements(&self) -> &[SignedKeyStatement] {
        &self.statements
    }

    /// All keys, the oldest first.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &PublicKey> {
        std::iter::once(&self.first).chain(self.statements.iter().map(|signed| &signed.statement.new))
    }

    #[must_use]
    pub fn newest(&self) -> &PublicKey {
        self.statements.last().map_or(&self.first, |signed| &signed.statement.new)
    }

    #[must_use]
    pub fn newest_number(&self) -> u32 {
        1 + u32::try_from(self.statements.len()).unwrap_or(u32::MAX - 1)
    }

    /// The number of a key, from 1.
    #[must_use]
    pub fn number_of(&self, key: &PublicKey) -> Option<u32> {
        (1..).zip(self.keys()).find(|(_, known)| *known == key).map(|(number, _)| number)
    }

    /// The number of the newest key that replaced a lost one.
    #[must_use]
    pub fn newest_replacement(&self) -> Option<u32> {
        let replaced = self.statements.iter().rev().map(SignedKeyStatement::unverified_statement);
        replaced.filter(|statement| statement.succession == Succession::Replaced).map(|it| it.number).next()
    }

    #[must_use]
    pub fn standing_of(&self, key: &PublicKey) -> KeyStanding {
        match (self.number_of(key), self.newest_replacement()) {
            (None, _) => KeyStanding::Unknown,
            (Some(number), Some(replacement)) if number < replacement => KeyStanding::BeforeReplacement(number),
            (Some(_), _) => KeyStanding::Connected,
        }
    }

    /// Verifies a checkpoint with the keys of this chain that its signatures name. Returns the highest of their numbers, and
    /// the checkpoint.
    ///
    /// # Errors
    /// When no signature names one of the keys, or one that does is false.
    pub fn verify(&self, note: &SignedCheckpoint) -> Result<(u32, Checkpoint), CheckpointSignatureError> {
        let mut found = Err(CheckpointSignatureError::OtherKey);
        for (number, key) in (1..).zip(self.keys()) {
            match note.verify(key) {
                Ok(checkpoint) => found = Ok((number, checkpoint)),
                Err(CheckpointSignatureError::OtherKey) => {}
                Err(why) => return Err(why),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use secrecy::zeroize::Zeroizing;

    use super::*;
    use crate::domain::{
        canonical::Sha256Hash,
        checkpoint::{LogId, LogOrigin},
        ids::InstallationId,
    };

    /// The key of an installation with this number.
    fn key(installation: u128, number: u8) -> PrivateKey {
        PrivateKey::new(InstallationId(uuid::Uuid::from_u128(installation)), &Zeroizing::new([number; 32]))
    }

    fn head(size: u64) -> TreeHead {
        TreeHead { size, root: Sha256Hash::compute(&size.to_be_bytes()) }
    }

    fn chain(first: &PrivateKey, statements: &[SignedKeyStatement]) -> Result<KeyChain, KeyChainError> {
        let mut chain = KeyChain::new(first.public_key());
        for statement in statements {
            // As it is read from elsewhere.
            chain.extend(statement.to_string().parse()?)?;
        }
        Ok(chain)
    }

    #[test]
    fn rotated_keys_are_connected_and_replaced_ones_are_not() {
        let [a, b, c, d] = [1, 2, 3, 4].map(|number| key(7, number));
        let statements = [
            KeyStatement::sign_rotation(2, &a, &b, head(5)),
            KeyStatement::sign_replacement(3, b.public_key(), &c, head(9)),
            KeyStatement::sign_rotation(4, &c, &d, head(12)),
        ];
        let chain = chain(&a, &statements).unwrap();
        assert_eq!((chain.newest(), chain.newest_number()), (&d.public_key(), 4));
        assert_eq!(chain.newest_replacement(), Some(3));
        let standing = |key: &PrivateKey| chain.standing_of(&key.public_key());
        assert_eq!(standing(&a), KeyStanding::BeforeReplacement(1));
        assert_eq!(standing(&b), KeyStanding::BeforeReplacement(2));
        assert_eq!((standing(&c), standing(&d)), (KeyStanding::Connected, KeyStanding::Connected));
        assert_eq!(standing(&key(7, 9)), KeyStanding::Unknown);
    }

    #[test]
    fn forged_statement_continues_no_chain() {
        let [a, b, c] = [1, 2, 3].map(|number| key(7, number));
        let stranger = key(8, 4);
        let good = KeyStatement::sign_rotation(2, &a, &b, head(5));
        let next = KeyStatement::sign_rotation(3, &b, &c, head(9));
        let resign = |statement: &KeyStatement, keys: &[&PrivateKey]| statement.clone().sign(keys);
        let hidden = KeyStatement {
            succession: Succession::Rotated,
            ..KeyStatement::sign_replacement(2, a.public_key(), &b, head(5)).statement
        };
        for (case, statements, why) in [
            ("signed by a stranger", vec![resign(&good.statement, &[&stranger, &b])], KeyChainError::Signature),
            ("signed by the new key alone", vec![resign(&good.statement, &[&b])], KeyChainError::Signature),
            ("not accepted by the new key", vec![resign(&good.statement, &[&a])], KeyChainError::Signature),
            ("signed in another order", vec![resign(&good.statement, &[&b, &a])], KeyChainError::Signature),
            ("signed once more", vec![resign(&good.statement, &[&a, &b, &a])], KeyChainError::Signature),
            ("a replacement called a rotation", vec![resign(&hidden, &[&b])], KeyChainError::Signature),
            ("cut out", vec![next.clone()], KeyChainError::Number),
            ("reordered", vec![next.clone(), good.clone()], KeyChainError::Number),
            ("said twice", vec![good.clone(), good.clone()], KeyChainError::Number),
            ("of another key", vec![KeyStatement::sign_rotation(2, &c, &b, head(5))], KeyChainError::OtherKey),
            (
                "of another installation",
                vec![KeyStatement::sign_rotation(2, &stranger, &key(8, 5), head(5))],
                KeyChainError::OtherInstallation,
            ),
            (
                "back to the first key",
                vec![good.clone(), KeyStatement::sign_rotation(3, &b, &a, head(9))],
                KeyChainError::KeyAgain,
            ),
            (
                "of an earlier log",
                vec![good.clone(), KeyStatement::sign_rotation(3, &b, &c, head(5))],
                KeyChainError::Order,
            ),
        ] {
            assert_eq!(chain(&a, &statements), Err(why), "{case}");
        }
        assert!(chain(&a, &[good, next]).is_ok());
    }

    #[test]
    fn statement_text_in_any_other_form_is_refused() {
        let [a, b] = [1, 2].map(|number| key(7, number));
        let text = KeyStatement::sign_rotation(2, &a, &b, head(5)).to_string();
        assert_eq!(text.parse::<SignedKeyStatement>().unwrap().to_string(), text);
        for wrong in [
            text.replace("rotated", "replaced!"),
            text.replace("\n2\n", "\n02\n"),
            text.replace("\n5\n", "\n+5\n"),
            text.replace("/keys\n", "/installation\n"),
            text.replacen("signoff/", "signoff//", 1),
            text.replace("\n\n", "\n"),
            text.replace("\n\n", "\nmore\n\n"),
            format!("{text}\n"),
            text.trim_end().to_owned(),
            text.replace('\n', "\r\n"),
            String::new(),
        ] {
            assert_eq!(wrong.parse::<SignedKeyStatement>(), Err(KeyChainError::Format), "{wrong:?}");
        }
    }

    #[test]
    fn checkpoint_is_verified_by_the_highest_key_that_signed_it() {
        let [a, b] = [1, 2].map(|number| key(7, number));
        let chain = chain(&a, &[KeyStatement::sign_rotation(2, &a, &b, head(5))]).unwrap();
        let origin = LogOrigin { installation: a.public_key().installation(), log: LogId::Installation };
        let checkpoint = Checkpoint { origin, head: head(5) };
        let number = |note: &SignedCheckpoint| chain.verify(note).map(|(number, _)| number);
        let (old, new) = (checkpoint.sign(&a), checkpoint.sign(&b));
        assert_eq!((number(&old), number(&new)), (Ok(1), Ok(2)));
        let both = old.clone().cosign(&b);
        assert_eq!(number(&both), Ok(2));
        assert_eq!(both.to_string().parse(), Ok(both.clone()));
        assert_eq!(number(&checkpoint.sign(&key(7, 9))), Err(CheckpointSignatureError::OtherKey));
        let (lines, other) = (new.to_string(), Checkpoint { origin, head: head(6) }.sign(&a).to_string());
        let false_line = format!("{lines}{}\n", other.lines().last().unwrap());
        assert_eq!(number(&false_line.parse().unwrap()), Err(CheckpointSignatureError::InvalidSignature));
    }
}

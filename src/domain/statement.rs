//! The statement that a signer makes, word for word. It depends on the vote (go or no-go) and on the meaning of the
//! signature.
//!
//! Each signature stores the whole text that was shown and the version of the texts, so that later versions do not
//! change what was signed. Version 1 is built in; an admin may publish others for future signatures. A text that was
//! ever used is never edited.

use serde::Serialize;

use super::{
    canonical::{self, Sha256Hash},
    launch::event::{SignatureMeaning, Vote},
    text::{StatementText, TextError},
};

/// The version of the built-in texts.
pub const BUILT_IN_VERSION: u32 = 1;

/// The statement in version 1.
#[must_use]
pub const fn built_in_statement(vote: Vote, meaning: SignatureMeaning) -> &'static str {
    match (vote, meaning) {
        (Vote::Go, SignatureMeaning::Approval) => {
            "I have looked at the items in the scope of my role and at their evidence, as they stand on this page, \
             and I approve this launch."
        }
        (Vote::Go, SignatureMeaning::Review) => {
            "I have reviewed the items in the scope of my role and their evidence, as they stand on this page, and \
             have found nothing that speaks against this launch."
        }
        (Vote::Go, SignatureMeaning::Responsibility) => {
            "I answer for the items in the scope of my role and for their evidence, as they stand on this page, and \
             take responsibility for this launch going ahead."
        }
        (Vote::NoGo, SignatureMeaning::Approval) => {
            "I have looked at the items in the scope of my role and at their evidence, as they stand on this page, \
             and I do not approve this launch, for the reason in my comment."
        }
        (Vote::NoGo, SignatureMeaning::Review) => {
            "I have reviewed the items in the scope of my role and their evidence, as they stand on this page, and \
             have found what speaks against this launch: it is in my comment."
        }
        (Vote::NoGo, SignatureMeaning::Responsibility) => {
            "I answer for the items in the scope of my role and for their evidence, as they stand on this page, and \
             do not take responsibility for this launch going ahead, for the reason in my comment."
        }
    }
}

/// The six texts of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementTexts {
    pub go: TextsByMeaning,
    pub no_go: TextsByMeaning,
}

/// The texts for one vote, by the meaning of the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextsByMeaning {
    pub approval: StatementText,
    pub review: StatementText,
    pub responsibility: StatementText,
}

impl StatementTexts {
    /// Builds the texts by calling `text` once for each, in a fixed order: go before no-go, and within each
    /// [`SignatureMeaning::ALL`]. Stops at the first error.
    pub fn try_from_fn<E>(mut text: impl FnMut(Vote, SignatureMeaning) -> Result<StatementText, E>) -> Result<Self, E> {
        let mut declared = |vote| {
            Ok(TextsByMeaning {
                approval: text(vote, SignatureMeaning::Approval)?,
                review: text(vote, SignatureMeaning::Review)?,
                responsibility: text(vote, SignatureMeaning::Responsibility)?,
            })
        };
        Ok(Self { go: declared(Vote::Go)?, no_go: declared(Vote::NoGo)? })
    }

    /// The texts of a published version, in the order of [`Self::try_from_fn`].
    ///
    /// # Errors
    /// When one of them can't be a text of a statement.
    pub fn stored(texts: [&str; 6]) -> Result<Self, TextError> {
        let mut texts = texts.into_iter();
        Self::try_from_fn(|_, _| StatementText::stored(texts.next().unwrap_or_default()))
    }

    /// The texts of version 1.
    ///
    /// # Errors
    /// Never: a test checks that the texts are valid.
    pub fn built_in() -> Result<Self, TextError> {
        Self::try_from_fn(|vote, meaning| StatementText::new(built_in_statement(vote, meaning)))
    }

    #[must_use]
    pub const fn text(&self, vote: Vote, meaning: SignatureMeaning) -> &StatementText {
        let declared = match vote {
            Vote::Go => &self.go,
            Vote::NoGo => &self.no_go,
        };
        match meaning {
            SignatureMeaning::Approval => &declared.approval,
            SignatureMeaning::Review => &declared.review,
            SignatureMeaning::Responsibility => &declared.responsibility,
        }
    }

    /// The hash of all six texts. The audit log uses it to identify the published texts.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::compute(&canonical::to_bytes(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// If you change a text, raise the version and add the new digest to this test.
    #[test]
    fn statement_texts_of_version_1_never_change() {
        let every =
            [Vote::Go, Vote::NoGo].into_iter().flat_map(|vote| SignatureMeaning::ALL.map(|meaning| (vote, meaning)));
        let words: Vec<_> = every.map(|(vote, meaning)| built_in_statement(vote, meaning)).collect();
        let digest = Sha256Hash::compute(words.join("\n").as_bytes()).to_string();
        assert_eq!(
            (BUILT_IN_VERSION, digest.as_str()),
            (1, "780351b7deebd27d16be9a848d278c99d0e257b522bc6a75b1efb4c093302b22")
        );
    }

    #[test]
    fn statement_texts_built_in_are_version_1() {
        let first = StatementTexts::built_in().unwrap();
        for vote in [Vote::Go, Vote::NoGo] {
            for meaning in SignatureMeaning::ALL {
                assert_eq!(first.text(vote, meaning).as_str(), built_in_statement(vote, meaning));
            }
        }
        let mut other = first.clone();
        other.no_go.review = StatementText::new("I have reviewed it, and object.").unwrap();
        assert_ne!(first.hash(), other.hash());
    }
}

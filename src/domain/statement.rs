//! What a signer declares, word for word: by what they say (go or no-go) and by what their signature means.
//!
//! The text that was shown is stored whole with each signature, with the version of these texts, so that a later
//! wording does not reach what was signed. Version 1 is the one here; an admin may publish others, for signatures to
//! come. A wording that was ever used is never edited.

use serde::Serialize;

use super::{
    canonical::{self, Sha256Hash},
    launch::event::{Meaning, Vote},
    text::{BadText, StatementText},
};

/// The version of the texts that the program brings.
pub const VERSION: u32 = 1;

/// What somebody declares who signs so, in version 1.
#[must_use]
pub const fn statement(vote: Vote, meaning: Meaning) -> &'static str {
    match (vote, meaning) {
        (Vote::Go, Meaning::Approval) => {
            "I have looked at the items in the scope of my role and at their evidence, as they stand on this page, \
             and I approve this launch."
        }
        (Vote::Go, Meaning::Review) => {
            "I have reviewed the items in the scope of my role and their evidence, as they stand on this page, and \
             have found nothing that speaks against this launch."
        }
        (Vote::Go, Meaning::Responsibility) => {
            "I answer for the items in the scope of my role and for their evidence, as they stand on this page, and \
             take responsibility for this launch going ahead."
        }
        (Vote::NoGo, Meaning::Approval) => {
            "I have looked at the items in the scope of my role and at their evidence, as they stand on this page, \
             and I do not approve this launch, for the reason in my comment."
        }
        (Vote::NoGo, Meaning::Review) => {
            "I have reviewed the items in the scope of my role and their evidence, as they stand on this page, and \
             have found what speaks against this launch: it is in my comment."
        }
        (Vote::NoGo, Meaning::Responsibility) => {
            "I answer for the items in the scope of my role and for their evidence, as they stand on this page, and \
             do not take responsibility for this launch going ahead, for the reason in my comment."
        }
    }
}

/// The six texts of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wording {
    /// Of a go.
    pub go: Declared,
    /// Of a no-go.
    pub no_go: Declared,
}

/// What is declared, by what the signature means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declared {
    /// Of an approval.
    pub approval: StatementText,
    /// Of a review.
    pub review: StatementText,
    /// Of taking responsibility.
    pub responsibility: StatementText,
}

impl Wording {
    /// A wording, asked for text by text in one order: go before no-go, and each by [`Meaning::ALL`].
    ///
    /// # Errors
    /// As soon as a text is refused.
    pub fn try_from_each<E>(mut text: impl FnMut(Vote, Meaning) -> Result<StatementText, E>) -> Result<Self, E> {
        let mut declared = |vote| {
            Ok(Declared {
                approval: text(vote, Meaning::Approval)?,
                review: text(vote, Meaning::Review)?,
                responsibility: text(vote, Meaning::Responsibility)?,
            })
        };
        Ok(Self { go: declared(Vote::Go)?, no_go: declared(Vote::NoGo)? })
    }

    /// The wording of version 1.
    ///
    /// # Errors
    /// Never: a test reads it.
    pub fn first() -> Result<Self, BadText> {
        Self::try_from_each(|vote, meaning| StatementText::new(statement(vote, meaning)))
    }

    /// What somebody declares who signs so.
    #[must_use]
    pub const fn text(&self, vote: Vote, meaning: Meaning) -> &StatementText {
        let declared = match vote {
            Vote::Go => &self.go,
            Vote::NoGo => &self.no_go,
        };
        match meaning {
            Meaning::Approval => &declared.approval,
            Meaning::Review => &declared.review,
            Meaning::Responsibility => &declared.responsibility,
        }
    }

    /// The hash of all six, by which the installation's log names what was published.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::of(&canonical::bytes(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever changes a word has to raise the version, and to give this test the new digest beside it.
    #[test]
    fn the_words_of_a_version_never_change() {
        let every = [Vote::Go, Vote::NoGo].into_iter().flat_map(|vote| Meaning::ALL.map(|meaning| (vote, meaning)));
        let words: Vec<_> = every.map(|(vote, meaning)| statement(vote, meaning)).collect();
        let digest = Sha256Hash::of(words.join("\n").as_bytes()).to_string();
        assert_eq!((VERSION, digest.as_str()), (1, "780351b7deebd27d16be9a848d278c99d0e257b522bc6a75b1efb4c093302b22"));
    }

    #[test]
    fn the_first_wording_is_what_the_program_brings() {
        let first = Wording::first().unwrap();
        for vote in [Vote::Go, Vote::NoGo] {
            for meaning in Meaning::ALL {
                assert_eq!(first.text(vote, meaning).as_str(), statement(vote, meaning));
            }
        }
        let mut other = first.clone();
        other.no_go.review = StatementText::new("I have reviewed it, and object.").unwrap();
        assert_ne!(first.hash(), other.hash());
    }
}

//! What a signer declares, word for word: by what they say (go or no-go) and by what their signature means.
//!
//! The text that was shown is stored whole with each signature, with the version of these texts, so that a later
//! wording does not reach what was signed. A wording that was ever used is never edited here: it gets a new version.

use super::launch::event::{Meaning, Vote};

/// The version of these texts.
pub const VERSION: u32 = 1;

/// What somebody declares who signs so.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::canonical::Sha256Hash;

    /// Whoever changes a word has to raise the version, and to give this test the new digest beside it.
    #[test]
    fn the_words_of_a_version_never_change() {
        let every = [Vote::Go, Vote::NoGo].into_iter().flat_map(|vote| Meaning::ALL.map(|meaning| (vote, meaning)));
        let words: Vec<_> = every.map(|(vote, meaning)| statement(vote, meaning)).collect();
        let digest = Sha256Hash::of(words.join("\n").as_bytes()).to_string();
        assert_eq!((VERSION, digest.as_str()), (1, "780351b7deebd27d16be9a848d278c99d0e257b522bc6a75b1efb4c093302b22"));
    }
}

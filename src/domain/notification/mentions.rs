//! Mentions: a person's name after an `@` in a text.

use std::collections::BTreeSet;

use crate::domain::{
    ids::{CommentId, UserId},
    launch::{event::Seq, texts::TextField},
};

/// The most people that one text notifies.
pub const MAX_MENTIONS: usize = 50;

/// A person who is named in a text of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    pub user: UserId,
    pub seq: Seq,
    /// The comment in which it is.
    pub comment: Option<CommentId>,
}

/// Whether a name in this field notifies the person: in comments, reasons and notes.
#[must_use]
pub const fn can_mention(field: TextField) -> bool {
    match field {
        TextField::Summary
        | TextField::Notes
        | TextField::Reason
        | TextField::Settlement
        | TextField::ItemReason
        | TextField::AgreementReason
        | TextField::EvidenceNote
        | TextField::EvidenceWithdrawal
        | TextField::EvidenceRequest
        | TextField::Comment
        | TextField::WaiverReason
        | TextField::WaiverControl
        | TextField::WaiverDecision
        | TextField::SignatureComment
        | TextField::SignatureWithdrawal => true,
        TextField::Name
        | TextField::FileName
        | TextField::Link
        | TextField::Address
        | TextField::UserAgent
        | TextField::RedactionReason => false,
    }
}

/// Finds the people who are named in a text, in the order of their names in it: at each `@` the longest name that is there, in
/// large or small letters. Answers at most [`MAX_MENTIONS`].
#[must_use]
pub fn find_mentions(text: &str, people: &[(UserId, String)]) -> Vec<UserId> {
    let text = text.to_lowercase();
    let mut names: Vec<(UserId, String)> = people.iter().map(|(user, name)| (*user, name.to_lowercase())).collect();
    names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for (at, _) in text.match_indices('@') {
        // An address of mail has a letter before it.
        if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = &text[at + 1..];
        let is_here = |name: &str| {
            let after = rest.strip_prefix(name);
            after.is_some_and(|after| !after.chars().next().is_some_and(char::is_alphanumeric))
        };
        if let Some((user, _)) = names.iter().find(|(_, name)| is_here(name))
            && seen.insert(*user)
        {
            found.push(*user);
            if found.len() == MAX_MENTIONS {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user(n: u128) -> UserId {
        UserId(Uuid::from_u128(n))
    }

    #[test]
    fn mention_is_the_longest_name_after_an_at_sign() {
        let people =
            [(user(1), "Ana".to_owned()), (user(2), "Ana Silva".to_owned()), (user(3), "Jürgen Groß".to_owned())];
        for (text, named) in [
            ("@Ana please look", vec![1]),
            ("@ana silva, please look", vec![2]),
            ("(@Ana Silva) and @Ana.", vec![2, 1]),
            ("@Anabel", vec![]),
            ("ana@ana", vec![]),
            ("Ana", vec![]),
            ("@Ana @Ana", vec![1]),
            ("@JÜRGEN GROß", vec![3]),
            ("@", vec![]),
        ] {
            assert_eq!(find_mentions(text, &people), named.into_iter().map(user).collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn mentions_of_a_thousand_people_are_bounded() {
        let people: Vec<(UserId, String)> = (0..1_000).map(|n| (user(n), format!("Person{n}"))).collect();
        let text: String = people.iter().map(|(_, name)| format!("@{name} ")).collect();
        assert_eq!(find_mentions(&text, &people).len(), MAX_MENTIONS);
    }
}

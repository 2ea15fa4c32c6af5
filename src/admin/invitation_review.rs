//! What is wrong with a list of people to invite, and what the admin has to confirm first.

use std::{borrow::Cow, collections::BTreeSet};

use super::invitation_list::ListedPerson;
use crate::{
    access::store::{KnownPerson, with_address},
    domain::text::{Email, PersonName},
    texts,
};

/// An entry that can't be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineProblem {
    pub(super) line: usize,
    pub(super) typed: String,
    pub(super) sentence: Cow<'static, str>,
}

/// An entry that is taken once the admin confirms it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineQuestion {
    pub(super) line: usize,
    /// `name <address>`: what the form sends when it is confirmed. With another name or address it is asked again.
    pub(super) person: String,
    pub(super) sentences: Vec<Cow<'static, str>>,
    pub(super) confirmed: bool,
}

#[derive(Debug, Default)]
pub(super) struct ListReview {
    pub(super) problems: Vec<LineProblem>,
    pub(super) questions: Vec<LineQuestion>,
    /// The people who can be invited.
    pub(super) people: Vec<(PersonName, Email)>,
}

impl ListReview {
    /// The sentence at the list; `None` if everybody in it can be invited.
    pub(super) fn sentence(&self) -> Option<Cow<'static, str>> {
        let unconfirmed = self.questions.iter().filter(|question| !question.confirmed).count();
        match (self.problems.len(), unconfirmed) {
            (0, 0) => None,
            (0, count) => Some(texts::entries_to_confirm(count)),
            (count, _) => Some(texts::entries_are_wrong(count)),
        }
    }
}

/// Compares a list with the people who have an account, and the addresses to which an invitation is open.
pub(super) fn review_list(
    listed: Vec<ListedPerson>,
    known: &[KnownPerson],
    open: &BTreeSet<String>,
    confirmed: &[String],
) -> ListReview {
    let mut review = ListReview::default();
    for ListedPerson { line, typed, person } in listed {
        let (name, email) = match person {
            Ok((_, email)) if known.iter().any(|other| other.email == email.as_str()) => {
                let sentence = texts::address_has_account();
                review.problems.push(LineProblem { line, typed, sentence });
                continue;
            }
            Ok(person) => person,
            Err(sentence) => {
                review.problems.push(LineProblem { line, typed, sentence });
                continue;
            }
        };
        let sentences = list_questions(&name, &email, known, open);
        if !sentences.is_empty() {
            let person = format!("{name} <{email}>");
            let confirmed = confirmed.contains(&person);
            review.questions.push(LineQuestion { line, person, sentences, confirmed });
        }
        review.people.push((name, email));
    }
    review
}

fn list_questions(
    name: &PersonName,
    email: &Email,
    known: &[KnownPerson],
    open: &BTreeSet<String>,
) -> Vec<Cow<'static, str>> {
    let full = |other: &KnownPerson| with_address(other.name.as_str(), &other.email);
    let namesake = known.iter().find(|other| other.is_named_like(name)).map(full).map(texts::name_looks_like);
    let double = known.iter().find(|other| other.has_address_like(email)).map(full).map(texts::address_looks_like);
    let consequence = namesake.is_some().then(texts::names_that_look_alike_hint);
    let again = open.contains(email.as_str()).then(|| texts::has_invitation_already(name));
    [namesake, consequence, double, again].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::{super::invitation_list::parse_list, *};
    use crate::domain::ids::UserId;

    #[test]
    fn list_review_asks_about_namesakes_and_open_invitations_and_refuses_accounts() {
        let new_person = |name: &str, email: &str| {
            KnownPerson::new(UserId(uuid::Uuid::nil()), PersonName::new(name).unwrap(), email.to_owned())
        };
        let known = [new_person("Jonas Reyes", "jonas@example.org"), new_person("Alan", "alan@example.org")];
        let open = BTreeSet::from(["tessa@example.org".to_owned()]);
        let list = "Ann <ann@example.org>\nJ0nas Reyes <jr@example.org>\nTessa <tessa@example.org>\n\
                    a1an@example.org\nX <jonas@example.org>";
        let review = review_list(parse_list(list), &known, &open, &["Tessa <tessa@example.org>".to_owned()]);
        assert_eq!(review.problems.iter().map(|it| it.line).collect::<Vec<_>>(), [5]);
        let questions: Vec<_> = review.questions.iter().map(|it| (it.line, it.sentences.len(), it.confirmed)).collect();
        assert_eq!(questions, [(2, 2, false), (3, 1, true), (4, 3, false)]);
        assert!(review.questions[1].sentences[0].contains("Tessa already has an invitation"));
        assert_eq!(review.people.len(), 4);
        let all: Vec<String> = review.questions.iter().map(|it| it.person.clone()).collect();
        let review = review_list(parse_list(list), &known, &open, &all);
        assert_eq!(review.sentence(), Some(texts::entries_are_wrong(1)));
        // With another name, what was confirmed is asked again.
        let review = review_list(parse_list("Jonas Reyes <jr@example.org>"), &known, &open, &all);
        assert_eq!(review.sentence(), Some(texts::entries_to_confirm(1)));
    }
}

//! What the slice's templates are given.

use askama::Template;

use super::filter::{Wanted, groups};
use crate::{
    launch_page::{
        log::DayView,
        looking::{KindLink, PersonOption, kind_links},
        words_of_events::Names,
    },
    web::page::Chrome,
};

/// The log.
#[derive(Template)]
#[template(path = "audit/log.html")]
pub(super) struct Log {
    pub chrome: Chrome,
    pub wanted: Wanted,
    pub kinds: Vec<KindLink>,
    pub people: Vec<PersonOption>,
    pub days: Vec<DayView>,
    /// Whether what was looked for took too long to be found.
    pub too_long: bool,
    /// What is wrong with the words that are looked for.
    pub text_error: Option<String>,
    /// The newest of the same; empty on the first page.
    pub newest: String,
    pub older: String,
}

/// The groups of kinds, and the single kind that is looked for, where it is one.
pub(super) fn kinds(wanted: &Wanted) -> Vec<KindLink> {
    let of = |kind: &str| Wanted { kind: kind.to_owned(), ..wanted.newest() }.address();
    kind_links(groups(), &wanted.kind, of)
}

/// Everybody, by name.
pub(super) fn people(names: &Names, wanted: &Wanted) -> Vec<PersonOption> {
    let everybody = names.people.iter();
    let mut people: Vec<_> = everybody.map(|(id, name)| PersonOption::new(*id, name.clone(), &wanted.actor)).collect();
    people.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    people
}

//! What the slice's templates are given.

use askama::Template;

use super::filter::{Wanted, groups};
use crate::{
    launch_page::{log::DayView, words_of_events::Names},
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
    /// The newest of the same; empty on the first page.
    pub newest: String,
    pub older: String,
}

/// A link to a group of kinds.
pub(super) struct KindLink {
    pub word: String,
    pub href: String,
    pub current: bool,
}

/// Somebody whose acts can be looked for.
pub(super) struct PersonOption {
    pub id: String,
    pub name: String,
    pub selected: bool,
}

/// The groups of kinds, and the single kind that is looked for, where it is one.
pub(super) fn kinds(wanted: &Wanted) -> Vec<KindLink> {
    let asked = wanted.kind.trim();
    let link = |word: String, kind: &str| KindLink {
        word,
        href: Wanted { kind: kind.to_owned(), ..wanted.newest() }.address(),
        current: asked == kind,
    };
    let links = groups().map(|group| link(group.word.to_owned(), group.slug));
    let mut links: Vec<_> = std::iter::once(link("All".to_owned(), "")).chain(links).collect();
    if !links.iter().any(|link| link.current) {
        links.push(link(asked.replace('_', " "), asked));
    }
    links
}

/// Everybody, by name.
pub(super) fn people(names: &Names, wanted: &Wanted) -> Vec<PersonOption> {
    let option = |(id, name): (&crate::domain::ids::UserId, &String)| PersonOption {
        selected: wanted.actor.trim() == id.to_string(),
        id: id.to_string(),
        name: name.clone(),
    };
    let mut people: Vec<_> = names.people.iter().map(option).collect();
    people.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    people
}

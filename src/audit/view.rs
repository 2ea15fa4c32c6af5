//! The data of the slice's templates.

use askama::Template;

use super::filter::{AuditQuery, all_kind_groups};
use crate::{
    presentation::{
        event_descriptions::LogNames,
        log::LogDayView,
        log_filter::{EventKindLink, PersonOption, build_kind_links},
    },
    web::page::Chrome,
};

#[derive(Template)]
#[template(path = "audit/log.html")]
pub(super) struct AuditPage {
    pub chrome: Chrome,
    pub wanted: AuditQuery,
    pub kinds: Vec<EventKindLink>,
    pub people: Vec<PersonOption>,
    pub days: Vec<LogDayView>,
    /// Whether the search took too long.
    pub too_long: bool,
    /// What is wrong with the words that are looked for.
    pub text_error: Option<String>,
    /// The newest of the same; empty on the first page.
    pub newest: String,
    pub older: String,
}

/// Links to the groups of kinds, and to the chosen kind if it is a single one.
pub(super) fn kind_links(wanted: &AuditQuery) -> Vec<EventKindLink> {
    let of = |kind: &str| AuditQuery { kind: kind.to_owned(), ..wanted.without_cursor() }.to_href();
    build_kind_links(all_kind_groups(), &wanted.kind, of)
}

/// Everybody, sorted by name.
pub(super) fn people_options(names: &LogNames, wanted: &AuditQuery) -> Vec<PersonOption> {
    let everybody = names.people.iter();
    let mut people: Vec<_> = everybody.map(|(id, name)| PersonOption::new(*id, name.clone(), &wanted.actor)).collect();
    people.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    people
}

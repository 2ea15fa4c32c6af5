//! Filters of a log: what the log pages have in common.

use super::event_kinds::KindGroup;
use crate::domain::ids::UserId;

/// A filter value in the address is unknown, so nothing matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFilterValue;

/// Parses a filter value of the address; `None` if it is empty.
///
/// # Errors
/// [`UnknownFilterValue`], if `read` does not know it.
pub fn parse_optional<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, UnknownFilterValue> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(UnknownFilterValue),
    }
}

/// A filter link, to a group of kinds or a single kind.
#[derive(Debug)]
pub struct EventKindLink {
    pub word: String,
    pub href: String,
    /// Whether this is the current filter.
    pub current: bool,
}

/// Links to all kinds, to the groups, and to the current filter if it is a single kind; `address` is that of a kind.
pub fn build_kind_links<'a>(
    groups: impl Iterator<Item = &'a KindGroup>,
    asked: &str,
    address: impl Fn(&str) -> String,
) -> Vec<EventKindLink> {
    let asked = asked.trim();
    let link = |word: String, kind: &str| EventKindLink { word, href: address(kind), current: asked == kind };
    let all = std::iter::once(link("All".to_owned(), ""));
    let mut links: Vec<_> = all.chain(groups.map(|group| link(group.word.to_owned(), group.slug))).collect();
    if !links.iter().any(|link| link.current) {
        links.push(link(asked.replace('_', " "), asked));
    }
    links
}

/// Somebody by whose events a log can be filtered.
#[derive(Debug)]
pub struct PersonOption {
    pub id: String,
    pub name: String,
    pub selected: bool,
}

impl PersonOption {
    /// `asked` is the id in the current filter.
    #[must_use]
    pub fn new(id: UserId, name: String, asked: &str) -> Self {
        let id = id.to_string();
        Self { selected: asked.trim() == id, id, name }
    }
}

//! Looking for something in a log: what the pages of logs have in common.

use super::kinds::Group;
use crate::domain::ids::UserId;

/// A part of the address names nothing known, so that nothing is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// A part of the address: missing, or as read.
///
/// # Errors
/// [`Unknown`], when it names nothing.
pub fn part<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Unknown> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(Unknown),
    }
}

/// A link to a group of kinds.
#[derive(Debug)]
pub struct KindLink {
    /// The group's word.
    pub word: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is what is looked for.
    pub current: bool,
}

/// All kinds, the groups, and the single kind that is looked for, where it is one; `address` is that of a kind.
pub fn kind_links<'a>(
    groups: impl Iterator<Item = &'a Group>,
    asked: &str,
    address: impl Fn(&str) -> String,
) -> Vec<KindLink> {
    let asked = asked.trim();
    let link = |word: String, kind: &str| KindLink { word, href: address(kind), current: asked == kind };
    let all = std::iter::once(link("All".to_owned(), ""));
    let mut links: Vec<_> = all.chain(groups.map(|group| link(group.word.to_owned(), group.slug))).collect();
    if !links.iter().any(|link| link.current) {
        links.push(link(asked.replace('_', " "), asked));
    }
    links
}

/// Somebody whose acts can be looked for.
#[derive(Debug)]
pub struct PersonOption {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Whether it is they who are looked for.
    pub selected: bool,
}

impl PersonOption {
    /// Somebody, where `asked` is the id that is looked for.
    #[must_use]
    pub fn new(id: UserId, name: String, asked: &str) -> Self {
        let id = id.to_string();
        Self { selected: asked.trim() == id, id, name }
    }
}

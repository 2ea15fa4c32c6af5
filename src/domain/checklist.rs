//! A checklist: the reusable, versioned definition that launches are made from.
//!
//! Parts hold sections, sections hold items. A published version never changes and is named by the hash of its
//! content, so that two installations with the same text have the same version.

use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    canonical::{self, Sha256Hash},
    role::RoleSlug,
    text::{Markdown, Title, strip_emphasis},
};
use crate::texts;

/// How much an item weighs in readiness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Importance {
    /// Blocks a launch, and its "not applicable" needs agreement.
    Critical,
    /// Blocks a launch while it is not resolved.
    Required,
    /// Left undone, it makes the verdict conditional.
    Advisory,
}

impl Importance {
    /// Every importance, the weightiest first.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Required, Self::Advisory];

    /// The name in forms, Markdown and the database.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Required => "required",
            Self::Advisory => "advisory",
        }
    }

    /// Whether an unresolved item of this importance blocks.
    #[must_use]
    pub const fn blocks(self) -> bool {
        match self {
            Self::Critical | Self::Required => true,
            Self::Advisory => false,
        }
    }
}

/// How long after the moment of launch an after-item is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Window {
    #[serde(rename = "24h")]
    Day,
    #[serde(rename = "7d")]
    Week,
    #[serde(rename = "30d")]
    Month,
}

impl Window {
    /// Every window, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The name in forms, Markdown and the database.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// Its length in hours.
    #[must_use]
    pub const fn hours(self) -> i64 {
        match self {
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Month => 30 * 24,
        }
    }
}

/// Whether an item belongs before the decision or after the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Judged by readiness, before the decision.
    Before,
    /// Due within a window from the moment of launch.
    After(Window),
}

impl Phase {
    /// Whether it is a before-item's.
    #[must_use]
    pub const fn is_before(self) -> bool {
        matches!(self, Self::Before)
    }

    /// When an after-item is due; `None` for a before-item.
    #[must_use]
    pub fn after_label(self) -> Option<Cow<'static, str>> {
        match self {
            Self::Before => None,
            Self::After(Window::Day) => Some(texts::after_launch_24_hours()),
            Self::After(Window::Week) => Some(texts::after_launch_7_days()),
            Self::After(Window::Month) => Some(texts::after_launch_30_days()),
        }
    }
}

/// An item's key, unique in its checklist: 1 to 100 of `a-z`, `0-9` and `-`, neither first nor last a hyphen. Made from
/// the title when first published and kept through edits: versions compare by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ItemKey(String);

impl ItemKey {
    /// The longest a key may be.
    pub const MAX: usize = 100;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is made of a-z, 0-9 and -, at most 100, with no - at either end")]
pub struct InvalidItemKey;

impl FromStr for ItemKey {
    type Err = InvalidItemKey;

    fn from_str(key: &str) -> Result<Self, InvalidItemKey> {
        let plain = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let ok = plain && (1..=Self::MAX).contains(&key.len()) && !key.starts_with('-') && !key.ends_with('-');
        if ok { Ok(Self(key.to_owned())) } else { Err(InvalidItemKey) }
    }
}

impl TryFrom<String> for ItemKey {
    type Error = InvalidItemKey;

    fn try_from(key: String) -> Result<Self, InvalidItemKey> {
        key.parse()
    }
}

impl From<ItemKey> for String {
    fn from(key: ItemKey) -> Self {
        key.0
    }
}

impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A role that must sign for a launch made from the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredRole {
    pub role: RoleSlug,
    /// Its name as people read it.
    pub title: Title,
}

/// One thing to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Unique in the checklist.
    pub key: ItemKey,
    /// What has to be true, on one line; inline Markdown.
    pub title: Title,
    /// How much it weighs.
    pub importance: Importance,
    /// Before the decision, or after the launch.
    pub phase: Phase,
    /// Who answers for it.
    pub role: Option<RoleSlug>,
    /// Whether "done" needs standing evidence.
    pub evidence_required: bool,
    /// How to verify it.
    pub guidance: Option<Markdown>,
    /// The texts of what it was nested under, outermost first; its length is the item's depth.
    pub under: Vec<Title>,
}

impl ChecklistItem {
    /// The title as pages show it, without marks of emphasis.
    #[must_use]
    pub fn shown_title(&self) -> String {
        strip_emphasis(self.title.as_str())
    }

    /// What search finds the item by: the title, and below it the guidance. The database lists the same in
    /// `checklist_items`.
    #[must_use]
    pub fn searchable_text(&self) -> String {
        let guidance = self.guidance.as_ref().map(Markdown::as_str);
        [Some(self.title.as_str()), guidance].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

/// A section of a part. A file whose items stand straight under a part has one section without a title there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistSection {
    pub title: Option<Title>,
    /// Its items, in order.
    pub items: Vec<ChecklistItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistPart {
    pub title: Option<Title>,
    /// Its sections, in order.
    pub sections: Vec<ChecklistSection>,
}

/// A whole checklist, as a version holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub name: Title,
    /// What it is for.
    pub introduction: Option<Markdown>,
    /// Its parts, in order.
    pub parts: Vec<ChecklistPart>,
    /// The roles that must sign, in order.
    pub required_roles: Vec<RequiredRole>,
}

/// The most items a checklist may have.
pub const MAX_ITEMS: usize = 5_000;

/// The deepest an item may be nested.
pub const MAX_DEPTH: usize = 10;

/// Why a checklist can't be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChecklistError {
    /// It has no item.
    #[error("{}", texts::checklist_has_no_items())]
    Empty,
    /// It has more items than [`MAX_ITEMS`].
    #[error("{}", texts::checklist_has_too_many_items(.0, MAX_ITEMS))]
    TooManyItems(usize),
    /// A part without a section, or a section without an item.
    #[error("{}", texts::part_or_section_has_no_item())]
    EmptyPartOrSection,
    /// An item is nested deeper than [`MAX_DEPTH`].
    #[error("{}", texts::item_is_nested_too_deep(.0, MAX_DEPTH))]
    TooDeep(ItemKey),
    /// Two items have one key.
    #[error("{}", texts::two_items_have_key(.0))]
    DuplicateKey(ItemKey),
    /// A role is required twice.
    #[error("{}", texts::role_is_required_twice(.0))]
    DuplicateRole(RoleSlug),
}

impl Checklist {
    /// A checklist without any item, as one begins.
    #[must_use]
    pub const fn empty(name: Title) -> Self {
        Self { name, introduction: None, parts: Vec::new(), required_roles: Vec::new() }
    }

    /// Every item with its part and section, in order.
    pub fn items(&self) -> impl Iterator<Item = (&ChecklistPart, &ChecklistSection, &ChecklistItem)> {
        self.parts.iter().flat_map(|part| {
            part.sections.iter().flat_map(move |section| section.items.iter().map(move |item| (part, section, item)))
        })
    }

    /// Whether this role must sign.
    #[must_use]
    pub fn requires(&self, role: &RoleSlug) -> bool {
        self.required_roles.iter().any(|required| required.role == *role)
    }

    /// Checks what a single field can't.
    ///
    /// # Errors
    /// [`ChecklistError`] names the first thing that is wrong.
    pub fn check(&self) -> Result<(), ChecklistError> {
        let count = self.items().count();
        if count == 0 {
            return Err(ChecklistError::Empty);
        }
        if count > MAX_ITEMS {
            return Err(ChecklistError::TooManyItems(count));
        }
        let bare = |part: &ChecklistPart| part.sections.is_empty() || part.sections.iter().any(|s| s.items.is_empty());
        if self.parts.iter().any(bare) {
            return Err(ChecklistError::EmptyPartOrSection);
        }
        if let Some((_, _, item)) = self.items().find(|(_, _, item)| item.under.len() > MAX_DEPTH) {
            return Err(ChecklistError::TooDeep(item.key.clone()));
        }
        let mut keys = BTreeSet::new();
        if let Some((_, _, item)) = self.items().find(|(_, _, item)| !keys.insert(&item.key)) {
            return Err(ChecklistError::DuplicateKey(item.key.clone()));
        }
        let mut roles = BTreeSet::new();
        match self.required_roles.iter().find(|required| !roles.insert(&required.role)) {
            Some(twice) => Err(ChecklistError::DuplicateRole(twice.role.clone())),
            None => Ok(()),
        }
    }

    /// The canonical bytes (RFC 8785) that a version stores and is named by.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    /// The hash that names the version: SHA-256 of [`Self::canonical_bytes`].
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        Sha256Hash::compute(&self.canonical_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str) -> ChecklistItem {
        ChecklistItem {
            key: key.parse().expect("a key"),
            title: Title::new(key).expect("a title"),
            importance: Importance::Required,
            phase: Phase::Before,
            role: None,
            evidence_required: false,
            guidance: None,
            under: Vec::new(),
        }
    }

    fn checklist(items: Vec<ChecklistItem>) -> Checklist {
        let sections = vec![ChecklistSection { title: None, items }];
        Checklist {
            name: Title::new("Launch").expect("a title"),
            introduction: None,
            parts: vec![ChecklistPart { title: None, sections }],
            required_roles: Vec::new(),
        }
    }

    #[test]
    fn item_key_with_other_characters_is_refused() {
        for good in ["a", "a-1", "1", &"a".repeat(100)] {
            assert!(good.parse::<ItemKey>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a_b", "a b", "ä", &"a".repeat(101)] {
            assert_eq!(bad.parse::<ItemKey>(), Err(InvalidItemKey), "{bad}");
        }
    }

    #[test]
    fn checklist_that_breaks_a_rule_fails_check() {
        assert_eq!(checklist(vec![item("a"), item("b")]).check(), Ok(()));
        assert_eq!(checklist(Vec::new()).check(), Err(ChecklistError::Empty));
        assert_eq!(checklist(vec![item("a"), item("a")]).check(), Err(ChecklistError::DuplicateKey(item("a").key)));

        let mut bare = checklist(vec![item("a")]);
        bare.parts.push(ChecklistPart { title: None, sections: Vec::new() });
        assert_eq!(bare.check(), Err(ChecklistError::EmptyPartOrSection));

        let mut deep = item("a");
        deep.under = vec![deep.title.clone(); MAX_DEPTH + 1];
        assert_eq!(checklist(vec![deep.clone()]).check(), Err(ChecklistError::TooDeep(deep.key)));

        let many = (0..=MAX_ITEMS).map(|n| item(&n.to_string())).collect();
        assert_eq!(checklist(many).check(), Err(ChecklistError::TooManyItems(MAX_ITEMS + 1)));

        let mut twice = checklist(vec![item("a")]);
        let role: RoleSlug = "legal".parse().expect("a slug");
        let title = Title::new("Legal").expect("a title");
        twice.required_roles = vec![RequiredRole { role: role.clone(), title }; 2];
        assert_eq!(twice.check(), Err(ChecklistError::DuplicateRole(role)));
    }

    #[test]
    fn checklist_with_the_same_content_has_the_same_hash() {
        let one = checklist(vec![item("a")]);
        assert_eq!(one.hash(), one.clone().hash());
        assert_ne!(one.hash(), checklist(vec![item("b")]).hash());
        assert_eq!(canonical::from_bytes::<Checklist>(&one.canonical_bytes()).ok(), Some(one));
    }
}

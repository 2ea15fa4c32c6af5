//! Tags of launches: as links to the launches that have them, and as the options of a filter.

use crate::{domain::text::Tag, web::query::build_address};

#[derive(Debug, Clone)]
pub struct TagLink {
    pub word: String,
    pub href: String,
}

impl TagLink {
    #[must_use]
    pub fn new(tag: &Tag) -> Self {
        Self { word: tag.to_string(), href: build_address("/launches", &[("show", "all"), ("tag", tag.as_str())]) }
    }
}

/// An option of a filter by tag.
pub struct TagOption {
    pub tag: String,
    pub chosen: bool,
}

/// The options of a filter by tag, and in any case the chosen one.
#[must_use]
pub fn offer_tags(tags: Vec<String>, chosen: &str) -> Vec<TagOption> {
    let folded = fold_tag(chosen);
    let mut offered: Vec<TagOption> =
        tags.into_iter().map(|tag| TagOption { chosen: fold_tag(&tag) == folded, tag }).collect();
    if folded.is_some() && !offered.iter().any(|option| option.chosen) {
        offered.push(TagOption { tag: chosen.to_owned(), chosen: true });
    }
    offered
}

/// The form of a tag by which launches are filtered, without differences of case; `None` for a text that is no tag.
#[must_use]
pub fn fold_tag(tag: &str) -> Option<String> {
    Tag::new(tag).ok().map(|tag| tag.folded())
}

//! A tag of a launch, as a link to the launches that have it.

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

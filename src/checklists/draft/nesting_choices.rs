//! What an item can be nested in, to choose from on its page.

use std::collections::BTreeSet;

use super::titles::format_nesting;
use crate::{
    domain::{
        checklist_draft::{DraftItem, DraftSection},
        text::Title,
    },
    texts,
};

/// The form's value, the name, and whether it is the current one.
pub(super) fn nesting_choices(section: &DraftSection, item: &DraftItem) -> Vec<(String, String, bool)> {
    let current = &item.item.under;
    let mut choices = vec![("nothing".to_owned(), texts::nested_in_nothing().into_owned(), current.is_empty())];
    let own = item.child_path();
    let mut seen: BTreeSet<Vec<Title>> = [Vec::new()].into();
    for other in section.items.iter().filter(|other| other.id != item.id && !other.item.under.starts_with(&own)) {
        // The headings of a nesting come before the items nested in them.
        for (kind, path) in [("beside", other.item.under.clone()), ("in", other.child_path())] {
            if seen.insert(path.clone()) {
                choices.push((format!("{kind}:{}", other.id), format_nesting(&path), path == *current));
            }
        }
    }
    if !choices.iter().any(|(_, _, is_current)| *is_current) {
        choices.push((format!("beside:{}", item.id), format_nesting(current), true));
    }
    choices
}

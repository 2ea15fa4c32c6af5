//! Items nested in one another, in the flat list that a section is.
//!
//! An item names the texts it is nested in, outermost first. Its *block* is the item and what follows it nested in it.
//! A text that items are nested in need not be an item's: then those that share it are a group of their own.

use std::ops::Range;

use super::{DraftEditError, DraftItem};
use crate::domain::{checklist::MAX_DEPTH, text::Title};

/// The item at this place with everything nested in it.
pub(super) fn block_of(items: &[DraftItem], at: usize) -> Range<usize> {
    let path = items[at].child_path();
    let nested = items[at + 1..].iter().take_while(|item| item.item.under.starts_with(&path)).count();
    at..at + 1 + nested
}

/// The block or group before an item, among those nested in the same; `None` if the item is the first.
pub(super) fn preceding_block(items: &[DraftItem], at: usize) -> Option<Range<usize>> {
    let under = &items[at].item.under;
    let last = at.checked_sub(1)?;
    let above = &items[last].item.under;
    if !above.starts_with(under) {
        return None;
    }
    if above.len() == under.len() {
        return Some(last..at);
    }
    let group = &above[..=under.len()];
    let within = items[..at].iter().rev().take_while(|item| item.item.under.starts_with(group)).count();
    let first = at - within;
    let parent = first.checked_sub(1).filter(|parent| items[*parent].child_path() == group);
    Some(parent.unwrap_or(first)..at)
}

/// The block or group after an item's block, among those nested in the same; `None` if the item is the last.
pub(super) fn following_block(items: &[DraftItem], at: usize) -> Option<Range<usize>> {
    let under = &items[at].item.under;
    let next = block_of(items, at).end;
    let below = &items.get(next)?.item.under;
    if !below.starts_with(under) {
        return None;
    }
    if below.len() == under.len() {
        return Some(block_of(items, next));
    }
    let group = &below[..=under.len()];
    let within = items[next..].iter().take_while(|item| item.item.under.starts_with(group)).count();
    Some(next..next + within)
}

/// What an item is nested in when it is nested in the item or group before it; `None` if the item is the first.
pub(super) fn path_within_preceding(items: &[DraftItem], at: usize) -> Option<Vec<Title>> {
    preceding_block(items, at)?;
    let (under, above) = (&items[at].item.under, &items[at - 1]);
    let group = above.item.under.get(..=under.len());
    Some(group.map_or_else(|| above.child_path(), <[Title]>::to_vec))
}

/// The end of everything that is nested in the same as this item.
pub(super) fn group_end(items: &[DraftItem], at: usize) -> usize {
    let under = &items[at].item.under;
    at + items[at..].iter().take_while(|item| item.item.under.starts_with(under)).count()
}

/// Nests a block in something else.
///
/// # Errors
/// When its deepest item would be nested too deep.
pub(super) fn nest_block(block: &mut [DraftItem], under: &[Title]) -> Result<(), DraftEditError> {
    let Some(depth) = block.first().map(|item| item.item.under.len()) else { return Ok(()) };
    for item in block {
        item.item.under.splice(..depth, under.iter().cloned());
        if item.item.under.len() > MAX_DEPTH {
            return Err(DraftEditError::TooDeep);
        }
    }
    Ok(())
}

//! What links and footnotes refer to, which may be anywhere in a file, and how it is written.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{BrokenLink, CowStr, Options, Parser};

use crate::domain::text::Markdown;

/// What a label stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinkTarget {
    /// Where a link leads; of a footnote, its text.
    pub(super) address: String,
    /// What browsers show for the link; empty when there is nothing.
    pub(super) title: String,
}

/// The targets by their labels, those in lower case.
pub(super) type LinkDefinitions = BTreeMap<String, LinkTarget>;

/// A definition as a line of Markdown.
pub(super) fn format_definition(label: &str, target: &LinkTarget) -> String {
    let LinkTarget { address, title } = target;
    let plain = label.starts_with('^') || !(address.is_empty() || address.contains([' ', '<', '>', '(', ')', '\\']));
    let address = if plain { address.clone() } else { format!("<{}>", escape(address, "\\<>")) };
    format!("[{label}]: {address}{}", format_link_title(title))
}

/// The title of a link as it is behind the address.
pub(super) fn format_link_title(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" \"{}\"", escape(&title.replace('\n', " "), "\\\"")) }
}

/// A text with a backslash before each of these characters.
pub(super) fn escape(text: &str, these: &str) -> String {
    text.chars().flat_map(|c| these.contains(c).then_some('\\').into_iter().chain([c])).collect()
}

/// A text with the definitions that its links need and that were elsewhere in the file. Adds their labels to `used`.
pub(super) fn append_definitions(text: String, definitions: &LinkDefinitions, used: &mut BTreeSet<String>) -> String {
    if definitions.is_empty() || !text.contains(']') {
        return text;
    }
    let mut needed = BTreeMap::new();
    let mut unread = vec![text.as_str()];
    while let Some(text) = unread.pop() {
        let mut notes = Vec::new();
        let find = |link: BrokenLink<'_>| {
            let (label, target) = definitions.get_key_value(&link.reference.to_lowercase())?;
            if needed.insert(label, target).is_none() && label.starts_with('^') {
                notes.push(target.address.as_str());
            }
            Some((CowStr::from(""), CowStr::from("")))
        };
        // Without footnotes, their marks are links, whose text is looked up like an address.
        let options = Options::all().difference(Options::ENABLE_FOOTNOTES);
        Parser::new_with_broken_link_callback(text, options, Some(find)).for_each(drop);
        unread.extend(notes);
    }
    // Guidance that is longer is cut in any case.
    let mut lines = String::new();
    for (label, target) in needed {
        if lines.len() <= 4 * Markdown::MAX {
            used.insert(label.clone());
            lines.push_str(&format!("\n\n{}", format_definition(label, target)));
        }
    }
    text + &lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(address: &str, title: &str) -> LinkTarget {
        LinkTarget { address: address.to_owned(), title: title.to_owned() }
    }

    #[test]
    fn text_gets_definitions_that_it_needs() {
        let definitions = LinkDefinitions::from([
            ("a".to_owned(), target("b", "T")),
            ("c".to_owned(), target("d", "")),
            ("^1".to_owned(), target("see [c]", "")),
        ]);
        for (text, expected) in [
            ("see [A]", "see [A]\n\n[a]: b \"T\""),
            ("see[^1]", "see[^1]\n\n[^1]: see [c]\n\n[c]: d"),
            ("see `[A]`", "see `[A]`"),
        ] {
            assert_eq!(append_definitions(text.to_owned(), &definitions, &mut BTreeSet::new()), expected);
        }
    }
}

//! The attributes that may end a line: `{#key; critical; after 24h; role=security; evidence}`.
//!
//! What is left out has its default: the key comes from the title, the item is required, belongs before the decision,
//! has no role and needs no evidence. Besides what they set for an item, three are there so that any text can be written
//! down: `verbatim` (the line's text is literal and means nothing special), `context` (the same of a
//! line that is no item, but has items under it) and `untitled` (a part or section without a title).
//!
//! A group counts when at least one thing in it is an attribute. What else is in it stays in the title, with a
//! notice: a typing error must not silently make a critical item a required one, nor eat what was a text.

use crate::domain::{
    checklist::{ChecklistItem, Importance, ItemKey, Phase, Window},
    role::RoleSlug,
};

/// What a group of attributes says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ItemAttributes {
    pub(super) key: Option<ItemKey>,
    pub(super) importance: Option<Importance>,
    pub(super) phase: Option<Phase>,
    pub(super) role: Option<RoleSlug>,
    pub(super) evidence: bool,
    pub(super) verbatim: bool,
    pub(super) context: bool,
    pub(super) untitled: bool,
    /// Attributes that repeat one of their kind; the last counts.
    pub(super) repeated: Vec<String>,
    /// What is in the group and is not understood.
    pub(super) unknown: Vec<String>,
}

impl ItemAttributes {
    /// Takes one attribute. Gives whether it is one.
    fn apply_word(&mut self, word: &str) -> bool {
        let said_before = match word {
            "evidence" => std::mem::replace(&mut self.evidence, true),
            "verbatim" => std::mem::replace(&mut self.verbatim, true),
            "context" => std::mem::replace(&mut self.context, true),
            "untitled" => std::mem::replace(&mut self.untitled, true),
            "before" => self.phase.replace(Phase::Before).is_some(),
            _ => {
                if let Some(key) = word.strip_prefix('#').and_then(|key| key.parse().ok()) {
                    self.key.replace(key).is_some()
                } else if let Some(importance) = Importance::ALL.into_iter().find(|i| i.slug() == word) {
                    self.importance.replace(importance).is_some()
                } else if let Some(window) = word.strip_prefix("after ").and_then(parse_window) {
                    self.phase.replace(Phase::After(window)).is_some()
                } else if let Some(role) = word.strip_prefix("role=").and_then(|role| role.trim().parse().ok()) {
                    self.role.replace(role).is_some()
                } else {
                    return false;
                }
            }
        };
        if said_before {
            self.repeated.push(word.to_owned());
        }
        true
    }
}

fn parse_window(text: &str) -> Option<Window> {
    Window::ALL.into_iter().find(|window| window.slug() == text.trim())
}

/// The text before the braces that end a line, and what is in them.
pub(super) fn split_braces(text: &str) -> Option<(&str, &str)> {
    let inside = text.trim_end().strip_suffix('}')?;
    let open = inside.rfind(['{', '}']).filter(|at| inside[*at..].starts_with('{'))?;
    Some((text[..open].trim_end(), &inside[open + 1..]))
}

/// Reads the attributes that end a line: the text before them, and what they say. Nothing when the line does not end
/// in attributes.
pub(super) fn read_attributes(text: &str) -> Option<(&str, ItemAttributes)> {
    let (before, inside) = split_braces(text)?;
    let mut attributes = ItemAttributes::default();
    let mut understood = false;
    for word in inside.split(';').map(str::trim).filter(|word| !word.is_empty()) {
        if attributes.apply_word(word) {
            understood = true;
        } else {
            attributes.unknown.push(word.to_owned());
        }
    }
    understood.then_some((before, attributes))
}

/// Writes an item's attributes: its key always, so that a later edit of the title keeps it, and what differs from the
/// defaults.
pub(super) fn format_attributes(item: &ChecklistItem, verbatim: bool) -> String {
    let mut words = vec![format!("#{}", item.key)];
    if item.importance != Importance::Required {
        words.push(item.importance.slug().to_owned());
    }
    if let Phase::After(window) = item.phase {
        words.push(format!("after {}", window.slug()));
    }
    if let Some(role) = &item.role {
        words.push(format!("role={role}"));
    }
    if item.evidence_required {
        words.push("evidence".to_owned());
    }
    if verbatim {
        words.push("verbatim".to_owned());
    }
    format!("{{{}}}", words.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_every_kind_are_read() {
        let (text, attributes) =
            read_attributes("A title {#a-key; critical; after 24h; role=security; evidence} ").expect("a group");
        assert_eq!(text, "A title");
        assert_eq!(
            attributes,
            ItemAttributes {
                key: "a-key".parse().ok(),
                importance: Some(Importance::Critical),
                phase: Some(Phase::After(Window::Day)),
                role: "security".parse().ok(),
                evidence: true,
                ..ItemAttributes::default()
            }
        );
    }

    #[test]
    fn attributes_group_without_known_word_is_text() {
        for text in ["a {b}", "a {}", "a {critcal}", "a {#Bad Key}", "a {critical} b", "{critical", "a {b {c}}"] {
            assert_eq!(read_attributes(text), None, "{text}");
        }
    }

    #[test]
    fn attributes_unknown_or_repeated_are_reported() {
        let (_, attributes) = read_attributes("a {critical; after 3h; advisory; role=No One}").expect("a group");
        assert_eq!(attributes.importance, Some(Importance::Advisory));
        assert_eq!(attributes.unknown, ["after 3h", "role=No One"]);
        assert_eq!(attributes.repeated, ["advisory"]);
    }
}

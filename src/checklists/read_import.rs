//! Parses a checklist that somebody imports, and finds its name.

use super::publish::PublishableChecklist;
use crate::{
    domain::{
        checklist::{ChecklistError, MAX_ITEMS},
        markdown_checklist::{LineMeaning, OmissionReason, ParsedChecklist, parse_markdown},
        markdown_limits::{self, MarkdownLimitError},
        text::{FileName, TextError, Title},
    },
    texts,
};

#[derive(Debug, Clone)]
pub struct ImportedChecklist {
    pub parsed: ParsedChecklist,
    /// Whether somebody chose a name, the text has one, or there was a fallback. Otherwise the name is a placeholder.
    pub has_name: bool,
}

/// Why a parsed checklist can't be published, as shown to the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportRefusal {
    #[error("{}", texts::no_item_in_text())]
    Empty,
    /// It has more items than a checklist may have; the parser stopped there.
    #[error("{}", texts::too_many_items_in_text(MAX_ITEMS))]
    TooMany,
    /// The text under a title is too expensive to render for its length.
    #[error("{}", texts::text_under_cannot_be_imported(.title, .excess))]
    Excess {
        /// The item's title, or the checklist's name.
        title: Title,
        excess: MarkdownLimitError,
    },
    #[error(transparent)]
    Bad(ChecklistError),
}

impl ImportedChecklist {
    /// Fails if it can't be published.
    pub fn to_publishable(&self) -> Result<PublishableChecklist, ImportRefusal> {
        // A truncated checklist could be mistaken for the whole.
        if self.parsed.omissions.iter().any(|left| left.reason == OmissionReason::TooManyItems) {
            return Err(ImportRefusal::TooMany);
        }
        self.check_texts()?;
        PublishableChecklist::new(&self.parsed.checklist).map_err(|bad| match bad {
            ChecklistError::Empty => ImportRefusal::Empty,
            other => ImportRefusal::Bad(other),
        })
    }

    fn check_texts(&self) -> Result<(), ImportRefusal> {
        let checklist = &self.parsed.checklist;
        let introduction = checklist.introduction.iter().map(|text| (&checklist.name, text));
        let guidance =
            checklist.items().filter_map(|(_, _, item)| item.guidance.as_ref().map(|text| (&item.title, text)));
        for (title, text) in introduction.chain(guidance) {
            markdown_limits::check_limits(text.as_str())
                .map_err(|excess| ImportRefusal::Excess { title: title.clone(), excess })?;
        }
        Ok(())
    }
}

/// Parses a checklist. The chosen name takes precedence over the text's own, and that over the fallback.
///
/// # Errors
/// Never: the placeholder name is valid.
pub fn read_checklist(
    text: &str,
    chosen: Option<Title>,
    fallback: Option<Title>,
) -> Result<ImportedChecklist, TextError> {
    let is_given = chosen.is_some() || fallback.is_some();
    let mut reading = match fallback {
        Some(fallback) => parse_markdown(text, &fallback),
        None => parse_markdown(text, &Title::new("Checklist")?),
    };
    let named = is_given || reading.lines.iter().any(|line| line.meaning == LineMeaning::Name);
    if let Some(chosen) = chosen {
        reading.checklist.name = chosen;
    }
    Ok(ImportedChecklist { parsed: reading, has_name: named })
}

/// A name made from a file's name: `production-readiness.md` becomes `Production readiness`. `None` if it has no word.
#[must_use]
pub fn name_from_file(file: &str) -> Option<Title> {
    let file = FileName::new(file);
    let stem = file.as_str().rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).replace(['-', '_'], " ");
    let mut letters = stem.trim().chars();
    let first = letters.next()?;
    Title::new(&first.to_uppercase().chain(letters).collect::<String>()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_from_file_without_words_is_none() {
        for (file, name) in [
            ("production-readiness.md", Some("Production readiness")),
            ("C:\\lists\\go_live.markdown", Some("Go live")),
            ("élan.md", Some("Élan")),
            ("README", Some("README")),
            ("---.md", None),
        ] {
            assert_eq!(name_from_file(file).map(String::from).as_deref(), name, "{file}");
        }
    }

    #[test]
    fn read_checklist_prefers_chosen_name_then_title_then_fallback() {
        let (titled, bare) = ("# Of the text\n\n- [ ] One\n", "- [ ] One\n");
        let title = |name: &str| Some(Title::new(name).unwrap());
        for (text, chosen, fallback, name, named) in [
            (titled, title("Chosen"), title("Fallback"), "Chosen", true),
            (titled, None, title("Fallback"), "Of the text", true),
            (bare, None, title("Fallback"), "Fallback", true),
            (bare, title("Chosen"), None, "Chosen", true),
            (titled, None, None, "Of the text", true),
            (bare, None, None, "Checklist", false),
        ] {
            let understood = read_checklist(text, chosen, fallback).unwrap();
            assert_eq!((understood.parsed.checklist.name.as_str(), understood.has_name), (name, named));
        }
    }
}

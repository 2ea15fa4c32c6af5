//! Reading a checklist that somebody brings, and finding its name.

use super::publish::Draft;
use crate::domain::{
    checklist::{BadChecklist, MAX_ITEMS},
    markdown_checklist::{Became, Reading, Why, read},
    markdown_limits::{self, Excess},
    text::{BadText, FileName, Title},
};

/// A reading, and whether its checklist has a name.
#[derive(Debug, Clone)]
pub struct Understood {
    /// What was understood.
    pub reading: Reading,
    /// Whether somebody chose a name, the text has one, or there was another to fall back on. Otherwise the name is a
    /// makeshift.
    pub named: bool,
}

/// Why what was read can't be published, as said to who brings it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unpublishable {
    /// It has no item.
    #[error(
        "There is no item in this text. An item is a line that begins with a box, such as “- [ ] Backups are restored \
         in a drill”."
    )]
    Empty,
    /// It has more items than a checklist may have; the reader stopped there.
    #[error("There are more than {MAX_ITEMS} items in this text, and a checklist has no more. Make several of it.")]
    TooMany,
    /// The text under a title costs more to show than its length pays for.
    #[error("The text under “{title}” can't be taken. {excess}")]
    Excess {
        /// The item's title, or the checklist's name.
        title: Title,
        /// What it has too much of.
        excess: Excess,
    },
    /// Something else is wrong.
    #[error(transparent)]
    Bad(BadChecklist),
}

impl Understood {
    /// What can be published of it.
    ///
    /// # Errors
    /// [`Unpublishable`], when it can't be.
    pub fn draft(&self) -> Result<Draft, Unpublishable> {
        // Half a checklist would pass for the whole.
        if self.reading.left_out.iter().any(|left| left.why == Why::TooMany) {
            return Err(Unpublishable::TooMany);
        }
        self.check_texts()?;
        Draft::new(&self.reading.checklist).map_err(|bad| match bad {
            BadChecklist::Empty => Unpublishable::Empty,
            other => Unpublishable::Bad(other),
        })
    }

    fn check_texts(&self) -> Result<(), Unpublishable> {
        let checklist = &self.reading.checklist;
        let introduction = checklist.introduction.iter().map(|text| (&checklist.name, text));
        let guidance =
            checklist.items().filter_map(|(_, _, item)| item.guidance.as_ref().map(|text| (&item.title, text)));
        for (title, text) in introduction.chain(guidance) {
            markdown_limits::check(text.as_str())
                .map_err(|excess| Unpublishable::Excess { title: title.clone(), excess })?;
        }
        Ok(())
    }
}

/// Reads a checklist. The name that somebody chose goes before the text's own, and that before the fallback.
///
/// # Errors
/// Never: the makeshift name is a name.
pub fn understand(text: &str, chosen: Option<Title>, fallback: Option<Title>) -> Result<Understood, BadText> {
    let known = chosen.is_some() || fallback.is_some();
    let mut reading = match fallback {
        Some(fallback) => read(text, &fallback),
        None => read(text, &Title::new("Checklist")?),
    };
    let named = known || reading.lines.iter().any(|line| line.became == Became::Name);
    if let Some(chosen) = chosen {
        reading.checklist.name = chosen;
    }
    Ok(Understood { reading, named })
}

/// A name out of a file's: `production-readiness.md` is `Production readiness`. Nothing, where there is no word in it.
#[must_use]
pub fn name_of_file(file: &str) -> Option<Title> {
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
    fn a_file_gives_its_name_where_it_says_something() {
        for (file, name) in [
            ("production-readiness.md", Some("Production readiness")),
            ("C:\\lists\\go_live.markdown", Some("Go live")),
            ("élan.md", Some("Élan")),
            ("README", Some("README")),
            ("---.md", None),
        ] {
            assert_eq!(name_of_file(file).map(String::from).as_deref(), name, "{file}");
        }
    }

    #[test]
    fn the_chosen_name_goes_before_the_texts_and_that_before_the_fallback() {
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
            let understood = understand(text, chosen, fallback).unwrap();
            assert_eq!((understood.reading.checklist.name.as_str(), understood.named), (name, named));
        }
    }
}

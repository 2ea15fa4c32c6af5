//! The checklists that ship as a start for one's own. They are offered where a checklist is made, and never published by
//! themselves.

use crate::domain::{
    checklist::Checklist,
    markdown_checklist::parse_markdown,
    text::{TextError, Title},
};

#[derive(Debug, Clone, Copy)]
pub(super) struct StarterChecklist {
    /// Its name in forms.
    pub slug: &'static str,
    markdown: &'static str,
}

/// In the order in which the page offers them: the smallest first.
pub(super) const STARTERS: [StarterChecklist; 3] = [
    StarterChecklist { slug: "small-service", markdown: include_str!("../../checklists/small-service.md") },
    StarterChecklist { slug: "app-release", markdown: include_str!("../../checklists/app-release.md") },
    StarterChecklist { slug: "data-migration", markdown: include_str!("../../checklists/data-migration.md") },
];

impl StarterChecklist {
    /// # Errors
    /// Never, as its tests show.
    pub(super) fn read(self) -> Result<Checklist, TextError> {
        Ok(parse_markdown(self.markdown, &Title::new(self.slug)?).checklist)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checklist::{Importance, Phase};

    #[test]
    fn starter_reads_without_omissions_and_says_who_signs() {
        for starter in STARTERS {
            let reading = parse_markdown(starter.markdown, &Title::new("n").unwrap());
            assert_eq!((reading.omissions, reading.notices), (Vec::new(), Vec::new()), "{}", starter.slug);
            let checklist = starter.read().unwrap();
            assert_eq!(checklist.check(), Ok(()), "{}", starter.slug);
            assert!((10..=40).contains(&checklist.items().count()), "{}", starter.slug);
            assert!(checklist.introduction.is_some() && !checklist.required_roles.is_empty(), "{}", starter.slug);
            let items: Vec<_> = checklist.items().map(|(_, _, item)| item).collect();
            assert!(items.iter().all(|item| item.role.as_ref().is_some_and(|role| checklist.requires(role))));
            assert!(items.iter().any(|item| item.importance == Importance::Critical && item.evidence_required));
            assert!(items.iter().any(|item| item.phase != Phase::Before), "{}", starter.slug);
        }
    }
}

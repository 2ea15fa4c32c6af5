//! The checklist that ships with the program, published where there is none yet.

use std::sync::Arc;

use anyhow::Context as _;
use sqlx::PgPool;

use super::publish::{Draft, Of, Published, Publishing, publish_in};
use crate::{
    ambient,
    domain::{
        ids::RequestId,
        launch::state::ChecklistVersion,
        markdown_checklist::{Reading, read},
        text::Title,
        time::Moment,
    },
    record::Record,
};

/// Its Markdown.
pub const MARKDOWN: &str = include_str!("../../checklists/production-readiness.md");

/// The checklist that ships, read.
///
/// # Errors
/// Never, as its tests say.
pub fn reading() -> anyhow::Result<Reading> {
    Ok(read(MARKDOWN, &Title::new("Production readiness")?))
}

/// Publishes the checklist that ships in an installation that has no checklist at all. Servers that start together
/// publish it once. Answers what was published, if it was.
///
/// # Errors
/// When the database fails.
pub async fn ensure(db: &PgPool, now: Moment, request: RequestId) -> anyhow::Result<Option<Published>> {
    let mut tx = db.begin().await?;
    if !super::store::is_empty(&mut tx).await? {
        return Ok(None);
    }
    let draft = Draft::new(&reading()?.checklist)?;
    let (of, version) = (Of::New(ambient::new_id()), ambient::new_id());
    let publishing = Publishing { draft, version, of, by: None, request, now };
    let published = publish_in(&mut tx, publishing).await.context("the checklist that ships can't be published")?;
    tx.commit().await?;
    Ok(Some(published))
}

/// The published version that has exactly the content of the checklist that ships, where there is one.
///
/// # Errors
/// When the database fails.
pub async fn version(db: &PgPool, record: &Record) -> anyhow::Result<Option<Arc<ChecklistVersion>>> {
    let hash = reading()?.checklist.hash();
    match super::store::with_hash(db, &hash).await? {
        Some(id) => Ok(record.version_by_id(db, id).await?),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        checklist::{ChecklistItem, Importance, Phase, Window},
        markdown_checklist::write,
    };

    #[test]
    fn it_reads_whole_with_nothing_left_out_or_to_tell() {
        let reading = reading().unwrap();
        assert_eq!((reading.left_out, reading.notices), (Vec::new(), Vec::new()));
        assert_eq!(reading.checklist.check(), Ok(()));
        assert_eq!(reading.checklist.name.as_str(), "Production readiness");
    }

    #[test]
    fn it_has_the_parts_sections_and_items_it_is_known_by() {
        let checklist = reading().unwrap().checklist;
        let count =
            |wanted: &dyn Fn(&ChecklistItem) -> bool| checklist.items().filter(|(_, _, item)| wanted(item)).count();
        let importance = |of: Importance| count(&|item| item.importance == of);
        let phase = |of: Phase| count(&|item| item.phase == of);
        assert_eq!(checklist.parts.len(), 14);
        assert_eq!(checklist.parts.iter().map(|part| part.sections.len()).sum::<usize>(), 33);
        assert_eq!(checklist.items().count(), 209);
        assert_eq!(Importance::ALL.map(importance), [41, 134, 34]);
        assert_eq!(phase(Phase::Before), 191);
        assert_eq!(Window::ALL.map(|window| phase(Phase::After(window))), [6, 6, 6]);
        assert_eq!(count(&|item| item.evidence_required), 71);
        assert_eq!(count(&|item| item.guidance.is_none() || item.role.is_none()), 0);
        let roles: Vec<_> = checklist.required_roles.iter().map(|required| required.role.as_str()).collect();
        assert_eq!(roles, ["tech_lead", "operations", "security", "product"]);
        assert!(checklist.items().all(|(_, _, item)| item.role.as_ref().is_some_and(|role| checklist.requires(role))));
    }

    #[test]
    fn it_is_written_as_what_reads_the_same() {
        let checklist = reading().unwrap().checklist;
        let again = read(&write(&checklist), &Title::new("Another name").unwrap());
        assert_eq!(again.checklist, checklist);
        assert_eq!(again.checklist.hash(), checklist.hash());
    }
}

//! The checklist that ships with the program, published if there is no other.

use std::sync::Arc;

use anyhow::Context as _;
use sqlx::PgPool;

use super::publish::{PublishRequest, PublishTarget, PublishableChecklist, PublishedVersion, publish_in_transaction};
use crate::{
    ambient,
    domain::{
        ids::RequestId,
        launch::state::ChecklistVersion,
        markdown_checklist::{ParsedChecklist, parse_markdown},
        text::Title,
        time::Moment,
    },
    record::{Record, installation_log::AuditedTransaction},
};

pub const SHIPPED_MARKDOWN: &str = include_str!("../../checklists/production-readiness.md");

/// The checklist that ships, parsed.
///
/// # Errors
/// Never, as its tests show.
pub fn read_shipped() -> anyhow::Result<ParsedChecklist> {
    Ok(parse_markdown(SHIPPED_MARKDOWN, &Title::new("Production readiness")?))
}

/// Publishes the checklist that ships if the installation has no checklist at all. Servers that start together publish
/// it once. Returns what was published, if anything.
pub async fn publish_if_no_checklist(
    db: &PgPool,
    now: Moment,
    request: RequestId,
) -> anyhow::Result<Option<PublishedVersion>> {
    let mut tx = AuditedTransaction::begin(db).await?;
    if !super::store::lock_and_check_no_checklist(&mut tx).await? {
        return Ok(None);
    }
    let draft = PublishableChecklist::new(&read_shipped()?.checklist)?;
    let (of, version) = (PublishTarget::NewChecklist(ambient::new_id()), ambient::new_id());
    let publishing = PublishRequest { content: draft, version_id: version, target: of, publisher: None, request, now };
    let published =
        publish_in_transaction(&mut tx, publishing).await.context("the checklist that ships can't be published")?;
    tx.commit().await?;
    Ok(Some(published))
}

/// The published version with exactly the content of the checklist that ships, if there is one.
pub async fn find_published_version(db: &PgPool, record: &Record) -> anyhow::Result<Option<Arc<ChecklistVersion>>> {
    let hash = read_shipped()?.checklist.hash();
    match super::store::find_version_by_hash(db, &hash).await? {
        Some(id) => Ok(record.load_version(db, id).await?),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        checklist::{ChecklistItem, Importance, Phase, Window},
        markdown_checklist::write_markdown,
    };

    #[test]
    fn shipped_checklist_reads_without_omissions_or_notices() {
        let reading = read_shipped().unwrap();
        assert_eq!((reading.omissions, reading.notices), (Vec::new(), Vec::new()));
        assert_eq!(reading.checklist.check(), Ok(()));
        assert_eq!(reading.checklist.name.as_str(), "Production readiness");
    }

    #[test]
    fn shipped_checklist_has_expected_parts_sections_and_items() {
        let checklist = read_shipped().unwrap().checklist;
        let count = |is_counted: &dyn Fn(&ChecklistItem) -> bool| {
            checklist.items().filter(|(_, _, item)| is_counted(item)).count()
        };
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
    fn shipped_checklist_written_and_read_again_is_the_same() {
        let checklist = read_shipped().unwrap().checklist;
        let again = parse_markdown(&write_markdown(&checklist), &Title::new("Another name").unwrap());
        assert_eq!(again.checklist, checklist);
        assert_eq!(again.checklist.hash(), checklist.hash());
    }
}

//! The slice's own questions across launches.

use sqlx::PgExecutor;

use crate::domain::ids::{ChecklistId, ChecklistVersionId};

/// A checklist version that a launch can be made from.
#[derive(Debug, Clone)]
pub(super) struct Offered {
    pub id: ChecklistVersionId,
    pub name: String,
    pub number: i32,
    pub items: i32,
}

/// The newest version of each checklist that is not archived.
///
/// # Errors
/// When the database fails.
pub(super) async fn offered(db: impl PgExecutor<'_>) -> Result<Vec<Offered>, sqlx::Error> {
    sqlx::query_as!(
        Offered,
        r#"
        SELECT DISTINCT ON (v.checklist_id) v.id AS "id: ChecklistVersionId", v.name, v.number, v.items
        FROM checklist_versions v JOIN checklists c ON c.id = v.checklist_id
        WHERE c.archived_at IS NULL
        ORDER BY v.checklist_id, v.number DESC
        "#
    )
    .fetch_all(db)
    .await
}

/// Whether a checklist is archived.
///
/// # Errors
/// When the database fails.
pub(super) async fn is_archived(db: impl PgExecutor<'_>, id: ChecklistId) -> Result<bool, sqlx::Error> {
    let archived = sqlx::query_scalar!("SELECT archived_at FROM checklists WHERE id = $1", id as _);
    Ok(archived.fetch_optional(db).await?.flatten().is_some())
}

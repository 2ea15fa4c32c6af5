//! The rows of drafts, and of the installation's roles.

use sqlx::{PgConnection, PgExecutor};

use crate::{
    checklists::store::bump_draft_version,
    domain::{
        ids::{ChecklistId, ChecklistVersionId, UserId},
        time::Moment,
    },
};

/// A checklist with its draft, if it has one.
#[derive(Debug)]
pub(super) struct StoredDraft {
    pub archived: bool,
    /// The version number, which counts on over all drafts of the checklist.
    pub version: i64,
    /// The newest version; `None` for a checklist that was never published.
    pub newest: Option<ChecklistVersionId>,
    /// Its number, or 0.
    pub newest_number: i32,
    pub content: Option<Vec<u8>>,
    pub edited_at: Option<Moment>,
    pub edited_by: Option<String>,
}

pub(super) async fn load_draft(db: impl PgExecutor<'_>, id: ChecklistId) -> Result<Option<StoredDraft>, sqlx::Error> {
    sqlx::query_as!(
        StoredDraft,
        r#"
        SELECT c.archived_at IS NOT NULL AS "archived!", c.draft_version AS version,
               v.id AS "newest?: ChecklistVersionId", COALESCE(v.number, 0) AS "newest_number!",
               d.content AS "content?", d.edited_at AS "edited_at?: Moment", u.name AS "edited_by?"
        FROM checklists c
        LEFT JOIN LATERAL (
            SELECT id, number FROM checklist_versions v WHERE v.checklist_id = c.id ORDER BY v.number DESC LIMIT 1
        ) v ON true
        LEFT JOIN checklist_drafts d ON d.checklist_id = c.id
        LEFT JOIN users u ON u.id = d.edited_by
        WHERE c.id = $1
        "#,
        id as _,
    )
    .fetch_optional(db)
    .await
}

/// The checklist must be locked.
pub(in crate::checklists) async fn save_draft(
    db: &mut PgConnection,
    id: ChecklistId,
    version: i64,
    content: &[u8],
    by: UserId,
    at: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE checklists SET draft_version = $2 WHERE id = $1", id as _, version).execute(&mut *db).await?;
    sqlx::query!(
        "INSERT INTO checklist_drafts (checklist_id, content, edited_at, edited_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (checklist_id) DO UPDATE SET content = $2, edited_at = $3, edited_by = $4",
        id as _,
        content,
        at as Moment,
        by.uuid(),
    )
    .execute(db)
    .await
    .map(drop)
}

/// Ends a draft. Forms from its pages are stale afterwards. The checklist must be locked.
pub(super) async fn delete_draft(db: &mut PgConnection, id: ChecklistId) -> Result<(), sqlx::Error> {
    bump_draft_version(&mut *db, id).await?;
    sqlx::query!("DELETE FROM checklist_drafts WHERE checklist_id = $1", id as _).execute(db).await.map(drop)
}

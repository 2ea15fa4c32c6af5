//! The rows of drafts, and of the roles that are known.

use sqlx::{PgConnection, PgExecutor};

use crate::{
    checklists::store::count_drafts_on,
    domain::{
        ids::{ChecklistId, ChecklistVersionId, UserId},
        time::Moment,
    },
};

/// A checklist with its draft, where it has one.
#[derive(Debug)]
pub(super) struct Kept {
    pub archived: bool,
    /// The version that all its drafts have come to together.
    pub version: i64,
    pub newest: ChecklistVersionId,
    pub newest_number: i32,
    pub content: Option<Vec<u8>>,
    pub edited_at: Option<Moment>,
    pub edited_by: Option<String>,
}

/// A checklist with its draft; nothing when there is no such checklist.
pub(super) async fn kept(db: impl PgExecutor<'_>, id: ChecklistId) -> Result<Option<Kept>, sqlx::Error> {
    sqlx::query_as!(
        Kept,
        r#"
        SELECT c.archived_at IS NOT NULL AS "archived!", c.draft_version AS version,
               v.id AS "newest!: ChecklistVersionId", v.number AS "newest_number!",
               d.content AS "content?", d.edited_at AS "edited_at?: Moment", u.name AS "edited_by?"
        FROM checklists c
        JOIN LATERAL (
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

/// Keeps what a draft has come to. The checklist is locked.
pub(super) async fn keep(
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

/// Ends a draft: what is sent from a page of it is no longer taken for what is. The checklist is locked.
pub(super) async fn end(db: &mut PgConnection, id: ChecklistId) -> Result<(), sqlx::Error> {
    count_drafts_on(&mut *db, id).await?;
    sqlx::query!("DELETE FROM checklist_drafts WHERE checklist_id = $1", id as _).execute(db).await.map(drop)
}

/// The roles of the installation, in their order: slug and title.
pub(super) async fn roles(db: impl PgExecutor<'_>) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!("SELECT slug, title FROM roles ORDER BY position, slug").fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.title)).collect())
}

//! The rows of checklists and their versions.

use sqlx::{PgConnection, PgExecutor};

use crate::domain::{
    canonical::Sha256Hash,
    ids::{ChecklistId, ChecklistVersionId, UserId},
    text::Title,
    time::Moment,
};

/// A checklist in the list, with the data of its newest version.
#[derive(Debug, Clone)]
pub(super) struct ChecklistListRow {
    pub id: ChecklistId,
    pub name: String,
    pub number: i32,
    pub items: i32,
    pub published_at: Moment,
    /// The publisher of that version; `None` if it came with the program or from the command line.
    pub published_by: Option<String>,
    pub archived_at: Option<Moment>,
    /// Whether there is a draft of the next version.
    pub drafted: bool,
}

/// All checklists, sorted by name.
pub(super) async fn list_checklists(db: impl PgExecutor<'_>) -> Result<Vec<ChecklistListRow>, sqlx::Error> {
    sqlx::query_as!(
        ChecklistListRow,
        r#"
        SELECT c.id AS "id: ChecklistId", v.name AS "name!", v.number AS "number!", v.items AS "items!",
               v.published_at AS "published_at!: Moment", u.name AS "published_by?",
               c.archived_at AS "archived_at: Moment",
               EXISTS (SELECT FROM checklist_drafts d WHERE d.checklist_id = c.id) AS "drafted!"
        FROM checklists c
        JOIN LATERAL (
            SELECT * FROM checklist_versions v WHERE v.checklist_id = c.id ORDER BY v.number DESC LIMIT 1
        ) v ON true
        LEFT JOIN users u ON u.id = v.published_by
        ORDER BY lower(v.name), c.id
        "#
    )
    .fetch_all(db)
    .await
}

/// A checklist of which no version was published yet, with its draft.
pub(super) struct UnpublishedChecklistRow {
    pub id: ChecklistId,
    /// The draft, as JSON.
    pub content: Vec<u8>,
    pub edited_at: Moment,
    pub edited_by: String,
}

/// The checklists without a version, the last edited first.
pub(super) async fn list_unpublished_checklists(
    db: impl PgExecutor<'_>,
) -> Result<Vec<UnpublishedChecklistRow>, sqlx::Error> {
    sqlx::query_as!(
        UnpublishedChecklistRow,
        r#"
        SELECT d.checklist_id AS "id: ChecklistId", d.content, d.edited_at AS "edited_at: Moment", u.name AS edited_by
        FROM checklist_drafts d
        JOIN users u ON u.id = d.edited_by
        WHERE NOT EXISTS (SELECT FROM checklist_versions v WHERE v.checklist_id = d.checklist_id)
        ORDER BY d.edited_at DESC
        "#
    )
    .fetch_all(db)
    .await
}

/// The first version with this content.
pub(super) async fn find_version_by_hash(
    db: impl PgExecutor<'_>,
    hash: &Sha256Hash,
) -> Result<Option<ChecklistVersionId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ChecklistVersionId" FROM checklist_versions WHERE hash = $1 ORDER BY published_at LIMIT 1"#,
        hash.to_bytes(),
    )
    .fetch_optional(db)
    .await
}

/// A version of a checklist, without its content.
#[derive(Debug, Clone)]
pub(super) struct ChecklistVersionRow {
    pub id: ChecklistVersionId,
    pub number: i32,
    pub name: String,
    pub items: i32,
    pub published_at: Moment,
    pub published_by: Option<String>,
    pub archived: bool,
    /// Whether there is a draft of the next version.
    pub drafted: bool,
}

/// The versions of a checklist, the newest first; empty if there is no such checklist.
pub(super) async fn list_versions(
    db: impl PgExecutor<'_>,
    checklist: ChecklistId,
) -> Result<Vec<ChecklistVersionRow>, sqlx::Error> {
    sqlx::query_as!(
        ChecklistVersionRow,
        r#"
        SELECT v.id AS "id: ChecklistVersionId", v.number, v.name, v.items, v.published_at AS "published_at: Moment",
               u.name AS "published_by?", c.archived_at IS NOT NULL AS "archived!",
               EXISTS (SELECT FROM checklist_drafts d WHERE d.checklist_id = c.id) AS "drafted!"
        FROM checklist_versions v
        JOIN checklists c ON c.id = v.checklist_id
        LEFT JOIN users u ON u.id = v.published_by
        WHERE v.checklist_id = $1
        ORDER BY v.number DESC
        "#,
        checklist as _,
    )
    .fetch_all(db)
    .await
}

/// Inserts a checklist, unless it exists. Gives whether it did not.
pub(super) async fn insert_checklist(db: &mut PgConnection, id: ChecklistId, at: Moment) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "INSERT INTO checklists (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        id as _,
        at as Moment,
    );
    Ok(inserted.execute(db).await?.rows_affected() > 0)
}

/// Locks a checklist, and returns whether it is archived; `None` if there is no such checklist.
pub(super) async fn lock_checklist(db: &mut PgConnection, id: ChecklistId) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT archived_at IS NOT NULL AS "archived!" FROM checklists WHERE id = $1 FOR UPDATE"#,
        id as _
    )
    .fetch_optional(db)
    .await
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ChecklistVersionNumber {
    pub id: ChecklistVersionId,
    pub number: i32,
    pub hash: Sha256Hash,
}

/// The versions of a checklist, the newest first.
pub(super) async fn list_version_numbers(
    db: &mut PgConnection,
    checklist: ChecklistId,
) -> Result<Vec<ChecklistVersionNumber>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: ChecklistVersionId", number, hash FROM checklist_versions
           WHERE checklist_id = $1 ORDER BY number DESC"#,
        checklist as _,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let hash = row.hash.try_into().map_err(|_| sqlx::Error::Protocol("a hash is not 32 bytes".to_owned()))?;
            Ok(ChecklistVersionNumber { id: row.id, number: row.number, hash })
        })
        .collect()
}

pub(super) struct NewChecklistVersion<'a> {
    pub id: ChecklistVersionId,
    pub checklist: ChecklistId,
    pub number: i32,
    pub name: &'a Title,
    pub items: i32,
    pub hash: Sha256Hash,
    pub content: &'a [u8],
    pub published_at: Moment,
    pub publisher: Option<UserId>,
}

pub(super) async fn insert_version(db: &mut PgConnection, new: NewChecklistVersion<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO checklist_versions
             (id, checklist_id, number, name, items, hash, content, published_at, published_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id as _,
        new.checklist as _,
        new.number,
        new.name.as_str(),
        new.items,
        new.hash.to_bytes().as_slice(),
        new.content,
        new.published_at as Moment,
        new.publisher.map(UserId::uuid),
    )
    .execute(db)
    .await
    .map(drop)
}

/// Increases the version number of the checklist's drafts, so that no form from a page of an earlier draft is accepted
/// for a later one.
pub(super) async fn bump_draft_version(db: &mut PgConnection, id: ChecklistId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE checklists SET draft_version = draft_version + 1 WHERE id = $1", id as _)
        .execute(db)
        .await
        .map(drop)
}

pub(super) async fn set_archived(
    db: &mut PgConnection,
    id: ChecklistId,
    at: Option<Moment>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("UPDATE checklists SET archived_at = $2 WHERE id = $1", id as _, at as Option<Moment>);
    Ok(done.execute(db).await?.rows_affected())
}

/// Whether there is no checklist at all. Takes an advisory lock, so that the answer holds until the transaction ends
/// among all who ask this way.
pub(super) async fn lock_and_check_no_checklist(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('signoff: the first checklist', 0))")
        .fetch_one(&mut *db)
        .await?;
    sqlx::query_scalar!(r#"SELECT NOT EXISTS (SELECT FROM checklists) AS "empty!""#).fetch_one(db).await
}

/// The slugs and titles of the installation's roles, in their order.
pub(super) async fn load_roles(db: impl PgExecutor<'_>) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!("SELECT slug, title FROM roles ORDER BY position, slug").fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.title)).collect())
}

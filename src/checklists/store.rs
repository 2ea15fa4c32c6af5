//! The rows of checklists and their versions.

use sqlx::{PgConnection, PgExecutor};

use crate::domain::{
    canonical::Sha256Hash,
    ids::{ChecklistId, ChecklistVersionId, UserId},
    text::Title,
    time::Moment,
};

/// A checklist in the list, as its newest version has it.
#[derive(Debug, Clone)]
pub(super) struct Shelved {
    pub id: ChecklistId,
    pub name: String,
    pub number: i32,
    pub items: i32,
    pub published_at: Moment,
    /// Who published that version; nobody, for one that came with the program or from the command line.
    pub published_by: Option<String>,
    pub archived_at: Option<Moment>,
    /// Whether there is a draft of its next version.
    pub drafted: bool,
}

/// Every checklist, by name.
pub(super) async fn shelf(db: impl PgExecutor<'_>) -> Result<Vec<Shelved>, sqlx::Error> {
    sqlx::query_as!(
        Shelved,
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

/// The first version with this content.
pub(super) async fn with_hash(
    db: impl PgExecutor<'_>,
    hash: &Sha256Hash,
) -> Result<Option<ChecklistVersionId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ChecklistVersionId" FROM checklist_versions WHERE hash = $1 ORDER BY published_at LIMIT 1"#,
        hash.bytes(),
    )
    .fetch_optional(db)
    .await
}

/// A version of a checklist, without its content.
#[derive(Debug, Clone)]
pub(super) struct VersionLine {
    pub id: ChecklistVersionId,
    pub number: i32,
    pub name: String,
    pub items: i32,
    pub published_at: Moment,
    pub published_by: Option<String>,
    pub archived: bool,
    /// Whether the checklist has a draft of its next version.
    pub drafted: bool,
}

/// The versions of a checklist, the newest first; none when there is no such checklist.
pub(super) async fn versions(db: impl PgExecutor<'_>, checklist: ChecklistId) -> Result<Vec<VersionLine>, sqlx::Error> {
    sqlx::query_as!(
        VersionLine,
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

/// Adds a checklist, unless it is there.
pub(super) async fn add_checklist(db: &mut PgConnection, id: ChecklistId, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO checklists (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        id as _,
        at as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Locks a checklist, and tells whether it is archived; nothing when there is none of this id.
pub(super) async fn lock(db: &mut PgConnection, id: ChecklistId) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT archived_at IS NOT NULL AS "archived!" FROM checklists WHERE id = $1 FOR UPDATE"#,
        id as _
    )
    .fetch_optional(db)
    .await
}

/// What tells a version from another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbered {
    pub id: ChecklistVersionId,
    pub number: i32,
    pub hash: Sha256Hash,
}

/// The versions of a checklist, the newest first.
pub(super) async fn numbers(db: &mut PgConnection, checklist: ChecklistId) -> Result<Vec<Numbered>, sqlx::Error> {
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
            Ok(Numbered { id: row.id, number: row.number, hash })
        })
        .collect()
}

/// A version on its way in.
pub(super) struct NewVersion<'a> {
    pub id: ChecklistVersionId,
    pub checklist: ChecklistId,
    pub number: i32,
    pub name: &'a Title,
    pub items: i32,
    pub hash: Sha256Hash,
    pub content: &'a [u8],
    pub at: Moment,
    pub by: Option<UserId>,
}

/// Adds a version.
pub(super) async fn add_version(db: &mut PgConnection, new: NewVersion<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO checklist_versions
             (id, checklist_id, number, name, items, hash, content, published_at, published_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id as _,
        new.checklist as _,
        new.number,
        new.name.as_str(),
        new.items,
        new.hash.bytes().as_slice(),
        new.content,
        new.at as Moment,
        new.by.map(UserId::uuid),
    )
    .execute(db)
    .await
    .map(drop)
}

/// Has the versions of drafts go on from here, so that nothing sent from a page of an earlier draft passes for one of a
/// later: a draft that begins now begins as something else.
pub(super) async fn count_drafts_on(db: &mut PgConnection, id: ChecklistId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE checklists SET draft_version = draft_version + 1 WHERE id = $1", id as _)
        .execute(db)
        .await
        .map(drop)
}

/// Puts a checklist away, or brings it back.
pub(super) async fn set_archived(
    db: &mut PgConnection,
    id: ChecklistId,
    at: Option<Moment>,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("UPDATE checklists SET archived_at = $2 WHERE id = $1", id as _, at as Option<Moment>);
    Ok(done.execute(db).await?.rows_affected())
}

/// Waits until nobody else asks whether there is any checklist, and answers it. The answer holds until the
/// transaction ends, among those who ask.
pub(super) async fn is_empty(db: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('signoff: the first checklist', 0))")
        .fetch_one(&mut *db)
        .await?;
    sqlx::query_scalar!(r#"SELECT NOT EXISTS (SELECT FROM checklists) AS "empty!""#).fetch_one(db).await
}

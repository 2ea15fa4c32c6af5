//! The slice's queries across launches.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::domain::{
    ids::{ChecklistId, ChecklistVersionId, LaunchId, UserId},
    time::Moment,
};

#[derive(Debug, Clone)]
pub(super) struct OfferedVersion {
    pub id: ChecklistVersionId,
    pub name: String,
    pub number: i32,
    pub items: i32,
    pub published_at: Moment,
    pub published_by: Option<String>,
}

/// The newest version of each checklist that is not archived.
pub(super) async fn load_offered_versions(db: impl PgExecutor<'_>) -> Result<Vec<OfferedVersion>, sqlx::Error> {
    sqlx::query_as!(
        OfferedVersion,
        r#"
        SELECT DISTINCT ON (v.checklist_id) v.id AS "id: ChecklistVersionId", v.name, v.number, v.items,
               v.published_at AS "published_at: Moment", u.name AS "published_by?"
        FROM checklist_versions v
        JOIN checklists c ON c.id = v.checklist_id
        LEFT JOIN users u ON u.id = v.published_by
        WHERE c.archived_at IS NULL
        ORDER BY v.checklist_id, v.number DESC
        "#
    )
    .fetch_all(db)
    .await
}

/// The newest published version of a checklist.
pub(super) async fn find_newest_version(
    db: impl PgExecutor<'_>,
    checklist: ChecklistId,
) -> Result<Option<ChecklistVersionId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ChecklistVersionId" FROM checklist_versions WHERE checklist_id = $1
           ORDER BY number DESC LIMIT 1"#,
        checklist as _,
    )
    .fetch_optional(db)
    .await
}

/// The newest launch from any version of a checklist that a person may see.
pub(super) async fn find_newest_launch_of(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    checklist: ChecklistId,
) -> Result<Option<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT l.id AS "id!: LaunchId" FROM visible_launches($1, $2) l
           JOIN checklist_versions v ON v.id = l.version_id WHERE v.checklist_id = $3
           ORDER BY l.created_at DESC, l.id DESC LIMIT 1"#,
        user as _,
        reads_all,
        checklist as _,
    )
    .fetch_optional(db)
    .await
}

/// A launch that another can be compared with.
pub(super) struct ComparableLaunch {
    pub id: LaunchId,
    /// Empty if it was redacted.
    pub name: String,
    pub target: Moment,
}

/// The newest launches from the same checklist that a person may see, without the launch itself, at most `limit`.
pub(super) async fn list_comparable_launches(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    launch: LaunchId,
    checklist: ChecklistId,
    limit: i64,
) -> Result<Vec<ComparableLaunch>, sqlx::Error> {
    sqlx::query_as!(
        ComparableLaunch,
        r#"SELECT l.id AS "id!: LaunchId", COALESCE(named.value, '') AS "name!", l.target_at AS "target!: Moment"
           FROM visible_launches($1, $2) l
           JOIN checklist_versions v ON v.id = l.version_id
           LEFT JOIN texts named ON named.commitment = l.name
           WHERE v.checklist_id = $4 AND l.id <> $3
           ORDER BY l.created_at DESC, l.id DESC LIMIT $5"#,
        user as _,
        reads_all,
        launch as _,
        checklist as _,
        limit,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn is_archived(db: impl PgExecutor<'_>, id: ChecklistId) -> Result<bool, sqlx::Error> {
    let archived = sqlx::query_scalar!("SELECT archived_at FROM checklists WHERE id = $1", id as _);
    Ok(archived.fetch_optional(db).await?.flatten().is_some())
}

/// An upcoming launch and its target.
#[derive(Debug, Clone, Copy)]
pub(super) struct UpcomingLaunch {
    pub id: LaunchId,
    pub at: Moment,
}

/// Upcoming launches that the reader may see with a target in a period, in order, and the nearest one before and after
/// it.
pub(super) async fn load_upcoming_launches(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    tag: Option<&str>,
    (from, to): (Moment, Moment),
    limit: i64,
) -> Result<Vec<UpcomingLaunch>, sqlx::Error> {
    sqlx::query_as!(
        UpcomingLaunch,
        r#"
        WITH ahead AS (
            SELECT l.id, l.target_at FROM visible_launches($1, $2) l WHERE l.stage IN ('preparing', 'go', 'held')
              AND ($6::text IS NULL
                   OR EXISTS (SELECT FROM launch_tags t WHERE t.launch_id = l.id AND t.folded = $6))
        )
        SELECT id AS "id!: LaunchId", target_at AS "at!: Moment" FROM (
            (SELECT * FROM ahead WHERE target_at < $3 ORDER BY target_at DESC, id LIMIT 1)
            UNION ALL
            (SELECT * FROM ahead WHERE target_at >= $3 AND target_at < $4 ORDER BY target_at, id LIMIT $5)
            UNION ALL
            (SELECT * FROM ahead WHERE target_at >= $4 ORDER BY target_at, id LIMIT 1)
        ) found
        ORDER BY target_at, id
        "#,
        user as _,
        reads_all,
        from as Moment,
        to as Moment,
        limit,
        tag,
    )
    .fetch_all(db)
    .await
}

/// A filter of the list that a person saved.
pub(super) struct SavedFilter {
    pub id: Uuid,
    pub name: String,
    /// The query of the list's address.
    pub query: String,
}

/// The filters that a person saved, in the order in which they saved them.
pub(super) async fn load_saved_filters(db: impl PgExecutor<'_>, user: UserId) -> Result<Vec<SavedFilter>, sqlx::Error> {
    sqlx::query_as!(
        SavedFilter,
        "SELECT id, name, query FROM saved_filters WHERE user_id = $1 ORDER BY created_at, id",
        user as _
    )
    .fetch_all(db)
    .await
}

/// A filter that this person saved.
pub(super) async fn find_saved_filter(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
) -> Result<Option<SavedFilter>, sqlx::Error> {
    sqlx::query_as!(
        SavedFilter,
        "SELECT id, name, query FROM saved_filters WHERE user_id = $1 AND id = $2",
        user as _,
        id
    )
    .fetch_optional(db)
    .await
}

/// Saves a filter, or gives the one with the same query the new name. Returns whether it was saved: nobody saves more
/// than `limit`.
pub(super) async fn save_filter(
    db: impl PgExecutor<'_>,
    user: UserId,
    saved: &SavedFilter,
    now: Moment,
    limit: i64,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query!(
        "WITH renamed AS (
             UPDATE saved_filters SET name = $3 WHERE user_id = $1 AND query = $4 RETURNING id
         ), added AS (
             INSERT INTO saved_filters (id, user_id, name, query, created_at)
             SELECT $2, $1, $3, $4, $5
             WHERE NOT EXISTS (SELECT FROM renamed) AND (SELECT count(*) FROM saved_filters WHERE user_id = $1) < $6
             RETURNING id
         )
         SELECT id FROM renamed UNION ALL SELECT id FROM added",
        user as _,
        saved.id,
        saved.name,
        saved.query,
        now as Moment,
        limit,
    );
    Ok(!written.fetch_all(db).await?.is_empty())
}

pub(super) async fn rename_filter(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE saved_filters SET name = $3 WHERE user_id = $1 AND id = $2", user as _, id, name)
        .execute(db)
        .await
        .map(drop)
}

/// Deletes a filter of this person; returns whether there was one.
pub(super) async fn remove_filter(db: impl PgExecutor<'_>, user: UserId, id: Uuid) -> Result<bool, sqlx::Error> {
    let deleted =
        sqlx::query!("DELETE FROM saved_filters WHERE user_id = $1 AND id = $2", user as _, id).execute(db).await?;
    Ok(deleted.rows_affected() > 0)
}

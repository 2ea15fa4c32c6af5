//! The slice's queries across launches.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::domain::{
    ids::{ChecklistId, ChecklistVersionId, LaunchId, UserId},
    launch::state::StageName,
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

/// The part of the list's filter and order that SQL can evaluate.
#[derive(Debug)]
pub(super) struct LaunchListCriteria<'a> {
    /// The reader, and whether they may read every launch.
    pub user: UserId,
    pub reads_all: bool,
    pub stages: &'a [&'a str],
    /// Only those that the reader owns.
    pub owned: bool,
    /// Only those that the reader owns, holds a role in, is a participant of or has an item of.
    pub mine: bool,
    /// Only those with this tag, in lower case.
    pub tag: Option<String>,
    /// `ILIKE` pattern for the name.
    pub name: Option<String>,
    pub order: LaunchOrder,
    /// The last launch of the previous page.
    pub after: Option<LaunchId>,
    pub limit: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum LaunchOrder {
    /// By target, the earliest first.
    Earliest,
    /// By target, the latest first.
    Latest,
    Name,
    /// By the time of the last change, the newest first.
    Changed,
}

/// Lists the launches that the reader may see, in order, from the cursor on. Only the launches' rows are sorted; no
/// history is read. A cursor that is not in the list is ignored, so that the list begins at its start.
pub(super) async fn list_launches(
    db: impl PgExecutor<'_>,
    listing: &LaunchListCriteria<'_>,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    let stages: Vec<String> = listing.stages.iter().map(ToString::to_string).collect();
    let order: &str = listing.order.into();
    sqlx::query_scalar!(
        r#"
        WITH listed AS (
            SELECT l.id,
                   CASE $7 WHEN 'earliest' THEN extract(epoch FROM l.target_at)
                           WHEN 'latest' THEN -extract(epoch FROM l.target_at)
                           WHEN 'changed' THEN -extract(epoch FROM l.changed_at)
                           ELSE 0 END AS number,
                   CASE $7 WHEN 'name' THEN lower(COALESCE(named.value, '')) ELSE '' END AS word
            FROM visible_launches($1, $2) l
            LEFT JOIN texts named ON named.commitment = l.name
            WHERE l.stage = ANY($3)
              AND (NOT $4 OR l.owner_id = $1)
              AND (NOT $5 OR l.owner_id = $1
                   OR EXISTS (SELECT FROM launch_holders h WHERE h.launch_id = l.id AND h.user_id = $1)
                   OR EXISTS (SELECT FROM launch_participants p WHERE p.launch_id = l.id AND p.user_id = $1)
                   OR EXISTS (SELECT FROM items i WHERE i.launch_id = l.id AND i.assignee_id = $1))
              AND ($6::text IS NULL OR normalize(named.value) ILIKE $6)
              AND ($10::text IS NULL
                   OR EXISTS (SELECT FROM launch_tags t WHERE t.launch_id = l.id AND t.folded = $10))
        )
        SELECT l.id AS "id!: LaunchId" FROM listed l
        LEFT JOIN listed last ON last.id = $8::uuid
        WHERE last.id IS NULL OR (l.number, l.word, l.id) > (last.number, last.word, last.id)
        ORDER BY l.number, l.word, l.id LIMIT $9
        "#,
        listing.user as _,
        listing.reads_all,
        &stages,
        listing.owned,
        listing.mine,
        listing.name,
        order,
        listing.after as _,
        listing.limit,
        listing.tag,
    )
    .fetch_all(db)
    .await
}

/// A launch on the board, and how many there are in its stage in all.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoardLaunch {
    pub id: LaunchId,
    pub stage: StageName,
    pub total: i64,
}

/// The launches that the reader may see and that match the filter, at most `limit` of each stage: the nearest targets of
/// those ahead, the latest of the others.
pub(super) async fn list_board(
    db: impl PgExecutor<'_>,
    listing: &LaunchListCriteria<'_>,
    limit: i64,
) -> Result<Vec<BoardLaunch>, sqlx::Error> {
    sqlx::query_as!(
        BoardLaunch,
        r#"
        SELECT id AS "id!: LaunchId", stage AS "stage!: StageName", total AS "total!" FROM (
            SELECT l.id, l.stage, count(*) OVER (PARTITION BY l.stage) AS total,
                   row_number() OVER (PARTITION BY l.stage ORDER BY
                       CASE WHEN l.stage IN ('preparing', 'go', 'held') THEN extract(epoch FROM l.target_at)
                            ELSE -extract(epoch FROM l.target_at) END, l.id) AS place
            FROM visible_launches($1, $2) l
            LEFT JOIN texts named ON named.commitment = l.name
            WHERE (NOT $3 OR l.owner_id = $1)
              AND (NOT $4 OR l.owner_id = $1
                   OR EXISTS (SELECT FROM launch_holders h WHERE h.launch_id = l.id AND h.user_id = $1)
                   OR EXISTS (SELECT FROM launch_participants p WHERE p.launch_id = l.id AND p.user_id = $1)
                   OR EXISTS (SELECT FROM items i WHERE i.launch_id = l.id AND i.assignee_id = $1))
              AND ($5::text IS NULL OR normalize(named.value) ILIKE $5)
              AND ($6::text IS NULL
                   OR EXISTS (SELECT FROM launch_tags t WHERE t.launch_id = l.id AND t.folded = $6))
        ) placed
        WHERE place <= $7 ORDER BY place
        "#,
        listing.user as _,
        listing.reads_all,
        listing.owned,
        listing.mine,
        listing.name,
        listing.tag,
        limit,
    )
    .fetch_all(db)
    .await
}

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

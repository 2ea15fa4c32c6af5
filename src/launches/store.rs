//! The slice's own questions across launches.

use sqlx::PgExecutor;

use crate::domain::{
    ids::{ChecklistId, ChecklistVersionId, LaunchId, UserId},
    launch::event::Seq,
    time::Moment,
};

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

/// Which launches are listed, by what the tables know of them.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    /// Who asks, and whether they read every launch.
    pub user: UserId,
    pub reads_all: bool,
    /// Of which stages.
    pub stages: &'a [&'a str],
    /// Only those that the person owns.
    pub owned: bool,
    /// Only those that the person owns, holds a role in, is named in or has an item of.
    pub mine: bool,
    /// Only those whose name has this.
    pub name: Option<String>,
    /// In which order.
    pub order: Order,
    /// The launch that the page before ended with.
    pub after: Option<LaunchId>,
    /// The most.
    pub most: i64,
}

/// An order that the tables know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Order {
    /// The earliest target first.
    Earliest,
    /// The latest target first.
    Latest,
    /// By name.
    Name,
    /// The newest change first.
    Changed,
}

/// The launches of a list that the person may see, in order, from after a launch. The sort is over the launches' rows;
/// no history is read for it. A launch that is not in the list ends no page, so that the list begins anew.
///
/// # Errors
/// When the database fails.
pub(super) async fn listed(db: impl PgExecutor<'_>, listing: &Listing<'_>) -> Result<Vec<LaunchId>, sqlx::Error> {
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
              AND ($6::text IS NULL OR named.value ILIKE $6)
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
        listing.most,
    )
    .fetch_all(db)
    .await
}

/// A launch ahead, and when it is meant to happen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    pub id: LaunchId,
    pub at: Moment,
}

/// The launches ahead that the person may see whose target lies in a stretch of time, in order; and the nearest one
/// before it and after it.
///
/// # Errors
/// When the database fails.
pub(super) async fn ahead(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    (from, to): (Moment, Moment),
    most: i64,
) -> Result<Vec<Ahead>, sqlx::Error> {
    sqlx::query_as!(
        Ahead,
        r#"
        WITH ahead AS (
            SELECT l.id, l.target_at FROM visible_launches($1, $2) l WHERE l.stage IN ('preparing', 'go', 'held')
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
        most,
    )
    .fetch_all(db)
    .await
}

/// The bytes of an event and of those after it that its actor made at the same moment: among them, and first, those of
/// the same request. Nothing when there is no such event.
///
/// # Errors
/// When the database fails.
pub(super) async fn events_of_one_moment(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    first: Seq,
    most: i64,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT e.bytes FROM events f
         JOIN events e ON e.launch_id = f.launch_id AND e.seq >= f.seq AND e.actor_id = f.actor_id AND e.at = f.at
         WHERE f.launch_id = $1 AND f.seq = $2
         ORDER BY e.seq LIMIT $3",
        launch as _,
        first,
        most,
    )
    .fetch_all(db)
    .await
}

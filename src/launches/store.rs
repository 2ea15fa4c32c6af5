//! The slice's own questions across launches.

use sqlx::PgExecutor;

use crate::domain::{
    ids::{ChecklistVersionId, LaunchId},
    launch::event::Seq,
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

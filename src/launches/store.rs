//! The slice's own questions across launches.

use sqlx::PgExecutor;

use crate::domain::{
    ids::{ChecklistVersionId, LaunchId, UserId},
    role::InstallationRole,
};

/// The newest launches that a person may see, of these stages. What SQL lets one see is tested against
/// `domain::launch::access::may_see`.
///
/// # Errors
/// When the database fails.
pub(super) async fn visible(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    stages: &[String],
    most: i64,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        SELECT l.id AS "id: LaunchId" FROM launches l
        WHERE l.stage = ANY($3)
          AND ($2 OR NOT l.restricted OR l.owner_id = $1
               OR EXISTS (SELECT FROM launch_holders h WHERE h.launch_id = l.id AND h.user_id = $1)
               OR EXISTS (SELECT FROM launch_participants p WHERE p.launch_id = l.id AND p.user_id = $1))
        ORDER BY l.target_at DESC, l.id LIMIT $4
        "#,
        user as _,
        reads_all,
        stages,
        most,
    )
    .fetch_all(db)
    .await
}

/// Whether these roles read every launch, restricted ones too.
pub(super) fn reads_all(is: impl Fn(InstallationRole) -> bool) -> bool {
    is(InstallationRole::Admin) || is(InstallationRole::Auditor)
}

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

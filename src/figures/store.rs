//! The slice's queries across launches.

use sqlx::PgExecutor;

use crate::domain::{
    ids::{LaunchId, UserId},
    launch::event::EventKind,
    time::Moment,
};

#[derive(Debug, Clone, Copy)]
pub(super) struct DeclaredGo {
    pub at: Moment,
    pub launch_made_at: Moment,
}

/// The last GO of each launch that the reader may see and that has one since a time; at most `limit`, the newest first.
pub(super) async fn load_declared_gos(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    tag: Option<&str>,
    since: Moment,
    limit: i64,
) -> Result<Vec<DeclaredGo>, sqlx::Error> {
    let kind: &str = EventKind::GoDeclared.into();
    sqlx::query_as!(
        DeclaredGo,
        r#"
        WITH declared AS (
            SELECT launch_id, max(at) AS at FROM events WHERE kind = $4 AND at > $5 GROUP BY launch_id
        )
        SELECT d.at AS "at!: Moment", l.created_at AS "launch_made_at!: Moment"
        FROM declared d JOIN visible_launches($1, $2) l ON l.id = d.launch_id
        WHERE $3::text IS NULL OR EXISTS (SELECT FROM launch_tags t WHERE t.launch_id = l.id AND t.folded = $3)
        ORDER BY d.at DESC LIMIT $6
        "#,
        user as _,
        reads_all,
        tag,
        kind,
        since as Moment,
        limit,
    )
    .fetch_all(db)
    .await
}

/// The launches ahead and those that are launched and not closed, which the reader may see, with a tag if one is given;
/// at most `limit`, those whose target is nearest to now first.
pub(super) async fn find_current_launches(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    tag: Option<&str>,
    now: Moment,
    limit: i64,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        SELECT l.id AS "id!: LaunchId" FROM visible_launches($1, $2) l
        WHERE l.stage IN ('preparing', 'go', 'held', 'launched')
          AND ($3::text IS NULL OR EXISTS (SELECT FROM launch_tags t WHERE t.launch_id = l.id AND t.folded = $3))
        ORDER BY abs(extract(epoch FROM l.target_at - $4::timestamptz)), l.id LIMIT $5
        "#,
        user as _,
        reads_all,
        tag,
        now as Moment,
        limit,
    )
    .fetch_all(db)
    .await
}

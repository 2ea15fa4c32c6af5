//! How large the stores are.

use sqlx::PgExecutor;

/// All sizes are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreSizes {
    pub database: i64,
    /// The tables of histories with their indexes: events, their texts, trees and checkpoints.
    pub history: i64,
    /// The evidence files that the database names.
    pub evidence: i64,
    /// How many they are.
    pub evidence_files: i64,
}

pub async fn load_sizes(db: impl PgExecutor<'_>) -> Result<StoreSizes, sqlx::Error> {
    sqlx::query_as!(
        StoreSizes,
        r#"SELECT pg_database_size(current_database()) AS "database!",
                  (SELECT sum(pg_total_relation_size(name::regclass))::bigint
                   FROM unnest(ARRAY['events', 'installation_events', 'texts', 'tree_nodes', 'checkpoints']) name)
                      AS "history!",
                  coalesce(sum(size), 0)::bigint AS "evidence!", count(*) AS "evidence_files!"
           FROM evidence WHERE kind = 'file' AND source_id IS NULL"#
    )
    .fetch_one(db)
    .await
}

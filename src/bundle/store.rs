//! Reads the content of a bundle page by page: a transaction as long as somebody's download would occupy a connection,
//! and keep the database from cleaning up (vacuum).

use sqlx::PgExecutor;

use crate::domain::{
    ids::{ChecklistVersionId, LaunchId},
    launch::event::{EventKind, Seq},
};

const TEXTS_PER_PAGE: i64 = 200;

/// The hashed content of a checklist version.
pub(super) async fn load_checklist_content(
    db: impl PgExecutor<'_>,
    version: ChecklistVersionId,
) -> Result<Vec<u8>, sqlx::Error> {
    sqlx::query_scalar!("SELECT content FROM checklist_versions WHERE id = $1", version as _).fetch_one(db).await
}

pub(super) struct StoredBundleText {
    pub seq: Seq,
    pub commitment: Vec<u8>,
    pub salt: Vec<u8>,
    pub value: String,
}

/// A page of the texts after a position that events up to `last` introduced.
pub(super) async fn load_text_page(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    (after, commitment): (Seq, &[u8]),
    last: Seq,
) -> Result<Vec<StoredBundleText>, sqlx::Error> {
    sqlx::query_as!(
        StoredBundleText,
        "SELECT seq, commitment, salt, value FROM texts
         WHERE launch_id = $1 AND (seq, commitment) > ($2, $3) AND seq <= $4
         ORDER BY seq, commitment LIMIT $5",
        launch as _,
        after,
        commitment,
        last,
        TEXTS_PER_PAGE,
    )
    .fetch_all(db)
    .await
}

/// Whether something was redacted after an event.
pub(super) async fn has_redaction_since(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    seq: Seq,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM events WHERE launch_id = $1 AND kind = $3 AND seq > $2) AS "is_redacted!""#,
        launch as _,
        seq,
        EventKind::Redacted.into_str(),
    )
    .fetch_one(db)
    .await
}

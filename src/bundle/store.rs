//! Reads the content of a bundle page by page: a transaction as long as somebody's download would occupy a connection,
//! and keep the database from cleaning up (vacuum).

use sqlx::PgExecutor;

use crate::{
    domain::{
        ids::{ChecklistVersionId, LaunchId},
        launch::{
            event::{EventKind, Seq},
            texts::Commitment,
        },
    },
    presentation::event_descriptions::{CommentBodies, collect_comment_bodies},
};

const EVENTS_PER_PAGE: i64 = 500;
const TEXTS_PER_PAGE: i64 = 200;

/// The hashed content of a checklist version.
pub(super) async fn load_checklist_content(
    db: impl PgExecutor<'_>,
    version: ChecklistVersionId,
) -> Result<Vec<u8>, sqlx::Error> {
    sqlx::query_scalar!("SELECT content FROM checklist_versions WHERE id = $1", version as _).fetch_one(db).await
}

/// A page of event bytes, with numbers after `after` and up to `last`.
pub(super) async fn load_event_page(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    after: Seq,
    last: Seq,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM events WHERE launch_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
        launch as _,
        after,
        last,
        EVENTS_PER_PAGE,
    )
    .fetch_all(db)
    .await
}

/// A text with its salt.
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

/// The texts with these commitments. Redacted ones are missing.
pub(super) async fn load_text_bodies(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    commitments: &[Commitment],
) -> Result<CommentBodies, sqlx::Error> {
    let wanted: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.to_bytes().to_vec()).collect();
    let rows = sqlx::query!(
        "SELECT commitment, value FROM texts WHERE launch_id = $1 AND commitment = ANY($2)",
        launch as _,
        &wanted,
    );
    Ok(collect_comment_bodies(rows.fetch_all(db).await?.into_iter().map(|row| (row.commitment, row.value))))
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

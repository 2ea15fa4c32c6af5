//! Events as they are stored, with what the installation's log tells of the launch; and the bodies of comments that
//! they name.

use sqlx::PgExecutor;

use super::filter::{Filter, Place};
use crate::{
    domain::{
        ids::LaunchId,
        launch::{event::Seq, texts::Commitment},
    },
    launch_page::words_of_events::Bodies,
};

/// Bytes of one of the two logs, and where they stand on the page.
pub(super) struct Stored {
    seq: Seq,
    index: i64,
    pub bytes: Vec<u8>,
}

impl Stored {
    pub(super) const fn place(&self) -> Place {
        Place { seq: self.seq, index: self.index }
    }
}

/// What a filter lets through of a launch's events, and of what the installation's log tells of it: newest first, from
/// before a place.
///
/// # Errors
/// When the database fails.
pub(super) async fn stored(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    filter: &Filter,
    most: i64,
) -> Result<Vec<Stored>, sqlx::Error> {
    let before = filter.before.map(|place| (place.seq, place.index)).unzip();
    sqlx::query_as!(
        Stored,
        r#"
        (SELECT seq AS "seq!", 0::bigint AS "index!", bytes AS "bytes!" FROM events
         WHERE launch_id = $1
           AND ($2::bigint IS NULL OR seq < $2 OR (seq = $2 AND $3::bigint > 0))
           AND ($4::text[] IS NULL OR kind = ANY($4))
           AND ($5::uuid IS NULL OR actor_id = $5)
           AND ($6::uuid[] IS NULL OR item_id = ANY($6))
         ORDER BY seq DESC LIMIT $7)
        UNION ALL
        (SELECT launch_seq, index, bytes FROM installation_events
         WHERE launch_id = $1
           AND ($2::bigint IS NULL OR (launch_seq, index) < ($2, $3))
           AND ($4::text[] IS NULL OR kind = ANY($4))
           AND ($5::uuid IS NULL OR actor_id = $5)
           AND $6::uuid[] IS NULL
         ORDER BY launch_seq DESC, index DESC LIMIT $7)
        ORDER BY 1 DESC, 2 DESC LIMIT $7
        "#,
        launch as _,
        before.0,
        before.1,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        filter.items.as_deref() as _,
        most,
    )
    .fetch_all(db)
    .await
}

/// The bytes of one event; nothing when there is none of this number.
///
/// # Errors
/// When the database fails.
pub(super) async fn event(db: impl PgExecutor<'_>, launch: LaunchId, seq: Seq) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("SELECT bytes FROM events WHERE launch_id = $1 AND seq = $2", launch as _, seq)
        .fetch_optional(db)
        .await
}

/// The bodies of comments behind these commitments, those that are still there.
///
/// # Errors
/// When the database fails.
pub(super) async fn bodies(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    commitments: &[Commitment],
) -> Result<Bodies, sqlx::Error> {
    let wanted: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.bytes().to_vec()).collect();
    let rows = sqlx::query!(
        "SELECT commitment, value FROM texts WHERE launch_id = $1 AND field = 'comment' AND commitment = ANY($2)",
        launch as _,
        &wanted,
    )
    .fetch_all(db)
    .await?;
    let pair = |commitment: Vec<u8>, value| Some((Commitment(commitment.try_into().ok()?), value));
    Ok(rows.into_iter().filter_map(|row| pair(row.commitment, row.value)).collect())
}

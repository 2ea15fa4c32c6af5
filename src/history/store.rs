//! Reads stored events, entries of the installation's log about the launch, and the texts of comments that they name.

use sqlx::{PgExecutor, PgPool};

use super::filter::{HistoryCursor, HistoryFilter, HistoryTextFilter};
use crate::{
    db::{BEGIN_SEARCH, none_on_timeout},
    domain::{
        ids::LaunchId,
        launch::{event::Seq, texts::Commitment},
        time::Moment,
    },
    presentation::event_descriptions::{CommentBodies, collect_comment_bodies},
};

/// The stored bytes of an event or a log entry, with the position on the page.
pub(super) struct StoredHistoryEntry {
    seq: Seq,
    index: i64,
    pub bytes: Vec<u8>,
}

impl StoredHistoryEntry {
    pub(super) const fn cursor(&self) -> HistoryCursor {
        HistoryCursor { seq: self.seq, index: self.index }
    }
}

/// A query's filter, the launch that it is for, and the number of entries wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct HistorySelection<'a> {
    pub launch: LaunchId,
    pub filter: &'a HistoryFilter,
    pub limit: i64,
}

impl HistorySelection<'_> {
    /// Upper bounds of the page: events have a smaller number than the first; entries after the last of these events
    /// have a smaller index than the second.
    fn cursor_bounds(&self) -> (Seq, i64) {
        self.filter.before.map_or((Seq::MAX, i64::MAX), |place| (place.seq, place.index))
    }

    /// The filter whose index the history is read by; the other filters are applied to the rows found. Each index is in
    /// history order, so that a page costs the same however long the history is.
    fn index_to_use(&self) -> &'static str {
        match self.filter {
            HistoryFilter { items: Some(_), .. } => "items",
            HistoryFilter { actor: Some(_), .. } => "actor",
            HistoryFilter { kinds: Some(_), .. } => "kinds",
            HistoryFilter { items: None, actor: None, kinds: None, .. } => "all",
        }
    }
}

/// Loads the newest events of a launch, and entries of the installation's log about it, that match a filter and come
/// before its cursor; newest first. `None` when a text search took too long. It takes one statement, or two when days
/// or words are given.
pub(super) async fn load_entries(
    db: &PgPool,
    reading: HistorySelection<'_>,
) -> Result<Option<Vec<StoredHistoryEntry>>, sqlx::Error> {
    let filter = reading.filter;
    let (first, below) = match (filter.from, filter.until) {
        (None, None) => (1, Seq::MAX),
        (from, until) => find_seq_range(db, reading.launch, from, until).await?,
    };
    let (seq, index) = reading.cursor_bounds();
    // Includes the event itself when the page begins among the entries after it.
    let below = below.min(if index > 0 { seq.saturating_add(1) } else { seq });
    match &filter.text {
        Some(text) => search_texts(db, reading, (first, below), text).await,
        None => load_in_order(db, reading, (first, below)).await.map(Some),
    }
}

/// The first event from one moment on, and the first event at or after another. Times in a history never run backwards.
async fn find_seq_range(
    db: &PgPool,
    launch: LaunchId,
    from: Option<Moment>,
    until: Option<Moment>,
) -> Result<(Seq, Seq), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT (SELECT seq FROM events WHERE launch_id = $1 AND at >= $2 ORDER BY at, seq LIMIT 1) AS "first",
                  (SELECT seq FROM events WHERE launch_id = $1 AND at >= $3 ORDER BY at, seq LIMIT 1) AS "after""#,
        launch as _,
        from as Option<Moment>,
        until as Option<Moment>,
    )
    .fetch_one(db)
    .await?;
    let first = if from.is_some() { row.first.unwrap_or(Seq::MAX) } else { 1 };
    Ok((first, row.after.unwrap_or(Seq::MAX)))
}

/// The branches exclude each other. The planner finds that out before execution, whatever values it is given.
async fn load_in_order(
    db: &PgPool,
    reading: HistorySelection<'_>,
    (first, below): (Seq, Seq),
) -> Result<Vec<StoredHistoryEntry>, sqlx::Error> {
    let filter = reading.filter;
    let (seq, index) = reading.cursor_bounds();
    sqlx::query_as!(
        StoredHistoryEntry,
        r#"
        (SELECT seq AS "seq!", 0::bigint AS "index!", bytes AS "bytes!" FROM events
         WHERE $7 = 'all' AND launch_id = $1 AND seq >= $2 AND seq < $3
         ORDER BY seq DESC LIMIT $8)
        UNION ALL
        (SELECT e.seq, 0, e.bytes FROM unnest($4::text[]) AS wanted (kind)
         CROSS JOIN LATERAL (SELECT seq, bytes FROM events
                             WHERE launch_id = $1 AND kind = wanted.kind AND seq >= $2 AND seq < $3
                             ORDER BY seq DESC LIMIT $8) e
         WHERE $7 = 'kinds' ORDER BY e.seq DESC LIMIT $8)
        UNION ALL
        (SELECT seq, 0, bytes FROM events
         WHERE $7 = 'actor' AND launch_id = $1 AND actor_id = $5 AND seq >= $2 AND seq < $3
           AND ($4::text[] IS NULL OR kind = ANY($4))
         ORDER BY seq DESC LIMIT $8)
        UNION ALL
        (SELECT e.seq, 0, e.bytes FROM unnest($6::uuid[]) AS wanted (item)
         CROSS JOIN LATERAL (SELECT seq, bytes FROM events
                             WHERE launch_id = $1 AND item_id = wanted.item AND seq >= $2 AND seq < $3
                               AND ($4::text[] IS NULL OR kind = ANY($4)) AND ($5::uuid IS NULL OR actor_id = $5)
                             ORDER BY seq DESC LIMIT $8) e
         WHERE $7 = 'items' ORDER BY e.seq DESC LIMIT $8)
        UNION ALL
        (SELECT launch_seq, index, bytes FROM installation_events
         WHERE launch_id = $1 AND (launch_seq, index) < ($9, $10)
           AND ($4::text[] IS NULL OR kind = ANY($4))
           AND ($5::uuid IS NULL OR actor_id = $5)
           AND $6::uuid[] IS NULL
           AND ($11::timestamptz IS NULL OR at >= $11) AND ($12::timestamptz IS NULL OR at < $12)
         ORDER BY launch_seq DESC, index DESC LIMIT $8)
        ORDER BY 1 DESC, 2 DESC LIMIT $8
        "#,
        reading.launch as _,
        first,
        below,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        filter.items.as_deref() as _,
        reading.index_to_use(),
        reading.limit,
        seq,
        index,
        filter.from as Option<Moment>,
        filter.until as Option<Moment>,
    )
    .fetch_all(db)
    .await
}

/// Events with these words in one of their texts, old or new, or in the title of their item; `None` when the search
/// took too long. The search finds the texts first, and then the events by the commitments in their bytes, so a
/// redacted text is no longer found. The addresses and browsers that signatures came from are not searched.
async fn search_texts(
    db: &PgPool,
    reading: HistorySelection<'_>,
    (first, below): (Seq, Seq),
    text: &HistoryTextFilter,
) -> Result<Option<Vec<StoredHistoryEntry>>, sqlx::Error> {
    let filter = reading.filter;
    let mut transaction = db.begin_with(BEGIN_SEARCH).await?;
    let found = sqlx::query_as!(
        StoredHistoryEntry,
        r#"
        WITH texts_found AS MATERIALIZED (
            SELECT encode(t.commitment, 'hex') AS hash FROM texts t
            WHERE t.launch_id = $1 AND t.value ILIKE ALL ($2)
              AND is_searchable(t.field)
            UNION ALL
            SELECT encode(t.commitment, 'hex') FROM texts t
            WHERE t.launch_id = $1 AND t.value ILIKE ALL ($2)
              AND is_searchable_in_history_only(t.field)
            UNION ALL
            SELECT $3 WHERE $3::text IS NOT NULL
        ),
        found AS MATERIALIZED (
            SELECT seq, kind, actor_id, item_id FROM events
            WHERE launch_id = $1 AND commitments_in(bytes) && ARRAY(SELECT hash FROM texts_found)
            UNION
            SELECT seq, kind, actor_id, item_id FROM events WHERE launch_id = $1 AND item_id = ANY($4)
        ),
        page AS MATERIALIZED (
            SELECT seq FROM found
            WHERE seq >= $5 AND seq < $6
              AND ($7::text[] IS NULL OR kind = ANY($7))
              AND ($8::uuid IS NULL OR actor_id = $8)
              AND ($9::uuid[] IS NULL OR item_id = ANY($9))
            ORDER BY seq DESC LIMIT $10
        )
        SELECT e.seq AS "seq!", 0::bigint AS "index!", e.bytes AS "bytes!"
        FROM page JOIN events e ON e.launch_id = $1 AND e.seq = page.seq
        ORDER BY e.seq DESC
        "#,
        reading.launch as _,
        &text.patterns,
        text.hash.as_deref(),
        &text.items as _,
        first,
        below,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        filter.items.as_deref() as _,
        reading.limit,
    )
    .fetch_all(&mut *transaction)
    .await;
    transaction.rollback().await?;
    none_on_timeout(found)
}

/// The bytes of at most `most` events from `first` to `last`, oldest first.
pub(super) async fn load_batch(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    first: Seq,
    last: Seq,
    most: i64,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM events WHERE launch_id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq LIMIT $4",
        launch as _,
        first,
        last,
        most,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn load_event(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    seq: Seq,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("SELECT bytes FROM events WHERE launch_id = $1 AND seq = $2", launch as _, seq)
        .fetch_optional(db)
        .await
}

/// The texts of comments with these commitments. Redacted ones are missing.
pub(super) async fn load_comment_bodies(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    commitments: &[Commitment],
) -> Result<CommentBodies, sqlx::Error> {
    let wanted: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.to_bytes().to_vec()).collect();
    let rows = sqlx::query!(
        "SELECT commitment, value FROM texts WHERE launch_id = $1 AND field = 'comment' AND commitment = ANY($2)",
        launch as _,
        &wanted,
    )
    .fetch_all(db)
    .await?;
    Ok(collect_comment_bodies(rows.into_iter().map(|row| (row.commitment, row.value))))
}

//! Events as they are stored, with what the installation's log tells of the launch; and the bodies of comments that
//! they name.

use sqlx::{PgExecutor, PgPool};

use super::filter::{Filter, Place, Text};
use crate::{
    db::{LOOKING_UP, unless_too_long},
    domain::{
        ids::LaunchId,
        launch::{event::Seq, texts::Commitment},
        time::Moment,
    },
    launch_page::words_of_events::{Bodies, bodies_in},
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

/// What is read of a history: what a filter lets through, as far as it can be told from a launch and the clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub launch: LaunchId,
    pub filter: &'a Filter,
    pub most: i64,
}

impl Reading<'_> {
    /// The number that events are below, and the index that entries beside the last of these are below.
    fn before(&self) -> (Seq, i64) {
        self.filter.before.map_or((Seq::MAX, i64::MAX), |place| (place.seq, place.index))
    }

    /// By which of its filters the history is read; the others are asked of what that lets through. Each is an index of
    /// its own, in the order of the history, so that a page costs the same however long the history is.
    fn way(&self) -> &'static str {
        match self.filter {
            Filter { items: Some(_), .. } => "items",
            Filter { actor: Some(_), .. } => "actor",
            Filter { kinds: Some(_), .. } => "kinds",
            Filter { items: None, actor: None, kinds: None, .. } => "all",
        }
    }
}

/// What a filter lets through of a launch's events, and of what the installation's log tells of it: newest first, from
/// before a place. One statement; where days or words are looked for, two.
///
/// # Errors
/// When the database fails.
pub(super) async fn stored(db: &PgPool, reading: Reading<'_>) -> Result<Option<Vec<Stored>>, sqlx::Error> {
    let filter = reading.filter;
    let (first, below) = match (filter.from, filter.until) {
        (None, None) => (1, Seq::MAX),
        (from, until) => numbers(db, reading.launch, from, until).await?,
    };
    let (seq, index) = reading.before();
    // With the event itself, where the page begins with what is told beside it.
    let below = below.min(if index > 0 { seq.saturating_add(1) } else { seq });
    match &filter.text {
        Some(text) => by_text(db, reading, (first, below), text).await,
        None => in_order(db, reading, (first, below)).await.map(Some),
    }
}

/// The numbers of the events from one moment until before another: the first, and that of the first after them. Times in
/// a history never run backwards.
async fn numbers(
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

/// The branches exclude each other: the planner finds that out before it begins, whatever else it knows of the values.
async fn in_order(db: &PgPool, reading: Reading<'_>, (first, below): (Seq, Seq)) -> Result<Vec<Stored>, sqlx::Error> {
    let filter = reading.filter;
    let (seq, index) = reading.before();
    sqlx::query_as!(
        Stored,
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
        reading.way(),
        reading.most,
        seq,
        index,
        filter.from as Option<Moment>,
        filter.until as Option<Moment>,
    )
    .fetch_all(db)
    .await
}

/// The events that have these words in a text of theirs, old or new, or in the title of their item; nothing when finding
/// them took too long. Texts are found where they are, and the events by what stands for the texts in their bytes: one that
/// was redacted is found no more. Where signatures came from is not looked through.
async fn by_text(
    db: &PgPool,
    reading: Reading<'_>,
    (first, below): (Seq, Seq),
    text: &Text,
) -> Result<Option<Vec<Stored>>, sqlx::Error> {
    let filter = reading.filter;
    let mut transaction = db.begin_with(LOOKING_UP).await?;
    let found = sqlx::query_as!(
        Stored,
        r#"
        WITH texts_found AS MATERIALIZED (
            SELECT encode(t.commitment, 'hex') AS hash FROM texts t
            WHERE t.launch_id = $1 AND t.value ILIKE ALL ($2)
              AND t.field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note')
            UNION ALL
            SELECT encode(t.commitment, 'hex') FROM texts t
            WHERE t.launch_id = $1 AND t.value ILIKE ALL ($2)
              AND t.field IN ('notes', 'reason', 'settlement', 'item_reason', 'agreement_reason', 'evidence_withdrawal',
                              'evidence_request', 'waiver_reason', 'waiver_control', 'waiver_decision',
                              'signature_comment', 'signature_withdrawal')
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
        reading.most,
    )
    .fetch_all(&mut *transaction)
    .await;
    transaction.rollback().await?;
    unless_too_long(found)
}

/// The bytes of so many events from one on until another, oldest first.
///
/// # Errors
/// When the database fails.
pub(super) async fn batch(
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
    Ok(bodies_in(rows.into_iter().map(|row| (row.commitment, row.value))))
}

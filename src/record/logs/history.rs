//! Reads the history of a launch: its events, and among them the entries of the audit log about it, each after the event
//! that was the newest at that time.

use std::{fmt, num::ParseIntError, str::FromStr};

use sqlx::{PgConnection, PgPool};

use super::{LogEntries, LogEntry, LogFilter, LogTextFilter, PlacedLogEntry};
use crate::{
    db::{BEGIN_SEARCH, run_search},
    domain::{ids::LaunchId, launch::event::Seq, time::Moment},
    record::RecordError,
};

/// A position on the page: entry `index` of the audit log, after event `seq`; the event itself has index 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HistoryCursor {
    pub seq: Seq,
    pub index: i64,
}

impl FromStr for HistoryCursor {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (seq, index) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self { seq: seq.parse()?, index: index.parse()? })
    }
}

impl fmt::Display for HistoryCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            0 => write!(f, "{}", self.seq),
            index => write!(f, "{}.{index}", self.seq),
        }
    }
}

/// Upper bounds of the page: events have a smaller number than the first; entries after the last of these events have a
/// smaller index than the second.
fn cursor_bounds(filter: &LogFilter<HistoryCursor>) -> (Seq, i64) {
    filter.before.map_or((Seq::MAX, i64::MAX), |place| (place.seq, place.index))
}

struct HistoryRow {
    seq: Seq,
    /// 0 for an event.
    index: i64,
    bytes: Vec<u8>,
}

impl HistoryRow {
    fn into_entry(self, launch: LaunchId) -> Result<PlacedLogEntry<HistoryCursor>, RecordError> {
        let entry = match self.index {
            0 => LogEntry::parse_launch_event(launch, &self.bytes)?,
            _ => LogEntry::parse_installation_entry(&self.bytes)?,
        };
        Ok(PlacedLogEntry { cursor: HistoryCursor { seq: self.seq, index: self.index }, entry })
    }
}

/// Loads at most `limit` entries. It takes one statement, or two when days are given.
///
/// # Errors
/// [`RecordError`] when the database fails or an entry can't be read.
pub async fn load_history_page(
    db: &PgPool,
    launch: LaunchId,
    filter: &LogFilter<HistoryCursor>,
    limit: i64,
) -> Result<LogEntries<HistoryCursor>, RecordError> {
    let (first, below) = match (filter.from, filter.until) {
        (None, None) => (1, Seq::MAX),
        (from, until) => find_seq_range(db, launch, from, until).await?,
    };
    let (seq, index) = cursor_bounds(filter);
    // Includes the event itself when the page begins among the entries after it.
    let below = below.min(if index > 0 { seq.saturating_add(1) } else { seq });
    let rows = match &filter.text {
        Some(text) => search_texts(db, launch, filter, text, (first, below), limit).await?,
        None => Some(load_in_order(db, launch, filter, (first, below), limit).await?),
    };
    rows.map(|rows| rows.into_iter().map(|row| row.into_entry(launch)).collect()).transpose()
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

/// One branch for each index, of which only one runs: see [the module](super).
async fn load_in_order(
    db: &PgPool,
    launch: LaunchId,
    filter: &LogFilter<HistoryCursor>,
    (first, below): (Seq, Seq),
    limit: i64,
) -> Result<Vec<HistoryRow>, sqlx::Error> {
    let (seq, index) = cursor_bounds(filter);
    sqlx::query_as!(
        HistoryRow,
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
        launch as _,
        first,
        below,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        filter.items.as_deref() as _,
        filter.index_to_use(),
        limit,
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
    launch: LaunchId,
    filter: &LogFilter<HistoryCursor>,
    text: &LogTextFilter,
    (first, below): (Seq, Seq),
    limit: i64,
) -> Result<Option<Vec<HistoryRow>>, sqlx::Error> {
    let search = async |connection: &mut PgConnection| {
        sqlx::query_as!(
            HistoryRow,
            r#"
        WITH texts_found AS MATERIALIZED (
            SELECT encode(t.commitment, 'hex') AS hash FROM texts t
            WHERE t.launch_id = $1 AND normalize(t.value) ILIKE ALL ($2)
              AND is_searchable(t.field)
            UNION ALL
            SELECT encode(t.commitment, 'hex') FROM texts t
            WHERE t.launch_id = $1 AND normalize(t.value) ILIKE ALL ($2)
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
            launch as _,
            &text.patterns,
            text.hash.as_deref(),
            &text.items as _,
            first,
            below,
            filter.kinds.as_deref() as _,
            filter.actor as _,
            filter.items.as_deref() as _,
            limit,
        )
        .fetch_all(connection)
        .await
    };
    run_search(db, BEGIN_SEARCH, search).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_cursors_sort_in_the_order_of_events() {
        let place = |text: &str| text.parse::<HistoryCursor>();
        let order = ["39", "39.8", "40", "40.9", "40.17", "41"].map(|text| place(text).unwrap());
        assert!(order.is_sorted());
        assert_eq!(order.map(|place| place.to_string()), ["39", "39.8", "40", "40.9", "40.17", "41"]);
        for bad in ["", "x", "1.", ".1", "1.2.3", "99999999999999999999"] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }
}

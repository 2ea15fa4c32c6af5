//! Reads the histories of all launches and the audit log as one log, ordered by time.

use std::{fmt, str::FromStr};

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{LogEntries, LogEntry, LogFilter, LogTextFilter, PlacedLogEntry};
use crate::{
    db::{BEGIN_SEARCH, run_search},
    domain::time::Moment,
    record::RecordError,
};

/// A position in the log, ordered by time, then by log (the installation's has the nil id), then by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditCursor {
    pub at: Moment,
    pub log: Uuid,
    pub number: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditCursorError;

impl FromStr for AuditCursor {
    type Err = AuditCursorError;

    fn from_str(text: &str) -> Result<Self, AuditCursorError> {
        let mut parts = text.split('_');
        let (Some(at), Some(log), Some(number), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(AuditCursorError);
        };
        let at = at.parse().ok().and_then(|at| jiff::Timestamp::from_microsecond(at).ok()).ok_or(AuditCursorError)?;
        let log = Uuid::try_parse(log).map_err(|_| AuditCursorError)?;
        Ok(Self { at: Moment::new(at), log, number: number.parse().map_err(|_| AuditCursorError)? })
    }
}

impl fmt::Display for AuditCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.at.timestamp().as_microsecond(), self.log.simple(), self.number)
    }
}

/// The position that the page ends before, and the earliest time.
fn cursor_bounds(filter: &LogFilter<AuditCursor>) -> (AuditCursor, Moment) {
    let end = AuditCursor { at: Moment::new(jiff::Timestamp::MAX), log: Uuid::max(), number: i64::MAX };
    let before = filter.before.unwrap_or(end);
    // Excludes everything at the moment at which the last day ends.
    let until = filter.until.map_or(end, |until| AuditCursor { at: until, log: Uuid::nil(), number: 0 });
    (before.min(until), filter.from.unwrap_or(Moment::new(jiff::Timestamp::UNIX_EPOCH)))
}

struct AuditRow {
    at: Moment,
    log: Uuid,
    number: i64,
    bytes: Vec<u8>,
}

impl AuditRow {
    fn into_entry(self) -> Result<PlacedLogEntry<AuditCursor>, RecordError> {
        let entry = match self.log.is_nil() {
            true => LogEntry::parse_installation_entry(&self.bytes)?,
            false => LogEntry::parse_launch_event(self.log.into(), &self.bytes)?,
        };
        Ok(PlacedLogEntry { cursor: AuditCursor { at: self.at, log: self.log, number: self.number }, entry })
    }
}

/// Loads at most `limit` entries. It takes one statement.
///
/// # Errors
/// [`RecordError`] when the database fails or an entry can't be read.
pub async fn load_audit_page(
    db: &PgPool,
    filter: &LogFilter<AuditCursor>,
    limit: i64,
) -> Result<LogEntries<AuditCursor>, RecordError> {
    let rows = match &filter.text {
        Some(text) => search_texts(db, filter, text, limit).await?,
        None => Some(load_in_order(db, filter, limit).await?),
    };
    rows.map(|rows| rows.into_iter().map(AuditRow::into_entry).collect()).transpose()
}

/// One branch for each index, of which only one runs for each of the two tables: see [the module](super).
async fn load_in_order(db: &PgPool, filter: &LogFilter<AuditCursor>, limit: i64) -> Result<Vec<AuditRow>, sqlx::Error> {
    let (before, from) = cursor_bounds(filter);
    sqlx::query_as!(
        AuditRow,
        r#"
        (SELECT at AS "at!: Moment", launch_id AS "log!", seq AS "number!", bytes AS "bytes!" FROM events
         WHERE $7 = 'all' AND (at, launch_id, seq) < ($1, $2, $3) AND at >= $4
         ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8)
        UNION ALL
        (SELECT e.* FROM unnest($5::text[]) AS wanted (kind)
         CROSS JOIN LATERAL (SELECT at, launch_id, seq, bytes FROM events
                             WHERE kind = wanted.kind AND (at, launch_id, seq) < ($1, $2, $3) AND at >= $4
                             ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8) e
         WHERE $7 = 'kinds' ORDER BY e.at DESC, e.launch_id DESC, e.seq DESC LIMIT $8)
        UNION ALL
        (SELECT at, launch_id, seq, bytes FROM events
         WHERE $7 = 'actor' AND actor_id = $6 AND (at, launch_id, seq) < ($1, $2, $3) AND at >= $4
           AND ($5::text[] IS NULL OR kind = ANY($5))
         ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8)
        UNION ALL
        (SELECT at, '00000000-0000-0000-0000-000000000000'::uuid, index, bytes FROM installation_events
         WHERE $7 = 'all' AND at <= $1 AND at >= $4
           AND (at, '00000000-0000-0000-0000-000000000000'::uuid, index) < ($1, $2, $3)
         ORDER BY at DESC, index DESC LIMIT $8)
        UNION ALL
        (SELECT e.at, '00000000-0000-0000-0000-000000000000'::uuid, e.index, e.bytes
         FROM unnest($5::text[]) AS wanted (kind)
         CROSS JOIN LATERAL (SELECT at, index, bytes FROM installation_events
                             WHERE kind = wanted.kind AND at <= $1 AND at >= $4
                               AND (at, '00000000-0000-0000-0000-000000000000'::uuid, index) < ($1, $2, $3)
                             ORDER BY at DESC, index DESC LIMIT $8) e
         WHERE $7 = 'kinds' ORDER BY e.at DESC, e.index DESC LIMIT $8)
        UNION ALL
        (SELECT at, '00000000-0000-0000-0000-000000000000'::uuid, index, bytes FROM installation_events
         WHERE $7 = 'actor' AND actor_id = $6 AND at <= $1 AND at >= $4
           AND (at, '00000000-0000-0000-0000-000000000000'::uuid, index) < ($1, $2, $3)
           AND ($5::text[] IS NULL OR kind = ANY($5))
         ORDER BY at DESC, index DESC LIMIT $8)
        ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT $8
        "#,
        before.at as Moment,
        before.log,
        before.number,
        from as Moment,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        filter.index_to_use(),
        limit,
    )
    .fetch_all(db)
    .await
}

/// Events of all launches with these words in one of their texts, or in the title of their item. As in a launch's
/// history, and with the same texts excluded.
async fn search_texts(
    db: &PgPool,
    filter: &LogFilter<AuditCursor>,
    text: &LogTextFilter,
    limit: i64,
) -> Result<Option<Vec<AuditRow>>, sqlx::Error> {
    let (before, from) = cursor_bounds(filter);
    let search = async |connection: &mut PgConnection| {
        sqlx::query_as!(
            AuditRow,
            r#"
        WITH texts_found AS MATERIALIZED (
            SELECT encode(t.commitment, 'hex') AS hash FROM texts t
            WHERE normalize(t.value) ILIKE ALL ($1)
              AND is_searchable(t.field)
            UNION ALL
            SELECT encode(t.commitment, 'hex') FROM texts t
            WHERE normalize(t.value) ILIKE ALL ($1)
              AND is_searchable_in_history_only(t.field)
        ),
        found AS MATERIALIZED (
            SELECT at, launch_id, seq, kind, actor_id FROM events
            WHERE commitments_in(bytes) && ARRAY(SELECT hash FROM texts_found)
            UNION
            SELECT e.at, e.launch_id, e.seq, e.kind, e.actor_id
            FROM items i JOIN events e ON e.launch_id = i.launch_id AND e.item_id = i.id
            WHERE normalize(i.title) ILIKE ALL ($1)
        ),
        page AS MATERIALIZED (
            SELECT launch_id, seq FROM found
            WHERE (at, launch_id, seq) < ($2, $3, $4) AND at >= $5
              AND ($6::text[] IS NULL OR kind = ANY($6))
              AND ($7::uuid IS NULL OR actor_id = $7)
            ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8
        )
        SELECT e.at AS "at!: Moment", e.launch_id AS "log!", e.seq AS "number!", e.bytes AS "bytes!"
        FROM page JOIN events e ON e.launch_id = page.launch_id AND e.seq = page.seq
        ORDER BY e.at DESC, e.launch_id DESC, e.seq DESC
        "#,
            &text.patterns,
            before.at as Moment,
            before.log,
            before.number,
            from as Moment,
            filter.kinds.as_deref() as _,
            filter.actor as _,
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
    fn audit_cursor_round_trips_and_nothing_else_is_parsed() {
        let place =
            AuditCursor { at: "2026-11-23T10:41:07.123456Z".parse().unwrap(), log: Uuid::from_u128(7), number: 17 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for bad in ["", "1", "1_2_3", "x_00000000000000000000000000000007_1", "1_00000000000000000000000000000007_1_2"]
        {
            assert_eq!(bad.parse::<AuditCursor>(), Err(AuditCursorError), "{bad}");
        }
    }
}

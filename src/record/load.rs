//! Loads the state of a launch: the cached one, with the events that were added since.

use std::{collections::HashMap, sync::Arc};

use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::{CachedState, Contradiction, Record, RecordError};
use crate::domain::{
    canonical::{self, Sha256Hash},
    ids::{ChecklistVersionId, LaunchId},
    launch::{
        event::{Event, Seq},
        state::{ChecklistVersion, LaunchState},
        texts::{Commitment, Salt, Text, TextField, TextLocation},
    },
    time::Moment,
};

/// A row of the one statement that reads histories: an event, a text, the checklist version (of a launch that is read
/// from its beginning), or the head of the history.
pub(super) struct ReplayRow {
    launch: LaunchId,
    row_kind: i32,
    number: i64,
    bytes: Vec<u8>,
    salt: Option<Vec<u8>>,
    field: Option<TextField>,
    subject_id: Option<Uuid>,
    value: Option<String>,
}

/// The values of `row_kind` in a [`ReplayRow`].
const VERSION_ROW: i32 = 0;
const TEXT_ROW: i32 = 1;
const EVENT_ROW: i32 = 2;
/// The number of events by the launch's row, and the hash of the event at `since`; always the last row.
const HEAD_ROW: i32 = 3;

impl Record {
    /// The current state of a launch; `None` when there is no such launch. One statement.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or the history is damaged.
    pub async fn load(&self, db: impl PgExecutor<'_>, id: LaunchId) -> Result<Option<Arc<LaunchState>>, RecordError> {
        let cached = self.states.get(&id);
        let base = HashMap::from_iter(cached.map(|cached| (id, cached)));
        Ok(self.load_up_to_date(db, &[id], base, None).await?.remove(&id))
    }

    /// The current states of several launches; missing ones are left out. One statement, however many.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or a history is damaged.
    pub async fn load_many(
        &self,
        db: impl PgExecutor<'_>,
        ids: &[LaunchId],
    ) -> Result<HashMap<LaunchId, Arc<LaunchState>>, RecordError> {
        let base = ids.iter().filter_map(|id| Some((*id, self.states.get(id)?))).collect();
        self.load_up_to_date(db, ids, base, None).await
    }

    /// The state of a launch after an event; `None` when there is no such launch or event. One statement for the newest
    /// state, which is made from the cached one, and for a state that is older than the cached one; otherwise two.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or the history is damaged.
    pub async fn load_as_of(
        &self,
        db: &PgPool,
        id: LaunchId,
        seq: Seq,
    ) -> Result<Option<Arc<LaunchState>>, RecordError> {
        // A cached state is a base for the newest state only. For any older one it may have a text that was redacted
        // afterwards, by an event that the older state does not include.
        if self.states.get(&id).is_some_and(|cached| cached.state.seq <= seq) {
            let newest = self.load(db, id).await?;
            if newest.as_ref().is_none_or(|newest| newest.seq <= seq) {
                return Ok(newest.filter(|newest| newest.seq == seq));
            }
        }
        let state = self.load_up_to_date(db, &[id], HashMap::new(), Some(ReplayEnd::Seq(seq))).await?.remove(&id);
        Ok(state.filter(|state| state.seq == seq))
    }

    /// The states of a launch after each of these events, as far as they exist. One statement, however many.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or the history is damaged.
    pub async fn load_as_of_each(
        &self,
        db: impl PgExecutor<'_>,
        id: LaunchId,
        seqs: &[Seq],
    ) -> Result<HashMap<Seq, Arc<LaunchState>>, RecordError> {
        let mut states = HashMap::new();
        let Some(last) = seqs.iter().copied().max().filter(|last| *last >= 1) else { return Ok(states) };
        let rows = fetch_rows(db, &[id], &[0], Some(ReplayEnd::Seq(last))).await?;
        if rows.is_empty() {
            return Ok(states);
        }
        self.replay(id, None, rows, &mut |state| {
            if seqs.contains(&state.seq) {
                states.insert(state.seq, Arc::new(state.clone()));
            }
        })?;
        Ok(states)
    }

    /// The number of the last event of a launch at or before a time.
    pub async fn find_seq_at(
        &self,
        db: impl PgExecutor<'_>,
        id: LaunchId,
        at: Moment,
    ) -> Result<Option<Seq>, sqlx::Error> {
        sqlx::query_scalar!(
            "SELECT seq FROM events WHERE launch_id = $1 AND at <= $2 ORDER BY at DESC, seq DESC LIMIT 1",
            id as _,
            at as Moment,
        )
        .fetch_optional(db)
        .await
    }

    /// The state of a launch at a time: after the last event at or before it. One statement.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or the history is damaged.
    pub async fn load_as_at(
        &self,
        db: impl PgExecutor<'_>,
        id: LaunchId,
        at: Moment,
    ) -> Result<Option<Arc<LaunchState>>, RecordError> {
        Ok(self.load_up_to_date(db, &[id], HashMap::new(), Some(ReplayEnd::Moment(at))).await?.remove(&id))
    }

    /// A published checklist version. One statement, the first time; then it is cached.
    pub async fn load_version(
        &self,
        db: impl PgExecutor<'_>,
        id: ChecklistVersionId,
    ) -> Result<Option<Arc<ChecklistVersion>>, sqlx::Error> {
        if let Some(version) = self.versions.get(&id) {
            return Ok(Some(version));
        }
        let row = sqlx::query!("SELECT checklist_id, number, content FROM checklist_versions WHERE id = $1", id as _);
        let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
        let checklist = canonical::from_bytes(&row.content).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let (checklist_id, hash) = (row.checklist_id.into(), Sha256Hash::compute(&row.content));
        let version = Arc::new(ChecklistVersion { id, checklist_id, number: row.number, hash, checklist });
        self.versions.insert(id, Arc::clone(&version));
        Ok(Some(version))
    }

    async fn load_up_to_date(
        &self,
        db: impl PgExecutor<'_>,
        ids: &[LaunchId],
        mut base: HashMap<LaunchId, CachedState>,
        until: Option<ReplayEnd>,
    ) -> Result<HashMap<LaunchId, Arc<LaunchState>>, RecordError> {
        let mut states = HashMap::new();
        let since: Vec<Seq> = ids.iter().map(|id| base.get(id).map_or(0, |cached| cached.state.seq)).collect();
        let mut rows: HashMap<LaunchId, Vec<ReplayRow>> = HashMap::new();
        for row in fetch_rows(db, ids, &since, until).await? {
            rows.entry(row.launch).or_default().push(row);
        }
        for (id, rows) in rows {
            let cached = base.remove(&id);
            if until.is_none() {
                check_contradiction(cached.as_ref(), &rows)
                    .map_err(|contradiction| self.contradicted(id, contradiction))?;
            }
            let newest = rows.iter().rfind(|row| row.row_kind == EVENT_ROW).map(|row| Sha256Hash::compute(&row.bytes));
            let newest = newest.or(cached.as_ref().map(|cached| cached.newest_event_hash));
            let state = self.replay(id, cached.map(|cached| cached.state), rows, &mut |_| ())?;
            // A state that is read inside a transaction may be rolled back. But only this process's own `execute` reads
            // such states, and it caches them after the commit; rows of other transactions are committed.
            if let (None, Some(newest)) = (until, newest) {
                self.cache_state(Arc::clone(&state), newest);
                self.clear_reported_contradiction(id);
            }
            states.insert(id, state);
        }
        Ok(states)
    }

    /// Applies the fetched rows: the version first, then all texts, then the events in order. `after_each` is called with
    /// the launch after each event.
    pub(super) fn replay(
        &self,
        id: LaunchId,
        base: Option<Arc<LaunchState>>,
        rows: Vec<ReplayRow>,
        after_each: &mut dyn FnMut(&LaunchState),
    ) -> Result<Arc<LaunchState>, RecordError> {
        let mut version = None;
        let mut texts = Vec::new();
        let mut events = Vec::new();
        for row in rows {
            match row.row_kind {
                VERSION_ROW => version = Some(row),
                TEXT_ROW => texts.push(parse_text(id, row)?),
                HEAD_ROW => {}
                _ => {
                    events.push(
                        Event::from_bytes(&row.bytes)
                            .map_err(|error| RecordError::Unreadable(id, error.to_string()))?,
                    );
                }
            }
        }
        let mut events = events.iter();
        let mut state = match base {
            Some(state) if events.len() == 0 => return Ok(state),
            Some(state) => state,
            None => {
                let first = events.next().ok_or_else(|| RecordError::Unreadable(id, "no event".to_owned()))?;
                let row = version.ok_or_else(|| {
                    RecordError::Unreadable(id, "its row, or its checklist version, is missing".to_owned())
                })?;
                let version = self.version_of_first_event(id, first, row)?;
                let state = LaunchState::create(first, version).map_err(|error| RecordError::Misfit(id, error))?;
                after_each(&state);
                Arc::new(state)
            }
        };
        let changed = Arc::make_mut(&mut state);
        for text in texts {
            changed.texts.insert(text);
        }
        for event in events {
            changed.apply(event).map_err(|error| RecordError::Misfit(id, error))?;
            after_each(changed);
        }
        Ok(state)
    }

    /// The version that a first event names; all launches with the same version share one value in memory.
    fn version_of_first_event(
        &self,
        launch: LaunchId,
        first: &Event,
        row: ReplayRow,
    ) -> Result<Arc<ChecklistVersion>, RecordError> {
        use crate::domain::launch::event::Change;
        let unreadable = |reason: String| RecordError::Unreadable(launch, reason);
        let Change::LaunchCreated { checklist: id, .. } = &first.change else {
            return Err(unreadable("the first event makes no launch".to_owned()));
        };
        if let Some(version) = self.versions.get(id) {
            return Ok(version);
        }
        let checklist_id = row.subject_id.ok_or_else(|| unreadable("a version of no checklist".to_owned()))?;
        let version = Arc::new(ChecklistVersion {
            id: *id,
            checklist_id: checklist_id.into(),
            number: i32::try_from(row.number).map_err(|error| unreadable(error.to_string()))?,
            hash: Sha256Hash::compute(&row.bytes),
            checklist: canonical::from_bytes(&row.bytes).map_err(|error| unreadable(error.to_string()))?,
        });
        self.versions.insert(*id, Arc::clone(&version));
        Ok(version)
    }
}

/// Compares the fetched rows of a launch with its cached state: the event that was the newest must exist unchanged, and
/// the number of events must be that in the launch's row. What another server added meanwhile passes, and so does a
/// redaction, which destroys a text and adds an event.
fn check_contradiction(cached: Option<&CachedState>, rows: &[ReplayRow]) -> Result<(), Contradiction> {
    let Some(head) = rows.last().filter(|row| row.row_kind == HEAD_ROW) else { return Ok(()) };
    let counted = head.number;
    let cached_seq = cached.map_or(0, |cached| cached.state.seq);
    if let Some(cached) = cached {
        if counted == 0 {
            return Err(Contradiction::Gone);
        }
        if counted < cached_seq {
            return Err(Contradiction::Shorter { counted, read_before: cached_seq });
        }
        if head.bytes != cached.newest_event_hash.to_bytes() {
            return Err(Contradiction::Rewritten(cached_seq));
        }
    }
    let mut last_seq = cached_seq;
    for row in rows.iter().filter(|row| row.row_kind == EVENT_ROW) {
        if row.number != last_seq + 1 {
            return Err(Contradiction::Missing(last_seq + 1));
        }
        last_seq = row.number;
    }
    if last_seq == counted { Ok(()) } else { Err(Contradiction::Miscounted { counted, last: last_seq }) }
}

fn parse_text(launch: LaunchId, row: ReplayRow) -> Result<Text, RecordError> {
    let parse = || {
        Some(Text {
            commitment: Commitment(row.bytes.try_into().ok()?),
            location: TextLocation { field: row.field?, subject_id: row.subject_id? },
            salt: Salt(row.salt?.try_into().ok()?),
            value: row.value?,
        })
    };
    parse().ok_or_else(|| RecordError::Unreadable(launch, "a text".to_owned()))
}

#[derive(Debug, Clone, Copy)]
pub(super) enum ReplayEnd {
    Seq(Seq),
    Moment(Moment),
}

/// The histories of several launches, each after its number in `since`, with the texts of those events and, for a
/// history read from its beginning, the checklist version. The bodies of comments are not loaded.
pub(super) async fn fetch_rows(
    db: impl PgExecutor<'_>,
    ids: &[LaunchId],
    since: &[Seq],
    until: Option<ReplayEnd>,
) -> Result<Vec<ReplayRow>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let (last_seq, last_moment) = match until {
        None => (None, None),
        Some(ReplayEnd::Seq(seq)) => (Some(seq), None),
        Some(ReplayEnd::Moment(at)) => (None, Some(at)),
    };
    sqlx::query_as!(
        ReplayRow,
        r#"
        WITH wanted AS (
            SELECT w.launch_id, w.since,
                   COALESCE($3, (SELECT max(e.seq) FROM events e WHERE e.launch_id = w.launch_id AND e.at <= $4),
                            9007199254740991) AS last
            FROM unnest($1::uuid[], $2::bigint[]) AS w (launch_id, since)
        )
        SELECT w.launch_id AS "launch!: LaunchId", 0 AS "row_kind!", v.number::bigint AS "number!", v.content AS "bytes!",
               NULL::bytea AS salt, NULL::text AS "field: TextField", v.checklist_id AS subject_id, NULL::text AS value
        FROM wanted w
        JOIN launches l ON l.id = w.launch_id
        JOIN checklist_versions v ON v.id = l.version_id
        WHERE w.since = 0
        UNION ALL
        SELECT w.launch_id, 1, t.seq, t.commitment, t.salt, t.field, t.thing, t.value
        FROM wanted w
        JOIN texts t ON t.launch_id = w.launch_id AND t.seq > w.since AND t.seq <= w.last
        WHERE t.field <> 'comment'
        UNION ALL
        SELECT w.launch_id, 2, e.seq, e.bytes, NULL, NULL, NULL, NULL
        FROM wanted w
        JOIN events e ON e.launch_id = w.launch_id AND e.seq > w.since AND e.seq <= w.last
        UNION ALL
        SELECT w.launch_id, 3, COALESCE(l.seq, 0), COALESCE(sha256(e.bytes), ''), NULL, NULL, NULL, NULL
        FROM wanted w
        LEFT JOIN launches l ON l.id = w.launch_id
        LEFT JOIN events e ON e.launch_id = w.launch_id AND e.seq = w.since
        WHERE l.id IS NOT NULL OR w.since > 0
        ORDER BY 1, 2, 3
        "#,
        &ids,
        since,
        last_seq,
        last_moment as Option<Moment>,
    )
    .fetch_all(db)
    .await
}

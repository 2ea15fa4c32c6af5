//! Reading: a launch's state out of its events.

use std::{collections::HashMap, sync::Arc};

use sqlx::PgExecutor;
use uuid::Uuid;

use super::{Contradiction, Fault, Record, Remembered};
use crate::domain::{
    canonical::{self, Sha256Hash},
    ids::{ChecklistVersionId, LaunchId},
    launch::{
        event::{Event, Seq},
        state::{ChecklistVersion, LaunchState},
        texts::{Commitment, Field, Place, Salt, Text},
    },
    time::Moment,
};

/// A row of the one statement that reads histories: an event, a text, the checklist version of a launch that is read from
/// its beginning, or how far the history is.
pub(super) struct Row {
    launch: LaunchId,
    what: i32,
    number: i64,
    bytes: Vec<u8>,
    salt: Option<Vec<u8>>,
    field: Option<Field>,
    thing: Option<Uuid>,
    value: Option<String>,
}

/// What a [`Row`] holds.
const VERSION: i32 = 0;
const TEXT: i32 = 1;
const EVENT: i32 = 2;
/// How many events the launch's row counts, and the hash of the one that was the newest before; comes last.
const HEAD: i32 = 3;

impl Record {
    /// A launch as it stands; nothing when there is none of this id. One statement.
    ///
    /// # Errors
    /// [`Fault`] when the database fails or the history is damaged.
    pub async fn load(&self, db: impl PgExecutor<'_>, id: LaunchId) -> Result<Option<Arc<LaunchState>>, Fault> {
        let kept = self.states.get(&id);
        let base = HashMap::from_iter(kept.map(|kept| (id, kept)));
        Ok(self.bring_up_to_date(db, &[id], base, None).await?.remove(&id))
    }

    /// Several launches as they stand, those that exist. One statement, however many.
    ///
    /// # Errors
    /// [`Fault`] when the database fails or a history is damaged.
    pub async fn load_many(
        &self,
        db: impl PgExecutor<'_>,
        ids: &[LaunchId],
    ) -> Result<HashMap<LaunchId, Arc<LaunchState>>, Fault> {
        let base = ids.iter().filter_map(|id| Some((*id, self.states.get(id)?))).collect();
        self.bring_up_to_date(db, ids, base, None).await
    }

    /// A launch as it stood after an event; nothing when there is no such launch or event. One statement.
    ///
    /// # Errors
    /// [`Fault`] when the database fails or the history is damaged.
    pub async fn as_of(
        &self,
        db: impl PgExecutor<'_>,
        id: LaunchId,
        seq: Seq,
    ) -> Result<Option<Arc<LaunchState>>, Fault> {
        let state = self.bring_up_to_date(db, &[id], HashMap::new(), Some(Until::Seq(seq))).await?.remove(&id);
        Ok(state.filter(|state| state.seq == seq))
    }

    /// A launch as it stood after each of these events, as far as there are such. One statement, however many.
    ///
    /// # Errors
    /// [`Fault`] when the database fails or the history is damaged.
    pub async fn as_of_each(
        &self,
        db: impl PgExecutor<'_>,
        id: LaunchId,
        seqs: &[Seq],
    ) -> Result<HashMap<Seq, Arc<LaunchState>>, Fault> {
        let mut found = HashMap::new();
        let Some(last) = seqs.iter().copied().max().filter(|last| *last >= 1) else { return Ok(found) };
        let rows = fetch(db, &[id], &[0], Some(Until::Seq(last))).await?;
        if rows.is_empty() {
            return Ok(found);
        }
        self.replay(id, None, rows, &mut |state| {
            if seqs.contains(&state.seq) {
                found.insert(state.seq, Arc::new(state.clone()));
            }
        })?;
        Ok(found)
    }

    /// The number of the last event of a launch not later than a moment; nothing when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_at(
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

    /// A launch as it stood at a moment: after the last event not later. One statement.
    ///
    /// # Errors
    /// [`Fault`] when the database fails or the history is damaged.
    pub async fn as_at(
        &self,
        db: impl PgExecutor<'_>,
        id: LaunchId,
        at: Moment,
    ) -> Result<Option<Arc<LaunchState>>, Fault> {
        Ok(self.bring_up_to_date(db, &[id], HashMap::new(), Some(Until::Moment(at))).await?.remove(&id))
    }

    /// A published checklist version; nothing when there is none of this id. One statement, the first time.
    ///
    /// # Errors
    /// When the database fails or what is stored is no checklist.
    pub async fn version_by_id(
        &self,
        db: impl PgExecutor<'_>,
        id: ChecklistVersionId,
    ) -> Result<Option<Arc<ChecklistVersion>>, sqlx::Error> {
        if let Some(known) = self.versions.get(&id) {
            return Ok(Some(known));
        }
        let row = sqlx::query!("SELECT checklist_id, number, content FROM checklist_versions WHERE id = $1", id as _);
        let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
        let checklist = canonical::read(&row.content).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let (of, hash) = (row.checklist_id.into(), Sha256Hash::of(&row.content));
        let version = Arc::new(ChecklistVersion { id, of, number: row.number, hash, checklist });
        self.versions.insert(id, Arc::clone(&version));
        Ok(Some(version))
    }

    async fn bring_up_to_date(
        &self,
        db: impl PgExecutor<'_>,
        ids: &[LaunchId],
        mut base: HashMap<LaunchId, Remembered>,
        until: Option<Until>,
    ) -> Result<HashMap<LaunchId, Arc<LaunchState>>, Fault> {
        let mut states = HashMap::new();
        let since: Vec<Seq> = ids.iter().map(|id| base.get(id).map_or(0, |kept| kept.state.seq)).collect();
        let mut rows: HashMap<LaunchId, Vec<Row>> = HashMap::new();
        for row in fetch(db, ids, &since, until).await? {
            rows.entry(row.launch).or_default().push(row);
        }
        for (id, rows) in rows {
            let kept = base.remove(&id);
            if until.is_none() {
                compare(kept.as_ref(), &rows).map_err(|how| self.contradicted(id, how))?;
            }
            let newest = rows.iter().rfind(|row| row.what == EVENT).map(|row| Sha256Hash::of(&row.bytes));
            let newest = newest.or(kept.as_ref().map(|kept| kept.newest));
            let state = self.replay(id, kept.map(|kept| kept.state), rows, &mut |_| ())?;
            // What is seen inside a transaction may yet be rolled back, but then it is this process's own
            // `execute`, which keeps states only once they are committed; others' rows are committed.
            if let (None, Some(newest)) = (until, newest) {
                self.keep(Arc::clone(&state), newest);
                self.agreed(id);
            }
            states.insert(id, state);
        }
        Ok(states)
    }

    /// Applies what was fetched: the version first, then all texts, then the events in order. `passing` is shown the
    /// launch after each event.
    pub(super) fn replay(
        &self,
        id: LaunchId,
        base: Option<Arc<LaunchState>>,
        rows: Vec<Row>,
        passing: &mut dyn FnMut(&LaunchState),
    ) -> Result<Arc<LaunchState>, Fault> {
        let mut version = None;
        let mut texts = Vec::new();
        let mut events = Vec::new();
        for row in rows {
            match row.what {
                VERSION => version = Some(row),
                TEXT => texts.push(text(id, row)?),
                HEAD => {}
                _ => {
                    events.push(Event::read(&row.bytes).map_err(|error| Fault::Unreadable(id, error.to_string()))?);
                }
            }
        }
        let mut events = events.iter();
        let mut state = match base {
            Some(state) => state,
            None => {
                let first = events.next().ok_or_else(|| Fault::Unreadable(id, "no event".to_owned()))?;
                let row = version
                    .ok_or_else(|| Fault::Unreadable(id, "its row, or its checklist version, is missing".to_owned()))?;
                let version = self.version(id, first, row)?;
                let state = LaunchState::create(first, version).map_err(|misfit| Fault::Misfit(id, misfit))?;
                passing(&state);
                Arc::new(state)
            }
        };
        let changed = Arc::make_mut(&mut state);
        for text in texts {
            changed.texts.insert(text);
        }
        for event in events {
            changed.apply(event).map_err(|misfit| Fault::Misfit(id, misfit))?;
            passing(changed);
        }
        Ok(state)
    }

    /// The version that a first event names; one value in memory for all launches made from it.
    fn version(&self, launch: LaunchId, first: &Event, row: Row) -> Result<Arc<ChecklistVersion>, Fault> {
        use crate::domain::launch::event::Change;
        let unreadable = |why: String| Fault::Unreadable(launch, why);
        let Change::LaunchCreated { checklist: id, .. } = &first.change else {
            return Err(unreadable("the first event makes no launch".to_owned()));
        };
        if let Some(known) = self.versions.get(id) {
            return Ok(known);
        }
        let of = row.thing.ok_or_else(|| unreadable("a version of no checklist".to_owned()))?;
        let version = Arc::new(ChecklistVersion {
            id: *id,
            of: of.into(),
            number: i32::try_from(row.number).map_err(|error| unreadable(error.to_string()))?,
            hash: Sha256Hash::of(&row.bytes),
            checklist: canonical::read(&row.bytes).map_err(|error| unreadable(error.to_string()))?,
        });
        self.versions.insert(*id, Arc::clone(&version));
        Ok(version)
    }
}

/// Compares what was fetched of a launch with what is kept of it: the event that was the newest is there and the same, and the
/// events are those that the launch's row counts. What another server added meanwhile agrees with that, and so does a
/// redaction, which destroys a text and adds an event.
fn compare(kept: Option<&Remembered>, rows: &[Row]) -> Result<(), Contradiction> {
    let Some(head) = rows.last().filter(|row| row.what == HEAD) else { return Ok(()) };
    let counted = head.number;
    let known = kept.map_or(0, |kept| kept.state.seq);
    if let Some(kept) = kept {
        if counted == 0 {
            return Err(Contradiction::Gone);
        }
        if counted < known {
            return Err(Contradiction::Shorter { found: counted, known });
        }
        if head.bytes != kept.newest.bytes() {
            return Err(Contradiction::Rewritten(known));
        }
    }
    let mut found = known;
    for row in rows.iter().filter(|row| row.what == EVENT) {
        if row.number != found + 1 {
            return Err(Contradiction::Missing(found + 1));
        }
        found = row.number;
    }
    if found == counted { Ok(()) } else { Err(Contradiction::Miscounted { counted, found }) }
}

fn text(launch: LaunchId, row: Row) -> Result<Text, Fault> {
    let whole = || {
        Some(Text {
            commitment: Commitment(row.bytes.try_into().ok()?),
            place: Place { field: row.field?, thing: row.thing? },
            salt: Salt(row.salt?.try_into().ok()?),
            value: row.value?,
        })
    };
    whole().ok_or_else(|| Fault::Unreadable(launch, "a text".to_owned()))
}

/// How far a history is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Until {
    Seq(Seq),
    Moment(Moment),
}

/// The histories of several launches, each from after its number in `since`, with the texts that those events
/// brought and, for one read from its beginning, its checklist version. Comments' bodies are left where they are.
pub(super) async fn fetch(
    db: impl PgExecutor<'_>,
    ids: &[LaunchId],
    since: &[Seq],
    until: Option<Until>,
) -> Result<Vec<Row>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let (last, latest) = match until {
        None => (None, None),
        Some(Until::Seq(seq)) => (Some(seq), None),
        Some(Until::Moment(at)) => (None, Some(at)),
    };
    sqlx::query_as!(
        Row,
        r#"
        WITH wanted AS (
            SELECT w.launch_id, w.since,
                   COALESCE($3, (SELECT max(e.seq) FROM events e WHERE e.launch_id = w.launch_id AND e.at <= $4),
                            9007199254740991) AS last
            FROM unnest($1::uuid[], $2::bigint[]) AS w (launch_id, since)
        )
        SELECT w.launch_id AS "launch!: LaunchId", 0 AS "what!", v.number::bigint AS "number!", v.content AS "bytes!",
               NULL::bytea AS salt, NULL::text AS "field: Field", v.checklist_id AS thing, NULL::text AS value
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
        last,
        latest as Option<Moment>,
    )
    .fetch_all(db)
    .await
}

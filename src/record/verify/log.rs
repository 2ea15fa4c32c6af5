//! A log of either kind against its tree and its checkpoints.

use std::collections::BTreeMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::checkpoints::believable;
use crate::{
    domain::{
        canonical::{self, Sha256Hash},
        checkpoint::LogId,
        key::PublicKey,
        merkle::{Edge, Place, leaf_hash, proof::Head},
        time::Moment,
    },
    record::{
        append,
        checkpoints::{self, Kept, StoredCheckpoint},
    },
};

/// How many events are read at once.
const PAGE: i64 = 1_000;

/// An event of either log, with the columns beside its bytes.
#[derive(Debug)]
pub struct Row {
    pub(super) number: i64,
    pub(super) at: Moment,
    pub(super) kind: String,
    pub(super) actor: Option<Uuid>,
    /// The item of a launch's event; the account that an entry of the installation's is about.
    pub(super) subject: Option<Uuid>,
    /// The launch that an entry of the installation's log is about, and how long that one's history was.
    pub(super) launch: Option<Uuid>,
    pub(super) launch_seq: Option<i64>,
    pub(super) bytes: Vec<u8>,
}

/// What a log comes to.
#[derive(Debug, Clone)]
pub struct Checked {
    /// How many events there are, up to the first that is wrong.
    pub size: i64,
    /// What they hash to.
    pub root: Sha256Hash,
    /// The checkpoints that are the installation's, the shortest first.
    pub checkpoints: Vec<Kept>,
    /// Every kept checkpoint, as it is.
    pub(super) stored: Vec<StoredCheckpoint>,
    /// Whether there is no event at all.
    pub gone: bool,
    /// What is wrong: of events and tree the first thing, of checkpoints each.
    pub wrong: Vec<String>,
}

/// Makes the tree of a log anew and compares it with the one that is kept, with every checkpoint, and with `heads` from
/// elsewhere, each with the words for where it is from. `each` is shown every event, and may find something wrong.
///
/// # Errors
/// When the database fails.
pub async fn log(
    db: &PgPool,
    id: LogId,
    key: &PublicKey,
    heads: &[(Head, String)],
    mut each: impl FnMut(&Row) -> Result<(), String>,
) -> Result<Checked, sqlx::Error> {
    let stored = checkpoints::stored(db, id).await?;
    let (good, unbelievable) = believable(key, id, &stored);
    let mut checking = Checking::new(&good, heads);
    let (mut wrong, mut more, mut gone) = (None, true, true);
    while wrong.is_none() && more {
        let rows = page(db, id, checking.edge.size().cast_signed()).await?;
        more = rows.len() as i64 == PAGE;
        gone &= rows.is_empty();
        let mut nodes = Vec::new();
        for row in &rows {
            if let Err(why) = checking.take(row, &mut nodes).and_then(|()| each(row)) {
                wrong = Some(why);
                break;
            }
        }
        if wrong.is_none() {
            wrong = compare(db, id, &nodes).await?;
        }
    }
    let size = checking.edge.size();
    if wrong.is_none() {
        wrong = checking.end().err();
    }
    if wrong.is_none() && count(db, id).await? != (2 * size).saturating_sub(size.count_ones().into()) {
        wrong = Some("its tree has nodes that belong to no event".to_owned());
    }
    let wrong = unbelievable.into_iter().chain(wrong).collect();
    let checkpoints = stored.iter().filter(|row| good.iter().any(|head| head.size.cast_signed() == row.size));
    let checkpoints = checkpoints.filter_map(|row| row.kept(key)).collect();
    let root = checking.edge.root();
    Ok(Checked { size: size.cast_signed(), root, checkpoints, stored, gone, wrong })
}

/// What a log hashed to when it had so many events, as the kept tree says: what [`log`] has compared with the events.
///
/// # Errors
/// When the database fails, or nodes are missing that it should have.
pub async fn root_at(db: &PgPool, id: LogId, size: i64) -> Result<Sha256Hash, sqlx::Error> {
    let mut connection = db.acquire().await?;
    Ok(append::read_edge(&mut connection, id.uuid(), size).await?.root())
}

struct Checking<'a> {
    edge: Edge,
    fits: u64,
    heads: BTreeMap<u64, Vec<(Head, &'a str)>>,
}

impl<'a> Checking<'a> {
    fn new(kept: &[Head], elsewhere: &'a [(Head, String)]) -> Self {
        let mut heads: BTreeMap<u64, Vec<(Head, &str)>> = BTreeMap::new();
        for head in kept {
            heads.entry(head.size).or_default().push((*head, "its checkpoint"));
        }
        for (head, from) in elsewhere {
            heads.entry(head.size).or_default().push((*head, from));
        }
        Self { edge: Edge::default(), fits: 0, heads }
    }

    fn take(&mut self, row: &Row, nodes: &mut Vec<(Place, Sha256Hash)>) -> Result<(), String> {
        let expected = self.edge.size().cast_signed() + 1;
        if row.number != expected {
            return Err(format!("event {} stands where event {expected} should", row.number));
        }
        let added = self.edge.append(leaf_hash(&row.bytes));
        nodes.extend(added.into_iter().map(|node| ((node.level, node.index), node.hash)));
        let size = self.edge.size();
        let Some(heads) = self.heads.remove(&size) else { return Ok(()) };
        let root = self.edge.root();
        for (head, from) in heads {
            if head.root != root {
                return Err(format!(
                    "events 1 to {size} do not hash to what {from} at event {size} says: one of the events {} to {size} \
                     was changed, removed, inserted or moved",
                    self.fits + 1
                ));
            }
        }
        self.fits = size;
        Ok(())
    }

    /// That there is nothing of more events than there are.
    fn end(&self) -> Result<(), String> {
        let size = self.edge.size();
        match self.heads.iter().find_map(|(of, heads)| heads.first().map(|(_, from)| (of, from))) {
            Some((0, _)) | None => Ok(()),
            Some((of, from)) => {
                Err(format!("it has {size} events, and {from} covers {of}: events were removed from its end"))
            }
        }
    }
}

async fn page(db: &PgPool, id: LogId, after: i64) -> Result<Vec<Row>, sqlx::Error> {
    match id {
        LogId::Launch(launch) => {
            sqlx::query_as!(
                Row,
                r#"SELECT seq AS number, at AS "at: Moment", kind, actor_id AS "actor?", item_id AS subject,
                          NULL::uuid AS launch, NULL::bigint AS launch_seq, bytes FROM events
                   WHERE launch_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"#,
                launch as _,
                after,
                PAGE
            )
            .fetch_all(db)
            .await
        }
        LogId::Installation => {
            sqlx::query_as!(
                Row,
                r#"SELECT index AS number, at AS "at: Moment", kind, actor_id AS actor, subject_id AS subject,
                          launch_id AS launch, launch_seq, bytes FROM installation_events
                   WHERE index > $1 ORDER BY index LIMIT $2"#,
                after,
                PAGE
            )
            .fetch_all(db)
            .await
        }
    }
}

/// Compares nodes of a tree made anew with those that are kept.
async fn compare(db: &PgPool, id: LogId, made: &[(Place, Sha256Hash)]) -> Result<Option<String>, sqlx::Error> {
    let places: Vec<Place> = made.iter().map(|(place, _)| *place).collect();
    let kept = append::nodes(db, id.uuid(), &places).await?;
    let wrong = made.iter().find(|(place, hash)| kept.get(place) != Some(hash));
    Ok(wrong.map(|((level, index), _)| {
        let (first, last) = ((index << level) + 1, (index + 1) << level);
        let which = if first == last { format!("event {first}") } else { format!("events {first} to {last}") };
        format!("its tree does not fit its events: {which} or the tree over them was changed")
    }))
}

async fn count(db: &PgPool, id: LogId) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM tree_nodes WHERE log = $1"#, id.uuid());
    Ok(count.fetch_one(db).await?.unsigned_abs())
}

/// What the bytes of an event say about the columns of its row.
pub(super) struct Said<'a> {
    pub(super) number: i64,
    pub(super) at: Moment,
    pub(super) kind: &'a str,
    pub(super) actor: Option<Uuid>,
    pub(super) subject: Option<Uuid>,
    pub(super) launch: Option<Uuid>,
    pub(super) launch_seq: Option<i64>,
}

impl Said<'_> {
    /// Compares the columns of the row with these; `subject` is what that column is called.
    pub(super) fn compare(&self, row: &Row, subject: &str) -> Result<(), String> {
        let number = row.number;
        if number != self.number {
            return Err(format!(
                "the row of event {number} holds an event that says it is event {}: events were removed, inserted or moved",
                self.number
            ));
        }
        let id = |id: Option<Uuid>| id.map_or_else(|| "nothing".to_owned(), |id| id.to_string());
        let length = |seq: Option<i64>| seq.map_or_else(|| "nothing".to_owned(), |seq| seq.to_string());
        for (column, held, said) in [
            ("at", row.at.to_string(), self.at.to_string()),
            ("kind", row.kind.escape_debug().to_string(), self.kind.to_owned()),
            ("actor_id", id(row.actor), id(self.actor)),
            (subject, id(row.subject), id(self.subject)),
            ("launch_id", id(row.launch), id(self.launch)),
            ("launch_seq", length(row.launch_seq), length(self.launch_seq)),
        ] {
            if held != said {
                return Err(format!(
                    "in the row of event {number}, the column {column} holds {held}, and the event itself says {said}"
                ));
            }
        }
        Ok(())
    }
}

/// The event in a row's bytes as JSON, which has to be canonical.
pub(super) fn canonical_json(row: &Row) -> Result<(), String> {
    let value: serde_json::Value =
        canonical::read(&row.bytes).map_err(|error| unreadable(row.number, &error.to_string()))?;
    if canonical::bytes(&value) == row.bytes {
        Ok(())
    } else {
        Err(format!("event {} is not canonical JSON: its bytes were changed", row.number))
    }
}

/// That an event can't be read, without the place in its bytes that a parser names.
pub(super) fn unreadable(number: i64, why: &str) -> String {
    let why = why.split(" at line ").next().unwrap_or(why);
    format!("event {number} is not one that signoff writes: {why}")
}

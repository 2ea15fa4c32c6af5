//! Verifies a log of either kind against its tree and its checkpoints.

use std::collections::BTreeMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::{checkpoints::find_valid_heads, key_periods::KeyPeriods};
use crate::{
    domain::{
        canonical::{self, Sha256Hash},
        checkpoint::LogId,
        merkle::{NodePosition, RightEdge, hash_leaf, proof::TreeHead},
        plural::count_with_noun,
        time::Moment,
    },
    record::{
        append,
        checkpoints::{self, StoredCheckpoint, UnverifiedCheckpoint},
    },
};

/// How many events are read at once.
const PAGE_SIZE: i64 = 1_000;

/// An event of either log, with the columns of its row.
#[derive(Debug)]
pub struct LogEventRow {
    pub(super) number: i64,
    pub(super) at: Moment,
    pub(super) kind: String,
    pub(super) actor: Option<Uuid>,
    /// The item of a launch's event, or the account that an entry of the audit log is about.
    pub(super) subject: Option<Uuid>,
    /// The launch that an entry of the audit log is about, and the length of its history at that time.
    pub(super) launch: Option<Uuid>,
    pub(super) launch_seq: Option<i64>,
    pub(super) bytes: Vec<u8>,
}

/// The result of verifying a log.
#[derive(Debug, Clone)]
pub struct LogReport {
    /// The number of events before the first wrong one.
    pub size: i64,
    /// The root hash over them.
    pub root: Sha256Hash,
    /// The valid checkpoints, the smallest first.
    pub checkpoints: Vec<StoredCheckpoint>,
    /// Every stored checkpoint, unchecked.
    pub(super) stored_checkpoints: Vec<UnverifiedCheckpoint>,
    /// Whether the log has no event at all.
    pub has_no_events: bool,
    /// The first problem of events and tree, and all problems of checkpoints.
    pub problems: Vec<String>,
}

/// Recomputes the tree of a log and compares it with the stored tree, with every checkpoint, and with `heads` from
/// elsewhere, each given with its description. `each` is called with every event and may report a problem.
pub async fn verify_log(
    db: &PgPool,
    id: LogId,
    keys: &KeyPeriods,
    heads: &[(TreeHead, String)],
    mut each: impl FnMut(&LogEventRow) -> Result<(), String>,
) -> Result<LogReport, sqlx::Error> {
    let stored = checkpoints::load_unverified(db, id).await?;
    let (good, unbelievable) = find_valid_heads(keys, id, &stored);
    let mut checking = LogCheck::new(&good, heads);
    let (mut wrong, mut more, mut gone) = (None, true, true);
    while wrong.is_none() && more {
        let rows = load_page(db, id, checking.edge.size().cast_signed()).await?;
        more = rows.len() as i64 == PAGE_SIZE;
        gone &= rows.is_empty();
        let mut nodes = Vec::new();
        for row in &rows {
            if let Err(why) = checking.add_row(row, &mut nodes).and_then(|()| each(row)) {
                wrong = Some(why);
                break;
            }
        }
        if wrong.is_none() {
            wrong = compare_nodes(db, id, &nodes).await?;
        }
    }
    let size = checking.edge.size();
    if wrong.is_none() {
        wrong = checking.check_end().err();
    }
    if wrong.is_none() && count_nodes(db, id).await? != (2 * size).saturating_sub(size.count_ones().into()) {
        wrong = Some("its tree has nodes that belong to no event".to_owned());
    }
    let wrong = unbelievable.into_iter().chain(wrong).collect();
    let checkpoints = stored.iter().filter(|row| good.iter().any(|head| head.size.cast_signed() == row.size));
    let checkpoints = checkpoints.filter_map(|row| row.checkpoint_query(keys.find(&row.public_key)?.1)).collect();
    let root = checking.edge.root();
    Ok(LogReport {
        size: size.cast_signed(),
        root,
        checkpoints,
        stored_checkpoints: stored,
        has_no_events: gone,
        problems: wrong,
    })
}

/// The root hash of a log at a size, from the stored tree, which [`verify_log`] has compared with the events.
///
/// # Errors
/// When the database fails, or nodes of the tree are missing.
pub async fn load_root_at(db: &PgPool, id: LogId, size: i64) -> Result<Sha256Hash, sqlx::Error> {
    let mut connection = db.acquire().await?;
    Ok(append::read_edge(&mut connection, id.uuid(), size).await?.root())
}

struct LogCheck<'a> {
    edge: RightEdge,
    verified_size: u64,
    heads: BTreeMap<u64, Vec<(TreeHead, &'a str)>>,
}

impl<'a> LogCheck<'a> {
    fn new(signed: &[TreeHead], elsewhere: &'a [(TreeHead, String)]) -> Self {
        let mut heads: BTreeMap<u64, Vec<(TreeHead, &str)>> = BTreeMap::new();
        for head in signed {
            heads.entry(head.size).or_default().push((*head, "its checkpoint"));
        }
        for (head, from) in elsewhere {
            heads.entry(head.size).or_default().push((*head, from));
        }
        Self { edge: RightEdge::default(), verified_size: 0, heads }
    }

    fn add_row(&mut self, row: &LogEventRow, nodes: &mut Vec<(NodePosition, Sha256Hash)>) -> Result<(), String> {
        let expected = self.edge.size().cast_signed() + 1;
        if row.number != expected {
            return Err(format!("event {} stands where event {expected} should", row.number));
        }
        let added = self.edge.append(hash_leaf(&row.bytes));
        nodes.extend(added.into_iter().map(|node| ((node.level, node.index), node.hash)));
        let size = self.edge.size();
        let Some(heads) = self.heads.remove(&size) else { return Ok(()) };
        let root = self.edge.root();
        for (head, from) in heads {
            if head.root != root {
                return Err(format!(
                    "events 1 to {size} do not hash to what {from} at event {size} says: one of the events {} to {size} \
                     was changed, removed, inserted or moved",
                    self.verified_size + 1
                ));
            }
        }
        self.verified_size = size;
        Ok(())
    }

    /// Checks that no head covers more events than there are.
    fn check_end(&self) -> Result<(), String> {
        let size = self.edge.size();
        match self.heads.iter().find_map(|(of, heads)| heads.first().map(|(_, from)| (of, from))) {
            Some((0, _)) | None => Ok(()),
            Some((of, from)) => {
                let size = count_with_noun(size, "event");
                Err(format!("it has {size}, and {from} covers {of}: events were removed from its end"))
            }
        }
    }
}

async fn load_page(db: &PgPool, id: LogId, after: i64) -> Result<Vec<LogEventRow>, sqlx::Error> {
    match id {
        LogId::Launch(launch) => {
            sqlx::query_as!(
                LogEventRow,
                r#"SELECT seq AS number, at AS "at: Moment", kind, actor_id AS "actor?", item_id AS subject,
                          NULL::uuid AS launch, NULL::bigint AS launch_seq, bytes FROM events
                   WHERE launch_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"#,
                launch as _,
                after,
                PAGE_SIZE
            )
            .fetch_all(db)
            .await
        }
        LogId::Installation => {
            sqlx::query_as!(
                LogEventRow,
                r#"SELECT index AS number, at AS "at: Moment", kind, actor_id AS actor, subject_id AS subject,
                          launch_id AS launch, launch_seq, bytes FROM installation_events
                   WHERE index > $1 ORDER BY index LIMIT $2"#,
                after,
                PAGE_SIZE
            )
            .fetch_all(db)
            .await
        }
    }
}

/// Compares recomputed nodes of a tree with the stored ones.
async fn compare_nodes(
    db: &PgPool,
    id: LogId,
    made: &[(NodePosition, Sha256Hash)],
) -> Result<Option<String>, sqlx::Error> {
    let places: Vec<NodePosition> = made.iter().map(|(place, _)| *place).collect();
    let stored = append::load_nodes(db, id.uuid(), &places).await?;
    let wrong = made.iter().find(|(place, hash)| stored.get(place) != Some(hash));
    Ok(wrong.map(|((level, index), _)| {
        let (first, last) = ((index << level) + 1, (index + 1) << level);
        let which = if first == last { format!("event {first}") } else { format!("events {first} to {last}") };
        format!("its tree does not fit its events: {which} or the tree over them was changed")
    }))
}

async fn count_nodes(db: &PgPool, id: LogId) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM tree_nodes WHERE log = $1"#, id.uuid());
    Ok(count.fetch_one(db).await?.unsigned_abs())
}

/// The expected columns of a row, from the bytes of its event.
pub(super) struct EventColumns<'a> {
    pub(super) number: i64,
    pub(super) at: Moment,
    pub(super) kind: &'a str,
    pub(super) actor: Option<Uuid>,
    pub(super) subject: Option<Uuid>,
    pub(super) launch: Option<Uuid>,
    pub(super) launch_seq: Option<i64>,
}

impl EventColumns<'_> {
    /// Compares these with the columns of a row; `subject` is the name of that column.
    pub(super) fn compare_row(&self, row: &LogEventRow, subject: &str) -> Result<(), String> {
        let number = row.number;
        if number != self.number {
            return Err(format!(
                "the row of event {number} holds an event that says it is event {}: events were removed, inserted or moved",
                self.number
            ));
        }
        let id = |id: Option<Uuid>| id.map_or_else(|| "nothing".to_owned(), |id| id.to_string());
        let length = |seq: Option<i64>| seq.map_or_else(|| "nothing".to_owned(), |seq| seq.to_string());
        for (column, held, expected) in [
            ("at", row.at.to_string(), self.at.to_string()),
            ("kind", row.kind.escape_debug().to_string(), self.kind.to_owned()),
            ("actor_id", id(row.actor), id(self.actor)),
            (subject, id(row.subject), id(self.subject)),
            ("launch_id", id(row.launch), id(self.launch)),
            ("launch_seq", length(row.launch_seq), length(self.launch_seq)),
        ] {
            if held != expected {
                return Err(format!(
                    "in the row of event {number}, the column {column} holds {held}, and the event itself says {expected}"
                ));
            }
        }
        Ok(())
    }
}

/// Checks that the bytes of a row are canonical JSON.
pub(super) fn check_canonical_json(row: &LogEventRow) -> Result<(), String> {
    let value: serde_json::Value =
        canonical::from_bytes(&row.bytes).map_err(|error| describe_unreadable(row.number, &error.to_string()))?;
    if canonical::to_bytes(&value) == row.bytes {
        Ok(())
    } else {
        Err(format!("event {} is not canonical JSON: its bytes were changed", row.number))
    }
}

/// The problem of an event that can't be parsed, without the position in its bytes that a parser reports.
pub(super) fn describe_unreadable(number: i64, why: &str) -> String {
    let why = why.split(" at line ").next().unwrap_or(why);
    format!("event {number} is not one that signoff writes: {why}")
}

//! Verifying what the database holds: logs against their trees and checkpoints, and everything else against the logs.
//!
//! A log is read from its first event to its last, a page at a time, and its tree is made anew; nothing that was kept is
//! believed but the keys. Each check ends with the first thing that is wrong, in words.

mod installation;
mod launch;

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgPool;

pub use self::{installation::installation, launch::launch};
use super::{
    append,
    checkpoints::{self, Kept},
};
use crate::{
    blobs::Blobs,
    domain::{
        canonical::Sha256Hash,
        checkpoint::{LogId, Origin, SignedCheckpoint},
        ids::LaunchId,
        key::PublicKey,
        launch::event::Seq,
        merkle::{Edge, Place, leaf_hash, proof::Head},
        time::Moment,
    },
};

/// Something that is wrong, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// `The installation's log`, or the launch.
    pub with: String,
    /// What.
    pub what: String,
}

/// What a whole installation comes to.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    /// How many launches there are.
    pub launches: usize,
    /// How many events, of all logs.
    pub events: i64,
    /// How many checkpoints.
    pub checkpoints: usize,
    /// Whether what was held was found.
    pub contained: bool,
    /// What is wrong: the first thing of each log.
    pub wrong: Vec<Wrong>,
}

/// Verifies everything: the installation's log, every launch, those too that the installation's log tells of and that
/// are gone. `held` is a checkpoint that was kept elsewhere, already known to be signed.
///
/// # Errors
/// When the database or the evidence store fails.
pub async fn everything(db: &PgPool, blobs: &Blobs, held: Option<(LogId, Head)>) -> anyhow::Result<Everything> {
    let of = |log: LogId| held.filter(|(of, _)| *of == log).map(|(_, head)| (head, HELD.to_owned()));
    let mut all = Everything::default();
    let (checked, told) = installation(db, of(LogId::Installation).as_slice()).await?;
    all.add("The installation's log".to_owned(), &checked, held);
    let mut ids: BTreeSet<LaunchId> = launch::all(db).await?.into_iter().collect();
    ids.extend(told.keys());
    if let Some((LogId::Launch(launch), _)) = held {
        ids.insert(launch);
    }
    for id in ids {
        let told = told.get(&id).cloned().unwrap_or_default();
        let mut heads: Vec<(Head, String)> =
            told.heads.iter().map(|head| (*head, "the installation's log".to_owned())).collect();
        heads.extend(of(LogId::Launch(id)));
        let mut checked = launch(db, blobs, id, &heads).await?;
        if checked.size == 0 {
            let length = told.length;
            checked.wrong = Some(format!("it is gone: the installation's log tells of {length} events of it"));
        } else if checked.wrong.is_none() && checked.size < told.length {
            let (size, length) = (checked.size, told.length);
            checked.wrong = Some(format!("it has {size} events, and the installation's log tells of {length}"));
        }
        all.launches += 1;
        all.add(format!("Launch {id}"), &checked, held);
    }
    Ok(all)
}

/// How a checkpoint from elsewhere is spoken of.
const HELD: &str = "the checkpoint that you hold";

impl Everything {
    fn add(&mut self, with: String, checked: &Checked, held: Option<(LogId, Head)>) {
        self.events += checked.size;
        self.checkpoints += checked.checkpoints.len();
        self.contained |= held.is_some_and(|(_, head)| checked.contained.contains(&head));
        self.wrong.extend(checked.wrong.clone().map(|what| Wrong { with, what }));
    }
}

/// How many events are read at once.
const PAGE: i64 = 1_000;

/// An event of either log, with what stands beside its bytes for lookup.
#[derive(Debug)]
pub struct Row {
    number: i64,
    at: Moment,
    kind: String,
    actor: Option<uuid::Uuid>,
    bytes: Vec<u8>,
}

/// What a log comes to.
#[derive(Debug, Clone)]
pub struct Checked {
    /// How many events there are.
    pub size: i64,
    /// What they hash to.
    pub root: Sha256Hash,
    /// The checkpoints, the shortest first.
    pub checkpoints: Vec<Kept>,
    /// Which of the heads asked about are in the log as they say.
    pub contained: Vec<Head>,
    /// The first thing that is wrong; nothing, when nothing is.
    pub wrong: Option<String>,
}

/// Makes the tree of a log anew and compares it with the one that is kept, with every checkpoint, and with `heads` from
/// elsewhere, each with the words for where it is from. `each` is shown every event, and may find something wrong.
///
/// # Errors
/// When the database fails.
pub async fn log(
    db: &PgPool,
    id: LogId,
    heads: &[(Head, String)],
    mut each: impl FnMut(&Row) -> Result<(), String>,
) -> Result<Checked, sqlx::Error> {
    let checkpoints = checkpoints::up_to(db, id, Seq::MAX).await?;
    let mut checking = Checking::new(id, &checkpoints, heads);
    let mut wrong = checking.signatures(&checkpoints).err();
    let mut more = true;
    while wrong.is_none() && more {
        let rows = page(db, id, checking.edge.size().cast_signed()).await?;
        more = rows.len() as i64 == PAGE;
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
    let (root, contained) = (checking.edge.root(), checking.contained);
    Ok(Checked { size: size.cast_signed(), root, checkpoints, contained, wrong })
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
    id: LogId,
    edge: Edge,
    fits: u64,
    heads: BTreeMap<u64, Vec<(Head, &'a str)>>,
    contained: Vec<Head>,
}

impl<'a> Checking<'a> {
    fn new(id: LogId, kept: &[Kept], elsewhere: &'a [(Head, String)]) -> Self {
        let mut heads: BTreeMap<u64, Vec<(Head, &str)>> = BTreeMap::new();
        for kept in kept {
            let head = Head { size: kept.size.unsigned_abs(), root: kept.root };
            heads.entry(head.size).or_default().push((head, "its checkpoint"));
        }
        for (head, from) in elsewhere {
            heads.entry(head.size).or_default().push((*head, from));
        }
        Self { id, edge: Edge::default(), fits: 0, heads, contained: Vec::new() }
    }

    /// That each checkpoint is signed, with a key that the database knows, and says what stands beside it.
    fn signatures(&self, kept: &[Kept]) -> Result<(), String> {
        for kept in kept {
            let wrong = |why: String| format!("its checkpoint at event {} can't be believed: {why}", kept.size);
            let note: SignedCheckpoint = kept.text.parse().map_err(|why| wrong(format!("{why}")))?;
            let said = note.verified(&kept.key).map_err(|why| wrong(why.to_string()))?;
            let head = Head { size: kept.size.unsigned_abs(), root: kept.root };
            if said.origin != origin(&kept.key, self.id) || said.head != head {
                return Err(wrong("it is of another log, or another size or root, than it is kept as".to_owned()));
            }
        }
        Ok(())
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
            self.contained.push(head);
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

fn origin(key: &PublicKey, log: LogId) -> Origin {
    Origin { installation: key.installation(), log }
}

async fn page(db: &PgPool, id: LogId, after: i64) -> Result<Vec<Row>, sqlx::Error> {
    match id {
        LogId::Launch(launch) => {
            sqlx::query_as!(
                Row,
                r#"SELECT seq AS number, at AS "at: Moment", kind, actor_id AS "actor?", bytes FROM events
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
                r#"SELECT index AS number, at AS "at: Moment", kind, actor_id AS actor, bytes FROM installation_events
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

/// What stands beside an event's bytes, compared with them.
fn beside(row: &Row, number: i64, at: Moment, kind: &str, actor: Option<uuid::Uuid>) -> Result<(), String> {
    let same = row.number == number && row.at == at && row.kind == kind && row.actor == actor;
    if same { Ok(()) } else { Err(format!("what stands beside event {} is not what is in it", row.number)) }
}

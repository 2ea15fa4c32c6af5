//! Appending to a log: the events, their texts, and the hash tree over them.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::{
    canonical::Sha256Hash,
    ids::{ItemId, LaunchId, UserId},
    launch::{
        event::{Event, Seq},
        texts::{Text, TextField},
    },
    merkle::{NodePosition, RightEdge, TreeNode, hash_leaf},
    time::Moment,
};

/// Appends events to their launch's log with the texts they commit to, and extends the tree. Returns its new right
/// edge. The caller has locked the launch's row.
pub(super) async fn append_events(
    db: &mut PgConnection,
    launch: LaunchId,
    events: &[Event],
    texts: &[Text],
) -> Result<RightEdge, sqlx::Error> {
    let bytes: Vec<Vec<u8>> = events.iter().map(Event::to_bytes).collect();
    let written = sqlx::query!(
        "INSERT INTO events (launch_id, seq, at, kind, actor_id, item_id, bytes)
         SELECT $1, * FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::uuid[], $6::uuid[], $7::bytea[])",
        launch as _,
        &events.iter().map(|event| event.seq).collect::<Vec<Seq>>(),
        &events.iter().map(|event| event.at).collect::<Vec<Moment>>() as _,
        &events.iter().map(|event| event.change.kind().to_owned()).collect::<Vec<String>>(),
        &events.iter().map(|event| event.actor.id).collect::<Vec<UserId>>() as _,
        &events.iter().map(|event| event.change.item()).collect::<Vec<Option<ItemId>>>() as _,
        &bytes,
    )
    .execute(&mut *db)
    .await?;
    debug_assert_eq!(written.rows_affected(), events.len() as u64);
    if !texts.is_empty() {
        append_texts(db, launch, events.first().map_or(1, |event| event.seq), texts).await?;
    }
    let size = events.first().map_or(0, |event| event.seq - 1);
    append_leaves(db, launch.uuid(), size, bytes.iter().map(|bytes| hash_leaf(bytes))).await
}

/// Texts get the number of the first event of their batch, so that reading on from any earlier event loads them all.
async fn append_texts(db: &mut PgConnection, launch: LaunchId, seq: Seq, texts: &[Text]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO texts (launch_id, seq, commitment, field, thing, salt, value)
         SELECT $1, $2, * FROM unnest($3::bytea[], $4::text[], $5::uuid[], $6::bytea[], $7::text[])",
        launch as _,
        seq,
        &texts.iter().map(|text| text.commitment.0.to_bytes().to_vec()).collect::<Vec<_>>(),
        &texts.iter().map(|text| text.location.field).collect::<Vec<TextField>>() as _,
        &texts.iter().map(|text| text.location.subject_id).collect::<Vec<Uuid>>(),
        &texts.iter().map(|text| text.salt.0.to_vec()).collect::<Vec<_>>(),
        &texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>(),
    )
    .execute(db)
    .await
    .map(drop)
}

/// Adds leaves to the tree of a log that has `size` of them: one read of its right edge, one write. Returns the new
/// edge.
pub(super) async fn append_leaves(
    db: &mut PgConnection,
    log: Uuid,
    size: i64,
    leaves: impl Iterator<Item = Sha256Hash>,
) -> Result<RightEdge, sqlx::Error> {
    let mut edge = read_edge(db, log, size).await?;
    let nodes: Vec<TreeNode> = leaves.flat_map(|leaf| edge.append(leaf)).collect();
    sqlx::query!(
        "INSERT INTO tree_nodes (log, level, index, hash)
         SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])",
        log,
        &nodes.iter().map(|node| i16::from(node.level)).collect::<Vec<_>>(),
        &nodes.iter().map(|node| node.index.cast_signed()).collect::<Vec<_>>(),
        &nodes.iter().map(|node| node.hash.to_bytes().to_vec()).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(edge)
}

/// The right edge of the tree of a log with `size` leaves: O(log n) rows.
pub(super) async fn read_edge(db: &mut PgConnection, log: Uuid, size: i64) -> Result<RightEdge, sqlx::Error> {
    let size = size.cast_unsigned();
    let places: Vec<NodePosition> = RightEdge::node_positions(size).collect();
    let nodes = load_nodes(db, log, &places).await?;
    let hashes: Option<Vec<Sha256Hash>> = places.iter().map(|place| nodes.get(place).copied()).collect();
    hashes
        .and_then(|hashes| RightEdge::new(size, &hashes))
        .ok_or_else(|| sqlx::Error::Protocol(format!("the tree of log {log} lacks nodes of its edge at {size}")))
}

/// The nodes at these positions in the tree of a log: one statement, a row each. Missing nodes are left out.
pub(super) async fn load_nodes(
    db: impl PgExecutor<'_>,
    log: Uuid,
    places: &[NodePosition],
) -> Result<HashMap<NodePosition, Sha256Hash>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT n.level, n.index, n.hash FROM unnest($2::smallint[], $3::bigint[]) AS p (level, index)
         JOIN tree_nodes n ON n.log = $1 AND n.level = p.level AND n.index = p.index",
        log,
        &places.iter().map(|(level, _)| i16::from(*level)).collect::<Vec<_>>(),
        &places.iter().map(|(_, index)| index.cast_signed()).collect::<Vec<_>>(),
    )
    .fetch_all(db)
    .await?;
    let unreadable = || sqlx::Error::Protocol(format!("a node of the tree of log {log} can't be read"));
    let node = |level: i16, index: i64, hash: Vec<u8>| {
        let level = u8::try_from(level).ok()?;
        Some(((level, index.cast_unsigned()), hash.try_into().ok()?))
    };
    rows.into_iter().map(|row| node(row.level, row.index, row.hash).ok_or_else(unreadable)).collect()
}

//! A launch: its log, and whatever else the database and the evidence store hold of it.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, PgPool};

use super::{Checked, beside, log};
use crate::{
    blobs::Blobs,
    domain::{
        canonical::{self, Sha256Hash},
        checkpoint::LogId,
        ids::LaunchId,
        launch::{
            event::{Change, Event, EvidenceContent, Redaction, Seq},
            state::LaunchState,
            texts::{Commitment, Salt, commitment},
        },
        merkle::proof::Head,
    },
    record::{Fault, Record, rows},
};

/// Verifies everything that is held of a launch, with heads of its log from elsewhere.
///
/// # Errors
/// When the database or the evidence store fails.
pub async fn launch(db: &PgPool, blobs: &Blobs, id: LaunchId, heads: &[(Head, String)]) -> anyhow::Result<Checked> {
    let mut named: HashMap<Commitment, Seq> = HashMap::new();
    let mut redacted: HashSet<Commitment> = HashSet::new();
    let mut checked = log(db, LogId::Launch(id), heads, |row| {
        let event = read(id, row.number, &row.bytes)?;
        beside(row, event.seq, event.at, event.change.kind(), Some(event.actor.id.uuid()))?;
        for commitment in event.change.commitments() {
            named.entry(commitment).or_insert(event.seq);
        }
        if let Change::Redacted { what: Redaction::Text { commitment, .. }, .. } = event.change {
            redacted.insert(commitment);
        }
        Ok(())
    })
    .await?;
    if checked.wrong.is_some() {
        return Ok(checked);
    }
    // With nothing in memory beforehand, so that it is the events that are replayed.
    let state = match Record::default().load(db, id).await {
        Ok(state) => state,
        Err(Fault::Database(error)) => return Err(error.into()),
        Err(fault) => {
            checked.wrong = Some(fault.to_string());
            return Ok(checked);
        }
    };
    let Some(state) = state else {
        checked.wrong = Some("it has no event".to_owned());
        return Ok(checked);
    };
    checked.wrong = texts(db, id, &mut named, &redacted).await?;
    if checked.wrong.is_none() {
        checked.wrong = projections(db, &state).await?;
    }
    if checked.wrong.is_none() {
        checked.wrong = files(blobs, &state).await?;
    }
    Ok(checked)
}

fn read(launch: LaunchId, number: Seq, bytes: &[u8]) -> Result<Event, String> {
    let unreadable = |error: serde_json::Error| format!("event {number} can't be read: {error}");
    let value: serde_json::Value = canonical::read(bytes).map_err(unreadable)?;
    if canonical::bytes(&value) != bytes {
        return Err(format!("event {number} is not canonical JSON"));
    }
    let event = Event::read(bytes).map_err(unreadable)?;
    if event.launch == launch { Ok(event) } else { Err(format!("event {number} is of another launch")) }
}

/// That every text is the one that its event names, and that none is missing that was not redacted.
async fn texts(
    db: &PgPool,
    launch: LaunchId,
    named: &mut HashMap<Commitment, Seq>,
    redacted: &HashSet<Commitment>,
) -> Result<Option<String>, sqlx::Error> {
    let mut rows =
        sqlx::query!("SELECT commitment, salt, value FROM texts WHERE launch_id = $1", launch as _).fetch(db);
    while let Some(row) = rows.try_next().await? {
        let known: Option<(Sha256Hash, [u8; 32])> = row.commitment.try_into().ok().zip(row.salt.try_into().ok());
        let Some((known, salt)) = known else { return Ok(Some("a text can't be read".to_owned())) };
        let known = Commitment(known);
        let Some(seq) = named.remove(&known) else {
            return Ok(Some("there is a text that no event names".to_owned()));
        };
        if redacted.contains(&known) {
            return Ok(Some(format!("a text that event {seq} names is there, though it was redacted")));
        }
        if commitment(&Salt(salt), &row.value) != known {
            return Ok(Some(format!("a text that event {seq} names is not what was written: it was changed")));
        }
    }
    let lost = named.iter().filter(|(text, _)| !redacted.contains(text)).map(|(_, seq)| seq).min();
    Ok(lost.map(|seq| format!("a text that event {seq} names is missing, and no event says that it was redacted")))
}

/// That the tables hold what the history comes to, row for row.
async fn projections(db: &PgPool, state: &LaunchState) -> anyhow::Result<Option<String>> {
    for (table, rows) in rows::all(state)? {
        let of_launch = if table == "launches" { "id" } else { "launch_id" };
        let expected = format!("SELECT * FROM jsonb_populate_recordset(NULL::{table}, $2)");
        let actual = format!("SELECT * FROM {table} WHERE {of_launch} = $1");
        // The names of the tables are this program's own.
        let query = format!(
            "SELECT count(*) FROM (({actual} EXCEPT ALL {expected}) UNION ALL ({expected} EXCEPT ALL {actual})) d"
        );
        let query = sqlx::query_scalar::<_, i64>(AssertSqlSafe(query)).bind(state.id).bind(rows);
        let different = query.fetch_one(db).await?;
        if different > 0 {
            return Ok(Some(format!("the table {table} does not hold what the history comes to")));
        }
    }
    Ok(None)
}

/// That every file is the one that was attached.
async fn files(blobs: &Blobs, state: &LaunchState) -> anyhow::Result<Option<String>> {
    for evidence in state.evidence.values() {
        let EvidenceContent::File { sha256, .. } = evidence.content else { continue };
        if evidence.source.is_some() {
            continue;
        }
        let seq = evidence.seq;
        match (blobs.open(evidence.id).await?, evidence.redacted) {
            (None, Some(_)) => {}
            (None, None) => return Ok(Some(format!("the file that event {seq} attached is missing"))),
            (Some(_), Some(_)) => {
                return Ok(Some(format!("the file that event {seq} attached is there, though it was redacted")));
            }
            (Some((_, mut bytes)), None) => {
                let mut sha = Sha256::new();
                while let Some(piece) = bytes.try_next().await? {
                    sha.update(&piece);
                }
                if Sha256Hash(sha.finalize().into()) != sha256 {
                    return Ok(Some(format!("the file that event {seq} attached is not the one that was attached")));
                }
            }
        }
    }
    Ok(None)
}

/// The launches of which there is anything, those of which there should be included.
///
/// # Errors
/// When the database fails.
pub(in crate::record) async fn all(db: &PgPool) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: LaunchId" FROM launches
           UNION SELECT DISTINCT launch_id FROM events
           UNION SELECT DISTINCT log FROM checkpoints WHERE log <> '00000000-0000-0000-0000-000000000000' ORDER BY 1"#
    )
    .fetch_all(db)
    .await
}

//! A launch: its log, and whatever else the database and the evidence store hold of it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use sqlx::{AssertSqlSafe, PgPool, types::Json};

use super::{
    checkpoints::{CheckpointReason, missing, unexplained},
    installation::LaunchInLog,
    log::{Checked, Row, Said, canonical_json, log, unreadable},
    rows::{Columns, difference},
};
use crate::{
    blobs::Blobs,
    domain::{
        canonical::Sha256Hash,
        checkpoint::{Cause, LogId},
        ids::{ChecklistVersionId, EvidenceId, LaunchId, RequestId, UserId},
        key::PublicKey,
        launch::{
            event::{Change, Event, EvidenceContent, Redaction, Seq},
            replay::{BrokenRule, Replay},
            state::{ChecklistVersion, LaunchState},
            texts::{Commitment, Field, Salt, commitment},
        },
        merkle::proof::Head,
    },
    record::{Fault, Record, rows as projected},
};

/// Whether the files of the evidence are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// They are read and hashed.
    Read,
    /// They are left alone.
    Skipped,
}

/// What is known when a launch is verified with all others.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The checklist versions that were altered, and are reported by themselves.
    pub(super) altered_versions: BTreeSet<ChecklistVersionId>,
    /// The accounts.
    pub(super) people: BTreeSet<UserId>,
}

/// What a launch comes to.
pub(super) struct LaunchChecked {
    pub(super) checked: Checked,
    /// The ids of the files that its events attached.
    pub(super) files: Vec<EvidenceId>,
}

/// Verifies what is held of a launch, without what the installation's log tells of it.
///
/// # Errors
/// When the database or the evidence store fails.
pub async fn launch(db: &PgPool, blobs: (&Blobs, Files), key: &PublicKey, id: LaunchId) -> anyhow::Result<Checked> {
    Ok(launch_with(db, blobs, key, id, (None, &Known::default()), &[]).await?.checked)
}

/// What the events of a launch say, read one after the other.
#[derive(Default)]
struct Reading {
    /// The texts that events name.
    texts: HashMap<Commitment, Named>,
    redacted: HashSet<Commitment>,
    files: Vec<EvidenceId>,
    version: Option<ChecklistVersionId>,
    reasons: Vec<CheckpointReason>,
    /// The request of the event before, and the first event of it.
    request: Option<(RequestId, Seq)>,
    /// The checklist version that is at hand for the first event.
    at_hand: Option<Arc<ChecklistVersion>>,
    rules: Option<Replay>,
    /// The first event that is not in the form of one, or can't have come about.
    broken: Option<String>,
}

/// A text that events name: by which first, with which event the change began that this one belongs to, and where it
/// belongs.
#[derive(Clone, Copy)]
struct Named {
    seq: Seq,
    from: Seq,
    field: Field,
    thing: Option<uuid::Uuid>,
}

impl Reading {
    fn take(&mut self, launch: LaunchId, row: &Row) -> Result<(), String> {
        canonical_json(row)?;
        let event = Event::read(&row.bytes).map_err(|error| unreadable(row.number, &error.to_string()))?;
        if event.launch != launch {
            return Err(format!("event {} is of another launch", row.number));
        }
        let said = Said {
            number: event.seq,
            at: event.at,
            kind: event.change.kind(),
            actor: Some(event.actor.id.uuid()),
            subject: event.change.item().map(Into::into),
            launch: None,
            launch_seq: None,
        };
        said.compare(row, "item_id")?;
        // Texts are kept with the number of the first event of the change that brought them.
        let from = self.request.filter(|(request, _)| *request == event.request).map_or(event.seq, |(_, from)| from);
        self.request = Some((event.request, from));
        for (commitment, field, thing) in event.change.text_places(launch) {
            self.texts.entry(commitment).or_insert(Named { seq: event.seq, from, field, thing });
        }
        if let Some(cause) = Cause::of(&event.change) {
            self.reasons.push(CheckpointReason::of_event(event.seq, event.at, cause, event.change.kind()));
        }
        self.follow_rules(&event, &row.bytes);
        match event.change {
            Change::LaunchCreated { checklist, .. } => self.version = Some(checklist),
            Change::Redacted { what: Redaction::Text { commitment, .. }, .. } => {
                self.redacted.insert(commitment);
            }
            Change::EvidenceAttached { evidence, content: EvidenceContent::File { .. }, .. } => {
                self.files.push(evidence)
            }
            _ => {}
        }
        Ok(())
    }

    /// Holds an event against the page and the rules, up to the first that breaks them.
    fn follow_rules(&mut self, event: &Event, bytes: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        if let Err(why) = Event::read_exact(bytes) {
            self.broken = Some(unreadable(event.seq, &why.to_string()));
            return;
        }
        // Without its checklist version nothing can be said of a launch; that there is none is reported elsewhere.
        let followed = if let Some(rules) = &mut self.rules {
            rules.take(event)
        } else if let Some(version) = self.at_hand.take() {
            Replay::begin(event, version).map(|rules| self.rules = Some(rules))
        } else {
            Ok(())
        };
        let why = |why: BrokenRule| format!("event {} does not follow from the history before it: {why}", event.seq);
        self.broken = followed.err().map(why);
    }
}

/// Verifies everything that is held of a launch, with heads of its log from elsewhere. What the installation's log tells of it
/// is compared where that is given.
///
/// # Errors
/// When the database or the evidence store fails.
pub(super) async fn launch_with(
    db: &PgPool,
    (blobs, files): (&Blobs, Files),
    key: &PublicKey,
    id: LaunchId,
    (in_log, known): (Option<&LaunchInLog>, &Known),
    heads: &[(Head, String)],
) -> anyhow::Result<LaunchChecked> {
    let log_id = LogId::Launch(id);
    let at_hand = match Record::default().as_of(db, id, 1).await {
        Err(Fault::Database(error)) => return Err(error.into()),
        first => first.ok().flatten().map(|first| Arc::clone(&first.version)),
    };
    let mut reading = Reading { at_hand, ..Reading::default() };
    let mut checked = log(db, log_id, key, heads, |row| reading.take(id, row)).await?;
    let attached = std::mem::take(&mut reading.files);
    if checked.gone {
        return Ok(LaunchChecked { checked, files: attached });
    }
    let whole = checked.wrong.is_empty();
    reading.reasons.extend(in_log.iter().flat_map(|in_log| in_log.reasons.iter().cloned()));
    checked.wrong.extend(missing(&checked.stored, &reading.reasons));
    if whole && in_log.is_some() {
        checked.wrong.extend(unexplained(log_id, &checked.stored, &reading.reasons, &known.people));
    }
    if whole {
        checked.wrong.extend(texts(db, id, &reading).await?);
    }
    // What was made from an altered checklist version can't be replayed; that version is reported by itself.
    let replayable = !reading.version.is_some_and(|version| known.altered_versions.contains(&version));
    if whole && replayable {
        checked.wrong.extend(reading.broken.take());
        match replayed(db, id).await? {
            Ok(state) => {
                checked.wrong.extend(projections(db, &state).await?);
                if files == Files::Read {
                    checked.wrong.extend(self::files(blobs, &state).await?);
                }
            }
            Err(why) => checked.wrong.push(why),
        }
    }
    Ok(LaunchChecked { checked, files: attached })
}

/// The launch as its events make it; or why they make none.
async fn replayed(db: &PgPool, id: LaunchId) -> anyhow::Result<Result<Arc<LaunchState>, String>> {
    // With nothing in memory beforehand, so that it is the events that are replayed.
    match Record::default().load(db, id).await {
        Ok(Some(state)) => Ok(Ok(state)),
        Ok(None) => Ok(Err("it has no event".to_owned())),
        Err(Fault::Database(error)) => Err(error.into()),
        Err(Fault::Misfit(_, misfit)) => Ok(Err(format!("its history does not follow the rules: {misfit}"))),
        Err(Fault::Unreadable(_, why)) => Ok(Err(format!("its history can't be replayed: {why}"))),
        Err(Fault::Contradicted(_, how)) => Ok(Err(how.to_string())),
        Err(fault @ Fault::NoKey) => Err(fault.into()),
    }
}

/// That every text is the one that its event names, and that none is missing that was not redacted.
async fn texts(db: &PgPool, launch: LaunchId, reading: &Reading) -> Result<Option<String>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT commitment, salt, value, field AS "field: Field", thing, seq FROM texts WHERE launch_id = $1 ORDER BY seq"#,
        launch as _
    )
    .fetch_all(db)
    .await?;
    let mut lost = reading.texts.clone();
    for row in rows {
        let field = row.field.words();
        let known: Option<(Sha256Hash, [u8; 32])> = row.commitment.try_into().ok().zip(row.salt.try_into().ok());
        let Some((known, salt)) = known else { return Ok(Some(format!("a text ({field}) can't be read"))) };
        let known = Commitment(known);
        let Some(Named { seq, from, field: meant, thing }) = lost.remove(&known) else {
            return Ok(Some(format!(
                "the table texts holds a text that no event names ({field}, commitment {})",
                known.0
            )));
        };
        if reading.redacted.contains(&known) {
            return Ok(Some(format!("a text that event {seq} names ({field}) is there, though it was redacted")));
        }
        if commitment(&Salt(salt), &row.value) != known {
            return Ok(Some(format!(
                "a text that event {seq} names ({field}) is not what was written: it was changed"
            )));
        }
        if meant != row.field {
            let meant = meant.words();
            return Ok(Some(format!("a text that event {seq} names ({meant}) is kept as another field's: {field}")));
        }
        if thing.is_some_and(|thing| thing != row.thing) {
            return Ok(Some(format!("a text that event {seq} names ({field}) is kept as that of another thing")));
        }
        if !(from..=seq).contains(&row.seq) {
            let kept = row.seq;
            return Ok(Some(format!(
                "a text that event {seq} names ({field}) is kept as one that event {kept} brought"
            )));
        }
    }
    let lost = lost.iter().filter(|(text, _)| !reading.redacted.contains(text)).map(|(_, named)| named.seq).min();
    Ok(lost.map(|seq| format!("a text that event {seq} names is missing, and no event says that it was redacted")))
}

/// That the tables hold what the history comes to, row for row.
async fn projections(db: &PgPool, state: &LaunchState) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (table, rows) in projected::all(state)? {
        let (of_launch, key): (&str, &[&str]) = match table {
            "launches" => ("id", &["id"]),
            "launch_holders" => ("launch_id", &["role", "user_id"]),
            "launch_participants" => ("launch_id", &["user_id"]),
            "signature_withdrawals" => ("launch_id", &["signature_id"]),
            _ => ("launch_id", &["id"]),
        };
        let expected = format!("SELECT * FROM jsonb_populate_recordset(NULL::{table}, $2)");
        let actual = format!("SELECT * FROM {table} WHERE {of_launch} = $1");
        let only = |these: &str, those: &str| format!("SELECT to_jsonb(d) FROM ({these} EXCEPT ALL {those}) d");
        let mut differing = Vec::new();
        for query in [only(&actual, &expected), only(&expected, &actual)] {
            // The names of the tables are this program's own.
            let query = sqlx::query_scalar::<_, Json<Columns>>(AssertSqlSafe(query)).bind(state.id).bind(&rows);
            differing.push(query.fetch_all(db).await?.into_iter().map(|row| row.0).collect::<Vec<_>>());
        }
        let (expected, actual) = (differing.pop().unwrap_or_default(), differing.pop().unwrap_or_default());
        let found = difference(key, actual, expected, "its history");
        wrong.extend(found.map(|what| format!("the table {table} does not hold what the history comes to: {what}")));
    }
    Ok(wrong)
}

/// That every file is the one that was attached.
async fn files(blobs: &Blobs, state: &LaunchState) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for evidence in state.evidence.values() {
        let EvidenceContent::File { sha256, .. } = evidence.content else { continue };
        if evidence.source.is_some() {
            continue;
        }
        let (seq, id) = (evidence.seq, evidence.id);
        let what = match (blobs.hash(id).await?, evidence.redacted) {
            (None, Some(_)) => continue,
            (None, None) => "is missing",
            (Some(_), Some(_)) => "is there, though it was redacted",
            (Some(found), None) if found == sha256 => continue,
            (Some(_), None) => "is not the one that was attached",
        };
        wrong.push(format!("the file that event {seq} attached {what} ({id})"));
    }
    Ok(wrong)
}

/// The launches of which there is anything, those of which there should be included.
///
/// # Errors
/// When the database fails.
pub(super) async fn all(db: &PgPool) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: LaunchId" FROM launches
           UNION SELECT DISTINCT launch_id FROM events
           UNION SELECT DISTINCT launch_id FROM texts
           UNION SELECT DISTINCT log FROM tree_nodes WHERE log <> '00000000-0000-0000-0000-000000000000'
           UNION SELECT DISTINCT log FROM checkpoints WHERE log <> '00000000-0000-0000-0000-000000000000' ORDER BY 1"#
    )
    .fetch_all(db)
    .await
}

//! Verifies a launch: its log, and everything else that the database and the evidence store contain about it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use sqlx::{AssertSqlSafe, PgPool, types::Json};

use super::{
    checkpoints::{ExpectedCheckpoint, find_missing, find_unexplained},
    installation_log::LoggedLaunch,
    key_periods::KeyPeriods,
    log::{EventColumns, LogEventRow, LogReport, check_canonical_json, describe_unreadable, verify_log},
    row_difference::{JsonRow, describe_difference},
};
use crate::{
    blobs::Blobs,
    domain::{
        canonical::Sha256Hash,
        checkpoint::{CheckpointCause, LogId},
        ids::{ChecklistVersionId, EvidenceId, LaunchId, RequestId, UserId},
        key::PublicKey,
        launch::{
            event::{Change, Event, EvidenceContent, Redaction, Seq},
            replay::{LaunchReplay, ReplayError},
            state::{ChecklistVersion, LaunchState},
            texts::{Commitment, Salt, TextField, compute_commitment},
        },
        merkle::proof::TreeHead,
        time::Moment,
    },
    record::{Record, RecordError, rows as projected},
};

/// Whether the evidence files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceFileCheck {
    Hash,
    Skip,
}

/// What is known about the installation when a launch is verified with all others.
#[derive(Debug, Clone, Default)]
pub(super) struct VerifiedInstallation {
    /// Altered checklist versions, which are reported separately.
    pub(super) altered_versions: BTreeSet<ChecklistVersionId>,
    /// All accounts that the audit log names; rows about people have to refer to them.
    pub(super) people: BTreeSet<UserId>,
}

pub(super) struct LaunchReport {
    pub(super) log: LogReport,
    /// The ids of the files that its events attached.
    pub(super) files: Vec<EvidenceId>,
}

/// Verifies a launch without what the audit log says about it.
///
/// # Errors
/// When the database or the evidence store fails.
pub async fn verify_launch(
    db: &PgPool,
    blobs: (&Blobs, EvidenceFileCheck),
    key: &PublicKey,
    id: LaunchId,
) -> anyhow::Result<LogReport> {
    let keys = KeyPeriods::load(db, key).await?;
    Ok(verify_launch_with(db, blobs, &keys, id, (None, &VerifiedInstallation::default()), &[]).await?.log)
}

/// Collects what the events of a launch contain, in order.
#[derive(Default)]
struct LaunchLogScan {
    /// The texts to which events commit.
    texts: HashMap<Commitment, TextReference>,
    redacted: HashSet<Commitment>,
    files: Vec<EvidenceId>,
    version_id: Option<ChecklistVersionId>,
    expected_checkpoints: Vec<ExpectedCheckpoint>,
    /// The request of the previous event, and the number of that request's first event.
    change_start: Option<(RequestId, Seq)>,
    /// The checklist version in the database, until the first event starts the replay with it.
    first_event_version: Option<Arc<ChecklistVersion>>,
    replay: Option<LaunchReplay>,
    /// The first event that has the wrong format or breaks a rule.
    first_violation: Option<String>,
}

/// A text to which events commit: the first such event, the first event of the change to which it belongs, and the
/// field.
#[derive(Clone, Copy)]
struct TextReference {
    seq: Seq,
    change_start: Seq,
    field: TextField,
    thing: Option<uuid::Uuid>,
}

impl LaunchLogScan {
    fn add_row(&mut self, launch: LaunchId, row: &LogEventRow) -> Result<(), String> {
        check_canonical_json(row)?;
        let event =
            Event::from_bytes(&row.bytes).map_err(|error| describe_unreadable(row.number, &error.to_string()))?;
        if event.launch != launch {
            return Err(format!("event {} is of another launch", row.number));
        }
        let columns = EventColumns {
            number: event.seq,
            at: event.at,
            kind: event.change.kind(),
            actor: Some(event.actor.id.uuid()),
            subject: event.change.item().map(Into::into),
            launch: None,
            launch_seq: None,
        };
        columns.compare_row(row, "item_id")?;
        // Texts are stored with the number of the first event of their change.
        let from =
            self.change_start.filter(|(request, _)| *request == event.request).map_or(event.seq, |(_, from)| from);
        self.change_start = Some((event.request, from));
        for (commitment, field, subject_id) in event.change.event_texts(launch) {
            self.texts.entry(commitment).or_insert(TextReference {
                seq: event.seq,
                change_start: from,
                field,
                thing: subject_id,
            });
        }
        if let Some(cause) = CheckpointCause::from_change(&event.change) {
            self.expected_checkpoints.push(ExpectedCheckpoint::from_event(
                event.seq,
                event.at,
                cause,
                event.change.kind(),
            ));
        }
        self.check_rules(&event, &row.bytes);
        match event.change {
            Change::LaunchCreated { checklist, .. } => self.version_id = Some(checklist),
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

    /// Checks an event against the format and the rules, up to the first that breaks them.
    fn check_rules(&mut self, event: &Event, bytes: &[u8]) {
        if self.first_violation.is_some() {
            return;
        }
        if let Err(why) = Event::from_exact_bytes(bytes) {
            self.first_violation = Some(describe_unreadable(event.seq, &why.to_string()));
            return;
        }
        // Without its checklist version a launch can't be checked; a missing version is reported elsewhere.
        let followed = if let Some(rules) = &mut self.replay {
            rules.apply_event(event)
        } else if let Some(version) = self.first_event_version.take() {
            LaunchReplay::begin(event, version).map(|rules| self.replay = Some(rules))
        } else {
            Ok(())
        };
        let why = |why: ReplayError| format!("event {} does not follow from the history before it: {why}", event.seq);
        self.first_violation = followed.err().map(why);
    }
}

/// Verifies a launch, also against heads of its log from elsewhere. If `in_log` is given, it is compared with what the
/// audit log says about the launch.
pub(super) async fn verify_launch_with(
    db: &PgPool,
    (blobs, files): (&Blobs, EvidenceFileCheck),
    keys: &KeyPeriods,
    id: LaunchId,
    (in_log, verified): (Option<&LoggedLaunch>, &VerifiedInstallation),
    heads: &[(TreeHead, String)],
) -> anyhow::Result<LaunchReport> {
    let log_id = LogId::Launch(id);
    let at_hand = match Record::default().load_as_of(db, id, 1).await {
        Err(RecordError::Database(error)) if !is_undecodable(&error) => return Err(error.into()),
        first => first.ok().flatten().map(|first| Arc::clone(&first.version)),
    };
    let mut reading = LaunchLogScan { first_event_version: at_hand, ..LaunchLogScan::default() };
    let mut checked = verify_log(db, log_id, keys, heads, |row| reading.add_row(id, row)).await?;
    let attached = std::mem::take(&mut reading.files);
    if checked.has_no_events {
        return Ok(LaunchReport { log: checked, files: attached });
    }
    let whole = checked.problems.is_empty();
    reading.expected_checkpoints.extend(in_log.iter().flat_map(|in_log| in_log.expected_checkpoints.iter().cloned()));
    checked.problems.extend(find_missing(&checked.stored_checkpoints, &reading.expected_checkpoints));
    if whole && in_log.is_some() {
        checked.problems.extend(find_unexplained(
            log_id,
            &checked.stored_checkpoints,
            &reading.expected_checkpoints,
            &verified.people,
        ));
    }
    if whole {
        checked.problems.extend(check_texts(db, id, &reading).await?);
    }
    // A launch from an altered checklist version can't be replayed; the version is reported separately.
    let replayable = !reading.version_id.is_some_and(|version| verified.altered_versions.contains(&version));
    if whole && replayable {
        checked.problems.extend(reading.first_violation.take());
        match replay_launch(db, id).await? {
            Ok(state) => {
                checked.problems.extend(check_projections(db, &state).await?);
                if files == EvidenceFileCheck::Hash {
                    checked.problems.extend(self::check_files(blobs, &state).await?);
                }
            }
            Err(why) => checked.problems.push(why),
        }
    }
    Ok(LaunchReport { log: checked, files: attached })
}

/// The launch as replayed from its events, or why that fails.
async fn replay_launch(db: &PgPool, id: LaunchId) -> anyhow::Result<Result<Arc<LaunchState>, String>> {
    // Nothing is cached, so that all events are replayed.
    match Record::default().load(db, id).await {
        Ok(Some(state)) => Ok(Ok(state)),
        Ok(None) => Ok(Err("it has no event".to_owned())),
        Err(RecordError::Database(error)) if is_undecodable(&error) => Ok(Err(format!("a row can't be read: {error}"))),
        Err(RecordError::Database(error)) => Err(error.into()),
        Err(RecordError::Misfit(_, misfit)) => Ok(Err(format!("its history does not follow the rules: {misfit}"))),
        Err(RecordError::Unreadable(_, why)) => Ok(Err(format!("its history can't be replayed: {why}"))),
        Err(RecordError::Contradiction(_, how)) => Ok(Err(how.to_string())),
        Err(fault @ (RecordError::NoKey | RecordError::Drill)) => Err(fault.into()),
    }
}

/// Whether a row has a value that no version of the program has stored.
const fn is_undecodable(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
}

/// Checks that every text matches its commitment, and that only redacted texts are missing.
async fn check_texts(db: &PgPool, launch: LaunchId, reading: &LaunchLogScan) -> Result<Option<String>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT commitment, salt, value, field, thing, seq FROM texts WHERE launch_id = $1 ORDER BY seq",
        launch as _
    )
    .fetch_all(db)
    .await?;
    let mut lost = reading.texts.clone();
    for row in rows {
        let Ok(stored_field) = serde_json::from_value::<TextField>(row.field.as_str().into()) else {
            return Ok(Some(format!("a text is stored for a field that does not exist: {:?}", row.field)));
        };
        let field = stored_field.description();
        let parsed: Option<(Sha256Hash, [u8; 32])> = row.commitment.try_into().ok().zip(row.salt.try_into().ok());
        let Some((hash, salt)) = parsed else { return Ok(Some(format!("a text ({field}) can't be read"))) };
        let commitment = Commitment(hash);
        let Some(TextReference { seq, change_start: from, field: meant, thing: subject_id }) = lost.remove(&commitment)
        else {
            return Ok(Some(format!(
                "the table texts holds a text that no event names ({field}, commitment {})",
                commitment.0
            )));
        };
        if reading.redacted.contains(&commitment) {
            return Ok(Some(format!("a text that event {seq} names ({field}) is there, though it was redacted")));
        }
        if compute_commitment(&Salt(salt), &row.value) != commitment {
            return Ok(Some(format!(
                "a text that event {seq} names ({field}) is not what was written: it was changed"
            )));
        }
        if meant != stored_field {
            let meant = meant.description();
            return Ok(Some(format!("a text that event {seq} names ({meant}) is kept as another field's: {field}")));
        }
        if subject_id.is_some_and(|subject_id| subject_id != row.thing) {
            return Ok(Some(format!("a text that event {seq} names ({field}) is kept as that of another thing")));
        }
        if !(from..=seq).contains(&row.seq) {
            let stored_seq = row.seq;
            return Ok(Some(format!(
                "a text that event {seq} names ({field}) is kept as one that event {stored_seq} brought"
            )));
        }
    }
    let lost = lost.iter().filter(|(text, _)| !reading.redacted.contains(text)).map(|(_, named)| named.seq).min();
    Ok(lost.map(|seq| format!("a text that event {seq} names is missing, and no event says that it was redacted")))
}

/// Whether nobody reads the values of a launch's summary, because they are known to be out of date, and for which moment
/// it was computed.
async fn load_summary_time(db: &PgPool, state: &LaunchState) -> Result<(bool, Moment), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT COALESCE(holds_until = '-infinity', false) AS "is_outdated!",
                  NULLIF(computed_at, '-infinity') AS "computed_at: Moment"
           FROM launch_summaries WHERE launch_id = $1"#,
        state.id as LaunchId,
    )
    .fetch_optional(db)
    .await?;
    let (is_outdated, computed_at) = row.map_or((false, None), |row| (row.is_outdated, row.computed_at));
    Ok((is_outdated, computed_at.unwrap_or(state.last_at)))
}

/// Checks that the tables contain the state of the replayed history, row for row.
async fn check_projections(db: &PgPool, state: &LaunchState) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let (has_outdated_summary, summarized_at) = load_summary_time(db, state).await?;
    for (table, rows) in projected::all(state, summarized_at)? {
        if table == "launch_summaries" && has_outdated_summary {
            continue;
        }
        let (of_launch, key): (&str, &[&str]) = match table {
            "launches" => ("id", &["id"]),
            "launch_holders" => ("launch_id", &["role", "user_id"]),
            "launch_participants" => ("launch_id", &["user_id"]),
            "launch_summaries" => ("launch_id", &["launch_id"]),
            "launch_tags" => ("launch_id", &["position"]),
            "signature_withdrawals" => ("launch_id", &["signature_id"]),
            _ => ("launch_id", &["id"]),
        };
        let expected = format!("SELECT * FROM jsonb_populate_recordset(NULL::{table}, $2)");
        let actual = format!("SELECT * FROM {table} WHERE {of_launch} = $1");
        let only = |these: &str, those: &str| format!("SELECT to_jsonb(d) FROM ({these} EXCEPT ALL {those}) d");
        let mut differing = Vec::new();
        for query in [only(&actual, &expected), only(&expected, &actual)] {
            // The table names are constants of this program.
            let query = sqlx::query_scalar::<_, Json<JsonRow>>(AssertSqlSafe(query)).bind(state.id).bind(&rows);
            differing.push(query.fetch_all(db).await?.into_iter().map(|row| row.0).collect::<Vec<_>>());
        }
        let (expected, actual) = (differing.pop().unwrap_or_default(), differing.pop().unwrap_or_default());
        let difference = describe_difference(key, actual, expected, "its history");
        wrong.extend(
            difference.map(|what| format!("the table {table} does not hold what the history comes to: {what}")),
        );
    }
    Ok(wrong)
}

/// Checks that every file is the one that was attached.
async fn check_files(blobs: &Blobs, state: &LaunchState) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for evidence in state.evidence.values() {
        let EvidenceContent::File { sha256, .. } = evidence.content else { continue };
        if evidence.source_id.is_some() {
            continue;
        }
        let (seq, id) = (evidence.seq, evidence.id);
        let problem = match (blobs.hash(id).await?, evidence.redacted) {
            (None, Some(_)) => continue,
            (None, None) => "is missing",
            (Some(_), Some(_)) => "is there, though it was redacted",
            (Some(stored), None) if stored == sha256 => continue,
            (Some(_), None) => "is not the one that was attached",
        };
        wrong.push(format!("the file that event {seq} attached {problem} ({id})"));
    }
    Ok(wrong)
}

/// The launches of which any row exists, even if others are missing.
pub(super) async fn list_launches(db: &PgPool) -> Result<Vec<LaunchId>, sqlx::Error> {
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

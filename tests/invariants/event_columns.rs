//! The columns that the database makes from the bytes of events and log entries.

use std::{fs, path::Path};

use signoff::{
    domain::{
        canonical,
        ids::{RequestId, UserId},
        installation::{InstallationEvent, ProofPurpose, RejectionReason},
        installation_entry::InstallationEntry,
        launch::event::{Change, Event, PersonRef, Redaction},
        role::RoleSlug,
        time::Moment,
    },
    record::installation_log,
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::helpers::TestApp;

/// What the event itself says in the three columns.
fn expected(change: &Change) -> (Option<Uuid>, Option<String>, Option<Vec<u8>>) {
    let of = |role: Option<&RoleSlug>, person: Option<&PersonRef>| {
        (person.map(|person| person.id.uuid()), role.map(ToString::to_string), None)
    };
    match change {
        Change::HolderAdded { role, person } | Change::HolderRemoved { role, person } => of(Some(role), Some(person)),
        Change::ParticipantAdded { person } | Change::ParticipantRemoved { person } => of(None, Some(person)),
        Change::Signed(record) => of(Some(&record.role), None),
        Change::SignatureWithdrawn { role, .. } => of(Some(role), None),
        Change::Redacted { what: Redaction::File { sha256 }, .. } => (None, None, Some(sha256.to_bytes().to_vec())),
        _ => (None, None, None),
    }
}

async fn columns_of(db: &PgPool, bytes: &[u8]) -> (Option<Uuid>, Option<String>, Option<Vec<u8>>, Option<i64>) {
    sqlx::query_as("SELECT person_in_event($1), role_in_event($1), redacted_file_in_event($1), count_in_entry($1)")
        .bind(bytes)
        .fetch_one(db)
        .await
        .unwrap()
}

#[tokio::test]
async fn copied_columns_say_what_events_of_every_kind_say() {
    let app = TestApp::start().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events");
    let mut filled = [0; 3];
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let (person, role, redacted) = expected(&Event::from_bytes(&bytes).unwrap().change);
        filled[0] += i32::from(person.is_some());
        filled[1] += i32::from(role.is_some());
        filled[2] += i32::from(redacted.is_some());
        assert_eq!(columns_of(&app.owner, &bytes).await, (person, role, redacted, None), "{}", path.display());
    }
    assert!(filled.iter().all(|number| *number > 0), "each column is tried: {filled:?}");
}

#[tokio::test]
async fn refusal_count_is_copied_from_entries_that_stand_for_several_refusals() {
    let app = TestApp::start().await;
    let user = UserId(Uuid::from_u128(1));
    let events = [
        (InstallationEvent::ProofsRefused { user: Some(user), purpose: ProofPurpose::Sign, count: 7 }, Some(7)),
        (InstallationEvent::RequestsRefused { why: RejectionReason::TooOften, count: 8 }, Some(8)),
        (InstallationEvent::SessionEnded { user }, None),
    ];
    for (event, count) in events {
        let at = Moment::new(jiff::Timestamp::UNIX_EPOCH);
        installation_log::record_event(&app.owner, None, &event, RequestId(Uuid::nil()), at).await.unwrap();
        let (bytes, stored): (Vec<u8>, Option<i64>) =
            sqlx::query_as("SELECT bytes, refusal_count FROM installation_events ORDER BY index DESC LIMIT 1")
                .fetch_one(&app.owner)
                .await
                .unwrap();
        assert_eq!(canonical::from_bytes::<InstallationEntry>(&bytes).unwrap().event, event);
        assert_eq!(stored, count, "{event:?}");
    }
}

/// A dump of a damaged database can be restored: the columns of damaged bytes are empty.
#[tokio::test]
async fn damaged_bytes_leave_the_copied_columns_empty() {
    let app = TestApp::start().await;
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    let no_ids = br#"{"data":{"person":{"id":"Ann"},"what":{"sha256":"xyz"}},"event":{"count":"many"}}"#;
    let too_many = br#"{"event":{"count":99999999999999999999}}"#;
    for bytes in [&b""[..], b"{", b"\xff\xfe", br#"{"a":"\u0000"}"#, &deep, no_ids, too_many] {
        assert_eq!(columns_of(&app.owner, bytes).await, (None, None, None, None));
    }
}

#[tokio::test]
async fn copied_columns_cannot_be_written() {
    let app = TestApp::start().await;
    for column in ["events.person_id", "events.role", "events.redacted_file", "installation_events.refusal_count"] {
        let (table, name) = column.split_once('.').unwrap();
        let generated: String = sqlx::query_scalar(
            "SELECT is_generated FROM information_schema.columns WHERE table_name = $1 AND column_name = $2",
        )
        .bind(table)
        .bind(name)
        .fetch_one(&app.owner)
        .await
        .unwrap();
        assert_eq!(generated, "ALWAYS", "{column}");
    }
}

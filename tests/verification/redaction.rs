//! Redaction: the text or file is gone everywhere, and the history shows it and still verifies.

use secrecy::ExposeSecret as _;
use signoff::{
    db,
    domain::{
        launch::{
            event::{PersonRef, Redaction},
            redaction::RedactionError,
            texts::{Commitment, TextField},
        },
        text::PersonName,
    },
    record::{
        Record,
        redact::{RecordRedactionError, load_texts_of_event},
        verify::verify_installation,
    },
};
use sqlx::PgPool;

use super::*;

/// A connection as `signoff redact` uses it: with the redactor's rights only.
async fn redactor(launch: &Launch) -> PgPool {
    let options =
        db::connect_options(&launch.app.state.config.database_url).unwrap().options([("role", "signoff_redactor")]);
    db::create_pool(options, 2)
}

async fn redact(launch: &Launch, what: Redaction) -> Result<(), RecordRedactionError> {
    let by = PersonRef { id: launch.owner.person.id, name: PersonName::new("Olga Owner").unwrap() };
    let circumstances = (ambient::new_id(), launch.app.state.clock.now());
    let record = Record::default();
    let reason = new_text("a customer asked for it");
    record.redact(&redactor(launch).await, &by, launch.id, what, reason, circumstances).await.map(drop)
}

/// The number of an event with a text of this field, and the text's commitment.
async fn text(launch: &Launch, requested: TextField) -> (i64, Commitment) {
    for seq in 1..=launch.state().await.seq {
        let named = load_texts_of_event(&launch.app.state.db, launch.id, seq).await.unwrap();
        if let Some(text) = named.iter().find(|text| text.field == requested) {
            return (seq, text.commitment);
        }
    }
    panic!("there is no {requested:?}");
}

/// The cache of a server that was not notified of a redaction has the text, but no past state is made from it.
#[tokio::test]
async fn redacted_text_is_in_no_past_state_of_a_server_that_has_it_cached() {
    let launch = launch_with_every_kind_of_content().await;
    let (db, server) = (&launch.app.state.db, Record::default());
    let cached = server.load(db, launch.id).await.unwrap().unwrap();
    let (_, commitment) = text(&launch, TextField::SignatureComment).await;
    assert!(cached.texts.get(&commitment).is_some());
    redact(&launch, Redaction::Text { commitment, field: TextField::SignatureComment }).await.unwrap();
    let past = server.load_as_of(db, launch.id, cached.seq).await.unwrap().unwrap();
    assert_eq!((past.seq, past.texts.get(&commitment)), (cached.seq, None));
}

#[tokio::test]
async fn redacted_text_is_gone_and_the_history_still_verifies() {
    let launch = launch_with_every_kind_of_content().await;
    let app = &launch.app;
    let find = async || launch.auditor.get("/search?q=Mr+X").await.expect_status(200).texts("main").swap_remove(0);
    assert!(find().await.contains("Mr X says"));
    let (seq, commitment) = text(&launch, TextField::Comment).await;
    redact(&launch, Redaction::Text { commitment, field: TextField::Comment }).await.unwrap();
    let (_, commitment) = text(&launch, TextField::SignatureComment).await;
    let what = Redaction::Text { commitment, field: TextField::SignatureComment };
    redact(&launch, what).await.unwrap();
    assert!(matches!(redact(&launch, what).await, Err(RecordRedactionError::Refused(RedactionError::AlreadyRedacted))));

    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM texts WHERE value LIKE '%Mr X%'").fetch_one(&app.owner).await.unwrap();
    assert_eq!(left, 0);
    assert!(!find().await.contains("Mr X says"));
    for page in ["history", "go-no-go", "verification", &format!("history/{seq}")] {
        let body = launch.auditor.get(&launch.path(page)).await.expect_status(200).body;
        assert!(!body.contains("Mr X"), "{page}");
    }
    let page = launch.auditor.get(&launch.path("verification")).await.expect_status(200);
    let body = page.texts("main").swap_remove(0);
    assert!(body.contains("Olga Owner redacted a comment"), "{body}");
    assert!(body.contains("a customer asked for it"), "{body}");
    let item = launch.auditor.get(&format!("/items/{}", launch.item("backups"))).await.expect_status(200);
    assert!(item.body.contains("[redacted]"));

    let bytes = bundle(&launch, &launch.auditor).await;
    let key = app.key.public_key().to_string();
    let found = run_verifier(&bytes, &["--key", &key]);
    found.assert_status(0, "Good");
    assert!(found.output.contains("Redacted  a comment (event "), "{}", found.output);
    assert!(found.output.contains("by Olga Owner): a customer asked for it"), "{}", found.output);
    assert!(!bytes.windows(4).any(|part| part == b"Mr X"));
    // The people here were inserted without entries in the audit log; nothing is wrong with the launch.
    let whole = verify_installation(&app.owner, &app.state.blobs, &app.key.public_key(), &[]).await.unwrap();
    assert!(!whole.problems.iter().any(|wrong| wrong.subject.starts_with("Launch ")), "{:?}", whole.problems);

    // A text that is only claimed to be redacted is missed.
    let mut altered = entries(&bytes);
    let mut texts = lines(&mut altered, "texts.jsonl");
    texts.push(serde_json::json!({ "commitment": commitment, "salt": "00".repeat(32), "value": "Mr X" }).to_string());
    set_lines(&mut altered, "texts.jsonl", &texts);
    run_verifier(&zip(&altered), &[]).assert_status(1, "says that it was redacted");
}

#[tokio::test]
async fn redaction_at_any_stage_makes_no_signature_stale() {
    let launch = launch_with_every_kind_of_content().await;
    launch.run_command(&launch.owner, Command::Cancel { reason: new_text("no budget for Mr X") }).await;
    let digest = launch.digest("security").await;
    let (_, commitment) = text(&launch, TextField::ItemReason).await;
    redact(&launch, Redaction::Text { commitment, field: TextField::ItemReason }).await.unwrap();
    assert_eq!(launch.digest("security").await, digest);
    assert_eq!(launch.state().await.text(&commitment), "[redacted]");
    assert_eq!(launch.kinds_after(launch.state().await.seq - 1).await, ["redacted"]);
    // The reason of a redaction cannot be redacted.
    let (_, why) = text(&launch, TextField::RedactionReason).await;
    let refused = redact(&launch, Redaction::Text { commitment: why, field: TextField::RedactionReason }).await;
    assert!(matches!(refused, Err(RecordRedactionError::Refused(RedactionError::RedactionReason))));
    let unknown = Commitment(signoff::domain::canonical::Sha256Hash([1; 32]));
    let refused = redact(&launch, Redaction::Text { commitment: unknown, field: TextField::Comment }).await;
    assert!(matches!(refused, Err(RecordRedactionError::Refused(RedactionError::Unknown))));
}

#[tokio::test]
async fn redaction_needs_the_redactor_role_which_may_do_nothing_else() {
    let launch = launch_with_every_kind_of_content().await;
    let refused = async |db: &PgPool, statement: &'static str| {
        let error = db.execute(statement).await.expect_err(statement);
        assert!(error.to_string().contains("permission denied"), "{statement}: {error}");
    };
    let app = &launch.app.state.db;
    for statement in ["DELETE FROM texts", "UPDATE texts SET value = ''"] {
        refused(app, statement).await;
    }
    let redactor = redactor(&launch).await;
    for statement in [
        "DELETE FROM events",
        "UPDATE events SET kind = ''",
        "UPDATE texts SET value = ''",
        "UPDATE launches SET stage = 'go'",
        "DELETE FROM launches",
        "SELECT * FROM checkpoints",
        "SELECT password_hash FROM users",
        "UPDATE users SET name = ''",
        "INSERT INTO checkpoints DEFAULT VALUES",
    ] {
        refused(&redactor, statement).await;
    }
}

/// The command itself, with a login of the redactor.
fn command(launch: &Launch, arguments: &[&str]) -> (i32, String) {
    let mut redactor = url::Url::parse(launch.app.state.config.database_url.expose_secret()).unwrap();
    redactor.query_pairs_mut().append_pair("options", "-c role=signoff_redactor");
    let config = &launch.app.state.config;
    let output = Process::new(env!("CARGO_BIN_EXE_signoff"))
        .arg("redact")
        .arg(launch.id.to_string())
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .env("MIGRATION_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .env("REDIS_URL", "redis://127.0.0.1:1")
        .env("REDACTION_DATABASE_URL", redactor.as_str())
        .env("SIGNOFF_EVIDENCE_DIR", &config.evidence_dir)
        .output()
        .unwrap();
    (output.status.code().unwrap(), output_text(&output))
}

#[tokio::test]
async fn redact_command_destroys_a_file_permanently() {
    let launch = launch_with_every_kind_of_content().await;
    let sha256 = report_hash(&launch).await.to_string();
    let by = launch.owner.person.email.clone();
    let file = ["--file", &sha256, "--reason", "the wrong customer", "--by", &by];
    let files = || count_files(&launch.app.state.config.evidence_dir);
    let (status, output) = command(&launch, &file);
    assert_eq!((status, output.contains("does not say which installation")), (1, true), "{output}");
    let blobs = &launch.app.state.blobs;
    assert!(blobs.write_owner(launch.app.key.public_key().installation()).await.unwrap());
    let before = files();
    let (status, output) = command(&launch, &file);
    assert_eq!(status, 0, "{output}");
    assert!(output.contains("The bytes of the file and its pictures are removed."), "{output}");
    assert_eq!(files(), before - 1);
    let (status, output) = command(&launch, &file);
    assert_eq!(status, 0, "once more is no harm: {output}");

    let state = launch.state().await;
    let evidence = state.evidence.values().find(|evidence| evidence.redacted.is_some()).unwrap();
    let answer = launch.auditor.get(&format!("/evidence/{}/file", evidence.id)).await.expect_status(404);
    assert!(answer.body.contains("was redacted"), "{}", answer.body);
    for page in [format!("/items/{}", launch.item("backups")), launch.path("evidence"), launch.path("history")] {
        let body = launch.auditor.get(&page).await.expect_status(200).body;
        let link = format!("/evidence/{}/file", evidence.id);
        assert!(body.contains("redacted") && !body.contains(&link), "{page}");
    }
    let found = run_verifier(&bundle(&launch, &launch.auditor).await, &[]);
    found.assert_status(0, "Consistent");
    assert!(found.output.contains("the file "), "{}", found.output);

    // A text, by the event that names it.
    let (seq, _) = text(&launch, TextField::Address).await;
    let number = seq.to_string();
    let (status, output) = command(&launch, &["--event", &number, "--reason", "x", "--by", &by]);
    assert_eq!(status, 1);
    assert!(output.contains("--field address"), "{output}");
    let (status, output) = command(&launch, &["--event", &number, "--field", "address", "--reason", "x", "--by", &by]);
    assert_eq!(status, 0, "{output}");
    for wrong in [
        &["--event", &number, "--field", "address", "--reason", "x", "--by", "nobody@example.org"][..],
        &["--event", &number, "--field", "address", "--reason", " ", "--by", &by],
        &["--event", "9999", "--reason", "x", "--by", &by],
        &["--event", &number, "--field", "nonsense", "--reason", "x", "--by", &by],
    ] {
        assert_eq!(command(&launch, wrong).0, 1, "{wrong:?}");
    }
    assert!(command(&launch, &["--event", &number, "--by", &by]).0 != 0, "there is always a reason");
    // A field that the event has no text of, or that does not exist, is answered with the possible ones.
    for field in ["comment", "nonsense", "address"] {
        let (status, output) = command(&launch, &["--event", &number, "--field", field, "--reason", "x", "--by", &by]);
        assert_eq!(status, 1, "{field}: {output}");
        assert!(output.contains("These are there:") && output.contains("--field user_agent"), "{field}: {output}");
    }
    let redacted = launch.kinds_after(0).await.iter().filter(|kind| *kind == "redacted").count();
    assert_eq!(redacted, 2);
}

fn count_files(folder: &std::path::Path) -> usize {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.map(|path| if path.is_dir() { count_files(&path) } else { 1 }).sum()
}

/// Another server process, which has the launch in memory, drops it.
#[tokio::test]
async fn redacted_text_is_dropped_by_other_processes() {
    let launch = launch_with_every_kind_of_content().await;
    let (_, commitment) = text(&launch, TextField::ItemReason).await;
    let state = launch.state().await;
    let mut watching = launch.app.state.feed.watch(state);
    // The listener must be ready before the message.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    redact(&launch, Redaction::Text { commitment, field: TextField::ItemReason }).await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), watching.changed()).await.unwrap().unwrap();
    assert_eq!(watching.borrow().text(&commitment), "[redacted]");
    assert_eq!(watching.borrow().redactions.len(), 1);
}

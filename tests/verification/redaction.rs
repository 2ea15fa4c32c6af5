//! What is destroyed is gone everywhere, and the history says so and verifies.

use secrecy::ExposeSecret as _;
use signoff::{
    db,
    domain::{
        launch::{
            event::{PersonRef, Redaction},
            redaction::NotRedacted,
            texts::{Commitment, Field},
        },
        text::PersonName,
    },
    record::{
        Record,
        redact::{NotDestroyed, named_by},
        verify::everything,
    },
};
use sqlx::PgPool;

use super::*;

/// As `signoff redact` does it: with the redactor's rights and nobody else's.
async fn redactor(launch: &Launch) -> PgPool {
    let options = db::options(&launch.app.state.config.database_url).unwrap().options([("role", "signoff_redactor")]);
    db::pool(options, 2)
}

async fn redact(launch: &Launch, what: Redaction) -> Result<(), NotDestroyed> {
    let by = PersonRef { id: launch.owner.person.id, name: PersonName::new("Olga Owner").unwrap() };
    let circumstances = (ambient::new_id(), launch.app.state.clock.now());
    let record = Record::default();
    let reason = new_text("a customer asked for it");
    record.redact(&redactor(launch).await, &by, launch.id, what, reason, circumstances).await.map(drop)
}

/// The text of a field that some event names.
async fn text(launch: &Launch, wanted: Field) -> (i64, Commitment) {
    for seq in 1..=launch.state().await.seq {
        let named = named_by(&launch.app.state.db, launch.id, seq).await.unwrap();
        if let Some(text) = named.iter().find(|text| text.field == wanted) {
            return (seq, text.commitment);
        }
    }
    panic!("there is no {wanted:?}");
}

#[tokio::test]
async fn a_text_is_gone_and_the_history_still_verifies() {
    let launch = eventful().await;
    let app = &launch.app;
    let find = async || launch.auditor.browser.get("/search?q=Mr+X").await.is(200).texts("main").swap_remove(0);
    assert!(find().await.contains("Mr X says"));
    let (seq, commitment) = text(&launch, Field::Comment).await;
    redact(&launch, Redaction::Text { commitment, field: Field::Comment }).await.unwrap();
    let (_, commitment) = text(&launch, Field::SignatureComment).await;
    let what = Redaction::Text { commitment, field: Field::SignatureComment };
    redact(&launch, what).await.unwrap();
    assert!(matches!(redact(&launch, what).await, Err(NotDestroyed::Refused(NotRedacted::Already))));

    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM texts WHERE value LIKE '%Mr X%'").fetch_one(&app.owner).await.unwrap();
    assert_eq!(left, 0);
    assert!(!find().await.contains("Mr X says"));
    for page in ["history", "go-no-go", "verification", &format!("history/{seq}")] {
        let body = launch.auditor.browser.get(&launch.path(page)).await.is(200).body;
        assert!(!body.contains("Mr X"), "{page}");
    }
    let page = launch.auditor.browser.get(&launch.path("verification")).await.is(200);
    let body = page.texts("main").swap_remove(0);
    assert!(body.contains("Olga Owner redacted a comment"), "{body}");
    assert!(body.contains("a customer asked for it"), "{body}");
    let item = launch.auditor.browser.get(&format!("/items/{}", launch.item("backups"))).await.is(200);
    assert!(item.body.contains("[redacted]"));

    let bytes = bundle(&launch, &launch.auditor).await;
    let key = app.key.public().to_string();
    let found = verified(&bytes, &["--key", &key]);
    found.is(0, "Good");
    assert!(found.said.contains("Redacted  a comment (event "), "{}", found.said);
    assert!(found.said.contains("by Olga Owner): a customer asked for it"), "{}", found.said);
    assert!(!bytes.windows(4).any(|part| part == b"Mr X"));
    // The people here came in past the installation's log; of the launch, nothing is wrong.
    let whole = everything(&app.owner, &app.state.blobs, &app.key.public(), &[]).await.unwrap();
    assert!(!whole.wrong.iter().any(|wrong| wrong.with.starts_with("Launch ")), "{:?}", whole.wrong);

    // A text that is only said to have been redacted does not come back.
    let mut altered = entries(&bytes);
    let mut texts = lines(&mut altered, "texts.jsonl");
    texts.push(serde_json::json!({ "commitment": commitment, "salt": "00".repeat(32), "value": "Mr X" }).to_string());
    set_lines(&mut altered, "texts.jsonl", &texts);
    verified(&zip(&altered), &[]).is(1, "says that it was redacted");
}

#[tokio::test]
async fn it_may_be_done_at_any_stage_and_nothing_goes_stale() {
    let launch = eventful().await;
    launch.does(&launch.owner, Command::Cancel { reason: new_text("no budget for Mr X") }).await;
    let digest = launch.digest("security").await;
    let (_, commitment) = text(&launch, Field::ItemReason).await;
    redact(&launch, Redaction::Text { commitment, field: Field::ItemReason }).await.unwrap();
    assert_eq!(launch.digest("security").await, digest);
    assert_eq!(launch.state().await.text(&commitment), "[redacted]");
    assert_eq!(launch.kinds_after(launch.state().await.seq - 1).await, ["redacted"]);
    // The reason has to stay.
    let (_, why) = text(&launch, Field::RedactionReason).await;
    let refused = redact(&launch, Redaction::Text { commitment: why, field: Field::RedactionReason }).await;
    assert!(matches!(refused, Err(NotDestroyed::Refused(NotRedacted::Reason))));
    let unknown = Commitment(signoff::domain::canonical::Sha256Hash([1; 32]));
    let refused = redact(&launch, Redaction::Text { commitment: unknown, field: Field::Comment }).await;
    assert!(matches!(refused, Err(NotDestroyed::Refused(NotRedacted::Unknown))));
}

#[tokio::test]
async fn the_application_may_not_and_the_redactor_may_no_more() {
    let launch = eventful().await;
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
    (output.status.code().unwrap(), told(&output))
}

#[tokio::test]
async fn the_command_destroys_a_file_for_good() {
    let launch = eventful().await;
    let sha256 = report_hash(&launch).await.to_string();
    let by = launch.owner.person.email.clone();
    let file = ["--file", &sha256, "--reason", "the wrong customer", "--by", &by];
    let files = || walk(&launch.app.state.config.evidence_dir);
    let (status, said) = command(&launch, &file);
    assert_eq!((status, said.contains("does not say which installation")), (1, true), "{said}");
    let blobs = &launch.app.state.blobs;
    assert!(blobs.mark(launch.app.key.public().installation()).await.unwrap());
    let before = files();
    let (status, said) = command(&launch, &file);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("The bytes of the file and its pictures are removed."), "{said}");
    assert_eq!(files(), before - 1);
    let (status, said) = command(&launch, &file);
    assert_eq!(status, 0, "once more is no harm: {said}");

    let state = launch.state().await;
    let evidence = state.evidence.values().find(|evidence| evidence.redacted.is_some()).unwrap();
    let answer = launch.auditor.browser.get(&format!("/evidence/{}/file", evidence.id)).await.is(404);
    assert!(answer.body.contains("was redacted"), "{}", answer.body);
    for page in [format!("/items/{}", launch.item("backups")), launch.path("evidence"), launch.path("history")] {
        let body = launch.auditor.browser.get(&page).await.is(200).body;
        let link = format!("/evidence/{}/file", evidence.id);
        assert!(body.contains("redacted") && !body.contains(&link), "{page}");
    }
    let found = verified(&bundle(&launch, &launch.auditor).await, &[]);
    found.is(0, "Consistent");
    assert!(found.said.contains("the file "), "{}", found.said);

    // A text, by the event that names it.
    let (seq, _) = text(&launch, Field::Address).await;
    let number = seq.to_string();
    let (status, said) = command(&launch, &["--event", &number, "--reason", "x", "--by", &by]);
    assert_eq!(status, 1);
    assert!(said.contains("--field address"), "{said}");
    let (status, said) = command(&launch, &["--event", &number, "--field", "address", "--reason", "x", "--by", &by]);
    assert_eq!(status, 0, "{said}");
    for wrong in [
        &["--event", &number, "--field", "address", "--reason", "x", "--by", "nobody@example.org"][..],
        &["--event", &number, "--field", "address", "--reason", " ", "--by", &by],
        &["--event", "9999", "--reason", "x", "--by", &by],
        &["--event", &number, "--field", "nonsense", "--reason", "x", "--by", &by],
    ] {
        assert_eq!(command(&launch, wrong).0, 1, "{wrong:?}");
    }
    assert!(command(&launch, &["--event", &number, "--by", &by]).0 != 0, "there is always a reason");
    // A field that the event has no text of, or that there is none of, is answered with those there are.
    for field in ["comment", "nonsense", "address"] {
        let (status, said) = command(&launch, &["--event", &number, "--field", field, "--reason", "x", "--by", &by]);
        assert_eq!(status, 1, "{field}: {said}");
        assert!(said.contains("These are there:") && said.contains("--field user_agent"), "{field}: {said}");
    }
    let redacted = launch.kinds_after(0).await.iter().filter(|kind| *kind == "redacted").count();
    assert_eq!(redacted, 2);
}

fn walk(folder: &std::path::Path) -> usize {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

/// Another server process, which has the launch in memory, drops it.
#[tokio::test]
async fn other_processes_forget_it() {
    let launch = eventful().await;
    let (_, commitment) = text(&launch, Field::ItemReason).await;
    let state = launch.state().await;
    let mut watching = launch.app.state.feed.watch(state);
    // The listener has to be there before the message.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    redact(&launch, Redaction::Text { commitment, field: Field::ItemReason }).await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), watching.changed()).await.unwrap().unwrap();
    assert_eq!(watching.borrow().text(&commitment), "[redacted]");
    assert_eq!(watching.borrow().redactions.len(), 1);
}

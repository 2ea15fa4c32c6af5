//! A running server whose database or evidence store no longer contains what it has read: it refuses requests and says
//! why.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use signoff::{
    domain::launch::event::{EvidenceContent, ItemState},
    record::{Contradiction, Record, RecordError},
};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::helpers::{Launch, log_capture::LogCapture, people::PASSWORD};

/// The message of every refusal.
const REFUSED: &str = "The database no longer has the history of a launch that this server has read";

/// Changes the database as only its owner can, with triggers and foreign keys disabled.
async fn tamper(launch: &Launch, statements: &[&str]) {
    let mut connection = launch.app.owner.acquire().await.unwrap();
    connection.execute("SET session_replication_role = replica").await.unwrap();
    for statement in statements {
        connection.execute(AssertSqlSafe((*statement).to_owned())).await.unwrap();
    }
    connection.execute("RESET session_replication_role").await.unwrap();
}

/// A launch that the server has in memory.
async fn loaded_launch() -> Launch {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    launch.owner.get(&launch.path("go-no-go")).await.expect_status(200);
    launch
}

/// Asserts that reading and changing the launch is refused at every address.
async fn assert_refused(launch: &Launch) {
    let item = format!("/items/{}", launch.item("backups"));
    for page in [format!("/launches/{}", launch.id), launch.path("go-no-go"), launch.path("history"), item.clone()] {
        let answer = launch.owner.get(&page).await.expect_status(503);
        assert!(answer.body.contains(REFUSED), "{page}: {}", answer.body);
    }
    for page in ["readiness.json", "live", "bundle.zip", "history.csv"] {
        launch.auditor.get(&launch.path(page)).await.expect_status(503);
    }
    let marking = [("state", "done"), ("reason", ""), ("version", "1")];
    let answer = launch.member.post(&format!("{item}/state"), &marking).await.expect_status(503);
    assert!(answer.body.contains(REFUSED), "{}", answer.body);
    let deciding = [("decision", "hold"), ("reason", "wait"), ("password", PASSWORD)];
    launch.owner.post(&launch.path("decision"), &deciding).await.expect_status(503);
}

/// The number of error lines for the operator.
fn count_logged(heard: &LogCapture) -> usize {
    let lines = heard.of_target("signoff::record");
    lines.iter().filter(|line| line.contains("the database no longer holds the history")).count()
}

#[tokio::test]
async fn launch_with_cut_or_rewritten_history_is_refused_and_logged_once() {
    let cut = "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)";
    for statements in [
        // The newest event is missing, but the launch's row still counts it.
        &[cut][..],
        // Everything as it was before the newest event.
        &[cut, "UPDATE launches SET seq = seq - 1", "UPDATE items SET state = 'open', version = 1"],
        // The newest event has other content.
        &["UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'done', 'open'), 'UTF8')
           WHERE seq = (SELECT max(seq) FROM events)"],
        // Restored from a backup, and extended since.
        &[
            cut,
            "INSERT INTO events SELECT launch_id, seq + 1, at, kind, actor_id, item_id, bytes FROM events ORDER BY seq DESC LIMIT 1",
        ],
        // The row counts one event more than there are.
        &["UPDATE launches SET seq = seq + 1"],
    ] {
        let launch = loaded_launch().await;
        let before: i64 = sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&launch.app.owner).await.unwrap();
        let heard = LogCapture::listen();
        tamper(&launch, statements).await;
        assert_refused(&launch).await;
        // The list reads no history: the launch is in it, and can't be opened.
        assert_eq!(launch.owner.get("/launches").await.expect_status(200).texts("tbody th > a"), ["Payments"]);
        launch.owner.get("/").await.expect_status(503);
        signoff::jobs::daily_checkpoint::run_once(&launch.app.state).await.unwrap();
        let signed: i64 = sqlx::query_scalar("SELECT count(*) FROM checkpoints WHERE log = $1")
            .bind(launch.id)
            .fetch_one(&launch.app.owner)
            .await
            .unwrap();
        assert_eq!(signed, 0, "no checkpoint of it is signed");
        assert_eq!(count_logged(&heard), 1, "{statements:?}: {}", heard.all());
        let after: i64 = sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&launch.app.owner).await.unwrap();
        assert!(after <= before, "nothing was written over it");
    }
}

#[tokio::test]
async fn deleted_launch_is_refused_as_long_as_the_server_knows_it() {
    let launch = loaded_launch().await;
    let heard = LogCapture::listen();
    tamper(&launch, &["DELETE FROM events", "DELETE FROM texts", "DELETE FROM launches"]).await;
    assert_refused(&launch).await;
    assert_eq!(count_logged(&heard), 1, "{}", heard.all());
    let fresh = Record::default().load(&launch.app.state.db, launch.id).await.unwrap();
    assert!(fresh.is_none(), "after a restart it is one that was never there");
}

#[tokio::test]
async fn refused_launch_is_served_again_after_repair_or_restart() {
    let launch = loaded_launch().await;
    tamper(
        &launch,
        &[
            "CREATE TABLE kept AS SELECT launch_id, seq, at, kind, actor_id, item_id, bytes FROM events",
            "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        ],
    )
    .await;
    assert_refused(&launch).await;
    let fresh = Record::default().load(&launch.app.state.db, launch.id).await;
    assert!(matches!(fresh, Err(RecordError::Contradiction(_, Contradiction::Miscounted { .. }))), "{fresh:?}");
    tamper(&launch, &["INSERT INTO events SELECT * FROM kept ON CONFLICT DO NOTHING"]).await;
    launch.owner.get(&launch.path("go-no-go")).await.expect_status(200);
    // Restored to the state before, tables included: a server that starts then does not know of the lost events.
    tamper(
        &launch,
        &["DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "UPDATE launches SET seq = seq - 1"],
    )
    .await;
    assert_refused(&launch).await;
    let fresh = Record::default().load(&launch.app.state.db, launch.id).await.unwrap().unwrap();
    assert_eq!(fresh.seq, launch.kinds_after(0).await.len() as i64);
}

#[tokio::test]
async fn history_extended_by_another_server_is_served() {
    let launch = loaded_launch().await;
    let other = Record::new(launch.app.key.clone());
    let before = launch.state().await;
    let state = other.load(&launch.app.state.db, launch.id).await.unwrap().unwrap();
    assert_eq!(state.seq, before.seq);
    launch.mark(&launch.member, "status", ItemState::Done).await;
    let state = other.load(&launch.app.state.db, launch.id).await.unwrap().unwrap();
    assert_eq!(state.seq, before.seq + 1);
    // A gap in the added events is refused too, also when the launch is read from its beginning.
    launch.mark(&launch.member, "status", ItemState::Open).await;
    launch.mark(&launch.member, "status", ItemState::Done).await;
    tamper(&launch, &["DELETE FROM events WHERE seq = (SELECT max(seq) - 1 FROM events)"]).await;
    for record in [other, Record::default()] {
        let found = record.load(&launch.app.state.db, launch.id).await;
        assert!(
            matches!(found, Err(RecordError::Contradiction(_, Contradiction::Missing(seq))) if seq == before.seq + 2),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn altered_evidence_file_is_not_served() {
    let launch = Launch::payments().make().await;
    let path = format!("/items/{}/evidence", launch.item("backups"));
    let part = Part::bytes(b"restored in 12 minutes".to_vec()).file_name("restore.log");
    launch.member.upload(&path, Form::new().part("files", part)).await.expect_status(303);
    let state = launch.state().await;
    let file = state.evidence.values().find(|it| matches!(it.content, EvidenceContent::File { .. })).unwrap();
    let address = format!("/evidence/{}/file", file.id);
    // Read once before, so that a cached result would be noticed.
    assert_eq!(launch.auditor.get(&address).await.expect_status(200).body, "restored in 12 minutes");
    let name = file.id.to_string();
    let stored = launch.app.state.config.evidence_dir.join(&name[34..]).join(&name);
    let modified = std::fs::metadata(&stored).unwrap().modified().unwrap();
    std::fs::write(&stored, "restored in 99 minutes").unwrap();
    std::fs::File::options().write(true).open(&stored).unwrap().set_modified(modified).unwrap();
    let heard = LogCapture::listen();
    let answer = launch.auditor.get(&address).await.expect_status(503);
    assert!(answer.body.contains("This file is not the one that was attached"), "{}", answer.body);
    assert!(!answer.body.contains("99 minutes"));
    assert!(heard.of_target("signoff::blobs::verified").iter().any(|line| line.contains(&name)), "{}", heard.all());
    let head = launch.auditor.request(Method::HEAD, &address).send().await.unwrap();
    assert_eq!(head.status(), 503);

    // No archive that would contain the file is delivered, and the request is not recorded as an export.
    launch.auditor.get(&launch.path("bundle.zip")).await.expect_status(503);
    assert!(!launch.app.installation_log().await.contains(&"history_exported".to_owned()));
    let page = launch.auditor.get(&launch.path("verification")).await.expect_status(200);
    assert_eq!(page.attribute("[data-verified]", "data-verified").as_deref(), Some("no"));
    assert!(page.texts("[data-verified]")[0].contains("is not the one that was attached"));
    std::fs::write(&stored, "restored in 12 minutes").unwrap();
    launch.auditor.get(&address).await.expect_status(200);
    launch.auditor.get(&launch.path("bundle.zip")).await.expect_status(200);
}

#[tokio::test]
async fn export_of_altered_data_is_refused_before_its_first_byte() {
    for statement in [
        "UPDATE texts SET value = 'Payrolls' WHERE field = 'name'",
        "UPDATE items SET state = 'done' WHERE key = 'costs'",
        "UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'Olga', 'Olka'), 'UTF8') WHERE seq = 2",
        "UPDATE tree_nodes SET hash = sha256('x') WHERE level = 0 AND index = 0",
    ] {
        let launch = loaded_launch().await;
        tamper(&launch, &[statement]).await;
        for page in ["bundle.zip", "history.csv", "history.jsonl"] {
            let answer = launch.auditor.get(&launch.path(page)).await.expect_status(503);
            assert!(answer.body.contains("so it is not exported"), "{page}: {}", answer.body);
        }
        assert!(!launch.app.installation_log().await.contains(&"history_exported".to_owned()));
        let checkpoints: i64 =
            sqlx::query_scalar("SELECT count(*) FROM checkpoints").fetch_one(&launch.app.owner).await.unwrap();
        assert_eq!(checkpoints, 0, "none is signed of it");
        let page = launch.auditor.get(&launch.path("verification")).await.expect_status(200);
        assert_eq!(page.attribute("[data-verified]", "data-verified").as_deref(), Some("no"), "{statement}");
    }
}

//! A running server whose database or evidence store no longer holds what it has read: it refuses, and says so.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use signoff::{
    domain::launch::event::{EvidenceContent, ItemState},
    record::{Contradiction, Fault, Record},
};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::helpers::{Launch, heard::Heard, people::PASSWORD};

/// What every refusal says.
const REFUSED: &str = "The database no longer holds the history of a launch that this server has read";

/// Does something to the database that only its owner can, past the triggers and the keys that refer to rows.
async fn tamper(launch: &Launch, statements: &[&str]) {
    let mut connection = launch.app.owner.acquire().await.unwrap();
    connection.execute("SET session_replication_role = replica").await.unwrap();
    for statement in statements {
        connection.execute(AssertSqlSafe((*statement).to_owned())).await.unwrap();
    }
    connection.execute("RESET session_replication_role").await.unwrap();
}

/// A launch that the server has in memory.
async fn known() -> Launch {
    let launch = Launch::make().await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    launch.owner.browser.get(&launch.path("go-no-go")).await.is(200);
    launch
}

/// Every way of reading and changing the launch is refused.
async fn is_refused(launch: &Launch) {
    let item = format!("/items/{}", launch.item("backups"));
    for page in [format!("/launches/{}", launch.id), launch.path("go-no-go"), launch.path("history"), item.clone()] {
        let answer = launch.owner.browser.get(&page).await.is(503);
        assert!(answer.body.contains(REFUSED), "{page}: {}", answer.body);
    }
    for page in ["readiness.json", "live", "bundle.zip", "history.csv"] {
        launch.auditor.browser.get(&launch.path(page)).await.is(503);
    }
    let marking = [("state", "done"), ("reason", ""), ("version", "1")];
    let answer = launch.member.browser.post(&format!("{item}/state"), &marking).await.is(503);
    assert!(answer.body.contains(REFUSED), "{}", answer.body);
    let deciding = [("decision", "hold"), ("reason", "wait"), ("password", PASSWORD)];
    launch.owner.browser.post(&launch.path("decision"), &deciding).await.is(503);
}

/// How often the operator was told.
fn logged(heard: &Heard) -> usize {
    let lines = heard.of_target("signoff::record");
    lines.iter().filter(|line| line.contains("the database no longer holds the history")).count()
}

#[tokio::test]
async fn history_that_was_cut_restored_or_rewritten_is_refused_and_logged_once() {
    let cut = "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)";
    for statements in [
        // The newest event is gone, and the launch's row still counts it.
        &[cut][..],
        // All of it as it was before.
        &[cut, "UPDATE launches SET seq = seq - 1", "UPDATE items SET state = 'open', version = 1"],
        // The newest event is another.
        &["UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'done', 'open'), 'UTF8')
           WHERE seq = (SELECT max(seq) FROM events)"],
        // Restored, and grown since then.
        &[
            cut,
            "INSERT INTO events SELECT launch_id, seq + 1, at, kind, actor_id, item_id, bytes FROM events ORDER BY seq DESC LIMIT 1",
        ],
        // One more is counted than there is.
        &["UPDATE launches SET seq = seq + 1"],
    ] {
        let launch = known().await;
        let before: i64 = sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&launch.app.owner).await.unwrap();
        let heard = Heard::listen();
        tamper(&launch, statements).await;
        is_refused(&launch).await;
        launch.owner.browser.get("/launches").await.is(503);
        launch.owner.browser.get("/").await.is(503);
        signoff::jobs::checkpoints::once(&launch.app.state).await.unwrap();
        let signed: i64 = sqlx::query_scalar("SELECT count(*) FROM checkpoints WHERE log = $1")
            .bind(launch.id)
            .fetch_one(&launch.app.owner)
            .await
            .unwrap();
        assert_eq!(signed, 0, "no checkpoint of it is signed");
        assert_eq!(logged(&heard), 1, "{statements:?}: {}", heard.everything());
        let after: i64 = sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&launch.app.owner).await.unwrap();
        assert!(after <= before, "nothing was written over it");
    }
}

#[tokio::test]
async fn deleted_launch_is_refused_as_long_as_the_server_knows_it() {
    let launch = known().await;
    let heard = Heard::listen();
    tamper(&launch, &["DELETE FROM events", "DELETE FROM texts", "DELETE FROM launches"]).await;
    is_refused(&launch).await;
    assert_eq!(logged(&heard), 1, "{}", heard.everything());
    let fresh = Record::default().load(&launch.app.state.db, launch.id).await.unwrap();
    assert!(fresh.is_none(), "after a restart it is one that was never there");
}

#[tokio::test]
async fn launch_is_served_again_once_the_database_agrees_or_the_server_was_restarted() {
    let launch = known().await;
    tamper(
        &launch,
        &["CREATE TABLE kept AS SELECT * FROM events", "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)"],
    )
    .await;
    is_refused(&launch).await;
    let fresh = Record::default().load(&launch.app.state.db, launch.id).await;
    assert!(matches!(fresh, Err(Fault::Contradicted(_, Contradiction::Miscounted { .. }))), "{fresh:?}");
    tamper(&launch, &["INSERT INTO events SELECT * FROM kept ON CONFLICT DO NOTHING"]).await;
    launch.owner.browser.get(&launch.path("go-no-go")).await.is(200);
    // Restored to what was before, tables and all: a server that starts then knows nothing else.
    tamper(
        &launch,
        &["DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "UPDATE launches SET seq = seq - 1"],
    )
    .await;
    is_refused(&launch).await;
    let fresh = Record::default().load(&launch.app.state.db, launch.id).await.unwrap().unwrap();
    assert_eq!(fresh.seq, launch.kinds_after(0).await.len() as i64);
}

#[tokio::test]
async fn what_another_server_adds_is_no_contradiction() {
    let launch = known().await;
    let other = Record::new(launch.app.key.clone());
    let before = launch.state().await;
    let state = other.load(&launch.app.state.db, launch.id).await.unwrap().unwrap();
    assert_eq!(state.seq, before.seq);
    launch.mark(&launch.member, "status", ItemState::Done).await;
    let state = other.load(&launch.app.state.db, launch.id).await.unwrap().unwrap();
    assert_eq!(state.seq, before.seq + 1);
    // A hole in what it added is one, also to who reads the launch from its beginning.
    launch.mark(&launch.member, "status", ItemState::Open).await;
    launch.mark(&launch.member, "status", ItemState::Done).await;
    tamper(&launch, &["DELETE FROM events WHERE seq = (SELECT max(seq) - 1 FROM events)"]).await;
    for record in [other, Record::default()] {
        let found = record.load(&launch.app.state.db, launch.id).await;
        assert!(
            matches!(found, Err(Fault::Contradicted(_, Contradiction::Missing(seq))) if seq == before.seq + 2),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn evidence_that_is_not_what_was_attached_is_not_served() {
    let launch = Launch::make().await;
    let path = format!("/items/{}/evidence", launch.item("backups"));
    let part = Part::bytes(b"restored in 12 minutes".to_vec()).file_name("restore.log");
    launch.member.browser.upload(&path, Form::new().part("files", part)).await.is(303);
    let state = launch.state().await;
    let file = state.evidence.values().find(|it| matches!(it.content, EvidenceContent::File { .. })).unwrap();
    let address = format!("/evidence/{}/file", file.id);
    // Once before, so that nothing that was found then is relied on.
    assert_eq!(launch.auditor.browser.get(&address).await.is(200).body, "restored in 12 minutes");
    let name = file.id.to_string();
    let stored = launch.app.state.config.evidence_dir.join(&name[34..]).join(&name);
    let modified = std::fs::metadata(&stored).unwrap().modified().unwrap();
    std::fs::write(&stored, "restored in 99 minutes").unwrap();
    std::fs::File::options().write(true).open(&stored).unwrap().set_modified(modified).unwrap();
    let heard = Heard::listen();
    let answer = launch.auditor.browser.get(&address).await.is(503);
    assert!(answer.body.contains("This file is not the one that was attached"), "{}", answer.body);
    assert!(!answer.body.contains("99 minutes"));
    assert!(
        heard.of_target("signoff::blobs::verified").iter().any(|line| line.contains(&name)),
        "{}",
        heard.everything()
    );
    let head = launch.auditor.browser.request(Method::HEAD, &address).send().await.unwrap();
    assert_eq!(head.status(), 503);

    // Nothing that would contain it is handed out whole, and that it was asked for leaves no trace of an export.
    launch.auditor.browser.get(&launch.path("bundle.zip")).await.is(503);
    assert!(!launch.app.installation_log().await.contains(&"history_exported".to_owned()));
    let page = launch.auditor.browser.get(&launch.path("verification")).await.is(200);
    assert_eq!(page.attribute("[data-verified]", "data-verified").as_deref(), Some("no"));
    assert!(page.texts("[data-verified]")[0].contains("is not the one that was attached"));
    std::fs::write(&stored, "restored in 12 minutes").unwrap();
    launch.auditor.browser.get(&address).await.is(200);
    launch.auditor.browser.get(&launch.path("bundle.zip")).await.is(200);
}

#[tokio::test]
async fn export_of_altered_data_is_refused_before_its_first_byte() {
    for statement in [
        "UPDATE texts SET value = 'Payrolls' WHERE field = 'name'",
        "UPDATE items SET state = 'done' WHERE key = 'costs'",
        "UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'Olga', 'Olka'), 'UTF8') WHERE seq = 2",
        "UPDATE tree_nodes SET hash = sha256('x') WHERE level = 0 AND index = 0",
    ] {
        let launch = known().await;
        tamper(&launch, &[statement]).await;
        for page in ["bundle.zip", "history.csv", "history.jsonl"] {
            let answer = launch.auditor.browser.get(&launch.path(page)).await.is(503);
            assert!(answer.body.contains("so nothing of it is exported"), "{page}: {}", answer.body);
        }
        assert!(!launch.app.installation_log().await.contains(&"history_exported".to_owned()));
        let checkpoints: i64 =
            sqlx::query_scalar("SELECT count(*) FROM checkpoints").fetch_one(&launch.app.owner).await.unwrap();
        assert_eq!(checkpoints, 0, "none is signed of it");
        let page = launch.auditor.browser.get(&launch.path("verification")).await.is(200);
        assert_eq!(page.attribute("[data-verified]", "data-verified").as_deref(), Some("no"), "{statement}");
    }
}

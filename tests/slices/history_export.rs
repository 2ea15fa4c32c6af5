//! A history as a file: complete, safe to open, and recorded.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;
use signoff::{
    ambient,
    domain::{
        launch::{
            command::Command,
            event::{PersonRef, Redaction},
            texts::{Commitment, TextField},
        },
        merkle::hash_leaf,
        text::PersonName,
    },
    web::idempotency::new_text,
};

use crate::helpers::{Launch, client::Client};

/// The rows of a table, without its headings.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let text = text.strip_prefix('\u{feff}').expect("it begins with a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

async fn eventful() -> Launch {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", signoff::domain::launch::event::ItemState::Blocked).await;
    let body = new_text("=HYPERLINK(\"https://evil.example\")");
    launch
        .run_command(
            &launch.member,
            Command::AddComment { item: launch.item("runbook"), comment: ambient::new_id(), body },
        )
        .await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "-1, two findings")]).await.expect_status(303);
    launch
}

#[tokio::test]
async fn history_csv_has_every_event_and_no_formula() {
    let launch = eventful().await;
    let answer = launch.auditor.get(&launch.path("history.csv")).await.expect_status(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"history-"));
    let rows = rows(&answer.body);
    let seq = launch.state().await.seq;
    let numbers: Vec<i64> = rows.iter().map(|row| row["event"].parse().unwrap()).collect();
    assert_eq!(numbers, (1..=seq).collect::<Vec<_>>());
    let row = |back: usize| &rows[rows.len() - 1 - back];
    assert_eq!(row(0)["what"], "signed NO-GO as Security");
    assert_eq!(row(0)["reason"], "'-1, two findings");
    assert_eq!(row(1)["reason"], "'=HYPERLINK(\"https://evil.example\")");
    assert_eq!((row(1)["item"].as_str(), row(1)["kind"].as_str()), ("Runbook written", "comment_added"));
    assert_eq!(
        (row(2)["old"].as_str(), row(2)["new"].as_str(), row(2)["reason"].as_str()),
        ("open", "blocked", "because")
    );
    assert_eq!(row(2)["who"], "Mia Member");
    assert!(rows.iter().all(|row| row["leaf hash"].len() == 64));
}

#[tokio::test]
async fn history_jsonl_line_has_the_hashed_bytes_and_their_meaning() {
    let launch = eventful().await;
    let answer = launch.auditor.get(&launch.path("history.jsonl")).await.expect_status(200);
    let lines: Vec<&str> = answer.body.lines().collect();
    let stored: Vec<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 ORDER BY seq")
        .bind(launch.id)
        .fetch_all(&launch.app.owner)
        .await
        .unwrap();
    assert_eq!(lines.len(), stored.len());
    for (line, bytes) in lines.iter().zip(&stored) {
        let value: Value = serde_json::from_str(line).unwrap();
        // The event appears in its line with exactly the hashed bytes, beside other members.
        assert!(line.contains(std::str::from_utf8(bytes).unwrap()));
        assert_eq!(value["leaf"], hash_leaf(bytes).to_string());
    }
    let line_from_end = |back: usize| serde_json::from_str::<Value>(lines[lines.len() - 1 - back]).unwrap();
    let comment = line_from_end(1);
    let body = comment["event"]["data"]["body"].as_str().unwrap();
    assert_eq!(comment["texts"][body], "=HYPERLINK(\"https://evil.example\")");
    assert_eq!(comment["item"], "Runbook written");
    assert_eq!(line_from_end(2)["changes"][0]["new"], "blocked");
    let signed = line_from_end(0);
    let of = |field: &str| signed["event"]["data"][field].as_str().unwrap().to_owned();
    assert_eq!(signed["texts"][of("comment")], "-1, two findings");
    assert!(signed["texts"].get(of("address")).is_none(), "where a signature came from is not told");
    assert!(signed["texts"].get(of("digest")).is_none());
    // Redacted text is null.
    let commitment: Commitment = serde_json::from_value(comment["event"]["data"]["body"].clone()).unwrap();
    let what = Redaction::Text { commitment, field: TextField::Comment };
    let by = PersonRef { id: launch.owner.person.id, name: PersonName::new("Olga Owner").unwrap() };
    let when = (ambient::new_id(), launch.app.state.clock.now());
    let record = signoff::record::Record::default();
    record.redact(&launch.app.owner, &by, launch.id, what, new_text("a customer's name"), when).await.unwrap();
    let answer = launch.auditor.get(&launch.path("history.jsonl")).await.expect_status(200);
    let comment: Value = serde_json::from_str(answer.body.lines().nth(lines.len() - 2).unwrap()).unwrap();
    assert_eq!(comment["texts"][body], Value::Null);
    assert_eq!(comment["reason"], "[redacted]");
}

#[tokio::test]
async fn history_export_of_many_batches_is_complete() {
    let launch = Launch::payments().make().await;
    let item = launch.item("runbook");
    let remark = |n| Command::AddComment { item, comment: ambient::new_id(), body: new_text(format!("remark {n}")) };
    launch.run_commands(&launch.member, (0..1_100).map(remark).collect()).await;
    let rows = rows(&launch.member.get(&launch.path("history.csv")).await.expect_status(200).body);
    let seq = launch.state().await.seq;
    assert_eq!(
        rows.iter().map(|row| row["event"].parse().unwrap()).collect::<Vec<i64>>(),
        (1..=seq).collect::<Vec<_>>()
    );
    assert_eq!(rows.last().unwrap()["reason"], "remark 1099");
    let answer = launch.member.get(&launch.path("history.jsonl")).await.expect_status(200);
    assert_eq!(answer.body.lines().count() as i64, seq);
}

#[tokio::test]
async fn history_export_is_recorded_but_a_head_request_is_not() {
    let launch = Launch::payments().make().await;
    for page in ["history.csv", "history.jsonl"] {
        let head = launch.member.request(Method::HEAD, &launch.path(page));
        Client::send(head).await.expect_status(200);
        assert!(launch.app.installation_log().await.is_empty(), "{page}");
    }
    launch.member.get(&launch.path("history.csv")).await.expect_status(200);
    launch.auditor.get(&launch.path("history.jsonl")).await.expect_status(200);
    assert_eq!(launch.app.installation_log().await, ["history_exported"; 2]);
    let (size, witnesses): (i64, i64) = sqlx::query_as(
        "SELECT c.size, (SELECT count(*) FROM checkpoint_witnesses w WHERE w.log = c.log AND w.size = c.size)
         FROM checkpoints c WHERE c.log = $1",
    )
    .bind(launch.id)
    .fetch_one(&launch.app.owner)
    .await
    .unwrap();
    assert_eq!((size, witnesses), (launch.state().await.seq, 2));
    // The history itself shows the export.
    let page = launch.owner.get(&launch.path("history?kind=exports")).await.expect_status(200);
    let shown = page.texts(".log > li[data-kind] .what");
    assert!(shown[0].starts_with("Ada Auditor exported the history as JSON Lines, 4 events"), "{shown:?}");
}

#[tokio::test]
async fn history_export_of_a_hidden_launch_is_not_found() {
    let launch = Launch::payments().make().await;
    let hidden = ambient::new_id();
    launch.make_another(hidden, true).await;
    for page in ["history.csv", "history.jsonl"] {
        let path = format!("/launches/{hidden}/{page}");
        launch.member.get(&path).await.expect_status(404);
        launch.security.get(&path).await.expect_status(200);
        assert!(launch.app.client().get(&path).await.location().starts_with("/login"));
    }
}

/// A history with a missing event is refused before its first byte, so that nobody takes a part for the whole.
#[tokio::test]
async fn history_export_of_damaged_history_is_refused() {
    let launch = Launch::payments().make().await;
    let item = launch.item("runbook");
    let remark = |n| Command::AddComment { item, comment: ambient::new_id(), body: new_text(format!("remark {n}")) };
    launch.run_commands(&launch.member, (0..600).map(remark).collect()).await;
    launch.state().await;
    let mut owner = launch.app.owner.acquire().await.unwrap();
    sqlx::query("SET session_replication_role = replica").execute(&mut *owner).await.unwrap();
    sqlx::query("DELETE FROM events WHERE launch_id = $1 AND seq = 560")
        .bind(launch.id)
        .execute(&mut *owner)
        .await
        .unwrap();
    let sent = launch.member.request(Method::GET, &launch.path("history.csv")).send().await.unwrap();
    assert_eq!(sent.status(), 503);
    assert!(!launch.app.installation_log().await.contains(&"history_exported".to_owned()), "nobody took it");
}

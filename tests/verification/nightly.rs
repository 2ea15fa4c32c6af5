//! The nightly verification: what was altered is found, and is loud.

use std::sync::Arc;

use signoff::{config::Config, domain::job_rules::JobKind, jobs, monitoring, queue, state::AppState};
use sqlx::Executor as _;
use tower::ServiceExt as _;

use super::{database::record_what_was_inserted, *};
use crate::helpers::{Person, Setting, admin, smtp::MailServer};

/// An installation with an admin and a launch that has a file, and without a problem.
async fn sound_installation() -> (Launch, Person, MailServer) {
    let server = MailServer::start().await;
    let setting = Setting { set: server.settings(), ..Setting::default() };
    let launch = Launch::payments().setting(setting).make().await;
    let admin = launch.app.person(&admin()).await;
    let path = format!("/items/{}/evidence", launch.item("backups"));
    let part = Part::bytes(REPORT.to_vec()).file_name("restore.log");
    launch.member.upload(&path, Form::new().part("files", part)).await.expect_status(303);
    record_what_was_inserted(&launch).await;
    (launch, admin, server)
}

/// Lets a night pass.
async fn verify(launch: &Launch) -> usize {
    let state = &launch.app.state;
    state.clock.advance(86_400);
    queue::make_regular_jobs(&state.db, state.clock.now()).await.unwrap();
    queue::make_due(&state.db, JobKind::Verification, state.clock.now()).await.unwrap();
    jobs::run_due(state, JobKind::Verification).await.unwrap()
}

async fn problems(launch: &Launch) -> Vec<String> {
    let query = "SELECT unnest(problems) FROM verified_logs ORDER BY log";
    sqlx::query_scalar(query).fetch_all(&launch.app.owner).await.unwrap()
}

async fn problem_metric(launch: &Launch) -> String {
    let request = http::Request::get("/metrics").body(axum::body::Body::empty()).unwrap();
    let answer = monitoring::build_router(launch.app.state.clone()).oneshot(request).await.unwrap();
    let bytes = axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.lines().find(|line| line.starts_with("signoff_verification_problems ")).unwrap().to_owned()
}

#[tokio::test]
async fn nightly_verification_of_a_sound_installation_finds_nothing() {
    let (launch, admin, server) = sound_installation().await;
    assert_eq!(verify(&launch).await, 1);
    assert_eq!(problems(&launch).await, Vec::<String>::new());
    let verified: i64 =
        sqlx::query_scalar("SELECT count(*) FROM verified_logs").fetch_one(&launch.app.owner).await.unwrap();
    assert_eq!(verified, 2, "the audit log and the launch");
    jobs::send_due_mails(&launch.app.state).await.unwrap();
    assert_eq!(server.take_letters().len(), 0);
    let ann = launch.app.session(&admin).await;
    let page = ann.get("/admin/operations").await.expect_status(200);
    assert_eq!(page.attribute("[data-operation=verification]", "data-ok").as_deref(), Some("true"));
    assert!(page.texts("[data-operation=verification]")[0].contains("1 of 1 launches"));
}

#[tokio::test]
async fn nightly_verification_finds_an_altered_row_and_an_altered_file_and_is_loud() {
    let (launch, admin, server) = sound_installation().await;
    let app = &launch.app;
    app.owner.execute("UPDATE items SET version = version + 1").await.unwrap();
    assert_eq!(verify(&launch).await, 1);
    let found = problems(&launch).await;
    assert!(found.iter().any(|problem| problem.contains("the table items")), "{found:?}");
    assert_eq!(problem_metric(&launch).await, format!("signoff_verification_problems {}", found.len()));
    jobs::send_due_mails(&app.state).await.unwrap();
    let letters = server.take_letters();
    let [letter] = &letters[..] else { panic!("one admin") };
    assert_eq!(letter.to, admin.email);
    assert!(letter.text().contains("/admin/operations"), "{}", letter.text());
    let ann = app.session(&admin).await;
    let page = ann.get("/admin/operations").await.expect_status(200);
    assert!(page.texts("[data-problems]").concat().contains("the table items"));
    assert_eq!(page.attribute("[data-operation=verification]", "data-ok").as_deref(), Some("false"));

    // The row is as it was, and now the file is another one.
    app.owner.execute("UPDATE items SET version = version - 1").await.unwrap();
    let file = files_in(&app.state.config.evidence_dir).into_iter().find(|file| std::fs::read(file).unwrap() == REPORT);
    std::fs::write(file.as_ref().unwrap(), b"restored in 99 minutes").unwrap();
    assert_eq!(verify(&launch).await, 1);
    let found = problems(&launch).await;
    let [problem] = &found[..] else { panic!("{found:?}") };
    assert!(problem.contains("is not the one that was attached"), "{problem}");
    std::fs::write(file.unwrap(), REPORT).unwrap();
    assert_eq!(verify(&launch).await, 1);
    assert_eq!(problems(&launch).await, Vec::<String>::new());
}

#[tokio::test]
async fn nightly_verification_in_a_drill_alarms_nobody() {
    let (launch, _, _server) = sound_installation().await;
    let app = &launch.app;
    app.owner.execute("UPDATE items SET version = version + 1").await.unwrap();
    let config = Config { drill: true, ..app.state.config.clone() };
    let (db, redis, blobs) = (app.state.db.clone(), app.state.redis.clone(), app.state.blobs.clone());
    let drill = AppState::new(config, db, redis, app.state.clock.clone(), blobs, Arc::clone(&app.key));
    drill.clock.advance(86_400);
    queue::make_regular_jobs(&drill.db, drill.clock.now()).await.unwrap();
    queue::make_due(&drill.db, JobKind::Verification, drill.clock.now()).await.unwrap();
    assert_eq!(jobs::run_due(&drill, JobKind::Verification).await.unwrap(), 1);
    assert!(problems(&launch).await.iter().any(|problem| problem.contains("the table items")));
    let query = "SELECT count(*) FROM operations_status WHERE name = 'verification'";
    assert_eq!(sqlx::query_scalar::<_, i64>(query).fetch_one(&app.owner).await.unwrap(), 0);
    let query = "SELECT count(*) FROM jobs WHERE kind = 'mail'";
    assert_eq!(sqlx::query_scalar::<_, i64>(query).fetch_one(&app.owner).await.unwrap(), 0);
}

fn files_in(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}

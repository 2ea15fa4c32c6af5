//! Hazards found in the libraries and services that the program uses, each with its guard.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use signoff::{
    access::{session, store},
    ambient,
    domain::{
        canonical,
        installation::{Credential, InstallationEvent, ProofPurpose},
    },
    record::installation_log::{self, InstallationEntry},
    schema,
    state::AppState,
    web::route::{Right, Route},
};
use sqlx::Executor as _;
use tokio::{io::AsyncWriteExt as _, net::TcpStream, sync::Notify};

use crate::helpers::{Setting, TestApp, member, people::PASSWORD};

/// sqlx issues 4385 and 4393: a `begin()` dropped while BEGIN is in progress returns its connection inside an open
/// transaction, and the next borrower's acknowledged write is lost.
#[tokio::test]
async fn interrupted_begin_does_not_roll_back_another_write() {
    let set = vec![("SIGNOFF_DATABASE_CONNECTIONS", "2".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    app.owner.execute("CREATE TABLE written (n int); GRANT ALL ON written TO signoff_app").await.unwrap();
    let db = &app.state.db;
    for n in 0..40 {
        // Cancelled at every stage: before it is polled, when BEGIN has been sent, and somewhat later.
        let begin = db.begin().fuse();
        tokio::pin!(begin);
        for _ in 0..n % 4 {
            drop(futures_util::poll!(begin.as_mut()));
            tokio::task::yield_now().await;
        }
        // A future that is already ready never becomes ready again: its timeout elapses.
        let _ = tokio::time::timeout(Duration::from_micros(50 * (n % 7)), begin).await.map(drop);
        sqlx::query("INSERT INTO written VALUES ($1)").bind(i32::try_from(n).unwrap()).execute(db).await.unwrap();
    }
    db.close().await;
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM written").fetch_one(&app.owner).await.unwrap();
    assert_eq!(stored, 40);
}

/// A connection returned inside a transaction, as that hazard leaves it, independent of timing.
#[tokio::test]
async fn connection_returned_inside_a_transaction_is_rolled_back() {
    let set = vec![("SIGNOFF_DATABASE_CONNECTIONS", "2".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    app.owner.execute("CREATE TABLE written (n int); GRANT ALL ON written TO signoff_app").await.unwrap();
    let db = &app.state.db;
    let (mut one, mut two) = (db.acquire().await.unwrap(), db.acquire().await.unwrap());
    for connection in [&mut one, &mut two] {
        // Without sqlx noticing, so that it does not know of the transaction either.
        connection.execute("BEGIN").await.unwrap();
    }
    drop((one, two));
    for n in 0..4 {
        sqlx::query("INSERT INTO written VALUES ($1)").bind(n).execute(db).await.unwrap();
    }
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM written").fetch_one(&app.owner).await.unwrap();
    assert_eq!(stored, 4);
}

#[tokio::test]
async fn change_is_finished_when_the_client_disconnects() {
    let (begun, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler = {
        let (begun, done) = (begun.clone(), done.clone());
        async move || {
            begun.notify_one();
            tokio::time::sleep(Duration::from_millis(300)).await;
            done.notify_one();
        }
    };
    let routes = vec![Route::post("/test/slow", Right::Public, handler)];
    let app = TestApp::start_with(Setting { routes, ..Setting::default() }).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let request = format!(
        "POST /test/slow HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n\r\n",
        app.address
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    begun.notified().await;
    drop(stream);
    tokio::time::timeout(Duration::from_secs(5), done.notified()).await.expect("the change is finished");
    app.state.tasks.close();
    app.state.tasks.wait().await;
}

#[tokio::test]
async fn login_without_redis_is_refused_before_hashing() {
    let set = vec![("REDIS_URL", "redis://127.0.0.1:1".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let person = app.person(&member()).await;
    let client = app.client();
    client.login(&person.email, PASSWORD).await.expect_status(503);
    client.get("/login").await.expect_status(200);
    client.set_cookie("signoff", &"A".repeat(43));
    client.get("/account").await.expect_status(503);
    client.get("/login").await.expect_status(200);
}

#[tokio::test]
async fn ended_sessions_stay_ended_after_redis_is_restored() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let client = app.session(&person).await;
    let account = store::find_account(&mut app.owner.acquire().await.unwrap(), person.id).await.unwrap().unwrap();
    client.post("/account/sessions/revocation", &[]).await.expect_status(303);
    // As if Redis had restored an old session: begun with the account's session epoch of that time.
    let token = session::start(&app.state.redis, &account, ("curl".to_owned(), String::new()), app.state.clock.now())
        .await
        .unwrap();
    let copy = app.client();
    copy.set_cookie("signoff", &token.to_text());
    copy.get("/account").await.expect_status(303);
    client.get("/account").await.expect_status(200);
}

#[tokio::test]
async fn server_with_a_role_that_may_rewrite_history_is_refused() {
    let app = TestApp::start().await;
    schema::check_ready(&app.state.db).await.unwrap();
    let refused = schema::check_ready(&app.owner).await.unwrap_err().to_string();
    assert!(refused.contains("could rewrite history") && refused.contains("installation_events"), "{refused}");
    app.owner.execute("GRANT DELETE ON installation_events TO signoff_app").await.unwrap();
    assert!(schema::check_ready(&app.state.db).await.is_err());
}

#[tokio::test]
async fn server_on_a_database_of_another_version_is_refused() {
    let app = TestApp::start().await;
    app.owner
        .execute("INSERT INTO _sqlx_migrations VALUES (99999999999999, 'later', now(), true, '', 0)")
        .await
        .unwrap();
    assert!(schema::check_ready(&app.state.db).await.unwrap_err().to_string().contains("newer"));
    app.owner.execute("DELETE FROM _sqlx_migrations").await.unwrap();
    assert!(schema::check_ready(&app.state.db).await.unwrap_err().to_string().contains("signoff migrate"));
}

#[tokio::test]
async fn installation_log_is_append_only() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    app.client().login(&person.email, "wrong").await.expect_status(422);
    assert_eq!(app.installation_log().await, ["proof_refused"]);
    for change in [
        "UPDATE installation_events SET kind = 'x'",
        "DELETE FROM installation_events",
        "TRUNCATE installation_events",
        "UPDATE installation_events SET kind = 'x' WHERE false",
    ] {
        let refused = sqlx::raw_sql(change).execute(&app.state.db).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{change}: {refused}");
        let refused = sqlx::raw_sql(change).execute(&app.owner).await.unwrap_err().to_string();
        assert!(refused.contains("history is only ever added to"), "{change}: {refused}");
    }
}

/// The log's index has no gap and no duplicate with many simultaneous appends, also when some fail.
#[tokio::test]
async fn installation_log_numbers_have_no_gaps() {
    let app = TestApp::start().await;
    let tries = (0..12).map(|n| {
        let state: AppState = app.state.clone();
        async move {
            let mut transaction = installation_log::AuditedTransaction::begin(&state.db).await.unwrap();
            let event = InstallationEvent::ProofRefused {
                user: None,
                purpose: ProofPurpose::SignIn,
                credential: Credential::Password,
                address: None,
            };
            let at = state.clock.now();
            let request = ambient::new_id();
            installation_log::append_event(&mut transaction, None, &event, None, request, at).await.unwrap();
            if n % 3 == 0 { drop(transaction) } else { transaction.commit().await.unwrap() }
        }
    });
    futures_util::future::join_all(tries).await;
    let indices: Vec<i64> =
        sqlx::query_scalar("SELECT index FROM installation_events ORDER BY index").fetch_all(&app.owner).await.unwrap();
    assert_eq!(indices, (1..=8).collect::<Vec<_>>());
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT bytes FROM installation_events WHERE index = 8")
        .fetch_one(&app.owner)
        .await
        .unwrap();
    let entry: InstallationEntry = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((entry.index, entry.version), (8, 1));
    assert_eq!(canonical::to_bytes(&entry), bytes);
}

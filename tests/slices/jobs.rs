//! The queue of background jobs: each is done once, by one server, and none is lost.

use signoff::{
    ambient::Clock,
    blobs::Blobs,
    db,
    domain::job_rules::{JobKind, MAX_MAIL_ATTEMPTS},
    jobs,
    queue::{self, JobEnd},
    state::AppState,
};
use uuid::Uuid;

use crate::helpers::{TestApp, admin, member, people::PASSWORD};

/// A second server of the same installation, with connections of its own.
fn second_server(app: &TestApp) -> AppState {
    let state = &app.state;
    let pool = db::create_pool((*state.db.connect_options()).clone(), 5);
    let blobs = Blobs::in_folder(&state.config.evidence_dir).unwrap();
    AppState::new(
        state.config.clone(),
        pool,
        state.redis.clone(),
        Clock::default(),
        blobs,
        std::sync::Arc::clone(&app.key),
    )
}

/// Queues a mail by asking for a new password.
async fn queue_mail(app: &TestApp, name: &'static str) {
    let person = app.person(&member().named(name)).await;
    app.client().post("/forgotten-password", &[("email", &person.email)]).await.expect_status(303);
    app.wait_for_background_work().await;
}

async fn count(app: &TestApp, condition: &'static str) -> i64 {
    let query = format!("SELECT count(*) FROM jobs WHERE {condition}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn jobs_are_done_once_by_two_servers() {
    let (app, server) = TestApp::start_with_mail().await;
    let ann = app.sign_in(admin()).await;
    for number in 0..8 {
        let (name, email) = (format!("Person {number}"), format!("person{number}@example.org"));
        let form = [("name", name.as_str()), ("email", email.as_str()), ("roles", "member")];
        ann.post("/admin/invitations", &form).await.expect_status(303);
    }
    let other = second_server(&app);
    let sent = tokio::join!(jobs::send_due_mails(&app.state), jobs::send_due_mails(&other));
    assert_eq!(sent.0.unwrap() + sent.1.unwrap(), 8);
    let mut to: Vec<String> = server.take_letters().into_iter().map(|letter| letter.to).collect();
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 8);
    assert_eq!(count(&app, "kind = 'mail'").await, 0);
}

#[tokio::test]
async fn job_of_a_killed_server_is_taken_over_and_ended_by_one() {
    let (app, server) = TestApp::start_with_mail().await;
    queue_mail(&app, "Mia Member").await;
    // A server takes the job and is never heard of again.
    let killed = queue::take_due_job(&app.state.db, JobKind::Mail, app.state.clock.now()).await.unwrap().unwrap();
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 0, "it is leased");
    assert!(queue::extend_lease(&app.state.db, &killed).await.unwrap());
    sqlx::query("UPDATE jobs SET lease_until = now() - interval '1 second'").execute(&app.owner).await.unwrap();
    let taken = queue::take_due_job(&app.state.db, JobKind::Mail, app.state.clock.now()).await.unwrap().unwrap();
    assert_eq!((taken.id, taken.attempts), (killed.id, 2));
    // The first one was only slow: the job is not its own any more.
    assert!(!queue::extend_lease(&app.state.db, &killed).await.unwrap());
    assert!(!queue::finish(&app.state.db, &killed, &JobEnd::Done(None)).await.unwrap());
    assert_eq!(count(&app, "kind = 'mail'").await, 1);
    // One that stops gives it back, and the next sends it.
    queue::release(&app.state.db, &taken).await.unwrap();
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 1);
    assert_eq!((server.take_letters().len(), count(&app, "kind = 'mail'").await), (1, 0));
}

#[tokio::test]
async fn mail_that_is_given_up_is_tried_again_or_discarded_by_an_admin() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let hers = app.session(&mia).await;
    let form = [("password", PASSWORD), ("new_password", "copper lantern orchard")];
    hers.post("/account/password", &form).await.expect_status(303);
    server.reject(1_000);
    for _ in 0..MAX_MAIL_ATTEMPTS {
        assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 0);
        app.state.clock.advance(3_601);
    }
    assert_eq!(count(&app, "dead_at IS NOT NULL").await, 1);
    let ann = app.sign_in(admin()).await;
    let page = ann.get("/admin/operations").await.expect_status(200);
    let keys = page.texts("[data-key]");
    assert!(keys.len() == 1 && keys[0].contains(&app.key.public_key().to_string()), "{keys:?}");
    let row = page.texts("[data-dead-job]").concat();
    assert!(row.contains(&mia.email) && row.contains("the mail server answered 451"), "{row}");
    let id = page.attribute("[data-dead-job]", "data-dead-job").unwrap();
    server.reject(0);
    app.client().post(&format!("/admin/operations/jobs/{id}/retry"), &[]).await.expect_status(401);
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 0, "nobody is signed in there");
    ann.post(&format!("/admin/operations/jobs/{id}/retry"), &[]).await.expect_status(303);
    ann.post(&format!("/admin/operations/jobs/{id}/retry"), &[]).await.expect_status(404);
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 1);
    let [letter] = &server.take_letters()[..] else { panic!("one letter") };
    assert!(letter.text().contains("Your password was changed"));

    // A link that has ended is of no use, and its mail is only discarded.
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(303);
    app.wait_for_background_work().await;
    app.state.clock.advance(3_601);
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 0);
    let ann = app.session(&ann.person).await;
    let page = ann.get("/admin/operations").await.expect_status(200);
    assert_eq!(page.texts("[data-dead-job] form").len(), 1);
    let id = page.attribute("[data-dead-job]", "data-dead-job").unwrap();
    ann.post(&format!("/admin/operations/jobs/{id}/retry"), &[]).await.expect_status(404);
    ann.post(&format!("/admin/operations/jobs/{id}/removal"), &[]).await.expect_status(303);
    assert_eq!(count(&app, "kind = 'mail'").await, 0);
}

#[tokio::test]
async fn regular_jobs_exist_once_and_are_done_again() {
    let app = TestApp::start().await;
    let (db, clock) = (&app.state.db, &app.state.clock);
    for _ in 0..2 {
        queue::make_regular_jobs(db, clock.now()).await.unwrap();
    }
    let regular = JobKind::ALL.into_iter().filter(|kind| kind.next_time(clock.now()).is_some());
    assert_eq!(count(&app, "kind <> 'mail'").await, regular.count() as i64);
    assert_eq!(jobs::run_due(&app.state, JobKind::Checkpoint).await.unwrap(), 1);
    assert_eq!(jobs::run_due(&app.state, JobKind::Checkpoint).await.unwrap(), 0, "it has its next time");
    clock.advance(601);
    assert_eq!(jobs::run_due(&app.state, JobKind::Checkpoint).await.unwrap(), 1);
    assert_eq!(jobs::run_due(&app.state, JobKind::Verification).await.unwrap(), 0, "it waits for the night");
    // The start of a server makes it due.
    queue::make_regular_jobs(db, clock.now()).await.unwrap();
    assert_eq!(jobs::run_due(&app.state, JobKind::Checkpoint).await.unwrap(), 1);
}

#[tokio::test]
async fn job_that_fails_is_tried_later_and_shown_with_its_error() {
    let app = TestApp::start().await;
    // A file where the folder of checkpoints should be.
    std::fs::write(&app.state.config.checkpoint_dir, "in the way").unwrap();
    queue::make_regular_jobs(&app.state.db, app.state.clock.now()).await.unwrap();
    assert_eq!(jobs::run_due(&app.state, JobKind::Checkpoint).await.unwrap(), 0);
    assert_eq!(jobs::run_due(&app.state, JobKind::Checkpoint).await.unwrap(), 0, "not at once");
    let ann = app.sign_in(admin()).await;
    let page = ann.get("/admin/operations").await.expect_status(200);
    assert!(page.texts("[data-failing-job]").concat().contains("SIGNOFF_CHECKPOINT_DIR"));
    assert_eq!(page.attribute("[data-operation=checkpoint]", "data-ok").as_deref(), Some("false"));
    std::fs::remove_file(&app.state.config.checkpoint_dir).unwrap();
    app.state.clock.advance(31);
    assert_eq!(jobs::run_due(&app.state, JobKind::Checkpoint).await.unwrap(), 1);
    let page = ann.get("/admin/operations").await.expect_status(200);
    assert_eq!(page.texts("[data-failing-job]").len(), 0);
    assert_eq!(page.attribute("[data-operation=checkpoint]", "data-ok").as_deref(), Some("true"));
}

/// During an upgrade the server of the release before still writes to its table.
#[tokio::test]
async fn mail_queued_by_the_release_before_is_sent() {
    let (app, server) = TestApp::start_with_mail().await;
    queue_mail(&app, "Mia Member").await;
    let moved = "WITH gone AS (DELETE FROM outbox RETURNING *)
                 INSERT INTO outbox (id, letter, written_at, next_try_at, expires_at)
                 SELECT id, letter, written_at, next_try_at, expires_at FROM gone RETURNING id";
    let id: Uuid = sqlx::query_scalar(moved).fetch_one(&app.state.db).await.unwrap();
    assert_eq!(count(&app, "kind = 'mail'").await, 1);
    // What a server of this release sends, the other one does not see.
    let job = queue::take_due_job(&app.state.db, JobKind::Mail, app.state.clock.now()).await.unwrap().unwrap();
    assert_eq!(job.id, id);
    let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(&app.state.db).await.unwrap();
    assert_eq!(seen, 0);
    queue::release(&app.state.db, &job).await.unwrap();
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 1);
    assert_eq!(server.take_letters().len(), 1);
}

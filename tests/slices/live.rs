//! Live updates: changes reach an open page, from any server process, and only for people with access.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::Value;
use signoff::{
    ambient,
    db_watch::DatabaseWatch,
    domain::{
        launch::{
            command::Command,
            event::{ItemState, PersonRef, Redaction},
            texts::TextField,
        },
        text::PersonName,
        time::{Day, Moment},
    },
    record::{Record, feed::LaunchFeed},
    web::idempotency::new_text,
};

use crate::helpers::{client::Client, launch::Launch, sql_statements::Statements};

/// The time limit for an expected message; no test depends on how soon it comes.
const PATIENCE: Duration = Duration::from_secs(30);

struct Stream {
    bytes: futures_util::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    unread: String,
}

impl Stream {
    async fn open(client: &Client, launch: &Launch, since: i64) -> Self {
        Self::open_path(client, &format!("/launches/{}/live?since={since}", launch.id)).await
    }

    async fn open_path(client: &Client, path: &str) -> Self {
        let response = client.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"].to_str().unwrap().split(',').next(), Some("no-store"));
        Self { bytes: response.bytes_stream().boxed(), unread: String::new() }
    }

    /// The next event's data; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(|data| data.parse().unwrap());
                self.unread = rest.to_owned();
                if data.is_some() {
                    return data;
                }
                continue;
            }
            let more = tokio::time::timeout(PATIENCE, self.bytes.next()).await.expect("it comes or ends")?.ok()?;
            self.unread.push_str(std::str::from_utf8(&more).unwrap());
        }
    }
}

#[tokio::test]
async fn live_stream_delivers_changes_with_the_persons_name() {
    let launch = Launch::ledger().make().await;
    let seq = launch.state().await.seq;
    let mut stream = Stream::open(&launch.other, &launch, seq).await;
    launch.send_mark(&launch.member, "required", "blocked", "No quota.").await.expect_status(303);
    let change = stream.next().await.unwrap();
    assert_eq!(change["seq"], seq + 1);
    let items = change["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["id"], launch.item("required").to_string());
    assert_eq!((&items[0]["state"], &items[0]["version"]), (&"blocked".into(), &2.into()));
    assert_eq!((&items[0]["marked"][0], &items[0]["reason"]), (&"Mia Member".into(), &"No quota.".into()));
}

/// Waives an item of the launch until the end of its day; returns that moment.
async fn waive_until_tonight(launch: &Launch) -> Moment {
    let zone = launch.state().await.zone().clone();
    let today = Day::from_moment(launch.app.state.clock.now(), &zone);
    let waiver = [("reason", "No time."), ("control", "By hand."), ("expires_on", &*today.to_string())];
    launch.member.post(&launch.item_path("required", "/waivers"), &waiver).await.expect_status(303);
    let id = *launch.state().await.waivers.keys().next().unwrap();
    launch.operations.post(&format!("/waivers/{id}/approval"), &[("verdict", "approve")]).await.expect_status(303);
    today.end(&zone)
}

/// Advances the clock in steps that are shorter than a session without requests may last.
async fn advance_clock_to(launch: &Launch, moment: Moment) {
    let clock = &launch.app.state.clock;
    while clock.now() < moment {
        clock.advance(moment.seconds_since(clock.now()).min(6 * 3_600) + 1);
        launch.other.get("/launches").await.expect_status(200);
    }
}

#[tokio::test]
async fn live_stream_after_a_break_delivers_all_missed_changes() {
    let launch = Launch::ledger().make().await;
    let seq = launch.state().await.seq;
    launch.send_mark(&launch.member, "required", "done", "").await.expect_status(303);
    launch.send_mark(&launch.member, "critical", "blocked", "No key.").await.expect_status(303);
    let change = Stream::open(&launch.other, &launch, seq).await.next().await.unwrap();
    assert_eq!(change["seq"], seq + 2);
    assert_eq!(change["items"].as_array().unwrap().len(), 2);
    // An invalid event number neither sends anything nor fails.
    for odd in [0, -1, seq + 2, 1_000_000] {
        let mut stream = Stream::open(&launch.other, &launch, odd).await;
        launch.send_mark(&launch.member, "advisory", "done", "").await.expect_status(303);
        assert_eq!(stream.next().await.unwrap()["items"].as_array().unwrap().len(), 1, "{odd}");
        launch.send_mark(&launch.member, "advisory", "open", "").await.expect_status(303);
    }
}

/// Counted in rows: neither the events that the page shows nor those that it has missed are read, however many there are.
#[tokio::test]
async fn live_stream_after_a_break_reads_no_event_again() {
    let statements = Statements::count();
    let launch = Launch::ledger().make().await;
    let (item, comment) = (launch.item("required"), || (ambient::new_id(), new_text("Seen")));
    let comments = (0..200).map(|_| comment());
    let comments = comments.map(|(comment, body)| Command::AddComment { item, comment, body }).collect();
    let (record, asker) = (&launch.app.state.record, launch.requester(&launch.member));
    record.execute(&launch.app.state.db, asker, launch.id, comments).await.unwrap();
    let seq = launch.state().await.seq;
    for since in [1, seq / 2, seq - 1] {
        statements.take();
        let change = Stream::open(&launch.other, &launch, since).await.next().await.unwrap();
        let rows = statements.rows_since();
        assert!((1..=10).contains(&rows), "{rows} rows were read for a page as of event {since} of {seq}");
        assert_eq!((&change["seq"], change["items"].as_array().unwrap().len()), (&seq.into(), 1));
    }
}

#[tokio::test]
async fn live_stream_after_a_break_delivers_changes_together_with_what_expired() {
    let launch = Launch::ledger().make().await;
    let clock = &launch.app.state.clock;
    let expiry = waive_until_tonight(&launch).await;
    let (seq, shown_at) = (launch.state().await.seq, clock.now());
    advance_clock_to(&launch, expiry).await;
    let (item, state) = (launch.item("critical"), ItemState::Done);
    launch.run_command(&launch.member, Command::Mark { item, state, reason: None, version: 1 }).await;
    let away = clock.now().seconds_since(shown_at);
    let mut stream = Stream::open_path(&launch.other, &format!("/live?launch={}.{seq}.{away}", launch.id)).await;
    assert_eq!(stream.next().await.unwrap()["launches"][0], launch.id.to_string());
    let change = stream.next().await.unwrap();
    assert_eq!((&change["seq"], &change["lapsed"]), (&(seq + 1).into(), &true.into()));
    let items = change["items"].as_array().unwrap();
    let shown = items.iter().map(|item| (&item["state"], &item["restated"])).collect::<Vec<_>>();
    assert_eq!(shown, [(&"done".into(), &true.into()), (&"open".into(), &false.into())]);
}

#[tokio::test]
async fn live_stream_delivers_that_a_reason_was_redacted() {
    let launch = Launch::ledger().make().await;
    launch.send_mark(&launch.member, "required", "blocked", "Mr X is ill.").await.expect_status(303);
    let state = launch.state().await;
    let mut stream = Stream::open(&launch.other, &launch, state.seq).await;
    let commitment = state.item(launch.item("required")).unwrap().status.reason.unwrap();
    let what = Redaction::Text { commitment, field: TextField::ItemReason };
    let by = PersonRef { id: launch.owner.person.id, name: PersonName::new("Olga Owner").unwrap() };
    let when = (ambient::new_id(), launch.app.state.clock.now());
    Record::default().redact(&launch.app.owner, &by, launch.id, what, new_text("a name"), when).await.unwrap();
    let change = stream.next().await.unwrap();
    let items = change["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    let shown = (&items[0]["id"], &items[0]["reason"], &items[0]["restated"]);
    assert_eq!(shown, (&launch.item("required").to_string().into(), &"[redacted]".into(), &false.into()));
}

#[tokio::test]
async fn live_stream_delivers_changes_of_another_server_process() {
    let launch = Launch::ledger().make().await;
    let state = launch.state().await;
    let mut stream = Stream::open(&launch.other, &launch, state.seq).await;
    // Another process has its own cache, and shares only the database with this one.
    let (elsewhere, asker) = (Record::default(), launch.requester(&launch.member));
    let mark = Command::Mark {
        item: launch.item("required"),
        state: signoff::domain::launch::event::ItemState::Done,
        reason: None,
        version: 1,
    };
    elsewhere.execute(&launch.app.state.db, asker, launch.id, vec![mark]).await.unwrap();
    assert_eq!(stream.next().await.unwrap()["seq"], state.seq + 1);
}

#[tokio::test]
async fn live_stream_ends_when_access_is_lost() {
    let launch = Launch::ledger().make().await;
    let seq = launch.state().await.seq;
    let (mut outside, mut inside) =
        (Stream::open(&launch.other, &launch, seq).await, Stream::open(&launch.security, &launch, seq).await);
    launch
        .owner
        .post(&format!("/launches/{}/restriction", launch.id), &[("restricted", "on")])
        .await
        .expect_status(303);
    assert_eq!(outside.next().await, None);
    assert_eq!(inside.next().await.unwrap()["seq"], seq + 1);
    let path = format!("/launches/{}/live", launch.id);
    launch.other.get(&path).await.expect_status(404);
    launch.anon.get(&path).await.expect_status(303);
}

#[tokio::test]
async fn open_live_streams_do_not_delay_shutdown() {
    let launch = Launch::ledger().make().await;
    let mut stream = Stream::open(&launch.other, &launch, 1).await;
    stream.next().await.expect("what it has not seen");
    launch.app.state.stop.cancel();
    let rest = tokio::time::timeout(PATIENCE, async { while stream.next().await.is_some() {} });
    rest.await.expect("the stream ends");
}

#[tokio::test]
async fn live_feed_without_watchers_is_dropped() {
    let launch = Launch::ledger().make().await;
    let feed = LaunchFeed::default();
    assert!(feed.is_empty());
    let receiver = feed.watch(launch.state().await);
    assert_eq!(feed.len(), 1);
    drop(receiver);
    // The next message finds that there is no watcher left.
    let (db, record, stop) =
        (launch.app.state.db.clone(), launch.app.state.record.clone(), launch.app.state.stop.clone());
    let running = tokio::spawn(feed.clone().run(db, DatabaseWatch::default(), record, stop.clone()));
    let gone = tokio::time::timeout(PATIENCE, async {
        while !feed.is_empty() {
            launch.send_mark(&launch.member, "advisory", "done", "").await;
            launch.send_mark(&launch.member, "advisory", "open", "").await;
        }
    });
    gone.await.expect("it is forgotten");
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn live_stream_delivers_every_kind_of_item_change() {
    let launch = Launch::ledger().make().await;
    let mut stream = Stream::open(&launch.other, &launch, launch.state().await.seq).await;
    let mia = launch.member.person.id.to_string();
    launch
        .member
        .post(&launch.item_path("required", "/assignment"), &[("assignee", &*mia), ("due", "2020-01-01")])
        .await
        .expect_status(303);
    let change = stream.next().await.unwrap();
    let item = &change["items"][0];
    assert_eq!((&item["assignee"][0], &item["assignee"][1]), (&"Mia Member".into(), &"MM".into()));
    assert_eq!((&item["due"], &item["late"]), (&"1 Jan 2020".into(), &true.into()));
    assert_eq!((&item["restated"], &item["lacks_evidence"]), (&false.into(), &true.into()));

    let note = reqwest::multipart::Form::new().text("note", "seen");
    launch.member.upload(&launch.item_path("required", "/evidence"), note).await.expect_status(303);
    let change = stream.next().await.unwrap();
    assert_eq!((&change["items"][0]["evidence"], &change["items"][0]["lacks_evidence"]), (&1.into(), &false.into()));
    let evidence = *launch.state().await.evidence.keys().next().unwrap();
    let withdrawal = format!("/evidence/{evidence}/withdrawal");
    launch.member.post(&withdrawal, &[("reason", "wrong one")]).await.expect_status(303);
    let change = stream.next().await.unwrap();
    assert_eq!((&change["items"][0]["evidence"], &change["items"][0]["lacks_evidence"]), (&0.into(), &true.into()));

    launch.member.post(&launch.item_path("required", "/comments"), &[("body", "I am on it.")]).await.expect_status(303);
    assert_eq!(stream.next().await.unwrap()["items"][0]["id"], launch.item("required").to_string());
}

#[tokio::test]
async fn live_stream_delivers_what_expires_with_time() {
    let launch = Launch::ledger().make().await;
    let expiry = waive_until_tonight(&launch).await;
    let seq = launch.state().await.seq;
    let mut stream = Stream::open(&launch.other, &launch, seq).await;
    // Nobody makes a change, and the waiver's last day passes.
    advance_clock_to(&launch, expiry).await;
    let change = stream.next().await.unwrap();
    assert_eq!((&change["seq"], &change["lapsed"]), (&seq.into(), &true.into()));
    assert_eq!((&change["items"][0]["state"], &change["items"][0]["waived_until"]), (&"open".into(), &"".into()));
}

#[tokio::test]
async fn live_stream_ends_with_its_session() {
    let launch = Launch::ledger().make().await;
    let mut stream = Stream::open(&launch.other, &launch, launch.state().await.seq).await;
    launch.other.post("/logout", &[]).await.expect_status(303);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn live_stream_ends_when_a_required_second_factor_is_missing() {
    let launch = Launch::ledger().make().await;
    let seq = launch.state().await.seq;
    let (mut leads, mut others) =
        (Stream::open(&launch.owner, &launch, seq).await, Stream::open(&launch.other, &launch, seq).await);
    sqlx::query("UPDATE settings SET second_factor = 'leads_and_admins'").execute(&launch.app.owner).await.unwrap();
    assert_eq!(leads.next().await, None);
    launch.member.post(&launch.item_path("required", "/comments"), &[("body", "Still here.")]).await.expect_status(303);
    assert!(others.next().await.is_some(), "whom it does not concern stays");
}

#[tokio::test]
async fn live_stream_is_silent_once_session_or_account_ended() {
    let launch = Launch::ledger().make().await;
    let seq = launch.state().await.seq;
    let mut signed_out = Stream::open(&launch.other, &launch, seq).await;
    let mut deactivated = Stream::open(&launch.security, &launch, seq).await;
    let mut stays = Stream::open(&launch.owner, &launch, seq).await;
    launch.other.post("/logout", &[]).await.expect_status(303);
    sqlx::query("UPDATE users SET active = false WHERE name = 'Sven Security'")
        .execute(&launch.app.owner)
        .await
        .unwrap();
    launch.send_mark(&launch.member, "required", "done", "").await.expect_status(303);
    assert_eq!(stays.next().await.unwrap()["seq"], seq + 1);
    assert_eq!(signed_out.next().await, None);
    assert_eq!(deactivated.next().await, None);
}

/// Forwards every connection to another address, until it is dropped.
async fn relay(to: String) -> (std::net::SocketAddr, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let relaying = tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        loop {
            let (mut from, _) = listener.accept().await.unwrap();
            let to = to.clone();
            connections.spawn(async move {
                let mut to = tokio::net::TcpStream::connect(to).await.unwrap();
                let _ended = tokio::io::copy_bidirectional(&mut from, &mut to).await;
            });
        }
    });
    (address, relaying)
}

#[tokio::test]
async fn live_stream_ends_when_its_session_cannot_be_checked() {
    let mut url: url::Url = crate::helpers::redis_url().parse().unwrap();
    let (host, port) = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(6_379));
    let (address, relaying) = relay(format!("{host}:{port}")).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(address.port())).unwrap();
    let set = vec![("REDIS_URL", url.to_string())];
    let launch = Launch::ledger().setting(crate::helpers::Setting { set, ..Default::default() }).make().await;
    let mut stream = Stream::open(&launch.other, &launch, launch.state().await.seq).await;
    relaying.abort();
    let item = launch.item("required");
    let text = signoff::web::idempotency::new_text("Seen");
    launch
        .run_command(&launch.member, Command::AddComment { item, comment: signoff::ambient::new_id(), body: text })
        .await;
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn stream_of_a_page_says_how_many_notifications_are_unread() {
    let launch = Launch::ledger().make().await;
    // A page that shows no launch follows the number alone.
    let mut stream = Stream::open_path(&launch.security, "/live").await;
    assert_eq!(stream.next().await.unwrap()["launches"], serde_json::json!([]));
    launch.run_command(&launch.owner, Command::Hold { reason: new_text("rain") }).await;
    assert_eq!(stream.next().await.unwrap()["count"], 2);
    launch.security.post("/notifications/read", &[]).await.expect_status(303);
    assert_eq!(stream.next().await.unwrap()["count"], 0);
    launch.security.post("/logout", &[]).await.expect_status(303);
    launch.run_command(&launch.owner, Command::Resume { reason: None }).await;
    assert!(stream.next().await.is_none(), "nothing is sent after the session");
}

//! Live updates: changes reach an open page, from any server process, and only for people with access.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::Value;
use signoff::{
    domain::{launch::command::Command, time::Day},
    record::{Record, feed::LaunchFeed},
};

use crate::helpers::{client::Client, team::Team};

/// The time limit for an expected message; no test depends on how soon it comes.
const PATIENCE: Duration = Duration::from_secs(30);

struct Stream {
    bytes: futures_util::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    kept: String,
}

impl Stream {
    async fn open(client: &Client, team: &Team, since: i64) -> Self {
        let path = format!("/launches/{}/live?since={since}", team.launch);
        let response = client.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"].to_str().unwrap().split(',').next(), Some("no-store"));
        Self { bytes: response.bytes_stream().boxed(), kept: String::new() }
    }

    /// The next event's data; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.kept.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(|data| data.parse().unwrap());
                self.kept = rest.to_owned();
                if data.is_some() {
                    return data;
                }
                continue;
            }
            let more = tokio::time::timeout(PATIENCE, self.bytes.next()).await.expect("it comes or ends")?.ok()?;
            self.kept.push_str(std::str::from_utf8(&more).unwrap());
        }
    }
}

#[tokio::test]
async fn live_stream_delivers_changes_with_the_persons_name() {
    let team = Team::start().await;
    let seq = team.state().await.seq;
    let mut stream = Stream::open(&team.other, &team, seq).await;
    team.mark(&team.member, "required", "blocked", "No quota.").await.expect_status(303);
    let change = stream.next().await.unwrap();
    assert_eq!(change["seq"], seq + 1);
    let items = change["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["id"], team.item("required").to_string());
    assert_eq!((&items[0]["state"], &items[0]["version"]), (&"blocked".into(), &2.into()));
    assert_eq!((&items[0]["marked"][0], &items[0]["reason"]), (&"Mia Member".into(), &"No quota.".into()));
}

#[tokio::test]
async fn live_stream_after_a_break_delivers_all_missed_changes() {
    let team = Team::start().await;
    let seq = team.state().await.seq;
    team.mark(&team.member, "required", "done", "").await.expect_status(303);
    team.mark(&team.member, "critical", "blocked", "No key.").await.expect_status(303);
    let change = Stream::open(&team.other, &team, seq).await.next().await.unwrap();
    assert_eq!(change["seq"], seq + 2);
    assert_eq!(change["items"].as_array().unwrap().len(), 2);
    // An invalid event number neither sends anything nor fails.
    for odd in [0, -1, seq + 2, 1_000_000] {
        let mut stream = Stream::open(&team.other, &team, odd).await;
        team.mark(&team.member, "advisory", "done", "").await.expect_status(303);
        assert_eq!(stream.next().await.unwrap()["items"].as_array().unwrap().len(), 1, "{odd}");
        team.mark(&team.member, "advisory", "open", "").await.expect_status(303);
    }
}

#[tokio::test]
async fn live_stream_delivers_changes_of_another_server_process() {
    let team = Team::start().await;
    let state = team.state().await;
    let mut stream = Stream::open(&team.other, &team, state.seq).await;
    // Another process has its own cache, and shares only the database with this one.
    let (elsewhere, asker) = (Record::default(), team.asker_for(team.member_id));
    let mark = Command::Mark {
        item: team.item("required"),
        state: signoff::domain::launch::event::ItemState::Done,
        reason: None,
        version: 1,
    };
    elsewhere.execute(&team.app.state.db, asker, team.launch, vec![mark]).await.unwrap();
    assert_eq!(stream.next().await.unwrap()["seq"], state.seq + 1);
}

#[tokio::test]
async fn live_stream_ends_when_access_is_lost() {
    let team = Team::start().await;
    let seq = team.state().await.seq;
    let (mut outside, mut inside) =
        (Stream::open(&team.other, &team, seq).await, Stream::open(&team.security, &team, seq).await);
    team.owner
        .post(&format!("/launches/{}/restriction", team.launch), &[("restricted", "on")])
        .await
        .expect_status(303);
    assert_eq!(outside.next().await, None);
    assert_eq!(inside.next().await.unwrap()["seq"], seq + 1);
    let path = format!("/launches/{}/live", team.launch);
    team.other.get(&path).await.expect_status(404);
    team.anon.get(&path).await.expect_status(303);
}

#[tokio::test]
async fn open_live_streams_do_not_delay_shutdown() {
    let team = Team::start().await;
    let mut stream = Stream::open(&team.other, &team, 1).await;
    stream.next().await.expect("what it has not seen");
    team.app.state.stop.cancel();
    let rest = tokio::time::timeout(PATIENCE, async { while stream.next().await.is_some() {} });
    rest.await.expect("the stream ends");
}

#[tokio::test]
async fn live_feed_without_watchers_is_dropped() {
    let team = Team::start().await;
    let feed = LaunchFeed::default();
    assert!(feed.is_empty());
    let receiver = feed.watch(team.state().await);
    assert_eq!(feed.len(), 1);
    drop(receiver);
    // The next message finds that there is no watcher left.
    let (db, record, stop) = (team.app.state.db.clone(), team.app.state.record.clone(), team.app.state.stop.clone());
    let running = tokio::spawn(feed.clone().run(db, record, stop.clone()));
    let gone = tokio::time::timeout(PATIENCE, async {
        while !feed.is_empty() {
            team.mark(&team.member, "advisory", "done", "").await;
            team.mark(&team.member, "advisory", "open", "").await;
        }
    });
    gone.await.expect("it is forgotten");
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn live_stream_delivers_every_kind_of_item_change() {
    let team = Team::start().await;
    let mut stream = Stream::open(&team.other, &team, team.state().await.seq).await;
    let mia = team.member_id.to_string();
    team.member
        .post(&team.path("required", "/assignment"), &[("assignee", &*mia), ("due", "2020-01-01")])
        .await
        .expect_status(303);
    let change = stream.next().await.unwrap();
    let item = &change["items"][0];
    assert_eq!((&item["assignee"][0], &item["assignee"][1]), (&"Mia Member".into(), &"MM".into()));
    assert_eq!((&item["due"], &item["late"]), (&"1 Jan 2020".into(), &true.into()));
    assert_eq!((&item["restated"], &item["lacks_evidence"]), (&false.into(), &true.into()));

    let note = reqwest::multipart::Form::new().text("note", "seen");
    team.member.upload(&team.path("required", "/evidence"), note).await.expect_status(303);
    let change = stream.next().await.unwrap();
    assert_eq!((&change["items"][0]["evidence"], &change["items"][0]["lacks_evidence"]), (&1.into(), &false.into()));
    let evidence = *team.state().await.evidence.keys().next().unwrap();
    let withdrawal = format!("/evidence/{evidence}/withdrawal");
    team.member.post(&withdrawal, &[("reason", "wrong one")]).await.expect_status(303);
    let change = stream.next().await.unwrap();
    assert_eq!((&change["items"][0]["evidence"], &change["items"][0]["lacks_evidence"]), (&0.into(), &true.into()));

    team.member.post(&team.path("required", "/comments"), &[("body", "I am on it.")]).await.expect_status(303);
    assert_eq!(stream.next().await.unwrap()["items"][0]["id"], team.item("required").to_string());
}

#[tokio::test]
async fn live_stream_delivers_what_expires_with_time() {
    let team = Team::start().await;
    let clock = &team.app.state.clock;
    let zone = team.state().await.zone().clone();
    let today = Day::from_moment(clock.now(), &zone);
    let waiver = [("reason", "No time."), ("control", "By hand."), ("expires_on", &*today.to_string())];
    team.member.post(&team.path("required", "/waivers"), &waiver).await.expect_status(303);
    let id = *team.state().await.waivers.keys().next().unwrap();
    team.operations.post(&format!("/waivers/{id}/approval"), &[("verdict", "approve")]).await.expect_status(303);
    let seq = team.state().await.seq;
    let mut stream = Stream::open(&team.other, &team, seq).await;
    // Nobody makes a change, and the waiver's last day passes.
    while clock.now() < today.end(&zone) {
        let left = today.end(&zone).seconds_since(clock.now());
        clock.advance(left.min(6 * 3_600) + 1);
        team.other.get("/launches").await.expect_status(200);
    }
    let change = stream.next().await.unwrap();
    assert_eq!((&change["seq"], &change["lapsed"]), (&seq.into(), &true.into()));
    assert_eq!((&change["items"][0]["state"], &change["items"][0]["waived_until"]), (&"open".into(), &"".into()));
}

#[tokio::test]
async fn live_stream_ends_with_its_session() {
    let team = Team::start().await;
    let mut stream = Stream::open(&team.other, &team, team.state().await.seq).await;
    team.other.post("/logout", &[]).await.expect_status(303);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn live_stream_ends_when_a_required_second_factor_is_missing() {
    let team = Team::start().await;
    let seq = team.state().await.seq;
    let (mut leads, mut others) =
        (Stream::open(&team.owner, &team, seq).await, Stream::open(&team.other, &team, seq).await);
    sqlx::query("UPDATE settings SET second_factor = 'leads_and_admins'").execute(&team.app.owner).await.unwrap();
    assert_eq!(leads.next().await, None);
    team.member.post(&team.path("required", "/comments"), &[("body", "Still here.")]).await.expect_status(303);
    assert!(others.next().await.is_some(), "whom it does not concern stays");
}

#[tokio::test]
async fn live_stream_is_silent_once_session_or_account_ended() {
    let team = Team::start().await;
    let seq = team.state().await.seq;
    let mut signed_out = Stream::open(&team.other, &team, seq).await;
    let mut deactivated = Stream::open(&team.security, &team, seq).await;
    let mut stays = Stream::open(&team.owner, &team, seq).await;
    team.other.post("/logout", &[]).await.expect_status(303);
    sqlx::query("UPDATE users SET active = false WHERE name = 'Sven Security'").execute(&team.app.owner).await.unwrap();
    team.mark(&team.member, "required", "done", "").await.expect_status(303);
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
    let team = Team::make(crate::helpers::Setting { set, ..Default::default() }, false).await;
    let mut stream = Stream::open(&team.other, &team, team.state().await.seq).await;
    relaying.abort();
    let item = team.item("required");
    let text = signoff::web::idempotency::new_text("Seen");
    team.run_command_as(team.member_id, Command::AddComment { item, comment: signoff::ambient::new_id(), body: text })
        .await;
    assert_eq!(stream.next().await, None);
}

//! A store that vanishes without closing its connections, as behind a firewall that drops packets: it is given up after
//! the first time limit, and used again within five seconds of the network.

use std::{
    sync::{Arc, atomic::AtomicBool, atomic::Ordering},
    time::Duration,
};

use futures_util::StreamExt as _;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use signoff::ambient;

use crate::helpers::{Launch, Setting, client::Client, ledger::Ledger, network::Network, redis_url};

/// From the network to the first answer.
const RECOVERY: Duration = Duration::from_secs(5);

/// The time limits of a request: those of the checks, and some for a slow machine.
const GIVEN_UP: Duration = Duration::from_secs(8);

fn database_url() -> String {
    std::env::var("DATABASE_URL").unwrap()
}

async fn launch_over(networks: (Option<Arc<Network>>, Option<Arc<Network>>)) -> Launch {
    let set = vec![("SIGNOFF_DATABASE_CONNECTIONS", "4".to_owned())];
    Launch::ledger().setting(Setting { networks, set, ..Setting::default() }).make().await
}

/// Requests a page every 100 ms until it is answered; fails when that takes longer than it may.
async fn assert_recovers(client: &Client, path: &str) {
    let begun = ambient::monotonic_now();
    while client.get(path).await.status != 200 {
        assert!(begun.elapsed() < RECOVERY, "it does not answer {:?} after the network is back", begun.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("answered {:?} after the network was back", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_that_vanished_is_given_up_and_used_again() {
    let network = Arc::new(Network::to(&redis_url()));
    let launch = launch_over((None, Some(Arc::clone(&network)))).await;
    let path = launch.item_path("required", "");
    launch.member.get(&path).await.expect_status(200);
    for _ in 0..2 {
        network.freeze();
        let begun = ambient::monotonic_now();
        launch.member.get(&path).await.expect_status(503);
        // The next ones do not wait for what is known to be gone.
        let begun_again = ambient::monotonic_now();
        launch.member.get(&path).await.expect_status(503);
        assert!(begun_again - begun < GIVEN_UP, "{:?}", begun_again - begun);
        launch.anon.get("/healthz").await.expect_status(200);
        network.thaw();
        assert_recovers(&launch.member, &path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits for the time limits of PostgreSQL: make test-faults"]
async fn postgresql_that_vanished_is_given_up_and_used_again() {
    let network = Arc::new(Network::to(&database_url()));
    let launch = launch_over((Some(Arc::clone(&network)), None)).await;
    let path = launch.item_path("required", "");
    let ledger = Ledger::of_comments(launch.item_path("required", "/comments"));
    for _ in 0..2 {
        // All connections of the pool are under way when the network breaks, and hold the launch's lock.
        let stop = AtomicBool::new(false);
        let broken = async {
            while ledger.acknowledged() < 20 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            network.freeze();
            let begun = ambient::monotonic_now();
            while *launch.app.state.database_watch.while_answering(async { &true }).await.unwrap_or(&false) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            assert!(begun.elapsed() < GIVEN_UP, "{:?}", begun.elapsed());
            // Now everything is refused at once.
            let begun = ambient::monotonic_now();
            launch.member.get(&path).await.expect_status(503);
            assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
            // The outage is longer than PostgreSQL keeps the locks of a client that says nothing.
            tokio::time::sleep(Duration::from_secs(8)).await;
            network.thaw();
            assert_recovers(&launch.member, &path).await;
            stop.store(true, Ordering::SeqCst);
        };
        let clients =
            [&launch.member, &launch.other, &launch.owner, &launch.security, &launch.deputy, &launch.operations];
        let load = futures_util::future::join_all(clients.map(|client| ledger.change_until(client, &stop)));
        tokio::join!(broken, load);
        ledger.repeat_rest(&launch.member).await;
        ledger.compare(&ledger.stored(&launch.app.owner).await, "PostgreSQL vanishes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn open_page_gets_changes_after_the_listening_connection_vanished() {
    let network = Arc::new(Network::to(&database_url()));
    let launch = launch_over((Some(Arc::clone(&network)), None)).await;
    let address = format!("/launches/{}/live?since={}", launch.id, launch.state().await.seq);
    let open = async || {
        let request = launch.other.request(Method::GET, &address).header("accept", "text/event-stream");
        request.send().await.unwrap().bytes_stream()
    };
    let mut stream = open().await;
    network.freeze();
    network.wait_for_loss();
    launch.app.state.database_watch.silence().await;
    network.thaw();
    assert_recovers(&launch.member, &launch.item_path("required", "")).await;
    launch.send_mark(&launch.member, "required", "blocked", "No quota.").await.expect_status(303);
    let received = tokio::time::timeout(RECOVERY, async {
        let mut text = String::new();
        while !text.contains("No quota.") {
            // A stream whose session can't be checked ends, and the page opens another.
            match stream.next().await {
                Some(Ok(bytes)) => text += &String::from_utf8_lossy(&bytes),
                Some(Err(_)) | None => stream = open().await,
            }
        }
    });
    received.await.expect("the change comes long before the pages are checked again");
}

#[tokio::test(flavor = "multi_thread")]
async fn change_whose_reply_to_commit_was_lost_is_there_once_when_repeated() {
    let network = Arc::new(Network::to(&database_url()));
    let launch = launch_over((Some(Arc::clone(&network)), None)).await;
    let ledger = Ledger::of_comments(launch.item_path("required", "/comments"));
    for round in 0..10 {
        network.lose_commits(round % 3);
        for _ in 0..5 {
            ledger.change(&launch.member).await;
        }
    }
    assert_eq!(ledger.count(|outcome| outcome != crate::helpers::ledger::ChangeOutcome::Acknowledged), 9);
    ledger.compare(&ledger.stored(&launch.app.owner).await, "replies to COMMIT lost");
    network.lose_commits(0);
    ledger.repeat_rest(&launch.member).await;
    ledger.compare(&ledger.stored(&launch.app.owner).await, "the same, repeated");
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_keeps_its_file_when_postgresql_vanishes_after_the_commit() {
    let network = Arc::new(Network::to(&database_url()));
    let launch = launch_over((Some(Arc::clone(&network)), None)).await;
    // The first two COMMITs of an upload are of the limits, and the third attaches it.
    network.freeze_at_commit(3);
    let form = Form::new().part("files", Part::bytes(b"restored".to_vec()).file_name("report.txt"));
    launch.member.upload(&launch.item_path("required", "/evidence"), form).await.expect_status(503);
    network.thaw();
    assert_recovers(&launch.member, &launch.item_path("required", "")).await;
    // Whoever would delete the file has the time to.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let attached = launch.item_state("required").await.evidence;
    let [id] = attached[..] else { panic!("it was committed: {attached:?}") };
    launch.member.get(&format!("/evidence/{id}/file")).await.expect_status(200);
}

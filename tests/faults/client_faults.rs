//! Clients that leave, dawdle or never read.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use signoff::ambient;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::helpers::{
    Launch, Setting,
    client::Client,
    demo_server::DemoServer,
    ledger::{ChangeOutcome, Ledger},
};

/// Sends changes and leaves at any moment of them; every tenth client stays until the first byte of the answer, so that
/// some changes are made however slow the machine is.
async fn leave_in_the_middle(launch: &Launch, clients: usize) {
    let path = launch.item_path("required", "/comments");
    let cookie = launch.member.cookies();
    let name = hex::encode(ambient::random_bytes::<4>());
    for batch in 0..clients.div_ceil(50) {
        let sent = (0..50).map(|n| {
            let number = batch * 50 + n;
            let body = format!("body=left+{name}+{number}&once={}", ambient::new_opaque_id::<uuid::Uuid>());
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: \
                 {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
                launch.app.address,
                body.len()
            );
            async move {
                let mut stream = tokio::net::TcpStream::connect(launch.app.address).await.unwrap();
                stream.write_all(request.as_bytes()).await.unwrap();
                if number.is_multiple_of(10) {
                    stream.read_exact(&mut [0]).await.unwrap();
                } else {
                    tokio::time::sleep(Duration::from_millis(number as u64 % 40)).await;
                }
            }
        });
        futures_util::future::join_all(sent).await;
    }
    launch.app.wait_for_background_work().await;
    let (all, most): (i64, Option<i64>) = sqlx::query_as(
        "SELECT coalesce(sum(n), 0)::bigint, max(n) FROM (SELECT count(*) AS n FROM texts WHERE value LIKE 'left ' || $1 || ' %'
         GROUP BY value) AS texts",
    )
    .bind(&name)
    .fetch_one(&launch.app.owner)
    .await
    .unwrap();
    println!("{clients} clients left in the middle of a change: {all} changes are there");
    assert!(most.unwrap_or_default() <= 1 && all > 0, "{all}, {most:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_leave_in_the_middle_of_a_change_leave_whole_changes() {
    let launch = Launch::ledger().make().await;
    leave_in_the_middle(&launch, 100).await;
    assert_works(&launch).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: make test-faults"]
async fn thousands_of_clients_that_leave_in_the_middle_of_a_change_leave_whole_changes() {
    let launch = Launch::ledger().make().await;
    leave_in_the_middle(&launch, 3_000).await;
    assert_works(&launch).await;
}

/// Every connection of the pool is free again, and changes are made.
async fn assert_works(launch: &Launch) {
    let ledger = Ledger::of_comments(launch.item_path("required", "/comments"));
    for _ in 0..20 {
        assert_eq!(ledger.change(&launch.member).await, ChangeOutcome::Acknowledged);
    }
    ledger.compare(&ledger.stored(&launch.app.owner).await, "afterwards");
    assert!(launch.app.state.record.load(&launch.app.state.db, launch.id).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "opens a thousand streams: make test-faults"]
async fn thousand_streams_that_are_never_read_disturb_nobody() {
    let set = vec![("SIGNOFF_STREAMS_PER_PERSON", "1000".to_owned())];
    let launch = Launch::ledger().setting(Setting { set, ..Setting::default() }).make().await;
    let seq = launch.state().await.seq;
    let mut streams = Vec::new();
    for n in 0..1_000 {
        let mut stream = tokio::net::TcpStream::connect(launch.app.address).await.unwrap();
        let request = format!(
            "GET /launches/{}/live?since={seq} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
            launch.id,
            launch.app.address,
            launch.other.cookies()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut beginning = [0; 15];
        stream.read_exact(&mut beginning).await.unwrap();
        assert_eq!(&beginning, b"HTTP/1.1 200 OK", "stream {n}");
        streams.push(stream);
    }
    let begun = ambient::monotonic_now();
    for _ in 0..10 {
        launch.send_mark(&launch.member, "required", "blocked", &"No quota. ".repeat(50)).await.expect_status(303);
        launch.send_mark(&launch.member, "required", "open", "").await.expect_status(303);
    }
    println!("20 changes with 1,000 open streams that are not read: {:.1?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(60));
    drop(streams);
    assert_works(&launch).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits for the time limits of a request: make test-faults"]
async fn slow_heads_and_bodies_hold_nobody_else_up() {
    let server = DemoServer::make().await;
    let _running = server.program.serve();
    let client = server.browser().await;
    while client.request(reqwest::Method::GET, "/healthz").send().await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let path = server.path("/comments");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 500\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\nbody=",
        server.address,
        client.cookies()
    );
    let slow: Vec<TcpStream> = (0..400)
        .map(|n| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            // A half of them never ends its head, the other half its body.
            let sent = if n % 2 == 0 { &head[..head.len() / 2] } else { &head };
            stream.write_all(sent.as_bytes()).unwrap();
            stream
        })
        .collect();
    let ledger = server.ledger();
    for _ in 0..50 {
        assert_eq!(ledger.change(&client).await, ChangeOutcome::Acknowledged);
    }
    ledger.compare(&ledger.stored(&server.owner).await, "beside 400 slow requests");
    for mut stream in slow {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut answer = Vec::new();
        // Closed or reset, but not left open.
        if let Err(error) = stream.read_to_end(&mut answer) {
            assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "a slow request is still open");
        }
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

/// A clock that is set back makes no event older than the one before it.
#[tokio::test]
async fn clock_set_back_loses_no_change_and_orders_no_event_wrongly() {
    let launch = Launch::ledger().make().await;
    let client: &Client = &launch.member;
    launch.send_mark(client, "required", "blocked", "No quota.").await.expect_status(303);
    launch.app.state.clock.advance(-3_600);
    let ledger = Arc::new(Ledger::of_comments(launch.item_path("required", "/comments")));
    for _ in 0..3 {
        assert_eq!(ledger.change(client).await, ChangeOutcome::Acknowledged);
    }
    ledger.compare(&ledger.stored(&launch.app.owner).await, "clock set back by an hour");
    let backwards: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY seq) AS earlier FROM events WHERE launch_id = $1) AS events
         WHERE earlier",
    )
    .bind(launch.id)
    .fetch_one(&launch.app.owner)
    .await
    .unwrap();
    assert_eq!(backwards, 0);
}

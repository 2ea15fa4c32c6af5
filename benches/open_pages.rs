//! A thousand pages open on one launch: their cost for the process and for a tick.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use tokio::sync::Notify;

use crate::{
    figures::{Times, ms, ratio},
    server::{Person, Server},
};

const PAGES: usize = 1_000;
const TICKS: usize = 100;
/// How long to wait until every page has received a tick.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the open pages have received so far.
#[derive(Default)]
struct StreamCounts {
    opened: AtomicUsize,
    changes: AtomicUsize,
    something: Notify,
}

pub(crate) async fn measure(server: &Server) {
    let (admin, owner) = (server.person("admin").await, server.person("member").await);
    let launch = server.launch(&owner, &admin, 208).await;
    let mut items = owner.items(&launch).await;
    let alone = measure_ticks(&owner, &mut items).await;
    println!("a tick, no page open: {alone}");
    let before = server.memory();

    let heard = Arc::new(StreamCounts::default());
    let pages: Vec<_> =
        (0..PAGES).map(|_| tokio::spawn(open_stream(owner.clone(), launch.clone(), Arc::clone(&heard)))).collect();
    wait_until(&heard, || heard.opened.load(Ordering::Relaxed) == PAGES).await;
    let opened = server.memory();
    println!(
        "{PAGES} pages open: the process has {} MB, {} MB more than before",
        opened / 1_000_000,
        opened.saturating_sub(before) / 1_000_000
    );

    let together = measure_ticks(&owner, &mut items).await;
    println!("a tick, {PAGES} pages open: {together}; {:.2} times the tick alone", ratio(&together, &alone));
    wait_until(&heard, || heard.changes.load(Ordering::Relaxed) >= 1).await;

    // One more tick, until every page has received it.
    tokio::time::sleep(Duration::from_secs(2)).await;
    heard.changes.store(0, Ordering::Relaxed);
    let begun = Instant::now();
    owner.tick(&mut items[0]).await;
    wait_until(&heard, || heard.changes.load(Ordering::Relaxed) >= PAGES).await;
    println!("from the click until the last of {PAGES} pages has heard of it: {}", ms(begun.elapsed()));
    println!("  then the process has {} MB", server.memory() / 1_000_000);
    pages.iter().for_each(tokio::task::JoinHandle::abort);
}

async fn measure_ticks(person: &Person, items: &mut [(String, i64)]) -> Times {
    let mut times = Vec::with_capacity(TICKS);
    for tick in 0..TICKS {
        let number = tick % items.len();
        times.push(person.tick(&mut items[number]).await);
    }
    Times::new(times)
}

/// Opens the page's event stream and counts the messages.
async fn open_stream(person: Person, launch: String, heard: Arc<StreamCounts>) {
    let request = person.http.get(person.address(&format!("{launch}/live"))).timeout(Duration::from_secs(600));
    let answer = person.send(request).await;
    assert_eq!(answer.status(), 200);
    heard.opened.fetch_add(1, Ordering::Relaxed);
    heard.something.notify_one();
    let mut bytes = answer.bytes_stream();
    while let Some(Ok(part)) = bytes.next().await {
        let text = String::from_utf8_lossy(&part);
        let changes = text.matches("event: change").count();
        heard.changes.fetch_add(changes, Ordering::Relaxed);
        heard.something.notify_one();
    }
}

async fn wait_until(heard: &StreamCounts, enough: impl Fn() -> bool) {
    let begun = Instant::now();
    while !enough() {
        assert!(begun.elapsed() < PATIENCE, "the pages did not hear of it");
        drop(tokio::time::timeout(Duration::from_millis(20), heard.something.notified()).await);
    }
}

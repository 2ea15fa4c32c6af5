//! The checklist page of an ordinary launch and of one with 2,000 items.

use crate::{figures::ratio, server::Server};

pub(crate) async fn measure(server: &Server) {
    let (admin, owner) = (server.person("admin").await, server.person("member").await);
    let mut found = Vec::new();
    for items in [209, 2_000] {
        let launch = server.launch(&owner, &admin, items).await;
        let times = owner.times(&launch).await;
        let bytes = owner.page(&launch).await.len();
        let packed = owner.http.get(owner.address(&launch)).header("accept-encoding", "br");
        let packed = owner.send(packed).await.bytes().await.unwrap().len();
        println!("checklist page, {items} items: {times}; {} kB, {} kB compressed", bytes / 1_000, packed / 1_000);
        let filtered = owner.times(&format!("{launch}?show=critical")).await;
        println!("  filtered to the critical: {filtered}");
        found.push(times);
    }
    println!("  2,000 items take {:.1} times as long as 209", ratio(&found[1], &found[0]));
}

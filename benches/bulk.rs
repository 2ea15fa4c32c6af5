//! Many items in one request.

use std::time::Instant;

use crate::{
    figures::{Times, ms, ratio},
    server::Server,
};

pub(crate) async fn measure(server: &Server) {
    let (admin, owner) = (server.person("admin").await, server.person("member").await);
    let launch = server.launch(&owner, &admin, 1_999).await;
    let mut items = owner.items(&launch).await;
    let mut one = Vec::new();
    for item in items.iter_mut().take(20) {
        one.push(owner.tick(item).await);
        one.push(owner.tick(item).await);
    }
    let picks: Vec<String> = items.iter().map(|(item, version)| format!("{item}.{version}")).collect();
    let mut fields: Vec<(&str, &str)> = picks.iter().map(|pick| ("item", pick.as_str())).collect();
    fields.push(("act", "done"));
    let begun = Instant::now();
    owner.post(&format!("{launch}/items"), &fields).await;
    let all = Times::new(vec![begun.elapsed()]);
    let one = Times::new(one);
    println!("one item ticked: {one}");
    println!(
        "{} items marked done in one request: {}, {:.0} times one tick",
        items.len(),
        ms(all.median()),
        ratio(&all, &one)
    );
}

//! The first page of a history of a thousand events and of one of a hundred thousand, and the cost of replaying the
//! long one once.

use std::time::Instant;

use sqlx::{Connection as _, PgConnection};

use crate::{
    figures::{Times, ms, ratio},
    server::{Person, Server},
};

const SIZES: [i64; 2] = [1_000, 100_000];

pub(crate) async fn measure(server: &Server) {
    let (admin, owner) = (server.person("admin").await, server.person("member").await);
    let mut found: Vec<Vec<(&str, Times)>> = Vec::new();
    for size in SIZES {
        let launch = server.launch(&owner, &admin, usize::try_from(200 + size / 1_000).unwrap()).await;
        let items = owner.items(&launch).await;
        append_events(&owner, &launch, &items[0].0, size).await;
        let history = format!("{launch}/history");
        let begun = Instant::now();
        owner.page(&history).await;
        println!("history of {size} events: {} the first time, when every event is read", ms(begun.elapsed()));
        let mut of_size = Vec::new();
        for (what, query) in [
            ("the first page", String::new()),
            ("of one kind", "?kind=comments".to_owned()),
            ("of a rare kind", "?kind=settings".to_owned()),
            ("of an item", format!("?item={}", items[0].0)),
            ("with a word", "?text=remarkable".to_owned()),
            ("half way back", format!("?before={}", size / 2)),
        ] {
            let times = owner.times(&format!("{history}{query}")).await;
            println!("  {what}: {times}");
            of_size.push((what, times));
        }
        found.push(of_size);
        println!("  then the process has {} MB", server.memory() / 1_000_000);
    }
    for ((what, short), (_, long)) in found[0].iter().zip(&found[1]) {
        println!("  {what}: {} events take {:.2} times as long as {}", SIZES[1], ratio(long, short), SIZES[0]);
    }
}

/// Makes a launch's history long with comments on one item, inserted as the record would write them except for the hash
/// tree: a hundred thousand requests would take longer than the measurement.
async fn append_events(owner: &Person, launch: &str, item: &str, size: i64) {
    owner.post(&format!("/items/{item}/comments"), &[("body", "Nothing remarkable.")]).await;
    let id: uuid::Uuid = launch.trim_start_matches("/launches/").parse().unwrap();
    let mut db = PgConnection::connect(&std::env::var("MIGRATION_DATABASE_URL").unwrap()).await.unwrap();
    sqlx::query(
        "INSERT INTO events (launch_id, seq, at, kind, actor_id, item_id, bytes)
         SELECT launch_id, seq + n, at, kind, actor_id, item_id,
                convert_to(replace(replace(replace(convert_from(bytes, 'UTF8'),
                    '\"seq\":' || seq, '\"seq\":' || (seq + n)),
                    convert_from(bytes, 'UTF8')::jsonb #>> '{data,comment}', gen_random_uuid()::text),
                    convert_from(bytes, 'UTF8')::jsonb #>> '{data,body}', encode(sha256(n::text::bytea), 'hex')), 'UTF8')
         FROM (SELECT * FROM events WHERE launch_id = $1 ORDER BY seq DESC LIMIT 1) e, generate_series(1, $2 - seq) n",
    )
    .bind(id)
    .bind(size)
    .execute(&mut db)
    .await
    .unwrap();
    sqlx::query("UPDATE launches SET seq = $2 WHERE id = $1").bind(id).bind(size).execute(&mut db).await.unwrap();
    sqlx::query("ANALYZE events").execute(&mut db).await.unwrap();
}

//! PostgreSQL and Redis of the test's own, broken in every way while people work.

use std::{sync::Arc, time::Duration};

use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::helpers::{
    database::TestDatabase,
    demo_server::DemoServer,
    network::Network,
    private_stores::{PrivatePostgres, PrivateRedis, is_root},
    program::Program,
};

const RECOVERY: Duration = Duration::from_secs(10);

async fn pause(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

async fn server_on(postgres: &PrivatePostgres) -> DemoServer {
    let program = Program::make_with(TestDatabase::make_on(&postgres.url()).await);
    program.add_demo();
    DemoServer::make_with(program).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts a PostgreSQL of its own: make test-faults"]
async fn acknowledged_changes_survive_every_fault_of_postgresql() {
    let mut postgres = PrivatePostgres::start().await;
    let server = server_on(&postgres).await;
    let _running = server.program.serve();
    for (name, signal) in [("PostgreSQL restarted", "INT"), ("PostgreSQL killed", "QUIT")] {
        server
            .survive(name, RECOVERY, async || {
                postgres.end(signal);
                pause(3).await;
                postgres.start_again().await;
            })
            .await;
    }
    server
        .survive("PostgreSQL hung for 15 s", RECOVERY, async || {
            postgres.process().suspend();
            pause(15).await;
            postgres.process().resume();
        })
        .await;
    server
        .survive("PostgreSQL slow: a table locked for 4 s", RECOVERY, async || {
            let mut connection = PgConnection::connect(&server.program.database.owner_url()).await.unwrap();
            connection.execute("BEGIN; LOCK TABLE texts").await.unwrap();
            pause(4).await;
            connection.execute("COMMIT").await.unwrap();
        })
        .await;
    server
        .survive("PostgreSQL out of connections", RECOVERY, async || {
            let mut held = Vec::new();
            // The server loses its own connections, and others take every place.
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(application_name, 'signoff/')";
            let mut first = PgConnection::connect(&postgres.url()).await.unwrap();
            first.execute(end).await.unwrap();
            for _ in 0..200 {
                held.extend(PgConnection::connect(&postgres.url()).await.ok());
            }
            first.execute(end).await.unwrap();
            pause(3).await;
        })
        .await;
    if is_root() {
        server
            .survive("disk of PostgreSQL full", Duration::from_secs(20), async || {
                postgres.fill_disk();
                pause(5).await;
                postgres.clear_disk();
            })
            .await;
    } else {
        println!("disk of PostgreSQL full: not tried, since only root may mount a small file system");
    }
    server.verify();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts a Redis of its own: make test-faults"]
async fn acknowledged_changes_survive_every_fault_of_redis() {
    let mut redis = PrivateRedis::start();
    let mut program = Program::with_demo().await;
    program.set("REDIS_URL", redis.url());
    let server = DemoServer::make_with(program).await;
    let _running = server.program.serve();
    server
        .survive("Redis stopped and started", RECOVERY, async || {
            redis.end();
            pause(3).await;
            redis.start_again();
        })
        .await;
    server
        .survive("Redis hung for 10 s", RECOVERY, async || {
            redis.process().suspend();
            pause(10).await;
            redis.process().resume();
        })
        .await;
    server.survive("Redis emptied", RECOVERY, async || redis.command(&["FLUSHALL"]).await).await;
    server
        .survive("Redis out of memory", RECOVERY, async || {
            redis.command(&["CONFIG", "SET", "maxmemory", "1"]).await;
            pause(3).await;
            redis.command(&["CONFIG", "SET", "maxmemory", "0"]).await;
        })
        .await;
    server
        .survive("Redis evicting", RECOVERY, async || {
            redis.command(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]).await;
            redis.command(&["CONFIG", "SET", "maxmemory", "1"]).await;
            pause(3).await;
            redis.command(&["CONFIG", "SET", "maxmemory", "0"]).await;
        })
        .await;
    server.verify();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: make test-faults"]
async fn acknowledged_changes_survive_peers_that_vanish_and_lost_replies() {
    let mut program = Program::with_demo().await;
    let setting = |name: &str| program.set.iter().find(|(known, _)| known == name).unwrap().1.clone();
    let (database, redis) = (setting("DATABASE_URL"), setting("REDIS_URL"));
    let (to_database, to_redis) = (Arc::new(Network::to(&database)), Arc::new(Network::to(&redis)));
    program.set("DATABASE_URL", to_database.url(&database));
    let server = DemoServer::make_with(program).await;
    let mut server = server;
    server.program.set("REDIS_URL", to_redis.url(&redis));
    let _running = server.program.serve();
    for (name, network) in [("PostgreSQL vanished for 12 s", &to_database), ("Redis vanished for 12 s", &to_redis)] {
        server
            .survive(name, Duration::from_secs(5), async || {
                network.freeze();
                pause(12).await;
                network.thaw();
            })
            .await;
    }
    server
        .survive("50 replies to COMMIT lost", RECOVERY, async || {
            to_database.lose_commits(50);
            pause(8).await;
            to_database.lose_commits(0);
        })
        .await;
    server.verify();
}

//! The real program with the demo's launch, under load while something is broken.

use std::{
    net::{SocketAddr, TcpListener},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use secrecy::SecretString;
use signoff::{
    access::{session, store},
    ambient::{self, Clock},
    domain::ids::UserId,
    redis::Redis,
};
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    client::Client,
    ledger::Ledger,
    program::{Program, output_text},
};

/// An installation with the demo, at a fixed address, so that it can be started again.
pub(crate) struct DemoServer {
    pub(crate) program: Program,
    pub(crate) address: SocketAddr,
    pub(crate) owner: PgPool,
    /// The owner of the launch.
    person: UserId,
    /// An item of the launch.
    pub(crate) item: Uuid,
}

impl DemoServer {
    pub(crate) async fn make() -> Self {
        Self::make_with(Program::with_demo().await).await
    }

    /// One of a program that has the demo already.
    pub(crate) async fn make_with(mut program: Program) -> Self {
        let address = free_address();
        program.set("SIGNOFF_LISTEN", address.to_string());
        program.set("SIGNOFF_CHANGES_PER_MINUTE", "100000");
        let owner = program.database.owner_pool();
        let (person, item) = sqlx::query_as(
            "SELECT owner_id, items.id FROM launches JOIN items ON launch_id = launches.id ORDER BY position LIMIT 1",
        )
        .fetch_one(&owner)
        .await
        .unwrap();
        Self { program, address, owner, person, item }
    }

    /// A setting of the program.
    pub(crate) fn setting(&self, name: &str) -> String {
        self.program.set.iter().rev().find(|(known, _)| known == name).unwrap().1.clone()
    }

    /// A browser of the launch's owner.
    pub(crate) async fn browser(&self) -> Client {
        self.browser_at(self.address).await
    }

    pub(crate) async fn browser_at(&self, address: SocketAddr) -> Client {
        let client = Client::new(address);
        self.sign_in(&client).await;
        client
    }

    /// Gives a browser a new session.
    pub(crate) async fn sign_in(&self, client: &Client) {
        let redis = Redis::new(&SecretString::from(self.setting("REDIS_URL")), "signoff:").unwrap();
        let mut connection = self.owner.acquire().await.unwrap();
        let account = store::find_account(&mut connection, self.person).await.unwrap().unwrap();
        let from = ("Firefox on Linux".to_owned(), "127.0.0.1".to_owned());
        let token = session::start(&redis, &account, from, Clock::default().now()).await.unwrap();
        client.set_cookie("signoff", &token.to_text());
    }

    /// A ledger of comments on the item.
    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::of_comments(self.path("/comments"))
    }

    /// An address of the item.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/items/{}{rest}", self.item)
    }

    /// Breaks something and mends it again while four people work. Afterwards the server has to answer in time, every
    /// acknowledged change has to be there once, and the others once when they are repeated.
    pub(crate) async fn survive(&self, name: &str, recovery: Duration, broken: impl AsyncFnOnce()) {
        let ledger = self.ledger();
        let clients = [self.browser().await, self.browser().await, self.browser().await, self.browser().await];
        let stop = AtomicBool::new(false);
        let load = futures_util::future::join_all(clients.iter().map(|client| ledger.change_until(client, &stop)));
        let fault = async {
            wait_for_changes(&ledger, 20).await;
            broken().await;
            let mended = ambient::monotonic_now();
            for client in &clients {
                self.sign_in(client).await;
            }
            wait_for_changes(&ledger, ledger.acknowledged() + 4).await;
            let took = mended.elapsed();
            println!("{name}: works again {took:.1?} after it was mended");
            assert!(took < recovery, "{name}: {took:?}");
            stop.store(true, Ordering::SeqCst);
        };
        tokio::join!(load, fault);
        ledger.compare(&ledger.stored(&self.owner).await, name);
        ledger.repeat_rest(&clients[0]).await;
        ledger.compare(&ledger.stored(&self.owner).await, "the same, repeated");
    }

    /// The histories are whole and agree with the tables.
    #[track_caller]
    pub(crate) fn verify(&self) {
        let verified = self.program.run(&["verify", "--database"]);
        assert!(verified.status.success(), "{}", output_text(&verified));
    }
}

/// Waits until this many changes are acknowledged.
pub(crate) async fn wait_for_changes(ledger: &Ledger, count: usize) {
    let all = async {
        while ledger.acknowledged() < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), all).await.expect("changes are made");
}

/// An address on which nothing listens.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

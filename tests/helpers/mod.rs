//! What tests are made of: a running application ([`TestApp`]), people ([`people`]) and their browsers ([`client`]).

pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod heard;
pub(crate) mod launch;
pub(crate) mod launches;
pub(crate) mod people;
pub(crate) mod program;
pub(crate) mod second_factor;
pub(crate) mod smtp;
pub(crate) mod statements;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use secrecy::zeroize::Zeroizing;
use serde_json::Value;
use signoff::{
    ambient::{self, Clock},
    app,
    blobs::Blobs,
    config::Config,
    db,
    domain::{ids::InstallationId, key::PrivateKey},
    redis::Redis,
    server::{self, Limits},
    state::AppState,
    web::route::Route,
};
use sqlx::PgPool;
use tokio::{net::TcpListener, task::JoinHandle};

use self::{client::Client, database::TestDatabase};

pub(crate) use launches::Launch;
pub(crate) use people::{Person, admin, anon, auditor, lead, member};

/// A running application: its own database, its own corner of Redis, its own folder, its own clock.
pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) address: SocketAddr,
    /// As the owner of the database, who may do what the application may not.
    pub(crate) owner: PgPool,
    /// The installation's key.
    pub(crate) key: Arc<PrivateKey>,
    /// The task that serves, which ends when `state.stop` is cancelled.
    pub(crate) server: JoinHandle<()>,
    _evidence: tempfile::TempDir,
    _database: TestDatabase,
}

/// What is different in one test.
pub(crate) struct Setting {
    /// Settings, by the names of their variables.
    pub(crate) set: Vec<(&'static str, String)>,
    /// Routes besides the application's.
    pub(crate) routes: Vec<Route>,
    /// The limits of time.
    pub(crate) limits: Limits,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            set: Vec::new(),
            routes: Vec::new(),
            limits: Limits { drain: Duration::from_secs(3), ..Limits::default() },
        }
    }
}

impl TestApp {
    /// Starts one.
    pub(crate) async fn start() -> Self {
        Self::start_with(Setting::default()).await
    }

    /// Starts one with settings, routes or limits of its own.
    pub(crate) async fn start_with(setting: Setting) -> Self {
        let database = TestDatabase::make().await;
        let evidence = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let known = [
            ("DATABASE_URL", database.owner_url()),
            ("MIGRATION_DATABASE_URL", database.owner_url()),
            ("REDIS_URL", redis_url()),
            ("SIGNOFF_LISTEN", address.to_string()),
            ("SIGNOFF_EVIDENCE_DIR", evidence.path().join("evidence").display().to_string()),
            ("SIGNOFF_CHECKPOINT_DIR", evidence.path().join("checkpoints").display().to_string()),
            ("SIGNOFF_EVIDENCE_MAX_MB", "1".to_owned()),
            // Tests are quicker than people.
            ("SIGNOFF_CHANGES_PER_MINUTE", "100000".to_owned()),
            ("SIGNOFF_SECRET_KEY", "5e".repeat(32)),
        ];
        let config = Config::read(|name| {
            let own = setting.set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            own.or_else(|| known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
        })
        .unwrap();
        // The application is a member of `signoff_app`, with no right beyond it.
        let options = db::options(&config.database_url).unwrap().options([("role", "signoff_app")]);
        let pool = db::pool(options, config.database_connections);
        let redis = Redis::new(&config.redis_url, &format!("test-{}:", hex::encode(ambient::random::<8>()))).unwrap();
        let blobs = Blobs::in_folder(&config.evidence_dir).unwrap();
        let (key, owner) = (Arc::new(key(7)), database.owner_pool());
        know(&owner, &key).await;
        let state = AppState::new(config, pool, redis, Clock::default(), blobs, Arc::clone(&key));
        let routes = app::routes().into_iter().chain(setting.routes).collect();
        let server = serve(&state, listener, routes, setting.limits);
        Self { state, address, owner, key, server, _evidence: evidence, _database: database }
    }

    /// Stops the server, does something that it hears nothing of, and starts it again: for whoever has a page open, the
    /// connection is cut.
    pub(crate) async fn cut(&mut self, meanwhile: impl AsyncFnOnce(&AppState)) {
        self.state.stop.cancel();
        (&mut self.server).await.unwrap();
        let config = self.state.config.clone();
        let blobs = Blobs::in_folder(&config.evidence_dir).unwrap();
        let (db, redis) = (self.state.db.clone(), self.state.redis.clone());
        let state = AppState::new(config, db, redis, Clock::default(), blobs, Arc::clone(&self.key));
        meanwhile(&state).await;
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.server = serve(&state, listener, app::routes(), Limits::default());
        self.state = state;
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// The kinds in the installation's log, oldest first, but for requests turned away: those are told beside the answer,
    /// sooner or later ([`Self::told_beside`]).
    pub(crate) async fn installation_log(&self) -> Vec<String> {
        self.settled().await;
        sqlx::query_scalar(
            "SELECT kind FROM installation_events WHERE kind NOT IN ('request_refused', 'requests_refused') ORDER BY index",
        )
        .fetch_all(&self.owner)
        .await
        .unwrap()
    }

    /// Waits until nothing is under way any more that outlives an answer.
    pub(crate) async fn settled(&self) {
        while !self.state.tasks.is_empty() {
            tokio::task::yield_now().await;
        }
    }

    /// The entries of these kinds in the installation's log, oldest first, once there are so many: what is told beside
    /// the answer is there soon.
    pub(crate) async fn told_beside(&self, kinds: &[&str], count: usize) -> Vec<Value> {
        for _ in 0..500 {
            let entries: Vec<Vec<u8>> =
                sqlx::query_scalar("SELECT bytes FROM installation_events WHERE kind = ANY ($1) ORDER BY index")
                    .bind(kinds)
                    .fetch_all(&self.owner)
                    .await
                    .unwrap();
            if entries.len() >= count {
                return entries.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{count} entries never came");
    }
}

/// Serves an application, as the program does.
fn serve(state: &AppState, listener: TcpListener, routes: Vec<Route>, limits: Limits) -> JoinHandle<()> {
    let router = app::build_with(state.clone(), routes).unwrap();
    tokio::spawn(state.feed.clone().run(state.db.clone(), state.record.clone(), state.stop.clone()));
    tokio::spawn(server::serve(listener, router, state.stop.clone(), limits))
}

/// A key, another for each number, of an installation of that number.
pub(crate) fn key(number: u8) -> PrivateKey {
    PrivateKey::new(InstallationId(uuid::Uuid::from_u128(number.into())), &Zeroizing::new([number; 32]))
}

/// Lets a database know its key as the program does (`record::keys::take`), but for the event: the log of a test begins
/// with what the test does.
async fn know(owner: &PgPool, key: &PrivateKey) {
    let public = key.public();
    sqlx::query(
        "INSERT INTO keys (public_key, number, installation_id, vkey, registered_at) VALUES ($1, 1, $2, $3, now())",
    )
    .bind(public.bytes().as_slice())
    .bind(public.installation())
    .bind(public.to_string())
    .execute(owner)
    .await
    .unwrap();
}

/// Where Redis is.
pub(crate) fn redis_url() -> String {
    std::env::var("REDIS_URL").expect("REDIS_URL: run the tests with `make test`")
}

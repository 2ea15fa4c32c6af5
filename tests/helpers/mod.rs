//! Test helpers: a running application ([`TestApp`]), people ([`people`]) and their browsers ([`client`]).

pub(crate) mod checklists;
pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod demo_server;
pub(crate) mod filled_launch;
pub(crate) mod installation;
pub(crate) mod launch;
pub(crate) mod ledger;
pub(crate) mod log_capture;
pub(crate) mod network;
pub(crate) mod people;
pub(crate) mod private_stores;
pub(crate) mod program;
pub(crate) mod s3_server;
pub(crate) mod second_factor;
pub(crate) mod smtp;
pub(crate) mod sql_statements;

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
    server::{self, ServerLimits},
    state::AppState,
    web::route::Route,
};
use sqlx::PgPool;
use tokio::{net::TcpListener, task::JoinHandle};

use self::{client::Client, database::TestDatabase, network::Network};

pub(crate) use launch::Launch;
pub(crate) use people::{Person, admin, anon, auditor, lead, member};

/// A running application with its own database, key space in Redis, folder and clock.
pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) address: SocketAddr,
    /// Connections as the database's owner, who may do what the application may not.
    pub(crate) owner: PgPool,
    /// The installation's key.
    pub(crate) key: Arc<PrivateKey>,
    /// The serving task, which ends when `state.stop` is cancelled.
    pub(crate) server: JoinHandle<()>,
    _evidence: tempfile::TempDir,
    _database: TestDatabase,
}

/// The differences of one test's application from the usual one.
pub(crate) struct Setting {
    /// Settings, by the names of their variables.
    pub(crate) set: Vec<(&'static str, String)>,
    /// Routes in addition to the application's.
    pub(crate) routes: Vec<Route>,
    pub(crate) limits: ServerLimits,
    /// The networks to PostgreSQL and to Redis, if they may break; then PostgreSQL is watched as the program does.
    pub(crate) networks: (Option<Arc<Network>>, Option<Arc<Network>>),
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            set: Vec::new(),
            routes: Vec::new(),
            limits: ServerLimits { drain_timeout: Duration::from_secs(3), ..ServerLimits::default() },
            networks: (None, None),
        }
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Setting::default()).await
    }

    /// Starts an application with its own settings, routes or limits.
    pub(crate) async fn start_with(setting: Setting) -> Self {
        let database = TestDatabase::make().await;
        let evidence = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let through = |network: &Option<Arc<Network>>, url: String| match network {
            Some(network) => network.url(&url),
            None => url,
        };
        let (to_database, to_redis) = &setting.networks;
        let known = [
            ("DATABASE_URL", through(to_database, database.owner_url())),
            ("MIGRATION_DATABASE_URL", database.owner_url()),
            ("REDIS_URL", through(to_redis, redis_url())),
            ("SIGNOFF_LISTEN", address.to_string()),
            ("SIGNOFF_EVIDENCE_DIR", evidence.path().join("evidence").display().to_string()),
            ("SIGNOFF_CHECKPOINT_DIR", evidence.path().join("checkpoints").display().to_string()),
            ("SIGNOFF_EVIDENCE_MAX_MB", "1".to_owned()),
            // Tests send more requests than people do.
            ("SIGNOFF_CHANGES_PER_MINUTE", "100000".to_owned()),
            ("SIGNOFF_SECRET_KEY", "5e".repeat(32)),
        ];
        let config = Config::read(|name| {
            let own = setting.set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            own.or_else(|| known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
        })
        .unwrap();
        // The application is a member of `signoff_app`, with no right beyond it.
        let options = db::connect_options(&config.database_url).unwrap().options([("role", "signoff_app")]);
        let pool = db::create_pool(db::name_server_sessions(options), config.database_connections);
        let redis =
            Redis::new(&config.redis_url, &format!("test-{}:", hex::encode(ambient::random_bytes::<8>()))).unwrap();
        let blobs = Blobs::in_folder(&config.evidence_dir).unwrap();
        let (key, owner) = (Arc::new(private_key(7)), database.owner_pool());
        register_key(&owner, &key).await;
        let state = AppState::new(config, pool, redis, Clock::default(), blobs, Arc::clone(&key));
        if to_database.is_some() {
            tokio::spawn(state.database_watch.clone().run(state.db.clone(), state.stop.clone()));
        }
        let routes = app::routes().into_iter().chain(setting.routes).collect();
        let server = serve(&state, listener, routes, setting.limits);
        Self { state, address, owner, key, server, _evidence: evidence, _database: database }
    }

    /// Stops the server, makes a change that it is not notified of, and starts it again: the connections of open pages
    /// are cut.
    pub(crate) async fn restart(&mut self, meanwhile: impl AsyncFnOnce(&AppState)) {
        self.state.stop.cancel();
        (&mut self.server).await.unwrap();
        let config = self.state.config.clone();
        let blobs = Blobs::in_folder(&config.evidence_dir).unwrap();
        let (db, redis) = (self.state.db.clone(), self.state.redis.clone());
        let state = AppState::new(config, db, redis, Clock::default(), blobs, Arc::clone(&self.key));
        meanwhile(&state).await;
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.server = serve(&state, listener, app::routes(), ServerLimits::default());
        self.state = state;
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// The kinds in the audit log, oldest first, without rejected requests.
    pub(crate) async fn installation_log(&self) -> Vec<String> {
        self.wait_for_background_work().await;
        sqlx::query_scalar(
            "SELECT kind FROM installation_events WHERE kind NOT IN ('request_refused', 'requests_refused') ORDER BY index",
        )
        .fetch_all(&self.owner)
        .await
        .unwrap()
    }

    /// Waits until all work that continues after an answer has ended. A task of the application is in `state.tasks` before
    /// its answer is sent.
    pub(crate) async fn wait_for_background_work(&self) {
        // Only a closed tracker can be waited for. It accepts tasks all the same.
        self.state.tasks.close();
        self.state.tasks.wait().await;
        self.state.tasks.reopen();
    }

    /// The entries of these kinds in the audit log, oldest first, with those that are written after the answer.
    pub(crate) async fn installation_entries(&self, kinds: &[&str]) -> Vec<Value> {
        self.wait_for_background_work().await;
        let entries: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT bytes FROM installation_events WHERE kind = ANY ($1) ORDER BY index")
                .bind(kinds)
                .fetch_all(&self.owner)
                .await
                .unwrap();
        entries.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect()
    }
}

/// Serves an application as the program does.
fn serve(state: &AppState, listener: TcpListener, routes: Vec<Route>, limits: ServerLimits) -> JoinHandle<()> {
    let router = app::build_router_with(state.clone(), routes).unwrap();
    tokio::spawn(state.feed.clone().run(
        state.db.clone(),
        state.database_watch.clone(),
        state.record.clone(),
        state.stop.clone(),
    ));
    tokio::spawn(server::serve(listener, router, state.stop.clone(), limits))
}

/// A different key for each number, for an installation with that number.
pub(crate) fn private_key(number: u8) -> PrivateKey {
    PrivateKey::new(InstallationId(uuid::Uuid::from_u128(number.into())), &Zeroizing::new([number; 32]))
}

/// Registers its key in a database as the program does (`record::keys::register_key`), but without the event: a test's log
/// begins with the test's own entries.
async fn register_key(owner: &PgPool, key: &PrivateKey) {
    let public = key.public_key();
    sqlx::query(
        "INSERT INTO keys (public_key, number, installation_id, vkey, registered_at) VALUES ($1, 1, $2, $3, now())",
    )
    .bind(public.as_bytes().as_slice())
    .bind(public.installation())
    .bind(public.to_string())
    .execute(owner)
    .await
    .unwrap();
}

pub(crate) fn redis_url() -> String {
    std::env::var("REDIS_URL").expect("REDIS_URL: run the tests with `make test`")
}

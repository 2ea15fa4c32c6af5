//! A database for each test, copied from a template that is migrated once.

use std::{path::Path, process::Command, time::Duration};

use sha2::{Digest as _, Sha256};
use signoff::{ambient, schema};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::program::output_text;

/// The key of the advisory lock for creating what all tests share.
const LOCK: i64 = 0x7369_676e_6f66_6600;

/// A database that is dropped with this value.
pub(crate) struct TestDatabase {
    name: String,
    /// The URL of its server.
    server: String,
}

impl TestDatabase {
    /// Makes a database. Tests run in separate processes; the first one makes the template.
    pub(crate) async fn make() -> Self {
        Self::make_on(&server_url()).await
    }

    /// Makes a database on the server with this URL.
    pub(crate) async fn make_on(server_url: &str) -> Self {
        let mut server = connect(server_url).await;
        let template = template_name();
        server.execute(AssertSqlSafe(format!("SELECT pg_advisory_lock({LOCK})"))).await.unwrap();
        create_roles(&mut server).await;
        create_template(&mut server, server_url, &template).await;
        server.execute(AssertSqlSafe(format!("SELECT pg_advisory_unlock({LOCK})"))).await.unwrap();
        let name = new_name();
        // Copied file by file: the default, through the server's log, takes three times as long.
        let copy = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
        server.execute(AssertSqlSafe(copy)).await.unwrap();
        server.close().await.unwrap();
        Self { name, server: server_url.to_owned() }
    }

    /// A database without a table, in a cluster that has the roles.
    pub(crate) async fn make_empty() -> Self {
        let server_url = server_url();
        let mut server = connect(&server_url).await;
        server.execute(AssertSqlSafe(format!("SELECT pg_advisory_lock({LOCK})"))).await.unwrap();
        create_roles(&mut server).await;
        server.execute(AssertSqlSafe(format!("SELECT pg_advisory_unlock({LOCK})"))).await.unwrap();
        let name = new_name();
        server.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        server.close().await.unwrap();
        Self { name, server: server_url }
    }

    /// Its URL for the owner.
    pub(crate) fn owner_url(&self) -> String {
        let mut url = url::Url::parse(&self.server).unwrap();
        url.set_path(&self.name);
        url.to_string()
    }

    /// Its URL for the application, which may not rewrite history.
    pub(crate) fn app_url(&self) -> String {
        let owner = self.owner_url();
        let joint = if owner.contains('?') { '&' } else { '?' };
        format!("{owner}{joint}options=-c%20role%3Dsignoff_app")
    }

    /// Copies it into another database with PostgreSQL's own programs, as a backup is restored. The folder is for the dump.
    pub(crate) fn copy_to(&self, to: &Self, folder: &Path) {
        let dump = folder.join("copied.dump");
        let run = |program: &str, arguments: &[&str]| {
            let done = Command::new(program).args(arguments).output().unwrap();
            assert!(done.status.success(), "{program}: {}", output_text(&done));
        };
        let (from, to) = (format!("--dbname={}", self.owner_url()), format!("--dbname={}", to.owner_url()));
        run("pg_dump", &["--format=custom", "--file", dump.to_str().unwrap(), &from]);
        run("pg_restore", &["--clean", "--if-exists", "--exit-on-error", &to, dump.to_str().unwrap()]);
    }

    pub(crate) fn owner_pool(&self) -> PgPool {
        PgPoolOptions::new().max_connections(2).connect_lazy(&self.owner_url()).unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (name, server) = (self.name.clone(), self.server.clone());
        // In a separate runtime: the test's own is ending, and cannot be waited for from here.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                // A server of the test's own may have ended.
                let Ok(mut server) = PgConnection::connect(&server).await else { return };
                let dropped = server.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
                // PostgreSQL 15 now and then waits up to a minute until each of its processes has noticed. The database
                // ends with the server of the tests at the latest.
                drop(tokio::time::timeout(Duration::from_secs(2), dropped).await);
            });
        });
        drop(dropping.join());
    }
}

fn new_name() -> String {
    format!("signoff_test_{}", hex::encode(ambient::random_bytes::<8>()))
}

fn server_url() -> String {
    std::env::var("DATABASE_URL").expect("DATABASE_URL: run the tests with `make test`")
}

async fn connect(server_url: &str) -> PgConnection {
    PgConnection::connect(server_url).await.unwrap()
}

/// The name contains a hash of the migrations, so that a changed migration gets a new template.
fn template_name() -> String {
    let mut sha = Sha256::new();
    for migration in schema::MIGRATIONS.iter() {
        sha.update(&migration.checksum);
    }
    format!("signoff_template_{}", hex::encode(&sha.finalize()[..8]))
}

async fn create_roles(server: &mut PgConnection) {
    for role in ["signoff_app", "signoff_redactor"] {
        let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
            .bind(role)
            .fetch_one(&mut *server)
            .await
            .unwrap();
        if !there {
            server.execute(AssertSqlSafe(format!("CREATE ROLE {role} NOLOGIN"))).await.unwrap();
        }
        let member: bool =
            sqlx::query_scalar("SELECT pg_has_role($1, 'MEMBER')").bind(role).fetch_one(&mut *server).await.unwrap();
        if !member {
            server.execute(AssertSqlSafe(format!("GRANT {role} TO CURRENT_USER"))).await.unwrap();
        }
    }
}

async fn create_template(server: &mut PgConnection, server_url: &str, name: &str) {
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)")
            .bind(name)
            .fetch_one(&mut *server)
            .await
            .unwrap();
    if there {
        return;
    }
    // A database not yet marked as a template was left incomplete.
    server.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await.unwrap();
    server.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let options: PgConnectOptions = server_url.parse().unwrap();
    schema::migrate(options.database(name)).await.unwrap();
    server.execute(AssertSqlSafe(format!("ALTER DATABASE {name} IS_TEMPLATE true"))).await.unwrap();
}

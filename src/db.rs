//! The pool of connections to PostgreSQL, and the checks before anything is served.

use std::time::Duration;

use anyhow::{Context as _, bail};
use log::LevelFilter;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::domain::{text::to_nfc, time::Moment};

/// How long a request waits for a free connection. A pool that has none in that time is reported as down.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// Fails if the address can't be parsed.
pub fn connect_options(url: &SecretString) -> anyhow::Result<PgConnectOptions> {
    let options: PgConnectOptions = url.expose_secret().parse().context("DATABASE_URL is not understood")?;
    // Statements that hang time out before the person gives up. PostgreSQL would warn about the guard below, which
    // usually has nothing to roll back, so only errors are reported.
    Ok(options.application_name("signoff").options([
        ("client_min_messages", "error"),
        ("statement_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "60s"),
    ]))
}

/// Logs statements that take this long, as warnings and with their text. Their values are not logged.
#[must_use]
pub fn log_slow_statements(options: PgConnectOptions, slow: Duration) -> PgConnectOptions {
    options.log_slow_statements(LevelFilter::Warn, slow)
}

/// A pool that connects on first use.
#[must_use]
pub fn create_pool(options: PgConnectOptions, most: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A `begin()` dropped while BEGIN is running returns its connection inside an open transaction, and the next
        // borrower's acknowledged write is lost (sqlx issues 4385 and 4393). axum drops handlers when a client leaves,
        // so this does happen. Any open transaction is rolled back before the connection is used again.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("ROLLBACK").await?;
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}

/// Begins a text search: it times out long before a person would give up.
pub const BEGIN_SEARCH: &str = "BEGIN READ ONLY; SET LOCAL statement_timeout = '4s'";

/// Runs a search in a transaction of its own that `begin` begins, such as [`BEGIN_SEARCH`]; `None` when it took too long.
pub async fn run_search<T>(
    db: &PgPool,
    begin: &'static str,
    search: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<Option<T>, sqlx::Error> {
    /// The error code of a cancelled statement.
    const CANCELLED: &str = "57014";
    let mut transaction = db.begin_with(begin).await?;
    let result = search(&mut transaction).await;
    transaction.rollback().await?;
    match result {
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(CANCELLED) => Ok(None),
        result => result.map(Some),
    }
}

/// An `ILIKE` pattern that matches texts containing `part`, possibly within a word. It is in the form NFC (UAX 15), as
/// what it is compared with.
#[must_use]
pub fn contains_pattern(part: &str) -> String {
    format!("%{}%", to_nfc(part).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Migrates the schema, as its owner, and lets the application read how far it is.
///
/// # Errors
/// When the database does not answer, the roles that migrations grant to are missing, or a migration fails, which
/// leaves the schema as it was before that migration.
pub async fn migrate(owner: PgConnectOptions) -> anyhow::Result<()> {
    // Hides notices about things that exist already.
    let owner = owner.options([("client_min_messages", "warning")]);
    let mut connection =
        PgConnection::connect_with(&owner).await.context("PostgreSQL does not answer at MIGRATION_DATABASE_URL")?;
    let roles: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_roles WHERE rolname IN ('signoff_app', 'signoff_redactor')")
            .fetch_one(&mut connection)
            .await?;
    if roles < 2 {
        bail!("The roles signoff_app and signoff_redactor are missing. Run deploy/roles.sql once, as a superuser.");
    }
    MIGRATIONS.run(&mut connection).await.context("A migration failed")?;
    connection.execute("GRANT SELECT ON _sqlx_migrations TO signoff_app").await?;
    connection.close().await?;
    Ok(())
}

/// When a migration was applied to this database; `None` when no time is known.
pub async fn migration_time(db: &PgPool, version: i64) -> Result<Option<Moment>, sqlx::Error> {
    sqlx::query_scalar("SELECT installed_on FROM _sqlx_migrations WHERE version = $1 AND success")
        .bind(version)
        .fetch_optional(db)
        .await
}

/// Refuses a database that can't be served from: one that is not migrated, or whose history the application could
/// rewrite.
///
/// # Errors
/// With a sentence that says what to do.
pub async fn check_ready(db: &PgPool) -> anyhow::Result<()> {
    let mut connection = db.acquire().await.context("PostgreSQL does not answer at DATABASE_URL")?;
    let applied: Option<i64> = match sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut *connection)
        .await
    {
        Ok(newest) => newest,
        // A missing table and missing rights both mean that nobody has migrated it as documented.
        Err(sqlx::Error::Database(_)) => None,
        Err(error) => return Err(error).context("PostgreSQL does not answer at DATABASE_URL"),
    };
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max();
    if applied < newest {
        bail!("The database is not up to date. Run `signoff migrate` first.");
    }
    if applied > newest {
        bail!("The database is newer than this signoff. Run the version that migrated it, or a later one.");
    }
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace
           AND relname IN ('events', 'installation_events', 'tree_nodes', 'keys', 'checkpoints', 'checkpoint_witnesses')
           AND (has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')
                OR has_table_privilege(oid, 'TRUNCATE') OR has_any_column_privilege(oid, 'UPDATE'))
         ORDER BY relname",
    )
    .fetch_all(&mut *connection)
    .await?;
    if !open.is_empty() {
        bail!(
            "The login in DATABASE_URL could rewrite history (it may change or delete rows of {}). Give signoff a \
             login that owns nothing and is a member of signoff_app.",
            open.join(", ")
        );
    }
    Ok(())
}

//! The pool of connections to PostgreSQL, and what must hold of them before anything is served.

use std::time::Duration;

use anyhow::{Context as _, bail};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How long a request waits for a free connection. A pool that can't give one in that time is reported as down.
const ACQUIRE: Duration = Duration::from_secs(5);

/// The migrations, compiled in.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The application's connection options from its address.
///
/// # Errors
/// When the address is not understood.
pub fn options(url: &SecretString) -> anyhow::Result<PgConnectOptions> {
    let options: PgConnectOptions = url.expose_secret().parse().context("DATABASE_URL is not understood")?;
    // Statements that hang give up before the person does. The guard below rolls back where mostly nothing is to
    // be rolled back, which PostgreSQL would warn of each time.
    Ok(options.application_name("signoff").options([
        ("client_min_messages", "error"),
        ("statement_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "60s"),
    ]))
}

/// A pool that connects when first asked.
#[must_use]
pub fn pool(options: PgConnectOptions, most: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(ACQUIRE)
        // A `begin()` dropped while BEGIN is under way gives its connection back inside an open transaction, and
        // the next borrower's acknowledged write vanishes (sqlx issues 4385 and 4393). axum drops handlers when a
        // client leaves, so this does happen. Whatever is open is rolled back before anyone else gets it.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("ROLLBACK").await?;
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}

/// How what people type is looked for, with [`sqlx::PgPool::begin_with`]: it gives up long before the person does.
pub const LOOKING_UP: &str = "BEGIN READ ONLY; SET LOCAL statement_timeout = '4s'";

/// What was found; nothing, when the statement took too long.
///
/// # Errors
/// When it failed in another way.
pub fn unless_too_long<T>(found: Result<T, sqlx::Error>) -> Result<Option<T>, sqlx::Error> {
    /// The code of a statement that was cancelled.
    const CANCELLED: &str = "57014";
    match found {
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(CANCELLED) => Ok(None),
        found => found.map(Some),
    }
}

/// The pattern, for `ILIKE`, of texts that have this somewhere, be it within a word.
#[must_use]
pub fn containing(part: &str) -> String {
    format!("%{}%", part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Brings the schema up to date, as its owner, and lets the application see how far it is.
///
/// # Errors
/// When the database does not answer, the roles that migrations grant to are missing, or a migration fails, which
/// leaves the schema as it was before that migration.
pub async fn migrate(owner: PgConnectOptions) -> anyhow::Result<()> {
    // What is there already is no news.
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

/// Refuses a database that is not ready to be served from: not migrated, or whose history the application could
/// rewrite.
///
/// # Errors
/// With a sentence that says what to do.
pub async fn check(db: &PgPool) -> anyhow::Result<()> {
    let mut connection = db.acquire().await.context("PostgreSQL does not answer at DATABASE_URL")?;
    let applied: Option<i64> = match sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut *connection)
        .await
    {
        Ok(newest) => newest,
        // Neither "no such table" nor "not yours to read" says anything but that nobody migrated it as told.
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

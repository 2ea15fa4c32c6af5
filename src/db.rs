//! The pool of connections to PostgreSQL, and the checks before anything is served.

use std::{io, time::Duration};

use anyhow::{Context as _, anyhow, ensure};
use log::LevelFilter;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    ambient,
    domain::{text::to_nfc, time::Moment},
};

/// How long a request waits for a free connection. A pool that has none in that time is reported as down.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection of the pool may take to answer before it is given up: it may have been lost while it was idle.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// Fails if the address can't be parsed.
pub fn connect_options(url: &SecretString) -> anyhow::Result<PgConnectOptions> {
    let options: PgConnectOptions = url.expose_secret().parse().context("DATABASE_URL is not understood")?;
    // Statements that hang time out before the person gives up. PostgreSQL would warn about the guard below, which
    // usually has nothing to roll back, so only errors are reported. The last settings are for a server of ours that
    // vanished without closing its connections: its transactions, which lock launches, are rolled back soon, also those
    // that wait for the lock of another one of it.
    Ok(options.application_name("signoff").options([
        ("client_min_messages", "error"),
        ("statement_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("tcp_keepalives_idle", "10s"),
        ("tcp_keepalives_interval", "5s"),
        ("tcp_keepalives_count", "3"),
        ("tcp_user_timeout", "20s"),
        ("client_connection_check_interval", "5s"),
    ]))
}

/// What the name of every session of a server begins with.
const SERVER_SESSION: &str = "signoff/";

/// Gives the sessions of one server process a name of their own, by which [`end_lost_sessions`] finds them.
#[must_use]
pub fn name_server_sessions(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name(&format!("{SERVER_SESSION}{}", hex::encode(ambient::random_bytes::<8>())))
}

/// Ends the transactions of this server's other sessions that wait for the server or for a lock; returns how many. After
/// PostgreSQL was silent nobody uses them any more, and they would lock launches until their time limits, one after the
/// other.
pub async fn end_lost_sessions(connection: &mut PgConnection) -> Result<u64, sqlx::Error> {
    // The sessions belong to the login, whatever role the options of the connection set. One that waits for a standby
    // has committed: ending it would show its change before the standby has it.
    sqlx::query("SET ROLE NONE").execute(&mut *connection).await?;
    let ended = sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = current_setting('application_name') AND starts_with(application_name, $1)
           AND datname = current_database() AND pid <> pg_backend_pid()
           AND (wait_event_type = 'Lock' OR state LIKE 'idle in transaction%')",
    );
    ended.bind(SERVER_SESSION).execute(connection).await.map(|done| done.rows_affected())
}

/// Drops the connections of a pool that nobody uses. When they were lost, each would delay a request until its test fails.
pub fn drop_idle_connections(db: &PgPool) {
    while let Some(connection) = db.try_acquire() {
        drop(connection.detach());
    }
}

/// Logs statements that take this long, as warnings and with their text. Their values are not logged.
#[must_use]
pub fn log_slow_statements(options: PgConnectOptions, slow: Duration) -> PgConnectOptions {
    options.log_slow_statements(LevelFilter::Warn, slow)
}

/// How long the first connection of a command may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens one connection with the login of a setting. Unlike a pool, it does not try again what was refused.
///
/// # Errors
/// With a sentence that says where it failed and why, and names the setting.
pub async fn connect(options: &PgConnectOptions, setting: &str) -> anyhow::Result<PgConnection> {
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await;
    let place = server_place(options);
    match connected {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(anyhow!("{setting}: {}", explain_connection_error(&error, options, &place))),
        Err(_) => Err(anyhow!("{setting}: PostgreSQL at {place} did not answer in time")),
    }
}

/// What is wrong when [`is_same_database`] is false.
pub const DIFFERENT_DATABASES: &str = "MIGRATION_DATABASE_URL and DATABASE_URL lead to different databases";

/// What to do about it.
pub const SAME_DATABASE_ADVICE: &str = "Let both have the same host, port and database.";

/// Whether two connections lead to one database: its number is the same, and its server was started at the same moment.
pub async fn is_same_database(one: &mut PgConnection, other: &mut PgConnection) -> Result<bool, sqlx::Error> {
    // As a number, since a text depends on the time zone of the login.
    const IDENTITY: &str = "SELECT oid::int8, extract(epoch FROM pg_postmaster_start_time())::text
                            FROM pg_database WHERE datname = current_database()";
    let one: (i64, String) = sqlx::query_as(IDENTITY).fetch_one(one).await?;
    let other: (i64, String) = sqlx::query_as(IDENTITY).fetch_one(other).await?;
    Ok(one == other)
}

/// Refuses logins of the application and of the owner that lead to different databases: what is found with one of them
/// would not be true of what is done with the other.
///
/// # Errors
/// With a sentence that says what to do.
pub async fn check_same_database(application: &PgConnectOptions, owner: &PgConnectOptions) -> anyhow::Result<()> {
    let mut application = connect(application, "DATABASE_URL").await?;
    let mut owner = connect(owner, "MIGRATION_DATABASE_URL").await?;
    let is_same = is_same_database(&mut application, &mut owner).await?;
    application.close().await?;
    owner.close().await?;
    ensure!(is_same, "{DIFFERENT_DATABASES}. {SAME_DATABASE_ADVICE}");
    Ok(())
}

/// The address or the socket.
fn server_place(options: &PgConnectOptions) -> String {
    options.get_socket().map_or_else(
        || format!("{}:{}", options.get_host(), options.get_port()),
        |folder| format!("{}, port {}", folder.display(), options.get_port()),
    )
}

/// The cause of a failed connection, once, by the error codes of PostgreSQL (Appendix A of its documentation).
fn explain_connection_error(error: &sqlx::Error, options: &PgConnectOptions, place: &str) -> String {
    let login = options.get_username();
    match error {
        sqlx::Error::Database(error) => match (error.code().as_deref(), error.message()) {
            (Some("28P01"), _) => format!("PostgreSQL at {place} does not accept the password of the login {login}"),
            (Some("28000"), why) => format!("PostgreSQL at {place} does not let the login {login} in: {why}"),
            (Some("3D000"), why) => format!("PostgreSQL at {place} does not have the database: {why}"),
            (Some("53300"), why) => format!("PostgreSQL at {place} has no connection left: {why}"),
            (Some("57P03"), why) => format!("PostgreSQL at {place} does not accept connections at the moment: {why}"),
            (_, why) => format!("PostgreSQL at {place} refused the connection: {why}"),
        },
        sqlx::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => {
                format!("nothing listens for PostgreSQL at {place} (the connection was refused)")
            }
            _ => format!("PostgreSQL at {place} can't be reached: {error}"),
        },
        sqlx::Error::Tls(error) => format!("TLS with PostgreSQL at {place} failed: {error}"),
        error => format!("PostgreSQL at {place} can't be used: {error}"),
    }
}

/// Whether a search finds letters outside ASCII in either case, which depends on the database's locale.
pub async fn compares_all_letters(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT 'ÜÑ' ILIKE 'üñ'").fetch_one(connection).await
}

/// What to do about a database whose locale does not know letters.
pub const LOCALE_ADVICE: &str = "Make the database again with LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8', as deploy/database.sql does, and restore \
                                 into it.";

/// A pool that connects on first use.
#[must_use]
pub fn create_pool(options: PgConnectOptions, most: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(most)
        // Each is counted (see `crate::telemetry`), and none is logged.
        .acquire_time_level(log::LevelFilter::Trace)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // With a time limit, which the pool's own test has not.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(async move { answer_in_time(connection.ping()).await.map(|()| true) }))
        // A `begin()` dropped while BEGIN is running returns its connection inside an open transaction, and the next
        // borrower's acknowledged write is lost (sqlx issues 4385 and 4393). axum drops handlers when a client leaves,
        // so this does happen. Any open transaction is rolled back before the connection is used again.
        .after_release(|connection, _| {
            Box::pin(async move { answer_in_time(connection.execute("ROLLBACK")).await.map(|_| true) })
        })
        .connect_lazy_with(options)
}

/// Fails when the database does not answer in time. The pool then drops the connection, whatever its state.
async fn answer_in_time<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let late = |_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()));
    tokio::time::timeout(CHECK_TIMEOUT, answer).await.unwrap_or_else(late)
}

/// A pool of one connection in one transaction: all that is read through it is of one moment, whatever others change
/// meanwhile. Close it when it was used, since PostgreSQL keeps for it what others delete.
#[must_use]
pub fn create_snapshot_pool(db: &PgPool) -> PgPool {
    // Between two statements a large file may be read.
    let options = (*db.connect_options()).clone().options([("idle_in_transaction_session_timeout", "0")]);
    PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Ok(())
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

/// The newest migration of this database.
pub async fn schema_version(db: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success").fetch_one(db).await
}

/// When a migration was applied to this database; `None` when no time is known.
pub async fn migration_time(db: &PgPool, version: i64) -> Result<Option<Moment>, sqlx::Error> {
    sqlx::query_scalar("SELECT installed_on FROM _sqlx_migrations WHERE version = $1 AND success")
        .bind(version)
        .fetch_optional(db)
        .await
}

/// The tables of the history of which this login may change or delete rows.
pub async fn find_changeable_history(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace
           AND relname IN ('events', 'installation_events', 'tree_nodes', 'keys', 'checkpoints', 'checkpoint_witnesses')
           AND (has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')
                OR has_table_privilege(oid, 'TRUNCATE') OR has_any_column_privilege(oid, 'UPDATE'))
         ORDER BY relname",
    )
    .fetch_all(connection)
    .await
}

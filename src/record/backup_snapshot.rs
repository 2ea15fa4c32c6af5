//! One moment of the database for a backup, and the lock that only one backup at a time has.

use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};

use super::{
    evidence_store::{self, ExpectedFile},
    keys,
};
use crate::domain::key_chain::KeyChain;

/// The key of PostgreSQL's advisory lock for backups of this database.
pub const BACKUP_LOCK: i64 = 0x7369_676e_6261_636b;

/// A backup takes longer than the time limits of requests allow.
fn remove_time_limits(owner: PgConnectOptions) -> PgConnectOptions {
    owner.application_name("signoff backup").options([
        ("client_min_messages", "error"),
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
    ])
}

/// The lock of a backup. PostgreSQL releases it when the process ends, however it ends.
pub struct BackupLock(PgConnection);

impl BackupLock {
    /// `None` while another backup of this database is made.
    pub async fn try_acquire(owner: PgConnectOptions) -> Result<Option<Self>, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&remove_time_limits(owner)).await?;
        let locked = sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock($1) AS "locked!""#, BACKUP_LOCK)
            .fetch_one(&mut connection)
            .await?;
        Ok(locked.then_some(Self(connection)))
    }

    /// Fails when the connection was lost, and the lock with it.
    pub async fn check_held(&mut self) -> Result<(), sqlx::Error> {
        self.0.ping().await
    }
}

/// A moment of the database, which lasts until it is dropped.
pub struct DatabaseSnapshot {
    connection: PgConnection,
    /// The name under which other sessions see the same moment.
    pub id: String,
    /// The server's version, such as `15.18`.
    pub version: String,
    /// The server's major version.
    pub major: u32,
}

impl DatabaseSnapshot {
    pub async fn begin(owner: PgConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&remove_time_limits(owner)).await?;
        sqlx::query!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut connection).await?;
        let row = sqlx::query!(
            r#"SELECT pg_export_snapshot() AS "id!", current_setting('server_version') AS "version!",
                      current_setting('server_version_num')::integer AS "number!""#
        )
        .fetch_one(&mut connection)
        .await?;
        let major = row.number.unsigned_abs() / 10_000;
        Ok(Self { connection, id: row.id, version: row.version, major })
    }

    /// The evidence files that the database names at this moment, by id.
    pub async fn list_expected_files(&mut self) -> Result<Vec<ExpectedFile>, sqlx::Error> {
        evidence_store::list_expected_files(&mut self.connection).await
    }

    /// The keys of the installation at this moment.
    pub async fn load_key_chain(&mut self) -> anyhow::Result<KeyChain> {
        keys::load_key_chain(&mut self.connection).await
    }

    pub async fn end(self) -> Result<(), sqlx::Error> {
        self.connection.close().await
    }
}

/// How many tables the database has, whatever they are.
pub async fn count_tables(owner: &PgConnectOptions) -> Result<i64, sqlx::Error> {
    let mut connection = PgConnection::connect_with(owner).await?;
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
             AND n.nspname NOT LIKE 'pg\_toast%' AND n.nspname NOT LIKE 'pg\_temp%'
             AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"#
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    Ok(count)
}

/// The major version of the server.
pub async fn read_major_version(owner: &PgConnectOptions) -> Result<u32, sqlx::Error> {
    let mut connection = PgConnection::connect_with(owner).await?;
    let number = sqlx::query_scalar!(r#"SELECT current_setting('server_version_num')::integer AS "number!""#)
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    Ok(number.unsigned_abs() / 10_000)
}

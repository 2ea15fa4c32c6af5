//! The schema of the database: which migrations are applied, which this program has, and what the difference means.
//!
//! A migration runs in a transaction of its own, with its row in `_sqlx_migrations`, so that one that is interrupted
//! leaves nothing. An advisory lock lets one of several programs migrate, while the others wait and then find nothing to
//! do.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context as _, bail};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool, migrate::Migration, postgres::PgConnectOptions};

use crate::db::{self, LOCALE_ADVICE};

pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The number of a migration: the time at which it was written, as `YYYYMMDDhhmmss`.
pub type SchemaVersion = i64;

/// The state of one migration, of this program or of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    Applied,
    Pending,
    /// It was begun and not finished. PostgreSQL undoes what was begun, so somebody wrote this by hand.
    HalfApplied,
    /// It was applied, and this program has another text of it.
    Altered,
    /// It was applied, and this program does not have it.
    Unknown,
}

impl fmt::Display for MigrationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::HalfApplied => "half applied",
            Self::Altered => "altered",
            Self::Unknown => "unknown",
        })
    }
}

/// The migrations of this program and of a database together, oldest first, each with a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaStatus(BTreeMap<SchemaVersion, (MigrationState, String)>);

/// A row of the table of applied migrations: version, description, whether it was finished, checksum.
type AppliedRow = (SchemaVersion, String, bool, Vec<u8>);

impl SchemaStatus {
    /// Reads the status with the login of the owner or of the application.
    ///
    /// # Errors
    /// When the database fails. A table that is missing, or that the login may not read, means that nothing is applied.
    pub async fn read(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let rows = sqlx::query_as("SELECT version, description, success, checksum FROM _sqlx_migrations")
            .fetch_all(&mut *connection)
            .await;
        match rows {
            Ok(rows) => Ok(Self::compare(rows)),
            // undefined_table, insufficient_privilege
            Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("42P01" | "42501")) => {
                Ok(Self::compare(Vec::new()))
            }
            Err(error) => Err(error),
        }
    }

    fn compare(rows: Vec<AppliedRow>) -> Self {
        let pending = |migration: &Migration| {
            (migration.version, (MigrationState::Pending, migration.description.clone().into_owned()))
        };
        let mut all: BTreeMap<_, _> = up_migrations().map(pending).collect();
        for (version, description, success, checksum) in rows {
            let state = match up_migrations().find(|own| own.version == version) {
                _ if !success => MigrationState::HalfApplied,
                None => MigrationState::Unknown,
                Some(own) if *own.checksum != *checksum => MigrationState::Altered,
                Some(_) => MigrationState::Applied,
            };
            all.insert(version, (state, description));
        }
        Self(all)
    }

    /// Every migration with its state, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaVersion, MigrationState, &str)> {
        self.0.iter().map(|(version, (state, description))| (*version, *state, description.as_str()))
    }

    /// The versions in this state, oldest first.
    #[must_use]
    pub fn in_state(&self, state: MigrationState) -> Vec<SchemaVersion> {
        self.iter().filter(|(_, its, _)| *its == state).map(|(version, ..)| version).collect()
    }

    /// Refuses a schema that this program can't serve from.
    ///
    /// # Errors
    /// With a sentence that says what to do.
    pub fn check_servable(&self) -> anyhow::Result<()> {
        self.check_migratable()?;
        if !self.in_state(MigrationState::Pending).is_empty() {
            bail!("The database is not up to date. Run `signoff migrate` first.");
        }
        Ok(())
    }

    /// Refuses a schema that this program can't bring up to date.
    ///
    /// # Errors
    /// With a sentence that says what to do.
    pub fn check_migratable(&self) -> anyhow::Result<()> {
        if let [version, ..] = self.in_state(MigrationState::HalfApplied)[..] {
            bail!(
                "Migration {version} is half applied. Nothing of signoff leaves that; restore the last backup (see \
                 docs/upgrading.md)."
            );
        }
        if let [version, ..] = self.in_state(MigrationState::Unknown)[..] {
            bail!(
                "The database is newer than this signoff: it has migration {version}. Run the version that migrated it, \
                 or a later one; docs/upgrading.md says how to go back."
            );
        }
        if let [version, ..] = self.in_state(MigrationState::Altered)[..] {
            bail!(
                "Migration {version} of the database is not the one of this signoff. Run the version that migrated it, or \
                 a later one."
            );
        }
        Ok(())
    }
}

/// The newest migration of this program.
#[must_use]
pub fn newest_version() -> SchemaVersion {
    up_migrations().map(|migration| migration.version).max().unwrap_or_default()
}

/// Refuses a database that can't be served from: one that is not migrated, or whose history the application could
/// rewrite.
///
/// # Errors
/// With a sentence that says what to do.
pub async fn check_ready(pool: &PgPool) -> anyhow::Result<()> {
    let mut connection = db::connect(&pool.connect_options(), "DATABASE_URL").await?;
    SchemaStatus::read(&mut connection).await?.check_servable()?;
    let open = db::find_changeable_history(&mut connection).await?;
    if !open.is_empty() {
        bail!(
            "The login in DATABASE_URL could rewrite history (it may change or delete rows of {}). Give signoff a \
             login that owns nothing and is a member of signoff_app.",
            open.join(", ")
        );
    }
    if !db::compares_all_letters(&mut connection).await? {
        tracing::warn!(
            "the database's locale does not know letters outside ASCII, so searches miss them. {LOCALE_ADVICE}"
        );
    }
    connection.close().await?;
    Ok(())
}

fn up_migrations() -> impl Iterator<Item = &'static Migration> {
    MIGRATIONS.iter().filter(|migration| !migration.migration_type.is_down_migration())
}

/// Connects as the schema's owner, and checks that the roles which migrations grant to are there.
///
/// # Errors
/// When the database does not answer, or a role is missing.
pub async fn connect_as_owner(owner: PgConnectOptions) -> anyhow::Result<PgConnection> {
    // Hides notices about things that exist already.
    let owner = owner.application_name("signoff migrate").options([("client_min_messages", "warning")]);
    let mut connection = db::connect(&owner, "MIGRATION_DATABASE_URL").await?;
    let roles: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_roles WHERE rolname IN ('signoff_app', 'signoff_redactor')")
            .fetch_one(&mut connection)
            .await?;
    if roles < 2 {
        bail!("The roles signoff_app and signoff_redactor are missing. Run deploy/roles.sql once, as a superuser.");
    }
    Ok(connection)
}

/// Brings the schema up to date, and lets the application read how far it is. Returns the versions that were pending.
///
/// # Errors
/// When the database does not answer, its schema is not this program's, or a migration fails, which leaves the schema as
/// it was before that migration.
pub async fn migrate(owner: PgConnectOptions) -> anyhow::Result<Vec<SchemaVersion>> {
    let mut connection = connect_as_owner(owner).await?;
    let before = SchemaStatus::read(&mut connection).await?;
    before.check_migratable()?;
    MIGRATIONS.run(&mut connection).await.context("A migration failed")?;
    connection.execute(GRANT_STATUS).await?;
    connection.close().await?;
    Ok(before.in_state(MigrationState::Pending))
}

const GRANT_STATUS: &str = "GRANT SELECT ON _sqlx_migrations TO signoff_app";

/// Runs the pending migrations in a transaction that is rolled back. Returns their versions.
///
/// # Errors
/// Like [`migrate`]; also when a table stays locked for five seconds, since whoever uses it would have to wait.
pub async fn rehearse_migration(owner: PgConnectOptions) -> anyhow::Result<Vec<SchemaVersion>> {
    let mut connection = connect_as_owner(owner).await?;
    let before = SchemaStatus::read(&mut connection).await?;
    before.check_migratable()?;
    let mut transaction = connection.begin().await?;
    transaction.execute("SET LOCAL lock_timeout = '5s'").await?;
    MIGRATIONS.run(&mut *transaction).await.context("A migration would fail")?;
    transaction.rollback().await?;
    connection.close().await?;
    Ok(before.in_state(MigrationState::Pending))
}

/// Undoes every migration after this version, in one transaction, if nothing was recorded since the first of them, nor
/// in the hour before it: then nothing in a history depends on them. Returns the versions that were undone.
///
/// # Errors
/// When something was recorded in that time, the version is not one of the applied ones, or the database fails; then
/// nothing was changed.
pub async fn undo_migrations_after(
    owner: PgConnectOptions,
    version: SchemaVersion,
) -> anyhow::Result<Vec<SchemaVersion>> {
    let mut connection = connect_as_owner(owner).await?;
    let status = SchemaStatus::read(&mut connection).await?;
    let undone = find_undoable(&status, version)?;
    let [first, ..] = undone[..] else { return Ok(undone) };
    let mut transaction = connection.begin().await?;
    // From now on nobody records anything. A server that waits for this fails afterwards, and has to be stopped before.
    transaction.execute("SET LOCAL lock_timeout = '5s'").await?;
    transaction.execute("LOCK TABLE events, installation_events IN EXCLUSIVE MODE").await?;
    // The clock of PostgreSQL says when a migration was made, and that of a server when an event was. Where the server's
    // is behind, what it recorded after the migration seems to be from before: so the hour before it counts too.
    let recorded: i64 = sqlx::query_scalar(
        "WITH first AS (SELECT installed_on - interval '1 hour' AS since FROM _sqlx_migrations WHERE version = $1)
         SELECT (SELECT count(*) FROM events, first WHERE at >= since)
              + (SELECT count(*) FROM installation_events, first WHERE at >= since)",
    )
    .bind(first)
    .fetch_one(&mut *transaction)
    .await?;
    if recorded > 0 {
        bail!(
            "{recorded} events were recorded since migration {first} or in the hour before it, and an older signoff may not be \
             able to read them. Nothing was changed. Restore the backup that was made before the upgrade (see docs/upgrading.md)."
        );
    }
    MIGRATIONS.undo(&mut *transaction, version).await.context("A migration could not be undone")?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(undone)
}

/// The applied migrations after this version, if they can be undone by this program.
///
/// # Errors
/// When the schema is not this program's, or the version is none of it.
pub fn find_undoable(status: &SchemaStatus, version: SchemaVersion) -> anyhow::Result<Vec<SchemaVersion>> {
    status.check_migratable()?;
    let applied = status.in_state(MigrationState::Applied);
    if !applied.contains(&version) {
        bail!("{version} is no migration that is applied. `signoff migrate --status` lists them.");
    }
    Ok(applied.into_iter().filter(|applied| *applied > version).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied_rows() -> Vec<AppliedRow> {
        up_migrations().map(|own| (own.version, own.description.to_string(), true, own.checksum.to_vec())).collect()
    }

    fn refusal(rows: Vec<AppliedRow>) -> String {
        SchemaStatus::compare(rows).check_servable().unwrap_err().to_string()
    }

    #[test]
    fn schema_of_this_program_is_servable_and_any_other_is_refused() {
        SchemaStatus::compare(applied_rows()).check_servable().unwrap();
        assert!(refusal(Vec::new()).contains("signoff migrate"));
        let change = |change: fn(&mut AppliedRow)| {
            let mut rows = applied_rows();
            change(&mut rows[3]);
            refusal(rows)
        };
        assert!(change(|row| row.2 = false).contains("half applied"));
        assert!(change(|row| row.3 = vec![0; 48]).contains("is not the one of this signoff"));
        let mut rows = applied_rows();
        rows.push((99_991_231_235_959, "later".to_owned(), true, Vec::new()));
        assert!(refusal(rows).contains("newer than this signoff: it has migration 99991231235959"));
        let mut rows = applied_rows();
        rows.remove(2);
        assert!(refusal(rows).contains("not up to date"), "also one in the middle");
    }

    #[test]
    fn versions_after_an_applied_one_can_be_undone() {
        let status = SchemaStatus::compare(applied_rows());
        let versions = status.in_state(MigrationState::Applied);
        let [.., before, last] = versions[..] else { panic!() };
        assert_eq!(find_undoable(&status, before).unwrap(), [last]);
        assert!(find_undoable(&status, last).unwrap().is_empty());
        assert!(find_undoable(&status, last + 1).is_err());
    }
}

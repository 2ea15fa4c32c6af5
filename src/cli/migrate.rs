//! `signoff migrate`

use anyhow::{Context as _, bail};
use clap::Args;
use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, postgres::PgConnectOptions};

use crate::{
    config::Config,
    schema::{self, SchemaStatus, SchemaVersion},
};

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    /// Only show which migrations are applied, pending, or not this program's
    #[arg(long, conflicts_with_all = ["dry_run", "down_to"])]
    status: bool,
    /// Run the pending migrations in a transaction that is rolled back
    #[arg(long, conflicts_with = "down_to")]
    dry_run: bool,
    /// Undo every migration after this version, if nothing was recorded since. Stop every server first
    #[arg(long, value_name = "VERSION")]
    down_to: Option<SchemaVersion>,
    /// Undo without being asked to say so
    #[arg(long, requires = "down_to")]
    yes: bool,
}

pub(super) async fn run(config: &Config, args: &MigrateArgs) -> anyhow::Result<()> {
    let owner: PgConnectOptions =
        config.migration_database_url.expose_secret().parse().context("MIGRATION_DATABASE_URL is not understood")?;
    if args.status {
        return print_status(owner).await;
    }
    if let Some(version) = args.down_to {
        if !args.yes {
            return ask_for_confirmation(owner, version).await;
        }
        let undone = schema::undo_migrations_after(owner, version).await?;
        println!("{}", describe(&undone, "No migration is after this one.", "Undone"));
    } else if args.dry_run {
        let pending = schema::rehearse_migration(owner).await?;
        println!("{}", describe(&pending, "The database is up to date.", "Nothing was changed. These would run"));
    } else {
        schema::migrate(owner).await?;
        println!("The database is up to date.");
    }
    Ok(())
}

fn describe(versions: &[SchemaVersion], none: &str, label: &str) -> String {
    if versions.is_empty() {
        return none.to_owned();
    }
    let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
    format!("{label}: {}.", versions.join(", "))
}

/// Prints a line for each migration. Fails when this program can't serve from the schema, with the reason.
async fn print_status(owner: PgConnectOptions) -> anyhow::Result<()> {
    let mut connection = schema::connect_as_owner(owner).await?;
    let status = SchemaStatus::read(&mut connection).await?;
    connection.close().await?;
    for (version, state, description) in status.iter() {
        println!("{version}  {state:<12}  {description}");
    }
    status.check_servable()
}

async fn ask_for_confirmation(owner: PgConnectOptions, version: SchemaVersion) -> anyhow::Result<()> {
    let mut connection = schema::connect_as_owner(owner).await?;
    let status = SchemaStatus::read(&mut connection).await?;
    connection.close().await?;
    let undoable = schema::find_undoable(&status, version)?;
    bail!(
        "{} Make a backup and stop every server, then add --yes.",
        describe(&undoable, "No migration is after this one.", "This would undo")
    )
}

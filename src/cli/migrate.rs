//! `signoff migrate`

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::{config::Config, db};

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let owner =
        config.migration_database_url.expose_secret().parse().context("MIGRATION_DATABASE_URL is not understood")?;
    db::migrate(owner).await?;
    println!("The database is up to date.");
    Ok(())
}

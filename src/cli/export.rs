//! `signoff export`

use anyhow::Context as _;

use crate::{
    checklists, config::Config, db, domain::ids::ChecklistId, domain::markdown_checklist::write, record::Record,
};

/// What is exported.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The checklist, as its page's address names it.
    checklist: ChecklistId,
    /// The version [default: the newest]
    #[arg(long, value_name = "N")]
    version: Option<i32>,
}

/// Prints the version.
pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    let pool = db::pool(db::options(&config.database_url)?, 1);
    db::check(&pool).await?;
    let version = checklists::version(&pool, &Record::default(), args.checklist, args.version)
        .await?
        .context("There is no such checklist, or no such version of it")?;
    pool.close().await;
    print!("{}", write(&version.checklist));
    Ok(())
}

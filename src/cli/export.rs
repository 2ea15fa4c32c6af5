//! `signoff export`

use anyhow::Context as _;

use crate::{
    checklists, config::Config, db, domain::ids::ChecklistId, domain::markdown_checklist::write_markdown,
    record::Record, schema,
};

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// The checklist, as its page's address names it.
    checklist: ChecklistId,
    /// The version [default: the newest]
    #[arg(long, value_name = "N")]
    version: Option<i32>,
}

pub(super) async fn run(config: &Config, args: &ExportArgs) -> anyhow::Result<()> {
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 1);
    schema::check_ready(&pool).await?;
    let version = checklists::load_version(&pool, &Record::default(), args.checklist, args.version)
        .await?
        .context("There is no such checklist, or no such version of it")?;
    pool.close().await;
    print!("{}", write_markdown(&version.checklist));
    Ok(())
}

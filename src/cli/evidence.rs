//! `signoff evidence`

use clap::Subcommand;

use crate::{
    ambient::Clock,
    blobs::Blobs,
    config::Config,
    db, key_file,
    record::evidence_store::{compare, mark},
};

/// What to do about the evidence store.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Take the folder in SIGNOFF_EVIDENCE_DIR as this installation's, when the server can't tell whose it is. Nothing in
    /// it is removed, and a folder that says that it is another's is left alone.
    Adopt,
}

pub(super) async fn run(config: &Config, action: &Action) -> anyhow::Result<()> {
    match action {
        Action::Adopt => adopt(config).await,
    }
}

async fn adopt(config: &Config) -> anyhow::Result<()> {
    let installation = key_file::read(&config.key_file)?.public().installation();
    let pool = db::pool(db::options(&config.database_url)?, 1);
    db::check(&pool).await?;
    let blobs = Blobs::in_folder(&config.evidence_dir)?;
    mark(&blobs, installation).await?;
    let (census, _) = compare(&pool, &blobs, Clock::default().now()).await?;
    pool.close().await;
    println!("{} is the evidence store of installation {installation}.", config.evidence_dir.display());
    println!("It holds {} files, of which the database names {}.", census.files, census.named);
    Ok(())
}

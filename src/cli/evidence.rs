//! `signoff evidence`

use clap::Subcommand;

use crate::{
    ambient::Clock,
    blobs::Blobs,
    config::Config,
    db,
    domain::plural::count_with_noun,
    key_file,
    record::evidence_store::{compare_with_database, mark_store},
};

/// What to do about the evidence store.
#[derive(Debug, Subcommand)]
pub(super) enum EvidenceAction {
    /// Take the folder in SIGNOFF_EVIDENCE_DIR as this installation's, when the server can't tell whose it is. Nothing in
    /// it is removed, and a folder that says that it is another's is left alone.
    Adopt,
}

pub(super) async fn run(config: &Config, action: &EvidenceAction) -> anyhow::Result<()> {
    match action {
        EvidenceAction::Adopt => adopt(config).await,
    }
}

async fn adopt(config: &Config) -> anyhow::Result<()> {
    let installation = key_file::read(&config.key_file)?.public_key().installation();
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 1);
    db::check_ready(&pool).await?;
    let blobs = Blobs::in_folder(&config.evidence_dir)?;
    mark_store(&blobs, installation).await?;
    let (census, _) = compare_with_database(&pool, &blobs, Clock::default().now()).await?;
    pool.close().await;
    println!("{} is the evidence store of installation {installation}.", config.evidence_dir.display());
    let files = count_with_noun(census.files, "file");
    println!("It holds {files}, of which the database names {}.", census.referenced);
    Ok(())
}

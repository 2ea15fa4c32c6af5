//! `signoff adopt`

use anyhow::ensure;

use crate::{
    ambient::Clock,
    config::Config,
    db, key_file,
    record::{
        evidence_store,
        served_database::{self, Adoption},
    },
};

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    ensure!(!config.drill, "This is a drill (SIGNOFF_DRILL): a copy to look at is not taken over");
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 1);
    db::check_ready(&pool).await?;
    // The key may be lost: it can be replaced only once the database is the served one.
    let installation = match evidence_store::load_installation_id(&pool).await? {
        Some(installation) => installation,
        None => key_file::read(&config.key_file)?.public_key().installation(),
    };
    let Adoption { copy_since, contradiction } =
        served_database::adopt(&pool, &config.checkpoint_dir, installation, Clock::default().now()).await?;
    pool.close().await;
    if let Some(since) = copy_since {
        println!("Until now, the installation was served from another database, since {since}.");
    }
    if let Some((file, what)) = contradiction {
        println!(
            "{} contradicts this database: {what}. What came after it is lost, and whoever has that checkpoint can show it.",
            file.display()
        );
    }
    println!("Installation {installation} is served from this database from now on.");
    Ok(())
}

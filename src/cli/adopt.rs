//! `signoff adopt`

use anyhow::{Context as _, ensure};

use super::open_state::REDIS_PREFIX;
use crate::{
    access::{pending_sign_in, session},
    ambient::Clock,
    config::Config,
    db, key_file,
    record::{
        evidence_store,
        served_database::{self, Adoption},
    },
    redis::{Redis, RedisUnavailable},
    schema,
};

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    ensure!(!config.drill, "This is a drill (SIGNOFF_DRILL): a copy to look at is not taken over");
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 1);
    schema::check_ready(&pool).await?;
    // The key may be lost: it can be replaced only once the database is the served one.
    let installation = match evidence_store::load_installation_id(&pool).await? {
        Some(installation) => installation,
        None => key_file::read(&config.key_file)?.public_key().installation(),
    };
    // Before the database is taken over: afterwards a server may start at once.
    end_everybodys_sessions(&Redis::new(&config.redis_url, REDIS_PREFIX)?).await.context(
        "The sessions in Redis can't be ended. One that was ended after this database was copied would hold again, so \
         nothing was changed",
    )?;
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
    println!("Installation {installation} is served from this database from now on. Everybody signs in again.");
    Ok(())
}

async fn end_everybodys_sessions(redis: &Redis) -> Result<(), RedisUnavailable> {
    session::end_all(redis).await?;
    pending_sign_in::end_all(redis).await
}

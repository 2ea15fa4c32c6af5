//! Opening the stores, for the commands that work on them as the server does.

use std::sync::Arc;

use crate::{
    ambient::{self, Clock},
    blobs::Blobs,
    config::Config,
    db, key_file,
    record::keys,
    redis::Redis,
    state::AppState,
};

/// The prefix of this application's keys in Redis.
const REDIS_PREFIX: &str = "signoff:";

/// The state over the stores that the settings name, after a look whether the database may be worked on, and with this
/// key.
///
/// # Errors
/// With a sentence that says what to do.
pub(super) async fn open(config: Config) -> anyhow::Result<AppState> {
    let key = Arc::new(key_file::read(&config.key_file)?);
    let pool = db::pool(db::options(&config.database_url)?, config.database_connections);
    db::check(&pool).await?;
    let clock = Clock::default();
    keys::take(&pool, &key.public(), ambient::new_id(), clock.now()).await?;
    let redis = Redis::new(&config.redis_url, REDIS_PREFIX)?;
    let blobs = Blobs::in_folder(&config.evidence_dir)?;
    Ok(AppState::new(config, pool, redis, clock, blobs, key))
}

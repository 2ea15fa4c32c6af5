//! Opening the stores, for the commands that work on them as the server does.

use std::sync::Arc;

use crate::{
    ambient::{self, Clock},
    blobs::Blobs,
    config::Config,
    db, key_file,
    record::{evidence_store, keys},
    redis::Redis,
    state::AppState,
};

/// The prefix of this application's keys in Redis.
const REDIS_PREFIX: &str = "signoff:";

/// What a command does with the evidence store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    /// It stores or removes evidence, so that the store has to be this installation's.
    Used,
    /// It leaves the store alone.
    Unused,
}

/// The state over the stores that the settings name, after a look whether the database may be worked on, with this key
/// and, where it is used, this evidence store.
///
/// # Errors
/// With a sentence that says what to do.
pub(super) async fn open(config: Config, store: Store) -> anyhow::Result<AppState> {
    let key = Arc::new(key_file::read(&config.key_file)?);
    let pool = db::pool(db::options(&config.database_url)?, config.database_connections);
    db::check(&pool).await?;
    let clock = Clock::default();
    let public = key.public();
    keys::take(&pool, &public, ambient::new_id(), clock.now()).await?;
    let redis = Redis::new(&config.redis_url, REDIS_PREFIX)?;
    let mut blobs = Blobs::in_folder(&config.evidence_dir)?;
    if store == Store::Used {
        evidence_store::claim(&pool, &blobs, public.installation(), clock.now()).await?;
        blobs = blobs.belonging_to(public.installation());
    }
    Ok(AppState::new(config, pool, redis, clock, blobs, key))
}

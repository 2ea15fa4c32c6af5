//! Opens the stores for the commands that work on them like the server.

use std::sync::Arc;

use anyhow::Context as _;

use crate::{
    ambient::{self, Clock},
    blobs::Blobs,
    config::Config,
    db, key_file,
    record::{evidence_store, keys, served_database},
    redis::Redis,
    schema,
    state::AppState,
};

/// The prefix of this application's keys in Redis.
pub(super) const REDIS_PREFIX: &str = "signoff:";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EvidenceStoreUse {
    /// The command stores or removes evidence, so the store has to be this installation's.
    Used,
    /// The command does not use the store.
    Unused,
}

/// Opens the state with the stores that the settings name, after checks that the database may be used with this key
/// and, if it is used, with this evidence store.
///
/// # Errors
/// With a sentence that says what to do.
pub(super) async fn open_state(config: Config, store: EvidenceStoreUse) -> anyhow::Result<AppState> {
    let key = Arc::new(key_file::read(&config.key_file)?);
    let options = db::name_server_sessions(db::connect_options(&config.database_url)?);
    let options = db::log_slow_statements(options, config.slow_statement);
    let pool = db::create_pool(options, config.database_connections);
    schema::check_ready(&pool).await?;
    let clock = Clock::default();
    let public = key.public_key();
    if !config.drill {
        served_database::check_served(&pool, &config.checkpoint_dir, public.installation(), clock.now()).await?;
    }
    keys::register_key(&pool, &public, ambient::new_id(), clock.now()).await?;
    let redis = Redis::new(&config.redis_url, REDIS_PREFIX)?;
    let mut blobs = Blobs::from_config(&config)?;
    if config.drill {
        if store == EvidenceStoreUse::Used {
            evidence_store::check_owner(&pool, &blobs).await?;
        }
        return Ok(AppState::new(config, pool, redis, clock, blobs, key));
    }
    if store == EvidenceStoreUse::Used {
        evidence_store::claim_store(&pool, &blobs, public.installation(), clock.now()).await?;
        blobs = blobs.with_owner(public.installation());
        blobs
            .check_ready()
            .await
            .with_context(|| format!("The evidence store {} can't be written to", config.evidence_location()))?;
    }
    Ok(AppState::new(config, pool, redis, clock, blobs, key))
}

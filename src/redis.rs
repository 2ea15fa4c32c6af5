//! The connection to Redis, which stores what may be lost: sessions, rate limits, hints.
//!
//! Every failure here is [`RedisUnavailable`]: no data in Redis is wrong in itself, it just can't be read at the
//! moment.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use redis::{
    Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret as _, SecretString};

/// Time limit for a command, and for connecting.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);

/// A shared connection that reconnects by itself, and the prefix of this installation's keys.
#[derive(Clone)]
pub struct Redis {
    manager: ConnectionManager,
    prefix: Arc<str>,
}

/// Redis did not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("Redis does not answer")]
pub struct RedisUnavailable(#[from] RedisError);

impl Redis {
    /// Connects on first use.
    ///
    /// # Errors
    /// When the address can't be parsed.
    pub fn new(url: &SecretString, prefix: &str) -> anyhow::Result<Self> {
        let client = redis::Client::open(url.expose_secret()).context("REDIS_URL is not understood")?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(200))
            .set_connection_timeout(Some(CALL_TIMEOUT))
            .set_response_timeout(Some(CALL_TIMEOUT));
        let manager = ConnectionManager::new_lazy_with_config(client, config).context("REDIS_URL is not understood")?;
        Ok(Self { manager, prefix: prefix.into() })
    }

    /// Adds this installation's prefix.
    #[must_use]
    pub fn key(&self, name: impl std::fmt::Display) -> String {
        format!("{}{name}", self.prefix)
    }

    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisUnavailable> {
        Ok(with_timeout(command.query_async(&mut self.manager.clone())).await?)
    }

    /// Runs several commands in one round trip.
    pub async fn run_pipeline<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, RedisUnavailable> {
        Ok(with_timeout(commands.query_async(&mut self.manager.clone())).await?)
    }

    pub async fn run_script<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, RedisUnavailable> {
        Ok(with_timeout(script.invoke_async(&mut self.manager.clone())).await?)
    }

    pub async fn check_ready(&self) -> Result<(), RedisUnavailable> {
        self.run(&redis::cmd("PING")).await
    }
}

/// Limits the time of the whole call: the connection's own limits apply to each attempt.
async fn with_timeout<T>(call: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    tokio::time::timeout(CALL_TIMEOUT, call)
        .await
        .unwrap_or_else(|_| Err(RedisError::from((ErrorKind::Io, "no answer in time"))))
}

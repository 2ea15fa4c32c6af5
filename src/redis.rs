//! The connection to Redis, which holds what may be lost: sessions, rate limits, hints.
//!
//! Every failure here is [`Down`]: nothing that is in Redis is wrong in itself, it can only not be had just now.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use redis::{
    Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::{ExposeSecret as _, SecretString};

/// How long a command, or making the connection, may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// A shared connection that mends itself, and the prefix of this installation's keys.
#[derive(Clone)]
pub struct Redis {
    manager: ConnectionManager,
    prefix: Arc<str>,
}

/// Redis did not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("Redis does not answer")]
pub struct Down(#[from] RedisError);

impl Redis {
    /// Connects when first asked.
    ///
    /// # Errors
    /// When the address is not understood.
    pub fn new(url: &SecretString, prefix: &str) -> anyhow::Result<Self> {
        let client = redis::Client::open(url.expose_secret()).context("REDIS_URL is not understood")?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(200))
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let manager = ConnectionManager::new_lazy_with_config(client, config).context("REDIS_URL is not understood")?;
        Ok(Self { manager, prefix: prefix.into() })
    }

    /// This installation's key of that name.
    #[must_use]
    pub fn key(&self, name: impl std::fmt::Display) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Runs one command.
    ///
    /// # Errors
    /// [`Down`].
    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Down> {
        Ok(within(command.query_async(&mut self.manager.clone())).await?)
    }

    /// Runs several commands in one round trip.
    ///
    /// # Errors
    /// [`Down`].
    pub async fn run_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Down> {
        Ok(within(commands.query_async(&mut self.manager.clone())).await?)
    }

    /// Runs a script.
    ///
    /// # Errors
    /// [`Down`].
    pub async fn run_script<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Down> {
        Ok(within(script.invoke_async(&mut self.manager.clone())).await?)
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// [`Down`].
    pub async fn ready(&self) -> Result<(), Down> {
        self.run(&redis::cmd("PING")).await
    }
}

/// Bounds the whole call: the connection's own limits are for each try.
async fn within<T>(call: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    tokio::time::timeout(PATIENCE, call)
        .await
        .unwrap_or_else(|_| Err(RedisError::from((ErrorKind::Io, "no answer in time"))))
}

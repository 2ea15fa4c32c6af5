//! The connection to Redis, which stores what may be lost: sessions, rate limits, hints.
//!
//! Every failure here is [`RedisUnavailable`]: no data in Redis is wrong in itself, it just can't be read at the
//! moment.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult, ScriptInvocation,
    aio::MultiplexedConnection,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout_at};

use crate::{ambient, metrics::METRICS};

/// Time limit for a command, with connecting if that is needed.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);

/// Time limit for connecting: less, so that whoever waits for somebody else's attempt learns that it failed.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(1_500);

/// How long nobody tries to connect again after an attempt that failed. Commands fail at once meanwhile.
const CONNECT_PAUSE: Duration = Duration::from_millis(500);

/// How many keys Redis looks at in one step of a search, so that it answers others in between.
const SCAN_STEP: usize = 1_000;

/// A connection that all requests share, and the prefix of this installation's keys. Clones share it.
///
/// The connection is replaced when it breaks, and also when a command is not answered in time: a peer that vanished
/// without closing it, as behind a firewall that drops packets, never breaks it. (`ConnectionManager` of the library
/// keeps such a connection.)
#[derive(Clone)]
pub struct Redis {
    client: Arc<Client>,
    /// Held while connecting, so that one request connects and the others wait for it.
    connecting: Arc<tokio::sync::Mutex<()>>,
    link: Arc<Mutex<Link>>,
    prefix: Arc<str>,
}

#[derive(Default)]
struct Link {
    connection: Option<MultiplexedConnection>,
    /// Counts the connections, to discard only the one that failed.
    number: u64,
    failed_at: Option<Instant>,
}

/// Redis did not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("{}", explain(.0))]
pub struct RedisUnavailable(RedisError);

impl From<RedisError> for RedisUnavailable {
    fn from(error: RedisError) -> Self {
        Self(error)
    }
}

impl RedisUnavailable {
    /// Whether Redis answers, and does not accept what `REDIS_URL` says.
    #[must_use]
    pub fn is_refused_login(&self) -> bool {
        self.0.kind() == ErrorKind::AuthenticationFailed
            || matches!(self.0.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM"))
    }
}

/// The cause, once: a refused password, a refused connection and silence are different things to mend.
fn explain(error: &RedisError) -> String {
    match (error.kind(), error.code()) {
        (ErrorKind::AuthenticationFailed, _) | (_, Some("WRONGPASS")) => {
            "Redis does not accept the name and password of REDIS_URL (WRONGPASS)".to_owned()
        }
        (_, Some("NOAUTH")) => "Redis requires a password, and REDIS_URL has none (NOAUTH)".to_owned(),
        (_, Some("NOPERM")) => {
            format!(
                "Redis does not let the login of REDIS_URL do what is needed: {}",
                error.detail().unwrap_or("NOPERM")
            )
        }
        (_, Some("LOADING")) => "Redis is still loading its data".to_owned(),
        _ if error.is_connection_refusal() => {
            "nothing listens for Redis at REDIS_URL (the connection was refused)".to_owned()
        }
        _ if error.is_timeout() => "Redis does not answer in time".to_owned(),
        (ErrorKind::Io, _) => format!("Redis does not answer: {error}"),
        _ => format!("Redis answers with an error: {error}"),
    }
}

impl Redis {
    /// Connects on first use.
    ///
    /// # Errors
    /// When the address can't be parsed.
    pub fn new(url: &SecretString, prefix: &str) -> anyhow::Result<Self> {
        let client = Client::open(url.expose_secret()).context("REDIS_URL is not understood")?;
        Ok(Self { client: client.into(), connecting: Arc::default(), link: Arc::default(), prefix: prefix.into() })
    }

    /// Adds this installation's prefix.
    #[must_use]
    pub fn key(&self, name: impl std::fmt::Display) -> String {
        format!("{}{name}", self.prefix)
    }

    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisUnavailable> {
        self.call(async |mut connection| command.query_async(&mut connection).await).await
    }

    /// Runs several commands in one round trip.
    pub async fn run_pipeline<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, RedisUnavailable> {
        self.call(async |mut connection| commands.query_async(&mut connection).await).await
    }

    pub async fn run_script<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, RedisUnavailable> {
        self.call(async |mut connection| script.invoke_async(&mut connection).await).await
    }

    /// Deletes every key of this installation whose name begins with this. Keys that are added meanwhile may stay.
    pub async fn delete_keys(&self, beginning: &str) -> Result<(), RedisUnavailable> {
        let pattern = self.key(format_args!("{beginning}*"));
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(SCAN_STEP);
            let (next, keys): (u64, Vec<String>) = self.run(&scan).await?;
            if !keys.is_empty() {
                self.run::<()>(redis::cmd("DEL").arg(&keys)).await?;
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }

    pub async fn check_ready(&self) -> Result<(), RedisUnavailable> {
        self.run(&redis::cmd("PING")).await
    }

    async fn call<T>(
        &self,
        call: impl AsyncFnOnce(MultiplexedConnection) -> RedisResult<T>,
    ) -> Result<T, RedisUnavailable> {
        let begun = ambient::monotonic_now();
        let answer = self.call_until(begun + CALL_TIMEOUT, call).await;
        METRICS.count_redis_call(begun.elapsed(), answer.is_err());
        Ok(answer?)
    }

    async fn call_until<T>(
        &self,
        deadline: Instant,
        call: impl AsyncFnOnce(MultiplexedConnection) -> RedisResult<T>,
    ) -> RedisResult<T> {
        let (connection, number) =
            timeout_at(deadline, self.connect()).await.unwrap_or_else(|_| Err(timeout_error()))?;
        let answer = timeout_at(deadline, call(connection)).await.unwrap_or_else(|_| Err(timeout_error()));
        // What Redis itself says, such as that it is out of memory, is an answer.
        if answer.as_ref().is_err_and(|error| error.is_io_error() || error.is_unrecoverable_error()) {
            self.discard(number);
        }
        answer
    }

    /// The connection and its number.
    async fn connect(&self) -> RedisResult<(MultiplexedConnection, u64)> {
        if let Some(open) = self.open_connection()? {
            return Ok(open);
        }
        let _connecting = self.connecting.lock().await;
        // Somebody else has connected meanwhile, or failed to.
        if let Some(open) = self.open_connection()? {
            return Ok(open);
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(CALL_TIMEOUT));
        let connected = self.client.get_multiplexed_async_connection_with_config(&config);
        let connected = tokio::time::timeout(CONNECT_TIMEOUT, connected).await.unwrap_or_else(|_| Err(timeout_error()));
        let mut link = self.lock();
        match connected {
            Ok(connection) => {
                link.connection = Some(connection.clone());
                (link.number, link.failed_at) = (link.number + 1, None);
                Ok((connection, link.number))
            }
            Err(error) => {
                link.failed_at = Some(ambient::monotonic_now());
                Err(error)
            }
        }
    }

    /// The connection, if there is one; fails while connecting failed only a moment ago.
    fn open_connection(&self) -> RedisResult<Option<(MultiplexedConnection, u64)>> {
        let link = self.lock();
        if link.failed_at.is_some_and(|at| ambient::monotonic_now() < at + CONNECT_PAUSE) {
            return Err(RedisError::from((ErrorKind::Io, "it did not answer a moment ago")));
        }
        Ok(link.connection.clone().map(|connection| (connection, link.number)))
    }

    fn discard(&self, number: u64) {
        let mut link = self.lock();
        if link.number == number {
            link.connection = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn timeout_error() -> RedisError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}

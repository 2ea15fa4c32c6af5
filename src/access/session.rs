//! Sessions, in Redis.
//!
//! The cookie contains 256 random bits; Redis stores the session under their SHA-256, so that reading Redis is not
//! enough to sign in. A session ends after twelve hours without use and after seven days in any case. The account's row
//! is what ends it reliably: its `session_epoch` is compared with the session's at every request, so that ending all
//! sessions survives the loss, or an old copy, of Redis.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::{account::Account, token::Token};
use crate::{
    domain::{canonical::Sha256Hash, ids::UserId, time::Moment},
    redis::{Redis, RedisUnavailable},
    texts,
};

const IDLE_SECONDS: i64 = 12 * 3_600;

/// Seconds from its start until a session ends in any case.
const MAX_LIFETIME_SECONDS: i64 = 7 * 24 * 3_600;

/// Minimum seconds between two updates of `seen`.
const TOUCH_INTERVAL_SECONDS: i64 = 60;

/// Identifies a session without giving access to it.
pub type SessionKey = Sha256Hash;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub user: UserId,
    /// The account's `session_epoch` when the session started.
    pub epoch: i32,
    /// The account's `credential_version` when the session started.
    pub credential_version: i32,
    pub created: Moment,
    /// When the session was last used, to the minute.
    pub seen: Moment,
    /// Browser and system, as far as the `User-Agent` header shows them.
    pub device: String,
    /// The network address from which it was last used.
    #[serde(default)]
    pub place: String,
    /// When its holder last proved their identity.
    #[serde(default)]
    pub proved: Option<Moment>,
}

impl Session {
    fn is_expired(&self, now: Moment) -> bool {
        now.seconds_since(self.seen) >= IDLE_SECONDS || now.seconds_since(self.created) >= MAX_LIFETIME_SECONDS
    }

    /// Seconds until the session ends if it is not used.
    fn seconds_left(&self, now: Moment) -> i64 {
        IDLE_SECONDS.min(MAX_LIFETIME_SECONDS - now.seconds_since(self.created)).max(1)
    }

    /// Whether the session is still valid for this account.
    #[must_use]
    pub fn is_valid_for(&self, account: &Account) -> bool {
        account.active
            && account.id == self.user
            && account.session_epoch == self.epoch
            && account.credential_version == self.credential_version
    }
}

fn session_redis_key(redis: &Redis, key: SessionKey) -> String {
    redis.key(format_args!("session:{key}"))
}

fn index_redis_key(redis: &Redis, user: UserId) -> String {
    redis.key(format_args!("sessions:{user}"))
}

/// Starts a session for somebody who has just proved their identity. It has a new secret: a secret that a browser sends
/// is never reused.
pub async fn start(
    redis: &Redis,
    account: &Account,
    device_and_address: (String, String),
    now: Moment,
) -> Result<Token, RedisUnavailable> {
    replace(redis, account, device_and_address, Some(now), now).await
}

/// Like [`start`], for a session that replaces one in which the last proof of identity was at `proved`.
pub async fn replace(
    redis: &Redis,
    account: &Account,
    (device, place): (String, String),
    proved: Option<Moment>,
    now: Moment,
) -> Result<Token, RedisUnavailable> {
    let token = Token::generate();
    let session = Session {
        user: account.id,
        epoch: account.session_epoch,
        credential_version: account.credential_version,
        created: now,
        seen: now,
        device,
        place,
        proved,
    };
    let index = index_redis_key(redis, account.id);
    let key = token.hash();
    let mut both = redis::pipe();
    both.atomic()
        .set_ex(session_redis_key(redis, key), to_json(&session), session.seconds_left(now).unsigned_abs())
        .ignore()
        .sadd(&index, key.to_string())
        .ignore()
        .expire(&index, MAX_LIFETIME_SECONDS)
        .ignore();
    redis.run_pipeline::<()>(&both).await?;
    Ok(token)
}

/// The session of a secret. Its use is recorded at most once a minute, and at once when the network address changes.
///
/// # Errors
/// When Redis does not answer, or its value is not a session.
pub async fn find_and_touch(
    redis: &Redis,
    token: &Token,
    place: &str,
    now: Moment,
) -> anyhow::Result<Option<(SessionKey, Session)>> {
    let key = token.hash();
    let Some(mut session) = load(redis, key, now).await? else { return Ok(None) };
    if now.seconds_since(session.seen) >= TOUCH_INTERVAL_SECONDS || session.place != place {
        session.seen = now;
        place.clone_into(&mut session.place);
        // XX: a session that was ended meanwhile must not be restored.
        let mut set = redis::cmd("SET");
        set.arg(session_redis_key(redis, key))
            .arg(to_json(&session))
            .arg("XX")
            .arg("EX")
            .arg(session.seconds_left(now));
        redis.run::<Option<String>>(&set).await?;
    }
    Ok(Some((key, session)))
}

/// A session by its key. This does not count as use of the session.
///
/// # Errors
/// When Redis does not answer, or its value is not a session.
pub async fn load(redis: &Redis, key: SessionKey, now: Moment) -> anyhow::Result<Option<Session>> {
    let json: Option<String> = redis.run(redis::cmd("GET").arg(session_redis_key(redis, key))).await?;
    let session: Option<Session> =
        json.map(|json| serde_json::from_str(&json)).transpose().context("a session can't be read")?;
    Ok(session.filter(|session| !session.is_expired(now)))
}

/// Records that the holder of a session has proved their identity.
///
/// # Errors
/// When Redis does not answer, or its value is not a session.
pub async fn record_proof(redis: &Redis, key: SessionKey, now: Moment) -> anyhow::Result<()> {
    let Some(session) = load(redis, key, now).await? else { return Ok(()) };
    let session = Session { proved: Some(now), seen: now, ..session };
    // XX: a session that was ended meanwhile must not be restored.
    let mut set = redis::cmd("SET");
    set.arg(session_redis_key(redis, key)).arg(to_json(&session)).arg("XX").arg("EX").arg(session.seconds_left(now));
    Ok(redis.run::<Option<String>>(&set).await.map(drop)?)
}

pub async fn end(redis: &Redis, user: UserId, key: SessionKey) -> Result<(), RedisUnavailable> {
    let mut both = redis::pipe();
    both.atomic()
        .del(session_redis_key(redis, key))
        .ignore()
        .srem(index_redis_key(redis, user), key.to_string())
        .ignore();
    redis.run_pipeline(&both).await
}

/// Ends the session with this key, whoever it belongs to.
pub(super) async fn end_by_key(redis: &Redis, key: SessionKey) -> Result<(), RedisUnavailable> {
    // The index of the account contains the key until its sessions are next listed.
    redis.run(redis::cmd("DEL").arg(session_redis_key(redis, key))).await
}

/// Ends the sessions of everybody, for a database that is older than they are: in it, an account's `session_epoch` may
/// again be the one of a session that was ended since.
pub async fn end_all(redis: &Redis) -> Result<(), RedisUnavailable> {
    // Not `sessions:`, the indexes of accounts. They lose what is gone when they are next listed.
    redis.delete_keys("session:").await
}

/// The valid sessions of an account, the last used first.
///
/// # Errors
/// When Redis does not answer, or a value is not a session.
pub async fn list(redis: &Redis, account: &Account, now: Moment) -> anyhow::Result<Vec<(SessionKey, Session)>> {
    let index = index_redis_key(redis, account.id);
    let keys: Vec<String> = redis.run(redis::cmd("SMEMBERS").arg(&index)).await?;
    let keys: Vec<SessionKey> = keys.iter().filter_map(|key| key.parse().ok()).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut get = redis::cmd("MGET");
    for key in &keys {
        get.arg(session_redis_key(redis, *key));
    }
    let stored: Vec<Option<String>> = redis.run(&get).await?;
    let mut open = Vec::new();
    let mut gone = redis::cmd("SREM");
    gone.arg(&index);
    let mut any_gone = false;
    for (key, json) in keys.into_iter().zip(stored) {
        let session: Option<Session> =
            json.map(|json| serde_json::from_str(&json)).transpose().context("a session can't be read")?;
        match session.filter(|session| session.is_valid_for(account) && !session.is_expired(now)) {
            Some(session) => open.push((key, session)),
            None => {
                gone.arg(key.to_string());
                any_gone = true;
            }
        }
    }
    if any_gone {
        redis.run::<()>(&gone).await?;
    }
    open.sort_by_key(|(_, session)| std::cmp::Reverse(session.seen));
    Ok(open)
}

#[expect(clippy::expect_used, reason = "a session has no map with keys that are not strings")]
fn to_json(session: &Session) -> String {
    serde_json::to_string(session).expect("a session is JSON")
}

/// A short name of browser and system from a `User-Agent`, by which people recognise their own sessions.
#[must_use]
pub fn describe_device(user_agent: &str) -> String {
    let find = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => texts::browser_on_system(browser, system).into_owned(),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => texts::unknown_browser().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describe_device_names_browser_and_system() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
            ("curl/8.0", "curl"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(describe_device(agent), name);
        }
    }
}

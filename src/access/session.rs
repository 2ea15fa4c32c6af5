//! Sessions, in Redis: who a browser is.
//!
//! The cookie holds 256 random bits; Redis holds the session under their SHA-256, so that who reads Redis can't come
//! in. A session ends after twelve hours unused and after seven days in any case. What ends it for certain is the
//! account's row: its `session_epoch` is compared with the session's at every request, so that ending all sessions
//! survives the loss, or an old copy, of Redis.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::{account::Account, token::Token};
use crate::{
    domain::{canonical::Sha256Hash, ids::UserId, time::Moment},
    redis::{Down, Redis},
};

/// Seconds a session lasts unused.
const IDLE: i64 = 12 * 3_600;

/// Seconds it lasts in any case.
const ABSOLUTE: i64 = 7 * 24 * 3_600;

/// Seconds between two notes of its use.
const TOUCH: i64 = 60;

/// Names a session without giving access to it.
pub type SessionKey = Sha256Hash;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub user: UserId,
    /// The account's `session_epoch` when it began.
    pub epoch: i32,
    /// The account's `credential_version` when it began.
    pub credential_version: i32,
    /// When it began.
    pub created: Moment,
    /// When it was last used, to the minute.
    pub seen: Moment,
    /// The browser and system, as far as they tell.
    pub device: String,
    /// The network address it was last used from.
    #[serde(default)]
    pub place: String,
    /// When who holds it last proved who they are.
    #[serde(default)]
    pub proved: Option<Moment>,
}

impl Session {
    /// Whether its time is up.
    fn is_over(&self, now: Moment) -> bool {
        now.seconds_since(self.seen) >= IDLE || now.seconds_since(self.created) >= ABSOLUTE
    }

    /// Seconds until it ends if it is not used.
    fn left(&self, now: Moment) -> i64 {
        IDLE.min(ABSOLUTE - now.seconds_since(self.created)).max(1)
    }

    /// Whether it still opens this account.
    #[must_use]
    pub fn opens(&self, account: &Account) -> bool {
        account.active
            && account.id == self.user
            && account.session_epoch == self.epoch
            && account.credential_version == self.credential_version
    }
}

fn key_of(redis: &Redis, key: SessionKey) -> String {
    redis.key(format_args!("session:{key}"))
}

fn index_of(redis: &Redis, user: UserId) -> String {
    redis.key(format_args!("sessions:{user}"))
}

/// Begins a session, of somebody who has just proved who they are, with a secret of its own: one that a browser brings is
/// never taken over.
///
/// # Errors
/// When Redis does not answer.
pub async fn begin(redis: &Redis, account: &Account, whence: (String, String), now: Moment) -> Result<Token, Down> {
    replace(redis, account, whence, Some(now), now).await
}

/// As [`begin`], in place of a session in which who they are was last proved then.
///
/// # Errors
/// When Redis does not answer.
pub async fn replace(
    redis: &Redis,
    account: &Account,
    (device, place): (String, String),
    proved: Option<Moment>,
    now: Moment,
) -> Result<Token, Down> {
    let token = Token::draw();
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
    let index = index_of(redis, account.id);
    let key = token.hash();
    let mut both = redis::pipe();
    both.atomic()
        .set_ex(key_of(redis, key), written(&session), session.left(now).unsigned_abs())
        .ignore()
        .sadd(&index, key.to_string())
        .ignore()
        .expire(&index, ABSOLUTE)
        .ignore();
    redis.run_all::<()>(&both).await?;
    Ok(token)
}

/// The session of a secret, noting now and then that it is used, and at once when that is from another place.
///
/// # Errors
/// When Redis does not answer, or holds what is no session.
pub async fn find(
    redis: &Redis,
    token: &Token,
    place: &str,
    now: Moment,
) -> anyhow::Result<Option<(SessionKey, Session)>> {
    let key = token.hash();
    let Some(mut session) = look_up(redis, key, now).await? else { return Ok(None) };
    if now.seconds_since(session.seen) >= TOUCH || session.place != place {
        session.seen = now;
        place.clone_into(&mut session.place);
        // XX: a session that was ended meanwhile is not brought back.
        let mut set = redis::cmd("SET");
        set.arg(key_of(redis, key)).arg(written(&session)).arg("XX").arg("EX").arg(session.left(now));
        redis.run::<Option<String>>(&set).await?;
    }
    Ok(Some((key, session)))
}

/// A session by its key, without counting this as use of it.
///
/// # Errors
/// When Redis does not answer, or holds what is no session.
pub async fn look_up(redis: &Redis, key: SessionKey, now: Moment) -> anyhow::Result<Option<Session>> {
    let found: Option<String> = redis.run(redis::cmd("GET").arg(key_of(redis, key))).await?;
    let session: Option<Session> =
        found.map(|found| serde_json::from_str(&found)).transpose().context("a session can't be read")?;
    Ok(session.filter(|session| !session.is_over(now)))
}

/// Notes that who holds a session has proved who they are.
///
/// # Errors
/// When Redis does not answer, or holds what is no session.
pub async fn note_proof(redis: &Redis, key: SessionKey, now: Moment) -> anyhow::Result<()> {
    let Some(session) = look_up(redis, key, now).await? else { return Ok(()) };
    let session = Session { proved: Some(now), seen: now, ..session };
    // XX: a session that was ended meanwhile is not brought back.
    let mut set = redis::cmd("SET");
    set.arg(key_of(redis, key)).arg(written(&session)).arg("XX").arg("EX").arg(session.left(now));
    Ok(redis.run::<Option<String>>(&set).await.map(drop)?)
}

/// Ends a session.
///
/// # Errors
/// When Redis does not answer.
pub async fn end(redis: &Redis, user: UserId, key: SessionKey) -> Result<(), Down> {
    let mut both = redis::pipe();
    both.atomic().del(key_of(redis, key)).ignore().srem(index_of(redis, user), key.to_string()).ignore();
    redis.run_all(&both).await
}

/// Ends the session of this key, whoever's it is.
///
/// # Errors
/// When Redis does not answer.
pub(super) async fn end_unnamed(redis: &Redis, key: SessionKey) -> Result<(), Down> {
    // The index keeps the key until the sessions are next listed.
    redis.run(redis::cmd("DEL").arg(key_of(redis, key))).await
}

/// The sessions of an account that are open, the last used first.
///
/// # Errors
/// When Redis does not answer, or holds what is no session.
pub async fn list(redis: &Redis, account: &Account, now: Moment) -> anyhow::Result<Vec<(SessionKey, Session)>> {
    let index = index_of(redis, account.id);
    let keys: Vec<String> = redis.run(redis::cmd("SMEMBERS").arg(&index)).await?;
    let keys: Vec<SessionKey> = keys.iter().filter_map(|key| key.parse().ok()).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut get = redis::cmd("MGET");
    for key in &keys {
        get.arg(key_of(redis, *key));
    }
    let found: Vec<Option<String>> = redis.run(&get).await?;
    let mut open = Vec::new();
    let mut gone = redis::cmd("SREM");
    gone.arg(&index);
    let mut any_gone = false;
    for (key, found) in keys.into_iter().zip(found) {
        let session: Option<Session> =
            found.map(|found| serde_json::from_str(&found)).transpose().context("a session can't be read")?;
        match session.filter(|session| session.opens(account) && !session.is_over(now)) {
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
fn written(session: &Session) -> String {
    serde_json::to_string(session).expect("a session is JSON")
}

/// A browser and system in a few words, told from its `User-Agent`: for people to recognise their own sessions by.
#[must_use]
pub fn device(user_agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
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
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named() {
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
            assert_eq!(device(agent), name);
        }
    }
}

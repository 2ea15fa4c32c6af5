//! How often something may be tried.
//!
//! The generic cell rate algorithm (GCRA, ITU-T I.371): a bucket keeps one time, when it will be empty again. It lets
//! `burst` tries through at once and one more each `interval`. Tries are charged before they are made, so that many
//! at once are counted too, and given back when they succeed.

use std::{net::IpAddr, sync::LazyLock};

use moka::sync::Cache;
use redis::Script;

use super::session::SessionKey;
use crate::{
    domain::{canonical::Sha256Hash, ids::UserId, text::Email, time::Moment},
    redis::{Down, Redis},
    web::route::Costly,
};

/// Something that is limited, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    name: String,
    /// How many at once.
    burst: i64,
    /// Milliseconds for each one more.
    interval: i64,
}

impl Bucket {
    /// Signing in to one account from one address. Unknown addresses of people are counted alike.
    #[must_use]
    pub fn account_from(email: &Email, from: IpAddr) -> Self {
        let who = Sha256Hash::of(format!("{email} {}", network(from)).as_bytes());
        Self { name: format!("account:{who}"), burst: 10, interval: 60_000 }
    }

    /// Signing in to one account, from wherever: who guesses from many addresses is slowed down too.
    #[must_use]
    pub fn account(email: &Email) -> Self {
        let who = Sha256Hash::of(format!("{email} from anywhere").as_bytes());
        Self { name: format!("account:{who}"), burst: 30, interval: 120_000 }
    }

    /// Signing in to any account from one address; from an IPv6 /64, and from the /48 around it, which is what one
    /// customer of a provider is commonly given (RFC 6177).
    #[must_use]
    pub fn address(from: IpAddr) -> Vec<Self> {
        let one = Self { name: format!("address:{}", network(from)), burst: 100, interval: 6_000 };
        let around = site(from).map(|site| Self { name: format!("address:{site}"), burst: 300, interval: 2_000 });
        std::iter::once(one).chain(around).collect()
    }

    /// Signing in from a browser that has done so before: a bucket of its own, so that nobody can fill it but who
    /// holds that browser.
    #[must_use]
    pub fn known_browser(user: UserId, browser: Sha256Hash) -> Self {
        Self { name: format!("browser:{user}:{browser}"), burst: 10, interval: 60_000 }
    }

    /// Proving again who one is, in a session.
    #[must_use]
    pub fn proof(session: SessionKey) -> Self {
        Self { name: format!("proof:{session}"), burst: 10, interval: 60_000 }
    }

    /// Trying codes of a second factor: the account's, or, where one is known that nobody else has (a browser which has
    /// signed in before, a session), that one's own, so that who guesses at the account keeps its owner out of neither.
    /// Three codes of a million are right at any time, so that a year of guessing at this pace succeeds one time in four.
    #[must_use]
    pub fn code(user: UserId, own: Option<Sha256Hash>) -> Self {
        let whose = own.map_or_else(|| "anybody".to_owned(), |own| own.to_string());
        Self { name: format!("code:{user}:{whose}"), burst: 10, interval: 300_000 }
    }

    /// Asking for a way back to a forgotten password, from one address.
    #[must_use]
    pub fn forgotten(from: IpAddr) -> Self {
        Self { name: format!("forgotten:{}", network(from)), burst: 10, interval: 60_000 }
    }

    /// Mail to one person because somebody, whoever it is, asked for it.
    #[must_use]
    pub fn reset_mail(user: UserId) -> Self {
        Self { name: format!("reset-mail:{user}"), burst: 3, interval: 3_600_000 }
    }

    /// Searching, which costs the database more than any other page.
    #[must_use]
    pub fn search(user: UserId) -> Self {
        Self { name: format!("search:{user}"), burst: 30, interval: 2_000 }
    }

    /// Changing something, whatever it is; uploads have a bucket of their own.
    #[must_use]
    pub fn changes(user: UserId, a_minute: u32) -> Self {
        let a_minute = i64::from(a_minute.max(1));
        Self { name: format!("changes:{user}"), burst: a_minute, interval: (60_000 / a_minute).max(1) }
    }

    /// Doing what is costly, all of the same kind together. Uploads come one by one from a page that was given hundreds
    /// of files.
    #[must_use]
    pub fn costly(user: UserId, costly: Costly) -> Self {
        let (name, burst, interval) = match costly {
            Costly::Upload => ("upload", 600, 1_000),
            Costly::Export => ("export", 20, 30_000),
        };
        Self { name: format!("{name}:{user}"), burst, interval }
    }

    /// Trying one-time addresses.
    #[must_use]
    pub fn one_time_address(from: IpAddr) -> Self {
        Self { name: format!("one-time:{}", network(from)), burst: 30, interval: 10_000 }
    }
}

/// An IPv6 client has a whole /64 to itself, and could come from another address each time.
fn network(from: IpAddr) -> String {
    match from {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The /48 that an IPv6 address is in.
fn site(from: IpAddr) -> Option<String> {
    match from {
        IpAddr::V4(_) => None,
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

/// Too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Seconds until it may be tried again.
    pub seconds: u64,
}

impl From<Wait> for crate::web::Error {
    fn from(wait: Wait) -> Self {
        Self::TooManyRequests { retry_after: wait.seconds }
    }
}

/// Charges every bucket, or none: answers the milliseconds to wait, 0 when it may be tried.
static CHARGE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local now = tonumber(ARGV[1])
        local wait = 0
        local ends = {}
        for i, key in ipairs(KEYS) do
            local burst, interval = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
            ends[i] = math.max(tonumber(redis.call('GET', key) or now), now) + interval
            wait = math.max(wait, ends[i] - burst * interval - now)
        end
        if wait > 0 then return math.ceil(wait) end
        for i, key in ipairs(KEYS) do
            redis.call('SET', key, string.format('%.0f', ends[i]), 'PX', string.format('%.0f', ends[i] - now))
        end
        return 0
        ",
    )
});

/// Gives back what was charged.
static REFUND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local now = tonumber(ARGV[1])
        for i, key in ipairs(KEYS) do
            local ends = tonumber(redis.call('GET', key) or now) - tonumber(ARGV[2 * i + 1])
            if ends > now then
                redis.call('SET', key, string.format('%.0f', ends), 'PX', string.format('%.0f', ends - now))
            else
                redis.call('DEL', key)
            end
        end
        return 0
        ",
    )
});

/// Charges one try to every bucket, or to none when one of them is full.
///
/// # Errors
/// The outer when Redis does not answer; the inner when it is too often.
pub async fn charge(redis: &Redis, buckets: &[Bucket], now: Moment) -> Result<Result<(), Wait>, Down> {
    let wait = run(&CHARGE, redis, buckets, now).await?;
    Ok(if wait == 0 { Ok(()) } else { Err(Wait { seconds: wait.unsigned_abs().div_ceil(1_000) }) })
}

/// Gives one try back to every bucket, since it succeeded.
///
/// # Errors
/// When Redis does not answer.
pub async fn refund(redis: &Redis, buckets: &[Bucket], now: Moment) -> Result<(), Down> {
    run(&REFUND, redis, buckets, now).await.map(drop)
}

async fn run(script: &Script, redis: &Redis, buckets: &[Bucket], now: Moment) -> Result<i64, Down> {
    let mut call = script.prepare_invoke();
    call.arg(now.timestamp().as_millisecond());
    for bucket in buckets {
        call.key(redis.key(format_args!("limit:{}", bucket.name))).arg(bucket.burst).arg(bucket.interval);
    }
    redis.run_script(&call).await
}

/// When each bucket of this process will be empty again; the least used are forgotten first.
static LOCAL: LazyLock<Cache<String, i64>> = LazyLock::new(|| Cache::new(10_000));

/// As [`charge`] of one bucket, standing in with a count of this process alone while Redis does not answer. For what
/// need not stop then, as signing in must.
///
/// # Errors
/// When it is too often.
pub async fn charge_anyhow(redis: &Redis, bucket: &Bucket, now: Moment) -> Result<(), Wait> {
    match charge(redis, std::slice::from_ref(bucket), now).await {
        Ok(answer) => answer,
        Err(_) => charge_here(redis.key(&bucket.name), bucket, now),
    }
}

fn charge_here(key: String, bucket: &Bucket, now: Moment) -> Result<(), Wait> {
    let now = now.timestamp().as_millisecond();
    let mut wait = 0;
    LOCAL.entry(key).and_upsert_with(|entry| {
        let before = entry.map_or(now, moka::Entry::into_value).max(now);
        wait = (before + bucket.interval - bucket.burst * bucket.interval - now).max(0);
        if wait == 0 { before + bucket.interval } else { before }
    });
    if wait == 0 { Ok(()) } else { Err(Wait { seconds: wait.unsigned_abs().div_ceil(1_000) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_each_interval() {
        let start: Moment = "2026-11-23T10:00:00Z".parse().unwrap();
        let bucket = Bucket { name: "test".to_owned(), burst: 3, interval: 10_000 };
        let charge = |seconds| charge_here("a test of limits".to_owned(), &bucket, start.plus_seconds(seconds));
        assert_eq!([charge(0), charge(0), charge(0)], [Ok(()); 3]);
        assert_eq!(charge(0), Err(Wait { seconds: 10 }));
        assert_eq!(charge(4), Err(Wait { seconds: 6 }));
        assert_eq!(charge(10), Ok(()));
        assert_eq!(charge(10), Err(Wait { seconds: 10 }));
        assert_eq!([charge(100), charge(100), charge(100)], [Ok(()); 3]);
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        let of = |ip: &str| Bucket::address(ip.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1")[0], of("2001:db8:1:3::1")[0]);
        assert_eq!(of("2001:db8:1:2::1")[1], of("2001:db8:1:3::1")[1]);
        assert_ne!(of("2001:db8:1:2::1")[1], of("2001:db8:2:2::1")[1]);
        assert_eq!(of("192.0.2.1").len(), 1);
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}

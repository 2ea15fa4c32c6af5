//! Rate limits.
//!
//! The generic cell rate algorithm (GCRA, ITU-T I.371): a bucket stores one time, at which it will be empty again. It
//! allows `burst` tries at once and one more each `interval`. Tries are charged before they are made, so that
//! concurrent tries are counted too, and refunded when they succeed.

use std::{net::IpAddr, sync::LazyLock};

use moka::sync::Cache;
use redis::Script;

use super::session::SessionKey;
use crate::{
    domain::{canonical::Sha256Hash, ids::UserId, text::Email, time::Moment},
    redis::{Redis, RedisUnavailable},
    web::route::RateLimitClass,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    name: String,
    /// How many tries are allowed at once.
    burst: i64,
    /// Milliseconds until one more try is allowed.
    interval: i64,
}

impl Bucket {
    /// Signing in to one account from one address. Unknown e-mail addresses are counted alike.
    #[must_use]
    pub fn sign_in_to_account_from(email: &Email, from: IpAddr) -> Self {
        let who = Sha256Hash::compute(format!("{email} {}", network_name(from)).as_bytes());
        Self { name: format!("account:{who}"), burst: 10, interval: 60_000 }
    }

    /// Signing in to one account from any address: slows down somebody who guesses from many addresses.
    #[must_use]
    pub fn sign_in_to_account(email: &Email) -> Self {
        let who = Sha256Hash::compute(format!("{email} from anywhere").as_bytes());
        Self { name: format!("account:{who}"), burst: 30, interval: 120_000 }
    }

    /// Signing in to any account from one address; for IPv6 also from its /64 and the /48 around it, which providers
    /// commonly assign to one customer (RFC 6177).
    #[must_use]
    pub fn sign_in_from_address(from: IpAddr) -> Vec<Self> {
        let one = Self { name: format!("address:{}", network_name(from)), burst: 100, interval: 6_000 };
        let around = site_name(from).map(|site| Self { name: format!("address:{site}"), burst: 300, interval: 2_000 });
        std::iter::once(one).chain(around).collect()
    }

    /// Signing in from a browser that has done so before: a bucket of its own, so that only somebody with that browser
    /// can fill it.
    #[must_use]
    pub fn sign_in_from_browser(user: UserId, browser: Sha256Hash) -> Self {
        Self { name: format!("browser:{user}:{browser}"), burst: 10, interval: 60_000 }
    }

    /// Proving one's identity again in a session.
    #[must_use]
    pub fn proof(session: SessionKey) -> Self {
        Self { name: format!("proof:{session}"), burst: 10, interval: 60_000 }
    }

    /// Trying codes of a second factor. The bucket belongs to the account, or to `own`, a value that nobody else has (a
    /// known browser, a session), so that somebody who guesses codes for the account does not lock its owner out of
    /// either. Three of a million codes are right at any time, so a year of guessing at this rate succeeds with a
    /// probability of one in four.
    #[must_use]
    pub fn second_factor_code(user: UserId, own: Option<Sha256Hash>) -> Self {
        let whose = own.map_or_else(|| "anybody".to_owned(), |own| own.to_string());
        Self { name: format!("code:{user}:{whose}"), burst: 10, interval: 300_000 }
    }

    /// Asking for a password reset from one address.
    #[must_use]
    pub fn forgotten_password(from: IpAddr) -> Self {
        Self { name: format!("forgotten:{}", network_name(from)), burst: 10, interval: 60_000 }
    }

    /// Mails to one person that anybody can request.
    #[must_use]
    pub fn reset_mail(user: UserId) -> Self {
        Self { name: format!("reset-mail:{user}"), burst: 3, interval: 3_600_000 }
    }

    /// Taking another name: each name that a person had is reserved for them.
    #[must_use]
    pub fn name_change(user: UserId) -> Self {
        Self { name: format!("name:{user}"), burst: 3, interval: 8 * 3_600_000 }
    }

    /// Asking for another address, to which a mail is sent.
    #[must_use]
    pub fn address_change(user: UserId) -> Self {
        Self { name: format!("address-change:{user}"), burst: 3, interval: 3_600_000 }
    }

    /// Reading a person's calendar, which programs do by the hour.
    #[must_use]
    pub fn calendar_feed(user: UserId) -> Self {
        Self { name: format!("calendar:{user}"), burst: 30, interval: 60_000 }
    }

    /// Searching, which costs the database more than any other page.
    #[must_use]
    pub fn search(user: UserId) -> Self {
        Self { name: format!("search:{user}"), burst: 30, interval: 2_000 }
    }

    /// The command palette, which asks with each pause in typing.
    #[must_use]
    pub fn palette(user: UserId) -> Self {
        Self { name: format!("palette:{user}"), burst: 60, interval: 500 }
    }

    /// Any change except uploads, which have a bucket of their own.
    #[must_use]
    pub fn changes(user: UserId, a_minute: u32) -> Self {
        let a_minute = i64::from(a_minute.max(1));
        Self { name: format!("changes:{user}"), burst: a_minute, interval: (60_000 / a_minute).max(1) }
    }

    /// Requests of one rate-limit class. Uploads come one by one from a page, possibly for hundreds of files.
    #[must_use]
    pub fn for_class(user: UserId, class: RateLimitClass) -> Self {
        let (name, burst, interval) = match class {
            RateLimitClass::Upload => ("upload", 600, 1_000),
            RateLimitClass::Export => ("export", 20, 30_000),
        };
        Self { name: format!("{name}:{user}"), burst, interval }
    }

    /// Requests with the secret of an invitation or of a mailed link, from one network: nobody shall find one by trying.
    #[must_use]
    pub fn one_time_address(from: IpAddr) -> Self {
        Self { name: format!("one-time:{}", network_name(from)), burst: 30, interval: 10_000 }
    }
}

/// An IPv6 client controls a whole /64 and could use another address each time.
fn network_name(from: IpAddr) -> String {
    match from {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The /48 that contains an IPv6 address.
fn site_name(from: IpAddr) -> Option<String> {
    match from {
        IpAddr::V4(_) => None,
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            Some(format!("{a:x}:{b:x}:{c:x}::/48"))
        }
    }
}

/// A bucket is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter {
    /// Seconds until the next try is allowed.
    pub seconds: u64,
}

impl From<RetryAfter> for crate::web::Error {
    fn from(wait: RetryAfter) -> Self {
        Self::TooManyRequests { retry_after: wait.seconds }
    }
}

/// Charges every bucket or none. Returns the milliseconds to wait, 0 if the try is allowed.
static CHARGE_SCRIPT: LazyLock<Script> = LazyLock::new(|| {
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

static REFUND_SCRIPT: LazyLock<Script> = LazyLock::new(|| {
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
/// The outer error when Redis does not answer; the inner when a bucket is full.
pub async fn charge(
    redis: &Redis,
    buckets: &[Bucket],
    now: Moment,
) -> Result<Result<(), RetryAfter>, RedisUnavailable> {
    let wait = run_script(&CHARGE_SCRIPT, redis, buckets, now).await?;
    Ok(if wait == 0 { Ok(()) } else { Err(RetryAfter { seconds: wait.unsigned_abs().div_ceil(1_000) }) })
}

/// Refunds one try to every bucket, after it succeeded.
pub async fn refund(redis: &Redis, buckets: &[Bucket], now: Moment) -> Result<(), RedisUnavailable> {
    run_script(&REFUND_SCRIPT, redis, buckets, now).await.map(drop)
}

async fn run_script(script: &Script, redis: &Redis, buckets: &[Bucket], now: Moment) -> Result<i64, RedisUnavailable> {
    let mut call = script.prepare_invoke();
    call.arg(now.timestamp().as_millisecond());
    for bucket in buckets {
        call.key(redis.key(format_args!("limit:{}", bucket.name))).arg(bucket.burst).arg(bucket.interval);
    }
    redis.run_script(&call).await
}

/// When each bucket of this process will be empty again, in milliseconds; the least used are evicted first.
static LOCAL_BUCKETS: LazyLock<Cache<String, i64>> = LazyLock::new(|| Cache::new(10_000));

/// Like [`charge`] for one bucket; while Redis does not answer, a count of this process alone is used instead. For
/// requests that may continue without Redis, unlike signing in.
pub async fn charge_with_fallback(redis: &Redis, bucket: &Bucket, now: Moment) -> Result<(), RetryAfter> {
    match charge(redis, std::slice::from_ref(bucket), now).await {
        Ok(answer) => answer,
        Err(_) => charge_local(redis.key(&bucket.name), bucket, now),
    }
}

fn charge_local(key: String, bucket: &Bucket, now: Moment) -> Result<(), RetryAfter> {
    let now = now.timestamp().as_millisecond();
    let mut wait = 0;
    LOCAL_BUCKETS.entry(key).and_upsert_with(|entry| {
        let before = entry.map_or(now, moka::Entry::into_value).max(now);
        wait = (before + bucket.interval - bucket.burst * bucket.interval - now).max(0);
        if wait == 0 { before + bucket.interval } else { before }
    });
    if wait == 0 { Ok(()) } else { Err(RetryAfter { seconds: wait.unsigned_abs().div_ceil(1_000) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_limit_lets_a_burst_pass_then_one_each_interval() {
        let start: Moment = "2026-11-23T10:00:00Z".parse().unwrap();
        let bucket = Bucket { name: "test".to_owned(), burst: 3, interval: 10_000 };
        let charge = |seconds| charge_local("a test of limits".to_owned(), &bucket, start.plus_seconds(seconds));
        assert_eq!([charge(0), charge(0), charge(0)], [Ok(()); 3]);
        assert_eq!(charge(0), Err(RetryAfter { seconds: 10 }));
        assert_eq!(charge(4), Err(RetryAfter { seconds: 6 }));
        assert_eq!(charge(10), Ok(()));
        assert_eq!(charge(10), Err(RetryAfter { seconds: 10 }));
        assert_eq!([charge(100), charge(100), charge(100)], [Ok(()); 3]);
    }

    #[test]
    fn rate_limit_counts_an_ipv6_client_by_its_network() {
        let of = |ip: &str| Bucket::sign_in_from_address(ip.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1")[0], of("2001:db8:1:3::1")[0]);
        assert_eq!(of("2001:db8:1:2::1")[1], of("2001:db8:1:3::1")[1]);
        assert_ne!(of("2001:db8:1:2::1")[1], of("2001:db8:2:2::1")[1]);
        assert_eq!(of("192.0.2.1").len(), 1);
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}

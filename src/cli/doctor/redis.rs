//! Checks of Redis: the login, the version, and whether it keeps what it is given.

use std::collections::HashMap;

use redis::cmd;
use secrecy::ExposeSecret as _;
use url::Url;

use super::{database::report_clock, report::DoctorReport};
use crate::{
    ambient::Clock,
    cli::open_state::REDIS_PREFIX,
    config::Config,
    redis::{Redis, RedisUnavailable},
};

/// The oldest version that has every command that is used.
const OLDEST_VERSION: (u32, u32) = (7, 0);

/// Returns Redis if it answers.
pub(super) async fn check(config: &Config, clock: &Clock, report: &mut DoctorReport) -> Option<Redis> {
    let check = "Redis";
    let redis = match Redis::new(&config.redis_url, REDIS_PREFIX) {
        Ok(redis) => redis,
        Err(error) => {
            report.fail(check, format!("{error:#}"), "Correct REDIS_URL.");
            return None;
        }
    };
    if let Err(error) = redis.check_ready().await {
        let advice = if error.is_refused_login() {
            "Let REDIS_URL have the password of redis.conf; Redis has to be restarted after a change of it."
        } else {
            "Start Redis, or correct REDIS_URL."
        };
        report.fail(check, error.to_string(), advice);
        return None;
    }
    if let Err(error) = check_server(config, &redis, clock, report).await {
        report.warn(check, error.to_string(), "Let the login of REDIS_URL run INFO and TIME, to see the rest.");
    }
    Some(redis)
}

async fn check_server(
    config: &Config,
    redis: &Redis,
    clock: &Clock,
    report: &mut DoctorReport,
) -> Result<(), RedisUnavailable> {
    let text: String = redis.run(&cmd("INFO")).await?;
    let info: HashMap<&str, &str> = text.lines().filter_map(|line| line.trim().split_once(':')).collect();
    let value = |name: &str| info.get(name).copied().unwrap_or_default();
    let version = value("redis_version");
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < OLDEST_VERSION {
        report.fail("Redis", format!("version {version} is older than 7.0"), "Install a later one, or Valkey.");
    } else {
        report.ok("Redis", format!("version {version}"));
    }
    let url = Url::parse(config.redis_url.expose_secret()).ok();
    let has_password = url.as_ref().is_none_or(|url| {
        url.password().is_some() || !url.has_host() || url.query_pairs().any(|(name, _)| name == "pass")
    });
    if !has_password {
        report.warn(
            "Redis password",
            "Redis requires none, so every program that reaches it can sign in as anybody",
            "Set requirepass in redis.conf, restart Redis, and write the password into REDIS_URL.",
        );
    }
    let limit: u64 = value("maxmemory").parse().unwrap_or(0);
    let policy = value("maxmemory_policy");
    if limit > 0 && policy != "noeviction" {
        report.warn(
            "Redis memory",
            format!("it removes sessions when its memory of {limit} bytes is full (maxmemory-policy {policy})"),
            "Set maxmemory-policy noeviction, or no maxmemory, in redis.conf.",
        );
    }
    if value("aof_enabled") == "1" {
        report.ok("Redis persistence", "sessions are kept over a restart");
    } else {
        report.warn(
            "Redis persistence",
            "appendonly is off, so that a restart signs people out",
            "Set appendonly yes in redis.conf and restart Redis.",
        );
    }
    let (seconds, _): (i64, i64) = redis.run(&cmd("TIME")).await?;
    report_clock(report, "clock of Redis", seconds - clock.now().timestamp().as_second());
    Ok(())
}

//! The operator's settings: environment variables, read once and validated completely before anything starts.
//!
//! All wrong values are reported together, each in a sentence that names the variable and its allowed values.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use ipnet::IpNet;
use lettre::message::Mailbox;
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use crate::encryption::EncryptionKey;

/// Relative to the directory in which signoff is started.
pub const DEFAULT_KEY_FILE: &str = "signoff.key";

/// How many seconds a stop of the server may take by default.
pub const DEFAULT_STOP_SECONDS: u64 = 30;

/// The settings, all of them valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// The application's login to PostgreSQL, a member of `signoff_app` (`DATABASE_URL`).
    pub database_url: SecretString,
    /// The owner's login, used only for migrations (`MIGRATION_DATABASE_URL`).
    pub migration_database_url: SecretString,
    /// The login that may redact texts (`REDACTION_DATABASE_URL`), if there is one.
    pub redaction_database_url: Option<SecretString>,
    /// The store of sessions and rate limits (`REDIS_URL`).
    pub redis_url: SecretString,
    /// The address and port on which the server listens (`SIGNOFF_LISTEN`).
    pub listen: SocketAddr,
    /// The address that people use (`SIGNOFF_PUBLIC_URL`).
    pub public_url: PublicUrl,
    /// The folder of evidence files (`SIGNOFF_EVIDENCE_DIR`).
    pub evidence_dir: PathBuf,
    /// The file of the installation's key (`SIGNOFF_KEY_FILE`).
    pub key_file: PathBuf,
    /// The folder for daily checkpoints (`SIGNOFF_CHECKPOINT_DIR`).
    pub checkpoint_dir: PathBuf,
    /// Maximum bytes of one evidence file (`SIGNOFF_EVIDENCE_MAX_MB`, in units of 1,000,000 bytes).
    pub evidence_max_bytes: u64,
    /// The key that encrypts secrets in the database (`SIGNOFF_SECRET_KEY`). Without it nobody can have a second
    /// factor, and no mail is sent.
    pub secret_key: Option<EncryptionKey>,
    /// Seconds that a person must wait before signing, approving or deciding, after somebody else renewed their sign-in
    /// (`SIGNOFF_RESET_HOLD_HOURS`, in hours); 0 disables the wait.
    pub reset_hold_seconds: i64,
    /// `None` if no mail is sent.
    pub mail: Option<MailSettings>,
    /// The proxies whose `X-Forwarded-For` is trusted (`SIGNOFF_TRUSTED_PROXIES`).
    pub trusted_proxies: Vec<IpNet>,
    /// Maximum connections to PostgreSQL (`SIGNOFF_DATABASE_CONNECTIONS`).
    pub database_connections: u32,
    pub limits: UsageLimits,
    /// How long a stop of the server may take (`SIGNOFF_STOP_SECONDS`).
    pub stop_time: Duration,
    /// The log filter (`SIGNOFF_LOG`), in the syntax of `tracing_subscriber::EnvFilter`.
    pub log: String,
    /// The format of the lines on standard error (`SIGNOFF_LOG_FORMAT`).
    pub log_format: LogFormat,
}

/// Limits for one person, for one address and for everybody together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageLimits {
    /// Changes that a person may make per minute (`SIGNOFF_CHANGES_PER_MINUTE`).
    pub changes_per_minute: u32,
    /// Event streams that a person may have open, in each server process (`SIGNOFF_STREAMS_PER_PERSON`).
    pub streams_per_person: usize,
    /// Uploads that a person may send at the same time, to each server process (`SIGNOFF_UPLOADS_PER_PERSON`).
    pub uploads_per_person: usize,
    /// Bytes of evidence that a person may attach per day, in UTC (`SIGNOFF_EVIDENCE_DAY_MB`).
    pub evidence_bytes_per_day: u64,
    /// Bytes of evidence that a person may attach in all (`SIGNOFF_EVIDENCE_TOTAL_MB`).
    pub evidence_bytes: u64,
    /// Connections of everybody together, to each server process (`SIGNOFF_CONNECTIONS`).
    pub connections: usize,
    /// Connections from one address that is not a trusted proxy's (`SIGNOFF_CONNECTIONS_PER_ADDRESS`).
    pub connections_per_address: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people to read, in colour on a terminal.
    Pretty,
    /// One JSON object per line.
    Json,
}

#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The mail server, with user name and password (`SIGNOFF_SMTP_URL`).
    pub smtp_url: SecretString,
    /// The sender's address, optionally with a name (`SIGNOFF_MAIL_FROM`).
    pub from: Mailbox,
}

/// One sentence per problem.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration can't be used:")?;
        self.0.iter().try_for_each(|sentence| write!(f, "\n  - {sentence}"))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads settings by name. An empty value counts as missing.
    ///
    /// # Errors
    /// With everything that is wrong.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut read = SettingReader { lookup, problems: Vec::new() };
        let database = read.read_address("DATABASE_URL", &["postgres", "postgresql"]);
        let migration = read.read_address("MIGRATION_DATABASE_URL", &["postgres", "postgresql"]);
        if database.is_some() && migration.is_none() && read.read_text("MIGRATION_DATABASE_URL").is_none() {
            read.add_problem("MIGRATION_DATABASE_URL", "must be set along with DATABASE_URL: the application's login may not change the schema, so migrations have the owner's");
        } else if database.is_none() && read.read_text("DATABASE_URL").is_none() {
            read.add_problem("DATABASE_URL", "must be set to the address of a PostgreSQL database, such as postgres://signoff:password@localhost/signoff");
        }
        let redaction = read.read_address("REDACTION_DATABASE_URL", &["postgres", "postgresql"]);
        let redis = read.read_address("REDIS_URL", &["redis", "rediss", "unix", "redis+unix"]);
        if redis.is_none() && read.read_text("REDIS_URL").is_none() {
            read.add_problem("REDIS_URL", "must be set to the address of a Redis, such as redis://localhost:6379/0");
        }
        let listen =
            read.read_parsed("SIGNOFF_LISTEN", "127.0.0.1:8080", "an address and port, such as 127.0.0.1:8080");
        let public_url = read.read_public_url(listen);
        let megabytes = read.read_number("SIGNOFF_EVIDENCE_MAX_MB", 50, 1..=100_000);
        let connections = read.read_number("SIGNOFF_DATABASE_CONNECTIONS", 10, 2..=1_000);
        let reset_hold_hours = read.read_number("SIGNOFF_RESET_HOLD_HOURS", 24, 0..=720);
        let ceilings = read.read_limits();
        let stop_seconds = read.read_number("SIGNOFF_STOP_SECONDS", DEFAULT_STOP_SECONDS, 1..=3_600);
        let secret_key = read.read_secret_key();
        let mail = read.read_mail(secret_key.is_some());
        let trusted_proxies = read.read_networks("SIGNOFF_TRUSTED_PROXIES");
        let log = read.read_text("SIGNOFF_LOG").unwrap_or_else(|| "info".to_owned());
        if tracing_subscriber::EnvFilter::try_new(&log).is_err() {
            read.add_problem(
                "SIGNOFF_LOG",
                "must be a level (error, warn, info, debug, trace) or a list such as info,sqlx=warn",
            );
        }
        let log_format = match read.read_text("SIGNOFF_LOG_FORMAT").as_deref() {
            None | Some("pretty") => LogFormat::Pretty,
            Some("json") => LogFormat::Json,
            Some(_) => {
                read.add_problem("SIGNOFF_LOG_FORMAT", "must be pretty or json");
                LogFormat::Pretty
            }
        };
        let path = |name, default: &str| read.read_text(name).unwrap_or_else(|| default.to_owned()).into();
        let evidence_dir = path("SIGNOFF_EVIDENCE_DIR", "evidence");
        let key_file = path("SIGNOFF_KEY_FILE", DEFAULT_KEY_FILE);
        let checkpoint_dir = path("SIGNOFF_CHECKPOINT_DIR", "checkpoints");
        match (database, migration, redis, listen, public_url) {
            (Some(database_url), Some(migration_database_url), Some(redis_url), Some(listen), Some(public_url))
                if read.problems.is_empty() =>
            {
                Ok(Self {
                    database_url,
                    migration_database_url,
                    redaction_database_url: redaction,
                    redis_url,
                    listen,
                    public_url,
                    evidence_dir,
                    key_file,
                    checkpoint_dir,
                    evidence_max_bytes: megabytes * 1_000_000,
                    secret_key,
                    reset_hold_seconds: i64::try_from(reset_hold_hours).unwrap_or(i64::MAX / 3_600) * 3_600,
                    mail,
                    trusted_proxies,
                    database_connections: u32::try_from(connections).unwrap_or(u32::MAX),
                    limits: ceilings,
                    stop_time: Duration::from_secs(stop_seconds),
                    log,
                    log_format,
                })
            }
            _ => Err(ConfigError(read.problems)),
        }
    }

    /// The settings whose connections leave this machine without TLS that verifies the server. They are allowed, for
    /// example in a private network between containers.
    #[must_use]
    pub fn unencrypted_settings(&self) -> Vec<&'static str> {
        let leaves = |url: &Url| url.host_str().is_some_and(|host| !is_loopback(host));
        let checked = |url: &Url| match url.scheme() {
            "postgres" | "postgresql" => {
                url.query_pairs().any(|(key, value)| key == "sslmode" && matches!(&*value, "verify-ca" | "verify-full"))
            }
            scheme => scheme == "rediss",
        };
        [
            ("DATABASE_URL", &self.database_url),
            ("MIGRATION_DATABASE_URL", &self.migration_database_url),
            ("REDIS_URL", &self.redis_url),
        ]
        .into_iter()
        .filter(|(_, url)| Url::parse(url.expose_secret()).is_ok_and(|url| leaves(&url) && !checked(&url)))
        .map(|(name, _)| name)
        .collect()
    }
}

struct SettingReader<L> {
    lookup: L,
    problems: Vec<String>,
}

impl<L: Fn(&str) -> Option<String>> SettingReader<L> {
    fn read_text(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Adds a wrong value. The value itself is not repeated, since it may contain a password.
    fn add_problem(&mut self, name: &str, must: &str) {
        self.problems.push(format!("{name} {must}."));
    }

    fn read_address(&mut self, name: &str, schemes: &[&str]) -> Option<SecretString> {
        let text = self.read_text(name)?;
        if let Some(must) = unencoded(&text) {
            self.add_problem(name, &must);
            return None;
        }
        if Url::parse(&text).is_ok_and(|url| schemes.contains(&url.scheme())) {
            return Some(text.into());
        }
        let allowed = schemes.iter().map(|scheme| format!("{scheme}://")).collect::<Vec<_>>().join(", ");
        self.add_problem(name, &format!("must be an address that begins with one of {allowed}"));
        None
    }

    fn read_parsed<T: FromStr>(&mut self, name: &str, default: &str, allowed: &str) -> Option<T> {
        let value = self.read_text(name).unwrap_or_else(|| default.to_owned()).parse().ok();
        if value.is_none() {
            self.add_problem(name, &format!("must be {allowed}"));
        }
        value
    }

    fn read_number(&mut self, name: &str, default: u64, allowed: std::ops::RangeInclusive<u64>) -> u64 {
        let Some(text) = self.read_text(name) else { return default };
        match text.parse() {
            Ok(number) if allowed.contains(&number) => number,
            _ => {
                let (least, most) = allowed.into_inner();
                self.add_problem(name, &format!("must be a whole number from {least} to {most}"));
                default
            }
        }
    }

    fn read_limits(&mut self) -> UsageLimits {
        let mut small = |name: &str, default, most| {
            usize::try_from(self.read_number(name, default, 1..=most)).unwrap_or(usize::MAX)
        };
        let streams = small("SIGNOFF_STREAMS_PER_PERSON", 50, 10_000);
        let uploads = small("SIGNOFF_UPLOADS_PER_PERSON", 10, 1_000);
        let connections = small("SIGNOFF_CONNECTIONS", 10_000, 1_000_000);
        let connections_per_address = small("SIGNOFF_CONNECTIONS_PER_ADDRESS", 2_000, 1_000_000);
        let changes = self.read_number("SIGNOFF_CHANGES_PER_MINUTE", 300, 1..=100_000);
        let mut megabytes = |name: &str, default| self.read_number(name, default, 1..=1_000_000_000) * 1_000_000;
        let evidence_bytes_a_day = megabytes("SIGNOFF_EVIDENCE_DAY_MB", 5_000);
        let evidence_bytes = megabytes("SIGNOFF_EVIDENCE_TOTAL_MB", 100_000);
        UsageLimits {
            changes_per_minute: u32::try_from(changes).unwrap_or(u32::MAX),
            streams_per_person: streams,
            uploads_per_person: uploads,
            evidence_bytes_per_day: evidence_bytes_a_day,
            evidence_bytes,
            connections,
            connections_per_address,
        }
    }

    fn read_networks(&mut self, name: &str) -> Vec<IpNet> {
        let text = self.read_text(name).unwrap_or_default();
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let networks: Option<Vec<IpNet>> =
            parts.map(|part| part.parse().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from))).collect();
        networks.unwrap_or_else(|| {
            self.add_problem(name, "must be a list of addresses or networks, such as 127.0.0.1, 10.0.0.0/8");
            Vec::new()
        })
    }

    fn read_secret_key(&mut self) -> Option<EncryptionKey> {
        let text = self.read_text("SIGNOFF_SECRET_KEY")?;
        let key = EncryptionKey::from_hex(&text);
        if key.is_none() {
            self.add_problem(
                "SIGNOFF_SECRET_KEY",
                "must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them",
            );
        }
        key
    }

    fn read_mail(&mut self, has_key: bool) -> Option<MailSettings> {
        let text = self.read_text("SIGNOFF_SMTP_URL")?;
        let name = "SIGNOFF_SMTP_URL";
        if let Some(must) = unencoded(&text) {
            self.add_problem(name, &must);
            return None;
        }
        let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
        let Some(url) = url else {
            self.add_problem(name, "must be an address such as smtps://name:password@mail.example.org");
            return None;
        };
        let protected =
            url.scheme() == "smtps" || url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
        if !protected && !is_loopback(url.host_str().unwrap_or_default()) {
            self.add_problem(name, "must begin with smtps:// or end with ?tls=required: letters hold links that let people in, and go over TLS or not at all, except to this machine");
        }
        if !has_key && self.read_text("SIGNOFF_SECRET_KEY").is_none() {
            self.add_problem(name, "must be set along with SIGNOFF_SECRET_KEY: letters wait in the database encrypted");
        }
        let from = self.read_text("SIGNOFF_MAIL_FROM").and_then(|from| from.parse().ok());
        if from.is_none() {
            self.add_problem("SIGNOFF_MAIL_FROM", "must be whom mail is from, such as signoff <signoff@example.org>");
        }
        Some(MailSettings { smtp_url: text.into(), from: from? })
    }

    fn read_public_url(&mut self, listen: Option<SocketAddr>) -> Option<PublicUrl> {
        let Some(text) = self.read_text("SIGNOFF_PUBLIC_URL") else {
            let listen = listen?;
            let host = if listen.ip().is_unspecified() { "127.0.0.1".to_owned() } else { url_host(listen.ip()) };
            let url = PublicUrl::new(&format!("http://{host}:{}", listen.port()));
            if url.is_err() {
                self.add_problem(
                    "SIGNOFF_PUBLIC_URL",
                    "must be set when SIGNOFF_LISTEN is not on this machine alone, such as https://signoff.example.org",
                );
            }
            return url.ok();
        };
        match PublicUrl::new(&text) {
            Ok(url) => Some(url),
            Err(must) => {
                self.add_problem("SIGNOFF_PUBLIC_URL", must);
                None
            }
        }
    }
}

/// Whether a host name or address is this machine's. (In a `smtp:` address the library keeps any host as text.)
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn url_host(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

/// Explains which characters of an address's user name and password must be percent-encoded (RFC 3986, section 3.2.1),
/// if one of them is not: such a character would truncate the address or change its meaning.
fn unencoded(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("://")?;
    // The options after `?name=` belong to neither, and may contain an `@`.
    let options = rest.match_indices('?').map(|(at, _)| at).find(|at| {
        let name: String =
            rest[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
        !name.is_empty() && rest[at + 1 + name.len()..].starts_with('=')
    });
    let (person, _) = rest[..options.unwrap_or(rest.len())].rsplit_once('@')?;
    let escaped =
        |at: usize| person.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let mut wrong: Vec<char> = person
        .char_indices()
        .filter(|(at, c)| "@#/?[] ".contains(*c) || (*c == '%' && !escaped(*at)))
        .map(|(_, c)| c)
        .collect();
    wrong.sort_unstable();
    wrong.dedup();
    let encodings = wrong.iter().map(|c| format!("“{c}” as %{:02X}", u32::from(*c))).collect::<Vec<_>>().join(", ");
    (!wrong.is_empty()).then(|| format!("must have its name and password percent-encoded: {encodings}"))
}

/// The address that people use: https anywhere, or plain http on this machine, and nothing after the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// The error says what the address must be.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "must be an address such as https://signoff.example.org")?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err("must begin with https://, or on this machine alone http://");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("must end after the host and port: the site is served at the root");
        }
        let url = Self(url);
        if !url.is_https() && !url.is_loopback() {
            return Err(
                "must begin with https://: plain http is served on this machine alone (localhost, 127.0.0.1), since the session would cross the network unprotected",
            );
        }
        Ok(url)
    }

    /// Whether it is served over TLS, so that cookies are `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The scheme of the address: `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        }
    }

    /// The host's name or address, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The origin as browsers send it: scheme, host, and the port unless it is the scheme's default.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether a `Host` header (or HTTP/2 authority) means this site. On this machine any loopback name and port is
    /// accepted, since forwarded ports are common there; elsewhere only the configured one, so that another name made
    /// to point here (DNS rebinding) reaches nothing.
    #[must_use]
    pub fn is_own_host(&self, host: &str) -> bool {
        let Ok(requested) = Url::parse(&format!("{}://{host}", self.0.scheme())) else { return false };
        if self.is_loopback() {
            return Self(requested).is_loopback();
        }
        requested.host() == self.0.host() && requested.port_or_known_default() == self.0.port_or_known_default()
    }

    /// The full address of a path of this site.
    #[must_use]
    pub fn with_path(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let mut all = vec![
            ("DATABASE_URL", "postgres://app@localhost/signoff"),
            ("MIGRATION_DATABASE_URL", "postgres://owner@localhost/signoff"),
            ("REDIS_URL", "redis://localhost"),
        ];
        all.extend(set);
        Config::read(|name| {
            all.iter().rev().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn config_unset_values_have_defaults() {
        let config = read(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.public_url.origin(), "http://127.0.0.1:8080");
        assert_eq!((config.evidence_max_bytes, config.database_connections), (50_000_000, 10));
        assert!(config.trusted_proxies.is_empty());
        assert_eq!(config.reset_hold_seconds, 24 * 3_600);
        assert_eq!(read(&[("SIGNOFF_RESET_HOLD_HOURS", "0")]).unwrap().reset_hold_seconds, 0);
    }

    #[test]
    fn config_unencrypted_settings_are_listed() {
        for (set, named) in [
            (vec![], vec![]),
            (vec![("DATABASE_URL", "postgres://app@db.example.org/signoff")], vec!["DATABASE_URL"]),
            (vec![("DATABASE_URL", "postgres://app@db.example.org/signoff?sslmode=require")], vec!["DATABASE_URL"]),
            (vec![("DATABASE_URL", "postgres://app@db.example.org/signoff?sslmode=verify-full")], vec![]),
            (vec![("DATABASE_URL", "postgres:///signoff?host=/run/postgresql")], vec![]),
            (vec![("MIGRATION_DATABASE_URL", "postgres://owner@10.0.0.7/signoff")], vec!["MIGRATION_DATABASE_URL"]),
            (vec![("REDIS_URL", "redis://10.0.0.7")], vec!["REDIS_URL"]),
            (vec![("REDIS_URL", "rediss://10.0.0.7")], vec![]),
            (vec![("REDIS_URL", "redis://[::1]:6379/"), ("DATABASE_URL", "postgres://app@127.0.0.1/s")], vec![]),
            (vec![("REDIS_URL", "unix:///run/redis.sock")], vec![]),
        ] {
            assert_eq!(read(&set).unwrap().unencrypted_settings(), named, "{set:?}");
        }
    }

    #[test]
    fn characters_that_must_be_percent_encoded_are_named_and_the_secret_is_not() {
        for (text, ending) in [
            ("postgres://signoff:p@ss@db/signoff", "“@” as %40"),
            ("postgres://signoff:12#34@db/signoff", "“#” as %23"),
            ("redis://:a/b@cache:6379", "“/” as %2F"),
            ("smtps://me%x:secret@mail.example.org", "“%” as %25"),
            ("postgres://signoff:a?b c@db/signoff", "“ ” as %20, “?” as %3F"),
            ("postgres://signoff:100%@db/signoff", "“%” as %25"),
        ] {
            let must = unencoded(text).unwrap_or_default();
            assert!(must.ends_with(ending), "{text}: {must}");
            assert!(!must.contains("secret") && !must.contains("signoff"), "{must}");
        }
        for good in [
            "postgres://signoff:p%40ss%23@db:5432/signoff?sslmode=verify-full",
            "postgres://db/signoff?user=a@b&password=x/y",
            "redis://127.0.0.1:6379/1",
            "postgres:///signoff?host=/run/postgresql",
            "nothing at all",
        ] {
            assert_eq!(unencoded(good), None, "{good}");
        }
    }

    #[test]
    fn config_wrong_values_are_named_all_at_once() {
        for (name, value) in [
            ("DATABASE_URL", ""),
            ("DATABASE_URL", "mysql://localhost/x"),
            ("MIGRATION_DATABASE_URL", ""),
            ("MIGRATION_DATABASE_URL", "nonsense"),
            ("REDACTION_DATABASE_URL", "nonsense"),
            ("REDIS_URL", ""),
            ("REDIS_URL", "http://localhost"),
            ("SIGNOFF_LISTEN", "8080"),
            ("SIGNOFF_PUBLIC_URL", "http://signoff.example.org"),
            ("SIGNOFF_PUBLIC_URL", "https://signoff.example.org/path"),
            ("SIGNOFF_PUBLIC_URL", "ftp://localhost"),
            ("SIGNOFF_EVIDENCE_MAX_MB", "0"),
            ("SIGNOFF_EVIDENCE_MAX_MB", "lots"),
            ("SIGNOFF_DATABASE_CONNECTIONS", "1"),
            ("SIGNOFF_CHANGES_PER_MINUTE", "0"),
            ("SIGNOFF_STREAMS_PER_PERSON", "many"),
            ("SIGNOFF_UPLOADS_PER_PERSON", "0"),
            ("SIGNOFF_EVIDENCE_DAY_MB", "-1"),
            ("SIGNOFF_EVIDENCE_TOTAL_MB", "0"),
            ("SIGNOFF_CONNECTIONS", "0"),
            ("SIGNOFF_CONNECTIONS_PER_ADDRESS", "x"),
            ("SIGNOFF_STOP_SECONDS", "0"),
            ("SIGNOFF_STOP_SECONDS", "3601"),
            ("SIGNOFF_TRUSTED_PROXIES", "10.0.0.0/8, somewhere"),
            ("SIGNOFF_RESET_HOLD_HOURS", "-1"),
            ("SIGNOFF_RESET_HOLD_HOURS", "721"),
            ("SIGNOFF_SECRET_KEY", "hunter2"),
            ("SIGNOFF_SECRET_KEY", &"g".repeat(64)),
            ("SIGNOFF_LOG", "info,=="),
            ("SIGNOFF_LOG_FORMAT", "xml"),
        ] {
            let ConfigError(wrong) = read(&[(name, value)]).unwrap_err();
            assert_eq!(wrong.len(), 1, "{name}={value}: {wrong:?}");
            assert!(wrong[0].starts_with(&format!("{name} must ")), "{name}={value}: {wrong:?}");
        }
        let ConfigError(wrong) = read(&[("SIGNOFF_LISTEN", "x"), ("SIGNOFF_LOG_FORMAT", "xml")]).unwrap_err();
        assert_eq!(wrong.len(), 2);
    }

    #[test]
    fn config_errors_never_repeat_a_secret() {
        for set in [
            ("DATABASE_URL", "mysql://u:hunter2@h/x"),
            ("SIGNOFF_SECRET_KEY", "hunter2"),
            ("SIGNOFF_SMTP_URL", "smtp://u:hunter2@mail.example.org"),
        ] {
            let wrong = read(&[set]).unwrap_err().to_string();
            assert!(!wrong.contains("hunter2"), "{wrong}");
        }
        let key = "5".repeat(64);
        let mail = [("SIGNOFF_SMTP_URL", "smtps://u:hunter2@h"), ("SIGNOFF_MAIL_FROM", "signoff <s@example.org>")];
        let config = read(&[("SIGNOFF_SECRET_KEY", key.as_str()), mail[0], mail[1]]).unwrap();
        let printed = format!("{config:?}");
        assert!(!printed.contains("hunter2") && !printed.contains("55555"), "{printed}");
    }

    #[test]
    fn config_mail_needs_tls_a_sender_and_a_secret_key() {
        let key = ("SIGNOFF_SECRET_KEY", "5".repeat(64));
        let from = ("SIGNOFF_MAIL_FROM", "signoff <signoff@example.org>");
        let wrong = |set: &[(&str, &str)]| read(set).unwrap_err().0;
        for good in ["smtps://mail.example.org", "smtp://mail.example.org:587?tls=required", "smtp://127.0.0.1:2525"] {
            let config = read(&[("SIGNOFF_SMTP_URL", good), (key.0, &key.1), from]).unwrap();
            assert!(config.mail.is_some(), "{good}");
        }
        for bad in
            ["mail.example.org", "http://mail.example.org", "smtp://mail.example.org", "smtp://127.0.0.1.evil.org"]
        {
            assert_eq!(wrong(&[("SIGNOFF_SMTP_URL", bad), (key.0, &key.1), from]).len(), 1, "{bad}");
        }
        let url = ("SIGNOFF_SMTP_URL", "smtps://mail.example.org");
        assert!(wrong(&[url, from])[0].contains("along with SIGNOFF_SECRET_KEY"));
        assert!(wrong(&[url, (key.0, &key.1)])[0].starts_with("SIGNOFF_MAIL_FROM must "));
        assert!(read(&[from]).unwrap().mail.is_none());
    }

    #[test]
    fn public_url_over_plain_http_is_loopback_only() {
        for good in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:80", "https://signoff.example.org"] {
            assert!(PublicUrl::new(good).is_ok(), "{good}");
        }
        let all = read(&[("SIGNOFF_LISTEN", "0.0.0.0:9000")]).unwrap();
        assert_eq!(all.public_url.origin(), "http://127.0.0.1:9000");
        assert!(read(&[("SIGNOFF_LISTEN", "192.0.2.1:9000")]).is_err());
    }

    #[test]
    fn public_url_recognises_its_own_host() {
        let loopback_url = PublicUrl::new("http://127.0.0.1:8080").unwrap();
        for (host, ours) in [
            ("127.0.0.1:8080", true),
            ("localhost:9999", true),
            ("[::1]:8080", true),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
            ("a b", false),
        ] {
            assert_eq!(loopback_url.is_own_host(host), ours, "{host}");
        }
        let site_url = PublicUrl::new("https://signoff.example.org").unwrap();
        for (host, ours) in [
            ("signoff.example.org", true),
            ("SIGNOFF.example.org:443", true),
            ("signoff.example.org:8080", false),
            ("localhost", false),
        ] {
            assert_eq!(site_url.is_own_host(host), ours, "{host}");
        }
    }
}

//! The operator's settings: environment variables, read once and validated completely before anything starts.
//!
//! All wrong values are reported together, each in a sentence that names the variable and its allowed values. A setting
//! is declared once, as a [`Setting`] in the file of its section; [`Config::read`] says in which order they are read,
//! which is that of the reference.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use self::{addresses::is_loopback, reader::SettingReader};
pub use self::{
    files::DEFAULT_KEY_FILE,
    limits::UsageLimits,
    log::LogFormat,
    mail::MailSettings,
    names::{OTHER_NAMES, UnknownSetting, unknown_settings},
    public_url::PublicUrl,
    setting::{Absence, SettingDeclaration},
    site::DEFAULT_STOP_SECONDS,
    webhooks::AllowedInside,
};
use crate::{
    encryption::EncryptionKey,
    object_location::{ObjectLocation, S3Account},
};

mod accounts;
mod addresses;
mod files;
mod limits;
mod log;
mod mail;
mod names;
mod object_stores;
mod public_url;
mod reader;
mod setting;
mod site;
mod stores;
mod webhooks;

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
    /// The address and port of the metrics (`SIGNOFF_METRICS_LISTEN`), if they are served.
    pub metrics_listen: Option<SocketAddr>,
    /// The collector of traces (`SIGNOFF_OTLP_ENDPOINT`), if they are sent.
    pub otlp_endpoint: Option<Url>,
    /// The address that people use (`SIGNOFF_PUBLIC_URL`).
    pub public_url: PublicUrl,
    /// The folder of evidence files (`SIGNOFF_EVIDENCE_DIR`).
    pub evidence_dir: PathBuf,
    /// The bucket of evidence files instead of the folder (`SIGNOFF_EVIDENCE_URL`).
    pub evidence_url: Option<ObjectLocation>,
    /// The account of that bucket (`SIGNOFF_S3_…`).
    pub s3: Option<S3Account>,
    /// Where `signoff backup` puts backups by default (`SIGNOFF_BACKUP_TO`).
    pub backup_to: Option<ObjectLocation>,
    /// The account of a bucket of backups (`SIGNOFF_BACKUP_S3_…`), by default that of the evidence.
    pub backup_s3: Option<S3Account>,
    /// The passphrase to which backups encrypt the keys (`SIGNOFF_BACKUP_PASSPHRASE`); without it they are left out.
    pub backup_passphrase: Option<SecretString>,
    /// Whether a copy is served to look at (`SIGNOFF_DRILL`).
    pub drill: bool,
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
    /// What inside webhooks may reach (`SIGNOFF_WEBHOOK_INSIDE`).
    pub webhooks_inside: Vec<AllowedInside>,
    /// The proxies whose `X-Forwarded-For` is trusted (`SIGNOFF_TRUSTED_PROXIES`).
    pub trusted_proxies: Vec<IpNet>,
    /// Maximum connections to PostgreSQL (`SIGNOFF_DATABASE_CONNECTIONS`).
    pub database_connections: u32,
    /// From how long on a statement is logged as slow (`SIGNOFF_SLOW_STATEMENT_MS`).
    pub slow_statement: Duration,
    pub limits: UsageLimits,
    /// How long a stop of the server may take (`SIGNOFF_STOP_SECONDS`).
    pub stop_time: Duration,
    /// How long the server still accepts connections when it is asked to stop (`SIGNOFF_STOP_DELAY_SECONDS`).
    pub stop_delay: Duration,
    /// The log filter (`SIGNOFF_LOG`), in the syntax of `tracing_subscriber::EnvFilter`.
    pub log: String,
    /// The format of the lines on standard error (`SIGNOFF_LOG_FORMAT`).
    pub log_format: LogFormat,
    /// Whether the log has the client's address of a refused sign-in (`SIGNOFF_LOG_REFUSED_ADDRESSES`).
    pub logs_refused_addresses: bool,
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
        let mut reader = SettingReader::new(&lookup);
        let config = Self::read_sections(&mut reader);
        config.filter(|_| reader.problems.is_empty()).ok_or(ConfigError(reader.problems))
    }

    /// Every setting, in the order of the reference.
    #[must_use]
    pub fn declarations() -> Vec<SettingDeclaration> {
        let mut reader = SettingReader::new(&|_| None);
        Self::read_sections(&mut reader);
        reader.declarations
    }

    /// `None` if a value is missing or wrong.
    fn read_sections(reader: &mut SettingReader<'_>) -> Option<Self> {
        reader.begin_section("Addresses");
        let listen = reader.read(site::listen());
        let public_url = site::read_public_url(reader, listen);
        let trusted_proxies = reader.read(site::trusted_proxies()).unwrap_or_default();
        let metrics_listen = reader.read(site::metrics_listen());
        let otlp_endpoint = reader.read(site::otlp_endpoint());

        reader.begin_section("PostgreSQL and Redis");
        let database_url = reader.read(stores::database_url());
        let migration_database_url = reader.read(stores::migration_database_url());
        let redaction_database_url = reader.read(stores::redaction_database_url());
        let redis_url = reader.read(stores::redis_url());
        let database_connections = reader.read(stores::database_connections());

        reader.begin_section("Files");
        let evidence_dir = reader.read(files::evidence_dir());
        let evidence_url = reader.read(object_stores::evidence_url());
        let s3 = object_stores::read_evidence_account(reader);
        if evidence_url.is_some() && s3.is_none() {
            reader.add_problem(
                "SIGNOFF_EVIDENCE_URL",
                "must be set along with SIGNOFF_S3_ACCESS_KEY and SIGNOFF_S3_SECRET_KEY",
            );
        }
        let key_file = reader.read(files::key_file());
        let checkpoint_dir = reader.read(files::checkpoint_dir());

        reader.begin_section("Backups and drills");
        let backup_to = reader.read(object_stores::backup_to());
        let backup_passphrase = reader.read(object_stores::backup_passphrase());
        let backup_s3 = object_stores::read_backup_account(reader).or_else(|| s3.clone());
        let drill = reader.read(object_stores::drill());

        reader.begin_section("Accounts");
        let secret_key = reader.read(accounts::secret_key());
        let reset_hold_seconds = reader.read(accounts::reset_hold_seconds());

        reader.begin_section("Mail");
        let mail = MailSettings::read(reader);

        reader.begin_section("Webhooks");
        let webhooks_inside = reader.read(webhooks::webhooks_inside()).unwrap_or_default();

        reader.begin_section("Limits");
        let evidence_max_bytes = reader.read(limits::evidence_max_bytes());
        if evidence_url.is_some() && evidence_max_bytes.is_some_and(|most| most > object_stores::MAX_OBJECT_BYTES) {
            reader.add_problem("SIGNOFF_EVIDENCE_MAX_MB", "must be at most 5000 along with SIGNOFF_EVIDENCE_URL");
        }
        let limits = UsageLimits::read(reader);
        let stop_time = reader.read(site::stop_time());
        let stop_delay = reader.read(site::stop_delay());
        if let (Some(whole), Some(delay)) = (stop_time, stop_delay)
            && delay > whole / 2
        {
            reader.add_problem("SIGNOFF_STOP_DELAY_SECONDS", "must be at most half of SIGNOFF_STOP_SECONDS");
        }

        reader.begin_section("Log");
        let log = reader.read(log::log_filter());
        let log_format = reader.read(log::log_format());
        let slow_statement = reader.read(stores::slow_statement());
        let logs_refused_addresses = reader.read(log::logs_refused_addresses());

        Some(Self {
            database_url: database_url?,
            migration_database_url: migration_database_url?,
            redaction_database_url,
            redis_url: redis_url?,
            listen: listen?,
            public_url: public_url?,
            evidence_dir: evidence_dir?,
            evidence_url,
            s3,
            backup_to,
            backup_s3,
            backup_passphrase,
            drill: drill?,
            key_file: key_file?,
            checkpoint_dir: checkpoint_dir?,
            evidence_max_bytes: evidence_max_bytes?,
            secret_key,
            reset_hold_seconds: reset_hold_seconds?,
            mail,
            webhooks_inside,
            trusted_proxies,
            metrics_listen,
            otlp_endpoint,
            database_connections: database_connections?,
            slow_statement: slow_statement?,
            limits: limits?,
            stop_time: stop_time?,
            stop_delay: stop_delay?,
            log: log?,
            log_format: log_format?,
            logs_refused_addresses: logs_refused_addresses?,
        })
    }

    /// Where evidence files are.
    #[must_use]
    pub fn evidence_location(&self) -> ObjectLocation {
        self.evidence_url.clone().unwrap_or_else(|| ObjectLocation::Folder(self.evidence_dir.clone()))
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
            ("SIGNOFF_METRICS_LISTEN", "9184"),
            ("SIGNOFF_OTLP_ENDPOINT", "collector:4318"),
            ("SIGNOFF_OTLP_ENDPOINT", "https://user:secret@collector:4318"),
            ("SIGNOFF_OTLP_ENDPOINT", "http://collector:4318/?key=secret"),
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
            ("SIGNOFF_STOP_DELAY_SECONDS", "16"),
            ("SIGNOFF_TRUSTED_PROXIES", "10.0.0.0/8, somewhere"),
            ("SIGNOFF_WEBHOOK_INSIDE", "10.0.0.0/99"),
            ("SIGNOFF_RESET_HOLD_HOURS", "-1"),
            ("SIGNOFF_RESET_HOLD_HOURS", "721"),
            ("SIGNOFF_SECRET_KEY", "hunter2"),
            ("SIGNOFF_SECRET_KEY", &"g".repeat(64)),
            ("SIGNOFF_LOG", "info,=="),
            ("SIGNOFF_EVIDENCE_URL", "/srv/evidence"),
            ("SIGNOFF_EVIDENCE_URL", "s3://bucket/prefix"),
            ("SIGNOFF_S3_ENDPOINT", "http://s3.example.org"),
            ("SIGNOFF_S3_ENDPOINT", "https://s3.example.org/bucket"),
            ("SIGNOFF_S3_ACCESS_KEY", "name"),
            ("SIGNOFF_S3_PATH_STYLE", "maybe"),
            ("SIGNOFF_BACKUP_TO", "https://backups.example.org"),
            ("SIGNOFF_DRILL", "true"),
            ("SIGNOFF_LOG", "loud"),
            ("SIGNOFF_SLOW_STATEMENT_MS", "0"),
            ("SIGNOFF_MAIL_FROM", "nobody"),
            ("SIGNOFF_LOG_FORMAT", "xml"),
            ("SIGNOFF_LOG_REFUSED_ADDRESSES", "true"),
        ] {
            let ConfigError(wrong) = read(&[(name, value)]).unwrap_err();
            assert_eq!(wrong.len(), 1, "{name}={value}: {wrong:?}");
            assert!(wrong[0].starts_with(&format!("{name} must ")), "{name}={value}: {wrong:?}");
        }
        let ConfigError(wrong) = read(&[("SIGNOFF_LISTEN", "x"), ("SIGNOFF_LOG_FORMAT", "xml")]).unwrap_err();
        assert_eq!(wrong.len(), 2);
    }

    #[test]
    fn secret_is_read_from_a_file_or_the_setting_itself_and_never_both() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            path.display().to_string()
        };
        let secrets = Config::declarations().into_iter().filter_map(|setting| setting.file_name()).collect::<Vec<_>>();
        for name in [
            "DATABASE_URL_FILE",
            "MIGRATION_DATABASE_URL_FILE",
            "REDACTION_DATABASE_URL_FILE",
            "REDIS_URL_FILE",
            "SIGNOFF_SECRET_KEY_FILE",
            "SIGNOFF_BACKUP_PASSPHRASE_FILE",
            "SIGNOFF_S3_SECRET_KEY_FILE",
            "SIGNOFF_BACKUP_S3_SECRET_KEY_FILE",
            "SIGNOFF_SMTP_URL_FILE",
        ] {
            assert!(secrets.iter().any(|secret| secret == name), "{name}");
        }
        let key = path("key", format!("{}\n", "5".repeat(64)).as_bytes());
        assert!(read(&[("SIGNOFF_SECRET_KEY_FILE", &key)]).unwrap().secret_key.is_some());
        let database = path("database", b"postgres://u:p%23@db/signoff\r\n");
        let set = [("DATABASE_URL", ""), ("DATABASE_URL_FILE", database.as_str())];
        assert_eq!(read(&set).unwrap().database_url.expose_secret(), "postgres://u:p%23@db/signoff");
        let gone = folder.path().join("gone").display().to_string();
        for (file, problem) in [
            (path("empty", b" \n"), "is empty"),
            (path("long", &[b'5'; 20_000]), "is longer than 10000 bytes"),
            (path("bytes", b"hunter2\xff"), "is not text in UTF-8"),
            (folder.path().display().to_string(), "can't be read"),
            (gone, "can't be read"),
        ] {
            let ConfigError(wrong) = read(&[("SIGNOFF_SECRET_KEY_FILE", &file)]).unwrap_err();
            let start = "SIGNOFF_SECRET_KEY_FILE must name a file with the value of SIGNOFF_SECRET_KEY: ";
            assert!(wrong.len() == 1 && wrong[0].starts_with(start) && wrong[0].contains(problem), "{wrong:?}");
        }
        let ConfigError(wrong) = read(&[("SIGNOFF_SECRET_KEY_FILE", &path("wrong", b"hunter2\n"))]).unwrap_err();
        let must = "must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them.";
        assert_eq!(wrong, [format!("The content of the file that SIGNOFF_SECRET_KEY_FILE names {must}")]);
        let set = [("SIGNOFF_SECRET_KEY_FILE", key.as_str()), ("SIGNOFF_SECRET_KEY", &"5".repeat(64))];
        let ConfigError(wrong) = read(&set).unwrap_err();
        assert_eq!(wrong, ["SIGNOFF_SECRET_KEY_FILE must not be set along with SIGNOFF_SECRET_KEY."]);
    }

    #[test]
    fn setting_is_declared_once_with_a_default_that_is_allowed() {
        let declarations = Config::declarations();
        let mut names: Vec<&str> = declarations.iter().map(|setting| setting.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|two| two[0] != two[1]), "{names:?}");
        assert!(names.len() > 25, "{names:?}");
        read(&[]).unwrap();
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
}

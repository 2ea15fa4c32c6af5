//! Settings of PostgreSQL and Redis.

use std::time::Duration;

use secrecy::SecretString;

use super::{
    addresses::{POSTGRESQL, store_address},
    setting::{Setting, whole_number},
};

pub(super) fn database_url() -> Setting<SecretString> {
    Setting::new(
        "DATABASE_URL",
        store_address(POSTGRESQL),
        "The database, with the application's account: a member of the role signoff_app, which can neither change nor \
         remove history.",
    )
    .secret()
    .required(
        "must be set to the address of a PostgreSQL database, such as postgres://signoff:password@localhost/signoff",
    )
    .example("postgres://signoff_web:PASSWORD@127.0.0.1:5432/signoff")
}

pub(super) fn migration_database_url() -> Setting<SecretString> {
    Setting::new(
        "MIGRATION_DATABASE_URL",
        store_address(POSTGRESQL),
        "The database, with the account of its owner, which runs the migrations.",
    )
    .secret()
    .required(
        "must be set along with DATABASE_URL: the application's login may not change the schema, so migrations have the \
         owner's",
    )
    .example("postgres://signoff_owner:PASSWORD@127.0.0.1:5432/signoff")
}

pub(super) fn redaction_database_url() -> Setting<SecretString> {
    Setting::new(
        "REDACTION_DATABASE_URL",
        store_address(POSTGRESQL),
        "The database, with the account of a member of the role signoff_redactor, which may destroy a text that has to \
         be forgotten. Better given to that one command than kept in a file.",
    )
    .secret()
}

pub(super) fn redis_url() -> Setting<SecretString> {
    Setting::new(
        "REDIS_URL",
        store_address(&["redis", "rediss", "unix", "redis+unix"]),
        "Redis, for sessions, rate limits and notifications of open pages.",
    )
    .secret()
    .required("must be set to the address of a Redis, such as redis://localhost:6379/0")
    .example("redis://default:PASSWORD@127.0.0.1:6379/")
}

pub(super) fn database_connections() -> Setting<u32> {
    Setting::new(
        "SIGNOFF_DATABASE_CONNECTIONS",
        whole_number(2..=1_000),
        "The most database connections of one server.",
    )
    .default("10")
}

pub(super) fn slow_statement() -> Setting<Duration> {
    Setting::new(
        "SIGNOFF_SLOW_STATEMENT_MS",
        whole_number(1..=60_000).map(Duration::from_millis),
        "The milliseconds from which the log has a database statement as slow, with its text and without its values.",
    )
    .default("1000")
}

//! Checks of PostgreSQL: both logins and their rights, the schema, the server and its clock.

use secrecy::SecretString;
use sqlx::{PgConnection, PgPool};

use super::report::DoctorReport;
use crate::{
    ambient::Clock,
    config::Config,
    db::{self, DIFFERENT_DATABASES, LOCALE_ADVICE, SAME_DATABASE_ADVICE},
    domain::time::Moment,
    schema::SchemaStatus,
};

/// The oldest supported version, as `server_version_num`.
const OLDEST_VERSION: i32 = 150_000;

/// How many seconds two clocks may differ, until codes of second factors are refused.
const MAX_CLOCK_DIFFERENCE: i64 = 20;

/// Returns the database, with the application's login, if it can be used.
pub(super) async fn check(config: &Config, clock: &Clock, report: &mut DoctorReport) -> Option<PgPool> {
    let application = open(&config.database_url, "DATABASE_URL", "application login", report).await;
    let owner = open(&config.migration_database_url, "MIGRATION_DATABASE_URL", "owner login", report).await;
    let mut connection = application?;
    let checked = async {
        check_application(&mut connection, report).await?;
        check_server(&mut connection, report).await?;
        check_clock(&mut connection, clock, report).await?;
        if let Some(mut owner) = owner {
            check_owner(&mut owner, &mut connection, report).await?;
        }
        check_schema(&mut connection, report).await
    };
    match checked.await {
        Ok(true) => Some(db::create_pool(db::connect_options(&config.database_url).ok()?, config.database_connections)),
        Ok(false) => None,
        Err(error) => {
            report.fail("database", format!("a query failed: {error}"), "See the log of PostgreSQL.");
            None
        }
    }
}

async fn open(
    url: &SecretString,
    setting: &'static str,
    check: &'static str,
    report: &mut DoctorReport,
) -> Option<PgConnection> {
    let connected = match db::connect_options(url) {
        Ok(options) => db::connect(&options, setting).await,
        Err(error) => Err(error),
    };
    connected
        .map_err(|error| report.fail(check, format!("{error:#}"), "docs/install.md, step 2, makes the logins."))
        .ok()
}

async fn check_application(connection: &mut PgConnection, report: &mut DoctorReport) -> Result<(), sqlx::Error> {
    let check = "application login";
    let (login, is_member, is_superuser): (String, bool, bool) = sqlx::query_as(
        "SELECT current_user::text, EXISTS (SELECT FROM pg_roles WHERE rolname = 'signoff_app')
                AND pg_has_role((SELECT oid FROM pg_roles WHERE rolname = 'signoff_app'), 'MEMBER'),
                (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)",
    )
    .fetch_one(&mut *connection)
    .await?;
    let open = db::find_changeable_history(connection).await?;
    let advice =
        "Give DATABASE_URL a login that owns nothing and is a member of signoff_app, as deploy/database.sql makes it.";
    if is_superuser || !open.is_empty() {
        report.fail(check, format!("{login} could change or delete history"), advice);
    } else if is_member {
        report.ok(check, format!("{login} can add to the history and not change it"));
    } else {
        report.fail(check, format!("{login} is not a member of signoff_app"), advice);
    }
    Ok(())
}

async fn check_owner(
    owner: &mut PgConnection,
    application: &mut PgConnection,
    report: &mut DoctorReport,
) -> Result<(), sqlx::Error> {
    let check = "owner login";
    let is_same = db::is_same_database(owner, application).await?;
    let (login, can_create, owns_tables): (String, bool, bool) = sqlx::query_as(
        "SELECT current_user::text, has_schema_privilege(current_schema(), 'CREATE'),
                coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class
                          WHERE relnamespace = current_schema()::regnamespace AND relname = 'events'), true)",
    )
    .fetch_one(&mut *owner)
    .await?;
    if !is_same {
        report.fail(check, DIFFERENT_DATABASES, SAME_DATABASE_ADVICE);
    } else if can_create && owns_tables {
        report.ok(check, format!("{login} can migrate the database"));
    } else {
        report.fail(
            check,
            format!("{login} can't migrate the database: it does not own the tables, or may not make any"),
            "Give MIGRATION_DATABASE_URL the login that owns the database.",
        );
    }
    Ok(())
}

async fn check_server(connection: &mut PgConnection, report: &mut DoctorReport) -> Result<(), sqlx::Error> {
    let (number, version, encoding): (i32, String, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                current_setting('server_encoding')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if number < OLDEST_VERSION {
        report.fail(
            "database server",
            format!("PostgreSQL {version} is older than 15"),
            "Upgrade it (docs/install.md): dump and restore, or pg_upgrade.",
        );
    } else if encoding != "UTF8" {
        report.fail(
            "database server",
            format!("the encoding is {encoding}"),
            "Make the database again with ENCODING 'UTF8'.",
        );
    } else {
        report.ok("database server", format!("PostgreSQL {version}"));
    }
    if db::compares_all_letters(connection).await? {
        report.ok("database locale", "searches find letters of every script");
    } else {
        report.warn("database locale", "searches miss letters outside ASCII", LOCALE_ADVICE);
    }
    Ok(())
}

async fn check_clock(
    connection: &mut PgConnection,
    clock: &Clock,
    report: &mut DoctorReport,
) -> Result<(), sqlx::Error> {
    let theirs: Moment = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(connection).await?;
    report_clock(report, "clock of PostgreSQL", theirs.seconds_since(clock.now()));
    Ok(())
}

/// Reports by how much another clock is ahead of this machine's.
pub(super) fn report_clock(report: &mut DoctorReport, check: &'static str, seconds: i64) {
    if seconds.abs() <= 1 {
        report.ok(check, "as this machine's");
        return;
    }
    let message = format!("{} s {} this machine's", seconds.abs(), if seconds > 0 { "ahead of" } else { "behind" });
    let advice = "Let both machines take their time from NTP (timedatectl set-ntp true).";
    if seconds.abs() > MAX_CLOCK_DIFFERENCE {
        report.fail(check, message, advice);
    } else {
        report.warn(check, message, advice);
    }
}

/// Returns whether the server can serve from the schema.
async fn check_schema(connection: &mut PgConnection, report: &mut DoctorReport) -> Result<bool, sqlx::Error> {
    let servable = SchemaStatus::read(connection).await?.check_servable();
    match &servable {
        Ok(()) => report.ok("schema", "up to date"),
        Err(reason) => report.fail("schema", reason.to_string(), "`signoff migrate --status` lists the migrations."),
    }
    Ok(servable.is_ok())
}

//! `signoff exec`

use std::{ffi::OsString, os::unix::process::CommandExt as _, path, process::ExitCode};

use anyhow::Context as _;
use percent_encoding::percent_decode_str;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::{config::Config, env_file::EnvSettings};

#[derive(Debug, clap::Args)]
pub(super) struct ExecArgs {
    /// The program, with its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

/// Replaces this process by the program.
pub(super) fn run(config: &Config, settings: &EnvSettings, args: &ExecArgs) -> anyhow::Result<ExitCode> {
    let (program, arguments) = args.program.split_first().context("no program was named")?;
    let mut command = std::process::Command::new(program);
    command.args(arguments).envs(settings.only_in_file());
    command.envs(postgres_variables(config.migration_database_url.expose_secret())?);
    // Absolute paths as the server resolves them, even where the settings file does not set them.
    command.env("SIGNOFF_EVIDENCE_DIR", path::absolute(&config.evidence_dir)?);
    command.env("SIGNOFF_KEY_FILE", path::absolute(&config.key_file)?);
    let error = command.exec();
    Err(error).with_context(|| format!("{} can't be run", program.display()))
}

/// The parts of a database's address as the environment variables of PostgreSQL's own programs: unlike arguments, these
/// do not appear in a list of processes.
fn postgres_variables(address: &str) -> anyhow::Result<Vec<(&'static str, String)>> {
    let url = Url::parse(address).context("MIGRATION_DATABASE_URL is not understood")?;
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut parts = vec![
        ("PGHOST", url.host_str().map(|host| decoded(host.trim_start_matches('[').trim_end_matches(']')))),
        ("PGPORT", url.port().map(|port| port.to_string())),
        ("PGUSER", Some(decoded(url.username()))),
        ("PGPASSWORD", url.password().map(decoded)),
        ("PGDATABASE", Some(decoded(url.path().trim_start_matches('/')))),
    ];
    for (key, value) in url.query_pairs() {
        // The names that the server also supports.
        let name = match &*key {
            "host" => "PGHOST",
            "hostaddr" => "PGHOSTADDR",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "options" => "PGOPTIONS",
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        parts.push((name, Some(value.into_owned())));
    }
    Ok(parts.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?))).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn postgres_variables_come_from_the_database_address() {
        for (address, expected) in [
            (
                "postgres://owner:p%23a%2Fss@db.example.org:5433/signoff?sslmode=verify-full&sslrootcert=/etc/ca.pem",
                "PGDATABASE=signoff PGHOST=db.example.org PGPASSWORD=p#a/ss PGPORT=5433 PGSSLMODE=verify-full \
                 PGSSLROOTCERT=/etc/ca.pem PGUSER=owner",
            ),
            (
                "postgresql://owner@localhost/signoff?host=/run/postgresql",
                "PGDATABASE=signoff PGHOST=/run/postgresql PGUSER=owner",
            ),
            ("postgres://owner@[::1]/a%20b", "PGDATABASE=a b PGHOST=::1 PGUSER=owner"),
            ("postgres:///signoff?user=o&options=-c%20x%3Dy", "PGDATABASE=signoff PGOPTIONS=-c x=y PGUSER=o"),
        ] {
            let variables: BTreeMap<_, _> = postgres_variables(address).unwrap().into_iter().collect();
            let assignments: Vec<String> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(assignments.join(" "), expected, "{address}");
        }
    }
}

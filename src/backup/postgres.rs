//! PostgreSQL's own programs: which of the installed ones fits a server, and how it finds the database.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, bail};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{io::AsyncReadExt as _, process::Command, task::JoinHandle};
use url::Url;

/// Where distributions put the programs of a version of PostgreSQL, which is a number in place of `*`.
const VERSIONED_FOLDERS: [(&str, &str); 2] = [("/usr/lib/postgresql", ""), ("/usr", "pgsql-")];

/// The most bytes of a program's complaints that are repeated.
const MAX_COMPLAINT_BYTES: u64 = 4_000;

/// The parts of a database's address as the environment variables of PostgreSQL's own programs: unlike arguments, these
/// do not appear in a list of processes.
pub fn postgres_variables(address: &str) -> anyhow::Result<Vec<(&'static str, String)>> {
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

/// A command that runs one of PostgreSQL's programs of at least this major version on the database of this address.
/// Its input is closed, its output is a pipe.
///
/// # Errors
/// When there is no such program.
pub(super) async fn postgres_command(name: &str, least: u32, address: &SecretString) -> anyhow::Result<Command> {
    let mut command = Command::new(find_program(name, least).await?);
    // Settings of the person who runs this must not lead elsewhere.
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("PG") {
            command.env_remove(variable);
        }
    }
    command.envs(postgres_variables(address.expose_secret())?).env("LC_ALL", "C");
    command.arg("--no-password");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    Ok(command)
}

/// The program of the lowest installed version that is at least this: a newer one may write what an older server does
/// not understand.
async fn find_program(name: &str, least: u32) -> anyhow::Result<PathBuf> {
    let mut found = Vec::new();
    for (folder, beginning) in VERSIONED_FOLDERS {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let file = entry.path().join("bin").join(name);
            let version = entry.file_name().to_string_lossy().strip_prefix(beginning).and_then(|it| it.parse().ok());
            if let Some(version) = version.filter(|_| file.is_file()) {
                found.push((version, file));
            }
        }
    }
    if let Some(version) = read_version(Path::new(name)).await {
        found.push((version, name.into()));
    }
    found.sort();
    if let Some((_, program)) = found.iter().find(|(version, _)| *version >= least) {
        return Ok(program.clone());
    }
    match found.last() {
        None => bail!("{name} is not installed: it comes with PostgreSQL's client programs (postgresql-client)"),
        Some((version, _)) => bail!(
            "{name} of PostgreSQL {least} or newer is needed, as the server is, and the newest that is installed is of \
             {version} (Debian: postgresql-client-{least})"
        ),
    }
}

/// The major version of a program in the `PATH`: `pg_dump (PostgreSQL) 15.18 (Debian …)`.
async fn read_version(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().await.ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text.split_once("(PostgreSQL) ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Reads the beginning of a program's complaints while it runs.
pub(super) fn collect_complaints(stderr: Option<tokio::process::ChildStderr>) -> JoinHandle<String> {
    tokio::spawn(async move {
        let Some(mut stderr) = stderr else { return String::new() };
        let mut text = Vec::new();
        drop((&mut stderr).take(MAX_COMPLAINT_BYTES).read_to_end(&mut text).await);
        // The rest is read too, so that the program does not wait.
        drop(tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await);
        String::from_utf8_lossy(&text).trim().to_owned()
    })
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

    #[tokio::test]
    async fn postgres_program_is_as_new_as_the_server() {
        let program = find_program("pg_dump", 1).await.unwrap();
        assert!(read_version(&program).await.unwrap() >= 15);
        let refused = find_program("pg_dump", 999).await.unwrap_err().to_string();
        assert!(refused.contains("postgresql-client-999"), "{refused}");
        let absent = find_program("pg_dump_of_nobody", 1).await.unwrap_err().to_string();
        assert!(absent.contains("is not installed"), "{absent}");
    }
}

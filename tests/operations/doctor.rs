//! `signoff doctor` on installations that are as they should be, and on those with a fault in each thing that it checks.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use signoff::key_file;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::helpers::{
    program::{Program, Server, files, output_text},
    s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
    smtp::MailServer,
};

/// What the doctor finds: its exit status, and the status and message of each check.
pub(super) struct Diagnosis {
    pub(super) exit: Option<i32>,
    pub(super) whole: Value,
}

impl Diagnosis {
    #[track_caller]
    pub(super) fn expect(&self, check: &str, status: &str, message: &str) {
        let checks = self.whole["checks"].as_array().unwrap();
        let found = checks.iter().any(|found| {
            found["check"] == check
                && found["status"] == status
                && found["message"].as_str().unwrap().contains(message)
                && (found["advice"].is_string() != (status == "ok"))
        });
        assert!(found, "{check} {status} {message}: {:#}", self.whole);
    }
}

/// Runs the doctor with settings instead of those of the installation.
pub(super) fn examine(program: &Program, set: &[(&str, &str)], arguments: &[&str]) -> Diagnosis {
    let arguments = [&["doctor", "--json"], arguments].concat();
    let done = program.command(&arguments).envs(set.iter().copied()).output().unwrap();
    let whole = serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {}", output_text(&done)));
    Diagnosis { exit: done.status.code(), whole }
}

/// An installation whose server has run, so that its key is registered and its store is marked.
async fn used_installation() -> (Program, Server) {
    let mut program = Program::make().await;
    let mut server = program.serve();
    let address = server.address();
    program.set("SIGNOFF_PUBLIC_URL", format!("http://{address}"));
    (program, server)
}

fn value(program: &Program, name: &str) -> String {
    program.set.iter().rev().find(|(set, _)| set == name).unwrap().1.clone()
}

fn changed(address: &str, change: impl FnOnce(&mut url::Url)) -> String {
    let mut url = url::Url::parse(address).unwrap();
    change(&mut url);
    url.to_string()
}

#[tokio::test]
async fn doctor_finds_nothing_wrong_with_a_running_installation() {
    let (program, _server) = used_installation().await;
    examine(&program, &[], &[]).expect("last backup", "warning", "none was made yet");
    let backed_up = program.run(&["backup", program.folder.path().join("backups").to_str().unwrap()]);
    assert!(backed_up.status.success(), "{}", output_text(&backed_up));
    let diagnosis = examine(&program, &[], &[]);
    assert_eq!(diagnosis.whole["format"], 1);
    let checks = diagnosis.whole["checks"].as_array().unwrap();
    for found in checks {
        // The disk of the tests may be nearly full, and their cluster may have any locale.
        let depends = ["evidence space", "database locale"].contains(&found["check"].as_str().unwrap());
        assert!(depends || found["status"] == "ok", "{found:#}");
    }
    for check in [
        "settings",
        "application login",
        "owner login",
        "schema",
        "database server",
        "clock of PostgreSQL",
        "Redis",
        "Redis persistence",
        "clock of Redis",
        "key",
        "evidence store",
        "evidence owner",
        "evidence files",
        "checkpoint folder",
        "served database",
        "last backup",
        "mail",
        "public address",
        "security headers",
        "client address",
        "live pages",
    ] {
        diagnosis.expect(check, "ok", "");
    }
    let lines = program.run(&["doctor"]);
    let text = output_text(&lines);
    assert!(text.lines().any(|line| line.starts_with("ok       schema: up to date")), "{text}");
    assert_eq!(lines.status.code(), diagnosis.exit, "{text}");
}

#[tokio::test]
async fn doctor_names_each_fault_of_settings_and_logins() {
    let (program, _server) = used_installation().await;
    let other = Program::make().await;
    let (database, owner) = (value(&program, "DATABASE_URL"), value(&program, "MIGRATION_DATABASE_URL"));
    let redis = value(&program, "REDIS_URL");
    let wrong_password = |address: &str| changed(address, |url| url.set_password(Some("hunter2")).unwrap());
    for (name, set, check, message) in [
        ("SIGNOFF_LISTEN", "8080".to_owned(), "settings", "SIGNOFF_LISTEN must be"),
        ("SIGNOFF_LISTN", "1".to_owned(), "settings", "is SIGNOFF_LISTEN meant?"),
        ("DATABASE_URL", wrong_password(&database), "application login", "does not accept the password"),
        ("DATABASE_URL", owner.clone(), "application login", "could change or delete history"),
        ("MIGRATION_DATABASE_URL", wrong_password(&owner), "owner login", "does not accept the password"),
        ("MIGRATION_DATABASE_URL", database.clone(), "owner login", "can't migrate the database"),
        ("MIGRATION_DATABASE_URL", value(&other, "MIGRATION_DATABASE_URL"), "owner login", "different databases"),
        ("REDIS_URL", wrong_password(&redis), "Redis", "WRONGPASS"),
        ("REDIS_URL", "redis://127.0.0.1:1".to_owned(), "Redis", "nothing listens for Redis"),
    ] {
        let diagnosis = examine(&program, &[(name, &set)], &[]);
        diagnosis.expect(check, "failure", message);
        assert_eq!((diagnosis.exit, &diagnosis.whole["status"]), (Some(2), &"failure".into()));
        assert!(!diagnosis.whole.to_string().contains("hunter2"));
    }
    examine(&program, &[("SIGNOFF_SECRET_KEY", "")], &[]).expect("secret key", "warning", "second factor");
}

#[tokio::test]
async fn doctor_names_an_old_schema_and_a_locale_without_letters() {
    let program = Program::make().await;
    let owner = value(&program, "MIGRATION_DATABASE_URL");
    let mut connection = PgConnection::connect(&owner).await.unwrap();
    let newest = "(SELECT max(version) FROM _sqlx_migrations)";
    let half = format!("UPDATE _sqlx_migrations SET success = false WHERE version = {newest}");
    connection.execute(AssertSqlSafe(half)).await.unwrap();
    examine(&program, &[], &[]).expect("schema", "failure", "half applied");
    let newer =
        format!("UPDATE _sqlx_migrations SET success = true, version = 29990101000000 WHERE version = {newest}");
    connection.execute(AssertSqlSafe(newer)).await.unwrap();
    examine(&program, &[], &[]).expect("schema", "failure", "newer than this signoff");
    // A cluster of a minimal image has the locale C.
    let name = format!("{}_c", url::Url::parse(&owner).unwrap().path().trim_start_matches('/'));
    let make = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
    connection.execute(AssertSqlSafe(make)).await.unwrap();
    let in_c = |setting: &str| changed(&value(&program, setting), |url| url.set_path(&name));
    let (database, migration) = (in_c("DATABASE_URL"), in_c("MIGRATION_DATABASE_URL"));
    let set = [("DATABASE_URL", database.as_str()), ("MIGRATION_DATABASE_URL", migration.as_str())];
    let diagnosis = examine(&program, &set, &[]);
    connection.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    diagnosis.expect("database locale", "warning", "letters outside ASCII");
    diagnosis.expect("schema", "failure", "not up to date");
}

#[tokio::test]
async fn doctor_names_each_fault_of_key_evidence_and_checkpoints() {
    let (program, server) = used_installation().await;
    drop(server);
    let path = |name: &str| program.folder.path().join(name);
    fs::write(path("file"), "in the way").unwrap();
    key_file::create(&path("other.key")).unwrap();
    let text = |name: &str| path(name).display().to_string();
    for (name, set, check, message) in [
        ("SIGNOFF_KEY_FILE", text("nowhere.key"), "key", "signoff keys new"),
        ("SIGNOFF_KEY_FILE", text("other.key"), "key", "belongs to another key"),
        ("SIGNOFF_EVIDENCE_DIR", text("file/evidence"), "evidence store", "Not a directory"),
        ("SIGNOFF_CHECKPOINT_DIR", text("file/checkpoints"), "checkpoint folder", "can't be written to"),
    ] {
        let diagnosis = examine(&program, &[(name, &set)], &[]);
        diagnosis.expect(check, "failure", message);
        assert_eq!(diagnosis.exit, Some(2));
    }
    let other = Program::make().await;
    let mut server = other.serve();
    server.address();
    let theirs = other.evidence().display().to_string();
    examine(&program, &[("SIGNOFF_EVIDENCE_DIR", &theirs)], &[]).expect(
        "evidence owner",
        "failure",
        "another installation",
    );
    let empty = text("empty");
    examine(&program, &[("SIGNOFF_EVIDENCE_DIR", &empty)], &[]).expect("evidence owner", "warning", "does not say");
    let old = text("old");
    fs::create_dir(&old).unwrap();
    fs::write(path("old").join("signoff-2001-02-03.checkpoint"), "").unwrap();
    let diagnosis = examine(&program, &[("SIGNOFF_CHECKPOINT_DIR", &old)], &[]);
    diagnosis.expect("checkpoint folder", "warning", "signoff-2001-02-03.checkpoint");
}

#[tokio::test]
async fn doctor_examines_the_bucket_instead_of_the_folder() {
    let store = S3Server::start();
    let mut program = Program::make().await;
    program.set("SIGNOFF_EVIDENCE_URL", format!("s3://{BUCKET}/evidence"));
    program.set("SIGNOFF_S3_ENDPOINT", format!("http://{}", store.address));
    program.set("SIGNOFF_S3_ACCESS_KEY", ACCESS_KEY);
    program.set("SIGNOFF_S3_SECRET_KEY", SECRET_KEY);
    program.set("SIGNOFF_S3_PATH_STYLE", "yes");
    let mut server = program.serve();
    server.address();
    server.stop();
    let diagnosis = examine(&program, &[], &[]);
    diagnosis.expect("evidence store", "ok", "s3://");
    diagnosis.expect("evidence owner", "ok", "this installation's");
    assert!(!diagnosis.whole.to_string().contains("evidence space"), "{:#}", diagnosis.whole);
    assert!(!program.evidence().exists(), "no folder was made");
    let closed = [("SIGNOFF_S3_ENDPOINT", "http://127.0.0.1:1")];
    examine(&program, &closed, &[]).expect("evidence store", "failure", "s3://");
}

#[tokio::test]
async fn doctor_tells_a_copy_from_the_served_database() {
    let (program, server) = used_installation().await;
    drop(server);
    examine(&program, &[("SIGNOFF_DRILL", "yes")], &[]).expect("served database", "warning", "this is a drill");
    // What a copy has: the record of another database.
    let pool = program.database.owner_pool();
    pool.execute("UPDATE served_database SET database_oid = database_oid + 1").await.unwrap();
    examine(&program, &[], &[]).expect("served database", "failure", "This database is a copy");
}

#[tokio::test]
async fn doctor_counts_the_evidence_files_that_are_missing() {
    let program = Program::with_demo().await;
    examine(&program, &[], &[]).expect("evidence files", "ok", "all ");
    let evidence = program.evidence();
    let lost = files(&evidence)
        .into_iter()
        .find(|name| uuid::Uuid::parse_str(name.rsplit('/').next().unwrap()).is_ok())
        .unwrap();
    fs::remove_file(evidence.join(lost)).unwrap();
    examine(&program, &[], &[]).expect("evidence files", "failure", "and 1 are missing");
}

#[tokio::test]
async fn doctor_talks_to_the_mail_server_and_sends_a_mail() {
    let mut program = Program::make().await;
    let to = ["--mail-to", "ana@example.org"];
    examine(&program, &[], &to).expect("mail", "failure", "no mail can be sent");
    let mail = MailServer::start().await;
    for (name, value) in mail.settings() {
        program.set(name, value);
    }
    let program = tokio::task::spawn_blocking(move || {
        examine(&program, &[], &[]).expect("mail", "ok", "accepts the connection");
        examine(&program, &[], &to).expect("mail", "ok", "took the mail to ana@example.org");
        examine(&program, &[("SIGNOFF_SMTP_URL", "smtp://127.0.0.1:1")], &[]).expect("mail", "failure", "127.0.0.1");
        program
    })
    .await
    .unwrap();
    let letters = mail.take_letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].to.contains("ana@example.org") && letters[0].text().contains("signoff doctor"));
    drop(program);
}

/// A Redis that keeps nothing, on a socket.
struct ForgetfulRedis(Child);

impl ForgetfulRedis {
    fn start(socket: &std::path::Path) -> Self {
        let arguments = ["--port", "0", "--save", "", "--appendonly", "no", "--maxmemory", "50mb"];
        let mut child = Command::new("redis-server")
            .args(arguments)
            .args(["--maxmemory-policy", "allkeys-lru", "--unixsocket", socket.to_str().unwrap()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("eady to accept connections")));
        Self(child)
    }
}

impl Drop for ForgetfulRedis {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn doctor_warns_of_a_redis_that_forgets() {
    let program = Program::make().await;
    let socket = program.folder.path().join("redis.sock");
    let _redis = ForgetfulRedis::start(&socket);
    let diagnosis = examine(&program, &[("REDIS_URL", &format!("unix://{}", socket.display()))], &[]);
    diagnosis.expect("Redis persistence", "warning", "appendonly is off");
    diagnosis.expect("Redis memory", "warning", "allkeys-lru");
    diagnosis.expect("public address", "warning", "Nothing listens");
}

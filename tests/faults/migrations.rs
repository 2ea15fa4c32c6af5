//! Migrations: what the commands say and refuse, several at once, killed ones, and the data of earlier schemas.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use flate2::read::GzDecoder;
use signoff::schema;
use sqlx::{Executor as _, PgPool};

use crate::helpers::{
    TestApp,
    demo_server::DemoServer,
    program::{Program, files, output_text},
};

/// The schema before which nothing was in use outside of development: data is older than no migration after it.
const BASELINE: i64 = 20_261_123_213_200;

fn versions() -> Vec<i64> {
    let mut all: Vec<i64> = schema::MIGRATIONS
        .iter()
        .filter(|migration| !migration.migration_type.is_down_migration())
        .map(|migration| migration.version)
        .collect();
    all.sort_unstable();
    all
}

#[track_caller]
fn assert_refused(ended: &Output, words: &str) {
    let output = output_text(ended);
    assert_eq!(ended.status.code(), Some(1), "{output}");
    assert!(output.contains(words), "{output}");
    assert_eq!(output.lines().filter(|line| line.starts_with("signoff: ")).count(), 1, "one sentence: {output}");
}

async fn change_schema_table(owner: &PgPool, statement: &'static str) {
    owner.execute(statement).await.unwrap();
}

#[tokio::test]
async fn schema_of_another_version_is_refused_by_server_and_migration_alike() {
    let program = Program::make().await;
    let owner = program.database.owner_pool();
    assert!(program.run(&["migrate", "--status"]).status.success());
    for (change, back, words) in [
        (
            "INSERT INTO _sqlx_migrations VALUES (29991231235959, 'later', now(), true, '', 0)",
            "DELETE FROM _sqlx_migrations WHERE version = 29991231235959",
            "The database is newer than this signoff",
        ),
        (
            "UPDATE _sqlx_migrations SET success = false WHERE version = 20261123104000",
            "UPDATE _sqlx_migrations SET success = true",
            "is half applied",
        ),
        (
            "UPDATE _sqlx_migrations SET checksum = checksum || '\\x00' WHERE version = 20261123104000",
            "UPDATE _sqlx_migrations SET checksum = substring(checksum FROM 1 FOR 48)",
            "Migration 20261123104000 of the database is not the one of this signoff",
        ),
    ] {
        change_schema_table(&owner, change).await;
        for command in [&["serve"][..], &["migrate"], &["migrate", "--dry-run"], &["migrate", "--status"]] {
            assert_refused(&program.run(command), words);
        }
        change_schema_table(&owner, back).await;
    }
    assert!(program.run(&["migrate"]).status.success());
}

#[tokio::test]
async fn migration_is_shown_rehearsed_undone_and_applied_again() {
    let program = Program::make().await;
    let [.., before, last] = versions()[..] else { panic!() };
    let run = |words: &[&str]| output_text(&program.run(words));
    assert_eq!(run(&["migrate", "--dry-run"]), "The database is up to date.\n");
    let down = ["migrate", "--down-to", &before.to_string()].map(str::to_owned);
    let down: Vec<&str> = down.iter().map(String::as_str).collect();
    assert_refused(&program.run(&down), &format!("This would undo: {last}. Make a backup"));
    assert_eq!(run(&[&down[..], &["--yes"]].concat()), format!("Undone: {last}.\n"));
    let status = program.run(&["migrate", "--status"]);
    assert_refused(&status, "not up to date");
    assert!(output_text(&status).contains(&format!("{last}  pending ")), "{}", output_text(&status));
    assert_refused(&program.run(&["serve"]), "signoff migrate");
    assert_eq!(run(&["migrate", "--dry-run"]), format!("Nothing was changed. These would run: {last}.\n"));
    assert_refused(&program.run(&["serve"]), "signoff migrate");
    assert_eq!(run(&["migrate"]), "The database is up to date.\n");
    assert_refused(&program.run(&["migrate", "--down-to", "1", "--yes"]), "is no migration that is applied");
    assert!(program.run(&["migrate", "--status"]).status.success());
}

#[tokio::test]
async fn migration_is_not_undone_once_something_was_recorded() {
    let program = Program::with_demo().await;
    let before = versions()[versions().len() - 2].to_string();
    assert_refused(&program.run(&["migrate", "--down-to", &before, "--yes"]), "Restore the backup");
    // The clock of the server was behind that of PostgreSQL.
    let ahead = "UPDATE _sqlx_migrations SET installed_on = now() + interval '30 minutes'";
    change_schema_table(&program.database.owner_pool(), ahead).await;
    assert_refused(&program.run(&["migrate", "--down-to", &before, "--yes"]), "Restore the backup");
    let verified = program.run(&["verify", "--database"]);
    assert!(verified.status.success(), "{}", output_text(&verified));
}

/// A database without any schema.
async fn empty_database(program: &Program) {
    let owner = program.database.owner_pool();
    owner
        .execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
        .await
        .unwrap();
}

#[tokio::test]
async fn five_migrations_at_once_all_succeed() {
    let program = Program::make().await;
    empty_database(&program).await;
    let running: Vec<_> = (0..5)
        .map(|_| program.command(&["migrate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for one in running {
        let ended = one.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", output_text(&ended));
    }
    assert!(program.run(&["migrate", "--status"]).status.success());
    program.add_demo();
}

#[tokio::test]
async fn killed_migration_leaves_whole_migrations_and_is_continued() {
    let program = Program::make().await;
    empty_database(&program).await;
    let owner = program.database.owner_pool();
    let mut kills = 0;
    for target in (0..versions().len() as i64).step_by(7) {
        let mut child = program.command(&["migrate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        loop {
            let applied: Result<i64, _> =
                sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations").fetch_one(&owner).await;
            if applied.is_ok_and(|applied| applied >= target) || child.try_wait().unwrap().is_some() {
                break;
            }
        }
        kills += usize::from(child.kill().is_ok());
        child.wait().unwrap();
        let output = output_text(&program.run(&["migrate", "--status"]));
        assert!(!output.contains("half applied") && !output.contains("altered"), "{output}");
    }
    println!("migration killed {kills} times");
    let done = program.run(&["migrate"]);
    assert!(done.status.success(), "{}", output_text(&done));
    program.add_demo();
}

/// The data of each earlier schema: what a later migration adds is taken away from the demo's, and added again.
#[tokio::test]
async fn data_of_every_earlier_schema_is_upgraded_and_verifies() {
    let program = Program::with_demo().await;
    let owner = program.database.owner_pool();
    let mut connection = owner.acquire().await.unwrap();
    let count = "SELECT count(*) FROM events";
    let events: i64 = sqlx::query_scalar(count).fetch_one(&mut *connection).await.unwrap();
    for version in versions().into_iter().rev().filter(|version| *version >= BASELINE) {
        schema::MIGRATIONS.undo(&mut *connection, version).await.unwrap();
        let upgraded = program.run(&["migrate"]);
        assert!(upgraded.status.success(), "{version}: {}", output_text(&upgraded));
        let verified = program.run(&["verify", "--database"]);
        assert!(verified.status.success(), "{version}: {}", output_text(&verified));
    }
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut *connection).await.unwrap(), events);
}

/// The data that the program of [`BASELINE`] itself wrote: an installation of that time is upgraded and served.
#[tokio::test]
async fn installation_of_the_baseline_is_upgraded_verifies_and_is_served() {
    let baseline = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/schema-{BASELINE}"));
    let program = Program::make_vacant().await;
    let mut sql = Vec::new();
    let dump = File::open(baseline.join("database.sql.gz")).unwrap();
    GzDecoder::new(dump).read_to_end(&mut sql).unwrap();
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &program.database.owner_url()]);
    let mut psql = psql.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    psql.stdin.take().unwrap().write_all(&sql).unwrap();
    assert!(psql.wait().unwrap().success());
    for name in files(&baseline.join("evidence")) {
        let copy = program.evidence().join(&name);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(baseline.join("evidence").join(&name), copy).unwrap();
    }
    copy_key(&baseline.join("signoff.key"), &program);

    let before = output_text(&program.run(&["migrate", "--status"]));
    assert!(before.contains(&format!("{BASELINE}  applied")) && before.contains("pending"), "{before}");
    let upgraded = program.run(&["migrate"]);
    assert!(upgraded.status.success(), "{}", output_text(&upgraded));
    let verified = output_text(&program.run(&["verify", "--database"]));
    // 238 events of the launch and 10 of the installation, as they were written then.
    assert!(verified.contains("1 launch, 248 events, 3 checkpoints") && verified.contains("Consistent"), "{verified}");
    let demo = DemoServer::make_with(program).await;
    let mut server = demo.program.serve();
    server.wait_for("listening");
    let browser = demo.browser().await;
    browser.get(&demo.path("")).await.expect_status(200);
    browser.post(&demo.path("/comments"), &[("body", "After the upgrade.")]).await.expect_status(303);
    server.stop();
    demo.verify();
}

/// The key of a fixture, as only its owner may read it.
fn copy_key(from: &Path, program: &Program) {
    let to = program.folder.path().join("signoff.key");
    fs::copy(from, &to).unwrap();
    fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn migrations_revert_and_apply_again() {
    let app = TestApp::start().await;
    let mut conn = app.owner.acquire().await.unwrap();
    schema::MIGRATIONS.undo(&mut *conn, 0).await.unwrap();
    let left: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND relname <> '_sqlx_migrations'",
    )
    .fetch_one(&mut *conn)
    .await
    .unwrap();
    assert_eq!(left, 0);
    schema::MIGRATIONS.run(&mut *conn).await.unwrap();
}

/// Statements that break a server of the release before, which still serves while a migration runs. A migration that
/// needs one comes a release later than the code that no longer uses what it takes away (docs/upgrading.md).
const CONTRACTIONS: [&str; 6] = ["DROP TABLE ", "DROP COLUMN ", "RENAME ", "SET NOT NULL", "DROP FUNCTION ", "REVOKE "];

/// The migrations with such statements from before the first release, and those that say why they may.
const MAY_CONTRACT: &str = "-- contracts:";

/// The last migration that was written before this rule.
const LAST_WITHOUT_RULE: i64 = 20_261_127_180_100;

#[test]
fn migrations_only_expand_unless_they_say_why() {
    let later = schema::MIGRATIONS
        .iter()
        .filter(|migration| !migration.migration_type.is_down_migration() && migration.version > LAST_WITHOUT_RULE);
    for migration in later {
        let sql = migration.sql.as_str();
        let found = CONTRACTIONS.iter().find(|words| sql.to_uppercase().contains(**words));
        assert!(found.is_none() || sql.contains(MAY_CONTRACT), "{}: {found:?}", migration.version);
    }
}

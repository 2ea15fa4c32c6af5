//! What a backup restores: what was there at one moment, row for row and byte for byte.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use reqwest::multipart::{Form, Part};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::backup::{PASSPHRASE, back_up, backups, evidence_file, only_backup, program_with_evidence};
use crate::helpers::{
    client::Client,
    program::{Program, files, output_text, separate_redis_url},
    s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
};

/// A vacant place with the passphrase of the backups.
async fn vacant() -> Program {
    let mut vacant = Program::make_vacant().await;
    vacant.set("SIGNOFF_BACKUP_PASSPHRASE", PASSPHRASE);
    vacant
}

fn restore(vacant: &Program, from: &Program) -> std::process::Output {
    vacant.run(&["restore", backups(from).to_str().unwrap()])
}

async fn tables(pool: &PgPool) -> Vec<String> {
    let query = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
    sqlx::query_scalar(query).fetch_all(pool).await.unwrap()
}

/// All rows of a table as text, in order.
async fn rows(pool: &PgPool, table: &str) -> Vec<String> {
    let query = AssertSqlSafe(format!("SELECT t::text FROM {table} t ORDER BY 1"));
    sqlx::query_scalar(query).fetch_all(pool).await.unwrap()
}

/// The evidence of a store by its path, without the mark and the pictures.
fn evidence(store: &Path) -> Vec<(String, Vec<u8>)> {
    let names = files(store).into_iter().filter(|name| name.contains('/') && !name.contains('.'));
    names.map(|name| (name.clone(), fs::read(store.join(&name)).unwrap())).collect()
}

#[tokio::test]
async fn restored_backup_is_the_same_row_for_row_and_byte_for_byte() {
    let program = program_with_evidence().await;
    let mut server = program.serve();
    server.wait_for("the checkpoint of the day was written");
    server.stop();
    let done = back_up(&program, &[]);
    assert!(done.status.success(), "{}", output_text(&done));
    let mut elsewhere = vacant().await;
    let restored = restore(&elsewhere, &program);
    let output = output_text(&restored);
    assert_eq!(restored.status.code(), Some(0), "{output}");
    let (original, copy) = (program.database.owner_pool(), elsewhere.database.owner_pool());
    let names = tables(&original).await;
    assert_eq!(tables(&copy).await, names);
    // How the backup ended was recorded after its moment.
    for table in names.iter().filter(|table| *table != "operations_status") {
        assert_eq!(rows(&copy, table).await, rows(&original, table).await, "{table}");
    }
    assert!(rows(&copy, "operations_status").await.iter().any(|row| row.starts_with("(restore,")));
    let expected = evidence(&program.evidence());
    assert!(expected.len() > 3);
    assert_eq!(evidence(&elsewhere.evidence()), expected);
    let key = |program: &Program| fs::read(program.folder.path().join("signoff.key")).unwrap();
    assert_eq!(key(&elsewhere), key(&program));
    // It is a copy until it is taken over.
    let refused = elsewhere.run(&["serve"]);
    assert!(output_text(&refused).contains("is a copy"), "{}", output_text(&refused));
    elsewhere.set("REDIS_URL", separate_redis_url());
    assert!(elsewhere.run(&["adopt"]).status.success());
    let mut server = elsewhere.serve();
    server.address();
    server.stop();
    // Nothing is restored over it.
    let again = restore(&elsewhere, &program);
    assert_eq!(again.status.code(), Some(1));
    assert!(output_text(&again).contains("is not empty"), "{}", output_text(&again));
}

/// Comments and uploads of one person, until they are to stop.
async fn work(client: Client, item: Uuid, stop: Arc<AtomicBool>, changes: Arc<AtomicUsize>) {
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let text = format!("{} {number}", client.cookies().len());
        let comment = [("body", text.as_str())];
        let commented = client.post(&format!("/items/{item}/comments"), &comment).await;
        let bytes = text.repeat(3_000).into_bytes();
        let form = Form::new().part("files", Part::bytes(bytes).file_name("load.txt"));
        let attached = client.upload(&format!("/items/{item}/evidence"), form).await;
        if commented.status == 303 && attached.status == 303 {
            changes.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::test]
async fn backup_under_load_restores_one_moment() {
    let mut program = program_with_evidence().await;
    program.set("SIGNOFF_CHANGES_PER_MINUTE", "100000");
    let mut server = program.serve();
    let address = server.address();
    let people = fs::read_to_string(program.folder.path().join("people")).unwrap();
    let pool = program.database.owner_pool();
    let items: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM items ORDER BY id LIMIT 3").fetch_all(&pool).await.unwrap();
    let (stop, changes) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let members = people.lines().filter(|line| line.starts_with("member") || line.starts_with("operations"));
    let mut workers = Vec::new();
    for (line, item) in members.zip(items) {
        let mut fields = line.split('\t').skip(1);
        let (email, password) = (fields.next().unwrap(), fields.next().unwrap());
        let client = Client::new(address);
        client.post("/login", &[("email", email), ("password", password)]).await.expect_status(303);
        workers.push(tokio::spawn(work(client, item, Arc::clone(&stop), Arc::clone(&changes))));
    }
    let wait_for_changes = async |more: usize| {
        let from = changes.load(Ordering::Relaxed);
        while changes.load(Ordering::Relaxed) < from + more {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    wait_for_changes(5).await;
    let (program, done) = tokio::task::spawn_blocking(move || {
        let done = back_up(&program, &[]);
        (program, done)
    })
    .await
    .unwrap();
    assert!(done.status.success(), "{}", output_text(&done));
    wait_for_changes(2).await;
    stop.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.await.unwrap();
    }
    server.stop();

    let elsewhere = vacant().await;
    let restored = restore(&elsewhere, &program);
    let output = output_text(&restored);
    assert_eq!(restored.status.code(), Some(0), "every history and every hash: {output}");
    // What is only ever added to was the same then, and has grown since.
    let copy = elsewhere.database.owner_pool();
    for table in ["events", "installation_events", "texts", "evidence", "tree_nodes"] {
        let (then, now) = (rows(&copy, table).await, rows(&pool, table).await);
        let now: std::collections::HashSet<String> = now.into_iter().collect();
        assert!(then.iter().all(|row| now.contains(row)), "{table}");
        assert!(table == "installation_events" || then.len() < now.len(), "{table}: people went on");
    }
    let now: std::collections::HashMap<_, _> = evidence(&program.evidence()).into_iter().collect();
    let then = evidence(&elsewhere.evidence());
    let named: i64 = sqlx::query_scalar("SELECT count(*) FROM evidence WHERE sha256 IS NOT NULL AND source_id IS NULL")
        .fetch_one(&copy)
        .await
        .unwrap();
    assert_eq!(then.len(), usize::try_from(named).unwrap());
    for (name, bytes) in then {
        assert!(now.get(&name) == Some(&bytes), "{name}");
    }
}

#[tokio::test]
async fn restore_refuses_what_it_cannot_restore_and_writes_nothing() {
    let program = program_with_evidence().await;
    assert!(back_up(&program, &[]).status.success());
    let elsewhere = vacant().await;
    let source = backups(&program);
    let refuse = |name: &str, value: &str, expected: &str| {
        let mut command = elsewhere.command(&["restore", source.to_str().unwrap()]);
        let refused = command.env(name, value).output().unwrap();
        assert_eq!(refused.status.code(), Some(1), "{expected}: {}", output_text(&refused));
        assert!(output_text(&refused).contains(expected), "{expected}: {}", output_text(&refused));
    };
    refuse("SIGNOFF_BACKUP_PASSPHRASE", "another", "does not open with the passphrase");
    refuse("SIGNOFF_BACKUP_PASSPHRASE", "", "set SIGNOFF_BACKUP_PASSPHRASE");
    refuse("SIGNOFF_SECRET_KEY", &"ab".repeat(32), "SIGNOFF_SECRET_KEY is another");
    refuse("SIGNOFF_EVIDENCE_DIR", program.evidence().to_str().unwrap(), "is not empty");
    refuse("MIGRATION_DATABASE_URL", &program.database.owner_url(), "lead to different databases");
    refuse("DATABASE_URL", &program.database.app_url(), "lead to different databases");
    let dump = only_backup(&program).join("database.dump");
    let whole = fs::read(&dump).unwrap();
    fs::write(&dump, &whole[..whole.len() - 10]).unwrap();
    refuse("TZ", "", "database.dump has another size");
    fs::write(&dump, [&whole[..whole.len() - 1], &[!whole[whole.len() - 1]]].concat()).unwrap();
    refuse("TZ", "", "database.dump has other bytes");
    fs::write(&dump, &whole).unwrap();
    assert_eq!(tables(&elsewhere.database.owner_pool()).await, Vec::<String>::new());
    assert_eq!(files(&elsewhere.evidence()), Vec::<String>::new());
    assert!(!elsewhere.folder.path().join("signoff.key").exists());
    // A secret key that is not set is written to a file. Another one is not overwritten; the same one is there after an
    // earlier attempt.
    let secret_file = elsewhere.folder.path().join("signoff-secret-key");
    fs::write(&secret_file, "another").unwrap();
    refuse("SIGNOFF_SECRET_KEY", "", "signoff-secret-key can't be written");
    assert_eq!(tables(&elsewhere.database.owner_pool()).await, Vec::<String>::new());
    fs::write(&secret_file, "5e".repeat(32)).unwrap();
    let mut command = elsewhere.command(&["restore", source.to_str().unwrap()]);
    let restored = command.env_remove("SIGNOFF_SECRET_KEY").output().unwrap();
    assert_eq!(restored.status.code(), Some(0), "{}", output_text(&restored));
    let secret = fs::read_to_string(&secret_file).unwrap();
    assert_eq!(secret, "5e".repeat(32));
}

#[tokio::test]
async fn restore_names_evidence_that_the_backup_lacks() {
    let program = program_with_evidence().await;
    assert!(back_up(&program, &[]).status.success());
    let (stored, lost) = (backups(&program).join("files"), evidence_file(&program.evidence()));
    let sha256 = signoff::domain::canonical::Sha256Hash::compute(&fs::read(&lost).unwrap()).to_string();
    fs::write(stored.join(&sha256[..2]).join(&sha256), "altered").unwrap();
    let elsewhere = vacant().await;
    let restored = restore(&elsewhere, &program);
    let output = output_text(&restored);
    assert_eq!(restored.status.code(), Some(1), "{output}");
    let name = lost.file_name().unwrap().to_str().unwrap();
    assert!(output.contains(&format!("Missing: the evidence file {name}")), "{output}");
    assert_eq!(evidence(&elsewhere.evidence()).len(), evidence(&program.evidence()).len() - 1);
}

#[tokio::test]
async fn backup_in_a_bucket_is_verified_and_restored() {
    let server = S3Server::start();
    let in_bucket = |program: &mut Program| {
        program.set("SIGNOFF_BACKUP_S3_ENDPOINT", format!("http://{}", server.address));
        program.set("SIGNOFF_BACKUP_S3_ACCESS_KEY", ACCESS_KEY);
        program.set("SIGNOFF_BACKUP_S3_SECRET_KEY", SECRET_KEY);
        program.set("SIGNOFF_BACKUP_S3_PATH_STYLE", "yes");
        program.set("SIGNOFF_BACKUP_TO", format!("s3://{BUCKET}/backups"));
    };
    let mut program = program_with_evidence().await;
    in_bucket(&mut program);
    let done = program.run(&["backup"]);
    assert!(done.status.success(), "{}", output_text(&done));
    assert_eq!(server.count_unfinished_uploads(), 0);
    let place = format!("s3://{BUCKET}/backups");
    let verified = program.run(&["verify", "--backup", &place]);
    assert_eq!(verified.status.code(), Some(0), "{}", output_text(&verified));
    let mut elsewhere = vacant().await;
    in_bucket(&mut elsewhere);
    let restored = elsewhere.run(&["restore", &place]);
    assert_eq!(restored.status.code(), Some(0), "{}", output_text(&restored));
    assert_eq!(evidence(&elsewhere.evidence()), evidence(&program.evidence()));
}

//! Backups: complete or not at all, one at a time, kept as long as they are to be.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use signoff::record::backup_snapshot::BACKUP_LOCK;
use sqlx::{Connection as _, PgConnection};

use crate::helpers::{
    database::TestDatabase,
    program::{Program, files, output_text},
};

pub(super) const PASSPHRASE: &str = "correct horse battery staple";

/// The demo, and a passphrase for its keys.
pub(super) async fn program_with_evidence() -> Program {
    let mut program = Program::with_demo().await;
    program.set("SIGNOFF_BACKUP_PASSPHRASE", PASSPHRASE);
    program
}

pub(super) fn backups(program: &Program) -> PathBuf {
    program.folder.path().join("backups")
}

pub(super) fn back_up(program: &Program, arguments: &[&str]) -> Output {
    let place = backups(program);
    program.run(&[&["backup", place.to_str().unwrap()], arguments].concat())
}

/// The folder of a program's only backup.
pub(super) fn only_backup(program: &Program) -> PathBuf {
    let names = backup_names(program);
    assert_eq!(names.len(), 1, "{names:?}");
    backups(program).join("backups").join(&names[0])
}

/// The names of the folders of backups, in order.
fn backup_names(program: &Program) -> Vec<String> {
    let folder = backups(program).join("backups");
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Verifies a backup, without any setting.
pub(super) fn verify(place: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command.args(["verify", "--backup"]).arg(place).args(arguments).env_clear().output().unwrap()
}

/// The path of an evidence file of the demo.
pub(super) fn evidence_file(store: &Path) -> PathBuf {
    let name = files(store).into_iter().find(|name| name.contains('/') && !name.contains('.')).unwrap();
    store.join(name)
}

async fn status(program: &Program) -> (bool, String, bool) {
    let query = "SELECT ok, detail, succeeded_at IS NOT NULL FROM operations_status WHERE name = 'backup'";
    sqlx::query_as(query).fetch_one(&program.database.owner_pool()).await.unwrap()
}

#[tokio::test]
async fn backup_has_everything_once_and_its_status_is_recorded() {
    let program = program_with_evidence().await;
    let done = back_up(&program, &[]);
    assert!(done.status.success(), "{}", output_text(&done));
    let backup = only_backup(&program);
    assert_eq!(files(&backup), ["database.dump", "keys.age", "manifest.json"]);
    let stored = files(&backups(&program).join("files")).len();
    assert!(stored > 3, "{stored}");
    for name in [".", "database.dump", "keys.age", "manifest.json"] {
        let mode = fs::metadata(backup.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if name == "." { 0o700 } else { 0o600 }, "{name}: {mode:o}");
    }
    let keys = fs::read(backup.join("keys.age")).unwrap();
    assert!(keys.starts_with(b"age-encryption.org/v1"));
    let verified = verify(&backups(&program), &[]);
    assert_eq!(verified.status.code(), Some(0), "{}", output_text(&verified));
    assert!(output_text(&verified).starts_with("Whole: "), "{}", output_text(&verified));
    let (ok, detail, _) = status(&program).await;
    assert!(ok && detail.contains("with the keys"), "{detail}");
    // The evidence of a second one is that of the first.
    let again = loop {
        let again = back_up(&program, &[]);
        if !output_text(&again).contains("backup of this second") {
            break again;
        }
    };
    assert!(output_text(&again).contains("(0 of them new)"), "{}", output_text(&again));
    assert_eq!(files(&backups(&program).join("files")).len(), stored);
    let all = verify(&backups(&program), &["--all"]);
    assert_eq!((all.status.code(), output_text(&all).matches("Whole: ").count()), (Some(0), 2));
}

#[tokio::test]
async fn backup_without_a_passphrase_says_that_it_has_no_keys() {
    let program = Program::with_demo().await;
    let done = back_up(&program, &[]);
    assert!(done.status.success(), "{}", output_text(&done));
    assert!(output_text(&done).contains("THE KEYS ARE NOT IN THE BACKUP"), "{}", output_text(&done));
    assert_eq!(files(&only_backup(&program)), ["database.dump", "manifest.json"]);
    assert!(output_text(&verify(&backups(&program), &[])).contains("WITHOUT THE KEYS"));
}

#[tokio::test]
async fn backup_with_another_key_than_the_newest_is_refused() {
    let mut program = program_with_evidence().await;
    let path = |program: &Program, name: &str| program.folder.path().join(name).to_str().unwrap().to_owned();
    let (old, new, other) = (path(&program, "signoff.key"), path(&program, "new.key"), path(&program, "other.key"));
    let rotated = program.run(&["keys", "rotate", &new]);
    assert!(rotated.status.success(), "{}", output_text(&rotated));
    assert!(program.run(&["keys", "new", &other]).status.success());
    for (file, expected) in [(&old, "has key 1 of this installation"), (&other, "has no key of this installation")] {
        program.set("SIGNOFF_KEY_FILE", file.as_str());
        let refused = back_up(&program, &[]);
        assert_eq!(refused.status.code(), Some(1), "{}", output_text(&refused));
        assert!(output_text(&refused).contains(expected), "{expected}: {}", output_text(&refused));
        assert_eq!(backup_names(&program), Vec::<String>::new());
    }
    program.set("SIGNOFF_KEY_FILE", new.as_str());
    let done = back_up(&program, &[]);
    assert!(done.status.success(), "{}", output_text(&done));
}

#[tokio::test]
async fn backup_that_is_damaged_is_not_whole() {
    let program = program_with_evidence().await;
    let absent = verify(program.folder.path(), &[]);
    assert_eq!(absent.status.code(), Some(2), "{}", output_text(&absent));
    assert!(output_text(&absent).contains("has no complete backup"), "{}", output_text(&absent));
    assert!(back_up(&program, &[]).status.success());
    let stored = backups(&program).join("files");
    let file = stored.join(&files(&stored)[0]);
    let dump = only_backup(&program).join("database.dump");
    let cut = fs::read(&dump).unwrap();
    for (damaged, bytes, expected) in [
        (&file, Some(b"altered".to_vec()), "has another size"),
        (&file, None, "is missing"),
        (&dump, Some(cut[..cut.len() / 2].to_vec()), "database.dump has another size"),
        (&dump, Some([&cut[..cut.len() - 1], &[!cut[cut.len() - 1]]].concat()), "database.dump has other bytes"),
    ] {
        let whole = fs::read(damaged).unwrap();
        match bytes {
            Some(bytes) => fs::write(damaged, bytes).unwrap(),
            None => fs::remove_file(damaged).unwrap(),
        }
        let verified = verify(&backups(&program), &[]);
        assert_eq!(verified.status.code(), Some(1), "{}", output_text(&verified));
        assert!(output_text(&verified).contains(expected), "{expected}: {}", output_text(&verified));
        fs::write(damaged, whole).unwrap();
    }
    assert_eq!(verify(&backups(&program), &[]).status.code(), Some(0));
    fs::write(only_backup(&program).join("manifest.json"), "{}").unwrap();
    assert_eq!(verify(&backups(&program), &[]).status.code(), Some(2));
}

#[tokio::test]
async fn backup_without_an_evidence_file_fails_and_leaves_nothing() {
    let program = program_with_evidence().await;
    let lost = evidence_file(&program.evidence());
    let name = lost.file_name().unwrap().to_str().unwrap().to_owned();
    let bytes = fs::read(&lost).unwrap();
    for (damage, expected) in
        [(None, "is missing"), (Some(&bytes[1..]), "has other bytes"), (Some(&b""[..]), "has other bytes")]
    {
        match damage {
            None => fs::remove_file(&lost).unwrap(),
            Some(bytes) => fs::write(&lost, bytes).unwrap(),
        }
        let failed = back_up(&program, &[]);
        let text = output_text(&failed);
        assert_eq!(failed.status.code(), Some(1), "{text}");
        assert!(text.contains(&format!("{name} {expected}")), "{expected}: {text}");
        assert_eq!(backup_names(&program), Vec::<String>::new());
    }
    let (ok, detail, succeeded) = status(&program).await;
    assert!(!ok && !succeeded && detail.contains(&name), "{detail}");
    // Deliberately without it.
    let done = back_up(&program, &["--without-missing"]);
    assert!(done.status.success(), "{}", output_text(&done));
    let verified = verify(&backups(&program), &[]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(output_text(&verified).contains(&name), "{}", output_text(&verified));
    // With the file there once, it is in every later backup, also when the store has lost it again.
    fs::write(&lost, &bytes).unwrap();
    let done = back_up_again(&program);
    assert!(done.status.success(), "{}", output_text(&done));
    fs::remove_file(&lost).unwrap();
    let done = back_up_again(&program);
    assert!(done.status.success(), "{}", output_text(&done));
    assert!(output_text(&done).contains("lacks 1 files that earlier backups have"), "{}", output_text(&done));
    assert_eq!(verify(&backups(&program), &[]).status.code(), Some(0));
}

/// Backs up in another second than the one before.
fn back_up_again(program: &Program) -> Output {
    loop {
        let done = back_up(program, &[]);
        if !output_text(&done).contains("backup of this second") {
            return done;
        }
    }
}

#[tokio::test]
async fn backup_of_the_wrong_places_fails() {
    let program = program_with_evidence().await;
    let other = program.folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("notes.txt"), "mine").unwrap();
    let output = output_text(&program.run(&["backup", other.to_str().unwrap()]));
    assert!(output.contains("does not say whose backups"), "{output}");
    assert_eq!(files(&other), ["notes.txt"]);
    for (name, value, output) in [
        ("SIGNOFF_EVIDENCE_DIR", "/dev/null/evidence", "evidence"),
        ("MIGRATION_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none", "MIGRATION_DATABASE_URL"),
        ("SIGNOFF_DRILL", "yes", "This is a drill"),
    ] {
        let mut command = program.command(&["backup", backups(&program).to_str().unwrap()]);
        let failed = command.env(name, value).output().unwrap();
        assert_eq!(failed.status.code(), Some(1), "{name}");
        assert!(output_text(&failed).contains(output), "{name}: {}", output_text(&failed));
    }
    assert_eq!(backup_names(&program), Vec::<String>::new());
    // The logins of the application and of the owner lead to two databases.
    let copy = TestDatabase::make().await;
    for (name, value) in [("MIGRATION_DATABASE_URL", copy.owner_url()), ("DATABASE_URL", copy.app_url())] {
        let mut command = program.command(&["backup", backups(&program).to_str().unwrap()]);
        let refused = command.env(name, value).output().unwrap();
        let output = output_text(&refused);
        assert_eq!(refused.status.code(), Some(1), "{name}: {output}");
        assert!(
            output.contains("MIGRATION_DATABASE_URL and DATABASE_URL lead to different databases"),
            "{name}: {output}"
        );
    }
    assert_eq!(backup_names(&program), Vec::<String>::new());
    // Those of another installation.
    assert!(back_up(&program, &[]).status.success());
    let foreign = Program::with_demo().await;
    let refused = foreign.run(&["backup", backups(&program).to_str().unwrap()]);
    assert!(output_text(&refused).contains("backups of another installation"), "{}", output_text(&refused));
    assert_eq!(backup_names(&program).len(), 1);
}

#[tokio::test]
async fn backup_on_a_full_disk_fails_and_leaves_the_older_one() {
    let program = program_with_evidence().await;
    assert!(back_up(&program, &[]).status.success());
    let before = files(&backups(&program));
    // No file may be longer than 4 kB: the dump is.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_signoff"), "backup"]);
    command.arg(backups(&program)).env_clear().env("PATH", std::env::var_os("PATH").unwrap()).envs(program.set.clone());
    let failed = command.output().unwrap();
    assert_eq!(failed.status.code(), Some(1), "{}", output_text(&failed));
    assert!(output_text(&failed).contains("the dump of the database can't be stored"), "{}", output_text(&failed));
    assert_eq!(files(&backups(&program)), before);
    assert_eq!(verify(&backups(&program), &[]).status.code(), Some(0));
}

#[tokio::test]
async fn backup_that_was_interrupted_is_none_and_is_cleaned_up() {
    let program = program_with_evidence().await;
    assert!(back_up(&program, &[]).status.success());
    let whole = backup_names(&program);
    // What a process leaves that is killed before it has written the manifest.
    let half = backups(&program).join("backups/2999-01-01T000000Z");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("database.dump"), "PGDMP cut off").unwrap();
    let orphan = backups(&program).join("files/00").join("0".repeat(64));
    fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    fs::write(&orphan, "of no backup").unwrap();
    let verified = verify(&backups(&program), &[]);
    assert!(output_text(&verified).contains(&whole[0]), "{}", output_text(&verified));
    let done = back_up_again(&program);
    assert!(done.status.success(), "{}", output_text(&done));
    assert!(!half.join("database.dump").exists() && !orphan.exists());
    assert_eq!(backup_names(&program).iter().filter(|name| !name.starts_with("2999")).count(), 2);
}

#[tokio::test]
async fn second_backup_at_the_same_time_is_refused_and_harms_nothing() {
    let program = program_with_evidence().await;
    assert!(back_up(&program, &[]).status.success());
    let before = files(&backups(&program));
    let mut other = PgConnection::connect(&program.database.owner_url()).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)").bind(BACKUP_LOCK).execute(&mut other).await.unwrap();
    let refused = back_up_again(&program);
    assert_eq!(refused.status.code(), Some(1));
    assert!(output_text(&refused).contains("Another backup of this database"), "{}", output_text(&refused));
    assert_eq!(files(&backups(&program)), before);
    assert!(status(&program).await.0, "it says nothing about the one that is being made");
    other.close().await.unwrap();
    assert!(back_up_again(&program).status.success());
}

#[tokio::test]
async fn old_backups_are_removed_with_their_evidence_and_never_the_last_good_one() {
    let program = program_with_evidence().await;
    assert!(back_up(&program, &[]).status.success());
    let newest = only_backup(&program);
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(newest.join("manifest.json")).unwrap()).unwrap();
    // An old backup with a file that no other has.
    let add_old = |name: &str, digit: &str| {
        let old = backups(&program).join("backups").join(name);
        fs::create_dir_all(&old).unwrap();
        fs::copy(newest.join("database.dump"), old.join("database.dump")).unwrap();
        let file = backups(&program).join("files").join(digit.repeat(2)).join(digit.repeat(64));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "old").unwrap();
        let mut manifest = manifest.clone();
        let id = "01936d35-0000-7000-8000-0000000000ab";
        let entry = serde_json::json!({ "id": id, "sha256": digit.repeat(64), "size": 3 });
        manifest["files"].as_array_mut().unwrap().push(entry);
        fs::write(old.join("manifest.json"), manifest.to_string()).unwrap();
        (old, file)
    };
    let (old, file) = add_old("2020-01-01T000000Z", "a");
    let damaged = backups(&program).join("backups/2020-01-02T000000Z");
    fs::create_dir(&damaged).unwrap();
    fs::write(damaged.join("manifest.json"), "{\"format\": 1").unwrap();
    let done = back_up_again(&program);
    assert!(done.status.success(), "{}", output_text(&done));
    assert!(output_text(&done).contains("2020-01-02T000000Z is damaged"), "{}", output_text(&done));
    assert!(!old.join("manifest.json").exists() && file.exists(), "a damaged manifest may name any file");
    fs::remove_dir_all(&damaged).unwrap();
    let (old, remaining) = add_old("2020-01-03T000000Z", "b");
    // It is the newest of a month that is kept.
    let done = loop {
        let done = back_up(&program, &["--keep-months", "1200"]);
        if !output_text(&done).contains("backup of this second") {
            break done;
        }
    };
    assert!(done.status.success(), "{}", output_text(&done));
    assert!(old.join("manifest.json").exists() && remaining.exists() && !file.exists());
    let done = back_up_again(&program);
    assert!(output_text(&done).contains("Removed 2020-01-03T000000Z"), "{}", output_text(&done));
    assert!(!old.join("manifest.json").exists() && !remaining.exists());
    let whole = verify(&backups(&program), &["--all"]);
    assert_eq!(whole.status.code(), Some(0), "{}", output_text(&whole));
}

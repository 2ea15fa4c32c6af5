//! The script that backs an installation up, run as it is, with PostgreSQL's own programs.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use signoff::blobs::IDENTITY_FILE;

use crate::helpers::program::{Program, files, said};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/backup/signoff-backup");

/// Runs the script with nothing in its environment but where programs are and where the settings are.
fn back_up(program: &Program, settings: &str) -> Output {
    let file = program.folder.path().join("signoff.env");
    let lines: String = program.set.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    fs::write(&file, lines + settings).unwrap();
    let mut command = Command::new("sh");
    command.arg(SCRIPT).arg(backups(program)).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("SIGNOFF", env!("CARGO_BIN_EXE_signoff"));
    command.env("SIGNOFF_ENV_FILE", file).output().unwrap()
}

/// Verifies a backup, without any setting.
fn verify(backup: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command.args(["verify", "--backup"]).arg(backup).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.output().unwrap()
}

fn backups(program: &Program) -> PathBuf {
    program.folder.path().join("backups")
}

/// The folders among the backups whose names end so, in order.
fn ending(program: &Program, end: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(backups(program))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with(end))
        .collect();
    found.sort();
    found
}

/// A file of evidence of the demo's.
fn some_evidence(store: &Path) -> PathBuf {
    let name = files(store).into_iter().find(|name| name.contains('/') && !name.contains('.')).unwrap();
    store.join(name)
}

#[tokio::test]
async fn a_backup_has_the_dump_and_every_file_and_follows_the_settings() {
    let program = Program::with_demo().await;
    // Uploads on their way are no evidence.
    let evidence = program.evidence();
    let folder = some_evidence(&evidence).parent().unwrap().to_owned();
    fs::write(folder.join("01936d35-0000-7000-8000-0000000000ab#1"), "half").unwrap();
    let done = back_up(&program, "SIGNOFF_MAIL_FROM=signoff <signoff@example.org>\n");
    assert!(done.status.success(), "{}", said(&done));
    let whole = ending(&program, "Z");
    assert_eq!(whole.len(), 1);
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), whole[0].to_str().unwrap());
    let expected: Vec<String> = files(&evidence).into_iter().filter(|name| !name.contains('#')).collect();
    assert_eq!(files(&whole[0].join("evidence")), expected);
    assert!(fs::metadata(whole[0].join("signoff.dump")).unwrap().len() > 10_000);
    let verified = verify(&whole[0]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
    assert!(said(&verified).starts_with("Whole: all "), "{}", said(&verified));
    // What a backup has must be found again as it was, or the backup is none.
    fs::write(some_evidence(&whole[0].join("evidence")), "altered").unwrap();
    let again = verify(&whole[0]);
    assert_eq!(again.status.code(), Some(1), "{}", said(&again));
    fs::write(whole[0].join("signoff.dump"), "PGDMP cut off").unwrap();
    let cut = verify(&whole[0]);
    assert_eq!(cut.status.code(), Some(2), "{}", said(&cut));
}

#[tokio::test]
async fn a_backup_that_lacks_a_file_fails_and_does_not_count() {
    let program = Program::with_demo().await;
    let evidence = program.evidence();
    let lost = some_evidence(&evidence);
    let bytes = fs::read(&lost).unwrap();
    fs::remove_file(&lost).unwrap();
    let failed = back_up(&program, "");
    assert_eq!(failed.status.code(), Some(1), "{}", said(&failed));
    let told = said(&failed);
    assert!(told.contains(lost.file_name().unwrap().to_str().unwrap()) && told.contains("is missing"), "{told}");
    assert!(told.contains("incomplete, and does not count"), "{told}");
    assert_eq!((ending(&program, "Z").len(), ending(&program, ".incomplete").len()), (0, 1));
    fs::write(&lost, &bytes[1..]).unwrap();
    let failed = back_up(&program, "");
    assert!(said(&failed).contains("has another size"), "{}", said(&failed));
    fs::write(&lost, &bytes).unwrap();
    let done = back_up(&program, "");
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!((ending(&program, "Z").len(), ending(&program, ".incomplete").len()), (1, 0));
}

#[tokio::test]
async fn a_backup_of_the_wrong_folder_or_database_fails() {
    let program = Program::with_demo().await;
    let empty = program.folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let failed = back_up(&program, &format!("SIGNOFF_EVIDENCE_DIR={}\n", empty.display()));
    assert_eq!(failed.status.code(), Some(1));
    assert!(said(&failed).contains("is no evidence store"), "{}", said(&failed));
    // Of this installation, and empty: as after a disk was replaced.
    fs::copy(program.evidence().join(IDENTITY_FILE), empty.join(IDENTITY_FILE)).unwrap();
    let failed = back_up(&program, &format!("SIGNOFF_EVIDENCE_DIR={}\n", empty.display()));
    assert_eq!(failed.status.code(), Some(1));
    assert!(said(&failed).contains("is missing"), "{}", said(&failed));
    for (setting, told) in [
        ("SIGNOFF_EVIDENCE_DIR=/nonexistent/evidence\n".to_owned(), "the evidence directory is missing"),
        ("MIGRATION_DATABASE_URL=postgres://nobody@127.0.0.1:1/none\n".to_owned(), "could not be dumped"),
        (format!("SIGNOFF_KEY_FILE={}/signoff.key\n", program.evidence().display()), "would be in every backup"),
        ("DATABASE_URL=\n".to_owned(), "DATABASE_URL must be set"),
        ("hunter2\n".to_owned(), "has no = in it"),
    ] {
        let failed = back_up(&program, &setting);
        assert_eq!(failed.status.code(), Some(1), "{setting}: {}", said(&failed));
        assert!(said(&failed).contains(told) && !said(&failed).contains("hunter2"), "{setting}: {}", said(&failed));
    }
    assert_eq!(ending(&program, "Z").len(), 0);
}

#[tokio::test]
async fn two_backups_at_once_do_not_disturb_each_other() {
    let program = Program::with_demo().await;
    fs::create_dir(backups(&program)).unwrap();
    let half = backups(&program).join("2026-11-23T000000Z.part");
    fs::create_dir(&half).unwrap();
    let lock = File::create(backups(&program).join(".lock")).unwrap();
    lock.lock().unwrap();
    let failed = back_up(&program, "");
    assert_eq!(failed.status.code(), Some(1));
    assert!(said(&failed).contains("another backup") && half.exists(), "{}", said(&failed));
    lock.unlock().unwrap();
    let done = back_up(&program, "");
    assert!(done.status.success() && !half.exists(), "{}", said(&done));
}

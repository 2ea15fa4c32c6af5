//! The backup script, run unchanged with PostgreSQL's own programs.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use signoff::blobs::IDENTITY_FILE;

use crate::helpers::program::{Program, files, output_text};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/backup/signoff-backup");

/// Runs the script with an environment of only `PATH` and the place of the settings file.
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

/// The backup folders whose names end in this, in order.
fn files_ending_in(program: &Program, end: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(backups(program))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with(end))
        .collect();
    found.sort();
    found
}

/// The path of an evidence file of the demo.
fn evidence_file_path(store: &Path) -> PathBuf {
    let name = files(store).into_iter().find(|name| name.contains('/') && !name.contains('.')).unwrap();
    store.join(name)
}

#[tokio::test]
async fn backup_contains_dump_and_files_and_follows_the_settings() {
    let program = Program::with_demo().await;
    // Unfinished uploads are not evidence.
    let evidence = program.evidence();
    let folder = evidence_file_path(&evidence).parent().unwrap().to_owned();
    fs::write(folder.join("01936d35-0000-7000-8000-0000000000ab#1"), "half").unwrap();
    let done = back_up(&program, "SIGNOFF_MAIL_FROM=signoff <signoff@example.org>\n");
    assert!(done.status.success(), "{}", output_text(&done));
    let whole = files_ending_in(&program, "Z");
    assert_eq!(whole.len(), 1);
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), whole[0].to_str().unwrap());
    let expected: Vec<String> = files(&evidence).into_iter().filter(|name| !name.contains('#')).collect();
    assert_eq!(files(&whole[0].join("evidence")), expected);
    assert!(fs::metadata(whole[0].join("signoff.dump")).unwrap().len() > 10_000);
    let verified = verify(&whole[0]);
    assert_eq!(verified.status.code(), Some(0), "{}", output_text(&verified));
    assert!(output_text(&verified).starts_with("Whole: all "), "{}", output_text(&verified));
    // A backup is only valid if its files are unchanged.
    fs::write(evidence_file_path(&whole[0].join("evidence")), "altered").unwrap();
    let again = verify(&whole[0]);
    assert_eq!(again.status.code(), Some(1), "{}", output_text(&again));
    fs::write(whole[0].join("signoff.dump"), "PGDMP cut off").unwrap();
    let cut = verify(&whole[0]);
    assert_eq!(cut.status.code(), Some(2), "{}", output_text(&cut));
}

#[test]
fn backup_that_cannot_be_read_is_not_reported_as_absent() {
    let folder = tempfile::tempdir().unwrap();
    let absent = verify(folder.path());
    assert_eq!(absent.status.code(), Some(2));
    assert!(output_text(&absent).contains("is no backup"), "{}", output_text(&absent));
    // Root can read every file, but not a link to itself.
    std::os::unix::fs::symlink("signoff.dump", folder.path().join("signoff.dump")).unwrap();
    let unreadable = verify(folder.path());
    assert_eq!(unreadable.status.code(), Some(2));
    assert!(output_text(&unreadable).contains("signoff.dump can't be read"), "{}", output_text(&unreadable));
}

#[tokio::test]
async fn backup_with_a_missing_file_fails_and_does_not_count() {
    let program = Program::with_demo().await;
    let evidence = program.evidence();
    let lost = evidence_file_path(&evidence);
    let bytes = fs::read(&lost).unwrap();
    fs::remove_file(&lost).unwrap();
    let failed = back_up(&program, "");
    assert_eq!(failed.status.code(), Some(1), "{}", output_text(&failed));
    let told = output_text(&failed);
    assert!(told.contains(lost.file_name().unwrap().to_str().unwrap()) && told.contains("is missing"), "{told}");
    assert!(told.contains("incomplete, and does not count"), "{told}");
    assert_eq!((files_ending_in(&program, "Z").len(), files_ending_in(&program, ".incomplete").len()), (0, 1));
    fs::write(&lost, &bytes[1..]).unwrap();
    let failed = back_up(&program, "");
    assert!(output_text(&failed).contains("has another size"), "{}", output_text(&failed));
    fs::write(&lost, &bytes).unwrap();
    let done = back_up(&program, "");
    assert!(done.status.success(), "{}", output_text(&done));
    assert_eq!((files_ending_in(&program, "Z").len(), files_ending_in(&program, ".incomplete").len()), (1, 0));
}

#[tokio::test]
async fn backup_of_the_wrong_folder_or_database_fails() {
    let program = Program::with_demo().await;
    let empty = program.folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let failed = back_up(&program, &format!("SIGNOFF_EVIDENCE_DIR={}\n", empty.display()));
    assert_eq!(failed.status.code(), Some(1));
    assert!(output_text(&failed).contains("is no evidence store"), "{}", output_text(&failed));
    // It has this installation's mark and is empty, as after a disk was replaced.
    fs::copy(program.evidence().join(IDENTITY_FILE), empty.join(IDENTITY_FILE)).unwrap();
    let failed = back_up(&program, &format!("SIGNOFF_EVIDENCE_DIR={}\n", empty.display()));
    assert_eq!(failed.status.code(), Some(1));
    assert!(output_text(&failed).contains("is missing"), "{}", output_text(&failed));
    for (setting, told) in [
        ("SIGNOFF_EVIDENCE_DIR=/nonexistent/evidence\n".to_owned(), "the evidence directory is missing"),
        ("MIGRATION_DATABASE_URL=postgres://nobody@127.0.0.1:1/none\n".to_owned(), "could not be dumped"),
        (format!("SIGNOFF_KEY_FILE={}/signoff.key\n", program.evidence().display()), "would be in every backup"),
        ("DATABASE_URL=\n".to_owned(), "DATABASE_URL must be set"),
        ("hunter2\n".to_owned(), "has no = in it"),
    ] {
        let failed = back_up(&program, &setting);
        assert_eq!(failed.status.code(), Some(1), "{setting}: {}", output_text(&failed));
        assert!(
            output_text(&failed).contains(told) && !output_text(&failed).contains("hunter2"),
            "{setting}: {}",
            output_text(&failed)
        );
    }
    assert_eq!(files_ending_in(&program, "Z").len(), 0);
}

#[tokio::test]
async fn two_backups_at_once_both_succeed() {
    let program = Program::with_demo().await;
    fs::create_dir(backups(&program)).unwrap();
    let half = backups(&program).join("2026-11-23T000000Z.part");
    fs::create_dir(&half).unwrap();
    let lock = File::create(backups(&program).join(".lock")).unwrap();
    lock.lock().unwrap();
    let failed = back_up(&program, "");
    assert_eq!(failed.status.code(), Some(1));
    assert!(output_text(&failed).contains("another backup") && half.exists(), "{}", output_text(&failed));
    lock.unlock().unwrap();
    let done = back_up(&program, "");
    assert!(done.status.success() && !half.exists(), "{}", output_text(&done));
}

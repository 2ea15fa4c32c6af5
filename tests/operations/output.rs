//! What commands print, to a reader that has read enough and to a disk that is full.

use std::{
    fs::File,
    process::{Output, Stdio},
};

use crate::helpers::program::{Program, output_text};

/// Runs a command whose standard output nobody reads any more.
fn run_unread(program: &Program, arguments: &[&str]) -> Output {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    program.command(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap()
}

#[tokio::test]
async fn command_whose_output_is_not_read_ends_as_if_it_were() {
    let program = Program::with_demo().await;
    let file = program.folder.path().join("list.md");
    let items: String = (0..2_000).map(|number| format!("- [ ] Step {number}\n")).collect();
    std::fs::write(&file, format!("# Cut over\n\n{items}")).unwrap();
    let file = file.to_str().unwrap();
    for arguments in [
        &["import", "--dry-run", file][..],
        &["import", file],
        &["keys", "show"],
        &["migrate", "--status"],
        &["migrate"],
        &["verify", "--database"],
        &["verify", file],
        &["verify", "--backup", program.folder.path().to_str().unwrap()],
        &["doctor"],
        &["doctor", "--json"],
        &["export", "unknown"],
        &["--help"],
    ] {
        let unread = run_unread(&program, arguments);
        let errors = String::from_utf8_lossy(&unread.stderr);
        assert!(!errors.contains("panicked") && !errors.contains("Broken pipe"), "{arguments:?}: {errors}");
        assert_eq!(unread.status.code(), program.run(arguments).status.code(), "{arguments:?}: {errors}");
    }
}

#[tokio::test]
async fn command_whose_output_is_lost_fails() {
    let program = Program::make().await;
    let full = File::options().write(true).open("/dev/full").unwrap();
    let lost = program.command(&["keys", "show"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(lost.status.code(), Some(1), "{}", output_text(&lost));
    assert!(output_text(&lost).contains("the output can't be written"), "{}", output_text(&lost));
}

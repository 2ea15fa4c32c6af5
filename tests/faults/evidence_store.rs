//! The evidence store with the wrong database, run as the real program: no file is lost.

use std::fs;

use signoff::{blobs::IDENTITY_FILE, key_file};

use crate::helpers::{
    database::TestDatabase,
    program::{Program, files, make_files_older, output_text},
    s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
};

#[tokio::test]
async fn server_on_an_empty_database_keeps_evidence_and_logs_an_error() {
    let mut program = Program::with_demo().await;
    make_files_older(&program.evidence(), 3);
    let before = files(&program.evidence());
    assert!(before.len() > 11, "{before:?}");
    let empty = TestDatabase::make().await;
    program.set("DATABASE_URL", empty.app_url());
    let mut server = program.serve();
    let line = server.wait_for("the database names none of the");
    assert!(line.contains("ERROR"), "{line}");
    server.stop();
    assert_eq!(files(&program.evidence()), before);
}

#[tokio::test]
async fn server_on_an_older_backup_keeps_evidence_and_logs_an_error() {
    let mut program = Program::with_demo().await;
    let older = TestDatabase::make().await;
    program.database.copy_to(&older, program.folder.path());
    // The evidence attached since the backup.
    sqlx::query(
        "DELETE FROM evidence WHERE id IN (SELECT id FROM evidence WHERE kind = 'file' ORDER BY id DESC LIMIT 3)",
    )
    .execute(&older.owner_pool())
    .await
    .unwrap();
    make_files_older(&program.evidence(), 3);
    let before = files(&program.evidence());
    program.set("DATABASE_URL", older.app_url());
    assert!(program.run(&["adopt"]).status.success());
    let mut server = program.serve();
    let line = server.wait_for("the database does not name 3 of the");
    assert!(line.contains("ERROR"), "{line}");
    server.stop();
    assert_eq!(files(&program.evidence()), before);
}

#[tokio::test]
async fn server_of_another_installation_refuses_the_evidence_store() {
    let program = Program::with_demo().await;
    make_files_older(&program.evidence(), 3);
    let before = files(&program.evidence());
    let other = {
        let mut other = Program::with_demo().await;
        other.set("SIGNOFF_EVIDENCE_DIR", program.evidence().display().to_string());
        other
    };
    for command in [&["serve"][..], &["evidence", "adopt"]] {
        let ended = other.run(command);
        let output = output_text(&ended);
        assert_eq!(ended.status.code(), Some(1), "{output}");
        assert!(
            output.contains("belongs to another installation") && output.contains("SIGNOFF_EVIDENCE_DIR"),
            "{output}"
        );
    }
    let verified = other.run(&["verify", "--database"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(
        output_text(&verified).contains("The evidence store: The evidence store belongs to another"),
        "{}",
        output_text(&verified)
    );
    assert_eq!(files(&program.evidence()), before);
    // With the mark moved away, the command deliberately makes the folder the other installation's.
    let mark = program.evidence().join(IDENTITY_FILE);
    fs::rename(&mark, program.folder.path().join("signoff-store.json.old")).unwrap();
    let adopted = other.run(&["evidence", "adopt"]);
    assert!(adopted.status.success(), "{}", output_text(&adopted));
    assert!(output_text(&adopted).contains("of which the database names 0"), "{}", output_text(&adopted));
    assert_eq!(files(&program.evidence()).len(), before.len(), "nothing else is touched");
    assert_eq!(program.run(&["serve"]).status.code(), Some(1), "and is no longer the first one's");
}

#[tokio::test]
async fn evidence_store_claimed_by_two_installations_belongs_to_one() {
    let programs = [Program::make().await, Program::make().await];
    let shared = programs[0].evidence().display().to_string();
    let run = |program: &Program| {
        let people = program.folder.path().join("people");
        let mut command = program.command(&["demo", "--people", people.to_str().unwrap()]);
        command.env("SIGNOFF_EVIDENCE_DIR", &shared).output().unwrap()
    };
    let run = &run;
    let made: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = programs.iter().map(|program| scope.spawn(move || run(program))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let refused: Vec<_> = made.iter().filter(|output| !output.status.success()).collect();
    assert_eq!(refused.len(), 1, "{}{}", output_text(&made[0]), output_text(&made[1]));
    assert!(output_text(refused[0]).contains("belongs to another installation"), "{}", output_text(refused[0]));
}

#[tokio::test]
async fn unmarked_evidence_store_with_referenced_files_is_adopted() {
    let mut program = Program::with_demo().await;
    make_files_older(&program.evidence(), 3);
    let mark = program.evidence().join(IDENTITY_FILE);
    let marked = fs::read_to_string(&mark).unwrap();
    fs::remove_file(&mark).unwrap();
    let mut server = program.serve();
    server.wait_for("marked as this installation's");
    server.stop();
    assert_eq!(fs::read_to_string(&mark).unwrap(), marked);

    // With a database that names none of its files, the store's owner cannot be determined.
    fs::remove_file(&mark).unwrap();
    let before = files(&program.evidence());
    let empty = TestDatabase::make().await;
    program.set("DATABASE_URL", empty.app_url());
    let refused = program.run(&["serve"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(output_text(&refused).contains("signoff evidence adopt"), "{}", output_text(&refused));
    assert_eq!(files(&program.evidence()), before);
    let adopted = program.run(&["evidence", "adopt"]);
    assert!(adopted.status.success(), "{}", output_text(&adopted));
    assert_eq!(fs::read_to_string(&mark).unwrap(), marked);
    let mut server = program.serve();
    server.wait_for("the database names none of the");
    server.stop();
}

#[tokio::test]
async fn empty_evidence_folder_for_a_database_with_files_is_refused() {
    let mut program = Program::with_demo().await;
    let unmounted = program.folder.path().join("unmounted").display().to_string();
    program.set("SIGNOFF_EVIDENCE_DIR", &unmounted);
    let refused = program.run(&["serve"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(output_text(&refused).contains("Is its disk mounted"), "{}", output_text(&refused));
    assert_eq!(files(unmounted.as_ref()), Vec::<String>::new());
}

#[tokio::test]
async fn evidence_store_with_a_damaged_mark_stops_the_start() {
    let program = Program::with_demo().await;
    for damaged in ["", "{}", "{\"installation\":\"nobody\"}", "\u{0}"] {
        fs::write(program.evidence().join(IDENTITY_FILE), damaged).unwrap();
        let refused = program.run(&["serve"]);
        assert_eq!(refused.status.code(), Some(1), "{damaged:?}");
        assert!(output_text(&refused).contains("is damaged"), "{}", output_text(&refused));
    }
    assert!(key_file::read(&program.folder.path().join("signoff.key")).is_ok());
}

#[tokio::test]
async fn empty_bucket_belongs_to_one_of_two_installations_that_start_at_once() {
    let bucket = S3Server::start();
    let mut programs = [Program::make().await, Program::make().await];
    for program in &mut programs {
        program.set("SIGNOFF_EVIDENCE_URL", format!("s3://{BUCKET}/evidence"));
        program.set("SIGNOFF_S3_ENDPOINT", format!("http://{}", bucket.address));
        program.set("SIGNOFF_S3_ACCESS_KEY", ACCESS_KEY);
        program.set("SIGNOFF_S3_SECRET_KEY", SECRET_KEY);
        program.set("SIGNOFF_S3_PATH_STYLE", "yes");
    }
    let mut servers = programs.each_ref().map(Program::serve);
    let ends = servers.each_mut().map(|server| server.wait_for_any(&["listening", "belongs to another installation"]));
    let winners = ends.iter().filter(|end| end.contains("listening")).count();
    assert_eq!(winners, 1, "{ends:?}");
    // The same one is refused for ever, and the other one is not.
    for (program, end) in programs.iter().zip(&ends) {
        let adopted = program.run(&["evidence", "adopt"]);
        assert_eq!(adopted.status.success(), end.contains("listening"), "{}", output_text(&adopted));
    }
}

//! A copy of an installation beside the original: noticed, and safe to look at.

use std::process::Output;

use crate::helpers::{
    client::Client,
    database::TestDatabase,
    program::{Program, files, output_text, separate_redis_url},
};

/// An installation that a server ran on, and wrote its checkpoint.
async fn served_program() -> Program {
    let program = Program::with_demo().await;
    let mut server = program.serve();
    server.wait_for("the checkpoint of the day was written");
    server.stop();
    program
}

async fn count_rows(database: &TestDatabase, table: &str) -> i64 {
    let query = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    sqlx::query_scalar(query).fetch_one(&database.owner_pool()).await.unwrap()
}

#[tokio::test]
async fn copied_database_is_refused_until_it_is_adopted() {
    let mut program = served_program().await;
    let copy = TestDatabase::make().await;
    program.database.copy_to(&copy, program.folder.path());
    program.set("DATABASE_URL", copy.app_url());
    program.set("MIGRATION_DATABASE_URL", copy.owner_url());
    let refused = program.run(&["serve"]);
    let output = output_text(&refused);
    assert_eq!(refused.status.code(), Some(1), "{output}");
    assert!(output.contains("is a copy") && output.contains("--drill") && output.contains("signoff adopt"), "{output}");
    let backup = program.run(&["backup", program.folder.path().join("backups").to_str().unwrap()]);
    assert_eq!(backup.status.code(), Some(1), "{}", output_text(&backup));
    let new_key = program.folder.path().join("new.key");
    let rotated = program.run(&["keys", "rotate", new_key.to_str().unwrap()]);
    assert_eq!(rotated.status.code(), Some(1), "{}", output_text(&rotated));
    assert!(output_text(&rotated).contains("is a copy") && !new_key.exists(), "{}", output_text(&rotated));
    let redacted = redact(&program, &copy);
    assert_eq!(redacted.status.code(), Some(1), "{}", output_text(&redacted));
    assert!(output_text(&redacted).contains("is a copy"), "{}", output_text(&redacted));
    program.set("REDIS_URL", "redis://127.0.0.1:1");
    let refused = program.run(&["adopt"]);
    assert_eq!(refused.status.code(), Some(1), "{}", output_text(&refused));
    assert!(output_text(&refused).contains("The sessions in Redis can't be ended"), "{}", output_text(&refused));
    program.set("REDIS_URL", separate_redis_url());
    let adopted = program.run(&["adopt"]);
    assert!(adopted.status.success(), "{}", output_text(&adopted));
    let redacted = redact(&program, &copy);
    assert!(output_text(&redacted).contains("Nobody with that address"), "{}", output_text(&redacted));
    let mut server = program.serve();
    server.address();
    server.stop();
}

/// Redacts something in a launch that does not exist, in nobody's name.
fn redact(program: &Program, database: &TestDatabase) -> Output {
    let mut redactor = url::Url::parse(&database.owner_url()).unwrap();
    redactor.query_pairs_mut().append_pair("options", "-c role=signoff_redactor");
    let nobody = "01936d35-0000-7000-8000-0000000000ab";
    let arguments = ["redact", nobody, "--event", "1", "--reason", "x", "--by", "nobody@example.org"];
    program.command(&arguments).env("REDACTION_DATABASE_URL", redactor.as_str()).output().unwrap()
}

#[tokio::test]
async fn key_evidence_and_texts_of_a_drill_stay_as_they_are() {
    let mut program = Program::with_demo().await;
    program.set("SIGNOFF_DRILL", "yes");
    let new_key = program.folder.path().join("new.key");
    let lost = program.run(&["keys", "show"]);
    let lost = String::from_utf8(lost.stdout).unwrap();
    for arguments in [
        &["keys", "rotate", new_key.to_str().unwrap()][..],
        &["keys", "replace-lost", new_key.to_str().unwrap(), "--lost", lost.trim()],
        &["evidence", "adopt"],
    ] {
        let refused = program.run(arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {}", output_text(&refused));
        assert!(output_text(&refused).contains("This is a drill"), "{arguments:?}: {}", output_text(&refused));
    }
    assert!(!new_key.exists());
    let refused = redact(&program, &program.database);
    assert!(output_text(&refused).contains("This is a drill"), "{}", output_text(&refused));
}

#[tokio::test]
async fn database_that_a_checkpoint_contradicts_is_refused_until_it_is_adopted() {
    let mut program = served_program().await;
    // An empty database, to which the same key belongs.
    let empty = TestDatabase::make().await;
    program.set("DATABASE_URL", empty.app_url());
    program.set("MIGRATION_DATABASE_URL", empty.owner_url());
    program.set("SIGNOFF_EVIDENCE_DIR", program.folder.path().join("other").display().to_string());
    let refused = program.run(&["serve"]);
    let output = output_text(&refused);
    assert_eq!(refused.status.code(), Some(1), "{output}");
    assert!(output.contains(".checkpoint contradicts this database") && output.contains("signoff adopt"), "{output}");
    assert_eq!(count_rows(&empty, "installation_events").await, 0, "nothing was written");
    program.set("REDIS_URL", separate_redis_url());
    let adopted = program.run(&["adopt"]);
    assert!(adopted.status.success(), "{}", output_text(&adopted));
    assert!(output_text(&adopted).contains("What came after it is lost"), "{}", output_text(&adopted));
    let mut server = program.serve();
    server.address();
    server.stop();
}

#[tokio::test]
async fn drill_shows_the_copy_and_changes_signs_and_sends_nothing() {
    let mut program = served_program().await;
    let copy = TestDatabase::make().await;
    program.database.copy_to(&copy, program.folder.path());
    program.set("DATABASE_URL", copy.app_url());
    program.set("MIGRATION_DATABASE_URL", copy.owner_url());
    program.set("SIGNOFF_CHECKPOINT_DIR", program.folder.path().join("drill-checkpoints").display().to_string());
    let evidence = files(&program.evidence());
    let (checkpoints, events) = (count_rows(&copy, "checkpoints").await, count_rows(&copy, "events").await);

    program.set("SIGNOFF_DRILL", "yes");
    let mut server = program.serve();
    server.wait_for("this is a drill");
    let address = server.address();
    let anonymous = Client::new(address);
    assert_eq!(anonymous.get("/readyz").await.body, "ok (a drill)");
    assert_eq!(anonymous.get("/healthz").await.body, "ok (a drill)");
    assert!(anonymous.get("/login").await.body.contains("data-drill"));
    let people = std::fs::read_to_string(program.folder.path().join("people")).unwrap();
    let (email, password) = first_admin(&people);
    anonymous.post("/login", &[("email", &email), ("password", &password)]).await.expect_status(303);
    let launches = anonymous.get("/launches").await.expect_status(200);
    assert!(launches.body.contains("data-drill"), "{}", launches.body);
    // Nothing that somebody attempts gets through, and every answer says why.
    for (path, form) in [
        ("/account/name", [("name", "Somebody Else"), ("password", password.as_str())]),
        ("/launches", [("name", "Another"), ("template", "x")]),
    ] {
        let refused = anonymous.post(path, &form).await.expect_status(403);
        assert!(refused.body.contains("This is a drill"), "{path}: {}", refused.body);
    }
    let launch =
        launches.body.split("/launches/").find_map(|part| part.get(..36).filter(|id| id.matches('-').count() == 4));
    let bundle = anonymous.get(&format!("/launches/{}/bundle.zip", launch.unwrap())).await.expect_status(403);
    assert!(bundle.body.contains("This is a drill"), "{}", bundle.body);
    server.stop();
    assert_eq!(count_rows(&copy, "checkpoints").await, checkpoints);
    assert_eq!(count_rows(&copy, "events").await, events);
    assert!(!program.folder.path().join("drill-checkpoints").exists());
    assert_eq!(files(&program.evidence()), evidence);
}

/// The address and password of the demo's first admin.
fn first_admin(people: &str) -> (String, String) {
    let line = people.lines().find(|line| line.contains("admin")).unwrap_or_else(|| panic!("{people}"));
    let mut words = line.split_whitespace();
    let email = words.find(|word| word.contains('@')).unwrap().to_owned();
    (email, words.next().unwrap().to_owned())
}

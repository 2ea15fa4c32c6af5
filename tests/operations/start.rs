//! Errors of the stores at the start: each said once, with what is wrong.

use crate::helpers::program::{Program, output_text};

/// An address with another password, user, port or path.
fn changed(address: &str, change: impl FnOnce(&mut url::Url)) -> String {
    let mut url = url::Url::parse(address).unwrap();
    change(&mut url);
    url.to_string()
}

/// The value of a setting.
fn value(program: &Program, name: &str) -> String {
    program.set.iter().rev().find(|(set, _)| set == name).unwrap().1.clone()
}

#[tokio::test]
async fn server_start_names_once_what_is_wrong_with_a_store() {
    let program = Program::make().await;
    let (database, redis) = (value(&program, "DATABASE_URL"), value(&program, "REDIS_URL"));
    let login = url::Url::parse(&database).unwrap().username().to_owned();
    for (name, address, expected) in [
        (
            "DATABASE_URL",
            changed(&database, |url| url.set_password(Some("hunter2")).unwrap()),
            format!("does not accept the password of the login {login}"),
        ),
        (
            "DATABASE_URL",
            changed(&database, |url| url.set_port(Some(1)).unwrap()),
            "nothing listens for PostgreSQL at 127.0.0.1:1 (the connection was refused)".to_owned(),
        ),
        (
            "DATABASE_URL",
            changed(&database, |url| url.set_path("/signoff_nowhere")),
            "does not have the database: database \"signoff_nowhere\" does not exist".to_owned(),
        ),
        (
            "DATABASE_URL",
            "postgres://u:p@/signoff?host=/nowhere".to_owned(),
            "nothing listens for PostgreSQL at /nowhere, port 5432 (the connection was refused)".to_owned(),
        ),
        (
            "REDIS_URL",
            changed(&redis, |url| url.set_password(Some("hunter2")).unwrap()),
            "Redis does not accept the name and password of REDIS_URL (WRONGPASS)".to_owned(),
        ),
        (
            "REDIS_URL",
            changed(&redis, |url| {
                url.set_password(None).unwrap();
                url.set_username("").unwrap();
            }),
            "Redis requires a password, and REDIS_URL has none (NOAUTH)".to_owned(),
        ),
    ] {
        let refused = program.command(&["serve"]).env(name, &address).output().unwrap();
        let output = output_text(&refused);
        assert_eq!(refused.status.code(), Some(1), "{expected}: {output}");
        assert_eq!(output.matches(&expected).count(), 1, "{expected}: {output}");
        assert!(!output.contains("hunter2") && !output.contains("does not answer"), "{output}");
    }
    let owner = value(&program, "MIGRATION_DATABASE_URL");
    let wrong = changed(&owner, |url| url.set_password(Some("hunter2")).unwrap());
    let refused = program.command(&["migrate"]).env("MIGRATION_DATABASE_URL", wrong).output().unwrap();
    let output = output_text(&refused);
    assert!(
        output.contains("MIGRATION_DATABASE_URL: PostgreSQL at") && output.matches("password").count() == 1,
        "{output}"
    );
}

/// A server that starts without them shows its pages, and says at once what will be missed.
#[tokio::test]
async fn server_start_reports_a_silent_redis_and_a_checkpoint_folder_that_is_in_the_way() {
    let mut program = Program::make().await;
    let file = program.folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    program.set("SIGNOFF_CHECKPOINT_DIR", file.join("checkpoints").display().to_string());
    program.set("REDIS_URL", "redis://127.0.0.1:1");
    let mut server = program.serve();
    let line = server.wait_for("nobody can sign in");
    assert!(line.contains("nothing listens for Redis at REDIS_URL (the connection was refused)"), "{line}");
    server.wait_for("SIGNOFF_CHECKPOINT_DIR can't be written to");
    server.address();
}

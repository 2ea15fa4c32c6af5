//! Commands with the server's settings from its file.

use std::{fs, path::PathBuf, process::Command};

use crate::helpers::program::{Program, output_text};

/// Writes the settings to a file, as an operator would.
fn write_settings(program: &Program, more: &str) -> PathBuf {
    let path = program.folder.path().join("signoff.env");
    let lines: String = program.set.iter().map(|(name, value)| format!("{name}='{value}'\n")).collect();
    fs::write(&path, format!("# Settings of signoff\n\n{lines}{more}")).unwrap();
    path
}

fn signoff(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
    command.args(arguments).env_clear();
    command
}

#[tokio::test]
async fn settings_file_is_read_by_every_command() {
    let program = Program::with_demo().await;
    let more =
        "SIGNOFF_MAIL_FROM=signoff <signoff@example.org>\nSIGNOFF_SMTP_URL=smtps://name:password@mail.example.org\n";
    // The login that may redact; a command that lacks the setting says so instead.
    let redaction = format!("REDACTION_DATABASE_URL={}\n", program.database.owner_url());
    let path = write_settings(&program, &[more, &redaction].concat());
    let nobody = "00000000-0000-0000-0000-000000000000";
    let file = path.to_str().unwrap();
    let checklist = program.folder.path().join("small.md");
    fs::write(&checklist, "# Small\n\n- [ ] One\n").unwrap();
    for (arguments, expected) in [
        (&["migrate"][..], "up to date"),
        (&["verify", "--database"], "events"),
        (&["keys", "show"], "signoff/"),
        (&["import", checklist.to_str().unwrap()], "Published"),
        (&["user", "reset-link", "nobody@example.org"], "nobody who may sign in"),
        (
            &["redact", nobody, "--event", "1", "--reason", "Personal.", "--by", "nobody@example.org"],
            "Nobody with that address",
        ),
        (&["evidence", "adopt"], "is the evidence store of installation"),
        (
            &["exec", "--", "sh", "-c", "echo $SIGNOFF_MAIL_FROM, ${PGDATABASE:?}"],
            "signoff <signoff@example.org>, signoff",
        ),
    ] {
        let before = signoff(&[&["--env-file", file], arguments].concat()).output().unwrap();
        assert!(output_text(&before).contains(expected), "{arguments:?}: {}", output_text(&before));
        // The option also works after the command, except where the rest belongs to another program.
        if arguments[0] != "exec" {
            let after = signoff(&[arguments, &["--env-file", file]].concat()).output().unwrap();
            assert_eq!(after.status, before.status, "{arguments:?}: {}", output_text(&after));
        }
        let named = signoff(arguments).env("SIGNOFF_ENV_FILE", file).output().unwrap();
        assert_eq!(named.status, before.status, "{arguments:?}: {}", output_text(&named));
    }
}

#[tokio::test]
async fn settings_in_the_environment_override_the_file() {
    let program = Program::make().await;
    let path = write_settings(&program, "SIGNOFF_LOG_FORMAT=nonsense\n");
    let run = |format: Option<&str>| {
        let mut command = signoff(&["--env-file", path.to_str().unwrap(), "migrate"]);
        command.envs(format.map(|format| ("SIGNOFF_LOG_FORMAT", format)));
        let done = command.output().unwrap();
        (done.status.code(), output_text(&done))
    };
    let (status, text) = run(None);
    assert_eq!(status, Some(1));
    assert!(text.contains("SIGNOFF_LOG_FORMAT must be"), "{text}");
    assert_eq!(run(Some("json")).0, Some(0));
    assert_eq!(run(Some("")).0, Some(0), "set to nothing is set");
}

#[tokio::test]
async fn unknown_setting_stops_the_server_and_is_a_warning_for_other_commands() {
    let program = Program::make().await;
    let path = write_settings(&program, "SIGNOFF_LOGFORMAT=json\n");
    let named = "SIGNOFF_LOGFORMAT is no setting; is SIGNOFF_LOG_FORMAT meant?";
    let mut server = signoff(&["--env-file", path.to_str().unwrap(), "serve"]);
    let refused = server.env("SIGNOFF_STOP_SECONDS", "0").output().unwrap();
    let text = output_text(&refused);
    assert_eq!(refused.status.code(), Some(1), "{text}");
    assert!(text.contains(named) && text.contains("SIGNOFF_STOP_SECONDS must be"), "all at once: {text}");
    let warned = signoff(&["--env-file", path.to_str().unwrap(), "migrate"]).output().unwrap();
    assert!(warned.status.success() && output_text(&warned).contains(named), "{}", output_text(&warned));
}

#[tokio::test]
async fn command_reads_its_secrets_from_files() {
    let mut program = Program::make().await;
    for name in ["DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SIGNOFF_SECRET_KEY"] {
        let at = program.set.iter().position(|(set, _)| set == name).unwrap();
        let (_, value) = program.set.remove(at);
        let file = program.folder.path().join(name.to_lowercase());
        fs::write(&file, value + "\n").unwrap();
        program.set(&format!("{name}_FILE"), file.display().to_string());
    }
    let migrated = program.run(&["migrate"]);
    assert!(migrated.status.success(), "{}", output_text(&migrated));
    let mut server = program.serve();
    server.address();
    server.stop();
}

/// The JSON log has one object on each line, whatever a request contains.
#[tokio::test]
async fn log_as_json_is_one_object_a_line_whatever_is_sent() {
    use std::io::{Read as _, Write as _};
    let mut program = Program::make().await;
    program.set("SIGNOFF_LOG_FORMAT", "json");
    program.set("SIGNOFF_LOG", "debug");
    let mut server = program.serve();
    let line: serde_json::Value = serde_json::from_str(&server.wait_for("listening")).unwrap();
    let address = line["address"].as_str().unwrap().to_owned();
    for request in [
        "GET /nowhere%0a%7B%22level%22%3A%22ERROR%22%7D HTTP/1.1\r\nHost: localhost\r\n",
        "GET /login HTTP/1.1\r\nHost: localhost\r\nUser-Agent: x\\n{\"level\":\"ERROR\"}\x1b[31m\r\n",
        "GET /login?next=%0d%0aforged HTTP/1.1\r\nHost: \"evil\\n\r\n",
        "POST /logout HTTP/1.1\r\nHost: localhost\r\nOrigin: https://e.example/\"},{\"\r\nContent-Length: 0\r\n",
    ] {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream.write_all(format!("{request}Connection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
    }
    let log = server.stop();
    assert!(log.lines().count() > 3, "{log}");
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let at = line["timestamp"].as_str().unwrap();
        assert!(at.ends_with('Z') && line["level"].is_string(), "{line}");
        assert_ne!(line["level"], "ERROR", "{line}");
    }
}

#[tokio::test]
async fn unreadable_settings_file_is_named_without_its_secrets() {
    let program = Program::make().await;
    let path = write_settings(&program, "DATABASE_URL=\"postgres://u:hunter2@h/d\n");
    let bad = signoff(&["--env-file", path.to_str().unwrap(), "migrate"]).output().unwrap();
    let output = output_text(&bad);
    assert_eq!(bad.status.code(), Some(1));
    let line = program.set.len() + 3;
    assert!(output.contains(&format!("signoff.env: line {line} ")) && !output.contains("hunter2"), "{output}");
    let missing = signoff(&["--env-file", "/nonexistent.env", "migrate"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(output_text(&missing).contains("/nonexistent.env can't be read"), "{}", output_text(&missing));
    // A command that needs no settings reads none.
    let bundle = signoff(&["--env-file", "/nonexistent.env", "verify", "/nonexistent.zip"]).output().unwrap();
    assert_eq!(bundle.status.code(), Some(2), "{}", output_text(&bundle));
}

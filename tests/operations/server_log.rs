//! The log of a server: in JSON throughout, with one line for each request, and with what fail2ban looks for.

use std::{fs, io::Read as _, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use regex::Regex;
use secrecy::SecretString;
use serde_json::Value;
use signoff::db;
use sqlx::{Connection as _, PgConnection};

use crate::helpers::{
    client::Client,
    database::TestDatabase,
    log_capture::LogCapture,
    program::{Program, output_text},
};

/// Runs a server, asks it something, and returns its standard output and its log.
async fn outputs_of_server(program: &Program, ask: impl AsyncFnOnce(Client)) -> (String, String) {
    let mut server = program.serve_with(Stdio::piped());
    let line = server.wait_for("listening");
    let address: SocketAddr = match serde_json::from_str::<Value>(&line) {
        Ok(line) => line["address"].as_str().unwrap().parse().unwrap(),
        Err(_) => line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap(),
    };
    ask(Client::new(address)).await;
    let mut output = server.take_output();
    let log = server.stop();
    let mut text = String::new();
    output.read_to_string(&mut text).unwrap();
    (text, log)
}

fn parse_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[tokio::test]
async fn json_mode_prints_nothing_but_json() {
    let mut program = Program::make().await;
    program.set("SIGNOFF_LOG_FORMAT", "json");
    let (output, log) = outputs_of_server(&program, async |client| {
        client.get("/login?next=%2Fsecret").await.expect_status(200);
    })
    .await;
    let lines = parse_lines(&output);
    assert_eq!(lines[0]["message"], "signoff is at", "{output}");
    assert!(lines[1]["address"].as_str().unwrap().contains("/setup/"), "{output}");
    let answered = parse_lines(&log).into_iter().find(|line| line["message"] == "answered").unwrap();
    assert!(answered.get("spans").is_none(), "the request is there once: {answered}");
    assert_eq!(answered["span"]["route"], "/login");
    // So do a wrong setting, and a store that can't be used.
    for (name, value) in [("SIGNOFF_STOP_SECONDS", "0"), ("DATABASE_URL", "postgres://u:p@127.0.0.1:1/d")] {
        let refused = program.command(&["serve"]).env(name, value).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        let lines = parse_lines(&output_text(&refused));
        let last = lines.last().unwrap();
        assert!(last["level"] == "ERROR" && last["message"].as_str().unwrap().contains(name), "{last}");
    }
}

#[tokio::test]
async fn request_line_has_route_status_time_and_id_and_nothing_of_the_visitor() {
    let mut program = Program::make().await;
    program.set("SIGNOFF_LOG_FORMAT", "json");
    let mut answers = Vec::new();
    let paths =
        ["/login?next=%2Fhunter2", "/invitations/hunter2hunter2hunter2hunter2", "/hunter2", "/healthz", "/readyz"];
    let (_, log) = outputs_of_server(&program, async |client| {
        for path in paths {
            answers.push(client.get(path).await);
        }
    })
    .await;
    let of_visitors: String = log.lines().filter(|line| !line.contains("listening")).collect();
    assert!(!of_visitors.contains("hunter2") && !of_visitors.contains("127.0.0.1"), "{log}");
    let lines: Vec<Value> = parse_lines(&log).into_iter().filter(|line| line["message"] == "answered").collect();
    let routes = ["/login", "/invitations/{token}", "-"];
    assert_eq!(lines.len(), routes.len(), "monitors are at debug: {log}");
    for ((line, route), answer) in lines.iter().zip(routes).zip(&answers) {
        let (span, status) = (&line["span"], answer.status.as_u16());
        assert_eq!((&span["route"], &line["status"]), (&route.into(), &status.into()), "{line}");
        assert_eq!((&span["method"], &span["id"]), (&"GET".into(), &answer.header("x-request-id").into()), "{line}");
        assert!(line["milliseconds"].is_u64() && line["level"] == "INFO", "{line}");
    }
}

/// The regular expressions of the filter, with what fail2ban puts in for its tag.
fn filter_expressions() -> Vec<Regex> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/fail2ban/filter.d/signoff.conf");
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("failregex = ").unwrap();
    let (lines, _) = rest.split_once("\ndatepattern").unwrap();
    lines.lines().map(|line| Regex::new(&line.trim().replace("<ADDR>", "(?P<client>[0-9a-f.:]+)")).unwrap()).collect()
}

/// The lines that the filter was tried with, by `fail2ban-regex` of version 1.0, are those that a server writes.
#[tokio::test]
async fn refused_sign_in_is_logged_with_its_address_where_that_is_set_and_fail2ban_finds_it() {
    for format in ["json", "pretty"] {
        for is_set in [false, true] {
            let mut program = Program::make().await;
            program.set("SIGNOFF_LOG_FORMAT", format);
            program.set("SIGNOFF_TRUSTED_PROXIES", "127.0.0.1");
            program.set("SIGNOFF_LOG_REFUSED_ADDRESSES", if is_set { "yes" } else { "no" });
            let (_, log) = outputs_of_server(&program, async |client| {
                let form = [("email", "nobody@example.org"), ("password", "wrong, and long enough")];
                let request = client.form("/login", &form).header("sec-fetch-site", "same-origin");
                Client::send(request.header("x-forwarded-for", "192.0.2.7")).await;
            })
            .await;
            let found: Vec<&str> = log
                .lines()
                .filter_map(|line| filter_expressions().iter().find_map(|rule| rule.captures(line)))
                .map(|found| found.name("client").unwrap().as_str())
                .collect();
            assert_eq!(found, if is_set { vec!["192.0.2.7"] } else { vec![] }, "{format} {is_set}: {log}");
            assert_eq!(log.matches("192.0.2.7").count(), usize::from(is_set), "{log}");
        }
    }
}

#[tokio::test]
async fn slow_statement_is_logged_from_the_set_time_on_without_its_values() {
    let database = TestDatabase::make().await;
    let url = SecretString::from(database.owner_url());
    let log = LogCapture::listen();
    for (slow, is_logged) in [(Duration::from_secs(3_600), false), (Duration::from_millis(1), true)] {
        let options = db::log_slow_statements(db::connect_options(&url).unwrap(), slow);
        let mut connection = PgConnection::connect_with(&options).await.unwrap();
        let stored: String = sqlx::query_scalar("SELECT $1 FROM pg_sleep(0.02)")
            .bind("hunter2")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(stored, "hunter2");
        let all = log.all();
        assert_eq!(all.contains("slow statement") && all.contains("pg_sleep"), is_logged, "{all}");
        assert!(!all.contains("hunter2"), "{all}");
    }
}

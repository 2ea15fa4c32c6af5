//! A person's calendar: another implementation reads the file, and the secret address is a secret.

use std::{
    io::Write as _,
    process::{Command as Process, Stdio},
};

use http::Method;
use serde_json::Value;
use signoff::{
    domain::{launch::command::Command, time::LocalTime},
    web::idempotency::new_text,
};

use crate::helpers::{
    Launch,
    client::{Answer, Client},
    log_capture::LogCapture,
};

/// Makes an address on the page, and returns its path.
async fn make_address(client: &Client) -> String {
    client.post("/account/calendar", &[]).await.expect_status(303);
    let page = client.get("/account/calendar").await.expect_status(200);
    let link = page.attribute("input[readonly]", "value").unwrap();
    assert!(client.get("/account/calendar").await.attribute("input[readonly]", "value").is_none(), "it is shown once");
    url::Url::parse(&link).unwrap().path().to_owned()
}

/// A python that has `icalendar`: Debian's, where another one is found first.
fn find_python() -> &'static str {
    let has_library = |python: &&str| {
        Process::new(python).args(["-c", "import icalendar"]).output().is_ok_and(|output| output.status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(has_library).expect("python3-icalendar is installed")
}

/// What python's `icalendar` reads: each event as its properties, in the order of their ids.
fn read_events(calendar: &str) -> Vec<Value> {
    let script = r"
import icalendar, json, sys
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
assert calendar['version'] == '2.0' and calendar.subcomponents and not calendar.errors, calendar.errors
events = [{name: (value.dt.isoformat() if hasattr(value, 'dt') else str(value)) for name, value in event.items()}
          for event in calendar.walk('VEVENT')]
assert not any(event.errors for event in calendar.walk('VEVENT'))
print(json.dumps(sorted(events, key=lambda event: event['UID'])))
";
    let mut python =
        Process::new(find_python()).args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(calendar.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{calendar}");
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn read_feed(launch: &Launch, path: &str) -> Answer {
    launch.anon.get(path).await.expect_status(200)
}

#[tokio::test]
async fn calendar_has_target_and_own_due_days_and_another_program_reads_it() {
    let launch = Launch::payments().make().await;
    let feed = make_address(&launch.member).await;
    let empty = read_feed(&launch, &make_address(&launch.other).await).await;
    assert_eq!(read_events(&empty.body).len(), 1, "the target of a launch that everybody sees");
    launch
        .run_command(
            &launch.owner,
            Command::Assign {
                item: launch.item("backups"),
                assignee: Some(launch.member.person.id),
                due: Some("2098-10-26".parse().unwrap()),
            },
        )
        .await;
    let answer = read_feed(&launch, &feed).await;
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let [due, target] = &read_events(&answer.body)[..] else { panic!("two events: {}", answer.body) };
    assert_eq!((&due["DTSTART"], &due["DTEND"]), (&"2098-10-26".into(), &"2098-10-27".into()), "{due}");
    assert!(due["SUMMARY"].as_str().unwrap().starts_with("Due: "), "{due}");
    assert!(due["URL"].as_str().unwrap().contains("/items/"), "{due}");
    assert_eq!(
        (&target["DTSTART"], &target["SUMMARY"]),
        (&"2099-01-01T09:00:00+00:00".into(), &"Payments: launch".into())
    );

    // Who has it already is not sent it again, until something changed.
    let tag = answer.header("etag").to_owned();
    let with_tag = |tag: String| launch.anon.request(Method::GET, &feed).header("if-none-match", tag);
    let again = Client::send(with_tag(tag.clone())).await.expect_status(304);
    assert_eq!((again.body.as_str(), again.header("etag")), ("", tag.as_str()));
    // A target in summer: the launch's clocks are an hour ahead of UTC.
    let target = LocalTime::parse("2098-07-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap();
    launch
        .run_command(&launch.owner, Command::ChangeDetails { name: new_text("Payments"), summary: None, target })
        .await;
    let changed = Client::send(with_tag(tag)).await.expect_status(200);
    assert_eq!(read_events(&changed.body)[1]["DTSTART"], "2098-07-01T08:00:00+00:00");
}

#[tokio::test]
async fn calendar_address_that_ended_is_not_found_and_is_in_no_log() {
    let log = LogCapture::listen();
    let launch = Launch::payments().restricted().make().await;
    let old = make_address(&launch.member).await;
    assert!(read_events(&read_feed(&launch, &old).await.body).is_empty(), "a launch that Mia may not see");
    let owners = make_address(&launch.owner).await;
    assert_eq!(read_events(&read_feed(&launch, &owners).await.body).len(), 1);
    let new = make_address(&launch.member).await;
    let unknown = launch.anon.get("/calendars/AAAA.ics").await.expect_status(404);
    let gone = launch.anon.get(&old).await.expect_status(404);
    assert_eq!(
        gone.texts("main h1, main p:not(.request)"),
        unknown.texts("main h1, main p:not(.request)"),
        "like any other"
    );
    read_feed(&launch, &new).await;
    launch.member.post("/account/calendar/removal", &[]).await.expect_status(303);
    launch.anon.get(&new).await.expect_status(404);
    sqlx::query("UPDATE users SET active = false WHERE id = $1")
        .bind(launch.owner.person.id.uuid())
        .execute(&launch.app.owner)
        .await
        .unwrap();
    launch.anon.get(&owners).await.expect_status(404);
    let log = log.all();
    for secret in [&old, &owners, &new] {
        let token = secret.rsplit('/').next().unwrap().trim_end_matches(".ics");
        assert!(!log.contains(token), "{log}");
    }
    // Whoever guesses is slowed down.
    let mut statuses = Vec::new();
    for _ in 0..60 {
        statuses.push(launch.anon.get("/calendars/AAAA.ics").await.status.as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}

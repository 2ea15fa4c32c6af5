//! Mails about notifications, as a mail server receives them and another implementation (python's `email`) reads them.

use std::{
    io::Write as _,
    process::{Command as Process, Stdio},
};

use http::Method;
use serde_json::Value;
use signoff::{
    ambient::Clock,
    blobs::Blobs,
    db,
    domain::{ids::UserId, launch::command::Command},
    jobs, notification_mail,
    state::AppState,
};

use crate::helpers::{
    Launch, Setting,
    client::Client,
    smtp::{Letter, MailServer},
};

async fn start() -> (Launch, MailServer) {
    let server = MailServer::start().await;
    let launch = Launch::payments().setting(Setting { set: server.settings(), ..Setting::default() }).make().await;
    sqlx::query("DELETE FROM notifications").execute(&launch.app.owner).await.unwrap();
    (launch, server)
}

fn assign(launch: &Launch, key: &str, to: UserId) -> Command {
    Command::Assign { item: launch.item(key), assignee: Some(to), due: None }
}

/// Sends what is due in a day, and returns it.
async fn receive(launch: &Launch, server: &MailServer) -> Vec<Letter> {
    launch.app.state.clock.advance(86_400);
    notification_mail::queue_due_mails(&launch.app.state).await.unwrap();
    jobs::send_due_mails(&launch.app.state).await.unwrap();
    server.take_letters()
}

/// A mail as python reads it: its headers, and its parts by their type.
fn read(letter: &Letter) -> Value {
    let script = "import email, email.policy, json, sys\n\
                  mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)\n\
                  parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}\n\
                  assert not mail.defects, mail.defects\n\
                  print(json.dumps({'headers': {name.lower(): str(value) for name, value in mail.items()}, 'parts': parts}))";
    let mut python =
        Process::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(letter.whole.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", letter.whole);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn header<'a>(mail: &'a Value, name: &str) -> &'a str {
    mail["headers"][name].as_str().unwrap_or_else(|| panic!("no {name}: {mail}"))
}

/// The path at which this mail is ended.
fn unsubscribe_path(mail: &Value) -> String {
    let link = header(mail, "list-unsubscribe").replace([' ', '\n', '\r'], "");
    url::Url::parse(link.trim_start_matches('<').trim_end_matches('>')).unwrap().path().to_owned()
}

async fn pending(launch: &Launch) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM notifications WHERE mail_due_at IS NOT NULL AND mailed_at IS NULL")
        .fetch_one(&launch.app.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn mail_says_what_to_do_in_both_forms_and_is_in_the_launchs_thread() {
    let (launch, server) = start().await;
    let mia = launch.member.person.id;
    launch.run_command(&launch.owner, assign(&launch, "backups", mia)).await;
    let letters = receive(&launch, &server).await;
    let [letter] = &letters[..] else { panic!("one mail: {}", letters.len()) };
    assert_eq!(letter.to, launch.member.person.email);
    let first = read(letter);
    assert!(header(&first, "subject").starts_with("Payments: "), "{first}");
    assert_eq!(header(&first, "auto-submitted"), "auto-generated");
    assert_eq!(header(&first, "list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    let thread = header(&first, "references").to_owned();
    assert!(thread.starts_with(&format!("<launch.{}@", launch.id)) && header(&first, "in-reply-to") == thread);
    let (text, html) = (first["parts"]["text/plain"].as_str().unwrap(), first["parts"]["text/html"].as_str().unwrap());
    for part in [text, html] {
        assert!(part.contains("For you to do") && part.contains("Olga Owner"), "{part}");
    }
    assert!(html.contains("prefers-color-scheme: dark") && !html.contains("<img") && !html.contains("url("), "{html}");
    // Its first link leads to the thing, after signing in.
    let line = text.lines().map(str::trim).find(|line| line.starts_with("http")).unwrap();
    let link = url::Url::parse(line).unwrap();
    assert!(launch.anon.get(link.path()).await.location().starts_with("/login"), "{line}");
    let answer = launch.member.get(link.path()).await.expect_status(303);
    launch.member.get(answer.location()).await.expect_status(200);
    // Another mail of the launch is in the same thread, and nothing is mailed twice.
    launch.run_command(&launch.owner, assign(&launch, "runbook", mia)).await;
    let letters = receive(&launch, &server).await;
    let [letter] = &letters[..] else { panic!("one mail: {}", letters.len()) };
    let second = read(letter);
    assert_eq!(header(&second, "references"), thread);
    assert_ne!(header(&second, "message-id"), header(&first, "message-id"));
    assert!(receive(&launch, &server).await.is_empty());
}

#[tokio::test]
async fn mail_is_in_the_language_of_its_reader() {
    let (launch, server) = start().await;
    launch.member.post("/account/language", &[("language", "de")]).await.expect_status(303);
    launch.run_command(&launch.owner, assign(&launch, "backups", launch.member.person.id)).await;
    let letters = receive(&launch, &server).await;
    let mail = read(&letters[0]);
    assert!(mail["parts"]["text/plain"].as_str().unwrap().contains("Zu erledigen"), "{mail}");
    assert!(mail["parts"]["text/html"].as_str().unwrap().contains("<html lang=\"de\">"), "{mail}");
}

#[tokio::test]
async fn notification_is_mailed_once_by_two_servers() {
    let (launch, server) = start().await;
    for person in [&launch.member, &launch.other, &launch.security, &launch.deputy, &launch.operations] {
        launch.run_command(&launch.owner, assign(&launch, "backups", person.person.id)).await;
    }
    launch.app.state.clock.advance(86_400);
    let state = &launch.app.state;
    let pool = db::create_pool((*state.db.connect_options()).clone(), 5);
    let blobs = Blobs::in_folder(&state.config.evidence_dir).unwrap();
    let (config, redis) = (state.config.clone(), state.redis.clone());
    let other = AppState::new(config, pool, redis, Clock::default(), blobs, std::sync::Arc::clone(&launch.app.key));
    other.clock.advance(86_400);
    let queue = notification_mail::queue_due_mails;
    let (one, two) = tokio::join!(queue(state), queue(&other));
    let queued = one.unwrap() + two.unwrap();
    jobs::send_due_mails(state).await.unwrap();
    let mut receivers: Vec<String> = server.take_letters().into_iter().map(|letter| letter.to).collect();
    assert_eq!(receivers.len(), queued);
    receivers.sort();
    receivers.dedup();
    assert_eq!(receivers.len(), 5, "each of them got a mail");
    assert_eq!(pending(&launch).await, 0);
}

#[tokio::test]
async fn nothing_is_sent_to_whoever_may_not_know_any_more() {
    let (launch, server) = start().await;
    for person in [&launch.member, &launch.other] {
        launch.run_command(&launch.owner, assign(&launch, "backups", person.person.id)).await;
    }
    sqlx::query("UPDATE users SET active = false WHERE id = $1")
        .bind(launch.other.person.id.uuid())
        .execute(&launch.app.owner)
        .await
        .unwrap();
    launch.run_command(&launch.owner, Command::ChangeRestriction { restricted: true }).await;
    let receivers: Vec<String> = receive(&launch, &server).await.into_iter().map(|letter| letter.to).collect();
    for person in [&launch.member, &launch.other] {
        assert!(!receivers.contains(&person.person.email), "{receivers:?}");
    }
    assert_eq!(pending(&launch).await, 0);
}

#[tokio::test]
async fn mail_that_cannot_be_composed_keeps_nobody_else_from_theirs() {
    let (launch, server) = start().await;
    for person in [&launch.member, &launch.other] {
        launch.run_command(&launch.owner, assign(&launch, "backups", person.person.id)).await;
    }
    sqlx::query("UPDATE notifications SET facts = '7' WHERE user_id = $1")
        .bind(launch.member.person.id.uuid())
        .execute(&launch.app.owner)
        .await
        .unwrap();
    let receivers: Vec<String> = receive(&launch, &server).await.into_iter().map(|letter| letter.to).collect();
    assert!(
        receivers.contains(&launch.other.person.email) && !receivers.contains(&launch.member.person.email),
        "{receivers:?}"
    );
    assert!(pending(&launch).await >= 1, "it is tried again");
}

#[tokio::test]
async fn one_click_ends_mails_of_a_kind_and_needs_no_session() {
    let (launch, server) = start().await;
    let mia = launch.member.person.id;
    launch.run_command(&launch.owner, assign(&launch, "backups", mia)).await;
    let path = unsubscribe_path(&read(&receive(&launch, &server).await[0]));
    let settings = async || -> Vec<(String, String)> {
        let query = "SELECT reason_group, mail_delivery FROM notification_settings WHERE user_id = $1 ORDER BY 1";
        sqlx::query_as(query).bind(mia.uuid()).fetch_all(&launch.app.owner).await.unwrap()
    };
    // Programs open links.
    launch.anon.get(&path).await.expect_status(200);
    assert!(settings().await.is_empty());
    for _ in 0..2 {
        let body = [("List-Unsubscribe", "One-Click")];
        let sent = launch.anon.request(Method::POST, &path).form(&body);
        let page = Client::send(sent).await.expect_status(200);
        assert!(page.attribute("[data-unsubscribed]", "data-unsubscribed").is_some());
        assert_eq!(settings().await, [("assignments".to_owned(), "never".to_owned())]);
    }
    launch.run_command(&launch.owner, assign(&launch, "runbook", mia)).await;
    assert!(receive(&launch, &server).await.is_empty());
    // Nobody makes up such an address.
    let mut forged = path.clone();
    forged.replace_range(path.len() - 4.., "AAAA");
    for wrong in [&forged, "/unsubscribe/x"] {
        launch.anon.get(wrong).await.expect_status(404);
        Client::send(launch.anon.request(Method::POST, wrong)).await.expect_status(404);
    }
}

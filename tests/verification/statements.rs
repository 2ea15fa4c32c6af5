//! The statements that signers declare: their versions, and what happens to a signature when a statement is reworded.

use signoff::domain::{
    launch::event::{SignatureMeaning, Vote},
    statement::{StatementTexts, built_in_statement},
    text::StatementText,
};

use crate::helpers::{
    Launch, TestApp, admin,
    client::{Answer, Client},
    member,
};

const PATH: &str = "/admin/statements";

const NAMES: [(&str, Vote, SignatureMeaning); 6] = [
    ("go_approval", Vote::Go, SignatureMeaning::Approval),
    ("go_review", Vote::Go, SignatureMeaning::Review),
    ("go_responsibility", Vote::Go, SignatureMeaning::Responsibility),
    ("no_go_approval", Vote::NoGo, SignatureMeaning::Approval),
    ("no_go_review", Vote::NoGo, SignatureMeaning::Review),
    ("no_go_responsibility", Vote::NoGo, SignatureMeaning::Responsibility),
];

/// Sends the form of the first version, with other fields replaced.
async fn send(client: &Client, step: &str, base: &str, other: &[(&str, &str)]) -> Answer {
    let mut fields: Vec<(&str, &str)> =
        NAMES.map(|(name, vote, meaning)| (name, built_in_statement(vote, meaning))).into();
    fields.retain(|(name, _)| !other.iter().any(|(known, _)| known == name));
    fields.extend([("step", step), ("base", base)]);
    fields.extend(other);
    client.post(PATH, &fields).await
}

async fn stored(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM statements").fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn statement_version_is_previewed_and_published() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let page = client.get(PATH).await.expect_status(200);
    assert_eq!(page.texts("#next textarea")[0], built_in_statement(Vote::Go, SignatureMeaning::Approval));
    assert!(page.texts("[data-version='1'] summary")[0].contains("Version 1, current"));
    let other = [("go_review", "I have read it all.")];
    let preview = send(&client, "preview", "1", &other).await.expect_status(200);
    assert!(preview.texts("[aria-labelledby=preview-h] blockquote").contains(&"I have read it all.".to_owned()));
    assert_eq!(preview.texts("[aria-labelledby=preview-h] del").len(), 1, "what it said before stands beside it");
    assert_eq!((stored(&app).await, app.installation_log().await.len()), (0, 0), "nothing has happened yet");

    send(&client, "publish", "1", &other).await.expect_status(303);
    send(&client, "publish", "1", &other).await.expect_status(303);
    assert_eq!((stored(&app).await, app.installation_log().await), (1, vec!["statement_published".to_owned()]));
    let page = client.get(PATH).await.expect_status(200);
    assert!(page.texts("[data-version='2'] summary")[0].contains("by Ann Admin"));
    assert!(page.texts("[data-version='1'] summary")[0].contains("built in"));
    assert!(page.texts("#next textarea").contains(&"I have read it all.".to_owned()));
    let refused = sqlx::query("UPDATE statements SET go_review = 'x'").execute(&app.owner).await.unwrap_err();
    assert!(refused.to_string().contains("history is only ever added to"), "{refused}");
}

#[tokio::test]
async fn statement_with_errors_explains_them_at_the_field() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let long = "x".repeat(StatementText::MAX + 1);
    for (text, expected) in [
        ("  ", "can’t be empty"),
        (long.as_str(), "too long"),
        ("a\0b", "can’t be kept"),
        ("\u{202E}x", "can’t be kept"),
    ] {
        let answer = send(&client, "publish", "1", &[("no_go_approval", text)]).await.expect_status(422);
        assert!(answer.texts("#f-no_go_approval-error")[0].contains(expected), "{text:.20}");
        assert_eq!(answer.texts("#next .error").len(), 1);
    }
    let changed = [("go_review", "I have read it all.")];
    for base in ["", "0", "7", "x", "99999999999999999999"] {
        let answer = send(&client, "publish", base, &changed).await.expect_status(422);
        assert!(answer.texts("#next textarea").contains(&"I have read it all.".to_owned()), "what was written stays");
    }
    send(&client, "dance", "1", &changed).await.expect_status(422);
    assert!(send(&client, "publish", "1", &[]).await.expect_status(422).body.contains("word for word"));
    client.post(PATH, &[]).await.expect_status(422);
    app.sign_in(member()).await.post(PATH, &changed).await.expect_status(403);
    assert_eq!((stored(&app).await, app.installation_log().await.len()), (0, 0));
}

#[tokio::test]
async fn statement_published_second_is_refused_and_keeps_text() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    send(&client, "publish", "1", &[("go_review", "I have read it all.")]).await.expect_status(303);
    let answer = send(&client, "publish", "1", &[("go_review", "I have read most of it.")]).await.expect_status(409);
    assert!(answer.texts("#next textarea").contains(&"I have read most of it.".to_owned()));
    assert_eq!(answer.attribute("#next [name=base]", "value").as_deref(), Some("2"), "to be sent again");
    send(&client, "publish", "2", &[("go_review", "I have read most of it.")]).await.expect_status(303);
    assert_eq!(stored(&app).await, 2);
}

#[tokio::test]
async fn signature_keeps_its_statement_and_refuses_one_not_shown() {
    let launch = Launch::payments().make().await;
    let ann = launch.app.sign_in(admin()).await;
    let page = launch.operations.get(&launch.path("go-no-go")).await.expect_status(200);
    let shown = page.attribute("form[action$='/signatures'] [name=statement]", "value").unwrap();
    assert_eq!(shown, "1");
    launch.sign(&launch.security, "security", "go", &[("statement", &shown)]).await.expect_status(303);
    send(&ann, "publish", "1", &[("go_approval", "I approve of it <b>all</b>.")]).await.expect_status(303);

    let seq = launch.state().await.seq;
    let more = [("statement", shown.as_str()), ("comment", "as I read it")];
    let answer = launch.sign(&launch.operations, "operations", "go", &more).await.expect_status(409);
    assert!(answer.texts("[aria-label='What went wrong'] .problem")[0].contains("reworded"));
    assert_eq!(answer.texts("textarea#f-s-operations-comment"), ["as I read it"]);
    assert!(answer.texts("blockquote.statement").contains(&"I approve of it <b>all</b>.".to_owned()), "as text");
    assert_eq!(launch.kinds_after(seq).await, [""; 0]);
    assert_eq!(launch.app.installation_log().await, ["statement_published", "signing_refused"]);
    let now = answer.attribute("form[action$='/signatures'] [name=statement]", "value").unwrap();
    launch.sign(&launch.operations, "operations", "go", &[("statement", &now)]).await.expect_status(303);

    let state = launch.state().await;
    let stored: Vec<_> =
        state.signatures.iter().map(|it| (it.record.statement_version, &*it.record.statement)).collect();
    let first = StatementTexts::built_in().unwrap();
    let first = first.text(Vote::Go, SignatureMeaning::Approval).as_str();
    assert_eq!(stored, [(1, first), (2, "I approve of it <b>all</b>.")]);
    let page = launch.member.get(&launch.path("go-no-go")).await.expect_status(200);
    assert!(page.texts("#role-security blockquote")[0].contains(first), "what was signed is what is shown");
}

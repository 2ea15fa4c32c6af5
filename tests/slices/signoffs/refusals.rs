//! Every refused signature is recorded, and the owner is notified of too many wrong passwords.

use signoff::domain::launch::event::ItemState;

use crate::helpers::{Launch, client::Client};

/// The entries of the audit log about the launch: kind, length of its history then, and reason.
async fn recorded_refusals(launch: &Launch) -> Vec<(String, i64, Option<String>)> {
    let why = "convert_from(bytes, 'UTF8')::jsonb #>> '{event,why}'";
    let query = format!("SELECT kind, launch_seq, {why} FROM installation_events WHERE launch_id = $1 ORDER BY index");
    sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(launch.id).fetch_all(&launch.app.owner).await.unwrap()
}

async fn wrong_password(launch: &Launch, actor: &Client) -> u16 {
    launch.sign(actor, "security", "go", &[("password", "wrong"), ("comment", "a thought")]).await.status.as_u16()
}

#[tokio::test]
async fn signature_refusals_are_shown_in_order_in_the_history() {
    let launch = Launch::payments().make().await;
    let digest = launch.digest("security").await;
    let seq = launch.state().await.seq;
    launch.sign(&launch.member, "security", "go", &[]).await.expect_status(403);
    assert_eq!(wrong_password(&launch, &launch.security).await, 422);
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.sign(&launch.operations, "security", "go", &[]).await.expect_status(403);
    launch.sign(&launch.security, "security", "go", &[("digest", &digest)]).await.expect_status(409);
    let row = |kind: &str, seq, why: Option<&str>| (kind.to_owned(), seq, why.map(str::to_owned));
    let expected = [
        row("signing_refused", seq, Some("not_holder")),
        row("proof_refused", seq, None),
        row("signing_refused", seq + 1, Some("not_holder")),
        row("signing_refused", seq + 1, Some("changed_scope")),
    ];
    assert_eq!(recorded_refusals(&launch).await, expected);

    let page = launch.auditor.get(&launch.path("history")).await.expect_status(200);
    let lines = page.texts(".log > li .what");
    for (line, message) in [
        "Sven Security could not sign as Security: the role’s scope had changed",
        "Odette Operations could not sign as Security: they do not hold the role",
        "Mia Member marked Backups restored",
        "Sven Security gave a wrong password",
        "Mia Member could not sign: they do not hold the role",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(lines[line].starts_with(message), "{message}: {}", lines[line]);
    }
    assert_eq!(page.attributes(".log > [data-seq]", "data-kind")[0], "item_marked", "only events have numbers");
    let filtered = async |query: &str| {
        launch.auditor.get(&launch.path(&format!("history?{query}"))).await.expect_status(200).texts(".log .what").len()
    };
    assert_eq!(filtered("kind=refusals").await, 4);
    assert_eq!(filtered("kind=proof_refused").await, 1);
    assert_eq!(filtered("kind=items").await, 1);
    assert_eq!(filtered(&format!("kind=refusals&actor={}", launch.security.person.id)).await, 2);
    assert_eq!(filtered("kind=refusals&item=Backups").await, 0, "a refusal is about no item");
    assert_eq!(filtered(&format!("kind=refusals&before={}", seq + 1)).await, 2);
}

#[tokio::test]
async fn signature_refusals_beyond_ten_are_counted_together() {
    let launch = Launch::payments().make().await;
    for _ in 0..40 {
        launch.sign(&launch.member, "security", "go", &[]).await.expect_status(403);
    }
    let kinds: Vec<String> = recorded_refusals(&launch).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds[..10], ["signing_refused"; 10]);
    assert_eq!(kinds[10..], ["signings_refused"; 2], "at the twentieth and the fortieth");
    // A page of the history may end between them.
    let (mut next, mut lines) = (Some(launch.path("history?kind=refusals")), 0);
    while let Some(path) = next {
        let page = launch.auditor.get(&path).await.expect_status(200);
        lines += page.texts(".log .what").len();
        next = page.attribute(".pager a[rel=next]", "href");
    }
    assert_eq!(lines, 12);
    let before = |index| launch.path(&format!("history?kind=refusals&before={}.{index}", 4));
    assert_eq!(launch.auditor.get(&before(6)).await.texts(".log .what").len(), 5);
}

#[tokio::test]
async fn five_wrong_signing_passwords_notify_the_owner() {
    let launch = Launch::payments().make().await;
    let warned = async |actor: &Client| {
        let page = actor.get(&launch.path("go-no-go")).await.expect_status(200).texts("[data-region^=alarm] .problem");
        let work = actor.get("/").await.expect_status(200).texts("#warnings li");
        (page, work)
    };
    for _ in 0..4 {
        assert_eq!(wrong_password(&launch, &launch.security).await, 422);
    }
    assert_eq!(warned(&launch.owner).await, (vec![], vec![]));
    assert_eq!(wrong_password(&launch, &launch.security).await, 422);
    let (page, work) = warned(&launch.owner).await;
    assert!(page[0].starts_with("5 wrong passwords were given to sign here as Sven Security"), "{page:?}");
    assert!(work[0].contains("5 times in the last 24 hours, as Sven Security"), "{work:?}");
    assert_eq!(warned(&launch.security).await, (vec![], vec![]));
    assert_eq!(warned(&launch.member).await, (vec![], vec![]));
}

#[tokio::test]
async fn signing_over_the_rate_limit_is_refused_and_keeps_text() {
    let launch = Launch::payments().make().await;
    for _ in 0..10 {
        assert_eq!(wrong_password(&launch, &launch.security).await, 422);
    }
    let answer = launch.sign(&launch.security, "security", "go", &[("comment", "a thought")]).await.expect_status(429);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0, "even the right one has to wait");
    assert_eq!(answer.texts("textarea#f-s-security-comment"), ["a thought"]);
    assert!(answer.texts(".field .error")[0].starts_with("This was tried too often."));
    assert!(launch.state().await.signatures.is_empty());
    launch.app.state.clock.advance(120);
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
}

//! The history of a launch.

use signoff::{
    ambient,
    domain::{
        launch::{command::Command, event::ItemState},
        merkle::leaf_hash,
    },
    launch_page::texts::new_text,
};

use crate::helpers::{Launch, client::Answer, statements::Statements};

/// The numbers of the events on a page, in its order.
fn numbers(page: &Answer) -> Vec<i64> {
    page.texts(".log .seq").iter().map(|text| text.trim_start_matches('#').parse().unwrap()).collect()
}

async fn history(launch: &Launch, query: &str) -> Answer {
    launch.auditor.browser.get(&launch.path(&format!("history{query}"))).await.is(200)
}

#[tokio::test]
async fn it_shows_every_event_newest_first_with_old_and_new() {
    let launch = Launch::make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let body = new_text("Looks *good* to me");
    let comment = Command::Comment { item: launch.item("runbook"), comment: ambient::new_id(), body };
    launch.does(&launch.operations, comment).await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "two findings")]).await.is(303);
    launch.does(&launch.owner, Command::Hold { reason: new_text("a finding") }).await;
    let page = history(&launch, "").await;
    let seq = launch.state().await.seq;
    assert_eq!(numbers(&page), (1..=seq).rev().collect::<Vec<_>>());
    let lines = page.texts(".log > li[data-seq] .what");
    for (line, parts) in [
        (0, &["Olga Owner", "on hold", "a finding"][..]),
        (1, &["Sia Security signed NO-GO as Security", "two findings"]),
        (2, &["Otto Operations commented", "Runbook written", "Looks *good* to me"]),
        (3, &["Mia Member marked", "Backups restored", "from done to blocked", "because"]),
        (4, &["Mia Member marked", "from open to done"]),
        (lines.len() - 1, &["Olga Owner made the launch", "Payments"]),
    ] {
        for part in parts {
            assert!(lines[line].replace(" ,", ",").contains(part), "{part}: {}", lines[line]);
        }
    }
    assert_eq!(page.attribute(".log > li[data-seq]", "data-kind").as_deref(), Some("held"));
    assert_eq!(page.attribute(".log > li[data-seq]", "data-seq"), Some(seq.to_string()));
    let item = format!("/items/{}", launch.item("runbook"));
    assert!(page.attribute(&format!(".log a[href='{item}']"), "href").is_some(), "items are linked");
}

#[tokio::test]
async fn it_is_filtered_by_kind_person_and_item() {
    let launch = Launch::make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.mark(&launch.operations, "runbook", ItemState::Done).await;
    launch.sign(&launch.security, "security", "go", &[]).await.is(303);
    let seq = launch.state().await.seq;
    let (mark1, mark2, signed) = (seq - 2, seq - 1, seq);
    let member = launch.member.person.id;
    let backups = launch.item("backups");
    for (query, expected) in [
        ("?kind=items".to_owned(), vec![mark2, mark1]),
        ("?kind=item_marked".to_owned(), vec![mark2, mark1]),
        ("?kind=signatures".to_owned(), vec![signed]),
        ("?kind=people".to_owned(), vec![4, 3, 2]),
        ("?kind=settings".to_owned(), vec![1]),
        (format!("?actor={member}"), vec![mark1]),
        (format!("?item={backups}"), vec![mark1]),
        ("?item=Runbook".to_owned(), vec![mark2]),
        (format!("?kind=items&item=written&before={mark2}"), vec![]),
        (format!("?before={mark1}&kind=people"), vec![4, 3, 2]),
        (format!("?kind=signed&actor={member}"), vec![]),
    ] {
        let page = history(&launch, &query).await;
        assert_eq!(numbers(&page), expected, "{query}");
    }
    let page = history(&launch, &format!("?kind=items&actor={member}")).await;
    assert_eq!(page.texts(".choices-bar [aria-current]"), ["Items"]);
    assert_eq!(page.attribute("option[selected]", "value"), Some(member.to_string()), "filters are kept");
}

#[tokio::test]
async fn what_is_not_known_shows_nothing_and_leads_back() {
    let launch = Launch::make().await;
    for query in [
        "?kind=nonsense",
        "?actor=me",
        "?actor=00000000-0000-0000-0000-000000000000",
        "?item=no%20such%20thing",
        "?item=00000000-0000-0000-0000-000000000000",
        "?before=x",
        "?before=-1",
        "?before=99999999999999999999",
    ] {
        let page = history(&launch, query).await;
        assert!(numbers(&page).is_empty(), "{query}");
        assert_eq!(page.attribute(".empty a", "href"), Some(launch.path("history")), "{query}");
    }
}

#[tokio::test]
async fn a_long_history_has_pages_that_miss_nothing_and_ask_little() {
    let statements = Statements::count();
    let launch = Launch::make().await;
    for n in 0..60 {
        let body = new_text(format!("remark {n}"));
        let comment = ambient::new_id();
        launch.does(&launch.member, Command::Comment { item: launch.item("runbook"), comment, body }).await;
    }
    let (mut seen, mut next) = (Vec::new(), Some(launch.path("history")));
    while let Some(path) = next {
        statements.since();
        let page = launch.auditor.browser.get(&path).await.is(200);
        assert!(statements.since() <= 5, "who asks, the launch, its events, the bodies of comments, checkpoints");
        seen.extend(numbers(&page));
        next = page.attribute(".pager a[rel=next]", "href");
    }
    assert_eq!(seen, (1..=launch.state().await.seq).rev().collect::<Vec<_>>());
    let page = history(&launch, "?kind=comments").await;
    assert_eq!(numbers(&page).len(), 50);
    assert!(page.attribute(".pager a[rel=next]", "href").unwrap().contains("kind=comments&before="));
}

#[tokio::test]
async fn each_event_has_a_page_with_the_bytes_that_are_hashed() {
    let launch = Launch::make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    let seq = launch.state().await.seq;
    let page = launch.member.browser.get(&launch.path(&format!("history/{seq}"))).await.is(200);
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 AND seq = $2")
        .bind(launch.id)
        .bind(seq)
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
    assert_eq!(page.texts("pre code"), [String::from_utf8(bytes.clone()).unwrap()]);
    assert!(page.body.contains(&leaf_hash(&bytes).to_string()));
    for missing in ["0", "999", "-1", "x", "99999999999999999999"] {
        launch.member.browser.get(&launch.path(&format!("history/{missing}"))).await.is(404);
    }
}

#[tokio::test]
async fn a_hidden_launch_has_no_history_for_others() {
    let launch = Launch::make().await;
    let hidden = ambient::new_id();
    launch.another(hidden, true).await;
    for page in ["history", "history/1"] {
        let path = format!("/launches/{hidden}/{page}");
        launch.member.browser.get(&path).await.is(404);
        launch.auditor.browser.get(&path).await.is(200);
        launch.security.browser.get(&path).await.is(200);
        assert!(launch.app.client().get(&path).await.location().starts_with("/login"));
    }
}

//! The history of a launch: what it shows, its filters, pages and costs.

use signoff::{
    ambient,
    domain::{
        launch::{command::Command, event::ItemState},
        merkle::hash_leaf,
    },
    web::idempotency::new_text,
};

use crate::helpers::{Launch, Setting, client::Answer, sql_statements::Statements};

/// The numbers of the events on a page, in its order.
fn numbers(page: &Answer) -> Vec<i64> {
    page.texts(".log .seq").iter().map(|text| text.trim_start_matches('#').parse().unwrap()).collect()
}

async fn history(launch: &Launch, query: &str) -> Answer {
    launch.auditor.get(&launch.path(&format!("history{query}"))).await.expect_status(200)
}

#[tokio::test]
async fn history_shows_every_event_newest_first_with_old_and_new() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let body = new_text("Looks *good* to me");
    let comment = Command::AddComment { item: launch.item("runbook"), comment: ambient::new_id(), body };
    launch.run_command(&launch.operations, comment).await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "two findings")]).await.expect_status(303);
    launch.run_command(&launch.owner, Command::Hold { reason: new_text("a finding") }).await;
    let page = history(&launch, "").await;
    let seq = launch.state().await.seq;
    assert_eq!(numbers(&page), (1..=seq).rev().collect::<Vec<_>>());
    let lines = page.texts(".log > li[data-seq] .what");
    for (line, parts) in [
        (0, &["Olga Owner", "on hold", "a finding"][..]),
        (1, &["Sven Security signed NO-GO as Security", "two findings"]),
        (2, &["Odette Operations commented", "Runbook written", "Looks *good* to me"]),
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
async fn history_filters_by_kind_person_and_item() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.mark(&launch.operations, "runbook", ItemState::Done).await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
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
async fn two_moments_are_chosen_in_the_history_and_compared() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    let seq = launch.state().await.seq;
    let page = history(&launch, "").await;
    assert_eq!(page.attribute(".log .past", "href"), Some(launch.path(&format!("as-of/{seq}"))));
    let choose = page.attribute(".toolbar a.button", "href").unwrap();
    assert_eq!(choose, launch.path("history?compare=on"));
    // The choice is kept by filters.
    let page = launch.auditor.get(&format!("{choose}&kind=items")).await.expect_status(200);
    assert_eq!(page.texts(".log .button"), [format!("Compare from #{seq}"), format!("Compare from #{}", seq - 1)]);
    let first = page.attribute(".log .button", "href").unwrap();
    assert_eq!(first, launch.path(&format!("history?kind=items&compare={seq}")));
    let page = launch.auditor.get(&first).await.expect_status(200);
    assert_eq!(page.texts(".log .past-links"), [format!("First: #{seq}"), format!("Compare with #{}", seq - 1)]);
    assert_eq!(page.texts(".banner .button")[0], "Compare with now");
    assert_eq!(page.attribute("form.filters input[name=compare]", "value"), Some(seq.to_string()));
    // The earlier one comes first, in whichever order they were chosen.
    let compare = page.attribute(".log .button", "href").unwrap();
    assert_eq!(compare, launch.path(&format!("compare?from={}&to={seq}", seq - 1)));
    let page = launch.auditor.get(&compare).await.expect_status(200);
    assert_eq!(page.attributes(".diff .box", "class"), ["box open", "box done"], "the values have their own signs");
    // An event that does not exist is not the first of two.
    let page = history(&launch, "?compare=99999").await;
    assert!(page.texts(".log .button")[0].starts_with("Compare from"));
}

#[tokio::test]
async fn history_names_the_events_of_its_page_or_the_number_of_matches() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    let seq = launch.state().await.seq;
    for (query, expected) in [
        ("", format!("1\u{2013}{seq} of {seq} events")),
        ("?kind=items", "1 match".to_owned()),
        ("?kind=people", "3 matches".to_owned()),
        ("?kind=people&before=3", "1 match on this page".to_owned()),
    ] {
        assert_eq!(history(&launch, query).await.texts(".pager .soft"), [expected], "{query}");
    }
}

#[tokio::test]
async fn history_filters_by_written_text() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let comment = ambient::new_id();
    let body = new_text("Looks *good* to me, 100%");
    launch.run_command(&launch.operations, Command::AddComment { item: launch.item("runbook"), comment, body }).await;
    launch
        .run_command(&launch.operations, Command::EditComment { comment, body: new_text("On second thoughts") })
        .await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "two findings")]).await.expect_status(303);
    let seq = launch.state().await.seq;
    let (marked, added, edited, signed) = (seq - 3, seq - 2, seq - 1, seq);
    for (text, expected) in [
        ("because", vec![marked]),
        ("BECAUSE", vec![marked]),
        ("good%20looks", vec![edited, added]),
        ("second", vec![edited]),
        ("100%25", vec![edited, added]),
        ("100_", vec![]),
        ("two%20findings", vec![signed]),
        ("ndi", vec![signed]),
        ("payments", vec![1]),
        ("Runbook", vec![edited, added]),
        ("backups%20restored", vec![marked]),
        // The address and browser of a signature are not searched.
        ("127.0.0.1", vec![]),
        ("nothing%20of%20the%20kind", vec![]),
    ] {
        let page = history(&launch, &format!("?text={text}")).await;
        assert_eq!(numbers(&page), expected, "{text}");
    }
    let page = history(&launch, "?text=good&kind=comment_added").await;
    assert_eq!(numbers(&page), [added]);
    assert_eq!(page.attribute("[name=text]", "value").as_deref(), Some("good"), "it is kept");
    // Searching for a pasted hash finds the event that contains it.
    let digest = launch.state().await.signatures[0].record.digest;
    assert_eq!(numbers(&history(&launch, &format!("?text={digest}")).await), [signed]);
    // Redacted text is no longer found.
    sqlx::query("DELETE FROM texts WHERE field = 'item_reason'").execute(&launch.app.owner).await.unwrap();
    assert!(numbers(&history(&launch, "?text=because").await).is_empty());
    // More than is looked for shows nothing, and says why.
    let long = format!("{}?text={}", launch.path("history"), "x".repeat(3_000));
    let page = launch.member.get(&long).await.expect_status(422);
    assert!(numbers(&page).is_empty());
    assert!(page.texts("#f-text-error")[0].contains("at most 200 characters"));
}

#[tokio::test]
async fn history_filters_by_day() {
    let mut launch = Launch::payments().make().await;
    let made = launch.state().await.seq;
    launch.app.state.clock.advance(3 * 86_400);
    launch.security = launch.app.session(&launch.security.person).await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.sign(&launch.security, "security", "go", &[("password", "wrong")]).await.expect_status(422);
    launch.app.state.clock.advance(3 * 86_400);
    launch.auditor = launch.app.session(&launch.auditor.person).await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    let state = launch.state().await;
    // The reader's time zone is UTC.
    let day = |back: i64| state.last_at.plus_seconds(-86_400 * back).to_string()[..10].to_owned();
    let all: Vec<i64> = (1..=made).rev().collect();
    for (query, expected) in [
        (format!("?from={}", day(0)), vec![made + 2]),
        (format!("?to={}", day(6)), all.clone()),
        (format!("?from={}&to={}", day(3), day(3)), vec![made + 1]),
        (format!("?from={}&to={}", day(5), day(4)), vec![]),
        (format!("?from={}&kind=items", day(3)), vec![made + 2, made + 1]),
        (format!("?from={}&text=backups", day(4)), vec![made + 1]),
        (format!("?from={}&before={}", day(3), made + 2), vec![made + 1]),
        ("?from=2099-12-31".to_owned(), vec![]),
        ("?to=1999-12-31".to_owned(), vec![]),
    ] {
        assert_eq!(numbers(&history(&launch, &query).await), expected, "{query}");
    }
    let beside = |page: &Answer| page.attributes(".log > .refused", "data-kind");
    assert_eq!(beside(&history(&launch, &format!("?from={}&to={}", day(3), day(3))).await), ["proof_refused"]);
    assert!(beside(&history(&launch, &format!("?from={}", day(2))).await).is_empty());
}

/// Makes a launch's history long with comments on one item, inserted as the record would write them except for the hash
/// tree and the bodies, which are missing as if redacted.
async fn append_events(launch: &Launch, events: i64) {
    let item = launch.item("status");
    let body = new_text("a remark");
    let comment = Command::AddComment { item, comment: ambient::new_id(), body };
    launch.run_command(&launch.member, comment).await;
    let state = launch.state().await;
    let mut owner = launch.app.owner.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO events (launch_id, seq, at, kind, actor_id, item_id, bytes)
         SELECT launch_id, seq + n, at, kind, actor_id, item_id,
                convert_to(replace(replace(convert_from(bytes, 'UTF8'), '\"seq\":' || seq, '\"seq\":' || (seq + n)),
                                   convert_from(bytes, 'UTF8')::jsonb #>> '{data,body}', encode(sha256(n::text::bytea), 'hex')), 'UTF8')
         FROM events, generate_series(1, $2 - seq) n WHERE launch_id = $1 AND seq = $3",
    )
    .bind(launch.id)
    .bind(events)
    .bind(state.seq)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query("UPDATE launches SET seq = $2 WHERE id = $1")
        .bind(launch.id)
        .bind(events)
        .execute(&mut *owner)
        .await
        .unwrap();
    owner.commit().await.unwrap();
    sqlx::query("ANALYZE events").execute(&launch.app.owner).await.unwrap();
}

/// The number of event rows that were read, and of full scans.
async fn rows_read(launch: &Launch) -> (i64, i64) {
    for mut connection in [launch.app.state.db.acquire().await.unwrap(), launch.app.state.db.acquire().await.unwrap()] {
        sqlx::query("SELECT pg_stat_force_next_flush()").execute(&mut *connection).await.unwrap();
    }
    sqlx::query_as(
        "SELECT coalesce(idx_tup_fetch, 0) + seq_tup_read, seq_scan FROM pg_stat_user_tables WHERE relname = 'events'",
    )
    .fetch_one(&launch.app.owner)
    .await
    .unwrap()
}

/// Counted in rows, since a query plan that looks good may still read much: the first page of a long history reads, for
/// any filter, as few rows as that of a short one, and never all of them.
#[tokio::test]
async fn history_first_page_reads_as_many_rows_at_any_length() {
    let mut read = Vec::new();
    for events in [1_000, 20_000] {
        let set = vec![("SIGNOFF_DATABASE_CONNECTIONS", "2".to_owned())];
        let launch = Launch::payments().setting(Setting { set, ..Setting::default() }).make().await;
        launch.mark(&launch.member, "backups", ItemState::Blocked).await;
        append_events(&launch, events).await;
        history(&launch, "").await;
        let member = launch.member.person.id;
        let owner = launch.owner.person.id;
        let status = launch.item("status");
        let mut of_size = Vec::new();
        for query in [
            String::new(),
            "?kind=comments".to_owned(),
            "?kind=items".to_owned(),
            "?kind=people".to_owned(),
            format!("?actor={member}"),
            format!("?actor={owner}"),
            format!("?item={status}"),
            "?item=backups".to_owned(),
            "?from=2001-01-01&to=2098-01-01".to_owned(),
            format!("?before={}", events / 2),
            "?text=because".to_owned(),
        ] {
            let before = rows_read(&launch).await;
            history(&launch, &query).await;
            let after = rows_read(&launch).await;
            assert_eq!(after.1, before.1, "{query}: {events} events are not read one by one");
            of_size.push((query.split('=').next().unwrap().to_owned(), after.0 - before.0));
        }
        read.push(of_size);
    }
    for ((query, short), (_, long)) in read[0].iter().zip(&read[1]) {
        assert!(*long <= short + 60, "{query}: {short} rows of a short history, {long} of a long one");
        assert!(*long <= 200, "{query}: {long} rows");
    }
}

#[tokio::test]
async fn history_with_an_unknown_filter_is_empty_and_links_back() {
    let launch = Launch::payments().make().await;
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
async fn long_history_pages_show_each_event_once_with_few_queries() {
    let statements = Statements::count();
    let launch = Launch::payments().make().await;
    for n in 0..60 {
        let body = new_text(format!("remark {n}"));
        let comment = ambient::new_id();
        launch.run_command(&launch.member, Command::AddComment { item: launch.item("runbook"), comment, body }).await;
    }
    let (mut seen, mut next) = (Vec::new(), Some(launch.path("history")));
    while let Some(path) = next {
        statements.since();
        let page = launch.auditor.get(&path).await.expect_status(200);
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
async fn event_page_shows_the_hashed_bytes() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    let seq = launch.state().await.seq;
    let page = launch.member.get(&launch.path(&format!("history/{seq}"))).await.expect_status(200);
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 AND seq = $2")
        .bind(launch.id)
        .bind(seq)
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
    assert_eq!(page.texts("pre code"), [String::from_utf8(bytes.clone()).unwrap()]);
    assert!(page.body.contains(&hash_leaf(&bytes).to_string()));
    for missing in ["0", "999", "-1", "x", "99999999999999999999"] {
        launch.member.get(&launch.path(&format!("history/{missing}"))).await.expect_status(404);
    }
}

#[tokio::test]
async fn history_of_a_hidden_launch_is_not_found_for_outsiders() {
    let launch = Launch::payments().make().await;
    let hidden = ambient::new_id();
    launch.make_another(hidden, true).await;
    for page in ["history", "history/1"] {
        let path = format!("/launches/{hidden}/{page}");
        launch.member.get(&path).await.expect_status(404);
        launch.auditor.get(&path).await.expect_status(200);
        launch.security.get(&path).await.expect_status(200);
        assert!(launch.app.client().get(&path).await.location().starts_with("/login"));
    }
}

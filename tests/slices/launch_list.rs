//! The list of launches and their calendar: filters, orders, pages, days.

use signoff::{
    ambient,
    domain::{
        ids::LaunchId,
        job_rules::JobKind,
        launch::{
            command::{Command, NewLaunch},
            event::{ItemState, Policy},
        },
        time::{LocalTime, Moment},
    },
    jobs, queue,
    record::execute::Requester,
    web::idempotency::new_text,
};

use crate::helpers::{
    Launch, TestApp,
    client::{Answer, Client},
    member,
};

fn names(page: &Answer) -> Vec<String> {
    page.texts("tbody th > a")
}

async fn list(client: &Client, query: &str) -> Vec<String> {
    names(&client.get(&format!("/launches{query}")).await.expect_status(200))
}

/// Makes a launch of the same owner and checklist, without holders.
async fn make_launch(of: &Launch, name: &str, target: &str, zone: &str, restricted: bool) -> LaunchId {
    let new = NewLaunch {
        id: ambient::new_id(),
        name: new_text(name),
        summary: None,
        target: LocalTime::parse(target, zone.parse().unwrap()).unwrap(),
        policy: Policy::default(),
        restricted,
        version: of.version.clone(),
    };
    let id = new.id;
    of.app.state.record.create(&of.app.state.db, asker(of), new).await.unwrap();
    id
}

fn asker(of: &Launch) -> Requester {
    Requester { user: of.owner.person.id, request: ambient::new_id(), now: of.app.state.clock.now(), proof: None }
}

/// Runs a command of the owner on one of the launches.
async fn run_command(of: &Launch, launch: LaunchId, command: Command) {
    of.app.state.record.execute(&of.app.state.db, asker(of), launch, vec![command]).await.unwrap();
}

#[tokio::test]
async fn launch_list_is_filtered_and_sorted_by_its_address() {
    let payments = Launch::payments().make().await;
    payments.resolve_all().await;
    payments.sign_all().await;
    let zone = "Europe/Lisbon";
    let archive = make_launch(&payments, "Archive 50%", "2098-05-01T09:00", zone, false).await;
    let held = make_launch(&payments, "Billing", "2097-05-01T09:00", zone, false).await;
    let cancelled = make_launch(&payments, "Catalogue", "2096-05-01T09:00", zone, false).await;
    let secret = make_launch(&payments, "Dossier", "2095-05-01T09:00", zone, true).await;
    run_command(&payments, held, Command::Hold { reason: new_text("not yet") }).await;
    run_command(&payments, cancelled, Command::Cancel { reason: new_text("no longer") }).await;
    let member = payments.member.person.id;
    let item = payments.app.state.record.load(&payments.app.state.db, archive).await.unwrap().unwrap().items[0].id;
    run_command(&payments, archive, Command::Mark { item, state: ItemState::Done, reason: None, version: 1 }).await;
    run_command(&payments, held, Command::AddParticipant { user: member }).await;
    let client = &payments.member;
    for (query, expected) in [
        ("", vec!["Billing", "Archive 50%", "Payments"]),
        (
            "?show=nonsense&sort=nonsense&verdict=nonsense&whose=nonsense&after=nonsense",
            vec!["Billing", "Archive 50%", "Payments"],
        ),
        ("?show=preparing", vec!["Archive 50%", "Payments"]),
        ("?show=held", vec!["Billing"]),
        ("?show=go", vec![]),
        ("?show=cancelled", vec!["Catalogue"]),
        ("?show=closed", vec![]),
        ("?show=all", vec!["Payments", "Archive 50%", "Billing", "Catalogue"]),
        ("?sort=name", vec!["Archive 50%", "Billing", "Payments"]),
        ("?sort=verdict", vec!["Billing", "Archive 50%", "Payments"]),
        ("?sort=progress", vec!["Billing", "Archive 50%", "Payments"]),
        ("?sort=changed&show=all", vec!["Billing", "Archive 50%", "Catalogue", "Payments"]),
        ("?verdict=go", vec!["Payments"]),
        ("?verdict=no_go&sort=progress", vec!["Billing", "Archive 50%"]),
        ("?verdict=no_go&show=all", vec!["Archive 50%", "Billing"]),
        ("?verdict=conditional_go", vec![]),
        ("?whose=mine", vec!["Billing"]),
        ("?whose=owned", vec![]),
        ("?q=LL", vec!["Billing"]),
        ("?q=50%25", vec!["Archive 50%"]),
        ("?q=5_", vec![]),
        ("?q=%27%3B+DROP", vec![]),
        ("?whose=mine&q=arch", vec![]),
    ] {
        assert_eq!(list(client, query).await, expected, "{query}");
    }
    // An assigned item makes a launch one's own, too; and the owner sees a restricted launch, marked as such.
    run_command(&payments, archive, Command::Assign { item, assignee: Some(member), due: None }).await;
    assert_eq!(list(client, "?whose=mine").await, ["Billing", "Archive 50%"]);
    let page = payments.owner.get("/launches?whose=owned").await.expect_status(200);
    assert_eq!(names(&page), ["Dossier", "Billing", "Archive 50%", "Payments"]);
    assert!(page.texts("tbody th")[0].contains("restricted"), "{:?}", page.texts("tbody th"));
    assert!(!client.get("/launches?show=all").await.expect_status(200).body.contains(&secret.to_string()));
    // The content of each row.
    let page = client.get("/launches?show=all").await.expect_status(200);
    assert_eq!(page.texts("[data-verdict]"), ["Ready", "Not ready", "Not ready"], "what was called off is not judged");
    assert_eq!(page.texts("[data-decision]"), ["HOLD", "CANCELLED"], "a decision is shown once it is made");
    assert_eq!(page.attribute("progress", "value").as_deref(), Some("3"));
    assert_eq!(page.texts("td[data-label=Signatures]")[0], "Security: go Operations: go 2 of 2");
    assert!(page.texts("td[data-label=Target]")[0].starts_with("T−"));
    assert_eq!(page.texts("td[data-label=Target]")[3], "Tue 1 May 2096, 09:00 Europe/Lisbon");
    // The form shows the chosen filter, and the views preserve the rest of it.
    let page = client.get("/launches?show=held&verdict=no_go&sort=name&q=bill").await.expect_status(200);
    let chosen = page.texts("option[selected]");
    assert_eq!(chosen, ["Not ready", "Everybody's", "Name"]);
    assert_eq!(page.attribute("input[name=show]", "value").as_deref(), Some("held"));
    assert_eq!(page.attribute("#q", "value").as_deref(), Some("bill"));
    assert_eq!(page.texts("[aria-label=Stage] [aria-current]"), ["On hold"]);
    assert_eq!(
        page.attribute("[aria-label=Stage] a:last-child", "href").as_deref(),
        Some("/launches?show=all&verdict=no_go&sort=name&q=bill")
    );
    assert_eq!(page.texts("[aria-sort=ascending]"), ["Launch"]);
}

/// Follows all pages of a list: the number of rows of each page, and all names.
async fn pages(client: &Client, query: &str) -> (Vec<usize>, Vec<String>) {
    let (mut address, mut counts, mut all) = (format!("/launches{query}"), Vec::new(), Vec::new());
    loop {
        let page = client.get(&address).await.expect_status(200);
        counts.push(names(&page).len());
        all.extend(names(&page));
        match page.attribute(".pager a[rel=next]", "href") {
            Some(next) => address = next,
            None => return (counts, all),
        }
    }
}

#[tokio::test]
async fn long_launch_list_pages_show_each_launch_once() {
    let payments = Launch::payments().make().await;
    for n in 0..104 {
        // Some share a target, as launches do.
        let target = format!("2098-01-{:02}T09:00", 1 + n % 20);
        make_launch(&payments, &format!("Launch {n:03}"), &target, "UTC", false).await;
    }
    let client = &payments.member;
    for query in ["", "?sort=name", "?sort=changed", "?sort=verdict", "?sort=progress&verdict=no_go", "?show=all"] {
        let (counts, mut all) = pages(client, query).await;
        assert_eq!(counts, [50, 50, 5], "{query}");
        if query == "?sort=name" {
            assert!(all.is_sorted());
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 105, "{query}");
    }
    // A cursor at a hidden launch shows the first page, like a cursor at a launch that does not exist.
    let hidden = make_launch(&payments, "Hidden", "2098-01-10T09:00", "UTC", true).await;
    let nothing: LaunchId = ambient::new_id();
    for query in ["", "sort=name&", "sort=progress&"] {
        let first = client.get(&format!("/launches?{query}")).await.expect_status(200);
        for after in [hidden, nothing] {
            let page = client.get(&format!("/launches?{query}after={after}")).await.expect_status(200);
            assert_eq!(names(&page), names(&first), "{query}");
        }
    }
    let page = client.get(&format!("/launches?after={hidden}")).await.expect_status(200).body;
    let other = client.get(&format!("/launches?after={nothing}")).await.expect_status(200).body;
    assert_eq!(page.replace(&hidden.to_string(), ""), other.replace(&nothing.to_string(), ""));
}

/// The names of a list, with the verdict shown in each row.
async fn verdicts(client: &Client, query: &str) -> Vec<(String, String)> {
    let page = client.get(&format!("/launches{query}")).await.expect_status(200);
    names(&page).into_iter().zip(page.texts("[data-verdict]")).collect()
}

#[tokio::test]
async fn launch_list_follows_the_clock_without_an_event() {
    let payments = Launch::payments().make().await;
    payments.resolve_all().await;
    payments.sign_all().await;
    let client = &payments.member;
    let verdict = |words: &str| vec![("Payments".to_owned(), words.to_owned())];
    assert_eq!(verdicts(client, "?verdict=go").await, verdict("Ready"));
    let stored = "SELECT computed_at FROM launch_summaries";
    let before: Moment = sqlx::query_scalar(stored).fetch_one(&payments.app.owner).await.unwrap();
    // The target and the slip pass: a list by verdict computes the summary before it is filtered.
    payments.app.state.clock.advance(100 * 365 * 86_400);
    let client = &payments.app.session(&payments.member.person).await;
    assert_eq!(verdicts(client, "").await, verdict("Not ready"), "what is shown is computed for the page");
    let unchanged: Moment = sqlx::query_scalar(stored).fetch_one(&payments.app.owner).await.unwrap();
    assert_eq!(unchanged, before, "a list in another order writes nothing");
    assert_eq!(verdicts(client, "?verdict=go").await, []);
    assert_eq!(verdicts(client, "?verdict=no_go").await, verdict("Not ready"));
    let after: Moment = sqlx::query_scalar(stored).fetch_one(&payments.app.owner).await.unwrap();
    assert!(after > before);
}

/// Leaves the summaries as a migration or a server of the release before does.
async fn outdate_summaries(payments: &Launch) {
    let outdated = "UPDATE launch_summaries SET seq = 0, computed_at = '-infinity', holds_until = '-infinity',
                        verdict = NULL, resolved = 0, total = 0, signatures = '[]'";
    sqlx::query(outdated).execute(&payments.app.owner).await.unwrap();
}

#[tokio::test]
async fn launches_without_a_summary_are_computed_by_the_list_and_by_the_job() {
    let payments = Launch::payments().make().await;
    payments.resolve_all().await;
    for n in 0..52 {
        make_launch(&payments, &format!("Launch {n:02}"), "2098-05-01T09:00", "UTC", false).await;
    }
    let client = &payments.member;
    let lists = ["", "?sort=progress", "?verdict=no_go&sort=name", "?sort=verdict", "?view=board", "?sort=name&q=pay"];
    let mut expected = Vec::new();
    for query in lists {
        expected
            .push(client.get(&format!("/launches{query}")).await.expect_status(200).texts("tbody tr, .launch-card"));
    }
    outdate_summaries(&payments).await;
    assert_eq!(client.get("/launches").await.expect_status(200).texts("tbody tr, .launch-card"), expected[0]);
    let incomplete = client.get("/launches?verdict=no_go").await.expect_status(200).body;
    assert!(incomplete.contains("are being computed again"), "more than a request computes");
    let complete = client.get("/launches?verdict=no_go").await.expect_status(200).body;
    assert!(!complete.contains("are being computed again"), "the rest");
    outdate_summaries(&payments).await;
    let state = &payments.app.state;
    queue::make_regular_jobs(&state.db, state.clock.now()).await.unwrap();
    assert_eq!(jobs::run_due(state, JobKind::Summaries).await.unwrap(), 1);
    let left = "SELECT count(*) FROM launch_summaries s JOIN launches l ON l.id = s.launch_id
                WHERE s.seq <> l.seq OR s.holds_until = '-infinity'";
    let left: i64 = sqlx::query_scalar(left).fetch_one(&payments.app.owner).await.unwrap();
    assert_eq!(left, 0);
    for (query, expected) in lists.into_iter().zip(expected) {
        assert_eq!(
            client.get(&format!("/launches{query}")).await.expect_status(200).texts("tbody tr, .launch-card"),
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn launch_list_by_verdict_is_shown_while_the_database_takes_no_writes() {
    let payments = Launch::payments().make().await;
    outdate_summaries(&payments).await;
    // For the connections that are opened from now on, and for those that are open.
    let database: String =
        sqlx::query_scalar("SELECT current_database()").fetch_one(&payments.app.owner).await.unwrap();
    let statement = format!("ALTER DATABASE \"{database}\" SET default_transaction_read_only = on");
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&payments.app.owner).await.unwrap();
    let db = &payments.app.state.db;
    let mut connections = Vec::new();
    for _ in 0..db.size() {
        connections.push(db.acquire().await.unwrap());
    }
    for connection in &mut connections {
        sqlx::query("SET default_transaction_read_only = on").execute(&mut **connection).await.unwrap();
    }
    drop(connections);
    let page = payments.member.get("/launches?sort=verdict").await.expect_status(200);
    assert_eq!(names(&page), ["Payments"]);
    assert_eq!(page.texts("[data-verdict]"), ["Not ready"], "what is shown is computed for the page");
    assert!(page.body.contains("are being computed again"), "the order may be wrong");
}

#[tokio::test]
async fn summary_is_out_of_date_after_a_change_by_an_older_server() {
    let payments = Launch::payments().make().await;
    let client = &payments.member;
    // It writes the launch's row, and knows of no summaries.
    let row = "UPDATE launches SET target_at = target_at + interval '1 day', seq = seq + 1";
    sqlx::query(row).execute(&payments.app.owner).await.unwrap();
    let is_marked: bool = sqlx::query_scalar(
        "SELECT s.holds_until = '-infinity' AND s.target_at = l.target_at FROM launch_summaries s, launches l",
    )
    .fetch_one(&payments.app.owner)
    .await
    .unwrap();
    assert!(is_marked);
    sqlx::query("UPDATE launches SET target_at = target_at - interval '1 day', seq = seq - 1")
        .execute(&payments.app.owner)
        .await
        .unwrap();
    // The next change by this server writes both.
    payments.mark(client, "backups", ItemState::Done).await;
    let (seq, resolved, held): (i64, i32, bool) =
        sqlx::query_as("SELECT seq, resolved, holds_until > now() FROM launch_summaries")
            .fetch_one(&payments.app.owner)
            .await
            .unwrap();
    assert_eq!((seq, resolved, held), (payments.state().await.seq, 1, true));
}

#[tokio::test]
async fn empty_launch_list_says_what_to_do_first() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    let page = client.get("/launches").await.expect_status(200);
    assert_eq!(page.attribute(".empty a", "href").as_deref(), Some("/launches/new"));
    let page = client.get("/launches?q=ledger").await.expect_status(200);
    assert_eq!(page.attribute(".empty a", "href").as_deref(), Some("/launches"));
    let page = client.get("/launches/calendar").await.expect_status(200);
    assert_eq!(page.texts(".empty h2"), ["No launches ahead"]);
    let auditor = app.sign_in(crate::helpers::auditor()).await;
    assert_eq!(
        auditor.get("/launches").await.expect_status(200).attribute(".empty a", "href").as_deref(),
        Some("/launches?show=all")
    );
}

/// The days of a calendar that have launches, each with their names.
fn days(page: &Answer) -> Vec<(String, Vec<String>)> {
    use scraper::Selector;
    let select = |selector| Selector::parse(selector).unwrap();
    let (cells, day, link) = (select("td:has(.entries)"), select("time.day"), select(".entries a"));
    let html = page.html();
    let days = html.select(&cells).map(|cell| {
        let day = cell.select(&day).next().unwrap().attr("datetime").unwrap().to_owned();
        (day, cell.select(&link).map(|link| link.text().collect()).collect())
    });
    days.collect()
}

#[tokio::test]
async fn launch_calendar_shows_days_in_the_readers_time_zone() {
    let payments = Launch::payments().make().await;
    make_launch(&payments, "Night", "2098-03-31T23:30", "Europe/Lisbon", false).await;
    make_launch(&payments, "Early", "2098-03-10T06:00", "Asia/Tokyo", false).await;
    make_launch(&payments, "Later", "2098-03-10T09:00", "UTC", false).await;
    make_launch(&payments, "Secret", "2098-03-10T10:00", "UTC", true).await;
    let off = make_launch(&payments, "Off", "2098-03-10T11:00", "UTC", false).await;
    run_command(&payments, off, Command::Cancel { reason: new_text("no longer") }).await;
    let client = &payments.member;
    let day = |day: &str, names: &[&str]| (day.to_owned(), names.iter().map(ToString::to_string).collect());
    let page = client.get("/launches/calendar?month=2098-03").await.expect_status(200);
    assert_eq!(
        days(&page),
        [day("2098-03-09", &["Early"]), day("2098-03-10", &["Later"]), day("2098-03-31", &["Night"])]
    );
    assert!(
        page.texts(".entries li")[0].contains("21:00 , there Mon 06:00 Asia/Tokyo"),
        "{:?}",
        page.texts(".entries li")
    );
    assert!(page.texts(".head .meta")[0].contains("in your time zone, UTC"));
    assert_eq!(page.texts(".calendar caption"), ["March 2098, 3 launches"]);
    assert_eq!(page.texts("h1"), ["March 2098"]);
    // For a reader in Tokyo, the launch at night in Lisbon falls into the next month.
    client.post("/account/zone", &[("zone", "Asia/Tokyo")]).await.expect_status(303);
    let page = client.get("/launches/calendar?month=2098-03").await.expect_status(200);
    assert_eq!(days(&page), [day("2098-03-10", &["Early", "Later"])]);
    let page = client.get("/launches/calendar?month=2098-04").await.expect_status(200);
    assert_eq!(days(&page), [day("2098-04-01", &["Night"])]);
    // An empty month links to the nearest months with launches; hidden ones do not count.
    let page = client.get("/launches/calendar?month=2098-06").await.expect_status(200);
    assert_eq!(page.texts(".empty a"), ["April 2098", "January 2099"]);
    let page = payments.owner.get("/launches/calendar?month=2098-03").await.expect_status(200);
    assert_eq!(days(&page)[1], day("2098-03-10", &["Later", "Secret"]));
    // An invalid month shows the current one.
    for odd in ["", "2098-13", "x", "0000-01", "99999-12", "%00"] {
        let answer = client.get(&format!("/launches/calendar?month={odd}")).await;
        assert_eq!(answer.status, if odd == "%00" { 400 } else { 200 }, "{odd}");
    }
    for end in ["1970-01", "9990-12"] {
        client.get(&format!("/launches/calendar?month={end}")).await.expect_status(200);
    }
}

#[tokio::test]
async fn checklist_page_shows_a_burn_up_chart_from_the_second_day() {
    let payments = Launch::payments().make().await;
    payments.mark(&payments.member, "backups", ItemState::Done).await;
    let page = payments.member.get(&format!("/launches/{}", payments.id)).await.expect_status(200);
    // On the first day there is a sentence instead of a line.
    assert!(
        page.texts(".burn-up summary")[0].starts_with("Burn-up 1 of 3 resolved, "),
        "{:?}",
        page.texts(".burn-up summary")
    );
    assert!(page.texts(".burn-up figcaption")[0].ends_with("The line begins tomorrow."));
    assert!(page.texts(".burn-up svg").is_empty());
    // From the next day on, there is a picture with a description, and a table behind it.
    payments.app.state.clock.advance(2 * 86_400);
    let browser = payments.app.session(&payments.member.person).await;
    let page = browser.get(&format!("/launches/{}", payments.id)).await.expect_status(200);
    assert_eq!(page.texts(".burn-up svg > title").len(), 1);
    assert_eq!(page.texts(".burn-up tbody tr").len(), 3);
    assert!(page.texts(".burn-up tbody tr")[0].ends_with("1 2"), "{:?}", page.texts(".burn-up tbody tr"));
}

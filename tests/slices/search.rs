//! Search: what is found, what is not, and what must stay hidden.

use reqwest::Method;
use scraper::Selector;
use signoff::{
    access::store::find_account,
    ambient,
    domain::{
        ids::{CommentId, EvidenceId, LaunchId, UserId},
        launch::{
            access::{Actor, may_view},
            command::{Command, NewEvidence, NewLaunch},
            event::Policy,
            texts::{SearchScope, TextField},
        },
        time::LocalTime,
    },
    web::idempotency::new_text,
};
use sqlx::Executor as _;
use strum::IntoEnumIterator as _;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::helpers::{
    Setting, TestApp, admin,
    checklists::{self, PAYMENTS_CHECKLIST, publish},
    client::{Answer, Client},
    launch::Launch,
    member,
};

/// The address of a search for this.
fn search(q: &str) -> String {
    let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
    format!("/search?q={q}")
}

/// The texts of matching elements without added spaces: a mark within a word does not split it.
fn full_texts(answer: &Answer, selector: &str) -> Vec<String> {
    let (page, selector) = (answer.html(), Selector::parse(selector).unwrap());
    page.select(&selector).map(|found| found.text().collect()).collect()
}

/// The results by kind, each with the titles of its lines.
fn results(answer: &Answer) -> Vec<(String, Vec<String>)> {
    let kinds = ["launches", "items", "comments", "evidence"];
    let titles = kinds.map(|kind| (kind.to_owned(), full_texts(answer, &format!("#{kind} .title"))));
    titles.into_iter().filter(|(_, titles)| !titles.is_empty()).collect()
}

async fn search_results(client: &Client, q: &str) -> Vec<(String, Vec<String>)> {
    results(&client.get(&search(q)).await.expect_status(200))
}

fn of(kind: &str, titles: &[&str]) -> (String, Vec<String>) {
    (kind.to_owned(), titles.iter().map(ToString::to_string).collect())
}

fn note(launch: &Launch, key: &str, evidence: EvidenceId, words: &str) -> Command {
    let content = NewEvidence::Note(new_text(words));
    Command::AttachEvidence { item: launch.item(key), evidence, content, observed_on: None, valid_until: None }
}

fn comment(launch: &Launch, key: &str, comment: CommentId, words: &str) -> Command {
    Command::AddComment { item: launch.item(key), comment, body: new_text(words) }
}

/// Another launch of the same owner, from the same checklist.
async fn make_another_launch(launch: &Launch, name: &str, restricted: bool) -> LaunchId {
    let new = NewLaunch {
        id: ambient::new_id(),
        name: new_text(name),
        summary: Some(new_text("Moves the bookings to a new house.")),
        target: LocalTime::parse("2099-02-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
        policy: Policy::default(),
        restricted,
        version: launch.state().await.version.clone(),
    };
    let id = new.id;
    launch.app.state.record.create(&launch.app.state.db, launch.requester(&launch.owner), new).await.unwrap();
    id
}

#[tokio::test]
async fn search_finds_each_kind_and_links_to_it() {
    let launch = Launch::ledger().make().await;
    make_another_launch(&launch, "Harbour", false).await;
    let (comment_id, seen) = (ambient::new_id(), ambient::new_id());
    launch.run_command(&launch.owner, comment(&launch, "critical", comment_id, "The harbour master **agrees**.")).await;
    launch.run_command(&launch.owner, note(&launch, "required", seen, "harbour lights tested")).await;
    let link = NewEvidence::Link(new_text("https://example.org/harbour/runs?n=7"));
    let (item, evidence) = (launch.item("required"), ambient::new_id());
    launch
        .run_command(
            &launch.owner,
            Command::AttachEvidence { item, evidence, content: link, observed_on: None, valid_until: None },
        )
        .await;
    let page = launch.other.get(&search("harbour")).await.expect_status(200);
    assert_eq!(
        results(&page),
        [
            of("launches", &["Harbour"]),
            of("comments", &["The critical item"]),
            // Whole words come before parts of words.
            of("evidence", &["harbour lights tested", "https://example.org/harbour/runs?n=7"]),
        ]
    );
    let item = |key| launch.item(key);
    assert_eq!(
        page.attribute("#comments a.title", "href"),
        Some(format!("/items/{}#comment-{comment_id}", item("critical")))
    );
    assert_eq!(
        page.attribute("#evidence a.title", "href"),
        Some(format!("/items/{}#evidence-{seen}", item("required")))
    );
    assert_eq!(full_texts(&page, "#comments .snippet"), ["The harbour master **agrees**."]);
    assert_eq!(page.texts("mark"), ["Harbour", "harbour", "harbour", "harbour"]);
    assert_eq!(page.texts(".choices-bar a"), ["All 4", "Launches 1", "Comments 1", "Evidence 2"]);
    // A launch is found by its summary, which is then shown; an item is found by its guidance.
    let page = launch.other.get(&search("bookings house")).await.expect_status(200);
    assert_eq!(results(&page), [of("launches", &["Harbour"])]);
    assert_eq!(page.texts("#launches mark"), ["bookings", "house"]);
    let page = launch.other.get(&search("twice critical")).await.expect_status(200);
    assert_eq!(results(&page), [of("items", &["The critical item", "The critical item"])]);
    // The most recently changed launch comes first.
    assert_eq!(page.texts("#items li p.soft"), ["Ledger · Everything › Basics", "Harbour · Everything › Basics"]);
    // It has its state, and its assignee if it has one.
    assert_eq!(page.texts("#items .meta"), ["open", "open"]);
    assert_eq!(page.texts("#items .box.open.critical").len(), 2);
}

#[tokio::test]
async fn search_without_exact_matches_finds_partial_and_misspelt_words() {
    let launch = Launch::ledger().make().await;
    make_another_launch(&launch, "Payments, second generation", false).await;
    launch
        .run_command(
            &launch.owner,
            comment(&launch, "critical", ambient::new_id(), "backup-report_2026.pdf says the load test is done"),
        )
        .await;
    launch
        .run_command(&launch.owner, comment(&launch, "advisory", ambient::new_id(), "Übergabe in 東京データ, 50%_done"))
        .await;
    let client = &launch.other;
    for (q, title, only_like) in [
        ("payments", "Payments, second generation", false),
        ("PAYMENTS", "Payments, second generation", false),
        ("pay", "Payments, second generation", false),
        ("gener ment", "Payments, second generation", false),
        ("paymetns", "Payments, second generation", true),
        ("secnod paymetns", "Payments, second generation", true),
        ("report_2026", "The critical item", false),
        ("50%_", "The advisory item", false),
        ("5%", "", false),
        ("übergabe", "The advisory item", false),
        ("データ", "The advisory item", false),
        ("\"load test\"", "The critical item", false),
        ("\"test load\"", "", false),
        ("load -test", "", false),
        ("nowhere or test", "The critical item", false),
        ("is", "The critical item", false),
        ("zq", "", false),
    ] {
        let page = client.get(&search(q)).await.expect_status(200);
        let titles: Vec<String> = results(&page).into_iter().flat_map(|(_, titles)| titles).collect();
        let expected: Vec<&str> = [title].into_iter().filter(|title| !title.is_empty()).collect();
        assert_eq!(titles, expected, "{q}");
        assert_eq!(page.body.contains("No exact results"), only_like, "{q}");
    }
}

/// The result page of a search for hidden content, and one for something that does not exist.
async fn pages(client: &Client, hidden: &str, nothing: &str) -> [String; 2] {
    assert_eq!(hidden.len(), nothing.len());
    let mut pages = Vec::new();
    for q in [hidden, nothing] {
        for kind in ["", "&kind=launches", "&kind=items", "&kind=comments", "&kind=evidence", "&kind=items&page=2"] {
            let page = client.get(&format!("{}{kind}", search(q))).await.expect_status(200);
            pages.push(page.body.replace(q, "WORD"));
        }
    }
    let nothing = pages.split_off(pages.len() / 2);
    [pages.concat(), nothing.concat()]
}

#[tokio::test]
async fn search_for_hidden_content_answers_as_if_missing() {
    let launch = Launch::ledger().restricted().make().await;
    launch
        .run_command(&launch.owner, comment(&launch, "critical", ambient::new_id(), "the merger is called zanzibar"))
        .await;
    launch.run_command(&launch.owner, note(&launch, "required", ambient::new_id(), "xylophone signed by both")).await;
    let link = NewEvidence::Link(new_text("https://example.org/quicksilver"));
    let (item, evidence) = (launch.item("required"), ambient::new_id());
    launch
        .run_command(
            &launch.owner,
            Command::AttachEvidence { item, evidence, content: link, observed_on: None, valid_until: None },
        )
        .await;
    let hidden = ["zanzibar", "zanzi", "zanzibr", "xylophone", "quicksilver", "Ledger", "twice"];
    for (n, hidden) in hidden.into_iter().enumerate() {
        assert!(!search_results(&launch.owner, hidden).await.is_empty(), "{hidden}");
        assert!(!search_results(&launch.auditor, hidden).await.is_empty(), "{hidden}");
        // Another person each time, because of the rate limit.
        let outsider = launch.app.sign_in(member().named(&format!("Ora {n}"))).await;
        let [theirs, nothing] = pages(&outsider, hidden, &"qwxvkjzqwxvkjz"[..hidden.len()]).await;
        assert_eq!(theirs, nothing, "{hidden}");
    }
    // The same words in a visible launch: hidden results are not counted and take no place on a page.
    let open = make_another_launch(&launch, "Ledger", false).await;
    let page = launch.other.get(&search("ledger")).await.expect_status(200);
    assert_eq!(page.texts(".choices-bar a"), ["All 1", "Launches 1"]);
    assert_eq!(page.attribute("#launches a.title", "href"), Some(format!("/launches/{open}")));
    let page = launch.other.get(&search("twice")).await.expect_status(200);
    assert_eq!(page.texts(".choices-bar a"), ["All 4", "Items 4"]);
    assert_eq!(launch.owner.get(&search("twice")).await.texts(".choices-bar a"), ["All 8", "Items 8"]);
    // A similar word in a hidden launch does not hide one in a visible launch.
    make_another_launch(&launch, "Zanzibarr", false).await;
    assert_eq!(search_results(&launch.other, "zanzibar").await, [of("launches", &["Zanzibarr"])]);
}

#[tokio::test]
async fn search_and_lists_show_exactly_what_access_allows() {
    let launch = Launch::ledger().restricted().make().await;
    launch.run_command(&launch.owner, Command::AddParticipant { user: launch.member.person.id }).await;
    let open = make_another_launch(&launch, "Ledger", false).await;
    let open = launch.app.state.record.load(&launch.app.state.db, open).await.unwrap().unwrap();
    let launches = [launch.state().await, open];
    let ann = launch.app.sign_in(admin()).await;
    let mut seen = Vec::new();
    for (name, client) in [
        ("Olga Owner", &launch.owner),
        ("Sven Security", &launch.security),
        ("Mia Member", &launch.member),
        ("Otto Other", &launch.other),
        ("Ada Auditor", &launch.auditor),
        ("Ann Admin", &ann),
    ] {
        let mut conn = launch.app.owner.acquire().await.unwrap();
        let id: UserId =
            sqlx::query_scalar("SELECT id FROM users WHERE name = $1").bind(name).fetch_one(&mut *conn).await.unwrap();
        let account = find_account(&mut conn, id).await.unwrap().unwrap();
        let actor = Actor { id, roles: account.roles, active: account.active };
        for address in [
            search("ledger"),
            format!("{}&kind=items", search("twice")),
            "/launches".to_owned(),
            "/launches?sort=verdict".to_owned(),
        ] {
            let page = client.get(&address).await.expect_status(200);
            for launch_id in &launches {
                let item = format!("/items/{}", launch_id.items[0].id);
                let shown = page.body.contains(&format!("/launches/{}", launch_id.id)) || page.body.contains(&item);
                assert_eq!(shown, may_view(launch_id, &actor), "{name} {address} {}", launch_id.restricted);
                seen.push(shown);
            }
        }
    }
    assert_eq!(seen.iter().filter(|shown| !**shown).count(), 4, "one person, at each address");
}

#[tokio::test]
async fn search_finds_no_deleted_comment_and_marks_withdrawn_evidence() {
    let launch = Launch::ledger().make().await;
    let (remaining, gone, seen) = (ambient::new_id(), ambient::new_id(), ambient::new_id());
    launch.run_command(&launch.owner, comment(&launch, "critical", remaining, "first wording")).await;
    launch.run_command(&launch.owner, comment(&launch, "critical", gone, "regrettable")).await;
    launch.run_command(&launch.owner, note(&launch, "required", seen, "doubtful measurement")).await;
    assert_eq!(search_results(&launch.other, "regrettable").await, [of("comments", &["The critical item"])]);
    launch
        .run_command(&launch.owner, Command::EditComment { comment: remaining, body: new_text("second wording") })
        .await;
    launch.run_command(&launch.owner, Command::DeleteComment { comment: gone }).await;
    launch
        .run_command(&launch.owner, Command::WithdrawEvidence { evidence: seen, reason: new_text("wrong meter") })
        .await;
    assert!(search_results(&launch.other, "regrettable").await.is_empty());
    assert!(search_results(&launch.other, "\"first wording\"").await.is_empty());
    assert_eq!(search_results(&launch.other, "\"second wording\"").await, [of("comments", &["The critical item"])]);
    // Withdrawn evidence is still found, and marked.
    let page = launch.other.get(&search("doubtful")).await.expect_status(200);
    assert_eq!(results(&page), [of("evidence", &["doubtful measurement"])]);
    assert!(page.texts("#evidence .withdrawn .meta")[0].starts_with("withdrawn"));
    // A former name.
    let target = launch.state().await.details.target.clone();
    launch
        .run_command(
            &launch.owner,
            Command::ChangeDetails { name: new_text("Book of accounts"), summary: None, target },
        )
        .await;
    assert!(search_results(&launch.other, "ledger").await.is_empty());
    assert_eq!(search_results(&launch.other, "accounts").await, [of("launches", &["Book of accounts"])]);
    // Redaction: the value is deleted from the table, and so from the search.
    for words in ["second wording", "doubtful measurement", "Book of accounts"] {
        let deleted =
            sqlx::query("DELETE FROM texts WHERE value = $1").bind(words).execute(&launch.app.owner).await.unwrap();
        assert_eq!(deleted.rows_affected(), 1);
        assert!(search_results(&launch.other, words).await.is_empty(), "{words}");
    }
    // Its item is still found, in a launch whose name is redacted.
    assert!(
        launch.other.get(&search("twice")).await.expect_status(200).texts("#items p.soft")[0].contains("[redacted]")
    );
}

/// The answer to an address of this many characters, longer than any client would send.
async fn longest_line(launch: &Launch, length: usize) -> String {
    let mut stream = TcpStream::connect(launch.app.address).await.unwrap();
    let head = format!("GET /search?q={} HTTP/1.1\r\nhost: {}\r\n\r\n", "a".repeat(length), launch.app.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await.unwrap();
    line.trim().to_owned()
}

#[tokio::test]
async fn search_with_any_input_answers_or_explains_at_the_field() {
    let launch = Launch::ledger().make().await;
    let client = &launch.other;
    launch
        .run_command(
            &launch.owner,
            comment(&launch, "critical", ambient::new_id(), "<script>alert(1)</script> & \"needle\""),
        )
        .await;
    let page = client.get(&search("needle")).await.expect_status(200);
    assert!(page.body.contains("&lt;script&gt;") || page.body.contains("&#60;script&#62;"), "{}", page.body);
    assert!(!page.body.contains("<script>alert"));
    let page = client.get(&search("<script>alert(1)")).await.expect_status(200);
    assert!(!page.body.contains("<script>alert"));
    assert_eq!(page.texts("mark"), ["script>alert(1"]);
    for (address, status) in [
        ("/search", 200),
        ("/search?q=", 200),
        ("/search?q=%20%09%0A", 200),
        ("/search?q=%00", 400),
        ("/search?q=a%00b", 400),
        ("/search?q=%FF%FE", 422),
        ("/search?q=%07x", 422),
        ("/search?q=%E2%80%AEabc", 422),
        ("/search?q=%26%7C!()%3A*", 422),
        ("/search?q=-nothing", 422),
        ("/search?q=x%27%3B%20DROP%20TABLE%20texts%3B--", 200),
        ("/search?q=foo%20%3A*%20%3C-%3E%20!bar%20%26%20(baz%5C", 200),
        ("/search?q=%22unclosed", 200),
        ("/search?q=ledger&kind=nonsense&page=x", 200),
        ("/search?q=ledger&kind=launches&page=-3", 200),
        ("/search?q=ledger&kind=launches&page=9223372036854775807", 200),
        ("/search?q=ledger&q=twice", 400),
    ] {
        let answer = client.get(address).await;
        assert_eq!(answer.status, status, "{address}: {}", answer.body);
    }
    for length in [201, 60_000] {
        let answer = client.get(&search(&"a".repeat(length))).await.expect_status(422);
        assert_eq!(answer.texts("#q-error"), ["This is too long: at most 200 characters."]);
        assert_eq!(answer.attribute("#q", "value").map(|value| value.len()), Some(length), "what was typed is kept");
    }
    assert_eq!(longest_line(&launch, 100_000).await, "HTTP/1.1 431 Request Header Fields Too Large");
    assert!(client.get("/search").await.expect_status(200).texts("dl.hints dt").len() > 2, "it says what to type");
    let page = client.get(&search("ledger")).await.expect_status(200);
    assert_eq!(page.attribute("#q", "value").as_deref(), Some("ledger"));
}

#[tokio::test]
async fn search_results_are_counted_and_paged() {
    let launch = Launch::ledger().make().await;
    for n in 0..56 {
        launch
            .run_command(&launch.owner, comment(&launch, "critical", ambient::new_id(), &format!("remark number {n}")))
            .await;
    }
    launch.run_command(&launch.owner, comment(&launch, "advisory", ambient::new_id(), "unremarkable")).await;
    let client = &launch.other;
    let page = client.get(&search("remark")).await.expect_status(200);
    assert_eq!(page.texts("#comments .snippet").len(), 5);
    assert_eq!(page.texts("#comments header"), ["Comments 5 of 57 All 57 : Comments"]);
    let all = page.attribute("#comments header a", "href").unwrap();
    assert_eq!(all, "/search?q=remark&kind=comments");
    let (mut address, mut seen, mut ranges) = (all, Vec::new(), Vec::new());
    loop {
        let page = client.get(&address).await.expect_status(200);
        seen.extend(full_texts(&page, "#comments .snippet"));
        ranges.extend(page.texts(".pager .num"));
        match page.attribute(".pager a:last-child", "href").filter(|next| next.contains("page=")) {
            Some(next) => address = next,
            None => break,
        }
    }
    assert_eq!(ranges, ["1–25 of 57", "26–50 of 57", "51–57 of 57"]);
    assert_eq!((seen.len(), &*seen[0], &*seen[56]), (57, "remark number 55", "unremarkable"));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 57, "each once");
    let page = client.get("/search?q=remark&kind=comments&page=9").await.expect_status(200);
    assert_eq!(page.attribute(".empty a", "href").as_deref(), Some("/search?q=remark&kind=comments"));
    let page = client.get("/search?q=remark&kind=evidence").await.expect_status(200);
    assert_eq!(page.texts(".empty h2"), ["No results of this kind"]);
}

#[tokio::test]
async fn searches_over_the_rate_limit_are_refused() {
    let launch = Launch::ledger().make().await;
    let hasty = &launch.other;
    for n in 0..30 {
        hasty.get(&search(&format!("word{n}"))).await.expect_status(200);
    }
    let answer = hasty.get(&search("ledger")).await.expect_status(429);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    // The empty page, and input refused before the search, do not count towards the limit; nor are other people
    // limited.
    hasty.get("/search").await.expect_status(200);
    hasty.get(&search("&&")).await.expect_status(422);
    launch.member.get(&search("ledger")).await.expect_status(200);
    let head = hasty.request(Method::HEAD, &search("ledger"));
    assert_eq!(Client::send(head).await.status, 429);
}

#[tokio::test]
async fn search_over_its_time_limit_says_so() {
    let launch = Launch::ledger().make().await;
    let mut held = launch.app.owner.begin().await.unwrap();
    held.execute("LOCK TABLE texts IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let answer = launch.other.get(&search("ledger")).await.expect_status(422);
    assert_eq!(answer.texts("#q-error"), ["This search takes too long. Write a longer or a less common word."]);
    held.rollback().await.unwrap();
    // The connection is still usable, and its next borrower has the usual timeout again.
    let limit: String = sqlx::query_scalar("SHOW statement_timeout").fetch_one(&launch.app.state.db).await.unwrap();
    assert_eq!(limit, "30s");
    assert_eq!(search_results(&launch.other, "ledger").await.len(), 1);
}

/// How often each index of the texts was used, and how often the table was scanned.
async fn index_scans(launch: &Launch) -> (i64, i64, i64) {
    // Each connection reports its statistics on request.
    for mut connection in [launch.app.state.db.acquire().await.unwrap(), launch.app.state.db.acquire().await.unwrap()] {
        connection.execute("SELECT pg_stat_force_next_flush()").await.unwrap();
    }
    sqlx::query_as(
        "SELECT (SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'texts_words_idx'),
                (SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'texts_parts_idx'),
                (SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'texts')",
    )
    .fetch_one(&launch.app.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn search_in_ten_thousand_texts_uses_the_indexes() {
    let set = vec![("SIGNOFF_DATABASE_CONNECTIONS", "2".to_owned())];
    let launch = Launch::ledger().setting(Setting { set, ..Setting::default() }).make().await;
    sqlx::query(
        "INSERT INTO texts (commitment, launch_id, seq, field, thing, salt, value)
         SELECT sha256(n::text::bytea), $1, 1, 'comment', gen_random_uuid(), sha256(n::text::bytea),
                'remark ' || md5(n::text) || ' on item ' || md5((n % 97)::text)
         FROM generate_series(1, 10000) n",
    )
    .bind(launch.id)
    .execute(&launch.app.owner)
    .await
    .unwrap();
    launch.app.owner.execute("ANALYZE texts").await.unwrap();
    for name in ["needle in the haystack", "Needles"] {
        make_another_launch(&launch, name, false).await;
    }
    let before = index_scans(&launch).await;
    for q in ["needle", "neddle", "needle haystack", "\"the haystack\""] {
        assert!(!search_results(&launch.other, q).await.is_empty(), "{q}");
    }
    let after = index_scans(&launch).await;
    assert!(after.0 > before.0 && after.1 > before.1, "{before:?} {after:?}");
    assert_eq!(after.2, before.2, "the table was read from end to end");
}

/// The indexes and the queries use the functions; the program has the rule.
#[tokio::test]
async fn searchable_fields_of_the_database_are_those_of_the_program() {
    let app = TestApp::start().await;
    for field in TextField::iter() {
        let (everywhere, in_history_only): (bool, bool) =
            sqlx::query_as("SELECT is_searchable($1), is_searchable_in_history_only($1)")
                .bind(field)
                .fetch_one(&app.owner)
                .await
                .unwrap();
        let scope = match (everywhere, in_history_only) {
            (true, false) => SearchScope::Everywhere,
            (false, true) => SearchScope::HistoryOnly,
            (false, false) => SearchScope::Nowhere,
            (true, true) => panic!("{field:?} is in both"),
        };
        assert_eq!(scope, field.search_scope(), "{field:?}");
    }
}

/// An index over some rows is of use only where the planner sees that the query asks for those alone.
#[tokio::test]
async fn searches_use_the_indexes_of_searchable_texts() {
    let app = TestApp::start().await;
    let mut connection = app.owner.acquire().await.unwrap();
    sqlx::query("SET enable_seqscan = off").execute(&mut *connection).await.unwrap();
    for (query, index) in [
        (
            "is_searchable(field) AND to_tsvector('simple', normalize(value)) @@ websearch_to_tsquery('simple', 'x')",
            "texts_words_idx",
        ),
        ("is_searchable(field) AND normalize(value) ILIKE '%something%'", "texts_parts_idx"),
        ("is_searchable_in_history_only(field) AND normalize(value) ILIKE '%something%'", "texts_reasons_parts_idx"),
    ] {
        let query = format!("EXPLAIN SELECT value FROM texts WHERE {query}");
        let plan: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(&mut *connection).await.unwrap();
        assert!(plan.join("\n").contains(index), "{index}: {plan:#?}");
    }
}

#[tokio::test]
async fn text_is_found_in_whichever_unicode_form_it_is_stored_and_asked_for() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    let launch = Launch::payments().make().await;
    // Before texts were normalized, this could be stored.
    let (item, target) =
        (launch.item("backups"), LocalTime::parse("2099-01-01T09:00", "UTC".parse().unwrap()).unwrap());
    let name = format!("The {decomposed} opens");
    let rename = Command::ChangeDetails { name: new_text(&*name), summary: None, target };
    launch.run_command(&launch.owner, rename).await;
    let body = new_text(format!("Ask the {decomposed}teria"));
    launch.run_command(&launch.member, Command::AddComment { item, comment: ambient::new_id(), body }).await;
    // This is how a text is stored now.
    let comments = launch.item_path("runbook", "/comments");
    launch.member.post(&comments, &[("body", &format!("{decomposed} once more"))]).await.expect_status(303);
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT value FROM texts WHERE field = 'comment' AND value LIKE '%once more'")
            .fetch_all(&launch.app.owner)
            .await
            .unwrap();
    assert_eq!(stored, [format!("{composed} once more")]);

    for query in [composed, decomposed] {
        let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let found = launch.member.get(&search(query)).await.expect_status(200);
        assert_eq!(
            results(&found),
            [
                of("launches", &[&format!("The {composed} opens")]),
                of("comments", &["Runbook written", "Backups restored"]),
            ],
            "whole words, then parts: {query:?}"
        );
        assert_eq!(full_texts(&found, "#launches mark"), [composed], "{query:?}");
        let part = launch.member.get(&search(&format!("{query}ter"))).await.expect_status(200);
        assert_eq!(results(&part), [of("comments", &["Backups restored"])], "a part of a word: {query:?}");
        let list = launch.member.get(&format!("/launches?q={encoded}")).await.expect_status(200);
        assert!(list.body.contains(&launch.id.to_string()), "{query:?}");
        for log in [launch.path("history"), "/audit".to_owned()] {
            let page = launch.auditor.get(&format!("{log}?text={encoded}")).await.expect_status(200);
            let mut kinds = page.attributes(".log > li[data-kind]", "data-kind");
            kinds.sort();
            assert_eq!(kinds, ["comment_added", "comment_added", "details_changed"], "{log} {query:?}");
        }
    }
}

#[tokio::test]
async fn search_in_a_launch_without_a_match_shows_items_with_similar_words() {
    let launch = Launch::payments().make().await;
    let find = async |text: &str| {
        let page = launch.member.get(&launch.path(&format!("?q={text}")).replace("/?", "?")).await.expect_status(200);
        (page.texts("li.item a.title"), page.texts(".similar-results, .empty p:not(.row)"))
    };
    assert_eq!(find("backup").await, (vec!["Backups restored".to_owned()], vec![]));
    for text in ["bakup", "bakups%20restord"] {
        let (items, note) = find(text).await;
        assert_eq!(items, ["Backups restored"], "{text}");
        assert!(note[0].ends_with("in its title. These have similar words."), "{note:?}");
    }
    assert_eq!(find("zzzzz").await, (vec![], vec!["No items match \u{201c}zzzzz\u{201d}.".to_owned()]));
}

#[tokio::test]
async fn found_item_is_shown_without_marks_of_emphasis() {
    let mut launch = Launch::payments().make().await;
    let item = "- [ ] **Runbook** written {#runbook; role=operations}\n  Set `lock_timeout` first.\n";
    let plain = "- [ ] Runbook written {#runbook; role=operations}\n";
    launch.version = publish(&launch.app, checklists::parse(&PAYMENTS_CHECKLIST.replace(plain, item))).await;
    launch.id = ambient::new_id();
    launch.make_another(launch.id, false).await;
    let page = launch.member.get(&search("lock_timeout")).await.expect_status(200);
    let found = page.texts("main li").join(" ");
    assert!(found.contains("Runbook written") && found.contains("first."), "{found}");
    assert!(!found.contains(['*', '`']), "{found}");
}

//! Audit pages across launches: the log, who has which right since when, and log entries about hidden launches.

use reqwest::Method;
use serde_json::Value;
use signoff::{
    ambient,
    domain::launch::{command::Command, event::ItemState},
    web::idempotency::new_text,
};

use crate::helpers::{
    Launch, TestApp, admin,
    client::{Answer, Client},
};

async fn audit(launch: &Launch, query: &str) -> Answer {
    launch.auditor.get(&format!("/audit{query}")).await.expect_status(200)
}

/// The kinds on a page, in its order.
fn kinds(page: &Answer) -> Vec<String> {
    page.attributes(".log > li[data-kind]", "data-kind")
}

/// Two launches with several events, and an installation with entries in its log.
async fn eventful() -> (Launch, Client) {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let other = ambient::new_id();
    launch.make_another(other, true).await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let invitation = [("name", "Ivo Invited"), ("email", "ivo@example.org"), ("roles", "member")];
    admin.post("/admin/invitations", &invitation).await.expect_status(303);
    launch.sign(&launch.security, "security", "go", &[("password", "wrong")]).await.expect_status(422);
    let roles = [("roles", "member"), ("roles", "admin")];
    admin.post(&format!("/admin/people/{}/roles", launch.owner.person.id), &roles).await.expect_status(303);
    let body = new_text("a needle in a haystack");
    launch
        .run_command(
            &launch.owner,
            Command::AddComment { item: launch.item("runbook"), comment: ambient::new_id(), body },
        )
        .await;
    (launch, admin)
}

#[tokio::test]
async fn audit_log_shows_every_event_by_time() {
    let (launch, admin) = eventful().await;
    let page = audit(&launch, "?kind=all").await;
    let kinds = kinds(&page);
    assert_eq!(kinds[..5], ["comment_added", "roles_changed", "proof_refused", "invited", "item_marked"]);
    assert_eq!(kinds.iter().filter(|kind| *kind == "launch_created").count(), 2, "restricted ones, too");
    let lines = page.texts(".log > li .what");
    for (line, part) in [
        (0, "Olga Owner commented on Runbook written · Payments a needle in a haystack"),
        (1, "Ann Admin changed the roles of Olga Owner Roles from Member to Admin, Member"),
        (2, "Sven Security gave a wrong password; nothing was signed · Payments"),
        (3, "Ann Admin invited Ivo Invited Roles Member"),
        (4, "Mia Member marked Backups restored from open to blocked"),
    ] {
        assert!(lines[line].starts_with(part), "{part}: {}", lines[line]);
    }
    admin.get("/audit").await.expect_status(200);
}

#[tokio::test]
async fn audit_log_without_a_filter_shows_what_happened_to_launches() {
    let (launch, _) = eventful().await;
    let page = audit(&launch, "").await;
    assert_eq!(kinds(&page)[..3], ["comment_added", "proof_refused", "item_marked"]);
    assert_eq!(page.texts(".choices-bar [aria-current]"), ["Launches"]);
    assert_eq!(page.texts(".choices-bar a")[..3], ["Launches", "Accounts and security", "Everything"]);
    let page = audit(&launch, "?kind=installation").await;
    assert_eq!(kinds(&page), ["roles_changed", "invited"]);
    assert_eq!(page.texts(".pager .soft"), ["2 matches"]);
    // Two launches have an event of the same number.
    let mut ids = page.attributes("[id]", "id");
    ids.extend(audit(&launch, "").await.attributes(".log > li", "id"));
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "{ids:?}");
}

#[tokio::test]
async fn audit_log_filters_like_a_history() {
    let (launch, _) = eventful().await;
    for (query, expected) in [
        ("?kind=comments", vec!["comment_added"]),
        ("?kind=accounts", vec!["roles_changed", "invited"]),
        ("?kind=invited", vec!["invited"]),
        ("?kind=refusals", vec!["proof_refused"]),
        ("?text=NEEDLE%20hay", vec!["comment_added"]),
        ("?text=because", vec!["item_marked"]),
        ("?text=backups", vec!["item_marked"]),
        ("?text=needle&kind=items", vec![]),
        ("?to=2001-01-01", vec![]),
        ("?from=2099-01-01", vec![]),
        ("?kind=invited&from=2001-01-01&to=2099-01-01", vec!["invited"]),
        ("?kind=nonsense", vec![]),
        ("?actor=me", vec![]),
        ("?before=x", vec![]),
        // It has no such filter.
        ("?kind=invited&item=nothing", vec!["invited"]),
    ] {
        let page = audit(&launch, query).await;
        assert_eq!(kinds(&page), expected, "{query}");
        let everything = page.attribute(".empty a", "href").as_deref() == Some("/audit?kind=all");
        assert_eq!(expected.is_empty(), everything, "{query}");
    }
    let security = launch.security.person.id;
    assert_eq!(kinds(&audit(&launch, &format!("?actor={security}")).await), ["proof_refused"]);
    let owner = launch.owner.person.id;
    let page = audit(&launch, &format!("?actor={owner}&kind=settings")).await;
    assert_eq!(kinds(&page), ["launch_created"; 2]);
    assert_eq!(page.attribute("option[selected]", "value"), Some(owner.to_string()));
}

#[tokio::test]
async fn audit_log_text_search_over_its_time_limit_says_so() {
    let launch = Launch::payments().make().await;
    let mut held = launch.app.owner.begin().await.unwrap();
    sqlx::query("LOCK TABLE texts IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let page = audit(&launch, "?text=needle").await;
    assert_eq!(page.texts(".empty h2"), ["The search took too long"]);
    held.rollback().await.unwrap();
    assert_eq!(audit(&launch, "?text=needle").await.texts(".empty h2"), ["Nothing here"]);
}

#[tokio::test]
async fn long_audit_log_pages_show_each_entry_once() {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let item = launch.item("runbook");
    for n in 0..30 {
        let body = new_text(format!("remark {n}"));
        launch.run_command(&launch.member, Command::AddComment { item, comment: ambient::new_id(), body }).await;
        let (name, email) = (format!("Guest {n}"), format!("guest{n}@example.org"));
        let form = [("name", name.as_str()), ("email", email.as_str()), ("roles", "member")];
        admin.post("/admin/invitations", &form).await.expect_status(303);
    }
    let remark = |n| Command::AddComment { item, comment: ambient::new_id(), body: new_text(format!("remark {n}")) };
    // All of these at the same time.
    launch.run_commands(&launch.member, (0..60).map(remark).collect()).await;
    for filter in ["?kind=all", "?kind=comments", "?text=remark"] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("/audit{filter}")));
        while let Some(path) = next {
            let page = launch.auditor.get(&path).await.expect_status(200);
            seen.extend(page.attributes(".log > li[data-kind]", "id"));
            next = page.attribute(".pager a[rel=next]", "href");
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        let expected = if filter == "?kind=all" { 4 + 90 + 30 } else { 90 };
        assert_eq!((seen.len(), all), (expected, expected), "{filter}");
    }
}

#[tokio::test]
async fn rights_page_names_who_gave_the_rights_of_an_invited_account() {
    let app = TestApp::start().await;
    let (ada, bert) = (app.sign_in(admin().named("Ada Admin")).await, app.sign_in(admin().named("Bert Boss")).await);
    let fields = [("name", "Aude Auditor"), ("email", "aude@example.org"), ("roles", "auditor")];
    ada.post("/admin/invitations", &fields).await.expect_status(303);
    let link = ada.get("/admin").await.attribute("#f-link", "value").unwrap();
    let path = format!("/invitations/{}", link.split_once("/invitations/").unwrap().1);
    let join = [("name", "Aude Auditor"), ("password", "a long and unguessable phrase")];
    app.client().post(&path, &join).await.expect_status(303);
    let page = bert.get("/audit/rights").await.expect_status(200);
    let row = |page: &Answer| page.texts("tbody tr").into_iter().find(|row| row.starts_with("Aude Auditor")).unwrap();
    assert!(row(&page).contains("by Ada Admin"), "{}", row(&page));
    assert!(!row(&page).contains("by Aude"), "{}", row(&page));
}

#[tokio::test]
async fn rights_page_shows_who_may_do_what_since_when() {
    let (launch, admin) = eventful().await;
    let owner = launch.owner.person.id;
    let page = admin.get("/audit/rights").await.expect_status(200);
    let row = |name: &str| page.texts("tbody tr").into_iter().find(|row| row.starts_with(name)).unwrap();
    assert!(row("Olga Owner").contains("by Ann Admin"), "{}", row("Olga Owner"));
    assert!(row("Mia Member").contains("from the beginning"));
    launch.run_command(&launch.owner, Command::AddParticipant { user: launch.member.person.id }).await;
    let seq = launch.state().await.seq;
    let page = launch.auditor.get(&format!("/audit/rights/{owner}")).await.expect_status(200);
    assert_eq!(page.attributes("[data-part]", "data-part"), ["Owner", "Owner"]);
    let page = launch.auditor.get(&format!("/audit/rights/{}", launch.member.person.id)).await.expect_status(200);
    assert_eq!(page.attributes("[data-part]", "data-part"), ["Participant"]);
    assert!(page.attributes("[data-part] a", "href").contains(&launch.path(&format!("history/{seq}"))));
    let page = launch.auditor.get(&format!("/audit/rights/{}", launch.security.person.id)).await.expect_status(200);
    assert_eq!(page.attributes("[data-part]", "data-part"), ["Holder of Security", "Holder of Security"]);
    // After being removed and named again, they hold the role since then.
    let role = || "security".parse().unwrap();
    let user = launch.security.person.id;
    launch.run_command(&launch.owner, Command::RemoveHolder { role: role(), user }).await;
    launch.run_command(&launch.owner, Command::AddHolder { role: role(), user }).await;
    let page = launch.auditor.get(&format!("/audit/rights/{user}")).await.expect_status(200);
    assert!(page.attributes("[data-part] a", "href").contains(&launch.path(&format!("history/{}", seq + 2))));
    for missing in ["x", "00000000-0000-0000-0000-000000000000"] {
        admin.get(&format!("/audit/rights/{missing}")).await.expect_status(404);
    }
}

#[tokio::test]
async fn audit_log_is_readable_only_by_auditors_and_admins() {
    let launch = Launch::payments().make().await;
    for page in ["/audit", "/audit/rights", "/audit/installation.csv", "/audit/installation.jsonl"] {
        launch.owner.get(page).await.expect_status(403);
        launch.member.get(page).await.expect_status(403);
        assert!(launch.app.client().get(page).await.location().starts_with("/login"));
    }
    assert!(launch.app.installation_log().await.is_empty());
    let home = |client: &Client| {
        let client = client.clone();
        async move { client.get("/").await.expect_status(200).attributes("nav a", "href").contains(&"/audit".to_owned()) }
    };
    assert!(home(&launch.auditor).await);
    assert!(!home(&launch.member).await);
}

#[tokio::test]
async fn audit_log_export_ends_with_its_own_entry() {
    let (launch, admin) = eventful().await;
    let head = admin.request(Method::HEAD, "/audit/installation.csv");
    Client::send(head).await.expect_status(200);
    let before = launch.app.installation_log().await;
    let answer = launch.auditor.get("/audit/installation.jsonl").await.expect_status(200);
    let logged: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(logged.len(), before.len() + 1);
    assert_eq!(logged.last().unwrap()["entry"]["event"]["kind"], "log_exported");
    assert_eq!(logged[0]["sentence"], "invited Ivo Invited");
    let answer = admin.get("/audit/installation.csv").await.expect_status(200);
    let mut reader = csv::Reader::from_reader(answer.body.strip_prefix('\u{feff}').unwrap().as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), logged.len() + 1);
    assert_eq!(&rows.last().unwrap()[5], "exported the audit log as a table (CSV)");
    assert_eq!(launch.app.installation_log().await[before.len()..], ["log_exported"; 2]);
    let sizes: Vec<i64> = sqlx::query_scalar(
        "SELECT size FROM checkpoints WHERE log = '00000000-0000-0000-0000-000000000000' AND cause = 'export' ORDER BY size",
    )
    .fetch_all(&launch.app.owner)
    .await
    .unwrap();
    assert_eq!(sizes, [logged.len() as i64, logged.len() as i64 + 1]);
}

async fn hidden_launch_entries(app: &TestApp) -> Vec<Value> {
    app.installation_entries(&["launch_refused", "launches_refused"]).await
}

#[tokio::test]
async fn request_for_a_hidden_launch_is_logged_like_a_missing_one() {
    let launch = Launch::payments().make().await;
    let hidden = ambient::new_id();
    launch.make_another(hidden, true).await;
    let nothing = signoff::domain::ids::LaunchId(ambient::new_opaque_id());
    let item = |of| signoff::domain::ids::ItemId::from_key(of, &"backups".parse().unwrap());
    let requests = [
        (format!("/launches/{hidden}"), format!("/launches/{nothing}")),
        (format!("/launches/{hidden}/history"), format!("/launches/{nothing}/history")),
        (format!("/items/{}", item(hidden)), format!("/items/{}", item(nothing))),
    ];
    for (of_hidden, of_nothing) in &requests {
        for path in [of_hidden, of_nothing] {
            launch.member.get(path).await.expect_status(404);
        }
    }
    launch.member.post(&format!("/launches/{hidden}/notes"), &[("notes", "x")]).await.expect_status(404);
    let mut entries = hidden_launch_entries(&launch.app).await;
    assert_eq!(entries.len(), 7, "{entries:#?}");
    for entry in &mut entries {
        assert_eq!(entry["actor"]["name"], "Mia Member");
        // Only these fields and the requested ids differ.
        for own in ["index", "at", "request"] {
            entry[own] = Value::Null;
        }
        entry["event"]["asked"] = Value::Null;
    }
    entries.dedup();
    assert_eq!(entries.len(), 1, "{entries:#?}");
    assert_eq!(entries[0]["launch"], Value::Null);
    // An invalid id hides nothing and is not logged; neither is a launch that the person may see.
    launch.member.get("/launches/no-id").await.expect_status(404);
    launch.member.get(&launch.path("history/999")).await.expect_status(404);
    launch.auditor.get(&format!("/launches/{hidden}")).await.expect_status(200);
    assert_eq!(hidden_launch_entries(&launch.app).await.len(), 7);
    // Ten are logged singly, then a count.
    for _ in 0..13 {
        launch.member.get(&requests[0].0).await.expect_status(404);
    }
    let entries = hidden_launch_entries(&launch.app).await;
    assert_eq!(entries.len(), 11, "{entries:#?}");
    // Each is recorded in its own task, so that the count may come before the last single entry.
    let counts: Vec<_> = entries.iter().filter(|entry| entry["event"]["kind"] == "launches_refused").collect();
    assert_eq!(counts.len(), 1, "{entries:#?}");
    assert_eq!(counts[0]["event"]["count"], 20);
    let page = audit(&launch, "?kind=launch_refused").await;
    assert!(
        page.texts(".log > li .what")[0]
            .starts_with("Mia Member requested a launch, or a part of one, that does not exist")
    );
}

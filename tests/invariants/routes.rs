//! All routes, from the application's own list: who has access, from which origin, and with what headers. A new route
//! is tested here automatically.

use reqwest::Method;
use signoff::{
    app,
    domain::launch::access::ActKind,
    web::route::{ProofRequirement, Right, Route},
};
use sqlx::AssertSqlSafe;

use crate::helpers::{
    TestApp,
    client::{Answer, Client},
    installation::Installation,
    people::PASSWORD,
};

/// The headers of every answer.
const HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", "default-src 'none'"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-request-id", ""),
];

/// Values that name nothing, for any address part.
const NOTHING: [&str; 6] =
    ["00000000-0000-4000-8000-000000000000", "no-id", "-1", "99999999999999999999999", "%F0%9F%92%A3", "..%2F"];

/// Readable routes that are no pages: a stream, the file and thumbnails of evidence that has one, and exports, which
/// are themselves recorded.
const NOT_PAGES: [&str; 13] = [
    "/live",
    // A part of a page.
    "/rows",
    "/file",
    "/thumbnail",
    "/preview",
    "/evidence.zip",
    "/bundle.zip",
    "/receipt.json",
    "/history.csv",
    "/history.jsonl",
    "/installation.csv",
    "/installation.jsonl",
    // A redirect.
    "/as-of",
];

/// Tables to which reading a launch, or a refused request, writes.
const TABLES_WRITTEN_BY_READING: [&str; 4] = ["read_marks", "installation_events", "installation_log", "tree_nodes"];

/// The content of the database, table by table.
async fn dump_tables(app: &TestApp) -> Vec<(String, String)> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
            .fetch_all(&app.owner)
            .await
            .unwrap();
    let mut all = Vec::new();
    for table in tables {
        let query = format!("SELECT coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM {table} t");
        all.push((table, sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&app.owner).await.unwrap()));
    }
    all
}

/// The same without the tables that reading writes to.
async fn dump_tables_not_written_by_reading(app: &TestApp) -> Vec<(String, String)> {
    let mut tables = dump_tables(app).await;
    tables.retain(|(table, _)| !TABLES_WRITTEN_BY_READING.contains(&table.as_str()));
    tables
}

#[track_caller]
fn assert_security_headers(answer: &Answer, address: &str) {
    for (name, begins) in HEADERS {
        let value = answer.header(name);
        let begins = if name == "referrer-policy" && has_secret_address(address) { "strict-origin" } else { begins };
        assert!(!value.is_empty() && value.starts_with(begins), "{address}: {name}: {value}");
    }
    assert!(!answer.header("content-security-policy").contains("unsafe"), "{address}");
}

/// Whether the address works for whoever has it, so that no other site may see it.
fn has_secret_address(address: &str) -> bool {
    let secret = app::routes().into_iter().filter(|route| route.path.contains("{token}"));
    secret
        .map(|route| route.path)
        .any(|path| path.split_once("{token}").is_some_and(|(before, _)| address.starts_with(before)))
}

fn is_changing(route: &Route) -> bool {
    assert_eq!(route.changes, route.method == Method::POST, "{}", route.path);
    route.changes
}

#[tokio::test]
async fn every_route_when_signed_out_redirects_to_login_unchanged() {
    let installation = Installation::make().await;
    let anon = &installation.launch.anon;
    let before = dump_tables(&installation.launch.app).await;
    for route in app::routes().iter().filter(|route| route.right != Right::Public) {
        let address = installation.address(route, None);
        let answer = if is_changing(route) {
            anon.post(&address, &[]).await.expect_status(401)
        } else {
            let answer = anon.get(&address).await;
            assert!(answer.location().starts_with("/login"), "{address}");
            answer
        };
        assert_security_headers(&answer, &address);
    }
    assert_eq!(dump_tables(&installation.launch.app).await, before);
}

#[tokio::test]
async fn every_changing_route_from_another_site_is_refused() {
    let installation = Installation::make().await;
    let before = dump_tables_not_written_by_reading(&installation.launch.app).await;
    let here = format!("http://{}", installation.launch.app.address);
    // The same host with another scheme, another port, no port, and a longer name.
    let secure = here.replace("http://", "https://");
    let (other_port, no_port, longer) = ("http://127.0.0.1:1", "http://127.0.0.1", format!("{here}.evil.example"));
    let routes = app::routes();
    // Mail programs end mails, whatever they say about where they come from (RFC 8058): the address is the right to do so.
    let is_one_click = |route: &&Route| route.path == "/unsubscribe/{token}";
    let changing: Vec<&Route> =
        routes.iter().filter(|route| is_changing(route)).filter(|route| !is_one_click(route)).collect();
    assert!(changing.len() > 40, "{}", changing.len());
    for route in changing {
        let address = installation.address(route, None);
        for headers in [
            vec![],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("sec-fetch-site", "same-site"), ("origin", here.as_str())],
            vec![("origin", "null")],
            vec![("origin", "https://evil.example")],
            vec![("origin", secure.as_str())],
            vec![("origin", other_port)],
            vec![("origin", no_port)],
            vec![("origin", longer.as_str())],
            vec![("referer", here.as_str())],
        ] {
            let sent = installation.entitled_client(route).form(&address, &[("password", PASSWORD)]);
            let sent = headers.iter().fold(sent, |sent, (name, value)| sent.header(*name, *value));
            let answer = Client::send(sent).await;
            assert_eq!(answer.status, 403, "{address} {headers:?}");
            assert_security_headers(&answer, &address);
        }
    }
    assert_eq!(dump_tables_not_written_by_reading(&installation.launch.app).await, before);
}

#[tokio::test]
async fn every_route_with_a_made_up_address_part_is_not_found() {
    let installation = Installation::make().await;
    let before = dump_tables_not_written_by_reading(&installation.launch.app).await;
    let mut found = Vec::new();
    for route in &app::routes() {
        if route.path == "/unsubscribe/{token}" {
            // Addresses with a secret may be tried 30 times, and once more after each ten seconds.
            installation.launch.app.state.clock.advance(60);
        }
        for part in 0..route.path.matches('{').count() {
            for nothing in NOTHING {
                // The version of a style sheet is for the browser's cache only, and is not checked.
                if route.path.starts_with("/assets/") && part == 0 {
                    continue;
                }
                let address = installation.address(route, Some((part, nothing)));
                let client = installation.entitled_client(route);
                let answer =
                    if is_changing(route) { client.post(&address, &[]).await } else { client.get(&address).await };
                if answer.status != 404 {
                    found.push(format!("{} {address}: {}", route.method, answer.status));
                }
                assert_security_headers(&answer, &address);
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(dump_tables_not_written_by_reading(&installation.launch.app).await, before);
}

#[tokio::test]
async fn auditor_reads_every_page_and_changes_nothing() {
    let installation = Installation::make().await;
    let auditor = &installation.launch.auditor;
    let app = &installation.launch.app;
    let (before, log) =
        (dump_tables_not_written_by_reading(app).await, installation.launch.app.installation_log().await.len());
    let routes = app::routes();
    // Public routes and one's own account are not restricted by rights, and an auditor marks what they have seen, and watches what
    // they may see.
    let asks = |route: &&Route| match route.right {
        Right::Launch(act) => act != ActKind::RequestEvidence && route.path != "/launches/{id}/watch",
        Right::Admin | Right::AuditReader => route.path != "/desk/visit",
        Right::SignedIn => route.path.starts_with("/launches"),
        Right::Public => false,
    };
    for route in routes.iter().filter(asks) {
        let address = installation.address(route, None);
        let for_members = matches!(route.path, "/launches/new" | "/launches/{id}/another");
        if for_members && !is_changing(route) || route.right == Right::Admin && !is_changing(route) {
            auditor.get(&address).await.expect_status(403);
        } else if is_changing(route) {
            let answer = auditor.post(&address, &[("password", PASSWORD)]).await.expect_status(403);
            assert_security_headers(&answer, &address);
        } else if !NOT_PAGES.iter().any(|ending| route.path.ends_with(ending)) {
            let answer = auditor.get(&address).await.expect_status(200);
            assert_security_headers(&answer, &address);
        }
    }
    assert_eq!(dump_tables_not_written_by_reading(app).await, before);
    let logged = installation.launch.app.installation_log().await.split_off(log);
    assert_eq!(logged, ["signing_refused"], "that they asked to sign is on record");
    let evidence_requests: Vec<&Route> =
        routes.iter().filter(|route| route.right == Right::Launch(ActKind::RequestEvidence)).collect();
    let [route] = evidence_requests[..] else { panic!("one route asks for evidence: {evidence_requests:?}") };
    auditor.post(&installation.address(route, None), &[("text", "The log of that day.")]).await.expect_status(303);
}

/// Admin actions on people, rights and policy take more than a session: every route is tried with a session without a
/// proof of identity for five minutes. Routes that ask for no proof are listed here.
#[tokio::test]
async fn every_admin_action_in_a_stale_session_asks_for_the_password() {
    let installation = Installation::make().await;
    let (app, admin) = (&installation.launch.app, &installation.admin);
    app.state.clock.advance(300);
    let before = dump_tables_not_written_by_reading(app).await;
    let routes = app::routes();
    let acts: Vec<&Route> = routes.iter().filter(|route| is_changing(route) && route.right == Right::Admin).collect();
    let mut tested = 0;
    for route in acts {
        // A webhook is added and removed with a proof, and its messages are sent without one.
        let sends_message =
            ["/admin/webhooks/{id}/test", "/admin/webhooks/deliveries/{id}/retry"].contains(&route.path);
        if sends_message || route.path.starts_with("/checklists/") {
            assert_eq!(route.proof, ProofRequirement::Nobody, "{}", route.path);
            continue;
        }
        tested += 1;
        let address = installation.address(route, None);
        for password in [None, Some(""), Some("a wrong guess")] {
            let mut form = vec![("roles", "member"), ("second_factor", "optional"), ("step", "publish")];
            form.extend(password.map(|password| ("password", password)));
            let answer = admin.post(&address, &form).await.expect_status(422);
            assert_eq!(answer.attributes("[data-proof-first] form", "action"), [address.as_str()], "{address}");
            assert_security_headers(&answer, &address);
        }
        if tested % 8 == 0 {
            // Wrong guesses are limited; a right one would be a proof for the other routes.
            app.state.clock.advance(600);
        }
    }
    assert!(tested >= 10, "{tested}");
    let everybody = [
        routes.iter().find(|route| route.path == "/launches/{id}/owner").unwrap().proof,
        routes.iter().find(|route| route.path == "/launches/{id}/decision").unwrap().proof,
    ];
    assert_eq!(everybody, [ProofRequirement::Admins, ProofRequirement::Nobody]);
    assert_eq!(dump_tables_not_written_by_reading(app).await, before);
}

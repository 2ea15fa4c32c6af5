//! User text with markup, formulas and line ends in it: shown as text on every page and in every export.

use std::{
    collections::HashMap,
    io::{Cursor, Read as _},
};

use futures_util::StreamExt as _;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use scraper::{Html, Selector};
use signoff::{app, jobs};

use super::field_names;
use crate::helpers::{
    Setting, TestApp, admin,
    client::{Answer, Client},
    installation::Installation,
    launch::Launch,
    member,
    people::PASSWORD,
    smtp::MailServer,
};

/// Breaks out of attributes, elements and scripts if anything lets it; pages are searched for its first characters.
const MARK: &str = "q9\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}";

/// The same for Markdown fields.
const MARKDOWN: &str = "q9 <script>alert(1)</script> [a](javascript:alert(1)) [b](data:text/html,x) ![c](https://e.example/c.png) <b onclick=alert(1)>d</b>";

/// A formula that a spreadsheet would compute.
const FORMULA: &str = "=HYPERLINK(\"https://e.example\",\"q9\")";

/// Asserts that a page runs no script, loads nothing from elsewhere and links to no script.
#[track_caller]
fn assert_inert(body: &str, address: &str) {
    let page = Html::parse_document(body);
    let all = Selector::parse("*").unwrap();
    for element in page.select(&all).map(|found| found.value()) {
        let name = element.name();
        assert!(!["iframe", "object", "embed", "base", "frame", "math"].contains(&name), "{address}: {name}");
        for (attribute, value) in element.attrs() {
            let value = value.trim().to_lowercase();
            assert!(!attribute.starts_with("on"), "{address}: <{name} {attribute}=\"{value}\">");
            assert!(!["style", "srcdoc", "ping"].contains(&attribute), "{address}: <{name} {attribute}>");
            let sends = ["action", "formaction"].contains(&attribute);
            let loads = sends || ["src", "href", "poster", "srcset", "xlink:href"].contains(&attribute);
            let runs = ["javascript:", "data:", "vbscript:"].iter().any(|scheme| value.starts_with(scheme));
            assert!(!(loads && runs), "{address}: <{name} {attribute}=\"{value}\">");
            let own = value.starts_with('/') && !value.starts_with("//");
            let fetched = ["img", "script", "link"].contains(&name) && loads;
            assert!(own || !(fetched || sends), "{address}: <{name} {attribute}=\"{value}\">");
        }
    }
    let scripts = Selector::parse("script").unwrap();
    for script in page.select(&scripts) {
        assert!(script.attr("src").is_some_and(|src| src.starts_with("/assets/")), "{address}: {}", script.html());
        assert_eq!(script.text().collect::<String>().trim(), "", "{address}");
    }
}

/// A launch with hostile text in every text field and in the names of its people.
async fn hostile_installation() -> Installation {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let launch = &installation.launch;
    sqlx::query("UPDATE users SET name = $1 || left(name, 9)").bind(MARK).execute(&launch.app.owner).await.unwrap();
    let at = |rest: &str| format!("/launches/{}{rest}", launch.id);
    let critical = |rest: &str| launch.item_path("critical", rest);
    let details = [("name", MARK), ("summary", MARK), ("target", "2099-01-01T09:00"), ("zone", "Europe/Lisbon")];
    launch.owner.post(&at("/details"), &details).await.expect_status(303);
    launch.owner.post(&at("/notes"), &[("notes", MARKDOWN)]).await.expect_status(303);
    // In an event stream, a line end would begin a new field.
    let reason = format!("{MARK}\n\nevent: forged\ndata: {{}}");
    launch.send_mark(&launch.member, "critical", "not_applicable", &reason).await.expect_status(303);
    launch.security.post(&critical("/agreement"), &[("verdict", "refuse"), ("reason", MARK)]).await.expect_status(303);
    launch.send_mark(&launch.member, "advisory", "blocked", MARK).await.expect_status(303);
    launch.member.post(&critical("/comments"), &[("body", MARKDOWN)]).await.expect_status(303);
    launch.member.post(&critical("/comments"), &[("body", FORMULA)]).await.expect_status(303);
    launch.auditor.post(&critical("/evidence-requests"), &[("text", MARK)]).await.expect_status(303);
    let form = Form::new().part("files", Part::bytes(&b"x"[..]).file_name(MARK)).text("note", FORMULA);
    let form = form.text("url", "https://e.example/?q9=%22><script>alert(1)</script>");
    launch.member.upload(&launch.item_path("required", "/evidence"), form).await.expect_status(303);
    let waiver = [("reason", MARK), ("control", MARK), ("expires_on", "2099-01-01")];
    launch.member.post(&launch.item_path("advisory", "/waivers"), &waiver).await.expect_status(303);
    let ready = launch.security.get(&at("/readiness.json")).await.body;
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    let digest = ready["digest"]["security"].as_str().unwrap();
    let form =
        [("role", "security"), ("verdict", "no_go"), ("digest", digest), ("comment", MARK), ("password", PASSWORD)];
    launch.security.post(&at("/signatures"), &form).await.expect_status(303);
    let invite = async |name: &str| {
        let invitation = [("name", name), ("email", "q9@example.org"), ("roles", "member")];
        installation.admin.post("/admin/invitations", &invitation).await
    };
    invite(MARK).await.expect_status(422);
    // Stored before such a name was refused.
    invite("Ina").await.expect_status(303);
    sqlx::query("UPDATE invitations SET name = $1").bind(MARK).execute(&launch.app.owner).await.unwrap();
    installation
}

#[tokio::test]
async fn hostile_text_stays_text_on_every_page_and_export() {
    let installation = hostile_installation().await;
    let launch = &installation.launch;
    let mut seen = 0;
    for route in app::routes().into_iter().filter(|route| route.method == Method::GET) {
        let address = installation.address(&route, None);
        let encoded: String = url::form_urlencoded::byte_serialize(MARK.as_bytes()).collect();
        for query in [String::new(), format!("?q={encoded}&show={encoded}&kind={encoded}&next={encoded}&select=on")] {
            for client in [&launch.owner, &launch.security, &launch.auditor, &installation.admin, &launch.anon] {
                let address = format!("{address}{query}");
                let answer = client.request(Method::GET, &address).send().await.unwrap();
                let kind = answer.headers().get("content-type").map_or("", |kind| kind.to_str().unwrap()).to_owned();
                if kind.starts_with("text/html") {
                    let body = answer.text().await.unwrap();
                    assert_inert(&body, &address);
                    seen += usize::from(body.contains("q9"));
                }
            }
        }
    }
    assert!(seen > 60, "it is on pages, as text: {seen}");
    for id in ["critical", "required", "advisory"] {
        for client in [&launch.owner, &launch.security] {
            let page = client.get(&launch.item_path(id, "")).await.expect_status(200);
            assert_inert(&page.body, id);
            assert!(page.body.contains("q9"), "{id}");
        }
    }
    check_live_stream(launch).await;
    check_tables(launch).await;
    for path in ["/readiness.json", "/checklist.md"] {
        let answer = launch.owner.get(&format!("/launches/{}{path}", launch.id)).await.expect_status(200);
        assert!(!answer.header("content-type").contains("html"), "{path}");
        if path.ends_with(".json") {
            let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            assert!(json["verdict"].is_string(), "{json}");
        }
    }
}

/// User text stays within the JSON of one line of an event stream.
async fn check_live_stream(launch: &Launch) {
    let path = format!("/launches/{}/live?since=3", launch.id);
    let mut stream = launch.other.request(Method::GET, &path).send().await.unwrap().bytes_stream();
    let mut received = String::new();
    while !received.contains("\n\n") {
        received.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(received.contains("q9"), "{received}");
    for line in received.lines().filter(|line| !line.is_empty()) {
        assert!(
            line == "event: change" || ["id: ", "data: {", ":"].iter().any(|begins| line.starts_with(begins)),
            "{line}"
        );
    }
    let data = received.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    assert!(data.parse::<serde_json::Value>().unwrap().to_string().contains("event: forged"), "as text: {data}");
}

/// No cell of a table begins like a formula.
async fn check_tables(launch: &Launch) {
    let path = format!("/launches/{}/evidence.zip", launch.id);
    let bytes = launch.owner.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut index = String::new();
    zip.by_index(zip.len() - 1).unwrap().read_to_string(&mut index).unwrap();
    let history = launch.owner.get(&format!("/launches/{}/history.csv", launch.id)).await.expect_status(200).body;
    for table in [index, history] {
        let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<HashMap<String, String>> = reader.deserialize().map(|row| row.unwrap()).collect();
        let cells: Vec<&String> = rows.iter().flat_map(HashMap::values).collect();
        assert!(cells.iter().any(|cell| *cell == &format!("'{FORMULA}")), "{cells:?}");
        assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{cells:?}");
    }
}

/// A name that contains an address or a header stays a name.
#[tokio::test]
async fn hostile_text_stays_out_of_mail_headers() {
    let server = MailServer::start().await;
    let app = TestApp::start_with(Setting { set: server.settings(), ..Setting::default() }).await;
    let admin = app.sign_in(admin()).await;
    sqlx::query("UPDATE users SET name = 'Ann\" <evil@e.example>, \"A'").execute(&app.owner).await.unwrap();
    let invite = async |name: &str, email: &str| {
        admin.post("/admin/invitations", &[("name", name), ("email", email), ("roles", "member")]).await
    };
    for (name, email) in [
        ("Ina\r\nBcc: evil@e.example", "ina@example.org"),
        ("Ina", "ina@example.org\r\nBcc: evil@e.example"),
        ("Ina", "ina@example.org, evil@e.example"),
        ("Ina", "ina@example.org>\r\nRCPT TO:<evil@e.example"),
    ] {
        invite(name, email).await.expect_status(422);
    }
    let name = "Ina\" <evil@e.example>, \"x\\";
    invite(name, "ina@example.org").await.expect_status(422);
    // Somebody may have such a name from before it was refused.
    let ina = app.person(&member()).await;
    sqlx::query("UPDATE users SET name = $1 WHERE id = $2").bind(name).bind(ina.id).execute(&app.owner).await.unwrap();
    app.client().post("/forgotten-password", &[("email", ina.email.as_str())]).await.expect_status(303);
    app.wait_for_background_work().await;
    jobs::send_due_mails(&app.state).await.unwrap();
    let [letter] = &server.take_letters()[..] else { panic!("one letter, to one address") };
    assert_eq!(letter.to, ina.email);
    let (heads, _) = letter.whole.split_once("\r\n\r\n").unwrap();
    let named: Vec<&str> = heads.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    assert_eq!(named.iter().filter(|name| name.eq_ignore_ascii_case("to")).count(), 1, "{heads}");
    assert!(!named.iter().any(|name| name.eq_ignore_ascii_case("bcc") || name.eq_ignore_ascii_case("cc")), "{heads}");
    let to: lettre::message::Mailboxes =
        heads.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().parse().unwrap();
    assert_eq!(to.iter().count(), 1, "{heads}");
}

/// Error pages repeat what was typed, and the requested address, as text.
#[tokio::test]
async fn hostile_text_in_a_refused_form_comes_back_as_text() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let launch = &installation.launch;
    let names = field_names();
    let mut came_back = 0;
    for route in app::routes().into_iter().filter(|route| route.method == Method::POST && route.path != "/logout") {
        let address = installation.address(&route, None);
        // With the field for role, part or node, the form is the one of the page.
        let own = [("role", "operations"), ("step", "cancel"), ("decision", "hold"), ("verdict", "no_go")];
        let typed: Vec<(&str, &str)> = names
            .iter()
            .map(|name| (name.as_str(), own.iter().find(|(known, _)| known == name).map_or(MARK, |(_, value)| *value)))
            .collect();
        for client in [&launch.owner, &launch.operations, &installation.admin, &launch.anon] {
            let answer: Answer = client.post(&address, &typed).await;
            if answer.header("content-type").starts_with("text/html") {
                assert_inert(&answer.body, &address);
                came_back += usize::from(answer.body.contains("q9"));
            }
        }
    }
    assert!(came_back > 40, "{came_back}");
    let encoded: String = url::form_urlencoded::byte_serialize(MARK.as_bytes()).collect();
    for path in ["/", "/launches/", "/items/", "/evidence/", "/assets/x/", "/invitations/", "/checklists/"] {
        for client in [&launch.owner, &launch.anon, &installation.admin] {
            let request = client.request(Method::GET, &format!("{path}{encoded}"));
            let answer = request.header("referer", format!("https://{encoded}/")).header("user-agent", "q9<script>");
            let body = answer.send().await.unwrap().text().await.unwrap();
            assert_inert(&body, path);
        }
    }
    // In a message that a page shows, injected markup is only text. The last value is a whole notice for `/account`.
    let client = launch.owner.clone();
    for planted in [
        MARK,
        "good\n<script>alert(1)</script>",
        "UkJ1eUpzWGVqaUdECgoKNwpnb29kCmphdmFzY3JpcHQ6eAoKPHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg",
    ] {
        let session = client.cookie("signoff").unwrap();
        let header = format!("signoff={session}; signoff-flash={}", planted.replace(['\n', ';'], ""));
        let request = client.request(Method::GET, "/account").header("cookie", header);
        let body = request.send().await.unwrap().text().await.unwrap();
        assert_eq!(
            body.contains("&#60;script&#62;alert(1)"),
            planted.starts_with("UkJ1"),
            "the whole notice is shown: {body}"
        );
        assert_inert(&body, "a planted message");
    }
}

/// The User-Agent is the signer's own input: it is stored with the signature, and no page shows it.
#[tokio::test]
async fn browser_of_a_signature_is_kept_as_sent_and_shown_on_no_page() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let launch = &installation.launch;
    let launch_path = format!("/launches/{}", launch.id);
    let ready = launch.security.get(&format!("{launch_path}/readiness.json")).await.expect_status(200);
    let ready: serde_json::Value = serde_json::from_str(&ready.body).unwrap();
    let digest = ready["digest"]["security"].as_str().unwrap();
    let form = [("role", "security"), ("verdict", "go"), ("digest", digest), ("password", PASSWORD)];
    let sent =
        launch.security.form(&format!("{launch_path}/signatures"), &form).header("sec-fetch-site", "same-origin");
    let browser = reqwest::header::HeaderValue::from_bytes("uaq7<script>\u{202e}".as_bytes()).unwrap();
    Client::send(sent.header("user-agent", browser)).await.expect_status(303);
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM texts WHERE value LIKE 'uaq7<script>%'")
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
    assert_eq!(stored, 1);
    let signature = launch.state().await.signatures.last().unwrap().record.id.to_string();
    let mut pages = 0;
    for route in app::routes().into_iter().filter(|route| route.method == Method::GET) {
        let mut address = installation.address(&route, None);
        if let Some((_, rest)) = address.strip_prefix("/signatures/").and_then(|rest| rest.split_once('/')) {
            address = format!("/signatures/{signature}/{rest}");
        }
        for client in [&launch.owner, &launch.auditor, &installation.admin] {
            let answer = client.request(Method::GET, &address).send().await.unwrap();
            let kind = answer.headers().get("content-type").map_or("", |kind| kind.to_str().unwrap()).to_owned();
            if kind.starts_with("text/html") || address.ends_with("/receipt.json") {
                pages += 1;
                assert!(!answer.text().await.unwrap().contains("uaq7"), "{address}");
            }
        }
    }
    assert!(pages > 60, "{pages}");
}

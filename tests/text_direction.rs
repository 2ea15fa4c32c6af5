//! Text in both directions: user text is isolated, so that it does not reorder the text around it.

use reqwest::multipart::{Form, Part};
use scraper::{ElementRef, Html, Node};
use signoff::domain::ids::ItemId;

use crate::helpers::{TestApp, admin, client::Client, member, people::PASSWORD};

/// `alef, bet, gimel`, with digits and a bracket that a browser would place elsewhere.
const RTL: &str = "\u{5d0}\u{5d1}\u{5d2} (12)";

fn is_rtl(text: &str) -> bool {
    text.chars().any(|c| ('\u{590}'..='\u{8ff}').contains(&c))
}

/// Removes the text between U+2068 and U+2069, which isolate text where there are no elements.
fn without_isolates(text: &str) -> String {
    let mut outside = text.split('\u{2068}');
    let mut kept = outside.next().unwrap_or_default().to_owned();
    kept.extend(outside.map(|rest| rest.split_once('\u{2069}').map_or(rest, |(_, after)| after)));
    kept
}

/// The right-to-left texts of a page that are not isolated, each with its element.
fn texts_without_isolation(page: &Html) -> Vec<String> {
    let mut found = Vec::new();
    for node in page.tree.nodes() {
        let Node::Text(text) = node.value() else { continue };
        if !is_rtl(&without_isolates(text)) {
            continue;
        }
        let around: Vec<ElementRef<'_>> = node.ancestors().filter_map(ElementRef::wrap).collect();
        // A window's title is plain text; what a script makes elements of is isolated then.
        let apart = |it: &ElementRef<'_>| {
            matches!(it.value().name(), "bdi" | "title" | "template")
                || it.attr("dir") == Some("auto")
                // The bytes of an event are shown in their order.
                || (it.value().name() == "pre" && it.attr("dir") == Some("ltr"))
        };
        if !around.iter().any(apart) {
            let parent = around.first().map_or_else(String::new, ElementRef::html);
            found.push(parent.chars().take(200).collect());
        }
    }
    found
}

/// The fields that contain such a text without `dir="auto"`.
fn fields_without_direction(page: &Html) -> Vec<String> {
    let fields = scraper::Selector::parse("input:not([type=hidden]):not([hidden]), textarea, option").unwrap();
    let fields = page.select(&fields).filter(|field| {
        let text = format!("{}{}", field.attr("value").unwrap_or_default(), field.text().collect::<String>());
        is_rtl(&text) && field.attr("dir") != Some("auto")
    });
    fields.map(|field| field.html().chars().take(200).collect()).collect()
}

async fn ids_in(app: &TestApp, table: &str) -> Vec<uuid::Uuid> {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT id FROM {table}"))).fetch_all(&app.owner).await.unwrap()
}

/// A launch with right-to-left text in every text field; returns its pages.
async fn pages(app: &TestApp, owner: &Client, holder: &Client, holder_id: &str, admin: &Client) -> Vec<String> {
    let list = format!(
        "# {RTL} list\n\n{RTL} intro.\n\n## {RTL} part\n\n### {RTL} section\n\n- [ ] {RTL} parent {{#one; critical; role=security}}\n  \
         {RTL} guidance.\n  - [ ] {RTL} child {{#two}}\n- [ ] {RTL} third {{#three}}\n\n## Sign-off\n\n**{RTL} role:** ____ {{role=security}}\n"
    );
    let import = Form::new().text("markdown", list.clone()).text("step", "publish");
    let version = admin.upload("/checklists/import", import).await.location().to_owned();
    let checklist = version.split("/versions").next().unwrap().to_owned();
    let id = ids_in(app, "checklist_versions").await.remove(0).to_string();
    let fields = [
        ("name", RTL),
        ("summary", RTL),
        ("checklist", &*id),
        ("target", "2099-01-01T09:00"),
        ("zone", "Europe/Lisbon"),
    ];
    let made = owner.post("/launches", &fields).await.location().to_owned();
    let launch = made.split('/').nth(2).unwrap().to_owned();
    let at = |page: &str| format!("/launches/{launch}{page}");
    let item = |key: &str| ItemId::from_key(launch.parse().unwrap(), &key.parse().unwrap());
    let [one, two, three] = ["one", "two", "three"].map(|key| format!("/items/{}", item(key)));
    let holders = [("role", "security"), ("user", holder_id), ("action", "add")];
    owner.post(&at("/holders"), &holders).await.expect_status(303);
    owner.post(&at("/participants"), &[("user", holder_id), ("action", "add")]).await.expect_status(303);
    owner.post(&at("/notes"), &[("notes", RTL)]).await.expect_status(303);
    let state = |state: &'static str| [("state", state), ("reason", RTL), ("version", "1")];
    owner.post(&format!("{one}/state"), &state("not_applicable")).await.expect_status(303);
    holder.post(&format!("{one}/agreement"), &[("verdict", "refuse"), ("reason", RTL)]).await.expect_status(303);
    owner.post(&format!("{two}/state"), &state("blocked")).await.expect_status(303);
    owner.post(&format!("{one}/assignment"), &[("assignee", holder_id)]).await.expect_status(303);
    let file = Part::bytes(b"x".to_vec()).file_name(format!("{RTL}.log"));
    let evidence = Form::new().part("files", file).text("note", RTL).text("url", "https://ci.example.org/1");
    owner.upload(&format!("{three}/evidence"), evidence).await.expect_status(303);
    let withdrawn = ids_in(app, "evidence").await.remove(0);
    owner.post(&format!("/evidence/{withdrawn}/withdrawal"), &[("reason", RTL)]).await.expect_status(303);
    owner.post(&format!("{three}/comments"), &[("body", RTL)]).await.expect_status(303);
    let waiver = [("reason", RTL), ("control", RTL), ("expires_on", "2098-12-31")];
    owner.post(&format!("{two}/waivers"), &waiver).await.expect_status(303);
    let asked = ids_in(app, "waivers").await.remove(0);
    holder
        .post(&format!("/waivers/{asked}/approval"), &[("verdict", "approve"), ("reason", RTL)])
        .await
        .expect_status(303);
    let digest = owner.get(&at("/readiness.json")).await.expect_status(200).body;
    let digest: serde_json::Value = serde_json::from_str(&digest).unwrap();
    let digest = digest["digest"]["security"].as_str().unwrap().to_owned();
    let signature =
        [("role", "security"), ("verdict", "no_go"), ("digest", &*digest), ("comment", RTL), ("password", PASSWORD)];
    holder.post(&at("/signatures"), &signature).await.expect_status(303);
    owner.post(&at("/decision"), &[("decision", "hold"), ("reason", RTL)]).await.expect_status(303);
    let draft = format!("{checklist}/draft");
    admin.post(&format!("{draft}/parts"), &[("title", &*format!("{RTL} new"))]).await.expect_status(303);
    let section = admin.get(&draft).await.attribute(".edit-part li a.title", "href").unwrap();
    let inside = admin.get(&section).await.attribute("#items a.title", "href").unwrap();
    let signed = ids_in(app, "signatures").await.remove(0);
    let mut pages: Vec<String> =
        ["", "/settings", "/evidence", "/go-no-go", "/history", "/as-of/9", "/compare?from=2", "/history/9"]
            .map(at)
            .into();
    pages.extend([one, two, three, "/".to_owned(), "/launches".to_owned(), "/launches/new".to_owned()]);
    pages.extend(["/checklists".to_owned(), checklist.clone(), version, draft.clone(), section, inside]);
    pages.extend([format!("{draft}/publication"), format!("{draft}/discard"), at("?select=on")]);
    pages.extend(
        ["/launches/calendar?month=2099-01", "/admin", "/admin/security", "/audit", "/audit/rights"].map(str::to_owned),
    );
    pages.extend([format!("/signatures/{signed}"), "/account".to_owned(), "/checklists/import".to_owned()]);
    pages.push(format!("/search?q={}", "%D7%90%D7%91%D7%92"));
    pages
}

#[tokio::test]
async fn right_to_left_text_is_isolated_on_every_page() {
    let app = TestApp::start().await;
    let owner = app.sign_in(member().named(&format!("Olga {RTL}"))).await;
    let person = app.person(&member().named(&format!("{RTL} Sven"))).await;
    let holder = app.session(&person).await;
    let admin = app.sign_in(admin().named(&format!("Ann {RTL}"))).await;
    let pages = pages(&app, &owner, &holder, &person.id.to_string(), &admin).await;
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (who, client) in [("owner", &owner), ("holder", &holder), ("admin", &admin)] {
        for page in &pages {
            let answer = client.get(page).await;
            if answer.status != 200 {
                continue;
            }
            let html = answer.html();
            seen += usize::from(is_rtl(&answer.body));
            wrong.extend(texts_without_isolation(&html).into_iter().map(|found| format!("{who} {page}: {found}")));
            wrong.extend(
                fields_without_direction(&html).into_iter().map(|found| format!("{who} {page}, field: {found}")),
            );
        }
    }
    assert!(seen > 40, "{seen} pages have such a text");
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

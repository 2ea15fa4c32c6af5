//! Where there is exactly one of something, no page says `1 items`.

use reqwest::multipart::{Form, Part};
use scraper::Node;

use crate::helpers::{TestApp, admin, client::Answer, filled_launch::ids_in, member};

/// Verbs that follow a number, as in `event 1 has`.
const NO_PLURALS: [&str; 8] = ["is", "was", "has", "hashes", "as", "this", "its", "covers"];

/// The places that count one thing in the plural.
fn wrong_counts(page: &Answer) -> Vec<String> {
    let html = page.html();
    let mut text = String::new();
    for node in html.tree.nodes() {
        let in_text = |name: &str| !matches!(name, "script" | "style" | "title" | "option" | "time" | "pre" | "code");
        let Node::Text(part) = node.value() else { continue };
        let inside = node.ancestors().filter_map(scraper::ElementRef::wrap).all(|it| in_text(it.value().name()));
        if inside {
            text.push_str(part);
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_plural = |word: &str| {
        let word = word.trim_end_matches(|c: char| !c.is_alphabetic());
        word.len() > 2 && word.ends_with('s') && word.chars().all(char::is_lowercase) && !NO_PLURALS.contains(&word)
    };
    let one = words.windows(2).filter(|pair| pair[0] == "1" && is_plural(pair[1])).map(|pair| pair.join(" "));
    let range = words.windows(3).filter(|three| *three == ["1", "to", "1"]).map(|three| three.join(" "));
    one.chain(range).collect()
}

#[tokio::test]
async fn pages_with_one_of_each_count_it_in_the_singular() {
    let app = TestApp::start().await;
    let (owner, admin) = (app.sign_in(member().named("Olga Owner")).await, app.sign_in(admin()).await);
    let list =
        "# One\n\n- [ ] Only {#only; critical; role=security}\n\n## Sign-off\n\n**Security:** ____ {role=security}\n";
    let import = Form::new().text("markdown", list).text("step", "publish");
    let version = admin.upload("/checklists/import", import).await.location().to_owned();
    let checklist = version.split("/versions").next().unwrap().to_owned();
    let id = ids_in(&app, "checklist_versions").await.remove(0).to_string();
    let fields =
        [("name", "One"), ("summary", ""), ("checklist", &*id), ("target", "2099-01-01T09:00"), ("zone", "UTC")];
    let launch = owner.post("/launches", &fields).await.location().split('/').nth(2).unwrap().to_owned();
    let launch = format!("/launches/{launch}");
    let mut pages: Vec<String> =
        ["", "/settings", "/evidence", "/go-no-go", "/history", "/as-of/1", "/compare", "/history/1", "/verification"]
            .map(|page| format!("{launch}{page}"))
            .into();
    let item = format!("/items/{}", ids_in(&app, "items").await.remove(0));
    let draft = format!("{checklist}/draft");
    pages.extend([item.clone(), "/".to_owned(), "/launches".to_owned(), "/launches?show=all".to_owned()]);
    pages.extend(
        ["/launches/new", "/launches/calendar?month=2099-01", "/checklists", "/audit", "/audit/rights"]
            .map(str::to_owned),
    );
    pages.extend([
        checklist.clone(),
        version,
        draft.clone(),
        format!("{draft}/publication"),
        format!("{draft}/discard"),
    ]);
    pages.extend(["/admin", "/admin/security", "/admin/operations", "/search?q=only", "/account"].map(str::to_owned));
    pages.push(format!("{launch}?select=on"));
    let mut wrong = Vec::new();
    let mut look = async |after: &str| {
        for page in &pages {
            for client in [&owner, &admin] {
                let found = wrong_counts(&client.get(page).await);
                wrong.extend(found.into_iter().map(|found| format!("{page} after {after}: {found}")));
            }
        }
    };
    look("its creation").await;
    let file = Part::bytes(b"x".to_vec()).file_name("one.log");
    owner.upload(&format!("{item}/evidence"), Form::new().part("files", file)).await.expect_status(303);
    owner.post(&format!("{item}/comments"), &[("body", "One")]).await.expect_status(303);
    admin.post(&format!("{draft}/parts"), &[("title", "Second")]).await.expect_status(303);
    look("one file, one comment and one change of the draft").await;
    owner.get(&format!("{launch}/history.csv")).await.expect_status(200);
    owner.get(&format!("{launch}/evidence.zip")).await.expect_status(200);
    owner.post(&format!("{launch}/policy"), &[("slip_days", "1"), ("separation_of_duties", "off")]).await;
    look("its exports").await;
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

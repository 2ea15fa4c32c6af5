//! The command palette as a page, and help.

use crate::helpers::{
    Launch, TestApp, admin, auditor,
    client::{Answer, Client},
    lead, member,
};

/// The titles of a group of results.
fn titles(page: &Answer, group: &str) -> Vec<String> {
    page.texts(&format!("[data-go={group}] a.title"))
}

async fn go(client: &Client, query: &str) -> Answer {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    client.get(&format!("/go?q={query}")).await.expect_status(200)
}

async fn item_title(launch: &Launch) -> String {
    launch.owner.get(&format!("/items/{}", launch.item("backups"))).await.texts("h1").remove(0)
}

#[tokio::test]
async fn palette_finds_pages_launches_items_and_people_in_spite_of_a_mistake() {
    let launch = Launch::payments().make().await;
    let app = &launch.app;
    let admin = app.sign_in(admin()).await;
    let page = admin.get("/go").await.expect_status(200);
    assert_eq!(titles(&page, "launches"), [launch.state().await.name()], "what changed last");
    for page in titles(&page, "pages") {
        let found = titles(&go(&admin, &page).await, "pages");
        assert_eq!(found.first(), Some(&page));
    }
    for address in page.attributes("[data-go=pages] a.title", "href") {
        admin.get(&address).await.expect_status(200);
    }
    assert_eq!(titles(&go(&admin, "secruity").await, "pages"), ["Security"]);
    let name = launch.state().await.name().to_owned();
    let word = name.split(' ').next().unwrap().to_owned();
    assert_eq!(titles(&go(&admin, &word).await, "launches"), [name]);
    let item = item_title(&launch).await;
    let found = go(&admin, &item).await;
    assert!(titles(&found, "items").contains(&item), "{}", found.body);
    assert_eq!(titles(&go(&admin, "mia membr").await, "people"), ["Mia Member"]);
    assert_eq!(titles(&go(&admin, "mia.member@").await, "people"), ["Mia Member"]);
}

#[tokio::test]
async fn palette_shows_only_what_one_may_see() {
    let launch = Launch::payments().make().await;
    let restriction = format!("/launches/{}/restriction", launch.id);
    launch.owner.post(&restriction, &[("restricted", "on")]).await.expect_status(303);
    let name = launch.state().await.name().to_owned();
    let item = item_title(&launch).await;
    let outsider = launch.app.sign_in(lead("outside")).await;
    for query in ["", &name, &item, "Mia Member"] {
        let page = go(&outsider, query).await;
        for group in ["launches", "items", "people"] {
            assert_eq!(titles(&page, group), Vec::<String>::new(), "{query}");
        }
        assert!(!titles(&page, "pages").iter().any(|page| page == "Security" || page == "Audit"));
    }
    assert_eq!(titles(&go(&launch.owner, &name).await, "launches"), [name.as_str()]);
    let auditor = launch.app.sign_in(auditor().named("Otto Auditor")).await;
    assert_eq!(titles(&go(&auditor, &name).await, "launches"), [name.as_str()]);
    assert!(!titles(&go(&auditor, "").await, "pages").iter().any(|page| page == "Make a launch"));
    launch.app.client().get("/go?q=x").await.expect_status(303);
}

#[tokio::test]
async fn palette_answers_any_query() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    for query in ["%", "_", "' OR 1=1", "\"", "-", "\u{202e}", "<b>", "a", "ß"] {
        go(&client, query).await;
    }
    let page = go(&client, &"x".repeat(201)).await;
    assert_eq!(page.texts("#go-error").len(), 1);
    assert_eq!(page.texts("[data-go]").len(), 0);
    assert_eq!(go(&client, "zzzzzzz").await.texts("main a.button"), ["Search everything"]);
}

#[tokio::test]
async fn help_has_the_keys_and_a_page_for_each_role() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    assert_eq!(client.get("/launches").await.attribute(".bar a[href='/help']", "aria-label").as_deref(), Some("Help"));
    let page = client.get("/help").await.expect_status(200);
    assert!(page.texts("kbd").len() >= 9);
    let topics = page.attributes(".help-topics a", "href");
    assert_eq!(topics.len(), 5);
    for address in &topics {
        let page = client.get(address).await.expect_status(200);
        let answers = if address.ends_with("/member") { 6 } else { 5 };
        assert_eq!(page.texts(".panel h2").len(), answers, "{address}");
        assert_eq!(page.attributes(".tabs [aria-current=page]", "href"), [address.as_str()]);
    }
    client.get("/help/king").await.expect_status(404);
    client.post("/account/language", &[("language", "de")]).await.expect_status(303);
    assert_eq!(client.get("/help").await.texts("h1"), ["Hilfe"]);
}

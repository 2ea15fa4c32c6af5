//! A row of the checklist says whose item it is, who marked it, what it lacks and when it opens; a section in which
//! nothing is left to do is folded.

use crate::helpers::{client::Answer, launch::Launch};

/// The selector of something in the row of an item.
fn in_row(launch: &Launch, key: &str, rest: &str) -> String {
    format!("li.item[data-item='{}'] {rest}", launch.item(key))
}

async fn page(launch: &Launch) -> Answer {
    launch.member.get(&format!("/launches/{}", launch.id)).await.expect_status(200)
}

#[tokio::test]
async fn row_shows_its_assignee_at_the_end_whoever_marked_it() {
    let launch = Launch::ledger().make().await;
    let otto = launch.other.person.id.to_string();
    launch.member.post(&launch.item_path("advisory", "/assignment"), &[("assignee", &otto)]).await.expect_status(303);
    launch.send_mark(&launch.member, "advisory", "done", "").await.expect_status(303);
    launch.send_mark(&launch.member, "critical", "done", "").await.expect_status(303);
    let page = page(&launch).await;
    let who = |key: &str| page.attribute(&in_row(&launch, key, ".meta > .who:last-child"), "title");
    assert_eq!(who("advisory").as_deref(), Some("Assigned to Otto Other"));
    assert_eq!(who("critical").as_deref(), Some("Assigned to nobody"));
    for key in ["advisory", "critical"] {
        let marked = page.texts(&in_row(&launch, key, ".marked"));
        assert!(marked[0].contains("marked by Mia Member"), "{marked:?}");
    }
    assert!(page.texts(&in_row(&launch, "required", ".marked")).is_empty());
}

#[tokio::test]
async fn item_done_without_its_evidence_is_shown_as_lacking_it() {
    let launch = Launch::ledger().make().await;
    launch.send_mark(&launch.member, "required", "done", "").await.expect_status(303);
    let shown = page(&launch).await;
    assert_eq!(shown.texts(&in_row(&launch, "required", ".missing-evidence")), ["Done, but evidence is still needed."]);
    assert_eq!(shown.texts(&in_row(&launch, "required", ".tick .box.done.lacking")).len(), 1);
    let attach = shown.attribute(&in_row(&launch, "required", "a.attach"), "href");
    assert_eq!(attach, Some(format!("{}#attach", launch.item_path("required", ""))));
    // Where a filter may hide the row, its cell has its name.
    let cell = format!("[data-cell='{}']", launch.item("required"));
    let filtered = launch.member.get(&format!("/launches/{}?show=open", launch.id)).await.expect_status(200);
    assert_eq!(filtered.attribute(&cell, "title").as_deref(), Some("The required item: done, evidence needed"));
    assert_eq!(shown.attribute(&cell, "title"), None);
    let item = launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    assert!(item.texts(".state-card .missing-evidence")[0].starts_with("Done, but evidence is still needed."));
    // A reader gets the same message, and attaches nothing.
    let read = launch.auditor.get(&format!("/launches/{}", launch.id)).await;
    assert_eq!(read.texts(&in_row(&launch, "required", ".missing-evidence")).len(), 1);
    assert!(read.texts("a.attach").is_empty());
    let note = reqwest::multipart::Form::new().text("text", "Restored at noon.");
    launch.member.upload(&launch.item_path("required", "/evidence"), note).await.expect_status(303);
    let shown = page(&launch).await;
    assert!(
        shown.texts(".missing-evidence").is_empty() && shown.texts(".box.lacking").len() == 1,
        "only the wall's key"
    );
}

#[tokio::test]
async fn link_and_note_are_told_apart_in_their_one_field() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence");
    for (text, kind) in [
        ("https://ci.example.org/runs/4711", "link"),
        (" http://ci.example.org ", "link"),
        ("https://ci.example.org is green", "note"),
        ("Seen on staging.", "note"),
    ] {
        let form = reqwest::multipart::Form::new().text("text", text);
        launch.member.upload(&path, form).await.expect_status(303);
        let kinds = launch.member.get(&launch.item_path("required", "")).await.attributes("#evidence li", "data-kind");
        assert_eq!(kinds.last().map(String::as_str), Some(kind), "{text}");
    }
    let form = reqwest::multipart::Form::new().text("text", "https://");
    let page = launch.member.upload(&path, form).await.expect_status(422);
    assert_eq!((page.texts("#f-attach-text")[0].as_str(), page.texts("#f-attach-text-error").len()), ("https://", 1));
}

#[tokio::test]
async fn sections_without_anything_left_to_do_are_folded_unless_they_are_looked_for() {
    let launch = Launch::payments().make().await;
    let open = |page: &Answer| page.attributes("details.section[open]", "data-section");
    let shown = page(&launch).await;
    assert_eq!(open(&shown), ["1.1"]);
    // Items after the launch have a lock instead of a box, and say when they open.
    assert_eq!(shown.texts("details.section:not([open]) .section-head .later"), ["opens at launch"]);
    assert_eq!(shown.texts(&in_row(&launch, "costs", ".box.later")).len(), 1);
    assert!(shown.texts(&in_row(&launch, "costs", ".tick")).is_empty());
    assert!(shown.texts(&in_row(&launch, "costs", ".meta"))[0].contains("opens at launch"));
    for key in ["backups", "runbook", "status"] {
        launch.send_mark(&launch.member, key, "done", "").await.expect_status(303);
    }
    assert!(open(&page(&launch).await).is_empty());
    for query in ["show=critical", "q=item", "q=Backups", "select=on"] {
        let found = launch.member.get(&format!("/launches/{}?{query}", launch.id)).await.expect_status(200);
        assert_eq!(open(&found).is_empty(), query == "q=item", "{query}");
    }
}

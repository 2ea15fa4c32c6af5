//! Concurrent edits of one draft by several people, stale forms, and the same form sent twice.

use std::collections::BTreeSet;

use super::{DraftEditor, NEW_ITEM, fields, rows};
use crate::helpers::{admin, client::Answer};

#[tokio::test]
async fn draft_edits_to_different_parts_never_conflict() {
    let desk = DraftEditor::start().await;
    let other = desk.app.sign_in(admin().named("Otto Admin")).await;
    let (tested, used) = (desk.node("Tested").await, desk.node("Used").await);
    let tested_form = [("title", "Tested by Ann"), ("importance", "required"), ("phase", "before"), ("version", "1")];
    let version = desk.version().await;
    let form =
        |title| [("title", title), ("importance", "required"), ("phase", "before"), ("version", version.as_str())];
    // Both looked at the same version.
    desk.post(&format!("/items/{used}"), &form("Used by Ann")).await.expect_status(303);
    other.post(&desk.address(&format!("/items/{tested}")), &form("Tested by Otto")).await.expect_status(303);
    assert!(other.get(&desk.address("")).await.body.contains("by <bdi>Otto Admin</bdi>"));

    // The same item conflicts: the page shows the typed text and the current one.
    let refused = desk.post(&format!("/items/{tested}"), &tested_form).await.expect_status(409);
    assert!(refused.texts(".problem")[0].starts_with("This was changed meanwhile."));
    assert_eq!(refused.attribute("#f-title", "value").as_deref(), Some("Tested by Ann"));
    assert_eq!(refused.texts("dl.facts"), ["Title Tested by Otto"]);
    let title = async || desk.get("").await.texts(&format!("#node-{tested} a.title"));
    assert_eq!(title().await, ["Tested by Otto"]);
    // Sending it again from that page overwrites.
    let again = fields(&refused, &format!("/draft/items/{tested}"));
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.post(&format!("/items/{tested}"), &again).await.expect_status(303);
    assert_eq!(title().await, ["Tested by Ann"]);
    // A form that equals the current content is no conflict.
    desk.post(&format!("/items/{tested}"), &tested_form).await.expect_status(303);
}

#[tokio::test]
async fn stale_draft_form_shows_typed_and_current_text() {
    let desk = DraftEditor::start().await;
    let (backup, network) = (desk.node("Backup").await, desk.node("Network").await);
    let tested = desk.node("Tested").await;
    let old = desk.version().await;
    let old = ("version", old.as_str());
    let late = [
        (format!("/sections/{backup}/title"), vec![("title", "Backups")], "Backups"),
        (format!("/parts/{network}/title"), vec![("title", "Networks")], "Networks"),
        ("/about".to_owned(), vec![("name", "Mine"), ("introduction", "Of mine.")], "Of mine."),
    ];
    let soon = [vec![("title", "Copies")], vec![("title", "Wires")], vec![("name", "Theirs"), ("introduction", "")]];
    let now = ["Copies", "Wires", "Theirs"];
    for ((address, fields, typed), (soon, now)) in late.iter().zip(soon.into_iter().zip(now)) {
        desk.post(address, &[&soon[..], &[old]].concat()).await.expect_status(303);
        let refused = desk.post(address, &[&fields[..], &[old]].concat()).await.expect_status(409);
        assert!(refused.body.contains("meanwhile"), "{address}: {}", refused.body);
        assert!(refused.body.contains(typed) && refused.body.contains(now), "{address}");
    }
    // Buttons have no typed text; the current page is shown.
    desk.post("/order", &[("up", &*tested), old]).await.expect_status(303);
    let refused = desk.post("/order", &[("down", &*tested), old]).await.expect_status(409);
    assert_eq!(rows(&desk.get("").await, &backup), ["Tested", "Restored", "Off site"]);
    assert!(refused.texts(".problem")[0].starts_with("This was changed meanwhile."));
    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.expect_status(303);
    for node in [&tested, &backup] {
        desk.post("/removals", &[("node", node), old]).await.expect_status(409);
        desk.post("/removals", &[("node", node), ("version", "no number")]).await.expect_status(409);
    }
    desk.press("/removals", ("node", &tested)).await.expect_status(303);
}

#[tokio::test]
async fn draft_form_for_a_removed_item_keeps_typed_text() {
    let desk = DraftEditor::start().await;
    let other = desk.app.sign_in(admin().named("Otto Admin")).await;
    let (section, tested) = (desk.node("Backup").await, desk.node("Tested").await);
    let version = desk.version().await;
    let form = [("title", "Typed"), ("guidance", "At length."), ("importance", "required"), ("phase", "before")];
    let form = [&form[..], &[("version", version.as_str())]].concat();
    let is_kept = |answer: &Answer| {
        assert_eq!(answer.attribute("#f-title", "value").as_deref(), Some("Typed"));
        assert_eq!(answer.texts("#f-guidance"), ["At length."]);
        answer.attribute("fieldset button", "formaction").unwrap()
    };
    other.post(&desk.address("/removals"), &[("node", &*tested), ("version", &version)]).await.expect_status(303);
    let refused = desk.post(&format!("/items/{tested}"), &form).await.expect_status(409);
    let add = is_kept(&refused);
    desk.post("/restorations", &[("node", &*tested)]).await.expect_status(303);
    desk.admin.post(&add, &form).await.expect_status(303);

    let made = desk.node("Typed").await;
    other.post(&desk.address("/removals"), &[("node", &*section), ("version", "99")]).await.expect_status(303);
    is_kept(&desk.post(&format!("/sections/{section}/items"), &form).await.expect_status(409));
    is_kept(&desk.post(&format!("/items/{made}"), &form).await.expect_status(409));
    // The draft was discarded, and with it the new item.
    other.post(&desk.address("/discard"), &[("version", &desk.version().await)]).await.expect_status(303);
    let answer = desk.post(&format!("/items/{made}"), &form).await.expect_status(409);
    is_kept(&answer);
    desk.post(&format!("/items/{made}"), &[]).await.expect_status(404);
    // The published item still exists, but not in the version of the form.
    let stale = desk.post(&format!("/items/{tested}"), &form).await.expect_status(409);
    assert_eq!(stale.attribute("#f-title", "value").as_deref(), Some("Typed"));
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn draft_heading_form_for_a_removed_part_keeps_typed_text() {
    let desk = DraftEditor::start().await;
    let (backup, network) = (desk.node("Backup").await, desk.node("Network").await);
    let tested = desk.node("Tested").await;
    let added = desk.post("/parts", &[("title", "Legal")]).await.location().to_owned();
    let legal = added.rsplit("#node-").next().unwrap().to_owned();
    let version = desk.version().await;
    let form = [("title", "Typed"), ("version", version.as_str())];
    for node in [&backup, &network] {
        desk.press("/removals", ("node", node)).await.expect_status(303);
    }
    let addresses =
        [format!("/sections/{backup}/title"), format!("/parts/{network}/title"), format!("/parts/{network}/sections")];
    for address in addresses {
        let refused = desk.post(&address, &form).await.expect_status(409);
        assert!(refused.texts(".problem")[0].starts_with("This was removed from the draft meanwhile."), "{address}");
        assert_eq!(refused.attribute("#f-part-title", "value").as_deref(), Some("Typed"), "{address}");
    }
    let place = desk.post(&format!("/items/{tested}/place"), &[("nest", "outward")]).await.expect_status(409);
    assert!(place.texts(".problem")[0].starts_with("This was removed from the draft meanwhile."));
    // The draft was discarded, and with it the new part.
    desk.post("/discard", &[("version", &desk.version().await)]).await.expect_status(303);
    let refused = desk.post(&format!("/parts/{legal}/title"), &form).await.expect_status(409);
    assert_eq!(refused.attribute("#f-part-title", "value").as_deref(), Some("Typed"));
    desk.post(&format!("/parts/{legal}/title"), &form[..1]).await.expect_status(404);
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn draft_form_sent_twice_is_done_once() {
    let desk = DraftEditor::start().await;
    let section = desk.node("Backup").await;
    let form =
        [&[("title", "Watched"), ("once", "00000000-0000-4000-8000-000000000007"), ("version", "0")][..], &NEW_ITEM];
    let form = form.concat();
    for _ in 0..2 {
        desk.post(&format!("/sections/{section}/items"), &form).await.expect_status(303);
        desk.post("/parts", &form).await.expect_status(303);
        desk.post("/roles", &[("action", "add"), ("role", "security")]).await.expect_status(303);
    }
    // The same idempotency key with another text, from a page in the browser's history, is another item.
    let other = [&[("title", "Watched well"), form[1]][..], &NEW_ITEM].concat();
    desk.post(&format!("/sections/{section}/items"), &other).await.expect_status(303);
    let page = desk.get("").await;
    assert_eq!(rows(&page, &section), ["Restored", "Tested", "Off site", "Watched", "Watched well"]);
    let watched = page.attribute("li[data-node='Watched']", "id").unwrap().replace("node-", "");
    for _ in 0..2 {
        desk.press("/removals", ("node", &watched)).await.expect_status(303);
    }
    for _ in 0..2 {
        desk.press("/restorations", ("node", &watched)).await.expect_status(303);
    }
    assert_eq!(desk.get("").await.texts(".edit-part h2"), ["Database", "Network", "Watched"]);
    desk.press(
        "/removals",
        ("node", &desk.get("").await.attribute("section[data-node='Watched']", "id").unwrap().replace("node-", "")),
    )
    .await
    .expect_status(303);

    let page = desk.get("/publication").await;
    let fields = fields(&page, "/draft/publication");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (one, two) = tokio::join!(desk.post("/publication", &fields), desk.post("/publication", &fields));
    assert_eq!(one.location(), two.location());
    assert_eq!(desk.versions().await, 2);
    for _ in 0..2 {
        desk.post("/discard", &[("version", "0")]).await.expect_status(303);
    }
}

#[tokio::test]
async fn simultaneous_draft_edits_lose_nothing() {
    let desk = DraftEditor::start().await;
    let section = desk.node("Backup").await;
    let address = format!("/sections/{section}/items");
    let add = async |title: &str| {
        let form = [&[("title", title), ("version", "0")][..], &NEW_ITEM].concat();
        desk.post(&address, &form).await.expect_status(303);
    };
    let titles: Vec<String> = (0..8).map(|at| format!("At once {at}")).collect();
    futures_util::future::join_all(titles.iter().map(|title| add(title))).await;
    let page = desk.get("").await;
    let found: BTreeSet<String> = rows(&page, &section).into_iter().collect();
    assert!(titles.iter().all(|title| found.contains(title)), "{found:?}");
    assert_eq!(desk.version().await, (1 + 8).to_string());
}

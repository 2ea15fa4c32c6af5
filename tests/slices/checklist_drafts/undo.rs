//! Undoing and redoing what was done to a draft.

use super::{DraftEditor, element_with_title};
use crate::helpers::{admin, client::Answer};

impl DraftEditor {
    async fn step(&self, action: &str) -> Answer {
        self.press("/steps", ("action", action)).await
    }

    /// Everything on the outline that a change could have changed, in its order.
    async fn outline(&self) -> Vec<String> {
        let page = self.get("").await.expect_status(200);
        let mut all = page.texts(".edit-part :is(h2, h3), li[data-node] > .what, li[data-node] > .meta, #roles .title");
        all.extend(page.attribute("#f-name", "value"));
        all
    }
}

#[tokio::test]
async fn every_kind_of_change_is_undone_and_redone() {
    let desk = DraftEditor::start().await;
    let first = desk.get("").await.expect_status(200);
    assert_eq!(first.attribute("#undo-step", "id"), None, "there is nothing to undo yet");
    let [restored, tested, backup, database] =
        ["Restored", "Tested", "Backup", "Database"].map(|title| element_with_title(&first, title));
    let mut states = vec![desk.outline().await];
    let items = format!("/sections/{backup}/items");
    let new_item = [("title", "Encrypted"), ("importance", "required"), ("phase", "before")];
    desk.post(&items, &new_item).await.expect_status(303);
    states.push(desk.outline().await);
    desk.save(&desk.admin, &restored, &[("title", "Restored in a drill"), ("importance", "advisory")]).await;
    states.push(desk.outline().await);
    desk.press("/order", ("up", &tested)).await.expect_status(303);
    states.push(desk.outline().await);
    desk.press(&format!("/parts/{database}/title"), ("title", "Data")).await.expect_status(303);
    states.push(desk.outline().await);
    let many = [("item", &*restored), ("item", &*tested), ("action", "change"), ("phase", "7d")];
    desk.post("/items", &[&many[..], &[("version", &*desk.version().await)]].concat()).await.expect_status(303);
    states.push(desk.outline().await);
    desk.post("/roles", &[("action", "add"), ("title", "Legal")]).await.expect_status(303);
    states.push(desk.outline().await);
    desk.press("/removals", ("node", &backup)).await.expect_status(303);
    states.push(desk.outline().await);
    let about = [("name", "Going live, again"), ("introduction", ""), ("version", &*desk.version().await)];
    desk.post("/about", &about).await.expect_status(303);
    states.push(desk.outline().await);
    for pair in states.windows(2) {
        assert_ne!(pair[0], pair[1]);
    }

    for state in states.iter().rev().skip(1) {
        assert_eq!(desk.step("undo").await.expect_status(303).location(), desk.address(""));
        assert_eq!(desk.outline().await, *state);
    }
    desk.step("undo").await.expect_status(409);
    let publication = desk.get("/publication").await.expect_status(200);
    assert!(publication.texts("h2").iter().all(|title| !title.starts_with("Changed")), "{:?}", publication.texts("h2"));
    for state in &states[1..] {
        desk.step("redo").await.expect_status(303);
        assert_eq!(desk.outline().await, *state);
    }
    desk.step("redo").await.expect_status(409);
    desk.step("repeat").await.expect_status(422);
}

#[tokio::test]
async fn change_after_an_undo_forgets_what_was_undone() {
    let desk = DraftEditor::start().await;
    for part in ["Legal", "Support"] {
        desk.post("/parts", &[("title", part)]).await.expect_status(303);
    }
    desk.step("undo").await.expect_status(303);
    desk.post("/parts", &[("title", "Press")]).await.expect_status(303);
    let page = desk.get("").await.expect_status(200);
    assert_eq!(page.texts(".edit-part h2"), ["Database", "Network", "Legal", "Press"]);
    assert!(page.attribute("#redo-step", "disabled").is_some());
    desk.step("redo").await.expect_status(409);
    desk.step("undo").await.expect_status(303);
    desk.step("undo").await.expect_status(303);
    assert_eq!(desk.get("").await.texts(".edit-part h2"), ["Database", "Network"]);
}

#[tokio::test]
async fn undo_from_an_outdated_page_is_a_conflict_and_says_whose_change_it_would_undo() {
    let desk = DraftEditor::start().await;
    let other = desk.app.sign_in(admin().named("Ada Second")).await;
    desk.post("/parts", &[("title", "Legal")]).await.expect_status(303);
    let seen = desk.version().await;
    other.post(&desk.address("/parts"), &[("title", "Support")]).await.expect_status(303);
    let refused = desk.post("/steps", &[("action", "undo"), ("version", &*seen)]).await.expect_status(409);
    assert_eq!(refused.texts(".edit-part h2"), ["Database", "Network", "Legal", "Support"]);
    assert!(refused.attribute("#undo-step", "title").unwrap().starts_with("Undo the change by "));
    // An item that is open in a tab while its change is undone is not saved over what it is now.
    let restored = desk.node("Restored").await;
    desk.save(&other, &restored, &[("title", "Restored in a drill")]).await.expect_status(303);
    let seen = desk.version().await;
    desk.step("undo").await.expect_status(303);
    let old = [("title", "Restored by hand"), ("importance", "required"), ("phase", "before"), ("version", &*seen)];
    other.post(&desk.address(&format!("/items/{restored}")), &old).await.expect_status(409);
}

#[tokio::test]
async fn published_or_discarded_draft_leaves_nothing_to_undo() {
    let desk = DraftEditor::start().await;
    let tested = desk.node("Tested").await;
    desk.press("/removals", ("node", &tested)).await.expect_status(303);
    desk.publish().await.expect_status(303);
    desk.step("undo").await.expect_status(409);
    let steps = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM checklist_draft_steps").fetch_one(&desk.app.owner).await.unwrap()
    };
    assert_eq!(steps().await, 0);
    // Only so many are stored, and the oldest are forgotten.
    for number in 0..105 {
        desk.post("/about", &[("name", &*format!("Name {number}")), ("version", &desk.version().await)]).await;
    }
    assert_eq!(steps().await, 100);
}

#[tokio::test]
async fn what_is_as_published_again_is_not_marked_as_changed() {
    let desk = DraftEditor::start().await;
    let marked = async || desk.get("").await.expect_status(200).texts(".edit-part .chip.cond");
    let restored = desk.node("Restored").await;
    desk.save(&desk.admin, &restored, &[("title", "Restored in a drill")]).await;
    let database = desk.node("Database").await;
    desk.press(&format!("/parts/{database}/title"), ("title", "Data")).await.expect_status(303);
    assert_eq!(marked().await, ["changed", "changed"]);
    desk.step("undo").await.expect_status(303);
    assert_eq!(marked().await, ["changed"], "the heading is as it was");
    // Typed again, it is as it was, too.
    desk.save(&desk.admin, &restored, &[("title", "Restored")]).await;
    assert_eq!(marked().await, [""; 0]);
    desk.step("undo").await.expect_status(303);
    assert_eq!(marked().await, ["changed"]);
}

//! The one page of a draft: what is open in it, many items at once, undoing a removal, and the answers to its script.

use super::{DraftEditor, NEW_ITEM, rows};
use crate::helpers::admin;

#[tokio::test]
async fn draft_part_section_and_item_open_in_their_place() {
    let desk = DraftEditor::start().await;
    let (database, backup, tested) =
        (desk.node("Database").await, desk.node("Backup").await, desk.node("Tested").await);
    for (node, form) in [
        (&database, format!("#head-{database} form[action$='/title']")),
        (&backup, format!("#head-{backup} form[action$='/title']")),
        (&tested, format!("#node-{tested}.open form[action$='/items/{tested}']")),
    ] {
        let page = desk.open(node).await.expect_status(200);
        assert_eq!(page.texts(&form).len(), 1, "{form}");
        assert_eq!(page.texts("[autofocus]").len(), 1, "the page is scrolled to it without a script");
        assert_eq!(page.texts("li[data-node]").len(), 5, "everything else is there");
    }
    // What was wrong is shown there.
    let page = desk.post(&format!("/items/{tested}"), &[("title", ""), ("guidance", "Typed")]).await.expect_status(422);
    assert_eq!(page.texts(&format!("#node-{tested} #f-title-error")).len(), 1);
    assert_eq!(page.texts(&format!("#node-{tested} #f-guidance")), ["Typed"]);
    assert_eq!(page.texts("li[data-node]").len(), 5);
    // The addresses of the pages that sections and items once had.
    for (former, node) in [("items", &tested), ("sections", &backup)] {
        let to = desk.get(&format!("/{former}/{node}")).await.location().to_owned();
        assert_eq!(to, desk.address(&format!("?open={node}#node-{node}")));
    }
    desk.get("?open=nonsense").await.expect_status(400);
    desk.get("?open=00000000-0000-4000-8000-000000000001").await.expect_status(404);
}

#[tokio::test]
async fn draft_item_is_added_below_another_and_the_next_form_follows() {
    let desk = DraftEditor::start().await;
    let (backup, restored) = (desk.node("Backup").await, desk.node("Restored").await);
    let page = desk.get(&format!("?add={restored}")).await.expect_status(200);
    assert_eq!(page.attribute("#new [name=after]", "value").as_deref(), Some(restored.as_str()));
    let address = format!("/sections/{backup}/items");
    let add = async |title, place: &[(&str, &str)]| {
        let form = [&[("title", title)][..], &NEW_ITEM, place].concat();
        desk.post(&address, &form).await.location().to_owned()
    };
    let next = add("Below", &[("after", &restored)]).await;
    let below = desk.node("Below").await;
    assert_eq!(next, desk.address(&format!("?add={below}#new")));
    add("Inside", &[("after", &below), ("nested", "on")]).await;
    add("At the end", &[("after", "00000000-0000-4000-8000-000000000001")]).await;
    let page = desk.get("").await;
    assert_eq!(rows(&page, &backup), ["Restored", "Below", "Inside", "Tested", "Off site", "At the end"]);
    assert_eq!(page.attribute("[data-node='Inside']", "data-depth").as_deref(), Some("1"));
    // What is wrong comes back at its place.
    let wrong = [&[("title", ""), ("after", &*below)][..], &NEW_ITEM].concat();
    let page = desk.post(&address, &wrong).await.expect_status(422);
    assert_eq!(page.texts(&format!("#node-{below} + #new #f-title-error")).len(), 1);
    // It is taken out again, and moved to the beginning.
    let inside = desk.node("Inside").await;
    let place = format!("/items/{inside}/place");
    for form in [[("nest", "outward"), ("version", "99")], [("after", &*backup), ("version", "99")]] {
        desk.post(&place, &form).await.expect_status(303);
    }
    let page = desk.get("").await;
    assert_eq!(rows(&page, &backup)[..2], ["Inside", "Restored"]);
    assert_eq!(page.attribute("[data-node='Inside']", "data-depth"), None);
}

#[tokio::test]
async fn many_draft_items_are_changed_moved_and_removed_at_once() {
    let desk = DraftEditor::start().await;
    let (network, tested, used) = (desk.node("Reachable").await, desk.node("Tested").await, desk.node("Used").await);
    let version = desk.version().await;
    let both = [("item", &*tested), ("item", &*used), ("version", &*version)];
    let form = |fields: &[(&'static str, &'static str)]| [&both[..], fields].concat();
    let changed = form(&[("action", "change"), ("importance", "critical"), ("role", "security"), ("phase", "7d")]);
    desk.post("/items", &changed).await.expect_status(303);
    assert!(desk.get("").await.body.contains("2 items are changed."));
    let page = desk.get("").await;
    for item in [&tested, &used] {
        assert_eq!(
            page.texts(&format!("#node-{item} .meta")),
            ["changed critical 7 days after Security"],
            "{}",
            page.body
        );
    }
    // Each other answer leaves the items as they are.
    for (fields, status, problem) in [
        (form(&[("action", "change")]), 422, "Choose what to change."),
        (form(&[("action", "change"), ("importance", "vital")]), 422, "Choose one of these."),
        (form(&[("action", "move"), ("to", "nowhere")]), 422, "Choose one of these."),
        (vec![("action", "remove"), ("version", "9")], 422, "Choose items first."),
        (form(&[("action", "change"), ("evidence", "on")]), 409, "This was changed meanwhile."),
        (form(&[("action", "remove")]), 409, "This was changed meanwhile."),
    ] {
        let page = desk.post("/items", &fields).await.expect_status(status);
        assert!(page.texts("#many .problem")[0].starts_with(problem), "{fields:?}: {:?}", page.texts("#many .problem"));
        let chosen = page.attributes(".pick input[checked]", "value");
        assert_eq!(chosen.len(), fields.iter().filter(|(name, _)| *name == "item").count(), "what was chosen stays");
    }
    desk.post("/items", &form(&[("action", "nonsense")])).await.expect_status(422);
    desk.post("/items", &[("item", "nonsense"), ("action", "remove")]).await.expect_status(404);

    let version = desk.version().await;
    let section = desk.get("").await.attribute(&format!("section:has(> ol > #node-{network})"), "id").unwrap();
    let section = section.replace("node-", "");
    let moved = [("item", &*tested), ("item", &*used), ("action", "move"), ("to", &*section), ("version", &*version)];
    desk.post("/items", &moved).await.expect_status(303);
    let page = desk.get("").await;
    assert_eq!(rows(&page, &section), ["Reachable", "Tested", "Used"]);
    let version = desk.version().await;
    let removed = [("item", &*tested), ("item", &*used), ("action", "remove"), ("version", &*version)];
    desk.post("/items", &removed).await.expect_status(303);
    let page = desk.get("").await;
    assert_eq!(rows(&page, &section), ["Reachable"]);
    // The notice brings them back, as they were.
    let undo = page.attribute("#undo", "action").unwrap();
    desk.admin.post(&undo, &[]).await.expect_status(303);
    let page = desk.get("").await;
    assert_eq!(rows(&page, &section), ["Reachable", "Tested", "Used"]);
    assert!(page.texts(&format!("#node-{used} .meta"))[0].contains("critical"));
    let again = desk.admin.post(&undo, &[]).await.expect_status(409);
    assert_eq!(again.texts(".problem"), ["There is nothing to undo any more."]);
    let late = [("item", &*tested), ("action", "change"), ("evidence", "on"), ("version", "99")];
    desk.press("/removals", ("node", &tested)).await.expect_status(303);
    let late = desk.post("/items", &late).await.expect_status(409);
    assert!(late.texts("#many .problem")[0].starts_with("This was removed from the draft meanwhile."));
}

#[tokio::test]
async fn draft_script_is_answered_with_what_changed_since_its_page() {
    let desk = DraftEditor::start().await;
    let other = desk.app.sign_in(admin().named("Otto Admin")).await;
    let (backup, tested, used) = (desk.node("Backup").await, desk.node("Tested").await, desk.node("Used").await);
    let since = desk.version().await;
    let since = ("since", since.as_str());
    let form = |title| [("title", title), ("importance", "required"), ("phase", "before"), ("version", "99"), since];
    // What somebody else changed comes along.
    other.post(&desk.address(&format!("/items/{used}")), &form("Used by Otto")[..4]).await.expect_status(303);
    let answer = desk.post(&format!("/items/{tested}"), &form("Tested well")).await.expect_status(200);
    assert_eq!(answer.texts("[data-node] a.title"), ["Tested well", "Used by Otto"]);
    assert_eq!(answer.attribute("#answer", "data-version"), Some(desk.version().await));
    // An order comes with its section, a part as a whole, and a refusal with its form.
    let version = desk.version().await;
    let version = ("since", version.as_str());
    let moved = [("up", &*tested), ("version", version.1), version];
    let answer = desk.post("/order", &moved).await.expect_status(200);
    assert_eq!(rows(&answer, &backup), ["Tested well", "Restored", "Off site"]);
    assert_eq!(answer.texts("section").len(), 2, "the section, and the list of what was removed");
    let refused = desk.post("/order", &moved).await.expect_status(409);
    assert!(refused.texts("body > .problem")[0].starts_with("This was changed meanwhile."));
    let wrong = [("title", ""), ("version", "99"), version];
    let refused = desk.post(&format!("/items/{tested}"), &wrong).await.expect_status(422);
    assert_eq!(refused.texts(&format!("#node-{tested} #f-title-error")).len(), 1);
    let removed = [("node", &*backup), ("version", "99"), version];
    let answer = desk.post("/removals", &removed).await.expect_status(200);
    assert_eq!(answer.texts(".edit-part").len(), 1);
    let undo = answer.attribute("#answer", "data-undo").unwrap();
    let back = desk.admin.post(&undo, &[("since", "1")]).await.expect_status(200);
    assert_eq!(back.attribute("#answer", "data-notice").as_deref(), Some("What was removed is back."));
    assert_eq!(rows(&back, &backup).len(), 3);
}

#[tokio::test]
async fn role_that_only_items_name_is_offered_by_a_name_made_from_its_slug() {
    let desk =
        DraftEditor::with("# Going live\n\n- [ ] Copied {role=data_owner}\n\n## Sign-off\n\n**Operations:** ____\n")
            .await;
    let copied = desk.node("Copied").await;
    let page = desk.open(&copied).await.expect_status(200);
    assert_eq!(page.texts("#f-role option[value=data_owner]"), ["Data owner"]);
}

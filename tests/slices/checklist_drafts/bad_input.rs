//! Invalid forms: each field has its error message, and no typed text is lost.

use reqwest::Method;
use signoff::{
    ambient,
    checklists::publish::{PublishRequest, PublishTarget, PublishableChecklist, publish},
    domain::{
        checklist::{ChecklistItem, MAX_ITEMS},
        checklist_draft::ChecklistDraft,
        ids::{ChecklistId, NodeId},
    },
};

use super::{DraftEditor, NEW_ITEM, import, parsed};
use crate::helpers::client::Client;

#[tokio::test]
async fn draft_field_with_an_error_comes_back_explained_as_typed() {
    let desk = DraftEditor::start().await;
    let (section, tested) = (desk.node("Backup").await, desk.node("Tested").await);
    let network = desk.node("Network").await;
    let (long, endless) = ("x".repeat(301), "x".repeat(20_001));
    let good = [("title", "Good"), ("importance", "required"), ("phase", "before"), ("version", "99")];
    let with = |name: &'static str, value: &str| -> Vec<(&'static str, String)> {
        let mut fields: Vec<(&'static str, String)> =
            good.iter().filter(|(known, _)| *known != name).map(|(name, value)| (*name, (*value).to_owned())).collect();
        fields.push((name, value.to_owned()));
        fields
    };
    let wrong = [
        ("title", ""),
        ("title", " "),
        ("title", &*long),
        ("title", "two\nlines"),
        ("title", "turned\u{202e}round"),
        ("title", "Off site"),
        ("importance", ""),
        ("importance", "vital"),
        ("phase", "25h"),
        ("role", "nobody"),
        ("role", "Not A Slug"),
        ("guidance", &*endless),
        ("key", "Not a key"),
        ("key", "off-site"),
    ];
    for (field, value) in wrong {
        for address in [format!("/items/{tested}"), format!("/sections/{section}/items")] {
            let fields = with(field, value);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let page = desk.post(&address, &fields).await.expect_status(422);
            let is_new = address.ends_with("items");
            if field == "key" && !is_new {
                // A published item has no field for its key.
                continue;
            }
            assert_eq!(page.texts(&format!("#f-{field}-error")).len(), 1, "{address} {field}={value}: {}", page.body);
            if field != "title" {
                assert_eq!(page.attribute("#f-title", "value").as_deref(), Some("Good"));
            }
        }
    }
    for (address, error) in [
        ("/about".to_owned(), "#f-name-error"),
        ("/parts".to_owned(), "#f-part-title-error"),
        (format!("/parts/{network}/title"), "#f-heading-title-error"),
        (format!("/parts/{network}/sections"), "#f-section-title-error"),
        (format!("/sections/{section}/title"), "#f-heading-title-error"),
    ] {
        for value in ["", &*long, "a\u{202e}b"] {
            let page =
                desk.post(&address, &[("title", value), ("name", value), ("version", "9")]).await.expect_status(422);
            let errors = page.texts(".error");
            assert_eq!(errors.len(), 1, "{address}: {errors:?}");
            assert_eq!(page.texts(error).len(), 1, "{address}: {error}");
            assert!(value.is_empty() || value.len() > 300 || page.body.contains(value), "{address}");
        }
    }
    for (address, title) in [("/parts".to_owned(), "Network"), (format!("/sections/{section}/title"), "Indexes")] {
        let page = desk.post(&address, &[("title", title), ("version", "9")]).await.expect_status(422);
        assert!(page.body.contains("has this title already"), "{address}");
    }
    for (fields, at) in [
        (vec![("action", "add"), ("role", "nobody")], "#f-role-role-error"),
        (vec![("action", "add")], "#f-role-title-error"),
        (vec![("action", "add"), ("title", &*long)], "#f-role-title-error"),
        (vec![("action", "add"), ("role", "security"), ("title", "Operations")], "#f-role-title-error"),
        (vec![("action", "remove"), ("role", "security")], ".problem"),
        (vec![("action", "up"), ("role", "x y")], ".problem"),
    ] {
        let page = desk.post("/roles", &fields).await.expect_status(422);
        assert_eq!(page.texts(at).len(), 1, "{fields:?}: {}", page.body);
    }
    for fields in [vec![("to", "nowhere")], vec![("nest", "under")], vec![], vec![("after", "x")]] {
        let page = desk.post(&format!("/items/{tested}/place"), &fields).await.expect_status(422);
        assert_eq!(page.texts(".problem"), ["Choose one of these."]);
    }
    desk.post(&format!("/items/{tested}/place"), &[("nest", "outward"), ("version", "9")]).await.expect_status(422);
    desk.post("/order", &[("version", "9")]).await.expect_status(422);
    desk.post("/order", &[("up", &*tested), ("down", &*tested), ("version", "9")]).await.expect_status(422);
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn draft_address_of_an_unknown_part_is_not_found() {
    let desk = DraftEditor::start().await;
    let other = DraftEditor::with("# Other\n\n## Part\n\n- [ ] Foreign\n").await;
    let section = desk.node("Backup").await;
    let (foreign, foreign_section) = (other.node("Foreign").await, other.node("Without a heading").await);
    let foreign_here = import(&desk.admin, "# Other\n\n## Part\n\n- [ ] Foreign\n", "").await.location().to_owned();
    let here: ChecklistId = foreign_here.split('/').nth(2).unwrap().parse().unwrap();
    let foreign_here: NodeId =
        ChecklistDraft::from_version(here, &parsed("# Other\n\n## Part\n\n- [ ] Foreign\n"), 1, 0)
            .items()
            .next()
            .unwrap()
            .id;
    let form = [("title", "Good"), ("importance", "required"), ("phase", "before")];
    for node in [foreign.as_str(), &foreign_section, &foreign_here.to_string(), "nonsense", &section] {
        if node != section {
            for page in ["/items/", "/sections/", "?open=", "?add="] {
                desk.get(&format!("{page}{node}"))
                    .await
                    .expect_status(if page.starts_with('?') && node == "nonsense" { 400 } else { 404 });
            }
        }
        desk.post(&format!("/items/{node}"), &form).await.expect_status(404);
        desk.post(&format!("/items/{node}/place"), &[("to", &section)]).await.expect_status(404);
        desk.post(&format!("/parts/{node}/title"), &form).await.expect_status(404);
        desk.post(&format!("/parts/{node}/sections"), &form).await.expect_status(404);
        if node == section {
            continue;
        }
        desk.post(&format!("/sections/{node}/items"), &form).await.expect_status(404);
        desk.post(&format!("/sections/{node}/title"), &form).await.expect_status(404);
        desk.post(&format!("/sections/{section}/part"), &[("to", node)]).await.expect_status(404);
        for (address, name) in [("/order", "up"), ("/removals", "node"), ("/restorations", "node")] {
            desk.post(address, &[(name, node), ("version", "9")]).await.expect_status(404);
        }
    }
    let tested = desk.node("Tested").await;
    desk.post(&format!("/items/{tested}/place"), &[("to", &foreign_section)]).await.expect_status(404);
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn draft_item_at_an_end_does_not_move_further() {
    let desk = DraftEditor::start().await;
    for (button, title) in [
        ("up", "Restored"),
        ("down", "Off site"),
        ("up", "Backup"),
        ("down", "Indexes"),
        ("up", "Database"),
        ("down", "Network"),
    ] {
        let node = desk.node(title).await;
        let page = desk.open(&node).await;
        let disabled = page.attribute(&format!("button[name={button}][value='{node}']"), "disabled");
        assert!(disabled.is_some(), "{title} {button}");
        let page = desk.press("/order", (button, &node)).await.expect_status(409);
        assert!(page.texts(".problem")[0].starts_with(&format!("This can’t be moved {button} any more")), "{title}");
    }
    desk.post("/roles", &[("action", "up"), ("role", "operations"), ("version", "9")]).await.expect_status(409);
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn draft_with_the_maximum_of_items_takes_no_more() {
    let desk = DraftEditor::start().await;
    let mut full = parsed("# Full\n\n- [ ] Item\n");
    let item = full.parts[0].sections[0].items.remove(0);
    full.parts[0].sections[0].items = (0..MAX_ITEMS)
        .map(|at| ChecklistItem {
            key: format!("item-{at}").parse().unwrap(),
            title: format!("Item {at}").try_into().unwrap(),
            ..item.clone()
        })
        .collect();
    let publishing = PublishRequest {
        content: PublishableChecklist::new(&full).unwrap(),
        version_id: ambient::new_id(),
        target: PublishTarget::ExistingChecklist(desk.checklist.parse().unwrap()),
        publisher: None,
        request: ambient::new_id(),
        now: desk.app.state.clock.now(),
    };
    publish(&desk.app.state.db, publishing).await.unwrap();
    let section = desk.node("Without a heading").await;
    let form = [&[("title", "One more"), ("version", "0")][..], &NEW_ITEM].concat();
    let refused = desk.post(&format!("/sections/{section}/items"), &form).await.expect_status(422);
    // Searching for elements among so many takes a while.
    assert!(refused.body.contains("A checklist has at most 5000 items."));
    assert!(refused.body.contains("value=\"One more\""));
    assert!(!desk.has_draft().await);
    let large = "x".repeat(3_000_000);
    let request = desk.admin.request(Method::POST, &desk.address("/about")).form(&[("name", &large)]);
    Client::send(request.header("sec-fetch-site", "same-origin")).await.expect_status(413);
}

#[tokio::test]
async fn draft_guidance_preview_is_sanitised_and_saves_nothing() {
    let desk = DraftEditor::start().await;
    let (section, tested) = (desk.node("Backup").await, desk.node("Tested").await);
    let hostile = "**Look** <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y()>";
    let form = [("title", "<script>alert(2)</script>"), ("guidance", hostile), ("step", "preview")];
    let form = [&form[..], &NEW_ITEM].concat();
    for address in [format!("/items/{tested}"), format!("/sections/{section}/items")] {
        let page = desk.post(&address, &form).await.expect_status(200);
        assert_eq!(page.texts("#preview strong"), ["Look"]);
        for bad in ["main script", "#preview img", "#preview a[href^=javascript]"] {
            assert!(page.texts(bad).is_empty(), "{bad}");
        }
        assert_eq!(page.attribute("#f-title", "value").as_deref(), Some("<script>alert(2)</script>"));
        let wrong = desk.post(&address, &[form.as_slice(), &[("importance", "no")]].concat()).await;
        assert_eq!(wrong.status, 422);
    }
    assert!(!desk.has_draft().await);
    // It is still text after publishing, comparing and editing.
    desk.save(&desk.admin, &tested, &[("title", "<script>alert(2)</script>"), ("guidance", hostile)])
        .await
        .expect_status(303);
    for page in ["/publication", "", "/discard", &*format!("?open={tested}")] {
        let page = desk.get(page).await.expect_status(200);
        assert!(page.texts("main script").is_empty());
        assert!(!page.body.contains("<script>alert"));
    }
}

//! Publishing a draft, discarding it and comparing published versions; existing launches stay unchanged.

use signoff::domain::{checklist_draft::ChecklistDraft, digest, ids::ChecklistId};

use super::{DraftEditor, NEW_ITEM, SMALL, fields, import};
use crate::helpers::{admin, launch::Launch, member};

#[tokio::test]
async fn publishing_a_draft_leaves_existing_launches_unchanged() {
    let launch = Launch::ledger().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let address = format!("/launches/{}", launch.id);
    let list = admin.get("/checklists").await;
    let checklist = list.attribute("tbody th a", "href").unwrap();
    let security = "security".parse().unwrap();
    let parts = ["", "/go-no-go", "/history", "/checklist.md", "/readiness.json"];
    let look = async || {
        let mut seen = Vec::new();
        for part in parts {
            let page = launch.owner.get(&format!("{address}{part}")).await.expect_status(200);
            // The page shows when it was computed, and relative times.
            let goes_on = |line: &str| line.contains("<time ") || line.contains("class=\"fine\"");
            seen.extend(page.body.lines().filter(|line| !goes_on(line)).map(str::to_owned));
        }
        seen
    };
    let (before, pages) = (launch.state().await, look().await);
    let of: ChecklistId = checklist.rsplit('/').next().unwrap().parse().unwrap();
    let content = ChecklistDraft::from_version(of, &before.version.checklist, 1, 0);
    let draft = format!("{checklist}/draft");
    let first = content.items().next().unwrap().id;
    let removed = content.items().nth(1).unwrap().id.to_string();
    let fields = [("title", "Said otherwise"), ("importance", "advisory"), ("phase", "before"), ("version", "0")];
    admin.post(&format!("{draft}/items/{first}"), &fields).await.expect_status(303);
    admin.post(&format!("{draft}/removals"), &[("node", &removed), ("version", "9")]).await.expect_status(303);
    admin.post(&format!("{draft}/roles"), &[("action", "remove"), ("role", "security")]).await.expect_status(303);
    let page = admin.get(&format!("{draft}/publication")).await.expect_status(200);
    let form = self::fields(&page, "/draft/publication");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let version = admin.post(&format!("{draft}/publication"), &form).await.location().to_owned();
    assert!(admin.get(&version).await.body.contains("Said otherwise"));

    // As cached in memory, and as replayed from its events.
    let after = launch.state().await;
    let anew = signoff::record::Record::default().load(&launch.app.state.db, launch.id).await.unwrap().unwrap();
    for now in [&after, &anew] {
        assert_eq!(now.version, before.version);
        assert_eq!(now.items, before.items);
        assert_eq!(now.seq, before.seq);
        assert_eq!(digest::build_scope(now, &security), digest::build_scope(&before, &security), "byte for byte");
        assert_eq!(digest::digest(now, &security), digest::digest(&before, &security));
    }
    let now = look().await;
    assert_eq!(now.len(), pages.len());
    for (now, before) in now.iter().zip(&pages) {
        assert_eq!(now, before);
    }
}

#[tokio::test]
async fn publishing_a_draft_changed_since_its_preview_is_refused() {
    let desk = DraftEditor::start().await;
    let tested = desk.node("Tested").await;
    // Nothing was changed.
    assert!(desk.get("/publication").await.expect_status(200).body.contains("Nothing differs from version 1"));
    desk.post("/publication", &[("version", "1"), ("newest", "1")]).await.expect_status(409);

    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.expect_status(303);
    let page = desk.get("/publication").await.expect_status(200);
    let looked_at = fields(&page, "/draft/publication");
    let looked_at: Vec<(&str, &str)> = looked_at.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // Somebody continues editing.
    desk.save(&desk.admin, &tested, &[("title", "Tested very well")]).await.expect_status(303);
    let refused = desk.post("/publication", &looked_at).await.expect_status(409);
    assert!(refused.texts(".problem")[0].starts_with("The draft was changed since you looked."));
    assert!(refused.body.contains("Tested very well"));
    // Somebody imports a version.
    import(&desk.admin, &SMALL.replace("Reachable", "In reach {#reachable}"), &desk.checklist).await.expect_status(303);
    let refused = desk.post("/publication", &looked_at).await.expect_status(409);
    assert!(refused.texts(".problem")[0].starts_with("Version 2 was published since you looked."));
    assert!(
        refused.texts(".diff.changed")[0].contains("title was In reach now Reachable"),
        "what it would undo is said"
    );
    assert!(desk.get("").await.texts(".banner")[0].starts_with("Version 2 was published since this draft began"));
    assert_eq!(desk.publish().await.location(), format!("/checklists/{}/versions/3", desk.checklist));

    // Changed, and changed back.
    let tested = desk.node("Tested very well").await;
    desk.save(&desk.admin, &tested, &[("title", "Another")]).await.expect_status(303);
    desk.save(&desk.admin, &tested, &[("title", "Tested very well")]).await.expect_status(303);
    assert!(desk.has_draft().await);
    assert!(desk.get("/publication").await.expect_status(200).body.contains("Nothing differs from version 3"));
    let version = desk.version().await;
    let same = desk.post("/publication", &[("version", &version), ("newest", "3")]).await.expect_status(409);
    assert_eq!(same.texts(".problem"), ["Nothing differs from version 3, so there is nothing to publish."]);

    // The same content as an older version.
    desk.save(&desk.admin, &tested, &[("title", "Tested")]).await.expect_status(303);
    let older = desk.publish().await.expect_status(409);
    assert!(older.texts(".problem")[0].starts_with("Version 1 has exactly this content."));
    assert!(desk.has_draft().await);
    assert_eq!(desk.versions().await, 3);
}

#[tokio::test]
async fn publishing_a_draft_with_an_empty_part_is_refused() {
    let desk = DraftEditor::start().await;
    let indexes = desk.node("Indexes").await;
    let used = desk.node("Used").await;
    desk.press("/removals", ("node", &used)).await.expect_status(303);
    desk.post("/parts", &[("title", "Legal")]).await.expect_status(303);
    let page = desk.get("/publication").await.expect_status(200);
    let faults = page.texts("main li");
    assert!(faults[0].starts_with("The section “Indexes” has no item."), "{faults:?}");
    assert!(faults[1].starts_with("The part “Legal” has no item."), "{faults:?}");
    assert_eq!(page.attribute("main li a", "href"), Some(desk.address(&format!("?add={indexes}#new"))));
    assert_eq!(page.texts("form[action$='/publication']").len(), 0);
    let version = desk.version().await;
    let refused = desk.post("/publication", &[("version", &version), ("newest", "1")]).await.expect_status(422);
    assert_eq!(refused.texts(".problem"), ["The draft can’t be published as it is."]);
    assert_eq!(desk.versions().await, 1);
}

#[tokio::test]
async fn discarding_a_draft_asks_first_and_ends_it_for_everybody() {
    let desk = DraftEditor::start().await;
    let tested = desk.node("Tested").await;
    assert!(desk.get("/discard").await.expect_status(200).body.contains("There is no draft to discard."));
    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.expect_status(303);
    let list = desk.admin.get("/checklists").await;
    assert_eq!(list.texts("tbody th"), ["Going live draft"]);
    let question = desk.get("/discard").await.expect_status(200);
    assert!(question.body.contains("Tested well"), "what is lost is said");
    let form = fields(&question, "/draft/discard");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.save(&desk.admin, &tested, &[("title", "Tested better")]).await.expect_status(303);
    let refused = desk.post("/discard", &form).await.expect_status(409);
    assert!(refused.body.contains("Tested better"));
    let form = fields(&refused, "/draft/discard");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.post("/discard", &form).await.expect_status(303);
    assert!(!desk.has_draft().await);
    assert_eq!(desk.get("").await.texts(&format!("#node-{tested} a.title")), ["Tested"]);
    assert_eq!(desk.app.installation_log().await, ["checklist_published"]);
}

#[tokio::test]
async fn archived_checklist_cannot_be_edited() {
    let desk = DraftEditor::start().await;
    let (section, tested) = (desk.node("Backup").await, desk.node("Tested").await);
    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.expect_status(303);
    let version = desk.version().await;
    let archive = format!("/checklists/{}/archive", desk.checklist);
    desk.admin.post(&archive, &[("archived", "true")]).await.expect_status(303);
    for page in ["", "/publication", &*format!("?open={tested}")] {
        assert!(desk.get(page).await.expect_status(409).body.contains("archived"), "{page}");
    }
    let typed = [&[("title", "Typed"), ("version", &*version), ("name", "Typed")][..], &NEW_ITEM].concat();
    for address in ["/about", "/parts", &*format!("/sections/{section}/items"), &*format!("/items/{tested}")] {
        let refused = desk.post(address, &typed).await.expect_status(409);
        assert!(refused.texts(".problem")[0].contains("archived"), "{address}");
        assert!(refused.body.contains("value=\"Typed\""), "{address}");
    }
    desk.post("/order", &[("up", &*tested), ("version", &*version)]).await.expect_status(409);
    desk.post("/removals", &[("node", &*tested), ("version", &*version)]).await.expect_status(409);
    desk.post("/publication", &[("newest", "1"), ("version", &*version)]).await.expect_status(409);
    let shown = desk.admin.get(&format!("/checklists/{}", desk.checklist)).await;
    assert!(!shown.body.contains("/draft\""), "nor is it offered");
    // After restoring, the saved draft is still there.
    desk.admin.post(&archive, &[("archived", "false")]).await.expect_status(303);
    assert_eq!(desk.get("").await.texts(&format!("#node-{tested} a.title")), ["Tested well"]);
    assert_eq!(desk.versions().await, 1);
}

#[tokio::test]
async fn checklist_versions_are_compared_item_by_item() {
    let desk = DraftEditor::start().await;
    let second = SMALL
        .replace("- [ ] Tested\n", "")
        .replace(
            "{critical; role=operations; evidence}\n  In a drill.",
            "{role=operations}\n  In a drill.\n  Every month.",
        )
        .replace("## Network", "## Networks")
        .replace("- [ ] Used\n", "- [ ] Used\n- [ ] Few\n");
    import(&desk.admin, &second, &desk.checklist).await.expect_status(303);
    let reader = desk.app.sign_in(member()).await;
    let at = |query: &str| format!("/checklists/{}/compare{query}", desk.checklist);
    let page = reader.get(&at("?from=1&to=2")).await.expect_status(200);
    assert_eq!(page.texts("h1"), ["From version 1 to version 2"]);
    assert!(page.body.contains("1 item added, 1 removed, 1 changed, 0 moved. 1 heading renamed."));
    assert_eq!(page.texts(".diff.whole li"), ["a part’s heading was Network now Networks"]);
    assert_eq!(page.texts(".diff.added .key"), ["few"]);
    assert_eq!(page.texts(".diff.removed del"), ["Tested"]);
    let changed = &page.texts(".diff.changed .values")[0];
    assert!(changed.contains("importance was critical now required"), "{changed}");
    assert!(changed.contains("evidence was required now not required"), "{changed}");
    assert_eq!(page.texts(".text-lines .same"), ["In a drill."]);
    assert_eq!(page.texts(".text-lines .is"), ["now Every month."]);
    // In the other direction, and the default without parameters.
    assert_eq!(reader.get(&at("?from=2&to=1")).await.expect_status(200).texts(".diff.added .key"), ["tested"]);
    assert_eq!(reader.get(&at("")).await.expect_status(200).texts("h1"), ["From version 1 to version 2"]);
    let same = reader.get(&at("?from=2&to=2")).await.expect_status(200);
    assert!(same.body.contains("These are the same version"));
    let link = format!("a[href='/checklists/{}/compare?from=1&to=2']", desk.checklist);
    assert_eq!(reader.get(&format!("/checklists/{}", desk.checklist)).await.texts(&link), ["with version 1"]);

    // The error is shown at its field, and the other number stays chosen.
    for (wrong, status, field, chosen) in [
        ("?from=1&to=3", 404, "to", "1"),
        ("?from=0&to=1", 404, "from", "1"),
        ("?from=-1", 404, "from", "2"),
        ("?to=99", 404, "to", "1"),
        ("?from=x&to=1", 422, "from", "1"),
        ("?from=1&to=99999999999", 422, "to", "1"),
    ] {
        let answer = reader.get(&at(wrong)).await.expect_status(status);
        assert_eq!(
            answer.texts(&format!("#f-{field}-error")),
            ["There is no such version. They are numbered from 1 to 2; choose one."],
            "{wrong}"
        );
        let other = if field == "from" { "to" } else { "from" };
        let selected = answer.attribute(&format!("#f-{other} option[selected]"), "value");
        assert_eq!(selected.as_deref(), Some(chosen), "{wrong}");
    }
    let twice = reader.get(&at("?from=1&from=2")).await.expect_status(400);
    let way_on = twice.attribute(".error-page a.button", "href");
    assert_eq!(way_on, Some(at("")), "the page can be opened without what is wrong");
    // Version numbers of another checklist are not found.
    let other = import(&desk.admin, "# Other\n\n- [ ] Alone\n", "").await.location().replace("/versions/1", "/compare");
    reader.get(&format!("{other}?from=1&to=2")).await.expect_status(404);
    assert!(reader.get(&other).await.expect_status(200).body.contains("There is no other one yet."));
}

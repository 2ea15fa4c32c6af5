//! Checklists that are made in the browser: from nothing, from a starter, from a copy; who must sign them; and what is chosen on
//! the preview of an import.

use reqwest::multipart::Form;
use signoff::{
    ambient,
    domain::{checklist::Checklist, markdown_checklist::parse_markdown, text::Title},
};
use uuid::Uuid;

use crate::helpers::{
    TestApp, admin,
    client::{Answer, Client},
    member,
};

const UNSIGNED: &str =
    "# Going live\n\n## Database\n\n- [ ] Backups are restored\n- [ ] Keep\n\n## Web\n\n- [ ] Serve\n";

async fn make(client: &Client, fields: &[(&str, &str)]) -> Answer {
    client.post("/checklists/new", fields).await
}

/// Imports a text with these further fields.
async fn import(client: &Client, markdown: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    let form = Form::new().text("markdown", markdown.to_owned()).text("step", step.to_owned());
    let form = fields.iter().fold(form, |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()));
    client.upload("/checklists/import", form).await
}

/// Publishes the draft at this address as its page shows it, with a further field.
async fn publish_draft(client: &Client, draft: &str, more: &[(&str, &str)]) -> Answer {
    let page = client.get(&format!("{draft}/publication")).await.expect_status(200);
    let fields = page.form_fields("form[action$='/draft/publication']");
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(more);
    client.post(&format!("{draft}/publication"), &fields).await
}

async fn published(client: &Client, version: &str) -> Checklist {
    let markdown = client.get(&format!("{version}/checklist.md")).await.expect_status(200).body;
    parse_markdown(&markdown, &Title::new("Untitled").unwrap()).checklist
}

fn signers(checklist: &Checklist) -> Vec<&str> {
    checklist.required_roles.iter().map(|role| role.title.as_str()).collect()
}

async fn count_checklists(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM checklists").fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn new_checklist_is_a_draft_that_only_admins_see_until_it_is_published() {
    let app = TestApp::start().await;
    let (admin, member) = (app.sign_in(admin()).await, app.sign_in(member()).await);
    let page = admin.get("/checklists/new").await.expect_status(200);
    assert_eq!(page.texts("legend"), ["Start from"]);
    member.get("/checklists/new").await.expect_status(403);
    make(&member, &[("name", "Mine"), ("start", "nothing")]).await.expect_status(403);

    let once = ambient::new_opaque_id::<Uuid>().to_string();
    let fields = [("name", "Door"), ("purpose", "For *doors*."), ("start", "nothing"), ("once", &*once)];
    let draft = make(&admin, &fields).await.expect_status(303).location().to_owned();
    let checklist = draft.strip_suffix("/draft").unwrap().to_owned();
    // Sent twice, it is one checklist; with other content, another.
    assert_eq!(make(&admin, &fields).await.expect_status(303).location(), checklist);
    assert_eq!(count_checklists(&app).await, 1);
    assert_eq!(admin.get(&checklist).await.expect_status(303).location(), draft);
    assert!(admin.get(&draft).await.expect_status(200).body.contains("Door"));
    assert!(admin.get("/checklists").await.texts("#unpublished-h + table th[scope=row]").contains(&"Door".to_owned()));
    let list = member.get("/checklists").await.expect_status(200);
    assert!(!list.body.contains("Door"), "{}", list.body);
    member.get(&checklist).await.expect_status(404);
    member.get(&draft).await.expect_status(403);
    // There is nothing to publish yet, and the page says so.
    let publication = admin.get(&format!("{draft}/publication")).await.expect_status(200);
    assert_eq!(publication.texts("#faults-h + ul li"), ["This checklist has no items yet."]);

    let version = admin.get(&draft).await.attribute("#order [name=version]", "value").unwrap_or_else(|| "1".to_owned());
    let discarded = admin.post(&format!("{draft}/discard"), &[("version", &*version)]).await.expect_status(303);
    assert_eq!(discarded.location(), "/checklists");
    admin.get(&draft).await.expect_status(404);
    assert!(!admin.get("/checklists").await.body.contains("/draft"));
}

#[tokio::test]
async fn new_checklist_from_starter_or_copy_has_its_content_when_published() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let draft = make(&admin, &[("start", "small-service")]).await.expect_status(303).location().to_owned();
    let version = publish_draft(&admin, &draft, &[]).await.expect_status(303).location().to_owned();
    assert!(version.ends_with("/versions/1"), "{version}");
    let small = published(&admin, &version).await;
    assert_eq!((small.name.as_str(), small.items().count()), ("Small service", 10));
    assert_eq!(signers(&small), ["Tech lead", "Operations"]);

    let of = version.strip_prefix("/checklists/").unwrap().replace("/versions/", "/");
    let page = admin.get(&format!("/checklists/new?copy={of}")).await.expect_status(200);
    assert_eq!(page.attribute("#f-copy option[selected]", "value").as_deref(), Some(&*of));
    let copy = [("start", "copy"), ("copy", &*of)];
    let draft = make(&admin, &copy).await.expect_status(303).location().to_owned();
    let version = publish_draft(&admin, &draft, &[]).await.expect_status(303).location().to_owned();
    let copied = published(&admin, &version).await;
    assert_eq!(copied.name.as_str(), "Copy of Small service");
    assert_eq!((&copied.parts, &copied.required_roles), (&small.parts, &small.required_roles));
    assert_eq!(app.installation_log().await, ["checklist_published", "checklist_published"]);
}

#[tokio::test]
async fn new_checklist_form_with_errors_comes_back_as_typed() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let nowhere = "00000000-0000-0000-0000-000000000000/1";
    let long = "x".repeat(301);
    for (fields, at) in [
        (vec![("start", "nothing"), ("purpose", "Typed")], "#f-name-error"),
        (vec![("start", "nothing"), ("name", &*long), ("purpose", "Typed")], "#f-name-error"),
        (vec![("start", "nothing"), ("name", "a\nb"), ("purpose", "Typed")], "#f-name-error"),
        (vec![("start", "burn"), ("name", "Door"), ("purpose", "Typed")], ".choices .problem"),
        (vec![("start", "nothing"), ("name", "Door"), ("purpose", "Typed"), ("once", "zzz")], ".problem"),
    ] {
        let page = make(&admin, &fields).await.expect_status(422);
        assert_eq!(page.texts(at).len(), 1, "{at}: {}", page.body);
        assert_eq!(page.texts("#f-purpose"), ["Typed"]);
    }
    import(&admin, UNSIGNED, "publish", &[("unsigned", "on")]).await.expect_status(303);
    for copy in ["", "nonsense", nowhere] {
        let page = make(&admin, &[("start", "copy"), ("copy", copy)]).await.expect_status(422);
        assert_eq!(page.texts("#f-copy-error"), ["Choose the checklist to copy."]);
    }
    assert_eq!(count_checklists(&app).await, 1);
}

#[tokio::test]
async fn import_that_nobody_must_sign_is_refused_unless_that_is_meant() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let preview = import(&admin, UNSIGNED, "preview", &[]).await.expect_status(200);
    assert_eq!(preview.texts("form .banner.bad").len(), 1);
    assert!(preview.texts("#f-unsigned-on-error").is_empty());
    let refused = import(&admin, UNSIGNED, "publish", &[]).await.expect_status(422);
    assert!(refused.texts("#f-unsigned-on-error")[0].starts_with("Nobody must sign"), "{}", refused.body);
    assert!(refused.texts("textarea")[0].contains("Backups are restored"));
    assert_eq!(count_checklists(&app).await, 0);
    import(&admin, UNSIGNED, "publish", &[("unsigned", "on")]).await.expect_status(303);
    // One with signers has no such box.
    let signed = format!("{UNSIGNED}\n## Sign-off\n\n**Operations:** ____\n");
    let preview = import(&admin, &signed, "preview", &[]).await.expect_status(200);
    assert!(preview.attribute("#f-unsigned-on", "type").is_none() && preview.texts("form .banner").is_empty());
}

#[tokio::test]
async fn draft_that_nobody_must_sign_is_refused_unless_that_is_meant() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let draft = make(&admin, &[("start", "small-service")]).await.location().to_owned();
    for role in ["tech_lead", "operations"] {
        admin.post(&format!("{draft}/roles"), &[("action", "remove"), ("role", role)]).await.expect_status(303);
    }
    let refused = publish_draft(&admin, &draft, &[]).await.expect_status(422);
    assert!(refused.texts(".problem")[0].starts_with("Nobody must sign"), "{}", refused.body);
    let version = publish_draft(&admin, &draft, &[("unsigned", "on")]).await.expect_status(303);
    assert!(published(&admin, version.location()).await.required_roles.is_empty());
}

#[tokio::test]
async fn signers_and_properties_of_parts_are_chosen_on_the_preview() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let preview = import(&admin, UNSIGNED, "preview", &[]).await.expect_status(200);
    let offered = preview.attributes("[name=signer]", "value");
    assert_eq!(offered, ["tech_lead", "operations", "security", "product"]);
    assert!(preview.attributes("[name=signer][checked]", "value").is_empty());
    assert!(preview.body.contains("#restore-tested; critical; role=operations; evidence"), "the syntax is shown");
    let offered = offered.join(",");
    let chosen = [
        ("offered", &*offered),
        ("signer", "operations"),
        ("own_signers", "Legal & Privacy"),
        ("part-1-title", "Database"),
        ("part-1-role", "operations"),
        ("part-1-importance", "critical"),
        ("part-1-evidence", "on"),
    ];
    let preview = import(&admin, UNSIGNED, "preview", &chosen).await.expect_status(200);
    assert_eq!(preview.attributes("[name=signer][checked]", "value"), ["operations", "legal_privacy"]);
    assert_eq!(preview.attribute("[name='part-1-importance'] [selected]", "value").as_deref(), Some("critical"));
    assert!(preview.texts(".result").contains(&"item, critical, Operations, needs evidence".to_owned()));
    let version = import(&admin, UNSIGNED, "publish", &chosen).await.expect_status(303).location().to_owned();
    let checklist = published(&admin, &version).await;
    assert_eq!(signers(&checklist), ["Operations", "Legal & Privacy"]);
    let marks: Vec<_> = checklist
        .items()
        .map(|(_, _, item)| (item.importance.slug(), item.role.is_some(), item.evidence_required))
        .collect();
    assert_eq!(marks, [("critical", true, true), ("critical", true, true), ("required", false, false)]);
    for wrong in [("signer", "nobody"), ("part-2-role", "nobody"), ("own_signers", "a\u{202e}b")] {
        let fields = [("offered", &*offered), ("part-2-title", "Web"), wrong];
        let page = import(&admin, UNSIGNED, "publish", &fields).await.expect_status(422);
        assert!(!page.texts(".problem, .error").is_empty(), "{wrong:?}");
    }
}

#[tokio::test]
async fn version_page_has_no_dead_boxes_and_names_roles_by_their_titles() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let text = "# T\n\n- [ ] Ends {#a; role=data_protection}\n  How to.\n\n## Sign-off\n\n**Security:** ____\n";
    let version = import(&admin, text, "publish", &[]).await.expect_status(303).location().to_owned();
    let page = admin.get(&version).await.expect_status(200);
    assert!(page.texts(".item .box").is_empty() && !page.body.contains("How to verify"));
    assert_eq!(page.texts(".item summary"), ["Ends"]);
    assert_eq!(page.texts(".item .chip"), ["Data protection"]);
    assert!(page.body.contains("SHA-256 of everything"));
}

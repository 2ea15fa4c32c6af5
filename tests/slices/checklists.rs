//! Checklists: rights, import in two steps, versions, archiving, Markdown import and export, and the shipped checklist.

use std::{
    collections::BTreeMap,
    process::{Command, Output},
};

use http::StatusCode;
use reqwest::multipart::{Form, Part};
use secrecy::ExposeSecret as _;
use signoff::{
    ambient,
    checklists::{MAX_MARKDOWN_BYTES, shipped},
    domain::{
        checklist::Checklist,
        ids::ChecklistId,
        markdown_checklist::{parse_markdown, write_markdown},
        text::Title,
    },
};

use crate::helpers::{
    TestApp, admin, anon, auditor,
    client::{Answer, Client},
    member,
};

const SMALL: &str = "# Going live\n\n## Database\n\n- [x] Backups are restored {critical; role=operations; evidence}\n  \
                     In a drill.\n- [ ] Indexes are there\n\n<!-- - [ ] later -->\n\n## Sign-off\n\n**Operations:** ____\n";

async fn import(client: &Client, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let mut form = Form::new();
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    // Most texts here name nobody who must sign.
    if !fields.iter().any(|(name, _)| *name == "unsigned") {
        form = form.text("unsigned", "on");
    }
    if let Some((name, bytes)) = file {
        form = form.part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()));
    }
    let request = client.request(reqwest::Method::POST, "/checklists/import").multipart(form);
    Client::send(request.header("sec-fetch-site", "same-origin")).await
}

/// Publishes a text; returns the path of the version's page.
async fn publish(client: &Client, markdown: &str) -> String {
    import(client, &[("markdown", markdown), ("step", "publish")], None).await.location().to_owned()
}

/// Presses "Publish" on a preview and sends every field as the page has it.
async fn publish_preview(client: &Client, preview: &Answer) -> Answer {
    let value = |name: &str| preview.attribute(&format!("form [name='{name}']"), "value").unwrap_or_default();
    let page = preview.html();
    let markdown =
        page.select(&scraper::Selector::parse("textarea").unwrap()).next().unwrap().text().collect::<String>();
    // Browsers end lines with CR LF.
    let markdown = markdown.replace('\n', "\r\n");
    let (name, once, checklist) = (value("name"), value("once"), value("checklist"));
    let fields = [
        ("markdown", markdown.as_str()),
        ("name", &name),
        ("once", &once),
        ("checklist", &checklist),
        ("step", "publish"),
    ];
    import(client, &fields, None).await
}

fn checklist_of(path: &str) -> String {
    path.split('/').nth(2).unwrap().to_owned()
}

fn parsed(markdown: &str) -> Checklist {
    parse_markdown(markdown, &Title::new("Untitled").unwrap()).checklist
}

async fn versions(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM checklist_versions").fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn checklist_is_readable_by_everyone_and_changed_by_admins() {
    let app = TestApp::start().await;
    let path = publish(&app.sign_in(admin()).await, SMALL).await;
    let checklist = checklist_of(&path);
    let archive = format!("/checklists/{checklist}/archive");
    let pages =
        ["/checklists".to_owned(), format!("/checklists/{checklist}"), path.clone(), format!("{path}/checklist.md")];
    for who in [member(), auditor(), admin().named("Another Admin")] {
        let is_admin = who.name.contains("Admin");
        let client = app.sign_in(who).await;
        for page in &pages {
            client.get(page).await.expect_status(200);
        }
        client.get("/checklists/import").await.expect_status(if is_admin { 200 } else { 403 });
        if !is_admin {
            import(&client, &[("markdown", SMALL), ("step", "publish")], None).await.expect_status(403);
            client.post(&archive, &[("archived", "true")]).await.expect_status(403);
        }
    }
    let client = app.sign_in(anon()).await;
    for page in pages.iter().map(String::as_str).chain(["/checklists/import"]) {
        assert!(client.get(page).await.location().starts_with("/login"), "{page}");
    }
    import(&client, &[("markdown", SMALL), ("step", "publish")], None).await.expect_status(401);
    client.post(&archive, &[("archived", "true")]).await.expect_status(401);
    assert_eq!(versions(&app).await, 1);
    assert_eq!(app.installation_log().await, ["checklist_published"]);
}

#[tokio::test]
async fn unknown_checklist_or_version_is_not_found() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let path = publish(&client, SMALL).await;
    let checklist = checklist_of(&path);
    let nowhere = "00000000-0000-0000-0000-000000000000";
    for path in [
        format!("/checklists/{nowhere}"),
        "/checklists/nonsense".to_owned(),
        format!("/checklists/{checklist}/versions/2"),
        format!("/checklists/{checklist}/versions/x"),
        format!("/checklists/{checklist}/versions/99999999999"),
        format!("/checklists/{checklist}/versions/2/checklist.md"),
        format!("/checklists/import?checklist={nowhere}"),
    ] {
        client.get(&path).await.expect_status(404);
    }
    import(&client, &[("markdown", SMALL), ("checklist", nowhere), ("step", "publish")], None).await.expect_status(404);
    client.post(&format!("/checklists/{nowhere}/archive"), &[("archived", "true")]).await.expect_status(404);
}

#[tokio::test]
async fn import_preview_shows_each_line_and_publishes_without_reupload() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    client.get("/checklists/import").await.expect_status(200);
    let preview =
        import(&client, &[("step", "preview")], Some(("going-live.md", SMALL.as_bytes()))).await.expect_status(200);
    assert_eq!(versions(&app).await, 0);
    let lines = preview.texts("#lines > li");
    assert_eq!(lines.len(), SMALL.lines().count());
    assert_eq!(
        lines[4],
        "5 - [x] Backups are restored {critical; role=operations; evidence} item, critical, Operations, needs evidence, unticked"
    );
    assert_eq!(lines[5], "6 In a drill. guidance of line 5");
    assert_eq!(
        preview.texts("#lines .omitted .result"),
        ["skipped: an HTML comment, with 1 box in it: remove the marks of the comment to make it an item"]
    );
    assert!(preview.body.contains("1 part, 1 section, 2 items"), "{}", preview.body);
    assert_eq!(preview.attribute("#f-name", "value").as_deref(), Some("Going live"));

    let path = publish_preview(&client, &preview).await.location().to_owned();
    // Sent twice, it is published once.
    assert_eq!(publish_preview(&client, &preview).await.location(), path);
    assert_eq!(versions(&app).await, 1);
    assert_eq!(app.installation_log().await, ["checklist_published"]);
    let page = client.get(&path).await.expect_status(200);
    assert_eq!(page.texts("h1"), ["Going live"]);
    assert_eq!(page.texts(".item .title"), ["Backups are restored", "Indexes are there"]);
    assert!(page.texts(".item .meta")[0].contains("critical"));
    assert_eq!(page.texts(".item .prose"), ["In a drill."]);
    assert_eq!(client.get("/checklists").await.texts("tbody th"), ["Going live"]);
    let hash = parsed(SMALL).hash().to_string();
    assert!(page.body.contains(&hash));
}

#[tokio::test]
async fn imported_checklist_name_prefers_form_then_heading_then_file() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    for (name, text, file, published) in [
        ("Chosen", SMALL, None, "Chosen"),
        ("", SMALL, Some("x.md"), "Going live"),
        ("", "- [ ] One\n", Some("go-live_list.md"), "Go live list"),
    ] {
        let mut fields = vec![("name", name), ("step", "publish")];
        if file.is_none() {
            fields.push(("markdown", text));
        }
        let answer = import(&client, &fields, file.map(|file| (file, text.as_bytes()))).await;
        assert_eq!(client.get(answer.location()).await.texts("h1"), [published]);
    }
    // A preview needs no name; publishing does.
    let preview = import(&client, &[("markdown", "- [ ] One\n"), ("step", "preview")], None).await.expect_status(200);
    assert_eq!(preview.attribute("#f-name", "value").as_deref(), Some(""));
    let wrong = publish_preview(&client, &preview).await.expect_status(422);
    assert_eq!(wrong.texts("#f-name-error").len(), 1);
    assert!(wrong.texts("textarea")[0].contains("- [ ] One"));
}

#[tokio::test]
async fn import_of_a_file_over_the_limit_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    for size in [2 * MAX_MARKDOWN_BYTES + 1, 20_000_000] {
        let large = vec![b'x'; size];
        let fields = [("name", "Going live"), ("step", "publish")];
        let page = import(&client, &fields, Some(("big.md", &large))).await.expect_status(413);
        assert!(page.texts("#f-file-error")[0].starts_with("big.md is larger than 2 MB."), "{size}");
        assert_eq!(page.attribute("form[action='/checklists/import'] [name=file]", "type").as_deref(), Some("file"));
    }
}

#[tokio::test]
async fn import_form_with_errors_comes_back_explained_as_typed() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let many = "- [ ] item\n".repeat(5_001);
    let large = "- [ ] item\n".repeat(MAX_MARKDOWN_BYTES / 10);
    let file = |bytes: &'static [u8]| Some(("list.md", bytes));
    for (fields, file, status, at) in [
        (vec![], None, 422, "file"),
        (vec![("markdown", " \n")], file(b""), 422, "file"),
        (vec![("markdown", SMALL)], file(b"- [ ] One\n"), 422, "file"),
        (vec![], file(b"- [ ] One \xff\n"), 422, "file"),
        (vec![], file(b"\xff\xfe-\0 \0"), 422, "file"),
        (vec![("markdown", "# A title\n\nand text\n")], None, 422, "file"),
        (vec![("markdown", many.as_str()), ("name", "Many")], None, 422, "file"),
        (vec![("markdown", large.as_str())], None, 413, "file"),
        (vec![("markdown", SMALL), ("name", "two\nlines")], None, 422, "name"),
        (vec![("markdown", SMALL), ("name", "a\u{202e}b")], None, 422, "name"),
    ] {
        for step in ["preview", "publish"] {
            let fields: Vec<_> = fields.iter().copied().chain([("step", step)]).collect();
            let page = import(&client, &fields, file).await.expect_status(status);
            assert_eq!(page.texts(&format!("#f-{at}-error")).len(), 1, "{:?}", page.texts("form"));
            let typed = fields.iter().find(|(name, _)| *name == "markdown").map_or("", |(_, text)| *text);
            if status == 422 && typed.len() < 1_000 {
                assert!(page.texts("textarea")[0].contains(typed.lines().next().unwrap_or_default().trim()));
            }
        }
    }
    import(&client, &[("markdown", SMALL), ("step", "burn")], None).await.expect_status(422);
    import(&client, &[("markdown", SMALL), ("checklist", "nonsense")], None).await.expect_status(404);
    client.post("/checklists/import", &[("markdown", SMALL), ("step", "publish")]).await.expect_status(422);
    assert_eq!(versions(&app).await, 0);
}

#[tokio::test]
async fn import_of_an_endless_upload_is_cut_off() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let endless = vec![b'x'; 40_000_000];
    let form = Form::new().part("file", Part::bytes(endless).file_name("x.md"));
    let request = client.request(reqwest::Method::POST, "/checklists/import").multipart(form);
    // The answer may come while the client is still sending, which some clients report as a broken connection.
    if let Ok(answer) = request.header("sec-fetch-site", "same-origin").send().await {
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    client.get("/checklists").await.expect_status(200);
}

#[tokio::test]
async fn import_as_next_version_of_the_same_content_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let first = publish(&client, SMALL).await;
    let checklist = checklist_of(&first);
    let next = SMALL.replace("Indexes are there", "Indexes are used {#indexes-are-there}");
    let of = ("checklist", checklist.as_str());

    let form = client.get(&format!("/checklists/import?checklist={checklist}")).await.expect_status(200);
    assert_eq!(form.texts("h1"), ["Import version 2"]);
    let preview = import(&client, &[("markdown", &next), of, ("step", "preview")], None).await.expect_status(200);
    assert!(preview.body.contains("0 items added, 0 removed, 1 changed, 0 moved."));
    assert_eq!(
        preview.texts(".diff li"),
        ["Indexes are used indexes-are-there title was Indexes are there now Indexes are used"]
    );
    let second = publish_preview(&client, &preview).await.location().to_owned();
    assert_eq!(second, format!("/checklists/{checklist}/versions/2"));
    assert_eq!(client.get(&format!("/checklists/{checklist}")).await.texts("tbody th"), ["Version 2", "Version 1"]);
    assert!(client.get(&first).await.body.contains("This is an older version"));

    let same = import(&client, &[("markdown", &next), of, ("step", "publish")], None).await;
    assert_eq!(same.location(), second);
    assert!(client.get(&second).await.texts(".flash")[0].contains("This is version 2 already"));
    let older = import(&client, &[("markdown", SMALL), of, ("step", "publish")], None).await.expect_status(409);
    assert!(older.texts(".problem")[0].starts_with("Version 1 has exactly this content."));
    assert!(older.texts("textarea")[0].contains("Backups are restored"));
    assert_eq!(versions(&app).await, 2);
    assert_eq!(app.installation_log().await, ["checklist_published", "checklist_published"]);
}

#[tokio::test]
async fn checklist_versions_published_at_once_get_two_numbers() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let checklist = checklist_of(&publish(&client, SMALL).await);
    let texts = ["- [ ] One\n", "- [ ] Two\n"];
    let send = |text| import_version(&client, &checklist, text);
    let (one, two) = tokio::join!(send(texts[0]), send(texts[1]));
    let mut numbers = [one.location().to_owned(), two.location().to_owned()];
    numbers.sort();
    assert_eq!(numbers, [2, 3].map(|number| format!("/checklists/{checklist}/versions/{number}")));
}

async fn import_version(client: &Client, checklist: &str, text: &str) -> Answer {
    import(client, &[("markdown", text), ("checklist", checklist), ("step", "publish")], None).await
}

#[tokio::test]
async fn archived_checklist_makes_no_launches_until_restored() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let checklist = checklist_of(&publish(&client, SMALL).await);
    let archive = format!("/checklists/{checklist}/archive");
    client.post(&archive, &[("archived", "maybe")]).await.expect_status(422);
    client.post(&archive, &[]).await.expect_status(422);
    for _ in 0..2 {
        client.post(&archive, &[("archived", "true")]).await.expect_status(303);
    }
    let list = client.get("/checklists").await.expect_status(200);
    assert_eq!(list.texts("details tbody th"), ["Going live"]);
    assert_eq!(list.texts("tbody th").len(), 1);
    assert!(client.get("/launches/new").await.body.contains("No checklist yet"));
    let page = client.get(&format!("/checklists/{checklist}")).await.expect_status(200);
    assert!(!page.body.contains("New launch from this"));
    import_version(&client, &checklist, "- [ ] One\n").await.expect_status(409);
    for _ in 0..2 {
        client.post(&archive, &[("archived", "false")]).await.expect_status(303);
    }
    assert!(client.get(&format!("/checklists/{checklist}")).await.body.contains("New launch from this"));
    assert_eq!(app.installation_log().await, ["checklist_published", "checklist_archived", "checklist_restored"]);
}

#[tokio::test]
async fn launch_form_for_a_checklist_archived_meanwhile_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let checklist = checklist_of(&publish(&client, SMALL).await);
    let form = client.get("/launches/new").await;
    let version = form.attribute("select[name=checklist] option[selected]", "value").unwrap();
    publish(&client, "# Another\n\n- [ ] One\n").await;
    let archive = format!("/checklists/{checklist}/archive");
    client.post(&archive, &[("archived", "true")]).await.expect_status(303);
    let launch = [("name", "Payments"), ("checklist", &*version), ("target", "2030-01-01T09:00"), ("zone", "UTC")];
    let refused = client.post("/launches", &launch).await.expect_status(422);
    assert!(refused.texts("#f-checklist-error")[0].starts_with("This checklist is archived"));
    assert_eq!(refused.attribute("#f-name", "value").as_deref(), Some("Payments"));
    client.post(&archive, &[("archived", "false")]).await.expect_status(303);
    client.post("/launches", &launch).await.expect_status(303);
}

/// Hostile markup in every field of a checklist.
const HOSTILE: &str = "# <script>alert('name')</script>\n\n<script>alert('html')</script>\n\nText <b onclick=x()>bold</b>\n\n\
    ## <script>alert('part')</script>\n\n### <script>alert('section')</script>\n\n- <script>alert('under')</script>\n\
    \x20 - [ ] <script>alert('title')</script> \"><svg onload=x()>\n    <script>alert('guidance')</script> [x](javascript:alert(1)) \
    ![y](https://evil.example/p.png)\n- [ ] ok {#ok; <script>alert('attribute')</script>}\n\n</textarea><script>alert('end')\
    </script>\n\n## Sign-off\n\n**<script>alert('role')</script>:** ____\n";

#[tokio::test]
async fn hostile_markdown_in_a_checklist_is_shown_and_never_runs() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let own = |page: &Answer| page.html().select(&scraper::Selector::parse("script").unwrap()).count();
    let plain = own(&client.get("/checklists").await);
    let hostile_name = ("name", "<script>alert('chosen')</script>");
    let preview =
        import(&client, &[("markdown", HOSTILE), hostile_name, ("step", "preview")], None).await.expect_status(200);
    let path = publish_preview(&client, &preview).await.location().to_owned();
    let refused = import(&client, &[("markdown", "<script>x</script>"), hostile_name, ("step", "publish")], None)
        .await
        .expect_status(422);
    let checklist = checklist_of(&path);
    let shown = [
        preview,
        refused,
        client.get(&path).await,
        client.get("/checklists").await,
        client.get(&format!("/checklists/import?checklist={checklist}")).await,
        client.get("/launches/new").await,
    ];
    for page in &shown {
        assert_eq!(own(page), plain, "{}", page.body);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        for bad in ["main svg[onload]", "main [onclick]", "main img", "main a[href^=javascript]", "main b[onclick]"] {
            assert_eq!(page.html().select(&scraper::Selector::parse(bad).unwrap()).count(), 0, "{bad}: {}", page.body);
        }
    }
    assert_eq!(shown[2].texts("h1"), ["<script>alert('chosen')</script>"]);
    assert!(shown[2].texts(".item .title")[0].contains("<script>alert('title')</script>"));
    assert_eq!(client.get(&format!("{path}/checklist.md")).await.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn import_of_nine_hundred_items_is_previewed_and_published() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let mut text = "# Large\n".to_owned();
    for at in 0..900 {
        if at % 30 == 0 {
            text.push_str(&format!("\n## Part {at}\n\n"));
        }
        text.push_str(&format!("- [ ] Item {at} is as it should be {{role=operations}}\n  Look at number {at}.\n"));
    }
    let preview = import(&client, &[("step", "preview")], Some(("large.md", text.as_bytes()))).await.expect_status(200);
    assert!(preview.body.contains("30 parts, 30 sections, 900 items"));
    let path = publish_preview(&client, &preview).await.location().to_owned();
    let page = client.get(&path).await.expect_status(200);
    assert_eq!(page.texts(".item .title").len(), 900);
    let exported = client.get(&format!("{path}/checklist.md")).await.expect_status(200).body;
    assert_eq!(parsed(&exported), parsed(&text));

    // A launch of it has every row; ten sections of thirty are unfolded, as many as a browser lays out quickly.
    let form = client.get("/launches/new").await;
    let version = form.attribute("select[name=checklist] option[selected]", "value").unwrap();
    let fields = [("name", "Large"), ("checklist", version.as_str()), ("target", "2030-01-01T09:00"), ("zone", "UTC")];
    let made = client.post("/launches", &fields).await.expect_status(303);
    let launch = made.location().trim_end_matches("/settings").to_owned();
    let page = client.get(&launch).await.expect_status(200);
    assert_eq!(
        page.attributes("details.section[open]", "data-section"),
        (1..=10).map(|part| format!("{part}.1")).collect::<Vec<_>>()
    );
    assert_eq!(page.texts("details.section:not([open]) .item .title").len(), 600);
    let page = client.get(&format!("{launch}?q=Item+1")).await.expect_status(200);
    assert_eq!(page.texts("details.section[open] .item").len(), 111, "what was found is in sight");
}

#[tokio::test]
async fn checklist_export_imports_as_the_same_checklist() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let path = publish(&client, SMALL).await;
    let export = client.get(&format!("{path}/checklist.md")).await.expect_status(200);
    assert_eq!(export.header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(export.header("content-disposition"), "attachment; filename=\"going-live-v1.md\"");
    assert_eq!(parsed(&export.body), parsed(SMALL));
    assert_eq!(import_version(&client, &checklist_of(&path), &export.body).await.location(), path);
}

#[tokio::test]
async fn launch_checklist_is_exported_by_whoever_sees_the_launch() {
    let app = TestApp::start().await;
    let owner = app.sign_in(admin()).await;
    let path = publish(&owner, SMALL).await;
    let form = owner.get("/launches/new").await;
    let version = form.attribute("select[name=checklist] option[selected]", "value").unwrap();
    let page = owner.get(&path).await;
    assert_eq!(page.attribute(".actions .primary", "href").unwrap(), format!("/launches/new?checklist={version}"));
    let fields = [
        ("name", "Payments"),
        ("checklist", version.as_str()),
        ("target", "2030-01-01T09:00"),
        ("zone", "UTC"),
        ("restricted", "on"),
    ];
    let launch = owner.post("/launches", &fields).await.location().replace("/settings", "");
    let export = owner.get(&format!("{launch}/checklist.md")).await.expect_status(200);
    assert_eq!(parsed(&export.body), parsed(SMALL));
    app.sign_in(member()).await.get(&format!("{launch}/checklist.md")).await.expect_status(404);
    app.sign_in(auditor()).await.get(&format!("{launch}/checklist.md")).await.expect_status(200);
    let anon = app.sign_in(anon()).await;
    assert!(anon.get(&format!("{launch}/checklist.md")).await.location().starts_with("/login"));
}

#[tokio::test]
async fn shipped_checklist_is_published_once_by_simultaneous_starts() {
    let app = TestApp::start().await;
    let (db, now) = (&app.state.db, app.state.clock.now());
    let ensure = || shipped::publish_if_no_checklist(db, now, ambient::new_id());
    let made = tokio::join!(ensure(), ensure(), ensure());
    let made = [made.0, made.1, made.2].map(|made| made.unwrap().is_some());
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    assert!(ensure().await.unwrap().is_none());
    assert_eq!(versions(&app).await, 1);
    assert_eq!(app.installation_log().await, ["checklist_published"]);
    let client = app.sign_in(member()).await;
    let list = client.get("/checklists").await;
    assert_eq!(list.texts("tbody th"), ["Production readiness"]);
    assert_eq!(list.texts("tbody td[data-label=Items]"), ["209"]);
    let page = client.get(&list.attribute("tbody th a", "href").unwrap()).await.expect_status(200);
    assert_eq!(page.texts(".item .title").len(), 209);
    assert_eq!(page.texts("dd .chip"), ["Tech lead", "Operations", "Security", "Product"]);
}

#[tokio::test]
async fn shipped_checklist_is_not_added_beside_an_existing_one() {
    let app = TestApp::start().await;
    publish(&app.sign_in(admin()).await, SMALL).await;
    assert!(
        shipped::publish_if_no_checklist(&app.state.db, app.state.clock.now(), ambient::new_id())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(versions(&app).await, 1);
}

/// Runs the program with these arguments and settings, and no other setting of this process.
fn run_program(arguments: &[&str], set: &BTreeMap<&str, String>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signoff")).args(arguments).env_clear().envs(set).output().unwrap()
}

fn output_text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn import_dry_run_needs_no_database_and_prints_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("going-live.md");
    std::fs::write(&file, SMALL).unwrap();
    let output = run_program(&["import", "--dry-run", file.to_str().unwrap()], &BTreeMap::new());
    let report: serde_json::Value = serde_json::from_str(&output_text(&output)).unwrap();
    let expected = serde_json::json!({
        "parts": 1, "sections": 1, "items": 2,
        "titles": ["Backups are restored", "Indexes are there"],
        "left_out": [{
            "line": 9,
            "why": "an HTML comment, with 1 box in it: remove the marks of the comment to make it an item",
        }],
    });
    assert_eq!(report, expected);
    for (bytes, message) in [(vec![0xff], "not text in UTF-8"), (vec![b'x'; MAX_MARKDOWN_BYTES + 1], "more than 2 MB")]
    {
        std::fs::write(&file, bytes).unwrap();
        let output = run_program(&["import", "--dry-run", file.to_str().unwrap()], &BTreeMap::new());
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains(message));
    }
}

#[test]
fn import_dry_run_without_items_fails_and_lists_ignored_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.md");
    for text in ["", "# Cut over\n\n```\n- [ ] Backup taken\n```\n", "- [ ] Yes [ ] No\n"] {
        std::fs::write(&file, text).unwrap();
        let output = run_program(&["import", "--dry-run", file.to_str().unwrap()], &BTreeMap::new());
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("There is no item in this text"), "{text}");
        let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(printed["items"], 0);
        assert_eq!(printed["left_out"].as_array().unwrap().len(), usize::from(!text.is_empty()), "{text}");
    }
}

#[tokio::test]
async fn command_line_imports_and_exports_checklists() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("going-live.md");
    std::fs::write(&file, SMALL).unwrap();
    let file = file.to_str().unwrap();
    let mut url = url::Url::parse(app.state.config.database_url.expose_secret()).unwrap();
    url.query_pairs_mut().append_pair("options[role]", "signoff_app");
    let set = BTreeMap::from([
        ("DATABASE_URL", url.to_string()),
        ("MIGRATION_DATABASE_URL", url.to_string()),
        ("REDIS_URL", "redis://127.0.0.1:1".to_owned()),
    ]);
    let told_first = output_text(&run_program(&["import", "--name", "By hand", file], &set));
    assert!(told_first.starts_with("Published “By hand” as version 1 with 2 items."), "{told_first}");
    let checklist: ChecklistId = told_first.trim().rsplit(' ').next().unwrap().parse().unwrap();
    let checklist = checklist.to_string();
    let again = output_text(&run_program(&["import", "--checklist", &checklist, file], &set));
    assert!(again.contains("as version 2"), "{again}");
    let same = output_text(&run_program(&["import", "--checklist", &checklist, file], &set));
    assert!(same.contains("already, as version 2"), "{same}");

    let newest = output_text(&run_program(&["export", &checklist], &set));
    assert_eq!(parsed(&newest), parsed(SMALL));
    assert_eq!(newest, write_markdown(&parsed(SMALL)));
    let first = output_text(&run_program(&["export", &checklist, "--version", "1"], &set));
    assert_eq!(parsed(&first).name.as_str(), "By hand");
    for bad in [vec!["export", checklist.as_str(), "--version", "9"], vec!["export", "nonsense"]] {
        assert!(!run_program(&bad, &set).status.success());
    }
    assert_eq!(app.installation_log().await, ["checklist_published", "checklist_published"]);
}

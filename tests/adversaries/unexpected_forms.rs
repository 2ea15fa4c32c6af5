//! Form input that none of the application's pages sends: unknown values, missing fields, and repeated forms.

use reqwest::multipart::{Form, Part};
use signoff::{ambient, domain::launch::event::ItemState};

use crate::helpers::{
    TestApp, admin,
    client::{Answer, Client},
    launch::Launch,
    member,
    people::PASSWORD,
};

const ONCE: &str = "00000000-0000-4000-8000-00000000000a";

#[tokio::test]
async fn form_with_unknown_values_is_refused_and_changes_nothing() {
    let launch = Launch::ledger().restricted().make().await;
    let at = |page: &str| format!("/launches/{}/{page}", launch.id);
    let (state, items) = (launch.item_path("critical", "/state"), at("items"));
    let chosen = format!("{}.1", launch.item("critical"));
    let member = launch.member.person.id.to_string();
    for (path, fields) in [
        (at("restriction"), vec![("restricted", "maybe")]),
        (at("restriction"), vec![("restricted", "OFF")]),
        (at("restriction"), vec![("restricted", "on"), ("restricted", "off")]),
        (at("restriction"), vec![("restricted", "")]),
        (at("restriction"), vec![]),
        (at("policy"), vec![("slip_days", "7"), ("separation_of_duties", "sometimes")]),
        (at("policy"), vec![("slip_days", "7")]),
        (at("policy"), vec![("slip_days", "seven"), ("separation_of_duties", "on")]),
        (at("holders"), vec![("role", "security"), ("user", &member), ("action", "toggle")]),
        (at("holders"), vec![("role", "security"), ("user", &member)]),
        (at("participants"), vec![("user", &member), ("action", "ADD")]),
        (at("decision"), vec![("decision", "maybe"), ("reason", "x"), ("password", PASSWORD)]),
        (at("lifecycle"), vec![("step", "relaunch"), ("reason", "x")]),
        (at("notes"), vec![("seq", "1")]),
        (items.clone(), vec![("item", &chosen), ("act", "finish")]),
        (items.clone(), vec![("item", &chosen), ("act", "assign")]),
        (items, vec![("item", &chosen), ("act", "due")]),
        (state.clone(), vec![("state", "finished"), ("version", "1")]),
        (state, vec![("state", "done")]),
        (launch.item_path("critical", "/assignment"), vec![]),
        (launch.item_path("critical", "/assignment"), vec![("assignee", "nobody")]),
    ] {
        let answer = launch.owner.post(&path, &fields).await;
        assert_eq!(answer.status.as_u16(), 422, "{path} {fields:?}");
    }
    assert_eq!(launch.kinds().await, [""; 0]);
    assert!(launch.state().await.restricted);
}

#[tokio::test]
async fn form_checkbox_is_read_as_true_or_on() {
    let launch = Launch::ledger().make().await;
    let path = format!("/launches/{}/restriction", launch.id);
    for (sent, restricted) in [("true", true), ("off", false), ("on", true), ("false", false), ("1", true)] {
        launch.owner.post(&path, &[("restricted", sent)]).await.expect_status(303);
        assert_eq!(launch.state().await.restricted, restricted, "{sent}");
    }
    let page = launch.owner.get(&format!("/launches/{}/settings", launch.id)).await.expect_status(200);
    assert_eq!(page.attribute("form[action$='/restriction'] [name=restricted]", "value").as_deref(), Some("off"));
    let policy = [("slip_days", "7"), ("separation_of_duties", "off")];
    launch.owner.post(&format!("/launches/{}/policy", launch.id), &policy).await.expect_status(303);
    assert!(!launch.state().await.policy.separation_of_duties);
}

#[tokio::test]
async fn form_field_left_out_keeps_its_stored_value() {
    let launch = Launch::ledger().make().await;
    let details = format!("/launches/{}/details", launch.id);
    let target = [("target", "2099-01-01T09:00"), ("zone", "Europe/Lisbon")];
    for (name, summary, stored) in [
        ("One", Some("A new ledger."), Some("A new ledger.")),
        ("Two", None, Some("A new ledger.")),
        ("Three", Some(""), None),
    ] {
        let mut form = [&[("name", name)][..], &target].concat();
        form.extend(summary.map(|summary| ("summary", summary)));
        launch.owner.post(&details, &form).await.expect_status(303);
        let state = launch.state().await;
        assert_eq!((state.name(), state.details.summary.as_ref().map(|text| state.text(text))), (name, stored));
    }
    let path = launch.item_path("required", "/assignment");
    let mia = launch.member.person.id.to_string();
    launch.owner.post(&path, &[("assignee", &mia), ("due", "2098-01-01")]).await.expect_status(303);
    launch.owner.post(&path, &[("due", "2098-02-02")]).await.expect_status(303);
    let stored = launch.item_state("required").await.assignment;
    assert_eq!(stored.assignee.map(|person| person.id), Some(launch.member.person.id));
    launch.owner.post(&path, &[("assignee", "")]).await.expect_status(303);
    let stored = launch.item_state("required").await.assignment;
    assert_eq!((stored.assignee, stored.due.map(|day| day.to_string())), (None, Some("2098-02-02".to_owned())));
}

#[tokio::test]
async fn installation_form_with_unknown_values_is_refused() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let version = publish(&admin, "# A list\n\n- [ ] One\n", ONCE).await.location().to_owned();
    let list = version.split("/versions").next().unwrap();
    let outline = admin.get(&format!("{list}/draft")).await;
    let item = format!("{list}/draft/items/{}", outline.attribute("li[data-node]", "id").unwrap().replace("node-", ""));
    let fields = [("title", "One"), ("importance", "required"), ("phase", "before"), ("version", "0")];
    let other = |name, value| [&fields[..], &[("evidence", "off"), (name, value)]].concat();
    for (path, fields) in [
        (format!("{list}/archive"), vec![("archived", "perhaps")]),
        (format!("{list}/archive"), vec![]),
        (item.clone(), [&fields[..], &[("evidence", "perhaps")]].concat()),
        (item.clone(), other("step", "publish")),
        (item.clone(), other("then", "previous")),
        (item.clone(), other("importance", "vital")),
        ("/admin/statements".to_owned(), vec![("step", "publish")]),
        ("/admin/security/policy".to_owned(), vec![("second_factor", "never")]),
        ("/admin/security/policy".to_owned(), vec![]),
    ] {
        assert_eq!(admin.post(&path, &fields).await.status.as_u16(), 422, "{path} {fields:?}");
    }
    let drafts: i64 = sqlx::query_scalar("SELECT count(*) FROM checklist_drafts").fetch_one(&app.owner).await.unwrap();
    assert_eq!(drafts, 0);
    // Both spellings archive.
    for archived in ["on", "false", "true", "off"] {
        admin.post(&format!("{list}/archive"), &[("archived", archived)]).await.expect_status(303);
    }
    let form = Form::new().text("markdown", "- [ ] a").text("step", "peek");
    admin.upload("/checklists/import", form).await.expect_status(422);
}

async fn publish(client: &Client, markdown: &str, once: &str) -> Answer {
    publish_version(client, markdown, once, "").await
}

async fn publish_version(client: &Client, markdown: &str, once: &str, checklist: &str) -> Answer {
    let form = Form::new()
        .text("markdown", markdown.to_owned())
        .text("checklist", checklist.to_owned())
        .text("once", once.to_owned())
        .text("unsigned", "on")
        .text("step", "publish");
    client.upload("/checklists/import", form).await
}

#[tokio::test]
async fn repeated_launch_form_with_other_content_makes_another_launch() {
    let app = TestApp::start().await;
    let owner = app.sign_in(member()).await;
    let version: uuid::Uuid = {
        let admin = app.sign_in(admin()).await;
        publish(&admin, "# A list\n\n- [ ] One\n", ONCE).await.expect_status(303);
        sqlx::query_scalar("SELECT id FROM checklist_versions").fetch_one(&app.owner).await.unwrap()
    };
    let version = version.to_string();
    let form = [
        ("name", "Payments"),
        ("summary", ""),
        ("checklist", &*version),
        ("target", "2099-01-01T09:00"),
        ("zone", "Europe/Lisbon"),
        ("restricted", "true"),
        ("once", ONCE),
    ];
    let first = owner.post("/launches", &form).await.location().to_owned();
    assert_eq!(owner.post("/launches", &form).await.location(), first, "the same again is the same");
    let mut made = vec![first];
    for (name, value) in [
        ("name", "Invoices"),
        ("summary", "What it is for."),
        ("target", "2099-01-02T09:00"),
        ("zone", "Europe/Berlin"),
        ("restricted", "off"),
    ] {
        let other = form.map(|field| if field.0 == name { (name, value) } else { field });
        let location = owner.post("/launches", &other).await.location().to_owned();
        assert!(!made.contains(&location), "another {name} is another launch");
        made.push(location);
    }
    let restricted: Vec<bool> =
        sqlx::query_scalar("SELECT restricted FROM launches ORDER BY name, id").fetch_all(&app.owner).await.unwrap();
    assert_eq!((restricted.len(), restricted.iter().filter(|open| !**open).count()), (6, 1));
    let unknown = form.map(|field| if field.0 == "restricted" { ("restricted", "maybe") } else { field });
    let refused = owner.post("/launches", &unknown).await.expect_status(422);
    assert_eq!(refused.attribute("#f-name", "value").as_deref(), Some("Payments"));
}

#[tokio::test]
async fn repeated_import_with_other_content_is_not_reported_as_done() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let first = publish(&admin, "# One\n\n- [ ] a\n", ONCE).await.location().to_owned();
    assert_eq!(publish(&admin, "# One\n\n- [ ] a\n", ONCE).await.location(), first);
    let second = publish(&admin, "# Two\n\n- [ ] b\n", ONCE).await.location().to_owned();
    assert_ne!(first, second, "another text is another checklist");
    assert_eq!(admin.get(&second).await.expect_status(200).texts("h1"), ["Two"]);
    // Into an existing checklist.
    let list = first.split('/').nth(2).unwrap();
    for (text, number) in [("# One\n\n- [ ] c\n", 2), ("# One\n\n- [ ] d\n", 3), ("# One\n\n- [ ] d\n", 3)] {
        let version = publish_version(&admin, text, ONCE, list).await;
        assert_eq!(version.location(), format!("/checklists/{list}/versions/{number}"), "{text}");
    }
}

#[tokio::test]
async fn repeated_evidence_form_with_other_dates_or_name_adds_evidence() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence");
    let file = |name: &str, until: &str| {
        let part = Part::bytes(b"the log".to_vec()).file_name(name.to_owned());
        Form::new().part("files", part).text("valid_until", until.to_owned()).text("once", ONCE)
    };
    for (name, until) in
        [("a.log", "2098-01-01"), ("a.log", "2098-01-01"), ("a.log", "2098-01-02"), ("b.log", "2098-01-01")]
    {
        launch.member.upload(&path, file(name, until)).await.expect_status(303);
    }
    for until in ["", "", "2098-01-01"] {
        let note = Form::new().text("note", "Seen.").text("valid_until", until).text("once", ONCE);
        launch.member.upload(&path, note).await.expect_status(303);
    }
    assert_eq!(launch.kinds().await, ["evidence_attached"; 5]);
}

#[tokio::test]
async fn repeated_form_of_removed_content_is_not_reported_as_done() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence");
    for form in [
        &(|| Form::new().text("note", "Seen by me.").text("once", ONCE)) as &dyn Fn() -> Form,
        &|| Form::new().text("url", "https://ci.example.org/1").text("once", ONCE),
        &|| Form::new().part("files", Part::bytes(b"x".to_vec()).file_name("x.log")).text("once", ONCE),
    ] {
        launch.member.upload(&path, form()).await.expect_status(303);
        let newest = *launch.item_state("required").await.evidence.last().unwrap();
        launch.member.post(&format!("/evidence/{newest}/withdrawal"), &[("reason", "Wrong.")]).await.expect_status(303);
        let page = launch.member.upload(&path, form()).await.expect_status(409);
        assert!(page.texts("main [role=alert]")[0].contains("withdrawn since"), "{:?}", page.texts("[role=alert]"));
    }
    let page = launch
        .member
        .upload(&path, Form::new().text("note", "Seen by me.").text("once", ONCE))
        .await
        .expect_status(409);
    assert_eq!(page.texts("#f-attach-text")[0], "Seen by me.", "what was typed stays");
    // The returned page has a new idempotency key, under which the evidence is attached again.
    let fresh = page.attribute("#attach [name=once]", "value").unwrap();
    launch.member.upload(&path, Form::new().text("note", "Seen by me.").text("once", fresh)).await.expect_status(303);

    let comments = launch.item_path("required", "/comments");
    let comment = [("body", "I looked."), ("once", ONCE)];
    launch.member.post(&comments, &comment).await.expect_status(303);
    let id =
        launch.member.get(&launch.item_path("required", "")).await.attribute(".comments > .comment", "id").unwrap();
    launch.member.post(&format!("/comments/{}/deletion", id.replace("comment-", "")), &[]).await.expect_status(303);
    let page = launch.member.post(&comments, &comment).await.expect_status(409);
    assert!(page.texts("main [role=alert]")[0].contains("deleted it since"));
    assert_eq!(page.texts("#f-comment-body"), ["I looked."]);
}

/// The sender of a form, its address and its fields.
type SentForm<'a> = (&'a Client, String, Vec<(&'a str, &'a str)>);

#[tokio::test]
async fn form_with_a_damaged_number_is_refused_and_keeps_what_was_typed() {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let list = publish(&admin, "# A list\n\n- [ ] One\n", ONCE).await.location().to_owned();
    let draft = format!("{}/draft", list.split("/versions").next().unwrap());
    let section = admin.get(&draft).await.attribute(".edit-section", "id").unwrap().replace("node-", "");
    let section = format!("{draft}/sections/{section}");
    let (version, digest) = (launch.version.id.to_string(), launch.digest("security").await);
    let before = (launch.kinds().await, launch.app.installation_log().await);
    let item = |rest: &str| launch.item_path("backups", rest);
    let forms: Vec<SentForm<'_>> = vec![
        (
            &launch.member,
            "/launches".to_owned(),
            vec![("name", "Typed"), ("checklist", &version), ("target", "2099-01-01T09:00"), ("zone", "UTC")],
        ),
        (&launch.member, item("/comments"), vec![("body", "Typed")]),
        (&launch.member, item("/evidence-requests"), vec![("text", "Typed")]),
        (
            &launch.member,
            item("/waivers"),
            vec![("reason", "Typed"), ("control", "By hand."), ("expires_on", "2098-12-31")],
        ),
        (
            &launch.security,
            launch.path("signatures"),
            vec![
                ("role", "security"),
                ("verdict", "go"),
                ("digest", &digest),
                ("comment", "Typed"),
                ("password", PASSWORD),
            ],
        ),
        (&admin, format!("{draft}/parts"), vec![("title", "Typed"), ("version", "0")]),
        (
            &admin,
            format!("{section}/items"),
            vec![("title", "Typed"), ("importance", "required"), ("phase", "before"), ("version", "0")],
        ),
    ];
    let damaged = ["", "zzz", " 00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000"];
    for (client, path, fields) in &forms {
        for once in damaged {
            let sent = [&fields[..], &[("once", once)]].concat();
            assert_number_is_refused(&client.post(path, &sent).await, path);
        }
    }
    for once in damaged {
        let note = Form::new().text("note", "Typed").text("once", once);
        assert_number_is_refused(&launch.member.upload(&item("/evidence"), note).await, "evidence");
        let import = Form::new().text("markdown", "# Typed\n\n- [ ] Two\n").text("step", "publish").text("once", once);
        assert_number_is_refused(&admin.upload("/checklists/import", import).await, "import");
    }
    assert_eq!((launch.kinds().await, launch.app.installation_log().await), before);
    // The form that came back has a number of its own, and each form without one is a new one.
    let (_, path, fields) = &forms[1];
    let page = launch.member.post(path, &[fields[0], ("once", "zzz")]).await;
    let fresh = page.attribute("#comments [name=once]", "value").unwrap();
    for once in [Some(&*fresh), Some(&*fresh), None, None] {
        let mut sent = fields.clone();
        sent.extend(once.map(|once| ("once", once)));
        launch.member.post(path, &sent).await.expect_status(303);
    }
    assert_eq!(launch.kinds().await, ["comment_added"; 3]);
}

fn assert_number_is_refused(answer: &Answer, path: &str) {
    assert_eq!(answer.status.as_u16(), 422, "{path}");
    let problems = answer.texts("main [role=alert]");
    assert!(
        problems.iter().any(|problem| problem.contains("number of this form arrived damaged")),
        "{path} {problems:?}"
    );
    let typed = answer.texts("textarea").into_iter().chain(answer.attributes("input", "value"));
    assert!(typed.into_iter().any(|value| value.contains("Typed")), "{path} lost what was typed");
}

#[tokio::test]
async fn repeated_form_of_a_comment_that_was_hidden_or_edited_reports_no_success() {
    let launch = Launch::ledger().make().await;
    let comments = launch.item_path("required", "/comments");
    let form = [("body", "I looked."), ("once", ONCE)];
    launch.member.post(&comments, &form).await.expect_status(303);
    let page = launch.member.get(&launch.item_path("required", "")).await;
    let id = page.attribute(".comments > .comment", "id").unwrap().replace("comment-", "");
    let hide = async |hidden| {
        launch.owner.post(&format!("/comments/{id}/hiding"), &[("hidden", hidden)]).await.expect_status(303);
    };
    let edit = async |body| launch.member.post(&format!("/comments/{id}"), &[("body", body)]).await.expect_status(303);
    let again = async |status| {
        let answer = launch.member.post(&comments, &form).await.expect_status(status);
        answer.texts("main [role=alert]").concat()
    };
    hide("yes").await;
    assert!(again(409).await.contains("the owner of the launch hid it since"));
    hide("no").await;
    assert_eq!(again(303).await, "", "it is shown again");
    edit("I looked twice.").await;
    assert!(again(409).await.contains("edited it since"));
    edit("I looked.").await;
    assert_eq!(again(303).await, "", "it has the text again that was sent");
    assert_eq!(launch.kinds().await.iter().filter(|kind| *kind == "comment_added").count(), 1);
}

#[tokio::test]
async fn repeated_form_of_an_answered_evidence_request_reports_no_success() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence-requests");
    let form = [("text", "Show the log."), ("once", ONCE)];
    launch.auditor.post(&path, &form).await.expect_status(303);
    let page = launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    let answer = page.attribute("form[action$='/answer']", "action").unwrap();
    launch.member.post(&answer, &[("text", "Here.")]).await.expect_status(303);
    let page = launch.auditor.post(&path, &form).await.expect_status(409);
    assert!(page.texts("main [role=alert]").concat().contains("it was answered since"));
    assert_eq!(launch.kinds().await, ["evidence_requested", "evidence_request_answered"]);
}

#[tokio::test]
async fn repeated_form_of_a_launch_that_changed_since_reports_no_success() {
    let launch = Launch::ledger().make().await;
    let version = launch.version.id.to_string();
    let target = [("target", "2099-01-01T09:00"), ("zone", "UTC")];
    let (cancel, rename) =
        (vec![("step", "cancel"), ("reason", "No money.")], vec![("name", "Other"), target[0], target[1]]);
    let other = launch.other.person.id.to_string();
    for (name, page, change, why) in [
        ("One", "lifecycle", cancel, "was cancelled since"),
        ("Two", "details", rename, "was changed since"),
        ("Three", "restriction", vec![("restricted", "on")], "was changed since"),
        ("Four", "owner", vec![("owner", other.as_str())], "has another owner since"),
    ] {
        let form = [("name", name), ("checklist", version.as_str()), target[0], target[1], ("once", ONCE)];
        let made = launch.member.post("/launches", &form).await.expect_status(303).location().to_owned();
        assert_eq!(launch.member.post("/launches", &form).await.location(), made, "sent twice");
        let path = format!("{made}/{page}");
        launch.member.post(&path, &change).await.expect_status(303);
        let page = launch.member.post("/launches", &form).await.expect_status(409);
        assert!(page.texts("main [role=alert]").concat().contains(why), "{:?}", page.texts("main [role=alert]"));
        assert_eq!(page.attribute("[name=name]", "value").as_deref(), Some(name), "what was typed stays");
        let fresh = page.attribute("main [name=once]", "value").unwrap();
        let form = form.map(|field| if field.0 == "once" { ("once", fresh.as_str()) } else { field });
        assert_ne!(launch.member.post("/launches", &form).await.expect_status(303).location(), made, "another launch");
    }
}

#[tokio::test]
async fn repeated_form_of_a_withdrawn_signature_reports_no_success() {
    let launch = Launch::payments().make().await;
    let once = [("once", ONCE)];
    launch.sign(&launch.security, "security", "go", &once).await.expect_status(303);
    let id = launch.state().await.signatures[0].record.id;
    let withdrawal = [("comment", "Too soon."), ("password", PASSWORD)];
    launch.security.post(&format!("/signatures/{id}/withdrawal"), &withdrawal).await.expect_status(303);
    let before = launch.state().await.seq;
    let page = launch.sign(&launch.security, "security", "go", &once).await.expect_status(409);
    assert!(page.texts("main [role=alert]").concat().contains("withdrawn or replaced since"));
    assert_eq!(launch.kinds_after(before).await, [""; 0]);
    // With another idempotency key it is another signature; the same one once more adds nothing, and the page says so.
    let other = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    launch.sign(&launch.security, "security", "go", &[("once", &other)]).await.expect_status(303);
    let location = launch.sign(&launch.security, "security", "go", &[]).await.location().to_owned();
    let page = launch.security.get(location.split('#').next().unwrap()).await.expect_status(200);
    assert!(page.texts(".flash")[0].contains("nothing was added"), "{:?}", page.texts(".flash"));
    // With another comment it replaces the previous signature, so that the typed comment is recorded.
    let before = launch.state().await.seq;
    launch.sign(&launch.security, "security", "go", &[("comment", "More.")]).await.expect_status(303);
    assert_eq!(launch.kinds_after(before).await, ["signed"]);
}

#[tokio::test]
async fn agreement_repeated_with_another_remark_is_recorded_or_refused() {
    let launch = Launch::payments().make().await;
    let path = format!("/items/{}/agreement", launch.item("backups"));
    launch.mark(&launch.member, "backups", ItemState::NotApplicable).await;
    for (who, remark, status, recorded) in [
        (&launch.security, "", 303, 1),
        (&launch.security, "", 303, 0),
        (&launch.security, "No such server.", 303, 1),
        (&launch.security, "No such server.", 303, 0),
        (&launch.deputy, "I looked as well.", 409, 0),
    ] {
        let before = launch.state().await.seq;
        let answer = who.post(&path, &[("verdict", "agree"), ("reason", remark)]).await.expect_status(status);
        assert_eq!(launch.kinds_after(before).await.len(), recorded, "{remark}");
        if status == 409 {
            assert_eq!(answer.texts("#agreement textarea"), [remark], "what was typed comes back");
        }
    }
}

#[tokio::test]
async fn repeated_form_of_a_removed_draft_item_reports_no_success() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let version = publish(&admin, "# A list\n\n- [ ] One\n", ONCE).await.location().to_owned();
    let draft = format!("{}/draft", version.split("/versions").next().unwrap());
    let section = admin.get(&draft).await.attribute(".edit-section", "id").unwrap().replace("node-", "");
    let items = format!("{draft}/sections/{section}/items");
    let form = |guidance| {
        [("title", "Two"), ("importance", "required"), ("phase", "before"), ("guidance", guidance), ("once", ONCE)]
    };
    admin.post(&items, &form("In a drill.")).await.expect_status(303);
    admin.post(&items, &form("In a drill.")).await.expect_status(303);
    // Other guidance under the same idempotency key is another item, which can't have the same title.
    let page = admin.post(&items, &form("By hand.")).await.expect_status(422);
    assert_eq!(page.texts("#f-guidance"), ["By hand."]);
    let page = admin.get(&draft).await;
    assert_eq!(page.texts("li a.title"), ["One", "Two"]);
    let added = page.attributes("li[data-node='Two']", "id")[0].replace("node-", "");
    let item = format!("{draft}/items/{added}");
    let change = |guidance| [&form(guidance)[..4], &[("version", "9"), ("evidence", "off")]].concat();
    admin.post(&item, &change("In two drills.")).await.expect_status(303);
    let page = admin.post(&items, &form("In a drill.")).await.expect_status(409);
    assert!(page.texts("main [role=alert]").concat().contains("what it added was changed since"));
    admin.post(&item, &change("In a drill.")).await.expect_status(303);
    admin.post(&items, &form("In a drill.")).await.expect_status(303);
    admin.post(&format!("{draft}/removals"), &[("node", &added), ("version", "9")]).await.expect_status(303);
    let page = admin.post(&items, &form("In a drill.")).await.expect_status(409);
    assert_eq!(page.texts("#f-guidance"), ["In a drill."]);
    let fresh = page.attribute("form[action$='/items'] [name=once]", "value").unwrap();
    assert_ne!(fresh, ONCE);
    let again = form("In a drill.").map(|field| if field.0 == "once" { ("once", &*fresh) } else { field });
    admin.post(&items, &again).await.expect_status(303);
}

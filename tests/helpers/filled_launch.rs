//! A launch that has one text in all of its text fields, and the pages that show it.

use reqwest::multipart::{Form, Part};
use signoff::domain::ids::ItemId;

use super::{TestApp, client::Client, people::PASSWORD};

pub(crate) async fn ids_in(app: &TestApp, table: &str) -> Vec<uuid::Uuid> {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT id FROM {table}"))).fetch_all(&app.owner).await.unwrap()
}

/// Makes a launch with this text in every text field, and returns its pages and those that list it. `file` is the name
/// of a file, which may not be as long.
pub(crate) async fn fill_launch(
    app: &TestApp,
    (text, file): (&str, &str),
    (owner, holder, holder_id, admin): (&Client, &Client, &str, &Client),
) -> Vec<String> {
    let list = format!(
        "# {text} list\n\n{text} intro.\n\n## {text} part\n\n### {text} section\n\n- [ ] {text} parent {{#one; critical; role=security}}\n  \
         {text} guidance.\n  - [ ] {text} child {{#two}}\n- [ ] {text} third {{#three}}\n\n## Sign-off\n\n**{text} role:** ____ {{role=security}}\n"
    );
    let import = Form::new().text("markdown", list.clone()).text("step", "publish");
    let version = admin.upload("/checklists/import", import).await.location().to_owned();
    let checklist = version.split("/versions").next().unwrap().to_owned();
    let id = ids_in(app, "checklist_versions").await.remove(0).to_string();
    let fields = [
        ("name", text),
        ("summary", text),
        ("checklist", &*id),
        ("target", "2099-01-01T09:00"),
        ("zone", "Europe/Lisbon"),
    ];
    let made = owner.post("/launches", &fields).await.location().to_owned();
    let launch = made.split('/').nth(2).unwrap().to_owned();
    let at = |page: &str| format!("/launches/{launch}{page}");
    let item = |key: &str| ItemId::from_key(launch.parse().unwrap(), &key.parse().unwrap());
    let [one, two, three] = ["one", "two", "three"].map(|key| format!("/items/{}", item(key)));
    let holders = [("role", "security"), ("user", holder_id), ("action", "add")];
    owner.post(&at("/holders"), &holders).await.expect_status(303);
    owner.post(&at("/participants"), &[("user", holder_id), ("action", "add")]).await.expect_status(303);
    owner.post(&at("/notes"), &[("notes", text)]).await.expect_status(303);
    let state = |state: &'static str| [("state", state), ("reason", text), ("version", "1")];
    owner.post(&format!("{one}/state"), &state("not_applicable")).await.expect_status(303);
    holder.post(&format!("{one}/agreement"), &[("verdict", "refuse"), ("reason", text)]).await.expect_status(303);
    owner.post(&format!("{two}/state"), &state("blocked")).await.expect_status(303);
    owner.post(&format!("{one}/assignment"), &[("assignee", holder_id)]).await.expect_status(303);
    let address: String = url::form_urlencoded::byte_serialize(file.as_bytes()).collect();
    let file = Part::bytes(b"x".to_vec()).file_name(format!("{file}.log"));
    let evidence = Form::new().part("files", file).text("note", text.to_owned());
    let evidence = evidence.text("url", format!("https://ci.example.org/{address}"));
    owner.upload(&format!("{three}/evidence"), evidence).await.expect_status(303);
    let withdrawn = ids_in(app, "evidence").await.remove(0);
    owner.post(&format!("/evidence/{withdrawn}/withdrawal"), &[("reason", text)]).await.expect_status(303);
    owner.post(&format!("{three}/comments"), &[("body", text)]).await.expect_status(303);
    let waiver = [("reason", text), ("control", text), ("expires_on", "2098-12-31")];
    owner.post(&format!("{two}/waivers"), &waiver).await.expect_status(303);
    let requested_waiver = ids_in(app, "waivers").await.remove(0);
    holder
        .post(&format!("/waivers/{requested_waiver}/approval"), &[("verdict", "approve"), ("reason", text)])
        .await
        .expect_status(303);
    let digest = owner.get(&at("/readiness.json")).await.expect_status(200).body;
    let digest: serde_json::Value = serde_json::from_str(&digest).unwrap();
    let digest = digest["digest"]["security"].as_str().unwrap().to_owned();
    let signature =
        [("role", "security"), ("verdict", "no_go"), ("digest", &*digest), ("comment", text), ("password", PASSWORD)];
    holder.post(&at("/signatures"), &signature).await.expect_status(303);
    owner.post(&at("/decision"), &[("decision", "hold"), ("reason", text)]).await.expect_status(303);
    let draft = format!("{checklist}/draft");
    admin.post(&format!("{draft}/parts"), &[("title", &*format!("{text} new"))]).await.expect_status(303);
    let outline = admin.get(&draft).await;
    let [part, section, item] =
        [".edit-part > header a.title", ".edit-section > header a.title", "li[data-node] a.title"]
            .map(|link| outline.attribute(link, "href").unwrap());
    let signed = ids_in(app, "signatures").await.remove(0);
    let mut pages: Vec<String> = [
        "",
        "/settings",
        "/another",
        "/watch",
        "/compare-with",
        "/evidence",
        "/go-no-go",
        "/history",
        "/as-of/9",
        "/compare?from=2",
        "/history/9",
    ]
    .map(at)
    .into();
    pages.extend([
        one,
        two,
        three,
        "/".to_owned(),
        "/notifications".to_owned(),
        "/account/notifications".to_owned(),
        "/launches".to_owned(),
        "/launches/new".to_owned(),
    ]);
    pages.extend([
        "/checklists".to_owned(),
        "/checklists/new".to_owned(),
        checklist.clone(),
        version,
        draft.clone(),
        part,
        section,
        item,
    ]);
    pages.push(format!("{checklist}/compare"));
    pages.extend([format!("{draft}/publication"), format!("{draft}/discard"), at("?select=on")]);
    pages.extend(
        [
            "/launches/calendar?month=2099-01",
            "/admin",
            "/admin/security",
            "/admin/operations",
            "/admin/webhooks",
            "/audit",
            "/audit/rights",
        ]
        .map(str::to_owned),
    );
    pages.extend([
        format!("/signatures/{signed}"),
        "/account".to_owned(),
        "/account/calendar".to_owned(),
        "/checklists/import".to_owned(),
    ]);
    let start: String = text.chars().take(60).collect();
    let start: String = url::form_urlencoded::byte_serialize(start.as_bytes()).collect();
    pages.push(format!("/search?q={start}"));
    pages
}

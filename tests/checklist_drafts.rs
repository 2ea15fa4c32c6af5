//! Editing checklists in the browser: drafts that several people share, publishing them, comparing versions; and that
//! launches already made stay as they are.

use std::collections::BTreeSet;

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use scraper::Selector;
use signoff::domain::{
    checklist::Checklist,
    checklist_draft::ChecklistDraft,
    digest,
    ids::{ChecklistId, NodeId},
    markdown_checklist::read,
    text::Title,
};

use crate::helpers::{
    TestApp, admin, anon, auditor,
    client::{Answer, Client},
    launch::Team,
    member,
};

const SMALL: &str = "# Going live\n\n## Database\n\n### Backup\n\n- [ ] Restored {critical; role=operations; evidence}\n  In a \
                     drill.\n- [ ] Tested\n- [ ] Off site\n\n### Indexes\n\n- [ ] Used\n\n## Network\n\n- [ ] Reachable\n\n\
                     ## Sign-off\n\n**Operations:** ____\n";

/// A checklist that an admin edits.
struct Desk {
    app: TestApp,
    admin: Client,
    checklist: String,
}

impl Desk {
    async fn start() -> Self {
        Self::with(SMALL).await
    }

    async fn with(markdown: &str) -> Self {
        let app = TestApp::start().await;
        let admin = app.sign_in(admin()).await;
        let path = import(&admin, markdown, "").await.location().to_owned();
        let checklist = path.split('/').nth(2).unwrap().to_owned();
        Self { app, admin, checklist }
    }

    /// An address of the draft: `at("/items/…")`.
    fn at(&self, rest: &str) -> String {
        format!("/checklists/{}/draft{rest}", self.checklist)
    }

    async fn get(&self, rest: &str) -> Answer {
        self.admin.get(&self.at(rest)).await
    }

    async fn post(&self, rest: &str, fields: &[(&str, &str)]) -> Answer {
        self.admin.post(&self.at(rest), fields).await
    }

    /// The version that the draft's pages carry.
    async fn version(&self) -> String {
        self.get("").await.is(200).attribute("#order [name=version]", "value").unwrap()
    }

    /// The id of the thing that a row of the outline or of a section has.
    async fn section(&self, title: &str) -> String {
        named(&self.get("").await, title)
    }

    async fn item(&self, section: &str, title: &str) -> String {
        let section = self.section(section).await;
        named(&self.get(&format!("/sections/{section}")).await, title)
    }

    /// Saves an item, as its page has it but for these fields.
    async fn save(&self, client: &Client, item: &str, changes: &[(&str, &str)]) -> Answer {
        let page = client.get(&self.at(&format!("/items/{item}"))).await.is(200);
        let mut fields = fields(&page, &format!("/draft/items/{item}"));
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.post(&self.at(&format!("/items/{item}")), &fields).await
    }

    /// Presses a button of the outline or of a section.
    async fn press(&self, address: &str, button: (&str, &str)) -> Answer {
        let version = self.version().await;
        self.post(address, &[button, ("version", &version)]).await
    }

    /// Publishes, as the page that was looked at has it.
    async fn publish(&self) -> Answer {
        let page = self.get("/publication").await.is(200);
        let fields = fields(&page, "/draft/publication");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post("/publication", &fields).await
    }

    /// A version as Markdown reads it.
    async fn published(&self, number: i32) -> Checklist {
        let path = format!("/checklists/{}/versions/{number}/checklist.md", self.checklist);
        parsed(&self.admin.get(&path).await.is(200).body)
    }

    async fn versions(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM checklist_versions").fetch_one(&self.app.owner).await.unwrap()
    }

    async fn has_draft(&self) -> bool {
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM checklist_drafts").fetch_one(&self.app.owner).await.unwrap();
        count > 0
    }
}

async fn import(client: &Client, markdown: &str, checklist: &str) -> Answer {
    let form = Form::new()
        .part("markdown", Part::text(markdown.to_owned()))
        .text("checklist", checklist.to_owned())
        .text("step", "publish");
    client.upload("/checklists/import", form).await
}

fn parsed(markdown: &str) -> Checklist {
    read(markdown, &Title::new("Untitled").unwrap()).checklist
}

/// The id of the row with this title.
#[track_caller]
fn named(page: &Answer, title: &str) -> String {
    let id = page.attribute(&format!("[data-node='{title}']"), "id");
    id.unwrap_or_else(|| panic!("{title}: {}", page.body)).trim_start_matches("node-").to_owned()
}

/// Every field of the form that posts to an address ending so, as the page has it.
fn fields(page: &Answer, action: &str) -> Vec<(String, String)> {
    let html = page.html();
    let find = |selector: String| Selector::parse(&selector).unwrap();
    let form = html.select(&find(format!("form[action$='{action}']"))).next().expect("the form");
    let mut fields = Vec::new();
    for field in form.select(&find("input, textarea, select".to_owned())) {
        let name = field.attr("name").unwrap().to_owned();
        let value = match field.value().name() {
            "textarea" => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
            "select" => {
                let chosen = field.select(&find("option[selected]".to_owned())).next();
                chosen.and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
            }
            _ if field.attr("type") == Some("checkbox") && field.attr("checked").is_none() => continue,
            _ => field.attr("value").unwrap_or_default().to_owned(),
        };
        fields.push((name, value));
    }
    fields
}

/// The rows of a page, by their titles.
fn rows(page: &Answer, list: &str) -> Vec<String> {
    page.texts(&format!("{list} > [data-node] .title"))
}

const NEW_ITEM: [(&str, &str); 4] =
    [("importance", "advisory"), ("phase", "7d"), ("role", "security"), ("evidence", "on")];

#[tokio::test]
async fn a_checklist_is_edited_and_published_without_a_script() {
    let desk = Desk::start().await;
    let opened = desk.get("").await.is(200);
    assert_eq!(opened.texts("h1"), ["Draft of version 2"]);
    assert_eq!(opened.texts(".edit-part h2"), ["Database", "Network"]);
    assert_eq!(opened.texts(".edit-part .title"), ["Backup", "Indexes", "Without a heading"]);
    assert!(!desk.has_draft().await, "looking changes nothing");

    // Parts and sections.
    let part = desk.post("/parts", &[("title", "Legal"), ("once", "00000000-0000-4000-8000-000000000001")]).await;
    assert!(part.location().contains("/draft#node-"), "{}", part.location());
    let legal = named(&desk.get("").await, "Legal");
    let terms = desk.post(&format!("/parts/{legal}/sections"), &[("title", "Terms")]).await.location().to_owned();
    let terms = terms.rsplit('/').next().unwrap().to_owned();
    desk.post(&format!("/parts/{legal}/title"), &[("title", "Law"), ("version", &desk.version().await)]).await.is(303);
    desk.post(&format!("/sections/{terms}/title"), &[("title", "Terms of use"), ("version", &desk.version().await)])
        .await
        .is(303);
    desk.press("/order", ("up", &legal)).await.is(303);
    let outline = desk.get("").await;
    assert_eq!(outline.texts(".edit-part h2"), ["Database", "Law", "Network"]);
    assert_eq!(outline.texts(".edit-part .title"), ["Backup", "Indexes", "Terms of use", "Without a heading"]);

    // Items.
    let add = [&[("title", "Terms are read"), ("guidance", "By *counsel*."), ("once", "")][..], &NEW_ITEM].concat();
    desk.post(&format!("/sections/{terms}/items"), &add).await.is(303);
    let restored = desk.item("Backup", "Restored").await;
    let saved =
        desk.save(&desk.admin, &restored, &[("title", "Restored in a drill"), ("importance", "required")]).await;
    assert!(saved.location().contains(&format!("#node-{restored}")));
    let off_site = desk.item("Backup", "Off site").await;
    let moved = desk.press("/order", ("up", &off_site)).await;
    assert!(moved.location().ends_with(&format!("#node-{off_site}")));
    let used = desk.item("Indexes", "Used").await;
    let backup = desk.section("Backup").await;
    desk.post(&format!("/items/{used}/place"), &[("to", &backup)]).await.is(303);
    let indexes = desk.section("Indexes").await;
    desk.press("/removals", ("node", &indexes)).await.is(303);
    let section = desk.get(&format!("/sections/{backup}")).await.is(200);
    assert_eq!(rows(&section, "#items"), ["Restored in a drill", "Off site", "Tested", "Used"]);

    // What the checklist is called, and who signs.
    let about = [("name", "Going live, again"), ("introduction", "What we check."), ("version", &desk.version().await)];
    desk.post("/about", &about).await.is(303);
    for form in [[("action", "add"), ("role", "security")], [("action", "add"), ("title", "Legal counsel")]] {
        desk.post("/roles", &form).await.is(303);
    }
    desk.press("/roles", ("action", "nonsense")).await.is(422);
    let version = desk.version().await;
    desk.post("/roles", &[("action", "up"), ("role", "legal_counsel"), ("version", &version)]).await.is(303);
    desk.post("/roles", &[("action", "remove"), ("role", "operations"), ("version", &version)]).await.is(303);

    let publication = desk.get("/publication").await.is(200);
    assert_eq!(publication.texts("h2"), ["The checklist", "Added 1", "Changed 1", "Moved 2"]);
    assert!(publication.texts(".diff.changed")[0].contains("title was Restored now Restored in a drill"));
    assert!(publication.texts(".diff.changed")[0].contains("importance was critical now required"));
    assert_eq!(publication.texts(".diff.added .key"), ["terms-are-read"]);
    let version = desk.publish().await.location().to_owned();
    assert_eq!(version, format!("/checklists/{}/versions/2", desk.checklist));
    assert!(!desk.has_draft().await);
    assert_eq!(desk.app.installation_log().await, ["checklist_published", "checklist_published"]);

    let expected = "# Going live, again\n\nWhat we check.\n\n## Database\n\n### Backup\n\n- [ ] Restored in a drill \
                    {#restored; role=operations; evidence}\n  In a drill.\n- [ ] Off site\n- [ ] Tested\n- [ ] Used\n\n\
                    ## Law\n\n### Terms of use\n\n- [ ] Terms are read {advisory; after 7d; role=security; evidence}\n  \
                    By *counsel*.\n\n## Network\n\n- [ ] Reachable\n\n## Sign-off\n\n**Legal counsel:** ____\n\n\
                    **Security:** ____ {role=security}\n";
    assert_eq!(desk.published(2).await, parsed(expected));
    assert_eq!(desk.published(1).await, parsed(SMALL), "a version never changes");
}

#[tokio::test]
async fn a_launch_already_made_is_the_same_before_and_after() {
    let team = Team::start().await;
    let admin = team.app.sign_in(admin()).await;
    let launch = format!("/launches/{}", team.launch);
    let list = admin.get("/checklists").await;
    let checklist = list.attribute("tbody th a", "href").unwrap();
    let security = "security".parse().unwrap();
    let parts = ["", "/go-no-go", "/history", "/checklist.md", "/readiness.json"];
    let look = async || {
        let mut seen = Vec::new();
        for part in parts {
            let page = team.owner.get(&format!("{launch}{part}")).await.is(200);
            // The page says when it was computed, and how long ago something was.
            let goes_on = |line: &str| line.contains("<time ") || line.contains(">Computed ");
            seen.extend(page.body.lines().filter(|line| !goes_on(line)).map(str::to_owned));
        }
        seen
    };
    let (before, pages) = (team.state().await, look().await);
    let of: ChecklistId = checklist.rsplit('/').next().unwrap().parse().unwrap();
    let content = ChecklistDraft::of(of, &before.version.checklist, 1, 0);
    let draft = format!("{checklist}/draft");
    let first = content.items().next().unwrap().id;
    let removed = content.items().nth(1).unwrap().id.to_string();
    let fields = [("title", "Said otherwise"), ("importance", "advisory"), ("phase", "before"), ("version", "0")];
    admin.post(&format!("{draft}/items/{first}"), &fields).await.is(303);
    admin.post(&format!("{draft}/removals"), &[("node", &removed), ("version", "9")]).await.is(303);
    admin.post(&format!("{draft}/roles"), &[("action", "remove"), ("role", "security")]).await.is(303);
    let page = admin.get(&format!("{draft}/publication")).await.is(200);
    let form = self::fields(&page, "/draft/publication");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let version = admin.post(&format!("{draft}/publication"), &form).await.location().to_owned();
    assert!(admin.get(&version).await.body.contains("Said otherwise"));

    // As kept in memory, and as read anew from its events.
    let after = team.state().await;
    let anew = signoff::record::Record::default().load(&team.app.state.db, team.launch).await.unwrap().unwrap();
    for now in [&after, &anew] {
        assert_eq!(now.version, before.version);
        assert_eq!(now.items, before.items);
        assert_eq!(now.seq, before.seq);
        assert_eq!(digest::scope(now, &security), digest::scope(&before, &security), "byte for byte");
        assert_eq!(digest::digest(now, &security), digest::digest(&before, &security));
    }
    let now = look().await;
    assert_eq!(now.len(), pages.len());
    for (now, before) in now.iter().zip(&pages) {
        assert_eq!(now, before);
    }
}

#[tokio::test]
async fn only_admins_edit() {
    let desk = Desk::start().await;
    let item = desk.item("Backup", "Tested").await;
    let section = desk.section("Backup").await;
    let pages = [
        desk.at(""),
        desk.at(&format!("/sections/{section}")),
        desk.at(&format!("/items/{item}")),
        desk.at("/publication"),
        desk.at("/discard"),
    ];
    let forms = [
        desk.at("/about"),
        desk.at("/roles"),
        desk.at("/parts"),
        desk.at("/order"),
        desk.at("/removals"),
        desk.at("/restorations"),
        desk.at(&format!("/sections/{section}/items")),
        desk.at(&format!("/items/{item}")),
        desk.at("/publication"),
        desk.at("/discard"),
    ];
    let compare = format!("/checklists/{}/compare", desk.checklist);
    for who in [member(), auditor()] {
        let client = desk.app.sign_in(who).await;
        for page in &pages {
            client.get(page).await.is(403);
        }
        for form in &forms {
            client.post(form, &[("title", "Mine"), ("node", &item), ("up", &item)]).await.is(403);
        }
        client.get(&compare).await.is(200);
        let shown = client.get(&format!("/checklists/{}", desk.checklist)).await.is(200);
        assert!(!shown.body.contains("/draft"), "nor is it offered");
    }
    let nobody = desk.app.sign_in(anon()).await;
    for page in pages.iter().chain([&compare]) {
        assert!(nobody.get(page).await.location().starts_with("/login"));
    }
    for form in &forms {
        nobody.post(form, &[("title", "Mine")]).await.is(401);
        let elsewhere = desk.admin.form(form, &[("title", "Mine")]).header("sec-fetch-site", "cross-site");
        Client::send(elsewhere).await.is(403);
    }
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn two_people_who_edit_two_things_never_meet() {
    let desk = Desk::start().await;
    let other = desk.app.sign_in(admin().named("Otto Admin")).await;
    let (tested, used) = (desk.item("Backup", "Tested").await, desk.item("Indexes", "Used").await);
    let tested_form = [("title", "Tested by Ann"), ("importance", "required"), ("phase", "before"), ("version", "1")];
    let version = desk.version().await;
    let form =
        |title| [("title", title), ("importance", "required"), ("phase", "before"), ("version", version.as_str())];
    // Both looked at the same version.
    desk.post(&format!("/items/{used}"), &form("Used by Ann")).await.is(303);
    other.post(&desk.at(&format!("/items/{tested}")), &form("Tested by Otto")).await.is(303);
    assert!(other.get(&desk.at("")).await.body.contains("by Otto Admin"));

    // The same item is another matter: what was typed stays, and what there is stands beside it.
    let refused = desk.post(&format!("/items/{tested}"), &tested_form).await.is(409);
    assert!(refused.texts(".problem")[0].starts_with("This was changed meanwhile."));
    assert_eq!(refused.attribute("#f-title", "value").as_deref(), Some("Tested by Ann"));
    assert_eq!(refused.texts("dl.facts"), ["Title Tested by Otto"]);
    assert_eq!(desk.get(&format!("/items/{tested}")).await.texts("h1"), ["Tested by Otto"]);
    // Sent again from there, it is meant.
    let again = fields(&refused, &format!("/draft/items/{tested}"));
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.post(&format!("/items/{tested}"), &again).await.is(303);
    assert_eq!(desk.get(&format!("/items/{tested}")).await.texts("h1"), ["Tested by Ann"]);
    // And what is as one wants it is no conflict at all.
    desk.post(&format!("/items/{tested}"), &tested_form).await.is(303);
}

#[tokio::test]
async fn whatever_is_stale_is_answered_with_what_was_typed_and_what_there_is() {
    let desk = Desk::start().await;
    let (backup, network) = (desk.section("Backup").await, desk.section("Network").await);
    let tested = desk.item("Backup", "Tested").await;
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
        desk.post(address, &[&soon[..], &[old]].concat()).await.is(303);
        let refused = desk.post(address, &[&fields[..], &[old]].concat()).await.is(409);
        assert!(refused.body.contains("meanwhile"), "{address}: {}", refused.body);
        assert!(refused.body.contains(typed) && refused.body.contains(now), "{address}");
    }
    // Buttons have nothing typed; the page is shown as it is now.
    desk.post("/order", &[("up", &*tested), old]).await.is(303);
    let refused = desk.post("/order", &[("down", &*tested), old]).await.is(409);
    assert_eq!(rows(&refused, "#items"), ["Tested", "Restored", "Off site"]);
    assert!(refused.texts(".problem")[0].starts_with("This was changed meanwhile."));
    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.is(303);
    for node in [&tested, &backup] {
        desk.post("/removals", &[("node", node), old]).await.is(409);
        desk.post("/removals", &[("node", node), ("version", "no number")]).await.is(409);
    }
    desk.press("/removals", ("node", &tested)).await.is(303);
}

#[tokio::test]
async fn what_was_typed_for_what_is_gone_is_not_lost() {
    let desk = Desk::start().await;
    let other = desk.app.sign_in(admin().named("Otto Admin")).await;
    let (section, tested) = (desk.section("Backup").await, desk.item("Backup", "Tested").await);
    let version = desk.version().await;
    let form = [("title", "Typed"), ("guidance", "At length."), ("importance", "required"), ("phase", "before")];
    let form = [&form[..], &[("version", version.as_str())]].concat();
    let is_kept = |answer: &Answer| {
        assert_eq!(answer.attribute("#f-title", "value").as_deref(), Some("Typed"));
        assert_eq!(answer.texts("#f-guidance"), ["At length."]);
        answer.attribute("fieldset button", "formaction").unwrap()
    };
    other.post(&desk.at("/removals"), &[("node", &*tested), ("version", &version)]).await.is(303);
    let refused = desk.post(&format!("/items/{tested}"), &form).await.is(409);
    let add = is_kept(&refused);
    desk.post("/restorations", &[("node", &*tested)]).await.is(303);
    desk.admin.post(&add, &form).await.is(303);

    let made = desk.item("Backup", "Typed").await;
    other.post(&desk.at("/removals"), &[("node", &*section), ("version", "99")]).await.is(303);
    is_kept(&desk.post(&format!("/sections/{section}/items"), &form).await.is(409));
    is_kept(&desk.post(&format!("/items/{made}"), &form).await.is(409));
    // The draft is gone, and with it the new item.
    other.post(&desk.at("/discard"), &[("version", &desk.version().await)]).await.is(303);
    let answer = desk.post(&format!("/items/{made}"), &form).await.is(409);
    is_kept(&answer);
    desk.post(&format!("/items/{made}"), &[]).await.is(404);
    // What is published is there still, but is not what was looked at.
    let stale = desk.post(&format!("/items/{tested}"), &form).await.is(409);
    assert_eq!(stale.attribute("#f-title", "value").as_deref(), Some("Typed"));
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn a_wrong_field_comes_back_with_a_sentence_and_what_was_typed() {
    let desk = Desk::start().await;
    let (section, tested) = (desk.section("Backup").await, desk.item("Backup", "Tested").await);
    let network = desk.section("Network").await;
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
            let page = desk.post(&address, &fields).await.is(422);
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
        (format!("/parts/{network}/title"), &*format!("#f-{network}-title-error")),
        (format!("/parts/{network}/sections"), &*format!("#f-{network}-section-title-error")),
        (format!("/sections/{section}/title"), "#f-section-title-error"),
    ] {
        for value in ["", &*long, "a\u{202e}b"] {
            let page = desk.post(&address, &[("title", value), ("name", value), ("version", "9")]).await.is(422);
            // A selector begins an id with no digit.
            let errors = page.texts(".error");
            assert_eq!(errors.len(), 1, "{address}: {errors:?}");
            assert!(page.body.contains(&format!("id=\"{}\"", error.trim_start_matches('#'))), "{address}: {error}");
            assert!(value.is_empty() || value.len() > 300 || page.body.contains(value), "{address}");
        }
    }
    for (address, title) in [("/parts".to_owned(), "Network"), (format!("/sections/{section}/title"), "Indexes")] {
        let page = desk.post(&address, &[("title", title), ("version", "9")]).await.is(422);
        assert!(page.body.contains("has this title already"), "{address}");
    }
    for (fields, at) in [
        (vec![("action", "add"), ("role", "nobody")], "#f-role-error"),
        (vec![("action", "add")], "#f-role-title-error"),
        (vec![("action", "add"), ("title", &*long)], "#f-role-title-error"),
        (vec![("action", "add"), ("role", "security"), ("title", "Operations")], "#f-role-title-error"),
        (vec![("action", "remove"), ("role", "security")], ".problem"),
        (vec![("action", "up"), ("role", "x y")], ".problem"),
    ] {
        let page = desk.post("/roles", &fields).await.is(422);
        assert_eq!(page.texts(at).len(), 1, "{fields:?}: {}", page.body);
    }
    for fields in [vec![("to", "nowhere")], vec![("nesting", "under:it")], vec![], vec![("nesting", "in:x")]] {
        let page = desk.post(&format!("/items/{tested}/place"), &fields).await.is(422);
        assert_eq!(page.texts(".problem"), ["Choose one of these."]);
    }
    desk.post(&format!("/items/{tested}/place"), &[("nesting", &*format!("in:{tested}"))]).await.is(422);
    desk.post("/order", &[("version", "9")]).await.is(422);
    desk.post("/order", &[("up", &*tested), ("down", &*tested), ("version", "9")]).await.is(422);
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn what_is_not_in_the_draft_is_not_found() {
    let desk = Desk::start().await;
    let other = Desk::with("# Other\n\n## Part\n\n- [ ] Foreign\n").await;
    let section = desk.section("Backup").await;
    let (foreign, foreign_section) =
        (other.item("Without a heading", "Foreign").await, other.section("Without a heading").await);
    let foreign_here = import(&desk.admin, "# Other\n\n## Part\n\n- [ ] Foreign\n", "").await.location().to_owned();
    let here: ChecklistId = foreign_here.split('/').nth(2).unwrap().parse().unwrap();
    let foreign_here: NodeId =
        ChecklistDraft::of(here, &parsed("# Other\n\n## Part\n\n- [ ] Foreign\n"), 1, 0).items().next().unwrap().id;
    let form = [("title", "Good"), ("importance", "required"), ("phase", "before")];
    for node in [foreign.as_str(), &foreign_section, &foreign_here.to_string(), "nonsense", &section] {
        desk.get(&format!("/items/{node}")).await.is(404);
        desk.post(&format!("/items/{node}"), &form).await.is(404);
        desk.post(&format!("/items/{node}/place"), &[("to", &section)]).await.is(404);
        desk.post(&format!("/parts/{node}/title"), &form).await.is(404);
        desk.post(&format!("/parts/{node}/sections"), &form).await.is(404);
        if node == section {
            continue;
        }
        desk.get(&format!("/sections/{node}")).await.is(404);
        desk.post(&format!("/sections/{node}/items"), &form).await.is(404);
        desk.post(&format!("/sections/{node}/title"), &form).await.is(404);
        desk.post(&format!("/sections/{section}/part"), &[("to", node)]).await.is(404);
        for (address, name) in [("/order", "up"), ("/removals", "node"), ("/restorations", "node")] {
            desk.post(address, &[(name, node), ("version", "9")]).await.is(404);
        }
    }
    let tested = desk.item("Backup", "Tested").await;
    desk.post(&format!("/items/{tested}/place"), &[("to", &foreign_section)]).await.is(404);
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn nothing_moves_beyond_the_ends() {
    let desk = Desk::start().await;
    let section = desk.section("Backup").await;
    for (button, title, section) in [
        ("up", "Restored", Some(&section)),
        ("down", "Off site", Some(&section)),
        ("up", "Backup", None),
        ("down", "Indexes", None),
        ("up", "Database", None),
        ("down", "Network", None),
    ] {
        let page = desk.get(&section.map_or_else(String::new, |section| format!("/sections/{section}"))).await;
        let node = named(&page, title);
        let disabled = page.attribute(&format!("button[name={button}][value='{node}']"), "disabled");
        assert!(disabled.is_some(), "{title} {button}");
        let page = desk.press("/order", (button, &node)).await.is(409);
        assert!(page.texts(".problem")[0].starts_with("It can’t be moved further"), "{title}");
    }
    desk.post("/roles", &[("action", "up"), ("role", "operations"), ("version", "9")]).await.is(409);
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn the_same_form_twice_is_done_once() {
    let desk = Desk::start().await;
    let section = desk.section("Backup").await;
    let form =
        [&[("title", "Watched"), ("once", "00000000-0000-4000-8000-000000000007"), ("version", "0")][..], &NEW_ITEM];
    let form = form.concat();
    for _ in 0..2 {
        desk.post(&format!("/sections/{section}/items"), &form).await.is(303);
        desk.post("/parts", &form).await.is(303);
        desk.post("/roles", &[("action", "add"), ("role", "security")]).await.is(303);
    }
    // The same number with another text, from a page that one went back to, is another thing.
    let other = [&[("title", "Watched well"), form[1]][..], &NEW_ITEM].concat();
    desk.post(&format!("/sections/{section}/items"), &other).await.is(303);
    let page = desk.get(&format!("/sections/{section}")).await;
    assert_eq!(rows(&page, "#items"), ["Restored", "Tested", "Off site", "Watched", "Watched well"]);
    let watched = named(&page, "Watched");
    for _ in 0..2 {
        desk.press("/removals", ("node", &watched)).await.is(303);
    }
    for _ in 0..2 {
        desk.press("/restorations", ("node", &watched)).await.is(303);
    }
    assert_eq!(desk.get("").await.texts(".edit-part h2"), ["Database", "Network", "Watched"]);
    desk.press("/removals", ("node", &named(&desk.get("").await, "Watched"))).await.is(303);

    let page = desk.get("/publication").await;
    let fields = fields(&page, "/draft/publication");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (one, two) = tokio::join!(desk.post("/publication", &fields), desk.post("/publication", &fields));
    assert_eq!(one.location(), two.location());
    assert_eq!(desk.versions().await, 2);
    for _ in 0..2 {
        desk.post("/discard", &[("version", "0")]).await.is(303);
    }
}

#[tokio::test]
async fn two_who_edit_at_the_very_same_time_lose_nothing() {
    let desk = Desk::start().await;
    let section = desk.section("Backup").await;
    let address = format!("/sections/{section}/items");
    let add = async |title: &str| {
        let form = [&[("title", title), ("version", "0")][..], &NEW_ITEM].concat();
        desk.post(&address, &form).await.is(303);
    };
    let titles: Vec<String> = (0..8).map(|at| format!("At once {at}")).collect();
    futures_util::future::join_all(titles.iter().map(|title| add(title))).await;
    let page = desk.get(&format!("/sections/{section}")).await;
    let found: BTreeSet<String> = rows(&page, "#items").into_iter().collect();
    assert!(titles.iter().all(|title| found.contains(title)), "{found:?}");
    assert_eq!(desk.version().await, (1 + 8).to_string());
}

#[tokio::test]
async fn publishing_is_refused_for_what_was_not_looked_at() {
    let desk = Desk::start().await;
    let tested = desk.item("Backup", "Tested").await;
    // Nothing was changed.
    assert!(desk.get("/publication").await.is(200).body.contains("Nothing differs from version 1"));
    desk.post("/publication", &[("version", "1"), ("newest", "1")]).await.is(409);

    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.is(303);
    let page = desk.get("/publication").await.is(200);
    let looked_at = fields(&page, "/draft/publication");
    let looked_at: Vec<(&str, &str)> = looked_at.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // Somebody goes on editing.
    desk.save(&desk.admin, &tested, &[("title", "Tested very well")]).await.is(303);
    let refused = desk.post("/publication", &looked_at).await.is(409);
    assert!(refused.texts(".problem")[0].starts_with("The draft was changed since you looked."));
    assert!(refused.body.contains("Tested very well"));
    // Somebody imports a version.
    import(&desk.admin, &SMALL.replace("Reachable", "In reach {#reachable}"), &desk.checklist).await.is(303);
    let refused = desk.post("/publication", &looked_at).await.is(409);
    assert!(refused.texts(".problem")[0].starts_with("Version 2 was published since you looked."));
    assert!(
        refused.texts(".diff.changed")[0].contains("title was In reach now Reachable"),
        "what it would undo is said"
    );
    assert!(desk.get("").await.texts(".banner")[0].starts_with("Version 2 was published since this draft began"));
    assert_eq!(desk.publish().await.location(), format!("/checklists/{}/versions/3", desk.checklist));

    // Changed, and changed back.
    let tested = desk.item("Backup", "Tested very well").await;
    desk.save(&desk.admin, &tested, &[("title", "Another")]).await.is(303);
    desk.save(&desk.admin, &tested, &[("title", "Tested very well")]).await.is(303);
    assert!(desk.has_draft().await);
    assert!(desk.get("/publication").await.is(200).body.contains("Nothing differs from version 3"));
    let version = desk.version().await;
    let same = desk.post("/publication", &[("version", &version), ("newest", "3")]).await.is(409);
    assert_eq!(same.texts(".problem"), ["Nothing differs from version 3, so there is nothing to publish."]);

    // As an older version was.
    desk.save(&desk.admin, &tested, &[("title", "Tested")]).await.is(303);
    let older = desk.publish().await.is(409);
    assert!(older.texts(".problem")[0].starts_with("Version 1 has exactly this content."));
    assert!(desk.has_draft().await);
    assert_eq!(desk.versions().await, 3);
}

#[tokio::test]
async fn what_has_no_item_is_not_published() {
    let desk = Desk::start().await;
    let indexes = desk.section("Indexes").await;
    let used = desk.item("Indexes", "Used").await;
    desk.press("/removals", ("node", &used)).await.is(303);
    desk.post("/parts", &[("title", "Legal")]).await.is(303);
    let page = desk.get("/publication").await.is(200);
    let faults = page.texts("main li");
    assert!(faults[0].starts_with("The section “Indexes” has no item."), "{faults:?}");
    assert!(faults[1].starts_with("The part “Legal” has no item."), "{faults:?}");
    assert_eq!(page.attribute("main li a", "href"), Some(desk.at(&format!("/sections/{indexes}"))));
    assert_eq!(page.texts("form[action$='/publication']").len(), 0);
    let version = desk.version().await;
    let refused = desk.post("/publication", &[("version", &version), ("newest", "1")]).await.is(422);
    assert_eq!(refused.texts(".problem"), ["The draft can’t be published as it is."]);
    assert_eq!(desk.versions().await, 1);
}

#[tokio::test]
async fn discarding_asks_first_and_ends_the_draft_for_everybody() {
    let desk = Desk::start().await;
    let tested = desk.item("Backup", "Tested").await;
    assert!(desk.get("/discard").await.is(200).body.contains("There is no draft to discard."));
    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.is(303);
    let list = desk.admin.get("/checklists").await;
    assert_eq!(list.texts("tbody th"), ["Going live draft"]);
    let asked = desk.get("/discard").await.is(200);
    assert!(asked.body.contains("Tested well"), "what is lost is said");
    let form = fields(&asked, "/draft/discard");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.save(&desk.admin, &tested, &[("title", "Tested better")]).await.is(303);
    let refused = desk.post("/discard", &form).await.is(409);
    assert!(refused.body.contains("Tested better"));
    let form = fields(&refused, "/draft/discard");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.post("/discard", &form).await.is(303);
    assert!(!desk.has_draft().await);
    assert_eq!(desk.get(&format!("/items/{tested}")).await.texts("h1"), ["Tested"]);
    assert_eq!(desk.app.installation_log().await, ["checklist_published"]);
}

#[tokio::test]
async fn an_archived_checklist_is_not_edited() {
    let desk = Desk::start().await;
    let (section, tested) = (desk.section("Backup").await, desk.item("Backup", "Tested").await);
    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.is(303);
    let version = desk.version().await;
    let archive = format!("/checklists/{}/archive", desk.checklist);
    desk.admin.post(&archive, &[("archived", "true")]).await.is(303);
    for page in ["", "/publication", &*format!("/sections/{section}"), &*format!("/items/{tested}")] {
        assert!(desk.get(page).await.is(409).body.contains("archived"), "{page}");
    }
    let typed = [&[("title", "Typed"), ("version", &*version), ("name", "Typed")][..], &NEW_ITEM].concat();
    for address in ["/about", "/parts", &*format!("/sections/{section}/items"), &*format!("/items/{tested}")] {
        let refused = desk.post(address, &typed).await.is(409);
        assert!(refused.texts(".problem")[0].contains("archived"), "{address}");
        assert!(refused.body.contains("value=\"Typed\""), "{address}");
    }
    desk.post("/order", &[("up", &*tested), ("version", &*version)]).await.is(409);
    desk.post("/removals", &[("node", &*tested), ("version", &*version)]).await.is(409);
    desk.post("/publication", &[("newest", "1"), ("version", &*version)]).await.is(409);
    let shown = desk.admin.get(&format!("/checklists/{}", desk.checklist)).await;
    assert!(!shown.body.contains("/draft\""), "nor is it offered");
    // What was saved is there when it comes back.
    desk.admin.post(&archive, &[("archived", "false")]).await.is(303);
    assert_eq!(desk.get(&format!("/items/{tested}")).await.is(200).texts("h1"), ["Tested well"]);
    assert_eq!(desk.versions().await, 1);
}

#[tokio::test]
async fn guidance_is_previewed_cleaned_and_nothing_is_saved() {
    let desk = Desk::start().await;
    let (section, tested) = (desk.section("Backup").await, desk.item("Backup", "Tested").await);
    let hostile = "**Look** <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y()>";
    let form = [("title", "<script>alert(2)</script>"), ("guidance", hostile), ("step", "preview")];
    let form = [&form[..], &NEW_ITEM].concat();
    for address in [format!("/items/{tested}"), format!("/sections/{section}/items")] {
        let page = desk.post(&address, &form).await.is(200);
        assert_eq!(page.texts("#preview strong"), ["Look"]);
        for bad in ["main script", "#preview img", "#preview a[href^=javascript]"] {
            assert!(page.texts(bad).is_empty(), "{bad}");
        }
        assert_eq!(page.attribute("#f-title", "value").as_deref(), Some("<script>alert(2)</script>"));
        let wrong = desk.post(&address, &[form.as_slice(), &[("importance", "no")]].concat()).await;
        assert_eq!(wrong.status, 422);
    }
    assert!(!desk.has_draft().await);
    // And published, compared and edited it stays text.
    desk.save(&desk.admin, &tested, &[("title", "<script>alert(2)</script>"), ("guidance", hostile)]).await.is(303);
    for page in ["/publication", "", "/discard", &*format!("/sections/{section}"), &*format!("/items/{tested}")] {
        let page = desk.get(page).await.is(200);
        assert!(page.texts("main script").is_empty());
        assert!(!page.body.contains("<script>alert"));
    }
}

#[tokio::test]
async fn versions_are_compared_item_by_item() {
    let desk = Desk::start().await;
    let second = SMALL
        .replace("- [ ] Tested\n", "")
        .replace(
            "{critical; role=operations; evidence}\n  In a drill.",
            "{role=operations}\n  In a drill.\n  Every month.",
        )
        .replace("## Network", "## Networks")
        .replace("- [ ] Used\n", "- [ ] Used\n- [ ] Few\n");
    import(&desk.admin, &second, &desk.checklist).await.is(303);
    let reader = desk.app.sign_in(member()).await;
    let at = |query: &str| format!("/checklists/{}/compare{query}", desk.checklist);
    let page = reader.get(&at("?from=1&to=2")).await.is(200);
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
    // The other way round, and what is taken when nothing is said.
    assert_eq!(reader.get(&at("?from=2&to=1")).await.is(200).texts(".diff.added .key"), ["tested"]);
    assert_eq!(reader.get(&at("")).await.is(200).texts("h1"), ["From version 1 to version 2"]);
    let same = reader.get(&at("?from=2&to=2")).await.is(200);
    assert!(same.body.contains("These are the same version"));
    let link = format!("a[href='/checklists/{}/compare?from=1&to=2']", desk.checklist);
    assert_eq!(reader.get(&format!("/checklists/{}", desk.checklist)).await.texts(&link), ["with version 1"]);

    for missing in ["?from=1&to=3", "?from=0&to=1", "?from=-1", "?to=99"] {
        reader.get(&at(missing)).await.is(404);
    }
    for garbage in ["?from=x", "?to=99999999999", "?from=1&from=2"] {
        let answer = reader.get(&at(garbage)).await;
        assert!([400, 404].contains(&answer.status.as_u16()), "{garbage}: {}", answer.status);
    }
    // Numbers of another checklist's versions are not this one's.
    let other = import(&desk.admin, "# Other\n\n- [ ] Alone\n", "").await.location().replace("/versions/1", "/compare");
    reader.get(&format!("{other}?from=1&to=2")).await.is(404);
    assert!(reader.get(&other).await.is(200).body.contains("There is no other one yet."));
}

#[tokio::test]
async fn two_thousand_items_are_edited_one_at_a_time() {
    let mut text = "# Large\n".to_owned();
    for at in 0..2_000 {
        if at % 20 == 0 {
            text.push_str(&format!("\n## Part {at}\n\n"));
        }
        text.push_str(&format!("- [ ] Item {at} is as it should be {{role=operations}}\n  Look at number {at}.\n"));
    }
    let desk = Desk::with(&text).await;
    let outline = desk.get("").await.is(200);
    assert_eq!(outline.texts(".edit-part").len(), 100);
    assert!(outline.texts("[data-node]").len() <= 200, "items are on the pages of their sections");
    let section = outline.attribute(".edit-row a.title", "href").unwrap();
    let page = desk.admin.get(&section).await.is(200);
    assert_eq!(rows(&page, "#items").len(), 20);
    let item = named(&page, "Item 7 is as it should be");
    desk.save(&desk.admin, &item, &[("title", "Item 7 is better")]).await.is(303);
    assert!(desk.get("/publication").await.is(200).body.contains("0 items added, 0 removed, 1 changed, 0 moved."));
    desk.publish().await.is(303);
    assert_eq!(
        desk.published(2).await,
        parsed(&text.replace("Item 7 is as it should be {", "Item 7 is better {#item-7-is-as-it-should-be; "))
    );
}

#[tokio::test]
async fn there_is_an_end_to_how_many_items_there_are() {
    let many: String = (0..5_000).map(|at| format!("- [ ] Item {at}\n")).collect();
    let desk = Desk::with(&format!("# Full\n\n{many}")).await;
    let section = desk.section("Without a heading").await;
    let form = [&[("title", "One more"), ("version", "0")][..], &NEW_ITEM].concat();
    let refused = desk.post(&format!("/sections/{section}/items"), &form).await.is(422);
    assert!(refused.texts("#f-title-error")[0].contains("at most 5000 items"));
    assert_eq!(refused.attribute("#f-title", "value").as_deref(), Some("One more"));
    let twice = format!("# Full\n\n{many}{}", many.replace("Item", "Other"));
    import(&desk.admin, &twice, &desk.checklist).await.is(422);
    assert!(!desk.has_draft().await);
    let large = "x".repeat(300_000);
    let request = desk.admin.request(Method::POST, &desk.at("/about")).form(&[("name", &large)]);
    Client::send(request.header("sec-fetch-site", "same-origin")).await.is(413);
}

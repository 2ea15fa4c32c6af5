//! Editing checklists in the browser: what an admin can do to a draft, and who may edit.

mod bad_input;
mod concurrent_edits;
mod outline;
mod publishing;
mod undo;

use reqwest::multipart::{Form, Part};
use signoff::domain::{checklist::Checklist, markdown_checklist::parse_markdown, text::Title};

use crate::helpers::{
    TestApp, admin, anon, auditor,
    client::{Answer, Client},
    member,
};

const SMALL: &str = "# Going live\n\n## Database\n\n### Backup\n\n- [ ] Restored {critical; role=operations; evidence}\n  In a \
                     drill.\n- [ ] Tested\n- [ ] Off site\n\n### Indexes\n\n- [ ] Used\n\n## Network\n\n- [ ] Reachable\n\n\
                     ## Sign-off\n\n**Operations:** ____\n";

/// A checklist that an admin edits.
struct DraftEditor {
    app: TestApp,
    admin: Client,
    checklist: String,
}

impl DraftEditor {
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
    fn address(&self, rest: &str) -> String {
        format!("/checklists/{}/draft{rest}", self.checklist)
    }

    async fn get(&self, rest: &str) -> Answer {
        self.admin.get(&self.address(rest)).await
    }

    async fn post(&self, rest: &str, fields: &[(&str, &str)]) -> Answer {
        self.admin.post(&self.address(rest), fields).await
    }

    /// The version number in the draft's pages.
    async fn version(&self) -> String {
        self.get("").await.expect_status(200).attribute("#order [name=version]", "value").unwrap()
    }

    /// The id of the part, section or item in the outline with this title.
    async fn node(&self, title: &str) -> String {
        element_with_title(&self.get("").await, title)
    }

    /// The outline with the form of this part, section or item open in its place.
    async fn open(&self, node: &str) -> Answer {
        self.get(&format!("?open={node}")).await
    }

    /// Saves an item with the values of its open form, except for these fields.
    async fn save(&self, client: &Client, item: &str, changes: &[(&str, &str)]) -> Answer {
        let page = client.get(&self.address(&format!("?open={item}"))).await.expect_status(200);
        let mut fields = fields(&page, &format!("/draft/items/{item}"));
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.post(&self.address(&format!("/items/{item}")), &fields).await
    }

    /// Presses a button of the outline or of a section.
    async fn press(&self, address: &str, button: (&str, &str)) -> Answer {
        let version = self.version().await;
        self.post(address, &[button, ("version", &version)]).await
    }

    /// Publishes the draft as the preview page shows it.
    async fn publish(&self) -> Answer {
        let page = self.get("/publication").await.expect_status(200);
        let mut fields = fields(&page, "/draft/publication");
        if page.attribute("[name=unsigned]", "name").is_some() {
            fields.push(("unsigned".to_owned(), "on".to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post("/publication", &fields).await
    }

    /// A published version, parsed from its Markdown export.
    async fn published(&self, number: i32) -> Checklist {
        let path = format!("/checklists/{}/versions/{number}/checklist.md", self.checklist);
        parsed(&self.admin.get(&path).await.expect_status(200).body)
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
        .text("step", "publish")
        .text("unsigned", "on");
    client.upload("/checklists/import", form).await
}

fn parsed(markdown: &str) -> Checklist {
    parse_markdown(markdown, &Title::new("Untitled").unwrap()).checklist
}

/// The id of the row with this title.
#[track_caller]
fn element_with_title(page: &Answer, title: &str) -> String {
    let id = page.attribute(&format!("[data-node='{title}']"), "id");
    id.unwrap_or_else(|| panic!("{title}: {}", page.body)).trim_start_matches("node-").to_owned()
}

/// Every field, with its value on the page, of the form whose action ends in this.
fn fields(page: &Answer, action: &str) -> Vec<(String, String)> {
    page.form_fields(&format!("form[action$='{action}']"))
}

/// The titles of a section's items.
fn rows(page: &Answer, section: &str) -> Vec<String> {
    page.texts(&format!("#node-{section} li[data-node] a.title"))
}

const NEW_ITEM: [(&str, &str); 4] =
    [("importance", "advisory"), ("phase", "7d"), ("role", "security"), ("evidence", "on")];

#[tokio::test]
async fn checklist_draft_is_edited_and_published_without_javascript() {
    let desk = DraftEditor::start().await;
    let opened = desk.get("").await.expect_status(200);
    assert_eq!(opened.texts("h1"), ["Draft of version 2"]);
    assert_eq!(opened.texts(".edit-part h2"), ["Database", "Network"]);
    assert_eq!(opened.texts(".edit-part h3"), ["Backup", "Indexes", "Without a heading"]);
    assert_eq!(opened.texts("li a.title"), ["Restored", "Tested", "Off site", "Used", "Reachable"]);
    assert!(!desk.has_draft().await, "looking changes nothing");

    // Parts and sections.
    let part = desk.post("/parts", &[("title", "Legal"), ("once", "00000000-0000-4000-8000-000000000001")]).await;
    assert!(part.location().contains("/draft#node-"), "{}", part.location());
    let legal = element_with_title(&desk.get("").await, "Legal");
    let terms = desk.post(&format!("/parts/{legal}/sections"), &[("title", "Terms")]).await.location().to_owned();
    let terms = terms.rsplit("#node-").next().unwrap().to_owned();
    desk.post(&format!("/parts/{legal}/title"), &[("title", "Law"), ("version", &desk.version().await)])
        .await
        .expect_status(303);
    desk.post(&format!("/sections/{terms}/title"), &[("title", "Terms of use"), ("version", &desk.version().await)])
        .await
        .expect_status(303);
    desk.press("/order", ("up", &legal)).await.expect_status(303);
    let outline = desk.get("").await;
    assert_eq!(outline.texts(".edit-part h2"), ["Database", "Law", "Network"]);
    assert_eq!(outline.texts(".edit-part h3"), ["Backup", "Indexes", "Terms of use", "Without a heading"]);

    // Items.
    let add = [&[("title", "Terms are read"), ("guidance", "By *counsel*.")][..], &NEW_ITEM].concat();
    desk.post(&format!("/sections/{terms}/items"), &add).await.expect_status(303);
    let restored = desk.node("Restored").await;
    let saved =
        desk.save(&desk.admin, &restored, &[("title", "Restored in a drill"), ("importance", "required")]).await;
    assert!(saved.location().contains(&format!("#node-{restored}")));
    let off_site = desk.node("Off site").await;
    let moved = desk.press("/order", ("up", &off_site)).await;
    assert!(moved.location().ends_with(&format!("#node-{off_site}")));
    let used = desk.node("Used").await;
    let backup = desk.node("Backup").await;
    desk.post(&format!("/items/{used}/place"), &[("to", &backup)]).await.expect_status(303);
    let indexes = desk.node("Indexes").await;
    desk.press("/removals", ("node", &indexes)).await.expect_status(303);
    assert_eq!(rows(&desk.get("").await, &backup), ["Restored in a drill", "Off site", "Tested", "Used"]);

    // The checklist's name, and the roles that sign.
    let about = [("name", "Going live, again"), ("introduction", "What we check."), ("version", &desk.version().await)];
    desk.post("/about", &about).await.expect_status(303);
    for form in [[("action", "add"), ("role", "security")], [("action", "add"), ("title", "Legal counsel")]] {
        desk.post("/roles", &form).await.expect_status(303);
    }
    desk.press("/roles", ("action", "nonsense")).await.expect_status(422);
    let version = desk.version().await;
    desk.post("/roles", &[("action", "up"), ("role", "legal_counsel"), ("version", &version)]).await.expect_status(303);
    desk.post("/roles", &[("action", "remove"), ("role", "operations"), ("version", &version)])
        .await
        .expect_status(303);

    let publication = desk.get("/publication").await.expect_status(200);
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
async fn checklist_draft_is_editable_only_by_admins() {
    let desk = DraftEditor::start().await;
    let item = desk.node("Tested").await;
    let section = desk.node("Backup").await;
    let pages = [
        desk.address(""),
        desk.address(&format!("?open={item}")),
        desk.address(&format!("/sections/{section}")),
        desk.address(&format!("/items/{item}")),
        desk.address("/publication"),
        desk.address("/discard"),
    ];
    let forms = [
        desk.address("/about"),
        desk.address("/roles"),
        desk.address("/parts"),
        desk.address("/order"),
        desk.address("/removals"),
        desk.address("/restorations"),
        desk.address("/steps"),
        desk.address(&format!("/sections/{section}/items")),
        desk.address(&format!("/items/{item}")),
        desk.address("/items"),
        desk.address("/removals/2/undo"),
        desk.address("/publication"),
        desk.address("/discard"),
    ];
    let compare = format!("/checklists/{}/compare", desk.checklist);
    for who in [member(), auditor()] {
        let client = desk.app.sign_in(who).await;
        for page in &pages {
            client.get(page).await.expect_status(403);
        }
        for form in &forms {
            client.post(form, &[("title", "Mine"), ("node", &item), ("up", &item)]).await.expect_status(403);
        }
        client.get(&compare).await.expect_status(200);
        let shown = client.get(&format!("/checklists/{}", desk.checklist)).await.expect_status(200);
        assert!(!shown.body.contains("/draft"), "nor is it offered");
    }
    let nobody = desk.app.sign_in(anon()).await;
    for page in pages.iter().chain([&compare]) {
        assert!(nobody.get(page).await.location().starts_with("/login"));
    }
    for form in &forms {
        nobody.post(form, &[("title", "Mine")]).await.expect_status(401);
        let elsewhere = desk.admin.form(form, &[("title", "Mine")]).header("sec-fetch-site", "cross-site");
        Client::send(elsewhere).await.expect_status(403);
    }
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn checklist_draft_with_two_thousand_items_is_edited_by_item() {
    let mut text = "# Large\n".to_owned();
    for at in 0..2_000 {
        if at % 20 == 0 {
            text.push_str(&format!("\n## Part {at}\n\n"));
        }
        text.push_str(&format!("- [ ] Item {at} is as it should be {{role=operations}}\n  Look at number {at}.\n"));
    }
    let desk = DraftEditor::with(&text).await;
    let outline = desk.get("").await.expect_status(200);
    assert_eq!(outline.texts("li[data-node]").len(), 2_000);
    // A row has no form of its own, nor what is only in that.
    assert!(outline.texts("form").len() < 20);
    assert!(!outline.body.contains("Look at number 7."));
    assert!(outline.body.len() < 2_000 * 1_000, "{} bytes", outline.body.len());
    let item = element_with_title(&outline, "Item 7 is as it should be");
    let opened = desk.open(&item).await.expect_status(200);
    assert_eq!(opened.texts("#f-guidance"), ["Look at number 7."]);
    // A script gets no more than what changed since the version that its page shows.
    let opened = desk.get(&format!("?open={item}&since=1")).await.expect_status(200);
    assert_eq!(opened.texts("[data-node]").len(), 1);
    desk.save(&desk.admin, &item, &[("title", "Item 7 is better")]).await.expect_status(303);
    assert!(
        desk.get("/publication")
            .await
            .expect_status(200)
            .body
            .contains("0 items added, 0 removed, 1 changed, 0 moved.")
    );
    desk.publish().await.expect_status(303);
    assert_eq!(desk.versions().await, 2);
}

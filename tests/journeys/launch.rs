//! The whole main job with the shipped checklist: from an empty installation to a launched launch.

use serde_json::{Value, json};
use signoff::{
    accounts, ambient, checklists,
    domain::{checklist::Importance, time::Zone},
};

use super::browser::{Browser, Script, journey};
use crate::helpers::{TestApp, people::PASSWORD};

/// The invited people: name, and the role they are to hold, if any.
const INVITED: [(&str, &str); 5] = [
    ("Tara Lind", "tech_lead"),
    ("Oskar Bell", "operations"),
    ("Selma Cruz", "security"),
    ("Pia Novak", "product"),
    ("Milan Roth", ""),
];
const OWNER: &str = "Pia Novak";
const MEMBER: &str = "Milan Roth";

/// Resolves all items that can be marked except one, through the forms of the open page.
const RESOLVE: &str = include_str!("resolve.js");

/// An installation up to its first launch.
struct Journey<'a> {
    app: &'a TestApp,
    /// The owner's browser, and one that the others share.
    desk: &'a Browser,
    other: &'a Browser,
    /// The launch's page, once there is one.
    launch: String,
    /// The kinds of event that the history must show, oldest first.
    expected_log: Vec<String>,
}

#[tokio::test]
async fn empty_installation_reaches_a_launched_launch() {
    let app = TestApp::start().await;
    checklists::shipped::publish_if_no_checklist(&app.state.db, app.state.clock.now(), ambient::new_id())
        .await
        .unwrap();
    let desk = Browser::start(&app, "desk", Script::On).await;
    let other = Browser::start(&app, "other", Script::On).await;
    let story = Journey { app: &app, desk: &desk, other: &other, launch: String::new(), expected_log: Vec::new() };
    journey(&[&desk, &other], story.run()).await;
    desk.end().await;
    other.end().await;
}

impl Journey<'_> {
    async fn run(mut self) {
        self.people_come_in().await;
        self.the_launch_is_made().await;
        self.holders_are_named().await;
        self.items_are_marked().await;
        self.evidence_is_attached().await;
        self.two_people_set_the_same_item().await;
        self.it_is_no_go().await;
        self.what_is_left_is_resolved().await;
        self.four_people_sign().await;
        self.go_is_declared().await;
        self.the_launch_is_recorded().await;
        self.the_history_has_it_all().await;
    }

    /// The first admin signs up at the one-time address, invites everybody, and each chooses a password.
    async fn people_come_in(&self) {
        let setup = accounts::setup_address(&self.app.state).await.unwrap().unwrap();
        self.desk.visit(&setup).await;
        let form = self.desk.form("main form").await;
        form.fill("Your name", "Nadia Petrov").await;
        form.fill("E-mail address", &email("Nadia Petrov")).await;
        form.fill("New password", PASSWORD).await;
        form.submit("Create account").await;
        self.desk.sees("Welcome. Invite your people next").await;

        let mut links = Vec::new();
        for (name, _) in INVITED {
            self.desk.visit("/admin").await;
            let form = self.desk.form("form[action='/admin/invitations']").await;
            form.fill("People", &format!("{name}, {}", email(name))).await;
            form.tick("Member").await;
            form.submit("Invite").await;
            links.push(self.desk.attribute("#f-link", "value").await);
        }
        self.desk.sign_out().await;

        for (link, (name, _)) in links.iter().zip(INVITED) {
            self.other.visit(link).await;
            let form = self.other.form("main form").await;
            assert_eq!(form.value("Your name").await, name);
            form.fill("New password", PASSWORD).await;
            form.submit("Create account").await;
            self.other.sees("Welcome. Your account is ready.").await;
            self.other.sign_out().await;
        }
    }

    /// One of the leads makes the launch from the shipped checklist.
    async fn the_launch_is_made(&mut self) {
        self.desk.sign_in(&email(OWNER), PASSWORD).await;
        self.desk.visit("/checklists").await;
        self.desk.follow("Production readiness").await;
        assert_eq!(self.desk.count(".items > .item").await, 209);
        self.desk.follow("New launch from this").await;
        let zone: Zone = "Europe/Lisbon".parse().unwrap();
        let day = self.app.state.clock.now().plus_seconds(28 * 86_400).to_local(&zone).date();
        let form = self.desk.form("form[action='/launches']").await;
        form.fill("Name", "Payments 2.0").await;
        form.fill("What is being launched?", "Card payments move to the new ledger.").await;
        form.set_value("Target", &format!("{day}T09:00")).await;
        form.choose("Time zone", "Europe/Lisbon").await;
        form.submit("Make the launch").await;
        self.desk.sees("The launch is made. Nobody signs yet as").await;
        self.launch = self.desk.path().await;
        assert_eq!(self.desk.text("h1").await, "Payments 2.0");
        assert_eq!(self.desk.count("li.item[data-state=open]").await, 209);
        assert_eq!(self.desk.count(".wall [data-cell]").await, 209);
        self.expected_log.push("launch_created".to_owned());
    }

    async fn holders_are_named(&mut self) {
        self.desk.follow("Settings").await;
        for (name, role) in INVITED.into_iter().filter(|(_, role)| !role.is_empty()) {
            let section = self.desk.form(&format!("#holders [data-role={role}]")).await;
            section.choose("Add a holder of", name).await;
            self.expected_log.push("holder_added".to_owned());
        }
        self.desk.form("#holders form").await.submit("Save who signs").await;
        for (name, role) in INVITED.into_iter().filter(|(_, role)| !role.is_empty()) {
            assert!(self.desk.text(&format!("#holders [data-role={role}] .people")).await.contains(name));
        }
    }

    /// Items are ticked and unticked on the checklist page, and marked not applicable there.
    async fn items_are_marked(&mut self) {
        self.desk.visit(&self.launch).await;
        let memory = self.item("The server has the memory").await;
        let keys = self.item("Every administrator can sign in over SSH").await;
        for (item, state) in [(&memory, "done"), (&memory, "open"), (&memory, "done"), (&keys, "done")] {
            self.desk.press(&format!("{} button.tick", row(item))).await;
            // The row changes at once, and can be pressed again when the server has answered.
            self.desk.find(&format!("{}[data-state={state}]:not(:has([aria-busy]))", row(item))).await;
            self.expected_log.push("item_marked".to_owned());
        }
        let toolchain = self.item("The toolchain that builds the release").await;
        self.desk.press(&format!("{} a.more", row(&toolchain))).await;
        let form = self.desk.form(&format!("{} .more-panel", row(&toolchain))).await;
        form.fill("Reason", "The release is built by the provider, from a pinned image.").await;
        self.desk.press(&format!("{} .more-panel button[value=not_applicable]", row(&toolchain))).await;
        self.desk.find(&format!("{}[data-state=not_applicable]", row(&toolchain))).await;
        self.desk.sees("The release is built by the provider").await;
        self.expected_log.push("item_marked".to_owned());
    }

    /// A file and a link together, and a note.
    async fn evidence_is_attached(&mut self) {
        let item = self.item("The operating system is a supported release").await;
        self.desk.visit(&format!("/items/{item}")).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("updates.txt");
        std::fs::write(&file, "apt list --upgradable\nListing... Done\n").unwrap();
        let form = self.desk.form("#attach form").await;
        form.attach("Files", &file).await;
        self.desk.find("#attach [data-chosen] li").await;
        form.fill("Link or note", "https://ci.example.org/runs/4711").await;
        self.desk.press("#attach form .actions button").await;
        self.desk.find("#evidence li[data-standing]:nth-child(2)").await;
        let form = self.desk.form("#attach form").await;
        form.fill("Link or note", "No restart is pending.").await;
        self.desk.press("#attach form .actions button").await;
        self.desk.find("#evidence li[data-standing]:nth-child(3)").await;
        let mut kinds = self.desk.attributes("#evidence li[data-standing]", "data-kind").await;
        kinds.sort();
        assert_eq!(kinds, ["file", "link", "note"]);
        self.expected_log.extend(["evidence_attached"; 3].map(str::to_owned));
        self.desk.set_state("Done").await;
        assert_eq!(self.desk.attribute("[data-item]", "data-state").await, "done");
        self.expected_log.push("item_marked".to_owned());
    }

    /// While one person writes why an item does not apply, the other marks it blocked: the second form is refused with
    /// who did what, and its text is not lost.
    async fn two_people_set_the_same_item(&mut self) {
        self.desk.visit(&self.launch).await;
        let address = format!("/items/{}", self.item("PostgreSQL is installed in a version").await);
        let state = ".state-form";
        let written = "We use the provider's database.";
        self.other.sign_in(&email(MEMBER), PASSWORD).await;
        self.other.visit(&address).await;
        let second = self.other.form(state).await;
        second.tick("Not applicable").await;
        second.fill("Reason", written).await;

        self.desk.visit(&address).await;
        let first = self.desk.form(state).await;
        first.tick("Blocked").await;
        first.fill("Reason", "Waiting for the upgrade on Thursday.").await;
        first.submit("Save").await;
        assert_eq!(self.desk.attribute("[data-item]", "data-state").await, "blocked");

        self.other.expect(409);
        second.submit("Save").await;
        self.other.sees("Meanwhile Pia Novak marked it blocked.").await;
        assert_eq!(self.other.attribute("[data-item]", "data-state").await, "blocked");
        assert_eq!(self.other.form(state).await.value("Reason").await, written);
        self.other.sign_out().await;

        self.desk.set_state("Open").await;
        assert_eq!(self.desk.attribute("[data-item]", "data-state").await, "open");
        self.expected_log.extend(["item_marked"; 2].map(str::to_owned));
    }

    async fn it_is_no_go(&self) {
        self.desk.visit(&self.go_no_go()).await;
        let answer = self.readiness().await;
        assert_eq!(answer["verdict"], "no_go");
        assert_eq!(self.reasons("[data-rule=signatures]").await, 4);
        // Four are resolved by now, and advisory items do not prevent GO.
        let checklist = checklists::shipped::read_shipped().unwrap().checklist;
        let required =
            checklist.items().filter(|(_, _, item)| item.phase.is_before() && item.importance != Importance::Advisory);
        assert_eq!(self.reasons("[data-rule=items]").await, required.count() - 4);
    }

    /// All but one advisory item, which becomes the condition of GO.
    async fn what_is_left_is_resolved(&mut self) {
        self.desk.visit(&self.launch).await;
        let but = self.item("Repeated failed sign-ins").await;
        let done: Vec<String> = match self.desk.run(RESOLVE, vec![json!(but)]).await {
            Value::Array(kinds) => kinds.iter().map(|kind| kind.as_str().unwrap().to_owned()).collect(),
            other => panic!("{other}"),
        };
        self.expected_log.extend(done);
        self.desk.visit(&self.launch).await;
        assert_eq!(self.desk.count("li.item[data-state=open]:has(button.tick)").await, 1);
        self.desk.visit(&self.go_no_go()).await;
        assert_eq!(self.readiness().await["reasons"].as_array().unwrap().len(), 4);
        assert_eq!(self.reasons("[data-rule=signatures]").await, 4);
    }

    /// Everybody gives their password again. The first one mistypes it, and nothing else is lost.
    async fn four_people_sign(&mut self) {
        for (at, (name, role)) in INVITED.into_iter().filter(|(_, role)| !role.is_empty()).enumerate() {
            let browser = if name == OWNER { self.desk } else { self.other };
            if name != OWNER {
                browser.sign_in(&email(name), PASSWORD).await;
            }
            browser.visit(&self.go_no_go()).await;
            let sign = format!("#sign-{role} form");
            if at == 0 {
                let form = browser.form(&sign).await;
                form.tick("GO").await;
                form.tick("Review").await;
                form.fill("Comment", "Reviewed with the whole team.").await;
                form.fill("Confirm with your password", "violet anchor tundr").await;
                browser.expect(422);
                form.submit("Sign GO").await;
                assert!(browser.text(&format!("{sign} .error")).await.contains("password"));
                let form = browser.form(&sign).await;
                assert_eq!(form.value("Comment").await, "Reviewed with the whole team.");
                assert!(form.is_ticked("Review").await);
                assert_eq!(form.value("Confirm with your password").await, "");
            }
            let form = browser.form(&sign).await;
            form.tick("GO").await;
            form.fill("Confirm with your password", PASSWORD).await;
            form.submit("Sign GO").await;
            browser.find(&format!("[data-role={role}][data-signature=go]")).await;
            assert!(browser.text(&format!("#role-{role}")).await.contains(name));
            self.expected_log.push("signed".to_owned());
            if name != OWNER {
                browser.sign_out().await;
            }
        }
    }

    /// The owner acknowledges the one condition; without that, nothing is declared.
    async fn go_is_declared(&mut self) {
        assert_eq!(self.readiness().await["verdict"], "conditional_go");
        assert_eq!(self.desk.count("#conditions [data-condition]").await, 1);
        let form = self.desk.form("#declare").await;
        form.fill("Confirm with your password", PASSWORD).await;
        self.desk.expect(409);
        form.submit_and_confirm("Declare GO").await;
        self.desk.sees("Tick the condition to declare GO.").await;

        self.desk.press("#declare input[name=acknowledge]").await;
        let form = self.desk.form("#declare").await;
        form.fill("Confirm with your password", PASSWORD).await;
        form.submit_and_confirm("Declare GO").await;
        assert_eq!(self.desk.attribute("[data-decision]", "data-decision").await, "go");
        assert_eq!(self.readiness().await["verdict"], "conditional_go");
        self.expected_log.push("go_declared".to_owned());
    }

    /// From then on, post-launch items can be marked, and are due.
    async fn the_launch_is_recorded(&mut self) {
        self.desk.visit(&self.launch).await;
        assert_eq!(self.desk.count("li.item:has(button.tick)").await, 0, "frozen");
        self.desk.visit(&self.go_no_go()).await;
        self.desk.form("form:has(input[name=step][value=launch])").await.submit_and_confirm("Record the launch").await;
        self.expected_log.push("launched".to_owned());
        self.desk.visit(&self.launch).await;
        let after = "li.item:has(button.tick)";
        assert_eq!(self.desk.count(after).await, 18);
        assert_eq!(self.desk.count(&format!("{after} .due")).await, 18);
        assert_eq!(self.desk.count("li.item .due").await, 18);
    }

    /// Every step, newest first, over all pages.
    async fn the_history_has_it_all(&self) {
        self.desk.follow("History").await;
        let (mut numbers, mut kinds) = (Vec::new(), Vec::new());
        loop {
            numbers.extend(self.desk.attributes(".log > [data-seq]", "data-seq").await);
            kinds.extend(self.desk.attributes(".log > [data-seq]", "data-kind").await);
            if self.desk.count(".pager [rel=next]").await == 0 {
                break;
            }
            self.desk.follow("Older").await;
        }
        let newest_first: Vec<String> = (1..=self.expected_log.len()).rev().map(|number| number.to_string()).collect();
        assert_eq!(numbers, newest_first);
        kinds.reverse();
        assert_eq!(kinds, self.expected_log);
    }

    fn go_no_go(&self) -> String {
        format!("{}/go-no-go", self.launch)
    }

    /// The id of the item of the open page whose title begins with this.
    async fn item(&self, title: &str) -> String {
        let script = "arguments[1]([...document.querySelectorAll('li[data-item]')]
            .find(row => row.querySelector('a.title').textContent.startsWith(arguments[0]))?.dataset.item ?? '')";
        let found = self.desk.run(script, vec![json!(title)]).await;
        assert_ne!(found, "", "an item that begins with “{title}”");
        found.as_str().unwrap().to_owned()
    }

    /// The number of reasons of a kind on the page, folded or not.
    async fn reasons(&self, kind: &str) -> usize {
        self.desk.count(&format!("section[aria-labelledby=reasons-h] {kind}[data-rule]")).await
    }

    /// `readiness.json`, which must agree with the page.
    async fn readiness(&self) -> Value {
        let answer = self.desk.json(&format!("{}/readiness.json", self.launch)).await;
        assert_eq!(
            answer["verdict"],
            self.desk.attribute("section.verdict[data-verdict]", "data-verdict").await.as_str()
        );
        assert_eq!(answer["reasons"].as_array().unwrap().len(), self.reasons("").await);
        let conditions = self.desk.attributes("#conditions [data-condition]", "data-condition").await;
        let answered = answer["conditions"].as_array().unwrap().iter().map(|condition| condition["id"].clone());
        assert_eq!(conditions, answered.collect::<Vec<_>>());
        assert_eq!(answer["digest"].as_object().unwrap().len(), 4);
        answer
    }
}

fn email(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase().replace(' ', "."))
}

fn row(item: &str) -> String {
    format!("li[data-item='{item}']")
}

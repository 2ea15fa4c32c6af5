//! The leads' journey: four sign, one of them objects, a signature goes stale while its signer's page is open and is
//! given again, a waiver is approved, the objection is lifted, and the owner declares GO, revokes it and declares it
//! again.

use signoff::{
    ambient,
    checklists::publish::{PublishRequest, PublishTarget, PublishableChecklist, publish},
    domain::{
        ids::{ChecklistId, ChecklistVersionId, ItemId, LaunchId},
        launch::{
            command::{Command, NewLaunch},
            event::Policy,
        },
        markdown_checklist,
        time::LocalTime,
    },
    record::execute::Requester,
    web::idempotency::new_text,
};

use super::browser::{Browser, Script, journey};
use crate::helpers::{
    TestApp, lead, member,
    people::{PASSWORD, Person},
};

const CHECKLIST: &str = "\
# Four leads

- [ ] Release is tagged {#tag; role=tech_lead}
- [ ] Rollback was rehearsed {#rollback; critical; role=tech_lead}
- [ ] Backups restored {#backups; critical; role=operations}
- [ ] Second region stands by {#region; role=operations}
- [ ] Access was reviewed {#access; critical; role=security}
- [ ] Support knows the dates {#support; role=product}

## Sign-off

**Tech lead:** ____ {role=tech_lead}
**Operations:** ____ {role=operations}
**Security:** ____ {role=security}
**Product:** ____ {role=product}
";

/// The holders of the roles. Two may sign for security.
const LEADS: [(&str, &str); 5] = [
    ("Tess Lead", "tech_lead"),
    ("Otto Ops", "operations"),
    ("Sven Security", "security"),
    ("Dev Deputy", "security"),
    ("Pat Product", "product"),
];

/// A launch with its leads, and three browsers.
struct Journey<'a> {
    launch: LaunchId,
    /// The owner's.
    desk: &'a Browser,
    /// One lead's, whose page stays open.
    open: &'a Browser,
    /// One that the others share.
    shared: &'a Browser,
}

#[tokio::test]
async fn go_with_four_leads_is_revoked_and_declared_again() {
    let app = TestApp::start().await;
    let launch = prepare(&app).await;
    let desk = Browser::start(&app, "desk", Script::On).await;
    let open = Browser::start(&app, "open", Script::On).await;
    let shared = Browser::start(&app, "shared", Script::On).await;
    let story = Journey { launch, desk: &desk, open: &open, shared: &shared };
    journey(&[&desk, &open, &shared], story.run()).await;
    desk.end().await;
    open.end().await;
    shared.end().await;
}

/// Makes the people, and a launch on which everything is open.
async fn prepare(app: &TestApp) -> LaunchId {
    let owner = app.person(&member().named("Olga Owner")).await;
    app.person(&member()).await;
    let checklist =
        markdown_checklist::parse_markdown(CHECKLIST, &"Four leads".to_owned().try_into().unwrap()).checklist;
    let (of, version): (ChecklistId, ChecklistVersionId) = (ambient::new_id(), ambient::new_id());
    let now = app.state.clock.now();
    let draft = PublishableChecklist::new(&checklist).unwrap();
    let publishing = PublishRequest {
        content: draft,
        version_id: version,
        target: PublishTarget::NewChecklist(of),
        publisher: None,
        request: ambient::new_id(),
        now,
    };
    publish(&app.state.db, publishing).await.unwrap();
    let asker = |person: &Person| Requester { user: person.id, request: ambient::new_id(), now, proof: None };
    let new = NewLaunch {
        id: ambient::new_id(),
        name: new_text("Ledger 2"),
        summary: None,
        target: LocalTime::parse("2099-01-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
        policy: Policy::default(),
        restricted: false,
        version: app.state.record.load_version(&app.state.db, version).await.unwrap().unwrap(),
    };
    let launch = new.id;
    app.state.record.create(&app.state.db, asker(&owner), new).await.unwrap();
    let mut holders = Vec::new();
    for (name, role) in LEADS {
        let user = app.person(&lead(role).named(name)).await.id;
        holders.push(Command::AddHolder { role: role.parse().unwrap(), user });
    }
    app.state.record.execute(&app.state.db, asker(&owner), launch, holders).await.unwrap();
    launch
}

impl Journey<'_> {
    async fn run(self) {
        self.desk.sign_in("olga.owner@example.org", PASSWORD).await;
        self.open.sign_in("tess.lead@example.org", PASSWORD).await;
        self.items_are_done_and_one_is_waived().await;
        self.what_changes_while_a_lead_types_is_shown_before_they_sign().await;
        self.the_others_sign_and_one_objects().await;
        self.a_signature_goes_stale_before_its_signers_eyes_and_is_renewed().await;
        self.the_objection_is_lifted_by_another_holder().await;
        self.go_is_declared_taken_back_and_declared_again().await;
    }

    fn go_no_go(&self) -> String {
        format!("/launches/{}/go-no-go", self.launch)
    }

    fn item(&self, key: &str) -> String {
        format!("/items/{}", ItemId::from_key(self.launch, &key.parse().unwrap()))
    }

    /// Somebody signs in at the shared browser, does something, and signs out.
    async fn shared(&self, name: &str, page: &str, act: impl AsyncFnOnce(&Browser)) {
        let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
        self.shared.sign_in(&email, PASSWORD).await;
        self.shared.visit(page).await;
        act(self.shared).await;
        self.shared.sign_out().await;
    }

    /// Waits until a role's block shows a mark in a browser.
    async fn sees_mark(&self, browser: &Browser, role: &str, mark: &str) {
        browser.find(&format!("[data-role={role}][data-signature={mark}]")).await;
    }

    async fn items_are_done_and_one_is_waived(&self) {
        self.shared("Mia Member", &self.item("tag"), async |browser| {
            for key in ["tag", "rollback", "backups", "access", "support"] {
                browser.visit(&self.item(key)).await;
                browser.set_state("Done").await;
            }
            browser.visit(&self.item("region")).await;
            browser.unfold("#waivers > details.fold").await;
            let form = browser.form("#waivers > details.fold form").await;
            form.fill("Why go without it?", "It comes three weeks later.").await;
            form.fill("What is done instead?", "A warm standby in the first region.").await;
            form.set_value("Until the end of", "2099-02-01").await;
            form.submit("Ask").await;
        })
        .await;
        self.shared("Otto Ops", "/", async |browser| {
            browser.follow("Second region stands by").await;
            browser.form("form[action$='/approval']").await.submit("Approve").await;
            assert!(browser.text("#waivers").await.contains("Approved"), "{}", browser.text("#waivers").await);
        })
        .await;
    }

    async fn what_changes_while_a_lead_types_is_shown_before_they_sign(&self) {
        self.open.visit(&self.go_no_go()).await;
        let form = self.open.form("#sign-tech_lead form").await;
        form.tick("GO").await;
        form.fill("Comment", "Rehearsed it myself.").await;
        self.shared("Mia Member", &self.item("rollback"), async |browser| {
            browser.set_state("Open").await;
        })
        .await;
        self.open.find("#sign-tech_lead [data-outdated]:not([hidden])").await;
        // The verdict and its reasons are updated; the form in which they type, and its digest, are not.
        self.open.find("section[aria-labelledby=reasons-h] [data-rule=items]").await;
        let form = self.open.form("#sign-tech_lead form").await;
        assert_eq!(form.value("Comment").await, "Rehearsed it myself.");
        form.fill("Confirm with your password", PASSWORD).await;
        self.open.expect(409);
        form.submit("Sign GO").await;
        let changed = self.open.text("[aria-label='What went wrong'] .diff").await;
        assert!(changed.contains("Rollback was rehearsed") && changed.contains("open"), "{changed}");
        let form = self.open.form("#sign-tech_lead form").await;
        assert_eq!(form.value("Comment").await, "Rehearsed it myself.");
        self.shared("Mia Member", &self.item("rollback"), async |browser| {
            browser.set_state("Done").await;
        })
        .await;
        // A form that came back is not updated either; it was made from the launch as it was then.
        self.open
            .until("the page follows", async || (self.open.count("[data-rule=items]").await == 0).then_some(()))
            .await;
        assert_eq!(self.open.form("#sign-tech_lead form").await.value("Comment").await, "Rehearsed it myself.");
        self.open.visit(&self.go_no_go()).await;
        self.sign(self.open, "tech_lead", "Sign GO", "Rehearsed it myself.").await;
        self.sees_mark(self.open, "tech_lead", "go").await;
    }

    async fn sign(&self, browser: &Browser, role: &str, button: &str, comment: &str) {
        let form = browser.form(&format!("#sign-{role} form")).await;
        form.tick(button.trim_start_matches("Sign ")).await;
        form.fill("Comment", comment).await;
        form.fill("Confirm with your password", PASSWORD).await;
        form.submit(button).await;
    }

    async fn the_others_sign_and_one_objects(&self) {
        for (name, role, button, comment) in [
            ("Otto Ops", "operations", "Sign GO", ""),
            ("Pat Product", "product", "Sign GO", "Support is told."),
            ("Sven Security", "security", "Sign NO-GO", "Two findings are open."),
        ] {
            self.shared(name, &self.go_no_go(), async |browser| self.sign(browser, role, button, comment).await).await;
        }
        self.sees_mark(self.open, "security", "no_go").await;
        assert!(self.open.text("#role-security").await.contains("Two findings are open."));
        self.open.find("[data-rule=objection]").await;
    }

    async fn a_signature_goes_stale_before_its_signers_eyes_and_is_renewed(&self) {
        self.sees_mark(self.open, "tech_lead", "go").await;
        self.shared("Mia Member", &self.item("tag"), async |browser| {
            let form = browser.form(".state-form").await;
            form.tick("Not applicable").await;
            form.fill("Reason", "It is built from the branch.").await;
            form.submit("Save").await;
        })
        .await;
        // Nobody has touched the open page.
        self.sees_mark(self.open, "tech_lead", "stale").await;
        let difference = self.open.text("section[aria-labelledby^=difference-] .diff").await;
        for part in ["Release is tagged", "done", "not applicable: It is built from the branch."] {
            assert!(difference.contains(part), "{part}: {difference}");
        }
        self.sign(self.open, "tech_lead", "Sign GO", "Seen, and fine.").await;
        self.sees_mark(self.open, "tech_lead", "go").await;
    }

    async fn the_objection_is_lifted_by_another_holder(&self) {
        self.shared("Dev Deputy", &self.go_no_go(), async |browser| {
            let form = browser.form("#sign-security form").await;
            form.tick("GO").await;
            form.tick("Lift the objection of Sven Security").await;
            self.sign(browser, "security", "Sign GO", "Both findings are mended.").await;
        })
        .await;
        self.sees_mark(self.open, "security", "go").await;
    }

    async fn go_is_declared_taken_back_and_declared_again(&self) {
        self.desk.visit(&self.go_no_go()).await;
        let readers = self.desk.text("#readers").await;
        assert!(readers.contains("Dev Deputy"), "{readers}");
        self.declare().await;
        // Other open pages are updated: only an objection can be signed now.
        let decided = async || self.open.attribute("[data-decision]", "data-decision").await.eq("go").then_some(());
        self.open.until("the decision", decided).await;
        self.desk.unfold("#owner details:has(#f-reopen-reason)").await;
        let form = self.desk.form("#owner form:has(#f-reopen-reason)").await;
        form.fill("Why", "One more look at the numbers.").await;
        form.submit("Reopen").await;
        assert_eq!(self.desk.text("[data-decision=none] b").await, "No decision");
        assert!(self.desk.text("[data-taken-back]").await.contains("One more look at the numbers."));
        for (_, role) in LEADS {
            self.sees_mark(self.desk, role, "go").await;
        }
        self.declare().await;
        self.desk.follow("History").await;
        let kinds = self.desk.attributes(".log > [data-seq]", "data-kind").await;
        assert_eq!(kinds[..4], ["go_declared", "reopened", "go_declared", "signed"]);
        let refused = self.desk.attributes(".log > .refused", "data-kind").await;
        assert_eq!(refused, ["signing_refused"], "what was not signed is on record, too");
    }

    /// With the one condition acknowledged.
    async fn declare(&self) {
        assert_eq!(self.desk.attribute(".verdict.big", "data-verdict").await, "conditional_go");
        assert_eq!(self.desk.count("#conditions [data-condition^='waiver:']").await, 1);
        self.desk.press("#declare input[name=acknowledge]").await;
        let form = self.desk.form("#declare").await;
        form.fill("Confirm with your password", PASSWORD).await;
        form.submit_and_confirm("Declare GO").await;
        assert_eq!(self.desk.attribute("[data-decision]", "data-decision").await, "go");
    }
}

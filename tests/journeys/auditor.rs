//! The auditor's journey: who decided, on what evidence, and what was changed since. They find it in the history, open
//! the launch as it was when it was signed, compare that with today, search across all launches, and export the
//! history. They verify it on the server and offline, and an alteration made meanwhile is found.

use signoff::{
    ambient,
    domain::{
        ids::LaunchId,
        launch::{command::Command, event::ItemState},
    },
    web::idempotency::new_text,
};

use super::browser::{Browser, Script, journey};
use crate::{
    helpers::{Launch, people::PASSWORD},
    verification::{entries, entry, run_verifier, zip},
};

/// A launch that was signed on evidence that has been withdrawn since.
struct Journey<'a> {
    launch: &'a Launch,
    browser: &'a Browser,
    /// The number of the signature's event.
    signed: i64,
}

#[tokio::test]
async fn auditor_finds_what_was_signed_and_what_changed_since() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.sign(&launch.security, "security", "go", &[("comment", "Saw the restore log.")]).await.expect_status(303);
    let signed = launch.state().await.seq;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let body = new_text("The restore log was from another cluster.");
    let comment = Command::AddComment { item: launch.item("backups"), comment: ambient::new_id(), body };
    launch.run_command(&launch.operations, comment).await;
    launch.make_another(ambient::new_id::<LaunchId>(), true).await;
    let browser = Browser::start(&launch.app, "auditor", Script::On).await;
    let story = Journey { launch: &launch, browser: &browser, signed };
    journey(&[&browser], story.run()).await;
    browser.end().await;
}

impl Journey<'_> {
    async fn run(self) {
        self.browser.sign_in("ada.auditor@example.org", PASSWORD).await;
        self.what_was_written_is_found().await;
        self.the_signature_leads_to_what_was_signed().await;
        self.that_moment_is_compared_with_today().await;
        self.they_ask_for_more_evidence().await;
        self.across_launches_it_is_one_log().await;
        self.the_history_is_taken_along().await;
        self.it_is_verified_on_the_spot().await;
        self.it_is_verified_at_home_and_what_is_altered_is_found().await;
    }

    async fn what_was_written_is_found(&self) {
        self.browser.visit("/launches").await;
        // A choice in the filters acts at once, and has the focus on the page that follows.
        let filters = self.browser.form("form.filters[action='/launches']").await;
        self.browser.leave_page_by(async || filters.choose_by_key("Whose", "T").await).await;
        self.browser.find(".empty").await;
        self.browser.find("#f-whose:focus").await;
        self.browser.find("[data-submit-by-hand][hidden]").await;
        self.browser.visit("/launches").await;
        self.browser.follow("Payments").await;
        self.browser.follow("History").await;
        let form = self.browser.form("form.filters[action$='/history']").await;
        form.fill("Text", "restore log").await;
        form.submit("Filter").await;
        let kinds = self.browser.attributes(".log > [data-seq]", "data-kind").await;
        assert_eq!(kinds, ["comment_added", "signed"]);
    }

    async fn the_signature_leads_to_what_was_signed(&self) {
        self.browser.follow("What was signed").await;
        assert_eq!(self.browser.attribute(".as-of", "data-as-of").await, self.signed.to_string());
        self.browser.find("[data-role=security][data-signature=go]").await;
        assert_eq!(self.browser.count("main form").await, 0, "nothing can be done to what was");
        self.browser.follow("Checklist").await;
        self.browser.find(&format!(".item[data-item='{}'][data-state=done]", self.launch.item("backups"))).await;
        assert_eq!(self.browser.attribute(".as-of", "data-as-of").await, self.signed.to_string());
    }

    async fn that_moment_is_compared_with_today(&self) {
        self.browser.follow("What changed since").await;
        let differences = self.browser.text("main").await;
        for part in ["GO by Sven Security", "stale", "Backups restored", "blocked: because", "comments"] {
            assert!(differences.contains(part), "{part}: {differences}");
        }
        // A time leads there as well.
        self.browser.visit(&self.launch.path("history")).await;
        self.browser.unfold(".toolbar details:has(form)").await;
        let form = self.browser.form("form[action$='/as-of']").await;
        form.set_value("Date and time", "2098-01-01T09:00").await;
        form.submit("View launch").await;
        self.browser.sees("Nothing has happened since.").await;
    }

    async fn they_ask_for_more_evidence(&self) {
        self.browser.visit(&format!("/items/{}", self.launch.item("backups"))).await;
        assert_eq!(self.browser.count(".state-form").await, 0, "an auditor marks nothing");
        self.browser.unfold("details:has(form[action$='/evidence-requests'])").await;
        let form = self.browser.form("form[action$='/evidence-requests']").await;
        form.fill("What should be shown?", "The log of this cluster.").await;
        form.submit("Ask").await;
        self.browser.sees("The log of this cluster.").await;
    }

    async fn across_launches_it_is_one_log(&self) {
        self.browser.press(".bar a[href='/audit']").await;
        self.browser.find(".log [data-kind=evidence_requested]").await;
        assert_eq!(self.browser.count(".log [data-kind=launch_created]").await, 2);
        self.browser.follow("Signatures").await;
        assert_eq!(self.browser.attributes(".log > [data-seq]", "data-kind").await, ["signed"]);
        self.browser.follow("Who may do what").await;
        self.browser.follow("Sven Security").await;
        self.browser.find("[data-part='Holder of Security']").await;
    }

    async fn the_history_is_taken_along(&self) {
        self.browser.visit(&self.launch.path("history")).await;
        for file in ["history.csv", "history.jsonl"] {
            let script = "fetch(arguments[0]).then(answer => answer.text()).then(arguments[1])";
            let path = self.browser.attribute(&format!("a[href$='/{file}']"), "href").await;
            let text = self.browser.run(script, vec![path.into()]).await;
            assert!(text.as_str().unwrap().contains("Saw the restore log."), "{file}");
        }
        self.browser.visit(&self.launch.path("history")).await;
        self.browser.sees("exported the history as JSON Lines").await;
    }

    async fn it_is_verified_on_the_spot(&self) {
        self.browser.visit(&self.launch.path("history")).await;
        self.browser.follow("Verify").await;
        self.browser.sees("Verified: the history matches every checkpoint").await;
    }

    async fn it_is_verified_at_home_and_what_is_altered_is_found(&self) {
        let script = "fetch(arguments[0]).then(answer => answer.arrayBuffer()).then(bytes => arguments[1](Array.from(new Uint8Array(bytes))))";
        let path = self.browser.attribute("a[href$='/bundle.zip']", "href").await;
        let bundle: Vec<u8> = serde_json::from_value(self.browser.run(script, vec![path.into()]).await).unwrap();
        let key = self.launch.app.state.record.public_key().unwrap().to_string();
        run_verifier(&bundle, &["--key", &key]).assert_status(0, "Good: nothing was altered");
        let mut altered = entries(&bundle);
        let texts = entry(&mut altered, "texts.jsonl");
        *texts = String::from_utf8(texts.clone()).unwrap().replace("restore log", "backup plan").into_bytes();
        run_verifier(&zip(&altered), &["--key", &key]).assert_status(1, "event");
    }
}

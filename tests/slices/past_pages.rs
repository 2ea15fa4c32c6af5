//! Past pages: a launch as it was after any of its events, and two moments compared.

use std::collections::BTreeMap;

use signoff::{
    ambient,
    domain::launch::{
        command::{Command, NewEvidence},
        event::{ItemState, Policy},
    },
    web::idempotency::new_text,
};

use crate::helpers::{Launch, client::Answer, client::Client};

/// What the three pages show, without navigation and without times, which past pages show in another form.
const SHOWN: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            ".head h1",
            ".head .verdict",
            ".wall .count",
            ".item .what",
            ".item .chip",
            ".item .tally",
            ".item .due",
            ".item .state.waived",
            ".choices-bar .count",
            "#notes .prose",
        ],
    ),
    ("/evidence", &[".evidence .name", ".evidence .note", "section h2", ".choices-bar .count"]),
    (
        "/go-no-go",
        &[
            "[data-verdict] h2",
            "[data-verdict] > div > p:not(.fine)",
            "[data-rule] .text",
            "[data-role] .chip",
            "[data-role] .line",
            ".decision b",
            "[data-decision] h2",
            "[data-condition] b",
            // What a reader has seen is not part of the launch's state.
            "section[aria-labelledby^=difference-] .diff li",
            ".sheet-items li",
        ],
    ),
];

/// The marks that must not change.
const MARKS: [(&str, &str); 7] = [
    (".item", "data-item"),
    (".item", "data-state"),
    (".item", "data-version"),
    ("[data-verdict]", "data-verdict"),
    ("[data-decision]", "data-decision"),
    ("[data-role]", "data-signature"),
    (".evidence > li", "data-standing"),
];

/// The texts of a page that show the state of the launch.
fn page_texts(page: &Answer, shown: &[&str]) -> Vec<Vec<String>> {
    let texts = shown.iter().map(|selector| page.texts(selector));
    texts.chain(MARKS.iter().map(|(selector, name)| page.attributes(selector, name))).collect()
}

struct Story {
    launch: Launch,
    /// What the pages showed while each event was the newest.
    live: BTreeMap<i64, Vec<Vec<Vec<String>>>>,
}

impl Story {
    async fn capture_pages(&mut self) {
        let seq = self.launch.state().await.seq;
        self.live.insert(seq, self.pages("").await);
        // Some time passes between two views; too little for anything to expire.
        self.launch.app.state.clock.advance(60);
    }

    async fn pages(&self, moment: &str) -> Vec<Vec<Vec<String>>> {
        let mut pages = Vec::new();
        for (page, shown) in SHOWN {
            let path = format!("/launches/{}{moment}{page}", self.launch.id);
            pages.push(page_texts(&self.launch.auditor.get(&path).await.expect_status(200), shown));
        }
        pages
    }

    async fn run_command(&mut self, actor: fn(&Launch) -> &Client, command: Command) {
        self.launch.run_command(actor(&self.launch), command).await;
        self.capture_pages().await;
    }
}

/// A launch with many changes, with its pages captured after each event.
async fn record_story() -> Story {
    let mut story = Story { launch: Launch::payments().make().await, live: BTreeMap::new() };
    story.capture_pages().await;
    let item = |story: &Story, key: &str| story.launch.item(key);
    let (backups, runbook, status) = (item(&story, "backups"), item(&story, "runbook"), item(&story, "status"));
    let mark = |item, state: ItemState, version| Command::Mark {
        item,
        state,
        reason: state.needs_reason().then(|| new_text("because")),
        version,
    };
    let evidence = ambient::new_id();
    let note = NewEvidence::Note(new_text("seen by my own eyes"));
    let waiver = ambient::new_id();
    let operations: fn(&Launch) -> &Client = |launch| &launch.operations;
    let owner: fn(&Launch) -> &Client = |launch| &launch.owner;
    let member: fn(&Launch) -> &Client = |launch| &launch.member;
    story.run_command(member, mark(backups, ItemState::Done, 1)).await;
    let attach =
        Command::AttachEvidence { item: backups, evidence, content: note, observed_on: None, valid_until: None };
    story.run_command(member, attach).await;
    story.run_command(member, mark(runbook, ItemState::Blocked, 1)).await;
    let ask = Command::AskWaiver {
        item: runbook,
        waiver,
        reason: new_text("no time"),
        control: new_text("by hand"),
        expires_on: "2098-01-01".parse().unwrap(),
    };
    story.run_command(member, ask).await;
    story.run_command(operations, Command::DecideWaiver { waiver, approve: true, reason: None }).await;
    story
        .run_command(owner, Command::ChangePolicy { policy: Policy { slip_days: 3, separation_of_duties: true } })
        .await;
    story.launch.sign(&story.launch.security, "security", "go", &[]).await.expect_status(303);
    story.capture_pages().await;
    story.run_command(member, mark(backups, ItemState::Open, 2)).await;
    let withdraw = Command::WithdrawEvidence { evidence, reason: new_text("mistaken") };
    story.run_command(member, withdraw).await;
    story.run_command(member, mark(backups, ItemState::Done, 3)).await;
    story
        .launch
        .sign(&story.launch.deputy, "security", "no_go", &[("comment", "two findings")])
        .await
        .expect_status(303);
    story.capture_pages().await;
    let assign = Command::Assign { item: status, assignee: Some(story.launch.member.person.id), due: None };
    story.run_command(owner, assign).await;
    story.run_command(owner, Command::WriteNotes { notes: Some(new_text("Mind the *cat*.")) }).await;
    story
        .run_command(
            owner,
            Command::RemoveHolder { role: "security".parse().unwrap(), user: story.launch.deputy.person.id },
        )
        .await;
    story.run_command(owner, Command::Hold { reason: new_text("the weather") }).await;
    story.run_command(owner, Command::Resume { reason: None }).await;
    story
}

#[tokio::test]
async fn past_pages_at_each_event_equal_the_pages_shown_then() {
    let story = record_story().await;
    let newest = story.launch.state().await.seq;
    for (seq, live) in &story.live {
        let then = story.pages(&format!("/as-of/{seq}")).await;
        for ((page, _), (then, live)) in SHOWN.iter().zip(then.iter().zip(live)) {
            assert_eq!(then, live, "event {seq}, page {page:?}");
        }
    }
    // The captures must differ from each other, or their equality below would prove nothing.
    let distinct: std::collections::BTreeSet<_> = story.live.values().collect();
    assert!(distinct.len() > 10, "{}", distinct.len());
    for seq in 1..=newest {
        for page in ["", "/evidence", "/go-no-go"] {
            let path = format!("/launches/{}/as-of/{seq}{page}", story.launch.id);
            let shown = story.launch.owner.get(&path).await.expect_status(200);
            assert_eq!(shown.attribute(".as-of", "data-as-of"), Some(seq.to_string()), "{path}");
            assert!(
                shown.texts("main form[method=post], main template, main .button.primary").is_empty(),
                "{path}: nothing acts"
            );
            for live in ["body[data-launch]", "main[data-refresh]", "a[href^='/items/']", "a[href*='/settings']"] {
                assert!(shown.texts(live).is_empty(), "{path}: {live}");
            }
        }
    }
}

#[tokio::test]
async fn past_page_viewed_marks_nothing_as_seen() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.security.get(&launch.path("as-of/2/go-no-go")).await.expect_status(200);
    let marks: i64 = sqlx::query_scalar("SELECT count(*) FROM read_marks").fetch_one(&launch.app.owner).await.unwrap();
    assert_eq!(marks, 0);
}

#[tokio::test]
async fn past_pages_are_visible_to_whoever_sees_the_launch() {
    let launch = Launch::payments().make().await;
    let hidden = ambient::new_id();
    launch.make_another(hidden, true).await;
    let newest = launch.state().await.seq;
    for page in ["", "/evidence", "/go-no-go"] {
        for missing in ["0", "-1", "x", "1.5", "99999999999999999999", &(newest + 1).to_string()] {
            launch.auditor.get(&launch.path(&format!("as-of/{missing}{page}"))).await.expect_status(404);
        }
        let path = format!("/launches/{hidden}/as-of/1{page}");
        launch.member.get(&path).await.expect_status(404);
        launch.auditor.get(&path).await.expect_status(200);
        // A later participant may read from the beginning.
        launch.deputy.get(&path).await.expect_status(200);
    }
    launch.member.get(&format!("/launches/{hidden}/compare")).await.expect_status(404);
    launch.member.get(&format!("/launches/{hidden}/as-of?at=2026-01-01T00:00")).await.expect_status(404);
}

#[tokio::test]
async fn past_page_for_a_time_shows_the_newest_event_before_it() {
    let launch = Launch::payments().make().await;
    let seq = launch.state().await.seq;
    launch.app.state.clock.advance(7_200);
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    let state = launch.state().await;
    let wall = |seconds| {
        let at = state.last_at.plus_seconds(seconds).to_local(state.zone());
        at.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let open_at = async |at: &str| launch.member.get(&launch.path(&format!("as-of?at={at}"))).await;
    assert_eq!(open_at(&wall(-3_600)).await.location(), launch.path(&format!("as-of/{seq}")));
    assert_eq!(open_at(&wall(3_600)).await.location(), launch.path(&format!("as-of/{}", seq + 1)));
    for (wrong, expected) in
        [("yesterday", "This is not a date and time."), ("2001-01-01T00:00", "The launch did not exist then")]
    {
        assert_eq!(open_at(wrong).await.location(), launch.path("history"));
        let back = launch.member.get(&launch.path("history")).await.expect_status(200);
        assert!(back.texts(".flash.bad")[0].starts_with(expected), "{:?}", back.texts(".flash.bad"));
    }
}

#[tokio::test]
async fn signature_links_to_the_launch_as_it_was_signed() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let signed = launch.state().await.seq;
    launch.mark(&launch.member, "backups", ItemState::Open).await;
    let page = launch.auditor.get(&launch.path("go-no-go")).await.expect_status(200);
    assert_eq!(page.attribute("[data-role=security]", "data-signature").as_deref(), Some("stale"));
    let path = launch.path(&format!("as-of/{signed}/go-no-go"));
    assert!(page.attributes("[data-role=security] a", "href").contains(&path), "{path}");
    let then = launch.auditor.get(&path).await.expect_status(200);
    assert_eq!(then.attribute("[data-role=security]", "data-signature").as_deref(), Some("go"));
    let signature = launch.state().await.signatures[0].record.id;
    let receipt = launch.security.get(&format!("/signatures/{signature}")).await.expect_status(200);
    assert!(receipt.attributes("a", "href").contains(&path));
    let history = launch.auditor.get(&launch.path("history")).await.expect_status(200);
    assert!(history.attributes("[data-kind=signed] a", "href").contains(&path));
}

#[tokio::test]
async fn comparison_of_two_moments_lists_changed_items() {
    let story = record_story().await;
    let launch = &story.launch;
    let newest = launch.state().await.seq;
    let compare = async |query: &str| launch.auditor.get(&launch.path(&format!("compare{query}"))).await;
    let page = compare("").await.expect_status(200);
    let lines = page.texts(".diff > li").join("\n");
    for expected in [
        "Readiness was Not ready",
        "Grace period after the target (days) was 7 now 3",
        "Notes added: Mind the *cat*.",
        "Holders of Operations added: Odette Operations",
        "Security added: GO by Sven Security",
        "Security added: NO-GO by Dev Deputy",
        "Backups restored was open now done",
        "Backups restored · evidence added: seen by my own eyes, withdrawn: mistaken",
        "Runbook written was open now blocked: because",
        "Runbook written · waiver added: approved by Odette Operations, until 1 Jan 2098",
        "Status page · assigned to added: Mia Member",
    ] {
        assert!(lines.contains(expected), "{expected}: {lines}");
    }
    let rows = page.attributes(".diff > li[data-item]", "data-item");
    assert!(rows.contains(&launch.item("runbook").to_string()));
    let there = format!("/launches/{}/as-of/{newest}#item-{}", launch.id, launch.item("runbook"));
    assert!(page.attributes(".diff a", "href").contains(&there));
    // The order of the two moments does not matter.
    let (one, other) =
        (compare("?from=5&to=9").await.expect_status(200), compare("?from=9&to=5").await.expect_status(200));
    assert_eq!(one.texts(".diff > li"), other.texts(".diff > li"));
    assert!(!one.texts(".diff > li").is_empty());
    let same = compare("?from=5&to=5").await.expect_status(200);
    assert_eq!(same.texts(".empty h2"), ["No differences"]);
    for wrong in ["?from=0", "?to=x", "?from=1&to=99999999999999999999", "?from=-1"] {
        let page = compare(wrong).await.expect_status(422);
        assert_eq!(page.texts(".error").len(), 1, "{wrong}");
    }
}

//! Changes since a reader's last visit, and who has visited the page.

use signoff::domain::launch::{command::Command, event::ItemState};

use crate::helpers::{Launch, client::Answer, client::Client};

async fn open(launch: &Launch, actor: &Client) -> Answer {
    actor.get(&launch.path("go-no-go")).await.expect_status(200)
}

/// The changes that the page shows since the reader's last visit, without the person who made them.
fn changes(page: &Answer) -> Vec<String> {
    let lines = page.texts("section[aria-labelledby=since-h] .diff li");
    lines.iter().map(|line| line.split(" by ").next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn signoff_page_shows_changes_since_the_readers_last_visit() {
    let launch = Launch::payments().make().await;
    for actor in [&launch.security, &launch.owner] {
        assert!(open(&launch, actor).await.texts("#since-h").is_empty(), "nobody has looked before");
    }
    let seen = launch.state().await.seq;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    let page = open(&launch, &launch.security).await;
    assert_eq!(changes(&page), ["Backups restored was open now blocked: because"]);
    let shown = page.texts("section[aria-labelledby=since-h] p").swap_remove(0);
    assert_eq!(shown, format!("In the scope of Security, since event {seen} :"));
    assert_eq!(changes(&open(&launch, &launch.owner).await).len(), 2, "the owner sees what every role signs");
    assert!(open(&launch, &launch.security).await.texts("#since-h").is_empty(), "it has been shown");
    launch.mark(&launch.member, "runbook", ItemState::Open).await;
    let page = open(&launch, &launch.security).await;
    assert!(page.texts("#since-h").is_empty(), "a change outside of the reader's scope is none to look at");
}

#[tokio::test]
async fn signoff_page_live_update_keeps_the_readers_starting_point() {
    let launch = Launch::payments().make().await;
    let page = open(&launch, &launch.security).await;
    let seq = launch.state().await.seq;
    let refresh = page.attribute("main", "data-refresh").unwrap();
    assert_eq!(refresh, format!("{}?since={seq}", launch.path("go-no-go")));
    assert_eq!(page.attribute("body", "data-launch"), Some(launch.id.to_string()));
    assert_eq!(page.attribute("body", "data-seq"), Some(seq.to_string()));
    for state in [ItemState::Blocked, ItemState::Done] {
        launch.mark(&launch.member, "backups", state).await;
        let page = launch.security.get(&refresh).await.expect_status(200);
        assert_eq!(changes(&page).len(), 1, "what came before is still said");
        assert_eq!(page.attribute("main", "data-refresh").as_deref(), Some(refresh.as_str()));
    }
    // A returned form has another address, and names the address of the page.
    let answer = launch.sign(&launch.security, "security", "go", &[("password", "wrong")]).await.expect_status(422);
    assert!(answer.attribute("main", "data-refresh").unwrap().starts_with(&launch.path("go-no-go?since=")));
    assert!(answer.attribute("form[action$='/signatures']", "data-busy").is_some(), "and is left alone");
    for nonsense in ["x", "-1", "0", "999", "99999999999999999999", ""] {
        let page = launch.security.get(&launch.path(&format!("go-no-go?since={nonsense}"))).await.expect_status(200);
        assert_eq!(changes(&page), [""; 0], "{nonsense}");
    }
}

#[tokio::test]
async fn signoff_page_shows_the_owner_who_has_opened_it() {
    let launch = Launch::payments().make().await;
    let readers = async || open(&launch, &launch.owner).await.texts("#readers tbody tr");
    assert_eq!(readers().await[0], "Sven Security Security not yet");
    assert_eq!(readers().await.len(), 3, "each holder once");
    open(&launch, &launch.security).await;
    let seq = launch.state().await.seq;
    assert_eq!(readers().await[0], format!("Sven Security Security just now {seq} of {seq}"));
    launch.run_command(&launch.owner, Command::AskSignatures).await;
    let now = seq + 1;
    assert_eq!(readers().await[0], format!("Sven Security Security asked just now {seq} of {now}"));
    // A live update of an open page shows more, but does not count as another visit.
    launch.app.state.clock.advance(600);
    launch.security.get(&launch.path(&format!("go-no-go?since={seq}"))).await.expect_status(200);
    assert_eq!(readers().await[0], format!("Sven Security Security asked 10 minutes ago {now} of {now}"));
    for actor in [&launch.security, &launch.member, &launch.auditor] {
        assert!(open(&launch, actor).await.texts("#readers").is_empty(), "it is for the owner");
    }
    assert!(
        open(&launch, &launch.owner).await.texts("#readers p")[0].contains("When each signer last opened this page")
    );
}

#[tokio::test]
async fn signoff_page_visit_leaves_no_event() {
    let launch = Launch::payments().make().await;
    let seq = launch.state().await.seq;
    open(&launch, &launch.auditor).await;
    assert_eq!(launch.kinds_after(seq).await, [""; 0]);
    let marks: Vec<(uuid::Uuid, i64)> =
        sqlx::query_as("SELECT user_id, seq FROM read_marks").fetch_all(&launch.app.owner).await.unwrap();
    assert_eq!(marks, [(launch.auditor.person.id.uuid(), seq)]);
}

#[tokio::test]
async fn go_of_a_removed_holder_stops_counting_without_going_stale() {
    let launch = Launch::payments().make().await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let (role, user) = ("security".parse().unwrap(), launch.security.person.id);
    launch.run_command(&launch.owner, Command::RemoveHolder { role, user }).await;
    let page = open(&launch, &launch.owner).await;
    assert_eq!(page.attribute("[data-role=security][data-signature]", "data-signature").as_deref(), Some("none"));
    let block = page.texts("[data-role=security]").swap_remove(0);
    assert!(block.contains("no longer counts") && block.contains("no longer holds the role"), "{block}");
    assert!(!block.contains("stale"), "{block}");
    let list = launch.owner.get("/launches").await.expect_status(200);
    assert_eq!(list.attributes("[data-signature]", "data-signature"), ["none", "none"]);
    assert!(list.body.contains("its signer no longer holds the role"));
    // A change in its scope as well: the removed holder remains the reason that it does not count.
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    let page = open(&launch, &launch.owner).await;
    assert_eq!(page.attribute("[data-role=security][data-signature]", "data-signature").as_deref(), Some("none"));
}

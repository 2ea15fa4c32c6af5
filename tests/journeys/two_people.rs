//! Two people on one launch at once: each sees the other's changes in place, and neither loses anything.

use serde_json::json;
use signoff::{
    ambient,
    demo::{self, DemoPerson},
    domain::{
        ids::{ItemId, LaunchId, UserId},
        launch::{command::Command, event::ItemState},
    },
    record::execute::Requester,
    state::AppState,
};

use super::browser::{Browser, Script, journey};
use crate::helpers::TestApp;

#[tokio::test]
async fn two_people_on_one_launch_see_each_others_changes() {
    let mut app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let one = Browser::start(&app, "one", Script::On).await;
    let two = Browser::start(&app, "two", Script::On).await;
    journey(&[&one, &two], work_together(&mut app, &people, &one, &two)).await;
    one.end().await;
    two.end().await;
}

/// The selector of an item's row.
fn row(item: &str) -> String {
    format!("li.item[data-item='{item}']")
}

async fn work_together(app: &mut TestApp, people: &[DemoPerson], one: &Browser, two: &Browser) {
    let mut members = people.iter().filter(|person| person.role == "member");
    let (lior, sofia) = (members.next().unwrap(), members.next().unwrap());
    for (browser, person) in [(one, lior), (two, sofia)] {
        browser.sign_in(&person.email, &person.password).await;
        browser.visit("/launches").await;
        browser.follow("Payments 2.0").await;
    }
    let launch = one.path().await;
    let open = one.attributes("li.item[data-state=open]:has(button.tick)", "data-item").await;
    let [first, second, third, last] = [&open[0], &open[1], &open[2], open.last().unwrap()].map(|item| row(item));

    one_ticks_and_the_other_sees_it_without_a_jump(one, two, &first, &last).await;
    what_is_being_typed_is_kept(one, two, &second, &open[1]).await;
    selected_items_change_together(one, two, &launch).await;
    the_page_catches_up_after_a_cut(app, (one, two), sofia, &launch, &open[2], &third).await;
}

async fn one_ticks_and_the_other_sees_it_without_a_jump(one: &Browser, two: &Browser, ticked: &str, read: &str) {
    // One reads far below the row that the other ticks.
    one.run("arguments[1](document.querySelector(arguments[0]).scrollIntoView())", vec![json!(read)]).await;
    let before = one.top(read).await;
    two.press(&format!("{ticked} button.tick")).await;
    one.find(&format!("{ticked}[data-state=done][data-version='2']")).await;
    one.find(".notice").await;
    assert!(one.text("#notices").await.contains("Sofia Lind marked done"));
    let moved = (one.top(read).await - before).abs();
    assert!(moved <= 1, "what is read does not move, but for a fraction of a pixel: {moved}");
    // The wall and its figures are updated.
    one.find(&format!("[data-cell='{}'].done", one.attribute(ticked, "data-item").await)).await;
    // Undone at once by the person who did it.
    two.press(".notice button").await;
    one.find(&format!("{ticked}[data-state=open]")).await;
}

async fn what_is_being_typed_is_kept(one: &Browser, two: &Browser, row: &str, item: &str) {
    // One opens the item in the list and types in two places; the other marks and comments on the item's own page.
    one.press(&format!("{row} .title")).await;
    one.find(&format!("{row} .opened .item-page")).await;
    assert_eq!(one.path().await, format!("/items/{item}"));
    one.find(&format!("{row} .opened #f-comment-body")).await.send_keys("Half a thought").await.unwrap();
    one.press(&format!("{row} .opened .segments input[value=not_applicable]")).await;
    one.find(&format!("{row} .opened #f-state-reason")).await.send_keys("There is no such thing here.").await.unwrap();

    two.visit(&format!("/items/{item}")).await;
    two.form(".new-comment form").await.fill("Comment", "I am on it.").await;
    two.form(".new-comment form").await.submit("Comment").await;
    let form = two.form(".state-form").await;
    form.tick("Blocked").await;
    form.fill("Reason", "The vendor does not answer.").await;
    form.submit("Save").await;

    // The row is updated, and the parts of the item in which nobody types; typed text stays.
    one.find(&format!("{row}[data-state=blocked]")).await;
    let comment_is_shown =
        async || one.text(&format!("{row} .opened .comments")).await.contains("vendor").then_some(());
    one.until("the item's own history", comment_is_shown).await;
    assert_eq!(value(one, "#f-comment-body").await, "Half a thought");
    assert_eq!(value(one, "#f-state-reason").await, "There is no such thing here.");

    // A form based on the old state is refused with who did what, and the text stays; sent again, it is accepted.
    one.expect(409);
    one.press(&format!("{row} .opened .state-form button.primary")).await;
    let problem = one.text(&format!("{row} .opened .problem")).await;
    assert!(problem.contains("Meanwhile Sofia Lind marked it blocked"), "{problem}");
    assert_eq!(value(one, "#f-state-reason").await, "There is no such thing here.");
    one.press(&format!("{row} .opened .state-form button.primary")).await;
    one.find(&format!("{row}[data-state=not_applicable]")).await;
    // The other's page, the item's own, is updated as well.
    let followed = async || two.text(".state-now").await.contains("Not applicable").then_some(());
    two.until("the other page", followed).await;

    // Escape closes it, and the list is shown again.
    one.keys("\u{e00c}").await;
    one.until("it is shut", async || (one.count(".opened").await == 0).then_some(())).await;
    assert!(one.path().await.starts_with("/launches/"));
}

async fn value(browser: &Browser, field: &str) -> String {
    browser.find(&format!(".opened {field}")).await.value().await.unwrap().unwrap_or_default()
}

async fn selected_items_change_together(one: &Browser, two: &Browser, launch: &str) {
    two.visit(&format!("{launch}?show=open")).await;
    two.visit(&format!("{launch}?show=open&select=on")).await;
    let shown = two.attributes("li.item", "data-item").await;
    two.press(".pick input").await;
    // A range: from the first to the third, with Shift.
    let range = "const boxes = document.querySelectorAll('.pick input');
        boxes[2].dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: true }));
        arguments[0]()";
    two.run(range, vec![]).await;
    assert_eq!(two.text("[data-count]").await, "3 items selected");
    two.unfold(".bulk details:has(textarea)").await;
    let form = two.form("form.bulk").await;
    form.fill("One reason for all", "Not in this release.").await;
    form.submit("Not applicable").await;
    two.sees("3 items are not applicable now.").await;
    for item in &shown[..3] {
        one.find(&format!("{}[data-state=not_applicable]", row(item))).await;
    }
    two.leave_page_by(async || two.press(".flash button").await).await;
    two.sees("Undone: 3 items as before.").await;
    for item in &shown[..3] {
        one.find(&format!("{}[data-state=open]", row(item))).await;
    }
}

async fn the_page_catches_up_after_a_cut(
    app: &mut TestApp,
    (one, two): (&Browser, &Browser),
    other: &DemoPerson,
    launch: &str,
    item: &str,
    row: &str,
) {
    one.expect_cut();
    two.expect_cut();
    let launch: LaunchId = launch.trim_start_matches("/launches/").parse().unwrap();
    let user: UserId = sqlx::query_scalar::<_, uuid::Uuid>("SELECT id FROM users WHERE email = $1")
        .bind(&other.email)
        .fetch_one(&app.owner)
        .await
        .unwrap()
        .into();
    let item: ItemId = item.parse().unwrap();
    app.restart(async |state| {
        one.find(".notice.lost").await;
        mark_done(state, launch, user, item).await;
    })
    .await;
    // The connection returns by itself, its notice disappears, and the page shows the missed changes.
    one.find(&format!("{row}[data-state=done]")).await;
    one.until("the connection is back", async || (one.count(".notice.lost").await == 0).then_some(())).await;
}

async fn mark_done(state: &AppState, launch: LaunchId, user: UserId, item: ItemId) {
    let asker = Requester { user, request: ambient::new_id(), now: state.clock.now(), proof: None };
    let before = state.record.load(&state.db, launch).await.unwrap().unwrap();
    let version = before.item(item).unwrap().version;
    let done = Command::Mark { item, state: ItemState::Done, reason: None, version };
    state.record.execute(&state.db, asker, launch, vec![done]).await.unwrap();
}

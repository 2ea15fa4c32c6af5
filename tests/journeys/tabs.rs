//! Many open pages of one browser, missing answers, and sessions that end while pages are open.

use serde_json::json;
use signoff::demo::{self, DemoPerson};

use super::browser::{Browser, Script, journey};
use crate::helpers::TestApp;

async fn demo_with_browser(name: &'static str) -> (TestApp, Vec<DemoPerson>, Browser, tempfile::TempDir) {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let browser = Browser::start(&app, name, Script::On).await;
    (app, people, browser, folder)
}

fn members(people: &[DemoPerson]) -> [&DemoPerson; 2] {
    let mut members = people.iter().filter(|person| person.role == "member");
    [members.next().unwrap(), members.next().unwrap()]
}

const LOST: &str = ".notice.lost";

#[tokio::test]
async fn eight_tabs_share_one_live_stream() {
    let (app, people, browser, _folder) = demo_with_browser("eight").await;
    let other = Browser::start(&app, "beside-eight", Script::On).await;
    journey(&[&browser, &other], open_eight(&app, &people, &browser, &other)).await;
    browser.end().await;
    other.end().await;
}

async fn open_eight(app: &TestApp, people: &[DemoPerson], browser: &Browser, other: &Browser) {
    let [lior, sofia] = members(people);
    browser.sign_in(&lior.email, &lior.password).await;
    browser.visit("/launches").await;
    browser.follow("Payments 2.0").await;
    let launch = browser.path().await;
    let item = browser.attribute("li.item[data-state=open]:has(button.tick)", "data-item").await;
    let row = format!("li.item[data-item='{item}']");
    let streams = async |count: usize| {
        let open = async || (app.state.feed.stream_count() == count).then_some(());
        browser.until(&format!("{count} open streams"), open).await;
    };
    streams(1).await;
    // Half of them are tabs, of which only one is visible; half of them are windows.
    for at in 0..7 {
        browser.open(at % 2 == 0).await;
        browser.visit(&launch).await;
        // All six connections would be in use by now if each page held one.
        assert_eq!(browser.run("fetch('/healthz').then(a => a.text()).then(arguments[0])", vec![]).await, json!("ok"));
        streams(1).await;
    }
    other.sign_in(&sofia.email, &sofia.password).await;
    other.visit(&launch).await;
    other.press(&format!("{row} button.tick")).await;
    // Each page shows the change once it is visible, whichever of them holds the stream.
    for page in browser.pages().await {
        browser.look_at(page).await;
        browser.find(&format!("{row}[data-state=done]")).await;
        assert_eq!(browser.count(LOST).await, 0);
    }
    other.visit("/").await;
    streams(1).await;
}

#[tokio::test]
async fn item_tick_without_an_answer_is_reverted_with_a_message() {
    let (app, people, browser, _folder) = demo_with_browser("unanswered").await;
    let [lior, _] = members(&people);
    journey(&[&browser], async {
        browser.sign_in(&lior.email, &lior.password).await;
        browser.visit("/launches").await;
        browser.follow("Payments 2.0").await;
        let launch: uuid::Uuid = browser.path().await.trim_start_matches("/launches/").parse().unwrap();
        let item = browser.attribute("li.item[data-state=open]:has(button.tick)", "data-item").await;
        let row = format!("li.item[data-item='{item}']");
        // The lock on the launch's row delays the change, and so its answer.
        let mut holding = app.owner.begin().await.unwrap();
        sqlx::query("SELECT 1 FROM launches WHERE id = $1 FOR UPDATE")
            .bind(launch)
            .execute(&mut *holding)
            .await
            .unwrap();
        browser.press(&format!("{row} button.tick")).await;
        browser.find(&format!("{row}[data-state=done]")).await;
        // The notice fades in; until it is visible the driver reports no text.
        let message_is_shown = async || {
            let text = browser.text(".notice.bad").await;
            (text.contains("does not answer") && text.contains("shown as it was")).then_some(())
        };
        browser.until("a notice says that there was no answer", message_is_shown).await;
        assert_eq!(browser.attribute(&row, "data-state").await, "open");
        assert_eq!(browser.attribute(&format!("{row} button.tick"), "aria-checked").await, "false");
        // The change is made after all, and the stream reports it.
        holding.rollback().await.unwrap();
        browser.find(&format!("{row}[data-state=done][data-version='2']")).await;
    })
    .await;
    browser.end().await;
}

#[tokio::test]
async fn page_with_an_ended_session_says_so_and_keeps_typed_text() {
    let (app, people, browser, _folder) = demo_with_browser("ended").await;
    let [lior, _] = members(&people);
    journey(&[&browser], async {
        browser.sign_in(&lior.email, &lior.password).await;
        browser.visit("/launches").await;
        browser.follow("Payments 2.0").await;
        let open = browser.attributes("li.item[data-state=open]:has(button.tick)", "data-item").await;
        let [row, ticked] = [&open[0], &open[1]].map(|item| format!("li.item[data-item='{item}']"));
        browser.press(&format!("{row} .title")).await;
        browser.find(&format!("{row} .opened #f-comment-body")).await.send_keys("Half a thought").await.unwrap();
        for _ in 0..9 {
            browser.expect(401);
        }
        sqlx::query("UPDATE users SET session_epoch = session_epoch + 1").execute(&app.owner).await.unwrap();
        // A tick, a comment and the stream all report the ended session, and none of them a lost connection.
        browser.press(&format!("{ticked} button.tick")).await;
        let ended = async || browser.text("#notices").await.contains("Your session has ended").then_some(());
        browser.until("the end of the session is said", ended).await;
        browser.find(&format!("{ticked}[data-state=open]")).await;
        browser.press(&format!("{row} .opened #comments form[action$='/comments'] .button")).await;
        let hint_is_shown =
            async || browser.text("#notices").await.contains("What you entered is still here").then_some(());
        browser.until("the comment is kept", hint_is_shown).await;
        let gone = async || (app.state.feed.stream_count() == 0).then_some(());
        browser.until("the stream has ended", gone).await;
        let end_is_shown = async || (browser.text("#notices").await == "Your session has ended. Sign in").then_some(());
        browser.until("the stream says it", end_is_shown).await;
        assert_eq!(browser.count(LOST).await, 0);
        let link = browser.attribute("#notices a", "href").await;
        assert_eq!(link, format!("/login?next=%2Fitems%2F{}", open[0]));
        // After signing in in another tab, the page works again and still has the typed text.
        let first = browser.pages().await.remove(0);
        browser.open(false).await;
        browser.sign_in(&lior.email, &lior.password).await;
        browser.look_at(first).await;
        browser.until("all is well again", async || (browser.count("#notices a").await == 0).then_some(())).await;
        let typed = browser.find(&format!("{row} .opened #f-comment-body")).await.value().await.unwrap();
        assert_eq!(typed.as_deref(), Some("Half a thought"));
        browser.press(&format!("{row} .opened #comments form[action$='/comments'] .button")).await;
        browser.find(&format!("{row} .opened .comments > .comment")).await;
    })
    .await;
    browser.end().await;
}

//! Forms that cannot be taken as they are: sent without connection, with a file that is too large, or from a page that
//! shows what somebody changed since. The page stays, says why, and nothing that was typed is lost.

use std::path::Path;

use serde_json::json;
use signoff::domain::ids::UserId;

use super::browser::{Browser, Script, journey};
use crate::helpers::{Setting, launch::Launch, people::PASSWORD};

/// The selector of the item's evidence rows.
const ROWS: &str = "#evidence ul.evidence > li";

async fn start_launch() -> Launch {
    let set = vec![("SIGNOFF_EVIDENCE_MAX_MB", "1".to_owned())];
    Launch::ledger().setting(Setting { set, ..Setting::default() }).make().await
}

/// Starts a browser in which this person is signed in.
async fn start_browser(launch: &Launch, name: &'static str, user: UserId) -> Browser {
    let browser = Browser::start(&launch.app, name, Script::On).await;
    let email: String = sqlx::query_scalar("SELECT email FROM users WHERE id = $1")
        .bind(user.uuid())
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
    browser.sign_in(&email, PASSWORD).await;
    browser
}

/// The text of a field.
async fn value(browser: &Browser, field: &str) -> String {
    browser.find(field).await.value().await.unwrap().unwrap_or_default()
}

#[tokio::test]
async fn forms_sent_without_connection_stay_with_their_text() {
    let launch = start_launch().await;
    let browser = start_browser(&launch, "offline", launch.member.person.id).await;
    journey(&[&browser], send_without_connection(&launch, &browser)).await;
    browser.end().await;
}

async fn send_without_connection(launch: &Launch, browser: &Browser) {
    let item = launch.item_path("required", "");
    // On the item's own page, in a row of the list, and in a form that makes a launch.
    let row = format!("li.item[data-item='{}']", item.trim_start_matches("/items/"));
    let places = [
        (item.clone(), None, "#f-comment-body", ".new-comment .button"),
        (format!("/launches/{}", launch.id), Some(format!("{row} .title")), "#f-comment-body", ".new-comment .button"),
        ("/launches/new".to_owned(), None, "#f-name", "main form button.primary"),
    ];
    for (at, (address, opens, field, button)) in places.iter().enumerate() {
        browser.visit(address).await;
        if let Some(title) = opens {
            browser.press(title).await;
        }
        let text = format!("Half a thought, {at}");
        browser.find(field).await.send_keys(&text).await.unwrap();
        // Fields that are required elsewhere in the form are not what is tested here.
        let lenient =
            "document.querySelectorAll('form').forEach((form) => { form.noValidate = true; }); arguments[0]()";
        browser.run(lenient, Vec::new()).await;
        browser.set_offline(true).await;
        let path = browser.path().await;
        browser.press(button).await;
        browser
            .until("the notice", async || {
                let shown = browser.text("#notices").await;
                shown.contains("can’t be reached").then_some(())
            })
            .await;
        assert!(browser.text("#notices").await.contains("still here"), "{address}");
        assert_eq!((browser.path().await, value(browser, field).await), (path, text), "{address}");
        browser.set_offline(false).await;
        if at == 0 {
            // Sent again, it is taken, and its draft is not offered any more.
            browser.leave_page_by(async || browser.press(button).await).await;
            browser.sees("Half a thought, 0").await;
            assert_eq!(value(browser, field).await, "");
        }
    }
    assert_eq!(launch.kinds().await, ["comment_added"]);
}

#[tokio::test]
async fn file_that_is_too_large_is_named_when_chosen_and_nothing_of_its_form_is_sent() {
    let launch = start_launch().await;
    let folder = tempfile::tempdir().unwrap();
    for (name, size) in [("small.txt", 10), ("large.bin", 1_000_001)] {
        std::fs::write(folder.path().join(name), vec![b'x'; size]).unwrap();
    }
    let browser = start_browser(&launch, "large", launch.member.person.id).await;
    journey(&[&browser], choose_too_large(&launch, &browser, folder.path())).await;
    browser.end().await;
}

async fn choose_too_large(launch: &Launch, browser: &Browser, folder: &Path) {
    browser.visit(&launch.item_path("required", "")).await;
    let form = browser.form("#attach form").await;
    form.fill("Link or note", "Read this first.").await;
    form.attach("Files", &folder.join("small.txt")).await;
    assert_eq!(browser.count("#attach [data-too-large]").await, 0);
    form.attach("Files", &folder.join("large.bin")).await;
    let warning = browser.text("#attach [data-too-large]").await;
    assert!(warning.contains("“large.bin” is larger than 1 MB"), "{warning}");
    browser.press("#attach form .actions button").await;
    assert_eq!(
        (browser.count(".uploads li").await, form.value("Link or note").await.as_str()),
        (0, "Read this first.")
    );
    assert_eq!(launch.kinds().await, Vec::<String>::new());

    // Dropped, it is named as well.
    let drop = "const [size, done] = arguments;
        const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(size)], 'dropped.bin'));
        const target = document.querySelector('#attach form');
        target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: files }));
        done();";
    browser.run(drop, vec![json!(1_000_001)]).await;
    let named = async || browser.text("#attach [data-too-large]").await.contains("“dropped.bin”").then_some(());
    browser.until("the dropped file is named", named).await;
    // Without them, the rest is sent: first the file, then the note.
    for name in ["large.bin", "dropped.bin"] {
        browser.press(&format!("#attach [data-chosen] button[aria-label='Remove {name}']")).await;
    }
    assert_eq!(browser.count("#attach [data-too-large]").await, 0);
    browser.press("#attach form .actions button").await;
    browser.find(&format!("{ROWS}:nth-child(2)")).await;
    assert_eq!(launch.kinds().await, ["evidence_attached", "evidence_attached"]);
    assert_eq!(browser.form("#attach form").await.value("Link or note").await, "");
}

#[tokio::test]
async fn note_waits_for_its_files_and_a_refused_file_is_not_offered_again() {
    let launch = start_launch().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.log"), b"").unwrap();
    let browser = start_browser(&launch, "note", launch.member.person.id).await;
    journey(&[&browser], attach_refused_file(&launch, &browser, folder.path())).await;
    browser.end().await;
}

async fn attach_refused_file(launch: &Launch, browser: &Browser, folder: &Path) {
    browser.visit(&launch.item_path("required", "")).await;
    browser.expect(422);
    let form = browser.form("#attach form").await;
    form.fill("Link or note", "It is empty.").await;
    form.attach("Files", &folder.join("empty.log")).await;
    browser.press("#attach form .actions button").await;
    browser.find(".uploads li.failed").await;
    assert_eq!(browser.count(".uploads li.failed .retry:not([hidden])").await, 0, "it would be refused again");
    assert!(browser.text("#attach .uploaded").await.contains("was not sent, and is still in the form"));
    assert_eq!((form.value("Link or note").await.as_str(), launch.kinds().await), ("It is empty.", Vec::new()));
    // The note alone is sent when asked for.
    browser.leave_page_by(async || browser.press("#attach form .actions button").await).await;
    browser.find(ROWS).await;
    assert_eq!(launch.kinds().await, ["evidence_attached"]);
}

#[tokio::test]
async fn stale_forms_of_an_open_item_are_refused_and_kept_until_looked_at() {
    let launch = start_launch().await;
    let browser = start_browser(&launch, "stale", launch.owner.person.id).await;
    journey(&[&browser], assign_from_an_open_item(&launch, &browser)).await;
    browser.end().await;
}

async fn assign_from_an_open_item(launch: &Launch, browser: &Browser) {
    let item = launch.item_path("required", "");
    browser.visit(&format!("/launches/{}", launch.id)).await;
    browser.press(&format!("li.item[data-item='{}'] .title", item.trim_start_matches("/items/"))).await;
    browser.find(".opened #assignment").await;
    let form = browser.form(".opened #assignment form").await;
    form.set_value("Due", "2098-01-01").await;
    let shown = browser.attribute(".opened #assignment [name=seq]", "value").await;
    let mia = launch.member.person.id.to_string();
    launch
        .operations
        .post(&launch.item_path("required", "/assignment"), &[("assignee", &*mia)])
        .await
        .expect_status(303);
    // The form in which somebody works stays as it is, and is refused.
    let comment_is_shown = async || browser.text(".opened .comments").await.contains("Mia Member").then_some(());
    browser.until("the other's change", comment_is_shown).await;
    assert_eq!(browser.attribute(".opened #assignment [name=seq]", "value").await, shown);
    browser.expect(409);
    browser.press(".opened #assignment form button").await;
    let problem = browser.text(".opened .problem").await;
    assert!(problem.contains("Meanwhile Odette Operations assigned it to Mia Member"), "{problem}");
    assert_eq!(value(browser, ".opened #f-due").await, "2098-01-01");
    // The answer carries what it shows now, and a further change leaves it alone.
    let answered = browser.attribute(".opened #assignment [name=seq]", "value").await;
    assert_ne!(answered, shown);
    launch.member.post(&launch.item_path("required", "/comments"), &[("body", "Mine?")]).await.expect_status(303);
    browser
        .until("the comment", async || browser.text(".opened #comments").await.contains("Mine?").then_some(()))
        .await;
    assert_eq!(value(browser, ".opened #f-due").await, "2098-01-01");
    browser.press(".opened #assignment form button").await;
    let saved = async || {
        let item = launch.item_state("required").await;
        item.assignment.due.is_some().then_some(item.assignment.assignee.map(|person| person.id))
    };
    // What the form showed of the assignee, nobody, is what it says: seen, and meant.
    assert_eq!(browser.until("the assignment", saved).await, None);
}

//! Evidence files are uploaded one by one while the page stays: each shows its progress, can be cancelled, and can be
//! sent again.

use std::path::PathBuf;

use futures_util::TryStreamExt as _;
use serde_json::json;
use signoff::demo::{self, DemoPerson};

use super::browser::{Browser, Script, journey};
use crate::helpers::TestApp;

/// The selector of the item's evidence rows.
const ROWS: &str = "#evidence ul.evidence > li";

#[tokio::test]
async fn evidence_files_upload_one_by_one_on_the_same_page() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let file = |name: &str, bytes: Vec<u8>| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let files = [
        file("report.txt", b"All is well.\n".to_vec()),
        file("empty.log", Vec::new()),
        file("dump.bin", vec![7; 900_000]),
    ];
    let browser = Browser::start(&app, "uploads", Script::On).await;
    journey(&[&browser], attach(&app, &browser, &people, &files)).await;
    browser.end().await;
}

/// The number of files in the store, thumbnails included.
async fn count_stored_files(app: &TestApp) -> usize {
    app.state.blobs.list().try_collect::<Vec<_>>().await.unwrap().len()
}

async fn attach(app: &TestApp, browser: &Browser, people: &[DemoPerson], [report, empty, dump]: &[PathBuf; 3]) {
    let member = people.iter().find(|person| person.role == "member").unwrap();
    browser.sign_in(&member.email, &member.password).await;
    browser.visit("/launches").await;
    browser.follow("Payments 2.0").await;
    let item = browser.attribute("li.item[data-state=open]:has(button.tick):not(:has(a.tally))", "data-item").await;
    browser.visit(&format!("/items/{item}")).await;
    let before = count_stored_files(app).await;
    let comment = browser.form(".new-comment form").await;
    comment.fill("Comment", "Half a sen").await;

    // The error of one file is shown at its row; the other is still attached.
    browser.expect(422);
    let form = browser.form("#attach form").await;
    form.attach("Files", report).await;
    form.attach("Files", empty).await;
    assert_eq!(browser.count("#attach [data-chosen] li").await, 2);
    browser.press("#attach form .actions button").await;
    browser.find(".uploads li.failed").await;
    assert!(browser.text(".uploads li.failed").await.contains("“empty.log” is empty"));
    browser.find(&format!("{ROWS}:nth-child(1)")).await;
    assert_eq!(
        (browser.text(&format!("{ROWS} .name")).await.as_str(), count_stored_files(app).await),
        ("report.txt", before + 1)
    );

    // After cancelling half way, nothing is left of it; sent again, it arrives.
    let is_slow = browser.slow_down(Some(100_000)).await;
    form.attach("Files", dump).await;
    browser.press("#attach form .actions button").await;
    if is_slow {
        browser.find(".uploads li.sending progress[value]").await;
        browser.press(".uploads li.sending .cancel").await;
        browser.find(".uploads li.cancelled").await;
        browser.slow_down(None).await;
        let nothing_left = async || (count_stored_files(app).await == before + 1).then_some(());
        browser.until("the store to have let go of it", nothing_left).await;
        assert_eq!(browser.count(ROWS).await, 1);
        browser.press(".uploads li.cancelled .retry").await;
    }
    browser.find(&format!("{ROWS}:nth-child(2)")).await;

    // A pasted picture is sent at once, and is shown.
    browser.run(include_str!("paste.js"), Vec::new()).await;
    browser.find(&format!("{ROWS}:nth-child(3) .kind img")).await;
    let drawn = async || {
        let width = "arguments[1](document.querySelector(arguments[0])?.naturalWidth)";
        let width = browser.run(width, vec![json!(format!("{ROWS} .kind img"))]).await;
        (width == json!(60)).then_some(())
    };
    browser.until("the picture", drawn).await;

    assert_eq!(comment.value("Comment").await, "Half a sen", "the page has stayed");
}

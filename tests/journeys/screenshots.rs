//! The pictures of the documentation and the printed sheet, taken of the demo. This is not a test: only `make
//! screenshots` runs it.

use std::{fs, path::Path};

use signoff::demo;

use super::browser::{A4, Browser, DESK, LETTER, PHONE, Script};
use crate::helpers::{Setting, TestApp};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screenshots");

/// The maximum size of a picture, so that a clone stays small.
const MAX_BYTES: usize = 250_000;

#[tokio::test]
#[ignore = "writes docs/screenshots; run by `make screenshots`"]
async fn screenshots_of_the_documentation_are_taken() {
    // The default value.
    let set = vec![("SIGNOFF_EVIDENCE_MAX_MB", "50".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let browser = Browser::start(&app, "screenshots", Script::On).await;
    browser.pose(DESK).await;
    let product = people.iter().find(|person| person.role == "product").unwrap();
    browser.sign_in(&product.email, &product.password).await;
    browser.visit("/launches").await;
    browser.follow("Payments 2.0").await;
    let launch = browser.path().await;
    // An item that has a little of everything.
    let item = browser.attribute("li.item[data-state=done]:has(.chip.critical):has(a.tally) a.title", "href").await;
    fs::create_dir_all(FOLDER).unwrap();
    for (name, page) in [
        ("launch", launch.clone()),
        ("go-no-go", format!("{launch}/go-no-go")),
        ("item", item),
        ("history", format!("{launch}/history")),
        ("my-work", "/".to_owned()),
        ("launches", "/launches".to_owned()),
    ] {
        browser.visit(&page).await;
        save_picture(name, "png", &browser.picture().await);
    }
    // An item opened in the list.
    browser.visit(&launch).await;
    browser.press("li.item[data-state=blocked] a.title").await;
    browser.find(".opened .item-page").await;
    save_picture("open-item", "png", &browser.picture().await);
    browser.visit(&format!("{launch}/go-no-go")).await;
    save_picture("sheet", "pdf", &browser.printed(A4).await);
    assert!(!browser.printed(LETTER).await.is_empty(), "Letter, too");
    browser.pose(PHONE).await;
    browser.visit(&launch).await;
    save_picture("phone", "png", &browser.picture().await);
    browser.end().await;
}

fn save_picture(name: &str, kind: &str, picture: &[u8]) {
    assert!(picture.len() < MAX_BYTES, "{name} is {} bytes", picture.len());
    fs::write(Path::new(FOLDER).join(name).with_extension(kind), picture).unwrap();
}

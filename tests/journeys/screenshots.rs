//! The pictures in the documentation, and the sheet as it is printed, taken of the demo. No test: `make screenshots`
//! alone runs it.

use std::{fs, path::Path};

use signoff::demo;

use super::browser::{A4, Browser, DESK, LETTER, PHONE, Script};
use crate::helpers::{Setting, TestApp};

/// Where they stand in the documentation.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screenshots");

/// The most bytes of one, so that a clone stays small.
const MOST: usize = 250_000;

#[tokio::test]
#[ignore = "writes docs/screenshots; run by `make screenshots`"]
async fn take_the_pictures_of_the_documentation() {
    // As it is where nothing is set.
    let set = vec![("SIGNOFF_EVIDENCE_MAX_MB", "50".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::make(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let browser = Browser::start(&app, "screenshots", Script::On).await;
    browser.pose(DESK).await;
    let product = people.iter().find(|person| person.role == "product").unwrap();
    browser.sign_in(&product.email, &product.password).await;
    browser.visit("/launches").await;
    browser.follow("Payments 2.0").await;
    let launch = browser.path().await;
    // One that has a little of everything.
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
        keep(name, "png", &browser.picture().await);
    }
    // An item open where it stands.
    browser.visit(&launch).await;
    browser.press("li.item[data-state=blocked] a.title").await;
    browser.find(".opened .item-page").await;
    keep("open-item", "png", &browser.picture().await);
    browser.visit(&format!("{launch}/go-no-go")).await;
    keep("sheet", "pdf", &browser.printed(A4).await);
    assert!(!browser.printed(LETTER).await.is_empty(), "Letter, too");
    browser.pose(PHONE).await;
    browser.visit(&launch).await;
    keep("phone", "png", &browser.picture().await);
    browser.end().await;
}

fn keep(name: &str, kind: &str, picture: &[u8]) {
    assert!(picture.len() < MOST, "{name} is {} bytes", picture.len());
    fs::write(Path::new(FOLDER).join(name).with_extension(kind), picture).unwrap();
}

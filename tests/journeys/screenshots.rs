//! The pictures of the documentation and the printed sheet, taken of the demo, and pictures of every page to look at.
//! These are no tests: only `make screenshots` runs them.

use std::{
    collections::{BTreeMap, VecDeque},
    fs,
    path::{Path, PathBuf},
};

use signoff::demo::{self, DemoPerson};

use super::{
    browser::{A4, Browser, DESK, LETTER, PHONE, Script},
    page_routes::{find_page, list_pages},
};
use crate::helpers::{Setting, TestApp};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screenshots");

/// The maximum size of a picture, so that a clone stays small.
const MAX_BYTES: usize = 250_000;

#[tokio::test]
#[ignore = "writes docs/screenshots; run by `make screenshots`"]
async fn screenshots_of_the_documentation_are_taken() {
    let (app, people) = start_demo().await;
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

async fn start_demo() -> (TestApp, Vec<DemoPerson>) {
    // The default value.
    let set = vec![("SIGNOFF_EVIDENCE_MAX_MB", "50".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    (app, people)
}

/// The first address of each page to which links lead from a person's start page, by the page.
async fn follow_links(app: &TestApp, person: &DemoPerson) -> BTreeMap<&'static str, String> {
    let (client, pages) = (app.client(), list_pages());
    client.login(&person.email, &person.password).await.expect_status(303);
    let (mut found, mut ahead) = (BTreeMap::new(), VecDeque::from(["/".to_owned()]));
    while let Some(address) = ahead.pop_front() {
        let Some(page) = find_page(&pages, &address).filter(|page| !found.contains_key(page)) else { continue };
        let answer = client.get(&address).await;
        if answer.status == 200 {
            found.insert(page, address);
            ahead.extend(answer.attributes("a[href^='/']", "href"));
        }
    }
    found
}

#[tokio::test]
#[ignore = "writes target/pages; run by `make screenshots ALL=yes`"]
async fn screenshots_of_every_page_are_taken() {
    let (app, people) = start_demo().await;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("pages");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let browser = Browser::start(&app, "pages", Script::On).await;
    for role in ["product", "admin", "auditor"] {
        let person = people.iter().find(|person| person.role == role).unwrap();
        browser.sign_in(&person.email, &person.password).await;
        for (page, address) in follow_links(&app, person).await {
            let name = match page.replace(['{', '}'], "").trim_matches('/').replace('/', "-") {
                name if name.is_empty() => "start".to_owned(),
                name => name,
            };
            for (width, height) in [DESK, PHONE] {
                for scheme in ["light", "dark"] {
                    browser.show_in(scheme).await;
                    browser.pose((width, height)).await;
                    browser.visit(&address).await;
                    browser.pose((width, browser.height().await.max(height))).await;
                    let file = folder.join(format!("{name}-{role}-{width}-{scheme}.png"));
                    fs::write(file, browser.picture().await).unwrap();
                }
            }
        }
        browser.visit("/").await;
        browser.sign_out().await;
    }
    browser.end().await;
}

fn save_picture(name: &str, kind: &str, picture: &[u8]) {
    assert!(picture.len() < MAX_BYTES, "{name} is {} bytes", picture.len());
    fs::write(Path::new(FOLDER).join(name).with_extension(kind), picture).unwrap();
}

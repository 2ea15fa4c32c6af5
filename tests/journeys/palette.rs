//! The command palette, and links that are copied, in a browser.

use serde_json::json;
use signoff::demo;

use super::browser::{Browser, Script, journey};
use crate::helpers::TestApp;

const CTRL_K: &str = "\u{e009}k\u{e000}";
const DOWN: &str = "\u{e015}";
const UP: &str = "\u{e013}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

#[tokio::test]
async fn palette_goes_to_things_and_does_what_the_page_offers() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let admin = people.iter().find(|person| person.role == "admin").unwrap();
    let browser = Browser::start(&app, "palette", Script::On).await;
    journey(&[&browser], async {
        browser.sign_in(&admin.email, &admin.password).await;
        go_to_a_launch(&browser).await;
        do_what_the_page_offers(&browser).await;
        leave_by_escape(&browser).await;
        open_from_the_bar(&browser).await;
        copy_an_invitation(&browser).await;
    })
    .await;
    browser.end().await;
}

/// Control is held until the null key, which only keys sent to an element do.
async fn open_palette(browser: &Browser) {
    browser.find("body").await.send_keys(CTRL_K).await.unwrap();
    browser.find(".palette input[role=combobox]").await;
}

async fn selected(browser: &Browser) -> String {
    browser.text(".palette [aria-selected=true]").await
}

async fn go_to_a_launch(browser: &Browser) {
    browser.visit("/account").await;
    open_palette(browser).await;
    browser.keys("Payments 2").await;
    let found = async || selected(browser).await.contains("Payments 2.0").then_some(());
    browser.until("the launch in the palette", found).await;
    browser.leave_page_by(async || browser.keys(ENTER).await).await;
    browser.sees("Payments 2.0").await;
    assert!(browser.path().await.starts_with("/launches/"));
}

async fn do_what_the_page_offers(browser: &Browser) {
    browser.visit("/account").await;
    open_palette(browser).await;
    browser.keys("change your name").await;
    browser.until("the page's own", async || (selected(browser).await == "Change your name").then_some(())).await;
    browser.keys(ENTER).await;
    browser.find("details[open] #f-name-name").await;
    assert_eq!(browser.count(".palette").await, 0);
}

async fn leave_by_escape(browser: &Browser) {
    open_palette(browser).await;
    browser.until("pages", async || (browser.count(".palette [role=option]").await > 2).then_some(())).await;
    let first = selected(browser).await;
    browser.keys(DOWN).await;
    assert_ne!(selected(browser).await, first);
    browser.keys(UP).await;
    assert_eq!(selected(browser).await, first);
    let active = "arguments[0](document.querySelector('.palette input').getAttribute('aria-activedescendant'))";
    assert_eq!(
        browser.run(active, vec![]).await,
        json!(browser.attribute(".palette [aria-selected=true]", "id").await)
    );
    browser.keys(ESCAPE).await;
    assert_eq!(browser.count(".palette").await, 0);
}

async fn open_from_the_bar(browser: &Browser) {
    browser.press(".bar [data-palette]").await;
    browser.keys("helpp").await;
    browser.until("a page", async || (selected(browser).await == "Help").then_some(())).await;
    browser.leave_page_by(async || browser.press(".palette [aria-selected=true]").await).await;
    assert_eq!(browser.path().await, "/help");
}

async fn copy_an_invitation(browser: &Browser) {
    browser.visit("/admin").await;
    let form = browser.form("form[action='/admin/invitations']").await;
    form.fill("People", "Tessa Brandt, tessa@example.org").await;
    form.submit("Invite").await;
    // Whether a browser without a screen has a clipboard differs from one to the next.
    browser.find("button[data-copies='f-link']:not([hidden])").await;
    browser.find("button[data-copies='f-message']:not([hidden])").await;
}

//! A checklist is written in the outline of its draft: with the keyboard only, and by dragging.

use reqwest::multipart::Form;
use serde_json::json;

use super::browser::{Browser, Script, journey};
use crate::helpers::{
    TestApp, admin,
    people::{PASSWORD, Person},
};

const ENTER: &str = "\u{e007}";
const TAB: char = '\u{e004}';
const SHIFT: char = '\u{e008}';
const CONTROL: char = '\u{e009}';
const ALT: char = '\u{e00a}';
const UP: char = '\u{e013}';
const SPACE: &str = " ";
const ESCAPE: &str = "\u{e00c}";

#[tokio::test]
async fn checklist_is_written_and_published_with_the_keyboard_only() {
    let app = TestApp::start().await;
    let person = app.person(&admin()).await;
    let markdown = "# Going live\n\n## Database\n\n- [ ] First\n\n## Sign-off\n\n**Operations:** ____\n";
    let import = Form::new().text("markdown", markdown).text("step", "publish");
    let version = app.session(&person).await.upload("/checklists/import", import).await.location().to_owned();
    let draft = format!("{}/draft", version.split("/versions").next().unwrap());
    let browser = Browser::start(&app, "outline", Script::On).await;
    journey(&[&browser], write_and_publish(&browser, &person, &draft)).await;
    browser.end().await;
}

/// Moves the focus to an element, as Tab would, step by step.
async fn focus(browser: &Browser, selector: &str) {
    browser.find(selector).await;
    browser.run("document.querySelector(arguments[0]).focus(); arguments[1]()", vec![json!(selector)]).await;
}

async fn titles(browser: &Browser) -> Vec<String> {
    let script = "arguments[0]([...document.querySelectorAll('li[data-node]')].map(row => `${'.'.repeat(row.dataset.depth ?? 0)}${row.dataset.node}`))";
    serde_json::from_value(browser.run(script, vec![]).await).unwrap()
}

async fn has_titles(browser: &Browser, expected: &[&str]) {
    let shown = async || (titles(browser).await == expected).then_some(());
    browser.until(&format!("{expected:?}"), shown).await;
}

async fn write_and_publish(browser: &Browser, person: &Person, draft: &str) {
    browser.sign_in(&person.email, PASSWORD).await;
    browser.visit(draft).await;
    browser.find("[data-outline][data-live]").await;
    // Enter opens a title in its place, and adds the next one; Tab at its beginning nests it.
    focus(browser, "[data-node=First] a.title").await;
    browser.keys(ENTER).await;
    browser.find("[data-node=First].open").await;
    browser.keys(" of all").await;
    browser.keys(ENTER).await;
    browser.keys(&format!("Second{ENTER}")).await;
    browser.keys(&format!("{TAB}Nested{ENTER}")).await;
    browser.keys(&format!("Nested too{ENTER}")).await;
    browser.chord(SHIFT, TAB).await;
    browser.keys(&format!("Fifth{ENTER}{ESCAPE}")).await;
    has_titles(browser, &["First of all", "Second", ".Nested", ".Nested too", "Fifth"]).await;
    assert_eq!(browser.count(".edit-row.new").await, 0);
    focus(browser, "[data-node='Nested too'] a.title").await;
    browser.chord(ALT, UP).await;
    has_titles(browser, &["First of all", "Second", ".Nested too", ".Nested", "Fifth"]).await;
    focus(browser, "[data-node=Fifth] a.title").await;
    for place in [["First of all", "Fifth", "Second"], ["Fifth", "First of all", "Second"]] {
        browser.chord(ALT, UP).await;
        let outer = async || {
            (titles(browser).await.into_iter().filter(|title| !title.starts_with('.')).eq(place)).then_some(())
        };
        browser.until(&format!("{place:?}"), outer).await;
    }
    // All but one get a role.
    for title in ["First of all", "Second", "Nested", "Nested too"] {
        focus(browser, &format!("[data-node='{title}'] .pick input")).await;
        browser.keys(SPACE).await;
    }
    focus(browser, "#many details:has([name=importance]) > summary").await;
    browser.keys(ENTER).await;
    focus(browser, "#many [name=role]").await;
    browser.keys("Operations").await;
    focus(browser, "#many [name=action][value=change]").await;
    browser.keys(ENTER).await;
    let chips = async || (browser.count("li[data-node] [data-field=role]").await == 4).then_some(());
    browser.until("four roles", chips).await;
    // One is removed, and brought back by its notice.
    focus(browser, "[data-node=Nested] a.title").await;
    browser.keys(ENTER).await;
    browser.find("[data-node=Nested].open").await;
    focus(browser, "[data-node=Nested].open details:has(button[formaction$='/removals']) > summary").await;
    browser.keys(ENTER).await;
    focus(browser, "[data-node=Nested].open button[formaction$='/removals']").await;
    browser.keys(ENTER).await;
    has_titles(browser, &["Fifth", "First of all", "Second", ".Nested too"]).await;
    focus(browser, "#notices button").await;
    browser.keys(ENTER).await;
    has_titles(browser, &["Fifth", "First of all", "Second", ".Nested too", ".Nested"]).await;
    drag(browser, "Fifth", "Second").await;
    has_titles(browser, &["First of all", "Second", ".Nested too", ".Nested", "Fifth"]).await;
    // What was done last is undone and done again, by key and by button.
    focus(browser, "[data-node=Fifth] a.title").await;
    browser.chord(CONTROL, 'z').await;
    has_titles(browser, &["Fifth", "First of all", "Second", ".Nested too", ".Nested"]).await;
    browser.press("#undo-step").await;
    has_titles(browser, &["Fifth", "First of all", "Second", ".Nested too"]).await;
    for _ in 0..2 {
        browser.press("#redo-step:enabled").await;
    }
    has_titles(browser, &["First of all", "Second", ".Nested too", ".Nested", "Fifth"]).await;

    focus(browser, "#draft-head a.primary").await;
    browser.leave_page_by(async || browser.keys(ENTER).await).await;
    focus(browser, "form[action$='/publication'] button").await;
    browser.leave_page_by(async || browser.keys(ENTER).await).await;
    browser.sees("Nested too").await;
    assert!(browser.path().await.ends_with("/versions/2"));
}

/// Drags an item by its grip to after another one.
async fn drag(browser: &Browser, title: &str, after: &str) {
    let script = "
        const [title, after, done] = arguments;
        const row = (title) => document.querySelector(`li[data-node='${title}']`);
        row(title).scrollIntoView({ block: 'center' });
        const grip = row(title).querySelector('.grip').getBoundingClientRect();
        const to = row(after).getBoundingClientRect();
        done([grip.x + 4, grip.y + grip.height / 2, to.x + 60, to.bottom - 4].map(Math.round));
    ";
    let at = browser.run(script, vec![json!(title), json!(after)]).await;
    let at: Vec<i64> = serde_json::from_value(at).unwrap();
    browser.drag((at[0], at[1]), (at[2], at[3])).await;
}

//! After a change, one's own or another person's, everything on the open checklist page that counts items is as on a new
//! copy of the page; and one notice covers one's changes.

use serde_json::{Value, json};
use signoff::demo;

use super::browser::{Browser, Script, journey};
use crate::helpers::TestApp;

/// Every element of the checklist page that counts something.
const FIGURES: [&str; 8] = [
    ".head .verdict",
    "[data-region=tabs] a",
    ".wall .count",
    ".toc a",
    ".section-head .num",
    "[data-region=filters] a",
    "[data-region=burn-up] summary",
    "[data-region=burn-up] td",
];

/// The figures of the open page and of a new copy of it.
const COMPARE: &str = "const [selectors, done] = arguments;
    const read = (page) => selectors.map((selector) =>
        [...page.querySelectorAll(selector)].map((found) => found.textContent.replace(/\\s+/g, ' ').trim()));
    const cells = (page) => [...page.querySelectorAll('[data-cell]')].map((cell) => cell.querySelector('.box')?.className ?? cell.className);
    fetch(location.href).then((answer) => answer.text()).then((text) => {
        const fresh = new DOMParser().parseFromString(text, 'text/html');
        done([[...read(document), cells(document)], [...read(fresh), cells(fresh)]]);
    })";

#[tokio::test]
async fn figures_of_the_open_page_agree_after_ticks_of_two_people() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let one = Browser::start(&app, "ticks", Script::On).await;
    let two = Browser::start(&app, "watches", Script::On).await;
    journey(&[&one, &two], async {
        let mut members = people.iter().filter(|person| person.role == "member");
        for browser in [&one, &two] {
            let person = members.next().unwrap();
            browser.sign_in(&person.email, &person.password).await;
            browser.visit("/launches").await;
            browser.follow("Payments 2.0").await;
        }
        let launch = one.path().await;
        let open = one.attributes("li.item[data-state=open]:has(button.tick)", "data-item").await;
        let before = agreed_figures(&one).await;
        one.press(&tick(&open[0])).await;
        for browser in [&one, &two] {
            browser.find(&format!("{}[data-state=done]", row(&open[0]))).await;
            // Tabs, wall, list of parts, section, filters and burn-up.
            let after = until_they_agree(browser, &before).await;
            for at in 1..7 {
                assert_ne!(after[at], before[at], "{}", FIGURES[at]);
            }
        }
        one_notice_covers_all_ticks(&one, &open[1..4]).await;
        until_they_agree(&two, &[]).await;
        // What a script changed leaves no message for the next page.
        for page in [format!("{launch}/go-no-go"), "/".to_owned(), launch.clone()] {
            one.visit(&page).await;
            assert_eq!(one.count(".flash").await, 0, "{page}");
        }
    })
    .await;
    one.end().await;
    two.end().await;
}

/// Ticks the items; the one notice counts them, and its button takes all of them back.
async fn one_notice_covers_all_ticks(browser: &Browser, items: &[String]) {
    for item in items {
        browser.press(&tick(item)).await;
        browser.find(&format!("{}[data-state=done]:not(:has([aria-busy]))", row(item))).await;
    }
    let counted =
        async || browser.text("#notices").await.contains(&format!("{} items done", items.len() + 1)).then_some(());
    browser.until("the notice counts the ticks", counted).await;
    assert_eq!(browser.count("#notices .notice:has(button)").await, 1);
    browser.press("#notices .notice button").await;
    for item in items {
        browser.find(&format!("{}[data-state=open]:not(:has([aria-busy]))", row(item))).await;
    }
    let undone = async || browser.text("#notices").await.contains("items open again").then_some(());
    browser.until("the notice says that they are open again", undone).await;
    assert_eq!(browser.count("#notices .notice:has(button)").await, 1);
}

fn row(item: &str) -> String {
    format!("li.item[data-item='{item}']")
}

fn tick(item: &str) -> String {
    format!("{} button.tick", row(item))
}

async fn compare(browser: &Browser) -> (Vec<Value>, Vec<Value>) {
    let compared = browser.run(COMPARE, vec![json!(FIGURES)]).await;
    serde_json::from_value(compared).unwrap()
}

/// The figures of a page on which nothing has changed yet.
async fn agreed_figures(browser: &Browser) -> Vec<Value> {
    let (shown, fresh) = compare(browser).await;
    assert_eq!(shown, fresh);
    assert!(shown.iter().all(|figures| !figures.as_array().unwrap().is_empty()), "{shown:?}");
    shown
}

/// Waits until the page shows what a new copy of it shows, which is not what it showed before.
async fn until_they_agree(browser: &Browser, before: &[Value]) -> Vec<Value> {
    let agree = async || {
        let (shown, fresh) = compare(browser).await;
        let differing = shown.iter().zip(&fresh).filter(|(shown, fresh)| shown != fresh);
        let differing: Vec<String> = differing.map(|(shown, fresh)| format!("{shown} for {fresh}")).collect();
        if differing.is_empty() { (shown != before).then_some(Ok(shown)) } else { Some(Err(differing.join("\n"))) }
    };
    let mut last = String::new();
    for _ in 0..100 {
        match browser.until("figures", &agree).await {
            Ok(shown) => return shown,
            Err(differing) => last = differing,
        }
    }
    panic!("the page differs from a new copy of it: {last}");
}

#[tokio::test]
async fn checklist_on_other_pages_ticks_remembers_its_filter_and_says_when_it_is_offline() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let browser = Browser::start(&app, "elsewhere", Script::On).await;
    journey(&[&browser], async {
        let lead = people.iter().find(|person| person.role == "tech_lead").unwrap();
        browser.sign_in(&lead.email, &lead.password).await;
        // My work: the item stays in its place, done, and can be taken back there.
        let item = browser.attribute("#items li[data-state=open]", "data-item").await;
        let row = format!("#items li[data-item='{item}']");
        let before = browser.text("[data-region=ahead]").await;
        browser.press(&format!("{row} > button.tick")).await;
        browser.find(&format!("{row}[data-state=done]:not(:has([aria-busy]))")).await;
        let counted = async || (browser.text("[data-region=ahead]").await != before).then_some(());
        browser.until("one more item resolved", counted).await;
        browser.press("#notices .notice button").await;
        browser.find(&format!("{row}[data-state=open]:not(:has([aria-busy]))")).await;
        let again = async || (browser.text("[data-region=ahead]").await == before).then_some(());
        browser.until("as many items resolved as before", again).await;
        // A filter is remembered by the links to the checklist, and forgotten by its own “All”.
        browser.visit("/launches").await;
        browser.follow("Payments 2.0").await;
        let launch = browser.path().await;
        browser.follow("Open").await;
        browser.follow("History").await;
        browser.follow("Checklist").await;
        assert_eq!(browser.text("[data-region=filters] [aria-current]").await.split(' ').next(), Some("Open"));
        browser.follow("All").await;
        browser.follow("History").await;
        browser.follow("Checklist").await;
        assert_eq!(browser.text("[data-region=filters] [aria-current]").await.split(' ').next(), Some("All"));
        assert_eq!(browser.path().await, launch);
        // The more of a row: its link, its states and who it is assigned to, without leaving the page.
        let row = format!("li.item[data-item='{item}']");
        browser.press(&format!("{row} a.more")).await;
        let panel = browser.form(&format!("{row} .more-panel")).await;
        panel.fill("Reason", " ").await;
        browser.expect(422);
        browser.press(&format!("{row} .more-panel button[value=blocked]")).await;
        browser.find(&format!("{row} .more-panel .problem")).await;
        panel.choose("Person", "Sofia Lind").await;
        browser.press(&format!("{row} .more-panel [data-assignment] button")).await;
        browser.find(&format!("{row} .meta > .who[title='Assigned to Sofia Lind']")).await;
        assert_eq!((browser.count(".more-panel").await, browser.path().await), (0, launch));
        browser.set_offline(true).await;
        let is_offline = async || browser.text("#notices").await.contains("You are offline").then_some(());
        browser.until("it says that it is offline", is_offline).await;
        browser.set_offline(false).await;
        let gone = async || (browser.count(".notice.lost").await == 0).then_some(());
        browser.until("it is online again", gone).await;
    })
    .await;
    browser.end().await;
}

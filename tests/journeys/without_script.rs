//! The main job in a browser without scripts: with plain forms and pages.

use signoff::demo::{self, DemoPerson};
use thirtyfour::By;

use super::browser::{Browser, Script, journey};
use crate::helpers::TestApp;

#[tokio::test]
async fn launch_is_prepared_and_signed_without_javascript() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let browser = Browser::start(&app, "without-script", Script::Off).await;
    journey(&[&browser], work_and_sign(&browser, &people)).await;
    browser.end().await;
}

async fn work_and_sign(browser: &Browser, people: &[DemoPerson]) {
    tick_attach_and_sign(browser, people).await;
    let member = people.iter().find(|person| person.role == "member").unwrap();
    browser.sign_in(&member.email, &member.password).await;
    browser.visit("/launches").await;
    browser.follow("Payments 2.0").await;
    let launch = browser.path().await;
    change_many_at_once(browser, &launch).await;
    talk_about_an_item(browser, &launch).await;
    write_notes(browser, &launch).await;
    search_from_the_browser(browser).await;
    browser.sign_out().await;
    let admin = people.iter().find(|person| person.role == "admin").unwrap();
    browser.sign_in(&admin.email, &admin.password).await;
    edit_a_checklist(browser).await;
    browser.sign_out().await;
}

/// Search over everything, from the field in the bar.
async fn search_from_the_browser(browser: &Browser) {
    let field = browser.form("form.find").await.element.find(By::Css("input")).await.unwrap();
    field.send_keys("status page").await.unwrap();
    browser.leave_page_by(async || field.send_keys("\u{e007}").await.unwrap()).await;
    assert_eq!(browser.path().await, "/search");
    assert!(browser.count(".found mark").await > 0);
}

/// A checklist is edited on its draft, compared and published.
async fn edit_a_checklist(browser: &Browser) {
    browser.visit("/checklists").await;
    browser.follow("Production readiness").await;
    browser.follow("Edit").await;
    browser.follow("Add an item").await;
    let form = browser.form("#new form").await;
    form.fill("What has to be true", "The lights are on").await;
    form.choose("Importance", "Critical").await;
    form.submit("Add the item").await;
    browser.sees("The lights are on").await;
    // The form for the next item is open below it.
    let form = browser.form("#new form").await;
    form.fill("What has to be true", "The doors are shut").await;
    form.submit("Add the item").await;
    browser.follow("The doors are shut").await;
    browser.unfold(".edit-row.open > details").await;
    browser.leave_page_by(async || browser.press("button[name=up]:not([disabled])").await).await;
    // Two are chosen, and changed together; one is removed, and brought back.
    browser.visit(&browser.path().await).await;
    for title in ["The doors are shut", "The lights are on"] {
        browser.press(&format!("[data-node='{title}'] .pick input")).await;
    }
    browser.unfold("#many details:has([name=importance])").await;
    let form = browser.form("#many").await;
    form.choose("Evidence", "Require evidence").await;
    form.submit("Apply").await;
    browser.sees("2 items are changed.").await;
    assert_eq!(browser.count("[data-node='The doors are shut'] .tally").await, 1);
    browser.press("[data-node='The doors are shut'] .pick input").await;
    browser.form("#many").await.submit("Remove").await;
    assert_eq!(browser.count("[data-node='The doors are shut']").await, 0);
    browser.leave_page_by(async || browser.press(".flash button").await).await;
    assert_eq!(browser.count("[data-node='The doors are shut']").await, 1);
    browser.follow("Review and publish").await;
    browser.sees("The lights are on").await;
    browser.form("form[action$='/publication']").await.submit("Publish version 2").await;
    browser.sees("The lights are on").await;
    assert!(!browser.path().await.contains("draft"));
}

/// Boxes are ticked by hand; a section, all and none are links to the same page with their boxes ticked.
async fn change_many_at_once(browser: &Browser, launch: &str) {
    browser.visit(&format!("{launch}?show=open")).await;
    browser.follow("Select items").await;
    assert_eq!(browser.count(".pick input:checked").await, 0);
    let boxes = browser.count(".pick input").await;
    browser.follow("All shown").await;
    assert_eq!(browser.count(".pick input:checked").await, boxes);
    browser.follow("None").await;
    let items = browser.attributes("li.item", "data-item").await;
    for item in &items[..2] {
        browser.press(&format!("li[data-item='{item}'] .pick input")).await;
    }
    browser.unfold(".bulk details:has(textarea)").await;
    let form = browser.form("form.bulk").await;
    form.fill("One reason for all", "Not in this release.").await;
    form.submit("Not applicable").await;
    browser.sees("2 items are not applicable now.").await;
    assert_eq!(browser.count("li.item").await, items.len() - 2, "the filter is kept");
    browser.leave_page_by(async || browser.press(".flash button").await).await;
    browser.sees("Undone: 2 items as before.").await;
    assert_eq!(browser.count("li.item").await, items.len());
}

/// Comments are written, rewritten and deleted; the item is assigned; a waiver is asked for.
async fn talk_about_an_item(browser: &Browser, launch: &str) {
    browser.visit(&format!("{launch}?show=open")).await;
    let open = "li.item:has(button.tick):not(:has(.chip.critical)) a.title";
    let item = browser.attribute(open, "href").await;
    browser.visit(&item).await;
    let before = browser.count("#comments .comment").await;
    let form = browser.form(".new-comment form").await;
    form.fill("Comment", "I am **on it**.").await;
    form.submit("Comment").await;
    assert_eq!(browser.text("#comments .comment:last-of-type strong").await, "on it");
    browser.unfold("#comments .comment:last-of-type details.more").await;
    let form = browser.form("#comments .comment:last-of-type form.form").await;
    form.fill("Comment", "It is done next week.").await;
    form.submit("Save").await;
    browser.sees("It is done next week.").await;
    browser.unfold("#comments .comment:last-of-type details.more").await;
    browser.form("#comments .comment:last-of-type form[action$=deletion]").await.submit("Delete").await;
    browser.find("#comments .comment:last-of-type .gone").await;
    assert_eq!(browser.count("#comments .comment").await, before + 1, "that it was there stays");

    let form = browser.form("#assignment form").await;
    form.choose("Person", "Sofia Lind").await;
    form.submit("Assign").await;
    assert!(browser.text(".head .meta").await.contains("Sofia Lind"));
}

async fn write_notes(browser: &Browser, launch: &str) {
    browser.visit(launch).await;
    browser.unfold("#notes details.fold").await;
    let form = browser.form("#notes form").await;
    form.fill("Notes", "The status page moves in *January*.").await;
    form.submit("Save the notes").await;
    assert_eq!(browser.text("#notes .prose em").await, "January");
}

async fn tick_attach_and_sign(browser: &Browser, people: &[DemoPerson]) {
    let as_role = |role: &str| people.iter().find(|person| person.role == role).unwrap();
    let product = as_role("product");
    browser.sign_in(&product.email, &product.password).await;
    browser.visit("/launches").await;
    browser.follow("Payments 2.0").await;
    let launch = browser.path().await;

    // Ticked, and unticked.
    let item = browser.attribute("li.item[data-state=open]:has(button.tick):has(a.tally)", "data-item").await;
    let row = format!("li[data-item='{item}']");
    for state in ["done", "open"] {
        browser.press(&format!("{row} button.tick")).await;
        browser.find(&format!("{row}[data-state={state}]")).await;
    }

    // A file and a note are attached.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.txt");
    std::fs::write(&file, "All checks passed.\n").unwrap();
    browser.visit(&format!("/items/{item}")).await;
    let before = browser.count("#evidence li[data-standing]").await;
    let form = browser.form("#attach form").await;
    form.attach("Files", &file).await;
    assert_eq!(browser.count("#attach [data-chosen] li").await, 0, "a script would have listed the file");
    form.fill("Link or note", "Seen on staging, too.").await;
    form.submit("Attach").await;
    assert_eq!(browser.count("#evidence li[data-standing]").await, before + 2);
    assert!(browser.text("#evidence").await.contains("report.txt"));

    // A form with an error comes back with the typed text.
    browser.expect(422);
    let form = browser.form(".state-form").await;
    form.tick("Blocked").await;
    form.submit("Save").await;
    browser.find(".state-card .error").await;

    // Signed: once with a wrong password, then with the right one.
    browser.visit(&format!("{launch}/go-no-go")).await;
    let form = browser.form("#sign-product form").await;
    form.tick("GO").await;
    form.fill("Comment", "Agreed with support.").await;
    form.fill("Confirm with your password", "not the password").await;
    browser.expect(422);
    form.submit("Sign GO").await;
    let form = browser.form("#sign-product form").await;
    assert_eq!(form.value("Comment").await, "Agreed with support.");
    form.fill("Confirm with your password", &product.password).await;
    form.submit("Sign GO").await;
    browser.find("[data-role=product][data-signature=go]").await;
    browser.sees("You signed GO as Product.").await;
    browser.sign_out().await;
}

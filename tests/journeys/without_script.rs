//! The core of the job in a browser that runs no script: forms post, and pages answer.

use signoff::demo::{self, DemoPerson};

use super::browser::{Browser, Script, journey};
use crate::helpers::TestApp;

#[tokio::test]
async fn the_job_works_without_javascript() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::make(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let browser = Browser::start(&app, "without-script", Script::Off).await;
    journey(&[&browser], tick_attach_and_sign(&browser, &people)).await;
    browser.end().await;
}

async fn tick_attach_and_sign(browser: &Browser, people: &[DemoPerson]) {
    let as_role = |role: &str| people.iter().find(|person| person.role == role).unwrap();
    let product = as_role("product");
    browser.sign_in(&product.email, &product.password).await;
    browser.visit("/launches").await;
    browser.follow("Payments 2.0").await;
    let launch = browser.path().await;

    // Ticked, and unticked.
    let item = browser.attribute("li.item[data-state=open]:has(form.tick):has(a.tally)", "data-item").await;
    let row = format!("li[data-item='{item}']");
    for state in ["done", "open"] {
        browser.press(&format!("{row} .tick button")).await;
        browser.find(&format!("{row}[data-state={state}]")).await;
    }

    // Attached: a file and a note.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.txt");
    std::fs::write(&file, "All checks passed.\n").unwrap();
    browser.visit(&format!("/items/{item}")).await;
    let before = browser.count("#evidence li[data-standing]").await;
    let form = browser.form("#attach form").await;
    form.attach("Files", &file).await;
    assert_eq!(browser.count("#attach [data-chosen] li").await, 0, "a script would have listed the file");
    form.fill("or a note", "Seen on staging, too.").await;
    form.submit("Attach").await;
    assert_eq!(browser.count("#evidence li[data-standing]").await, before + 2);
    assert!(browser.text("#evidence").await.contains("report.txt"));

    // What is wrong comes back with what was typed.
    browser.unfold(".state-card details.fold").await;
    browser.expect(422);
    browser.form(".state-card form.form").await.submit("Blocked").await;
    browser.find(".state-card .error").await;

    // Signed: once with a password that is wrong, then with the right one.
    browser.visit(&format!("{launch}/go-no-go")).await;
    let form = browser.form("#sign-product form").await;
    form.fill("Comment", "Agreed with support.").await;
    form.fill("Your password, again", "not the password").await;
    browser.expect(422);
    form.submit("Sign GO").await;
    let form = browser.form("#sign-product form").await;
    assert_eq!(form.value("Comment").await, "Agreed with support.");
    form.fill("Your password, again", &product.password).await;
    form.submit("Sign GO").await;
    browser.find("[data-role=product][data-signature=go]").await;
    browser.sees("You signed GO as Product.").await;
    browser.sign_out().await;
}

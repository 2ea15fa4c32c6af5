//! A form, filled in by its labels as a person does.

use std::path::Path;

use thirtyfour::{By, WebElement};

use super::browser::{Browser, quoted};

/// A form of the open page.
pub(super) struct Form<'a> {
    pub(super) browser: &'a Browser,
    pub(super) element: WebElement,
}

impl Form<'_> {
    /// The control whose label begins with this.
    async fn control(&self, label: &str) -> WebElement {
        let xpath = format!(".//*[@id = //label[starts-with(normalize-space(.), {})]/@for]", quoted(label));
        self.wait_for(label, &xpath).await
    }

    async fn wait_for(&self, description: &str, xpath: &str) -> WebElement {
        self.browser.until(description, async || self.element.find(By::XPath(xpath)).await.ok()).await
    }

    /// Replaces a field's text by typing.
    pub(super) async fn fill(&self, label: &str, text: &str) {
        let control = self.control(label).await;
        control.clear().await.unwrap();
        control.send_keys(text).await.unwrap();
    }

    /// Sets a field's date or time, which is typed differently in each language.
    pub(super) async fn set_value(&self, label: &str, value: &str) {
        self.browser.set_value(&self.control(label).await, value).await;
    }

    /// Chooses the option of a list whose text begins with this.
    pub(super) async fn choose(&self, label: &str, option: &str) {
        let list = self.control(label).await;
        let xpath = format!("./option[starts-with(normalize-space(.), {})]", quoted(option));
        list.find(By::XPath(xpath)).await.unwrap().click().await.unwrap();
    }

    /// Chooses the next option of a list that begins with this letter, by its key.
    pub(super) async fn choose_by_key(&self, label: &str, letter: &str) {
        self.control(label).await.send_keys(letter).await.unwrap();
    }

    pub(super) async fn attach(&self, label: &str, file: &Path) {
        self.control(label).await.send_keys(file.display().to_string()).await.unwrap();
    }

    /// Ticks a box, or one of several choices.
    pub(super) async fn tick(&self, label: &str) {
        let control = self.control(label).await;
        if !control.is_selected().await.unwrap() {
            self.browser.click_element(&control).await;
        }
    }

    pub(super) async fn value(&self, label: &str) -> String {
        self.control(label).await.value().await.unwrap().unwrap_or_default()
    }

    pub(super) async fn is_ticked(&self, label: &str) -> bool {
        self.control(label).await.is_selected().await.unwrap()
    }

    /// Presses the button whose text begins with this, and waits for the page that answers.
    pub(super) async fn submit(&self, button: &str) {
        let xpath = format!(".//button[starts-with(normalize-space(.), {})]", quoted(button));
        let element = self.wait_for(button, &xpath).await;
        self.browser.leave_page_by(async || self.browser.click_element(&element).await).await;
    }

    /// The same for a button that asks first: the question is answered with yes.
    pub(super) async fn submit_and_confirm(&self, button: &str) {
        let xpath = format!(".//button[starts-with(normalize-space(.), {})]", quoted(button));
        let element = self.wait_for(button, &xpath).await;
        self.browser.click_element(&element).await;
        self.browser.leave_page_by(async || self.browser.press("dialog button[value=yes]").await).await;
    }
}

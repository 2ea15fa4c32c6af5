//! A browser as a person uses it: opens pages, reads, presses, and waits for elements.

use std::{
    fs,
    panic::AssertUnwindSafe,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use thirtyfour::{By, WebDriver, WebElement, WindowHandle, error::WebDriverErrorInner};
use tokio::time::{sleep, timeout};

use super::{
    driver_process::DriverProcess,
    engine::{Device, Engine},
    form::Form,
};
use crate::helpers::TestApp;

/// The time limit for any step. Only a failing journey waits this long.
const PATIENCE: Duration = Duration::from_secs(60);
/// The polling interval of waits.
const LOOK: Duration = Duration::from_millis(40);
/// The viewport of a desktop screen, in CSS pixels.
pub(super) const DESK: (u32, u32) = (1280, 800);
pub(super) const PHONE: (u32, u32) = (375, 812);
/// Paper sizes, in inches.
pub(super) const A4: (f64, f64) = (8.27, 11.69);
pub(super) const LETTER: (f64, f64) = (8.5, 11.0);

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    On,
    Off,
}

/// A browser with a fresh profile.
pub(super) struct Browser {
    driver: WebDriver,
    engine: Engine,
    // Fields are dropped in this order: the browser must end before its folder is deleted.
    _driver_process: DriverProcess,
    _folder: tempfile::TempDir,
    site: String,
    name: &'static str,
    /// The error statuses that the journey expects.
    expected: Mutex<Vec<u16>>,
    /// Whether the journey cut the connection, which the console reports as well.
    cut: AtomicBool,
}

impl Browser {
    /// Starts a browser for this application; the name is for its pictures.
    pub(super) async fn start(app: &TestApp, name: &'static str, script: Script) -> Self {
        Self::start_with(app, name, script, Device::Desk).await
    }

    /// Starts the browser of a small phone, where every press is a touch.
    pub(super) async fn start_phone(app: &TestApp, name: &'static str) -> Self {
        let phone = Self::start_with(app, name, Script::On, Device::Phone).await;
        phone.engine.show_as(&phone.driver, Device::Phone).await;
        phone
    }

    async fn start_with(app: &TestApp, name: &'static str, script: Script, device: Device) -> Self {
        let (folder, engine) = (tempfile::tempdir().unwrap(), Engine::chosen());
        let driver_process = DriverProcess::start(&engine.driver_command(), folder.path());
        crate::helpers::client::install_tls();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE * 4).build().unwrap();
        let capabilities = engine.capabilities(folder.path(), script, device);
        let driver = WebDriver::builder(driver_process.address(), capabilities).client(http).connect().await.unwrap();
        driver.set_script_timeout(PATIENCE * 4).await.unwrap();
        Self {
            driver,
            engine,
            _driver_process: driver_process,
            _folder: folder,
            site: format!("http://{}", app.address),
            name,
            expected: Mutex::default(),
            cut: AtomicBool::default(),
        }
    }

    /// Opens an address of the site, absolute or as a path.
    pub(super) async fn visit(&self, address: &str) {
        let path = address.strip_prefix(&self.site).unwrap_or(address);
        self.driver.goto(format!("{}{path}", self.site)).await.unwrap();
    }

    /// Opens another tab or window and switches to it.
    pub(super) async fn open(&self, window: bool) {
        let opened = if window { self.driver.new_window().await } else { self.driver.new_tab().await };
        self.look_at(opened.unwrap()).await;
    }

    /// The open tabs and windows.
    pub(super) async fn pages(&self) -> Vec<WindowHandle> {
        self.driver.windows().await.unwrap()
    }

    /// Switches to a tab or window.
    pub(super) async fn look_at(&self, page: WindowHandle) {
        self.driver.switch_to_window(page).await.unwrap();
    }

    /// The path of the open page.
    pub(super) async fn path(&self) -> String {
        self.driver.current_url().await.unwrap().path().to_owned()
    }

    /// Waits for the first element that matches a selector.
    pub(super) async fn find(&self, selector: &str) -> WebElement {
        self.until(selector, async || self.driver.find(By::Css(selector)).await.ok()).await
    }

    pub(super) async fn count(&self, selector: &str) -> usize {
        self.driver.find_all(By::Css(selector)).await.unwrap().len()
    }

    /// The visible text of the first element that matches a selector.
    pub(super) async fn text(&self, selector: &str) -> String {
        // A live update of the page may replace an element between finding and reading it.
        let read = async || self.driver.find(By::Css(selector)).await.ok()?.text().await.ok();
        let shown = self.until(selector, read).await;
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(super) async fn attribute(&self, selector: &str, name: &str) -> String {
        let read = async || self.driver.find(By::Css(selector)).await.ok()?.attr(name).await.ok();
        self.until(selector, read).await.unwrap_or_default()
    }

    /// An attribute of every element that matches a selector, in the page's order.
    pub(super) async fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.getAttribute(arguments[1]) ?? '')";
        let found = self.driver.execute(script, vec![json!(selector), json!(name)]).await.unwrap();
        serde_json::from_value(found.json().clone()).unwrap()
    }

    /// Waits until the page contains this text.
    pub(super) async fn sees(&self, text: &str) {
        let shown = async || self.text("main").await.contains(text).then_some(());
        self.until(&format!("the page says “{text}”"), shown).await;
    }

    /// Presses the element that matches a selector.
    pub(super) async fn press(&self, selector: &str) {
        self.press_found(selector, By::Css(selector)).await;
    }

    /// Presses what is found; when a live update of the page replaces it before it is pressed, presses its replacement.
    async fn press_found(&self, what: &str, by: By) {
        let press = async || self.try_click(&self.driver.find(by.clone()).await.ok()?).await;
        self.until(what, press).await;
    }

    /// Opens the fold or menu whose summary matches a selector.
    pub(super) async fn unfold(&self, selector: &str) {
        self.press(&format!("{selector} > summary")).await;
        self.find(&format!("{selector}[open]")).await;
    }

    /// Follows the first link with this text in the main part of the page.
    pub(super) async fn follow(&self, text: &str) {
        let path = format!("//main//a[starts-with(normalize-space(.), {})]", quoted(text));
        self.leave_page_by(async || self.press_found(text, By::XPath(path.as_str())).await).await;
    }

    pub(super) async fn form(&self, selector: &str) -> Form<'_> {
        Form { browser: self, element: self.find(selector).await }
    }

    /// Sets the state of the item whose page is open.
    pub(super) async fn set_state(&self, state: &str) {
        let form = self.form(".state-form").await;
        form.tick(state).await;
        form.submit("Save").await;
    }

    /// Signs in through the login page.
    pub(super) async fn sign_in(&self, email: &str, password: &str) {
        self.visit("/login").await;
        let form = self.form("form[action='/login']").await;
        form.fill("E-mail address", email).await;
        form.fill("Password", password).await;
        form.submit("Sign in").await;
        self.find("form[action='/logout']").await;
    }

    /// Signs out through the menu.
    pub(super) async fn sign_out(&self) {
        self.unfold(".bar details.menu").await;
        self.form("form[action='/logout']").await.submit("Sign out").await;
        self.find("form[action='/login']").await;
    }

    /// Runs a script in the page; its last argument is the callback that takes its result.
    pub(super) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute_async(script, arguments).await.unwrap();
        answer.json().clone()
    }

    /// The JSON at a path of the site, fetched by the page.
    pub(super) async fn json(&self, path: &str) -> Value {
        let script = "fetch(arguments[0]).then(answer => answer.json()).then(arguments[1])";
        self.run(script, vec![json!(path)]).await
    }

    /// Performs an action that leads to another page, and waits for that page.
    pub(super) async fn leave_page_by(&self, act: impl AsyncFnOnce()) {
        let before = self.document().await;
        act().await;
        let gone = async || self.document().await.filter(|now| Some(now) != before.as_ref()).map(drop);
        self.until("another page", gone).await;
    }

    /// The driver's id of the open document; `None` between two pages.
    async fn document(&self) -> Option<String> {
        self.driver.find(By::Tag("html")).await.ok().map(|html| html.element_id().to_string())
    }

    /// Presses an element. While a notice covers it, waits until the notice has gone.
    pub(super) async fn click_element(&self, element: &WebElement) {
        self.until("an element that nothing covers", async || self.try_click(element).await).await;
    }

    /// Presses an element, scrolled to the middle of the screen, where no sticky edge covers it; `None` while something
    /// covers it, or when it has left the page.
    async fn try_click(&self, element: &WebElement) -> Option<()> {
        let middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let pressed = async {
            self.driver.execute(middle, vec![element.to_json()?]).await?;
            element.click().await
        };
        match pressed.await.map_err(WebDriverErrorInner::from) {
            Err(WebDriverErrorInner::ElementClickIntercepted(_) | WebDriverErrorInner::StaleElementReference(_)) => {
                None
            }
            pressed => pressed.map(Some).unwrap(),
        }
    }

    /// Sets the value of a control that cannot be typed into reliably, such as a date's.
    pub(super) async fn set_value(&self, element: &WebElement, value: &str) {
        let set =
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))";
        self.driver.execute(set, vec![element.to_json().unwrap(), json!(value)]).await.unwrap();
    }

    /// Expects an answer with this error status.
    pub(super) fn expect(&self, status: u16) {
        self.expected.lock().unwrap().push(status);
    }

    /// Expects that the connection of an open page is cut.
    pub(super) fn expect_cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }

    /// The distance of an element from the top of the window, in CSS pixels.
    pub(super) async fn top(&self, selector: &str) -> i64 {
        let top = "arguments[1](Math.round(document.querySelector(arguments[0]).getBoundingClientRect().top))";
        self.run(top, vec![json!(selector)]).await.as_i64().unwrap()
    }

    /// The height of the open page in CSS pixels, at most what a picture may have.
    pub(super) async fn height(&self) -> u32 {
        let height = self.run("arguments[0](document.documentElement.scrollHeight)", vec![]).await;
        u32::try_from(height.as_u64().unwrap()).unwrap().min(8_000)
    }

    /// Presses keys at the current focus.
    pub(super) async fn keys(&self, keys: &str) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Presses a key at the current focus while another one is held down.
    pub(super) async fn chord(&self, held: char, key: char) {
        self.driver.action_chain().key_down(held).send_keys(key.to_string()).key_up(held).perform().await.unwrap();
    }

    /// Drags what is at a point of the window to another one.
    pub(super) async fn drag(&self, from: (i64, i64), to: (i64, i64)) {
        let held = self.driver.action_chain().move_to(from.0, from.1).click_and_hold();
        held.move_to(to.0, to.1 - 1).move_to(to.0, to.1).release().perform().await.unwrap();
    }

    /// Waits until a check returns a value.
    pub(super) async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let looking = async {
            loop {
                match look().await {
                    Some(found) => return found,
                    None => sleep(LOOK).await,
                }
            }
        };
        match timeout(PATIENCE, looking).await {
            Ok(found) => found,
            Err(_) => panic!("{}: waited in vain for {what}, at {:?}", self.name, self.driver.current_url().await),
        }
    }

    /// Sets the viewport to this size, whatever the window's frame takes, and hides scroll bars: for a picture.
    pub(super) async fn pose(&self, size: (u32, u32)) {
        self.engine.set_viewport(&self.driver, size).await;
    }

    /// Shows pages in light or dark colours, without motion.
    pub(super) async fn show_in(&self, scheme: &str) {
        self.engine.set_scheme(&self.driver, scheme).await;
    }

    /// Limits the upload speed to this many bytes a second, and `None` ends that; false in a browser that can't.
    pub(super) async fn slow_down(&self, upload: Option<u32>) -> bool {
        self.engine.limit_upload(&self.driver, upload).await
    }

    /// Cuts the browser off from the network, or connects it again.
    pub(super) async fn set_offline(&self, offline: bool) {
        self.expect_cut();
        self.engine.set_offline(&self.driver, offline).await;
    }

    /// The visible part of the page, as PNG.
    pub(super) async fn picture(&self) -> Vec<u8> {
        self.driver.screenshot_as_png().await.unwrap()
    }

    /// The page printed on a paper size, in inches, as PDF.
    pub(super) async fn printed(&self, paper: (f64, f64)) -> Vec<u8> {
        BASE64_STANDARD.decode(self.engine.print(&self.driver, paper).await).unwrap()
    }

    /// Ends the browser and checks its log: nothing in the console except expected error answers (a violation of the
    /// content security policy would be reported there), and no request to another host.
    pub(super) async fn end(self) {
        let mut expected = std::mem::take(&mut *self.expected.lock().unwrap());
        for message in self.engine.console(&self.driver).await {
            let offline = message.contains("net::ERR_INTERNET_DISCONNECTED");
            if self.cut.load(Ordering::Relaxed)
                && (offline || message.contains("/live") && message.contains("net::ERR_"))
            {
                continue;
            }
            // The stream of changes of a page that was left may be opened once more after its session has ended.
            if message.contains("/live") && message.contains(" a status of 401 ") {
                continue;
            }
            // The console reports the data that signing out clears, which is no fault.
            if message.ends_with("Cleared data types: \"storage\".") {
                continue;
            }
            // A draft that is opened at one of its rows is read from there, and its first field has no focus.
            if message.contains("Autofocus processing was blocked because a document's URL has a fragment") {
                continue;
            }
            let gone_for = expected.iter().position(|status| message.contains(&format!("a status of {status} ")));
            match gone_for {
                Some(at) => drop(expected.remove(at)),
                None => panic!("{}: the console says {message}", self.name),
            }
        }
        let Some(requests) = self.engine.requests(&self.driver).await else { return };
        assert!(requests.iter().any(|address| address.ends_with("/app.css")), "the log of requests is kept");
        let own = |address: &String| {
            // The last is the browser's own first page.
            ["data:", "about:", "blob:", "chrome:"].iter().any(|scheme| address.starts_with(scheme))
                || address.strip_prefix(&self.site).is_some_and(|path| path.starts_with('/'))
        };
        let elsewhere: Vec<&String> = requests.iter().filter(|address| !own(address)).collect();
        assert!(elsewhere.is_empty(), "{}: asked of others: {elsewhere:?}", self.name);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver is about to end, and its browsers with it: nobody has to end this session.
        drop(self.driver.clone().leak());
    }
}

/// A text as an XPath literal.
pub(super) fn quoted(text: &str) -> String {
    assert!(!text.contains('"'), "{text}");
    format!("\"{text}\"")
}

/// Runs a journey; when it fails, a picture of each browser is saved in `target/journeys/`.
pub(super) async fn journey(browsers: &[&Browser], steps: impl Future<Output = ()>) {
    let Err(failure) = AssertUnwindSafe(steps).catch_unwind().await else { return };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("journeys");
    fs::create_dir_all(&folder).unwrap();
    for browser in browsers {
        let file = folder.join(format!("{}.png", browser.name));
        if let Ok(Ok(picture)) = timeout(PATIENCE, browser.driver.screenshot_as_png()).await {
            fs::write(&file, picture).unwrap();
            eprintln!("what {} showed: {}", browser.name, file.display());
        }
    }
    std::panic::resume_unwind(failure);
}

//! The two browsers that the journeys run in, Chromium and Firefox: how each is started, and what the WebDriver standard
//! has no command for.

use std::{env, path::Path};

use serde_json::{Value, json};
use thirtyfour::{
    Capabilities, ChromiumLikeCapabilities as _, DesiredCapabilities, LoggingPrefsLogLevel, RequestData, SessionId,
    WebDriver,
    common::{capabilities::firefox::FirefoxPreferences, command::FormatRequestData},
};

use super::{
    browser::{DESK, Script},
    driver_process::DriverCommand,
};

/// The command line of Chromium: it makes no network request of its own.
const CHROMIUM_ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=en-GB",
];

/// Settings of Firefox: its language, and no request of its own.
const FIREFOX_PREFERENCES: [(&str, &str); 2] =
    [("intl.accept_languages", "en-GB"), ("network.connectivity-service.DNSv4.domain", "")];

/// Sets the size of the open page in Firefox, whose window may not be as narrow as a phone.
const SET_FIREFOX_VIEWPORT: &str = r"
    const browser = gBrowser.selectedBrowser, [width, height] = arguments;
    window.resizeTo(Math.max(width, 500) + 20, height + 200);
    Object.assign(browser.style, { flex: 'none', minWidth: '0', width: `${width}px`, height: `${height}px` });
    Services.prefs.setIntPref('ui.useOverlayScrollbars', 1);
";

const SET_FIREFOX_SCHEME: &str = r"
    Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', arguments[0] === 'dark' ? 0 : 1);
    Services.prefs.setIntPref('ui.prefersReducedMotion', 1);
";

/// The errors of the pages' scripts, and what the content security policy stopped.
const READ_FIREFOX_CONSOLE: &str = r"
    return Services.console.getMessageArray().flatMap((message) => {
      if (!(message instanceof Ci.nsIScriptError)) return [];
      const isError = (message.flags & Ci.nsIScriptError.warningFlag) === 0;
      const isOfPage = message.category === 'content javascript' && isError || message.category.startsWith('CSP');
      return isOfPage && message.sourceName.startsWith('http') ? [`${message.errorMessage} ${message.sourceName}`] : [];
    });
";

/// What a browser is run as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    Desk,
    /// A small phone. Chromium touches it; Firefox has only its size.
    Phone,
}

/// The screen of a small phone, in CSS pixels.
const SMALL_PHONE: (u32, u32) = (375, 667);

/// Chromium, or Firefox if `SIGNOFF_TEST_BROWSER` says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Chromium,
    Firefox,
}

impl Engine {
    pub(super) fn chosen() -> Self {
        match env::var("SIGNOFF_TEST_BROWSER").as_deref() {
            Ok("firefox") => Self::Firefox,
            Ok("chromium") | Err(_) => Self::Chromium,
            Ok(other) => panic!("SIGNOFF_TEST_BROWSER is chromium or firefox, and not {other}"),
        }
    }

    /// The program that drives it.
    pub(super) fn driver_command(self) -> DriverCommand {
        match self {
            Self::Chromium => DriverCommand::chromedriver(),
            Self::Firefox => DriverCommand {
                program: env::var("GECKODRIVER").unwrap_or_else(|_| "geckodriver".to_owned()),
                // The last allows scripts in the browser's own window, which `run_in_firefox` needs.
                arguments: &["--port=0", "--websocket-port=0", "--allow-system-access"],
                before_port: "Listening on 127.0.0.1:",
            },
        }
    }

    /// What is asked of the driver: a browser with a fresh profile in this folder.
    pub(super) fn capabilities(self, folder: &Path, script: Script, device: Device) -> Capabilities {
        let program = |variable: &str, usual: &str| env::var(variable).unwrap_or_else(|_| usual.to_owned());
        match self {
            Self::Chromium => {
                let mut capabilities = DesiredCapabilities::chrome();
                capabilities.set_binary(&program("CHROME", "/usr/bin/chromium")).unwrap();
                for argument in CHROMIUM_ARGUMENTS {
                    capabilities.add_arg(argument).unwrap();
                }
                capabilities.add_arg(&format!("--user-data-dir={}", folder.join("profile").display())).unwrap();
                capabilities.add_arg(&format!("--window-size={},{}", DESK.0, DESK.1)).unwrap();
                if script == Script::Off {
                    capabilities.add_arg("--blink-settings=scriptEnabled=false").unwrap();
                }
                if device == Device::Phone {
                    let (width, height) = SMALL_PHONE;
                    let metrics =
                        json!({ "width": width, "height": height, "pixelRatio": 1.0, "mobile": true, "touch": true });
                    capabilities
                        .add_experimental_option("mobileEmulation", json!({ "deviceMetrics": metrics }))
                        .unwrap();
                }
                capabilities.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
                capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All).unwrap();
                capabilities.into()
            }
            Self::Firefox => {
                let mut capabilities = DesiredCapabilities::firefox();
                capabilities.set_firefox_binary(&program("FIREFOX", "/usr/bin/firefox-esr")).unwrap();
                for argument in ["-headless".to_owned(), format!("--width={}", DESK.0), format!("--height={}", DESK.1)]
                {
                    capabilities.add_arg(&argument).unwrap();
                }
                let mut preferences = FirefoxPreferences::new();
                for (name, value) in FIREFOX_PREFERENCES {
                    preferences.set(name, value).unwrap();
                }
                // So that `set_offline` also cuts off this machine.
                preferences.set("network.disable-localhost-when-offline", true).unwrap();
                preferences.set("javascript.enabled", script == Script::On).unwrap();
                capabilities.set_preferences(preferences).unwrap();
                capabilities.into()
            }
        }
    }

    /// Gives a browser the size of its device, if its capabilities could not.
    pub(super) async fn show_as(self, driver: &WebDriver, device: Device) {
        if self == Self::Firefox && device == Device::Phone {
            self.set_viewport(driver, SMALL_PHONE).await;
        }
    }

    /// Sets the viewport, and hides scroll bars.
    pub(super) async fn set_viewport(self, driver: &WebDriver, (width, height): (u32, u32)) {
        match self {
            Self::Chromium => {
                let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                DevTools("Emulation.setDeviceMetricsOverride", size).send(driver).await;
                DevTools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).send(driver).await;
            }
            Self::Firefox => {
                drop(run_in_firefox(driver, SET_FIREFOX_VIEWPORT, vec![json!(width), json!(height)]).await)
            }
        }
    }

    pub(super) async fn set_scheme(self, driver: &WebDriver, scheme: &str) {
        match self {
            Self::Chromium => {
                let features = json!([
                    { "name": "prefers-color-scheme", "value": scheme },
                    { "name": "prefers-reduced-motion", "value": "reduce" },
                ]);
                DevTools("Emulation.setEmulatedMedia", json!({ "features": features })).send(driver).await;
            }
            Self::Firefox => drop(run_in_firefox(driver, SET_FIREFOX_SCHEME, vec![json!(scheme)]).await),
        }
    }

    /// Limits the upload speed to this many bytes a second; false in Firefox, which has no such limit.
    pub(super) async fn limit_upload(self, driver: &WebDriver, upload: Option<u32>) -> bool {
        if self == Self::Chromium {
            set_network(driver, false, upload).await;
        }
        self == Self::Chromium
    }

    pub(super) async fn set_offline(self, driver: &WebDriver, offline: bool) {
        match self {
            Self::Chromium => set_network(driver, offline, None).await,
            Self::Firefox => {
                drop(run_in_firefox(driver, "Services.io.offline = arguments[0]", vec![json!(offline)]).await);
            }
        }
    }

    /// The page printed on a paper size in inches, as PDF in Base64.
    pub(super) async fn print(self, driver: &WebDriver, (width, height): (f64, f64)) -> String {
        assert_eq!(self, Self::Chromium, "the sheet of the documentation is Chromium's");
        // Without outline and tags, which the documentation does not need and which double the size.
        let paper = json!({ "paperWidth": width, "paperHeight": height, "generateTaggedPDF": false });
        DevTools("Page.printToPDF", paper).send(driver).await["data"].as_str().unwrap().to_owned()
    }

    /// The console's messages: in Chromium all, in Firefox the errors of the pages.
    pub(super) async fn console(self, driver: &WebDriver) -> Vec<String> {
        match self {
            Self::Chromium => {
                let entries = driver.get_log("browser").await.unwrap();
                entries.into_iter().map(|entry| format!("{}: {}", entry.level, entry.message)).collect()
            }
            Self::Firefox => {
                serde_json::from_value(run_in_firefox(driver, READ_FIREFOX_CONSOLE, vec![]).await).unwrap()
            }
        }
    }

    /// The addresses of all requests; `None` where nobody records them.
    pub(super) async fn requests(self, driver: &WebDriver) -> Option<Vec<String>> {
        if self == Self::Firefox {
            return None;
        }
        let entries = driver.get_log("performance").await.unwrap();
        Some(entries.iter().filter_map(|entry| address_asked(&entry.message)).collect())
    }
}

async fn set_network(driver: &WebDriver, offline: bool, upload: Option<u32>) {
    let upload = upload.map_or(-1, i64::from);
    let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload });
    DevTools("Network.emulateNetworkConditions", conditions).send(driver).await;
}

/// Runs a script in Firefox's own window instead of the page.
async fn run_in_firefox(driver: &WebDriver, script: &str, arguments: Vec<Value>) -> Value {
    driver.handle().cmd(ScriptContext("chrome")).await.unwrap();
    let answer = driver.execute(script, arguments).await;
    driver.handle().cmd(ScriptContext("content")).await.unwrap();
    answer.unwrap().json().clone()
}

/// A command of the Chrome DevTools Protocol, which chromedriver passes on.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl DevTools {
    async fn send(self, driver: &WebDriver) -> Value {
        driver.handle().cmd(self).await.unwrap().value().unwrap()
    }
}

impl FormatRequestData for DevTools {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self(command, parameters) = self;
        RequestData::new(reqwest::Method::POST, format!("/session/{session}/goog/cdp/execute"))
            .add_body(json!({ "cmd": command, "params": parameters }))
    }
}

/// Firefox's command that says where scripts run: in the page (`content`) or in the browser's window (`chrome`).
#[derive(Debug)]
struct ScriptContext(&'static str);

impl FormatRequestData for ScriptContext {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(reqwest::Method::POST, format!("/session/{session}/moz/context"))
            .add_body(json!({ "context": self.0 }))
    }
}

/// The address of a request in Chromium's log.
fn address_asked(entry: &str) -> Option<String> {
    let entry: Value = serde_json::from_str(entry).ok()?;
    let message = &entry["message"];
    (message["method"] == "Network.requestWillBeSent")
        .then(|| message["params"]["request"]["url"].as_str().map(str::to_owned))
        .flatten()
}

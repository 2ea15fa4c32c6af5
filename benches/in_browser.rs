//! A launch of 2,000 items in a real browser: the longest time for which the page's main thread is blocked.

use std::{env, time::Duration};

use serde_json::Value;
use thirtyfour::{By, ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver};

use crate::{
    driver_process::{DriverCommand, DriverProcess},
    server::Server,
};

/// Returns the page's long tasks (over 50 ms), in ms, and how long it took to load.
const LONG_TASK_SCRIPT: &str = r"
    const [done] = arguments;
    const seen = [];
    new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.duration)))
      .observe({ type: 'longtask', buffered: true });
    setTimeout(() => done({ longest: Math.max(0, ...seen), tasks: seen.length,
      loaded: performance.getEntriesByType('navigation')[0].loadEventEnd }), 1500);
";

pub(crate) async fn measure(server: &Server) {
    let (admin, owner) = (server.person("admin").await, server.person("member").await);
    let launch = server.launch(&owner, &admin, 2_001).await;
    let folder = tempfile::tempdir().unwrap();
    let chromedriver = DriverProcess::start(&DriverCommand::chromedriver(), folder.path());
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&env::var("CHROME").unwrap_or_else(|_| "/usr/bin/chromium".to_owned())).unwrap();
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-proxy-server", "--disable-dev-shm-usage"]
    {
        capabilities.add_arg(argument).unwrap();
    }
    capabilities.add_arg(&format!("--user-data-dir={}", folder.path().join("profile").display())).unwrap();
    drop(rustls::crypto::ring::default_provider().install_default());
    let driver = WebDriver::new(chromedriver.address(), capabilities).await.unwrap();
    driver.set_script_timeout(Duration::from_secs(60)).await.unwrap();
    let (email, password) = server.credentials("member");
    driver.goto(format!("{}/login", server.site)).await.unwrap();
    driver.find(By::Name("email")).await.unwrap().send_keys(email).await.unwrap();
    driver.find(By::Name("password")).await.unwrap().send_keys(password).await.unwrap();
    driver.find(By::Css("form[action='/login'] button[type=submit]")).await.unwrap().click().await.unwrap();
    for (what, path) in [("loading", launch.clone()), ("choosing a filter", format!("{launch}?show=critical"))] {
        let mut found = Vec::new();
        for _ in 0..5 {
            driver.goto(format!("{}{path}", server.site)).await.unwrap();
            let page = driver.execute_async(LONG_TASK_SCRIPT, Vec::new()).await.unwrap();
            let page: Value = page.convert().unwrap();
            found.push((page["longest"].as_f64().unwrap(), page["loaded"].as_f64().unwrap()));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (longest, loaded) = found[found.len() / 2];
        println!(
            "in the browser, 2,001 items, {what}: longest task {longest:.0} ms (worst of {}: {:.0} ms), loaded after {loaded:.0} ms",
            found.len(),
            found[found.len() - 1].0
        );
    }
    driver.quit().await.unwrap();
}

//! Errors, messages and health checks, as people and monitors see them.

use std::time::Duration;

use reqwest::Method;
use signoff::{
    shared_check::FINDINGS_LIFETIME,
    web::{
        Error,
        form::{Form, Path, Query},
        route::{Right, Route},
    },
};

use crate::helpers::{
    Setting, TestApp, admin, client::Client, filled_launch::fill_launch, log_capture::LogCapture, member,
};

fn failing() -> Vec<Route> {
    vec![
        Route::get("/test/fault", Right::Public, async || -> Result<(), Error> {
            Err(anyhow::anyhow!("the secret cause").into())
        }),
        Route::get("/test/panic", Right::Public, async || -> () { panic!("the secret cause") }),
        Route::post("/test/panic", Right::Public, async || -> () { panic!("the secret cause") }),
        Route::get("/test/conflict", Right::Public, async || Error::Conflict("Somebody was quicker.".into())),
        Route::get("/test/too-many", Right::Public, async || Error::TooManyRequests { retry_after: 7 }),
        Route::get("/test/number/{n}", Right::Public, async |Path(n): Path<u8>, Query(_): Query<Numbers>| {
            n.to_string()
        }),
        Route::post("/test/number", Right::Public, async |Form(form): Form<Numbers>| format!("{:?}", form.n)),
    ]
}

#[derive(serde::Deserialize)]
struct Numbers {
    #[serde(default)]
    n: Vec<u8>,
}

async fn start() -> TestApp {
    TestApp::start_with(Setting { routes: failing(), ..Setting::default() }).await
}

#[tokio::test]
async fn fault_page_shows_its_number_and_never_its_cause() {
    let heard = LogCapture::listen();
    let app = start().await;
    let client = app.sign_in(member()).await;
    for (method, path) in [(Method::GET, "/test/fault"), (Method::GET, "/test/panic"), (Method::POST, "/test/panic")] {
        let request = client.request(method, path).header("sec-fetch-site", "same-origin");
        let answer = Client::send(request).await.expect_status(500);
        assert!(!answer.body.contains("secret cause"));
        let number = answer.header("x-request-id");
        assert!(answer.body.contains(number), "{}", answer.body);
        let log = heard.all();
        let lines = log.lines().filter(|line| line.contains("the secret cause") && line.contains(number));
        assert_eq!(lines.count(), 1, "{path}: {log}");
        assert!(answer.body.contains("Mia Member"), "the page greets who is signed in");
        assert!(answer.attribute("main a.button", "href").is_some(), "a next step");
    }
}

#[tokio::test]
async fn bad_request_of_any_kind_gets_an_error_page() {
    let app = start().await;
    let client = app.client();
    let post = |path: &'static str, kind: &'static str, body: &'static str| {
        let request = client.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        request.header("content-type", kind).body(body)
    };
    let form = "application/x-www-form-urlencoded";
    for (request, status) in [
        (client.request(Method::GET, "/test/number/300"), 404),
        (client.request(Method::GET, "/test/number/%FF"), 404),
        (client.request(Method::GET, "/test/number/1?n=x"), 400),
        (client.request(Method::GET, "/test/number/1?n=%00"), 400),
        (client.request(Method::PUT, "/login").header("sec-fetch-site", "same-origin"), 405),
        (post("/test/number", form, "n=x"), 422),
        (post("/test/number", "application/json", "{}"), 422),
        (post("/test/number", form, "n=1").body(vec![b'n'; 300_000]), 413),
        (client.request(Method::GET, "/test/conflict"), 409),
        (client.request(Method::GET, "/nowhere"), 404),
    ] {
        let answer = Client::send(request).await.expect_status(status);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.texts("h1").len(), 1, "{}", answer.body);
        assert!(answer.attribute("main a.button", "href").is_some(), "a next step");
    }
    let right = Client::send(post("/test/number", form, "n=1&n=2")).await.expect_status(200);
    assert_eq!(right.body, "[1, 2]");
}

#[tokio::test]
async fn error_for_a_script_is_json() {
    let app = start().await;
    let request = app.client().request(Method::GET, "/test/conflict").header("accept", "application/json");
    let answer = Client::send(request).await.expect_status(409);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((body["error"].as_str(), body["status"].as_u64()), (Some("Somebody was quicker."), Some(409)));
}

#[tokio::test]
async fn rate_limit_page_says_when_to_try_again() {
    let app = start().await;
    assert_eq!(app.client().get("/test/too-many").await.expect_status(429).header("retry-after"), "7");
}

#[tokio::test]
async fn notice_is_shown_once() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    client.post("/account/zone", &[("zone", "Europe/Lisbon")]).await.expect_status(303);
    let shown = "Times are now shown in Europe/Lisbon.";
    assert!(client.get("/account").await.body.contains(shown));
    assert!(!client.get("/account").await.body.contains(shown));
}

#[tokio::test]
async fn page_names_the_time_zone_of_its_times() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    client.post("/account/zone", &[("zone", "Europe/Lisbon")]).await.expect_status(303);
    for page in ["/", "/launches", "/launches/calendar", "/checklists", "/account"] {
        assert_eq!(
            client.get(page).await.expect_status(200).texts("body > .zone"),
            ["Times in Europe/Lisbon"],
            "{page}"
        );
    }
    assert!(app.client().get("/login").await.texts(".zone").is_empty());
}

/// On paper there is nothing to point at, so the zone has to be among what is printed.
#[tokio::test]
async fn every_page_with_a_time_names_its_zone_on_paper_too() {
    let app = TestApp::start().await;
    let (owner, admin) = (app.sign_in(member().named("Olga Owner")).await, app.sign_in(admin()).await);
    let hilde = app.person(&member().named("Hilde Holder")).await;
    let holder = app.session(&hilde).await;
    let pages = fill_launch(&app, ("Remark", "log"), (&owner, &holder, &hilde.id.to_string(), &admin)).await;
    owner.post("/account/zone", &[("zone", "Asia/Tokyo")]).await.expect_status(303);
    let mut pages_with_times = 0;
    for page in &pages {
        let answer = owner.get(page).await;
        if answer.status == 200 && !answer.texts("main time").is_empty() {
            assert_eq!(answer.texts("body > .zone"), ["Times in Asia/Tokyo"], "{page}");
            pages_with_times += 1;
        }
    }
    assert!(pages_with_times > 15, "{pages_with_times}");
    let styles = owner.get(&owner.get("/").await.attribute("link[rel=stylesheet]", "href").unwrap()).await.body;
    let rules = styles.split('}').filter(|rule| rule.contains(".zone")).collect::<Vec<_>>();
    assert!(!rules.is_empty() && rules.iter().all(|rule| !rule.contains("display")), "{rules:?}");
}

#[tokio::test]
async fn request_id_is_set_by_the_server() {
    let app = TestApp::start().await;
    let mine = "00000000-0000-0000-0000-000000000001";
    let answer = Client::send(app.client().request(Method::GET, "/login").header("x-request-id", mine)).await;
    assert_ne!(answer.header("x-request-id"), mine);
}

/// Waits until the stores are checked again.
async fn forget_readiness() {
    tokio::time::sleep(FINDINGS_LIFETIME + Duration::from_millis(50)).await;
}

#[tokio::test]
async fn health_check_is_separate_from_readiness() {
    let app = TestApp::start().await;
    let client = app.client();
    assert_eq!(client.get("/healthz").await.expect_status(200).body, "ok");
    assert_eq!(client.get("/readyz").await.expect_status(200).body, "ok");
    app.state.db.close().await;
    forget_readiness().await;
    let answer = client.get("/readyz").await.expect_status(503);
    assert!(answer.body.contains("PostgreSQL") && !answer.body.contains("Redis"), "{}", answer.body);
    client.get("/healthz").await.expect_status(200);
}

#[tokio::test]
async fn readiness_with_an_exhausted_pool_is_not_ready() {
    let set = vec![("SIGNOFF_DATABASE_CONNECTIONS", "2".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let held = (app.state.db.acquire().await.unwrap(), app.state.db.acquire().await.unwrap());
    assert!(app.client().get("/readyz").await.expect_status(503).body.contains("PostgreSQL"));
    drop(held);
    forget_readiness().await;
    app.client().get("/readyz").await.expect_status(200);
}

#[tokio::test]
async fn readiness_is_checked_once_for_all_who_ask_within_seconds() {
    let app = TestApp::start().await;
    app.client().get("/readyz").await.expect_status(200);
    let folder = &app.state.config.evidence_dir;
    std::fs::remove_dir(folder).unwrap();
    std::fs::write(folder, "in the way").unwrap();
    app.client().get("/readyz").await.expect_status(200);
    forget_readiness().await;
    app.client().get("/readyz").await.expect_status(503);
}

#[tokio::test]
async fn readiness_without_the_checkpoint_folder_is_ready_and_names_it() {
    let app = TestApp::start().await;
    std::fs::write(&app.state.config.checkpoint_dir, "in the way").unwrap();
    let body = app.client().get("/readyz").await.expect_status(200).body;
    assert_eq!(body, "ok, without the checkpoint folder\n");
}

#[tokio::test]
async fn readiness_check_names_redis_and_the_evidence_store() {
    let set = vec![("REDIS_URL", "redis://127.0.0.1:1".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    assert_eq!(app.client().get("/readyz").await.expect_status(503).body, "not ready: Redis\n");
    let folder = &app.state.config.evidence_dir;
    std::fs::remove_dir(folder).unwrap();
    std::fs::write(folder, "in the way").unwrap();
    forget_readiness().await;
    assert_eq!(app.client().get("/readyz").await.expect_status(503).body, "not ready: Redis, the evidence store\n");
}

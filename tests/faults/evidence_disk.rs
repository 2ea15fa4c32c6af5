//! The disk of the evidence store: full, read-only, or gone.

use std::fs;

use http::StatusCode;
use reqwest::multipart::{Form, Part};
use signoff::web::{
    Error,
    route::{Right, Route},
};

use crate::helpers::{Launch, Setting, TestApp};

fn file(bytes: usize) -> Form {
    Form::new().part("files", Part::bytes(vec![b'x'; bytes]).file_name("report.txt"))
}

#[tokio::test]
async fn upload_to_a_store_that_cannot_write_is_refused_and_repeated_later() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence");
    launch.member.upload(&path, file(100)).await.expect_status(303);
    let events = launch.kinds().await;
    let (folder, aside) =
        (&launch.app.state.config.evidence_dir, launch.app.state.config.evidence_dir.with_extension("aside"));
    fs::rename(folder, &aside).unwrap();
    fs::write(folder, "in the way").unwrap();
    let answer = launch.member.upload(&path, file(200)).await.expect_status(503);
    assert!(answer.body.contains("The store of evidence files"), "{}", answer.body);
    assert_eq!(launch.kinds().await, events);
    // The pages that need no file are answered.
    launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    fs::remove_file(folder).unwrap();
    fs::rename(&aside, folder).unwrap();
    launch.member.upload(&path, file(200)).await.expect_status(303);
}

#[tokio::test]
async fn answers_that_ask_to_wait_say_how_long() {
    let of_status = [
        ("/test/429", StatusCode::TOO_MANY_REQUESTS),
        ("/test/503", StatusCode::SERVICE_UNAVAILABLE),
        ("/test/507", StatusCode::INSUFFICIENT_STORAGE),
    ];
    let mut routes: Vec<Route> = of_status
        .iter()
        .map(|(path, status)| {
            let status = *status;
            Route::get(path, Right::Public, async move || status)
        })
        .collect();
    routes.push(Route::get("/test/full", Right::Public, async || Error::StorageFull("The disk is full.".into())));
    routes.push(Route::get("/test/open", Right::Public, async || Error::TooManyOpen("Close something.".into())));
    routes.push(Route::get("/test/often", Right::Public, async || Error::TooManyRequests { retry_after: 7 }));
    let app = TestApp::start_with(Setting { routes, ..Setting::default() }).await;
    for (path, status, seconds) in [
        ("/test/429", 429, "30"),
        ("/test/open", 429, "30"),
        ("/test/often", 429, "7"),
        ("/test/503", 503, "5"),
        ("/test/507", 507, "120"),
        ("/test/full", 507, "120"),
    ] {
        let answer = app.client().get(path).await.expect_status(status);
        assert_eq!(answer.header("retry-after"), seconds, "{path}");
        assert!(answer.attribute("main a.button", "href").is_some(), "{path}: a page with a next step");
    }
    assert_eq!(app.client().get("/login").await.header("retry-after"), "");
}

//! What a browser loads when somebody opens the largest page of the demo for the first time.

use reqwest::Method;
use signoff::{demo, web::assets};

use crate::helpers::{TestApp, client::Client};

/// The most bytes of all answers together, with their headers.
const MOST_BYTES: usize = 60_000;
const MOST_REQUESTS: usize = 6;

/// The bytes of an answer as they are sent to a browser that takes Brotli.
async fn count_bytes(client: &Client, path: &str) -> usize {
    let request = client.request(Method::GET, path).header("accept-encoding", "gzip, deflate, br");
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    let headers: usize = answer.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    headers + answer.bytes().await.unwrap().len()
}

#[tokio::test]
async fn first_load_of_a_checklist_with_209_items_is_less_than_60_kb_in_6_requests() {
    assets::compress_all();
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let people = demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let member = people.iter().find(|person| person.role == "member").unwrap();
    let client = app.client();
    client.login(&member.email, &member.password).await.expect_status(303);
    let launches = client.get("/launches?show=all").await.expect_status(200);
    let mut largest = (String::new(), 0);
    for href in launches.attributes("th a[href^='/launches/']", "href") {
        let items = client.get(&href).await.expect_status(200).texts(".items > .item").len();
        if items > largest.1 {
            largest = (href, items);
        }
    }
    let (path, items) = largest;
    assert_eq!(items, 209);

    let page = client.get(&path).await.expect_status(200);
    let mut paths = vec![path];
    for (selector, name) in [("link[href]", "href"), ("script[src]", "src"), ("main img[src]", "src")] {
        paths.extend(page.attributes(selector, name));
    }
    let mut bytes = Vec::new();
    for path in paths {
        let count = count_bytes(&client, &path).await;
        bytes.push((path, count));
    }
    let total: usize = bytes.iter().map(|(_, count)| count).sum();
    assert!(total < MOST_BYTES && bytes.len() <= MOST_REQUESTS, "{total} bytes: {bytes:#?}");
}

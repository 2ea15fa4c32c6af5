//! The language of pages and mails: the reader's choice, or else the browser's.

use std::fs;

use reqwest::Method;
use signoff::{app, jobs};

use crate::helpers::{
    Launch, Setting, TestApp, admin,
    client::{Answer, Client},
    installation::Installation,
    member,
    smtp::MailServer,
};

async fn get_in(client: &Client, path: &str, accepted: &str) -> Answer {
    Client::send(client.request(Method::GET, path).header("accept-language", accepted)).await
}

#[tokio::test]
async fn page_is_in_the_language_that_the_browser_prefers() {
    let app = TestApp::start().await;
    app.sign_in(admin()).await;
    let anyone = app.client();
    for (accepted, language, button) in [
        ("de-DE,de;q=0.9,en;q=0.8", "de", "Anmelden"),
        ("en-GB,de;q=0.5", "en", "Sign in"),
        ("fr", "en", "Sign in"),
        ("", "en", "Sign in"),
    ] {
        let page = get_in(&anyone, "/login", accepted).await.expect_status(200);
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(language), "{accepted}");
        assert_eq!(page.texts("main form button")[0], button, "{accepted}");
    }
    let missing = get_in(&anyone, "/nowhere", "de").await.expect_status(404);
    assert_eq!(missing.attribute("html", "lang").as_deref(), Some("de"), "an error page too");
}

#[tokio::test]
async fn language_of_the_account_overrides_that_of_the_browser() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    let wrong = client.post("/account/language", &[("language", "tlh")]).await.expect_status(422);
    assert_eq!(wrong.texts("#f-language-error"), ["Choose one of these languages."]);

    let saved = client.post("/account/language", &[("language", "de")]).await;
    let page = get_in(&client, saved.location(), "en").await.expect_status(200);
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("de"));
    assert_eq!(page.texts("[role=status]")[0], "Die Sprache ist geändert.");
    assert_eq!(page.attribute("#f-language option[selected]", "value").as_deref(), Some("de"));
    let refused = client.post("/account/zone", &[("zone", "Mars/Olympus")]).await.expect_status(422);
    assert!(refused.texts("#f-zone-error")[0].contains("Zeitzone"), "{:?}", refused.texts("#f-zone-error"));

    client.post("/account/language", &[("language", "browser")]).await.expect_status(303);
    assert_eq!(get_in(&client, "/account", "en").await.attribute("html", "lang").as_deref(), Some("en"));
    assert_eq!(get_in(&client, "/account", "de").await.attribute("html", "lang").as_deref(), Some("de"));
}

#[tokio::test]
async fn exports_are_the_same_in_every_language() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign_all().await;
    let mut exports = Vec::new();
    for language in ["en", "de"] {
        launch.auditor.post("/account/language", &[("language", language)]).await.expect_status(303);
        let history = launch.auditor.get(&launch.path("history.csv")).await.expect_status(200).body;
        let readiness = launch.auditor.get(&launch.path("readiness.json")).await.expect_status(200).body;
        exports.push((history, readiness));
    }
    assert_eq!(exports[0].1, exports[1].1);
    // The second export has one line more: that of the first.
    let first: Vec<&str> = exports[0].0.lines().collect();
    assert!(first.len() > 8);
    assert!(first.iter().all(|line| exports[1].0.contains(line)), "{}\n{}", exports[0].0, exports[1].0);
}

#[tokio::test]
async fn mail_is_in_the_language_of_its_reader() {
    let server = MailServer::start().await;
    let app = TestApp::start_with(Setting { set: server.settings(), ..Setting::default() }).await;
    let (ann, mia) = (app.sign_in(admin()).await, app.sign_in(member()).await);
    mia.post("/account/language", &[("language", "de")]).await.expect_status(303);
    ann.post(&format!("/admin/people/{}/password-reset", mia.person.id), &[]).await.expect_status(303);
    jobs::send_due_mails(&app.state).await.unwrap();
    let letters = server.take_letters();
    let letter = letters.iter().find(|letter| letter.to == mia.person.email).unwrap();
    assert!(letter.text().contains("Passwort"), "{}", letter.text());
}

/// Texts without arguments and markup that are longer than a word, in English, and that another language has otherwise.
fn english_sentences() -> Vec<String> {
    let read = |folder: &str| -> Vec<(String, String)> {
        let mut lines = Vec::new();
        for file in fs::read_dir(format!("{}/texts/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let entries = text.lines().filter_map(|line| line.split_once(" = "));
            lines.extend(entries.map(|(key, text)| (key.to_owned(), text.to_owned())));
        }
        lines.sort();
        lines
    };
    let german = read("de");
    let is_sentence = |text: &str| text.len() > 20 && text.contains(' ') && !text.contains(['{', '<', '&', '\'', '"']);
    read("en")
        .into_iter()
        .filter(|(_, text)| is_sentence(text))
        .filter(|entry| !german.contains(entry))
        .map(|(_, text)| text)
        .collect()
}

#[tokio::test]
async fn german_pages_contain_no_english_sentence() {
    let installation = Installation::make().await;
    let sentences = english_sentences();
    assert!(sentences.len() > 300, "{}", sentences.len());
    for client in [&installation.admin, &installation.launch.owner] {
        client.post("/account/language", &[("language", "de")]).await.expect_status(303);
    }
    let mut pages = 0;
    // A live stream does not end.
    for route in app::routes().iter().filter(|route| route.method == Method::GET && !route.path.ends_with("/live")) {
        let address = installation.address(route, None);
        let page = installation.entitled_client(route).get(&address).await;
        if !page.header("content-type").starts_with("text/html") || page.attribute("html", "lang").is_none() {
            continue;
        }
        pages += 1;
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("de"), "{address}");
        let shown = page.texts("body").join(" ");
        for sentence in &sentences {
            assert!(!shown.contains(sentence.as_str()), "{address}: “{sentence}”");
        }
    }
    assert!(pages > 40, "{pages}");
}

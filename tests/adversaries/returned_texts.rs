//! What somebody typed comes back with every answer to a form that is not the form itself: it was sent from elsewhere, its
//! sender may not do it, or did too much.

use std::{collections::BTreeSet, fs};

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use signoff::{
    app,
    web::{route::Right, sent_form::is_typed},
};

use super::{count_events, source_files};
use crate::helpers::{
    Launch, Setting,
    client::{Answer, Client},
    installation::Installation,
};

const FIELDS: [(&str, &str); 8] = [
    ("body", "A long <remark>"),
    ("notes", "First line\nsecond line"),
    ("reason", "Because of „this“"),
    ("title", "Back up & restore"),
    ("once", "00000000-0000-4000-8000-00000000000a"),
    ("version", "3"),
    ("password", "not to be shown"),
    ("code", "271828"),
];

const TYPED: [&str; 4] = ["A long <remark>", "First line second line", "Because of „this“", "Back up & restore"];

/// A form with files, as of the page of an item.
fn with_file() -> Form {
    let file = Part::bytes(vec![b'x'; 100_000]).file_name("a <b>.log");
    FIELDS.iter().fold(Form::new().part("files", file), |form, (name, value)| form.text(*name, *value))
}

#[track_caller]
fn assert_texts_are_shown_and_in_no_form(page: &Answer, case: &str) {
    assert_eq!(page.texts("main textarea[readonly]"), TYPED, "{case}: {}", page.body);
    assert!(page.attributes("main form", "action").is_empty(), "{case}: nothing can be sent by one click");
    assert!(page.attributes("main [name]", "name").is_empty(), "{case}");
    assert!(!page.body.contains("not to be shown") && !page.body.contains("271828"), "{case}");
}

#[tokio::test]
async fn every_form_from_elsewhere_is_refused_and_its_texts_are_shown_to_be_copied() {
    let made = Installation::make().await;
    let before = count_events(&made.launch.app).await;
    let mut routes = 0;
    // The one-click end of mails comes from a mail program.
    let one_click = |path: &str| path == "/unsubscribe/{token}";
    for route in app::routes().into_iter().filter(|route| route.method == Method::POST && !one_click(route.path)) {
        let address = made.address(&route, None);
        for site in [None, Some("cross-site"), Some("same-site"), Some("none")] {
            let case = format!("{address} {site:?}");
            for request in
                [made.admin.form(&address, &FIELDS), made.admin.request(Method::POST, &address).multipart(with_file())]
            {
                let request = site.into_iter().fold(request, |request, site| request.header("sec-fetch-site", site));
                let page = Client::send(request).await.expect_status(403);
                assert_texts_are_shown_and_in_no_form(&page, &case);
                assert!(page.texts("main").concat().contains("another website may have written it"), "{case}");
            }
        }
        routes += 1;
    }
    assert!(routes > 60, "{routes}");
    assert_eq!(count_events(&made.launch.app).await, before);
}

#[tokio::test]
async fn form_of_somebody_who_may_not_send_it_is_refused_with_its_texts() {
    let made = Installation::make().await;
    let mut forms = 0;
    for route in app::routes().into_iter().filter(|route| route.method == Method::POST && route.right == Right::Admin) {
        let address = made.address(&route, None);
        let page = made.launch.member.post(&address, &FIELDS).await.expect_status(403);
        assert_texts_are_shown_and_in_no_form(&page, &address);
        forms += 1;
    }
    assert!(forms > 20, "{forms}");
    // An auditor reads launches, and changes none.
    for rest in ["/comments", "/state", "/evidence"] {
        let address = made.launch.item_path("required", rest);
        for page in [
            made.launch.auditor.post(&address, &FIELDS).await.expect_status(403),
            made.launch.auditor.upload(&address, with_file()).await.expect_status(403),
        ] {
            assert_texts_are_shown_and_in_no_form(&page, &address);
        }
    }
}

#[tokio::test]
async fn every_change_over_the_rate_limit_comes_back_as_a_form_with_its_texts() {
    let setting = Setting { set: vec![("SIGNOFF_CHANGES_PER_MINUTE", "1".to_owned())], ..Setting::default() };
    let launch = Launch::ledger().setting(setting).make().await;
    let address_of_comments = launch.item_path("required", "/comments");
    let client = &launch.owner;
    client.post(&address_of_comments, &[("body", "One")]).await;
    client.post(&address_of_comments, &[("body", "Two")]).await.expect_status(429);
    let mut forms = 0;
    let changes = app::routes().into_iter().filter(|route| route.method == Method::POST && route.rate_class.is_none());
    for route in changes.filter(|route| matches!(route.right, Right::SignedIn | Right::Launch(_))) {
        // The limit comes before anything is looked up.
        let address = route.path.replace(['{', '}'], "");
        let answer = client.post(&address, &FIELDS).await.expect_status(429);
        assert_eq!(answer.attribute("main form", "action").as_deref(), Some(&*address));
        assert_eq!(answer.texts("main textarea:not([hidden])"), TYPED, "{address}");
        assert_eq!(answer.attributes("main textarea[hidden]", "name"), ["once", "version"], "{address}");
        let files = client.upload(&address, with_file()).await.expect_status(429);
        assert_eq!(files.attribute("main form", "enctype").as_deref(), Some("multipart/form-data"), "{address}");
        assert_eq!(files.texts("main textarea:not([hidden])"), TYPED, "{address}");
        assert_eq!(files.attributes("main input[type=file][required]", "name"), ["files"], "{address}");
        assert!(files.texts("main form .hint").concat().contains("a <b>.log"), "{address}");
        for page in [answer, files] {
            assert!(!page.body.contains("not to be shown") && !page.body.contains("271828"), "{address}");
        }
        forms += 1;
    }
    assert!(forms > 40, "{forms}");
}

#[tokio::test]
async fn form_with_files_of_an_ended_session_comes_back_with_its_texts() {
    let launch = Launch::ledger().make().await;
    let page = launch.app.client().upload(&launch.item_path("required", "/evidence"), with_file()).await;
    let page = page.expect_status(401);
    assert_eq!(page.texts("main textarea:not([hidden])"), TYPED);
    assert_eq!(page.attributes("main input[type=file][required]", "name"), ["files"]);
}

#[test]
fn every_field_of_several_lines_counts_as_typed() {
    let mut names = BTreeSet::new();
    for path in source_files("templates") {
        let template = fs::read_to_string(&path).unwrap();
        for beginning in ["form::textarea(\"", "<textarea dir=\"auto\" id=\"f-attach-text\" name=\""] {
            let found = template.split(beginning).skip(1).filter_map(|rest| rest.split('"').next());
            names.extend(found.map(str::to_owned));
        }
    }
    assert!(names.len() > 12, "{names:?}");
    let lost: Vec<_> = names.iter().filter(|name| !is_typed(name, "x")).collect();
    assert!(lost.is_empty(), "{lost:?}");
    for statement in ["go_approval", "no_go_responsibility"] {
        assert!(is_typed(statement, "x"), "{statement}");
    }
    assert!(!is_typed("version", "3") && !is_typed("password", "x") && !is_typed("reason", " "));
}

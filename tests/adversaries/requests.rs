//! Requests that no browser sends by itself: forged headers, unusual methods, ambiguous lengths, repeated fields, and
//! nonsense in every field.

use std::time::Duration;

use reqwest::Method;
use signoff::{
    app,
    web::route::{Right, Route},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::{assert_refused, count_events, field_names};
use crate::helpers::{TestApp, admin, client::Client, installation::Installation, launch::Launch};

/// Redirect targets that an attacker would try.
const OTHER_SITES: [&str; 16] = [
    "//e.example",
    "///e.example",
    "/\\e.example",
    "\\\\e.example",
    "/\t/e.example",
    "/%09/e.example",
    "/%0d%0aSet-Cookie:x=y",
    "/\r\nSet-Cookie: x=y",
    "https://e.example",
    "https:e.example",
    "http:/e.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/.//e.example",
    "@e.example",
    "/\u{2028}/e.example",
];

/// Where a browser at `https://signoff.example/` would go.
fn resolve_location(location: &str) -> url::Url {
    url::Url::parse("https://signoff.example/items/1").unwrap().join(location).unwrap()
}

#[tokio::test]
async fn redirect_after_a_form_never_leaves_the_site() {
    let launch = Launch::ledger().make().await;
    for (n, next) in OTHER_SITES.into_iter().enumerate() {
        let version = launch.item_state("required").await.version.to_string();
        let state = if n % 2 == 0 { "blocked" } else { "open" };
        let items = format!("{}.{}", launch.item("advisory"), launch.item_state("advisory").await.version);
        let act = if n % 2 == 0 { "done" } else { "open" };
        let reason = format!("{n}");
        let forms: [(String, Vec<(&str, &str)>); 4] = [
            (
                launch.item_path("required", "/state"),
                vec![("state", state), ("reason", &reason), ("version", &version)],
            ),
            (launch.item_path("required", "/comments"), vec![("body", "x")]),
            (launch.item_path("required", "/assignment"), vec![("assignee", ""), ("due", "2098-01-01")]),
            (format!("/launches/{}/items", launch.id), vec![("act", act), ("item", &items)]),
        ];
        for (path, mut form) in forms {
            form.push(("next", next));
            let answer = launch.member.post(&path, &form).await.expect_status(303);
            let there = resolve_location(answer.location());
            assert_eq!(there.origin(), resolve_location("/").origin(), "{path}, next={next:?}: {}", answer.location());
            assert!(
                answer.headers.get_all("set-cookie").iter().all(|cookie| !cookie.to_str().unwrap().contains("x=y"))
            );
        }
        // The login page passes on only a target that it would redirect to.
        let encoded: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = launch.anon.get(&format!("/login?next={encoded}")).await;
        if let Some(carried) = page.attribute("input[name=next]", "value") {
            assert_eq!(resolve_location(&carried).origin(), resolve_location("/").origin(), "{next:?}: {carried}");
        }
    }
}

/// Forwarding headers are trusted from nobody: no link, redirect or page is built from them.
#[tokio::test]
async fn link_on_a_page_ignores_forwarded_host_headers() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let names = [
        "x-forwarded-host",
        "x-forwarded-server",
        "x-host",
        "x-http-host-override",
        "x-original-host",
        "forwarded",
        "x-forwarded-proto",
        "x-forwarded-prefix",
        "x-original-url",
        "x-rewrite-url",
    ];
    let poisoned = |request: reqwest::RequestBuilder| {
        names.iter().fold(request, |request, name| {
            request.header(*name, if *name == "forwarded" { "host=evil.example;proto=https" } else { "evil.example" })
        })
    };
    let form = [("name", "Ina"), ("email", "ina@example.org"), ("roles", "member")];
    let request = client.form("/admin/invitations", &form).header("sec-fetch-site", "same-origin");
    let answer = Client::send(poisoned(request)).await;
    assert_eq!(answer.location(), "/admin");
    let page = Client::send(poisoned(client.request(Method::GET, "/admin"))).await.expect_status(200);
    let link = page.attribute("#f-link", "value").unwrap();
    assert!(link.starts_with(&format!("http://{}/invitations/", app.address)), "{link}");
    assert!(!page.body.contains("evil.example"));
    let answer = Client::send(poisoned(app.client().request(Method::GET, "/account"))).await;
    assert_eq!(answer.location(), "/login?next=%2Faccount");
}

#[tokio::test]
async fn request_with_another_method_is_refused() {
    let launch = Launch::ledger().make().await;
    let before = count_events(&launch.app).await;
    let item = launch.item_path("required", "/state");
    for method in ["TRACE", "TRACK", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "BREW"] {
        for path in ["/", "/login", "/account", "/healthz", item.as_str()] {
            let request = launch.member.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
            let request = request.header("sec-fetch-site", "same-origin").header("x-secret", "do-not-echo");
            let answer = Client::send(request.body("state=done&version=1")).await;
            assert_eq!(answer.status, 405, "{method} {path}: {}", answer.body);
            assert!(!answer.body.contains("do-not-echo"), "{method} {path}");
        }
    }
    // Method override headers have no effect either.
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        Client::send(launch.member.request(Method::GET, &item).header(name, "POST")).await.expect_status(405);
        let form =
            launch.member.form(&format!("/items/{}?_method=POST", launch.item("required")), &[("_method", "GET")]);
        Client::send(form.header(name, "GET").header("sec-fetch-site", "same-origin")).await.expect_status(405);
    }
    assert_eq!(count_events(&launch.app).await, before);
}

/// A person with access to a route, if there is one for it.
fn entitled_client<'a>(installation: &'a Installation, route: &Route) -> &'a Client {
    if matches!(route.right, Right::Admin | Right::AuditReader) {
        &installation.admin
    } else {
        &installation.launch.owner
    }
}

#[tokio::test]
async fn every_route_sends_no_cors_permission() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let allows = ["access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods"];
    for route in app::routes() {
        let address = installation.address(&route, None);
        let client = entitled_client(&installation, &route);
        for method in [route.method.clone(), Method::OPTIONS] {
            let request = client.request(method, &address).header("origin", "https://evil.example");
            let request = request.header("access-control-request-method", "POST");
            // An event stream has no end: its headers are enough.
            let answer = request.header("access-control-request-headers", "x-secret").send().await.unwrap();
            for name in allows {
                assert!(!answer.headers().contains_key(name), "{address}: {name}");
            }
        }
    }
}

#[tokio::test]
async fn every_response_declares_its_content_type_and_charset() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    for route in app::routes().into_iter().filter(|route| route.method == Method::GET) {
        let address = installation.address(&route, None);
        let client = entitled_client(&installation, &route);
        let answer = client.request(Method::GET, &address).send().await.unwrap();
        let Some(kind) = answer.headers().get("content-type") else {
            let length = answer.headers().get("content-length").map(|length| length.to_str().unwrap().to_owned());
            assert_eq!(length.as_deref(), Some("0"), "{address} has a body of no type");
            continue;
        };
        let kind = kind.to_str().unwrap();
        let (name, charset) = kind.split_once("; ").unwrap_or((kind, ""));
        // These are UTF-8 by definition: JSON (RFC 8259) and event streams (the HTML standard).
        let of_text = name.starts_with("text/") && name != "text/event-stream";
        assert_eq!(charset, if of_text { "charset=utf-8" } else { "" }, "{address}: {kind}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{address}");
        // Assets and health checks are the same for everybody; nothing else may be stored by the browser or a proxy.
        let cache_control = answer.headers()["cache-control"].to_str().unwrap();
        let everybodys = ["/assets/", "/healthz", "/readyz"].iter().any(|known| address.starts_with(known));
        assert!(everybodys || cache_control.split(", ").any(|part| part == "no-store"), "{address}: {cache_control}");
        // Every page has a sign-out form. New rows of a page are put into it and are no page.
        let is_page = !route.path.ends_with("/rows");
        if is_page && name == "text/html" && answer.status() == 200 && route.right != Right::Public {
            assert!(answer.text().await.unwrap().contains("action=\"/logout\""), "{address}");
        }
    }
}

/// Input that was encoded twice is decoded once: the result is not decoded again.
#[tokio::test]
async fn input_encoded_twice_is_decoded_once() {
    let launch = Launch::ledger().make().await;
    let page = launch.member.get("/search?q=%2541%2526").await.expect_status(200);
    assert_eq!(page.attribute("#q", "value").as_deref(), Some("%41%26"), "of a query");
    let request = launch.member.request(Method::POST, &launch.item_path("required", "/comments"));
    let request = request.header("sec-fetch-site", "same-origin").body("body=%2541%253Cb%253E");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    Client::send(request).await.expect_status(303);
    let page = launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    assert_eq!(page.texts("#comments .prose"), ["%41%3Cb%3E"], "of a form");
    let item = launch.item("required").to_string();
    let (first, rest) = item.split_at(1);
    let digit = first.bytes().next().unwrap();
    launch.member.get(&format!("/items/%{digit:02x}{rest}")).await.expect_status(200);
    launch.member.get(&format!("/items/%25{digit:02x}{rest}")).await.expect_status(404);
}

/// Numbers at the limits of every type, and beyond.
#[tokio::test]
async fn numbers_out_of_range_are_refused_and_change_nothing() {
    let launch = Launch::ledger().make().await;
    let page_of = |rest: &str| format!("/launches/{}{rest}", launch.id);
    let before = count_events(&launch.app).await;
    for number in [
        "-1",
        "-9223372036854775808",
        "-9223372036854775809",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "1e400",
        "NaN",
        "0x10",
        "\u{661}",
        "1.5",
    ] {
        let digest = "0".repeat(64);
        let forms = [
            (&launch.member, launch.item_path("required", "/state"), vec![("state", "done"), ("version", number)]),
            (&launch.owner, page_of("/policy"), vec![("slip_days", number), ("separation_of_duties", "on")]),
            (&launch.member, page_of("/notes"), vec![("notes", "x"), ("seq", number)]),
            (
                &launch.security,
                page_of("/signatures"),
                vec![("role", "security"), ("verdict", "go"), ("digest", &digest), ("seq", number), ("password", "x")],
            ),
            (&launch.member, page_of(&format!("/events/{number}/undo")), vec![]),
        ];
        for (client, path, form) in forms {
            let notes = path.ends_with("/notes");
            let answer = client.post(&path, &form).await;
            // The number of the newest event is a base; the notes are emptied for the next number.
            if notes && answer.status == 303 {
                launch.member.post(&path, &[("notes", "")]).await.expect_status(303);
                continue;
            }
            assert!(matches!(answer.status.as_u16(), 404 | 409 | 422), "{path} {number}: {}", answer.status);
        }
        for path in [
            page_of(&format!("/history?before={number}")),
            page_of(&format!("/history/{number}")),
            page_of(&format!("/as-of/{number}")),
            format!("/search?q=ledger&kind=launches&page={number}"),
            format!("/launches?page={number}"),
        ] {
            let answer = launch.member.get(&path).await;
            assert!(matches!(answer.status.as_u16(), 200 | 400 | 404 | 422), "{path}: {}", answer.status);
        }
    }
    let kinds: Vec<String> = launch.kinds().await;
    assert!(kinds.iter().all(|kind| kind == "notes_changed"), "{kinds:?}");
    assert!(count_events(&launch.app).await >= before);
}

/// A link is untrusted input: it is shown, and the server never requests it.
#[tokio::test]
async fn links_that_people_give_are_never_fetched() {
    let launch = Launch::ledger().make().await;
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let link = format!("http://{}/x.png", elsewhere.local_addr().unwrap());
    let text = format!("![x]({link}) [x]({link}) <{link}> {link}");
    let form = reqwest::multipart::Form::new().text("url", link.clone()).text("note", text.clone());
    launch.member.upload(&launch.item_path("required", "/evidence"), form).await.expect_status(303);
    launch.member.post(&launch.item_path("required", "/comments"), &[("body", &text)]).await.expect_status(303);
    launch.member.post(&format!("/launches/{}/notes", launch.id), &[("notes", &text)]).await.expect_status(303);
    let installation = Installation::of(launch).await;
    for route in app::routes().into_iter().filter(|route| route.method == Method::GET) {
        let address = installation.address(&route, None);
        let request = entitled_client(&installation, &route).request(Method::GET, &address);
        let answer = request.header("referer", &link).header("origin", &link).send().await.unwrap();
        if answer.headers().get("content-type").is_none_or(|kind| kind != "text/event-stream") {
            answer.bytes().await.unwrap();
        }
    }
    let connection = elsewhere.accept().map(|_| ()).map_err(|error| error.kind());
    assert_eq!(connection, Err(std::io::ErrorKind::WouldBlock), "somebody asked");
}

#[tokio::test]
async fn repeated_form_field_is_refused_unless_it_is_a_list() {
    let launch = Launch::ledger().make().await;
    let before = count_events(&launch.app).await;
    let at = |rest: &str| format!("/launches/{}{rest}", launch.id);
    let state = [("state", "done"), ("state", "blocked"), ("reason", "x"), ("version", "1")];
    let versions = [("state", "done"), ("version", "1"), ("version", "99")];
    let roles = [("role", "operations"), ("role", "security"), ("verdict", "go"), ("password", "x")];
    for (client, path, form) in [
        (&launch.member, launch.item_path("required", "/state"), &state[..]),
        (&launch.member, launch.item_path("required", "/state"), &versions),
        (&launch.operations, at("/signatures"), &roles),
        (&launch.owner, at("/decision"), &[("decision", "hold"), ("decision", "go"), ("reason", "x")]),
        (&launch.owner, at("/owner"), &[("owner", "a"), ("owner", "b")]),
    ] {
        assert_refused(&client.post(&path, form).await, (before, count_events(&launch.app).await), &path);
    }
    for path in [at("?show=a&show=b"), at("/history?before=1&before=2"), "/launches?q=a&q=b".to_owned()] {
        let answer = launch.member.get(&path).await;
        assert!(answer.status == 200 || answer.status == 400, "{path}: {}", answer.status);
    }
    // Query parameters do not replace form fields either.
    let path = launch.item_path("required", "/state?state=done&version=1");
    assert_refused(&launch.member.post(&path, &[]).await, (before, count_events(&launch.app).await), "the address");
}

/// Sends raw bytes on a connection; returns what the server answers until it closes or stops sending.
async fn raw_response(app: &TestApp, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    // The server may close before it has read everything.
    let _ = stream.write_all(bytes).await;
    let (mut all, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(Ok(read @ 1..)) = timeout(Duration::from_millis(700), stream.read(&mut piece)).await {
        all.extend_from_slice(&piece[..read]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// If two parsers disagreed on where a message ends, one request could be hidden in another (request smuggling).
#[tokio::test]
async fn request_with_two_content_lengths_is_not_answered_twice() {
    let app = TestApp::start().await;
    let hidden = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for heads in [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Content-Length : 5",
        "Content-Length: -1",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "X: y\r\n Transfer-Encoding: chunked",
    ] {
        let bytes = format!("POST /login HTTP/1.1\r\nHost: localhost\r\n{heads}\r\n\r\n0\r\n\r\n{hidden}");
        let answer = raw_response(&app, bytes.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{heads}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{heads}: {answer}");
    }
    // With both headers, Transfer-Encoding counts, and nothing is read after the last chunk.
    for heads in
        ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 100"]
    {
        let bytes = format!("POST /login HTTP/1.1\r\nHost: localhost\r\n{heads}\r\n\r\n0\r\n\r\n{hidden}");
        let answer = raw_response(&app, bytes.as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{heads}: {answer}");
        assert!(!answer.contains("200 OK"), "{heads}: {answer}");
    }
    let broken = "POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
    let answer = raw_response(&app, format!("{broken}{hidden}").as_bytes()).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn request_head_over_the_limit_is_refused() {
    let app = TestApp::start().await;
    let long = "x".repeat(70_000);
    let many = "X: y\r\n".repeat(5_000);
    for request in [
        format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}\r\n\r\n"),
        format!("GET /healthz?{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"),
        format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: {long}\r\n\r\n"),
    ] {
        let answer = raw_response(&app, request.as_bytes()).await;
        assert!(!answer.contains("200 OK"), "{answer}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        assert!(answer.is_empty() || answer.ends_with("\r\n\r\n"), "it has no body: {answer}");
    }
    assert!(raw_response(&app, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.contains("200 OK"));
}

/// Every field in every form, filled with nonsense.
#[tokio::test]
async fn form_fields_with_nonsense_never_cause_a_fault() {
    let names = field_names();
    assert!(names.len() > 40, "{names:?}");
    let long = "x".repeat(4_000);
    let nonsense = [
        "%00",
        "%FF%FE",
        "%ED%A0%80",
        "-1",
        "99999999999999999999999",
        "1e309",
        "%E2%80%AE",
        "0000-00-00T99%3A99",
        "-9999-01-01T00%3A00",
        "'%3B--%25s",
        "..%2F..%2F",
        &long,
    ];
    let installation = Installation::of(Launch::ledger().make().await).await;
    for route in app::routes().into_iter().filter(|route| route.path != "/logout") {
        let address = installation.address(&route, None);
        let client = entitled_client(&installation, &route);
        for value in nonsense {
            let pairs: Vec<String> = names.iter().map(|name| format!("{name}={value}")).collect();
            let form = pairs.join("&");
            let request = if route.method == Method::POST {
                let request = client.request(Method::POST, &address).header("sec-fetch-site", "same-origin");
                request.header("content-type", "application/x-www-form-urlencoded").body(form)
            } else if value.len() < 1_000 {
                client.request(Method::GET, &format!("{address}?{form}"))
            } else {
                continue;
            };
            // An event stream has no end: its headers are enough.
            let status = request.send().await.unwrap().status();
            assert!(!status.is_server_error(), "{} {address} with {value}: {status}", route.method);
        }
        if route.method != Method::POST {
            continue;
        }
        for (kind, body) in [
            ("application/json", &b"{\"state\":\"done\"}"[..]),
            ("text/xml", b"<x/>"),
            ("", b"state=done"),
            ("application/x-www-form-urlencoded; charset=utf-7", b"+ADw-"),
            ("application/x-www-form-urlencoded", b"\xff\xfe=\xff&&&=&%&%Z"),
            ("multipart/form-data", b"--"),
            ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x"),
            (
                "multipart/form-data; boundary=x",
                b"--x\r\ncontent-disposition: form-data; name=\"\xff\"\r\n\r\n\xff\r\n--x--",
            ),
            (
                "multipart/form-data; boundary=x",
                b"--x\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\na\0b\r\n--x--",
            ),
            ("multipart/form-data; boundary=", b""),
        ] {
            let request = client.request(Method::POST, &address).header("sec-fetch-site", "same-origin");
            let answer = Client::send(request.header("content-type", kind).body(body.to_vec())).await;
            assert!(!answer.status.is_server_error(), "{address}, {kind}: {}", answer.body);
        }
    }
}

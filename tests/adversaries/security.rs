//! Attacks: forms from other sites, foreign host names, planted and copied sessions, open redirects.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use signoff::{app, web::route::Right};

use crate::helpers::{
    Launch, Setting, TestApp, admin, anon, auditor,
    client::{Answer, Client},
    lead, member,
    people::PASSWORD,
};

const SECURITY_HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The content security policy: pages load only from this site, and run no inline code.
const POLICY: [&str; 8] = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "script-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
];

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let anon = app.client();
    let post = |path: &'static str| anon.form(path, &[]);
    let get = |path: &'static str| anon.request(Method::GET, path);
    for (request, status) in [
        (get("/login"), 200),
        (get("/healthz"), 200),
        (get("/nowhere"), 404),
        (get("/account"), 303),
        (get("/assets/x/app.css"), 200),
        (get("/assets/x/nothing.css"), 404),
        (get("/assets/"), 404),
        (get("/assets/x/"), 404),
        (get("/assets/x/js/"), 404),
        (get("/assets/x/css/"), 404),
        (get("/login").header("host", "evil.example"), 421),
        (anon.request(Method::DELETE, "/login").header("sec-fetch-site", "same-origin"), 405),
        (post("/login"), 403),
        (post("/login").header("sec-fetch-site", "same-origin"), 422),
        (admin.request(Method::GET, "/admin"), 200),
        (admin.form("/admin/people/not-an-id/roles", &[]).header("sec-fetch-site", "same-origin"), 404),
    ] {
        let answer = Client::send(request).await.expect_status(status);
        for (name, value) in SECURITY_HEADERS {
            assert_eq!(answer.header(name), value, "{status}: {name}");
        }
        assert!(!answer.header("x-request-id").is_empty(), "{status}");
        let mut policy: Vec<&str> = answer.header("content-security-policy").split("; ").collect();
        policy.sort_unstable();
        let mut expected = POLICY;
        expected.sort_unstable();
        assert_eq!(policy, expected, "{status}");
        assert_eq!(answer.header("strict-transport-security"), "", "plain http");
    }
}

#[tokio::test]
async fn pages_are_never_cached_and_assets_are_cached_forever() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    let page = client.get("/account").await.expect_status(200);
    assert_eq!(page.header("cache-control"), "no-store");
    let style = page.attribute("link[rel=stylesheet]", "href").unwrap();
    let style = client.get(&style).await.expect_status(200);
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(client.get("/assets/older/app.css").await.expect_status(200).header("cache-control"), "no-cache");
}

/// Every POST route, as other sites would send it.
#[tokio::test]
async fn change_from_another_site_is_refused_at_any_route() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let here = format!("http://{}", app.address);
    let changes: Vec<_> = app::routes().into_iter().filter(|route| route.method == Method::POST).collect();
    assert!(changes.len() > 8);
    // The one-click end of mails comes from a mail program; its address holds the secret that allows it.
    for route in changes.into_iter().filter(|route| route.path != "/unsubscribe/{token}") {
        let path = route.path.replace(['{', '}'], "");
        for headers in [
            vec![],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("sec-fetch-site", "cross-site"), ("origin", here.as_str())],
            vec![("origin", "null")],
            vec![("origin", "https://evil.example")],
            vec![("origin", "")],
        ] {
            let request = headers.iter().fold(client.form(&path, &[]), |request, (n, v)| request.header(*n, *v));
            let answer = Client::send(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(answer.body.contains("not sent from a page of this site"));
        }
    }
    assert_eq!(app.installation_log().await, Vec::<String>::new());
}

#[tokio::test]
async fn change_with_only_a_matching_origin_header_is_accepted() {
    let app = TestApp::start().await;
    let client = app.client();
    let here = format!("http://{}", app.address);
    Client::send(client.form("/login", &[]).header("origin", &here)).await.expect_status(422);
    Client::send(client.form("/login", &[]).header("sec-fetch-site", "same-origin")).await.expect_status(422);
}

#[tokio::test]
async fn request_for_a_foreign_host_name_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example"] {
        Client::send(client.request(Method::GET, "/account").header("host", host)).await.expect_status(421);
        let origin = format!("http://{host}");
        let post = client.form("/logout", &[]).header("host", host).header("origin", origin);
        Client::send(post.header("sec-fetch-site", "same-origin")).await.expect_status(421);
        Client::send(client.request(Method::GET, "/healthz").header("host", host)).await.expect_status(200);
    }
    client.get("/account").await.expect_status(200);
}

/// Every route that is not public, requested without a session.
#[tokio::test]
async fn non_public_route_when_signed_out_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(anon()).await;
    for route in app::routes().into_iter().filter(|route| route.right != Right::Public) {
        let path = route.path.replace(['{', '}'], "");
        if route.method == Method::POST {
            client.post(&path, &[]).await.expect_status(401);
        } else {
            // The start page is the default target after login.
            let login = if path == "/" { "/login" } else { "/login?next=" };
            assert!(client.get(&path).await.location().starts_with(login), "{path}");
        }
    }
}

#[tokio::test]
async fn route_with_an_admin_right_accepts_only_admins() {
    let app = TestApp::start().await;
    for who in [member(), lead("security"), auditor()] {
        let client = app.sign_in(who).await;
        for route in app::routes().into_iter().filter(|route| route.right == Right::Admin) {
            let path = route.path.replace(['{', '}'], "");
            if route.method == Method::POST { client.post(&path, &[]).await } else { client.get(&path).await }
                .expect_status(403);
        }
    }
}

#[tokio::test]
async fn form_sent_after_session_end_comes_back_without_passwords() {
    let app = TestApp::start().await;
    let fields = [
        ("zone", "\n<b>Europe/Lisbon"),
        ("password", "secret one"),
        ("code", "123456"),
        ("new_password", "secret two"),
    ];
    let answer = app.client().post("/account/zone", &fields).await.expect_status(401);
    assert_eq!(answer.attribute("form", "action").as_deref(), Some("/account/zone"));
    assert!(answer.body.contains("&#60;b&#62;Europe/Lisbon"), "{}", answer.body);
    for secret in ["secret one", "secret two", "123456"] {
        assert!(!answer.body.contains(secret), "{secret}");
    }
    let json = app.client().form("/account/zone", &fields).header("sec-fetch-site", "same-origin");
    let answer = Client::send(json.header("accept", "application/json")).await.expect_status(401);
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn login_redirect_never_leaves_the_site() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    for (next, to) in [
        ("/account", "/account"),
        ("/launches?state=open&q=a%20b", "/launches?state=open&q=a%20b"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/.//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/logout", "/"),
        ("", "/"),
    ] {
        let fields = [("email", person.email.as_str()), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.client().post("/login", &fields).await.location(), to, "{next}");
    }
}

#[tokio::test]
async fn login_does_not_adopt_a_planted_session() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let planted = app.client();
    let value = "A".repeat(43);
    planted.set_cookie("signoff", &value);
    planted.login(&person.email, PASSWORD).await.expect_status(303);
    assert_ne!(planted.cookie("signoff").unwrap(), value);
    let attacker = app.client();
    attacker.set_cookie("signoff", &value);
    attacker.get("/account").await.expect_status(303);

    // A real session of the attacker's own, planted in another's browser, is ended there.
    let own = app.sign_in(member().named("Eve")).await;
    let victim = app.client();
    victim.set_cookie("signoff", &own.cookie("signoff").unwrap());
    victim.login(&person.email, PASSWORD).await.expect_status(303);
    assert!(victim.get("/account").await.expect_status(200).body.contains(&person.email));
    own.get("/account").await.expect_status(303);
}

#[tokio::test]
async fn end_of_all_sessions_signs_everybody_out_and_nobody_else() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let (first, second) = (app.sign_in(member()).await, app.sign_in(admin()).await);
    let elsewhere = other.sign_in(member()).await;
    signoff::access::session::end_all(&app.state.redis).await.unwrap();
    for ended in [first, second] {
        ended.get("/account").await.expect_status(303);
    }
    elsewhere.get("/account").await.expect_status(200);
}

#[tokio::test]
async fn session_cookie_copied_before_sign_out_is_invalid() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    let copy = app.client();
    copy.set_cookie("signoff", &client.cookie("signoff").unwrap());
    copy.get("/account").await.expect_status(200);
    assert_eq!(client.post("/logout", &[]).await.location(), "/login");
    assert_eq!(client.cookie("signoff"), None);
    copy.get("/account").await.expect_status(303);
}

#[tokio::test]
async fn signature_is_always_made_by_the_signed_in_person() {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let digest = launch.digest("security").await;
    let other = launch.security.person.id.to_string();
    let email = launch.security.person.email.clone();
    let fields = [
        ("role", "security"),
        ("verdict", "go"),
        ("digest", digest.as_str()),
        ("password", PASSWORD),
        ("signed_by", other.as_str()),
        ("signer", other.as_str()),
        ("user", other.as_str()),
        ("user_id", other.as_str()),
        ("email", email.as_str()),
        ("created_at", "2020-01-01T00:00:00Z"),
    ];
    admin.post(&launch.path("signatures"), &fields).await.expect_status(403);
    launch.owner.post(&launch.path("signatures"), &fields).await.expect_status(403);
    assert!(launch.state().await.signatures.is_empty());
    // A holder who sends another's name signs under their own.
    launch.deputy.post(&launch.path("signatures"), &fields).await.expect_status(303);
    let state = launch.state().await;
    let record = &state.signatures[0].record;
    assert_eq!(
        (record.signer.id, record.email.as_str()),
        (launch.deputy.person.id, launch.deputy.person.email.as_str())
    );
    assert!(state.signatures[0].at.to_string().as_str() > "2026");
}

/// Every kind of answer that sets or removes a cookie: sign-in, pending second factor, notice, sign-out.
async fn answers_with_cookies(
    app: &TestApp,
    prepare: impl Fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
) -> Vec<Answer> {
    let (plain, careful) = (app.person(&member()).await, app.person(&member().named("Cara Careful")).await);
    let phone = app.second_factor(&careful).await;
    let (one, other) = (app.client(), app.client());
    let send = async |client: &Client, path: &str, fields: &[(&str, &str)]| {
        Client::send(prepare(client.form(path, fields))).await.expect_status(303)
    };
    let cookies_of = |answer: &Answer| answer.headers.get_all("set-cookie").iter().count();
    let mut all = Vec::new();
    for (client, path, fields) in [
        (&one, "/login", vec![("email", plain.email.as_str()), ("password", PASSWORD)]),
        (&one, "/account/zone", vec![("zone", "Europe/Lisbon")]),
        (&one, "/logout", vec![]),
        (&other, "/login", vec![("email", careful.email.as_str()), ("password", PASSWORD)]),
        (&other, "/login/code", vec![("code", phone.next_code(app).as_str())]),
    ] {
        let answer = send(client, path, &fields).await;
        assert_ne!(cookies_of(&answer), 0, "{path}");
        for (_, value) in
            client.cookies().split("; ").filter_map(|pair| pair.split_once('=')).filter(|(_, v)| v.len() > 20)
        {
            assert!(!answer.body.contains(value) && !answer.header("location").contains(value), "{path}");
        }
        all.push(answer);
    }
    all
}

fn lines_of_cookies(answers: &[Answer]) -> Vec<&str> {
    let lines = answers.iter().flat_map(|answer| answer.headers.get_all("set-cookie"));
    lines.map(|line| line.to_str().unwrap()).collect()
}

/// Whether a cookie has this name; those of notices are numbered.
fn is_named(cookie: &str, name: &str) -> bool {
    let found = cookie.split('=').next().unwrap();
    found.strip_prefix(name).is_some_and(|rest| rest.is_empty() || (name == "signoff-flash" && rest.starts_with('-')))
}

#[tokio::test]
async fn cookies_are_http_only() {
    let app = TestApp::start().await;
    let answers = answers_with_cookies(&app, |request| request.header("sec-fetch-site", "same-origin")).await;
    let cookies = lines_of_cookies(&answers);
    for name in ["signoff", "signoff-browser", "signoff-half", "signoff-flash"] {
        assert!(cookies.iter().any(|cookie| is_named(cookie, name)), "{name}: {cookies:?}");
    }
    for cookie in cookies {
        assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(!cookie.contains("Secure"), "plain http: {cookie}");
    }
}

#[tokio::test]
async fn cookies_over_https_are_bound_to_the_host() {
    let set = vec![("SIGNOFF_PUBLIC_URL", "https://signoff.example.org".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let person = app.person(&member().named("Hanna Https")).await;
    let client = app.client();
    let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
    let login = client.form("/login", &fields).header("host", "signoff.example.org");
    let login = Client::send(login.header("origin", "https://signoff.example.org")).await.expect_status(303);
    let cookies = lines_of_cookies(std::slice::from_ref(&login));
    assert_eq!(cookies.len(), 2);
    let session = cookies.iter().map(|line| line.split(';').next().unwrap()).collect::<Vec<_>>().join("; ");
    let zone = app.client().form("/account/zone", &[("zone", "Europe/Lisbon")]).header("host", "signoff.example.org");
    let zone = zone.header("origin", "https://signoff.example.org").header("cookie", &session);
    let flash = Client::send(zone).await.expect_status(303);
    for cookie in lines_of_cookies(&[login, flash]) {
        assert!(cookie.starts_with("__Host-signoff") && cookie.contains("; Secure"), "{cookie}");
        assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax") && !cookie.contains("Domain"), "{cookie}");
    }
    // On every answer: pages, errors, assets, and refusals of another host name.
    for (path, host) in [
        ("/login", "signoff.example.org"),
        ("/nowhere", "signoff.example.org"),
        ("/account", "signoff.example.org"),
        ("/assets/x/app.css", "signoff.example.org"),
        ("/healthz", "signoff.example.org"),
        ("/login", "elsewhere.example"),
    ] {
        let answer = Client::send(app.client().request(Method::GET, path).header("host", host)).await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=63072000", "{path} at {host}");
    }
}

#[tokio::test]
async fn nonsense_request_never_causes_a_fault() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let odd =
        ["x", "%00", "%FF", "%C3%28", "..", "%2e%2e%2f", "00000000-0000-0000-0000-00000000000g", "%E2%80%AE", "'--"];
    // The stream of changes without launches is a valid one, which does not end.
    for route in app::routes().into_iter().filter(|route| !["/logout", "/live"].contains(&route.path)) {
        for part in odd {
            if !route.path.contains('{') && part != "x" {
                continue;
            }
            let mut path = route.path.to_owned();
            while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
                path.replace_range(open..=close, part);
            }
            let query = format!("{path}?next=%00&q=%FF&before=x&%00=%00");
            for path in [path, query] {
                // What a client makes of `/launches/../live`.
                if path.starts_with("/launches/../live") || path.starts_with("/launches/%2e%2e/live") {
                    continue;
                }
                let request = if route.method == Method::POST {
                    let body =
                        "name=%00&email=a%00%40b.c&password=%00%FF&roles=%00&roles=admin&zone=%00&new_password=%FF";
                    let request = client.request(Method::POST, &path).header("sec-fetch-site", "same-origin");
                    let kind = "application/x-www-form-urlencoded";
                    request.header("content-type", kind).body(body)
                } else {
                    client.request(Method::GET, &path)
                };
                let answer = tokio::time::timeout(Duration::from_secs(60), Client::send(request)).await;
                let answer = answer.unwrap_or_else(|_| panic!("{} {path} does not end", route.method));
                assert!(!answer.status.is_server_error(), "{} {path}: {}", route.method, answer.body);
            }
        }
    }
}

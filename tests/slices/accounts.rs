//! Signing in and out, the first admin, invitations, and one's own account.

use reqwest::Method;
use signoff::accounts;

use crate::helpers::{
    Person, Setting, TestApp, admin, auditor,
    client::{Answer, Client},
    member,
    people::PASSWORD,
};

const NEW_PASSWORD: &str = "copper lantern orchard";

#[tokio::test]
async fn sign_in_leads_to_home_and_sign_out_to_login() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let client = app.client();
    assert_eq!(client.login(" MIA.member@Example.org ", PASSWORD).await.location(), "/");
    assert!(client.get("/account").await.expect_status(200).body.contains(&person.email));
    assert_eq!(client.get("/login").await.location(), "/");
    let out = client.post("/logout", &[]).await.expect_status(303);
    assert_eq!(out.headers["clear-site-data"], "\"storage\"");
    assert_eq!(client.get("/account").await.location(), "/login?next=%2Faccount");
}

#[tokio::test]
async fn login_with_unknown_address_answers_like_a_wrong_password() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let closed = app.person(&member().named("Cora Closed")).await;
    sqlx::query("UPDATE users SET active = false WHERE id = $1").bind(closed.id).execute(&app.owner).await.unwrap();
    let mut answers = Vec::new();
    for (email, password) in [
        (person.email.as_str(), "wrong"),
        (person.email.as_str(), ""),
        ("nobody@example.org", PASSWORD),
        (closed.email.as_str(), PASSWORD),
        ("no address", PASSWORD),
        ("", ""),
    ] {
        let answer = app.client().login(email, password).await.expect_status(422);
        assert_eq!(answer.attribute("input[name=email]", "value").as_deref(), Some(email), "what was typed stays");
        // Only the typed address and the autofocus differ.
        let body = answer.body.replace(&format!("value=\"{email}\""), "").replace(" autofocus", "");
        answers.push(body);
        assert!(answer.headers.get("set-cookie").is_none());
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    // One entry for each request; entries of different people are not counted together.
    assert_eq!(app.installation_log().await, ["proof_refused"; 6]);
}

#[tokio::test]
async fn password_guessing_is_limited_without_locking_out_the_owner() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let owner = app.client();
    owner.login(&person.email, PASSWORD).await.expect_status(303);
    owner.post("/logout", &[]).await.expect_status(303);

    let attacker = app.client();
    for _ in 0..10 {
        attacker.login(&person.email, "guess").await.expect_status(422);
    }
    let slowed = attacker.login(&person.email, "guess").await.expect_status(429);
    let again: u64 = slowed.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&again), "{again}");
    assert_eq!(slowed.attribute("input[name=email]", "value").as_deref(), Some(person.email.as_str()));
    // Even the right password is refused from an unknown browser.
    app.client().login(&person.email, PASSWORD).await.expect_status(429);
    // Another account from the same address, and the owner's own browser, are not affected.
    let other = app.person(&member().named("Otto Other")).await;
    app.client().login(&other.email, PASSWORD).await.expect_status(303);
    owner.login(&person.email, PASSWORD).await.expect_status(303);

    // The browser's device secret does not help with another account, and it has a limit of its own.
    for _ in 0..10 {
        owner.login(&person.email, "guess").await.expect_status(422);
    }
    owner.login(&person.email, PASSWORD).await.expect_status(429);
    app.state.clock.advance(61);
    owner.login(&person.email, PASSWORD).await.expect_status(303);
    attacker.login(&person.email, "guess").await.expect_status(422);
    attacker.login(&person.email, "guess").await.expect_status(429);
}

#[tokio::test]
async fn login_with_right_password_never_counts_towards_the_limit() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    for _ in 0..15 {
        app.client().login(&person.email, PASSWORD).await.expect_status(303);
    }
}

#[tokio::test]
async fn login_refusals_are_logged_singly_and_then_as_a_count() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    // Start at a full hour, so that no new hour begins during the test.
    let second = app.state.clock.now().timestamp().as_second();
    app.state.clock.advance(3_600 - second % 3_600);
    for _ in 0..5 {
        let client = app.session(&person).await;
        for _ in 0..9 {
            client
                .post("/account/password", &[("password", "guess"), ("new_password", NEW_PASSWORD)])
                .await
                .expect_status(422);
        }
    }
    let mut logged = vec!["proof_refused"; 10];
    logged.extend(["proofs_refused"; 2]);
    assert_eq!(app.installation_log().await, logged, "ten of 45, and the counts of 20 and 40");
}

#[tokio::test]
async fn session_ends_when_idle_and_at_its_maximum_age() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let unused = app.session(&person).await;
    app.state.clock.advance(12 * 3_600 - 5);
    unused.get("/account").await.expect_status(200);
    app.state.clock.advance(12 * 3_600 + 5);
    unused.get("/account").await.expect_status(303);

    let used = app.session(&person).await;
    for _ in 0..15 {
        app.state.clock.advance(11 * 3_600);
        used.get("/account").await.expect_status(200);
    }
    app.state.clock.advance(3 * 3_600 + 60);
    used.get("/account").await.expect_status(303);
}

#[tokio::test]
async fn password_change_ends_every_other_session() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let (here, elsewhere) = (app.session(&person).await, app.session(&person).await);
    let change = |old: &'static str, new: &'static str| {
        let here = here.clone();
        async move { here.post("/account/password", &[("password", old), ("new_password", new)]).await }
    };
    let wrong = change("wrong", NEW_PASSWORD).await.expect_status(422);
    assert_eq!(wrong.texts(".field .error"), ["This is not your password."]);
    let weak = change(PASSWORD, "password12").await.expect_status(422);
    assert_eq!(weak.texts(".field .error").len(), 1);
    let named = change(PASSWORD, "mia.member@example.org").await.expect_status(422);
    assert!(named.texts(".field .error")[0].contains("too easy to guess"));

    let before = here.cookie("signoff");
    assert_eq!(change(PASSWORD, NEW_PASSWORD).await.location(), "/account");
    assert_ne!(here.cookie("signoff"), before);
    here.get("/account").await.expect_status(200);
    elsewhere.get("/account").await.expect_status(303);
    app.client().login(&person.email, PASSWORD).await.expect_status(422);
    app.client().login(&person.email, NEW_PASSWORD).await.expect_status(303);
    assert!(app.installation_log().await.contains(&"password_changed".to_owned()));
}

#[tokio::test]
async fn a_password_has_no_end() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    app.client().login(&person.email, PASSWORD).await.expect_status(303);
    app.state.clock.advance(5 * 365 * 86_400);
    let client = app.client();
    assert_eq!(client.login(&person.email, PASSWORD).await.location(), "/", "it is not asked to be changed");
    client.get("/account").await.expect_status(200);
}

#[tokio::test]
async fn account_page_lists_own_sessions_and_ends_one_or_all_others() {
    let app = TestApp::start().await;
    let person = app.person(&member()).await;
    let (here, one, another) = (app.session(&person).await, app.session(&person).await, app.session(&person).await);
    let stranger = app.sign_in(member().named("Sven Stranger")).await;
    let page = here.get("/account").await.expect_status(200);
    assert_eq!(page.texts("[data-session] th").len(), 3);
    assert!(page.texts("[data-session] th").iter().any(|text| text == "Firefox on Linux this session"));
    assert_eq!(stranger.get("/account").await.texts("[data-session]").len(), 1);

    let key = one.get("/account").await.html();
    let own = scraper::Selector::parse("[data-session]").unwrap();
    let this_one = key
        .select(&own)
        .find(|row| row.text().collect::<String>().contains("this session"))
        .and_then(|row| row.attr("data-session"))
        .unwrap()
        .to_owned();
    let path = format!("/account/sessions/{this_one}/revocation");
    stranger.post(&path, &[]).await.expect_status(404);
    one.get("/account").await.expect_status(200);
    here.post(&path, &[]).await.expect_status(303);
    one.get("/account").await.expect_status(303);
    another.get("/account").await.expect_status(200);

    here.post("/account/sessions/revocation", &[]).await.expect_status(303);
    here.get("/account").await.expect_status(200);
    another.get("/account").await.expect_status(303);
    assert_eq!(here.get("/account").await.texts("[data-session]").len(), 1);
    assert_eq!(app.installation_log().await, ["session_ended", "sessions_ended"]);
}

#[tokio::test]
async fn session_list_shows_where_each_was_last_used() {
    let set = vec![("SIGNOFF_TRUSTED_PROXIES", "127.0.0.1".to_owned())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let client = app.sign_in(member()).await;
    let from = async |address: &str| {
        let request = client.request(Method::GET, "/account").header("x-forwarded-for", address);
        Client::send(request).await.expect_status(200).texts("[data-session] [data-label='Network address']")
    };
    assert_eq!(from("203.0.113.9").await, ["203.0.113.9"]);
    assert_eq!(from("2001:db8::7").await, ["2001:db8::7"]);
    assert_eq!(from("203.0.113.9").await, ["203.0.113.9"], "at once, and not a minute later");
}

#[tokio::test]
async fn account_time_zone_that_does_not_exist_is_refused() {
    let app = TestApp::start().await;
    let client = app.sign_in(auditor()).await;
    let wrong = client.post("/account/zone", &[("zone", "Mars/Olympus")]).await.expect_status(422);
    assert_eq!(wrong.attribute("#f-zone", "value").as_deref(), Some("Mars/Olympus"));
    assert_eq!(wrong.texts("#f-zone-error").len(), 1);
    client.post("/account/zone", &[("zone", "Asia/Tokyo")]).await.expect_status(303);
    let page = client.get("/account").await;
    assert!(page.attribute("time", "title").unwrap().ends_with("Asia/Tokyo"));
}

fn path_of(address: &str) -> String {
    url::Url::parse(address).unwrap().path().to_owned()
}

fn first_admin_form(email: &str) -> [(&'static str, String); 3] {
    [("name", "Fay First".to_owned()), ("email", email.to_owned()), ("password", PASSWORD.to_owned())]
}

async fn post(client: &Client, path: &str, fields: &[(&'static str, String)]) -> crate::helpers::client::Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post(path, &fields).await
}

#[tokio::test]
async fn first_admin_is_created_once_at_the_printed_address() {
    let app = TestApp::start().await;
    let older = path_of(&accounts::setup_address(&app.state).await.unwrap().unwrap());
    let path = path_of(&accounts::setup_address(&app.state).await.unwrap().unwrap());
    let client = app.client();
    for bad in ["/setup/x", "/setup/%00", "/setup/none"] {
        client.get(bad).await.expect_status(404);
        post(&client, bad, &first_admin_form("fay@example.org")).await.expect_status(404);
    }
    let gone = client.get(&older).await.expect_status(410);
    assert_eq!(gone.texts("main h1"), ["This address no longer works"]);
    assert_eq!(gone.attribute("main a.button", "href").as_deref(), Some("/login"));
    post(&client, &older, &first_admin_form("fay@example.org")).await.expect_status(410);
    client.get(&path).await.expect_status(200);
    let wrong = [("name", " ".to_owned()), ("email", "fay".to_owned()), ("password", "short".to_owned())];
    let wrong = post(&client, &path, &wrong).await.expect_status(422);
    assert_eq!(wrong.texts(".field .error").len(), 3);
    assert_eq!(wrong.attribute("input[name=email]", "value").as_deref(), Some("fay"));

    assert_eq!(post(&client, &path, &first_admin_form("fay@example.org")).await.location(), "/");
    client.get("/admin").await.expect_status(200);
    app.client().get(&path).await.expect_status(410);
    assert_eq!(accounts::setup_address(&app.state).await.unwrap(), None);
    assert_eq!(app.installation_log().await, ["set_up"]);
}

#[tokio::test]
async fn first_admin_created_twice_at_once_is_created_once() {
    let app = TestApp::start().await;
    let path = path_of(&accounts::setup_address(&app.state).await.unwrap().unwrap());
    let tries = (0..4).map(|n| {
        let (client, path) = (app.client(), path.clone());
        async move { post(&client, &path, &first_admin_form(&format!("fay{n}@example.org"))).await.status.as_u16() }
    });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 410, 410, 410]);
    let users: i64 = sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(&app.owner).await.unwrap();
    assert_eq!(users, 1);
}

#[tokio::test]
async fn page_with_a_secret_address_sends_no_address_as_referrer_and_its_form_works() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let path = invite(&admin, "ina@example.org").await;
    let client = app.client();
    for page in [path.as_str(), "/invitations/none", "/password-resets/none", "/setup/none"] {
        assert_eq!(client.get(page).await.header("referrer-policy"), "strict-origin", "{page}");
    }
    assert_eq!(client.get("/login").await.header("referrer-policy"), "same-origin");
    // With this policy, a browser that sends no `Sec-Fetch-Site` still names the origin of the form.
    let origin = app.state.config.public_url.origin();
    let fields = join_form();
    let sent = client.request(Method::POST, &path).header("origin", origin).form(&fields);
    assert_eq!(Client::send(sent).await.expect_status(303).location(), "/");
}

/// Invites somebody and returns the path of the invitation.
async fn invite(admin: &Client, email: &str) -> String {
    let again = format!("Ina Invited <{}>", email.to_lowercase());
    let fields = [("name", "Ina Invited"), ("email", email), ("roles", "member"), ("confirmed", &again)];
    admin.post("/admin/invitations", &fields).await.expect_status(303);
    let page = admin.get("/admin").await;
    path_of(&page.attribute("#f-link", "value").unwrap())
}

fn join_form() -> [(&'static str, String); 2] {
    [("name", "Ina Invited-Smith".to_owned()), ("password", NEW_PASSWORD.to_owned())]
}

#[tokio::test]
async fn invitation_creates_one_account() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let path = invite(&admin, "ina@example.org").await;
    assert!(admin.get("/admin").await.attribute("#f-link", "value").is_none(), "the address is shown once");
    let client = app.client();
    let page = client.get(&path).await.expect_status(200);
    assert_eq!(page.attribute("input[name=name]", "value").as_deref(), Some("Ina Invited"));
    let weak = [("name", "Ina".to_owned()), ("password", "short".to_owned())];
    assert_eq!(post(&client, &path, &weak).await.expect_status(422).texts(".field .error").len(), 1);

    assert_eq!(post(&client, &path, &join_form()).await.location(), "/");
    assert!(client.get("/account").await.expect_status(200).body.contains("Ina Invited-Smith"));
    client.get("/admin").await.expect_status(403);
    // Once used, the address says so and leads to sign-in, without a word about whose it was.
    for again in [app.client(), admin.clone()] {
        for answer in [again.get(&path).await, post(&again, &path, &join_form()).await] {
            let answer = answer.expect_status(410);
            assert_eq!(answer.texts("main h1"), ["Your account is ready"]);
            assert_eq!(answer.attribute("main a.button", "href").as_deref(), Some("/login"));
            let page = answer.texts("main").concat();
            assert!(!page.contains("ina@example.org") && !page.contains("Ina"), "{page}");
        }
    }
    app.client().login("ina@example.org", NEW_PASSWORD).await.expect_status(303);
    assert_eq!(app.installation_log().await, ["invited", "invitation_used", "signed_in"]);
    // A deactivated account gets no word about signing in.
    sqlx::query("UPDATE users SET active = false WHERE email = 'ina@example.org'").execute(&app.owner).await.unwrap();
    let gone = app.client().get(&path).await.expect_status(410);
    assert_eq!(gone.texts("main h1"), ["This invitation no longer works"]);
}

#[tokio::test]
async fn invitation_that_expired_was_replaced_or_withdrawn_is_invalid() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    let admin = app.session(&ann).await;
    let replaced = invite(&admin, "ina@example.org").await;
    let newer = invite(&admin, "INA@example.org").await;
    let client = app.client();
    client.get(&replaced).await.expect_status(410);
    post(&client, &replaced, &join_form()).await.expect_status(410);
    client.get(&newer).await.expect_status(200);

    let id = admin.get("/admin").await.attribute("[data-invitation]", "data-invitation").unwrap();
    admin.post(&format!("/admin/invitations/{id}/withdrawal"), &[]).await.expect_status(303);
    admin.post(&format!("/admin/invitations/{id}/withdrawal"), &[]).await.expect_status(404);
    post(&client, &newer, &join_form()).await.expect_status(410);

    let expired = invite(&admin, "ina@example.org").await;
    app.state.clock.advance(7 * 86_400 - 60);
    client.get(&expired).await.expect_status(200);
    app.state.clock.advance(60);
    client.get(&expired).await.expect_status(410);
    post(&client, &expired, &join_form()).await.expect_status(410);
    assert_eq!(app.installation_log().await, ["invited", "invited", "invitation_withdrawn", "invited"]);
}

#[tokio::test]
async fn invitation_used_twice_at_once_creates_one_account() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let path = invite(&admin, "ina@example.org").await;
    // Both forms are read before either uses the invitation.
    let mut held = app.owner.begin().await.unwrap();
    sqlx::query("SELECT FROM invitations FOR UPDATE").execute(&mut *held).await.unwrap();
    let tries = (0..2).map(|_| {
        let (client, path) = (app.client(), path.clone());
        async move { post(&client, &path, &join_form()).await.status.as_u16() }
    });
    let release = async {
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0";
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&app.owner).await.unwrap() < 2 {
            tokio::task::yield_now().await;
        }
        held.rollback().await.unwrap();
    };
    let (mut answers, ()) = tokio::join!(futures_util::future::join_all(tries), release);
    answers.sort_unstable();
    assert_eq!(answers, [303, 410]);
    let users: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE email = 'ina@example.org'")
        .fetch_one(&app.owner)
        .await
        .unwrap();
    assert_eq!(users, 1);
}

#[tokio::test]
async fn account_deactivation_ends_its_sessions_at_once() {
    let app = TestApp::start().await;
    let person: Person = app.person(&member()).await;
    let client = app.session(&person).await;
    let admin = app.sign_in(admin()).await;
    admin.post(&format!("/admin/people/{}/deactivation", person.id), &[]).await.expect_status(303);
    client.get("/account").await.expect_status(303);
    app.client().login(&person.email, PASSWORD).await.expect_status(422);
    admin.post(&format!("/admin/people/{}/reactivation", person.id), &[]).await.expect_status(303);
    client.get("/account").await.expect_status(303);
    app.client().login(&person.email, PASSWORD).await.expect_status(303);
}

#[tokio::test]
async fn page_looks_up_its_session_but_an_asset_does_not() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    app.state.db.close().await;
    client.get("/assets/x/app.css").await.expect_status(200);
    client.get("/account").await.expect_status(503);
    Client::send(client.request(Method::GET, "/healthz")).await.expect_status(200);
}

#[tokio::test]
async fn joining_focuses_the_first_field_in_error_or_without_a_value() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let path = invite(&admin, "ina@example.org").await;
    let client = app.client();
    let focused = |page: &Answer| page.attributes("[autofocus]", "id");
    assert_eq!(focused(&client.get(&path).await), ["f-password"], "the name is filled in");
    let weak = [("name", "Ina".to_owned()), ("password", "short".to_owned())];
    assert_eq!(focused(&post(&client, &path, &weak).await), ["f-password"]);
    let nameless = [("name", String::new()), ("password", "short".to_owned())];
    assert_eq!(focused(&post(&client, &path, &nameless).await), ["f-name"]);
}

#[tokio::test]
async fn nothing_found_without_an_account_offers_to_sign_in() {
    let app = TestApp::start().await;
    for path in ["/setup/wrong", "/invitations/wrong", "/no-such-page"] {
        let page = app.client().get(path).await.expect_status(404);
        assert_eq!(page.attributes("main a.button", "href"), ["/login"], "{path}");
    }
    let client = app.sign_in(member()).await;
    assert_eq!(client.get("/no-such-page").await.attributes("main a.button", "href"), ["/"]);
}

#[tokio::test]
async fn form_of_an_ended_session_shows_the_text_that_was_typed() {
    let app = TestApp::start().await;
    let fields = [("body", "A long remark."), ("once", "0199"), ("reason", ""), ("password", "secret")];
    let id = uuid::Uuid::nil();
    let page = app.client().post(&format!("/items/{id}/comments"), &fields).await.expect_status(401);
    assert_eq!(page.texts("textarea:not([hidden])"), ["A long remark."]);
    assert_eq!(page.attributes("textarea[hidden]", "name"), ["once", "reason"]);
    assert!(!page.body.contains("secret"));
}

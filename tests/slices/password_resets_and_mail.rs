//! Forgotten passwords, reset links, and mail.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use signoff::{accounts, jobs};

use crate::helpers::{
    Person, TestApp, admin,
    client::{Answer, Client},
    member,
    people::PASSWORD,
};

const NEW_PASSWORD: &str = "copper lantern orchard";

/// An admin creates a reset link; returns its path.
async fn create_reset_link(admin: &Client, person: &Person) -> String {
    let path = format!("/admin/people/{}/password-reset", person.id);
    admin.post(&path, &[("password", PASSWORD)]).await.expect_status(303);
    let link = admin.get("/admin").await.attribute("#f-link", "value").unwrap();
    url::Url::parse(&link).unwrap().path().to_owned()
}

async fn choose_password(client: &Client, path: &str, password: &str) -> Answer {
    client.post(path, &[("password", password)]).await
}

#[tokio::test]
async fn reset_link_by_an_admin_is_usable_once() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let hers = app.session(&mia).await;
    let older = create_reset_link(&admin, &mia).await;
    let path = create_reset_link(&admin, &mia).await;
    assert!(admin.get("/admin").await.attribute("#f-link", "value").is_none(), "it is shown once");
    let anyone = app.client();
    for bad in ["/password-resets/x", "/password-resets/%00", &format!("/password-resets/{}", "A".repeat(43))] {
        anyone.get(bad).await.expect_status(404);
        choose_password(&anyone, bad, NEW_PASSWORD).await.expect_status(404);
    }
    let gone = anyone.get(&older).await.expect_status(410);
    assert_eq!(gone.texts("main h1"), ["This link no longer works"]);
    assert_eq!(gone.attribute("main a.button", "href").as_deref(), Some("/forgotten-password"));
    choose_password(&anyone, &older, NEW_PASSWORD).await.expect_status(410);
    assert!(anyone.get(&path).await.expect_status(200).body.contains(&mia.email));
    assert_eq!(
        choose_password(&anyone, &path, "mia.member@example.org").await.expect_status(422).texts(".field .error").len(),
        1
    );
    hers.get("/account").await.expect_status(200);

    assert_eq!(choose_password(&anyone, &path, NEW_PASSWORD).await.location(), "/login");
    anyone.get("/account").await.expect_status(303);
    hers.get("/account").await.expect_status(303);
    let again = choose_password(&anyone, &path, "granite willow kettle").await.expect_status(410);
    assert_eq!(again.texts("main h1"), ["The password is changed"]);
    assert_eq!(again.attribute("main a.button", "href").as_deref(), Some("/login"));
    assert!(!again.texts("main").concat().contains(&mia.email));
    app.client().login(&mia.email, PASSWORD).await.expect_status(422);
    app.client().login(&mia.email, NEW_PASSWORD).await.expect_status(303);
    let logged = ["reset_made", "reset_made", "password_reset", "proof_refused", "signed_in"];
    assert_eq!(app.installation_log().await, logged);
}

#[tokio::test]
async fn reset_link_ends_with_time_account_or_password_change() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let client = app.client();
    let expired = create_reset_link(&admin, &mia).await;
    app.state.clock.advance(11 * 3_600);
    admin.get("/admin").await.expect_status(200);
    app.state.clock.advance(11 * 3_600);
    client.get(&expired).await.expect_status(200);
    admin.get("/admin").await.expect_status(200);
    app.state.clock.advance(2 * 3_600);
    client.get(&expired).await.expect_status(410);
    choose_password(&client, &expired, NEW_PASSWORD).await.expect_status(410);

    let changed = create_reset_link(&admin, &mia).await;
    let hers = app.session(&mia).await;
    hers.post("/account/password", &[("password", PASSWORD), ("new_password", NEW_PASSWORD)]).await.expect_status(303);
    choose_password(&client, &changed, NEW_PASSWORD).await.expect_status(410);

    let closed = create_reset_link(&admin, &mia).await;
    admin.post(&format!("/admin/people/{}/deactivation", mia.id), &[]).await.expect_status(303);
    client.get(&closed).await.expect_status(410);
    choose_password(&client, &closed, PASSWORD).await.expect_status(410);
    admin.post(&format!("/admin/people/{}/password-reset", mia.id), &[]).await.expect_status(409);
}

#[tokio::test]
async fn reset_link_used_several_times_at_once_works_once() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let path = create_reset_link(&admin, &mia).await;
    let tries = (0..4).map(|n| {
        let (client, path) = (app.client(), path.clone());
        async move { choose_password(&client, &path, &format!("{NEW_PASSWORD} {n}")).await.status.as_u16() }
    });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 410, 410, 410]);
}

#[tokio::test]
async fn password_reset_keeps_the_second_factor() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    app.second_factor(&mia).await;
    let path = create_reset_link(&admin, &mia).await;
    choose_password(&app.client(), &path, NEW_PASSWORD).await.expect_status(303);
    assert_eq!(app.client().login(&mia.email, NEW_PASSWORD).await.location(), "/login/code");
}

#[tokio::test]
async fn command_line_resets_an_admins_password_and_second_factor() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    app.second_factor(&ann).await;
    let email = ann.email.parse_email();
    let link = accounts::make_reset_link(&app.state, &email).await.unwrap();
    let path = url::Url::parse(&link).unwrap().path().to_owned();
    choose_password(&app.client(), &path, NEW_PASSWORD).await.expect_status(303);
    accounts::remove_second_factor(&app.state, &email).await.unwrap();
    assert!(accounts::remove_second_factor(&app.state, &email).await.is_err());
    assert_eq!(app.client().login(&ann.email, NEW_PASSWORD).await.location(), "/");
    assert!(accounts::make_reset_link(&app.state, &"nobody@example.org".to_owned().parse_email()).await.is_err());
}

trait ParseEmail {
    fn parse_email(&self) -> signoff::domain::text::Email;
}

impl ParseEmail for String {
    fn parse_email(&self) -> signoff::domain::text::Email {
        signoff::domain::text::Email::new(self).unwrap()
    }
}

/// An application that sends its mail to the test's server.
async fn count_waiting_mails(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM jobs WHERE dead_at IS NULL").fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn forgotten_password_without_mail_says_to_ask_an_admin() {
    let app = TestApp::start().await;
    let page = app.client().get("/forgotten-password").await.expect_status(200);
    assert!(page.body.contains("sends no mail") && page.attribute("form[action]", "action").is_none());
    app.client().post("/forgotten-password", &[("email", "a@example.org")]).await.expect_status(409);
    assert_eq!(count_waiting_mails(&app).await, 0);
}

#[tokio::test]
async fn forgotten_password_answers_alike_and_mails_only_accounts() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let gone = app.person(&member().named("Gus Gone")).await;
    sqlx::query("UPDATE users SET active = false WHERE id = $1").bind(gone.id).execute(&app.owner).await.unwrap();
    let mut answers = Vec::new();
    for email in [mia.email.as_str(), "nobody@example.org", gone.email.as_str()] {
        let client = app.client();
        let answer = client.post("/forgotten-password", &[("email", email)]).await;
        assert_eq!(answer.location(), "/login");
        let cookie = answer.header("set-cookie");
        let (name, rest) = cookie.split_once('=').unwrap();
        let (value, attributes) = rest.split_once(';').unwrap();
        // The name may end with a number, and the fourth line of a notice is its time.
        let value = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(value).unwrap()).unwrap();
        let mut notice: Vec<_> = value.lines().map(str::to_owned).collect();
        notice.remove(3);
        let cookie = (name.trim_end_matches(['-', '1', '2', '3']).to_owned(), notice, attributes.to_owned());
        answers.push((answer.body.clone(), cookie, client.get("/login").await.body));
        app.wait_for_background_work().await;
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    let wrong = app.client().post("/forgotten-password", &[("email", "no address")]).await.expect_status(422);
    assert_eq!(wrong.attribute("[name=email]", "value").as_deref(), Some("no address"));
    assert_eq!(app.installation_log().await, ["reset_made"]);

    // A waiting mail is stored encrypted.
    let waits: Vec<Vec<u8>> = sqlx::query_scalar("SELECT payload FROM jobs").fetch_all(&app.owner).await.unwrap();
    assert_eq!(waits.len(), 1);
    assert!(!waits[0].windows(5).any(|part| part == b"reset" || part == &mia.email.as_bytes()[..5]));
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 1);
    assert_eq!(count_waiting_mails(&app).await, 0);
    let [letter] = &server.take_letters()[..] else { panic!("one letter") };
    assert_eq!(letter.to, mia.email);
    assert!(letter.whole.contains("Auto-Submitted: auto-generated"), "{}", letter.whole);
    assert!(letter.text().starts_with("Hello Mia Member,"), "{}", letter.text());
    let path = letter.link();
    choose_password(&app.client(), &path, NEW_PASSWORD).await.expect_status(303);
    app.client().login(&mia.email, NEW_PASSWORD).await.expect_status(303);
    // The person is notified of the change.
    jobs::send_due_mails(&app.state).await.unwrap();
    let [news] = &server.take_letters()[..] else { panic!("one letter") };
    assert!(news.text().contains("Your password was changed"), "{}", news.text());
    assert!(!news.text().contains("/password-resets/"));
}

#[tokio::test]
async fn forgotten_password_finds_the_address_in_another_normal_form() {
    let (app, _server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let composed = "UPDATE users SET email = 'jos\u{e9}@example.org' WHERE id = $1";
    sqlx::query(composed).bind(mia.id).execute(&app.owner).await.unwrap();
    for (number, typed) in (1..).zip(["jos\u{e9}@example.org", "jose\u{301}@example.org", "JOSE\u{301}@Example.org"]) {
        app.client().post("/forgotten-password", &[("email", typed)]).await.expect_status(303);
        app.wait_for_background_work().await;
        assert_eq!(count_waiting_mails(&app).await, number, "{typed:?}");
    }
}

#[tokio::test]
async fn reset_link_by_mail_expires_after_an_hour() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(303);
    app.wait_for_background_work().await;
    jobs::send_due_mails(&app.state).await.unwrap();
    let path = server.take_letters()[0].link();
    app.state.clock.advance(3_590);
    app.client().get(&path).await.expect_status(200);
    app.state.clock.advance(10);
    app.client().get(&path).await.expect_status(410);
}

#[tokio::test]
async fn forgotten_password_mails_and_requests_are_limited() {
    let (app, _server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    for _ in 0..10 {
        app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(303);
        app.wait_for_background_work().await;
    }
    assert_eq!(app.installation_log().await, ["reset_made"; 3]);
    let slowed = app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(429);
    assert!(!slowed.header("retry-after").is_empty());
}

#[tokio::test]
async fn invitation_is_sent_by_mail() {
    let (app, server) = TestApp::start_with_mail().await;
    let admin = app.sign_in(admin()).await;
    let fields = [("name", "Ina\u{2019}s Invited"), ("email", "ina@example.org"), ("roles", "member")];
    admin.post("/admin/invitations", &fields).await.expect_status(303);
    let shown = admin.get("/admin").await.attribute("#f-link", "value").unwrap();
    jobs::send_due_mails(&app.state).await.unwrap();
    let [letter] = &server.take_letters()[..] else { panic!("one letter") };
    assert_eq!(letter.to, "ina@example.org");
    assert!(shown.ends_with(&letter.link()));
    assert!(letter.text().starts_with("Hello Ina\u{2019}s Invited,\n\nAnn Admin invites you"), "{}", letter.text());
    app.client().get(&letter.link()).await.expect_status(200);
}

#[tokio::test]
async fn mail_is_retried_until_accepted_and_sent_by_one_server() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(303);
    app.wait_for_background_work().await;
    server.reject(2);
    for pause in [30, 60] {
        assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 0);
        app.state.clock.advance(pause - 5);
        assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 0, "not before its time");
        app.state.clock.advance(6);
    }
    let both = tokio::join!(jobs::send_due_mails(&app.state), jobs::send_due_mails(&app.state));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 1);
    assert_eq!(server.take_letters().len(), 1);
    assert_eq!(count_waiting_mails(&app).await, 0);

    // A mail that can't be sent in time is given up.
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(303);
    app.wait_for_background_work().await;
    app.state.clock.advance(3_601);
    assert_eq!(jobs::send_due_mails(&app.state).await.unwrap(), 0);
    assert_eq!((count_waiting_mails(&app).await, server.take_letters().len()), (0, 0));
}

#[tokio::test]
async fn mail_of_a_rolled_back_change_is_not_sent() {
    let (app, _server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let client = app.session(&mia).await;
    client.post("/account/password", &[("password", "wrong"), ("new_password", NEW_PASSWORD)]).await.expect_status(422);
    assert_eq!(count_waiting_mails(&app).await, 0);
    client
        .post("/account/password", &[("password", PASSWORD), ("new_password", NEW_PASSWORD)])
        .await
        .expect_status(303);
    assert_eq!(count_waiting_mails(&app).await, 1);
}

/// A mail requested by anybody else does not end a link that the person has.
#[tokio::test]
async fn reset_links_by_mail_stay_valid_until_one_is_used() {
    let (app, server) = TestApp::start_with_mail().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let handed_over = create_reset_link(&admin, &mia).await;
    jobs::send_due_mails(&app.state).await.unwrap();
    server.take_letters();
    let mut links = vec![handed_over];
    for _ in 0..3 {
        app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(303);
        app.wait_for_background_work().await;
        jobs::send_due_mails(&app.state).await.unwrap();
        links.push(server.take_letters()[0].link());
    }
    for link in &links {
        app.client().get(link).await.expect_status(200);
    }
    // An admin's newer link ends the admin's older one, but no link by mail.
    let newer = create_reset_link(&admin, &mia).await;
    app.client().get(&links[0]).await.expect_status(410);
    app.client().get(&links[1]).await.expect_status(200);

    choose_password(&app.client(), &links[2], NEW_PASSWORD).await.expect_status(303);
    for link in links.iter().chain([&newer]) {
        let title = if *link == links[2] { "The password is changed" } else { "This link no longer works" };
        let answer = app.client().get(link).await.expect_status(410);
        assert_eq!(answer.texts("main h1"), [title]);
        choose_password(&app.client(), link, "granite willow kettle").await.expect_status(410);
    }
    app.client().login(&mia.email, NEW_PASSWORD).await.expect_status(303);
}

#[tokio::test]
async fn several_reset_links_used_at_once_set_one_password() {
    let (app, server) = TestApp::start_with_mail().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.expect_status(303);
    app.wait_for_background_work().await;
    jobs::send_due_mails(&app.state).await.unwrap();
    let paths = [server.take_letters()[0].link(), create_reset_link(&admin, &mia).await];
    let tries = paths.iter().map(|path| {
        let (client, path) = (app.client(), path.clone());
        async move { choose_password(&client, &path, NEW_PASSWORD).await.status.as_u16() }
    });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 410]);
}

//! A forgotten password, and mail.

use signoff::{accounts, jobs::letters};

use crate::helpers::{
    Person, Setting, TestApp, admin,
    client::{Answer, Client},
    member,
    people::PASSWORD,
    smtp::MailServer,
};

const NEW_PASSWORD: &str = "copper lantern orchard";

/// An admin makes a link; its path.
async fn made(admin: &Client, person: &Person) -> String {
    let path = format!("/admin/people/{}/password-reset", person.id);
    admin.post(&path, &[("password", PASSWORD)]).await.is(303);
    let link = admin.get("/admin").await.attribute("#f-link", "value").unwrap();
    url::Url::parse(&link).unwrap().path().to_owned()
}

async fn choose(client: &Client, path: &str, password: &str) -> Answer {
    client.post(path, &[("password", password)]).await
}

#[tokio::test]
async fn an_admins_link_lets_a_password_be_chosen_once() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let hers = app.session(&mia).await;
    let older = made(&admin, &mia).await;
    let path = made(&admin, &mia).await;
    assert!(admin.get("/admin").await.attribute("#f-link", "value").is_none(), "it is shown once");
    let anyone = app.client();
    for bad in
        [older.as_str(), "/password-resets/x", "/password-resets/%00", &format!("/password-resets/{}", "A".repeat(43))]
    {
        anyone.get(bad).await.is(404);
        choose(&anyone, bad, NEW_PASSWORD).await.is(404);
    }
    assert!(anyone.get(&path).await.is(200).body.contains(&mia.email));
    assert_eq!(choose(&anyone, &path, "mia.member@example.org").await.is(422).texts(".field .error").len(), 1);
    hers.get("/account").await.is(200);

    assert_eq!(choose(&anyone, &path, NEW_PASSWORD).await.location(), "/login");
    anyone.get("/account").await.is(303);
    hers.get("/account").await.is(303);
    choose(&anyone, &path, NEW_PASSWORD).await.is(404);
    app.client().login(&mia.email, PASSWORD).await.is(422);
    app.client().login(&mia.email, NEW_PASSWORD).await.is(303);
    let told = ["reset_made", "reset_made", "password_reset", "proof_refused", "signed_in"];
    assert_eq!(app.installation_log().await, told);
}

#[tokio::test]
async fn a_link_ends_with_time_with_the_account_and_with_another_new_password() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let client = app.client();
    let expired = made(&admin, &mia).await;
    app.state.clock.advance(11 * 3_600);
    admin.get("/admin").await.is(200);
    app.state.clock.advance(11 * 3_600);
    client.get(&expired).await.is(200);
    admin.get("/admin").await.is(200);
    app.state.clock.advance(2 * 3_600);
    client.get(&expired).await.is(404);
    choose(&client, &expired, NEW_PASSWORD).await.is(404);

    let changed = made(&admin, &mia).await;
    let hers = app.session(&mia).await;
    hers.post("/account/password", &[("password", PASSWORD), ("new_password", NEW_PASSWORD)]).await.is(303);
    choose(&client, &changed, NEW_PASSWORD).await.is(404);

    let closed = made(&admin, &mia).await;
    admin.post(&format!("/admin/people/{}/deactivation", mia.id), &[]).await.is(303);
    client.get(&closed).await.is(404);
    choose(&client, &closed, PASSWORD).await.is(404);
    admin.post(&format!("/admin/people/{}/password-reset", mia.id), &[]).await.is(409);
}

#[tokio::test]
async fn of_several_who_use_a_link_at_once_one_chooses() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let path = made(&admin, &mia).await;
    let tries = (0..4).map(|n| {
        let (client, path) = (app.client(), path.clone());
        async move { choose(&client, &path, &format!("{NEW_PASSWORD} {n}")).await.status.as_u16() }
    });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 404, 404, 404]);
}

#[tokio::test]
async fn a_second_factor_outlives_a_forgotten_password() {
    let app = TestApp::start().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    app.second_factor(&mia).await;
    let path = made(&admin, &mia).await;
    choose(&app.client(), &path, NEW_PASSWORD).await.is(303);
    assert_eq!(app.client().login(&mia.email, NEW_PASSWORD).await.location(), "/login/code");
}

#[tokio::test]
async fn the_command_line_helps_an_admin_whom_nobody_else_can() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    app.second_factor(&ann).await;
    let email = ann.email.parse_email();
    let link = accounts::reset_link(&app.state, &email).await.unwrap();
    let path = url::Url::parse(&link).unwrap().path().to_owned();
    choose(&app.client(), &path, NEW_PASSWORD).await.is(303);
    accounts::remove_second_factor(&app.state, &email).await.unwrap();
    assert!(accounts::remove_second_factor(&app.state, &email).await.is_err());
    assert_eq!(app.client().login(&ann.email, NEW_PASSWORD).await.location(), "/");
    assert!(accounts::reset_link(&app.state, &"nobody@example.org".to_owned().parse_email()).await.is_err());
}

trait ParseEmail {
    fn parse_email(&self) -> signoff::domain::text::Email;
}

impl ParseEmail for String {
    fn parse_email(&self) -> signoff::domain::text::Email {
        signoff::domain::text::Email::new(self).unwrap()
    }
}

/// An application that sends its mail to a server of the test's.
async fn with_mail() -> (TestApp, MailServer) {
    let server = MailServer::start().await;
    let app = TestApp::start_with(Setting { set: server.settings(), ..Setting::default() }).await;
    (app, server)
}

async fn waiting(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM outbox").fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn without_mail_one_is_told_to_ask_an_admin() {
    let app = TestApp::start().await;
    let page = app.client().get("/forgotten-password").await.is(200);
    assert!(page.body.contains("sends no mail") && page.attribute("form[action]", "action").is_none());
    app.client().post("/forgotten-password", &[("email", "a@example.org")]).await.is(409);
    assert_eq!(waiting(&app).await, 0);
}

#[tokio::test]
async fn a_forgotten_password_is_answered_alike_and_a_letter_goes_to_who_has_an_account() {
    let (app, server) = with_mail().await;
    let mia = app.person(&member()).await;
    let gone = app.person(&member().named("Gus Gone")).await;
    sqlx::query("UPDATE users SET active = false WHERE id = $1").bind(gone.id).execute(&app.owner).await.unwrap();
    let mut answers = Vec::new();
    for email in [mia.email.as_str(), "nobody@example.org", gone.email.as_str()] {
        let client = app.client();
        let answer = client.post("/forgotten-password", &[("email", email)]).await;
        assert_eq!(answer.location(), "/login");
        answers.push((answer.body.clone(), answer.header("set-cookie").to_owned(), client.get("/login").await.body));
        app.settled().await;
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    let wrong = app.client().post("/forgotten-password", &[("email", "no address")]).await.is(422);
    assert_eq!(wrong.attribute("[name=email]", "value").as_deref(), Some("no address"));
    assert_eq!(app.installation_log().await, ["reset_made"]);

    // While it waits it can't be read.
    let waits: Vec<Vec<u8>> = sqlx::query_scalar("SELECT letter FROM outbox").fetch_all(&app.owner).await.unwrap();
    assert_eq!(waits.len(), 1);
    assert!(!waits[0].windows(5).any(|part| part == b"reset" || part == &mia.email.as_bytes()[..5]));
    assert_eq!(letters::once(&app.state).await.unwrap(), 1);
    assert_eq!(waiting(&app).await, 0);
    let [letter] = &server.take()[..] else { panic!("one letter") };
    assert_eq!(letter.to, mia.email);
    assert!(letter.whole.contains("Auto-Submitted: auto-generated"), "{}", letter.whole);
    assert!(letter.text().starts_with("Hello Mia Member,"), "{}", letter.text());
    let path = letter.link();
    choose(&app.client(), &path, NEW_PASSWORD).await.is(303);
    app.client().login(&mia.email, NEW_PASSWORD).await.is(303);
    // And they are told that it was done.
    letters::once(&app.state).await.unwrap();
    let [news] = &server.take()[..] else { panic!("one letter") };
    assert!(news.text().contains("Your password was changed"), "{}", news.text());
    assert!(!news.text().contains("/password-resets/"));
}

#[tokio::test]
async fn a_link_by_mail_lasts_an_hour() {
    let (app, server) = with_mail().await;
    let mia = app.person(&member()).await;
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.is(303);
    app.settled().await;
    letters::once(&app.state).await.unwrap();
    let path = server.take()[0].link();
    app.state.clock.advance(3_590);
    app.client().get(&path).await.is(200);
    app.state.clock.advance(10);
    app.client().get(&path).await.is(404);
}

#[tokio::test]
async fn nobody_is_flooded_with_letters_and_nobody_asks_without_end() {
    let (app, _server) = with_mail().await;
    let mia = app.person(&member()).await;
    for _ in 0..10 {
        app.client().post("/forgotten-password", &[("email", &mia.email)]).await.is(303);
        app.settled().await;
    }
    assert_eq!(app.installation_log().await, ["reset_made"; 3]);
    let slowed = app.client().post("/forgotten-password", &[("email", &mia.email)]).await.is(429);
    assert!(!slowed.header("retry-after").is_empty());
}

#[tokio::test]
async fn an_invitation_goes_by_mail_too() {
    let (app, server) = with_mail().await;
    let admin = app.sign_in(admin()).await;
    let fields = [("name", "Ina\u{2019}s Invited"), ("email", "ina@example.org"), ("roles", "member")];
    admin.post("/admin/invitations", &fields).await.is(303);
    let shown = admin.get("/admin").await.attribute("#f-link", "value").unwrap();
    letters::once(&app.state).await.unwrap();
    let [letter] = &server.take()[..] else { panic!("one letter") };
    assert_eq!(letter.to, "ina@example.org");
    assert!(shown.ends_with(&letter.link()));
    assert!(letter.text().starts_with("Hello Ina\u{2019}s Invited,\n\nAnn Admin invites you"), "{}", letter.text());
    app.client().get(&letter.link()).await.is(200);
}

#[tokio::test]
async fn a_letter_is_tried_until_it_is_taken_and_sent_once_by_whichever_server() {
    let (app, server) = with_mail().await;
    let mia = app.person(&member()).await;
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.is(303);
    app.settled().await;
    server.turn_away(2);
    for pause in [30, 60] {
        assert_eq!(letters::once(&app.state).await.unwrap(), 0);
        app.state.clock.advance(pause - 5);
        assert_eq!(letters::once(&app.state).await.unwrap(), 0, "not before its time");
        app.state.clock.advance(6);
    }
    let both = tokio::join!(letters::once(&app.state), letters::once(&app.state));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 1);
    assert_eq!(server.take().len(), 1);
    assert_eq!(waiting(&app).await, 0);

    // What can't be sent in time is given up.
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.is(303);
    app.settled().await;
    app.state.clock.advance(3_601);
    assert_eq!(letters::once(&app.state).await.unwrap(), 0);
    assert_eq!((waiting(&app).await, server.take().len()), (0, 0));
}

#[tokio::test]
async fn a_change_that_is_not_made_sends_nothing() {
    let (app, _server) = with_mail().await;
    let mia = app.person(&member()).await;
    let client = app.session(&mia).await;
    client.post("/account/password", &[("password", "wrong"), ("new_password", NEW_PASSWORD)]).await.is(422);
    assert_eq!(waiting(&app).await, 0);
    client.post("/account/password", &[("password", PASSWORD), ("new_password", NEW_PASSWORD)]).await.is(303);
    assert_eq!(waiting(&app).await, 1);
}

/// Whoever asks for a letter in another's name ends no link that the person holds.
#[tokio::test]
async fn a_letter_that_somebody_asked_for_ends_no_other_link_and_the_first_that_is_used_ends_all() {
    let (app, server) = with_mail().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let handed_over = made(&admin, &mia).await;
    letters::once(&app.state).await.unwrap();
    server.take();
    let mut links = vec![handed_over];
    for _ in 0..3 {
        app.client().post("/forgotten-password", &[("email", &mia.email)]).await.is(303);
        app.settled().await;
        letters::once(&app.state).await.unwrap();
        links.push(server.take()[0].link());
    }
    for link in &links {
        app.client().get(link).await.is(200);
    }
    // A newer link of an admin ends that of an admin, and none that the person has by mail.
    let newer = made(&admin, &mia).await;
    app.client().get(&links[0]).await.is(404);
    app.client().get(&links[1]).await.is(200);

    choose(&app.client(), &links[2], NEW_PASSWORD).await.is(303);
    for link in links.iter().chain([&newer]) {
        app.client().get(link).await.is(404);
        choose(&app.client(), link, "granite willow kettle").await.is(404);
    }
    app.client().login(&mia.email, NEW_PASSWORD).await.is(303);
}

#[tokio::test]
async fn of_several_links_used_at_once_one_chooses() {
    let (app, server) = with_mail().await;
    let admin = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    app.client().post("/forgotten-password", &[("email", &mia.email)]).await.is(303);
    app.settled().await;
    letters::once(&app.state).await.unwrap();
    let paths = [server.take()[0].link(), made(&admin, &mia).await];
    let tries = paths.iter().map(|path| {
        let (client, path) = (app.client(), path.clone());
        async move { choose(&client, &path, NEW_PASSWORD).await.status.as_u16() }
    });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 404]);
}

//! Changes of one's own name and address by somebody who wants another person's.

use signoff::jobs;

use crate::helpers::{Person, TestApp, admin, client::Client, member, people::PASSWORD, smtp::MailServer};

/// Requests an address and returns the path of the link that was mailed to it.
async fn mailed_link(app: &TestApp, server: &MailServer, client: &Client, email: &str) -> String {
    client.request_address(email).await.expect_status(303);
    jobs::send_due_mails(&app.state).await.unwrap();
    let letters = server.take_letters();
    letters[0].link()
}

async fn email_of(app: &TestApp, person: &Person) -> String {
    sqlx::query_scalar("SELECT email FROM users WHERE id = $1").bind(person.id).fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn name_that_another_person_had_before_stays_theirs() {
    let app = TestApp::start().await;
    let (jonas, eve) = (app.sign_in(member().named("Jonas Reyes")).await, app.sign_in(member().named("Eve")).await);
    jonas.change_name("Jonas Lima", PASSWORD).await.expect_status(303);
    for taken in ["Jonas Reyes", "J0nas Reyes", "Jonas Lima", "jonas lima."] {
        eve.change_name(taken, PASSWORD).await.expect_status(422);
    }
    // One's own earlier name can be taken back.
    jonas.change_name("Jonas Reyes", PASSWORD).await.expect_status(303);
    let ann = app.sign_in(admin()).await;
    let form = [("people", "Jonas Lima, j@example.org"), ("roles", "member")];
    let page = ann.post("/admin/invitations", &form).await.expect_status(422);
    assert!(page.texts(".choices .hint").concat().contains("looks like the name of Jonas Reyes"));
}

#[tokio::test]
async fn name_is_changed_a_few_times_a_day_at_most() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    for name in ["Mia One", "Mia Two", "Mia Three"] {
        client.change_name(name, PASSWORD).await.expect_status(303);
    }
    let page = client.change_name("Mia Four", PASSWORD).await.expect_status(429);
    assert_eq!(page.attribute("#f-name-name", "value").as_deref(), Some("Mia Four"), "nothing typed is lost");
    assert_eq!(app.installation_log().await, ["name_changed"; 3]);
}

#[tokio::test]
async fn address_link_in_somebody_elses_session_is_refused() {
    let (app, server) = TestApp::start_with_mail().await;
    let (mia, eve) = (app.person(&member()).await, app.person(&member().named("Eve")).await);
    let (hers, eves) = (app.session(&mia).await, app.session(&eve).await);
    let link = mailed_link(&app, &server, &hers, "mia@new.example").await;
    eves.get(&link).await.expect_status(404);
    eves.post(&link, &[]).await.expect_status(404);
    app.client().get(&link).await.expect_status(303);
    app.client().post(&link, &[]).await.expect_status(401);
    assert_eq!((email_of(&app, &mia).await, email_of(&app, &eve).await), (mia.email.clone(), eve.email.clone()));
    hers.post(&link, &[]).await.expect_status(303);
    assert_eq!(email_of(&app, &mia).await, "mia@new.example");
}

#[tokio::test]
async fn address_link_that_is_old_is_refused() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let client = app.session(&mia).await;
    let replaced = mailed_link(&app, &server, &client, "one@new.example").await;
    let newer = mailed_link(&app, &server, &client, "two@new.example").await;
    client.post(&replaced, &[]).await.expect_status(410);
    // A new password ends it too: who had the old one may have asked for it.
    let form = [("password", PASSWORD), ("new_password", "copper lantern orchard")];
    client.post("/account/password", &form).await.expect_status(303);
    client.post(&newer, &[]).await.expect_status(410);
    assert_eq!(email_of(&app, &mia).await, mia.email);
}

#[tokio::test]
async fn expired_address_link_is_refused() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let link = mailed_link(&app, &server, &app.session(&mia).await, "mia@new.example").await;
    app.state.clock.advance(86_400);
    app.session(&mia).await.post(&link, &[]).await.expect_status(410);
    assert_eq!(email_of(&app, &mia).await, mia.email);
}

#[tokio::test]
async fn address_link_used_several_times_at_once_works_once() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let client = app.session(&mia).await;
    let link = mailed_link(&app, &server, &client, "mia@new.example").await;
    let tries = (0..4).map(|_| async { client.post(&link, &[]).await.status.as_u16() });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [303, 410, 410, 410]);
    assert_eq!(app.installation_entries(&["address_changed"]).await.len(), 1);
}

#[tokio::test]
async fn answer_to_a_requested_address_does_not_say_whose_it_is() {
    let (app, server) = TestApp::start_with_mail().await;
    let (eve, alan) = (app.person(&member().named("Eve")).await, app.person(&member().named("Alan")).await);
    let client = app.session(&eve).await;
    let mut answers = Vec::new();
    for email in [alan.email.as_str(), "a1an@example.org", "free@example.org"] {
        let answer = client.request_address(email).await.expect_status(303);
        let page = client.get(answer.location()).await;
        let shown = format!("{:?}{:?}", page.texts("[role=status]"), page.texts("[data-requested-address]"));
        answers.push(shown.replace(email, "ADDRESS"));
        jobs::send_due_mails(&app.state).await.unwrap();
        let [letter] = &server.take_letters()[..] else { panic!("one letter to each") };
        assert_eq!(letter.to, email);
        assert_eq!(letter.text().contains("/account/address/"), email == "free@example.org", "{}", letter.text());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // The fourth within the hour is too many: nobody is flooded with mails.
    let page = client.request_address("more@example.org").await.expect_status(429);
    assert_eq!(page.attribute("#f-address-email", "value").as_deref(), Some("more@example.org"));
}

#[tokio::test]
async fn address_that_somebody_took_meanwhile_is_refused() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let client = app.session(&mia).await;
    let link = mailed_link(&app, &server, &client, "quick.fox@example.org").await;
    app.person(&member().named("Quick Fox")).await;
    client.post(&link, &[]).await.expect_status(409);
    assert_eq!(email_of(&app, &mia).await, mia.email);
}

#[tokio::test]
async fn name_and_address_of_somebody_who_waits_after_a_renewal_stay() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.sign_in(admin()).await, app.person(&member()).await);
    ann.post(&format!("/admin/people/{}/password-reset", mia.id), &[]).await.expect_status(303);
    let link = ann.get("/admin").await.attribute("#f-link", "value").unwrap();
    let path = url::Url::parse(&link).unwrap().path().to_owned();
    app.client().post(&path, &[("password", "copper lantern orchard")]).await.expect_status(303);
    let client = app.client();
    client.login(&mia.email, "copper lantern orchard").await.expect_status(303);
    let form = [("name", "Mia Other"), ("password", "copper lantern orchard")];
    client.post("/account/name", &form).await.expect_status(409);
    let form = [("email", "eve@example.org"), ("password", "copper lantern orchard")];
    client.post("/account/address", &form).await.expect_status(409);
    assert_eq!(email_of(&app, &mia).await, mia.email);
}

#[tokio::test]
async fn request_for_an_address_by_a_member_is_confirmed_by_no_member() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.sign_in(admin()).await, app.person(&member()).await);
    let hers = app.session(&mia).await;
    hers.request_address("mia@new.example").await.expect_status(303);
    let id = ann.get("/admin").await.attribute("[data-address-request]", "data-address-request").unwrap();
    let path = format!("/admin/address-changes/{id}/confirmation");
    hers.post(&path, &[]).await.expect_status(403);
    ann.post("/admin/address-changes/00000000-0000-0000-0000-000000000000/confirmation", &[]).await.expect_status(404);
    ann.post(&path, &[]).await.expect_status(303);
    ann.post(&path, &[]).await.expect_status(404);
}

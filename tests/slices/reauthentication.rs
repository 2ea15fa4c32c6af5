//! Admin actions on people, rights and policy ask again for the password, and for a code. That every such route does so
//! is tested in `routes`.

use crate::helpers::{Launch, TestApp, admin, client::Client, member, people::PASSWORD};

const ROLES: [(&str, &str); 2] = [("roles", "member"), ("roles", "admin")];

/// The fields that the returned form would send, with a password and more.
fn resubmitted_fields<'a>(fields: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect()
}

/// The fields of the original form, which the page's form carries.
fn hidden_fields(answer: &crate::helpers::client::Answer) -> Vec<(String, String)> {
    let selector = scraper::Selector::parse("[data-proof-first] textarea").unwrap();
    let page = answer.html();
    let field = |found: scraper::ElementRef<'_>| {
        let text = found.text().collect::<String>();
        (found.attr("name").unwrap().to_owned(), text.strip_prefix('\n').unwrap_or(&text).to_owned())
    };
    page.select(&selector).map(field).collect()
}

#[tokio::test]
async fn admin_act_in_a_stale_session_asks_password_and_keeps_form() {
    let app = TestApp::start().await;
    let ann = app.sign_in(admin()).await;
    app.state.clock.advance(301);
    let form = [("name", "Ina D'Invited, Jr."), ("email", "ina@example.org"), ("roles", "member"), ("roles", "admin")];
    let question = ann.post("/admin/invitations", &form).await.expect_status(422);
    assert!(question.body.contains("Nothing was done yet"));
    let fields = hidden_fields(&question);
    assert_eq!(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), form);
    assert!(question.attribute("[data-proof-first] [name=code]", "name").is_none(), "she has no second factor");

    let wrong = ann
        .post("/admin/invitations", &resubmitted_fields(&fields, &[("password", "a wrong guess")]))
        .await
        .expect_status(422);
    assert!(wrong.texts(".field .error")[0].contains("not your password"));
    assert_eq!(hidden_fields(&wrong), fields, "the password is not in it");
    assert_eq!(app.installation_log().await, ["proof_refused"]);
    ann.post("/admin/invitations", &resubmitted_fields(&fields, &[("password", PASSWORD)])).await.expect_status(303);
    assert_eq!(app.installation_log().await, ["proof_refused", "invited"]);
    // One proof is valid for all of them for five minutes.
    app.state.clock.advance(290);
    ann.post("/admin/security/policy", &[("second_factor", "leads_and_admins")]).await.expect_status(303);
}

#[tokio::test]
async fn reauthentication_with_a_second_factor_needs_a_code() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.person(&admin()).await, app.person(&member()).await);
    let phone = app.second_factor(&ann).await;
    let anns = app.session(&ann).await;
    app.state.clock.advance(301);
    let path = format!("/admin/people/{}/roles", mia.id);
    let question = anns.post(&path, &ROLES).await.expect_status(422);
    assert_eq!(question.attribute("[data-proof-first] [name=code]", "name").as_deref(), Some("code"));
    let code = phone.code(&app);
    for (code, status) in [("", 422), ("000000", 422), (code.as_str(), 303)] {
        let form = [&ROLES[..], &[("password", PASSWORD), ("code", code)]].concat();
        anns.post(&path, &form).await.expect_status(status);
    }
    assert_eq!(app.installation_log().await, ["proof_refused", "roles_changed"]);
}

#[tokio::test]
async fn reauthentication_guessing_is_limited() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.sign_in(admin()).await, app.person(&member()).await);
    app.state.clock.advance(301);
    let path = format!("/admin/people/{}/deactivation", mia.id);
    for n in 0..10 {
        ann.post(&path, &[("password", &format!("a wrong guess {n}"))]).await.expect_status(422);
    }
    let slowed = ann.post(&path, &[("password", PASSWORD)]).await.expect_status(429);
    assert!(!slowed.header("retry-after").is_empty());
    assert_eq!(slowed.texts("[data-proof-first] .problem").len(), 1, "the form is there for later");
    let active: bool =
        sqlx::query_scalar("SELECT active FROM users WHERE id = $1").bind(mia.id).fetch_one(&app.owner).await.unwrap();
    assert!(active);
}

/// A session that somebody else took over does not become fresh, whatever it is used for.
#[tokio::test]
async fn session_is_fresh_only_after_a_password() {
    let app = TestApp::start().await;
    app.person(&admin().named("Bob Admin")).await;
    let (ann, mia) = (app.person(&admin()).await, app.person(&member()).await);
    let anns = app.session(&ann).await;
    let path = format!("/admin/people/{}/roles", mia.id);
    app.state.clock.advance(301);
    anns.get("/admin").await.expect_status(200);
    anns.post("/account/sessions/revocation", &[]).await.expect_status(303);
    anns.get("/account").await.expect_status(200);
    anns.post(&path, &ROLES).await.expect_status(422);
    anns.post("/account/zone", &[("zone", "Europe/Lisbon")]).await.expect_status(303);
    anns.post(&path, &ROLES).await.expect_status(422);
    // Signing in is a proof, and so is a password given in another form.
    let fresh = app.client();
    fresh.login(&ann.email, PASSWORD).await.expect_status(303);
    fresh.post(&path, &ROLES).await.expect_status(303);
    let form = [("password", PASSWORD), ("new_password", "velvet harbour compass")];
    anns.post("/account/password", &form).await.expect_status(303);
    anns.post(&path, &[("roles", "member")]).await.expect_status(303);
}

#[tokio::test]
async fn launch_transfer_reauthenticates_the_admin_but_not_the_owner() {
    let launch = Launch::payments().make().await;
    let person = launch.app.person(&admin()).await;
    let ann: Client = launch.app.session(&person).await;
    launch.app.state.clock.advance(301);
    let (path, to) = (launch.path("owner"), launch.operations.person.id.to_string());
    let form = [("owner", to.as_str()), ("reason", "holidays")];
    let question = ann.post(&path, &form).await.expect_status(422);
    assert_eq!(hidden_fields(&question).len(), 2);
    launch.owner.post(&path, &form).await.expect_status(303);
    let back = launch.owner.person.id.to_string();
    let form = [("owner", back.as_str()), ("reason", "back again"), ("password", PASSWORD)];
    ann.post(&path, &form).await.expect_status(303);
}

/// Nobody can give themselves a right that they lack while there is another admin to ask.
#[tokio::test]
async fn admin_cannot_raise_own_rights_while_another_admin_exists() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    let bob = app.person(&admin().named("Bob Admin")).await;
    let (anns, bobs) = (app.session(&ann).await, app.session(&bob).await);
    let path = format!("/admin/people/{}/roles", ann.id);
    bobs.post(&path, &[("roles", "admin")]).await.expect_status(303);
    let anns_again = app.session(&ann).await;
    anns.get("/account").await.expect_status(303);
    let refused = anns_again.post(&path, &ROLES).await.expect_status(403);
    assert!(refused.texts(".problem")[0].contains("Nobody gives themselves a right"));
    assert_eq!(app.installation_log().await, ["roles_changed"]);
    bobs.post(&format!("/admin/people/{}/deactivation", bob.id), &[]).await.expect_status(303);
    anns_again.post(&path, &ROLES).await.expect_status(303);
    assert_eq!(app.installation_log().await, ["roles_changed", "deactivated", "roles_changed"]);
}

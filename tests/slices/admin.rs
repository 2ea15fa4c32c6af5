//! Administration: people, their roles, and invitations.

use crate::helpers::{TestApp, admin, auditor, member};

#[tokio::test]
async fn people_page_lists_accounts_for_an_admin() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    app.person(&member()).await;
    app.person(&auditor()).await;
    let page = client.get("/admin").await.expect_status(200);
    assert_eq!(page.texts("[data-person]").len(), 3);
    assert!(page.texts("[data-person] th")[1].contains("Ann Admin (you)"));
}

#[tokio::test]
async fn invitation_form_with_errors_comes_back_as_typed() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    for (name, email, roles, wrong) in [
        ("", "x", vec![], vec!["name", "email", "roles"]),
        ("Ina\u{202E}", "ina@example.org", vec!["member"], vec!["name"]),
        ("Ina", mia.email.as_str(), vec!["member"], vec!["email"]),
        ("Ina", "ina@example.org", vec!["auditor", "member"], vec!["roles"]),
        ("Ina", "ina@example.org", vec!["king"], vec!["roles"]),
    ] {
        let mut fields = vec![("name", name), ("email", email)];
        fields.extend(roles.iter().map(|role| ("roles", *role)));
        let page = client.post("/admin/invitations", &fields).await.expect_status(422);
        assert_eq!(page.texts(".field .error, fieldset > .error").len(), wrong.len(), "{wrong:?}: {}", page.body);
        assert_eq!(page.attribute("#f-email", "value").as_deref(), Some(email));
    }
    assert_eq!(app.installation_log().await, Vec::<String>::new());
}

#[tokio::test]
async fn role_change_takes_effect_at_once_and_is_logged() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let mia = app.person(&member()).await;
    let hers = app.session(&mia).await;
    let path = format!("/admin/people/{}/roles", mia.id);
    hers.get("/admin").await.expect_status(403);
    client.post(&path, &[("roles", "admin"), ("roles", "member")]).await.expect_status(303);
    hers.get("/account").await.expect_status(303);
    let hers = app.session(&mia).await;
    hers.get("/admin").await.expect_status(200);
    // No change: the roles are the same as before.
    client.post(&path, &[("roles", "member"), ("roles", "admin")]).await.expect_status(303);
    for bad in [vec![], vec![("roles", "auditor"), ("roles", "member")], vec![("roles", "king")]] {
        let page = client.post(&path, &bad).await.expect_status(422);
        assert_eq!(page.texts(".problem").len(), 1);
        assert!(page.attribute(&format!("[data-person='{}'] details", mia.id), "open").is_some(), "shown beside her");
    }
    client
        .post("/admin/people/00000000-0000-0000-0000-000000000000/roles", &[("roles", "member")])
        .await
        .expect_status(404);
    assert_eq!(app.installation_log().await, ["roles_changed"]);
    hers.get("/account").await.expect_status(200);
}

#[tokio::test]
async fn role_change_of_oneself_renews_the_session_secret() {
    let app = TestApp::start().await;
    app.person(&admin().named("Bob Admin")).await;
    let ann = app.person(&admin()).await;
    let (here, elsewhere) = (app.session(&ann).await, app.session(&ann).await);
    let before = here.cookie("signoff");
    here.post(&format!("/admin/people/{}/roles", ann.id), &[("roles", "member")]).await.expect_status(303);
    assert_ne!(here.cookie("signoff"), before);
    here.get("/account").await.expect_status(200);
    here.get("/admin").await.expect_status(403);
    elsewhere.get("/account").await.expect_status(303);
}

#[tokio::test]
async fn last_two_admins_stepping_down_at_once_leave_one() {
    let app = TestApp::start().await;
    let (ann, bob) = (app.person(&admin()).await, app.person(&admin().named("Bob Admin")).await);
    let (anns, bobs) = (app.session(&ann).await, app.session(&bob).await);
    let roles = |person: &crate::helpers::Person| format!("/admin/people/{}/roles", person.id);
    let (down_ann, down_bob) = (roles(&ann), roles(&bob));
    let step = [("roles", "member")];
    let (one, other) = tokio::join!(anns.post(&down_ann, &step), bobs.post(&down_bob, &step));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE 'admin' = ANY (roles)")
        .fetch_one(&app.owner)
        .await
        .unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn last_admin_cannot_be_removed() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    let client = app.session(&ann).await;
    let (roles, off) = (format!("/admin/people/{}/roles", ann.id), format!("/admin/people/{}/deactivation", ann.id));
    // A deactivated admin does not count as an admin.
    let gone = app.person(&admin().named("Gus Gone")).await;
    client.post(&format!("/admin/people/{}/deactivation", gone.id), &[]).await.expect_status(303);
    let page = client.post(&roles, &[("roles", "member")]).await.expect_status(409);
    assert!(page.texts(".problem")[0].contains("no admin left"));
    client.post(&off, &[]).await.expect_status(409);
    client.get("/admin").await.expect_status(200);
    client.post(&format!("/admin/people/{}/reactivation", gone.id), &[]).await.expect_status(303);
    client.post(&off, &[]).await.expect_status(303);
    client.get("/admin").await.expect_status(303);
}

#[tokio::test]
async fn two_admins_deactivating_each_other_at_once_leave_one() {
    let app = TestApp::start().await;
    let (ann, bob) = (app.person(&admin()).await, app.person(&admin().named("Bob Admin")).await);
    let (anns, bobs) = (app.session(&ann).await, app.session(&bob).await);
    let (off_bob, off_ann) =
        (format!("/admin/people/{}/deactivation", bob.id), format!("/admin/people/{}/deactivation", ann.id));
    let (one, other) = tokio::join!(anns.post(&off_bob, &[]), bobs.post(&off_ann, &[]));
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE active").fetch_one(&app.owner).await.unwrap();
    assert_eq!(left, 1, "{} {}", one.status, other.status);
}

#[tokio::test]
async fn ending_all_sessions_of_a_person_leaves_other_peoples() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.person(&admin()).await, app.person(&member()).await);
    let (anns, one, another) = (app.session(&ann).await, app.session(&mia).await, app.session(&mia).await);
    let path = |person: &crate::helpers::Person| format!("/admin/people/{}/sessions/revocation", person.id);
    one.post(&path(&ann), &[]).await.expect_status(403);
    anns.post(&path(&ann), &[]).await.expect_status(409);
    anns.post("/admin/people/00000000-0000-0000-0000-000000000000/sessions/revocation", &[]).await.expect_status(404);
    one.get("/account").await.expect_status(200);
    assert_eq!(anns.post(&path(&mia), &[]).await.location(), "/admin");
    one.get("/account").await.expect_status(303);
    another.get("/account").await.expect_status(303);
    anns.get("/account").await.expect_status(200);
    // They can sign in again as before.
    assert_eq!(app.client().login(&mia.email, crate::helpers::people::PASSWORD).await.location(), "/");
    assert_eq!(app.installation_log().await, ["sessions_ended", "signed_in"]);
    let told = anns.get("/admin/security?kind=sign_ins").await.texts(".log .what");
    assert_eq!(told[1], "Ann Admin ended the sessions of Mia Member");
}

//! Administration: people, their roles, and invitations.

use crate::helpers::{TestApp, admin, auditor, client::Answer, member};

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
    let account = format!("Ina <{}>", mia.email);
    let many: String = (0..51).map(|n| format!("ina{n}@example.org\n")).collect();
    for (people, roles, wrong) in [
        ("", vec![], &["f-people-error", "f-invite-roles-error"][..]),
        ("Ina\u{202E} <ina@example.org>", vec!["member"], &["f-people-error"]),
        (account.as_str(), vec!["member"], &["f-people-error"]),
        (many.as_str(), vec!["member"], &["f-people-error"]),
        ("ina@example.org", vec!["auditor", "member"], &["f-invite-roles-error"]),
        ("ina@example.org", vec!["king"], &["f-invite-roles-error"]),
    ] {
        let mut fields = vec![("people", people)];
        fields.extend(roles.iter().map(|role| ("roles", *role)));
        let page = client.post("/admin/invitations", &fields).await.expect_status(422);
        assert_eq!(page.attributes("form[action='/admin/invitations'] p.error", "id"), wrong, "{people}");
        assert_eq!(typed_people(&page).trim(), people.trim());
    }
    assert_eq!(app.installation_log().await, Vec::<String>::new());
}

#[tokio::test]
async fn invitations_of_several_people_are_shown_once_with_link_and_message() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let list = "Tessa Brandt, tessa@example.org\nomar.diaz@example.org, \"Reyes, Jonas\" <jonas@example.org>";
    let fields = [("people", list), ("roles", "member"), ("roles", "admin")];
    assert_eq!(client.post("/admin/invitations", &fields).await.location(), "/admin");
    let page = client.get("/admin").await.expect_status(200);
    let links = page.attributes("[data-new-link] input[data-copy]", "value");
    assert_eq!(links.len(), 3);
    let people = page.texts("[data-new-link] > label");
    assert_eq!(
        people,
        ["Tessa Brandt tessa@example.org", "Omar Diaz omar.diaz@example.org", "Reyes, Jonas jonas@example.org"]
    );
    for (message, link) in page.texts("[data-new-link] textarea").iter().zip(&links) {
        assert!(message.contains(link) && message.contains("Ann Admin invites you"), "{message}");
    }
    assert_eq!(page.texts("[data-invitation]").len(), 3, "who still has to accept");
    assert_eq!(client.get("/admin").await.texts("[data-new-link]").len(), 0, "shown once");
    for link in &links {
        let path = &link[link.find("/invitations/").unwrap()..];
        let page = app.client().get(path).await.expect_status(200);
        assert!(
            ["Tessa Brandt", "Omar Diaz", "Reyes, Jonas"]
                .contains(&page.attribute("#f-name", "value").unwrap().as_str())
        );
    }
    assert_eq!(app.installation_log().await, ["invited"; 3]);
}

/// The list in the form of an answer, with its line breaks.
fn typed_people(page: &Answer) -> String {
    let fields = page.form_fields("form[action='/admin/invitations']");
    fields.into_iter().find(|(name, _)| name == "people").unwrap().1
}

#[tokio::test]
async fn list_with_a_wrong_line_invites_nobody_and_names_the_line() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let list = "Tessa Brandt, tessa@example.org\nOmar\nomar@example.org\nTESSA@example.org";
    let page = client.post("/admin/invitations", &[("people", list), ("roles", "auditor")]).await.expect_status(422);
    let wrong = page.texts(".list-problems > li");
    assert_eq!(wrong.len(), 2);
    assert!(wrong[0].starts_with("Line 2 Omar"), "{wrong:?}");
    assert!(wrong[1].starts_with("Line 4 TESSA@example.org Line 1 has the same address."), "{wrong:?}");
    assert_eq!(typed_people(&page), list, "the good ones are not lost");
    assert!(page.attribute("#f-invite-roles-auditor", "checked").is_some());
    assert_eq!(page.texts("[data-invitation]").len(), 0);
    assert_eq!(app.installation_log().await, Vec::<String>::new());
}

#[tokio::test]
async fn inviting_somebody_again_is_confirmed_before_the_link_is_replaced() {
    let app = TestApp::start().await;
    let client = app.sign_in(admin()).await;
    let invite = async |more: &[(&str, &str)]| {
        let fields = [&[("people", "Tessa, tessa@example.org\nomar@example.org"), ("roles", "member")], more].concat();
        client.post("/admin/invitations", &fields).await
    };
    client.post("/admin/invitations", &[("people", "Tessa, tessa@example.org"), ("roles", "member")]).await;
    let link = client.get("/admin").await.attribute("#f-link", "value").unwrap();
    let path = &link[link.find("/invitations/").unwrap()..];
    let page = invite(&[]).await.expect_status(422);
    let shown = page.texts("form[action='/admin/invitations'] .choices .hint").concat();
    assert!(shown.contains("Tessa already has an invitation. A new link replaces it."), "{shown}");
    app.client().get(path).await.expect_status(200);
    // Of somebody else, or of another name, it confirms nothing.
    invite(&[("confirmed", "omar@example.org"), ("confirmed", "Tess <tessa@example.org>")]).await.expect_status(422);
    let confirmed = page.attribute("input[name=confirmed]", "value").unwrap();
    invite(&[("confirmed", &confirmed)]).await.expect_status(303);
    app.client().get(path).await.expect_status(410);
    assert_eq!(client.get("/admin").await.texts("[data-new-link]").len(), 2);
    assert_eq!(app.installation_log().await, ["invited"; 3]);
}

#[tokio::test]
async fn new_link_replaces_the_link_of_an_open_or_expired_invitation() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    let client = app.session(&ann).await;
    client.post("/admin/invitations", &[("people", "Tessa, tessa@example.org"), ("roles", "auditor")]).await;
    let path = |page: &crate::helpers::client::Answer| {
        let link = page.attribute("#f-link", "value").unwrap();
        link[link.find("/invitations/").unwrap()..].to_owned()
    };
    let page = client.get("/admin").await;
    let (first, id) = (path(&page), page.attribute("[data-invitation]", "data-invitation").unwrap());
    client.post(&format!("/admin/invitations/{id}/link"), &[]).await.expect_status(303);
    let page = client.get("/admin").await;
    let (second, newer) = (path(&page), page.attribute("[data-invitation]", "data-invitation").unwrap());
    app.client().get(&first).await.expect_status(410);
    app.client().get(&second).await.expect_status(200);
    // The replaced one is not open any more.
    client.post(&format!("/admin/invitations/{id}/link"), &[]).await.expect_status(404);
    app.state.clock.advance(8 * 86_400);
    let client = app.session(&ann).await;
    assert!(client.get("/admin").await.texts("[data-invitation]")[0].contains("expired"));
    client.post(&format!("/admin/invitations/{newer}/link"), &[]).await.expect_status(303);
    let third = path(&client.get("/admin").await);
    app.client().get(&third).await.expect_status(200);
    assert_eq!(app.installation_log().await, ["invited"; 3]);
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
    let shown = anns.get("/admin/security?kind=sign_ins").await.texts(".log .what");
    assert_eq!(shown[1], "Ann Admin ended the sessions of Mia Member");
}

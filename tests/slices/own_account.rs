//! A person's own name, address and colours, changed in the account.

use signoff::jobs;

use crate::helpers::{Launch, TestApp, admin, auditor, client::Client, member, people::PASSWORD};

#[tokio::test]
async fn own_name_changes_for_what_follows_and_not_for_what_was() {
    let launch = Launch::payments().make().await;
    let client = &launch.member;
    let item = format!("/items/{}", launch.item("backups"));
    client.post(&format!("{item}/comments"), &[("body", "Before.")]).await.expect_status(303);
    client.change_name("Mia Morgan", PASSWORD).await.expect_status(303);
    let page = client.get("/account").await.expect_status(200);
    assert!(page.texts(".facts dd")[0].contains("Mia Morgan"), "{:?}", page.texts(".facts dd"));
    let history = format!("/launches/{}/history", launch.id);
    let before = client.get(&history).await.texts("[data-kind=comment_added]").concat();
    assert!(before.contains("Mia Member"), "the past stays as it was: {before}");
    assert!(before.contains("(now Mia Morgan)"), "{before}");
    client.post(&format!("{item}/comments"), &[("body", "After.")]).await.expect_status(303);
    let after = client.get(&history).await.texts("[data-kind=comment_added]").concat();
    assert!(after.contains("Mia Morgan commented") || after.contains("Mia Morgan"), "{after}");
    assert_eq!(launch.app.installation_log().await.last().unwrap(), "name_changed");
    let entry = launch.app.installation_entries(&["name_changed"]).await.remove(0);
    assert_eq!((&entry["event"]["from"], &entry["event"]["to"]), (&"Mia Member".into(), &"Mia Morgan".into()));
    let admin = launch.app.sign_in(admin()).await;
    let shown = admin.get("/admin/security?kind=people").await.texts(".log .what");
    let renamed = "Mia Member (now Mia Morgan)";
    assert_eq!(shown[0], format!("{renamed} changed their name from Mia Member to Mia Morgan"));
}

#[tokio::test]
async fn own_name_with_errors_comes_back_as_typed() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    app.person(&member().named("Jonas Reyes")).await;
    for (name, password, wrong) in [
        ("", PASSWORD, "f-name-name-error"),
        ("Mia\u{202e}", PASSWORD, "f-name-name-error"),
        ("Jonas-Reyes", PASSWORD, "f-name-name-error"),
        ("Mia Morgan", "wrong", "f-name-password-error"),
        ("Mia Morgan", "", "f-name-password-error"),
    ] {
        let page = client.change_name(name, password).await.expect_status(422);
        assert_eq!(page.attributes("p.error", "id"), [wrong], "{name}");
        assert_eq!(page.attribute("#f-name-name", "value").as_deref(), Some(name));
        assert!(page.attribute("details:has(#f-name-name)", "open").is_some(), "the form is open");
    }
    // The name that one has is no change.
    client.change_name("Mia Member", "").await.expect_status(303);
    assert_eq!(app.installation_log().await, ["proof_refused"]);
}

#[tokio::test]
async fn own_address_changes_after_the_link_in_the_mail_and_the_old_one_is_notified() {
    let (app, server) = TestApp::start_with_mail().await;
    let mia = app.person(&member()).await;
    let client = app.session(&mia).await;
    client.request_address("MIA@new.example").await.expect_status(303);
    let page = client.get("/account").await;
    assert!(page.texts("[data-requested-address]")[0].contains("mia@new.example"));
    app.client().login("mia@new.example", PASSWORD).await.expect_status(422);
    jobs::send_due_mails(&app.state).await.unwrap();
    let [letter] = &server.take_letters()[..] else { panic!("one letter") };
    assert_eq!(letter.to, "mia@new.example");
    let link = letter.link();
    let shown = client.get(&link).await.expect_status(200);
    assert!(shown.texts("main")[0].contains("mia@new.example"), "opening the link changes nothing yet");
    app.client().login(&mia.email, PASSWORD).await.expect_status(303);
    assert_eq!(client.post(&link, &[]).await.location(), "/account");
    for again in [client.get(&link).await, client.post(&link, &[]).await] {
        let gone = again.expect_status(410);
        assert_eq!(gone.texts("main h1"), ["The address is confirmed"]);
        assert_eq!(gone.attribute("main a.button", "href").as_deref(), Some("/account"));
    }
    // The link of another person is not found, used or not.
    app.sign_in(auditor()).await.get(&link).await.expect_status(404);
    client.get("/account").await.expect_status(200);
    app.client().login(&mia.email, PASSWORD).await.expect_status(422);
    app.client().login("mia@new.example", PASSWORD).await.expect_status(303);
    jobs::send_due_mails(&app.state).await.unwrap();
    let [letter] = &server.take_letters()[..] else { panic!("one letter") };
    assert_eq!(letter.to, mia.email, "to the old address");
    assert!(letter.text().contains("The address of your account was changed"), "{}", letter.text());
    assert!(!letter.whole.contains("mia@new.example"));
    let kinds = ["address_change_requested", "address_changed"];
    let entries = app.installation_entries(&kinds).await;
    assert_eq!(entries.len(), 2);
    assert!(!serde_json::to_string(&entries).unwrap().contains('@'), "no entry contains an address");
}

#[tokio::test]
async fn own_address_without_mail_is_confirmed_by_another_admin() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.person(&admin()).await, app.person(&member()).await);
    let (anns, hers) = (app.session(&ann).await, app.session(&mia).await);
    let answer = hers.request_address("mia@new.example").await.expect_status(303);
    assert!(hers.get(answer.location()).await.texts("[role=status]")[0].contains("Ask an admin"));
    let confirm = async |client: &Client| {
        let id = client.get("/admin").await.attribute("[data-address-request]", "data-address-request").unwrap();
        client.post(&format!("/admin/address-changes/{id}/confirmation"), &[]).await
    };
    confirm(&anns).await.expect_status(303);
    app.client().login("mia@new.example", PASSWORD).await.expect_status(303);
    assert_eq!(anns.get("/admin").await.texts("[data-address-request]").len(), 0);
    // A sole admin confirms their own; with another admin it is the other one's to confirm.
    anns.request_address("ann@new.example").await.expect_status(303);
    confirm(&anns).await.expect_status(303);
    let bob = app.sign_in(admin().named("Bob Admin")).await;
    anns.request_address("ann@newer.example").await.expect_status(303);
    confirm(&anns).await.expect_status(403);
    confirm(&bob).await.expect_status(303);
    app.client().login("ann@newer.example", PASSWORD).await.expect_status(303);
}

#[tokio::test]
async fn name_with_an_address_follows_the_address() {
    let app = TestApp::start().await;
    let ann = app.sign_in(admin()).await;
    let jonas = app.person(&member().named("Jonas Reyes")).await;
    sqlx::query("UPDATE users SET name = 'Jonas Reyes (jonas.reyes@example.org)' WHERE id = $1")
        .bind(jonas.id)
        .execute(&app.owner)
        .await
        .unwrap();
    let his = app.session(&jonas).await;
    his.request_address("jr@new.example").await.expect_status(303);
    let id = ann.get("/admin").await.attribute("[data-address-request]", "data-address-request").unwrap();
    ann.post(&format!("/admin/address-changes/{id}/confirmation"), &[]).await.expect_status(303);
    assert!(his.get("/account").await.texts(".facts dd")[0].contains("Jonas Reyes (jr@new.example)"));
    assert_eq!(app.installation_log().await, ["address_change_requested", "address_changed", "name_changed"]);
}

#[tokio::test]
async fn chosen_scheme_is_on_every_page_and_follows_the_system_again() {
    let app = TestApp::start().await;
    let client = app.sign_in(member()).await;
    let scheme = async || {
        let page = client.get("/launches").await;
        let meta = page.attribute("meta[name=color-scheme]", "content").unwrap();
        (page.attribute("html", "data-scheme"), meta)
    };
    assert_eq!(scheme().await, (None, "light dark".to_owned()));
    for chosen in ["dark", "light"] {
        client.post("/account/scheme", &[("scheme", chosen)]).await.expect_status(303);
        assert_eq!(scheme().await, (Some(chosen.to_owned()), chosen.to_owned()));
    }
    for wrong in [&[("scheme", "sepia")][..], &[]] {
        let page = client.post("/account/scheme", wrong).await.expect_status(422);
        assert_eq!(page.attributes("p.error", "id"), ["f-scheme-error"]);
    }
    client.post("/account/scheme", &[("scheme", "system")]).await.expect_status(303);
    assert_eq!(scheme().await, (None, "light dark".to_owned()));
    assert_eq!(app.client().get("/login").await.attribute("html", "data-scheme"), None);
}

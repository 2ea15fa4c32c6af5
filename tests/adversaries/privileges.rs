//! People who try to get more rights than they have: by a second tab, an old page, or a forged field.

use reqwest::multipart::Form;
use signoff::{
    ambient,
    domain::{
        ids::LaunchId,
        launch::{
            command::Command,
            state::{Stage, WaiverStatus},
        },
    },
};
use uuid::Uuid;

use super::{assert_refused, count_events};
use crate::helpers::{
    Launch, TestApp, admin,
    client::{Answer, Client},
    member,
    people::PASSWORD,
};

/// Two tabs, and so two sessions, of one person do not count as two people.
#[tokio::test]
async fn person_in_two_tabs_counts_as_one_approver() {
    let launch = Launch::payments().make().await;
    let who = launch.security.person.id;
    launch.run_command(&launch.owner, Command::AddHolder { role: "operations".parse().unwrap(), user: who }).await;
    let (one, two) = (&launch.security, launch.app.session(&launch.security.person).await);
    let item = |key: &str, rest: &str| format!("/items/{}{rest}", launch.item(key));

    let gone = [("state", "not_applicable"), ("reason", "There is no such server."), ("version", "1")];
    one.post(&item("backups", "/state"), &gone).await.expect_status(303);
    let ask = [("reason", "No time."), ("control", "By hand."), ("expires_on", "2099-06-01")];
    one.post(&item("runbook", "/waivers"), &ask).await.expect_status(303);
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let waiver = launch.state().await.item(launch.item("runbook")).unwrap().waivers[0];

    let before = count_events(&launch.app).await;
    let agreement = (item("backups", "/agreement"), [("verdict", "agree")]);
    let approval = (format!("/waivers/{waiver}/approval"), [("verdict", "approve")]);
    let digest = launch.digest("operations").await;
    let form = [("role", "operations"), ("verdict", "go"), ("digest", digest.as_str()), ("password", PASSWORD)];
    for tab in [one, &two] {
        assert_refused(
            &tab.post(&agreement.0, &agreement.1).await,
            (before, count_events(&launch.app).await),
            "agreeing",
        );
        assert_refused(
            &tab.post(&approval.0, &approval.1).await,
            (before, count_events(&launch.app).await),
            "approving",
        );
        let answer = tab.post(&launch.path("signatures"), &form).await;
        assert_refused(&answer, (before, count_events(&launch.app).await), "signing in another role");
    }
    // Another person may do all of it.
    launch.deputy.post(&agreement.0, &agreement.1).await.expect_status(303);
    launch.operations.post(&approval.0, &approval.1).await.expect_status(303);
    launch.sign(&launch.operations, "operations", "go", &[]).await.expect_status(303);
}

/// Pages that were opened while the person still had a right: everything that their forms send afterwards is refused.
#[tokio::test]
async fn removed_lead_with_an_old_page_is_refused() {
    let launch = Launch::payments().make().await;
    let member = &launch.member;
    let item = |key: &str, rest: &str| format!("/items/{}{rest}", launch.item(key));
    let gone = [("state", "not_applicable"), ("reason", "There is no such server."), ("version", "1")];
    member.post(&item("backups", "/state"), &gone).await.expect_status(303);
    let ask = [("reason", "No time."), ("control", "By hand."), ("expires_on", "2099-06-01")];
    member.post(&item("runbook", "/waivers"), &ask).await.expect_status(303);
    let waiver = launch.state().await.item(launch.item("runbook")).unwrap().waivers[0];
    let page = launch.security.get(&launch.path("go-no-go")).await.expect_status(200);
    let digest = page.attribute("form [name=digest]", "value").expect("the page offers to sign");
    let form = [("role", "security"), ("verdict", "go"), ("digest", digest.as_str()), ("password", PASSWORD)];
    let objection = [("role", "security"), ("verdict", "no_go"), ("comment", "No."), ("password", PASSWORD)];

    for (role, actor) in [("security", &launch.security), ("operations", &launch.operations)] {
        let off = Command::RemoveHolder { role: role.parse().unwrap(), user: actor.person.id };
        launch.run_command(&launch.owner, off).await;
    }
    launch.run_command(&launch.owner, Command::TransferOwnership { to: launch.member.person.id, reason: None }).await;

    let before = count_events(&launch.app).await;
    let signatures = launch.path("signatures");
    let (agree, approve) = ([("verdict", "agree")], [("verdict", "approve")]);
    let hold = [("decision", "hold"), ("reason", "Mine."), ("password", PASSWORD)];
    let (role, deputy) = ("security", launch.deputy.person.id.to_string());
    let holder = [("role", role), ("user", deputy.as_str()), ("action", "remove")];
    let (security, owner) = (&launch.security, &launch.owner);
    for (client, path, form) in [
        (security, signatures.clone(), &form[..]),
        (security, signatures, &objection),
        (security, item("backups", "/agreement"), &agree),
        (&launch.operations, format!("/waivers/{waiver}/approval"), &approve),
        (owner, launch.path("decision"), &hold),
        (owner, launch.path("lifecycle"), &[("step", "cancel"), ("reason", "Mine.")]),
        (owner, launch.path("holders"), &holder),
        (owner, launch.path("restriction"), &[("restricted", "on")]),
        (owner, launch.path("details"), &[("name", "Mine"), ("target", "2099-01-01T09:00"), ("zone", "UTC")]),
    ] {
        let answer = client.post(&path, form).await.expect_status(403);
        assert_refused(&answer, (before, count_events(&launch.app).await), &path);
    }
    // A current holder of the role signs with the same page's form.
    launch.deputy.post(&launch.path("signatures"), &form).await.expect_status(303);
}

#[tokio::test]
async fn removed_participant_or_account_with_an_old_page_is_refused() {
    let launch = Launch::ledger().restricted().make().await;
    launch.run_command(&launch.owner, Command::AddParticipant { user: launch.member.person.id }).await;
    let (path, comment) = (launch.item_path("advisory", "/comments"), [("body", "Still here?")]);
    launch.member.post(&path, &comment).await.expect_status(303);
    launch.run_command(&launch.owner, Command::RemoveParticipant { user: launch.member.person.id }).await;
    let before = count_events(&launch.app).await;
    let answer = launch.member.post(&path, &comment).await.expect_status(404);
    assert_refused(&answer, (before, count_events(&launch.app).await), "commenting");
    launch.member.get(&launch.item_path("advisory", "")).await.expect_status(404);

    let app = &launch.app;
    let (ann, bea) = (app.person(&admin()).await, app.person(&admin().named("Bea Boss")).await);
    let (anns, beas) = (app.session(&ann).await, app.session(&bea).await);
    anns.get("/admin").await.expect_status(200);
    beas.post(&format!("/admin/people/{}/roles", ann.id), &[("roles", "member")]).await.expect_status(303);
    let invitation = [("name", "Eve"), ("email", "eve@example.org"), ("roles", "admin")];
    for (path, form) in [
        ("/admin/invitations".to_owned(), &invitation[..]),
        (format!("/admin/people/{}/roles", ann.id), &[("roles", "admin")]),
        (format!("/admin/people/{}/deactivation", bea.id), &[]),
    ] {
        let answer = anns.post(&path, form).await;
        assert!([401, 403].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
    }
    beas.post(&format!("/admin/people/{}/deactivation", ann.id), &[]).await.expect_status(303);
    anns.post("/admin/invitations", &invitation).await.expect_status(401);
    assert!(anns.get("/account").await.location().starts_with("/login"));
    let invited: i64 = sqlx::query_scalar("SELECT count(*) FROM invitations").fetch_one(&app.owner).await.unwrap();
    assert_eq!(invited, 0);
    beas.get("/admin").await.expect_status(200);
}

/// Fields that no form has, with values that would do harm if the server read them.
fn forged_fields(other: &str) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for name in ["user", "user_id", "actor", "actor_id", "author", "by", "signed_by", "signer", "owner_id", "made_by"] {
        fields.push((name, other.to_owned()));
    }
    for name in ["at", "created_at", "updated_at", "signed_at", "attached_at", "now", "timestamp"] {
        fields.push((name, "2001-02-03T04:05:06Z".to_owned()));
    }
    for (name, value) in [
        ("is_admin", "true"),
        ("admin", "true"),
        ("roles", "admin"),
        ("role", "admin"),
        ("approved", "true"),
        ("agreed_by", "everybody"),
        ("sha256", "00"),
        ("media_type", "text/html"),
        ("session_epoch", "99"),
        ("credential_version", "99"),
        ("launch", "00000000-0000-0000-0000-000000000000"),
        ("launch_id", "00000000-0000-0000-0000-000000000000"),
        ("id", "00000000-0000-0000-0000-000000000000"),
        ("item_id", "00000000-0000-0000-0000-000000000000"),
        ("kind", "go_declared"),
        ("__proto__", "x"),
        ("password_hash", "x"),
    ] {
        fields.push((name, value.to_owned()));
    }
    fields
}

/// Sends a form with all forged fields, before its own fields and after them.
async fn post(client: &Client, path: &str, own: &[(&str, &str)], more: &[(&'static str, String)]) -> Answer {
    let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let more: Vec<(&str, &str)> = more.into_iter().filter(|(name, _)| own.iter().all(|(o, _)| o != name)).collect();
    client.post(path, &[&more, own, &more].concat()).await
}

#[tokio::test]
async fn forged_form_fields_change_nothing() {
    let launch = Launch::ledger().make().await;
    let more = forged_fields(&launch.owner.person.id.to_string());
    let member = &launch.member;
    let item = |rest: &str| launch.item_path("required", rest);
    let waiver = [("reason", "No time."), ("control", "By hand."), ("expires_on", "2099-01-01")];
    let blocked = [("state", "blocked"), ("reason", "No quota."), ("version", "1")];
    post(member, &item("/state"), &blocked, &more).await.expect_status(303);
    post(member, &item("/comments"), &[("body", "A remark.")], &more).await.expect_status(303);
    post(member, &item("/waivers"), &waiver, &more).await.expect_status(303);
    post(member, &item("/evidence-requests"), &[("text", "The log, too.")], &more).await.expect_status(303);
    post(member, &format!("/launches/{}/notes", launch.id), &[("notes", "Here.")], &more).await.expect_status(303);
    let form = more.iter().fold(Form::new(), |form, (name, value)| form.text(*name, value.clone()));
    member.upload(&item("/evidence"), form.text("note", "Seen.")).await.expect_status(303);

    // Each event belongs to the member, to now, to this launch and item, and has its own kind.
    let stored: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 AND seq > 3 ORDER BY seq")
            .bind(launch.id)
            .fetch_all(&launch.app.owner)
            .await
            .unwrap();
    assert_eq!(stored.len(), 6);
    for bytes in stored {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(&format!("\"actor\":{{\"id\":\"{}\"", launch.member.person.id)), "{text}");
        for made_up in
            [launch.owner.person.id.to_string().as_str(), "2001-02-03", "00000000-0000-0000", "text/html", "everybody"]
        {
            assert!(!text.contains(made_up), "{text}");
        }
    }
    let state = launch.state().await;
    assert!(state.waivers.values().all(|waiver| waiver.status == WaiverStatus::Asked));
    assert!(matches!(state.stage, Stage::Preparing) && state.signatures.is_empty());
}

#[tokio::test]
async fn member_cannot_raise_their_own_rights() {
    let app = TestApp::start().await;
    let (ann, mia) = (app.person(&admin()).await, app.person(&member()).await);
    let (anns, mias) = (app.session(&ann).await, app.session(&mia).await);
    let more = forged_fields(&ann.id.to_string());
    let rights = async |email: &str| -> (Vec<String>, bool) {
        sqlx::query_as("SELECT roles, active FROM users WHERE email = $1")
            .bind(email)
            .fetch_one(&app.owner)
            .await
            .unwrap()
    };
    let hash = async || -> String {
        sqlx::query_scalar("SELECT password_hash FROM users WHERE id = $1")
            .bind(ann.id)
            .fetch_one(&app.owner)
            .await
            .unwrap()
    };
    let before = hash().await;
    post(&mias, "/account/zone", &[("zone", "Europe/Lisbon")], &more).await.expect_status(303);
    let new = [("password", PASSWORD), ("new_password", "velvet harbour compass"), ("email", ann.email.as_str())];
    post(&mias, "/account/password", &new, &more).await.expect_status(303);
    assert_eq!(rights(&mia.email).await, (vec!["member".to_owned()], true));
    assert_eq!((rights(&ann.email).await.1, hash().await), (true, before), "another's password is not concerned");
    app.client().login(&mia.email, "velvet harbour compass").await.expect_status(303);

    let invitation = [("name", "Ina"), ("email", "ina@example.org"), ("roles", "member")];
    anns.post("/admin/invitations", &invitation).await.expect_status(303);
    let link = anns.get("/admin").await.attribute("#f-link", "value").unwrap();
    let own = [("name", "Ina"), ("password", "granite willow kettle"), ("email", "other@example.org")];
    post(&app.client(), url::Url::parse(&link).unwrap().path(), &own, &more).await.expect_status(303);
    assert_eq!(rights("ina@example.org").await.0, ["member"], "with the address and the rights of the invitation");

    // The person who makes a launch owns it.
    let launch = Launch::ledger().make().await;
    let version: Uuid =
        sqlx::query_scalar("SELECT id FROM checklist_versions").fetch_one(&launch.app.owner).await.unwrap();
    let version = version.to_string();
    let owner = launch.owner.person.id.to_string();
    let once = ambient::new_opaque_id::<Uuid>().to_string();
    let own = [
        ("name", "Mine"),
        ("checklist", version.as_str()),
        ("target", "2099-01-01T09:00"),
        ("zone", "Europe/Lisbon"),
        ("once", once.as_str()),
        ("owner", owner.as_str()),
        ("stage", "launched"),
    ];
    let answer = post(&launch.member, "/launches", &own, &forged_fields(&owner)).await;
    let id = answer.location().split(['/', '?']).nth(2).unwrap().parse().unwrap();
    let made = launch.app.state.record.load(&launch.app.state.db, LaunchId(id)).await.unwrap().unwrap();
    assert_eq!(made.owner, launch.member.person.id);
}

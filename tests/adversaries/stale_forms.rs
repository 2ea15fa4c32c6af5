//! Two browsers with forms of the same page: the second is shown what the first changed, and loses nothing it typed.

use signoff::{
    ambient,
    domain::{
        ids::LaunchId,
        installation::{InstallationEvent, SecondFactorPolicy},
        launch::event::PersonRef,
    },
    record::installation_log,
};

use crate::helpers::{TestApp, admin, client::Client, launch::Launch, member};

#[tokio::test]
async fn agreement_from_an_older_page_is_refused_and_its_remark_kept() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("critical", "/agreement");
    launch.send_mark(&launch.member, "critical", "not_applicable", "No such thing.").await.expect_status(303);
    let page = launch.security.get(&launch.item_path("critical", "")).await.expect_status(200);
    let shown = page.attribute("form[action$='/agreement'] [name=version]", "value").unwrap();
    launch.send_mark(&launch.member, "critical", "not_applicable", "The vendor says so.").await.expect_status(303);
    let form = [("verdict", "agree"), ("reason", "As I read it."), ("version", &*shown)];
    let page = launch.security.post(&path, &form).await.expect_status(409);
    assert!(page.texts("main [role=alert]")[0].contains("Meanwhile Mia Member marked it not applicable"));
    assert_eq!(page.texts("#f-agreement-reason"), ["As I read it."]);
    assert_eq!(launch.kinds().await, ["item_marked", "item_marked"]);
    let now = page.attribute("form[action$='/agreement'] [name=version]", "value").unwrap();
    launch.security.post(&path, &[("verdict", "agree"), ("version", "x")]).await.expect_status(422);
    launch.security.post(&path, &[("verdict", "agree"), ("version", &now)]).await.expect_status(303);
    launch.security.post(&path, &[("verdict", "refuse"), ("reason", "No version.")]).await.expect_status(303);
}

#[tokio::test]
async fn details_and_rules_from_an_older_page_are_refused_and_kept() {
    let launch = Launch::ledger().make().await;
    let at = |page: &str| format!("/launches/{}/{page}", launch.id);
    let (one, two) = (
        launch.owner.get(&at("settings")).await.expect_status(200),
        launch.owner.get(&at("settings")).await.expect_status(200),
    );
    let seq = |page: &crate::helpers::client::Answer, form: &str| {
        page.attribute(&format!("form[action$='/{form}'] [name=seq]"), "value").unwrap()
    };
    let details = |target, summary, seq| {
        [("name", "Ledger"), ("summary", summary), ("target", target), ("zone", "Europe/Lisbon"), ("seq", seq)]
    };
    let (first, second) = (seq(&one, "details"), seq(&two, "details"));
    launch.owner.post(&at("details"), &details("2099-03-01T09:00", "", &first)).await.expect_status(303);
    let stale = details("2099-01-01T09:00", "For the books.", &second);
    let page = launch.owner.post(&at("details"), &stale).await.expect_status(409);
    let problem = page.texts("main [role=alert]").concat();
    assert!(problem.contains("Meanwhile Olga Owner changed the target to 1 Mar 2099, 09:00"), "{problem}");
    assert_eq!(page.attribute("#f-target", "value").as_deref(), Some("2099-01-01T09:00"));
    assert_eq!(page.texts("#f-summary"), ["For the books."]);
    assert_eq!(launch.kinds().await, ["details_changed"]);
    // What it replaces now is shown beside it; sent again, it is taken.
    let seen = seq(&page, "details");
    let known = details("2099-01-01T09:00", "For the books.", &seen);
    launch.owner.post(&at("details"), &known).await.expect_status(303);

    // Rules are another thing: the details that changed are no conflict.
    let rules = |days, seq| [("slip_days", days), ("separation_of_duties", "on"), ("seq", seq)];
    let (first, second) = (seq(&one, "policy"), seq(&two, "policy"));
    launch.owner.post(&at("policy"), &rules("3", &first)).await.expect_status(303);
    let page = launch.owner.post(&at("policy"), &rules("9", &second)).await.expect_status(409);
    assert_eq!(page.attribute("#f-slip_days", "value").as_deref(), Some("9"));
    assert_eq!(launch.state().await.policy.slip_days, 3);
    for wrong in ["", "x", "0"] {
        launch.owner.post(&at("policy"), &rules("9", wrong)).await.expect_status(422);
    }
}

#[tokio::test]
async fn assignment_from_an_older_page_does_not_unassign() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/assignment");
    let shown = launch.owner.get(&launch.item_path("required", "")).await.expect_status(200);
    let seq = shown.attribute("form[action$='/assignment'] [name=seq]", "value").unwrap();
    let mia = launch.member.person.id.to_string();
    launch.owner.post(&path, &[("assignee", &mia), ("due", ""), ("seq", &seq)]).await.expect_status(303);
    let stale = [("assignee", ""), ("due", "2098-01-01"), ("seq", &*seq)];
    let page = launch.operations.post(&path, &stale).await.expect_status(409);
    let problem = page.texts("main [role=alert]").concat();
    assert!(problem.contains("Meanwhile Olga Owner assigned it to Mia Member"), "{problem}");
    assert_eq!(page.attribute("#f-due", "value").as_deref(), Some("2098-01-01"));
    assert_eq!(
        launch.item_state("required").await.assignment.assignee.map(|person| person.id),
        Some(launch.member.person.id)
    );
}

/// The event that a form of the settings page shows.
async fn shown_seq(client: &Client, launch: LaunchId, form: &str) -> String {
    let page = client.get(&format!("/launches/{launch}/settings")).await.expect_status(200);
    page.attribute(&format!("form[action$='/{form}'] [name=seq]"), "value").unwrap()
}

#[tokio::test]
async fn owner_from_an_older_page_is_refused_and_the_reason_kept() {
    let launch = Launch::ledger().make().await;
    let path = format!("/launches/{}/owner", launch.id);
    let admin = launch.app.sign_in(admin()).await;
    let seq = shown_seq(&admin, launch.id, "owner").await;
    let mia = launch.member.person.id.to_string();
    launch.owner.post(&path, &[("owner", &*mia), ("seq", &seq)]).await.expect_status(303);
    let back = [("owner", &*launch.owner.person.id.to_string()), ("reason", "Olga asked me to."), ("seq", &seq)];
    let page = admin.post(&path, &back).await.expect_status(409);
    let problem = page.texts("main [role=alert]").concat();
    assert!(problem.contains("Meanwhile Olga Owner transferred ownership to Mia Member"), "{problem}");
    assert_eq!(page.texts("form[action$='/owner'] textarea"), ["Olga asked me to."]);
    assert_eq!(
        page.attribute("form[action$='/owner'] option[selected]", "value"),
        Some(launch.owner.person.id.to_string())
    );
    assert_eq!(launch.state().await.owner, launch.member.person.id);
    // Sent again from the page that came back, it is taken.
    let seen = page.attribute("form[action$='/owner'] [name=seq]", "value").unwrap();
    let known = [("owner", &*launch.owner.person.id.to_string()), ("reason", "Olga asked me to."), ("seq", &seen)];
    admin.post(&path, &known).await.expect_status(303);
    assert_eq!(launch.state().await.owner, launch.owner.person.id);
}

#[tokio::test]
async fn restriction_form_that_is_stale_or_invalid_comes_back_with_the_problem() {
    let launch = Launch::ledger().make().await;
    let path = format!("/launches/{}/restriction", launch.id);
    let first = shown_seq(&launch.owner, launch.id, "restriction").await;
    launch.owner.post(&path, &[("restricted", "on"), ("seq", &first)]).await.expect_status(303);
    let second = shown_seq(&launch.owner, launch.id, "restriction").await;
    launch.owner.post(&path, &[("restricted", "off"), ("seq", &second)]).await.expect_status(303);
    let page = launch.owner.post(&path, &[("restricted", "on"), ("seq", &first)]).await.expect_status(409);
    let problem = page.texts("main [role=alert]").concat();
    assert!(problem.contains("Meanwhile Olga Owner opened the launch to everyone"), "{problem}");
    assert!(page.attribute("form[action$='/restriction'] [name=seq]", "value").unwrap() > second);
    for wrong in [
        vec![("seq", &*first)],
        vec![("restricted", "perhaps"), ("seq", &first)],
        vec![("restricted", "on"), ("seq", "0")],
        vec![("restricted", "on"), ("seq", "first")],
    ] {
        let page = launch.owner.post(&path, &wrong).await.expect_status(422);
        assert_eq!(page.texts("main [role=alert]").len(), 1, "{wrong:?}");
        assert_eq!(page.texts("form[action$='/restriction']").len(), 1, "{wrong:?}");
    }
    assert_eq!(launch.kinds().await, ["restriction_changed", "restriction_changed"]);
}

#[tokio::test]
async fn roles_of_a_person_from_an_older_page_are_refused_and_kept() {
    let app = TestApp::start().await;
    let (ann, bob) = (app.sign_in(admin()).await, app.sign_in(admin().named("Bob Builder")).await);
    let mia = app.person(&member()).await;
    let path = format!("/admin/people/{}/roles", mia.id);
    let row = format!("[data-person='{}']", mia.id);
    let shown = async |client: &Client| {
        let page = client.get("/admin").await.expect_status(200);
        page.attribute(&format!("{row} form[action$='/roles'] [name=seq]"), "value").unwrap()
    };
    let seq = shown(&ann).await;
    bob.post(&path, &[("roles", "auditor"), ("seq", &seq)]).await.expect_status(303);
    let page = ann.post(&path, &[("roles", "member"), ("roles", "admin"), ("seq", &seq)]).await.expect_status(409);
    let problem = page.texts(&format!("{row} .problem")).concat();
    assert!(problem.contains("Meanwhile Bob Builder changed the roles to: Auditor"), "{problem}");
    assert_eq!(page.attributes(&format!("{row} [name=roles][checked]"), "value"), ["member", "admin"]);
    assert_eq!(app.installation_log().await.last().unwrap(), "roles_changed");
    assert_eq!(app.installation_log().await.iter().filter(|kind| *kind == "roles_changed").count(), 1);
    // The roles that there are already are no conflict, and nothing happens.
    ann.post(&path, &[("roles", "auditor"), ("seq", &seq)]).await.expect_status(303);
    for wrong in ["", "-1", "x"] {
        let page = ann.post(&path, &[("roles", "member"), ("seq", wrong)]).await.expect_status(422);
        assert_eq!(page.attributes(&format!("{row} [name=roles][checked]"), "value"), ["member"], "{wrong}");
    }
    // A refusal of another kind loses no choice either.
    let page = ann.post(&path, &[("roles", "member"), ("roles", "auditor")]).await.expect_status(422);
    assert_eq!(page.attributes(&format!("{row} [name=roles][checked]"), "value"), ["member", "auditor"]);
    // Changes of another person are none of this one's.
    let otto = app.person(&member().named("Otto Other")).await;
    let seen = shown(&ann).await;
    let path_of_otto = format!("/admin/people/{}/roles", otto.id);
    bob.post(&path_of_otto, &[("roles", "auditor")]).await.expect_status(303);
    ann.post(&path, &[("roles", "member"), ("seq", &seen)]).await.expect_status(303);
}

#[tokio::test]
async fn second_factor_policy_from_an_older_page_is_refused_and_kept() {
    let app = TestApp::start().await;
    let ann = app.sign_in(admin()).await;
    let bob = app.person(&admin().named("Bob Builder")).await;
    let path = "/admin/security/policy";
    let shown = async |client: &Client| {
        let page = client.get("/admin/security").await.expect_status(200);
        page.attribute("form[action$='/policy'] [name=seq]", "value").unwrap()
    };
    let seq = shown(&ann).await;
    // Bob asked for a second factor, and then no longer.
    let event = InstallationEvent::SecondFactorPolicyChanged {
        from: SecondFactorPolicy::LeadsAndAdmins,
        to: SecondFactorPolicy::Optional,
    };
    let by = PersonRef { id: bob.id, name: "Bob Builder".to_owned().try_into().unwrap() };
    let now = app.state.clock.now();
    installation_log::record_event(&app.state.db, Some(&by), &event, ambient::new_id(), now).await.unwrap();
    let page = ann.post(path, &[("second_factor", "leads_and_admins"), ("seq", &seq)]).await.expect_status(409);
    let problem = page.texts("main [role=alert]").concat();
    assert!(problem.contains("Meanwhile Bob Builder made a second factor optional"), "{problem}");
    assert_eq!(page.attributes("[name=second_factor][checked]", "value"), ["leads_and_admins"]);
    for wrong in [vec![("second_factor", "never")], vec![("second_factor", "leads_and_admins"), ("seq", "x")]] {
        let page = ann.post(path, &wrong).await.expect_status(422);
        assert_eq!(page.texts("main [role=alert]").len(), 1, "{wrong:?}");
    }
    let seen = page.attribute("form[action$='/policy'] [name=seq]", "value").unwrap();
    ann.post(path, &[("second_factor", "leads_and_admins"), ("seq", &seen)]).await.expect_status(303);
}

#[tokio::test]
async fn evidence_request_repeated_while_open_says_who_asked_and_is_no_event() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence-requests");
    let ask = |text: &'static str| [("text", text)];
    launch.auditor.post(&path, &ask("Show the log.")).await.expect_status(303);
    for client in [&launch.auditor, &launch.member] {
        let answer = client.post(&path, &ask("Show the log.")).await.expect_status(303);
        let shown = client.get(answer.location()).await.texts(".flash").concat();
        assert!(shown.contains("Already asked by Ada Auditor on "), "{shown}");
    }
    assert_eq!(launch.kinds().await, ["evidence_requested"]);
    launch.member.post(&path, &ask("Show the other log.")).await.expect_status(303);
    launch
        .auditor
        .post(&launch.item_path("critical", "/evidence-requests"), &ask("Show the log."))
        .await
        .expect_status(303);
    assert_eq!(launch.kinds().await, ["evidence_requested"; 3], "another text, another item");
    // Once it is answered, the same can be asked again.
    let page = launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    let answer = page.attribute("form[action$='/answer']", "action").unwrap();
    launch.member.post(&answer, &[("text", "Here.")]).await.expect_status(303);
    launch.auditor.post(&path, &ask("Show the log.")).await.expect_status(303);
    assert_eq!(launch.kinds().await[3..], ["evidence_request_answered", "evidence_requested"]);
}

#[tokio::test]
async fn signatures_asked_for_twice_are_one_event_until_somebody_else_is_to_sign() {
    let launch = Launch::ledger().make().await;
    let path = format!("/launches/{}/signature-requests", launch.id);
    launch.owner.post(&path, &[]).await.expect_status(303);
    let answer = launch.owner.post(&path, &[]).await.expect_status(303);
    let shown = launch.owner.get(answer.location()).await.texts(".flash").concat();
    assert!(shown.contains("Already asked by Olga Owner on "), "{shown}");
    assert_eq!(launch.kinds().await, ["signatures_asked"]);
}

//! Two browsers with forms of the same page: the second is told what the first changed, and loses nothing it typed.

use crate::helpers::team::Team;

#[tokio::test]
async fn agreement_from_an_older_page_is_refused_and_its_remark_kept() {
    let team = Team::start().await;
    let path = team.path("critical", "/agreement");
    team.mark(&team.member, "critical", "not_applicable", "No such thing.").await.expect_status(303);
    let page = team.security.get(&team.path("critical", "")).await.expect_status(200);
    let shown = page.attribute("form[action$='/agreement'] [name=version]", "value").unwrap();
    team.mark(&team.member, "critical", "not_applicable", "The vendor says so.").await.expect_status(303);
    let form = [("verdict", "agree"), ("reason", "As I read it."), ("version", &*shown)];
    let page = team.security.post(&path, &form).await.expect_status(409);
    assert!(page.texts("main [role=alert]")[0].contains("Meanwhile Mia Member marked it not applicable"));
    assert_eq!(page.texts("#f-agreement-reason"), ["As I read it."]);
    assert_eq!(team.kinds().await, ["item_marked", "item_marked"]);
    let now = page.attribute("form[action$='/agreement'] [name=version]", "value").unwrap();
    team.security.post(&path, &[("verdict", "agree"), ("version", "x")]).await.expect_status(422);
    team.security.post(&path, &[("verdict", "agree"), ("version", &now)]).await.expect_status(303);
    team.security.post(&path, &[("verdict", "refuse"), ("reason", "No version.")]).await.expect_status(303);
}

#[tokio::test]
async fn details_and_rules_from_an_older_page_are_refused_and_kept() {
    let team = Team::start().await;
    let at = |page: &str| format!("/launches/{}/{page}", team.launch);
    let (one, two) = (
        team.owner.get(&at("settings")).await.expect_status(200),
        team.owner.get(&at("settings")).await.expect_status(200),
    );
    let seq = |page: &crate::helpers::client::Answer, form: &str| {
        page.attribute(&format!("form[action$='/{form}'] [name=seq]"), "value").unwrap()
    };
    let details = |target, summary, seq| {
        [("name", "Ledger"), ("summary", summary), ("target", target), ("zone", "Europe/Lisbon"), ("seq", seq)]
    };
    let (first, second) = (seq(&one, "details"), seq(&two, "details"));
    team.owner.post(&at("details"), &details("2099-03-01T09:00", "", &first)).await.expect_status(303);
    let stale = details("2099-01-01T09:00", "For the books.", &second);
    let page = team.owner.post(&at("details"), &stale).await.expect_status(409);
    let problem = page.texts("main [role=alert]").concat();
    assert!(problem.contains("Meanwhile Olga Owner changed the target to 2099-03-01 09:00"), "{problem}");
    assert_eq!(page.attribute("#f-target", "value").as_deref(), Some("2099-01-01T09:00"));
    assert_eq!(page.texts("#f-summary"), ["For the books."]);
    assert_eq!(team.kinds().await, ["details_changed"]);
    // What it replaces now is shown beside it; sent again, it is taken.
    let seen = seq(&page, "details");
    let known = details("2099-01-01T09:00", "For the books.", &seen);
    team.owner.post(&at("details"), &known).await.expect_status(303);

    // Rules are another thing: the details that changed are no conflict.
    let rules = |days, seq| [("slip_days", days), ("separation_of_duties", "on"), ("seq", seq)];
    let (first, second) = (seq(&one, "policy"), seq(&two, "policy"));
    team.owner.post(&at("policy"), &rules("3", &first)).await.expect_status(303);
    let page = team.owner.post(&at("policy"), &rules("9", &second)).await.expect_status(409);
    assert_eq!(page.attribute("#f-slip_days", "value").as_deref(), Some("9"));
    assert_eq!(team.state().await.policy.slip_days, 3);
    for wrong in ["", "x", "0"] {
        team.owner.post(&at("policy"), &rules("9", wrong)).await.expect_status(422);
    }
}

#[tokio::test]
async fn assignment_from_an_older_page_does_not_unassign() {
    let team = Team::start().await;
    let path = team.path("required", "/assignment");
    let shown = team.owner.get(&team.path("required", "")).await.expect_status(200);
    let seq = shown.attribute("form[action$='/assignment'] [name=seq]", "value").unwrap();
    let mia = team.member_id.to_string();
    team.owner.post(&path, &[("assignee", &mia), ("due", ""), ("seq", &seq)]).await.expect_status(303);
    let stale = [("assignee", ""), ("due", "2098-01-01"), ("seq", &*seq)];
    let page = team.operations.post(&path, &stale).await.expect_status(409);
    let problem = page.texts("main [role=alert]").concat();
    assert!(problem.contains("Meanwhile Olga Owner assigned it to Mia Member"), "{problem}");
    assert_eq!(page.attribute("#f-due", "value").as_deref(), Some("2098-01-01"));
    assert_eq!(team.item_state("required").await.assignment.assignee.map(|person| person.id), Some(team.member_id));
}

//! Roles that nobody can sign for, and deactivated people.

use super::*;
use crate::helpers::client::Answer;

/// Deactivates somebody, as an admin does.
async fn deactivate(launch: &Launch, actor: &Client) {
    sqlx::query("UPDATE users SET active = false WHERE id = $1")
        .bind(actor.person.id)
        .execute(&launch.app.owner)
        .await
        .unwrap();
}

/// The reasons of the rule `signatures` for a role, text and address: from the JSON, then from the page.
async fn reasons(launch: &Launch, role: &str) -> [(String, String); 2] {
    let json = launch.owner.get(&launch.path("readiness.json")).await.expect_status(200).body;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let reasons = json["reasons"].as_array().unwrap();
    let found = reasons.iter().find(|it| it["rule"] == "signatures" && it["role"] == role).unwrap();
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    let page = launch.owner.get(&launch.path("go-no-go")).await.expect_status(200);
    let title = if role == "security" { "Security" } else { "Operations" };
    let all = page.texts("[data-rule=signatures]");
    let at = all.iter().position(|line| line.contains(title)).unwrap();
    let hrefs = page.attributes("[data-rule=signatures] a[href]", "href");
    [(text("text"), text("href")), (all[at].clone(), hrefs.get(at).cloned().unwrap_or_default())]
}

#[tokio::test]
async fn role_without_a_holder_says_so_and_links_to_naming() {
    let launch = Launch::payments().make().await;
    let holders = launch.path("settings#holders");
    let [(text, _), _] = reasons(&launch, "operations").await;
    assert_eq!(text, "Operations: nobody has signed yet.");
    let (role, user) = ("operations".parse().unwrap(), launch.operations.person.id);
    launch.run_command(&launch.owner, Command::RemoveHolder { role, user }).await;
    let [(text, href), (line, link)] = reasons(&launch, "operations").await;
    assert_eq!((text.as_str(), &href), ("Operations: nobody holds the role.", &holders));
    assert!(line.contains("nobody holds the role") && line.contains("Name a holder"), "{line}");
    assert_eq!(link, holders);
}

#[tokio::test]
async fn role_whose_holders_are_no_longer_members_says_so_and_marks_them() {
    for roles in [&["auditor"][..], &["admin"]] {
        let launch = Launch::payments().make().await;
        let holders = launch.path("settings#holders");
        let take_membership = async |person: &Client| {
            sqlx::query("UPDATE users SET roles = $2 WHERE id = $1")
                .bind(person.person.id)
                .bind(roles)
                .execute(&launch.app.owner)
                .await
                .unwrap();
        };
        take_membership(&launch.security).await;
        let [(text, _), _] = reasons(&launch, "security").await;
        assert_eq!(text, "Security: nobody has signed yet.", "the deputy can");
        deactivate(&launch, &launch.deputy).await;
        let [(text, href), (line, link)] = reasons(&launch, "security").await;
        assert_eq!(text, "Security: nobody who holds the role is an active member.");
        assert_eq!((&href, &link), (&holders, &holders));
        assert!(line.contains("Name a holder"), "{line}");
        for (page, place) in [("go-no-go", "#role-security .chip"), ("settings", "#holders .chip")] {
            let page = launch.owner.get(&launch.path(page)).await.expect_status(200);
            let chips = page.texts(place);
            let mut marks: Vec<_> = chips.iter().filter(|chip| *chip != "awaiting").map(String::as_str).collect();
            marks.sort_unstable();
            assert_eq!(marks, ["deactivated", "no longer a member"], "{place}");
        }
    }
}

#[tokio::test]
async fn role_with_only_deactivated_holders_says_so_and_marks_them() {
    let launch = Launch::payments().make().await;
    let holders = launch.path("settings#holders");
    deactivate(&launch, &launch.security).await;
    let [(text, _), _] = reasons(&launch, "security").await;
    assert_eq!(text, "Security: nobody has signed yet.", "the deputy can");
    deactivate(&launch, &launch.deputy).await;
    let [(text, href), (line, link)] = reasons(&launch, "security").await;
    assert_eq!((text.as_str(), &href), ("Security: everybody who holds the role is deactivated.", &holders));
    assert!(line.contains("Name a holder"), "{line}");
    assert_eq!(link, holders);
    // Marked wherever they are named.
    let participant = Command::AddParticipant { user: launch.member.person.id };
    launch.run_command(&launch.owner, participant).await;
    let item = launch.item("runbook");
    let assignee = Some(launch.member.person.id);
    launch.run_command(&launch.owner, Command::SetAssignee { item, assignee }).await;
    deactivate(&launch, &launch.member).await;
    let marked =
        |page: Answer, place: &str| page.texts(place).into_iter().filter(|text| text.contains("deactivated")).count();
    let browser = &launch.owner;
    let page = browser.get(&launch.path("go-no-go")).await;
    assert_eq!(marked(page, "#readers tbody tr"), 2);
    let page = browser.get(&launch.path("go-no-go")).await;
    assert_eq!(page.texts("#role-security .chip").iter().filter(|chip| *chip == "deactivated").count(), 2);
    assert_eq!(marked(browser.get(&launch.path("settings")).await, "#holders li"), 2);
    assert_eq!(marked(browser.get(&launch.path("settings")).await, "#participants li"), 1);
    assert_eq!(marked(browser.get(&format!("/items/{item}")).await, "#assignment"), 1);
    // Saving only the due date does not change the assignment.
    browser.post(&format!("/items/{item}/assignment"), &[("due", "2098-01-01")]).await.expect_status(303);
    assert!(launch.state().await.item(item).unwrap().assignment.assignee.is_some());
}

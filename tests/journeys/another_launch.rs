//! A team that has launched once begins its second launch from the first, and looks at both side by side.

use signoff::domain::launch::{command::Command, event::ItemState};

use super::browser::{Browser, Script, journey};
use crate::helpers::{launch::Launch, people::PASSWORD};

#[tokio::test]
async fn second_launch_is_made_from_the_first() {
    let launch = Launch::payments().make().await;
    let item = launch.item("runbook");
    let (assignee, due) = (Some(launch.member.person.id), Some("2098-12-25".parse().unwrap()));
    launch.run_command(&launch.owner, Command::Assign { item, assignee, due }).await;
    launch.mark(&launch.owner, "runbook", ItemState::Done).await;
    let desk = Browser::start(&launch.app, "desk", Script::On).await;
    journey(&[&desk], run(&launch, &desk)).await;
    desk.end().await;
}

async fn run(launch: &Launch, desk: &Browser) {
    desk.sign_in("olga.owner@example.org", PASSWORD).await;
    desk.visit(&launch.path("settings")).await;
    desk.follow("Make another like it").await;
    let form = desk.form("form[action$='/another']").await;
    assert!(form.is_ticked("Assign the items to the same people").await);
    form.fill("Name", "Payments 2").await;
    form.set_value("Target", "2099-02-01T09:00").await;
    form.submit("Make the launch").await;
    // It ends on the checklist, on which everything is open again and assigned to the same people.
    desk.sees("The launch is made. Next, mark the items").await;
    assert_eq!(desk.text("h1").await, "Payments 2");
    assert_eq!(desk.count("li.item[data-state=done]").await, 0);
    let second = desk.path().await;
    desk.visit(&format!("{second}/go-no-go")).await;
    assert!(desk.text("[data-role=security]").await.contains("Sven Security"));
    // Both side by side: the runbook differs.
    desk.visit(&format!("{second}/settings")).await;
    desk.follow("Compare with another launch").await;
    let form = desk.form("form[action$='/compare-with']").await;
    form.choose("Other launch", "Payments,").await;
    form.submit("Compare").await;
    assert_eq!(desk.count("table.comparison tbody tr").await, 1);
    assert!(desk.text("table.comparison tbody tr").await.contains("Runbook written"));
}

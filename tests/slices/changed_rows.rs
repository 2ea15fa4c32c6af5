//! The rows, cells and figures that the page of the checklist fetches after a change.

use crate::helpers::{client::Answer, launch::Launch};

/// The HTML of the elements of a page that match a selector, without what scripts and times change.
fn pieces(page: &Answer, selector: &str) -> Vec<String> {
    let html = page.html();
    let selector = scraper::Selector::parse(selector).unwrap();
    html.select(&selector).map(|element| element.html()).collect()
}

#[tokio::test]
async fn rows_of_items_are_those_of_the_page_with_everything_that_counts_them() {
    let launch = Launch::ledger().make().await;
    let id = |key: &str| launch.item_path(key, "").trim_start_matches("/items/").to_owned();
    launch.send_mark(&launch.member, "critical", "done", "").await.expect_status(303);
    launch.send_mark(&launch.member, "advisory", "blocked", "The vendor is silent.").await.expect_status(303);
    for (address, select) in [("", ""), ("?select=on", "&select=on")] {
        let page = launch.member.get(&format!("/launches/{}{address}", launch.id)).await.expect_status(200);
        let items = format!("{},{}", id("critical"), id("advisory"));
        let path = format!("/launches/{}/rows?items={items}{select}", launch.id);
        let rows = launch.member.get(&path).await.expect_status(200);
        for key in ["critical", "advisory"] {
            for selector in [format!("li.item[data-item='{}']", id(key)), format!("[data-cell='{}']", id(key))] {
                let (shown, newer) = (pieces(&page, &selector), pieces(&rows, &selector));
                assert_eq!((shown.len(), newer == shown), (1, true), "{selector}: {newer:?} for {shown:?}");
            }
        }
        assert_eq!(pieces(&rows, "li.item").len(), 2);
        let counting = ["[data-piece^=wall]", "[data-piece^=toc]", "[data-piece^=section]", ".verdict"];
        let regions = ["head", "tabs", "burn-up", "filters"].map(|name| format!("[data-region={name}]"));
        for selector in counting.into_iter().chain(regions.iter().map(String::as_str)) {
            let shown = pieces(&page, selector);
            assert!(!shown.is_empty() && pieces(&rows, selector) == shown, "{selector}: {shown:?}");
        }
    }
}

#[tokio::test]
async fn chosen_filter_stays_among_the_filters_when_its_last_item_leaves_it() {
    let launch = Launch::ledger().make().await;
    launch.send_mark(&launch.member, "advisory", "blocked", "The vendor is silent.").await.expect_status(303);
    let path = format!("/launches/{}/rows?show=blocked", launch.id);
    let chosen = async || {
        let rows = launch.member.get(&path).await.expect_status(200);
        rows.texts("[data-region=filters] [aria-current]")
    };
    assert_eq!(chosen().await, ["Blocked 1"]);
    launch.send_mark(&launch.member, "advisory", "done", "").await.expect_status(303);
    assert_eq!(chosen().await, ["Blocked 0"]);
    let shown = launch.member.get(&format!("/launches/{}", launch.id)).await.texts("[data-region=filters]");
    assert!(!shown[0].contains("Blocked"), "{shown:?}");
}

#[tokio::test]
async fn rows_of_nothing_many_or_foreign_items_are_answered() {
    let launch = Launch::ledger().make().await;
    let path = |items: &str| format!("/launches/{}/rows?items={items}", launch.id);
    let foreign = "00000000-0000-4000-8000-000000000000";
    for items in ["", ",", foreign] {
        let rows = launch.member.get(&path(items)).await.expect_status(200);
        assert_eq!((rows.texts("li.item").len(), rows.texts(".verdict").len()), (0, 1), "{items}");
    }
    let many = |count: u128| (0..count).map(|id| uuid::Uuid::from_u128(id).to_string()).collect::<Vec<_>>().join(",");
    launch.member.get(&path(&many(100))).await.expect_status(200);
    for items in [many(101), "x".to_owned(), format!("{foreign},x")] {
        launch.member.get(&path(&items)).await.expect_status(422);
    }
}

#[tokio::test]
async fn message_for_the_next_page_survives_a_request_for_rows() {
    let launch = Launch::ledger().make().await;
    let answer = launch.send_mark(&launch.member, "critical", "done", "").await.expect_status(303);
    launch.member.get(&format!("/launches/{}/rows", launch.id)).await.expect_status(200);
    let page = launch.member.get(answer.location()).await.expect_status(200);
    assert_eq!(page.texts(".flash").len(), 1);
}

//! Several people at one draft, at once and late; and the same form twice.

use std::collections::BTreeSet;

use super::{Desk, NEW_ITEM, fields, named, rows};
use crate::helpers::{admin, client::Answer};

#[tokio::test]
async fn two_people_who_edit_two_things_never_meet() {
    let desk = Desk::start().await;
    let other = desk.app.sign_in(admin().named("Otto Admin")).await;
    let (tested, used) = (desk.item("Backup", "Tested").await, desk.item("Indexes", "Used").await);
    let tested_form = [("title", "Tested by Ann"), ("importance", "required"), ("phase", "before"), ("version", "1")];
    let version = desk.version().await;
    let form =
        |title| [("title", title), ("importance", "required"), ("phase", "before"), ("version", version.as_str())];
    // Both looked at the same version.
    desk.post(&format!("/items/{used}"), &form("Used by Ann")).await.is(303);
    other.post(&desk.at(&format!("/items/{tested}")), &form("Tested by Otto")).await.is(303);
    assert!(other.get(&desk.at("")).await.body.contains("by <bdi>Otto Admin</bdi>"));

    // The same item is another matter: what was typed stays, and what there is stands beside it.
    let refused = desk.post(&format!("/items/{tested}"), &tested_form).await.is(409);
    assert!(refused.texts(".problem")[0].starts_with("This was changed meanwhile."));
    assert_eq!(refused.attribute("#f-title", "value").as_deref(), Some("Tested by Ann"));
    assert_eq!(refused.texts("dl.facts"), ["Title Tested by Otto"]);
    assert_eq!(desk.get(&format!("/items/{tested}")).await.texts("h1"), ["Tested by Otto"]);
    // Sent again from there, it is meant.
    let again = fields(&refused, &format!("/draft/items/{tested}"));
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.post(&format!("/items/{tested}"), &again).await.is(303);
    assert_eq!(desk.get(&format!("/items/{tested}")).await.texts("h1"), ["Tested by Ann"]);
    // And what is as one wants it is no conflict at all.
    desk.post(&format!("/items/{tested}"), &tested_form).await.is(303);
}

#[tokio::test]
async fn whatever_is_stale_is_answered_with_what_was_typed_and_what_there_is() {
    let desk = Desk::start().await;
    let (backup, network) = (desk.section("Backup").await, desk.section("Network").await);
    let tested = desk.item("Backup", "Tested").await;
    let old = desk.version().await;
    let old = ("version", old.as_str());
    let late = [
        (format!("/sections/{backup}/title"), vec![("title", "Backups")], "Backups"),
        (format!("/parts/{network}/title"), vec![("title", "Networks")], "Networks"),
        ("/about".to_owned(), vec![("name", "Mine"), ("introduction", "Of mine.")], "Of mine."),
    ];
    let soon = [vec![("title", "Copies")], vec![("title", "Wires")], vec![("name", "Theirs"), ("introduction", "")]];
    let now = ["Copies", "Wires", "Theirs"];
    for ((address, fields, typed), (soon, now)) in late.iter().zip(soon.into_iter().zip(now)) {
        desk.post(address, &[&soon[..], &[old]].concat()).await.is(303);
        let refused = desk.post(address, &[&fields[..], &[old]].concat()).await.is(409);
        assert!(refused.body.contains("meanwhile"), "{address}: {}", refused.body);
        assert!(refused.body.contains(typed) && refused.body.contains(now), "{address}");
    }
    // Buttons have nothing typed; the page is shown as it is now.
    desk.post("/order", &[("up", &*tested), old]).await.is(303);
    let refused = desk.post("/order", &[("down", &*tested), old]).await.is(409);
    assert_eq!(rows(&refused, "#items"), ["Tested", "Restored", "Off site"]);
    assert!(refused.texts(".problem")[0].starts_with("This was changed meanwhile."));
    desk.save(&desk.admin, &tested, &[("title", "Tested well")]).await.is(303);
    for node in [&tested, &backup] {
        desk.post("/removals", &[("node", node), old]).await.is(409);
        desk.post("/removals", &[("node", node), ("version", "no number")]).await.is(409);
    }
    desk.press("/removals", ("node", &tested)).await.is(303);
}

#[tokio::test]
async fn what_was_typed_for_what_is_gone_is_not_lost() {
    let desk = Desk::start().await;
    let other = desk.app.sign_in(admin().named("Otto Admin")).await;
    let (section, tested) = (desk.section("Backup").await, desk.item("Backup", "Tested").await);
    let version = desk.version().await;
    let form = [("title", "Typed"), ("guidance", "At length."), ("importance", "required"), ("phase", "before")];
    let form = [&form[..], &[("version", version.as_str())]].concat();
    let is_kept = |answer: &Answer| {
        assert_eq!(answer.attribute("#f-title", "value").as_deref(), Some("Typed"));
        assert_eq!(answer.texts("#f-guidance"), ["At length."]);
        answer.attribute("fieldset button", "formaction").unwrap()
    };
    other.post(&desk.at("/removals"), &[("node", &*tested), ("version", &version)]).await.is(303);
    let refused = desk.post(&format!("/items/{tested}"), &form).await.is(409);
    let add = is_kept(&refused);
    desk.post("/restorations", &[("node", &*tested)]).await.is(303);
    desk.admin.post(&add, &form).await.is(303);

    let made = desk.item("Backup", "Typed").await;
    other.post(&desk.at("/removals"), &[("node", &*section), ("version", "99")]).await.is(303);
    is_kept(&desk.post(&format!("/sections/{section}/items"), &form).await.is(409));
    is_kept(&desk.post(&format!("/items/{made}"), &form).await.is(409));
    // The draft is gone, and with it the new item.
    other.post(&desk.at("/discard"), &[("version", &desk.version().await)]).await.is(303);
    let answer = desk.post(&format!("/items/{made}"), &form).await.is(409);
    is_kept(&answer);
    desk.post(&format!("/items/{made}"), &[]).await.is(404);
    // What is published is there still, but is not what was looked at.
    let stale = desk.post(&format!("/items/{tested}"), &form).await.is(409);
    assert_eq!(stale.attribute("#f-title", "value").as_deref(), Some("Typed"));
    assert!(!desk.has_draft().await);
}

#[tokio::test]
async fn the_same_form_twice_is_done_once() {
    let desk = Desk::start().await;
    let section = desk.section("Backup").await;
    let form =
        [&[("title", "Watched"), ("once", "00000000-0000-4000-8000-000000000007"), ("version", "0")][..], &NEW_ITEM];
    let form = form.concat();
    for _ in 0..2 {
        desk.post(&format!("/sections/{section}/items"), &form).await.is(303);
        desk.post("/parts", &form).await.is(303);
        desk.post("/roles", &[("action", "add"), ("role", "security")]).await.is(303);
    }
    // The same number with another text, from a page that one went back to, is another thing.
    let other = [&[("title", "Watched well"), form[1]][..], &NEW_ITEM].concat();
    desk.post(&format!("/sections/{section}/items"), &other).await.is(303);
    let page = desk.get(&format!("/sections/{section}")).await;
    assert_eq!(rows(&page, "#items"), ["Restored", "Tested", "Off site", "Watched", "Watched well"]);
    let watched = named(&page, "Watched");
    for _ in 0..2 {
        desk.press("/removals", ("node", &watched)).await.is(303);
    }
    for _ in 0..2 {
        desk.press("/restorations", ("node", &watched)).await.is(303);
    }
    assert_eq!(desk.get("").await.texts(".edit-part h2"), ["Database", "Network", "Watched"]);
    desk.press("/removals", ("node", &named(&desk.get("").await, "Watched"))).await.is(303);

    let page = desk.get("/publication").await;
    let fields = fields(&page, "/draft/publication");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (one, two) = tokio::join!(desk.post("/publication", &fields), desk.post("/publication", &fields));
    assert_eq!(one.location(), two.location());
    assert_eq!(desk.versions().await, 2);
    for _ in 0..2 {
        desk.post("/discard", &[("version", "0")]).await.is(303);
    }
}

#[tokio::test]
async fn two_who_edit_at_the_very_same_time_lose_nothing() {
    let desk = Desk::start().await;
    let section = desk.section("Backup").await;
    let address = format!("/sections/{section}/items");
    let add = async |title: &str| {
        let form = [&[("title", title), ("version", "0")][..], &NEW_ITEM].concat();
        desk.post(&address, &form).await.is(303);
    };
    let titles: Vec<String> = (0..8).map(|at| format!("At once {at}")).collect();
    futures_util::future::join_all(titles.iter().map(|title| add(title))).await;
    let page = desk.get(&format!("/sections/{section}")).await;
    let found: BTreeSet<String> = rows(&page, "#items").into_iter().collect();
    assert!(titles.iter().all(|title| found.contains(title)), "{found:?}");
    assert_eq!(desk.version().await, (1 + 8).to_string());
}

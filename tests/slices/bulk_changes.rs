//! Bulk changes: many items in one form, all or none, one event for each, and undo.

use signoff::{
    ambient,
    domain::{ids::LaunchId, launch::event::ItemState},
};

use crate::helpers::{client::Client, launch::Launch};

/// The value of a row's checkbox.
async fn item_id(launch: &Launch, key: &str) -> String {
    format!("{}.{}", launch.item(key), launch.item_state(key).await.version)
}

async fn path(launch: &Launch) -> String {
    format!("/launches/{}/items", launch.id)
}

/// Posts the bulk form for these items.
async fn change(
    launch: &Launch,
    client: &Client,
    keys: &[&str],
    fields: &[(&str, &str)],
) -> crate::helpers::client::Answer {
    let mut picks = Vec::new();
    for key in keys {
        picks.push(item_id(launch, key).await);
    }
    let form: Vec<(&str, &str)> =
        picks.iter().map(|pick| ("item", pick.as_str())).chain(fields.iter().copied()).collect();
    client.post(&path(launch).await, &form).await
}

async fn states(launch: &Launch) -> Vec<ItemState> {
    launch.state().await.items.iter().map(|item| item.status.state).collect()
}

#[tokio::test]
async fn assigned_items_stay_selected_and_marked_ones_do_not() {
    let launch = Launch::ledger().make().await;
    let next = format!("/launches/{}?show=open", launch.id);
    let mia = launch.member.person.id.to_string();
    let form = [("act", "assign"), ("assignee", &*mia), ("next", &next)];
    let answer = change(&launch, &launch.member, &["critical", "advisory"], &form).await.expect_status(303);
    assert_eq!(answer.location(), format!("{next}&select=1%2C3"));
    let page = launch.member.get(answer.location()).await.expect_status(200);
    let chosen = page.attributes(".pick input[checked]", "value");
    assert_eq!(chosen, [item_id(&launch, "critical").await, item_id(&launch, "advisory").await]);
    let form = [("act", "done"), ("next", &next)];
    let answer = change(&launch, &launch.member, &["critical", "required"], &form).await.expect_status(303);
    assert_eq!(answer.location(), next);
}

#[tokio::test]
async fn bulk_change_applies_in_one_transaction_and_undoes_at_once() {
    use ItemState::{Done, NotApplicable, Open};
    let launch = Launch::ledger().make().await;
    let next = format!("/launches/{}?show=open", launch.id);
    let keys = ["critical", "required", "advisory"];
    let form = [("act", "not_applicable"), ("reason", "There is no ledger here."), ("next", &next)];
    let answer = change(&launch, &launch.member, &keys, &form).await.expect_status(303);
    assert_eq!(answer.location(), next);
    assert_eq!(launch.kinds().await, ["item_marked"; 3]);
    assert_eq!(states(&launch).await, [NotApplicable, NotApplicable, NotApplicable, Open]);
    let requests: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT convert_from(bytes, 'UTF8')::json ->> 'request') FROM events WHERE launch_id = $1 AND seq > 3",
    )
    .bind(launch.id)
    .fetch_one(&launch.app.owner)
    .await
    .unwrap();
    assert_eq!(requests, 1);
    let page = launch.member.get(&next).await.expect_status(200);
    assert!(page.texts(".flash").concat().contains("3 items are not applicable now."));
    let undo = page.attribute("form#undo", "action").unwrap();

    // Nobody else may undo it, and an unknown event is not found.
    launch.other.post(&undo, &[]).await.expect_status(403);
    launch.auditor.post(&undo, &[]).await.expect_status(403);
    launch.anon.post(&undo, &[]).await.expect_status(401);
    launch.member.post(&format!("/launches/{}/events/9999/undo", launch.id), &[]).await.expect_status(404);
    launch.member.post(&format!("/launches/{}/events/x/undo", launch.id), &[]).await.expect_status(404);
    // Nobody can undo the making of the launch, not even its owner.
    launch.owner.post(&format!("/launches/{}/events/1/undo", launch.id), &[]).await.expect_status(409);

    assert_eq!(launch.member.post(&undo, &[]).await.expect_status(303).location(), next);
    assert_eq!(states(&launch).await, [Open; 4]);
    let page = launch.member.get(&next).await.expect_status(200);
    assert!(page.texts(".flash").concat().contains("Undone: 3 items as before."));
    // Undoing twice has the effect of once.
    launch.member.post(&undo, &[]).await.expect_status(303);
    assert_eq!(states(&launch).await, [Open; 4]);
    // Undoing can be undone.
    launch.member.post(&page.attribute("form#undo", "action").unwrap(), &[]).await.expect_status(303);
    assert_eq!(states(&launch).await, [NotApplicable, NotApplicable, NotApplicable, Open]);
    change(&launch, &launch.member, &keys, &[("act", "done")]).await.expect_status(303);
    assert_eq!(states(&launch).await, [Done, Done, Done, Open]);
}

#[tokio::test]
async fn bulk_assignment_keeps_due_dates_and_due_dates_keep_assignees() {
    let launch = Launch::ledger().make().await;
    let keys = ["required", "afterwards"];
    // An item for after the launch cannot be assigned before it; the whole change is refused.
    let mia = launch.member.person.id.to_string();
    change(&launch, &launch.other, &keys, &[("act", "assign"), ("assignee", &mia)]).await.expect_status(409);
    assert!(launch.kinds().await.is_empty());
    let keys = ["critical", "required"];
    launch.member.post(&launch.item_path("required", "/assignment"), &[("due", "2098-05-01")]).await.expect_status(303);
    change(&launch, &launch.other, &keys, &[("act", "assign"), ("assignee", &mia)]).await.expect_status(303);
    let assigned = |item: &signoff::domain::launch::state::Item| {
        (item.assignment.assignee.as_ref().map(|person| person.id), item.assignment.due.map(|day| day.to_string()))
    };
    assert_eq!(
        assigned(&launch.item_state("required").await),
        (Some(launch.member.person.id), Some("2098-05-01".to_owned()))
    );
    assert_eq!(assigned(&launch.item_state("critical").await), (Some(launch.member.person.id), None));
    let due = [("act", "due"), ("due", "2098-06-01")];
    let changed = change(&launch, &launch.other, &keys, &due).await.expect_status(303);
    for key in keys {
        let due = Some("2098-06-01".to_owned());
        assert_eq!(assigned(&launch.item_state(key).await), (Some(launch.member.person.id), due), "{key}");
    }
    let page = launch.other.get(changed.location()).await;
    launch.other.post(&page.attribute("form#undo", "action").unwrap(), &[]).await.expect_status(303);
    assert_eq!(
        assigned(&launch.item_state("required").await),
        (Some(launch.member.person.id), Some("2098-05-01".to_owned()))
    );
    change(&launch, &launch.other, &["critical"], &[("act", "due"), ("due", "")]).await.expect_status(303);
    change(&launch, &launch.other, &["critical"], &[("act", "assign"), ("assignee", "")]).await.expect_status(303);
    assert_eq!(assigned(&launch.item_state("critical").await), (None, None));
}

#[tokio::test]
async fn bulk_change_with_obstacles_names_each_item_and_changes_nothing() {
    let launch = Launch::ledger().make().await;
    let stale =
        [item_id(&launch, "critical").await, item_id(&launch, "required").await, item_id(&launch, "advisory").await];
    launch.send_mark(&launch.other, "critical", "done", "").await.expect_status(303);
    launch.send_mark(&launch.other, "required", "blocked", "No quota.").await.expect_status(303);
    let form = [
        ("item", &*stale[0]),
        ("item", &*stale[1]),
        ("item", &*stale[2]),
        ("act", "not_applicable"),
        ("reason", "There is no ledger here."),
    ];
    let page = launch.member.post(&path(&launch).await, &form).await.expect_status(409);
    assert!(page.texts(".problem")[0].contains("Nothing was changed: 2 selected items can’t be changed like this."));
    let reasons = page.texts(".reasons li");
    assert_eq!(reasons.len(), 2);
    assert!(reasons[0].contains("The critical item") && reasons[0].contains("Otto Other has marked it done"));
    assert!(reasons[1].contains("The required item") && reasons[1].contains("blocked"));
    // The selection, with the current versions, and the reason are unchanged.
    assert_eq!(page.texts("#f-bulk-reason")[0].trim(), "There is no ledger here.");
    assert_eq!(page.attributes(".pick input[checked]", "value").len(), 3);
    assert!(page.attributes(".pick input[checked]", "value").contains(&item_id(&launch, "critical").await));
    assert_eq!(launch.kinds().await, ["item_marked"; 2]);

    // An item that somebody changed since is not undone.
    change(&launch, &launch.member, &["critical", "advisory"], &[("act", "blocked"), ("reason", "Wait.")])
        .await
        .expect_status(303);
    let page = launch.member.get(&format!("/launches/{}", launch.id)).await;
    let undo = page.attribute("form#undo", "action").unwrap();
    launch.send_mark(&launch.other, "critical", "open", "").await.expect_status(303);
    let page = launch.member.post(&undo, &[]).await.expect_status(409);
    assert_eq!(page.texts(".reasons li").len(), 1);
    assert_eq!(launch.item_state("advisory").await.status.state, ItemState::Blocked);
}

#[tokio::test]
async fn bulk_form_with_errors_explains_them_at_their_fields() {
    let launch = Launch::ledger().make().await;
    for (fields, place, words) in [
        (&[("act", "not_applicable"), ("reason", " ")][..], "#f-bulk-reason-error", "Say why"),
        (&[("act", "blocked"), ("reason", &"x".repeat(4_001))], "#f-bulk-reason-error", "at most 4000"),
        (&[("act", "assign"), ("assignee", "nobody")], "#f-bulk-assignee-error", "active member"),
        (
            &[("act", "assign"), ("assignee", &launch.auditor.person.id.to_string())],
            "#f-bulk-assignee-error",
            "active member",
        ),
        (&[("act", "due"), ("due", "2026-02-30")], "#f-bulk-due-error", "not a day"),
        (&[("act", "explode")], ".problem", "Choose what"),
        (&[], ".problem", "Choose what"),
    ] {
        let page = change(&launch, &launch.member, &["critical", "required"], fields).await.expect_status(422);
        let shown = page.texts(place);
        assert!(shown.first().is_some_and(|shown| shown.contains(words)), "{fields:?}: {shown:?}");
        assert_eq!(page.attributes(".pick input[checked]", "value").len(), 2, "{fields:?}");
    }
    let page = change(&launch, &launch.member, &[], &[("act", "done")]).await.expect_status(422);
    assert!(page.texts(".problem")[0].contains("Select at least one item"));
    assert!(launch.kinds().await.is_empty());
    // The same item twice counts once.
    change(&launch, &launch.member, &["critical", "critical"], &[("act", "done")]).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["item_marked"]);
}

#[tokio::test]
async fn bulk_change_needs_a_participant_and_items_of_the_launch() {
    let launch = Launch::ledger().restricted().make().await;
    let form = [("act", "done")];
    change(&launch, &launch.anon, &["critical"], &form).await.expect_status(401);
    change(&launch, &launch.auditor, &["critical"], &form).await.expect_status(403);
    change(&launch, &launch.member, &["critical"], &form).await.expect_status(404);
    let elsewhere = signoff::domain::ids::ItemId::from_key(LaunchId(ambient::new_id()), &"critical".parse().unwrap());
    for odd in [format!("{elsewhere}.1"), "no-id.1".to_owned(), format!("{}", launch.item("critical")), String::new()] {
        let page = launch.operations.post(&path(&launch).await, &[("item", &*odd), ("act", "done")]).await;
        page.expect_status(404);
    }
    assert!(launch.kinds().await.is_empty());
    change(&launch, &launch.operations, &["critical"], &form).await.expect_status(303);
    launch.cancel().await;
    let page = change(&launch, &launch.operations, &["critical"], &[("act", "open")]).await.expect_status(409);
    assert!(page.texts(".reasons li")[0].contains("read-only"));
    let page = launch.operations.get(&format!("/launches/{}?select=on", launch.id)).await.expect_status(200);
    assert!(page.texts("form.bulk").is_empty());
}

#[tokio::test]
async fn bulk_selection_is_kept_in_the_address() {
    let launch = Launch::ledger().make().await;
    let checked = async |select: &str| {
        let page = launch.member.get(&format!("/launches/{}?select={select}", launch.id)).await.expect_status(200);
        (page.attributes(".pick input", "value").len(), page.attributes(".pick input[checked]", "value").len())
    };
    assert_eq!(checked("on").await, (4, 0));
    assert_eq!(checked("all").await, (4, 4));
    assert_eq!(checked("1.1").await, (4, 4));
    assert_eq!(checked("1.2").await, (4, 0));
    assert_eq!(checked("").await, (0, 0));
    let page = launch.auditor.get(&format!("/launches/{}?select=on", launch.id)).await.expect_status(200);
    assert!(page.attributes(".pick input", "value").is_empty());
}

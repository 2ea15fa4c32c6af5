//! An item's page and its forms: state, agreement, assignment, comments, waivers.

use signoff::{
    ambient,
    domain::launch::event::ItemState::{Blocked, Done, NotApplicable, Open},
};

use crate::helpers::launch::Launch;

/// Every form of an item, with valid fields; the auditor may send none of them.
const FORMS: [(&str, &[(&str, &str)]); 4] = [
    ("/state", &[("state", "blocked"), ("reason", "The lock is stuck."), ("version", "1")]),
    ("/assignment", &[("due", "2099-01-01")]),
    ("/comments", &[("body", "Looks good.")]),
    ("/waivers", &[("reason", "No time."), ("control", "By hand."), ("expires_on", "2099-01-01")]),
];

#[tokio::test]
async fn item_form_without_a_right_is_refused() {
    let launch = Launch::ledger().restricted().make().await;
    for (rest, form) in FORMS {
        let path = launch.item_path("required", rest);
        launch.anon.post(&path, form).await.expect_status(401);
        launch.auditor.post(&path, form).await.expect_status(403);
        // On a restricted launch the item does not exist for them.
        launch.member.post(&path, form).await.expect_status(404);
        launch.owner.post(&format!("/items/{}{rest}", ambient::new_id::<uuid::Uuid>()), form).await.expect_status(404);
        launch.owner.post(&format!("/items/no-id{rest}"), form).await.expect_status(404);
    }
    launch.member.get(&launch.item_path("required", "")).await.expect_status(404);
    launch.auditor.get(&launch.item_path("required", "")).await.expect_status(200);
    assert_eq!(
        launch
            .anon
            .get(&launch.item_path("required", ""))
            .await
            .expect_status(303)
            .header("location")
            .split('?')
            .next(),
        Some("/login")
    );
    assert!(launch.kinds().await.is_empty());
    for (rest, form) in FORMS {
        launch.operations.post(&launch.item_path("required", rest), form).await.expect_status(303);
    }
}

#[tokio::test]
async fn item_mark_by_one_click_returns_to_its_page() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/state");
    let next = format!("/launches/{}?show=open#item-{}", launch.id, launch.item("required"));
    let form = [("state", "done"), ("version", "1"), ("next", &next)];
    assert_eq!(launch.member.post(&path, &form).await.location(), next);
    // Sent again, as by a second click, it changes nothing; and no redirect leaves the site.
    assert_eq!(
        launch.member.post(&path, &[("state", "done"), ("version", "1"), ("next", "//evil.example")]).await.location(),
        "/"
    );
    assert_eq!(launch.kinds().await, ["item_marked"]);
    let page = launch.other.get(&launch.item_path("required", "")).await.expect_status(200);
    assert_eq!(page.attribute("[data-item]", "data-state").as_deref(), Some("done"));
    assert_eq!(page.attribute("[data-item]", "data-version").as_deref(), Some("2"));
    assert!(page.texts(".state-card p").concat().contains("Marked done by Mia Member"));
    assert!(page.texts(".comments .event").last().unwrap().contains("Mia Member marked it from open to done"));
    assert_eq!(page.texts(".prose")[0], "Look twice .");

    launch.send_mark(&launch.other, "required", "open", "  the restore failed ").await.expect_status(303);
    let item = launch.item_state("required").await;
    assert_eq!((item.status.state, item.version), (Open, 3));
    let page = launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    assert!(page.texts(".state-card p").concat().contains("Set back to open by Otto Other"));
    assert!(page.texts(".state-card p").concat().contains("the restore failed"));
}

#[tokio::test]
async fn item_form_with_errors_explains_them_and_changes_nothing() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/state");
    for state in ["not_applicable", "blocked"] {
        let page =
            launch.member.post(&path, &[("state", state), ("reason", " "), ("version", "1")]).await.expect_status(422);
        assert!(page.texts("#f-state-reason-error")[0].starts_with("Say w"), "{state}");
        assert_eq!(page.attribute(".segments input[checked]", "value").as_deref(), Some(state));
    }
    let long = "x".repeat(4_001);
    let page = launch
        .member
        .post(&path, &[("state", "blocked"), ("reason", &long), ("version", "1")])
        .await
        .expect_status(422);
    assert_eq!(page.texts("#f-state-reason")[0], long);
    for form in [
        &[("state", "finished"), ("version", "1"), ("reason", "kept")][..],
        &[("state", "done"), ("version", "x"), ("reason", "kept")],
        &[("state", "done"), ("version", "-1"), ("reason", "kept")],
        &[("state", "done"), ("reason", "kept")],
        &[("reason", "kept")],
    ] {
        let page = launch.member.post(&path, form).await.expect_status(422);
        assert_eq!(page.texts(".problem").len(), 1, "{form:?}");
        assert_eq!(page.texts("#f-state-reason")[0], "kept", "{form:?}");
    }
    let path = launch.item_path("required", "/assignment");
    for (form, field) in [
        ([("assignee", "nobody"), ("due", "")], "assignee"),
        ([("assignee", &*launch.auditor.person.id.to_string()), ("due", "")], "assignee"),
        ([("assignee", ""), ("due", "2026-02-30")], "due"),
    ] {
        let page = launch.member.post(&path, &form).await.expect_status(422);
        assert_eq!(page.texts(&format!("#f-{field}-error")).len(), 1, "{form:?}");
    }
    launch.member.post(&launch.item_path("required", "/comments"), &[("body", "\n")]).await.expect_status(422);
    assert!(launch.kinds().await.is_empty());
}

#[tokio::test]
async fn item_row_checkbox_sends_its_version_and_returns_to_the_row() {
    let launch = Launch::ledger().make().await;
    let (item, list) = (launch.item("required"), format!("/launches/{}?show=open", launch.id));
    let page = launch.member.get(&list).await.expect_status(200);
    let button = format!("[data-item=\"{item}\"] > button.tick");
    let address = page.attribute(&button, "formaction").unwrap();
    assert_eq!(address, launch.item_path("required", "/state?version=1"));
    let next = page.attribute(".ticks > [name=next]", "value").unwrap();
    let state = page.attribute(&button, "value").unwrap();
    let form = [("state", state.as_str()), ("next", next.as_str())];
    assert_eq!(launch.member.post(&address, &form).await.location(), format!("{list}#item-{item}"));
    assert_eq!(launch.member.post(&address, &[("state", "done"), ("next", "//evil.example")]).await.location(), "/");
    // Another form that is as old; and invalid versions.
    launch
        .other
        .post(&address, &[("state", "blocked"), ("reason", "Stuck."), ("next", &next)])
        .await
        .expect_status(409);
    for version in ["", "0", "x", "1&version=2"] {
        let answer =
            launch.other.post(&launch.item_path("required", &format!("/state?version={version}")), &form).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{version}: {}", answer.status);
    }
    assert_eq!(launch.kinds().await, ["item_marked"]);
    let page = launch.other.get(&format!("/launches/{}", launch.id)).await.expect_status(200);
    assert_eq!(page.attribute(&button, "formaction").unwrap(), launch.item_path("required", "/state?version=2"));
    assert_eq!(page.attribute(&button, "value").as_deref(), Some("open"));
    assert_eq!(page.attribute(&button, "aria-checked").as_deref(), Some("true"));
}

#[tokio::test]
async fn item_set_by_two_people_warns_the_second() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/state");
    let blocked = [("state", "blocked"), ("reason", "The lock is stuck."), ("version", "1")];
    let (one, other) = tokio::join!(
        launch.member.post(&path, &[("state", "done"), ("version", "1")]),
        launch.other.post(&path, &blocked)
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(launch.kinds().await, ["item_marked"]);
    let (loser, winner, what) = if one.status.as_u16() == 409 {
        (one, "Otto Other", "marked it blocked")
    } else {
        (other, "Mia Member", "marked it done")
    };
    let problem = &loser.texts(".problem")[0];
    assert!(problem.contains(winner) && problem.contains(what), "{problem}");
    // The typed text can be sent again, with the item's current version.
    assert_eq!(loser.attribute(".state-form input[name=version]", "value").as_deref(), Some("2"));
    if winner == "Mia Member" {
        assert_eq!(loser.texts("#f-state-reason")[0], "The lock is stuck.");
    }
    let again = [("state", "blocked"), ("reason", "The lock is stuck."), ("version", "2")];
    launch.operations.post(&path, &again).await.expect_status(303);
    assert_eq!(launch.item_state("required").await.status.state, Blocked);
}

#[tokio::test]
async fn critical_item_not_applicable_needs_agreement_of_another_person() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("critical", "/agreement");
    let agree = [("verdict", "agree")];
    launch.security.post(&path, &agree).await.expect_status(409);
    launch
        .send_mark(&launch.security, "critical", "not_applicable", "There is no such server.")
        .await
        .expect_status(303);
    // Neither the person who marked it nor somebody without the role.
    launch.security.post(&path, &agree).await.expect_status(403);
    launch.member.post(&path, &agree).await.expect_status(403);
    let page = launch.member.get(&launch.item_path("critical", "")).await.expect_status(200);
    assert!(page.texts("#agreement")[0].contains("a holder of Security"));
    assert!(page.texts("#agreement form").is_empty());

    launch.send_mark(&launch.member, "critical", "not_applicable", "Still no such server.").await.expect_status(303);
    let page = launch.security.post(&path, &[("verdict", "refuse"), ("reason", "")]).await.expect_status(422);
    assert_eq!(page.texts("#f-agreement-reason-error"), ["Say why you do not agree."]);
    launch.security.post(&path, &[("verdict", "perhaps"), ("reason", "")]).await.expect_status(422);
    launch
        .security
        .post(&path, &[("verdict", "refuse"), ("reason", "There is one in Porto.")])
        .await
        .expect_status(303);
    let page = launch.member.get(&launch.item_path("critical", "")).await;
    assert!(page.texts("#agreement")[0].contains("There is one in Porto."));
    assert_eq!(launch.security.post(&path, &agree).await.location(), launch.item_path("critical", "#agreement"));
    assert_eq!(launch.item_state("critical").await.status.state, NotApplicable);
    assert!(
        launch.member.get(&launch.item_path("critical", "")).await.texts("#agreement")[0]
            .contains("agreed by Sven Security")
    );
    // A form from a page made before that is refused with an explanation.
    let form = [("state", "done"), ("version", "3")];
    let page = launch.member.post(&launch.item_path("critical", "/state"), &form).await.expect_status(409);
    assert!(page.texts(".problem")[0].contains("Sven Security agreed that it is not applicable"));
    // A required item needs none.
    launch.send_mark(&launch.member, "required", "not_applicable", "No such thing.").await.expect_status(303);
    launch.operations.post(&launch.item_path("required", "/agreement"), &agree).await.expect_status(409);
}

#[tokio::test]
async fn item_is_assigned_and_unassigned() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/assignment");
    let who = launch.member.person.id.to_string();
    assert_eq!(
        launch.other.post(&path, &[("assignee", &who), ("due", "2020-01-02")]).await.location(),
        launch.item_path("required", "#assignment")
    );
    let page = launch.other.get(&launch.item_path("required", "")).await;
    assert!(page.texts(".head .meta")[0].contains("Mia Member"));
    assert_eq!(page.texts(".due.late"), ["due 2 Jan 2020, overdue"]);
    assert_eq!(page.texts("#f-assignee option[selected]"), ["Mia Member (mia.member@example.org)"]);
    assert_eq!(page.attribute("#f-due", "value").as_deref(), Some("2020-01-02"));
    launch.other.post(&path, &[("assignee", ""), ("due", "")]).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["item_assigned"; 2]);
    assert_eq!(launch.item_state("required").await.assignment.assignee, None);
}

#[tokio::test]
async fn edited_comment_is_stored_once_and_marked_as_edited() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/comments");
    let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    let form = [("body", "Is **this** enough?\n<script>alert(1)</script>"), ("once", &*once)];
    for _ in 0..2 {
        assert_eq!(launch.member.post(&path, &form).await.location(), launch.item_path("required", "#comments"));
    }
    // Another text from the same page, to which the browser went back, is another comment.
    launch.member.post(&path, &[("body", "And this?"), ("once", &once)]).await.expect_status(303);
    // The same idempotency key from somebody else makes a comment of theirs.
    launch.other.post(&path, &form).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["comment_added"; 3]);

    let page = launch.member.get(&launch.item_path("required", "")).await;
    assert_eq!(page.texts(".comments > .comment").len(), 3);
    assert!(page.body.contains("<strong>this</strong>") && !page.body.contains("<script>alert"));
    let comment = page.attribute(".comments > .comment", "id").unwrap().replace("comment-", "");
    let edit = format!("/comments/{comment}");
    let delete = format!("/comments/{comment}/deletion");
    launch.anon.post(&edit, &[("body", "x")]).await.expect_status(401);
    for path in [&edit, &delete] {
        launch.other.post(path, &[("body", "x")]).await.expect_status(403);
        launch.auditor.post(path, &[("body", "x")]).await.expect_status(403);
    }
    let long = "y".repeat(20_001);
    let page = launch.member.post(&edit, &[("body", &long)]).await.expect_status(422);
    assert_eq!(page.texts(&format!("#f-{comment}-body"))[0], long);
    launch.member.post(&edit, &[("body", "This is enough.")]).await.expect_status(303);
    // Saved unchanged, it is not rewritten.
    launch.member.post(&edit, &[("body", " This is enough.\r\n")]).await.expect_status(303);
    assert_eq!(launch.kinds().await[3..], ["comment_edited"]);
    let page = launch.other.get(&launch.item_path("required", "")).await;
    assert!(page.body.contains("This is enough.") && page.texts(".comments header")[0].contains("edited"));
    launch.member.post(&delete, &[]).await.expect_status(303);
    for path in [&edit, &delete] {
        launch.member.post(path, &[("body", "x")]).await.expect_status(404);
    }
    let page = launch.other.get(&launch.item_path("required", "")).await;
    assert_eq!(page.texts(".comments > .comment").len(), 3);
    assert!(page.texts(".comments .gone")[0].starts_with("Deleted by its author"));
    assert!(!page.body.contains("This is enough."));
}

#[tokio::test]
async fn item_form_after_the_launch_ended_keeps_typed_text() {
    let launch = Launch::ledger().make().await;
    launch.send_mark(&launch.member, "critical", "not_applicable", "No such server.").await.expect_status(303);
    launch.cancel().await;
    let kinds = launch.kinds().await;
    for (rest, form) in FORMS {
        let page = launch.operations.post(&launch.item_path("required", rest), form).await.expect_status(409);
        assert_eq!(page.texts(".problem"), ["This launch is cancelled; it is read-only."]);
    }
    let form = [("state", "blocked"), ("reason", "A long story."), ("version", "1")];
    let page = launch.member.post(&launch.item_path("required", "/state"), &form).await.expect_status(409);
    assert!(page.texts("[aria-labelledby=input-h]")[0].contains("A long story."));
    launch.security.post(&launch.item_path("critical", "/agreement"), &[("verdict", "agree")]).await.expect_status(409);
    let page = launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
    assert!(page.texts("main form").is_empty(), "a closed launch offers nothing");
    assert_eq!(launch.kinds().await, kinds);
}

#[tokio::test]
async fn post_launch_item_is_locked_until_the_launch() {
    let launch = Launch::ledger().make().await;
    let page = launch.member.get(&launch.item_path("afterwards", "")).await.expect_status(200);
    assert!(page.texts(".state-card")[0].contains("unlocked when the launch is recorded"));
    assert!(page.texts("main form").is_empty());
    for (rest, form) in FORMS {
        launch.member.post(&launch.item_path("afterwards", rest), form).await.expect_status(409);
    }
    assert_eq!(launch.item_state("afterwards").await.status.state, Open);
}

#[tokio::test]
async fn waiver_requested_by_one_person_is_approved_by_another() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/waivers");
    let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    for (form, field) in [
        ([("reason", ""), ("control", "By hand."), ("expires_on", "2099-01-01")], "reason"),
        ([("reason", "No time."), ("control", " "), ("expires_on", "2099-01-01")], "control"),
        ([("reason", "No time."), ("control", "By hand."), ("expires_on", "")], "expires_on"),
        ([("reason", "No time."), ("control", "By hand."), ("expires_on", "2020-01-01")], "expires_on"),
    ] {
        let page = launch.operations.post(&path, &form).await.expect_status(422);
        assert_eq!(page.texts(&format!("#f-waiver-{field}-error")).len(), 1, "{form:?}");
        assert_eq!(page.attribute("#f-waiver-expires_on", "value").as_deref(), Some(form[2].1));
    }
    let form = [("reason", "No time."), ("control", "By hand."), ("expires_on", "2098-12-31"), ("once", &*once)];
    for _ in 0..2 {
        assert_eq!(launch.operations.post(&path, &form).await.location(), launch.item_path("required", "#waivers"));
    }
    assert_eq!(launch.kinds().await, ["waiver_asked"]);
    launch.member.post(&path, &form).await.expect_status(409);
    let waiver = launch.item_state("required").await.waivers[0];
    let (approval, revocation) = (format!("/waivers/{waiver}/approval"), format!("/waivers/{waiver}/revocation"));
    let approve = [("verdict", "approve"), ("reason", "")];
    launch.anon.post(&approval, &approve).await.expect_status(401);
    // Neither the person who asked, even as a holder of the role, nor somebody without the role.
    launch.operations.post(&approval, &approve).await.expect_status(403);
    launch.security.post(&approval, &approve).await.expect_status(403);
    launch.auditor.post(&approval, &approve).await.expect_status(403);
    launch.owner.post(&revocation, &[("reason", "Too early.")]).await.expect_status(409);

    let page = launch.member.get(&launch.item_path("required", "")).await;
    assert!(page.texts("#waivers")[0].contains("ends before the target"));
    assert!(page.texts("#waivers")[0].contains("a holder of Operations"));

    // Another holder may.
    let role = "operations".parse().unwrap();
    launch
        .run_command(
            &launch.owner,
            signoff::domain::launch::command::Command::AddHolder { role, user: launch.member.person.id },
        )
        .await;
    let page = launch.member.post(&approval, &[("verdict", "refuse"), ("reason", "")]).await.expect_status(422);
    assert_eq!(page.texts(&format!("#f-{waiver}-reason-error")), ["Say why you refuse."]);
    launch.member.post(&approval, &[("verdict", ""), ("reason", "kept")]).await.expect_status(422);
    launch.member.post(&approval, &approve).await.expect_status(303);
    let page = launch
        .member
        .post(&approval, &[("verdict", "refuse"), ("reason", "On second thought.")])
        .await
        .expect_status(409);
    assert!(page.body.contains("On second thought."));
    let page = launch.other.get(&launch.item_path("required", "")).await;
    assert_eq!(page.attribute("[data-item]", "data-state").as_deref(), Some("waived"));

    launch.other.post(&revocation, &[("reason", "No.")]).await.expect_status(403);
    launch.owner.post(&revocation, &[("reason", "")]).await.expect_status(422);
    launch.owner.post(&revocation, &[("reason", "It broke.")]).await.expect_status(303);
    launch.owner.post(&revocation, &[("reason", "It broke.")]).await.expect_status(409);
    let page = launch.other.get(&launch.item_path("required", "")).await;
    assert!(page.texts("#waivers")[0].contains("Revoked by Olga Owner"));
    // A done item needs none.
    launch.send_mark(&launch.member, "required", "done", "").await.expect_status(303);
    assert_eq!(launch.item_state("required").await.status.state, Done);
    launch
        .operations
        .post(&path, &[("reason", "x"), ("control", "y"), ("expires_on", "2099-01-01")])
        .await
        .expect_status(409);
}

//! Invalid forms: each error is shown at its field, typed text is not lost, and nothing changes.

use signoff::{
    ambient,
    domain::{launch::event::ItemState, text::Prose},
};

use super::{
    decisions::{decide, post_lifecycle_step},
    newest,
};
use crate::helpers::{Launch, client::Answer, people::PASSWORD};

/// Texts that are refused in every text field: too long, a null character, one that changes the text direction.
fn hostile_texts() -> [String; 3] {
    ["x".repeat(Prose::MAX + 1), "a\0b".to_owned(), "safe \u{202E}txt.exe".to_owned()]
}

/// Asserts that a form came back with an error at a field, and with the field as it was typed.
#[track_caller]
fn assert_came_back(answer: &Answer, textarea: &str, typed: &str) {
    assert_eq!(answer.status.as_u16(), 422, "{typed:.40}");
    let selector = format!("{textarea}[aria-invalid=true]");
    let described = answer.attribute(&selector, "aria-describedby").expect("the field is marked");
    assert!(described.contains("-error"), "and its message is tied to it: {described}");
    if !typed.contains('\0') {
        assert_eq!(answer.texts(&selector)[0], typed, "nothing that was typed is lost");
    }
}

#[tokio::test]
async fn signoff_comment_or_reason_over_its_limit_is_refused() {
    let launch = Launch::payments().make().await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let withdrawal = format!("/signatures/{}/withdrawal", newest(&launch).await);
    let before = launch.state().await.seq;
    for text in hostile_texts() {
        let answer = launch.sign(&launch.operations, "operations", "go", &[("comment", &text)]).await;
        assert_came_back(&answer, "textarea#f-s-operations-comment", &text);
        let answer = launch.security.post(&withdrawal, &[("comment", &text), ("password", PASSWORD)]).await;
        assert_came_back(&answer, "textarea[name=comment]", &text);
        assert_came_back(&decide(&launch, &[("decision", "hold"), ("reason", &text)]).await, "#f-hold-reason", &text);
        assert_came_back(
            &post_lifecycle_step(&launch, &[("step", "cancel"), ("reason", &text)]).await,
            "#f-cancel-reason",
            &text,
        );
    }
    // The error of a form that is not offered is shown at the top.
    let answer = decide(&launch, &[("decision", "reopen")]).await.expect_status(422);
    assert_eq!(answer.texts("[aria-label='What went wrong'] .problem"), ["Say why."]);
    let answer = post_lifecycle_step(&launch, &[("step", "cancel"), ("reason", "  ")]).await;
    assert_eq!((answer.status.as_u16(), answer.texts("#f-cancel-reason-error")), (422, vec!["Say why.".to_owned()]));
    assert_eq!(launch.kinds_after(before).await, [""; 0]);
}

#[tokio::test]
async fn decision_naming_something_unknown_is_refused() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign_all().await;
    let before = launch.state().await.seq;
    for seq in ["seven", "-1", "999", "99999999999999999999"] {
        let answer =
            decide(&launch, &[("decision", "go"), ("seq", seq), ("password", PASSWORD)]).await.expect_status(422);
        assert_eq!(answer.texts("#declare .problem").len(), 1, "{seq}");
    }
    for condition in ["advisory:x:open", "waiver:00000000-0000-0000-0000-000000000000", "", "💣"] {
        let fields = [("decision", "go"), ("acknowledge", condition), ("password", PASSWORD)];
        let answer = decide(&launch, &fields).await.expect_status(409);
        assert!(answer.texts("[aria-label='What went wrong'] .problem")[0].contains("are not those you acknowledged"));
    }
    for password in ["", "wrong"] {
        let answer = decide(&launch, &[("decision", "go"), ("password", password)]).await.expect_status(422);
        assert!(answer.attribute("#declare [name=password][aria-invalid]", "id").is_some());
    }
    for unknown in ["", "GO", "launch"] {
        decide(&launch, &[("decision", unknown), ("reason", "kept?")]).await.expect_status(422);
        post_lifecycle_step(&launch, &[("step", unknown.trim_end_matches("launch"))]).await.expect_status(422);
    }
    assert_eq!(launch.kinds_after(before).await, [""; 0]);
    let go = [("decision", "go"), ("password", PASSWORD)];
    decide(&launch, &go).await.expect_status(303);
    decide(&launch, &go).await.expect_status(409);
    assert_eq!(launch.kinds_after(before).await, ["go_declared"], "declared twice, once");
}

#[tokio::test]
async fn closing_form_with_wrong_conditions_or_notes_is_refused() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    launch.sign_all().await;
    let condition = format!("advisory:{}:open", launch.item("status"));
    decide(&launch, &[("decision", "go"), ("acknowledge", &condition), ("password", PASSWORD)])
        .await
        .expect_status(303);
    post_lifecycle_step(&launch, &[("step", "launch")]).await.expect_status(303);
    launch.mark(&launch.member, "costs", ItemState::Done).await;
    let before = launch.state().await.seq;
    for text in hostile_texts() {
        let answer =
            post_lifecycle_step(&launch, &[("step", "close"), ("condition", &condition), ("note", &text)]).await;
        assert_came_back(&answer, "textarea[name=note]", &text);
    }
    for other in ["advisory:x:open", ""] {
        let answer = post_lifecycle_step(
            &launch,
            &[("step", "close"), ("condition", other), ("note", "done"), ("note", "more")],
        )
        .await
        .expect_status(422);
        assert!(!answer.texts("#owner .problem").is_empty(), "{other}");
    }
    let both = [("step", "close"), ("condition", &*condition), ("note", "up"), ("condition", "x"), ("note", "what?")];
    let answer = post_lifecycle_step(&launch, &both).await.expect_status(422);
    assert_eq!(answer.texts("textarea[name=note]"), ["up"], "the note on what is there is kept");
    assert_eq!(launch.kinds_after(before).await, [""; 0]);
}

#[tokio::test]
async fn signature_form_naming_something_unknown_is_refused() {
    let launch = Launch::payments().make().await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "two findings")]).await.expect_status(303);
    let own = newest(&launch).await.to_string();
    let before = launch.state().await.seq;
    let unknown = ambient::new_id::<uuid::Uuid>().to_string();
    for (actor, lifts) in [(&launch.security, own.as_str()), (&launch.deputy, unknown.as_str())] {
        let more = [("lifts", lifts), ("comment", "both are mended")];
        let answer = launch.sign(actor, "security", "go", &more).await.expect_status(422);
        assert!(answer.texts(".problem")[0].contains("not an open objection"), "{lifts}");
        assert_eq!(answer.texts("textarea#f-s-security-comment"), ["both are mended"]);
    }
    let more = [("lifts", own.as_str()), ("comment", "no, worse")];
    launch.sign(&launch.deputy, "security", "no_go", &more).await.expect_status(422);
    for statement in ["x", "-1", "1.0", "99999999999999999999"] {
        let more = [("statement", statement), ("comment", "kept")];
        let answer = launch.sign(&launch.deputy, "security", "go", &more).await.expect_status(422);
        assert_eq!(answer.texts("textarea#f-s-security-comment"), ["kept"], "{statement}");
    }
    assert_eq!(launch.kinds_after(before).await, [""; 0]);
}

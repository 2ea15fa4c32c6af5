//! Markdown texts that would cost far more to render than their length suggests: refused in forms, and shown as plain
//! text where they are already stored.

use signoff::{
    ambient,
    domain::launch::{
        command::Command,
        texts::{NewText, Salt},
    },
};

use crate::helpers::launch::Launch;

/// Texts within every length limit that cost far more to render than their length suggests.
fn costly_texts() -> [String; 5] {
    [
        format!("{}a", ">".repeat(19_990)),
        format!("{}a", "- ".repeat(9_900)),
        "*a ".repeat(40) + &*" a*".repeat(40),
        format!("{}\n{}\n{}", "|a".repeat(2_000), "|-".repeat(2_000), "a\n".repeat(5_000)),
        format!("[a]: /{}\n\n{}", "u".repeat(1_500), "[a] ".repeat(400)),
    ]
}

#[tokio::test]
async fn costly_markdown_is_refused_at_its_field_and_comes_back() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/comments");
    launch.member.post(&path, &[("body", "A remark.")]).await.expect_status(303);
    let comment = launch.item_state("required").await.comments[0];
    for text in costly_texts() {
        for (path, field) in [
            (path.clone(), "body"),
            (format!("/comments/{comment}"), "body"),
            (format!("/launches/{}/notes", launch.id), "notes"),
        ] {
            let answer = launch.member.post(&path, &[(field, &text)]).await.expect_status(422);
            let errors = answer.texts("main .error").join(" ");
            assert!(
                errors.contains("nests too deep") || errors.contains("many times its own length"),
                "{path}: {errors}"
            );
            assert!(answer.body.contains(&text[..40].replace('>', "&#62;")), "{path} keeps {}", &text[..40]);
        }
    }
    assert_eq!(launch.kinds().await, ["comment_added"]);
    // Twenty levels of nesting are accepted.
    launch.member.post(&path, &[("body", &format!("{}a", "> ".repeat(20)))]).await.expect_status(303);
}

#[tokio::test]
async fn costly_markdown_already_stored_is_shown_as_plain_text() {
    let launch = Launch::ledger().make().await;
    let item = launch.item("required");
    for text in costly_texts() {
        let stored = || NewText { value: text.clone(), salt: Salt(ambient::random_bytes()) };
        launch
            .run_command(&launch.member, Command::AddComment { item, comment: ambient::new_id(), body: stored() })
            .await;
        launch.run_command(&launch.owner, Command::WriteNotes { notes: Some(stored()) }).await;
        for path in [launch.item_path("required", ""), format!("/launches/{}", launch.id)] {
            let page = launch.other.get(&path).await.expect_status(200);
            let shown = page.texts(".prose pre");
            assert!(shown.iter().any(|shown| text.starts_with(&shown[..30])), "{path} shows {}", &text[..30]);
        }
    }
}

#[tokio::test]
async fn hidden_comment_stays_readable_for_auditors_and_in_the_history() {
    let launch = Launch::ledger().make().await;
    launch
        .member
        .post(&launch.item_path("required", "/comments"), &[("body", "Zanzibar is *slow*.")])
        .await
        .expect_status(303);
    let comment = launch.item_state("required").await.comments[0];
    let path = format!("/comments/{comment}/hiding");
    for (who, status) in [
        (&launch.member, 403),
        (&launch.security, 403),
        (&launch.auditor, 403),
        (&launch.other, 403),
        (&launch.anon, 401),
    ] {
        who.post(&path, &[("hidden", "yes")]).await.expect_status(status);
    }
    launch.owner.post(&path, &[("hidden", "maybe")]).await.expect_status(422);
    assert!(!launch.other.get("/search?q=Zanzibar").await.expect_status(200).texts("main mark").is_empty());
    launch.owner.post(&path, &[("hidden", "yes")]).await.expect_status(303);
    launch.owner.post(&path, &[("hidden", "yes")]).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["comment_added", "comment_hidden"]);
    let comments = async |who: &crate::helpers::client::Client| {
        who.get(&launch.item_path("required", "")).await.expect_status(200).texts("#comments .comments").join(" ")
    };
    for (who, reads) in [
        (&launch.other, false),
        (&launch.security, false),
        (&launch.member, true),
        (&launch.owner, true),
        (&launch.auditor, true),
    ] {
        let shown = comments(who).await;
        assert!(shown.contains("Hidden by Olga Owner"), "{shown}");
        assert_eq!(shown.contains("Zanzibar"), reads, "{shown}");
    }
    let found = launch.other.get("/search?q=Zanzibar").await.expect_status(200).texts("main mark");
    assert!(found.is_empty(), "{found:?}");
    let history = launch.auditor.get(&format!("/launches/{}/history", launch.id)).await.expect_status(200);
    assert!(history.body.contains("hid a comment of") && history.body.contains("Zanzibar"));
    // A deleted comment is not hidden; a hidden one can be shown again.
    launch.owner.post(&path, &[("hidden", "no")]).await.expect_status(303);
    assert!(comments(&launch.other).await.contains("Zanzibar"));
    launch.member.post(&format!("/comments/{comment}/deletion"), &[]).await.expect_status(303);
    launch.owner.post(&path, &[("hidden", "yes")]).await.expect_status(404);
    assert_eq!(launch.kinds().await, ["comment_added", "comment_hidden", "comment_shown", "comment_deleted"]);
}

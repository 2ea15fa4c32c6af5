//! The page that verifies a launch's history on the server.

use super::*;

#[tokio::test]
async fn verification_page_says_what_is_anchored() {
    let launch = launch_with_every_kind_of_content().await;
    launch.mark(&launch.member, "status", ItemState::Open).await;
    let page = launch.auditor.get(&launch.path("verification")).await.expect_status(200);
    let size = launch.state().await.seq;
    let body = page.texts("main").swap_remove(0);
    for part in [
        &format!("All {size} events were read and hashed just now"),
        "nothing yet: nobody has a checkpoint outside this server",
        "none yet",
        "nobody yet: checkpointed only",
        "Not proven",
        &launch.app.key.public_key().to_string(),
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert_eq!(page.attribute("[data-verified]", "data-verified").as_deref(), Some("yes"));
    bundle(&launch, &launch.auditor).await;
    let page = launch.auditor.get(&launch.path("verification")).await.expect_status(200);
    let body = page.texts("main").swap_remove(0);
    assert!(body.contains(&format!("events 1 to {size}: somebody has a checkpoint")), "{body}");
    assert!(body.contains("Ada Auditor, since"), "{body}");
    let history = launch.auditor.get(&launch.path("history")).await.expect_status(200);
    let path = launch.path("verification");
    assert_eq!(history.attribute("a[href$='/verification']", "href"), Some(path));
}

#[tokio::test]
async fn verification_page_looks_up_a_pasted_checkpoint() {
    let launch = launch_with_every_kind_of_content().await;
    let log = signoff::domain::checkpoint::LogId::Launch(launch.id);
    let newest = signoff::record::checkpoints::load_newest(&launch.app.state.db, log).await.unwrap().unwrap();
    let ask = async |text: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("checkpoint", text).finish();
        let page = launch.member.get(&format!("{}?{query}", launch.path("verification"))).await.expect_status(200);
        let answer = page.attribute("[data-contained]", "data-contained").unwrap();
        (answer, page.texts("[data-contained]").swap_remove(0))
    };
    let (contained, words) = ask(&newest.text.replace('\n', "\r\n")).await;
    assert_eq!(contained, "yes", "{words}");
    let (contained, words) = ask("hello").await;
    assert_eq!(contained, "no");
    assert!(words.contains("This is not a checkpoint or a receipt"), "{words}");
    tamper(&launch, &["UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'Mia', 'Pia'), 'UTF8') WHERE kind = 'comment_added'"]).await;
    let (contained, words) = ask(&newest.text).await;
    assert_eq!(contained, "no");
    assert!(words.contains("does not contain it"), "{words}");
    let page = launch.member.get(&launch.path("verification")).await.expect_status(200);
    assert_eq!(page.attribute("[data-verified]", "data-verified").as_deref(), Some("no"));
    assert!(page.texts("[data-verified]")[0].contains("was changed, removed, inserted or moved"));
}

#[tokio::test]
async fn verification_page_says_what_a_bundle_proves_about_signers() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign_all().await;
    let client = &launch.member;
    let page = client.get(&launch.path("verification")).await.expect_status(200);
    assert!(page.texts("main").concat().contains("the network address and the browser that it was made from"));
}

//! The owner's decisions, and the launch's life after them.

use signoff::domain::launch::{event::ItemState, state::StageName};

use crate::helpers::{Launch, client::Answer, people::PASSWORD};

pub(super) async fn decide(launch: &Launch, fields: &[(&str, &str)]) -> Answer {
    launch.owner.post(&launch.path("decision"), fields).await
}

pub(super) async fn post_lifecycle_step(launch: &Launch, fields: &[(&str, &str)]) -> Answer {
    launch.owner.post(&launch.path("lifecycle"), fields).await
}

#[tokio::test]
async fn go_without_obstacles_is_declared() {
    let launch = Launch::payments().make().await;
    let before = launch.state().await.seq;
    let go = [("decision", "go"), ("password", PASSWORD)];
    let answer = decide(&launch, &go).await.expect_status(409);
    assert_eq!(answer.texts("[aria-label='What went wrong'] .reasons li").len(), 4, "with the reasons");
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    launch.sign_all().await;
    let condition = format!("advisory:{}:open", launch.item("status"));
    let page = launch.owner.get(&launch.path("go-no-go")).await;
    assert_eq!(page.attribute(".verdict.big", "data-verdict").as_deref(), Some("conditional_go"));
    assert_eq!(page.attribute("#declare [name=acknowledge]", "value").as_deref(), Some(condition.as_str()));
    let answer = decide(&launch, &go).await.expect_status(409);
    assert_eq!(answer.texts("#declare .error"), ["Tick the condition to declare GO."], "beside the box");
    let wrong = [("decision", "go"), ("acknowledge", "waiver:x"), ("acknowledge", &condition), ("password", PASSWORD)];
    assert!(decide(&launch, &wrong).await.expect_status(409).body.contains("not those you acknowledged"));
    let unproven = [("decision", "go"), ("acknowledge", condition.as_str()), ("password", "wrong")];
    let answer = decide(&launch, &unproven).await.expect_status(422);
    assert!(answer.attribute("[name=acknowledge][checked]", "value").is_some(), "what was ticked stays ticked");
    let right = [("decision", "go"), ("acknowledge", condition.as_str()), ("password", PASSWORD)];
    assert!(decide(&launch, &right).await.location().ends_with("/go-no-go"));
    decide(&launch, &right).await.expect_status(409);
    let kinds = launch.kinds_after(before).await;
    assert_eq!(kinds, ["item_marked", "item_marked", "signed", "signed", "go_declared"]);
    let page = launch.member.get(&launch.path("go-no-go")).await;
    assert!(page.texts("[data-decision=go]")[0].contains("Declared by Olga Owner"));
    // Only an objection can be signed now.
    let page = launch.security.get(&launch.path("go-no-go")).await;
    assert_eq!(page.texts("form[action$='/signatures'] button"), ["Sign NO-GO"]);
    launch.sign(&launch.deputy, "security", "go", &[]).await.expect_status(409);
}

#[tokio::test]
async fn launch_is_held_resumed_reopened_and_cancelled() {
    let launch = Launch::payments().make().await;
    assert_eq!(decide(&launch, &[("decision", "hold")]).await.status.as_u16(), 422, "a reason is wanted");
    let answer =
        decide(&launch, &[("decision", "hold"), ("reason", "wait"), ("password", "wrong")]).await.expect_status(422);
    assert!(answer.texts("textarea[name=reason]").contains(&"wait".to_owned()));
    decide(&launch, &[("decision", "hold"), ("reason", "a finding")]).await.expect_status(303);
    let page = launch.member.get(&launch.path("go-no-go")).await;
    let banner = page.texts(".verdict.big").concat();
    assert!(banner.starts_with("Decision: HOLD") && banner.contains("a finding"), "{banner}");
    assert_eq!(page.attribute(".verdict.big", "data-decision").as_deref(), Some("held"));
    assert_eq!(page.texts("[data-verdict] h2"), ["Readiness: Not ready"], "readiness is beneath the decision");
    decide(&launch, &[("decision", "hold"), ("reason", "again")]).await.expect_status(409);
    decide(&launch, &[("decision", "resume")]).await.expect_status(303);
    decide(&launch, &[("decision", "reopen"), ("reason", "x")]).await.expect_status(409);
    decide(&launch, &[("decision", "dance")]).await.expect_status(422);
    post_lifecycle_step(&launch, &[("step", "dance")]).await.expect_status(422);
    assert_eq!(post_lifecycle_step(&launch, &[("step", "cancel")]).await.status.as_u16(), 422);
    post_lifecycle_step(&launch, &[("step", "cancel"), ("reason", "no budget")]).await.expect_status(303);
    assert_eq!(launch.state().await.stage.name(), StageName::Cancelled);
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(409);
    decide(&launch, &[("decision", "hold"), ("reason", "kept?")]).await.expect_status(409);
    let page = launch.owner.get(&launch.path("go-no-go")).await.expect_status(200);
    assert!(page.texts("#owner form").is_empty(), "nothing is offered any more");
}

#[tokio::test]
async fn launch_is_recorded_followed_up_and_closed() {
    let launch = Launch::payments().make().await;
    post_lifecycle_step(&launch, &[("step", "launch")]).await.expect_status(409);
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    launch.sign_all().await;
    let condition = format!("advisory:{}:open", launch.item("status"));
    decide(&launch, &[("decision", "go"), ("acknowledge", &condition), ("password", PASSWORD)])
        .await
        .expect_status(303);
    for at in ["yesterday", "2001-01-01T09:00", "2098-01-01T09:00", "2027-03-28T01:30"] {
        let answer = post_lifecycle_step(&launch, &[("step", "launch"), ("at", at)]).await.expect_status(422);
        assert_eq!(answer.attribute("[name=at]", "value").as_deref(), Some(at));
    }
    let zone = launch.state().await.zone().clone();
    let minute = launch.app.state.clock.now().to_local(&zone).strftime("%Y-%m-%dT%H:%M").to_string();
    post_lifecycle_step(&launch, &[("step", "launch"), ("at", &minute)]).await.expect_status(303);
    assert_eq!(launch.state().await.stage.name(), StageName::Launched);

    let close = |note| [("step", "close"), ("condition", condition.as_str()), ("note", note)];
    post_lifecycle_step(&launch, &[("step", "close")]).await.expect_status(422);
    post_lifecycle_step(&launch, &[("step", "close"), ("condition", &condition)]).await.expect_status(422);
    post_lifecycle_step(&launch, &close(" ")).await.expect_status(422);
    let answer = post_lifecycle_step(&launch, &close("it is up")).await.expect_status(409);
    assert_eq!(answer.texts("[aria-label='What went wrong'] .reasons .text b"), ["Costs looked at"]);
    assert_eq!(answer.texts("textarea[name=note]"), ["it is up"]);
    launch.mark(&launch.member, "costs", ItemState::Done).await;
    post_lifecycle_step(&launch, &close("it is up")).await.expect_status(303);
    let page = launch.member.get(&launch.path("go-no-go")).await.expect_status(200);
    assert_eq!(page.texts(".decision b"), ["GO", "LAUNCHED"]);
    assert_eq!(page.texts("[data-decision] h2"), ["Decision: CLOSED"]);
    assert!(page.texts("#conditions li")[0].contains("Settled: it is up"));
    assert!(page.texts("[data-verdict] .fine")[0].starts_with("As of the launch, "));
    launch.sign(&launch.security, "security", "no_go", &[("comment", "late")]).await.expect_status(409);
}

#[tokio::test]
async fn role_holders_without_a_signature_are_asked_to_sign() {
    let launch = Launch::payments().make().await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let path = launch.path("signature-requests");
    launch.security.post(&path, &[]).await.expect_status(403);
    launch.owner.post(&path, &[]).await.expect_status(303);
    let state = launch.state().await;
    assert_eq!(state.signature_requests.keys().map(ToString::to_string).collect::<Vec<_>>(), ["operations"]);
    let page = launch.member.get(&launch.path("go-no-go")).await;
    assert_eq!(page.texts("#role-operations .chip"), ["asked"]);
    launch.sign(&launch.operations, "operations", "go", &[]).await.expect_status(303);
    launch.owner.post(&path, &[]).await.expect_status(409);
}

#[tokio::test]
async fn reopened_launch_says_who_took_its_go_back_and_why() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign_all().await;
    let taken_back = async || launch.member.get(&launch.path("go-no-go")).await.texts("[data-taken-back]");
    for (decision, reason) in [("reopen", "found a bug"), ("hold", "wait for legal")] {
        decide(&launch, &[("decision", "go"), ("password", PASSWORD)]).await.expect_status(303);
        assert!(taken_back().await.is_empty(), "GO stands");
        decide(&launch, &[("decision", decision), ("reason", reason)]).await.expect_status(303);
        let text = taken_back().await.concat();
        assert!(text.contains("was taken back by Olga Owner") && text.contains(reason), "{decision}: {text}");
    }
    decide(&launch, &[("decision", "resume")]).await.expect_status(303);
    assert!(taken_back().await.concat().contains("wait for legal"), "it is not forgotten when preparation goes on");
}

/// The decision is shown instead of readiness wherever a launch is, and programs read it.
#[tokio::test]
async fn decision_is_shown_everywhere_once_it_is_made() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign_all().await;
    let shown = async |path: &str| launch.owner.get(path).await.expect_status(200);
    let json = async || -> serde_json::Value {
        serde_json::from_str(&shown(&launch.path("readiness.json")).await.body).unwrap()
    };
    let month = launch.state().await.details.target.local.strftime("%Y-%m").to_string();
    let lists = [
        "/launches?show=all".to_owned(),
        format!("/launches/calendar?month={month}"),
        "/".to_owned(),
        "/search?q=Payments".to_owned(),
    ];
    let pages =
        [format!("/launches/{}", launch.id), launch.path("evidence"), launch.path("history"), launch.path("go-no-go")];
    for path in lists.iter().take(3).chain(&pages[..3]) {
        let words = shown(path).await.texts(".verdict b");
        assert!(!words.is_empty() && words.iter().all(|word| word == "Ready"), "{path}: nothing is decided: {words:?}");
    }
    assert_eq!(json().await["decision"], "none");
    decide(&launch, &[("decision", "hold"), ("reason", "a finding")]).await.expect_status(303);
    for path in lists.iter().chain(&pages) {
        let page = shown(path).await;
        assert_eq!(page.attribute("[data-decision]", "data-decision").as_deref(), Some("held"), "{path}");
        assert!(page.texts("[data-decision]")[0].contains("HOLD"), "{path}: {:?}", page.texts("[data-decision]"));
    }
    let json = json().await;
    assert_eq!((&json["verdict"], &json["decision"]), (&"go".into(), &"held".into()));
    let seq = launch.state().await.seq;
    let then = |seq: i64| launch.path(&format!("as-of/{seq}/go-no-go"));
    assert_eq!(shown(&then(seq)).await.texts("[data-decision] h2"), ["Decision: HOLD"]);
    assert_eq!(shown(&then(seq - 1)).await.attribute("[data-decision]", "data-decision").as_deref(), Some("none"));
}

//! Races: requests at the same moment, or between a page and the form sent from it: the result is that of one order or
//! the other, and never anything else.
//!
//! They race over the real server and database: each request is a separate task, released by a barrier, and each race
//! is run several times, since either order may result.

use std::{pin::Pin, sync::Arc};

use signoff::{
    ambient,
    domain::{
        ids::EvidenceId,
        launch::{
            command::{Command, NewEvidence},
            event::{Change, Event, ItemState},
            state::StageName,
        },
        readiness::{ReadinessRule, Verdict, compute_readiness},
    },
    web::idempotency::new_text,
};
use tokio::sync::Barrier;

use crate::helpers::{
    Launch,
    client::{Answer, Client},
    people::PASSWORD,
};

const ROUNDS: usize = 6;

type Request = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A form that is sent when its race begins.
fn post_request(client: &Client, path: &str, fields: &[(&str, &str)]) -> Request {
    let (client, path) = (client.clone(), path.to_owned());
    let fields: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Box::pin(async move {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.post(&path, &fields).await
    })
}

/// Starts the requests at the same moment; returns their statuses in their order.
async fn run_at_once(deeds: Vec<Request>) -> Vec<u16> {
    let barrier = Arc::new(Barrier::new(deeds.len()));
    let tasks: Vec<_> = deeds
        .into_iter()
        .map(|deed| {
            let barrier = Arc::clone(&barrier);
            tokio::spawn(async move {
                barrier.wait().await;
                deed.await.status.as_u16()
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses
}

/// The stored events of a launch after this one.
async fn events(launch: &Launch, after: i64) -> Vec<Event> {
    let stored: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 AND seq > $2 ORDER BY seq")
            .bind(launch.id)
            .bind(after)
            .fetch_all(&launch.app.owner)
            .await
            .unwrap();
    stored.iter().map(|bytes| Event::from_bytes(bytes).unwrap()).collect()
}

/// Another launch of the same people, for the next round.
async fn reset_launch(launch: &mut Launch) {
    launch.id = ambient::new_id();
    launch.make_another(launch.id, false).await;
}

/// A signature as its form would send it now.
async fn sign_request(launch: &Launch, actor: &Client, role: &str, once: &str) -> Request {
    let digest = launch.digest(role).await;
    let mut fields = vec![("role", role), ("verdict", "go"), ("digest", &*digest), ("password", PASSWORD)];
    fields.extend((!once.is_empty()).then_some(("once", once)));
    post_request(actor, &launch.path("signatures"), &fields)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signatures_of_one_role_by_two_holders_at_once_both_count() {
    let mut launch = Launch::payments().make().await;
    for _ in 0..ROUNDS {
        reset_launch(&mut launch).await;
        let before = launch.state().await.seq;
        let deeds = vec![
            sign_request(&launch, &launch.security, "security", "").await,
            sign_request(&launch, &launch.deputy, "security", "").await,
        ];
        assert_eq!(run_at_once(deeds).await, [303, 303]);
        assert_eq!(launch.kinds_after(before).await, ["signed", "signed"], "each is on record");
        let state = launch.state().await;
        let signers: Vec<_> = state.signatures.iter().map(|signature| signature.record.signer.id).collect();
        assert_ne!(signers[0], signers[1]);
        assert!(state.signatures.iter().all(|signature| signature.is_in_effect()), "and neither replaces the other");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signature_racing_with_a_reopened_item_never_counts_as_current() {
    let mut launch = Launch::payments().make().await;
    for round in 0..ROUNDS {
        reset_launch(&mut launch).await;
        launch.resolve_all().await;
        let sign = sign_request(&launch, &launch.security, "security", "").await;
        let item = launch.item("backups");
        let version = launch.state().await.item(item).unwrap().version.to_string();
        let path = format!("/items/{item}/state");
        let untick = post_request(&launch.member, &path, &[("state", "open"), ("version", &version)]);
        let before = launch.state().await.seq;
        let statuses = match round {
            // In one round, it certainly happens in between.
            0 => vec![untick.await.status.as_u16(), sign.await.status.as_u16()],
            _ => run_at_once(vec![untick, sign]).await,
        };
        assert_eq!(statuses[0], 303);
        let kinds = launch.kinds_after(before).await;
        match statuses[1] {
            303 => assert_eq!(kinds, ["signed", "item_marked"], "it was signed as it was shown"),
            409 => assert_eq!(kinds, ["item_marked"], "nothing was signed that was not shown"),
            other => panic!("{other}"),
        }
        let page = launch.member.get(&launch.path("go-no-go")).await;
        assert_ne!(page.attribute("#role-security", "data-signature").as_deref(), Some("go"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn go_racing_with_evidence_withdrawal_is_serialized() {
    for _ in 0..ROUNDS / 2 {
        let launch = Launch::ledger().make().await;
        let evidence: EvidenceId = ambient::new_id();
        let item = launch.item("required");
        let content = NewEvidence::Note(new_text("seen"));
        launch
            .run_command(
                &launch.owner,
                Command::AttachEvidence { item, evidence, content, observed_on: None, valid_until: None },
            )
            .await;
        for key in ["critical", "required", "advisory"] {
            launch.send_mark(&launch.owner, key, "done", "").await.expect_status(303);
        }
        for (role, client) in [("security", &launch.security), ("operations", &launch.operations)] {
            let digest =
                compute_readiness(&*launch.state().await, launch.app.state.clock.now()).digests[&role.parse().unwrap()];
            let digest = digest.to_string();
            let form = [("role", role), ("verdict", "go"), ("digest", &*digest), ("password", PASSWORD)];
            client.post(&format!("/launches/{}/signatures", launch.id), &form).await.expect_status(303);
        }
        let decision = format!("/launches/{}/decision", launch.id);
        let withdrawal = format!("/evidence/{evidence}/withdrawal");
        let deeds = vec![
            post_request(&launch.owner, &decision, &[("decision", "go"), ("password", PASSWORD)]),
            post_request(&launch.owner, &withdrawal, &[("reason", "the wrong file")]),
        ];
        let statuses = run_at_once(deeds).await;
        assert_eq!(statuses[1], 303);
        let kinds = launch.kinds().await;
        let [.., one, other] = &kinds[..] else { panic!("{kinds:?}") };
        match statuses[0] {
            303 => assert_eq!([one, other], ["go_declared", "evidence_withdrawn"]),
            409 => assert_eq!(other, "evidence_withdrawn", "never GO on what is missing"),
            other => panic!("{other}"),
        }
        let state = launch.state().await;
        let found = state.stage.decision().map(|decision| decision.readiness.verdict);
        assert_eq!(found, (statuses[0] == 303).then_some(Verdict::Go), "what was found is what there was");
    }
}

#[tokio::test]
async fn go_after_a_waiver_expired_is_refused() {
    let launch = Launch::payments().make().await;
    let (item, waiver) = (launch.item("backups"), ambient::new_id());
    for key in ["runbook", "status"] {
        launch.mark(&launch.member, key, ItemState::Done).await;
    }
    let zone = launch.state().await.zone().clone();
    let today = signoff::domain::time::Day::from_moment(launch.app.state.clock.now(), &zone);
    let (reason, control) = (new_text("no time"), new_text("by hand"));
    launch.run_command(&launch.member, Command::AskWaiver { item, waiver, reason, control, expires_on: today }).await;
    launch.run_command(&launch.security, Command::DecideWaiver { waiver, approve: true, reason: None }).await;
    launch.sign_all().await;
    let condition = format!("waiver:{waiver}");
    let page = launch.owner.get(&launch.path("go-no-go")).await.expect_status(200);
    assert_eq!(page.attribute("[name=acknowledge]", "value").as_deref(), Some(condition.as_str()));

    // The day ends; the owner signs in again.
    launch.app.state.clock.advance(86_400);
    let owner = launch.app.session(&launch.owner.person).await;
    let before = launch.state().await.seq;
    let go = [("decision", "go"), ("acknowledge", condition.as_str()), ("password", PASSWORD)];
    let answer = owner.post(&launch.path("decision"), &go).await.expect_status(409);
    let reasons = answer.texts("[aria-label='What went wrong'] .reasons li");
    assert!(reasons[0].contains("Backups restored"), "{reasons:?}");
    assert_eq!(launch.kinds_after(before).await, [""; 0]);
    let marks = answer.attributes("[data-role][data-signature]", "data-signature");
    assert_eq!(marks, ["go", "go"], "time makes no signature stale");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn go_declared_in_two_sessions_at_once_is_declared_once() {
    let mut launch = Launch::payments().make().await;
    let second = launch.app.session(&launch.owner.person).await;
    for _ in 0..ROUNDS {
        reset_launch(&mut launch).await;
        launch.resolve_all().await;
        launch.sign_all().await;
        let before = launch.state().await.seq;
        let go = [("decision", "go"), ("password", PASSWORD)];
        let deeds = [&launch.owner, &second].map(|client| post_request(client, &launch.path("decision"), &go));
        let mut statuses = run_at_once(deeds.into()).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "the second is told that it is declared already");
        assert_eq!(launch.kinds_after(before).await, ["go_declared"]);
        assert_eq!(launch.state().await.stage.name(), StageName::Go);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signature_racing_with_removal_of_its_holder_is_serialized() {
    let mut launch = Launch::payments().make().await;
    let security = launch.security.person.id.to_string();
    for _ in 0..ROUNDS {
        reset_launch(&mut launch).await;
        let before = launch.state().await.seq;
        let remove = [("role", "security"), ("user", security.as_str()), ("action", "remove")];
        let deeds = vec![
            sign_request(&launch, &launch.security, "security", "").await,
            post_request(&launch.owner, &launch.path("holders"), &remove),
        ];
        let statuses = run_at_once(deeds).await;
        assert_eq!(statuses[1], 303);
        let kinds = launch.kinds_after(before).await;
        match statuses[0] {
            303 => assert_eq!(kinds, ["signed", "holder_removed"]),
            403 => assert_eq!(kinds, ["holder_removed"]),
            other => panic!("{other}"),
        }
        let found = compute_readiness(&*launch.state().await, launch.app.state.clock.now());
        let lacks = found
            .reasons
            .iter()
            .any(|reason| reason.rule() == ReadinessRule::Signatures && reason.role().unwrap().as_str() == "security");
        assert!(lacks, "whoever does not hold the role does not count");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signature_form_sent_twice_at_once_signs_once() {
    let mut launch = Launch::payments().make().await;
    for round in 0..ROUNDS {
        reset_launch(&mut launch).await;
        let before = launch.state().await.seq;
        // With the form's idempotency key and without: the same verdict in the same role on the same scope.
        let once = if round % 2 == 0 { ambient::new_opaque_id::<uuid::Uuid>().to_string() } else { String::new() };
        let mut deeds = Vec::new();
        for _ in 0..3 {
            deeds.push(sign_request(&launch, &launch.security, "security", &once).await);
        }
        assert_eq!(run_at_once(deeds).await, [303; 3]);
        assert_eq!(launch.kinds_after(before).await, ["signed"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn launch_form_sent_several_times_at_once_makes_one_launch() {
    let launch = Launch::payments().make().await;
    let version = launch.version.id.to_string();
    for round in 0..6 {
        let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
        let form = [
            ("name", "Sent four times"),
            ("checklist", version.as_str()),
            ("target", "2099-01-01T09:00"),
            ("zone", "UTC"),
            ("once", once.as_str()),
        ];
        let deeds = (0..4).map(|_| post_request(&launch.member, "/launches", &form)).collect();
        assert_eq!(run_at_once(deeds).await, [303; 4]);
        let made: i64 = sqlx::query_scalar("SELECT count(*) FROM launches WHERE owner_id = $1")
            .bind(launch.member.person.id)
            .fetch_one(&launch.app.owner)
            .await
            .unwrap();
        assert_eq!(made, round + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn event_times_in_the_history_never_decrease() {
    let mut launch = Launch::payments().make().await;
    reset_launch(&mut launch).await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    launch.app.state.clock.advance(-3_600);
    let deeds = vec![
        sign_request(&launch, &launch.security, "security", "").await,
        sign_request(&launch, &launch.operations, "operations", "").await,
    ];
    assert_eq!(run_at_once(deeds).await, [303, 303]);
    launch.app.state.clock.advance(-3_600);
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    let events = events(&launch, 0).await;
    assert!(events.is_sorted_by_key(|event| event.at), "{:?}", events.iter().map(|event| event.at).collect::<Vec<_>>());
    assert!(events.iter().map(|event| event.seq).eq(1..=launch.state().await.seq), "and no number is left out");
    let signed = events.iter().filter(|event| matches!(event.change, Change::Signed(_))).count();
    assert_eq!(signed, 2);
}

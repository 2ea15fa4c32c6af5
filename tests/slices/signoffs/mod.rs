//! The go/no-go page and its forms.

mod bad_input;
mod decisions;
mod refusals;
mod roles_without_holder;
mod unseen_changes;

use std::collections::BTreeSet;

use serde_json::Value;
use signoff::{
    ambient,
    domain::{
        ids::SignatureId,
        launch::{command::Command, event::ItemState},
    },
    web::idempotency::new_text,
};

use crate::helpers::{
    Launch,
    checklists::{self, PAYMENTS_CHECKLIST, publish},
    client::Client,
    people::PASSWORD,
    sql_statements::Statements,
};

/// The mark of a role's block, as somebody sees it.
async fn mark(launch: &Launch, role: &str) -> String {
    let page = launch.member.get(&launch.path("go-no-go")).await.expect_status(200);
    page.attribute(&format!("[data-role={role}][data-signature]"), "data-signature").unwrap()
}

async fn newest(launch: &Launch) -> SignatureId {
    launch.state().await.signatures.last().unwrap().record.id
}

async fn withdraw(actor: &Client, id: SignatureId, fields: &[(&str, &str)]) -> u16 {
    let path = format!("/signatures/{id}/withdrawal");
    actor.post(&path, fields).await.status.as_u16()
}

#[tokio::test]
async fn signoff_page_shows_no_go_with_every_reason() {
    let launch = Launch::payments().make().await;
    let page = launch.member.get(&launch.path("go-no-go")).await.expect_status(200);
    assert_eq!(page.attribute(".verdict.big", "data-verdict").as_deref(), Some("no_go"));
    let rules = page.texts(".reasons [class=rule]");
    assert_eq!(rules, ["Item", "Item", "Signature", "Signature"], "signatures come last");
    let first = page.texts(".reasons .text").swap_remove(0);
    assert!(first.starts_with("Backups restored : open"), "the critical item comes first: {first}");
    assert_eq!(page.attribute(".reasons li a", "href").unwrap(), format!("/items/{}", launch.item("backups")));
    assert_eq!(mark(&launch, "security").await, "none");
    assert!(page.texts("[data-decision=none]")[0].contains("has not decided yet"));
    assert_eq!(page.texts(".verdict.big h2"), ["Readiness: Not ready"], "what is computed is never called a NO-GO");
    assert!(page.body.contains("You hold no role of this launch that signs."));
    assert!(!page.body.contains("Declare GO"), "only the owner decides");
    let seq = launch.state().await.seq;
    assert!(page.texts(".verdict.big .fine")[0].contains(&format!("As of event {seq}")));
}

#[tokio::test]
async fn signature_is_given_through_the_form_of_the_page() {
    let launch = Launch::payments().make().await;
    let page = launch.security.get(&launch.path("go-no-go")).await.expect_status(200);
    let form = "form[action$='/signatures']";
    let value = |name: &str| page.attribute(&format!("{form} [name={name}]"), "value").unwrap();
    assert_eq!((value("role"), value("digest")), ("security".to_owned(), launch.digest("security").await));
    let fields = [
        ("role", value("role")),
        ("digest", value("digest")),
        ("seq", value("seq")),
        ("once", value("once")),
        ("meaning", "review".to_owned()),
        ("comment", "looked at it".to_owned()),
        ("password", PASSWORD.to_owned()),
        ("verdict", "go".to_owned()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let before = launch.state().await.seq;
    for _ in 0..2 {
        let answer = launch.security.post(&launch.path("signatures"), &fields).await;
        assert!(answer.location().ends_with("/go-no-go#role-security"));
    }
    assert_eq!(launch.kinds_after(before).await, ["signed"], "sent twice, signed once");
    let state = launch.state().await;
    let record = &state.signatures[0].record;
    assert_eq!((record.saw, record.statement_version), (before, 1));
    assert!(page.texts("blockquote.statement").contains(&record.statement), "what was shown is what is kept");
    assert_eq!(state.text(&record.address), "127.0.0.1");
    let page = launch.member.get(&launch.path("go-no-go")).await.expect_status(200);
    let block = page.texts("#role-security").swap_remove(0);
    for part in ["Sven Security, sven.security@example.org", "GO (review)", "looked at it", "UTC", &record.statement] {
        assert!(block.contains(part), "{part}: {block}");
    }
    assert_eq!(mark(&launch, "security").await, "go");
}

/// GO or NO-GO is chosen before its statement is shown; afterwards the page says what was signed.
#[tokio::test]
async fn signer_chooses_a_vote_first_and_sees_own_signature_afterwards() {
    let launch = Launch::payments().make().await;
    let page = launch.security.get(&launch.path("go-no-go")).await.expect_status(200);
    assert_eq!(page.attribute(".head .actions a", "href").as_deref(), Some("#sign-security"), "one step from the top");
    assert!(page.attributes("#sign-security [name=verdict][checked]", "value").is_empty(), "nothing is chosen yet");
    assert!(page.texts("#sign-security .after-vote .banner")[0].contains("1 item of yours is still open"));
    let chosen = launch.security.get(&launch.path("go-no-go?sign=security&verdict=no_go")).await.expect_status(200);
    assert_eq!(chosen.attribute("#sign-security [name=verdict][checked]", "value").as_deref(), Some("no_go"));
    let objection = [("no_go_meaning", "review"), ("meaning", "approval"), ("comment", "two findings")];
    launch.sign(&launch.security, "security", "no_go", &objection).await.expect_status(303);
    let page = launch.security.get(&launch.path("go-no-go")).await.expect_status(200);
    assert!(page.texts("#sign-security .signed")[0].starts_with("You signed NO-GO"));
    assert_eq!(page.texts("#sign-security details > summary"), ["Sign again"]);
    assert!(page.texts(".head .actions a").is_empty(), "nothing is due");
    let record = &launch.state().await.signatures[0].record;
    assert_eq!(record.meaning.slug(), "review", "a NO-GO of the page is no approval");
    let rules = page.attributes(".reasons [data-rule]", "data-rule");
    assert_eq!(rules.iter().filter(|rule| *rule == "objection").count(), 1);
    assert_eq!(page.texts(".reasons [data-role-of=security][data-rule=signatures]").len(), 0, "one NO-GO blocks once");
}

/// Somebody who signs sees the items of their roles; those of others are counted by part.
#[tokio::test]
async fn signer_sees_own_items_first_and_those_of_others_by_part() {
    let launch = Launch::payments().make().await;
    let page = launch.security.get(&launch.path("go-no-go")).await.expect_status(200);
    let shown = page.attributes("section[aria-labelledby=reasons-h] > .reasons > [data-item]", "data-item");
    assert_eq!(shown, [launch.item("backups").to_string()]);
    let folded = page.attributes("section[aria-labelledby=reasons-h] details [data-item]", "data-item");
    assert_eq!(folded, [launch.item("runbook").to_string()]);
    assert!(page.texts("section[aria-labelledby=reasons-h] summary")[0].ends_with("1 item"));
    let href = page.attribute("section[aria-labelledby=reasons-h] details p a", "href").unwrap();
    assert!(href.starts_with(&format!("/launches/{}?show=open#part-", launch.id)), "{href}");
    launch.security.get(href.split('#').next().unwrap()).await.expect_status(200);
}

#[tokio::test]
async fn signature_form_resent_with_another_verdict_signs_again() {
    let launch = Launch::payments().make().await;
    let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    launch.sign(&launch.security, "security", "go", &[("once", &once)]).await.expect_status(303);
    let objection = [("once", once.as_str()), ("comment", "wait")];
    launch.sign(&launch.security, "security", "no_go", &objection).await.expect_status(303);
    assert_eq!(mark(&launch, "security").await, "no_go");
}

#[tokio::test]
async fn signing_with_a_wrong_password_is_refused_and_keeps_text() {
    let launch = Launch::payments().make().await;
    let before = launch.state().await.seq;
    for password in ["", "wrong"] {
        let more = [("password", password), ("comment", "a thought"), ("meaning", "responsibility")];
        let answer = launch.sign(&launch.security, "security", "go", &more).await.expect_status(422);
        assert_eq!(answer.texts("textarea#f-s-security-comment"), ["a thought"]);
        assert_eq!(answer.attribute("[name=meaning][checked]", "value").as_deref(), Some("responsibility"));
        assert_eq!(answer.attribute("[name=password][aria-invalid]", "value"), None, "but not the password");
        assert!(answer.attribute("[name=password][aria-invalid]", "id").is_some());
    }
    assert_eq!(launch.kinds_after(before).await, [""; 0]);
    assert_eq!(launch.app.installation_log().await, ["proof_refused"]);
}

#[tokio::test]
async fn malformed_signature_form_is_explained_at_the_form() {
    let launch = Launch::payments().make().await;
    for wrong in [
        [("verdict", "perhaps")],
        [("meaning", "fun")],
        [("meaning", "")],
        [("digest", "xyz")],
        [("digest", "")],
        [("seq", "seven")],
        [("seq", "999")],
        [("lifts", "x")],
        [("role", "juggler")],
        [("role", "")],
    ] {
        let answer = launch.sign(&launch.security, "security", "go", &wrong).await;
        assert_eq!(answer.status.as_u16(), 422, "{wrong:?}");
        assert!(!answer.texts(".problem").is_empty(), "{wrong:?}");
    }
    let answer = launch.sign(&launch.security, "security", "no_go", &[]).await.expect_status(422);
    assert!(answer.texts(".field .error")[0].contains("Say what you object to."));
    assert!(launch.state().await.signatures.is_empty());
}

#[tokio::test]
async fn signing_needs_a_holder_and_one_role_per_person() {
    let launch = Launch::payments().make().await;
    for (actor, status) in [(&launch.member, 403), (&launch.auditor, 403), (&launch.operations, 403)] {
        assert_eq!(launch.sign(actor, "security", "go", &[]).await.status.as_u16(), status);
    }
    let both = Command::AddHolder { role: "operations".parse().unwrap(), user: launch.security.person.id };
    launch.run_command(&launch.owner, both).await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let answer = launch.sign(&launch.security, "operations", "go", &[("comment", "mine too")]).await.expect_status(409);
    assert!(answer.texts(".problem")[0].contains("each person may sign in one role only"));
    assert!(answer.body.contains("mine too"), "what was typed is shown, though its form is not offered any more");
}

#[tokio::test]
async fn signing_a_changed_scope_is_refused_with_the_difference() {
    let launch = Launch::payments().make().await;
    let (shown, seq) = (launch.digest("security").await, launch.state().await.seq.to_string());
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let stale = [("digest", shown.as_str()), ("seq", seq.as_str()), ("comment", "as I saw it")];
    let answer = launch.sign(&launch.security, "security", "go", &stale).await.expect_status(409);
    let message = answer.texts(".diff li").concat();
    assert!(message.starts_with("Backups restored was open now blocked: because by Mia Member, "), "{message}");
    assert!(message.ends_with(" UTC"), "who, and when: {message}");
    assert_eq!(answer.texts("textarea#f-s-security-comment"), ["as I saw it"]);
    let now = launch.digest("security").await;
    assert_eq!(answer.attribute("form[action$='/signatures'] [name=digest]", "value"), Some(now), "the new one");
    assert!(launch.state().await.signatures.is_empty());
    // A change in another role's scope does not affect this one.
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
}

#[tokio::test]
async fn stale_signature_shows_what_changed_since() {
    let launch = Launch::payments().make().await;
    launch.sign_all().await;
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    assert_eq!((mark(&launch, "security").await, mark(&launch, "operations").await), ("stale".into(), "go".into()));
    let page = launch.security.get(&launch.path("go-no-go")).await.expect_status(200);
    let shown = page.texts(".diff li").concat();
    assert!(shown.starts_with("Backups restored was open now done by Mia Member, "), "{shown}");
    assert!(page.texts("h2").contains(&"Changed since Sven Security signed as Security".to_owned()));
    let href = page.attribute(".reasons [data-rule=signatures] a", "href").unwrap();
    assert_eq!(page.texts(&href).len(), 1, "the reason leads to the difference");
    launch.mark(&launch.member, "backups", ItemState::Open).await;
    assert_eq!(mark(&launch, "security").await, "go", "an undone change is no change");
}

#[tokio::test]
async fn signature_is_withdrawn_by_its_signer_with_a_reason() {
    let launch = Launch::payments().make().await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let id = newest(&launch).await;
    let good = [("comment", "too soon"), ("password", PASSWORD)];
    let path = format!("/signatures/{id}/withdrawal");
    assert_eq!(withdraw(&launch.deputy, id, &good).await, 403);
    assert_eq!(withdraw(&launch.auditor, id, &good).await, 403);
    assert_eq!(withdraw(&launch.security, ambient::new_id(), &good).await, 404);
    assert_eq!(withdraw(&launch.security, id, &[("password", PASSWORD)]).await, 422);
    let answer =
        launch.security.post(&path, &[("comment", "too soon"), ("password", "wrong")]).await.expect_status(422);
    assert_eq!(answer.texts("form[action$='/withdrawal'] textarea[name=comment]")[0], "too soon");
    assert_eq!(withdraw(&launch.security, id, &good).await, 303);
    assert_eq!(mark(&launch, "security").await, "none");
    let page = launch.member.get(&launch.path("go-no-go")).await;
    assert!(page.texts("#role-security details").iter().any(|text| text.contains("too soon")), "it stays to be read");
    assert_eq!(withdraw(&launch.security, id, &good).await, 409);
}

#[tokio::test]
async fn objection_is_lifted_by_another_holder_only_by_name() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "two findings")]).await.expect_status(303);
    let id = newest(&launch).await.to_string();
    launch.sign(&launch.operations, "operations", "go", &[]).await.expect_status(303);
    launch.sign(&launch.deputy, "security", "go", &[]).await.expect_status(303);
    assert_eq!(mark(&launch, "security").await, "no_go", "a go beside it lifts nothing");
    let page = launch.deputy.get(&launch.path("go-no-go")).await;
    assert_eq!(page.attribute("[name=lifts]:not([value=''])", "value").as_deref(), Some(id.as_str()));
    let lifting = [("lifts", id.as_str())];
    let answer = launch.sign(&launch.deputy, "security", "go", &lifting).await.expect_status(422);
    assert!(answer.texts(".field .error")[0].contains("Say why the objection is lifted."));
    assert_eq!(answer.attribute("[name=lifts][checked]", "value").as_deref(), Some(id.as_str()));
    launch
        .sign(&launch.deputy, "security", "go", &[("lifts", &id), ("comment", "both are mended")])
        .await
        .expect_status(303);
    assert_eq!(mark(&launch, "security").await, "go");
    let json: Value = serde_json::from_str(&launch.member.get(&launch.path("readiness.json")).await.body).unwrap();
    assert_eq!(json["verdict"], "go");
}

#[tokio::test]
async fn readiness_json_has_verdict_reasons_conditions_and_digests() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    let answer = launch.auditor.get(&launch.path("readiness.json")).await.expect_status(200);
    assert!(answer.header("content-type").starts_with("application/json"));
    let json: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&json["verdict"], &json["decision"]), (&"no_go".into(), &"none".into()));
    assert_eq!(json["seq"], launch.state().await.seq);
    assert_eq!(json["digest"]["security"], launch.digest("security").await);
    assert_eq!(json["digest"].as_object().unwrap().len(), 2);
    let first = &json["reasons"][0];
    assert_eq!((&first["rule"], &first["role"]), (&"items".into(), &"security".into()));
    assert_eq!(first["item"], launch.item("backups").to_string());
    assert_eq!(first["href"], format!("/items/{}", launch.item("backups")));
    assert_eq!(first["text"], "Backups restored: open.");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let named = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    assert_eq!(keys(first), named(&["rule", "role", "item", "text", "href"]));
    let condition = &json["conditions"][0];
    assert_eq!(keys(condition), named(&["id", "kind", "item", "owner", "expires_on", "text"]));
    assert_eq!(condition["id"], format!("advisory:{}:open", launch.item("status")));
    assert_eq!((&condition["kind"], &condition["owner"]), (&"advisory".into(), &"Operations".into()));
}

/// The holder of an optional role can sign, and finds the digest to sign in `readiness.json`.
#[tokio::test]
async fn digest_of_a_role_that_is_not_required_is_there_once_somebody_can_sign_in_it() {
    let mut launch = Launch::payments().make().await;
    let checklist =
        PAYMENTS_CHECKLIST.replace("{#status; advisory; role=operations}", "{#status; advisory; role=product}");
    launch.version = publish(&launch.app, checklists::parse(&checklist)).await;
    launch.id = ambient::new_id();
    launch.make_another(launch.id, false).await;
    let digests = async || -> BTreeSet<String> {
        let body = launch.member.get(&launch.path("readiness.json")).await.expect_status(200).body;
        let json: Value = serde_json::from_str(&body).unwrap();
        json["digest"].as_object().unwrap().keys().cloned().collect()
    };
    let named = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    assert_eq!(digests().await, named(&["operations", "security"]), "nobody holds it");
    let (role, user) = ("product".parse().unwrap(), launch.deputy.person.id);
    launch.run_command(&launch.owner, Command::AddHolder { role, user }).await;
    assert_eq!(digests().await, named(&["operations", "product", "security"]));

    // A program needs nothing else to sign.
    let body = launch.deputy.get(&launch.path("readiness.json")).await.body;
    let json: Value = serde_json::from_str(&body).unwrap();
    let digest = json["digest"]["product"].as_str().unwrap();
    assert_eq!(digest, launch.digest("product").await);
    assert_ne!(json["digest"]["product"], json["digest"]["security"]);
    launch
        .sign(&launch.deputy, "product", "no_go", &[("digest", digest), ("comment", "not yet")])
        .await
        .expect_status(303);
    // The signer is no longer a holder; the digest stays, since it shows whether the signature is stale.
    let (role, user) = ("product".parse().unwrap(), launch.deputy.person.id);
    launch.run_command(&launch.owner, Command::RemoveHolder { role, user }).await;
    assert_eq!(digests().await, named(&["operations", "product", "security"]));
}

#[tokio::test]
async fn signoff_forms_without_a_right_are_refused() {
    let launch = Launch::payments().make().await;
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    let withdrawal = format!("/signatures/{}/withdrawal", newest(&launch).await);
    let hidden = ambient::new_id();
    launch.make_another(hidden, true).await;
    let seq = launch.state().await.seq;
    for page in ["signatures", "signature-requests", "decision", "lifecycle"] {
        let path = launch.path(page);
        launch.app.client().post(&path, &[]).await.expect_status(401);
        launch.auditor.post(&path, &[]).await.expect_status(403);
        launch.member.post(&path, &[]).await.expect_status(403);
        launch.member.post(&format!("/launches/{hidden}/{page}"), &[]).await.expect_status(404);
        launch.owner.post(&format!("/launches/{}/{page}", uuid::Uuid::nil()), &[]).await.expect_status(404);
    }
    launch.app.client().post(&withdrawal, &[]).await.expect_status(401);
    launch.auditor.post(&withdrawal, &[]).await.expect_status(403);
    for page in ["go-no-go", "readiness.json"] {
        launch.member.get(&format!("/launches/{hidden}/{page}")).await.expect_status(404);
        launch.auditor.get(&format!("/launches/{hidden}/{page}")).await.expect_status(200);
    }
    assert_eq!(launch.kinds_after(seq).await, [""; 0]);
}

#[tokio::test]
async fn signoff_page_query_count_does_not_grow_with_the_data() {
    let statements = Statements::count();
    let launch = Launch::payments().make().await;
    let ask = async || {
        statements.since();
        let page = launch.member.get(&launch.path("go-no-go")).await.expect_status(200);
        (statements.since(), page.texts(".diff li").len())
    };
    // The user, the launch, its newest checkpoint, who has visited the page, and which holders are deactivated.
    assert_eq!(ask().await, (5, 0));
    launch.sign_all().await;
    for n in 0..5 {
        let (comment, body) = (ambient::new_id(), new_text(format!("remark {n}")));
        launch.run_command(&launch.member, Command::AddComment { item: launch.item("runbook"), comment, body }).await;
    }
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    assert_eq!(ask().await, (6, 2), "and what a stale signature was given on, and what they looked at last");
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    assert_eq!(ask().await, (6, 3), "one question for what is not known yet");
    assert_eq!(ask().await, (5, 2), "what was signed never changes, and is not asked twice");
}

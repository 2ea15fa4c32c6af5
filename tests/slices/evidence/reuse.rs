//! Evidence of one item reused on another.

use super::*;
use signoff::{
    domain::{
        ids::LaunchId,
        launch::{
            command::{Command, NewEvidence, NewLaunch},
            event::Policy,
        },
    },
    web::idempotency::new_text,
};

/// Reuses a piece of evidence on an item.
async fn reuse_evidence(launch: &Launch, client: &Client, key: &str, of: EvidenceId, days: [&str; 2]) -> Answer {
    let form = Form::new().text("existing", of.to_string());
    let form = form.text("observed_on", days[0].to_owned()).text("valid_until", days[1].to_owned());
    client.upload(&launch.item_path(key, "/evidence"), form).await
}

async fn team_with_file() -> (Launch, EvidenceId) {
    let launch = Launch::ledger().make().await;
    let form = form(&[("restore.log", b"all is well")]).text("observed_on", "2026-01-02");
    attach(&launch, &launch.member, form.text("valid_until", "2098-12-31")).await.expect_status(303);
    let id = evidence(&launch, "required").await[0];
    (launch, id)
}

#[tokio::test]
async fn reused_evidence_is_offered_by_item_and_shares_its_file() {
    let (launch, source) = team_with_file().await;
    attach(&launch, &launch.member, Form::new().text("note", "Seen.")).await.expect_status(303);
    assert!(
        launch.member.get(&launch.item_path("required", "")).await.texts("#again").is_empty(),
        "it has all there is"
    );
    let page = launch.other.get(&launch.item_path("critical", "")).await.expect_status(200);
    assert_eq!(page.attribute("#again optgroup", "label").as_deref(), Some("The required item"));
    let offered = page.texts("#again optgroup option");
    assert_eq!(offered[0], "restore.log (11 bytes), observed 2 Jan 2026, valid until 31 Dec 2098");
    assert!(offered[1].starts_with("“Seen.”, observed"), "{offered:?}");

    let answer = reuse_evidence(&launch, &launch.other, "critical", source, ["", ""]).await;
    assert_eq!(answer.location(), launch.item_path("critical", "#evidence"));
    let page = launch.auditor.get(&launch.item_path("critical", "")).await.expect_status(200);
    let row = &page.texts(".evidence > li")[0];
    for expected in ["restore.log", "Otto Other", "observed 2 Jan 2026", "valid until 31 Dec 2098", "reused from"] {
        assert!(row.contains(expected), "{expected}: {row}");
    }
    assert_eq!(page.texts(".evidence .meta a"), ["The required item"]);
    assert_eq!(stored_files(&launch).len(), 1, "the bytes are there once");
    let used = evidence(&launch, "critical").await[0];
    assert_eq!(launch.auditor.get(&format!("/evidence/{used}/file")).await.expect_status(200).body, "all is well");
    let page = launch.auditor.get(&format!("/launches/{}/evidence", launch.id)).await.expect_status(200);
    assert_eq!(page.texts(".evidence .name"), ["restore.log", "restore.log"]);

    // Withdrawn where it was first attached, it stays valid where it was reused, and the page shows that.
    launch
        .member
        .post(&format!("/evidence/{source}/withdrawal"), &[("reason", "Not for this.")])
        .await
        .expect_status(303);
    let page = launch.auditor.get(&launch.item_path("critical", "")).await;
    assert!(page.texts(".evidence > li")[0].contains("withdrawn there"));
    assert_eq!(launch.auditor.get(&format!("/evidence/{used}/file")).await.expect_status(200).body, "all is well");
    let rows = sqlx::query_scalar("SELECT source_id FROM evidence WHERE id = $1").bind(used);
    assert_eq!(rows.fetch_one(&launch.app.owner).await.ok(), Some(source));
}

#[tokio::test]
async fn reused_evidence_may_have_other_dates() {
    let (launch, source) = team_with_file().await;
    for (days, field) in
        [(["2098-01-01", ""], "observed_on"), (["", "2020-01-01"], "valid_until"), (["2026-02-30", ""], "observed_on")]
    {
        let page = reuse_evidence(&launch, &launch.member, "critical", source, days).await.expect_status(422);
        assert_eq!(page.texts(&format!("#f-again-{field}-error")).len(), 1, "{days:?}");
        assert_eq!(page.attribute("#again option[selected]", "value"), Some(source.to_string()));
        assert_eq!(page.attribute("#f-again-observed_on", "value").as_deref(), Some(days[0]));
        assert!(page.attribute("details#again", "open").is_some());
    }
    for nothing in ["", "no id"] {
        let form = Form::new().text("existing", nothing);
        let page = launch.member.upload(&launch.item_path("critical", "/evidence"), form).await.expect_status(422);
        assert_eq!(page.texts("#f-again-existing-error").len(), 1);
    }
    reuse_evidence(&launch, &launch.member, "critical", source, ["2026-01-03", "2026-01-04"]).await.expect_status(303);
    let row = launch.member.get(&launch.item_path("critical", "")).await.texts(".evidence > li").remove(0);
    assert!(row.contains("observed 3 Jan 2026") && row.contains("lapsed on 4 Jan 2026"), "{row}");
}

#[tokio::test]
async fn evidence_reuse_needs_valid_evidence_of_the_same_launch() {
    let (launch, source) = team_with_file().await;
    let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    for _ in 0..2 {
        let form = Form::new().text("existing", source.to_string()).text("once", once.clone());
        launch.member.upload(&launch.item_path("critical", "/evidence"), form).await.expect_status(303);
    }
    assert_eq!(launch.kinds().await, ["evidence_attached"; 2]);
    let page = reuse_evidence(&launch, &launch.member, "critical", source, ["", ""]).await.expect_status(409);
    assert_eq!(page.texts("main [role=alert]"), ["That evidence is on this item already."]);
    let used = evidence(&launch, "critical").await[0];
    reuse_evidence(&launch, &launch.member, "required", used, ["", ""]).await.expect_status(409);

    launch.member.post(&format!("/evidence/{source}/withdrawal"), &[("reason", "No.")]).await.expect_status(303);
    let page = reuse_evidence(&launch, &launch.member, "advisory", source, ["", ""]).await.expect_status(409);
    assert_eq!(page.texts("main [role=alert]"), ["That evidence was withdrawn, so it can’t be used again."]);

    reuse_evidence(&launch, &launch.auditor, "advisory", used, ["", ""]).await.expect_status(403);
    reuse_evidence(&launch, &launch.member, "advisory", ambient::new_id(), ["", ""]).await.expect_status(404);
    reuse_evidence(&launch, &launch.member, "advisory", evidence_of_another_launch(&launch).await, ["", ""])
        .await
        .expect_status(404);
    assert_eq!(launch.kinds().await[2..], ["evidence_withdrawn"]);
    launch.cancel().await;
    reuse_evidence(&launch, &launch.member, "advisory", used, ["", ""]).await.expect_status(409);
}

async fn evidence_of_another_launch(launch: &Launch) -> EvidenceId {
    let (launch_id, evidence): (LaunchId, EvidenceId) = (ambient::new_id(), ambient::new_id());
    let known = launch.state().await;
    let new = NewLaunch {
        id: launch_id,
        name: new_text("Another"),
        summary: None,
        target: known.details.target.clone(),
        policy: Policy::default(),
        restricted: false,
        version: known.version.clone(),
    };
    let (record, db) = (&launch.app.state.record, &launch.app.state.db);
    record.create(db, launch.requester(&launch.owner), new).await.unwrap();
    let item = signoff::domain::ids::ItemId::from_key(launch_id, &"required".parse().unwrap());
    let content = NewEvidence::Note(new_text("of the other"));
    let attach = Command::AttachEvidence { item, evidence, content, observed_on: None, valid_until: None };
    record.execute(db, launch.requester(&launch.owner), launch_id, vec![attach]).await.unwrap();
    evidence
}

#[tokio::test]
async fn evidence_reuse_list_shows_all_on_request() {
    let launch = Launch::ledger().make().await;
    for round in 0..3 {
        let files: Vec<(String, Vec<u8>)> =
            (0..40).map(|n| (format!("{round}-{n}.txt"), vec![b'x', round, n])).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
        attach(&launch, &launch.member, form(&files)).await.expect_status(303);
    }
    let page = launch.other.get(&launch.item_path("critical", "")).await.expect_status(200);
    assert_eq!(page.texts("#again option").len(), 0);
    assert!(page.texts("#again")[0].contains("120 pieces of evidence"));
    let href = page.attribute("#again a", "href").unwrap();
    let page = launch.other.get(href.split('#').next().unwrap()).await.expect_status(200);
    assert_eq!(page.texts("#again optgroup option").len(), 120);
    // Reuse is not offered to people who may not attach evidence.
    assert!(launch.auditor.get(href.split('#').next().unwrap()).await.expect_status(200).texts("#again").is_empty());
}

//! The sweep of the evidence store: unreferenced files go to the trash, late, few at a time, and are restored when they
//! are referenced again.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use reqwest::multipart::{Form, Part};
use signoff::{
    ambient,
    blobs::{Blobs, EvidencePicture},
    db,
    domain::{
        ids::EvidenceId,
        launch::event::{EvidenceContent, PersonRef, Redaction},
        text::PersonName,
        time::Moment,
    },
    jobs::sweep::{SweepOutcome, sweep},
    record::Record,
    web::idempotency::new_text,
};

use crate::helpers::launch::Launch;

const DAY: i64 = 24 * 3_600;

/// A launch with this many files attached.
async fn launch(files: usize) -> Launch {
    let launch = Launch::ledger().make().await;
    if files > 0 {
        let form = (0..files).fold(Form::new(), |form, number| {
            form.part("files", Part::bytes(format!("file {number}").into_bytes()).file_name("report.txt"))
        });
        launch.member.upload(&launch.item_path("required", "/evidence"), form).await.expect_status(303);
    }
    launch
}

/// Stores this many unreferenced files.
async fn store_unreferenced_files(blobs: &Blobs, files: usize) -> Vec<EvidenceId> {
    let mut ids = Vec::new();
    for _ in 0..files {
        let id = ambient::new_id();
        let bytes = futures_util::stream::iter([Ok::<_, anyhow::Error>(Bytes::from_static(b"left behind"))]);
        blobs.put(id, bytes, 100).await.unwrap();
        ids.push(id);
    }
    ids
}

async fn stored(blobs: &Blobs) -> BTreeSet<EvidenceId> {
    blobs.list().map_ok(|file| file.id).try_collect().await.unwrap()
}

async fn in_trash(blobs: &Blobs) -> BTreeSet<EvidenceId> {
    blobs.list_trash().map_ok(|file| file.id).try_collect().await.unwrap()
}

async fn run_sweep(launch: &Launch, now: Moment, may_remove: bool) -> SweepOutcome {
    sweep(&launch.app.state.db, &launch.app.state.blobs, now, may_remove).await.unwrap()
}

#[tokio::test]
async fn unreferenced_file_is_trashed_after_a_day_deleted_after_thirty() {
    let launch = launch(3).await;
    let blobs = &launch.app.state.blobs;
    let before = stored(blobs).await;
    let left = store_unreferenced_files(blobs, 1).await[0];
    blobs.store_picture(left, EvidencePicture::Thumbnail, Bytes::from_static(b"a picture of it")).await.unwrap();
    let now = launch.app.state.clock.now();
    assert_eq!(run_sweep(&launch, now, true).await, SweepOutcome::default(), "somebody may be about to name it");
    let later = now.plus_seconds(DAY + 3_600);
    assert_eq!(
        run_sweep(&launch, later, false).await,
        SweepOutcome::default(),
        "nothing is removed in a process's first day"
    );
    assert!(blobs.open(left).await.unwrap().is_some());
    assert_eq!(run_sweep(&launch, later, true).await, SweepOutcome { moved: 1, ..SweepOutcome::default() });
    assert!(blobs.open(left).await.unwrap().is_none());
    assert!(blobs.load_picture(left, EvidencePicture::Thumbnail).await.unwrap().is_none());
    assert_eq!((stored(blobs).await, in_trash(blobs).await), (before.clone(), BTreeSet::from([left])));

    assert_eq!(run_sweep(&launch, later.plus_seconds(30 * DAY - 1), true).await, SweepOutcome::default());
    let end = later.plus_seconds(30 * DAY + 1);
    assert_eq!(
        run_sweep(&launch, end, false).await,
        SweepOutcome::default(),
        "nor is the trash emptied in the first day"
    );
    assert_eq!(run_sweep(&launch, end, true).await, SweepOutcome { emptied: 1, ..SweepOutcome::default() });
    assert_eq!((stored(blobs).await, in_trash(blobs).await), (before, BTreeSet::new()));
}

#[tokio::test]
async fn sweep_that_would_remove_many_files_removes_none() {
    for (named, unnamed, allowed) in [(0, 1, false), (0, 40, false), (3, 2, false), (5, 1, true), (3, 12, false)] {
        let launch = launch(named).await;
        let blobs = &launch.app.state.blobs;
        store_unreferenced_files(blobs, unnamed).await;
        let before = stored(blobs).await;
        let later = launch.app.state.clock.now().plus_seconds(400 * DAY);
        let swept = run_sweep(&launch, later, true).await;
        assert_eq!(swept.refusal.is_none(), allowed, "{unnamed} beside {named}");
        assert_eq!(swept.moved, if allowed { unnamed } else { 0 });
        assert_eq!(stored(blobs).await.len(), before.len() - swept.moved);
    }
}

#[tokio::test]
async fn trashed_file_referenced_again_is_restored_unless_redacted() {
    let launch = launch(2).await;
    let (app, blobs) = (&launch.app.state, &launch.app.state.blobs);
    let before = stored(blobs).await;
    let now = app.clock.now();
    for id in &before {
        blobs.move_to_trash(*id, now).await.unwrap();
    }
    let left = store_unreferenced_files(blobs, 1).await[0];
    blobs.move_to_trash(left, now).await.unwrap();
    // In the first day of a process, too: as when the right database was restored.
    assert_eq!(run_sweep(&launch, now, false).await, SweepOutcome { put_back: 2, ..SweepOutcome::default() });
    assert_eq!((stored(blobs).await, in_trash(blobs).await), (before.clone(), BTreeSet::from([left])));

    let redacted = *before.first().unwrap();
    let EvidenceContent::File { sha256, .. } = launch.state().await.evidence[&redacted].content else { panic!() };
    let options = db::connect_options(&app.config.database_url).unwrap().options([("role", "signoff_redactor")]);
    let by = PersonRef { id: launch.owner.person.id, name: PersonName::new("Olga Owner").unwrap() };
    let (what, reason) = (Redaction::File { sha256 }, new_text("the wrong customer"));
    let (record, redactor) = (Record::default(), db::create_pool(options, 2));
    record.redact(&redactor, &by, launch.id, what, reason, (ambient::new_id(), now)).await.unwrap();
    blobs.move_to_trash(redacted, now).await.unwrap();
    assert_eq!(run_sweep(&launch, now, false).await.put_back, 0);
    assert_eq!(in_trash(blobs).await, BTreeSet::from([left, redacted]));
    blobs.destroy(redacted).await.unwrap();
    assert_eq!(in_trash(blobs).await, BTreeSet::from([left]));
}

//! The sweep of the evidence store: what nothing refers to goes to the trash, late, few at a time, and back when it is named.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use reqwest::multipart::{Form, Part};
use signoff::{
    ambient,
    blobs::{Blobs, Picture},
    db,
    domain::{
        ids::EvidenceId,
        launch::event::{EvidenceContent, PersonRef, Redaction},
        text::PersonName,
        time::Moment,
    },
    jobs::sweep::{Swept, sweep},
    launch_page::texts::new_text,
    record::Record,
};

use crate::helpers::launch::Team;

const DAY: i64 = 24 * 3_600;

/// A team with so many files attached.
async fn team(files: usize) -> Team {
    let team = Team::start().await;
    if files > 0 {
        let form = (0..files).fold(Form::new(), |form, number| {
            form.part("files", Part::bytes(format!("file {number}").into_bytes()).file_name("report.txt"))
        });
        team.member.upload(&team.path("required", "/evidence"), form).await.is(303);
    }
    team
}

/// Stores so many files that nothing names.
async fn leave_behind(blobs: &Blobs, files: usize) -> Vec<EvidenceId> {
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
    blobs.ids().map_ok(|file| file.id).try_collect().await.unwrap()
}

async fn in_trash(blobs: &Blobs) -> BTreeSet<EvidenceId> {
    blobs.trash().map_ok(|file| file.id).try_collect().await.unwrap()
}

async fn swept(team: &Team, now: Moment, may_remove: bool) -> Swept {
    sweep(&team.app.state.db, &team.app.state.blobs, now, may_remove).await.unwrap()
}

#[tokio::test]
async fn a_file_that_nothing_names_goes_to_the_trash_a_day_later_and_is_gone_after_thirty() {
    let team = team(3).await;
    let blobs = &team.app.state.blobs;
    let before = stored(blobs).await;
    let left = leave_behind(blobs, 1).await[0];
    blobs.keep_picture(left, Picture::Thumbnail, Bytes::from_static(b"a picture of it")).await.unwrap();
    let now = team.app.state.clock.now();
    assert_eq!(swept(&team, now, true).await, Swept::default(), "somebody may be about to name it");
    let later = now.plus_seconds(DAY + 3_600);
    assert_eq!(swept(&team, later, false).await, Swept::default(), "nothing is removed in a process's first day");
    assert!(blobs.open(left).await.unwrap().is_some());
    assert_eq!(swept(&team, later, true).await, Swept { moved: 1, ..Swept::default() });
    assert!(blobs.open(left).await.unwrap().is_none());
    assert!(blobs.picture(left, Picture::Thumbnail).await.unwrap().is_none());
    assert_eq!((stored(blobs).await, in_trash(blobs).await), (before.clone(), BTreeSet::from([left])));

    assert_eq!(swept(&team, later.plus_seconds(30 * DAY - 1), true).await, Swept::default());
    let end = later.plus_seconds(30 * DAY + 1);
    assert_eq!(swept(&team, end, false).await, Swept::default(), "nor is the trash emptied in the first day");
    assert_eq!(swept(&team, end, true).await, Swept { emptied: 1, ..Swept::default() });
    assert_eq!((stored(blobs).await, in_trash(blobs).await), (before, BTreeSet::new()));
}

#[tokio::test]
async fn a_sweep_that_would_remove_many_files_removes_none() {
    for (named, unnamed, allowed) in [(0, 1, false), (0, 40, false), (3, 2, false), (5, 1, true), (3, 12, false)] {
        let team = team(named).await;
        let blobs = &team.app.state.blobs;
        leave_behind(blobs, unnamed).await;
        let before = stored(blobs).await;
        let later = team.app.state.clock.now().plus_seconds(400 * DAY);
        let swept = swept(&team, later, true).await;
        assert_eq!(swept.refused.is_none(), allowed, "{unnamed} beside {named}");
        assert_eq!(swept.moved, if allowed { unnamed } else { 0 });
        assert_eq!(stored(blobs).await.len(), before.len() - swept.moved);
    }
}

#[tokio::test]
async fn a_file_in_the_trash_that_is_named_again_is_put_back_unless_it_was_redacted() {
    let team = team(2).await;
    let (app, blobs) = (&team.app.state, &team.app.state.blobs);
    let before = stored(blobs).await;
    let now = app.clock.now();
    for id in &before {
        blobs.move_to_trash(*id, now).await.unwrap();
    }
    let left = leave_behind(blobs, 1).await[0];
    blobs.move_to_trash(left, now).await.unwrap();
    // In the first day of a process, too: as when the right database was restored.
    assert_eq!(swept(&team, now, false).await, Swept { put_back: 2, ..Swept::default() });
    assert_eq!((stored(blobs).await, in_trash(blobs).await), (before.clone(), BTreeSet::from([left])));

    let redacted = *before.first().unwrap();
    let EvidenceContent::File { sha256, .. } = team.state().await.evidence[&redacted].content else { panic!() };
    let options = db::options(&app.config.database_url).unwrap().options([("role", "signoff_redactor")]);
    let by = PersonRef { id: team.owner_id, name: PersonName::new("Olga Owner").unwrap() };
    let (what, reason) = (Redaction::File { sha256 }, new_text("the wrong customer"));
    let (record, redactor) = (Record::default(), db::pool(options, 2));
    record.redact(&redactor, &by, team.launch, what, reason, (ambient::new_id(), now)).await.unwrap();
    blobs.move_to_trash(redacted, now).await.unwrap();
    assert_eq!(swept(&team, now, false).await.put_back, 0);
    assert_eq!(in_trash(blobs).await, BTreeSet::from([left, redacted]));
    blobs.destroy(redacted).await.unwrap();
    assert_eq!(in_trash(blobs).await, BTreeSet::from([left]));
}

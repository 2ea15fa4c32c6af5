//! Everything that the database and the evidence store hold, and what happens to it with the owner's rights.

use signoff::{
    domain::{checkpoint::LogId, checkpoint::SignedCheckpoint, merkle::proof::Head},
    jobs,
    record::verify::{Everything, everything},
};

use super::*;

async fn all(launch: &Launch, held: Option<(LogId, Head)>) -> Everything {
    let state = &launch.app.state;
    everything(&launch.app.owner, &state.blobs, held).await.unwrap()
}

#[track_caller]
fn is_wrong(found: &Everything, words: &str) {
    let told: Vec<String> = found.wrong.iter().map(|wrong| format!("{}: {}", wrong.with, wrong.what)).collect();
    assert!(told.iter().any(|told| told.contains(words)), "{words:?} in {told:?}");
}

/// A launch whose checkpoint the installation's log tells of, and the checkpoint of that log.
async fn covered() -> (Launch, Head) {
    let launch = eventful().await;
    let file = jobs::checkpoints::once(&launch.app.state).await.unwrap().unwrap();
    let note: SignedCheckpoint = std::fs::read_to_string(file).unwrap().parse().unwrap();
    let head = note.verified(&launch.app.key.public()).unwrap().head;
    (launch, head)
}

#[tokio::test]
async fn a_good_installation_is_found_good() {
    let (launch, head) = covered().await;
    let found = all(&launch, Some((LogId::Installation, head))).await;
    assert_eq!((found.wrong.as_slice(), found.contained, found.launches), (&[][..], true, 1));
    assert!(found.events > launch.state().await.seq && found.checkpoints > 4);
}

/// Each of these with a fresh installation: the statements, and what is said then.
#[tokio::test]
async fn what_the_owner_of_the_database_does_is_found() {
    for (statements, words) in [
        // A changed value, in the bytes and in what stands beside them.
        (
            &["UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'Mia Member', 'Mia Nobody'), 'UTF8')
               WHERE kind = 'comment_added'"][..],
            "do not hash to what its checkpoint",
        ),
        (&["UPDATE events SET kind = 'item_marked' WHERE kind = 'comment_added'"], "what stands beside event"),
        // A changed field of a signature.
        (
            &["UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '\"no_go\"', '\"go\"'), 'UTF8')
               WHERE kind = 'signed'"],
            "do not hash to what its checkpoint",
        ),
        (&["UPDATE signatures SET signer_name = 'Nobody'"], "the table signatures does not hold"),
        // Deleted in the middle; and all that follows numbered anew.
        (&["DELETE FROM events WHERE seq = 5"], "event 6 stands where event 5 should"),
        (
            &["DELETE FROM events WHERE seq = 5", "UPDATE events SET seq = 99999 + seq WHERE seq > 5", "UPDATE events SET seq = seq - 100000 WHERE seq > 99999"],
            "what stands beside event 5 is not what is in it",
        ),
        // Reordered.
        (
            &["UPDATE events SET seq = 100000 - seq WHERE seq IN (4, 5)", "UPDATE events SET seq = seq - 99991 WHERE seq > 99990"],
            "what stands beside event 4 is not what is in it",
        ),
        // A tail cut off, with the launch's own checkpoints: the installation's log still tells.
        (
            &[
                "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
                "DELETE FROM checkpoint_witnesses",
                "DELETE FROM checkpoints WHERE log <> '00000000-0000-0000-0000-000000000000'",
            ],
            "events were removed from its end",
        ),
        // An inserted event.
        (
            &["INSERT INTO events SELECT launch_id, seq + 1, at, kind, actor_id, item_id, bytes FROM events ORDER BY seq DESC LIMIT 1"],
            "is not what is in it",
        ),
        // A forged checkpoint, and one of another log.
        (&["UPDATE checkpoints SET root = sha256('x')"], "than it is kept as"),
        (&["UPDATE checkpoints SET text = replace(text, 'signoff/', 'signof/')"], "can't be believed"),
        // A text, changed and gone.
        (&["UPDATE texts SET value = 'wait for Mr Y' WHERE field = 'signature_comment'"], "is not what was written"),
        (&["DELETE FROM texts WHERE field = 'comment'"], "is missing, and no event says that it was redacted"),
        // A table that is not what the history comes to.
        (&["UPDATE items SET state = 'done', reason = NULL WHERE state = 'open'"], "the table items does not hold"),
        // The tree.
        (&["UPDATE tree_nodes SET hash = sha256('x') WHERE level = 1 AND index = 0"], "its tree does not fit its events"),
        // The installation's log.
        (&["DELETE FROM installation_events WHERE index = 1"], "The installation's log: "),
    ] {
        let (launch, _) = covered().await;
        tamper(&launch, statements).await;
        is_wrong(&all(&launch, None).await, words);
    }
}

#[tokio::test]
async fn a_deleted_launch_is_missed() {
    let (launch, _) = covered().await;
    tamper(
        &launch,
        &[
            "ALTER TABLE launches DISABLE TRIGGER ALL",
            "DELETE FROM checkpoint_witnesses",
            "DELETE FROM checkpoints WHERE log <> '00000000-0000-0000-0000-000000000000'",
            "DELETE FROM tree_nodes WHERE log <> '00000000-0000-0000-0000-000000000000'",
            "DELETE FROM events",
        ],
    )
    .await;
    // The rest of it goes with replication's rights, past the keys that refer to it.
    launch
        .app
        .owner
        .execute("SET session_replication_role = replica; DELETE FROM launches; RESET session_replication_role")
        .await
        .unwrap();
    is_wrong(&all(&launch, None).await, "it is gone: the installation's log tells of");
}

/// The installation's log too can be cut off by who owns the database; a checkpoint of the day, kept elsewhere, tells.
#[tokio::test]
async fn a_tail_cut_off_the_installations_log_is_missed_by_who_holds_the_days_checkpoint() {
    let (launch, head) = covered().await;
    let last = head.size;
    tamper(
        &launch,
        &[
            "DELETE FROM checkpoints WHERE log = '00000000-0000-0000-0000-000000000000'",
            &format!("DELETE FROM installation_events WHERE index = {last}"),
            &format!("DELETE FROM tree_nodes WHERE log = '00000000-0000-0000-0000-000000000000' AND ((index + 1) << level) >= {last}"),
        ],
    )
    .await;
    let found = all(&launch, Some((LogId::Installation, head))).await;
    is_wrong(&found, "the checkpoint that you hold covers");
}

#[tokio::test]
async fn a_file_that_was_swapped_or_lost_is_found() {
    let (launch, _) = covered().await;
    let state = launch.state().await;
    let file =
        state.evidence.values().find(|evidence| matches!(evidence.content, EvidenceContent::File { .. })).unwrap();
    let name = file.id.to_string();
    let path = launch.app.state.config.evidence_dir.join(&name[34..]).join(&name);
    std::fs::write(&path, "another").unwrap();
    is_wrong(&all(&launch, None).await, "is not the one that was attached");
    let mut entries = entries(&bundle(&launch, &launch.auditor).await);
    verified(&zip(&entries), &[]).is(1, "The file that event");
    std::fs::remove_file(&path).unwrap();
    is_wrong(&all(&launch, None).await, "is missing");
    entries = self::entries(&bundle(&launch, &launch.auditor).await);
    verified(&zip(&entries), &[]).is(1, "is missing, and no event says");
}

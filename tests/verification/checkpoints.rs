//! Checkpoints: when they are made, that they are correct, and what they cost.

use std::fs;

use signoff::{
    ambient,
    domain::{
        canonical::Sha256Hash,
        checkpoint::{CheckpointCause, LogId, SignedCheckpoint},
        ids::LaunchId,
        installation::{Credential, InstallationEvent, ProofPurpose},
        launch::{command::Command, event::ItemState},
        merkle::{
            RightEdge, hash_leaf,
            proof::{TreeHead, verify_consistency, verify_inclusion},
        },
    },
    jobs,
    record::{
        checkpoints::{self, StoredCheckpoint},
        installation_log,
    },
    web::idempotency::new_text,
};
use sqlx::{Executor as _, PgConnection, PgPool};

use crate::helpers::{Launch, Setting, TestApp, sql_statements::Statements};

async fn newest(launch: &Launch) -> Option<StoredCheckpoint> {
    checkpoints::load_newest(&launch.app.state.db, LogId::Launch(launch.id)).await.unwrap()
}

/// The root hash of the tree over these leaves, computed independently from the bytes.
fn root(leaves: &[Vec<u8>]) -> Sha256Hash {
    let mut edge = RightEdge::default();
    for bytes in leaves {
        edge.append(hash_leaf(bytes));
    }
    edge.root()
}

async fn events(launch: &Launch) -> Vec<Vec<u8>> {
    sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 ORDER BY seq")
        .bind(launch.id)
        .fetch_all(&launch.app.owner)
        .await
        .unwrap()
}

async fn installation_events(app: &TestApp) -> Vec<Vec<u8>> {
    let events = sqlx::query_scalar("SELECT bytes FROM installation_events ORDER BY index");
    events.fetch_all(&app.owner).await.unwrap()
}

/// Asserts that the newest checkpoint covers everything, has this cause and is correct.
async fn assert_covered(launch: &Launch, cause: CheckpointCause) {
    let (newest_checkpoint, events) = (newest(launch).await.unwrap(), events(launch).await);
    assert_eq!((usize::try_from(newest_checkpoint.size).unwrap(), newest_checkpoint.cause), (events.len(), cause));
    let tree_head =
        newest_checkpoint.text.parse::<SignedCheckpoint>().unwrap().verify(&launch.app.key.public_key()).unwrap();
    assert_eq!(tree_head.head, TreeHead { size: events.len() as u64, root: root(&events) });
    assert_eq!((tree_head.origin.log, newest_checkpoint.root), (LogId::Launch(launch.id), tree_head.head.root));
    assert_eq!(newest_checkpoint.key, launch.app.key.public_key());
}

#[tokio::test]
async fn checkpoint_is_made_for_every_signature_and_decision() {
    let launch = Launch::payments().make().await;
    assert_eq!(newest(&launch).await, None, "nothing has been signed or decided");
    launch.sign(&launch.security, "security", "no_go", &[("comment", "wait")]).await.expect_status(303);
    assert_covered(&launch, CheckpointCause::Signature).await;
    let before = newest(&launch).await;
    launch.resolve_all().await;
    assert_eq!(newest(&launch).await, before, "a tick leaves none of its own");
    let signature = launch.state().await.signatures[0].record.id;
    let withdraw = Command::WithdrawSignature { signature, comment: new_text("looked again") };
    launch.run_command(&launch.security, withdraw).await;
    assert_covered(&launch, CheckpointCause::Signature).await;
    launch.sign_all().await;
    let declare = || Command::DeclareGo { acknowledged: Default::default(), saw: None };
    for command in [
        Command::Hold { reason: new_text("wait") },
        Command::Resume { reason: None },
        declare(),
        Command::Reopen { reason: new_text("again") },
        declare(),
        Command::Launch { at: None, past: None },
    ] {
        launch.run_command(&launch.owner, command).await;
        assert_covered(&launch, CheckpointCause::Decision).await;
    }
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM checkpoints").fetch_one(&launch.app.owner).await.unwrap();
    assert_eq!(count, 10, "one each, and none besides");
}

/// A checkpoint is made in the transaction of its change, or not at all.
#[tokio::test]
async fn checkpoint_of_a_rolled_back_change_is_not_kept() {
    let launch = Launch::payments().make().await;
    let before = launch.state().await.seq;
    launch
        .app
        .owner
        .execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'disk_full'; END $$",
        )
        .await
        .unwrap();
    for table in ["checkpoints", "signatures", "events"] {
        let trigger = format!(
            "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION fail()"
        );
        launch.app.owner.execute(sqlx::AssertSqlSafe(trigger)).await.unwrap();
        let answer = launch.sign(&launch.security, "security", "go", &[]).await;
        assert!(answer.status.is_server_error(), "{table}: {}", answer.status);
        launch.app.owner.execute(sqlx::AssertSqlSafe(format!("DROP TRIGGER fail ON {table}"))).await.unwrap();
        assert_eq!(newest(&launch).await, None, "{table}");
        assert_eq!((launch.state().await.seq, launch.state().await.signatures.len()), (before, 0), "{table}");
    }
    launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
    assert_covered(&launch, CheckpointCause::Signature).await;
}

/// The installation's daily checkpoint, read from its file.
fn head_in_file(app: &TestApp, file: &std::path::Path) -> TreeHead {
    let text = fs::read_to_string(file).unwrap();
    let tree_head = text.parse::<SignedCheckpoint>().unwrap().verify(&app.key.public_key()).unwrap();
    assert_eq!(tree_head.origin.log, LogId::Installation);
    tree_head.head
}

#[tokio::test]
async fn daily_checkpoint_covers_every_launch_and_is_written_to_file() {
    let launch = Launch::payments().make().await;
    let other: LaunchId = ambient::new_id();
    launch.make_another(other, true).await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "wait")]).await.expect_status(303);
    let (app, state) = (&launch.app, &launch.app.state);
    let first = jobs::daily_checkpoint::run_once(state).await.unwrap().unwrap();
    let logged = installation_events(app).await;
    let day_one = head_in_file(app, &first);
    assert_eq!(day_one, TreeHead { size: logged.len() as u64, root: root(&logged) });
    assert_eq!(app.installation_log().await, ["launch_checkpointed"; 2]);
    assert_covered(&launch, CheckpointCause::Signature).await;
    let newest = checkpoints::load_newest(&state.db, LogId::Launch(other)).await.unwrap().unwrap();
    assert_eq!(newest.cause, CheckpointCause::Daily);
    let logged =
        logged.into_iter().map(|bytes| serde_json::from_slice::<installation_log::InstallationEntry>(&bytes).unwrap());
    for entry in logged {
        let (id, seq) = entry.launch.unwrap();
        let newest = checkpoints::load_newest(&state.db, LogId::Launch(id)).await.unwrap().unwrap();
        assert_eq!(entry.event, InstallationEvent::LaunchCheckpointed { size: seq, root: newest.root });
        assert_eq!(newest.size, seq);
    }
    // Only once a day.
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    assert_eq!(jobs::daily_checkpoint::run_once(state).await.unwrap(), None);
    assert_covered_up_to(&launch, -1).await;

    // The next day: only what changed.
    state.clock.advance(24 * 3_600);
    let second = jobs::daily_checkpoint::run_once(state).await.unwrap().unwrap();
    assert_ne!(first, second);
    assert_covered(&launch, CheckpointCause::Daily).await;
    assert_eq!(app.installation_log().await, ["launch_checkpointed"; 3]);
    let day_two = head_in_file(app, &second);
    let (old, new) = (day_one.size.cast_signed(), day_two.size.cast_signed());
    let proof = checkpoints::prove_consistency(&state.db, LogId::Installation, old, new).await.unwrap().unwrap();
    assert!(verify_consistency(day_one, day_two, &proof), "the log only grew");

    // A day without changes repeats the same statement; a lost file is written again.
    state.clock.advance(24 * 3_600);
    let third = jobs::daily_checkpoint::run_once(state).await.unwrap().unwrap();
    assert_eq!(head_in_file(app, &third), day_two);
    fs::remove_file(&third).unwrap();
    assert_eq!(jobs::daily_checkpoint::run_once(state).await.unwrap(), Some(third.clone()));
    let files = fs::read_dir(third.parent().unwrap()).unwrap().count();
    assert_eq!(files, 3, "and nothing is left beside them");
}

/// Asserts that the newest checkpoint's size is the number of the launch's last event plus this (zero or negative).
async fn assert_covered_up_to(launch: &Launch, from_the_end: i64) {
    let (newest_checkpoint, state) = (newest(launch).await.unwrap(), launch.state().await);
    assert_eq!(newest_checkpoint.size, state.seq + from_the_end);
}

#[tokio::test]
async fn daily_checkpoint_without_a_writable_file_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let set = vec![("SIGNOFF_CHECKPOINT_DIR", file.join("x").display().to_string())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let event = InstallationEvent::ProofRefused {
        user: None,
        purpose: ProofPurpose::SignIn,
        credential: Credential::Password,
        address: None,
    };
    append_installation_event(&app.state.db, &event).await;
    // Nothing reads a file there, and nothing can be written there.
    assert!(jobs::daily_checkpoint::run_once(&app.state).await.is_err());
    let newest = checkpoints::load_newest(&app.state.db, LogId::Installation).await.unwrap();
    assert_eq!(newest, None);
}

async fn append_installation_event(db: &PgPool, event: &InstallationEvent) {
    let mut tx = installation_log::AuditedTransaction::begin(db).await.unwrap();
    let now = ambient::Clock::default().now();
    installation_log::append_event(&mut tx, None, event, None, ambient::new_id(), now).await.unwrap();
    tx.commit().await.unwrap();
}

/// Stores the nodes of a tree with this many leaves.
async fn grow_log(db: &PgPool, log: LogId, size: u64) -> RightEdge {
    let mut edge = RightEdge::default();
    let nodes: Vec<_> = (0..size).flat_map(|leaf| edge.append(hash_leaf(&leaf.to_be_bytes()))).collect();
    sqlx::query(
        "INSERT INTO tree_nodes (log, level, index, hash)
         SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])",
    )
    .bind(log.uuid())
    .bind(nodes.iter().map(|node| i16::from(node.level)).collect::<Vec<_>>())
    .bind(nodes.iter().map(|node| node.index.cast_signed()).collect::<Vec<_>>())
    .bind(nodes.iter().map(|node| node.hash.to_bytes().to_vec()).collect::<Vec<_>>())
    .execute(db)
    .await
    .unwrap();
    db.execute("ANALYZE tree_nodes").await.unwrap();
    edge
}

/// The rows of `tree_nodes` that this connection has read and written and not yet reported. Counts of its earlier
/// transactions may be included, so only the difference of two counts is meaningful.
async fn rows_touched(db: &mut PgConnection) -> (i64, i64) {
    sqlx::query_as(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0), n_tup_ins FROM pg_stat_xact_user_tables
         WHERE relname = 'tree_nodes'",
    )
    .fetch_one(db)
    .await
    .unwrap()
}

#[tokio::test]
async fn long_log_append_and_proof_read_few_rows() {
    const SIZE: u64 = 30_000;
    let app = TestApp::start().await;
    let log = LogId::Launch(ambient::new_id());
    let edge = grow_log(&app.owner, log, SIZE).await;
    for seq in [1, 12_345, 30_000] {
        let mut tx = app.owner.begin().await.unwrap();
        let (before, _) = rows_touched(&mut tx).await;
        let proof = checkpoints::prove_inclusion(&mut *tx, log, seq, 30_000).await.unwrap().unwrap();
        let (after, _) = rows_touched(&mut tx).await;
        assert!((1..=30).contains(&(after - before)), "{seq}: {} rows", after - before);
        let index = seq.cast_unsigned() - 1;
        assert!(verify_inclusion(index, hash_leaf(&index.to_be_bytes()), SIZE, edge.root(), &proof));
    }
    grow_log(&app.owner, LogId::Installation, SIZE).await;
    sqlx::query("UPDATE installation_log SET size = 30000").execute(&app.owner).await.unwrap();
    let mut tx = installation_log::AuditedTransaction::begin(&app.owner).await.unwrap();
    let event = InstallationEvent::ProofRefused {
        user: None,
        purpose: ProofPurpose::SignIn,
        credential: Credential::Password,
        address: None,
    };
    let now = app.state.clock.now();
    let before = rows_touched(&mut tx).await;
    installation_log::append_event(&mut tx, None, &event, None, ambient::new_id(), now).await.unwrap();
    let after = rows_touched(&mut tx).await;
    let (read, written) = (after.0 - before.0, after.1 - before.1);
    assert!(written >= 1);
    assert!(read <= 15 && written <= 15, "{read} rows read, {written} written");
}

/// A signature on a long history takes as many statements as on a short one.
#[tokio::test]
async fn signing_cost_does_not_grow_with_the_history() {
    let statements = Statements::count();
    let mut counted = Vec::new();
    for comments in [0, 300] {
        let launch = Launch::payments().make().await;
        let item = launch.item("runbook");
        for _ in 0..comments {
            let comment = Command::AddComment { item, comment: ambient::new_id(), body: new_text("a remark") };
            launch.run_command(&launch.member, comment).await;
        }
        launch.state().await;
        statements.take();
        launch.sign(&launch.security, "security", "go", &[]).await.expect_status(303);
        // The driver looks up a type the first time that a connection sends one.
        counted
            .push(statements.take().into_iter().filter(|statement| !statement.contains("pg_type")).collect::<Vec<_>>());
    }
    assert_eq!(counted[0], counted[1]);
}

//! Checkpoints: when they are made, that they are true, and what they cost.

use std::fs;

use signoff::{
    ambient,
    domain::{
        canonical::Sha256Hash,
        checkpoint::{Cause, LogId, SignedCheckpoint},
        ids::LaunchId,
        installation::{Credential, InstallationEvent, Purpose},
        launch::{command::Command, event::ItemState},
        merkle::{
            Edge, leaf_hash,
            proof::{Head, extends, includes},
        },
    },
    jobs,
    launch_page::texts::new_text,
    record::{
        checkpoints::{self, Kept},
        installation,
    },
};
use sqlx::{Executor as _, PgConnection, PgPool};

use crate::helpers::{Launch, Setting, TestApp, statements::Statements};

async fn newest(launch: &Launch) -> Option<Kept> {
    checkpoints::newest(&launch.app.state.db, LogId::Launch(launch.id)).await.unwrap()
}

/// What the tree over these bytes hashes to, from the bytes alone.
fn root(leaves: &[Vec<u8>]) -> Sha256Hash {
    let mut edge = Edge::default();
    for bytes in leaves {
        edge.append(leaf_hash(bytes));
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

/// The newest checkpoint covers everything, for this cause, and says what is true.
async fn is_covered(launch: &Launch, cause: Cause) {
    let (kept, events) = (newest(launch).await.unwrap(), events(launch).await);
    assert_eq!((usize::try_from(kept.size).unwrap(), kept.cause), (events.len(), cause));
    let said = kept.text.parse::<SignedCheckpoint>().unwrap().verified(&launch.app.key.public()).unwrap();
    assert_eq!(said.head, Head { size: events.len() as u64, root: root(&events) });
    assert_eq!((said.origin.log, kept.root), (LogId::Launch(launch.id), said.head.root));
    assert_eq!(kept.key, launch.app.key.public());
}

#[tokio::test]
async fn every_signature_and_decision_leaves_one() {
    let launch = Launch::make().await;
    assert_eq!(newest(&launch).await, None, "nothing has been signed or decided");
    launch.sign(&launch.security, "security", "no_go", &[("comment", "wait")]).await.is(303);
    is_covered(&launch, Cause::Signature).await;
    let before = newest(&launch).await;
    launch.resolve_all().await;
    assert_eq!(newest(&launch).await, before, "a tick leaves none of its own");
    let signature = launch.state().await.signatures[0].record.id;
    let withdraw = Command::WithdrawSignature { signature, comment: new_text("looked again") };
    launch.does(&launch.security, withdraw).await;
    is_covered(&launch, Cause::Signature).await;
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
        launch.does(&launch.owner, command).await;
        is_covered(&launch, Cause::Decision).await;
    }
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM checkpoints").fetch_one(&launch.app.owner).await.unwrap();
    assert_eq!(count, 10, "one each, and none besides");
}

/// In the same transaction, or not at all.
#[tokio::test]
async fn what_is_rolled_back_leaves_none() {
    let launch = Launch::make().await;
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
    launch.sign(&launch.security, "security", "go", &[]).await.is(303);
    is_covered(&launch, Cause::Signature).await;
}

/// The daily checkpoint of the installation, from its file.
fn in_file(app: &TestApp, file: &std::path::Path) -> Head {
    let text = fs::read_to_string(file).unwrap();
    let said = text.parse::<SignedCheckpoint>().unwrap().verified(&app.key.public()).unwrap();
    assert_eq!(said.origin.log, LogId::Installation);
    said.head
}

#[tokio::test]
async fn the_days_checkpoint_covers_every_launch_and_goes_to_a_file() {
    let launch = Launch::make().await;
    let other: LaunchId = ambient::new_id();
    launch.another(other, true).await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "wait")]).await.is(303);
    let (app, state) = (&launch.app, &launch.app.state);
    let first = jobs::checkpoints::once(state).await.unwrap().unwrap();
    let told = installation_events(app).await;
    let day_one = in_file(app, &first);
    assert_eq!(day_one, Head { size: told.len() as u64, root: root(&told) });
    assert_eq!(app.installation_log().await, ["launch_checkpointed"; 2]);
    is_covered(&launch, Cause::Signature).await;
    let kept = checkpoints::newest(&state.db, LogId::Launch(other)).await.unwrap().unwrap();
    assert_eq!(kept.cause, Cause::Daily);
    let told = told.into_iter().map(|bytes| serde_json::from_slice::<installation::Entry>(&bytes).unwrap());
    for entry in told {
        let (id, seq) = entry.launch.unwrap();
        let kept = checkpoints::newest(&state.db, LogId::Launch(id)).await.unwrap().unwrap();
        assert_eq!(entry.event, InstallationEvent::LaunchCheckpointed { size: seq, root: kept.root });
        assert_eq!(kept.size, seq);
    }
    // Once a day.
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    assert_eq!(jobs::checkpoints::once(state).await.unwrap(), None);
    is_covered_up_to(&launch, -1).await;

    // The next day: what changed, and nothing else.
    state.clock.advance(24 * 3_600);
    let second = jobs::checkpoints::once(state).await.unwrap().unwrap();
    assert_ne!(first, second);
    is_covered(&launch, Cause::Daily).await;
    assert_eq!(app.installation_log().await, ["launch_checkpointed"; 3]);
    let day_two = in_file(app, &second);
    let (old, new) = (day_one.size.cast_signed(), day_two.size.cast_signed());
    let proof = checkpoints::consistency(&state.db, LogId::Installation, old, new).await.unwrap().unwrap();
    assert!(extends(day_one, day_two, &proof), "the log only grew");

    // A day on which nothing happened is told by the same statement again; a file that was lost is written again.
    state.clock.advance(24 * 3_600);
    let third = jobs::checkpoints::once(state).await.unwrap().unwrap();
    assert_eq!(in_file(app, &third), day_two);
    fs::remove_file(&third).unwrap();
    assert_eq!(jobs::checkpoints::once(state).await.unwrap(), Some(third.clone()));
    let files = fs::read_dir(third.parent().unwrap()).unwrap().count();
    assert_eq!(files, 3, "and nothing is left beside them");
}

/// The newest checkpoint ends so many events from the end.
async fn is_covered_up_to(launch: &Launch, from_the_end: i64) {
    let (kept, state) = (newest(launch).await.unwrap(), launch.state().await);
    assert_eq!(kept.size, state.seq + from_the_end);
}

#[tokio::test]
async fn where_the_file_can_not_be_written_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let set = vec![("SIGNOFF_CHECKPOINT_DIR", file.join("x").display().to_string())];
    let app = TestApp::start_with(Setting { set, ..Setting::default() }).await;
    let event = InstallationEvent::ProofRefused {
        user: None,
        purpose: Purpose::SignIn,
        credential: Credential::Password,
        address: None,
    };
    tell(&app.state.db, &event).await;
    // Nobody looks for a file there, and nothing can be put there.
    assert!(jobs::checkpoints::once(&app.state).await.is_err());
    let kept = checkpoints::newest(&app.state.db, LogId::Installation).await.unwrap();
    assert_eq!(kept, None);
}

async fn tell(db: &PgPool, event: &InstallationEvent) {
    let mut tx = db.begin().await.unwrap();
    let now = ambient::Clock::default().now();
    installation::append(&mut tx, None, event, None, ambient::new_id(), now).await.unwrap();
    tx.commit().await.unwrap();
}

/// Stores the nodes of a tree with so many leaves.
async fn grown(db: &PgPool, log: LogId, size: u64) -> Edge {
    let mut edge = Edge::default();
    let nodes: Vec<_> = (0..size).flat_map(|leaf| edge.append(leaf_hash(&leaf.to_be_bytes()))).collect();
    sqlx::query(
        "INSERT INTO tree_nodes (log, level, index, hash)
         SELECT $1, * FROM unnest($2::smallint[], $3::bigint[], $4::bytea[])",
    )
    .bind(log.uuid())
    .bind(nodes.iter().map(|node| i16::from(node.level)).collect::<Vec<_>>())
    .bind(nodes.iter().map(|node| node.index.cast_signed()).collect::<Vec<_>>())
    .bind(nodes.iter().map(|node| node.hash.bytes().to_vec()).collect::<Vec<_>>())
    .execute(db)
    .await
    .unwrap();
    db.execute("ANALYZE tree_nodes").await.unwrap();
    edge
}

/// The rows of `tree_nodes` that this connection has read and written and not yet reported. What earlier transactions of
/// it did may still be among them, so only the difference of two counts says anything.
async fn touched(db: &mut PgConnection) -> (i64, i64) {
    sqlx::query_as(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0), n_tup_ins FROM pg_stat_xact_user_tables
         WHERE relname = 'tree_nodes'",
    )
    .fetch_one(db)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_long_log_is_appended_to_and_proven_with_few_rows() {
    const SIZE: u64 = 30_000;
    let app = TestApp::start().await;
    let log = LogId::Launch(ambient::new_id());
    let edge = grown(&app.owner, log, SIZE).await;
    for seq in [1, 12_345, 30_000] {
        let mut tx = app.owner.begin().await.unwrap();
        let (before, _) = touched(&mut tx).await;
        let proof = checkpoints::inclusion(&mut *tx, log, seq, 30_000).await.unwrap().unwrap();
        let (after, _) = touched(&mut tx).await;
        assert!((1..=30).contains(&(after - before)), "{seq}: {} rows", after - before);
        let index = seq.cast_unsigned() - 1;
        assert!(includes(index, leaf_hash(&index.to_be_bytes()), SIZE, edge.root(), &proof));
    }
    grown(&app.owner, LogId::Installation, SIZE).await;
    sqlx::query("UPDATE installation_log SET size = 30000").execute(&app.owner).await.unwrap();
    let mut tx = app.owner.begin().await.unwrap();
    let event = InstallationEvent::ProofRefused {
        user: None,
        purpose: Purpose::SignIn,
        credential: Credential::Password,
        address: None,
    };
    let now = app.state.clock.now();
    let before = touched(&mut tx).await;
    installation::append(&mut tx, None, &event, None, ambient::new_id(), now).await.unwrap();
    let after = touched(&mut tx).await;
    let (read, written) = (after.0 - before.0, after.1 - before.1);
    assert!(written >= 1);
    assert!(read <= 15 && written <= 15, "{read} rows read, {written} written");
}

/// A signature on a long history takes as many statements as on a short one.
#[tokio::test]
async fn signing_costs_the_same_however_long_the_history() {
    let statements = Statements::count();
    let mut counted = Vec::new();
    for comments in [0, 300] {
        let launch = Launch::make().await;
        let item = launch.item("runbook");
        for _ in 0..comments {
            let comment = Command::Comment { item, comment: ambient::new_id(), body: new_text("a remark") };
            launch.does(&launch.member, comment).await;
        }
        launch.state().await;
        statements.take();
        launch.sign(&launch.security, "security", "go", &[]).await.is(303);
        // The driver looks a type up the first time that a connection is sent one.
        counted.push(statements.take().into_iter().filter(|asked| !asked.contains("pg_type")).collect::<Vec<_>>());
    }
    assert_eq!(counted[0], counted[1]);
}

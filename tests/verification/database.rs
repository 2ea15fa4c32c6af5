//! Verification of the database and the evidence store, and of what their owner can alter.

use signoff::{
    domain::{
        canonical::Sha256Hash,
        checkpoint::SignedCheckpoint,
        installation::InstallationEvent,
        merkle::TreeNode,
        role::InstallationRoles,
        text::{Email, PersonName, Title},
        time::Moment,
    },
    jobs,
    record::{
        installation_log,
        verify::{InstallationReport, WitnessedHead, verify_installation},
    },
};

use super::*;
use crate::helpers::TestApp;

/// The id of the installation's own log.
const INSTALLATION: &str = "00000000-0000-0000-0000-000000000000";

pub(super) async fn verify_all(launch: &Launch, held: &[WitnessedHead]) -> InstallationReport {
    let state = &launch.app.state;
    verify_installation(&launch.app.owner, &state.blobs, &launch.app.key.public_key(), held).await.unwrap()
}

fn held(log: LogId, head: TreeHead) -> WitnessedHead {
    WitnessedHead { log, head, source: "the checkpoint in a file".to_owned(), key: 1 }
}

pub(super) fn sentences(found: &InstallationReport) -> Vec<String> {
    found.problems.iter().map(|wrong| format!("{}: {}", wrong.subject, wrong.description)).collect()
}

#[track_caller]
pub(super) fn assert_finding(found: &InstallationReport, words: &str) {
    let listed = sentences(found);
    assert!(listed.iter().any(|sentence| sentence.contains(words)), "{words:?} in {listed:#?}");
    assert!(found.summary().starts_with("Altered: "), "{}", found.summary());
}

/// Adds to the audit log the entries for the people, the checklist and the key, which the test inserted without
/// going through the application.
pub(super) async fn record_what_was_inserted(launch: &Launch) {
    let app = &launch.app;
    let people: Vec<(uuid::Uuid, String, Vec<String>)> =
        sqlx::query_as("SELECT id, name, roles FROM users ORDER BY id").fetch_all(&app.owner).await.unwrap();
    let mut events: Vec<InstallationEvent> = people
        .into_iter()
        .map(|(id, name, roles)| InstallationEvent::AccountMade {
            user: id.into(),
            name: PersonName::new(&name).unwrap(),
            roles: InstallationRoles::from_slugs(&roles).unwrap(),
        })
        .collect();
    let version = &launch.version;
    events.push(InstallationEvent::ChecklistPublished {
        checklist: version.checklist_id,
        version: version.id,
        number: version.number,
        name: Title::new("Small").unwrap(),
        hash: version.hash,
        items: 4,
    });
    record_key(app).await;
    let at: Moment =
        sqlx::query_scalar("SELECT published_at FROM checklist_versions").fetch_one(&app.owner).await.unwrap();
    let mut tx = installation_log::AuditedTransaction::begin(&app.state.db).await.unwrap();
    for event in events {
        installation_log::append_event(&mut tx, None, &event, None, ambient::new_id(), at).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Adds the entry of the inserted key.
async fn record_key(app: &TestApp) {
    let at: Moment = sqlx::query_scalar("SELECT registered_at FROM keys").fetch_one(&app.owner).await.unwrap();
    let event = InstallationEvent::KeyRegistered { key: app.key.public_key() };
    installation_log::record_event(&app.state.db, None, &event, ambient::new_id(), at).await.unwrap();
}

/// The demo's people, checklists and launches come in through the application alone.
#[tokio::test]
async fn demo_installation_verifies() {
    let app = TestApp::start().await;
    record_key(&app).await;
    let folder = tempfile::tempdir().unwrap();
    signoff::demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    jobs::daily_checkpoint::run_once(&app.state).await.unwrap().unwrap();
    let found = verify_installation(&app.owner, &app.state.blobs, &app.key.public_key(), &[]).await.unwrap();
    assert_eq!((sentences(&found), found.notes.clone()), (Vec::new(), Vec::new()));
    assert!(found.launches >= 1 && found.events > 50 && found.checkpoints >= 2, "{found:?}");
}

/// A launch whose checkpoint is recorded in the audit log, and the checkpoint of that log.
pub(super) async fn launch_with_checkpoint() -> (Launch, TreeHead) {
    let launch = launch_with_every_kind_of_content().await;
    record_what_was_inserted(&launch).await;
    let file = jobs::daily_checkpoint::run_once(&launch.app.state).await.unwrap().unwrap();
    let note: SignedCheckpoint = std::fs::read_to_string(file).unwrap().parse().unwrap();
    let head = note.verify(&launch.app.key.public_key()).unwrap().head;
    (launch, head)
}

/// Rebuilds the stored tree of the launch's log from its events, as the owner of the database can.
pub(super) async fn rebuild_tree(launch: &Launch) {
    let owner = &launch.app.owner;
    let events: Vec<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 ORDER BY seq")
        .bind(launch.id)
        .fetch_all(owner)
        .await
        .unwrap();
    tamper(launch, &[&format!("DELETE FROM tree_nodes WHERE log = '{}'", launch.id)]).await;
    let mut edge = RightEdge::default();
    for node in events.iter().flat_map(|bytes| edge.append(hash_leaf(bytes))).collect::<Vec<TreeNode>>() {
        sqlx::query("INSERT INTO tree_nodes (log, level, index, hash) VALUES ($1, $2, $3, $4)")
            .bind(launch.id)
            .bind(i16::from(node.level))
            .bind(node.index.cast_signed())
            .bind(node.hash.to_bytes().as_slice())
            .execute(owner)
            .await
            .unwrap();
    }
}

/// Writes another name into the event that added a comment.
const REWRITE: &str =
    "UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'Mia Member', 'Mia Nobody'), 'UTF8')
                       WHERE kind = 'comment_added'";

/// Applies the statements of each case to a fresh installation, and asserts the finding.
async fn assert_each_found(cases: &[(&[&str], &str)]) {
    for (statements, words) in cases {
        let (launch, _) = launch_with_checkpoint().await;
        tamper(&launch, statements).await;
        assert_finding(&verify_all(&launch, &[]).await, words);
    }
}

#[tokio::test]
async fn intact_installation_verifies_without_overclaiming() {
    let (launch, head) = launch_with_checkpoint().await;
    bundle(&launch, &launch.auditor).await;
    let signature = launch.state().await.signatures[0].record.id;
    launch.security.get(&format!("/signatures/{signature}/receipt.json")).await.expect_status(200);
    launch.mark(&launch.member, "status", ItemState::Open).await;
    // A checklist of which no version was published is in no log yet.
    let begun = "INSERT INTO checklists (id, created_at) VALUES (gen_random_uuid(), now())";
    sqlx::query(begun).execute(&launch.app.owner).await.unwrap();
    let events = launch.state().await.seq;
    let found = verify_all(&launch, &[]).await;
    assert_eq!((sentences(&found), found.notes.clone(), found.launches), (Vec::new(), Vec::new(), 1));
    assert!(found.events > events && found.checkpoints > 4);
    let summary = found.summary();
    assert!(summary.starts_with("Consistent: "), "{summary}");
    assert!(summary.contains("who") && !summary.contains("nothing was altered"), "{summary}");

    // The day's checkpoint of the audit log covers the launch up to what is recorded in that log, and nothing
    // more.
    let found = verify_all(&launch, &[held(LogId::Installation, head)]).await;
    assert_eq!(sentences(&found), Vec::<String>::new());
    let summary = found.summary();
    let (entries, day) = (found.coverage[0].size, head.size);
    assert!(summary.contains(&format!("entries 1 to {day} of {entries} of the audit log")), "{summary}");
    assert!(summary.contains(&format!("events 1 to {} of {events} of launch {}", events - 1, launch.id)), "{summary}");
    assert!(summary.contains("consistent with the key and the checkpoints in this database"), "{summary}");
    assert!(!summary.contains("nothing was altered"), "{summary}");
    assert!(found.coverage[1].to_line().unwrap().contains("through entry"), "{:?}", found.coverage[1].to_line());
}

#[tokio::test]
async fn checkpoint_of_one_log_proves_nothing_about_another() {
    let (launch, _) = launch_with_checkpoint().await;
    let other = ambient::new_id();
    launch.make_another(other, false).await;
    let newest = signoff::record::checkpoints::load_newest(&launch.app.state.db, LogId::Launch(launch.id)).await;
    let newest = newest.unwrap().unwrap();
    let head = TreeHead { size: newest.size.unsigned_abs(), root: newest.root };
    let found = verify_all(&launch, &[held(LogId::Launch(launch.id), head)]).await;
    let summary = found.summary();
    assert!(summary.contains(&format!("events 1 to {0} of {0} of launch {1}", newest.size, launch.id)), "{summary}");
    assert!(summary.contains("there are 2 logs that they say nothing of"), "{summary}");
    // A checkpoint of a launch that does not exist at all.
    let gone = held(LogId::Launch(ambient::new_id()), head);
    assert_finding(&verify_all(&launch, &[gone]).await, "it is gone");
}

#[tokio::test]
async fn database_verification_finds_altered_events() {
    assert_each_found(&[
        // A changed value, in the bytes and in the columns beside them.
        (&[REWRITE], "do not hash to what its checkpoint"),
        (
            &["UPDATE events SET kind = 'item_marked' WHERE kind = 'comment_added'"],
            "the column kind holds item_marked, and the event itself says comment_added",
        ),
        (&["UPDATE events SET item_id = NULL WHERE kind = 'comment_added'"], "the column item_id holds nothing"),
        // A changed field of a signature.
        (
            &["UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '\"no_go\"', '\"go\"'), 'UTF8')
               WHERE kind = 'signed'"],
            "do not hash to what its checkpoint",
        ),
        // Deleted in the middle; and all following events renumbered.
        (&["DELETE FROM events WHERE seq = 5"], "event 6 stands where event 5 should"),
        (
            &[
                "DELETE FROM events WHERE seq = 5",
                "UPDATE events SET seq = 99999 + seq WHERE seq > 5",
                "UPDATE events SET seq = seq - 100000 WHERE seq > 99999",
            ],
            "the row of event 5 holds an event that says it is event 6",
        ),
        // Reordered.
        (
            &[
                "UPDATE events SET seq = 100000 - seq WHERE seq IN (4, 5)",
                "UPDATE events SET seq = seq - 99991 WHERE seq > 99990",
            ],
            "the row of event 4 holds an event that says it is event 5",
        ),
        // Truncated, with the launch's own checkpoints: the audit log still reveals it.
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
            &["INSERT INTO events SELECT launch_id, seq + 1, at, kind, actor_id, item_id, bytes FROM events
               ORDER BY seq DESC LIMIT 1"],
            "holds an event that says it is event",
        ),
        // Not valid JSON of an event.
        (
            &["UPDATE events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '\"request\"', '\"requast\"'), 'UTF8')
               WHERE seq = 3"],
            "event 3 is not",
        ),
    ])
    .await;
}

#[tokio::test]
async fn database_verification_names_altered_rows_with_their_column() {
    assert_each_found(&[
        (
            &["UPDATE launch_summaries SET verdict = 'go', holds_until = NULL"],
            "the table launch_summaries does not hold what the history comes to: in the row ",
        ),
        (&["DELETE FROM launch_summaries"], "the table launch_summaries does not hold what the history comes to: "),
        (
            &["UPDATE signatures SET signer_name = 'Nobody'"],
            "the table signatures does not hold what the history comes to: in the row ",
        ),
        (
            &["UPDATE items SET state = 'done', reason = NULL WHERE key = 'costs'"],
            "the column state holds \"done\", and by its history it is \"open\"",
        ),
        (&["DELETE FROM launch_holders WHERE role = 'operations'"], "the row operations / "),
        // Texts: changed, missing, hidden.
        (&["UPDATE texts SET value = 'wait for Mr Y' WHERE field = 'signature_comment'"], "is not what was written"),
        (&["DELETE FROM texts WHERE field = 'comment'"], "is missing, and no event says that it was redacted"),
        (&["UPDATE texts SET field = 'comment' WHERE field = 'signature_comment'"], "is kept as another field's"),
        (&["UPDATE texts SET seq = seq + 100000 WHERE field = 'signature_comment'"], "is kept as one that event"),
        (&["UPDATE texts SET thing = gen_random_uuid() WHERE field = 'comment'"], "is kept as that of another thing"),
        // The tree, and the audit log.
        (
            &["UPDATE tree_nodes SET hash = sha256('x') WHERE level = 1 AND index = 0"],
            "its tree does not fit its events",
        ),
        (&["DELETE FROM installation_events WHERE index = 1"], "The audit log: event 2 stands where event 1 should"),
        (
            &["UPDATE installation_events SET subject_id = NULL WHERE kind = 'account_made' AND index < 3"],
            "The audit log: in the row of event",
        ),
        (&["UPDATE installation_log SET size = size + 1"], "The table installation_log: "),
    ])
    .await;
}

#[tokio::test]
async fn database_verification_reports_altered_checkpoints() {
    let cases: [(&[&str], &str); 9] = [
        (&["UPDATE checkpoints SET root = sha256('x')"], "the root beside its text is not the one that was signed"),
        (&["UPDATE checkpoints SET text = replace(text, 'signoff/', 'signof/')"], "its text was changed"),
        (
            &[
                "UPDATE checkpoints c SET text = (SELECT text FROM checkpoints d WHERE d.log <> c.log ORDER BY size DESC LIMIT 1)",
            ],
            "it was made of the log",
        ),
        (&["UPDATE checkpoints SET size = size + 1000"], "it was made at event"),
        (&["UPDATE checkpoints SET cause = 'daily' WHERE cause = 'signature'"], "is stored as made of the day"),
        (&["UPDATE checkpoints SET at = at + interval '1 hour' WHERE cause = 'signature'"], "which is in no log"),
        (&["UPDATE keys SET vkey = 'signoff/x+00000000+AAAA'"], "The table keys: in the row "),
        (&["UPDATE keys SET number = 2, statement = ''"], "the column number holds 2, and by the key it is 1"),
        (&["UPDATE keys SET registered_at = registered_at - interval '1 day'"], "the column registered_at holds"),
    ];
    for (statements, words) in cases {
        let (launch, _) = launch_with_checkpoint().await;
        tamper(&launch, &["ALTER TABLE keys DISABLE TRIGGER ALL"]).await;
        tamper(&launch, statements).await;
        let found = verify_all(&launch, &[]).await;
        assert_finding(&found, words);
        assert!(!sentences(&found).iter().any(|sentence| sentence.contains("it is gone")), "{:#?}", sentences(&found));
    }
}

/// The owner of the database can drop its constraints: values that these exclude are found all the same.
#[tokio::test]
async fn value_that_a_constraint_excludes_is_found() {
    let cases: [(&[&str], &str); 3] = [
        (
            &["ALTER TABLE texts DROP CONSTRAINT IF EXISTS texts_field_check", "UPDATE texts SET field = field || 'x'"],
            "a text is stored for a field that does not exist",
        ),
        (
            &[
                "ALTER TABLE checkpoints DROP CONSTRAINT checkpoints_cause_check",
                "UPDATE checkpoints SET cause = '' WHERE cause = 'signature'",
            ],
            "is stored as made for a reason that does not exist",
        ),
        // A confirmation without a time lifts the waiting period, too.
        (
            &[
                "ALTER TABLE way_in_renewals DROP CONSTRAINT way_in_renewals_confirmed_whole",
                "UPDATE way_in_renewals SET confirmed_by = (SELECT id FROM users WHERE id <> user_id LIMIT 1)",
            ],
            "The table way_in_renewals: ",
        ),
    ];
    for (statements, words) in cases {
        let (launch, _) = launch_with_checkpoint().await;
        let email = Email::new(&launch.member.person.email).unwrap();
        signoff::accounts::make_reset_link(&launch.app.state, &email).await.unwrap();
        assert_eq!(sentences(&verify_all(&launch, &[]).await), Vec::<String>::new());
        tamper(&launch, statements).await;
        assert_finding(&verify_all(&launch, &[]).await, words);
    }
}

/// With the key's row replaced, with another key added, and with one in its place and the launch's checkpoints signed
/// again: the key file (or the given key) reveals it.
#[tokio::test]
async fn database_verification_finds_foreign_keys() {
    for variant in ["replaced", "beside", "instead"] {
        let (launch, _) = launch_with_checkpoint().await;
        let forger =
            PrivateKey::new(launch.app.key.public_key().installation(), &secrecy::zeroize::Zeroizing::new([99; 32]));
        let (bytes, vkey) = (hex::encode(forger.public_key().as_bytes()), forger.public_key().to_string());
        tamper(&launch, &["ALTER TABLE keys DISABLE TRIGGER ALL", REWRITE]).await;
        rebuild_tree(&launch).await;
        if variant == "replaced" {
            tamper(&launch, &[&format!("UPDATE keys SET public_key = decode('{bytes}', 'hex'), vkey = '{vkey}'")])
                .await;
        } else {
            let add = format!(
                "INSERT INTO keys SELECT decode('{bytes}', 'hex'), 2, installation_id, '{vkey}', registered_at, '' FROM keys"
            );
            tamper(&launch, &[&add]).await;
            resign_checkpoints(&launch, &forger).await;
        }
        if variant == "instead" {
            tamper(&launch, &["DELETE FROM keys WHERE number = 1"]).await;
        }
        let found = verify_all(&launch, &[]).await;
        assert_finding(&found, "The table keys: ");
        let launch_is_wrong = sentences(&found).iter().any(|sentence| sentence.starts_with("Launch "));
        assert!(launch_is_wrong, "{variant}: {:#?}", sentences(&found));
    }
}

/// Signs every checkpoint of the launch again, over its current events.
pub(super) async fn resign_checkpoints(launch: &Launch, key: &PrivateKey) {
    resign_checkpoints_after(launch, key, 0).await;
}

/// Signs every checkpoint of the launch after this event again, over its current events.
pub(super) async fn resign_checkpoints_after(launch: &Launch, key: &PrivateKey, after: i64) {
    let owner = &launch.app.owner;
    let events: Vec<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 ORDER BY seq")
        .bind(launch.id)
        .fetch_all(owner)
        .await
        .unwrap();
    let events: Vec<String> = events.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    let sizes: Vec<i64> = sqlx::query_scalar("SELECT size FROM checkpoints WHERE log = $1 AND size > $2")
        .bind(launch.id)
        .bind(after)
        .fetch_all(owner)
        .await
        .unwrap();
    for size in sizes {
        let text = note(key, launch.id, &events[..usize::try_from(size).unwrap()]);
        let head = text.parse::<SignedCheckpoint>().unwrap().unverified_checkpoint().head;
        sqlx::query("UPDATE checkpoints SET text = $3, root = $4, public_key = $5 WHERE log = $1 AND size = $2")
            .bind(launch.id)
            .bind(size)
            .bind(text)
            .bind(head.root.to_bytes().as_slice())
            .bind(key.public_key().as_bytes().as_slice())
            .execute(owner)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn database_verification_misses_removed_checkpoints() {
    // All of the launch's checkpoints, with an event rewritten and the tree rebuilt: access to the database alone would
    // be enough for that.
    let (launch, _) = launch_with_checkpoint().await;
    let of_launch = format!("DELETE FROM checkpoints WHERE log <> '{INSTALLATION}'");
    tamper(&launch, &["DELETE FROM checkpoint_witnesses", &of_launch, REWRITE]).await;
    rebuild_tree(&launch).await;
    assert_finding(&verify_all(&launch, &[]).await, "is missing: it was removed");

    // The first one alone, with the events before it rewritten.
    let (launch, _) = launch_with_checkpoint().await;
    let first = "DELETE FROM checkpoints WHERE size = (SELECT min(size) FROM checkpoints WHERE cause = 'signature')";
    tamper(&launch, &["DELETE FROM checkpoint_witnesses", first]).await;
    assert_finding(&verify_all(&launch, &[]).await, "(signed), is missing: it was removed");

    // The checkpoint of an export, which no event of the launch records; and its witness.
    let (launch, _) = launch_with_checkpoint().await;
    launch.mark(&launch.member, "status", ItemState::Open).await;
    bundle(&launch, &launch.auditor).await;
    tamper(&launch, &["DELETE FROM checkpoint_witnesses WHERE delivery = 'export'"]).await;
    assert_finding(&verify_all(&launch, &[]).await, "is not noted as having it");
    tamper(&launch, &["DELETE FROM checkpoints WHERE cause = 'export'"]).await;
    assert_finding(&verify_all(&launch, &[]).await, "made when it was exported as a bundle");
}

#[tokio::test]
async fn database_verification_finds_forged_witnesses() {
    let (launch, _) = launch_with_checkpoint().await;
    let (auditor, log) = (launch.auditor.person.id, launch.id);
    for delivery in ["export", "receipt"] {
        let newest = "(SELECT max(size) FROM checkpoints WHERE cause <> 'signature' AND log <> '00000000-0000-0000-0000-000000000000')";
        let size =
            if delivery == "export" { "(SELECT max(size) FROM checkpoints WHERE cause = 'signature')" } else { newest };
        tamper(
            &launch,
            &[&format!(
                "INSERT INTO checkpoint_witnesses SELECT '{log}', size, '{auditor}', 'Ada Auditor', '{delivery}', now()
                 FROM (SELECT {size} AS size) s WHERE size IS NOT NULL"
            )],
        )
        .await;
    }
    assert_finding(&verify_all(&launch, &[]).await, "\"Ada Auditor\" is noted as having its checkpoint at event");
}

#[tokio::test]
async fn database_verification_finds_people_and_rights_without_an_event() {
    assert_each_found(&[
        (
            &["UPDATE users SET roles = ARRAY['admin', 'member'] WHERE name = 'Mia Member'"],
            "the column roles holds [\"admin\",\"member\"], and by the audit log it is [\"member\"]",
        ),
        (&["UPDATE users SET active = false WHERE name = 'Mia Member'"], "the column active holds false"),
        (&["UPDATE users SET name = 'Mia Nobody' WHERE name = 'Mia Member'"], "the column name holds \"Mia Nobody\""),
        (&["UPDATE users SET former_names = ARRAY['Eve'] WHERE name = 'Mia Member'"], "the column former_names holds"),
        (
            &["INSERT INTO address_changes (id, user_id, email, requested_at, expires_at)
               SELECT gen_random_uuid(), id, 'm@example.org', now(), now() FROM users LIMIT 1"],
            "The table address_changes: ",
        ),
        (
            &["INSERT INTO users (id, email, name, password_hash, roles, created_at)
               VALUES (gen_random_uuid(), 'm@example.org', 'Mallory', 'x', ARRAY['admin'], now())"],
            "The table users: there is a row",
        ),
        (
            &["INSERT INTO invitations (id, token_hash, email, name, roles, invited_by, created_at, expires_at)
               SELECT gen_random_uuid(), 'x', 'm@example.org', 'Mallory', ARRAY['admin'], id, now(), now() FROM users LIMIT 1"],
            "The table invitations: there is a row",
        ),
        (
            &["INSERT INTO password_resets (id, user_id, token_hash, made_at, expires_at)
               SELECT gen_random_uuid(), id, sha256('x'), now(), now() FROM users LIMIT 1"],
            "The table password_resets: ",
        ),
        (&["UPDATE settings SET second_factor = 'leads_and_admins'"], "The table settings: "),
        (&["UPDATE roles SET title = 'Nobody' WHERE slug = 'security'"], "The table roles: in the row security"),
        (
            &["INSERT INTO statements SELECT 2, 'a', 'b', 'c', 'd', 'e', 'f', now(), id FROM users LIMIT 1"],
            "The table statements: there is a row 2",
        ),
        (&["UPDATE checklists SET archived_at = now()"], "The table checklists: "),
    ])
    .await;
    let (launch, _) = launch_with_checkpoint().await;
    tamper(&launch, &["INSERT INTO roles VALUES ('legal', 'Legal', 5)"]).await;
    let found = verify_all(&launch, &[]).await;
    assert_eq!(sentences(&found), Vec::<String>::new(), "a team may add roles");
    assert!(found.notes.iter().any(|note| note.contains("\"legal\"")), "{:?}", found.notes);
}

#[tokio::test]
async fn database_verification_finds_an_altered_statement() {
    let (launch, _) = launch_with_checkpoint().await;
    let admin = launch.app.sign_in(crate::helpers::admin()).await;
    record_newcomer(&launch, "Ann Admin").await;
    let mut fields: Vec<(String, String)> =
        vec![("step".to_owned(), "publish".to_owned()), ("base".to_owned(), "1".to_owned())];
    for vote in ["go", "no_go"] {
        for meaning in ["approval", "review", "responsibility"] {
            fields.push((format!("{vote}_{meaning}"), format!("I declare {vote} as {meaning}.")));
        }
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post("/admin/statements", &fields).await.expect_status(303);
    assert_eq!(sentences(&verify_all(&launch, &[]).await), Vec::<String>::new());
    tamper(
        &launch,
        &["ALTER TABLE statements DISABLE TRIGGER ALL", "UPDATE statements SET go_review = 'I declare nothing.'"],
    )
    .await;
    assert_finding(&verify_all(&launch, &[]).await, "The table statements: in the row 2, the column hash of its texts");
}

/// Adds the entry of an inserted account.
async fn record_newcomer(launch: &Launch, name: &str) {
    let app = &launch.app;
    let (id, roles): (uuid::Uuid, Vec<String>) =
        sqlx::query_as("SELECT id, roles FROM users WHERE name = $1").bind(name).fetch_one(&app.owner).await.unwrap();
    let (name, roles) = (PersonName::new(name).unwrap(), InstallationRoles::from_slugs(&roles).unwrap());
    let event = InstallationEvent::AccountMade { user: id.into(), name, roles };
    installation_log::record_event(&app.state.db, None, &event, ambient::new_id(), app.state.clock.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn database_verification_names_an_altered_checklist_version_once() {
    let (launch, _) = launch_with_checkpoint().await;
    launch.make_another(ambient::new_id(), false).await;
    for change in [
        "UPDATE checklist_versions SET content = convert_to(replace(convert_from(content, 'UTF8'), 'Runbook', 'Ranbook'), 'UTF8')",
        "UPDATE checklist_versions SET hash = sha256(content)",
        "UPDATE checklist_versions SET content = 'x'",
        "UPDATE checklist_versions SET published_by = (SELECT id FROM users LIMIT 1)",
    ] {
        tamper(&launch, &["ALTER TABLE checklist_versions DISABLE TRIGGER ALL", change]).await;
        let found = verify_all(&launch, &[]).await;
        let listed = sentences(&found);
        assert_eq!(listed.len(), 1, "{listed:#?}");
        assert!(listed[0].starts_with("Version 1 of the checklist \"Small\": "), "{listed:#?}");
    }
    let (launch, _) = launch_with_checkpoint().await;
    tamper(
        &launch,
        &[
            "ALTER TABLE checklist_items DISABLE TRIGGER ALL",
            "UPDATE checklist_items SET said = 'x' WHERE key = 'costs'",
        ],
    )
    .await;
    assert_finding(&verify_all(&launch, &[]).await, "The table checklist_items: ");
}

#[tokio::test]
async fn database_verification_notices_a_deleted_launch() {
    let (launch, _) = launch_with_checkpoint().await;
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
    // The rest is deleted with replication rights, which ignore foreign keys.
    launch
        .app
        .owner
        .execute("SET session_replication_role = replica; DELETE FROM launches; RESET session_replication_role")
        .await
        .unwrap();
    assert_finding(&verify_all(&launch, &[]).await, "it is gone, although the audit log has");
}

/// The audit log too can be truncated by the owner of the database; a daily checkpoint, stored elsewhere,
/// reveals it.
#[tokio::test]
async fn daily_checkpoint_reveals_a_truncated_installation_log() {
    let (launch, head) = launch_with_checkpoint().await;
    let last = head.size;
    tamper(
        &launch,
        &[
            &format!("DELETE FROM checkpoints WHERE log = '{INSTALLATION}'"),
            &format!("DELETE FROM installation_events WHERE index = {last}"),
            &format!("DELETE FROM tree_nodes WHERE log = '{INSTALLATION}' AND ((index + 1) << level) >= {last}"),
            "UPDATE installation_log SET size = size - 1",
        ],
    )
    .await;
    let found = verify_all(&launch, &[held(LogId::Installation, head)]).await;
    assert_finding(&found, "the checkpoint in a file covers");
}

/// Somebody with key and database can write what comes after the held checkpoint; nothing else is claimed.
#[tokio::test]
async fn daily_checkpoint_reveals_a_consistently_rewritten_launch() {
    let (launch, head) = launch_with_checkpoint().await;
    tamper(&launch, &[REWRITE]).await;
    rebuild_tree(&launch).await;
    resign_checkpoints(&launch, &launch.app.key).await;
    assert_finding(&verify_all(&launch, &[held(LogId::Installation, head)]).await, "of the audit log at event");
}

#[tokio::test]
async fn database_verification_finds_swapped_and_missing_files() {
    let (launch, _) = launch_with_checkpoint().await;
    let state = launch.state().await;
    let file =
        state.evidence.values().find(|evidence| matches!(evidence.content, EvidenceContent::File { .. })).unwrap();
    let name = file.id.to_string();
    let path = launch.app.state.config.evidence_dir.join(&name[34..]).join(&name);
    let bytes = std::fs::read(&path).unwrap();
    let stray = launch.app.state.config.evidence_dir.join("00");
    std::fs::create_dir_all(&stray).unwrap();
    std::fs::write(stray.join("00000000-0000-0000-0000-000000000000"), "x").unwrap();
    let found = verify_all(&launch, &[]).await;
    assert_eq!(sentences(&found), Vec::<String>::new());
    assert!(found.notes.iter().any(|note| note.contains("1 of the files in the evidence store belong to no event")));
    // Of the same size, so that only the hash differs.
    std::fs::write(&path, bytes.iter().rev().copied().collect::<Vec<u8>>()).unwrap();
    assert_finding(&verify_all(&launch, &[]).await, "is not the one that was attached");
    std::fs::remove_file(&path).unwrap();
    assert_finding(&verify_all(&launch, &[]).await, "is missing");
    assert_ne!(Sha256Hash::compute(&bytes), Sha256Hash::compute(b""));
}

/// `signoff verify --database`, with the application's rights.
fn command(launch: &Launch, more: &[&str], key_file: &std::path::Path) -> (Option<i32>, String) {
    let config = &launch.app.state.config;
    let mut url: url::Url = secrecy::ExposeSecret::expose_secret(&config.database_url).parse().unwrap();
    url.query_pairs_mut().append_pair("options", "-c role=signoff_app");
    let output = Process::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["verify", "--database"])
        .args(more)
        .env_clear()
        .env("DATABASE_URL", url.as_str())
        .env("MIGRATION_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .env("REDIS_URL", "redis://127.0.0.1:1")
        .env("SIGNOFF_EVIDENCE_DIR", &config.evidence_dir)
        .env("SIGNOFF_SECRET_KEY", "5e".repeat(32))
        .env("SIGNOFF_KEY_FILE", key_file)
        .output()
        .unwrap();
    (output.status.code(), output_text(&output))
}

fn write_key(key: &PrivateKey) -> tempfile::NamedTempFile {
    write_temp_file(&key.to_text())
}

#[tokio::test]
async fn verify_command_states_its_reach_and_accepts_several_checkpoints() {
    let (launch, _) = launch_with_checkpoint().await;
    let (own, other) = (write_key(&launch.app.key), write_key(&crate::helpers::private_key(9)));
    let (status, output) = command(&launch, &[], own.path());
    assert_eq!(status, Some(0), "{output}");
    assert!(output.lines().last().unwrap().starts_with("Consistent: "), "{output}");
    let vkey = launch.app.key.public_key().to_string();
    let (status, output) = command(&launch, &["--key", &vkey], std::path::Path::new("/nowhere/signoff.key"));
    assert_eq!(status, Some(0), "the key that is given stands for the file: {output}");
    let (status, output) = command(&launch, &["--key", &vkey], other.path());
    assert_eq!(status, Some(1), "{output}");
    assert!(output.contains("The key file: it has "), "{output}");
    let (status, output) = command(&launch, &[], other.path());
    assert_eq!(status, Some(1), "{output}");
    assert!(output.contains("The table keys: "), "{output}");
    let (status, output) = command(&launch, &[], std::path::Path::new("/nowhere/signoff.key"));
    assert_eq!(status, Some(2), "{output}");
    assert!(output.contains("--key"), "{output}");

    let texts: Vec<String> = sqlx::query_scalar("SELECT text FROM checkpoints ORDER BY log, size DESC")
        .fetch_all(&launch.app.owner)
        .await
        .unwrap();
    let (day, newest) = (write_temp_file(&texts[0]), write_temp_file(&texts[1]));
    let (day, newest) = (day.path().to_str().unwrap(), newest.path().to_str().unwrap());
    let (status, output) = command(&launch, &["--checkpoint", day, "--checkpoint", newest], own.path());
    assert_eq!(status, Some(0), "{output}");
    assert_eq!(output.lines().filter(|line| line.starts_with("Covered   ")).count(), 2, "{output}");
    let last = output.lines().last().unwrap();
    assert!(last.starts_with("Good, as far as the checkpoints held elsewhere reach: entries 1 to "), "{last}");
    for (text, words) in
        [("hello".to_owned(), "neither a checkpoint nor a receipt"), (texts[0].replace('—', "-"), "checkpoint")]
    {
        let wrong = write_temp_file(&text);
        let (status, output) = command(&launch, &["--checkpoint", wrong.path().to_str().unwrap()], own.path());
        assert_eq!(status, Some(1), "{output}");
        assert!(output.contains("The checkpoint in ") && output.contains(words), "{output}");
    }
    let (status, output) = command(&launch, &["--checkpoint", "/nowhere/day.checkpoint"], own.path());
    assert_eq!(status, Some(2), "{output}");
}

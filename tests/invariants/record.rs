//! The record with a real database: tables equal the replay, refusals write nothing, history is append-only.

use std::sync::Arc;

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use signoff::{
    ambient,
    domain::{
        canonical::Sha256Hash,
        checklist::{
            Checklist, ChecklistItem, ChecklistPart, ChecklistSection, Importance, Phase, RequiredRole, Window,
        },
        digest,
        ids::{LaunchId, UserId},
        installation::SecondFactorPolicy,
        launch::{
            command::{Command, LaunchMoment, NewEvidence, NewLaunch, NewSignature, Proof},
            event::{ItemState, Policy, ProofMethod, SignatureMeaning, Vote},
            state::{ChecklistVersion, LaunchState},
            texts::{NewText, Salt},
        },
        merkle::{RightEdge, hash_leaf},
        readiness::compute_readiness,
        role::InstallationRoles,
        second_factor::requires_second_factor,
        time::{Day, LocalTime, Moment},
    },
    record::{ExecuteError, Record, execute::Requester, rows},
};
use sqlx::AssertSqlSafe;

use crate::helpers::{TestApp, auditor, checklists::publish, lead, member};

fn text(value: &str) -> NewText {
    NewText { value: value.to_owned(), salt: Salt(ambient::random_bytes()) }
}

/// Six items: every importance, with and without role and evidence, one after the launch.
fn checklist() -> Checklist {
    let item = |key: &str, importance, phase, role: Option<&str>, evidence_required| ChecklistItem {
        key: key.parse().unwrap(),
        title: key.to_owned().try_into().unwrap(),
        importance,
        phase,
        role: role.map(|role| role.parse().unwrap()),
        evidence_required,
        guidance: None,
        under: Vec::new(),
    };
    let items = vec![
        item("critical", Importance::Critical, Phase::Before, Some("security"), false),
        item("required", Importance::Required, Phase::Before, Some("operations"), true),
        item("anybodys", Importance::Required, Phase::Before, None, false),
        item("advisory", Importance::Advisory, Phase::Before, Some("operations"), false),
        item("afterwards", Importance::Required, Phase::After(Window::Day), Some("operations"), false),
    ];
    let required =
        |role: &str| RequiredRole { role: role.parse().unwrap(), title: role.to_owned().try_into().unwrap() };
    Checklist {
        name: "Small".to_owned().try_into().unwrap(),
        introduction: None,
        parts: vec![ChecklistPart { title: None, sections: vec![ChecklistSection { title: None, items }] }],
        required_roles: vec![required("security"), required("operations")],
    }
}

/// An installation with a published checklist and people: an owner, two holders, a member, an auditor.
struct World {
    app: TestApp,
    version: Arc<ChecklistVersion>,
    people: Vec<UserId>,
}

impl World {
    async fn make() -> Self {
        let app = TestApp::start().await;
        let mut people = Vec::new();
        for who in [member().named("Olga Owner"), lead("security"), lead("operations"), member(), auditor()] {
            people.push(app.person(&who).await.id);
        }
        let version = publish(&app, checklist()).await;
        Self { app, version, people }
    }

    fn asker(&self, person: usize, now: Moment) -> Requester {
        let user = self.people[person % self.people.len()];
        let proof = Proof { user, method: ProofMethod::Password, at: now, credential_version: 1 };
        Requester { user, request: ambient::new_id(), now, proof: Some(proof) }
    }

    async fn launch(&self, now: Moment) -> Arc<LaunchState> {
        let new = NewLaunch {
            id: ambient::new_id::<LaunchId>(),
            name: text("Ledger"),
            summary: None,
            target: LocalTime::parse("2099-01-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
            policy: Policy::default(),
            restricted: false,
            version: Arc::clone(&self.version),
        };
        let made = self.app.state.record.create(&self.app.state.db, self.asker(0, now), new).await.unwrap();
        let holders = [("security", 1), ("operations", 2)]
            .map(|(role, person)| Command::AddHolder { role: role.parse().unwrap(), user: self.people[person] });
        let asker = self.asker(0, now);
        self.app.state.record.execute(&self.app.state.db, asker, made.state.id, holders.into()).await.unwrap().state
    }

    /// Rows of the tables that the replayed history does not produce, and the other way round.
    async fn differences(&self, state: &LaunchState) -> Vec<String> {
        let mut found = Vec::new();
        for (table, rows) in rows::all(state, state.last_at).unwrap() {
            let of_launch = if table == "launches" { "id" } else { "launch_id" };
            let expected = format!("SELECT * FROM jsonb_populate_recordset(NULL::{table}, $2)");
            let actual = format!("SELECT * FROM {table} WHERE {of_launch} = $1");
            let query = format!(
                "SELECT count(*) FROM (({actual} EXCEPT ALL {expected}) UNION ALL ({expected} EXCEPT ALL {actual})) d"
            );
            let different: i64 = sqlx::query_scalar(AssertSqlSafe(query))
                .bind(state.id)
                .bind(rows)
                .fetch_one(&self.app.owner)
                .await
                .unwrap();
            if different > 0 {
                found.push(format!("{table}: {different}"));
            }
        }
        found
    }

    /// Everything the database contains about a launch, as one text, to notice any change.
    async fn dump(&self, launch: LaunchId) -> String {
        let mut whole = String::new();
        for table in [
            "events",
            "texts",
            "items",
            "evidence",
            "evidence_requests",
            "comments",
            "waivers",
            "signatures",
            "signature_withdrawals",
            "launch_holders",
            "launch_participants",
            "launch_tags",
            "launch_summaries",
        ] {
            let query = format!(
                "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {table} t WHERE launch_id = $1"
            );
            whole += &sqlx::query_scalar::<_, String>(AssertSqlSafe(query))
                .bind(launch)
                .fetch_one(&self.app.owner)
                .await
                .unwrap();
        }
        for (table, column) in [("launches", "id"), ("tree_nodes", "log")] {
            let query = format!(
                "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {table} t WHERE {column} = $1"
            );
            whole += &sqlx::query_scalar::<_, String>(AssertSqlSafe(query))
                .bind(launch)
                .fetch_one(&self.app.owner)
                .await
                .unwrap();
        }
        whole
    }
}

impl World {
    /// Compares, for each person, roles and policy, who must have a second factor by these launches with who owes one by
    /// the tables. Returns how many do.
    async fn compare_second_factors(&self, launches: &[Arc<LaunchState>]) -> usize {
        let mut owing = 0;
        for policy in SecondFactorPolicy::ALL {
            sqlx::query("UPDATE settings SET second_factor = $1")
                .bind(policy.slug())
                .execute(&self.app.owner)
                .await
                .unwrap();
            for person in &self.people {
                for slugs in [&["member"][..], &["auditor"], &["admin", "member"]] {
                    let slugs: Vec<String> = slugs.iter().map(ToString::to_string).collect();
                    let roles = InstallationRoles::from_slugs(&slugs).unwrap();
                    let by_tables: bool = sqlx::query_scalar("SELECT owes_second_factor($1, $2)")
                        .bind(person)
                        .bind(&slugs)
                        .fetch_one(&self.app.owner)
                        .await
                        .unwrap();
                    let all = launches.iter().map(AsRef::as_ref);
                    assert_eq!(by_tables, requires_second_factor(policy, *person, &roles, all), "{person} {slugs:?}");
                    owing += usize::from(by_tables);
                }
            }
        }
        owing
    }
}

/// One attempt: indexes of the person, the command, the item and a detail.
type Step = (usize, usize, usize, usize);

/// The command of a step, for the launch's current state. Many are invalid, in different ways.
fn command(state: &LaunchState, people: &[UserId], now: Moment, (_, what, which, detail): Step) -> Command {
    let item = &state.items[which % state.items.len()];
    let states = [ItemState::Open, ItemState::Done, ItemState::NotApplicable, ItemState::Blocked];
    let reason = || (detail % 4 != 0).then(|| text(["because", "since", "as"][detail % 3]));
    let role: signoff::domain::role::RoleSlug = ["security", "operations"][which % 2].parse().unwrap();
    let day: Day = ["2026-01-01", "2098-06-01", "2099-12-31"][detail % 3].parse().unwrap();
    let user = people[detail % people.len()];
    let last_signature = state.signatures.get(which % state.signatures.len().max(1)).map(|s| s.record.id);
    match what % 24 {
        0..=5 => {
            let version = if detail == 7 { item.version + 1 } else { item.version };
            let chosen = if what % 24 < 4 { ItemState::Done } else { states[detail % 4] };
            Command::Mark { item: item.id, state: chosen, reason: reason(), version }
        }
        6 => Command::Agree { item: item.id, agree: detail % 3 != 0, reason: reason(), version: None },
        7 => Command::Assign {
            item: item.id,
            assignee: (detail % 3 != 0).then_some(user),
            due: (detail % 2 == 0).then_some(day),
        },
        8 | 9 => {
            let content = match detail % 3 {
                0 => NewEvidence::Link(text("https://example.org/run")),
                1 => NewEvidence::Note(text("seen")),
                _ => NewEvidence::File {
                    name: text("a.txt"),
                    sha256: Sha256Hash::compute(&[u8::try_from(detail).unwrap()]),
                    size: 1,
                    media_type: "text/plain".to_owned(),
                },
            };
            let valid_until = (detail == 5).then_some(day);
            Command::AttachEvidence {
                item: item.id,
                evidence: ambient::new_id(),
                content,
                observed_on: None,
                valid_until,
            }
        }
        10 => match state.evidence.keys().nth(which % state.evidence.len().max(1)) {
            Some(id) => Command::WithdrawEvidence { evidence: *id, reason: text("wrong file") },
            None => Command::WithdrawEvidence { evidence: ambient::new_id(), reason: text("wrong file") },
        },
        11 => Command::AddComment { item: item.id, comment: ambient::new_id(), body: text("a remark") },
        12 => match state.comments.keys().nth(which % state.comments.len().max(1)) {
            Some(id) if detail % 2 == 0 => Command::EditComment { comment: *id, body: text("a better remark") },
            Some(id) => Command::DeleteComment { comment: *id },
            None => Command::DeleteComment { comment: ambient::new_id() },
        },
        13 => Command::AskWaiver {
            item: item.id,
            waiver: ambient::new_id(),
            reason: text("no time"),
            control: text("by hand"),
            expires_on: day,
        },
        14 => {
            let waiver = state.waivers.keys().nth(which % state.waivers.len().max(1)).copied();
            Command::DecideWaiver {
                waiver: waiver.unwrap_or_else(ambient::new_id),
                approve: detail % 3 != 0,
                reason: reason(),
            }
        }
        15 => {
            let waiver = state.waivers.keys().nth(which % state.waivers.len().max(1)).copied();
            Command::RevokeWaiver { waiver: waiver.unwrap_or_else(ambient::new_id), reason: text("no more") }
        }
        16 | 17 => Command::Sign(Box::new(NewSignature {
            id: ambient::new_id(),
            digest: if detail == 7 { Sha256Hash::compute(b"another") } else { digest::digest(state, &role) },
            role,
            verdict: if detail % 4 == 0 { Vote::NoGo } else { Vote::Go },
            meaning: SignatureMeaning::Approval,
            statement_version: 1,
            statement: "I approve.".to_owned(),
            comment: reason(),
            saw: (detail % 2 == 0).then_some(state.seq),
            lifts: if detail == 3 { last_signature } else { None },
            address: text("127.0.0.1"),
            user_agent: text("test"),
        })),
        18 => Command::WithdrawSignature {
            signature: last_signature.unwrap_or_else(ambient::new_id),
            comment: text("not any more"),
        },
        19 => {
            let acknowledged = compute_readiness(state, now).conditions.into_iter().map(|condition| condition.id);
            let acknowledged = acknowledged.skip(usize::from(detail == 7)).collect();
            Command::DeclareGo { acknowledged, saw: None }
        }
        20 => match detail % 4 {
            0 => Command::Hold { reason: text("wait") },
            1 => Command::Resume { reason: None },
            2 => Command::Reopen { reason: text("again") },
            _ => Command::WriteNotes { notes: reason() },
        },
        21 => {
            let at = (detail % 2 == 0).then_some(LaunchMoment { at: now, to_the_minute: false });
            Command::Launch { at, past: None }
        }
        22 => match detail % 5 {
            0 => Command::Cancel { reason: text("no more money") },
            1 => Command::ChangePolicy { policy: Policy { slip_days: 3, separation_of_duties: which % 2 == 0 } },
            2 => Command::ChangeRestriction { restricted: which % 2 == 0 },
            3 => Command::AddParticipant { user },
            _ => Command::AddHolder { role, user },
        },
        _ => match detail % 4 {
            0 => Command::RemoveHolder { role, user },
            1 => Command::TransferOwnership { to: user, reason: reason() },
            2 => Command::RequestEvidence { item: item.id, request: ambient::new_id(), text: text("more, please") },
            _ => Command::Close { settlements: Default::default() },
        },
    }
}

#[tokio::test]
async fn projection_tables_equal_the_replay_and_refusals_write_nothing() {
    let world = World::make().await;
    // The same sequences every time, so that a failure can be reproduced.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let steps = prop::collection::vec((0..5_usize, 0..24_usize, 0..5_usize, 0..8_usize), 60);
    let (mut done, mut refused) = (0, 0);
    let (mut launches, mut owing) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        let mut now: Moment = "2026-11-23T09:00:00Z".parse().unwrap();
        let mut state = world.launch(now).await;
        for step in steps.new_tree(&mut runner).unwrap().current() {
            // The clock is sometimes set back.
            now = now.plus_seconds(if step.3 == 6 { -600 } else { 60 });
            let command = command(&state, &world.people, now, step);
            let before = world.dump(state.id).await;
            let description = format!("{command:?}");
            let asker = world.asker(step.0, now);
            match world.app.state.record.execute(&world.app.state.db, asker, state.id, vec![command]).await {
                Ok(outcome) => {
                    done += outcome.events.len();
                    state = outcome.state;
                    if outcome.events.is_empty() {
                        assert_eq!(world.dump(state.id).await, before, "{description}");
                    }
                }
                Err(ExecuteError::Refused(..)) => {
                    refused += 1;
                    assert_eq!(world.dump(state.id).await, before, "{description}");
                }
                Err(ExecuteError::Failed(fault)) => panic!("{description}: {fault}"),
            }
        }
        // Replayed from the first event, without a cache.
        let replayed = Record::default().load(&world.app.state.db, state.id).await.unwrap().unwrap();
        assert_eq!(*replayed, *state);
        assert_eq!(world.differences(&replayed).await, Vec::<String>::new());
        // Alone, and together with the launches before.
        launches.push(Arc::clone(&state));
        owing.push(world.compare_second_factors(&launches).await);
        // And up to an event in the middle.
        let half =
            world.app.state.record.load_as_of(&world.app.state.db, state.id, state.seq / 2).await.unwrap().unwrap();
        assert_eq!(half.seq, state.seq / 2);

        let leaves: Vec<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM events WHERE launch_id = $1 ORDER BY seq")
            .bind(state.id)
            .fetch_all(&world.app.owner)
            .await
            .unwrap();
        let mut edge = RightEdge::default();
        let nodes = leaves.iter().map(|bytes| edge.append(hash_leaf(bytes)).len()).sum::<usize>();
        let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM tree_nodes WHERE log = $1")
            .bind(state.id)
            .fetch_one(&world.app.owner)
            .await
            .unwrap();
        assert_eq!(usize::try_from(stored).unwrap(), nodes);
        let times: Vec<i64> = sqlx::query_scalar(
            "SELECT (extract(epoch FROM at) * 1000000)::bigint FROM events WHERE launch_id = $1 ORDER BY seq",
        )
        .bind(state.id)
        .fetch_all(&world.app.owner)
        .await
        .unwrap();
        assert!(times.is_sorted(), "times in a history never run backwards");
    }
    // The sequences are only meaningful if both happen often.
    assert!(done > 100 && refused > 100, "{done} events, {refused} refusals");
    // One who has a second factor owes none, and over launches bind nobody.
    sqlx::query("UPDATE launches SET stage = 'cancelled'").execute(&world.app.owner).await.unwrap();
    let of_admins = |owing: usize| owing == world.people.len();
    let owes = "SELECT count(*) FROM users WHERE owes_second_factor(id, '{member}')";
    let left: i64 = sqlx::query_scalar(owes).fetch_one(&world.app.owner).await.unwrap();
    assert_eq!(left, 0);
    assert!(owing.iter().any(|owing| !of_admins(*owing)), "somebody leads a launch: {owing:?}");
}

#[tokio::test]
async fn two_record_caches_see_each_others_changes() {
    let world = World::make().await;
    let now = world.app.state.clock.now();
    let here = world.launch(now).await;
    let (other, db) = (Record::default(), &world.app.state.db);
    other.load(db, here.id).await.unwrap();
    let item = &here.items[0];
    let mark = Command::Mark { item: item.id, state: ItemState::Done, reason: None, version: 1 };
    world.app.state.record.execute(db, world.asker(3, now), here.id, vec![mark]).await.unwrap();
    let there = other.load(db, here.id).await.unwrap().unwrap();
    assert_eq!(there.items[0].status.state, ItemState::Done);
    // The other continues from there, and its version is the new one.
    let mark = Command::Mark { item: item.id, state: ItemState::Open, reason: None, version: 2 };
    other.execute(db, world.asker(3, now), here.id, vec![mark]).await.unwrap();
    let here = world.app.state.record.load(db, here.id).await.unwrap().unwrap();
    assert_eq!((here.items[0].status.state, here.items[0].version), (ItemState::Open, 3));
}

#[tokio::test]
async fn state_as_of_the_newest_event_continues_from_the_cached_state() {
    let world = World::make().await;
    let (now, db) = (world.app.state.clock.now(), &world.app.state.db);
    let made = world.launch(now).await;
    let (reader, id) = (Record::default(), made.id);
    let cached = reader.load(db, id).await.unwrap().unwrap();
    let same = reader.load_as_of(db, id, cached.seq).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&cached, &same), "no event is read again");
    assert_eq!(reader.load_as_of(db, id, cached.seq + 1).await.unwrap(), None);

    let mark = Command::Mark { item: made.items[0].id, state: ItemState::Done, reason: None, version: 1 };
    let newest = world.app.state.record.execute(db, world.asker(3, now), id, vec![mark]).await.unwrap().state;
    assert_eq!(reader.load_as_of(db, id, newest.seq).await.unwrap(), Some(newest), "what another server added is read");
    assert_eq!(reader.load_as_of(db, id, cached.seq).await.unwrap(), Some(cached), "older than the cached state");
}

#[tokio::test]
async fn item_marked_twice_at_once_is_marked_by_one() {
    let world = World::make().await;
    let now = world.app.state.clock.now();
    let launch = world.launch(now).await;
    let (record, db) = (&world.app.state.record, &world.app.state.db);
    let mark = |state, reason: Option<&str>| {
        vec![Command::Mark { item: launch.items[0].id, state, reason: reason.map(text), version: 1 }]
    };
    let (one, two) = tokio::join!(
        record.execute(db, world.asker(3, now), launch.id, mark(ItemState::Done, None)),
        record.execute(db, world.asker(0, now), launch.id, mark(ItemState::Blocked, Some("no quota"))),
    );
    assert_ne!(one.is_ok(), two.is_ok(), "exactly one of them");
    let after = record.load(db, launch.id).await.unwrap().unwrap();
    assert_eq!((after.seq, after.items[0].version), (launch.seq + 1, 2));
}

#[tokio::test]
async fn command_batch_with_one_refusal_changes_nothing() {
    let world = World::make().await;
    let now = world.app.state.clock.now();
    let launch = world.launch(now).await;
    let before = world.dump(launch.id).await;
    let mark = |item: usize, version| Command::Mark {
        item: launch.items[item].id,
        state: ItemState::Done,
        reason: None,
        version,
    };
    let both = vec![mark(0, 1), mark(2, 9), mark(3, 7)];
    let refused = world.app.state.record.execute(&world.app.state.db, world.asker(3, now), launch.id, both).await;
    let Err(ExecuteError::Refused(refusals)) = refused else { panic!("{refused:?}") };
    // Each refused one is named.
    assert_eq!(refusals.iter().map(|(at, _)| at).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(world.dump(launch.id).await, before);
}

#[tokio::test]
async fn database_role_of_the_application_cannot_rewrite_history() {
    let world = World::make().await;
    let launch = world.launch(world.app.state.clock.now()).await;
    for table in [
        "events",
        "signatures",
        "signature_withdrawals",
        "tree_nodes",
        "checklist_versions",
        "installation_events",
        "keys",
        "checkpoints",
        "checkpoint_witnesses",
    ] {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
            format!(
                "UPDATE {table} SET {} = {0}",
                match table {
                    "tree_nodes" => "hash",
                    "signature_withdrawals" => "comment",
                    "signatures" => "signer_name",
                    "checklist_versions" => "content",
                    "keys" => "vkey",
                    "checkpoints" => "text",
                    "checkpoint_witnesses" => "name",
                    _ => "bytes",
                }
            ),
        ] {
            // Neither the application's role can do it nor, as long as the trigger exists, the owner.
            for pool in [&world.app.state.db, &world.app.owner] {
                let refused = sqlx::query(AssertSqlSafe(statement.clone())).execute(pool).await;
                let code = refused.unwrap_err().as_database_error().and_then(|error| error.code().map(String::from));
                assert_eq!(code.as_deref(), Some("42501"), "{statement}");
            }
        }
    }
    let texts = sqlx::query("DELETE FROM texts").execute(&world.app.state.db).await;
    assert!(texts.is_err(), "forgetting is for the redactor alone");
    assert_eq!(world.app.state.record.load(&world.app.state.db, launch.id).await.unwrap().unwrap().seq, launch.seq);
}

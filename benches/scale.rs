//! `make bench-scale`: the pages that look across launches, with 10, 100, 1,000 and 10,000 launches, as ratios to the time
//! with 10.
//!
//! The launches are made by the record from a seeded random sequence: many events in one transaction, through the same
//! rules, projections and trees as a person's clicks, and some of them are verified afterwards. `SIGNOFF_SCALE_SIZES` and
//! `SIGNOFF_SCALE_ITEMS` choose other sizes and a smaller checklist.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path, sync::Arc, time::Instant};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use signoff::{
    ambient,
    blobs::Blobs,
    domain::{
        digest,
        ids::{ChecklistVersionId, LaunchId, UserId},
        launch::{
            command::{Command, NewEvidence, NewLaunch, NewSignature, Proof},
            event::{ItemState, Policy, ProofMethod, SignatureMeaning, Vote},
            state::{ChecklistVersion, LaunchState},
        },
        readiness::compute_readiness,
        statement,
        text::Tag,
        time::{LocalTime, Moment},
    },
    key_file,
    record::{
        ExecuteError, Record,
        execute::Requester,
        verify::{EvidenceFileCheck, verify_launch},
    },
    web::idempotency::new_text,
};
use sqlx::PgPool;

use crate::{
    figures::{Times, ms, ratio},
    server::{Person, Server},
};

const DEFAULT_SIZES: &str = "10,100,1000";

/// How many launches of each size are verified.
const SPOT_CHECKS: usize = 3;

const DAY_SECONDS: i64 = 86_400;

/// A page, and what it is measured as.
const PAGES: [(&str, &str); 17] = [
    ("my work of a member", "/"),
    ("list", "/launches"),
    ("list, all stages", "/launches?show=all"),
    ("list by verdict", "/launches?sort=verdict"),
    ("list by progress, all stages", "/launches?sort=progress&show=all"),
    ("list by newest change", "/launches?sort=changed&show=all"),
    ("list by name", "/launches?sort=name"),
    ("list of those not ready", "/launches?verdict=no_go"),
    ("list of those ready, all stages", "/launches?verdict=go&show=all"),
    ("list of my own", "/launches?whose=mine"),
    ("list with a tag", "/launches?tag=team+7&show=all"),
    ("list with a name", "/launches?q=launch+3&show=all"),
    ("list, a page in the middle", "{middle}"),
    ("board", "/launches?view=board"),
    ("calendar", "/launches/calendar"),
    ("go/no-go", "{launch}/go-no-go"),
    ("history", "{launch}/history"),
];

pub(crate) async fn measure(server: &Server) {
    let sizes = env::var("SIGNOFF_SCALE_SIZES").unwrap_or_else(|_| DEFAULT_SIZES.to_owned());
    let sizes: Vec<usize> = sizes.split(',').map(|size| size.trim().parse().unwrap()).collect();
    let person = server.person("member").await;
    let mut world = ScaleWorld::open(server).await;
    let mut columns: Vec<Vec<Times>> = Vec::new();
    for size in &sizes {
        let begun = Instant::now();
        while world.launches.len() < *size {
            world.make_launch().await;
        }
        println!("{size} launches after {:.0} s", begun.elapsed().as_secs_f64());
        world.verify_some().await;
        sqlx::query("ANALYZE").execute(&world.db).await.unwrap();
        columns.push(world.measure_pages(&person).await);
    }
    let report = world.report(&sizes, &columns, server.memory()).await;
    println!("{report}");
    if let Ok(file) = env::var("SIGNOFF_SCALE_REPORT") {
        fs::write(file, report).unwrap();
    }
}

/// The installation that grows.
struct ScaleWorld {
    db: PgPool,
    record: Record,
    random: StdRng,
    version: Arc<ChecklistVersion>,
    people: Vec<UserId>,
    launches: Vec<LaunchId>,
    /// One that is in preparation.
    preparing: Option<LaunchId>,
    present: Moment,
}

impl ScaleWorld {
    async fn open(server: &Server) -> Self {
        let db = PgPool::connect(&env::var("DATABASE_URL").unwrap()).await.unwrap();
        let key = key_file::read(Path::new(&env::var("SIGNOFF_KEY_FILE").unwrap())).unwrap();
        let record = Record::new(Arc::new(key));
        if let Ok(items) = env::var("SIGNOFF_SCALE_ITEMS") {
            let (admin, owner) = (server.person("admin").await, server.person("member").await);
            server.launch(&owner, &admin, items.parse().unwrap()).await;
        }
        let newest = "SELECT id FROM checklist_versions ORDER BY published_at DESC, id DESC LIMIT 1";
        let version: ChecklistVersionId = sqlx::query_scalar(newest).fetch_one(&db).await.unwrap();
        let people = "SELECT id FROM users WHERE active AND 'member' = ANY (roles) ORDER BY id";
        Self {
            version: record.load_version(&db, version).await.unwrap().unwrap(),
            people: sqlx::query_scalar(people).fetch_all(&db).await.unwrap(),
            db,
            record,
            random: StdRng::seed_from_u64(20_261_128),
            launches: Vec::new(),
            preparing: None,
            present: Moment::new(jiff::Timestamp::now()),
        }
    }

    /// Makes a launch whose target is between five years ago and a year ahead: those of the past were launched or
    /// cancelled, those ahead are half way.
    async fn make_launch(&mut self) {
        let number = self.launches.len();
        let days = self.random.random_range(-5 * 365..365_i64);
        let target = self.present.plus_seconds(days * DAY_SECONDS);
        let begin = self.present.min(target).plus_seconds(-40 * DAY_SECONDS);
        let zone = "Europe/Lisbon".parse().unwrap();
        let local = target.to_local(&zone).strftime("%Y-%m-%dT%H:%M").to_string();
        let Ok(target_local) = LocalTime::parse(&local, zone) else { return };
        let owner = self.people[self.random.random_range(0..self.people.len())];
        let new = NewLaunch {
            id: ambient::new_id(),
            name: new_text(format!("Launch {number} of the {} team", ["payments", "search", "mobile"][number % 3])),
            summary: None,
            target: target_local,
            policy: Policy::default(),
            restricted: number % 20 == 7,
            version: Arc::clone(&self.version),
        };
        let id = new.id;
        let roles = self.version.checklist.required_roles.clone();
        let mut commands: Vec<Command> = Vec::new();
        for (at, role) in roles.iter().enumerate() {
            let user = self.people[(number + at) % self.people.len()];
            commands.push(Command::AddHolder { role: role.role.clone(), user });
        }
        commands.push(Command::SetTags { tags: vec![Tag::new(&format!("team {}", number % 40)).unwrap()] });
        let made = self.record.create_with(&self.db, asker(owner, begin), new, commands).await.unwrap();
        let mut state = made.state;
        let work = begin.plus_seconds(DAY_SECONDS);
        let share = if days < 0 { 100 } else { self.random.random_range(20..100_u32) };
        let marks = self.mark_items(&state, true, share);
        state = self.execute(&state, owner, work, marks).await;
        if days < 0 {
            self.finish_launch(state, owner, target.plus_seconds(-DAY_SECONDS)).await;
        } else if self.preparing.is_none() {
            self.preparing = Some(id);
        }
        self.launches.push(id);
    }

    /// Marks a share of the items, in percent, before or after the launch; with a note where evidence is required.
    fn mark_items(&mut self, state: &LaunchState, is_before: bool, share: u32) -> Vec<Command> {
        let mut commands = Vec::new();
        for (item, definition) in state.items_with_definitions() {
            if definition.phase.is_before() != is_before || self.random.random_range(0..100) >= share {
                continue;
            }
            if definition.evidence_required {
                commands.push(Command::AttachEvidence {
                    item: item.id,
                    evidence: ambient::new_id(),
                    content: NewEvidence::Note(new_text("Checked by hand together with the person on call; it holds.")),
                    observed_on: None,
                    valid_until: None,
                });
            }
            commands.push(Command::Mark { item: item.id, state: ItemState::Done, reason: None, version: item.version });
        }
        commands
    }

    /// Signs, declares GO, launches and closes; a tenth is cancelled instead.
    async fn finish_launch(&mut self, mut state: Arc<LaunchState>, owner: UserId, at: Moment) {
        if self.random.random_range(0..10) == 0 {
            self.execute(&state, owner, at, vec![Command::Cancel { reason: new_text("No longer needed.") }]).await;
            return;
        }
        let holders: Vec<_> = state
            .version
            .checklist
            .required_roles
            .iter()
            .filter_map(|required| Some((required.role.clone(), state.holders_of(&required.role).next()?)))
            .collect();
        for (role, holder) in holders {
            let signature = NewSignature {
                id: ambient::new_id(),
                digest: digest::digest(&state, &role),
                role,
                verdict: Vote::Go,
                meaning: SignatureMeaning::Approval,
                statement_version: statement::BUILT_IN_VERSION,
                statement: statement::built_in_statement(Vote::Go, SignatureMeaning::Approval).to_owned(),
                comment: None,
                saw: Some(state.seq),
                lifts: None,
                address: new_text("127.0.0.1"),
                user_agent: new_text("bench"),
            };
            state = self.execute(&state, holder, at, vec![Command::Sign(Box::new(signature))]).await;
        }
        let acknowledged = compute_readiness(&state, at).conditions.into_iter().map(|condition| condition.id).collect();
        state = self.execute(&state, owner, at, vec![Command::DeclareGo { acknowledged, saw: None }]).await;
        state = self.execute(&state, owner, at, vec![Command::Launch { at: None, past: None }]).await;
        let marks = self.mark_items(&state, false, 100);
        state = self.execute(&state, owner, at.plus_seconds(DAY_SECONDS), marks).await;
        let close = Command::Close { settlements: BTreeMap::new() };
        self.execute(&state, owner, at.plus_seconds(31 * DAY_SECONDS), vec![close]).await;
    }

    /// Executes commands; a refusal leaves the launch as it is.
    async fn execute(
        &self,
        state: &Arc<LaunchState>,
        who: UserId,
        at: Moment,
        commands: Vec<Command>,
    ) -> Arc<LaunchState> {
        match self.record.execute(&self.db, asker(who, at), state.id, commands).await {
            Ok(outcome) => outcome.state,
            Err(ExecuteError::Refused(_)) => Arc::clone(state),
            Err(error) => panic!("{error}"),
        }
    }

    async fn verify_some(&mut self) {
        let blobs = Blobs::in_folder(Path::new(&env::var("SIGNOFF_EVIDENCE_DIR").unwrap())).unwrap();
        let key = self.record.public_key().unwrap();
        for _ in 0..SPOT_CHECKS {
            let id = self.launches[self.random.random_range(0..self.launches.len())];
            let found = verify_launch(&self.db, (&blobs, EvidenceFileCheck::Skip), &key, id).await.unwrap();
            assert_eq!(found.problems, Vec::<String>::new(), "{id}");
        }
    }

    async fn measure_pages(&self, person: &Person) -> Vec<Times> {
        let launch = format!("/launches/{}", self.preparing.unwrap_or(self.launches[0]));
        let middle = self.launches[self.launches.len() / 2];
        let mut times = Vec::new();
        for (_, path) in PAGES {
            let middle = format!("/launches?show=all&after={middle}");
            let path = path.replace("{launch}", &launch).replace("{middle}", &middle);
            times.push(person.times(&path).await);
        }
        times
    }

    async fn report(&self, sizes: &[usize], columns: &[Vec<Times>], memory: u64) -> String {
        let count = |table: &'static str| sqlx::query_scalar::<_, i64>(table).fetch_one(&self.db);
        let items = count("SELECT count(*) FROM items").await.unwrap();
        let events = count("SELECT count(*) FROM events").await.unwrap();
        let bytes = count("SELECT pg_database_size(current_database())").await.unwrap();
        let stages = "SELECT string_agg(stage || ' ' || number, ', ') FROM
                      (SELECT stage, count(*) AS number FROM launches GROUP BY stage ORDER BY stage) s";
        let stages: String = sqlx::query_scalar(stages).fetch_one(&self.db).await.unwrap();
        let mut text = String::new();
        let profile = if cfg!(debug_assertions) { "a build without optimisations" } else { "a release build" };
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let day = &self.present.to_string()[..10];
        writeln!(
            text,
            "Measured on {day} with {profile}, on {cores} cores that server, stores and load share, one request"
        )
        .unwrap();
        writeln!(
            text,
            "at a time. At the end there were {items} items and {events} events in a database of {} MB, and the",
            bytes / 1_000_000
        )
        .unwrap();
        writeln!(text, "server had {} MB in memory. Stages: {stages}. The median, and in brackets the time under which 95 % were.\n", memory / 1_000_000).unwrap();
        let head: Vec<String> = sizes.iter().map(|size| format!("{size} launches")).collect();
        writeln!(text, "| page | {} | ratio |\n|---|{}---|", head.join(" | "), "---|".repeat(sizes.len())).unwrap();
        for (at, (what, _)) in PAGES.iter().enumerate() {
            let cells: Vec<String> = columns
                .iter()
                .map(|column| format!("{} ({})", ms(column[at].median()), ms(column[at].max())))
                .collect();
            let last = columns.last().map_or(1.0, |last| ratio(&last[at], &columns[0][at]));
            writeln!(text, "| {what} | {} | {last:.1} |", cells.join(" | ")).unwrap();
        }
        text
    }
}

fn asker(user: UserId, now: Moment) -> Requester {
    let proof = Proof { user, method: ProofMethod::Password, at: now, credential_version: 1 };
    Requester { user, request: ambient::new_id(), now, proof: Some(proof) }
}

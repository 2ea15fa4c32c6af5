//! Every change is recorded: each route that changes something is called here, and the rows it wrote are checked.
//! Either it wrote its events in the transaction of the change, with the person, the request, the old and the new value
//! and the reason; or it is one of the routes that write none, each with its reason. A new route fails this test until
//! it has a row.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use signoff::{
    accounts, app,
    domain::{
        checklist_draft::ChecklistDraft,
        launch::event::{SignatureMeaning, Vote},
        notification::ReasonGroup,
        statement::built_in_statement,
    },
    notification_mail,
};
use sqlx::AssertSqlSafe;

use crate::helpers::{
    Launch, admin,
    client::{Answer, Client},
    member,
    people::PASSWORD,
    second_factor::Authenticator,
};

/// Expected fields of an event: a pointer (RFC 6901) and the value there. A text that is stored as a commitment is
/// given as plain text.
type EventFields = Vec<(&'static str, Value)>;

/// What a change must write.
enum Writes {
    /// Events of the launch, by kind.
    Launch(Vec<(&'static str, EventFields)>),
    /// Entries of the audit log, by kind.
    Installation(Vec<(&'static str, EventFields)>),
    /// Neither, for this reason.
    Nothing(&'static str),
}

/// Why changes of a draft are not logged.
const DRAFT: &str = "a draft is nobody's word before it is published, and its publication is an entry";

/// An installation on which every change is made once.
struct World {
    launch: Launch,
    admin: Client,
    /// The routes that were called.
    walked: BTreeSet<&'static str>,
    /// Tables that are written outside the transaction of the change: the browsers that a person has signed in from,
    /// which limit guessing, and, where a code is given, the used codes, so that none is accepted twice even if the
    /// change fails.
    unchecked_tables: &'static [&'static str],
}

const UNCHECKED_TABLES: &[&str] = &["known_browsers"];
const UNCHECKED_TABLES_WITH_CODE: &[&str] = &["known_browsers", "second_factors", "recovery_codes"];

impl World {
    async fn make() -> Self {
        let launch = Launch::payments().make().await;
        let person = launch.app.person(&admin()).await;
        let browser = launch.app.session(&person).await;
        Self { launch, admin: browser, walked: BTreeSet::new(), unchecked_tables: UNCHECKED_TABLES }
    }

    /// The route that an address belongs to.
    fn route(&self, address: &str) -> &'static str {
        let parts: Vec<&str> = address.split('?').next().unwrap().split('/').collect();
        let fits = |path: &&str| {
            let path: Vec<&str> = path.split('/').collect();
            path.len() == parts.len()
                && path.iter().zip(&parts).all(|(path, part)| path == part || path.starts_with('{'))
        };
        let routes = app::routes();
        let mut found: Vec<&'static str> =
            routes.iter().filter(|route| route.changes).map(|route| route.path).filter(fits).collect();
        // Literal path segments come before placeholders.
        found.sort_by_key(|path| path.matches('{').count());
        found.first().copied().unwrap_or_else(|| panic!("no route changes anything at {address}"))
    }

    /// Sends a form and checks what it wrote.
    async fn walk(&mut self, who: &Client, name: &str, address: &str, form: &[(&str, &str)], writes: Writes) -> Answer {
        let route = self.route(address);
        self.walked.insert(route);
        let began: i64 = sqlx::query_scalar("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            .fetch_one(&self.launch.app.owner)
            .await
            .unwrap();
        let before = (self.events("events").await.len(), self.events("installation_events").await.len());
        let answer = who.post(address, form).await;
        // Recovery codes are shown once, on the answer page itself.
        let shows_page = ["/account/second-factor", "/unsubscribe/"].iter().any(|begins| address.starts_with(begins));
        let done = if shows_page { [200, 303].as_slice() } else { &[303] };
        assert!(done.contains(&answer.status.as_u16()), "{address}: {}", answer.body);
        let events = self.events("events").await.split_off(before.0);
        let entries = self.events("installation_events").await.split_off(before.1);
        let (logged, fields, other) = match writes {
            Writes::Launch(fields) => (events, fields, entries),
            Writes::Installation(fields) => (entries, fields, events),
            Writes::Nothing(why) => {
                assert!(!why.is_empty() && events.is_empty() && entries.is_empty(), "{route}: {events:?} {entries:?}");
                return answer;
            }
        };
        assert!(other.is_empty(), "{route}: {other:?}");
        let kinds: Vec<&str> = logged.iter().map(|(_, event)| kind(event)).collect();
        assert_eq!(kinds, fields.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), "{route}");
        let request = answer.header("x-request-id");
        for ((transaction, event), (kind, fields)) in logged.iter().zip(fields) {
            let actor = event["actor"]["name"].as_str().unwrap_or_default();
            assert_eq!((actor, event["request"].as_str().unwrap()), (name, request), "{route}: {kind}");
            assert!(event["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{route}: {kind}");
            for (pointer, expected) in fields {
                let found = event.pointer(pointer).cloned().unwrap_or_else(|| panic!("{route}: {pointer} of {event}"));
                assert_eq!(self.read(found).await, expected, "{route}: {kind} {pointer}");
            }
            assert_eq!(
                self.transactions_since(began).await,
                std::slice::from_ref(transaction),
                "{route}: one transaction"
            );
        }
        answer
    }

    /// A log's events with the transactions that wrote them, in order.
    async fn events(&self, log: &str) -> Vec<(String, Value)> {
        let order = if log == "events" { "xmin::text::bigint, launch_id, seq" } else { "index" };
        let query = format!("SELECT xmin::text, bytes FROM {log} ORDER BY {order}");
        let rows: Vec<(String, Vec<u8>)> =
            sqlx::query_as(AssertSqlSafe(query)).fetch_all(&self.launch.app.owner).await.unwrap();
        rows.into_iter().map(|(transaction, bytes)| (transaction, serde_json::from_slice(&bytes).unwrap())).collect()
    }

    /// The transactions from `began` on that wrote a row of any table except the unchecked ones.
    async fn transactions_since(&self, began: i64) -> Vec<String> {
        let owner = &self.launch.app.owner;
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL ($1)",
        )
        .bind(self.unchecked_tables)
        .fetch_all(owner)
        .await
        .unwrap();
        let mut found = BTreeSet::new();
        for table in tables {
            let query = format!("SELECT DISTINCT xmin::text FROM {table} WHERE xmin::text::bigint >= $1");
            let of_table: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(query)).bind(began).fetch_all(owner).await.unwrap();
            found.extend(of_table);
        }
        found.into_iter().collect()
    }

    /// A value of an event; for the commitment of a text, the text itself.
    async fn read(&self, value: Value) -> Value {
        let Some(hash) = value.as_str().filter(|text| text.len() == 64) else { return value };
        let text: Option<String> = sqlx::query_scalar("SELECT value FROM texts WHERE encode(commitment, 'hex') = $1")
            .bind(hash)
            .fetch_optional(&self.launch.app.owner)
            .await
            .unwrap();
        text.map_or(value, Value::from)
    }

    /// The newest id in a table.
    async fn newest(&self, table: &str, by: &str) -> String {
        let query = format!("SELECT id::text FROM {table} ORDER BY {by} DESC LIMIT 1");
        sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&self.launch.app.owner).await.unwrap()
    }

    async fn version(&self, key: &str) -> String {
        self.launch.state().await.item(self.launch.item(key)).unwrap().version.to_string()
    }
}

fn kind(event: &Value) -> &str {
    event["kind"].as_str().or_else(|| event["event"]["kind"].as_str()).unwrap()
}

fn of_launch(kind: &'static str, fields: EventFields) -> Writes {
    Writes::Launch(vec![(kind, fields)])
}

fn of_installation(kind: &'static str, fields: EventFields) -> Writes {
    Writes::Installation(vec![(kind, fields)])
}

#[tokio::test]
async fn every_changing_route_writes_its_event() {
    let mut world = World::make().await;
    preparing(&mut world).await;
    items(&mut world).await;
    deciding(&mut world).await;
    accounts_and_people(&mut world).await;
    checklists(&mut world).await;
    let routes = app::routes();
    let all: BTreeSet<&str> = routes.iter().filter(|route| route.changes).map(|route| route.path).collect();
    let missing: Vec<_> = all.difference(&world.walked).collect();
    assert!(missing.is_empty(), "what do these write? {missing:?}");
}

async fn preparing(world: &mut World) {
    let owner = world.launch.owner.clone();
    let (name, at) = ("Olga Owner", |page: &str| page.to_owned());
    let path = |world: &World, page: &str| world.launch.path(page);
    let version = world.launch.version.id.to_string();
    let form = [
        ("name", "Ledger"),
        ("checklist", version.as_str()),
        ("target", "2099-01-01T09:00"),
        ("zone", "Europe/Lisbon"),
    ];
    let made = vec![("/data/details/name", json!("Ledger")), ("/data/owner/name", json!(name))];
    world.walk(&owner, name, &at("/launches"), &form, of_launch("launch_created", made)).await;
    let form = [("name", "Payments next"), ("target", "2099-03-01T09:00"), ("zone", "Europe/Lisbon")];
    let made = vec![("/data/details/name", json!("Payments next")), ("/data/owner/name", json!(name))];
    let holders = ["Sven Security", "Dev Deputy", "Odette Operations"];
    let holders = holders.map(|holder| ("holder_added", vec![("/data/person/name", json!(holder))]));
    let address = path(world, "another");
    let events = std::iter::once(("launch_created", made)).chain(holders).collect();
    world.walk(&owner, name, &address, &form, Writes::Launch(events)).await;
    let form = [("name", "Payments 2"), ("target", "2099-02-01T09:00"), ("zone", "Europe/Lisbon")];
    let fields = vec![
        ("/data/old/name", json!("Payments")),
        ("/data/new/name", json!("Payments 2")),
        ("/data/new/target/local", json!("2099-02-01T09:00:00")),
    ];
    let address = path(world, "details");
    world.walk(&owner, name, &address, &form, of_launch("details_changed", fields)).await;
    let form = [("slip_days", "3"), ("separation_of_duties", "on")];
    let fields = vec![("/data/old/slip_days", json!(7)), ("/data/new/slip_days", json!(3))];
    let address = path(world, "policy");
    world.walk(&owner, name, &address, &form, of_launch("policy_changed", fields)).await;
    for (form, old, new) in [("on", false, true), ("off", true, false)] {
        let fields = vec![("/data/old", json!(old)), ("/data/new", json!(new))];
        let address = path(world, "restriction");
        world.walk(&owner, name, &address, &[("restricted", form)], of_launch("restriction_changed", fields)).await;
    }
    let fields = vec![("/data/old", json!([])), ("/data/new", json!(["Payments", "Team Blue"]))];
    let address = path(world, "tags");
    world.walk(&owner, name, &address, &[("tags", "Payments, Team Blue")], of_launch("tags_changed", fields)).await;
    let why = "it is how the list is shown to oneself";
    let form = [("name", "Held"), ("query", "show=held")];
    world.walk(&owner, name, "/saved-filters", &form, Writes::Nothing(why)).await;
    let saved = world.newest("saved_filters", "created_at").await;
    for (page, form) in [("name", &[("name", "On hold")][..]), ("removal", &[])] {
        world.walk(&owner, name, &format!("/saved-filters/{saved}/{page}"), form, Writes::Nothing(why)).await;
    }
    let why = "what somebody hears of, and has read, is no part of what happened";
    let form = [("place", "launch"), ("choice", "watch")];
    world.walk(&owner, name, &path(world, "watch"), &form, Writes::Nothing(why)).await;
    world.walk(&owner, name, "/account/notifications", &[("daily_hour", "9")], Writes::Nothing(why)).await;
    let notification: String = sqlx::query_scalar(
        "INSERT INTO notifications (id, user_id, launch_id, reason, must_act, things, at)
         VALUES (gen_random_uuid(), $1, $2, 'held', false, 1, now()) RETURNING id::text",
    )
    .bind(owner.person.id)
    .bind(world.launch.id)
    .fetch_one(&world.launch.app.owner)
    .await
    .unwrap();
    for page in ["open", "unread", "read"] {
        world.walk(&owner, name, &format!("/notifications/{notification}/{page}"), &[], Writes::Nothing(why)).await;
    }
    world.walk(&owner, name, "/notifications/read", &[], Writes::Nothing(why)).await;
    let undo = "/notifications/undo?read_at=2026-01-01T00:00:00Z";
    world.walk(&owner, name, undo, &[], Writes::Nothing(why)).await;
    let auditor = world.launch.auditor.clone();
    let why = "up to when somebody has looked is no part of what they looked at";
    world.walk(&auditor, "Ada Auditor", "/desk/visit", &[], Writes::Nothing(why)).await;
    let seq = world.launch.state().await.seq.to_string();
    let fields = vec![("/data/old", Value::Null), ("/data/new", json!("Mind the cat."))];
    let form = [("notes", "Mind the cat."), ("seq", seq.as_str())];
    let address = path(world, "notes");
    world.walk(&owner, name, &address, &form, of_launch("notes_changed", fields)).await;
    let deputy = world.launch.deputy.person.id.to_string();
    for (page, action, kind) in [
        ("holders", "remove", "holder_removed"),
        ("holders", "add", "holder_added"),
        ("participants", "add", "participant_added"),
        ("participants", "remove", "participant_removed"),
    ] {
        let form = [("role", "security"), ("user", deputy.as_str()), ("action", action)];
        let form = if page == "holders" { &form[..] } else { &form[1..] };
        let fields = vec![("/data/person/id", json!(deputy)), ("/data/person/name", json!("Dev Deputy"))];
        let address = path(world, page);
        world.walk(&owner, name, &address, form, of_launch(kind, fields)).await;
    }
    let admin = world.admin.clone();
    let to = world.launch.operations.person.id.to_string();
    let fields = vec![
        ("/data/old/name", json!(name)),
        ("/data/new/name", json!("Odette Operations")),
        ("/data/reason", json!("holidays")),
    ];
    let address = path(world, "owner");
    let form = [("owner", to.as_str()), ("reason", "holidays")];
    world.walk(&admin, "Ann Admin", &address, &form, of_launch("owner_changed", fields)).await;
    let back = world.launch.owner.person.id.to_string();
    let operations = world.launch.operations.clone();
    let fields = vec![("/data/old/name", json!("Odette Operations")), ("/data/new/name", json!(name))];
    world
        .walk(&operations, "Odette Operations", &address, &[("owner", &back)], of_launch("owner_changed", fields))
        .await;
    let request_fields = vec![("/data/roles", json!(["security", "operations"]))];
    let address = path(world, "signature-requests");
    world.walk(&owner, name, &address, &[], of_launch("signatures_asked", request_fields)).await;
    let why = "a reminder changes nothing that is decided on; the notification is its record";
    let address = path(world, "reminders");
    world.walk(&owner, name, &address, &[], Writes::Nothing(why)).await;
}

async fn items(world: &mut World) {
    let (member, name) = (world.launch.member.clone(), "Mia Member");
    let (auditor, operations) = (world.launch.auditor.clone(), world.launch.operations.clone());
    let of_item = |world: &World, key: &str, rest: &str| format!("/items/{}/{rest}", world.launch.item(key));
    let version = world.version("runbook").await;
    let fields = vec![
        ("/data/old/state", json!("open")),
        ("/data/new/state", json!("blocked")),
        ("/data/new/reason", json!("no time")),
    ];
    let form = [("state", "blocked"), ("reason", "no time"), ("version", &*version)];
    let address = of_item(world, "runbook", "state");
    world.walk(&member, name, &address, &form, of_launch("item_marked", fields)).await;
    let form = [("assignee", ""), ("due", "2098-12-01")];
    let fields = vec![("/data/old/due", Value::Null), ("/data/new/due", json!("2098-12-01"))];
    let address = of_item(world, "runbook", "assignment");
    world.walk(&member, name, &address, &form, of_launch("item_assigned", fields)).await;

    let address = of_item(world, "backups", "evidence");
    let form = reqwest::multipart::Form::new().text("note", "seen").text("observed_on", "2026-01-01");
    // The only form with files is sent as multipart; its events are checked like those of other forms.
    let route = world.route(&address);
    let before = world.events("events").await.len();
    let began: i64 = sqlx::query_scalar("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        .fetch_one(&world.launch.app.owner)
        .await
        .unwrap();
    let answer = member.upload(&address, form).await.expect_status(303);
    let logged = world.events("events").await.split_off(before);
    let [(transaction, event)] = &logged[..] else { panic!("{logged:?}") };
    assert_eq!((kind(event), event["request"].as_str()), ("evidence_attached", Some(answer.header("x-request-id"))));
    assert_eq!(world.read(event["data"]["content"]["body"].clone()).await, "seen");
    assert_eq!(world.transactions_since(began).await, std::slice::from_ref(transaction));
    world.walked.insert(route);
    let evidence = world.newest("evidence", "seq").await;
    let fields = vec![("/data/evidence", json!(evidence)), ("/data/reason", json!("mistaken"))];
    let address = format!("/evidence/{evidence}/withdrawal");
    world.walk(&member, name, &address, &[("reason", "mistaken")], of_launch("evidence_withdrawn", fields)).await;

    let address = of_item(world, "backups", "evidence-requests");
    let fields = vec![("/data/text", json!("the log, too"))];
    let requested = of_launch("evidence_requested", fields);
    world.walk(&auditor, "Ada Auditor", &address, &[("text", "the log, too")], requested).await;
    let request = world.newest("evidence_requests", "requested_at").await;
    let fields = vec![("/data/evidence_request", json!(request)), ("/data/text", json!("there"))];
    let address = format!("/evidence-requests/{request}/answer");
    let answered = of_launch("evidence_request_answered", fields);
    world.walk(&member, name, &address, &[("text", "there")], answered).await;

    let address = of_item(world, "backups", "comments");
    let fields = vec![("/data/body", json!("a remark"))];
    world.walk(&member, name, &address, &[("body", "a remark")], of_launch("comment_added", fields)).await;
    let comment = world.newest("comments", "written_at").await;
    let fields = vec![("/data/old", json!("a remark")), ("/data/new", json!("another"))];
    let address = format!("/comments/{comment}");
    world.walk(&member, name, &address, &[("body", "another")], of_launch("comment_edited", fields)).await;
    let owner = world.launch.owner.clone();
    for (hidden, kind) in [("yes", "comment_hidden"), ("no", "comment_shown")] {
        let fields = vec![("/data/comment", json!(comment))];
        let address = format!("/comments/{comment}/hiding");
        world.walk(&owner, "Olga Owner", &address, &[("hidden", hidden)], of_launch(kind, fields)).await;
    }
    let fields = vec![("/data/comment", json!(comment))];
    let address = format!("/comments/{comment}/deletion");
    world.walk(&member, name, &address, &[], of_launch("comment_deleted", fields)).await;

    let address = of_item(world, "runbook", "waivers");
    let form = [("reason", "no time"), ("control", "by hand"), ("expires_on", "2098-12-01")];
    let fields = vec![
        ("/data/reason", json!("no time")),
        ("/data/control", json!("by hand")),
        ("/data/expires_on", json!("2098-12-01")),
    ];
    world.walk(&member, name, &address, &form, of_launch("waiver_asked", fields)).await;
    let waiver = world.newest("waivers", "asked_at").await;
    let fields = vec![("/data/waiver", json!(waiver)), ("/data/reason", json!("on balance"))];
    let address = format!("/waivers/{waiver}/approval");
    let form = [("verdict", "approve"), ("reason", "on balance")];
    world.walk(&operations, "Odette Operations", &address, &form, of_launch("waiver_approved", fields)).await;
    let fields = vec![("/data/waiver", json!(waiver)), ("/data/reason", json!("no longer"))];
    let address = format!("/waivers/{waiver}/revocation");
    let form = [("reason", "no longer")];
    world.walk(&operations, "Odette Operations", &address, &form, of_launch("waiver_revoked", fields)).await;

    let pick = format!("{}.{}", world.launch.item("backups"), world.version("backups").await);
    let form = [("item", pick.as_str()), ("act", "not_applicable"), ("reason", "no ledger")];
    let fields = vec![("/data/new/state", json!("not_applicable")), ("/data/new/reason", json!("no ledger"))];
    let address = world.launch.path("items");
    world.walk(&member, name, &address, &form, of_launch("item_marked", fields)).await;
    let fields = vec![("/data/reason", json!("as I see it"))];
    let address = of_item(world, "backups", "agreement");
    let form = [("verdict", "agree"), ("reason", "as I see it")];
    let security = world.launch.security.clone();
    world.walk(&security, "Sven Security", &address, &form, of_launch("agreement_given", fields)).await;
    let pick = format!("{}.{}", world.launch.item("status"), world.version("status").await);
    let form = [("item", pick.as_str()), ("act", "done")];
    let fields = vec![("/data/old/state", json!("open")), ("/data/new/state", json!("done"))];
    let address = world.launch.path("items");
    world.walk(&member, name, &address, &form, of_launch("item_marked", fields)).await;
    let fields = vec![("/data/old/state", json!("done")), ("/data/new/state", json!("open"))];
    let address = world.launch.path(&format!("events/{}/undo", world.launch.state().await.seq));
    world.walk(&member, name, &address, &[], of_launch("item_marked", fields)).await;
}

async fn deciding(world: &mut World) {
    let (owner, name) = (world.launch.owner.clone(), "Olga Owner");
    let security = world.launch.security.clone();
    world.launch.resolve_all().await;
    let signatures = world.launch.path("signatures");
    let digest = world.launch.digest("security").await;
    let form = [
        ("role", "security"),
        ("verdict", "no_go"),
        ("comment", "two findings"),
        ("digest", digest.as_str()),
        ("password", PASSWORD),
    ];
    let fields = vec![
        ("/data/verdict", json!("no_go")),
        ("/data/comment", json!("two findings")),
        ("/data/digest", json!(digest)),
        ("/data/address", json!("127.0.0.1")),
    ];
    world.walk(&security, "Sven Security", &signatures, &form, of_launch("signed", fields)).await;
    let signature = world.newest("signatures", "seq").await;
    let fields = vec![("/data/signature", json!(signature)), ("/data/comment", json!("mended"))];
    let address = format!("/signatures/{signature}/withdrawal");
    let form = [("comment", "mended"), ("password", PASSWORD)];
    world.walk(&security, "Sven Security", &address, &form, of_launch("signature_withdrawn", fields)).await;
    world.launch.sign_all().await;
    let decision = world.launch.path("decision");
    let reason = |reason: &str| vec![("/data/reason", json!(reason))];
    for (word, form, writes) in [
        ("hold", ("reason", "the weather"), of_launch("held", reason("the weather"))),
        ("resume", ("reason", "it cleared"), of_launch("resumed", reason("it cleared"))),
        ("go", ("password", PASSWORD), of_launch("go_declared", vec![("/data/found/verdict", json!("go"))])),
        ("reopen", ("reason", "a doubt"), of_launch("reopened", reason("a doubt"))),
        ("go", ("password", PASSWORD), of_launch("go_declared", vec![("/data/found/verdict", json!("go"))])),
    ] {
        world.walk(&owner, name, &decision, &[("decision", word), form], writes).await;
    }
    let lifecycle = world.launch.path("lifecycle");
    let fields = vec![("/data/found/verdict", json!("go"))];
    world.walk(&owner, name, &lifecycle, &[("step", "launch")], of_launch("launched", fields)).await;
    let member = world.launch.member.clone();
    let (address, version) = (format!("/items/{}/state", world.launch.item("costs")), world.version("costs").await);
    let form = [("state", "done"), ("version", &*version)];
    world.walk(&member, "Mia Member", &address, &form, of_launch("item_marked", vec![])).await;
    let fields = vec![("/data/settlements", json!([]))];
    world.walk(&owner, name, &lifecycle, &[("step", "close")], of_launch("closed", fields)).await;
}

async fn accounts_and_people(world: &mut World) {
    let (admin, name) = (world.admin.clone(), "Ann Admin");
    let member = world.launch.member.person.clone();
    let browser = world.launch.app.client();
    let form = [("email", member.email.as_str()), ("password", PASSWORD)];
    let id = json!(member.id.to_string());
    let fields = vec![("/event/user", id.clone()), ("/event/method", json!("password"))];
    world.walk(&browser, "Mia Member", "/login", &form, of_installation("signed_in", fields)).await;
    let left = of_installation("signed_out", vec![("/event/user", id.clone())]);
    world.walk(&browser, "Mia Member", "/logout", &[], left).await;
    let client = world.launch.app.session(&member).await;
    let why = "it is how times are shown to oneself";
    world.walk(&client, "", "/account/language", &[("language", "en")], Writes::Nothing(why)).await;
    world.walk(&client, "", "/account/zone", &[("zone", "Europe/Lisbon")], Writes::Nothing(why)).await;
    world.walk(&client, "", "/account/scheme", &[("scheme", "dark")], Writes::Nothing(why)).await;
    let of = |kind| of_installation(kind, vec![("/event/user", id.clone())]);
    world.walk(&client, "Mia Member", "/account/calendar", &[], of("calendar_address_made")).await;
    world.walk(&client, "Mia Member", "/account/calendar/removal", &[], of("calendar_address_removed")).await;
    let link =
        notification_mail::unsubscribe_address(&world.launch.app.state, member.id, &[ReasonGroup::Comments].into());
    let link = url::Url::parse(&link.unwrap()).unwrap();
    let why = "it is how a person hears of what concerns them";
    world.walk(&client, "", link.path(), &[("List-Unsubscribe", "One-Click")], Writes::Nothing(why)).await;
    own_name_and_address(world, &client, &id).await;
    let page = client.get("/account").await.expect_status(200);
    // Their own session is listed first.
    let other = page.attributes(
        "form[action*='/account/sessions/'][action$='/revocation']:not([action='/account/sessions/revocation'])",
        "action",
    );
    let ended = of_installation("session_ended", vec![("/event/user", id.clone())]);
    world.walk(&client, "Mia Member", other.last().unwrap(), &[], ended).await;
    let ended = of_installation("sessions_ended", vec![("/event/user", id.clone())]);
    world.walk(&client, "Mia Member", "/account/sessions/revocation", &[], ended).await;
    let form = [("password", PASSWORD), ("new_password", "copper lantern orchard")];
    let changed = of_installation("password_changed", vec![("/event/user", id.clone())]);
    world.walk(&client, "Mia Member", "/account/password", &form, changed).await;

    let form = [("name", "Ivo Invited"), ("email", "ivo@example.org"), ("roles", "member")];
    let fields = vec![("/event/name", json!("Ivo Invited")), ("/event/roles", json!(["member"]))];
    world.walk(&admin, name, "/admin/invitations", &form, of_installation("invited", fields)).await;
    let invitation = world.newest("invitations", "created_at").await;
    let fields = vec![("/event/invitation", json!(invitation))];
    let address = format!("/admin/invitations/{invitation}/withdrawal");
    world.walk(&admin, name, &address, &[], of_installation("invitation_withdrawn", fields)).await;
    admin.post("/admin/invitations", &form).await.expect_status(303);
    let invitation = world.newest("invitations", "created_at").await;
    let fields = vec![("/event/name", json!("Ivo Invited")), ("/event/roles", json!(["member"]))];
    let address = format!("/admin/invitations/{invitation}/link");
    world.walk(&admin, name, &address, &[], of_installation("invited", fields)).await;
    let page = admin.get("/admin").await.expect_status(200);
    let link = page.attribute("#f-link", "value").unwrap();
    let token = link.split_once("/invitations/").unwrap().1;
    let form = [("name", "Ivo Invited"), ("password", "copper lantern orchard")];
    let fields = vec![("/event/name", json!("Ivo Invited")), ("/event/roles", json!(["member"]))];
    let used = of_installation("invitation_used", fields);
    let address = format!("/invitations/{token}");
    world.walk(&browser, "Ivo Invited", &address, &form, used).await;

    let of = |rest: &str| format!("/admin/people/{}/{rest}", member.id);
    let fields = vec![("/event/from", json!(["member"])), ("/event/to", json!(["admin", "member"]))];
    let form = [("roles", "member"), ("roles", "admin")];
    world.walk(&admin, name, &of("roles"), &form, of_installation("roles_changed", fields)).await;
    for (rest, kind) in
        [("sessions/revocation", "sessions_ended"), ("deactivation", "deactivated"), ("reactivation", "reactivated")]
    {
        let fields = vec![("/event/user", id.clone())];
        world.walk(&admin, name, &of(rest), &[], of_installation(kind, fields)).await;
    }
    let names = [
        ("go_approval", Vote::Go, SignatureMeaning::Approval),
        ("go_review", Vote::Go, SignatureMeaning::Review),
        ("go_responsibility", Vote::Go, SignatureMeaning::Responsibility),
        ("no_go_approval", Vote::NoGo, SignatureMeaning::Approval),
        ("no_go_review", Vote::NoGo, SignatureMeaning::Review),
    ];
    let mut form: Vec<(&str, &str)> =
        names.map(|(name, vote, meaning)| (name, built_in_statement(vote, meaning))).into();
    form.extend([("no_go_responsibility", "I object, and answer for it."), ("step", "publish"), ("base", "1")]);
    let fields = vec![("/event/version", json!(2))];
    world.walk(&admin, name, "/admin/statements", &form, of_installation("statement_published", fields)).await;
    second_factors(world).await;
    resets(world).await;
    jobs(world).await;
    first_admin(world).await;
}

/// What is done about background jobs.
async fn jobs(world: &mut World) {
    let admin = world.admin.clone();
    let why = "when a job is done is no part of what was decided; the server's log has who tried it again";
    for rest in ["retry", "removal"] {
        sqlx::query(
            "INSERT INTO jobs (id, payload, due_at, run_at, dead_at) VALUES ($1, '\\x00', now(), now(), now())",
        )
        .bind(signoff::ambient::new_id::<uuid::Uuid>())
        .execute(&world.launch.app.owner)
        .await
        .unwrap();
        let job: uuid::Uuid = sqlx::query_scalar("SELECT id FROM jobs WHERE dead_at IS NOT NULL")
            .fetch_one(&world.launch.app.owner)
            .await
            .unwrap();
        let address = format!("/admin/operations/jobs/{job}/{rest}");
        world.walk(&admin, "Ann Admin", &address, &[], Writes::Nothing(why)).await;
    }
    world.walk(&admin, "Ann Admin", "/admin/operations/verification", &[], Writes::Nothing(why)).await;
    webhooks(world, why).await;
}

async fn webhooks(world: &mut World, why: &'static str) {
    let (admin, name) = (world.admin.clone(), "Ann Admin");
    let form =
        [("name", "Chat"), ("form", "standard"), ("address", "https://hooks.example.org/x"), ("topics", "decisions")];
    let fields = vec![("/event/name", json!("Chat"))];
    world.walk(&admin, name, "/admin/webhooks", &form, of_installation("webhook_added", fields)).await;
    let webhook = world.newest("webhooks", "created_at").await;
    world.walk(&admin, name, &format!("/admin/webhooks/{webhook}/test"), &[], Writes::Nothing(why)).await;
    let made = world.newest("webhook_deliveries", "made_at").await;
    sqlx::query("UPDATE webhook_deliveries SET dead_at = now(), due_at = NULL")
        .execute(&world.launch.app.owner)
        .await
        .unwrap();
    let again = format!("/admin/webhooks/deliveries/{made}/retry");
    world.walk(&admin, name, &again, &[], Writes::Nothing(why)).await;
    let fields = vec![("/event/webhook", json!(webhook))];
    let removal = format!("/admin/webhooks/{webhook}/removal");
    world.walk(&admin, name, &removal, &[], of_installation("webhook_removed", fields)).await;
}

async fn own_name_and_address(world: &mut World, client: &Client, id: &Value) {
    let form = [("name", "Mia Member-Smith"), ("password", PASSWORD)];
    let fields = vec![("/event/from", json!("Mia Member")), ("/event/to", json!("Mia Member-Smith"))];
    world.walk(client, "Mia Member", "/account/name", &form, of_installation("name_changed", fields)).await;
    let form = [("name", "Mia Member"), ("password", PASSWORD)];
    client.post("/account/name", &form).await.expect_status(303);
    let of = |kind| of_installation(kind, vec![("/event/user", id.clone())]);
    let form = [("email", "mia.member-smith@example.org"), ("password", PASSWORD)];
    world.walk(client, "Mia Member", "/account/address", &form, of("address_change_requested")).await;
    let request = world.newest("address_changes", "requested_at").await;
    let confirmation = format!("/admin/address-changes/{request}/confirmation");
    world.walk(&world.admin.clone(), "Ann Admin", &confirmation, &[], of("address_changed")).await;
    // The way back, with the link of a mail: the token of zeros.
    let form = [("email", "mia.member@example.org"), ("password", PASSWORD)];
    client.post("/account/address", &form).await.expect_status(303);
    sqlx::query(
        "UPDATE address_changes SET token_hash = sha256(decode(repeat('00', 32), 'hex')) WHERE used_at IS NULL",
    )
    .execute(&world.launch.app.owner)
    .await
    .unwrap();
    let link = format!("/account/address/{}", "A".repeat(43));
    world.walk(client, "Mia Member", &link, &[], of("address_changed")).await;
}

async fn second_factors(world: &mut World) {
    let (admin, name) = (world.admin.clone(), "Sam Second");
    let sam = world.launch.app.person(&member().named(name)).await;
    let id = json!(sam.id.to_string());
    let (here, of) = ("/account/second-factor", |kind| of_installation(kind, vec![("/event/user", id.clone())]));
    let client = world.launch.app.session(&sam).await;
    let page = client.get(here).await.expect_status(200);
    let sealed = page.attribute("[name=secret]", "value").unwrap();
    let phone = Authenticator::from_secret(&page.texts("[data-secret]")[0]);
    let code = phone.code(&world.launch.app);
    let form = [("secret", sealed.as_str()), ("password", PASSWORD), ("code", code.as_str())];
    let done = world.walk(&client, name, here, &form, of("second_factor_set_up")).await;
    let mut codes = done.texts(".recovery-codes li").into_iter();
    world.unchecked_tables = UNCHECKED_TABLES_WITH_CODE;
    let browser = world.launch.app.client();
    let form = [("email", sam.email.as_str()), ("password", PASSWORD)];
    let why = "who is half way in is not in";
    world.walk(&browser, "", "/login", &form, Writes::Nothing(why)).await;
    let code = codes.next().unwrap();
    let fields = vec![("/event/user", id.clone()), ("/event/method", json!("password_and_recovery_code"))];
    world.walk(&browser, name, "/login/code", &[("code", &code)], of_installation("signed_in", fields)).await;
    let code = codes.next().unwrap();
    let (form, path) = ([("password", PASSWORD), ("code", code.as_str())], format!("{here}/recovery-codes"));
    let done = world.walk(&browser, name, &path, &form, of("recovery_codes_made")).await;
    let code = done.texts(".recovery-codes li").remove(0);
    let (form, path) = ([("password", PASSWORD), ("code", code.as_str())], format!("{here}/removal"));
    world.walk(&browser, name, &path, &form, of("second_factor_removed")).await;
    world.unchecked_tables = UNCHECKED_TABLES;
    world.launch.app.second_factor(&sam).await;
    let path = format!("/admin/people/{}/second-factor/removal", sam.id);
    world.walk(&admin, "Ann Admin", &path, &[], of("second_factor_removed")).await;
    let fields = vec![("/event/from", json!("optional")), ("/event/to", json!("leads_and_admins"))];
    let changed = of_installation("second_factor_policy_changed", fields);
    let form = [("second_factor", "leads_and_admins")];
    world.walk(&admin, "Ann Admin", "/admin/security/policy", &form, changed).await;
    // From here on the admin continues without a second factor.
    sqlx::query("UPDATE settings SET second_factor = 'optional'").execute(&world.launch.app.owner).await.unwrap();
}

async fn resets(world: &mut World) {
    let (admin, name) = (world.admin.clone(), "Flo Forgot");
    let flo = world.launch.app.person(&member().named(name)).await;
    let of = |kind| of_installation(kind, vec![("/event/user", json!(flo.id.to_string()))]);
    let path = format!("/admin/people/{}/password-reset", flo.id);
    world.walk(&admin, "Ann Admin", &path, &[], of("reset_made")).await;
    let link = admin.get("/admin").await.attribute("#f-link", "value").unwrap();
    let path = url::Url::parse(&link).unwrap().path().to_owned();
    let form = [("password", "copper lantern orchard")];
    let mut expected = vec![("/event/user", json!(flo.id.to_string()))];
    expected.push(("/event/by/name", json!("Ann Admin")));
    world
        .walk(&world.launch.app.client(), name, &path, &form, of_installation("password_reset", expected.clone()))
        .await;
    let bob = world.launch.app.sign_in(crate::helpers::admin().named("Bob Admin")).await;
    let renewal = world.newest("way_in_renewals", "made_at").await;
    let address = format!("/admin/renewals/{renewal}/confirmation");
    expected.push(("/event/how", json!("reset_link")));
    world.walk(&bob, "Bob Admin", &address, &[], of_installation("renewal_confirmed", expected)).await;
    let flos = world.launch.app.session(&flo).await;
    let form = [("renewed", renewal.as_str())];
    world.walk(&flos, name, "/account/renewals/acknowledgement", &form, of("renewal_seen")).await;
    // The request by mail has no known actor, and its work is done after the answer: tests/resets.rs checks it.
    world.walked.insert("/forgotten-password");
}

/// The first admin is created where no account exists: in a separate installation.
async fn first_admin(world: &mut World) {
    let app = crate::helpers::TestApp::start().await;
    let address = accounts::setup_address(&app.state).await.unwrap().unwrap();
    let path = format!("/setup/{}", address.split_once("/setup/").unwrap().1);
    world.walked.insert(world.route(&path));
    let form = [("name", "Ann Admin"), ("email", "ann@example.org"), ("password", "copper lantern orchard")];
    let answer = app.client().post(&path, &form).await.expect_status(303);
    let entry: Vec<u8> =
        sqlx::query_scalar("SELECT bytes FROM installation_events").fetch_one(&app.owner).await.unwrap();
    let entry: Value = serde_json::from_slice(&entry).unwrap();
    assert_eq!((kind(&entry), &entry["event"]["name"]), ("set_up", &json!("Ann Admin")));
    assert_eq!(entry["request"], answer.header("x-request-id"));
    let alike: bool = sqlx::query_scalar("SELECT u.xmin::text = e.xmin::text FROM users u, installation_events e")
        .fetch_one(&app.owner)
        .await
        .unwrap();
    assert!(alike, "one transaction");
}

async fn checklists(world: &mut World) {
    let (admin, name) = (world.admin.clone(), "Ann Admin");
    let form = reqwest::multipart::Form::new()
        .text("markdown", "# Fresh\n\n## One\n\n### First\n\n- [ ] A\n- [ ] B\n\n### Second\n\n- [ ] C\n")
        .text("step", "publish")
        .text("unsigned", "on");
    world.walked.insert(world.route("/checklists/import"));
    let before = world.events("installation_events").await.len();
    let answer = admin.upload("/checklists/import", form).await.expect_status(303);
    let logged = world.events("installation_events").await.split_off(before);
    let [(transaction, entry)] = &logged[..] else { panic!("{logged:?}") };
    assert_eq!((kind(entry), &entry["event"]["name"]), ("checklist_published", &json!("Fresh")));
    assert_eq!((&entry["actor"]["name"], &entry["request"]), (&json!(name), &json!(answer.header("x-request-id"))));
    let version: String = sqlx::query_scalar("SELECT xmin::text FROM checklist_versions WHERE name = 'Fresh'")
        .fetch_one(&world.launch.app.owner)
        .await
        .unwrap();
    assert_eq!(&version, transaction, "one transaction");

    let checklist = entry["event"]["checklist"].as_str().unwrap().to_owned();
    let id = entry["event"]["version"].as_str().unwrap().parse().unwrap();
    let version = world.launch.app.state.record.load_version(&world.launch.app.state.db, id).await.unwrap().unwrap();
    let draft = ChecklistDraft::from_version(checklist.parse().unwrap(), &version.checklist, 1, 0);
    let part = draft.parts[0].id.to_string();
    let (first, second) = (draft.parts[0].sections[0].id.to_string(), draft.parts[0].sections[1].id.to_string());
    let item = draft.parts[0].sections[0].items[0].id.to_string();
    let begun = [("name", "Begun"), ("start", "nothing")];
    world.walk(&admin, name, "/checklists/new", &begun, Writes::Nothing(DRAFT)).await;
    let at = |rest: &str| format!("/checklists/{checklist}/draft{rest}");
    let item_form = [("importance", "required"), ("phase", "before")];
    for (address, form) in [
        (at("/about"), vec![("name", "Fresher"), ("introduction", "")]),
        (at("/roles"), vec![("action", "add"), ("role", "security")]),
        (at("/parts"), vec![("title", "Two")]),
        (at(&format!("/parts/{part}/title")), vec![("title", "One, anew")]),
        (at(&format!("/parts/{part}/sections")), vec![("title", "Third")]),
        (at(&format!("/sections/{first}/title")), vec![("title", "First, anew")]),
        (at(&format!("/sections/{second}/part")), vec![("to", part.as_str())]),
        (at(&format!("/sections/{first}/items")), [vec![("title", "D")], item_form.to_vec()].concat()),
        (at(&format!("/items/{item}")), [vec![("title", "A, anew")], item_form.to_vec()].concat()),
        (at(&format!("/items/{item}/place")), vec![("to", second.as_str())]),
        (at("/items"), vec![("action", "change"), ("item", item.as_str()), ("evidence", "on")]),
        (at("/order"), vec![("up", second.as_str())]),
        (at("/removals"), vec![("node", second.as_str())]),
        (at("/removals/{removal}/undo"), vec![]),
        (at("/removals"), vec![("node", second.as_str())]),
        (at("/restorations"), vec![("node", second.as_str())]),
        (at("/steps"), vec![("action", "undo")]),
    ] {
        let seen = admin.get(&at("")).await.expect_status(200).attribute("#order [name=version]", "value");
        let seen = seen.unwrap_or_else(|| "0".to_owned());
        let form = [form, vec![("version", seen.as_str())]].concat();
        let address = address.replace("{removal}", &seen);
        world.walk(&admin, name, &address, &form, Writes::Nothing(DRAFT)).await;
    }
    let seen = async |world: &World| {
        let page = world.admin.get(&at("")).await.expect_status(200);
        page.attribute("#order [name=version]", "value").unwrap()
    };
    let version = seen(world).await;
    world.walk(&admin, name, &at("/discard"), &[("version", &version)], Writes::Nothing(DRAFT)).await;
    let version = seen(world).await;
    admin.post(&at("/about"), &[("name", "Fresher"), ("version", &version)]).await.expect_status(303);
    let version = seen(world).await;
    let form = [("version", &*version), ("newest", "1"), ("unsigned", "on")];
    let fields = vec![("/event/number", json!(2)), ("/event/name", json!("Fresher"))];
    let published = of_installation("checklist_published", fields);
    world.walk(&admin, name, &at("/publication"), &form, published).await;
    let address = format!("/checklists/{checklist}/archive");
    for (archived, kind) in [("true", "checklist_archived"), ("false", "checklist_restored")] {
        let fields = vec![("/event/checklist", json!(checklist))];
        world.walk(&admin, name, &address, &[("archived", archived)], of_installation(kind, fields)).await;
    }
}

//! How many statements each page sends to the database: a fixed number, independent of the number of items, launches or
//! events.

use std::sync::Arc;

use signoff::{
    ambient, app,
    checklists::publish::{PublishRequest, PublishTarget, PublishableChecklist, publish},
    domain::{
        checklist::{Checklist, ChecklistItem, ChecklistPart, ChecklistSection, Importance, Phase, RequiredRole},
        checklist_draft::ChecklistDraft,
        digest,
        ids::{ChecklistId, ChecklistVersionId, LaunchId},
        launch::{
            command::{Command, NewEvidence, NewLaunch, NewSignature, Proof},
            event::{ItemState, Policy, ProofMethod, SignatureMeaning, Vote},
            state::LaunchState,
            texts::{NewText, Salt},
        },
        statement,
        time::LocalTime,
    },
    record::{Record, execute::Requester},
};

use crate::helpers::{Person, TestApp, admin, client::Client, lead, member, sql_statements::Statements};

/// The number of statements of each page, with that for the session's user. `{launch}` and the like are filled in.
const PAGES: [(&str, usize); 78] = [
    ("/", 5),
    ("/account", 2),
    ("/account/address/nothing", 1),
    ("/account/calendar", 2),
    // The user, the choices, the hours, the notifications of last week.
    ("/account/notifications", 4),
    ("/account/second-factor", 1),
    // The user, people, their roles, invitations, recently reset accounts, and requested addresses.
    ("/admin", 6),
    // The user, problems, last runs, jobs in three ways, sizes, the schema.
    ("/admin/operations", 9),
    ("/admin/security", 6),
    ("/admin/security?kind=refusals&before=9", 6),
    ("/admin/statements", 2),
    ("/admin/webhooks", 3),
    // The user, the log, its launches, the bodies of comments, the names of things.
    ("/audit?kind=comments&from=2020-01-01", 5),
    ("/audit?text=remark", 5),
    ("/audit/rights", 3),
    ("/audit/rights/{person}", 4),
    ("/calendars/nothing", 1),
    ("/checklists", 3),
    ("/checklists/import", 1),
    ("/checklists/new", 2),
    ("/checklists/{checklist}", 2),
    ("/checklists/{checklist}/compare", 2),
    ("/checklists/{checklist}/draft", 4),
    ("/checklists/{checklist}/draft/discard", 3),
    ("/checklists/{checklist}/draft/items/{draft-item}", 3),
    ("/checklists/{checklist}/draft/publication", 3),
    ("/checklists/{checklist}/draft/sections/{draft-section}", 3),
    ("/checklists/{checklist}/draft?open={draft-item}", 4),
    ("/checklists/{checklist}/versions/1", 2),
    ("/checklists/{checklist}/versions/1/checklist.md", 2),
    ("/figures", 5),
    // The user, the notifications, their launches.
    ("/notifications", 3),
    // The user, the tags to filter by, the saved filters, the list.
    ("/launches", 4),
    ("/launches?show=all&q=launch", 4),
    // The summaries that are out of date.
    ("/launches?verdict=no_go&sort=progress&whose=mine", 5),
    // How many there are in each stage.
    ("/launches?view=board", 5),
    ("/launches/calendar", 4),
    ("/launches/calendar?month=2099-01", 4),
    // With one checklist: its newest launch, whose holders are offered, and the members.
    ("/launches/new", 5),
    ("/launches/{launch}", 2),
    ("/launches/{launch}?show=open&q=item", 2),
    ("/launches/{launch}/another", 4),
    ("/launches/{launch}/as-of/9", 3),
    ("/launches/{launch}/as-of/9/evidence", 3),
    ("/launches/{launch}/as-of/9/go-no-go", 4),
    ("/launches/{launch}/compare?from=3&to=9", 3),
    ("/launches/{launch}/compare-with", 3),
    ("/launches/{launch}/checklist.md", 2),
    ("/launches/{launch}/evidence", 2),
    // With the entry in the audit log.
    ("/launches/{launch}/evidence.zip", 7),
    // The user, the launch, its newest checkpoint, who has visited the page, which holders are deactivated, and the
    // owner's warnings; for holders, the statement as well.
    ("/launches/{launch}/go-no-go", 6),
    ("/launches/{launch}/history", 5),
    ("/launches/{launch}/history?kind=comments&item={item}", 5),
    ("/launches/{launch}/history?text=remark&from=2020-01-01", 6),
    ("/launches/{launch}/history/9", 3),
    ("/launches/{launch}/mentions.json?q=a", 3),
    ("/launches/{launch}/readiness.json", 3),
    ("/launches/{launch}/rows?items={item}", 2),
    ("/launches/{launch}/settings", 3),
    ("/launches/{launch}/watch", 3),
    ("/items/{item}", 6),
    ("/go", 2),
    // The user, the hits, and people.
    ("/go?q=remark", 3),
    ("/help", 1),
    ("/help/owner", 1),
    ("/search", 1),
    ("/search?q=remark", 3),
    ("/search?q=item&kind=items&page=2", 3),
    ("/evidence/{evidence}/file", 3),
    ("/evidence/{evidence}/thumbnail", 3),
    ("/evidence/{evidence}/preview", 3),
    ("/signatures/{signature}", 5),
    ("/signatures/{signature}/receipt.json", 6),
    ("/forgotten-password", 1),
    ("/invitations/nothing", 1),
    ("/password-resets/nothing", 1),
    ("/setup/nothing", 1),
    ("/unsubscribe/nothing", 1),
];

/// Pages without statements; redirects; and routes that are no pages: the event stream, and exports that read a whole
/// history or log, some hundred events at a time.
const UNMEASURED_ROUTES: [&str; 14] = [
    "/assets/{hash}/{*name}",
    "/healthz",
    "/readyz",
    "/login",
    "/login/code",
    "/live",
    "/launches/{id}/live",
    "/launches/{id}/bundle.zip",
    "/launches/{id}/verification",
    "/launches/{id}/as-of",
    "/launches/{id}/history.csv",
    "/launches/{id}/history.jsonl",
    "/audit/installation.csv",
    "/audit/installation.jsonl",
];

/// The most statements of any page. An archive is not a page, and the admins' page of operations shows figures of everything.
const MAX_QUERIES: usize = 6;

#[derive(Debug, Clone, Copy)]
struct Size {
    items: usize,
    launches: usize,
}

const SMALL: Size = Size { items: 6, launches: 1 };
const LARGE: Size = Size { items: 2_000, launches: 20 };

fn text(value: impl Into<String>) -> NewText {
    NewText { value: value.into(), salt: Salt(ambient::random_bytes()) }
}

fn checklist(items: usize) -> Checklist {
    let item = |number: usize| ChecklistItem {
        key: format!("item-{number}").parse().unwrap(),
        title: format!("Item {number}").try_into().unwrap(),
        importance: Importance::ALL[number % 3],
        phase: Phase::Before,
        role: Some(["security", "operations"][number % 2].parse().unwrap()),
        evidence_required: number.is_multiple_of(4),
        guidance: Some("Look *twice*.".to_owned().try_into().unwrap()),
        under: Vec::new(),
    };
    let items: Vec<ChecklistItem> = (0..items).map(item).collect();
    let title = |text: String| Some(text.try_into().unwrap());
    let sections =
        items.chunks(10).map(|items| ChecklistSection { title: title("Section".to_owned()), items: items.to_vec() });
    let sections: Vec<ChecklistSection> = sections.collect();
    let parts = sections.chunks(5).enumerate();
    let parts =
        parts.map(|(n, sections)| ChecklistPart { title: title(format!("Part {n}")), sections: sections.to_vec() });
    let required =
        |role: &str| RequiredRole { role: role.parse().unwrap(), title: role.to_owned().try_into().unwrap() };
    Checklist {
        name: "Sized".to_owned().try_into().unwrap(),
        introduction: None,
        parts: parts.collect(),
        required_roles: vec![required("security"), required("operations")],
    }
}

/// An installation of a given size, and the addresses in it.
struct Installation {
    app: TestApp,
    /// A separate record for the setup; the application's own has nothing cached yet.
    record: Record,
    owner: Person,
    security: Person,
    version: ChecklistVersionId,
    names: Vec<(&'static str, String)>,
}

impl Installation {
    async fn make(size: Size) -> Self {
        let app = TestApp::start().await;
        // The owner of everything is an admin too, and so may open every page.
        let owner = app.person(&admin().named("Olga Owner")).await;
        let security = app.person(&lead("security")).await;
        let operations = app.person(&lead("operations")).await;
        app.person(&member()).await;
        let (of, version): (ChecklistId, ChecklistVersionId) = (ambient::new_id(), ambient::new_id());
        let content = checklist(size.items);
        let editing = ChecklistDraft::from_version(of, &content, 1, 0);
        let section = &editing.parts[0].sections[0];
        let draft = PublishableChecklist::new(&content).unwrap();
        let (request, now) = (ambient::new_id(), app.state.clock.now());
        let publishing = PublishRequest {
            content: draft,
            version_id: version,
            target: PublishTarget::NewChecklist(of),
            publisher: None,
            request,
            now,
        };
        publish(&app.state.db, publishing).await.unwrap();
        let names = vec![
            ("{checklist}", of.to_string()),
            ("{draft-section}", section.id.to_string()),
            ("{draft-item}", section.items[0].id.to_string()),
        ];
        let record = Record::new(Arc::clone(&app.key));
        let mut made = Self { app, record, owner, security, version, names };
        for number in 0..size.launches {
            let launch = made.launch(number, &operations).await;
            if number == 0 {
                made.fill(launch).await;
            }
        }
        made
    }

    fn asker(&self, person: &Person) -> Requester {
        let now = self.app.state.clock.now();
        let proof = Proof { user: person.id, method: ProofMethod::Password, at: now, credential_version: 1 };
        Requester { user: person.id, request: ambient::new_id(), now, proof: Some(proof) }
    }

    async fn act(&self, person: &Person, launch: LaunchId, commands: Vec<Command>) -> Arc<LaunchState> {
        self.record.execute(&self.app.state.db, self.asker(person), launch, commands).await.unwrap().state
    }

    async fn launch(&self, number: usize, operations: &Person) -> LaunchId {
        let new = NewLaunch {
            id: ambient::new_id(),
            name: text(format!("Launch {number}")),
            summary: None,
            target: LocalTime::parse("2099-01-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
            policy: Policy::default(),
            restricted: false,
            version: self.record.load_version(&self.app.state.db, self.version).await.unwrap().unwrap(),
        };
        let launch = new.id;
        self.record.create(&self.app.state.db, self.asker(&self.owner), new).await.unwrap();
        let holders = [("security", &self.security), ("operations", operations)];
        let holders = holders.map(|(role, person)| Command::AddHolder { role: role.parse().unwrap(), user: person.id });
        self.act(&self.owner, launch, holders.into()).await;
        launch
    }

    /// Adds everything possible to each item, and a signature that later changes make stale.
    async fn fill(&mut self, launch: LaunchId) {
        let state = self.record.load(&self.app.state.db, launch).await.unwrap().unwrap();
        let evidence = ambient::new_id();
        let first = state.items[0].id;
        let bytes = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"report"))]);
        let stored = self.app.state.blobs.put(evidence, bytes, 6).await.unwrap();
        let file = NewEvidence::File {
            name: text("report.png"),
            sha256: stored.sha256,
            size: stored.size,
            media_type: "image/png".to_owned(),
        };
        let attach = |item, evidence, content| Command::AttachEvidence {
            item,
            evidence,
            content,
            observed_on: None,
            valid_until: None,
        };
        let mut commands = vec![attach(first, evidence, file)];
        for (number, item) in state.items.iter().enumerate() {
            commands.push(attach(item.id, ambient::new_id(), NewEvidence::Note(text("seen"))));
            commands.push(Command::AddComment { item: item.id, comment: ambient::new_id(), body: text("a remark") });
            commands.push(Command::RequestEvidence {
                item: item.id,
                request: ambient::new_id(),
                text: text("and the log?"),
            });
            commands.push(Command::AskWaiver {
                item: item.id,
                waiver: ambient::new_id(),
                reason: text("no time"),
                control: text("by hand"),
                expires_on: "2099-06-01".parse().unwrap(),
            });
            if number % 3 > 0 {
                commands.push(mark(item.id, item.version, ItemState::Done));
            }
        }
        let state = self.act(&self.owner, launch, commands).await;
        let state = self.act(&self.security, launch, vec![sign(&state)]).await;
        let undone = state.items.iter().filter(|item| item.status.state == ItemState::Done);
        let mut last: Vec<Command> = undone.map(|item| mark(item.id, item.version, ItemState::Open)).collect();
        // The newest page of the history names a comment, at any size.
        last.push(Command::AddComment { item: first, comment: ambient::new_id(), body: text("looked at it again") });
        self.act(&self.owner, launch, last).await;
        self.names.push(("{launch}", launch.to_string()));
        self.names.push(("{item}", first.to_string()));
        self.names.push(("{evidence}", evidence.to_string()));
        self.names.push(("{person}", self.owner.id.to_string()));
        self.names.push(("{signature}", state.signatures[0].record.id.to_string()));
    }

    /// Opens a page; returns the statements it sent.
    async fn load_statements(&self, client: &Client, statements: &Statements, page: &str) -> Vec<String> {
        let address = self.names.iter().fold(page.to_owned(), |address, (name, id)| address.replace(name, id));
        statements.take();
        let answer = client.get(&address).await;
        let expected = match page {
            page if page.ends_with("/nothing") => 404,
            // Addresses of the editor before it was one page.
            page if page.contains("/draft/items/") || page.contains("/draft/sections/") => 303,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{address}: {}", answer.body);
        statements.take()
    }
}

fn mark(item: signoff::domain::ids::ItemId, version: i64, state: ItemState) -> Command {
    Command::Mark { item, state, reason: None, version }
}

fn sign(state: &LaunchState) -> Command {
    let (role, verdict, meaning) = ("security".parse().unwrap(), Vote::Go, SignatureMeaning::Approval);
    Command::Sign(Box::new(NewSignature {
        id: ambient::new_id(),
        digest: digest::digest(state, &role),
        role,
        verdict,
        meaning,
        statement_version: statement::BUILT_IN_VERSION,
        statement: statement::built_in_statement(verdict, meaning).to_owned(),
        comment: None,
        saw: Some(state.seq),
        lifts: None,
        address: text("127.0.0.1"),
        user_agent: text("a browser"),
    }))
}

/// The statements of each page for an installation of this size: first without caches, then again.
async fn measure_pages(size: Size) -> Vec<(&'static str, Vec<String>)> {
    let statements = Statements::count();
    let installation = Installation::make(size).await;
    let client = installation.app.session(&installation.owner).await;
    let mut all = Vec::new();
    for cold in ["/launches/{launch}", "/launches"] {
        all.push((cold, installation.load_statements(&client, &statements, cold).await));
    }
    for (page, _) in PAGES {
        installation.load_statements(&client, &statements, page).await;
        all.push((page, installation.load_statements(&client, &statements, page).await));
    }
    all
}

#[tokio::test]
async fn page_query_count_does_not_grow_with_the_data() {
    let (small, large) = (measure_pages(SMALL).await, measure_pages(LARGE).await);
    let mut wrong = Vec::new();
    for ((page, small), (_, large)) in small.iter().zip(&large) {
        let (_, expected) = PAGES.iter().find(|(known, _)| known == page).unwrap();
        if [small.len(), large.len()] != [*expected; 2]
            || (*expected > MAX_QUERIES && !page.ends_with(".zip") && *page != "/admin/operations")
        {
            wrong.push(format!("{page}: {expected} wanted; small {small:#?}; large {large:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A new page must be measured, too.
#[test]
fn page_query_count_is_measured_for_every_page() {
    for route in app::routes().iter().filter(|route| !route.changes && !UNMEASURED_ROUTES.contains(&route.path)) {
        let parts: Vec<&str> = route.path.split('/').collect();
        let is_it = |page: &str| {
            let page: Vec<&str> = page.split('?').next().unwrap().split('/').collect();
            page.len() == parts.len()
                && page.iter().zip(&parts).all(|(page, part)| page == part || part.starts_with('{'))
        };
        assert!(PAGES.iter().any(|(page, _)| is_it(page)), "{} is not among the pages", route.path);
    }
}

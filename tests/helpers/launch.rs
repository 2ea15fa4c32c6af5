//! A launch with its people, made through the record: the starting point for tests of a launch's pages.

use std::sync::Arc;

use signoff::{
    ambient,
    domain::{
        digest,
        ids::{ItemId, LaunchId},
        launch::{
            command::{Command, NewLaunch, Proof},
            event::{Event, ItemState, Policy, ProofMethod},
            state::{ChecklistVersion, LaunchState},
        },
        markdown_checklist,
        time::LocalTime,
    },
    record::execute::Requester,
    web::idempotency::new_text,
};

use super::{
    Setting, TestApp, auditor,
    client::{Answer, Client},
    lead, member,
    people::{PASSWORD, Person, TestPerson},
};

/// One item for each case that signing and deciding distinguish, and two roles that sign.
pub(crate) const CHECKLIST: &str = "\
# Small

## Before

- [ ] Backups restored {#backups; critical; role=security}
- [ ] Runbook written {#runbook; role=operations}
- [ ] Status page {#status; advisory; role=operations}

## After

- [ ] Costs looked at {#costs; after 24h; role=operations}

## Sign-off

**Security:** ____ {role=security}
**Operations:** ____ {role=operations}
";

/// A person and their browser.
pub(crate) struct Actor {
    pub(crate) person: Person,
    pub(crate) browser: Client,
}

/// An installation with the launch `Payments`, whose target is far ahead and whose roles all have holders.
pub(crate) struct Launch {
    pub(crate) app: TestApp,
    pub(crate) id: LaunchId,
    pub(crate) version: Arc<ChecklistVersion>,
    pub(crate) owner: Actor,
    pub(crate) security: Actor,
    /// A second holder of `security`.
    pub(crate) deputy: Actor,
    pub(crate) operations: Actor,
    pub(crate) member: Actor,
    pub(crate) auditor: Actor,
}

impl Launch {
    pub(crate) async fn make() -> Self {
        Self::make_with(Setting::default()).await
    }

    /// Makes one in an installation with other settings.
    pub(crate) async fn make_with(setting: Setting) -> Self {
        let app = TestApp::start_with(setting).await;
        let owner = actor(&app, &member().named("Olga Owner")).await;
        let security = actor(&app, &lead("security").named("Sia Security")).await;
        let deputy = actor(&app, &lead("security").named("Dev Deputy")).await;
        let operations = actor(&app, &lead("operations").named("Otto Operations")).await;
        let (member, auditor) = (actor(&app, &member()).await, actor(&app, &auditor()).await);
        let version = publish(&app).await;
        let id = ambient::new_id();
        let launch = Self { app, id, version, owner, security, deputy, operations, member, auditor };
        launch.make_another(id, false).await;
        launch
    }

    /// Makes another launch of the same owner and holders.
    pub(crate) async fn make_another(&self, id: LaunchId, restricted: bool) {
        let new = NewLaunch {
            id,
            name: new_text("Payments"),
            summary: None,
            target: LocalTime::parse("2099-01-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
            policy: Policy::default(),
            restricted,
            version: Arc::clone(&self.version),
        };
        self.app.state.record.create(&self.app.state.db, self.asker(&self.owner), new).await.unwrap();
        let holder =
            |role: &str, actor: &Actor| Command::AddHolder { role: role.parse().unwrap(), user: actor.person.id };
        let holders = vec![
            holder("security", &self.security),
            holder("security", &self.deputy),
            holder("operations", &self.operations),
        ];
        let asker = self.asker(&self.owner);
        self.app.state.record.execute(&self.app.state.db, asker, id, holders).await.unwrap();
    }

    fn asker(&self, actor: &Actor) -> Requester {
        let now = self.app.state.clock.now();
        let user = actor.person.id;
        let proof = Proof { user, method: ProofMethod::Password, at: now, credential_version: 1 };
        Requester { user, request: ambient::new_id(), now, proof: Some(proof) }
    }

    /// Runs a command as somebody, without a page.
    pub(crate) async fn run_command(&self, actor: &Actor, command: Command) -> Vec<Event> {
        self.run_commands(actor, vec![command]).await
    }

    /// Runs many commands at once as somebody, without a page.
    pub(crate) async fn run_commands(&self, actor: &Actor, commands: Vec<Command>) -> Vec<Event> {
        let record = &self.app.state.record;
        record.execute(&self.app.state.db, self.asker(actor), self.id, commands).await.unwrap().events
    }

    /// The launch's current state.
    pub(crate) async fn state(&self) -> Arc<LaunchState> {
        self.app.state.record.load(&self.app.state.db, self.id).await.unwrap().unwrap()
    }

    pub(crate) fn item(&self, key: &str) -> ItemId {
        ItemId::from_key(self.id, &key.parse().unwrap())
    }

    pub(crate) async fn mark(&self, actor: &Actor, key: &str, to: ItemState) {
        let item = self.item(key);
        let version = self.state().await.item(item).unwrap().version;
        let reason = to.needs_reason().then(|| new_text("because"));
        self.run_command(actor, Command::Mark { item, state: to, reason, version }).await;
    }

    /// Resolves every item that is due before the decision.
    pub(crate) async fn resolve_all(&self) {
        for key in ["backups", "runbook", "status"] {
            self.mark(&self.member, key, ItemState::Done).await;
        }
    }

    /// The current digest of a role's scope.
    pub(crate) async fn digest(&self, role: &str) -> String {
        digest::digest(&*self.state().await, &role.parse().unwrap()).to_string()
    }

    /// The address of a page of the launch.
    pub(crate) fn path(&self, page: &str) -> String {
        format!("/launches/{}/{page}", self.id)
    }

    /// Signs through the page's form with its current fields, plus or replaced by these.
    pub(crate) async fn sign(&self, actor: &Actor, role: &str, verdict: &str, more: &[(&str, &str)]) -> Answer {
        let digest = self.digest(role).await;
        let mut fields =
            vec![("role", role), ("verdict", verdict), ("digest", digest.as_str()), ("password", PASSWORD)];
        fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        fields.extend(more);
        actor.browser.post(&self.path("signatures"), &fields).await
    }

    /// Signs GO in every role.
    pub(crate) async fn sign_all(&self) {
        self.sign(&self.security, "security", "go", &[]).await.expect_status(303);
        self.sign(&self.operations, "operations", "go", &[]).await.expect_status(303);
    }

    /// The kinds in the history after this event.
    pub(crate) async fn kinds_after(&self, seq: i64) -> Vec<String> {
        sqlx::query_scalar("SELECT kind FROM events WHERE launch_id = $1 AND seq > $2 ORDER BY seq")
            .bind(self.id)
            .bind(seq)
            .fetch_all(&self.app.owner)
            .await
            .unwrap()
    }
}

async fn actor(app: &TestApp, who: &TestPerson) -> Actor {
    let person = app.person(who).await;
    let browser = app.session(&person).await;
    Actor { person, browser }
}

async fn publish(app: &TestApp) -> Arc<ChecklistVersion> {
    publish_markdown(app, CHECKLIST).await
}

/// Stores a checklist made from this text in the database, as a separate version.
pub(crate) async fn publish_markdown(app: &TestApp, text: &str) -> Arc<ChecklistVersion> {
    let checklist = markdown_checklist::parse_markdown(text, &"Small".to_owned().try_into().unwrap()).checklist;
    let version = ChecklistVersion {
        id: ambient::new_id(),
        checklist_id: ambient::new_id(),
        number: 1,
        hash: checklist.hash(),
        checklist,
    };
    sqlx::query("INSERT INTO checklists (id, created_at) VALUES ($1, now())")
        .bind(version.checklist_id)
        .execute(&app.owner)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO checklist_versions (id, checklist_id, number, name, items, hash, content, published_at)
         VALUES ($1, $2, 1, 'Small', 4, $3, $4, now())",
    )
    .bind(version.id)
    .bind(version.checklist_id)
    .bind(version.hash.to_bytes())
    .bind(version.checklist.canonical_bytes())
    .execute(&app.owner)
    .await
    .unwrap();
    Arc::new(version)
}

//! A launch with its people, made through the record: what most tests begin with.

use std::sync::Arc;

use signoff::{
    ambient,
    domain::{
        checklist::Checklist,
        digest,
        ids::{ItemId, LaunchId},
        launch::{
            command::{Command, NewLaunch, Proof},
            event::{Event, ItemState, Policy, ProofMethod},
            state::{ChecklistVersion, Item, LaunchState},
        },
        time::LocalTime,
    },
    record::execute::Requester,
    web::idempotency::new_text,
};

use super::{
    Setting, TestApp, auditor,
    checklists::{self, PAYMENTS_CHECKLIST},
    client::{Answer, Client},
    lead, member,
    people::{PASSWORD, TestPerson},
};

/// A launch in preparation, whose target is far ahead and whose roles all have holders. Its owner holds no role.
pub(crate) struct Launch {
    pub(crate) app: TestApp,
    pub(crate) id: LaunchId,
    pub(crate) version: Arc<ChecklistVersion>,
    pub(crate) owner: Client,
    pub(crate) security: Client,
    /// A second holder of `security` in `Payments`.
    pub(crate) deputy: Client,
    pub(crate) operations: Client,
    pub(crate) member: Client,
    /// A second member.
    pub(crate) other: Client,
    pub(crate) auditor: Client,
    /// A browser in which nobody is signed in.
    pub(crate) anon: Client,
    name: &'static str,
    holders: Vec<Command>,
}

/// What is special about a launch to be made.
pub(crate) struct LaunchBuilder {
    name: &'static str,
    checklist: Checklist,
    deputy_holds: bool,
    restricted: bool,
    setting: Setting,
}

impl LaunchBuilder {
    /// Runs the installation with other settings.
    pub(crate) fn setting(mut self, setting: Setting) -> Self {
        self.setting = setting;
        self
    }

    /// Shows the launch only to its owner and holders, besides auditors.
    pub(crate) fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    pub(crate) async fn make(self) -> Launch {
        let app = TestApp::start_with(self.setting).await;
        let owner = sign_in(&app, &member().named("Olga Owner")).await;
        let security = sign_in(&app, &lead("security").named("Sven Security")).await;
        let deputy = sign_in(&app, &lead("security").named("Dev Deputy")).await;
        let operations = sign_in(&app, &lead("operations").named("Odette Operations")).await;
        let (mia, otto) = (sign_in(&app, &member()).await, sign_in(&app, &member().named("Otto Other")).await);
        let auditor = sign_in(&app, &auditor()).await;
        let anon = app.client();
        let version = checklists::publish(&app, self.checklist).await;
        let mut holders = vec![("security", &security), ("operations", &operations)];
        if self.deputy_holds {
            holders.insert(1, ("security", &deputy));
        }
        let holders = holders
            .into_iter()
            .map(|(role, holder): (&str, &Client)| Command::AddHolder {
                role: role.parse().unwrap(),
                user: holder.person.id,
            })
            .collect();
        let launch = Launch {
            app,
            id: ambient::new_id(),
            version,
            owner,
            security,
            deputy,
            operations,
            member: mia,
            other: otto,
            auditor,
            anon,
            name: self.name,
            holders,
        };
        launch.make_another(launch.id, self.restricted).await;
        launch
    }
}

impl Launch {
    /// `Payments`: one item for each case that signing and deciding distinguish.
    pub(crate) fn payments() -> LaunchBuilder {
        let checklist = checklists::parse(PAYMENTS_CHECKLIST);
        LaunchBuilder {
            name: "Payments",
            checklist,
            deputy_holds: true,
            restricted: false,
            setting: Setting::default(),
        }
    }

    /// `Ledger`: items of every importance, with and without a role and evidence.
    pub(crate) fn ledger() -> LaunchBuilder {
        let checklist = checklists::ledger_checklist();
        LaunchBuilder { name: "Ledger", checklist, deputy_holds: false, restricted: false, setting: Setting::default() }
    }

    /// Makes another launch of the same owner and holders.
    pub(crate) async fn make_another(&self, id: LaunchId, restricted: bool) {
        let new = NewLaunch {
            id,
            name: new_text(self.name),
            summary: None,
            target: LocalTime::parse("2099-01-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
            policy: Policy::default(),
            restricted,
            version: Arc::clone(&self.version),
        };
        let (record, requester) = (&self.app.state.record, self.requester(&self.owner));
        record.create(&self.app.state.db, requester.clone(), new).await.unwrap();
        record.execute(&self.app.state.db, requester, id, self.holders.clone()).await.unwrap();
    }

    /// Somebody who has just confirmed with the password, as the one who asks for a change.
    pub(crate) fn requester(&self, person: &Client) -> Requester {
        let now = self.app.state.clock.now();
        let user = person.person.id;
        let proof = Proof { user, method: ProofMethod::Password, at: now, credential_version: 1 };
        Requester { user, request: ambient::new_id(), now, proof: Some(proof) }
    }

    /// Runs a command as somebody, without a page.
    pub(crate) async fn run_command(&self, person: &Client, command: Command) -> Vec<Event> {
        self.run_commands(person, vec![command]).await
    }

    /// Runs many commands at once as somebody, without a page.
    pub(crate) async fn run_commands(&self, person: &Client, commands: Vec<Command>) -> Vec<Event> {
        let record = &self.app.state.record;
        record.execute(&self.app.state.db, self.requester(person), self.id, commands).await.unwrap().events
    }

    /// The launch's current state.
    pub(crate) async fn state(&self) -> Arc<LaunchState> {
        self.app.state.record.load(&self.app.state.db, self.id).await.unwrap().unwrap()
    }

    /// An item's current state.
    pub(crate) async fn item_state(&self, key: &str) -> Item {
        self.state().await.item(self.item(key)).unwrap().clone()
    }

    pub(crate) fn item(&self, key: &str) -> ItemId {
        ItemId::from_key(self.id, &key.parse().unwrap())
    }

    pub(crate) async fn mark(&self, person: &Client, key: &str, to: ItemState) {
        let item = self.item(key);
        let version = self.state().await.item(item).unwrap().version;
        let reason = to.needs_reason().then(|| new_text("because"));
        self.run_command(person, Command::Mark { item, state: to, reason, version }).await;
    }

    /// Marks an item through its form, with its current version.
    pub(crate) async fn send_mark(&self, client: &Client, key: &str, state: &str, reason: &str) -> Answer {
        let version = self.item_state(key).await.version.to_string();
        let form = [("state", state), ("reason", reason), ("version", &*version)];
        client.post(&self.item_path(key, "/state"), &form).await
    }

    /// An address under an item's: `item_path("critical", "/state")`.
    pub(crate) fn item_path(&self, key: &str, rest: &str) -> String {
        format!("/items/{}{rest}", self.item(key))
    }

    /// Cancels the launch, which is read-only afterwards.
    pub(crate) async fn cancel(&self) {
        self.run_command(&self.owner, Command::Cancel { reason: new_text("no longer wanted") }).await;
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
    pub(crate) async fn sign(&self, person: &Client, role: &str, verdict: &str, more: &[(&str, &str)]) -> Answer {
        let digest = self.digest(role).await;
        let mut fields =
            vec![("role", role), ("verdict", verdict), ("digest", digest.as_str()), ("password", PASSWORD)];
        fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        fields.extend(more);
        person.post(&self.path("signatures"), &fields).await
    }

    /// Signs GO in every role.
    pub(crate) async fn sign_all(&self) {
        self.sign(&self.security, "security", "go", &[]).await.expect_status(303);
        self.sign(&self.operations, "operations", "go", &[]).await.expect_status(303);
    }

    /// The kinds of the events since the launch was made.
    pub(crate) async fn kinds(&self) -> Vec<String> {
        self.kinds_after(1 + i64::try_from(self.holders.len()).unwrap()).await
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

async fn sign_in(app: &TestApp, who: &TestPerson) -> Client {
    let person = app.person(who).await;
    app.session(&person).await
}

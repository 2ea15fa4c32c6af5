//! A small launch with all its people, each in their own browser.

use std::sync::Arc;

use reqwest::{Method, multipart};
use signoff::{
    ambient,
    domain::{
        checklist::{
            Checklist, ChecklistItem, ChecklistPart, ChecklistSection, Importance, Phase, RequiredRole, Window,
        },
        ids::{ChecklistId, ChecklistVersionId, ItemId, LaunchId, UserId},
        launch::{
            command::{Command, NewLaunch},
            event::{Change, Policy},
            state::{ChecklistVersion, Item, LaunchState},
            texts::{NewText, Salt},
        },
        time::LocalTime,
    },
    record::execute::Requester,
};

use super::{
    Setting, TestApp, auditor,
    client::{Answer, Client},
    lead, member,
};

/// A launch in preparation, from [`checklist`]; its owner holds no role.
pub(crate) struct Team {
    pub(crate) app: TestApp,
    pub(crate) launch: LaunchId,
    pub(crate) owner: Client,
    pub(crate) security: Client,
    pub(crate) operations: Client,
    pub(crate) member: Client,
    pub(crate) other: Client,
    pub(crate) auditor: Client,
    pub(crate) anon: Client,
    pub(crate) owner_id: UserId,
    pub(crate) member_id: UserId,
    pub(crate) auditor_id: UserId,
}

/// Items of every importance, with and without role and evidence, one after the launch; two roles sign.
pub(crate) fn checklist() -> Checklist {
    let item = |key: &str, importance, phase, role: Option<&str>, evidence_required| ChecklistItem {
        key: key.parse().unwrap(),
        title: format!("The {key} item").try_into().unwrap(),
        importance,
        phase,
        role: role.map(|role| role.parse().unwrap()),
        evidence_required,
        guidance: Some("Look *twice*.".to_owned().try_into().unwrap()),
        under: Vec::new(),
    };
    let items = vec![
        item("critical", Importance::Critical, Phase::Before, Some("security"), false),
        item("required", Importance::Required, Phase::Before, Some("operations"), true),
        item("advisory", Importance::Advisory, Phase::Before, None, false),
        item("afterwards", Importance::Required, Phase::After(Window::Day), Some("operations"), false),
    ];
    let required = |role: &str, title: &str| RequiredRole {
        role: role.parse().unwrap(),
        title: title.to_owned().try_into().unwrap(),
    };
    let section = ChecklistSection { title: Some("Basics".to_owned().try_into().unwrap()), items };
    Checklist {
        name: "Small".to_owned().try_into().unwrap(),
        introduction: None,
        parts: vec![ChecklistPart {
            title: Some("Everything".to_owned().try_into().unwrap()),
            sections: vec![section],
        }],
        required_roles: vec![required("security", "Security"), required("operations", "Operations")],
    }
}

fn text(value: &str) -> NewText {
    NewText { value: value.to_owned(), salt: Salt(ambient::random_bytes()) }
}

impl Team {
    pub(crate) async fn start() -> Self {
        Self::make(Setting::default(), false).await
    }

    /// A person as the actor of a command.
    pub(crate) fn asker_for(&self, user: UserId) -> Requester {
        Requester { user, request: ambient::new_id(), now: self.app.state.clock.now(), proof: None }
    }

    /// A launch that only its owner and holders see, besides auditors.
    pub(crate) async fn restricted() -> Self {
        Self::make(Setting::default(), true).await
    }

    pub(crate) async fn make(setting: Setting, restricted: bool) -> Self {
        let app = TestApp::start_with(setting).await;
        let mut people = Vec::new();
        for who in [
            member().named("Olga Owner"),
            lead("security").named("Sven Security"),
            lead("operations").named("Odette Operations"),
            member(),
            member().named("Otto Other"),
            auditor(),
        ] {
            people.push(app.person(&who).await);
        }
        let [owner, security, operations, mia, otto, ada] = people.try_into().unwrap();
        let version = insert_version(&app, checklist()).await;
        let launch = ambient::new_id();
        let asker = Requester { user: owner.id, request: ambient::new_id(), now: app.state.clock.now(), proof: None };
        let new = NewLaunch {
            id: launch,
            name: text("Ledger"),
            summary: None,
            target: LocalTime::parse("2099-01-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
            policy: Policy::default(),
            restricted,
            version,
        };
        app.state.record.create(&app.state.db, asker.clone(), new).await.unwrap();
        let holders = [("security", security.id), ("operations", operations.id)]
            .map(|(role, user)| Command::AddHolder { role: role.parse().unwrap(), user });
        app.state.record.execute(&app.state.db, asker, launch, holders.into()).await.unwrap();
        Self {
            owner: app.session(&owner).await,
            security: app.session(&security).await,
            operations: app.session(&operations).await,
            member: app.session(&mia).await,
            other: app.session(&otto).await,
            auditor: app.session(&ada).await,
            anon: app.client(),
            owner_id: owner.id,
            member_id: mia.id,
            auditor_id: ada.id,
            launch,
            app,
        }
    }

    pub(crate) fn item(&self, key: &str) -> ItemId {
        ItemId::from_key(self.launch, &key.parse().unwrap())
    }

    /// An address under an item's: `path("critical", "/state")`.
    pub(crate) fn path(&self, key: &str, rest: &str) -> String {
        format!("/items/{}{rest}", self.item(key))
    }

    /// The launch's current state.
    pub(crate) async fn state(&self) -> Arc<LaunchState> {
        self.app.state.record.load(&self.app.state.db, self.launch).await.unwrap().unwrap()
    }

    /// An item's current state.
    pub(crate) async fn item_state(&self, key: &str) -> Item {
        self.state().await.item(self.item(key)).unwrap().clone()
    }

    /// The kinds of the events since the team was set up.
    pub(crate) async fn kinds(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT kind FROM events WHERE launch_id = $1 AND seq > 3 ORDER BY seq")
            .bind(self.launch)
            .fetch_all(&self.app.owner)
            .await
            .unwrap()
    }

    /// Runs a command as the launch's owner, without a page.
    pub(crate) async fn run_command(&self, command: Command) -> Change {
        self.run_command_as(self.owner_id, command).await
    }

    /// Runs a command as somebody, without a page.
    pub(crate) async fn run_command_as(&self, user: UserId, command: Command) -> Change {
        let (record, asker) = (&self.app.state.record, self.asker_for(user));
        let done = record.execute(&self.app.state.db, asker, self.launch, vec![command]).await.unwrap();
        done.events.last().unwrap().change.clone()
    }

    /// Cancels the launch, which is read-only afterwards.
    pub(crate) async fn cancel(&self) {
        self.run_command(Command::Cancel { reason: text("no longer wanted") }).await;
    }

    /// Marks an item through its form, with its current version.
    pub(crate) async fn mark(&self, client: &Client, key: &str, state: &str, reason: &str) -> Answer {
        let version = self.item_state(key).await.version.to_string();
        let form = [("state", state), ("reason", reason), ("version", &*version)];
        client.post(&self.path(key, "/state"), &form).await
    }
}

impl Client {
    /// Sends a multipart form of one of the site's pages.
    pub(crate) async fn upload(&self, path: &str, form: multipart::Form) -> Answer {
        let request = self.request(Method::POST, path).multipart(form);
        Self::send(request.header("sec-fetch-site", "same-origin")).await
    }
}

/// Stores a checklist as a published version, without an event.
pub(crate) async fn insert_version(app: &TestApp, checklist: Checklist) -> Arc<ChecklistVersion> {
    let (of, id): (ChecklistId, ChecklistVersionId) = (ambient::new_id(), ambient::new_id());
    sqlx::query("INSERT INTO checklists (id, created_at) VALUES ($1, now())")
        .bind(of)
        .execute(&app.owner)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO checklist_versions (id, checklist_id, number, name, items, hash, content, published_at)
         VALUES ($1, $2, 1, 'Small', $3, $4, $5, now())",
    )
    .bind(id)
    .bind(of)
    .bind(i32::try_from(checklist.items().count()).unwrap())
    .bind(checklist.hash().to_bytes())
    .bind(checklist.canonical_bytes())
    .execute(&app.owner)
    .await
    .unwrap();
    Arc::new(ChecklistVersion { id, checklist_id: of, number: 1, hash: checklist.hash(), checklist })
}

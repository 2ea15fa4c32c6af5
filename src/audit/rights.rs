//! GET: who may do what, and since when.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::store::{self, Account, Part};
use crate::{
    access::auditing::Auditing,
    domain::{
        canonical,
        ids::UserId,
        installation::InstallationEvent,
        launch::state::StageName,
        role::{InstallationRole, InstallationRoles},
        time::Moment,
    },
    record::installation::Entry,
    state::AppState,
    web::{
        Error,
        form::Path,
        page::{Chrome, Nav, Page, html},
    },
};

/// Everybody, and what they may do in the installation.
#[derive(Template)]
#[template(path = "audit/rights.html")]
struct Rights {
    chrome: Chrome,
    people: Vec<PersonView>,
}

/// One person, and what they are on launches.
#[derive(Template)]
#[template(path = "audit/person.html")]
struct PersonPage {
    chrome: Chrome,
    person: PersonView,
    parts: Vec<PartView>,
}

/// Somebody with what they may do in the installation.
struct PersonView {
    id: UserId,
    name: String,
    email: String,
    active: bool,
    /// Since when the account is open, or closed.
    since: Moment,
    roles: Vec<RoleView>,
}

/// A role of the installation, since when, and by which entry of its log; by none, of accounts older than the log.
struct RoleView {
    title: &'static str,
    since: Moment,
    entry: Option<i64>,
    by: String,
}

/// What somebody is on a launch.
struct PartView {
    launch: String,
    name: String,
    stage: &'static str,
    restricted: bool,
    /// `Owner`, `Holder of security`, `Participant`.
    part: String,
    since: Option<(Moment, i64)>,
}

/// `GET /audit/rights`.
pub(super) async fn show(State(state): State<AppState>, _: Auditing, page: Page) -> Result<Response, Error> {
    let people = people(&state).await?;
    html(&Rights { chrome: page.chrome(&state, "Rights · Audit", Nav::Audit), people })
}

/// The `{id}` of a path.
#[derive(Deserialize)]
pub(super) struct Named {
    id: String,
}

/// `GET /audit/rights/{id}`: one person, with what they are on every launch.
pub(super) async fn of_person(
    State(state): State<AppState>,
    _: Auditing,
    Path(Named { id }): Path<Named>,
    page: Page,
) -> Result<Response, Error> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let person = people(&state).await?.into_iter().find(|person| person.id == id).ok_or(Error::NotFound)?;
    let parts = store::parts(&state.db, id).await?.into_iter().map(PartView::new).collect();
    let chrome = page.chrome(&state, format!("{} · Rights", person.name), Nav::Audit);
    html(&PersonPage { chrome, person, parts })
}

impl PartView {
    fn new(part: Part) -> Self {
        let stage = part.stage.parse().map_or("", StageName::word);
        let what = match (part.part.as_str(), part.role) {
            ("owner", _) => "Owner".to_owned(),
            ("holder", Some(role)) => format!("Holder of {role}"),
            _ => "Participant".to_owned(),
        };
        Self {
            launch: part.launch.to_string(),
            name: part.name.unwrap_or_else(|| "[redacted]".to_owned()),
            stage,
            restricted: part.restricted,
            part: what,
            since: part.since.zip(part.seq),
        }
    }
}

/// What the log tells of an account.
#[derive(Default)]
struct Told {
    roles: HashMap<InstallationRole, (Moment, i64, String)>,
    /// Since when it is open, or closed.
    since: Option<Moment>,
}

impl Told {
    fn may(&mut self, before: &BTreeSet<InstallationRole>, now: &InstallationRoles, entry: &Entry) {
        let by = entry.actor.as_ref().map_or_else(String::new, |actor| actor.name.to_string());
        for role in now.iter().filter(|role| !before.contains(role)) {
            self.roles.insert(role, (entry.at, entry.index, by.clone()));
        }
    }
}

/// Everybody, with what they may do since when: what their row says they may, since the entry that says so.
async fn people(state: &AppState) -> Result<Vec<PersonView>, Error> {
    let accounts = store::accounts(&state.db).await?;
    let mut told: HashMap<UserId, Told> = HashMap::new();
    for bytes in store::of_accounts(&state.db).await? {
        let entry: Entry = canonical::read(&bytes).map_err(|error| Error::Fault(error.into()))?;
        let Some(user) = entry.event.subject() else { continue };
        let told = told.entry(user).or_default();
        match &entry.event {
            InstallationEvent::AccountMade { roles, .. } | InstallationEvent::InvitationUsed { roles, .. } => {
                told.may(&BTreeSet::new(), roles, &entry);
                told.since = Some(entry.at);
            }
            InstallationEvent::SetUp { .. } => told.since = Some(entry.at),
            InstallationEvent::RolesChanged { from, to, .. } => told.may(&from.iter().collect(), to, &entry),
            InstallationEvent::Deactivated { .. } | InstallationEvent::Reactivated { .. } => {
                told.since = Some(entry.at);
            }
            _ => {}
        }
    }
    accounts.into_iter().map(|account| person(account, &told)).collect()
}

fn person(account: Account, told: &HashMap<UserId, Told>) -> Result<PersonView, Error> {
    let roles = InstallationRoles::from_slugs(&account.roles).map_err(|_| Error::fault("roles that can't be read"))?;
    let told = told.get(&account.id);
    let role = |role: InstallationRole| {
        let given = told.and_then(|told| told.roles.get(&role));
        RoleView {
            title: role.title(),
            since: given.map_or(account.created_at, |(at, ..)| *at),
            entry: given.map(|(_, index, _)| *index),
            by: given.map_or_else(String::new, |(.., by)| by.clone()),
        }
    };
    Ok(PersonView {
        roles: roles.iter().map(role).collect(),
        since: told.and_then(|told| told.since).unwrap_or(account.created_at),
        id: account.id,
        name: account.name,
        email: account.email,
        active: account.active,
    })
}

//! GET: who may do what, and since when.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::store::{self, AuditedAccount, LaunchRoleRow};
use crate::{
    access::audit_reader::AuditReader,
    domain::{
        canonical,
        ids::{InvitationId, UserId},
        installation::InstallationEvent,
        launch::state::StageName,
        role::{InstallationRole, InstallationRoles, RoleSlug},
        time::Moment,
    },
    record::installation_log::InstallationEntry,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Path,
        response::render,
    },
};

#[derive(Template)]
#[template(path = "audit/rights.html")]
struct RightsPage {
    chrome: Chrome,
    people: Vec<PersonRightsView>,
}

#[derive(Template)]
#[template(path = "audit/person.html")]
struct PersonRightsPage {
    chrome: Chrome,
    person: PersonRightsView,
    parts: Vec<LaunchRoleView>,
}

struct PersonRightsView {
    id: UserId,
    name: String,
    email: String,
    active: bool,
    /// When the account was opened or closed.
    since: Moment,
    roles: Vec<InstallationRoleView>,
}

/// A role in the installation, since when, and by which log entry; `None` for accounts older than the log.
struct InstallationRoleView {
    title: Cow<'static, str>,
    since: Moment,
    entry: Option<i64>,
    by: String,
}

struct LaunchRoleView {
    launch: String,
    name: String,
    stage: Cow<'static, str>,
    restricted: bool,
    /// `Owner`, `Holder of security`, `Participant`.
    part: Cow<'static, str>,
    since: Option<(Moment, i64)>,
}

/// `GET /audit/rights`: all people with their roles in the installation.
pub(super) async fn show(State(state): State<AppState>, _: AuditReader, page: PageContext) -> Result<Response, Error> {
    let people = load_people(&state).await?;
    render(&RightsPage { chrome: page.chrome(&state, texts::rights_title(), Nav::Audit), people })
}

#[derive(Deserialize)]
pub(super) struct PersonPath {
    id: String,
}

/// `GET /audit/rights/{id}`: one person, with their roles on every launch.
pub(super) async fn show_person(
    State(state): State<AppState>,
    _: AuditReader,
    Path(PersonPath { id }): Path<PersonPath>,
    page: PageContext,
) -> Result<Response, Error> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let person = load_people(&state).await?.into_iter().find(|person| person.id == id).ok_or(Error::NotFound)?;
    let parts = store::load_launch_roles(&state.db, id).await?.into_iter().map(LaunchRoleView::from_row).collect();
    let chrome = page.chrome(&state, texts::rights_of_person_title(&person.name), Nav::Audit);
    render(&PersonRightsPage { chrome, person, parts })
}

impl LaunchRoleView {
    fn from_row(part: LaunchRoleRow) -> Self {
        let stage = part.stage.parse().map_or(Cow::Borrowed(""), StageName::label);
        let what = match (part.part.as_str(), part.role) {
            ("owner", _) => texts::part_owner(),
            ("holder", Some(role)) => texts::part_holder(name_role(&role)),
            _ => texts::part_participant(),
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

/// The name of a role, whose title may be another in each checklist.
fn name_role(slug: &str) -> String {
    slug.parse::<RoleSlug>().map_or_else(|_| slug.to_owned(), |role| role.to_name())
}

/// What the log says about an account.
#[derive(Default)]
struct AccountHistory {
    roles: HashMap<InstallationRole, (Moment, i64, String)>,
    /// When it was opened or closed.
    since: Option<Moment>,
}

impl AccountHistory {
    /// `by` is the name of whoever gave the roles, which is not always the one who acted in the entry.
    fn add_roles(
        &mut self,
        before: &BTreeSet<InstallationRole>,
        now: &InstallationRoles,
        entry: &InstallationEntry,
        by: &str,
    ) {
        for role in now.iter().filter(|role| !before.contains(role)) {
            self.roles.insert(role, (entry.at, entry.index, by.to_owned()));
        }
    }
}

/// Everybody with their rights: the rights are those of the account's row; the log entries say since when.
async fn load_people(state: &AppState) -> Result<Vec<PersonRightsView>, Error> {
    let accounts = store::load_accounts(&state.db).await?;
    let mut histories: HashMap<UserId, AccountHistory> = HashMap::new();
    // Who uses an invitation acts in that entry; who made it gave the roles.
    let mut inviters: HashMap<InvitationId, String> = HashMap::new();
    for bytes in store::load_account_events(&state.db).await? {
        let entry: InstallationEntry = canonical::from_bytes(&bytes).map_err(|error| Error::Fault(error.into()))?;
        let actor = entry.actor.as_ref().map_or_else(String::new, |actor| actor.name.to_string());
        if let InstallationEvent::Invited { invitation, .. } = entry.event {
            inviters.insert(invitation, actor);
            continue;
        }
        let Some(user) = entry.event.subject() else { continue };
        let history = histories.entry(user).or_default();
        match &entry.event {
            InstallationEvent::AccountMade { roles, .. } => {
                history.add_roles(&BTreeSet::new(), roles, &entry, &actor);
                history.since = Some(entry.at);
            }
            InstallationEvent::InvitationUsed { invitation, roles, .. } => {
                let inviter = inviters.get(invitation).map_or("", String::as_str);
                history.add_roles(&BTreeSet::new(), roles, &entry, inviter);
                history.since = Some(entry.at);
            }
            InstallationEvent::SetUp { .. } => history.since = Some(entry.at),
            InstallationEvent::RolesChanged { from, to, .. } => {
                history.add_roles(&from.iter().collect(), to, &entry, &actor);
            }
            InstallationEvent::Deactivated { .. } | InstallationEvent::Reactivated { .. } => {
                history.since = Some(entry.at);
            }
            _ => {}
        }
    }
    accounts.into_iter().map(|account| to_person_view(account, &histories)).collect()
}

fn to_person_view(
    account: AuditedAccount,
    histories: &HashMap<UserId, AccountHistory>,
) -> Result<PersonRightsView, Error> {
    let roles = InstallationRoles::from_slugs(&account.roles).map_err(|_| Error::fault("roles that can't be read"))?;
    let history = histories.get(&account.id);
    let role = |role: InstallationRole| {
        let given = history.and_then(|history| history.roles.get(&role));
        InstallationRoleView {
            title: role.title(),
            since: given.map_or(account.created_at, |(at, ..)| *at),
            entry: given.map(|(_, index, _)| *index),
            by: given.map_or_else(String::new, |(.., by)| by.clone()),
        }
    };
    Ok(PersonRightsView {
        roles: roles.iter().map(role).collect(),
        since: history.and_then(|history| history.since).unwrap_or(account.created_at),
        id: account.id,
        name: account.name,
        email: account.email,
        active: account.active,
    })
}

//! The security log, for admins; and of whom a second factor is demanded.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::store::{self, PersonNamed};
use crate::{
    access::Admin,
    domain::{
        ids::UserId,
        installation::{InstallationEvent, SecondFactorPolicy},
        launch::texts::Commitment,
        time::Zone,
    },
    launch_page::{
        log::{DayView, Line, by_day},
        words_of_events::Names,
    },
    record::{
        self,
        installation::Entry,
        security::{self, GROUPS},
    },
    state::AppState,
    web::{
        Error,
        form::{Form, Query},
        page::{self, Chrome, Nav, Page, SeeOther},
        query,
    },
};

const HERE: &str = "/admin/security";

/// How many entries a page shows.
const MOST: i64 = 50;

/// What is looked for, as the address says it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Looking {
    /// A group of kinds.
    kind: String,
    /// Somebody's id.
    person: String,
    /// The index of the entry before which the page begins.
    before: String,
}

impl Looking {
    /// The address of the same, older than an entry; of the newest, without one.
    fn address(&self, kind: &str, before: Option<i64>) -> String {
        let before = before.map_or_else(String::new, |before| before.to_string());
        query::address(HERE, &[("kind", kind), ("person", &self.person), ("before", &before)])
    }
}

/// A link to a group of kinds.
struct KindLink {
    word: &'static str,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "admin/security.html")]
struct SecurityPage {
    chrome: Chrome,
    policy: SecondFactorPolicy,
    /// Hours that somebody waits whose way in another renewed.
    wait: i64,
    kinds: Vec<KindLink>,
    kind: String,
    people: Vec<PersonNamed>,
    person: Option<UserId>,
    days: Vec<DayView>,
    newest: String,
    older: String,
    range: String,
}

impl SecurityPage {
    fn is_optional(&self) -> bool {
        self.policy == SecondFactorPolicy::Optional
    }

    fn is_person(&self, id: &UserId) -> bool {
        self.person == Some(*id)
    }
}

/// `GET /admin/security`. A kind, person or entry that is none finds nothing.
pub(super) async fn show(
    State(state): State<AppState>,
    page: Page,
    Admin(me): Admin,
    Query(looking): Query<Looking>,
) -> Result<Response, Error> {
    let kinds: Vec<&str> = GROUPS
        .iter()
        .filter(|(slug, _, _)| looking.kind.is_empty() || looking.kind == *slug)
        .flat_map(|(_, _, kinds)| kinds.iter().copied())
        .collect();
    let person: Option<UserId> = looking.person.parse().ok();
    let before: Option<i64> = looking.before.parse().ok();
    let strange = (!looking.person.is_empty() && person.is_none()) || (!looking.before.is_empty() && before.is_none());
    let mut conn = state.db.acquire().await?;
    let policy = store::second_factor_policy(&mut conn).await?;
    let people = store::names(&mut conn).await?;
    // One more than is shown tells whether there are older ones.
    let most = if strange { 0 } else { MOST + 1 };
    let mut entries = security::page(&mut *conn, security::Wanted { kinds: &kinds, person, before, most }).await?;
    let addresses = store::refusal_addresses(&mut conn, &commitments(&entries)).await?;
    drop(conn);
    let more = entries.len() as i64 > MOST;
    entries.truncate(MOST as usize);
    let older = entries.last().filter(|_| more).map(|last| looking.address(&looking.kind, Some(last.index)));
    let all = [("", "Everything")].into_iter().chain(GROUPS.iter().map(|(slug, word, _)| (*slug, *word)));
    let view = SecurityPage {
        chrome: page.chrome(&state, "Security", Nav::Admin),
        policy,
        wait: state.config.reset_hold_seconds / 3_600,
        kinds: all
            .map(|(slug, word)| KindLink { word, href: looking.address(slug, None), current: looking.kind == slug })
            .collect(),
        days: days(&entries, &people, addresses, &me.zone()),
        range: range(&entries),
        newest: if before.is_some() { looking.address(&looking.kind, None) } else { String::new() },
        older: older.unwrap_or_default(),
        kind: looking.kind,
        people,
        person,
    };
    page::html(&view)
}

fn range(entries: &[Entry]) -> String {
    match (entries.first(), entries.last()) {
        (Some(first), Some(last)) if first.index != last.index => format!("entries {} to {}", last.index, first.index),
        (Some(one), _) => format!("entry {}", one.index),
        (None, _) => String::new(),
    }
}

/// What stands in entries for the addresses that refused attempts to sign in came from.
fn commitments(entries: &[Entry]) -> Vec<Commitment> {
    let of = |entry: &Entry| match entry.event {
        InstallationEvent::ProofRefused { address, .. } => address,
        _ => None,
    };
    entries.iter().filter_map(of).collect()
}

/// Entries by day, with links to the launches that they are about.
fn days(
    entries: &[Entry],
    people: &[PersonNamed],
    addresses: HashMap<Commitment, String>,
    zone: &Zone,
) -> Vec<DayView> {
    let people = people.iter().map(|person| (person.id, person.name.clone())).collect();
    let names = Names { people, addresses, ..Names::default() };
    let lines = entries.iter().map(|entry| {
        let launch = entry.launch.map(|(launch, _)| (launch, "the launch"));
        Line::of_installation(None, entry, &names, zone).naming(launch)
    });
    by_day(lines, zone)
}

#[derive(Deserialize)]
pub(super) struct Policy {
    #[serde(default)]
    second_factor: String,
}

/// `POST /admin/security/policy`
pub(super) async fn change_policy(
    State(state): State<AppState>,
    page: Page,
    Admin(by): Admin,
    Form(form): Form<Policy>,
) -> Result<Response, Error> {
    let to = SecondFactorPolicy::from_slug(&form.second_factor)
        .ok_or(Error::Unprocessable("A second factor is optional, or asked of leads and admins.".into()))?;
    if to == SecondFactorPolicy::LeadsAndAdmins && state.config.secret_key.is_none() {
        return Err(Error::Conflict(crate::access::second_factor::NO_KEY.into()));
    }
    let mut transaction = state.db.begin().await?;
    let from = store::lock_second_factor_policy(&mut transaction).await?;
    if from == to {
        return Ok(SeeOther::to(HERE).into_response());
    }
    store::set_second_factor_policy(&mut transaction, to).await?;
    let (event, at) = (InstallationEvent::SecondFactorPolicyChanged { from, to }, state.clock.now());
    record::installation::append(&mut transaction, Some(&by.named()), &event, None, page.request_id, at).await?;
    transaction.commit().await?;
    let said = match to {
        SecondFactorPolicy::Optional => "A second factor is optional now. Those that there are stay.",
        SecondFactorPolicy::LeadsAndAdmins => {
            "Leads and admins need a second factor from now on. Who has none is led to setting one up, before anything else."
        }
    };
    Ok(SeeOther::to(HERE).good(said).into_response())
}

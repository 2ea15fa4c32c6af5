//! The security log for admins, and the second-factor policy.

use std::{borrow::Cow, collections::HashMap};

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    stale_form::{self, NO_ENTRY_YET},
    store::{self, SecurityLogPersonOption},
};
use crate::{
    access::{Admin, CurrentUser},
    domain::{
        ids::UserId,
        installation::{InstallationEvent, InstallationEventKind, SecondFactorPolicy},
        launch::texts::Commitment,
        time::Zone,
    },
    log::rows::{LogDayView, LogRow, group_by_day},
    presentation::event_descriptions::LogNames,
    record::{
        self,
        installation_log::{self, InstallationEntry},
        security_log::{self, KIND_GROUPS},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{Form, Query},
        form_base::FormBase,
        query,
        response::{self, SeeOther},
    },
};

const PAGE_PATH: &str = "/admin/security";

const PAGE_SIZE: i64 = 50;

/// The filter, as in the address.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SecurityQuery {
    /// The slug of a group of kinds.
    kind: String,
    /// The id of a person.
    person: String,
    /// The page begins below the entry with this index.
    before: String,
}

impl SecurityQuery {
    /// The address with the same person, below an entry; without `before`, of the newest entries.
    fn address(&self, kind: &str, before: Option<i64>) -> String {
        let before = before.map_or_else(String::new, |before| before.to_string());
        query::build_address(PAGE_PATH, &[("kind", kind), ("person", &self.person), ("before", &before)])
    }
}

struct SecurityKindLink {
    word: Cow<'static, str>,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "admin/security.html")]
struct SecurityPage {
    chrome: Chrome,
    /// The policy; in a form that came back, the one that was chosen.
    policy: SecondFactorPolicy,
    /// The newest change of the policy; in a form that came back, its base.
    policy_seq: i64,
    /// Why the policy was not changed.
    problem: Option<String>,
    /// The waiting period in hours after somebody else renewed a person's credentials.
    wait: i64,
    kinds: Vec<SecurityKindLink>,
    kind: String,
    people: Vec<SecurityLogPersonOption>,
    person: Option<UserId>,
    days: Vec<LogDayView>,
    /// Whether the address has a filter that the page does not know.
    unknown: bool,
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

/// `GET /admin/security`. An unknown kind, person or entry matches nothing.
pub(super) async fn show(
    State(state): State<AppState>,
    page: PageContext,
    Admin(me): Admin,
    Query(looking): Query<SecurityQuery>,
) -> Result<Response, Error> {
    render_security(&state, &page, &me, looking, None).await
}

/// Renders the page, also after a refused form of the policy.
async fn render_security(
    state: &AppState,
    page: &PageContext,
    me: &CurrentUser,
    looking: SecurityQuery,
    refused: Option<RefusedPolicyForm>,
) -> Result<Response, Error> {
    let kinds: Vec<&str> = KIND_GROUPS
        .iter()
        .filter(|(slug, _)| looking.kind.is_empty() || looking.kind == *slug)
        .flat_map(|(_, kinds)| kinds.iter().copied())
        .collect();
    let person: Option<UserId> = looking.person.parse().ok();
    let before: Option<i64> = looking.before.parse().ok();
    let strange = kinds.is_empty()
        || (!looking.person.is_empty() && person.is_none())
        || (!looking.before.is_empty() && before.is_none());
    let mut conn = state.db.acquire().await?;
    let policy = store::load_second_factor_policy(&mut conn).await?;
    let changed =
        installation_log::load_newest_entry(&mut *conn, InstallationEventKind::SecondFactorPolicyChanged, None).await?;
    let newest = changed.map_or(NO_ENTRY_YET, |entry| entry.index);
    let people = store::load_person_options(&mut conn).await?;
    // One entry more than the page shows, to see whether there are older ones.
    let limit = if strange { 0 } else { PAGE_SIZE + 1 };
    let mut entries =
        security_log::load_entries(&mut *conn, security_log::SecurityLogQuery { kinds: &kinds, person, before, limit })
            .await?;
    let addresses = store::load_refused_client_ips(&mut conn, &address_commitments(&entries)).await?;
    drop(conn);
    let more = entries.len() as i64 > PAGE_SIZE;
    entries.truncate(PAGE_SIZE as usize);
    let older = entries.last().filter(|_| more).map(|last| looking.address(&looking.kind, Some(last.index)));
    let slugs = std::iter::once("").chain(KIND_GROUPS.iter().map(|(slug, _)| *slug));
    let view = SecurityPage {
        chrome: page.chrome(state, texts::security(), Nav::Admin),
        policy: refused.as_ref().and_then(|form| form.policy).unwrap_or(policy),
        policy_seq: refused.as_ref().map_or(newest, |form| form.base.or(newest)),
        wait: state.config.reset_hold_seconds / 3_600,
        kinds: slugs
            .map(|slug| SecurityKindLink {
                word: describe_kind_group(slug),
                href: looking.address(slug, None),
                current: looking.kind == slug,
            })
            .collect(),
        days: group_entries_by_day(&entries, &people, addresses, &me.zone()),
        range: describe_range(&entries),
        unknown: strange,
        newest: if before.is_some() { looking.address(&looking.kind, None) } else { String::new() },
        older: older.unwrap_or_default(),
        kind: looking.kind,
        people,
        person,
        problem: refused.as_ref().map(|form| form.problem.clone()),
    };
    response::render_with_status(refused.map_or(StatusCode::OK, |form| form.status), &view)
}

/// What a group of kinds is called; the empty slug is for all.
fn describe_kind_group(slug: &str) -> Cow<'static, str> {
    match slug {
        "sign_ins" => texts::kinds_sign_ins(),
        "refusals" => texts::kinds_refusals(),
        "people" => texts::people_and_rights(),
        "credentials" => texts::kinds_credentials(),
        "exports" => texts::kinds_exports(),
        _ => texts::all_kinds(),
    }
}

fn describe_range(entries: &[InstallationEntry]) -> String {
    match (entries.first(), entries.last()) {
        (Some(first), Some(last)) if first.index != last.index => {
            texts::entry_range(last.index, first.index).into_owned()
        }
        (Some(one), _) => texts::one_entry(one.index).into_owned(),
        (None, _) => String::new(),
    }
}

/// The commitments in entries to the client addresses of refused sign-in attempts.
fn address_commitments(entries: &[InstallationEntry]) -> Vec<Commitment> {
    let of = |entry: &InstallationEntry| match entry.event {
        InstallationEvent::ProofRefused { address, .. } => address,
        _ => None,
    };
    entries.iter().filter_map(of).collect()
}

/// Entries grouped by day, with links to their launches.
fn group_entries_by_day(
    entries: &[InstallationEntry],
    people: &[SecurityLogPersonOption],
    addresses: HashMap<Commitment, String>,
    zone: &Zone,
) -> Vec<LogDayView> {
    let people = people.iter().map(|person| (person.id, person.name.clone())).collect();
    let names = LogNames { people, addresses, ..LogNames::default() };
    let the_launch = texts::launch_of_entry();
    let lines = entries.iter().map(|entry| {
        let launch = entry.launch.map(|(launch, _)| (launch, the_launch.as_ref()));
        LogRow::from_installation_entry(None, entry, &names, zone).with_launch(launch)
    });
    group_by_day(lines, zone)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SecondFactorPolicyForm {
    second_factor: String,
    /// The index of the newest change of the policy on the page.
    seq: FormBase,
}

struct RefusedPolicyForm {
    status: StatusCode,
    problem: String,
    /// The policy that was chosen.
    policy: Option<SecondFactorPolicy>,
    base: FormBase,
}

pub(super) async fn change_policy(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Form(mut form): Form<SecondFactorPolicyForm>,
) -> Result<Response, Error> {
    let policy = SecondFactorPolicy::from_slug(&form.second_factor);
    let refuse = async |status, problem: String, base: FormBase| {
        let refused = RefusedPolicyForm { status, problem, policy, base };
        render_security(&state, &page, &by, SecurityQuery::default(), Some(refused)).await
    };
    let Some(to) = policy else {
        let problem = texts::no_such_second_factor_policy().into_owned();
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, problem, form.seq).await;
    };
    if to == SecondFactorPolicy::LeadsAndAdmins && state.config.secret_key.is_none() {
        return refuse(StatusCode::CONFLICT, texts::second_factor_needs_key().into_owned(), form.seq).await;
    }
    let mut transaction = record::installation_log::AuditedTransaction::begin(&state.db).await?;
    let from = store::lock_second_factor_policy(&mut transaction).await?;
    if from == to {
        return Ok(SeeOther::to(PAGE_PATH).into_response());
    }
    let checked = stale_form::check_not_stale(
        &mut transaction,
        &mut form.seq,
        InstallationEventKind::SecondFactorPolicyChanged,
        None,
    )
    .await?;
    if let Err(stale) = checked {
        drop(transaction);
        return refuse(stale.status(), stale.message(|name| describe_policy_change(name, from)), form.seq).await;
    }
    store::set_second_factor_policy(&mut transaction, to).await?;
    let (event, at) = (InstallationEvent::SecondFactorPolicyChanged { from, to }, state.clock.now());
    by.append_event(&mut transaction, &event, page.request_id, at).await?;
    transaction.commit().await?;
    let message = match to {
        SecondFactorPolicy::Optional => texts::second_factor_now_optional(),
        SecondFactorPolicy::LeadsAndAdmins => texts::second_factor_now_required(),
    };
    Ok(SeeOther::to(PAGE_PATH).with_success(message).into_response())
}

/// What became of the policy since the page was made.
fn describe_policy_change(name: &str, to: SecondFactorPolicy) -> Cow<'static, str> {
    match to {
        SecondFactorPolicy::Optional => texts::second_factor_made_optional_meanwhile(name),
        SecondFactorPolicy::LeadsAndAdmins => texts::second_factor_made_mandatory_meanwhile(name),
    }
}

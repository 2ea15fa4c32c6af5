//! GET: the log.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};

use super::{source::AllLogsSource, store};
use crate::{
    access::audit_reader::AuditReader,
    domain::ids::{LaunchId, UserId},
    log::{
        query::LogQuery,
        rows::{LogRow, group_by_day},
        view::{LogPage, LogView},
    },
    presentation::event_descriptions::{LogNames, named_comment_bodies},
    record::{logs::LogEntry, texts::load_texts},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Query,
        response::render_with_status,
    },
};

#[derive(Template)]
#[template(path = "audit/log.html")]
struct AuditPage {
    chrome: Chrome,
    log: LogView,
}

/// `GET /audit`: the histories of all launches and the audit log in one list.
pub(super) async fn show_log(
    State(state): State<AppState>,
    AuditReader(user): AuditReader,
    Query(query): Query<LogQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let zone = user.zone();
    let log_page = LogPage::load(&state.db, &AllLogsSource, query, &zone).await?;
    let mut launches: Vec<LaunchId> = log_page.entries.iter().filter_map(LogEntry::launch).collect();
    launches.sort_unstable();
    launches.dedup();
    let launches = match launches.as_slice() {
        [] => HashMap::new(),
        launches => state.record.load_many(&state.db, launches).await?,
    };
    let events = log_page.entries.iter().filter_map(LogEntry::event);
    let bodies = load_texts(&state.db, events.flat_map(named_comment_bodies)).await?;
    let names = store::load_names(&state.db).await?;
    let rows = log_page.entries.iter().filter_map(|entry| {
        let launch = entry.launch().and_then(|id| launches.get(&id)).map(|launch| &**launch);
        let row = match entry {
            LogEntry::LaunchEvent(event) => LogRow::from_launch_event(launch?, event, &bodies, &zone),
            LogEntry::InstallationEntry(entry) => LogRow::from_installation_entry(launch, entry, &names, &zone),
        };
        Some(row.with_launch(launch.map(|launch| (launch.id, launch.name()))))
    });
    let days = group_by_day(rows, &zone);
    let range = log_page.describe_matches().unwrap_or_default();
    let log = log_page.into_view(&AllLogsSource, list_people(&names), days, range);
    render_with_status(log.status(), &AuditPage { chrome: page.chrome(&state, texts::audit(), Nav::Audit), log })
}

/// Everybody, sorted by name.
fn list_people(names: &LogNames) -> impl Iterator<Item = (UserId, String)> {
    let mut people: Vec<_> = names.people.iter().map(|(id, name)| (*id, name.clone())).collect();
    people.sort_by(|(id, name), (other_id, other)| (name, id).cmp(&(other, other_id)));
    people.into_iter()
}

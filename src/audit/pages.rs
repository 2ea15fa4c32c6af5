//! GET: the log.

use std::collections::HashMap;

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    filter::AuditQuery,
    store::{self, StoredAuditEntry},
    view::{self, AuditPage},
};
use crate::{
    access::audit_reader::AuditReader,
    domain::{canonical, ids::LaunchId, launch::event::Event},
    presentation::{
        event_descriptions::{CommentBodies, named_comment_bodies},
        log::{LogRow, group_by_day},
        log_filter::UnknownFilterValue,
    },
    record::installation_log::InstallationEntry,
    state::AppState,
    web::{
        Error,
        form::Query,
        page::{Nav, PageContext, render_with_status},
    },
};

/// Events per page.
const PAGE_SIZE: usize = 50;

enum AuditEntry {
    LaunchEvent(Event),
    InstallationEntry(InstallationEntry),
}

impl AuditEntry {
    fn from_stored(stored: &StoredAuditEntry) -> Result<Self, Error> {
        let unreadable = |error: serde_json::Error| Error::Fault(error.into());
        Ok(match stored.is_installation_entry() {
            true => Self::InstallationEntry(canonical::from_bytes(&stored.bytes).map_err(unreadable)?),
            false => Self::LaunchEvent(Event::from_bytes(&stored.bytes).map_err(unreadable)?),
        })
    }

    /// The launch that it belongs to or is about.
    fn launch(&self) -> Option<LaunchId> {
        match self {
            Self::LaunchEvent(event) => Some(event.launch),
            Self::InstallationEntry(entry) => entry.launch.map(|(launch, _)| launch),
        }
    }
}

/// `GET /audit`.
pub(super) async fn show_log(
    State(state): State<AppState>,
    AuditReader(user): AuditReader,
    Query(wanted): Query<AuditQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let text_error = wanted.text_error();
    let status = if text_error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let found = match wanted.to_filter(&user.zone()) {
        Ok(filter) => store::load_entries(&state.db, &filter, PAGE_SIZE as i64 + 1).await?,
        Err(UnknownFilterValue) => Some(Vec::new()),
    };
    let too_long = found.is_none();
    // One more than is shown, to find out whether there are older ones.
    let mut stored = found.unwrap_or_default();
    let more = stored.len() > PAGE_SIZE;
    stored.truncate(PAGE_SIZE);
    let last = stored.last().filter(|_| more).map(StoredAuditEntry::cursor);
    let happened = stored.iter().map(AuditEntry::from_stored).collect::<Result<Vec<_>, _>>()?;
    let mut launches: Vec<LaunchId> = happened.iter().filter_map(AuditEntry::launch).collect();
    launches.sort_unstable();
    launches.dedup();
    let launches = match launches.as_slice() {
        [] => HashMap::new(),
        launches => state.record.load_many(&state.db, launches).await?,
    };
    let bodies = load_bodies(&state, &happened).await?;
    let names = store::load_names(&state.db).await?;
    let zone = user.zone();
    let lines = happened.iter().filter_map(|happened| {
        let launch = happened.launch().and_then(|id| launches.get(&id)).map(|launch| &**launch);
        let line = match happened {
            AuditEntry::LaunchEvent(event) => LogRow::from_launch_event(launch?, event, &bodies, &zone),
            AuditEntry::InstallationEntry(entry) => LogRow::from_installation_entry(launch, entry, &names, &zone),
        };
        Some(line.with_launch(launch.map(|launch| (launch.id, launch.name()))))
    });
    render_with_status(
        status,
        &AuditPage {
            chrome: page.chrome(&state, "Audit", Nav::Audit),
            kinds: view::kind_links(&wanted),
            people: view::people_options(&names, &wanted),
            days: group_by_day(lines, &zone),
            too_long,
            text_error,
            newest: if wanted.before.is_empty() { String::new() } else { wanted.without_cursor().to_href() },
            older: last.map_or_else(String::new, |last| wanted.before_cursor(last).to_href()),
            wanted,
        },
    )
}

/// The texts of the comments that these events name. There is no database query if they name none.
async fn load_bodies(state: &AppState, happened: &[AuditEntry]) -> Result<CommentBodies, Error> {
    let events = happened.iter().filter_map(|happened| match happened {
        AuditEntry::LaunchEvent(event) => Some(event),
        AuditEntry::InstallationEntry(_) => None,
    });
    let named: Vec<_> = events.flat_map(named_comment_bodies).collect();
    Ok(if named.is_empty() { CommentBodies::new() } else { store::load_comment_bodies(&state.db, &named).await? })
}

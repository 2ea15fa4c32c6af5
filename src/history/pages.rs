//! GET: the history, and one of its events.

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    filter::HistoryQuery,
    store::{self, HistorySelection, StoredHistoryEntry},
    view::{self, EventPage, HistoryEntry, HistoryPage},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        canonical,
        checkpoint::LogId,
        launch::event::{Event, Seq},
        merkle::hash_leaf,
    },
    presentation::{
        event_descriptions::{CommentBodies, named_comment_bodies},
        head::{LaunchHead, Tab},
        log::LogRow,
        log_filter::UnknownFilterValue,
    },
    record::{RecordError, checkpoints, installation_log::InstallationEntry},
    state::AppState,
    web::{
        Error,
        form::{Path, Query},
        page::{Nav, PageContext, render, render_with_status},
    },
};

/// Events per page.
const PAGE_SIZE: i64 = 50;

/// `GET /launches/{id}/history`.
pub(super) async fn show_history(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(wanted): Query<HistoryQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let text_error = wanted.text_error();
    let status = if text_error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    // One more than is shown tells whether there are older ones.
    let found = match wanted.to_filter(launch, &access.user.zone()) {
        Ok(filter) => {
            let reading = HistorySelection { launch: launch.id, filter: &filter, limit: PAGE_SIZE + 1 };
            store::load_entries(&state.db, reading).await?
        }
        Err(UnknownFilterValue) => Some(Vec::new()),
    };
    let too_long = found.is_none();
    let mut stored = found.unwrap_or_default();
    let more = stored.len() as i64 > PAGE_SIZE;
    stored.truncate(PAGE_SIZE as usize);
    let older = stored
        .last()
        .filter(|_| more)
        .map_or_else(String::new, |last| wanted.before_cursor(last.cursor()).to_href(launch));
    let happened = stored.iter().map(|stored| read_entry(&access, stored)).collect::<Result<Vec<_>, _>>()?;
    let events: Vec<&Event> = happened.iter().filter_map(HistoryEntry::event).collect();
    let bodies = load_bodies(&state, &access, &events).await?;
    let seqs: Vec<Seq> = events.iter().map(|event| event.seq).collect();
    let kept = checkpoints::load_ending_at(&state.db, LogId::Launch(launch.id), &seqs).await?;
    let newest = if wanted.before.is_empty() { String::new() } else { wanted.without_cursor().to_href(launch) };
    render_with_status(
        status,
        &HistoryPage {
            chrome: page.chrome(&state, format!("History · {}", launch.name()), Nav::Launches),
            head: LaunchHead::new(&access, Tab::History),
            kinds: view::kind_links(launch, &wanted),
            people: view::people_options(launch, &wanted),
            item: view::item_view(launch, &wanted),
            newest,
            older,
            range: view::format_range(&events, launch),
            days: view::build_days(launch, &happened, &bodies, &kept, &access.user.zone()),
            too_long,
            text_error,
            zone: launch.zone().to_string(),
            wanted,
        },
    )
}

fn read_entry(access: &LaunchAccess, stored: &StoredHistoryEntry) -> Result<HistoryEntry, RecordError> {
    match stored.cursor().index {
        0 => read_event(access, &stored.bytes).map(HistoryEntry::LaunchEvent),
        _ => canonical::from_bytes::<InstallationEntry>(&stored.bytes)
            .map(HistoryEntry::InstallationEntry)
            .map_err(|error| RecordError::Unreadable(access.launch.id, error.to_string())),
    }
}

#[derive(Deserialize)]
pub(super) struct EventPath {
    seq: String,
}

/// `GET /launches/{id}/history/{seq}`: one event, with the bytes that are hashed.
pub(super) async fn show_event(
    State(state): State<AppState>,
    access: LaunchAccess,
    Path(EventPath { seq }): Path<EventPath>,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let seq = seq.parse::<Seq>().map_err(|_| Error::NotFound)?;
    let bytes = store::load_event(&state.db, launch.id, seq).await?.ok_or(Error::NotFound)?;
    let event = read_event(&access, &bytes)?;
    let bodies = load_bodies(&state, &access, &[&event]).await?;
    let at = |seq| format!("/launches/{}/history/{seq}", launch.id);
    render(&EventPage {
        chrome: page.chrome(&state, format!("Event {seq} · {}", launch.name()), Nav::Launches),
        head: LaunchHead::new(&access, Tab::History),
        line: LogRow::from_launch_event(launch, &event, &bodies, &access.user.zone()),
        seq,
        request: event.request.to_string(),
        at: event.at,
        newer: if seq < launch.seq { at(seq + 1) } else { String::new() },
        older: if seq > 1 { at(seq - 1) } else { String::new() },
        leaf: hash_leaf(&bytes).to_string(),
        index: seq - 1,
        bytes: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

fn read_event(access: &LaunchAccess, bytes: &[u8]) -> Result<Event, RecordError> {
    Event::from_bytes(bytes).map_err(|error| RecordError::Unreadable(access.launch.id, error.to_string()))
}

/// The texts of the comments that these events name. There is no database query if they name none.
async fn load_bodies(state: &AppState, access: &LaunchAccess, events: &[&Event]) -> Result<CommentBodies, Error> {
    let named: Vec<_> = events.iter().flat_map(|event| named_comment_bodies(event)).collect();
    if named.is_empty() {
        return Ok(CommentBodies::new());
    }
    Ok(store::load_comment_bodies(&state.db, access.launch.id, &named).await?)
}

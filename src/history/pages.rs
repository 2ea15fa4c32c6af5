//! GET: the history, and one of its events.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    source::HistorySource,
    view::{self, ComparisonChoice, EventPage, HistoryPage},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checkpoint::LogId,
        launch::event::{Event, Seq},
        merkle::hash_leaf,
    },
    log::{query::LogQuery, rows::LogRow, view::LogPage},
    presentation::{
        event_descriptions::named_comment_bodies,
        head::{LaunchHead, Tab},
    },
    record::{checkpoints, events, logs::LogEntry, texts::load_texts},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{Path, Query},
        response::{render, render_with_status},
    },
};

pub(super) async fn show_history(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<LogQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let (launch, zone) = (&*access.launch, access.user.zone());
    let source = HistorySource(launch);
    let comparison = ComparisonChoice::new(&source, &query);
    let log_page = LogPage::load(&state.db, &source, query.clone(), &zone).await?;
    let events: Vec<&Event> = log_page.entries.iter().filter_map(LogEntry::event).collect();
    let bodies = load_texts(&state.db, events.iter().flat_map(|event| named_comment_bodies(event))).await?;
    let seqs: Vec<Seq> = events.iter().map(|event| event.seq).collect();
    let checkpoints = checkpoints::load_ending_at(&state.db, LogId::Launch(launch.id), &seqs).await?;
    let choose = |seq| comparison.as_ref().map(|comparison| comparison.offer(&source, &query, seq));
    let days = view::build_days(launch, &log_page.entries, &bodies, &checkpoints, &zone, choose);
    let range = log_page.describe_matches().unwrap_or_else(|| view::describe_range(&events, launch));
    let log = log_page.into_view(&source, view::list_people(launch), days, range);
    render_with_status(
        log.status(),
        &HistoryPage {
            chrome: page.chrome(&state, texts::history_title(launch.name()), Nav::Launches),
            head: LaunchHead::new(&access, Tab::History),
            zone: launch.zone().to_string(),
            log,
            comparison,
        },
    )
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
    let bytes = events::load_event(&state.db, launch.id, seq).await?.ok_or(Error::NotFound)?;
    let event = events::parse_event(launch.id, &bytes)?;
    let bodies = load_texts(&state.db, named_comment_bodies(&event)).await?;
    let at = |seq| format!("/launches/{}/history/{seq}", launch.id);
    render(&EventPage {
        chrome: page.chrome(&state, texts::event_title(seq, launch.name()), Nav::Launches),
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

//! GET: the history, and one event of it.

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    filter::Wanted,
    store::{self, Reading, Stored},
    view::{self, EventPage, Happened, List},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        canonical,
        checkpoint::LogId,
        launch::event::{Event, Seq},
        merkle::leaf_hash,
    },
    launch_page::{
        head::{Head, Tab},
        log::Line,
        looking::Unknown,
        words_of_events::{Bodies, bodies_named},
    },
    record::{Fault, checkpoints, installation::Entry},
    state::AppState,
    web::{
        Error,
        form::{Path, Query},
        page::{Nav, Page, html, html_with},
    },
};

/// How many events a page shows.
const MOST: i64 = 50;

/// `GET /launches/{id}/history`.
pub(super) async fn list(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let text_error = wanted.text_error();
    let status = if text_error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    // One more than is shown tells whether there are older ones.
    let found = match wanted.read(launch, &access.user.zone()) {
        Ok(filter) => {
            let reading = Reading { launch: launch.id, filter: &filter, most: MOST + 1 };
            store::stored(&state.db, reading).await?
        }
        Err(Unknown) => Some(Vec::new()),
    };
    let too_long = found.is_none();
    let mut stored = found.unwrap_or_default();
    let more = stored.len() as i64 > MOST;
    stored.truncate(MOST as usize);
    let older =
        stored.last().filter(|_| more).map_or_else(String::new, |last| wanted.older_than(last.place()).address(launch));
    let happened = stored.iter().map(|stored| happened(&access, stored)).collect::<Result<Vec<_>, _>>()?;
    let events: Vec<&Event> = happened.iter().filter_map(Happened::event).collect();
    let bodies = bodies(&state, &access, &events).await?;
    let seqs: Vec<Seq> = events.iter().map(|event| event.seq).collect();
    let kept = checkpoints::ending_at(&state.db, LogId::Launch(launch.id), &seqs).await?;
    let newest = if wanted.before.is_empty() { String::new() } else { wanted.newest().address(launch) };
    html_with(
        status,
        &List {
            chrome: page.chrome(&state, format!("History · {}", launch.name()), Nav::Launches),
            head: Head::new(&access, Tab::History),
            kinds: view::kinds(launch, &wanted),
            people: view::people(launch, &wanted),
            item: view::item(launch, &wanted),
            newest,
            older,
            range: view::range(&events, launch),
            days: view::days(launch, &happened, &bodies, &kept, &access.user.zone()),
            too_long,
            text_error,
            zone: launch.zone().to_string(),
            wanted,
        },
    )
}

fn happened(access: &LaunchAccess, stored: &Stored) -> Result<Happened, Fault> {
    match stored.place().index {
        0 => read(access, &stored.bytes).map(Happened::Here),
        _ => canonical::read::<Entry>(&stored.bytes)
            .map(Happened::Beside)
            .map_err(|error| Fault::Unreadable(access.launch.id, error.to_string())),
    }
}

/// The `{seq}` of a path.
#[derive(Deserialize)]
pub(super) struct Numbered {
    seq: String,
}

/// `GET /launches/{id}/history/{seq}`: one event, with the bytes that are hashed.
pub(super) async fn event(
    State(state): State<AppState>,
    access: LaunchAccess,
    Path(Numbered { seq }): Path<Numbered>,
    page: Page,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let seq = seq.parse::<Seq>().map_err(|_| Error::NotFound)?;
    let bytes = store::event(&state.db, launch.id, seq).await?.ok_or(Error::NotFound)?;
    let event = read(&access, &bytes)?;
    let bodies = bodies(&state, &access, &[&event]).await?;
    let at = |seq| format!("/launches/{}/history/{seq}", launch.id);
    html(&EventPage {
        chrome: page.chrome(&state, format!("Event {seq} · {}", launch.name()), Nav::Launches),
        head: Head::new(&access, Tab::History),
        line: Line::of_launch(launch, &event, &bodies, &access.user.zone()),
        seq,
        request: event.request.to_string(),
        at: event.at,
        newer: if seq < launch.seq { at(seq + 1) } else { String::new() },
        older: if seq > 1 { at(seq - 1) } else { String::new() },
        leaf: leaf_hash(&bytes).to_string(),
        index: seq - 1,
        bytes: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

fn read(access: &LaunchAccess, bytes: &[u8]) -> Result<Event, Fault> {
    Event::read(bytes).map_err(|error| Fault::Unreadable(access.launch.id, error.to_string()))
}

/// The bodies of the comments that these events name; no question where they name none.
async fn bodies(state: &AppState, access: &LaunchAccess, events: &[&Event]) -> Result<Bodies, Error> {
    let named: Vec<_> = events.iter().flat_map(|event| bodies_named(event)).collect();
    if named.is_empty() {
        return Ok(Bodies::new());
    }
    Ok(store::bodies(&state.db, access.launch.id, &named).await?)
}

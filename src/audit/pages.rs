//! GET: the log.

use std::collections::HashMap;

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    filter::Wanted,
    store::{self, Stored},
    view::{self, Log},
};
use crate::{
    access::auditing::Auditing,
    domain::{canonical, ids::LaunchId, launch::event::Event},
    launch_page::{
        log::{Line, by_day},
        looking::Unknown,
        words_of_events::{Bodies, bodies_named},
    },
    record::installation::Entry,
    state::AppState,
    web::{
        Error,
        form::Query,
        page::{Nav, Page, html_with},
    },
};

/// How many events a page shows.
const MOST: usize = 50;

/// Something that happened.
enum Happened {
    /// An event of a launch.
    OfLaunch(Event),
    /// An entry of the installation's log.
    OfInstallation(Entry),
}

impl Happened {
    fn read(stored: &Stored) -> Result<Self, Error> {
        let unreadable = |error: serde_json::Error| Error::Fault(error.into());
        Ok(match stored.is_of_installation() {
            true => Self::OfInstallation(canonical::read(&stored.bytes).map_err(unreadable)?),
            false => Self::OfLaunch(Event::read(&stored.bytes).map_err(unreadable)?),
        })
    }

    /// The launch that it is of or about.
    fn launch(&self) -> Option<LaunchId> {
        match self {
            Self::OfLaunch(event) => Some(event.launch),
            Self::OfInstallation(entry) => entry.launch.map(|(launch, _)| launch),
        }
    }
}

/// `GET /audit`.
pub(super) async fn log(
    State(state): State<AppState>,
    Auditing(user): Auditing,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let text_error = wanted.text_error();
    let status = if text_error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let found = match wanted.read(&user.zone()) {
        Ok(filter) => store::stored(&state.db, &filter, MOST as i64 + 1).await?,
        Err(Unknown) => Some(Vec::new()),
    };
    let too_long = found.is_none();
    // One more than is shown tells whether there are older ones.
    let mut stored = found.unwrap_or_default();
    let more = stored.len() > MOST;
    stored.truncate(MOST);
    let last = stored.last().filter(|_| more).map(Stored::place);
    let happened = stored.iter().map(Happened::read).collect::<Result<Vec<_>, _>>()?;
    let mut launches: Vec<LaunchId> = happened.iter().filter_map(Happened::launch).collect();
    launches.sort_unstable();
    launches.dedup();
    let launches = match launches.as_slice() {
        [] => HashMap::new(),
        launches => state.record.load_many(&state.db, launches).await?,
    };
    let bodies = bodies(&state, &happened).await?;
    let names = store::names(&state.db).await?;
    let zone = user.zone();
    let lines = happened.iter().filter_map(|happened| {
        let launch = happened.launch().and_then(|id| launches.get(&id)).map(|launch| &**launch);
        let line = match happened {
            Happened::OfLaunch(event) => Line::of_launch(launch?, event, &bodies, &zone),
            Happened::OfInstallation(entry) => Line::of_installation(launch, entry, &names, &zone),
        };
        Some(line.naming(launch.map(|launch| (launch.id, launch.name()))))
    });
    html_with(
        status,
        &Log {
            chrome: page.chrome(&state, "Audit", Nav::Audit),
            kinds: view::kinds(&wanted),
            people: view::people(&names, &wanted),
            days: by_day(lines, &zone),
            too_long,
            text_error,
            newest: if wanted.before.is_empty() { String::new() } else { wanted.newest().address() },
            older: last.map_or_else(String::new, |last| wanted.older_than(last).address()),
            wanted,
        },
    )
}

/// The bodies of the comments that these events name; no question where they name none.
async fn bodies(state: &AppState, happened: &[Happened]) -> Result<Bodies, Error> {
    let events = happened.iter().filter_map(|happened| match happened {
        Happened::OfLaunch(event) => Some(event),
        Happened::OfInstallation(_) => None,
    });
    let named: Vec<_> = events.flat_map(bodies_named).collect();
    Ok(if named.is_empty() { Bodies::new() } else { store::bodies(&state.db, &named).await? })
}

//! GET: the way from a time to the launch as it stood then, and two moments compared.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        launch::{event::Seq, state::LaunchState},
        time::LocalTime,
    },
    launch_page::{
        difference::{Compared, compare},
        head::{Head, Tab},
        words,
    },
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Query},
        page::{Chrome, Nav, Page, SeeOther, html_with},
        time::exact,
    },
};

/// The time that is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// An event's number, or
    event: String,
    /// a local date and time in the launch's zone.
    at: String,
}

/// `GET /launches/{id}/as-of?at=`: leads to the launch as it stood at a time. A time that is none, or at which there was
/// no launch yet, leads back to the history and says so.
pub(super) async fn as_of(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let back = |why: String| SeeOther::to(format!("/launches/{}/history", launch.id)).bad(why).into_response();
    let there = |seq: Seq| SeeOther::to(format!("/launches/{}/as-of/{seq}", launch.id)).into_response();
    if !wanted.event.trim().is_empty() {
        let seq = wanted.event.trim().parse().ok().filter(|seq| (1..=launch.seq).contains(seq));
        return Ok(seq.map_or_else(|| back(no_such_event(launch)), there));
    }
    let at = match LocalTime::parse(&wanted.at, launch.zone().clone()) {
        Ok(at) => at.moment(),
        Err(bad) => return Ok(back(bad.to_string())),
    };
    Ok(match state.record.newest_at(&state.db, launch.id, at).await? {
        Some(seq) => there(seq),
        None => back(format!("There was no launch yet; it was made {}.", exact(launch.created_at, launch.zone()))),
    })
}

fn no_such_event(launch: &LaunchState) -> String {
    format!("There is no such event. They are numbered from 1 to {}.", launch.seq)
}

/// The moments that are compared, as the address says it: the numbers of events.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Moments {
    from: String,
    to: String,
}

/// Two moments compared.
#[derive(Template)]
#[template(path = "history/compare.html")]
struct ComparePage {
    chrome: Chrome,
    head: Head,
    /// As they were asked for, or are when nothing was.
    from: String,
    to: String,
    errors: FieldErrors,
    /// What differs; nothing when the moments are none.
    found: Option<FoundView>,
}

/// What differs, and between what.
struct FoundView {
    earlier: MomentView,
    later: MomentView,
    count: String,
    compared: Compared,
}

/// A moment: after which event, when that was, and by whom.
struct MomentView {
    seq: Seq,
    at: String,
}

/// `GET /launches/{id}/compare?from=&to=`: empty, `from` is the first event and `to` the newest.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(wanted): Query<Moments>,
    page: Page,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let mut errors = FieldErrors::new();
    let mut number = |field, text: &str, otherwise: Seq| {
        let parsed = if text.trim().is_empty() { Ok(otherwise) } else { text.trim().parse::<Seq>().map_err(drop) };
        let known = parsed.and_then(|seq| if (1..=launch.seq).contains(&seq) { Ok(seq) } else { Err(()) });
        errors.take(field, known.map_err(|()| no_such_event(launch)))
    };
    let (from, to) = (number("from", &wanted.from, 1), number("to", &wanted.to, launch.seq));
    let found = match from.zip(to) {
        Some((one, other)) => Some(found(&state, &access, one.min(other), one.max(other)).await?),
        None => None,
    };
    let entered = |seq: Option<Seq>, text: String| seq.map_or(text, |seq| seq.to_string());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ComparePage {
        chrome: page.chrome(&state, format!("Compare · {}", launch.name()), Nav::Launches),
        head: Head::new(&access, Tab::History),
        from: entered(from, wanted.from),
        to: entered(to, wanted.to),
        errors,
        found,
    };
    html_with(status, &page)
}

async fn found(state: &AppState, access: &LaunchAccess, earlier: Seq, later: Seq) -> Result<FoundView, Error> {
    let launch = &*access.launch;
    let then = state.record.as_of_each(&state.db, launch.id, &[earlier, later]).await?;
    let (Some(old), Some(new)) = (then.get(&earlier), then.get(&later)) else { return Err(Error::NotFound) };
    let mut compared = compare(old, new);
    let lines = compared.sections.iter_mut().flat_map(|section| &mut section.lines);
    for line in lines {
        let item = line.item.map_or_else(String::new, |item| format!("#item-{item}"));
        line.href = format!("/launches/{}/as-of/{later}{item}", launch.id);
    }
    let view = |state: &LaunchState| MomentView { seq: state.seq, at: exact(state.last_at, &access.user.zone()) };
    Ok(FoundView {
        earlier: view(old),
        later: view(new),
        count: words::count(compared.count(), "difference"),
        compared,
    })
}

//! GET: redirects from a time to the launch at that time, and compares two moments.

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
    presentation::{
        difference::{LaunchDifference, compare_launches},
        head::{LaunchHead, Tab},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Query},
        response::{SeeOther, render_with_status},
        time::exact,
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AsOfQuery {
    /// An event's number. If empty, `at` is used.
    event: String,
    /// A local date and time in the launch's zone.
    at: String,
}

/// `GET /launches/{id}/as-of?at=`: redirects to the launch at a time. An invalid time, or one before the launch was
/// made, redirects to the history with a message.
pub(super) async fn redirect_to_past(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<AsOfQuery>,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let back = |why: String| SeeOther::to(format!("/launches/{}/history", launch.id)).with_failure(why).into_response();
    let redirect_to_moment = |seq: Seq| SeeOther::to(format!("/launches/{}/as-of/{seq}", launch.id)).into_response();
    if !query.event.trim().is_empty() {
        let seq = query.event.trim().parse().ok().filter(|seq| (1..=launch.seq).contains(seq));
        return Ok(seq.map_or_else(|| back(describe_missing_event(launch)), redirect_to_moment));
    }
    let at = match LocalTime::parse(&query.at, launch.zone().clone()) {
        Ok(at) => at.to_moment(),
        Err(bad) => return Ok(back(bad.to_string())),
    };
    Ok(match state.record.find_seq_at(&state.db, launch.id, at).await? {
        Some(seq) => redirect_to_moment(seq),
        None => back(texts::launch_did_not_exist_yet(exact(launch.created_at, launch.zone())).into_owned()),
    })
}

fn describe_missing_event(launch: &LaunchState) -> String {
    texts::there_is_no_such_event(launch.seq).into_owned()
}

/// The numbers of the events to compare, as in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CompareQuery {
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "history/compare.html")]
struct ComparePage {
    chrome: Chrome,
    head: LaunchHead,
    /// The numbers as they were sent, or the defaults.
    from: String,
    to: String,
    errors: FieldErrors,
    /// The differences; `None` when a moment is invalid.
    comparison: Option<ComparisonView>,
}

struct ComparisonView {
    earlier: MomentView,
    later: MomentView,
    compared: LaunchDifference,
}

struct MomentView {
    seq: Seq,
    at: String,
}

/// `GET /launches/{id}/compare?from=&to=`: by default, `from` is the first event and `to` the newest.
pub(super) async fn show_comparison(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<CompareQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let mut errors = FieldErrors::new();
    let mut number = |field, text: &str, otherwise: Seq| {
        let parsed = if text.trim().is_empty() { Ok(otherwise) } else { text.trim().parse::<Seq>().map_err(drop) };
        let existing = parsed.and_then(|seq| if (1..=launch.seq).contains(&seq) { Ok(seq) } else { Err(()) });
        errors.check(field, existing.map_err(|()| describe_missing_event(launch)))
    };
    let (from, to) = (number("from", &query.from, 1), number("to", &query.to, launch.seq));
    let comparison = match from.zip(to) {
        Some((one, other)) => Some(compare_moments(&state, &access, one.min(other), one.max(other)).await?),
        None => None,
    };
    let entered = |seq: Option<Seq>, text: String| seq.map_or(text, |seq| seq.to_string());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ComparePage {
        chrome: page.chrome(&state, texts::compare_title(launch.name()), Nav::Launches),
        head: LaunchHead::new(&access, Tab::History),
        from: entered(from, query.from),
        to: entered(to, query.to),
        errors,
        comparison,
    };
    render_with_status(status, &page)
}

async fn compare_moments(
    state: &AppState,
    access: &LaunchAccess,
    earlier: Seq,
    later: Seq,
) -> Result<ComparisonView, Error> {
    let launch = &*access.launch;
    let then = state.record.load_as_of_each(&state.db, launch.id, &[earlier, later]).await?;
    let (Some(old), Some(new)) = (then.get(&earlier), then.get(&later)) else { return Err(Error::NotFound) };
    let mut compared = compare_launches(old, new);
    let lines = compared.sections.iter_mut().flat_map(|section| &mut section.lines);
    for line in lines {
        let item = line.item.map_or_else(String::new, |item| format!("#item-{item}"));
        line.href = format!("/launches/{}/as-of/{later}{item}", launch.id);
    }
    let view = |state: &LaunchState| MomentView { seq: state.seq, at: exact(state.last_at, &access.user.zone()) };
    Ok(ComparisonView { earlier: view(old), later: view(new), compared })
}

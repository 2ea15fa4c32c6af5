//! `GET /live`: one stream for all pages of a browser.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use futures_util::{StreamExt as _, future, stream};
use serde::Deserialize;

use super::{
    launch_stream::{acquire_stream, change_events, sse_response},
    unread_stream::unread_events,
};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess},
    domain::{ids::LaunchId, launch::event::Seq},
    state::AppState,
    texts,
    web::{Error, form::Query, request::RequestNumber},
};

/// Maximum launches of one stream: more pages than anybody sees at once.
const MAX_LAUNCHES: usize = 20;

/// The longest time that a page may have been without news, in seconds. Older pages have to be reloaded.
const MAX_AWAY_SECONDS: i64 = 400 * 24 * 60 * 60;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LiveQuery {
    /// `<launch>.<newest event>.<seconds since the last news>`, once per launch.
    launch: Vec<String>,
}

/// A launch as a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ShownLaunch {
    since: Seq,
    /// Seconds since the page last had news of it.
    seconds_away: i64,
}

impl LiveQuery {
    /// Lists each launch once, as of the earliest state that any page shows.
    fn parse(&self) -> Option<BTreeMap<LaunchId, ShownLaunch>> {
        let mut all: BTreeMap<LaunchId, ShownLaunch> = BTreeMap::new();
        for text in &self.launch {
            let mut parts = text.split('.');
            let launch = parts.next()?.parse().ok()?;
            let since = parts.next()?.parse().ok()?;
            let away = parts.next()?.parse().ok().filter(|away| (0..=MAX_AWAY_SECONDS).contains(away))?;
            if parts.next().is_some() {
                return None;
            }
            let shown = all.entry(launch).or_insert(ShownLaunch { since, seconds_away: away });
            *shown = ShownLaunch { since: shown.since.min(since), seconds_away: shown.seconds_away.max(away) };
        }
        (all.len() <= MAX_LAUNCHES).then_some(all)
    }
}

/// Sends the list of launches that are followed (`following`), what changed in them since the pages were made, and then
/// each further change, and the number of unread notifications whenever it changes. Launches that the person may not see
/// are left out. When access to one of them ends, the stream ends, as it does with the session; the next stream's list
/// shows it.
pub(super) async fn stream_launches(
    State(state): State<AppState>,
    user: CurrentUser,
    request: RequestNumber,
    Query(query): Query<LiveQuery>,
) -> Result<Response, Error> {
    let open = acquire_stream(&state, user.id)?;
    let launches = query.parse().ok_or(Error::BadRequest(texts::no_launches_to_follow()))?;
    let is_launch_shown = !launches.is_empty();
    let (mut following, mut all) = (Vec::new(), Vec::new());
    for (launch, shown_launch) in launches {
        let access = match LaunchAccess::for_launch(user.clone(), request, &state, launch).await {
            Ok(access) => access,
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        let shown_at = access.now.plus_seconds(-shown_launch.seconds_away);
        let events = change_events(state.clone(), access, shown_launch.since, shown_at);
        // The end of one ends the whole stream.
        all.push(events.map(Some).chain(stream::once(future::ready(None))).boxed());
        following.push(launch);
    }
    if following.is_empty() && is_launch_shown {
        return Err(Error::NotFound);
    }
    let unread = unread_events(state, user);
    all.push(unread.map(Some).chain(stream::once(future::ready(None))).boxed());
    let first = serde_json::json!({ "launches": following });
    let first = Event::default().event("following").data(first.to_string());
    let rest = stream::select_all(all).take_while(|event| future::ready(event.is_some())).filter_map(future::ready);
    Ok(sse_response(open, stream::once(future::ready(first)).chain(rest).map(Ok::<_, Infallible>)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_query_lists_each_launch_once_as_of_the_earliest_page() {
        let id = "00000000-0000-4000-8000-00000000000";
        let read =
            |texts: &[&str]| LiveQuery { launch: texts.iter().map(|text| format!("{id}{text}")).collect() }.parse();
        let both = read(&["1.7.0", "2.3.10", "1.5.60"]).unwrap();
        assert_eq!(
            both.values().copied().collect::<Vec<_>>(),
            [ShownLaunch { since: 5, seconds_away: 60 }, ShownLaunch { since: 3, seconds_away: 10 }]
        );
        for bad in ["1", "1.7", "1.7.0.0", "1.x.0", "1.7.-1", "1.7.99999999999", ".7.0"] {
            assert_eq!(read(&[bad]), None, "{bad}");
        }
        assert_eq!(read(&[]), Some(BTreeMap::new()), "a page that shows no launch");
        let many = |count: usize| (0..count).map(|at| format!("00000000-0000-4000-8000-{at:012}.1.0")).collect();
        assert!(LiveQuery { launch: many(MAX_LAUNCHES) }.parse().is_some());
        assert!(LiveQuery { launch: many(MAX_LAUNCHES + 1) }.parse().is_none());
    }
}

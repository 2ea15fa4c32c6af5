//! `GET /live`: one stream for all pages of a browser.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use futures_util::{StreamExt as _, future, stream};
use serde::Deserialize;

use super::stream::{answer, count, events};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess},
    domain::{ids::LaunchId, launch::event::Seq},
    state::AppState,
    web::{Error, form::Query, request::Number},
};

/// The most launches of one stream: more pages than anybody sees at once.
const MOST: usize = 20;

/// The longest that a page says it was away, in seconds: a page that is older is one to be loaded anew.
const LONGEST_AWAY: i64 = 400 * 24 * 60 * 60;

/// What the pages show.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// `<launch>.<newest event>.<seconds since it was so>`, for each launch.
    launch: Vec<String>,
}

/// A launch as a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    since: Seq,
    /// For how many seconds nothing was heard of it.
    away: i64,
}

impl Wanted {
    /// The launches, each once, as of the earliest that any page shows.
    fn read(&self) -> Option<BTreeMap<LaunchId, Shown>> {
        let mut all: BTreeMap<LaunchId, Shown> = BTreeMap::new();
        for text in &self.launch {
            let mut parts = text.split('.');
            let launch = parts.next()?.parse().ok()?;
            let since = parts.next()?.parse().ok()?;
            let away = parts.next()?.parse().ok().filter(|away| (0..=LONGEST_AWAY).contains(away))?;
            if parts.next().is_some() {
                return None;
            }
            let known = all.entry(launch).or_insert(Shown { since, away });
            *known = Shown { since: known.since.min(since), away: known.away.max(away) };
        }
        (1..=MOST).contains(&all.len()).then_some(all)
    }
}

/// Sends which launches are followed (`following`), what changed of them since the pages were made, and from then on what
/// changes. A launch that the person may not see is not among them; when one ceases to be theirs to see, the stream ends,
/// as it does with the session, and the next one says so.
pub(super) async fn live(
    State(state): State<AppState>,
    user: CurrentUser,
    request: Number,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let open = count(&state, user.id)?;
    let wanted = wanted.read().ok_or(Error::BadRequest("This names no launches to follow, or too many."))?;
    let (mut following, mut all) = (Vec::new(), Vec::new());
    for (launch, shown) in wanted {
        let access = match LaunchAccess::of(user.clone(), request, &state, launch).await {
            Ok(access) => access,
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        let told = access.now.plus_seconds(-shown.away);
        let events = events(state.clone(), access, shown.since, told).await?;
        // The end of one is the end of all.
        all.push(events.map(Some).chain(stream::once(future::ready(None))).boxed());
        following.push(launch);
    }
    if following.is_empty() {
        return Err(Error::NotFound);
    }
    let first = serde_json::json!({ "launches": following });
    let first = Event::default().event("following").data(first.to_string());
    let rest = stream::select_all(all).take_while(|event| future::ready(event.is_some())).filter_map(future::ready);
    Ok(answer(open, stream::once(future::ready(first)).chain(rest).map(Ok::<_, Infallible>)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launches_are_read_each_once_as_of_the_earliest_page() {
        let id = "00000000-0000-4000-8000-00000000000";
        let read = |texts: &[&str]| Wanted { launch: texts.iter().map(|text| format!("{id}{text}")).collect() }.read();
        let both = read(&["1.7.0", "2.3.10", "1.5.60"]).unwrap();
        assert_eq!(
            both.values().copied().collect::<Vec<_>>(),
            [Shown { since: 5, away: 60 }, Shown { since: 3, away: 10 }]
        );
        for bad in ["1", "1.7", "1.7.0.0", "1.x.0", "1.7.-1", "1.7.99999999999", ".7.0"] {
            assert_eq!(read(&[bad]), None, "{bad}");
        }
        assert_eq!(read(&[]), None);
        let many = |count: usize| (0..count).map(|at| format!("00000000-0000-4000-8000-{at:012}.1.0")).collect();
        assert!(Wanted { launch: many(MOST) }.read().is_some());
        assert!(Wanted { launch: many(MOST + 1) }.read().is_none());
    }
}

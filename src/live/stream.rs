//! `GET /launches/{id}/live`

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{
    StreamExt as _,
    stream::{self, Stream},
};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;
use tokio::{
    sync::watch,
    time::{Instant, Interval, sleep_until},
};

use super::change::LaunchChange;
use crate::{
    access::{current_user, launch_access::LaunchAccess},
    ambient,
    domain::{
        ids::UserId,
        launch::{access::may_see, event::Seq, state::LaunchState},
        readiness::readiness,
        time::Moment,
    },
    open_count::Opened,
    state::AppState,
    web::{Error, form::Query},
};

/// How often it is asked again whether the session still holds, and whether anything has lapsed; the session is asked
/// for before each event as well.
const RECHECK: Duration = Duration::from_secs(20);
/// How long a page is left alone after it was told something. What happens meanwhile is told at once then: with a
/// thousand pages open, each hears of a burst of ticks a few times and not a thousand pages of every tick.
const REST: Duration = Duration::from_millis(300);
/// How often something is sent when nothing happens, so that a broken connection is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What is answered to who has too many streams open.
const TOO_MANY: Error = Error::TooManyOpen("You have too many pages open that follow a launch. Close some of them.");

/// What the page has seen.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    /// The newest event it was made from.
    since: Option<Seq>,
}

/// Sends what changed since the page was made, and from then on what changes.
pub(super) async fn live(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(seen): Query<Seen>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let open = count(&state, access.user.id)?;
    // A browser that connects again by itself says what it has had; it may know more than the address.
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let since = again.max(seen.since).unwrap_or(access.launch.seq);
    let now = access.now;
    Ok(answer(open, events(state, access, since, now).await?.map(Ok)))
}

/// What changes of a launch from what a page shows: as of an event and a moment.
pub(super) async fn events(
    state: AppState,
    access: LaunchAccess,
    since: Seq,
    told: Moment,
) -> Result<impl Stream<Item = Event> + Send + use<>, Error> {
    let shown = shown(&state, &access, since).await?;
    let holds_until =
        if told < access.now { readiness(&shown, told).holds_until } else { holds_until(&state, &shown, access.now) };
    let watching = Watching {
        changes: state.feed.watch(Arc::clone(&access.launch)),
        recheck: tokio::time::interval(RECHECK),
        rested: ambient::instant(),
        told,
        holds_until,
        shown,
        access,
        state,
    };
    Ok(stream::unfold(watching, |mut watching| async move {
        let event = watching.next().await?;
        Some((event, watching))
    }))
}

/// Counts one more stream of this person, unless they have too many open.
pub(super) fn count(state: &AppState, user: UserId) -> Result<Opened<UserId>, Error> {
    state.streams.open(user, state.config.ceilings.streams).ok_or(TOO_MANY)
}

/// The answer that sends these events, as they come, and is counted until it ends.
pub(super) fn answer(
    open: Opened<UserId>,
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> Response {
    let events = events.inspect(move |_| {
        let _counted = &open;
    });
    // It is personal, as every page of a launch is; the stream's own default would let it be kept.
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))).into_response()
}

/// The launch as the page shows it. A number that is none of this launch's is taken for the newest.
async fn shown(state: &AppState, access: &LaunchAccess, since: Seq) -> Result<Arc<LaunchState>, Error> {
    if !(1..access.launch.seq).contains(&since) {
        return Ok(Arc::clone(&access.launch));
    }
    let then = state.record.as_of(&state.db, access.launch.id, since).await?;
    Ok(then.unwrap_or_else(|| Arc::clone(&access.launch)))
}

/// When the verdict on a launch may next change by itself: asked once, however many pages are open.
fn holds_until(state: &AppState, launch: &LaunchState, now: Moment) -> Option<Moment> {
    state.feed.holds_until(launch, || readiness(launch, now).holds_until)
}

/// An open page.
struct Watching {
    changes: watch::Receiver<Arc<LaunchState>>,
    /// The launch as the page shows it.
    shown: Arc<LaunchState>,
    /// When the page was told last.
    told: Moment,
    /// When what it was told may change by itself.
    holds_until: Option<Moment>,
    recheck: Interval,
    /// From when on it may be told more.
    rested: Instant,
    access: LaunchAccess,
    state: AppState,
}

impl Watching {
    /// The next event; nothing when the stream is to end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let newest = Arc::clone(&self.changes.borrow_and_update());
            if !may_see(&newest, &self.access.user.actor()) {
                return None;
            }
            let news = newest.seq > self.shown.seq;
            if news && self.rested <= ambient::instant() {
                if !current_user::still_signed_in(&self.state, &self.access.user).await {
                    return None;
                }
                return self.tell(newest);
            }
            tokio::select! {
                () = self.state.stop.cancelled() => return None,
                changed = self.changes.changed() => changed.ok()?,
                () = sleep_until(self.rested), if news => {}
                _ = self.recheck.tick() => {
                    if !current_user::still_signed_in(&self.state, &self.access.user).await {
                        return None;
                    }
                    let now = self.state.clock.now();
                    if self.holds_until.is_some_and(|until| until <= now) {
                        return Some(self.tell_what_lapsed(now));
                    }
                }
            }
        }
    }

    fn tell(&mut self, newest: Arc<LaunchState>) -> Option<Event> {
        let now = self.state.clock.now();
        let message = self
            .state
            .feed
            .message(&self.shown, &newest, || in_json(&LaunchChange::between(&self.shown, &newest, now), newest.seq));
        self.holds_until = holds_until(&self.state, &newest, now);
        self.told = now;
        self.rested = ambient::instant() + REST;
        self.shown = newest;
        Some(self.event(&message))
    }

    fn tell_what_lapsed(&mut self, now: Moment) -> Event {
        let change = LaunchChange::by_time(&self.shown, self.told, now);
        self.told = now;
        self.holds_until = readiness(&self.shown, now).holds_until;
        self.event(&in_json(&change, self.shown.seq))
    }

    fn event(&self, message: &str) -> Event {
        Event::default().id(self.shown.seq.to_string()).event("change").data(message)
    }
}

fn in_json(change: &LaunchChange, seq: Seq) -> String {
    // It is made of texts and numbers; were it not JSON, a page that hears of the number alone loads anew.
    serde_json::to_string(change).unwrap_or_else(|_| format!(r#"{{"seq":{seq},"items":[]}}"#))
}

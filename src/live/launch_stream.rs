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
        launch::{access::may_view, event::Seq, state::LaunchState},
        readiness::compute_readiness,
        time::Moment,
    },
    open_count::OpenGuard,
    state::AppState,
    texts,
    web::{Error, form::Query},
};

/// How often the stream checks whether the session is still valid and whether anything has expired. The session is also
/// checked before each event.
pub(super) const RECHECK_INTERVAL: Duration = Duration::from_secs(20);
/// Minimum time between two events to a page. Changes in between are sent together afterwards: with a thousand pages
/// open, each receives a few events for a burst of ticks, instead of every page receiving every tick.
const MIN_EVENT_INTERVAL: Duration = Duration::from_millis(300);
/// How often something is sent when nothing happens, so that a broken connection is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

#[derive(Debug, Deserialize)]
pub(super) struct LaunchStreamQuery {
    /// The newest event that the page was made from.
    since: Option<Seq>,
}

/// Sends what changed since the page was made, and then each further change.
pub(super) async fn stream_launch(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(seen): Query<LaunchStreamQuery>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let open = acquire_stream(&state, access.user.id)?;
    // A browser that reconnects by itself sends the last event that it received, which may be newer than the address.
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let since = again.max(seen.since).unwrap_or(access.launch.seq);
    let now = access.now;
    Ok(sse_response(open, change_events(state, access, since, now).map(Ok)))
}

/// The changes to a launch after the state that a page shows, which is that of event `since` at the time `shown_at`. An
/// invalid event number counts as the newest.
pub(super) fn change_events(
    state: AppState,
    access: LaunchAccess,
    since: Seq,
    shown_at: Moment,
) -> impl Stream<Item = Event> + Send + use<> {
    let launch = &access.launch;
    let holds_until = if shown_at < access.now {
        compute_readiness(launch, shown_at).valid_until
    } else {
        verdict_holds_until(&state, launch, access.now)
    };
    let watching = WatchedPage {
        changes: state.feed.watch(Arc::clone(launch)),
        shown_seq: if (1..launch.seq).contains(&since) { since } else { launch.seq },
        recheck: tokio::time::interval(RECHECK_INTERVAL),
        next_send_at: ambient::monotonic_now(),
        last_sent_at: shown_at,
        holds_until,
        access,
        state,
    };
    stream::unfold(watching, |mut watching| async move {
        let event = watching.next_event().await?;
        Some((event, watching))
    })
}

/// Counts one more stream of this person, or fails if they have too many open.
pub(super) fn acquire_stream(state: &AppState, user: UserId) -> Result<OpenGuard<UserId>, Error> {
    state
        .open_streams
        .open(user, state.config.limits.streams_per_person)
        .ok_or(Error::TooManyOpen(texts::too_many_followed_launches()))
}

/// A response that sends these events as they come; its stream is counted until the response ends.
pub(super) fn sse_response(
    open: OpenGuard<UserId>,
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> Response {
    let events = events.inspect(move |_| {
        let _counted = &open;
    });
    // The stream is personal, like every page of a launch; the default of [`Sse`] would let caches store it.
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))).into_response()
}

/// When the verdict on a launch may next change by itself. This is computed once, however many pages are open.
fn verdict_holds_until(state: &AppState, launch: &LaunchState, now: Moment) -> Option<Moment> {
    state.feed.cached_expiry(launch, || compute_readiness(launch, now).valid_until)
}

struct WatchedPage {
    changes: watch::Receiver<Arc<LaunchState>>,
    /// The newest event that the page shows.
    shown_seq: Seq,
    /// When the page was last updated.
    last_sent_at: Moment,
    /// When the page's content may next change by itself.
    holds_until: Option<Moment>,
    recheck: Interval,
    /// When the next event may be sent.
    next_send_at: Instant,
    access: LaunchAccess,
    state: AppState,
}

impl WatchedPage {
    /// The next event; `None` ends the stream.
    async fn next_event(&mut self) -> Option<Event> {
        loop {
            let newest = Arc::clone(&self.changes.borrow_and_update());
            if !may_view(&newest, &self.access.user.actor()) {
                return None;
            }
            let news = newest.seq > self.shown_seq;
            if news && self.next_send_at <= ambient::monotonic_now() {
                if !current_user::is_still_signed_in(&self.state, &self.access.user).await {
                    return None;
                }
                return Some(self.change_event(&newest));
            }
            tokio::select! {
                () = self.state.stop.cancelled() => return None,
                changed = self.changes.changed() => changed.ok()?,
                () = sleep_until(self.next_send_at), if news => {}
                _ = self.recheck.tick() => {
                    if !current_user::is_still_signed_in(&self.state, &self.access.user).await {
                        return None;
                    }
                    if self.has_expired() {
                        return Some(self.change_event(&newest));
                    }
                }
            }
        }
    }

    /// Whether time alone may have changed the page's content since it was last updated.
    fn has_expired(&self) -> bool {
        self.holds_until.is_some_and(|until| until <= self.state.clock.now())
    }

    /// Everything that changed since the page was last updated.
    fn change_event(&mut self, newest: &LaunchState) -> Event {
        let (since, now) = (self.shown_seq, self.state.clock.now());
        let message = if self.has_expired() {
            self.holds_until = compute_readiness(newest, now).valid_until;
            to_json(&LaunchChange::since_update(newest, since, self.last_sent_at, now), newest.seq).into()
        } else {
            self.holds_until = verdict_holds_until(&self.state, newest, now);
            let change = || to_json(&LaunchChange::since_event(newest, since, now), newest.seq);
            self.state.feed.cached_message(newest, since, change)
        };
        self.shown_seq = newest.seq;
        self.last_sent_at = now;
        self.next_send_at = ambient::monotonic_now() + MIN_EVENT_INTERVAL;
        Event::default().id(newest.seq.to_string()).event("change").data(message)
    }
}

fn to_json(change: &LaunchChange, seq: Seq) -> String {
    // This can't fail for texts and numbers; if it did, a page that receives only the number would reload.
    serde_json::to_string(change).unwrap_or_else(|_| format!(r#"{{"seq":{seq},"items":[]}}"#))
}

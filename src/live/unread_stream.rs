//! How many notifications a person has not read, whenever it changes.

use axum::response::sse::Event;
use futures_util::stream::{self, Stream};

use super::launch_stream::RECHECK_INTERVAL;
use crate::{
    access::{CurrentUser, current_user},
    state::AppState,
};

/// The changes of a person's number of unread notifications. It ends with the session.
pub(super) fn unread_events(state: AppState, user: CurrentUser) -> impl Stream<Item = Event> + Send {
    let unread = state.feed.inbox.watch(user.id, user.unread());
    let recheck = tokio::time::interval(RECHECK_INTERVAL);
    stream::unfold((state, user, unread, recheck), |(state, user, mut unread, mut recheck)| async move {
        loop {
            let is_new = tokio::select! {
                () = state.stop.cancelled() => return None,
                changed = unread.changed() => changed.map(|()| true).ok()?,
                _ = recheck.tick() => false,
            };
            if !current_user::is_still_signed_in(&state, &user).await {
                return None;
            }
            if is_new {
                let count = *unread.borrow_and_update();
                let message = serde_json::json!({ "count": count }).to_string();
                return Some((Event::default().event("unread").data(message), (state, user, unread, recheck)));
            }
        }
    })
}

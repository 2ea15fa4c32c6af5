//! POST: opening notifications, and marking them as read or unread.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::store;
use crate::{
    access::CurrentUser,
    domain::{ids::LaunchId, launch::access::may_view, time::Moment},
    presentation::notifications::describe_notification,
    record::inbox_feed::announce_inbox_change,
    state::AppState,
    texts,
    web::{
        Error,
        form::{Form, Path, Query},
        response::SeeOther,
    },
};

const INBOX: &str = "/notifications";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReadForm {
    /// The launch whose notifications are marked; empty for all.
    launch: String,
    /// The time of the page: what came later stays unread.
    until: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReadUndoQuery {
    /// When the notifications were marked as read.
    read_at: String,
}

/// The address that undoes what was marked as read at this moment.
fn undo_path(read_at: Moment) -> String {
    format!("{INBOX}/undo?read_at={read_at}")
}

/// `POST /notifications/read`: a time in the future, or one that is none, means now.
pub(super) async fn mark_all_read(
    State(state): State<AppState>,
    user: CurrentUser,
    Form(form): Form<ReadForm>,
) -> Result<Response, Error> {
    let launch = match form.launch.as_str() {
        "" => None,
        id => Some(id.parse::<LaunchId>().map_err(|_| Error::NotFound)?),
    };
    let now = state.clock.now();
    let until = form.until.parse().map_or(now, |until: Moment| until.min(now));
    let marked = store::mark_all_read(&state.db, user.id, launch, until, now).await?;
    announce_inbox_change(&state.db).await?;
    let to = SeeOther::to(INBOX);
    Ok(match marked {
        0 => to.with_success(texts::nothing_was_unread()),
        _ => to.with_success(texts::notifications_marked_as_read(marked)).with_undo(Some(undo_path(now))),
    }
    .into_response())
}

/// `POST /notifications/undo`: undoes a marking.
pub(super) async fn undo_read(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(query): Query<ReadUndoQuery>,
) -> Result<Response, Error> {
    let read_at = query.read_at.parse().map_err(|_| Error::BadRequest(texts::form_arrived_only_in_part()))?;
    store::mark_unread(&state.db, user.id, None, read_at).await?;
    announce_inbox_change(&state.db).await?;
    Ok(SeeOther::to(INBOX).with_success(texts::notifications_are_unread_again()).into_response())
}

/// `POST /notifications/{id}/open`: marks it as read, and goes to what it is about.
pub(super) async fn open(
    State(state): State<AppState>,
    user: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let notification = store::find_notification(&state.db, user.id, id).await?.ok_or(Error::NotFound)?;
    store::mark_read(&state.db, user.id, id, state.clock.now()).await?;
    announce_inbox_change(&state.db).await?;
    let launch = state.record.load(&state.db, notification.launch).await?;
    let launch = launch.filter(|launch| may_view(launch, &user.actor()));
    let to = launch.map_or_else(|| INBOX.to_owned(), |launch| describe_notification(&notification, &launch).href);
    Ok(SeeOther::to(to).into_response())
}

pub(super) async fn mark_read(
    State(state): State<AppState>,
    user: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    if !store::mark_read(&state.db, user.id, id, now).await? {
        return Err(Error::NotFound);
    }
    announce_inbox_change(&state.db).await?;
    let done = SeeOther::to(INBOX).with_success(texts::notifications_marked_as_read(1));
    Ok(done.with_undo(Some(undo_path(now))).into_response())
}

pub(super) async fn mark_unread(
    State(state): State<AppState>,
    user: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let notification = store::find_notification(&state.db, user.id, id).await?.ok_or(Error::NotFound)?;
    if let Some(read_at) = notification.read_at {
        store::mark_unread(&state.db, user.id, Some(id), read_at).await?;
    }
    announce_inbox_change(&state.db).await?;
    Ok(SeeOther::to(INBOX).with_success(texts::notifications_are_unread_again()).into_response())
}

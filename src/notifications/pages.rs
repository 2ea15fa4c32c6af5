//! GET: the page.

use std::{collections::HashMap, sync::Arc};

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    store::{self, InboxPlace},
    view::{InboxPage, InboxRow, LaunchGroup},
};
use crate::{
    access::CurrentUser,
    domain::{
        ids::LaunchId,
        launch::{access::may_view, state::LaunchState},
        notification::{NotificationReason, ReasonGroup, StoredNotification},
    },
    presentation::notifications::{describe_hidden_notification, describe_notification},
    record::notifications::RETENTION_DAYS,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::Query,
        response::render,
    },
};

/// Notifications on a page.
const PAGE_SIZE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InboxQuery {
    /// `all` shows read ones too.
    show: String,
    /// `<moment>~<id>`: the page begins after this notification.
    after: String,
}

impl InboxQuery {
    /// The place after which the page begins; a text that is none means the newest.
    fn place(&self) -> Option<InboxPlace> {
        let (at, id) = self.after.split_once('~')?;
        Some(InboxPlace { at: at.parse().ok()?, id: id.parse().ok()? })
    }

    fn href(&self, place: InboxPlace) -> String {
        let show = if self.show == "all" { "show=all&" } else { "" };
        format!("/notifications?{show}after={}~{}", place.at, place.id)
    }
}

/// `GET /notifications`: two database queries, whatever there is.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(query): Query<InboxQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let only_unread = query.show != "all";
    let limit = PAGE_SIZE as i64 + 1;
    let mut all = store::load_notifications(&state.db, user.id, only_unread, query.place(), limit).await?;
    let has_more = all.len() > PAGE_SIZE;
    all.truncate(PAGE_SIZE);
    let older = all.last().filter(|_| has_more).map(|last| query.href(InboxPlace { at: last.at, id: last.id }));
    let mut ids: Vec<LaunchId> = all.iter().map(|notification| notification.launch).collect();
    ids.sort_unstable();
    ids.dedup();
    let launches = state.record.load_many(&state.db, &ids).await?;
    let actor = user.actor();
    let visible = launches.into_iter().filter(|(_, launch)| may_view(launch, &actor)).collect();
    let chrome = page.chrome(&state, texts::notifications(), Nav::Notifications);
    render(&InboxPage {
        until: chrome.now,
        chrome,
        only_unread,
        groups: group_by_launch(&all, &visible),
        older,
        retention_days: RETENTION_DAYS,
    })
}

/// Groups notifications by launch, the launch with the newest first.
fn group_by_launch(
    notifications: &[StoredNotification],
    visible: &HashMap<LaunchId, Arc<LaunchState>>,
) -> Vec<LaunchGroup> {
    let mut groups: Vec<LaunchGroup> = Vec::new();
    for notification in notifications {
        let launch = visible.get(&notification.launch).map(AsRef::as_ref);
        let row = build_row(notification, launch);
        match groups.iter_mut().find(|group| group.launch == notification.launch) {
            Some(group) => group.rows.push(row),
            None => groups.push(LaunchGroup {
                launch: notification.launch,
                name: launch.map(|launch| launch.name().to_owned()),
                rows: vec![row],
            }),
        }
    }
    groups
}

fn build_row(notification: &StoredNotification, launch: Option<&LaunchState>) -> InboxRow {
    let text = launch.map(|launch| describe_notification(notification, launch));
    let hidden = || describe_hidden_notification(notification);
    let (sentence, place) = text.map_or_else(|| (hidden(), String::new()), |text| (text.sentence, text.place));
    InboxRow {
        id: notification.id,
        icon: icon(notification.reason),
        sentence,
        place,
        at: notification.at,
        must_act: notification.must_act,
        is_read: notification.read_at.is_some(),
        is_hidden: launch.is_none(),
    }
}

const fn icon(reason: NotificationReason) -> &'static str {
    match reason {
        NotificationReason::Blocked | NotificationReason::Objected => "no-go",
        NotificationReason::SignatureStale => "stale",
        _ => match reason.group() {
            ReasonGroup::Assignments => "person",
            ReasonGroup::Mentions | ReasonGroup::Comments => "comment",
            ReasonGroup::Items => "tick",
            ReasonGroup::Signatures => "sign",
            ReasonGroup::Exceptions => "hold",
            ReasonGroup::Evidence => "clip",
            ReasonGroup::Decisions => "go",
            ReasonGroup::Dates => "clock",
        },
    }
}

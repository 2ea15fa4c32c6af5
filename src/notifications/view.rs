//! The data of the page's template.

use std::borrow::Cow;

use askama::Template;
use uuid::Uuid;

use crate::{
    domain::{ids::LaunchId, time::Moment},
    texts,
    web::chrome::Chrome,
};

#[derive(Template)]
#[template(path = "notifications/inbox.html")]
pub(super) struct InboxPage {
    pub chrome: Chrome,
    pub only_unread: bool,
    pub groups: Vec<LaunchGroup>,
    /// The address of the page with older ones.
    pub older: Option<String>,
    /// Until when all is marked as read: the time of this page.
    pub until: Moment,
    pub retention_days: i64,
}

impl InboxPage {
    fn empty_title(&self) -> Cow<'static, str> {
        if self.only_unread { texts::no_unread_notifications() } else { texts::no_notifications() }
    }
}

/// Notifications of one launch that follow each other on the page.
pub(super) struct LaunchGroup {
    pub launch: LaunchId,
    /// The launch's name; `None` if the person may not see it any more.
    pub name: Option<String>,
    pub rows: Vec<InboxRow>,
}

pub(super) struct InboxRow {
    pub id: Uuid,
    pub icon: &'static str,
    pub sentence: Cow<'static, str>,
    pub place: String,
    pub at: Moment,
    pub must_act: bool,
    pub is_read: bool,
    pub is_hidden: bool,
}

impl LaunchGroup {
    fn has_unread(&self) -> bool {
        self.rows.iter().any(|row| !row.is_read)
    }
}

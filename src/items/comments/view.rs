//! Comments, as the item page shows them.

use std::collections::HashMap;

use super::super::{typed::At, view::offers};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::CommentId,
        launch::{
            access::{Act, Work},
            state::{Comment, Item},
        },
        role::InstallationRole,
        time::Moment,
    },
    web::{
        Error,
        markdown::{SafeHtml, render_all},
    },
};

/// A comment.
pub(in crate::items) struct CommentView {
    pub id: CommentId,
    pub by: String,
    pub at: Moment,
    pub edited_at: Option<Moment>,
    /// A deleted comment leaves who and when.
    pub deleted_at: Option<Moment>,
    /// Who hid it, and when.
    pub hidden: Option<(String, Moment)>,
    pub text: String,
    pub html: SafeHtml,
    /// Whether the reader gets to see the text although it is hidden.
    pub can_read_hidden: bool,
    pub can_edit: bool,
    pub can_hide: bool,
}

impl CommentView {
    /// The form that rewrites it.
    pub(in crate::items) const fn form(&self) -> At {
        At::Edit(self.id)
    }
}

/// An item's comments, oldest first, with the bodies that were read.
pub(in crate::items) async fn comments(
    access: &LaunchAccess,
    item: &Item,
    mut bodies: HashMap<CommentId, String>,
) -> Result<Vec<CommentView>, Error> {
    let state = &*access.launch;
    let there = || item.comments.iter().filter_map(|id| state.comments.get(id));
    let texts =
        there().map(|comment| (comment.id, bodies.remove(&comment.id).unwrap_or_else(|| "[redacted]".to_owned())));
    let texts: Vec<_> = texts.collect();
    let rendered = render_all(texts.clone()).await?;
    let views = there().zip(texts).zip(rendered).map(|((comment, (id, text)), (_, html))| CommentView {
        id,
        by: state.person(comment.by).to_owned(),
        at: comment.at,
        edited_at: comment.edited_at,
        deleted_at: comment.deleted_at,
        hidden: comment.hidden.map(|(by, at)| (state.person(by).to_owned(), at)),
        text,
        html,
        can_read_hidden: reads_hidden(access, comment),
        can_edit: offers(access, item, &Act::EditComment(id), Work::Accompany),
        can_hide: offers(access, item, &Act::HideComment(id), Work::Accompany),
    });
    Ok(views.collect())
}

/// Auditors and admins, the launch's owner and the comment's author. The history has the text for everybody.
fn reads_hidden(access: &LaunchAccess, comment: &Comment) -> bool {
    let user = &access.user;
    user.is(InstallationRole::Auditor)
        || user.is(InstallationRole::Admin)
        || [access.launch.owner, comment.by].contains(&user.id)
}

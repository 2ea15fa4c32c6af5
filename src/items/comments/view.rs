//! Comments, as the item page shows them.

use std::collections::HashMap;

use super::super::{typed::At, view::offers};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::CommentId,
        launch::{
            access::{Act, Work},
            state::Item,
        },
        time::Moment,
    },
    web::markdown::{self, SafeHtml},
};

/// A comment.
pub(in crate::items) struct CommentView {
    pub id: CommentId,
    pub by: String,
    pub at: Moment,
    pub edited_at: Option<Moment>,
    /// A deleted comment leaves who and when.
    pub deleted_at: Option<Moment>,
    pub text: String,
    pub html: SafeHtml,
    pub can_edit: bool,
}

impl CommentView {
    /// The form that rewrites it.
    pub(in crate::items) const fn form(&self) -> At {
        At::Edit(self.id)
    }
}

/// An item's comments, oldest first, with the bodies that were read.
pub(in crate::items) fn comments(
    access: &LaunchAccess,
    item: &Item,
    bodies: &HashMap<CommentId, String>,
) -> Vec<CommentView> {
    let state = &*access.launch;
    let comments = item.comments.iter().filter_map(|id| state.comments.get(id));
    comments
        .map(|comment| {
            let text = bodies.get(&comment.id).map_or("[redacted]", String::as_str);
            CommentView {
                id: comment.id,
                by: state.person(comment.by).to_owned(),
                at: comment.at,
                edited_at: comment.edited_at,
                deleted_at: comment.deleted_at,
                text: text.to_owned(),
                html: markdown::render(text),
                can_edit: offers(access, item, &Act::EditComment(comment.id), Work::Accompany),
            }
        })
        .collect()
}

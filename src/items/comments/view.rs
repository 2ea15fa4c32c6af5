//! Data of the comments on the item page.

use super::super::{availability::is_available, form_input::ItemPageForm};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::CommentId,
        launch::{
            access::{Act, ActGroup},
            state::{Comment, Item},
        },
        role::InstallationRole,
        time::Moment,
    },
    record::texts::LoadedTexts,
    texts,
    web::{
        Error,
        markdown::{SafeHtml, render_all},
    },
};

pub(in crate::items) struct CommentView {
    pub id: CommentId,
    pub by: String,
    pub at: Moment,
    pub edited_at: Option<Moment>,
    /// The author and time of a deleted comment are still shown.
    pub deleted_at: Option<Moment>,
    /// Who hid it, and when.
    pub hidden: Option<(String, Moment)>,
    pub text: String,
    pub html: SafeHtml,
    /// Whether the reader may read the text although it is hidden.
    pub can_read_hidden: bool,
    pub can_edit: bool,
    pub can_hide: bool,
}

impl CommentView {
    pub(in crate::items) const fn form(&self) -> ItemPageForm {
        ItemPageForm::EditComment(self.id)
    }
}

/// Builds an item's comments, oldest first, from the loaded bodies.
pub(in crate::items) async fn build_comments(
    access: &LaunchAccess,
    item: &Item,
    bodies: &LoadedTexts,
) -> Result<Vec<CommentView>, Error> {
    let state = &*access.launch;
    let comments = || item.comments.iter().filter_map(|id| state.comments.get(id));
    let body = |comment: &Comment| {
        bodies.get(&comment.body).cloned().unwrap_or_else(|| texts::text_is_redacted().into_owned())
    };
    let comment_bodies: Vec<_> = comments().map(|comment| (comment.id, body(comment))).collect();
    let rendered = render_all(comment_bodies.clone()).await?;
    let views = comments().zip(comment_bodies).zip(rendered).map(|((comment, (id, text)), (_, html))| CommentView {
        id,
        by: state.person_name(comment.by).to_owned(),
        at: comment.at,
        edited_at: comment.edited_at,
        deleted_at: comment.deleted_at,
        hidden: comment.hidden.map(|(by, at)| (state.person_name(by).to_owned(), at)),
        text,
        html,
        can_read_hidden: can_read_hidden(access, comment),
        can_edit: is_available(access, item, &Act::EditComment(id), ActGroup::Collaborate),
        can_hide: is_available(access, item, &Act::HideComment(id), ActGroup::Collaborate),
    });
    Ok(views.collect())
}

/// Auditors, admins, the launch's owner and the comment's author can. The history shows the text to everybody.
fn can_read_hidden(access: &LaunchAccess, comment: &Comment) -> bool {
    let user = &access.user;
    user.has_role(InstallationRole::Auditor)
        || user.has_role(InstallationRole::Admin)
        || [access.launch.owner, comment.by].contains(&user.id)
}

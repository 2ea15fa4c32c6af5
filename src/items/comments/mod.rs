//! POST: comments. One that was deleted, or that the owner has hidden, leaves a trace on the page, and in the history.

pub(super) mod view;

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    submission::Submission,
    typed::{At, Typed},
};
use crate::{
    access::launch_access::{ItemAccess, PartAccess},
    domain::{
        ids::{CommentId, ItemId},
        launch::{access::Act, command::Command},
        text::Markdown,
    },
    launch_page::texts::{made_once, new_text},
    state::AppState,
    web::{Error, form::Sent, page::Page},
};

/// A comment, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CommentForm {
    body: String,
    once: String,
    next: String,
}

/// `POST /items/{id}/comments`.
pub(super) async fn add(
    State(state): State<AppState>,
    item: ItemAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    item.access.may(&Act::Comment(item.id))?;
    let form: CommentForm = sent.form().await?;
    let mut typed = Typed::at(At::Comment, [("body", &form.body)]);
    let body = typed.errors.take("body", Markdown::entered(&form.body));
    let command = body.map(|body| Command::Comment {
        item: item.id,
        comment: made_once(item.access.user.id, item.id, &form.once, &[body.as_str().as_bytes()]),
        body: new_text(body),
    });
    let submission = Submission { state, access: item.access, page, item: item.id, typed };
    submission.run(command, ("#comments", &form.next), "Your comment is there.").await
}

/// `POST /comments/{id}`.
pub(super) async fn edit(
    State(state): State<AppState>,
    comment: PartAccess<CommentId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    comment.access.may(&Act::EditComment(comment.id))?;
    let form: CommentForm = sent.form().await?;
    let mut typed = Typed::at(At::Edit(comment.id), [("body", &form.body)]);
    let body = typed.errors.take("body", Markdown::entered(&form.body));
    let item = item_of(&comment)?;
    // A state holds no bodies of comments, so that whether this one is as it was is looked up.
    let kept = super::store::bodies(&state.db, item).await?.remove(&comment.id);
    let is_unchanged = body.as_ref().is_some_and(|body| kept.as_deref() == Some(body.as_str()));
    let command = body.map(|body| Command::EditComment { comment: comment.id, body: new_text(body) });
    let submission = Submission { state, access: comment.access, page, item, typed };
    if is_unchanged {
        return Ok(submission.on("#comments", &form.next, "Your comment is as it was."));
    }
    submission.run(command, ("#comments", &form.next), "Your comment is changed.").await
}

/// `POST /comments/{id}/deletion`.
pub(super) async fn delete(
    State(state): State<AppState>,
    comment: PartAccess<CommentId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    comment.access.may(&Act::EditComment(comment.id))?;
    let form: CommentForm = sent.form().await?;
    let item = item_of(&comment)?;
    let typed = Typed::nothing();
    let submission = Submission { state, access: comment.access, page, item, typed };
    let command = Command::DeleteComment { comment: comment.id };
    submission.run(Some(command), ("#comments", &form.next), "Your comment is deleted.").await
}

/// Whether a comment is to be hidden, or shown again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HidingForm {
    hidden: String,
    next: String,
}

/// `POST /comments/{id}/hiding`.
pub(super) async fn hide(
    State(state): State<AppState>,
    comment: PartAccess<CommentId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    comment.access.may(&Act::HideComment(comment.id))?;
    let form: HidingForm = sent.form().await?;
    let (command, told) = match form.hidden.as_str() {
        "yes" => (Command::HideComment { comment: comment.id }, "The comment is hidden."),
        "no" => (Command::ShowComment { comment: comment.id }, "The comment is shown again."),
        _ => return Err(Error::Unprocessable("A comment is either hidden or shown.".into())),
    };
    let item = item_of(&comment)?;
    let submission = Submission { state, access: comment.access, page, item, typed: Typed::nothing() };
    submission.run(Some(command), ("#comments", &form.next), told).await
}

fn item_of(comment: &PartAccess<CommentId>) -> Result<ItemId, Error> {
    comment.access.launch.comments.get(&comment.id).map(|comment| comment.item).ok_or(Error::NotFound)
}

//! POST: comments. A comment that was deleted, or hidden by the owner, leaves a trace on the page and in the history.

pub(super) mod view;

use std::borrow::Cow;

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    form_input::{ItemPageForm, ItemPageInput},
    submission::{FormCommand, ItemSection, ItemSubmission},
};
use crate::{
    access::launch_access::{ItemAccess, LaunchAccess, LaunchChildAccess},
    domain::{
        ids::{CommentId, ItemId},
        launch::{access::Act, command::Command},
        text::Markdown,
    },
    record::{notifications::find_mentioned_without_access, texts::load_texts},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::UnreadForm,
        idempotency::{SentIdempotencyKey, idempotent_id_on_item, new_text},
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CommentForm {
    body: String,
    once: SentIdempotencyKey,
    next: String,
}

pub(super) async fn add_comment(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::Comment(item.id))?;
    let form: CommentForm = sent.read_form().await?;
    let mut input = ItemPageInput::at(ItemPageForm::Comment, [("body", &form.body)]);
    let body = input.errors.check("body", Markdown::from_input(&form.body));
    let key = input.errors.check("once", form.once.parse());
    let message = describe_success(&state, &item.access, body.as_ref(), texts::comment_is_added()).await?;
    let command = body.zip(key).map(|(body, key)| Command::AddComment {
        item: item.id,
        comment: idempotent_id_on_item(item.access.user.id, item.id, key, &[body.as_str().as_bytes()]),
        body: new_text(body),
    });
    let submission = ItemSubmission { state, access: item.access, page, item: item.id, input };
    submission.submit(command, ItemSection::Comments.success(&form.next, message)).await
}

/// `POST /comments/{id}`: replaces the text of a comment; only its author can.
pub(super) async fn edit_comment(
    State(state): State<AppState>,
    comment: LaunchChildAccess<CommentId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    comment.access.check_permission(&Act::EditComment(comment.id))?;
    let form: CommentForm = sent.read_form().await?;
    let mut input = ItemPageInput::at(ItemPageForm::EditComment(comment.id), [("body", &form.body)]);
    let body = input.errors.check("body", Markdown::from_input(&form.body));
    let item = find_item_id(&comment)?;
    // A launch's state has no comment bodies, so the stored body is loaded to see whether it changes.
    let stored = comment.access.launch.comments.get(&comment.id).filter(|stored| stored.deleted_at.is_none());
    let stored = load_texts(&state.db, stored.map(|stored| stored.body)).await?.into_values().next();
    let is_unchanged = body.as_ref().is_some_and(|body| stored.as_deref() == Some(body.as_str()));
    let message = describe_success(&state, &comment.access, body.as_ref(), texts::comment_is_changed()).await?;
    let command = body.map(|body| Command::EditComment { comment: comment.id, body: new_text(body) });
    let submission = ItemSubmission { state, access: comment.access, page, item, input };
    if is_unchanged {
        return Ok(submission.redirect(ItemSection::Comments.success(&form.next, texts::comment_is_unchanged())));
    }
    submission.submit(command, ItemSection::Comments.success(&form.next, message)).await
}

/// What is said when a comment is stored: with the people who are named in it with an `@` and may not see the launch, so that
/// they are not notified.
async fn describe_success(
    state: &AppState,
    access: &LaunchAccess,
    body: Option<&Markdown>,
    stored: Cow<'static, str>,
) -> Result<Cow<'static, str>, Error> {
    let Some(body) = body else { return Ok(stored) };
    let unnotified = find_mentioned_without_access(&state.db, &access.launch, body.as_str()).await?;
    if unnotified.is_empty() {
        return Ok(stored);
    }
    Ok(texts::comment_is_stored_and_people_not_notified(stored, unnotified.join(", ")))
}

pub(super) async fn delete_comment(
    State(state): State<AppState>,
    comment: LaunchChildAccess<CommentId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    comment.access.check_permission(&Act::EditComment(comment.id))?;
    let form: CommentForm = sent.read_form().await?;
    let item = find_item_id(&comment)?;
    let input = ItemPageInput::empty();
    let submission = ItemSubmission { state, access: comment.access, page, item, input };
    let command = Command::DeleteComment { comment: comment.id };
    submission
        .submit(FormCommand::Valid(command), ItemSection::Comments.success(&form.next, texts::comment_is_deleted()))
        .await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CommentHidingForm {
    hidden: String,
    next: String,
}

pub(super) async fn hide_or_show_comment(
    State(state): State<AppState>,
    comment: LaunchChildAccess<CommentId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    comment.access.check_permission(&Act::HideComment(comment.id))?;
    let form: CommentHidingForm = sent.read_form().await?;
    let (command, message) = match form.hidden.as_str() {
        "yes" => (Command::HideComment { comment: comment.id }, texts::comment_is_hidden()),
        "no" => (Command::ShowComment { comment: comment.id }, texts::comment_is_shown_again()),
        _ => return Err(Error::Unprocessable(texts::choose_hidden_or_shown())),
    };
    let item = find_item_id(&comment)?;
    let submission = ItemSubmission { state, access: comment.access, page, item, input: ItemPageInput::empty() };
    submission.submit(FormCommand::Valid(command), ItemSection::Comments.success(&form.next, message)).await
}

fn find_item_id(comment: &LaunchChildAccess<CommentId>) -> Result<ItemId, Error> {
    comment.access.launch.comments.get(&comment.id).map(|comment| comment.item).ok_or(Error::NotFound)
}

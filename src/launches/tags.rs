//! POST: the tags of a launch: words by which lists are filtered, such as a product or a team.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        launch::{
            access::Act,
            changed_thing::ChangedThing,
            command::Command,
            event::Seq,
            state::{LaunchState, MAX_TAGS},
        },
        text::{Tag, TextError},
    },
    presentation::{
        formatting,
        head::{LaunchHead, Tab},
        refusal::{FormRefusal, to_form_refusal},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::UnreadForm,
        form_base::FormBase,
        response::{SeeOther, render_with_status},
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchTagsForm {
    /// Separated by commas; `None` if the form does not have the field.
    tags: Option<String>,
    seq: FormBase,
}

/// The data of `templates/launches/_tags_form.html`.
pub(super) struct TagsFormView {
    pub value: String,
    /// The newest event that changed the tags.
    pub seq: Seq,
    pub error: Option<String>,
}

impl TagsFormView {
    /// The form with the tags that the launch has.
    pub(super) fn new(launch: &LaunchState) -> Self {
        Self {
            value: formatting::join_tags(&launch.tags).unwrap_or_default(),
            seq: launch.newest_change(&[ChangedThing::Tags]),
            error: None,
        }
    }

    pub(super) const fn max_tags(&self) -> usize {
        MAX_TAGS
    }
}

/// The page of a form that came back.
#[derive(Template)]
#[template(path = "launches/tags.html")]
struct LaunchTagsPage {
    chrome: Chrome,
    head: LaunchHead,
    tags: TagsFormView,
    problem: Option<String>,
}

/// Reads tags that are separated by commas; empty ones are left out.
fn parse_tags(text: &str) -> Result<Vec<Tag>, TextError> {
    text.split(',').filter(|tag| !tag.trim().is_empty()).map(Tag::new).collect()
}

/// `POST /launches/{id}/tags` replaces all tags.
pub(super) async fn set_tags(
    State(state): State<AppState>,
    mut access: LaunchAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    access.check_permission(&Act::ChangeSettings)?;
    let mut form: LaunchTagsForm = sent.read_form().await?;
    let (mut error, mut problem, mut status) = (None, None, StatusCode::UNPROCESSABLE_ENTITY);
    match (form.tags.as_deref().map(parse_tags), form.seq.number()) {
        (Some(Ok(tags)), Some(seq)) => {
            let command = Command::SetTags { tags }.unless_changed_since(seq);
            match state.record.execute(&state.db, access.requester(None), access.launch.id, vec![command]).await {
                Ok(done) => {
                    let to = format!("/launches/{}/settings#tags", done.state.id);
                    return Ok(SeeOther::to(to).with_success(texts::settings_are_saved()).into_response());
                }
                Err(not_done) => {
                    access = access.reload(&state).await?;
                    match to_form_refusal(&access.launch, not_done)? {
                        FormRefusal::Fields(errors) => error = errors.get("tags").map(str::to_owned),
                        FormRefusal::Conflict(sentence, conflict) => {
                            (problem, status) = (Some(sentence), StatusCode::CONFLICT);
                            if conflict.says_what_changed() {
                                form.seq.forget();
                            }
                        }
                    }
                }
            }
        }
        (parsed, base) => {
            let is_complete = parsed.is_some() && base.is_some();
            error = parsed.and_then(Result::err).map(|wrong| wrong.to_string());
            if !is_complete {
                form.seq.forget();
                problem = Some(texts::form_has_no_base().into_owned());
            }
        }
    }
    let current = TagsFormView::new(&access.launch);
    let tags = TagsFormView { value: form.tags.unwrap_or(current.value), seq: form.seq.or(current.seq), error };
    let chrome = page.chrome(&state, texts::settings_of_launch(access.launch.name()), Nav::Launches);
    render_with_status(status, &LaunchTagsPage { chrome, head: LaunchHead::new(&access, Tab::Settings), tags, problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_split_at_commas() {
        let parse = |text: &str| parse_tags(text).map(|tags| tags.into_iter().map(String::from).collect::<Vec<_>>());
        assert_eq!(parse(" Payments ,Team  Blue,, "), Ok(vec!["Payments".to_owned(), "Team  Blue".to_owned()]));
        assert_eq!(parse(""), Ok(Vec::new()));
        assert_eq!(parse("Cafe\u{301}"), Ok(vec!["Caf\u{e9}".to_owned()]));
        assert_eq!(parse(&"a".repeat(41)), Err(TextError::TooLong(Tag::MAX)));
        assert_eq!(parse("\u{200B}"), Err(TextError::Empty));
        assert_eq!(parse("a\nb"), Err(TextError::Character));
    }
}

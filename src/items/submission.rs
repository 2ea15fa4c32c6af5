//! A submitted form of the item page: it is executed, or the page shows it again with its errors.

use std::borrow::Cow;

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use super::{form_input::ItemPageInput, pages};
use crate::{
    access::{launch_access::LaunchAccess, return_path::ReturnPath},
    domain::{ids::ItemId, launch::command::Command},
    presentation::refusal::{FormRefusal, to_form_refusal},
    record::{ExecuteError, execute::CommandOutcome},
    state::AppState,
    web::{
        Error,
        chrome::PageContext,
        response::{SeeOther, render_with_status},
    },
};

/// What a submitted form asks for.
pub(super) enum FormCommand {
    Valid(Command),
    /// A field is invalid; its message is in the input.
    Invalid,
}

impl From<Option<Command>> for FormCommand {
    fn from(command: Option<Command>) -> Self {
        command.map_or(Self::Invalid, Self::Valid)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemSection {
    Top,
    Agreement,
    Assignment,
    Comments,
    Evidence,
    Requests,
    Waivers,
}

impl ItemSection {
    const fn anchor(self) -> &'static str {
        match self {
            Self::Top => "",
            Self::Agreement => "#agreement",
            Self::Assignment => "#assignment",
            Self::Comments => "#comments",
            Self::Evidence => "#evidence",
            Self::Requests => "#requests",
            Self::Waivers => "#waivers",
        }
    }

    /// Leads to this section, or to the page `next` if it is not empty.
    pub(super) const fn success<'a>(self, next: &'a str, message: Cow<'static, str>) -> SuccessRedirect<'a> {
        SuccessRedirect { section: self, next, message }
    }
}

/// Where a change leads that was made, and its message there.
pub(super) struct SuccessRedirect<'a> {
    section: ItemSection,
    /// The page that the form was on, if it was not the item's.
    next: &'a str,
    message: Cow<'static, str>,
}

/// A submitted form with everything that its answer needs.
pub(super) struct ItemSubmission {
    pub(super) state: AppState,
    pub(super) access: LaunchAccess,
    pub(super) page: PageContext,
    pub(super) item: ItemId,
    pub(super) input: ItemPageInput,
}

impl ItemSubmission {
    /// Executes the command and redirects.
    pub(super) async fn submit(
        self,
        command: impl Into<FormCommand>,
        success: SuccessRedirect<'_>,
    ) -> Result<Response, Error> {
        let FormCommand::Valid(command) = command.into() else { return self.render_invalid().await };
        match self.execute(vec![command]).await {
            Ok(_) => Ok(self.redirect(success)),
            Err(not_done) => self.render_failure(not_done).await,
        }
    }

    /// Executes the commands, all or none.
    pub(super) async fn execute(&self, commands: Vec<Command>) -> Result<CommandOutcome, ExecuteError> {
        self.state.record.execute(&self.state.db, self.access.requester(None), self.access.launch.id, commands).await
    }

    pub(super) fn redirect(&self, success: SuccessRedirect<'_>) -> Response {
        let to = match success.next {
            "" => format!("/items/{}{}", self.item, success.section.anchor()),
            next => ReturnPath::new(next).path().to_owned(),
        };
        SeeOther::to(to).with_success(success.message).into_response()
    }

    pub(super) async fn render_invalid(self) -> Result<Response, Error> {
        self.render_page(StatusCode::UNPROCESSABLE_ENTITY).await
    }

    pub(super) async fn render_too_large(
        mut self,
        field: &'static str,
        sentence: Cow<'static, str>,
    ) -> Result<Response, Error> {
        self.input.errors.add(field, sentence);
        self.render_page(StatusCode::PAYLOAD_TOO_LARGE).await
    }

    pub(super) async fn render_conflict(mut self, sentence: impl Into<String>) -> Result<Response, Error> {
        self.input.problem = Some(sentence.into());
        self.render_page(StatusCode::CONFLICT).await
    }

    /// Shows the page with the reason of the failure, described by the launch's current state.
    pub(super) async fn render_failure(mut self, not_done: ExecuteError) -> Result<Response, Error> {
        self.reload_launch().await?;
        match to_form_refusal(&self.access.launch, not_done)? {
            FormRefusal::Fields(errors) => {
                self.input.errors = errors;
                self.render_invalid().await
            }
            FormRefusal::Conflict(sentence, conflict) => {
                if conflict.says_what_changed() {
                    self.input.base.forget();
                }
                self.render_conflict(sentence).await
            }
        }
    }

    /// Loads the launch's current state, which includes changes made meanwhile.
    pub(super) async fn reload_launch(&mut self) -> Result<(), Error> {
        let launch = self.state.record.load(&self.state.db, self.access.launch.id).await?;
        self.access.launch = launch.ok_or(Error::NotFound)?;
        Ok(())
    }

    async fn render_page(self, status: StatusCode) -> Result<Response, Error> {
        render_with_status(
            status,
            &pages::build_page(&self.state, &self.access, &self.page, self.item, self.input).await?,
        )
    }
}

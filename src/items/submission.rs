//! A form of the item page on its way through: done, or back on the page with what is wrong.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use super::{pages, typed::Typed};
use crate::{
    access::{launch_access::LaunchAccess, next::Next},
    domain::{ids::ItemId, launch::command::Command},
    launch_page::outcome::{Refused, refused},
    record::{NotDone, execute::Done},
    state::AppState,
    web::{
        Error,
        page::{Page, SeeOther, html_with},
    },
};

/// A form that was sent, with all that its answer takes.
pub(super) struct Submission {
    pub(super) state: AppState,
    pub(super) access: LaunchAccess,
    pub(super) page: Page,
    pub(super) item: ItemId,
    pub(super) typed: Typed,
}

impl Submission {
    /// Does what was asked (nothing, when a field is wrong) and goes on: to `next` if the form says so, else to
    /// this part of the item's page.
    pub(super) async fn run(
        self,
        command: Option<Command>,
        (anchor, next): (&str, &str),
        told: &str,
    ) -> Result<Response, Error> {
        let Some(command) = command else { return self.invalid().await };
        match self.execute(vec![command]).await {
            Ok(_) => Ok(self.on(anchor, next, told)),
            Err(not_done) => self.not_done(not_done).await,
        }
    }

    /// Does these commands, all or none.
    pub(super) async fn execute(&self, commands: Vec<Command>) -> Result<Done, NotDone> {
        self.state.record.execute(&self.state.db, self.access.asker(None), self.access.launch.id, commands).await
    }

    /// The way on, when it is done.
    pub(super) fn on(&self, anchor: &str, next: &str, told: &str) -> Response {
        let to = match next {
            "" => format!("/items/{}{anchor}", self.item),
            next => Next::new(next).path().to_owned(),
        };
        SeeOther::to(to).good(told).into_response()
    }

    /// The page again, with the sentences at the fields.
    pub(super) async fn invalid(self) -> Result<Response, Error> {
        self.back(StatusCode::UNPROCESSABLE_ENTITY).await
    }

    /// The page again, with a sentence at a field: there is no room for what was sent.
    pub(super) async fn too_large(mut self, field: &'static str, sentence: String) -> Result<Response, Error> {
        self.typed.errors.add(field, sentence);
        self.back(StatusCode::PAYLOAD_TOO_LARGE).await
    }

    /// The page again with a sentence on top: things stand differently.
    pub(super) async fn conflict(mut self, sentence: String) -> Result<Response, Error> {
        self.typed.problem = Some(sentence);
        self.back(StatusCode::CONFLICT).await
    }

    /// The page again with why it was not done, in the words of how things stand now.
    pub(super) async fn not_done(mut self, not_done: NotDone) -> Result<Response, Error> {
        self.bring_up_to_date().await?;
        match refused(&self.access.launch, not_done)? {
            Refused::Fields(errors) => {
                self.typed.errors = errors;
                self.invalid().await
            }
            Refused::Conflict(sentence, _) => self.conflict(sentence).await,
        }
    }

    /// Takes the launch as it stands now, after whatever came first.
    pub(super) async fn bring_up_to_date(&mut self) -> Result<(), Error> {
        let launch = self.state.record.load(&self.state.db, self.access.launch.id).await?;
        self.access.launch = launch.ok_or(Error::NotFound)?;
        Ok(())
    }

    async fn back(self, status: StatusCode) -> Result<Response, Error> {
        html_with(status, &pages::page(&self.state, &self.access, &self.page, self.item, self.typed).await?)
    }
}

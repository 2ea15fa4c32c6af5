//! Why a draft was not changed, published or discarded.

use http::StatusCode;

use super::current::ARCHIVED_MESSAGE;
use crate::{checklists::publish::PublishError, domain::checklist_draft::DraftEditError, web::Error};

#[derive(Debug, thiserror::Error)]
pub(super) enum DraftRefusal {
    #[error("{ARCHIVED_MESSAGE}")]
    Archived,
    #[error(transparent)]
    Edit(#[from] DraftEditError),
    #[error("There is nothing to publish: nobody has changed anything since version {0}.")]
    NothingChanged(i32),
    #[error("Nothing differs from version {0}, so there is nothing to publish.")]
    SameContent(i32),
    #[error("The draft was changed since you looked. This is what it is now; send it again if that is right.")]
    DraftChanged,
    #[error(
        "Version {0} was published since you looked. This is what the draft changes in it now; publish it if that is \
         right."
    )]
    NewerVersionPublished(i32),
    #[error("The draft can’t be published as it is.")]
    Unpublishable,
    #[error(transparent)]
    Publish(PublishError),
    /// Not a refusal: the request fails with this error.
    #[error("the draft could not be read or stored")]
    Failed(Error),
}

impl DraftRefusal {
    /// The status of the page that shows it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when something that the form names never existed, and the error of a request that failed.
    pub(super) fn into_status(self) -> Result<StatusCode, Error> {
        match self {
            Self::Failed(error) => Err(error),
            Self::Edit(DraftEditError::NotInDraft) => Err(Error::NotFound),
            Self::Edit(error) if !error.is_conflict() => Ok(StatusCode::UNPROCESSABLE_ENTITY),
            Self::Unpublishable => Ok(StatusCode::UNPROCESSABLE_ENTITY),
            _ => Ok(StatusCode::CONFLICT),
        }
    }
}

impl From<PublishError> for DraftRefusal {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::NotFound => Self::Failed(Error::NotFound),
            PublishError::Database(error) => Self::Failed(error.into()),
            PublishError::Archived => Self::Archived,
            PublishError::SameAsOlder(_) => Self::Publish(error),
        }
    }
}

impl From<Error> for DraftRefusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<sqlx::Error> for DraftRefusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

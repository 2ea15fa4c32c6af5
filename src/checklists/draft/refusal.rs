//! Why a draft was not changed, published or discarded.

use http::StatusCode;

use crate::{checklists::publish::PublishError, domain::checklist_draft::DraftEditError, texts, web::Error};

#[derive(Debug, thiserror::Error)]
pub(super) enum DraftRefusal {
    #[error("{}", texts::restore_before_editing())]
    Archived,
    #[error(transparent)]
    Edit(#[from] DraftEditError),
    #[error("{}", texts::nobody_has_changed_anything(.0))]
    NothingChanged(i32),
    #[error("{}", texts::nothing_to_publish(.0))]
    SameContent(i32),
    #[error("{}", texts::draft_changed_since_you_looked())]
    DraftChanged,
    #[error("{}", texts::version_published_since_you_looked(.0))]
    NewerVersionPublished(i32),
    #[error("{}", texts::draft_cannot_be_published())]
    Unpublishable,
    #[error("{}", texts::nobody_must_sign_is_that_meant())]
    Unsigned,
    #[error(transparent)]
    Publish(PublishError),
    /// Not a refusal: the request fails with this error.
    #[error("the draft could not be read or stored")]
    Failed(Error),
}

impl DraftRefusal {
    /// Whether it says that the draft was changed since the form's page was made; the page shows what it is now.
    pub(super) const fn says_what_changed(&self) -> bool {
        matches!(self, Self::Edit(DraftEditError::Stale) | Self::DraftChanged | Self::NewerVersionPublished(_))
    }

    /// The status of the page that shows it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when something that the form names never existed, and the error of a request that failed.
    pub(super) fn into_status(self) -> Result<StatusCode, Error> {
        match self {
            Self::Failed(error) => Err(error),
            Self::Edit(DraftEditError::NotInDraft) => Err(Error::NotFound),
            Self::Edit(error) if !error.is_conflict() => Ok(StatusCode::UNPROCESSABLE_ENTITY),
            Self::Unpublishable | Self::Unsigned => Ok(StatusCode::UNPROCESSABLE_ENTITY),
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

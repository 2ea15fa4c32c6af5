//! Publishing: the only way in which a checklist gets a version, from the page, the command line and at the first
//! start.

use sqlx::PgPool;

use super::store;
use crate::{
    domain::{
        canonical::Sha256Hash,
        checklist::{Checklist, ChecklistError},
        ids::{ChecklistId, ChecklistVersionId, RequestId},
        installation::InstallationEvent,
        launch::event::PersonRef,
        text::Title,
        time::Moment,
    },
    record::installation_log::{AuditedTransaction, append_event},
    texts,
};

/// A checklist that can be published, with the bytes that its version stores. Making one takes a while for a large
/// checklist.
#[derive(Debug, Clone)]
pub struct PublishableChecklist {
    name: Title,
    items: i32,
    hash: Sha256Hash,
    content: Vec<u8>,
}

impl PublishableChecklist {
    /// Fails if the checklist can't be published.
    pub fn new(checklist: &Checklist) -> Result<Self, ChecklistError> {
        checklist.check()?;
        let count = checklist.items().count();
        let items = i32::try_from(count).map_err(|_| ChecklistError::TooManyItems(count))?;
        let content = checklist.canonical_bytes();
        Ok(Self { name: checklist.name.clone(), items, hash: Sha256Hash::compute(&content), content })
    }
}

impl PublishableChecklist {
    /// The hash that identifies the version.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        self.hash
    }
}

#[derive(Debug, Clone)]
pub struct PublishRequest {
    pub content: PublishableChecklist,
    /// The id of the new version. It is the idempotency key: a repeated request gets the first one's result.
    pub version_id: ChecklistVersionId,
    pub target: PublishTarget,
    /// The publisher; `None` from the command line and at the first start.
    pub publisher: Option<PersonRef>,
    pub request: RequestId,
    pub now: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishTarget {
    /// A checklist that is created with this id.
    NewChecklist(ChecklistId),
    ExistingChecklist(ChecklistId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    pub checklist: ChecklistId,
    /// The number of the version with this content.
    pub number: i32,
    /// Whether the version was made now; otherwise it existed already, and nothing happened.
    pub is_new: bool,
}

impl PublishedVersion {
    /// The page of the version.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/checklists/{}/versions/{}", self.checklist, self.number)
    }
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("There is no such checklist.")]
    NotFound,
    #[error("{}", texts::restore_before_publishing())]
    Archived,
    /// An older version has this content, and a version is identified by its content.
    #[error("{}", texts::older_version_has_this_content(.0))]
    SameAsOlder(i32),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// Publishes a version and appends its event in one transaction. The content of the newest version makes no new one.
///
/// # Errors
/// After an error nothing has changed.
pub async fn publish(db: &PgPool, publishing: PublishRequest) -> Result<PublishedVersion, PublishError> {
    let mut tx = AuditedTransaction::begin(db).await?;
    let published = publish_in_transaction(&mut tx, publishing).await?;
    tx.commit().await?;
    Ok(published)
}

/// Like [`publish`], in the caller's transaction.
pub(super) async fn publish_in_transaction(
    tx: &mut AuditedTransaction,
    publishing: PublishRequest,
) -> Result<PublishedVersion, PublishError> {
    let PublishRequest { content: draft, version_id: version, target: of, publisher: by, request, now } = publishing;
    let checklist = match of {
        PublishTarget::NewChecklist(checklist) => {
            // A repeated request waits here until the first one is committed.
            store::insert_checklist(tx, checklist, now).await?;
            checklist
        }
        PublishTarget::ExistingChecklist(checklist) => checklist,
    };
    let archived = store::lock_checklist(tx, checklist).await?.ok_or(PublishError::NotFound)?;
    let versions = store::list_version_numbers(tx, checklist).await?;
    if archived {
        return Err(PublishError::Archived);
    }
    if let Some(again) = versions.iter().find(|earlier| earlier.id == version) {
        return Ok(PublishedVersion { checklist, number: again.number, is_new: false });
    }
    match versions.iter().position(|earlier| earlier.hash == draft.hash) {
        Some(0) => return Ok(PublishedVersion { checklist, number: versions[0].number, is_new: false }),
        Some(older) => return Err(PublishError::SameAsOlder(versions[older].number)),
        None => {}
    }
    let number = versions.first().map_or(1, |newest| newest.number + 1);
    let row = store::NewChecklistVersion {
        id: version,
        checklist,
        number,
        name: &draft.name,
        items: draft.items,
        hash: draft.hash,
        content: &draft.content,
        published_at: now,
        publisher: by.as_ref().map(|by| by.id),
    };
    store::insert_version(tx, row).await?;
    store::bump_draft_version(tx, checklist).await?;
    let PublishableChecklist { name, items, hash, .. } = draft;
    let event = InstallationEvent::ChecklistPublished { checklist, version, number, name, hash, items };
    append_event(tx, by.as_ref(), &event, None, request, now).await?;
    Ok(PublishedVersion { checklist, number, is_new: true })
}

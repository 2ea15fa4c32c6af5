//! Publishing: the one way in which a checklist gets a version, from the page, the command line and at the first start.

use sqlx::{PgConnection, PgPool};

use super::store;
use crate::{
    domain::{
        canonical::Sha256Hash,
        checklist::{BadChecklist, Checklist},
        ids::{ChecklistId, ChecklistVersionId, RequestId},
        installation::InstallationEvent,
        launch::event::PersonRef,
        text::Title,
        time::Moment,
    },
    record::installation,
};

/// A checklist that can be published, with the bytes that a version keeps. Making one takes a while for a large
/// checklist.
#[derive(Debug, Clone)]
pub struct Draft {
    name: Title,
    items: i32,
    hash: Sha256Hash,
    content: Vec<u8>,
}

impl Draft {
    /// The draft of a checklist.
    ///
    /// # Errors
    /// [`BadChecklist`], when it can't be published.
    pub fn new(checklist: &Checklist) -> Result<Self, BadChecklist> {
        checklist.check()?;
        let count = checklist.items().count();
        let items = i32::try_from(count).map_err(|_| BadChecklist::TooMany(count))?;
        let content = checklist.canonical();
        Ok(Self { name: checklist.name.clone(), items, hash: Sha256Hash::of(&content), content })
    }
}

impl Draft {
    /// The hash that will name the version.
    #[must_use]
    pub fn hash(&self) -> Sha256Hash {
        self.hash
    }
}

/// What is published as what, by whom.
#[derive(Debug, Clone)]
pub struct Publishing {
    /// The content.
    pub draft: Draft,
    /// The id of the new version: whoever asks for the same again gets the answer of the first time.
    pub version: ChecklistVersionId,
    /// What it is a version of.
    pub of: Of,
    /// Who publishes; nobody from the command line and at the first start.
    pub by: Option<PersonRef>,
    /// In which request.
    pub request: RequestId,
    /// When.
    pub now: Moment,
}

/// What a version is published of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A new checklist, of this id.
    New(ChecklistId),
    /// One that is there.
    Existing(ChecklistId),
}

/// What publishing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The checklist.
    pub checklist: ChecklistId,
    /// The number of its version that has the content.
    pub number: i32,
    /// Whether the version was made now; otherwise it was there already, and nothing happened.
    pub new: bool,
}

impl Published {
    /// The page of the version.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/checklists/{}/versions/{}", self.checklist, self.number)
    }
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// There is no such checklist.
    #[error("There is no such checklist.")]
    NotFound,
    /// It was put away.
    #[error("This checklist is archived. Bring it back before publishing a version of it.")]
    Archived,
    /// An older version has this content, and a version is named by its content.
    #[error(
        "Version {0} has exactly this content. A version is named by its content, so the same can't be published \
         again as a newer one."
    )]
    Older(i32),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// Publishes a version, in one transaction with the event that tells of it. The same content as the newest version's
/// makes none.
///
/// # Errors
/// [`NotPublished`]; then nothing happened.
pub async fn publish(db: &PgPool, publishing: Publishing) -> Result<Published, NotPublished> {
    let mut tx = db.begin().await?;
    let published = publish_in(&mut tx, publishing).await?;
    tx.commit().await?;
    Ok(published)
}

/// As [`publish`], in the caller's transaction.
pub(super) async fn publish_in(tx: &mut PgConnection, publishing: Publishing) -> Result<Published, NotPublished> {
    let Publishing { draft, version, of, by, request, now } = publishing;
    let checklist = match of {
        Of::New(checklist) => {
            // Who asks for the same again waits here for the first to be committed.
            store::add_checklist(tx, checklist, now).await?;
            checklist
        }
        Of::Existing(checklist) => checklist,
    };
    let archived = store::lock(tx, checklist).await?.ok_or(NotPublished::NotFound)?;
    let versions = store::numbers(tx, checklist).await?;
    if let Some(again) = versions.iter().find(|known| known.id == version) {
        return Ok(Published { checklist, number: again.number, new: false });
    }
    if archived {
        return Err(NotPublished::Archived);
    }
    match versions.iter().position(|known| known.hash == draft.hash) {
        Some(0) => return Ok(Published { checklist, number: versions[0].number, new: false }),
        Some(older) => return Err(NotPublished::Older(versions[older].number)),
        None => {}
    }
    let number = versions.first().map_or(1, |newest| newest.number + 1);
    let row = store::NewVersion {
        id: version,
        checklist,
        number,
        name: &draft.name,
        items: draft.items,
        hash: draft.hash,
        content: &draft.content,
        at: now,
        by: by.as_ref().map(|by| by.id),
    };
    store::add_version(tx, row).await?;
    store::count_drafts_on(tx, checklist).await?;
    let Draft { name, items, hash, .. } = draft;
    let event = InstallationEvent::ChecklistPublished { checklist, version, number, name, hash, items };
    installation::append(tx, by.as_ref(), &event, None, request, now).await?;
    Ok(Published { checklist, number, new: true })
}

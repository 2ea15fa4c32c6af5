//! Edits a checklist's draft, which is shared by all admins and saved with every change, until it is published or
//! discarded.
//!
//! A checklist without a saved draft is shown as the draft that its newest version would start, and the first change
//! saves it: nobody has to start a draft. Each form carries the version of the draft that its page showed; if the
//! edited thing itself has changed since, the response is 409 with the input and the current values.

mod discard;
mod forms;
mod item;
mod order;
mod outline;
mod publication;
mod removed_target;
mod rows;
mod section;
mod store;
mod view;

use std::collections::BTreeSet;

use http::StatusCode;
use sqlx::PgConnection;

use crate::{
    access::CurrentUser,
    domain::{
        checklist::Checklist,
        checklist_draft::{ChecklistDraft, DraftEdit, DraftEditError},
        ids::{ChecklistId, ChecklistVersionId},
        role::RoleSlug,
        text::Title,
        time::Moment,
    },
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::FieldErrors,
        route::{Right, Route},
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/checklists/{id}/draft", Right::Admin, outline::show_outline),
        Route::post("/checklists/{id}/draft/about", Right::Admin, outline::save_description),
        Route::post("/checklists/{id}/draft/roles", Right::Admin, outline::edit_required_roles),
        Route::post("/checklists/{id}/draft/parts", Right::Admin, outline::add_part),
        Route::post("/checklists/{id}/draft/parts/{node}/title", Right::Admin, outline::rename_part),
        Route::post("/checklists/{id}/draft/parts/{node}/sections", Right::Admin, outline::add_section),
        Route::get("/checklists/{id}/draft/sections/{node}", Right::Admin, section::show_section),
        Route::post("/checklists/{id}/draft/sections/{node}/title", Right::Admin, section::rename_section),
        Route::post("/checklists/{id}/draft/sections/{node}/part", Right::Admin, section::move_section),
        Route::post("/checklists/{id}/draft/sections/{node}/items", Right::Admin, section::add_item),
        Route::get("/checklists/{id}/draft/items/{node}", Right::Admin, item::show_item),
        Route::post("/checklists/{id}/draft/items/{node}", Right::Admin, item::save_item),
        Route::post("/checklists/{id}/draft/items/{node}/place", Right::Admin, item::place_item),
        Route::post("/checklists/{id}/draft/order", Right::Admin, order::move_node),
        Route::post("/checklists/{id}/draft/removals", Right::Admin, order::remove_node),
        Route::post("/checklists/{id}/draft/restorations", Right::Admin, order::restore_node),
        Route::get("/checklists/{id}/draft/discard", Right::Admin, discard::show_discard),
        Route::post("/checklists/{id}/draft/discard", Right::Admin, discard::discard_draft),
        Route::get("/checklists/{id}/draft/publication", Right::Admin, publication::show_publication),
        Route::post("/checklists/{id}/draft/publication", Right::Admin, publication::publish_draft),
    ]
}

const ARCHIVED_MESSAGE: &str = "This checklist is archived. Bring it back before editing it.";

/// A checklist's draft, saved or not.
#[derive(Debug, Clone)]
pub(super) struct DraftContext {
    pub id: ChecklistId,
    pub archived: bool,
    pub load_newest_checklist: ChecklistVersionId,
    /// The newest version's number.
    pub newest_number: i32,
    pub draft: ChecklistDraft,
    /// When and by whom it was last changed; `None` if it is not saved yet.
    pub last_saved: Option<(Moment, String)>,
}

/// Why a draft was not changed, with the current draft.
#[derive(Debug)]
pub(super) struct DraftEditRejected {
    pub draft_context: DraftContext,
    pub refusal: DraftEditRefusal,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DraftEditRefusal {
    #[error("{ARCHIVED_MESSAGE}")]
    Archived,
    #[error(transparent)]
    Edit(#[from] DraftEditError),
}

impl DraftEditRefusal {
    /// The status of the page that shows it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the edited thing never existed.
    fn status(&self) -> Result<StatusCode, Error> {
        match self {
            Self::Edit(DraftEditError::NotInDraft) => Err(Error::NotFound),
            Self::Edit(error) if !error.is_conflict() => Ok(StatusCode::UNPROCESSABLE_ENTITY),
            Self::Archived | Self::Edit(_) => Ok(StatusCode::CONFLICT),
        }
    }

    /// The error at its form field; otherwise as a sentence at the top of the page.
    fn to_form_errors(&self) -> (FieldErrors, Option<String>) {
        match self {
            Self::Edit(error) if let Some(field) = error.field() => (FieldErrors::single(field, error), None),
            Self::Archived | Self::Edit(_) => (FieldErrors::new(), Some(self.to_string())),
        }
    }
}

/// Roles to choose from: slug and title.
pub(super) type DraftRoleChoices = Vec<(RoleSlug, String)>;

impl DraftContext {
    pub(super) async fn load(state: &AppState, id: ChecklistId) -> Result<Self, Error> {
        let mut connection = state.db.acquire().await?;
        Self::load_in(state, &mut connection, id).await
    }

    /// Like [`Self::load`], in a transaction.
    async fn load_in(state: &AppState, db: &mut PgConnection, id: ChecklistId) -> Result<Self, Error> {
        let kept = store::load_draft(&mut *db, id).await?.ok_or(Error::NotFound)?;
        let draft = match kept.content {
            Some(content) => {
                let draft: ChecklistDraft = run_blocking(move || serde_json::from_slice(&content))
                    .await?
                    .map_err(|error| Error::Fault(anyhow::Error::new(error).context("a draft can't be read")))?;
                ChecklistDraft { version: kept.version, ..draft }
            }
            None => {
                let newest = state.record.load_version(&mut *db, kept.newest).await?.ok_or(Error::NotFound)?;
                ChecklistDraft::from_version(id, &newest.checklist, newest.number, kept.version)
            }
        };
        Ok(Self {
            id,
            archived: kept.archived,
            load_newest_checklist: kept.newest,
            newest_number: kept.newest_number,
            draft,
            last_saved: kept.edited_at.zip(kept.edited_by),
        })
    }

    /// Fails if the checklist is archived.
    pub(super) fn require_not_archived(self) -> Result<Self, Error> {
        if self.archived { Err(Error::Conflict(ARCHIVED_MESSAGE.into())) } else { Ok(self) }
    }

    /// The content of the newest version.
    pub(super) async fn newest(&self, state: &AppState) -> Result<Checklist, Error> {
        let newest = state.record.load_version(&state.db, self.load_newest_checklist).await?.ok_or(Error::NotFound)?;
        Ok(newest.checklist.clone())
    }

    /// The roles to choose from: the installation's, and any others that the draft names.
    pub(super) async fn load_roles(&self, state: &AppState) -> Result<DraftRoleChoices, Error> {
        let mut roles: DraftRoleChoices = Vec::new();
        let known = store::load_roles(&state.db).await?;
        let known = known.into_iter().filter_map(|(slug, title)| Some((slug.parse::<RoleSlug>().ok()?, title)));
        let signing = self.draft.required_roles.iter().map(|role| (role.role.clone(), role.title.to_string()));
        let used = self.draft.items().filter_map(|item| item.item.role.clone());
        let mut seen = BTreeSet::new();
        for (slug, title) in signing.chain(known).chain(used.map(|role| (role.clone(), role.to_string()))) {
            if seen.insert(slug.clone()) {
                roles.push((slug, title));
            }
        }
        Ok(roles)
    }

    /// The checklist's name in the draft.
    pub(super) fn name(&self) -> &Title {
        &self.draft.name
    }
}

/// Applies an edit by a person who saw the draft's version `seen`, and saves the result.
///
/// # Errors
/// The outer error is a fault, or that there is no such checklist; the inner one says why the edit was rejected.
async fn apply_edit(
    state: &AppState,
    admin: &CurrentUser,
    id: ChecklistId,
    edit: DraftEdit,
    seen: i64,
) -> Result<Result<DraftContext, DraftEditRejected>, Error> {
    let mut tx = state.db.begin().await?;
    super::store::lock_checklist(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let mut desk = DraftContext::load_in(state, &mut tx, id).await?;
    if desk.archived {
        return Ok(Err(DraftEditRejected { draft_context: desk, refusal: DraftEditRefusal::Archived }));
    }
    // Copying and serializing a large draft takes a while.
    let draft = desk.draft.clone();
    let made = run_blocking(move || {
        let next = draft.apply(edit, seen)?;
        let content = (next.version > draft.version).then(|| serde_json::to_vec(&next));
        Ok::<_, DraftEditError>((next, content))
    })
    .await?;
    let (next, content) = match made {
        Ok(made) => made,
        Err(why) => return Ok(Err(DraftEditRejected { draft_context: desk, refusal: why.into() })),
    };
    if let Some(content) = content {
        let content = content.map_err(|error| Error::Fault(error.into()))?;
        let now = state.clock.now();
        store::save_draft(&mut tx, id, next.version, &content, admin.id, now).await?;
        tx.commit().await?;
        desk.last_saved = Some((now, admin.name.to_string()));
    }
    desk.draft = next;
    Ok(Ok(desk))
}

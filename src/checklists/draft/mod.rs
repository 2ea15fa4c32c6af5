//! Editing a checklist: its draft, shared by all admins and saved with every change, until it is published or discarded.
//!
//! A checklist that has no saved draft is shown as the draft that its newest version would begin, and the first change
//! saves it: nothing has to be started. A form brings the version of the draft that its page showed; when the very thing
//! that it is about has changed since, it is answered with 409, what was typed, and what there is now.

mod discard;
mod forms;
mod gone;
mod item;
mod order;
mod outline;
mod publication;
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
        checklist_draft::{ChecklistDraft, Edit, EditError},
        ids::{ChecklistId, ChecklistVersionId},
        role::RoleSlug,
        text::Title,
        time::Moment,
    },
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::FieldErrors,
        route::{Right, Route},
    },
};

/// Every route of drafts.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/checklists/{id}/draft", Right::Admin, outline::show),
        Route::post("/checklists/{id}/draft/about", Right::Admin, outline::describe),
        Route::post("/checklists/{id}/draft/roles", Right::Admin, outline::roles),
        Route::post("/checklists/{id}/draft/parts", Right::Admin, outline::add_part),
        Route::post("/checklists/{id}/draft/parts/{node}/title", Right::Admin, outline::entitle_part),
        Route::post("/checklists/{id}/draft/parts/{node}/sections", Right::Admin, outline::add_section),
        Route::get("/checklists/{id}/draft/sections/{node}", Right::Admin, section::show),
        Route::post("/checklists/{id}/draft/sections/{node}/title", Right::Admin, section::entitle),
        Route::post("/checklists/{id}/draft/sections/{node}/part", Right::Admin, section::move_to),
        Route::post("/checklists/{id}/draft/sections/{node}/items", Right::Admin, section::add_item),
        Route::get("/checklists/{id}/draft/items/{node}", Right::Admin, item::show),
        Route::post("/checklists/{id}/draft/items/{node}", Right::Admin, item::save),
        Route::post("/checklists/{id}/draft/items/{node}/place", Right::Admin, item::place),
        Route::post("/checklists/{id}/draft/order", Right::Admin, order::step),
        Route::post("/checklists/{id}/draft/removals", Right::Admin, order::remove),
        Route::post("/checklists/{id}/draft/restorations", Right::Admin, order::bring_back),
        Route::get("/checklists/{id}/draft/discard", Right::Admin, discard::ask),
        Route::post("/checklists/{id}/draft/discard", Right::Admin, discard::discard),
        Route::get("/checklists/{id}/draft/publication", Right::Admin, publication::ask),
        Route::post("/checklists/{id}/draft/publication", Right::Admin, publication::publish),
    ]
}

/// What is said of an archived checklist.
const ARCHIVED: &str = "This checklist is archived. Bring it back before editing it.";

/// A checklist's draft, and what is known about it.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub id: ChecklistId,
    pub archived: bool,
    pub newest: ChecklistVersionId,
    /// The newest version's number.
    pub newest_number: i32,
    pub draft: ChecklistDraft,
    /// When it was last changed, and by whom; nothing as long as nobody changed anything.
    pub saved: Option<(Moment, String)>,
}

/// Why a draft was not changed, with the draft as it is.
#[derive(Debug)]
pub(super) struct NotChanged {
    pub desk: Desk,
    pub why: Why,
}

/// Why a draft was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Why {
    #[error("{ARCHIVED}")]
    Archived,
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl Why {
    /// The status of the page that shows it.
    ///
    /// # Errors
    /// Not found, when what was to be edited never was.
    fn status(&self) -> Result<StatusCode, Error> {
        match self {
            Self::Edit(EditError::Unknown) => Err(Error::NotFound),
            Self::Edit(error) if !error.is_conflict() => Ok(StatusCode::UNPROCESSABLE_ENTITY),
            Self::Archived | Self::Edit(_) => Ok(StatusCode::CONFLICT),
        }
    }

    /// Where a form says it: at the field that it is about, else on top.
    fn told(&self) -> (FieldErrors, Option<String>) {
        match self {
            Self::Edit(error) if let Some(field) = error.field() => (FieldErrors::one(field, error), None),
            Self::Archived | Self::Edit(_) => (FieldErrors::new(), Some(self.to_string())),
        }
    }
}

/// Roles to choose from: slug and title.
pub(super) type Roles = Vec<(RoleSlug, String)>;

impl Desk {
    /// The draft of a checklist.
    pub(super) async fn open(state: &AppState, id: ChecklistId) -> Result<Self, Error> {
        let mut connection = state.db.acquire().await?;
        Self::open_on(state, &mut connection, id).await
    }

    /// As [`Self::open`], in a transaction.
    async fn open_on(state: &AppState, db: &mut PgConnection, id: ChecklistId) -> Result<Self, Error> {
        let kept = store::kept(&mut *db, id).await?.ok_or(Error::NotFound)?;
        let draft = match kept.content {
            Some(content) => {
                let draft: ChecklistDraft = apart(move || serde_json::from_slice(&content))
                    .await?
                    .map_err(|error| Error::Fault(anyhow::Error::new(error).context("a draft can't be read")))?;
                ChecklistDraft { version: kept.version, ..draft }
            }
            None => {
                let newest = state.record.version_by_id(&mut *db, kept.newest).await?.ok_or(Error::NotFound)?;
                ChecklistDraft::of(id, &newest.checklist, newest.number, kept.version)
            }
        };
        Ok(Self {
            id,
            archived: kept.archived,
            newest: kept.newest,
            newest_number: kept.newest_number,
            draft,
            saved: kept.edited_at.zip(kept.edited_by),
        })
    }

    /// The same, unless the checklist is archived.
    pub(super) fn in_use(self) -> Result<Self, Error> {
        if self.archived { Err(Error::Conflict(ARCHIVED.into())) } else { Ok(self) }
    }

    /// What the newest version says.
    pub(super) async fn newest(&self, state: &AppState) -> Result<Checklist, Error> {
        let newest = state.record.version_by_id(&state.db, self.newest).await?.ok_or(Error::NotFound)?;
        Ok(newest.checklist.clone())
    }

    /// The roles to choose from: the installation's, and whatever else the draft names.
    pub(super) async fn roles(&self, state: &AppState) -> Result<Roles, Error> {
        let mut roles: Roles = Vec::new();
        let known = store::roles(&state.db).await?;
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

    /// What the checklist is called in the draft.
    pub(super) fn name(&self) -> &Title {
        &self.draft.name
    }
}

/// Makes an edit, asked for by somebody who had the version `seen` before them, and saves what comes of it.
///
/// # Errors
/// A fault, or that there is no such checklist. Within: why the edit was not made.
async fn change(
    state: &AppState,
    admin: &CurrentUser,
    id: ChecklistId,
    edit: Edit,
    seen: i64,
) -> Result<Result<Desk, NotChanged>, Error> {
    let mut tx = state.db.begin().await?;
    super::store::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let mut desk = Desk::open_on(state, &mut tx, id).await?;
    if desk.archived {
        return Ok(Err(NotChanged { desk, why: Why::Archived }));
    }
    // A large draft takes a while to be copied and written.
    let draft = desk.draft.clone();
    let made = apart(move || {
        let next = draft.apply(edit, seen)?;
        let content = (next.version > draft.version).then(|| serde_json::to_vec(&next));
        Ok::<_, EditError>((next, content))
    })
    .await?;
    let (next, content) = match made {
        Ok(made) => made,
        Err(why) => return Ok(Err(NotChanged { desk, why: why.into() })),
    };
    if let Some(content) = content {
        let content = content.map_err(|error| Error::Fault(error.into()))?;
        let now = state.clock.now();
        store::keep(&mut tx, id, next.version, &content, admin.id, now).await?;
        tx.commit().await?;
        desk.saved = Some((now, admin.name.to_string()));
    }
    desk.draft = next;
    Ok(Ok(desk))
}

//! A checklist's draft as it is now, saved or not.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::store::{self, NextSteps};
use crate::{
    checklists::store::{list_version_numbers, load_roles},
    domain::{
        checklist::Checklist,
        checklist_draft::ChecklistDraft,
        ids::{ChecklistId, ChecklistVersionId, NodeId},
        role::RoleSlug,
        time::Moment,
    },
    state::AppState,
    web::{Error, blocking::run_blocking},
};

/// Roles to choose from: slug and title.
pub(super) type DraftRoleChoices = Vec<(RoleSlug, String)>;

#[derive(Debug, Clone)]
pub(super) struct CurrentDraft {
    pub checklist: ChecklistId,
    pub archived: bool,
    /// The newest version; `None` if none was published yet.
    pub newest: Option<ChecklistVersionId>,
    /// Its number, or 0.
    pub newest_number: i32,
    pub draft: ChecklistDraft,
    /// When and by whom it was last changed; `None` if it is not saved yet.
    pub last_saved: Option<(Moment, String)>,
    pub steps: NextSteps,
}

impl CurrentDraft {
    pub(super) async fn load(state: &AppState, id: ChecklistId) -> Result<Self, Error> {
        let mut connection = state.db.acquire().await?;
        Self::load_in(state, &mut connection, id).await
    }

    /// Like [`Self::load`], in a transaction.
    pub(super) async fn load_in(state: &AppState, db: &mut PgConnection, id: ChecklistId) -> Result<Self, Error> {
        let stored = store::load_draft(&mut *db, id).await?.ok_or(Error::NotFound)?;
        let draft = match stored.content {
            Some(content) => {
                let draft: ChecklistDraft = run_blocking(move || serde_json::from_slice(&content))
                    .await?
                    .map_err(|error| Error::Fault(anyhow::Error::new(error).context("a draft can't be read")))?;
                ChecklistDraft { version: stored.version, ..draft }
            }
            None => {
                let newest = stored.newest.ok_or(Error::NotFound)?;
                let newest = state.record.load_version(&mut *db, newest).await?.ok_or(Error::NotFound)?;
                ChecklistDraft::from_version(id, &newest.checklist, newest.number, stored.version)
            }
        };
        Ok(Self {
            checklist: id,
            archived: stored.archived,
            newest: stored.newest,
            newest_number: stored.newest_number,
            draft,
            steps: store::load_next_steps(&mut *db, id).await?,
            last_saved: stored.edited_at.zip(stored.edited_by),
        })
    }

    /// The content of the newest version; an empty checklist of the same name if none was published yet.
    pub(super) async fn load_newest(&self, state: &AppState) -> Result<Checklist, Error> {
        self.load_version(state, self.newest).await
    }

    async fn load_version(&self, state: &AppState, id: Option<ChecklistVersionId>) -> Result<Checklist, Error> {
        let Some(id) = id else { return Ok(Checklist::empty(self.draft.name.clone())) };
        let version = state.record.load_version(&state.db, id).await?.ok_or(Error::NotFound)?;
        Ok(version.checklist.clone())
    }

    /// The content of the version that the draft began from; an empty checklist if it began from none.
    pub(super) async fn load_base(&self, state: &AppState) -> Result<Checklist, Error> {
        if self.draft.base == self.newest_number {
            return self.load_newest(state).await;
        }
        let versions = list_version_numbers(&mut *state.db.acquire().await?, self.checklist).await?;
        let base = versions.into_iter().find(|version| version.number == self.draft.base).map(|version| version.id);
        self.load_version(state, base).await
    }

    /// The roles to choose from: those that must sign, the installation's, and any others that items name.
    pub(super) async fn load_roles(&self, state: &AppState) -> Result<DraftRoleChoices, Error> {
        let signing = self.draft.required_roles.iter().map(|role| (role.role.clone(), role.title.to_string()));
        let installed = load_roles(&state.db).await?.into_iter();
        let installed = installed.filter_map(|(slug, title)| Some((slug.parse().ok()?, title)));
        let named = self.draft.items().filter_map(|item| item.item.role.clone());
        let named = named.map(|role| (role.clone(), role.to_name()));
        let mut seen: BTreeSet<RoleSlug> = BTreeSet::new();
        Ok(signing.chain(installed).chain(named).filter(|(slug, _)| seen.insert(slug.clone())).collect())
    }

    pub(super) fn address(&self) -> String {
        format!("/checklists/{}/draft", self.checklist)
    }

    /// The address at which a part, section or item has its form open.
    pub(super) fn address_of(&self, node: NodeId) -> String {
        format!("{}?open={node}#node-{node}", self.address())
    }
}

//! The rows of drafts, and of the installation's roles.

use sqlx::{PgConnection, PgExecutor};

use crate::{
    checklists::store::bump_draft_version,
    domain::{
        ids::{ChecklistId, ChecklistVersionId, UserId},
        time::Moment,
    },
};

/// The most steps of a draft that can be undone.
const MAX_STEPS: i64 = 100;
/// The most bytes of all of them, since each is a whole draft; the latest is there even if it is larger.
const MAX_STEP_BYTES: i64 = 30_000_000;

/// Whether a change is undone, or done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepDirection {
    Undo,
    Redo,
}

/// Who made a change, and when.
#[derive(Debug, Clone)]
pub(super) struct StepAuthor {
    pub at: Moment,
    pub name: String,
}

/// The change that undo would undo, and the one that redo would redo.
#[derive(Debug, Clone, Default)]
pub(super) struct NextSteps {
    pub undo: Option<StepAuthor>,
    pub redo: Option<StepAuthor>,
}

impl StepDirection {
    pub(super) const fn opposite(self) -> Self {
        match self {
            Self::Undo => Self::Redo,
            Self::Redo => Self::Undo,
        }
    }

    /// Whether the steps of this direction are changes that are undone.
    const fn is_undone(self) -> bool {
        matches!(self, Self::Redo)
    }
}

/// A change that can be undone, or redone.
pub(super) struct StoredStep {
    /// The draft before the change; if it is undone, after it.
    pub content: Vec<u8>,
    pub changed_at: Moment,
    pub changed_by: UserId,
}

/// A checklist with its draft, if it has one.
#[derive(Debug)]
pub(super) struct StoredDraft {
    pub archived: bool,
    /// The version number, which counts on over all drafts of the checklist.
    pub version: i64,
    /// The newest version; `None` for a checklist that was never published.
    pub newest: Option<ChecklistVersionId>,
    /// Its number, or 0.
    pub newest_number: i32,
    pub content: Option<Vec<u8>>,
    pub edited_at: Option<Moment>,
    pub edited_by: Option<String>,
}

pub(super) async fn load_draft(db: impl PgExecutor<'_>, id: ChecklistId) -> Result<Option<StoredDraft>, sqlx::Error> {
    sqlx::query_as!(
        StoredDraft,
        r#"
        SELECT c.archived_at IS NOT NULL AS "archived!", c.draft_version AS version,
               v.id AS "newest?: ChecklistVersionId", COALESCE(v.number, 0) AS "newest_number!",
               d.content AS "content?", d.edited_at AS "edited_at?: Moment", u.name AS "edited_by?"
        FROM checklists c
        LEFT JOIN LATERAL (
            SELECT id, number FROM checklist_versions v WHERE v.checklist_id = c.id ORDER BY v.number DESC LIMIT 1
        ) v ON true
        LEFT JOIN checklist_drafts d ON d.checklist_id = c.id
        LEFT JOIN users u ON u.id = d.edited_by
        WHERE c.id = $1
        "#,
        id as _,
    )
    .fetch_optional(db)
    .await
}

/// The checklist must be locked.
pub(in crate::checklists) async fn save_draft(
    db: &mut PgConnection,
    id: ChecklistId,
    version: i64,
    content: &[u8],
    by: UserId,
    at: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE checklists SET draft_version = $2 WHERE id = $1", id as _, version).execute(&mut *db).await?;
    sqlx::query!(
        "INSERT INTO checklist_drafts (checklist_id, content, edited_at, edited_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (checklist_id) DO UPDATE SET content = $2, edited_at = $3, edited_by = $4",
        id as _,
        content,
        at as Moment,
        by.uuid(),
    )
    .execute(db)
    .await
    .map(drop)
}

/// Ends a draft. Forms from its pages are stale afterwards. The checklist must be locked.
pub(super) async fn delete_draft(db: &mut PgConnection, id: ChecklistId) -> Result<(), sqlx::Error> {
    bump_draft_version(&mut *db, id).await?;
    delete_steps(&mut *db, id).await?;
    sqlx::query!("DELETE FROM checklist_drafts WHERE checklist_id = $1", id as _).execute(db).await.map(drop)
}

pub(super) async fn load_next_steps(db: impl PgExecutor<'_>, id: ChecklistId) -> Result<NextSteps, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        SELECT DISTINCT ON (s.is_undone) s.is_undone, s.changed_at AS "at: Moment", u.name
        FROM checklist_draft_steps s JOIN users u ON u.id = s.changed_by
        WHERE s.checklist_id = $1
        ORDER BY s.is_undone, s.version DESC
        "#,
        id as _,
    )
    .fetch_all(db)
    .await?;
    let mut next = NextSteps::default();
    for row in rows {
        let step = if row.is_undone { &mut next.redo } else { &mut next.undo };
        *step = Some(StepAuthor { at: row.at, name: row.name });
    }
    Ok(next)
}

/// Notes the content that a draft had before a change, so that the change can be undone. What was undone before can't be
/// redone any more, and the oldest steps are forgotten.
pub(super) async fn record_change(
    db: &mut PgConnection,
    id: ChecklistId,
    version: i64,
    step: &StoredStep,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM checklist_draft_steps WHERE checklist_id = $1 AND is_undone", id as _)
        .execute(&mut *db)
        .await?;
    push_step(db, id, version, StepDirection::Undo, step).await?;
    sqlx::query!(
        "DELETE FROM checklist_draft_steps s USING (
             SELECT version, row_number() OVER newest AS place, sum(length(content)) OVER newest AS bytes
             FROM checklist_draft_steps WHERE checklist_id = $1 WINDOW newest AS (ORDER BY version DESC)
         ) counted
         WHERE s.checklist_id = $1 AND s.version = counted.version AND counted.place > 1
           AND (counted.place > $2 OR counted.bytes > $3)",
        id as _,
        MAX_STEPS,
        MAX_STEP_BYTES,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Adds the step that comes next in its direction.
pub(super) async fn push_step(
    db: &mut PgConnection,
    id: ChecklistId,
    version: i64,
    direction: StepDirection,
    step: &StoredStep,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO checklist_draft_steps (checklist_id, version, is_undone, content, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6)",
        id as _,
        version,
        direction.is_undone(),
        step.content,
        step.changed_at as Moment,
        step.changed_by.uuid(),
    )
    .execute(db)
    .await
    .map(drop)
}

/// Removes the step that comes next in a direction.
pub(super) async fn pop_step(
    db: &mut PgConnection,
    id: ChecklistId,
    direction: StepDirection,
) -> Result<Option<StoredStep>, sqlx::Error> {
    sqlx::query_as!(
        StoredStep,
        r#"
        DELETE FROM checklist_draft_steps
        WHERE checklist_id = $1 AND version = (
            SELECT max(version) FROM checklist_draft_steps WHERE checklist_id = $1 AND is_undone = $2
        )
        RETURNING content, changed_at AS "changed_at: Moment", changed_by AS "changed_by: UserId"
        "#,
        id as _,
        direction.is_undone(),
    )
    .fetch_optional(db)
    .await
}

async fn delete_steps(db: &mut PgConnection, id: ChecklistId) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM checklist_draft_steps WHERE checklist_id = $1", id as _).execute(db).await.map(drop)
}

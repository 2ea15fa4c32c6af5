//! Undoes and redoes changes of a draft, whoever made them: the latest first. A step is the content that the draft had
//! before a change, or after it if the change is undone; the next change forgets what was undone.

use sqlx::PgConnection;

use super::{
    current::CurrentDraft,
    execute::DraftEditor,
    refusal::DraftRefusal,
    store::{StoredStep, pop_step, push_step, save_draft},
};
use crate::{
    domain::{
        checklist_draft::{ChecklistDraft, DraftEditError},
        time::Moment,
    },
    state::AppState,
    web::{Error, blocking::run_blocking},
};

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

/// Undoes the latest change of the draft, or redoes what was undone last. The checklist must be locked, and the draft be
/// the one that the form's page showed.
pub(super) async fn take_step(
    state: &AppState,
    db: &mut PgConnection,
    editor: DraftEditor<'_>,
    current: &mut CurrentDraft,
    direction: StepDirection,
) -> Result<(), DraftRefusal> {
    let step = pop_step(db, current.checklist, direction).await?.ok_or(DraftEditError::NothingToUndo)?;
    let draft = current.draft.clone();
    let stepped = run_blocking(move || {
        let next = draft.with_content_of(serde_json::from_slice::<ChecklistDraft>(&step.content)?);
        let content = serde_json::to_vec(&next)?;
        let opposite = StoredStep { content: serde_json::to_vec(&draft)?, ..step };
        Ok::<_, serde_json::Error>((next, content, opposite))
    });
    let (next, content, opposite) = stepped.await?.map_err(|error| Error::Fault(error.into()))?;
    let (author, now) = (editor.admin, state.clock.now());
    save_draft(db, current.checklist, next.version, &content, author.id, now).await?;
    push_step(db, current.checklist, next.version, direction.opposite(), &opposite).await?;
    current.last_saved = Some((now, author.name.to_string()));
    current.draft = next;
    Ok(())
}

impl StepDirection {
    const fn opposite(self) -> Self {
        match self {
            Self::Undo => Self::Redo,
            Self::Redo => Self::Undo,
        }
    }

    /// Whether the steps of this direction are changes that are undone.
    pub(super) const fn is_undone(self) -> bool {
        matches!(self, Self::Redo)
    }
}

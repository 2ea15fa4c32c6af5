//! Undoes and redoes changes of a draft, whoever made them: the latest first. A step is the content that the draft had
//! before a change, or after it if the change is undone; the next change forgets what was undone.

use sqlx::PgConnection;

use super::{
    current::CurrentDraft,
    refusal::DraftRefusal,
    store::{StepDirection, StoredStep, pop_step, push_step, save_draft},
};
use crate::{
    access::CurrentUser,
    domain::checklist_draft::{ChecklistDraft, DraftEditError},
    state::AppState,
    web::{Error, blocking::run_blocking},
};

/// Undoes the latest change of the draft, or redoes what was undone last. The checklist must be locked, and the draft be
/// the one that the form's page showed.
pub(super) async fn take_step(
    state: &AppState,
    db: &mut PgConnection,
    author: &CurrentUser,
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
    let now = state.clock.now();
    save_draft(db, current.checklist, next.version, &content, author.id, now).await?;
    push_step(db, current.checklist, next.version, direction.opposite(), &opposite).await?;
    current.last_saved = Some((now, author.name.to_string()));
    current.draft = next;
    Ok(())
}

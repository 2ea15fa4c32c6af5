//! Changes, publishes and discards a draft: each in one transaction, in which its checklist is locked.

use sqlx::PgConnection;

use super::{
    current::CurrentDraft,
    form::DraftInput,
    parse::DraftCommand,
    refusal::DraftRefusal,
    steps::take_step,
    store::{StoredStep, delete_draft, load_next_steps, record_change, save_draft},
};
use crate::{
    access::CurrentUser,
    checklists::{
        publish::{PublishRequest, PublishTarget, PublishableChecklist, PublishedVersion, publish_in_transaction},
        store::{list_version_numbers, lock_checklist},
    },
    domain::{
        checklist_draft::{ChecklistDraft, DraftEdit, DraftEditError},
        ids::{ChecklistId, RequestId},
    },
    record::installation_log::AuditedTransaction,
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        idempotency::{IdempotencyKey, idempotent_id},
    },
};

/// What a command led to: the draft as it is afterwards, and the version that was published.
#[derive(Debug)]
pub(super) struct DraftOutcome {
    pub current: CurrentDraft,
    pub published: Option<PublishedVersion>,
}

/// Why nothing was done, with the draft as it is.
#[derive(Debug)]
pub(super) struct RejectedCommand {
    pub current: CurrentDraft,
    pub refusal: DraftRefusal,
}

/// Who sent a form, and in which request.
#[derive(Debug, Clone, Copy)]
pub(super) struct DraftEditor<'a> {
    pub admin: &'a CurrentUser,
    pub request: RequestId,
}

/// Executes the command of a form. Repeating it changes nothing more.
///
/// # Errors
/// The outer error is a fault, or that there is no such checklist; the inner one says why the command was rejected.
pub(super) async fn execute(
    state: &AppState,
    editor: DraftEditor<'_>,
    id: ChecklistId,
    command: DraftCommand,
    input: &DraftInput,
) -> Result<Result<DraftOutcome, RejectedCommand>, Error> {
    let mut tx = AuditedTransaction::begin(&state.db).await?;
    lock_checklist(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let mut current = CurrentDraft::load_in(state, &mut tx, id).await?;
    let executed = match command {
        DraftCommand::Edit(edit) => apply_edit(state, &mut tx, editor, &mut current, edit, input).await.map(|()| None),
        DraftCommand::TakeStep(_) if current.archived => Err(DraftRefusal::Archived),
        DraftCommand::TakeStep(direction) => match require_seen(&current, input) {
            Ok(()) => take_step(state, &mut tx, editor.admin, &mut current, direction).await.map(|()| None),
            Err(refusal) => Err(refusal),
        },
        DraftCommand::Publish(key) => publish(state, &mut tx, editor, &current, (input, key)).await.map(Some),
        DraftCommand::Discard => discard(&mut tx, &current, input).await.map(|()| None),
    };
    match executed {
        Ok(published) => {
            current.steps = load_next_steps(&mut *tx, id).await?;
            tx.commit().await?;
            Ok(Ok(DraftOutcome { current, published }))
        }
        Err(DraftRefusal::Failed(error)) => Err(error),
        Err(refusal) => Ok(Err(RejectedCommand { current, refusal })),
    }
}

async fn apply_edit(
    state: &AppState,
    tx: &mut PgConnection,
    editor: DraftEditor<'_>,
    current: &mut CurrentDraft,
    edit: DraftEdit,
    input: &DraftInput,
) -> Result<(), DraftRefusal> {
    if current.archived {
        return Err(DraftRefusal::Archived);
    }
    // Copying and serializing a large draft takes a while.
    let (draft, seen) = (current.draft.clone(), input.seen_version());
    let applied = run_blocking(move || {
        let next = draft.apply(edit, seen)?;
        let contents = (next.version > draft.version)
            .then(|| Ok::<_, serde_json::Error>((serde_json::to_vec(&draft)?, serde_json::to_vec(&next)?)));
        Ok::<_, DraftEditError>((next, contents))
    });
    let (next, contents) = applied.await??;
    if let Some(contents) = contents {
        let (before, content) = contents.map_err(|error| Error::Fault(error.into()))?;
        let (author, now) = (editor.admin, state.clock.now());
        let step = StoredStep { content: before, changed_at: now, changed_by: author.id };
        record_change(tx, current.checklist, next.version, &step).await?;
        save_draft(tx, current.checklist, next.version, &content, author.id, now).await?;
        current.last_saved = Some((now, author.name.to_string()));
    }
    current.draft = next;
    Ok(())
}

/// Adds the version and its event, and ends the draft.
async fn publish(
    state: &AppState,
    tx: &mut AuditedTransaction,
    editor: DraftEditor<'_>,
    current: &CurrentDraft,
    (input, key): (&DraftInput, IdempotencyKey),
) -> Result<PublishedVersion, DraftRefusal> {
    let (checklist, admin) = (current.checklist, editor.admin);
    let looked_at = [b"version", input.version.get().unwrap_or_default().as_bytes(), input.newest.as_bytes()];
    let version_id = idempotent_id(admin.id, checklist.uuid(), key, &looked_at);
    if current.archived {
        return Err(DraftRefusal::Archived);
    }
    let versions = list_version_numbers(tx, checklist).await?;
    if let Some(again) = versions.iter().find(|version| version.id == version_id) {
        return Ok(PublishedVersion { checklist, number: again.number, is_new: false });
    }
    if current.last_saved.is_none() {
        return Err(DraftRefusal::NothingChanged(current.newest_number));
    }
    if current.newest_number.to_string() != input.newest {
        return Err(DraftRefusal::NewerVersionPublished(current.newest_number));
    }
    require_seen(current, input)?;
    if current.draft.required_roles.is_empty() && !input.unsigned.is_on() {
        return Err(DraftRefusal::Unsigned);
    }
    let draft = current.draft.clone();
    let content = run_blocking(move || to_publishable(&draft)).await?.ok_or(DraftRefusal::Unpublishable)?;
    let request = PublishRequest {
        content,
        version_id,
        target: PublishTarget::ExistingChecklist(checklist),
        publisher: Some(admin.to_person_ref()),
        request: editor.request,
        now: state.clock.now(),
    };
    let published = publish_in_transaction(tx, request).await?;
    if !published.is_new {
        return Err(DraftRefusal::SameContent(published.number));
    }
    delete_draft(tx, checklist).await?;
    Ok(published)
}

/// The draft's content; `None` if something prevents its publication.
fn to_publishable(draft: &ChecklistDraft) -> Option<PublishableChecklist> {
    if draft.faults().is_empty() { PublishableChecklist::new(&draft.checklist()).ok() } else { None }
}

async fn discard(tx: &mut PgConnection, current: &CurrentDraft, input: &DraftInput) -> Result<(), DraftRefusal> {
    if current.last_saved.is_some() {
        require_seen(current, input)?;
        delete_draft(tx, current.checklist).await?;
    }
    Ok(())
}

/// Fails if the draft was changed since the page of the form showed it.
fn require_seen(current: &CurrentDraft, input: &DraftInput) -> Result<(), DraftRefusal> {
    if current.draft.version == input.seen_version() { Ok(()) } else { Err(DraftRefusal::DraftChanged) }
}

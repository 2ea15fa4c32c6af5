//! POST: attaching evidence. The files, the link, the note and the reused evidence of one form are attached together or
//! not at all. A script that sends one file at a time asks for JSON, which only confirms the success; it reads errors
//! from the page that comes back, as everybody does.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};

use super::{
    super::submission::{ItemSection, ItemSubmission},
    attach_request::{EvidenceIds, to_form_input, validate_form},
    store::{EvidenceLimitExceeded, release_bytes, reserve_bytes},
    upload::{AttachForm, UploadBatch, UploadedFile, max_form_bytes},
};
use crate::{
    access::launch_access::ItemAccess,
    domain::{
        ids::EvidenceId,
        launch::{
            access::Act,
            command::{Command, NewEvidence},
            decide::why_evidence_is_gone,
        },
    },
    record::ExecuteError,
    state::AppState,
    texts,
    web::{
        Error, byte_size::format_bytes, chrome::PageContext, form::UnreadForm, idempotency::new_text,
        request::wants_json,
    },
};

impl EvidenceLimitExceeded {
    fn sentence(self) -> Cow<'static, str> {
        match self {
            Self::Daily(limit) => texts::evidence_limit_of_a_day(format_bytes(limit)),
            Self::Total(limit) => texts::evidence_limit_in_all(format_bytes(limit)),
        }
    }
}

/// Retry count and delay while waiting for a duplicate submission to finish.
const DUPLICATE_CHECKS: u32 = 10;
const DUPLICATE_CHECK_INTERVAL: Duration = Duration::from_millis(300);

pub(super) async fn attach_evidence(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    headers: HeaderMap,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::Attach(item.id))?;
    let most_open = state.config.limits.uploads_per_person;
    let _open = state
        .open_uploads
        .open(item.access.user.id, most_open)
        .ok_or_else(|| Error::TooManyOpen(texts::too_many_uploads_at_once()))?;
    let mut uploads = UploadBatch::new(state.clone());
    let answer = receive_form((state, item, page), &headers, sent, &mut uploads).await;
    uploads.delete_owned().await;
    answer
}

async fn receive_form(
    (state, item, page): (AppState, ItemAccess, PageContext),
    headers: &HeaderMap,
    sent: UnreadForm,
    uploads: &mut UploadBatch,
) -> Result<Response, Error> {
    let limit = state.config.evidence_max_bytes;
    let form = uploads.read_form(sent.read_multipart(max_form_bytes(limit)).await?, limit).await?;
    let next = form.next.clone();
    let mut submission =
        ItemSubmission { state, access: item.access, page, item: item.id, input: to_form_input(&form) };
    match attach(&mut submission, uploads, form).await {
        Ok(pieces) if wants_json(headers) => {
            Ok((StatusCode::CREATED, Json(serde_json::json!({ "attached": pieces }))).into_response())
        }
        Ok(pieces) => {
            Ok(submission.redirect(ItemSection::Evidence.success(&next, texts::evidence_is_attached(pieces))))
        }
        Err(NotAttached::TooLarge(sentence)) => submission.render_too_large("files", sentence).await,
        Err(NotAttached::Invalid) => submission.render_invalid().await,
        Err(NotAttached::Conflict(sentence)) => submission.render_conflict(sentence).await,
        Err(NotAttached::NotExecuted(not_done)) => submission.render_failure(not_done).await,
        Err(NotAttached::Error(error)) => Err(error),
    }
}

/// Why nothing of a form was attached.
enum NotAttached {
    /// The message at the files.
    TooLarge(Cow<'static, str>),
    /// The messages are in the submission's input.
    Invalid,
    Conflict(Cow<'static, str>),
    NotExecuted(ExecuteError),
    Error(Error),
}

impl<E: Into<Error>> From<E> for NotAttached {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// Attaches what a form contains, all or nothing; the result is the number of pieces.
async fn attach(
    submission: &mut ItemSubmission,
    uploads: &mut UploadBatch,
    mut form: AttachForm,
) -> Result<usize, NotAttached> {
    if let Some(name) = &form.too_large {
        submission.input.problem = Some(texts::nothing_attached_choose_files_again().into_owned());
        let limit = format_bytes(submission.state.config.evidence_max_bytes);
        return Err(NotAttached::TooLarge(texts::file_is_larger_than(name.as_str(), limit)));
    }
    let request = validate_form(&form, &mut submission.input).ok_or(NotAttached::Invalid)?;
    let files = std::mem::take(&mut form.files);
    let pieces = files.len() + request.count();
    let ids = EvidenceIds {
        by: submission.access.user.id,
        item: submission.item,
        key: request.key,
        days: [request.observed_on, request.valid_until].map(|day| day.map_or_else(String::new, |day| day.to_string())),
    };
    let mut commands = Vec::with_capacity(pieces);
    for (at, mut file) in files.into_iter().enumerate() {
        let id = ids.derive(&[b"file", &at.to_be_bytes(), &file.stored.sha256.0, file.name.as_str().as_bytes()]);
        if uploads.claim_id(&mut file, id).await? {
            commands.push(request.attach(submission.item, id, into_new_evidence(file)));
        } else {
            wait_for_earlier_attachment(submission, id).await?;
        }
    }
    commands.extend(request.into_commands(&ids));
    let size = count_file_bytes(&commands);
    let (user, db) = (submission.access.user.id, submission.state.db.clone());
    let (limits, now) = (submission.state.config.limits, submission.state.clock.now());
    if size > 0
        && let Err(exceeded) = reserve_bytes(&db, user, size, limits, now).await?
    {
        return Err(NotAttached::TooLarge(exceeded.sentence()));
    }
    // This may be dropped while the change is under way, as when PostgreSQL falls silent after COMMIT was sent.
    let released = uploads.release_all();
    let not_done = match submission.execute(commands).await {
        Ok(done) => {
            uploads.take_back(released.into_iter().filter(|id| !done.state.evidence.contains_key(id)));
            return Ok(pieces);
        }
        Err(not_done) => not_done,
    };
    match &not_done {
        ExecuteError::Refused(..) => {
            uploads.take_back(released);
            if size > 0 {
                release_bytes(&db, user, size, now).await?;
            }
        }
        // It is unknown whether the files are attached, so their bytes stay reserved. Executing no commands waits for
        // the lock, and so until the change is committed or rolled back; if that fails, the sweep will find out.
        ExecuteError::Failed(_) => {
            if let Ok(current) = submission.execute(Vec::new()).await {
                uploads.take_back(released.into_iter().filter(|id| !current.state.evidence.contains_key(id)));
            }
        }
    }
    Err(NotAttached::NotExecuted(not_done))
}

/// Waits for evidence that another submission of the same form attaches; the id of its file is taken.
async fn wait_for_earlier_attachment(submission: &mut ItemSubmission, id: EvidenceId) -> Result<(), NotAttached> {
    for look in 0..DUPLICATE_CHECKS {
        if look > 0 {
            tokio::time::sleep(DUPLICATE_CHECK_INTERVAL).await;
        }
        submission.reload_launch().await?;
        if let Some(earlier) = submission.access.launch.evidence.get(&id) {
            let gone = why_evidence_is_gone(&submission.access.launch, earlier);
            return gone.map_or(Ok(()), |sentence| Err(NotAttached::Conflict(sentence)));
        }
    }
    Err(NotAttached::Conflict(texts::files_are_being_attached_already()))
}

fn count_file_bytes(commands: &[Command]) -> u64 {
    let size = |command: &Command| match command {
        Command::AttachEvidence { content: NewEvidence::File { size, .. }, .. } => *size,
        _ => 0,
    };
    commands.iter().map(size).sum()
}

fn into_new_evidence(file: UploadedFile) -> NewEvidence {
    NewEvidence::File {
        name: new_text(file.name.as_str()),
        sha256: file.stored.sha256,
        size: file.stored.size,
        media_type: file.media_type.to_owned(),
    }
}

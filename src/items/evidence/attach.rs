//! POST: attaching evidence. The files, the link, the note and the reused evidence of one form are attached together or
//! not at all. A script that sends one file at a time asks for JSON, which only confirms the success; it reads errors
//! from the page that comes back, as everybody does.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};

use super::{
    super::{
        form_input::{ItemPageForm, ItemPageInput},
        submission::ItemSubmission,
    },
    store::{EvidenceLimitExceeded, release_bytes, reserve_bytes},
    upload::{AttachForm, MAX_FILES, UploadBatch, UploadedFile, max_form_bytes},
};
use crate::{
    access::launch_access::ItemAccess,
    domain::{
        ids::EvidenceId,
        launch::{
            access::Act,
            command::{Command, NewEvidence},
            decide::EVIDENCE_WITHDRAWN_MESSAGE,
        },
        text::{Prose, WebLink},
        time::Day,
    },
    presentation::formatting,
    record::ExecuteError,
    state::AppState,
    web::{
        Error,
        byte_size::format_bytes,
        form::UnreadForm,
        idempotency::{idempotent_id_on_item, new_text},
        page::PageContext,
        request::wants_json,
        time::parse_day,
    },
};

const TOO_MANY_UPLOADS: Error =
    Error::TooManyOpen("You are sending too many files at once. Let some of them arrive first.");

impl EvidenceLimitExceeded {
    fn sentence(self) -> String {
        match self {
            Self::Daily(most) => format!(
                "One person can attach {} of evidence in a day (in UTC), and you have attached as much, or would with \
                 these files. Nothing was attached; try again tomorrow.",
                format_bytes(most)
            ),
            Self::Total(most) => format!(
                "One person can attach {} of evidence in all, and you have attached as much, or would with these files. \
                 Nothing was attached. Whoever runs this server can raise that.",
                format_bytes(most)
            ),
        }
    }
}

/// Retry count and delay while waiting for a duplicate submission to finish.
const DUPLICATE_CHECKS: u32 = 10;
const DUPLICATE_CHECK_INTERVAL: Duration = Duration::from_millis(300);

const CHOOSE_FILES_AGAIN: &str = "Nothing was attached. Choose the files again: a page can't keep them.";

/// `POST /items/{id}/evidence`.
pub(super) async fn attach_evidence(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    headers: HeaderMap,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::Attach(item.id))?;
    let mut kept = UploadBatch::new(&state.blobs);
    let most_open = state.config.limits.uploads_per_person;
    let _open = state.open_uploads.open(item.access.user.id, most_open).ok_or(TOO_MANY_UPLOADS)?;
    let most = state.config.evidence_max_bytes;
    let form = kept.read_form(sent.read_multipart(max_form_bytes(most)).await?, most).await?;
    let submission =
        ItemSubmission { state: state.clone(), access: item.access, page, item: item.id, input: to_form_input(&form) };
    let on = if wants_json(&headers) { AttachResponse::Json } else { AttachResponse::Page(form.next.clone()) };
    let done = AttachSubmission { submission, uploads: &mut kept, response: on }.run(form).await;
    if done.is_err() {
        kept.delete_all().await;
    }
    done
}

/// Input without the files, which no page can give back. Two forms of the page are sent here.
fn to_form_input(form: &AttachForm) -> ItemPageInput {
    let existing = form.existing.as_deref().unwrap_or_default();
    let values = [
        ("url", &*form.url),
        ("note", &*form.note),
        ("existing", existing),
        ("observed_on", &*form.observed_on),
        ("valid_until", &*form.valid_until),
    ];
    let other = !form.files.is_empty() || form.too_large.is_some() || !form.url.is_empty() || !form.note.is_empty();
    ItemPageInput::at(
        if form.existing.is_some() && !other { ItemPageForm::ReuseEvidence } else { ItemPageForm::AttachEvidence },
        values,
    )
}

enum AttachResponse {
    /// Redirect; to the item's page if empty.
    Page(String),
    /// No redirect: a script asked for JSON.
    Json,
}

/// A validated form, without its files.
struct AttachRequest {
    link: Option<WebLink>,
    note: Option<Prose>,
    existing: Option<EvidenceId>,
    observed_on: Option<Day>,
    valid_until: Option<Day>,
}

/// Validates the fields; errors are added to `typed`.
fn validate_form(form: &AttachForm, typed: &mut ItemPageInput) -> Option<AttachRequest> {
    let errors = &mut typed.errors;
    if form.too_many {
        errors.add("files", format_args!("These are too many at once: at most {MAX_FILES} files."));
    }
    if let Some(name) = form.empty.first() {
        errors.add("files", format_args!("“{}” is empty: a file of zero bytes shows nothing.", name.as_str()));
    }
    let link = match form.url.trim() {
        "" => Some(None),
        url => errors.check("url", WebLink::new(url)).map(Some),
    };
    let note = errors.check("note", Prose::optional(&form.note));
    let existing = match form.existing.as_deref().map(str::trim) {
        None | Some("") => Some(None),
        Some(id) => errors.check("existing", id.parse().map_err(|_| "Choose evidence of this launch.")).map(Some),
    };
    let observed_on = errors.check("observed_on", parse_day(&form.observed_on));
    let valid_until = errors.check("valid_until", parse_day(&form.valid_until));
    let nothing = form.files.is_empty() && matches!((&link, &note, existing), (Some(None), Some(None), Some(None)));
    match (errors.is_empty() && nothing, &form.existing) {
        (false, _) => {}
        (true, None) => errors.add("files", "Choose a file, or give a link or a note."),
        (true, Some(_)) => errors.add("existing", "Choose what to use again."),
    }
    if !errors.is_empty() {
        if !form.files.is_empty() {
            typed.problem = Some(CHOOSE_FILES_AGAIN.to_owned());
        }
        return None;
    }
    Some(AttachRequest {
        link: link?,
        note: note?,
        existing: existing?,
        observed_on: observed_on?,
        valid_until: valid_until?,
    })
}

/// State of evidence that another submission of the same form attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EarlierAttachment {
    Present,
    Withdrawn,
}

struct AttachSubmission<'a, 'b> {
    submission: ItemSubmission,
    uploads: &'a mut UploadBatch<'b>,
    response: AttachResponse,
}

impl AttachSubmission<'_, '_> {
    async fn run(mut self, mut form: AttachForm) -> Result<Response, Error> {
        if let Some(name) = &form.too_large {
            let limit = format_bytes(self.submission.state.config.evidence_max_bytes);
            let sentence = format!("{} is larger than {limit}.", name.as_str());
            self.submission.input.problem = Some(CHOOSE_FILES_AGAIN.to_owned());
            self.uploads.delete_all().await;
            return self.submission.render_too_large("files", sentence).await;
        }
        let Some(wanted) = validate_form(&form, &mut self.submission.input) else {
            self.uploads.delete_all().await;
            return self.submission.render_invalid().await;
        };
        let others = [wanted.link.is_some(), wanted.note.is_some(), wanted.existing.is_some()];
        let pieces = form.files.len() + others.into_iter().filter(|there| *there).count();
        let AttachRequest { observed_on, valid_until, .. } = wanted;
        let days = [observed_on, valid_until];
        let item = self.submission.item;
        let attach = |evidence, content| Command::AttachEvidence { item, evidence, content, observed_on, valid_until };
        let mut commands = Vec::with_capacity(pieces);
        for (at, mut file) in std::mem::take(&mut form.files).into_iter().enumerate() {
            let id = self.evidence_id(
                &form.once,
                &[b"file", &at.to_be_bytes(), &file.stored.sha256.0, file.name.as_str().as_bytes()],
                days,
            );
            if !self.uploads.claim_id(&mut file, id).await? {
                let attached = self.find_earlier_attachment(id).await?;
                if attached == Some(EarlierAttachment::Withdrawn) {
                    self.uploads.delete_all().await;
                    return self.submission.render_conflict(EVIDENCE_WITHDRAWN_MESSAGE.to_owned()).await;
                }
                if attached.is_none() {
                    self.uploads.delete_all().await;
                    let told = "These files are being attached already by the same form, sent twice. Look at the \
                                list below, then choose again what is missing.";
                    return self.submission.render_conflict(told.to_owned()).await;
                }
                self.uploads.delete_file(file.id).await;
                continue;
            }
            commands.push(attach(id, into_new_evidence(file)));
        }
        if let Some(link) = &wanted.link {
            let id = self.evidence_id(&form.once, &[b"link", link.as_str().as_bytes()], days);
            commands.push(attach(id, NewEvidence::Link(new_text(link.as_str()))));
        }
        if let Some(note) = wanted.note {
            let id = self.evidence_id(&form.once, &[b"note", note.as_str().as_bytes()], days);
            commands.push(attach(id, NewEvidence::Note(new_text(note))));
        }
        if let Some(source) = wanted.existing {
            let evidence = self.evidence_id(&form.once, &[b"again", source.uuid().as_bytes()], days);
            commands.push(Command::ReuseEvidence { item, evidence, source, observed_on, valid_until });
        }
        let size = count_file_bytes(&commands);
        let (user, now) = (self.submission.access.user.id, self.submission.state.clock.now());
        let db = self.submission.state.db.clone();
        if size > 0
            && let Err(exceeded) = reserve_bytes(&db, user, size, self.submission.state.config.limits, now).await?
        {
            self.uploads.delete_all().await;
            return self.submission.render_too_large("files", exceeded.sentence()).await;
        }
        match self.submission.execute(commands).await {
            Ok(_) => Ok(self.success_response(pieces)),
            Err(not_done) => {
                // Another failure may have attached the files, so their bytes stay reserved.
                if size > 0 && matches!(not_done, ExecuteError::Refused(..)) {
                    release_bytes(&db, user, size, now).await?;
                }
                self.failure_response(not_done).await
            }
        }
    }

    fn success_response(&self, pieces: usize) -> Response {
        match &self.response {
            AttachResponse::Json => {
                (StatusCode::CREATED, Json(serde_json::json!({ "attached": pieces }))).into_response()
            }
            AttachResponse::Page(next) => {
                let told = format!("{} of evidence attached.", formatting::count_with_noun(pieces, "piece"));
                self.submission.redirect("#evidence", next, &told)
            }
        }
    }

    /// Id of a piece of evidence of this form. Other days lead to another id, as other content does.
    fn evidence_id(&self, once: &str, content: &[&[u8]], days: [Option<Day>; 2]) -> EvidenceId {
        let days = days.map(|day| day.map_or_else(String::new, |day| day.to_string()));
        let content = [content, &[days[0].as_bytes(), days[1].as_bytes()]].concat();
        idempotent_id_on_item(self.submission.access.user.id, self.submission.item, once, &content)
    }

    /// Finds evidence that another submission of the same form attached, and waits for it if it is not there yet.
    async fn find_earlier_attachment(&mut self, id: EvidenceId) -> Result<Option<EarlierAttachment>, Error> {
        for look in 0..DUPLICATE_CHECKS {
            if look > 0 {
                tokio::time::sleep(DUPLICATE_CHECK_INTERVAL).await;
            }
            self.submission.reload_launch().await?;
            if let Some(found) = self.submission.access.launch.evidence.get(&id) {
                let withdrawn = found.withdrawn.is_some();
                return Ok(Some(if withdrawn { EarlierAttachment::Withdrawn } else { EarlierAttachment::Present }));
            }
        }
        Ok(None)
    }

    /// Deletes the uploaded files. If it is unknown whether the change was committed, keeps those that turn out to be
    /// attached, or all if that cannot be found out.
    async fn failure_response(self, not_done: ExecuteError) -> Result<Response, Error> {
        match &not_done {
            ExecuteError::Refused(..) => self.uploads.delete_all().await,
            ExecuteError::Failed(_) => {
                // Executing no commands waits for the lock, and so until the earlier change is committed or rolled
                // back.
                match self.submission.execute(Vec::new()).await {
                    Ok(now) => self.uploads.keep_only(|id| now.state.evidence.contains_key(&id)).await,
                    Err(_) => self.uploads.keep_all(),
                }
            }
        }
        self.submission.render_failure(not_done).await
    }
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

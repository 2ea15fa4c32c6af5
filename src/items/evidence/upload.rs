//! Reads a form with files. Each file is streamed to the store as it arrives, and the form is validated afterwards,
//! since its fields may come after its files.
//!
//! Memory holds one chunk of one file at a time, and texts up to the size limit of a form; the headers of parts have
//! limits of their own ([`crate::web::multipart`]). Files are stored under temporary ids until
//! [`UploadBatch::claim_id`] gives them the ids of the evidence, which never replaces an existing file.

use std::time::Duration;

use axum::extract::multipart::Field;

use super::media_type;
use crate::{
    ambient,
    blobs::{PutError, StoredBlob},
    domain::{ids::EvidenceId, text::FileName},
    state::AppState,
    texts,
    web::{Error, form::MultipartForm, idempotency::SentIdempotencyKey, multipart::MAX_HEADS_BYTES, route::FORM_BYTES},
};

pub(super) const MAX_FILES: usize = 50;

/// Maximum size of a form: its files of at most `of_a_file` bytes each, its texts, and the headers of its parts.
pub(super) const fn max_form_bytes(of_a_file: u64) -> u64 {
    MAX_FILES as u64 * of_a_file + FORM_BYTES + MAX_HEADS_BYTES as u64
}

pub(super) struct UploadedFile {
    /// Id that the file is stored under.
    pub(super) id: EvidenceId,
    pub(super) name: FileName,
    pub(super) media_type: &'static str,
    pub(super) stored: StoredBlob,
}

#[derive(Default)]
pub(super) struct AttachForm {
    pub(super) files: Vec<UploadedFile>,
    /// Names of files of zero bytes; they are not in `files`.
    pub(super) empty: Vec<FileName>,
    /// Whether there were more than [`MAX_FILES`]; `files` is then incomplete.
    pub(super) too_many: bool,
    /// The first file that is too large; no file after it was stored.
    pub(super) too_large: Option<FileName>,
    pub(super) url: String,
    pub(super) note: String,
    /// Evidence to reuse; `None` if the form has no such field.
    pub(super) existing: Option<String>,
    pub(super) observed_on: String,
    pub(super) valid_until: String,
    pub(super) once: SentIdempotencyKey,
    pub(super) next: String,
}

impl AttachForm {
    /// Adds what was written in the field for a link or a note: an address is a link, everything else a note.
    fn add_text(&mut self, text: String) {
        let typed = text.trim();
        let is_address = typed.starts_with("https://") || typed.starts_with("http://");
        match is_address && !typed.contains(char::is_whitespace) {
            true if self.url.is_empty() => self.url = text,
            false if self.note.is_empty() => self.note = text,
            true | false => {}
        }
    }
}

/// Owns the files that a request has stored, until it submits a change that names them: those that it still owns at its
/// end are deleted.
pub(super) struct UploadBatch {
    state: AppState,
    /// The ids of the files that certainly no change names.
    ids: Vec<EvidenceId>,
}

/// The guard of a request that panics, or is dropped before [`UploadBatch::delete_owned`].
impl Drop for UploadBatch {
    fn drop(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        // When the process ends there may be no runtime any more. The sweep will find the files.
        if !ids.is_empty() && tokio::runtime::Handle::try_current().is_ok() {
            // Not `finish_later`: a request is dropped above all when PostgreSQL does not answer, and then that would
            // give this work up as well. The store of the files does not depend on PostgreSQL.
            let state = self.state.clone();
            self.state.finish_without_database(async move { delete_files(&state, ids).await });
        }
    }
}

impl UploadBatch {
    pub(super) const fn new(state: AppState) -> Self {
        Self { state, ids: Vec::new() }
    }

    /// Fails if the form is malformed or a part of it is too large.
    pub(super) async fn read_form(&mut self, mut parts: MultipartForm, limit: u64) -> Result<AttachForm, Error> {
        let form = self.read_fields(&mut parts, limit).await;
        if let Err(Error::TooLarge { .. } | Error::BadRequest(_)) = form {
            parts.drain().await;
        }
        form
    }

    async fn read_fields(&mut self, parts: &mut MultipartForm, limit: u64) -> Result<AttachForm, Error> {
        let mut form = AttachForm::default();
        let mut left = FORM_BYTES;
        while let Some(field) = next_field(parts, &form).await? {
            match field.name() {
                // Nothing of the form will be attached; its other fields are still read, so that the page can show
                // them.
                Some("files") if form.too_large.is_some() => {}
                Some("files") if form.files.len() >= MAX_FILES => {
                    // No more files are stored; the rest is read so that the answer can be the page.
                    form.too_many = true;
                    drop(field);
                    parts.drain().await;
                    break;
                }
                Some("files") => self.store_file(field, limit, &mut form).await?,
                Some("existing") => form.existing = Some(read_text(field, &mut left).await?),
                Some("url") => form.url = read_text(field, &mut left).await?,
                Some("text") => form.add_text(read_text(field, &mut left).await?),
                Some("note") => form.note = read_text(field, &mut left).await?,
                Some("observed_on") => form.observed_on = read_text(field, &mut left).await?,
                Some("valid_until") => form.valid_until = read_text(field, &mut left).await?,
                Some("once") => form.once.add(read_text(field, &mut left).await?),
                Some("next") => form.next = read_text(field, &mut left).await?,
                _ => skip_field(field, &mut left).await?,
            }
        }
        Ok(form)
    }

    async fn store_file(&mut self, field: Field<'_>, limit: u64, form: &mut AttachForm) -> Result<(), Error> {
        let sent = field.file_name().unwrap_or_default().to_owned();
        let name = FileName::new(&sent);
        let id: EvidenceId = ambient::new_id();
        let stored = match self.state.blobs.put(id, field, limit).await {
            Ok(stored) => stored,
            Err(PutError::TooLarge(_)) => {
                form.too_large = Some(name);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        if stored.size > 0 {
            self.ids.push(id);
            let media_type = media_type::detect(&stored.beginning, stored.size);
            form.files.push(UploadedFile { id, name, media_type, stored });
            return Ok(());
        }
        delete_file(&self.state, id).await;
        // A browser sends a file field without a selection as a file without name and bytes.
        if !sent.is_empty() {
            form.empty.push(name);
        }
        Ok(())
    }

    /// Renames a file to the id of its evidence; false if that id is taken.
    pub(super) async fn claim_id(&mut self, file: &mut UploadedFile, id: EvidenceId) -> Result<bool, Error> {
        if file.id == id {
            return Ok(true);
        }
        if !self.state.blobs.rename(file.id, id).await? {
            return Ok(false);
        }
        self.ids.retain(|other| *other != file.id);
        self.ids.push(id);
        file.id = id;
        Ok(true)
    }

    /// Gives up the files just before a change that names them is submitted: from then on the request may be dropped at
    /// any time without knowing whether the change was committed, and evidence of a launch must never be deleted. What
    /// the change turns out not to have attached comes back with [`Self::take_back`]; the rest is left to the sweep.
    pub(super) fn release_all(&mut self) -> Vec<EvidenceId> {
        std::mem::take(&mut self.ids)
    }

    /// Owns released files again that certainly no change names.
    pub(super) fn take_back(&mut self, ids: impl IntoIterator<Item = EvidenceId>) {
        self.ids.extend(ids);
    }

    /// Deletes the files that certainly no change names.
    pub(super) async fn delete_owned(mut self) {
        // Each is owned until it is deleted, for the case that this is dropped halfway.
        while let Some(id) = self.ids.last().copied() {
            delete_file(&self.state, id).await;
            self.ids.pop();
        }
    }
}

async fn delete_files(state: &AppState, ids: Vec<EvidenceId>) {
    for id in ids {
        delete_file(state, id).await;
    }
}

async fn delete_file(state: &AppState, id: EvidenceId) {
    if let Err(error) = state.blobs.delete(id).await {
        // The sweep of unreferenced files will find it.
        tracing::warn!(%error, %id, "a file that is not wanted could not be removed");
    }
}

/// Time limit for reading the rest of a form when nothing of it will be attached.
const REMAINDER_TIMEOUT: Duration = Duration::from_secs(30);

/// The next field. After a file that is too large, a timeout or an error ends the form.
async fn next_field<'a>(parts: &'a mut MultipartForm, form: &AttachForm) -> Result<Option<Field<'a>>, Error> {
    if form.too_large.is_none() {
        return parts.next_field().await;
    }
    Ok(tokio::time::timeout(REMAINDER_TIMEOUT, parts.next_field()).await.ok().and_then(Result::ok).flatten())
}

/// Reads a text field. `left` is the number of bytes that the texts of the form may still have.
async fn read_text(mut field: Field<'_>, left: &mut u64) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        *left = left.checked_sub(chunk.len() as u64).ok_or(Error::TooLarge { limit: FORM_BYTES })?;
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Error::BadRequest(texts::field_of_form_is_not_text()))
}

/// Reads and drops an unknown field; its bytes count as text.
async fn skip_field(mut field: Field<'_>, left: &mut u64) -> Result<(), Error> {
    while let Some(chunk) = field.chunk().await? {
        *left = left.checked_sub(chunk.len() as u64).ok_or(Error::TooLarge { limit: FORM_BYTES })?;
    }
    Ok(())
}

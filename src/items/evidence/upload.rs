//! Taking in a form with files: each is streamed to the store as it comes, and everything is decided afterwards,
//! since a form's fields may stand behind its files.
//!
//! Memory holds one piece of one file at a time, and texts up to a form's size; heads of parts have limits of their own
//! ([`crate::web::multipart`]). Files are kept under ids of their
//! own until [`Kept::claim`] gives them the evidence's, which never replaces anything.

use std::time::Duration;

use axum::extract::multipart::Field;

use super::media_type;
use crate::{
    ambient,
    blobs::{Blobs, PutError, Stored},
    domain::{ids::EvidenceId, text::FileName},
    web::{Error, form::FormWithFiles, multipart::MOST_HEADS, route::FORM_BYTES},
};

/// The most files of one form.
pub(super) const MOST_FILES: usize = 50;

/// The most bytes of a form whose files have at most so many each: all of them, its texts, and the heads of its parts.
pub(super) const fn most_bytes(of_a_file: u64) -> u64 {
    MOST_FILES as u64 * of_a_file + FORM_BYTES + MOST_HEADS as u64
}

/// A file that has been stored.
pub(super) struct File {
    /// What it is kept under.
    pub(super) id: EvidenceId,
    /// Its name.
    pub(super) name: FileName,
    /// Its type.
    pub(super) media_type: &'static str,
    /// Its size, and the hash of its bytes.
    pub(super) stored: Stored,
}

/// A form that was taken in.
#[derive(Default)]
pub(super) struct Form {
    pub(super) files: Vec<File>,
    /// Names of files of zero bytes; they are not among `files`.
    pub(super) empty: Vec<FileName>,
    /// Whether there were more than [`MOST_FILES`]; then `files` is not all of them.
    pub(super) too_many: bool,
    /// The first file that is larger than may be; then no file after it was kept.
    pub(super) too_large: Option<FileName>,
    pub(super) url: String,
    pub(super) note: String,
    /// Evidence to use again; `None` when the form has no such field.
    pub(super) existing: Option<String>,
    pub(super) observed_on: String,
    pub(super) valid_until: String,
    pub(super) once: String,
    pub(super) next: String,
}

/// The files that this request has stored, and takes away again when it fails.
pub(super) struct Kept<'a> {
    blobs: &'a Blobs,
    ids: Vec<EvidenceId>,
}

impl<'a> Kept<'a> {
    /// None so far.
    pub(super) const fn new(blobs: &'a Blobs) -> Self {
        Self { blobs, ids: Vec::new() }
    }

    /// Takes in a form.
    ///
    /// # Errors
    /// When it is broken, or a part of it too large. Nothing is kept then.
    pub(super) async fn take_in(&mut self, mut parts: FormWithFiles, limit: u64) -> Result<Form, Error> {
        match self.read(&mut parts, limit).await {
            Ok(form) => Ok(form),
            Err(error) => {
                self.discard().await;
                if matches!(error, Error::TooLarge { .. } | Error::BadRequest(_)) {
                    parts.let_pass().await;
                }
                Err(error)
            }
        }
    }

    async fn read(&mut self, parts: &mut FormWithFiles, limit: u64) -> Result<Form, Error> {
        let mut form = Form::default();
        let mut left = FORM_BYTES;
        while let Some(field) = next(parts, &form).await? {
            match field.name() {
                // Nothing of the form will be attached; its other fields are still read, to come back with the page.
                Some("files") if form.too_large.is_some() => {}
                Some("files") if form.files.len() >= MOST_FILES => {
                    // No more is stored; the rest is read, to be answered with the page.
                    form.too_many = true;
                    drop(field);
                    parts.let_pass().await;
                    break;
                }
                Some("files") => self.file(field, limit, &mut form).await?,
                Some("existing") => form.existing = Some(text(field, &mut left).await?),
                Some("url") => form.url = text(field, &mut left).await?,
                Some("note") => form.note = text(field, &mut left).await?,
                Some("observed_on") => form.observed_on = text(field, &mut left).await?,
                Some("valid_until") => form.valid_until = text(field, &mut left).await?,
                Some("once") => form.once = text(field, &mut left).await?,
                Some("next") => form.next = text(field, &mut left).await?,
                _ => skip(field, &mut left).await?,
            }
        }
        Ok(form)
    }

    async fn file(&mut self, field: Field<'_>, limit: u64, form: &mut Form) -> Result<(), Error> {
        let sent = field.file_name().unwrap_or_default().to_owned();
        let name = FileName::new(&sent);
        let id: EvidenceId = ambient::new_id();
        let stored = match self.blobs.put(id, field, limit).await {
            Ok(stored) => stored,
            Err(PutError::TooLarge(_)) => {
                form.too_large = Some(name);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        self.ids.push(id);
        if stored.size > 0 {
            let media_type = media_type::of(&stored.beginning, stored.size);
            form.files.push(File { id, name, media_type, stored });
            return Ok(());
        }
        self.forget(id).await;
        // A browser sends a file field in which nothing was chosen as a file without name and bytes.
        if !sent.is_empty() {
            form.empty.push(name);
        }
        Ok(())
    }

    /// Gives a file the id of its evidence; false, when that is taken.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn claim(&mut self, file: &mut File, id: EvidenceId) -> Result<bool, Error> {
        if file.id == id {
            return Ok(true);
        }
        if !self.blobs.rename(file.id, id).await? {
            return Ok(false);
        }
        self.ids.retain(|kept| *kept != file.id);
        self.ids.push(id);
        file.id = id;
        Ok(true)
    }

    /// Takes one file away.
    pub(super) async fn forget(&mut self, id: EvidenceId) {
        self.ids.retain(|kept| *kept != id);
        if let Err(error) = self.blobs.delete(id).await {
            // The sweep of what nothing refers to will find it.
            tracing::warn!(%error, %id, "a file that is not wanted could not be removed");
        }
    }

    /// Takes away those that are not `wanted`, and lets go of the others.
    pub(super) async fn keep(&mut self, wanted: impl Fn(EvidenceId) -> bool + Send) {
        self.ids.retain(|id| !wanted(*id));
        self.discard().await;
    }

    /// Lets go of all of them: it can't be told whether they are wanted, and the sweep will.
    pub(super) fn keep_all(&mut self) {
        self.ids.clear();
    }

    /// Takes all of them away.
    pub(super) async fn discard(&mut self) {
        for id in std::mem::take(&mut self.ids) {
            self.forget(id).await;
        }
    }
}

/// How long what is left of a form is read once it is known that nothing of it will be attached.
const PATIENCE: Duration = Duration::from_secs(30);

/// The next field. Once a file was too large, what is left of the form is read only as far as it comes in time and may be.
async fn next<'a>(parts: &'a mut FormWithFiles, form: &Form) -> Result<Option<Field<'a>>, Error> {
    if form.too_large.is_none() {
        return parts.next_field().await;
    }
    Ok(tokio::time::timeout(PATIENCE, parts.next_field()).await.ok().and_then(Result::ok).flatten())
}

/// Reads a text field. All of them together are no longer than a whole form may be.
async fn text(mut field: Field<'_>, left: &mut u64) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        *left = left.checked_sub(chunk.len() as u64).ok_or(Error::TooLarge { most: FORM_BYTES })?;
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Error::BadRequest("A field of the form is not text."))
}

/// Reads a field that nobody asks for; it counts as a text.
async fn skip(mut field: Field<'_>, left: &mut u64) -> Result<(), Error> {
    while let Some(chunk) = field.chunk().await? {
        *left = left.checked_sub(chunk.len() as u64).ok_or(Error::TooLarge { most: FORM_BYTES })?;
    }
    Ok(())
}

//! The import form as it is sent: fields, and possibly a file. Nothing is stored on disk.

use std::borrow::Cow;

use axum::extract::multipart::Field;

use super::{MAX_MARKDOWN_BYTES, import_choices::SentImportChoices};
use crate::{
    domain::text::FileName,
    texts,
    web::{
        Error,
        byte_size::format_bytes,
        form::{FieldErrors, MultipartForm},
        idempotency::SentIdempotencyKey,
    },
};

/// Maximum bytes of a form that are read at all. A text that is too large for a checklist, but not for this, is read to
/// its end, so that the sender gets a page that says so and not a broken connection.
pub(super) const MAX_FORM_BYTES: usize = 32_000_000;

/// Maximum bytes of each of the short fields.
const MAX_FIELD_BYTES: usize = 4_000;

#[derive(Debug, Default)]
pub struct ChecklistUpload {
    /// The name and bytes of the file, when one was chosen.
    file: Option<(String, Vec<u8>)>,
    /// The text that was typed or pasted.
    markdown: Vec<u8>,
    /// Whether either of them exceeds the limit.
    too_large: bool,
    /// The name chosen for the checklist.
    pub name: String,
    /// The button that was pressed: `preview` or `publish`.
    pub step: String,
    /// The existing checklist that gets a new version; empty for a new checklist.
    pub checklist: String,
    pub once: SentIdempotencyKey,
    /// What was chosen on the preview.
    pub(super) choices: SentImportChoices,
}

/// The Markdown of an upload, from the file or from the text field.
#[derive(Debug, Default)]
pub struct UploadedText {
    /// The text, as far as the form can show it again.
    pub text: String,
    pub file_name: Option<String>,
    pub errors: FieldErrors,
    pub too_large: bool,
}

impl ChecklistUpload {
    /// Fails if the form is malformed or exceeds the limit.
    pub async fn read(mut parts: MultipartForm) -> Result<Self, Error> {
        match Self::read_parts(&mut parts).await {
            Ok(upload) => Ok(upload),
            Err(error) => {
                if !matches!(error, Error::TimedOut(_)) {
                    parts.drain().await;
                }
                Err(error)
            }
        }
    }

    async fn read_parts(parts: &mut MultipartForm) -> Result<Self, Error> {
        let mut upload = Self::default();
        let mut left = MAX_FORM_BYTES;
        while let Some(field) = parts.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            match name.as_str() {
                "file" => {
                    let bytes = upload.read_text(field, &mut left).await?;
                    // A browser sends a nameless, empty file when none was chosen.
                    let file_name = file_name.filter(|name| !name.is_empty() || !bytes.is_empty());
                    upload.file = file_name.map(|name| (name, bytes)).or(upload.file);
                }
                "markdown" => upload.markdown = upload.read_text(field, &mut left).await?,
                "name" => upload.name = read_short_field(field, &mut left).await?,
                "step" => upload.step = read_short_field(field, &mut left).await?,
                "checklist" => upload.checklist = read_short_field(field, &mut left).await?,
                "once" => upload.once.add(read_short_field(field, &mut left).await?),
                name if SentImportChoices::has_field(name) => {
                    let value = read_short_field(field, &mut left).await?;
                    upload.choices.add_field(name, value);
                }
                _ => drop(read_field_bytes(field, 0, &mut left).await?),
            }
        }
        Ok(upload)
    }

    /// Reads a text. If it is too large, that is noted and the text is dropped. A browser sends each line break as two
    /// bytes, whatever it was in the file, so the limit here is twice as high.
    async fn read_text(&mut self, field: Field<'_>, left: &mut usize) -> Result<Vec<u8>, Error> {
        let (bytes, whole) = read_field_bytes(field, 2 * MAX_MARKDOWN_BYTES, left).await?;
        self.too_large |= !whole;
        Ok(if whole { bytes } else { Vec::new() })
    }

    /// The text to import, from the file or the field.
    pub fn take_text(&mut self) -> UploadedText {
        let mut brought = UploadedText { too_large: self.too_large, ..UploadedText::default() };
        let text = normalize_text(String::from_utf8_lossy(&std::mem::take(&mut self.markdown)).as_ref());
        let file = self.file.take();
        let named = file.as_ref().map(|(name, _)| FileName::new(name));
        match file {
            _ if brought.too_large => {
                brought.text = text;
            }
            Some(_) if !text.trim().is_empty() => {
                brought.errors.add("file", texts::file_or_text_not_both());
                brought.text = text;
            }
            Some((name, bytes)) => {
                match String::from_utf8(bytes) {
                    Ok(text) => brought.text = normalize_text(&text),
                    Err(_) => brought.errors.add("file", texts::file_is_not_utf8()),
                }
                brought.file_name = Some(name);
            }
            None if text.trim().is_empty() => {
                brought.errors.add("file", texts::choose_or_paste_markdown());
            }
            None => brought.text = text,
        }
        brought.too_large |= brought.text.len() > MAX_MARKDOWN_BYTES;
        if brought.too_large {
            brought.errors.add("file", too_large_message(named.as_ref()));
        }
        brought
    }
}

/// The sentence for a text that is too large, with the name of its file.
fn too_large_message(file: Option<&FileName>) -> Cow<'static, str> {
    let limit = format_bytes(MAX_MARKDOWN_BYTES as u64);
    match file {
        Some(file) => texts::file_of_checklist_too_large(file.as_str(), limit),
        None => texts::text_of_checklist_too_large(limit),
    }
}

/// Normalizes line breaks to those that are counted and parsed, since a form sends `\r
/// ` for each. U+0000 is removed, since no form can carry it to the next step.
fn normalize_text(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}

async fn read_short_field(field: Field<'_>, left: &mut usize) -> Result<String, Error> {
    let (bytes, whole) = read_field_bytes(field, MAX_FIELD_BYTES, left).await?;
    if !whole {
        return Err(Error::Unprocessable(texts::form_field_far_too_long()));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads a field to its end, but stores at most `most` bytes. Returns them, and whether they are all of it.
async fn read_field_bytes(mut field: Field<'_>, limit: usize, left: &mut usize) -> Result<(Vec<u8>, bool), Error> {
    let mut bytes = Vec::new();
    let mut whole = true;
    while let Some(chunk) = field.chunk().await? {
        *left = left.checked_sub(chunk.len()).ok_or(Error::TooLarge { limit: MAX_MARKDOWN_BYTES as u64 })?;
        whole &= bytes.len() + chunk.len() <= limit;
        if whole {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((bytes, whole))
}

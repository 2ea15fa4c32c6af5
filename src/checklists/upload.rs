//! The import form as it arrives: fields, and perhaps a file, none of which is kept on disk.

use axum::extract::multipart::Field;

use super::MOST_BYTES;
use crate::{
    domain::text::FileName,
    web::{
        Error,
        form::{FieldErrors, FormWithFiles},
        page,
    },
};

/// The most bytes of a form that are read at all. What is too large for a checklist but not for this is read to its
/// end, so that its sender gets a page that says so, and not a connection that breaks.
pub(super) const MOST_FORM_BYTES: usize = 32_000_000;

/// The most bytes of each of the small fields.
const MOST_FIELD_BYTES: usize = 4_000;

/// The import form, as it was sent.
#[derive(Debug, Default)]
pub struct Upload {
    /// The file's name and bytes, when one was chosen.
    file: Option<(String, Vec<u8>)>,
    /// What was typed or pasted.
    markdown: Vec<u8>,
    /// Whether either has more bytes than are taken.
    too_large: bool,
    /// The name that the checklist is to have.
    pub name: String,
    /// `preview` or `publish`.
    pub step: String,
    /// The checklist whose new version it is to be; empty for a new one.
    pub checklist: String,
    /// What tells the same form sent twice.
    pub once: String,
}

/// The text that an upload brings.
#[derive(Debug, Default)]
pub struct Brought {
    /// The text, as far as it can be shown in the form again.
    pub text: String,
    /// The name of the file it came in.
    pub file_name: Option<String>,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Whether it is too large.
    pub too_large: bool,
}

impl Upload {
    /// Reads the form.
    ///
    /// # Errors
    /// When it is malformed or endless.
    pub async fn read(mut parts: FormWithFiles) -> Result<Self, Error> {
        match Self::read_parts(&mut parts).await {
            Ok(upload) => Ok(upload),
            Err(error) => {
                if !matches!(error, Error::TimedOut(_)) {
                    parts.let_pass().await;
                }
                Err(error)
            }
        }
    }

    async fn read_parts(parts: &mut FormWithFiles) -> Result<Self, Error> {
        let mut upload = Self::default();
        let mut left = MOST_FORM_BYTES;
        while let Some(field) = parts.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            match name.as_str() {
                "file" => {
                    let bytes = upload.text(field, &mut left).await?;
                    // A browser sends a nameless, empty file when none was chosen.
                    let file_name = file_name.filter(|name| !name.is_empty() || !bytes.is_empty());
                    upload.file = file_name.map(|name| (name, bytes)).or(upload.file);
                }
                "markdown" => upload.markdown = upload.text(field, &mut left).await?,
                "name" => upload.name = small(field, &mut left).await?,
                "step" => upload.step = small(field, &mut left).await?,
                "checklist" => upload.checklist = small(field, &mut left).await?,
                "once" => upload.once = small(field, &mut left).await?,
                _ => drop(bytes(field, 0, &mut left).await?),
            }
        }
        Ok(upload)
    }

    /// A text; noted, and not kept, when it is too large. A browser sends each line's end as two bytes, whatever it
    /// was in the file, so that only a text too large even so is dropped here.
    async fn text(&mut self, field: Field<'_>, left: &mut usize) -> Result<Vec<u8>, Error> {
        let (bytes, whole) = bytes(field, 2 * MOST_BYTES, left).await?;
        self.too_large |= !whole;
        Ok(if whole { bytes } else { Vec::new() })
    }

    /// The text to import, out of the file or the field.
    pub fn brought(&mut self) -> Brought {
        let mut brought = Brought { too_large: self.too_large, ..Brought::default() };
        let typed = plain(String::from_utf8_lossy(&std::mem::take(&mut self.markdown)).as_ref());
        let file = self.file.take();
        let named = file.as_ref().map(|(name, _)| FileName::new(name));
        match file {
            _ if brought.too_large => {
                brought.text = typed;
            }
            Some(_) if !typed.trim().is_empty() => {
                brought.errors.add("file", "Either choose a file or paste a text, not both.");
                brought.text = typed;
            }
            Some((name, bytes)) => {
                match String::from_utf8(bytes) {
                    Ok(text) => brought.text = plain(&text),
                    Err(_) => brought
                        .errors
                        .add("file", "This file is not text in UTF-8. Save it as UTF-8, and choose it again."),
                }
                brought.file_name = Some(name);
            }
            None if typed.trim().is_empty() => {
                brought.errors.add("file", "Choose a file, or paste the checklist’s Markdown.");
            }
            None => brought.text = typed,
        }
        brought.too_large |= brought.text.len() > MOST_BYTES;
        if brought.too_large {
            brought.errors.add("file", too_large(named.as_ref()));
        }
        brought
    }
}

/// The sentence for a text that is too large, by the file that it came in.
fn too_large(file: Option<&FileName>) -> String {
    let what = file.map_or("This", FileName::as_str);
    format!(
        "{what} is larger than {}. Split the checklist, or leave out what is not part of it.",
        page::bytes(MOST_BYTES as u64)
    )
}

/// With line ends as they are counted and read: a form sends `\r\n` for each. U+0000 goes, since no form can carry it
/// on to the next step.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}

async fn small(field: Field<'_>, left: &mut usize) -> Result<String, Error> {
    let (bytes, whole) = bytes(field, MOST_FIELD_BYTES, left).await?;
    if !whole {
        return Err(Error::Unprocessable("A field of the form is far too long. Go back and shorten it.".into()));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The bytes of a field and whether these are all of them: it is read to its end, but no more is kept than `most`.
async fn bytes(mut field: Field<'_>, most: usize, left: &mut usize) -> Result<(Vec<u8>, bool), Error> {
    let mut kept = Vec::new();
    let mut whole = true;
    while let Some(chunk) = field.chunk().await? {
        *left = left.checked_sub(chunk.len()).ok_or(Error::TooLarge { most: MOST_BYTES as u64 })?;
        whole &= kept.len() + chunk.len() <= most;
        if whole {
            kept.extend_from_slice(&chunk);
        }
    }
    Ok((kept, whole))
}

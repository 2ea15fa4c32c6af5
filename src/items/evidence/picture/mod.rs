//! GET: small pictures of evidence that is an image.
//!
//! What people attach is never shown by a browser as it is. A picture is drawn anew from the image's dots and written
//! as a file of our own, so nothing else that the image carried (scripts, places, names, bytes after its end) is left.
//! It is made when it is first asked for and then kept beside the file (`blobs`), so that pages with many images are
//! drawn once. An image that can't be drawn is remembered as such, by a picture of no bytes, and shown as an icon.

mod draw;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http::{HeaderName, HeaderValue, header};
use tokio::sync::Semaphore;

use super::file::{self, REDACTED, SANDBOX, not_as_attached};
use crate::{
    access::launch_access::PartAccess,
    blobs::{Blobs, Picture},
    domain::{
        ids::EvidenceId,
        launch::{event::EvidenceContent, state::Evidence},
    },
    state::AppState,
    web::{Error, page::Verbatim},
};

/// How many images are drawn at a time in the whole process: each may take [`draw::MOST_MEMORY`] and a processor.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// Images of more bytes are not drawn: these are read into memory.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// What stands for an image that can't be drawn: a frame with a hill in it, in a grey that shows on light and dark.
const ICON: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160" viewBox="-4 -4 32 32" fill="none" stroke="#808080" stroke-width="1.5" stroke-linejoin="round"><rect x="3" y="4" width="18" height="16" rx="2"/><path d="m3 17 5-5 4 4 3-3 6 6"/><circle cx="15.5" cy="9" r="1.5"/></svg>"##;

/// Whether evidence is an image of which pictures are made.
pub(super) fn is_shown(content: &EvidenceContent) -> bool {
    matches!(content, EvidenceContent::File { media_type, .. } if draw::is_drawn(media_type))
}

/// `GET /evidence/{id}/thumbnail`.
pub(super) async fn thumbnail(
    State(state): State<AppState>,
    evidence: PartAccess<EvidenceId>,
) -> Result<Response, Error> {
    picture(&state, evidence, Picture::Thumbnail).await
}

/// `GET /evidence/{id}/preview`.
pub(super) async fn preview(
    State(state): State<AppState>,
    evidence: PartAccess<EvidenceId>,
) -> Result<Response, Error> {
    picture(&state, evidence, Picture::Preview).await
}

async fn picture(state: &AppState, evidence: PartAccess<EvidenceId>, which: Picture) -> Result<Response, Error> {
    let found = evidence.access.launch.evidence.get(&evidence.id).ok_or(Error::NotFound)?;
    if !is_shown(&found.content) {
        return Err(Error::Missing("This evidence is no image that a picture is made of.".into()));
    }
    if found.redacted.is_some() {
        return Err(Error::Missing(REDACTED.into()));
    }
    // A picture that is kept shows the file as it was attached. It is not shown for one that no longer is.
    if let EvidenceContent::File { sha256, .. } = found.content {
        drop(state.blobs.open_attached(found.origin(), sha256).await?.map_err(not_as_attached)?);
    }
    let bytes = match state.blobs.picture(found.origin(), which).await? {
        Some(kept) => kept,
        None => made(&state.blobs, found, which).await?,
    };
    let (media_type, bytes) = match draw::media_type(&bytes) {
        Some(media_type) => (media_type, bytes),
        None => ("image/svg+xml", Bytes::from_static(ICON)),
    };
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
        (header::CACHE_CONTROL, file::PRIVATE),
    ];
    let mut response = (headers, Body::from(bytes)).into_response();
    response.extensions_mut().insert(Verbatim);
    Ok(response)
}

/// Makes a picture and keeps it.
async fn made(blobs: &Blobs, evidence: &Evidence, which: Picture) -> Result<Bytes, Error> {
    let origin = evidence.origin();
    let EvidenceContent::File { media_type, size, sha256, .. } = &evidence.content else { return Ok(Bytes::new()) };
    let permit = DRAWING.acquire().await.map_err(|error| Error::Fault(error.into()))?;
    // Somebody who waited before us may have made it.
    if let Some(kept) = blobs.picture(origin, which).await? {
        return Ok(kept);
    }
    let drawn = if *size > MOST_BYTES {
        None
    } else {
        let bytes = blobs.open_attached(origin, *sha256).await?.map_err(not_as_attached)?;
        let pieces: Vec<Bytes> = bytes.try_collect().await?;
        let (image, media_type) = (pieces.concat(), media_type.clone());
        let drawing = tokio::task::spawn_blocking(move || {
            // Held until it is drawn, also when whoever asked has left meanwhile.
            let _permit = permit;
            draw::draw(&image, &media_type, which)
        });
        drawing.await.unwrap_or_else(|error| {
            // A decoder that fails this way is at fault, and the image most likely made to bring that about.
            tracing::warn!(evidence = %origin, %error, "an image could not be drawn");
            None
        })
    };
    let picture = Bytes::from(drawn.unwrap_or_default());
    blobs.keep_picture(origin, which, picture.clone()).await?;
    Ok(picture)
}

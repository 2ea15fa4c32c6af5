//! GET: small pictures of evidence that is an image.
//!
//! A browser never shows an attached image as it is. A picture is drawn from the image's pixels and written as a new
//! file, so nothing else in the image (scripts, locations, names, bytes after its end) is left. It is drawn on the
//! first request and then stored beside the file (`blobs`), so that pages with many images draw each only once. An
//! image that cannot be drawn is remembered by an empty picture, and shown as an icon.

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

use super::file::{self, SANDBOX_POLICY, file_defect_error};
use crate::{
    access::launch_access::LaunchChildAccess,
    blobs::{Blobs, EvidencePicture},
    domain::{
        ids::EvidenceId,
        launch::{event::EvidenceContent, state::Evidence},
    },
    state::AppState,
    texts,
    web::{Error, response::Uncompressed},
};

/// Number of images drawn at the same time in the process: each may take [`draw::MAX_MEMORY_BYTES`] and a processor.
static DRAWING_PERMITS: Semaphore = Semaphore::const_new(2);

/// Larger images are not drawn, because they are read into memory.
const MAX_IMAGE_BYTES: u64 = 32 * 1024 * 1024;

/// Icon of an image that cannot be drawn: a frame with a hill in it, in a grey that shows on light and dark.
const FALLBACK_ICON: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160" viewBox="-4 -4 32 32" fill="none" stroke="#808080" stroke-width="1.5" stroke-linejoin="round"><rect x="3" y="4" width="18" height="16" rx="2"/><path d="m3 17 5-5 4 4 3-3 6 6"/><circle cx="15.5" cy="9" r="1.5"/></svg>"##;

pub(super) fn has_picture(content: &EvidenceContent) -> bool {
    matches!(content, EvidenceContent::File { media_type, .. } if draw::is_supported(media_type))
}

pub(super) async fn show_thumbnail(
    State(state): State<AppState>,
    evidence: LaunchChildAccess<EvidenceId>,
) -> Result<Response, Error> {
    serve_picture(&state, evidence, EvidencePicture::Thumbnail).await
}

pub(super) async fn show_preview(
    State(state): State<AppState>,
    evidence: LaunchChildAccess<EvidenceId>,
) -> Result<Response, Error> {
    serve_picture(&state, evidence, EvidencePicture::Preview).await
}

async fn serve_picture(
    state: &AppState,
    evidence: LaunchChildAccess<EvidenceId>,
    which: EvidencePicture,
) -> Result<Response, Error> {
    let attached = evidence.access.launch.evidence.get(&evidence.id).ok_or(Error::NotFound)?;
    if !has_picture(&attached.content) {
        return Err(Error::NotFoundBecause(texts::evidence_is_no_picture()));
    }
    if attached.redacted.is_some() {
        return Err(Error::NotFoundBecause(texts::file_was_redacted()));
    }
    // A stored picture shows the file as it was attached, so it is not served if the file is missing or altered.
    if let EvidenceContent::File { sha256, .. } = attached.content {
        drop(state.blobs.open_attached(attached.origin_id(), sha256).await?.map_err(file_defect_error)?);
    }
    let bytes = match state.blobs.load_picture(attached.origin_id(), which).await? {
        Some(picture) => picture,
        None => draw_and_store(&state.blobs, attached, which).await?,
    };
    let (media_type, bytes) = match draw::media_type(&bytes) {
        Some(media_type) => (media_type, bytes),
        None => ("image/svg+xml", Bytes::from_static(FALLBACK_ICON)),
    };
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX_POLICY)),
        (header::CACHE_CONTROL, file::CACHE_PRIVATE),
    ];
    let mut response = (headers, Body::from(bytes)).into_response();
    response.extensions_mut().insert(Uncompressed);
    Ok(response)
}

async fn draw_and_store(blobs: &Blobs, evidence: &Evidence, which: EvidencePicture) -> Result<Bytes, Error> {
    let origin = evidence.origin_id();
    let EvidenceContent::File { media_type, size, sha256, .. } = &evidence.content else { return Ok(Bytes::new()) };
    let permit = DRAWING_PERMITS.acquire().await.map_err(|error| Error::Fault(error.into()))?;
    // Another request may have drawn it while this one waited.
    if let Some(picture) = blobs.load_picture(origin, which).await? {
        return Ok(picture);
    }
    let drawn = if *size > MAX_IMAGE_BYTES {
        None
    } else {
        let bytes = blobs.open_attached(origin, *sha256).await?.map_err(file_defect_error)?;
        let pieces: Vec<Bytes> = bytes.try_collect().await?;
        let (image, media_type) = (pieces.concat(), media_type.clone());
        let drawing = tokio::task::spawn_blocking(move || {
            // The permit is held until the image is drawn, even if the client disconnects.
            let _permit = permit;
            draw::draw(&image, &media_type, which)
        });
        drawing.await.unwrap_or_else(|error| {
            // A decoder that panics is at fault, and the image was most likely made to cause that.
            tracing::warn!(evidence = %origin, %error, "an image could not be drawn");
            None
        })
    };
    let picture = Bytes::from(drawn.unwrap_or_default());
    blobs.store_picture(origin, which, picture.clone()).await?;
    Ok(picture)
}

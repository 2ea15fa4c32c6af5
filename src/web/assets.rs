//! Style sheet, scripts and icons, in the binary. Their address holds the hash of all of them, so that browsers keep
//! them for ever and never mix two versions; scripts import each other by relative paths.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, header};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::{
    error::Error,
    form::Path,
    route::{Right, Route},
};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct Files;

/// The style sheets that come first; those of the components follow in the order of their names. Together they are
/// `app.css`: one request, and cascade layers keep the order from mattering much.
const STYLES: [&str; 3] = ["css/tokens.css", "css/base.css", "css/layout.css"];

struct Assets {
    hash: String,
    files: BTreeMap<String, Bytes>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let mut files: BTreeMap<String, Bytes> = Files::iter()
        .filter_map(|name| Some((name.to_string(), Files::get(&name)?.data)))
        .map(|(name, data)| {
            let data = match data {
                Cow::Borrowed(data) => Bytes::from_static(data),
                Cow::Owned(data) => data.into(),
            };
            (name, data)
        })
        .collect();
    let parts = files.keys().filter(|name| name.starts_with("css/parts/")).map(String::as_str);
    let style: Vec<_> = STYLES.into_iter().chain(parts).filter_map(|name| files.get(name)).cloned().collect();
    files.insert("app.css".to_owned(), style.join(&b"\n"[..]).into());
    files.retain(|name, _| !name.starts_with("css/"));
    let mut sha = Sha256::new();
    for (name, data) in &files {
        sha.update(name.len().to_le_bytes());
        sha.update(name);
        sha.update(data.len().to_le_bytes());
        sha.update(data);
    }
    Assets { hash: hex::encode(&sha.finalize()[..8]), files }
});

/// The address of a file under `static/` (`js/live.js`), or of the style sheet, `app.css`.
#[must_use]
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", ASSETS.hash)
}

/// The one route.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/assets/{hash}/{*name}", Right::Public, show)]
}

async fn show(Path((hash, name)): Path<(String, String)>) -> Result<Response, Error> {
    let data = ASSETS.files.get(&name).cloned().ok_or(Error::NotFound)?;
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    // A page made by another version asks for its own files; it gets ours, and asks again next time.
    let keep = if hash == ASSETS.hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = data.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&kind).map_err(anyhow::Error::from)?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_is_whole_and_its_pieces_are_not_served() {
        assert!(ASSETS.files.contains_key("app.css"));
        assert!(!ASSETS.files.keys().any(|name| name.starts_with("css/")));
        assert_eq!(url("app.css"), format!("/assets/{}/app.css", ASSETS.hash));
    }
}

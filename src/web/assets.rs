//! Style sheet, script and icons, embedded in the binary. Their address contains a hash of all of them, so that browsers
//! cache them for ever and never mix two versions. The style sheets are served as one file, and so are the scripts of every
//! page, which are modules that import each other: one request each, without comments and indentation. Once
//! [`compress_all`] has run, which takes too long for a request, they are sent as small as Brotli can make them.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io,
    sync::{LazyLock, OnceLock},
};

use axum::response::{IntoResponse, Response};
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::{
    error::Error,
    form::Path,
    route::{Right, Route},
    script_bundle::ScriptBundle,
};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct StaticFiles;

/// The style sheets that come first; those of the components in `css/parts` follow, sorted by name. Together they are
/// `app.css`, and those in `css/pages` are `pages.css`; cascade layers make the order matter little.
const STYLES: [&str; 3] = ["css/tokens.css", "css/base.css", "css/layout.css"];

struct Assets {
    hash: String,
    files: BTreeMap<String, Bytes>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let mut files: BTreeMap<String, Bytes> = StaticFiles::iter()
        .filter_map(|name| Some((name.to_string(), StaticFiles::get(&name)?.data)))
        .map(|(name, data)| {
            let data = match data {
                Cow::Borrowed(data) => Bytes::from_static(data),
                Cow::Owned(data) => data.into(),
            };
            (name, data)
        })
        .collect();
    let in_folder =
        |folder: &'static str| files.keys().map(String::as_str).filter(move |name| name.starts_with(folder));
    let join = |names: Vec<&str>| {
        let sheets: Vec<_> = names.into_iter().filter_map(|name| files.get(name)).cloned().collect();
        strip_style(&String::from_utf8_lossy(&sheets.join(&b"\n"[..])))
    };
    let style = join(STYLES.into_iter().chain(in_folder("css/parts/")).collect());
    let page_style = join(in_folder("css/pages/").collect());
    let scripts = files.iter().filter_map(|(name, data)| Some((name.strip_prefix("js/")?, str::from_utf8(data).ok()?)));
    let scripts = ScriptBundle::new(scripts.collect()).join("app.js");
    let scripts: Vec<_> = scripts.into_iter().map(|(name, script)| (format!("js/{name}"), script.into())).collect();
    files.retain(|name, _| !name.starts_with("css/") && !name.starts_with("js/"));
    files.insert("app.css".to_owned(), style.into());
    files.insert("pages.css".to_owned(), page_style.into());
    files.extend(scripts);
    let mut sha = Sha256::new();
    for (name, data) in &files {
        sha.update(name.len().to_le_bytes());
        sha.update(name);
        sha.update(data.len().to_le_bytes());
        sha.update(data);
    }
    Assets { hash: hex::encode(&sha.finalize()[..8]), files }
});

/// The files compressed with Brotli, once that is done.
static COMPRESSED: OnceLock<BTreeMap<&str, Bytes>> = OnceLock::new();

/// Compresses all files with Brotli's best quality, which takes some tenths of a second. The server calls it once, on a
/// thread of its own, when it starts. Until then, and for browsers that do not take Brotli, they are compressed as pages are.
pub fn compress_all() {
    COMPRESSED.get_or_init(|| {
        let compressed = ASSETS.files.iter().map(|(name, data)| {
            let mut bytes = Vec::new();
            let params = BrotliEncoderParams { quality: 11, size_hint: data.len(), ..BrotliEncoderParams::default() };
            brotli::BrotliCompress(&mut &data[..], &mut bytes, &params)?;
            Ok((name.as_str(), bytes.into()))
        });
        // Memory is always readable and writable.
        compressed.collect::<io::Result<_>>().unwrap_or_default()
    });
}

/// Whether a browser takes Brotli.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let is_refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0);
        name.trim().eq_ignore_ascii_case("br") && !is_refused
    })
}

/// A style sheet without comments and indentation.
fn strip_style(style: &str) -> String {
    let mut rest = style;
    let mut bare = String::with_capacity(style.len());
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    bare.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The address of a file under `static/` (`favicon.svg`), of a style sheet (`app.css`, `pages.css`) or of a script
/// (`js/app.js`).
#[must_use]
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", ASSETS.hash)
}

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/assets/{hash}/{*name}", Right::Public, show_asset)]
}

async fn show_asset(Path((hash, name)): Path<(String, String)>, request_headers: HeaderMap) -> Result<Response, Error> {
    let data = ASSETS.files.get(&name).ok_or(Error::NotFound)?;
    let compressed = COMPRESSED.get().filter(|_| takes_brotli(&request_headers)).and_then(|files| files.get(&*name));
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    // A page of another version asks for its own files. It gets the files of this version, and may not cache them.
    let keep = if hash == ASSETS.hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = compressed.unwrap_or(data).clone().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&kind).map_err(anyhow::Error::from)?);
    if compressed.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_serve_the_whole_style_sheet_and_not_its_pieces() {
        let names: Vec<&str> = ASSETS.files.keys().map(String::as_str).collect();
        let expected = [
            "app.css",
            "favicon.svg",
            "js/app.js",
            "js/copy.js",
            "js/mentions.js",
            "js/more.js",
            "js/opened_item_forms.js",
            "js/outline_drag.js",
            "js/palette_dialog.js",
            "js/uploads.js",
            "js/wall.js",
            "pages.css",
        ];
        assert_eq!(names, expected);
        assert_eq!(strip_style("/* A */\na {\n  b: c; /* d */\n}\n"), "a {\nb: c;\n}");
        assert_eq!(url("app.css"), format!("/assets/{}/app.css", ASSETS.hash));
    }

    #[test]
    fn brotli_is_sent_only_to_who_takes_it() {
        let takes = |accepted: &'static str| {
            takes_brotli(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]))
        };
        assert!(takes("gzip, deflate, br") && takes("br;q=0.5") && takes("BR"));
        assert!(!takes("gzip") && !takes("br;q=0, gzip") && !takes("br; q=0.0") && !takes("bread"));
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}

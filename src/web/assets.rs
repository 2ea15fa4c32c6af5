//! Style sheet, script and icons, embedded in the binary. Their address contains a hash of all of them, so that browsers
//! cache them for ever and never mix two versions. The style sheets are served as one file, and so are the scripts, which
//! are modules that import each other: one request each, without comments and indentation.

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
    script_bundle::ScriptBundle,
};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct StaticFiles;

/// The style sheets that come first; those of the components follow, sorted by name. Together they are `app.css`: one
/// request, and cascade layers make the order matter little.
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
    let parts = files.keys().filter(|name| name.starts_with("css/parts/")).map(String::as_str);
    let style: Vec<_> = STYLES.into_iter().chain(parts).filter_map(|name| files.get(name)).cloned().collect();
    let style = strip_style(&String::from_utf8_lossy(&style.join(&b"\n"[..])));
    let scripts = files.iter().filter_map(|(name, data)| Some((name.strip_prefix("js/")?, str::from_utf8(data).ok()?)));
    let script = ScriptBundle::new(scripts.collect()).join("app.js");
    files.retain(|name, _| !name.starts_with("css/") && !name.starts_with("js/"));
    files.insert("app.css".to_owned(), style.into());
    files.insert("js/app.js".to_owned(), script.into());
    let mut sha = Sha256::new();
    for (name, data) in &files {
        sha.update(name.len().to_le_bytes());
        sha.update(name);
        sha.update(data.len().to_le_bytes());
        sha.update(data);
    }
    Assets { hash: hex::encode(&sha.finalize()[..8]), files }
});

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

/// The address of a file under `static/` (`favicon.svg`), of the style sheet `app.css` or of the script `js/app.js`.
#[must_use]
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", ASSETS.hash)
}

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/assets/{hash}/{*name}", Right::Public, show_asset)]
}

async fn show_asset(Path((hash, name)): Path<(String, String)>) -> Result<Response, Error> {
    let data = ASSETS.files.get(&name).cloned().ok_or(Error::NotFound)?;
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    // A page of another version asks for its own files. It gets the files of this version, and may not cache them.
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
    fn assets_serve_the_whole_style_sheet_and_not_its_pieces() {
        let names: Vec<&str> = ASSETS.files.keys().map(String::as_str).collect();
        assert_eq!(names, ["app.css", "favicon.svg", "js/app.js"]);
        assert_eq!(strip_style("/* A */\na {\n  b: c; /* d */\n}\n"), "a {\nb: c;\n}");
        assert_eq!(url("app.css"), format!("/assets/{}/app.css", ASSETS.hash));
    }
}

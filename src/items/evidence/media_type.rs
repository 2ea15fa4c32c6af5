//! Detects a file's media type (RFC 6838) from its bytes, since a name says nothing about the contents.

use bytes::Bytes;

pub(super) const TEXT_PLAIN: &str = "text/plain";
const OCTET_STREAM: &str = "application/octet-stream";

/// Type of a file of this size from its first bytes. A type that a browser might run or render as a page (HTML, SVG,
/// XML, scripts) is never returned: such a file is text if it reads as text, else unknown bytes.
pub(super) fn detect(beginning: &Bytes, size: u64) -> &'static str {
    match infer::get(beginning).map(|kind| kind.mime_type()) {
        Some(media_type) if is_inert(media_type) => media_type,
        _ if is_text(beginning, size) => TEXT_PLAIN,
        _ => OCTET_STREAM,
    }
}

/// Whether no browser runs this type or renders it with linked or scripted content. Browsers show PDF in a viewer of
/// their own.
fn is_inert(media_type: &str) -> bool {
    let (kind, name) = media_type.split_once('/').unwrap_or((media_type, ""));
    let active = ["xml", "html", "svg", "script", "flash", "wasm", "java"];
    kind != "text" && !active.iter().any(|word| name.contains(word))
}

/// Whether the beginning is UTF-8 without control characters other than white space and Escape. A character that is cut
/// off at the end of the beginning is accepted.
fn is_text(beginning: &[u8], size: u64) -> bool {
    let cut = size > beginning.len() as u64;
    let text = match std::str::from_utf8(beginning) {
        Ok(text) => text,
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&beginning[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    // Escape begins the colour codes of a terminal, which are common in logs.
    !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_type_is_detected_from_bytes_and_is_never_active() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
        let svg = br#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        for (bytes, media_type) in [
            (png, "image/png"),
            (b"%PDF-1.7 x", "application/pdf"),
            (b"<!DOCTYPE html><html><script>alert(1)</script>", TEXT_PLAIN),
            (svg, TEXT_PLAIN),
            (b"<?xml version=\"1.0\"?><x/>", TEXT_PLAIN),
            (b"#!/bin/sh\nrm -rf /", TEXT_PLAIN),
            ("naïve — текст\n".as_bytes(), TEXT_PLAIN),
            (b"\x1b[32mok\x1b[0m\r\n", TEXT_PLAIN),
            (b"a\0b", OCTET_STREAM),
            (b"\xff\xfe\x00x", OCTET_STREAM),
        ] {
            assert_eq!(detect(&Bytes::from_static(bytes), bytes.len() as u64), media_type, "{bytes:?}");
        }
    }

    #[test]
    fn media_type_text_may_be_cut_within_a_character() {
        let cut = Bytes::from_static(&"aß".as_bytes()[..2]);
        assert_eq!(detect(&cut, 3), TEXT_PLAIN);
        assert_eq!(detect(&cut, 2), OCTET_STREAM);
    }
}

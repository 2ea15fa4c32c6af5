//! A file's media type (RFC 6838), told from its bytes; a name says nothing about what is in it.

use bytes::Bytes;

/// Text that reads as text.
pub(super) const TEXT: &str = "text/plain";
/// Anything else that is not known.
const UNKNOWN: &str = "application/octet-stream";

/// The type of a file of this size from its first bytes. What a browser might run or render as a page (HTML, SVG,
/// XML, scripts) is never called so: it is text, if it reads as that, or unknown bytes.
pub(super) fn of(beginning: &Bytes, size: u64) -> &'static str {
    match infer::get(beginning).map(|found| found.mime_type()) {
        Some(known) if is_inert(known) => known,
        _ if reads_as_text(beginning, size) => TEXT,
        _ => UNKNOWN,
    }
}

/// Whether a type is one that no browser runs, nor renders with what is linked or scripted in it. PDF is shown by a
/// viewer of the browser's own.
fn is_inert(media_type: &str) -> bool {
    let (kind, name) = media_type.split_once('/').unwrap_or((media_type, ""));
    let active = ["xml", "html", "svg", "script", "flash", "wasm", "java"];
    kind != "text" && !active.iter().any(|word| name.contains(word))
}

/// Whether the beginning is UTF-8 without control characters but white space; a character cut off where the
/// beginning ends is none the less one.
fn reads_as_text(beginning: &[u8], size: u64) -> bool {
    let cut = size > beginning.len() as u64;
    let text = match std::str::from_utf8(beginning) {
        Ok(text) => text,
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&beginning[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    // Escape begins the colours of a terminal, which logs are full of.
    !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_from_bytes_and_none_can_run() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
        let svg = br#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        for (bytes, media_type) in [
            (png, "image/png"),
            (b"%PDF-1.7 x", "application/pdf"),
            (b"<!DOCTYPE html><html><script>alert(1)</script>", TEXT),
            (svg, TEXT),
            (b"<?xml version=\"1.0\"?><x/>", TEXT),
            (b"#!/bin/sh\nrm -rf /", TEXT),
            ("naïve — текст\n".as_bytes(), TEXT),
            (b"\x1b[32mok\x1b[0m\r\n", TEXT),
            (b"a\0b", UNKNOWN),
            (b"\xff\xfe\x00x", UNKNOWN),
        ] {
            assert_eq!(of(&Bytes::from_static(bytes), bytes.len() as u64), media_type, "{bytes:?}");
        }
    }

    #[test]
    fn a_character_may_be_cut_where_the_beginning_ends() {
        let cut = Bytes::from_static(&"aß".as_bytes()[..2]);
        assert_eq!(of(&cut, 3), TEXT);
        assert_eq!(of(&cut, 2), UNKNOWN);
    }
}

//! Files that try to be displayed and run: they are stored unchanged, offered for download, and never displayed.

use std::collections::BTreeSet;

use reqwest::{
    Method,
    multipart::{Form, Part},
};

use crate::helpers::{client::Client, launch::Launch};

const SVG: &[u8] = br#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>"#;
const PAGE: &[u8] = b"<!DOCTYPE html><html><body onload=alert(1)><script>alert(1)</script></body></html>";
const XML: &[u8] = br#"<?xml version="1.0"?><?xml-stylesheet href="x.xsl" type="text/xsl"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script>&e;</x>"#;
const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\ntrailer<</Root 1 0 R>>";
const PNG_AND_PAGE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<html><script>alert(1)</script></html>";
const GIF_AND_SCRIPT: &[u8] = b"GIF89a/*\x01\0\x01\0\0\0\0*/=1;alert(1)//";
const UTF_16_PAGE: &[u8] = b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0a\0l\0e\0r\0t\0(\x001\0)\0";

/// File name, content, and the content type that they are served with.
const FILES: [(&str, &[u8], &str); 12] = [
    ("drawing.svg", SVG, "text/plain; charset=utf-8"),
    ("drawing.png", SVG, "text/plain; charset=utf-8"),
    ("page.html", PAGE, "text/plain; charset=utf-8"),
    ("page.png", PAGE, "text/plain; charset=utf-8"),
    ("page.xhtml", XML, "text/plain; charset=utf-8"),
    ("feed.xml", XML, "text/plain; charset=utf-8"),
    ("script.js", b"alert(1)", "text/plain; charset=utf-8"),
    ("report.pdf", PDF, "application/pdf"),
    ("report.html", PDF, "application/pdf"),
    ("picture.html", PNG_AND_PAGE, "image/png"),
    ("moving.js", GIF_AND_SCRIPT, "image/gif"),
    ("page.utf16.html", UTF_16_PAGE, "application/octet-stream"),
];

#[tokio::test]
async fn hostile_file_is_downloaded_and_never_displayed() {
    let launch = Launch::ledger().make().await;
    let form = FILES.iter().fold(Form::new(), |form, (name, bytes, _)| {
        // The content type that a browser sends is as untrusted as the bytes.
        form.part("files", Part::bytes(*bytes).file_name(*name).mime_str("text/html").unwrap())
    });
    launch.member.upload(&launch.item_path("required", "/evidence"), form).await.expect_status(303);
    let ids = launch.item_state("required").await.evidence;
    assert_eq!(ids.len(), FILES.len());
    for (id, (name, bytes, media_type)) in ids.iter().zip(FILES) {
        for query in ["", "?type=text/html&inline=1&disposition=inline", "?/page.html"] {
            let request = launch.other.request(Method::GET, &format!("/evidence/{id}/file{query}"));
            let answer = request.header("accept", "text/html").header("range", "bytes=5-").send().await.unwrap();
            assert_eq!(answer.status(), 200, "{name}");
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("content-type"), media_type, "{name}");
            assert!(header("content-disposition").starts_with("attachment; filename=\""), "{name}");
            assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'", "{name}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{name}");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{name}");
            assert_eq!(header("x-frame-options"), "DENY", "{name}");
            assert_eq!(answer.bytes().await.unwrap(), bytes, "{name} is what was attached");
        }
        for picture in ["thumbnail", "preview"] {
            let answer = launch.other.get(&format!("/evidence/{id}/{picture}")).await;
            if media_type.starts_with("image/") {
                // It cannot be drawn, so the application's own icon is served.
                assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'", "{name}");
                assert!(answer.body.starts_with("<svg") && !answer.body.contains("script"), "{name}");
            } else {
                answer.expect_status(404);
            }
        }
    }
    // No page embeds a file; links lead to the attachment.
    for path in [launch.item_path("required", ""), format!("/launches/{}/evidence", launch.id)] {
        let page = launch.other.get(&path).await.expect_status(200);
        assert_eq!(page.texts("iframe, object, embed, video, audio").len(), 0, "{path}");
        let shown = page.attributes("img, source, image", "src");
        assert!(shown.iter().all(|src| src.ends_with("/thumbnail") || src.ends_with("/preview")), "{shown:?}");
        let links: BTreeSet<String> = page.attributes("main a", "href").into_iter().collect();
        assert_eq!(links.iter().filter(|href| href.ends_with("/file")).count(), FILES.len(), "{path}");
    }
}

/// A file name is untrusted as well: in headers and pages it appears only as an escaped name.
#[tokio::test]
async fn hostile_file_name_cannot_inject_headers_or_paths() {
    let launch = Launch::ledger().make().await;
    let names = [
        "a\"; filename=\"b.html",
        "a'; alert(1)//.txt",
        "<img src=x onerror=alert(1)>.png",
        "%0d%0aSet-Cookie: signoff=x.txt",
        "\u{2066}gpj.exe",
    ];
    let form = names.iter().fold(Form::new(), |form, name| {
        form.part("files", Part::bytes(name.as_bytes().to_vec()).file_name((*name).to_owned()))
    });
    launch.member.upload(&launch.item_path("required", "/evidence"), form).await.expect_status(303);
    for id in launch.item_state("required").await.evidence {
        let answer =
            Client::send(launch.other.request(Method::HEAD, &format!("/evidence/{id}/file"))).await.expect_status(200);
        let disposition = answer.header("content-disposition");
        // One quoted string, and one in the encoding that escapes everything.
        let (plain, exact) = disposition.strip_prefix("attachment; filename=\"").unwrap().split_once("\"; ").unwrap();
        assert!(!plain.contains(['"', '\\', '%']), "{disposition}");
        let exact = exact.strip_prefix("filename*=UTF-8''").unwrap();
        assert!(exact.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~%".contains(&byte)));
        assert_eq!(answer.header("set-cookie"), "");
    }
    let page = launch.other.get(&launch.item_path("required", "")).await.expect_status(200);
    assert_eq!(page.texts(".evidence .name").len(), names.len());
    assert!(page.attributes("img", "onerror").is_empty());
}

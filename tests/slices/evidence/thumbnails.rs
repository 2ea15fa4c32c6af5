//! Thumbnails of image evidence: redrawn, stored beside the file, and never causing a fault.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use signoff::blobs::EvidencePicture;

use super::*;

fn encode_image(format: ImageFormat) -> Vec<u8> {
    let image: DynamicImage = RgbImage::from_fn(400, 200, |x, y| Rgb([(x % 255) as u8, (y % 255) as u8, 90])).into();
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn bytes(client: &Client, path: &str) -> Vec<u8> {
    client.request(Method::GET, path).send().await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn evidence_image_gets_redrawn_and_cached_thumbnails() {
    let launch = Launch::ledger().make().await;
    for (name, format) in [
        ("a.png", ImageFormat::Png),
        ("b.jpg", ImageFormat::Jpeg),
        ("c.gif", ImageFormat::Gif),
        ("d.webp", ImageFormat::WebP),
    ] {
        attach(&launch, &launch.member, form(&[(name, &encode_image(format))])).await.expect_status(303);
    }
    let ids = evidence(&launch, "required").await;
    for page in [launch.item_path("required", ""), format!("/launches/{}/evidence", launch.id)] {
        let page = launch.auditor.get(&page).await.expect_status(200);
        for id in &ids {
            for picture in ["thumbnail", "preview"] {
                let selector = format!("img[src=\"/evidence/{id}/{picture}\"]");
                for (attribute, value) in [("loading", Some("lazy")), ("srcset", None)] {
                    assert_eq!(page.attribute(&selector, attribute).as_deref(), value, "{selector}");
                }
                assert!(page.attribute(&selector, "width").is_some() && page.attribute(&selector, "height").is_some());
            }
        }
    }
    for id in &ids {
        for (picture, size) in [("thumbnail", (160, 80)), ("preview", (400, 200))] {
            let path = format!("/evidence/{id}/{picture}");
            let answer = launch.auditor.get(&path).await.expect_status(200);
            assert_eq!(answer.header("content-type"), "image/jpeg");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
            assert_eq!(answer.header("cache-control"), "private, no-store");
            let drawn = image::load_from_memory(&bytes(&launch.auditor, &path).await).unwrap();
            assert_eq!((drawn.width(), drawn.height()), size);
        }
    }
    // Each file with its two thumbnails; existing ones are not drawn again.
    assert_eq!(stored_files(&launch).len(), 12);
    launch.app.state.blobs.store_picture(ids[0], EvidencePicture::Thumbnail, vec![0x89, b'x'].into()).await.unwrap();
    assert_eq!(bytes(&launch.member, &format!("/evidence/{}/thumbnail", ids[0])).await, [0x89, b'x']);
}

#[tokio::test]
async fn hostile_evidence_image_is_shown_as_an_icon() {
    let launch = Launch::ledger().make().await;
    let png = encode_image(ImageFormat::Png);
    let page = [&png[..33], b"<html><script>alert(1)</script></html>"].concat();
    attach(&launch, &launch.member, form(&[("page.png", &page), ("cut.png", &png[..90]), ("head.png", PNG)]))
        .await
        .expect_status(303);
    for id in evidence(&launch, "required").await {
        for picture in ["thumbnail", "preview", "thumbnail"] {
            let answer = launch.member.get(&format!("/evidence/{id}/{picture}")).await.expect_status(200);
            assert_eq!(answer.header("content-type"), "image/svg+xml");
            assert!(answer.body.starts_with("<svg") && !answer.body.contains("script"));
            assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        }
        // The failure to draw it is remembered.
        let remembered = launch.app.state.blobs.load_picture(id, EvidencePicture::Thumbnail).await.unwrap();
        assert_eq!(remembered.map(|bytes| bytes.len()), Some(0));
    }
}

#[tokio::test]
async fn thumbnail_exists_only_for_images_and_needs_access() {
    let launch = Launch::ledger().restricted().make().await;
    let png = encode_image(ImageFormat::Png);
    let form = form(&[("a.png", &png), ("b.txt", b"text")]).text("note", "n");
    attach(&launch, &launch.operations, form).await.expect_status(303);
    let ids = evidence(&launch, "required").await;
    for (id, status) in ids.iter().zip([200, 404, 404]) {
        for picture in ["thumbnail", "preview"] {
            let path = format!("/evidence/{id}/{picture}");
            launch.operations.get(&path).await.expect_status(status);
            launch.member.get(&path).await.expect_status(404);
            assert!(launch.anon.get(&path).await.location().starts_with("/login"));
        }
    }
    // A thumbnail lost from the store is reported like a lost file.
    launch.app.state.blobs.delete(ids[0]).await.unwrap();
    launch.operations.get(&format!("/evidence/{}/thumbnail", ids[0])).await.expect_status(503);
}

#[tokio::test]
async fn reused_evidence_shares_its_thumbnails() {
    let launch = Launch::ledger().make().await;
    attach(&launch, &launch.member, form(&[("a.png", &encode_image(ImageFormat::Png))])).await.expect_status(303);
    let source = evidence(&launch, "required").await[0];
    let again = Form::new().text("existing", source.to_string());
    launch.member.upload(&launch.item_path("critical", "/evidence"), again).await.expect_status(303);
    let used = evidence(&launch, "critical").await[0];
    for id in [source, used] {
        launch.member.get(&format!("/evidence/{id}/thumbnail")).await.expect_status(200);
    }
    assert_eq!(stored_files(&launch).len(), 2, "one file and one picture");
}

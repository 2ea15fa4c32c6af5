//! Pictures of evidence that is an image: drawn anew, kept beside the file, and never a fault.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use signoff::blobs::Picture;

use super::*;

fn encoded(format: ImageFormat) -> Vec<u8> {
    let image: DynamicImage = RgbImage::from_fn(400, 200, |x, y| Rgb([(x % 255) as u8, (y % 255) as u8, 90])).into();
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The bytes of an answer.
async fn bytes(client: &Client, path: &str) -> Vec<u8> {
    client.request(Method::GET, path).send().await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn an_image_has_pictures_that_are_drawn_anew_and_kept() {
    let team = Team::start().await;
    for (name, format) in [
        ("a.png", ImageFormat::Png),
        ("b.jpg", ImageFormat::Jpeg),
        ("c.gif", ImageFormat::Gif),
        ("d.webp", ImageFormat::WebP),
    ] {
        attach(&team, &team.member, form(&[(name, &encoded(format))])).await.is(303);
    }
    let ids = evidence(&team, "required").await;
    for page in [team.path("required", ""), format!("/launches/{}/evidence", team.launch)] {
        let page = team.auditor.get(&page).await.is(200);
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
            let answer = team.auditor.get(&path).await.is(200);
            assert_eq!(answer.header("content-type"), "image/jpeg");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
            assert_eq!(answer.header("cache-control"), "private, no-store");
            let drawn = image::load_from_memory(&bytes(&team.auditor, &path).await).unwrap();
            assert_eq!((drawn.width(), drawn.height()), size);
        }
    }
    // Each file with its two pictures; nothing new is made of what is there.
    assert_eq!(kept(&team).len(), 12);
    team.app.state.blobs.keep_picture(ids[0], Picture::Thumbnail, vec![0x89, b'x'].into()).await.unwrap();
    assert_eq!(bytes(&team.member, &format!("/evidence/{}/thumbnail", ids[0])).await, [0x89, b'x']);
}

#[tokio::test]
async fn a_hostile_image_is_an_icon_and_no_fault() {
    let team = Team::start().await;
    let png = encoded(ImageFormat::Png);
    let page = [&png[..33], b"<html><script>alert(1)</script></html>"].concat();
    attach(&team, &team.member, form(&[("page.png", &page), ("cut.png", &png[..90]), ("head.png", PNG)])).await.is(303);
    for id in evidence(&team, "required").await {
        for picture in ["thumbnail", "preview", "thumbnail"] {
            let answer = team.member.get(&format!("/evidence/{id}/{picture}")).await.is(200);
            assert_eq!(answer.header("content-type"), "image/svg+xml");
            assert!(answer.body.starts_with("<svg") && !answer.body.contains("script"));
            assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        }
        // That it can't be drawn is remembered.
        let remembered = team.app.state.blobs.picture(id, Picture::Thumbnail).await.unwrap();
        assert_eq!(remembered.map(|bytes| bytes.len()), Some(0));
    }
}

#[tokio::test]
async fn only_images_have_pictures_and_only_who_may_see_them_sees_them() {
    let team = Team::restricted().await;
    let png = encoded(ImageFormat::Png);
    let form = form(&[("a.png", &png), ("b.txt", b"text")]).text("note", "n");
    attach(&team, &team.operations, form).await.is(303);
    let ids = evidence(&team, "required").await;
    for (id, status) in ids.iter().zip([200, 404, 404]) {
        for picture in ["thumbnail", "preview"] {
            let path = format!("/evidence/{id}/{picture}");
            team.operations.get(&path).await.is(status);
            team.member.get(&path).await.is(404);
            assert!(team.anon.get(&path).await.location().starts_with("/login"));
        }
    }
    // What the store has lost is missed, as the file itself is.
    team.app.state.blobs.delete(ids[0]).await.unwrap();
    team.operations.get(&format!("/evidence/{}/thumbnail", ids[0])).await.is(503);
}

#[tokio::test]
async fn evidence_used_again_shares_its_pictures() {
    let team = Team::start().await;
    attach(&team, &team.member, form(&[("a.png", &encoded(ImageFormat::Png))])).await.is(303);
    let source = evidence(&team, "required").await[0];
    let again = Form::new().text("existing", source.to_string());
    team.member.upload(&team.path("critical", "/evidence"), again).await.is(303);
    let used = evidence(&team, "critical").await[0];
    for id in [source, used] {
        team.member.get(&format!("/evidence/{id}/thumbnail")).await.is(200);
    }
    assert_eq!(kept(&team).len(), 2, "one file and one picture");
}

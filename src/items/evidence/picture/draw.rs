//! Drawing a picture from an image, within bounds of memory.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
    metadata::Orientation,
};

use crate::blobs::Picture;

/// The most bytes that drawing an image may take: some 33 million dots with four bytes each.
pub(super) const MOST_MEMORY: u64 = 128 * 1024 * 1024;

/// The most dots of an image's side.
const LONGEST: u32 = 20_000;

/// How a picture is written: good enough to read a screenshot by.
const JPEG_QUALITY: u8 = 85;

/// The types that are drawn. All are told from a file's bytes.
const DRAWN: [(&str, ImageFormat); 4] = [
    ("image/png", ImageFormat::Png),
    ("image/jpeg", ImageFormat::Jpeg),
    ("image/gif", ImageFormat::Gif),
    ("image/webp", ImageFormat::WebP),
];

/// Whether images of a type are drawn.
pub(super) fn is_drawn(media_type: &str) -> bool {
    DRAWN.iter().any(|(drawn, _)| *drawn == media_type)
}

/// The type of a picture that [`draw`] wrote; nothing for one of no bytes.
pub(super) fn media_type(picture: &[u8]) -> Option<&'static str> {
    match picture.first() {
        Some(0x89) => Some("image/png"),
        Some(0xff) => Some("image/jpeg"),
        _ => None,
    }
}

/// The most dots of a picture's longer side.
const fn side(picture: Picture) -> u32 {
    match picture {
        // Shown at 40, on screens of up to four dots for one.
        Picture::Thumbnail => 160,
        Picture::Preview => 2_000,
    }
}

/// Draws a picture of an image; nothing when it is none of its type, is broken, or takes too much memory. Of one that
/// moves it is the first frame: what lists show stands still.
pub(super) fn draw(image: &[u8], media_type: &str, picture: Picture) -> Option<Vec<u8>> {
    let (_, format) = DRAWN.iter().find(|(drawn, _)| *drawn == media_type)?;
    let drawn = write(shrink(read(image, *format)?, side(picture)));
    drawn.inspect_err(|error| tracing::warn!(%error, "a picture could not be written")).ok()
}

fn read(image: &[u8], format: ImageFormat) -> Option<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(image), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    // Some decoders leave the limit of memory to who calls them.
    if decoder.total_bytes() > MOST_MEMORY {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    Some(image)
}

/// Makes an image fit into a square; one that does stays as it is.
fn shrink(image: DynamicImage, side: u32) -> DynamicImage {
    let longer = image.width().max(image.height());
    match longer {
        _ if longer <= side => image,
        // Far smaller, it makes no difference how, and this way is quick.
        _ if longer > side * 4 => image.thumbnail(side, side),
        _ => image.resize(side, side, FilterType::Triangle),
    }
}

/// As PNG where one can see through it, else as JPEG, which takes a tenth of the bytes.
fn write(image: DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let image = image.into_rgba8();
    if image.pixels().any(|dot| dot.0[3] < u8::MAX) {
        image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
    } else {
        DynamicImage::ImageRgba8(image)
            .into_rgb8()
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{Frame, Rgb, RgbImage, Rgba, RgbaImage, codecs::gif::GifEncoder};

    use super::*;

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn opaque(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_pixel(width, height, Rgb([200, 30, 30])).into()
    }

    fn size(picture: &[u8]) -> (u32, u32) {
        let read = image::load_from_memory(picture).unwrap();
        (read.width(), read.height())
    }

    #[test]
    fn each_type_is_drawn_small_and_in_its_proportions() {
        for (media_type, format) in DRAWN {
            let bytes = encoded(&opaque(640, 320), format);
            let thumbnail = draw(&bytes, media_type, Picture::Thumbnail).unwrap();
            assert_eq!(
                (self::media_type(&thumbnail), size(&thumbnail)),
                (Some("image/jpeg"), (160, 80)),
                "{media_type}"
            );
            let preview = draw(&bytes, media_type, Picture::Preview).unwrap();
            assert_eq!(size(&preview), (640, 320), "what is small enough is not blown up");
        }
        let narrow = encoded(&opaque(5_000, 2), ImageFormat::Png);
        assert_eq!(size(&draw(&narrow, "image/png", Picture::Thumbnail).unwrap()), (160, 1));
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let clear: DynamicImage = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 100])).into();
        let drawn = draw(&encoded(&clear, ImageFormat::Png), "image/png", Picture::Thumbnail).unwrap();
        assert_eq!(media_type(&drawn), Some("image/png"));
    }

    #[test]
    fn nothing_but_the_dots_of_an_image_is_in_its_picture() {
        let mut bytes = encoded(&opaque(30, 30), ImageFormat::Jpeg);
        // A comment within, and a page after the end.
        let comment = b"<script>alert(1)</script>";
        let mut segment = vec![0xff, 0xfe, 0, u8::try_from(comment.len() + 2).unwrap()];
        segment.extend_from_slice(comment);
        bytes.splice(2..2, segment);
        bytes.extend_from_slice(b"<html><script>alert(2)</script>");
        let drawn = draw(&bytes, "image/jpeg", Picture::Preview).unwrap();
        assert!(!drawn.windows(6).any(|window| window == b"script"));
    }

    #[test]
    fn a_moving_image_stands_still() {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for shade in 0..5 {
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(40, 30, Rgba([shade * 50, 0, 0, 255])))).unwrap();
        }
        drop(encoder);
        let drawn = draw(&bytes, "image/gif", Picture::Thumbnail).unwrap();
        assert_eq!((media_type(&drawn), size(&drawn)), (Some("image/jpeg"), (40, 30)));
    }

    #[test]
    fn what_is_hostile_is_not_drawn() {
        let png = encoded(&opaque(300, 300), ImageFormat::Png);
        let page = [&png[..33], b"<html><script>alert(1)</script></html>"].concat();
        let cut = png[..png.len() / 2].to_vec();
        let jpeg = encoded(&opaque(300, 300), ImageFormat::Jpeg);
        let (wide, heavy) = (with_size(&png, 50_000, 50_000), with_size(&png, 19_000, 19_000));
        for (bytes, media_type) in [
            (&b""[..], "image/png"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (&page, "image/png"),
            (&cut, "image/png"),
            (&jpeg, "image/png"),
            (&wide, "image/png"),
            (&heavy, "image/png"),
            (b"GIF89a\xff\xff\xff\xff", "image/gif"),
            (b"RIFF\xff\xff\xff\xffWEBPVP8L", "image/webp"),
            (&png, "image/svg+xml"),
        ] {
            assert_eq!(draw(bytes, media_type, Picture::Thumbnail), None, "{} bytes of {media_type}", bytes.len());
        }
    }

    /// A PNG that says it has another size, with the checksum that goes with it.
    fn with_size(png: &[u8], width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png.to_vec();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = bytes[12..29].iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1)))
        });
        bytes[29..33].copy_from_slice(&(!checksum).to_be_bytes());
        bytes
    }
}

//! Draws a picture of an image, with limited memory.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
    metadata::Orientation,
};

use crate::blobs::EvidencePicture;

/// Maximum number of bytes that drawing an image may take: some 33 million pixels of four bytes each.
pub(super) const MAX_MEMORY_BYTES: u64 = 128 * 1024 * 1024;

const MAX_SIDE_PIXELS: u32 = 20_000;

/// Good enough to read a screenshot.
const JPEG_QUALITY: u8 = 85;

/// Image types that are drawn. All are detected from a file's bytes.
const SUPPORTED_TYPES: [(&str, ImageFormat); 4] = [
    ("image/png", ImageFormat::Png),
    ("image/jpeg", ImageFormat::Jpeg),
    ("image/gif", ImageFormat::Gif),
    ("image/webp", ImageFormat::WebP),
];

pub(super) fn is_supported(media_type: &str) -> bool {
    SUPPORTED_TYPES.iter().any(|(drawn, _)| *drawn == media_type)
}

/// Type of a picture that [`draw`] wrote; `None` for an empty one.
pub(super) fn media_type(picture: &[u8]) -> Option<&'static str> {
    match picture.first() {
        Some(0x89) => Some("image/png"),
        Some(0xff) => Some("image/jpeg"),
        _ => None,
    }
}

const fn max_side_pixels(picture: EvidencePicture) -> u32 {
    match picture {
        // Shown at 40 pixels, on screens with up to four device pixels for each.
        EvidencePicture::Thumbnail => 160,
        EvidencePicture::Preview => 2_000,
    }
}

/// Draws a picture of an image; `None` if the image is not of its type, is broken or takes too much memory. The picture
/// of an animation is its first frame, since pictures in lists do not move.
pub(super) fn draw(image: &[u8], media_type: &str, picture: EvidencePicture) -> Option<Vec<u8>> {
    let (_, format) = SUPPORTED_TYPES.iter().find(|(drawn, _)| *drawn == media_type)?;
    let drawn = encode(shrink_to_fit(decode(image, *format)?, max_side_pixels(picture)));
    drawn.inspect_err(|error| tracing::warn!(%error, "a picture could not be written")).ok()
}

fn decode(image: &[u8], format: ImageFormat) -> Option<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PIXELS);
    limits.max_image_height = Some(MAX_SIDE_PIXELS);
    limits.max_alloc = Some(MAX_MEMORY_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(image), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    // Some decoders leave the memory limit to their caller.
    if decoder.total_bytes() > MAX_MEMORY_BYTES {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    Some(image)
}

/// Scales an image down to fit into a square; an image that fits stays as it is.
fn shrink_to_fit(image: DynamicImage, side: u32) -> DynamicImage {
    let longer = image.width().max(image.height());
    match longer {
        _ if longer <= side => image,
        // At this scale the method makes no visible difference, and this one is fast.
        _ if longer > side * 4 => image.thumbnail(side, side),
        _ => image.resize(side, side, FilterType::Triangle),
    }
}

/// Encodes as PNG if any pixel is transparent, else as JPEG, which takes a tenth of the bytes.
fn encode(image: DynamicImage) -> image::ImageResult<Vec<u8>> {
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

    fn encode_image(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn opaque_image(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_pixel(width, height, Rgb([200, 30, 30])).into()
    }

    fn dimensions(picture: &[u8]) -> (u32, u32) {
        let read = image::load_from_memory(picture).unwrap();
        (read.width(), read.height())
    }

    #[test]
    fn picture_of_each_type_is_scaled_with_its_proportions() {
        for (media_type, format) in SUPPORTED_TYPES {
            let bytes = encode_image(&opaque_image(640, 320), format);
            let thumbnail = draw(&bytes, media_type, EvidencePicture::Thumbnail).unwrap();
            assert_eq!(
                (self::media_type(&thumbnail), dimensions(&thumbnail)),
                (Some("image/jpeg"), (160, 80)),
                "{media_type}"
            );
            let preview = draw(&bytes, media_type, EvidencePicture::Preview).unwrap();
            assert_eq!(dimensions(&preview), (640, 320), "what is small enough is not blown up");
        }
        let narrow = encode_image(&opaque_image(5_000, 2), ImageFormat::Png);
        assert_eq!(dimensions(&draw(&narrow, "image/png", EvidencePicture::Thumbnail).unwrap()), (160, 1));
    }

    #[test]
    fn picture_of_transparent_image_stays_transparent() {
        let clear: DynamicImage = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 100])).into();
        let drawn = draw(&encode_image(&clear, ImageFormat::Png), "image/png", EvidencePicture::Thumbnail).unwrap();
        assert_eq!(media_type(&drawn), Some("image/png"));
    }

    #[test]
    fn picture_contains_only_the_pixels_of_the_image() {
        let mut bytes = encode_image(&opaque_image(30, 30), ImageFormat::Jpeg);
        // A comment in the image, and a page after its end.
        let comment = b"<script>alert(1)</script>";
        let mut segment = vec![0xff, 0xfe, 0, u8::try_from(comment.len() + 2).unwrap()];
        segment.extend_from_slice(comment);
        bytes.splice(2..2, segment);
        bytes.extend_from_slice(b"<html><script>alert(2)</script>");
        let drawn = draw(&bytes, "image/jpeg", EvidencePicture::Preview).unwrap();
        assert!(!drawn.windows(6).any(|window| window == b"script"));
    }

    #[test]
    fn picture_of_animation_is_its_first_frame() {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for shade in 0..5 {
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(40, 30, Rgba([shade * 50, 0, 0, 255])))).unwrap();
        }
        drop(encoder);
        let drawn = draw(&bytes, "image/gif", EvidencePicture::Thumbnail).unwrap();
        assert_eq!((media_type(&drawn), dimensions(&drawn)), (Some("image/jpeg"), (40, 30)));
    }

    #[test]
    fn picture_of_hostile_image_is_not_drawn() {
        let png = encode_image(&opaque_image(300, 300), ImageFormat::Png);
        let page = [&png[..33], b"<html><script>alert(1)</script></html>"].concat();
        let cut = png[..png.len() / 2].to_vec();
        let jpeg = encode_image(&opaque_image(300, 300), ImageFormat::Jpeg);
        let (wide, heavy) = (png_claiming_size(&png, 50_000, 50_000), png_claiming_size(&png, 19_000, 19_000));
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
            assert_eq!(
                draw(bytes, media_type, EvidencePicture::Thumbnail),
                None,
                "{} bytes of {media_type}",
                bytes.len()
            );
        }
    }

    /// A PNG that claims another size, with the matching checksum.
    fn png_claiming_size(png: &[u8], width: u32, height: u32) -> Vec<u8> {
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

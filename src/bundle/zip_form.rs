//! The form of an archive, byte for byte, as [`crate::web::archive`] writes it: what an entry's headers, its data
//! descriptor, the directory and the end records have to be, made anew from what was read of the entries.
//!
//! `docs/audit-format.md` has the same in tables. Offsets and sizes are in bytes; numbers are little-endian.

/// Signatures of the parts.
pub(super) const LOCAL: &[u8; 4] = b"PK\x03\x04";
const DESCRIPTOR: &[u8; 4] = b"PK\x07\x08";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";
pub(super) const END: &[u8; 4] = b"PK\x05\x06";

/// How long a local header is, without its name and extra field.
pub(super) const LOCAL_BYTES: usize = 30;
/// How long an end record is.
pub(super) const END_BYTES: usize = 22;
/// How long the extra field of a large entry's local header is.
pub(super) const LARGE_EXTRA: u16 = 20;
/// What stands where a number does not fit and follows in the longer form.
const LONG: u32 = u32::MAX;
/// From this size on, evidence is written in the form that has room for any size (ZIP64).
const LARGE: u64 = 0xF000_0000;
/// A regular file that its owner may write and everybody may read, as Unix has it.
const MODE: u32 = 0o100_644 << 16;

/// When an entry was packed, in the two numbers of MS-DOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    /// Hours, minutes and half seconds.
    pub time: u16,
    /// Years from 1980, months and days.
    pub date: u16,
}

impl Time {
    /// Whether there is such a moment. Readers make different ones of those that there are not.
    pub(super) const fn exists(self) -> bool {
        let (year, month, day) = (self.date >> 9, self.date >> 5 & 15, self.date & 31);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            // From 1980 to 2107, 2100 alone is no leap year though its number is a multiple of four.
            2 if year % 4 == 0 && year != 120 => 29,
            2 => 28,
            _ => 0,
        };
        1 <= day && day <= days && self.time >> 11 < 24 && (self.time >> 5 & 63) < 60 && (self.time & 31) < 30
    }
}

/// An entry, with all that its headers say.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    pub name: String,
    pub time: Time,
    /// Whether it is in the form that has room for any size.
    pub large: bool,
    /// Where its local header begins.
    pub at: u64,
    pub crc: u32,
    /// The size of its deflated bytes.
    pub packed: u64,
    /// The size of its bytes.
    pub size: u64,
}

impl Packed {
    /// Whether its form is that of its size: only evidence can be large, and it is from [`LARGE`] on.
    pub(super) fn has_fitting_form(&self) -> bool {
        let fits = self.size < u64::from(LONG) && self.packed < u64::from(LONG);
        let large = self.name.starts_with("evidence/") && self.size >= LARGE;
        self.large == large && (large || fits)
    }

    const fn version(&self) -> u16 {
        if self.large { 45 } else { 20 }
    }

    /// Its local header, with its name: sizes and CRC are in the data descriptor.
    pub(super) fn local(&self) -> Vec<u8> {
        let mut bytes = Writer::begin(LOCAL);
        bytes.u16s([self.version(), 1 << 3, 8, self.time.time, self.time.date]).u32s([0, 0, 0]);
        bytes.u16s([length(self.name.len()), if self.large { LARGE_EXTRA } else { 0 }]).bytes(self.name.as_bytes());
        if self.large {
            bytes.u16s([1, 16]).u64s([0, 0]);
        }
        bytes.0
    }

    /// Its data descriptor.
    pub(super) fn descriptor(&self) -> Vec<u8> {
        let mut bytes = Writer::begin(DESCRIPTOR);
        bytes.u32s([self.crc]);
        if self.large {
            bytes.u64s([self.packed, self.size]);
        } else {
            bytes.u32s([short(self.packed), short(self.size)]);
        }
        bytes.0
    }

    /// Its record in the directory.
    pub(super) fn central(&self) -> Vec<u8> {
        let mut long = Vec::new();
        if self.large {
            long.extend([self.size, self.packed]);
        }
        if self.at >= u64::from(LONG) {
            long.push(self.at);
        }
        let extra = if long.is_empty() { 0 } else { 4 + 8 * length(long.len()) };
        let sizes = if self.large { [LONG, LONG] } else { [short(self.packed), short(self.size)] };
        let mut bytes = Writer::begin(CENTRAL);
        bytes.u16s([3 << 8 | self.version(), self.version(), 1 << 3, 8, self.time.time, self.time.date]);
        bytes.u32s([self.crc]).u32s(sizes);
        bytes.u16s([length(self.name.len()), extra, 0, 0, 0]).u32s([MODE, short(self.at)]).bytes(self.name.as_bytes());
        if extra > 0 {
            bytes.u16s([1, extra - 4]).u64s(long);
        }
        bytes.0
    }
}

/// What stands at the archive's end, after a directory of this size that begins there: in the longer form too when a
/// number does not fit.
pub(super) fn end(entries: &[Packed], directory: u64, size: u64) -> Vec<u8> {
    let count = entries.len() as u64;
    let long = count > u64::from(u16::MAX) || directory.max(size) > u64::from(LONG);
    let mut bytes = Writer(Vec::new());
    if long {
        let version = entries.iter().map(Packed::version).max().unwrap_or(10);
        bytes.bytes(END_64).u64s([44]).u16s([version, version]).u32s([0, 0]).u64s([count, count, size, directory]);
        bytes.bytes(LOCATOR_64).u32s([0]).u64s([directory + size]).u32s([1]);
    }
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    bytes.bytes(END).u16s([0, 0, count, count]);
    bytes.u32s([if long { LONG } else { short(size) }, short(directory)]).u16s([0]);
    bytes.0
}

/// What a part of a header is called, for whoever reads what is wrong.
pub(super) fn field_of_local(at: usize) -> &'static str {
    match at {
        0..4 => "its beginning",
        4..6 => "the version needed to unpack it",
        6..8 => "its flags (encryption, data descriptor, encoding of names)",
        8..10 => "the method of compression",
        10..14 => "the time",
        14..18 => "the checksum",
        18..22 => "the packed size",
        22..26 => "the size",
        26..28 => "the length of the name",
        28..30 => "the length of an extra field",
        _ => "the name or an extra field",
    }
}

/// What a part of a data descriptor is called.
pub(super) fn field_of_descriptor(at: usize, large: bool) -> &'static str {
    match at {
        0..4 => "its beginning",
        4..8 => "the checksum",
        8..12 => "the packed size",
        12..16 if large => "the packed size",
        _ => "the size",
    }
}

/// What a part of a record in the directory is called.
pub(super) fn field_of_central(at: usize) -> &'static str {
    match at {
        0..4 => "its beginning",
        4..6 => "the system and version that made it",
        42..46 => "where the entry begins",
        32..34 => "the length of a comment",
        34..36 => "the number of a disk",
        36..42 => "the attributes (the kind of file, and who may read it)",
        30..32 => "the length of an extra field",
        6..30 => field_of_local(at - 2),
        _ => "the name or an extra field",
    }
}

/// A length that is never too long for its field.
fn length(bytes: usize) -> u16 {
    u16::try_from(bytes).unwrap_or(u16::MAX)
}

/// A number, or the sign that it is elsewhere since it does not fit.
fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(LONG)
}

/// Bytes in the making.
struct Writer(Vec<u8>);

impl Writer {
    fn begin(signature: &[u8; 4]) -> Self {
        Self(signature.to_vec())
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u16s(&mut self, numbers: impl IntoIterator<Item = u16>) -> &mut Self {
        self.0.extend(numbers.into_iter().flat_map(u16::to_le_bytes));
        self
    }

    fn u32s(&mut self, numbers: impl IntoIterator<Item = u32>) -> &mut Self {
        self.0.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
        self
    }

    fn u64s(&mut self, numbers: impl IntoIterator<Item = u64>) -> &mut Self {
        self.0.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
        self
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Read as _, Seek, SeekFrom, Write};

    use futures_util::stream;
    use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

    use super::*;
    use crate::{domain::time::Moment, web::archive::Archive};

    /// What the exporter makes of files, each with the size that it is told; and each as it has to be found.
    async fn exported(files: &[(&str, &[u8], u64)]) -> (Vec<u8>, Vec<Packed>) {
        let at: Moment = "2026-11-23T17:00:00.000000Z".parse().unwrap();
        let (mut archive, body) = Archive::new("Asia/Kolkata".parse().unwrap());
        let packing = async {
            for (name, bytes, size) in files {
                let piece = bytes::Bytes::copy_from_slice(bytes);
                archive.file(name, at, *size, stream::iter([Ok::<_, io::Error>(piece)])).await.unwrap();
            }
            archive.finish().await.unwrap();
        };
        let (bytes, ()) = tokio::join!(axum::body::to_bytes(body, usize::MAX), packing);
        let bytes = bytes.unwrap().to_vec();
        let mut found = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let entries = files.iter().enumerate().map(|(number, (name, _, size))| {
            let entry = found.by_index_raw(number).unwrap();
            Packed {
                name: (*name).to_owned(),
                // 22:30:00 in India, on 23 November of the 46th year.
                time: Time { time: 22 << 11 | 30 << 5, date: 46 << 9 | 11 << 5 | 23 },
                large: *size >= LARGE,
                at: entry.header_start(),
                crc: entry.crc32(),
                packed: entry.compressed_size(),
                size: entry.size(),
            }
        });
        let entries = entries.collect();
        (bytes, entries)
    }

    /// The archive that has this form, with the deflated bytes of another.
    fn formed(entries: &[Packed], exported: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in entries {
            bytes.extend(entry.local());
            let packed = bytes.len()..bytes.len() + usize::try_from(entry.packed).unwrap();
            bytes.extend_from_slice(&exported[packed]);
            bytes.extend(entry.descriptor());
        }
        let directory = bytes.len() as u64;
        bytes.extend(entries.iter().flat_map(Packed::central));
        let size = bytes.len() as u64 - directory;
        bytes.extend(end(entries, directory, size));
        bytes
    }

    #[tokio::test]
    async fn form_is_that_of_the_exporter() {
        let evidence = format!("evidence/{}", "ab".repeat(32));
        for size in [0, LARGE - 1, LARGE, u64::MAX] {
            let (bytes, entries) =
                exported(&[("bundle.json", b"{}", 2), (&evidence, b"all well", size), ("report.html", b"", 0)]).await;
            assert!(formed(&entries, &bytes) == bytes, "{size}");
        }
        assert!(entries_fit(&[
            (2, 2, "a", false),
            (LARGE - 1, 9, "evidence/a", false),
            (LARGE, 9, "evidence/a", true)
        ]));
        assert!(!entries_fit(&[(2, 2, "evidence/a", true)]));
        assert!(!entries_fit(&[(LARGE, 2, "evidence/a", false)]));
        assert!(!entries_fit(&[(LARGE, 2, "events.jsonl", true)]));
        assert!(!entries_fit(&[(1 << 32, 2, "events.jsonl", false)]));
    }

    fn entries_fit(entries: &[(u64, u64, &str, bool)]) -> bool {
        let time = Time { time: 0, date: 0x21 };
        entries.iter().all(|(size, packed, name, large)| {
            let (name, size, packed, large) = ((*name).to_owned(), *size, *packed, *large);
            Packed { name, time, large, at: 0, crc: 0, packed, size }.has_fitting_form()
        })
    }

    /// An archive of more entries than two bytes count.
    #[tokio::test]
    async fn form_of_many_entries_is_that_of_the_exporter() {
        for count in [usize::from(u16::MAX), usize::from(u16::MAX) + 1] {
            let names: Vec<String> = (0..count).map(|number| format!("evidence/{number:064x}")).collect();
            let files: Vec<(&str, &[u8], u64)> = names.iter().map(|name| (name.as_str(), &b""[..], 0)).collect();
            let (bytes, entries) = exported(&files).await;
            assert!(formed(&entries, &bytes) == bytes, "{count}");
        }
    }

    /// A file that already has this many bytes, of which none are kept.
    struct Behind(u64, Cursor<Vec<u8>>);

    impl Write for Behind {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Behind {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            let to = if let SeekFrom::Start(at) = to { SeekFrom::Start(at - self.0) } else { to };
            self.1.seek(to).map(|at| at + self.0)
        }
    }

    #[test]
    fn form_of_what_begins_late_is_that_of_the_library() {
        for before in [u64::from(LONG) - 1, u64::from(LONG), 5 << 32] {
            for large in [false, true] {
                let mut zip = ZipWriter::new(Behind(before, Cursor::default()));
                let options = SimpleFileOptions::default().compression_level(Some(1)).large_file(large);
                zip.start_file("evidence/ab", options).unwrap();
                zip.write_all(b"all well").unwrap();
                let written = zip.finish().unwrap().1.into_inner();
                let at = written.windows(4).position(|bytes| bytes == CENTRAL).unwrap();
                let number = |at: usize| u16::from_le_bytes([written[at], written[at + 1]]);
                let mut content = Vec::new();
                flate2::read::DeflateDecoder::new(&written[41 + if large { 20 } else { 0 }..at])
                    .read_to_end(&mut content)
                    .unwrap();
                let mut crc = flate2::Crc::new();
                crc.update(&content);
                let entry = Packed {
                    name: "evidence/ab".to_owned(),
                    time: Time { time: number(at + 12), date: number(at + 14) },
                    large,
                    at: before,
                    crc: crc.sum(),
                    packed: at as u64 - 41 - if large { 20 } else { 0 },
                    size: content.len() as u64,
                };
                let mut expected = entry.central();
                let size = expected.len() as u64;
                // Written to a file that can be read again, it needs no data descriptor.
                expected[8..10].fill(0);
                expected.extend(end(&[entry], before + at as u64, size));
                assert_eq!(written[at..], expected, "{before} {large}");
            }
        }
    }

    #[test]
    fn time_is_that_of_a_moment() {
        let date = |year: u16, month: u16, day: u16| (year - 1980) << 9 | month << 5 | day;
        let exists = |date, time| Time { time, date }.exists();
        for good in [date(1980, 1, 1), date(2024, 2, 29), date(2107, 12, 31), date(2000, 2, 29)] {
            assert!(exists(good, 23 << 11 | 59 << 5 | 29));
            for bad in [24 << 11, 60 << 5, 30] {
                assert!(!exists(good, bad));
            }
        }
        for bad in [0, date(2023, 2, 29), date(2100, 2, 29), date(2026, 4, 31), date(2026, 13, 1), date(2026, 1, 0)] {
            assert!(!exists(bad, 0));
        }
    }
}

//! The layout of an archive, byte for byte as [`crate::web::archive`] writes it: the headers of an entry, its data
//! descriptor, the directory and the end records, rebuilt from what was read of the entries.
//!
//! `docs/audit-format.md` describes the same in tables. Offsets and sizes are in bytes; numbers are little-endian.

pub(super) const LOCAL_SIGNATURE: &[u8; 4] = b"PK\x03\x04";
const DESCRIPTOR_SIGNATURE: &[u8; 4] = b"PK\x07\x08";
const CENTRAL_SIGNATURE: &[u8; 4] = b"PK\x01\x02";
const ZIP64_END_SIGNATURE: &[u8; 4] = b"PK\x06\x06";
const ZIP64_LOCATOR_SIGNATURE: &[u8; 4] = b"PK\x06\x07";
pub(super) const END_SIGNATURE: &[u8; 4] = b"PK\x05\x06";

/// Without the name and the extra field.
pub(super) const LOCAL_HEADER_BYTES: usize = 30;
pub(super) const END_RECORD_BYTES: usize = 22;
/// Length of the extra field in the local header of a ZIP64 entry.
pub(super) const ZIP64_EXTRA_BYTES: u16 = 20;
/// Placeholder for a number that does not fit and follows in a ZIP64 field.
const ZIP64_PLACEHOLDER: u32 = u32::MAX;
/// From this size on, evidence is written in the ZIP64 form, which has room for any size.
const ZIP64_FROM_BYTES: u64 = 0xF000_0000;
/// Unix mode of a regular file, writable by its owner and readable by all.
const UNIX_FILE_MODE: u32 = 0o100_644 << 16;

/// When an entry was packed, in the two numbers of MS-DOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DosTime {
    /// Hours, minutes and half seconds.
    pub time: u16,
    /// Years from 1980, months and days.
    pub date: u16,
}

impl DosTime {
    /// Whether the moment exists. Readers interpret impossible ones differently.
    pub(super) const fn is_valid(self) -> bool {
        let (year, month, day) = (self.date >> 9, self.date >> 5 & 15, self.date & 31);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            // From 1980 to 2107, 2100 is the only multiple of four that is no leap year.
            2 if year % 4 == 0 && year != 120 => 29,
            2 => 28,
            _ => 0,
        };
        1 <= day && day <= days && self.time >> 11 < 24 && (self.time >> 5 & 63) < 60 && (self.time & 31) < 30
    }
}

#[derive(Debug, Clone)]
pub(super) struct ZipEntry {
    pub name: String,
    pub time: DosTime,
    /// Whether the entry has the ZIP64 form.
    pub is_zip64: bool,
    /// Offset of its local header.
    pub header_offset: u64,
    pub crc: u32,
    /// Size of the deflated bytes.
    pub packed_size: u64,
    /// Size of the original bytes.
    pub size: u64,
}

impl ZipEntry {
    /// Whether the form fits the size: only evidence may be in the ZIP64 form, from [`ZIP64_FROM_BYTES`] on.
    pub(super) fn has_fitting_form(&self) -> bool {
        let fits = self.size < u64::from(ZIP64_PLACEHOLDER) && self.packed_size < u64::from(ZIP64_PLACEHOLDER);
        let large = self.name.starts_with("evidence/") && self.size >= ZIP64_FROM_BYTES;
        self.is_zip64 == large && (large || fits)
    }

    const fn version_needed(&self) -> u16 {
        if self.is_zip64 { 45 } else { 20 }
    }

    /// The local header with the name; sizes and CRC are in the data descriptor.
    pub(super) fn local_header(&self) -> Vec<u8> {
        let mut bytes = ZipRecordWriter::with_signature(LOCAL_SIGNATURE);
        bytes.u16s([self.version_needed(), 1 << 3, 8, self.time.time, self.time.date]).u32s([0, 0, 0]);
        bytes
            .u16s([to_u16_length(self.name.len()), if self.is_zip64 { ZIP64_EXTRA_BYTES } else { 0 }])
            .bytes(self.name.as_bytes());
        if self.is_zip64 {
            bytes.u16s([1, 16]).u64s([0, 0]);
        }
        bytes.0
    }

    pub(super) fn data_descriptor(&self) -> Vec<u8> {
        let mut bytes = ZipRecordWriter::with_signature(DESCRIPTOR_SIGNATURE);
        bytes.u32s([self.crc]);
        if self.is_zip64 {
            bytes.u64s([self.packed_size, self.size]);
        } else {
            bytes.u32s([to_u32_or_placeholder(self.packed_size), to_u32_or_placeholder(self.size)]);
        }
        bytes.0
    }

    /// The record in the directory.
    pub(super) fn central_record(&self) -> Vec<u8> {
        let mut long = Vec::new();
        if self.is_zip64 {
            long.extend([self.size, self.packed_size]);
        }
        if self.header_offset >= u64::from(ZIP64_PLACEHOLDER) {
            long.push(self.header_offset);
        }
        let extra = if long.is_empty() { 0 } else { 4 + 8 * to_u16_length(long.len()) };
        let sizes = if self.is_zip64 {
            [ZIP64_PLACEHOLDER, ZIP64_PLACEHOLDER]
        } else {
            [to_u32_or_placeholder(self.packed_size), to_u32_or_placeholder(self.size)]
        };
        let mut bytes = ZipRecordWriter::with_signature(CENTRAL_SIGNATURE);
        bytes.u16s([3 << 8 | self.version_needed(), self.version_needed(), 1 << 3, 8, self.time.time, self.time.date]);
        bytes.u32s([self.crc]).u32s(sizes);
        bytes
            .u16s([to_u16_length(self.name.len()), extra, 0, 0, 0])
            .u32s([UNIX_FILE_MODE, to_u32_or_placeholder(self.header_offset)])
            .bytes(self.name.as_bytes());
        if extra > 0 {
            bytes.u16s([1, extra - 4]).u64s(long);
        }
        bytes.0
    }
}

/// The end records, after a directory with this offset and size; with ZIP64 records when a number does not fit.
pub(super) fn end_records(entries: &[ZipEntry], directory: u64, size: u64) -> Vec<u8> {
    let count = entries.len() as u64;
    let long = count > u64::from(u16::MAX) || directory.max(size) > u64::from(ZIP64_PLACEHOLDER);
    let mut bytes = ZipRecordWriter(Vec::new());
    if long {
        let version = entries.iter().map(ZipEntry::version_needed).max().unwrap_or(10);
        bytes
            .bytes(ZIP64_END_SIGNATURE)
            .u64s([44])
            .u16s([version, version])
            .u32s([0, 0])
            .u64s([count, count, size, directory]);
        bytes.bytes(ZIP64_LOCATOR_SIGNATURE).u32s([0]).u64s([directory + size]).u32s([1]);
    }
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    bytes.bytes(END_SIGNATURE).u16s([0, 0, count, count]);
    bytes
        .u32s([if long { ZIP64_PLACEHOLDER } else { to_u32_or_placeholder(size) }, to_u32_or_placeholder(directory)])
        .u16s([0]);
    bytes.0
}

/// The name of the local header's field at an offset, for error messages.
pub(super) fn local_field_name(at: usize) -> &'static str {
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

/// The name of the data descriptor's field at an offset.
pub(super) fn descriptor_field_name(at: usize, large: bool) -> &'static str {
    match at {
        0..4 => "its beginning",
        4..8 => "the checksum",
        8..12 => "the packed size",
        12..16 if large => "the packed size",
        _ => "the size",
    }
}

/// The name of the directory record's field at an offset.
pub(super) fn central_field_name(at: usize) -> &'static str {
    match at {
        0..4 => "its beginning",
        4..6 => "the system and version that made it",
        42..46 => "where the entry begins",
        32..34 => "the length of a comment",
        34..36 => "the number of a disk",
        36..42 => "the attributes (the kind of file, and who may read it)",
        30..32 => "the length of an extra field",
        6..30 => local_field_name(at - 2),
        _ => "the name or an extra field",
    }
}

/// The value never exceeds its field.
fn to_u16_length(bytes: usize) -> u16 {
    u16::try_from(bytes).unwrap_or(u16::MAX)
}

/// The number, or the placeholder if it does not fit and is elsewhere.
fn to_u32_or_placeholder(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(ZIP64_PLACEHOLDER)
}

struct ZipRecordWriter(Vec<u8>);

impl ZipRecordWriter {
    fn with_signature(signature: &[u8; 4]) -> Self {
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

    /// Exports files, each with its declared size; returns the archive and the entries as they have to be found.
    async fn export_archive(files: &[(&str, &[u8], u64)]) -> (Vec<u8>, Vec<ZipEntry>) {
        let at: Moment = "2026-11-23T17:00:00.000000Z".parse().unwrap();
        let (mut archive, body) = Archive::new("Asia/Kolkata".parse().unwrap());
        let packing = async {
            for (name, bytes, size) in files {
                let piece = bytes::Bytes::copy_from_slice(bytes);
                archive.add_stream(name, at, *size, stream::iter([Ok::<_, io::Error>(piece)])).await.unwrap();
            }
            archive.finish().await.unwrap();
        };
        let (bytes, ()) = tokio::join!(axum::body::to_bytes(body, usize::MAX), packing);
        let bytes = bytes.unwrap().to_vec();
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let entries = files.iter().enumerate().map(|(number, (name, _, size))| {
            let entry = archive.by_index_raw(number).unwrap();
            ZipEntry {
                name: (*name).to_owned(),
                // 22:30:00 in India, on 23 November of the 46th year.
                time: DosTime { time: 22 << 11 | 30 << 5, date: 46 << 9 | 11 << 5 | 23 },
                is_zip64: *size >= ZIP64_FROM_BYTES,
                header_offset: entry.header_start(),
                crc: entry.crc32(),
                packed_size: entry.compressed_size(),
                size: entry.size(),
            }
        });
        let entries = entries.collect();
        (bytes, entries)
    }

    /// Rebuilds the archive with this layout around the deflated bytes of another.
    fn rebuild_archive(entries: &[ZipEntry], exported: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in entries {
            bytes.extend(entry.local_header());
            let packed = bytes.len()..bytes.len() + usize::try_from(entry.packed_size).unwrap();
            bytes.extend_from_slice(&exported[packed]);
            bytes.extend(entry.data_descriptor());
        }
        let directory = bytes.len() as u64;
        bytes.extend(entries.iter().flat_map(ZipEntry::central_record));
        let size = bytes.len() as u64 - directory;
        bytes.extend(end_records(entries, directory, size));
        bytes
    }

    #[tokio::test]
    async fn zip_layout_matches_exported_archive() {
        let evidence = format!("evidence/{}", "ab".repeat(32));
        for size in [0, ZIP64_FROM_BYTES - 1, ZIP64_FROM_BYTES, u64::MAX] {
            let (bytes, entries) =
                export_archive(&[("bundle.json", b"{}", 2), (&evidence, b"all well", size), ("report.html", b"", 0)])
                    .await;
            assert!(rebuild_archive(&entries, &bytes) == bytes, "{size}");
        }
        assert!(assert_entries_fit(&[
            (2, 2, "a", false),
            (ZIP64_FROM_BYTES - 1, 9, "evidence/a", false),
            (ZIP64_FROM_BYTES, 9, "evidence/a", true)
        ]));
        assert!(!assert_entries_fit(&[(2, 2, "evidence/a", true)]));
        assert!(!assert_entries_fit(&[(ZIP64_FROM_BYTES, 2, "evidence/a", false)]));
        assert!(!assert_entries_fit(&[(ZIP64_FROM_BYTES, 2, "events.jsonl", true)]));
        assert!(!assert_entries_fit(&[(1 << 32, 2, "events.jsonl", false)]));
    }

    fn assert_entries_fit(entries: &[(u64, u64, &str, bool)]) -> bool {
        let time = DosTime { time: 0, date: 0x21 };
        entries.iter().all(|(size, packed, name, large)| {
            let (name, size, packed, large) = ((*name).to_owned(), *size, *packed, *large);
            ZipEntry { name, time, is_zip64: large, header_offset: 0, crc: 0, packed_size: packed, size }
                .has_fitting_form()
        })
    }

    /// More entries than two bytes can count.
    #[tokio::test]
    async fn zip_layout_of_many_entries_matches_exported_archive() {
        for count in [usize::from(u16::MAX), usize::from(u16::MAX) + 1] {
            let names: Vec<String> = (0..count).map(|number| format!("evidence/{number:064x}")).collect();
            let files: Vec<(&str, &[u8], u64)> = names.iter().map(|name| (name.as_str(), &b""[..], 0)).collect();
            let (bytes, entries) = export_archive(&files).await;
            assert!(rebuild_archive(&entries, &bytes) == bytes, "{count}");
        }
    }

    /// A file that already has this many bytes, none of which are stored.
    struct OffsetWriter(u64, Cursor<Vec<u8>>);

    impl Write for OffsetWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for OffsetWriter {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            let to = if let SeekFrom::Start(at) = to { SeekFrom::Start(at - self.0) } else { to };
            self.1.seek(to).map(|at| at + self.0)
        }
    }

    #[test]
    fn zip_layout_of_late_offsets_matches_zip_crate() {
        for before in [u64::from(ZIP64_PLACEHOLDER) - 1, u64::from(ZIP64_PLACEHOLDER), 5 << 32] {
            for large in [false, true] {
                let mut zip = ZipWriter::new(OffsetWriter(before, Cursor::default()));
                let options = SimpleFileOptions::default().compression_level(Some(1)).large_file(large);
                zip.start_file("evidence/ab", options).unwrap();
                zip.write_all(b"all well").unwrap();
                let written = zip.finish().unwrap().1.into_inner();
                let at = written.windows(4).position(|bytes| bytes == CENTRAL_SIGNATURE).unwrap();
                let number = |at: usize| u16::from_le_bytes([written[at], written[at + 1]]);
                let mut content = Vec::new();
                flate2::read::DeflateDecoder::new(&written[41 + if large { 20 } else { 0 }..at])
                    .read_to_end(&mut content)
                    .unwrap();
                let mut crc = flate2::Crc::new();
                crc.update(&content);
                let entry = ZipEntry {
                    name: "evidence/ab".to_owned(),
                    time: DosTime { time: number(at + 12), date: number(at + 14) },
                    is_zip64: large,
                    header_offset: before,
                    crc: crc.sum(),
                    packed_size: at as u64 - 41 - if large { 20 } else { 0 },
                    size: content.len() as u64,
                };
                let mut expected = entry.central_record();
                let size = expected.len() as u64;
                // Written to a seekable file, the entry needs no data descriptor.
                expected[8..10].fill(0);
                expected.extend(end_records(&[entry], before + at as u64, size));
                assert_eq!(written[at..], expected, "{before} {large}");
            }
        }
    }

    #[test]
    fn dos_time_is_valid_only_for_real_moments() {
        let date = |year: u16, month: u16, day: u16| (year - 1980) << 9 | month << 5 | day;
        let exists = |date, time| DosTime { time, date }.is_valid();
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

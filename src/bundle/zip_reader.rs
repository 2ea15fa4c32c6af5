//! Reads an archive so strictly that every other reader sees in it exactly what was verified.
//!
//! A ZIP archive states most facts two or three times: in a header before each entry, in a data descriptor after it,
//! and in the directory at the end. Readers differ in which of them they trust: `unzip` and Python's `zipfile` use the
//! directory, Java's `ZipInputStream` and other streaming readers the headers; an extra field may give an entry another
//! name for some of them. Wherever a verifier leaves bytes unread, two readers can be shown two different histories.
//!
//! So this reader reads an archive from its first byte to its last and skips nothing. The information in an archive is
//! the names of its entries, one time, and the deflated bytes. From these, [`zip_layout`](super::zip_layout) rebuilds
//! every header, descriptor, record and end, and the archive must have exactly these bytes. That accepts exactly the
//! archives that [`crate::web::archive`] writes, and no knowledge is needed of what else a ZIP archive may contain.
//!
//! The reader of the crate `zip`, which writes the archives, is not enough: it trusts the directory for sizes and
//! offsets, searches for the directory's end backwards, ignores gaps, extra fields, comments and file modes, and checks
//! a data descriptor only on request. So it would not show where two readers disagree.
//!
//! Nothing is unpacked to disk, and memory holds one chunk and a record for each entry.

use std::io::{self, BufRead as _, BufReader, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::zip_layout::{
    self, DosTime, END_RECORD_BYTES, END_SIGNATURE, LOCAL_HEADER_BYTES, LOCAL_SIGNATURE, ZIP64_EXTRA_BYTES, ZipEntry,
};
use crate::domain::bundle::{BundleDefect, BundleEntry};

/// The longest name of an entry: `evidence/` and a hash.
const MAX_NAME_BYTES: usize = 9 + 64;
/// Maximum distance of the end record from the file's end: the record and the longest comment that ZIP allows.
const END_SEARCH_BYTES: u64 = END_RECORD_BYTES as u64 + 0xffff;

/// Bytes unpacked at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Why an archive can't be read further.
#[derive(Debug)]
pub enum BundleReadError {
    /// The file could not be read.
    Io(io::Error),
    /// The content is wrong.
    Defect(BundleDefect),
}

impl From<BundleDefect> for BundleReadError {
    fn from(finding: BundleDefect) -> Self {
        Self::Defect(finding)
    }
}

impl From<io::Error> for BundleReadError {
    /// A premature end is a defect of the archive.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => archive_defect("it ends in the middle"),
            _ => Self::Io(error),
        }
    }
}

fn not_a_bundle(why: &str) -> BundleReadError {
    BundleReadError::Defect(BundleDefect::NotABundle(why.to_owned()))
}

fn archive_defect(why: impl Into<String>) -> BundleReadError {
    BundleReadError::Defect(BundleDefect::Archive(why.into()))
}

/// An archive, read from its beginning.
#[derive(Debug)]
pub(super) struct BundleZipReader<R> {
    file: BufReader<R>,
    /// The number of bytes read.
    offset: u64,
    /// Bytes that were read but not consumed: the beginning of the directory.
    lookahead: Vec<u8>,
    /// The entries read so far, as the directory has to list them.
    entries: Vec<ZipEntry>,
}

impl<R: Read + Seek> BundleZipReader<R> {
    pub(super) fn open(mut file: R) -> Result<Self, BundleReadError> {
        if !has_end_record(&mut file)? {
            return Err(not_a_bundle("it is no ZIP archive, or not the whole of one"));
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(Self { file: BufReader::new(file), offset: 0, lookahead: Vec::new(), entries: Vec::new() })
    }
}

impl<R: Read> BundleZipReader<R> {
    /// The name of the next entry, the first of which is `bundle.json`; `None` when the directory follows.
    pub(super) fn next_entry(&mut self) -> Result<Option<String>, BundleReadError> {
        let at = self.offset;
        let mut header = self.read_bytes(LOCAL_SIGNATURE.len())?;
        if header == END_SIGNATURE && at == 0 {
            return Err(not_a_bundle("it holds nothing"));
        }
        if header != LOCAL_SIGNATURE && at == 0 {
            return Err(archive_defect("there is something before its first entry"));
        }
        if header != LOCAL_SIGNATURE {
            (self.offset, self.lookahead) = (at, header);
            return Ok(None);
        }
        let first = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof if at == 0 => not_a_bundle("it ends before the name of its first entry does"),
            _ => error.into(),
        };
        header.extend(self.read_bytes(LOCAL_HEADER_BYTES - LOCAL_SIGNATURE.len()).map_err(first)?);
        let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let (length, extra) = (usize::from(number(26)), number(28));
        let time = DosTime { time: number(10), date: number(12) };
        header.extend(self.read_bytes(length.min(MAX_NAME_BYTES + 1)).map_err(first)?);
        let name = String::from_utf8_lossy(&header[LOCAL_HEADER_BYTES..]).into_owned();
        if at == 0 && name != BundleEntry::Manifest.name() {
            return Err(not_a_bundle("it does not begin with bundle.json"));
        }
        check_name_is_harmless(&name)?;
        if length > MAX_NAME_BYTES {
            return Err(BundleDefect::UnknownEntry(format!("{name}…")).into());
        }
        let entry = ZipEntry {
            name: name.clone(),
            time,
            is_zip64: extra == ZIP64_EXTRA_BYTES,
            header_offset: at,
            crc: 0,
            packed_size: 0,
            size: 0,
        };
        let expected = entry.local_header();
        header.extend(self.read_bytes(expected.len().saturating_sub(header.len()))?);
        if let Some(at) = first_difference(&header, &expected) {
            let field = zip_layout::local_field_name(at);
            return Err(archive_defect(format!(
                "the header before the entry {name:?} differs from signoff's in {field}"
            )));
        }
        if !time.is_valid() || self.entries.first().is_some_and(|first| first.time != time) {
            return Err(archive_defect(format!("the time of the entry {name:?} is not that of the archive")));
        }
        self.entries.push(entry);
        Ok(Some(name))
    }

    /// The bytes of the entry that [`Self::next_entry`] named, at most `most` of them.
    pub(super) fn open_entry(&mut self, most: u64) -> BundleZipEntryReader<'_, R> {
        BundleZipEntryReader {
            archive: self,
            max_bytes: most,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            next_chunk: vec![0; CHUNK_BYTES],
            ended: false,
        }
    }

    /// Reads the directory and the end, which have to match the entries that were read.
    pub(super) fn finish(mut self) -> Result<(), BundleReadError> {
        let directory = self.offset;
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries {
            let expected = entry.central_record();
            let record = self.read_bytes(expected.len())?;
            let Some(at) = first_difference(&record, &expected) else { continue };
            // The upper half of the attributes are Unix's, which can mark a symbolic link.
            let kind = u16::from_le_bytes([record[40], record[41]]) & 0o170_000;
            return Err(match zip_layout::central_field_name(at) {
                _ if at < 4 => {
                    archive_defect(format!("its directory does not list the entry {:?} where it should", entry.name))
                }
                _ if (36..42).contains(&at) && kind == 0o120_000 => BundleDefect::LinkEntry(entry.name.clone()).into(),
                field => archive_defect(format!("its directory contradicts the entry {:?}, in {field}", entry.name)),
            });
        }
        let expected = zip_layout::end_records(&entries, directory, self.offset - directory);
        if self.read_bytes(expected.len())? != expected {
            return Err(archive_defect("its end contradicts its entries and its directory"));
        }
        if !self.file.fill_buf()?.is_empty() {
            return Err(archive_defect("there is something after its end"));
        }
        Ok(())
    }

    fn read_bytes(&mut self, bytes: usize) -> io::Result<Vec<u8>> {
        let mut read = std::mem::take(&mut self.lookahead);
        let ahead = read.len();
        read.resize(bytes, 0);
        self.file.read_exact(&mut read[ahead..])?;
        self.offset += bytes as u64;
        Ok(read)
    }
}

/// An entry that is unpacked while it is read.
pub(super) struct BundleZipEntryReader<'a, R> {
    archive: &'a mut BundleZipReader<R>,
    max_bytes: u64,
    inflate: Decompress,
    crc: Crc,
    next_chunk: Vec<u8>,
    ended: bool,
}

impl<R: Read> BundleZipEntryReader<'_, R> {
    /// The next bytes of the entry, possibly none; `None` after its end, once the data descriptor was verified.
    pub(super) fn piece(&mut self) -> Result<Option<&[u8]>, BundleReadError> {
        if self.ended {
            return Ok(None);
        }
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let packed = self.archive.file.fill_buf()?;
        if packed.is_empty() {
            return Err(archive_defect("it ends in the middle"));
        }
        let status = self.inflate.decompress(packed, &mut self.next_chunk, FlushDecompress::None);
        let read = self.inflate.total_in() - read;
        let written = usize::try_from(self.inflate.total_out() - written).unwrap_or_default();
        self.archive.file.consume(usize::try_from(read).unwrap_or_default());
        self.archive.offset += read;
        // The sizes that the archive states come later and can't be trusted: a ZIP bomb can state any.
        if self.inflate.total_out() > self.max_bytes {
            return Err(BundleDefect::EntryTooLarge { name: self.name(), limit: self.max_bytes }.into());
        }
        self.crc.update(&self.next_chunk[..written]);
        match status {
            Ok(Status::StreamEnd) => self.check_descriptor()?,
            Ok(_) if read > 0 || written > 0 => {}
            Ok(_) | Err(_) => {
                let name = self.name();
                return Err(archive_defect(format!("the entry {name:?} can't be unpacked: its bytes were changed")));
            }
        }
        Ok(Some(&self.next_chunk[..written]))
    }

    fn name(&self) -> String {
        self.archive.entries.last().map(|entry| entry.name.clone()).unwrap_or_default()
    }

    /// Compares the data descriptor with the bytes read.
    fn check_descriptor(&mut self) -> Result<(), BundleReadError> {
        self.ended = true;
        let Some(mut entry) = self.archive.entries.pop() else { return Ok(()) };
        entry.crc = self.crc.sum();
        (entry.packed_size, entry.size) = (self.inflate.total_in(), self.inflate.total_out());
        let expected = entry.data_descriptor();
        let descriptor = self.archive.read_bytes(expected.len())?;
        if let Some(at) = first_difference(&descriptor, &expected) {
            let (name, field) = (&entry.name, zip_layout::descriptor_field_name(at, entry.is_zip64));
            return Err(archive_defect(format!(
                "what stands after the entry {name:?} contradicts its bytes, in {field}"
            )));
        }
        if !entry.has_fitting_form() {
            return Err(archive_defect(format!(
                "the entry {:?} is in the form of another size than it has",
                entry.name
            )));
        }
        self.archive.entries.push(entry);
        Ok(())
    }
}

/// Whether a complete end record begins near the file's end; without one, no reader takes the file for a ZIP archive.
fn has_end_record(file: &mut (impl Read + Seek)) -> Result<bool, BundleReadError> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(END_SEARCH_BYTES)))?;
    let mut tail = Vec::new();
    file.take(END_SEARCH_BYTES).read_to_end(&mut tail)?;
    Ok(tail.windows(END_RECORD_BYTES).any(|record| record.starts_with(END_SIGNATURE)))
}

/// The first position at which the bytes differ.
fn first_difference(actual: &[u8], expected: &[u8]) -> Option<usize> {
    let differ = actual.iter().zip(expected).position(|(actual, expected)| actual != expected);
    differ.or_else(|| (actual.len() != expected.len()).then(|| actual.len().min(expected.len())))
}

/// Rejects a name that would be harmful to unpack. It is not a valid entry name anyway, but this error says more.
fn check_name_is_harmless(name: &str) -> Result<(), BundleDefect> {
    let climbs = name.starts_with('/') || name.contains(['\\', '\0', ':']) || name.split('/').any(|part| part == "..");
    if climbs { Err(BundleDefect::EntryOutsideFolder(name.to_owned())) } else { Ok(()) }
}

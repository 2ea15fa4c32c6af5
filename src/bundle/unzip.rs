//! Reading an archive so that every other reader sees in it what was verified.
//!
//! A ZIP archive says most things two or three times: in a header before each entry, in a data descriptor after it, and
//! in the directory at the end. Readers differ in which of them they believe: `unzip` and Python's `zipfile` take the
//! directory, Java's `ZipInputStream` and other streaming readers the headers; an extra field may give an entry another
//! name for some of them. Every place that a verifier leaves unread is one where two readers can be shown two histories.
//!
//! So this reads an archive from its first byte to its last and leaves no byte unread. What an archive can say is in the
//! names of its entries, one time, and the deflated bytes; from these, [`zip_form`](super::zip_form) makes every header,
//! descriptor, record and end anew, and they have to be the bytes that are there. That is exactly the archives that
//! [`crate::web::archive`] writes, and nothing has to be known about what else a ZIP archive may hold.
//!
//! The reader of the crate `zip`, which writes the archives, is not enough: it takes the directory's word for sizes and
//! offsets, looks for the directory's end from behind, reads over gaps, extra fields, comments and file modes, and looks
//! at a data descriptor only when it is asked to, so that what two readers disagree on is not visible through it.
//!
//! Nothing is unpacked to disk, and memory holds one piece and a record for each entry.

use std::io::{self, BufRead as _, BufReader, Read, Seek, SeekFrom};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::zip_form::{self, END, END_BYTES, LARGE_EXTRA, LOCAL, LOCAL_BYTES, Packed, Time};
use crate::domain::bundle::{Entry, Finding};

/// The longest name of an entry: `evidence/` and a hash.
const LONGEST_NAME: usize = 9 + 64;
/// How far from a file's end its end record can be: the record, and the longest comment that a ZIP archive may have.
const END_WITHIN: u64 = END_BYTES as u64 + 0xffff;

/// How much is unpacked at once.
const PIECE: usize = 64 * 1024;

/// Why an archive can't be read further.
#[derive(Debug)]
pub enum Trouble {
    /// The file failed, not what is in it.
    Io(io::Error),
    /// Something is wrong with what is in it.
    Found(Finding),
}

impl From<Finding> for Trouble {
    fn from(finding: Finding) -> Self {
        Self::Found(finding)
    }
}

impl From<io::Error> for Trouble {
    /// Bytes that end too early are the archive's fault.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => refuse("it ends in the middle"),
            _ => Self::Io(error),
        }
    }
}

fn not_a_bundle(why: &str) -> Trouble {
    Trouble::Found(Finding::NotABundle(why.to_owned()))
}

fn refuse(why: impl Into<String>) -> Trouble {
    Trouble::Found(Finding::Archive(why.into()))
}

/// An archive, read from its beginning.
#[derive(Debug)]
pub(super) struct Unzip<R> {
    file: BufReader<R>,
    /// How many bytes were read.
    at: u64,
    /// Bytes that were read and do not count yet: how the directory begins.
    ahead: Vec<u8>,
    /// What was read so far, as its directory has to list it.
    entries: Vec<Packed>,
}

impl<R: Read + Seek> Unzip<R> {
    /// Opens a file that is a ZIP archive.
    pub(super) fn open(mut file: R) -> Result<Self, Trouble> {
        if !has_end(&mut file)? {
            return Err(not_a_bundle("it is no ZIP archive, or not the whole of one"));
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(Self { file: BufReader::new(file), at: 0, ahead: Vec::new(), entries: Vec::new() })
    }
}

impl<R: Read> Unzip<R> {
    /// The name of the next entry, which is `bundle.json` first; nothing when the directory follows.
    pub(super) fn next(&mut self) -> Result<Option<String>, Trouble> {
        let at = self.at;
        let mut header = self.read(LOCAL.len())?;
        if header == END && at == 0 {
            return Err(not_a_bundle("it holds nothing"));
        }
        if header != LOCAL && at == 0 {
            return Err(refuse("there is something before its first entry"));
        }
        if header != LOCAL {
            (self.at, self.ahead) = (at, header);
            return Ok(None);
        }
        let first = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof if at == 0 => not_a_bundle("it ends before the name of its first entry does"),
            _ => error.into(),
        };
        header.extend(self.read(LOCAL_BYTES - LOCAL.len()).map_err(first)?);
        let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let (length, extra) = (usize::from(number(26)), number(28));
        let time = Time { time: number(10), date: number(12) };
        header.extend(self.read(length.min(LONGEST_NAME + 1)).map_err(first)?);
        let name = String::from_utf8_lossy(&header[LOCAL_BYTES..]).into_owned();
        if at == 0 && name != Entry::Manifest.name() {
            return Err(not_a_bundle("it does not begin with bundle.json"));
        }
        refuse_harmful(&name)?;
        if length > LONGEST_NAME {
            return Err(Finding::UnknownEntry(format!("{name}…")).into());
        }
        let entry = Packed { name: name.clone(), time, large: extra == LARGE_EXTRA, at, crc: 0, packed: 0, size: 0 };
        let expected = entry.local();
        header.extend(self.read(expected.len().saturating_sub(header.len()))?);
        if let Some(at) = difference(&header, &expected) {
            let field = zip_form::field_of_local(at);
            return Err(refuse(format!("the header before the entry {name:?} differs from signoff's in {field}")));
        }
        if !time.exists() || self.entries.first().is_some_and(|first| first.time != time) {
            return Err(refuse(format!("the time of the entry {name:?} is not that of the archive")));
        }
        self.entries.push(entry);
        Ok(Some(name))
    }

    /// The bytes of the entry that [`Self::next`] named, of which there may be at most so many.
    pub(super) fn unpack(&mut self, most: u64) -> Unpacking<'_, R> {
        Unpacking {
            archive: self,
            most,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            piece: vec![0; PIECE],
            ended: false,
        }
    }

    /// Reads the directory and the end, which have to be those of the entries that were read.
    pub(super) fn finish(mut self) -> Result<(), Trouble> {
        let directory = self.at;
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries {
            let expected = entry.central();
            let record = self.read(expected.len())?;
            let Some(at) = difference(&record, &expected) else { continue };
            // The upper half of the attributes are Unix's: a link is one there.
            let kind = u16::from_le_bytes([record[40], record[41]]) & 0o170_000;
            return Err(match zip_form::field_of_central(at) {
                _ if at < 4 => {
                    refuse(format!("its directory does not list the entry {:?} where it should", entry.name))
                }
                _ if (36..42).contains(&at) && kind == 0o120_000 => Finding::Link(entry.name.clone()).into(),
                field => refuse(format!("its directory contradicts the entry {:?}, in {field}", entry.name)),
            });
        }
        let expected = zip_form::end(&entries, directory, self.at - directory);
        if self.read(expected.len())? != expected {
            return Err(refuse("its end contradicts its entries and its directory"));
        }
        if !self.file.fill_buf()?.is_empty() {
            return Err(refuse("there is something after its end"));
        }
        Ok(())
    }

    fn read(&mut self, bytes: usize) -> io::Result<Vec<u8>> {
        let mut read = std::mem::take(&mut self.ahead);
        let ahead = read.len();
        read.resize(bytes, 0);
        self.file.read_exact(&mut read[ahead..])?;
        self.at += bytes as u64;
        Ok(read)
    }
}

/// An entry, unpacked as it is read.
pub(super) struct Unpacking<'a, R> {
    archive: &'a mut Unzip<R>,
    most: u64,
    inflate: Decompress,
    crc: Crc,
    piece: Vec<u8>,
    ended: bool,
}

impl<R: Read> Unpacking<'_, R> {
    /// The next bytes of it, which may be none; nothing, once what stands after it was found to fit.
    pub(super) fn piece(&mut self) -> Result<Option<&[u8]>, Trouble> {
        if self.ended {
            return Ok(None);
        }
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let packed = self.archive.file.fill_buf()?;
        if packed.is_empty() {
            return Err(refuse("it ends in the middle"));
        }
        let status = self.inflate.decompress(packed, &mut self.piece, FlushDecompress::None);
        let read = self.inflate.total_in() - read;
        let written = usize::try_from(self.inflate.total_out() - written).unwrap_or_default();
        self.archive.file.consume(usize::try_from(read).unwrap_or_default());
        self.archive.at += read;
        // What the archive says of sizes comes later, and would not be believed: a bomb says what it likes.
        if self.inflate.total_out() > self.most {
            return Err(Finding::TooLong { name: self.name(), most: self.most }.into());
        }
        self.crc.update(&self.piece[..written]);
        match status {
            Ok(Status::StreamEnd) => self.end()?,
            Ok(_) if read > 0 || written > 0 => {}
            Ok(_) | Err(_) => {
                let name = self.name();
                return Err(refuse(format!("the entry {name:?} can't be unpacked: its bytes were changed")));
            }
        }
        Ok(Some(&self.piece[..written]))
    }

    fn name(&self) -> String {
        self.archive.entries.last().map(|entry| entry.name.clone()).unwrap_or_default()
    }

    /// Compares what stands after the entry with its bytes.
    fn end(&mut self) -> Result<(), Trouble> {
        self.ended = true;
        let Some(mut entry) = self.archive.entries.pop() else { return Ok(()) };
        entry.crc = self.crc.sum();
        (entry.packed, entry.size) = (self.inflate.total_in(), self.inflate.total_out());
        let expected = entry.descriptor();
        let descriptor = self.archive.read(expected.len())?;
        if let Some(at) = difference(&descriptor, &expected) {
            let (name, field) = (&entry.name, zip_form::field_of_descriptor(at, entry.large));
            return Err(refuse(format!("what stands after the entry {name:?} contradicts its bytes, in {field}")));
        }
        if !entry.has_fitting_form() {
            return Err(refuse(format!("the entry {:?} is in the form of another size than it has", entry.name)));
        }
        self.archive.entries.push(entry);
        Ok(())
    }
}

/// Whether a whole end record begins near the file's end, without which no reader takes a file for a ZIP archive.
fn has_end(file: &mut (impl Read + Seek)) -> Result<bool, Trouble> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(END_WITHIN)))?;
    let mut tail = Vec::new();
    file.take(END_WITHIN).read_to_end(&mut tail)?;
    Ok(tail.windows(END_BYTES).any(|record| record.starts_with(END)))
}

/// Where bytes first differ from others.
fn difference(found: &[u8], expected: &[u8]) -> Option<usize> {
    let differ = found.iter().zip(expected).position(|(found, expected)| found != expected);
    differ.or_else(|| (found.len() != expected.len()).then(|| found.len().min(expected.len())))
}

/// Names a name as harmful that would do harm when it is unpacked, though it is no entry's in any case.
fn refuse_harmful(name: &str) -> Result<(), Finding> {
    let climbs = name.starts_with('/') || name.contains(['\\', '\0', ':']) || name.split('/').any(|part| part == "..");
    if climbs { Err(Finding::Climbs(name.to_owned())) } else { Ok(()) }
}

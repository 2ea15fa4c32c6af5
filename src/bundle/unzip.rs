//! Reading a ZIP archive that nobody vouches for, strictly as `signoff` writes one (PKWARE's APPNOTE 6.3).
//!
//! Programs that read ZIP differ in what they make of one that is ambiguous: two entries of a name, entries that the
//! directory does not list, bytes before the first or after the last. Each of them could show two readers two
//! histories. So what is taken has its entries one after the other from the first byte to the directory, as the
//! directory lists them, and nothing else. Nothing is unpacked to disk, and memory holds the directory and one piece.

use std::{
    collections::HashSet,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

use flate2::{Crc, bufread::DeflateDecoder};

use crate::domain::bundle::Finding;

/// Signatures of the parts.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
/// What stands where a number did not fit and follows in the longer form.
const LONG: u32 = 0xffff_ffff;
/// The most entries: more files than any launch has.
const MOST_ENTRIES: u64 = 1_000_000;

/// An entry, as the directory lists it.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub name: String,
    packed: u64,
    crc: u32,
    deflated: bool,
    at: u64,
}

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
    /// Bytes that end too early, or can't be inflated, are the archive's fault.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => damaged("it ends in the middle"),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => damaged("a part of it can't be unpacked"),
            _ => Self::Io(error),
        }
    }
}

fn damaged(why: &str) -> Trouble {
    Trouble::Found(Finding::Archive(why.to_owned()))
}

/// An archive, opened.
#[derive(Debug)]
pub(super) struct Unzip<R> {
    file: R,
    pub entries: Vec<Listed>,
}

impl<R: Read + Seek> Unzip<R> {
    /// Reads the directory of an archive.
    pub(super) fn open(mut file: R) -> Result<Self, Trouble> {
        let end = End::read(&mut file)?;
        let entries = directory(&mut file, &end)?;
        let mut names = HashSet::new();
        for entry in &entries {
            hygiene(&entry.name)?;
            if !names.insert(entry.name.as_str()) {
                return Err(Finding::Twice(entry.name.clone()).into());
            }
        }
        contiguous(&mut file, &entries, end.directory)?;
        Ok(Self { file, entries })
    }

    /// Reads an entry piece by piece, of at most so many bytes.
    pub(super) fn unpack(
        &mut self,
        number: usize,
        most: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Finding>,
    ) -> Result<(), Trouble> {
        let Some(entry) = self.entries.get(number) else { return Ok(()) };
        self.file.seek(SeekFrom::Start(entry.at))?;
        let header = local(&mut self.file)?;
        self.file.seek(SeekFrom::Start(entry.at + header))?;
        let packed = BufReader::new((&mut self.file).take(entry.packed));
        let mut bytes =
            if entry.deflated { Packed::Deflated(DeflateDecoder::new(packed)) } else { Packed::Stored(packed) };
        let (mut crc, mut size, mut piece) = (Crc::new(), 0_u64, vec![0; 64 * 1024]);
        loop {
            let read = bytes.read(&mut piece)?;
            if read == 0 {
                break;
            }
            size += read as u64;
            // What it says of its own size is not asked: a bomb says what it likes.
            if size > most {
                return Err(Finding::TooLong { name: entry.name.clone(), most }.into());
            }
            crc.update(&piece[..read]);
            take(&piece[..read])?;
        }
        if crc.sum() != entry.crc || bytes.taken().is_some_and(|taken| taken != entry.packed) {
            return Err(damaged(&format!("the bytes of {:?} are not those that were packed", entry.name)));
        }
        Ok(())
    }
}

/// The bytes of an entry, unpacked as they are read.
enum Packed<R> {
    Stored(R),
    Deflated(DeflateDecoder<R>),
}

impl<R> Packed<R> {
    /// How many packed bytes were needed, where that is told: others may hide behind them.
    fn taken(&self) -> Option<u64> {
        match self {
            Self::Stored(_) => None,
            Self::Deflated(bytes) => Some(bytes.total_in()),
        }
    }
}

impl<R: BufRead> Read for Packed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(bytes) => bytes.read(into),
            Self::Deflated(bytes) => bytes.read(into),
        }
    }
}

/// A name that could do harm when it is unpacked is named as such, though it is no entry's in any case.
fn hygiene(name: &str) -> Result<(), Finding> {
    let climbs = name.starts_with('/') || name.contains(['\\', '\0', ':']) || name.split('/').any(|part| part == "..");
    if climbs { Err(Finding::Climbs(name.to_owned())) } else { Ok(()) }
}

/// Where the directory is.
struct End {
    directory: u64,
    size: u64,
    entries: u64,
}

impl End {
    fn read<R: Read + Seek>(file: &mut R) -> Result<Self, Trouble> {
        let none = |why: &str| Trouble::Found(Finding::NotABundle(why.to_owned()));
        let length = file.seek(SeekFrom::End(0))?;
        if length < 22 {
            return Err(none("it is no ZIP archive"));
        }
        file.seek(SeekFrom::Start(length - 22))?;
        let end = Fields::<22>::read(file)?;
        if end.u32(0) != END || end.u16(20) != 0 {
            return Err(none("it is no ZIP archive, or not all of one"));
        }
        let short = Self { entries: end.u16(10).into(), size: end.u32(12).into(), directory: end.u32(16).into() };
        let ends = length - 22;
        if end.u16(10) != u16::MAX && end.u32(12) != LONG && end.u32(16) != LONG {
            return short.checked(end.u16(4) == 0 && end.u16(8) == end.u16(10), ends);
        }
        let Some(at) = ends.checked_sub(20) else { return Err(damaged("its end is none")) };
        file.seek(SeekFrom::Start(at))?;
        let locator = Fields::<20>::read(file)?;
        if locator.u32(0) != LOCATOR_64 || locator.u64(8).checked_add(56) != Some(at) {
            return Err(damaged("its end is none"));
        }
        file.seek(SeekFrom::Start(locator.u64(8)))?;
        let end = Fields::<56>::read(file)?;
        let long = Self { entries: end.u64(32), size: end.u64(40), directory: end.u64(48) };
        long.checked(end.u32(0) == END_64 && end.u64(24) == end.u64(32), locator.u64(8))
    }

    fn checked(self, sound: bool, ends: u64) -> Result<Self, Trouble> {
        if !sound || self.directory.checked_add(self.size) != Some(ends) || self.entries > MOST_ENTRIES {
            return Err(damaged("its directory is not where its end says"));
        }
        Ok(self)
    }
}

fn directory<R: Read + Seek>(file: &mut R, end: &End) -> Result<Vec<Listed>, Trouble> {
    file.seek(SeekFrom::Start(end.directory))?;
    let mut bytes = BufReader::new(file.take(end.size));
    let mut entries = Vec::new();
    for _ in 0..end.entries {
        entries.push(listed(&mut bytes)?);
    }
    let mut rest = [0];
    if bytes.read(&mut rest)? != 0 {
        return Err(damaged("its directory lists more than it says"));
    }
    Ok(entries)
}

fn listed(bytes: &mut impl Read) -> Result<Listed, Trouble> {
    let fields = Fields::<46>::read(bytes)?;
    if fields.u32(0) != CENTRAL {
        return Err(damaged("its directory can't be read"));
    }
    let (flags, method) = (fields.u16(8), fields.u16(10));
    let name = text(bytes, fields.u16(28))?;
    let extra = some(bytes, fields.u16(30))?;
    some(bytes, fields.u16(32))?;
    let name = String::from_utf8(name).map_err(|_| damaged("a name in it is no UTF-8"))?;
    // The upper half of the attributes are Unix's, when a Unix made the entry: a link is one there.
    if fields.u32(38) >> 16 & 0o170_000 == 0o120_000 {
        return Err(Finding::Link(name).into());
    }
    if flags & 0x2041 != 0 || !matches!(method, 0 | 8) {
        return Err(damaged(&format!("{name:?} is encrypted, or packed in a way that signoff does not use")));
    }
    let (size, packed, at) = (fields.u32(24), fields.u32(20), fields.u32(42));
    let mut long = long_form(&extra);
    let mut whole = |short: u32| if short == LONG { long.next() } else { Some(short.into()) };
    let (Some(_), Some(packed), Some(at)) = (whole(size), whole(packed), whole(at)) else {
        return Err(damaged("its directory can't be read"));
    };
    Ok(Listed { name, packed, crc: fields.u32(16), deflated: method == 8, at })
}

/// The numbers of the extra field that holds those that did not fit.
fn long_form(extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut rest = extra;
    let mut found: &[u8] = &[];
    while let Some((head, after)) = rest.split_first_chunk::<4>() {
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let Some((field, after)) = after.split_at_checked(length) else { break };
        if head[..2] == [1, 0] {
            found = field;
        }
        rest = after;
    }
    found.as_chunks::<8>().0.iter().map(|number| u64::from_le_bytes(*number))
}

/// That the entries lie one after the other, from the first byte up to the directory, under the names that it lists.
fn contiguous<R: Read + Seek>(file: &mut R, entries: &[Listed], directory: u64) -> Result<(), Trouble> {
    let mut next = 0;
    for entry in entries {
        // After the packed bytes there may stand their sizes and their sum, in one of four forms.
        if !matches!(entry.at.checked_sub(next), Some(0)) && !is_descriptor(entry.at, next) {
            return Err(damaged("there is something between its entries"));
        }
        file.seek(SeekFrom::Start(entry.at))?;
        let header = local(file)?;
        file.seek(SeekFrom::Start(entry.at + 30))?;
        if text(file, u16::try_from(entry.name.len()).unwrap_or(u16::MAX))? != entry.name.as_bytes() {
            return Err(damaged(&format!("{:?} has another name inside", entry.name)));
        }
        next = entry.at.saturating_add(header).saturating_add(entry.packed);
    }
    if directory != next && !is_descriptor(directory, next) {
        return Err(damaged("there is something between its entries and its directory"));
    }
    Ok(())
}

const fn is_descriptor(at: u64, after: u64) -> bool {
    after > 0 && at > after && matches!(at - after, 12 | 16 | 20 | 24)
}

/// How long the header of an entry is, with its name.
fn local(file: &mut impl Read) -> Result<u64, Trouble> {
    let header = Fields::<30>::read(file)?;
    if header.u32(0) != LOCAL {
        return Err(damaged("an entry is not where its directory says"));
    }
    Ok(30 + u64::from(header.u16(26)) + u64::from(header.u16(28)))
}

fn text(bytes: &mut impl Read, length: u16) -> io::Result<Vec<u8>> {
    some(bytes, length)
}

fn some(bytes: &mut impl Read, length: u16) -> io::Result<Vec<u8>> {
    let mut read = vec![0; length.into()];
    bytes.read_exact(&mut read)?;
    Ok(read)
}

/// A part of fixed length, with its numbers.
struct Fields<const N: usize>([u8; N]);

impl<const N: usize> Fields<N> {
    fn read(bytes: &mut impl Read) -> io::Result<Self> {
        let mut fields = [0; N];
        bytes.read_exact(&mut fields)?;
        Ok(Self(fields))
    }

    fn bytes<const M: usize>(&self, at: usize) -> [u8; M] {
        let mut bytes = [0; M];
        bytes.copy_from_slice(&self.0[at..at + M]);
        bytes
    }

    fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.bytes(at))
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }
}

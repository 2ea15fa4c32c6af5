//! Verifies a bundle from its file, streamed, with nothing but the file.

use std::io::{self, Cursor, Read, Seek};

use sha2::{Digest as _, Sha256};

use super::zip_reader::{BundleReadError, BundleZipEntryReader, BundleZipReader};
use crate::domain::{
    bundle::{BundleDefect, BundleEntryInput, BundleVerifier, TrustAnchors, VerifiedBundle},
    canonical::Sha256Hash,
};

/// Verifies a bundle against what is given.
///
/// # Errors
/// The first defect, or that the file can't be read.
pub fn verify_bundle(file: impl Read + Seek, given: TrustAnchors) -> Result<VerifiedBundle, BundleReadError> {
    let mut archive = BundleZipReader::open(file)?;
    let mut verifier = BundleVerifier::new(given);
    while let Some(name) = archive.next_entry()? {
        let feed = verifier.begin_entry(&name)?;
        let most = match feed {
            BundleEntryInput::Whole(most)
            | BundleEntryInput::Stream(most)
            | BundleEntryInput::Hash(most)
            | BundleEntryInput::Skip(most) => most,
            BundleEntryInput::Lines(_) => u64::MAX,
        };
        let mut unpacking = archive.open_entry(most);
        match feed {
            BundleEntryInput::Whole(_) => {
                let mut whole = Vec::new();
                while let Some(piece) = unpacking.piece()? {
                    whole.extend_from_slice(piece);
                }
                verifier.accept_whole(&whole)?;
            }
            BundleEntryInput::Stream(_) => {
                let mut reading = ChunkReader { entry: unpacking, chunk: Cursor::default(), error: None };
                let read = verifier.accept_stream(&mut reading);
                reading.error.map_or(Ok(()), Err)?;
                read?;
                while reading.entry.piece()?.is_some() {}
            }
            BundleEntryInput::Lines(longest) => {
                let mut lines = LineSplitter { max_bytes: longest, name, rest: Vec::new() };
                while let Some(piece) = unpacking.piece()? {
                    lines.push_chunk(piece, &mut verifier)?;
                }
                lines.finish()?;
            }
            BundleEntryInput::Hash(_) => {
                let (mut sha, mut size) = (Sha256::new(), 0);
                while let Some(piece) = unpacking.piece()? {
                    sha.update(piece);
                    size += piece.len() as u64;
                }
                verifier.accept_file_hash(Sha256Hash(sha.finalize().into()), size)?;
            }
            BundleEntryInput::Skip(_) => while unpacking.piece()?.is_some() {},
        }
        verifier.end_entry()?;
    }
    archive.finish()?;
    Ok(verifier.finish()?)
}

/// Reads the chunks of an entry as [`Read`].
struct ChunkReader<'a, R> {
    entry: BundleZipEntryReader<'a, R>,
    chunk: Cursor<Vec<u8>>,
    /// The error that ended the reading, since [`io::Error`] can't carry it unchanged.
    error: Option<BundleReadError>,
}

impl<R: Read> Read for ChunkReader<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.chunk.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            match self.entry.piece() {
                Ok(Some(piece)) => self.chunk = Cursor::new(piece.to_vec()),
                Ok(None) => return Ok(0),
                Err(trouble) => {
                    self.error = Some(trouble);
                    return Err(io::Error::other("the archive can't be read further"));
                }
            }
        }
    }
}

/// Splits chunks into lines.
struct LineSplitter {
    max_bytes: usize,
    name: String,
    rest: Vec<u8>,
}

impl LineSplitter {
    fn push_chunk(&mut self, piece: &[u8], verifier: &mut BundleVerifier) -> Result<(), BundleDefect> {
        let mut lines = piece.split_inclusive(|byte| *byte == b'\n');
        lines.try_for_each(|part| {
            if self.rest.len() + part.len() > self.max_bytes {
                return Err(BundleDefect::LineTooLong { name: self.name.clone() });
            }
            match part.split_last() {
                Some((b'\n', last)) if self.rest.is_empty() => verifier.accept_line(last),
                Some((b'\n', last)) => {
                    self.rest.extend_from_slice(last);
                    let line = std::mem::take(&mut self.rest);
                    verifier.accept_line(&line)
                }
                _ => {
                    self.rest.extend_from_slice(part);
                    Ok(())
                }
            }
        })
    }

    fn finish(self) -> Result<(), BundleDefect> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(BundleDefect::Unreadable { name: self.name, why: "its last line does not end".to_owned() })
    }
}

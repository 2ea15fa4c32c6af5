//! Verifying a bundle that is a file: streamed, with nothing but the file.

use std::io::{self, Cursor, Read, Seek};

use sha2::{Digest as _, Sha256};

use super::unzip::{Trouble, Unpacking, Unzip};
use crate::domain::{
    bundle::{Feed, Finding, Given, Verified, Verifier},
    canonical::Sha256Hash,
};

/// Verifies a bundle against what is given.
///
/// # Errors
/// [`Trouble`]: the first thing that is wrong with it, or that the file can't be read.
pub fn verify(file: impl Read + Seek, given: Given) -> Result<Verified, Trouble> {
    let mut archive = Unzip::open(file)?;
    let mut verifier = Verifier::new(given);
    while let Some(name) = archive.next()? {
        let feed = verifier.begin(&name)?;
        let most = match feed {
            Feed::Whole(most) | Feed::Read(most) | Feed::Hash(most) | Feed::Nothing(most) => most,
            Feed::Lines(_) => u64::MAX,
        };
        let mut unpacking = archive.unpack(most);
        match feed {
            Feed::Whole(_) => {
                let mut whole = Vec::new();
                while let Some(piece) = unpacking.piece()? {
                    whole.extend_from_slice(piece);
                }
                verifier.whole(&whole)?;
            }
            Feed::Read(_) => {
                let mut reading = Reading { unpacking, piece: Cursor::default(), trouble: None };
                let read = verifier.read(&mut reading);
                reading.trouble.map_or(Ok(()), Err)?;
                read?;
                while reading.unpacking.piece()?.is_some() {}
            }
            Feed::Lines(longest) => {
                let mut lines = Lines { longest, name, rest: Vec::new() };
                while let Some(piece) = unpacking.piece()? {
                    lines.feed(piece, &mut verifier)?;
                }
                lines.end()?;
            }
            Feed::Hash(_) => {
                let (mut sha, mut size) = (Sha256::new(), 0);
                while let Some(piece) = unpacking.piece()? {
                    sha.update(piece);
                    size += piece.len() as u64;
                }
                verifier.file(Sha256Hash(sha.finalize().into()), size)?;
            }
            Feed::Nothing(_) => while unpacking.piece()?.is_some() {},
        }
        verifier.end()?;
    }
    archive.finish()?;
    Ok(verifier.finish()?)
}

/// Pieces, read as a file is.
struct Reading<'a, R> {
    unpacking: Unpacking<'a, R>,
    piece: Cursor<Vec<u8>>,
    /// What ended the reading, which a reader can only say in its own way.
    trouble: Option<Trouble>,
}

impl<R: Read> Read for Reading<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            match self.unpacking.piece() {
                Ok(Some(piece)) => self.piece = Cursor::new(piece.to_vec()),
                Ok(None) => return Ok(0),
                Err(trouble) => {
                    self.trouble = Some(trouble);
                    return Err(io::Error::other("the archive can't be read further"));
                }
            }
        }
    }
}

/// Pieces, cut into lines.
struct Lines {
    longest: usize,
    name: String,
    rest: Vec<u8>,
}

impl Lines {
    fn feed(&mut self, piece: &[u8], verifier: &mut Verifier) -> Result<(), Finding> {
        let mut lines = piece.split_inclusive(|byte| *byte == b'\n');
        lines.try_for_each(|part| {
            if self.rest.len() + part.len() > self.longest {
                return Err(Finding::LineTooLong { name: self.name.clone() });
            }
            match part.split_last() {
                Some((b'\n', last)) if self.rest.is_empty() => verifier.line(last),
                Some((b'\n', last)) => {
                    self.rest.extend_from_slice(last);
                    let line = std::mem::take(&mut self.rest);
                    verifier.line(&line)
                }
                _ => {
                    self.rest.extend_from_slice(part);
                    Ok(())
                }
            }
        })
    }

    fn end(self) -> Result<(), Finding> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(Finding::Unreadable { name: self.name, why: "its last line does not end".to_owned() })
    }
}

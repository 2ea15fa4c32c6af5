//! Verifying a bundle that is a file: streamed, with nothing but the file.

use std::io::{Read, Seek};

use sha2::{Digest as _, Sha256};

use super::unzip::{Trouble, Unzip};
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
    for number in 0..archive.entries.len() {
        let name = archive.entries[number].name.clone();
        match verifier.begin(&name)? {
            Feed::Whole(most) => {
                let mut whole = Vec::new();
                archive.unpack(number, most, |piece| {
                    whole.extend_from_slice(piece);
                    Ok(())
                })?;
                verifier.whole(&whole)?;
            }
            Feed::Lines(longest) => {
                let mut lines = Lines { longest, name, rest: Vec::new() };
                archive.unpack(number, u64::MAX, |piece| lines.feed(piece, &mut verifier))?;
                lines.end()?;
            }
            Feed::Hash(most) => {
                let (mut sha, mut size) = (Sha256::new(), 0);
                archive.unpack(number, most, |piece| {
                    sha.update(piece);
                    size += piece.len() as u64;
                    Ok(())
                })?;
                verifier.file(Sha256Hash(sha.finalize().into()), size)?;
            }
            Feed::Nothing(most) => archive.unpack(number, most, |_| Ok(()))?,
        }
        verifier.end()?;
    }
    Ok(verifier.finish()?)
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

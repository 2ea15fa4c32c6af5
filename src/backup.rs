//! Verifies that a backup is complete: a folder with a dump of the database, `signoff.dump`, and a copy of the evidence
//! store, `evidence`.
//!
//! The dump determines which files are needed, not the database, which has changed meanwhile. The list is read from the
//! text that `pg_restore` prints of two tables of the dump.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::{self, BufRead, Read as _},
    path::Path,
};

use sha2::{Digest as _, Sha256};

use crate::{
    blobs,
    domain::{canonical::Sha256Hash, ids::EvidenceId},
};

/// The tables of the dump that are read.
pub const DUMP_TABLES: [&str; 2] = ["evidence", "events"];

/// A file that a dump lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// The file's size in bytes, as the history states it.
    pub size: u64,
    pub sha256: Sha256Hash,
}

/// Why the text of a dump can't be read.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The text ends in the middle of a table.
    #[error("the dump is cut off in the table {0}")]
    CutOff(String),
    /// A table that every dump has is missing.
    #[error("the dump has no table {0}: it is none of signoff's, or not whole")]
    NoTable(&'static str),
    #[error("a row of the table {0} can't be read")]
    BadRow(String),
    #[error("the dump can't be read")]
    Io(#[from] io::Error),
}

/// Reads which files a dump lists: files that were attached (not reused from other evidence) and not redacted since.
/// `text` is the output of `pg_restore --data-only` for the tables above.
pub fn read_named_files(mut text: impl BufRead) -> Result<BTreeMap<EvidenceId, NamedFile>, DumpError> {
    let mut attached = Vec::new();
    // The number of the last event that destroyed the file, by launch and hash.
    let mut redacted: HashMap<(String, String), i64> = HashMap::new();
    let mut missing = DUMP_TABLES.to_vec();
    while let Some(line) = read_line(&mut text)? {
        let Some((table, columns)) = parse_copy_header(&line) else { continue };
        missing.retain(|other| *other != table);
        loop {
            let line = read_line(&mut text)?.ok_or_else(|| DumpError::CutOff(table.clone()))?;
            if line == "\\." {
                break;
            }
            let row: HashMap<&str, &str> = columns.iter().map(String::as_str).zip(line.split('\t')).collect();
            let read = match table.as_str() {
                "evidence" => AttachedFile::from_row(&row).map(|file| attached.extend(file)),
                "events" => read_redaction(&row).map(|redaction| redacted.extend(redaction)),
                _ => Some(()),
            };
            read.ok_or_else(|| DumpError::BadRow(table.clone()))?;
        }
    }
    if let Some(table) = missing.first() {
        return Err(DumpError::NoTable(table));
    }
    let is_there = |file: &AttachedFile| {
        let key = (file.launch.clone(), hex::encode(file.file.sha256.to_bytes()));
        redacted.get(&key).is_none_or(|seq| *seq < file.seq)
    };
    Ok(attached.into_iter().filter(is_there).map(|file| (file.id, file.file)).collect())
}

fn read_line(text: &mut impl BufRead) -> Result<Option<String>, DumpError> {
    let mut line = String::new();
    if text.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    if line.ends_with('\n') {
        line.pop();
    }
    Ok(Some(line))
}

/// The table and the column names of a `COPY` line, whose rows follow.
fn parse_copy_header(line: &str) -> Option<(String, Vec<String>)> {
    let (table, columns) = line.strip_prefix("COPY ")?.strip_suffix(") FROM stdin;")?.split_once(" (")?;
    let bare = |name: &str| name.trim_matches('"').to_owned();
    Some((bare(table.rsplit('.').next()?), columns.split(", ").map(bare).collect()))
}

struct AttachedFile {
    id: EvidenceId,
    launch: String,
    seq: i64,
    file: NamedFile,
}

impl AttachedFile {
    /// The file of a row: `Some(None)` if the row has none of its own, `None` if the row can't be read.
    #[expect(clippy::option_option, reason = "a row without a file, and one that can't be read")]
    fn from_row(row: &HashMap<&str, &str>) -> Option<Option<Self>> {
        if *row.get("kind")? != "file" || *row.get("source_id")? != "\\N" {
            return Some(None);
        }
        let sha256: [u8; 32] = parse_bytea(row.get("sha256")?)?.try_into().ok()?;
        let named = NamedFile { size: row.get("size")?.parse().ok()?, sha256: Sha256Hash(sha256) };
        let (id, seq) = (row.get("id")?.parse().ok()?, row.get("seq")?.parse().ok()?);
        Some(Some(Self { id, launch: (*row.get("launch_id")?).to_owned(), seq, file: named }))
    }
}

/// The launch, file hash and number of an event that destroyed a file; the two levels of `Option` as above.
#[expect(clippy::option_option, reason = "an event of another kind, and one that can't be read")]
fn read_redaction(row: &HashMap<&str, &str>) -> Option<Option<((String, String), i64)>> {
    if *row.get("kind")? != "redacted" {
        return Some(None);
    }
    let event: serde_json::Value = serde_json::from_slice(&parse_bytea(row.get("bytes")?)?).ok()?;
    let sha256 = event.pointer("/data/what/sha256").and_then(|hash| hash.as_str());
    let (launch, seq) = ((*row.get("launch_id")?).to_owned(), row.get("seq")?.parse().ok()?);
    Some(sha256.map(|sha256| ((launch, sha256.to_owned()), seq)))
}

/// Bytes as a dump contains them: `\\x` and hexadecimal digits.
fn parse_bytea(field: &str) -> Option<Vec<u8>> {
    hex::decode(field.strip_prefix("\\\\x")?).ok()
}

/// What is wrong with a file of the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyDefect {
    Missing,
    WrongSize,
    /// Its bytes have another hash.
    WrongBytes,
}

/// Compares the copy of an evidence store with the files that a dump lists, and returns the differences.
///
/// # Errors
/// When an existing file can't be read.
pub fn compare_copy(
    store: &Path,
    named: &BTreeMap<EvidenceId, NamedFile>,
) -> io::Result<Vec<(EvidenceId, CopyDefect)>> {
    let mut lacking = Vec::new();
    for (id, expected) in named {
        let lack = match File::open(store.join(blobs::path_in_store(*id))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(CopyDefect::Missing),
            Err(error) => return Err(error),
            Ok(file) if file.metadata()?.len() != expected.size => Some(CopyDefect::WrongSize),
            Ok(file) => (hash_file(file)? != expected.sha256).then_some(CopyDefect::WrongBytes),
        };
        lacking.extend(lack.map(|lack| (*id, lack)));
    }
    Ok(lacking)
}

fn hash_file(mut file: File) -> io::Result<Sha256Hash> {
    let mut sha = Sha256::new();
    let mut piece = vec![0; 256 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Sha256Hash(sha.finalize().into())),
            read => sha.update(&piece[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAUNCH: &str = "01936d35-0000-7000-8000-000000000001";
    const FILE: &str = "01936d35-0000-7000-8000-0000000000ab";

    fn redaction(sha256: &str, seq: i64) -> String {
        let event = format!(r#"{{"data":{{"what":{{"kind":"file","sha256":"{sha256}"}}}}}}"#);
        format!("{LAUNCH}\t{seq}\tredacted\t\\\\x{}\n", hex::encode(event))
    }

    fn dump(evidence: &str, events: &str) -> String {
        format!(
            "--\n-- PostgreSQL database dump\n--\n\nCOPY public.evidence (id, launch_id, seq, kind, sha256, size, source_id) \
             FROM stdin;\n{evidence}\\.\n\nCOPY public.events (launch_id, seq, kind, bytes) FROM stdin;\n{events}\\.\n\n"
        )
    }

    fn read(text: &str) -> Result<Vec<EvidenceId>, DumpError> {
        read_named_files(text.as_bytes()).map(|named| named.into_keys().collect())
    }

    #[test]
    fn dump_names_files_attached_first_and_not_redacted_since() {
        let sha256 = Sha256Hash::compute(b"evidence");
        let hex = hex::encode(sha256.to_bytes());
        let file = format!("{FILE}\t{LAUNCH}\t7\tfile\t\\\\x{hex}\t8\t\\N\n");
        let again = format!("01936d35-0000-7000-8000-0000000000ac\t{LAUNCH}\t8\tfile\t\\\\x{hex}\t8\t{FILE}\n");
        let note = format!("01936d35-0000-7000-8000-0000000000ad\t{LAUNCH}\t9\tnote\t\\N\t\\N\t\\N\n");
        let id: EvidenceId = FILE.parse().unwrap();
        let named = read_named_files(dump(&format!("{file}{again}{note}"), "").as_bytes()).unwrap();
        assert_eq!(named, BTreeMap::from([(id, NamedFile { size: 8, sha256 })]));
        assert_eq!(read(&dump(&file, &redaction(&hex, 8))).unwrap(), []);
        assert_eq!(read(&dump(&file, &redaction(&hex, 6))).unwrap(), [id], "attached again after it");
        assert_eq!(read(&dump(&file, &redaction(&"0".repeat(64), 8))).unwrap(), [id]);
        let other = redaction(&hex, 8).replace(LAUNCH, "01936d35-0000-7000-8000-000000000002");
        assert_eq!(read(&dump(&file, &other)).unwrap(), [id], "of another launch");
        let text = format!("{LAUNCH}\t8\tredacted\t\\\\x{}\n", hex::encode(r#"{"data":{"what":{"kind":"text"}}}"#));
        assert_eq!(read(&dump(&file, &text)).unwrap(), [id]);
    }

    #[test]
    fn dump_that_is_incomplete_is_rejected() {
        let whole = dump("", "");
        assert_eq!(read(&whole).unwrap(), []);
        let cut_off = whole.split("COPY public.events").next().unwrap();
        assert!(matches!(read(cut_off), Err(DumpError::NoTable("events"))));
        assert!(matches!(read(""), Err(DumpError::NoTable("evidence"))));
        let open = whole.rsplit_once("\\.").unwrap().0;
        assert!(matches!(read(open), Err(DumpError::CutOff(table)) if table == "events"));
        for row in ["x\n", &format!("{FILE}\t{LAUNCH}\t7\tfile\t\\\\xabc\t8\t\\N\n")] {
            assert!(matches!(read(&dump(row, "")), Err(DumpError::BadRow(_))), "{row}");
        }
        assert!(matches!(read(&dump("", &format!("{LAUNCH}\t8\tredacted\t{{}}\n"))), Err(DumpError::BadRow(_))));
    }

    #[test]
    fn compare_copy_reports_missing_and_differing_files() {
        let folder = tempfile::tempdir().unwrap();
        let id: EvidenceId = FILE.parse().unwrap();
        let named = BTreeMap::from([(id, NamedFile { size: 8, sha256: Sha256Hash::compute(b"evidence") })]);
        let path = folder.path().join(blobs::path_in_store(id));
        assert_eq!(compare_copy(folder.path(), &named).unwrap(), [(id, CopyDefect::Missing)]);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        for (bytes, lacking) in [
            ("evidenc", vec![(id, CopyDefect::WrongSize)]),
            ("Evidence", vec![(id, CopyDefect::WrongBytes)]),
            ("evidence", vec![]),
        ] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(compare_copy(folder.path(), &named).unwrap(), lacking, "{bytes}");
        }
    }
}

//! Whether a backup is whole: a folder with a dump of the database, `signoff.dump`, and a copy of the evidence store,
//! `evidence`.
//!
//! It is the dump that says which files there have to be, not the database, which has gone on meanwhile. What it says is
//! read from the text that `pg_restore` prints of two of its tables.

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

/// The tables of a dump that [`read_named`] reads.
pub const TABLES: [&str; 2] = ["evidence", "events"];

/// A file that a dump names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its size in bytes.
    pub size: u64,
    /// The hash of its bytes.
    pub sha256: Sha256Hash,
}

/// Why the text of a dump can't be read.
#[derive(Debug, thiserror::Error)]
pub enum BadDump {
    /// It ends in the middle of a table.
    #[error("the dump is cut off in the table {0}")]
    CutOff(String),
    /// It does not have a table that every dump has.
    #[error("the dump has no table {0}: it is none of signoff's, or not whole")]
    NoTable(&'static str),
    /// A row is not as it has to be.
    #[error("a row of the table {0} can't be read")]
    BadRow(String),
    /// It can't be read.
    #[error("the dump can't be read")]
    Io(#[from] io::Error),
}

/// Reads which files a dump names: those that were attached, first, and not redacted since. `text` is what
/// `pg_restore --data-only` prints of [`TABLES`].
///
/// # Errors
/// [`BadDump`].
pub fn read_named(mut text: impl BufRead) -> Result<BTreeMap<EvidenceId, NamedFile>, BadDump> {
    let mut attached = Vec::new();
    // By launch and hash, the number of the last event that destroyed the file.
    let mut redacted: HashMap<(String, String), i64> = HashMap::new();
    let mut missing = TABLES.to_vec();
    while let Some(line) = read_line(&mut text)? {
        let Some((table, columns)) = table_of(&line) else { continue };
        missing.retain(|known| *known != table);
        loop {
            let line = read_line(&mut text)?.ok_or_else(|| BadDump::CutOff(table.clone()))?;
            if line == "\\." {
                break;
            }
            let row: HashMap<&str, &str> = columns.iter().map(String::as_str).zip(line.split('\t')).collect();
            let read = match table.as_str() {
                "evidence" => Attached::read(&row).map(|file| attached.extend(file)),
                "events" => read_redaction(&row).map(|redaction| redacted.extend(redaction)),
                _ => Some(()),
            };
            read.ok_or_else(|| BadDump::BadRow(table.clone()))?;
        }
    }
    if let Some(table) = missing.first() {
        return Err(BadDump::NoTable(table));
    }
    let is_there = |file: &Attached| {
        let key = (file.launch.clone(), hex::encode(file.named.sha256.bytes()));
        redacted.get(&key).is_none_or(|seq| *seq < file.seq)
    };
    Ok(attached.into_iter().filter(is_there).map(|file| (file.id, file.named)).collect())
}

fn read_line(text: &mut impl BufRead) -> Result<Option<String>, BadDump> {
    let mut line = String::new();
    if text.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    if line.ends_with('\n') {
        line.pop();
    }
    Ok(Some(line))
}

/// The table whose rows follow, and the names of its columns.
fn table_of(line: &str) -> Option<(String, Vec<String>)> {
    let (table, columns) = line.strip_prefix("COPY ")?.strip_suffix(") FROM stdin;")?.split_once(" (")?;
    let bare = |name: &str| name.trim_matches('"').to_owned();
    Some((bare(table.rsplit('.').next()?), columns.split(", ").map(bare).collect()))
}

struct Attached {
    id: EvidenceId,
    launch: String,
    seq: i64,
    named: NamedFile,
}

impl Attached {
    /// The file of a row, unless it has none of its own; nothing at all, when the row can't be read.
    #[expect(clippy::option_option, reason = "a row without a file, and one that can't be read")]
    fn read(row: &HashMap<&str, &str>) -> Option<Option<Self>> {
        if *row.get("kind")? != "file" || *row.get("source_id")? != "\\N" {
            return Some(None);
        }
        let sha256: [u8; 32] = bytes(row.get("sha256")?)?.try_into().ok()?;
        let named = NamedFile { size: row.get("size")?.parse().ok()?, sha256: Sha256Hash(sha256) };
        let (id, seq) = (row.get("id")?.parse().ok()?, row.get("seq")?.parse().ok()?);
        Some(Some(Self { id, launch: (*row.get("launch_id")?).to_owned(), seq, named }))
    }
}

/// The launch, hash and number of an event by which a file was destroyed.
#[expect(clippy::option_option, reason = "an event of another kind, and one that can't be read")]
fn read_redaction(row: &HashMap<&str, &str>) -> Option<Option<((String, String), i64)>> {
    if *row.get("kind")? != "redacted" {
        return Some(None);
    }
    let event: serde_json::Value = serde_json::from_slice(&bytes(row.get("bytes")?)?).ok()?;
    let sha256 = event.pointer("/data/what/sha256").and_then(|hash| hash.as_str());
    let (launch, seq) = ((*row.get("launch_id")?).to_owned(), row.get("seq")?.parse().ok()?);
    Some(sha256.map(|sha256| ((launch, sha256.to_owned()), seq)))
}

/// Bytes, as a dump writes them: `\\x` and hexadecimal digits.
fn bytes(field: &str) -> Option<Vec<u8>> {
    hex::decode(field.strip_prefix("\\\\x")?).ok()
}

/// What is wrong with a file of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// It is not there.
    Missing,
    /// It has another size.
    Size,
    /// It has other bytes.
    Bytes,
}

/// Compares the copy of an evidence store with what a dump names; answers what the copy lacks.
///
/// # Errors
/// When a file that is there can't be read.
pub fn compare(store: &Path, named: &BTreeMap<EvidenceId, NamedFile>) -> io::Result<Vec<(EvidenceId, Lack)>> {
    let mut lacking = Vec::new();
    for (id, expected) in named {
        let lack = match File::open(store.join(blobs::path_in_store(*id))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Lack::Missing),
            Err(error) => return Err(error),
            Ok(file) if file.metadata()?.len() != expected.size => Some(Lack::Size),
            Ok(file) => (hash(file)? != expected.sha256).then_some(Lack::Bytes),
        };
        lacking.extend(lack.map(|lack| (*id, lack)));
    }
    Ok(lacking)
}

fn hash(mut file: File) -> io::Result<Sha256Hash> {
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

    fn read(text: &str) -> Result<Vec<EvidenceId>, BadDump> {
        read_named(text.as_bytes()).map(|named| named.into_keys().collect())
    }

    #[test]
    fn a_dump_names_files_that_were_attached_first_and_not_redacted_since() {
        let sha256 = Sha256Hash::of(b"evidence");
        let hex = hex::encode(sha256.bytes());
        let file = format!("{FILE}\t{LAUNCH}\t7\tfile\t\\\\x{hex}\t8\t\\N\n");
        let again = format!("01936d35-0000-7000-8000-0000000000ac\t{LAUNCH}\t8\tfile\t\\\\x{hex}\t8\t{FILE}\n");
        let note = format!("01936d35-0000-7000-8000-0000000000ad\t{LAUNCH}\t9\tnote\t\\N\t\\N\t\\N\n");
        let id: EvidenceId = FILE.parse().unwrap();
        let named = read_named(dump(&format!("{file}{again}{note}"), "").as_bytes()).unwrap();
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
    fn a_dump_that_is_not_whole_is_refused() {
        let whole = dump("", "");
        assert_eq!(read(&whole).unwrap(), []);
        let cut_off = whole.split("COPY public.events").next().unwrap();
        assert!(matches!(read(cut_off), Err(BadDump::NoTable("events"))));
        assert!(matches!(read(""), Err(BadDump::NoTable("evidence"))));
        let open = whole.rsplit_once("\\.").unwrap().0;
        assert!(matches!(read(open), Err(BadDump::CutOff(table)) if table == "events"));
        for row in ["x\n", &format!("{FILE}\t{LAUNCH}\t7\tfile\t\\\\xabc\t8\t\\N\n")] {
            assert!(matches!(read(&dump(row, "")), Err(BadDump::BadRow(_))), "{row}");
        }
        assert!(matches!(read(&dump("", &format!("{LAUNCH}\t8\tredacted\t{{}}\n"))), Err(BadDump::BadRow(_))));
    }

    #[test]
    fn a_copy_lacks_what_is_missing_or_other_than_named() {
        let folder = tempfile::tempdir().unwrap();
        let id: EvidenceId = FILE.parse().unwrap();
        let named = BTreeMap::from([(id, NamedFile { size: 8, sha256: Sha256Hash::of(b"evidence") })]);
        let path = folder.path().join(blobs::path_in_store(id));
        assert_eq!(compare(folder.path(), &named).unwrap(), [(id, Lack::Missing)]);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        for (bytes, lacking) in
            [("evidenc", vec![(id, Lack::Size)]), ("Evidence", vec![(id, Lack::Bytes)]), ("evidence", vec![])]
        {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(compare(folder.path(), &named).unwrap(), lacking, "{bytes}");
        }
    }
}

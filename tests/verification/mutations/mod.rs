//! Thousands of altered bundles, generated from a good one by its structure: of every archive that the verifier calls
//! good, `unzip`, Python's `zipfile` and Java see the files of the good one; and the second verifier reaches the same
//! status for every one.
//!
//! `SIGNOFF_MUTATIONS` sets their number, and `SIGNOFF_MUTATION_SEED` the first seed: the same seed makes the same
//! alterations of the same bundle.

mod archives;
mod contents;

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
};

use signoff::{
    bundle::BundleReadError,
    domain::{bundle::TrustAnchors, key::PublicKey},
};

use super::*;

/// Pseudo-random numbers from a seed (SplitMix64: Steele, Lea and Flood, 2014).
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

fn number_from_environment(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |number| number.parse().unwrap())
}

/// Prints the seed of the dice.
fn dice() -> Dice {
    let seed = number_from_environment("SIGNOFF_MUTATION_SEED", 20_261_127);
    println!("SIGNOFF_MUTATION_SEED={seed}");
    Dice(seed)
}

/// The status and messages of the program's own verifier, in this process.
fn status(bytes: &[u8], key: Option<&PublicKey>) -> (u8, String) {
    match signoff::bundle::verify_bundle(Cursor::new(bytes), TrustAnchors { key: key.cloned(), held: None }) {
        Ok(_) => (0, String::new()),
        Err(BundleReadError::Defect(finding)) => (finding.exit_code(), finding.to_string()),
        Err(BundleReadError::Io(error)) => panic!("{error}"),
    }
}

fn script(name: &str) -> String {
    format!("{}/tests/verification/mutations/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Unpacks the archives of a folder with other readers and compares the results with these files; returns the lines
/// that report differences.
fn readers_disagree(folder: &Path, files: &Entries) -> Vec<String> {
    let expected: BTreeMap<&str, String> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), signoff::domain::canonical::Sha256Hash::compute(bytes).to_string()))
        .collect();
    std::fs::write(folder.join("expected.json"), serde_json::to_vec(&expected).unwrap()).unwrap();
    let output = Process::new("python3").args([script("readers.py").as_ref(), folder]).output().unwrap();
    let text = output_text(&output);
    assert!(output.status.success(), "{text}");
    text.lines().map(str::to_owned).collect()
}

/// The second verifier, as one process for many bundles.
struct SecondVerifier {
    child: std::process::Child,
    answers: BufReader<std::process::ChildStdout>,
    /// Whether its status must always be the same. A verifier that was not written from the current documentation must
    /// only accept what the program's own verifier accepts.
    strict: bool,
    folder: tempfile::TempDir,
}

impl SecondVerifier {
    fn start() -> Self {
        let verifier = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verifier/verify.py");
        let mut child = Process::new("python3")
            .args([script("batch.py").as_str(), verifier])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        answers.read_line(&mut first).unwrap();
        let strict = match first.trim() {
            "verify" => true,
            "main" => false,
            other => panic!("{other:?}"),
        };
        Self { child, answers, strict, folder: tempfile::tempdir().unwrap() }
    }

    /// Its status and messages.
    fn status(&mut self, bytes: &[u8], key: Option<&PublicKey>) -> (u8, String) {
        let path = self.folder.path().join("bundle.zip");
        std::fs::write(&path, bytes).unwrap();
        let key = key.map(ToString::to_string).unwrap_or_default();
        let line = format!("{}\t{key}\t\n", path.display());
        self.child.stdin.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let (status, text) = answer.trim_end().split_once('\t').unwrap_or_else(|| panic!("{answer:?}"));
        (status.parse().unwrap(), text.to_owned())
    }

    /// Whether both verifiers agree, as far as `strict` demands.
    fn agrees(&mut self, bytes: &[u8], key: Option<&PublicKey>) -> Result<u8, String> {
        let (ours, theirs) = (status(bytes, key), self.status(bytes, key));
        let same = if self.strict { ours.0 == theirs.0 } else { ours.0 != 0 || theirs.0 == 0 };
        if same { Ok(ours.0) } else { Err(format!("ours {}: {}; theirs {}: {}", ours.0, ours.1, theirs.0, theirs.1)) }
    }
}

impl Drop for SecondVerifier {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

/// The number of results with each status, for printing.
#[derive(Debug, Default)]
struct Tally(BTreeMap<u8, usize>);

impl Tally {
    fn count(&mut self, status: u8) {
        *self.0.entry(status).or_default() += 1;
    }
}

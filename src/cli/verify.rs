//! `signoff verify`

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};

use super::{printable::print_line, verify_backup};
use crate::{
    bundle::{BundleReadError, verify_bundle},
    domain::{
        bundle::{HeldCheckpoint, KeyTrust, TrustAnchors, VerifiedBundle, VerifiedRedaction},
        key::PublicKey,
        key_chain::{KeyChain, KeyStatement, Succession},
        plural::count_with_noun,
    },
};

/// What is verified, and against what.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// The bundle: the ZIP file that a launch's page offers
    #[arg(required_unless_present_any = ["database", "backup"])]
    bundle: Option<PathBuf>,
    /// The installation's public key, from elsewhere than the bundle: `signoff/…+…+…`
    #[arg(long, value_name = "VKEY")]
    pub key: Option<PublicKey>,
    /// The file of a checkpoint that was stored elsewhere, or of a receipt. With --database it can be given several times
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// Verify everything in the database and the evidence store that the settings name, instead of a bundle
    #[arg(long, conflicts_with = "bundle")]
    pub database: bool,
    #[command(flatten)]
    pub backup: verify_backup::VerifyBackupArgs,
}

/// Verifies a bundle and prints the result on standard output: status 0 when nothing is wrong, 1 when it was altered, 2
/// when it is no bundle or can't be read.
pub(super) fn run(args: &VerifyArgs) -> ExitCode {
    let status = match read_given(args).and_then(|given| open_bundle(args).map(|file| (file, given))) {
        Err(error) => {
            print_line(&format_args!("{error:#}"));
            2
        }
        Ok((file, given)) => match verify_bundle(file, given) {
            Ok(verified) => {
                print_verified(&verified);
                0
            }
            Err(BundleReadError::Io(error)) => {
                print_line(&format_args!("The bundle can't be read: {error}"));
                2
            }
            Err(BundleReadError::Defect(finding)) => {
                print_line(&finding);
                finding.exit_code()
            }
        },
    };
    ExitCode::from(status)
}

fn read_given(args: &VerifyArgs) -> anyhow::Result<TrustAnchors> {
    let held = match args.checkpoint.as_slice() {
        [] => None,
        [_, _, ..] => bail!("A bundle is of one log: give one --checkpoint"),
        [file] => Some(HeldCheckpoint::read(&read_beginning(file)?)),
    };
    Ok(TrustAnchors { key: args.key.clone(), held })
}

fn open_bundle(args: &VerifyArgs) -> anyhow::Result<File> {
    open_file(args.bundle.as_ref().context("No bundle was named")?)
}

fn open_file(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("{} can't be opened", path.display()))
}

/// Reads at most one byte more than the limit of a checkpoint or receipt.
pub(super) fn read_beginning(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_file(path)?.take(1 + HeldCheckpoint::MAX_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn print_verified(bundle: &VerifiedBundle) {
    let manifest = &bundle.manifest;
    let name = bundle.name.as_deref().unwrap_or("[redacted]");
    print_line(&format_args!("Launch    {name} ({})", manifest.launch));
    print_keys(&bundle.keys);
    println!(
        "Contents  {}, {}, {}, {}, {}",
        count_with_noun(manifest.events, "event"),
        count_with_noun(bundle.checkpoints, "checkpoint"),
        count_with_noun(bundle.signatures, "signature"),
        count_with_noun(bundle.texts, "text"),
        count_with_noun(bundle.files, "file"),
    );
    for redaction in &bundle.redactions {
        let why = redaction.reason.as_deref().unwrap_or("for a reason that is not in the bundle");
        let VerifiedRedaction { seq, subject, at, by, .. } = redaction;
        print_line(&format_args!("Redacted  {subject} (event {seq}, {at} by {by}): {why}"));
    }
    println!("Not part of this: report.html, which is for reading, and times, which are the server's.");
    let bridge = describe_replacement(&bundle.keys, bundle.held_key);
    println!("{}{bridge}", conclude(bundle.manifest.events.unsigned_abs(), bundle.trust));
}

/// Prints the newest key, and how it came after the earlier ones.
pub(super) fn print_keys(keys: &KeyChain) {
    println!("Key       {}", keys.newest());
    for signed in keys.statements() {
        let KeyStatement { number, succession, old, .. } = signed.unverified_statement();
        match succession {
            Succession::Rotated => {
                println!("Rotated   key {number} follows key {}, which signed it: {old}", number - 1)
            }
            Succession::Replaced => {
                println!(
                    "REPLACED  key {number} replaced key {}, which was lost and signed nothing: {old}",
                    number - 1
                );
            }
        }
    }
}

/// What the replacement of a lost key leaves open, as a last sentence; nothing if no key was lost. `held` is the number of
/// the key that signed the checkpoint that was stored elsewhere.
fn describe_replacement(keys: &KeyChain, held: Option<u32>) -> String {
    match keys.newest_replacement() {
        None => String::new(),
        Some(number) if held.is_some_and(|held| held < number) => format!(
            " Key {number} replaced a lost key; the checkpoint that you hold is from before that, and bridges it for the events \
             that it covers."
        ),
        Some(number) => format!(
            " Key {number} replaced a lost key without its signature: only a checkpoint from before that was stored elsewhere \
             (--checkpoint) shows that nothing was altered then."
        ),
    }
}

/// The last line: the result, and how far it reaches. A history that was cut at an older checkpoint of its own looks
/// like a complete one to a reader who has nothing newer.
fn conclude(events: u64, trust: KeyTrust) -> String {
    let reach = format!("This reaches up to event {events}, as checkpointed; what came after it is not excluded.");
    let contained = |size: u64| {
        let after =
            if size < events { format!(" Events {} to {events} came after it.", size + 1) } else { String::new() };
        format!("this history contains the checkpoint that you hold: events 1 to {size} are as they were then.{after}")
    };
    match trust {
        KeyTrust::Unconfirmed => {
            "Consistent; key not confirmed. Give --key or --checkpoint from elsewhere: whoever can \
                               make a key can make a consistent history."
                .to_owned()
        }
        KeyTrust::Key => format!("Good: nothing was altered since the key that you gave signed it. {reach}"),
        KeyTrust::Checkpoint(size) => format!("Good: {} {reach}", contained(size)),
        KeyTrust::KeyAndCheckpoint(size) => {
            format!("Good: signed with the key that you gave, and {} {reach}", contained(size))
        }
    }
}

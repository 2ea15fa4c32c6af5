//! `signoff verify`

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};

use super::{backup, printable::print_line};
use crate::{
    bundle::{Trouble, verify},
    domain::{
        bundle::{Given, Held, Redaction, Trust, Verified},
        key::PublicKey,
    },
};

/// What is verified, and against what.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The bundle.
    #[arg(required_unless_present_any = ["database", "backup"])]
    bundle: Option<PathBuf>,
    /// The installation's public key, from elsewhere than the bundle: `signoff/…+…+…`
    #[arg(long, value_name = "VKEY")]
    pub key: Option<PublicKey>,
    /// The file of a checkpoint that was kept, or of a receipt. With --database it can be given several times
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// Verify everything in the database and the evidence store that the settings name, instead of a bundle
    #[arg(long, conflicts_with = "bundle")]
    pub database: bool,
    #[command(flatten)]
    pub backup: backup::Args,
}

/// Verifies a bundle, and says so on standard output: status 0 when nothing is wrong, 1 when it was altered, 2 when it
/// is no bundle or can't be read.
pub(super) fn run(args: &Args) -> ExitCode {
    let status = match given(args).and_then(|given| open(args).map(|file| (file, given))) {
        Err(error) => {
            print_line(&format_args!("{error:#}"));
            2
        }
        Ok((file, given)) => match verify(file, given) {
            Ok(verified) => {
                tell(&verified);
                0
            }
            Err(Trouble::Io(error)) => {
                print_line(&format_args!("The bundle can't be read: {error}"));
                2
            }
            Err(Trouble::Found(finding)) => {
                print_line(&finding);
                finding.status()
            }
        },
    };
    ExitCode::from(status)
}

fn given(args: &Args) -> anyhow::Result<Given> {
    let held = match args.checkpoint.as_slice() {
        [] => None,
        [_, _, ..] => bail!("A bundle is of one log: give one --checkpoint"),
        [file] => Some(Held::read(&beginning(file)?)),
    };
    Ok(Given { key: args.key.clone(), held })
}

fn open(args: &Args) -> anyhow::Result<File> {
    opened(args.bundle.as_ref().context("No bundle was named")?)
}

fn opened(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("{} can't be opened", path.display()))
}

/// The bytes of a file, up to one more than are looked at.
pub(super) fn beginning(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    opened(path)?.take(1 + Held::MOST_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn tell(found: &Verified) {
    let manifest = &found.manifest;
    let name = found.name.as_deref().unwrap_or("[redacted]");
    print_line(&format_args!("Launch    {name} ({})", manifest.launch));
    println!("Key       {}", found.key);
    println!(
        "Contents  {} events, {} checkpoints, {} signatures, {} texts, {} files",
        manifest.events, found.checkpoints, found.signatures, found.texts, found.files
    );
    for redaction in &found.redactions {
        let why = redaction.why.as_deref().unwrap_or("for a reason that is not in the bundle");
        let Redaction { seq, what, at, by, .. } = redaction;
        print_line(&format_args!("Redacted  {what} (event {seq}, {at} by {by}): {why}"));
    }
    println!("Not part of this: report.html, which is for reading, and times, which are the server's.");
    println!("{}", last_line(found.manifest.events.unsigned_abs(), found.trust));
}

/// What was found, and how far it reaches: a history that was cut to an older checkpoint of its own is as good as a whole
/// one, to who has nothing of what came later.
fn last_line(events: u64, trust: Trust) -> String {
    let reach = format!("This reaches up to event {events}, as checkpointed; what came after it is not excluded.");
    let contained = |size: u64| {
        let after =
            if size < events { format!(" Events {} to {events} came after it.", size + 1) } else { String::new() };
        format!("this history contains the checkpoint that you hold: events 1 to {size} are as they were then.{after}")
    };
    match trust {
        Trust::Unconfirmed => "Consistent; key not confirmed. Give --key or --checkpoint from elsewhere: whoever can \
                               make a key can make a consistent history."
            .to_owned(),
        Trust::Key => format!("Good: nothing was altered since the key that you gave signed it. {reach}"),
        Trust::Held(size) => format!("Good: {} {reach}", contained(size)),
        Trust::KeyAndHeld(size) => format!("Good: signed with the key that you gave, and {} {reach}", contained(size)),
    }
}

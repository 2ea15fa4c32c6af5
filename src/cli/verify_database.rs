//! `signoff verify --database`

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;

use super::{
    printable::print_line,
    verify::{Args, beginning},
};
use crate::{
    blobs::Blobs,
    config::Config,
    db,
    domain::{bundle::Held, key::PublicKey},
    key_file,
    record::{
        evidence_store::{self, NotClaimed},
        verify::{Everything, HeldHead, Wrong, everything},
    },
};

/// What the verification can't say anything of, whatever is found.
const NOT_COVERED: &str = "Not covered: passwords and other secrets, e-mail addresses, people's own settings, drafts, small pictures \
                           of files, that a receipt was taken, and times, which are the server's.";

/// Verifies all that an installation has, and says so on standard output: status 0 when nothing is wrong, 1 when
/// something is.
///
/// # Errors
/// When it could not be looked at: the database, the evidence store or a given file can't be read.
pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let pool = db::pool(db::options(&config.database_url)?, 2);
    db::check(&pool).await?;
    let mut wrong = Vec::new();
    let key = expected_key(config, args, &mut wrong)?;
    let mut held = Vec::new();
    for file in &args.checkpoint {
        match held_head(file, &key)? {
            Ok(head) => held.push(head),
            Err(what) => wrong.push(Wrong { with: format!("The checkpoint in {}", file.display()), what }),
        }
    }
    let blobs = Blobs::in_folder(&config.evidence_dir)?;
    let mut found = everything(&pool, &blobs, &key, &held).await?;
    match evidence_store::check(&pool, &blobs).await {
        Ok(()) => {}
        Err(why @ NotClaimed::Unmarked) => found.notes.push(why.to_string()),
        Err(why) => {
            let what = format!("{why:#}").trim_end_matches('.').to_owned();
            wrong.push(Wrong { with: "The evidence store".to_owned(), what });
        }
    }
    pool.close().await;
    found.wrong.splice(0..0, wrong);
    print(&found, &key);
    Ok(ExitCode::from(u8::from(!found.wrong.is_empty())))
}

/// The key that the installation's is to be: the one that was given, otherwise that of the key file. When there are both, they
/// have to be one.
fn expected_key(config: &Config, args: &Args, wrong: &mut Vec<Wrong>) -> anyhow::Result<PublicKey> {
    let own = key_file::read(&config.key_file).map(|key| key.public());
    match (&args.key, own) {
        (None, own) => own.context("The public key is needed to verify with: give it with --key"),
        (Some(given), Ok(own)) if own != *given => {
            let what = format!("it has {own}, and the key that you gave is {given}");
            wrong.push(Wrong { with: "The key file".to_owned(), what });
            Ok(given.clone())
        }
        (Some(given), _) => Ok(given.clone()),
    }
}

/// What a kept checkpoint or receipt says, once its signature is checked; or why it can't be believed.
fn held_head(file: &Path, key: &PublicKey) -> anyhow::Result<Result<HeldHead, String>> {
    let held = match Held::read(&beginning(file)?) {
        Ok(held) => held,
        Err(why) => return Ok(Err(format!("it is neither a checkpoint nor a receipt: {why}"))),
    };
    let (origin, from) = (held.origin(), format!("the checkpoint in {}", file.display()));
    Ok(match held.verified(key, origin) {
        Ok(head) => Ok(HeldHead { log: origin.log, head, from }),
        Err(finding) => Err(finding.to_string().trim_end_matches('.').to_owned()),
    })
}

fn print(found: &Everything, key: &PublicKey) {
    println!("Key       {key}");
    println!("Contents  {} launches, {} events, {} checkpoints", found.launches, found.events, found.checkpoints);
    if found.wrong.is_empty() {
        for line in found.reach.iter().filter_map(|reach| reach.line()) {
            print_line(&format_args!("Covered   {line}"));
        }
    }
    for note in &found.notes {
        print_line(&format_args!("Note      {note}"));
    }
    println!("{NOT_COVERED}");
    for Wrong { with, what } in &found.wrong {
        print_line(&format_args!("{with}: {what}."));
    }
    println!("{}", found.summary());
}

//! `signoff verify --database`

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;

use super::{
    printable::print_line,
    verify::{VerifyArgs, print_keys, read_beginning},
};
use crate::{
    blobs::Blobs,
    config::Config,
    db,
    domain::{bundle::HeldCheckpoint, key::PublicKey, key_chain::KeyChain, plural::count_with_noun},
    key_file,
    record::{
        evidence_store::{self, EvidenceStoreError},
        verify::{InstallationReport, KeyPeriods, VerificationProblem, WitnessedHead, verify_installation},
    },
    schema,
};

/// What the verification never covers.
const NOT_COVERED: &str = "Not covered: passwords and other secrets, e-mail addresses, people's own settings, drafts, small pictures \
                           of files, that a receipt was taken, and times, which are the server's.";

/// Verifies everything in an installation and prints the result on standard output: status 0 when nothing is wrong, 1
/// when something is.
///
/// # Errors
/// When the verification could not be done: the database, the evidence store or a given file can't be read.
pub(super) async fn run(config: &Config, args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 2);
    schema::check_ready(&pool).await?;
    let mut wrong = Vec::new();
    let key = expected_key(config, args)?;
    let keys = KeyPeriods::load(&pool, &key).await?;
    wrong.extend(compare_key_file(config, &key, keys.chain()));
    let mut held = Vec::new();
    for file in &args.checkpoint {
        match read_witnessed_head(file, keys.chain())? {
            Ok(head) => held.push(head),
            Err(description) => wrong
                .push(VerificationProblem { subject: format!("The checkpoint in {}", file.display()), description }),
        }
    }
    let blobs = Blobs::from_config(config)?;
    let mut report = verify_installation(&pool, &blobs, &key, &held).await?;
    match evidence_store::check_owner(&pool, &blobs).await {
        Ok(()) => {}
        Err(why @ EvidenceStoreError::Unmarked) => report.notes.push(why.to_string()),
        Err(why) => {
            let description = format!("{why:#}").trim_end_matches('.').to_owned();
            wrong.push(VerificationProblem { subject: "The evidence store".to_owned(), description });
        }
    }
    pool.close().await;
    report.problems.splice(0..0, wrong);
    print_report(&report, keys.chain());
    Ok(ExitCode::from(u8::from(!report.problems.is_empty())))
}

/// The key that is trusted: the given one, otherwise that of the key file.
fn expected_key(config: &Config, args: &VerifyArgs) -> anyhow::Result<PublicKey> {
    match &args.key {
        Some(given) => Ok(given.clone()),
        None => {
            let own =
                key_file::read(&config.key_file).context("The public key is needed to verify with: give it with --key");
            own.map(|key| key.public_key())
        }
    }
}

/// The problem of a key file that has another key than the newest of the installation, beside a given key.
fn compare_key_file(config: &Config, key: &PublicKey, keys: &KeyChain) -> Option<VerificationProblem> {
    let own = key_file::read(&config.key_file).ok()?.public_key();
    let description = match keys.number_of(&own) {
        _ if own == *keys.newest() => return None,
        Some(number) => format!("it has {own}, which is key {number} and not used any more"),
        None => format!("it has {own}, and the key that you gave is {key}"),
    };
    Some(VerificationProblem { subject: "The key file".to_owned(), description })
}

/// The head in a witnessed checkpoint or receipt whose signature was verified, or why it can't be trusted.
fn read_witnessed_head(file: &Path, keys: &KeyChain) -> anyhow::Result<Result<WitnessedHead, String>> {
    let held = match HeldCheckpoint::read(&read_beginning(file)?) {
        Ok(held) => held,
        Err(why) => return Ok(Err(format!("it is neither a checkpoint nor a receipt: {why}"))),
    };
    let (origin, from) = (held.origin(), format!("the checkpoint in {}", file.display()));
    Ok(match held.verify(keys, origin) {
        Ok((key, head)) => Ok(WitnessedHead { log: origin.log, head, source: from, key }),
        Err(finding) => Err(finding.to_string().trim_end_matches('.').to_owned()),
    })
}

pub(super) fn print_report(report: &InstallationReport, keys: &KeyChain) {
    print_keys(keys);
    let launches = if report.launches == 1 { "launch" } else { "launches" };
    let (events, checkpoints) =
        (count_with_noun(report.events, "event"), count_with_noun(report.checkpoints, "checkpoint"));
    println!("Contents  {} {launches}, {events}, {checkpoints}", report.launches);
    if report.problems.is_empty() {
        for line in report.coverage.iter().filter_map(|reach| reach.to_line()) {
            print_line(&format_args!("Covered   {line}"));
        }
    }
    for note in &report.notes {
        print_line(&format_args!("Note      {note}"));
    }
    println!("{NOT_COVERED}");
    for VerificationProblem { subject: with, description } in &report.problems {
        print_line(&format_args!("{with}: {description}."));
    }
    println!("{}", report.summary());
}

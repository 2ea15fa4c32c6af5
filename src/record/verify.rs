//! Verifies the database: logs against their trees and checkpoints, and everything else against the logs.
//!
//! A log is read from its first event to its last, a page at a time, and its tree is recomputed; no stored value is
//! trusted, and the caller provides the key. Problems are described in sentences that name the event, or the row and
//! its column.

mod account_tables;
mod checkpoints;
mod installation_log;
mod key_periods;
mod launch;
mod log;
mod published_tables;
mod row_difference;
mod summary;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt as _;
use sqlx::PgPool;

pub use self::{
    checkpoints::ExpectedCheckpoint,
    installation_log::verify_installation_log,
    key_periods::KeyPeriods,
    launch::{EvidenceFileCheck, verify_launch},
    log::{LogReport, load_root_at, verify_log},
};
use self::{
    installation_log::LoggedLaunch,
    launch::{VerifiedInstallation, verify_launch_with},
};
use crate::{
    blobs::Blobs,
    domain::{
        checkpoint::LogId,
        ids::{EvidenceId, LaunchId},
        key::PublicKey,
        key_chain::KeyChain,
        merkle::proof::TreeHead,
        plural::count_with_noun,
    },
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationProblem {
    /// `The audit log`, a launch, or a table.
    pub subject: String,
    pub description: String,
}

/// A checkpoint that was stored elsewhere, verified to be signed with the installation's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessedHead {
    pub log: LogId,
    pub head: TreeHead,
    /// A description, such as `the checkpoint in day.checkpoint`.
    pub source: String,
    /// The number of the key that signed it.
    pub key: u32,
}

/// How much of a log is covered by checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCoverage {
    pub log: LogId,
    /// The number of its events.
    pub size: i64,
    /// The number of events that the newest checkpoint in the database covers.
    pub signed_size: i64,
    /// The number of events that a checkpoint from elsewhere covers; 0 without one.
    pub witnessed_size: i64,
    /// The description of that checkpoint.
    pub witnessed_by: String,
}

/// The result of verifying a whole installation.
#[derive(Debug, Clone, Default)]
pub struct InstallationReport {
    pub launches: usize,
    /// The number of events in all logs.
    pub events: i64,
    pub checkpoints: usize,
    /// The coverage of each log, the audit log first.
    pub coverage: Vec<LogCoverage>,
    pub problems: Vec<VerificationProblem>,
    /// Remarks that are not problems.
    pub notes: Vec<String>,
}

/// Verifies everything: the audit log and the tables made from it, and every launch, including missing launches that
/// the audit log mentions.
pub async fn verify_installation(
    db: &PgPool,
    blobs: &Blobs,
    key: &PublicKey,
    held: &[WitnessedHead],
) -> anyhow::Result<InstallationReport> {
    let mut verifier = InstallationVerifier::begin(db, blobs, key, held).await?;
    for id in verifier.list_launches().await? {
        verifier.verify_launch(id).await?;
    }
    verifier.finish().await
}

/// Verifies an installation a launch at a time.
pub struct InstallationVerifier<'a> {
    db: &'a PgPool,
    blobs: &'a Blobs,
    keys: KeyPeriods,
    held: &'a [WitnessedHead],
    /// Whether the audit log has no problem: then launches are compared with it.
    whole: bool,
    /// The launches according to the audit log.
    launches: BTreeMap<LaunchId, LoggedLaunch>,
    verified: VerifiedInstallation,
    reach: LogCoverage,
    report: InstallationReport,
    /// The evidence files that events have attached.
    files: BTreeSet<EvidenceId>,
}

impl<'a> InstallationVerifier<'a> {
    /// Verifies the audit log and the tables made from it.
    pub async fn begin(
        db: &'a PgPool,
        blobs: &'a Blobs,
        key: &'a PublicKey,
        held: &'a [WitnessedHead],
    ) -> anyhow::Result<Self> {
        let mut report = InstallationReport::default();
        let keys = KeyPeriods::load(db, key).await?;
        let verified_log = verify_installation_log(db, &keys, &witnessed_heads_of(held, LogId::Installation)).await?;
        let whole = verified_log.log.problems.is_empty();
        let reach = LogCoverage {
            log: LogId::Installation,
            size: verified_log.log.size,
            signed_size: verified_log.log.checkpoints.last().map_or(0, |checkpoint| checkpoint.size),
            ..witnessed_coverage_of(held, LogId::Installation)
        };
        report.add_log("The audit log", &verified_log.log, reach.clone());
        report.problems.extend(tables::compare_keys(db, (key, &keys), whole.then_some(&verified_log.replay)).await?);
        let mut verified = VerifiedInstallation::default();
        if whole {
            // If entries were missing or altered, each table would only be reported as different from them.
            let compared = tables::compare_tables(db, &verified_log.replay, verified_log.log.size).await?;
            report.problems.extend(compared.problems);
            report.notes.extend(compared.notes);
            verified = VerifiedInstallation {
                altered_versions: compared.altered_versions,
                people: verified_log.replay.accounts.into_keys().collect(),
            };
        } else {
            report
                .notes
                .push("the tables of the installation were not compared with its log, since that is wrong".to_owned());
        }
        report.notes.extend(describe_replacement(keys.chain(), held));
        let (launches, files) = (verified_log.launches, BTreeSet::new());
        Ok(Self { db, blobs, keys, held, whole, launches, verified, reach, report, files })
    }

    /// All launches: those of which there is any row, and those that the audit log or a checkpoint from elsewhere mentions.
    pub async fn list_launches(&self) -> Result<BTreeSet<LaunchId>, sqlx::Error> {
        let mut ids: BTreeSet<LaunchId> = launch::list_launches(self.db).await?.into_iter().collect();
        ids.extend(self.launches.keys());
        ids.extend(self.held.iter().filter_map(|held| match held.log {
            LogId::Launch(launch) => Some(launch),
            LogId::Installation => None,
        }));
        Ok(ids)
    }

    /// Verifies a launch with its files, including what the audit log says about it.
    pub async fn verify_launch(&mut self, id: LaunchId) -> anyhow::Result<()> {
        let of = self.launches.get(&id).cloned().unwrap_or_default();
        let in_log = self.whole.then_some(&of);
        verify_and_add_launch(
            &mut self.report,
            (self.db, self.blobs, &self.keys),
            id,
            (&of, in_log),
            self.held,
            (&self.verified, &self.reach),
            &mut self.files,
        )
        .await
    }

    /// What was found so far.
    #[must_use]
    pub const fn report(&self) -> &InstallationReport {
        &self.report
    }

    /// The report on everything, once all launches were verified.
    async fn finish(mut self) -> anyhow::Result<InstallationReport> {
        if self.report.problems.is_empty() {
            self.report.notes.extend(describe_unreferenced_files(self.blobs, &self.files).await?);
        }
        Ok(self.report)
    }
}

/// What the replacement of a lost key leaves open; `None` if no key was lost.
fn describe_replacement(keys: &KeyChain, held: &[WitnessedHead]) -> Option<String> {
    let number = keys.newest_replacement()?;
    let bridges = held.iter().any(|held| held.key < number);
    let rest = match bridges {
        true => "a checkpoint held elsewhere is from before that, and bridges it for the events that it covers",
        false => "nothing but a checkpoint that was kept elsewhere from before shows that nothing was altered then",
    };
    Some(format!("key {number} replaced a lost key, which signed nothing: {rest}"))
}

/// Verifies a launch, including what the audit log says about it.
async fn verify_and_add_launch(
    all: &mut InstallationReport,
    (db, blobs, keys): (&PgPool, &Blobs, &KeyPeriods),
    id: LaunchId,
    (of, in_log): (&LoggedLaunch, Option<&LoggedLaunch>),
    held: &[WitnessedHead],
    (verified, installation): (&VerifiedInstallation, &LogCoverage),
    files: &mut BTreeSet<EvidenceId>,
) -> anyhow::Result<()> {
    let log = LogId::Launch(id);
    let logged_heads =
        of.daily_heads.iter().map(|daily| (daily.head, format!("entry {} of the audit log", daily.index)));
    let heads: Vec<(TreeHead, String)> = logged_heads.chain(witnessed_heads_of(held, log)).collect();
    let report = verify_launch_with(db, (blobs, EvidenceFileCheck::Hash), keys, id, (in_log, verified), &heads).await?;
    files.extend(report.files);
    let mut checked = report.log;
    let length = of.length;
    if checked.has_no_events {
        let signed = checked.checkpoints.last().map(|checkpoint| (checkpoint.size.unsigned_abs(), "its checkpoint"));
        let longest = heads.iter().map(|(head, from)| (head.size, from.as_str())).chain(signed).max();
        checked.problems = vec![match (length, longest) {
            (0, Some((size, from))) => format!("it is gone: none of its events is there, and {from} covers {size}"),
            (0, None) => "it is gone: none of its events is there, and other rows of it are".to_owned(),
            (length, _) => {
                format!("it is gone, although the audit log has {} of it", count_with_noun(length, "event"))
            }
        }];
    } else if checked.problems.is_empty() && checked.size < length {
        let size = count_with_noun(checked.size, "event");
        checked.problems.push(format!("it has {size}, and by the audit log it had {length}"));
    }
    let own = witnessed_coverage_of(held, log);
    // A checkpoint of the audit log also covers the sizes and roots of the launches that its entries contain.
    let through = of
        .daily_heads
        .iter()
        .filter(|daily| daily.index <= installation.witnessed_size)
        .max_by_key(|daily| daily.head.size);
    let through = through.map(|daily| LogCoverage {
        witnessed_size: daily.head.size.cast_signed(),
        witnessed_by: format!("{} through entry {} of the audit log", installation.witnessed_by, daily.index),
        ..own.clone()
    });
    let reach = through
        .into_iter()
        .chain([own])
        .max_by_key(|reach| reach.witnessed_size)
        .unwrap_or_else(|| witnessed_coverage_of(&[], log));
    let signed = checked.checkpoints.last().map_or(0, |checkpoint| checkpoint.size);
    all.launches += 1;
    all.add_log(&format!("Launch {id}"), &checked, LogCoverage { size: checked.size, signed_size: signed, ..reach });
    Ok(())
}

fn witnessed_heads_of(held: &[WitnessedHead], log: LogId) -> Vec<(TreeHead, String)> {
    held.iter().filter(|held| held.log == log).map(|held| (held.head, held.source.clone())).collect()
}

/// The coverage by checkpoints of this log itself from elsewhere.
fn witnessed_coverage_of(held: &[WitnessedHead], log: LogId) -> LogCoverage {
    let longest = held.iter().filter(|held| held.log == log).max_by_key(|held| held.head.size);
    let (held, by) = longest.map_or((0, String::new()), |held| (held.head.size.cast_signed(), held.source.clone()));
    LogCoverage { log, size: 0, signed_size: 0, witnessed_size: held, witnessed_by: by }
}

impl InstallationReport {
    fn add_log(&mut self, with: &str, checked: &LogReport, reach: LogCoverage) {
        self.events += checked.size;
        self.checkpoints += checked.checkpoints.len();
        self.coverage.push(reach);
        let wrong = checked
            .problems
            .iter()
            .map(|problem| VerificationProblem { subject: with.to_owned(), description: problem.clone() });
        self.problems.extend(wrong);
    }
}

/// How many unreferenced files are named.
const MAX_NAMED_FILES: usize = 5;

/// Describes the files of the evidence store that no event references: left by an upload, or put there by somebody.
async fn describe_unreferenced_files(blobs: &Blobs, named: &BTreeSet<EvidenceId>) -> anyhow::Result<Option<String>> {
    let ids: BTreeSet<EvidenceId> = blobs.list().map_ok(|file| file.id).try_collect().await?;
    let stray: Vec<String> = ids.difference(named).map(ToString::to_string).collect();
    Ok((!stray.is_empty()).then(|| {
        let more = if stray.len() > MAX_NAMED_FILES { ", …" } else { "" };
        format!(
            "{} of the files in the evidence store belong to no event: uploads under way, what one left behind, or put there \
             by somebody ({}{more})",
            stray.len(),
            stray[..stray.len().min(MAX_NAMED_FILES)].join(", ")
        )
    }))
}

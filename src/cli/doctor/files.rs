//! Checks of the key file, the evidence store and the checkpoint folder.

use std::path::Path;

use sqlx::PgPool;

use super::report::DoctorReport;
use crate::{
    ambient::Clock, blobs::Blobs, config::Config, folder_check, key_file, object_location::ObjectLocation,
    record::evidence_store,
};

pub(super) async fn check_key(config: &Config, database: Option<&PgPool>, report: &mut DoctorReport) {
    let check = "key";
    let public = match key_file::read(&config.key_file) {
        Ok(key) => key.public_key(),
        Err(error) => {
            report.fail(
                check,
                format!("{error:#}"),
                "The key file must be this installation's, from its first day on.",
            );
            return;
        }
    };
    let Some(database) = database else {
        report.ok(check, "the file can be used (the database was not compared)");
        return;
    };
    let registered: Result<Option<String>, _> =
        sqlx::query_scalar("SELECT vkey FROM keys ORDER BY number DESC LIMIT 1").fetch_optional(database).await;
    match registered {
        Ok(None) => report.ok(check, "the file can be used; the first start of the server registers it"),
        Ok(Some(registered)) if registered == public.to_string() => {
            report.ok(check, "the file can be used, and is the database's");
        }
        Ok(Some(registered)) => report.fail(
            check,
            format!("the database belongs to another key: it knows {registered}, the file has {public}"),
            "Set SIGNOFF_KEY_FILE to the file of this installation, or DATABASE_URL to the key's database.",
        ),
        Err(error) => {
            report.fail(check, format!("the database can't be compared: {error}"), "See the log of PostgreSQL.")
        }
    }
}

pub(super) async fn check_evidence(
    config: &Config,
    database: Option<&PgPool>,
    clock: &Clock,
    report: &mut DoctorReport,
) {
    let check = "evidence store";
    let store = config.evidence_location();
    let blobs = match Blobs::from_config(config) {
        Ok(blobs) => blobs,
        Err(error) => {
            let advice = match store {
                ObjectLocation::Folder(_) => "Let SIGNOFF_EVIDENCE_DIR be a folder that the server may write to.",
                ObjectLocation::Bucket { .. } => "Correct SIGNOFF_EVIDENCE_URL and the settings of its account.",
            };
            report.fail(check, format!("{error:#}"), advice);
            return;
        }
    };
    match blobs.check_ready().await {
        Ok(()) => report.ok(check, format!("{store} can be written to")),
        Err(error) => {
            let advice = match store {
                ObjectLocation::Folder(_) => {
                    "Is the disk full or read-only, and does the folder belong to the server's user?"
                }
                ObjectLocation::Bucket { .. } => {
                    "Is there such a bucket at SIGNOFF_S3_ENDPOINT, and may the account read, write and delete in it?"
                }
            };
            report.fail(check, format!("{store} can't be written to: {error}"), advice);
        }
    }
    if let ObjectLocation::Folder(folder) = &store {
        check_free_space(folder, config.evidence_max_bytes, report);
    }
    let Some(database) = database else { return };
    match evidence_store::check_owner(database, &blobs).await {
        Ok(()) => report.ok("evidence owner", "it is marked as this installation's"),
        Err(error @ evidence_store::EvidenceStoreError::Unmarked) => {
            report.warn("evidence owner", error.to_string(), "Start the server, which marks it.");
        }
        Err(error) => report.fail(
            "evidence owner",
            format!("{error:#}"),
            "Correct SIGNOFF_EVIDENCE_DIR or SIGNOFF_EVIDENCE_URL, or DATABASE_URL.",
        ),
    }
    let compared = async {
        let expected = evidence_store::count_expected(database).await?;
        let (census, _) = evidence_store::compare_with_database(database, &blobs, clock.now()).await?;
        anyhow::Ok((expected, census))
    };
    match compared.await {
        Ok((expected, census)) if census.referenced >= expected => {
            report.ok("evidence files", format!("all {expected} files that the database names are there"));
        }
        Ok((expected, census)) => report.fail(
            "evidence files",
            format!("the database names {expected} files, and {} are missing", expected - census.referenced),
            "`signoff verify --database` says which; restore them from a backup.",
        ),
        Err(error) => report.fail("evidence files", format!("they can't be counted: {error:#}"), "See the line above."),
    }
}

/// Free space of which less is a warning: what some days of work need.
const LOW_SPACE_BYTES: u64 = 2_000_000_000;

fn check_free_space(folder: &Path, largest_file: u64, report: &mut DoctorReport) {
    let check = "evidence space";
    match folder_check::free_bytes(folder) {
        Ok(free) => {
            let message = format!("{} MB are free", free / 1_000_000);
            let advice = "Make space on the disk, or give it more.";
            if free < largest_file {
                report.fail(check, format!("{message}, less than the largest allowed file"), advice);
            } else if free < LOW_SPACE_BYTES {
                report.warn(check, message, advice);
            } else {
                report.ok(check, message);
            }
        }
        Err(error) => report.warn(check, format!("it can't be measured: {error}"), "See the line above."),
    }
}

pub(super) async fn check_checkpoints(config: &Config, clock: &Clock, report: &mut DoctorReport) {
    let check = "checkpoint folder";
    let folder = &config.checkpoint_dir;
    if let Err(error) = folder_check::check_writable(folder.clone()).await {
        report.fail(
            check,
            format!("{} can't be written to: {error}", folder.display()),
            "Let SIGNOFF_CHECKPOINT_DIR be a folder of the server's user, and in ReadWritePaths of the unit.",
        );
        return;
    }
    let names = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let newest = names.filter(|name| name.ends_with(".checkpoint")).max();
    let yesterday =
        clock.now().plus_seconds(-24 * 3_600).timestamp().strftime("signoff-%Y-%m-%d.checkpoint").to_string();
    match newest {
        Some(name) if name < yesterday => report.warn(
            check,
            format!("the newest file is {name}"),
            "The server writes one a day: does it run, and what does its log say?",
        ),
        Some(name) => report.ok(check, format!("it can be written to; the newest file is {name}")),
        None => report.ok(check, "it can be written to; no checkpoint was stored yet"),
    }
}

//! Backups of an installation: its database, the evidence that the database names, and its keys.
//!
//! A place of backups is a folder or a bucket:
//!
//! ```text
//! signoff-backups.json                    whose backups these are
//! backups/2026-11-23T023000Z/manifest.json    what the backup consists of; written last
//! backups/2026-11-23T023000Z/database.dump    pg_dump's custom format
//! backups/2026-11-23T023000Z/keys.age         key file and SIGNOFF_SECRET_KEY, encrypted to a passphrase (age)
//! files/ab/ab12…                              evidence by its SHA-256 hash, shared by the backups
//! ```
//!
//! A backup exists once its manifest does, and everything that the manifest names was stored before. The files are
//! never changed; those that no manifest names any more are removed after a backup, under its lock.

mod create;
mod keys;
mod manifest;
mod place;
mod postgres;
mod restore;
mod retention;
mod verify;

pub use self::{
    create::{BackupOutcome, BackupRequest, create},
    keys::{BackedUpKeys, decrypt_keys},
    manifest::{BackupManifest, BackupName, ManifestFile, StoredObject},
    place::BackupPlace,
    postgres::postgres_variables,
    restore::{RestoreOutcome, RestoreRequest, restore},
    retention::Retention,
    verify::{BackupDefect, verify},
};

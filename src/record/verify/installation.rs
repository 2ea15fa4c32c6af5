//! The installation's log.

use std::collections::BTreeMap;

use sqlx::PgPool;

use super::{Checked, beside, log};
use crate::{
    domain::{
        canonical::{self, Sha256Hash},
        checkpoint::LogId,
        ids::LaunchId,
        installation::InstallationEvent,
        merkle::proof::Head,
    },
    record::installation::Entry,
};

/// What the installation's log tells of launches: how long each was at least, and what it hashed to at some lengths.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The newest event that is told of.
    pub length: i64,
    /// The checkpoints that are told of.
    pub heads: Vec<Head>,
}

/// Verifies the installation's log, with heads of it from elsewhere.
///
/// # Errors
/// When the database fails.
pub async fn installation(
    db: &PgPool,
    heads: &[(Head, String)],
) -> Result<(Checked, BTreeMap<LaunchId, Told>), sqlx::Error> {
    let mut told: BTreeMap<LaunchId, Told> = BTreeMap::new();
    let checked = log(db, LogId::Installation, heads, |row| {
        let number = row.number;
        let value: serde_json::Value =
            canonical::read(&row.bytes).map_err(|error| format!("event {number} can't be read: {error}"))?;
        if canonical::bytes(&value) != row.bytes {
            return Err(format!("event {number} is not canonical JSON"));
        }
        let entry: Entry =
            canonical::read(&row.bytes).map_err(|error| format!("event {number} can't be read: {error}"))?;
        beside(row, entry.index, entry.at, entry.event.kind(), entry.actor.as_ref().map(|actor| actor.id.uuid()))?;
        if let Some((launch, length)) = entry.launch {
            let told = told.entry(launch).or_default();
            told.length = told.length.max(length);
            if let InstallationEvent::LaunchCheckpointed { size, root } = entry.event {
                told.heads.push(head(size, root));
            }
        }
        Ok(())
    })
    .await?;
    Ok((checked, told))
}

const fn head(size: i64, root: Sha256Hash) -> Head {
    Head { size: size.unsigned_abs(), root }
}

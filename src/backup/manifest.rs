//! The manifest of a backup: what it consists of.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::domain::{
    canonical::Sha256Hash,
    ids::{EvidenceId, InstallationId},
    time::Moment,
};

/// The format of manifests that this version writes.
pub(super) const MANIFEST_FORMAT: u32 = 1;

/// A note for people who look into the file.
const ABOUT: &str = "A backup of signoff. `signoff verify --backup` checks it, `signoff restore` restores it.";

/// The content of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupManifest {
    pub about: String,
    pub format: u32,
    pub installation: InstallationId,
    /// When the backup began: the moment that it shows is after this.
    pub begun_at: Moment,
    /// The version of the program that made it.
    pub signoff: String,
    /// The newest migration of the database.
    pub schema: i64,
    /// The version of PostgreSQL, such as `15.18`.
    pub postgres: String,
    pub dump: StoredObject,
    /// `None` if the keys are not in the backup.
    pub keys: Option<StoredObject>,
    /// The evidence files that the database names.
    pub files: Vec<ManifestFile>,
    /// Evidence that the database names and that was missing or altered, in a backup that was made without it.
    pub missing: Vec<EvidenceId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredObject {
    pub sha256: Sha256Hash,
    /// Its length in bytes, as it is stored.
    pub size: u64,
}

/// An evidence file of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    pub id: EvidenceId,
    #[serde(flatten)]
    pub stored: StoredObject,
}

impl BackupManifest {
    #[must_use]
    pub fn note() -> String {
        ABOUT.to_owned()
    }

    /// Reads a manifest's bytes.
    ///
    /// # Errors
    /// When the bytes are no manifest, or one in a newer format.
    pub fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_slice(bytes)?;
        anyhow::ensure!(format == MANIFEST_FORMAT, "it has the format {format}, which this signoff does not know");
        Ok(serde_json::from_slice(bytes)?)
    }
}

/// The name of a backup: the time at which it began, in UTC, such as `2026-11-23T023000Z`. Names sort by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BackupName(Moment);

/// The text is no name of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a backup, such as 2026-11-23T023000Z")]
pub struct BackupNameError;

const NAME_FORMAT: &str = "%Y-%m-%dT%H%M%SZ";

impl BackupName {
    /// The name of a backup that begins at this time.
    #[must_use]
    pub fn at(begun: Moment) -> Self {
        begun.timestamp().strftime(NAME_FORMAT).to_string().parse().unwrap_or(Self(begun))
    }

    /// The time in the name, to the second.
    #[must_use]
    pub const fn begun(self) -> Moment {
        self.0
    }
}

impl fmt::Display for BackupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.timestamp().strftime(NAME_FORMAT))
    }
}

impl FromStr for BackupName {
    type Err = BackupNameError;

    fn from_str(text: &str) -> Result<Self, BackupNameError> {
        let at = jiff::civil::DateTime::strptime(NAME_FORMAT, text)
            .and_then(|at| at.to_zoned_datetime(jiff::tz::TimeZone::UTC))
            .map_err(|_| BackupNameError)?;
        let name = Self(Moment::new(at.timestamp()));
        if name.to_string() == text { Ok(name) } else { Err(BackupNameError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backup_name_is_its_time() {
        let begun = Moment::new("2026-11-23T02:30:00.75Z".parse().unwrap());
        let name = BackupName::at(begun);
        assert_eq!(name.to_string(), "2026-11-23T023000Z");
        assert_eq!("2026-11-23T023000Z".parse(), Ok(name));
        for text in ["", "manifest.json", "2026-11-23T02:30:00Z", "2026-13-23T023000Z", "2026-11-23T023000Z.part"] {
            assert!(text.parse::<BackupName>().is_err(), "{text}");
        }
    }
}

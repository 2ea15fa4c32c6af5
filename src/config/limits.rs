//! Settings of what one person, one address and everybody together may use.

use super::{
    reader::SettingReader,
    setting::{Setting, megabytes, whole_number},
};

/// Limits for one person, for one address and for everybody together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageLimits {
    /// Changes that a person may make per minute (`SIGNOFF_CHANGES_PER_MINUTE`).
    pub changes_per_minute: u32,
    /// Event streams that a person may have open, in each server process (`SIGNOFF_STREAMS_PER_PERSON`).
    pub streams_per_person: usize,
    /// Uploads that a person may send at the same time, to each server process (`SIGNOFF_UPLOADS_PER_PERSON`).
    pub uploads_per_person: usize,
    /// Bytes of evidence that a person may attach per day, in UTC (`SIGNOFF_EVIDENCE_DAY_MB`).
    pub evidence_bytes_per_day: u64,
    /// Bytes of evidence that a person may attach in all (`SIGNOFF_EVIDENCE_TOTAL_MB`).
    pub evidence_bytes: u64,
    /// Connections of everybody together, to each server process (`SIGNOFF_CONNECTIONS`).
    pub connections: usize,
    /// Connections from one address that is not a trusted proxy's (`SIGNOFF_CONNECTIONS_PER_ADDRESS`).
    pub connections_per_address: usize,
}

pub(super) fn evidence_max_bytes() -> Setting<u64> {
    Setting::new(
        "SIGNOFF_EVIDENCE_MAX_MB",
        megabytes(1..=100_000),
        "The largest evidence file, in megabytes of 1,000,000 bytes. A proxy in front has to allow as much.",
    )
    .default("50")
}

impl UsageLimits {
    /// `None` if a value is wrong.
    pub(super) fn read(reader: &mut SettingReader<'_>) -> Option<Self> {
        let changes_per_minute = reader.read(
            Setting::new(
                "SIGNOFF_CHANGES_PER_MINUTE",
                whole_number(1..=100_000),
                "Changes of one person in a minute. Further ones are answered with 429.",
            )
            .default("300"),
        );
        let streams_per_person = reader.read(
            Setting::new(
                "SIGNOFF_STREAMS_PER_PERSON",
                whole_number(1..=10_000),
                "Live pages that one person may have open, for each server process. Further ones are answered with 429.",
            )
            .default("50"),
        );
        let uploads_per_person = reader.read(
            Setting::new(
                "SIGNOFF_UPLOADS_PER_PERSON",
                whole_number(1..=1_000),
                "Simultaneous uploads of one person, for each server process. Further ones are answered with 429.",
            )
            .default("10"),
        );
        let evidence_bytes_per_day = reader.read(
            Setting::new(
                "SIGNOFF_EVIDENCE_DAY_MB",
                megabytes(1..=1_000_000_000),
                "Evidence that one person may attach in a day (UTC), in megabytes of 1,000,000 bytes. Above it the answer \
                 is 413.",
            )
            .default("5000"),
        );
        let evidence_bytes = reader.read(
            Setting::new(
                "SIGNOFF_EVIDENCE_TOTAL_MB",
                megabytes(1..=1_000_000_000),
                "Evidence that one person may attach in all, in megabytes of 1,000,000 bytes. Above it the answer is 413.",
            )
            .default("100000"),
        );
        let connections = reader.read(
            Setting::new(
                "SIGNOFF_CONNECTIONS",
                whole_number(1..=1_000_000),
                "The most connections of one server process. Further ones are closed at once. Each connection needs an \
                 open file: see LimitNOFILE of the unit.",
            )
            .default("10000"),
        );
        let connections_per_address = reader.read(
            Setting::new(
                "SIGNOFF_CONNECTIONS_PER_ADDRESS",
                whole_number(1..=1_000_000),
                "The most connections of one server process from one address that is not a proxy of \
                 SIGNOFF_TRUSTED_PROXIES. Further ones are closed at once.",
            )
            .default("2000"),
        );
        Some(Self {
            changes_per_minute: changes_per_minute?,
            streams_per_person: streams_per_person?,
            uploads_per_person: uploads_per_person?,
            evidence_bytes_per_day: evidence_bytes_per_day?,
            evidence_bytes: evidence_bytes?,
            connections: connections?,
            connections_per_address: connections_per_address?,
        })
    }
}

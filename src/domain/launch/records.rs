//! The records that a launch's state is made of: evidence, waivers, comments, signatures.

use super::{
    event::{EvidenceContent, Seq, SignatureRecord},
    texts::Commitment,
};
use crate::domain::{
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, SignatureId, UserId, WaiverId},
    time::{Day, Moment, Zone},
};

/// Who did something, when and why, such as a withdrawal or a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribution {
    pub by: UserId,
    pub at: Moment,
    pub reason: Commitment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    pub item: ItemId,
    pub content: EvidenceContent,
    /// If this evidence reuses that of another item: the evidence that was attached first.
    pub source_id: Option<EvidenceId>,
    pub by: UserId,
    pub at: Moment,
    /// The event that attached it.
    pub seq: Seq,
    /// The day on which the fact was true.
    pub observed_on: Day,
    /// The last day on which the evidence is valid.
    pub valid_until: Option<Day>,
    pub withdrawn: Option<Attribution>,
    /// When the bytes of the file were destroyed by a redaction.
    pub redacted: Option<Moment>,
}

impl Evidence {
    /// The evidence that was attached first: this one, unless it reuses another. A file's bytes are stored under this
    /// id only. So they are stored once however often they are used, the row that protects them from the sweep is never
    /// deleted, and destroying them destroys them everywhere.
    #[must_use]
    pub fn origin_id(&self) -> EvidenceId {
        self.source_id.unwrap_or(self.id)
    }

    /// Whether the evidence is valid: not withdrawn, and its last day is not over.
    #[must_use]
    pub fn is_valid(&self, zone: &Zone, now: Moment) -> bool {
        self.withdrawn.is_none() && !self.has_lapsed(zone, now)
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn has_lapsed(&self, zone: &Zone, now: Moment) -> bool {
        self.valid_until.is_some_and(|day| day.end(zone) <= now)
    }
}

/// The answer to a waiver request. Expiry is not a status; it is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaiverStatus {
    Asked,
    Approved {
        by: UserId,
        at: Moment,
        reason: Option<Commitment>,
    },
    Refused(Attribution),
    /// Approved, and revoked later.
    Revoked(Attribution),
}

/// Permission to launch without an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub id: WaiverId,
    pub item: ItemId,
    pub by: UserId,
    pub at: Moment,
    /// The event that asked for it.
    pub seq: Seq,
    pub reason: Commitment,
    /// The compensating control: what is done instead.
    pub control: Commitment,
    /// The last day of the waiver.
    pub expires_on: Day,
    pub status: WaiverStatus,
}

impl Waiver {
    /// Whether the waiver is approved and not revoked; it may have expired.
    #[must_use]
    pub const fn is_approved(&self) -> bool {
        matches!(self.status, WaiverStatus::Approved { .. })
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_expired(&self, zone: &Zone, now: Moment) -> bool {
        self.expires_on.end(zone) <= now
    }

    /// Whether the waiver permits launching without the item now.
    #[must_use]
    pub fn is_in_force(&self, zone: &Zone, now: Moment) -> bool {
        self.is_approved() && !self.is_expired(zone, now)
    }
}

/// A comment. Its body is not in memory; pages read it from the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: CommentId,
    pub item: ItemId,
    pub by: UserId,
    pub at: Moment,
    /// The commitment of the current body.
    pub body: Commitment,
    /// When the author last rewrote it.
    pub edited_at: Option<Moment>,
    pub deleted_at: Option<Moment>,
    /// Who hid it and when, if it is hidden.
    pub hidden: Option<(UserId, Moment)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRequest {
    pub id: EvidenceRequestId,
    pub item: ItemId,
    pub by: UserId,
    pub at: Moment,
    pub text: Commitment,
    pub answer: Option<Attribution>,
}

/// A signature and what happened to it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub record: SignatureRecord,
    pub at: Moment,
    /// The event that records it.
    pub seq: Seq,
    pub withdrawn: Option<Attribution>,
    /// Whether its signer signed again in the same role.
    pub superseded: bool,
    /// The signature of another holder that lifted this objection.
    pub lifted_by: Option<SignatureId>,
}

impl Signature {
    /// Whether the signature is in effect: not withdrawn, and not superseded by a later one of the same signer.
    #[must_use]
    pub const fn is_in_effect(&self) -> bool {
        self.withdrawn.is_none() && !self.superseded
    }
}

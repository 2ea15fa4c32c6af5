//! What an event records of a signature.

use serde::{Deserialize, Serialize};

use super::{
    credential_renewal::CredentialRenewal,
    person_ref::{PersonRef, ProofMethod},
    seq::Seq,
    texts::Commitment,
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::SignatureId,
    role::RoleSlug,
    text::{Email, Title},
    time::{Moment, Zone},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Vote {
    Go,
    /// An objection: the launch is not ready while it lasts.
    NoGo,
}

impl Vote {
    /// The name in forms and in the HTML.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::NoGo => "no_go",
        }
    }
}

/// What a signature means (21 CFR 11.50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SignatureMeaning {
    Approval,
    Review,
    Responsibility,
}

impl SignatureMeaning {
    /// All meanings, the most usual first.
    pub const ALL: [Self; 3] = [Self::Approval, Self::Review, Self::Responsibility];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Review => "review",
            Self::Responsibility => "responsibility",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureRecord {
    pub id: SignatureId,
    pub signer: PersonRef,
    /// The signer's e-mail address at the time.
    pub email: Email,
    pub role: RoleSlug,
    /// The role's name at the time.
    pub role_title: Title,
    pub verdict: Vote,
    pub meaning: SignatureMeaning,
    /// The version of the statement that was shown.
    pub statement_version: u32,
    /// The whole statement that was shown.
    pub statement: String,
    pub comment: Option<Commitment>,
    pub zone: Zone,
    pub proof: ProofMethod,
    pub proved_at: Moment,
    /// The network address of the request.
    pub address: Commitment,
    /// The browser of the request.
    pub user_agent: Commitment,
    /// The newest event on the page that the signer saw.
    pub saw: Seq,
    /// The digest of the role's scope as the signer saw it.
    pub digest: Sha256Hash,
    /// The objection of another holder that this signature lifts.
    pub lifts: Option<SignatureId>,
    /// The signer's credentials that others renewed within the 30 days before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renewed: Vec<CredentialRenewal>,
}

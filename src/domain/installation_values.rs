//! The values of which the events of the installation are made. They are stored and hashed with the events.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::texts;

/// The credential with which somebody proves their identity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Credential {
    /// The password. It is the default when the field is absent, because older entries have no `credential` field.
    #[default]
    Password,
    /// A code of the second factor, or a recovery code.
    Code,
}

impl Credential {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    pub(super) const fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

/// The policy of who needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorPolicy {
    /// Nobody has to have one; everyone decides for themselves.
    Optional,
    /// Required for admins, for owners of a launch that is not over, and for holders of a role that signs such a
    /// launch.
    LeadsAndAdmins,
}

impl SecondFactorPolicy {
    pub const ALL: [Self; 2] = [Self::Optional, Self::LeadsAndAdmins];

    /// The name in the database and in forms.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::LeadsAndAdmins => "leads_and_admins",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.slug() == slug)
    }
}

/// The format in which a history is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// All events, with everything that is needed to verify them.
    Bundle,
    Csv,
    /// One event per line.
    JsonLines,
}

impl ExportFormat {
    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Bundle => texts::exported_as_bundle(),
            Self::Csv => texts::exported_as_table(),
            Self::JsonLines => texts::exported_as_json_lines(),
        }
    }
}

/// The action for which a proof of identity was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProofPurpose {
    SignIn,
    /// An action in one's own account that asks for the password again.
    Confirm,
    /// Signing a launch, withdrawing a signature or declaring GO.
    Sign,
    /// Changing people, rights or policy as an admin.
    Administer,
}

/// Why a signature was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SigningRefusalReason {
    NotHolder,
    /// The role's scope is no longer the one that the page showed.
    ChangedScope,
    /// The statement that signers make is no longer the one that the page showed.
    ChangedStatement,
    /// Somebody else renewed the signer's credentials too recently.
    RenewedWayIn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RejectionReason {
    /// The user lacks the right.
    NotAllowed,
    /// It was a change, and the request came from another site or did not name its origin.
    FromElsewhere,
    /// The host name in the request is not that of this installation.
    WrongHost,
    /// The rate limit was exceeded.
    TooOften,
}

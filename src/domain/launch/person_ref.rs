//! Stored forms of people and of how they proved who they are. They are part of hashed events.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    domain::{ids::UserId, text::PersonName},
    texts,
};

/// A person as recorded in an event: the id, and the name as text, which later renaming does not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    pub id: UserId,
    /// The name at the time of the event.
    pub name: PersonName,
}

/// How a person proved their identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofMethod {
    Password,
    /// The password and a code of the authenticator app (TOTP, RFC 6238).
    PasswordAndTotp,
    /// The password and one of the single-use recovery codes.
    PasswordAndRecoveryCode,
}

impl ProofMethod {
    /// A label that follows the words "proved with".
    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Password => texts::proved_with_password(),
            Self::PasswordAndTotp => texts::proved_with_password_and_code(),
            Self::PasswordAndRecoveryCode => texts::proved_with_password_and_recovery_code(),
        }
    }
}

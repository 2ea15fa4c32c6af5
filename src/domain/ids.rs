//! Identifiers. Each is a type of its own, so that an item's id can't be used in place of a launch's id.

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdParseError;

macro_rules! define_id_types {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdParseError;

            fn from_str(text: &str) -> Result<Self, IdParseError> {
                uuid::Uuid::try_parse(text).map(Self).map_err(|_| IdParseError)
            }
        }
    )+};
}

define_id_types! {
    UserId;
    InvitationId;
    ChecklistId;
    /// One immutable, published version of a checklist.
    ChecklistVersionId;
    /// A part, section or item of a checklist's draft.
    NodeId;
    LaunchId;
    /// An item of one launch: UUIDv5(launch, key).
    ItemId;
    EvidenceId;
    WaiverId;
    SignatureId;
    CommentId;
    EvidenceRequestId;
    /// One renewal of somebody's credentials by another person.
    RenewalId;
    /// One request of a person to sign in with another address.
    AddressChangeId;
    /// This installation of the program. Its key's name and the names of its logs contain this id.
    InstallationId;
    /// One HTTP request or command-line call. The events that it made contain this id.
    RequestId;
}

impl ItemId {
    /// UUIDv5 (RFC 9562, section 5.5) of the key, with the launch's id as the name space, so that the id can be derived
    /// from the launch and the key alone.
    #[must_use]
    pub fn from_key(launch: LaunchId, key: &super::checklist::ItemKey) -> Self {
        Self(uuid::Uuid::new_v5(&launch.0, key.as_str().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_text_is_read_back_and_other_forms_are_refused() {
        let id = LaunchId(uuid::Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in ["", "1", "00000000-0000-0000-0000-00000000000g", "\0"] {
            assert_eq!(bad.parse::<LaunchId>(), Err(IdParseError), "{bad:?}");
        }
    }
}

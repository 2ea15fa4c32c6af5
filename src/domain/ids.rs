//! Identifiers: a newtype each, so that an item's id can never stand where a launch's is meant.

/// The reason an identifier was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// The UUID within.
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
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                uuid::Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )+};
}

ids! {
    /// A person's account.
    UserId;
    /// An invitation to make an account.
    InvitationId;
    /// A checklist, across its versions.
    ChecklistId;
    /// One immutable, published version of a checklist.
    ChecklistVersionId;
    /// A part, section or item of a checklist's draft.
    NodeId;
    /// One thing being launched.
    LaunchId;
    /// An item of one launch: UUIDv5(launch, key).
    ItemId;
    /// A file, link or note on an item.
    EvidenceId;
    /// Permission to go without an item.
    WaiverId;
    /// One person's go or no-go in a role.
    SignatureId;
    /// A comment on an item.
    CommentId;
    /// An auditor's request for more evidence.
    EvidenceRequestId;
    /// One renewal of somebody's way in by another.
    RenewalId;
    /// This installation of the program, which its key and the names of its logs begin with.
    InstallationId;
    /// One HTTP request or command-line call, named in the events that it made.
    RequestId;
}

impl ItemId {
    /// The id of the item with this key in a launch: UUIDv5 (RFC 9562, section 5.5) with the launch's id as
    /// the name space, so that it can be told from the launch and the key alone.
    #[must_use]
    pub fn of(launch: LaunchId, key: &super::checklist::ItemKey) -> Self {
        Self(uuid::Uuid::new_v5(&launch.0, key.as_str().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_writes_and_refuses_the_rest() {
        let id = LaunchId(uuid::Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in ["", "1", "00000000-0000-0000-0000-00000000000g", "\0"] {
            assert_eq!(bad.parse::<LaunchId>(), Err(NotAnId), "{bad:?}");
        }
    }
}

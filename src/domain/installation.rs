//! What can happen to the installation, as opposed to a launch: accounts and rights, checklists, exports, its key, each
//! launch's daily checkpoint, and refusals that matter.

use serde::{Deserialize, Serialize};

use super::{
    canonical::Sha256Hash,
    ids::{ChecklistId, ChecklistVersionId, InvitationId, UserId},
    key::PublicKey,
    role::{InstallationRoles, RoleSlug},
    text::{PersonName, Title},
};

/// One change of the installation, or one refusal. What may have to be forgotten (addresses of people and machines,
/// what was typed) never stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InstallationEvent {
    /// The first admin was made, at the one-time address. Nobody acted before them.
    SetUp {
        /// The admin.
        user: UserId,
        /// Their name.
        name: PersonName,
    },
    /// An account was made without an invitation, from the command line.
    AccountMade {
        /// Whose.
        user: UserId,
        /// Their name.
        name: PersonName,
        /// What they may do.
        roles: InstallationRoles,
    },
    /// Somebody was invited.
    Invited {
        /// The invitation.
        invitation: InvitationId,
        /// The name it was made out to.
        name: PersonName,
        /// What they may do once they come.
        roles: InstallationRoles,
    },
    /// An invitation was taken back before it was used.
    InvitationWithdrawn {
        /// The invitation.
        invitation: InvitationId,
    },
    /// An invitation was used: an account was made.
    InvitationUsed {
        /// The invitation.
        invitation: InvitationId,
        /// The new account.
        user: UserId,
        /// The name they gave.
        name: PersonName,
        /// What they may do.
        roles: InstallationRoles,
    },
    /// Somebody's roles were changed.
    RolesChanged {
        /// Whose.
        user: UserId,
        /// What they might do before.
        from: InstallationRoles,
        /// What they may do now.
        to: InstallationRoles,
    },
    /// An account was closed; what they did stays, and so do their signatures.
    Deactivated {
        /// Whose.
        user: UserId,
    },
    /// An account was opened again.
    Reactivated {
        /// Whose.
        user: UserId,
    },
    /// Somebody chose a new password, which ended their other sessions.
    PasswordChanged {
        /// Whose.
        user: UserId,
    },
    /// Somebody ended all their other sessions.
    SessionsEnded {
        /// Whose.
        user: UserId,
    },
    /// A password was refused where somebody proved who they are.
    ProofRefused {
        /// Who was asked, when there is such an account.
        user: Option<UserId>,
        /// What for.
        purpose: Purpose,
    },
    /// So many refusals more of the same within the hour.
    ProofsRefused {
        /// Who was asked, when there is such an account.
        user: Option<UserId>,
        /// What for.
        purpose: Purpose,
        /// How many there have been in that hour up to now, those recorded singly included.
        count: i64,
    },
    /// Somebody who asked to sign a launch was refused, for another reason than their password.
    SigningRefused {
        /// In which role, when they said so.
        role: Option<RoleSlug>,
        /// Why.
        why: NotSigned,
    },
    /// So many such refusals more within the hour.
    SigningsRefused {
        /// How many there have been in that hour up to now, those recorded singly included.
        count: i64,
    },
    /// Somebody asked for a launch that they may not know of, or for one that is not there: both are told alike, so that
    /// neither the answer nor what is recorded of it says which it was.
    LaunchRefused {
        /// The id in the address: a launch's, or of something that is part of one.
        asked: uuid::Uuid,
    },
    /// So many such refusals more within the hour.
    LaunchesRefused {
        /// How many there have been in that hour up to now, those recorded singly included.
        count: i64,
    },
    /// A new wording of what signers declare was published, for signatures to come.
    StatementPublished {
        /// Its version.
        version: u32,
        /// The hash of its six texts.
        hash: Sha256Hash,
    },
    /// A version of a checklist was published; its first one made the checklist.
    ChecklistPublished {
        /// The checklist.
        checklist: ChecklistId,
        /// The version.
        version: ChecklistVersionId,
        /// Its number, from 1.
        number: i32,
        /// The checklist's name in it.
        name: Title,
        /// The hash of its content.
        hash: Sha256Hash,
        /// How many items it has.
        items: i32,
    },
    /// A checklist was put away: no launch is made from it any more. Launches made from it stay as they are.
    ChecklistArchived {
        /// The checklist.
        checklist: ChecklistId,
    },
    /// A checklist that was put away was brought back.
    ChecklistRestored {
        /// The checklist.
        checklist: ChecklistId,
    },
    /// All evidence of a launch was taken away as one archive; the entry names the launch.
    EvidenceExported {
        /// How many pieces of evidence there were.
        pieces: u32,
        /// How many files were among them, each counted once.
        files: u32,
    },
    /// The history of a launch was taken away; the entry names the launch.
    HistoryExported {
        /// As what.
        form: HistoryForm,
        /// How many events it had.
        events: i64,
    },
    /// This log was taken away, this entry included.
    LogExported {
        /// As what.
        form: HistoryForm,
    },
    /// The key that signs checkpoints was seen for the first time: from now on the database goes with no other.
    KeyRegistered {
        /// The key.
        key: PublicKey,
    },
    /// How long the history is of the launch that this concerns, and what it hashes to: its newest checkpoint on that
    /// day. So the installation's own checkpoint covers those of all launches.
    LaunchCheckpointed {
        /// How many events it has.
        size: i64,
        /// The root of the tree over them.
        root: Sha256Hash,
    },
}

/// As what a history is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryForm {
    /// Everything, with what it takes to verify it.
    Bundle,
    /// A table, for spreadsheets.
    Csv,
    /// One event a line.
    JsonLines,
}

impl HistoryForm {
    /// What it is called.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Bundle => "a bundle",
            Self::Csv => "a table (CSV)",
            Self::JsonLines => "JSON Lines",
        }
    }
}

/// What a password was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To do something in one's account that asks for the password again.
    Confirm,
    /// To sign a launch, withdraw a signature or declare GO.
    Sign,
}

/// Why somebody could not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSigned {
    /// They do not hold the role.
    NotHolder,
    /// The role's scope is not any more what the page showed.
    ChangedScope,
    /// What signers declare is not any more what the page showed.
    ChangedStatement,
}

impl InstallationEvent {
    /// Whether it tells that somebody was refused something.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::ProofRefused { .. }
                | Self::ProofsRefused { .. }
                | Self::SigningRefused { .. }
                | Self::SigningsRefused { .. }
                | Self::LaunchRefused { .. }
                | Self::LaunchesRefused { .. }
        )
    }

    /// Who did it where nobody was signed in.
    #[must_use]
    pub const fn nobody(&self) -> &'static str {
        match self {
            Self::KeyRegistered { .. } | Self::LaunchCheckpointed { .. } => "The installation",
            Self::AccountMade { .. } | Self::ChecklistPublished { .. } => "The command line",
            _ => "Somebody",
        }
    }

    /// The people whom it names by their accounts, besides who did it.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::SetUp { user, .. }
            | Self::AccountMade { user, .. }
            | Self::InvitationUsed { user, .. }
            | Self::RolesChanged { user, .. }
            | Self::Deactivated { user }
            | Self::Reactivated { user }
            | Self::PasswordChanged { user }
            | Self::SessionsEnded { user } => Some(*user),
            Self::ProofRefused { user, .. } | Self::ProofsRefused { user, .. } => *user,
            _ => None,
        }
    }

    /// The kind that tells of a launch's checkpoint, by which those already told are found.
    pub const LAUNCH_CHECKPOINTED: &'static str = "launch_checkpointed";

    /// The name of its kind, as it stands in the event's bytes.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SetUp { .. } => "set_up",
            Self::AccountMade { .. } => "account_made",
            Self::Invited { .. } => "invited",
            Self::InvitationWithdrawn { .. } => "invitation_withdrawn",
            Self::InvitationUsed { .. } => "invitation_used",
            Self::RolesChanged { .. } => "roles_changed",
            Self::Deactivated { .. } => "deactivated",
            Self::Reactivated { .. } => "reactivated",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SessionsEnded { .. } => "sessions_ended",
            Self::ProofRefused { .. } => "proof_refused",
            Self::ProofsRefused { .. } => "proofs_refused",
            Self::SigningRefused { .. } => "signing_refused",
            Self::SigningsRefused { .. } => "signings_refused",
            Self::LaunchRefused { .. } => "launch_refused",
            Self::LaunchesRefused { .. } => "launches_refused",
            Self::StatementPublished { .. } => "statement_published",
            Self::ChecklistPublished { .. } => "checklist_published",
            Self::ChecklistArchived { .. } => "checklist_archived",
            Self::ChecklistRestored { .. } => "checklist_restored",
            Self::EvidenceExported { .. } => "evidence_exported",
            Self::HistoryExported { .. } => "history_exported",
            Self::LogExported { .. } => "log_exported",
            Self::KeyRegistered { .. } => "key_registered",
            Self::LaunchCheckpointed { .. } => Self::LAUNCH_CHECKPOINTED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{canonical, key::tests::key, role::InstallationRole};

    /// One of each kind, in the form in which it was first written: they are read for ever.
    #[test]
    fn every_kind_reads_back_from_its_bytes() {
        let user = UserId(uuid::Uuid::from_u128(1));
        let invitation = InvitationId(uuid::Uuid::from_u128(2));
        let checklist = ChecklistId(uuid::Uuid::from_u128(1));
        let name = PersonName::new("Ana Sousa").unwrap();
        let roles = InstallationRoles::new([InstallationRole::Member]).unwrap();
        let admin = InstallationRoles::new([InstallationRole::Member, InstallationRole::Admin]).unwrap();
        let id = "00000000-0000-0000-0000-000000000001";
        let of = "00000000-0000-0000-0000-000000000002";
        for (event, bytes) in [
            (
                InstallationEvent::SetUp { user, name: name.clone() },
                format!(r#"{{"kind":"set_up","name":"Ana Sousa","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::AccountMade { user, name: name.clone(), roles: roles.clone() },
                format!(r#"{{"kind":"account_made","name":"Ana Sousa","roles":["member"],"user":"{id}"}}"#),
            ),
            (
                InstallationEvent::Invited { invitation, name: name.clone(), roles: roles.clone() },
                format!(r#"{{"invitation":"{of}","kind":"invited","name":"Ana Sousa","roles":["member"]}}"#),
            ),
            (
                InstallationEvent::InvitationWithdrawn { invitation },
                format!(r#"{{"invitation":"{of}","kind":"invitation_withdrawn"}}"#),
            ),
            (
                InstallationEvent::InvitationUsed { invitation, user, name, roles: roles.clone() },
                format!(
                    r#"{{"invitation":"{of}","kind":"invitation_used","name":"Ana Sousa","roles":["member"],"user":"{id}"}}"#
                ),
            ),
            (
                InstallationEvent::RolesChanged { user, from: roles, to: admin },
                format!(r#"{{"from":["member"],"kind":"roles_changed","to":["admin","member"],"user":"{id}"}}"#),
            ),
            (InstallationEvent::Deactivated { user }, format!(r#"{{"kind":"deactivated","user":"{id}"}}"#)),
            (InstallationEvent::Reactivated { user }, format!(r#"{{"kind":"reactivated","user":"{id}"}}"#)),
            (InstallationEvent::PasswordChanged { user }, format!(r#"{{"kind":"password_changed","user":"{id}"}}"#)),
            (InstallationEvent::SessionsEnded { user }, format!(r#"{{"kind":"sessions_ended","user":"{id}"}}"#)),
            (
                InstallationEvent::ProofRefused { user: None, purpose: Purpose::SignIn },
                r#"{"kind":"proof_refused","purpose":"sign_in","user":null}"#.to_owned(),
            ),
            (
                InstallationEvent::ProofsRefused { user: Some(user), purpose: Purpose::Confirm, count: 20 },
                format!(r#"{{"count":20,"kind":"proofs_refused","purpose":"confirm","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::ProofRefused { user: Some(user), purpose: Purpose::Sign },
                format!(r#"{{"kind":"proof_refused","purpose":"sign","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::SigningRefused {
                    role: Some("security".parse().unwrap()),
                    why: NotSigned::ChangedScope,
                },
                r#"{"kind":"signing_refused","role":"security","why":"changed_scope"}"#.to_owned(),
            ),
            (
                InstallationEvent::SigningRefused { role: None, why: NotSigned::NotHolder },
                r#"{"kind":"signing_refused","role":null,"why":"not_holder"}"#.to_owned(),
            ),
            (
                InstallationEvent::SigningRefused { role: None, why: NotSigned::ChangedStatement },
                r#"{"kind":"signing_refused","role":null,"why":"changed_statement"}"#.to_owned(),
            ),
            (InstallationEvent::SigningsRefused { count: 20 }, r#"{"count":20,"kind":"signings_refused"}"#.to_owned()),
            (
                InstallationEvent::LaunchRefused { asked: uuid::Uuid::from_u128(1) },
                format!(r#"{{"asked":"{id}","kind":"launch_refused"}}"#),
            ),
            (InstallationEvent::LaunchesRefused { count: 20 }, r#"{"count":20,"kind":"launches_refused"}"#.to_owned()),
            (
                InstallationEvent::LogExported { form: HistoryForm::JsonLines },
                r#"{"form":"json_lines","kind":"log_exported"}"#.to_owned(),
            ),
            (
                InstallationEvent::StatementPublished { version: 2, hash: Sha256Hash([0xab; 32]) },
                format!(r#"{{"hash":"{}","kind":"statement_published","version":2}}"#, "ab".repeat(32)),
            ),
            (
                InstallationEvent::ChecklistPublished {
                    checklist,
                    version: ChecklistVersionId(uuid::Uuid::from_u128(2)),
                    number: 3,
                    name: Title::new("Production readiness").unwrap(),
                    hash: Sha256Hash([0xab; 32]),
                    items: 209,
                },
                format!(
                    r#"{{"checklist":"{id}","hash":"{}","items":209,"kind":"checklist_published","name":"Production readiness","number":3,"version":"{of}"}}"#,
                    "ab".repeat(32)
                ),
            ),
            (
                InstallationEvent::ChecklistArchived { checklist },
                format!(r#"{{"checklist":"{id}","kind":"checklist_archived"}}"#),
            ),
            (
                InstallationEvent::ChecklistRestored { checklist },
                format!(r#"{{"checklist":"{id}","kind":"checklist_restored"}}"#),
            ),
            (
                InstallationEvent::EvidenceExported { pieces: 12, files: 7 },
                r#"{"files":7,"kind":"evidence_exported","pieces":12}"#.to_owned(),
            ),
            (
                InstallationEvent::HistoryExported { form: HistoryForm::Bundle, events: 214 },
                r#"{"events":214,"form":"bundle","kind":"history_exported"}"#.to_owned(),
            ),
            (
                InstallationEvent::HistoryExported { form: HistoryForm::Csv, events: 214 },
                r#"{"events":214,"form":"csv","kind":"history_exported"}"#.to_owned(),
            ),
            (
                InstallationEvent::HistoryExported { form: HistoryForm::JsonLines, events: 214 },
                r#"{"events":214,"form":"json_lines","kind":"history_exported"}"#.to_owned(),
            ),
            (
                InstallationEvent::KeyRegistered { key: key(7).public() },
                format!(r#"{{"key":"{}","kind":"key_registered"}}"#, key(7).public()),
            ),
            (
                InstallationEvent::LaunchCheckpointed { size: 214, root: Sha256Hash([0xab; 32]) },
                format!(r#"{{"kind":"launch_checkpointed","root":"{}","size":214}}"#, "ab".repeat(32)),
            ),
        ] {
            assert_eq!(String::from_utf8(canonical::bytes(&event)).unwrap(), bytes);
            assert_eq!(canonical::read::<InstallationEvent>(bytes.as_bytes()).unwrap(), event);
            assert!(bytes.contains(&format!(r#""kind":"{}""#, event.kind())));
        }
    }
}

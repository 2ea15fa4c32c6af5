//! What can happen to the installation, as opposed to a launch: accounts, sign-ins and rights, checklists, exports, its
//! key, each launch's daily checkpoint, and refusals that matter.

use serde::{Deserialize, Serialize};

use super::{
    canonical::Sha256Hash,
    ids::{ChecklistId, ChecklistVersionId, InvitationId, UserId},
    key::PublicKey,
    launch::{
        event::{PersonRef, ProofMethod},
        texts::Commitment,
        way_in::RenewalKind,
    },
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
    /// Somebody ended all their other sessions, or an admin all of somebody's.
    SessionsEnded {
        /// Whose.
        user: UserId,
    },
    /// Somebody ended one of their sessions, at another browser than the one they sat at.
    SessionEnded {
        /// Whose.
        user: UserId,
    },
    /// Somebody signed in.
    SignedIn {
        /// Who.
        user: UserId,
        /// How they proved who they are.
        method: ProofMethod,
    },
    /// Somebody signed out.
    SignedOut {
        /// Who.
        user: UserId,
    },
    /// Somebody set up a second factor, which ended their other sessions.
    SecondFactorSetUp {
        /// Whose.
        user: UserId,
    },
    /// A second factor was taken away, by whose it was or by an admin; that ended their sessions.
    SecondFactorRemoved {
        /// Whose.
        user: UserId,
    },
    /// Somebody had new recovery codes made, in place of those before.
    RecoveryCodesMade {
        /// Whose.
        user: UserId,
    },
    /// It was changed of whom a second factor is demanded.
    SecondFactorPolicyChanged {
        /// Of whom it was.
        from: SecondFactorPolicy,
        /// Of whom it is.
        to: SecondFactorPolicy,
    },
    /// A link was made with which somebody chooses a new password: by an admin, or, where nobody acted, because the
    /// person asked for it by mail.
    ResetMade {
        /// Whose.
        user: UserId,
    },
    /// Such a link was used: a new password was chosen, which ended every session.
    PasswordReset {
        /// Whose.
        user: UserId,
        /// The admin who had made the link; nobody for one that went by mail or was made at the command line, and in
        /// entries from before this was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonRef>,
    },
    /// An admin confirmed that the person had asked for what another renewed of their way in.
    RenewalConfirmed {
        /// Whose way in.
        user: UserId,
        /// What was renewed.
        how: RenewalKind,
        /// Who had made the link or removed the second factor; nobody at the command line.
        by: Option<PersonRef>,
    },
    /// The person said that they have seen what others renewed of their way in.
    RenewalSeen {
        /// Whose way in.
        user: UserId,
    },
    /// A password, or a code of a second factor, was refused where somebody proved who they are.
    ProofRefused {
        /// Who was asked, when there is such an account.
        user: Option<UserId>,
        /// What for.
        purpose: Purpose,
        /// What it was that was wrong.
        #[serde(default, skip_serializing_if = "Credential::is_password")]
        credential: Credential,
        /// A commitment to the address that it came from, where somebody tried to sign in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<Commitment>,
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
    /// A request was refused before it came to what it asked for: by the rights of who asked, or by what guards every
    /// request.
    RequestRefused {
        /// Why.
        why: TurnedAway,
        /// What was asked for: the method, and the route as it is written in the code (`POST /launches/{id}/signatures`),
        /// never the address, which may hold a secret; without a route, where none has that address.
        what: String,
    },
    /// So many such refusals more within the hour.
    RequestsRefused {
        /// Why.
        why: TurnedAway,
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

/// What somebody proves with who they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// The password. What is not said is this: entries were written before there was anything else.
    #[default]
    Password,
    /// A code of the second factor, or a recovery code.
    Code,
}

impl Credential {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

/// Of whom a second factor is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorPolicy {
    /// Of nobody: each decides for themselves.
    Optional,
    /// Of admins, and of those who own a launch that is not over or hold a role that signs one.
    LeadsAndAdmins,
}

impl SecondFactorPolicy {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Optional, Self::LeadsAndAdmins];

    /// The word for it in the database and in forms.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::LeadsAndAdmins => "leads_and_admins",
        }
    }

    /// Reads [`Self::slug`].
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.slug() == slug)
    }
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
    /// To change people, rights or policy as an admin.
    Administer,
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
    /// Another renewed their way in, too short a while ago.
    RenewedWayIn,
}

/// Why a request was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnedAway {
    /// Who asked may not do it.
    NotAllowed,
    /// It was a change, and a page of another site sent it, or it did not say where it came from.
    FromElsewhere,
    /// It was asked for another site's name.
    WrongHost,
    /// It was tried too often.
    TooOften,
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
                | Self::RequestRefused { .. }
                | Self::RequestsRefused { .. }
        )
    }

    /// Who did it where nobody was signed in.
    #[must_use]
    pub const fn nobody(&self) -> &'static str {
        match self {
            Self::KeyRegistered { .. } | Self::LaunchCheckpointed { .. } => "The installation",
            // Done where nobody signs in.
            Self::AccountMade { .. } | Self::ChecklistPublished { .. } | Self::SecondFactorRemoved { .. } => {
                "The command line"
            }
            _ => "Somebody",
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
            Self::SessionEnded { .. } => "session_ended",
            Self::SignedIn { .. } => "signed_in",
            Self::SignedOut { .. } => "signed_out",
            Self::SecondFactorSetUp { .. } => "second_factor_set_up",
            Self::SecondFactorRemoved { .. } => "second_factor_removed",
            Self::RecoveryCodesMade { .. } => "recovery_codes_made",
            Self::SecondFactorPolicyChanged { .. } => "second_factor_policy_changed",
            Self::ResetMade { .. } => "reset_made",
            Self::PasswordReset { .. } => "password_reset",
            Self::RenewalConfirmed { .. } => "renewal_confirmed",
            Self::RenewalSeen { .. } => "renewal_seen",
            Self::ProofRefused { .. } => "proof_refused",
            Self::ProofsRefused { .. } => "proofs_refused",
            Self::SigningRefused { .. } => "signing_refused",
            Self::SigningsRefused { .. } => "signings_refused",
            Self::LaunchRefused { .. } => "launch_refused",
            Self::LaunchesRefused { .. } => "launches_refused",
            Self::RequestRefused { .. } => "request_refused",
            Self::RequestsRefused { .. } => "requests_refused",
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

    /// Whose account it is about, where it is about one.
    #[must_use]
    pub const fn subject(&self) -> Option<UserId> {
        match self {
            Self::SetUp { user, .. }
            | Self::AccountMade { user, .. }
            | Self::InvitationUsed { user, .. }
            | Self::RolesChanged { user, .. }
            | Self::Deactivated { user }
            | Self::Reactivated { user }
            | Self::PasswordChanged { user }
            | Self::SessionsEnded { user }
            | Self::SessionEnded { user }
            | Self::SignedIn { user, .. }
            | Self::SignedOut { user }
            | Self::SecondFactorSetUp { user }
            | Self::SecondFactorRemoved { user }
            | Self::RecoveryCodesMade { user }
            | Self::ResetMade { user }
            | Self::PasswordReset { user, .. }
            | Self::RenewalConfirmed { user, .. }
            | Self::RenewalSeen { user } => Some(*user),
            Self::ProofRefused { user, .. } | Self::ProofsRefused { user, .. } => *user,
            Self::Invited { .. }
            | Self::InvitationWithdrawn { .. }
            | Self::SecondFactorPolicyChanged { .. }
            | Self::SigningRefused { .. }
            | Self::SigningsRefused { .. }
            | Self::StatementPublished { .. }
            | Self::ChecklistPublished { .. }
            | Self::ChecklistArchived { .. }
            | Self::ChecklistRestored { .. }
            | Self::EvidenceExported { .. }
            | Self::HistoryExported { .. }
            | Self::LogExported { .. }
            | Self::LaunchRefused { .. }
            | Self::LaunchesRefused { .. }
            | Self::RequestRefused { .. }
            | Self::RequestsRefused { .. }
            | Self::KeyRegistered { .. }
            | Self::LaunchCheckpointed { .. } => None,
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
        let ann = PersonRef { id: UserId(uuid::Uuid::from_u128(2)), name: PersonName::new("Ann Admin").unwrap() };
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
                InstallationEvent::ProofRefused {
                    user: None,
                    purpose: Purpose::SignIn,
                    credential: Credential::Password,
                    address: None,
                },
                r#"{"kind":"proof_refused","purpose":"sign_in","user":null}"#.to_owned(),
            ),
            (
                InstallationEvent::ProofsRefused { user: Some(user), purpose: Purpose::Confirm, count: 20 },
                format!(r#"{{"count":20,"kind":"proofs_refused","purpose":"confirm","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::ProofRefused {
                    user: Some(user),
                    purpose: Purpose::Sign,
                    credential: Credential::Password,
                    address: None,
                },
                format!(r#"{{"kind":"proof_refused","purpose":"sign","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::ProofRefused {
                    user: Some(user),
                    purpose: Purpose::Sign,
                    credential: Credential::Code,
                    address: None,
                },
                format!(r#"{{"credential":"code","kind":"proof_refused","purpose":"sign","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::ProofRefused {
                    user: Some(user),
                    purpose: Purpose::SignIn,
                    credential: Credential::Password,
                    address: Some(Commitment(Sha256Hash([7; 32]))),
                },
                format!(
                    r#"{{"address":"{}","kind":"proof_refused","purpose":"sign_in","user":"{id}"}}"#,
                    "07".repeat(32)
                ),
            ),
            (InstallationEvent::SessionEnded { user }, format!(r#"{{"kind":"session_ended","user":"{id}"}}"#)),
            (
                InstallationEvent::SignedIn { user, method: ProofMethod::Password },
                format!(r#"{{"kind":"signed_in","method":"password","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::SignedIn { user, method: ProofMethod::PasswordAndTotp },
                format!(r#"{{"kind":"signed_in","method":"password_and_totp","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::SignedIn { user, method: ProofMethod::PasswordAndRecoveryCode },
                format!(r#"{{"kind":"signed_in","method":"password_and_recovery_code","user":"{id}"}}"#),
            ),
            (InstallationEvent::SignedOut { user }, format!(r#"{{"kind":"signed_out","user":"{id}"}}"#)),
            (
                InstallationEvent::SecondFactorSetUp { user },
                format!(r#"{{"kind":"second_factor_set_up","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::SecondFactorRemoved { user },
                format!(r#"{{"kind":"second_factor_removed","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::RecoveryCodesMade { user },
                format!(r#"{{"kind":"recovery_codes_made","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::SecondFactorPolicyChanged {
                    from: SecondFactorPolicy::Optional,
                    to: SecondFactorPolicy::LeadsAndAdmins,
                },
                r#"{"from":"optional","kind":"second_factor_policy_changed","to":"leads_and_admins"}"#.to_owned(),
            ),
            (InstallationEvent::ResetMade { user }, format!(r#"{{"kind":"reset_made","user":"{id}"}}"#)),
            (
                InstallationEvent::PasswordReset { user, by: None },
                format!(r#"{{"kind":"password_reset","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::PasswordReset { user, by: Some(ann.clone()) },
                format!(r#"{{"by":{{"id":"{of}","name":"Ann Admin"}},"kind":"password_reset","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::RenewalConfirmed { user, how: RenewalKind::ResetLink, by: Some(ann) },
                format!(
                    r#"{{"by":{{"id":"{of}","name":"Ann Admin"}},"how":"reset_link","kind":"renewal_confirmed","user":"{id}"}}"#
                ),
            ),
            (
                InstallationEvent::RenewalConfirmed { user, how: RenewalKind::SecondFactorRemoved, by: None },
                format!(r#"{{"by":null,"how":"second_factor_removed","kind":"renewal_confirmed","user":"{id}"}}"#),
            ),
            (InstallationEvent::RenewalSeen { user }, format!(r#"{{"kind":"renewal_seen","user":"{id}"}}"#)),
            (
                InstallationEvent::ProofRefused {
                    user: Some(user),
                    purpose: Purpose::Administer,
                    credential: Credential::Password,
                    address: None,
                },
                format!(r#"{{"kind":"proof_refused","purpose":"administer","user":"{id}"}}"#),
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
            (
                InstallationEvent::SigningRefused { role: None, why: NotSigned::RenewedWayIn },
                r#"{"kind":"signing_refused","role":null,"why":"renewed_way_in"}"#.to_owned(),
            ),
            (InstallationEvent::SigningsRefused { count: 20 }, r#"{"count":20,"kind":"signings_refused"}"#.to_owned()),
            (
                InstallationEvent::LaunchRefused { asked: uuid::Uuid::from_u128(1) },
                format!(r#"{{"asked":"{id}","kind":"launch_refused"}}"#),
            ),
            (InstallationEvent::LaunchesRefused { count: 20 }, r#"{"count":20,"kind":"launches_refused"}"#.to_owned()),
            (
                InstallationEvent::RequestRefused { why: TurnedAway::NotAllowed, what: "GET /admin".to_owned() },
                r#"{"kind":"request_refused","what":"GET /admin","why":"not_allowed"}"#.to_owned(),
            ),
            (
                InstallationEvent::RequestsRefused { why: TurnedAway::FromElsewhere, count: 20 },
                r#"{"count":20,"kind":"requests_refused","why":"from_elsewhere"}"#.to_owned(),
            ),
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
            // What is looked up by is what the bytes say.
            let said = serde_json::from_str::<serde_json::Value>(&bytes).unwrap();
            assert_eq!(event.subject().map(|user| user.to_string()).as_deref(), said["user"].as_str());
        }
    }
}

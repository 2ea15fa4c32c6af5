//! Events of the installation, as opposed to a launch: accounts, sign-ins and rights, checklists, exports, the key,
//! each launch's daily checkpoint, and refusals worth recording.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    canonical::Sha256Hash,
    ids::{ChecklistId, ChecklistVersionId, InvitationId, UserId},
    key::PublicKey,
    launch::{
        credential_renewal::RenewalKind,
        event::{PersonRef, ProofMethod},
        texts::Commitment,
    },
    role::{InstallationRoles, RoleSlug},
    text::{PersonName, Title},
};
use crate::texts;

pub use super::installation_values::{
    Credential, ExportFormat, ProofPurpose, RejectionReason, SecondFactorPolicy, SigningRefusalReason,
};

/// One change of the installation, or one refusal. It never contains data that may have to be redacted (addresses of
/// people and machines, typed text).
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(InstallationEventKind),
    derive(strum::IntoStaticStr),
    strum(serialize_all = "snake_case", const_into_str),
    doc = "The kind of an installation event without its data. `into_str` gives its name in the stored entry."
)]
pub enum InstallationEvent {
    /// The first admin was created at the one-time address. This event has no actor.
    SetUp {
        user: UserId,
        name: PersonName,
    },
    /// An account was created from the command line, without an invitation.
    AccountMade {
        user: UserId,
        name: PersonName,
        roles: InstallationRoles,
    },
    Invited {
        invitation: InvitationId,
        /// The name that the admin entered for the invited person.
        name: PersonName,
        /// The roles that the new account will have.
        roles: InstallationRoles,
    },
    InvitationWithdrawn {
        invitation: InvitationId,
    },
    /// An invitation was used, which created an account.
    InvitationUsed {
        invitation: InvitationId,
        user: UserId,
        /// The name that the person entered.
        name: PersonName,
        roles: InstallationRoles,
    },
    RolesChanged {
        user: UserId,
        from: InstallationRoles,
        to: InstallationRoles,
    },
    /// An account was deactivated. The person's work and signatures stay.
    Deactivated {
        user: UserId,
    },
    Reactivated {
        user: UserId,
    },
    /// Somebody took another name. Earlier entries, events and signatures keep the name that they have.
    NameChanged {
        user: UserId,
        from: PersonName,
        to: PersonName,
    },
    /// Somebody asked to sign in with another address. No entry contains an address.
    AddressChangeRequested {
        user: UserId,
    },
    /// The new address was confirmed: by the person, with the link that was sent to it, or by an admin.
    AddressChanged {
        user: UserId,
    },
    /// Somebody changed their password, which ended their other sessions.
    PasswordChanged {
        user: UserId,
    },
    /// Somebody ended all their other sessions, or an admin ended all sessions of another person.
    SessionsEnded {
        user: UserId,
    },
    /// Somebody ended one of their own sessions, that of another browser.
    SessionEnded {
        user: UserId,
    },
    /// Somebody made a secret address for their calendar, which replaced the earlier one if there was one.
    CalendarAddressMade {
        user: UserId,
    },
    /// Somebody removed the secret address of their calendar.
    CalendarAddressRemoved {
        user: UserId,
    },
    /// An admin added a webhook.
    WebhookAdded {
        webhook: uuid::Uuid,
        name: Title,
    },
    /// An admin removed a webhook.
    WebhookRemoved {
        webhook: uuid::Uuid,
    },
    SignedIn {
        user: UserId,
        method: ProofMethod,
    },
    SignedOut {
        user: UserId,
    },
    /// Somebody set up a second factor, which ended their other sessions.
    SecondFactorSetUp {
        user: UserId,
    },
    /// The person or an admin removed the second factor, which ended the person's sessions.
    SecondFactorRemoved {
        user: UserId,
    },
    /// Somebody created new recovery codes, which replaced the earlier ones.
    RecoveryCodesMade {
        user: UserId,
    },
    /// The policy of who needs a second factor changed.
    SecondFactorPolicyChanged {
        from: SecondFactorPolicy,
        to: SecondFactorPolicy,
    },
    /// A link for choosing a new password was created: by an admin, or, if the event has no actor, because the person
    /// asked for it by mail.
    ResetMade {
        user: UserId,
    },
    /// A link for choosing a new password was used, which ended every session.
    PasswordReset {
        user: UserId,
        /// The admin who created the link. `None` for a link that was sent by mail or created at the command line, and
        /// in entries from before this field existed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonRef>,
    },
    /// An admin confirmed that the person had asked another admin for the renewal of their credentials.
    RenewalConfirmed {
        user: UserId,
        how: RenewalKind,
        /// Who created the link or removed the second factor. `None` for the command line.
        by: Option<PersonRef>,
    },
    /// The person confirmed that they have seen which of their credentials others renewed.
    RenewalSeen {
        user: UserId,
    },
    /// A password, or a code of a second factor, was wrong.
    ProofRefused {
        /// `None` if no such account exists.
        user: Option<UserId>,
        purpose: ProofPurpose,
        /// The credential that was wrong.
        #[serde(default, skip_serializing_if = "Credential::is_password")]
        credential: Credential,
        /// A commitment to the network address, for an attempt to sign in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<Commitment>,
    },
    /// Several further refusals of this kind within the hour.
    ProofsRefused {
        /// `None` if no such account exists.
        user: Option<UserId>,
        purpose: ProofPurpose,
        /// The number of refusals in that hour so far, including those recorded one by one.
        count: i64,
    },
    /// Somebody was refused a signature for a reason other than the password.
    SigningRefused {
        /// The role, if the request named one.
        role: Option<RoleSlug>,
        why: SigningRefusalReason,
    },
    /// Several further refusals of this kind within the hour.
    SigningsRefused {
        /// The number of refusals in that hour so far, including those recorded one by one.
        count: i64,
    },
    /// Somebody asked for a launch that they may not see or that does not exist. Both cases get the same answer and the
    /// same event, so that neither reveals which it was.
    LaunchRefused {
        /// The id in the address: of a launch or of a part of one.
        #[serde(rename = "asked")]
        requested_id: uuid::Uuid,
    },
    /// Several further refusals of this kind within the hour.
    LaunchesRefused {
        /// The number of refusals in that hour so far, including those recorded one by one.
        count: i64,
    },
    /// A request was rejected before its handler ran: by a check of the user's rights, or by a check that applies to
    /// every request.
    RequestRefused {
        why: RejectionReason,
        /// The method and the route pattern as written in the code (`POST /launches/{id}/signatures`), never the
        /// address itself, which may contain a secret. Only the method if no route matches.
        what: String,
    },
    /// Several further rejections for this reason within the hour.
    RequestsRefused {
        why: RejectionReason,
        /// The number of rejections in that hour so far, including those recorded one by one.
        count: i64,
    },
    /// New texts of the statement that signers make were published, for future signatures.
    StatementPublished {
        version: u32,
        /// The hash of its six texts.
        hash: Sha256Hash,
    },
    /// A version of a checklist was published. The first version also created the checklist.
    ChecklistPublished {
        checklist: ChecklistId,
        version: ChecklistVersionId,
        /// The number of the version, from 1.
        number: i32,
        /// The checklist's name in this version.
        name: Title,
        /// The hash of the version's content.
        hash: Sha256Hash,
        /// The number of items.
        items: i32,
    },
    /// A checklist was archived: no more launches can be made from it. Launches made from it do not change.
    ChecklistArchived {
        checklist: ChecklistId,
    },
    ChecklistRestored {
        checklist: ChecklistId,
    },
    /// All evidence of a launch was exported as one archive. The entry names the launch.
    EvidenceExported {
        /// The number of pieces of evidence.
        pieces: u32,
        /// The number of distinct files among them.
        files: u32,
    },
    /// The history of a launch was exported. The entry names the launch.
    HistoryExported {
        form: ExportFormat,
        /// The number of events in the history.
        events: i64,
    },
    /// This log was exported, including this entry.
    LogExported {
        form: ExportFormat,
    },
    /// The key that signs checkpoints was seen for the first time. From now on the database accepts no other key.
    KeyRegistered {
        key: PublicKey,
    },
    /// The key was rotated: from now on the database accepts checkpoints by the new key alone.
    KeyRotated {
        key: PublicKey,
        /// The statement that both keys have signed ([`super::key_chain`]).
        statement: String,
    },
    /// A new key replaced a lost one, which has signed nothing.
    KeyReplaced {
        key: PublicKey,
        /// The statement that the new key has signed.
        statement: String,
    },
    /// The newest checkpoint of a launch's history on that day. Because of this entry, the installation's own
    /// checkpoint covers the checkpoints of all launches.
    LaunchCheckpointed {
        /// The number of events in the history.
        size: i64,
        /// The root of the tree over the history.
        root: Sha256Hash,
    },
}

impl InstallationEvent {
    /// Whether this event records a refusal.
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

    /// What to call the actor of an event that was made while nobody was signed in.
    #[must_use]
    pub fn unattended_actor(&self) -> Cow<'static, str> {
        match self {
            Self::KeyRegistered { .. } | Self::LaunchCheckpointed { .. } => texts::actor_is_the_installation(),
            // These events are made without anybody signing in.
            Self::AccountMade { .. }
            | Self::ChecklistPublished { .. }
            | Self::SecondFactorRemoved { .. }
            | Self::KeyRotated { .. }
            | Self::KeyReplaced { .. } => texts::actor_is_the_command_line(),
            _ => texts::actor_is_somebody(),
        }
    }

    /// The name of the kind, as in the event's bytes.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// The account that the event concerns.
    #[must_use]
    pub const fn subject(&self) -> Option<UserId> {
        match self {
            Self::SetUp { user, .. }
            | Self::AccountMade { user, .. }
            | Self::InvitationUsed { user, .. }
            | Self::RolesChanged { user, .. }
            | Self::Deactivated { user }
            | Self::Reactivated { user }
            | Self::NameChanged { user, .. }
            | Self::AddressChangeRequested { user }
            | Self::AddressChanged { user }
            | Self::PasswordChanged { user }
            | Self::SessionsEnded { user }
            | Self::SessionEnded { user }
            | Self::CalendarAddressMade { user }
            | Self::CalendarAddressRemoved { user }
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
            | Self::WebhookAdded { .. }
            | Self::WebhookRemoved { .. }
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
            | Self::KeyRotated { .. }
            | Self::KeyReplaced { .. }
            | Self::LaunchCheckpointed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{canonical, key::tests::test_key, role::InstallationRole};

    /// Reads one event of each kind in the form in which it was first written: stored events must stay readable for
    /// ever.
    #[test]
    fn installation_event_of_each_kind_is_read_back_from_its_bytes() {
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
            (
                InstallationEvent::NameChanged {
                    user,
                    from: PersonName::new("Ana Sousa").unwrap(),
                    to: PersonName::new("Ana Lima").unwrap(),
                },
                format!(r#"{{"from":"Ana Sousa","kind":"name_changed","to":"Ana Lima","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::AddressChangeRequested { user },
                format!(r#"{{"kind":"address_change_requested","user":"{id}"}}"#),
            ),
            (InstallationEvent::AddressChanged { user }, format!(r#"{{"kind":"address_changed","user":"{id}"}}"#)),
            (InstallationEvent::PasswordChanged { user }, format!(r#"{{"kind":"password_changed","user":"{id}"}}"#)),
            (
                InstallationEvent::CalendarAddressMade { user },
                format!(r#"{{"kind":"calendar_address_made","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::CalendarAddressRemoved { user },
                format!(r#"{{"kind":"calendar_address_removed","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::WebhookAdded { webhook: uuid::Uuid::nil(), name: Title::new("Chat").unwrap() },
                r#"{"kind":"webhook_added","name":"Chat","webhook":"00000000-0000-0000-0000-000000000000"}"#.to_owned(),
            ),
            (
                InstallationEvent::WebhookRemoved { webhook: uuid::Uuid::nil() },
                r#"{"kind":"webhook_removed","webhook":"00000000-0000-0000-0000-000000000000"}"#.to_owned(),
            ),
            (InstallationEvent::SessionsEnded { user }, format!(r#"{{"kind":"sessions_ended","user":"{id}"}}"#)),
            (
                InstallationEvent::ProofRefused {
                    user: None,
                    purpose: ProofPurpose::SignIn,
                    credential: Credential::Password,
                    address: None,
                },
                r#"{"kind":"proof_refused","purpose":"sign_in","user":null}"#.to_owned(),
            ),
            (
                InstallationEvent::ProofsRefused { user: Some(user), purpose: ProofPurpose::Confirm, count: 20 },
                format!(r#"{{"count":20,"kind":"proofs_refused","purpose":"confirm","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::ProofRefused {
                    user: Some(user),
                    purpose: ProofPurpose::Sign,
                    credential: Credential::Password,
                    address: None,
                },
                format!(r#"{{"kind":"proof_refused","purpose":"sign","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::ProofRefused {
                    user: Some(user),
                    purpose: ProofPurpose::Sign,
                    credential: Credential::Code,
                    address: None,
                },
                format!(r#"{{"credential":"code","kind":"proof_refused","purpose":"sign","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::ProofRefused {
                    user: Some(user),
                    purpose: ProofPurpose::SignIn,
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
                    purpose: ProofPurpose::Administer,
                    credential: Credential::Password,
                    address: None,
                },
                format!(r#"{{"kind":"proof_refused","purpose":"administer","user":"{id}"}}"#),
            ),
            (
                InstallationEvent::SigningRefused {
                    role: Some("security".parse().unwrap()),
                    why: SigningRefusalReason::ChangedScope,
                },
                r#"{"kind":"signing_refused","role":"security","why":"changed_scope"}"#.to_owned(),
            ),
            (
                InstallationEvent::SigningRefused { role: None, why: SigningRefusalReason::NotHolder },
                r#"{"kind":"signing_refused","role":null,"why":"not_holder"}"#.to_owned(),
            ),
            (
                InstallationEvent::SigningRefused { role: None, why: SigningRefusalReason::ChangedStatement },
                r#"{"kind":"signing_refused","role":null,"why":"changed_statement"}"#.to_owned(),
            ),
            (
                InstallationEvent::SigningRefused { role: None, why: SigningRefusalReason::RenewedWayIn },
                r#"{"kind":"signing_refused","role":null,"why":"renewed_way_in"}"#.to_owned(),
            ),
            (InstallationEvent::SigningsRefused { count: 20 }, r#"{"count":20,"kind":"signings_refused"}"#.to_owned()),
            (
                InstallationEvent::LaunchRefused { requested_id: uuid::Uuid::from_u128(1) },
                format!(r#"{{"asked":"{id}","kind":"launch_refused"}}"#),
            ),
            (InstallationEvent::LaunchesRefused { count: 20 }, r#"{"count":20,"kind":"launches_refused"}"#.to_owned()),
            (
                InstallationEvent::RequestRefused { why: RejectionReason::NotAllowed, what: "GET /admin".to_owned() },
                r#"{"kind":"request_refused","what":"GET /admin","why":"not_allowed"}"#.to_owned(),
            ),
            (
                InstallationEvent::RequestsRefused { why: RejectionReason::FromElsewhere, count: 20 },
                r#"{"count":20,"kind":"requests_refused","why":"from_elsewhere"}"#.to_owned(),
            ),
            (
                InstallationEvent::LogExported { form: ExportFormat::JsonLines },
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
                InstallationEvent::HistoryExported { form: ExportFormat::Bundle, events: 214 },
                r#"{"events":214,"form":"bundle","kind":"history_exported"}"#.to_owned(),
            ),
            (
                InstallationEvent::HistoryExported { form: ExportFormat::Csv, events: 214 },
                r#"{"events":214,"form":"csv","kind":"history_exported"}"#.to_owned(),
            ),
            (
                InstallationEvent::HistoryExported { form: ExportFormat::JsonLines, events: 214 },
                r#"{"events":214,"form":"json_lines","kind":"history_exported"}"#.to_owned(),
            ),
            (
                InstallationEvent::KeyRegistered { key: test_key(7).public_key() },
                format!(r#"{{"key":"{}","kind":"key_registered"}}"#, test_key(7).public_key()),
            ),
            (
                InstallationEvent::KeyRotated { key: test_key(7).public_key(), statement: "signed\n".to_owned() },
                format!(r#"{{"key":"{}","kind":"key_rotated","statement":"signed\n"}}"#, test_key(7).public_key()),
            ),
            (
                InstallationEvent::KeyReplaced { key: test_key(7).public_key(), statement: "signed\n".to_owned() },
                format!(r#"{{"key":"{}","kind":"key_replaced","statement":"signed\n"}}"#, test_key(7).public_key()),
            ),
            (
                InstallationEvent::LaunchCheckpointed { size: 214, root: Sha256Hash([0xab; 32]) },
                format!(r#"{{"kind":"launch_checkpointed","root":"{}","size":214}}"#, "ab".repeat(32)),
            ),
        ] {
            assert_eq!(String::from_utf8(canonical::to_bytes(&event)).unwrap(), bytes);
            assert_eq!(canonical::from_bytes::<InstallationEvent>(bytes.as_bytes()).unwrap(), event);
            assert!(bytes.contains(&format!(r#""kind":"{}""#, event.kind())));
            // The values used for look-ups are the values in the bytes.
            let json = serde_json::from_str::<serde_json::Value>(&bytes).unwrap();
            assert_eq!(event.subject().map(|user| user.to_string()).as_deref(), json["user"].as_str());
        }
    }
}

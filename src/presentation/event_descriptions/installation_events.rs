//! Describes the entries of the audit log.

use std::{borrow::Cow, collections::HashMap};

use super::{
    EventDescription, ValueChange,
    sentence::{FIRST, SECOND, SentencePart},
};
use crate::{
    domain::{
        ids::{ChecklistId, InvitationId, UserId},
        installation::{
            Credential, InstallationEvent, ProofPurpose, RejectionReason, SecondFactorPolicy, SigningRefusalReason,
        },
        launch::{credential_renewal::RenewalKind, event::ProofMethod, state::LaunchState, texts::Commitment},
        role::{InstallationRole, InstallationRoles, RoleSlug},
    },
    record::installation_log::InstallationEntry,
    texts,
};

/// Current names of the things that entries name only by their ids.
#[derive(Debug, Clone, Default)]
pub struct LogNames {
    pub people: HashMap<UserId, String>,
    /// Checklists, by their newest version.
    pub checklists: HashMap<ChecklistId, String>,
    /// Names of the people who were invited.
    pub invitations: HashMap<InvitationId, String>,
    /// The addresses of refused sign-in attempts, if they may be shown and are still stored.
    pub addresses: HashMap<Commitment, String>,
}

impl LogNames {
    fn person(&self, id: UserId) -> Cow<'_, str> {
        match self.people.get(&id) {
            Some(name) => name.into(),
            None => texts::somebody(),
        }
    }

    fn checklist(&self, id: ChecklistId) -> Cow<'_, str> {
        match self.checklists.get(&id) {
            Some(name) => name.into(),
            None => texts::a_checklist(),
        }
    }

    fn invitation(&self, id: InvitationId) -> Cow<'_, str> {
        match self.invitations.get(&id) {
            Some(name) => name.into(),
            None => texts::somebody(),
        }
    }
}

/// Describes an entry of the audit log, beginning after the actor's name; `launch` is the one that it is about, if
/// known.
#[must_use]
pub fn describe_entry(launch: Option<&LaunchState>, names: &LogNames, entry: &InstallationEntry) -> EventDescription {
    use InstallationEvent as Event;
    let (sha256, changes) = match &entry.event {
        Event::AccountMade { roles, .. } | Event::Invited { roles, .. } | Event::InvitationUsed { roles, .. } => {
            (None, list_roles(None, roles))
        }
        Event::RolesChanged { from, to, .. } => (None, list_roles(Some(from), to)),
        Event::ProofRefused { address, .. } => {
            let address = address.as_ref().and_then(|address| names.addresses.get(address)).cloned();
            (None, ValueChange::of_value(texts::value_address(), None, address))
        }
        Event::StatementPublished { hash, .. } => (Some(*hash), None),
        Event::LaunchCheckpointed { root, .. } => (Some(*root), None),
        _ => (None, None),
    };
    let parts = names_in(launch, names, entry);
    EventDescription {
        sha256,
        changes: changes.into_iter().collect(),
        ..EventDescription::new(&text_of(entry), &parts)
    }
}

/// The sentence, with [`FIRST`] and [`SECOND`] for the names in it.
fn text_of(entry: &InstallationEntry) -> Cow<'static, str> {
    use InstallationEvent as Event;
    // Whether the actor changed their own account.
    let own = |user: &UserId| entry.actor.as_ref().is_some_and(|actor| actor.id == *user);
    match &entry.event {
        Event::SetUp { .. } => texts::event_set_up(FIRST),
        Event::AccountMade { .. } => texts::event_account_made(FIRST),
        Event::Invited { .. } => texts::event_invited(FIRST),
        Event::InvitationWithdrawn { .. } => texts::event_invitation_withdrawn(FIRST),
        Event::InvitationUsed { .. } => texts::event_invitation_used(FIRST),
        Event::RolesChanged { .. } => texts::event_roles_changed(FIRST),
        Event::Deactivated { user } if own(user) => texts::event_deactivated_own(),
        Event::Deactivated { .. } => texts::event_deactivated(FIRST),
        Event::Reactivated { user } if own(user) => texts::event_reactivated_own(),
        Event::Reactivated { .. } => texts::event_reactivated(FIRST),
        Event::NameChanged { .. } => texts::event_own_name_changed(FIRST, SECOND),
        Event::AddressChangeRequested { .. } => texts::event_address_change_requested(),
        Event::AddressChanged { user } if own(user) => texts::event_address_changed_own(),
        Event::AddressChanged { .. } => texts::event_address_changed(FIRST),
        Event::PasswordChanged { user } if own(user) => texts::event_password_changed_own(),
        Event::PasswordChanged { .. } => texts::event_password_changed(FIRST),
        Event::SessionsEnded { user } if own(user) => texts::event_sessions_ended_own(),
        Event::SessionsEnded { .. } => texts::event_sessions_ended(FIRST),
        Event::SessionEnded { user } if own(user) => texts::event_session_ended_own(),
        Event::SessionEnded { .. } => texts::event_session_ended(FIRST),
        Event::WebhookAdded { .. } => texts::event_webhook_added(FIRST),
        Event::WebhookRemoved { .. } => texts::event_webhook_removed(),
        Event::CalendarAddressMade { .. } => texts::event_calendar_address_made(),
        Event::CalendarAddressRemoved { .. } => texts::event_calendar_address_removed(),
        Event::SignedIn { method: ProofMethod::Password, .. } => texts::event_signed_in_with_password(),
        Event::SignedIn { method: ProofMethod::PasswordAndTotp, .. } => texts::event_signed_in_with_code(),
        Event::SignedIn { method: ProofMethod::PasswordAndRecoveryCode, .. } => {
            texts::event_signed_in_with_recovery_code()
        }
        Event::SignedOut { .. } => texts::event_signed_out(),
        Event::SecondFactorSetUp { .. } => texts::event_second_factor_set_up(),
        Event::SecondFactorRemoved { user } if own(user) => texts::event_second_factor_removed_own(),
        Event::SecondFactorRemoved { .. } => texts::event_second_factor_removed(FIRST),
        Event::RecoveryCodesMade { .. } => texts::event_recovery_codes_made(),
        Event::SecondFactorPolicyChanged { to: SecondFactorPolicy::LeadsAndAdmins, .. } => {
            texts::event_second_factor_made_mandatory()
        }
        Event::SecondFactorPolicyChanged { to: SecondFactorPolicy::Optional, .. } => {
            texts::event_second_factor_made_optional()
        }
        Event::ResetMade { user } if own(user) => texts::event_reset_made_own(),
        Event::ResetMade { .. } => texts::event_reset_made(FIRST),
        Event::PasswordReset { by: Some(_), .. } => texts::event_password_reset_by(FIRST),
        Event::PasswordReset { by: None, .. } => texts::event_password_reset(),
        Event::RenewalConfirmed { how: RenewalKind::ResetLink, by: Some(_), .. } => {
            texts::event_renewal_confirmed_link(FIRST, SECOND)
        }
        Event::RenewalConfirmed { how: RenewalKind::ResetLink, by: None, .. } => {
            texts::event_renewal_confirmed_operators_link(FIRST)
        }
        Event::RenewalConfirmed { how: RenewalKind::SecondFactorRemoved, by: Some(_), .. } => {
            texts::event_renewal_confirmed_removal(FIRST, SECOND)
        }
        Event::RenewalConfirmed { how: RenewalKind::SecondFactorRemoved, by: None, .. } => {
            texts::event_renewal_confirmed_operators_removal(FIRST)
        }
        Event::RenewalSeen { .. } => texts::event_renewal_seen(),
        Event::ProofRefused { user, purpose, credential, .. } => proof_text(*credential, *purpose, user.is_some()),
        Event::ProofsRefused { user, purpose, count } => proofs_text(*purpose, user.is_some(), *count),
        Event::SigningRefused { role, why } => signing_text(role.is_some(), *why),
        Event::SigningsRefused { count } => texts::event_signings_refused(count),
        Event::LaunchRefused { requested_id } => texts::event_launch_refused(requested_id),
        Event::LaunchesRefused { count } => texts::event_launches_refused(count),
        Event::RequestRefused { why, what } => match why {
            RejectionReason::NotAllowed => texts::event_request_refused_not_allowed(what),
            RejectionReason::FromElsewhere => texts::event_request_refused_from_elsewhere(what),
            RejectionReason::WrongHost => texts::event_request_refused_wrong_host(what),
            RejectionReason::TooOften => texts::event_request_refused_too_often(what),
        },
        Event::RequestsRefused { why, count } => match why {
            RejectionReason::NotAllowed => texts::event_requests_refused_not_allowed(count),
            RejectionReason::FromElsewhere => texts::event_requests_refused_from_elsewhere(count),
            RejectionReason::WrongHost => texts::event_requests_refused_wrong_host(count),
            RejectionReason::TooOften => texts::event_requests_refused_too_often(count),
        },
        Event::StatementPublished { version, .. } => texts::event_statement_published(version),
        Event::ChecklistPublished { number, items, .. } => texts::event_checklist_published(items, number, FIRST),
        Event::ChecklistArchived { .. } => texts::event_checklist_archived(FIRST),
        Event::ChecklistRestored { .. } => texts::event_checklist_restored(FIRST),
        Event::EvidenceExported { pieces, files } => texts::event_evidence_exported(pieces, files),
        Event::HistoryExported { form, events } => texts::event_history_exported(events, form.label()),
        Event::LogExported { form } => texts::event_log_exported(form.label()),
        Event::KeyRegistered { key } => texts::event_key_registered(key),
        Event::KeyRotated { key, .. } => texts::event_key_rotated(key),
        Event::KeyReplaced { key, .. } => texts::event_key_replaced(key),
        Event::LaunchCheckpointed { size, .. } => texts::event_launch_checkpointed(size),
    }
}

/// The names at [`FIRST`] and [`SECOND`].
fn names_in(launch: Option<&LaunchState>, names: &LogNames, entry: &InstallationEntry) -> Vec<SentencePart> {
    use InstallationEvent as Event;
    let person = |user: &UserId| SentencePart::name(&names.person(*user));
    match &entry.event {
        Event::SetUp { name, .. } | Event::AccountMade { name, .. } => vec![SentencePart::name(name.as_str())],
        Event::Invited { name, .. } | Event::InvitationUsed { name, .. } => vec![SentencePart::name(name.as_str())],
        Event::WebhookAdded { name, .. } => vec![SentencePart::NameValue(name.as_str().to_owned())],
        Event::InvitationWithdrawn { invitation } => vec![SentencePart::name(&names.invitation(*invitation))],
        Event::NameChanged { from, to, .. } => {
            [from, to].map(|name| SentencePart::NameValue(name.to_string())).into_iter().collect()
        }
        Event::RolesChanged { user, .. }
        | Event::AddressChanged { user }
        | Event::Deactivated { user }
        | Event::Reactivated { user }
        | Event::PasswordChanged { user }
        | Event::SessionsEnded { user }
        | Event::SessionEnded { user }
        | Event::SecondFactorRemoved { user }
        | Event::ResetMade { user } => vec![person(user)],
        Event::PasswordReset { by, .. } => by.iter().map(|by| SentencePart::name(by.name.as_str())).collect(),
        Event::RenewalConfirmed { user, by, .. } => {
            std::iter::once(person(user)).chain(by.iter().map(|by| SentencePart::name(by.name.as_str()))).collect()
        }
        Event::ProofRefused { user, .. } | Event::ProofsRefused { user, .. } => user.iter().map(person).collect(),
        Event::SigningRefused { role, .. } => {
            let title = |role: &RoleSlug| {
                SentencePart::name(&launch.map_or_else(|| role.to_name().into(), |state| state.role_title(role)))
            };
            role.iter().map(title).collect()
        }
        Event::ChecklistPublished { name, .. } => vec![SentencePart::name(name.as_str())],
        Event::ChecklistArchived { checklist } | Event::ChecklistRestored { checklist } => {
            vec![SentencePart::name(&names.checklist(*checklist))]
        }
        _ => Vec::new(),
    }
}

/// A wrong password or code, by what it was given for.
fn proof_text(credential: Credential, purpose: ProofPurpose, has_account: bool) -> Cow<'static, str> {
    match (credential, purpose) {
        (Credential::Password, ProofPurpose::SignIn) if has_account => texts::event_wrong_password_to_sign_in(FIRST),
        (Credential::Password, ProofPurpose::SignIn) => texts::event_wrong_password_without_account(),
        (Credential::Password, ProofPurpose::Confirm) => texts::event_wrong_password_to_confirm(),
        (Credential::Password, ProofPurpose::Sign) => texts::event_wrong_password_to_sign(),
        (Credential::Password, ProofPurpose::Administer) => texts::event_wrong_password_to_administer(),
        (Credential::Code, ProofPurpose::SignIn) if has_account => texts::event_wrong_code_to_sign_in(FIRST),
        (Credential::Code, ProofPurpose::SignIn) => texts::event_wrong_code_without_account(),
        (Credential::Code, ProofPurpose::Confirm) => texts::event_wrong_code_to_confirm(),
        (Credential::Code, ProofPurpose::Sign) => texts::event_wrong_code_to_sign(),
        (Credential::Code, ProofPurpose::Administer) => texts::event_wrong_code_to_administer(),
    }
}

fn proofs_text(purpose: ProofPurpose, has_account: bool, count: impl std::fmt::Display) -> Cow<'static, str> {
    match purpose {
        ProofPurpose::SignIn if has_account => texts::event_wrong_proofs_to_sign_in(FIRST, count),
        ProofPurpose::SignIn => texts::event_wrong_proofs_without_account(count),
        ProofPurpose::Confirm => texts::event_wrong_proofs_to_confirm(count),
        ProofPurpose::Sign => texts::event_wrong_proofs_to_sign(count),
        ProofPurpose::Administer => texts::event_wrong_proofs_to_administer(count),
    }
}

fn signing_text(has_role: bool, why: SigningRefusalReason) -> Cow<'static, str> {
    match (why, has_role) {
        (SigningRefusalReason::NotHolder, true) => texts::event_signing_refused_not_holder_as(FIRST),
        (SigningRefusalReason::NotHolder, false) => texts::event_signing_refused_not_holder(),
        (SigningRefusalReason::ChangedScope, true) => texts::event_signing_refused_changed_scope_as(FIRST),
        (SigningRefusalReason::ChangedScope, false) => texts::event_signing_refused_changed_scope(),
        (SigningRefusalReason::ChangedStatement, true) => texts::event_signing_refused_changed_statement_as(FIRST),
        (SigningRefusalReason::ChangedStatement, false) => texts::event_signing_refused_changed_statement(),
        (SigningRefusalReason::RenewedWayIn, true) => texts::event_signing_refused_waiting_as(FIRST),
        (SigningRefusalReason::RenewedWayIn, false) => texts::event_signing_refused_waiting(),
    }
}

fn list_roles(old: Option<&InstallationRoles>, new: &InstallationRoles) -> Option<ValueChange> {
    let list = |roles: &InstallationRoles| roles.iter().map(InstallationRole::title).collect::<Vec<_>>().join(", ");
    ValueChange::of_value(texts::value_roles(), old.map(list), Some(list(new)))
}

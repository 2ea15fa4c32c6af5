//! The state that the audit log adds up to: accounts with their rights, invitations, published statement texts,
//! checklist versions, and the key.
//!
//! The tables of the installation change in the same transactions in which entries are added to the log, so both must
//! agree. Data that no entry contains (passwords, addresses, personal settings) is not part of this state.

use std::collections::BTreeMap;

use super::{
    canonical::Sha256Hash,
    ids::{ChecklistId, ChecklistVersionId, InvitationId, UserId},
    installation::{InstallationEvent, SecondFactorPolicy},
    key::PublicKey,
    launch::credential_renewal::RenewalKind,
    role::{InstallationRole, InstallationRoles},
    text::{PersonName, Title},
    time::Moment,
};

/// An account as the log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAccount {
    pub name: PersonName,
    /// The earlier names, oldest first.
    pub former_names: Vec<PersonName>,
    pub roles: InstallationRoles,
    pub active: bool,
    pub second_factor: bool,
    /// The number of requests for another address.
    pub address_request_count: i64,
    /// The number of times that the address was changed.
    pub address_change_count: i64,
    /// The number of links for choosing a new password that were created.
    pub reset_count: i64,
    /// What of the renewals of their way in an admin confirmed that the person had asked for.
    pub confirmed_renewals: Vec<RecordedConfirmation>,
    pub renewals: Vec<RecordedRenewal>,
    pub resets: Vec<RecordedReset>,
}

/// An admin's confirmation, in the log, that a person had asked for a renewal of their credentials.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedConfirmation {
    /// The admin who confirmed it.
    pub by: Option<UserId>,
    pub at: Moment,
    pub how: RenewalKind,
    /// Who had renewed it; `None` at the server's command line.
    pub made_by: Option<UserId>,
}

/// A renewal of somebody's credentials by another person, as the log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRenewal {
    pub how: RenewalKind,
    /// `None` at the server's command line.
    pub made_by: Option<UserId>,
    pub made_at: Moment,
    /// False where the same entry is written for what is no renewal: a link that was sent by mail.
    pub is_certain: bool,
}

/// The use of a link for choosing a new password, as the log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedReset {
    pub at: Moment,
    /// The admin who made the link, if the entry names one.
    pub link_made_by: Option<UserId>,
}

/// A key as the log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedKey {
    pub key: PublicKey,
    pub at: Moment,
    /// The statement that joins it to the key before; `None` for the first key.
    pub statement: Option<String>,
}

/// An invitation as the log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedInvitation {
    pub name: PersonName,
    pub roles: InstallationRoles,
    pub invited: ActorAndTime,
    pub used: bool,
    pub withdrawn: bool,
}

/// A checklist version as the log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedVersion {
    pub checklist: ChecklistId,
    /// The number of the version, from 1.
    pub number: i32,
    /// The checklist's name in this version.
    pub name: Title,
    /// The hash of the version's content.
    pub hash: Sha256Hash,
    /// The number of items.
    pub items: i32,
    pub published: ActorAndTime,
}

/// Who did something (`None` if nobody was signed in), and when.
pub type ActorAndTime = (Option<UserId>, Moment);

/// The result of applying the entries of the audit log in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallationReplay {
    pub accounts: BTreeMap<UserId, RecordedAccount>,
    pub invitations: BTreeMap<InvitationId, RecordedInvitation>,
    pub second_factor: SecondFactorPolicy,
    /// The hashes of the published statement texts, by version.
    pub statements: BTreeMap<u32, (Sha256Hash, ActorAndTime)>,
    /// The checklists, and whether each is archived.
    pub checklists: BTreeMap<ChecklistId, bool>,
    pub versions: BTreeMap<ChecklistVersionId, RecordedVersion>,
    /// The keys in the order of their entries. One is registered, and the others follow it, unless somebody forged another.
    pub keys: Vec<RecordedKey>,
}

impl Default for InstallationReplay {
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            invitations: BTreeMap::new(),
            second_factor: SecondFactorPolicy::Optional,
            statements: BTreeMap::new(),
            checklists: BTreeMap::new(),
            versions: BTreeMap::new(),
            keys: Vec::new(),
        }
    }
}

impl InstallationReplay {
    /// Applies an entry with its actor and time. An entry about an account, invitation or checklist that no entry
    /// created is ignored; the comparison with the tables then finds the surplus row.
    pub fn apply(&mut self, by: Option<UserId>, at: Moment, event: &InstallationEvent) {
        use InstallationEvent as E;
        match event {
            E::SetUp { user, name } => {
                let roles = InstallationRoles::new([InstallationRole::Admin, InstallationRole::Member]);
                if let Ok(roles) = roles {
                    self.add_account(*user, name, roles);
                }
            }
            E::AccountMade { user, name, roles } => self.add_account(*user, name, roles.clone()),
            E::Invited { invitation, name, roles } => {
                let (name, roles, invited) = (name.clone(), roles.clone(), (by, at));
                let recorded = RecordedInvitation { name, roles, invited, used: false, withdrawn: false };
                self.invitations.insert(*invitation, recorded);
            }
            E::InvitationWithdrawn { invitation } => self.change_invitation(*invitation, |it| it.withdrawn = true),
            E::InvitationUsed { invitation, user, name, roles } => {
                self.change_invitation(*invitation, |it| it.used = true);
                self.add_account(*user, name, roles.clone());
            }
            E::RolesChanged { user, to, .. } => self.change_account(*user, |account| account.roles = to.clone()),
            E::Deactivated { user } => self.change_account(*user, |account| account.active = false),
            E::Reactivated { user } => self.change_account(*user, |account| account.active = true),
            E::NameChanged { user, from, to } => self.change_account(*user, |account| {
                account.former_names.push(from.clone());
                account.name = to.clone();
            }),
            E::AddressChangeRequested { user } => {
                self.change_account(*user, |account| account.address_request_count += 1);
            }
            E::AddressChanged { user } => self.change_account(*user, |account| account.address_change_count += 1),
            E::SecondFactorSetUp { user } => self.change_account(*user, |account| account.second_factor = true),
            E::SecondFactorRemoved { user } => self.change_account(*user, |account| {
                account.second_factor = false;
                let (how, is_certain) = (RenewalKind::SecondFactorRemoved, by != Some(*user));
                account.renewals.push(RecordedRenewal { how, made_by: by, made_at: at, is_certain });
            }),
            E::ResetMade { user } => self.change_account(*user, |account| {
                account.reset_count += 1;
                let (how, is_certain) = (RenewalKind::ResetLink, by.is_some());
                account.renewals.push(RecordedRenewal { how, made_by: by, made_at: at, is_certain });
            }),
            E::PasswordReset { user, by: maker } => self.change_account(*user, |account| {
                account.resets.push(RecordedReset { at, link_made_by: maker.as_ref().map(|admin| admin.id) });
            }),
            E::RenewalConfirmed { user, how, by: made_by } => {
                let made_by = made_by.as_ref().map(|admin| admin.id);
                let confirmation = RecordedConfirmation { by, at, how: *how, made_by };
                self.change_account(*user, |account| account.confirmed_renewals.push(confirmation));
            }
            E::SecondFactorPolicyChanged { to, .. } => self.second_factor = *to,
            E::StatementPublished { version, hash } => drop(self.statements.insert(*version, (*hash, (by, at)))),
            E::ChecklistPublished { checklist, version, number, name, hash, items } => {
                self.checklists.entry(*checklist).or_insert(false);
                let (checklist, number, name, hash, items) = (*checklist, *number, name.clone(), *hash, *items);
                self.versions
                    .insert(*version, RecordedVersion { checklist, number, name, hash, items, published: (by, at) });
            }
            E::ChecklistArchived { checklist } => drop(self.checklists.insert(*checklist, true)),
            E::ChecklistRestored { checklist } => drop(self.checklists.insert(*checklist, false)),
            E::KeyRegistered { key } => self.keys.push(RecordedKey { key: key.clone(), at, statement: None }),
            E::KeyRotated { key, statement } | E::KeyReplaced { key, statement } => {
                self.keys.push(RecordedKey { key: key.clone(), at, statement: Some(statement.clone()) });
            }
            // These events change no row that the log records completely.
            E::PasswordChanged { .. }
            | E::SessionsEnded { .. }
            | E::SessionEnded { .. }
            | E::CalendarAddressMade { .. }
            | E::CalendarAddressRemoved { .. }
            | E::WebhookAdded { .. }
            | E::WebhookRemoved { .. }
            | E::SignedIn { .. }
            | E::SignedOut { .. }
            | E::RecoveryCodesMade { .. }
            | E::RenewalSeen { .. }
            | E::ProofRefused { .. }
            | E::ProofsRefused { .. }
            | E::SigningRefused { .. }
            | E::SigningsRefused { .. }
            | E::LaunchRefused { .. }
            | E::LaunchesRefused { .. }
            | E::RequestRefused { .. }
            | E::RequestsRefused { .. }
            | E::EvidenceExported { .. }
            | E::HistoryExported { .. }
            | E::LogExported { .. }
            | E::LaunchCheckpointed { .. } => {}
        }
    }

    fn add_account(&mut self, user: UserId, name: &PersonName, roles: InstallationRoles) {
        let (name, active, second_factor) = (name.clone(), true, false);
        let account = RecordedAccount {
            name,
            former_names: Vec::new(),
            roles,
            active,
            second_factor,
            address_request_count: 0,
            address_change_count: 0,
            reset_count: 0,
            confirmed_renewals: Vec::new(),
            renewals: Vec::new(),
            resets: Vec::new(),
        };
        self.accounts.insert(user, account);
    }

    fn change_account(&mut self, user: UserId, change: impl FnOnce(&mut RecordedAccount)) {
        self.accounts.entry(user).and_modify(change);
    }

    fn change_invitation(&mut self, invitation: InvitationId, change: impl FnOnce(&mut RecordedInvitation)) {
        self.invitations.entry(invitation).and_modify(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installation_replay_of_account_entries_gives_the_final_accounts() {
        let (ana, ben) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let invitation = InvitationId(uuid::Uuid::from_u128(3));
        let name = |name: &str| PersonName::new(name).unwrap();
        let roles = |roles: &[InstallationRole]| InstallationRoles::new(roles.iter().copied()).unwrap();
        let member = roles(&[InstallationRole::Member]);
        let auditor = roles(&[InstallationRole::Auditor]);
        let at: Moment = "2026-11-23T10:00:00.000000Z".parse().unwrap();
        let mut replay = InstallationReplay::default();
        for event in [
            InstallationEvent::SetUp { user: ana, name: name("Ana") },
            InstallationEvent::Invited { invitation, name: name("Benedict"), roles: member.clone() },
            InstallationEvent::InvitationUsed { invitation, user: ben, name: name("Ben"), roles: member.clone() },
            InstallationEvent::SecondFactorSetUp { user: ana },
            InstallationEvent::NameChanged { user: ana, from: name("Ana"), to: name("Ana Lima") },
            InstallationEvent::NameChanged { user: ana, from: name("Ana Lima"), to: name("Ana Sousa") },
            InstallationEvent::AddressChangeRequested { user: ana },
            InstallationEvent::AddressChangeRequested { user: ana },
            InstallationEvent::AddressChanged { user: ana },
            InstallationEvent::ResetMade { user: ben },
            InstallationEvent::RolesChanged { user: ben, from: member.clone(), to: auditor.clone() },
            InstallationEvent::Deactivated { user: ben },
            // About a person whom no entry created.
            InstallationEvent::Deactivated { user: UserId(uuid::Uuid::from_u128(9)) },
        ] {
            replay.apply(Some(ana), at, &event);
        }
        let admin = roles(&[InstallationRole::Admin, InstallationRole::Member]);
        let account = |name, roles, active, second_factor, reset_count| {
            let renewal =
                RecordedRenewal { how: RenewalKind::ResetLink, made_by: Some(ana), made_at: at, is_certain: true };
            let renewals = vec![renewal; usize::from(reset_count > 0)];
            let (confirmed_renewals, resets) = (Vec::new(), Vec::new());
            let (former_names, address_request_count, address_change_count) = (Vec::new(), 0, 0);
            RecordedAccount {
                name,
                former_names,
                roles,
                active,
                second_factor,
                address_request_count,
                address_change_count,
                reset_count,
                confirmed_renewals,
                renewals,
                resets,
            }
        };
        assert_eq!(replay.accounts.len(), 2);
        let renamed = RecordedAccount {
            former_names: vec![name("Ana"), name("Ana Lima")],
            address_request_count: 2,
            address_change_count: 1,
            ..account(name("Ana Sousa"), admin, true, true, 0)
        };
        assert_eq!(replay.accounts[&ana], renamed);
        assert_eq!(replay.accounts[&ben], account(name("Ben"), auditor, false, false, 1));
        let used = RecordedInvitation {
            name: name("Benedict"),
            roles: member,
            invited: (Some(ana), at),
            used: true,
            withdrawn: false,
        };
        assert_eq!(replay.invitations[&invitation], used);
    }
}

//! The security log: the entries of the audit log about sign-ins, refusals, people, credentials and exports.
//!
//! The entries have two more forms: lines in the process's own log under the target [`TARGET`], to be shipped to a
//! system that watches for attacks; and a page for admins, which reads them with [`load_entries`]. The lines identify
//! people only by their ids.

use sqlx::PgExecutor;

use crate::domain::{
    canonical, ids::UserId, installation::InstallationEvent, installation_entry::InstallationEntry,
    role::InstallationRoles,
};

/// The `tracing` target of the lines.
pub const TARGET: &str = "security";

pub const SIGN_IN_KINDS: &[&str] = &["signed_in", "signed_out", "session_ended", "sessions_ended"];

pub const REFUSAL_KINDS: &[&str] = &[
    "proof_refused",
    "proofs_refused",
    "signing_refused",
    "signings_refused",
    "launch_refused",
    "launches_refused",
    "request_refused",
    "requests_refused",
];

/// Accounts and their roles.
pub const PEOPLE_KINDS: &[&str] = &[
    "set_up",
    "account_made",
    "invited",
    "invitation_withdrawn",
    "invitation_used",
    "roles_changed",
    "deactivated",
    "reactivated",
    "name_changed",
    "address_change_requested",
    "address_changed",
];

/// Passwords, reset links and second factors.
pub const CREDENTIAL_KINDS: &[&str] = &[
    "password_changed",
    "reset_made",
    "password_reset",
    "renewal_confirmed",
    "renewal_seen",
    "second_factor_set_up",
    "second_factor_removed",
    "recovery_codes_made",
    "second_factor_policy_changed",
    "calendar_address_made",
    "calendar_address_removed",
    "webhook_added",
    "webhook_removed",
];

/// The kinds of the security log, in the groups that the page offers, by slug.
pub const KIND_GROUPS: [(&str, &[&str]); 5] = [
    ("sign_ins", SIGN_IN_KINDS),
    ("refusals", REFUSAL_KINDS),
    ("people", PEOPLE_KINDS),
    ("credentials", CREDENTIAL_KINDS),
    ("exports", &["evidence_exported", "history_exported", "log_exported"]),
];

#[must_use]
pub fn is_security_kind(kind: &str) -> bool {
    KIND_GROUPS.iter().any(|(_, kinds)| kinds.contains(&kind))
}

/// Writes the line of an entry if it belongs to the security log. The entry's transaction has committed.
pub(super) fn log_entry(entry: &InstallationEntry) {
    let kind = entry.event.kind();
    if !is_security_kind(kind) {
        return;
    }
    let text = |id: Option<UserId>| id.map_or_else(String::new, |id| id.to_string());
    tracing::info!(
        target: TARGET,
        index = entry.index,
        at = %entry.at,
        kind,
        actor = text(entry.actor.as_ref().map(|actor| actor.id)),
        subject = text(entry.event.subject()),
        launch = entry.launch.map_or_else(String::new, |(launch, _)| launch.to_string()),
        detail = event_detail(&entry.event),
        request = %entry.request,
        "security event"
    );
}

/// The details besides the kind, as words that programs can sort by; it contains no names and nothing that was typed.
fn event_detail(event: &InstallationEvent) -> String {
    let roles = |roles: &InstallationRoles| roles.slugs().join("+");
    match event {
        InstallationEvent::SignedIn { method, .. } => to_snake_case(method),
        InstallationEvent::ProofRefused { purpose, credential, .. } => {
            format!("{} at {}", to_snake_case(credential), to_snake_case(purpose))
        }
        InstallationEvent::ProofsRefused { purpose, count, .. } => format!("{count} at {}", to_snake_case(purpose)),
        InstallationEvent::SigningRefused { why, .. } => to_snake_case(why),
        InstallationEvent::SigningsRefused { count } | InstallationEvent::LaunchesRefused { count } => {
            count.to_string()
        }
        InstallationEvent::RequestRefused { why, what } => format!("{}: {what}", to_snake_case(why)),
        InstallationEvent::RequestsRefused { why, count } => format!("{}: {count}", to_snake_case(why)),
        InstallationEvent::HistoryExported { form, .. } | InstallationEvent::LogExported { form } => {
            to_snake_case(form)
        }
        InstallationEvent::RolesChanged { from, to, .. } => format!("{} to {}", roles(from), roles(to)),
        InstallationEvent::AccountMade { roles: given, .. }
        | InstallationEvent::Invited { roles: given, .. }
        | InstallationEvent::InvitationUsed { roles: given, .. } => roles(given),
        InstallationEvent::RenewalConfirmed { how, .. } => to_snake_case(how),
        InstallationEvent::SecondFactorPolicyChanged { from, to } => format!("{} to {}", from.slug(), to.slug()),
        InstallationEvent::EvidenceExported { pieces, files } => format!("{pieces} pieces, {files} files"),
        _ => String::new(),
    }
}

/// A variant of an enumeration, as it is in the entry's bytes.
fn to_snake_case(word: &impl serde::Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[derive(Debug, Clone)]
pub struct SecurityLogQuery<'a> {
    pub kinds: &'a [&'a str],
    /// Entries by this person or about them.
    pub person: Option<UserId>,
    /// Entries older than the one with this index.
    pub before: Option<i64>,
    /// The maximum number of entries, newest first.
    pub limit: i64,
}

/// Loads entries. One statement.
///
/// # Errors
/// When the database fails or an entry can't be parsed, which is damage.
pub async fn load_entries(
    db: impl PgExecutor<'_>,
    query: SecurityLogQuery<'_>,
) -> Result<Vec<InstallationEntry>, sqlx::Error> {
    let kinds: Vec<String> = query.kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let entries = sqlx::query_scalar!(
        "SELECT bytes FROM installation_events
         WHERE kind = ANY ($1) AND ($2::uuid IS NULL OR actor_id = $2 OR subject_id = $2)
           AND ($3::bigint IS NULL OR index < $3)
         ORDER BY index DESC LIMIT $4",
        &kinds,
        query.person.map(UserId::uuid),
        query.before,
        query.limit,
    )
    .fetch_all(db)
    .await?;
    entries
        .iter()
        .map(|bytes| {
            canonical::from_bytes::<InstallationEntry>(bytes).map_err(|error| sqlx::Error::Decode(Box::new(error)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_kind_groups_do_not_overlap() {
        let all: Vec<&str> = KIND_GROUPS.iter().flat_map(|(_, kinds)| kinds.iter().copied()).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
        assert!(is_security_kind("signed_in") && !is_security_kind("launch_checkpointed") && !is_security_kind(""));
    }
}

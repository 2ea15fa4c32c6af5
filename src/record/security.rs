//! The security log: what of the installation's log concerns who may come in and who did what with their rights.
//!
//! It is the same entries in two more forms: lines of the process's own log, to be shipped to where attacks are watched
//! for, under the target [`TARGET`]; and a page for admins, which reads them back ([`page`]). The lines name people by
//! their ids alone.

use sqlx::PgExecutor;

use super::installation::Entry;
use crate::domain::{canonical, ids::UserId, installation::InstallationEvent, role::InstallationRoles};

/// The target under which the lines are logged.
pub const TARGET: &str = "security";

/// That somebody came in, or left.
pub const SIGN_INS: &[&str] = &["signed_in", "signed_out", "session_ended", "sessions_ended"];

/// That somebody was refused something.
pub const REFUSALS: &[&str] = &[
    "proof_refused",
    "proofs_refused",
    "signing_refused",
    "signings_refused",
    "launch_refused",
    "launches_refused",
    "request_refused",
    "requests_refused",
];

/// Accounts, and what they may do.
pub const PEOPLE: &[&str] = &[
    "set_up",
    "account_made",
    "invited",
    "invitation_withdrawn",
    "invitation_used",
    "roles_changed",
    "deactivated",
    "reactivated",
];

/// What people prove with who they are.
pub const CREDENTIALS: &[&str] = &[
    "password_changed",
    "reset_made",
    "password_reset",
    "renewal_confirmed",
    "renewal_seen",
    "second_factor_set_up",
    "second_factor_removed",
    "recovery_codes_made",
    "second_factor_policy_changed",
];

/// The kinds that belong to it, in groups as the page offers them.
pub const GROUPS: [(&str, &str, &[&str]); 5] = [
    ("sign_ins", "Sign-ins", SIGN_INS),
    ("refusals", "Refusals", REFUSALS),
    ("people", "People and rights", PEOPLE),
    ("credentials", "Passwords and second factors", CREDENTIALS),
    ("exports", "Exports", &["evidence_exported", "history_exported", "log_exported"]),
];

/// Whether a kind belongs to it.
#[must_use]
pub fn is_kind(kind: &str) -> bool {
    GROUPS.iter().any(|(_, _, kinds)| kinds.contains(&kind))
}

/// Logs an entry, if it belongs here. It is logged as it is written, an instant before its transaction commits: a line
/// whose index is given to another entry later tells of one that was not kept.
pub(super) fn tell(entry: &Entry) {
    let kind = entry.event.kind();
    if !is_kind(kind) {
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
        detail = detail(&entry.event),
        request = %entry.request,
        "security event"
    );
}

/// What there is to say beside the kind, in words that programs can sort by; no names and nothing that was typed.
fn detail(event: &InstallationEvent) -> String {
    let roles = |roles: &InstallationRoles| roles.slugs().join("+");
    match event {
        InstallationEvent::SignedIn { method, .. } => in_snake_case(method),
        InstallationEvent::ProofRefused { purpose, credential, .. } => {
            format!("{} at {}", in_snake_case(credential), in_snake_case(purpose))
        }
        InstallationEvent::ProofsRefused { purpose, count, .. } => format!("{count} at {}", in_snake_case(purpose)),
        InstallationEvent::SigningRefused { why, .. } => in_snake_case(why),
        InstallationEvent::SigningsRefused { count } | InstallationEvent::LaunchesRefused { count } => {
            count.to_string()
        }
        InstallationEvent::RequestRefused { why, what } => format!("{}: {what}", in_snake_case(why)),
        InstallationEvent::RequestsRefused { why, count } => format!("{}: {count}", in_snake_case(why)),
        InstallationEvent::HistoryExported { form, .. } | InstallationEvent::LogExported { form } => {
            in_snake_case(form)
        }
        InstallationEvent::RolesChanged { from, to, .. } => format!("{} to {}", roles(from), roles(to)),
        InstallationEvent::AccountMade { roles: given, .. }
        | InstallationEvent::Invited { roles: given, .. }
        | InstallationEvent::InvitationUsed { roles: given, .. } => roles(given),
        InstallationEvent::RenewalConfirmed { how, .. } => in_snake_case(how),
        InstallationEvent::SecondFactorPolicyChanged { from, to } => format!("{} to {}", from.slug(), to.slug()),
        InstallationEvent::EvidenceExported { pieces, files } => format!("{pieces} pieces, {files} files"),
        _ => String::new(),
    }
}

/// A word of an enumeration, as it stands in the entry's bytes.
fn in_snake_case(word: &impl serde::Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What of the log is looked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Of these kinds.
    pub kinds: &'a [&'a str],
    /// Done by this person, or about them.
    pub person: Option<UserId>,
    /// Older than the entry of this index.
    pub before: Option<i64>,
    /// So many, the newest first.
    pub most: i64,
}

/// Reads entries back. One statement.
///
/// # Errors
/// When the database fails, or an entry can't be read, which is damage.
pub async fn page(db: impl PgExecutor<'_>, wanted: Wanted<'_>) -> Result<Vec<Entry>, sqlx::Error> {
    let kinds: Vec<String> = wanted.kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let found = sqlx::query_scalar!(
        "SELECT bytes FROM installation_events
         WHERE kind = ANY ($1) AND ($2::uuid IS NULL OR actor_id = $2 OR subject_id = $2)
           AND ($3::bigint IS NULL OR index < $3)
         ORDER BY index DESC LIMIT $4",
        &kinds,
        wanted.person.map(UserId::uuid),
        wanted.before,
        wanted.most,
    )
    .fetch_all(db)
    .await?;
    found
        .iter()
        .map(|bytes| canonical::read::<Entry>(bytes).map_err(|error| sqlx::Error::Decode(Box::new(error))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_in_one_group() {
        let all: Vec<&str> = GROUPS.iter().flat_map(|(_, _, kinds)| kinds.iter().copied()).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
        assert!(is_kind("signed_in") && !is_kind("launch_checkpointed") && !is_kind(""));
    }
}

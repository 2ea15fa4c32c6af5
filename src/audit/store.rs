//! Reads accounts and rights, and the names of what entries are about.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{
    domain::{
        ids::{ChecklistId, InvitationId, UserId},
        installation::InstallationEventKind,
        launch::event::EventKind,
        time::Moment,
    },
    presentation::event_descriptions::LogNames,
};

/// The names of everything that entries name by id: people, checklists, and open or used invitations. It takes one
/// statement.
pub(super) async fn load_names(db: impl PgExecutor<'_>) -> Result<LogNames, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        SELECT 0 AS "what!", id AS "id!", name AS "name!" FROM users
        UNION ALL
        SELECT 1, id, name FROM invitations
        UNION ALL
        (SELECT DISTINCT ON (checklist_id) 2, checklist_id, name FROM checklist_versions
         ORDER BY checklist_id, number DESC)
        "#
    )
    .fetch_all(db)
    .await?;
    let mut names = LogNames::default();
    for row in rows {
        match row.what {
            0 => drop(names.people.insert(UserId(row.id), row.name)),
            1 => drop(names.invitations.insert(InvitationId(row.id), row.name)),
            _ => drop(names.checklists.insert(ChecklistId(row.id), row.name)),
        }
    }
    Ok(names)
}

pub(super) struct AuditedAccount {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub roles: Vec<String>,
    pub active: bool,
    pub created_at: Moment,
}

/// Everybody: active accounts first, then by name.
pub(super) async fn load_accounts(db: impl PgExecutor<'_>) -> Result<Vec<AuditedAccount>, sqlx::Error> {
    sqlx::query_as!(
        AuditedAccount,
        r#"SELECT id AS "id: UserId", name, email, roles, active, created_at AS "created_at: Moment"
           FROM users ORDER BY active DESC, lower(name), id"#
    )
    .fetch_all(db)
    .await
}

/// The entries that changed what accounts may do or will be able to do, oldest first.
pub(super) async fn load_account_events(db: impl PgExecutor<'_>) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    use InstallationEventKind as Kind;
    let kinds = [
        Kind::SetUp,
        Kind::AccountMade,
        Kind::Invited,
        Kind::InvitationUsed,
        Kind::RolesChanged,
        Kind::Deactivated,
        Kind::Reactivated,
    ];
    sqlx::query_scalar!(
        "SELECT bytes FROM installation_events WHERE kind = ANY($1) ORDER BY index",
        &kinds.map(<&str>::from) as _
    )
    .fetch_all(db)
    .await
}

/// A person's role on a launch, and the event that gave it.
pub(super) struct LaunchRoleRow {
    pub launch: Uuid,
    pub name: Option<String>,
    pub stage: String,
    pub restricted: bool,
    /// `owner`, `holder` or `participant`.
    pub part: String,
    pub role: Option<String>,
    pub since: Option<Moment>,
    pub seq: Option<i64>,
}

/// A person's roles on all launches, each with the newest event that gave it: a role that was removed and given
/// again counts from then. It takes one statement.
pub(super) async fn load_launch_roles(
    db: impl PgExecutor<'_>,
    person: UserId,
) -> Result<Vec<LaunchRoleRow>, sqlx::Error> {
    sqlx::query_as!(
        LaunchRoleRow,
        r#"
        WITH parts AS (
            SELECT id AS launch_id, 'owner' AS part, NULL::text AS role, $2::text[] AS kinds
            FROM launches WHERE owner_id = $1
            UNION ALL
            SELECT launch_id, 'holder', role, $3::text[] FROM launch_holders WHERE user_id = $1
            UNION ALL
            SELECT launch_id, 'participant', NULL, $4::text[] FROM launch_participants WHERE user_id = $1
        )
        SELECT p.launch_id AS "launch!", t.value AS "name?", l.stage AS "stage!", l.restricted AS "restricted!",
               p.part AS "part!", p.role, e.at AS "since?: Moment", e.seq AS "seq?"
        FROM parts p
        JOIN launches l ON l.id = p.launch_id
        LEFT JOIN texts t ON t.commitment = l.name
        LEFT JOIN LATERAL (
            SELECT at, seq FROM events
            WHERE launch_id = p.launch_id AND kind = ANY (p.kinds)
              AND (person_id = $1 OR p.part = 'owner') AND (role = p.role OR p.role IS NULL)
            ORDER BY seq DESC LIMIT 1) e ON true
        ORDER BY l.stage IN ('closed', 'cancelled'), e.at DESC, p.launch_id, p.part, p.role
        "#,
        person as _,
        &[EventKind::LaunchCreated, EventKind::OwnerChanged].map(<&str>::from) as _,
        &[EventKind::HolderAdded].map(<&str>::from) as _,
        &[EventKind::ParticipantAdded].map(<&str>::from) as _,
    )
    .fetch_all(db)
    .await
}

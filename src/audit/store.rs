//! Reads the log across launches, and what is needed to describe it in words.

use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::filter::{AuditCursor, AuditFilter};
use crate::{
    db::{BEGIN_SEARCH, none_on_timeout},
    domain::{
        ids::{ChecklistId, InvitationId, UserId},
        installation::InstallationEventKind,
        launch::{event::EventKind, texts::Commitment},
        time::Moment,
    },
    presentation::event_descriptions::{CommentBodies, LogNames, collect_comment_bodies},
};

/// The stored bytes of an event or a log entry, with its position in the log.
pub(super) struct StoredAuditEntry {
    at: Moment,
    log: Uuid,
    number: i64,
    pub bytes: Vec<u8>,
}

impl StoredAuditEntry {
    pub(super) const fn cursor(&self) -> AuditCursor {
        AuditCursor { at: self.at, log: self.log, number: self.number }
    }

    pub(super) const fn is_installation_entry(&self) -> bool {
        self.log.is_nil()
    }
}

/// The filter whose index the log is read by, as in a launch's history.
const fn index_to_use(filter: &AuditFilter) -> &'static str {
    match filter {
        AuditFilter { actor: Some(_), .. } => "actor",
        AuditFilter { kinds: Some(_), .. } => "kinds",
        AuditFilter { actor: None, kinds: None, .. } => "all",
    }
}

/// The position that the page ends before, and the earliest time.
fn cursor_bounds(filter: &AuditFilter) -> (AuditCursor, Option<Moment>) {
    let end = AuditCursor { at: Moment::new(jiff::Timestamp::MAX), log: Uuid::max(), number: i64::MAX };
    let before = filter.before.unwrap_or(end);
    // Excludes everything at the moment at which the last day ends.
    let until = filter.until.map_or(end, |until| AuditCursor { at: until, log: Uuid::nil(), number: 0 });
    (before.min(until), filter.from)
}

/// Loads the newest entries of all logs that match a filter and come before its cursor; newest first. `None` when a
/// text search took too long. It takes one statement.
pub(super) async fn load_entries(
    db: &PgPool,
    filter: &AuditFilter,
    most: i64,
) -> Result<Option<Vec<StoredAuditEntry>>, sqlx::Error> {
    match &filter.text {
        Some(patterns) => search_texts(db, filter, patterns, most).await,
        None => load_in_order(db, filter, most).await.map(Some),
    }
}

/// The branches exclude each other. The planner finds that out before execution.
async fn load_in_order(db: &PgPool, filter: &AuditFilter, most: i64) -> Result<Vec<StoredAuditEntry>, sqlx::Error> {
    let (before, from) = cursor_bounds(filter);
    sqlx::query_as!(
        StoredAuditEntry,
        r#"
        (SELECT at AS "at!: Moment", launch_id AS "log!", seq AS "number!", bytes AS "bytes!" FROM events
         WHERE $7 = 'all' AND (at, launch_id, seq) < ($1, $2, $3) AND at >= $4
         ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8)
        UNION ALL
        (SELECT e.* FROM unnest($5::text[]) AS wanted (kind)
         CROSS JOIN LATERAL (SELECT at, launch_id, seq, bytes FROM events
                             WHERE kind = wanted.kind AND (at, launch_id, seq) < ($1, $2, $3) AND at >= $4
                             ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8) e
         WHERE $7 = 'kinds' ORDER BY e.at DESC, e.launch_id DESC, e.seq DESC LIMIT $8)
        UNION ALL
        (SELECT at, launch_id, seq, bytes FROM events
         WHERE $7 = 'actor' AND actor_id = $6 AND (at, launch_id, seq) < ($1, $2, $3) AND at >= $4
           AND ($5::text[] IS NULL OR kind = ANY($5))
         ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8)
        UNION ALL
        (SELECT at, '00000000-0000-0000-0000-000000000000'::uuid, index, bytes FROM installation_events
         WHERE $7 = 'all' AND at <= $1 AND at >= $4
           AND (at, '00000000-0000-0000-0000-000000000000'::uuid, index) < ($1, $2, $3)
         ORDER BY at DESC, index DESC LIMIT $8)
        UNION ALL
        (SELECT e.at, '00000000-0000-0000-0000-000000000000'::uuid, e.index, e.bytes
         FROM unnest($5::text[]) AS wanted (kind)
         CROSS JOIN LATERAL (SELECT at, index, bytes FROM installation_events
                             WHERE kind = wanted.kind AND at <= $1 AND at >= $4
                               AND (at, '00000000-0000-0000-0000-000000000000'::uuid, index) < ($1, $2, $3)
                             ORDER BY at DESC, index DESC LIMIT $8) e
         WHERE $7 = 'kinds' ORDER BY e.at DESC, e.index DESC LIMIT $8)
        UNION ALL
        (SELECT at, '00000000-0000-0000-0000-000000000000'::uuid, index, bytes FROM installation_events
         WHERE $7 = 'actor' AND actor_id = $6 AND at <= $1 AND at >= $4
           AND (at, '00000000-0000-0000-0000-000000000000'::uuid, index) < ($1, $2, $3)
           AND ($5::text[] IS NULL OR kind = ANY($5))
         ORDER BY at DESC, index DESC LIMIT $8)
        ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT $8
        "#,
        before.at as Moment,
        before.log,
        before.number,
        from.unwrap_or(Moment::new(jiff::Timestamp::UNIX_EPOCH)) as Moment,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        index_to_use(filter),
        most,
    )
    .fetch_all(db)
    .await
}

/// Events of all launches with these words in one of their texts, or in the title of their item. As in a launch's
/// history, and with the same texts excluded.
async fn search_texts(
    db: &PgPool,
    filter: &AuditFilter,
    patterns: &[String],
    most: i64,
) -> Result<Option<Vec<StoredAuditEntry>>, sqlx::Error> {
    let (before, from) = cursor_bounds(filter);
    let mut transaction = db.begin_with(BEGIN_SEARCH).await?;
    let found = sqlx::query_as!(
        StoredAuditEntry,
        r#"
        WITH texts_found AS MATERIALIZED (
            SELECT encode(t.commitment, 'hex') AS hash FROM texts t
            WHERE t.value ILIKE ALL ($1)
              AND is_searchable(t.field)
            UNION ALL
            SELECT encode(t.commitment, 'hex') FROM texts t
            WHERE t.value ILIKE ALL ($1)
              AND is_searchable_in_history_only(t.field)
        ),
        found AS MATERIALIZED (
            SELECT at, launch_id, seq, kind, actor_id FROM events
            WHERE commitments_in(bytes) && ARRAY(SELECT hash FROM texts_found)
            UNION
            SELECT e.at, e.launch_id, e.seq, e.kind, e.actor_id
            FROM items i JOIN events e ON e.launch_id = i.launch_id AND e.item_id = i.id
            WHERE i.title ILIKE ALL ($1)
        ),
        page AS MATERIALIZED (
            SELECT launch_id, seq FROM found
            WHERE (at, launch_id, seq) < ($2, $3, $4) AND at >= $5
              AND ($6::text[] IS NULL OR kind = ANY($6))
              AND ($7::uuid IS NULL OR actor_id = $7)
            ORDER BY at DESC, launch_id DESC, seq DESC LIMIT $8
        )
        SELECT e.at AS "at!: Moment", e.launch_id AS "log!", e.seq AS "number!", e.bytes AS "bytes!"
        FROM page JOIN events e ON e.launch_id = page.launch_id AND e.seq = page.seq
        ORDER BY e.at DESC, e.launch_id DESC, e.seq DESC
        "#,
        patterns,
        before.at as Moment,
        before.log,
        before.number,
        from.unwrap_or(Moment::new(jiff::Timestamp::UNIX_EPOCH)) as Moment,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        most,
    )
    .fetch_all(&mut *transaction)
    .await;
    transaction.rollback().await?;
    none_on_timeout(found)
}

/// The bytes of at most `most` entries of the installation's log from `first` to `last`, oldest first.
pub(super) async fn load_batch(
    db: impl PgExecutor<'_>,
    first: i64,
    last: i64,
    most: i64,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM installation_events WHERE index >= $1 AND index <= $2 ORDER BY index LIMIT $3",
        first,
        last,
        most,
    )
    .fetch_all(db)
    .await
}

/// The texts of comments with these commitments, in any launch. Redacted ones are missing.
pub(super) async fn load_comment_bodies(
    db: impl PgExecutor<'_>,
    commitments: &[Commitment],
) -> Result<CommentBodies, sqlx::Error> {
    let wanted: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.to_bytes().to_vec()).collect();
    let rows =
        sqlx::query!("SELECT commitment, value FROM texts WHERE field = 'comment' AND commitment = ANY($1)", &wanted)
            .fetch_all(db)
            .await?;
    Ok(collect_comment_bodies(rows.into_iter().map(|row| (row.commitment, row.value))))
}

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

/// The entries that changed what accounts may do, oldest first.
pub(super) async fn load_account_events(db: impl PgExecutor<'_>) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    use InstallationEventKind as Kind;
    let kinds = [
        Kind::SetUp,
        Kind::AccountMade,
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

/// A person's roles on all launches, each with the newest event that gave it: a role that was taken away and given
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

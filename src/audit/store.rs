//! The log across launches, and what it takes to tell it in words.

use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::filter::{Filter, Place};
use crate::{
    db::{LOOKING_UP, unless_too_long},
    domain::{
        ids::{ChecklistId, InvitationId, UserId},
        launch::texts::Commitment,
        time::Moment,
    },
    launch_page::words_of_events::{Bodies, Names, bodies_in},
};

/// Bytes of one of the logs, and where they stand on the page.
pub(super) struct Stored {
    at: Moment,
    log: Uuid,
    number: i64,
    pub bytes: Vec<u8>,
}

impl Stored {
    pub(super) const fn place(&self) -> Place {
        Place { at: self.at, log: self.log, number: self.number }
    }

    /// Whether it is an entry of the installation's log.
    pub(super) const fn is_of_installation(&self) -> bool {
        self.log.is_nil()
    }
}

/// By which of its filters the log is read, as in a launch's history.
const fn way(filter: &Filter) -> &'static str {
    match filter {
        Filter { actor: Some(_), .. } => "actor",
        Filter { kinds: Some(_), .. } => "kinds",
        Filter { actor: None, kinds: None, .. } => "all",
    }
}

/// Where a page begins, and the moments it lies between.
fn bounds(filter: &Filter) -> (Place, Option<Moment>) {
    let end = Place { at: Moment::new(jiff::Timestamp::MAX), log: Uuid::max(), number: i64::MAX };
    let before = filter.before.unwrap_or(end);
    // Nothing is at the moment itself that the days end with.
    let until = filter.until.map_or(end, |until| Place { at: until, log: Uuid::nil(), number: 0 });
    (before.min(until), filter.from)
}

/// What a filter lets through of all logs: newest first, from before a place. One statement; nothing when finding words
/// took too long.
///
/// # Errors
/// When the database fails.
pub(super) async fn stored(db: &PgPool, filter: &Filter, most: i64) -> Result<Option<Vec<Stored>>, sqlx::Error> {
    match &filter.text {
        Some(patterns) => by_text(db, filter, patterns, most).await,
        None => in_order(db, filter, most).await.map(Some),
    }
}

/// The branches exclude each other: the planner finds that out before it begins.
async fn in_order(db: &PgPool, filter: &Filter, most: i64) -> Result<Vec<Stored>, sqlx::Error> {
    let (before, from) = bounds(filter);
    sqlx::query_as!(
        Stored,
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
        way(filter),
        most,
    )
    .fetch_all(db)
    .await
}

/// The events of all launches that have these words in a text of theirs, or in the title of their item; as in a launch's
/// history, and with the same texts left out.
async fn by_text(
    db: &PgPool,
    filter: &Filter,
    patterns: &[String],
    most: i64,
) -> Result<Option<Vec<Stored>>, sqlx::Error> {
    let (before, from) = bounds(filter);
    let mut transaction = db.begin_with(LOOKING_UP).await?;
    let found = sqlx::query_as!(
        Stored,
        r#"
        WITH texts_found AS MATERIALIZED (
            SELECT encode(t.commitment, 'hex') AS hash FROM texts t
            WHERE t.value ILIKE ALL ($1)
              AND t.field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note')
            UNION ALL
            SELECT encode(t.commitment, 'hex') FROM texts t
            WHERE t.value ILIKE ALL ($1)
              AND t.field IN ('notes', 'reason', 'settlement', 'item_reason', 'agreement_reason', 'evidence_withdrawal',
                              'evidence_request', 'waiver_reason', 'waiver_control', 'waiver_decision',
                              'signature_comment', 'signature_withdrawal')
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
    unless_too_long(found)
}

/// The bytes of so many entries of the installation's log, from one on until another, oldest first.
///
/// # Errors
/// When the database fails.
pub(super) async fn batch(
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

/// The bodies of comments behind these commitments, of whatever launch; those that are still there.
///
/// # Errors
/// When the database fails.
pub(super) async fn bodies(db: impl PgExecutor<'_>, commitments: &[Commitment]) -> Result<Bodies, sqlx::Error> {
    let wanted: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.bytes().to_vec()).collect();
    let rows =
        sqlx::query!("SELECT commitment, value FROM texts WHERE field = 'comment' AND commitment = ANY($1)", &wanted)
            .fetch_all(db)
            .await?;
    Ok(bodies_in(rows.into_iter().map(|row| (row.commitment, row.value))))
}

/// What everything is called that entries name by their ids: people, checklists and open or used invitations. One
/// statement.
///
/// # Errors
/// When the database fails.
pub(super) async fn names(db: impl PgExecutor<'_>) -> Result<Names, sqlx::Error> {
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
    let mut names = Names::default();
    for row in rows {
        match row.what {
            0 => drop(names.people.insert(UserId(row.id), row.name)),
            1 => drop(names.invitations.insert(InvitationId(row.id), row.name)),
            _ => drop(names.checklists.insert(ChecklistId(row.id), row.name)),
        }
    }
    Ok(names)
}

/// Somebody with an account.
pub(super) struct Account {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub roles: Vec<String>,
    pub active: bool,
    pub created_at: Moment,
}

/// Everybody, by name.
///
/// # Errors
/// When the database fails.
pub(super) async fn accounts(db: impl PgExecutor<'_>) -> Result<Vec<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT id AS "id: UserId", name, email, roles, active, created_at AS "created_at: Moment"
           FROM users ORDER BY active DESC, lower(name), id"#
    )
    .fetch_all(db)
    .await
}

/// The entries that gave or took away what accounts may do, oldest first.
///
/// # Errors
/// When the database fails.
pub(super) async fn of_accounts(db: impl PgExecutor<'_>) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM installation_events
         WHERE kind IN ('set_up', 'account_made', 'invitation_used', 'roles_changed', 'deactivated', 'reactivated')
         ORDER BY index"
    )
    .fetch_all(db)
    .await
}

/// What somebody is on a launch, and the event that made them so.
pub(super) struct Part {
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

/// What a person is on every launch, and since which event: the newest that gave it to them, since what was taken away and
/// given again is theirs since then. One statement.
///
/// # Errors
/// When the database fails.
pub(super) async fn parts(db: impl PgExecutor<'_>, person: UserId) -> Result<Vec<Part>, sqlx::Error> {
    sqlx::query_as!(
        Part,
        r#"
        WITH parts AS (
            SELECT id AS launch_id, 'owner' AS part, NULL::text AS role FROM launches WHERE owner_id = $1
            UNION ALL
            SELECT launch_id, 'holder', role FROM launch_holders WHERE user_id = $1
            UNION ALL
            SELECT launch_id, 'participant', NULL FROM launch_participants WHERE user_id = $1
        )
        SELECT p.launch_id AS "launch!", t.value AS "name?", l.stage AS "stage!", l.restricted AS "restricted!",
               p.part AS "part!", p.role, e.at AS "since?: Moment", e.seq AS "seq?"
        FROM parts p
        JOIN launches l ON l.id = p.launch_id
        LEFT JOIN texts t ON t.commitment = l.name
        LEFT JOIN LATERAL (
            SELECT at, seq FROM events
            WHERE launch_id = p.launch_id
              AND kind = ANY (CASE p.part WHEN 'owner' THEN ARRAY['launch_created', 'owner_changed']
                                          WHEN 'holder' THEN ARRAY['holder_added']
                                          ELSE ARRAY['participant_added'] END)
              AND (p.part = 'owner'
                   OR convert_from(bytes, 'UTF8')::jsonb #>> '{data,person,id}' = $1::text
                      AND (p.role IS NULL OR convert_from(bytes, 'UTF8')::jsonb #>> '{data,role}' = p.role))
            ORDER BY seq DESC LIMIT 1) e ON true
        ORDER BY l.stage IN ('closed', 'cancelled'), e.at DESC, p.launch_id, p.part, p.role
        "#,
        person as _,
    )
    .fetch_all(db)
    .await
}

//! The slice's queries across launches.

use sqlx::PgExecutor;

use crate::{
    domain::{
        ids::{ItemId, LaunchId, UserId},
        launch::state::StageName,
        readiness::Verdict,
        time::Moment,
    },
    record::security_log::REFUSAL_KINDS,
};

/// The launches that are not over and in which a person may have something to do, because they own them, hold a role in
/// them or have an item of them; at most `limit`, those whose target is nearest to now first.
pub(super) async fn find_launches_of_person(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    now: Moment,
    limit: i64,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        WITH own AS (
            SELECT id FROM launches WHERE owner_id = $1
            UNION SELECT launch_id FROM launch_holders WHERE user_id = $1
            UNION SELECT launch_id FROM items WHERE assignee_id = $1
        )
        SELECT l.id AS "id!: LaunchId" FROM own JOIN visible_launches($1, $2) l ON l.id = own.id
        WHERE l.stage IN ('preparing', 'go', 'held', 'launched')
        ORDER BY abs(extract(epoch FROM l.target_at - $3::timestamptz)), l.id LIMIT $4
        "#,
        user as _,
        reads_all,
        now as Moment,
        limit,
    )
    .fetch_all(db)
    .await
}

/// A launch ahead, with its summary.
#[derive(Debug)]
pub(super) struct UpcomingLaunchCard {
    pub id: LaunchId,
    /// `None` if it was redacted.
    pub name: Option<String>,
    pub stage: StageName,
    pub target: Moment,
    pub verdict: Option<Verdict>,
    pub resolved: i32,
    pub total: i32,
    /// Whether the stored summary does not hold any more.
    pub is_outdated: bool,
}

/// The launches ahead that a person may see, the earliest target first, at most 13: those of the cards
/// and one more. The number is written into the statement, so that PostgreSQL knows how few they are.
pub(super) async fn load_launches_ahead(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    now: Moment,
) -> Result<Vec<UpcomingLaunchCard>, sqlx::Error> {
    sqlx::query_as!(
        UpcomingLaunchCard,
        r#"
        SELECT l.id AS "id!: LaunchId", named.value AS "name?", l.stage AS "stage!: StageName",
               l.target_at AS "target!: Moment", s.verdict AS "verdict?: Verdict",
               COALESCE(s.resolved, 0) AS "resolved!", COALESCE(s.total, 0) AS "total!",
               s.seq IS DISTINCT FROM l.seq OR COALESCE(s.holds_until <= $3, false) AS "is_outdated!"
        FROM unnest(ARRAY['preparing', 'go', 'held']) AS ahead (stage)
        CROSS JOIN LATERAL (
            SELECT v.* FROM visible_launches($1, $2) v WHERE v.stage = ahead.stage ORDER BY v.target_at, v.id LIMIT 13
        ) l
        LEFT JOIN launch_summaries s ON s.launch_id = l.id
        LEFT JOIN texts named ON named.commitment = l.name
        ORDER BY l.target_at, l.id LIMIT 13
        "#,
        user as _,
        reads_all,
        now as Moment,
    )
    .fetch_all(db)
    .await
}

#[derive(Debug, Clone, Copy)]
pub(super) struct SetupProgress {
    /// The number of accounts that are not deactivated.
    pub people: i64,
    /// Checklists that are not archived.
    pub checklists: i64,
}

pub(super) async fn load_setup_progress(db: impl PgExecutor<'_>) -> Result<SetupProgress, sqlx::Error> {
    sqlx::query_as!(
        SetupProgress,
        r#"
        SELECT (SELECT count(*) FROM users WHERE active) AS "people!",
               (SELECT count(*) FROM checklists WHERE archived_at IS NULL) AS "checklists!"
        "#
    )
    .fetch_one(db)
    .await
}

/// How many launches that a person may see are in each stage.
pub(super) async fn count_launches_by_stage(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
) -> Result<Vec<(StageName, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT stage AS "stage!: StageName", count(*) AS "number!" FROM visible_launches($1, $2) GROUP BY stage"#,
        user as _,
        reads_all,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.stage, row.number)).collect())
}

/// The moment up to which an auditor has marked the logs as seen; `None` if they never did.
pub(super) async fn find_desk_visit(db: impl PgExecutor<'_>, user: UserId) -> Result<Option<Moment>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT seen_until AS "at: Moment" FROM desk_visits WHERE user_id = $1"#, user as _)
        .fetch_optional(db)
        .await
}

/// Marks the logs as seen by an auditor up to a moment. It never moves back.
pub(super) async fn set_desk_visit(
    db: impl PgExecutor<'_>,
    user: UserId,
    seen_until: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO desk_visits (user_id, seen_until) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET seen_until = greatest(desk_visits.seen_until, excluded.seen_until)",
        user as _,
        seen_until as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}

/// How many refusals the audit log has since a time.
pub(super) async fn count_refusals(db: impl PgExecutor<'_>, since: Moment) -> Result<i64, sqlx::Error> {
    let kinds: Vec<String> = REFUSAL_KINDS.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"SELECT coalesce(sum(coalesce(refusal_count, 1)), 0)::bigint AS "number!"
           FROM installation_events WHERE kind = ANY($1) AND at > $2"#,
        &kinds,
        since as Moment,
    )
    .fetch_one(db)
    .await
}

/// Maximum number of events that are counted by launch.
const MAX_COUNTED_EVENTS: i64 = 20_000;

/// What happened in a launch since a time.
#[derive(Debug)]
pub(super) struct ChangedLaunch {
    pub id: LaunchId,
    /// `None` if it was redacted.
    pub name: Option<String>,
    pub events: i64,
    pub signatures: i64,
    pub decisions: i64,
    pub newest: Moment,
    /// The number of all changed launches.
    pub total: i64,
}

/// The launches that changed since a time, the newest change first. Of many events only the newest
/// [`MAX_COUNTED_EVENTS`] are counted.
pub(super) async fn load_changed_launches(
    db: impl PgExecutor<'_>,
    since: Moment,
    (signatures, decisions): (&[String], &[String]),
    limit: i64,
) -> Result<Vec<ChangedLaunch>, sqlx::Error> {
    sqlx::query_as!(
        ChangedLaunch,
        r#"
        WITH newest AS MATERIALIZED (
            SELECT launch_id, kind, at FROM events WHERE at > $1 ORDER BY at DESC LIMIT $5
        ),
        changed AS (
            SELECT launch_id, count(*) AS events, count(*) FILTER (WHERE kind = ANY($2)) AS signatures,
                   count(*) FILTER (WHERE kind = ANY($3)) AS decisions, max(at) AS newest, count(*) OVER () AS total
            FROM newest GROUP BY launch_id ORDER BY max(at) DESC, launch_id LIMIT $4
        )
        SELECT c.launch_id AS "id!: LaunchId", named.value AS "name?", c.events AS "events!",
               c.signatures AS "signatures!", c.decisions AS "decisions!", c.newest AS "newest!: Moment",
               c.total AS "total!"
        FROM changed c JOIN launches l ON l.id = c.launch_id LEFT JOIN texts named ON named.commitment = l.name
        ORDER BY c.newest DESC, c.launch_id
        "#,
        since as Moment,
        signatures,
        decisions,
        limit,
        MAX_COUNTED_EVENTS,
    )
    .fetch_all(db)
    .await
}

/// The newest checkpoint of a launch, if nobody has downloaded it.
#[derive(Debug)]
pub(super) struct UnwitnessedCheckpoint {
    pub launch: LaunchId,
    pub name: Option<String>,
    /// How many events it covers.
    pub size: i64,
    pub at: Moment,
    pub total: i64,
}

/// The launches whose newest checkpoint has no witness, the newest first.
pub(super) async fn load_unwitnessed_checkpoints(
    db: impl PgExecutor<'_>,
    limit: i64,
) -> Result<Vec<UnwitnessedCheckpoint>, sqlx::Error> {
    sqlx::query_as!(
        UnwitnessedCheckpoint,
        r#"
        SELECT l.id AS "launch!: LaunchId", named.value AS "name?", newest.size AS "size!",
               newest.at AS "at!: Moment", newest.total AS "total!"
        FROM (
            SELECT l.id, c.size, c.at, count(*) OVER () AS total FROM launches l
            CROSS JOIN LATERAL (SELECT size, at FROM checkpoints WHERE log = l.id ORDER BY size DESC LIMIT 1) c
            WHERE NOT EXISTS (SELECT FROM checkpoint_witnesses w WHERE w.log = l.id AND w.size = c.size)
            ORDER BY c.at DESC, l.id LIMIT $1
        ) newest
        JOIN launches l ON l.id = newest.id LEFT JOIN texts named ON named.commitment = l.name
        ORDER BY newest.at DESC, l.id
        "#,
        limit,
    )
    .fetch_all(db)
    .await
}

/// An evidence request that nobody has answered.
#[derive(Debug)]
pub(super) struct UnansweredRequest {
    pub item: ItemId,
    pub title: String,
    /// The launch's name; `None` if it was redacted.
    pub name: Option<String>,
    pub by: String,
    pub at: Moment,
    pub total: i64,
}

/// The unanswered evidence requests of launches that are not over, the oldest first.
pub(super) async fn load_unanswered_requests(
    db: impl PgExecutor<'_>,
    limit: i64,
) -> Result<Vec<UnansweredRequest>, sqlx::Error> {
    sqlx::query_as!(
        UnansweredRequest,
        r#"
        SELECT r.item_id AS "item: ItemId", i.title, named.value AS "name?", u.name AS by,
               r.requested_at AS "at: Moment", r.total AS "total!"
        FROM (
            SELECT r.*, count(*) OVER () AS total FROM evidence_requests r
            JOIN launches l ON l.id = r.launch_id AND l.stage NOT IN ('closed', 'cancelled')
            WHERE r.answered_at IS NULL ORDER BY r.requested_at, r.id LIMIT $1
        ) r
        JOIN items i ON i.id = r.item_id
        JOIN launches l ON l.id = r.launch_id
        JOIN users u ON u.id = r.requested_by
        LEFT JOIN texts named ON named.commitment = l.name
        ORDER BY r.requested_at, r.id
        "#,
        limit,
    )
    .fetch_all(db)
    .await
}

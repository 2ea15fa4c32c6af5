//! Who has opened a launch's go/no-go page.

use sqlx::PgExecutor;

use crate::domain::{
    ids::{LaunchId, UserId},
    launch::event::Seq,
    time::Moment,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReadMark {
    pub user: UserId,
    /// The newest event that the page has shown them.
    pub seq: Seq,
    /// When they last opened it.
    pub at: Moment,
}

/// A page that is made for somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct GoNoGoVisit {
    pub user: UserId,
    pub launch: LaunchId,
    /// The newest event on the page.
    pub seq: Seq,
    pub now: Moment,
    /// Whether they opened the page just now; false if it refreshes itself or shows a form again.
    pub is_opening: bool,
}

/// Records that the page is made for somebody, and returns who had opened it before that, in one statement.
pub(super) async fn record_visit(db: impl PgExecutor<'_>, look: GoNoGoVisit) -> Result<Vec<ReadMark>, sqlx::Error> {
    // The statement reads the rows as they were before its own insert.
    sqlx::query_as!(
        ReadMark,
        r#"
        WITH marked AS (
            INSERT INTO read_marks (user_id, launch_id, seq, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (launch_id, user_id) DO UPDATE
                SET seq = greatest(read_marks.seq, excluded.seq),
                    at = CASE WHEN $5 THEN excluded.at ELSE read_marks.at END
        )
        SELECT user_id AS "user: UserId", seq, at AS "at: Moment" FROM read_marks WHERE launch_id = $2
        "#,
        look.user as _,
        look.launch as _,
        look.seq,
        look.now as Moment,
        look.is_opening,
    )
    .fetch_all(db)
    .await
}

/// How many reminders of signatures there were in a launch.
pub(super) async fn count_reminders(
    db: impl sqlx::PgExecutor<'_>,
    launch: crate::domain::ids::LaunchId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "number!" FROM notifications WHERE launch_id = $1 AND reason = $2"#,
        launch.uuid(),
        crate::domain::notification::NotificationReason::SignatureReminded.name(),
    )
    .fetch_one(db)
    .await
}

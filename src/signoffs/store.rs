//! Who has opened a go/no-go page.

use sqlx::PgExecutor;

use crate::domain::{
    ids::{LaunchId, UserId},
    launch::event::Seq,
    time::Moment,
};

/// Somebody has opened the page of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub user: UserId,
    /// The newest event that it has shown them.
    pub seq: Seq,
    /// When they opened it last.
    pub at: Moment,
}

/// A page that is being made for somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub user: UserId,
    pub launch: LaunchId,
    /// The newest event on it.
    pub seq: Seq,
    pub now: Moment,
    /// Whether they have just opened it, rather than that it brings itself up to date.
    pub opens: bool,
}

/// Marks that the page is made for somebody, and answers who had opened it before that. One statement.
///
/// # Errors
/// When the database fails.
pub(super) async fn look(db: impl PgExecutor<'_>, look: Look) -> Result<Vec<Mark>, sqlx::Error> {
    // What the statement reads is as it was before what it writes.
    sqlx::query_as!(
        Mark,
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
        look.opens,
    )
    .fetch_all(db)
    .await
}

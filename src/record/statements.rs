//! The versions of what signers declare. The first is the program's; later ones are rows that are only ever added.

use sqlx::{PgConnection, PgExecutor};

use crate::domain::{
    ids::UserId,
    launch::event::{Meaning, Vote},
    statement::{self, Wording},
    text::StatementText,
    time::Moment,
};

/// A version of the statements.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number.
    pub number: u32,
    /// The texts.
    pub wording: Wording,
    /// When it was published and by whom; nothing for the program's own.
    pub published: Option<(Moment, String)>,
}

/// Every version, the newest first: what is signed under is the first of them. One statement.
///
/// # Errors
/// When the database fails, or what is stored is no wording.
pub async fn versions(db: impl PgExecutor<'_>) -> Result<Vec<Version>, sqlx::Error> {
    read(db, i64::MAX).await
}

/// The version that signatures are given under now. One statement.
///
/// # Errors
/// As [`versions`].
pub async fn current(db: impl PgExecutor<'_>) -> Result<Version, sqlx::Error> {
    match read(db, 1).await?.into_iter().next() {
        Some(version) => Ok(version),
        None => first(),
    }
}

fn first() -> Result<Version, sqlx::Error> {
    let wording = Wording::first().map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Version { number: statement::VERSION, wording, published: None })
}

async fn read(db: impl PgExecutor<'_>, most: i64) -> Result<Vec<Version>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT version, go_approval, go_review, go_responsibility, no_go_approval, no_go_review, no_go_responsibility,
                  published_at AS "published_at: Moment", users.name
           FROM statements JOIN users ON users.id = published_by ORDER BY version DESC LIMIT $1"#,
        most,
    )
    .fetch_all(db)
    .await?;
    let damaged = |error: &dyn std::error::Error| sqlx::Error::Decode(error.to_string().into());
    let mut versions = Vec::with_capacity(rows.len() + 1);
    for row in rows {
        let text = |vote, meaning| match (vote, meaning) {
            (Vote::Go, Meaning::Approval) => &row.go_approval,
            (Vote::Go, Meaning::Review) => &row.go_review,
            (Vote::Go, Meaning::Responsibility) => &row.go_responsibility,
            (Vote::NoGo, Meaning::Approval) => &row.no_go_approval,
            (Vote::NoGo, Meaning::Review) => &row.no_go_review,
            (Vote::NoGo, Meaning::Responsibility) => &row.no_go_responsibility,
        };
        let wording = Wording::try_from_each(|vote, meaning| StatementText::stored(text(vote, meaning)));
        versions.push(Version {
            number: u32::try_from(row.version).map_err(|error| damaged(&error))?,
            wording: wording.map_err(|error| damaged(&error))?,
            published: Some((row.published_at, row.name)),
        });
    }
    if versions.len() < usize::try_from(most).unwrap_or(usize::MAX) {
        versions.push(first()?);
    }
    Ok(versions)
}

/// Publishes the next version; answers whether it did. It does not when somebody has published that number already:
/// of two at once, one does.
///
/// # Errors
/// When the database fails.
pub async fn publish(
    conn: &mut PgConnection,
    number: u32,
    wording: &Wording,
    by: UserId,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO statements (version, go_approval, go_review, go_responsibility, no_go_approval, no_go_review,
                                 no_go_responsibility, published_at, published_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (version) DO NOTHING",
        i32::try_from(number).map_err(|error| sqlx::Error::Encode(error.into()))?,
        wording.go.approval.as_str(),
        wording.go.review.as_str(),
        wording.go.responsibility.as_str(),
        wording.no_go.approval.as_str(),
        wording.no_go.review.as_str(),
        wording.no_go.responsibility.as_str(),
        at as Moment,
        by.uuid(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

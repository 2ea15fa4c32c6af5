//! The versions of the statements. The first is built into the program; later ones are rows that are only ever added.

use sqlx::{PgConnection, PgExecutor};

use crate::domain::{
    ids::UserId,
    statement::{self, StatementTexts},
    time::Moment,
};

#[derive(Debug, Clone)]
pub struct StatementVersion {
    pub number: u32,
    pub wording: StatementTexts,
    /// When it was published and by whom; `None` for the built-in version.
    pub published: Option<(Moment, String)>,
}

/// Every version, newest first: signatures are given under the first one. One statement.
///
/// # Errors
/// When the database fails or a stored text is invalid.
pub async fn load_versions(db: impl PgExecutor<'_>) -> Result<Vec<StatementVersion>, sqlx::Error> {
    read_versions(db, i64::MAX).await
}

/// The version under which signatures are given now. One statement.
///
/// # Errors
/// As [`load_versions`].
pub async fn load_current_version(db: impl PgExecutor<'_>) -> Result<StatementVersion, sqlx::Error> {
    match read_versions(db, 1).await?.into_iter().next() {
        Some(version) => Ok(version),
        None => built_in_version(),
    }
}

fn built_in_version() -> Result<StatementVersion, sqlx::Error> {
    let wording = StatementTexts::built_in().map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(StatementVersion { number: statement::BUILT_IN_VERSION, wording, published: None })
}

async fn read_versions(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<StatementVersion>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT version, go_approval, go_review, go_responsibility, no_go_approval, no_go_review, no_go_responsibility,
                  published_at AS "published_at: Moment", users.name
           FROM statements JOIN users ON users.id = published_by ORDER BY version DESC LIMIT $1"#,
        limit,
    )
    .fetch_all(db)
    .await?;
    let damaged = |error: &dyn std::error::Error| sqlx::Error::Decode(error.to_string().into());
    let mut versions = Vec::with_capacity(rows.len() + 1);
    for row in rows {
        let wording = StatementTexts::stored([
            &row.go_approval,
            &row.go_review,
            &row.go_responsibility,
            &row.no_go_approval,
            &row.no_go_review,
            &row.no_go_responsibility,
        ]);
        versions.push(StatementVersion {
            number: u32::try_from(row.version).map_err(|error| damaged(&error))?,
            wording: wording.map_err(|error| damaged(&error))?,
            published: Some((row.published_at, row.name)),
        });
    }
    if versions.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
        versions.push(built_in_version()?);
    }
    Ok(versions)
}

/// Publishes the next version. Returns false when that number was published already: of two concurrent calls one
/// succeeds.
pub async fn publish_version(
    conn: &mut PgConnection,
    number: u32,
    wording: &StatementTexts,
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

//! Queries of the jobs.

use sqlx::PgConnection;

use crate::domain::text::{Email, PersonName};

/// The name and address of every admin who may sign in.
pub(super) async fn load_admins(conn: &mut PgConnection) -> Result<Vec<(PersonName, Email)>, sqlx::Error> {
    let rows = sqlx::query!("SELECT name, email FROM users WHERE active AND 'admin' = ANY (roles) ORDER BY id")
        .fetch_all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((PersonName::stored(&row.name).ok()?, Email::new(&row.email).ok()?)))
        .collect())
}

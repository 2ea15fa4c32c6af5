//! Queries for mails.

use sqlx::PgConnection;

use crate::{domain::text::Email, texts::Language};

/// The language that the person with this address has chosen.
pub(super) async fn find_language(conn: &mut PgConnection, email: &Email) -> Result<Option<Language>, sqlx::Error> {
    let tag =
        sqlx::query_scalar!("SELECT language FROM users WHERE email = $1", email.as_str()).fetch_optional(conn).await?;
    Ok(tag.flatten().as_deref().and_then(Language::from_tag))
}

//! The public key of the installation in the database, and since when.

use sqlx::PgPool;

use super::installation_log;
use crate::domain::{ids::RequestId, installation::InstallationEvent, key::PublicKey, time::Moment};

/// Why a key is refused.
#[derive(Debug, thiserror::Error)]
pub enum KeyRegistrationError {
    #[error(
        "This database belongs to another key than the one in SIGNOFF_KEY_FILE.\n  It knows: {registered}\n  The file has: \
         {given}\nGive signoff the key file of this installation: checkpoints signed with another would contradict \
         those that people keep."
    )]
    OtherKey {
        /// The key in the database.
        registered: String,
        /// The key in the file.
        given: PublicKey,
    },
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// Makes sure that the database belongs to this key. The first key is registered permanently and logged.
pub async fn register_key(
    db: &PgPool,
    key: &PublicKey,
    request: RequestId,
    now: Moment,
) -> Result<(), KeyRegistrationError> {
    let mut tx = installation_log::AuditedTransaction::begin(db).await?;
    // Of two servers that start at once with an empty database, one waits here for the other.
    let made = sqlx::query!(
        "INSERT INTO keys (public_key, number, installation_id, vkey, registered_at)
         SELECT $1, 1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM keys)
         ON CONFLICT DO NOTHING",
        key.as_bytes().as_slice(),
        key.installation() as _,
        key.to_string(),
        now as Moment,
    )
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 1 {
        let event = InstallationEvent::KeyRegistered { key: key.clone() };
        installation_log::append_event(&mut tx, None, &event, None, request, now).await?;
        return Ok(tx.commit().await?);
    }
    let registered =
        sqlx::query_scalar!("SELECT vkey FROM keys ORDER BY number DESC LIMIT 1").fetch_one(&mut *tx).await?;
    if registered == key.to_string() {
        Ok(())
    } else {
        Err(KeyRegistrationError::OtherKey { registered, given: key.clone() })
    }
}

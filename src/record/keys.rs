//! The installation's key, as the database knows it: its public half, and since when.

use sqlx::PgPool;

use super::installation;
use crate::domain::{ids::RequestId, installation::InstallationEvent, key::PublicKey, time::Moment};

/// Why a key is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// The database goes with another.
    #[error(
        "This database belongs to another key than the one in SIGNOFF_KEY_FILE.\n  It knows: {known}\n  The file has: \
         {found}\nGive signoff the key file of this installation: checkpoints signed with another would contradict \
         those that people keep."
    )]
    Another {
        /// The key that the database knows.
        known: String,
        /// The key that was offered.
        found: PublicKey,
    },
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// Makes sure that the database goes with this key: the first one it sees, it remembers for good, and tells of in the
/// installation's log.
///
/// # Errors
/// [`NotTaken`], when it goes with another.
pub async fn take(db: &PgPool, key: &PublicKey, request: RequestId, now: Moment) -> Result<(), NotTaken> {
    let mut tx = db.begin().await?;
    // Of two servers that start at once on an empty database, one waits here for the other.
    let made = sqlx::query!(
        "INSERT INTO keys (public_key, number, installation_id, vkey, registered_at)
         SELECT $1, 1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM keys)
         ON CONFLICT DO NOTHING",
        key.bytes().as_slice(),
        key.installation() as _,
        key.to_string(),
        now as Moment,
    )
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 1 {
        let event = InstallationEvent::KeyRegistered { key: key.clone() };
        installation::append(&mut tx, None, &event, None, request, now).await?;
        return Ok(tx.commit().await?);
    }
    let known = sqlx::query_scalar!("SELECT vkey FROM keys ORDER BY number DESC LIMIT 1").fetch_one(&mut *tx).await?;
    if known == key.to_string() { Ok(()) } else { Err(NotTaken::Another { known, found: key.clone() }) }
}

//! The keys of the installation in the database, each with its number and since when, and how one follows another.

use anyhow::Context as _;
use sqlx::{PgExecutor, PgPool};

use super::{
    append,
    installation_log::{self, AuditedTransaction},
};
use crate::domain::{
    checkpoint::LogId,
    ids::RequestId,
    installation::InstallationEvent,
    key::{PrivateKey, PublicKey},
    key_chain::{KeyChain, KeyStatement, SignedKeyStatement, Succession},
    merkle::proof::TreeHead,
    time::Moment,
};

/// Why a key is refused.
#[derive(Debug, thiserror::Error)]
pub enum KeyRegistrationError {
    #[error(
        "This database belongs to another key than the given one.\n  It knows: {registered}\n  Given:    {given}\nName the \
         key file of this installation in SIGNOFF_KEY_FILE: checkpoints signed with another would contradict those that \
         people keep."
    )]
    OtherKey {
        /// The key in the database.
        registered: String,
        /// The key in the file.
        given: PublicKey,
    },
    #[error(
        "The given key is not used any more: key {number} of this installation follows it since {since}.\n  The new key: \
         {newest}\n  Given:       {given}\nName the file of the new key in SIGNOFF_KEY_FILE."
    )]
    EarlierKey {
        /// The number of the newest key.
        number: i32,
        since: Moment,
        newest: String,
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
    check_newest(&mut *tx, key).await
}

/// Checks that a key is the newest one of the database.
async fn check_newest(db: impl PgExecutor<'_>, key: &PublicKey) -> Result<(), KeyRegistrationError> {
    let given = key.to_string();
    let row = sqlx::query!(
        r#"SELECT vkey, number, registered_at AS "since: Moment",
                  EXISTS (SELECT FROM keys WHERE vkey = $1) AS "is_known!"
           FROM keys ORDER BY number DESC LIMIT 1"#,
        given
    )
    .fetch_one(db)
    .await?;
    if row.vkey == given {
        return Ok(());
    }
    let (newest, number, since, given) = (row.vkey, row.number, row.since, key.clone());
    Err(match row.is_known {
        true => KeyRegistrationError::EarlierKey { number, since, newest, given },
        false => KeyRegistrationError::OtherKey { registered: newest, given },
    })
}

/// A row of `keys`, as far as it is needed to join them.
#[derive(Debug)]
pub(super) struct KeyRow {
    pub(super) vkey: String,
    pub(super) statement: Option<String>,
}

/// The keys, the oldest first, unverified.
pub(super) async fn load_key_rows(db: impl PgExecutor<'_>) -> Result<Vec<KeyRow>, sqlx::Error> {
    sqlx::query_as!(KeyRow, "SELECT vkey, statement FROM keys ORDER BY number").fetch_all(db).await
}

/// Joins keys by their statements. The error names the key.
pub(super) fn join_keys<'a>(keys: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Result<KeyChain, String> {
    let mut keys = (1..).zip(keys);
    let (_, (first, _)) = keys.next().ok_or("there is no key")?;
    let mut chain = KeyChain::new(first.parse::<PublicKey>().map_err(|why| format!("key 1 is none: {why}"))?);
    for (number, (key, statement)) in keys {
        let refused =
            |why: &dyn std::fmt::Display| format!("the statement about key {number} does not hold good: {why}");
        let statement = statement.ok_or_else(|| refused(&"there is none"))?;
        let signed: SignedKeyStatement = statement.parse().map_err(|why| refused(&why))?;
        chain.extend(signed).map_err(|why| refused(&why))?;
        if chain.newest().to_string() != key {
            return Err(refused(&"it is about another key"));
        }
    }
    Ok(chain)
}

/// The keys of the installation, whose statements were verified.
///
/// # Errors
/// When the database fails, there is no key, or a statement does not hold good.
pub async fn load_key_chain(db: impl PgExecutor<'_>) -> anyhow::Result<KeyChain> {
    let rows = load_key_rows(db).await?;
    let keys = rows.iter().map(|row| (row.vkey.as_str(), row.statement.as_deref()));
    join_keys(keys).map_err(anyhow::Error::msg).context("the keys of this installation do not follow one another")
}

/// A key of the installation, as admins see it.
#[derive(Debug)]
pub struct KeyEntry {
    pub number: i32,
    /// As it is written for others: name, hash and key.
    pub vkey: String,
    pub since: Moment,
    /// How it came after the one before, as its statement says, which is not verified here; `None` of the first key.
    pub succession: Option<Succession>,
}

/// The keys of the installation, the newest first.
pub async fn load_key_history(db: impl PgExecutor<'_>) -> Result<Vec<KeyEntry>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT number, vkey, registered_at AS "since: Moment", statement FROM keys ORDER BY number DESC"#
    )
    .fetch_all(db)
    .await?;
    let entries = rows.into_iter().map(|row| {
        let signed = row.statement.and_then(|statement| statement.parse::<SignedKeyStatement>().ok());
        let succession = signed.map(|signed| signed.unverified_statement().succession);
        KeyEntry { number: row.number, vkey: row.vkey, since: row.since, succession }
    });
    Ok(entries.collect())
}

/// How many connections other processes of signoff have to this database.
///
/// # Errors
/// When the database fails.
pub async fn count_other_connections(db: impl PgExecutor<'_>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()
             AND (application_name = 'signoff' OR starts_with(application_name, 'signoff/'))"#
    )
    .fetch_one(db)
    .await
}

/// The key that a new one follows.
#[derive(Debug)]
pub enum KeyBefore<'a> {
    /// It signs the new one.
    Held(&'a PrivateKey),
    /// It was lost, so no signature joins the two.
    Lost(&'a PublicKey),
}

/// Makes a key follow the newest one, and logs the statement that says so.
///
/// # Errors
/// When the key before is not the newest one of this database, or the database fails; then nothing was changed.
pub async fn add_key(
    db: &PgPool,
    before: KeyBefore<'_>,
    new: &PrivateKey,
    request: RequestId,
    now: Moment,
) -> anyhow::Result<SignedKeyStatement> {
    let mut tx = AuditedTransaction::begin(db).await?;
    // Checkpoints that are being made are waited for; those that are made after this are of the new key alone.
    sqlx::query!("SELECT FROM pg_advisory_xact_lock(20261127, 2101)").execute(&mut *tx).await?;
    let old = match before {
        KeyBefore::Held(key) => key.public_key(),
        KeyBefore::Lost(key) => key.clone(),
    };
    check_newest(&mut *tx, &old).await?;
    let mut chain = load_key_chain(&mut *tx).await?;
    let number = chain.newest_number() + 1;
    let size = sqlx::query_scalar!("SELECT size FROM installation_log FOR UPDATE").fetch_one(&mut *tx).await?;
    let edge = append::read_edge(&mut tx, LogId::Installation.uuid(), size).await?;
    let log = TreeHead { size: edge.size(), root: edge.root() };
    let signed = match before {
        KeyBefore::Held(held) => KeyStatement::sign_rotation(number, held, new, log),
        KeyBefore::Lost(lost) => KeyStatement::sign_replacement(number, lost.clone(), new, log),
    };
    chain.extend(signed.clone())?;
    let (key, statement) = (new.public_key(), signed.to_string());
    sqlx::query!(
        "INSERT INTO keys (public_key, number, installation_id, vkey, registered_at, statement)
         VALUES ($1, $2, $3, $4, $5, $6)",
        key.as_bytes().as_slice(),
        number.cast_signed(),
        key.installation() as _,
        key.to_string(),
        now as Moment,
        statement,
    )
    .execute(&mut *tx)
    .await?;
    let event = match signed.unverified_statement().succession {
        Succession::Rotated => InstallationEvent::KeyRotated { key, statement },
        Succession::Replaced => InstallationEvent::KeyReplaced { key, statement },
    };
    installation_log::append_event(&mut tx, None, &event, None, request, now).await?;
    tx.commit().await?;
    Ok(signed)
}

//! The second factor: the codes of an authenticator app, and recovery codes that replace them.
//!
//! The app's secret is stored encrypted ([`crate::encryption`]); of the recovery codes only hashes are stored. One
//! statement both checks and uses up a code, so that of two concurrent uses one is refused.

use anyhow::Context as _;
use data_encoding::BASE32_NOPAD;
use secrecy::zeroize::Zeroizing;
use sqlx::PgConnection;

use super::{account::Account, store::renew_credentials};
use crate::{
    ambient,
    domain::{
        canonical::Sha256Hash,
        ids::{RequestId, UserId},
        installation::InstallationEvent,
        launch::{
            credential_renewal::RenewalKind,
            event::{PersonRef, ProofMethod},
        },
        time::Moment,
        totp::{SECRET_BYTES, TotpSecret, TotpStep},
    },
    encryption::{EncryptionKey, SecretPurpose},
    mail::{self, MailTopic},
    record::{
        installation_log::{AuditedTransaction, append_event},
        renewals::{self, NewRenewal},
    },
    state::AppState,
    texts,
    web::Error,
};

mod enrolment;
mod store;

pub use enrolment::{Enrolment, QrCodeImage};
pub use store::count_recovery_codes;

pub const RECOVERY_CODE_COUNT: usize = 10;

/// Random bytes of one code: 120 bits can't be guessed, so a plain hash is enough (ASVS 6.5.2 asks for 112).
const RECOVERY_CODE_BYTES: usize = 15;

/// The configured key that encrypts the secrets of second factors.
///
/// # Errors
/// When none is configured.
pub fn encryption_key(state: &AppState) -> Result<&EncryptionKey, Error> {
    state.config.secret_key.as_ref().ok_or_else(|| Error::Unavailable(texts::second_factor_needs_key()))
}

/// Verifies a code of somebody's second factor and uses it up. `None` when the code is wrong or was used before.
///
/// # Errors
/// When the database fails, or the secret can't be decrypted with the configured key.
pub(super) async fn redeem_code(
    state: &AppState,
    user: UserId,
    code: &str,
    now: Moment,
) -> Result<Option<ProofMethod>, Error> {
    let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let mut conn = state.db.acquire().await?;
    let Some(secret) = store::load_secret(&mut conn, user).await? else { return Ok(None) };
    let secret = decrypt_secret(encryption_key(state)?, user, &secret)?;
    let proof_method = if let Some(step) = secret.find_step(&code, now) {
        store::use_step(&mut conn, user, step).await?.then_some(ProofMethod::PasswordAndTotp)
    } else if let Some(hash) = hash_recovery_code(user, &code) {
        store::use_recovery_code(&mut conn, user, hash).await?.then_some(ProofMethod::PasswordAndRecoveryCode)
    } else {
        None
    };
    Ok(proof_method)
}

fn decrypt_secret(key: &EncryptionKey, user: UserId, encrypted: &[u8]) -> anyhow::Result<TotpSecret> {
    let decrypted = key.decrypt(SecretPurpose::SecondFactor, user.uuid(), encrypted);
    let bytes = decrypted.and_then(|bytes| <[u8; SECRET_BYTES]>::try_from(bytes.as_slice()).ok());
    let bytes = bytes.with_context(|| {
        format!(
            "the second factor of {user} cannot be decrypted with SIGNOFF_SECRET_KEY: it was set up under another key"
        )
    })?;
    Ok(TotpSecret::new(bytes))
}

/// Stores a second factor and generates its recovery codes, which are shown once; `None` when there is one already. The
/// caller renews the credentials in the same transaction, which ends the sessions.
pub async fn store_enrolment(
    conn: &mut PgConnection,
    key: &EncryptionKey,
    user: UserId,
    (secret, confirmed_step): (&TotpSecret, TotpStep),
    now: Moment,
) -> Result<Option<RecoveryCodes>, Error> {
    let encrypted = key.encrypt(SecretPurpose::SecondFactor, user.uuid(), secret.as_bytes())?;
    // The code that confirmed the secret is used up, too.
    if !store::insert(conn, user, &encrypted, confirmed_step, now).await? {
        return Ok(None);
    }
    regenerate_recovery_codes(conn, user).await.map(Some).map_err(Into::into)
}

/// Removes a second factor with its recovery codes. Returns whether there was one.
pub async fn remove(conn: &mut PgConnection, user: UserId) -> Result<bool, sqlx::Error> {
    store::delete(conn, user).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSecondFactor;

/// Removes a user's second factor on behalf of an admin or operator, ends the user's sessions, records and notifies it.
/// This is a renewal of their credentials ([`crate::domain::launch::credential_renewal`]); they are notified by mail
/// and on their next page.
///
/// # Errors
/// The inner error when they have none; the transaction must then not be committed.
pub async fn remove_for(
    conn: &mut AuditedTransaction,
    state: &AppState,
    account: &Account,
    by: Option<&PersonRef>,
    request: RequestId,
) -> Result<Result<(), NoSecondFactor>, Error> {
    let (user, at) = (account.id, state.clock.now());
    renew_credentials(conn, user, None).await?;
    if !store::delete(conn, user).await? {
        return Ok(Err(NoSecondFactor));
    }
    let renewal = NewRenewal {
        id: ambient::new_id(),
        user,
        kind: RenewalKind::SecondFactorRemoved,
        made_by: by.map(|by| by.id),
        at,
        is_immediate: true,
    };
    renewals::insert_renewal(conn, renewal).await?;
    let event = InstallationEvent::SecondFactorRemoved { user };
    append_event(conn, by, &event, None, request, at).await?;
    let topic = MailTopic::SecondFactorRemoved { by: by.map(|by| &by.name) };
    mail::enqueue(conn, state, (&account.name, &account.email), topic, None).await?;
    Ok(Ok(()))
}

/// Generates recovery codes that replace the previous ones.
pub async fn regenerate_recovery_codes(conn: &mut PgConnection, user: UserId) -> Result<RecoveryCodes, sqlx::Error> {
    let codes: Vec<Zeroizing<String>> = (0..RECOVERY_CODE_COUNT)
        .map(|_| Zeroizing::new(BASE32_NOPAD.encode(&ambient::random_bytes::<RECOVERY_CODE_BYTES>()).to_lowercase()))
        .collect();
    let hashes: Vec<Vec<u8>> =
        codes.iter().filter_map(|code| hash_recovery_code(user, code)).map(|hash| hash.to_bytes().to_vec()).collect();
    store::replace_recovery_codes(conn, user, &hashes).await?;
    Ok(RecoveryCodes(codes))
}

/// The stored hash of a recovery code; `None` for text that can't be one.
fn hash_recovery_code(user: UserId, code: &str) -> Option<Sha256Hash> {
    let bytes = BASE32_NOPAD.decode(code.to_uppercase().as_bytes()).ok()?;
    (bytes.len() == RECOVERY_CODE_BYTES)
        .then(|| Sha256Hash::compute(&[user.uuid().as_bytes().as_slice(), &bytes].concat()))
}

/// New recovery codes, to be shown once. Deliberately without `Debug`, so that they cannot be logged.
pub struct RecoveryCodes(Vec<Zeroizing<String>>);

impl RecoveryCodes {
    /// The codes in groups of four characters.
    #[must_use]
    pub fn to_grouped_strings(&self) -> Vec<String> {
        let grouped = |code: &Zeroizing<String>| {
            code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
        };
        self.0.iter().map(grouped).collect()
    }
}

/// Checks that a stored second factor can be decrypted with the configured key, so that a wrong key is noticed at
/// startup and not by the people who can't sign in.
///
/// # Errors
/// With a message that says what to do.
pub async fn check_key(state: &AppState) -> anyhow::Result<()> {
    let Some((user, encrypted)) = store::load_newest(&mut *state.db.acquire().await?).await? else { return Ok(()) };
    let message = "Accounts have a second factor that is encrypted with another SIGNOFF_SECRET_KEY: set it to its former \
                value. If that is lost, remove each of these second factors: `signoff user remove-second-factor ADDRESS`";
    let key = state.config.secret_key.as_ref().context(message)?;
    decrypt_secret(key, user, &encrypted).map(drop).context(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_code_hash_depends_on_the_user_and_ignores_case() {
        let (ana, ben) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let hash = hash_recovery_code(ana, "abcdefghijklmnopqrstuvwx").unwrap();
        assert_eq!(hash_recovery_code(ana, "ABCDEFGHIJKLMNOPQRSTUVWX"), Some(hash));
        assert_ne!(hash_recovery_code(ben, "abcdefghijklmnopqrstuvwx"), Some(hash));
        for bad in [
            "",
            "123456",
            "abcdefghijklmnopqrstuvw",
            "abcdefghijklmnopqrstuvwx2345",
            "0bcdefghijklmnopqrstuvwx",
            "ébcdefghijklmnopqrstuvw",
        ] {
            assert_eq!(hash_recovery_code(ana, bad), None, "{bad}");
        }
    }
}

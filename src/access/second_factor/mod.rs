//! The second factor: an authenticator app's codes, and the recovery codes that stand in for it.
//!
//! The app's secret is kept encrypted ([`crate::sealed`]), of the recovery codes only hashes. A code is used up by the
//! statement that looks whether it may be used, so that of two who use one at once, one is refused.

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
            event::{PersonRef, ProofMethod},
            way_in::RenewalKind,
        },
        time::Moment,
        totp::{SECRET_BYTES, Step, TotpSecret},
    },
    mail::{self, About},
    record::{
        self,
        renewals::{self, NewRenewal},
    },
    sealed::{For, SealingKey},
    state::AppState,
    web::Error,
};

mod setting_up;
mod store;

pub use setting_up::{Picture, SettingUp};
pub use store::count_recovery_codes;

/// How many recovery codes there are at a time.
pub const RECOVERY_CODES: usize = 10;

/// Random bytes of one: 120 bits, which nobody guesses, so that a plain hash keeps it (ASVS 6.5.2 asks for 112).
const RECOVERY_BYTES: usize = 15;

/// The sentence where the operator has not given the key that secrets are encrypted with.
pub const NO_KEY: &str =
    "This installation can't keep a second factor yet: whoever runs it has to set SIGNOFF_SECRET_KEY.";

/// The key that secrets are encrypted with.
///
/// # Errors
/// When there is none, in a sentence.
pub fn key(state: &AppState) -> Result<&SealingKey, Error> {
    state.config.secret_key.as_ref().ok_or(Error::Unavailable(NO_KEY))
}

/// Tries a code of somebody who has a second factor, and uses it up: how it proves who they are, or nothing when it is
/// wrong or was used before.
///
/// # Errors
/// When the database fails, or the secret can't be read with the key that there is.
pub(super) async fn take(
    state: &AppState,
    user: UserId,
    code: &str,
    now: Moment,
) -> Result<Option<ProofMethod>, Error> {
    let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let mut conn = state.db.acquire().await?;
    let Some(secret) = store::secret(&mut conn, user).await? else { return Ok(None) };
    let secret = open(key(state)?, user, &secret)?;
    let taken = if let Some(step) = secret.step_of(&code, now) {
        store::use_step(&mut conn, user, step).await?.then_some(ProofMethod::PasswordAndTotp)
    } else if let Some(hash) = recovery_hash(user, &code) {
        store::use_recovery_code(&mut conn, user, hash).await?.then_some(ProofMethod::PasswordAndRecoveryCode)
    } else {
        None
    };
    Ok(taken)
}

fn open(key: &SealingKey, user: UserId, sealed: &[u8]) -> anyhow::Result<TotpSecret> {
    let opened = key.open(For::SecondFactor, user.uuid(), sealed);
    let bytes = opened.and_then(|bytes| <[u8; SECRET_BYTES]>::try_from(bytes.as_slice()).ok());
    let bytes = bytes.with_context(|| {
        format!("the second factor of {user} does not open with SIGNOFF_SECRET_KEY: it was set up under another key")
    })?;
    Ok(TotpSecret::new(bytes))
}

/// Keeps a second factor and draws its recovery codes, which are shown once; `None` when there is one already. Whatever
/// they were signed in with before does not hold any more.
///
/// # Errors
/// When the database fails.
pub async fn set_up(
    conn: &mut PgConnection,
    key: &SealingKey,
    user: UserId,
    (secret, confirmed): (&TotpSecret, Step),
    now: Moment,
) -> Result<Option<RecoveryCodes>, Error> {
    let sealed = key.seal(For::SecondFactor, user.uuid(), secret.bytes())?;
    // The code it was confirmed with is used up, too.
    if !store::add(conn, user, &sealed, confirmed, now).await? {
        return Ok(None);
    }
    renew_recovery_codes(conn, user).await.map(Some).map_err(Into::into)
}

/// Takes a second factor away, with its recovery codes; answers whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn remove(conn: &mut PgConnection, user: UserId) -> Result<bool, sqlx::Error> {
    store::remove(conn, user).await
}

/// That there was no second factor to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRemoved;

/// Takes somebody's second factor away for them, ending their sessions: by an admin, or at the server's command line. It
/// renews their way in ([`crate::domain::launch::way_in`]), which they are told by mail and on their next page.
///
/// # Errors
/// When the database fails; the inner when they have none, and then the transaction must not be committed.
pub async fn remove_of_another(
    conn: &mut PgConnection,
    state: &AppState,
    account: &Account,
    by: Option<&PersonRef>,
    request: RequestId,
) -> Result<Result<(), NotRemoved>, Error> {
    let (user, at) = (account.id, state.clock.now());
    renew_credentials(conn, user, None).await?;
    if !store::remove(conn, user).await? {
        return Ok(Err(NotRemoved));
    }
    let how = RenewalKind::SecondFactorRemoved;
    let new = NewRenewal { id: ambient::new_id(), user, how, by: by.map(|by| by.id), at, at_once: true };
    renewals::add(conn, new).await?;
    let event = InstallationEvent::SecondFactorRemoved { user };
    record::installation::append(conn, by, &event, None, request, at).await?;
    let about = About::SecondFactorRemoved { by: by.map(|by| &by.name) };
    mail::post(conn, state, (&account.name, &account.email), about, None).await?;
    Ok(Ok(()))
}

/// Draws recovery codes in place of those before.
///
/// # Errors
/// When the database fails.
pub async fn renew_recovery_codes(conn: &mut PgConnection, user: UserId) -> Result<RecoveryCodes, sqlx::Error> {
    let drawn: Vec<Zeroizing<String>> = (0..RECOVERY_CODES)
        .map(|_| Zeroizing::new(BASE32_NOPAD.encode(&ambient::random::<RECOVERY_BYTES>()).to_lowercase()))
        .collect();
    let hashes: Vec<Vec<u8>> =
        drawn.iter().filter_map(|code| recovery_hash(user, code)).map(|hash| hash.bytes().to_vec()).collect();
    store::replace_recovery_codes(conn, user, &hashes).await?;
    Ok(RecoveryCodes(drawn))
}

/// The hash under which a recovery code of somebody is known; nothing for what can't be one.
fn recovery_hash(user: UserId, code: &str) -> Option<Sha256Hash> {
    let bytes = BASE32_NOPAD.decode(code.to_uppercase().as_bytes()).ok()?;
    (bytes.len() == RECOVERY_BYTES).then(|| Sha256Hash::of(&[user.uuid().as_bytes().as_slice(), &bytes].concat()))
}

/// New recovery codes, to be shown once. They have no `Debug`.
pub struct RecoveryCodes(Vec<Zeroizing<String>>);

impl RecoveryCodes {
    /// As people keep them: in groups of four.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let grouped = |code: &Zeroizing<String>| {
            code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
        };
        self.0.iter().map(grouped).collect()
    }
}

/// Looks whether second factors that there are open with the key that there is, so that a wrong key is told at the start
/// and not by whoever can't come in.
///
/// # Errors
/// With a sentence that says what to do.
pub async fn check_key(state: &AppState) -> anyhow::Result<()> {
    let Some((user, sealed)) = store::any(&mut *state.db.acquire().await?).await? else { return Ok(()) };
    let told = "People here have second factors, which SIGNOFF_SECRET_KEY is needed for: set it to what it was. If it is \
                lost for good, take away what was encrypted with it: `signoff user remove-second-factor ADDRESS`, for each";
    let key = state.config.secret_key.as_ref().context(told)?;
    open(key, user, &sealed).map(drop).context(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_one_persons_however_it_is_typed() {
        let (ana, ben) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let hash = recovery_hash(ana, "abcdefghijklmnopqrstuvwx").unwrap();
        assert_eq!(recovery_hash(ana, "ABCDEFGHIJKLMNOPQRSTUVWX"), Some(hash));
        assert_ne!(recovery_hash(ben, "abcdefghijklmnopqrstuvwx"), Some(hash));
        for bad in [
            "",
            "123456",
            "abcdefghijklmnopqrstuvw",
            "abcdefghijklmnopqrstuvwx2345",
            "0bcdefghijklmnopqrstuvwx",
            "ébcdefghijklmnopqrstuvw",
        ] {
            assert_eq!(recovery_hash(ana, bad), None, "{bad}");
        }
    }
}

//! The installation's secrets in a backup, encrypted to a passphrase in the format of age (age-encryption.org), so that
//! other programs read it as well: `age --decrypt keys.age`.

use anyhow::Context as _;
use secrecy::{SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};

/// What is encrypted, as JSON.
#[derive(Serialize, Deserialize)]
pub struct BackedUpKeys {
    /// The text of the key file.
    pub key_file: String,
    /// SIGNOFF_SECRET_KEY, if it was set.
    pub secret_key: Option<String>,
}

pub(super) fn encrypt_keys(keys: &BackedUpKeys, passphrase: &SecretString) -> anyhow::Result<Vec<u8>> {
    let open = Zeroizing::new(serde_json::to_vec_pretty(keys)?);
    let recipient = age::scrypt::Recipient::new(passphrase.clone());
    age::encrypt(&recipient, &open).context("the keys could not be encrypted")
}

/// Decrypts what [`encrypt_keys`] encrypted.
///
/// # Errors
/// When the passphrase is another one, or the bytes are damaged.
pub fn decrypt_keys(encrypted: &[u8], passphrase: &SecretString) -> anyhow::Result<BackedUpKeys> {
    let identity = age::scrypt::Identity::new(passphrase.clone());
    let open = age::decrypt(&identity, encrypted).map(Zeroizing::new);
    let open = open.context("keys.age does not open with the passphrase (SIGNOFF_BACKUP_PASSPHRASE)")?;
    serde_json::from_slice(&open).context("keys.age has something else in it than keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_open_with_their_passphrase_only() {
        let keys = BackedUpKeys { key_file: "PRIVATE+KEY".to_owned(), secret_key: Some("5e".repeat(32)) };
        let passphrase = SecretString::from("correct horse battery staple");
        let mut encrypted = encrypt_keys(&keys, &passphrase).unwrap();
        assert!(encrypted.starts_with(b"age-encryption.org/v1\n"));
        assert!(!encrypted.windows(11).any(|part| part == b"PRIVATE+KEY"));
        let opened = decrypt_keys(&encrypted, &passphrase).unwrap();
        assert_eq!((opened.key_file, opened.secret_key), (keys.key_file, keys.secret_key));
        let wrong = decrypt_keys(&encrypted, &SecretString::from("another")).err().unwrap();
        assert!(format!("{wrong:#}").contains("does not open with the passphrase"), "{wrong:#}");
        let last = encrypted.len() - 1;
        encrypted[last] ^= 1;
        assert!(decrypt_keys(&encrypted, &passphrase).is_err());
    }
}

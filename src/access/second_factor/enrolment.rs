//! A second factor during its setup: generated and shown, but not yet confirmed with a code.
//!
//! Viewing the page changes nothing, so the server stores nothing: the page itself contains the encrypted secret and
//! sends it back with the code.

use anyhow::Context as _;
use data_encoding::BASE64URL_NOPAD;
use qrcode::{Color, EcLevel, QrCode};

use crate::{
    access::account::Account,
    ambient,
    domain::{time::Moment, totp::TotpSecret},
    encryption::{EncryptionKey, SecretPurpose},
};

/// How long the page may stay open.
const ENROLMENT_SECONDS: i64 = 3_600;

/// A secret that was generated for an account.
pub struct Enrolment {
    pub secret: TotpSecret,
    generated_at: i64,
}

impl Enrolment {
    #[must_use]
    pub fn generate(now: Moment) -> Self {
        Self { secret: TotpSecret::new(ambient::random_bytes()), generated_at: now.timestamp().as_second() }
    }

    /// The encrypted form that the page contains.
    pub fn encrypt(&self, key: &EncryptionKey, account: &Account) -> anyhow::Result<String> {
        let open = [self.generated_at.to_be_bytes().as_slice(), self.secret.as_bytes()].concat();
        Ok(BASE64URL_NOPAD.encode(&key.encrypt(SecretPurpose::SecondFactorEnrolment, account.id.uuid(), &open)?))
    }

    /// Decrypts what the page sends back; `None` when it was generated for another account or too long ago.
    #[must_use]
    pub fn decrypt(key: &EncryptionKey, account: &Account, sealed: &str, now: Moment) -> Option<Self> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let open = key.decrypt(SecretPurpose::SecondFactorEnrolment, account.id.uuid(), &sealed)?;
        let (drawn_at, secret) = open.split_first_chunk()?;
        let drawn_at = i64::from_be_bytes(*drawn_at);
        let secret = TotpSecret::new(secret.try_into().ok()?);
        (0..ENROLMENT_SECONDS)
            .contains(&(now.timestamp().as_second() - drawn_at))
            .then_some(Self { secret, generated_at: drawn_at })
    }

    /// The QR code for an app: its width in modules, and an SVG path with a 1 × 1 square for each dark module.
    ///
    /// # Errors
    /// When the address is too long for a QR code, which an account's is not.
    pub fn to_qr_code(&self, host: &str, account: &Account) -> anyhow::Result<QrCodeImage> {
        let address = self.secret.to_otpauth_uri(host, &account.email);
        let code = QrCode::with_error_correction_level(address, EcLevel::M).context("no picture holds this")?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width, at / width)).collect();
        Ok(QrCodeImage { width, path })
    }
}

pub struct QrCodeImage {
    /// Width and height in modules, without the required margin of four (ISO/IEC 18004).
    pub width: usize,
    /// The dark modules, as an SVG path.
    pub path: String,
}

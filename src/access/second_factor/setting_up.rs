//! A second factor on its way: drawn and shown, and not yet confirmed with a code.
//!
//! Looking at the page changes nothing, so nothing is kept of it here: the page itself holds the secret, sealed, and brings
//! it back with the code.

use anyhow::Context as _;
use data_encoding::BASE64URL_NOPAD;
use qrcode::{Color, EcLevel, QrCode};

use crate::{
    access::account::Account,
    ambient,
    domain::{time::Moment, totp::TotpSecret},
    sealed::{For, SealingKey},
};

/// Seconds that the page may be open.
const LASTS: i64 = 3_600;

/// A secret that was drawn for somebody.
pub struct SettingUp {
    /// The secret.
    pub secret: TotpSecret,
    drawn_at: i64,
}

impl SettingUp {
    /// Draws one.
    #[must_use]
    pub fn draw(now: Moment) -> Self {
        Self { secret: TotpSecret::new(ambient::random()), drawn_at: now.timestamp().as_second() }
    }

    /// As the page holds it.
    ///
    /// # Errors
    /// When it can't be sealed, which is a defect.
    pub fn sealed(&self, key: &SealingKey, account: &Account) -> anyhow::Result<String> {
        let open = [self.drawn_at.to_be_bytes().as_slice(), self.secret.bytes()].concat();
        Ok(BASE64URL_NOPAD.encode(&key.seal(For::SettingUp, account.id.uuid(), &open)?))
    }

    /// Reads what the page brings back; nothing when it was drawn for somebody else, or too long ago.
    #[must_use]
    pub fn open(key: &SealingKey, account: &Account, sealed: &str, now: Moment) -> Option<Self> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let open = key.open(For::SettingUp, account.id.uuid(), &sealed)?;
        let (drawn_at, secret) = open.split_first_chunk()?;
        let drawn_at = i64::from_be_bytes(*drawn_at);
        let secret = TotpSecret::new(secret.try_into().ok()?);
        (0..LASTS).contains(&(now.timestamp().as_second() - drawn_at)).then_some(Self { secret, drawn_at })
    }

    /// The picture that an app reads: how many modules wide it is, and an SVG path of the dark ones, a square of 1 each.
    ///
    /// # Errors
    /// When the address is too long for a picture, which an account's is not.
    pub fn picture(&self, host: &str, account: &Account) -> anyhow::Result<Picture> {
        let address = self.secret.address(host, &account.email);
        let code = QrCode::with_error_correction_level(address, EcLevel::M).context("no picture holds this")?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width, at / width)).collect();
        Ok(Picture { width, path })
    }
}

/// A QR code, to be drawn.
pub struct Picture {
    /// How many modules wide and high it is, without the margin of four that it needs (ISO/IEC 18004).
    pub width: usize,
    /// The dark modules.
    pub path: String,
}

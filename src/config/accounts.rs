//! Settings of people's accounts.

use super::setting::{Setting, ValueRule, whole_number};
use crate::encryption::EncryptionKey;

pub(super) fn secret_key() -> Setting<EncryptionKey> {
    Setting::new(
        "SIGNOFF_SECRET_KEY",
        ValueRule::new("64 hexadecimal digits, as `openssl rand -hex 32` prints them", |text| {
            let must = "must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them";
            EncryptionKey::from_hex(text).ok_or_else(|| must.to_owned())
        }),
        "The key that encrypts secrets in the database, those of second factors and of mails that wait to be sent. Keep \
         a copy, apart from the backups of the database: without it nobody who has a second factor can sign in.",
    )
    .secret()
    .optional("none; then nobody can have a second factor, and no mail is sent")
}

pub(super) fn reset_hold_seconds() -> Setting<i64> {
    Setting::new(
        "SIGNOFF_RESET_HOLD_HOURS",
        whole_number(0..=720).map(|hours: i64| hours * 3_600),
        "The waiting period in hours: how long a person can't sign, approve or decide after an admin's link was used to \
         choose their password, or an admin removed their second factor, unless another admin confirms that the person \
         asked for it. 0 switches the waiting period off, and the page Admin, Security shows that.",
    )
    .default("24")
}

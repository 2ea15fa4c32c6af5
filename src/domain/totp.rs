//! Codes of an authenticator app: TOTP (RFC 6238) over HOTP (RFC 4226), with the parameters that every such app
//! supports: SHA-1, six digits, a new code every 30 seconds.
//!
//! SHA-1 is safe within HMAC, and widely used apps silently ignore a request for another hash.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::zeroize::Zeroizing;
use sha1::Sha1;

use super::{text::Email, time::Moment};

/// Seconds that a code is shown for.
const PERIOD_SECONDS: i64 = 30;

/// The number of different codes: six digits.
const CODE_COUNT: u32 = 1_000_000;

/// The number of steps that a clock may be wrong, in either direction.
const MAX_DRIFT_STEPS: i64 = 1;

/// The size of a secret: as many bytes as the hash has (RFC 4226, section 4, R6).
pub const SECRET_BYTES: usize = 20;

/// The number of a 30-second step since 1970. A later code has a larger number.
pub type TotpStep = i64;

/// The secret that an app and this installation share. It implements neither `Debug` nor `Display`, so that it is never
/// printed by mistake.
pub struct TotpSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl TotpSecret {
    #[must_use]
    pub fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The raw bytes, to be encrypted before they are stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// The secret for people who type it because their app can't scan the QR code: base32, in groups of four.
    #[must_use]
    pub fn to_base32_groups(&self) -> String {
        let text = BASE32_NOPAD.encode(self.as_bytes());
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// The URI in the QR code, which gives an app the secret and the name of the account (Google Authenticator's "Key
    /// Uri Format").
    #[must_use]
    pub fn to_otpauth_uri(&self, host: &str, account: &Email) -> String {
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let issuer = encoded(&format!("signoff-{host}"));
        let account = encoded(account.as_str());
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", BASE32_NOPAD.encode(self.as_bytes()))
    }

    #[must_use]
    pub fn code_at(&self, step: TotpStep) -> String {
        format!("{:06}", self.code_number(step))
    }

    /// HOTP of the step (RFC 4226, section 5.3): four bytes of the HMAC, at the offset in the low half of its last
    /// byte.
    fn code_number(&self, step: TotpStep) -> u32 {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha1>::new_from_slice(self.as_bytes()).expect("a key of any length");
        mac.update(&step.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(hash[19] & 0xf);
        let bytes = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
        u32::from_be_bytes(bytes) % CODE_COUNT
    }

    /// The step that this code belongs to, if it is the current step or a neighbour. It compares numbers and always
    /// checks every step, so that its duration reveals nothing.
    #[must_use]
    pub fn find_step(&self, code: &str, now: Moment) -> Option<TotpStep> {
        let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        let number: u32 = code.parse().ok().filter(|_| digits)?;
        let steps = -MAX_DRIFT_STEPS..=MAX_DRIFT_STEPS;
        steps.fold(None, |matching, off| {
            let step = step_at(now) + off;
            if self.code_number(step) == number { Some(step) } else { matching }
        })
    }
}

#[must_use]
pub fn step_at(now: Moment) -> TotpStep {
    now.timestamp().as_second().div_euclid(PERIOD_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::new(*b"12345678901234567890")
    }

    fn moment_at(second: i64) -> Moment {
        let start: Moment = "1970-01-01T00:00:00Z".parse().unwrap();
        start.plus_seconds(second)
    }

    /// RFC 6238, appendix B, the rows of SHA-1. The RFC has eight digits; our six are the last of them.
    #[test]
    fn totp_codes_match_rfc_6238() {
        for (second, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(secret().code_at(step_at(moment_at(second))), code[2..], "{second}");
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn totp_codes_by_counter_match_rfc_4226() {
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(secret().code_at(step), code);
        }
    }

    #[test]
    fn totp_code_one_step_off_is_accepted_and_two_are_not() {
        let now = moment_at(1_234_567_890);
        let step = step_at(now);
        for off in -3..=3 {
            let result = secret().find_step(&secret().code_at(step + off), now);
            assert_eq!(result, (off.abs() <= 1).then_some(step + off), "{off}");
        }
        for bad in ["", "12345", "1234567", "abcdef", "+12345", "１２３４５６", "00592 "] {
            assert_eq!(secret().find_step(bad, now), None, "{bad}");
        }
    }

    #[test]
    fn totp_uri_has_secret_installation_and_account() {
        assert_eq!(secret().to_base32_groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let email = Email::new("ana+test@example.org").unwrap();
        assert_eq!(
            secret().to_otpauth_uri("signoff.example.org", &email),
            "otpauth://totp/signoff-signoff.example.org:ana%2Btest%40example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=signoff-signoff.example.org"
        );
    }
}

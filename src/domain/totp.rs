//! Codes of an authenticator app: TOTP (RFC 6238) over HOTP (RFC 4226), with what every such app understands: SHA-1, six
//! digits, a new code each 30 seconds.
//!
//! SHA-1 is sound in HMAC, and apps in wide use silently ignore a request for anything else.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::zeroize::Zeroizing;
use sha1::Sha1;

use super::{text::Email, time::Moment};

/// Seconds that a code is shown for.
const PERIOD: i64 = 30;

/// How many codes there can be: six digits.
const CODES: u32 = 1_000_000;

/// How many steps a clock may be off, either way.
const DRIFT: i64 = 1;

/// The bytes of a secret: as many as the hash has (RFC 4226, section 4, R6).
pub const SECRET_BYTES: usize = 20;

/// Which code it is: the number of 30-second steps since 1970. Of two codes the later has the larger.
pub type Step = i64;

/// What an app and this installation share. It has no `Debug` and no `Display`, so that it is never printed by mistake.
pub struct TotpSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl TotpSecret {
    /// A secret of these random bytes.
    #[must_use]
    pub fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes, to be encrypted and kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// As people type it into an app that can't read the picture: base32, in groups of four.
    #[must_use]
    pub fn text(&self) -> String {
        let text = BASE32_NOPAD.encode(self.bytes());
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// The address that the picture holds, by which an app knows the secret and what to call it (Google
    /// Authenticator's "Key Uri Format").
    #[must_use]
    pub fn address(&self, host: &str, account: &Email) -> String {
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let issuer = encoded(&format!("signoff-{host}"));
        let account = encoded(account.as_str());
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", BASE32_NOPAD.encode(self.bytes()))
    }

    /// The code of a step.
    #[must_use]
    pub fn code(&self, step: Step) -> String {
        format!("{:06}", self.number(step))
    }

    /// HOTP of the step (RFC 4226, section 5.3): four bytes of the HMAC, from where its last half byte says.
    fn number(&self, step: Step) -> u32 {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha1>::new_from_slice(self.bytes()).expect("a key of any length");
        mac.update(&step.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(hash[19] & 0xf);
        let bytes = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
        u32::from_be_bytes(bytes) % CODES
    }

    /// The step whose code this is, when it is that of now or one beside it. All are looked at, and numbers compared, so
    /// that how long it takes tells nothing.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Moment) -> Option<Step> {
        let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        let typed: u32 = code.parse().ok().filter(|_| digits)?;
        let steps = -DRIFT..=DRIFT;
        steps.fold(None, |found, off| {
            let step = step_at(now) + off;
            if self.number(step) == typed { Some(step) } else { found }
        })
    }
}

/// The step of a moment.
#[must_use]
pub fn step_at(now: Moment) -> Step {
    now.timestamp().as_second().div_euclid(PERIOD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::new(*b"12345678901234567890")
    }

    fn at(second: i64) -> Moment {
        let start: Moment = "1970-01-01T00:00:00Z".parse().unwrap();
        start.plus_seconds(second)
    }

    /// RFC 6238, appendix B, the rows of SHA-1; its eight digits end with our six.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (second, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(secret().code(step_at(at(second))), code[2..], "{second}");
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn and_the_counters_are_too() {
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(secret().code(step), code);
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let now = at(1_234_567_890);
        let step = step_at(now);
        for off in -3..=3 {
            let found = secret().step_of(&secret().code(step + off), now);
            assert_eq!(found, (off.abs() <= 1).then_some(step + off), "{off}");
        }
        for bad in ["", "12345", "1234567", "abcdef", "+12345", "１２３４５６", "00592 "] {
            assert_eq!(secret().step_of(bad, now), None, "{bad}");
        }
    }

    #[test]
    fn an_app_is_told_the_secret_and_whose_it_is() {
        assert_eq!(secret().text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let email = Email::new("ana+test@example.org").unwrap();
        assert_eq!(
            secret().address("signoff.example.org", &email),
            "otpauth://totp/signoff-signoff.example.org:ana%2Btest%40example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=signoff-signoff.example.org"
        );
    }
}

//! Canonical JSON (RFC 8785) and the hashes taken over it.
//!
//! All hashed values have ASCII keys, no floats, integers below 2^53 and identifiers as strings, so that every
//! implementation of RFC 8785 writes the same bytes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash (FIPS 180-4), written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Hash(pub [u8; 32]);

impl Sha256Hash {
    #[must_use]
    pub fn compute(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of the concatenation of these parts.
    #[must_use]
    pub fn compute_from_parts(parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update(part);
        }
        Self(sha.finalize().into())
    }

    #[must_use]
    pub const fn to_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first four and the last four digits, for places where the whole hash is not needed.
    #[must_use]
    pub fn short(&self) -> String {
        let hex = self.to_string();
        format!("{}…{}", &hex[..4], &hex[60..])
    }
}

impl fmt::Display for Sha256Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 in hexadecimal")]
pub struct HashParseError;

impl FromStr for Sha256Hash {
    type Err = HashParseError;

    fn from_str(text: &str) -> Result<Self, HashParseError> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash).map_err(|_| HashParseError)?;
        Ok(Self(hash))
    }
}

impl TryFrom<String> for Sha256Hash {
    type Error = HashParseError;

    fn try_from(text: String) -> Result<Self, HashParseError> {
        text.parse()
    }
}

impl From<Sha256Hash> for String {
    fn from(hash: Sha256Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<Vec<u8>> for Sha256Hash {
    type Error = HashParseError;

    /// Reads the 32 bytes that the database stores.
    fn try_from(bytes: Vec<u8>) -> Result<Self, HashParseError> {
        bytes.try_into().map(Self).map_err(|_| HashParseError)
    }
}

/// The canonical JSON of a value.
///
/// # Panics
/// If the value can't be JSON at all (a map with keys that are not strings), which is a defect in its type.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "whether a type can be written as JSON follows from its definition, and tests write every one"
)]
pub fn to_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("a value of this type is JSON")
}

pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    fn canonicalize(json: &str) -> String {
        let value: Value = serde_json::from_str(json).expect("JSON");
        String::from_utf8(to_bytes(&value)).expect("UTF-8")
    }

    /// RFC 8785, sections 3.2.2 to 3.2.4: the sample object and its bytes as the RFC lists them.
    #[test]
    fn canonical_json_of_rfc_8785_object_matches() {
        let sample = r#"{
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        let listed = "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333\
            332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c\
            6e4127425c225c5c5c5c5c222f227d";
        assert_eq!(hex::encode(canonicalize(sample)), listed);
    }

    /// RFC 8785, section 3.2.3: members are sorted by UTF-16 code units, so an emoji (a surrogate pair) comes before
    /// U+FB33.
    #[test]
    fn canonical_json_of_rfc_8785_members_are_sorted_by_utf_16() {
        let sample = r#"{
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\ud83d\ude00": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        let sorted = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
            \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
            \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
        assert_eq!(canonicalize(sample), sorted);
    }

    /// RFC 8785, appendix B: numbers by their IEEE 754 bits.
    #[test]
    fn canonical_json_of_rfc_8785_numbers_matches() {
        for (bits, written) in [
            (0x0000_0000_0000_0000_u64, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(String::from_utf8(to_bytes(&f64::from_bits(bits))).as_deref(), Ok(written), "{bits:x}");
        }
    }

    #[test]
    fn canonical_json_writes_integers_without_fraction() {
        let most = (1_i64 << 53) - 1;
        for number in [0, 1, -1, most, -most] {
            assert_eq!(to_bytes(&number), number.to_string().into_bytes());
        }
    }

    #[test]
    fn canonical_json_ignores_the_order_of_members() {
        let one = json!({"b": [1, {"d": null, "c": "x"}], "a": true});
        let other: BTreeMap<&str, Value> =
            BTreeMap::from([("a", json!(true)), ("b", json!([1, {"c": "x", "d": null}]))]);
        assert_eq!(to_bytes(&one), to_bytes(&other));
        assert_eq!(from_bytes::<Value>(&to_bytes(&one)).ok(), Some(one));
    }

    /// The sample message of FIPS 180-4, as the hash is written and read here.
    #[test]
    fn sha256_hash_is_written_and_parsed_in_hexadecimal() {
        let hash = Sha256Hash::compute(b"abc");
        let written = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash.to_string(), written);
        assert_eq!(written.parse(), Ok(hash));
        assert_eq!(hash.short(), "ba78…15ad");
        assert_eq!(Sha256Hash::compute_from_parts(&[b"a", b"", b"bc"]), hash);
        assert_eq!(Sha256Hash::try_from(hash.to_bytes().to_vec()), Ok(hash));
        assert_eq!("ba78".parse::<Sha256Hash>(), Err(HashParseError));
        assert_eq!(Sha256Hash::try_from(vec![0; 31]), Err(HashParseError));
    }
}

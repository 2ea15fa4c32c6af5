//! Passwords: how strong they must be, and their hashes.
//!
//! Argon2id with the parameters that OWASP's cheat sheet on password storage names first for it (19 MiB, two passes,
//! one lane). It is made to be slow and to take memory, so it runs off the async threads, and only as many at a time
//! as there are processors.

use std::{collections::HashSet, sync::LazyLock};

use anyhow::Context as _;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use zxcvbn::{Score, zxcvbn};

use crate::ambient;

/// The fewest characters of a new password.
pub const LEAST: usize = 10;

/// The most bytes of any: enough for a page of text, too few to keep a processor busy.
const MOST: usize = 1_000;

/// As many hashes at a time as there are processors, in the whole process: each takes one and 19 MiB.
static HASHING: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

/// Why a new password was not taken: the sentence shown at the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Weak(String);

/// The hash of a password, as a PHC string, which carries its parameters and salt.
#[derive(Debug, Clone)]
pub struct Hash(String);

impl Hash {
    /// The string to keep.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Judges a new password and hashes it. It must not be easily guessed by one who knows what is in `known`: name,
/// address and the like.
///
/// # Errors
/// The outer when hashing fails; the inner [`Weak`] when the password is.
pub async fn choose(password: &str, known: &[&str]) -> anyhow::Result<Result<Hash, Weak>> {
    let password = normalised(password);
    let known: Vec<String> = known.iter().map(|text| (*text).to_owned()).collect();
    let salt = ambient::random::<16>();
    in_turn(move || {
        if let Err(weak) = judge(&password, &known) {
            return Ok(Err(weak));
        }
        let hash =
            hasher()?.hash_password_with_salt(password.as_bytes(), &salt).context("hashing a password failed")?;
        Ok(Ok(Hash(hash.to_string())))
    })
    .await
}

/// Judges a new password as [`choose`] does, and hashes nothing.
///
/// # Errors
/// The outer when the work is cut off; the inner [`Weak`] when the password is.
pub async fn check(password: &str, known: &[&str]) -> anyhow::Result<Result<(), Weak>> {
    let password = normalised(password);
    let known: Vec<String> = known.iter().map(|text| (*text).to_owned()).collect();
    in_turn(move || Ok(judge(&password, &known))).await
}

/// Whether a password is the one of this hash. Without a hash (there is no such account) it takes as long, and is
/// not.
///
/// # Errors
/// When the hash is damaged.
pub async fn verify(password: &str, hash: Option<String>) -> anyhow::Result<bool> {
    if password.is_empty() {
        // Nobody's is, so that nothing is told by not hashing it.
        return Ok(false);
    }
    let password = normalised(password);
    in_turn(move || {
        let real = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.clone());
        let hash = PasswordHash::new(&hash).context("a stored password hash is damaged")?;
        // A hash's own parameters are used, so that older ones still verify.
        Ok(hasher()?.verify_password(password.as_bytes(), &hash).is_ok() && real)
    })
    .await
}

/// A hash that stands in for that of an account that is not there.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    hasher()
        .and_then(|hasher| {
            Ok(hasher.hash_password_with_salt(&ambient::random::<32>(), &ambient::random::<16>())?.to_string())
        })
        .unwrap_or_default()
});

fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).context("the parameters of Argon2 are not taken")?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The same characters typed on another system are the same password (NIST SP 800-63B asks for NFKC).
fn normalised(password: &str) -> String {
    // One more than may be, so that one that is too long is found to be another.
    password.chars().take(MOST + 1).nfkc().collect()
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> anyhow::Result<T> {
    let _turn = HASHING.acquire().await?;
    tokio::task::spawn_blocking(work).await.context("hashing a password was cut off")?
}

/// Passwords known to everybody, [`plain`].
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// A password as the list has it: in lower case, and of letters and digits alone.
fn plain(password: &str) -> String {
    password.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// [`plain`], and without accents: `José` is guessed as `jose`.
fn fold(text: &str) -> String {
    plain(&text.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>())
}

/// What is left of a password, [`fold`]ed, when all known words of three letters and more are taken out, the longest first.
/// zxcvbn counts several of them in a row for more than they are worth.
fn without(password: &str, known: &[&str]) -> String {
    let mut words: Vec<String> = known.iter().map(|word| fold(word)).filter(|word| word.chars().count() >= 3).collect();
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    words.iter().fold(password.to_owned(), |rest, word| rest.replace(word.as_str(), ""))
}

/// Whether a password is little else than known words: these alone, or with initials and the digits of a date.
fn is_made_of(password: &str, known: &[&str]) -> bool {
    let folded = fold(password);
    let rest = without(&folded, known);
    let (digits, letters): (Vec<char>, Vec<char>) = rest.chars().partition(|c| c.is_numeric());
    let initials_and_date = letters.len() <= 2 && digits.len() <= 8;
    rest.chars().count() < LEAST / 2 || (initials_and_date && rest != folded)
}

fn judge(password: &str, known: &[String]) -> Result<(), Weak> {
    if password.chars().count() < LEAST {
        return Err(Weak(format!("Use at least {LEAST} characters; a few unrelated words are easy to remember.")));
    }
    if password.len() > MOST {
        return Err(Weak(format!("This is too long: at most {MOST} bytes, which is as many plain letters.")));
    }
    if COMMON.contains(plain(password).as_str()) {
        return Err(Weak(
            "This is among the passwords that are tried first: it is known to many. Choose another.".into(),
        ));
    }
    // Whole, and word by word: `Ana Sousa` makes `ana`, `sousa` and what they are joined to easy to guess.
    let words = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let known: Vec<&str> = known.iter().map(String::as_str).chain(words).chain(["signoff"]).collect();
    if is_made_of(password, &known) {
        return Err(Weak(
            "This is too easy to guess: it is made of your name, your address or the name of this site. Add other words than these.".into(),
        ));
    }
    let entropy = zxcvbn(password, &known);
    if entropy.score() >= Score::Three {
        return Ok(());
    }
    let why = entropy.feedback().and_then(|feedback| feedback.warning()).map(|warning| format!(" {warning}"));
    Err(Weak(format!(
        "This is too easy to guess.{} Add another word or two that have nothing to do with you.",
        why.unwrap_or_default()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_hash_alone() {
        let hash = choose("correct horse battery", &[]).await.unwrap().unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        for (password, hash, right) in [
            ("correct horse battery", Some(&hash), true),
            ("correct horse batterz", Some(&hash), false),
            ("", Some(&hash), false),
            ("correct horse battery", None, false),
        ] {
            assert_eq!(verify(password, hash.map(|hash| hash.0.clone())).await.unwrap(), right, "{password}");
        }
    }

    #[tokio::test]
    async fn the_same_letters_are_the_same_password() {
        let hash = choose("ca\u{301}lido verano lejano", &[]).await.unwrap().unwrap();
        assert!(verify("c\u{e1}lido verano lejano", Some(hash.0.clone())).await.unwrap());
        assert!(verify("\u{ff43}\u{e1}lido verano lejano", Some(hash.0.clone())).await.unwrap());
        for other in [
            "C\u{e1}lido verano lejano",
            "calido verano lejano",
            " c\u{e1}lido verano lejano",
            "c\u{e1}lido verano lejano ",
        ] {
            assert!(!verify(other, Some(hash.0.clone())).await.unwrap(), "{other}");
        }
        // To the last of the most that there may be, and no further.
        let long = "lantern orchard copper ".repeat(50);
        let hash = choose(&long[..MOST], &[]).await.unwrap().unwrap();
        assert!(verify(&long[..MOST], Some(hash.0.clone())).await.unwrap());
        for other in [&long[..MOST - 1], &long[..=MOST], &long] {
            assert!(!verify(other, Some(hash.0.clone())).await.unwrap(), "{}", other.len());
        }
    }

    #[test]
    fn what_everybody_knows_is_refused() {
        assert!(COMMON.len() > 250);
        for known in COMMON.iter() {
            assert_eq!(plain(known), *known);
            assert!(judge(known, &[]).is_err(), "{known}");
        }
        // However it is dressed up.
        for dressed in ["Correct-Horse-Battery-Staple", "correct horse battery staple", "YouShallNotPass!!!"] {
            assert!(judge(dressed, &[]).is_err(), "{dressed}");
        }
        // zxcvbn would let some of them pass: the list is not for nothing.
        assert!(COMMON.iter().any(|known| zxcvbn(known, &[]).score() >= Score::Three));
        // And what zxcvbn knows from lists of breaches is refused by its estimate: such ones, of ten characters and more.
        for breached in
            ["basketball", "liverpool1", "q1w2e3r4t5", "motherfucker", "snickers12", "mypassword", "chevrolet1"]
        {
            assert!(zxcvbn(breached, &[]).score() < Score::Three && judge(breached, &[]).is_err(), "{breached}");
        }
    }

    #[test]
    fn no_kind_of_character_is_demanded() {
        for plain in ["lantern orchard copper", "7301558492266103", "TUNDRAVIOLETANCHOR", "βιβλίο θάλασσα ουρανός"]
        {
            assert_eq!(judge(plain, &[]), Ok(()), "{plain}");
        }
        // Nor a length of fewer than 64 characters, up to the most.
        let long = "lantern orchard copper ".repeat(50);
        for length in [64, 128, MOST] {
            assert_eq!(judge(&long[..length], &[]), Ok(()), "{length}");
        }
        assert!(judge(&long[..=MOST], &[]).unwrap_err().to_string().contains("at most 1000 bytes"));
    }

    #[test]
    fn weak_passwords_are_told_apart() {
        let known = ["Ana Sousa".to_owned(), "ana@example.org".to_owned()];
        for weak in [
            "",
            "short",
            "password123",
            "aaaaaaaaaaaaaaaa",
            "Sousa-2026",
            "ana@example.org",
            "AnaSousa12",
            "Sousa.Ana.1999",
            "ana-signoff-sousa",
            "exampleANA2026",
            "signoff-2026",
            "signoffsignoff",
            "qwertyuiop",
            &"x".repeat(2_000),
        ] {
            assert!(judge(weak, &known).is_err(), "{weak}");
        }
        // Ten characters are enough, and nine are not, however strong.
        assert_eq!(judge("Kx7#pQ9vL2", &known), Ok(()));
        assert!(judge("Kx7#pQ9vL", &known).unwrap_err().to_string().contains("at least 10 characters"));
        for strong in ["correct horse battery", "violet-anchor-tundra", "Kx7#pQ9vL2mN", "blauwe fietsen zingen nooit"] {
            assert_eq!(judge(strong, &known), Ok(()), "{strong}");
        }
    }

    #[test]
    fn password_made_of_the_persons_own_words_is_refused() {
        for (name, email, own) in [
            (
                "Pat Hollis",
                "pat.hollis@example.org",
                "pathollis2026 hollispat2026 2026pathollis pat2026hollis phollis2026",
            ),
            ("Kim Novak", "kim@example.org", "kimnovak2026 novakkim2026 Kim-Novak-2026 kimnovak31121999 novakexample1"),
            ("Lea Thorne", "lt@example.org", "leathorne1990 thornel1990 leasignoff2026 signoffthorne7 thorne!!!1990"),
            (
                "Max Underwood",
                "max@example.org",
                "maxunderwood1 munderwood19 M@xUnderwood1 underwoodmax maxlaunches2026",
            ),
            (
                "Jos\u{e9} Carlos N\u{fa}\u{f1}ez",
                "jc_nunez-77@example.org",
                "josecarlosnunez1 jcnunez2026 jcnunez772026 nunezjose12",
            ),
            ("Sofia Lind", "sofia@launches.example.com", "sofialind1 lindsofia1 launchesexample sofialaunches"),
        ] {
            let known = [name, email, "launches.example.com"].map(str::to_owned);
            for own in own.split(' ') {
                assert!(judge(own, &known).is_err(), "{own} of {name}");
            }
        }
        let known = ["Pat Hollis", "pat.hollis@example.org", "launches.example.com"].map(str::to_owned);
        for other in ["violet anchor tundra pat", "pat 7301558492266103", "hollis reads slow novels"] {
            assert_eq!(judge(other, &known), Ok(()), "{other}");
        }
    }
}

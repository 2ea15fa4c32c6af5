//! Passwords: how strong they must be, and their hashes.
//!
//! Argon2id with the parameters that OWASP's cheat sheet on password storage lists first for it (19 MiB, two passes,
//! one lane). It is designed to be slow and to use memory, so it runs off the async threads, with at most as many
//! hashes at a time as there are processors.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use anyhow::Context as _;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use zxcvbn::{
    Score,
    feedback::{Feedback, Warning},
    zxcvbn,
};

use crate::{ambient, texts};

/// The minimum length of a new password.
pub const MIN_CHARACTERS: usize = 10;

/// The maximum length of any password, in bytes: enough for a page of text, too few to keep a processor busy.
const MAX_LENGTH: usize = 1_000;

/// Limits concurrent hashes in the whole process to the number of processors: each takes one processor and 19 MiB.
static HASHING_PERMITS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

/// Why a new password was refused: the sentence shown at the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WeakPassword(Cow<'static, str>);

/// The hash of a password as a PHC string, which contains its parameters and salt.
#[derive(Debug, Clone)]
pub struct HashedPassword(String);

impl HashedPassword {
    /// The string to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks the strength of a new password and hashes it. `personal` is what an attacker may know (name, address and the
/// like): the password must not be easy to guess from it.
///
/// # Errors
/// The outer error when hashing fails; the inner [`WeakPassword`] when the password is weak.
pub async fn check_and_hash(password: &str, personal: &[&str]) -> anyhow::Result<Result<HashedPassword, WeakPassword>> {
    let password = normalise(password);
    let personal: Vec<String> = personal.iter().map(|text| (*text).to_owned()).collect();
    let salt = ambient::random_bytes::<16>();
    run_hashing(move || {
        if let Err(weak) = reject_weak(&password, &personal) {
            return Ok(Err(weak));
        }
        let hash =
            build_hasher()?.hash_password_with_salt(password.as_bytes(), &salt).context("hashing a password failed")?;
        Ok(Ok(HashedPassword(hash.to_string())))
    })
    .await
}

/// Checks a new password like [`check_and_hash`], without hashing it.
///
/// # Errors
/// The outer error when the work is interrupted; the inner [`WeakPassword`] when the password is weak.
pub async fn check_strength(password: &str, personal: &[&str]) -> anyhow::Result<Result<(), WeakPassword>> {
    let password = normalise(password);
    let personal: Vec<String> = personal.iter().map(|text| (*text).to_owned()).collect();
    run_hashing(move || Ok(reject_weak(&password, &personal))).await
}

/// Whether a password matches a hash. Without a hash (there is no such account) the answer is no and takes as long.
///
/// # Errors
/// When the hash is damaged.
pub async fn verify(password: &str, hash: Option<String>) -> anyhow::Result<bool> {
    if password.is_empty() {
        // No account has an empty password, so skipping the hash reveals nothing.
        return Ok(false);
    }
    let password = normalise(password);
    run_hashing(move || {
        let real = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.clone());
        let hash = PasswordHash::new(&hash).context("a stored password hash is damaged")?;
        // The parameters stored in the hash are used, so that older hashes still verify.
        Ok(build_hasher()?.verify_password(password.as_bytes(), &hash).is_ok() && real)
    })
    .await
}

/// Stands in for the hash of an account that does not exist.
static DUMMY_HASH: LazyLock<String> = LazyLock::new(|| {
    build_hasher()
        .and_then(|hasher| {
            Ok(hasher
                .hash_password_with_salt(&ambient::random_bytes::<32>(), &ambient::random_bytes::<16>())?
                .to_string())
        })
        .unwrap_or_default()
});

fn build_hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).context("the parameters of Argon2 are not taken")?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The same characters typed on another system are the same password (NIST SP 800-63B asks for NFKC).
fn normalise(password: &str) -> String {
    // One more than may be, so that one that is too long is found to be another.
    password.chars().take(MAX_LENGTH + 1).nfkc().collect()
}

async fn run_hashing<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let _turn = HASHING_PERMITS.acquire().await?;
    tokio::task::spawn_blocking(work).await.context("hashing a password was cut off")?
}

/// Widely known passwords, in the form of [`simplify`].
static COMMON_PASSWORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// A password in the form of the list: lower case, only letters and digits.
fn simplify(password: &str) -> String {
    password.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// [`simplify`], and without accents: `José` is guessed as `jose`.
fn fold(text: &str) -> String {
    simplify(&text.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>())
}

/// The words of three letters and more from which a password must not be made: the known texts and their words, as they
/// are and [`fold`]ed, the longest first. `Ana Sousa` makes `ana`, `sousa`, `ana sousa` and `anasousa` easy to guess.
fn collect_known_words(texts: &[String]) -> Vec<String> {
    let texts = texts.iter().map(String::as_str).chain(["signoff"]);
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).chain([text]));
    let words = words.flat_map(|word| [word.to_lowercase(), fold(word)]);
    let mut words: Vec<String> = words.filter(|word| word.chars().count() >= 3).collect();
    words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words
}

/// Whether a password is little else than known words: these alone, or with initials and the digits of a date. zxcvbn
/// counts several known words in a row for more than they are worth.
fn is_made_of(password: &str, words: &[String]) -> bool {
    let folded = fold(password);
    let rest = words.iter().fold(folded.clone(), |rest, word| rest.replace(word.as_str(), ""));
    let (digits, letters): (Vec<char>, Vec<char>) = rest.chars().partition(|c| c.is_numeric());
    let initials_and_date = letters.len() <= 2 && digits.len() <= 8;
    rest.chars().count() < MIN_CHARACTERS / 2 || (initials_and_date && rest != folded)
}

fn reject_weak(password: &str, personal: &[String]) -> Result<(), WeakPassword> {
    if password.chars().count() < MIN_CHARACTERS {
        return Err(WeakPassword(texts::password_too_short(MIN_CHARACTERS)));
    }
    if password.len() > MAX_LENGTH {
        return Err(WeakPassword(texts::password_too_long(MAX_LENGTH)));
    }
    if COMMON_PASSWORDS.contains(simplify(password).as_str()) {
        return Err(WeakPassword(texts::password_too_common()));
    }
    let words = collect_known_words(personal);
    if is_made_of(password, &words) {
        return Err(WeakPassword(texts::password_made_of_known_words()));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let entropy = zxcvbn(password, &words);
    if entropy.score() >= Score::Three {
        return Ok(());
    }
    Err(WeakPassword(match entropy.feedback().and_then(Feedback::warning) {
        Some(Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess) => {
            texts::password_of_neighbouring_keys()
        }
        Some(Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess) => {
            texts::password_of_repeats()
        }
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        ) => texts::password_like_a_common_one(),
        Some(Warning::SequencesLikeAbcAreEasyToGuess) => texts::password_of_sequence(),
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => texts::password_of_date(),
        Some(Warning::AWordByItselfIsEasyToGuess) => texts::password_of_one_word(),
        Some(Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess) => {
            texts::password_of_names()
        }
        None => texts::password_too_easy(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn password_verifies_against_its_own_hash_only() {
        let hash = check_and_hash("correct horse battery", &[]).await.unwrap().unwrap();
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
    async fn password_in_another_unicode_form_verifies() {
        let hash = check_and_hash("ca\u{301}lido verano lejano", &[]).await.unwrap().unwrap();
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
        let hash = check_and_hash(&long[..MAX_LENGTH], &[]).await.unwrap().unwrap();
        assert!(verify(&long[..MAX_LENGTH], Some(hash.0.clone())).await.unwrap());
        for other in [&long[..MAX_LENGTH - 1], &long[..=MAX_LENGTH], &long] {
            assert!(!verify(other, Some(hash.0.clone())).await.unwrap(), "{}", other.len());
        }
    }

    #[test]
    fn password_that_is_common_or_breached_is_rejected() {
        assert!(COMMON_PASSWORDS.len() > 250);
        for common in COMMON_PASSWORDS.iter() {
            assert_eq!(simplify(common), *common);
            assert!(reject_weak(common, &[]).is_err(), "{common}");
        }
        // Different case and punctuation do not help.
        for dressed in ["Correct-Horse-Battery-Staple", "correct horse battery staple", "YouShallNotPass!!!"] {
            assert!(reject_weak(dressed, &[]).is_err(), "{dressed}");
        }
        // zxcvbn alone would accept some of them, so the list is needed.
        assert!(COMMON_PASSWORDS.iter().any(|common| zxcvbn(common, &[]).score() >= Score::Three));
        // Passwords that zxcvbn knows from lists of breaches are refused by its estimate; these have ten characters and
        // more.
        for breached in
            ["basketball", "liverpool1", "q1w2e3r4t5", "motherfucker", "snickers12", "mypassword", "chevrolet1"]
        {
            assert!(zxcvbn(breached, &[]).score() < Score::Three && reject_weak(breached, &[]).is_err(), "{breached}");
        }
    }

    #[test]
    fn password_of_one_kind_of_character_is_accepted() {
        for plain in ["lantern orchard copper", "7301558492266103", "TUNDRAVIOLETANCHOR", "βιβλίο θάλασσα ουρανός"]
        {
            assert_eq!(reject_weak(plain, &[]), Ok(()), "{plain}");
        }
        // Nor a length of fewer than 64 characters, up to the most.
        let long = "lantern orchard copper ".repeat(50);
        for length in [64, 128, MAX_LENGTH] {
            assert_eq!(reject_weak(&long[..length], &[]), Ok(()), "{length}");
        }
        assert!(reject_weak(&long[..=MAX_LENGTH], &[]).unwrap_err().to_string().contains("at most 1000 bytes"));
    }

    #[test]
    fn password_that_is_weak_is_rejected_and_a_strong_one_accepted() {
        let personal = ["Ana Sousa".to_owned(), "ana@example.org".to_owned()];
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
            assert!(reject_weak(weak, &personal).is_err(), "{weak}");
        }
        // Ten characters are enough, and nine are not, however strong.
        assert_eq!(reject_weak("Kx7#pQ9vL2", &personal), Ok(()));
        assert!(reject_weak("Kx7#pQ9vL", &personal).unwrap_err().to_string().contains("at least 10 characters"));
        for strong in ["correct horse battery", "violet-anchor-tundra", "Kx7#pQ9vL2mN", "blauwe fietsen zingen nooit"] {
            assert_eq!(reject_weak(strong, &personal), Ok(()), "{strong}");
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
            let personal = [name, email, "launches.example.com"].map(str::to_owned);
            for own in own.split(' ') {
                assert!(reject_weak(own, &personal).is_err(), "{own} of {name}");
            }
        }
        let personal = ["Pat Hollis", "pat.hollis@example.org", "launches.example.com"].map(str::to_owned);
        for other in ["violet anchor tundra pat", "pat 7301558492266103", "hollis reads slow novels"] {
            assert_eq!(reject_weak(other, &personal), Ok(()), "{other}");
        }
    }
}

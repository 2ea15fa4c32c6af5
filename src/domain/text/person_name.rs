//! Rules for people's names: they must be readable and distinguishable.
//!
//! A reader identifies a signature by its name. So a name may not contain invisible characters or lookalike letters,
//! and two names that look alike are detected (UTS 39, Unicode Security Mechanisms).

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{MixedScript as _, RestrictionLevel, RestrictionLevelDetection as _, skeleton};

use super::{PersonName, TextError, visibility::is_invisible};

/// Refuses a name that could be mistaken for another name or for something longer than a name.
pub(super) fn check_person_name(name: &str) -> Result<(), TextError> {
    let characters: Vec<char> = name.chars().collect();
    let fits = |(at, c): (usize, &char)| is_name_character(*c) || is_joiner_between_letters(&characters, at);
    if !characters.iter().enumerate().all(fits) || !name.chars().any(char::is_alphanumeric) || has_stacked_marks(name) {
        return Err(TextError::NameCharacter);
    }
    if name.split(|c: char| !is_letter(c)).all(has_single_script) { Ok(()) } else { Err(TextError::MixedScripts) }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}

fn is_name_character(c: char) -> bool {
    // Names are not written with styled variants of letters, such as the mathematical alphabets.
    let plain = || std::iter::once(c).nfkc().eq(std::iter::once(c).nfc());
    // A line through a letter or around it is of no alphabet.
    let overlay = matches!(c, '\u{334}'..='\u{338}' | '\u{488}'..='\u{489}' | '\u{20d0}'..='\u{20ff}');
    matches!(c, ' ' | '.' | ',' | '-' | '\'' | '’' | '‐' | '·' | '・' | '゠')
        || ((is_letter(c) || c.is_numeric()) && !is_invisible(c) && !overlay && plain())
}

/// Whether marks are heaped on a letter: the same one twice, or more than four (UTS 39, section 5.4). They look
/// like fewer marks, or cover the letters around them.
fn has_stacked_marks(name: &str) -> bool {
    let decomposed: Vec<char> = name.nfd().collect();
    let is_mark = |c: &char| unicode_normalization::char::is_combining_mark(*c);
    decomposed.windows(2).any(|two| two[0] == two[1] && is_mark(&two[0]))
        || decomposed.windows(5).any(|five| five.iter().all(is_mark))
}

/// Whether the character at this position joins or separates two letters of a script that needs such characters
/// (Arabic, and the scripts of India). In other scripts the character is invisible and makes one name look like
/// another.
fn is_joiner_between_letters(characters: &[char], at: usize) -> bool {
    let of_such_script = |c: Option<&char>| c.is_some_and(|c| matches!(c, '\u{600}'..='\u{dff}') && is_letter(*c));
    matches!(characters[at], '\u{200c}' | '\u{200d}')
        && of_such_script(at.checked_sub(1).and_then(|before| characters.get(before)))
        && of_such_script(characters.get(at + 1))
}

/// Whether all letters of a word may be combined: they are of one script, or of scripts that are written together, such
/// as the Japanese ones.
pub(super) fn has_single_script(word: &str) -> bool {
    word.is_single_script() || word.check_restriction_level(RestrictionLevel::HighlyRestrictive)
}

/// Whether one name could be mistaken for another: both have the same skeleton (UTS 39, section 4) once everything that
/// readers overlook is removed (case, spaces, punctuation).
#[must_use]
pub fn resembles(one: &PersonName, other: &PersonName) -> bool {
    let [one, other] = [one, other].map(|name| visual_skeletons(name.as_str()));
    one.iter().any(|look| other.contains(look))
}

/// Whether one address could be taken for another that it is not: both have the same skeleton, as of [`resembles`].
pub(super) fn address_resembles(one: &str, other: &str) -> bool {
    let look = |address: &str| skeleton(address).collect::<String>().to_lowercase();
    one != other && look(one) == look(other)
}

/// What a name looks like, as it is and in small letters: `I` looks like `l`, and its small letter does not.
fn visual_skeletons(name: &str) -> [String; 2] {
    // A skeleton separates accents from their letters. Accents count: José is not Jose.
    let counts = |c: &char| (is_letter(*c) || c.is_numeric()) && !is_invisible(*c);
    let letters = |text: &str| text.chars().filter(counts).collect::<String>();
    let small = name.nfkc().collect::<String>().to_lowercase();
    let of_small = letters(&skeleton(&small).collect::<String>());
    let of_name = letters(&skeleton(name).collect::<String>().to_lowercase());
    [of_small, of_name]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn person_name_each_form_is_accepted_or_refused() {
        for name in [
            "Jonas Reyes",
            "José Álvarez-Núñez",
            "Jose\u{301} Alvarez",
            "Seán O'Brien",
            "D’Arcy, J. P.",
            "Иван Петров",
            "Ολγα",
            "محمد علی",
            "می\u{200c}نا",
            "सीता",
            "क्\u{200d}ष",
            "山田 太郎",
            "やまだタロウ",
            "김민수",
            "Ana Иванова",
            "Build 4",
            "Nguyễn Thị Ánh",
            "Nguye\u{302}\u{303}n",
        ] {
            assert!(PersonName::new(name).is_ok(), "{name:?}: {:?}", PersonName::new(name));
        }
        for (name, why) in [
            ("Jon\u{430}s", TextError::MixedScripts),
            ("Jonas R\u{435}yes", TextError::MixedScripts),
            ("Jon\u{3b1}s", TextError::MixedScripts),
            ("Jo\u{200b}nas", TextError::NameCharacter),
            ("Jo\u{200c}nas", TextError::NameCharacter),
            ("Jonas\u{3164}", TextError::NameCharacter),
            ("Jonas\u{e0041}", TextError::NameCharacter),
            ("Jonas\u{fe0f}", TextError::NameCharacter),
            ("Jonas\u{a0}Reyes", TextError::NameCharacter),
            ("Jonas Reyes (Tech lead, approved ✓)", TextError::NameCharacter),
            ("Jonas Reyes ✓", TextError::NameCharacter),
            ("\u{1d409}onas", TextError::NameCharacter),
            ("\u{ff2a}onas", TextError::NameCharacter),
            ("<b>Jonas</b>", TextError::NameCharacter),
            ("jonas@example.org", TextError::NameCharacter),
            ("...", TextError::NameCharacter),
            ("Jonas\u{301}\u{301}", TextError::NameCharacter),
            ("Jona\u{301}\u{302}\u{303}\u{304}\u{306}s", TextError::NameCharacter),
            ("J\u{336}onas", TextError::NameCharacter),
            ("Jonas\u{20dd}", TextError::NameCharacter),
            ("Jo\u{ad}nas", TextError::NameCharacter),
            ("Jonas\u{2028}Reyes", TextError::NameCharacter),
            ("Jonas\u{200f}", TextError::NameCharacter),
            ("Jo\u{391}as", TextError::MixedScripts),
            ("\u{13a0}lan", TextError::MixedScripts),
            ("\u{3164}", TextError::Empty),
            ("\u{200b} \u{2800}", TextError::Empty),
        ] {
            assert_eq!(PersonName::new(name), Err(why), "{name:?}");
            assert!(PersonName::stored(name).is_ok(), "{name:?} may be in a history");
        }
    }

    #[test]
    fn person_name_resembles_only_names_that_look_alike() {
        let resemble = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|name| PersonName::stored(name).unwrap());
            assert_eq!(resembles(&one, &other), resembles(&other, &one));
            resembles(&one, &other)
        };
        for other in [
            "Jonas Reyes",
            "jonas reyes",
            "Jonas  Reyes",
            "Jonas-Reyes",
            "JonasReyes",
            "J\u{43e}nas Reyes",
            "Jon\u{200b}as Reyes",
            "Jonas Reyes.",
        ] {
            assert!(resemble("Jonas Reyes", other), "{other:?}");
        }
        // Digits for letters, whole words of another alphabet, other signs and blanks, one letter for two.
        for (one, other) in [
            ("Jonas Reyes", "J0nas Reyes"),
            ("William Oslo", "Wi11iam 0slo"),
            ("Coco", "\u{421}\u{43e}\u{441}\u{43e}"),
            ("Hannah", "\u{ff28}annah"),
            ("Alan", "\u{1d400}lan"),
            ("Ann-Marie", "Ann\u{2010}Marie"),
            ("Sean O'Brien", "Sean O\u{2019}Brien"),
            ("JONAS REYES", "jonas reyes"),
            ("Ilan", "1lan"),
            ("Jose\u{301}", "Jos\u{e9}"),
            ("Mia", "Mi\u{251}"),
        ] {
            assert!(resemble(one, other), "{one:?} {other:?}");
        }
        assert!(resemble("Ian Ilves", "lan llves"));
        assert!(resemble("Morten", "rnorten"));
        assert!(resemble("\u{421}\u{430}\u{440}\u{430}", "Capa"));
        for other in ["Jonas Reyer", "Joana Reyes", "Jonás Reyes", "Jonas"] {
            assert!(!resemble("Jonas Reyes", other), "{other:?}");
        }
    }
}

//! Names made out of titles: the keys of items, and the slugs of roles.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::{canonical::Sha256Hash, checklist::ItemKey, role::RoleSlug};

/// The longest that the title's own part of a key may be; the rest is for the hash and the number.
const MAX_STEM_BYTES: usize = 70;

/// The key of an item with this title: the title in ASCII, with hyphens. When letters were lost on the way (another
/// script), eight digits of the title's hash stand for them, so that the same title has the same key everywhere. When
/// the key is taken, a number is added.
#[must_use]
pub fn key_from_title(title: &str, taken: &BTreeSet<ItemKey>) -> ItemKey {
    first_free_key(&key_stem(title), 1, taken).0
}

/// Gives keys to many items in linear time: remembers how far each stem has been numbered.
#[derive(Debug, Default)]
pub(super) struct KeyAllocator {
    taken: BTreeSet<ItemKey>,
    next_numbers: BTreeMap<String, usize>,
}

impl KeyAllocator {
    /// Takes a key that the file gives; when it is taken already, gives nothing.
    pub(super) fn reserve(&mut self, key: &ItemKey) -> bool {
        self.taken.insert(key.clone())
    }

    /// Makes a key for a title, or for a key that is taken.
    pub(super) fn allocate(&mut self, title: &str) -> ItemKey {
        let stem = key_stem(title);
        let next = self.next_numbers.entry(stem.clone()).or_insert(1);
        let (key, number) = first_free_key(&stem, *next, &self.taken);
        *next = number + 1;
        self.taken.insert(key.clone());
        key
    }
}

fn first_free_key(stem: &str, from: usize, taken: &BTreeSet<ItemKey>) -> (ItemKey, usize) {
    let mut number = from;
    loop {
        let key = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
        match key.parse() {
            Ok(key) if !taken.contains(&key) => return (key, number),
            // A stem is a key, with room for any number (see the test); so this is a key that is taken.
            Ok(_) | Err(_) => number += 1,
        }
    }
}

fn key_stem(title: &str) -> String {
    let (slug, lost) = slugify(title, '-', MAX_STEM_BYTES);
    match (slug.is_empty(), lost) {
        (false, false) => slug,
        (true, false) => "item".to_owned(),
        (true, true) => format!("item-{}", title_fingerprint(title)),
        (false, true) => format!("{slug}-{}", title_fingerprint(title)),
    }
}

/// The first eight digits of the hash of a title, composed, so that it is the same however its accents are encoded.
fn title_fingerprint(title: &str) -> String {
    let composed: String = title.nfc().collect();
    Sha256Hash::compute(composed.as_bytes()).to_string().chars().take(8).collect()
}

/// A text in ASCII letters and digits with a separator between words, and whether letters were lost on the way.
fn slugify(text: &str, separator: char, max: usize) -> (String, bool) {
    let mut slug = String::new();
    let mut lost = false;
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ß' => slug.push_str("ss"),
            'æ' => slug.push_str("ae"),
            'œ' => slug.push_str("oe"),
            'ø' => slug.push('o'),
            'ł' => slug.push('l'),
            'đ' | 'ð' => slug.push('d'),
            'ı' => slug.push('i'),
            'þ' => slug.push_str("th"),
            // "Let's" is one word, and an accent is part of its letter.
            '\'' | '’' | '\u{300}'..='\u{36F}' => {}
            _ => {
                lost |= c.is_alphanumeric();
                if !slug.is_empty() && !slug.ends_with(separator) {
                    slug.push(separator);
                }
            }
        }
        if slug.len() > max {
            break;
        }
    }
    if slug.len() > max {
        // Whole words, unless that would leave little.
        let words = slug[..=max].rfind(separator).filter(|end| *end > max / 2);
        slug.truncate(words.unwrap_or(max));
    }
    slug.truncate(slug.trim_end_matches(separator).len());
    (slug, lost)
}

/// The slug of a role with this name: one of those that ship when the name is a usual one for it, else the name in
/// ASCII with underscores.
#[must_use]
pub fn role_from_name(name: &str) -> Option<RoleSlug> {
    let (slug, lost) = slugify(name, '_', 30);
    let own = match slug.as_str() {
        _ if lost => format!("role_{}", title_fingerprint(name)),
        "" => "role".to_owned(),
        "technical_lead" | "tech_lead" | "tech" | "engineering_lead" | "lead_engineer" => "tech_lead".to_owned(),
        "operations_lead" | "operations" | "ops_lead" | "ops" | "head_of_operations" => "operations".to_owned(),
        "security_lead" | "security" | "security_officer" | "head_of_security" => "security".to_owned(),
        "product_owner" | "product" | "product_manager" | "product_lead" => "product".to_owned(),
        other => other.to_owned(),
    };
    // A slug begins with a letter; a name need not ("2nd line").
    own.parse().or_else(|_| format!("role_{own}").parse()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_derived_from_title() {
        let none = BTreeSet::new();
        for (title, key) in [
            ("Server provisioned (minimum 2GB RAM)", "server-provisioned-minimum-2gb-ram"),
            ("SSL certificates obtained (Let's Encrypt)", "ssl-certificates-obtained-lets-encrypt"),
            ("Überprüfung größer", "uberprufung-grosser"),
            ("`pg_hba.conf` **configured**", "pg-hba-conf-configured"),
            ("***", "item"),
            ("🎉", "item"),
        ] {
            assert_eq!(key_from_title(title, &none).as_str(), key, "{title}");
        }
    }

    #[test]
    fn key_of_other_script_is_stable_and_distinct() {
        let none = BTreeSet::new();
        let arabic = key_from_title("مراجعة الأمان", &none);
        assert_eq!(arabic, key_from_title("مراجعة الأمان", &none));
        assert_ne!(arabic, key_from_title("مراجعة الأداء", &none));
        assert!(arabic.as_str().starts_with("item-"), "{arabic}");
        let mixed = key_from_title("Проверить HTTPS", &none);
        assert!(mixed.as_str().starts_with("https-"), "{mixed}");
        assert_eq!(key_from_title("が", &none), key_from_title("か\u{3099}", &none), "however its accents are encoded");
    }

    #[test]
    fn key_that_is_taken_is_numbered_and_long_one_cut() {
        let mut taken = BTreeSet::new();
        for key in ["backup", "backup-2", "backup-3"] {
            assert_eq!(key_from_title("Backup", &taken).as_str(), key);
            taken.insert(key_from_title("Backup", &taken));
        }
        let long = "ж long ".repeat(100);
        let key = key_from_title(&long, &taken);
        assert!(key.as_str().len() + "-18446744073709551615".len() <= ItemKey::MAX, "{key}");
    }

    #[test]
    fn role_slug_is_derived_from_name() {
        for (name, slug) in [
            ("Technical Lead", "tech_lead"),
            ("Tech lead", "tech_lead"),
            ("Operations Lead", "operations"),
            ("Security Lead", "security"),
            ("Product Owner", "product"),
            ("Legal & Privacy", "legal_privacy"),
            ("2nd line", "role_2nd_line"),
            ("!", "role"),
        ] {
            assert_eq!(role_from_name(name).map(String::from).as_deref(), Some(slug), "{name}");
        }
        assert!(role_from_name("法務").is_some_and(|role| role.as_str().starts_with("role_")));
        assert_ne!(role_from_name("法務"), role_from_name("営業"));
    }
}

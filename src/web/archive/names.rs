//! Names of files in an archive: safe to unpack anywhere, and one for each.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::text::FileName;

/// The names given so far, folded as file systems fold them that tell no case and no composition apart.
#[derive(Debug, Default)]
pub struct Names(HashSet<String>);

/// The most characters of a name; with a folder and a number it stays under the 255 bytes that most systems allow.
const MOST: usize = 120;

/// The most bytes of a name: characters take up to four.
const MOST_BYTES: usize = 200;

impl Names {
    /// None so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A name for a file in a folder (`""` for none, `a/b` for one in another), made from what both are called. It climbs
    /// nowhere, can be unpacked
    /// on Windows too, reads as what it is, and is given once: the second `a.txt` is `a (2).txt`.
    pub fn give(&mut self, folder: &str, called: &str) -> String {
        let folder = folder.split('/').filter(|part| !part.is_empty()).map(safe).collect::<Vec<_>>().join("/");
        let name = safe(called);
        let (stem, ending) = split(&name);
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let mut given = path(&name);
        let mut number = 2;
        while !self.0.insert(given.to_lowercase().nfc().collect()) {
            given = path(&format!("{stem} ({number}){ending}"));
            number += 1;
        }
        given
    }
}

/// Stem and ending, with its dot.
fn split(name: &str) -> (&str, &str) {
    name.rfind('.').filter(|at| *at > 0).map_or((name, ""), |at| name.split_at(at))
}

/// A single name, without what could mislead, climb out of a folder or be refused by a file system.
fn safe(called: &str) -> String {
    // Folders, control characters, what turns the direction of text, and dots at the beginning go here.
    let name = FileName::new(called);
    // Windows takes none of these in a name, and no dot or space at its end.
    let name: String = name.as_str().chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let name = shortened(name.trim_end_matches(['.', ' ']));
    if is_device(&name) { format!("_{name}") } else { name }
}

/// A name cut to [`MOST`], keeping its ending where that is one.
fn shortened(name: &str) -> String {
    if name.is_empty() {
        return "file".to_owned();
    }
    let (stem, ending) = split(name);
    let (stem, ending) = if ending.len() > 20 { (name, "") } else { (stem, ending) };
    let mut kept = String::new();
    for c in stem.chars().take(MOST) {
        if kept.len() + c.len_utf8() + ending.len() > MOST_BYTES {
            break;
        }
        kept.push(c);
    }
    format!("{}{ending}", kept.trim_end())
}

/// Whether Windows takes a name for a device, whatever its ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let port = |kind: &str| {
        let number = stem.strip_prefix(kind).map(|number| number.chars().collect::<Vec<_>>());
        matches!(number.as_deref(), Some([c]) if c.is_ascii_digit() || "¹²³".contains(*c))
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str()) || port("COM") || port("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_wherever_they_are_unpacked() {
        for (called, given) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\windows\\system32", "system32"),
            ("..", "file"),
            (". . .", "file"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\0b\nc\t.txt", "abc.txt"),
            ("what? <me>: \"x|y*\"", "what_ _me__ _x_y__"),
            ("end. . ", "end"),
            ("NUL", "_NUL"),
            ("com1.log", "_com1.log"),
            ("LPT³", "_LPT³"),
            (".env", ".env"),
            ("..env", ".env"),
            (".", "file"),
            ("CON.tar.gz", "_CON.tar.gz"),
            ("Aux .txt", "_Aux.txt"),
            ("console.txt", "console.txt"),
            ("COM10", "COM10"),
            ("Prüfung – 2.log", "Prüfung – 2.log"),
        ] {
            assert_eq!(Names::new().give("", called), given, "{called:?}");
        }
    }

    #[test]
    fn folders_are_as_safe_as_files() {
        for (folder, given) in [
            ("con", "_con"),
            ("nul", "_nul"),
            ("com1", "_com1"),
            ("Lpt9.d", "_Lpt9.d"),
            ("aux .x", "_aux.x"),
            ("withdrawn/prn", "withdrawn/_prn"),
            ("a:b", "a_b"),
            ("end. .", "end"),
            ("..", "file"),
            ("../../etc", "file/file/etc"),
            ("a//b/", "a/b"),
            ("backups", "backups"),
        ] {
            assert_eq!(Names::new().give(folder, "x.txt"), format!("{given}/x.txt"), "{folder:?}");
        }
        // Two folders that Windows takes for one have their files told apart.
        let mut names = Names::new();
        assert_eq!(names.give("con", "a.txt"), "_con/a.txt");
        assert_eq!(names.give("CON", "a.txt"), "_CON/a (2).txt");
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_fits() {
        let given = Names::new().give("folder", &format!("{}.tar.gz", "ü".repeat(190)));
        assert!(given.ends_with(".gz") && given.len() <= "folder/".len() + MOST_BYTES, "{given}");
        let given = Names::new().give("", &"🦀".repeat(200));
        assert_eq!(given.len(), MOST_BYTES);
    }

    #[test]
    fn each_name_is_given_once_and_folders_have_their_own() {
        let mut names = Names::new();
        let mut give = |folder: &str, called: &str| names.give(folder, called);
        assert_eq!(give("a", "shot.png"), "a/shot.png");
        assert_eq!(give("a", "SHOT.png"), "a/SHOT (2).png");
        assert_eq!(give("a", "shot (2).png"), "a/shot (2) (2).png");
        assert_eq!(give("b", "shot.png"), "b/shot.png");
        assert_eq!(give("", "Makefile"), "Makefile");
        assert_eq!(give("", "Makefile"), "Makefile (2)");
        // The same letter, composed and not.
        assert_eq!(give("", "\u{e9}"), "\u{e9}");
        assert_eq!(give("", "e\u{301}"), "e\u{301} (2)");
    }
}

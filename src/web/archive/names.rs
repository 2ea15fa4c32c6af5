//! Names of files in an archive: unique, and safe to unpack on every system.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::text::FileName;

/// The names assigned so far, folded in case and Unicode composition, as some file systems fold them.
#[derive(Debug, Default)]
pub struct ArchiveNames(HashSet<String>);

/// Maximum characters of a name. With a folder and a number it stays below the 255 bytes that most systems allow.
const MAX_CHARACTERS: usize = 120;

/// Maximum bytes of a name: a character takes up to four.
const MAX_BYTES: usize = 200;

impl ArchiveNames {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a unique, safe name for a file in a folder (`""` for none, `a/b` for a nested one), made from the given
    /// names. It does not leave the folder, can be unpacked on Windows and shows its real extension. The second `a.txt`
    /// becomes `a (2).txt`.
    pub fn assign(&mut self, folder: &str, called: &str) -> String {
        let folder = folder.split('/').filter(|part| !part.is_empty()).map(to_safe_name).collect::<Vec<_>>().join("/");
        let name = to_safe_name(called);
        let (stem, ending) = split_extension(&name);
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

/// The extension includes its dot.
fn split_extension(name: &str) -> (&str, &str) {
    name.rfind('.').filter(|at| *at > 0).map_or((name, ""), |at| name.split_at(at))
}

/// A single name without anything that could mislead, leave the folder or be rejected by a file system.
fn to_safe_name(called: &str) -> String {
    // Removes folders, control characters, characters that change the direction of text, and dots at the beginning.
    let name = FileName::new(called);
    // Windows allows none of these characters in a name.
    let name: String = name.as_str().chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let name = shorten(trim_end(&name));
    if is_device(&name) { format!("_{name}") } else { name }
}

/// Removes dots and white space from the end of a name, which Windows does not allow there.
fn trim_end(name: &str) -> &str {
    name.trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

/// Shortens a name to [`MAX_CHARACTERS`] and [`MAX_BYTES`]; keeps its extension if it has one of up to 20 bytes.
fn shorten(name: &str) -> String {
    if name.is_empty() {
        return "file".to_owned();
    }
    let (stem, ending) = split_extension(name);
    let (stem, ending) = if ending.len() > 20 { (name, "") } else { (stem, ending) };
    let mut shortened = String::new();
    for c in stem.chars().take(MAX_CHARACTERS) {
        if shortened.len() + c.len_utf8() + ending.len() > MAX_BYTES {
            break;
        }
        shortened.push(c);
    }
    trim_end(&format!("{}{ending}", shortened.trim_end())).to_owned()
}

/// Whether Windows takes the name for a device, whatever its extension.
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
    fn archive_names_are_safe_on_every_system() {
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
            assert_eq!(ArchiveNames::new().assign("", called), given, "{called:?}");
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
            assert_eq!(ArchiveNames::new().assign(folder, "x.txt"), format!("{given}/x.txt"), "{folder:?}");
        }
        // Windows takes both folders for the same one, so the files in them need different names.
        let mut names = ArchiveNames::new();
        assert_eq!(names.assign("con", "a.txt"), "_con/a.txt");
        assert_eq!(names.assign("CON", "a.txt"), "_CON/a (2).txt");
    }

    #[test]
    fn archive_names_shorten_a_long_name_and_keep_its_extension() {
        let given = ArchiveNames::new().assign("folder", &format!("{}.tar.gz", "ü".repeat(190)));
        assert!(given.ends_with(".gz") && given.len() <= "folder/".len() + MAX_BYTES, "{given}");
        let given = ArchiveNames::new().assign("", &"🦀".repeat(200));
        assert_eq!(given.len(), MAX_BYTES);
    }

    #[test]
    fn archive_names_shortened_anywhere_end_in_neither_a_dot_nor_white_space() {
        for before in 100..=200 {
            for (letter, gap) in
                [("x", "."), ("x", " "), ("x", ". "), ("x", "\u{3000}."), ("ü", "..."), ("🦀", ".\u{a0}.")]
            {
                for rest in ["y".repeat(40), format!("{}.txt", "y".repeat(40)), format!(".{}", "y".repeat(21))] {
                    let called = format!("{}{gap}{rest}", letter.repeat(before));
                    let given = ArchiveNames::new().assign("", &called);
                    let last = given.chars().last().unwrap();
                    assert!(last != '.' && !last.is_whitespace(), "{called:?} became {given:?}");
                    assert_eq!(given.ends_with(".txt"), rest.ends_with(".txt"), "{called:?} became {given:?}");
                }
            }
        }
    }

    #[test]
    fn archive_names_are_unique_in_each_folder() {
        let mut names = ArchiveNames::new();
        let mut give = |folder: &str, called: &str| names.assign(folder, called);
        assert_eq!(give("a", "shot.png"), "a/shot.png");
        assert_eq!(give("a", "SHOT.png"), "a/SHOT (2).png");
        assert_eq!(give("a", "shot (2).png"), "a/shot (2) (2).png");
        assert_eq!(give("b", "shot.png"), "b/shot.png");
        assert_eq!(give("", "Makefile"), "Makefile");
        assert_eq!(give("", "Makefile"), "Makefile (2)");
        // The same letter, composed and decomposed.
        assert_eq!(give("", "\u{e9}"), "\u{e9}");
        assert_eq!(give("", "e\u{301}"), "\u{e9} (2)");
    }
}

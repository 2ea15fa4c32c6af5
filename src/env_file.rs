//! Files of settings, one `NAME=value` per line, parsed like systemd's `EnvironmentFile` (systemd.exec(5)), so that a
//! command on the command line has the same settings as the service.
//!
//! Where systemd would ignore a line, this parser rejects the file: a setting that is silently missing is worse. No
//! error message repeats a value, since values may be passwords.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow};

/// The file that is read if it is readable and no other is named.
pub const DEFAULT_FILE: &str = "/etc/signoff/signoff.env";

/// The settings with the addresses of databases. If one of them is in the environment, the default file is not read, so
/// that it is not mixed with the settings of another installation.
const DATABASE_SETTINGS: [&str; 4] =
    ["DATABASE_URL", "DATABASE_URL_FILE", "MIGRATION_DATABASE_URL", "MIGRATION_DATABASE_URL_FILE"];

/// Settings by name. Those of the environment take precedence over those of the file.
#[derive(Debug, Clone, Default)]
pub struct EnvSettings {
    file: BTreeMap<String, String>,
    /// The default file, if it exists and may not be read.
    unreadable: Option<PathBuf>,
}

impl EnvSettings {
    /// Reads this file, or else the default one.
    ///
    /// # Errors
    /// When a named file or a line of a file can't be read; the message never contains a value.
    pub fn read(named: Option<&Path>) -> anyhow::Result<Self> {
        let has_database = DATABASE_SETTINGS.iter().any(|name| std::env::var_os(name).is_some());
        Self::read_from(named, Path::new(DEFAULT_FILE), has_database)
    }

    fn read_from(named: Option<&Path>, default: &Path, has_database: bool) -> anyhow::Result<Self> {
        let path = match named {
            Some(path) => path,
            None if has_database => return Ok(Self::default()),
            None => default,
        };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if named.is_none() => {
                let is_closed = error.kind() == io::ErrorKind::PermissionDenied;
                return Ok(Self { unreadable: is_closed.then(|| path.to_owned()), ..Self::default() });
            }
            Err(error) => return Err(error).with_context(|| format!("{} can't be read", path.display())),
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            anyhow!("{}: line {line} is not text in UTF-8", path.display())
        })?;
        let file = parse(&text).with_context(|| path.display().to_string())?;
        Ok(Self { file, unreadable: None })
    }

    /// A setting from the environment, even if it is empty there; otherwise from the file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().or_else(|| self.file.get(name).cloned())
    }

    /// The names of all variables, of the environment and of the file, each once.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let environment = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        environment.chain(self.file.keys().cloned()).collect()
    }

    /// The file's settings that are not in the environment.
    pub fn only_in_file(&self) -> impl Iterator<Item = (&str, &str)> {
        let file = self.file.iter().filter(|(name, _)| std::env::var_os(name).is_none());
        file.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What to add to a message about missing settings.
    #[must_use]
    pub fn unreadable_hint(&self) -> String {
        self.unreadable.as_ref().map_or_else(String::new, |path| {
            format!(
                "\nThe settings of the server are in {}, which this user may not read. Run the command as root or as the \
                 server's user: sudo -u signoff signoff …",
                path.display()
            )
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} {reason}")]
pub struct EnvFileError {
    /// The number of the line in the file, counted from 1.
    pub line: usize,
    reason: &'static str,
}

/// Parses a file's text.
///
/// # Errors
/// The first line that can't be parsed.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, EnvFileError> {
    let mut settings = BTreeMap::new();
    let mut rest = EnvFileParser { chars: text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable(), line: 1 };
    while let Some(first) = rest.skip_blank() {
        let line = rest.line;
        let bad = |reason| EnvFileError { line, reason };
        if matches!(first, '#' | ';') {
            rest.take_line();
            continue;
        }
        let name = rest.take_name().ok_or_else(|| bad("has no = in it"))?;
        let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
        if !name.starts_with(is_first) || !name.chars().all(|c| is_first(c) || c.is_ascii_digit()) {
            return Err(bad("does not begin with the name of a setting and = (`export` is not part of one)"));
        }
        let value = rest.take_value().ok_or_else(|| bad("opens a quotation mark that is never closed"))?;
        if value.contains('\0') {
            return Err(bad("has a character of value 0 in it"));
        }
        settings.insert(name, value);
    }
    Ok(settings)
}

struct EnvFileParser<I: Iterator<Item = char>> {
    chars: std::iter::Peekable<I>,
    line: usize,
}

impl<I: Iterator<Item = char>> EnvFileParser<I> {
    fn next(&mut self) -> Option<char> {
        let next = self.chars.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    /// Skips blanks and line breaks; returns the next character.
    fn skip_blank(&mut self) -> Option<char> {
        while let Some(c) = self.chars.peek().copied() {
            if !is_blank(c) && !is_line_end(c) {
                return Some(c);
            }
            self.next();
        }
        None
    }

    fn take_line(&mut self) {
        while self.next().is_some_and(|c| !is_line_end(c)) {}
    }

    /// The text before `=`; `None` if the line ends first.
    fn take_name(&mut self) -> Option<String> {
        let mut name = String::new();
        loop {
            match self.chars.peek() {
                None => return None,
                Some(c) if is_line_end(*c) => return None,
                Some(_) => match self.next()? {
                    '=' => return Some(name.trim_end_matches(is_blank).to_owned()),
                    c => name.push(c),
                },
            }
        }
    }

    /// A value up to the end of its line, with quoted and unquoted parts as in a shell. `None` if a quotation mark is
    /// not closed.
    fn take_value(&mut self) -> Option<String> {
        let mut value = String::new();
        // Blanks around an unquoted part do not belong to it.
        let mut before_part = true;
        let mut length = 0;
        while let Some(c) = self.next() {
            match c {
                c if is_line_end(c) => break,
                c if before_part && is_blank(c) => continue,
                '\'' if before_part => self.take_single_quoted(&mut value)?,
                '"' if before_part => self.take_double_quoted(&mut value)?,
                '\\' => {
                    before_part = false;
                    // An escaped line break does not belong to the value.
                    if let Some(escaped) = self.next().filter(|c| !is_line_end(*c)) {
                        value.push(escaped);
                    }
                }
                c => {
                    before_part = false;
                    value.push(c);
                    if is_blank(c) {
                        continue;
                    }
                }
            }
            length = value.len();
        }
        value.truncate(length);
        Some(value)
    }

    fn take_single_quoted(&mut self, value: &mut String) -> Option<()> {
        loop {
            match self.next()? {
                '\'' => return Some(()),
                c => value.push(c),
            }
        }
    }

    fn take_double_quoted(&mut self, value: &mut String) -> Option<()> {
        loop {
            match self.next()? {
                '"' => return Some(()),
                '\\' => match self.next()? {
                    c @ ('"' | '\\' | '`' | '$') => value.push(c),
                    '\n' => {}
                    c => value.extend(['\\', c]),
                },
                c => value.push(c),
            }
        }
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_file_values_are_those_that_systemd_reads() {
        for (line, value) in [
            ("A=b", "b"),
            ("A=", ""),
            ("A=\n", ""),
            ("  A = b  \n", "b"),
            ("A=signoff <signoff@example.org>", "signoff <signoff@example.org>"),
            ("A=postgres://u:p#a@h/d?x=y&z", "postgres://u:p#a@h/d?x=y&z"),
            ("A=b # no comment", "b # no comment"),
            ("A=b;c", "b;c"),
            ("A='b c'", "b c"),
            ("A=\"b c\"", "b c"),
            ("A='  b  '  ", "  b  "),
            ("A='b\\n'", "b\\n"),
            ("A=\"b\\\"c\\\\d\\$e\\`f\\n\"", "b\"c\\d$e`f\\n"),
            ("A=b\"c\"'d'", "b\"c\"'d'"),
            ("A='b'\"c\"d", "bcd"),
            ("A='b' c", "bc"),
            ("A=b\\\nc", "bc"),
            ("A=\"b\\\nc\"", "bc"),
            ("A='b\nc'", "b\nc"),
            ("A=\"b\nc\"", "b\nc"),
            ("A=b\\ ", "b "),
            ("A=\\'b", "'b"),
            ("A=b\r\n", "b"),
            ("A=$B ${C}", "$B ${C}"),
            ("\u{feff}A=b", "b"),
            ("A=ö日", "ö日"),
            ("# c\n;d\n\n\tA=b\n#", "b"),
            ("# c \\\nA=b", "b"),
            ("A=a\nA=b", "b"),
            ("A=b=c", "b=c"),
        ] {
            let read = parse(line).unwrap_or_else(|why| panic!("{line:?}: {why}"));
            assert_eq!(read, BTreeMap::from([("A".to_owned(), value.to_owned())]), "{line:?}");
        }
        assert_eq!(parse("").unwrap(), BTreeMap::new());
        assert_eq!(
            parse("A=b\nC_2=d e\n").unwrap().into_iter().collect::<Vec<_>>(),
            [("A".to_owned(), "b".to_owned()), ("C_2".to_owned(), "d e".to_owned())]
        );
    }

    #[test]
    fn env_file_bad_line_is_named_without_its_secret() {
        for (text, line) in [
            ("hunter2", 1),
            ("A=b\nhunter2\nC=d", 2),
            ("export A=hunter2", 1),
            ("A=b\n\n2A=hunter2", 3),
            ("A-B=hunter2", 1),
            ("=hunter2", 1),
            ("A='hunter2", 1),
            ("A=b\nB=\"hunter2\nC=d\n", 2),
            ("A=b\\\nc\nhunter2", 3),
            ("A=\"b\nc\"\nhunter2", 3),
            ("A=hunter2\0", 1),
        ] {
            let why = parse(text).unwrap_err();
            assert_eq!(why.line, line, "{text:?}");
            let message = why.to_string();
            assert!(message.starts_with(&format!("line {line} ")) && !message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn env_file_default_is_read_where_no_database_is_set() {
        let folder = tempfile::tempdir().unwrap();
        let (default, other) = (folder.path().join("signoff.env"), folder.path().join("other.env"));
        let read = |named: Option<&Path>, has_database| EnvSettings::read_from(named, &default, has_database);
        assert!(read(None, false).unwrap().file.is_empty(), "it is not there");
        assert!(format!("{:#}", read(Some(&other), false).unwrap_err()).contains("other.env can't be read"));
        fs::write(&default, "A=default\n").unwrap();
        fs::write(&other, "A=other\n").unwrap();
        assert_eq!(read(None, false).unwrap().get("A").as_deref(), Some("default"));
        assert_eq!(read(None, true).unwrap().get("A"), None);
        for has_database in [false, true] {
            assert_eq!(read(Some(&other), has_database).unwrap().get("A").as_deref(), Some("other"));
        }
        fs::write(&other, b"A=b\nB=hunter2\xff\n").unwrap();
        let message = format!("{:#}", read(Some(&other), false).unwrap_err());
        assert!(message.contains("line 2") && !message.contains("hunter2"), "{message}");
        fs::write(&default, "A=b\nhunter2\n").unwrap();
        let message = format!("{:#}", read(None, false).unwrap_err());
        assert!(message.contains("signoff.env: line 2") && !message.contains("hunter2"), "{message}");
    }
}

//! Reads settings one after another, and collects their declarations and everything that is wrong.

use std::{fs::File, io::Read as _};

use super::setting::{Absence, Setting, SettingDeclaration};

/// The longest file that is read for a secret.
const MAX_FILE_BYTES: u64 = 10_000;

/// Every setting is read, whatever the others are, so that all problems are reported together and all settings are
/// declared.
pub(super) struct SettingReader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    section: &'static str,
    pub(super) declarations: Vec<SettingDeclaration>,
    /// One sentence per problem.
    pub(super) problems: Vec<String>,
}

impl<'a> SettingReader<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, section: "", declarations: Vec::new(), problems: Vec::new() }
    }

    /// The heading of the settings that are read from here on.
    pub(super) fn begin_section(&mut self, heading: &'static str) {
        self.section = heading;
    }

    /// The value, or the default. `None` if it is missing or wrong; what is wrong is among the problems.
    pub(super) fn read<T>(&mut self, setting: Setting<T>) -> Option<T> {
        let Setting { declaration, parse } = setting;
        let declaration = SettingDeclaration { section: self.section, ..declaration };
        let found = self.find(&declaration);
        let absence = declaration.absence;
        let name = declaration.name;
        self.declarations.push(declaration);
        let (shown, text) = match (found, absence) {
            (Found::Wrong, _) | (Found::Nothing, Absence::Allowed(_)) => return None,
            (Found::Nothing, Absence::Refused(must)) => {
                self.add_problem(name, must);
                return None;
            }
            (Found::Nothing, Absence::Default(value)) => (name.to_owned(), value.to_owned()),
            (Found::Value(text), _) => (name.to_owned(), text),
            (Found::InFile { setting, text }, _) => (format!("The content of the file that {setting} names"), text),
        };
        match parse(&text) {
            Ok(value) => Some(value),
            Err(must) => {
                self.add_problem(&shown, &must);
                None
            }
        }
    }

    /// Whether a setting that was read has a value, right or wrong.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.text(name).is_some() || self.text(&format!("{name}_FILE")).is_some()
    }

    /// Adds a wrong value. The value itself is not repeated, since it may contain a password.
    pub(super) fn add_problem(&mut self, name: &str, must: &str) {
        self.problems.push(format!("{name} {must}."));
    }

    /// An empty value counts as missing.
    fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn find(&mut self, declaration: &SettingDeclaration) -> Found {
        let value = self.text(declaration.name);
        let file = declaration.file_name().and_then(|name| Some((self.text(&name)?, name)));
        match (value, file) {
            (None, None) => Found::Nothing,
            (Some(value), None) => Found::Value(value),
            (Some(_), Some((_, setting))) => {
                self.add_problem(&setting, &format!("must not be set along with {}", declaration.name));
                Found::Wrong
            }
            (None, Some((path, setting))) => match read_secret_file(&path) {
                Ok(text) => Found::InFile { setting, text },
                Err(problem) => {
                    self.add_problem(
                        &setting,
                        &format!("must name a file with the value of {}: {path} {problem}", declaration.name),
                    );
                    Found::Wrong
                }
            },
        }
    }
}

enum Found {
    Nothing,
    Value(String),
    InFile {
        /// The name of the setting that names the file.
        setting: String,
        text: String,
    },
    /// What is wrong is among the problems.
    Wrong,
}

/// The text of a file that a service manager or container provides, without the line break at its end. The error
/// follows the file's name.
fn read_secret_file(path: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("can't be read ({error})"))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("is longer than {MAX_FILE_BYTES} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "is not text in UTF-8")?;
    let text = text.trim();
    if text.is_empty() { Err("is empty".to_owned()) } else { Ok(text.to_owned()) }
}

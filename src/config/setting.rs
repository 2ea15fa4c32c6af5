//! One setting: its name, the rule of its values, and what the reference says about it. Everything else follows from
//! this declaration: reading, the check of unknown names, the variant `…_FILE` of a secret, `.env.example` and
//! `docs/configuration.md`.

use std::{fmt::Display, ops::RangeInclusive, path::PathBuf, str::FromStr};

/// What everybody may know about a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingDeclaration {
    pub name: &'static str,
    /// The heading under which the reference has it.
    pub section: &'static str,
    /// Whether its value is a secret. A secret can also be given as a file: see [`SettingDeclaration::file_name`].
    pub is_secret: bool,
    /// What a value may be, after "must be".
    pub allowed: String,
    pub absence: Absence,
    /// A value for `.env.example`.
    pub example: &'static str,
    /// Sentences of plain text.
    pub description: &'static str,
}

/// What it means that a setting has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// This value is used instead.
    Default(&'static str),
    /// It is an error. The text says what to do, after the setting's name.
    Refused(&'static str),
    /// It has no value. The text says what follows, after "Default: ".
    Allowed(&'static str),
}

impl SettingDeclaration {
    /// The setting that names a file with this one's value, if this one is a secret.
    #[must_use]
    pub fn file_name(&self) -> Option<String> {
        self.is_secret.then(|| format!("{}_FILE", self.name))
    }
}

/// A setting and the type of its values.
pub(super) struct Setting<T> {
    pub(super) declaration: SettingDeclaration,
    pub(super) parse: ParseValue<T>,
}

/// Reads a value. The error says what it must be, after the setting's name, and never repeats the value.
pub(super) type ParseValue<T> = Box<dyn Fn(&str) -> Result<T, String>>;

/// What the values of a setting may be.
pub(super) struct ValueRule<T> {
    allowed: String,
    parse: ParseValue<T>,
}

impl<T> ValueRule<T> {
    /// A rule with its own errors.
    pub(super) fn new(allowed: impl Into<String>, parse: impl Fn(&str) -> Result<T, String> + 'static) -> Self {
        Self { allowed: allowed.into(), parse: Box::new(parse) }
    }

    /// A rule whose only error is what is allowed.
    fn simple(allowed: impl Into<String>, parse: impl Fn(&str) -> Option<T> + 'static) -> Self
    where
        T: 'static,
    {
        let allowed = allowed.into();
        let must = format!("must be {allowed}");
        Self::new(allowed, move |text| parse(text).ok_or_else(|| must.clone()))
    }

    /// Turns the value into what the program calculates with, such as megabytes into bytes.
    pub(super) fn map<U: 'static>(self, to: impl Fn(T) -> U + 'static) -> ValueRule<U>
    where
        T: 'static,
    {
        let Self { allowed, parse } = self;
        ValueRule::new(allowed, move |text| parse(text).map(&to))
    }
}

/// Whatever the type reads.
pub(super) fn parsed<T: FromStr + 'static>(allowed: &str) -> ValueRule<T> {
    ValueRule::simple(allowed, |text| text.parse().ok())
}

pub(super) fn whole_number<T>(range: RangeInclusive<T>) -> ValueRule<T>
where
    T: FromStr + PartialOrd + Display + 'static,
{
    let allowed = format!("a whole number from {} to {}", range.start(), range.end());
    ValueRule::simple(allowed, move |text| text.parse().ok().filter(|number| range.contains(number)))
}

/// Units of 1,000,000 bytes, as bytes.
pub(super) fn megabytes(range: RangeInclusive<u64>) -> ValueRule<u64> {
    whole_number(range).map(|megabytes| megabytes * 1_000_000)
}

/// One of a few words.
pub(super) fn one_of<T: Copy + 'static>(words: &'static [(&'static str, T)]) -> ValueRule<T> {
    let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
    ValueRule::simple(names.join(" or "), |text| words.iter().find(|(name, _)| *name == text).map(|(_, value)| *value))
}

/// A file or folder; relative ones are in the directory in which signoff is started.
pub(super) fn path() -> ValueRule<PathBuf> {
    ValueRule::simple("a path", |text| Some(PathBuf::from(text)))
}

impl<T> Setting<T> {
    /// A setting that may have no value, with a description of sentences.
    pub(super) fn new(name: &'static str, rule: ValueRule<T>, description: &'static str) -> Self {
        let declaration = SettingDeclaration {
            name,
            section: "",
            is_secret: false,
            allowed: rule.allowed,
            absence: Absence::Allowed("none"),
            example: "",
            description,
        };
        Self { declaration, parse: rule.parse }
    }

    /// Has this value if none is given, which is also the example.
    pub(super) fn default(mut self, value: &'static str) -> Self {
        self.declaration.absence = Absence::Default(value);
        if self.declaration.example.is_empty() {
            self.declaration.example = value;
        }
        self
    }

    /// Has to be given. `must` says what to do, after the setting's name.
    pub(super) fn required(mut self, must: &'static str) -> Self {
        self.declaration.absence = Absence::Refused(must);
        self
    }

    /// Says what it means that no value is given.
    pub(super) fn optional(mut self, consequence: &'static str) -> Self {
        self.declaration.absence = Absence::Allowed(consequence);
        self
    }

    pub(super) fn secret(mut self) -> Self {
        self.declaration.is_secret = true;
        self
    }

    pub(super) fn example(mut self, value: &'static str) -> Self {
        self.declaration.example = value;
        self
    }
}

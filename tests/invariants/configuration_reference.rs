//! The reference of the settings and `.env.example` are made from the declarations of the settings; and the files that
//! are delivered use no other names.

use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path};

use signoff::config::{Absence, Config, SettingDeclaration, unknown_settings};

const REFERENCE: &str = "docs/configuration.md";

const EXAMPLE: &str = ".env.example";

/// The line of the example file after which it is made from the declarations.
const MADE_FROM_HERE: &str = "# The rest is made from the program's declarations; see CONTRIBUTING.md.\n";

/// Breaks a text into lines of this many characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn reference(declarations: &[SettingDeclaration]) -> String {
    let mut text = "# Settings

Settings are environment variables, or lines of a file: the one that `--env-file` names, or else
`/etc/signoff/signoff.env`. Every command reads the same ones. They are read and checked once, at the start: a wrong value stops
the program with a sentence that names the variable and the allowed values, and an empty one counts as missing.

**Secrets as files.** A setting with *or as a file* has a second variable, whose name ends in `_FILE`: the path of a file with the
value, such as a credential of systemd (`LoadCredential=`) or a secret of a container. A line break at its end does not count. Setting
both is an error.

**Misspelt names.** `signoff serve` does not start with a variable that begins with `SIGNOFF_` and is no setting, since a
misspelt setting would have its default for years; it names the setting that may be meant. The other commands warn and go on, so that
in an emergency a line that another version knows does not keep anybody from a verification or a restore. What Kubernetes
sets for a service that is called `signoff` (`SIGNOFF_PORT`, `SIGNOFF_SERVICE_HOST`, …) is ignored.

This page is made from the program's declarations (`BLESS=1 cargo test settings_reference`), and so is the second half of
[.env.example](../.env.example).
"
    .to_owned();
    let mut section = "";
    for setting in declarations {
        if setting.section != section {
            section = setting.section;
            write!(text, "\n## {section}\n").unwrap();
        }
        let file = setting.file_name().map_or_else(String::new, |name| format!(", or as a file `{name}`"));
        let absence = match setting.absence {
            Absence::Default(value) => format!("Default: `{value}`"),
            Absence::Refused(_) => "Required".to_owned(),
            Absence::Allowed(consequence) => format!("Default: {consequence}"),
        };
        let description = wrap(setting.description, 118).join("\n");
        let allowed = wrap(&format!("- Value: {}{file}", setting.allowed), 118).join("\n  ");
        let absence = wrap(&format!("- {absence}"), 118).join("\n  ");
        write!(text, "\n### `{}`\n\n{description}\n\n{allowed}\n{absence}\n", setting.name).unwrap();
    }
    text
}

fn example(declarations: &[SettingDeclaration], head: &str) -> String {
    let mut text = head.to_owned();
    let mut section = "";
    for setting in declarations {
        if setting.section != section {
            section = setting.section;
            write!(text, "\n# --- {section} ---\n").unwrap();
        }
        let absence = match setting.absence {
            Absence::Default(value) => format!("Default: {value}"),
            Absence::Refused(_) => "Required.".to_owned(),
            Absence::Allowed(consequence) => format!("Default: {consequence}"),
        };
        let about = format!("{} Value: {}. {absence}", setting.description, setting.allowed);
        let about = wrap(&about, 118).join("\n# ");
        write!(text, "\n# {about}\n#{}={}\n", setting.name, setting.example).unwrap();
    }
    text
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_default()
}

/// Compares a file with what it has to be, or writes it.
fn check(name: &str, expected: &str) {
    if env::var_os("BLESS").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(name), expected).unwrap();
    }
    assert!(read(name) == expected, "{name} is not what the declarations of the settings make; BLESS=1 writes it anew");
}

#[test]
fn settings_reference_and_example_file_are_made_from_the_declarations() {
    let declarations = Config::declarations();
    check(REFERENCE, &reference(&declarations));
    let file = read(EXAMPLE);
    let end = file.find(MADE_FROM_HERE).unwrap() + MADE_FROM_HERE.len();
    check(EXAMPLE, &example(&declarations, &file[..end]));
    for setting in &declarations {
        assert!(setting.description.ends_with('.') && !setting.section.is_empty(), "{}", setting.name);
        assert!(!setting.is_secret || !matches!(setting.absence, Absence::Default(_)), "{}", setting.name);
    }
}

/// The names of settings in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.match_indices("SIGNOFF_")
        .filter(|(at, _)| !text[..*at].ends_with(is_name))
        .map(|(at, _)| text[at..].split(|c| !is_name(c)).next().unwrap())
        .collect()
}

/// Every file of these folders, as text.
fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push((path.display().to_string(), text));
        }
    }
}

#[test]
fn delivered_files_use_known_settings_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["deploy", "docs", "scripts"] {
        texts(&root.join(folder), &mut files);
    }
    for name in ["docker-compose.yml", "Dockerfile", "Makefile", "README.md", EXAMPLE] {
        files.push((name.to_owned(), read(name)));
    }
    let declarations = Config::declarations();
    let mut found = 0;
    for (file, text) in &files {
        // The prefix alone, and a group of names such as `SIGNOFF_S3_…`.
        let names: BTreeSet<&str> = names(text).into_iter().filter(|name| !name.ends_with('_')).collect();
        found += names.len();
        assert_eq!(unknown_settings(&declarations, names), [], "{file}");
    }
    assert!(found > 100, "the files were read: {found}");
}

/// Settings that compose does not pass on: the image has a fixed value, or one command alone has them.
const NOT_IN_COMPOSE: [&str; 4] =
    ["REDACTION_DATABASE_URL", "SIGNOFF_EVIDENCE_DIR", "SIGNOFF_KEY_FILE", "SIGNOFF_CHECKPOINT_DIR"];

#[test]
fn compose_passes_every_setting_on() {
    let compose = read("docker-compose.yml");
    for setting in Config::declarations() {
        let is_passed = [Some(setting.name.to_owned()), setting.file_name()]
            .iter()
            .flatten()
            .any(|name| compose.lines().any(|line| line.trim_start().starts_with(&format!("{name}: "))));
        assert_ne!(is_passed, NOT_IN_COMPOSE.contains(&setting.name), "{}", setting.name);
    }
}

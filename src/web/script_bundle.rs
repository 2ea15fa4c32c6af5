//! Joins the scripts under `static/js`, which import each other, into one: a browser loads them in one request.
//!
//! Each module becomes a function that is called once, in the order in which they are imported, and returns what the
//! module exports. The scripts write their imports and exports in one way only, each on one line, and no text in them goes
//! over several lines; a test holds them to that.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

pub(super) struct ScriptBundle<'a> {
    /// The text of each module by its file name: `live.js`.
    modules: BTreeMap<&'a str, &'a str>,
    joined: BTreeSet<&'a str>,
    script: String,
}

impl<'a> ScriptBundle<'a> {
    pub(super) const fn new(modules: BTreeMap<&'a str, &'a str>) -> Self {
        Self { modules, joined: BTreeSet::new(), script: String::new() }
    }

    /// The script of this module and of all that it imports.
    pub(super) fn join(mut self, name: &'a str) -> String {
        self.add(name);
        self.script
    }

    fn add(&mut self, name: &'a str) {
        let Some(text) = self.modules.get(name).copied() else { return };
        if !self.joined.insert(name) {
            return;
        }
        let (mut body, mut exports) = (String::new(), Vec::new());
        for line in code_lines(text) {
            if let Some((names, from)) = parse_import(line) {
                self.add(from);
                if !names.is_empty() {
                    push_line(&mut body, &format!("const {names} = {};", variable_of(from)));
                }
            } else if let Some(code) = line.strip_prefix("export ") {
                exports.extend(exported_name(code));
                push_line(&mut body, code);
            } else {
                push_line(&mut body, line);
            }
        }
        let exports = exports.join(", ");
        // Writing to a string cannot fail.
        let _ = writeln!(self.script, "const {} = (() => {{\n{body}return {{ {exports} }};\n}})();", variable_of(name));
    }
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// The lines of a script without comments of their own lines and without indentation.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut in_comment = false;
    text.lines().map(str::trim).filter(move |line| {
        let begins = in_comment || line.starts_with("/*");
        in_comment = begins && !line.ends_with("*/");
        !begins && !line.is_empty() && !line.starts_with("//")
    })
}

/// The names in braces and the file of `import { notify } from "./notices.js";`; no names if it has none.
fn parse_import(line: &str) -> Option<(&str, &str)> {
    let (names, from) = line.strip_prefix("import ")?.trim_end_matches(';').rsplit_once("\"./")?;
    Some((names.trim_end_matches("from ").trim(), from.trim_end_matches('"')))
}

/// The name that a declaration exports: `async function request(address) {`, `const rowOf = …`, `class NoResponse extends …`.
fn exported_name(code: &str) -> Option<&str> {
    let declared =
        ["async function ", "function ", "const ", "class "].iter().find_map(|word| code.strip_prefix(word))?;
    declared.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()
}

fn variable_of(name: &str) -> String {
    format!("from_{}", name.trim_end_matches(".js"))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn modules_are_joined_once_each_after_what_they_import() {
        let modules = [
            ("app.js", "// The first.\nimport \"./a.js\";\nimport { two } from \"./b.js\";\ntwo();\n"),
            ("a.js", "import { two, Three } from \"./b.js\";\n/**\n * Runs.\n */\nif (two) new Three();\n"),
            (
                "b.js",
                "export async function two() {\n  return 2; // two\n}\nexport class Three {}\nexport const four = 4;\n",
            ),
            ("unused.js", "never();\n"),
        ];
        assert_eq!(
            ScriptBundle::new(BTreeMap::from(modules)).join("app.js"),
            "const from_b = (() => {\nasync function two() {\nreturn 2; // two\n}\nclass Three {}\nconst four = 4;\n\
             return { two, Three, four };\n})();\n\
             const from_a = (() => {\nconst { two, Three } = from_b;\nif (two) new Three();\nreturn {  };\n})();\n\
             const from_app = (() => {\nconst { two } = from_b;\ntwo();\nreturn {  };\n})();\n"
        );
    }

    #[test]
    fn scripts_are_written_so_that_they_can_be_joined() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/js");
        let files: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
            .collect();
        for (name, text) in &files {
            for line in text.lines() {
                assert_eq!(line.matches('`').count() % 2, 0, "{name} has a text over several lines: {line}");
            }
            for line in code_lines(text).filter(|line| line.starts_with("import ") || line.starts_with("export ")) {
                let known =
                    parse_import(line).map(|(_, from)| from).is_some_and(|from| files.iter().any(|f| f.0 == from));
                let exported = line.strip_prefix("export ").and_then(exported_name).is_some();
                assert!(known || exported, "{name}: {line}");
            }
        }
        let modules = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let script = ScriptBundle::new(modules).join("app.js");
        for (name, _) in &files {
            assert!(script.contains(&format!("const {} = ", variable_of(name))), "{name} is loaded");
        }
    }
}

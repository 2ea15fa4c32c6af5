//! Joins the scripts under `static/js`, which import each other: a browser loads the script of every page in one request, and
//! each script that only some pages need in another one, when it is needed.
//!
//! Each module becomes a function that is called once, in the order in which they are imported, and returns what the
//! module exports, if anything. The scripts write their imports and exports in one way only, each on one line, and no text in them goes
//! over several lines; a test holds them to that. A module that is loaded when it is needed, by `import("./outline.js")`,
//! becomes a file of its own, with what it imports. What it shares with the script of every page it imports from there, so
//! that every module runs once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

pub(super) struct ScriptBundle<'a> {
    /// The text of each module by its file name: `live.js`.
    modules: BTreeMap<&'a str, &'a str>,
}

/// A file of the bundle, as it is being written.
#[derive(Default)]
struct JoinedScript<'a> {
    script: String,
    modules: BTreeSet<&'a str>,
    /// The modules that it imports and that are in the script of every page.
    shared: BTreeSet<&'a str>,
    /// The modules that it loads when they are needed.
    deferred: BTreeSet<&'a str>,
}

impl<'a> ScriptBundle<'a> {
    pub(super) const fn new(modules: BTreeMap<&'a str, &'a str>) -> Self {
        Self { modules }
    }

    /// The files by name: that of this module, which every page loads, and one for each module that is loaded when it is
    /// needed.
    pub(super) fn join(&self, name: &'a str) -> BTreeMap<&'a str, String> {
        let mut main = JoinedScript::default();
        self.add(name, &mut main, &BTreeSet::new());
        let mut deferred: Vec<&str> = main.deferred.iter().copied().collect();
        let (mut files, mut shared) = (BTreeMap::new(), BTreeSet::new());
        while let Some(next) = deferred.pop() {
            if files.contains_key(next) {
                continue;
            }
            let mut file = JoinedScript::default();
            let exports = self.add(next, &mut file, &main.modules);
            let (variable, imports) = (variable_of(next), variables_of(&file.shared));
            let mut script = format!("import {{ {imports} }} from \"./{name}\";\n{}", file.script);
            if !exports.is_empty() {
                push_line(&mut script, &format!("export const {{ {} }} = {variable};", exports.join(", ")));
            }
            files.insert(next, script);
            shared.extend(file.shared);
            deferred.extend(file.deferred);
        }
        if !shared.is_empty() {
            push_line(&mut main.script, &format!("export {{ {} }};", variables_of(&shared)));
        }
        files.insert(name, main.script);
        files
    }

    /// Adds a module, and before it what it imports, and returns the names that it exports. Modules of `elsewhere` are in
    /// another file.
    fn add(&self, name: &'a str, file: &mut JoinedScript<'a>, elsewhere: &BTreeSet<&'a str>) -> Vec<&'a str> {
        let Some(text) = self.modules.get(name).copied() else { return Vec::new() };
        if elsewhere.contains(name) {
            file.shared.insert(name);
            return Vec::new();
        }
        if !file.modules.insert(name) {
            return Vec::new();
        }
        let (mut body, mut exports) = (String::new(), Vec::new());
        for line in code_lines(text) {
            file.deferred.extend(deferred_module(line));
            if let Some((names, from)) = parse_import(line) {
                self.add(from, file, elsewhere);
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
        let (variable, names) = (variable_of(name), exports.join(", "));
        // Writing to a string cannot fail.
        let _ = if exports.is_empty() {
            writeln!(file.script, "(() => {{\n{body}}})();")
        } else {
            writeln!(file.script, "const {variable} = (() => {{\n{body}return {{ {names} }};\n}})();")
        };
        exports
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

/// The file of `import("./outline.js")`.
fn deferred_module(line: &str) -> Option<&str> {
    line.split_once("import(\"./")?.1.split_once('"').map(|(file, _)| file)
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

fn variables_of(names: &BTreeSet<&str>) -> String {
    names.iter().map(|name| variable_of(name)).collect::<Vec<_>>().join(", ")
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
            ScriptBundle::new(BTreeMap::from(modules)).join("app.js")["app.js"],
            "const from_b = (() => {\nasync function two() {\nreturn 2; // two\n}\nclass Three {}\nconst four = 4;\n\
             return { two, Three, four };\n})();\n\
             (() => {\nconst { two, Three } = from_b;\nif (two) new Three();\n})();\n\
             (() => {\nconst { two } = from_b;\ntwo();\n})();\n"
        );
    }

    #[test]
    fn module_that_is_loaded_when_needed_is_a_file_that_shares_the_others() {
        let modules = [
            ("app.js", "import { two } from \"./b.js\";\nif (two) import(\"./late.js\");\n"),
            ("b.js", "export const two = 2;\n"),
            (
                "late.js",
                "import { two } from \"./b.js\";\nimport { own } from \"./own.js\";\nexport const sum = two + own;\n",
            ),
            ("own.js", "export const own = 1;\n"),
        ];
        let files = ScriptBundle::new(BTreeMap::from(modules)).join("app.js");
        assert_eq!(
            files["app.js"],
            "const from_b = (() => {\nconst two = 2;\nreturn { two };\n})();\n\
             (() => {\nconst { two } = from_b;\nif (two) import(\"./late.js\");\n})();\n\
             export { from_b };\n"
        );
        assert_eq!(
            files["late.js"],
            "import { from_b } from \"./app.js\";\n\
             const from_own = (() => {\nconst own = 1;\nreturn { own };\n})();\n\
             const from_late = (() => {\nconst { two } = from_b;\nconst { own } = from_own;\nconst sum = two + own;\n\
             return { sum };\n})();\n\
             export const { sum } = from_late;\n"
        );
        assert_eq!(files.len(), 2);
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
        let scripts: String = ScriptBundle::new(modules).join("app.js").into_values().collect();
        for (name, text) in &files {
            let lines: Vec<&str> = code_lines(text).filter(|line| !line.starts_with("import ")).collect();
            let has_exports = lines.iter().any(|line| line.starts_with("export "));
            let sign = if has_exports { format!("const {} = ", variable_of(name)) } else { lines.join("\n") };
            assert_eq!(scripts.matches(&sign).count(), 1, "{name} is in one file");
        }
    }
}

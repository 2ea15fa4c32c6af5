//! Rules of every source file: a module doc, the words of the glossary, type names that stand for one thing, and imports
//! without circles.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use signoff::domain::{installation::InstallationEvent, launch::event::Change};
use strum::VariantNames as _;

/// Every Rust file of `src`: its module path, such as `record::load`, and its text without tests and comments.
fn modules() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect_files(&root, &mut files);
    let modules = files.into_iter().filter_map(|file| {
        let path = file.strip_prefix(&root).unwrap().with_extension("");
        let mut names: Vec<_> = path.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
        if names.last().is_some_and(|name| name == "mod") {
            names.pop();
        }
        let is_test = names.iter().any(|name| matches!(name.as_str(), "tests" | "fixture" | "model" | "properties"));
        (!is_test && names != ["lib"] && names != ["main"]).then(|| (names.join("::"), code_of(&file)))
    });
    modules.collect()
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    collect_files_with(folder, &["rs"], files);
}

fn collect_files_with(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files_with(&path, endings, files);
        } else if path.extension().is_some_and(|ending| endings.iter().any(|other| ending == *other)) {
            files.push(path);
        }
    }
}

fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    // An address in a text has two slashes too.
    let without_comment = |line: &str| {
        let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
        comment.map_or(line, |(at, _)| &line[..at]).to_owned()
    };
    code.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

/// The paths of a `use` tree: `a::{b, c::{d, e}}` is `a::b`, `a::c::d` and `a::c::e`.
fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, rest)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inner = rest.trim_end().strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(expand).map(|path| format!("{prefix}{path}")).collect()
}

/// The module that a path from inside `module` leads to.
fn target_of(path: &str, module: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let path = path.split(" as ").next()?.replace(' ', "");
    let mut names: Vec<&str> = path.split("::").collect();
    let mut base: Vec<&str> = module.split("::").collect();
    match *names.first()? {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            while names.first() == Some(&"super") {
                base.pop();
                names.remove(0);
            }
            names.insert(0, "");
        }
        _ => return None,
    }
    base.extend(names.into_iter().skip(1).filter(|name| !name.is_empty()));
    while !base.is_empty() && !modules.contains_key(&base.join("::")) {
        base.pop();
    }
    (!base.is_empty()).then(|| base.join("::"))
}

/// Words that stood for a standard term, which the program uses instead (`docs/glossary.md`).
const REPLACED_WORDS: [(&str, &str); 14] = [
    ("tell", "notify, record, show"),
    ("tells", "describes, records"),
    ("told", "notified, recorded"),
    ("said", "text, message, output"),
    ("says", "text, has_word_of"),
    ("wanted", "requested, query"),
    ("kept", "stored"),
    ("doing", "task_state"),
    ("half", "pending"),
    ("anew", "again, second"),
    ("apart", "separate, in_background"),
    ("costly", "rate_class"),
    ("seldom", "rate_limited"),
    ("whence", "device_and_address"),
];

/// Those of them that tests used as nouns, too.
const REPLACED_IN_TESTS: [(&str, &str); 6] = [
    ("told", "logged, shown, output"),
    ("said", "text, message, output"),
    ("says", "text, fields"),
    ("asked", "question, requested"),
    ("wanted", "expected, requested"),
    ("kept", "stored, remaining"),
];

/// The same for the scripts of the browser.
const REPLACED_IN_SCRIPTS: [(&str, &str); 8] = [
    ("ask", "request"),
    ("NoAnswer", "NoResponse"),
    ("STANDSTILL", "STALL_TIMEOUT_MS"),
    ("AT_ONCE", "MAX_CONCURRENT_UPLOADS"),
    ("REST", "DEBOUNCE_MS"),
    ("PRESSABLE", "CONTROL_SELECTORS"),
    ("inTurn", "enqueue"),
    ("putIn", "applyUpdate"),
];

/// Phrases that stood for a term of the glossary, wherever somebody reads them.
const REPLACED_PHRASES: [(&str, &str); 5] = [
    ("installation's log", "audit log"),
    ("taken away", "exported, removed"),
    ("turned away", "rejected, refused"),
    ("log tells", "log has"),
    ("looked through", "searched, filtered"),
];

/// What each module imports, without its own parents and children: a parent is made of its children.
fn imports(modules: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let is_kin = |a: &str, b: &str| a == b || b.starts_with(&format!("{a}::")) || a.starts_with(&format!("{b}::"));
    let of = |module: &str, code: &str| {
        let mut paths = Vec::new();
        let mut rest = code;
        while let Some(at) = rest.find("use ") {
            let follows_name = rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let tree = &rest[at + 4..];
            let end = tree.find(';').unwrap_or(tree.len());
            if !follows_name {
                paths.extend(expand(&tree[..end].split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            rest = &tree[end..];
        }
        let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        paths.extend(words.filter(|word| word.starts_with("crate::")).map(str::to_owned));
        let targets = paths.iter().filter_map(|path| target_of(path, module, modules));
        targets.filter(|target| !is_kin(module, target)).collect::<BTreeSet<_>>()
    };
    modules.iter().map(|(module, code)| (module.clone(), of(module, code))).collect()
}

#[test]
fn source_files_begin_with_a_module_doc() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches"] {
        collect_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    }
    let bare = files.iter().filter(|file| !fs::read_to_string(file).unwrap().starts_with("//!"));
    assert_eq!(bare.collect::<Vec<_>>(), Vec::<&PathBuf>::new());
}

#[test]
fn type_names_stand_for_one_thing() {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, code) in modules() {
        for line in code.lines() {
            let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
            // Associated types are named by their trait.
            let is_item = matches!(words.next(), Some("struct" | "enum" | "trait" | "union"))
                || (line.starts_with("type ") || line.starts_with("pub type ") || line.starts_with("pub("))
                    && line.contains("type ");
            // A macro takes its name from where it is called.
            if let (true, Some(name)) = (is_item, words.next().filter(|name| !name.starts_with('$'))) {
                let name = name.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap();
                places.entry(name.to_owned()).or_default().insert(module.clone());
            }
        }
    }
    assert!(places.len() > 500, "{} types", places.len());
    places.retain(|_, modules| modules.len() > 1);
    assert_eq!(places, BTreeMap::new());
}

/// The text of a file under `folder` by its path, for each of these endings.
fn texts_of(folder: &str, endings: &[&str]) -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect_files_with(&root.join(folder), endings, &mut files);
    let text = |file: PathBuf| (file.strip_prefix(root).unwrap().to_owned(), fs::read_to_string(&file).unwrap());
    files.into_iter().map(text).collect()
}

/// Code without the content of its strings.
fn without_strings(code: &str) -> String {
    let mut rest = code;
    let mut out = String::new();
    while let Some(at) = rest.find(['"', '\'']) {
        out.push_str(&rest[..=at]);
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let end = match &rest[at..=at] {
            // A quotation mark as a character; every other apostrophe begins a lifetime or another character.
            "'" => {
                if after.starts_with("\"'") {
                    2
                } else {
                    0
                }
            }
            _ if before.ends_with("r#") => after.find("\"#").map_or(after.len(), |end| end + 2),
            _ => {
                let mut is_escaped = false;
                let end = after.find(|c| {
                    let ends = c == '"' && !is_escaped;
                    is_escaped = c == '\\' && !is_escaped;
                    ends
                });
                end.map_or(after.len(), |end| end + 1)
            }
        };
        rest = &after[end..];
    }
    out + rest
}

#[test]
fn sources_use_the_words_of_the_glossary() {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let scripts = texts_of("static/js", &["js"]).into_iter().map(|(path, text)| {
        let code = text.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
        let code = code.map(|line| line.split(" // ").next().unwrap()).collect::<Vec<_>>().join("\n");
        (path.display().to_string(), code, &REPLACED_IN_SCRIPTS[..])
    });
    let modules = modules().into_iter().map(|(module, code)| (module, code, &REPLACED_WORDS[..]));
    let tests = ["tests", "benches"].into_iter().flat_map(|folder| texts_of(folder, &["rs"])).map(|(path, text)| {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        (path.display().to_string(), code, &REPLACED_IN_TESTS[..])
    });
    for (place, code, replaced) in modules.chain(tests).chain(scripts) {
        let code = without_strings(&code);
        let names: BTreeSet<&str> = code.split(|c| !is_name(c)).collect();
        for (word, instead) in replaced.iter().filter(|(word, _)| names.contains(word)) {
            found.push(format!("{place}: {word} (instead: {instead})"));
        }
    }
    for (folder, ending) in
        [("src", "rs"), ("static/js", "js"), ("templates", "html"), ("texts/en", "ftl"), ("docs", "md")]
    {
        for (path, text) in texts_of(folder, &[ending]) {
            for (phrase, instead) in REPLACED_PHRASES.iter().filter(|(phrase, _)| text.contains(phrase)) {
                found.push(format!("{}: {phrase} (instead: {instead})", path.display()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn modules_import_each_other_without_circles() {
    let modules = modules();
    let mut imports = imports(&modules);
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 1_000, "the imports are read");
    // What imports nothing that is left is in no circle.
    loop {
        let done: BTreeSet<String> =
            imports.iter().filter(|(_, to)| to.is_empty()).map(|(module, _)| module.clone()).collect();
        if done.is_empty() {
            break;
        }
        imports.retain(|module, _| !done.contains(module));
        imports.values_mut().for_each(|to| to.retain(|module| !done.contains(module)));
    }
    // Nor is what nothing that is left imports.
    loop {
        let imported: BTreeSet<String> = imports.values().flatten().cloned().collect();
        let before = imports.len();
        imports.retain(|module, _| imported.contains(module));
        if imports.len() == before {
            break;
        }
    }
    assert_eq!(imports, BTreeMap::new());
}

/// The kinds of events and log entries are bound from their enumerations, and members of their JSON are columns, so that a
/// query can't name what no event has.
#[test]
fn queries_name_no_event_kind_and_no_json_path() {
    let kinds: BTreeSet<&str> = Change::VARIANTS.iter().chain(InstallationEvent::VARIANTS).copied().collect();
    let mut found = Vec::new();
    for (module, code) in modules() {
        for path in ["#>", "->>", "@?", "jsonb_path", "json_extract_path"] {
            if code.contains(path) {
                found.push(format!("{module}: {path}"));
            }
        }
        // `kind = 'signed'`, `kind IN ('held', 'closed')`, `ARRAY['signed']`
        for (at, _) in code.match_indices("kind") {
            let rest = code[at + 4..].trim_start();
            let Some(compared) = ["=", "<>", "!=", "IN", "NOT IN"].iter().find_map(|with| rest.strip_prefix(with))
            else {
                continue;
            };
            let compared: String =
                compared.chars().take_while(|c| c.is_alphanumeric() || " \n(,[_'".contains(*c)).collect();
            let words = compared.split('\'').skip(1).step_by(2).filter(|word| kinds.contains(word));
            found.extend(words.map(|word| format!("{module}: kind '{word}'")));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// The process waits for the tasks that `AppState::finish` has started, and for the workers of jobs, which end by themselves.
/// The others end with the process: the connections, which the server counts itself, and the reader of a program's output.
#[test]
fn tasks_are_spawned_by_app_state_only() {
    let spawns = |code: &str| code.contains("tokio::spawn(") || code.contains("tasks.spawn(");
    let spawning = modules().into_iter().filter(|(_, code)| spawns(code));
    let spawning: BTreeSet<String> = spawning.map(|(module, _)| module).collect();
    assert_eq!(
        spawning,
        BTreeSet::from(["backup::postgres", "cli::serve", "jobs::worker", "server", "state"].map(str::to_owned))
    );
}

//! Makes a function of each text of the interface, so that a missing key, a missing argument and an unused key fail the build.
//!
//! `texts/en/*.ftl` have the texts, in the format of [Project Fluent](https://projectfluent.org/fluent/guide/); `src/texts.rs`
//! says how they are used. Of Fluent this takes texts, arguments and a choice by number. `texts/en/scripts.ftl` has the texts
//! of the browser's scripts: they become one JSON object, and are compared with the keys in `static/js`.
//!
//! Every other folder of `texts` is a translation: it has the same keys with the same arguments, or the build fails.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource, Variant, VariantKey};

const TEXTS: &str = "texts";
/// The language of the texts that the others translate.
const SOURCE: &str = "en";
/// The translations: the folder, and the name of the variant of `Language`.
const TRANSLATIONS: [(&str, &str); 1] = [("de", "German")];
const SCRIPT_TEXTS: &str = "scripts.ftl";
const SCRIPTS: &str = "static/js";

fn main() -> Result<(), Box<dyn Error>> {
    // The compiler does not notice by itself when embedded files change.
    for folder in ["migrations", "static", TEXTS] {
        println!("cargo:rerun-if-changed={folder}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let source = read_language(SOURCE)?;
    compare_script_keys(&source.scripts)?;
    fs::write(out.join(format!("script_texts_{SOURCE}.json")), format_json(&source.scripts))?;
    let mut translations = Vec::new();
    for (folder, variant) in TRANSLATIONS {
        let translation = read_language(folder)?;
        compare_translation(folder, &source.texts, &translation.texts)?;
        compare_translation(folder, &source.scripts, &translation.scripts)?;
        fs::write(out.join(format!("script_texts_{folder}.json")), format_json(&translation.scripts))?;
        translations.push((variant, translation.texts));
    }
    let mut functions = String::new();
    for (key, text) in &source.texts {
        let translated: Vec<_> = translations.iter().map(|(variant, texts)| (*variant, &texts[key])).collect();
        write_function(&mut functions, key, text, &translated)?;
    }
    fs::write(out.join("text_functions.rs"), functions)?;
    Ok(())
}

struct LanguageTexts {
    texts: Texts,
    /// Those of the browser's scripts.
    scripts: Texts,
}

fn read_language(folder: &str) -> Result<LanguageTexts, Box<dyn Error>> {
    let mut language = LanguageTexts { texts: Texts::new(), scripts: Texts::new() };
    let mut files_by_key = BTreeMap::new();
    for path in list_files(&format!("{TEXTS}/{folder}"), "ftl")? {
        let texts = read_texts(&path)?;
        for key in texts.keys() {
            if let Some(other) = files_by_key.insert(key.clone(), path.clone()) {
                return Err(format!("{}: the key {key} is also in {}", path.display(), other.display()).into());
            }
        }
        if path.ends_with(SCRIPT_TEXTS) {
            language.scripts = texts;
        } else {
            language.texts.extend(texts);
        }
    }
    Ok(language)
}

/// Refuses a translation that lacks a text, has another one, or has other arguments or markup than the source.
fn compare_translation(folder: &str, source: &Texts, translation: &Texts) -> Result<(), Box<dyn Error>> {
    if let Some(key) = translation.keys().find(|key| !source.contains_key(*key)) {
        return Err(format!("{TEXTS}/{folder}: the key {key} is not in {TEXTS}/{SOURCE}").into());
    }
    for (key, text) in source {
        let Some(translated) = translation.get(key) else {
            return Err(format!("{TEXTS}/{folder}: the text {key} is missing").into());
        };
        let (expected, found) = (argument_kinds(text), argument_kinds(translated));
        if found.keys().ne(expected.keys()) {
            return Err(format!("{TEXTS}/{folder}: {key} has the arguments {found:?} instead of {expected:?}").into());
        }
        if let Some((name, _)) = found.iter().find(|(name, is_number)| **is_number && !expected[*name]) {
            return Err(format!("{TEXTS}/{folder}: {key} chooses by {name}, which is no number in {SOURCE}").into());
        }
        if has_markup(text) != has_markup(translated) {
            return Err(format!("{TEXTS}/{folder}: {key} is markup in one language and not in the other").into());
        }
    }
    Ok(())
}

/// The arguments of a text, and whether each is a number that chooses a form.
fn argument_kinds(pieces: &[Piece]) -> BTreeMap<String, bool> {
    let mut arguments = Vec::new();
    list_arguments(pieces, &mut arguments);
    arguments.into_iter().collect()
}

fn list_files(folder: &str, ending: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    Ok(paths)
}

enum Piece {
    Words(String),
    Argument(String),
    /// One of several texts, chosen by a number. The key `None` is for every other number.
    Choice {
        by: String,
        texts: Vec<(Option<i64>, Vec<Piece>)>,
    },
}

type Texts = BTreeMap<String, Vec<Piece>>;

fn read_texts(path: &Path) -> Result<Texts, Box<dyn Error>> {
    let source = fs::read_to_string(path)?;
    let resource: Resource<&str> = fluent_syntax::parser::parse(source.as_str())
        .map_err(|(_, errors)| format!("{}: {errors:?}", path.display()))?;
    let mut texts = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name;
        let refuse = |reason: &str| format!("{}: {key}: {reason}", path.display());
        if !key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            return Err(refuse("a key consists of lower-case letters, digits and _").into());
        }
        let pattern = message.value.ok_or_else(|| refuse("there is no text"))?;
        let pieces = read_pattern(&pattern).map_err(refuse)?;
        if texts.insert(key.to_owned(), pieces).is_some() {
            return Err(refuse("the key is in this file twice").into());
        }
    }
    Ok(texts)
}

fn read_pattern(pattern: &Pattern<&str>) -> Result<Vec<Piece>, &'static str> {
    pattern.elements.iter().map(read_element).collect()
}

fn read_element(element: &PatternElement<&str>) -> Result<Piece, &'static str> {
    match element {
        PatternElement::TextElement { value } => Ok(Piece::Words((*value).to_owned())),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
            InlineExpression::VariableReference { id } => Ok(Piece::Argument(id.name.to_owned())),
            InlineExpression::StringLiteral { value } => Ok(Piece::Words((*value).to_owned())),
            _ => Err("a text is written as a whole, of words and arguments"),
        },
        PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
            let InlineExpression::VariableReference { id } = selector else { return Err("a choice is by an argument") };
            let texts = variants.iter().map(read_variant).collect::<Result<_, _>>()?;
            Ok(Piece::Choice { by: id.name.to_owned(), texts })
        }
    }
}

fn read_variant(variant: &Variant<&str>) -> Result<(Option<i64>, Vec<Piece>), &'static str> {
    let number = match &variant.key {
        VariantKey::NumberLiteral { value } => Some(value.parse().map_err(|_| "a choice is by a whole number")?),
        // The present languages have these two forms only.
        VariantKey::Identifier { name: "one" } => Some(1),
        VariantKey::Identifier { name: "other" } => None,
        VariantKey::Identifier { .. } => return Err("a choice is by a number: [0], [one], *[other]"),
    };
    Ok((number, read_pattern(&variant.value)?))
}

/// The arguments of a text in the order in which they appear, and whether each is a number that chooses a form.
fn list_arguments(pieces: &[Piece], arguments: &mut Vec<(String, bool)>) {
    for piece in pieces {
        let (name, is_number) = match piece {
            Piece::Words(_) => continue,
            Piece::Argument(name) => (name, false),
            Piece::Choice { by, .. } => (by, true),
        };
        match arguments.iter_mut().find(|(known, _)| known == name) {
            Some((_, known_as_number)) => *known_as_number |= is_number,
            None => arguments.push((name.clone(), is_number)),
        }
        if let Piece::Choice { texts, .. } = piece {
            texts.iter().for_each(|(_, pieces)| list_arguments(pieces, arguments));
        }
    }
}

fn has_markup(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Words(words) => words.contains('<'),
        Piece::Argument(_) => false,
        Piece::Choice { texts, .. } => texts.iter().any(|(_, pieces)| has_markup(pieces)),
    })
}

/// The text as a person reads it, for the doc comment.
fn describe(pieces: &[Piece]) -> String {
    let describe_piece = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Argument(name) => format!("{{{name}}}"),
        Piece::Choice { texts, .. } => texts.iter().map(|(_, pieces)| describe(pieces)).collect::<Vec<_>>().join(" / "),
    };
    pieces.iter().map(describe_piece).collect()
}

fn write_function(
    functions: &mut String,
    key: &str,
    pieces: &[Piece],
    translations: &[(&str, &Vec<Piece>)],
) -> std::fmt::Result {
    let has_markup = has_markup(pieces);
    let mut arguments = Vec::new();
    list_arguments(pieces, &mut arguments);
    let of = |(name, is_number): &(String, bool)| match (is_number, has_markup) {
        (true, _) => format!("{name}: impl Number"),
        (false, true) => format!("{name}: impl ToMarkup"),
        (false, false) => format!("{name}: impl fmt::Display"),
    };
    let parameters = arguments.iter().map(of).collect::<Vec<_>>().join(", ");
    let result = if has_markup { "Markup" } else { "Cow<'static, str>" };
    for line in describe(pieces).lines() {
        writeln!(functions, "#[doc = {:?}]", format!(" `{line}`"))?;
    }
    writeln!(functions, "pub(crate) fn {key}({parameters}) -> {result} {{")?;
    functions.push_str("    match Language::current() {\n");
    for (variant, pieces) in translations {
        writeln!(functions, "    Language::{variant} => {{")?;
        write_text(functions, pieces, has_markup)?;
        functions.push_str("    }\n");
    }
    functions.push_str("    Language::English => {\n");
    write_text(functions, pieces, has_markup)?;
    functions.push_str("    }\n    }\n}\n\n");
    Ok(())
}

/// Writes the value of a function: the text in one language.
fn write_text(functions: &mut String, pieces: &[Piece], has_markup: bool) -> std::fmt::Result {
    match pieces {
        [Piece::Words(words)] if has_markup => writeln!(functions, "    Markup(Cow::Borrowed({words:?}))"),
        [Piece::Words(words)] => writeln!(functions, "    Cow::Borrowed({words:?})"),
        _ => {
            functions.push_str("    let mut written = String::new();\n");
            write_pieces(functions, pieces, has_markup)?;
            functions.push_str(if has_markup {
                "    Markup(Cow::Owned(written))\n"
            } else {
                "    Cow::Owned(written)\n"
            });
            Ok(())
        }
    }
}

fn write_pieces(functions: &mut String, pieces: &[Piece], has_markup: bool) -> std::fmt::Result {
    for piece in pieces {
        match piece {
            Piece::Words(words) => writeln!(functions, "    written += {words:?};")?,
            Piece::Argument(name) if has_markup => writeln!(functions, "    {name}.push_markup(&mut written);")?,
            Piece::Argument(name) => writeln!(functions, "    push_isolated(&mut written, &{name});")?,
            Piece::Choice { by, texts } => {
                writeln!(functions, "    match {by}.to_number() {{")?;
                for (number, pieces) in texts {
                    let number = number.map_or("_".to_owned(), |number| number.to_string());
                    writeln!(functions, "    {number} => {{")?;
                    write_pieces(functions, pieces, has_markup)?;
                    functions.push_str("    }\n");
                }
                functions.push_str("    }\n");
            }
        }
    }
    Ok(())
}

/// Refuses a key in a script that has no text, and a text that no script uses.
fn compare_script_keys(texts: &Texts) -> Result<(), Box<dyn Error>> {
    let mut used = BTreeSet::new();
    for path in list_files(SCRIPTS, "js")? {
        let script = fs::read_to_string(&path)?;
        let starts = script.match_indices("text(\"").filter(|(at, _)| {
            !script[..*at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | '.'))
        });
        for (at, call) in starts {
            let key = script[at + call.len()..].split('"').next().unwrap_or_default().to_owned();
            if !texts.contains_key(&key) {
                return Err(format!("{}: {TEXTS}/{SOURCE}/{SCRIPT_TEXTS} has no text {key}", path.display()).into());
            }
            used.insert(key);
        }
    }
    match texts.keys().find(|key| !used.contains(*key)) {
        Some(key) => Err(format!("{TEXTS}/{SOURCE}/{SCRIPT_TEXTS}: no script uses {key}").into()),
        None => Ok(()),
    }
}

/// `{"key": ["words ", {"argument": "name"}, {"by": "count", "texts": {"1": […], "other": […]}}]}`
fn format_json(texts: &Texts) -> String {
    let members = texts.iter().map(|(key, pieces)| format!("{}:{}", quote(key), format_pieces(pieces)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn format_pieces(pieces: &[Piece]) -> String {
    let format_piece = |piece: &Piece| match piece {
        Piece::Words(words) => quote(words),
        Piece::Argument(name) => format!("{{\"argument\":{}}}", quote(name)),
        Piece::Choice { by, texts } => {
            let forms = texts.iter().map(|(number, pieces)| {
                let number = number.map_or("other".to_owned(), |number| number.to_string());
                format!("{}:{}", quote(&number), format_pieces(pieces))
            });
            format!("{{\"by\":{},\"texts\":{{{}}}}}", quote(by), forms.collect::<Vec<_>>().join(","))
        }
    };
    format!("[{}]", pieces.iter().map(format_piece).collect::<Vec<_>>().join(","))
}

/// A JSON string that may stand in HTML.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '<' => quoted.push_str("\\u003c"),
            '&' => quoted.push_str("\\u0026"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

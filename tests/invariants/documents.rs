//! Statements of the documents about the sources, checked against the sources.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use clap::{Parser as _, error::ErrorKind};
use signoff::cli::Cli;

/// The proxy logs requested addresses, and some addresses give access to everybody who has them.
#[test]
fn nginx_logs_no_route_with_a_token() {
    let conf = read("deploy/nginx.conf");
    let map = conf.split_once("map $request_uri $signoff_logged_uri {").unwrap().1.split_once("\n}").unwrap().0;
    let secret: BTreeSet<String> = signoff::app::routes()
        .iter()
        .filter_map(|route| Some(route.path.split_once("/{token}")?.0.trim_start_matches('/').to_owned()))
        .collect();
    assert!(secret.contains("invitations"), "{secret:?}");
    // The error log, whose format is fixed, has the whole address, and that of the page that links to it.
    let quiet = conf.split_once("location ~ ^/(assets|").unwrap().1;
    let (quiet, rules) = quiet.split_once(")/ {").unwrap();
    assert!(rules.split_once('}').unwrap().0.contains("error_log  /dev/null;"), "{rules}");
    for route in secret {
        assert!(quiet.split('|').any(|known| known == route), "{route}");
        assert!(
            map.contains(&format!("({route}|"))
                || map.contains(&format!("|{route}|"))
                || map.contains(&format!("|{route})")),
            "{route}"
        );
    }
    let servers = conf.matches("\nserver {").count();
    assert_eq!(conf.matches("access_log  /var/log/nginx/access.log signoff;").count(), servers);
    let format = conf.split_once("log_format signoff").unwrap().1.split_once(';').unwrap().0;
    for whole in ["$request ", "$request\"", "$request_uri", "$uri", "$http_referer"] {
        assert!(!format.contains(whole), "{whole}");
    }
}

/// The heading of the column that names tests.
const SHOWN_BY: &str = "shown by";

/// The possible statuses of a requirement.
const STATUSES: [&str; 4] = ["met", "partly", "not met", "the operator's"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// The names of all tests: functions with `#[test]` or a similar attribute.
fn test_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in ["src", "tests"].map(|folder| sources(&root().join(folder))).concat() {
        let text = fs::read_to_string(path).unwrap();
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            marked |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if let Some(function) = function.filter(|_| marked) {
                names.insert(function.split(['(', '<']).next().unwrap().to_owned());
                marked = false;
            }
        }
    }
    names
}

/// The tables of a document: rows of cells, the headings first.
fn tables(text: &str) -> Vec<Vec<Vec<&str>>> {
    let mut tables = vec![Vec::new()];
    for line in text.lines() {
        match line.strip_prefix("| ").and_then(|line| line.strip_suffix('|')) {
            Some(row) => tables.last_mut().unwrap().push(row.split('|').map(str::trim).collect()),
            // The line below the headings.
            None if line.starts_with('|') => {}
            None => tables.push(Vec::new()),
        }
    }
    tables.retain(|table| !table.is_empty());
    tables
}

/// The text between backticks.
fn code_spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn security_page_names_only_existing_tests() {
    let (page, tests) = (read("docs/security.md"), test_names());
    let mut named = BTreeSet::new();
    for table in tables(&page).iter().filter(|table| table[0].last() == Some(&SHOWN_BY)) {
        for row in &table[1..] {
            assert_eq!(row.len(), table[0].len(), "{row:?}");
            named.extend(code_spans(row.last().unwrap()));
        }
    }
    let missing: Vec<&&str> = named.iter().filter(|name| !tests.contains(**name)).collect();
    assert!(missing.is_empty(), "named, and not there: {missing:#?}");
    assert!(named.len() > 120, "the tables were read: {}", named.len());
}

#[test]
fn security_page_lists_every_requirement_once_with_its_status() {
    let page = read("docs/security.md");
    let mut numbers = Vec::new();
    for row in tables(&page).concat() {
        let number: Vec<u32> = row[0].split('.').map_while(|part| part.parse().ok()).collect();
        if let ([chapter, section, number], 6) = (&number[..], row.len()) {
            assert!(["1", "2"].contains(&row[1]), "the level of {}", row[0]);
            assert!(STATUSES.contains(&row[3]), "how {} stands: {}", row[0], row[3]);
            assert!(row[3] == "met" || !row[4].is_empty(), "what {} lacks is said", row[0]);
            // A test that asserts it, or, where there can be none, the way it is checked.
            let shown = code_spans(row[5]).next().is_some() || row[5].starts_with("by ");
            assert!(shown, "how {} is shown: {}", row[0], row[5]);
            numbers.push((*chapter, *section, *number));
        }
    }
    assert!(numbers.windows(2).all(|two| two[0] < two[1]), "each once, and in order");
    assert!(numbers.len() > 150, "{}", numbers.len());
}

/// Replaces a placeholder for the reader with a valid example.
fn fill_placeholder(word: &str) -> String {
    // Brackets enclose what is optional, and … follows what may be repeated.
    match word.trim_start_matches('[').trim_end_matches('…').trim_end_matches(']') {
        "LAUNCH" | "ID" => "01936d35-0000-7000-8000-0000000000ab".to_owned(),
        "SHA256" => "ab".repeat(32),
        "SEQ" | "N" => "4".to_owned(),
        "VKEY" | "$(cat docs/demo-bundle.key)" => crate::helpers::private_key(7).public_key().to_string(),
        word => word.to_owned(),
    }
}

/// Splits a shell line into words; quotation marks keep a word together.
fn split_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None if c == '#' && word.is_none() => break,
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The arguments of a call of `signoff`, if a command is one: direct, through sudo, or in a container.
fn parse_call(command: &str) -> Option<Vec<String>> {
    let words = split_words(command);
    let mut rest =
        words.iter().skip_while(|word| word.contains('=') || ["sudo", "export", "exec"].contains(&word.as_str()));
    let mut first = rest.next()?;
    while first.starts_with('-') || first.contains('=') {
        // Only this option of sudo has a value.
        if first == "-u" {
            rest.next();
        }
        first = rest.next()?;
    }
    let mut rest: Vec<&String> = rest.collect();
    if first == "docker" && rest.first().is_some_and(|word| *word == "compose") {
        let verb = rest.get(1)?.as_str();
        let service = rest.iter().position(|word| *word == "signoff")?;
        let calls_another = rest.iter().any(|word| *word == "--entrypoint");
        if calls_another
            || !["exec", "run"].contains(&verb)
            || (verb == "exec" && rest.get(service + 1)?.as_str() != "signoff")
        {
            return None;
        }
        rest.drain(..service + usize::from(verb == "exec") + 1);
    } else if Path::new(first.as_str()).file_name()? != "signoff" {
        return None;
    }
    let arguments = rest.into_iter().take_while(|word| !word.starts_with(['<', '>', '|']));
    Some(std::iter::once("signoff".to_owned()).chain(arguments.map(|word| fill_placeholder(word))).collect())
}

/// The calls of `signoff` in a document: those in code blocks, and those between backticks in its text, which may leave
/// arguments out.
fn find_calls(text: &str) -> Vec<(bool, Vec<String>)> {
    let (mut found, mut in_block, mut line) = (Vec::new(), false, String::new());
    for next in text.lines() {
        if next.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(code_spans(next).filter_map(parse_call).map(|call| (false, call)));
        } else if let Some(begun) = next.strip_suffix('\\') {
            line += begun;
        } else {
            line += next;
            let commands = std::mem::take(&mut line);
            found.extend(
                commands.split("&&").flat_map(|part| part.split(" | ")).filter_map(parse_call).map(|call| (true, call)),
            );
        }
    }
    found
}

#[test]
fn documented_command_is_accepted_by_the_program() {
    let pages = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let mut documents: Vec<(String, String)> =
        pages.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect();
    documents.extend(["README.md", ".env.example"].map(|name| (name.to_owned(), read(name))));
    for unit in ["deploy/signoff.service", "deploy/signoff-migrate.service", "deploy/signoff-verify.service"] {
        let lines = read(unit);
        let line = lines.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
        documents.push((unit.to_owned(), format!("```\n{line}\n```\n")));
    }
    let mut strict = 0;
    for (name, text) in documents {
        for (in_block, call) in find_calls(&text) {
            strict += usize::from(in_block);
            let Err(error) = Cli::try_parse_from(&call) else { continue };
            let shows_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let leaves_out = matches!(
                error.kind(),
                ErrorKind::MissingRequiredArgument
                    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                    | ErrorKind::MissingSubcommand
            );
            assert!(shows_help || (leaves_out && !in_block), "{name}: {}\n{error}", call.join(" "));
        }
    }
    assert!(strict >= 12, "the documents were read: {strict}");
}

#[test]
fn command_call_is_found_in_every_documented_form() {
    for (command, expected) in [
        (
            "sudo -u signoff signoff keys show /etc/signoff/signoff.key",
            Some("signoff keys show /etc/signoff/signoff.key"),
        ),
        ("/usr/local/bin/signoff serve", Some("signoff serve")),
        ("docker compose exec signoff signoff keys show", Some("signoff keys show")),
        ("docker compose run --rm -T signoff migrate", Some("signoff migrate")),
        ("A=b signoff export ID   # the newest", Some("signoff export 01936d35-0000-7000-8000-0000000000ab")),
        ("docker compose logs signoff", None),
        ("sudo useradd --system signoff", None),
        ("sudo systemctl enable --now signoff", None),
        ("cd signoff", None),
    ] {
        assert_eq!(parse_call(command).map(|call| call.join(" ")).as_deref(), expected, "{command}");
    }
}

//! What the documents say of the sources, held against them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The proxy's log says which address was asked for, and some addresses let in whoever has them.
#[test]
fn nginx_logs_no_route_with_a_token() {
    let conf = read("deploy/nginx.conf");
    let map = conf.split_once("map $request_uri $signoff_logged_uri {").unwrap().1.split_once("\n}").unwrap().0;
    let secret: BTreeSet<String> = signoff::app::routes()
        .iter()
        .filter_map(|route| Some(route.path.split_once("/{token}")?.0.trim_start_matches('/').to_owned()))
        .collect();
    assert!(secret.contains("invitations"), "{secret:?}");
    for route in secret {
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

/// The heading over the tests that a table's rows name.
const SHOWN_BY: &str = "shown by";

/// How a requirement may stand.
const STANDINGS: [&str; 4] = ["met", "partly", "not met", "the operator's"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// Every Rust file under a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// The names of all tests there are: of functions that stand under `#[test]` or its like.
fn tests() -> BTreeSet<String> {
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

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_test_that_the_security_page_names_is_there() {
    let (page, tests) = (read("docs/security.md"), tests());
    let mut named = BTreeSet::new();
    for table in tables(&page).iter().filter(|table| table[0].last() == Some(&SHOWN_BY)) {
        for row in &table[1..] {
            assert_eq!(row.len(), table[0].len(), "{row:?}");
            named.extend(quoted(row.last().unwrap()));
        }
    }
    let missing: Vec<&&str> = named.iter().filter(|name| !tests.contains(**name)).collect();
    assert!(missing.is_empty(), "named, and not there: {missing:#?}");
    assert!(named.len() > 120, "the tables were read: {}", named.len());
}

#[test]
fn every_requirement_on_the_security_page_stands_once_with_how_it_stands() {
    let page = read("docs/security.md");
    let mut numbers = Vec::new();
    for row in tables(&page).concat() {
        let number: Vec<u32> = row[0].split('.').map_while(|part| part.parse().ok()).collect();
        if let ([chapter, section, number], 6) = (&number[..], row.len()) {
            assert!(["1", "2"].contains(&row[1]), "the level of {}", row[0]);
            assert!(STANDINGS.contains(&row[3]), "how {} stands: {}", row[0], row[3]);
            assert!(row[3] == "met" || !row[4].is_empty(), "what {} lacks is said", row[0]);
            numbers.push((*chapter, *section, *number));
        }
    }
    assert!(numbers.windows(2).all(|two| two[0] < two[1]), "each once, and in order");
    assert!(numbers.len() > 150, "{}", numbers.len());
}

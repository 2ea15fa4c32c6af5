//! Links between the documents, and from them to the sources: each leads somewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The documents: those of the first folder, and those below docs/ and deploy/.
fn find_documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = Vec::new();
    let mut folders = vec![root.join("docs"), root.join("deploy")];
    let mut take = |path: PathBuf, folders: &mut Vec<PathBuf>| {
        if path.is_dir() {
            folders.push(path);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            documents.push(path);
        }
    };
    for entry in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        take(entry, &mut folders);
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            take(entry.unwrap().path(), &mut folders);
        }
    }
    documents.sort();
    documents
}

/// What a document links to, and the anchors that its headings have.
struct Document {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

/// The anchor of a heading, as GitHub and most other viewers make it.
fn slug(heading: &str) -> String {
    let lowercase = heading.trim().to_lowercase();
    lowercase
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

fn read_document(path: &Path) -> Document {
    let text = fs::read_to_string(path).unwrap();
    let (mut links, mut anchors) = (Vec::new(), BTreeSet::new());
    let mut uses = BTreeMap::<String, usize>::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let anchor = slug(&heading.take().unwrap());
                let used = uses.entry(anchor.clone()).or_default();
                anchors.insert(if *used == 0 { anchor } else { format!("{anchor}-{used}") });
                *used += 1;
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&part);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.into_string())
            }
            _ => {}
        }
    }
    Document { links, anchors }
}

#[test]
fn link_of_a_document_leads_somewhere() {
    let paths = find_documents();
    let documents: BTreeMap<PathBuf, Document> = paths.iter().map(|path| (path.clone(), read_document(path))).collect();
    let (mut dead, mut followed) = (Vec::new(), 0);
    for (path, document) in &documents {
        for link in document.links.iter().filter(|link| !link.contains("://") && !link.contains('@')) {
            followed += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let leads = match target.canonicalize() {
                // Anchors of other files than documents are lines, which their viewers know.
                Ok(target) => anchor.is_empty() || documents.get(&target).is_none_or(|d| d.anchors.contains(anchor)),
                Err(_) => false,
            };
            if !leads {
                dead.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "these links lead nowhere: {dead:#?}");
    assert!(followed > 100, "the documents were read: {followed}");
}

#[test]
fn anchor_of_a_heading_is_made_as_viewers_make_it() {
    for (heading, anchor) in [
        ("4. The settings", "4-the-settings"),
        ("`signoff verify`, by hand", "signoff-verify-by-hand"),
        ("Way out: a_b", "way-out-a_b"),
        ("The day's checkpoint — elsewhere", "the-days-checkpoint--elsewhere"),
    ] {
        assert_eq!(slug(heading), anchor);
    }
}

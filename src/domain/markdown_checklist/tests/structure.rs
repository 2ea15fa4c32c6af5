//! Table tests: names, parts, sections, roles, attributes, keys; and whole files.

use serde_json::json;

use super::{items, read_file, read_named, reasons, sections, tree};
use crate::domain::{
    checklist::{ChecklistItem, Importance, MAX_ITEMS, Phase, Window},
    markdown_checklist::{Became, Notice, Reading, summary},
};

#[test]
fn headings_of_every_level_make_parts_and_sections() {
    let a = "- [ ] a\n";
    for (markdown, expected) in [
        (a.to_owned(), vec![("", "", 1)]),
        (format!("# N\n{a}"), vec![("", "", 1)]),
        (format!("# N\n## P\n{a}### S\n{a}{a}"), vec![("P", "", 1), ("P", "S", 2)]),
        (format!("## P\n### S\n{a}## Q\n{a}"), vec![("P", "S", 1), ("Q", "", 1)]),
        (format!("# N\n#### P\n{a}###### S\n{a}"), vec![("P", "", 1), ("P", "S", 1)]),
        (format!("### S\n{a}## P\n### T\n{a}"), vec![("", "S", 1), ("P", "T", 1)]),
        (
            format!("# N\n## P\n### S\n#### T\n{a}##### U\n{a}#### V\n{a}### W\n{a}"),
            vec![("P", "S › T", 1), ("P", "S › T › U", 1), ("P", "S › V", 1), ("P", "W", 1)],
        ),
        (format!("# P\n{a}# Q\n{a}"), vec![("P", "", 1), ("Q", "", 1)]),
        (format!("# N\n# P\n{a}# Q\n## S\n{a}"), vec![("P", "", 1), ("Q", "S", 1)]),
        (format!("N\n===\nP\n---\n{a}\nQ\n---\n{a}"), vec![("P", "", 1), ("Q", "", 1)]),
        (format!("# N\n## Empty\n### 1. Setup\n{a}## Also empty\n"), vec![("Empty", "1. Setup", 1)]),
        (format!("{a}# P\n{a}"), vec![("", "", 1), ("P", "", 1)]),
        (format!("## P ##\n{a}##Q\n{a}"), vec![("P", "", 1), ("Q", "", 1)]),
        (format!("## [P](x) *q* {{#id}}\n{a}"), vec![("P *q*", "", 1)]),
    ] {
        assert_eq!(sections(&read_named(&markdown, "n")), expected, "{markdown}");
    }
}

#[test]
fn the_name_is_the_title_or_the_fallback() {
    for (markdown, name) in [
        ("# Launch\n- [ ] a", "Launch"),
        ("Launch\n======\n\n- [ ] a", "Launch"),
        ("## Part\n- [ ] a", "fallback"),
        ("# P\n- [ ] a\n# Q\n- [ ] b", "fallback"),
        ("# Launch\n\n# P\n- [ ] a\n# Q\n- [ ] b", "Launch"),
        ("#\n- [ ] a", "fallback"),
        ("", "fallback"),
    ] {
        assert_eq!(read_named(markdown, "fallback").checklist.name.as_str(), name, "{markdown}");
    }
}

#[test]
fn the_introduction_is_what_stands_before_headings_and_items() {
    for (markdown, text) in [
        ("# N\n\nOne.\n\nTwo.\n\n---\n\n## P\n- [ ] a", "One.\n\nTwo."),
        ("One.\n- [ ] a\n\nTwo.", "One."),
        ("# N\n\nOne:\n\n- x\n- y\n\n## P\n- [ ] a", "One:\n\n- x\n- y"),
        ("# N\n- [P](#p)\n\n## P\n- [ ] a", ""),
        ("# N\n\n~~~introduction\n# as it is\n~~~\n\n- [ ] a", "# as it is"),
    ] {
        let reading = read_named(markdown, "n");
        assert_eq!(reading.checklist.introduction.as_ref().map_or("", |text| text.as_str()), text, "{markdown}");
    }
}

fn only(markdown: &str) -> (ChecklistItem, Reading) {
    let reading = read_named(markdown, "n");
    let item = reading.checklist.items().next().map(|(_, _, item)| item.clone()).expect("an item");
    (item, reading)
}

#[test]
fn attributes_end_a_line() {
    let (item, reading) = only("- [ ] Keys rotated {#keys; critical; after 24h; role=security; evidence}");
    assert_eq!((item.title.as_str(), item.key.as_str()), ("Keys rotated", "keys"));
    assert_eq!((item.importance, item.phase), (Importance::Critical, Phase::After(Window::Day)));
    assert_eq!(item.role.map(String::from).as_deref(), Some("security"));
    assert!(item.evidence_required);
    assert_eq!(reading.notices, []);

    let (item, reading) = only("- [ ] Keys rotated");
    assert_eq!(
        (item.importance, item.phase, item.role, item.evidence_required),
        (Importance::Required, Phase::Before, None, false)
    );
    assert_eq!((item.key.as_str(), reading.notices), ("keys-rotated", vec![]));
}

#[test]
fn no_attribute_is_lost_silently() {
    let (item, reading) = only("- [ ] a {critcal}");
    assert_eq!((item.title.as_str(), item.importance), ("a {critcal}", Importance::Required));
    assert_eq!(reading.notices, [Notice::NotAnAttribute { line: 1, text: "{critcal}".to_owned() }]);
    let (item, reading) = only("- [ ] a {critical; after 3h; x}");
    assert_eq!((item.title.as_str(), item.importance), ("a {after 3h; x}", Importance::Critical));
    assert_eq!(reading.notices, [Notice::NotAnAttribute { line: 1, text: "{after 3h; x}".to_owned() }]);
    let (item, reading) = only("- [ ] a {critical; advisory}");
    assert_eq!(item.importance, Importance::Advisory);
    assert_eq!(reading.notices, [Notice::AttributeTwice { line: 1, text: "advisory".to_owned() }]);
}

#[test]
fn keys_are_unique_and_those_given_come_first() {
    let reading = read_named("- [ ] Backup\n- [ ] Backup\n- [ ] x {#backup}\n- [ ] y {#backup}\n", "n");
    let keys: Vec<&str> = reading.checklist.items().map(|(_, _, item)| item.key.as_str()).collect();
    assert_eq!(keys, ["backup-2", "backup-3", "backup", "backup-4"]);
    assert_eq!(
        reading.notices.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["Line 4: the key “backup” is another item's already; this one has “backup-4”."]
    );
}

#[test]
fn the_closing_headings_hold_no_items() {
    let markdown = "## P\n- [ ] a\n\n---\n\n## Sign-Off\n\nPlease sign:\n\n**Technical Lead:** ___ Date: ___\n\n\
        - Security Lead: ____\n\n**Legal:** … {role=counsel}\n**Tech lead:** ___\n\n## Notes\n\n```\n- [ ] x\n```\n";
    let reading = read_file(markdown);
    let roles: Vec<String> =
        reading.checklist.required_roles.iter().map(|r| format!("{}={}", r.role, r.title)).collect();
    assert_eq!(roles, ["tech_lead=Technical Lead", "security=Security Lead", "counsel=Legal"]);
    assert_eq!(items(&reading), ["a"]);
    assert_eq!(reading.notices.len(), 1, "the second tech lead");
    assert_eq!(
        reasons(&reading),
        [
            "text that belongs to no item",
            "notes: they are written in each launch",
            "notes: they are written in each launch"
        ]
    );
    // A box is an item wherever it stands.
    assert_eq!(items(&read_named("## Sign-off\n- [ ] Signed by all\n\n**QA:** ___", "n")), ["Signed by all"]);
}

#[test]
fn what_can_not_be_kept_is_told() {
    let reading = read_named("\u{FEFF}- [x] a\u{202E}\n- [X] b\0\n", "n");
    let notices: Vec<String> = reading.notices.iter().map(ToString::to_string).collect();
    assert_eq!(notices[0], "2 boxes were ticked; they are imported unticked.");
    assert!(notices[1].starts_with("2 characters"), "{}", notices[1]);
}

#[test]
fn the_dialect_can_say_everything() {
    let markdown = "# Sign-off {verbatim}\n\n## {untitled}\n\n### Notes {verbatim}\n\n- [ ] a [b](c) {verbatim}\n- [ ] d {context}\n  - [ ] e\n\n### {untitled}\n\n- [ ] f\n";
    let reading = read_file(markdown);
    assert_eq!(reading.checklist.name.as_str(), "Sign-off");
    assert_eq!(sections(&reading), [("", "Notes", 2), ("", "", 1)]);
    assert_eq!(tree(&reading), "a [b](c); [ ] d>e; f");
}

#[test]
fn every_line_is_told_of() {
    let markdown = "# N\n\nIntro.\n\n## P\n### S\n- c\n  - [x] a\n    Note.\n\nProse.\n\n## Sign-off\n**QA:** ___\n";
    let became: Vec<Became> = read_named(markdown, "n").lines.into_iter().map(|line| line.became).collect();
    let key = || "a".parse().expect("a key");
    use Became::{Context, Guidance, Introduction, Item, LeftOut, Name, Nothing, Part, RequiredRole, Section, SignOff};
    let item = Item { key: key(), nesting: 1, was_ticked: true };
    let role = RequiredRole("qa".parse().expect("a role"));
    assert_eq!(
        became,
        [
            Name,
            Nothing,
            Introduction,
            Nothing,
            Part,
            Section,
            Context,
            item,
            Guidance(key()),
            Nothing,
            LeftOut,
            Nothing,
            SignOff,
            role
        ]
    );
}

#[test]
fn a_file_of_every_shape() {
    let reading = read_file(include_str!("../../../../tests/fixtures/import/shapes.md"));
    assert_eq!(reading.checklist.name.as_str(), "Mobile release");
    assert_eq!(
        sections(&reading),
        [
            ("Before the build", "", 7),
            ("Before the build", "Devices", 3),
            ("Store", "", 2),
            ("Store", "After the release", 2)
        ]
    );
    assert!(tree(&reading).contains("Phones>Oldest supported Android>Cold start under two seconds"));
    assert_eq!(reading.left_out.len(), 11);
}

#[test]
fn a_file_of_tables() {
    let reading = read_file(include_str!("../../../../tests/fixtures/import/service-levels.md"));
    assert_eq!(
        summary(&reading),
        json!({
            "parts": 2,
            "sections": 2,
            "items": 7,
            "titles": [
                "Health endpoint", "Load tested", "Region failover", "Backups restored", "Alerts reach someone",
                "Old hosts removed", "DNS moved",
            ],
            "left_out": [
                {"line": 10, "why": "a row that names no check"},
                {"line": 12, "why": "a table that informs: no column names a check, and no row has a box"},
            ],
        })
    );
    let (_, _, first) = reading.checklist.items().next().expect("an item");
    assert_eq!(
        first.guidance.as_ref().map_or("", |text| text.as_str()),
        "Ask it while the database is down.  \nIt says so.\n\nBronze, Silver, Gold\n\nNr: 1\n\nOwner: Platform\n\n[Health endpoint](docs/health.md)"
    );
    assert_eq!(reading.checklist.required_roles.len(), 2);
}

#[test]
fn a_file_in_many_languages() {
    let reading = read_file(include_str!("../../../../tests/fixtures/import/languages.md"));
    assert_eq!(reading.checklist.name.as_str(), "قائمة الإطلاق");
    assert_eq!(
        sections(&reading),
        [("الأمان", "", 4), ("上線前", "", 3), ("Перед запуском", "", 2), ("לפני העלייה", "", 2)]
    );
    assert_eq!(tree(&reading).matches('>').count(), 3);
    assert_eq!(reading.left_out, []);
}

#[test]
fn nine_hundred_items_are_read_and_five_thousand_are_the_most() {
    let many = |count: usize| (0..count).map(|n| format!("{}- [ ] item {n}\n", " ".repeat(n % 7))).collect::<String>();
    assert_eq!(read_file(&many(900)).checklist.items().count(), 900);
    let reading = read_named(&many(MAX_ITEMS + 2), "n");
    assert_eq!(reading.checklist.items().count(), MAX_ITEMS);
    assert_eq!(reasons(&reading), [format!("more than {MAX_ITEMS} items: the rest of the file was not read")]);
}

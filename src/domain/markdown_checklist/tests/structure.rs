//! Table tests: names, parts, sections, roles, attributes, keys; and whole files.

use serde_json::json;

use super::{format_tree, item_titles, omission_reasons, read_file, read_named, section_counts};
use crate::domain::{
    checklist::{ChecklistItem, Importance, MAX_ITEMS, Phase, RequiredRole, Window},
    markdown_checklist::{LineMeaning, OmissionReason, ParseNotice, ParsedChecklist, to_summary_json, writer},
};

#[test]
fn reader_makes_parts_and_sections_of_headings_of_any_level() {
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
        (format!("## [P](x) *q* {{#id}}\n{a}"), vec![("P q", "", 1)]),
    ] {
        assert_eq!(section_counts(&read_named(&markdown, "n")), expected, "{markdown}");
    }
}

#[test]
fn reader_takes_title_in_bold_above_items_as_heading() {
    let a = "- [ ] a\n";
    for (markdown, expected) in [
        (format!("# N\n\n**P**\n\n{a}\n**Q:**\n\n{a}"), vec![("P", "", 1), ("Q", "", 1)]),
        (format!("# N\n## P\n**S**\n{a}\n**T**:\n{a}"), vec![("P", "S", 1), ("P", "T", 1)]),
        (format!("**## P**\n{a}\n`### S`\n{a}"), vec![("P", "", 1), ("P", "S", 1)]),
        (format!("## P\n`S`\n\n{a}"), vec![("P", "S", 1)]),
        (format!("## P\n{a}\n**Note:**\n\n{a}"), vec![("P", "", 2)]),
        (format!("## P\n{a}\n**Stop here, read the page.**\n\n{a}"), vec![("P", "", 2)]),
        (format!("## ==P== and ==Q==\n{a}"), vec![("P and Q", "", 1)]),
    ] {
        assert_eq!(section_counts(&read_named(&markdown, "n")), expected, "{markdown}");
    }
}

#[test]
fn reader_keeps_definitions_on_several_lines_together() {
    for (markdown, titles, guidance) in [
        ("- [ ] a [b]\n\n[b]:\n  https://x.example\n- [ ] c", "a b; c", "[b](https://x.example)"),
        ("- [ ] a [b]\n\n[b]: <https://x.example>\n  \"A title\"", "a b", "[b](https://x.example \"A title\")"),
        (
            "- [ ] a[^1]\n- [ ] b\n\n[^1]: What it\n    means.\n\n    And more.\n\n- [ ] c",
            "a; b; c",
            "What it means. And more.",
        ),
        ("- [ ] a[^1]\n- [ ] b\n\n[^1]: What it\nmeans.", "a; b", "What it means."),
        ("- [ ] a[^1]\n\n[^1]: First.\n[^1]: Second.", "a", "First."),
    ] {
        let reading = read_named(markdown, "n");
        assert_eq!(format_tree(&reading), titles, "{markdown}");
        let guidance_of: Vec<String> =
            reading.checklist.items().filter_map(|(_, _, item)| Some(item.guidance.as_ref()?.to_string())).collect();
        assert_eq!(guidance_of, [guidance], "{markdown}");
    }
    assert_eq!(
        omission_reasons(&read_named("- [ ] a[^1]\n\n[^1]: First.\n[^1]: Second.", "n")),
        ["text that belongs to no item"]
    );
}

#[test]
fn reader_of_role_with_signer_lists_signer() {
    for markdown in [
        "**QA Lead:** Ana, 1 May",
        "- QA Lead: ____ before Friday",
        "- [ ] QA Lead: ____\nand so on",
        "| Role | Name |\n|---|---|\n| QA Lead | Ana |",
        "| Role | Date |\n|---|---|\n| QA Lead | 1.5.2026 |",
    ] {
        let reading = read_named(&format!("- [ ] a\n\n## Sign-off\n\n{markdown}"), "n");
        assert_eq!(reading.checklist.required_roles.len(), 1, "{markdown}");
        assert_eq!(reading.omissions.last().map(|left| left.reason), Some(OmissionReason::SignerDetails), "{markdown}");
    }
}

#[test]
fn reader_takes_name_from_title_or_fallback() {
    for (markdown, name) in [
        ("# Launch\n- [ ] a", "Launch"),
        ("Launch\n======\n\n- [ ] a", "Launch"),
        ("## Part\n- [ ] a", "fallback"),
        ("# P\n- [ ] a\n# Q\n- [ ] b", "fallback"),
        ("# Launch\n\n# P\n- [ ] a\n# Q\n- [ ] b", "Launch"),
        ("#\n- [ ] a", "fallback"),
        ("# Launch\n## A\n- [ ] a\n# Contribution\ntext", "Launch"),
        ("# Launch\n## A\n- [ ] a\n# Contribution\ntext\n# License", "Launch"),
        ("# Launch &amp; `go`\n- [ ] a", "Launch & go"),
        ("", "fallback"),
    ] {
        assert_eq!(read_named(markdown, "fallback").checklist.name.as_str(), name, "{markdown}");
    }
}

#[test]
fn reader_takes_text_before_headings_and_items_as_introduction() {
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

fn read_single_item(markdown: &str) -> (ChecklistItem, ParsedChecklist) {
    let reading = read_named(markdown, "n");
    let item = reading.checklist.items().next().map(|(_, _, item)| item.clone()).expect("an item");
    (item, reading)
}

#[test]
fn reader_accepts_attributes_at_line_end() {
    let (item, reading) = read_single_item("- [ ] Keys rotated {#keys; critical; after 24h; role=security; evidence}");
    assert_eq!((item.title.as_str(), item.key.as_str()), ("Keys rotated", "keys"));
    assert_eq!((item.importance, item.phase), (Importance::Critical, Phase::After(Window::Day)));
    assert_eq!(item.role.map(String::from).as_deref(), Some("security"));
    assert!(item.evidence_required);
    assert_eq!(reading.notices, []);

    let (item, reading) = read_single_item("- [ ] Keys rotated");
    assert_eq!(
        (item.importance, item.phase, item.role, item.evidence_required),
        (Importance::Required, Phase::Before, None, false)
    );
    assert_eq!((item.key.as_str(), reading.notices), ("keys-rotated", vec![]));
}

#[test]
fn reader_reports_unknown_and_repeated_attributes() {
    let (item, reading) = read_single_item("- [ ] a {critcal}");
    assert_eq!((item.title.as_str(), item.importance), ("a {critcal}", Importance::Required));
    assert_eq!(reading.notices, [ParseNotice::NotAnAttribute { line: 1, text: "{critcal}".to_owned() }]);
    let (item, reading) = read_single_item("- [ ] a {critical; after 3h; x}");
    assert_eq!((item.title.as_str(), item.importance), ("a {after 3h; x}", Importance::Critical));
    assert_eq!(reading.notices, [ParseNotice::NotAnAttribute { line: 1, text: "{after 3h; x}".to_owned() }]);
    let (item, reading) = read_single_item("- [ ] a {critical; advisory}");
    assert_eq!(item.importance, Importance::Advisory);
    assert_eq!(reading.notices, [ParseNotice::RepeatedAttribute { line: 1, text: "advisory".to_owned() }]);
}

#[test]
fn reader_keys_are_unique_and_given_keys_come_first() {
    let reading = read_named("- [ ] Backup\n- [ ] Backup\n- [ ] x {#backup}\n- [ ] y {#backup}\n", "n");
    let keys: Vec<&str> = reading.checklist.items().map(|(_, _, item)| item.key.as_str()).collect();
    assert_eq!(keys, ["backup-2", "backup-3", "backup", "backup-4"]);
    assert_eq!(
        reading.notices.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["Line 4: another item has the key “backup” already; this one has “backup-4”."]
    );
}

#[test]
fn reader_takes_no_items_under_closing_headings() {
    let markdown = "## P\n- [ ] a\n\n---\n\n## Sign-Off\n\nPlease sign:\n\n**Technical Lead:** ___ Date: ___\n\n\
        - Security Lead: ____\n\n**Legal:** … {role=counsel}\n**Tech lead:** ___\n\n## Notes\n\n```\n- [ ] x\n```\n";
    let reading = read_file(markdown);
    let roles: Vec<String> =
        reading.checklist.required_roles.iter().map(|r| format!("{}={}", r.role, r.title)).collect();
    assert_eq!(roles, ["tech_lead=Technical Lead", "security=Security Lead", "counsel=Legal"]);
    assert_eq!(item_titles(&reading), ["a"]);
    assert_eq!(reading.notices.len(), 1, "the second tech lead");
    assert_eq!(
        omission_reasons(&reading),
        [
            "text that belongs to no item",
            "notes: they are written in each launch",
            "notes: they are written in each launch",
            "a block of code, with 1 box in it: remove the code fence to make it an item"
        ]
    );
    // A box is an item wherever it is.
    assert_eq!(item_titles(&read_named("## Sign-off\n- [ ] Signed by all\n\n**QA:** ___", "n")), ["Signed by all"]);
}

#[test]
fn reader_takes_roles_under_any_sign_off_heading() {
    for (markdown, roles) in [
        (
            "## Functional Sign-offs\n| Role | Name | Date |\n|---|---|---|\n| QA &amp; Ops | | |\n| **Legal** | | |",
            "QA & Ops; Legal",
        ),
        ("- Signatures:\n  - SRE Lead:\n  - QA Lead: ____", "SRE Lead; QA Lead"),
        ("**Approvals:**\n\n- SRE Lead: ____", "SRE Lead"),
        (
            "## Approvals\n### QA Lead\n**Name:** ___\n**Date:** ___\n### Owner\n\nName: ___  \nSignature: ___",
            "QA Lead; Owner",
        ),
        ("## Approvals\n- QA Lead\n  - Name: ___\n  - Date: ___", "QA Lead"),
        ("## Sign-off\n**QA Lead**\nName: ___\nDate: ___", "QA Lead"),
        ("## 审批\n| 角色 | 签名 |\n|---|---|\n| 测试 | |", "测试"),
        ("## Freigaben\n- Betrieb:\n- Sicherheit:", "Betrieb; Sicherheit"),
        ("## Sign off\n| Name | Signature | Team |\n|---|---|---|\n| | | Payments |", "Payments"),
        ("## Approvals\n### QA Lead\n**Name:** Ana\n**Date:** 1 May", "QA Lead"),
        ("## Release approval\n\n**Note:** ask early.\n\n- [ ] b", ""),
        ("## Approvals\n| Task | Owner |\n|---|---|\n| Ask the board | Ana |", ""),
        ("## Contacts\n- Ops: ____", ""),
        ("## 三、签字\n项目经理：＿＿＿＿　日期：＿＿＿＿\n测试负责人：＿＿＿＿", "项目经理; 测试负责人"),
        ("## Sign-off\n- QA: ____\n\n**Legend:** ✅ done, ❌ failed", "QA"),
    ] {
        let reading = read_named(&format!("# N\n\n## P\n- [ ] a\n\n{markdown}"), "n");
        let titles: Vec<&str> = reading.checklist.required_roles.iter().map(|role| role.title.as_str()).collect();
        assert_eq!(titles.join("; "), roles, "{markdown}");
    }
}

#[test]
fn reader_of_role_on_several_lines_marks_every_line_as_role() {
    let reading = read_named("## Sign-off\n- [N/A] Lettered\nand so on\nName: ____\n", "n");
    let title = |role: &RequiredRole| role.title.to_string();
    assert_eq!(reading.checklist.required_roles.iter().map(title).collect::<Vec<_>>(), ["[N/A] Lettered and so on"]);
    let role = || LineMeaning::RequiredRole("n_a_lettered_and_so_on".parse().expect("a role"));
    let meanings: Vec<LineMeaning> = reading.lines.into_iter().map(|line| line.meaning).collect();
    assert_eq!(meanings, [LineMeaning::SignOff, role(), role(), LineMeaning::Nothing]);
}

#[test]
fn reader_reports_what_cannot_be_kept() {
    let reading = read_named("\u{FEFF}- [x] a\u{202E}\n- [X] b\0\n", "n");
    let notices: Vec<String> = reading.notices.iter().map(ToString::to_string).collect();
    assert_eq!(notices[0], "2 boxes were ticked; they are imported unticked.");
    assert!(notices[1].starts_with("2 characters"), "{}", notices[1]);
}

#[test]
fn reader_of_dialect_keeps_everything() {
    let markdown = "# Sign-off {verbatim}\n\n## {untitled}\n\n### Notes {verbatim}\n\n- [ ] a [b](c) {verbatim}\n- [ ] d {context}\n  - [ ] e\n\n### {untitled}\n\n- [ ] f\n";
    let reading = read_file(markdown);
    assert_eq!(reading.checklist.name.as_str(), "Sign-off");
    assert_eq!(section_counts(&reading), [("", "Notes", 2), ("", "", 1)]);
    assert_eq!(format_tree(&reading), "a [b](c); [ ] d>e; f");
}

#[test]
fn reader_reports_meaning_of_every_line() {
    let markdown = "# N\n\nIntro.\n\n## P\n### S\n- c\n  - [x] a\n    Note.\n\nProse.\n\n## Sign-off\n**QA:** ___\n";
    let meanings: Vec<LineMeaning> = read_named(markdown, "n").lines.into_iter().map(|line| line.meaning).collect();
    let key = || "a".parse().expect("a key");
    use LineMeaning::{Context, Guidance, Introduction, Item, Name, Nothing, Part, RequiredRole, Section, SignOff};
    let item = Item { key: key(), nesting: 1, was_ticked: true };
    let role = RequiredRole("qa".parse().expect("a role"));
    assert_eq!(
        meanings,
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
            Guidance(key()),
            Nothing,
            SignOff,
            role
        ]
    );
}

#[test]
fn reader_of_file_of_every_shape_gives_expected_checklist() {
    let reading = read_file(include_str!("../../../../tests/fixtures/import/shapes.md"));
    assert_eq!(reading.checklist.name.as_str(), "Mobile release");
    assert_eq!(
        section_counts(&reading),
        [
            ("Before the build", "", 7),
            ("Before the build", "Devices", 3),
            ("Store", "", 3),
            ("Store", "After the release", 2)
        ]
    );
    assert!(format_tree(&reading).contains("Phones>Oldest supported Android>Cold start under two seconds"));
    assert_eq!(reading.omissions.len(), 7);
}

#[test]
fn reader_of_file_of_tables_gives_expected_checklist() {
    let reading = read_file(include_str!("../../../../tests/fixtures/import/service-levels.md"));
    assert_eq!(
        to_summary_json(&reading),
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
                {"line": 12, "why": "a table without boxes, and without columns that say that its rows are checks"},
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
fn reader_of_file_in_many_languages_gives_expected_checklist() {
    let reading = read_file(include_str!("../../../../tests/fixtures/import/languages.md"));
    assert_eq!(reading.checklist.name.as_str(), "قائمة الإطلاق");
    assert_eq!(
        section_counts(&reading),
        [("الأمان", "", 4), ("上線前", "", 3), ("Перед запуском", "", 2), ("לפני העלייה", "", 2)]
    );
    assert_eq!(format_tree(&reading).matches('>').count(), 3);
    assert_eq!(reading.omissions, []);
}

#[test]
fn reader_of_many_items_stops_at_five_thousand() {
    let many = |count: usize| (0..count).map(|n| format!("{}- [ ] item {n}\n", " ".repeat(n % 7))).collect::<String>();
    assert_eq!(read_file(&many(900)).checklist.items().count(), 900);
    let reading = read_named(&many(MAX_ITEMS + 2), "n");
    assert_eq!(reading.checklist.items().count(), MAX_ITEMS);
    assert_eq!(omission_reasons(&reading), [format!("more than {MAX_ITEMS} items: the rest of the file was not read")]);
}

/// The files of `tests/fixtures/import/kinds`: what each of these becomes.
#[test]
fn reader_of_each_sample_file_gives_expected_result() {
    const CHOICE: &str = "several boxes in a line are a choice, not a check";
    const EMPTY: &str = "nothing is written beside the box";
    let fence = "a block of code, with 2 boxes in it: remove the code fence to make them items";
    let table = "a table without boxes, and without columns that say that its rows are checks";
    let kind = |name: &str| match name {
        "all-in-a-fence" => include_str!("../../../../tests/fixtures/import/kinds/all-in-a-fence.md"),
        "blank-titles" => include_str!("../../../../tests/fixtures/import/kinds/blank-titles.md"),
        "boxes-after-a-label" => include_str!("../../../../tests/fixtures/import/kinds/boxes-after-a-label.md"),
        "choice-items" => include_str!("../../../../tests/fixtures/import/kinds/choice-items.md"),
        "choice-lines" => include_str!("../../../../tests/fixtures/import/kinds/choice-lines.md"),
        "code-in-title-cut" => include_str!("../../../../tests/fixtures/import/kinds/code-in-title-cut.md"),
        "comment-cuts-nest" => include_str!("../../../../tests/fixtures/import/kinds/comment-cuts-nest.md"),
        "details-table" => include_str!("../../../../tests/fixtures/import/kinds/details-table.md"),
        "fence-first" => include_str!("../../../../tests/fixtures/import/kinds/fence-first.md"),
        "group-rows" => include_str!("../../../../tests/fixtures/import/kinds/group-rows.md"),
        "heading-warning" => include_str!("../../../../tests/fixtures/import/kinds/heading-warning.md"),
        "indented-box-lost" => include_str!("../../../../tests/fixtures/import/kinds/indented-box-lost.md"),
        "invisible-title" => include_str!("../../../../tests/fixtures/import/kinds/invisible-title.md"),
        "results-table" => include_str!("../../../../tests/fixtures/import/kinds/results-table.md"),
        "details-in-item" => include_str!("../../../../tests/fixtures/import/kinds/details-in-item.md"),
        "escaped-boxes" => include_str!("../../../../tests/fixtures/import/kinds/escaped-boxes.md"),
        "html-inputs" => include_str!("../../../../tests/fixtures/import/kinds/html-inputs.md"),
        "lettered-boxes" => include_str!("../../../../tests/fixtures/import/kinds/lettered-boxes.md"),
        "lists-in-cells" => include_str!("../../../../tests/fixtures/import/kinds/lists-in-cells.md"),
        "roles-with-boxes" => include_str!("../../../../tests/fixtures/import/kinds/roles-with-boxes.md"),
        "unseen-characters" => include_str!("../../../../tests/fixtures/import/kinds/unseen-characters.md"),
        "wiki-nesting" => include_str!("../../../../tests/fixtures/import/kinds/wiki-nesting.md"),
        _ => include_str!("../../../../tests/fixtures/import/kinds/roles-by-heading.md"),
    };
    let protect = "Turn the guard on by setting protect with: :exception in the base class, always.";
    let nest = "Version strings>Raise the version; Version strings>Build once more; Version strings>Change log; \
        Version strings>Change log>Announce the break";
    let comment = "an HTML comment";
    let signs = "a line to sign on is not an item: it names a role that must sign";
    let answers = "answers to choose from are a choice, not checks";
    for (name, expected, left_out) in [
        ("all-in-a-fence", "", vec![fence]),
        ("blank-titles", "", vec![EMPTY; 4]),
        ("boxes-after-a-label", "Backup taken; Names switched; Graphs read; Alarm tried", vec![]),
        ("choice-items", "Report filed", vec![CHOICE, CHOICE]),
        ("choice-lines", "Minutes filed", vec![answers, answers]),
        ("code-in-title-cut", protect, vec![]),
        ("comment-cuts-nest", nest, vec![comment, comment, comment]),
        ("details-table", "Backup taken", vec![]),
        ("fence-first", "Backup taken", vec![fence]),
        ("group-rows", "Names cannot be guessed; Old sessions end; Markup is escaped", vec![]),
        ("heading-warning", "Tag made", vec![]),
        ("indented-box-lost", "Backup taken; Backup taken>Backup tried out", vec![comment]),
        ("invisible-title", "Real", vec![EMPTY, EMPTY]),
        ("results-table", "Report filed", vec![]),
        ("roles-by-heading", "Tests run; Reports read", vec![]),
        ("details-in-item", "Backup taken; Restore tried; Names switched", vec![]),
        (
            "escaped-boxes",
            "Load tried; Keys rotated; Names switched; Backup taken; Restore tried; Alarm heard; Graphs read; Notes sent",
            vec![],
        ),
        ("html-inputs", "Load tried; Keys rotated; Names switched; Backup taken", vec![]),
        (
            "lettered-boxes",
            "Backup taken; Mail set up; Names switched; Keys rotated",
            vec!["a heading with no items under it", "a list without boxes"],
        ),
        (
            "lists-in-cells",
            "Backup taken; Restore tried; Names switched; Keys rotated; Mail; Kept for a year",
            vec![CHOICE],
        ),
        ("roles-with-boxes", "Backup taken", vec![signs, signs]),
        (
            "unseen-characters",
            "Backup taken; Names switched; Keys rotated; Alarm heard; Graphs read; Notes sent",
            vec![],
        ),
        (
            "wiki-nesting",
            "Backup taken; Backup taken>Of the database; Backup taken>Of the database>And of its keys; Names switched; \
                Alarm heard; Graphs read",
            vec![],
        ),
    ] {
        let reading = read_named(kind(name), "fallback");
        assert_eq!(format_tree(&reading), expected, "{name}");
        assert_eq!(omission_reasons(&reading), left_out, "{name}");
        if reading.checklist.check().is_ok() {
            assert_eq!(
                read_named(&writer::write_markdown(&reading.checklist), "n").checklist,
                reading.checklist,
                "{name}"
            );
        }
    }
    assert_eq!(section_counts(&read_file(kind("group-rows"))), [("", "Accounts", 2), ("", "Input", 1)]);
    let guidance = |name: &str| {
        let reading = read_file(kind(name));
        let (_, _, item) = reading.checklist.items().next().expect("an item");
        item.guidance.as_ref().map(ToString::to_string)
    };
    assert_eq!(
        guidance("heading-warning").as_deref(),
        Some("No way back from here: the tag starts the build.\nHave it read by two.")
    );
    assert_eq!(guidance("comment-cuts-nest").as_deref(), Some("- Mind the server constant"));
    let introduction = |name: &str| read_file(kind(name)).checklist.introduction.map(|text| text.to_string());
    assert!(introduction("details-table").is_some_and(|text| text.contains("two hours")), "{table}");
    let roles = read_file(kind("roles-by-heading")).checklist.required_roles;
    let titles: Vec<&str> = roles.iter().map(|role| role.title.as_str()).collect();
    assert_eq!(titles, ["QA Lead", "Product Owner"]);
    let roles = read_file(kind("roles-with-boxes")).checklist.required_roles;
    let titles: Vec<&str> = roles.iter().map(|role| role.title.as_str()).collect();
    assert_eq!(titles, ["Technical Lead", "Support", "Quality"]);
    assert_eq!(guidance("details-in-item").as_deref(), Some("Of all stores."));
    assert_eq!(guidance("lists-in-cells").as_deref(), Some("Area: Database"));
}

#[test]
fn reader_of_decomposed_file_makes_the_same_checklist() {
    use unicode_normalization::UnicodeNormalization as _;

    let long = "Prüfung für größere Änderungen が ".repeat(40);
    let composed = format!(
        "# Über\n## Für\n- [ ] Größe geprüft\n  Hinweis: größer\n- [ ] が\n- [ ] {long}\n\n## Sign-off\n**Prüferin が:** ____\n"
    );
    let decomposed: String = composed.nfd().collect();
    assert_ne!(composed, decomposed);
    let (of_composed, of_decomposed) = (read_named(&composed, "n").checklist, read_named(&decomposed, "n").checklist);
    let keys = |checklist: &crate::domain::checklist::Checklist| -> Vec<String> {
        checklist.items().map(|(_, _, item)| item.key.to_string()).collect()
    };
    assert_eq!(keys(&of_composed), keys(&of_decomposed));
    assert_eq!(of_composed, of_decomposed);
}

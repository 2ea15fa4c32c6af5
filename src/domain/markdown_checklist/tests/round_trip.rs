//! What is written reads back as it was, for every checklist that can be published.

use std::collections::BTreeSet;

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{read_named, title};
use crate::domain::{
    checklist::{Checklist, ChecklistItem, ChecklistPart, ChecklistSection, Importance, Phase, RequiredRole, Window},
    markdown_checklist::{key_from_title, writer},
    role::RoleSlug,
    text::{Markdown, Title},
};

/// Pieces that mean something in Markdown, in the dialect, or in some alphabet.
const TEXT_PIECES: &[&str] = &[
    "*",
    "**",
    "_",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "#",
    "## ",
    "|",
    "\\",
    "`",
    "``",
    "```",
    "~~~",
    "<",
    ">",
    "!",
    "-",
    "- ",
    "+ ",
    "1. ",
    "12) ",
    ":",
    "---",
    "===",
    "[ ] ",
    "[x] ",
    "- [ ] ",
    "☐ ",
    "☑",
    "✅",
    "<!--",
    "-->",
    "<br>",
    "<div>",
    "[a](b)",
    "![a](b)",
    "[a][b]",
    "[b]: c",
    "<https://example.org>",
    "{critical}",
    "{#a}",
    "{#key; advisory}",
    "{verbatim}",
    "{context}",
    "{untitled}",
    "{x}",
    "Sign-off",
    "Notes",
    "**Name:** ____",
    "___",
    " › ",
    "…",
    ";",
    "role=",
    "a",
    "Word",
    "two words",
    " ",
    "  ",
    "\u{A0}",
    "\u{3000}",
    "\u{2028}",
    "é",
    "e\u{301}",
    "مراجعة",
    "בדיקה",
    "検査",
    "🚀",
    "&amp;",
    "&",
    "'",
    "\"",
    "https://example.org/a_b_c",
    "{",
    "C#",
    "$x^2$",
    "@team",
    "%",
    "٣. ",
    "| a | b |",
    "|---|---|",
    ":--",
    "**[ ] a**",
    "Yes",
    "No",
    "[^1]",
    "[^1]: n",
    "<details><summary>",
    "</summary>",
    "</details>",
    "<em>",
    "<a href=b>",
    "&nbsp;",
    "&#9744; ",
    "\\[ \\] ",
    "⬜ ",
    "> [!NOTE]",
    "!!! note",
    "- Signatures:",
    "Approvals",
    "QA: ____",
    "| Check | Status |",
    "| [ ] | a |",
    "| **G** | |",
    "Text:",
];

fn title_strategy() -> impl Strategy<Value = Title> {
    let pieces = vec(select(TEXT_PIECES), 1..7).prop_map(|pieces| pieces.concat());
    let any = "\\PC{1,40}";
    prop_oneof![4 => pieces, 1 => any.prop_map(String::from), 1 => Just("x".repeat(Title::MAX))]
        .prop_filter_map("a title", |text| Title::new(&text).ok())
}

fn text_strategy(most: usize) -> impl Strategy<Value = Markdown> {
    let line = (select(&["", "", "  ", "    ", "\t", " ", "      "][..]), vec(select(TEXT_PIECES), 0..4))
        .prop_map(|(indent, pieces)| format!("{indent}{}", pieces.concat()));
    let whole = select(
        &[
            "One line.",
            "Two\nlines.",
            "A paragraph.\n\n- a\n  - b\n- c\n\nAnother.",
            "```sh\n- [ ] not an item\n```",
            "```\nnever closed",
            "~~~guidance\nin a fence\n~~~",
            "1. a\n2. b\n\n   more of b",
            "> quoted\n> - [ ] box",
            "| Check | Done |\n|---|---|\n| a | [ ] |",
            "text <!-- open\n\nstill -->",
            "    code at once\n\nand text",
            "a\n\n\n\nb",
            "a  \nb\\\nc",
            "[a]: https://example.org\n\n[a] link",
            "Title\n=====\n\ntext",
        ][..],
    );
    let lines = vec(line, 1..most).prop_map(|lines| lines.join("\n"));
    prop_oneof![3 => lines, 2 => whole.prop_map(str::to_owned)]
        .prop_filter_map("a text", |text| Markdown::new(&text).ok())
}

fn role_strategy() -> impl Strategy<Value = RoleSlug> {
    "[a-z][a-z0-9_]{0,12}".prop_map(|slug| slug.parse().expect("a slug"))
}

fn item_strategy() -> impl Strategy<Value = ChecklistItem> {
    let phase = prop_oneof![Just(Phase::Before), select(Window::ALL.to_vec()).prop_map(Phase::After)];
    let under = prop_oneof![3 => vec(title_strategy(), 0..1), 2 => vec(select(&["A", "B", "[x] C"][..]).prop_map(title), 0..4), 1 => vec(title_strategy(), 0..4)];
    let importance = select(Importance::ALL.to_vec());
    (
        title_strategy(),
        importance,
        phase,
        option::of(role_strategy()),
        any::<bool>(),
        option::weighted(0.4, text_strategy(6)),
        under,
    )
        .prop_map(|(title, importance, phase, role, evidence_required, guidance, under)| ChecklistItem {
            key: key_from_title("key", &BTreeSet::new()),
            title,
            importance,
            phase,
            role,
            evidence_required,
            guidance,
            under,
        })
}

fn checklist_strategy() -> impl Strategy<Value = Checklist> {
    let section = (option::weighted(0.7, title_strategy()), vec(item_strategy(), 1..5))
        .prop_map(|(title, items)| ChecklistSection { title, items });
    let part = (option::weighted(0.7, title_strategy()), vec(section, 1..4))
        .prop_map(|(title, sections)| ChecklistPart { title, sections });
    let role = (role_strategy(), title_strategy()).prop_map(|(role, title)| RequiredRole { role, title });
    (title_strategy(), option::of(text_strategy(5)), vec(part, 1..4), vec(role, 0..3)).prop_map(
        |(name, introduction, parts, roles)| {
            let mut checklist = Checklist { name, introduction, parts, required_roles: Vec::new() };
            let mut taken = BTreeSet::new();
            for item in
                checklist.parts.iter_mut().flat_map(|part| &mut part.sections).flat_map(|section| &mut section.items)
            {
                item.key = key_from_title(item.title.as_str(), &taken);
                taken.insert(item.key.clone());
            }
            // What follows an item often is nested in it.
            for section in checklist.parts.iter_mut().flat_map(|part| &mut part.sections) {
                for at in 1..section.items.len() {
                    if at % 2 == 1 && section.items[at - 1].under.len() < 4 {
                        let above = section.items[at - 1].clone();
                        section.items[at].under = above.under.into_iter().chain([above.title]).collect();
                    }
                }
            }
            for role in roles {
                if !checklist.requires(&role.role) {
                    checklist.required_roles.push(role);
                }
            }
            checklist
        },
    )
}

/// What an introduction defines, titles and guidance further down don't refer to, unless they did before.
#[test]
fn writer_with_definitions_in_introduction_leaves_later_texts_unchanged() {
    for markdown in [
        "\t[a](b)\n*[a][b]\n\n\t[b]: c\n[ ] \n[a][b]\n",
        "# N\n\n\t[b]: c\n\n## [a][b]\n\n- [ ] [b]\n\n  See [b].\n\n- [b]\n  - [ ] x\n",
        "# N\n\n\t[b]: c\n\n## Of [b]\n\n- [ ] x\n\n## Sign-off\n\n**[b]:** ____\n",
        "# [b]\n\n\t[b]: <>\n\n- [ ] [b]\n",
    ] {
        let first = read_named(markdown, "n").checklist;
        let written = writer::write_markdown(&first);
        assert_eq!(read_named(&written, "n").checklist, first, "{markdown}\n----\n{written}");
    }
}

/// A role that is read literally may begin with what looks like the marker of a deeper list with a box.
#[test]
fn writer_of_role_that_begins_like_deeper_item_is_read_back() {
    let mut checklist = read_named("- [ ] a\n\n## Sign-off\n\n**b:** ____ {role=a}\n", "n").checklist;
    checklist.required_roles[0].title = title("* &#9744;");
    let written = writer::write_markdown(&checklist);
    assert_eq!(read_named(&written, "n").checklist, checklist, "{written}");
}

/// Only what would be read as something else is written literally.
#[test]
fn writer_writes_plain_text_without_markers() {
    let markdown = "# Name\n\nIntroduction.\n\n## Part\n\n### Section\n\n- [ ] One {#one}\n\n  Guidance.\n\n- Plain\n  - [ ] Two {#two}\n\n\
        ## Sign-off\n\n**Legal:** ____ {role=legal}\n";
    assert_eq!(writer::write_markdown(&read_named(markdown, "n").checklist), markdown);
}

/// A line is one item at most, but for the cells of a table and the lines in these.
fn most_items(markdown: &str) -> usize {
    markdown.lines().count() + markdown.matches(['|', '<']).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn writer_output_reads_back_as_same_checklist(checklist in checklist_strategy()) {
        prop_assert_eq!(checklist.check(), Ok(()));
        let written = writer::write_markdown(&checklist);
        let reading = read_named(&written, "another name");
        prop_assert_eq!(&reading.checklist, &checklist, "{}", written);
        prop_assert_eq!(&reading.omissions, &Vec::new(), "{}", written);
    }

    #[test]
    fn reader_result_written_and_read_again_is_the_same(lines in vec((select(&["", "", "  ", "\t", " "][..]), vec(select(TEXT_PIECES), 0..5)), 0..30)) {
        let markdown: String = lines.into_iter().map(|(indent, pieces)| format!("{indent}{}\n", pieces.concat())).collect();
        let reading = read_named(&markdown, "n");
        prop_assert!(reading.checklist.items().count() <= most_items(&markdown));
        if reading.checklist.check().is_ok() {
            let again = read_named(&writer::write_markdown(&reading.checklist), "n");
            prop_assert_eq!(&again.checklist, &reading.checklist, "{}", writer::write_markdown(&reading.checklist));
        }
    }

    #[test]
    fn reader_of_arbitrary_text_never_fails(text in "\\PC{0,200}", lines in vec("[-*+#>|`~\\[\\]x \t\n0-9.)☐✅<!{}=:]{0,40}", 0..20)) {
        for markdown in [text, lines.join("\n")] {
            let reading = read_named(&markdown, "n");
            prop_assert!(reading.checklist.items().count() <= most_items(&markdown));
            prop_assert_eq!(reading.lines.len(), markdown.replace("\r\n", "\n").replace('\r', "\n").lines().count());
        }
    }
}

//! Nothing of a file vanishes without a word: every box is an item or listed with a reason, and every text has a place.

use proptest::{collection::vec, prelude::*, sample::select};

use super::{read_named, writer};
use crate::domain::markdown_checklist::{
    LineMeaning, OmissionReason, ParsedChecklist, ParsedLine,
    blocks::{self, BlockKind},
    boxes, html, line_shapes,
    lines::SourceLine,
    sign_off::{is_field_line, is_unfilled},
};

/// Whether a stretch that is left alone as a whole, and named by its first line, goes up to this line.
fn is_within_opaque(reading: &ParsedChecklist, line: usize) -> bool {
    let became = &reading.lines[line - 1].meaning;
    let opaque = |why| {
        matches!(
            why,
            OmissionReason::Code(_)
                | OmissionReason::Html(_)
                | OmissionReason::Comment(_)
                | OmissionReason::FrontMatter
                | OmissionReason::TooManyItems
        )
    };
    let begins = reading.omissions.iter().filter(|left| opaque(left.reason) && left.line <= line);
    begins.into_iter().any(|left| reading.lines[left.line - 1..line].iter().all(|line| line.meaning == *became))
}

/// The lines that hold a box, are no items, and are not listed.
fn lost_boxes(markdown: &str, reading: &ParsedChecklist) -> Vec<String> {
    let (_, blocks) = blocks::scan_blocks(markdown.lines().map(SourceLine::new).collect());
    let is_code = |at: usize| {
        blocks.iter().any(|block| matches!(block.kind, BlockKind::Code { .. }) && block.lines.contains(&at))
    };
    let holds_box = |line: &ParsedLine| {
        let body = SourceLine::new(&line.text).unquoted().body();
        // In code, brackets within a line may be anything.
        boxes::begins_with_box(body) || (boxes::count_boxes(body) > 0 && !is_code(line.number - 1))
    };
    // A heading may stand on several lines, and is named by its first.
    let named_by = |line: usize| {
        let heading = |block: &&blocks::MarkdownBlock<'_>| {
            matches!(block.kind, BlockKind::Heading { .. }) && block.lines.contains(&(line - 1))
        };
        blocks.iter().find(heading).map_or(line, |block| block.lines.start + 1)
    };
    let is_told = |line: usize| {
        matches!(reading.lines[line - 1].meaning, LineMeaning::Item { .. })
            || reading.omissions.iter().any(|left| left.line == named_by(line))
            || is_within_opaque(reading, line)
    };
    let lost = reading.lines.iter().filter(|line| holds_box(line) && !is_told(line.number));
    lost.map(|line| format!("{}: {} ({:?})", line.number, line.text, line.meaning)).collect()
}

/// The lines with a text that became nothing, and whose text stands nowhere else.
fn vanished(reading: &ParsedChecklist) -> Vec<String> {
    let stands_elsewhere = |at: usize| {
        let body = |at: usize| reading.lines.get(at).map_or("", |line| line.text.trim());
        let body = |at: usize| SourceLine::new(body(at)).unquoted().body();
        let text = body(at);
        // The addresses of links, the header of a table, the marks of an alert, closing tags, fields to fill in.
        line_shapes::parse_definition(text).is_some()
            || line_shapes::is_delimiter_row(body(at + 1))
            || ["[!", ":::", "!!!", "???"].iter().any(|mark| text.starts_with(mark))
            || (text.starts_with("</") && html::block_end(text, false).is_some())
            || (is_field_line(text.trim_start_matches(['-', ' '])) && is_unfilled(text))
    };
    let says = |text: &str| text.chars().any(char::is_alphanumeric);
    let lines = reading.lines.iter().enumerate();
    let nothing =
        lines.filter(|(at, line)| line.meaning == LineMeaning::Nothing && says(&line.text) && !stands_elsewhere(*at));
    nothing.map(|(_, line)| format!("{}: {}", line.number, line.text)).collect()
}

/// Lines as they stand in checklists, in ticket templates, in what other programs export.
const LINES: &[&str] = &[
    "# Launch",
    "## Before",
    "### [ ] Step",
    "## Sign-off",
    "## Approvals",
    "## Notes",
    "Setext",
    "---",
    "===",
    "",
    "",
    "- [ ] Back up",
    "- [x] Restore **well**",
    "* ☐ Keys",
    "1. [ ] Cut DNS",
    "2) [X] Wait",
    "☐ Bare",
    "[ ] Bare brackets",
    "- [ ]",
    "- [ ] ____",
    "- [ ] Yes",
    "- [ ] No",
    "- ☐ Go ☐ No go",
    "- Decision: [ ] Go [ ] No go",
    "\\[ \\] Escaped",
    "- ( ) Round",
    "** [ ] Deeper",
    "- [N/A] Lettered",
    "- plain",
    "- plain:",
    "1. Step",
    "Text that says something.",
    "Tick [ ] there.",
    "Text:",
    "and so on",
    "> quoted",
    "> - [ ] Quoted",
    "> [!NOTE]",
    "!!! note",
    "```",
    "~~~sh",
    "<!-- note",
    "<!-- - [ ] hidden -->",
    "-->",
    "<details>",
    "<summary>More</summary>",
    "</details>",
    "- [ ] <details><summary>S</summary>",
    "<div>",
    "<input type=\"checkbox\"> Input",
    "| Check | Done |",
    "| Area | Points |",
    "| Role | Approved |",
    "|---|---|",
    "| Keys | [ ] |",
    "| [ ] Keys | Ana |",
    "| a | [ ] b<br>[ ] c |",
    "| a | ☐ Yes ☐ No |",
    "| **Group** | |",
    "**QA Lead:** ____",
    "- [ ] QA: ____",
    "Name: ____",
    "- Ops:",
    "**Approvals:**",
    "[a]: https://example.org",
    "[^1]: A note",
    "- [ ] Noted[^1] [a]",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_file_read_loses_no_box_and_no_text(lines in vec((select(&["", "", "", "  ", "    ", "\t", "> "][..]), select(LINES)), 0..25)) {
        let markdown: String = lines.into_iter().map(|(indent, line)| format!("{indent}{line}\n")).collect();
        let reading = read_named(&markdown, "n");
        prop_assert_eq!(lost_boxes(&markdown, &reading), Vec::<String>::new(), "{}", markdown);
        prop_assert_eq!(vanished(&reading), Vec::<String>::new(), "{}", markdown);
        if reading.checklist.check().is_ok() {
            prop_assert_eq!(&read_named(&writer::write_markdown(&reading.checklist), "n").checklist, &reading.checklist, "{}", markdown);
        }
    }
}

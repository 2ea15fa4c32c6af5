//! Nothing of a file vanishes without a word: every box is an item or listed with a reason, and every text has a place.

use proptest::{collection::vec, prelude::*, sample::select};

use super::{read_named, writer};
use crate::domain::markdown_checklist::{
    LineMeaning, OmissionReason, ParsedChecklist, ParsedLine,
    blocks::{self, BlockKind},
    boxes, html,
    line_shapes::is_delimiter_row,
    lines::SourceLine,
    sign_off::{is_field_line, is_unfilled},
    table_grid::is_grid_border,
};

/// Whether a stretch that is left alone as a whole, and named by its first line, goes up to this line.
fn is_within_opaque(reading: &ParsedChecklist, line: usize) -> bool {
    let meaning = &reading.lines[line - 1].meaning;
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
    begins.into_iter().any(|left| reading.lines[left.line - 1..line].iter().all(|line| line.meaning == *meaning))
}

/// Whether a person sees a box at the beginning of a line: brackets with nothing or a mark between them, behind any marker and
/// whatever follows them. On purpose not by the functions of the reader, which do not know what they miss.
fn begins_like_box(body: &str) -> bool {
    let body = body.replace('\\', "");
    let text = body.trim_start_matches(|c: char| c.is_whitespace() || c.is_numeric() || "-*+•.)(>_~".contains(c));
    let brackets = [('[', ']'), ('［', '］'), ('【', '】')];
    let inside = brackets.iter().find_map(|(open, close)| Some(text.strip_prefix(*open)?.split_once(*close)?.0));
    inside.is_some_and(|inside| matches!(inside.trim(), "" | "x" | "X" | "✓" | "-" | "~" | "/" | "!" | "?"))
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
        // A line of code that begins with empty brackets and a word names a type.
        (boxes::begins_with_box(body) && !(body.starts_with("[]") && is_code(line.number - 1)))
            || ((begins_like_box(body) || boxes::count_boxes(body) > 0) && !is_code(line.number - 1))
    };
    // A heading may be on several lines, and is named by its first.
    let named_by = |line: usize| {
        let heading = |block: &&blocks::MarkdownBlock<'_>| {
            matches!(block.kind, BlockKind::Heading { .. }) && block.lines.contains(&(line - 1))
        };
        blocks.iter().find(heading).map_or(line, |block| block.lines.start + 1)
    };
    let is_listed = |line: usize| {
        matches!(reading.lines[line - 1].meaning, LineMeaning::Item { .. })
            || reading.omissions.iter().any(|left| left.line == named_by(line))
            || is_within_opaque(reading, line)
    };
    let lost = reading.lines.iter().filter(|line| holds_box(line) && !is_listed(line.number));
    lost.map(|line| format!("{}: {} ({:?})", line.number, line.text, line.meaning)).collect()
}

/// The rows of [`LINES`] that name columns.
const COLUMN_NAMES: &[&str] = &["| Check | Done |", "| Area | Points |", "| Role | Approved |"];

/// Whether what a line says is elsewhere, or nothing is lost with it.
fn is_written_elsewhere(blocks: &[blocks::MarkdownBlock<'_>], reading: &ParsedChecklist, at: usize) -> bool {
    let body = |at: usize| reading.lines.get(at).map_or("", |line| line.text.trim());
    let body = |at: usize| SourceLine::new(body(at)).unquoted().body();
    let text = body(at);
    let block = blocks.iter().find(|block| block.lines.contains(&at));
    // The header of a table, the marks of an alert, closing tags, fields to fill in.
    block.is_some_and(|block| match block.kind {
        BlockKind::Table => {
            let header = block.lines.start + usize::from(is_grid_border(body(block.lines.start)));
            let is_drawn = header > block.lines.start || is_delimiter_row(body(header + 1));
            let wrapped = (header..at).all(|at| !is_grid_border(body(at)));
            let is_bordered = (at..block.lines.end).any(|at| is_grid_border(body(at)));
            let in_header = at == header || (header > block.lines.start && wrapped && is_bordered);
            is_delimiter_row(text) || (in_header && (is_drawn || COLUMN_NAMES.contains(&text)))
        }
        _ => false,
    }) || ["[!", ":::", "!!!", "???"].iter().any(|mark| text.starts_with(mark))
        || (text.starts_with("</") && html::block_end(text, false).is_some())
        || (is_field_line(text.trim_start_matches(['-', ' '])) && is_unfilled(text))
}

/// The lines with a text that became nothing, and whose text is nowhere else.
fn vanished(markdown: &str, reading: &ParsedChecklist) -> Vec<String> {
    let (_, blocks) = blocks::scan_blocks(markdown.lines().map(SourceLine::new).collect());
    let has_letters = |text: &str| text.chars().any(char::is_alphanumeric);
    let lines = reading.lines.iter().enumerate();
    let nothing = lines.filter(|(at, line)| {
        // What a definition says is where something refers to it.
        let is_definition = |block: &blocks::MarkdownBlock<'_>| {
            matches!(block.kind, BlockKind::Definition { .. }) && block.lines.contains(at)
        };
        line.meaning == LineMeaning::Nothing
            && has_letters(&line.text)
            && !is_written_elsewhere(&blocks, reading, *at)
            && !blocks.iter().any(is_definition)
    });
    nothing.map(|(_, line)| format!("{}: {}", line.number, line.text)).collect()
}

/// Lines as they are in checklists, in ticket templates, in what other programs export; `@` is a word of its own.
const LINES: &[&str] = &[
    "# Launch @",
    "## Before @",
    "### [ ] Step @",
    "## `Step` @",
    "**Section @**",
    "`## Coded @`",
    "## Sign-off",
    "## Functional sign-offs @",
    "### Approvals",
    "## Approvals",
    "### QA Lead @",
    "## Notes",
    "Setext @",
    "---",
    "===",
    "",
    "",
    "- [ ] Back up @",
    "- [x] Restore **well @**",
    "* ☐ Keys @",
    "1. [ ] Cut DNS @",
    "2) [X] Wait @",
    "- [-] Not needed @",
    "- [x] ~~Struck @~~",
    "☐ Bare @",
    "✔ Ticked @",
    "✅ Done @",
    "- ⬜ Emoji @",
    "- ✅ Emoji @",
    "- ❌ Emoji @",
    "[ ] Bare brackets @",
    "- []Glued @",
    "-[]Glued @",
    "[]Glued @",
    "1. []Glued @",
    "2)[]Glued @",
    "> []Quoted @",
    "- **[]Strong @**",
    "- ［］Wide @",
    "\\[\\]Escaped @",
    "- []int @",
    "- [], and @",
    "- [!]Glued @",
    "- ()Round @",
    "- [ ](https://example.org/@) Linked @",
    "[ ](b@.md) Linked @",
    "- [x](b@.md) Linked @",
    "- [ ](optional) Remark @",
    "- [ ][a] Referred @",
    "- [x]Glued @",
    "[x]Glued @",
    "- Ends in a box @ []",
    "Ends @ []",
    "- []Yes []No",
    "- Low",
    "- [ ] Low",
    "- [ ] High risk",
    "Level (choose one):",
    "| []Cell @ | |",
    "| [ ](b@.md) Cell @ | |",
    "- [ ]",
    "- [ ] ____",
    "- [ ] Yes",
    "- [ ] No",
    "- ☐ Go ☐ No go @",
    "- Decision @: [ ] Go [ ] No go",
    "\\[ \\] Escaped @",
    "- ( ) Round @",
    "** [ ] Deeper @",
    "- [N/A] Lettered @",
    "- [done] Lettered @",
    "- plain @",
    "- plain @:",
    "1. Step @",
    "3. Third @",
    "- Ends in a box @ [ ]",
    "Ends in a box @: ☐",
    "Also ends @ [x]",
    "Text that says something @.",
    "Tick [ ] there @.",
    "Write `[ ]` there @.",
    "- `[ ]` Coded @",
    "Text @:",
    "and so on @",
    "continues ==here @==",
    "    indented by four @",
    "> quoted @",
    "> - [ ] Quoted @",
    "> [!NOTE]",
    "> [!WARNING] @",
    "!!! note @",
    "!!! note",
    "```",
    "~~~sh",
    "$ run @",
    "<!-- note @",
    "<!-- - [ ] hidden @ -->",
    "-->",
    "<details>",
    "<summary>More @</summary>",
    "</details>",
    "- [ ] <details><summary>S @</summary>",
    "<div>",
    "<p>HTML @</p>",
    "<input type=\"checkbox\"> Input @",
    "| Check | Done |",
    "| Area | Points |",
    "| Role | Approved |",
    "|---|---|",
    "| Keys @ | [ ] |",
    "| [ ] Keys @ | Ana |",
    "| a @ | [ ] b<br>[ ] c |",
    "| a @ | ☐ Yes ☐ No |",
    "| **Group @** | |",
    "| Total | @ |",
    "| QA @ | Bo |",
    "+-------+-----+",
    "+=======+=====+",
    "| goes on @ | |",
    "**QA Lead:** ____",
    "**QA Lead @:** ____",
    "**Ops:** Ana @",
    "- [ ] QA: ____",
    "- [ ] QA @: ____",
    "- QA Lead @",
    "- Owner: Bo @",
    "Role: Owner @",
    "Name: ____",
    "Name: Ana @",
    "Date: ____",
    "Signature: ____",
    "  - Name: ____",
    "- Ops:",
    "**Approvals:**",
    "- Signatures:",
    "[a]: https://example.org/@ \"Title t@\"",
    "[b]:",
    "https://example.org/@",
    "'Title @'",
    "[c @]: <d @> (Title t@)",
    "[^1]: A note @",
    "[^2]: Another @",
    "    goes on @",
    "- [ ] Noted[^1] [a] [^2] @",
    "- [ ] See [the page @](https://example.org/a@ \"Title t@\") ![Chart c@](d@.png \"Title u@\")",
    "- [ ] Keep <abbr title=\"Title t@\">RPO @</abbr> <a href=\"a@\" title='u@'>met</a> <img src=d@.png title=v@>",
    "  See [a], [b] @",
    "![Chart @](c@.png)",
    "- [ ] Run `a @` <kbd>K</kbd> &amp; @",
];

/// The lines of whose own words one is nowhere in the checklist, and that are not listed.
fn lost_words(markdown: &str, reading: &ParsedChecklist) -> Vec<String> {
    let (_, blocks) = blocks::scan_blocks(markdown.lines().map(SourceLine::new).collect());
    let mut haystack = serde_json::to_string(&reading.checklist).expect("JSON");
    reading.omissions.iter().for_each(|left| haystack.push_str(&left.text));
    let lost = |line: &&ParsedLine| {
        let mut words = line.text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.contains("w0"));
        let is_listed = matches!(line.meaning, LineMeaning::Omitted | LineMeaning::SignOff | LineMeaning::Name);
        words.any(|word| !haystack.contains(word))
            && !is_listed
            && !is_written_elsewhere(&blocks, reading, line.number - 1)
    };
    reading
        .lines
        .iter()
        .filter(lost)
        .map(|line| format!("{}: {} ({:?})", line.number, line.text, line.meaning))
        .collect()
}

/// A file of these lines, each with a word of its own.
fn file_of(lines: Vec<(&str, &str)>) -> String {
    let numbered = lines.into_iter().enumerate();
    numbered.map(|(at, (indent, line))| format!("{indent}{}\n", line.replace('@', &format!("w0{at}x")))).collect()
}

/// What a file loses: boxes, lines, words.
fn losses(markdown: &str, reading: &ParsedChecklist) -> Vec<String> {
    [lost_boxes(markdown, reading), vanished(markdown, reading), lost_words(markdown, reading)].concat()
}

/// Fails when reading a file loses anything, or writing what was read.
fn check_nothing_is_lost(markdown: &str) {
    let reading = read_named(markdown, "n");
    assert_eq!(losses(markdown, &reading), Vec::<String>::new(), "{markdown}");
    if reading.checklist.check().is_ok() {
        let again = read_named(&writer::write_markdown(&reading.checklist), "n");
        assert_eq!(again.checklist, reading.checklist, "{markdown}");
    }
}

#[test]
fn reader_of_files_that_lost_lines_before_loses_none() {
    for lines in [
        &["## Sign-off", "    - [ ] Back up @", "| Keys @ | [ ] |", "| Check | Done |"][..],
        &["- [ ] Back up @", "  <details>", "  - [-] Not needed @"],
        &["- [ ] Back up @", "> # Launch @", "  <details>", "  - [-] Not needed @"],
        &["## Sign-off", "- [ ] <details><summary>S @</summary>", "Name: ____", "- [N/A] Lettered @"],
        &["## Sign-off", "- [ ] QA: ____", "and so on @"],
        &["## Sign-off", "| QA @ | Bo |", "| Keys @ | [ ] |"],
        &["## Sign-off", "| QA @ | Bo |", "|---|---|", "| Ops @ | Ana |"],
        &["| Keys @ | Ana |", "| [ ] Keys @ | Ana |"],
        &["| Total | @ |", "| Keys @ | [ ] |"],
        &["## Notes", "<details>", "> - [-] Not needed @"],
        &["## Sign-off", "### QA Lead", "- plain", "- plain", "Text", "  - Name: ____", "    - [ ] Back up"],
        &["[a]: https://example.org/@ \"Title t@\""],
        &["- [ ] a", "  ![Chart @](c@.png)"],
        &["- [ ] <details><summary>S @</summary>", "![Chart @](c@.png)", "", "![Chart @](c@.png)"],
        &["- [ ] Noted[^1]", "", "[^1]: See [a] @", "[a]: https://example.org/@ \"Title t@\""],
        &["+-------+-----+", "| Check | Done |", "| **Group @** | |", "| Check | Done |"],
        &["```", "- []Yes []No"],
        &["- []Glued @", "-[]Glued @", "[]Glued @", "1. []Glued @", "- [ ] Back up @"],
        &["- [ ](https://example.org/@) Linked @", "- [ ] Back up @", "[x](b@.md) Linked @"],
    ] {
        check_nothing_is_lost(&file_of(lines.iter().map(|line| ("", *line)).collect()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_file_read_loses_no_box_and_no_text(lines in vec((select(&["", "", "", "", "  ", "    ", "\t", "> "][..]), select(LINES)), 0..25)) {
        check_nothing_is_lost(&file_of(lines));
    }
}
